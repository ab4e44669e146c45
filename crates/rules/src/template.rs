//! Dates of a template, counted from the opening day: `D-60` … `D+45`
//! (preparation reference (a) A13).

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::{Span, ToSpan};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

use crate::calendar::{NonWorking, WorkCalendar};

/// Calendar days from the opening day: `DMinus(-60)` is `D-60`, sixty days before it.
/// In JSON it is the text, e.g. `"D-60"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DMinus(pub i32);

/// Not a relative date.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RelativeDateError {
    /// Not of the form `D-60`, `D+45` or `D`.
    #[error("not a relative date: {text}")]
    NotRelative {
        /// What was written.
        text: String,
    },
    /// More than [`DMinus::MAX_DAYS`] away.
    #[error("too far from the opening day: {text}")]
    TooFar {
        /// What was written.
        text: String,
    },
}

impl RelativeDateError {
    /// Every key that [`RelativeDateError::key`] can give.
    pub const KEYS: &'static [&'static str] = &["relative-date-invalid", "relative-date-too-far"];

    /// Message key; the argument is `text`.
    pub fn key(&self) -> &'static str {
        match self {
            Self::NotRelative { .. } => "relative-date-invalid",
            Self::TooFar { .. } => "relative-date-too-far",
        }
    }

    /// Message arguments.
    pub fn args(&self) -> crate::message::Args {
        let (Self::NotRelative { text } | Self::TooFar { text }) = self;
        vec![("text", crate::message::Arg::Text(text.clone()))]
    }
}

impl FromStr for DMinus {
    type Err = RelativeDateError;

    /// Reads `D-60`, `d+45`, `D-0`, `D`; spaces and a typographic minus are accepted.
    fn from_str(text: &str) -> Result<Self, RelativeDateError> {
        let bad = || RelativeDateError::NotRelative { text: text.trim().to_owned() };
        let compact: String = text
            .chars()
            .filter(|c| !c.is_whitespace())
            .map(|c| if matches!(c, '–' | '−') { '-' } else { c })
            .collect();
        let rest = compact.strip_prefix(['D', 'd']).ok_or_else(bad)?;
        if rest.is_empty() {
            return Ok(Self(0));
        }
        let (sign, digits) = match (rest.strip_prefix('-'), rest.strip_prefix('+')) {
            (Some(digits), _) => (-1, digits),
            (_, Some(digits)) => (1, digits),
            _ => return Err(bad()),
        };
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(bad());
        }
        match digits.parse::<i32>() {
            Ok(days) if days <= Self::MAX_DAYS => Ok(Self(sign * days)),
            _ => Err(RelativeDateError::TooFar { text: text.trim().to_owned() }),
        }
    }
}

impl fmt::Display for DMinus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 > 0 { write!(f, "D+{}", self.0) } else { write!(f, "D-{}", self.0.unsigned_abs()) }
    }
}

impl Serialize for DMinus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for DMinus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// A working day offered instead of one that is not worked. Nothing is moved until a person
/// confirms it (preparation reference 1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Suggestion {
    /// The working day.
    pub date: Date,
    /// Why the other day was questioned.
    pub why: NonWorking,
}

/// A relative date on a real calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Resolved {
    /// The day as the template says.
    pub date: Date,
    /// A working day to confirm instead, when that day is not worked.
    pub suggestion: Option<Suggestion>,
}

impl DMinus {
    /// Ten years: more is a slip of the finger.
    pub const MAX_DAYS: i32 = 3_660;

    /// The day counted from the opening day, and a suggestion when it is not worked.
    pub fn resolve(self, opening: Date, calendar: &WorkCalendar) -> Resolved {
        let span: Span = self.0.clamp(-Self::MAX_DAYS, Self::MAX_DAYS).days();
        let date = opening.saturating_add(span);
        Resolved { date, suggestion: suggest(date, opening, calendar) }
    }
}

/// The working day to offer instead of `date`: the next one (for a weekend, Monday), but the one
/// before when `date` is before the event and the next one would no longer be. `None` when `date`
/// is worked.
pub fn suggest(date: Date, event: Date, calendar: &WorkCalendar) -> Option<Suggestion> {
    let why = calendar.why_not_working(date)?;
    let next = calendar.next_working_day(date);
    let date = if date < event && next >= event { calendar.previous_working_day(date) } else { next };
    Some(Suggestion { date, why })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use jiff::civil::date;

    #[test]
    fn reading_and_writing() {
        for (text, days, written) in [
            ("D-60", -60, "D-60"),
            ("D+45", 45, "D+45"),
            ("D-0", 0, "D-0"),
            ("D", 0, "D-0"),
            (" d − 7 ", -7, "D-7"),
        ] {
            let d: DMinus = text.parse().unwrap();
            assert_eq!(d, DMinus(days));
            assert_eq!(d.to_string(), written);
            assert_eq!(serde_json::to_string(&d).unwrap(), format!("\"{written}\""));
        }
        for bad in ["", "60", "D60", "D-", "D--1", "X-3", "D-1.5"] {
            assert_eq!(bad.parse::<DMinus>().unwrap_err().key(), "relative-date-invalid", "{bad}");
        }
        for far in ["D-99999", "D+99999999999999"] {
            assert_eq!(far.parse::<DMinus>().unwrap_err().key(), "relative-date-too-far");
        }
    }

    #[test]
    fn a_weekend_is_asked_about_and_not_moved() {
        let opening = date(2025, 10, 13); // Monday
        let c = WorkCalendar::default();
        let r = DMinus(-8).resolve(opening, &c);
        assert_eq!(r.date, date(2025, 10, 5));
        assert_eq!(r.suggestion, Some(Suggestion { date: date(2025, 10, 6), why: NonWorking::Sunday }));
        assert_eq!(DMinus(-10).resolve(opening, &c).suggestion, None);
        // The Sunday before a Monday opening: next Monday would be too late.
        let r = DMinus(-1).resolve(opening, &c);
        assert_eq!(r.suggestion.unwrap().date, date(2025, 10, 10));
        let r = DMinus(33).resolve(opening, &c);
        assert_eq!((r.date, r.suggestion.unwrap().date), (date(2025, 11, 15), date(2025, 11, 17)));
    }
}
