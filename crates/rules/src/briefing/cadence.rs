//! The rhythm of a series on the working calendar. The software proposes a day; a person confirms it
//! (preparation reference 1.3: a day off moves to the next working day, as a suggestion).

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::{Span, ToSpan};

use crate::calendar::{NonWorking, WorkCalendar};

/// When the meetings of a series are held and when their figures are frozen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cadence {
    /// The weekday of the meeting.
    pub weekday: Weekday,
    /// Its hour.
    pub time: Time,
    /// The weekday of the cut-off.
    pub cutoff_weekday: Weekday,
    /// Its hour.
    pub cutoff_time: Time,
}

/// A day for the next meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proposal {
    /// The day that the rule names.
    pub regular: Date,
    /// Why that day is not worked, when it is not.
    pub moved: Option<NonWorking>,
    /// When the meeting would be held.
    pub at: DateTime,
    /// When its figures would be frozen.
    pub cutoff_at: DateTime,
}

impl Cadence {
    /// The first meeting later than `after`; moved to the next working day when its day is off.
    pub fn propose(&self, calendar: &WorkCalendar, after: DateTime) -> Proposal {
        let mut regular = after.date();
        while regular.weekday() != self.weekday || DateTime::from_parts(regular, self.time) <= after {
            let Ok(next) = regular.tomorrow() else { break };
            regular = next;
        }
        let day = calendar.working_day_from(regular);
        let at = DateTime::from_parts(day, self.time);
        Proposal {
            regular,
            moved: calendar.why_not_working(regular),
            at,
            cutoff_at: self.cutoff_before(calendar, at),
        }
    }

    /// The last cut-off before a meeting. A cut-off on a day off moves back to the last working day, so that
    /// somebody is there to correct figures before they are frozen.
    pub fn cutoff_before(&self, calendar: &WorkCalendar, at: DateTime) -> DateTime {
        let mut day = at.date();
        while day.weekday() != self.cutoff_weekday || DateTime::from_parts(day, self.cutoff_time) >= at {
            let Ok(previous) = day.yesterday() else { break };
            day = previous;
        }
        if !calendar.is_working(day) {
            day = calendar.previous_working_day(day);
        }
        DateTime::from_parts(day, self.cutoff_time)
    }
}

/// The period a weekly report speaks of: the seven days that end with the cut-off.
pub fn week_of(cutoff: DateTime) -> (Date, Date) {
    let week: Span = 6.days();
    (cutoff.date().saturating_sub(week), cutoff.date())
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};

    use super::*;
    use crate::calendar::DayKind;

    fn fridays() -> Cadence {
        Cadence {
            weekday: Weekday::Friday,
            time: time(16, 30, 0, 0),
            cutoff_weekday: Weekday::Thursday,
            cutoff_time: time(16, 0, 0, 0),
        }
    }

    #[test]
    fn the_cutoff_is_the_thursday_before_the_friday() {
        // Preparation reference 1.5: chốt số liệu, Thu 16:00.
        let next = fridays().propose(&WorkCalendar::default(), date(2025, 9, 19).at(16, 30, 0, 0));
        assert_eq!(next.at, date(2025, 9, 26).at(16, 30, 0, 0));
        assert_eq!(next.cutoff_at, date(2025, 9, 25).at(16, 0, 0, 0));
        assert_eq!((next.regular, next.moved), (date(2025, 9, 26), None));
    }

    #[test]
    fn on_the_day_before_its_hour_the_same_day_is_proposed() {
        let next = fridays().propose(&WorkCalendar::default(), date(2025, 9, 26).at(8, 0, 0, 0));
        assert_eq!(next.at, date(2025, 9, 26).at(16, 30, 0, 0));
    }

    #[test]
    fn a_holiday_moves_to_the_next_working_day_and_says_why() {
        // Friday 02/5/2025 was a day off in exchange.
        let calendar = WorkCalendar::new([
            (date(2025, 4, 30), DayKind::Holiday),
            (date(2025, 5, 1), DayKind::Holiday),
            (date(2025, 5, 2), DayKind::Holiday),
        ]);
        let next = fridays().propose(&calendar, date(2025, 4, 28).at(8, 0, 0, 0));
        assert_eq!((next.regular, next.moved), (date(2025, 5, 2), Some(NonWorking::Holiday)));
        assert_eq!(next.at, date(2025, 5, 5).at(16, 30, 0, 0));
        // Thursday 01/5 is off as well: the figures freeze on Tuesday 29/4.
        assert_eq!(next.cutoff_at, date(2025, 4, 29).at(16, 0, 0, 0));
    }

    #[test]
    fn a_cutoff_on_the_day_of_the_meeting_may_be_earlier_that_day() {
        let same = Cadence { cutoff_weekday: Weekday::Friday, cutoff_time: time(10, 0, 0, 0), ..fridays() };
        let calendar = WorkCalendar::default();
        assert_eq!(
            same.cutoff_before(&calendar, date(2025, 9, 26).at(16, 30, 0, 0)),
            date(2025, 9, 26).at(10, 0, 0, 0)
        );
        assert_eq!(
            same.cutoff_before(&calendar, date(2025, 9, 26).at(10, 0, 0, 0)),
            date(2025, 9, 19).at(10, 0, 0, 0)
        );
    }
}
