//! The words that every form of a document sets, so that PDF, DOCX and screen say the same: heading, number,
//! place and date, signatures, recipients.
// words: data — words that the rules on layout prescribe

use jiff::civil::Date;

use crate::{
    fonts,
    paper::{Authority, Block, Kind, Paper, Run, Text, Urgency},
    profile::{self, Profile},
};

/// Space that does not break and is not squeezed: what a pen fills in.
const OPEN: &str = "\u{a0}\u{a0}\u{a0}\u{a0}\u{a0}\u{a0}";

/// Blank lines between the office and the name, for the signature.
pub const SIGNATURE_LINES: usize = 4;

/// The name of a type in capitals; a letter has none in its heading.
pub fn title_of(kind: Kind) -> Option<&'static str> {
    Some(match kind {
        Kind::Resolution => "NGHỊ QUYẾT",
        Kind::Directive => "CHỈ THỊ",
        Kind::Conclusion => "KẾT LUẬN",
        Kind::Statute => "QUY CHẾ",
        Kind::Regulation => "QUY ĐỊNH",
        Kind::Decision => "QUYẾT ĐỊNH",
        Kind::Report => "BÁO CÁO",
        Kind::Programme => "CHƯƠNG TRÌNH",
        Kind::Circular => "THÔNG TRI",
        Kind::Submission => "TỜ TRÌNH",
        Kind::Notice => "THÔNG BÁO",
        Kind::Plan => "KẾ HOẠCH",
        Kind::Scheme => "ĐỀ ÁN",
        Kind::Option => "PHƯƠNG ÁN",
        Kind::Guidance => "HƯỚNG DẪN",
        Kind::Letter => return None,
        Kind::Minutes => "BIÊN BẢN",
        Kind::Summons => "THƯ TRIỆU TẬP",
        Kind::Invitation => "GIẤY MỜI",
        Kind::Communique => "THÔNG CÁO",
    })
}

/// All types, in the order of the rule.
pub const KINDS: [Kind; 20] = [
    Kind::Resolution,
    Kind::Directive,
    Kind::Conclusion,
    Kind::Statute,
    Kind::Regulation,
    Kind::Decision,
    Kind::Report,
    Kind::Programme,
    Kind::Circular,
    Kind::Submission,
    Kind::Notice,
    Kind::Plan,
    Kind::Scheme,
    Kind::Option,
    Kind::Guidance,
    Kind::Letter,
    Kind::Minutes,
    Kind::Summons,
    Kind::Invitation,
    Kind::Communique,
];

/// The line of the type; none for a letter.
pub fn title(paper: &Paper) -> Option<String> {
    match &paper.title {
        Some(title) if !title.trim().is_empty() => Some(title.trim().to_uppercase()),
        _ => title_of(paper.kind).map(str::to_owned),
    }
}

/// The number, such as `Số 07-TB/TBPV` or `Số: 15/QĐ-UBND`; open in a draft; none where the paper has none.
pub fn number_line(paper: &Paper) -> Option<String> {
    let number = paper.number.as_ref()?;
    let profile = profile::of(paper);
    let figure = number.number.map_or_else(|| OPEN.to_owned(), |figure| format!("{figure:02}"));
    let (form, symbol) = (&profile.number, number.symbol.trim());
    Some(match profile.abbreviation(paper.kind) {
        Some(kind) if symbol.is_empty() => format!("{}{figure}{}{kind}", form.prefix, form.kind),
        Some(kind) => format!("{}{figure}{}{kind}{}{symbol}", form.prefix, form.kind, form.symbol),
        None if symbol.is_empty() => format!("{}{figure}", form.prefix),
        // A state letter names no type: the symbol follows the figure.
        None => format!("{}{figure}/{symbol}", form.prefix),
    })
}

/// A date as documents write it: days under 10 and months 1 and 2 with a zero.
pub fn date_words(date: Date) -> String {
    let month = if date.month() < 3 { format!("0{}", date.month()) } else { date.month().to_string() };
    format!("ngày {:02} tháng {month} năm {}", date.day(), date.year())
}

/// Place and date; day and month are open in a draft.
pub fn place_date(paper: &Paper, place: &str) -> String {
    let date = match paper.date {
        Some(date) => date_words(date),
        None => format!("ngày{OPEN}tháng{OPEN}năm {}", paper.layout_on.year()),
    };
    if place.trim().is_empty() { date } else { format!("{}, {date}", place.trim()) }
}

/// The heading of a document, and how its two columns share the width.
#[derive(Debug, Clone, PartialEq)]
pub struct Heading {
    /// The body above, in capitals, a line each.
    pub parent: Vec<String>,
    /// The issuing body, in capitals, a line each.
    pub name: Vec<String>,
    /// The heading at the right: the Party's name, or the country's with its device.
    pub motto: Vec<String>,
    /// The number.
    pub number: Option<String>,
    /// The subject of a letter, under the number.
    pub letter_subject: Option<String>,
    /// How urgent, in capitals.
    pub urgency: Option<&'static str>,
    /// Place and date, in the form that fits.
    pub place_date: String,
    /// Width of the left column in millimetres.
    pub left: f32,
    /// Width of the right column in millimetres.
    pub right: f32,
    /// Points taken off the body's name and the date so that both fit; 0 as a rule.
    pub shrink: f32,
    /// Whether every line fits its column without breaking.
    pub fits: bool,
}

/// The heading of a paper. The right column is as wide as it needs; the left has the breaks the office stored.
/// What does not fit takes the short place, then smaller letters (never under the rule's least).
pub fn heading(paper: &Paper) -> Heading {
    let profile = profile::of(paper);
    let parts = &profile.parts;
    let capitals = |lines: &[String]| -> Vec<String> {
        lines.iter().map(|line| line.trim().to_uppercase()).filter(|line| !line.is_empty()).collect()
    };
    let (parent, name) = (capitals(&paper.issuer.parent), capitals(&paper.issuer.name));
    let number = number_line(paper);
    let widest = |lines: &[String], size: f32, bold: bool, italic: bool| {
        lines.iter().map(|line| fonts::width(line, size, bold, italic)).fold(0.0, f32::max)
    };
    let mut motto = widest(&profile.motto[..1], parts.motto.size.set, parts.motto.bold, parts.motto.italic);
    if let Some(device) = parts.device {
        motto = motto.max(widest(&profile.motto[1..], device.size.set, device.bold, device.italic));
    }
    let number_width =
        number.as_ref().map_or(0.0, |line| fonts::width(line, parts.number.size.set, false, false));
    let short = paper.issuer.place_short.trim();
    let mut places = vec![paper.issuer.place.as_str()];
    if !short.is_empty() {
        places.push(short);
    }
    // Cells of the heading have no padding of their own; this keeps the columns apart.
    let room = 1.0;
    let total = profile.width();
    let needs = |place: &str, less: f32| {
        let left = widest(&parent, parts.parent.size.set - less, parts.parent.bold, false)
            .max(widest(&name, parts.name.size.set - less, parts.name.bold, false))
            .max(number_width);
        let date = fonts::width(&place_date(paper, place), parts.place_date.size.set - less, false, true);
        (left + room, date.max(motto) + room)
    };
    let most = parts.name.size.set - parts.name.size.least;
    let mut tries: Vec<(&str, f32)> = places.iter().map(|place| (*place, 0.0)).collect();
    let last = places.last().copied().unwrap_or_default();
    let mut less = 0.5;
    while less <= most {
        tries.push((last, less));
        less += 0.5;
    }
    let fitting = tries.iter().copied().find(|(place, less)| {
        let (left, right) = needs(place, *less);
        left + right <= total
    });
    let (place, shrink) = fitting.or_else(|| tries.last().copied()).unwrap_or((last, 0.0));
    let (left, right) = needs(place, shrink);
    // What is left over is shared; where nothing is, the right column keeps its lines whole.
    let right =
        if fitting.is_some() { right + (total - left - right) / 2.0 } else { right.min(total * 0.65) };
    Heading {
        place_date: place_date(paper, place),
        motto: profile.motto.clone(),
        letter_subject: letter_subject(paper),
        urgency: paper.urgency.map(urgency),
        left: total - right,
        right,
        shrink,
        fits: fitting.is_some(),
        parent,
        name,
        number,
    }
}

/// How urgent, as printed.
pub fn urgency(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Urgent => "KHẨN",
        Urgency::VeryUrgent => "THƯỢNG KHẨN",
        Urgency::Express => "HỎA TỐC",
    }
}

/// The subject under the type; a letter has it under the number.
pub fn subject(paper: &Paper) -> Option<String> {
    let subject = paper.subject.trim();
    (paper.kind != Kind::Letter && !subject.is_empty()).then(|| subject.to_owned())
}

/// The subject of a letter, with the words that the rule puts before it.
pub fn letter_subject(paper: &Paper) -> Option<String> {
    let subject = paper.subject.trim();
    if paper.kind != Kind::Letter || subject.is_empty() {
        return None;
    }
    let lower = subject.to_lowercase();
    let bare = ["về việc ", "v/v "]
        .iter()
        .find(|before| lower.starts_with(**before))
        .and_then(|before| subject.char_indices().nth(before.chars().count()))
        .map_or(subject, |(at, _)| &subject[at..]);
    Some(format!("{}{}", profile::of(paper).about, bare.trim()))
}

/// To whom a document is addressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct To {
    /// `Kính gửi:` or `Kính trình:`.
    pub label: String,
    /// One line stands beside the label; more stand below it, each with its hyphen and its mark.
    pub lines: Vec<String>,
}

/// To whom the paper is addressed; none where it is to nobody in particular.
pub fn to(paper: &Paper) -> Option<To> {
    let profile = profile::of(paper);
    let label = if paper.kind == Kind::Submission { &profile.to.submission } else { &profile.to.label };
    let bare = bare_items(&paper.to);
    let lines = match bare.as_slice() {
        [] => return None,
        [one] => vec![one.clone()],
        _ => marked(&bare),
    };
    Some(To { label: label.clone(), lines })
}

/// The label over the recipients.
pub const RECIPIENTS: &str = "Nơi nhận:";

/// The recipients with hyphen and mark: `;` after each, `.` after the last, which is the archive's.
pub fn recipients(paper: &Paper) -> Vec<String> {
    let profile = profile::of(paper);
    let mut bare = bare_items(&paper.recipients);
    if let Some(last) = bare.last_mut()
        && let Some(rest) = last.strip_prefix("Lưu")
    {
        let rest = rest.trim_start_matches([':', ' ']).to_owned();
        *last = format!("{}{rest}", profile.keep.trim_start_matches("- "));
    }
    marked(&bare)
}

fn bare_items(items: &[String]) -> Vec<String> {
    items
        .iter()
        .map(|item| {
            item.trim().trim_start_matches(['-', '–']).trim().trim_end_matches([';', '.', ',']).trim()
        })
        .filter(|item| !item.is_empty())
        .map(str::to_owned)
        .collect()
}

fn marked(items: &[String]) -> Vec<String> {
    let last = items.len().saturating_sub(1);
    items
        .iter()
        .enumerate()
        .map(|(at, item)| format!("- {item}{}", if at == last { "." } else { ";" }))
        .collect()
}

/// A signature block as printed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SignatureLines {
    /// The authority and for whom, such as `T/L TRƯỞNG TIỂU BAN`.
    pub authority: Option<String>,
    /// The office, in capitals; empty where the authority says all.
    pub office: String,
    /// The name; empty leaves the space.
    pub name: String,
}

/// An authority as a profile writes it, with the space after it.
pub fn authority(profile: &Profile, authority: Authority) -> &str {
    let form = &profile.authority;
    match authority {
        Authority::OnBehalf => &form.on_behalf,
        Authority::InPlace => &form.in_place,
        Authority::ByOrder => &form.by_order,
        Authority::ByMandate => &form.by_mandate,
        Authority::Acting => &form.acting,
    }
}

/// The signature blocks.
pub fn signatures(paper: &Paper) -> Vec<SignatureLines> {
    let profile = profile::of(paper);
    paper
        .signatures
        .iter()
        .map(|signature| SignatureLines {
            authority: signature
                .authority
                .as_ref()
                .map(|(by, whom)| format!("{}{}", authority(profile, *by), whom.trim().to_uppercase())),
            office: signature.office.trim().to_uppercase(),
            name: signature.name.trim().to_owned(),
        })
        .collect()
}

/// The body with what the profile asks of its words: legal bases with their hyphen, and the end mark after the
/// last words, where the body ends in words.
pub fn body(paper: &Paper) -> Vec<Block> {
    let profile = profile::of(paper);
    let mut blocks: Vec<Block> = paper
        .body
        .iter()
        .map(|block| match block {
            Block::Basis(text) => {
                let mut text = text.clone();
                if let Some(first) = text.0.first_mut() {
                    let bare = first.text.trim_start().trim_start_matches("- ").to_owned();
                    first.text = format!("{}{bare}", profile.basis);
                }
                Block::Basis(text)
            }
            other => other.clone(),
        })
        .collect();
    if let Some(Block::Paragraph(text) | Block::Point(_, text)) = blocks.last_mut() {
        end(text, &profile.end);
    }
    blocks
}

fn end(text: &mut Text, mark: &str) {
    // Trailing runs of nothing but space would hide the real last words.
    while text.0.len() > 1 && text.0.last().is_some_and(|run| run.text.trim().is_empty()) {
        text.0.pop();
    }
    let Some(Run { text: last, .. }) = text.0.last_mut() else { return };
    let bare = last.trim_end();
    if bare.is_empty() {
        return;
    }
    let bare = bare.strip_suffix("./.").unwrap_or(bare);
    let bare = bare.trim_end_matches(['.', ';', ',', ' ']);
    // A question, a call or an ellipsis of the writer's stays as it is.
    if mark == "." && bare.ends_with(['!', '?', '…', ':']) {
        *last = bare.to_owned();
    } else {
        *last = format!("{bare}{mark}");
    }
}

/// A number in Roman figures, as sections count: I, II, III. 0 is empty.
pub fn roman(mut number: u32) -> String {
    let mut text = String::new();
    for (value, figure) in [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ] {
        while number >= value {
            text.push_str(figure);
            number -= value;
        }
    }
    text
}

/// The heading of a section as the rule counts: `I- Kết quả`.
pub fn section(number: u32, name: &str) -> String {
    format!("{}- {name}", roman(number))
}

#[cfg(test)]
#[path = "parts_tests.rs"]
pub(crate) mod tests;
