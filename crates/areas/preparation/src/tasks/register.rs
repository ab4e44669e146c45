//! The register as one consistent picture: everything that the views show is computed from it.
//!
//! Nothing derived is stored. A view takes a [`Register`], picks tasks with a [`Filter`], and counts them with
//! [`Register::tally`]; so two screens cannot disagree about the same instant.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    ops::Deref,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jiff::civil::{Date, DateTime};
use platform::{
    clock,
    congress::{self, Congress, WorkDay},
    db::{DbError, Tx},
    identity::{OfficeId, UnitId},
};
use rules::{
    calendar::WorkCalendar,
    clarity::Clarity,
    count::Tally,
    schedule::Slack,
    state::TaskState,
    text,
    timing::{self, Timed, Timing, TimingInput},
};
use serde::{Deserialize, Serialize};

use super::{
    clarity::{self, People},
    model::*,
    reach::Audience,
    schedule, store,
};

/// Everything about the tasks at one instant: what people did, and the instant from which timing follows.
/// Dereferences to [`Facts`].
pub struct Register {
    facts: Arc<Facts>,
    /// The instant, as a civil time in Vietnam.
    pub as_of: DateTime,
}

impl Deref for Register {
    type Target = Facts;
    fn deref(&self) -> &Facts {
        &self.facts
    }
}

/// Tests make a register up and change it before anybody else holds it.
#[cfg(test)]
impl std::ops::DerefMut for Register {
    #[allow(clippy::expect_used, reason = "a test that cannot go on shall stop")]
    fn deref_mut(&mut self) -> &mut Facts {
        Arc::get_mut(&mut self.facts).expect("nobody else holds these facts")
    }
}

/// What the lint found about the tasks, so far as somebody asked.
#[derive(Default)]
pub struct Linted(Mutex<HashMap<TaskId, Lint>>);

impl Linted {
    fn lock(&self) -> MutexGuard<'_, HashMap<TaskId, Lint>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What it found on a day; a task that has been assigned is not looked at with a day.
#[derive(Clone)]
struct Lint {
    version: i64,
    today: Date,
    clarity: Arc<Clarity>,
}

/// What people did, without the time that passes: the same for everybody until the next commit.
pub struct Facts {
    /// The congress with its settings.
    pub congress: Congress,
    /// Days that differ from their weekday.
    pub work_days: Vec<WorkDay>,
    /// The calendar they make.
    pub calendar: WorkCalendar,
    /// All plans.
    pub plans: Vec<Plan>,
    /// All tasks in plan order.
    pub tasks: Vec<Task>,
    /// How they are tied.
    pub deps: Vec<Dependency>,
    /// Units and offices by id.
    pub people: People,
    /// The newest report of each task.
    pub last_reports: BTreeMap<TaskId, Report>,
    /// Requests that wait for a decision.
    pub waiting: BTreeMap<TaskId, Extension>,
    /// Granted extensions per task.
    pub extended: BTreeMap<TaskId, u32>,
    /// How often the result came back.
    pub returned: BTreeMap<TaskId, u32>,
    /// Clarity of the tasks that somebody has asked for.
    pub linted: Linted,
}

impl Facts {
    /// Reads everything in the transaction's snapshot. What the lint found `before` stands for the tasks that are
    /// still the same.
    ///
    /// # Errors
    /// Any [`DbError`]; [`DbError::Missing`] before a congress has been set up.
    pub fn load(tx: &mut Tx<'_>, before: Option<&Self>) -> Result<Self, DbError> {
        let work_days = congress::store::work_days(tx)?;
        let mut waiting = BTreeMap::new();
        let mut extended: BTreeMap<TaskId, u32> = BTreeMap::new();
        for extension in store::extensions(tx, None)? {
            match extension.state {
                ExtensionState::Waiting => {
                    waiting.insert(extension.task, extension);
                }
                ExtensionState::Granted => *extended.entry(extension.task).or_default() += 1,
                ExtensionState::Refused | ExtensionState::Withdrawn => {}
            }
        }
        let facts = Self {
            congress: congress::store::current(tx)?,
            calendar: congress::calendar(&work_days),
            work_days,
            plans: store::plans(tx)?,
            tasks: store::tasks(tx)?,
            deps: store::dependencies(tx)?,
            people: People::load(tx)?,
            last_reports: store::last_reports(tx)?,
            waiting,
            extended,
            returned: store::returned_counts(tx)?,
            linted: Linted::default(),
        };
        if let Some(before) = before {
            facts.take_over(before);
        }
        Ok(facts)
    }

    /// Takes over what the lint found about tasks whose version is the same, when the names and the calendar
    /// that it reads are the same too.
    fn take_over(&self, before: &Self) {
        if self.people != before.people || self.work_days != before.work_days {
            return;
        }
        let old: HashMap<TaskId, &Task> = before.tasks.iter().map(|task| (task.id, task)).collect();
        let (known, mut linted) = (before.linted.lock(), self.linted.lock());
        for task in &self.tasks {
            if let Some(lint) = known.get(&task.id)
                && old.get(&task.id).is_some_and(|old| old.version == task.version)
            {
                linted.insert(task.id, lint.clone());
            }
        }
    }
}

impl Register {
    /// What people did, at an instant.
    pub fn new(facts: Arc<Facts>, as_of: DateTime) -> Self {
        Self { facts, as_of }
    }

    /// Reads everything in the transaction's snapshot. Where nothing is written, [`memory`](super::memory) has it
    /// without reading.
    ///
    /// # Errors
    /// Any [`DbError`]; [`DbError::Missing`] before a congress has been set up.
    pub fn load(tx: &mut Tx<'_>) -> Result<Self, DbError> {
        Ok(Self::new(Arc::new(Facts::load(tx, None)?), clock::local(tx.now())))
    }

    /// What people did.
    pub fn facts(&self) -> &Arc<Facts> {
        &self.facts
    }

    /// The task with this code.
    pub fn by_code(&self, code: &str) -> Option<&Task> {
        self.tasks.iter().find(|task| task.fields.code == code)
    }

    /// The task with this id.
    pub fn by_id(&self, id: TaskId) -> Option<&Task> {
        self.tasks.iter().find(|task| task.id == id)
    }

    /// The derived timing.
    pub fn timed(&self, task: &Task) -> Timed {
        let input = TimingInput {
            state: task.state,
            start: task.fields.start,
            due: task.fields.due,
            accepted_at: task.accepted_at.map(clock::local),
        };
        timing::timing(&input, self.as_of, &self.congress.timing)
    }

    /// How clear the six rõ are. What was found about this version of the task is remembered.
    pub fn clarity(&self, task: &Task) -> Arc<Clarity> {
        // A running task is not unclear because time has passed.
        let today = if task.assigned_at.is_some() { Date::MIN } else { self.as_of.date() };
        let known = |lint: &&Lint| lint.version == task.version && lint.today == today;
        if let Some(lint) = self.linted.lock().get(&task.id).filter(known) {
            return lint.clarity.clone();
        }
        let clarity = Arc::new(clarity::check(&task.fields, &self.people, &self.calendar, today));
        let version = task.version;
        self.linted.lock().insert(task.id, Lint { version, today, clarity: clarity.clone() });
        clarity
    }

    /// Counts tasks by timing. Secret and internal ones count like all others.
    pub fn tally<'a>(&self, tasks: impl IntoIterator<Item = &'a Task>) -> Tally {
        let mut tally = Tally::default();
        for task in tasks {
            tally.add(self.timed(task).timing);
        }
        tally
    }

    /// The tasks a filter picks, in its order.
    pub fn pick(&self, filter: &Filter, audience: Audience) -> Vec<&Task> {
        let mut picked: Vec<&Task> =
            self.tasks.iter().filter(|task| self.matches(task, filter, audience)).collect();
        match filter.sort {
            Sort::Plan => {}
            // Undated tasks come last.
            Sort::Due => {
                picked.sort_by_key(|task| (task.fields.due.is_none(), task.fields.due, task.position))
            }
            Sort::Timing => {
                picked.sort_by_key(|task| (self.timed(task).timing, task.fields.due, task.position))
            }
            Sort::Percent => picked.sort_by_key(|task| (task.percent, task.position)),
            Sort::Unit => picked.sort_by_key(|task| {
                (task.fields.lead_unit.map(|unit| text::fold(self.people.unit_name(unit))), task.position)
            }),
            Sort::Code => picked.sort_by(|a, b| a.fields.code.cmp(&b.fields.code)),
        }
        if filter.down {
            picked.reverse();
        }
        picked
    }

    fn matches(&self, task: &Task, filter: &Filter, audience: Audience) -> bool {
        let fields = &task.fields;
        let timing = self.timed(task).timing;
        let concerns = |office: OfficeId| {
            [fields.focal_office, fields.accountable_office, fields.approver_office, fields.acceptor_office]
                .contains(&Some(office))
        };
        let unit_helps = |unit: UnitId| fields.supports.iter().any(|support| support.unit == unit);
        (filter.stream.is_empty() || fields.stream == filter.stream)
            && filter.plan.is_none_or(|plan| plan == task.plan)
            && filter.unit.is_none_or(|unit| fields.lead_unit == Some(unit))
            && filter.support.is_none_or(unit_helps)
            && filter.office.is_none_or(concerns)
            && filter.phase.is_none_or(|phase| phase == fields.phase)
            && (filter.timings.is_empty() || filter.timings.contains(&timing))
            && (filter.states.is_empty() || filter.states.contains(&task.state))
            && (!filter.unclear || !self.clarity(task).assignable())
            && (!filter.waiting || self.waiting.contains_key(&task.id))
            && (!filter.asks || self.asks(task))
            && filter.from.is_none_or(|from| fields.due.is_some_and(|due| due.date >= from))
            && filter.to.is_none_or(|to| fields.due.is_some_and(|due| due.date <= to))
            && (filter.q.trim().is_empty() || self.mentions(task, &filter.q, audience))
    }

    /// Whether the last report asks something of the level above.
    pub fn asks(&self, task: &Task) -> bool {
        !task.state.is_settled()
            && self.last_reports.get(&task.id).is_some_and(|report| !report.request.is_empty())
    }

    /// Full-text search with and without diacritics; content that may not be seen is not searched.
    fn mentions(&self, task: &Task, q: &str, audience: Audience) -> bool {
        let fields = &task.fields;
        let mut hay = fields.code.clone();
        if audience.sees(task) {
            let unit = fields.lead_unit.map(|unit| self.people.unit_name(unit)).unwrap_or_default();
            let accountable =
                fields.accountable_office.map(|office| self.people.office_title(office)).unwrap_or_default();
            for text in [
                &fields.what,
                &fields.scope,
                &fields.result,
                &fields.authority,
                &fields.stream,
                unit,
                accountable,
            ] {
                hay.push(' ');
                hay.push_str(text);
            }
            for basis in &fields.basis {
                hay.push(' ');
                hay.push_str(&basis.symbol);
            }
        }
        text::matches_folded(&hay, q)
    }

    /// The streams in the order in which they first appear.
    pub fn streams(&self) -> Vec<&str> {
        let mut seen = BTreeSet::new();
        self.tasks
            .iter()
            .map(|task| task.fields.stream.as_str())
            .filter(|stream| seen.insert(stream.to_owned()))
            .collect()
    }

    /// The units that lead at least one task, by name.
    pub fn lead_units(&self) -> Vec<UnitId> {
        let mut units: Vec<UnitId> = self.tasks.iter().filter_map(|task| task.fields.lead_unit).collect();
        units.sort_by_key(|unit| text::fold(self.people.unit_name(*unit)));
        units.dedup();
        units
    }

    /// Assigned but not acknowledged after one working day: its own red list.
    pub fn unacknowledged(&self, task: &Task) -> bool {
        task.state == TaskState::Assigned
            && task.assigned_at.is_some_and(|at| {
                self.calendar.add_working_days(clock::local(at).date(), 1) < self.as_of.date()
            })
    }

    /// Slack of every dated task against the opening of the congress.
    pub fn slack(&self) -> BTreeMap<TaskId, Slack<TaskId>> {
        schedule::slack(&self.tasks, &self.deps, self.congress.opening_on)
            .into_iter()
            .map(|slack| (slack.id, slack))
            .collect()
    }
}

/// In which order a list stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Sort {
    /// As in the plan.
    #[default]
    #[serde(rename = "ke-hoach")]
    Plan,
    /// By deadline.
    #[serde(rename = "han")]
    Due,
    /// By timing, then deadline.
    #[serde(rename = "den")]
    Timing,
    /// By percent.
    #[serde(rename = "tien-do")]
    Percent,
    /// By lead unit.
    #[serde(rename = "don-vi")]
    Unit,
    /// By code.
    #[serde(rename = "ma")]
    Code,
}

/// Which tasks to show. The pages parse it from the query string, so that a filter is an address.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Words to search, with or without diacritics.
    pub q: String,
    /// One stream.
    pub stream: String,
    /// One plan.
    pub plan: Option<PlanId>,
    /// One lead unit.
    pub unit: Option<UnitId>,
    /// One coordinating unit.
    pub support: Option<UnitId>,
    /// Concerning one office: focal, accountable, approver or acceptor.
    pub office: Option<OfficeId>,
    /// One phase.
    pub phase: Option<Phase>,
    /// Any of these timings.
    pub timings: Vec<Timing>,
    /// Any of these states.
    pub states: Vec<TaskState>,
    /// Only those below six of six.
    pub unclear: bool,
    /// Only those whose extension waits.
    pub waiting: bool,
    /// Only those whose last report asks for something.
    pub asks: bool,
    /// Due on or after.
    pub from: Option<Date>,
    /// Due on or before.
    pub to: Option<Date>,
    /// The order.
    pub sort: Sort,
    /// Backwards.
    pub down: bool,
}
