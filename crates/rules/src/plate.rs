//! Number plates of Vietnamese vehicles, in one spelling, so that a vehicle is registered once and found however
//! its plate is typed.
//!
//! Source: Thông tư 79/2024/TT-BCA (Phụ lục 02: symbols of provinces; Điều 37: civil, diplomatic and foreign plates;
//! the twenty letters of series) and, for red plates, Thông tư 169/2021/TT-BQP (two letters, four figures). Plates
//! of before 2011 have four figures and stay valid.

use std::fmt;

/// Symbols of provinces and cities that are given out, 11 to 99; 80 is of central agencies.
const NOT_GIVEN: [u8; 8] = [13, 42, 44, 45, 46, 87, 91, 96];
/// Letters of series.
const LETTERS: &str = "ABCDEFGHKLMNPSTUVXYZ";
/// Pairs of letters with a meaning of their own; R and RM are trailers, the others kinds of owners.
const PAIRS: [&str; 11] = ["LD", "DA", "KT", "MK", "HC", "TD", "TĐ", "RM", "SM", "MĐ", "CD"];
/// Diplomatic missions, international organisations, foreigners.
const FOREIGN: [&str; 4] = ["NG", "QT", "NN", "CV"];

/// What carries a plate of this kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// 51A-123.45
    Civil,
    /// 80-NG-345-01
    Foreign,
    /// TM-12-34
    Army,
}

/// A plate in its one spelling.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Plate(String);

/// What was typed is no plate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing was typed.
    Empty,
    /// No province has this symbol.
    Province(u8),
    /// It does not have the form of a plate.
    Form,
}

impl Fault {
    /// The key of the sentence.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Empty => "plate-empty",
            Self::Province(_) => "plate-province",
            Self::Form => "plate-form",
        }
    }
}

impl Plate {
    /// Reads a plate however it is spaced and dotted.
    ///
    /// ```
    /// use rules::plate::Plate;
    /// for typed in ["51A-123.45", "51a 12345", "51 A - 123 45"] {
    ///     assert_eq!(Plate::parse(typed).unwrap().as_str(), "51A-123.45");
    /// }
    /// ```
    ///
    /// # Errors
    /// [`Fault`].
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let bare: Vec<char> = crate::text::nfc(text)
            .chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '.' | '-' | '_' | '–' | '—' | '/'))
            .flat_map(char::to_uppercase)
            .collect();
        if bare.is_empty() {
            return Err(Fault::Empty);
        }
        if bare.len() > 12 {
            return Err(Fault::Form);
        }
        let (head, rest) = bare.split_at(2.min(bare.len()));
        if head.len() == 2 && head.iter().all(char::is_ascii_digit) {
            civil(head, rest)
        } else {
            army(head, rest)
        }
    }

    /// Its spelling.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What kind it is.
    pub fn kind(&self) -> Kind {
        match self.0.matches('-').count() {
            3 => Kind::Foreign,
            2 => Kind::Army,
            _ => Kind::Civil,
        }
    }
}

impl fmt::Display for Plate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn digits(part: &[char]) -> Option<String> {
    part.iter().all(char::is_ascii_digit).then(|| part.iter().collect())
}

fn civil(head: &[char], rest: &[char]) -> Result<Plate, Fault> {
    let province: String = head.iter().collect();
    let number: u8 = province.parse().map_err(|_| Fault::Form)?;
    if number < 11 || NOT_GIVEN.contains(&number) {
        return Err(Fault::Province(number));
    }
    // Foreign plates are also written with the country first: 80 345 NG 01.
    if let [c, d, e, x, y, f, g] = rest {
        let (country, letters, serial) = if c.is_ascii_digit() {
            ([*c, *d, *e], [*x, *y], [*f, *g])
        } else {
            ([*e, *x, *y], [*c, *d], [*f, *g])
        };
        let letters: String = letters.iter().collect();
        if FOREIGN.contains(&letters.as_str()) {
            let (country, serial) = digits(&country).zip(digits(&serial)).ok_or(Fault::Form)?;
            return Ok(Plate(format!("{province}-{letters}-{country}-{serial}")));
        }
    }
    let letters = rest.iter().take_while(|c| !c.is_ascii_digit()).count();
    let (series, figures) = rest.split_at_checked(letters).ok_or(Fault::Form)?;
    let series: String = series.iter().collect();
    let one = |c: char| LETTERS.contains(c);
    // Motorcycles have a figure behind the letter; with it, five figures follow.
    let (series, figures) = match (letters, figures) {
        (1, [n, rest @ ..]) if rest.len() == 5 => (format!("{series}{n}"), rest),
        (1 | 2, figures) => (series, figures),
        _ => return Err(Fault::Form),
    };
    let mut signs = series.chars();
    let first = signs.next().ok_or(Fault::Form)?;
    let known = match signs.next() {
        None => one(first) || first == 'R',
        Some(second) if second.is_ascii_digit() => one(first) && second != '0',
        Some(second) => PAIRS.contains(&series.as_str()) || (one(first) && one(second)),
    };
    if !known {
        return Err(Fault::Form);
    }
    let figures = digits(figures).ok_or(Fault::Form)?;
    match figures.split_at_checked(3) {
        Some((a, b)) if figures.len() == 5 => Ok(Plate(format!("{province}{series}-{a}.{b}"))),
        _ if figures.len() == 4 => Ok(Plate(format!("{province}{series}-{figures}"))),
        _ => Err(Fault::Form),
    }
}

fn army(head: &[char], rest: &[char]) -> Result<Plate, Fault> {
    let letters: String = head.iter().collect();
    let (first, second) = rest.split_at_checked(2).ok_or(Fault::Form)?;
    let known = head.len() == 2 && head.iter().all(char::is_ascii_uppercase) && rest.len() == 4;
    let (first, second) = digits(first).zip(digits(second)).filter(|_| known).ok_or(Fault::Form)?;
    Ok(Plate(format!("{letters}-{first}-{second}")))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_is_one_plate() {
        for (typed, want, kind) in [
            ("51A-123.45", "51A-123.45", Kind::Civil),
            (" 51a 12345 ", "51A-123.45", Kind::Civil),
            ("51A12345", "51A-123.45", Kind::Civil),
            ("80A–005.67", "80A-005.67", Kind::Civil),
            ("29LD-012.34", "29LD-012.34", Kind::Civil),
            ("29tđ 01234", "29TĐ-012.34", Kind::Civil),
            ("59-X1 234.56", "59X1-234.56", Kind::Civil),
            ("59X12345", "59X-123.45", Kind::Civil),
            ("51F-1234", "51F-1234", Kind::Civil),
            ("51R-012.34", "51R-012.34", Kind::Civil),
            ("80-NG-345-01", "80-NG-345-01", Kind::Foreign),
            ("80 345 NG 01", "80-NG-345-01", Kind::Foreign),
            ("80NN12345", "80-NN-123-45", Kind::Foreign),
            ("TM 12-34", "TM-12-34", Kind::Army),
            ("ab1234", "AB-12-34", Kind::Army),
        ] {
            let plate = Plate::parse(typed).unwrap();
            assert_eq!((plate.as_str(), plate.kind()), (want, kind), "{typed}");
            // Its own spelling is read back as it is.
            assert_eq!(Plate::parse(plate.as_str()).unwrap(), plate);
        }
    }

    #[test]
    fn what_is_no_plate_is_refused() {
        for (typed, want) in [
            ("", Fault::Empty),
            (" - . ", Fault::Empty),
            ("10A-123.45", Fault::Province(10)),
            ("42A-123.45", Fault::Province(42)),
            ("00A-123.45", Fault::Province(0)),
            ("51A-123", Fault::Form),
            ("51A-1234567", Fault::Form),
            ("51I-123.45", Fault::Form),
            ("51-123.45", Fault::Form),
            ("51ABC-123.45", Fault::Form),
            ("59X0-234.56", Fault::Form),
            ("80-NG-34A-01", Fault::Form),
            ("TM-123", Fault::Form),
            ("T1-12-34", Fault::Form),
            ("xe của đoàn", Fault::Form),
            ("51A-123.45 51A-123.45", Fault::Form),
            ("5", Fault::Form),
        ] {
            assert_eq!(Plate::parse(typed), Err(want), "{typed}");
        }
    }

    proptest::proptest! {
        /// Whatever is typed: no panic, and what is read is in its one spelling.
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,16}") {
            if let Ok(plate) = Plate::parse(&text) {
                proptest::prop_assert_eq!(Plate::parse(plate.as_str()), Ok(plate.clone()));
            }
        }
    }
}
