//! Who is in the hall at a moment, from what gates and desks wrote down.
//!
//! An event is never changed: what was wrong is voided by another event, and a void says that the voided event
//! never was, at whatever moment one asks. Gates work without a network, so events arrive in any order; they count
//! in the order of their corrected instants, and equal instants in the order of their ids. Attendance is per session
//! (domain reference 3.5 and 6, features 25, 29, 30).

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::credentials::Presence;

#[cfg(test)]
mod tests;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Came in.
    In,
    /// Went out.
    Out,
    /// Was given leave.
    LeaveGranted,
    /// Another event is void.
    Void,
}

/// One event of one person in one session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event<I> {
    /// Its id; decides between equal instants.
    pub id: I,
    /// What happened.
    pub kind: Kind,
    /// When, on the corrected clock.
    pub at: Timestamp,
    /// The event that a void takes back.
    pub voids: Option<I>,
}

/// How somebody stands at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Present, absent with leave, absent without.
    pub presence: Presence,
    /// When they first came in.
    pub first_in: Option<Timestamp>,
    /// Came in after the start and the time of grace.
    pub late: bool,
}

/// When a session begins, and how long afterwards nobody is late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Start {
    /// The beginning.
    pub at: Timestamp,
    /// The time of grace.
    pub grace: Duration,
}

/// The ids of events that are taken back. A void that is itself void takes nothing back.
pub fn voided<I: Ord + Copy>(events: &[Event<I>]) -> BTreeSet<I> {
    let mut voids: Vec<&Event<I>> = events.iter().filter(|event| event.kind == Kind::Void).collect();
    // The later speaks first: it may take back an earlier void.
    voids.sort_by_key(|event| std::cmp::Reverse((event.at, event.id)));
    let mut out = BTreeSet::new();
    for void in voids {
        if let Some(target) = void.voids.filter(|_| !out.contains(&void.id)) {
            out.insert(target);
        }
    }
    out
}

/// How somebody stands at `until` (that instant included). `excused` says that their absence was granted before the
/// session, as the roll has it.
pub fn stand<I: Ord + Copy>(events: &[Event<I>], start: Start, until: Timestamp, excused: bool) -> Standing {
    let void = voided(events);
    let mut counted: Vec<&Event<I>> = events
        .iter()
        .filter(|event| event.kind != Kind::Void && event.at <= until && !void.contains(&event.id))
        .collect();
    counted.sort_by_key(|event| (event.at, event.id));
    let (mut inside, mut leave, mut first_in) = (false, excused, None);
    for event in counted {
        match event.kind {
            Kind::In => {
                inside = true;
                first_in = first_in.or(Some(event.at));
            }
            Kind::Out => inside = false,
            Kind::LeaveGranted => {
                inside = false;
                leave = true;
            }
            Kind::Void => {}
        }
    }
    let presence = match (inside, leave) {
        (true, _) => Presence::Present,
        (false, true) => Presence::WithLeave,
        (false, false) => Presence::WithoutLeave,
    };
    let bound = start.at.checked_add(jiff::SignedDuration::try_from(start.grace).unwrap_or_default());
    let late = first_in.is_some_and(|first| bound.is_ok_and(|bound| first > bound));
    Standing { presence, first_in, late }
}

/// The counts of a hall or a group.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Triệu tập.
    pub summoned: u64,
    /// Có mặt.
    pub present: u64,
    /// Vắng có lý do.
    pub with_leave: u64,
    /// Vắng không lý do.
    pub without_leave: u64,
    /// Of those present, how many came late.
    pub late: u64,
}

impl Tally {
    /// Counts one more.
    pub fn add(&mut self, standing: &Standing) {
        self.summoned += 1;
        match standing.presence {
            Presence::Present => {
                self.present += 1;
                self.late += u64::from(standing.late);
            }
            Presence::WithLeave => self.with_leave += 1,
            Presence::WithoutLeave => self.without_leave += 1,
        }
    }
}

/// Counts by a key, and in all.
pub fn tally<K: Ord>(all: impl IntoIterator<Item = (K, Standing)>) -> (BTreeMap<K, Tally>, Tally) {
    let mut parts: BTreeMap<K, Tally> = BTreeMap::new();
    let mut whole = Tally::default();
    for (key, standing) in all {
        parts.entry(key).or_default().add(&standing);
        whole.add(&standing);
    }
    (parts, whole)
}
