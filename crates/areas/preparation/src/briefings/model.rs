//! What a briefing is: a series, its meetings, what is said and decided in them.

use std::collections::BTreeMap;

use jiff::{
    Timestamp,
    civil::{Date, Time, Weekday},
};
use platform::{
    db::{DbError, FromRow, Row},
    id,
    identity::{OfficeId, UnitId},
    names, row,
};
pub use rules::briefing::{Disposition, Meeting as MeetingState, Reason, Receipt, Step};
use rules::{
    briefing::{Cadence, Problem},
    dates::Deadline,
};
use serde::{Deserialize, Serialize};

use crate::tasks::model::{Milestone, Support, TaskFields, TaskId};

mod paper;

pub use paper::*;

id! {
    /// A series of meetings.
    SeriesId,
    /// A meeting.
    BriefingId,
    /// An item of an agenda.
    ItemId,
    /// A conclusion.
    ConclusionId,
}

names! {
    /// Whether a member came.
    Presence {
        /// Not yet noted.
        Unknown = "chua_ro",
        /// Có mặt.
        Present = "co_mat",
        /// Vắng, with a reason.
        Absent = "vang",
    }
}

names! {
    /// How the figures came to be frozen.
    How {
        /// At the hour of the cut-off.
        Clock = "gio_chot",
        /// By a person, before or after it.
        Hand = "bang_tay",
    }
}

names! {
    /// Where an item of the agenda stands.
    ItemState {
        /// Not yet taken.
        Open = "cho",
        /// Taken.
        Taken = "da_xem",
        /// Left for the next meeting.
        Carried = "chuyen_sang",
    }
}

names! {
    /// What a signed conclusion did to a task.
    Effect {
        /// Created and assigned.
        Assigned = "giao",
        /// Created and proposed: it is not clear in all six rõ, or the chair may not assign.
        Proposed = "de_xuat",
        /// Amended.
        Amended = "sua",
        /// Its deadline moved.
        Extended = "lui_han",
    }
}

/// A weekday that is stored as its ISO number: Monday 1 … Sunday 7.
pub(super) fn weekday_number(day: Weekday) -> i64 {
    i64::from(day.to_monday_one_offset())
}

fn weekday_from(row: &Row, column: &str) -> Result<Weekday, DbError> {
    let number: i64 = row.get(column)?;
    i8::try_from(number)
        .ok()
        .and_then(|number| Weekday::from_monday_one_offset(number).ok())
        .ok_or_else(|| DbError::Value { column: column.to_owned(), reason: number.to_string() })
}

fn time_from(row: &Row, column: &str) -> Result<Time, DbError> {
    let text: String = row.get(column)?;
    text.parse()
        .map_err(|error: jiff::Error| DbError::Value { column: column.to_owned(), reason: error.to_string() })
}

/// A series of meetings and its rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// Its id.
    pub id: SeriesId,
    /// The unit that holds it.
    pub unit: UnitId,
    /// "Giao ban tuần Tiểu ban Tổ chức phục vụ".
    pub title: String,
    /// What its meetings are called in addresses, before their number: `tuan`. It never changes.
    pub slug: String,
    /// When it is held and when figures are frozen.
    pub cadence: Cadence,
    /// Who presides.
    pub chair_office: OfficeId,
    /// Who keeps the minutes.
    pub secretary_office: OfficeId,
    /// Where.
    pub place: String,
    /// Who is called, in order.
    pub members: Vec<OfficeId>,
    /// Grows with each change.
    pub version: i64,
}

impl Briefing {
    /// The address of its page.
    pub fn href(&self) -> String {
        format!("/giao-ban/{}", self.address)
    }
}

impl FromRow for Series {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            unit: row.get("unit")?,
            title: row.get("title")?,
            slug: row.get("slug")?,
            cadence: Cadence {
                weekday: weekday_from(row, "weekday")?,
                time: time_from(row, "time")?,
                cutoff_weekday: weekday_from(row, "cutoff_weekday")?,
                cutoff_time: time_from(row, "cutoff_time")?,
            },
            chair_office: row.get("chair_office")?,
            secretary_office: row.get("secretary_office")?,
            place: row.get("place")?,
            members: Vec::new(),
            version: row.get("version")?,
        })
    }
}

/// What is written down about a series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSeries {
    /// The unit that holds it.
    pub unit: UnitId,
    /// Its title.
    pub title: String,
    /// When it is held and when figures are frozen.
    pub cadence: Cadence,
    /// Who presides.
    pub chair_office: OfficeId,
    /// Who keeps the minutes.
    pub secretary_office: OfficeId,
    /// Where.
    pub place: String,
    /// Who is called, in order.
    pub members: Vec<OfficeId>,
}

row! {
    /// A meeting.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct Briefing {
        /// Its id.
        pub id: BriefingId,
        /// Its series.
        pub series: SeriesId,
        /// Its number in the series: 1, 2, 3 …
        pub no: u32,
        /// What it is called in addresses: `tuan-05`. It never changes.
        pub address: String,
        /// When it is held.
        pub at: Timestamp,
        /// When its figures are frozen.
        pub cutoff_at: Timestamp,
        /// Where.
        pub place: String,
        /// Who presides.
        pub chair_office: OfficeId,
        /// Who keeps the minutes.
        pub secretary_office: OfficeId,
        /// Where it stands.
        pub state: MeetingState,
        /// The item of the agenda that is being taken.
        pub current_item: Option<ItemId>,
        /// When it began.
        pub started_at: Option<Timestamp>,
        /// When the secretary closed the minutes.
        pub closed_at: Option<Timestamp>,
        /// Under which office.
        pub closed_by: Option<String>,
        /// Why it is not held; empty unless cancelled.
        pub cancel_reason: String,
        /// Grows with each change of the meeting itself.
        pub version: i64,
        /// When it was last changed.
        pub updated_at: Timestamp,
        /// By which office.
        pub updated_by: String,
    }
}

/// A meeting to be held, as a person has confirmed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewBriefing {
    /// When.
    pub at: Timestamp,
    /// When the figures are frozen; before the meeting.
    pub cutoff_at: Timestamp,
    /// Where.
    pub place: String,
    /// Who presides.
    pub chair_office: OfficeId,
    /// Who keeps the minutes.
    pub secretary_office: OfficeId,
}

row! {
    /// A snapshot without its content.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct Frozen {
        /// The meeting.
        pub briefing: BriefingId,
        /// The moment its figures stand for.
        pub as_of: Timestamp,
        /// SHA-256 of the content, hexadecimal.
        pub sha256: String,
        /// By the clock or by hand.
        pub how: How,
        /// By which office, or the program.
        pub frozen_by: String,
        /// When it was written down.
        pub frozen_at: Timestamp,
    }
}

/// An item of the agenda.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Item {
    /// Its id.
    pub id: ItemId,
    /// Its meeting.
    pub briefing: BriefingId,
    /// Its place, 1, 2, 3 …
    pub position: i64,
    /// The task it is about, if it is about one.
    pub task: Option<TaskId>,
    /// Why it stands here, the most pressing first.
    pub reasons: Vec<Reason>,
    /// What it is about, when a person put it there; empty for a task, whose words depend on who reads.
    pub title: String,
    /// Who presents it.
    pub presenter_office: Option<OfficeId>,
    /// How long is planned for it.
    pub minutes: Option<u16>,
    /// For the presenter and the secretary.
    pub notes: String,
    /// Where it stands.
    pub state: ItemState,
    /// The item of the meeting before, when it was left open there.
    pub carried_from: Option<ItemId>,
    /// Grows with each change.
    pub version: i64,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// By which office.
    pub updated_by: String,
}

impl FromRow for Item {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        let reasons: String = row.get("reasons")?;
        let reasons = reasons
            .split_whitespace()
            .map(|name| {
                name.parse().map_err(|error: rules::state::UnknownName| DbError::Value {
                    column: "reasons".to_owned(),
                    reason: error.to_string(),
                })
            })
            .collect::<Result<Vec<Reason>, _>>()?;
        Ok(Self {
            id: row.get("id")?,
            briefing: row.get("briefing")?,
            position: row.get("position")?,
            task: row.get("task")?,
            reasons,
            title: row.get("title")?,
            presenter_office: row.get("presenter_office")?,
            minutes: row.get("minutes")?,
            notes: row.get("notes")?,
            state: row.get("state")?,
            carried_from: row.get("carried_from")?,
            version: row.get("version")?,
            updated_at: row.get("updated_at")?,
            updated_by: row.get("updated_by")?,
        })
    }
}

/// What a person writes about an item.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct NewItem {
    /// The task it is about, if it is about one.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub task: Option<TaskId>,
    /// What it is about; needed without a task.
    pub title: String,
    /// Who presents it.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub presenter_office: Option<OfficeId>,
    /// How long is planned for it.
    pub minutes: Option<u16>,
    /// For the presenter and the secretary.
    pub notes: String,
}

row! {
    /// Whether a member came.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct Attendance {
        /// The member's office.
        pub office: OfficeId,
        /// Whether it came.
        pub presence: Presence,
        /// Why not, or who came instead.
        pub reason: String,
        /// When it was noted.
        pub updated_at: Timestamp,
        /// By which office.
        pub updated_by: String,
    }
}

/// What of a task an amendment changes; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Amendment {
    /// Rõ việc.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub what: Option<String>,
    /// Further scope.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// Rõ thẩm quyền.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authority: Option<String>,
    /// Rõ kết quả.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
    /// How many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result_quantity: Option<String>,
    /// When it is good enough.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acceptance: Option<String>,
    /// The lead unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Uuid)]
    pub lead_unit: Option<UnitId>,
    /// The focal officer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Uuid)]
    pub focal_office: Option<OfficeId>,
    /// Who answers for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Uuid)]
    pub accountable_office: Option<OfficeId>,
    /// Coordinating units that are added, each with its contribution.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub supports: Vec<Support>,
}

impl Amendment {
    /// The fields of a task with what the amendment changes.
    #[must_use]
    pub fn of(&self, fields: &TaskFields) -> TaskFields {
        let mut fields = fields.clone();
        for (target, text) in [
            (&mut fields.what, &self.what),
            (&mut fields.scope, &self.scope),
            (&mut fields.authority, &self.authority),
            (&mut fields.result, &self.result),
            (&mut fields.result_quantity, &self.result_quantity),
            (&mut fields.acceptance, &self.acceptance),
        ] {
            if let Some(text) = text {
                target.clone_from(text);
            }
        }
        fields.lead_unit = self.lead_unit.or(fields.lead_unit);
        fields.focal_office = self.focal_office.or(fields.focal_office);
        fields.accountable_office = self.accountable_office.or(fields.accountable_office);
        for support in &self.supports {
            fields.supports.retain(|had| had.unit != support.unit);
            fields.supports.push(support.clone());
        }
        fields.normalised()
    }
}

/// What a conclusion says. Stored as one JSON text; create, edit, split and the API speak this one type.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Content {
    /// The sentence that is printed.
    pub text: String,
    /// The unit that leads.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub lead_unit: Option<UnitId>,
    /// Units that help.
    pub supports: Vec<Support>,
    /// The deadlines it names; exactly one before it is signed as a task.
    #[schema(value_type = Vec<String>, example = json!(["2025-09-30"]))]
    pub deadlines: Vec<Deadline>,
    /// Steps on the way, when earlier deadlines were made milestones.
    pub milestones: Vec<Milestone>,
    /// The result that is expected.
    pub result: String,
    /// The focal officer, when the chair names one.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub focal_office: Option<OfficeId>,
    /// Who answers for it, when the chair names one.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub accountable_office: Option<OfficeId>,
    /// What becomes of it.
    #[schema(value_type = Option<String>, example = "nhiem_vu")]
    pub disposition: Option<Disposition>,
    /// The task that it amends or extends, or that it speaks of.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub task: Option<TaskId>,
    /// What it changes in that task.
    pub amendment: Amendment,
    /// The tasks it creates, when they are more than its own words: left empty, one task is made of the sentence,
    /// the unit, the deadline and the milestones.
    pub tasks: Vec<TaskFields>,
}

/// A conclusion of a meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Conclusion {
    /// Its id, chosen by who typed it, so that a line sent twice stands once.
    pub id: ConclusionId,
    /// Its meeting.
    pub briefing: BriefingId,
    /// Its number ①②③ among those that stand; 0 for one that was taken out.
    pub number: u32,
    /// Its place.
    pub position: i64,
    /// The item of the agenda under which it was drawn.
    pub item: Option<ItemId>,
    /// As the secretary typed it, with shortcuts.
    pub typed: String,
    /// What it says.
    pub content: Content,
    /// When it was taken out; it can be put back until the minutes are signed.
    pub dropped_at: Option<Timestamp>,
    /// Grows with each change.
    pub version: i64,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// By which office.
    pub updated_by: String,
}

impl FromRow for Conclusion {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        let content: String = row.get("content")?;
        let content = serde_json::from_str(&content)
            .map_err(|error| DbError::Value { column: "content".to_owned(), reason: error.to_string() })?;
        Ok(Self {
            id: row.get("id")?,
            briefing: row.get("briefing")?,
            number: 0,
            position: row.get("position")?,
            item: row.get("item")?,
            typed: row.get("typed")?,
            content,
            dropped_at: row.get("dropped_at")?,
            version: row.get("version")?,
            updated_at: row.get("updated_at")?,
            updated_by: row.get("updated_by")?,
        })
    }
}

row! {
    /// What a signed conclusion did to a task.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct Outcome {
        /// The conclusion.
        pub conclusion: ConclusionId,
        /// Its meeting.
        pub briefing: BriefingId,
        /// The task.
        pub task: TaskId,
        /// What happened to it.
        pub effect: Effect,
    }
}

/// What signing would do with one conclusion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// The conclusion.
    pub conclusion: ConclusionId,
    /// Its number.
    pub number: u32,
    /// Why it cannot be signed; empty when it can.
    pub problems: Vec<Problem>,
    /// What would happen, one entry a task; none for "không phát sinh nhiệm vụ".
    pub effects: Vec<Effect>,
    /// The task it is about, with its code.
    pub task: Option<(TaskId, String)>,
    /// For tasks that would only be proposed: the six-rõ findings that keep them from being assigned, as stable
    /// keys of sentences.
    pub unclear: Vec<rules::clarity::Finding>,
}

/// What signing the minutes would do, and the mark of what was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// Stands for everything that would be signed; the signature names it.
    pub mark: String,
    /// Conclusion by conclusion.
    pub conclusions: Vec<Planned>,
    /// Why the meeting as a whole cannot be signed; none when it can.
    pub refused: Option<WholeProblem>,
}

impl Preview {
    /// Whether it can be signed.
    pub fn ready(&self) -> bool {
        self.refused.is_none() && self.conclusions.iter().all(|one| one.problems.is_empty())
    }

    /// How many tasks each effect would touch.
    pub fn counts(&self) -> BTreeMap<Effect, usize> {
        let mut counts = BTreeMap::new();
        for effect in self.conclusions.iter().flat_map(|one| &one.effects) {
            *counts.entry(*effect).or_default() += 1;
        }
        counts
    }
}

/// Why minutes as a whole cannot be signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WholeProblem {
    /// No conclusion stands.
    NoConclusion,
    /// The secretary has not closed the minutes.
    NotClosed,
    /// There is no plan in which a new task could stand.
    NoPlan,
}

/// How the receipt of a task that a meeting assigned stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Acknowledged {
    /// The task.
    pub task: TaskId,
    /// Its code.
    pub code: String,
    /// The number of the conclusion it came from.
    pub number: u32,
    /// When it was assigned.
    pub assigned_at: Timestamp,
    /// When its receipt was confirmed.
    pub acknowledged_at: Option<Timestamp>,
    /// The last day on which that is in time.
    pub limit: Date,
    /// How it stands now.
    pub receipt: Receipt,
}
