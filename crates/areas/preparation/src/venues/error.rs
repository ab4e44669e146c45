//! Why something about a venue is refused.

use jiff::Timestamp;
use platform::db::DbError;
use rules::{
    ahp::AhpError,
    scoring::{Blocker, WeightError},
    venue::VenueMoveError,
};
use thiserror::Error;

use crate::{decisions::DecisionError, tasks::TaskError};

/// A refusal.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum VenueError {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// Nothing there, or not for this office.
    #[error("no such thing")]
    NotFound,
    /// Somebody else changed it since the page was opened.
    #[error("changed by {by} meanwhile")]
    Conflict {
        /// By which office.
        by: String,
        /// When.
        at: Timestamp,
    },
    /// The code is taken.
    #[error("the code {code} is taken")]
    DuplicateCode {
        /// The code.
        code: String,
    },
    /// The code is empty, too long, or has characters that addresses cannot carry.
    #[error("{code:?} is no code")]
    Code {
        /// The code.
        code: String,
    },
    /// A text is missing.
    #[error("{field} is empty")]
    Empty {
        /// The field.
        field: &'static str,
    },
    /// A text is longer than its field.
    #[error("{field} is too long")]
    TooLong {
        /// The field.
        field: &'static str,
    },
    /// A number is beyond what can be.
    #[error("{field} is out of range")]
    Range {
        /// The field.
        field: &'static str,
    },
    /// The step is not possible.
    #[error(transparent)]
    Move(#[from] VenueMoveError),
    /// The step belongs to a recommendation, a decision or a hand-over.
    #[error("not a step by itself")]
    NotPlain,
    /// A reason must be given.
    #[error("a reason is needed")]
    ReasonNeeded,
    /// The office may not do this.
    #[error("not permitted")]
    NotPermitted,
    /// The venue is before the deciding office or beyond: nothing of it changes.
    #[error("the venue is submitted or decided")]
    NotOpen,
    /// Gates are concluded; survey again to change one.
    #[error("the gates are concluded")]
    GatesConcluded,
    /// The gate is computed from measurements, not judged.
    #[error("the gate is computed")]
    GateComputed,
    /// A conditional gate without its condition.
    #[error("a condition is needed")]
    ConditionNeeded,
    /// A gate is judged on evidence.
    #[error("evidence is needed")]
    EvidenceNeeded,
    /// No such criterion in this version.
    #[error("no criterion {code}")]
    UnknownCriterion {
        /// The code.
        code: String,
    },
    /// No criteria were written down yet.
    #[error("no criteria yet")]
    NoCriteria,
    /// The weights cannot be used.
    #[error(transparent)]
    Weights(#[from] WeightError),
    /// The comparison cannot be used.
    #[error("{error}")]
    Comparison {
        /// Why.
        error: AhpError,
        /// The names of what was compared.
        groups: Vec<String>,
    },
    /// A criterion belongs to no group that is compared, or a group has no criterion.
    #[error("the group {group:?} does not fit")]
    Group {
        /// The group.
        group: String,
    },
    /// No round is open.
    #[error("no open round")]
    NoRound,
    /// The round is closed.
    #[error("the round is closed")]
    RoundClosed,
    /// Another round is still open.
    #[error("a round is open")]
    RoundOpen,
    /// This office surveys this venue already.
    #[error("assigned already")]
    AssignedAlready,
    /// The form is not complete.
    #[error("{have} of {need} rated")]
    Unfinished {
        /// Criteria rated.
        have: usize,
        /// Criteria.
        need: usize,
        /// The codes that are missing.
        missing: Vec<String>,
    },
    /// Records disagree and nobody has chosen.
    #[error("{count} cases are open")]
    OpenCases {
        /// How many.
        count: usize,
    },
    /// The form was handed in.
    #[error("handed in already")]
    HandedIn,
    /// There is nothing to choose.
    #[error("no such case")]
    NoCase,
    /// The case has changed since it was shown: another record came.
    #[error("another record came")]
    CaseChanged,
    /// Ratings do not lie that far apart.
    #[error("no gap to discuss")]
    NoGap,
    /// The venue is not ranked.
    #[error("not ranked")]
    NotRanked {
        /// Why.
        blockers: Vec<Blocker>,
    },
    /// A recommendation waits already.
    #[error("a recommendation is waiting")]
    RecommendationWaiting,
    /// The recommendation came back.
    #[error("the recommendation came back")]
    Returned,
    /// Signed already.
    #[error("signed already")]
    AlreadySigned,
    /// What was shown is not what is to be signed.
    #[error("the content is another")]
    ContentChanged,
    /// Photographs of the place are needed.
    #[error("photographs are needed")]
    PhotosNeeded,
    /// More at once than is taken.
    #[error("too many records at once")]
    BatchTooLarge,
    /// Something about the tasks that the decision brings.
    #[error(transparent)]
    Task(#[from] TaskError),
    /// The register of decisions.
    #[error(transparent)]
    Register(#[from] DecisionError),
}
