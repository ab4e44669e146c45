//! Dependencies between tasks: cycles, the knock-on of a late task, the ripple of a moved
//! deadline, and slack counted back from the opening day (preparation reference (a) B17–B18).
//!
//! Dates are whole days and lag is calendar days. Real plans overlap: a task often starts before
//! the one it depends on has ended (in the sample plan DB-02 starts nine days before DB-01 is
//! due). A person decided that, so an overlap that is already there is kept, and a delay only
//! pushes a successor by as much as it makes the overlap worse.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use jiff::civil::Date;
use jiff::{Span, ToSpan};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::calendar::WorkCalendar;
use crate::state::UnknownName;
use crate::timing::days_between;

/// How a task depends on another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub enum DepKind {
    /// Finish to start: the successor starts on the day after the predecessor's deadline or later.
    #[default]
    FS,
    /// Start to start: the successor starts with the predecessor or later.
    SS,
    /// Finish to finish: the successor is due with the predecessor or later.
    FF,
    /// Start to finish: the successor is due when the predecessor starts or later.
    SF,
}

impl DepKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::FS, Self::SS, Self::FF, Self::SF];

    /// `FS`, `SS`, `FF` or `SF`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::FS => "FS",
            Self::SS => "SS",
            Self::FF => "FF",
            Self::SF => "SF",
        }
    }
}

impl std::fmt::Display for DepKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for DepKind {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        Self::ALL.into_iter().find(|k| k.as_str() == name).ok_or_else(|| UnknownName(name.to_owned()))
    }
}

/// A dependency between two tasks, by their index in the slice of nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Dep {
    /// The task that is waited for.
    pub pred: usize,
    /// The task that waits.
    pub succ: usize,
    /// How.
    pub kind: DepKind,
    /// Calendar days between; negative for a lead.
    pub lag_days: i32,
}

impl Dep {
    /// A finish-to-start dependency without lag: what the annex tables mean.
    pub const fn fs(pred: usize, succ: usize) -> Self {
        Self { pred, succ, kind: DepKind::FS, lag_days: 0 }
    }
}

/// The dates of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Node {
    /// First day. Without one the task counts as one day long, on its deadline.
    pub start: Option<Date>,
    /// Deadline in force. Without one the task neither moves nor passes a delay on.
    pub due: Option<Date>,
    /// Accepted or cancelled: it does not move and passes nothing on.
    pub settled: bool,
}

impl Node {
    /// First and last day of a task that can move.
    fn span(&self) -> Option<(Date, Date)> {
        let due = self.due.filter(|_| !self.settled)?;
        Some((self.start.map_or(due, |s| s.min(due)), due))
    }
}

/// Why a schedule cannot be computed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ScheduleError<K: std::fmt::Debug> {
    /// Tasks that wait for each other, in order; the last one waits for the first.
    #[error("dependency cycle: {0:?}")]
    Cycle(Vec<K>),
    /// A dependency or a question names a task that is not in the plan.
    #[error("unknown task: {0:?}")]
    Unknown(K),
}

impl<K: std::fmt::Debug> ScheduleError<K> {
    /// Every key that [`ScheduleError::key`] can give.
    pub const KEYS: &'static [&'static str] = &["schedule-cycle", "schedule-unknown-task"];

    /// Message key. The arguments are the ids, which the caller names.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Cycle(_) => "schedule-cycle",
            Self::Unknown(_) => "schedule-unknown-task",
        }
    }

    fn map<J: std::fmt::Debug>(self, name: impl Fn(K) -> J) -> ScheduleError<J> {
        match self {
            Self::Cycle(ids) => ScheduleError::Cycle(ids.into_iter().map(name).collect()),
            Self::Unknown(id) => ScheduleError::Unknown(name(id)),
        }
    }
}

/// A task that a moved deadline pushes. Dates only ever move later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shift<K> {
    /// The task.
    pub id: K,
    /// First day before, if the task has one.
    pub old_start: Option<Date>,
    /// Deadline before.
    pub old_due: Date,
    /// First day after; as many days later as the deadline, unless the calendar pushed it on.
    pub new_start: Option<Date>,
    /// Deadline after.
    pub new_due: Date,
    /// The predecessor that pushes it furthest.
    pub because_of: K,
}

/// Unfinished tasks that wait for one task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KnockOn<K> {
    /// Those that wait for it themselves.
    pub direct: Vec<K>,
    /// Those that wait for one of these, and so on.
    pub indirect: Vec<K>,
}

/// How far the deadline of a task may slip.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Slack<K> {
    /// The task.
    pub id: K,
    /// Days the deadline may slip before something passes the opening day (or, for work after it,
    /// the end of the plan). Negative: it already does.
    pub slack_days: i32,
    /// The latest deadline that still holds.
    pub latest_due: Date,
    /// Whether the opening day hangs on it: no other task before the opening has less slack, or
    /// there is none left.
    pub critical: bool,
}

fn check(nodes: usize, deps: &[Dep]) -> Result<(), ScheduleError<usize>> {
    for dep in deps {
        for id in [dep.pred, dep.succ] {
            if id >= nodes {
                return Err(ScheduleError::Unknown(id));
            }
        }
    }
    Ok(())
}

/// Indices of the dependencies of each task, by successor or by predecessor.
fn by(nodes: usize, deps: &[Dep], key: impl Fn(&Dep) -> usize) -> Vec<Vec<&Dep>> {
    let mut lists = vec![Vec::new(); nodes];
    for dep in deps {
        if let Some(list) = lists.get_mut(key(dep)) {
            list.push(dep);
        }
    }
    lists
}

/// Predecessors before successors.
fn order(nodes: usize, deps: &[Dep]) -> Result<Vec<usize>, ScheduleError<usize>> {
    check(nodes, deps)?;
    let out = by(nodes, deps, |d| d.pred);
    let mut waiting = vec![0usize; nodes];
    for dep in deps {
        waiting[dep.succ] += 1;
    }
    let mut ready: VecDeque<usize> = (0..nodes).filter(|i| waiting[*i] == 0).collect();
    let mut done = Vec::with_capacity(nodes);
    while let Some(id) = ready.pop_front() {
        done.push(id);
        for dep in &out[id] {
            waiting[dep.succ] -= 1;
            if waiting[dep.succ] == 0 {
                ready.push_back(dep.succ);
            }
        }
    }
    if done.len() == nodes {
        Ok(done)
    } else {
        Err(ScheduleError::Cycle(find_cycle(nodes, deps).unwrap_or_default()))
    }
}

/// A cycle among the dependencies, if there is one: tasks in order, the last one waits for the
/// first. A task that waits for itself is a cycle of one. Dependencies on unknown tasks are not
/// followed.
pub fn find_cycle(nodes: usize, deps: &[Dep]) -> Option<Vec<usize>> {
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        New,
        Open,
        Closed,
    }
    let known: Vec<Dep> = deps.iter().copied().filter(|d| d.pred < nodes && d.succ < nodes).collect();
    let out = by(nodes, &known, |d| d.pred);
    let mut marks = vec![Mark::New; nodes];
    for root in 0..nodes {
        if marks[root] != Mark::New {
            continue;
        }
        marks[root] = Mark::Open;
        let mut path = vec![(root, 0usize)];
        while let Some((id, edge)) = path.last_mut() {
            let Some(dep) = out[*id].get(*edge) else {
                marks[*id] = Mark::Closed;
                path.pop();
                continue;
            };
            *edge += 1;
            match marks[dep.succ] {
                Mark::Open => {
                    return Some(path.iter().map(|(id, _)| *id).skip_while(|id| *id != dep.succ).collect());
                }
                Mark::New => {
                    marks[dep.succ] = Mark::Open;
                    path.push((dep.succ, 0));
                }
                Mark::Closed => {}
            }
        }
    }
    None
}

/// The unfinished tasks that wait for `id`, directly and through others, each once and in index
/// order. A settled task passes nothing on.
///
/// # Errors
/// [`ScheduleError::Unknown`]. A cycle is no obstacle.
pub fn knock_on(nodes: &[Node], deps: &[Dep], id: usize) -> Result<KnockOn<usize>, ScheduleError<usize>> {
    check(nodes.len(), deps)?;
    if id >= nodes.len() {
        return Err(ScheduleError::Unknown(id));
    }
    let out = by(nodes.len(), deps, |d| d.pred);
    let next = |of: usize| out[of].iter().map(|d| d.succ).filter(|s| !nodes[*s].settled && *s != id);
    let direct: BTreeSet<usize> = next(id).collect();
    let mut seen = direct.clone();
    let mut queue: VecDeque<usize> = direct.iter().copied().collect();
    while let Some(of) = queue.pop_front() {
        for succ in next(of) {
            if seen.insert(succ) {
                queue.push_back(succ);
            }
        }
    }
    Ok(KnockOn {
        indirect: seen.difference(&direct).copied().collect(),
        direct: direct.into_iter().collect(),
    })
}

fn plus(date: Date, days: i32) -> Date {
    let span: Span = i64::from(days).clamp(-7_000_000, 7_000_000).days();
    date.saturating_add(span)
}

/// Days between what the dependency asks for and where the successor stands; negative when the
/// two overlap.
fn gap(dep: &Dep, pred: (Date, Date), succ: (Date, Date)) -> i32 {
    let apart = match dep.kind {
        DepKind::FS => days_between(pred.1, succ.0).saturating_sub(1),
        DepKind::SS => days_between(pred.0, succ.0),
        DepKind::FF => days_between(pred.1, succ.1),
        DepKind::SF => days_between(pred.0, succ.1),
    };
    apart.saturating_sub(dep.lag_days)
}

/// What happens to the plan when the deadline of one task moves to `moved.1`: the successors that
/// are pushed, predecessors first. Nothing is changed; it is shown before a person decides.
///
/// - The start of the moved task stays; a pushed task keeps its duration.
/// - Nothing moves earlier: a deadline brought forward pushes nothing.
/// - Settled and undated tasks stay where they are and pass nothing on.
/// - An overlap that the plan already had is kept, not repaired.
/// - With a calendar, a task that is pushed onto a day off goes on to the next working day, unless
///   it was due on a day off before.
///
/// Applying the result and asking again gives nothing.
///
/// # Errors
/// [`ScheduleError::Cycle`], [`ScheduleError::Unknown`].
pub fn ripple(
    nodes: &[Node],
    deps: &[Dep],
    moved: (usize, Date),
    calendar: Option<&WorkCalendar>,
) -> Result<Vec<Shift<usize>>, ScheduleError<usize>> {
    let order = order(nodes.len(), deps)?;
    if moved.0 >= nodes.len() {
        return Err(ScheduleError::Unknown(moved.0));
    }
    let old: Vec<Option<(Date, Date)>> = nodes.iter().map(Node::span).collect();
    let mut new = old.clone();
    if let Some((start, due)) = old[moved.0] {
        new[moved.0] = Some((start, due.max(moved.1)));
    }
    let incoming = by(nodes.len(), deps, |d| d.succ);
    let mut shifts = Vec::new();
    for id in order {
        let (Some(span), true) = (old[id], id != moved.0) else {
            continue;
        };
        let mut push = 0;
        let mut because_of = None;
        for dep in &incoming[id] {
            let (Some(before), Some(after)) = (old[dep.pred], new[dep.pred]) else {
                continue;
            };
            let worse = gap(dep, before, span).min(0) - gap(dep, after, span);
            if worse > push {
                push = worse;
                because_of = Some(dep.pred);
            }
        }
        let Some(because_of) = because_of else {
            continue;
        };
        if let Some(calendar) = calendar.filter(|c| c.is_working(span.1)) {
            let landed = plus(span.1, push);
            push += days_between(landed, calendar.working_day_from(landed));
        }
        let pushed = (plus(span.0, push), plus(span.1, push));
        new[id] = Some(pushed);
        shifts.push(Shift {
            id,
            old_start: nodes[id].start,
            old_due: span.1,
            new_start: nodes[id].start.map(|s| plus(s, push)),
            new_due: pushed.1,
            because_of,
        });
    }
    Ok(shifts)
}

/// The plan counted back from the opening day: how far each unfinished, dated task may slip, in
/// index order. Tasks due up to the opening day are measured against it; those due later, such as
/// the closing of accounts, against the end of the plan, and are never critical.
///
/// It measures the plan, not the clock: for a task that is already overdue pass today as its
/// deadline to see what is left.
///
/// # Errors
/// [`ScheduleError::Cycle`], [`ScheduleError::Unknown`].
pub fn critical_path(
    nodes: &[Node],
    deps: &[Dep],
    opening: Date,
) -> Result<Vec<Slack<usize>>, ScheduleError<usize>> {
    let order = order(nodes.len(), deps)?;
    let spans: Vec<Option<(Date, Date)>> = nodes.iter().map(Node::span).collect();
    let end = spans.iter().flatten().map(|s| s.1).max().unwrap_or(opening).max(opening);
    let outgoing = by(nodes.len(), deps, |d| d.pred);
    let mut slack: Vec<Option<i32>> = vec![None; nodes.len()];
    for id in order.into_iter().rev() {
        let Some(span) = spans[id] else { continue };
        let horizon = if span.1 <= opening { opening } else { end };
        let mut days = days_between(span.1, horizon);
        for dep in &outgoing[id] {
            // Counted for SS and SF too: a task that slips because it is itself pushed takes its
            // start along. So the slack is never overstated.
            if let (Some(succ), Some(left)) = (spans[dep.succ], slack[dep.succ]) {
                days = days.min(gap(dep, span, succ).max(0).saturating_add(left));
            }
        }
        slack[id] = Some(days);
    }
    let least =
        spans.iter().zip(&slack).filter_map(|(span, days)| span.filter(|s| s.1 <= opening).and(*days)).min();
    Ok(spans
        .iter()
        .zip(&slack)
        .enumerate()
        .filter_map(|(id, (span, days))| {
            let ((_, due), slack_days) = ((*span)?, (*days)?);
            Some(Slack {
                id,
                slack_days,
                latest_due: plus(due, slack_days),
                critical: due <= opening && (slack_days <= 0 || Some(slack_days) == least),
            })
        })
        .collect())
}

/// The same questions over tasks known by a code or an id instead of an index.
///
/// ```
/// use jiff::civil::date;
/// use rules::schedule::{DepKind, Node, Plan};
/// let day = |d| Node { start: None, due: Some(date(2025, 9, d)), settled: false };
/// let mut plan = Plan::new([("TT-03", day(25)), ("TT-04", day(26))]);
/// plan.link("TT-03", "TT-04", DepKind::FS, 0)?;
/// assert_eq!(plan.knock_on(&"TT-03")?.direct, ["TT-04"]);
/// assert_eq!(plan.ripple(&"TT-03", date(2025, 9, 27), None)?[0].new_due, date(2025, 9, 28));
/// # Ok::<(), rules::schedule::ScheduleError<&str>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Plan<K> {
    ids: Vec<K>,
    index: BTreeMap<K, usize>,
    nodes: Vec<Node>,
    deps: Vec<Dep>,
}

impl<K: Ord + Clone + std::fmt::Debug> Plan<K> {
    /// A plan of these tasks, without dependencies. Of two tasks with one id the later counts.
    pub fn new(tasks: impl IntoIterator<Item = (K, Node)>) -> Self {
        let mut plan = Self { ids: Vec::new(), index: BTreeMap::new(), nodes: Vec::new(), deps: Vec::new() };
        for (id, node) in tasks {
            match plan.index.get(&id) {
                Some(at) => plan.nodes[*at] = node,
                None => {
                    plan.index.insert(id.clone(), plan.ids.len());
                    plan.ids.push(id);
                    plan.nodes.push(node);
                }
            }
        }
        plan
    }

    /// Adds a dependency. A cycle is not refused here; ask [`Plan::find_cycle`].
    ///
    /// # Errors
    /// [`ScheduleError::Unknown`].
    pub fn link(&mut self, pred: K, succ: K, kind: DepKind, lag_days: i32) -> Result<(), ScheduleError<K>> {
        let dep = Dep { pred: self.at(&pred)?, succ: self.at(&succ)?, kind, lag_days };
        self.deps.push(dep);
        Ok(())
    }

    fn at(&self, id: &K) -> Result<usize, ScheduleError<K>> {
        self.index.get(id).copied().ok_or_else(|| ScheduleError::Unknown(id.clone()))
    }

    fn name(&self, index: usize) -> K {
        self.ids[index].clone()
    }

    fn names(&self, indices: Vec<usize>) -> Vec<K> {
        indices.into_iter().map(|i| self.name(i)).collect()
    }

    /// See [`find_cycle`].
    pub fn find_cycle(&self) -> Option<Vec<K>> {
        find_cycle(self.nodes.len(), &self.deps).map(|c| self.names(c))
    }

    /// See [`knock_on`].
    ///
    /// # Errors
    /// As [`knock_on`].
    pub fn knock_on(&self, id: &K) -> Result<KnockOn<K>, ScheduleError<K>> {
        let found = knock_on(&self.nodes, &self.deps, self.at(id)?).map_err(|e| e.map(|i| self.name(i)))?;
        Ok(KnockOn { direct: self.names(found.direct), indirect: self.names(found.indirect) })
    }

    /// See [`ripple`].
    ///
    /// # Errors
    /// As [`ripple`].
    pub fn ripple(
        &self,
        id: &K,
        new_due: Date,
        calendar: Option<&WorkCalendar>,
    ) -> Result<Vec<Shift<K>>, ScheduleError<K>> {
        let shifts = ripple(&self.nodes, &self.deps, (self.at(id)?, new_due), calendar)
            .map_err(|e| e.map(|i| self.name(i)))?;
        Ok(shifts
            .into_iter()
            .map(|s| Shift {
                id: self.name(s.id),
                old_start: s.old_start,
                old_due: s.old_due,
                new_start: s.new_start,
                new_due: s.new_due,
                because_of: self.name(s.because_of),
            })
            .collect())
    }

    /// See [`critical_path`].
    ///
    /// # Errors
    /// As [`critical_path`].
    pub fn critical_path(&self, opening: Date) -> Result<Vec<Slack<K>>, ScheduleError<K>> {
        let slacks = critical_path(&self.nodes, &self.deps, opening).map_err(|e| e.map(|i| self.name(i)))?;
        Ok(slacks
            .into_iter()
            .map(|s| Slack {
                id: self.name(s.id),
                slack_days: s.slack_days,
                latest_due: s.latest_due,
                critical: s.critical,
            })
            .collect())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::calendar::WorkCalendar;
    use jiff::civil::date;

    fn node(start: i8, due: i8) -> Node {
        Node { start: Some(date(2025, 9, start)), due: Some(date(2025, 9, due)), settled: false }
    }

    fn dues(shifts: &[Shift<usize>]) -> Vec<(usize, i8)> {
        shifts.iter().map(|s| (s.id, s.new_due.day())).collect()
    }

    #[test]
    fn cycles() {
        assert_eq!(find_cycle(3, &[Dep::fs(0, 1), Dep::fs(1, 2)]), None);
        assert_eq!(
            find_cycle(4, &[Dep::fs(3, 0), Dep::fs(0, 1), Dep::fs(1, 2), Dep::fs(2, 0)]),
            Some(vec![0, 1, 2])
        );
        assert_eq!(find_cycle(1, &[Dep::fs(0, 0)]), Some(vec![0]));
        let nodes = [node(1, 2), node(3, 4)];
        let looped = [Dep::fs(0, 1), Dep::fs(1, 0)];
        assert!(matches!(
            ripple(&nodes, &looped, (0, date(2025, 9, 9)), None),
            Err(ScheduleError::Cycle(c)) if c.len() == 2
        ));
        assert_eq!(knock_on(&nodes, &looped, 0).unwrap().direct, vec![1]);
        assert_eq!(
            ripple(&nodes, &[Dep::fs(0, 7)], (0, date(2025, 9, 9)), None),
            Err(ScheduleError::Unknown(7))
        );
        // A chain of a hundred thousand tasks does not overflow the stack.
        let long: Vec<Dep> = (0..99_999).map(|i| Dep::fs(i, i + 1)).collect();
        assert_eq!(find_cycle(100_000, &long), None);
    }

    #[test]
    fn a_delay_eats_the_gap_first_and_keeps_the_duration() {
        // 0: 1–5; 1: 8–10 (two free days between); 2: 11–12.
        let nodes = [node(1, 5), node(8, 10), node(11, 12)];
        let deps = [Dep::fs(0, 1), Dep::fs(1, 2)];
        let to = |d| ripple(&nodes, &deps, (0, date(2025, 9, d)), None).unwrap();
        assert!(to(7).is_empty());
        assert!(to(3).is_empty(), "nothing moves earlier");
        let shifts = to(9);
        assert_eq!(dues(&shifts), vec![(1, 12), (2, 14)]);
        assert_eq!(shifts[0].new_start, Some(date(2025, 9, 10)));
        assert_eq!((shifts[0].because_of, shifts[1].because_of), (0, 1));
    }

    #[test]
    fn an_overlap_is_kept() {
        let nodes = [node(1, 10), node(5, 20)];
        let shifts = ripple(&nodes, &[Dep::fs(0, 1)], (0, date(2025, 9, 12)), None).unwrap();
        assert_eq!(dues(&shifts), vec![(1, 22)], "two days late push by two days, not by eight");
    }

    #[test]
    fn kinds_and_lag() {
        let nodes = [node(1, 10), node(12, 20)];
        let push = |kind, lag_days| {
            let dep = Dep { pred: 0, succ: 1, kind, lag_days };
            dues(&ripple(&nodes, &[dep], (0, date(2025, 9, 15)), None).unwrap())
        };
        assert_eq!(push(DepKind::FS, 0), vec![(1, 24)]);
        assert_eq!(push(DepKind::FS, 1), vec![(1, 25)]);
        assert_eq!(push(DepKind::FS, -9), vec![]);
        assert_eq!(push(DepKind::FF, 0), vec![]);
        assert_eq!(push(DepKind::FF, 8), vec![(1, 23)]);
        assert_eq!(push(DepKind::SS, 0), vec![], "the start has not moved");
        assert_eq!(push(DepKind::SF, 0), vec![]);
        assert_eq!("FF".parse::<DepKind>().unwrap(), DepKind::FF);
    }

    #[test]
    fn settled_and_undated_tasks_stop_it() {
        let mut nodes = [node(1, 5), node(6, 10), node(11, 12)];
        let deps = [Dep::fs(0, 1), Dep::fs(1, 2)];
        nodes[1].settled = true;
        assert!(ripple(&nodes, &deps, (0, date(2025, 9, 9)), None).unwrap().is_empty());
        assert!(knock_on(&nodes, &deps, 0).unwrap().direct.is_empty());
        nodes[1] = Node::default();
        assert!(ripple(&nodes, &deps, (0, date(2025, 9, 9)), None).unwrap().is_empty());
    }

    #[test]
    fn a_push_onto_a_weekend_goes_on_to_monday() {
        // 10/9/2025 is a Wednesday.
        let nodes = [node(1, 5), node(8, 10), node(11, 13)];
        let deps = [Dep::fs(0, 1), Dep::fs(1, 2)];
        let c = WorkCalendar::default();
        let shifts = ripple(&nodes, &deps, (0, date(2025, 9, 10)), Some(&c)).unwrap();
        // 10 + 3 = Saturday 13 → Monday 15; the next was due on a Saturday and moves as it is.
        assert_eq!(dues(&shifts), vec![(1, 15), (2, 18)]);
    }

    #[test]
    fn slack_counts_back_from_the_opening() {
        // 0 → 1 → 2, opening on the 15th; 3 stands alone; 4 comes after.
        let nodes = [node(1, 5), node(8, 10), node(11, 14), node(1, 6), node(16, 20)];
        let deps = [Dep::fs(0, 1), Dep::fs(1, 2), Dep::fs(2, 4)];
        let slack = critical_path(&nodes, &deps, date(2025, 9, 15)).unwrap();
        let days: Vec<(i32, bool)> = slack.iter().map(|s| (s.slack_days, s.critical)).collect();
        assert_eq!(days, vec![(3, false), (1, true), (1, true), (9, false), (0, false)]);
        assert_eq!(slack[3].latest_due, date(2025, 9, 15));
        let late = critical_path(&nodes[..1], &[], date(2025, 9, 5)).unwrap();
        assert!(late[0].critical);
    }
}
