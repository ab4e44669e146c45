//! Names are for showing: they never become a path.

use unicode_normalization::UnicodeNormalization;

use super::Kind;

/// The longest name, in characters.
const LONGEST: usize = 120;

/// A name as it may be shown and offered for saving: the last part of a path, composed, one line, without
/// characters that hide or turn text around, with the ending of what the bytes are.
///
/// ```
/// use platform::files::{Kind, display_name};
/// assert_eq!(display_name("C:\\t\u{ea}n\\Báo cáo.PDF", Kind::Pdf), "Báo cáo.PDF");
/// assert_eq!(display_name("../../etc/passwd", Kind::Txt), "passwd.txt");
/// assert_eq!(display_name("ảnh\u{202e}gpj.exe", Kind::Png), "ảnhgpj.exe.png");
/// ```
pub fn display_name(raw: &str, kind: Kind) -> String {
    let last = raw.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last
        .nfc()
        .filter(|c| !hidden(*c))
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .map(|c| if "<>:\"|?*".contains(c) { '_' } else { c })
        .collect();
    let clean = clean.trim_matches([' ', '.']);
    let (stem, ending) = match clean.rsplit_once('.') {
        Some((stem, ending)) if kind.has_ending(&ending.to_ascii_lowercase()) => (stem, ending),
        _ => (clean, kind.as_str()),
    };
    let room = LONGEST - ending.chars().count() - 1;
    let stem: String = stem.chars().take(room).collect();
    let stem = stem.trim_matches([' ', '.']);
    format!("{}.{ending}", if stem.is_empty() { "tep" } else { stem })
}

/// Control, bidirectional, zero-width and private characters.
fn hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{e000}'..='\u{f8ff}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{fff0}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e0fff}'
            | '\u{f0000}'..='\u{10ffff}')
}
