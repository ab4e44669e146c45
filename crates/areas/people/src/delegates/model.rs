//! Who has a place at the congress.

use jiff::{Timestamp, civil::Date};
use platform::{
    db::{DbError, FromRow, Row},
    files::FileId,
    id, names, row,
};
use rules::credentials::{Sex as CountedSex, Standing as CountedStanding};
use serde::Serialize;

id! {
    /// Somebody on the roll.
    ParticipantId,
    /// A unit that elects or sends people.
    DelegationId
}

names! {
    /// Why somebody is at the congress.
    Category {
        /// Đại biểu.
        Delegate = "dai_bieu",
        /// Khách mời.
        Guest = "khach_moi",
        /// Báo chí.
        Press = "bao_chi",
        /// Phục vụ.
        Service = "phuc_vu",
        /// An ninh.
        Security = "an_ninh",
        /// Kỹ thuật.
        Technical = "ky_thuat",
        /// Y tế.
        Medical = "y_te",
    }
}

impl Category {
    /// The letters with which codes of the category begin.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Delegate => "DB",
            Self::Guest => "KM",
            Self::Press => "BC",
            Self::Service => "PV",
            Self::Security => "AN",
            Self::Technical => "KT",
            Self::Medical => "YT",
        }
    }
}

names! {
    /// Sex as the papers have it.
    Sex {
        /// Nữ.
        Female = "nu",
        /// Nam.
        Male = "nam",
    }
}

impl From<Sex> for CountedSex {
    fn from(sex: Sex) -> Self {
        match sex {
            Sex::Female => Self::Female,
            Sex::Male => Self::Male,
        }
    }
}

names! {
    /// How somebody became a delegate.
    Standing {
        /// Đương nhiên.
        ExOfficio = "duong_nhien",
        /// Được bầu.
        Elected = "duoc_bau",
        /// Chỉ định.
        Appointed = "chi_dinh",
    }
}

impl From<Standing> for CountedStanding {
    fn from(standing: Standing) -> Self {
        match standing {
            Standing::ExOfficio => Self::ExOfficio,
            Standing::Elected => Self::Elected,
            Standing::Appointed => Self::Appointed,
        }
    }
}

names! {
    /// What a delegate is in the group.
    GroupRole {
        /// Tổ trưởng: one.
        Head = "to_truong",
        /// Tổ phó.
        Deputy = "to_pho",
        /// Thư ký tổ: two at most.
        Secretary = "thu_ky",
        /// Thành viên.
        Member = "thanh_vien",
    }
}

impl GroupRole {
    /// How many of one group may hold it; `None` without a limit. Practice of 2025: 1 + 2 + 2 (domain reference 1).
    pub const fn most(self) -> Option<usize> {
        match self {
            Self::Head => Some(1),
            Self::Deputy | Self::Secretary => Some(2),
            Self::Member => None,
        }
    }
}

names! {
    /// An organ of the congress of which a delegate is a member.
    Organ {
        /// Đoàn Chủ tịch.
        Presidium = "doan_chu_tich",
        /// Đoàn Thư ký.
        Secretariat = "doan_thu_ky",
        /// Ban Thẩm tra tư cách đại biểu.
        Credentials = "ban_tham_tra",
        /// Ban Kiểm phiếu.
        Counting = "ban_kiem_phieu",
    }
}

names! {
    /// How somebody stands to the summons.
    Status {
        /// Triệu tập, mời.
        Summoned = "trieu_tap",
        /// Xác nhận dự.
        Confirmed = "xac_nhan",
        /// Báo vắng, có lý do.
        Declined = "vang_ly_do",
        /// Rút khỏi danh sách.
        Withdrawn = "rut",
        /// Đã có dự khuyết thay.
        Replaced = "thay_the",
    }
}

impl Status {
    /// Whether they belong to the roll that is summoned.
    pub const fn is_on_roll(self) -> bool {
        matches!(self, Self::Summoned | Self::Confirmed | Self::Declined)
    }
}

/// What the office keeps of somebody and every reader of the roll sees. Texts are in their stored form.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Profile {
    /// Why they are here.
    pub category: Option<Category>,
    /// Họ và tên.
    pub name: String,
    /// Sex.
    pub sex: Option<Sex>,
    /// Day of birth.
    pub born: Option<Date>,
    /// Chức vụ, đơn vị công tác.
    pub position: String,
    /// The unit that elects or sends them.
    pub delegation: Option<DelegationId>,
    /// How they became a delegate; none for all others.
    pub standing: Option<Standing>,
    /// Đại biểu dự khuyết: summoned only in somebody's place.
    pub alternate: bool,
    /// Their group.
    pub group_no: Option<u16>,
    /// What they are in it.
    pub group_role: Option<GroupRole>,
    /// The organ of the congress they belong to.
    pub organ: Option<Organ>,
    /// Day of admission to the Party.
    pub joined: Option<Date>,
    /// Day of full membership.
    pub official: Option<Date>,
    /// Giáo dục phổ thông: 12/12.
    pub schooling: String,
    /// Trình độ chuyên môn.
    pub qualification: String,
    /// Học hàm.
    pub academic_title: String,
    /// Lý luận chính trị.
    pub theory: String,
    /// Khối công tác.
    pub occupation: String,
    /// Huy hiệu Đảng, in years.
    pub party_badge: Option<u8>,
    /// Danh hiệu, khen thưởng.
    pub awards: String,
    /// Ăn uống: a diet to respect.
    pub diet: String,
    /// Đi lại: what helps them.
    pub mobility: String,
    /// Whether they want large letters.
    pub large_text: bool,
}

/// Restricted columns. Not `Serialize` and not part of [`Participant`]: whoever sends them on must name them.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Private {
    /// Dân tộc.
    pub ethnicity: String,
    /// Tôn giáo.
    pub religion: String,
    /// Sức khỏe.
    pub health: String,
    /// Kỷ luật, khiếu nại, tố cáo.
    pub discipline: String,
    /// Điện thoại.
    pub phone: String,
    /// Thư điện tử.
    pub email: String,
    /// The number of the identity card under the congress's key; the number itself is kept nowhere.
    pub citizen: Option<CitizenMac>,
}

impl std::fmt::Debug for Private {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Private(…)")
    }
}

/// HMAC-SHA256 of the twelve digits of an identity card under a key of this congress.
pub type CitizenMac = [u8; 32];

/// Which restricted columns an office may see (Luật 91/2025/QH15).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Sight {
    /// Ethnicity, religion, health, discipline.
    pub restricted: bool,
    /// Telephone and e-mail.
    pub contacts: bool,
}

impl Sight {
    /// Leaves only what may be seen.
    #[must_use]
    pub fn of(self, private: Private) -> Private {
        let mut seen = Private::default();
        if self.restricted {
            seen.ethnicity = private.ethnicity;
            seen.religion = private.religion;
            seen.health = private.health;
            seen.discipline = private.discipline;
        }
        if self.contacts {
            seen.phone = private.phone;
            seen.email = private.email;
        }
        seen
    }
}

/// Somebody on the roll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Participant {
    /// The id.
    pub id: ParticipantId,
    /// Printed on lists and badges: DB-0123. Never changes, never used again.
    pub code: String,
    /// What the office keeps.
    pub profile: Profile,
    /// The portrait.
    pub photo: Option<FileId>,
    /// How they stand to the summons.
    pub status: Status,
    /// Why, for those who do not come.
    pub status_note: String,
    /// Grows with each change.
    pub version: i64,
    /// When they were entered.
    pub created_at: Timestamp,
    /// By which office.
    pub created_by: String,
    /// When they were last changed.
    pub updated_at: Timestamp,
    /// By which office.
    pub updated_by: String,
}

impl Participant {
    /// Why they are here.
    pub fn category(&self) -> Category {
        self.profile.category.unwrap_or(Category::Guest)
    }

    /// The number of the code, as it is printed large on the badge: 123 of DB-0123.
    pub fn number(&self) -> &str {
        let digits = self.code.rsplit('-').next().unwrap_or(&self.code);
        digits.trim_start_matches('0')
    }

    /// Where their page is.
    pub fn href(&self) -> String {
        format!("/dai-bieu/{}", self.code)
    }

    /// Whether they are a delegate who is summoned: on the roll and not waiting as an alternate.
    pub fn is_summoned_delegate(&self) -> bool {
        self.category() == Category::Delegate && !self.profile.alternate && self.status.is_on_roll()
    }
}

impl FromRow for Participant {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        let flag = |name: &str| row.get::<i64>(name).map(|value| value != 0);
        Ok(Self {
            id: row.get("id")?,
            code: row.get("code")?,
            profile: Profile {
                category: Some(row.get("category")?),
                name: row.get("name")?,
                sex: row.get("sex")?,
                born: row.get("born")?,
                position: row.get("position")?,
                delegation: row.get("delegation")?,
                standing: row.get("standing")?,
                alternate: flag("alternate")?,
                group_no: row.get("group_no")?,
                group_role: row.get("group_role")?,
                organ: row.get("organ")?,
                joined: row.get("joined")?,
                official: row.get("official")?,
                schooling: row.get("schooling")?,
                qualification: row.get("qualification")?,
                academic_title: row.get("academic_title")?,
                theory: row.get("theory")?,
                occupation: row.get("occupation")?,
                party_badge: row.get("party_badge")?,
                awards: row.get("awards")?,
                diet: row.get("diet")?,
                mobility: row.get("mobility")?,
                large_text: flag("large_text")?,
            },
            photo: row.get("photo")?,
            status: row.get("status")?,
            status_note: row.get("status_note")?,
            version: row.get("version")?,
            created_at: row.get("created_at")?,
            created_by: row.get("created_by")?,
            updated_at: row.get("updated_at")?,
            updated_by: row.get("updated_by")?,
        })
    }
}

impl FromRow for Private {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            ethnicity: row.get("ethnicity")?,
            religion: row.get("religion")?,
            health: row.get("health")?,
            discipline: row.get("discipline")?,
            phone: row.get("phone")?,
            email: row.get("email")?,
            citizen: row.get("citizen_mac")?,
        })
    }
}

row! {
    /// A unit that elects or sends people.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct Delegation {
        /// The id.
        pub id: DelegationId,
        /// Its name.
        pub name: String,
        /// How many it may send; none without a limit.
        pub quota: Option<u16>,
        /// Grows with each change.
        pub version: i64,
    }
}

row! {
    /// Tổ đại biểu.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct Group {
        /// Its number.
        pub no: u16,
        /// Its name, where it has one beside the number.
        pub name: String,
        /// Where it meets.
        pub room: String,
        /// Grows with each change.
        pub version: i64,
        /// By which office it was last changed; empty for one that is older than the question.
        pub updated_by: String,
    }
}
