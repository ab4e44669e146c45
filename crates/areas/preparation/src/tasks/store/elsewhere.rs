//! Bringing in what happened before this register was kept.

use jiff::Timestamp;
use platform::{
    audit::Event,
    db::{Done, WriteTx},
    params, sql,
};
use rules::state::TaskState;
use serde_json::json;
use uuid::Uuid;

use super::super::{error::TaskError, model::*};

use super::{TOPIC, reading::task, writing::touched};

/// How a task stood when it was brought in from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Its state.
    pub state: TaskState,
    /// How far.
    pub percent: u8,
    /// When it was assigned.
    pub assigned_at: Option<Timestamp>,
    /// When receipt was confirmed.
    pub acknowledged_at: Option<Timestamp>,
    /// When the result was handed in.
    pub submitted_at: Option<Timestamp>,
    /// When the result was accepted.
    pub accepted_at: Option<Timestamp>,
}

/// Sets where a draft stands, for a plan that was followed elsewhere until now. Only the program itself and the
/// command line may: people move tasks with `step`.
///
/// # Errors
/// [`TaskError::NotPermitted`] for anybody else or a task that is no draft.
pub fn bring_in(tx: &mut WriteTx<'_>, id: TaskId, standing: &Standing) -> Result<Done<()>, TaskError> {
    use platform::audit::Via;
    let before = task(tx, id)?;
    if !matches!(tx.author().via, Via::Cli | Via::System) || before.state != TaskState::Draft {
        return Err(TaskError::NotPermitted);
    }
    tx.execute(
        sql!("UPDATE task SET state = $2, percent = $3, assigned_at = $4, acknowledged_at = $5, submitted_at = $6,
                accepted_at = $7 WHERE id = $1"),
        params![
            id,
            standing.state,
            standing.percent,
            standing.assigned_at,
            standing.acknowledged_at,
            standing.submitted_at,
            standing.accepted_at
        ],
    )?;
    let data =
        json!({"code": before.fields.code, "state": standing.state.as_str(), "percent": standing.percent});
    Ok(touched(tx, id, "task.brought_in", data, None)?.with(()))
}

/// Brings in a report that was made elsewhere at another time; the task's percent stays.
///
/// # Errors
/// [`TaskError::NotPermitted`] for anybody but the program itself and the command line.
pub fn bring_in_report(
    tx: &mut WriteTx<'_>,
    id: TaskId,
    office: &str,
    at: Timestamp,
    new: &NewReport,
) -> Result<Done<()>, TaskError> {
    use platform::audit::Via;
    if !matches!(tx.author().via, Via::Cli | Via::System) {
        return Err(TaskError::NotPermitted);
    }
    tx.execute(
        sql!(
            "INSERT INTO progress_report(id, task, at, office, percent, done, difficulty, request, next)
              VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        ),
        params![
            ReportId(Uuid::now_v7()),
            id,
            at,
            office,
            new.percent,
            new.done,
            new.difficulty,
            new.request,
            new.next
        ],
    )?;
    let event =
        Event::new("task.report_brought_in", "task", id).topic(TOPIC).data(json!({"percent": new.percent}));
    Ok(tx.record(event).with(()))
}
