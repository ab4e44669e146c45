//! Why something about papers is refused, each with the sentence that says what to do next.

use jiff::civil::Date;
use thiserror::Error;

use super::Use;
use crate::{
    db::DbError,
    i18n::{self, key},
    web::AppError,
};

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PapersError {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// No such body or number.
    #[error("no such body or number")]
    NotFound,
    /// A field does not hold what it must; the key of the sentence.
    #[error("{field}: {key}")]
    Field {
        /// The field's name as sent.
        field: &'static str,
        /// The key of the sentence.
        key: &'static str,
    },
    /// The number is used already.
    #[error("{written} is used by {by}")]
    Used {
        /// The number as printed.
        written: String,
        /// The day on the paper that has it.
        on: Date,
        /// What that paper is about; empty when it is not open to everybody.
        subject: String,
        /// The office that took it.
        by: String,
        /// What uses it.
        what: Use,
        /// Where that is shown; empty when nowhere.
        href: String,
    },
    /// The number was cancelled and is never used again.
    #[error("{written} was cancelled")]
    Cancelled {
        /// The number as printed.
        written: String,
        /// By which office.
        by: String,
        /// Why.
        reason: String,
    },
    /// Numbers would be left out without a reason.
    #[error("numbers {from} to {to} would be left out")]
    Gap {
        /// The first left out.
        from: u32,
        /// The last left out.
        to: u32,
    },
    /// A paper of this installation was issued under the number.
    #[error("{written} belongs to a paper")]
    Bound {
        /// The number as printed.
        written: String,
        /// Where the paper is; empty when nowhere.
        href: String,
    },
    /// Cancelled already.
    #[error("cancelled already")]
    AlreadyCancelled,
    /// A secret paper leaves only its number here.
    #[error("a secret paper leaves only its number")]
    SecretContent,
    /// Somebody else changed the body meanwhile.
    #[error("changed meanwhile")]
    Conflict {
        /// The version now.
        version: i64,
    },
    /// Another body of the same kind has the symbol.
    #[error("the symbol {symbol} is taken by {by}")]
    SymbolTaken {
        /// The symbol.
        symbol: String,
        /// The body that has it.
        by: String,
    },
}

impl From<PapersError> for AppError {
    fn from(error: PapersError) -> Self {
        match error {
            PapersError::Db(error) => error.into(),
            PapersError::NotFound => Self::not_found(),
            PapersError::Field { field, key } => Self::invalid(Vec::new()).field(field, key),
            PapersError::Used { written, on, subject, by, href, .. } => {
                let sentence = if subject.is_empty() {
                    key("papers-error-used-closed")
                } else {
                    key("papers-error-used")
                };
                let mut refused = Self::conflict()
                    .because(sentence)
                    .with("number", written)
                    .with("on", i18n::fmt::date(on))
                    .with("by", by)
                    .slug("number-used");
                if !subject.is_empty() {
                    refused = refused.with("subject", subject);
                }
                if href.is_empty() { refused } else { refused.next(href, key("papers-error-used-open")) }
            }
            PapersError::Cancelled { written, by, reason } => Self::conflict()
                .because(key("papers-error-cancelled"))
                .with("number", written)
                .with("by", by)
                .with("reason", reason)
                .slug("number-cancelled"),
            PapersError::Gap { from, to } => {
                let sentence = if from == to { key("papers-error-gap-one") } else { key("papers-error-gap") };
                let refused =
                    Self::invalid(Vec::new()).because(sentence).with("from", from).slug("number-gap");
                if from == to { refused } else { refused.with("to", to) }
            }
            PapersError::Bound { written, href } => {
                let refused = Self::conflict()
                    .because(key("papers-error-bound"))
                    .with("number", written)
                    .slug("number-bound");
                if href.is_empty() { refused } else { refused.next(href, key("papers-error-used-open")) }
            }
            PapersError::AlreadyCancelled => {
                Self::conflict().because(key("papers-error-already-cancelled")).slug("already-cancelled")
            }
            PapersError::SecretContent => Self::invalid(Vec::new())
                .because(key("papers-error-secret"))
                .field("subject", key("papers-error-secret"))
                .slug("secret-content"),
            PapersError::Conflict { .. } => Self::conflict().because(key("papers-error-conflict")),
            PapersError::SymbolTaken { symbol, by } => Self::conflict()
                .because(key("papers-error-symbol-taken"))
                .with("symbol", symbol)
                .with("by", by)
                .slug("symbol-taken"),
        }
    }
}
