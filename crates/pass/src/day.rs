//! Days as a pass counts them.

use core::fmt;

/// A day, counted from 01/01/2020 (day 0) to 06/06/2199.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(u16);

/// Days from 01/01/1970 to 01/01/2020.
const START: i64 = 18_262;

impl Day {
    /// A day of the Gregorian calendar; `None` when there is no such day, or it lies outside what a pass can say.
    ///
    /// ```
    /// assert_eq!(pass::Day::new(2020, 1, 1).unwrap().number(), 0);
    /// assert_eq!(pass::Day::new(2025, 2, 29), None);
    /// ```
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let length = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 => 28 + u8::from(leap),
            _ => return None,
        };
        if day == 0 || day > length {
            return None;
        }
        // Days since 1970 by the reckoning that begins the year in March, so that the leap day comes last.
        let (year, month) = (i64::from(year) - i64::from(month <= 2), i64::from(month));
        let since_march = (153 * ((month + 9) % 12) + 2) / 5 + i64::from(day) - 1;
        let days = 365 * year + year / 4 - year / 100 + year / 400 + since_march - 719_468;
        u16::try_from(days - START).ok().map(Self)
    }

    /// The day with this number.
    pub const fn from_number(number: u16) -> Self {
        Self(number)
    }

    /// Its number, from 0.
    pub const fn number(self) -> u16 {
        self.0
    }

    /// Year, month and day.
    pub fn date(self) -> (u16, u8, u8) {
        let days = i64::from(self.0) + START + 719_468;
        let era_day = days % 146_097;
        let year_of_era = (era_day - era_day / 1_460 + era_day / 36_524 - era_day / 146_096) / 365;
        let day_of_year = era_day - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let since_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * since_march + 2) / 5 + 1;
        let month = if since_march < 10 { since_march + 3 } else { since_march - 9 };
        let year = year_of_era + days / 146_097 * 400 + i64::from(month <= 2);
        let narrow = |value: i64| u8::try_from(value).unwrap_or(0);
        (u16::try_from(year).unwrap_or(0), narrow(month), narrow(day))
    }
}

/// As in the field: 05/10/2025.
impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.date();
        write!(f, "{day:02}/{month:02}/{year}")
    }
}
