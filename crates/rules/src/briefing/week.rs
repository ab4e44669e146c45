//! What moved between two frozen pictures of the register: "+5 xong, 2 mới quá hạn, 3 lùi hạn", per stream, each
//! number with its tasks (preparation reference (a) C30).
//!
//! Every number is a list, so it cannot disagree with what it opens, and the lists account for the difference of
//! the counters: see [`Week::accounts`].

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::count::{Mismatch, reconcile};
use crate::dates::Deadline;
use crate::timing::Timing;

/// A task as it stood in one picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line<K> {
    /// Which task.
    pub task: K,
    /// Its stream.
    pub stream: String,
    /// Its timing at that moment.
    pub timing: Timing,
    /// Its deadline in force.
    pub due: Option<Deadline>,
}

/// The tasks behind each number of the comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved<K> {
    /// New in the register.
    pub added: Vec<K>,
    /// No longer in the register.
    pub removed: Vec<K>,
    /// Accepted since, or new and accepted.
    pub done: Vec<K>,
    /// Accepted before and not any more: reopened, or gone.
    pub undone: Vec<K>,
    /// Overdue now and not before.
    pub newly_overdue: Vec<K>,
    /// Overdue before and not now: done, extended, paused, cancelled or gone.
    pub no_longer_overdue: Vec<K>,
    /// The deadline in force is later than it was.
    pub extended: Vec<K>,
    /// The deadline in force is earlier than it was.
    pub brought_forward: Vec<K>,
    /// Cancelled since.
    pub cancelled: Vec<K>,
}

impl<K> Default for Moved<K> {
    fn default() -> Self {
        Self {
            added: Vec::new(),
            removed: Vec::new(),
            done: Vec::new(),
            undone: Vec::new(),
            newly_overdue: Vec::new(),
            no_longer_overdue: Vec::new(),
            extended: Vec::new(),
            brought_forward: Vec::new(),
            cancelled: Vec::new(),
        }
    }
}

impl<K> Moved<K> {
    /// The lists with their stable names, in the order in which they are read out.
    pub fn lists(&self) -> [(&'static str, &Vec<K>); 9] {
        [
            ("done", &self.done),
            ("newly_overdue", &self.newly_overdue),
            ("extended", &self.extended),
            ("no_longer_overdue", &self.no_longer_overdue),
            ("added", &self.added),
            ("removed", &self.removed),
            ("undone", &self.undone),
            ("brought_forward", &self.brought_forward),
            ("cancelled", &self.cancelled),
        ]
    }

    /// Whether nothing moved.
    pub fn is_empty(&self) -> bool {
        self.lists().iter().all(|(_, list)| list.is_empty())
    }
}

/// The comparison: of all, and of each stream in the order in which streams first appear now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Week<K> {
    /// All streams together.
    pub all: Moved<K>,
    /// Each stream that is in one of the pictures.
    pub streams: Vec<(String, Moved<K>)>,
}

/// Compares two pictures. A task counts in the stream it is in now, one that is gone in the stream it was in.
pub fn compare<K: Ord + Clone>(before: &[Line<K>], after: &[Line<K>]) -> Week<K> {
    let old: BTreeMap<&K, &Line<K>> = before.iter().map(|line| (&line.task, line)).collect();
    let new: BTreeMap<&K, &Line<K>> = after.iter().map(|line| (&line.task, line)).collect();
    let mut streams: Vec<(String, Moved<K>)> = Vec::new();
    let mut all = Moved::default();
    let gone = before.iter().filter(|line| !new.contains_key(&line.task));
    let pairs = after
        .iter()
        .map(|line| (old.get(&line.task).copied(), Some(line)))
        .chain(gone.map(|line| (Some(line), None)));
    for (was, is) in pairs {
        let Some(line) = is.or(was) else { continue };
        let at = match streams.iter().position(|(name, _)| *name == line.stream) {
            Some(at) => at,
            None => {
                streams.push((line.stream.clone(), Moved::default()));
                streams.len() - 1
            }
        };
        note(&mut all, &line.task, was, is);
        if let Some((_, moved)) = streams.get_mut(at) {
            note(moved, &line.task, was, is);
        }
    }
    Week { all, streams }
}

fn note<K: Clone>(moved: &mut Moved<K>, task: &K, was: Option<&Line<K>>, is: Option<&Line<K>>) {
    let done = |line: Option<&Line<K>>| line.is_some_and(|line| line.timing.is_done());
    let on = |line: Option<&Line<K>>, timing| line.is_some_and(|line| line.timing == timing);
    let put = |list: &mut Vec<K>, holds: bool| {
        if holds {
            list.push(task.clone());
        }
    };
    put(&mut moved.added, was.is_none());
    put(&mut moved.removed, is.is_none());
    put(&mut moved.done, done(is) && !done(was));
    put(&mut moved.undone, done(was) && !done(is));
    put(&mut moved.newly_overdue, on(is, Timing::Overdue) && !on(was, Timing::Overdue));
    put(&mut moved.no_longer_overdue, on(was, Timing::Overdue) && !on(is, Timing::Overdue));
    put(&mut moved.cancelled, on(is, Timing::Cancelled) && !on(was, Timing::Cancelled));
    if let (Some(was), Some(is)) = (was.and_then(|line| line.due), is.and_then(|line| line.due)) {
        put(&mut moved.extended, is > was);
        put(&mut moved.brought_forward, is < was);
    }
}

impl<K: Ord + Clone> Week<K> {
    /// Checks that the lists account for the difference of the counters, overall: total, done and overdue of one
    /// picture follow from those of the other; and that the streams sum to the whole.
    ///
    /// # Errors
    /// The first [`Mismatch`].
    pub fn accounts(&self, before: &[Line<K>], after: &[Line<K>]) -> Result<(), Mismatch> {
        let size = |list: &[K]| u64::try_from(list.len()).unwrap_or(u64::MAX);
        let count = |lines: &[Line<K>], holds: &dyn Fn(Timing) -> bool| {
            u64::try_from(lines.iter().filter(|line| holds(line.timing)).count()).unwrap_or(u64::MAX)
        };
        let check = |holds: &dyn Fn(Timing) -> bool, up: &[K], down: &[K]| {
            // after + down = before + up: no subtraction that could wrap.
            reconcile(count(after, holds) + size(down), &[count(before, holds), size(up)])
        };
        check(&|_| true, &self.all.added, &self.all.removed)?;
        check(&Timing::is_done, &self.all.done, &self.all.undone)?;
        check(&|timing| timing == Timing::Overdue, &self.all.newly_overdue, &self.all.no_longer_overdue)?;
        for (place, (_, list)) in self.all.lists().iter().enumerate() {
            let parts: Vec<u64> = self
                .streams
                .iter()
                .map(|(_, moved)| moved.lists().get(place).map_or(0, |(_, part)| size(part)))
                .collect();
            reconcile(size(list), &parts)?;
        }
        Ok(())
    }
}
