//! What the briefing secretary types: a sentence with shortcuts, read as it stands and never guessed.
//!
//! | typed | means |
//! |---|---|
//! | `@VPTU`, `@Văn phòng Thành ủy`, `@van-phong-thanh-uy` | a unit; the first named leads, the others help |
//! | `#PV-07` | a task of the register |
//! | `/hạn 30/9`, `/han 16:00 30/9/2025` | the deadline, as [`dates`](crate::dates) reads it |
//! | `/sp 01 danh sách chốt` | the result (*sản phẩm*), up to the next shortcut or the end |
//!
//! The result names where each piece stands, so that the page can mark it, and the sentence without shortcuts, as
//! it is printed.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::dates::{DateError, Deadline};
use crate::text::{fold, nfc};

/// A unit or a task that may be named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known<K> {
    /// Its id.
    pub id: K,
    /// Its names: full, short, symbol. The first is the one that is printed.
    pub names: Vec<String>,
}

/// What a piece of the typed text means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning<U, T> {
    /// A unit.
    Unit(U),
    /// `@` with a name that no unit has, or that several have.
    NoUnit {
        /// Units that the name may mean; none when no unit has it.
        candidates: Vec<U>,
    },
    /// A task.
    Task(T),
    /// `#` with a code that no task has.
    NoTask,
    /// A deadline.
    Due(Deadline),
    /// `/hạn` without a date that can be read.
    NoDate(DateError),
    /// The result that is expected.
    Result(String),
}

/// A piece of the typed text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece<U, T> {
    /// Where it begins, in UTF-16 units of the text as typed, as browsers count.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// What it means.
    pub means: Meaning<U, T>,
}

/// A sentence as it was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed<U, T> {
    /// The sentence as it is printed: shortcuts replaced by names, deadlines taken out.
    pub clean: String,
    /// The pieces, in order.
    pub pieces: Vec<Piece<U, T>>,
}

impl<U: Clone + PartialEq, T: Clone + PartialEq> Typed<U, T> {
    /// The units in the order in which they are named, each once.
    pub fn units(&self) -> Vec<U> {
        let mut units: Vec<U> = Vec::new();
        for piece in &self.pieces {
            if let Meaning::Unit(unit) = &piece.means
                && !units.contains(unit)
            {
                units.push(unit.clone());
            }
        }
        units
    }

    /// The tasks in the order in which they are named, each once.
    pub fn tasks(&self) -> Vec<T> {
        let mut tasks: Vec<T> = Vec::new();
        for piece in &self.pieces {
            if let Meaning::Task(task) = &piece.means
                && !tasks.contains(task)
            {
                tasks.push(task.clone());
            }
        }
        tasks
    }

    /// The deadlines in the order in which they are typed, each once.
    pub fn deadlines(&self) -> Vec<Deadline> {
        let mut deadlines: Vec<Deadline> = Vec::new();
        for piece in &self.pieces {
            if let Meaning::Due(due) = &piece.means
                && !deadlines.contains(due)
            {
                deadlines.push(*due);
            }
        }
        deadlines
    }

    /// The result that is expected; empty when none is typed.
    pub fn result(&self) -> String {
        let results: Vec<&str> = self
            .pieces
            .iter()
            .filter_map(|piece| match &piece.means {
                Meaning::Result(text) => Some(text.as_str()),
                _ => None,
            })
            .collect();
        results.join("; ")
    }

    /// Whether some shortcut was not understood.
    pub fn has_unknown(&self) -> bool {
        self.pieces
            .iter()
            .any(|piece| matches!(piece.means, Meaning::NoUnit { .. } | Meaning::NoTask | Meaning::NoDate(_)))
    }
}

/// The name of a kind of piece, as the page knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A unit.
    Unit,
    /// A name that no one unit has.
    UnknownUnit,
    /// A task.
    Task,
    /// A code that no task has.
    UnknownTask,
    /// A deadline.
    Due,
    /// A date that cannot be read.
    UnknownDate,
    /// The result.
    Result,
}

impl<U, T> Meaning<U, T> {
    /// Its kind.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Unit(_) => Kind::Unit,
            Self::NoUnit { .. } => Kind::UnknownUnit,
            Self::Task(_) => Kind::Task,
            Self::NoTask => Kind::UnknownTask,
            Self::Due(_) => Kind::Due,
            Self::NoDate(_) => Kind::UnknownDate,
            Self::Result(_) => Kind::Result,
        }
    }
}

/// The longest date in words: "16h ngày 5 tháng 10 năm 2025".
const DATE_WORDS: usize = 8;

/// A date without a year that would lie further back than this is meant for next year.
const BACK_DAYS: i32 = 120;

/// Reads a sentence. `today` gives a date without a year its year: the one in which it does not lie far back.
pub fn read<U: Clone, T: Clone>(
    text: &str,
    units: &[Known<U>],
    tasks: &[Known<T>],
    today: Date,
) -> Typed<U, T> {
    let mut out = Typed { clean: String::new(), pieces: Vec::new() };
    let mut rest = 0;
    let mut clean = String::new();
    while let Some(mark) = next_mark(text, rest) {
        clean.push_str(&text[rest..mark]);
        let from = &text[mark..];
        let (length, means, printed) = match from.chars().next() {
            Some('@') => unit(from, units),
            Some('#') => task(from, tasks),
            _ if command(from) == "sp" => result(from),
            _ => due(from, today),
        };
        if length == 0 {
            // A lone mark is a mark.
            let next = from.chars().next().map_or(1, char::len_utf8);
            clean.push_str(&text[mark..mark + next]);
            rest = mark + next;
            continue;
        }
        let Some(means) = means else { break };
        clean.push_str(&printed);
        out.pieces.push(Piece { start: utf16(&text[..mark]), end: utf16(&text[..mark + length]), means });
        rest = mark + length;
    }
    clean.push_str(&text[rest..]);
    out.clean = tidy(&clean);
    out
}

fn utf16(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Where the next shortcut begins: a mark at the start of a word.
fn next_mark(text: &str, from: usize) -> Option<usize> {
    let mut before = text[..from].chars().next_back();
    for (at, c) in text[from..].char_indices() {
        let begins = before.is_none_or(|b| b.is_whitespace() || matches!(b, '(' | ',' | ';' | ':' | '-'));
        if begins
            && (matches!(c, '@' | '#')
                || c == '/' && matches!(command(&text[from + at..]).as_str(), "han" | "sp"))
        {
            return Some(from + at);
        }
        before = Some(c);
    }
    None
}

/// The word after `/`, folded.
fn command(text: &str) -> String {
    let word: String = text.chars().skip(1).take_while(|c| c.is_alphabetic() || is_mark(*c)).collect();
    fold(&word)
}

type Found<U, T> = (usize, Option<Meaning<U, T>>, String);

fn nothing<U, T>() -> Found<U, T> {
    (0, None, String::new())
}

/// The longest name of a unit that stands after `@`; otherwise the word there, if it begins one unit's name.
fn unit<U: Clone, T>(text: &str, units: &[Known<U>]) -> Found<U, T> {
    let body = &text[1..];
    let mut best: Option<(usize, &Known<U>)> = None;
    for known in units {
        for name in &known.names {
            if let Some(length) = stands(body, name)
                && best.as_ref().is_none_or(|(most, _)| length > *most)
            {
                best = Some((length, known));
            }
        }
    }
    if let Some((length, known)) = best {
        return (1 + length, Some(Meaning::Unit(known.id.clone())), printed(known));
    }
    let length = word_length(body);
    if length == 0 {
        return nothing();
    }
    let wanted = plain(&body[..length]);
    let fits: Vec<&Known<U>> = units
        .iter()
        .filter(|known| known.names.iter().any(|name| plain(name).starts_with(&wanted)))
        .collect();
    match fits.as_slice() {
        [known] => (1 + length, Some(Meaning::Unit(known.id.clone())), printed(known)),
        many => {
            let candidates = many.iter().map(|known| known.id.clone()).collect();
            (1 + length, Some(Meaning::NoUnit { candidates }), text[..1 + length].to_owned())
        }
    }
}

fn printed<K>(known: &Known<K>) -> String {
    known.names.first().cloned().unwrap_or_default()
}

fn task<U, T: Clone>(text: &str, tasks: &[Known<T>]) -> Found<U, T> {
    let body = &text[1..];
    let length = word_length(body);
    if length == 0 {
        return nothing();
    }
    let wanted = plain(&body[..length]);
    let found = tasks.iter().find(|known| known.names.iter().any(|name| plain(name) == wanted));
    match found {
        Some(known) => (1 + length, Some(Meaning::Task(known.id.clone())), printed(known)),
        None => (1 + length, Some(Meaning::NoTask), text[..1 + length].to_owned()),
    }
}

/// Bytes of the word at the start: letters, digits, `-`, `_`, inner points.
fn word_length(text: &str) -> usize {
    let end = text
        .char_indices()
        .find(|(_, c)| !(c.is_alphanumeric() || is_mark(*c) || matches!(c, '-' | '_' | '.' | '&')))
        .map_or(text.len(), |(at, _)| at);
    text[..end].trim_end_matches(['.', '-', '_']).len()
}

fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// Letters for comparing names: folded, `-` and `_` as spaces.
fn plain(text: &str) -> String {
    fold(&text.replace(['-', '_', '–'], " "))
}

/// How many bytes of `text` spell `name`, ending at the end of a word.
fn stands(text: &str, name: &str) -> Option<usize> {
    let wanted = plain(name);
    if wanted.is_empty() {
        return None;
    }
    let mut ends: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    ends.retain(|end| {
        *end > 0 && text[*end..].chars().next().is_none_or(|c| !c.is_alphanumeric() && !is_mark(c))
    });
    // A name is not much longer typed than printed, whatever its normal form.
    let most = name.len().saturating_mul(4).saturating_add(8);
    ends.into_iter().take_while(|end| *end <= most).find(|end| plain(&text[..*end]) == wanted)
}

fn due<U, T>(text: &str, today: Date) -> Found<U, T> {
    let word = command_length(text);
    let body = &text[word..];
    // The ends of the first words after the shortcut.
    let mut ends = Vec::new();
    let mut inside = false;
    for (at, c) in body.char_indices() {
        if c.is_whitespace() {
            if inside {
                ends.push(at);
            }
            inside = false;
        } else {
            inside = true;
        }
        if ends.len() == DATE_WORDS {
            break;
        }
    }
    if inside && ends.len() < DATE_WORDS {
        ends.push(body.len());
    }
    let mut why = DateError::Empty;
    let mut first = true;
    for end in ends.iter().rev() {
        let said = body[..*end].trim_end_matches([',', ';', '.', ')']);
        match deadline(said, today) {
            Ok(found) => return (word + said.len(), Some(Meaning::Due(found)), String::new()),
            // Of several readings the one of the first word alone says best what is wrong.
            Err(error) => {
                if first || end == ends.first().unwrap_or(end) {
                    why = error;
                }
                first = false;
            }
        }
    }
    let length =
        ends.first().map_or(word, |end| word + body[..*end].trim_end_matches([',', ';', '.', ')']).len());
    (length, Some(Meaning::NoDate(why)), text[..length].to_owned())
}

/// The result: everything up to the next shortcut.
fn result<U, T>(text: &str) -> Found<U, T> {
    let word = command_length(text);
    let end = next_mark(text, word).unwrap_or(text.len());
    let said = text[word..end].trim_end();
    let length = word + said.len();
    let words = tidy(said).trim_matches(['.', ';']).to_owned();
    (length, Some(Meaning::Result(words)), String::new())
}

/// Bytes of `/` and the word after it.
fn command_length(text: &str) -> usize {
    let letters = text.chars().skip(1).take_while(|c| c.is_alphabetic() || is_mark(*c));
    1 + letters.map(char::len_utf8).sum::<usize>()
}

fn deadline(text: &str, today: Date) -> Result<Deadline, DateError> {
    let found = Deadline::parse(text, Some(today.year()))?;
    let back = crate::timing::days_between(found.date, today);
    if back <= BACK_DAYS || text.contains(&today.year().to_string()) {
        return Ok(found);
    }
    Deadline::parse(text, Some(today.year().saturating_add(1)))
}

/// NFC, single spaces, no space before a comma or a full stop.
fn tidy(text: &str) -> String {
    let mut out = nfc(text);
    for mark in [",", ".", ";", ":", ")"] {
        out = out.replace(&format!(" {mark}"), mark);
    }
    out.replace(",,", ",").trim_matches([' ', ',']).to_owned()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const TODAY: Date = date(2025, 9, 26);

    fn known(names: &[&str]) -> Known<&'static str> {
        let id: &'static str = Box::leak(names[0].to_owned().into_boxed_str());
        Known { id, names: names.iter().map(|name| (*name).to_owned()).collect() }
    }

    fn read_it(text: &str) -> Typed<&'static str, &'static str> {
        let units = [
            known(&["Văn phòng Thành ủy", "VPTU"]),
            known(&["Văn phòng Ủy ban nhân dân Thành phố", "VPUB"]),
            known(&["Công an Thành phố", "CATP"]),
            known(&["Sở Y tế"]),
        ];
        read(text, &units, &[known(&["DB-01"]), known(&["PV-07"])], TODAY)
    }

    #[test]
    fn unit_task_and_deadline_are_read_out_of_a_sentence() {
        let text = "@VPTU phát hành thư triệu tập theo #DB-01 /hạn 30/9";
        let typed = read_it(text);
        assert_eq!(typed.units(), vec!["Văn phòng Thành ủy"]);
        assert_eq!(typed.tasks(), vec!["DB-01"]);
        assert_eq!(typed.deadlines(), vec![Deadline::on(date(2025, 9, 30))]);
        assert_eq!(typed.clean, "Văn phòng Thành ủy phát hành thư triệu tập theo DB-01");
        let units: Vec<u16> = text.encode_utf16().collect();
        let said: Vec<String> = typed
            .pieces
            .iter()
            .map(|piece| String::from_utf16_lossy(&units[piece.start..piece.end]))
            .collect();
        assert_eq!(said, vec!["@VPTU", "#DB-01", "/hạn 30/9"]);
    }

    #[test]
    fn a_name_may_be_whole_without_marks_or_begun() {
        for text in [
            "@Văn phòng Thành ủy chủ trì",
            "@van phong thanh uy chủ trì",
            "@van-phong-thanh-uy chủ trì",
            "@vptu chủ trì",
            "@vptu, chủ trì",
        ] {
            assert_eq!(read_it(text).units(), vec!["Văn phòng Thành ủy"], "{text}");
        }
        assert_eq!(read_it("@công chủ trì").units(), vec!["Công an Thành phố"]);
        assert_eq!(read_it("@CATP và @Sở Y tế").units(), vec!["Công an Thành phố", "Sở Y tế"]);
    }

    #[test]
    fn what_is_not_one_unit_is_said_and_kept_as_typed() {
        let typed = read_it("@văn-phòng gửi báo cáo, @khong-co-don-vi");
        let kinds: Vec<Kind> = typed.pieces.iter().map(|piece| piece.means.kind()).collect();
        assert_eq!(kinds, vec![Kind::UnknownUnit, Kind::UnknownUnit]);
        assert!(matches!(&typed.pieces[0].means, Meaning::NoUnit { candidates } if candidates.len() == 2));
        assert!(matches!(&typed.pieces[1].means, Meaning::NoUnit { candidates } if candidates.is_empty()));
        assert_eq!(typed.clean, "@văn-phòng gửi báo cáo, @khong-co-don-vi");
        assert!(typed.has_unknown() && typed.units().is_empty());
    }

    #[test]
    fn deadlines_are_read_as_offices_write_them() {
        let on = |m, d| Deadline::on(date(2025, m, d));
        for (text, want) in [
            ("Gửi /hạn 30/9", on(9, 30)),
            ("Gửi /han 30/9/2025.", on(9, 30)),
            ("/hạn ngày 5 tháng 10 gửi báo cáo", on(10, 5)),
            ("/hạn ngày 5 tháng 10 năm 2025 gửi báo cáo", on(10, 5)),
            ("/hạn 16:00 30/9 gửi", Deadline::at(date(2025, 9, 30), jiff::civil::time(16, 0, 0, 0))),
            ("/HẠN 05.10.2025, gửi", on(10, 5)),
            // In September, 5/1 is next year's.
            ("/hạn 5/1", Deadline::on(date(2026, 1, 5))),
        ] {
            let typed = read_it(text);
            assert_eq!(typed.deadlines(), vec![want], "{text}: {typed:?}");
            assert!(!typed.clean.contains('/'), "{}", typed.clean);
        }
    }

    #[test]
    fn two_deadlines_stay_two_and_a_wrong_one_says_why() {
        let two = read_it("Lập danh sách /hạn 30/9, trình duyệt /hạn 3/10");
        assert_eq!(two.deadlines().len(), 2);
        assert_eq!(two.clean, "Lập danh sách, trình duyệt");
        let wrong = read_it("Gửi báo cáo /hạn 31/9 cho Văn phòng");
        assert!(
            matches!(&wrong.pieces[0].means, Meaning::NoDate(DateError::NoSuchDay { day: 31, .. })),
            "{wrong:?}"
        );
        assert_eq!(wrong.clean, "Gửi báo cáo /hạn 31/9 cho Văn phòng");
        let none = read_it("Gửi báo cáo /hạn");
        assert!(matches!(&none.pieces[0].means, Meaning::NoDate(DateError::Empty)), "{none:?}");
    }

    #[test]
    fn the_result_goes_up_to_the_next_shortcut() {
        let typed = read_it("@VPTU chốt danh sách /sp 01 danh sách có chữ ký /hạn 30/9");
        assert_eq!(typed.result(), "01 danh sách có chữ ký");
        assert_eq!(typed.deadlines().len(), 1);
        assert_eq!(typed.clean, "Văn phòng Thành ủy chốt danh sách");
        assert_eq!(read_it("Họp /hạn 30/9 /sp biên bản.").result(), "biên bản");
    }

    #[test]
    fn what_is_no_shortcut_stays() {
        for text in ["đạt 50/60, tỷ lệ 5/10", "thư a@b.vn", "mục #", "@", "tiến độ/hạn chót"]
        {
            let typed = read_it(text);
            assert!(typed.pieces.is_empty(), "{text}: {typed:?}");
            assert_eq!(typed.clean, text);
        }
    }

    #[test]
    fn decomposed_text_reads_the_same() {
        use unicode_normalization::UnicodeNormalization as _;
        let text: String = "@Văn phòng Thành ủy gửi /hạn 30/9".nfd().collect();
        let typed = read_it(&text);
        assert_eq!(typed.units(), vec!["Văn phòng Thành ủy"]);
        assert_eq!(typed.deadlines().len(), 1);
        assert_eq!(typed.clean, "Văn phòng Thành ủy gửi");
    }
}
