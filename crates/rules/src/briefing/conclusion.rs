//! A numbered conclusion: what becomes of it, what it still lacks before it can be signed, and how the receipt of
//! what it ordered is measured (preparation reference 1.4, 1.5 and (a) C27).

use std::fmt;
use std::str::FromStr;

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use crate::calendar::WorkCalendar;
use crate::dates::Deadline;
use crate::message::{Arg, Args};
use crate::state::{TaskState, UnknownName};

/// What becomes of a conclusion: exactly one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Disposition {
    /// *Giao nhiệm vụ*: creates a task.
    #[serde(rename = "nhiem_vu")]
    Create,
    /// *Sửa nhiệm vụ*: amends a task.
    #[serde(rename = "sua_nhiem_vu")]
    Amend,
    /// *Lùi hạn*: moves a deadline.
    #[serde(rename = "lui_han")]
    Extend,
    /// *Không phát sinh nhiệm vụ*.
    #[serde(rename = "khong_phat_sinh")]
    Nothing,
}

impl Disposition {
    /// Every disposition, in the order of the number keys 1–4.
    pub const ALL: [Self; 4] = [Self::Create, Self::Amend, Self::Extend, Self::Nothing];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "nhiem_vu",
            Self::Amend => "sua_nhiem_vu",
            Self::Extend => "lui_han",
            Self::Nothing => "khong_phat_sinh",
        }
    }

    /// Message key of the disposition's name.
    pub fn key(self) -> &'static str {
        match self {
            Self::Create => "briefing-disposition-nhiem_vu",
            Self::Amend => "briefing-disposition-sua_nhiem_vu",
            Self::Extend => "briefing-disposition-lui_han",
            Self::Nothing => "briefing-disposition-khong_phat_sinh",
        }
    }
}

impl fmt::Display for Disposition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Disposition {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        Self::ALL.into_iter().find(|d| d.as_str() == name).ok_or_else(|| UnknownName(name.to_owned()))
    }
}

/// The task that a conclusion amends or extends, as it stands now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// Its state.
    pub state: TaskState,
    /// Its deadline in force.
    pub due: Option<Deadline>,
}

/// What a conclusion says, as far as the rule cares.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said<'a> {
    /// The sentence that is printed.
    pub text: &'a str,
    /// What becomes of it.
    pub disposition: Option<Disposition>,
    /// How many units are named as leading.
    pub lead_units: usize,
    /// The deadlines that it names and that are not milestones.
    pub deadlines: &'a [Deadline],
    /// The task that it is about, when it amends or extends one.
    pub target: Option<Target>,
    /// Whether an amendment changes anything.
    pub amends: bool,
}

/// What keeps a conclusion from being signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// Nothing is written.
    Empty,
    /// It does not say what becomes of it.
    NoDisposition,
    /// A task without the unit that leads it.
    NoUnit,
    /// A task with more than one leading unit.
    ManyUnits {
        /// How many.
        units: usize,
    },
    /// A task or an extension without a deadline.
    NoDeadline,
    /// More than one deadline: it is more than one conclusion, or all but the last are milestones.
    ManyDeadlines {
        /// The deadlines, in order.
        deadlines: Vec<Deadline>,
    },
    /// A deadline before the meeting.
    PastDeadline {
        /// The deadline.
        due: Deadline,
    },
    /// It amends or extends a task and does not say which.
    NoTask,
    /// The task is finished or cancelled, or not yet assigned for an extension.
    TaskNotOpen {
        /// Its state.
        state: TaskState,
    },
    /// The task has no deadline to move.
    TaskUndated,
    /// The new deadline is not later than the one in force.
    NotLater {
        /// The deadline in force.
        due: Deadline,
    },
    /// An amendment that changes nothing.
    NothingAmended,
    /// The amended task would no longer be clear in all six rõ.
    Unclear {
        /// How many of the six would be.
        clear: u8,
    },
    /// The chair may not decide about this task.
    NotApprover,
}

impl Problem {
    /// Every key that [`Problem::key`] can give.
    pub const KEYS: &'static [&'static str] = &[
        "briefing-problem-empty",
        "briefing-problem-no-disposition",
        "briefing-problem-no-unit",
        "briefing-problem-many-units",
        "briefing-problem-no-deadline",
        "briefing-problem-many-deadlines",
        "briefing-problem-past-deadline",
        "briefing-problem-no-task",
        "briefing-problem-task-not-open",
        "briefing-problem-task-undated",
        "briefing-problem-not-later",
        "briefing-problem-nothing-amended",
        "briefing-problem-unclear",
        "briefing-problem-not-approver",
    ];

    /// Message key.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Empty => "briefing-problem-empty",
            Self::NoDisposition => "briefing-problem-no-disposition",
            Self::NoUnit => "briefing-problem-no-unit",
            Self::ManyUnits { .. } => "briefing-problem-many-units",
            Self::NoDeadline => "briefing-problem-no-deadline",
            Self::ManyDeadlines { .. } => "briefing-problem-many-deadlines",
            Self::PastDeadline { .. } => "briefing-problem-past-deadline",
            Self::NoTask => "briefing-problem-no-task",
            Self::TaskNotOpen { .. } => "briefing-problem-task-not-open",
            Self::TaskUndated => "briefing-problem-task-undated",
            Self::NotLater { .. } => "briefing-problem-not-later",
            Self::NothingAmended => "briefing-problem-nothing-amended",
            Self::Unclear { .. } => "briefing-problem-unclear",
            Self::NotApprover => "briefing-problem-not-approver",
        }
    }

    /// Message arguments: `units`, `deadlines`, `due`, `state`.
    pub fn args(&self) -> Args {
        let day = |due: &Deadline| ("due", Arg::Text(due.format_vn()));
        match self {
            Self::ManyUnits { units } => {
                vec![("units", Arg::Number(i64::try_from(*units).unwrap_or(i64::MAX)))]
            }
            Self::ManyDeadlines { deadlines } => {
                let all: Vec<String> = deadlines.iter().map(Deadline::format_vn).collect();
                let number = i64::try_from(deadlines.len()).unwrap_or(i64::MAX);
                vec![("number", Arg::Number(number)), ("deadlines", Arg::Text(all.join("; ")))]
            }
            Self::PastDeadline { due } | Self::NotLater { due } => vec![day(due)],
            Self::TaskNotOpen { state } => vec![("state", Arg::Text(state.as_str().to_owned()))],
            Self::Unclear { clear } => vec![("clear", Arg::Number(i64::from(*clear)))],
            _ => Vec::new(),
        }
    }
}

/// Everything that keeps a conclusion from being signed; empty when nothing does. `held` is when the meeting is
/// held.
pub fn problems(said: &Said<'_>, held: DateTime) -> Vec<Problem> {
    let mut found = Vec::new();
    if said.text.trim().is_empty() {
        found.push(Problem::Empty);
    }
    let Some(disposition) = said.disposition else {
        found.push(Problem::NoDisposition);
        deadlines(said, held, &mut found);
        return found;
    };
    match disposition {
        Disposition::Create => {
            match said.lead_units {
                0 => found.push(Problem::NoUnit),
                1 => {}
                units => found.push(Problem::ManyUnits { units }),
            }
            if said.deadlines.is_empty() {
                found.push(Problem::NoDeadline);
            }
            deadlines(said, held, &mut found);
        }
        Disposition::Amend => {
            match said.target {
                None => found.push(Problem::NoTask),
                Some(target) if target.state.is_settled() => {
                    found.push(Problem::TaskNotOpen { state: target.state });
                }
                Some(_) => {}
            }
            if !said.amends {
                found.push(Problem::NothingAmended);
            }
        }
        Disposition::Extend => extend(said, held, &mut found),
        Disposition::Nothing => {}
    }
    found
}

fn deadlines(said: &Said<'_>, held: DateTime, found: &mut Vec<Problem>) {
    if said.deadlines.len() > 1 {
        found.push(Problem::ManyDeadlines { deadlines: said.deadlines.to_vec() });
    }
    if let Some(past) = said.deadlines.iter().find(|due| due.is_past(held)) {
        found.push(Problem::PastDeadline { due: *past });
    }
}

fn extend(said: &Said<'_>, held: DateTime, found: &mut Vec<Problem>) {
    match said.deadlines {
        [] => found.push(Problem::NoDeadline),
        _ => deadlines(said, held, found),
    }
    let Some(target) = said.target else {
        found.push(Problem::NoTask);
        return;
    };
    if !target.state.is_running() {
        found.push(Problem::TaskNotOpen { state: target.state });
        return;
    }
    match (target.due, said.deadlines) {
        (None, _) => found.push(Problem::TaskUndated),
        (Some(due), [to]) if *to <= due => found.push(Problem::NotLater { due }),
        _ => {}
    }
}

/// How the receipt of an assigned task stands: at most one working day (preparation reference 1.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Receipt {
    /// Confirmed within one working day.
    InTime,
    /// Confirmed later.
    Late,
    /// Not confirmed; the working day is not over.
    Waiting,
    /// Not confirmed; the working day is over.
    Missing,
}

impl Receipt {
    /// Every standing.
    pub const ALL: [Self; 4] = [Self::InTime, Self::Late, Self::Waiting, Self::Missing];

    /// Stable machine name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InTime => "in_time",
            Self::Late => "late",
            Self::Waiting => "waiting",
            Self::Missing => "missing",
        }
    }

    /// Message key.
    pub fn key(self) -> &'static str {
        match self {
            Self::InTime => "briefing-receipt-in_time",
            Self::Late => "briefing-receipt-late",
            Self::Waiting => "briefing-receipt-waiting",
            Self::Missing => "briefing-receipt-missing",
        }
    }
}

/// How the receipt stands now: the end of the first working day after the assignment is the limit.
pub fn receipt(
    calendar: &WorkCalendar,
    assigned: DateTime,
    acknowledged: Option<DateTime>,
    now: DateTime,
) -> Receipt {
    let limit = calendar.add_working_days(assigned.date(), 1);
    match acknowledged {
        Some(at) if at.date() <= limit => Receipt::InTime,
        Some(_) => Receipt::Late,
        None if now.date() <= limit => Receipt::Waiting,
        None => Receipt::Missing,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const HELD: DateTime = date(2025, 9, 26).at(16, 30, 0, 0);

    fn on(month: i8, day: i8) -> Deadline {
        Deadline::on(date(2025, month, day))
    }

    #[test]
    fn a_task_needs_one_unit_and_one_deadline() {
        let (one, two) = ([on(9, 30)], [on(9, 30), on(10, 3)]);
        let said = Said {
            text: "Gửi danh sách chốt",
            disposition: Some(Disposition::Create),
            lead_units: 1,
            deadlines: &one,
            ..Said::default()
        };
        assert_eq!(problems(&said, HELD), vec![]);
        assert_eq!(problems(&Said { lead_units: 0, ..said.clone() }, HELD), vec![Problem::NoUnit]);
        assert_eq!(
            problems(&Said { lead_units: 2, ..said.clone() }, HELD),
            vec![Problem::ManyUnits { units: 2 }]
        );
        assert_eq!(problems(&Said { deadlines: &[], ..said.clone() }, HELD), vec![Problem::NoDeadline]);
        // Issue's hard case: a conclusion with two deadlines is two conclusions, or has milestones.
        assert_eq!(
            problems(&Said { deadlines: &two, ..said.clone() }, HELD),
            vec![Problem::ManyDeadlines { deadlines: two.to_vec() }]
        );
        assert_eq!(
            problems(&Said { deadlines: &[on(9, 25)], ..said }, HELD),
            vec![Problem::PastDeadline { due: on(9, 25) }]
        );
    }

    #[test]
    fn every_conclusion_says_what_becomes_of_it() {
        let said = Said { text: "Thống nhất", ..Said::default() };
        assert_eq!(problems(&said, HELD), vec![Problem::NoDisposition]);
        let nothing = Said { disposition: Some(Disposition::Nothing), ..said };
        assert_eq!(problems(&nothing, HELD), vec![]);
        assert_eq!(problems(&Said { text: " ", ..nothing }, HELD), vec![Problem::Empty]);
    }

    #[test]
    fn an_extension_moves_a_running_task_to_a_later_day() {
        let target = Target { state: TaskState::InProgress, due: Some(on(9, 30)) };
        let to = [on(10, 2)];
        let said = Said {
            text: "Đồng ý lùi hạn",
            disposition: Some(Disposition::Extend),
            deadlines: &to,
            target: Some(target),
            ..Said::default()
        };
        assert_eq!(problems(&said, HELD), vec![]);
        assert_eq!(
            problems(&Said { deadlines: &[on(9, 30)], ..said.clone() }, HELD),
            vec![Problem::NotLater { due: on(9, 30) }]
        );
        assert_eq!(problems(&Said { target: None, ..said.clone() }, HELD), vec![Problem::NoTask]);
        for state in [TaskState::Accepted, TaskState::Draft, TaskState::Paused] {
            let target = Some(Target { state, ..target });
            assert_eq!(
                problems(&Said { target, ..said.clone() }, HELD),
                vec![Problem::TaskNotOpen { state }]
            );
        }
    }

    #[test]
    fn an_amendment_changes_something_in_an_open_task() {
        let said = Said {
            text: "Sửa sản phẩm",
            disposition: Some(Disposition::Amend),
            target: Some(Target { state: TaskState::Assigned, due: None }),
            amends: true,
            ..Said::default()
        };
        assert_eq!(problems(&said, HELD), vec![]);
        assert_eq!(problems(&Said { amends: false, ..said.clone() }, HELD), vec![Problem::NothingAmended]);
        let over = Some(Target { state: TaskState::Cancelled, due: None });
        assert_eq!(
            problems(&Said { target: over, ..said }, HELD),
            vec![Problem::TaskNotOpen { state: TaskState::Cancelled }]
        );
    }

    #[test]
    fn receipt_counts_one_working_day_over_the_weekend() {
        let calendar = WorkCalendar::default();
        let friday = date(2025, 9, 26).at(17, 30, 0, 0);
        let monday = date(2025, 9, 29);
        assert_eq!(
            receipt(&calendar, friday, Some(monday.at(16, 0, 0, 0)), monday.at(17, 0, 0, 0)),
            Receipt::InTime
        );
        assert_eq!(receipt(&calendar, friday, None, monday.at(17, 0, 0, 0)), Receipt::Waiting);
        let tuesday = date(2025, 9, 30).at(8, 0, 0, 0);
        assert_eq!(receipt(&calendar, friday, None, tuesday), Receipt::Missing);
        assert_eq!(receipt(&calendar, friday, Some(tuesday), tuesday), Receipt::Late);
    }
}
