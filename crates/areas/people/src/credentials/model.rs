//! Freezes, cases, reports and votes as values.

use jiff::Timestamp;
use platform::{names, row};
use serde::{Deserialize, Serialize};

use super::figures::Figures;
use crate::delegates::model::ParticipantId;

row! {
    /// The roll as it was frozen.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
    pub struct Freeze {
        /// 1 for the first; the others supplement it.
        pub no: u32,
        /// When.
        #[schema(value_type = String, format = "date-time")]
        pub frozen_at: Timestamp,
        /// SHA-256 over the sorted lines.
        pub hash: String,
        /// How many people.
        pub people: u64,
        /// How many of them are delegates who are summoned.
        pub delegates: u64,
        /// Why it was frozen again.
        pub reason: String,
        /// The decision by which the roll changed.
        pub decision: String,
        /// Who asked.
        pub asked_by: String,
        /// Who approved.
        pub approved_by: String,
        /// When.
        #[schema(value_type = String, format = "date-time")]
        pub approved_at: Timestamp,
    }
}

names! {
    /// What the committee concluded about a case.
    Outcome {
        /// Đang xem xét.
        Open = "dang_xet",
        /// Đủ tư cách.
        Qualified = "du_tu_cach",
        /// Đề nghị bác tư cách.
        NotQualified = "khong_du",
    }
}

row! {
    /// A complaint and what was concluded.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
    pub struct Case {
        /// Its number.
        pub no: u32,
        /// About whom.
        #[schema(value_type = Option<String>, format = Uuid)]
        pub participant: Option<ParticipantId>,
        /// What it is about.
        pub subject: String,
        /// What the committee concluded.
        pub conclusion: String,
        /// The outcome.
        pub outcome: Outcome,
        /// Grows with each change.
        pub version: i64,
    }
}

/// A case as a report has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseLine {
    /// Its number.
    pub no: u32,
    /// What it is about.
    pub subject: String,
    /// What was concluded.
    pub conclusion: String,
    /// The outcome.
    pub outcome: Outcome,
}

/// Everything that a report says, apart from how it looks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Content {
    /// The congress.
    pub congress: String,
    /// The freeze it counts.
    pub freeze: u32,
    /// When that was.
    pub frozen_at: Timestamp,
    /// Its hash.
    pub freeze_hash: String,
    /// The session whose attendance it counts.
    pub session: String,
    /// Its title.
    pub session_title: String,
    /// The instant for which it counts.
    pub as_of: Timestamp,
    /// What was counted.
    pub figures: Figures,
    /// Complaints.
    pub cases: Vec<CaseLine>,
    /// Delegates of the freeze whose credentials the committee proposes to reject.
    pub not_qualified: u64,
    /// The committee's conclusion.
    pub conclusion: String,
}

row! {
    /// A report as it was issued.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Issued {
        /// Its number in this list.
        pub no: u32,
        /// The freeze it counts.
        pub freeze_no: u32,
        /// The session.
        pub session: String,
        /// The instant for which it counts.
        pub as_of: Timestamp,
        /// Summoned.
        pub summoned: u64,
        /// Present.
        pub present: u64,
        /// What was counted, as JSON.
        pub content: String,
        /// Its SHA-256.
        pub hash: String,
        /// The paper as it was set, as JSON.
        pub paper: String,
        /// Its SHA-256.
        pub paper_hash: String,
        /// Its number in the register as printed; empty without one.
        pub written: String,
        /// When it was issued.
        pub issued_at: Timestamp,
        /// By which office.
        pub issued_by: String,
    }
}

row! {
    /// What the congress decided about a report.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
    #[serde(deny_unknown_fields)]
    pub struct Vote {
        /// Whose votes are counted.
        pub base: u64,
        /// Đồng ý.
        pub agree: u64,
        /// Không đồng ý.
        pub disagree: u64,
        /// Ý kiến khác.
        pub other: u64,
    }
}
