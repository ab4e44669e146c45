//! What goes over the wire.

use std::collections::BTreeMap;

use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time, Weekday},
};
use platform::{
    i18n::Lang,
    identity::{OfficeId, UnitId},
    web::AppError,
};
use rules::{
    briefing::{Cadence, Proposal, typed::Meaning},
    count::{Ratio, Tally, TwoByTwo},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    briefings::{conclusion::NewConclusion, model::*, snapshot},
    tasks::{exchange, model::TaskId},
};

/// The id of what was made.
#[derive(Debug, Serialize, ToSchema)]
pub struct BriefingMade {
    /// The id, or the number of a supplementary record.
    pub id: String,
}

/// When a series meets and when its figures are frozen.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CadenceIo {
    /// The weekday of the meeting: 1 Monday … 7 Sunday.
    #[schema(minimum = 1, maximum = 7)]
    pub weekday: i8,
    /// Its hour.
    #[schema(value_type = String, example = "16:30")]
    pub time: Time,
    /// The weekday of the cut-off.
    #[schema(minimum = 1, maximum = 7)]
    pub cutoff_weekday: i8,
    /// Its hour.
    #[schema(value_type = String, example = "16:00")]
    pub cutoff_time: Time,
}

impl CadenceIo {
    fn of(cadence: &Cadence) -> Self {
        Self {
            weekday: cadence.weekday.to_monday_one_offset(),
            time: cadence.time,
            cutoff_weekday: cadence.cutoff_weekday.to_monday_one_offset(),
            cutoff_time: cadence.cutoff_time,
        }
    }

    fn cadence(self) -> Result<Cadence, AppError> {
        let day = |field: &'static str, number: i8| {
            Weekday::from_monday_one_offset(number)
                .map_err(|_| AppError::invalid(Vec::new()).field(field, "exchange-api-value"))
        };
        Ok(Cadence {
            weekday: day("weekday", self.weekday)?,
            time: self.time,
            cutoff_weekday: day("cutoff_weekday", self.cutoff_weekday)?,
            cutoff_time: self.cutoff_time,
        })
    }
}

/// What is written down about a series.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SeriesIn {
    /// The version that the writer saw; only when an existing series is rewritten.
    #[serde(default)]
    pub version: i64,
    /// The unit that holds it.
    #[schema(value_type = String, format = Uuid)]
    pub unit: UnitId,
    /// Its title.
    pub title: String,
    /// When.
    pub cadence: CadenceIo,
    /// Who presides.
    #[schema(value_type = String, format = Uuid)]
    pub chair_office: OfficeId,
    /// Who keeps the minutes.
    #[schema(value_type = String, format = Uuid)]
    pub secretary_office: OfficeId,
    /// Where.
    #[serde(default)]
    pub place: String,
    /// Who is called, in order.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub members: Vec<OfficeId>,
}

impl SeriesIn {
    /// As the store takes it.
    ///
    /// # Errors
    /// 422 for a weekday that is none.
    pub fn series(self) -> Result<NewSeries, AppError> {
        Ok(NewSeries {
            unit: self.unit,
            title: self.title,
            cadence: self.cadence.cadence()?,
            chair_office: self.chair_office,
            secretary_office: self.secretary_office,
            place: self.place,
            members: self.members,
        })
    }
}

/// A series.
#[derive(Debug, Serialize, ToSchema)]
pub struct SeriesOut {
    /// Its id.
    #[schema(value_type = String, format = Uuid)]
    pub id: SeriesId,
    /// The unit that holds it.
    #[schema(value_type = String, format = Uuid)]
    pub unit: UnitId,
    /// Its title.
    pub title: String,
    /// When.
    pub cadence: CadenceIo,
    /// Who presides.
    #[schema(value_type = String, format = Uuid)]
    pub chair_office: OfficeId,
    /// Who keeps the minutes.
    #[schema(value_type = String, format = Uuid)]
    pub secretary_office: OfficeId,
    /// Where.
    pub place: String,
    /// Who is called, in order.
    #[schema(value_type = Vec<String>)]
    pub members: Vec<OfficeId>,
    /// The version to name when it is rewritten.
    pub version: i64,
}

impl SeriesOut {
    /// As it stands.
    pub fn of(series: &Series) -> Self {
        Self {
            id: series.id,
            unit: series.unit,
            title: series.title.clone(),
            cadence: CadenceIo::of(&series.cadence),
            chair_office: series.chair_office,
            secretary_office: series.secretary_office,
            place: series.place.clone(),
            members: series.members.clone(),
            version: series.version,
        }
    }
}

/// A day for the next meeting, to be confirmed by a person.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProposalOut {
    /// The day that the rule names.
    #[schema(value_type = String, format = Date)]
    pub regular: Date,
    /// Why that day is not worked: `saturday`, `sunday`, `holiday`; absent when it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moved: Option<&'static str>,
    /// When the meeting would be held, local time.
    #[schema(value_type = String, example = "2025-10-03T16:30:00")]
    pub at: DateTime,
    /// When its figures would be frozen, local time.
    #[schema(value_type = String, example = "2025-10-02T16:00:00")]
    pub cutoff_at: DateTime,
}

impl From<Proposal> for ProposalOut {
    fn from(proposal: Proposal) -> Self {
        Self {
            regular: proposal.regular,
            moved: proposal.moved.map(|why| why.as_str()),
            at: proposal.at,
            cutoff_at: proposal.cutoff_at,
        }
    }
}

/// A meeting that a person has confirmed, or another hour for it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BriefingIn {
    /// The version that the writer saw; only when an existing meeting is changed.
    #[serde(default)]
    pub version: i64,
    /// When, local time.
    #[schema(value_type = String, example = "2025-10-03T16:30:00")]
    pub at: DateTime,
    /// When the figures are frozen, local time.
    #[schema(value_type = String, example = "2025-10-02T16:00:00")]
    pub cutoff_at: DateTime,
    /// Where.
    #[serde(default)]
    pub place: String,
    /// Who presides.
    #[schema(value_type = String, format = Uuid)]
    pub chair_office: OfficeId,
    /// Who keeps the minutes.
    #[schema(value_type = String, format = Uuid)]
    pub secretary_office: OfficeId,
}

impl BriefingIn {
    /// As the store takes it.
    pub fn briefing(self) -> NewBriefing {
        NewBriefing {
            at: platform::clock::instant(self.at),
            cutoff_at: platform::clock::instant(self.cutoff_at),
            place: self.place,
            chair_office: self.chair_office,
            secretary_office: self.secretary_office,
        }
    }
}

/// A step of a meeting.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StepIn {
    /// `open`, `close`, `reopen` or `cancel`.
    #[schema(value_type = String, example = "open")]
    pub step: Step,
    /// The version that the writer saw.
    pub version: i64,
    /// Why; needed to cancel.
    #[serde(default)]
    pub reason: String,
}

/// Where a meeting stands after a call.
#[derive(Debug, Serialize, ToSchema)]
pub struct BriefingStanding {
    /// Its id.
    #[schema(value_type = String, format = Uuid)]
    pub id: BriefingId,
    /// Its number.
    pub no: u32,
    /// Its state.
    #[schema(value_type = String, example = "dang_hop")]
    pub state: MeetingState,
    /// Its version.
    pub version: i64,
}

impl BriefingStanding {
    /// As it stands.
    pub fn of(briefing: &Briefing) -> Self {
        Self { id: briefing.id, no: briefing.no, state: briefing.state, version: briefing.version }
    }
}

/// Frozen figures. Tasks whose content the caller may not see count and say nothing.
#[derive(Debug, Serialize, ToSchema)]
pub struct SnapshotOut {
    /// When, how, by whom, and the hash.
    #[schema(value_type = Object)]
    pub frozen: Frozen,
    /// All tasks.
    pub total: u64,
    /// Counts of all.
    #[schema(value_type = Object)]
    pub tally: Tally,
    /// The two-by-two of state reports.
    #[schema(value_type = Object)]
    pub two_by_two: TwoByTwo,
    /// Accepted over all.
    #[schema(value_type = Object)]
    pub done_over_total: Ratio,
    /// The figures themselves.
    #[schema(value_type = Object)]
    pub figures: snapshot::Snapshot,
}

/// What moved since the cut-off before, by code.
#[derive(Debug, Serialize, ToSchema)]
pub struct WeekOut {
    /// The moment of the picture before; absent when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub since: Option<Timestamp>,
    /// Each list by its name, with codes of tasks.
    pub all: BTreeMap<&'static str, Vec<String>>,
    /// The same per stream.
    pub streams: Vec<WeekStream>,
}

/// What moved in one stream.
#[derive(Debug, Serialize, ToSchema)]
pub struct WeekStream {
    /// The stream.
    pub stream: String,
    /// Each list by its name, with codes of tasks.
    pub moved: BTreeMap<&'static str, Vec<String>>,
}

/// Another order.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderIn {
    /// Ids in their new order; what is not named follows behind.
    #[schema(value_type = Vec<String>)]
    pub ids: Vec<uuid::Uuid>,
}

/// An item of the agenda rewritten.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemIn {
    /// The version that the writer saw.
    pub version: i64,
    /// What it says.
    pub item: NewItem,
}

/// The version that the writer saw.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Seen {
    /// The version.
    pub version: i64,
}

/// Where an item of the agenda stands.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MarkIn {
    /// Its state.
    pub state: ItemState,
}

/// The item that is being taken.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CurrentIn {
    /// The item.
    #[schema(value_type = String, format = Uuid)]
    pub item: ItemId,
}

/// Whether a member came.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AttendanceIn {
    /// Whether it came.
    pub presence: Presence,
    /// Why not, or who came instead; needed for an absent one.
    #[serde(default)]
    pub reason: String,
}

/// A conclusion as it is typed, or spelled out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConclusionIn {
    /// Chosen by the caller, so that a line sent again stands once; only for a new conclusion.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Uuid)]
    pub id: Option<ConclusionId>,
    /// The version that the writer saw; only when an existing conclusion is rewritten.
    #[serde(default)]
    pub version: i64,
    /// The item of the agenda; the current one without it.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Uuid)]
    pub item: Option<ItemId>,
    /// As typed, with `@unit`, `#task`, `/hạn 30/9`, `/sp result`.
    #[serde(default)]
    pub typed: String,
    /// What becomes of it, when it is only typed.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "nhiem_vu")]
    pub disposition: Option<Disposition>,
    /// What it says, spelled out; read from what was typed without it.
    #[serde(default)]
    pub content: Option<Content>,
}

impl ConclusionIn {
    /// As the store takes it.
    pub fn conclusion(&self, content: Content) -> NewConclusion {
        NewConclusion {
            id: self.id.unwrap_or_else(|| ConclusionId(uuid::Uuid::now_v7())),
            item: self.item,
            typed: self.typed.clone(),
            content,
        }
    }
}

/// What was understood of a sentence.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReadingOut {
    /// The sentence as it is printed.
    pub clean: String,
    /// What would be written down.
    pub content: Content,
    /// The pieces.
    pub pieces: Vec<PieceOut>,
}

/// A piece of a sentence.
#[derive(Debug, Serialize, ToSchema)]
pub struct PieceOut {
    /// Where it begins, in UTF-16 units of the text.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// `unit`, `unknown_unit`, `task`, `unknown_task`, `due`, `unknown_date`, `result`.
    #[schema(value_type = String)]
    pub kind: rules::briefing::typed::Kind,
    /// The id of the unit or task, the deadline, or the result.
    pub value: String,
    /// Ids of units that an unclear name may mean.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<String>,
    /// What is wrong with a date, as a sentence.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub message: String,
}

impl PieceOut {
    /// In the words of a language.
    pub fn of(piece: &rules::briefing::typed::Piece<UnitId, TaskId>, lang: Lang) -> Self {
        let (mut value, mut candidates, mut message) = (String::new(), Vec::new(), String::new());
        match &piece.means {
            Meaning::Unit(unit) => value = unit.to_string(),
            Meaning::Task(task) => value = task.to_string(),
            Meaning::Due(due) => value = due.to_string(),
            Meaning::Result(result) => value.clone_from(result),
            Meaning::NoUnit { candidates: some } => {
                candidates = some.iter().map(ToString::to_string).collect();
            }
            Meaning::NoTask => {}
            Meaning::NoDate(error) => message = exchange::sentence(lang, error.key(), &error.args()),
        }
        Self { start: piece.start, end: piece.end, kind: piece.means.kind(), value, candidates, message }
    }
}

/// Names of milestones.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MilestonesIn {
    /// The version that the writer saw.
    pub version: i64,
    /// Their names in order; the conclusion's own words without one.
    #[serde(default)]
    pub titles: Vec<String>,
}

/// What signing would do with one conclusion.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlannedOut {
    /// The conclusion.
    #[schema(value_type = String, format = Uuid)]
    pub conclusion: ConclusionId,
    /// Its number.
    pub number: u32,
    /// What would happen, one entry a task.
    pub effects: Vec<Effect>,
    /// The code of the task it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Why it cannot be signed, as sentences.
    pub problems: Vec<String>,
    /// What keeps a new task from being assigned at once, as sentences.
    pub unclear: Vec<String>,
}

/// What signing would do.
#[derive(Debug, Serialize, ToSchema)]
pub struct PreviewOut {
    /// Stands for what is shown; the signature names it.
    pub mark: String,
    /// Whether it can be signed.
    pub ready: bool,
    /// How many tasks would be touched, by effect.
    pub counts: BTreeMap<String, usize>,
    /// Conclusion by conclusion.
    pub conclusions: Vec<PlannedOut>,
}

impl PreviewOut {
    /// In the words of a language.
    pub fn of(preview: &Preview, lang: Lang) -> Self {
        Self {
            mark: preview.mark.clone(),
            ready: preview.ready(),
            counts: preview.counts().into_iter().map(|(effect, n)| (effect.to_string(), n)).collect(),
            conclusions: preview
                .conclusions
                .iter()
                .map(|one| PlannedOut {
                    conclusion: one.conclusion,
                    number: one.number,
                    effects: one.effects.clone(),
                    code: one.task.as_ref().map(|(_, code)| code.clone()),
                    problems: one
                        .problems
                        .iter()
                        .map(|problem| exchange::sentence(lang, problem.key(), &problem.args()))
                        .collect(),
                    unclear: one
                        .unclear
                        .iter()
                        .map(|finding| exchange::sentence(lang, finding.message(), &finding.args()))
                        .collect(),
                })
                .collect(),
        }
    }
}

/// A signature on what was shown.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The mark of the preview.
    pub mark: String,
}

/// A signed record.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignedOut {
    /// SHA-256 of the content, hexadecimal.
    pub sha256: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub signed_at: Timestamp,
    /// Under which office.
    pub signed_by: String,
}

impl From<&Signed> for SignedOut {
    fn from(signed: &Signed) -> Self {
        Self {
            sha256: signed.sha256.clone(),
            signed_at: signed.signed_at,
            signed_by: signed.signed_by.clone(),
        }
    }
}

/// Minutes: signed, or a draft.
#[derive(Debug, Serialize, ToSchema)]
pub struct MinutesOut {
    /// The signature; absent for a draft.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed: Option<SignedOut>,
    /// What they say.
    #[schema(value_type = Object)]
    pub minutes: Minutes,
}

/// A supplementary record.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SupplementIn {
    /// The version that the writer saw; only when a draft is rewritten.
    #[serde(default)]
    pub version: i64,
    /// Why.
    pub reason: String,
    /// What is corrected.
    pub corrections: Vec<Correction>,
}

/// How a notice is to be issued.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticeIn {
    /// The number; the next one without it.
    #[serde(default)]
    pub number: Option<u32>,
    /// Why numbers before it are left out, when they are.
    #[serde(default)]
    pub gap_reason: String,
    /// Its date.
    #[schema(value_type = String, format = Date)]
    pub on: Date,
    /// What it is about.
    pub subject: String,
    /// Who gets it.
    #[serde(default)]
    pub recipients: Vec<String>,
}

impl From<NoticeIn> for NewNotice {
    fn from(new: NoticeIn) -> Self {
        Self {
            number: new.number,
            gap_reason: new.gap_reason,
            on: new.on,
            subject: new.subject,
            recipients: new.recipients,
        }
    }
}

/// The notice, or the number that it would take.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeOut {
    /// The notice; absent before it is issued.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub notice: Option<Notice>,
    /// The next number of the register, as printed; absent once issued or when nobody issues papers for the unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}
