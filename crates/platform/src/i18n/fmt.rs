//! Numbers, dates and times as people read them: 1.234,5 · 05/10/2025 · 07:30.
//!
//! English writes numbers as 1,234.5 and keeps the date as day/month/year.

use super::Lang;
use jiff::civil;

/// A number with a fixed count of decimals, halves rounded away from zero.
///
/// ```
/// use platform::i18n::{Lang, fmt};
/// assert_eq!(fmt::number(Lang::Vi, 1234.5, 1), "1.234,5");
/// assert_eq!(fmt::number(Lang::En, 1234.5, 1), "1,234.5");
/// ```
pub fn number(lang: Lang, value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let (group, point) = match lang {
        Lang::Vi => ('.', ','),
        Lang::En => (',', '.'),
    };
    let scale = 10_f64.powi(i32::try_from(decimals).unwrap_or(0));
    // A value such as 1.005 is stored a little below itself; the nudge rounds it as it is written.
    let rounded = (value.abs() * scale * (1.0 + f64::EPSILON)).round() / scale;
    let plain = format!("{rounded:.decimals$}");
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let mut out = String::with_capacity(plain.len() + plain.len() / 3 + 1);
    if value < 0.0 && rounded != 0.0 {
        out.push('−');
    }
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            out.push(group);
        }
        out.push(digit);
    }
    if !fraction.is_empty() {
        out.push(point);
        out.push_str(fraction);
    }
    out
}

/// A number in the Vietnamese way, whatever the language of the page.
pub fn number_vn(value: f64, decimals: usize) -> String {
    number(Lang::Vi, value, decimals)
}

/// A whole number with its thousands apart.
pub fn int(lang: Lang, value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let group = if lang == Lang::Vi { '.' } else { ',' };
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 3);
    if value < 0 {
        out.push('−');
    }
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(group);
        }
        out.push(digit);
    }
    out
}

/// A share as a percentage, `part` of `whole`; a whole of zero gives a dash, never a made-up 0.
///
/// ```
/// use platform::i18n::{Lang, fmt};
/// assert_eq!(fmt::percent(Lang::Vi, 1.0, 3.0, 2), "33,33%");
/// assert_eq!(fmt::percent(Lang::En, 0.0, 0.0, 2), "–");
/// ```
pub fn percent(lang: Lang, part: f64, whole: f64, decimals: usize) -> String {
    if whole == 0.0 {
        return "–".to_owned();
    }
    format!("{}%", number(lang, part * 100.0 / whole, decimals))
}

/// A date as 05/10/2025.
pub fn date(date: civil::Date) -> String {
    format!("{:02}/{:02}/{:04}", date.day(), date.month(), date.year())
}

/// The day and month as 05/10, where the year stands elsewhere.
pub fn day(date: civil::Date) -> String {
    format!("{:02}/{:02}", date.day(), date.month())
}

/// A time as 07:30.
pub fn time(time: civil::Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// A moment as 07:30 05/10/2025.
pub fn moment(at: civil::DateTime) -> String {
    format!("{} {}", time(at.time()), date(at.date()))
}

/// The decimals a number needs when nothing says otherwise: none for whole numbers, at most two.
pub(super) fn decimals(value: f64) -> usize {
    let hundredths = (value * 100.0).round();
    if hundredths % 100.0 == 0.0 {
        0
    } else if hundredths % 10.0 == 0.0 {
        1
    } else {
        2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_rounded_half_up() {
        for (value, decimals, vi, en) in [
            (0.0, 0, "0", "0"),
            (999.0, 0, "999", "999"),
            (1000.0, 0, "1.000", "1,000"),
            (1_234_567.891, 2, "1.234.567,89", "1,234,567.89"),
            (1.005, 2, "1,01", "1.01"),
            (2.5, 0, "3", "3"),
            (-1234.5, 1, "−1.234,5", "−1,234.5"),
            (-0.001, 2, "0,00", "0.00"),
            (f64::NAN, 2, "–", "–"),
        ] {
            assert_eq!(number(Lang::Vi, value, decimals), vi);
            assert_eq!(number(Lang::En, value, decimals), en);
        }
    }

    #[test]
    fn whole_numbers_keep_every_digit() {
        assert_eq!(int(Lang::Vi, i64::MIN), "−9.223.372.036.854.775.808");
        assert_eq!(int(Lang::En, 1000), "1,000");
        assert_eq!(int(Lang::En, -12), "−12");
    }

    #[test]
    fn dates_and_times_are_two_digits() {
        let at = civil::date(2025, 10, 5).at(7, 30, 0, 0);
        assert_eq!(moment(at), "07:30 05/10/2025");
        assert_eq!(day(at.date()), "05/10");
    }
}
