//! The life of one meeting, from plan to notice (preparation reference (b), `meeting.state`).
//!
//! ```text
//! planned → frozen → running → awaiting signature → signed → announced
//!    │         │        ↑______________↓ reopen
//!    └── cancel┘
//! ```

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::state::UnknownName;

/// Where a meeting stands. Serialised under the names of the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Meeting {
    /// *Dự kiến*: the day is known.
    #[serde(rename = "du_kien")]
    Planned,
    /// *Chốt số liệu*: the figures are frozen, the agenda has filled itself.
    #[serde(rename = "chot_so_lieu")]
    Frozen,
    /// *Đang họp*.
    #[serde(rename = "dang_hop")]
    Running,
    /// *Chờ ký*: the secretary has closed the minutes.
    #[serde(rename = "cho_ky")]
    AwaitingSignature,
    /// *Đã ký*: the minutes never change again.
    #[serde(rename = "da_ky")]
    Signed,
    /// *Đã ban hành thông báo kết luận*.
    #[serde(rename = "da_ban_hanh")]
    Announced,
    /// *Không tổ chức*.
    #[serde(rename = "huy")]
    Cancelled,
}

impl Meeting {
    /// Every state, in the order of the loop.
    pub const ALL: [Self; 7] = [
        Self::Planned,
        Self::Frozen,
        Self::Running,
        Self::AwaitingSignature,
        Self::Signed,
        Self::Announced,
        Self::Cancelled,
    ];

    /// The stored name, e.g. `cho_ky`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "du_kien",
            Self::Frozen => "chot_so_lieu",
            Self::Running => "dang_hop",
            Self::AwaitingSignature => "cho_ky",
            Self::Signed => "da_ky",
            Self::Announced => "da_ban_hanh",
            Self::Cancelled => "huy",
        }
    }

    /// Message key of the state's name.
    pub fn key(self) -> &'static str {
        match self {
            Self::Planned => "briefing-state-du_kien",
            Self::Frozen => "briefing-state-chot_so_lieu",
            Self::Running => "briefing-state-dang_hop",
            Self::AwaitingSignature => "briefing-state-cho_ky",
            Self::Signed => "briefing-state-da_ky",
            Self::Announced => "briefing-state-da_ban_hanh",
            Self::Cancelled => "briefing-state-huy",
        }
    }

    /// Whether the minutes bear the chair's signature and can no longer change.
    pub fn is_signed(self) -> bool {
        matches!(self, Self::Signed | Self::Announced)
    }

    /// Whether agenda and attendance may still be written.
    pub fn takes_agenda(self) -> bool {
        matches!(self, Self::Planned | Self::Frozen | Self::Running)
    }
}

impl fmt::Display for Meeting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Meeting {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        Self::ALL.into_iter().find(|s| s.as_str() == name).ok_or_else(|| UnknownName(name.to_owned()))
    }
}

/// A step from one state to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Planned → frozen.
    Freeze,
    /// Frozen → running.
    Open,
    /// Running → awaiting signature.
    Close,
    /// Awaiting signature → running, to correct before signing.
    Reopen,
    /// Awaiting signature → signed.
    Sign,
    /// Signed → announced.
    Announce,
    /// Planned or frozen → cancelled.
    Cancel,
}

impl Step {
    /// Every step.
    pub const ALL: [Self; 7] =
        [Self::Freeze, Self::Open, Self::Close, Self::Reopen, Self::Sign, Self::Announce, Self::Cancel];

    /// Stable machine name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Freeze => "freeze",
            Self::Open => "open",
            Self::Close => "close",
            Self::Reopen => "reopen",
            Self::Sign => "sign",
            Self::Announce => "announce",
            Self::Cancel => "cancel",
        }
    }

    /// Message key of the step's name, as it stands in a refusal.
    pub fn key(self) -> &'static str {
        match self {
            Self::Freeze => "briefing-step-freeze",
            Self::Open => "briefing-step-open",
            Self::Close => "briefing-step-close",
            Self::Reopen => "briefing-step-reopen",
            Self::Sign => "briefing-step-sign",
            Self::Announce => "briefing-step-announce",
            Self::Cancel => "briefing-step-cancel",
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Step {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        Self::ALL.into_iter().find(|s| s.as_str() == name).ok_or_else(|| UnknownName(name.to_owned()))
    }
}

/// A step that does not start from this state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("{step} is not possible from {from}")]
pub struct StepError {
    /// The state the meeting is in.
    pub from: Meeting,
    /// The step that was asked for.
    pub step: Step,
}

/// The state after a step.
///
/// # Errors
/// [`StepError`] when the step does not start there.
pub fn next(from: Meeting, step: Step) -> Result<Meeting, StepError> {
    match (step, from) {
        (Step::Freeze, Meeting::Planned) => Ok(Meeting::Frozen),
        (Step::Open, Meeting::Frozen) | (Step::Reopen, Meeting::AwaitingSignature) => Ok(Meeting::Running),
        (Step::Close, Meeting::Running) => Ok(Meeting::AwaitingSignature),
        (Step::Sign, Meeting::AwaitingSignature) => Ok(Meeting::Signed),
        (Step::Announce, Meeting::Signed) => Ok(Meeting::Announced),
        (Step::Cancel, Meeting::Planned | Meeting::Frozen) => Ok(Meeting::Cancelled),
        _ => Err(StepError { from, step }),
    }
}

/// The steps that start from a state.
pub fn steps_from(from: Meeting) -> Vec<Step> {
    Step::ALL.into_iter().filter(|step| next(from, *step).is_ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loop_goes_one_way_and_back_only_before_the_signature() {
        use Meeting::*;
        let table: &[(Meeting, &[Step])] = &[
            (Planned, &[Step::Freeze, Step::Cancel]),
            (Frozen, &[Step::Open, Step::Cancel]),
            (Running, &[Step::Close]),
            (AwaitingSignature, &[Step::Reopen, Step::Sign]),
            (Signed, &[Step::Announce]),
            (Announced, &[]),
            (Cancelled, &[]),
        ];
        for (from, steps) in table {
            assert_eq!(steps_from(*from), *steps, "{from}");
        }
        assert_eq!(table.len(), Meeting::ALL.len());
    }

    #[test]
    fn names_come_back() {
        for state in Meeting::ALL {
            assert_eq!(state.as_str().parse(), Ok(state));
            assert!(state.key().ends_with(state.as_str()));
        }
        for step in Step::ALL {
            assert_eq!(step.as_str().parse(), Ok(step));
            assert!(step.key().ends_with(step.as_str()));
        }
    }
}
