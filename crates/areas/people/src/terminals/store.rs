//! What changes terminals: registering one, numbers for people, and what they tell.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use platform::{
    audit::Event,
    db::{Done, Row, WriteTx},
    hex,
    i18n::key,
    identity::{
        OfficeId, PersonId, secret,
        store::{create_token, new_id},
    },
    params, sql,
    web::FieldProblem,
};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::{
    TerminalError,
    model::{Networks, NewTerminal, Terminal, TerminalKind},
    query,
    read::{MOST, Seen, Who, zkteco::Line},
};
use crate::{
    attendance::model::{Mark, Method},
    badges::seal::Seal,
    delegates::{clean, desk, model::ParticipantId, query as roll},
    gates::{
        self, TOPIC,
        heard::Heard,
        model::{Device, DeviceId, DeviceRole, Gate, Mode, ScanIn, ScanOut},
        scene::Scene,
        store::merge,
    },
};

/// How long a terminal may work before it is registered anew.
const LIVES: Duration = Duration::from_secs(30 * 24 * 3600);
/// What happened longer ago than this is told later and not seen now.
pub const LATE: Duration = Duration::from_secs(120);

/// A terminal that was registered, with what its vendor is told once.
#[derive(Debug, Clone)]
pub struct Registered {
    /// The device.
    pub device: DeviceId,
    /// What it signs with: 64 hexadecimal digits.
    pub secret: String,
}

/// The password of a terminal that signs in and signs nothing: terminals take sixteen letters, so it is the beginning
/// of the secret.
pub fn password(secret: &[u8; 32]) -> String {
    hex(secret.get(..8).unwrap_or_default())
}

fn name_of(device: DeviceId) -> String {
    format!("terminal:{device}")
}

/// Opens the secret of a terminal.
///
/// # Errors
/// [`TerminalError::Seal`].
pub fn open(seal: &Seal, terminal: &Terminal) -> Result<[u8; 32], TerminalError> {
    Ok(seal.open(&name_of(terminal.device), &terminal.secret)?)
}

/// Registers a terminal at a gate. It acts for the office that registers it, and no longer than thirty days.
///
/// # Errors
/// [`TerminalError::Fields`], [`TerminalError::Gate`] without such a gate.
pub fn register(
    tx: &mut WriteTx<'_>,
    seal: &Seal,
    who: (PersonId, OfficeId),
    new: &NewTerminal,
) -> Result<Done<Registered>, TerminalError> {
    let gate = gates::query::gate(tx, &new.gate)?;
    let mut wrong = Vec::new();
    let name = clean::line("name", &new.name, 60, &mut wrong);
    let serial = clean::line("serial", &new.serial, 40, &mut wrong);
    if name.is_empty() {
        wrong.push(FieldProblem::new("name", key("terminals-error-name")));
    }
    let devices = gates::query::devices(tx)?;
    if devices.iter().any(|one| one.gate == gate.slug && one.name == name) {
        wrong.push(FieldProblem::new("name", key("terminals-error-taken")));
    }
    match Networks::read(&new.networks) {
        Err(_) => wrong.push(FieldProblem::new("networks", key("terminals-error-networks"))),
        // What is not signed is believed from its own network only.
        Ok(networks) if networks.is_empty() && new.kind != TerminalKind::Webhook => {
            wrong.push(FieldProblem::new("networks", key("terminals-error-network-needed")));
        }
        Ok(_) => {}
    }
    if new.kind == TerminalKind::Zkteco {
        if serial.is_empty() || !serial.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            wrong.push(FieldProblem::new("serial", key("terminals-error-serial")));
        } else if query::by_serial(tx, &serial)?.is_some() {
            wrong.push(FieldProblem::new("serial", key("terminals-error-serial-taken")));
        }
    }
    if new.least_score > 1000 {
        wrong.push(FieldProblem::new("least_score", key("terminals-error-score")));
    }
    if !wrong.is_empty() {
        return Err(TerminalError::Fields(wrong));
    }
    let now = tx.now();
    let named: String = format!("{} · {name}", gate.slug).chars().take(80).collect();
    // Nobody gets the secret of this token: the terminal has its own, and the token is the right it acts by.
    let token = create_token(tx, who.0, who.1, &named, "attendance:contribute", now + LIVES)?.value().0;
    let device = DeviceId(new_id(tx));
    let office: Option<String> = tx.scalar(sql!("SELECT title FROM office WHERE id = $1"), params![who.1])?;
    tx.execute(
        sql!(
            "INSERT INTO gate_device(id, gate, token, name, supervisor, role, enrolled_at, enrolled_by, ended_at, seen_at,
               offset_ms, waiting, battery, list_known)
             VALUES($1, $2, $3, $4, 0, $5, $6, $7, NULL, $6, 0, 0, NULL, 0)"
        ),
        params![device, gate.slug, token, name, DeviceRole::Terminal, now, office.unwrap_or_default()],
    )?;
    let secret: [u8; 32] = secret::random();
    let sealed = seal.seal(&name_of(device), &secret)?;
    let way = if new.way == Mark::Out { Mark::Out } else { Mark::In };
    let serial = Some(serial).filter(|serial| !serial.is_empty());
    tx.execute(
        sql!(
            "INSERT INTO terminal(device, kind, way, serial, networks, secret, least_score)
             VALUES($1, $2, $3, $4, $5, $6, $7)"
        ),
        params![device, new.kind, way, serial, new.networks.trim(), sealed, new.least_score],
    )?;
    let event = Event::new("terminal.registered", "gate_device", device)
        .topic(TOPIC)
        .data(json!({ "gate": gate.slug, "kind": new.kind }));
    Ok(tx.record(event).with(Registered { device, secret: hex(&secret) }))
}

/// Somebody a terminal may recognise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keyed {
    /// The number without meaning.
    pub person_key: String,
    /// The code on the badge.
    pub code: String,
    /// The name, for whoever stands before the terminal to be enrolled.
    pub name: String,
}

/// Everybody who agrees to the use of face data, each with a number that terminals call them by; who has none yet gets
/// one. Making the list is an event of its own: it is what leaves the house.
///
/// # Errors
/// Any [`platform::db::DbError`].
pub fn keys(tx: &mut WriteTx<'_>) -> Result<Done<Vec<Keyed>>, TerminalError> {
    let rows: Vec<Row> = tx.query(sql!("SELECT person_key, participant FROM terminal_key"), params![])?;
    let mut known = std::collections::HashMap::<ParticipantId, String>::new();
    for row in &rows {
        known.insert(row.get("participant")?, row.get("person_key")?);
    }
    let mut taken: std::collections::HashSet<String> = known.values().cloned().collect();
    let (mut out, mut made) = (Vec::new(), 0_u32);
    let now = tx.now();
    for who in query::agreed(tx)? {
        let person_key = if let Some(known) = known.get(&who.id) {
            known.clone()
        } else {
            // Nine digits: what the smallest terminals take as a number of a person.
            let fresh = loop {
                let bits = u64::from_be_bytes(secret::random::<8>());
                let fresh = (100_000_000 + bits % 900_000_000).to_string();
                if taken.insert(fresh.clone()) {
                    break fresh;
                }
            };
            tx.execute(
                sql!("INSERT INTO terminal_key(person_key, participant, made_at) VALUES($1, $2, $3)"),
                params![fresh, who.id, now],
            )?;
            made += 1;
            fresh
        };
        out.push(Keyed { person_key, code: who.code, name: who.profile.name });
    }
    let event = Event::new("terminal.keys_exported", "terminal", "all")
        .topic(TOPIC)
        .data(json!({ "count": out.len(), "made": made }));
    Ok(tx.record(event).with(out))
}

/// What became of an event of a terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The verdict of the gate, or `no_consent`, `unknown_key`, `unsure`, `unreadable`; `duplicate` for one that came
    /// before.
    pub verdict: String,
    /// What it was the first time, for a duplicate.
    pub was: Option<String>,
    /// Whether the person goes through now.
    pub opens: bool,
}

impl Outcome {
    fn refused(verdict: &str) -> Self {
        Self { verdict: verdict.to_owned(), was: None, opens: false }
    }
}

/// What a scan will be, or why there is none.
enum Plan {
    Scan(ScanIn),
    Refused(&'static str),
}

/// Takes in what a terminal told, each event once.
///
/// What happens now is decided by the server now. What is told later was decided then: our own terminals open nothing
/// without an answer, so it is only noted; others opened by themselves, so it is taken in as done, and what does not
/// fit is a conflict.
///
/// # Errors
/// [`TerminalError::TooMany`]; any [`platform::db::DbError`].
pub fn take(
    tx: &mut WriteTx<'_>,
    (terminal, gate, device): (&Terminal, &Gate, &Device),
    heard: &Heard,
    offset_ms: i64,
    lines: &[Line],
) -> Result<Done<Vec<Outcome>>, TerminalError> {
    if lines.len() > MOST {
        return Err(TerminalError::TooMany);
    }
    let now = tx.now();
    let last: Option<Option<u64>> =
        tx.scalar(sql!("SELECT MAX(seq) FROM gate_scan WHERE device = $1"), params![device.id])?;
    let mut next = last.flatten().unwrap_or(0);
    let mut out: Vec<Option<Outcome>> = vec![None; lines.len()];
    let (mut scans, mut fresh) = (Vec::new(), Vec::new());
    let mut names = std::collections::HashSet::new();
    for (at, line) in lines.iter().enumerate() {
        let place = out.get_mut(at);
        let (name, instant, late, plan) = match line {
            // None of ours: nothing is written down.
            Ok(None) => continue,
            Err(_) => {
                (format!("unreadable {} {at}", now.as_millisecond()), now, false, Plan::Refused("unreadable"))
            }
            Ok(Some(seen)) => {
                let corrected =
                    seen.at.checked_add(SignedDuration::from_millis(offset_ms)).unwrap_or(seen.at).min(now);
                let late = seen.live.map_or(corrected + LATE < now, |live| !live);
                (seen.event.clone(), corrected, late, plan(tx, terminal, seen, corrected, late)?)
            }
        };
        let hash: [u8; 32] = Sha256::digest(format!("{}\n{name}", terminal.kind).as_bytes()).into();
        let before: Option<String> = tx.scalar(
            sql!("SELECT outcome FROM terminal_event WHERE device = $1 AND event = $2"),
            params![device.id, hash],
        )?;
        if before.is_some() || !names.insert(hash) {
            if let Some(place) = place {
                *place = Some(Outcome { verdict: "duplicate".to_owned(), was: before, opens: false });
            }
            continue;
        }
        match plan {
            Plan::Refused(why) => {
                if let Some(place) = place {
                    *place = Some(Outcome::refused(why));
                }
                fresh.push((at, hash, None, late, instant));
            }
            Plan::Scan(mut scan) => {
                next += 1;
                scan.seq = next;
                fresh.push((at, hash, Some(next), late, instant));
                scans.push(scan);
            }
        }
    }
    if fresh.is_empty() {
        let out = out.into_iter().map(|one| one.unwrap_or_else(|| Outcome::refused("other"))).collect();
        return Ok(tx.unchanged(out)?);
    }
    let refused = fresh.iter().filter(|one| one.2.is_none()).count();
    let said: Vec<ScanOut> = if scans.is_empty() {
        Vec::new()
    } else {
        let scene = Scene::read(tx)?;
        merge::merge(tx, (&scene, gate, device), heard, &scans)?.value().results.clone()
    };
    for (at, hash, seq, late, instant) in fresh {
        if let (Some(place), Some(seq)) = (out.get_mut(at), seq) {
            let verdict =
                said.iter().find(|one| one.seq == seq).map_or("invalid", |one| one.verdict.as_str());
            let opens = !late && matches!(verdict, "admit" | "leave");
            *place = Some(Outcome { verdict: verdict.to_owned(), was: None, opens });
        }
        let outcome = out.get(at).and_then(Option::as_ref).map_or("other", |one| one.verdict.as_str());
        tx.execute(
            sql!(
                "INSERT INTO terminal_event(device, event, outcome, seq, late, at, received_at)
                 VALUES($1, $2, $3, $4, $5, $6, $7)"
            ),
            params![device.id, hash, outcome, seq, late, instant, now],
        )?;
    }
    let event = Event::new("terminal.told", "gate_device", device.id)
        .topic(TOPIC)
        .data(json!({ "scans": said.len(), "refused": refused }));
    let out = out.into_iter().map(|one| one.unwrap_or_else(|| Outcome::refused("other"))).collect();
    Ok(tx.record(event).with(out))
}

fn plan(
    tx: &mut WriteTx<'_>,
    terminal: &Terminal,
    seen: &Seen,
    at: Timestamp,
    late: bool,
) -> Result<Plan, TerminalError> {
    let kind = match seen.out {
        Some(true) => Mark::Out,
        Some(false) => Mark::In,
        None => terminal.way,
    };
    // A terminal of our own kind waits for the answer; without one it does not open.
    let opened = late && terminal.kind != TerminalKind::Webhook;
    let scan = |method, pass: Option<String>, person: Option<String>| {
        Plan::Scan(ScanIn {
            seq: 0,
            at,
            kind,
            method,
            pass,
            card: None,
            person,
            mode: if late { Mode::Isolated } else { Mode::Online },
            opened,
            overridden: false,
            reason: String::new(),
            voids: None,
        })
    };
    let key = match &seen.who {
        // A code is no face and needs no consent.
        Who::Pass(code) => return Ok(scan(Method::Qr, Some(code.clone()), None)),
        Who::Key(key) => key,
    };
    let who: Option<ParticipantId> =
        tx.scalar(sql!("SELECT participant FROM terminal_key WHERE person_key = $1"), params![key])?;
    let Some(who) = who else { return Ok(Plan::Refused("unknown_key")) };
    if !desk::consents_now(tx, who).map_err(TerminalError::Db)? {
        return Ok(Plan::Refused("no_consent"));
    }
    if seen.score.is_some_and(|score| score < terminal.least_score) {
        return Ok(Plan::Refused("unsure"));
    }
    let Some(who) = roll::participant(tx, who)? else { return Ok(Plan::Refused("unknown_key")) };
    Ok(scan(Method::Face, None, Some(who.code)))
}
