//! An entry of the register and its ties.

use jiff::{Timestamp, civil::Date};
use platform::{
    db::{DbError, FromRow, Row},
    id,
    identity::Confidentiality,
    names,
    papers::{BodyId, Reference},
};
use rules::papers::Change;
use serde::{Deserialize, Serialize};

use crate::tasks::model::{Basis, TaskId};

id! {
    /// An entry of the register of decisions.
    DecisionId
}

names! {
    /// What kind of paper an entry is.
    DecisionKind {
        /// Thông báo kết luận.
        Notice = "thong_bao",
        /// Kết luận.
        Conclusion = "ket_luan",
        /// Quyết định.
        Decision = "quyet_dinh",
        /// Nghị quyết.
        Resolution = "nghi_quyet",
        /// Chỉ thị.
        Directive = "chi_thi",
        /// Kế hoạch.
        Plan = "ke_hoach",
        /// Biên bản cuộc họp: its numbered conclusions, before the notice has its number.
        Minutes = "bien_ban",
        /// Công văn.
        Letter = "cong_van",
        /// Any other paper.
        Other = "khac",
    }
}

impl DecisionKind {
    /// The kind whose numbers carry this abbreviation.
    pub fn of_abbr(abbr: &str) -> Self {
        match rules::papers::known_type(abbr).map(rules::papers::type_key) {
            Some("notice") => Self::Notice,
            Some("conclusion") => Self::Conclusion,
            Some("decision") => Self::Decision,
            Some("resolution") => Self::Resolution,
            Some("directive") => Self::Directive,
            Some("plan") => Self::Plan,
            Some("minutes") => Self::Minutes,
            Some("letter") => Self::Letter,
            _ => Self::Other,
        }
    }
}

names! {
    /// What a decision is to a task.
    Relation {
        /// The task came from it.
        Creates = "tao",
        /// It changed the task.
        Amends = "sua",
        /// It moved the task's deadline.
        Extends = "lui_han",
        /// It ended the task.
        Cancels = "huy",
        /// The task stands on it.
        Basis = "can_cu",
    }
}

/// An entry as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decision {
    /// Its id.
    pub id: DecisionId,
    /// What kind of paper.
    pub kind: DecisionKind,
    /// Its number as printed; none while it has none.
    pub number: Option<String>,
    /// What two writings of the number have in common; none without a number.
    #[serde(skip)]
    pub number_key: Option<String>,
    /// The term, or the year, in which the number counts.
    pub series: String,
    /// The day on the paper.
    pub issued_on: Date,
    /// The issuing body, when it is a registered one.
    pub body: Option<BodyId>,
    /// Who decided, by office: "Trưởng Tiểu ban Tổ chức phục vụ".
    pub authority: String,
    /// What it is about.
    pub subject: String,
    /// From when it binds.
    pub effect_from: Date,
    /// How open it is.
    pub class: Confidentiality,
    /// Where it comes from.
    pub source: Reference,
    /// Grows with each change.
    pub version: i64,
    /// When it was entered.
    pub created_at: Timestamp,
    /// By which office.
    pub created_by: String,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// By which office.
    pub updated_by: String,
}

impl FromRow for Decision {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            kind: row.get("kind")?,
            number: row.get("number")?,
            number_key: row.get("number_key")?,
            series: row.get("series")?,
            issued_on: row.get("issued_on")?,
            body: row.get("body")?,
            authority: row.get("authority")?,
            subject: row.get("subject")?,
            effect_from: row.get("effect_from")?,
            class: row.get("class")?,
            source: Reference {
                kind: row.get("source_kind")?,
                id: row.get("source_id")?,
                href: row.get("source_href")?,
            },
            version: row.get("version")?,
            created_at: row.get("created_at")?,
            created_by: row.get("created_by")?,
            updated_at: row.get("updated_at")?,
            updated_by: row.get("updated_by")?,
        })
    }
}

impl Decision {
    /// The address of its page.
    pub fn href(&self) -> String {
        format!("/ket-luan/{}", self.id)
    }

    /// True when it was entered by hand and may be corrected; what a signature entered stays.
    pub fn may_be_corrected(&self) -> bool {
        self.source.is_hand()
    }
}

/// What an entry does to an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    /// The earlier entry.
    pub earlier: DecisionId,
    /// What it does.
    pub change: Change,
}

/// What is asked when a decision is entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDecision {
    /// What kind of paper.
    pub kind: DecisionKind,
    /// Its number as printed, `07-TB/TBPV`; none while it has none.
    pub number: Option<String>,
    /// The day on the paper.
    pub issued_on: Date,
    /// The issuing body, when it is a registered one.
    pub body: Option<BodyId>,
    /// Who decided, by office.
    pub authority: String,
    /// What it is about.
    pub subject: String,
    /// The documents it stands on, to the clause.
    pub basis: Vec<Basis>,
    /// From when it binds; the day of issue when none is given.
    pub effect_from: Option<Date>,
    /// Its numbered points: the first is ①.
    pub points: Vec<String>,
    /// What it does to earlier entries.
    pub changes: Vec<Changes>,
    /// How open it is; secret content is refused.
    pub class: Confidentiality,
    /// The term in which its number counts; the body's own when empty.
    pub term: String,
    /// Where it comes from.
    pub source: Reference,
}

impl NewDecision {
    /// An entry with nothing but what every entry has.
    pub fn new(kind: DecisionKind, issued_on: Date, authority: impl Into<String>, source: Reference) -> Self {
        Self {
            kind,
            number: None,
            issued_on,
            body: None,
            authority: authority.into(),
            subject: String::new(),
            basis: Vec::new(),
            effect_from: None,
            points: Vec::new(),
            changes: Vec::new(),
            class: Confidentiality::Normal,
            term: String::new(),
            source,
        }
    }
}

/// A tie between an entry and a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tie {
    /// The entry.
    pub decision: DecisionId,
    /// Its point; none for the entry as a whole.
    pub point: Option<u16>,
    /// The task.
    pub task: TaskId,
    /// What the entry is to the task.
    pub relation: Relation,
    /// The clause that the task's basis names; empty for a tie made by a person.
    pub clause: String,
    /// True when nobody made it: the task's basis names the entry's number.
    pub named: bool,
}
