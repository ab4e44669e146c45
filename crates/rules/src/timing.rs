//! The light of a task: derived from its dates and state at the moment of asking, never stored
//! (preparation reference 1.4).

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use crate::dates::Deadline;
use crate::state::{TaskState, UnknownName};

/// The derived timing of a task. Serialised under the names of the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Timing {
    /// More days left than the threshold.
    #[serde(rename = "chua_den_han")]
    NotYet,
    /// At least one day left, at most the threshold, or in the last part of the duration.
    #[serde(rename = "sap_den_han")]
    DueSoon,
    /// Due today, and the hour, if there is one, has not passed.
    #[serde(rename = "den_han_hom_nay")]
    DueToday,
    /// Past the deadline in force and not accepted.
    #[serde(rename = "qua_han")]
    Overdue,
    /// Accepted on a day before the deadline in force.
    #[serde(rename = "hoan_thanh_truoc_han")]
    DoneEarly,
    /// Accepted on the day of the deadline in force, not after its hour.
    #[serde(rename = "hoan_thanh_dung_han")]
    DoneOnTime,
    /// Accepted after the deadline in force.
    #[serde(rename = "hoan_thanh_tre_han")]
    DoneLate,
    /// Paused.
    #[serde(rename = "tam_dung")]
    Paused,
    /// Cancelled.
    #[serde(rename = "huy")]
    Cancelled,
    /// No deadline.
    #[serde(rename = "chua_co_han")]
    Undated,
}

impl Timing {
    /// Every timing, in the order of the legend.
    pub const ALL: [Self; 10] = [
        Self::NotYet,
        Self::DueSoon,
        Self::DueToday,
        Self::Overdue,
        Self::DoneEarly,
        Self::DoneOnTime,
        Self::DoneLate,
        Self::Paused,
        Self::Cancelled,
        Self::Undated,
    ];

    /// The stable name, e.g. `sap_den_han`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotYet => "chua_den_han",
            Self::DueSoon => "sap_den_han",
            Self::DueToday => "den_han_hom_nay",
            Self::Overdue => "qua_han",
            Self::DoneEarly => "hoan_thanh_truoc_han",
            Self::DoneOnTime => "hoan_thanh_dung_han",
            Self::DoneLate => "hoan_thanh_tre_han",
            Self::Paused => "tam_dung",
            Self::Cancelled => "huy",
            Self::Undated => "chua_co_han",
        }
    }

    /// Message key of the timing's name.
    pub fn key(self) -> &'static str {
        match self {
            Self::NotYet => "timing-chua_den_han",
            Self::DueSoon => "timing-sap_den_han",
            Self::DueToday => "timing-den_han_hom_nay",
            Self::Overdue => "timing-qua_han",
            Self::DoneEarly => "timing-hoan_thanh_truoc_han",
            Self::DoneOnTime => "timing-hoan_thanh_dung_han",
            Self::DoneLate => "timing-hoan_thanh_tre_han",
            Self::Paused => "timing-tam_dung",
            Self::Cancelled => "timing-huy",
            Self::Undated => "timing-chua_co_han",
        }
    }

    /// Whether the result has been accepted.
    pub fn is_done(self) -> bool {
        matches!(self, Self::DoneEarly | Self::DoneOnTime | Self::DoneLate)
    }

    /// Whether a leader should look: overdue, due today or soon, or without a deadline
    /// (the *cần chú ý* list of preparation reference 1.2).
    pub fn needs_attention(self) -> bool {
        matches!(self, Self::Overdue | Self::DueToday | Self::DueSoon | Self::Undated)
    }
}

impl fmt::Display for Timing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Timing {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        Self::ALL.into_iter().find(|t| t.as_str() == name).ok_or_else(|| UnknownName(name.to_owned()))
    }
}

/// A whole percentage, 0 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Percent(u8);

impl Percent {
    /// `None` above 100.
    pub const fn new(value: u8) -> Option<Self> {
        if value <= 100 { Some(Self(value)) } else { None }
    }

    /// The number, 0 to 100.
    pub const fn get(self) -> u8 {
        self.0
    }
}

impl TryFrom<u8> for Percent {
    type Error = UnknownName;

    fn try_from(value: u8) -> Result<Self, UnknownName> {
        Self::new(value).ok_or_else(|| UnknownName(value.to_string()))
    }
}

impl From<Percent> for u8 {
    fn from(value: Percent) -> Self {
        value.0
    }
}

/// When a deadline counts as near.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimingRule {
    /// Days before the deadline from which a task is due soon. Default 7.
    pub threshold_days: u16,
    /// If set, a task is also due soon in this last part of its duration (e.g. 20 %).
    pub last_fraction: Option<Percent>,
}

impl Default for TimingRule {
    fn default() -> Self {
        Self { threshold_days: 7, last_fraction: None }
    }
}

/// The facts that decide the timing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimingInput {
    /// Stored state.
    pub state: TaskState,
    /// First day of the work, if planned.
    pub start: Option<Date>,
    /// Deadline in force, after approved extensions.
    pub due: Option<Deadline>,
    /// When the result was accepted, local time; read for accepted tasks alone.
    pub accepted_at: Option<DateTime>,
}

/// A timing with its distance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Timed {
    /// The timing.
    pub timing: Timing,
    /// Calendar days: deadline − today while open (negative when overdue), acceptance − deadline
    /// when done (negative when early), 0 without a deadline. A deadline missed by hours has 0.
    pub days: i32,
}

/// Decides the timing at `as_of` (local time of the congress).
///
/// Order of the rules: cancelled, paused, accepted, no deadline, overdue, today, soon, not yet.
/// An accepted task that never had a deadline cannot be late and counts as on time; one whose
/// moment of acceptance is missing is taken as accepted now, so that a gap in the record never
/// makes a number look better.
pub fn timing(input: &TimingInput, as_of: DateTime, rule: &TimingRule) -> Timed {
    let today = as_of.date();
    let left = input.due.map(|due| days_between(today, due.date));
    let open = |timing| Timed { timing, days: left.unwrap_or(0) };
    match input.state {
        TaskState::Cancelled => return open(Timing::Cancelled),
        TaskState::Paused => return open(Timing::Paused),
        TaskState::Accepted => {
            let Some(due) = input.due else {
                return open(Timing::DoneOnTime);
            };
            let accepted = input.accepted_at.unwrap_or(as_of);
            let days = days_between(due.date, accepted.date());
            let timing = if due.is_past(accepted) {
                Timing::DoneLate
            } else if days < 0 {
                Timing::DoneEarly
            } else {
                Timing::DoneOnTime
            };
            return Timed { timing, days };
        }
        _ => {}
    }
    let (Some(due), Some(left)) = (input.due, left) else {
        return open(Timing::Undated);
    };
    if due.is_past(as_of) {
        open(Timing::Overdue)
    } else if left == 0 {
        open(Timing::DueToday)
    } else if left <= i32::from(rule.threshold_days) || in_last_part(input.start, due, left, rule) {
        open(Timing::DueSoon)
    } else {
        open(Timing::NotYet)
    }
}

fn in_last_part(start: Option<Date>, due: Deadline, left: i32, rule: &TimingRule) -> bool {
    let (Some(start), Some(percent)) = (start, rule.last_fraction) else {
        return false;
    };
    let duration = i64::from(days_between(start, due.date));
    duration > 0 && i64::from(left) * 100 <= duration * i64::from(percent.get())
}

/// Calendar days from `from` to `to`; negative when `to` is earlier.
pub fn days_between(from: Date, to: Date) -> i32 {
    // Two supported dates are at most 7.4 million days apart.
    let days = from.duration_until(to).as_hours() / 24;
    i32::try_from(days).unwrap_or(if days < 0 { i32::MIN } else { i32::MAX })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use jiff::civil::{date, time};

    fn now() -> DateTime {
        date(2025, 9, 26).at(16, 0, 0, 0)
    }

    fn open(due: impl Into<Deadline>) -> TimingInput {
        TimingInput {
            state: TaskState::InProgress,
            start: Some(date(2025, 9, 1)),
            due: Some(due.into()),
            accepted_at: None,
        }
    }

    #[test]
    fn open_tasks() {
        let rule = TimingRule::default();
        for (due, timing, days) in [
            (date(2025, 9, 25), Timing::Overdue, -1),
            (date(2025, 9, 26), Timing::DueToday, 0),
            (date(2025, 9, 27), Timing::DueSoon, 1),
            (date(2025, 10, 3), Timing::DueSoon, 7),
            (date(2025, 10, 4), Timing::NotYet, 8),
        ] {
            assert_eq!(super::timing(&open(due), now(), &rule), Timed { timing, days });
        }
    }

    #[test]
    fn the_hour_counts_on_the_day() {
        let rule = TimingRule::default();
        let due = |h, m| Deadline::at(date(2025, 9, 26), time(h, m, 0, 0));
        assert_eq!(timing(&open(due(15, 59)), now(), &rule).timing, Timing::Overdue);
        assert_eq!(timing(&open(due(16, 0)), now(), &rule).timing, Timing::DueToday);
        let mut done = open(due(15, 0));
        done.state = TaskState::Accepted;
        done.accepted_at = Some(now());
        assert_eq!(timing(&done, now(), &rule), Timed { timing: Timing::DoneLate, days: 0 });
        done.accepted_at = Some(date(2025, 9, 26).at(14, 0, 0, 0));
        assert_eq!(timing(&done, now(), &rule).timing, Timing::DoneOnTime);
    }

    #[test]
    fn done_paused_cancelled_undated() {
        let rule = TimingRule::default();
        let mut t = open(date(2025, 9, 20));
        t.state = TaskState::Accepted;
        for (accepted, want, days) in [
            (date(2025, 9, 19), Timing::DoneEarly, -1),
            (date(2025, 9, 20), Timing::DoneOnTime, 0),
            (date(2025, 9, 23), Timing::DoneLate, 3),
        ] {
            t.accepted_at = Some(accepted.at(23, 0, 0, 0));
            assert_eq!(timing(&t, now(), &rule), Timed { timing: want, days });
        }
        t.accepted_at = None;
        assert_eq!(timing(&t, now(), &rule).timing, Timing::DoneLate, "a gap never flatters");
        t.due = None;
        assert_eq!(timing(&t, now(), &rule), Timed { timing: Timing::DoneOnTime, days: 0 });
        t.state = TaskState::InProgress;
        assert_eq!(timing(&t, now(), &rule).timing, Timing::Undated);
        t.state = TaskState::Paused;
        assert_eq!(timing(&t, now(), &rule).timing, Timing::Paused);
        t.state = TaskState::Cancelled;
        assert_eq!(timing(&t, now(), &rule).timing, Timing::Cancelled);
    }

    #[test]
    fn the_last_fifth_of_a_long_task() {
        let rule = TimingRule { threshold_days: 7, last_fraction: Percent::new(20) };
        let mut t = open(date(2025, 10, 6));
        t.start = Some(date(2025, 8, 17)); // 50 days; the last fifth is 10
        assert_eq!(timing(&t, now(), &rule).timing, Timing::DueSoon);
        t.start = Some(date(2025, 8, 18)); // 49 days
        assert_eq!(timing(&t, now(), &rule).timing, Timing::NotYet);
        t.start = Some(date(2025, 12, 1)); // nonsense start never divides by nothing
        assert_eq!(timing(&t, now(), &rule).timing, Timing::NotYet);
        assert_eq!(Percent::new(101), None);
    }

    #[test]
    fn names_round_trip() {
        for t in Timing::ALL {
            assert_eq!(t.as_str().parse::<Timing>().unwrap(), t);
            assert_eq!(serde_json::to_string(&t).unwrap(), format!("\"{t}\""));
            assert_eq!(t.key(), format!("timing-{t}"));
        }
    }
}
