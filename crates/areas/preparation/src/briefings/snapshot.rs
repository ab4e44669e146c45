//! The frozen figures: everything that a meeting speaks of, as it stood at the cut-off, under its hash.
//!
//! The content is one canonical JSON text (fields in their declared order, tasks in plan order), so that the same
//! register at the same instant always has the same hash. It is checked each time it is read.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::DateTime};
use platform::{
    clock,
    db::{DbError, Done, Tx, WriteTx},
    identity::{Confidentiality, UnitId},
    params, sql,
};
use rules::{
    briefing::{Line, Week, agenda::Facts, state, week},
    count::{Tally, reconcile},
    dates::Deadline,
    state::TaskState,
    timing::{Timed, Timing},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{BriefingError, Hand, agenda, model::*, store};
use crate::tasks::{
    Audience, Register,
    exchange::report::{self, Part},
    model::{Task, TaskId},
};

/// What a report said that was the last one at the cut-off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrozenReport {
    /// When it was made.
    pub at: Timestamp,
    /// What was done.
    pub done: String,
    /// What is difficult.
    pub difficulty: String,
    /// What is asked of the level above.
    pub request: String,
    /// What comes next.
    pub next: String,
}

/// A request to move a deadline that waited at the cut-off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrozenAsk {
    /// To when.
    pub to: Deadline,
    /// Why.
    pub reason: String,
}

/// A task as it stood at the cut-off. A secret one has no words here as it has none in the register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrozenTask {
    /// Which task.
    pub id: TaskId,
    /// Its code.
    pub code: String,
    /// Its stream.
    pub stream: String,
    /// How open it is.
    pub class: Confidentiality,
    /// Rõ việc.
    pub what: String,
    /// The lead unit.
    pub lead: Option<UnitId>,
    /// Its name.
    pub lead_name: String,
    /// Units that help, with their names.
    pub supports: Vec<(UnitId, String)>,
    /// Rõ thẩm quyền.
    pub authority: String,
    /// Rõ trách nhiệm: the title of the office that answers for it.
    pub accountable: String,
    /// Rõ kết quả.
    pub result: String,
    /// Its stored state.
    pub state: TaskState,
    /// Its timing.
    pub timing: Timing,
    /// Days to the deadline, or past it.
    pub days: i32,
    /// The deadline in force.
    pub due: Option<Deadline>,
    /// The deadline it was assigned with.
    pub due_original: Option<Deadline>,
    /// Percent reported last.
    pub percent: u8,
    /// Whether receipt was not confirmed after one working day.
    pub unacknowledged: bool,
    /// How often the result came back.
    pub returned: u32,
    /// Extensions granted.
    pub extended: u32,
    /// The request that waits, if one does.
    pub waiting: Option<FrozenAsk>,
    /// The last report.
    pub report: Option<FrozenReport>,
    /// The version of the task; another one now means that somebody changed it.
    pub version: i64,
}

impl FrozenTask {
    fn of(register: &Register, task: &Task) -> Self {
        let fields = &task.fields;
        let Timed { timing, days } = register.timed(task);
        let secret = fields.confidentiality == Confidentiality::Secret;
        Self {
            id: task.id,
            code: fields.code.clone(),
            stream: fields.stream.clone(),
            class: fields.confidentiality,
            what: fields.what.clone(),
            lead: fields.lead_unit,
            lead_name: fields
                .lead_unit
                .map(|unit| register.people.unit_name(unit).to_owned())
                .unwrap_or_default(),
            supports: fields
                .supports
                .iter()
                .map(|support| (support.unit, register.people.unit_name(support.unit).to_owned()))
                .collect(),
            authority: fields.authority.clone(),
            accountable: fields
                .accountable_office
                .map(|office| register.people.office_title(office).to_owned())
                .unwrap_or_default(),
            result: fields.result.clone(),
            state: task.state,
            timing,
            days,
            due: fields.due,
            due_original: task.due_original,
            percent: task.percent,
            unacknowledged: register.unacknowledged(task),
            returned: register.returned.get(&task.id).copied().unwrap_or_default(),
            extended: register.extended.get(&task.id).copied().unwrap_or_default(),
            waiting: register.waiting.get(&task.id).map(|extension| FrozenAsk {
                to: extension.to_due,
                reason: if secret { String::new() } else { extension.reason.clone() },
            }),
            report: register.last_reports.get(&task.id).filter(|_| !secret).map(|report| FrozenReport {
                at: report.at,
                done: report.done.clone(),
                difficulty: report.difficulty.clone(),
                request: report.request.clone(),
                next: report.next.clone(),
            }),
            version: task.version,
        }
    }

    /// Timing with its distance.
    pub fn timed(&self) -> Timed {
        Timed { timing: self.timing, days: self.days }
    }

    /// Whether the last report asked something.
    pub fn asks(&self) -> bool {
        !self.state.is_settled() && self.report.as_ref().is_some_and(|report| !report.request.is_empty())
    }

    /// Whether its words are open to an audience.
    pub fn open_to(&self, audience: &Audience) -> bool {
        audience.opens(self.class, self.lead, self.supports.iter().map(|(unit, _)| *unit))
    }

    /// Takes its words away: it counts, and says nothing else.
    fn hide(&mut self) {
        self.what.clear();
        self.authority.clear();
        self.accountable.clear();
        self.result.clear();
        self.report = None;
        if let Some(waiting) = &mut self.waiting {
            waiting.reason.clear();
        }
    }

    fn line(&self) -> Line<TaskId> {
        Line { task: self.id, stream: self.stream.clone(), timing: self.timing, due: self.due }
    }
}

/// The figures of a meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The moment they stand for, local time.
    pub as_of: DateTime,
    /// The congress.
    pub congress: String,
    /// All tasks, counted on their own.
    pub total: u64,
    /// Counts of all.
    pub tally: Tally,
    /// Counts per stream, in plan order.
    pub streams: Vec<Part>,
    /// Counts per lead unit, by name.
    pub units: Vec<Part>,
    /// Every task in plan order; classified ones count and say nothing.
    pub tasks: Vec<FrozenTask>,
}

impl Snapshot {
    /// The picture of a register.
    pub fn of(register: &Register) -> Self {
        let summary = report::compute(register);
        Self {
            as_of: register.as_of,
            congress: summary.congress,
            total: summary.total,
            tally: summary.tally,
            streams: summary.streams,
            units: summary.units,
            tasks: register.tasks.iter().map(|task| FrozenTask::of(register, task)).collect(),
        }
    }

    /// The task with this id.
    pub fn task(&self, id: TaskId) -> Option<&FrozenTask> {
        self.tasks.iter().find(|task| task.id == id)
    }

    /// The tasks of one timing.
    pub fn timed(&self, timing: Timing) -> impl Iterator<Item = &FrozenTask> {
        self.tasks.iter().filter(move |task| task.timing == timing)
    }

    /// The same without words that are not open to an audience.
    #[must_use]
    pub fn for_audience(mut self, audience: &Audience) -> Self {
        for task in &mut self.tasks {
            if !task.open_to(audience) {
                task.hide();
            }
        }
        self
    }

    /// Checks that every total is the sum of its parts and that every counter has as many tasks.
    ///
    /// # Errors
    /// [`BriefingError::DoesNotSum`] with the first place where it is not.
    pub fn reconciles(&self) -> Result<(), BriefingError> {
        let at = |at: &str| {
            let at = at.to_owned();
            move |mismatch| BriefingError::DoesNotSum { at, mismatch }
        };
        let size = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        reconcile(self.total, &[size(self.tasks.len())]).map_err(at("tasks"))?;
        reconcile(self.total, &[self.tally.total]).map_err(at("all"))?;
        self.tally.reconciles().map_err(at("all"))?;
        self.tally.two_by_two().reconciles(self.total).map_err(at("two_by_two"))?;
        for timing in Timing::ALL {
            let number = self.tally.of(timing);
            reconcile(number, &[size(self.timed(timing).count())]).map_err(at(timing.as_str()))?;
            for (name, parts) in [("streams", &self.streams), ("units", &self.units)] {
                let cells: Vec<u64> = parts.iter().map(|part| part.tally.of(timing)).collect();
                reconcile(number, &cells).map_err(at(name))?;
            }
        }
        Ok(())
    }

    /// The tasks that a leader must look at, with the reasons; `carried` are those left open last time.
    pub fn agenda(&self, carried: &[TaskId]) -> Vec<(TaskId, Vec<Reason>)> {
        rules::briefing::agenda::fill(self.tasks.iter().map(|task| Facts {
            task: task.id,
            state: task.state,
            timing: task.timing,
            days: task.days,
            asks: task.asks(),
            unacknowledged: task.unacknowledged,
            extension_waiting: task.waiting.is_some(),
            carried: carried.contains(&task.id),
        }))
    }

    fn lines(&self) -> Vec<Line<TaskId>> {
        self.tasks.iter().map(FrozenTask::line).collect()
    }
}

/// What moved between two frozen pictures. The lists account for the counters, or it is not shown.
///
/// # Errors
/// [`BriefingError::DoesNotSum`].
pub fn compare(before: &Snapshot, after: &Snapshot) -> Result<Week<TaskId>, BriefingError> {
    let (old, new) = (before.lines(), after.lines());
    let week = week::compare(&old, &new);
    week.accounts(&old, &new)
        .map_err(|mismatch| BriefingError::DoesNotSum { at: "week".to_owned(), mismatch })?;
    Ok(week)
}

/// A task that is no longer as it was frozen: the frozen beside the present.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Drift {
    /// As it was frozen; none for a task made since.
    pub frozen: Option<FrozenTask>,
    /// As it is now.
    pub now: FrozenTask,
    /// Whether somebody changed it; otherwise only time has passed.
    pub changed: bool,
}

impl Drift {
    /// The same without words that are not open to an audience, then or now.
    #[must_use]
    pub fn for_audience(mut self, audience: &Audience) -> Self {
        let was = self.frozen.as_ref().is_none_or(|task| task.open_to(audience));
        if !was || !self.now.open_to(audience) {
            if let Some(frozen) = &mut self.frozen {
                frozen.hide();
            }
            self.now.hide();
        }
        self
    }
}

/// What is no longer as it was frozen, in plan order.
pub fn drift(frozen: &Snapshot, register: &Register) -> Vec<Drift> {
    let old: BTreeMap<TaskId, &FrozenTask> = frozen.tasks.iter().map(|task| (task.id, task)).collect();
    register
        .tasks
        .iter()
        .filter_map(|task| {
            let now = FrozenTask::of(register, task);
            let was = old.get(&task.id).copied();
            let changed = was.is_none_or(|was| was.version != now.version);
            let passed = was.is_some_and(|was| was.timing != now.timing);
            (changed || passed).then(|| Drift { frozen: was.cloned(), now, changed })
        })
        .collect()
}

// ---------------------------------------------------------------- stored

/// The snapshot of a meeting without its content.
///
/// # Errors
/// Any [`DbError`].
pub fn frozen(tx: &mut Tx<'_>, id: BriefingId) -> Result<Option<Frozen>, DbError> {
    tx.query_opt(
        sql!("SELECT briefing, as_of, sha256, how, frozen_by, frozen_at FROM briefing_snapshot WHERE briefing = $1"),
        params![id],
    )
}

/// The frozen figures of a meeting, their hash checked. The caller hides what is not for its reader
/// ([`Snapshot::for_audience`]).
///
/// # Errors
/// [`BriefingError::NotFrozen`]; [`BriefingError::Tampered`] when the content no longer has its hash.
pub fn load(tx: &mut Tx<'_>, id: BriefingId) -> Result<(Frozen, Snapshot), BriefingError> {
    let frozen = frozen(tx, id)?.ok_or(BriefingError::NotFrozen)?;
    let content: String = tx
        .scalar(sql!("SELECT content FROM briefing_snapshot WHERE briefing = $1"), params![id])?
        .ok_or(BriefingError::NotFrozen)?;
    if platform::hex(&Sha256::digest(&content)) != frozen.sha256 {
        return Err(BriefingError::Tampered);
    }
    let snapshot = serde_json::from_str(&content).map_err(|_| BriefingError::Tampered)?;
    Ok((frozen, snapshot))
}

/// What moved since the meeting before: none when there is no earlier picture.
///
/// # Errors
/// Those of [`load`] and [`compare`].
pub fn since_last(
    tx: &mut Tx<'_>,
    briefing: &Briefing,
) -> Result<Option<(Frozen, Week<TaskId>)>, BriefingError> {
    let Some(last) = store::before(tx, briefing)? else { return Ok(None) };
    if frozen(tx, last.id)?.is_none() {
        return Ok(None);
    }
    let (was, before) = load(tx, last.id)?;
    let (_, after) = load(tx, briefing.id)?;
    Ok(Some((was, compare(&before, &after)?)))
}

/// Freezes the figures of this instant by hand, once.
///
/// # Errors
/// [`BriefingError::FrozenAlready`], [`BriefingError::Step`], [`BriefingError::NotPermitted`],
/// [`BriefingError::DoesNotSum`].
pub fn freeze(tx: &mut WriteTx<'_>, hand: &Hand, id: BriefingId) -> Result<Done<Frozen>, BriefingError> {
    let (briefing, series) = store::briefing(tx, hand, id)?;
    hand.must_manage(series.unit)?;
    let snapshot = Snapshot::of(&Register::load(tx)?);
    let (now, by) = (tx.now(), tx.author().office.clone());
    freeze_as(tx, &briefing, &snapshot, How::Hand, now, &by)
}

/// Freezes every planned meeting whose cut-off has come; how many. Called by the clock: what a person has frozen
/// already is no longer planned.
///
/// # Errors
/// Those of [`freeze`].
pub fn freeze_due(tx: &mut WriteTx<'_>) -> Result<Done<usize>, BriefingError> {
    let due = due(tx)?;
    if due.is_empty() {
        return Ok(tx.unchanged(0)?);
    }
    let snapshot = Snapshot::of(&Register::load(tx)?);
    let (now, by) = (tx.now(), tx.author().office.clone());
    let mut last = None;
    for briefing in &due {
        last = Some(freeze_as(tx, briefing, &snapshot, How::Clock, now, &by)?);
    }
    match last {
        Some(done) => Ok(done.map(|_| due.len())),
        None => Ok(tx.unchanged(0)?),
    }
}

/// Planned meetings whose cut-off has come.
///
/// # Errors
/// Any [`DbError`].
pub fn due(tx: &mut Tx<'_>) -> Result<Vec<Briefing>, DbError> {
    let now = tx.now();
    tx.query(
        sql!("SELECT * FROM briefing WHERE state = $1 AND cutoff_at <= $2 ORDER BY cutoff_at, id"),
        params![MeetingState::Planned, now],
    )
}

/// Keeps a picture as the figures of a meeting and fills its agenda; the one place where a snapshot comes from.
pub(super) fn freeze_as(
    tx: &mut WriteTx<'_>,
    briefing: &Briefing,
    snapshot: &Snapshot,
    how: How,
    at: Timestamp,
    by: &str,
) -> Result<Done<Frozen>, BriefingError> {
    if let Some(had) = frozen(tx, briefing.id)? {
        return Err(BriefingError::FrozenAlready { as_of: had.as_of });
    }
    let to = state::next(briefing.state, Step::Freeze)?;
    snapshot.reconciles()?;
    let content = serde_json::to_string(snapshot).map_err(|error| DbError::Other(error.to_string()))?;
    let sha256 = platform::hex(&Sha256::digest(&content));
    let as_of = clock::instant(snapshot.as_of);
    tx.execute(
        sql!(
            "INSERT INTO briefing_snapshot(briefing, as_of, content, sha256, how, frozen_by, frozen_at)
              VALUES($1, $2, $3, $4, $5, $6, $7)"
        ),
        params![briefing.id, as_of, content, sha256, how, by, at],
    )?;
    agenda::fill(tx, briefing, snapshot)?;
    store::move_to(tx, briefing.id, to)?;
    let data = json!({"no": briefing.no, "sha256": sha256, "total": snapshot.total, "how": how.as_str()});
    let frozen =
        Frozen { briefing: briefing.id, as_of, sha256, how, frozen_by: by.to_owned(), frozen_at: at };
    Ok(store::touched(tx, briefing.id, "briefing.frozen", data, None)?.with(frozen))
}
