//! One copy of a badge, and what it is made of.

use jiff::{
    Timestamp,
    civil::{Date, DateTime},
};
use platform::{
    db::{DbError, FromRow, Row},
    id, names, row,
};
use print::Band;
use rules::badge::{BadgeState, Window};

use crate::delegates::model::{Category, Organ, Participant, ParticipantId};

id! {
    /// One copy of a badge.
    BadgeId
}

names! {
    /// What stands on a badge in capitals: the category of the roll, or the presidium.
    BadgeCategory {
        /// Đại biểu.
        Delegate = "dai_bieu",
        /// Đoàn Chủ tịch.
        Presidium = "doan_chu_tich",
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
        /// Xe.
        Vehicle = "xe",
    }
}

impl BadgeCategory {
    /// Those of people; a vehicle has a pass and no badge.
    pub fn people() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|one| *one != Self::Vehicle)
    }

    /// The category of somebody's badge as the roll stands now.
    pub fn of(one: &Participant) -> Self {
        if one.profile.organ == Some(Organ::Presidium) {
            return Self::Presidium;
        }
        match one.category() {
            Category::Delegate => Self::Delegate,
            Category::Guest => Self::Guest,
            Category::Press => Self::Press,
            Category::Service => Self::Service,
            Category::Security => Self::Security,
            Category::Technical => Self::Technical,
            Category::Medical => Self::Medical,
        }
    }

    /// Its number in a pass. Never changes: passes are out there.
    pub const fn number(self) -> u8 {
        match self {
            Self::Delegate => 1,
            Self::Presidium => 2,
            Self::Guest => 3,
            Self::Press => 4,
            Self::Service => 5,
            Self::Security => 6,
            Self::Technical => 7,
            Self::Medical => 8,
            Self::Vehicle => 9,
        }
    }

    /// The category of a number in a pass.
    pub fn numbered(number: u8) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.number() == number)
    }

    /// Its colour. Gold is for ceremony: the presidium alone.
    pub const fn band(self) -> Band {
        let rgb = match self {
            Self::Delegate | Self::Presidium => [0x9b, 0x1e, 0x22],
            Self::Guest => [0x0b, 0x4f, 0x86],
            Self::Press => [0x2c, 0x6b, 0x32],
            Self::Service => [0x66, 0x3c, 0x23],
            Self::Security => [0x1d, 0x2c, 0x4a],
            Self::Technical => [0x4b, 0x47, 0x42],
            Self::Medical => [0x00, 0x66, 0x5e],
            Self::Vehicle => [0x3f, 0x34, 0x5c],
        };
        Band { rgb, gold: matches!(self, Self::Presidium) }
    }

    /// Days before the preparatory session and after the last day on which it opens already and still.
    pub const fn days_around(self) -> (i8, i8) {
        match self {
            Self::Delegate | Self::Presidium | Self::Guest | Self::Press => (0, 0),
            Self::Service | Self::Security | Self::Technical | Self::Medical | Self::Vehicle => (3, 1),
        }
    }
}

/// One copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Badge {
    /// The id.
    pub id: BadgeId,
    /// Whose.
    pub participant: ParticipantId,
    /// The how manieth of this person.
    pub copy: u32,
    /// What stands on it.
    pub category: BadgeCategory,
    /// What it opens, bit 0 the first.
    pub zones: u16,
    /// The first day.
    pub first_day: Date,
    /// The last.
    pub last_day: Date,
    /// The random id of its pass.
    pub pass: [u8; 6],
    /// The key that signed it.
    pub key_id: Option<u8>,
    /// The digits, once signed.
    pub code: Option<String>,
    /// The name on it, once printed.
    pub printed_name: Option<String>,
    /// The group on it, once printed.
    pub printed_group: Option<String>,
    /// How far it is.
    pub state: BadgeState,
    /// Since when.
    pub changed_at: Timestamp,
    /// By which office.
    pub changed_by: String,
}

impl FromRow for Badge {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        let state: String = row.get("state")?;
        Ok(Self {
            id: row.get("id")?,
            participant: row.get("participant")?,
            copy: row.get("copy")?,
            category: row.get("category")?,
            zones: row.get("zones")?,
            first_day: row.get("first_day")?,
            last_day: row.get("last_day")?,
            pass: row.get("pass")?,
            key_id: row.get("key_id")?,
            code: row.get("code")?,
            printed_name: row.get("printed_name")?,
            printed_group: row.get("printed_group")?,
            state: BadgeState::parse(&state)
                .ok_or_else(|| DbError::Other(format!("badge state {state:?}")))?,
            changed_at: row.get("changed_at")?,
            changed_by: row.get("changed_by")?,
        })
    }
}

/// The group as it is printed: its number.
pub fn group_of(one: &Participant) -> String {
    one.profile.group_no.map(|no| no.to_string()).unwrap_or_default()
}

/// What on a badge that opens does not agree with the roll any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mismatch {
    /// The holder has left the roll or was replaced.
    OffRoll,
    /// Another category.
    Category,
    /// Another name.
    Name,
    /// Another group.
    Group,
}

impl Mismatch {
    /// The stable name, the end of its words' key.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OffRoll => "off-roll",
            Self::Category => "category",
            Self::Name => "name",
            Self::Group => "group",
        }
    }
}

impl Badge {
    /// What on it does not agree with the roll: only of copies that open something.
    pub fn mismatches(&self, one: &Participant) -> Vec<Mismatch> {
        if !self.state.opens() {
            return Vec::new();
        }
        let differs =
            |printed: &Option<String>, now: &str| printed.as_deref().is_some_and(|text| text != now);
        [
            (Mismatch::OffRoll, !one.status.is_on_roll()),
            (Mismatch::Category, self.category != BadgeCategory::of(one)),
            (Mismatch::Name, differs(&self.printed_name, &one.profile.name)),
            (Mismatch::Group, differs(&self.printed_group, &group_of(one))),
        ]
        .into_iter()
        .filter_map(|(what, holds)| holds.then_some(what))
        .collect()
    }
}

row! {
    /// What was done to a copy.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Happened {
        /// Which copy.
        pub badge: BadgeId,
        /// Its place in the life of the copy.
        pub seq: i64,
        /// The state it led to.
        pub state: String,
        /// When.
        pub at: Timestamp,
        /// By which office.
        pub office: String,
        /// Why.
        pub reason: String,
    }
}

row! {
    /// Where a badge may open.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Zone {
        /// Its bit in a pass, 0 to 15.
        pub bit: u8,
        /// Its name.
        pub name: String,
        /// An icon of `web/icons.txt`.
        pub icon: String,
    }
}

row! {
    /// A category may enter a zone.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct ZoneRule {
        /// Which category.
        pub category: BadgeCategory,
        /// Which zone.
        pub bit: u8,
        /// From when; as long as the pass without it.
        pub from_at: Option<DateTime>,
        /// Until when.
        pub to_at: Option<DateTime>,
    }
}

/// All zones and who may enter them when.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Access {
    /// The zones by bit.
    pub zones: Vec<Zone>,
    /// The rules.
    pub rules: Vec<ZoneRule>,
}

impl Access {
    /// The zones that a category ever opens, as bits.
    pub fn bits(&self, category: BadgeCategory) -> u16 {
        let bits = self.rules.iter().filter(|rule| rule.category == category);
        bits.fold(0, |bits, rule| bits | 1_u16.checked_shl(u32::from(rule.bit)).unwrap_or(0))
    }

    /// Whether a pass of a category opens a zone at an instant.
    pub fn opens(&self, category: BadgeCategory, zones: u16, bit: u8, at: DateTime) -> bool {
        let mask = 1_u16.checked_shl(u32::from(bit)).unwrap_or(0);
        zones & mask != 0
            && self
                .rules
                .iter()
                .any(|rule| (rule.category, rule.bit) == (category, bit) && rule.window().holds(at))
    }

    /// The zones of these bits.
    pub fn of_bits(&self, bits: u16) -> impl Iterator<Item = &Zone> {
        self.zones.iter().filter(move |zone| bits & 1_u16.checked_shl(u32::from(zone.bit)).unwrap_or(0) != 0)
    }
}

impl ZoneRule {
    /// Its time.
    pub fn window(&self) -> Window {
        Window { from: self.from_at, to: self.to_at }
    }
}
