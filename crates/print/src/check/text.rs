//! The text and its end: letters, lines, signature, recipients.
// words: data — words that the rules on layout prescribe

use super::{
    Fault, List, Place, points, range, range_mm,
    read::{Document, Paragraph, Step},
    seen::Seen,
};
use crate::{
    paper::{Authority, Kind},
    parts,
    profile::{Family, Profile},
};

/// Titles that do not stand before a signer's name.
const TITLES: [&str; 22] = [
    "GS",
    "PGS",
    "TSKH",
    "TS",
    "ThS",
    "Ths",
    "BS",
    "BSCK",
    "KS",
    "LS",
    "CN",
    "DS",
    "KTS",
    "Giáo sư",
    "Phó Giáo sư",
    "Tiến sĩ",
    "Thạc sĩ",
    "Bác sĩ",
    "Kỹ sư",
    "Cử nhân",
    "NSND",
    "NGND",
];

/// An authority as typed: which it is, its own letters, and for whom.
pub(super) struct AuthoritySeen {
    pub(super) authority: Authority,
    pub(super) typed: String,
    pub(super) whom: String,
}

impl AuthoritySeen {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.chars().count() > 100 || text.chars().any(char::is_lowercase) {
            return None;
        }
        let (mut typed, mut whom) = text.split_once(char::is_whitespace)?;
        // "TM.BAN THƯỜNG VỤ", typed without the space.
        if let Some((head, tail)) = typed.split_once('.')
            && !tail.is_empty()
        {
            typed = head;
            whom = text[head.len() + 1..].trim();
        }
        let bare: String = typed.chars().filter(|c| !matches!(c, '/' | '.')).collect();
        let authority = match bare.as_str() {
            "TM" => Authority::OnBehalf,
            "KT" => Authority::InPlace,
            "TL" => Authority::ByOrder,
            "TUQ" => Authority::ByMandate,
            "Q" => Authority::Acting,
            _ => return None,
        };
        Some(Self { authority, typed: typed.to_owned(), whom: whom.trim().to_owned() })
    }
}

/// Where the end begins: recipients, an authority, or capitals in a cell with room for a signature below.
fn end_from(document: &Document, from: usize) -> usize {
    let paragraphs = &document.paragraphs;
    (from..paragraphs.len())
        .find(|at| {
            let text = paragraphs[*at].text();
            recipients_head(&text)
                || AuthoritySeen::parse(&text).is_some()
                || signature_office(paragraphs, *at)
        })
        .unwrap_or(paragraphs.len())
}

fn recipients_head(text: &str) -> bool {
    text.to_lowercase().starts_with("nơi nhận")
}

fn signature_office(paragraphs: &[Paragraph], at: usize) -> bool {
    let paragraph = &paragraphs[at];
    let text = paragraph.text();
    paragraph.cell.is_some()
        && paragraph.align == "center"
        && text.chars().count() > 4
        && !text.chars().any(char::is_lowercase)
        && paragraphs[at + 1..]
            .iter()
            .take(2)
            .filter(|p| p.cell == paragraph.cell && p.text().is_empty())
            .count()
            == 2
}

/// The paragraphs of running text.
pub(super) fn body<'a>(document: &'a Document, seen: &Seen) -> Vec<&'a Paragraph> {
    let end = end_from(document, seen.body_from);
    document.paragraphs[seen.body_from.min(end)..end]
        .iter()
        .filter(|paragraph| {
            paragraph.cell.is_none() && paragraph.align != "center" && !paragraph.text().is_empty()
        })
        .collect()
}

/// The running text.
pub(super) fn text(document: &Document, seen: &Seen, list: &mut List) {
    let at = Place::Body;
    let (style, rule) = (list.profile.parts.body, list.profile.text);
    let body = body(document, seen);
    for paragraph in &body {
        let words = paragraph.text();
        let long = words.chars().count();
        list.size(Fault::BodySize, at, style, paragraph);
        // A line that does not fill its width looks the same either way.
        if paragraph.align != "both" && long > 90 {
            list.add(Fault::BodyAlign, at, paragraph.align.clone(), "both", &words);
        }
        let tabbed = paragraph.runs.first().is_some_and(|run| run.text.starts_with('\t'));
        if !paragraph.numbered && !tabbed && long > 40 && !rule.indent.allows(paragraph.first, 0.6) {
            list.add(
                Fault::BodyIndent,
                at,
                super::millimetres(paragraph.first),
                range_mm(rule.indent),
                &words,
            );
        }
        if let Some(found) = wrong_step(list.profile, paragraph.step) {
            list.add(Fault::BodyStep, at, found, range(rule.step), &words);
        }
        if paragraph.gap < rule.gap.least - 0.05 {
            list.add(Fault::BodyGap, at, points(paragraph.gap), points(rule.gap.least), &words);
        }
    }
    if let Some(last) = body.last() {
        let words = last.text();
        let slashed = words.ends_with("./.");
        let mark = list.profile.end.clone();
        if slashed && mark == "." {
            list.add(Fault::EndMark, at, "./.", ".", &tail(&words));
        } else if !slashed && mark == "./." {
            list.add(Fault::EndMark, at, tail(&words), "./.", &tail(&words));
        } else if words.ends_with(|c: char| c.is_alphanumeric() || matches!(c, ';' | ',')) {
            list.add(Fault::EndMissing, at, tail(&words), mark, &tail(&words));
        }
    }
}

fn tail(words: &str) -> String {
    let count = words.chars().count();
    if count <= 40 {
        words.to_owned()
    } else {
        format!("…{}", words.chars().skip(count - 40).collect::<String>())
    }
}

/// What a line step is where the rule does not allow it.
fn wrong_step(profile: &Profile, step: Step) -> Option<String> {
    let rule = profile.text.step;
    match (profile.family, step) {
        (_, Step::Exact(step)) => (!rule.allows(step, 0.1)).then(|| points(step)),
        // The Party's rule asks for an exact step; the Decree allows one line to one and a half.
        (Family::Party, Step::AtLeast(step)) => Some(format!("≥ {}", points(step))),
        (Family::Party, Step::Lines(lines)) => Some(format!("× {}", super::number(lines))),
        (Family::State, Step::AtLeast(step)) => {
            (step > rule.most + 0.1).then(|| format!("≥ {}", points(step)))
        }
        (Family::State, Step::Lines(lines)) => {
            (!(0.99..=1.51).contains(&lines)).then(|| format!("× {}", super::number(lines)))
        }
    }
}

/// A signature: where its authority stands, the lines of its office, its signer.
pub(super) struct SignatureSeen<'a> {
    pub(super) authority: Option<(&'a Paragraph, AuthoritySeen)>,
    pub(super) office: Vec<&'a Paragraph>,
    pub(super) signer: Option<&'a Paragraph>,
}

/// The signatures.
pub(super) fn signatures<'a>(document: &'a Document, seen: &Seen) -> Vec<SignatureSeen<'a>> {
    let paragraphs = &document.paragraphs;
    let from = end_from(document, seen.body_from);
    let mut found: Vec<SignatureSeen<'a>> = Vec::new();
    let mut at = from;
    while at < paragraphs.len() && found.len() < 20 {
        let paragraph = &paragraphs[at];
        let authority = AuthoritySeen::parse(&paragraph.text());
        if authority.is_none() && !signature_office(paragraphs, at) {
            at += 1;
            continue;
        }
        let mut signature = SignatureSeen { authority: None, office: Vec::new(), signer: None };
        match authority {
            Some(authority) => signature.authority = Some((paragraph, authority)),
            None => signature.office.push(paragraph),
        }
        at += 1;
        while at < paragraphs.len() && paragraphs[at].cell == paragraph.cell {
            let line = &paragraphs[at];
            let text = line.text();
            if AuthoritySeen::parse(&text).is_some() || recipients_head(&text) {
                break;
            }
            if !text.is_empty() {
                if text.chars().any(char::is_lowercase) {
                    signature.signer = Some(line);
                    at += 1;
                    break;
                }
                if signature.signer.is_none() {
                    signature.office.push(line);
                }
            }
            at += 1;
        }
        found.push(signature);
    }
    found
}

/// The recipients: their label and their lines.
pub(super) fn recipients<'a>(
    document: &'a Document,
    seen: &Seen,
) -> Option<(&'a Paragraph, Vec<&'a Paragraph>)> {
    let from = end_from(document, seen.body_from);
    let head = document.paragraphs[from..].iter().find(|paragraph| recipients_head(&paragraph.text()))?;
    let items = document.paragraphs[head.ordinal + 1..]
        .iter()
        .take_while(|paragraph| paragraph.cell == head.cell)
        .filter(|paragraph| paragraph.text().starts_with(['-', '–', '+']))
        .collect();
    Some((head, items))
}

/// Signature and recipients.
pub(super) fn end(document: &Document, seen: &Seen, list: &mut List) {
    let at = Place::End;
    let parts = list.profile.parts;
    for signature in signatures(document, seen) {
        if let Some((line, authority)) = &signature.authority {
            let right = parts::authority(list.profile, authority.authority).trim().to_owned();
            if authority.typed != right && format!("{}.", authority.typed) != right {
                list.add(Fault::AuthorityForm, at, authority.typed.clone(), right, &line.text());
            }
            if !line.all(|run| run.bold) {
                list.add(Fault::AuthorityBold, at, "", "", &line.text());
            }
            if let Some(office) = signature.office.first() {
                choice(list, authority, &office.text(), &line.text());
                if office.all(|run| run.bold) != parts.office.bold {
                    list.add(Fault::OfficeWeight, at, "", "", &office.text());
                }
            }
        }
        if let Some(signer) = signature.signer {
            let name = signer.text();
            let titled = TITLES.iter().find(|title| {
                name.strip_prefix(**title).is_some_and(|rest| rest.starts_with(['.', ' ', ',']))
            });
            if let Some(title) = titled {
                let bare = bare_name(&name);
                list.add(Fault::SignerTitle, at, *title, bare, &name);
            }
            if !signer.all(|run| run.bold) {
                list.add(Fault::SignerBold, at, "", "", &name);
            }
        }
    }
    let Some((head, items)) = recipients(document, seen) else {
        if !matches!(seen.kind, None | Some(Kind::Minutes | Kind::Summons | Kind::Invitation)) {
            list.add(Fault::RecipientsMissing, at, "", parts::RECIPIENTS, "");
        }
        return;
    };
    list.size(Fault::RecipientsHead, at, parts.recipients_head, head);
    let look = parts.recipients_head;
    if !head.all(|run| run.underline == look.underline && run.bold == look.bold && run.italic == look.italic)
    {
        list.add(Fault::RecipientsHead, at, "", "", &head.text());
    }
    for (number, item) in items.iter().enumerate() {
        let (text, last) = (item.text(), number + 1 == items.len());
        let mark = if last { '.' } else { ';' };
        if !text.ends_with(mark) {
            let bare = text.trim_end_matches([';', '.', ',', ' ', '/']);
            list.add(Fault::RecipientsMarks, at, text.clone(), format!("{bare}{mark}"), &text);
        }
        list.size(Fault::RecipientsSize, at, parts.recipients, item);
        if last {
            let words = text.trim_start_matches(['-', '–', '+', ' ']);
            let wanted = list.profile.keep.trim().trim_start_matches("- ").to_owned();
            if !words.starts_with(&wanted) {
                list.add(Fault::RecipientsKeep, at, words, format!("{wanted} …"), &text);
            }
        }
    }
}

fn bare_name(name: &str) -> String {
    let mut rest = name;
    while let Some(after) = TITLES
        .iter()
        .find_map(|title| rest.strip_prefix(*title).filter(|after| after.starts_with(['.', ' ', ','])))
    {
        rest = after.trim_start_matches(['.', ' ', ',']);
    }
    rest.to_owned()
}

/// K/T is a deputy for the head; T/L is someone of a lower office by order. One taken for the other is the most
/// common slip of all.
fn choice(list: &mut List, seen: &AuthoritySeen, office: &str, line: &str) {
    let profile = list.profile;
    let form = |authority| format!("{} {}", parts::authority(profile, authority).trim(), seen.whom);
    let deputy = office.starts_with("PHÓ ");
    let deputy_of_whom = office.strip_prefix("PHÓ ").is_some_and(|head| {
        let head = head.trim();
        head == seen.whom || seen.whom.starts_with(head)
    });
    let (wrong, right) = match seen.authority {
        Authority::InPlace => (!deputy, Authority::ByOrder),
        Authority::ByOrder => (deputy_of_whom, Authority::InPlace),
        _ => (false, seen.authority),
    };
    if wrong {
        list.add(Fault::AuthorityChoice, Place::End, format!("{} / {office}", seen.typed), form(right), line);
    }
}
