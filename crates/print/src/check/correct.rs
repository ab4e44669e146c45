//! A corrected copy: what can be put right without a person's judgement. The file that came stays as it is; in
//! the copy only the parts that change are written anew, all others are carried over byte by byte.
// words: data — words that the rules on layout prescribe

use std::{
    collections::BTreeMap,
    io::{Cursor, Write as _},
};

use jiff::civil::Date;
use zip::{ZipWriter, write::SimpleFileOptions};

use super::{
    Against, Fault, Findings, Refused, findings,
    read::{self, Paragraph},
    seen::Seen,
    text,
    tree::{Element, Node},
};
use crate::{
    docx::{half_points, twips},
    paper::Kind,
    parts,
    profile::{Family, Measure, Profile, Style},
};

/// A corrected copy.
#[derive(Debug, Clone, PartialEq)]
pub struct Corrected {
    /// The file.
    pub docx: Vec<u8>,
    /// What was found before.
    pub before: Findings,
    /// What is left, for people.
    pub after: Findings,
}

/// What to do to a paragraph.
#[derive(Default)]
struct Edit {
    size: Option<f32>,
    bold: Option<bool>,
    italic: Option<bool>,
    underline: Option<bool>,
    align: bool,
    indent: Option<f32>,
    step: Option<f32>,
    gap: Option<f32>,
    text: Option<String>,
    /// What its last words end in, and shall end in.
    end: Option<(String, String)>,
    /// What its first words begin with, and shall begin with.
    start: Option<(String, String)>,
}

/// A corrected copy of a document.
///
/// # Errors
/// [`Refused`] as for a check.
pub fn correct(bytes: &[u8], against: Against, today: Date) -> Result<Corrected, Refused> {
    let (mut package, document) = super::open(bytes)?;
    let before = findings(&document, against, today);
    let seen = Seen::of(&document);
    let profile = before.profile;
    let has = |fault: Fault| before.departures.iter().any(|departure| departure.fault == fault);
    let mut edits: BTreeMap<usize, Edit> = BTreeMap::new();
    heading_edits(&seen, profile, &has, &mut edits);
    text_edits(&document, &seen, profile, &has, &mut edits);

    let mut changed: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut number = 0;
    paragraphs(&mut package.document, &mut number, &mut |ordinal, paragraph| {
        if let Some(edit) = edits.get(&ordinal) {
            apply(paragraph, edit);
        }
    });
    sections(&mut package.document, profile, &has);
    if has(Fault::FontFamily) {
        fonts(&mut package.document);
    }
    changed.insert(package.main.clone(), package.document.print().into_bytes());
    for (name, part) in &mut package.parts {
        let header = part.local() == "hdr" && has(Fault::PageNumberSize);
        if header {
            part.each(&mut |element| {
                if element.local() == "r" {
                    size(element, profile.parts.page_number.size.set);
                }
            });
        }
        let styles = matches!(part.local(), "styles" | "hdr" | "ftr") && has(Fault::FontFamily);
        if styles {
            fonts(part);
        }
        if header || styles {
            changed.insert(name.clone(), part.print().into_bytes());
        }
    }
    let docx = repack(bytes, &changed)?;
    let after = super::check(&docx, against, today)?;
    Ok(Corrected { docx, before, after })
}

/// Visits the paragraphs in the order in which [`read::document`] counts them.
fn paragraphs(parent: &mut Element, number: &mut usize, visit: &mut impl FnMut(usize, &mut Element)) {
    for node in &mut parent.nodes {
        let Node::Element(element) = node else { continue };
        match element.local() {
            "p" => {
                visit(*number, element);
                *number += 1;
            }
            "tbl" | "tr" | "tc" | "sdt" | "sdtContent" | "ins" | "smartTag" | "customXml" | "body" => {
                paragraphs(element, number, visit);
            }
            _ => {}
        }
    }
}

/// Size and weight of a part's letters.
fn letters(edits: &mut BTreeMap<usize, Edit>, line: &Paragraph, style: Style, sized: bool, weighed: bool) {
    let edit = edits.entry(line.ordinal).or_default();
    if sized && line.runs.iter().any(|run| !style.size.allows(run.size, 0.01)) {
        edit.size = Some(style.size.set);
    }
    if weighed {
        edit.bold = Some(style.bold);
    }
}

fn heading_edits(
    seen: &Seen,
    profile: &Profile,
    has: &impl Fn(Fault) -> bool,
    edits: &mut BTreeMap<usize, Edit>,
) {
    let style = &profile.parts;
    for (number, line) in seen.motto(profile).into_iter().enumerate() {
        let look = if number > 0 { style.device.unwrap_or(style.motto) } else { style.motto };
        if let Some((_, line)) = line {
            letters(edits, line, look, has(Fault::MottoSize), has(Fault::MottoBold));
        }
    }
    for line in seen.issuer(profile) {
        let bold = line.all(|run| run.bold);
        let (look, fault) =
            if bold { (style.name, Fault::NameSize) } else { (style.parent, Fault::ParentSize) };
        letters(edits, line, look, has(fault), false);
    }
    if let Some((at, number)) = &seen.number {
        let line = &seen.lines[*at];
        letters(edits, line, style.number, has(Fault::NumberSize), false);
        // The right form is sure only where the marks are: a wrong mark may be a wrong word.
        if (has(Fault::NumberColon) || has(Fault::NumberZero)) && !has(Fault::NumberForm) {
            let edit = edits.entry(line.ordinal).or_default();
            let typed = line.text();
            let right = if seen.kind == Some(Kind::Letter) && profile.abbreviation(Kind::Letter).is_none() {
                // A state letter keeps its symbol as typed.
                let at = typed.find(number.after_figure).unwrap_or(0);
                let figure =
                    number.figure.parse::<u32>().map_or(number.figure.clone(), |n| format!("{n:02}"));
                format!("{}{figure}{}", profile.number.prefix, &typed[at..])
            } else {
                number.right(profile)
            };
            edit.text = Some(right);
        }
    }
    if let (Some(at), Some(date)) = (seen.date_at, &seen.date) {
        let line = &seen.lines[at];
        letters(edits, line, style.place_date, has(Fault::DateSize), false);
        let edit = edits.entry(line.ordinal).or_default();
        if has(Fault::DateItalic) {
            edit.italic = Some(true);
        }
        if let Some(day) = date.day.filter(|_| has(Fault::DatePadding)) {
            let typed = line.text();
            let before = typed.find("ngày").map_or("", |at| &typed[..at]);
            edit.text = Some(format!("{before}{}", parts::date_words(day)));
        }
    }
    if let Some(at) = seen.title_at {
        letters(edits, &seen.lines[at], style.title, has(Fault::TitleSize), has(Fault::TitleBold));
    }
    for at in &seen.subject_at {
        letters(edits, &seen.lines[*at], style.subject, has(Fault::SubjectSize), has(Fault::SubjectBold));
    }
    if let Some(at) = seen.letter_subject_at {
        letters(edits, &seen.lines[at], style.letter_subject, has(Fault::LetterSubjectSize), false);
    }
    if let Some(at) = seen.to_at.filter(|_| has(Fault::ToLabel)) {
        let line = &seen.lines[at];
        let form = &profile.to;
        let label = if seen.kind == Some(Kind::Submission) { &form.submission } else { &form.label };
        let typed = line.text().split(':').next().unwrap_or_default().trim().to_owned();
        edits.entry(line.ordinal).or_default().start = Some((typed, label.trim_end_matches(':').to_owned()));
    }
}

fn text_edits(
    document: &read::Document,
    seen: &Seen,
    profile: &Profile,
    has: &impl Fn(Fault) -> bool,
    edits: &mut BTreeMap<usize, Edit>,
) {
    let (style, rule) = (&profile.parts, &profile.text);
    let body = text::body(document, seen);
    for paragraph in &body {
        letters(edits, paragraph, style.body, has(Fault::BodySize), false);
        let edit = edits.entry(paragraph.ordinal).or_default();
        edit.align = has(Fault::BodyAlign) && paragraph.align != "both";
        edit.indent = (has(Fault::BodyIndent)
            && !paragraph.numbered
            && paragraph.text().chars().count() > 40
            && !rule.indent.allows(paragraph.first, 0.6))
        .then_some(rule.indent.set);
        edit.step = has(Fault::BodyStep).then_some(rule.step.set);
        edit.gap = (has(Fault::BodyGap) && paragraph.gap < rule.gap.least).then_some(rule.gap.set);
    }
    if let Some(last) = body.last().filter(|_| has(Fault::EndMark) && profile.family == Family::Party) {
        edits.entry(last.ordinal).or_default().end = Some(("./.".to_owned(), ".".to_owned()));
    }
    for signature in text::signatures(document, seen) {
        if let Some((line, _)) = &signature.authority {
            letters(edits, line, style.authority, false, has(Fault::AuthorityBold));
            if let Some(office) = signature.office.first() {
                letters(edits, office, style.office, false, has(Fault::OfficeWeight));
            }
        }
        if let Some(signer) = signature.signer {
            letters(edits, signer, style.signer, false, has(Fault::SignerBold));
        }
    }
    if let Some((head, items)) = text::recipients(document, seen) {
        if has(Fault::RecipientsHead) {
            let look = style.recipients_head;
            letters(edits, head, look, true, true);
            let edit = edits.entry(head.ordinal).or_default();
            edit.italic = Some(look.italic);
            edit.underline = Some(look.underline);
        }
        for (number, item) in items.iter().enumerate() {
            letters(edits, item, style.recipients, has(Fault::RecipientsSize), false);
            let typed = item.text();
            let mark = if number + 1 == items.len() { '.' } else { ';' };
            if !typed.ends_with(mark) {
                let bare = typed.trim_end_matches([';', '.', ',', ' ', '/']);
                let wrong = typed[bare.len()..].to_owned();
                edits.entry(item.ordinal).or_default().end = Some((wrong, mark.to_string()));
            }
        }
    }
}

fn apply(paragraph: &mut Element, edit: &Edit) {
    if edit.align || edit.indent.is_some() || edit.step.is_some() || edit.gap.is_some() {
        let properties = paragraph.make("pPr");
        if let Some(properties) = properties {
            paragraph_properties(properties, edit);
        }
    }
    if edit.size.is_some() || edit.bold.is_some() || edit.italic.is_some() || edit.underline.is_some() {
        paragraph.each(&mut |element| {
            if element.local() == "r" {
                if let Some(points) = edit.size {
                    size(element, points);
                }
                for (name, on) in [("b", edit.bold), ("i", edit.italic)] {
                    if let (Some(on), Some(properties)) = (on, element.make("rPr")) {
                        put(properties, name, "val", if on { "1" } else { "0" });
                    }
                }
                if let (Some(on), Some(properties)) = (edit.underline, element.make("rPr")) {
                    put(properties, "u", "val", if on { "single" } else { "none" });
                }
            }
        });
    }
    if let Some(text) = &edit.text {
        let mut first = Some(text.as_str());
        words(paragraph, &mut |element| {
            let text = first.take().unwrap_or_default();
            element.nodes = vec![Node::Text(text.to_owned())];
        });
    }
    if let Some((wrong, right)) = &edit.end {
        let mut last = 0;
        words(paragraph, &mut |element| last += usize::from(!element.text().trim().is_empty()));
        let mut at = 0;
        words(paragraph, &mut |element| {
            let text = element.text();
            if text.trim().is_empty() {
                return;
            }
            at += 1;
            if at == last {
                let bare = text.trim_end();
                let bare = bare.strip_suffix(wrong.as_str()).unwrap_or(bare);
                element.nodes = vec![Node::Text(format!("{bare}{right}"))];
            }
        });
    }
    if let Some((wrong, right)) = &edit.start {
        let mut done = false;
        words(paragraph, &mut |element| {
            if !done && let Some(rest) = element.text().trim_start().strip_prefix(wrong.as_str()) {
                element.nodes = vec![Node::Text(format!("{right}{rest}"))];
                done = true;
            }
        });
    }
}

/// Visits the texts of a paragraph.
fn words(paragraph: &mut Element, visit: &mut impl FnMut(&mut Element)) {
    paragraph.each(&mut |element| {
        if element.local() == "t" {
            visit(element);
            element.attributes.retain(|(name, _)| name != "xml:space");
            element.attributes.push(("xml:space".to_owned(), "preserve".to_owned()));
        }
    });
}

fn size(run: &mut Element, points: f32) {
    if let Some(properties) = run.make("rPr") {
        for name in ["sz", "szCs"] {
            put(properties, name, "val", &half_points(points).to_string());
        }
    }
}

/// The order of the schema, which strict readers ask for.
const ORDER: [&str; 40] = [
    "rStyle",
    "pStyle",
    "keepNext",
    "keepLines",
    "pageBreakBefore",
    "framePr",
    "widowControl",
    "numPr",
    "pBdr",
    "shd",
    "tabs",
    "rFonts",
    "b",
    "bCs",
    "i",
    "iCs",
    "caps",
    "smallCaps",
    "strike",
    "vanish",
    "color",
    "spacing",
    "w",
    "kern",
    "position",
    "sz",
    "szCs",
    "highlight",
    "u",
    "vertAlign",
    "lang",
    "ind",
    "contextualSpacing",
    "jc",
    "textAlignment",
    "outlineLvl",
    "rPr",
    "sectPr",
    "pPrChange",
    "rPrChange",
];

/// A property of a name, put where the schema has it.
fn ordered<'a>(properties: &'a mut Element, name: &str) -> Option<&'a mut Element> {
    let place = |name: &str| ORDER.iter().position(|known| *known == name).unwrap_or(ORDER.len());
    let known =
        properties.nodes.iter().position(|node| matches!(node, Node::Element(e) if e.local() == name));
    let at = known.unwrap_or_else(|| {
        let at = properties
            .nodes
            .iter()
            .position(|node| matches!(node, Node::Element(e) if place(e.local()) > place(name)))
            .unwrap_or(properties.nodes.len());
        let element = Element { name: format!("{}{name}", properties.prefix()), ..Element::default() };
        properties.nodes.insert(at, Node::Element(element));
        at
    });
    match properties.nodes.get_mut(at) {
        Some(Node::Element(element)) => Some(element),
        _ => None,
    }
}

/// Sets a property's value.
fn put(properties: &mut Element, name: &str, attribute: &str, value: &str) {
    if let Some(element) = ordered(properties, name) {
        element.set(attribute, value);
    }
}

fn paragraph_properties(properties: &mut Element, edit: &Edit) {
    if edit.align {
        put(properties, "jc", "val", "both");
    }
    if let Some(indent) = edit.indent
        && let Some(element) = ordered(properties, "ind")
    {
        element.attributes.retain(|(name, _)| !name.ends_with("hanging") && !name.ends_with("Chars"));
        element.set("firstLine", twips(indent).to_string());
    }
    if let Some(step) = edit.step {
        put(properties, "spacing", "line", &((step * 20.0).round() as i32).to_string());
        put(properties, "spacing", "lineRule", "exact");
    }
    if let Some(gap) = edit.gap {
        if let Some(element) = ordered(properties, "spacing") {
            element.attributes.retain(|(name, _)| !name.ends_with("Autospacing") && !name.ends_with("Lines"));
            element.set("after", ((gap * 20.0).round() as i32).to_string());
        }
        properties.nodes.retain(|node| !matches!(node, Node::Element(e) if e.local() == "contextualSpacing"));
    }
}

fn sections(document: &mut Element, profile: &Profile, has: &impl Fn(Fault) -> bool) {
    let page = &profile.page;
    document.each(&mut |element| {
        if element.local() != "sectPr" {
            return;
        }
        let length = |element: &Element, part: &str, name: &str| {
            element.child(part).and_then(|e| e.attribute(name)).and_then(|value| value.parse::<i32>().ok())
        };
        let (wide, high) = (length(element, "pgSz", "w"), length(element, "pgSz", "h"));
        let landscape = wide.zip(high).is_some_and(|(wide, high)| wide > high);
        if has(Fault::PaperSize)
            && let Some(size) = element.make("pgSz")
        {
            let (wide, high) = if landscape { (page.height, page.width) } else { (page.width, page.height) };
            size.set("w", twips(wide).to_string());
            size.set("h", twips(high).to_string());
        }
        if !landscape && let Some(margins) = element.child("pgMar").cloned() {
            let mut margins = margins;
            let mut set = |fault: Fault, name: &str, measure: Measure| {
                if has(fault) {
                    margins.set(name, twips(measure.set).to_string());
                }
            };
            set(Fault::MarginTop, "top", page.top);
            set(Fault::MarginBottom, "bottom", page.bottom);
            set(Fault::MarginLeft, "left", page.left);
            set(Fault::MarginRight, "right", page.right);
            if has(Fault::MarginLeft) {
                margins.set("gutter", "0");
            }
            if let Some(element) = element.make("pgMar") {
                *element = margins;
            }
        }
    });
    if has(Fault::PageNumberFirst) {
        // The first section alone begins with the first page.
        let mut done = false;
        document.each(&mut |element| {
            if element.local() == "sectPr" && !done {
                done = true;
                let name = format!("{}titlePg", element.prefix());
                element.nodes.retain(|node| {
                    !matches!(node, Node::Element(e) if e.local() == "titlePg"
                        || (e.local() == "headerReference" && e.attribute("type") == Some("first")))
                });
                element.nodes.push(Node::Element(Element { name, ..Element::default() }));
            }
        });
    }
}

fn fonts(part: &mut Element) {
    let keep = |font: Option<&str>| {
        font.is_some_and(|font| {
            ["Symbol", "Wingdings", "Webdings", ".Vn", "VNI", "VNtimes"]
                .iter()
                .any(|kept| font.starts_with(kept))
        })
    };
    part.each(&mut |element| {
        if element.local() == "rFonts" && !keep(element.attribute("ascii")) {
            element.attributes.retain(|(name, _)| !name.ends_with("Theme"));
            for name in ["ascii", "hAnsi", "cs", "eastAsia"] {
                element.set(name, crate::docx::FONT);
            }
        }
    });
}

fn repack(bytes: &[u8], changed: &BTreeMap<String, Vec<u8>>) -> Result<Vec<u8>, Refused> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| Refused::Damaged)?;
    let mut copy = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..archive.len() {
        let file = archive.by_index_raw(at).map_err(|_| Refused::Damaged)?;
        match changed.get(file.name()) {
            Some(data) => {
                let options = SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
                copy.start_file(file.name().to_owned(), options).map_err(|_| Refused::Damaged)?;
                copy.write_all(data).map_err(|_| Refused::Damaged)?;
            }
            None => copy.raw_copy_file(file).map_err(|_| Refused::Damaged)?,
        }
    }
    Ok(copy.finish().map_err(|_| Refused::Damaged)?.into_inner())
}
