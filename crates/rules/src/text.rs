//! Vietnamese text: one form for storing, one form for searching.
//!
//! The same word reaches us composed (`ế` as one character), decomposed (`e` + two marks, as
//! macOS and some phones send it), with the tone on another vowel (`hoà`, `hòa`) or without
//! marks at all (a person typing fast). Searching must not care; storing must be uniform.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Folds text for search: any normal form, lower case, no diacritics, `đ` as `d`, inner white
/// space collapsed to single spaces, no space at either end.
///
/// Folding is idempotent: `fold(fold(s)) == fold(s)`.
///
/// ```
/// assert_eq!(rules::text::fold("  Đại hội   ĐẢNG bộ "), "dai hoi dang bo");
/// ```
pub fn fold(text: &str) -> String {
    let plain: String = text
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .map(|c| if c == 'đ' { 'd' } else { c })
        .collect();
    collapse(&plain)
}

/// Puts text into the form in which it is stored: NFC, trimmed, runs of spaces collapsed to one
/// inside each line. Line breaks are kept (`\r\n` becomes `\n`); empty lines at either end go.
///
/// ```
/// assert_eq!(rules::text::nfc(" Biên   bản \r\n  số 1 "), "Biên bản\nsố 1");
/// ```
pub fn nfc(text: &str) -> String {
    let composed: String = text.nfc().collect();
    let unix = composed.replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<String> = unix.split('\n').map(collapse).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

/// Whether every word of `needle` occurs in `haystack`, both folded, in any order. A word may be
/// part of a longer one, so that a search narrows while the person is still typing. An empty
/// needle matches everything.
pub fn matches_folded(haystack: &str, needle: &str) -> bool {
    let haystack = fold(haystack);
    fold(needle).split_whitespace().all(|word| haystack.contains(word))
}

fn collapse(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// A word of a text: letters without marks, and the marks apart, so that `hoà` equals `hòa` and
/// the comparison can be strict or lenient about marks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    /// Folded letters.
    pub base: String,
    /// The marks of the word in sorted order; `đ` counts as a mark on `d`.
    marks: Vec<char>,
    /// Where it stands in [`Words::text`], in bytes.
    pub at: Range<usize>,
}

impl Word {
    fn new(raw: &str, at: Range<usize>) -> Self {
        let mut marks: Vec<char> = raw
            .chars()
            .flat_map(char::to_lowercase)
            .nfd()
            .filter(|c| is_combining_mark(*c) || *c == 'đ')
            .collect();
        marks.sort_unstable();
        Self { base: fold(raw), marks, at }
    }
}

/// A text cut into words, with its NFC form to quote from.
#[derive(Debug, Clone)]
pub(crate) struct Words {
    pub text: String,
    pub words: Vec<Word>,
    /// No mark anywhere: typed without diacritics, so marks cannot be asked for.
    unmarked: bool,
}

impl Words {
    /// Cuts on everything that is not a letter, a digit or a combining mark.
    pub fn of(raw: &str) -> Self {
        let text = nfc(raw);
        let mut words = Vec::new();
        let mut start: Option<usize> = None;
        for (i, c) in text.char_indices() {
            let inside = c.is_alphanumeric() || is_combining_mark(c);
            match (inside, start) {
                (true, None) => start = Some(i),
                (false, Some(s)) => {
                    words.push(Word::new(&text[s..i], s..i));
                    start = None;
                }
                _ => {}
            }
        }
        if let Some(s) = start {
            let end = text.len();
            words.push(Word::new(&text[s..end], s..end));
        }
        let unmarked = words.iter().all(|w| w.marks.is_empty());
        Self { text, words, unmarked }
    }

    /// Whether `phrase` stands at word `at`. Strict: the marks must agree too, unless the whole
    /// text was typed without any.
    pub fn stands_at(&self, at: usize, phrase: &Words, strict: bool) -> bool {
        let Some(slice) = self.words.get(at..at + phrase.words.len()) else {
            return false;
        };
        slice
            .iter()
            .zip(&phrase.words)
            .all(|(w, p)| w.base == p.base && (!strict || self.unmarked || w.marks == p.marks))
    }

    /// Length in words of the longest of `phrases` that stands at word `at`, marks respected.
    pub fn longest_at(&self, at: usize, phrases: &[Words]) -> Option<usize> {
        phrases
            .iter()
            .filter(|p| !p.words.is_empty() && self.stands_at(at, p, true))
            .map(|p| p.words.len())
            .max()
    }

    /// The first of `phrases` found, as the person typed it; the longest when several start
    /// at the same word.
    pub fn first_of(&self, phrases: &[Words]) -> Option<String> {
        (0..self.words.len()).find_map(|at| self.longest_at(at, phrases).map(|len| self.quote(at..at + len)))
    }

    /// The text of a word range as typed (NFC).
    pub fn quote(&self, range: Range<usize>) -> String {
        match (self.words.get(range.start), range.end.checked_sub(1).and_then(|e| self.words.get(e))) {
            (Some(first), Some(last)) => self.text[first.at.start..last.at.end].to_owned(),
            _ => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn folding_ignores_form_case_and_marks() {
        let nfd: String = "Đảng bộ Thành phố".nfd().collect();
        assert_eq!(fold(&nfd), "dang bo thanh pho");
        assert_eq!(fold("ĐẢNG BỘ\tTHÀNH\u{a0}PHỐ"), "dang bo thanh pho");
        assert_eq!(fold("ủy"), fold("uỷ"));
        assert_eq!(fold(""), "");
    }

    #[test]
    fn stored_form_is_nfc_with_lines() {
        let nfd: String = "Tờ  trình\n\n số   1".nfd().collect();
        assert_eq!(nfc(&nfd), "Tờ trình\n\nsố 1");
    }

    #[test]
    fn every_word_must_occur() {
        assert!(matches_folded("Rà soát, chốt danh sách đại biểu", "dai bieu chot"));
        assert!(matches_folded("Rà soát", ""));
        assert!(!matches_folded("Rà soát danh sách", "danh sách thẻ"));
    }

    #[test]
    fn words_keep_their_marks_apart() {
        let p = Words::of;
        let w = p("Điều hoà, các cơ quan; đơn vị");
        assert!(w.first_of(&[p("điều hòa")]).is_some(), "tone on the other vowel");
        assert!(w.first_of(&[p("điều hóa")]).is_none());
        assert_eq!(
            w.first_of(&[p("cơ quan"), p("các cơ quan"), p("các cơ quan, đơn vị")]),
            Some("các cơ quan; đơn vị".to_owned())
        );
        assert!(p("som nhat").first_of(&[p("sớm")]).is_some(), "typed without marks");
    }
}
