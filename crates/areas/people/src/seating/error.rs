//! Why something about seating is refused, each with its sentence.

use platform::{
    db::DbError,
    i18n::key,
    web::{AppError, FieldProblem},
};
use rules::seating::build::BuildError;
use thiserror::Error;

use super::pretix::ImportError;
use crate::attendance::AttendanceError;

/// A refusal.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum SeatingError {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The roll-call.
    #[error(transparent)]
    Attendance(#[from] AttendanceError),
    /// No such hall.
    #[error("no such hall")]
    NoHall,
    /// The session has no plan yet.
    #[error("the session has no plan")]
    NoPlan,
    /// No such place in the hall, or no such person.
    #[error("not there")]
    NotFound,
    /// Fields that do not hold what they must.
    #[error("fields: {0:?}")]
    Fields(Vec<FieldProblem>),
    /// The foreign plan cannot be read.
    #[error("a foreign plan: {0}")]
    Import(#[from] ImportError),
    /// Somebody changed it meanwhile.
    #[error("changed meanwhile")]
    Conflict,
    /// Somebody else sits there.
    #[error("{place} is taken by {code}")]
    Taken {
        /// The place as people say it.
        place: String,
        /// The code of who sits there.
        code: String,
        /// Their name.
        name: String,
    },
    /// Two of one call to one place.
    #[error("two to {0}")]
    Twice(String),
    /// Nobody sits on this place.
    #[error("{0} is blocked")]
    Blocked(String),
    /// Somebody moved this person meanwhile.
    #[error("moved meanwhile to {0:?}")]
    Moved(Option<String>),
    /// Not on the roll any more.
    #[error("not on the roll")]
    NotOnRoll,
    /// Nobody has taken the place of this person, or they sit already.
    #[error("nobody inherits")]
    NoHeir,
    /// Nobody sits: there is nothing to publish.
    #[error("nothing to publish")]
    Empty,
}

/// What is wrong with a description, at its field.
pub fn built(error: &BuildError) -> FieldProblem {
    match error {
        BuildError::Empty => FieldProblem::new("bands", key("seating-error-bands")),
        BuildError::Line(line) => FieldProblem::new("bands", key("seating-error-line")).with("line", *line),
        BuildError::TooLarge => FieldProblem::new("bands", key("seating-error-large")),
        BuildError::Measure(name) => FieldProblem::new(*name, key("seating-error-measure")),
        BuildError::NoPlace(name) => {
            FieldProblem::new("blocked", key("seating-error-place")).with("place", name.as_str())
        }
        BuildError::StageLabel => FieldProblem::new("stage_label", key("seating-error-stage-label")),
    }
}

impl From<BuildError> for SeatingError {
    fn from(error: BuildError) -> Self {
        Self::Fields(vec![built(&error)])
    }
}

impl From<SeatingError> for AppError {
    fn from(error: SeatingError) -> Self {
        let refuse = |words, slug| Self::conflict().because(words).slug(slug);
        match error {
            SeatingError::Db(error) => error.into(),
            SeatingError::Attendance(error) => error.into(),
            SeatingError::NoHall => Self::not_found().because(key("seating-error-no-hall")),
            SeatingError::NoPlan => Self::not_found().because(key("seating-error-no-plan")).slug("no-plan"),
            SeatingError::NotFound => Self::not_found().because(key("seating-error-not-found")),
            SeatingError::Fields(problems) => Self::invalid(problems),
            SeatingError::Import(error) => {
                let (words, at) = error.words();
                Self::invalid(Vec::new()).because(words).with("at", at).slug("foreign-plan")
            }
            SeatingError::Conflict => refuse(key("seating-error-conflict"), "conflict"),
            SeatingError::Taken { place, code, name } => refuse(key("seating-error-taken"), "taken")
                .with("place", place)
                .with("code", code)
                .with("name", name),
            SeatingError::Twice(place) => {
                refuse(key("seating-error-twice"), "place-twice").with("place", place)
            }
            SeatingError::Blocked(place) => {
                refuse(key("seating-error-blocked"), "blocked").with("place", place)
            }
            SeatingError::Moved(Some(place)) => {
                refuse(key("seating-error-moved"), "moved").with("place", place)
            }
            SeatingError::Moved(None) => refuse(key("seating-error-moved-away"), "moved"),
            SeatingError::NotOnRoll => refuse(key("seating-error-not-on-roll"), "not-on-roll"),
            SeatingError::NoHeir => refuse(key("seating-error-no-heir"), "no-heir"),
            SeatingError::Empty => refuse(key("seating-error-empty"), "empty-plan"),
        }
    }
}
