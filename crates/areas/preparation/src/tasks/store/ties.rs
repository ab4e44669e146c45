//! Which task waits for which.

use platform::{
    db::{DbError, Done, Tx, WriteTx},
    params, sql,
};
use rules::schedule::DepKind;
use serde_json::json;

use super::super::{error::TaskError, model::*, schedule};

use super::{Who, reading::task, writing::touched};

/// All dependencies.
///
/// # Errors
/// Any [`DbError`].
pub fn dependencies(tx: &mut Tx<'_>) -> Result<Vec<Dependency>, DbError> {
    tx.query(sql!("SELECT pred, succ, kind, lag_days FROM task_dep ORDER BY pred, succ"), &[])
}

/// Ties two tasks together, or changes how they are tied.
///
/// # Errors
/// [`TaskError::Cycle`], [`TaskError::NotPermitted`].
pub fn tie(tx: &mut WriteTx<'_>, who: &Who, new: &Dependency) -> Result<Done<()>, TaskError> {
    if !who.keeps_register() {
        return Err(TaskError::NotPermitted);
    }
    let (pred, succ) = (task(tx, new.pred)?, task(tx, new.succ)?);
    let mut deps = dependencies(tx)?;
    deps.retain(|dep| (dep.pred, dep.succ) != (new.pred, new.succ));
    deps.push(new.clone());
    if let Some(cycle) = schedule::cycle(&deps) {
        return Err(TaskError::Cycle(cycle));
    }
    tx.execute(sql!("DELETE FROM task_dep WHERE pred = $1 AND succ = $2"), params![new.pred, new.succ])?;
    tx.execute(
        sql!("INSERT INTO task_dep(pred, succ, kind, lag_days) VALUES($1, $2, $3, $4)"),
        params![new.pred, new.succ, new.kind, new.lag_days],
    )?;
    let data = json!({"code": succ.fields.code, "after": pred.fields.code, "kind": new.kind.to_string(), "lag": new.lag_days});
    Ok(touched(tx, new.succ, "task.tied", data, None)?.with(()))
}

/// Unties two tasks; false when they were not tied.
///
/// # Errors
/// [`TaskError::NotPermitted`].
pub fn untie(tx: &mut WriteTx<'_>, who: &Who, pred: TaskId, succ: TaskId) -> Result<Done<bool>, TaskError> {
    if !who.keeps_register() {
        return Err(TaskError::NotPermitted);
    }
    if tx.execute(sql!("DELETE FROM task_dep WHERE pred = $1 AND succ = $2"), params![pred, succ])? == 0 {
        return Ok(tx.unchanged(false)?);
    }
    Ok(touched(tx, succ, "task.untied", json!({"pred": pred}), None)?.with(true))
}

/// A dependency as it is written in a form: "FS+2".
///
/// # Errors
/// The text that is no dependency kind.
pub fn parse_tie(text: &str) -> Result<(DepKind, i32), String> {
    let text = text.trim();
    let (kind, lag) = text.split_at(text.len().min(2));
    let lag = if lag.is_empty() { 0 } else { lag.parse().map_err(|_| text.to_owned())? };
    Ok((kind.to_uppercase().parse().map_err(|_| text.to_owned())?, lag))
}
