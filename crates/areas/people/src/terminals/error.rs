//! Why something about a terminal is refused, each with its sentence.

use platform::{
    db::DbError,
    i18n::key,
    identity::Error as IdentityError,
    web::{AppError, FieldProblem},
};
use thiserror::Error;

use crate::{badges::BadgeError, gates::GateError};

/// A refusal.
#[derive(Debug, Error)]
pub enum TerminalError {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// Gates.
    #[error(transparent)]
    Gate(#[from] GateError),
    /// The seal of the installation.
    #[error(transparent)]
    Seal(#[from] BadgeError),
    /// Tokens.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// Fields that do not hold what they must.
    #[error("fields: {0:?}")]
    Fields(Vec<FieldProblem>),
    /// No such terminal.
    #[error("not found")]
    NotFound,
    /// More events than fit into one message.
    #[error("too many events")]
    TooMany,
}

impl From<TerminalError> for AppError {
    fn from(error: TerminalError) -> Self {
        match error {
            TerminalError::Db(error) => error.into(),
            TerminalError::Gate(error) => error.into(),
            TerminalError::Seal(error) => error.into(),
            TerminalError::Identity(error) => error.into(),
            TerminalError::Fields(problems) => Self::invalid(problems),
            TerminalError::NotFound => Self::not_found(),
            TerminalError::TooMany => Self::too_large().because(key("terminals-error-many")),
        }
    }
}
