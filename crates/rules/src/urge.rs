//! The urge ladder (*đôn đốc*): four levels, and a pause between two so that it stays an urge and
//! not noise (preparation reference (a) A10, part (b) `urge`).

use std::fmt;

use jiff::SignedDuration;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// How strong an urge is, and whom it reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub enum Level {
    /// 1: a reminder to the focal officer.
    Reminder,
    /// 2: to the accountable office as well.
    Accountable,
    /// 3: a letter (*công văn đôn đốc*) to the lead unit.
    Letter,
    /// 4: reported to the approver, for the weekly meeting.
    Approver,
}

impl Level {
    /// Every level, weakest first.
    pub const ALL: [Self; 4] = [Self::Reminder, Self::Accountable, Self::Letter, Self::Approver];

    /// 1 to 4.
    pub fn number(self) -> u8 {
        match self {
            Self::Reminder => 1,
            Self::Accountable => 2,
            Self::Letter => 3,
            Self::Approver => 4,
        }
    }

    /// The next stronger level; the strongest stays.
    pub fn up(self) -> Self {
        match self {
            Self::Reminder => Self::Accountable,
            Self::Accountable => Self::Letter,
            Self::Letter | Self::Approver => Self::Approver,
        }
    }

    /// Message key of the level's name.
    pub fn key(self) -> &'static str {
        match self {
            Self::Reminder => "urge-level-1",
            Self::Accountable => "urge-level-2",
            Self::Letter => "urge-level-3",
            Self::Approver => "urge-level-4",
        }
    }
}

/// Not a level: only 1 to 4 are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not a level of urge: {0}")]
pub struct NotALevel(pub u8);

impl TryFrom<u8> for Level {
    type Error = NotALevel;

    fn try_from(number: u8) -> Result<Self, NotALevel> {
        Self::ALL.into_iter().find(|l| l.number() == number).ok_or(NotALevel(number))
    }
}

impl From<Level> for u8 {
    fn from(level: Level) -> Self {
        level.number()
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.number())
    }
}

/// An urge that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Urged {
    /// Its level.
    pub level: Level,
    /// When it was sent, local time.
    pub at: DateTime,
    /// When it was read, if it was.
    pub read: Option<DateTime>,
}

/// How long to wait between urges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct UrgeRule {
    /// Hours after sending before the next urge. Default 24.
    pub cool_down_hours: u16,
    /// Hours that the reader has to act, from the moment of reading. Default 24.
    pub after_read_hours: u16,
}

impl Default for UrgeRule {
    fn default() -> Self {
        Self { cool_down_hours: 24, after_read_hours: 24 }
    }
}

/// Too early for another urge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error, Serialize)]
#[error("no urge before {until}")]
pub struct CoolDown {
    /// The first moment at which the next urge may be sent.
    pub until: DateTime,
}

impl CoolDown {
    /// Message key; the argument is [`CoolDown::until`].
    pub fn key(&self) -> &'static str {
        "urge-cool-down"
    }
}

/// The level of the next urge: the first one, or one step above the last. The order of `previous`
/// does not matter.
///
/// # Errors
/// [`CoolDown`] while the last urge still has to work: `cool_down_hours` after it was sent, and
/// `after_read_hours` after it was read, whichever is later.
pub fn next_urge(previous: &[Urged], now: DateTime, rule: &UrgeRule) -> Result<Level, CoolDown> {
    let Some(last) = previous.iter().max_by_key(|u| (u.at, u.level)) else {
        return Ok(Level::Reminder);
    };
    let after =
        |moment: DateTime, hours: u16| moment.saturating_add(SignedDuration::from_hours(i64::from(hours)));
    let mut until = after(last.at, rule.cool_down_hours);
    if let Some(read) = last.read {
        until = until.max(after(read, rule.after_read_hours));
    }
    if now < until { Err(CoolDown { until }) } else { Ok(last.level.up()) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_ladder_and_its_pauses() {
        let rule = UrgeRule::default();
        let at = |day, hour| date(2025, 9, day).at(hour, 0, 0, 0);
        assert_eq!(next_urge(&[], at(22, 8), &rule), Ok(Level::Reminder));
        let first = Urged { level: Level::Reminder, at: at(22, 8), read: None };
        assert_eq!(next_urge(&[first], at(23, 7), &rule), Err(CoolDown { until: at(23, 8) }));
        assert_eq!(next_urge(&[first], at(23, 8), &rule), Ok(Level::Accountable));
        let read = Urged { read: Some(at(22, 20)), ..first };
        assert_eq!(next_urge(&[read], at(23, 8), &rule), Err(CoolDown { until: at(23, 20) }));
        let fourth = Urged { level: Level::Approver, at: at(25, 8), read: None };
        assert_eq!(next_urge(&[fourth, first], at(26, 8), &rule), Ok(Level::Approver));
        assert!(
            next_urge(&[Urged { at: at(30, 8), ..first }], at(22, 8), &rule).is_err(),
            "a clock set back does not allow a second urge"
        );
    }

    #[test]
    fn levels_are_numbers_one_to_four() {
        for level in Level::ALL {
            assert_eq!(Level::try_from(level.number()), Ok(level));
            assert_eq!(serde_json::to_string(&level).unwrap(), level.to_string());
        }
        assert!(Level::try_from(0).is_err());
        assert!(serde_json::from_str::<Level>("5").is_err());
    }
}
