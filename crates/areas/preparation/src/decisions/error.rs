//! Why something about a decision is refused, each with the sentence that says what to do next.

use jiff::civil::Date;
use platform::{
    db::DbError,
    i18n::{self, key},
    papers::PapersError,
    web::AppError,
};
use thiserror::Error;

use super::model::DecisionId;

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DecisionError {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// A number of the register of numbers.
    #[error(transparent)]
    Papers(#[from] PapersError),
    /// No such entry or task, or not for this office.
    #[error("no such entry")]
    NotFound,
    /// A field does not hold what it must; the key of the sentence.
    #[error("{field}: {key}")]
    Field {
        /// The field's name as sent.
        field: &'static str,
        /// The key of the sentence.
        key: &'static str,
    },
    /// Somebody else changed the entry meanwhile.
    #[error("changed by {by} meanwhile")]
    Conflict {
        /// The version now.
        version: i64,
        /// By which office.
        by: String,
    },
    /// The number has an entry already.
    #[error("{number} has an entry already")]
    NumberTaken {
        /// The number as printed.
        number: String,
        /// The day on that paper.
        on: Date,
        /// Who decided there.
        authority: String,
        /// The entry.
        id: DecisionId,
    },
    /// It has its number already; a number is written once.
    #[error("has the number {number} already")]
    HasNumber {
        /// The number.
        number: String,
    },
    /// A signature entered it: only a later entry changes it.
    #[error("entered by a signature")]
    Signed,
    /// Something refers to it, so that it cannot be removed.
    #[error("referred to by {what:?}")]
    Referred {
        /// Codes of tasks and numbers of entries.
        what: Vec<String>,
    },
    /// A later paper cannot be changed by an earlier one.
    #[error("{later} is older than what it changes")]
    Order {
        /// The paper that would change.
        later: String,
        /// The paper that would be changed.
        earlier: String,
    },
    /// Two entries would supersede each other.
    #[error("a circle")]
    Circle,
    /// Secret content does not enter the system.
    #[error("secret content")]
    SecretContent,
}

impl From<DecisionError> for AppError {
    fn from(error: DecisionError) -> Self {
        match error {
            DecisionError::Db(error) => error.into(),
            DecisionError::Papers(error) => error.into(),
            DecisionError::NotFound => Self::not_found(),
            DecisionError::Field { field, key } => Self::invalid(Vec::new()).field(field, key),
            DecisionError::Conflict { by, .. } => {
                Self::conflict().because(key("decisions-error-conflict")).with("by", by)
            }
            DecisionError::NumberTaken { number, on, authority, id } => Self::conflict()
                .because(key("decisions-error-number-taken"))
                .with("number", number)
                .with("on", i18n::fmt::date(on))
                .with("authority", authority)
                .slug("number-used")
                .next(format!("/ket-luan/{id}"), key("decisions-error-open")),
            DecisionError::HasNumber { number } => Self::conflict()
                .because(key("decisions-error-has-number"))
                .with("number", number)
                .slug("has-number"),
            DecisionError::Signed => Self::conflict().because(key("decisions-error-signed")).slug("signed"),
            DecisionError::Referred { what } => Self::conflict()
                .because(key("decisions-error-referred"))
                .with("what", what.join(", "))
                .slug("referred"),
            DecisionError::Order { later, earlier } => Self::invalid(Vec::new())
                .because(key("decisions-error-order"))
                .with("later", later)
                .with("earlier", earlier)
                .slug("order"),
            DecisionError::Circle => Self::conflict().because(key("decisions-error-circle")).slug("circle"),
            DecisionError::SecretContent => Self::invalid(Vec::new())
                .because(key("decisions-error-secret"))
                .field("class", key("decisions-error-secret"))
                .slug("secret-content"),
        }
    }
}
