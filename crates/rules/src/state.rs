//! The stored state of a task, the moves between states, and who may make them
//! (preparation reference 1.4 and part (b)).
//!
//! ```text
//! draft → proposed → assigned → acknowledged → in progress → submitted → accepted
//!   ↑__________↓ send back                          ↑  submit  ↓ return     ↓ reopen
//!                                                   |      returned         in progress
//! paused: from any assigned, unfinished state, and back to it.  cancelled: from any unfinished one.
//! ```

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The stored state of a task. Serialised under the names of the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum TaskState {
    /// *Nháp*: being written.
    #[serde(rename = "nhap")]
    Draft,
    /// *Đề xuất*: put forward for assignment.
    #[serde(rename = "de_xuat")]
    Proposed,
    /// *Đã duyệt giao*: assignment approved and published; the clock of acknowledgement runs.
    #[serde(rename = "da_duyet_giao")]
    Assigned,
    /// *Đã tiếp nhận*: the lead has confirmed receipt.
    #[serde(rename = "da_tiep_nhan")]
    Acknowledged,
    /// *Đang thực hiện*.
    #[serde(rename = "dang_thuc_hien")]
    InProgress,
    /// *Trình sản phẩm*: the result waits for acceptance.
    #[serde(rename = "trinh_san_pham")]
    Submitted,
    /// *Yêu cầu bổ sung*: the result came back with a reason; counts as not done.
    #[serde(rename = "yeu_cau_bo_sung")]
    Returned,
    /// *Hoàn thành*: the result was accepted.
    #[serde(rename = "hoan_thanh")]
    Accepted,
    /// *Tạm dừng*.
    #[serde(rename = "tam_dung")]
    Paused,
    /// *Huỷ*.
    #[serde(rename = "huy")]
    Cancelled,
}

impl TaskState {
    /// Every state, in the order of the workflow.
    pub const ALL: [Self; 10] = [
        Self::Draft,
        Self::Proposed,
        Self::Assigned,
        Self::Acknowledged,
        Self::InProgress,
        Self::Submitted,
        Self::Returned,
        Self::Accepted,
        Self::Paused,
        Self::Cancelled,
    ];

    /// The stored name, e.g. `dang_thuc_hien`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "nhap",
            Self::Proposed => "de_xuat",
            Self::Assigned => "da_duyet_giao",
            Self::Acknowledged => "da_tiep_nhan",
            Self::InProgress => "dang_thuc_hien",
            Self::Submitted => "trinh_san_pham",
            Self::Returned => "yeu_cau_bo_sung",
            Self::Accepted => "hoan_thanh",
            Self::Paused => "tam_dung",
            Self::Cancelled => "huy",
        }
    }

    /// Message key of the state's name, e.g. `state-dang_thuc_hien`.
    pub fn key(self) -> &'static str {
        match self {
            Self::Draft => "state-nhap",
            Self::Proposed => "state-de_xuat",
            Self::Assigned => "state-da_duyet_giao",
            Self::Acknowledged => "state-da_tiep_nhan",
            Self::InProgress => "state-dang_thuc_hien",
            Self::Submitted => "state-trinh_san_pham",
            Self::Returned => "state-yeu_cau_bo_sung",
            Self::Accepted => "state-hoan_thanh",
            Self::Paused => "state-tam_dung",
            Self::Cancelled => "state-huy",
        }
    }

    /// Whether nothing more is expected: accepted or cancelled.
    pub fn is_settled(self) -> bool {
        matches!(self, Self::Accepted | Self::Cancelled)
    }

    /// Whether the assignment is in force and the work not finished: what may be paused.
    pub fn is_running(self) -> bool {
        matches!(
            self,
            Self::Assigned | Self::Acknowledged | Self::InProgress | Self::Submitted | Self::Returned
        )
    }
}

impl fmt::Display for TaskState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A name that is none of the known ones.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("unknown name: {0}")]
pub struct UnknownName(pub String);

impl FromStr for TaskState {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        Self::ALL.into_iter().find(|s| s.as_str() == name).ok_or_else(|| UnknownName(name.to_owned()))
    }
}

/// A move from one state to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Move {
    /// Draft → proposed.
    Propose,
    /// Proposed → draft, to be made clearer.
    SendBack,
    /// Proposed → assigned: the assignment is approved. Refused below 6/6 by `clarity`.
    Assign,
    /// Assigned → acknowledged: receipt confirmed.
    Acknowledge,
    /// Acknowledged → in progress.
    Start,
    /// In progress or returned → submitted: the result is handed in.
    Submit,
    /// Submitted → returned, with a reason.
    Return,
    /// Submitted → accepted.
    Accept,
    /// Any running state → paused.
    Pause,
    /// Paused → the state before the pause.
    Resume,
    /// Any unfinished state → cancelled.
    Cancel,
    /// Accepted → in progress; cancelled → draft, so that it passes the clarity gate again.
    Reopen,
}

impl Move {
    /// Every move.
    pub const ALL: [Self; 12] = [
        Self::Propose,
        Self::SendBack,
        Self::Assign,
        Self::Acknowledge,
        Self::Start,
        Self::Submit,
        Self::Return,
        Self::Accept,
        Self::Pause,
        Self::Resume,
        Self::Cancel,
        Self::Reopen,
    ];

    /// Stable machine name, as in JSON and addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Propose => "propose",
            Self::SendBack => "send_back",
            Self::Assign => "assign",
            Self::Acknowledge => "acknowledge",
            Self::Start => "start",
            Self::Submit => "submit",
            Self::Return => "return",
            Self::Accept => "accept",
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Cancel => "cancel",
            Self::Reopen => "reopen",
        }
    }

    /// Message key of the button that makes the move.
    pub fn key(self) -> &'static str {
        match self {
            Self::Propose => "move-propose",
            Self::SendBack => "move-send_back",
            Self::Assign => "move-assign",
            Self::Acknowledge => "move-acknowledge",
            Self::Start => "move-start",
            Self::Submit => "move-submit",
            Self::Return => "move-return",
            Self::Accept => "move-accept",
            Self::Pause => "move-pause",
            Self::Resume => "move-resume",
            Self::Cancel => "move-cancel",
            Self::Reopen => "move-reopen",
        }
    }

    /// Whether the move must carry a written reason.
    pub fn needs_reason(self) -> bool {
        matches!(self, Self::SendBack | Self::Return | Self::Pause | Self::Cancel | Self::Reopen)
    }
}

impl fmt::Display for Move {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Move {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        Self::ALL.into_iter().find(|m| m.as_str() == name).ok_or_else(|| UnknownName(name.to_owned()))
    }
}

/// What a person is to a task. One person may be several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Keeps the plan: the office that writes and follows up the register.
    Organiser,
    /// Approves assignments and decides on pauses, cancellation and reopening.
    Approver,
    /// The one named officer who does the work.
    FocalOfficer,
    /// The one office that answers for the result.
    Accountable,
    /// The office that accepts the result.
    Acceptor,
}

/// Who may make a move. Having one of these roles is necessary; [`authorise`] adds that nobody
/// decides on their own work.
pub fn permitted(mv: Move) -> &'static [Role] {
    match mv {
        Move::Propose => &[Role::Organiser, Role::FocalOfficer, Role::Accountable],
        Move::SendBack => &[Role::Organiser, Role::Approver],
        Move::Assign => &[Role::Approver],
        Move::Acknowledge | Move::Start | Move::Submit => &[Role::FocalOfficer, Role::Accountable],
        Move::Return | Move::Accept => &[Role::Acceptor, Role::Approver],
        Move::Pause | Move::Resume | Move::Cancel | Move::Reopen => &[Role::Approver],
    }
}

/// Whether a person with these roles to the task may make the move. The focal officer never
/// assigns, accepts or returns their own task, whatever other role they hold
/// (preparation reference 1.1, `authority` and `result`).
///
/// # Errors
/// [`MoveError::OwnWork`] when the doer would decide, [`MoveError::NotPermitted`] otherwise.
pub fn authorise(mv: Move, roles: &[Role]) -> Result<(), MoveError> {
    let holds = permitted(mv).iter().any(|r| roles.contains(r));
    let decides = matches!(mv, Move::Assign | Move::Accept | Move::Return);
    if holds && decides && roles.contains(&Role::FocalOfficer) {
        return Err(MoveError::OwnWork { mv });
    }
    if holds { Ok(()) } else { Err(MoveError::NotPermitted { mv }) }
}

/// Why a move is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum MoveError {
    /// The move does not start from this state.
    #[error("{mv} is not possible from {from}")]
    WrongState {
        /// The state the task is in.
        from: TaskState,
        /// The move that was asked for.
        mv: Move,
    },
    /// Resume without a state to go back to, or with one that cannot have been paused.
    #[error("no state to resume to")]
    NothingToResume,
    /// The person has none of the roles that may make the move.
    #[error("{mv} not permitted")]
    NotPermitted {
        /// The move that was asked for.
        mv: Move,
    },
    /// The doer of the work would decide on it.
    #[error("{mv} on one's own work")]
    OwnWork {
        /// The move that was asked for.
        mv: Move,
    },
}

impl MoveError {
    /// Every key that [`MoveError::key`] can give.
    pub const KEYS: &'static [&'static str] = &[
        "move-error-wrong-state",
        "move-error-nothing-to-resume",
        "move-error-not-permitted",
        "move-error-own-work",
    ];

    /// Message key.
    pub fn key(&self) -> &'static str {
        match self {
            Self::WrongState { .. } => "move-error-wrong-state",
            Self::NothingToResume => "move-error-nothing-to-resume",
            Self::NotPermitted { .. } => "move-error-not-permitted",
            Self::OwnWork { .. } => "move-error-own-work",
        }
    }

    /// Message arguments: `state` and `move`, as stable names.
    pub fn args(&self) -> crate::message::Args {
        use crate::message::Arg;
        let named = |mv: &Move| ("move", Arg::Text(mv.as_str().to_owned()));
        match self {
            Self::WrongState { from, mv } => {
                vec![("state", Arg::Text(from.as_str().to_owned())), named(mv)]
            }
            Self::NothingToResume => Vec::new(),
            Self::NotPermitted { mv } | Self::OwnWork { mv } => vec![named(mv)],
        }
    }
}

/// The state after a move. `resumed_to` is the state before the pause, stored with the pause; it
/// is read by [`Move::Resume`] alone.
///
/// # Errors
/// [`MoveError::WrongState`] or [`MoveError::NothingToResume`].
pub fn next(state: TaskState, mv: Move, resumed_to: Option<TaskState>) -> Result<TaskState, MoveError> {
    use TaskState as S;
    match (mv, state) {
        (Move::Propose, S::Draft) => Ok(S::Proposed),
        (Move::SendBack, S::Proposed) => Ok(S::Draft),
        (Move::Assign, S::Proposed) => Ok(S::Assigned),
        (Move::Acknowledge, S::Assigned) => Ok(S::Acknowledged),
        (Move::Start, S::Acknowledged) => Ok(S::InProgress),
        (Move::Submit, S::InProgress | S::Returned) => Ok(S::Submitted),
        (Move::Return, S::Submitted) => Ok(S::Returned),
        (Move::Accept, S::Submitted) => Ok(S::Accepted),
        (Move::Pause, s) if s.is_running() => Ok(S::Paused),
        (Move::Resume, S::Paused) => resumed_to.filter(|s| s.is_running()).ok_or(MoveError::NothingToResume),
        (Move::Cancel, s) if !s.is_settled() => Ok(S::Cancelled),
        (Move::Reopen, S::Accepted) => Ok(S::InProgress),
        (Move::Reopen, S::Cancelled) => Ok(S::Draft),
        (mv, from) => Err(MoveError::WrongState { from, mv }),
    }
}

/// The moves that a state allows, whoever asks, in the order of [`Move::ALL`].
pub fn moves_from(state: TaskState) -> Vec<Move> {
    Move::ALL.into_iter().filter(|mv| next(state, *mv, Some(TaskState::InProgress)).is_ok()).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use Move as M;
    use TaskState as S;

    /// One row per state; per move in the order of `Move::ALL`, the state it leads to, or `-`.
    /// The pause was made from `trinh_san_pham`.
    const TABLE: &[(S, &str)] = &[
        (S::Draft, "de_xuat - - - - - - - - - huy -"),
        (S::Proposed, "- nhap da_duyet_giao - - - - - - - huy -"),
        (S::Assigned, "- - - da_tiep_nhan - - - - tam_dung - huy -"),
        (S::Acknowledged, "- - - - dang_thuc_hien - - - tam_dung - huy -"),
        (S::InProgress, "- - - - - trinh_san_pham - - tam_dung - huy -"),
        (S::Submitted, "- - - - - - yeu_cau_bo_sung hoan_thanh tam_dung - huy -"),
        (S::Returned, "- - - - - trinh_san_pham - - tam_dung - huy -"),
        (S::Accepted, "- - - - - - - - - - - dang_thuc_hien"),
        (S::Paused, "- - - - - - - - - trinh_san_pham huy -"),
        (S::Cancelled, "- - - - - - - - - - - nhap"),
    ];

    #[test]
    fn every_state_and_every_move() {
        assert_eq!(TABLE.len(), S::ALL.len());
        for (state, row) in TABLE {
            let cells: Vec<&str> = row.split(' ').collect();
            assert_eq!(cells.len(), M::ALL.len());
            for (mv, cell) in M::ALL.into_iter().zip(cells) {
                let got = next(*state, mv, Some(S::Submitted));
                match cell {
                    "-" => assert_eq!(got, Err(MoveError::WrongState { from: *state, mv })),
                    name => assert_eq!(got, Ok(name.parse().unwrap()), "{state} {mv}"),
                }
                assert_eq!(moves_from(*state).contains(&mv), cell != "-");
            }
        }
    }

    #[test]
    fn resume_needs_the_state_before() {
        assert_eq!(next(S::Paused, M::Resume, None), Err(MoveError::NothingToResume));
        for bad in [S::Draft, S::Proposed, S::Paused, S::Accepted, S::Cancelled] {
            assert_eq!(next(S::Paused, M::Resume, Some(bad)), Err(MoveError::NothingToResume));
        }
        for state in S::ALL.into_iter().filter(|s| s.is_running()) {
            assert_eq!(next(state, M::Pause, None), Ok(S::Paused));
            assert_eq!(next(S::Paused, M::Resume, Some(state)), Ok(state));
        }
    }

    #[test]
    fn nobody_decides_on_their_own_work() {
        use Role::*;
        for mv in [M::Assign, M::Accept, M::Return] {
            assert_eq!(authorise(mv, &[FocalOfficer, Acceptor, Approver]), Err(MoveError::OwnWork { mv }));
        }
        assert_eq!(authorise(M::Accept, &[Acceptor]), Ok(()));
        assert_eq!(authorise(M::Accept, &[Approver]), Ok(()));
        assert_eq!(authorise(M::Accept, &[FocalOfficer]), Err(MoveError::NotPermitted { mv: M::Accept }));
        for mv in [M::Pause, M::Resume, M::Cancel, M::Reopen, M::Assign] {
            assert_eq!(permitted(mv), &[Approver]);
        }
        assert_eq!(authorise(M::Submit, &[FocalOfficer]), Ok(()));
        for mv in M::ALL {
            assert_eq!(authorise(mv, &[]), Err(MoveError::NotPermitted { mv }));
        }
    }

    #[test]
    fn names_round_trip() {
        for s in S::ALL {
            assert_eq!(s.as_str().parse::<S>().unwrap(), s);
            assert_eq!(serde_json::to_string(&s).unwrap(), format!("\"{s}\""));
            assert_eq!(s.key(), format!("state-{s}"));
        }
        for m in M::ALL {
            assert_eq!(m.as_str().parse::<M>().unwrap(), m);
            assert_eq!(serde_json::to_string(&m).unwrap(), format!("\"{m}\""));
            assert_eq!(m.key(), format!("move-{m}"));
        }
        assert!("xong".parse::<S>().is_err());
    }
}
