//! The list that a device carries: everybody whose badge opens something, each sealed under their own badge.
//!
//! `DHS1`, the length of the header (4 bytes), the header as JSON, the number of records (4), then each record: the
//! name under which it is found (8), its length (2), the sealed bytes. Sealed, a record is flags (1), category (1),
//! group (1, 0 for none), the portrait's id (16, when there is one), the seat (its door's number and its length, 1 each,
//! then its text, when there is one), the length of the code (1), the code, the name.
//! Sealed bytes are noise and do not compress; they are packed before instead: some 80 bytes a person.
//!
//! Asked with the moment of the one before, it holds only whom something has changed for since. What was revoked goes
//! as the signed-off list of the badges, whole or from where the device stands.

use std::{collections::HashMap, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use platform::{
    clock,
    db::{Row, Tx},
    identity::secret,
    params, sql,
};
use serde::Serialize;

use super::{
    GateError,
    heard::{ALONE_AFTER, Heard},
    model::{CardOut, Device, DeviceRole, Gate, session_at},
    query,
    seal::{Purpose, Sealed},
};
use crate::{
    attendance::model::Session,
    badges::{
        keys,
        model::{Badge, BadgeCategory},
        query as badges,
    },
    delegates::{
        model::{Participant, ParticipantId},
        query as roll,
    },
    seating::query::{self as seating, Seat},
};

/// First bytes.
pub const MAGIC: &[u8; 4] = b"DHS1";
/// How old the list of the revoked may be before a lane that is cut off asks a supervisor.
pub const STALE_AFTER: Duration = Duration::from_secs(4 * 3600);
/// What changed shortly before the last list is sent again: another node's clock may be a little behind.
const OVERLAP: Duration = Duration::from_secs(10);

/// Still on the roll.
pub const ON_ROLL: u8 = 1;
/// Called to the sessions.
pub const SUMMONED: u8 = 2;
/// Has a portrait.
pub const HAS_PHOTO: u8 = 4;
/// Has a seat in the session of the moment.
pub const HAS_SEAT: u8 = 8;

/// When a category may pass the gate's zone, in milliseconds since 1970; without an end as long as the pass.
#[derive(Debug, Clone, Serialize)]
struct Window {
    category: u8,
    name: String,
    from: Option<i64>,
    to: Option<i64>,
}

#[derive(Debug, Clone, Serialize)]
struct SessionOut {
    slug: String,
    title: String,
    from: i64,
    to: i64,
}

#[derive(Debug, Clone, Serialize)]
struct Header {
    made_at: i64,
    /// Whether it holds everybody, or what changed.
    whole: bool,
    gate: String,
    gate_name: String,
    direction: String,
    zone: u8,
    zone_name: String,
    lane: u16,
    /// The open lanes of the zone.
    lanes: Vec<u16>,
    device: String,
    supervisor: bool,
    role: DeviceRole,
    /// When the device stops working, in milliseconds since 1970.
    until: Option<i64>,
    /// Whether nobody counts before the steward presses.
    confirms: bool,
    sessions: Vec<SessionOut>,
    windows: Vec<Window>,
    pepper: String,
    salt: String,
    root: String,
    keys: String,
    revocations: String,
    stale_after_ms: u64,
    alone_after_ms: u64,
    /// The portraits to fetch beforehand; whose they are says only the sealed record.
    photos: Vec<String>,
    /// Everybody in the clear, for a supervisor's search without a network.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    people: Vec<CardOut>,
}

fn record(badge: &Badge, who: &Participant, seat: Option<&Seat>) -> Vec<u8> {
    let mut flags = 0;
    if who.status.is_on_roll() {
        flags |= ON_ROLL;
    }
    if query::is_summoned(who) {
        flags |= SUMMONED;
    }
    if who.photo.is_some() {
        flags |= HAS_PHOTO;
    }
    // A longer name of a seat than a seat has is none.
    let seat = seat.and_then(|seat| Some((seat, u8::try_from(seat.text.len()).ok()?)));
    if seat.is_some() {
        flags |= HAS_SEAT;
    }
    let group = who.profile.group_no.and_then(|no| u8::try_from(no).ok()).unwrap_or(0);
    let mut out = vec![flags, badge.category.number(), group];
    if let Some(photo) = who.photo {
        out.extend(photo.0.as_bytes());
    }
    if let Some((seat, length)) = seat {
        out.extend([seat.door.and_then(|door| u8::try_from(door).ok()).unwrap_or(0), length]);
        out.extend(seat.text.as_bytes());
    }
    out.push(u8::try_from(who.code.len()).unwrap_or(0));
    out.extend(who.code.as_bytes());
    out.extend(who.profile.name.as_bytes());
    out
}

/// The list for a device, whole or since the moment of the one it has.
///
/// # Errors
/// [`GateError`].
pub fn make(
    tx: &mut Tx<'_>,
    (gate, device): (&Gate, &Device),
    heard: &Heard,
    since: Option<Timestamp>,
    revoked_after: u32,
) -> Result<Vec<u8>, GateError> {
    let now = tx.now();
    let pepper = query::pepper(tx)?.ok_or(GateError::NotFound)?;
    let salt: [u8; 16] = secret::random();
    let from = since.map(|since| since - OVERLAP);
    let all: Vec<Badge> = tx.query(
        sql!("SELECT * FROM badge WHERE code IS NOT NULL AND state IN ('da_in', 'da_phat') ORDER BY pass"),
        params![],
    )?;
    let mut people: HashMap<_, _> = roll::everybody(tx)?.into_iter().map(|one| (one.id, one)).collect();
    let sessions = query::sessions_of(tx, &gate.slug)?;
    let (seats, reseated) = seats(tx, &sessions, from)?;
    let (mut records, mut count, mut photos) = (Vec::new(), 0_u32, Vec::new());
    let mut open = Vec::new();
    for badge in &all {
        let Some(who) = people.remove(&badge.participant) else { continue };
        let changed = reseated || from.is_none_or(|from| badge.changed_at >= from || who.updated_at >= from);
        if let (true, Some(code)) = (changed, &badge.code) {
            let sealed = Sealed::of(Purpose::Record, code, &pepper, &salt)?;
            let bytes = sealed.seal(record(badge, &who, seats.get(&who.id)))?;
            records.extend(sealed.name);
            records.extend(u16::try_from(bytes.len()).unwrap_or(0).to_be_bytes());
            records.extend(bytes);
            count += 1;
            photos.extend(who.photo.map(|photo| photo.to_string()));
        }
        open.push(who);
    }
    // Whoever has no badge that opens can be searched for as well.
    open.extend(people.into_values().filter(|who| who.status.is_on_roll()));
    let cards =
        if device.supervisor && since.is_none() { cards(&gate.slug, &mut open, &seats) } else { Vec::new() };
    let access = badges::access(tx)?;
    let windows = BadgeCategory::ALL.iter().filter_map(|category| {
        let rule = access.rules.iter().find(|rule| (rule.category, rule.bit) == (*category, gate.zone))?;
        let at = |moment: Option<jiff::civil::DateTime>| moment.map(|at| clock::instant(at).as_millisecond());
        let (from, to) = (at(rule.from_at), at(rule.to_at));
        Some(Window { category: category.number(), name: category.to_string(), from, to })
    });
    let root = keys::root(tx)?.map(|root| root.public.to_vec()).unwrap_or_default();
    let header = Header {
        made_at: now.as_millisecond(),
        whole: since.is_none(),
        gate: gate.slug.clone(),
        gate_name: gate.name.clone(),
        direction: gate.direction.to_string(),
        zone: gate.zone,
        zone_name: access
            .zones
            .iter()
            .find(|zone| zone.bit == gate.zone)
            .map(|zone| zone.name.clone())
            .unwrap_or_default(),
        lane: gate.lane,
        lanes: query::lanes(tx, gate.zone, heard)?.open,
        device: device.id.to_string(),
        supervisor: device.supervisor,
        role: device.role,
        until: device.until_at.map(|until| until.as_millisecond()),
        confirms: gate.confirms,
        sessions: sessions.into_iter().map(session).collect(),
        windows: windows.collect(),
        pepper: STANDARD.encode(pepper),
        salt: STANDARD.encode(salt),
        root: STANDARD.encode(root),
        keys: STANDARD.encode(keys::list_bytes(tx)?.unwrap_or_default()),
        revocations: STANDARD.encode(badges::revocations(tx)?.since(revoked_after).to_bytes()),
        stale_after_ms: u64::try_from(STALE_AFTER.as_millis()).unwrap_or(u64::MAX),
        alone_after_ms: u64::try_from(ALONE_AFTER.as_millis()).unwrap_or(u64::MAX),
        photos,
        people: cards,
    };
    let header = serde_json::to_vec(&header).map_err(|_| GateError::Seal)?;
    let mut out = Vec::with_capacity(12 + header.len() + records.len());
    out.extend(MAGIC);
    out.extend(u32::try_from(header.len()).unwrap_or(u32::MAX).to_be_bytes());
    out.extend(header);
    out.extend(count.to_be_bytes());
    out.extend(records);
    Ok(out)
}

fn session(session: Session) -> SessionOut {
    SessionOut {
        from: session.starts_at.as_millisecond(),
        to: session.ends_at.as_millisecond(),
        slug: session.slug,
        title: session.title,
    }
}

/// The seats of the session of the moment, and whether they may be others than `from` on: another plan, another
/// session.
fn seats(
    tx: &mut Tx<'_>,
    sessions: &[Session],
    from: Option<Timestamp>,
) -> Result<(HashMap<ParticipantId, Seat>, bool), GateError> {
    let now = session_at(sessions, tx.now());
    let Some(session) = now else { return Ok((HashMap::new(), false)) };
    let before = from.and_then(|from| session_at(sessions, from));
    let changed = seating::plan(tx, &session.slug)?.map(|plan| plan.changed_at);
    let reseated = before.is_some_and(|before| before.slug != session.slug)
        || from.is_some_and(|from| changed.is_some_and(|changed| changed >= from));
    Ok((seating::seats(tx, &session.slug, None)?, reseated))
}

fn cards(gate: &str, open: &mut [Participant], seats: &HashMap<ParticipantId, Seat>) -> Vec<CardOut> {
    open.sort_by(|a, b| a.code.cmp(&b.code));
    open.iter()
        .map(|who| {
            let seat = seats.get(&who.id);
            CardOut {
                seat: seat.map(|seat| seat.text.clone()),
                door: seat.and_then(|seat| seat.door),
                ..query::card(gate, who, None, &[], Timestamp::UNIX_EPOCH)
            }
        })
        .collect()
}

/// A portrait, sealed under the badge of whose it is; the badge that opens now.
///
/// # Errors
/// [`GateError::NotFound`] when nobody with such a badge has this portrait.
pub fn photo_key(tx: &mut Tx<'_>, file: platform::files::FileId) -> Result<Sealed, GateError> {
    let pepper = query::pepper(tx)?.ok_or(GateError::NotFound)?;
    let rows: Vec<Row> = tx.query(
        sql!(
            "SELECT b.code FROM participant p JOIN badge b ON b.participant = p.id
              WHERE p.photo = $1 AND b.code IS NOT NULL AND b.state IN ('da_in', 'da_phat')"
        ),
        params![file],
    )?;
    let code: String = rows.first().ok_or(GateError::NotFound)?.get("code")?;
    Sealed::of(Purpose::Photo, &code, &pepper, file.0.as_bytes())
}
