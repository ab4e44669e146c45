//! Why something about credentials is refused, each with its sentence.

use platform::{
    db::DbError,
    i18n::key,
    identity::{self, approval::Refusal},
    papers::PapersError,
    web::{AppError, FieldProblem},
};
use thiserror::Error;

use crate::attendance::AttendanceError;

/// A refusal.
#[derive(Debug, Error)]
pub enum CredentialError {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// Of the second person.
    #[error(transparent)]
    Approval(#[from] Refusal),
    /// Of who may ask.
    #[error("{0}")]
    Identity(identity::Error),
    /// Of the session.
    #[error(transparent)]
    Attendance(#[from] AttendanceError),
    /// Of the register of numbers.
    #[error(transparent)]
    Papers(#[from] PapersError),
    /// No such freeze or report.
    #[error("not found")]
    NotFound,
    /// Fields that do not hold what they must.
    #[error("fields: {0:?}")]
    Fields(Vec<FieldProblem>),
    /// The roll is empty.
    #[error("nobody is summoned")]
    Nobody,
    /// The roll is what was frozen last.
    #[error("nothing changed since the last freeze")]
    Same,
    /// Another freeze came first.
    #[error("another freeze came first")]
    Overtaken,
    /// What was frozen or issued does not have its hash any more.
    #[error("the kept bytes differ from their hash")]
    Broken,
    /// The figures do not add up.
    #[error("{0} does not add up")]
    Mismatch(&'static str),
    /// A delegate whose type is not known.
    #[error("the type of {0} is not known")]
    NoStanding(String),
    /// Nobody has been marked in the session up to the instant.
    #[error("no attendance up to the instant")]
    NoAttendance,
    /// The congress has decided about this report.
    #[error("decided already")]
    Decided,
    /// Somebody else changed the case meanwhile.
    #[error("changed meanwhile")]
    Conflict,
}

impl From<identity::Error> for CredentialError {
    fn from(error: identity::Error) -> Self {
        Self::Identity(error)
    }
}

impl From<CredentialError> for AppError {
    fn from(error: CredentialError) -> Self {
        let refused = |words| Self::conflict().because(words);
        match error {
            CredentialError::Db(error) => error.into(),
            CredentialError::Approval(error) => error.into(),
            CredentialError::Identity(error) => error.into(),
            CredentialError::Attendance(error) => error.into(),
            CredentialError::Papers(error) => error.into(),
            CredentialError::NotFound => Self::not_found(),
            CredentialError::Fields(problems) => Self::invalid(problems),
            CredentialError::Nobody => refused(key("credentials-error-nobody")).slug("nobody"),
            CredentialError::Same => refused(key("credentials-error-same")).slug("same-roll"),
            CredentialError::Overtaken => refused(key("credentials-error-overtaken")).slug("overtaken"),
            CredentialError::Broken => refused(key("credentials-error-broken")).slug("broken-hash"),
            CredentialError::Mismatch(what) => {
                refused(key("credentials-error-mismatch")).slug("mismatch").caused_by(what)
            }
            CredentialError::NoStanding(code) => {
                refused(key("credentials-error-standing")).with("code", code).slug("no-standing")
            }
            CredentialError::NoAttendance => {
                refused(key("credentials-error-no-attendance")).slug("no-attendance")
            }
            CredentialError::Decided => refused(key("credentials-error-decided")).slug("decided"),
            CredentialError::Conflict => refused(key("credentials-error-conflict")),
        }
    }
}
