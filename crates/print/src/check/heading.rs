//! The page and the top of a document, held to the rule.

use jiff::civil::Date;

use super::{
    Fault, List, Place, millimetres, range_mm,
    read::{Document, Paragraph},
    seen::{Seen, is_rule},
};
use crate::{paper::Kind, parts};

/// Millimetres by which a word processor rounds.
const SLACK: f32 = 0.5;
/// More letters than this do not fit one page.
const ONE_PAGE: usize = 3_500;

/// Sheet, margins, page number, fonts.
pub(super) fn page(document: &Document, list: &mut List) {
    let rule = list.profile.page;
    for section in &document.sections {
        let (narrow, wide) = (section.width.min(section.height), section.width.max(section.height));
        let found =
            format!("{} × {}", super::number(section.width.round()), millimetres(section.height.round()));
        let a5 = (narrow - 148.0).abs() < 1.5 && (wide - 210.0).abs() < 1.5;
        if !a5 && ((narrow - rule.width).abs() > 1.5 || (wide - rule.height).abs() > 1.5) {
            let right = format!("{} × {}", super::number(rule.width), millimetres(rule.height));
            list.add(Fault::PaperSize, Place::Page, found, right, "");
        }
        // The rule gives the margins of an upright sheet.
        if section.width > section.height || a5 {
            continue;
        }
        for (fault, found, measure) in [
            (Fault::MarginTop, section.top, rule.top),
            (Fault::MarginBottom, section.bottom, rule.bottom),
            (Fault::MarginLeft, section.left, rule.left),
            (Fault::MarginRight, section.right, rule.right),
        ] {
            if !measure.allows(found, SLACK) {
                list.add(fault, Place::Page, millimetres(found), range_mm(measure), "");
            }
        }
    }
    page_number(document, list);
    for paragraph in &document.paragraphs {
        for run in paragraph.runs.iter().filter(|run| run.text.chars().any(char::is_alphanumeric)) {
            let font = run.font.trim();
            if font.is_empty() || font.eq_ignore_ascii_case(crate::docx::FONT) {
                continue;
            }
            // Letters of the old encodings look right only in their own font; no machine turns them safely.
            let old = font.starts_with(".Vn") || font.starts_with("VNI") || font.starts_with("VNtimes");
            let fault = if old { Fault::FontEncoding } else { Fault::FontFamily };
            list.add(fault, Place::Page, font, crate::docx::FONT, &paragraph.text());
        }
    }
}

fn page_number(document: &Document, list: &mut List) {
    let Some(first) = document.sections.first() else { return };
    let look = list.profile.parts.page_number;
    let letters: usize = document.paragraphs.iter().map(|paragraph| paragraph.text().chars().count()).sum();
    let in_header = first.header.iter().find(|paragraph| paragraph.page_field);
    let in_footer = first.footer.iter().find(|paragraph| paragraph.page_field);
    match (in_header, in_footer) {
        (None, None) => {
            if letters > ONE_PAGE {
                list.add(Fault::PageNumberMissing, Place::Page, "", "", "");
            }
        }
        (None, Some(_)) => list.add(Fault::PageNumberPlace, Place::Page, "", "", ""),
        (Some(paragraph), _) => {
            if !first.first_page_apart || first.first_header.iter().any(|paragraph| paragraph.page_field) {
                list.add(Fault::PageNumberFirst, Place::Page, "", "", "");
            }
            if paragraph.align != "center" {
                list.add(Fault::PageNumberPlace, Place::Page, "", "", "");
            }
            list.size(Fault::PageNumberSize, Place::Page, look, paragraph);
        }
    }
}

/// The heading, the number, the date, the type.
pub(super) fn heading(document: &Document, seen: &Seen, on: Option<Date>, list: &mut List) {
    let at = Place::Heading;
    let parts = list.profile.parts;
    motto(document, seen, list);
    let issuer = seen.issuer(list.profile);
    let (name, parent): (Vec<&Paragraph>, Vec<&Paragraph>) =
        issuer.into_iter().partition(|line| line.all(|run| run.bold));
    match name.first() {
        None => list.add(
            Fault::NameMissing,
            at,
            "",
            "",
            &parent.last().map(|line| line.text()).unwrap_or_default(),
        ),
        Some(_) => name.iter().for_each(|line| list.size(Fault::NameSize, at, parts.name, line)),
    }
    parent.iter().for_each(|line| list.size(Fault::ParentSize, at, parts.parent, line));
    let star = seen.lines.iter().take(20).find(|line| matches!(line.text().as_str(), "*" | "★" | "∗"));
    match (list.profile.star, star) {
        (true, None) => list.add(Fault::StarMissing, at, "", "*", ""),
        (false, Some(_)) => list.add(Fault::StarUnneeded, at, "*", "", ""),
        _ => {}
    }
    number(seen, list);
    date(seen, on, list);
    if let Some(title) = seen.title_at {
        let line = &seen.lines[title];
        list.size(Fault::TitleSize, at, parts.title, line);
        if !line.all(|run| run.bold) {
            list.add(Fault::TitleBold, at, "", "", &line.text());
        }
        for subject in &seen.subject_at {
            let line = &seen.lines[*subject];
            list.size(Fault::SubjectSize, at, parts.subject, line);
            if !line.all(|run| run.bold) {
                list.add(Fault::SubjectBold, at, "", "", &line.text());
            }
        }
        let typed = seen.dashes.as_ref().map(|(_, text)| text.as_str()).unwrap_or_default();
        let wanted = if list.profile.dashes { "-----" } else { "" };
        if typed != wanted && (!seen.subject_at.is_empty() || !typed.is_empty()) {
            list.add(Fault::DashesMissing, at, typed, wanted, typed);
        }
    }
    if let Some(subject) = seen.letter_subject_at {
        let line = &seen.lines[subject];
        let about = list.profile.about.trim();
        if !line.text().to_lowercase().starts_with(&about.to_lowercase()) {
            let found: String = line.text().chars().take(7).collect();
            list.add(Fault::LetterSubjectForm, at, found.trim(), about, &line.text());
        }
        list.size(Fault::LetterSubjectSize, at, parts.letter_subject, line);
    }
    if let Some(to) = seen.to_at {
        let text = seen.lines[to].text();
        let form = &list.profile.to;
        let label =
            if seen.kind == Some(Kind::Submission) { form.submission.clone() } else { form.label.clone() };
        let typed = text.split(':').next().unwrap_or_default().trim().to_owned();
        if format!("{typed}:") != label {
            list.add(Fault::ToLabel, at, typed, label.trim_end_matches(':'), &text);
        }
    }
}

fn motto(document: &Document, seen: &Seen, list: &mut List) {
    let at = Place::Heading;
    let parts = list.profile.parts;
    let found = seen.motto(list.profile);
    let mut last = None;
    for (number, line) in found.iter().enumerate() {
        let Some((place, line)) = line else {
            list.add(Fault::MottoMissing, at, "", list.profile.motto[number].clone(), "");
            continue;
        };
        last = Some(*place);
        let style = if number > 0 { parts.device.unwrap_or(parts.motto) } else { parts.motto };
        list.size(Fault::MottoSize, at, style, line);
        if !line.all(|run| run.bold) {
            list.add(Fault::MottoBold, at, "", "", &line.text());
        }
    }
    let Some(last) = last else { return };
    let below = &seen.lines[last..(last + 3).min(seen.lines.len())];
    let ruled = below.iter().enumerate().any(|(at, line)| {
        line.border || line.drawn || is_rule(&line.text()) || (at == 0 && line.all(|run| run.underline))
    });
    // A drawn line hangs on any paragraph of the heading.
    let drawn = document.paragraphs.iter().take(20).any(|paragraph| paragraph.drawn);
    if !ruled && !drawn {
        list.add(Fault::MottoRule, at, "", "", &seen.lines[last].text());
    }
}

fn number(seen: &Seen, list: &mut List) {
    let at = Place::Heading;
    let profile = list.profile;
    let Some((line, number)) = &seen.number else {
        if !matches!(seen.kind, None | Some(Kind::Minutes)) {
            list.add(Fault::NumberMissing, at, "", "", "");
        }
        return;
    };
    let line = &seen.lines[*line];
    let (typed, right) = (line.text(), number.right(profile));
    list.size(Fault::NumberSize, at, profile.parts.number, line);
    if number.colon != profile.number.prefix.contains(':') {
        list.add(Fault::NumberColon, at, typed.clone(), right.clone(), &typed);
    }
    if number.figure.len() == 1 && number.figure.parse::<u32>().is_ok() {
        list.add(Fault::NumberZero, at, typed.clone(), right.clone(), &typed);
    }
    let is = |mark: char, wanted: &str| wanted.starts_with(mark);
    let letter = seen.kind == Some(Kind::Letter) && profile.abbreviation(Kind::Letter).is_none();
    let form = is(number.after_figure, &profile.number.kind)
        && number.between.is_none_or(|mark| letter || is(mark, &profile.number.symbol));
    if !form {
        list.add(Fault::NumberForm, at, typed.clone(), right, &typed);
    }
    let Some(kind) = seen.kind.filter(|_| !letter && number.between.is_some()) else { return };
    // A summons has no type of its own on the list: its symbol is the office's choice.
    if let Some(wanted) = profile.abbreviation(kind).filter(|_| kind != Kind::Summons)
        && number.first != wanted
    {
        let known = profile.abbreviations().any(|(_, text)| text == number.first);
        let fault = if known { Fault::AbbreviationOther } else { Fault::AbbreviationUnknown };
        list.add(fault, at, number.first.clone(), wanted, &typed);
    }
}

fn date(seen: &Seen, on: Option<Date>, list: &mut List) {
    let at = Place::Heading;
    let (Some(date), Some(line)) = (&seen.date, seen.date_at) else {
        if seen.kind.is_some() {
            list.add(Fault::DateMissing, at, "", "", "");
        }
        return;
    };
    let line = &seen.lines[line];
    list.size(Fault::DateSize, at, list.profile.parts.place_date, line);
    if !line.all(|run| run.italic) {
        list.add(Fault::DateItalic, at, "", "", &line.text());
    }
    if date.open() {
        return;
    }
    let typed = date.words();
    let Some(day) = date.day else {
        list.add(Fault::DateImpossible, at, typed, "", &line.text());
        return;
    };
    let right = parts::date_words(day);
    if typed != right {
        list.add(Fault::DatePadding, at, typed, right, &line.text());
    }
    if on.is_some() && !list.profile.covers(day) {
        list.add(
            Fault::DateOther,
            at,
            day.strftime("%d/%m/%Y").to_string(),
            list.profile.short.clone(),
            &line.text(),
        );
    }
}
