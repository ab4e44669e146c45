//! The agenda that fills itself: each task that a leader must look at stands once, with every reason
//! (preparation reference 1.5 and (a) C26: reds, yellows, asks).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::state::{TaskState, UnknownName};
use crate::timing::Timing;

/// Why something stands on the agenda, the most pressing first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Reason {
    /// *Quá hạn*: red.
    #[serde(rename = "qua_han")]
    Overdue,
    /// *Yêu cầu bổ sung*: the result came back.
    #[serde(rename = "tra_lai")]
    Returned,
    /// *Chưa tiếp nhận*: assigned more than one working day ago, receipt not confirmed.
    #[serde(rename = "chua_tiep_nhan")]
    Unacknowledged,
    /// *Xin lùi hạn*: a request waits for a decision.
    #[serde(rename = "xin_lui_han")]
    ExtensionWaiting,
    /// *Kiến nghị*: the last report asks something of the level above.
    #[serde(rename = "kien_nghi")]
    Ask,
    /// *Đến hạn, sắp đến hạn*: yellow.
    #[serde(rename = "sap_den_han")]
    DueSoon,
    /// *Phiên trước chuyển sang*: left open last time.
    #[serde(rename = "chuyen_tiep")]
    Carried,
    /// *Bổ sung*: put there by a person.
    #[serde(rename = "them")]
    Added,
}

impl Reason {
    /// Every reason, the most pressing first.
    pub const ALL: [Self; 8] = [
        Self::Overdue,
        Self::Returned,
        Self::Unacknowledged,
        Self::ExtensionWaiting,
        Self::Ask,
        Self::DueSoon,
        Self::Carried,
        Self::Added,
    ];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Overdue => "qua_han",
            Self::Returned => "tra_lai",
            Self::Unacknowledged => "chua_tiep_nhan",
            Self::ExtensionWaiting => "xin_lui_han",
            Self::Ask => "kien_nghi",
            Self::DueSoon => "sap_den_han",
            Self::Carried => "chuyen_tiep",
            Self::Added => "them",
        }
    }

    /// Message key of the reason's name.
    pub fn key(self) -> &'static str {
        match self {
            Self::Overdue => "briefing-reason-qua_han",
            Self::Returned => "briefing-reason-tra_lai",
            Self::Unacknowledged => "briefing-reason-chua_tiep_nhan",
            Self::ExtensionWaiting => "briefing-reason-xin_lui_han",
            Self::Ask => "briefing-reason-kien_nghi",
            Self::DueSoon => "briefing-reason-sap_den_han",
            Self::Carried => "briefing-reason-chuyen_tiep",
            Self::Added => "briefing-reason-them",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Reason {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        Self::ALL.into_iter().find(|r| r.as_str() == name).ok_or_else(|| UnknownName(name.to_owned()))
    }
}

/// What the agenda needs to know of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts<K> {
    /// Which task.
    pub task: K,
    /// Its stored state.
    pub state: TaskState,
    /// Its timing at the cut-off.
    pub timing: Timing,
    /// Days to the deadline; negative when past.
    pub days: i32,
    /// Whether the last report asks something.
    pub asks: bool,
    /// Whether receipt is not confirmed after one working day.
    pub unacknowledged: bool,
    /// Whether a request to move the deadline waits.
    pub extension_waiting: bool,
    /// Whether it was left open at the meeting before.
    pub carried: bool,
}

/// Why a task stands on the agenda; empty when it need not.
pub fn reasons<K>(facts: &Facts<K>) -> Vec<Reason> {
    let open = !facts.state.is_settled();
    [
        (facts.timing == Timing::Overdue, Reason::Overdue),
        (facts.state == TaskState::Returned, Reason::Returned),
        (facts.unacknowledged, Reason::Unacknowledged),
        (facts.extension_waiting, Reason::ExtensionWaiting),
        (open && facts.asks, Reason::Ask),
        (matches!(facts.timing, Timing::DueSoon | Timing::DueToday), Reason::DueSoon),
        (facts.carried, Reason::Carried),
    ]
    .into_iter()
    .filter_map(|(holds, reason)| holds.then_some(reason))
    .collect()
}

/// The tasks of the agenda in the order in which they are taken: by the most pressing reason, then by how long
/// past or how near the deadline is, then as given.
pub fn fill<K: Copy>(tasks: impl IntoIterator<Item = Facts<K>>) -> Vec<(K, Vec<Reason>)> {
    let mut items: Vec<(Reason, i32, K, Vec<Reason>)> = tasks
        .into_iter()
        .filter_map(|facts| {
            let why = reasons(&facts);
            why.first().map(|first| (*first, facts.days, facts.task, why.clone()))
        })
        .collect();
    items.sort_by_key(|(first, days, ..)| (*first, *days));
    items.into_iter().map(|(_, _, task, why)| (task, why)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(task: &'static str, timing: Timing, days: i32) -> Facts<&'static str> {
        Facts {
            task,
            state: TaskState::InProgress,
            timing,
            days,
            asks: false,
            unacknowledged: false,
            extension_waiting: false,
            carried: false,
        }
    }

    #[test]
    fn a_task_stands_once_with_all_its_reasons_and_the_reddest_first() {
        let filled = fill([
            facts("HC-01", Timing::DueToday, 0),
            Facts { state: TaskState::Returned, asks: true, ..facts("CN-01", Timing::DueSoon, 4) },
            facts("TT-03", Timing::Overdue, -1),
            Facts { asks: true, ..facts("DB-01", Timing::Overdue, -2) },
            facts("VK-03", Timing::NotYet, 12),
        ]);
        assert_eq!(
            filled,
            vec![
                ("DB-01", vec![Reason::Overdue, Reason::Ask]),
                ("TT-03", vec![Reason::Overdue]),
                ("CN-01", vec![Reason::Returned, Reason::Ask, Reason::DueSoon]),
                ("HC-01", vec![Reason::DueSoon]),
            ]
        );
    }

    #[test]
    fn what_is_settled_asks_nothing_any_more() {
        let done = Facts { state: TaskState::Accepted, asks: true, ..facts("DD-01", Timing::DoneEarly, 1) };
        assert!(reasons(&done).is_empty());
        assert_eq!(reasons(&Facts { carried: true, ..done }), vec![Reason::Carried]);
    }

    #[test]
    fn names_come_back() {
        for reason in Reason::ALL {
            assert_eq!(reason.as_str().parse(), Ok(reason));
            assert!(reason.key().ends_with(reason.as_str()));
        }
    }
}
