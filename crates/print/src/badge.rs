//! Badges: what hangs around a neck, in two sizes, several on a sheet, front and back; and the passes of vehicles,
//! which stand behind a windscreen and have one side.
//!
//! The size of the letters is decided here and not in the template, so that a test can say that every name fits.
//! Seats and lodgings have no place on a badge (preparation reference 3.4, item 7): there is no field for them.

use qrcode::{EcLevel, QrCode};
use serde::{Deserialize, Serialize};

use crate::{fonts, sheet::PageSize};

/// Modules of quiet around a code on each side (ISO/IEC 18004).
const QUIET: usize = 4;

/// How large a badge is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BadgeSize {
    /// 90 × 130 mm, on a lanyard.
    #[default]
    Lanyard,
    /// 85.6 × 54 mm (ISO/IEC 7810 ID-1).
    Card,
    /// 210 × 148 mm (A5 across), behind a windscreen.
    Windscreen,
    /// 148 × 105 mm (A6 across), behind a windscreen.
    WindscreenSmall,
}

impl BadgeSize {
    /// Millimetres across and down.
    pub const fn millimetres(self) -> (f32, f32) {
        match self {
            Self::Lanyard => (90.0, 130.0),
            Self::Card => (85.6, 54.0),
            Self::Windscreen => (210.0, 148.0),
            Self::WindscreenSmall => (148.0, 105.0),
        }
    }
}

/// On what badges are printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Imposition {
    /// As many as fit on A4, with marks to cut along.
    #[default]
    A4,
    /// As many as fit on A3.
    A3,
    /// Each on a page of its own size: for badge printers and print shops.
    Single,
}

impl Imposition {
    /// The sheet; `None` where each badge is its own page.
    pub const fn sheet(self) -> Option<PageSize> {
        match self {
            Self::A4 => Some(PageSize::A4),
            Self::A3 => Some(PageSize::A3),
            Self::Single => None,
        }
    }

    /// Badges across and down.
    pub const fn grid(self, size: BadgeSize) -> (usize, usize) {
        match (self, size) {
            (Self::A4, BadgeSize::Lanyard) => (2, 2),
            (Self::A4, BadgeSize::Card) => (2, 5),
            (Self::A3, BadgeSize::Lanyard) => (3, 3),
            (Self::A3, BadgeSize::Card) => (3, 7),
            (Self::A3, BadgeSize::Windscreen) | (Self::A4, BadgeSize::WindscreenSmall) => (1, 2),
            (Self::A3, BadgeSize::WindscreenSmall) => (1, 3),
            (Self::A4, BadgeSize::Windscreen) | (Self::Single, _) => (1, 1),
        }
    }
}

/// The colour of a category. Colour never stands alone: the word is always there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Band {
    /// Behind white letters; contrast at least 4.5 : 1.
    pub rgb: [u8; 3],
    /// A line of gold beside it: for ceremony only.
    pub gold: bool,
}

/// A zone that a badge opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ZoneMark {
    /// An icon of `web/icons.txt`.
    pub icon: String,
    /// Its name.
    pub name: String,
}

/// One badge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Badge {
    /// The colour.
    pub band: Band,
    /// The category in capitals: ĐẠI BIỂU.
    pub title: String,
    /// Họ và tên.
    pub name: String,
    /// The delegation or what they do.
    pub under: String,
    /// The group in words; may be empty.
    pub group: String,
    /// The number, the largest thing on the badge.
    pub number: String,
    /// A portrait (JPEG); initials stand in its place.
    pub photo: Option<Vec<u8>>,
    /// Where it opens.
    pub zones: Vec<ZoneMark>,
    /// The digits of the pass.
    pub code: String,
    /// The days in words.
    pub days: String,
    /// The copy in words: DB-0123 · bản 1.
    pub serial: String,
}

/// Badges to be printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BadgeSheets {
    /// For the document's properties.
    pub title: String,
    /// How large.
    pub size: BadgeSize,
    /// On what.
    pub imposition: Imposition,
    /// Whether the backs are printed too: a page of backs follows each page of fronts, mirrored, so that a printer
    /// that turns over the long edge puts each back behind its front.
    pub backs: bool,
    /// The congress, as printed.
    pub congress: String,
    /// Its term in words.
    pub term: String,
    /// Over the number.
    pub number_label: String,
    /// On the back, what to do when it is lost.
    pub lost: Vec<String>,
    /// Whom to call.
    pub hotline: String,
    /// Over the digits.
    pub code_label: String,
    /// The badges.
    pub badges: Vec<Badge>,
}

/// Text in lines of one size.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fitted {
    /// The lines.
    pub lines: Vec<String>,
    /// Points.
    pub size: f32,
}

/// The largest letters, between two sizes, in which a text stands in so many lines of so many millimetres. A text
/// that does not fit even in the smallest is broken inside its words rather than cut off.
pub fn fit(text: &str, width: f32, most_lines: usize, largest: f32, smallest: f32, bold: bool) -> Fitted {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut size = largest;
    while size > smallest {
        if let Some(lines) = lines(&words, width, most_lines, size, bold) {
            return Fitted { lines, size };
        }
        size -= 0.5;
    }
    if let Some(lines) = lines(&words, width, most_lines, smallest, bold) {
        return Fitted { lines, size: smallest };
    }
    Fitted { lines: broken(text, width, smallest, bold), size: smallest }
}

/// The words in the fewest lines, the lines as even as they can be: a name of four words is two and two.
fn lines(words: &[&str], width: f32, most: usize, size: f32, bold: bool) -> Option<Vec<String>> {
    let fits = |line: &str| fonts::width(line, size, bold, false) <= width;
    for count in 1..=most {
        // The last line first fills up: in a name the given name belongs to the middle one.
        let mut best: Option<(f32, Vec<String>)> = None;
        for cut in cuts(words.len(), count) {
            let made: Vec<String> = cut
                .windows(2)
                .filter_map(|ends| words.get(ends[0]..ends[1]))
                .map(|part| part.join(" "))
                .collect();
            if made.iter().all(|line| fits(line)) {
                let widest =
                    made.iter().map(|line| fonts::width(line, size, bold, false)).fold(0.0, f32::max);
                if best.as_ref().is_none_or(|(known, _)| widest < *known) {
                    best = Some((widest, made));
                }
            }
        }
        if let Some((_, made)) = best {
            return Some(made);
        }
    }
    None
}

/// All ways to cut `words` words into `count` lines that are not empty.
fn cuts(words: usize, count: usize) -> Vec<Vec<usize>> {
    match count {
        1 => vec![vec![0, words]],
        2 => (1..words).map(|at| vec![0, at, words]).collect(),
        _ => (1..words).flat_map(|a| (a + 1..words).map(move |b| vec![0, a, b, words])).collect(),
    }
}

fn broken(text: &str, width: f32, size: f32, bold: bool) -> Vec<String> {
    let mut out = vec![String::new()];
    for letter in text.chars() {
        let Some(line) = out.last_mut() else { break };
        line.push(letter);
        if fonts::width(line, size, bold, false) > width {
            line.pop();
            out.push(letter.to_string());
        }
    }
    out
}

/// A code as a drawing: its dark modules as one path, with the quiet around it. `None` for digits that are too many.
pub fn qr_svg(digits: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(digits, EcLevel::M).ok()?;
    let width = code.width();
    let modules = code.to_colors();
    let side = width + 2 * QUIET;
    let mut path = String::with_capacity(width * width * 6);
    for (y, row) in modules.chunks_exact(width).enumerate() {
        let mut x = 0;
        while let Some(colour) = row.get(x) {
            let run = row.iter().skip(x).take_while(|other| *other == colour).count();
            if *colour == qrcode::Color::Dark {
                path.push_str(&format!("M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET));
            }
            x += run;
        }
    }
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
         <rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/><path d=\"{path}\" fill=\"#000\"/></svg>"
    ))
}

/// An icon of the sprite as a drawing of its own; `None` when the sprite has no such icon.
pub fn icon_svg(name: &str) -> Option<String> {
    const SPRITE: &str = include_str!("../../../web/icons.svg");
    let (_, rest) = SPRITE.split_once(&format!("<symbol id=\"{name}\" "))?;
    let (symbol, _) = rest.split_once("</symbol>")?;
    let symbol = symbol.replace("currentColor", "#1e1b17");
    Some(format!("<svg xmlns=\"http://www.w3.org/2000/svg\" {symbol}</svg>"))
}

/// The first letters of the family name and of the given name.
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace();
    let first = words.next().and_then(|word| word.chars().next());
    let last = words.next_back().and_then(|word| word.chars().next());
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

/// The digits in groups of seven, for typing.
pub fn groups(digits: &str) -> Vec<String> {
    digits.as_bytes().chunks(7).map(|group| String::from_utf8_lossy(group).into_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_fits_and_no_letter_is_lost() {
        for (name, lines, at_least) in [
            ("Nguyễn Văn An", 1, 20.0),
            ("Nguyễn Thị Minh Khai", 2, 22.0),
            ("Công Tằng Tôn Nữ Hoàng Thị Phương Thảo", 2, 12.0),
            ("Hà", 1, 24.0),
            ("Krajan Plin Wolfeschlegelsteinhausenbergerdorff", 2, 8.0),
        ] {
            let fitted = fit(name, 82.0, 2, 24.0, 8.0, true);
            assert!(fitted.lines.len() <= lines.max(2), "{fitted:?}");
            assert!(fitted.size >= at_least, "{fitted:?}");
            for line in &fitted.lines {
                assert!(fonts::width(line, fitted.size, true, false) <= 82.01, "{line}");
            }
            assert_eq!(fitted.lines.join(" "), name);
        }
        let long = "Ư".repeat(200);
        let fitted = fit(&long, 82.0, 2, 24.0, 8.0, true);
        assert_eq!(fitted.lines.concat(), long);
        assert!(fitted.lines.iter().all(|line| fonts::width(line, fitted.size, true, false) <= 82.01));
    }

    #[test]
    fn four_words_are_two_and_two() {
        let fitted = fit("Nguyễn Thị Minh Khai", 50.0, 2, 24.0, 8.0, true);
        assert_eq!(fitted.lines, ["Nguyễn Thị", "Minh Khai"]);
    }

    #[test]
    fn a_pass_is_37_modules_and_its_quiet() {
        let svg = qr_svg(&"7".repeat(196)).unwrap();
        assert!(svg.contains("viewBox=\"0 0 45 45\""), "{}", &svg[..90]);
        assert!(qr_svg(&"7".repeat(9_000)).is_none());
    }

    #[test]
    fn icons_come_out_of_the_sprite() {
        assert!(icon_svg("star").is_some_and(|svg| svg.ends_with("</svg>") && svg.contains("viewBox")));
        assert!(icon_svg("no-such-icon").is_none());
    }

    #[test]
    fn initials_are_of_the_first_and_the_last_word() {
        for (name, want) in [("Nguyễn Văn An", "NA"), ("đỗ ủy", "ĐỦ"), ("Hà", "H"), ("", "")] {
            assert_eq!(initials(name), want);
        }
    }

    #[test]
    fn sheets_hold_what_they_say() {
        for imposition in [Imposition::A4, Imposition::A3] {
            for size in [BadgeSize::Lanyard, BadgeSize::Card, BadgeSize::WindscreenSmall] {
                let (across, down) = imposition.grid(size);
                let (width, height) = size.millimetres();
                let (sheet_width, sheet_height) =
                    if imposition == Imposition::A4 { (210.0, 297.0) } else { (297.0, 420.0) };
                assert!(across as f32 * width + (across - 1) as f32 * 4.0 + 10.0 <= sheet_width);
                assert!(down as f32 * height + (down - 1) as f32 * 3.0 + 10.0 <= sheet_height);
            }
        }
    }
}
