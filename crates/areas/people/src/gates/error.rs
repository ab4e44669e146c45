//! Why something about a gate is refused, each with its sentence.

use platform::{
    db::DbError,
    i18n::key,
    identity::Error as IdentityError,
    web::{AppError, FieldProblem},
};
use thiserror::Error;

use super::model::ScanOut;
use crate::{attendance::AttendanceError, badges::BadgeError};

/// A refusal.
#[derive(Debug, Error)]
pub enum GateError {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The roll-call.
    #[error(transparent)]
    Attendance(#[from] AttendanceError),
    /// Badges.
    #[error(transparent)]
    Badge(#[from] BadgeError),
    /// Tokens.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// No such gate, device or scan.
    #[error("not found")]
    NotFound,
    /// Whoever asks is no device of this gate.
    #[error("no device of this gate")]
    NoDevice,
    /// What the server would have said; not an error, but a change that is taken back.
    #[error("looked")]
    Looked(Box<ScanOut>),
    /// A supervisor's word that is not signed by the device, or says something else.
    #[error("the word is not good")]
    Word,
    /// The window of this device has not begun.
    #[error("the device works later")]
    NotYet,
    /// A code that was used, is over, or never was.
    #[error("the code is not good")]
    Code,
    /// More scans than fit into one batch.
    #[error("more than {0} scans")]
    TooMany(usize),
    /// Fields that do not hold what they must.
    #[error("fields: {0:?}")]
    Fields(Vec<FieldProblem>),
    /// Somebody changed it meanwhile.
    #[error("changed meanwhile")]
    Conflict,
    /// A record could not be sealed.
    #[error("sealing failed")]
    Seal,
}

impl From<GateError> for AppError {
    fn from(error: GateError) -> Self {
        match error {
            GateError::Db(error) => error.into(),
            GateError::Attendance(error) => error.into(),
            GateError::Badge(error) => error.into(),
            GateError::Identity(error) => error.into(),
            GateError::NotFound => Self::not_found(),
            GateError::NoDevice => Self::forbidden().because(key("gates-error-device")).slug("gate-device"),
            GateError::Looked(_) => Self::internal(error),
            GateError::Word => Self::bad_request().because(key("gates-error-word")).slug("gate-word"),
            GateError::NotYet => Self::forbidden().because(key("gates-error-not-yet")).slug("gate-window"),
            GateError::Code => Self::conflict().because(key("gates-error-code")).slug("gate-code"),
            GateError::TooMany(_) => Self::too_large().because(key("gates-error-many")),
            GateError::Fields(problems) => Self::invalid(problems),
            GateError::Conflict => Self::conflict().because(key("gates-error-conflict")),
            GateError::Seal => Self::internal(error),
        }
    }
}
