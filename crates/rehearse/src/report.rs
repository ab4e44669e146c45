//! What was slow, lost or wrong; and the picture of the moment for whoever watches.

use std::{collections::BTreeMap, fmt::Write as _, time::Duration};

use serde::Serialize;

/// A verdict should be there within this: 300 ms end to end at the lane.
pub const GOAL: Duration = Duration::from_millis(300);

/// What was wrong: the account and the server differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Wrong {
    /// The code of the person; empty for a code of nobody.
    pub person: String,
    /// The lane; empty for a count.
    pub lane: String,
    /// What was asked: a scan, a merge, a count, a conflict.
    pub what: String,
    /// What should have been said.
    pub expected: String,
    /// What was said.
    pub got: String,
}

/// Times of one kind of request, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Times {
    /// How many.
    pub count: usize,
    /// The middle one.
    pub p50: f64,
    /// The slowest but one in twenty.
    pub p95: f64,
    /// The slowest but one in a hundred.
    pub p99: f64,
    /// The slowest.
    pub max: f64,
    /// How many took longer than the goal.
    pub over_goal: usize,
}

impl Times {
    /// Of times in any order.
    pub fn of(times: &[Duration]) -> Self {
        let mut sorted = times.to_vec();
        sorted.sort_unstable();
        let at = |share: usize| {
            let place = (sorted.len().saturating_sub(1) * share).div_ceil(100);
            sorted.get(place).map_or(0.0, ms)
        };
        Self {
            count: sorted.len(),
            p50: at(50),
            p95: at(95),
            p99: at(99),
            max: at(100),
            over_goal: sorted.iter().filter(|time| **time > GOAL).count(),
        }
    }
}

fn ms(time: &Duration) -> f64 {
    (time.as_secs_f64() * 100_000.0).round() / 100.0
}

/// One lane at the end.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LaneReport {
    /// Its gate.
    pub gate: String,
    /// Its number.
    pub lane: u16,
    /// People it took.
    pub served: u64,
    /// The longest queue before it.
    pub longest_queue: usize,
    /// The longest wait in it, in seconds of the plan.
    pub longest_wait_s: f64,
    /// How long it was without a network, in seconds.
    pub offline_s: f64,
    /// Scans it decided alone and sent later.
    pub merged: u64,
}

/// The whole of a rehearsal.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// The server.
    pub server: String,
    /// The session that was made for it.
    pub session: String,
    /// The seed of the plan.
    pub seed: u64,
    /// People with a badge that opens.
    pub people: usize,
    /// How long the arrivals last in the plan, in minutes.
    pub minutes: f64,
    /// How long they took, in seconds.
    pub took_s: f64,
    /// Scans that were answered.
    pub scans: u64,
    /// Scans a second.
    pub rate: f64,
    /// Requests sent again, because they or their answers were lost.
    pub retried: u64,
    /// How often each verdict was said.
    pub verdicts: BTreeMap<String, u64>,
    /// Times by kind of request.
    pub slow: BTreeMap<String, Times>,
    /// Bytes of the whole list that a lane carries, and how many people it has.
    pub list: (usize, usize),
    /// The lanes.
    pub lanes: Vec<LaneReport>,
    /// People inside at the end: as they should be, as the server counts.
    pub present: (u64, u64),
    /// Conflicts: as they should be, as the server lists.
    pub conflicts: (u64, u64),
    /// Scans that were acknowledged and are not there.
    pub lost: Vec<Wrong>,
    /// Where the account and the server differ.
    pub wrong: Vec<Wrong>,
    /// People of whom nobody can be sure: a scan of theirs got no answer and was decided elsewhere.
    pub unsure: u64,
    /// What could not be played, as sentences.
    pub notes: Vec<String>,
}

impl Report {
    /// Whether nothing was lost or wrong.
    pub fn is_sound(&self) -> bool {
        self.lost.is_empty() && self.wrong.is_empty()
    }

    /// As text for a terminal.
    pub fn text(&self) -> String {
        let mut out = String::new();
        let mut line = |text: String| {
            let _ = writeln!(out, "{text}");
        };
        line(format!(
            "rehearsal of {} people at {} lanes, seed {}, against {} (session {})",
            self.people,
            self.lanes.len(),
            self.seed,
            self.server,
            self.session
        ));
        line(format!(
            "{:.0} minutes of arrivals in {:.1} s: {} scans, {:.0}/s, {} sent again after a lost packet",
            self.minutes, self.took_s, self.scans, self.rate, self.retried
        ));
        let said: Vec<String> = self.verdicts.iter().map(|(name, count)| format!("{name} {count}")).collect();
        line(format!("verdicts: {}", said.join(", ")));
        line(format!("list of a lane: {} people, {} bytes", self.list.1, self.list.0));
        line(String::new());
        line(format!("SLOW (goal for a verdict: {} ms)", GOAL.as_millis()));
        for (kind, times) in &self.slow {
            line(format!(
                "  {kind:<10} {:>7}   p50 {:>8.2} ms   p95 {:>8.2} ms   p99 {:>8.2} ms   max {:>8.2} ms   over the goal {}",
                times.count, times.p50, times.p95, times.p99, times.max, times.over_goal
            ));
        }
        line(format!("LOST {}", self.lost.len()));
        for one in &self.lost {
            line(show(one));
        }
        line(format!("WRONG {}", self.wrong.len()));
        for one in self.wrong.iter().take(50) {
            line(show(one));
        }
        if self.wrong.len() > 50 {
            line(format!("  … and {} more", self.wrong.len() - 50));
        }
        line(format!("inside at the end: {} expected, {} counted", self.present.0, self.present.1));
        line(format!("conflicts: {} expected, {} listed", self.conflicts.0, self.conflicts.1));
        line(String::new());
        line("QUEUES".to_owned());
        for lane in &self.lanes {
            line(format!(
                "  lane {:>2}   {:>5} people   longest queue {:>4}   longest wait {:>6.0} s   offline {:>4.0} s   merged {:>4}",
                lane.lane, lane.served, lane.longest_queue, lane.longest_wait_s, lane.offline_s, lane.merged
            ));
        }
        for note in &self.notes {
            line(format!("note: {note}"));
        }
        out.trim_end().to_owned()
    }
}

fn show(one: &Wrong) -> String {
    let person = if one.person.is_empty() { "-" } else { &one.person };
    let lane = if one.lane.is_empty() { "-" } else { &one.lane };
    format!("  {person} at {lane}: {}: expected {}, got {}", one.what, one.expected, one.got)
}

/// How a lane is with the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Net {
    /// The server decides.
    #[default]
    Online,
    /// Just cut off: waits until the server has noticed.
    Waiting,
    /// Decides alone.
    Alone,
}

/// One lane at a moment.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct LanePicture {
    /// Its number.
    pub lane: u16,
    /// The network.
    pub net: Net,
    /// People before it.
    pub queue: usize,
    /// The longest queue so far.
    pub longest_queue: usize,
    /// The longest wait so far, in seconds of the plan.
    pub longest_wait_s: u64,
    /// People it took.
    pub served: u64,
    /// Scans that it will send when it is back.
    pub pending: usize,
    /// The last verdict.
    pub last: String,
    /// How long the last answer took, in milliseconds.
    pub last_ms: u64,
}

/// The moment of a rehearsal.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Picture {
    /// Seconds of the plan since the doors opened.
    pub elapsed_s: u64,
    /// Seconds that the arrivals last in the plan.
    pub length_s: u64,
    /// People who will come.
    pub people: usize,
    /// People who came.
    pub arrived: usize,
    /// People inside, by the account.
    pub inside: u64,
    /// People inside, as the server counts them.
    pub counted: Option<u64>,
    /// Scans that were answered.
    pub scans: u64,
    /// The slowest answer but one in twenty, in milliseconds.
    pub p95_ms: u64,
    /// Requests sent again.
    pub retried: u64,
    /// The lanes.
    pub lanes: Vec<LanePicture>,
    /// What was wrong, the newest first.
    pub wrong: Vec<Wrong>,
    /// How much was wrong.
    pub wrong_count: usize,
    /// Acknowledged and lost.
    pub lost_count: usize,
    /// Whether it is over.
    pub done: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_the_sorted_times() {
        let times: Vec<Duration> = (1..=400).rev().map(Duration::from_millis).collect();
        let found = Times::of(&times);
        assert_eq!((found.count, found.over_goal), (400, 100));
        assert!((found.p50 - 201.0).abs() < 1.5 && (found.p99 - 396.0).abs() < 1.5, "{found:?}");
        assert!((found.max - 400.0).abs() < f64::EPSILON);
        assert_eq!(Times::of(&[]).count, 0);
    }
}
