//! Layout profiles: the measures of a rule on layout as data, each with the clause it comes from.
//!
//! The files under `profiles/` are the source; nothing else in the program knows a size or a margin. Lengths are
//! millimetres, letters and line steps are points.

use std::{collections::BTreeMap, sync::LazyLock};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::paper::{BodyKind, Kind, Paper};

/// A measure: what we set, and what the rule allows.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(from = "MeasureText")]
pub struct Measure {
    /// What our documents have.
    pub set: f32,
    /// The least that the rule allows.
    pub least: f32,
    /// The most that the rule allows.
    pub most: f32,
}

impl Measure {
    /// Whether a measure found in a document is allowed, give or take `slack`.
    pub fn allows(&self, found: f32, slack: f32) -> bool {
        found >= self.least - slack && found <= self.most + slack
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum MeasureText {
    One(f32),
    Range { set: f32, least: f32, most: f32 },
}

impl From<MeasureText> for Measure {
    fn from(text: MeasureText) -> Self {
        match text {
            MeasureText::One(set) => Self { set, least: set, most: set },
            MeasureText::Range { set, least, most } => Self { set, least, most },
        }
    }
}

/// How a part of a document looks.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(from = "StyleText")]
pub struct Style {
    /// Size of the letters in points.
    pub size: Measure,
    /// Bold.
    pub bold: bool,
    /// Italic.
    pub italic: bool,
    /// Underlined.
    pub underline: bool,
    /// In capitals.
    pub caps: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StyleText {
    size: f32,
    least: Option<f32>,
    most: Option<f32>,
    #[serde(default)]
    bold: bool,
    #[serde(default)]
    italic: bool,
    #[serde(default)]
    underline: bool,
    #[serde(default)]
    caps: bool,
}

impl From<StyleText> for Style {
    fn from(text: StyleText) -> Self {
        let (least, most) = (text.least.unwrap_or(text.size), text.most.unwrap_or(text.size));
        Self {
            size: Measure { set: text.size, least, most },
            bold: text.bold,
            italic: text.italic,
            underline: text.underline,
            caps: text.caps,
        }
    }
}

/// The page, in millimetres.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageRule {
    /// Width of the sheet.
    pub width: f32,
    /// Height of the sheet.
    pub height: f32,
    /// Top margin.
    pub top: Measure,
    /// Bottom margin.
    pub bottom: Measure,
    /// Left margin of a front page.
    pub left: Measure,
    /// Right margin of a front page.
    pub right: Measure,
    /// From the top edge of the sheet to the page number.
    pub number_from_edge: f32,
}

/// Running text.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextRule {
    /// Indent of a paragraph's first line, in millimetres.
    pub indent: Measure,
    /// From one base line to the next, exactly, in points.
    pub step: Measure,
    /// Between two paragraphs, in points.
    pub gap: Measure,
}

/// The parts of a document and how each looks.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each is the part it names; the rule of the same name says how it looks")]
pub struct Styles {
    pub page_number: Style,
    pub motto: Style,
    /// The second line of a state heading.
    pub device: Option<Style>,
    pub parent: Style,
    pub name: Style,
    pub number: Style,
    pub place_date: Style,
    pub title: Style,
    pub subject: Style,
    pub letter_subject: Style,
    pub urgency: Style,
    pub to: Style,
    pub basis: Style,
    pub body: Style,
    pub heading: Style,
    pub authority: Style,
    pub office: Style,
    pub signer: Style,
    pub recipients_head: Style,
    pub recipients: Style,
    pub annex_title: Style,
    pub caption: Style,
    pub foot: Style,
}

/// What stands around the parts of a number.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NumberForm {
    /// Before the figure.
    pub prefix: String,
    /// Between the figure and the type.
    pub kind: String,
    /// Between the type and the body's symbol.
    pub symbol: String,
}

/// How authorities are written, with the space after them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthorityForm {
    /// For a body that decides together.
    pub on_behalf: String,
    /// A deputy for the head.
    pub in_place: String,
    /// By order.
    pub by_order: String,
    /// By mandate.
    pub by_mandate: String,
    /// Acting.
    pub acting: String,
}

/// What stands before those a document is addressed to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToForm {
    /// In a letter.
    pub label: String,
    /// In a submission.
    pub submission: String,
}

macro_rules! rules {
    ($($name:ident = $key:literal),* $(,)?) => {
        /// A rule that a document can keep or break.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[expect(missing_docs, reason = "the profiles say what each rule is, in the words of the rule")]
        pub enum Rule { $($name),* }

        impl Rule {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Its name in profiles, answers and addresses.
            pub fn key(self) -> &'static str {
                match self { $(Self::$name => $key),* }
            }
        }
    };
}

rules! {
    Paper = "paper", Margins = "margins", Mirrored = "mirrored", Font = "font", PageNumber = "page_number",
    Motto = "motto", Parent = "parent", Name = "name", Star = "star", Number = "number",
    PlaceDate = "place_date", Title = "title", Subject = "subject", Dashes = "dashes",
    LetterSubject = "letter_subject", Basis = "basis", Body = "body", Indent = "indent", Step = "step",
    EndMark = "end_mark", Authority = "authority", Office = "office", Signer = "signer",
    Recipients = "recipients", To = "to", Urgency = "urgency", Abbreviation = "abbreviation",
    Profile = "profile", Issuer = "issuer",
}

/// Where a rule stands and what it says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Citation {
    /// The clause, or the component of the layout it stands under.
    pub clause: String,
    /// What it says, in the words of the office.
    pub says: String,
    /// Whether the sources agree; an unconfirmed rule is shown as such and never held against a document.
    #[serde(default = "yes")]
    pub confirmed: bool,
    /// What is unsure.
    #[serde(default)]
    pub note: String,
}

fn yes() -> bool {
    true
}

/// Which family of bodies a profile is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// Party bodies and congresses.
    Party,
    /// State bodies.
    State,
}

impl From<BodyKind> for Family {
    fn from(kind: BodyKind) -> Self {
        match kind {
            BodyKind::Party | BodyKind::Congress => Self::Party,
            BodyKind::State => Self::State,
        }
    }
}

/// A rule on layout, whole.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Its short name in addresses.
    pub id: String,
    /// Its number, date and author.
    pub name: String,
    /// Its number.
    pub short: String,
    /// Whose documents it rules.
    pub family: Family,
    /// First day in force.
    pub from: Date,
    /// Last day in force.
    pub until: Option<Date>,
    /// Back pages have their margins mirrored.
    pub mirrored: bool,
    /// A star stands under the issuing body; a short rule otherwise.
    pub star: bool,
    /// Five hyphens stand under the subject; a rule otherwise.
    pub dashes: bool,
    /// The heading at the right.
    pub motto: Vec<String>,
    /// The number's form.
    pub number: NumberForm,
    /// How authorities are written.
    pub authority: AuthorityForm,
    /// What ends the text.
    pub end: String,
    /// What stands before the subject of a letter.
    pub about: String,
    /// What stands before a legal basis.
    pub basis: String,
    /// How the archive's line among the recipients begins.
    pub keep: String,
    /// What stands before those a document is addressed to.
    pub to: ToForm,
    /// The page.
    pub page: PageRule,
    /// How each part looks.
    pub parts: Styles,
    /// Running text.
    pub text: TextRule,
    abbreviations: BTreeMap<Kind, String>,
    rules: BTreeMap<Rule, Citation>,
}

impl Profile {
    /// What a rule says and where.
    pub fn rule(&self, rule: Rule) -> &Citation {
        static NONE: LazyLock<Citation> = LazyLock::new(Citation::default);
        // Every profile has every rule: a test reads them.
        self.rules.get(&rule).unwrap_or(&NONE)
    }

    /// The abbreviation of a type in a number; none where the rule has none.
    pub fn abbreviation(&self, kind: Kind) -> Option<&str> {
        self.abbreviations.get(&kind).map(String::as_str)
    }

    /// All types with an abbreviation here.
    pub fn abbreviations(&self) -> impl Iterator<Item = (Kind, &str)> {
        self.abbreviations.iter().map(|(kind, text)| (*kind, text.as_str()))
    }

    /// Whether it was in force on a day.
    pub fn covers(&self, day: Date) -> bool {
        day >= self.from && self.until.is_none_or(|until| day <= until)
    }

    /// Millimetres that text may fill, from the left margin to the right one.
    pub fn width(&self) -> f32 {
        self.page.width - self.page.left.set - self.page.right.set
    }
}

static PROFILES: LazyLock<Vec<Profile>> = LazyLock::new(|| {
    [
        include_str!("../profiles/hd-36.toml"),
        include_str!("../profiles/hd-05.toml"),
        include_str!("../profiles/nd-30.toml"),
    ]
    .iter()
    .filter_map(|text| toml::from_str(text).ok())
    .collect()
});

/// All profiles, the oldest of each family first.
pub fn all() -> &'static [Profile] {
    &PROFILES
}

/// The profile of a family on a day; before the first rule we know, that first one.
pub fn on(kind: BodyKind, day: Date) -> &'static Profile {
    let family = Family::from(kind);
    let mut found = None;
    for profile in all().iter().filter(|profile| profile.family == family) {
        if found.is_none() || profile.from <= day {
            found = Some(profile);
        }
    }
    // Both families have a profile: `profiles_are_whole` reads every file.
    found.unwrap_or(&PROFILES[0])
}

/// The profile that rules a paper.
pub fn of(paper: &Paper) -> &'static Profile {
    on(paper.issuer.kind, paper.layout_on)
}

#[cfg(test)]
#[path = "profile_tests.rs"]
mod tests;
