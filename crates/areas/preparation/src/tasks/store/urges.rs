//! Urging and its receipts.

use platform::{
    audit::Event,
    clock, congress,
    db::{DbError, Done, Tx, WriteTx},
    identity::OfficeId,
    params, sql,
};
use rules::{
    state::Role,
    urge::{self, UrgeRule, Urged},
};
use serde_json::json;
use uuid::Uuid;

use super::super::{error::TaskError, model::*};

use super::{TOPIC, Who, reading::task, writing::touched};

/// Urges the focal officer, one step up the ladder from last time.
///
/// # Errors
/// [`TaskError::CoolDown`], [`TaskError::NotRunning`], [`TaskError::NobodyToUrge`], [`TaskError::NotPermitted`].
pub fn urge(tx: &mut WriteTx<'_>, who: &Who, id: TaskId, text: &str) -> Result<Done<UrgeId>, TaskError> {
    let before = task(tx, id)?;
    let roles = who.roles(&before.fields);
    if !roles.contains(&Role::Organiser) && !roles.contains(&Role::Approver) {
        return Err(TaskError::NotPermitted);
    }
    if !before.state.is_running() {
        return Err(TaskError::NotRunning);
    }
    let congress = congress::store::current(tx)?;
    let previous: Vec<Urged> = urges(tx, id)?
        .iter()
        .rev()
        .map(|urge| Urged {
            level: urge.step(),
            at: clock::local(urge.sent_at),
            read: urge.seen_at.map(clock::local),
        })
        .collect();
    let rule = UrgeRule { cool_down_hours: congress.urge_cool_down_hours, ..UrgeRule::default() };
    let level = urge::next_urge(&previous, clock::local(tx.now()), &rule).map_err(TaskError::CoolDown)?;
    // Each step of the ladder speaks to somebody higher.
    let to = match level {
        urge::Level::Reminder => before.fields.focal_office,
        urge::Level::Accountable | urge::Level::Letter => before.fields.accountable_office,
        urge::Level::Approver => before.fields.approver_office,
    }
    .ok_or(TaskError::NobodyToUrge)?;
    let urge = UrgeId(Uuid::now_v7());
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!("INSERT INTO urge(id, task, level, text, sent_at, sent_by, to_office) VALUES($1, $2, $3, $4, $5, $6, $7)"),
        params![urge, id, level.number(), rules::text::nfc(text), now, by, to],
    )?;
    let data = json!({"code": before.fields.code, "level": level.number()});
    Ok(touched(tx, id, "task.urged", data, None)?.with(urge))
}

/// Urges of a task, newest first.
///
/// # Errors
/// Any [`DbError`].
pub fn urges(tx: &mut Tx<'_>, id: TaskId) -> Result<Vec<Urge>, DbError> {
    tx.query(
        sql!(
            "SELECT id, task, level, text, sent_at, sent_by, to_office, seen_at FROM urge
              WHERE task = $1 ORDER BY sent_at DESC, id DESC"
        ),
        params![id],
    )
}

/// Urges addressed to an office that nobody there has seen.
///
/// # Errors
/// Any [`DbError`].
pub fn unseen_urges(tx: &mut Tx<'_>, office: OfficeId) -> Result<Vec<Urge>, DbError> {
    tx.query(
        sql!(
            "SELECT id, task, level, text, sent_at, sent_by, to_office, seen_at FROM urge
              WHERE to_office = $1 AND seen_at IS NULL ORDER BY sent_at, id"
        ),
        params![office],
    )
}

/// Gives the receipts of all urges of a task that were addressed to this office; how many.
///
/// # Errors
/// Any [`DbError`].
pub fn see_urges(tx: &mut WriteTx<'_>, id: TaskId, office: OfficeId) -> Result<Done<u64>, TaskError> {
    let (now, by) = (tx.now(), tx.author().office.clone());
    let seen = tx.execute(
        sql!("UPDATE urge SET seen_at = $3, seen_by = $4 WHERE task = $1 AND to_office = $2 AND seen_at IS NULL"),
        params![id, office, now, by],
    )?;
    if seen == 0 {
        return Ok(tx.unchanged(0)?);
    }
    let event = Event::new("task.urge_seen", "task", id).topic(TOPIC).topic(format!("{TOPIC}/{id}"));
    Ok(tx.record(event).with(seen))
}
