//! Why something about a badge is refused, each with the sentence that says what to do next.

use platform::{
    db::DbError,
    i18n::key,
    web::{AppError, FieldProblem},
};
use thiserror::Error;

/// A refusal.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum BadgeError {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// No such person or badge.
    #[error("no such badge")]
    NotFound,
    /// The badge is not at a state from which this may be done; its state now.
    #[error("not from {0}")]
    State(&'static str),
    /// The person has a live badge.
    #[error("has a badge")]
    HasOne,
    /// The person is not on the roll any more.
    #[error("not on the roll")]
    OffRoll,
    /// A reason is needed.
    #[error("no reason")]
    Reason,
    /// Who asked for a badge may not approve it.
    #[error("the same office asked for it")]
    SameOffice,
    /// There is no key that can sign for these days.
    #[error("no key for these days")]
    NoKey,
    /// There is a root key already.
    #[error("there is a root")]
    RootMade,
    /// There is no root key, or the one given is not it.
    #[error("no root")]
    NoRoot,
    /// More than two keys on one day, or all sixteen numbers are used.
    #[error("too many keys")]
    KeyRoom,
    /// Days that cannot be.
    #[error("days")]
    Days,
    /// The seal of this installation cannot be read, or does not open what the database holds.
    #[error("the seal: {0}")]
    Seal(String),
    /// A list of keys that is not taken; the key of the sentence.
    #[error("the list of keys: {0}")]
    KeyList(&'static str),
    /// Fields that do not hold what they must.
    #[error("{} fields are wrong", .0.len())]
    Fields(Vec<FieldProblem>),
}

impl From<BadgeError> for AppError {
    fn from(error: BadgeError) -> Self {
        let refuse = |words, slug| Self::conflict().because(words).slug(slug);
        match error {
            BadgeError::Db(error) => error.into(),
            BadgeError::NotFound => Self::not_found(),
            BadgeError::State(_) => refuse(key("badges-error-state"), "badge-state"),
            BadgeError::HasOne => refuse(key("badges-error-has-one"), "badge-has-one"),
            BadgeError::OffRoll => refuse(key("badges-error-off-roll"), "badge-off-roll"),
            BadgeError::Reason => Self::invalid(Vec::new())
                .because(key("badges-error-reason"))
                .field("reason", key("badges-error-reason")),
            BadgeError::SameOffice => {
                Self::forbidden().because(key("badges-error-same-office")).slug("same-office")
            }
            BadgeError::NoKey => {
                refuse(key("badges-error-no-key"), "badge-no-key").next("/the/khoa", key("badges-keys-title"))
            }
            BadgeError::RootMade => refuse(key("badges-error-root-made"), "badge-root"),
            BadgeError::NoRoot => refuse(key("badges-error-no-root"), "badge-no-root"),
            BadgeError::KeyRoom => refuse(key("badges-error-key-room"), "badge-key-room"),
            BadgeError::Days => Self::invalid(Vec::new())
                .because(key("badges-error-days"))
                .field("from", key("badges-error-days")),
            BadgeError::Seal(_) => {
                let words = key("badges-error-seal");
                Self::internal(&error).because(words)
            }
            BadgeError::KeyList(words) => {
                Self::invalid(Vec::new()).because(words).field("signed", words).slug("badge-key-list")
            }
            BadgeError::Fields(problems) => Self::invalid(problems),
        }
    }
}
