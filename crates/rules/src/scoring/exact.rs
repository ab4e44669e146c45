//! Exact fractions, for totals that people check with a pencil.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize, Serializer};

/// A fraction in lowest terms with a positive denominator.
///
/// Serialised as text with all its decimals where they end soon, rounded half up to six where they do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Exact {
    num: i128,
    den: i128,
}

fn gcd(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.unsigned_abs(), b.unsigned_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    i128::try_from(a).unwrap_or(1).max(1)
}

impl Exact {
    /// Nothing.
    pub const ZERO: Self = Self { num: 0, den: 1 };
    /// One.
    pub const ONE: Self = Self { num: 1, den: 1 };

    /// `num / den`; none when `den` is zero.
    pub fn new(num: i128, den: i128) -> Option<Self> {
        if den == 0 {
            return None;
        }
        let by = gcd(num, den);
        let sign = den.signum();
        Some(Self { num: sign * (num / by), den: sign * (den / by) })
    }

    /// A whole number.
    pub fn whole(number: i64) -> Self {
        Self { num: i128::from(number), den: 1 }
    }

    fn reduced(num: i128, den: i128) -> Self {
        Self::new(num, den).unwrap_or(Self::ZERO)
    }

    /// The sum.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let by = gcd(self.den, other.den);
        Self::reduced(
            self.num.saturating_mul(other.den / by).saturating_add(other.num.saturating_mul(self.den / by)),
            (self.den / by).saturating_mul(other.den),
        )
    }

    /// The difference.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        self.plus(Self { num: -other.num, den: other.den })
    }

    /// The product.
    #[must_use]
    pub fn times(self, other: Self) -> Self {
        // Crosswise first, so that numbers stay small.
        let (a, b) = (gcd(self.num, other.den), gcd(other.num, self.den));
        Self::reduced(
            (self.num / a).saturating_mul(other.num / b),
            (self.den / b).saturating_mul(other.den / a),
        )
    }

    /// The quotient; none when `other` is zero.
    pub fn over(self, other: Self) -> Option<Self> {
        Self::new(other.den, other.num).map(|turned| self.times(turned))
    }

    /// Below, at or above zero.
    pub fn sign(self) -> Ordering {
        self.num.cmp(&0)
    }

    /// Rounded half up (away from zero) to `digits` decimals and written with this separator.
    pub fn decimal(self, digits: u32, separator: char) -> String {
        let scale = 10_i128.pow(digits.min(12));
        let scaled = self.num.unsigned_abs().saturating_mul(scale.unsigned_abs());
        let den = self.den.unsigned_abs();
        self.written(
            scaled.saturating_mul(2).saturating_add(den) / (den.saturating_mul(2)),
            digits,
            separator,
        )
    }

    /// Rounded up to `digits` decimals: the least number so written that is not below. For positive fractions.
    pub fn decimal_up(self, digits: u32, separator: char) -> String {
        let scale = 10_i128.pow(digits.min(12));
        let scaled = self.num.unsigned_abs().saturating_mul(scale.unsigned_abs());
        self.written(scaled.div_ceil(self.den.unsigned_abs()), digits, separator)
    }

    /// Rounded down to `digits` decimals. For positive fractions.
    pub fn decimal_down(self, digits: u32, separator: char) -> String {
        let scale = 10_i128.pow(digits.min(12));
        let scaled = self.num.unsigned_abs().saturating_mul(scale.unsigned_abs());
        self.written(scaled / self.den.unsigned_abs(), digits, separator)
    }

    fn written(self, scaled: u128, digits: u32, separator: char) -> String {
        let scale = 10_u128.pow(digits.min(12));
        let sign = if self.num < 0 && scaled > 0 { "-" } else { "" };
        if digits == 0 {
            return format!("{sign}{scaled}");
        }
        let width = usize::try_from(digits.min(12)).unwrap_or(0);
        format!("{sign}{}{separator}{:0width$}", scaled / scale, scaled % scale)
    }

    /// As a number for a drawing, where exactness does not matter.
    #[allow(clippy::cast_precision_loss, reason = "for a drawing")]
    pub fn to_f64(self) -> f64 {
        self.num as f64 / self.den as f64
    }
}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Exact {
    fn cmp(&self, other: &Self) -> Ordering {
        self.minus(*other).sign()
    }
}

impl Serialize for Exact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.decimal(6, '.');
        serializer.serialize_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let wrong = || serde::de::Error::custom("a decimal expected");
        let (sign, digits) = text.strip_prefix('-').map_or((1, text.as_str()), |rest| (-1, rest));
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        if part.len() > 12
            || whole.len() > 18
            || !(format!("{whole}{part}").bytes().all(|b| b.is_ascii_digit()))
        {
            return Err(wrong());
        }
        let num: i128 = format!("{whole}{part}").parse().map_err(|_| wrong())?;
        let den = 10_i128.pow(u32::try_from(part.len()).map_err(|_| wrong())?);
        Self::new(sign * num, den).ok_or_else(wrong)
    }
}
