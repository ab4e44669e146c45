//! What can be said of one line of the roll without looking at another: names, days, ages.
//!
//! A name is sorted as a Vietnamese list is: by the given name, which stands last, then by the family name and what
//! lies between; letters in the order of the alphabet (a, ă, â, …), tones only where letters are equal, in the order
//! ngang, huyền, hỏi, ngã, sắc, nặng.

use jiff::civil::Date;
use unicode_normalization::UnicodeNormalization as _;

use crate::{credentials::years, message};

pub mod replacing;
#[cfg(test)]
mod tests;
pub mod twins;

/// The youngest a member of the Party can be (Điều lệ Đảng, Điều 1: đủ 18 tuổi).
pub const PARTY_AGE: u8 = 18;
/// The youngest anybody with a badge can be.
pub const YOUNGEST: u8 = 15;
/// The oldest; above it a year of birth is taken for a slip.
pub const OLDEST: u8 = 105;

/// The days of one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Days {
    /// Day of birth.
    pub born: Option<Date>,
    /// Day of admission to the Party.
    pub joined: Option<Date>,
    /// Day of full membership.
    pub official: Option<Date>,
}

/// Why the days of a person cannot be right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayFault {
    /// Born after the congress, or so late that nobody of that age has a badge.
    TooYoung {
        /// Completed years at the congress.
        years: u8,
    },
    /// A day that lies after the congress.
    Future,
    /// Born so early that it is taken for a slip.
    TooOld {
        /// Completed years at the congress.
        years: u8,
    },
    /// Admitted before the age of 18.
    JoinedTooYoung {
        /// Completed years at admission.
        years: u8,
    },
    /// Admitted before birth.
    JoinedBeforeBirth,
    /// Full member before admission.
    OfficialBeforeJoined,
}

impl DayFault {
    /// The field it is about: `born`, `joined` or `official`.
    pub fn field(self, of: &'static str) -> &'static str {
        match self {
            Self::TooYoung { .. } | Self::TooOld { .. } => "born",
            Self::JoinedTooYoung { .. } | Self::JoinedBeforeBirth => "joined",
            Self::OfficialBeforeJoined => "official",
            Self::Future => of,
        }
    }

    /// The key of the sentence.
    pub const fn key(self) -> &'static str {
        match self {
            Self::TooYoung { .. } => "roll-too-young",
            Self::Future => "roll-future",
            Self::TooOld { .. } => "roll-too-old",
            Self::JoinedTooYoung { .. } => "roll-joined-too-young",
            Self::JoinedBeforeBirth => "roll-joined-before-birth",
            Self::OfficialBeforeJoined => "roll-official-before-joined",
        }
    }

    /// The arguments of the sentence.
    pub fn args(self) -> message::Args {
        match self {
            Self::TooYoung { years } | Self::TooOld { years } | Self::JoinedTooYoung { years } => {
                vec![("years", message::Arg::Number(i64::from(years)))]
            }
            Self::Future | Self::JoinedBeforeBirth | Self::OfficialBeforeJoined => Vec::new(),
        }
    }
}

/// What is wrong with the days of a person at the congress, with the field each is about.
pub fn faults(days: &Days, congress: Date) -> Vec<(&'static str, DayFault)> {
    let mut out = Vec::new();
    let mut push = |of: &'static str, fault: DayFault| out.push((fault.field(of), fault));
    for (of, day) in [("born", days.born), ("joined", days.joined), ("official", days.official)] {
        if day.is_some_and(|day| day > congress) {
            push(of, DayFault::Future);
        }
    }
    if let Some(born) = days.born.filter(|born| *born <= congress) {
        match years(born, congress) {
            Some(years) if years < YOUNGEST => push("born", DayFault::TooYoung { years }),
            Some(years) if years > OLDEST => push("born", DayFault::TooOld { years }),
            None => push("born", DayFault::TooOld { years: u8::MAX }),
            Some(_) => {}
        }
    }
    match (days.born, days.joined) {
        (Some(born), Some(joined)) if joined < born => push("joined", DayFault::JoinedBeforeBirth),
        (Some(born), Some(joined)) => {
            if let Some(years) = years(born, joined).filter(|years| *years < PARTY_AGE) {
                push("joined", DayFault::JoinedTooYoung { years });
            }
        }
        _ => {}
    }
    if let (Some(joined), Some(official)) = (days.joined, days.official)
        && official < joined
    {
        push("official", DayFault::OfficialBeforeJoined);
    }
    out
}

/// The key by which names are sorted: compare keys byte by byte.
///
/// ```
/// use rules::roll::sort_key;
/// let mut names = ["Trần Văn Ân", "Lê Thị An", "Nguyễn Văn Ăn", "Phạm An", "Võ Đạt", "Vũ Dũng"];
/// names.sort_by_key(|name| sort_key(name));
/// assert_eq!(names, ["Lê Thị An", "Phạm An", "Nguyễn Văn Ăn", "Trần Văn Ân", "Vũ Dũng", "Võ Đạt"]);
/// ```
pub fn sort_key(name: &str) -> String {
    let mut words: Vec<&str> = name.split_whitespace().collect();
    if let Some(given) = words.pop() {
        words.insert(0, given);
    }
    let (mut letters, mut tones) = (String::new(), String::new());
    for word in words {
        for c in word.nfc().flat_map(char::to_lowercase) {
            let mut parts = std::iter::once(c).nfd();
            let base = parts.next().unwrap_or(c);
            let (mut rank, mut tone) = (0_u8, 0_u8);
            for mark in parts {
                match mark {
                    '\u{306}' => rank = 1,
                    // â, ê, ô; ă has only the breve.
                    '\u{302}' => rank = if base == 'a' { 2 } else { 1 },
                    '\u{31b}' => rank = if base == 'o' { 2 } else { 1 },
                    '\u{300}' => tone = 1,
                    '\u{309}' => tone = 2,
                    '\u{303}' => tone = 3,
                    '\u{301}' => tone = 4,
                    '\u{323}' => tone = 5,
                    _ => {}
                }
            }
            let (base, rank) = if base == 'đ' { ('d', 1) } else { (base, rank) };
            letters.push(base);
            letters.push(char::from(b'0' + rank));
            tones.push(char::from(b'0' + tone));
        }
        letters.push(' ');
    }
    letters + "|" + &tones
}
