//! Why something about a letter is refused, each with the sentence that says what to do next.

use platform::{
    db::DbError,
    i18n::key,
    papers::PapersError,
    web::{AppError, FieldProblem},
};
use thiserror::Error;

use crate::delegates::DelegateError;

/// A refusal.
#[derive(Debug, Error)]
pub enum LetterError {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The roll.
    #[error(transparent)]
    Roll(#[from] DelegateError),
    /// The register of numbers.
    #[error(transparent)]
    Papers(#[from] PapersError),
    /// Fields that do not hold what they must.
    #[error("{} fields are wrong", .0.len())]
    Fields(Vec<FieldProblem>),
    /// Somebody else changed the template meanwhile.
    #[error("changed by {by} meanwhile")]
    Conflict {
        /// The version now.
        version: i64,
        /// By which office.
        by: String,
    },
    /// The code opens nothing: unknown, over, or another took its place.
    #[error("no such code")]
    Code,
    /// The template has no issuing body to number it, or has a number already.
    #[error("no number can be taken")]
    Number,
}

impl From<LetterError> for AppError {
    fn from(error: LetterError) -> Self {
        match error {
            LetterError::Db(error) => error.into(),
            LetterError::Roll(error) => error.into(),
            LetterError::Papers(error) => error.into(),
            LetterError::Fields(problems) => Self::invalid(problems),
            LetterError::Conflict { version, by } => Self::conflict()
                .because(key("delegates-error-conflict"))
                .with("version", version)
                .with("by", by)
                .slug("conflict"),
            LetterError::Code => Self::not_found().because(key("letters-error-code")).slug("code"),
            LetterError::Number => Self::conflict().because(key("letters-error-number")).slug("number"),
        }
    }
}
