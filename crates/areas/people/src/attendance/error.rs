//! Why something about attendance is refused, each with its sentence.

use platform::{
    db::DbError,
    i18n::key,
    web::{AppError, FieldProblem},
};
use thiserror::Error;

/// A refusal.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum AttendanceError {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// No such session.
    #[error("no such session")]
    NoSession,
    /// Nobody of this code is on the roll.
    #[error("nobody of this code is on the roll")]
    NotOnRoll,
    /// Fields that do not hold what they must.
    #[error("fields: {0:?}")]
    Fields(Vec<FieldProblem>),
    /// There is nothing to take back.
    #[error("nothing to take back")]
    NothingToVoid,
    /// The id or the device's number stands for another event.
    #[error("the number of the device stands for another event")]
    OtherEvent,
    /// Somebody changed the session meanwhile.
    #[error("changed meanwhile")]
    Conflict,
}

impl From<AttendanceError> for AppError {
    fn from(error: AttendanceError) -> Self {
        match error {
            AttendanceError::Db(error) => error.into(),
            AttendanceError::NoSession => Self::not_found().because(key("attendance-error-no-session")),
            AttendanceError::NotOnRoll => {
                Self::conflict().because(key("attendance-error-not-on-roll")).slug("not-on-roll")
            }
            AttendanceError::Fields(problems) => Self::invalid(problems),
            AttendanceError::NothingToVoid => {
                Self::conflict().because(key("attendance-error-nothing")).slug("nothing-to-void")
            }
            AttendanceError::OtherEvent => {
                Self::conflict().because(key("attendance-error-other")).slug("other-event")
            }
            AttendanceError::Conflict => Self::conflict().because(key("attendance-error-conflict")),
        }
    }
}
