//! More time: asked, decided, withdrawn.

use platform::{
    db::{DbError, Done, Row, Tx, WriteTx},
    params, sql,
};
use rules::{dates::Deadline, state::Role};
use serde_json::json;
use uuid::Uuid;

use super::super::{error::TaskError, model::*, schedule};

use super::{
    Who,
    reading::{task, tasks},
    ties::dependencies,
    writing::touched,
};

/// Asks to move the deadline. What it would push is written down as it stands now.
///
/// # Errors
/// [`TaskError::NotRunning`], [`TaskError::NotLater`], [`TaskError::ExtensionWaiting`],
/// [`TaskError::ReasonNeeded`], [`TaskError::NotPermitted`], [`TaskError::NoDeadline`].
pub fn ask_extension(
    tx: &mut WriteTx<'_>,
    who: &Who,
    id: TaskId,
    to: Deadline,
    reason: &str,
) -> Result<Done<ExtensionId>, TaskError> {
    let before = task(tx, id)?;
    let roles = who.roles(&before.fields);
    if ![Role::Organiser, Role::FocalOfficer, Role::Accountable].iter().any(|role| roles.contains(role)) {
        return Err(TaskError::NotPermitted);
    }
    if !before.state.is_running() {
        return Err(TaskError::NotRunning);
    }
    let from = before.fields.due.ok_or(TaskError::NoDeadline)?;
    if to <= from {
        return Err(TaskError::NotLater { due: from });
    }
    let reason = rules::text::nfc(reason);
    if reason.is_empty() {
        return Err(TaskError::ReasonNeeded);
    }
    let (all, deps) = (tasks(tx)?, dependencies(tx)?);
    let impact = serde_json::to_string(&schedule::impact(&all, &deps, id, to)).unwrap_or_default();
    let extension = ExtensionId(Uuid::now_v7());
    let (now, by, office) = (tx.now(), tx.author().office.clone(), office_text(who));
    tx.execute(
        sql!("INSERT INTO extension(id, task, from_due, to_due, reason, impact, state, requested_at, requested_by,
                requested_by_office, decision_note)
              VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '')"),
        params![extension, id, from, to, reason, impact, ExtensionState::Waiting, now, by, office],
    )
    .map_err(|error| match error {
        DbError::Unique { .. } => TaskError::ExtensionWaiting,
        other => other.into(),
    })?;
    let data = json!({"code": before.fields.code, "from": from, "to": to});
    Ok(touched(tx, id, "task.extension_asked", data, Some(&reason))?.with(extension))
}

fn office_text(who: &Who) -> String {
    who.office.map(|office| office.to_string()).unwrap_or_default()
}

/// Grants or refuses a request; only a grant moves `due`.
///
/// # Errors
/// [`TaskError::AlreadyDecided`], [`TaskError::OwnRequest`], [`TaskError::NotPermitted`].
pub fn decide_extension(
    tx: &mut WriteTx<'_>,
    who: &Who,
    id: ExtensionId,
    grant: bool,
    note: &str,
) -> Result<Done<TaskId>, TaskError> {
    let row: Row = tx
        .query_opt(
            sql!("SELECT task, to_due, state, requested_by_office FROM extension WHERE id = $1"),
            params![id],
        )?
        .ok_or(TaskError::NotFound)?;
    if row.get::<ExtensionState>("state")? != ExtensionState::Waiting {
        return Err(TaskError::AlreadyDecided);
    }
    let before = task(tx, row.get("task")?)?;
    if !who.roles(&before.fields).contains(&Role::Approver) {
        return Err(TaskError::NotPermitted);
    }
    let asked_by: String = row.get("requested_by_office")?;
    if !asked_by.is_empty() && asked_by == office_text(who) {
        return Err(TaskError::OwnRequest);
    }
    let note = rules::text::nfc(note);
    if !grant && note.is_empty() {
        return Err(TaskError::ReasonNeeded);
    }
    let state = if grant { ExtensionState::Granted } else { ExtensionState::Refused };
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!("UPDATE extension SET state = $2, decided_at = $3, decided_by = $4, decision_note = $5 WHERE id = $1"),
        params![id, state, now, by, note],
    )?;
    let to: Deadline = row.get("to_due")?;
    if grant {
        tx.execute(sql!("UPDATE task SET due = $2 WHERE id = $1"), params![before.id, to])?;
    }
    let data = json!({"code": before.fields.code, "granted": grant, "to": to});
    Ok(touched(tx, before.id, "task.extension_decided", data, Some(&note))?.with(before.id))
}

/// Takes a waiting request back.
///
/// # Errors
/// [`TaskError::AlreadyDecided`], [`TaskError::NotPermitted`].
pub fn withdraw_extension(
    tx: &mut WriteTx<'_>,
    who: &Who,
    id: ExtensionId,
) -> Result<Done<TaskId>, TaskError> {
    let extension = extension(tx, id)?;
    if extension.state != ExtensionState::Waiting {
        return Err(TaskError::AlreadyDecided);
    }
    let before = task(tx, extension.task)?;
    let roles = who.roles(&before.fields);
    if ![Role::Organiser, Role::FocalOfficer, Role::Accountable].iter().any(|role| roles.contains(role)) {
        return Err(TaskError::NotPermitted);
    }
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!("UPDATE extension SET state = $2, decided_at = $3, decided_by = $4 WHERE id = $1"),
        params![id, ExtensionState::Withdrawn, now, by],
    )?;
    let data = json!({"code": before.fields.code});
    Ok(touched(tx, before.id, "task.extension_withdrawn", data, None)?.with(before.id))
}

/// One request.
///
/// # Errors
/// [`TaskError::NotFound`].
pub fn extension(tx: &mut Tx<'_>, id: ExtensionId) -> Result<Extension, TaskError> {
    tx.query_opt(
        sql!("SELECT id, task, from_due, to_due, reason, impact, state, requested_at, requested_by, decided_at,
                decided_by, decision_note FROM extension WHERE id = $1"),
        params![id],
    )?
    .ok_or(TaskError::NotFound)
}

/// The id of the office that asked, as text; `None` when a program did.
///
/// # Errors
/// Any [`DbError`].
pub fn asked_by(tx: &mut Tx<'_>, id: ExtensionId) -> Result<Option<String>, DbError> {
    let office: Option<String> =
        tx.scalar(sql!("SELECT requested_by_office FROM extension WHERE id = $1"), params![id])?;
    Ok(office.filter(|office| !office.is_empty()))
}

/// All requests, oldest first; those of one task with `task`.
///
/// # Errors
/// Any [`DbError`].
pub fn extensions(tx: &mut Tx<'_>, task: Option<TaskId>) -> Result<Vec<Extension>, DbError> {
    tx.query(
        sql!("SELECT id, task, from_due, to_due, reason, impact, state, requested_at, requested_by, decided_at,
                decided_by, decision_note FROM extension
              WHERE CAST($1 AS TEXT) IS NULL OR task = $1 ORDER BY requested_at, id"),
        params![task],
    )
}
