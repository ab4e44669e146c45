//! The congress this installation prepares: its names, days, the labels of the six rõ, and the working
//! calendar that every deadline is read against.

pub mod store;

use std::{collections::BTreeMap, str::FromStr};

use jiff::civil::Date;
use rules::{calendar::WorkCalendar, clarity::SixKey, timing::TimingRule};
use serde::{Deserialize, Serialize};

use crate::db::Migration;

/// The tables of the congress.
pub const MIGRATIONS: &[Migration] =
    &[Migration { area: "congress", version: 1, sql: include_str!("migrations/1.sql") }];

crate::id! {
    /// A congress.
    CongressId
}

/// On which level of the Party organisation a congress is held; decides which templates are offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Cơ sở.
    CoSo,
    /// Xã, phường, đặc khu.
    Xa,
    /// Tỉnh, thành phố.
    Tinh,
}

impl Level {
    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CoSo => "co_so",
            Self::Xa => "xa",
            Self::Tinh => "tinh",
        }
    }
}

impl std::fmt::Display for Level {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Level {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::CoSo, Self::Xa, Self::Tinh]
            .into_iter()
            .find(|level| level.as_str() == text)
            .ok_or_else(|| text.to_owned())
    }
}

crate::text_value!(Level);

/// What the six keys are called here, and in which order they stand. The sixth term differs between
/// organisations, so the keys are fixed and the words are data (preparation reference 1.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LabelSet {
    /// The keys in their order.
    pub order: Vec<SixKey>,
    /// Words that replace the catalogue's own.
    pub labels: BTreeMap<SixKey, String>,
}

impl Default for LabelSet {
    fn default() -> Self {
        Self { order: SixKey::ALL.to_vec(), labels: BTreeMap::new() }
    }
}

impl LabelSet {
    /// True when each key stands in the order exactly once.
    pub fn is_complete(&self) -> bool {
        SixKey::ALL.iter().all(|key| self.order.iter().filter(|other| *other == key).count() == 1)
            && self.order.len() == SixKey::ALL.len()
    }
}

/// The congress and its settings.
#[derive(Debug, Clone, Serialize)]
pub struct Congress {
    /// Its id.
    pub id: CongressId,
    /// As printed: "Đại hội đại biểu Đảng bộ Thành phố lần thứ I".
    pub name: String,
    /// For the header of a phone.
    pub short_name: String,
    /// Its level.
    pub level: Level,
    /// Its term, such as 2025–2030.
    pub term: String,
    /// The preparatory session.
    pub preparatory_on: Date,
    /// The first official day; D in D-30.
    pub opening_on: Date,
    /// The last official day.
    pub closing_on: Date,
    /// Where.
    pub place: String,
    /// How timing is derived.
    #[serde(skip)]
    pub timing: TimingRule,
    /// Hours between two urges of the same task.
    pub urge_cool_down_hours: u16,
    /// The six labels.
    pub labels: LabelSet,
    /// Whom to call.
    pub hotline: String,
    /// Grows with each change.
    pub version: i64,
}

/// Why a day of the calendar differs from its weekday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkDayKind {
    /// Nghỉ lễ: a working weekday on which nobody works.
    NghiLe,
    /// Làm bù: a weekend day on which everybody works.
    LamBu,
}

impl WorkDayKind {
    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NghiLe => "nghi_le",
            Self::LamBu => "lam_bu",
        }
    }
}

impl std::fmt::Display for WorkDayKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for WorkDayKind {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "nghi_le" => Ok(Self::NghiLe),
            "lam_bu" => Ok(Self::LamBu),
            other => Err(other.to_owned()),
        }
    }
}

crate::text_value!(WorkDayKind);

crate::row! {
    /// A day that differs from its weekday.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
    pub struct WorkDay {
        /// The day.
        pub day: Date,
        /// How it differs.
        pub kind: WorkDayKind,
        /// Its name: "Quốc khánh".
        pub name: String,
    }
}

/// The calendar that the days make.
pub fn calendar(days: &[WorkDay]) -> WorkCalendar {
    WorkCalendar::new(days.iter().map(|day| {
        let kind = match day.kind {
            WorkDayKind::NghiLe => rules::calendar::DayKind::Holiday,
            WorkDayKind::LamBu => rules::calendar::DayKind::MakeUp,
        };
        (day.day, kind)
    }))
}
