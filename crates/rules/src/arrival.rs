//! How people arrive: what came in, beside what was to be expected by then.
//!
//! What is expected is the way people came to an earlier session of the same congress, laid on the number who are
//! expected today. Without one it is an assumption that the page names as such: of those who come, 65 in 100 in the
//! first half of the hour before the beginning, the rest evenly until it (access reference 6: 60–70 % come in the first
//! thirty minutes).

use jiff::{SignedDuration, Timestamp};

#[cfg(test)]
mod tests;

/// Fewer than these tell nothing about how people come.
pub const LEAST: usize = 20;

/// How people come, relative to the beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// As they came to an earlier session: seconds from its beginning, the earliest first.
    Seen(Vec<i64>),
    /// As is assumed.
    Assumed,
}

/// The assumption: at these seconds from the beginning this many of a thousand have come.
const ASSUMED: [(i64, u64); 3] = [(-3600, 0), (-1800, 650), (0, 1000)];

impl Shape {
    /// The way people came to a session, by when each first came in; the assumption when they were too few.
    pub fn seen(start: Timestamp, first_in: impl IntoIterator<Item = Timestamp>) -> Self {
        let mut seconds: Vec<i64> =
            first_in.into_iter().map(|at| at.as_second() - start.as_second()).collect();
        if seconds.len() < LEAST {
            return Self::Assumed;
        }
        seconds.sort_unstable();
        Self::Seen(seconds)
    }

    /// How many of `total` are to be expected so many seconds from the beginning.
    pub fn expected(&self, total: u64, seconds: i64) -> u64 {
        match self {
            Self::Seen(all) => {
                let came = u64::try_from(all.partition_point(|one| *one <= seconds)).unwrap_or(0);
                let of = u64::try_from(all.len()).unwrap_or(1).max(1);
                (total * came + of / 2) / of
            }
            Self::Assumed => {
                let mut share = 0;
                for pair in ASSUMED.windows(2) {
                    let [(from, low), (to, high)] = pair else { continue };
                    if seconds >= *to {
                        share = *high;
                    } else if seconds > *from {
                        let part = u64::try_from(seconds - from).unwrap_or(0);
                        let whole = u64::try_from(to - from).unwrap_or(1).max(1);
                        share = low + (high - low) * part / whole;
                        break;
                    }
                }
                (total * share + 500) / 1000
            }
        }
    }
}

/// A moment of the curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// When.
    pub at: Timestamp,
    /// How many had first come in by then; none for a moment still to come.
    pub arrived: Option<u64>,
    /// How many were to be expected.
    pub expected: u64,
}

/// The curve of a session in steps of `minutes`, from an hour before its beginning to half an hour after.
pub fn curve(
    shape: &Shape,
    start: Timestamp,
    total: u64,
    first_in: &[Timestamp],
    now: Timestamp,
    minutes: i64,
) -> Vec<Point> {
    let minutes = minutes.max(1);
    (-60 / minutes..=30 / minutes)
        .filter_map(|step| {
            let seconds = step * minutes * 60;
            let at = start.checked_add(SignedDuration::from_secs(seconds)).ok()?;
            let arrived = (at <= now)
                .then(|| u64::try_from(first_in.iter().filter(|one| **one <= at).count()).unwrap_or(0));
            Some(Point { at, arrived, expected: shape.expected(total, seconds) })
        })
        .collect()
}
