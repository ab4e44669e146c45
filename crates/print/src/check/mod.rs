//! The check of a foreign DOCX against the rule on layout: each departure with the clause it breaks, what was
//! found, what is right, and where. The file comes from anywhere and is read with limits; it is never changed,
//! a corrected copy is another file.

mod correct;
mod heading;
mod package;
mod read;
mod seen;
mod text;
pub(crate) mod tree;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;
use thiserror::Error;

use crate::{
    paper::{BodyKind, Kind},
    profile::{self, Family, Profile, Rule},
};

pub use correct::{Corrected, correct};

/// Largest file that is read, in bytes.
pub const MOST_BYTES: usize = 20 << 20;

/// Why a file cannot be checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Refused {
    /// No DOCX at all.
    #[error("not a DOCX file")]
    NotDocx,
    /// An old `.doc`, or a file locked with a password.
    #[error("an old or locked file")]
    OldOrLocked,
    /// Larger than [`MOST_BYTES`], or it unpacks to far more than it is.
    #[error("too large, or it unpacks to too much")]
    TooLarge,
    /// It carries macros.
    #[error("it carries macros")]
    Macros,
    /// It defines entities of its own, or its parts are nested beyond all use.
    #[error("its XML is built to do harm")]
    Hostile,
    /// It bears a mark of secrecy (MẬT, TỐI MẬT, TUYỆT MẬT): no such document enters the program.
    #[error("it bears a mark of secrecy")]
    Secret,
    /// It breaks off or contradicts itself.
    #[error("it is damaged")]
    Damaged,
}

macro_rules! faults {
    ($($name:ident = $key:literal, $rule:ident, $fix:literal;)*) => {
        /// A way to depart from a rule.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
        #[serde(rename_all = "snake_case")]
        #[expect(missing_docs, reason = "the words of each are in the catalogues, under its key")]
        pub enum Fault { $($name),* }

        impl Fault {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Its key in the catalogues.
            pub fn key(self) -> &'static str {
                match self { $(Self::$name => $key),* }
            }

            /// The rule it breaks.
            pub fn rule(self) -> Rule {
                match self { $(Self::$name => Rule::$rule),* }
            }

            /// Whether a corrected copy puts it right by itself.
            pub fn mechanical(self) -> bool {
                match self { $(Self::$name => $fix),* }
            }
        }
    };
}

faults! {
    PaperSize = "paper-size", Paper, true;
    MarginTop = "margin-top", Margins, true;
    MarginBottom = "margin-bottom", Margins, true;
    MarginLeft = "margin-left", Margins, true;
    MarginRight = "margin-right", Margins, true;
    FontFamily = "font-family", Font, true;
    FontEncoding = "font-encoding", Font, false;
    PageNumberMissing = "page-number-missing", PageNumber, false;
    PageNumberFirst = "page-number-first", PageNumber, true;
    PageNumberPlace = "page-number-place", PageNumber, false;
    PageNumberSize = "page-number-size", PageNumber, true;
    MottoMissing = "motto-missing", Motto, false;
    MottoSize = "motto-size", Motto, true;
    MottoBold = "motto-bold", Motto, true;
    MottoRule = "motto-rule", Motto, false;
    ParentSize = "parent-size", Parent, true;
    NameMissing = "name-missing", Name, false;
    NameSize = "name-size", Name, true;
    StarMissing = "star-missing", Star, false;
    StarUnneeded = "star-unneeded", Star, false;
    NumberMissing = "number-missing", Number, false;
    NumberColon = "number-colon", Number, true;
    NumberZero = "number-zero", Number, true;
    NumberForm = "number-form", Number, false;
    NumberSize = "number-size", Number, true;
    AbbreviationUnknown = "abbreviation-unknown", Abbreviation, false;
    AbbreviationOther = "abbreviation-other", Abbreviation, false;
    DateMissing = "date-missing", PlaceDate, false;
    DatePadding = "date-padding", PlaceDate, true;
    DateItalic = "date-italic", PlaceDate, true;
    DateSize = "date-size", PlaceDate, true;
    DateImpossible = "date-impossible", PlaceDate, false;
    DateOther = "date-other", Profile, false;
    TitleSize = "title-size", Title, true;
    TitleBold = "title-bold", Title, true;
    SubjectSize = "subject-size", Subject, true;
    SubjectBold = "subject-bold", Subject, true;
    DashesMissing = "dashes-missing", Dashes, false;
    LetterSubjectForm = "letter-subject-form", LetterSubject, false;
    LetterSubjectSize = "letter-subject-size", LetterSubject, true;
    BodySize = "body-size", Body, true;
    BodyAlign = "body-align", Body, true;
    BodyGap = "body-gap", Body, true;
    BodyIndent = "body-indent", Indent, true;
    BodyStep = "body-step", Step, true;
    EndMark = "end-mark", EndMark, true;
    EndMissing = "end-missing", EndMark, false;
    AuthorityForm = "authority-form", Authority, false;
    AuthorityChoice = "authority-choice", Authority, false;
    AuthorityBold = "authority-bold", Authority, true;
    OfficeWeight = "office-weight", Office, true;
    SignerTitle = "signer-title", Signer, false;
    SignerBold = "signer-bold", Signer, true;
    RecipientsMissing = "recipients-missing", Recipients, false;
    RecipientsMarks = "recipients-marks", Recipients, true;
    RecipientsKeep = "recipients-keep", Recipients, false;
    RecipientsSize = "recipients-size", Recipients, true;
    RecipientsHead = "recipients-head", Recipients, true;
    ToLabel = "to-label", To, true;
}

/// Where on the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// The page itself.
    Page,
    /// The top of the first page.
    Heading,
    /// The text.
    Body,
    /// Signature and recipients.
    End,
}

/// A departure from a rule.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Departure {
    /// What is wrong.
    pub fault: Fault,
    /// Where.
    pub place: Place,
    /// What was found, as a measure or as typed.
    pub found: String,
    /// What is right, as a measure or as it should be typed.
    pub right: String,
    /// The words it stands at, shortened.
    pub excerpt: String,
    /// In how many paragraphs.
    pub times: usize,
}

/// What a check found.
#[derive(Debug, Clone, PartialEq)]
pub struct Findings {
    /// The rule it was held to.
    pub profile: &'static Profile,
    /// What the document is; none where its type is not to be seen.
    pub kind: Option<Kind>,
    /// The date it carries.
    pub dated: Option<Date>,
    /// Departures, in the order of the page.
    pub departures: Vec<Departure>,
    /// Departures from rules on which the sources disagree: worth a look, never held against a document.
    pub unsure: Vec<Departure>,
}

impl Findings {
    /// Whether a corrected copy would put something right.
    pub fn correctable(&self) -> usize {
        self.departures.iter().filter(|departure| departure.fault.mechanical()).count()
    }
}

/// What to hold a document to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Against {
    /// The rule in force on this day; without it the day the document carries.
    pub on: Option<Date>,
    /// Whose rule; without it what its heading says.
    pub family: Option<Family>,
}

/// Checks a document. `today` counts where neither the caller nor the document says a day.
///
/// # Errors
/// [`Refused`] when the bytes are no document that can be read.
pub fn check(bytes: &[u8], against: Against, today: Date) -> Result<Findings, Refused> {
    Ok(findings(&open(bytes)?.1, against, today))
}

fn open(bytes: &[u8]) -> Result<(package::Package, read::Document), Refused> {
    let package = package::Package::open(bytes)?;
    let document = read::document(&package)?;
    if seen::secret(&document) { Err(Refused::Secret) } else { Ok((package, document)) }
}

fn findings(document: &read::Document, against: Against, today: Date) -> Findings {
    let seen = seen::Seen::of(document);
    let family = against.family.unwrap_or(seen.family);
    let dated = seen.date.as_ref().and_then(|date| date.day);
    let day = against.on.or(dated).unwrap_or(today);
    let kind = match family {
        Family::Party => BodyKind::Party,
        Family::State => BodyKind::State,
    };
    let profile = profile::on(kind, day);
    let mut list = List { profile, found: BTreeMap::new() };
    heading::page(document, &mut list);
    heading::heading(document, &seen, against.on, &mut list);
    text::text(document, &seen, &mut list);
    text::end(document, &seen, &mut list);
    let mut all: Vec<Departure> = list.found.into_values().collect();
    all.sort_by_key(|departure| (departure.place, departure.fault));
    let (departures, unsure) =
        all.into_iter().partition(|departure| profile.rule(departure.fault.rule()).confirmed);
    Findings { profile, kind: seen.kind, dated, departures, unsure }
}

/// Departures as they are found: the same one in several paragraphs is one, counted.
struct List {
    profile: &'static Profile,
    found: BTreeMap<(Fault, String), Departure>,
}

impl List {
    fn add(
        &mut self,
        fault: Fault,
        place: Place,
        found: impl Into<String>,
        right: impl Into<String>,
        excerpt: &str,
    ) {
        let (found, right) = (found.into(), right.into());
        self.found
            .entry((fault, found.clone()))
            .and_modify(|departure| departure.times += 1)
            .or_insert_with(|| Departure { fault, place, found, right, excerpt: shorten(excerpt), times: 1 });
    }

    /// Sizes of a part's letters, each run's own.
    fn size(&mut self, fault: Fault, place: Place, style: profile::Style, paragraph: &read::Paragraph) {
        for run in paragraph.runs.iter().filter(|run| !run.text.trim().is_empty()) {
            if !style.size.allows(run.size, 0.01) {
                self.add(fault, place, points(run.size), range(style.size), &paragraph.text());
                return;
            }
        }
    }
}

/// A length of letters in words.
fn points(size: f32) -> String {
    format!("{} pt", number(size))
}

fn millimetres(length: f32) -> String {
    format!("{} mm", number(length))
}

/// A figure as Vietnamese writes it, at most one decimal.
fn number(figure: f32) -> String {
    let text = format!("{figure:.1}");
    text.strip_suffix(".0").map_or_else(|| text.replace('.', ","), str::to_owned)
}

fn range(measure: profile::Measure) -> String {
    if (measure.least - measure.most).abs() < 0.01 {
        points(measure.least)
    } else {
        format!("{}–{}", number(measure.least), points(measure.most))
    }
}

fn range_mm(measure: profile::Measure) -> String {
    if (measure.least - measure.most).abs() < 0.01 {
        millimetres(measure.least)
    } else {
        format!("{}–{}", number(measure.least), millimetres(measure.most))
    }
}

fn shorten(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(80) {
        Some((at, _)) => format!("{}…", text[..at].trim_end()),
        None => text,
    }
}

#[cfg(test)]
#[path = "../check_tests.rs"]
mod tests;
