//! Why something about a task is refused, each with the words that say what to do next.

use jiff::Timestamp;
use platform::db::DbError;
use rules::{clarity::Clarity, dates::Deadline, state::MoveError, urge::CoolDown};
use thiserror::Error;

use super::model::TaskId;

/// A refusal.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum TaskError {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// No such task, or not for this office.
    #[error("no such task")]
    NotFound,
    /// Somebody else changed the task since the page was opened.
    #[error("changed by {by} meanwhile")]
    Conflict {
        /// The version now.
        version: i64,
        /// By which office.
        by: String,
        /// When.
        at: Timestamp,
    },
    /// The code is taken in this plan.
    #[error("the code {code} is taken")]
    DuplicateCode {
        /// The code.
        code: String,
    },
    /// The code is empty or too long.
    #[error("a task needs a code of at most 32 characters")]
    Code,
    /// A text is longer than its field.
    #[error("{field} is too long")]
    TooLong {
        /// The field.
        field: &'static str,
    },
    /// The six rõ are not all clear.
    #[error("not clear enough to be assigned")]
    NotClear(Box<Clarity>),
    /// The move is not possible or not permitted.
    #[error(transparent)]
    Move(#[from] MoveError),
    /// A reason must be given.
    #[error("a reason is needed")]
    ReasonNeeded,
    /// After assignment a deadline moves only by an approved extension.
    #[error("the deadline moves only by an extension")]
    DueLocked,
    /// A secret task is a stub: it holds no content.
    #[error("a secret task holds no content")]
    SecretContent,
    /// The office may not do this.
    #[error("not permitted")]
    NotPermitted,
    /// Percent is above 100.
    #[error("percent is above 100")]
    Percent,
    /// A report that says nothing.
    #[error("the report is empty")]
    EmptyReport,
    /// The task is not running, so there is nothing to report or extend.
    #[error("the task is not running")]
    NotRunning,
    /// Evidence of a demanded kind is missing.
    #[error("evidence is missing")]
    EvidenceMissing {
        /// Kinds that are demanded and absent, as stable names.
        kinds: Vec<&'static str>,
    },
    /// A request to move the deadline waits already.
    #[error("an extension is waiting")]
    ExtensionWaiting,
    /// The new deadline must be later than the one in force.
    #[error("the new deadline is not later than {due}")]
    NotLater {
        /// The deadline in force.
        due: Deadline,
    },
    /// The request was decided or withdrawn already.
    #[error("already decided")]
    AlreadyDecided,
    /// The task has no deadline to move.
    #[error("no deadline")]
    NoDeadline,
    /// Who asks may not decide.
    #[error("own request")]
    OwnRequest,
    /// Urged a short while ago.
    #[error("urged a short while ago")]
    CoolDown(CoolDown),
    /// Nobody to urge: the task names no focal officer.
    #[error("nobody to urge")]
    NobodyToUrge,
    /// The dependency would close a circle.
    #[error("a circle of dependencies")]
    Cycle(Vec<TaskId>),
    /// A name that is taken or empty.
    #[error("the name is taken or empty")]
    Name,
    /// The baseline's content no longer has its hash.
    #[error("the baseline was changed")]
    BaselineChanged,
    /// Approved already.
    #[error("approved already")]
    AlreadyApproved,
}
