//! Dates as people in Vietnamese offices write them, and deadlines to the day or to the hour.
//!
//! The order is always day, month, year. A date that only makes sense month first is refused with
//! the day it probably means, never silently turned round; years outside 2000–2100 are refused
//! because they are what a damaged spreadsheet cell shows (the 1900 epoch).

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, DateTime, Time};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

use crate::message::{Arg, Args};
use crate::text::fold;

/// First and last year that a date of a congress may have.
pub const YEARS: std::ops::RangeInclusive<i16> = 2000..=2100;

/// Why a date was not understood.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DateError {
    /// Nothing was written.
    #[error("empty date")]
    Empty,
    /// Not a date in any of the accepted forms.
    #[error("not a date: {text}")]
    NotADate {
        /// What was written.
        text: String,
    },
    /// The month comes first, as in `09/30/2025`.
    #[error("month written first; probably {suggestion}")]
    MonthFirst {
        /// The day it probably means; a person confirms it.
        suggestion: Date,
    },
    /// The year is outside [`YEARS`].
    #[error("year {year} out of range")]
    YearOutOfRange {
        /// The year that was written.
        year: i32,
    },
    /// No year was written and none can be assumed.
    #[error("no year")]
    NoYear,
    /// The year has two digits.
    #[error("year with two digits: {text}")]
    ShortYear {
        /// What was written.
        text: String,
    },
    /// A day that does not exist, such as 31/4.
    #[error("no such day: {day}/{month}/{year}")]
    NoSuchDay {
        /// Day as written.
        day: i32,
        /// Month as written.
        month: i32,
        /// Year as written or assumed.
        year: i16,
    },
    /// An hour that does not exist, such as 25:00.
    #[error("no such time: {text}")]
    NoSuchTime {
        /// The part that was read as a time.
        text: String,
    },
}

impl DateError {
    /// Every key that [`DateError::key`] can give.
    pub const KEYS: &'static [&'static str] = &[
        "date-empty",
        "date-not-a-date",
        "date-month-first",
        "date-year-out-of-range",
        "date-no-year",
        "date-short-year",
        "date-no-such-day",
        "date-no-such-time",
    ];

    /// Message key.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Empty => "date-empty",
            Self::NotADate { .. } => "date-not-a-date",
            Self::MonthFirst { .. } => "date-month-first",
            Self::YearOutOfRange { .. } => "date-year-out-of-range",
            Self::NoYear => "date-no-year",
            Self::ShortYear { .. } => "date-short-year",
            Self::NoSuchDay { .. } => "date-no-such-day",
            Self::NoSuchTime { .. } => "date-no-such-time",
        }
    }

    /// Message arguments: `text`, `suggestion`, `year`, `day`, `month`.
    pub fn args(&self) -> Args {
        match self {
            Self::Empty | Self::NoYear => Vec::new(),
            Self::NotADate { text } | Self::ShortYear { text } | Self::NoSuchTime { text } => {
                vec![("text", Arg::Text(text.clone()))]
            }
            Self::MonthFirst { suggestion } => vec![("suggestion", Arg::Date(*suggestion))],
            Self::YearOutOfRange { year } => vec![("year", Arg::Number(i64::from(*year)))],
            Self::NoSuchDay { day, month, year } => vec![
                ("day", Arg::Number(i64::from(*day))),
                ("month", Arg::Number(i64::from(*month))),
                ("year", Arg::Number(i64::from(*year))),
            ],
        }
    }
}

/// Reads a date written day first (`26/9/2025`, `05-10-2025`, `05.10.2025`), in ISO form
/// (`2025-10-05`), in words (`ngày 5 tháng 10 năm 2025`), or without a year when `default_year`
/// says which one is meant.
///
/// # Errors
/// See [`DateError`]; nothing is guessed.
///
/// ```
/// use jiff::civil::date;
/// use rules::dates::{DateError, parse_vn_date};
/// assert_eq!(parse_vn_date("5/10", Some(2025)), Ok(date(2025, 10, 5)));
/// assert_eq!(
///     parse_vn_date("09/30/2025", None),
///     Err(DateError::MonthFirst { suggestion: date(2025, 9, 30) }),
/// );
/// ```
pub fn parse_vn_date(text: &str, default_year: Option<i16>) -> Result<Date, DateError> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Err(DateError::Empty);
    }
    let not_a_date = || DateError::NotADate { text: trimmed.to_owned() };
    let parts = split(trimmed).ok_or_else(not_a_date)?;
    match parts.as_slice() {
        [y, m, d] if y.len() == 4 => day_of(number(d)?, number(m)?, year_of(number(y)?)?, false),
        [d, m, y] if y.len() == 4 => day_of(number(d)?, number(m)?, year_of(number(y)?)?, true),
        [d, m, y] if d.len() <= 2 && m.len() <= 2 && y.len() <= 2 => {
            Err(DateError::ShortYear { text: trimmed.to_owned() })
        }
        [d, m] if d.len() <= 2 && m.len() <= 2 => {
            let year = default_year.ok_or(DateError::NoYear)?;
            day_of(number(d)?, number(m)?, year_of(i32::from(year))?, true)
        }
        _ => Err(not_a_date()),
    }
}

/// The digit groups of a date with one kind of separator, or of a date in words.
fn split(text: &str) -> Option<Vec<String>> {
    let folded = fold(text);
    let digits = |s: &str| !s.is_empty() && s.len() <= 4 && s.bytes().all(|b| b.is_ascii_digit());
    let bare = folded.strip_prefix("ngay ").unwrap_or(&folded);
    if bare.contains("thang") {
        let numbers: Vec<&str> = bare.split_whitespace().collect();
        return match numbers.as_slice() {
            [d, "thang", m] if digits(d) && digits(m) => Some(vec![(*d).into(), (*m).into()]),
            [d, "thang", m, "nam", y] if digits(d) && digits(m) && digits(y) => {
                Some(vec![(*d).into(), (*m).into(), (*y).into()])
            }
            _ => None,
        };
    }
    let separator = bare.chars().find(|c| !c.is_ascii_digit())?;
    if !matches!(separator, '/' | '-' | '.') {
        return None;
    }
    let parts: Vec<String> = bare.split(separator).map(|p| p.trim().to_owned()).collect();
    (parts.iter().all(|p| digits(p)) && parts.len() <= 3).then_some(parts)
}

fn number(digits: &str) -> Result<i32, DateError> {
    digits.parse().map_err(|_| DateError::NotADate { text: digits.to_owned() })
}

fn year_of(year: i32) -> Result<i16, DateError> {
    match i16::try_from(year) {
        Ok(y) if YEARS.contains(&y) => Ok(y),
        _ => Err(DateError::YearOutOfRange { year }),
    }
}

fn day_of(day: i32, month: i32, year: i16, day_first: bool) -> Result<Date, DateError> {
    let build = |d: i32, m: i32| {
        let d = i8::try_from(d).ok()?;
        let m = i8::try_from(m).ok()?;
        Date::new(year, m, d).ok()
    };
    if let Some(date) = build(day, month) {
        return Ok(date);
    }
    if day_first
        && month > 12
        && let Some(suggestion) = build(month, day)
    {
        return Err(DateError::MonthFirst { suggestion });
    }
    Err(DateError::NoSuchDay { day, month, year })
}

/// Formats a day as `05/10/2025`.
pub fn format_vn_date(date: Date) -> String {
    format!("{:02}/{:02}/{:04}", date.day(), date.month(), date.year())
}

/// A deadline: a day, or an hour of a day in the final week of preparation
/// (preparation reference (a) A7). Local time of the congress; no zone.
///
/// A deadline without an hour means the end of the day, and sorts after every hour of that day.
/// In JSON it is `"2025-10-05"` or `"2025-10-05T16:00"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Deadline {
    /// The day.
    pub date: Date,
    /// The hour, if the deadline is to the hour.
    pub time: Option<Time>,
}

impl Deadline {
    /// A deadline at the end of a day.
    pub const fn on(date: Date) -> Self {
        Self { date, time: None }
    }

    /// A deadline at an hour of a day.
    pub const fn at(date: Date, time: Time) -> Self {
        Self { date, time: Some(time) }
    }

    /// Whether `moment` is after the deadline.
    pub fn is_past(&self, moment: DateTime) -> bool {
        match self.time {
            None => moment.date() > self.date,
            Some(time) => moment > DateTime::from_parts(self.date, time),
        }
    }

    /// Reads a deadline as people write it: a date as in [`parse_vn_date`], with an hour before
    /// or after it (`16:00 05/10/2025`, `05/10/2025 16:00`, `16h ngày 5/10`, `2025-10-05T16:00`).
    ///
    /// # Errors
    /// See [`DateError`].
    pub fn parse(text: &str, default_year: Option<i16>) -> Result<Self, DateError> {
        let trimmed = text.trim();
        if let Some((day, hour)) = trimmed.split_once('T')
            && let Some(time) = clock(hour)
        {
            return Ok(Self::at(parse_vn_date(day, default_year)?, time?));
        }
        let words: Vec<&str> = trimmed.split_whitespace().map(|w| w.trim_matches(',')).collect();
        if let [first, rest @ ..] = words.as_slice()
            && !rest.is_empty()
            && let Some(time) = clock(first)
        {
            return Ok(Self::at(parse_vn_date(&rest.join(" "), default_year)?, time?));
        }
        if let [rest @ .., last] = words.as_slice()
            && !rest.is_empty()
            && let Some(time) = clock(last)
        {
            return Ok(Self::at(parse_vn_date(&rest.join(" "), default_year)?, time?));
        }
        Ok(Self::on(parse_vn_date(trimmed, default_year)?))
    }

    /// Formats as `05/10/2025` or `16:00 05/10/2025`.
    pub fn format_vn(&self) -> String {
        match self.time {
            None => format_vn_date(self.date),
            Some(t) => format!("{:02}:{:02} {}", t.hour(), t.minute(), format_vn_date(self.date)),
        }
    }
}

/// A clock time `16:00`, `16h`, `16h30`, `16g30`: `None` when it is not one at all, an error when
/// it looks like one but does not exist.
fn clock(text: &str) -> Option<Result<Time, DateError>> {
    let lower = text.to_lowercase();
    let (hour, rest) = lower.split_once([':', 'h', 'g'])?;
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    let rest = rest.trim_end_matches('\'');
    let (minute, second) = rest.split_once(':').unwrap_or((rest, ""));
    if hour.is_empty() || !digits(hour) || !digits(minute) || !digits(second) {
        return None;
    }
    let part = |s: &str| if s.is_empty() { Some(0) } else { s.parse::<i8>().ok() };
    let time = match (part(hour), part(minute), part(second)) {
        (Some(h), Some(m), Some(s)) => Time::new(h, m, s, 0).ok(),
        _ => None,
    };
    Some(time.ok_or_else(|| DateError::NoSuchTime { text: text.to_owned() }))
}

impl Ord for Deadline {
    fn cmp(&self, other: &Self) -> Ordering {
        self.date.cmp(&other.date).then_with(|| match (self.time, other.time) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (Some(a), Some(b)) => a.cmp(&b),
        })
    }
}

impl PartialOrd for Deadline {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl From<Date> for Deadline {
    fn from(date: Date) -> Self {
        Self::on(date)
    }
}

impl fmt::Display for Deadline {
    /// The stored form: `2025-10-05` or `2025-10-05T16:00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.date)?;
        if let Some(t) = self.time {
            write!(f, "T{:02}:{:02}", t.hour(), t.minute())?;
            if t.second() != 0 {
                write!(f, ":{:02}", t.second())?;
            }
        }
        Ok(())
    }
}

impl FromStr for Deadline {
    type Err = DateError;

    /// Reads the stored form, and whatever [`Deadline::parse`] reads with a year.
    fn from_str(text: &str) -> Result<Self, DateError> {
        Self::parse(text, None)
    }
}

impl Serialize for Deadline {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Deadline {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use jiff::civil::{date, time};

    #[test]
    fn the_usual_ways_to_write_a_date() {
        for (text, year, want) in [
            ("26/9/2025", None, date(2025, 9, 26)),
            ("05/10/2025", None, date(2025, 10, 5)),
            ("5-10-2025", None, date(2025, 10, 5)),
            ("05.10.2025", None, date(2025, 10, 5)),
            (" 2025-10-05 ", None, date(2025, 10, 5)),
            ("26/9", Some(2025), date(2025, 9, 26)),
            ("ngày 26 tháng 9 năm 2025", None, date(2025, 9, 26)),
            ("ngày 26/9/2025", None, date(2025, 9, 26)),
            ("29/02/2028", None, date(2028, 2, 29)),
        ] {
            assert_eq!(parse_vn_date(text, year), Ok(want), "{text}");
        }
    }

    #[test]
    fn what_is_refused_and_why() {
        for (text, key) in [
            ("", "date-empty"),
            ("09/30/2025", "date-month-first"),
            ("05/10/1900", "date-year-out-of-range"),
            ("1900-01-05", "date-year-out-of-range"),
            ("31/04/2025", "date-no-such-day"),
            ("29/2/2025", "date-no-such-day"),
            ("2025-13-05", "date-no-such-day"),
            ("45/45/2025", "date-no-such-day"),
            ("26/9", "date-no-year"),
            ("26/9/25", "date-short-year"),
            ("sớm", "date-not-a-date"),
            ("45912", "date-not-a-date"),
            ("26/9-2025", "date-not-a-date"),
            ("1/2/3/4", "date-not-a-date"),
            ("99999999999999999999/1/2025", "date-not-a-date"),
        ] {
            let err = parse_vn_date(text, None).unwrap_err();
            assert_eq!(err.key(), key, "{text}");
            assert!(DateError::KEYS.contains(&err.key()));
        }
        assert_eq!(Deadline::parse("25:00 5/10/2025", None).unwrap_err().key(), "date-no-such-time");
    }

    #[test]
    fn deadlines_to_the_hour() {
        let want = Deadline::at(date(2025, 10, 5), time(16, 0, 0, 0));
        for text in [
            "16:00 05/10/2025",
            "05/10/2025 16:00",
            "16h ngày 5/10/2025",
            "16h00, 5/10/2025",
            "2025-10-05T16:00",
            "2025-10-05 16:00:00",
            "16h ngày 5 tháng 10 năm 2025",
        ] {
            assert_eq!(Deadline::parse(text, None), Ok(want), "{text}");
        }
        assert_eq!(want.format_vn(), "16:00 05/10/2025");
        assert_eq!(serde_json::to_string(&want).unwrap(), "\"2025-10-05T16:00\"");
        let day: Deadline = serde_json::from_str("\"2025-10-05\"").unwrap();
        assert_eq!(day, Deadline::on(date(2025, 10, 5)));
        assert_eq!(day.format_vn(), "05/10/2025");
        assert!(want < day, "the end of the day comes after every hour of it");
        assert!(Deadline::on(date(2025, 10, 4)) < want);
        assert!(want.is_past(date(2025, 10, 5).at(16, 1, 0, 0)));
        assert!(!want.is_past(date(2025, 10, 5).at(16, 0, 0, 0)));
        assert!(!day.is_past(date(2025, 10, 5).at(23, 59, 59, 0)));
    }
}
