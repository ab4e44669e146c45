//! Reports, evidence and confirmed contributions.

use std::collections::BTreeMap;

use platform::{
    db::{DbError, Done, Tx, WriteTx},
    files::FileId,
    identity::{Confidentiality, UnitId},
    params, sql,
};
use rules::state::{Role, TaskState};
use serde_json::json;
use uuid::Uuid;

use super::super::{error::TaskError, model::*};

use super::{LONGEST, Who, reading::task, writing::touched};

/// Takes down a progress report. The first report of an acknowledged task starts it.
///
/// # Errors
/// [`TaskError::NotRunning`], [`TaskError::NotPermitted`], [`TaskError::Percent`], [`TaskError::EmptyReport`].
pub fn report(
    tx: &mut WriteTx<'_>,
    who: &Who,
    id: TaskId,
    new: &NewReport,
) -> Result<Done<ReportId>, TaskError> {
    let before = task(tx, id)?;
    let roles = who.roles(&before.fields);
    if ![Role::Organiser, Role::FocalOfficer, Role::Accountable].iter().any(|role| roles.contains(role)) {
        return Err(TaskError::NotPermitted);
    }
    if !before.state.is_running() {
        return Err(TaskError::NotRunning);
    }
    if new.percent > 100 {
        return Err(TaskError::Percent);
    }
    let texts = [&new.done, &new.difficulty, &new.request, &new.next].map(|text| rules::text::nfc(text));
    if texts.iter().any(|text| text.chars().count() > LONGEST) {
        return Err(TaskError::TooLong { field: "report" });
    }
    if new.percent == before.percent && texts.iter().all(String::is_empty) {
        return Err(TaskError::EmptyReport);
    }
    let report = ReportId(Uuid::now_v7());
    let (now, by) = (tx.now(), tx.author().office.clone());
    let [done, difficulty, request, next] = texts;
    tx.execute(
        sql!(
            "INSERT INTO progress_report(id, task, at, office, percent, done, difficulty, request, next)
              VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        ),
        params![report, id, now, by, new.percent, done, difficulty, request, next],
    )?;
    tx.execute(sql!("UPDATE task SET percent = $2 WHERE id = $1"), params![id, new.percent])?;
    if before.state == TaskState::Acknowledged {
        tx.execute(sql!("UPDATE task SET state = $2 WHERE id = $1"), params![id, TaskState::InProgress])?;
    }
    let data = json!({"code": before.fields.code, "percent": new.percent});
    Ok(touched(tx, id, "task.reported", data, None)?.with(report))
}

/// Reports of a task, newest first.
///
/// # Errors
/// Any [`DbError`].
pub fn reports(tx: &mut Tx<'_>, id: TaskId) -> Result<Vec<Report>, DbError> {
    tx.query(
        sql!(
            "SELECT id, task, at, office, percent, done, difficulty, request, next FROM progress_report
              WHERE task = $1 ORDER BY at DESC, id DESC"
        ),
        params![id],
    )
}

/// The newest report of every task.
///
/// # Errors
/// Any [`DbError`].
pub fn last_reports(tx: &mut Tx<'_>) -> Result<BTreeMap<TaskId, Report>, DbError> {
    let reports: Vec<Report> = tx.query(
        sql!(
            "SELECT id, task, at, office, percent, done, difficulty, request, next FROM progress_report
              ORDER BY at, id"
        ),
        &[],
    )?;
    Ok(reports.into_iter().map(|report| (report.task, report)).collect())
}

/// Whether this office may hand in evidence now; asked before a file is taken in.
///
/// # Errors
/// [`TaskError::NotPermitted`], [`TaskError::NotRunning`], [`TaskError::SecretContent`].
pub fn may_add_evidence(who: &Who, task: &Task) -> Result<(), TaskError> {
    let roles = who.roles(&task.fields);
    if ![Role::Organiser, Role::FocalOfficer, Role::Accountable].iter().any(|role| roles.contains(role)) {
        return Err(TaskError::NotPermitted);
    }
    if !task.state.is_running() {
        return Err(TaskError::NotRunning);
    }
    if task.fields.confidentiality == Confidentiality::Secret {
        return Err(TaskError::SecretContent);
    }
    Ok(())
}

/// Puts a stored file on a task as evidence.
///
/// # Errors
/// [`TaskError::NotPermitted`], [`TaskError::NotRunning`].
pub fn add_evidence(
    tx: &mut WriteTx<'_>,
    who: &Who,
    id: TaskId,
    file: FileId,
    kind: EvidenceKind,
    note: &str,
) -> Result<Done<EvidenceId>, TaskError> {
    let before = task(tx, id)?;
    may_add_evidence(who, &before)?;
    let version: i64 = tx
        .scalar::<Option<i64>>(
            sql!("SELECT MAX(version) FROM evidence WHERE task = $1 AND kind = $2"),
            params![id, kind],
        )?
        .flatten()
        .unwrap_or(0)
        + 1;
    let evidence = EvidenceId(Uuid::now_v7());
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!(
            "INSERT INTO evidence(id, task, file, kind, version, note, submitted_at, submitted_by)
              VALUES($1, $2, $3, $4, $5, $6, $7, $8)"
        ),
        params![evidence, id, file, kind, version, rules::text::nfc(note), now, by],
    )?;
    let data = json!({"code": before.fields.code, "kind": kind.as_str(), "version": version, "file": file});
    Ok(touched(tx, id, "task.evidence_added", data, None)?.with(evidence))
}

/// Evidence of a task, newest first.
///
/// # Errors
/// Any [`DbError`].
pub fn evidence(tx: &mut Tx<'_>, id: TaskId) -> Result<Vec<Evidence>, DbError> {
    tx.query(
        sql!("SELECT evidence.id, evidence.task, evidence.file, file.name, file.sha256, file.size, evidence.kind,
                evidence.version, evidence.note, evidence.submitted_at, evidence.submitted_by, evidence.accepted_at,
                evidence.accepted_by
              FROM evidence JOIN file ON file.id = evidence.file
              WHERE evidence.task = $1 ORDER BY evidence.submitted_at DESC, evidence.id DESC"),
        params![id],
    )
}

/// A coordinating unit confirms that it will contribute. Says false when it had confirmed already.
///
/// # Errors
/// [`TaskError::NotPermitted`] when the unit does not coordinate this task.
pub fn confirm_support(tx: &mut WriteTx<'_>, id: TaskId, unit: UnitId) -> Result<Done<bool>, TaskError> {
    let before = task(tx, id)?;
    if !before.fields.supports.iter().any(|support| support.unit == unit) {
        return Err(TaskError::NotPermitted);
    }
    if before.confirmed.contains_key(&unit) {
        return Ok(tx.unchanged(false)?);
    }
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!("UPDATE task_support SET confirmed_at = $3, confirmed_by = $4 WHERE task = $1 AND unit = $2"),
        params![id, unit, now, by],
    )?;
    let data = json!({"code": before.fields.code, "unit": unit});
    Ok(touched(tx, id, "task.support_confirmed", data, None)?.with(true))
}
