//! Vehicles, parking lots, passes.

use jiff::{Timestamp, civil::Date};
use platform::{
    db::{DbError, FromRow, Row},
    id, names, row,
};

use crate::badges::BadgeState;

id! {
    /// A vehicle.
    VehicleId,
    /// One copy of a pass.
    PassId
}

names! {
    /// What drives.
    VehicleKind {
        /// Xe con.
        Car = "xe_con",
        /// Xe khách.
        Bus = "xe_khach",
        /// Xe tải.
        Truck = "xe_tai",
        /// Mô tô.
        Motorcycle = "mo_to",
        /// Xe dẫn đường.
        Lead = "dan_duong",
        /// Xe cứu thương.
        Ambulance = "cuu_thuong",
        /// Xe truyền hình.
        Broadcast = "truyen_hinh",
    }
}

names! {
    /// Whether a vehicle comes.
    VehicleStatus {
        /// Đăng ký.
        Registered = "dang_ky",
        /// Đã rút.
        Withdrawn = "rut",
    }
}

row! {
    /// Where vehicles stand.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Lot {
        /// What is printed large on the card: B1.
        pub code: String,
        /// Its name.
        pub name: String,
        /// How many stand there.
        pub capacity: u32,
        /// Grows with each change.
        pub version: i64,
    }
}

row! {
    /// A vehicle.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Vehicle {
        /// The id.
        pub id: VehicleId,
        /// Its number, in its address and on its pass.
        pub no: u32,
        /// Its plate in its one spelling.
        pub plate: String,
        /// What drives.
        pub kind: VehicleKind,
        /// Whose it is.
        pub unit: String,
        /// Who drives.
        pub driver: String,
        /// Where it stands.
        pub lot: Option<String>,
        /// The first day.
        pub first_day: Date,
        /// The last.
        pub last_day: Date,
        /// The convoy.
        pub convoy: Option<u16>,
        /// Its place in it.
        pub place: Option<u16>,
        /// Whether it comes.
        pub status: VehicleStatus,
        /// Grows with each change.
        pub version: i64,
        /// When it was last changed.
        pub changed_at: Timestamp,
        /// By which office.
        pub changed_by: String,
    }
}

impl Vehicle {
    /// Its code as it is printed: XE-0012.
    pub fn code(&self) -> String {
        format!("XE-{:04}", self.no)
    }

    /// Where its page is.
    pub fn href(&self) -> String {
        format!("/xe/{}", self.no)
    }

    /// Whether it comes.
    pub fn comes(&self) -> bool {
        self.status == VehicleStatus::Registered
    }
}

/// One copy of a pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pass {
    /// The id.
    pub id: PassId,
    /// Whose.
    pub vehicle: VehicleId,
    /// The how manieth of this vehicle.
    pub copy: u32,
    /// What it opens, bit 0 the first.
    pub zones: u16,
    /// The first day.
    pub first_day: Date,
    /// The last.
    pub last_day: Date,
    /// The random id in its digits.
    pub pass: [u8; 6],
    /// The key that signed it.
    pub key_id: Option<u8>,
    /// The digits, once signed.
    pub code: Option<String>,
    /// The plate on it, once printed.
    pub printed_plate: Option<String>,
    /// The parking lot on it, once printed.
    pub printed_lot: Option<String>,
    /// How far it is.
    pub state: BadgeState,
    /// Since when.
    pub changed_at: Timestamp,
    /// By which office.
    pub changed_by: String,
}

impl FromRow for Pass {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        let state: String = row.get("state")?;
        Ok(Self {
            id: row.get("id")?,
            vehicle: row.get("vehicle")?,
            copy: row.get("copy")?,
            zones: row.get("zones")?,
            first_day: row.get("first_day")?,
            last_day: row.get("last_day")?,
            pass: row.get("pass")?,
            key_id: row.get("key_id")?,
            code: row.get("code")?,
            printed_plate: row.get("printed_plate")?,
            printed_lot: row.get("printed_lot")?,
            state: BadgeState::parse(&state)
                .ok_or_else(|| DbError::Other(format!("state of a pass {state:?}")))?,
            changed_at: row.get("changed_at")?,
            changed_by: row.get("changed_by")?,
        })
    }
}

/// What on a pass that opens does not agree with the register any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mismatch {
    /// The vehicle was withdrawn.
    Withdrawn,
    /// Another plate.
    Plate,
    /// Another parking lot.
    Lot,
    /// Other days.
    Days,
}

impl Mismatch {
    /// The stable name, the end of its words' key.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Withdrawn => "withdrawn",
            Self::Plate => "plate",
            Self::Lot => "lot",
            Self::Days => "days",
        }
    }
}

impl Pass {
    /// What on it does not agree with the register: only of copies that open something.
    pub fn mismatches(&self, of: &Vehicle) -> Vec<Mismatch> {
        if !self.state.opens() {
            return Vec::new();
        }
        let lot = of.lot.as_deref().unwrap_or_default();
        let differs = |printed: &Option<String>, now: &str| printed.as_deref().is_some_and(|one| one != now);
        [
            (Mismatch::Withdrawn, !of.comes()),
            (Mismatch::Plate, differs(&self.printed_plate, &of.plate)),
            (Mismatch::Lot, differs(&self.printed_lot, lot)),
            (Mismatch::Days, (self.first_day, self.last_day) != (of.first_day, of.last_day)),
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
        pub pass: PassId,
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

/// A vehicle and the copy that counts: the live one, or the newest.
#[derive(Debug, Clone)]
pub struct Line {
    /// The vehicle.
    pub vehicle: Vehicle,
    /// The copy; none was ever asked for.
    pub pass: Option<Pass>,
}
