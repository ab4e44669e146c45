//! Plans.

use platform::{
    audit::Event,
    db::{DbError, Done, Tx, WriteTx},
    identity::UnitId,
    params, sql,
};
use serde_json::json;
use uuid::Uuid;

use super::super::{error::TaskError, model::*};

use super::TOPIC;

/// All plans.
///
/// # Errors
/// Any [`DbError`].
pub fn plans(tx: &mut Tx<'_>) -> Result<Vec<Plan>, DbError> {
    tx.query(sql!("SELECT id, code, title, unit FROM plan ORDER BY code"), &[])
}

/// Makes a plan.
///
/// # Errors
/// [`TaskError::DuplicateCode`].
pub fn create_plan(
    tx: &mut WriteTx<'_>,
    code: &str,
    title: &str,
    unit: UnitId,
) -> Result<Done<PlanId>, TaskError> {
    let id = PlanId(Uuid::now_v7());
    let now = tx.now();
    tx.execute(
        sql!("INSERT INTO plan(id, code, title, unit, created_at) VALUES($1, $2, $3, $4, $5)"),
        params![id, code, title, unit, now],
    )
    .map_err(|error| taken(error, code))?;
    Ok(tx.record(Event::new("plan.created", "plan", id).topic(TOPIC).data(json!({"code": code}))).with(id))
}

pub(super) fn taken(error: DbError, code: &str) -> TaskError {
    match error {
        DbError::Unique { .. } => TaskError::DuplicateCode { code: code.to_owned() },
        other => other.into(),
    }
}
