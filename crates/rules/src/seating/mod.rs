//! Seating: a hall from a few numbers, who sits where, what could not be done and why, and the way to a seat.
//!
//! | module | decides |
//! |---|---|
//! | [`build`] | the places, aisles and doors of a hall from rows, pitch and blocks |
//! | [`mod@derive`] | the same for places that came from elsewhere, as in a foreign plan |
//! | [`check`] | what of a hall is below the measures of TCVN 9369:2012 and QCVN 06:2022/BXD |
//! | [`assign`] | who sits where: groups together, the presidium on stage, needs, what somebody placed by hand |
//! | [`review`] | what of all that a plan does not hold, with the person and the reason |
//! | [`way`] | door → aisle → row → seat |
//!
//! Lengths are whole centimetres. A hall is seen from above with the stage at the top: x grows to the right of
//! somebody who looks at the stage, y grows away from it.

use serde::{Deserialize, Serialize};

pub mod assign;
pub mod build;
pub mod check;
pub mod derive;
pub mod review;
pub mod way;

/// The most places of a hall.
pub const MOST_PLACES: usize = 20_000;
/// The farthest that anything of a hall may be from its corner, in centimetres: 500 m.
pub const FARTHEST: i32 = 50_000;

/// What a place is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// An ordinary seat.
    #[serde(rename = "thuong")]
    Ordinary,
    /// Room for a wheelchair.
    #[serde(rename = "xe_lan")]
    Wheelchair,
    /// Nobody sits there: a camera, a broken seat.
    #[serde(rename = "khoa")]
    Blocked,
    /// On the stage, for the presidium.
    #[serde(rename = "doan_chu_tich")]
    Stage,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Ordinary, Self::Wheelchair, Self::Blocked, Self::Stage];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ordinary => "thuong",
            Self::Wheelchair => "xe_lan",
            Self::Blocked => "khoa",
            Self::Stage => "doan_chu_tich",
        }
    }
}

/// A point of a hall, in centimetres.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Point {
    /// To the right.
    pub x: i32,
    /// Away from the stage.
    pub y: i32,
}

/// A rectangle of a hall, in centimetres.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rect {
    /// Its left side.
    pub x: i32,
    /// Its side towards the front wall.
    pub y: i32,
    /// How wide.
    pub width: i32,
    /// How deep.
    pub depth: i32,
}

/// One place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Its name in the hall: `F-12`; whatever a foreign plan calls it.
    pub id: String,
    /// Its number in the row, as it stands on the seat.
    pub number: String,
    /// Its row among the rows of the hall.
    pub row: u16,
    /// Its block among the blocks of the hall.
    pub block: u16,
    /// What it is for.
    pub kind: Kind,
    /// The middle of the seat.
    pub at: Point,
    /// Whether nobody sits between it and an aisle.
    pub aisle: bool,
}

/// An aisle between blocks, along which people walk away from the stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Aisle {
    /// Its middle.
    pub x: i32,
    /// Where it begins.
    pub from: i32,
    /// Where it ends.
    pub to: i32,
    /// How wide.
    pub width: i32,
}

/// A corridor across the hall: before the stage, between bands of rows, behind the last row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Corridor {
    /// Its middle.
    pub y: i32,
    /// Its left end.
    pub from: i32,
    /// Its right end.
    pub to: i32,
    /// How wide.
    pub width: i32,
}

/// A door in a wall.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Door {
    /// Its number, from 1, as it stands above the door.
    pub no: u16,
    /// The gate whose people come through it, by its name in addresses.
    pub gate: Option<String>,
    /// Where it is.
    pub at: Point,
    /// Its clear width.
    pub width: i32,
}

/// A hall: everything that is needed to draw it, to seat people in it and to lead them to their seats.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layout {
    /// How wide.
    pub width: i32,
    /// How deep.
    pub depth: i32,
    /// How wide a seat is.
    pub seat: i32,
    /// From row to row.
    pub pitch: i32,
    /// The stage, where there is one.
    pub stage: Option<Rect>,
    /// The names of the blocks.
    pub blocks: Vec<String>,
    /// The letters of the rows, the stage's among them.
    pub rows: Vec<String>,
    /// The places: by row, in it from left to right.
    pub places: Vec<Place>,
    /// The aisles.
    pub aisles: Vec<Aisle>,
    /// The corridors.
    pub corridors: Vec<Corridor>,
    /// The doors.
    pub doors: Vec<Door>,
}

impl Layout {
    /// The letters of the row of a place.
    pub fn row_of(&self, place: &Place) -> &str {
        self.rows.get(usize::from(place.row)).map_or("", String::as_str)
    }

    /// A place as people say it: `F-12`.
    pub fn text(&self, place: &Place) -> String {
        format!("{}-{}", self.row_of(place), place.number)
    }

    /// The place of this name.
    pub fn find(&self, id: &str) -> Option<usize> {
        self.places.iter().position(|place| place.id == id)
    }

    /// How many places are of a kind.
    pub fn count(&self, kind: Kind) -> usize {
        self.places.iter().filter(|place| place.kind == kind).count()
    }

    /// How many somebody can sit on.
    pub fn usable(&self) -> usize {
        self.places.len() - self.count(Kind::Blocked)
    }

    /// Stretches of seats side by side: of one row, with no aisle between. Places by their index, from left to right.
    pub fn stretches(&self) -> Vec<Vec<usize>> {
        let mut order: Vec<usize> = (0..self.places.len()).collect();
        order.sort_by_key(|at| {
            self.places.get(*at).map_or((u16::MAX, 0, *at), |place| (place.row, place.at.x, *at))
        });
        let mut out: Vec<Vec<usize>> = Vec::new();
        let mut last: Option<&Place> = None;
        for at in order {
            let Some(place) = self.places.get(at) else { continue };
            let beside = last.is_some_and(|last| {
                last.row == place.row
                    && last.block == place.block
                    && (place.at.x - last.at.x) * 10 <= self.seat * 16
            });
            match out.last_mut() {
                Some(stretch) if beside => stretch.push(at),
                _ => out.push(vec![at]),
            }
            last = Some(place);
        }
        out
    }
}

/// The letters of a row from its place: A … Z, AA, AB …; `plain` leaves out I and O, which are read as 1 and 0.
///
/// ```
/// assert_eq!(rules::seating::row_label(26, false), "AA");
/// assert_eq!(rules::seating::row_label(8, true), "J");
/// ```
pub fn row_label(at: usize, plain: bool) -> String {
    let letters: &[u8] = if plain { b"ABCDEFGHJKLMNPQRSTUVWXYZ" } else { b"ABCDEFGHIJKLMNOPQRSTUVWXYZ" };
    let mut left = at + 1;
    let mut out = Vec::new();
    while left > 0 {
        left -= 1;
        out.push(letters.get(left % letters.len()).map_or('?', |letter| char::from(*letter)));
        left /= letters.len();
    }
    out.iter().rev().collect()
}
