//! Tasks as they stand.

use std::collections::BTreeMap;

use platform::{
    db::{DbError, Row, Tx},
    identity::UnitId,
    params, sql,
};

use super::super::{error::TaskError, model::*};

/// Every task of every plan, in plan order.
///
/// # Errors
/// Any [`DbError`].
pub fn tasks(tx: &mut Tx<'_>) -> Result<Vec<Task>, DbError> {
    let rows: Vec<Row> = tx.query(sql!("SELECT * FROM task ORDER BY plan, position, code"), &[])?;
    let supports: Vec<Row> = tx.query(sql!("SELECT * FROM task_support ORDER BY task, position"), &[])?;
    let bases: Vec<Row> = tx.query(sql!("SELECT * FROM task_basis ORDER BY task, position"), &[])?;
    let milestones: Vec<Row> = tx.query(sql!("SELECT * FROM task_milestone ORDER BY task, position"), &[])?;
    assemble(&rows, &supports, &bases, &milestones)
}

/// One task.
///
/// # Errors
/// [`TaskError::NotFound`].
pub fn task(tx: &mut Tx<'_>, id: TaskId) -> Result<Task, TaskError> {
    let rows: Vec<Row> = tx.query(sql!("SELECT * FROM task WHERE id = $1"), params![id])?;
    let supports: Vec<Row> =
        tx.query(sql!("SELECT * FROM task_support WHERE task = $1 ORDER BY position"), params![id])?;
    let bases: Vec<Row> =
        tx.query(sql!("SELECT * FROM task_basis WHERE task = $1 ORDER BY position"), params![id])?;
    let milestones: Vec<Row> =
        tx.query(sql!("SELECT * FROM task_milestone WHERE task = $1 ORDER BY position"), params![id])?;
    assemble(&rows, &supports, &bases, &milestones)?.pop().ok_or(TaskError::NotFound)
}

/// The task with a code; codes are unique inside a plan, and the first plan that has it wins.
///
/// # Errors
/// [`TaskError::NotFound`].
pub fn task_by_code(tx: &mut Tx<'_>, code: &str) -> Result<Task, TaskError> {
    let id = tx.scalar(sql!("SELECT id FROM task WHERE code = $1 ORDER BY plan LIMIT 1"), params![code])?;
    task(tx, id.ok_or(TaskError::NotFound)?)
}

fn assemble(rows: &[Row], supports: &[Row], bases: &[Row], milestones: &[Row]) -> Result<Vec<Task>, DbError> {
    let mut tasks = Vec::with_capacity(rows.len());
    let mut index = BTreeMap::new();
    for row in rows {
        let task = task_from(row)?;
        index.insert(task.id, tasks.len());
        tasks.push(task);
    }
    for row in supports {
        let id: TaskId = row.get("task")?;
        let Some(task) = index.get(&id).and_then(|at| tasks.get_mut(*at)) else { continue };
        let unit: UnitId = row.get("unit")?;
        if let Some(at) = row.get("confirmed_at")? {
            task.confirmed.insert(unit, at);
        }
        task.fields.supports.push(Support {
            unit,
            contribution: row.get("contribution")?,
            due: row.get("due")?,
        });
    }
    for row in bases {
        let id: TaskId = row.get("task")?;
        let Some(task) = index.get(&id).and_then(|at| tasks.get_mut(*at)) else { continue };
        task.fields.basis.push(Basis {
            symbol: row.get("symbol")?,
            issued_on: row.get("issued_on")?,
            clause: row.get("clause")?,
            subject: row.get("subject")?,
        });
    }
    for row in milestones {
        let id: TaskId = row.get("task")?;
        let Some(task) = index.get(&id).and_then(|at| tasks.get_mut(*at)) else { continue };
        task.fields.milestones.push(Milestone { title: row.get("title")?, due: row.get("due")? });
    }
    Ok(tasks)
}

fn task_from(row: &Row) -> Result<Task, DbError> {
    let kinds: String = row.get("evidence_kinds")?;
    let kinds = kinds
        .split_whitespace()
        .map(|kind| {
            kind.parse().map_err(|kind| DbError::Value { column: "evidence_kinds".to_owned(), reason: kind })
        })
        .collect::<Result<Vec<EvidenceKind>, _>>()?;
    Ok(Task {
        id: row.get("id")?,
        plan: row.get("plan")?,
        position: row.get("position")?,
        fields: TaskFields {
            code: row.get("code")?,
            stream: row.get("stream")?,
            phase: row.get("phase")?,
            confidentiality: row.get("confidentiality")?,
            what: row.get("what")?,
            scope: row.get("scope")?,
            basis: Vec::new(),
            lead_unit: row.get("lead_unit")?,
            focal_office: row.get("focal_office")?,
            supports: Vec::new(),
            start: row.get("start_on")?,
            due: row.get("due")?,
            due_text: row.get("due_text")?,
            event_on: row.get("event_on")?,
            milestones: Vec::new(),
            authority: row.get("authority")?,
            approver_office: row.get("approver_office")?,
            escalation: row.get("escalation")?,
            has_budget: row.get("has_budget")?,
            money_limit: row.get::<Option<u64>>("money_limit")?.map(Dong),
            accountable_office: row.get("accountable_office")?,
            deputy_office: row.get("deputy_office")?,
            result: row.get("result")?,
            result_quantity: row.get("result_quantity")?,
            result_form: row.get("result_form")?,
            acceptance: row.get("acceptance")?,
            acceptor_office: row.get("acceptor_office")?,
            evidence_kinds: kinds,
        },
        due_original: row.get("due_original")?,
        percent: row.get("percent")?,
        state: row.get("state")?,
        state_before_pause: row.get("state_before_pause")?,
        assigned_at: row.get("assigned_at")?,
        acknowledged_at: row.get("acknowledged_at")?,
        submitted_at: row.get("submitted_at")?,
        accepted_at: row.get("accepted_at")?,
        version: row.get("version")?,
        confirmed: BTreeMap::new(),
        updated_at: row.get("updated_at")?,
        updated_by: row.get("updated_by")?,
    })
}
