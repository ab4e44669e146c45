//! Why something about press accreditation is refused, each with the sentence that says what to do next.

use jiff::Timestamp;
use platform::{
    clock,
    db::DbError,
    i18n::{fmt, key},
    identity::{self, approval::Refusal},
    web::{AppError, FieldProblem},
};
use rules::accreditation::Shut;
use thiserror::Error;

use crate::{badges::BadgeError, delegates::DelegateError};

/// A refusal.
#[derive(Debug, Error)]
pub enum PressError {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The roll.
    #[error(transparent)]
    Roll(#[from] DelegateError),
    /// The badge.
    #[error(transparent)]
    Badge(#[from] BadgeError),
    /// The second person.
    #[error(transparent)]
    Approval(#[from] Refusal),
    /// Asking for a second person.
    #[error(transparent)]
    Identity(#[from] identity::Error),
    /// No such agency, batch or nomination.
    #[error("not there")]
    NotFound,
    /// Fields that do not hold what they must.
    #[error("{} fields are wrong", .0.len())]
    Fields(Vec<FieldProblem>),
    /// Not from where it stands.
    #[error("not from this state")]
    State,
    /// Something is missing for the first vetting.
    #[error("incomplete")]
    Incomplete,
    /// Somebody else changed it meanwhile.
    #[error("changed meanwhile")]
    Conflict,
    /// Who did the first vetting does not do the second.
    #[error("the same for both vettings")]
    SameVetter,
    /// The office that lets through is not the one that nominates.
    #[error("the same office")]
    OwnException,
    /// The batch takes nobody more.
    #[error("{0:?}")]
    Shut(Shut),
}

fn moment(at: Timestamp) -> String {
    fmt::moment(clock::local(at))
}

impl From<PressError> for AppError {
    fn from(error: PressError) -> Self {
        let refuse = |words, slug| Self::conflict().because(words).slug(slug);
        match error {
            PressError::Db(error) => error.into(),
            PressError::Roll(error) => error.into(),
            PressError::Badge(error) => error.into(),
            PressError::Approval(error) => error.into(),
            PressError::Identity(error) => error.into(),
            PressError::NotFound => Self::not_found(),
            PressError::Fields(problems) => Self::invalid(problems),
            PressError::State => refuse(key("accreditation-error-state"), "nomination-state"),
            PressError::Incomplete => refuse(key("accreditation-error-incomplete"), "nomination-incomplete"),
            PressError::Conflict => refuse(key("accreditation-error-conflict"), "conflict"),
            PressError::SameVetter => {
                Self::forbidden().because(key("accreditation-error-same-vetter")).slug("same-vetter")
            }
            PressError::OwnException => {
                Self::forbidden().because(key("accreditation-error-own-exception")).slug("own-exception")
            }
            PressError::Shut(Shut::Full { quota, taken }) => {
                refuse(key("accreditation-error-full"), "quota").with("quota", quota).with("taken", taken)
            }
            PressError::Shut(Shut::Late { deadline }) => {
                refuse(key("accreditation-error-late"), "deadline").with("deadline", moment(deadline))
            }
        }
    }
}
