//! Tasks written down and edited.

use jiff::Timestamp;
use platform::{
    audit::Event,
    db::{DbError, Done, Receipt, Row, WriteTx},
    identity::{Confidentiality, UnitId},
    params, sql,
};
use rules::{
    diff::Change,
    state::{Role, TaskState},
};
use serde_json::json;
use uuid::Uuid;

use super::super::{error::TaskError, model::*};

use super::{LONGEST, TOPIC, Who, plans::taken, reading::task, states::clarify};

fn check(fields: &TaskFields) -> Result<(), TaskError> {
    if fields.code.is_empty() || fields.code.chars().count() > 32 {
        return Err(TaskError::Code);
    }
    let texts = [
        ("stream", &fields.stream),
        ("what", &fields.what),
        ("scope", &fields.scope),
        ("due_text", &fields.due_text),
        ("authority", &fields.authority),
        ("escalation", &fields.escalation),
        ("result", &fields.result),
        ("result_quantity", &fields.result_quantity),
        ("result_form", &fields.result_form),
        ("acceptance", &fields.acceptance),
    ];
    if let Some((field, _)) = texts.iter().find(|(_, text)| text.chars().count() > LONGEST) {
        return Err(TaskError::TooLong { field });
    }
    if fields.confidentiality == Confidentiality::Secret && !is_stub(fields) {
        return Err(TaskError::SecretContent);
    }
    Ok(())
}

/// True when the fields say nothing beyond code, stream, unit, people and dates: all a secret task may hold.
fn is_stub(fields: &TaskFields) -> bool {
    let texts = [
        &fields.what,
        &fields.scope,
        &fields.due_text,
        &fields.authority,
        &fields.escalation,
        &fields.result,
        &fields.result_quantity,
        &fields.result_form,
        &fields.acceptance,
    ];
    texts.iter().all(|text| text.is_empty())
        && fields.basis.is_empty()
        && fields.milestones.is_empty()
        && fields.supports.iter().all(|support| support.contribution.is_empty())
        && fields.money_limit.is_none()
}

/// Writes down a new task as a draft.
///
/// # Errors
/// [`TaskError::DuplicateCode`], [`TaskError::Code`], [`TaskError::TooLong`], [`TaskError::SecretContent`].
pub fn create(tx: &mut WriteTx<'_>, plan: PlanId, fields: TaskFields) -> Result<Done<TaskId>, TaskError> {
    let fields = fields.normalised();
    check(&fields)?;
    let id = TaskId(Uuid::now_v7());
    let (now, by) = (tx.now(), tx.author().office.clone());
    let last: Option<i64> =
        tx.scalar(sql!("SELECT MAX(position) FROM task WHERE plan = $1"), params![plan])?.flatten();
    tx.execute(
        sql!("INSERT INTO task(id, plan, code, position, stream, phase, confidentiality, what, scope, due_text,
                authority, escalation, has_budget, result, result_quantity, result_form, acceptance, evidence_kinds,
                percent, state, version, created_at, created_by, updated_at, updated_by)
              VALUES($1, $2, $3, $4, '', 'truoc', 'thuong', '', '', '', '', '', 0, '', '', '', '', '', 0, $5, 0, $6, $7,
                $6, $7)"),
        params![id, plan, fields.code, last.unwrap_or(0) + 1, TaskState::Draft, now, by],
    )
    .map_err(|error| taken(error, &fields.code))?;
    write_fields(tx, id, &fields)?;
    tx.execute(sql!("UPDATE task SET due_original = due WHERE id = $1"), params![id])?;
    Ok(touched(tx, id, "task.created", json!({"code": fields.code}), None)?.with(id))
}

/// Rewrites the six rõ. `version` is the version the writer saw. After assignment the deadline stays, a reason
/// is needed and the task must remain clear.
///
/// # Errors
/// [`TaskError::Conflict`] when somebody else wrote meanwhile; [`TaskError::DueLocked`];
/// [`TaskError::NotClear`]; and those of [`create`].
pub fn edit(
    tx: &mut WriteTx<'_>,
    who: &Who,
    id: TaskId,
    version: i64,
    fields: TaskFields,
    reason: &str,
) -> Result<Done<bool>, TaskError> {
    let before = task(tx, id)?;
    expect_version(&before, version)?;
    let fields = fields.normalised();
    check(&fields)?;
    let settled = before.state.is_settled();
    let drafting = matches!(before.state, TaskState::Draft | TaskState::Proposed);
    let roles = who.roles(&before.fields);
    let may = roles.contains(&Role::Organiser)
        || drafting && (roles.contains(&Role::FocalOfficer) || roles.contains(&Role::Accountable));
    if !may || settled {
        return Err(if settled { TaskError::NotRunning } else { TaskError::NotPermitted });
    }
    // A right in one unit does not hand its tasks to another, nor take another's.
    if roles.contains(&Role::Organiser) && !who.organiser.leads(&fields) {
        return Err(TaskError::NotPermitted);
    }
    let changes = rules::diff::diff(&before.fields.texts(), &fields.texts());
    if changes.is_empty() {
        return Ok(tx.unchanged(false)?);
    }
    if !drafting {
        if fields.due != before.fields.due {
            return Err(TaskError::DueLocked);
        }
        if reason.trim().is_empty() {
            return Err(TaskError::ReasonNeeded);
        }
        let clarity = clarify(tx, &fields, before.assigned_at.is_some())?;
        if !clarity.assignable() && fields.confidentiality != Confidentiality::Secret {
            return Err(TaskError::NotClear(Box::new(clarity)));
        }
    }
    write_fields(tx, id, &fields)?;
    if drafting {
        tx.execute(sql!("UPDATE task SET due_original = due WHERE id = $1"), params![id])?;
    }
    let data = json!({"code": fields.code, "changes": shown(&changes)});
    Ok(touched(tx, id, "task.edited", data, Some(reason))?.with(true))
}

/// Puts a document in the place of the one that stood as a basis until now, or beside what stands there: signed
/// minutes become a numbered notice. Whatever the task's state, what it says stays.
///
/// # Errors
/// [`TaskError::NotFound`].
pub fn cite(
    tx: &mut WriteTx<'_>,
    id: TaskId,
    instead_of: &str,
    basis: &Basis,
) -> Result<Done<()>, TaskError> {
    let before = task(tx, id)?;
    if before.fields.confidentiality == Confidentiality::Secret || before.fields.basis.contains(basis) {
        return Ok(tx.unchanged(())?);
    }
    let replaced = tx.execute(
        sql!(
            "UPDATE task_basis SET symbol = $4, issued_on = $5, subject = $6
              WHERE task = $1 AND symbol = $2 AND clause = $3"
        ),
        params![id, instead_of, basis.clause, basis.symbol, basis.issued_on, basis.subject],
    )?;
    if replaced == 0 {
        let last: Option<i64> =
            tx.scalar(sql!("SELECT MAX(position) FROM task_basis WHERE task = $1"), params![id])?.flatten();
        tx.execute(
            sql!(
                "INSERT INTO task_basis(task, position, symbol, issued_on, clause, subject)
                  VALUES($1, $2, $3, $4, $5, $6)"
            ),
            params![
                id,
                last.map_or(0, |last| last + 1),
                basis.symbol,
                basis.issued_on,
                basis.clause,
                basis.subject
            ],
        )?;
    }
    let data = json!({"code": before.fields.code, "basis": basis.symbol});
    Ok(touched(tx, id, "task.cited", data, None)?.with(()))
}

fn shown(changes: &[Change]) -> serde_json::Value {
    serde_json::to_value(changes).unwrap_or_default()
}

pub(super) fn expect_version(task: &Task, version: i64) -> Result<(), TaskError> {
    if task.version == version {
        return Ok(());
    }
    Err(TaskError::Conflict { version: task.version, by: task.updated_by.clone(), at: task.updated_at })
}

fn write_fields(tx: &mut WriteTx<'_>, id: TaskId, fields: &TaskFields) -> Result<(), TaskError> {
    let kinds: Vec<&str> = fields.evidence_kinds.iter().map(|kind| kind.as_str()).collect();
    tx.execute(
        sql!("UPDATE task SET code = $2, stream = $3, phase = $4, confidentiality = $5, what = $6, scope = $7,
                lead_unit = $8, focal_office = $9, start_on = $10, due = $11, due_text = $12, event_on = $13,
                authority = $14, approver_office = $15, escalation = $16, has_budget = $17, money_limit = $18,
                accountable_office = $19, deputy_office = $20, result = $21, result_quantity = $22, result_form = $23,
                acceptance = $24, acceptor_office = $25, evidence_kinds = $26
              WHERE id = $1"),
        params![
            id,
            fields.code,
            fields.stream,
            fields.phase,
            fields.confidentiality,
            fields.what,
            fields.scope,
            fields.lead_unit,
            fields.focal_office,
            fields.start,
            fields.due,
            fields.due_text,
            fields.event_on,
            fields.authority,
            fields.approver_office,
            fields.escalation,
            fields.has_budget,
            fields.money_limit.map(|limit| limit.0),
            fields.accountable_office,
            fields.deputy_office,
            fields.result,
            fields.result_quantity,
            fields.result_form,
            fields.acceptance,
            fields.acceptor_office,
            kinds.join(" ")
        ],
    )
    .map_err(|error| taken(error, &fields.code))?;
    write_supports(tx, id, &fields.supports)?;
    tx.execute(sql!("DELETE FROM task_basis WHERE task = $1"), params![id])?;
    for (position, basis) in (0_u32..).zip(&fields.basis) {
        tx.execute(
            sql!(
                "INSERT INTO task_basis(task, position, symbol, issued_on, clause, subject)
                  VALUES($1, $2, $3, $4, $5, $6)"
            ),
            params![id, position, basis.symbol, basis.issued_on, basis.clause, basis.subject],
        )?;
    }
    tx.execute(sql!("DELETE FROM task_milestone WHERE task = $1"), params![id])?;
    for (position, milestone) in (0_u32..).zip(&fields.milestones) {
        tx.execute(
            sql!("INSERT INTO task_milestone(task, position, title, due) VALUES($1, $2, $3, $4)"),
            params![id, position, milestone.title, milestone.due],
        )?;
    }
    Ok(())
}

/// A coordinating unit keeps its confirmation as long as what it was asked for stays the same.
fn write_supports(tx: &mut WriteTx<'_>, id: TaskId, supports: &[Support]) -> Result<(), TaskError> {
    let old: Vec<Row> = tx.query(
        sql!("SELECT unit, contribution, confirmed_at, confirmed_by FROM task_support WHERE task = $1"),
        params![id],
    )?;
    tx.execute(sql!("DELETE FROM task_support WHERE task = $1"), params![id])?;
    for (position, support) in (0_u32..).zip(supports) {
        let mut confirmed: (Option<Timestamp>, Option<String>) = (None, None);
        for row in &old {
            let same = row.get::<UnitId>("unit")? == support.unit
                && row.get::<String>("contribution")? == support.contribution;
            if same {
                confirmed = (row.get("confirmed_at")?, row.get("confirmed_by")?);
            }
        }
        tx.execute(
            sql!("INSERT INTO task_support(task, unit, position, contribution, due, confirmed_at, confirmed_by)
                  VALUES($1, $2, $3, $4, $5, $6, $7)"),
            params![id, support.unit, position, support.contribution, support.due, confirmed.0, confirmed.1],
        )
        .map_err(|error| match error {
            DbError::Unique { .. } => TaskError::Name,
            other => other.into(),
        })?;
    }
    Ok(())
}

/// Bumps the version and puts the change on the record.
pub(super) fn touched(
    tx: &mut WriteTx<'_>,
    id: TaskId,
    act: &'static str,
    data: serde_json::Value,
    why: Option<&str>,
) -> Result<Receipt, TaskError> {
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!("UPDATE task SET version = version + 1, updated_at = $2, updated_by = $3 WHERE id = $1"),
        params![id, now, by],
    )?;
    let after = task(tx, id)?;
    let mut event =
        Event::new(act, "task", id).topic(TOPIC).topic(format!("{TOPIC}/{id}")).after(&after).data(data);
    if let Some(why) = why.filter(|why| !why.trim().is_empty()) {
        event = event.why(why.trim());
    }
    Ok(tx.record(event))
}
