//! Why something about a briefing is refused, each with the sentence that says what to do next.

use jiff::Timestamp;
use platform::{
    clock,
    db::DbError,
    i18n::{self, key},
    papers::PapersError,
    web::{AppError, FieldProblem},
};
use rules::briefing::{Problem, StepError};
use thiserror::Error;

use super::model::{MeetingState, WholeProblem};
use crate::{decisions::DecisionError, tasks::TaskError};

/// A refusal.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum BriefingError {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// A task refused what the meeting wanted of it.
    #[error(transparent)]
    Task(#[from] TaskError),
    /// The register of numbers refused.
    #[error(transparent)]
    Papers(#[from] PapersError),
    /// The register of decisions refused.
    #[error(transparent)]
    Decision(#[from] DecisionError),
    /// No such thing, or not for this office.
    #[error("no such briefing")]
    NotFound,
    /// The office may not do this.
    #[error("not permitted")]
    NotPermitted,
    /// Only the chair of the meeting signs.
    #[error("only the chair signs")]
    NotChair {
        /// The chair's title.
        chair: String,
    },
    /// Somebody else changed it since the page was opened.
    #[error("changed by {by} meanwhile")]
    Conflict {
        /// The version now.
        version: i64,
        /// By which office.
        by: String,
        /// When.
        at: Timestamp,
    },
    /// The step does not start from here.
    #[error(transparent)]
    Step(#[from] StepError),
    /// The meeting has gone too far for this.
    #[error("too late: {state}")]
    TooLate {
        /// Where it stands.
        state: MeetingState,
    },
    /// The figures were frozen already: that happens once.
    #[error("frozen already")]
    FrozenAlready {
        /// The moment they stand for.
        as_of: Timestamp,
    },
    /// The figures are not frozen yet.
    #[error("not frozen")]
    NotFrozen,
    /// The minutes were signed already.
    #[error("signed already by {by}")]
    SignedAlready {
        /// Under which office.
        by: String,
        /// When.
        at: Timestamp,
    },
    /// The minutes are not signed yet.
    #[error("not signed")]
    NotSigned,
    /// The notice was issued already.
    #[error("issued already as {written}")]
    IssuedAlready {
        /// The number as printed.
        written: String,
        /// Under which office.
        by: String,
        /// When.
        at: Timestamp,
    },
    /// The report of the week was issued already.
    #[error("reported already as {written}")]
    ReportedAlready {
        /// The number as printed.
        written: String,
        /// Under which office.
        by: String,
        /// When.
        at: Timestamp,
    },
    /// What was shown is no longer what would be signed.
    #[error("changed since it was shown")]
    Changed,
    /// The minutes as a whole cannot be signed.
    #[error("the minutes cannot be signed")]
    Whole(WholeProblem),
    /// Conclusions that cannot be signed, by number.
    #[error("conclusions cannot be signed")]
    Problems(Vec<(u32, Problem)>),
    /// A split or milestones need two deadlines.
    #[error("fewer than two deadlines")]
    OneDeadline,
    /// The cut-off is not before the meeting.
    #[error("the cut-off is not before the meeting")]
    CutoffLate,
    /// Chair and secretary are one office: nobody signs their own minutes.
    #[error("chair and secretary are one office")]
    SameOffice,
    /// A day that is not worked.
    #[error("a day off")]
    DayOff {
        /// Why it is not worked, as the key of a word.
        why: &'static str,
    },
    /// A reason is needed.
    #[error("a reason is needed")]
    ReasonNeeded,
    /// A field is empty.
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
    /// The task stands on the agenda already.
    #[error("on the agenda already")]
    OnAgenda,
    /// The unit that holds the series issues no papers yet.
    #[error("no issuing body")]
    NoBody,
    /// What is stored no longer has its hash.
    #[error("what was frozen or signed has been changed")]
    Tampered,
    /// Figures that do not add up are not frozen.
    #[error("the figures do not add up at {at}")]
    DoesNotSum {
        /// Where.
        at: String,
        /// Both sums.
        mismatch: rules::count::Mismatch,
    },
}

impl From<BriefingError> for AppError {
    /// 404 what is not there, 403 what the office may not do, 409 what has moved on meanwhile, 422 what is wrong
    /// with what was given.
    #[allow(clippy::too_many_lines, reason = "one line for each refusal, in one place")]
    fn from(error: BriefingError) -> Self {
        let invalid = |field: &'static str, words: &'static str| {
            AppError::invalid(vec![FieldProblem::new(field, words)]).because(words)
        };
        let moment = |at: Timestamp| i18n::fmt::moment(clock::local(at));
        match error {
            BriefingError::Db(error) => error.into(),
            BriefingError::Task(error) => error.into(),
            BriefingError::Papers(error) => error.into(),
            BriefingError::Decision(error) => error.into(),
            BriefingError::NotFound => Self::not_found().because(key("briefing-error-not-found")),
            BriefingError::NotPermitted => Self::forbidden().because(key("briefing-error-not-permitted")),
            BriefingError::NotChair { chair } => Self::forbidden()
                .because(key("briefing-error-not-chair"))
                .with("chair", chair)
                .slug("not-chair"),
            BriefingError::Conflict { by, at, .. } => Self::conflict()
                .because(key("briefing-error-conflict"))
                .with("by", by)
                .with("at", moment(at))
                .slug("changed-meanwhile"),
            BriefingError::Step(error) => Self::conflict()
                .because(key("briefing-error-step"))
                .with("state", error.from.as_str())
                .with("step", error.step.as_str())
                .slug("step-not-possible"),
            BriefingError::TooLate { state } => Self::conflict()
                .because(key("briefing-error-too-late"))
                .with("state", state.as_str())
                .slug("too-late"),
            BriefingError::FrozenAlready { as_of } => Self::conflict()
                .because(key("briefing-error-frozen-already"))
                .with("at", moment(as_of))
                .slug("frozen-already"),
            BriefingError::NotFrozen => {
                Self::conflict().because(key("briefing-error-not-frozen")).slug("not-frozen")
            }
            BriefingError::SignedAlready { by, at } => Self::conflict()
                .because(key("briefing-error-signed-already"))
                .with("by", by)
                .with("at", moment(at))
                .slug("signed-already"),
            BriefingError::NotSigned => {
                Self::conflict().because(key("briefing-error-not-signed")).slug("not-signed")
            }
            BriefingError::IssuedAlready { written, by, at } => Self::conflict()
                .because(key("briefing-error-issued-already"))
                .with("number", written)
                .with("by", by)
                .with("at", moment(at))
                .slug("issued-already"),
            BriefingError::ReportedAlready { written, by, at } => Self::conflict()
                .because(key("briefing-error-reported-already"))
                .with("number", written)
                .with("by", by)
                .with("at", moment(at))
                .slug("issued-already"),
            BriefingError::Changed => {
                Self::conflict().because(key("briefing-error-changed")).slug("shown-changed")
            }
            BriefingError::Whole(WholeProblem::NoConclusion) => {
                Self::conflict().because(key("briefing-error-no-conclusion")).slug("no-conclusion")
            }
            BriefingError::Whole(WholeProblem::NotClosed) => {
                Self::conflict().because(key("briefing-error-not-closed")).slug("not-closed")
            }
            BriefingError::Whole(WholeProblem::NoPlan) => {
                Self::conflict().because(key("briefing-error-no-plan")).slug("no-plan")
            }
            BriefingError::Problems(problems) => {
                let numbers: Vec<String> = problems.iter().map(|(number, _)| number.to_string()).collect();
                let fields = problems
                    .into_iter()
                    .map(|(number, problem)| FieldProblem {
                        name: format!("conclusion-{number}").into(),
                        message_key: problem.key(),
                        args: crate::tasks::pages::task::refusals::args(problem.args()),
                    })
                    .collect();
                Self::invalid(fields)
                    .because(key("briefing-error-problems"))
                    .with("numbers", numbers.join(", "))
                    .slug("conclusions-not-ready")
            }
            BriefingError::OneDeadline => {
                invalid("deadlines", key("briefing-error-one-deadline")).slug("one-deadline")
            }
            BriefingError::CutoffLate => {
                invalid("cutoff_at", key("briefing-error-cutoff-late")).slug("cutoff-late")
            }
            BriefingError::SameOffice => {
                invalid("secretary_office", key("briefing-error-same-office")).slug("same-office")
            }
            BriefingError::DayOff { why } => {
                let words = key("briefing-error-day-off");
                AppError::invalid(vec![FieldProblem::new("at", words)]).because(words).slug("day-off").with(
                    "why", // The sentence chooses its words by the stable name.
                    why,
                )
            }
            BriefingError::ReasonNeeded => {
                invalid("reason", key("briefing-error-reason")).slug("reason-needed")
            }
            BriefingError::Empty { field } => invalid(field, key("briefing-error-empty")).slug("empty"),
            BriefingError::TooLong { field } => {
                let most = super::store::LONGEST;
                let words = key("briefing-error-too-long");
                AppError::invalid(vec![FieldProblem::new(field, words).with("most", most)])
                    .because(words)
                    .with("most", most)
                    .slug("too-long")
            }
            BriefingError::OnAgenda => invalid("task", key("briefing-error-on-agenda")).slug("on-agenda"),
            BriefingError::NoBody => Self::conflict()
                .because(key("briefing-error-no-body"))
                .next("/van-ban/co-quan", key("briefing-error-no-body-open"))
                .slug("no-issuing-body"),
            BriefingError::Tampered => {
                Self::conflict().because(key("briefing-error-tampered")).slug("tampered")
            }
            BriefingError::DoesNotSum { at, mismatch } => Self::conflict()
                .because(key("briefing-error-does-not-sum"))
                .with("place", at)
                .with("total", mismatch.total)
                .with("sum", mismatch.sum)
                .slug("does-not-sum"),
        }
    }
}
