//! How full a parking lot is on its fullest day.

use jiff::civil::Date;

/// On the fullest of the days from `first` to `last`: how many of the stays are there. Each stay holds its place
/// from its first day to its last, both of them.
pub fn fullest(stays: &[(Date, Date)], first: Date, last: Date) -> usize {
    // The number changes only where a stay begins, so the fullest day is one of those, or the first.
    let begins = stays.iter().map(|stay| stay.0).filter(|day| first < *day && *day <= last);
    let on = |day: Date| stays.iter().filter(|stay| stay.0 <= day && day <= stay.1).count();
    begins.chain([first]).map(on).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_fullest_day_counts() {
        let day = |day| date(2025, 10, day);
        let stays = [(day(10), day(15)), (day(13), day(13)), (day(13), day(14)), (day(20), day(21))];
        for (first, last, want) in [
            (10, 15, 3),
            (14, 15, 2),
            (15, 15, 1),
            (16, 19, 0),
            (1, 31, 3),
            (20, 31, 1),
            (9, 9, 0),
            (11, 12, 1),
        ] {
            assert_eq!(fullest(&stays, day(first), day(last)), want, "{first}–{last}");
        }
        assert_eq!(fullest(&[], day(1), day(31)), 0);
    }
}
