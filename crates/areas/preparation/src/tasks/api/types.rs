//! What goes over the wire.

use jiff::{
    Timestamp,
    civil::{Date, DateTime},
};
use platform::{i18n::Lang, web::AppError};
use rules::{
    clarity::{Clarity, SixKey},
    count::{Ratio, Tally},
    dates::Deadline,
    schedule::DepKind,
    state::{Move, TaskState},
    timing::Timing,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Caller;
use crate::tasks::{
    exchange::{self, timing_words},
    model::*,
    register::{Filter, Register, Sort},
};

/// One finding of the lint.
#[derive(Debug, Serialize, ToSchema)]
pub struct FindingOut {
    /// Which of the six keys.
    pub about: String,
    /// Stable name of the finding.
    pub key: &'static str,
    /// `blocking` or `advice`.
    pub severity: String,
    /// The sentence.
    pub message: String,
}

/// How clear the six rõ are.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClarityOut {
    /// Keys that are clear, 0 to 6.
    pub clear: u8,
    /// Whether the task may be assigned.
    pub assignable: bool,
    /// Everything found.
    pub findings: Vec<FindingOut>,
}

impl ClarityOut {
    /// In the words of a language.
    pub fn of(clarity: &Clarity, lang: Lang) -> Self {
        let clear = SixKey::ALL.iter().filter(|key| clarity.is_clear(**key)).count();
        Self {
            clear: u8::try_from(clear).unwrap_or(0),
            assignable: clarity.assignable(),
            findings: clarity
                .findings
                .iter()
                .map(|finding| FindingOut {
                    about: finding.key.as_str().to_owned(),
                    key: finding.message(),
                    severity: match finding.severity {
                        rules::clarity::Severity::Blocking => "blocking",
                        rules::clarity::Severity::Advice => "advice",
                    }
                    .to_owned(),
                    message: exchange::sentence(lang, finding.message(), &finding.args()),
                })
                .collect(),
        }
    }
}

/// A task with everything derived at the moment of asking.
#[derive(Debug, Serialize, ToSchema)]
pub struct TaskOut {
    /// Its id.
    #[schema(value_type = String, format = Uuid)]
    pub id: TaskId,
    /// Its plan.
    #[schema(value_type = String, format = Uuid)]
    pub plan: PlanId,
    /// Its code.
    pub code: String,
    /// Its stream.
    pub stream: String,
    /// True when the caller sees that it exists and counts, and nothing else.
    pub stub: bool,
    /// The six rõ; absent for a stub.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fields: Option<TaskFields>,
    /// The lead unit's name.
    pub lead_name: String,
    /// The stored state.
    #[schema(value_type = String, example = "dang_thuc_hien")]
    pub state: TaskState,
    /// The derived timing.
    #[schema(value_type = String, example = "sap_den_han")]
    pub timing: Timing,
    /// Days to the deadline, or past it.
    pub days: i32,
    /// Both in words.
    pub timing_words: String,
    /// The deadline in force.
    #[schema(value_type = Option<String>, example = "2025-10-05")]
    pub due: Option<Deadline>,
    /// The deadline it was assigned with.
    #[schema(value_type = Option<String>)]
    pub due_original: Option<Deadline>,
    /// Percent reported last; absent for a stub.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent: Option<u8>,
    /// How clear the six rõ are; absent for a stub.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clarity: Option<ClarityOut>,
    /// Days the deadline may slip before the opening is touched; absent once settled or undated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slack_days: Option<i32>,
    /// Whether the opening hangs on it.
    pub critical: bool,
    /// Coordinating units that have confirmed.
    pub confirmed: Vec<String>,
    /// Whether a request to move the deadline waits.
    pub extension_waiting: bool,
    /// Extensions granted so far.
    pub extended: u32,
    /// How often the result came back.
    pub returned: u32,
    /// The version to name in an edit or a move.
    pub version: i64,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// By which office.
    pub updated_by: String,
    /// Its page.
    pub page: String,
}

impl TaskOut {
    /// The task as the caller may see it.
    pub fn of(register: &Register, task: &Task, caller: &Caller, lang: Lang, slack: Slacks<'_>) -> Self {
        let sees = caller.sees(task);
        let timed = register.timed(task);
        let slack = slack.get(&task.id);
        Self {
            id: task.id,
            plan: task.plan,
            code: task.fields.code.clone(),
            stream: task.fields.stream.clone(),
            stub: !sees,
            fields: sees.then(|| task.fields.clone()),
            lead_name: task
                .fields
                .lead_unit
                .map(|unit| register.people.unit_name(unit).to_owned())
                .unwrap_or_default(),
            state: task.state,
            timing: timed.timing,
            days: timed.days,
            timing_words: timing_words(lang, timed),
            due: task.fields.due,
            due_original: task.due_original,
            percent: sees.then_some(task.percent),
            clarity: sees.then(|| ClarityOut::of(&register.clarity(task), lang)),
            slack_days: slack.map(|slack| slack.slack_days),
            critical: slack.is_some_and(|slack| slack.critical),
            confirmed: task.confirmed.keys().map(ToString::to_string).collect(),
            extension_waiting: register.waiting.contains_key(&task.id),
            extended: register.extended.get(&task.id).copied().unwrap_or(0),
            returned: register.returned.get(&task.id).copied().unwrap_or(0),
            version: task.version,
            updated_at: task.updated_at,
            updated_by: task.updated_by.clone(),
            page: exchange::picture::address(&task.fields.code),
        }
    }
}

/// Slack by task.
pub type Slacks<'a> = &'a std::collections::BTreeMap<TaskId, rules::schedule::Slack<TaskId>>;

/// Tasks of a list with the moment they stand for.
#[derive(Debug, Serialize, ToSchema)]
pub struct TaskPage {
    /// The moment, in the time of Vietnam.
    #[schema(value_type = String)]
    pub as_of: DateTime,
    /// How many the filter picks in all.
    pub total: usize,
    /// This page.
    pub items: Vec<TaskOut>,
    /// What to give as `after` for the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Which tasks, in which order; the filters of the list.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct TaskQuery {
    /// Words to search, with or without diacritics.
    pub q: Option<String>,
    /// One stream.
    pub stream: Option<String>,
    /// One plan.
    #[param(value_type = Option<String>, format = Uuid)]
    pub plan: Option<String>,
    /// One lead unit.
    #[param(value_type = Option<String>, format = Uuid)]
    pub unit: Option<String>,
    /// One coordinating unit.
    #[param(value_type = Option<String>, format = Uuid)]
    pub support: Option<String>,
    /// One office: focal, accountable, approver or acceptor.
    #[param(value_type = Option<String>, format = Uuid)]
    pub office: Option<String>,
    /// `truoc`, `trong` or `sau`.
    pub phase: Option<String>,
    /// Any of these timings, with commas between.
    pub timing: Option<String>,
    /// Any of these states, with commas between.
    pub state: Option<String>,
    /// Only those below six of six.
    pub unclear: Option<bool>,
    /// Only those whose extension waits.
    pub waiting: Option<bool>,
    /// Only those whose last report asks for something.
    pub asks: Option<bool>,
    /// Due on or after.
    #[param(value_type = Option<String>, format = Date)]
    pub from: Option<String>,
    /// Due on or before.
    #[param(value_type = Option<String>, format = Date)]
    pub to: Option<String>,
    /// `plan`, `due`, `timing`, `percent`, `unit` or `code`.
    pub sort: Option<String>,
    /// Backwards.
    pub down: Option<bool>,
    /// Rows at most: 1 to 500, 100 when not given.
    pub limit: Option<u32>,
    /// The `next` of the page before.
    pub after: Option<String>,
}

impl TaskQuery {
    /// The filter.
    ///
    /// # Errors
    /// 422 naming each value that cannot be read.
    pub fn filter(&self) -> Result<Filter, AppError> {
        let mut wrong = Vec::new();
        let mut filter = Filter {
            q: self.q.clone().unwrap_or_default().chars().take(200).collect(),
            stream: self.stream.clone().unwrap_or_default(),
            plan: read("plan", self.plan.as_deref(), &mut wrong),
            unit: read("unit", self.unit.as_deref(), &mut wrong),
            support: read("support", self.support.as_deref(), &mut wrong),
            office: read("office", self.office.as_deref(), &mut wrong),
            phase: read("phase", self.phase.as_deref(), &mut wrong),
            unclear: self.unclear.unwrap_or(false),
            waiting: self.waiting.unwrap_or(false),
            asks: self.asks.unwrap_or(false),
            from: read("from", self.from.as_deref(), &mut wrong),
            to: read("to", self.to.as_deref(), &mut wrong),
            down: self.down.unwrap_or(false),
            ..Filter::default()
        };
        for name in self.timing.iter().flat_map(|names| names.split(',')) {
            filter.timings.extend(read::<Timing>("timing", Some(name.trim()), &mut wrong));
        }
        for name in self.state.iter().flat_map(|names| names.split(',')) {
            filter.states.extend(read::<TaskState>("state", Some(name.trim()), &mut wrong));
        }
        filter.sort = match self.sort.as_deref() {
            None | Some("plan") => Sort::Plan,
            Some("due") => Sort::Due,
            Some("timing") => Sort::Timing,
            Some("percent") => Sort::Percent,
            Some("unit") => Sort::Unit,
            Some("code") => Sort::Code,
            Some(_) => {
                wrong.push("sort");
                Sort::Plan
            }
        };
        refuse(&wrong)?;
        Ok(filter)
    }
}

fn read<T: std::str::FromStr>(
    name: &'static str,
    text: Option<&str>,
    wrong: &mut Vec<&'static str>,
) -> Option<T> {
    let text = text.filter(|text| !text.is_empty())?;
    let value = text.parse().ok();
    if value.is_none() {
        wrong.push(name);
    }
    value
}

fn refuse(wrong: &[&'static str]) -> Result<(), AppError> {
    if wrong.is_empty() {
        return Ok(());
    }
    let mut error = AppError::invalid(Vec::new());
    for name in wrong {
        error = error.field(name, "exchange-api-value");
    }
    Err(error)
}

/// A query that takes nothing but a page of a list.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// Rows at most: 1 to 500, 100 when not given.
    pub limit: Option<u32>,
    /// The `next` of the page before.
    pub after: Option<String>,
}

impl PageQuery {
    /// As the platform pages.
    pub fn paging(self) -> platform::api::Paging {
        platform::api::Paging { limit: self.limit, after: self.after }
    }
}

/// A new task.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTask {
    /// The plan it belongs to.
    #[schema(value_type = String, format = Uuid)]
    pub plan: PlanId,
    /// The six rõ, as far as they are known; `code` is needed.
    pub fields: TaskFields,
}

/// A task rewritten.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditTask {
    /// The version the writer saw.
    pub version: i64,
    /// The six rõ, whole.
    pub fields: TaskFields,
    /// Why; needed after assignment.
    #[serde(default)]
    pub reason: String,
}

/// A move to another state.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMove {
    /// Which.
    #[serde(rename = "move")]
    #[schema(value_type = String, example = "acknowledge")]
    pub step: Move,
    /// The version the mover saw.
    pub version: i64,
    /// Why; needed for send_back, return, pause, cancel, reopen.
    #[serde(default)]
    pub reason: String,
    /// For `return`: the kind of reason.
    #[serde(default)]
    pub code: Option<ReturnReason>,
}

/// A request to move a deadline.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewExtension {
    /// To when: a day or an hour.
    #[schema(value_type = String, example = "2025-10-05")]
    pub to: Deadline,
    /// Why.
    pub reason: String,
}

/// A decision on such a request.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// Whether the deadline moves.
    pub grant: bool,
    /// What the decision says; needed to refuse.
    #[serde(default)]
    pub note: String,
}

/// An urge.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUrge {
    /// What it says.
    #[serde(default)]
    pub text: String,
}

/// A stored file as evidence.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewEvidence {
    /// A file that the caller's office has uploaded.
    #[schema(value_type = String, format = Uuid)]
    pub file: platform::files::FileId,
    /// What it is.
    pub kind: EvidenceKind,
    /// A remark.
    #[serde(default)]
    pub note: String,
}

/// How two tasks are tied.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Tie {
    /// `FS`, `SS`, `FF` or `SF`.
    #[serde(default)]
    #[schema(value_type = String, example = "FS")]
    pub kind: DepKind,
    /// Calendar days between; negative for a lead.
    #[serde(default)]
    pub lag_days: i32,
}

/// A tie of two tasks.
#[derive(Debug, Serialize, ToSchema)]
pub struct DependencyOut {
    /// The one that goes first.
    #[schema(value_type = String, format = Uuid)]
    pub before: TaskId,
    /// The one that waits.
    #[schema(value_type = String, format = Uuid)]
    pub after: TaskId,
    /// `FS`, `SS`, `FF` or `SF`.
    #[schema(value_type = String)]
    pub kind: DepKind,
    /// Calendar days between.
    pub lag_days: i32,
}

/// A plan to be made.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MakePlan {
    /// Its code, unique.
    pub code: String,
    /// Its title.
    pub title: String,
    /// The unit that issues it; the caller's when not given.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Uuid)]
    pub unit: Option<platform::identity::UnitId>,
}

/// A plan.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanOut {
    /// Its id.
    pub id: String,
    /// Its code.
    pub code: String,
    /// Its title.
    pub title: String,
    /// The unit that issues it.
    pub unit: String,
}

/// A baseline to be taken.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBaseline {
    /// Of which plan.
    #[schema(value_type = String, format = Uuid)]
    pub plan: PlanId,
    /// Its name, unique in the plan.
    pub name: String,
}

/// The notice that approves a baseline.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// Its number: 127-TB/TU.
    pub notice: String,
}

/// A filter to keep.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFilter {
    /// Its name; the same name is replaced.
    pub name: String,
    /// The query string of the list.
    pub query: String,
}

/// Which kind of calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FeedKind {
    /// All that a unit leads or supports.
    Unit,
    /// All that concerns an office.
    Office,
}

/// A calendar feed to open.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFeed {
    /// For a unit or an office.
    pub kind: FeedKind,
    /// Its id.
    #[schema(value_type = String, format = Uuid)]
    pub target: uuid::Uuid,
}

/// A feed just opened. Its address is told once and never again.
#[derive(Debug, Serialize, ToSchema)]
pub struct FeedOpened {
    /// Its id, to revoke it.
    pub id: String,
    /// The address for the calendar program; whoever has it reads the feed.
    pub url: String,
}

/// A part of a whole, with its percentage.
#[derive(Debug, Serialize, ToSchema)]
pub struct RatioOut {
    /// The part.
    pub part: u64,
    /// The denominator.
    pub whole: u64,
    /// Rounded half up at one decimal; absent when the whole is 0.
    pub percent: Option<String>,
}

impl From<Ratio> for RatioOut {
    fn from(ratio: Ratio) -> Self {
        Self { part: ratio.part, whole: ratio.whole, percent: ratio.percent(1, '.') }
    }
}

/// Counts of one group.
#[derive(Debug, Serialize, ToSchema)]
pub struct TallyPart {
    /// Its name; empty for tasks without one.
    pub name: String,
    /// Its id, for a unit.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// Its counts by timing, and `total`.
    #[schema(value_type = Object)]
    pub counts: Tally,
}

/// The counters at one moment.
#[derive(Debug, Serialize, ToSchema)]
pub struct TallyOut {
    /// The moment, in the time of Vietnam.
    #[schema(value_type = String)]
    pub as_of: DateTime,
    /// Counts by timing, and `total`.
    #[schema(value_type = Object)]
    pub counts: Tally,
    /// Done in time, done late, open in time, open overdue, outside.
    #[schema(value_type = Object)]
    pub two_by_two: rules::count::TwoByTwo,
    /// Accepted over all.
    pub done_over_total: RatioOut,
    /// Accepted in time over accepted.
    pub in_time_over_done: RatioOut,
    /// Accepted over accepted and overdue.
    pub done_over_due: RatioOut,
    /// Per stream.
    pub streams: Vec<TallyPart>,
    /// Per lead unit.
    pub units: Vec<TallyPart>,
    /// Whether every total is the sum of its parts.
    pub reconciles: bool,
}

/// A task that a later deadline would push.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShiftOut {
    /// The task.
    #[schema(value_type = String, format = Uuid)]
    pub id: TaskId,
    /// Its code.
    pub code: String,
    /// Its deadline now.
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// Its deadline then.
    #[schema(value_type = String, format = Date)]
    pub to: Date,
    /// The code of the one that pushes it.
    pub because_of: String,
}

/// One line of the history.
#[derive(Debug, Serialize, ToSchema)]
pub struct HistoryLine {
    /// The number in the audit log.
    pub seq: i64,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// What happened.
    pub act: String,
    /// By which office.
    pub office: String,
    /// Why, where somebody said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// What differs.
    #[schema(value_type = Object)]
    pub data: serde_json::Value,
}

/// What changed since a baseline, task by task.
#[derive(Debug, Serialize, ToSchema)]
pub struct DiffOut {
    /// The baseline's name.
    pub name: String,
    /// Its hash.
    pub sha256: String,
    /// Tasks that differ.
    pub tasks: Vec<TaskDiff>,
}

/// What changed about one task.
#[derive(Debug, Serialize, ToSchema)]
pub struct TaskDiff {
    /// Its code.
    pub code: String,
    /// `added`, `removed` or `changed`.
    pub change: &'static str,
    /// Its fields; empty when the caller may not see them.
    #[schema(value_type = Vec<Object>)]
    pub fields: Vec<rules::diff::Change>,
}

/// The id of what was made.
#[derive(Debug, Serialize, ToSchema)]
pub struct Made {
    /// The id.
    pub id: String,
}

/// Where a task stands after a call.
#[derive(Debug, Serialize, ToSchema)]
pub struct Standing {
    /// The task's id.
    pub id: String,
    /// Its code.
    pub code: String,
    /// Its state.
    #[schema(value_type = String)]
    pub state: TaskState,
    /// Its version now.
    pub version: i64,
}

impl Standing {
    /// Where it stands.
    pub fn of(task: &Task) -> Self {
        Self {
            id: task.id.to_string(),
            code: task.fields.code.clone(),
            state: task.state,
            version: task.version,
        }
    }
}

/// The wire form; every type here is plain data.
pub fn json(value: &impl Serialize) -> serde_json::Value {
    serde_json::to_value(value).unwrap_or_default()
}
