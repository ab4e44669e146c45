//! From state to state, and what stands in the way.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};
use platform::{
    clock, congress,
    db::{DbError, Done, Row, Tx, WriteTx},
    identity::Confidentiality,
    params, sql,
};
use rules::state::{self, Move, TaskState};
use serde_json::json;
use uuid::Uuid;

use super::super::{
    clarity::{self, People},
    error::TaskError,
    model::*,
};

use super::{
    Who,
    reading::task,
    reports::evidence,
    writing::{expect_version, touched},
};

pub(super) fn clarify(
    tx: &mut Tx<'_>,
    fields: &TaskFields,
    assigned_before: bool,
) -> Result<rules::clarity::Clarity, DbError> {
    let calendar = congress::calendar(&congress::store::work_days(tx)?);
    let people = People::load(tx)?;
    // A running task is not unclear because time has passed.
    let today = if assigned_before { Date::MIN } else { clock::local(tx.now()).date() };
    Ok(clarity::check(fields, &people, &calendar, today))
}

/// Moves a task to another state.
///
/// # Errors
/// [`TaskError::Move`] when the state or the office does not allow it, [`TaskError::NotClear`] when it is to be
/// assigned below six of six, [`TaskError::EvidenceMissing`] when it is to be handed in without what its result
/// demands, [`TaskError::ReasonNeeded`], [`TaskError::Conflict`].
pub fn step(
    tx: &mut WriteTx<'_>,
    who: &Who,
    id: TaskId,
    version: i64,
    step: Move,
    reason: &str,
) -> Result<Done<TaskState>, TaskError> {
    let before = task(tx, id)?;
    expect_version(&before, version)?;
    state::authorise(step, &who.roles(&before.fields))?;
    let to = state::next(before.state, step, before.state_before_pause)?;
    if step.needs_reason() && reason.trim().is_empty() {
        return Err(TaskError::ReasonNeeded);
    }
    match step {
        Move::Assign => require_clear(tx, &before)?,
        Move::Submit => require_evidence(tx, &before)?,
        _ => {}
    }
    let now = tx.now();
    let paused_from = (step == Move::Pause).then_some(before.state);
    tx.execute(
        sql!("UPDATE task SET state = $2, state_before_pause = $3 WHERE id = $1"),
        params![id, to, paused_from],
    )?;
    match step {
        Move::Assign => {
            tx.execute(
                sql!("UPDATE task SET assigned_at = $2, due_original = due WHERE id = $1"),
                params![id, now],
            )?;
        }
        Move::Acknowledge => {
            tx.execute(sql!("UPDATE task SET acknowledged_at = $2 WHERE id = $1"), params![id, now])?;
        }
        Move::Submit => {
            tx.execute(sql!("UPDATE task SET submitted_at = $2 WHERE id = $1"), params![id, now])?;
        }
        Move::Accept => accept(tx, id, now)?,
        Move::Reopen => {
            tx.execute(sql!("UPDATE task SET accepted_at = NULL WHERE id = $1"), params![id])?;
        }
        _ => {}
    }
    let data = json!({"code": before.fields.code, "move": step.as_str(), "from": before.state.as_str(), "to": to.as_str()});
    Ok(touched(tx, id, "task.moved", data, Some(reason))?.with(to))
}

fn require_clear(tx: &mut WriteTx<'_>, task: &Task) -> Result<(), TaskError> {
    if task.fields.confidentiality == Confidentiality::Secret {
        return Ok(());
    }
    let clarity = clarify(tx, &task.fields, task.assigned_at.is_some())?;
    if clarity.assignable() { Ok(()) } else { Err(TaskError::NotClear(Box::new(clarity))) }
}

fn require_evidence(tx: &mut WriteTx<'_>, task: &Task) -> Result<(), TaskError> {
    let have = evidence(tx, task.id)?;
    let kinds: Vec<&'static str> = task
        .fields
        .evidence_kinds
        .iter()
        .filter(|kind| !have.iter().any(|one| one.kind == **kind))
        .map(|kind| kind.as_str())
        .collect();
    if kinds.is_empty() { Ok(()) } else { Err(TaskError::EvidenceMissing { kinds }) }
}

fn accept(tx: &mut WriteTx<'_>, id: TaskId, now: Timestamp) -> Result<(), TaskError> {
    let by = tx.author().office.clone();
    tx.execute(sql!("UPDATE task SET accepted_at = $2, percent = 100 WHERE id = $1"), params![id, now])?;
    tx.execute(
        sql!(
            "UPDATE evidence SET accepted_at = $2, accepted_by = $3 WHERE task = $1 AND accepted_at IS NULL"
        ),
        params![id, now, by],
    )?;
    tx.execute(
        sql!(
            "INSERT INTO review(id, task, at, office, verdict, reason_code, reason)
              VALUES($1, $2, $3, $4, 'accepted', '', '')"
        ),
        params![Uuid::now_v7(), id, now, by],
    )?;
    Ok(())
}

/// Sends a result back with its reason; the task counts as not done meanwhile.
///
/// # Errors
/// Those of [`step`].
pub fn send_back(
    tx: &mut WriteTx<'_>,
    who: &Who,
    id: TaskId,
    version: i64,
    code: ReturnReason,
    reason: &str,
) -> Result<Done<TaskState>, TaskError> {
    let done = step(tx, who, id, version, Move::Return, reason)?;
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!(
            "INSERT INTO review(id, task, at, office, verdict, reason_code, reason)
              VALUES($1, $2, $3, $4, 'returned', $5, $6)"
        ),
        params![Uuid::now_v7(), id, now, by, code, reason.trim()],
    )?;
    Ok(done)
}

/// Reviews of a task, newest first.
///
/// # Errors
/// Any [`DbError`].
pub fn reviews(tx: &mut Tx<'_>, id: TaskId) -> Result<Vec<Review>, DbError> {
    tx.query(
        sql!("SELECT task, at, office, verdict, reason_code, reason FROM review WHERE task = $1 ORDER BY at DESC, id DESC"),
        params![id],
    )
}

/// How often results of each task came back.
///
/// # Errors
/// Any [`DbError`].
pub fn returned_counts(tx: &mut Tx<'_>) -> Result<BTreeMap<TaskId, u32>, DbError> {
    let rows: Vec<Row> = tx.query(
        sql!("SELECT task, COUNT(*) AS times FROM review WHERE verdict = 'returned' GROUP BY task"),
        &[],
    )?;
    rows.iter().map(|row| Ok((row.get("task")?, row.get("times")?))).collect()
}
