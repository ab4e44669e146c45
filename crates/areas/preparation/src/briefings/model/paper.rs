//! What is signed and what goes out under a number: minutes, supplementary records, the notice, the report.

use jiff::{Timestamp, civil::Date};
use platform::{
    db::{DbError, FromRow, Row},
    papers::BodyId,
    row,
};
use rules::dates::Deadline;
use serde::{Deserialize, Serialize};

use super::{BriefingId, Disposition, ItemState, Presence, Reason};
use crate::tasks::model::Milestone;

row! {
    /// Signed minutes or a signed supplementary record, without the content.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct Signed {
        /// The meeting.
        pub briefing: BriefingId,
        /// 0 for the minutes, 1, 2 … for supplementary records.
        pub no: u32,
        /// SHA-256 of the content, hexadecimal.
        pub sha256: String,
        /// When.
        pub signed_at: Timestamp,
        /// Under which office.
        pub signed_by: String,
    }
}

/// A member in the minutes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attended {
    /// The office's title.
    pub office: String,
    /// Whether it came.
    pub presence: Presence,
    /// Why not, or who came instead.
    pub reason: String,
}

/// An item of the agenda in the minutes. A task stands by its code: the words of one that is not for everybody
/// stay out of the paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discussed {
    /// The task's code, when it is about one.
    pub code: String,
    /// What it is about: the title, or the task's words when they are for everybody.
    pub title: String,
    /// Why it stood there.
    pub reasons: Vec<Reason>,
    /// Who presented it.
    pub presenter: String,
    /// Whether it was taken.
    pub state: ItemState,
}

/// A conclusion in the minutes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Concluded {
    /// Its number.
    pub number: u32,
    /// The sentence.
    pub text: String,
    /// The unit that leads.
    pub lead: String,
    /// Units that help, with what.
    pub supports: Vec<(String, String)>,
    /// The deadline.
    pub due: Option<Deadline>,
    /// Steps on the way.
    pub milestones: Vec<Milestone>,
    /// What becomes of it.
    pub disposition: Disposition,
    /// The result that is expected of a task, when the conclusion names it.
    pub result: String,
    /// Codes of the tasks it created, amended or extended.
    pub codes: Vec<String>,
}

/// The minutes: everything that the chair signs. Never changed after that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Minutes {
    /// The series.
    pub series: String,
    /// The unit that holds it.
    pub unit: String,
    /// The number of the meeting.
    pub no: u32,
    /// When it was to be held.
    pub at: Timestamp,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// When the secretary closed it.
    pub closed_at: Option<Timestamp>,
    /// Where.
    pub place: String,
    /// Who presided.
    pub chair: String,
    /// Who kept the minutes.
    pub secretary: String,
    /// Who was called and who came.
    pub attendance: Vec<Attended>,
    /// The hash of the frozen figures that were before the meeting.
    pub snapshot: String,
    /// The moment they stand for.
    pub as_of: Option<Timestamp>,
    /// What was on the agenda.
    pub agenda: Vec<Discussed>,
    /// What was concluded.
    pub conclusions: Vec<Concluded>,
}

/// One correction of the signed minutes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// The number of the conclusion it is about; none for anything else in the minutes.
    #[serde(default)]
    pub conclusion: Option<u32>,
    /// What the minutes should say.
    pub text: String,
}

/// A supplementary record: what corrects signed minutes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupplementContent {
    /// The series.
    pub series: String,
    /// The number of the meeting.
    pub briefing_no: u32,
    /// The number of the record: 1, 2, 3 …
    pub no: u32,
    /// The hash of the minutes that it corrects.
    pub minutes: String,
    /// Why.
    pub reason: String,
    /// What is corrected.
    pub corrections: Vec<Correction>,
}

/// A supplementary record as it stands: a draft until it is signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Supplement {
    /// Its meeting.
    pub briefing: BriefingId,
    /// Its number: 1, 2, 3 …
    pub no: u32,
    /// Why.
    pub reason: String,
    /// What is corrected.
    pub corrections: Vec<Correction>,
    /// Grows with each change.
    pub version: i64,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// By which office.
    pub updated_by: String,
    /// Its signature; none while it is a draft.
    pub signed: Option<Signed>,
}

/// A paper of a meeting under its number: the notice of conclusions, or the report of the week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// The meeting.
    pub briefing: BriefingId,
    /// Who issues it.
    pub body: BodyId,
    /// Its number.
    pub number: u32,
    /// As printed: 07-TB/TBPV.
    pub written: String,
    /// Its date.
    pub issued_on: Date,
    /// Who gets it, one line each.
    pub recipients: Vec<String>,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// Under which office.
    pub issued_by: String,
}

impl FromRow for Notice {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        let recipients: String = row.get("recipients")?;
        Ok(Self {
            briefing: row.get("briefing")?,
            body: row.get("body")?,
            number: row.get("number")?,
            written: row.get("written")?,
            issued_on: row.get("issued_on")?,
            recipients: recipients.lines().map(str::to_owned).collect(),
            issued_at: row.get("issued_at")?,
            issued_by: row.get("issued_by")?,
        })
    }
}

/// How the notice is to be issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewNotice {
    /// The number as typed; the next one of the register without it.
    pub number: Option<u32>,
    /// Why numbers before it are left out, when they are.
    pub gap_reason: String,
    /// Its date.
    pub on: Date,
    /// What it is about, as the register of numbers keeps it.
    pub subject: String,
    /// Who gets it, one line each.
    pub recipients: Vec<String>,
}
