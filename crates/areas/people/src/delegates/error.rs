//! Why something about the roll is refused, each with the sentence that says what to do next.

use platform::{
    db::DbError,
    i18n::key,
    web::{AppError, FieldProblem},
};
use thiserror::Error;

/// A refusal.
#[derive(Debug, Error)]
pub enum DelegateError {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// A portrait or a sheet.
    #[error(transparent)]
    File(#[from] platform::files::FileError),
    /// Nobody of this code, or not for this office.
    #[error("nobody of this code")]
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
    /// A code belongs to one person for ever.
    #[error("{code} is {name}")]
    CodeTaken {
        /// The code.
        code: String,
        /// Who has it.
        name: String,
    },
}

impl From<DelegateError> for AppError {
    fn from(error: DelegateError) -> Self {
        match error {
            DelegateError::Db(error) => error.into(),
            DelegateError::File(error) => error.into(),
            DelegateError::NotFound => Self::not_found().because(key("delegates-error-not-found")),
            DelegateError::Fields(problems) => Self::invalid(problems),
            DelegateError::Conflict { version, by } => Self::conflict()
                .because(key("delegates-error-conflict"))
                .with("version", version)
                .with("by", by)
                .slug("conflict"),
            DelegateError::CodeTaken { code, name } => Self::conflict()
                .because(key("delegates-error-code-taken"))
                .with("code", code)
                .with("name", name)
                .slug("code-taken"),
        }
    }
}
