//! Issuing bodies and numbers as values.

use std::{fmt, str::FromStr};

use jiff::{Timestamp, civil::Date};
pub use rules::papers::BodyKind;
use serde::{Deserialize, Serialize};

use crate::{
    db::{DbError, FromRow, Row},
    id,
    identity::{Confidentiality, UnitId},
    text_value,
};

id! {
    /// An issuing body.
    BodyId,
    /// A line of the number register.
    NumberId,
}

text_value!(BodyKind, rules::papers::Change);

/// What a number is used by.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Use {
    /// A paper written elsewhere and entered by hand.
    #[default]
    Hand,
    /// A weekly briefing: its notice of conclusions.
    Meeting,
    /// Minutes or a supplementary record.
    Minutes,
    /// A decision about a venue.
    Venue,
    /// An entry of the register of decisions.
    Decision,
    /// A report.
    Report,
}

impl Use {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Hand, Self::Meeting, Self::Minutes, Self::Venue, Self::Decision, Self::Report];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hand => "hand",
            Self::Meeting => "meeting",
            Self::Minutes => "minutes",
            Self::Venue => "venue",
            Self::Decision => "decision",
            Self::Report => "report",
        }
    }
}

impl fmt::Display for Use {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Use {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|one| one.as_str() == text).ok_or_else(|| text.to_owned())
    }
}

text_value!(Use);

/// Where something comes from: a thing of this congress, by kind and id, with the page that shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// What kind of thing.
    pub kind: Use,
    /// Its id; empty for a paper written elsewhere.
    #[serde(default)]
    pub id: String,
    /// The page that shows it, an address of this site; empty when there is none.
    #[serde(default)]
    pub href: String,
}

impl Reference {
    /// A paper written elsewhere.
    pub fn hand() -> Self {
        Self::default()
    }

    /// A thing with an id.
    pub fn new(kind: Use, id: impl fmt::Display) -> Self {
        Self { kind, id: id.to_string(), href: String::new() }
    }

    /// The page that shows it.
    #[must_use]
    pub fn at(mut self, href: impl Into<String>) -> Self {
        self.href = href.into();
        self
    }

    /// True for a paper written elsewhere.
    pub fn is_hand(&self) -> bool {
        self.kind == Use::Hand
    }
}

/// A body that issues papers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Body {
    /// Its id.
    pub id: BodyId,
    /// The unit it is; none for the congress and for bodies outside this installation.
    pub unit: Option<UnitId>,
    /// Which family of layout rules it stands under.
    pub kind: BodyKind,
    /// Its name in lists, not broken: "Tiểu ban Tổ chức phục vụ Đại hội".
    pub name: String,
    /// The body above, as the head of its papers prints it: one entry a line, in capitals.
    pub parent_lines: Vec<String>,
    /// The body itself, as the head of its papers prints it: one entry a line, in capitals.
    pub name_lines: Vec<String>,
    /// Where it sits: the place before the date.
    pub place: String,
    /// A short form of the place, for heads that do not fit.
    pub place_short: String,
    /// What stands in its numbers: TBPV.
    pub symbol: String,
    /// The term in which its numbers run on: 2025–2030. A state body numbers by year instead.
    pub term: String,
    /// Grows with each change.
    pub version: i64,
}

fn lines(row: &Row, column: &str) -> Result<Vec<String>, DbError> {
    let text: String = row.get(column)?;
    Ok(text.split('\n').filter(|line| !line.is_empty()).map(str::to_owned).collect())
}

impl FromRow for Body {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            unit: row.get("unit")?,
            kind: row.get("kind")?,
            name: row.get("name")?,
            parent_lines: lines(row, "parent_lines")?,
            name_lines: lines(row, "name_lines")?,
            place: row.get("place")?,
            place_short: row.get("place_short")?,
            symbol: row.get("symbol")?,
            term: row.get("term")?,
            version: row.get("version")?,
        })
    }
}

impl Body {
    /// The series in which this body numbers on a day.
    pub fn series(&self, on: Date) -> String {
        rules::papers::series(self.kind, &self.term, on)
    }

    /// A number of this body as it is printed: `07-TB/TBPV`.
    pub fn written(&self, number: u32, abbr: &str) -> String {
        rules::papers::written(self.kind, number, abbr, &self.symbol)
    }
}

/// What is written down about an issuing body.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBody {
    /// The unit it is, when it is one of this installation.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub unit: Option<UnitId>,
    /// `party`, `congress` or `state`.
    #[schema(value_type = String, example = "party")]
    pub kind: BodyKind,
    /// Its name in lists.
    pub name: String,
    /// The body above, one entry a line.
    #[serde(default)]
    pub parent_lines: Vec<String>,
    /// The body itself, one entry a line.
    pub name_lines: Vec<String>,
    /// The place before the date.
    pub place: String,
    /// A short form of the place.
    #[serde(default)]
    pub place_short: String,
    /// What stands in its numbers.
    pub symbol: String,
    /// The term; the congress's own when empty.
    #[serde(default)]
    pub term: String,
}

/// A line of the number register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PaperNumber {
    /// Its id.
    pub id: NumberId,
    /// The issuing body.
    pub body: BodyId,
    /// The type's abbreviation: TB.
    pub abbr: String,
    /// The term, or the year of a state body.
    pub series: String,
    /// The running number.
    pub number: u32,
    /// As printed: `07-TB/TBPV`.
    pub written: String,
    /// The day on the paper.
    pub issued_on: Date,
    /// What it is about; empty for a secret paper.
    pub subject: String,
    /// How open it is.
    pub class: Confidentiality,
    /// What uses it.
    pub of: Reference,
    /// Why numbers before it were left out; empty when none were.
    pub gap_reason: String,
    /// When it was taken.
    pub taken_at: Timestamp,
    /// By which office.
    pub taken_by: String,
    /// When it was cancelled.
    pub cancelled_at: Option<Timestamp>,
    /// By which office.
    pub cancelled_by: Option<String>,
    /// Why.
    pub cancel_reason: Option<String>,
}

impl FromRow for PaperNumber {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            body: row.get("body")?,
            abbr: row.get("type")?,
            series: row.get("series")?,
            number: row.get("number")?,
            written: row.get("written")?,
            issued_on: row.get("issued_on")?,
            subject: row.get("subject")?,
            class: row.get("class")?,
            of: Reference { kind: row.get("use_kind")?, id: row.get("use_id")?, href: row.get("use_href")? },
            gap_reason: row.get("gap_reason")?,
            taken_at: row.get("taken_at")?,
            taken_by: row.get("taken_by")?,
            cancelled_at: row.get("cancelled_at")?,
            cancelled_by: row.get("cancelled_by")?,
            cancel_reason: row.get("cancel_reason")?,
        })
    }
}

/// What is asked when a number is put into the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewNumber {
    /// The issuing body.
    pub body: BodyId,
    /// The type's abbreviation: one of [`rules::papers::TYPES`].
    pub abbr: String,
    /// The number chosen; none takes the next.
    pub number: Option<u32>,
    /// The day on the paper.
    pub on: Date,
    /// What it is about; must be empty for a secret paper.
    pub subject: String,
    /// How open it is.
    pub class: Confidentiality,
    /// What uses it.
    pub of: Reference,
    /// Why numbers before it are left out.
    pub gap_reason: String,
}

/// A number put into the register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Taken {
    /// The line of the register.
    pub id: NumberId,
    /// The running number.
    pub number: u32,
    /// As printed: `07-TB/TBPV`.
    pub written: String,
}
