//! Why something about vehicles is refused, each with the sentence that says what to do next.

use platform::{
    db::DbError,
    i18n::key,
    web::{AppError, FieldProblem},
};
use thiserror::Error;

use crate::badges::BadgeError;

/// A refusal.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum VehicleError {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The pass, whose life is that of a badge.
    #[error(transparent)]
    Pass(#[from] BadgeError),
    /// No such vehicle, lot or pass.
    #[error("not there")]
    NotFound,
    /// Fields that do not hold what they must.
    #[error("{} fields are wrong", .0.len())]
    Fields(Vec<FieldProblem>),
    /// Somebody else changed it meanwhile.
    #[error("changed meanwhile")]
    Conflict,
    /// The vehicle was withdrawn.
    #[error("withdrawn")]
    Withdrawn,
}

impl From<VehicleError> for AppError {
    fn from(error: VehicleError) -> Self {
        let refuse = |words, slug| Self::conflict().because(words).slug(slug);
        match error {
            VehicleError::Db(error) => error.into(),
            // What differs in words from the badge of a person.
            VehicleError::Pass(BadgeError::HasOne) => refuse(key("vehicles-error-has-one"), "pass-has-one"),
            VehicleError::Pass(error) => error.into(),
            VehicleError::NotFound => Self::not_found(),
            VehicleError::Fields(problems) => Self::invalid(problems),
            VehicleError::Conflict => refuse(key("vehicles-error-conflict"), "conflict"),
            VehicleError::Withdrawn => refuse(key("vehicles-error-withdrawn"), "vehicle-withdrawn"),
        }
    }
}
