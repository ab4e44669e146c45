//! Why something about printers is refused, each with the sentence that says what to do next.

use platform::{
    db::DbError,
    i18n::key,
    web::{AppError, FieldProblem},
};
use thiserror::Error;

/// A refusal.
#[derive(Debug, Error)]
pub enum PrinterError {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// No printer of this id.
    #[error("no such printer")]
    NotFound,
    /// Fields that do not hold what they must.
    #[error("{} fields are wrong", .0.len())]
    Fields(Vec<FieldProblem>),
    /// Somebody else changed it meanwhile.
    #[error("changed by {by} meanwhile")]
    Conflict {
        /// The version now.
        version: i64,
        /// By which office.
        by: String,
    },
}

impl From<PrinterError> for AppError {
    fn from(error: PrinterError) -> Self {
        match error {
            PrinterError::Db(error) => error.into(),
            PrinterError::NotFound => Self::not_found().because(key("printers-error-not-found")),
            PrinterError::Fields(problems) => Self::invalid(problems),
            PrinterError::Conflict { version, by } => Self::conflict()
                .because(key("printers-error-conflict"))
                .with("version", version)
                .with("by", by)
                .slug("conflict"),
        }
    }
}
