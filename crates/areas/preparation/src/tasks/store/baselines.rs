//! Named, hashed, approved pictures of a plan.

use platform::{
    audit::Event,
    db::{DbError, Done, Tx, WriteTx},
    params, sql,
};
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::super::{error::TaskError, model::*};

use super::{TOPIC, Who, reading::tasks, ties::dependencies};

/// Takes a picture of the plan: fields, deadlines, states and dependencies of every task, hashed.
///
/// # Errors
/// [`TaskError::Name`] when the name is empty or taken, [`TaskError::NotPermitted`].
pub fn take_baseline(
    tx: &mut WriteTx<'_>,
    who: &Who,
    plan: PlanId,
    name: &str,
) -> Result<Done<BaselineId>, TaskError> {
    if !who.keeps_register() {
        return Err(TaskError::NotPermitted);
    }
    let name = rules::text::nfc(name);
    if name.is_empty() || name.chars().count() > 120 {
        return Err(TaskError::Name);
    }
    let tasks: Vec<Task> = tasks(tx)?.into_iter().filter(|task| task.plan == plan).collect();
    let content = serde_json::to_string(&json!({"tasks": tasks, "deps": dependencies(tx)?}))
        .map_err(|error| DbError::Other(error.to_string()))?;
    let sha256 = platform::hex(&Sha256::digest(&content));
    let id = BaselineId(Uuid::now_v7());
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!(
            "INSERT INTO baseline(id, plan, name, taken_at, taken_by, content, sha256, tasks)
              VALUES($1, $2, $3, $4, $5, $6, $7, $8)"
        ),
        params![id, plan, name, now, by, content, sha256, u32::try_from(tasks.len()).unwrap_or(u32::MAX)],
    )
    .map_err(|error| match error {
        DbError::Unique { .. } => TaskError::Name,
        other => other.into(),
    })?;
    let event = Event::new("baseline.taken", "baseline", id)
        .topic(TOPIC)
        .data(json!({"name": name, "sha256": sha256}));
    Ok(tx.record(event).with(id))
}

/// Approves a baseline under the number of the notice that says so. Whoever took it may not approve it.
///
/// # Errors
/// [`TaskError::AlreadyApproved`], [`TaskError::OwnRequest`], [`TaskError::BaselineChanged`],
/// [`TaskError::NotPermitted`], [`TaskError::ReasonNeeded`] without a notice number.
pub fn approve_baseline(
    tx: &mut WriteTx<'_>,
    who: &Who,
    id: BaselineId,
    notice: &str,
) -> Result<Done<()>, TaskError> {
    if !who.decides_all() {
        return Err(TaskError::NotPermitted);
    }
    let notice = rules::text::nfc(notice);
    if notice.is_empty() {
        return Err(TaskError::ReasonNeeded);
    }
    let (baseline, _) = baseline_content(tx, id)?;
    let (now, by) = (tx.now(), tx.author().office.clone());
    if baseline.taken_by == by {
        return Err(TaskError::OwnRequest);
    }
    tx.execute(
        sql!("INSERT INTO baseline_approval(baseline, at, approved_by, notice) VALUES($1, $2, $3, $4)"),
        params![id, now, by, notice],
    )
    .map_err(|error| match error {
        DbError::Unique { .. } => TaskError::AlreadyApproved,
        other => other.into(),
    })?;
    let event = Event::new("baseline.approved", "baseline", id)
        .topic(TOPIC)
        .data(json!({"sha256": baseline.sha256, "notice": notice}));
    Ok(tx.record(event).with(()))
}

/// All baselines, newest first.
///
/// # Errors
/// Any [`DbError`].
pub fn baselines(tx: &mut Tx<'_>) -> Result<Vec<Baseline>, DbError> {
    tx.query(
        sql!("SELECT baseline.id, plan, name, taken_at, taken_by, sha256, tasks, baseline_approval.at AS approved_at,
                approved_by, notice
              FROM baseline LEFT JOIN baseline_approval ON baseline_approval.baseline = baseline.id
              ORDER BY taken_at DESC, baseline.id DESC"),
        &[],
    )
}

/// A baseline with its content as JSON (`tasks`, `deps`), its hash checked.
///
/// # Errors
/// [`TaskError::NotFound`], [`TaskError::BaselineChanged`] when the content no longer has its hash.
pub fn baseline_content(tx: &mut Tx<'_>, id: BaselineId) -> Result<(Baseline, serde_json::Value), TaskError> {
    let baseline = baselines(tx)?.into_iter().find(|one| one.id == id).ok_or(TaskError::NotFound)?;
    let content: String = tx
        .scalar(sql!("SELECT content FROM baseline WHERE id = $1"), params![id])?
        .ok_or(TaskError::NotFound)?;
    if platform::hex(&Sha256::digest(&content)) != baseline.sha256 {
        return Err(TaskError::BaselineChanged);
    }
    let content = serde_json::from_str(&content).map_err(|_| TaskError::BaselineChanged)?;
    Ok((baseline, content))
}
