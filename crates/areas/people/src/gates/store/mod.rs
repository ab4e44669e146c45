//! What changes gates: the gates themselves, codes, devices. Scans are in [`merge`].

pub mod merge;

use std::time::Duration;

use jiff::Timestamp;
use platform::{
    audit::Event,
    db::{Done, Tx, WriteTx},
    i18n::key,
    identity::{
        Identity, OfficeId, PersonId,
        secret::{self, Secret},
        store::{create_token, new_id, revoke_token},
    },
    params, sql,
    web::FieldProblem,
};
use serde_json::json;

use super::{
    GateError, TOPIC,
    heard::Told,
    model::{Device, DeviceId, DeviceRole, Gate, NewGate},
    query,
};
use crate::{attendance, badges::query as badges, delegates::clean};

/// How long a code may be used.
pub const CODE_LIVES: Duration = Duration::from_secs(120);
/// How long a device may work before it joins anew.
const DEVICE_LIVES: Duration = Duration::from_secs(30 * 24 * 3600);
/// What the token of a device may do.
const SCOPE: &str = "attendance:contribute";
/// What the token of a credential officer's device may do, if the office holds it.
const SCOPE_OFFICER: &str = "attendance:contribute badges:contribute";

/// Sets a gate; `version` is the one that was seen, 0 for a new one.
///
/// # Errors
/// [`GateError::Fields`], [`GateError::Conflict`], [`GateError::NotFound`].
pub fn put(tx: &mut WriteTx<'_>, version: i64, new: &NewGate) -> Result<Done<String>, GateError> {
    let mut wrong = Vec::new();
    let name = clean::line("name", &new.name, 80, &mut wrong);
    if name.is_empty() {
        wrong.push(FieldProblem::new("name", key("gates-error-name")));
    }
    let slug = new.slug.trim().to_owned();
    let fits = (1..=40).contains(&slug.len())
        && slug.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        && !["moi", "thiet-bi", "may-nhan-dien"].contains(&slug.as_str());
    if !fits {
        wrong.push(FieldProblem::new("slug", key("gates-error-slug")));
    }
    if !badges::access(tx)?.zones.iter().any(|zone| zone.bit == new.zone) {
        wrong.push(FieldProblem::new("zone", key("gates-error-zone")));
    }
    if !(1..=99).contains(&new.lane) {
        wrong.push(FieldProblem::new("lane", key("gates-error-lane")));
    }
    let taken: Option<String> = tx.scalar(
        sql!("SELECT slug FROM gate WHERE zone = $1 AND lane = $2 AND slug <> $3"),
        params![new.zone, new.lane, slug],
    )?;
    if taken.is_some() {
        wrong.push(FieldProblem::new("lane", key("gates-error-lane-taken")));
    }
    let known: Vec<String> = attendance::query::sessions(tx)?.into_iter().map(|one| one.slug).collect();
    if new.sessions.iter().any(|session| !known.contains(session)) {
        wrong.push(FieldProblem::new("sessions", key("gates-error-session")));
    }
    let kept: Option<i64> = tx.scalar(sql!("SELECT version FROM gate WHERE slug = $1"), params![slug])?;
    if version == 0 && kept.is_some() {
        wrong.push(FieldProblem::new("slug", key("gates-error-taken")));
    }
    if !wrong.is_empty() {
        return Err(GateError::Fields(wrong));
    }
    if version != kept.unwrap_or(0) {
        return Err(GateError::Conflict);
    }
    tx.execute(
        sql!(
            "INSERT INTO gate(slug, name, zone, lane, direction, is_open, confirms, version)
             VALUES($1, $2, $3, $4, $5, $6, $7, 1)
             ON CONFLICT(slug) DO UPDATE SET name = excluded.name, zone = excluded.zone, lane = excluded.lane,
               direction = excluded.direction, is_open = excluded.is_open, confirms = excluded.confirms,
               version = gate.version + 1"
        ),
        params![slug, name, new.zone, new.lane, new.direction, new.is_open, new.confirms],
    )?;
    tx.execute(sql!("DELETE FROM gate_session WHERE gate = $1"), params![slug])?;
    let mut sessions = new.sessions.clone();
    sessions.sort();
    sessions.dedup();
    for session in &sessions {
        tx.execute(sql!("INSERT INTO gate_session(gate, session) VALUES($1, $2)"), params![slug, session])?;
    }
    pepper(tx)?;
    let event = Event::new("gate.saved", "gate", &slug)
        .topic(TOPIC)
        .data(json!({ "zone": new.zone, "lane": new.lane, "open": new.is_open, "confirms": new.confirms }));
    Ok(tx.record(event).with(slug))
}

/// What is mixed into the keys of records, made with the first gate.
fn pepper(tx: &mut WriteTx<'_>) -> Result<(), GateError> {
    if query::pepper(tx)?.is_none() {
        let fresh: [u8; 32] = secret::random();
        tx.execute(sql!("INSERT INTO gate_pepper(one, bytes) VALUES(1, $1)"), params![fresh])?;
    }
    Ok(())
}

/// What a code is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeFor {
    /// What the device will be for; a terminal joins another way.
    pub role: DeviceRole,
    /// From when it works; at once without one.
    pub from: Option<Timestamp>,
    /// Until when it works; thirty days without one.
    pub until: Option<Timestamp>,
}

impl Default for CodeFor {
    fn default() -> Self {
        Self { role: DeviceRole::Steward, from: None, until: None }
    }
}

/// Makes a code by which one device may join a gate once, for two minutes. The device will act for whoever made it,
/// within the window and no longer than thirty days.
///
/// # Errors
/// [`GateError::NotFound`], [`GateError::Fields`] for a window that is over or is none.
pub fn make_code(
    tx: &mut WriteTx<'_>,
    who: (PersonId, OfficeId),
    gate: &str,
    new: &CodeFor,
) -> Result<Done<(Secret, Timestamp)>, GateError> {
    let gate = query::gate(tx, gate)?;
    let now = tx.now();
    if new.role == DeviceRole::Terminal {
        return Err(GateError::Fields(vec![FieldProblem::new("role", key("gates-error-role"))]));
    }
    if new.until.is_some_and(|until| until <= now || new.from.is_some_and(|from| until <= from)) {
        return Err(GateError::Fields(vec![FieldProblem::new("until", key("gates-error-window"))]));
    }
    tx.execute(sql!("DELETE FROM gate_code WHERE expires < $1"), params![now])?;
    let code = secret::code();
    let expires = now + CODE_LIVES;
    tx.execute(
        sql!(
            "INSERT INTO gate_code(hash, gate, supervisor, role, from_at, until_at, person, office, expires, used_at)
             VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL)"
        ),
        params![
            code.hash,
            gate.slug,
            new.role.supervises(),
            new.role,
            new.from,
            new.until,
            who.0,
            who.1,
            expires
        ],
    )?;
    let event = Event::new("gate.code_made", "gate", &gate.slug)
        .data(json!({ "role": new.role, "from": new.from, "until": new.until }));
    Ok(tx.record(event).with((code, expires)))
}

/// Who asks for a code: the person and the office acted for.
pub fn asker(actor: &Identity) -> (PersonId, OfficeId) {
    (actor.person.id, actor.office.id)
}

/// A device that has joined.
#[derive(Debug, Clone)]
pub struct Joined {
    /// The device.
    pub device: DeviceId,
    /// Its gate.
    pub gate: Gate,
    /// What it is for.
    pub role: DeviceRole,
    /// Its token, told once.
    pub token: String,
}

/// Lets a device in by its code. The lane's earlier device is sent away: a lane has one.
///
/// # Errors
/// [`GateError::Code`], [`GateError::Fields`], [`GateError::Identity`] when whoever made the code may not any more.
pub fn join(
    tx: &mut WriteTx<'_>,
    code: &str,
    name: &str,
    public_key: Option<&[u8]>,
) -> Result<Done<Joined>, GateError> {
    platform::row! {
        struct Code {
            gate: String,
            role: DeviceRole,
            from_at: Option<Timestamp>,
            until_at: Option<Timestamp>,
            person: PersonId,
            office: OfficeId,
        }
    }
    let mut wrong = Vec::new();
    let name = clean::line("name", name, 60, &mut wrong);
    if !wrong.is_empty() {
        return Err(GateError::Fields(wrong));
    }
    let (now, hash) = (tx.now(), secret::typed_code(code));
    let found: Option<Code> = tx.query_opt(
        sql!(
            "SELECT gate, role, from_at, until_at, person, office FROM gate_code
              WHERE hash = $1 AND used_at IS NULL AND expires >= $2"
        ),
        params![hash, now],
    )?;
    let Some(found) = found else { return Err(GateError::Code) };
    tx.execute(sql!("UPDATE gate_code SET used_at = $2 WHERE hash = $1"), params![hash, now])?;
    let gate = query::gate(tx, &found.gate)?;
    if found.role == DeviceRole::Steward
        && let Some(before) = query::lane_device(tx, &gate.slug)?
    {
        end_one(tx, &before)?;
    }
    let name = if name.is_empty() { gate.name.clone() } else { name };
    let named: String = format!("{} · {}", gate.slug, name).chars().take(80).collect();
    // The token ends with the window: what the device may do ends with it.
    let ends = found.until_at.map_or(now + DEVICE_LIVES, |until| until.min(now + DEVICE_LIVES));
    let scope = if found.role == DeviceRole::Officer { SCOPE_OFFICER } else { SCOPE };
    let token = create_token(tx, found.person, found.office, &named, scope, ends)?;
    let (token, secret) = token.value().clone();
    let device = DeviceId(new_id(tx));
    let public_key = public_key.filter(|_| found.role.supervises());
    let office: Option<String> =
        tx.scalar(sql!("SELECT title FROM office WHERE id = $1"), params![found.office])?;
    tx.execute(
        sql!(
            "INSERT INTO gate_device(id, gate, token, name, supervisor, role, from_at, until_at, public_key,
               enrolled_at, enrolled_by, ended_at, seen_at, offset_ms, waiting, battery, list_known)
             VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, NULL, $10, 0, 0, NULL, 0)"
        ),
        params![
            device,
            gate.slug,
            token,
            name,
            found.role.supervises(),
            found.role,
            found.from_at,
            found.until_at,
            public_key,
            now,
            office.unwrap_or_default()
        ],
    )?;
    let event = Event::new("gate.device_joined", "gate_device", device)
        .topic(TOPIC)
        .data(json!({ "gate": gate.slug, "role": found.role }));
    let joined = Joined { device, gate, role: found.role, token: secret.text };
    Ok(tx.record(event).with(joined))
}

pub(crate) fn end_one(tx: &mut WriteTx<'_>, device: &Device) -> Result<(), GateError> {
    let now = tx.now();
    tx.execute(
        sql!("UPDATE gate_device SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL"),
        params![device.id, now],
    )?;
    let _ = revoke_token(tx, device.token, None)?;
    Ok(())
}

/// Sends a device away: its token opens nothing any more.
///
/// # Errors
/// [`GateError::NotFound`].
pub fn end(tx: &mut WriteTx<'_>, id: DeviceId) -> Result<Done<()>, GateError> {
    let device = query::device(tx, id)?.filter(|device| device.ended_at.is_none());
    let device = device.ok_or(GateError::NotFound)?;
    end_one(tx, &device)?;
    let event = Event::new("gate.device_ended", "gate_device", id).topic(TOPIC);
    Ok(tx.record(event.data(json!({ "gate": device.gate }))).with(()))
}

/// Writes down what devices said of themselves, all at once.
///
/// # Errors
/// Any [`platform::db::DbError`].
pub fn heard(tx: &mut WriteTx<'_>, told: &[(DeviceId, Told)]) -> Result<Done<()>, GateError> {
    let mut changed = 0;
    for (device, told) in told {
        changed += tx.execute(
            sql!(
                "UPDATE gate_device SET seen_at = $2, offset_ms = $3, waiting = $4, battery = $5, list_known = $6
                  WHERE id = $1 AND seen_at < $2"
            ),
            params![device, told.at, told.offset_ms, told.waiting, told.battery, told.list_known],
        )?;
    }
    if changed == 0 {
        return Ok(tx.unchanged(())?);
    }
    let event = Event::new("gate.devices_heard", "gate_device", "all").topic(TOPIC);
    Ok(tx.record(event.data(json!({ "count": changed }))).with(()))
}

/// The device that a token belongs to, if it is one of this gate.
///
/// # Errors
/// [`GateError::NotFound`] without such a gate, [`GateError::NoDevice`].
pub fn device_of(tx: &mut Tx<'_>, actor: &Identity, gate: &str) -> Result<(Gate, Device), GateError> {
    let gate = query::gate(tx, gate)?;
    let platform::identity::actor::Door::Token(token) = actor.door else { return Err(GateError::NoDevice) };
    let device: Option<Device> = tx.query_opt(
        sql!("SELECT * FROM gate_device WHERE token = $1 AND gate = $2 AND ended_at IS NULL"),
        params![token, gate.slug],
    )?;
    let device = device.ok_or(GateError::NoDevice)?;
    if device.from_at.is_some_and(|from| tx.now() < from) {
        return Err(GateError::NotYet);
    }
    Ok((gate, device))
}
