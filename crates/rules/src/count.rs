//! Totals that reconcile and percentages that name their denominator
//! (preparation reference 1.3 and 1.4).

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::timing::Timing;

/// Parts that do not sum to their whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error, Serialize)]
#[error("total {total}, parts {sum}, difference {diff}")]
pub struct Mismatch {
    /// The whole as stated.
    pub total: u64,
    /// What the parts sum to.
    pub sum: u64,
    /// `total − sum`.
    pub diff: i64,
}

impl Mismatch {
    /// Message key.
    pub fn key(&self) -> &'static str {
        "count-mismatch"
    }

    /// Message arguments: `total`, `sum`, `diff`.
    pub fn args(&self) -> crate::message::Args {
        use crate::message::Arg::Number;
        let clamp = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        vec![
            ("total", Number(clamp(self.total))),
            ("sum", Number(clamp(self.sum))),
            ("diff", Number(self.diff)),
        ]
    }
}

/// Checks that parts sum to their whole. A report in which this fails is not signed.
///
/// # Errors
/// [`Mismatch`] with both sums.
///
/// ```
/// use rules::count::reconcile;
/// assert!(reconcile(9_831, &[7_892, 1_620, 319]).is_ok());
/// assert_eq!(reconcile(9_831, &[7_892, 1_602, 319]).unwrap_err().diff, 18);
/// ```
pub fn reconcile(total: u64, parts: &[u64]) -> Result<(), Mismatch> {
    let sum: u128 = parts.iter().map(|p| u128::from(*p)).sum();
    if u128::from(total) == sum {
        return Ok(());
    }
    let sum = u64::try_from(sum).unwrap_or(u64::MAX);
    let diff = i128::from(total) - i128::from(sum);
    Err(Mismatch {
        total,
        sum,
        diff: i64::try_from(diff).unwrap_or(if diff < 0 { i64::MIN } else { i64::MAX }),
    })
}

/// Accepted tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Done {
    /// Before the deadline.
    pub early: u64,
    /// On the day of the deadline.
    pub on_time: u64,
    /// After the deadline.
    pub late: u64,
}

impl Done {
    /// All accepted tasks.
    pub fn total(&self) -> u64 {
        self.early + self.on_time + self.late
    }
}

/// Tasks neither accepted nor cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Open {
    /// Past the deadline.
    pub overdue: u64,
    /// Due today.
    pub due_today: u64,
    /// Due within the threshold.
    pub due_soon: u64,
    /// Due later.
    pub not_yet: u64,
    /// Paused.
    pub paused: u64,
    /// Without a deadline.
    pub undated: u64,
}

impl Open {
    /// All open tasks.
    pub fn total(&self) -> u64 {
        self.overdue + self.due_today + self.due_soon + self.not_yet + self.paused + self.undated
    }
}

/// The counters of a plan at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tally {
    /// All tasks, counted on their own.
    pub total: u64,
    /// Accepted tasks.
    pub done: Done,
    /// Open tasks.
    pub open: Open,
    /// Cancelled tasks.
    pub cancelled: u64,
}

impl Tally {
    /// Counts one more task.
    pub fn add(&mut self, timing: Timing) {
        self.total += 1;
        let cell = match timing {
            Timing::NotYet => &mut self.open.not_yet,
            Timing::DueSoon => &mut self.open.due_soon,
            Timing::DueToday => &mut self.open.due_today,
            Timing::Overdue => &mut self.open.overdue,
            Timing::Paused => &mut self.open.paused,
            Timing::Undated => &mut self.open.undated,
            Timing::DoneEarly => &mut self.done.early,
            Timing::DoneOnTime => &mut self.done.on_time,
            Timing::DoneLate => &mut self.done.late,
            Timing::Cancelled => &mut self.cancelled,
        };
        *cell += 1;
    }

    /// The counter of one timing.
    pub fn of(&self, timing: Timing) -> u64 {
        match timing {
            Timing::NotYet => self.open.not_yet,
            Timing::DueSoon => self.open.due_soon,
            Timing::DueToday => self.open.due_today,
            Timing::Overdue => self.open.overdue,
            Timing::Paused => self.open.paused,
            Timing::Undated => self.open.undated,
            Timing::DoneEarly => self.done.early,
            Timing::DoneOnTime => self.done.on_time,
            Timing::DoneLate => self.done.late,
            Timing::Cancelled => self.cancelled,
        }
    }

    /// Checks that the parts sum to the total. Always so for a tally that was counted here; not
    /// for one that was typed in, merged from reports or read back from a file.
    ///
    /// # Errors
    /// [`Mismatch`] with both sums.
    pub fn reconciles(&self) -> Result<(), Mismatch> {
        let parts: Vec<u64> = Timing::ALL.iter().map(|t| self.of(*t)).collect();
        reconcile(self.total, &parts)
    }

    /// The two-by-two of state reports.
    pub fn two_by_two(&self) -> TwoByTwo {
        TwoByTwo {
            done_in_time: self.done.early + self.done.on_time,
            done_late: self.done.late,
            open_in_time: self.open.due_today + self.open.due_soon + self.open.not_yet,
            open_overdue: self.open.overdue,
            outside: self.open.paused + self.open.undated + self.cancelled,
        }
    }

    /// Accepted over all tasks.
    pub fn done_over_total(&self) -> Ratio {
        Ratio::new(self.done.total(), self.total)
    }

    /// Accepted early or on time over accepted.
    pub fn in_time_over_done(&self) -> Ratio {
        Ratio::new(self.done.early + self.done.on_time, self.done.total())
    }

    /// Accepted over those that had to be: accepted plus overdue. The denominator of the 2017
    /// state report, which is not all tasks (preparation reference 1.3).
    pub fn done_over_due(&self) -> Ratio {
        Ratio::new(self.done.total(), self.done.total() + self.open.overdue)
    }
}

impl FromIterator<Timing> for Tally {
    fn from_iter<I: IntoIterator<Item = Timing>>(timings: I) -> Self {
        let mut tally = Self::default();
        for timing in timings {
            tally.add(timing);
        }
        tally
    }
}

/// The official count: done (in time, late) and not done (in time, overdue); QĐ 42/2014/QĐ-TTg
/// practice, preparation reference 1.3. What fits neither is shown apart, so that it reconciles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TwoByTwo {
    /// Done before or on the deadline.
    pub done_in_time: u64,
    /// Done after the deadline.
    pub done_late: u64,
    /// Not done, deadline not passed.
    pub open_in_time: u64,
    /// Not done, deadline passed.
    pub open_overdue: u64,
    /// Paused, cancelled or without a deadline: no cell of the official table.
    pub outside: u64,
}

impl TwoByTwo {
    /// Checks the five numbers against a stated total.
    ///
    /// # Errors
    /// [`Mismatch`] with both sums.
    pub fn reconciles(&self, total: u64) -> Result<(), Mismatch> {
        reconcile(
            total,
            &[self.done_in_time, self.done_late, self.open_in_time, self.open_overdue, self.outside],
        )
    }
}

/// A part of a whole. It never becomes a bare percentage: whoever prints it has the denominator
/// at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Ratio {
    /// The part.
    pub part: u64,
    /// The denominator.
    pub whole: u64,
}

impl Ratio {
    /// A ratio; `whole` may be 0, then it has no percentage.
    pub const fn new(part: u64, whole: u64) -> Self {
        Self { part, whole }
    }

    /// The percentage times 10^`decimals`, rounded half up: 1/8 with one decimal is 125. At most
    /// nine decimals. `None` when the whole is 0.
    pub fn percent_scaled(&self, decimals: u8) -> Option<u128> {
        let (number, whole) = self.scaled(decimals)?;
        Some((number * 2 + whole) / (whole * 2))
    }

    /// As [`Ratio::percent_scaled`] but cut off instead of rounded: some published figures are
    /// (16,051 of 16,274 printed as 98.62 %).
    pub fn percent_scaled_cut(&self, decimals: u8) -> Option<u128> {
        let (number, whole) = self.scaled(decimals)?;
        Some(number / whole)
    }

    fn scaled(&self, decimals: u8) -> Option<(u128, u128)> {
        let scale = 10u128.pow(u32::from(decimals.min(9)));
        (self.whole > 0).then(|| (u128::from(self.part) * 100 * scale, u128::from(self.whole)))
    }

    /// The percentage as digits, rounded half up, with this decimal separator (`,` in Vietnamese):
    /// `20,0`. `None` when the whole is 0. Print it beside `part`/`whole`, or use `Display`.
    pub fn percent(&self, decimals: u8, separator: char) -> Option<String> {
        let decimals = decimals.min(9);
        let scaled = self.percent_scaled(decimals)?;
        if decimals == 0 {
            return Some(scaled.to_string());
        }
        let scale = 10u128.pow(u32::from(decimals));
        let width = usize::from(decimals);
        Some(format!("{}{separator}{:0width$}", scaled / scale, scaled % scale))
    }
}

impl fmt::Display for Ratio {
    /// `8/40 = 20.0%`, or `0/0` without a percentage. `{:.2}` chooses the decimals.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.part, self.whole)?;
        let decimals = f.precision().map_or(1, |p| u8::try_from(p).unwrap_or(9));
        match self.percent(decimals, '.') {
            Some(percent) => write!(f, " = {percent}%"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    /// A report of 2025 printed 9,831 tasks with parts that sum to 9,813.
    #[test]
    fn the_report_with_two_digits_swapped() {
        assert_eq!(
            reconcile(9_831, &[7_892, 1_602, 319]),
            Err(Mismatch { total: 9_831, sum: 9_813, diff: 18 })
        );
        assert!(reconcile(9_831, &[7_892, 1_620, 319]).is_ok());
        // The printed 16.47 % is 1,620 over 9,831, cut off; it is not 1,602.
        assert_eq!(Ratio::new(1_620, 9_831).percent_scaled_cut(2), Some(1_647));
        assert_eq!(Ratio::new(1_602, 9_831).percent_scaled_cut(2), Some(1_629));
    }

    /// The report of 2017 reconciles, but its 98.62 % is over the tasks that were due, not all.
    #[test]
    fn the_report_of_2017_and_its_denominators() {
        let t = TwoByTwo {
            done_in_time: 14_068,
            done_late: 1_983,
            open_in_time: 5_640,
            open_overdue: 223,
            outside: 0,
        };
        t.reconciles(21_914).unwrap();
        let tally = Tally {
            total: 21_914,
            done: Done { early: 0, on_time: 14_068, late: 1_983 },
            open: Open { not_yet: 5_640, overdue: 223, ..Open::default() },
            cancelled: 0,
        };
        tally.reconciles().unwrap();
        assert_eq!(tally.two_by_two(), t);
        assert_eq!(tally.done_over_total().to_string(), "16051/21914 = 73.2%");
        // Rounded half up it is 98.63; the report cut it off at 98.62.
        assert_eq!(format!("{:.2}", tally.done_over_due()), "16051/16274 = 98.63%");
        assert_eq!(tally.done_over_due().percent_scaled_cut(2), Some(9_862));
    }

    #[test]
    fn percentages_round_half_up_without_floating_point() {
        assert_eq!(Ratio::new(1, 8).percent(1, ',').unwrap(), "12,5");
        assert_eq!(Ratio::new(1, 8).percent(0, ',').unwrap(), "13");
        assert_eq!(Ratio::new(1, 3).percent(1, ',').unwrap(), "33,3");
        assert_eq!(Ratio::new(2, 3).percent(2, '.').unwrap(), "66.67");
        assert_eq!(Ratio::new(1, 2000).percent(1, '.').unwrap(), "0.1");
        assert_eq!(Ratio::new(5, 5).percent(1, '.').unwrap(), "100.0");
        assert_eq!(Ratio::new(0, 0).percent(1, '.'), None);
        assert_eq!(Ratio::new(0, 0).to_string(), "0/0");
        assert!(Ratio::new(u64::MAX, 1).percent(200, '.').is_some());
    }

    #[test]
    fn every_timing_has_one_cell() {
        let tally: Tally = Timing::ALL.into_iter().collect();
        assert_eq!(tally.total, 10);
        assert_eq!((tally.done.total(), tally.open.total(), tally.cancelled), (3, 6, 1));
        for timing in Timing::ALL {
            assert_eq!(tally.of(timing), 1);
        }
        tally.reconciles().unwrap();
        tally.two_by_two().reconciles(10).unwrap();
        let wrong = Tally { total: 11, ..tally };
        assert_eq!(wrong.reconciles().unwrap_err().diff, 1);
    }

    #[test]
    fn hostile_numbers_do_not_overflow() {
        assert!(reconcile(0, &[u64::MAX, u64::MAX]).is_err());
        assert_eq!(reconcile(u64::MAX, &[]).unwrap_err().diff, i64::MAX);
    }
}
