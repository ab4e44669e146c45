//! What of a hall is below the measures (preparation reference 4.2). A screening: it never replaces the conclusion of
//! the fire police ([`crate::egress::DISCLAIMER`]). The text of QCVN 06 that was at hand has no clause for rooms with
//! fixed seats; nothing is guessed for it.

use super::{Kind, Layout, Place};

/// Where a measure comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Clause {
    /// Pitch 75–89 cm: at most 25 seats between two aisles (25–28 in the text); 90–110 cm: at most 40 (40–50).
    /// Aisles at least 90 cm. Faces are seen up to 24 m.
    Tcvn9369,
    /// At least two exits from 50 people on.
    Exits,
    /// How far apart exits are.
    Apart,
    /// The clear width of exits.
    Clear,
}

impl Clause {
    /// The citation.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tcvn9369 => "TCVN 9369:2012",
            Self::Exits => "QCVN 06:2022/BXD, 3.2.5",
            Self::Apart => "QCVN 06:2022/BXD, 3.2.8",
            Self::Clear => "QCVN 06:2022/BXD, 3.2.9",
        }
    }
}

/// What is below a measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// From row to row, in centimetres.
    Pitch,
    /// Seats between two aisles.
    Stretch,
    /// Seats of a stretch that has an aisle at one end only. The text gives the number for two aisles; half of it
    /// is taken, as somebody walks past as many.
    OneEnd,
    /// The width of an aisle, in centimetres.
    Aisle,
    /// From the stage to the last row, in centimetres.
    Sight,
    /// How many exits.
    Exits,
    /// Between the two exits that are farthest apart, in centimetres.
    Apart,
    /// The clear width of a door, in centimetres.
    Door,
}

impl What {
    /// The end of its words' key.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pitch => "pitch",
            Self::Stretch => "stretch",
            Self::OneEnd => "one-end",
            Self::Aisle => "aisle",
            Self::Sight => "sight",
            Self::Exits => "exits",
            Self::Apart => "apart",
            Self::Door => "door",
        }
    }
}

/// One finding, with the measure and what is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub what: What,
    /// Where it comes from.
    pub clause: Clause,
    /// What is there.
    pub is: i64,
    /// What the measure asks for.
    pub wants: i64,
    /// The row or the number of the door; empty for the whole hall.
    pub at: String,
}

/// Size classes of halls by TCVN 9369:2012: A 1201–1500, B 801–1200, C 401–800, D 251–400, E below; none above.
pub fn size_class(seats: usize) -> Option<char> {
    match seats {
        1201..=1500 => Some('A'),
        801..=1200 => Some('B'),
        401..=800 => Some('C'),
        251..=400 => Some('D'),
        0..=250 => Some('E'),
        _ => None,
    }
}

/// Everything that is below a measure, each kind once with its worst case.
pub fn findings(hall: &Layout) -> Vec<Finding> {
    let mut out = Vec::new();
    let mut add = |what, clause, is: i64, wants: i64, at: String| {
        out.push(Finding { what, clause, is, wants, at });
    };
    let pitch = hall.pitch;
    if pitch < 75 {
        add(What::Pitch, Clause::Tcvn9369, pitch.into(), 75, String::new());
    }
    let between = if pitch < 90 { 25 } else { 40 };
    for (what, most, found) in
        [(What::Stretch, between, longest(hall, true)), (What::OneEnd, between / 2, longest(hall, false))]
    {
        if let Some((seats, row)) = found.filter(|(seats, _)| *seats > most) {
            let count = |seats: usize| i64::try_from(seats).unwrap_or(i64::MAX);
            add(what, Clause::Tcvn9369, count(seats), count(most), row);
        }
    }
    if let Some(narrow) = hall.aisles.iter().map(|aisle| aisle.width).min().filter(|width| *width < 90) {
        add(What::Aisle, Clause::Tcvn9369, narrow.into(), 90, String::new());
    }
    let edge = hall.stage.map_or(0, |stage| stage.y + stage.depth);
    let last = hall.places.iter().filter(|place| place.kind != Kind::Stage).max_by_key(|place| place.at.y);
    if let Some(last) = last.filter(|place| place.at.y - edge > 2400) {
        add(What::Sight, Clause::Tcvn9369, (last.at.y - edge).into(), 2400, hall.row_of(last).to_owned());
    }
    let people = hall.usable();
    let exits = i64::try_from(hall.doors.len()).unwrap_or(i64::MAX);
    if people >= 50 && exits < 2 {
        add(What::Exits, Clause::Exits, exits, 2, String::new());
    }
    let diagonal = root(i64::from(hall.width).pow(2) + i64::from(hall.depth).pow(2));
    let wants = (diagonal / 2).max(700);
    if exits >= 2 {
        let pairs = hall.doors.iter().flat_map(|a| hall.doors.iter().map(move |b| (a.at, b.at)));
        let apart = pairs
            .map(|(a, b)| root(i64::from(a.x - b.x).pow(2) + i64::from(a.y - b.y).pow(2)))
            .max()
            .unwrap_or(0);
        if apart < wants {
            add(What::Apart, Clause::Apart, apart, wants, String::new());
        }
    }
    let clear = if people > 50 { 120 } else { 80 };
    if let Some(door) = hall.doors.iter().filter(|door| door.width < clear).min_by_key(|door| door.width) {
        add(What::Door, Clause::Clear, door.width.into(), clear.into(), door.no.to_string());
    }
    out
}

/// The longest stretch of seats with an aisle at both ends, or at one end only, and its row.
fn longest(hall: &Layout, both: bool) -> Option<(usize, String)> {
    let is_aisle =
        |at: Option<&usize>| at.and_then(|at| hall.places.get(*at)).is_some_and(|place| place.aisle);
    hall.stretches()
        .into_iter()
        .filter_map(|stretch| {
            let place: &Place = stretch.first().and_then(|at| hall.places.get(*at))?;
            if place.kind == Kind::Stage {
                return None;
            }
            let ends = is_aisle(stretch.first()) && is_aisle(stretch.last());
            (ends == both).then(|| (stretch.len(), hall.row_of(place).to_owned()))
        })
        .max_by(|a, b| a.0.cmp(&b.0).then_with(|| b.1.cmp(&a.1)))
}

/// The whole part of the square root.
fn root(value: i64) -> i64 {
    let mut low = 0_i64;
    let mut high = 3_037_000_499_i64.min(value.max(0)) + 1;
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if middle.checked_mul(middle).is_some_and(|square| square <= value) {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn roots_are_whole() {
        for (value, want) in [(0, 0), (1, 1), (3, 1), (4, 2), (99, 9), (100, 10), (5_000_000_000, 70_710)] {
            assert_eq!(root(value), want, "{value}");
        }
    }

    #[test]
    fn halls_have_classes_by_tcvn_9369() {
        let of = |seats| size_class(seats);
        assert_eq!(
            [of(1200), of(801), of(800), of(401), of(400), of(250), of(1500), of(1501)],
            [Some('B'), Some('B'), Some('C'), Some('C'), Some('D'), Some('E'), Some('A'), None]
        );
    }
}
