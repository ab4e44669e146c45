//! Numbers of official documents: how one reads, when two are the same, in which series they run, which document
//! a legal basis names, and whether a document is in force.
//!
//! Party bodies write `07-TB/TBPV` and number each type through the whole term of their congress; a congress has
//! a series of its own with the symbol `ĐH` (Hướng dẫn 36-HD/VPTW and 05-HD/VPTW, number and symbol). State
//! bodies write `15/QĐ-UBND` and begin again each year (Nghị định 30/2020/NĐ-CP, Phụ lục I mục II.3).

use std::{fmt, ops::RangeInclusive, str::FromStr};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Which family of rules an issuing body stands under.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BodyKind {
    /// A Party body.
    #[default]
    Party,
    /// A congress and the bodies inside it.
    Congress,
    /// A state body.
    State,
}

impl BodyKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Party, Self::Congress, Self::State];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Party => "party",
            Self::Congress => "congress",
            Self::State => "state",
        }
    }
}

impl fmt::Display for BodyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for BodyKind {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or_else(|| text.to_owned())
    }
}

/// The types of documents that carry a number, by abbreviation, in the order in which a choice offers them
/// (Hướng dẫn 05-HD/VPTW; Quy định 399-QĐ/TW names the types; `CV` stands for letters, which print no type; `TTT` for
/// the summons to a congress, which practice numbers though the regulation does not name it).
pub const TYPES: [&str; 19] = [
    "TB", "KL", "QĐ", "NQ", "CT", "KH", "BC", "TTr", "CV", "CTr", "HD", "QC", "QyĐ", "TT", "ĐA", "PA", "BB",
    "GM", "TTT",
];

/// The type with this abbreviation as it is written, however it was typed: `qđ` is `QĐ`.
///
/// ```
/// assert_eq!(rules::papers::known_type("ttr"), Some("TTr"));
/// assert_eq!(rules::papers::known_type("XX"), None);
/// ```
pub fn known_type(text: &str) -> Option<&'static str> {
    let text = crate::text::nfc(text);
    // TT (thông tri) and TTr (tờ trình), ĐA (đề án) and DA differ; case alone never does.
    TYPES.into_iter().find(|abbr| upper(abbr) == upper(&text))
}

/// The stable English name of a type: the end of the key of its words, `papers-type-…`.
pub fn type_key(abbr: &str) -> &'static str {
    match known_type(abbr) {
        Some("TB") => "notice",
        Some("KL") => "conclusion",
        Some("QĐ") => "decision",
        Some("NQ") => "resolution",
        Some("CT") => "directive",
        Some("KH") => "plan",
        Some("BC") => "report",
        Some("TTr") => "submission",
        Some("CV") => "letter",
        Some("CTr") => "programme",
        Some("HD") => "guidance",
        Some("QC") => "statute",
        Some("QyĐ") => "regulation",
        Some("TT") => "circular",
        Some("ĐA") => "scheme",
        Some("PA") => "option",
        Some("GM") => "invitation",
        Some("TTT") => "summons",
        _ => "minutes",
    }
}

/// What a type's abbreviation prints: quy định and quyết định both print QĐ, and have a series each.
pub fn printed(abbr: &str) -> &str {
    if abbr == "QyĐ" { "QĐ" } else { abbr }
}

fn upper(text: &str) -> String {
    text.chars().flat_map(char::to_uppercase).collect()
}

/// A number taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocNumber {
    /// The running number.
    pub number: u32,
    /// The year inside the number of a normative document: `30/2020/NĐ-CP`.
    pub year: Option<u16>,
    /// The type's abbreviation as typed: `TB`.
    pub abbr: String,
    /// The body's symbol as typed: `TBPV`.
    pub symbol: String,
}

impl DocNumber {
    /// Reads one number and nothing else, except "Số", a colon, or the type before it: `Số: 15/QĐ-UBND`,
    /// `TB 45-TB/TU`.
    ///
    /// ```
    /// use rules::papers::DocNumber;
    /// let number = DocNumber::parse("Số 07-TB/TBPV").expect("a number");
    /// assert_eq!((number.number, number.abbr.as_str(), number.symbol.as_str()), (7, "TB", "TBPV"));
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let text = crate::text::nfc(text);
        let mut found = find(&text);
        let (at, number) = found.next()?;
        let before = text.get(..at.start).unwrap_or_default().trim().trim_end_matches(':').trim();
        let after = text.get(at.end..).unwrap_or_default().trim_matches([' ', '.', ',', ';']);
        let lead = before.is_empty()
            || crate::text::fold(before) == "so"
            || before.chars().count() <= 4 && before.chars().all(char::is_alphabetic);
        (lead && after.is_empty() && found.next().is_none()).then_some(number)
    }

    /// What two writings of the same number have in common: leading zeros, spaces, kinds of dash and case do not
    /// count; letters with and without the bar of Đ do, because ĐA (đề án) is not DA (dự án).
    pub fn key(&self) -> String {
        let year = self.year.map(|year| format!("{year}/")).unwrap_or_default();
        format!("{}/{year}{}/{}", self.number, upper(&self.abbr), upper(&self.symbol))
    }
}

/// The key of a number typed by a person; none when the text is no number.
pub fn key(text: &str) -> Option<String> {
    DocNumber::parse(text).map(|number| number.key())
}

/// A number as it is printed, without "Số": `07-TB/TBPV`, on state paper `15/QĐ-UBND`. Below ten a zero stands
/// before it on Party paper (Hướng dẫn 05-HD/VPTW) and on state paper (Nghị định 30/2020/NĐ-CP).
///
/// ```
/// use rules::papers::{BodyKind, written};
/// assert_eq!(written(BodyKind::Party, 7, "TB", "TBPV"), "07-TB/TBPV");
/// assert_eq!(written(BodyKind::State, 15, "QĐ", "UBND"), "15/QĐ-UBND");
/// ```
pub fn written(kind: BodyKind, number: u32, abbr: &str, symbol: &str) -> String {
    let abbr = printed(abbr);
    match kind {
        BodyKind::Party | BodyKind::Congress => format!("{number:02}-{abbr}/{symbol}"),
        BodyKind::State => format!("{number:02}/{abbr}-{symbol}"),
    }
}

/// The numbers that stand in a text, with their places in bytes.
pub fn find(text: &str) -> impl Iterator<Item = (std::ops::Range<usize>, DocNumber)> + '_ {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let end = text.len();
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < chars.len() {
            let fresh = at == 0 || !chars.get(at - 1).is_some_and(|(_, c)| joins(*c));
            if fresh
                && chars.get(at).is_some_and(|(_, c)| c.is_ascii_digit())
                && let Some((to, number)) = read(&chars, at)
            {
                let from = chars.get(at).map_or(end, |(byte, _)| *byte);
                let until = chars.get(to).map_or(end, |(byte, _)| *byte);
                at = to;
                return Some((from..until, number));
            }
            at += 1;
        }
        None
    })
}

/// A character after which a digit goes on with something instead of beginning a number.
fn joins(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '/' | '-' | '–' | '.' | ',')
}

fn dash(c: char) -> bool {
    matches!(c, '-' | '–' | '—' | '‑')
}

/// Reads a number that begins at `at`; gives where it ends.
fn read(chars: &[(usize, char)], at: usize) -> Option<(usize, DocNumber)> {
    let (mut to, digits) = take(chars, at, 6, |c| c.is_ascii_digit());
    let number: u32 = digits.parse().ok().filter(|number| *number > 0)?;
    let separator = separator(chars, &mut to)?;
    let mut year = None;
    if separator == '/' {
        let (after, digits) = take(chars, to, 4, |c| c.is_ascii_digit());
        if digits.len() == 4 {
            to = after;
            year = digits.parse().ok();
            if self::separator(chars, &mut to)? != '/' {
                return None;
            }
        }
    }
    let (after, abbr) = take(chars, to, 8, char::is_alphabetic);
    to = after;
    // Party: number-TYPE/BODY. State: number/TYPE-BODY.
    let expected = if separator == '/' { '-' } else { '/' };
    if abbr.is_empty() || self::separator(chars, &mut to)? != expected {
        return None;
    }
    let (after, symbol) = take(chars, to, 24, |c| c.is_alphanumeric() || matches!(c, '-' | '.' | '&'));
    let kept = symbol.trim_end_matches(['-', '.', '&']);
    if !kept.starts_with(char::is_alphabetic) {
        return None;
    }
    to = after - (symbol.chars().count() - kept.chars().count());
    Some((to, DocNumber { number, year, abbr, symbol: kept.to_owned() }))
}

/// A dash or a slash with at most one space on either side; moves past it.
fn separator(chars: &[(usize, char)], at: &mut usize) -> Option<char> {
    let space = |at: usize| chars.get(at).is_some_and(|(_, c)| *c == ' ');
    let place = *at + usize::from(space(*at));
    let (_, found) = chars.get(place)?;
    let found = if dash(*found) { '-' } else { *found };
    if !matches!(found, '-' | '/') {
        return None;
    }
    *at = place + 1 + usize::from(space(place + 1));
    Some(found)
}

fn take(chars: &[(usize, char)], at: usize, most: usize, fits: impl Fn(char) -> bool) -> (usize, String) {
    let text: String =
        chars.iter().skip(at).map(|(_, c)| *c).take_while(|c| fits(*c)).take(most + 1).collect();
    let length = text.chars().count();
    if length > most { (at, String::new()) } else { (at + length, text) }
}

/// The series in which a body numbers on a day: the term of its congress, or the year for a state body. A number
/// is used once in its series.
///
/// ```
/// use rules::papers::{BodyKind, series};
/// let day = jiff::civil::date(2025, 9, 26);
/// assert_eq!(series(BodyKind::Party, "2025–2030", day), "2025–2030");
/// assert_eq!(series(BodyKind::State, "2025–2030", day), "2025");
/// ```
pub fn series(kind: BodyKind, term: &str, on: Date) -> String {
    match kind {
        BodyKind::Party | BodyKind::Congress => term.to_owned(),
        BodyKind::State => on.year().to_string(),
    }
}

/// The numbers that a chosen number would leave unused behind the last one of its series.
pub fn gap(last: u32, chosen: u32) -> Option<RangeInclusive<u32>> {
    (chosen > last.saturating_add(1)).then(|| last + 1..=chosen - 1)
}

/// The neighbour whose date contradicts this one: a lower number issued later, or a higher one issued earlier.
/// A warning, not a refusal: papers are sometimes dated by the day they were signed.
pub fn out_of_order(number: u32, on: Date, others: &[(u32, Date)]) -> Option<(u32, Date)> {
    let below = others.iter().filter(|(n, _)| *n < number).max_by_key(|(n, _)| *n);
    let above = others.iter().filter(|(n, _)| *n > number).min_by_key(|(n, _)| *n);
    below.filter(|(_, date)| *date > on).or_else(|| above.filter(|(_, date)| *date < on)).copied()
}

/// Which of the registered documents with the same key a basis names: the one of the same date; without a date
/// the only one there is. Between two terms that used the same number nobody guesses.
pub fn named(issued_on: Option<Date>, registered: &[Date]) -> Option<usize> {
    match issued_on {
        Some(on) => registered.iter().position(|date| *date == on),
        None => (registered.len() == 1).then_some(0),
    }
}

/// The point that a clause names as a whole: "khoản 2", "kết luận số 3", "điểm 4", "③". None when it says more or
/// something else, such as "mục II, nhiệm vụ 7".
pub fn point(clause: &str) -> Option<u16> {
    let folded = crate::text::nfc(clause);
    let mut single = folded.chars();
    if let (Some(one), None) = (single.next(), single.next())
        && let Some(place) = (1..=20).find(|n| circled(*n).starts_with(one))
    {
        return Some(place);
    }
    let folded = crate::text::fold(clause);
    let rest = ["ket luan", "khoan", "diem", "muc"].iter().find_map(|word| folded.strip_prefix(word))?;
    let rest = rest.strip_prefix(' ')?;
    let rest = rest.strip_prefix("so ").unwrap_or(rest).trim_end_matches('.');
    rest.parse().ok().filter(|point| *point > 0)
}

/// What a later document does to an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Change {
    /// Replaces it whole.
    #[serde(rename = "thay_the")]
    Supersedes,
    /// Changes or adds to it; the rest stays in force.
    #[serde(rename = "sua_doi")]
    Amends,
}

impl Change {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Supersedes, Self::Amends];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Supersedes => "thay_the",
            Self::Amends => "sua_doi",
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Change {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|one| one.as_str() == text).ok_or_else(|| text.to_owned())
    }
}

/// Whether a document binds on a day. Derived, never stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Force {
    /// Its first day has not come.
    NotYet,
    /// It binds as issued.
    InForce,
    /// It binds with changes.
    Amended,
    /// Another one stands in its place.
    Superseded,
}

impl Force {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::InForce, Self::Amended, Self::NotYet, Self::Superseded];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotYet => "not_yet",
            Self::InForce => "in_force",
            Self::Amended => "amended",
            Self::Superseded => "superseded",
        }
    }
}

/// How a document stands on a day: `effect_from` is its first day, `changes` what later documents do to it and from
/// which day. A change that begins later has not happened yet.
pub fn force(effect_from: Date, today: Date, changes: &[(Change, Date)]) -> Force {
    let done = |which: Change| changes.iter().any(|(change, from)| *change == which && *from <= today);
    if done(Change::Supersedes) {
        Force::Superseded
    } else if effect_from > today {
        Force::NotYet
    } else if done(Change::Amends) {
        Force::Amended
    } else {
        Force::InForce
    }
}

/// The mark of a numbered conclusion: ① to ⑳, then (21).
///
/// ```
/// assert_eq!(rules::papers::circled(3), "③");
/// assert_eq!(rules::papers::circled(21), "(21)");
/// ```
pub fn circled(n: u16) -> String {
    match n {
        1..=20 => char::from_u32(0x245F + u32::from(n)).map(String::from).unwrap_or_default(),
        _ => format!("({n})"),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_read_however_they_are_typed() {
        // HD 05-HD/VPTW: "Số 127-QĐ/TW"; NĐ 30/2020/NĐ-CP: "Số: 15/QĐ-UBND".
        for (text, key) in [
            ("07-TB/TBPV", "7/TB/TBPV"),
            ("7-TB/TBPV", "7/TB/TBPV"),
            ("Số 07-TB/TBPV", "7/TB/TBPV"),
            ("số: 07 – tb / tbpv.", "7/TB/TBPV"),
            ("TB 45-TB/TU", "45/TB/TU"),
            ("127-QĐ/TW", "127/QĐ/TW"),
            ("Số: 15/QĐ-UBND", "15/QĐ/UBND"),
            ("9499-QĐ/TU", "9499/QĐ/TU"),
            ("30/2020/NĐ-CP", "30/2020/NĐ/CP"),
            ("01-NQ/ĐH", "1/NQ/ĐH"),
            ("12-KH/BTC-TU", "12/KH/BTC-TU"),
        ] {
            assert_eq!(super::key(text).as_deref(), Some(key), "{text}");
        }
        for text in [
            "",
            "07",
            "TB/TBPV",
            "ngày 05/9/2025",
            "05-09-2025",
            "00-TB/TU",
            "07-TB",
            "07-TB/",
            "1.2-TB/TU x y z",
            "07-TB/TBPV và 08-TB/TBPV",
            "Căn cứ 07-TB/TBPV",
        ] {
            assert_eq!(super::key(text), None, "{text}");
        }
    }

    #[test]
    fn de_an_is_not_du_an() {
        assert_ne!(super::key("05-ĐA/TU"), super::key("05-DA/TU"));
    }

    #[test]
    fn numbers_are_found_inside_a_text() {
        let text = "Thực hiện Thông báo số 07-TB/TBPV ngày 05/9/2025 và Quyết định 15/QĐ-UBND, mục 2-3.";
        let found: Vec<(String, &str)> = find(text).map(|(at, number)| (number.key(), &text[at])).collect();
        assert_eq!(found, [("7/TB/TBPV".to_owned(), "07-TB/TBPV"), ("15/QĐ/UBND".to_owned(), "15/QĐ-UBND")]);
    }

    #[test]
    fn a_state_body_begins_again_each_year_and_a_party_body_each_term() {
        for (kind, on, expected) in [
            (BodyKind::Party, date(2026, 1, 2), "2025–2030"),
            (BodyKind::Congress, date(2025, 10, 14), "2025–2030"),
            (BodyKind::State, date(2026, 1, 2), "2026"),
        ] {
            assert_eq!(series(kind, "2025–2030", on), expected);
        }
    }

    #[test]
    fn a_gap_and_a_wrong_order_are_seen() {
        assert_eq!(gap(6, 7), None);
        assert_eq!(gap(6, 3), None);
        assert_eq!(gap(6, 9), Some(7..=8));
        let others = [(5, date(2025, 9, 1)), (7, date(2025, 9, 10))];
        assert_eq!(out_of_order(6, date(2025, 9, 5), &others), None);
        assert_eq!(out_of_order(6, date(2025, 8, 31), &others), Some((5, date(2025, 9, 1))));
        assert_eq!(out_of_order(6, date(2025, 9, 11), &others), Some((7, date(2025, 9, 10))));
        assert_eq!(out_of_order(8, date(2025, 9, 10), &others), None);
    }

    #[test]
    fn a_basis_names_one_document_or_none() {
        let (old, new) = (date(2021, 3, 1), date(2025, 9, 5));
        assert_eq!(named(Some(new), &[old, new]), Some(1));
        assert_eq!(named(None, &[new]), Some(0));
        assert_eq!(named(None, &[old, new]), None, "two terms used the number");
        assert_eq!(named(Some(date(2025, 9, 6)), &[new]), None, "another day is another document");
    }

    #[test]
    fn a_clause_names_a_point_only_when_it_says_nothing_else() {
        for (clause, expected) in [
            ("khoản 2", Some(2)),
            ("Kết luận số 3", Some(3)),
            ("kết luận 3.", Some(3)),
            ("③", Some(3)),
            ("điểm 12", Some(12)),
            ("mục II, nhiệm vụ 7", None),
            ("khoản 2 mục III", None),
            ("", None),
            ("khoản 0", None),
        ] {
            assert_eq!(point(clause), expected, "{clause}");
        }
    }

    #[test]
    fn a_document_binds_until_another_stands_in_its_place() {
        let (start, today) = (date(2025, 9, 1), date(2025, 9, 26));
        for (effect, changes, expected) in [
            (start, vec![], Force::InForce),
            (date(2025, 10, 1), vec![], Force::NotYet),
            (start, vec![(Change::Amends, date(2025, 9, 20))], Force::Amended),
            (start, vec![(Change::Supersedes, date(2025, 9, 26))], Force::Superseded),
            (start, vec![(Change::Supersedes, date(2025, 9, 27))], Force::InForce),
            (start, vec![(Change::Amends, start), (Change::Supersedes, today)], Force::Superseded),
        ] {
            assert_eq!(force(effect, today, &changes), expected, "{changes:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(n in 1u32..=99_999, which in 0..TYPES.len(), state: bool, symbol in "[A-ZĐ]{1,8}") {
            let kind = if state { BodyKind::State } else { BodyKind::Party };
            let text = written(kind, n, TYPES[which], &symbol);
            let read = DocNumber::parse(&text).expect("reads");
            prop_assert_eq!((read.number, read.abbr.as_str(), read.symbol.as_str()), (n, printed(TYPES[which]), symbol.as_str()));
            prop_assert_eq!(super::key(&text.to_lowercase()), Some(read.key()));
        }

        #[test]
        fn no_text_stops_it(text in "\\PC{0,80}") {
            for (at, _) in find(&text) {
                prop_assert!(text.get(at).is_some());
            }
            let _ = point(&text);
        }
    }
}
