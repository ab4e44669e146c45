//! Agencies, batches, nominations.

use jiff::Timestamp;
use platform::{
    db::{DbError, FromRow, Row},
    id, names, row,
};
use rules::accreditation::{self as rule, Gap, State};

use crate::{badges::BadgeState, delegates::model::ParticipantId};

id! {
    /// An agency of the press.
    AgencyId,
    /// Somebody whom an agency nominates.
    NomineeId,
    /// What another office let through.
    ExceptionId
}

names! {
    /// Where an agency is at home.
    AgencyKind {
        /// Cơ quan báo chí Trung ương.
        Central = "trung_uong",
        /// Cơ quan báo chí địa phương.
        Local = "dia_phuong",
        /// Hãng nước ngoài, văn phòng thường trú.
        Foreign = "nuoc_ngoai",
    }
}

names! {
    /// What somebody does for the agency.
    PressRole {
        /// Phóng viên.
        Reporter = "phong_vien",
        /// Quay phim, chụp ảnh.
        Camera = "quay_phim",
        /// Kỹ thuật.
        Technical = "ky_thuat",
    }
}

impl From<PressRole> for rule::Role {
    fn from(role: PressRole) -> Self {
        match role {
            PressRole::Reporter => Self::Reporter,
            PressRole::Camera => Self::Camera,
            PressRole::Technical => Self::Technical,
        }
    }
}

impl From<rule::Role> for PressRole {
    fn from(role: rule::Role) -> Self {
        match role {
            rule::Role::Reporter => Self::Reporter,
            rule::Role::Camera => Self::Camera,
            rule::Role::Technical => Self::Technical,
        }
    }
}

names! {
    /// The result of the second vetting, all that is ever known of it.
    VettingResult {
        /// Đạt.
        Clear = "dat",
        /// Không đạt.
        Refuse = "khong_dat",
        /// Bổ sung.
        Ask = "bo_sung",
    }
}

impl VettingResult {
    /// The act it is.
    pub const fn act(self) -> rule::Act {
        match self {
            Self::Clear => rule::Act::Clear,
            Self::Refuse => rule::Act::Refuse,
            Self::Ask => rule::Act::Ask,
        }
    }
}

names! {
    /// How far a nomination is, as people look for it: what is nominated lacks something or is complete.
    Progress {
        /// Thiếu hồ sơ.
        Incomplete = "thieu",
        /// Đủ hồ sơ, chờ vòng một.
        Complete = "du",
        /// Chờ vòng hai.
        Vetting = "tham_tra",
        /// Phải bổ sung.
        Supplement = "bo_sung",
        /// Đạt.
        Approved = "dat",
        /// Không đạt.
        Refused = "khong_dat",
        /// Đã rút.
        Withdrawn = "rut",
    }
}

row! {
    /// An agency of the press.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Agency {
        /// The id.
        pub id: AgencyId,
        /// Its number, in its address.
        pub no: u32,
        /// Its name.
        pub name: String,
        /// Where it is at home.
        pub kind: AgencyKind,
        /// When it was entered.
        pub created_at: Timestamp,
        /// By which office.
        pub created_by: String,
    }
}

impl Agency {
    /// Where its page is.
    pub fn href(&self) -> String {
        format!("/bao-chi/co-quan/{}", self.no)
    }
}

row! {
    /// How many an agency may nominate until when.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Batch {
        /// Whose.
        pub agency: AgencyId,
        /// Its number in the agency.
        pub no: u32,
        /// How many.
        pub quota: u32,
        /// The last instant.
        pub deadline: Timestamp,
        /// Grows with each change.
        pub version: i64,
    }
}

row! {
    /// What another office let through beyond quota or deadline.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Exception {
        /// The id.
        pub id: ExceptionId,
        /// Whose.
        pub agency: AgencyId,
        /// For which batch.
        pub batch: u32,
        /// Places beyond the quota.
        pub places: u32,
        /// A later deadline.
        pub until: Option<Timestamp>,
        /// The paper or order that it stands on.
        pub basis: String,
        /// When.
        pub granted_at: Timestamp,
        /// By which office.
        pub granted_by: String,
        /// By whom, as the log names people.
        pub granted_subject: Option<String>,
    }
}

/// Somebody whom an agency nominates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nominee {
    /// The id.
    pub id: NomineeId,
    /// The number, in its address.
    pub no: u32,
    /// Which agency.
    pub agency: AgencyId,
    /// In which batch.
    pub batch: u32,
    /// Họ và tên.
    pub name: String,
    /// What they do.
    pub role: PressRole,
    /// The number of the press card, or of the letter of introduction.
    pub card: String,
    /// What they bring.
    pub equipment: String,
    /// How far it is.
    pub state: State,
    /// Whether an exception let them through.
    pub excepted: bool,
    /// Which office did the first vetting.
    pub first_by: Option<String>,
    /// Who, as the log names people.
    pub first_subject: Option<String>,
    /// Who they are on the roll, once approved.
    pub participant: Option<ParticipantId>,
    /// Grows with each change.
    pub version: i64,
    /// When they were nominated.
    pub nominated_at: Timestamp,
    /// By which office.
    pub nominated_by: String,
    /// Since when it stands so.
    pub changed_at: Timestamp,
    /// By which office.
    pub changed_by: String,
}

impl FromRow for Nominee {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        let state: String = row.get("state")?;
        Ok(Self {
            id: row.get("id")?,
            no: row.get("no")?,
            agency: row.get("agency")?,
            batch: row.get("batch")?,
            name: row.get("name")?,
            role: row.get("role")?,
            card: row.get("card")?,
            equipment: row.get("equipment")?,
            state: State::parse(&state)
                .ok_or_else(|| DbError::Other(format!("state of a nomination {state:?}")))?,
            excepted: row.get::<i64>("excepted")? != 0,
            first_by: row.get("first_by")?,
            first_subject: row.get("first_subject")?,
            participant: row.get("participant")?,
            version: row.get("version")?,
            nominated_at: row.get("nominated_at")?,
            nominated_by: row.get("nominated_by")?,
            changed_at: row.get("changed_at")?,
            changed_by: row.get("changed_by")?,
        })
    }
}

impl Nominee {
    /// What it lacks before the first vetting.
    pub fn gaps(&self) -> Vec<Gap> {
        rule::gaps(self.role.into(), &self.card, &self.equipment)
    }

    /// How far it is, as people look for it.
    pub fn standing(&self) -> Progress {
        match self.state {
            State::Nominated if self.gaps().is_empty() => Progress::Complete,
            State::Nominated => Progress::Incomplete,
            State::Vetting => Progress::Vetting,
            State::Supplement => Progress::Supplement,
            State::Approved => Progress::Approved,
            State::Refused => Progress::Refused,
            State::Withdrawn => Progress::Withdrawn,
        }
    }

    /// Where its page is.
    pub fn href(&self) -> String {
        format!("/bao-chi/{}", self.no)
    }
}

row! {
    /// What was done to a nomination.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Happened {
        /// The state it led to.
        pub state: String,
        /// The paper of an override; empty otherwise.
        pub basis: String,
        /// When.
        pub at: Timestamp,
        /// By which office.
        pub office: String,
    }
}

/// A nomination with what stands beside it.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Who.
    pub nominee: Nominee,
    /// Which agency.
    pub agency: Agency,
    /// The code on the roll; empty before.
    pub code: String,
    /// How far the badge is.
    pub badge: Option<BadgeState>,
}
