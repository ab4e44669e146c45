//! What reads gates.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use platform::{
    clock,
    db::{DbError, Row, Tx},
    params, sql,
};
use rules::{
    attendance::{self as rule},
    credentials::Presence,
    gate::{Zone, home_lane},
    text::matches_folded,
};

use super::{
    GateError,
    heard::Heard,
    model::{CardOut, Device, DeviceId, DeviceRole, Gate, Mode, session_at},
};
use crate::{
    attendance::{
        model::{Event, EventId, Mark, Session},
        query as roll_call,
    },
    badges::model::{Access, BadgeCategory},
    delegates::{
        model::{Category, Participant, ParticipantId},
        query as roll,
    },
    seating::query as seating,
};

/// All gates, by zone and lane.
///
/// # Errors
/// Any [`DbError`].
pub fn gates(tx: &mut Tx<'_>) -> Result<Vec<Gate>, DbError> {
    tx.query(sql!("SELECT * FROM gate ORDER BY zone, lane"), params![])
}

/// One gate.
///
/// # Errors
/// [`GateError::NotFound`].
pub fn gate(tx: &mut Tx<'_>, slug: &str) -> Result<Gate, GateError> {
    tx.query_opt(sql!("SELECT * FROM gate WHERE slug = $1"), params![slug])?.ok_or(GateError::NotFound)
}

/// The names of the sessions that were named for a gate; empty for all.
///
/// # Errors
/// Any [`DbError`].
pub fn named_sessions(tx: &mut Tx<'_>, gate: &str) -> Result<Vec<String>, DbError> {
    let rows: Vec<Row> =
        tx.query(sql!("SELECT session FROM gate_session WHERE gate = $1 ORDER BY session"), params![gate])?;
    rows.iter().map(|row| row.get("session")).collect()
}

/// The sessions whose people come through a gate, in their order.
///
/// # Errors
/// Any [`DbError`].
pub fn sessions_of(tx: &mut Tx<'_>, gate: &str) -> Result<Vec<Session>, DbError> {
    let named = named_sessions(tx, gate)?;
    let mut all = roll_call::sessions(tx)?;
    if !named.is_empty() {
        all.retain(|session| named.contains(&session.slug));
    }
    Ok(all)
}

/// Devices that have not been sent away, by gate.
///
/// # Errors
/// Any [`DbError`].
pub fn devices(tx: &mut Tx<'_>) -> Result<Vec<Device>, DbError> {
    tx.query(
        sql!("SELECT * FROM gate_device WHERE ended_at IS NULL ORDER BY gate, supervisor, enrolled_at"),
        params![],
    )
}

/// A device.
///
/// # Errors
/// Any [`DbError`].
pub fn device(tx: &mut Tx<'_>, id: DeviceId) -> Result<Option<Device>, DbError> {
    tx.query_opt(sql!("SELECT * FROM gate_device WHERE id = $1"), params![id])
}

/// The device that decides at a lane.
///
/// # Errors
/// Any [`DbError`].
pub fn lane_device(tx: &mut Tx<'_>, gate: &str) -> Result<Option<Device>, DbError> {
    tx.query_opt(
        sql!("SELECT * FROM gate_device WHERE gate = $1 AND ended_at IS NULL AND role = 'truc_cong'"),
        params![gate],
    )
}

/// What is mixed into the keys of records.
///
/// # Errors
/// Any [`DbError`].
pub fn pepper(tx: &mut Tx<'_>) -> Result<Option<[u8; 32]>, DbError> {
    tx.scalar(sql!("SELECT bytes FROM gate_pepper WHERE one = 1"), params![])
}

/// The lanes of a zone as they share its passes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lanes {
    /// The numbers of the open ones.
    pub open: Vec<u16>,
    /// Those of them that are silent: they may be deciding alone.
    pub silent: Vec<u16>,
}

impl Lanes {
    /// The lane that is home to a pass.
    pub fn home(&self, pass: &[u8; 6]) -> Option<u16> {
        home_lane(pass, &self.open)
    }

    /// The lane that decides about a pass because it may be deciding alone, unless it is `here`.
    pub fn cut_off(&self, pass: &[u8; 6], here: u16) -> Option<u16> {
        self.home(pass).filter(|home| *home != here && self.silent.contains(home))
    }
}

/// The lanes of the zone of a gate.
///
/// # Errors
/// Any [`DbError`].
pub fn lanes(tx: &mut Tx<'_>, zone: u8, heard: &Heard) -> Result<Lanes, DbError> {
    let now = tx.now();
    let devices = devices(tx)?;
    Ok(lanes_of(&gates(tx)?, &devices, zone, heard, now))
}

/// The lanes of a zone among these gates with these devices.
pub fn lanes_of(gates: &[Gate], devices: &[Device], zone: u8, heard: &Heard, now: Timestamp) -> Lanes {
    let mut lanes = Lanes::default();
    for gate in gates.iter().filter(|gate| gate.zone == zone && gate.is_open) {
        lanes.open.push(gate.lane);
        let device =
            devices.iter().find(|device| device.gate == gate.slug && device.role == DeviceRole::Steward);
        if device.is_some_and(|device| heard.is_silent(device, now)) {
            lanes.silent.push(gate.lane);
        }
    }
    lanes
}

/// What a zone says to a badge at an instant.
pub fn zone(access: &Access, category: Option<BadgeCategory>, zones: u16, bit: u8, at: Timestamp) -> Zone {
    let mask = 1_u16.checked_shl(u32::from(bit)).unwrap_or(0);
    match category {
        Some(category) if zones & access.bits(category) & mask != 0 => {
            if access.opens(category, zones, bit, clock::local(at)) { Zone::Open } else { Zone::NotNow }
        }
        _ => Zone::Never,
    }
}

/// Whether somebody is called to the sessions: everybody but alternates who still wait.
pub fn is_summoned(who: &Participant) -> bool {
    who.category() != Category::Delegate || !who.profile.alternate
}

/// Whether somebody is inside by what was written down, and since when.
pub fn inside(session: &Session, events: &[Event], until: Timestamp) -> (bool, Option<Timestamp>) {
    let counted: Vec<_> = events.iter().map(Event::counted).collect();
    let standing = rule::stand(&counted, session.start(), until, false);
    (standing.presence == Presence::Present, standing.first_in)
}

/// What a steward sees of somebody.
pub fn card(
    gate: &str,
    who: &Participant,
    session: Option<&Session>,
    events: &[Event],
    now: Timestamp,
) -> CardOut {
    let (is_inside, since) = session.map_or((false, None), |session| inside(session, events, now));
    CardOut {
        code: who.code.clone(),
        name: who.profile.name.clone(),
        group: who.profile.group_no,
        category: BadgeCategory::of(who).to_string(),
        position: who.profile.position.clone(),
        // Another portrait has another address.
        photo: who.photo.map(|file| format!("/api/v1/gates/{gate}/people/{}/photo?file={file}", who.code)),
        inside: is_inside,
        since,
        seat: None,
        door: None,
    }
}

/// The same card with the seat, where the plan of the session is published.
///
/// # Errors
/// Any [`DbError`].
pub fn seated(
    tx: &mut Tx<'_>,
    session: Option<&Session>,
    who: ParticipantId,
    mut card: CardOut,
) -> Result<CardOut, DbError> {
    if let Some(session) = session
        && let Some(seat) = seating::seats(tx, &session.slug, Some(who))?.remove(&who)
    {
        (card.seat, card.door) = (Some(seat.text), seat.door);
    }
    Ok(card)
}

/// Who is found at a gate by name, code, number or group, in the order of the roll.
///
/// # Errors
/// [`GateError`].
pub fn search(tx: &mut Tx<'_>, gate: &str, words: &str, most: usize) -> Result<Vec<CardOut>, GateError> {
    let sessions = sessions_of(tx, gate)?;
    let now = tx.now();
    let session = session_at(&sessions, now);
    let words = words.trim();
    let number = words.trim_start_matches('0');
    let is_number = !words.is_empty() && words.bytes().all(|byte| byte.is_ascii_digit());
    let group = rules::text::fold(words);
    let group = group.strip_prefix("to ").and_then(|no| no.trim().parse::<u16>().ok());
    let found: Vec<Participant> = roll::everybody(tx)?
        .into_iter()
        .filter(|one| one.status.is_on_roll())
        .filter(|one| match group {
            Some(no) => one.profile.group_no == Some(no),
            None if is_number => one.number() == number,
            None => matches_folded(&format!("{} {}", one.profile.name, one.code), words),
        })
        .take(most)
        .collect();
    let mut out = Vec::with_capacity(found.len());
    for who in &found {
        let events = match session {
            Some(session) => roll_call::events_of(tx, &session.slug, who.id)?,
            None => Vec::new(),
        };
        out.push(seated(tx, session, who.id, card(gate, who, session, &events, now))?);
    }
    Ok(out)
}

/// A pass whose holder came or went: its id and whether they are inside.
pub type Move = ([u8; 6], bool);

/// Moves that are told with the verdict of a scan at most; a lane hears of more with its next heartbeat.
pub const MOVES_WITH_A_SCAN: u32 = 100;

/// Whether so much happened since an instant that telling it would hold up a scan. At ten people a second, with what is
/// told twice for safety, it is not; only a rush that no hall has brings more.
///
/// # Errors
/// Any [`DbError`].
pub fn is_rush(tx: &mut Tx<'_>, session: &Session, since: Timestamp) -> Result<bool, DbError> {
    let more: Option<Timestamp> = tx.scalar(
        sql!(
            "SELECT received_at FROM attendance_event WHERE session = $1 AND received_at >= $2
              ORDER BY received_at LIMIT 1 OFFSET $3"
        ),
        params![session.slug, since, MOVES_WITH_A_SCAN],
    )?;
    Ok(more.is_some())
}

/// Passes whose holders came or went in a session since an instant; all of them without one. What a lane needs to
/// know of the others before it is cut off.
///
/// # Errors
/// Any [`DbError`].
pub fn moves(tx: &mut Tx<'_>, session: &Session, since: Option<Timestamp>) -> Result<Vec<Move>, DbError> {
    let now = tx.now();
    let rows: Vec<Row> = tx.query(
        sql!(
            "SELECT b.pass, e.id, e.kind, e.at, e.voids FROM attendance_event e
               JOIN badge b ON b.participant = e.participant AND b.state IN ('da_in', 'da_phat')
              WHERE e.session = $1 AND e.participant IN
                (SELECT participant FROM attendance_event WHERE session = $1 AND received_at >= $2)"
        ),
        params![session.slug, since.unwrap_or(Timestamp::UNIX_EPOCH)],
    )?;
    let mut events: BTreeMap<[u8; 6], Vec<rule::Event<EventId>>> = BTreeMap::new();
    for row in &rows {
        let event = rule::Event {
            id: row.get("id")?,
            kind: row.get::<Mark>("kind")?.into(),
            at: row.get("at")?,
            voids: row.get("voids")?,
        };
        events.entry(row.get("pass")?).or_default().push(event);
    }
    let is_in = |events: &[_]| rule::stand(events, session.start(), now, false).presence == Presence::Present;
    Ok(events.into_iter().map(|(pass, events)| (pass, is_in(&events))).collect())
}

/// Scans of the last minute at each gate, and how many of them the lanes decided alone.
///
/// # Errors
/// Any [`DbError`].
pub fn rates(tx: &mut Tx<'_>) -> Result<HashMap<String, (u32, u32)>, DbError> {
    let since = tx.now() - std::time::Duration::from_secs(60);
    let rows: Vec<Row> = tx.query(
        sql!("SELECT gate, mode FROM gate_scan WHERE received_at >= $1 AND opened = 1"),
        params![since],
    )?;
    let mut out: HashMap<String, (u32, u32)> = HashMap::new();
    for row in &rows {
        let entry = out.entry(row.get("gate")?).or_default();
        entry.0 += 1;
        entry.1 += u32::from(row.get::<Mode>("mode")? == Mode::Isolated);
    }
    Ok(out)
}
