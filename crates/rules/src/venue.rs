//! The steps of a venue from nomination to hand-back (preparation reference (b) Venue):
//!
//! ```text
//! đề cử → khảo sát → đạt điều kiện → chấm → trình → chọn → bàn giao → hoàn trả
//!              ↑ ↘ không đạt điều kiện      ↓  ↘ không chọn
//!              └── khảo sát lại             └ trả lại chấm
//! ```
//!
//! Whether the gates are passed is for [`scoring::gates`](crate::scoring::gates) to say; concluding them is a
//! step that someone takes.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    message::{Arg, Args},
    scoring::Gate,
    state::UnknownName,
};

/// Where a venue stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum VenueState {
    /// *Đề cử*.
    #[serde(rename = "de_cu")]
    Nominated,
    /// *Khảo sát*: measured, photographed, gates looked at.
    #[serde(rename = "khao_sat")]
    Surveying,
    /// *Đạt điều kiện*, with or without a condition.
    #[serde(rename = "dat_dieu_kien")]
    Qualified,
    /// *Không đạt điều kiện*: not ranked.
    #[serde(rename = "khong_dat_dieu_kien")]
    Disqualified,
    /// *Chấm*: assessors rate.
    #[serde(rename = "cham")]
    Scoring,
    /// *Trình*: before the deciding office.
    #[serde(rename = "trinh")]
    Submitted,
    /// *Chọn*.
    #[serde(rename = "chon")]
    Chosen,
    /// *Không chọn*: another was chosen.
    #[serde(rename = "khong_chon")]
    PassedOver,
    /// *Bàn giao*: taken over for the congress.
    #[serde(rename = "ban_giao")]
    HandedOver,
    /// *Hoàn trả*: given back.
    #[serde(rename = "hoan_tra")]
    GivenBack,
    /// *Rút*: no longer nominated.
    #[serde(rename = "rut")]
    Withdrawn,
}

impl VenueState {
    /// Every state in order.
    pub const ALL: [Self; 11] = [
        Self::Nominated,
        Self::Surveying,
        Self::Qualified,
        Self::Disqualified,
        Self::Scoring,
        Self::Submitted,
        Self::Chosen,
        Self::PassedOver,
        Self::HandedOver,
        Self::GivenBack,
        Self::Withdrawn,
    ];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nominated => "de_cu",
            Self::Surveying => "khao_sat",
            Self::Qualified => "dat_dieu_kien",
            Self::Disqualified => "khong_dat_dieu_kien",
            Self::Scoring => "cham",
            Self::Submitted => "trinh",
            Self::Chosen => "chon",
            Self::PassedOver => "khong_chon",
            Self::HandedOver => "ban_giao",
            Self::GivenBack => "hoan_tra",
            Self::Withdrawn => "rut",
        }
    }

    /// Message key of its name.
    pub fn key(self) -> &'static str {
        match self {
            Self::Nominated => "venue-state-de_cu",
            Self::Surveying => "venue-state-khao_sat",
            Self::Qualified => "venue-state-dat_dieu_kien",
            Self::Disqualified => "venue-state-khong_dat_dieu_kien",
            Self::Scoring => "venue-state-cham",
            Self::Submitted => "venue-state-trinh",
            Self::Chosen => "venue-state-chon",
            Self::PassedOver => "venue-state-khong_chon",
            Self::HandedOver => "venue-state-ban_giao",
            Self::GivenBack => "venue-state-hoan_tra",
            Self::Withdrawn => "venue-state-rut",
        }
    }

    /// Whether measurements, gates and ratings may still change.
    pub fn is_open(self) -> bool {
        matches!(
            self,
            Self::Nominated | Self::Surveying | Self::Qualified | Self::Disqualified | Self::Scoring
        )
    }

    /// Whether gates may be judged: until they are concluded.
    pub fn takes_gates(self) -> bool {
        matches!(self, Self::Nominated | Self::Surveying)
    }
}

impl fmt::Display for VenueState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for VenueState {
    type Err = UnknownName;
    fn from_str(name: &str) -> Result<Self, UnknownName> {
        Self::ALL.into_iter().find(|one| one.as_str() == name).ok_or_else(|| UnknownName(name.to_owned()))
    }
}

/// A step from one state to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VenueMove {
    /// Nominated → surveying.
    Survey,
    /// Surveying → qualified or disqualified, as the gates say.
    Conclude,
    /// Qualified, disqualified or scoring → surveying: something has changed.
    Resurvey,
    /// Qualified → scoring.
    Score,
    /// Scoring → submitted; part of a recommendation.
    Submit,
    /// Submitted → scoring; the recommendation came back.
    SendBack,
    /// Submitted → chosen; part of a signed decision.
    Choose,
    /// Submitted → passed over; part of a signed decision.
    PassOver,
    /// Chosen → handed over.
    HandOver,
    /// Handed over → given back.
    GiveBack,
    /// Before it is submitted → withdrawn.
    Withdraw,
    /// Withdrawn → nominated.
    Nominate,
}

impl VenueMove {
    /// Every step.
    pub const ALL: [Self; 12] = [
        Self::Survey,
        Self::Conclude,
        Self::Resurvey,
        Self::Score,
        Self::Submit,
        Self::SendBack,
        Self::Choose,
        Self::PassOver,
        Self::HandOver,
        Self::GiveBack,
        Self::Withdraw,
        Self::Nominate,
    ];

    /// The machine name, as in JSON and addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Survey => "survey",
            Self::Conclude => "conclude",
            Self::Resurvey => "resurvey",
            Self::Score => "score",
            Self::Submit => "submit",
            Self::SendBack => "send_back",
            Self::Choose => "choose",
            Self::PassOver => "pass_over",
            Self::HandOver => "hand_over",
            Self::GiveBack => "give_back",
            Self::Withdraw => "withdraw",
            Self::Nominate => "nominate",
        }
    }

    /// Message key of the button.
    pub fn key(self) -> &'static str {
        match self {
            Self::Survey => "venue-move-survey",
            Self::Conclude => "venue-move-conclude",
            Self::Resurvey => "venue-move-resurvey",
            Self::Score => "venue-move-score",
            Self::Submit => "venue-move-submit",
            Self::SendBack => "venue-move-send_back",
            Self::Choose => "venue-move-choose",
            Self::PassOver => "venue-move-pass_over",
            Self::HandOver => "venue-move-hand_over",
            Self::GiveBack => "venue-move-give_back",
            Self::Withdraw => "venue-move-withdraw",
            Self::Nominate => "venue-move-nominate",
        }
    }

    /// Whether whoever keeps the venues takes it as it stands; the others are part of a recommendation, of a
    /// signed decision or of a hand-over.
    pub fn is_plain(self) -> bool {
        matches!(
            self,
            Self::Survey | Self::Conclude | Self::Resurvey | Self::Score | Self::Withdraw | Self::Nominate
        )
    }

    /// Whether a reason belongs to it.
    pub fn needs_reason(self) -> bool {
        matches!(self, Self::Resurvey | Self::SendBack | Self::Withdraw)
    }
}

impl fmt::Display for VenueMove {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for VenueMove {
    type Err = UnknownName;
    fn from_str(name: &str) -> Result<Self, UnknownName> {
        Self::ALL.into_iter().find(|one| one.as_str() == name).ok_or_else(|| UnknownName(name.to_owned()))
    }
}

/// Why a step is not possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum VenueMoveError {
    /// Not from this state.
    #[error("{step} is not possible from {from}")]
    NotFrom {
        /// The step.
        step: VenueMove,
        /// Where the venue stands.
        from: VenueState,
    },
    /// The gates cannot be concluded while one has no evidence and none has failed.
    #[error("a gate has no evidence yet")]
    GateOpen,
}

impl VenueMoveError {
    /// Every message key, for the test of words.
    pub const KEYS: [&'static str; 2] = ["venue-move-not-from", "venue-move-gate-open"];

    /// Message key.
    pub fn key(self) -> &'static str {
        match self {
            Self::NotFrom { .. } => "venue-move-not-from",
            Self::GateOpen => "venue-move-gate-open",
        }
    }

    /// Arguments of the message: stable names, to be shown as words.
    pub fn args(self) -> Args {
        match self {
            Self::NotFrom { step, from } => vec![
                ("step", Arg::Text(step.as_str().to_owned())),
                ("from", Arg::Text(from.as_str().to_owned())),
            ],
            Self::GateOpen => Vec::new(),
        }
    }
}

/// Where a step leads; `gates` is how the gates stand together.
///
/// # Errors
/// [`VenueMoveError`].
pub fn next(from: VenueState, step: VenueMove, gates: Gate) -> Result<VenueState, VenueMoveError> {
    use VenueMove as M;
    use VenueState as S;
    Ok(match (step, from) {
        (M::Survey, S::Nominated) => S::Surveying,
        (M::Conclude, S::Surveying) => match gates {
            Gate::Pass | Gate::Conditional => S::Qualified,
            Gate::Fail => S::Disqualified,
            Gate::NoEvidence => return Err(VenueMoveError::GateOpen),
        },
        (M::Resurvey, S::Qualified | S::Disqualified | S::Scoring) => S::Surveying,
        (M::Score, S::Qualified) => S::Scoring,
        (M::Submit, S::Scoring) => S::Submitted,
        (M::SendBack, S::Submitted) => S::Scoring,
        (M::Choose, S::Submitted) => S::Chosen,
        (M::PassOver, S::Submitted) => S::PassedOver,
        (M::HandOver, S::Chosen) => S::HandedOver,
        (M::GiveBack, S::HandedOver) => S::GivenBack,
        (M::Withdraw, from) if from.is_open() => S::Withdrawn,
        (M::Nominate, S::Withdrawn) => S::Nominated,
        (step, from) => return Err(VenueMoveError::NotFrom { step, from }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_venue_goes_from_nomination_to_hand_back() {
        let mut state = VenueState::Nominated;
        for (step, to) in [
            (VenueMove::Survey, VenueState::Surveying),
            (VenueMove::Conclude, VenueState::Qualified),
            (VenueMove::Score, VenueState::Scoring),
            (VenueMove::Submit, VenueState::Submitted),
            (VenueMove::Choose, VenueState::Chosen),
            (VenueMove::HandOver, VenueState::HandedOver),
            (VenueMove::GiveBack, VenueState::GivenBack),
        ] {
            state = next(state, step, Gate::Conditional).unwrap();
            assert_eq!(state, to);
        }
    }

    #[test]
    fn a_failed_gate_ends_before_scoring_and_an_open_gate_is_not_concluded() {
        let failed = next(VenueState::Surveying, VenueMove::Conclude, Gate::Fail).unwrap();
        assert_eq!(failed, VenueState::Disqualified);
        assert!(next(failed, VenueMove::Score, Gate::Fail).is_err());
        assert_eq!(next(failed, VenueMove::Resurvey, Gate::Fail), Ok(VenueState::Surveying));
        assert_eq!(
            next(VenueState::Surveying, VenueMove::Conclude, Gate::NoEvidence),
            Err(VenueMoveError::GateOpen)
        );
    }

    #[test]
    fn what_is_not_listed_is_refused() {
        let mut allowed = 0;
        for from in VenueState::ALL {
            assert_eq!(from.as_str().parse(), Ok(from));
            for step in VenueMove::ALL {
                assert_eq!(step.as_str().parse(), Ok(step));
                match next(from, step, Gate::Pass) {
                    Ok(_) => allowed += 1,
                    Err(error) => assert!(VenueMoveError::KEYS.contains(&error.key())),
                }
            }
        }
        // Twelve steps; a survey is opened again from three states, a nomination withdrawn from five.
        assert_eq!(allowed, 10 + 3 + 5);
    }
}
