//! The working calendar: weekend, public holidays, and make-up days (*ngày làm bù*) that turn a
//! Saturday into a working day (preparation reference 1.4, "three tables").

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

/// What an entry of the calendar makes of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// A public holiday or a day off in exchange: not worked, whatever the weekday.
    Holiday,
    /// A make-up day: worked, whatever the weekday.
    MakeUp,
}

/// Which weekdays are off when the calendar says nothing about the date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weekend {
    /// Saturday and Sunday: the offices' week.
    #[default]
    SaturdaySunday,
    /// Sunday only: the last weeks before a congress.
    SundayOnly,
    /// Every weekday is worked.
    None,
}

/// Why a day is not worked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NonWorking {
    /// A Saturday that no make-up day claims.
    Saturday,
    /// A Sunday that no make-up day claims.
    Sunday,
    /// A holiday of the calendar.
    Holiday,
}

impl NonWorking {
    /// Every key that [`NonWorking::key`] can give.
    pub const KEYS: &'static [&'static str] = &["day-saturday", "day-sunday", "day-holiday"];

    /// Message key.
    pub fn key(self) -> &'static str {
        match self {
            Self::Saturday => "day-saturday",
            Self::Sunday => "day-sunday",
            Self::Holiday => "day-holiday",
        }
    }

    /// Stable machine name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Saturday => "saturday",
            Self::Sunday => "sunday",
            Self::Holiday => "holiday",
        }
    }
}

/// The working calendar of a congress. Days without an entry follow the weekend.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WorkCalendar {
    days: BTreeMap<Date, DayKind>,
    weekend: Weekend,
}

impl WorkCalendar {
    /// A calendar from its entries, with Saturday and Sunday off. A later entry for the same day
    /// replaces an earlier one.
    pub fn new(entries: impl IntoIterator<Item = (Date, DayKind)>) -> Self {
        Self { days: entries.into_iter().collect(), weekend: Weekend::default() }
    }

    /// The same calendar with another weekend.
    #[must_use]
    pub fn with_weekend(mut self, weekend: Weekend) -> Self {
        self.weekend = weekend;
        self
    }

    /// The entry for a day, if any.
    pub fn entry(&self, date: Date) -> Option<DayKind> {
        self.days.get(&date).copied()
    }

    /// Why a day is not worked; `None` when it is.
    pub fn why_not_working(&self, date: Date) -> Option<NonWorking> {
        match self.days.get(&date) {
            Some(DayKind::MakeUp) => None,
            Some(DayKind::Holiday) => Some(NonWorking::Holiday),
            None => match (date.weekday(), self.weekend) {
                (Weekday::Saturday, Weekend::SaturdaySunday) => Some(NonWorking::Saturday),
                (Weekday::Sunday, Weekend::SaturdaySunday | Weekend::SundayOnly) => Some(NonWorking::Sunday),
                _ => None,
            },
        }
    }

    /// Whether a day is worked.
    pub fn is_working(&self, date: Date) -> bool {
        self.why_not_working(date).is_none()
    }

    /// The first working day after `date`.
    pub fn next_working_day(&self, date: Date) -> Date {
        self.add_working_days(date, 1)
    }

    /// The last working day before `date`.
    pub fn previous_working_day(&self, date: Date) -> Date {
        self.add_working_days(date, -1)
    }

    /// `date` itself when it is worked, else the next working day.
    pub fn working_day_from(&self, date: Date) -> Date {
        self.add_working_days(date, 0)
    }

    /// The `n`-th working day after `date` (before it, when `n` is negative). With `n` = 0: the
    /// day itself when worked, else the next working day. The result is always a working day,
    /// except that it stops at the ends of the supported calendar (years −9999 and 9999).
    pub fn add_working_days(&self, date: Date, n: i32) -> Date {
        let step = |d: Date| if n < 0 { d.yesterday() } else { d.tomorrow() };
        let mut left = n.unsigned_abs();
        let mut day = date;
        while left > 0 || !self.is_working(day) {
            let Ok(next) = step(day) else { return day };
            day = next;
            if left > 0 && self.is_working(day) {
                left -= 1;
            }
        }
        day
    }

    /// Working days after `from` up to and including `to`: 0 for the same day, negative when `to`
    /// is earlier. A task assigned on Friday and acknowledged on Monday took one working day.
    pub fn working_days_between(&self, from: Date, to: Date) -> i32 {
        if to < from {
            return -self.working_days_between(to, from);
        }
        let mut count = 0;
        let mut day = from;
        while day < to {
            let Ok(next) = day.tomorrow() else { break };
            day = next;
            if self.is_working(day) {
                count += 1;
            }
        }
        count
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use jiff::civil::date;

    fn calendar() -> WorkCalendar {
        WorkCalendar::new([
            (date(2025, 9, 1), DayKind::Holiday),
            (date(2025, 9, 2), DayKind::Holiday),
            (date(2025, 9, 6), DayKind::MakeUp),
        ])
    }

    #[test]
    fn holidays_weekends_and_make_up_days() {
        let c = calendar();
        assert_eq!(c.why_not_working(date(2025, 9, 2)), Some(NonWorking::Holiday));
        assert_eq!(c.why_not_working(date(2025, 9, 7)), Some(NonWorking::Sunday));
        assert_eq!(c.why_not_working(date(2025, 9, 13)), Some(NonWorking::Saturday));
        assert!(c.is_working(date(2025, 9, 6)), "a make-up Saturday is worked");
        assert_eq!(c.next_working_day(date(2025, 8, 29)), date(2025, 9, 3));
        assert_eq!(c.add_working_days(date(2025, 8, 29), 2), date(2025, 9, 4));
        assert_eq!(c.add_working_days(date(2025, 9, 5), 1), date(2025, 9, 6));
        assert_eq!(c.add_working_days(date(2025, 9, 3), -1), date(2025, 8, 29));
        assert_eq!(c.working_day_from(date(2025, 9, 7)), date(2025, 9, 8));
        assert_eq!(c.working_days_between(date(2025, 8, 29), date(2025, 9, 8)), 5);
        assert_eq!(c.working_days_between(date(2025, 9, 8), date(2025, 8, 29)), -5);
        assert_eq!(c.working_days_between(date(2025, 9, 7), date(2025, 9, 7)), 0);
    }

    #[test]
    fn another_weekend() {
        let c = calendar().with_weekend(Weekend::SundayOnly);
        assert!(c.is_working(date(2025, 9, 13)));
        assert!(!c.is_working(date(2025, 9, 14)));
        assert!(c.with_weekend(Weekend::None).is_working(date(2025, 9, 14)));
    }

    #[test]
    fn the_end_of_time_is_not_a_loop() {
        let c = WorkCalendar::default();
        assert_eq!(c.add_working_days(Date::MAX, 3), Date::MAX);
        assert_eq!(c.add_working_days(Date::MIN, -3), Date::MIN);
    }
}
