//! What the first lines of a document are: its heading, however it was typed.
// words: data — words that the rules on layout prescribe

use jiff::civil::Date;

use super::read::{Document, Paragraph};
use crate::{
    paper::Kind,
    parts,
    profile::{Family, Profile},
};

/// Lines at the top that may belong to the heading.
const TOP: usize = 60;

/// A number as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NumberSeen {
    pub(super) colon: bool,
    pub(super) figure: String,
    pub(super) after_figure: char,
    pub(super) first: String,
    pub(super) between: Option<char>,
    pub(super) rest: String,
}

impl NumberSeen {
    /// Reads `Số 07-TB/TBPV` in any of its right and wrong forms.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let rest = text.trim().strip_prefix("Số").or_else(|| text.trim().strip_prefix("SỐ"))?;
        let bare = rest.trim_start();
        let (colon, bare) = match bare.strip_prefix(':') {
            Some(after) => (true, after.trim_start()),
            None => (false, bare),
        };
        let end =
            bare.find(|c: char| !(c.is_ascii_digit() || c.is_whitespace() || matches!(c, '.' | '…' | '_')))?;
        let (figure, rest) = bare.split_at(end);
        // "Số lượng …" is a sentence, not a number.
        if !colon && !rest.starts_with(['-', '–', '/']) && figure.trim().is_empty() {
            return None;
        }
        let mut letters = rest.chars();
        let after_figure = letters.next().filter(|c| matches!(c, '-' | '–' | '/'))?;
        let rest = letters.as_str().trim();
        if rest.is_empty() || rest.chars().count() > 40 || rest.contains(' ') && rest.split(' ').count() > 4 {
            return None;
        }
        let (first, between, rest) = match rest.find(['/', '-', '–']) {
            Some(at) => {
                (&rest[..at], rest[at..].chars().next(), rest[at..].trim_start_matches(['/', '-', '–']))
            }
            None => (rest, None, ""),
        };
        Some(Self {
            colon,
            figure: figure.trim().to_owned(),
            after_figure,
            first: first.trim().to_owned(),
            between,
            rest: rest.trim().to_owned(),
        })
    }

    /// The number as the rule has it: colon, zero and marks put right, the words as typed.
    pub(super) fn right(&self, profile: &Profile) -> String {
        let figure = match self.figure.parse::<u32>() {
            Ok(figure) => format!("{figure:02}"),
            Err(_) => self.figure.clone(),
        };
        let form = &profile.number;
        let (after, between) = (&form.kind, &form.symbol);
        if self.between.is_none() {
            return format!("{}{figure}{after}{}", form.prefix, self.first);
        }
        format!("{}{figure}{after}{}{between}{}", form.prefix, self.first, self.rest)
    }
}

/// Place and date as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DateSeen {
    pub(super) day_text: String,
    pub(super) month_text: String,
    pub(super) year_text: String,
    pub(super) day: Option<Date>,
}

impl DateSeen {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.replace('\u{a0}', " ");
        let (_, rest) = text.split_once("ngày")?;
        let (day, rest) = rest.split_once("tháng")?;
        let (month, year) = rest.split_once("năm")?;
        let (day, month) = (day.trim().to_owned(), month.trim().to_owned());
        if day.chars().count() > 10 || month.chars().count() > 10 {
            return None;
        }
        let year: String = year.trim().chars().take_while(char::is_ascii_digit).collect();
        let date = match (year.parse(), month.parse(), day.parse()) {
            (Ok(year), Ok(month), Ok(day)) => Date::new(year, month, day).ok(),
            _ => None,
        };
        Some(Self { day_text: day, month_text: month, year_text: year, day: date })
    }

    /// The date as typed, without the place.
    pub(super) fn words(&self) -> String {
        format!("ngày {} tháng {} năm {}", self.day_text, self.month_text, self.year_text)
    }

    /// Whether day and month are still open.
    pub(super) fn open(&self) -> bool {
        let open = |text: &str| text.chars().all(|c| !c.is_alphanumeric());
        open(&self.day_text) || open(&self.month_text)
    }
}

/// What the first lines are.
pub(super) struct Seen {
    pub(super) lines: Vec<Paragraph>,
    pub(super) family: Family,
    pub(super) kind: Option<Kind>,
    pub(super) number: Option<(usize, NumberSeen)>,
    pub(super) date: Option<DateSeen>,
    pub(super) date_at: Option<usize>,
    pub(super) title_at: Option<usize>,
    pub(super) subject_at: Vec<usize>,
    pub(super) dashes: Option<(usize, String)>,
    pub(super) to_at: Option<usize>,
    pub(super) letter_subject_at: Option<usize>,
    /// The first paragraph after all these.
    pub(super) body_from: usize,
}

fn capitals(text: &str) -> bool {
    text.chars().any(char::is_alphabetic) && !text.chars().any(char::is_lowercase)
}

/// Words without difference of spaces and old spelling.
fn folded(text: &str) -> String {
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_uppercase()
        .replace("HOÀ", "HÒA")
        .replace('–', "-")
}

/// Whether a line at the top, or one of a header or footer, is a mark of secrecy.
pub(super) fn secret(document: &Document) -> bool {
    let marked = |paragraph: &Paragraph| {
        paragraph.text().split('\t').any(|line| {
            matches!(
                folded(line).trim_matches(['(', ')', '.', ':']),
                "MẬT" | "TỐI MẬT" | "TUYỆT MẬT" | "ĐỘ MẬT: MẬT"
            )
        })
    };
    let margins =
        document.sections.iter().flat_map(|s| s.header.iter().chain(&s.first_header).chain(&s.footer));
    document.paragraphs.iter().take(TOP).chain(margins).any(marked)
}

/// Lines set side by side with tabs are lines of their own.
fn top_lines(document: &Document) -> Vec<Paragraph> {
    let mut lines = Vec::new();
    for paragraph in document.paragraphs.iter().take(TOP) {
        let inner_tab = paragraph.cell.is_none() && paragraph.text().contains('\t');
        if !inner_tab || lines.len() > 20 {
            lines.push(paragraph.clone());
            continue;
        }
        let mut piece = Paragraph { runs: Vec::new(), ..paragraph.clone() };
        for run in &paragraph.runs {
            for (at, text) in run.text.split('\t').enumerate() {
                if at > 0 && !piece.runs.is_empty() {
                    lines.push(std::mem::replace(
                        &mut piece,
                        Paragraph { runs: Vec::new(), ..paragraph.clone() },
                    ));
                }
                if !text.is_empty() {
                    piece.runs.push(super::read::Run { text: text.to_owned(), ..run.clone() });
                }
            }
        }
        lines.push(piece);
    }
    lines
}

fn kind_of(text: &str) -> Option<Kind> {
    let text = folded(text);
    parts::KINDS
        .into_iter()
        .find(|kind| parts::title_of(*kind) == Some(text.as_str()))
        .or_else(|| (text == "GIẤY TRIỆU TẬP" || text == "CÔNG VĂN TRIỆU TẬP").then_some(Kind::Summons))
}

/// A line of hyphens, dashes or underscores alone.
pub(super) fn is_rule(text: &str) -> bool {
    text.chars().count() > 1 && text.chars().all(|c| matches!(c, '-' | '–' | '—' | '_' | '─' | '*' | ' '))
}

/// Whether a line is this one or an attempt at it: its first two words.
fn begins_alike(line: &str, text: &str) -> bool {
    let start = |text: &str| folded(text).split(' ').take(2).map(str::to_owned).collect::<Vec<_>>();
    start(line) == start(text)
}

impl Seen {
    pub(super) fn of(document: &Document) -> Self {
        let lines = top_lines(document);
        let texts: Vec<String> = lines.iter().map(Paragraph::text).collect();
        let state = texts.iter().any(|text| folded(text).starts_with("CỘNG HÒA XÃ HỘI"));
        let party = texts.iter().any(|text| folded(text) == "ĐẢNG CỘNG SẢN VIỆT NAM");
        let number = texts.iter().enumerate().find_map(|(at, text)| Some((at, NumberSeen::parse(text)?)));
        let title_at = texts.iter().position(|text| kind_of(text).is_some());
        let to_at = texts.iter().position(|text| {
            let text = text.to_lowercase();
            text.starts_with("kính gửi") || text.starts_with("kính trình")
        });
        let limit = title_at.or(to_at).unwrap_or(20);
        let date_at = texts
            .iter()
            .enumerate()
            .find(|(at, text)| *at <= limit && text.chars().count() < 90 && DateSeen::parse(text).is_some())
            .map(|(at, _)| at);
        let date = date_at.and_then(|at| DateSeen::parse(&texts[at]));
        let letter = title_at.is_none()
            && (to_at.is_some() || number.as_ref().is_some_and(|(_, number)| number.first == "CV"));
        let kind = title_at.and_then(|at| kind_of(&texts[at])).or_else(|| letter.then_some(Kind::Letter));
        let mut last = [number.as_ref().map(|(at, _)| *at), date_at].into_iter().flatten().max();
        let (mut subject_at, mut dashes) = (Vec::new(), None);
        if let Some(title) = title_at {
            last = Some(title);
            for (at, line) in lines.iter().enumerate().skip(title + 1).take(8) {
                let text = &texts[at];
                if is_rule(text) {
                    dashes = Some((at, text.clone()));
                    last = Some(at);
                    break;
                }
                if text.is_empty() && !line.border && !line.drawn {
                    continue;
                }
                if line.align != "center" || Some(at) == to_at {
                    break;
                }
                if !text.is_empty() {
                    subject_at.push(at);
                }
                last = Some(at);
            }
        }
        if let Some(to) = to_at {
            last = last.max(Some(to));
            let bare = texts[to].trim_end().ends_with(':');
            for (at, text) in texts.iter().enumerate().skip(to + 1).take(12) {
                if bare && text.starts_with(['-', '–', '+']) {
                    last = Some(at);
                } else if !text.is_empty() {
                    break;
                }
            }
        }
        let letter_subject_at = number.as_ref().and_then(|(number, _)| {
            texts
                .iter()
                .enumerate()
                .skip(number + 1)
                .take(8)
                .map(|(at, text)| (at, text.to_lowercase()))
                .find_map(|(at, text)| (text.starts_with("v/v") || text.starts_with("về việc")).then_some(at))
        });
        let letter_subject_at = letter_subject_at.filter(|_| letter);
        last = last.max(letter_subject_at);
        let body_from = last.map_or(0, |at| lines[at].ordinal + 1);
        Self {
            family: if state && !party { Family::State } else { Family::Party },
            lines,
            kind,
            number,
            date,
            date_at,
            title_at,
            subject_at,
            dashes,
            to_at,
            letter_subject_at,
            body_from,
        }
    }

    /// The lines of the issuing body: capitals above number, date and type that are neither motto nor mark.
    pub(super) fn issuer(&self, profile: &Profile) -> Vec<&Paragraph> {
        let end = self.title_at.or(self.to_at).unwrap_or(self.lines.len()).min(20);
        let marks = [self.number.as_ref().map(|(at, _)| *at), self.date_at, self.letter_subject_at];
        self.lines[..end.min(self.lines.len())]
            .iter()
            .enumerate()
            .filter(|(at, line)| {
                let text = line.text();
                capitals(&text)
                    && !marks.contains(&Some(*at))
                    && !profile.motto.iter().any(|motto| begins_alike(motto, &text))
                    && !matches!(text.as_str(), "KHẨN" | "THƯỢNG KHẨN" | "HỎA TỐC" | "DỰ THẢO")
            })
            .map(|(_, line)| line)
            .collect()
    }

    /// The motto's lines, where they are there.
    pub(super) fn motto(&self, profile: &Profile) -> Vec<Option<(usize, &Paragraph)>> {
        profile
            .motto
            .iter()
            .map(|motto| {
                self.lines.iter().enumerate().find(|(_, line)| folded(&line.text()) == folded(motto))
            })
            .collect()
    }
}
