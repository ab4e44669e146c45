//! A hall from a few numbers.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Aisle, Corridor, Door, FARTHEST, Kind, Layout, MOST_PLACES, Place, Point, Rect, row_label};

/// The most rows of a hall, blocks of a band, seats of a row, doors.
const MOST: (usize, usize, usize, usize) = (200, 12, 400, 60);

/// How seats of a row are numbered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Numbering {
    /// 1 … n from left to right.
    #[default]
    #[serde(rename = "trai_phai")]
    LeftToRight,
    /// From the middle outwards: odd to the left, even to the right, as theatres do.
    #[serde(rename = "chan_le")]
    OddEven,
}

/// Rows one behind the other with the same blocks; a corridor lies between two bands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Band {
    /// How many rows.
    pub rows: u16,
    /// Seats of each block, from left to right; an aisle lies between two blocks.
    pub blocks: Vec<u16>,
}

/// The wall that a door is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Wall {
    /// On the left of somebody who looks at the stage.
    #[serde(rename = "trai")]
    Left,
    /// On the right.
    #[serde(rename = "phai")]
    Right,
    /// Behind the last row.
    #[serde(rename = "sau")]
    Back,
}

/// A door as it is described.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoorSpec {
    /// Its wall.
    pub wall: Wall,
    /// How far its middle is along the wall, in percent: from the front, or from the left.
    pub percent: u8,
    /// Its clear width in centimetres.
    pub width: u16,
    /// The gate whose people come through it.
    pub gate: Option<String>,
}

/// A hall as it is described. Lengths are centimetres.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spec {
    /// Bands of rows, from the stage to the back.
    pub bands: Vec<Band>,
    /// From row to row.
    pub pitch: u16,
    /// The width of a seat.
    pub seat: u16,
    /// The width of aisles between blocks.
    pub aisle: u16,
    /// The width of the aisles along the walls; 0 where rows end at the wall.
    pub side: u16,
    /// The depth of corridors between bands.
    pub cross: u16,
    /// From the stage to the first row.
    pub front: u16,
    /// From the last row to the back wall.
    pub back: u16,
    /// How seats are numbered.
    pub numbering: Numbering,
    /// Whether rows skip the letters I and O.
    pub plain: bool,
    /// Rows on the stage; 0 for none.
    pub stage_rows: u16,
    /// Seats of each of them.
    pub stage_seats: u16,
    /// The letters of rows on the stage.
    pub stage_label: String,
    /// Places for wheelchairs, by name.
    pub wheelchair: Vec<String>,
    /// Places that nobody sits on, by name.
    pub blocked: Vec<String>,
    /// The doors, in the order of their numbers.
    pub doors: Vec<DoorSpec>,
}

/// Why no hall comes of a description.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BuildError {
    /// No row of seats.
    #[error("no rows")]
    Empty,
    /// A line of bands that is none, by its number from 1.
    #[error("line {0} is no band of rows")]
    Line(usize),
    /// More rows, blocks or seats than a hall has.
    #[error("too large")]
    TooLarge,
    /// A measure that no hall has, by its field.
    #[error("{0} is no measure of a hall")]
    Measure(&'static str),
    /// A place that is named but not there.
    #[error("no place {0}")]
    NoPlace(String),
    /// The letters of the stage are those of a row.
    #[error("the stage has the letters of a row")]
    StageLabel,
}

/// Reads bands: a line each, `rows: seats seats …`, as in `12: 10 14 10`.
///
/// # Errors
/// [`BuildError::Line`], [`BuildError::Empty`], [`BuildError::TooLarge`].
pub fn bands(text: &str) -> Result<Vec<Band>, BuildError> {
    let mut out = Vec::new();
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let wrong = || BuildError::Line(at + 1);
        let (rows, seats) = line.split_once([':', '×', 'x']).ok_or_else(wrong)?;
        let rows: u16 = rows.trim().parse().map_err(|_| wrong())?;
        let blocks: Vec<u16> = seats
            .split([' ', '+', ',', '\t'])
            .filter(|one| !one.is_empty())
            .map(|one| one.parse().map_err(|_| wrong()))
            .collect::<Result<_, _>>()?;
        if rows == 0 || blocks.is_empty() || blocks.contains(&0) {
            return Err(wrong());
        }
        out.push(Band { rows, blocks });
        if out.len() > MOST.0 {
            return Err(BuildError::TooLarge);
        }
    }
    if out.is_empty() { Err(BuildError::Empty) } else { Ok(out) }
}

/// Bands as [`bands`] reads them.
pub fn bands_text(bands: &[Band]) -> String {
    let line = |band: &Band| {
        let blocks: Vec<String> = band.blocks.iter().map(u16::to_string).collect();
        format!("{}: {}", band.rows, blocks.join(" "))
    };
    bands.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The number of the seat that is `at` from the left of `n`.
fn number(numbering: Numbering, at: usize, n: usize) -> usize {
    let left = n.div_ceil(2);
    match numbering {
        Numbering::LeftToRight => at + 1,
        Numbering::OddEven if at < left => 2 * (left - 1 - at) + 1,
        Numbering::OddEven => 2 * (at - left) + 2,
    }
}

fn measures(spec: &Spec) -> Result<(), BuildError> {
    for (name, value, least, most) in [
        ("pitch", spec.pitch, 40, 400),
        ("seat", spec.seat, 30, 200),
        ("aisle", spec.aisle, 40, 1000),
        ("side", spec.side, 0, 1000),
        ("cross", spec.cross, 40, 1000),
        ("front", spec.front, 50, 3000),
        ("back", spec.back, 0, 3000),
    ] {
        if !(least..=most).contains(&value) {
            return Err(BuildError::Measure(name));
        }
    }
    let rows: usize = spec.bands.iter().map(|band| usize::from(band.rows)).sum();
    let seats = |band: &Band| band.blocks.iter().map(|seats| usize::from(*seats)).sum::<usize>();
    let all: usize = spec.bands.iter().map(|band| seats(band) * usize::from(band.rows)).sum();
    let stage = usize::from(spec.stage_rows) * usize::from(spec.stage_seats);
    if spec.bands.iter().any(|band| band.blocks.len() > MOST.1 || seats(band) > MOST.2)
        || rows > MOST.0
        || all + stage > MOST_PLACES
        || usize::from(spec.stage_seats) > MOST.2
        || spec.doors.len() > MOST.3
    {
        return Err(BuildError::TooLarge);
    }
    if spec.doors.iter().any(|door| door.percent > 100 || !(40..=1000).contains(&door.width)) {
        return Err(BuildError::Measure("doors"));
    }
    if rows == 0 { Err(BuildError::Empty) } else { Ok(()) }
}

/// How wide a band is with the aisles along the walls.
fn width_of(spec: &Spec, band: &Band) -> i32 {
    let seats: i32 = band.blocks.iter().map(|seats| i32::from(*seats)).sum();
    let aisles = i32::try_from(band.blocks.len().saturating_sub(1)).unwrap_or(0);
    seats * i32::from(spec.seat) + aisles * i32::from(spec.aisle) + 2 * i32::from(spec.side)
}

/// Builds the hall.
///
/// # Errors
/// [`BuildError`].
pub fn build(spec: &Spec) -> Result<Layout, BuildError> {
    measures(spec)?;
    let (pitch, seat) = (i32::from(spec.pitch), i32::from(spec.seat));
    let (side, aisle) = (i32::from(spec.side), i32::from(spec.aisle));
    let stage_width = i32::from(spec.stage_seats) * seat + 300;
    let width = spec
        .bands
        .iter()
        .map(|band| width_of(spec, band))
        .chain((spec.stage_rows > 0).then_some(stage_width))
        .max()
        .unwrap_or(0);
    let mut hall = Layout { width, seat, pitch, ..Layout::default() };
    // The first block is that of the stage, also where there is none: K1 is always the block of number 1.
    hall.blocks.push(spec.stage_label.clone());
    let mut y = 0;
    if spec.stage_rows > 0 && spec.stage_seats > 0 {
        y = stage(spec, &mut hall, stage_width);
    }
    let front = i32::from(spec.front);
    hall.corridors.push(Corridor { y: y + front / 2, from: 0, to: width, width: front });
    y += front;
    let mut at = 0;
    for (n, band) in spec.bands.iter().enumerate() {
        if n > 0 {
            let cross = i32::from(spec.cross);
            hall.corridors.push(Corridor { y: y + cross / 2, from: 0, to: width, width: cross });
            y += cross;
        }
        let end = y + i32::from(band.rows) * pitch;
        let first = u16::try_from(hall.blocks.len()).unwrap_or(u16::MAX);
        for _ in &band.blocks {
            hall.blocks.push(format!("K{}", hall.blocks.len()));
        }
        let left = (width - width_of(spec, band)) / 2 + side;
        let (reach_from, reach_to) = (y, end);
        let mut x = left;
        if side >= 60 {
            hall.aisles.push(Aisle { x: left - side / 2, from: reach_from, to: reach_to, width: side });
        }
        for (n, seats) in band.blocks.iter().enumerate() {
            if n > 0 {
                hall.aisles.push(Aisle { x: x + aisle / 2, from: reach_from, to: reach_to, width: aisle });
                x += aisle;
            }
            x += i32::from(*seats) * seat;
        }
        if side >= 60 {
            hall.aisles.push(Aisle { x: x + side / 2, from: reach_from, to: reach_to, width: side });
        }
        for row in 0..band.rows {
            let label = row_label(at, spec.plain);
            at += 1;
            let row_y = y + i32::from(row) * pitch + pitch / 2;
            line(spec, &mut hall, (label, left, row_y), (first, &band.blocks));
        }
        y = end;
    }
    let back = i32::from(spec.back);
    if back >= 60 {
        hall.corridors.push(Corridor { y: y + back / 2, from: 0, to: width, width: back });
    }
    hall.depth = y + back;
    if hall.width > FARTHEST || hall.depth > FARTHEST {
        return Err(BuildError::TooLarge);
    }
    kinds(spec, &mut hall)?;
    doors(&spec.doors, &mut hall);
    Ok(hall)
}

/// Puts the stage down; says where it ends.
fn stage(spec: &Spec, hall: &mut Layout, stage_width: i32) -> i32 {
    let rows = i32::from(spec.stage_rows);
    let depth = 250 + rows * i32::from(spec.pitch);
    hall.stage = Some(Rect { x: (hall.width - stage_width) / 2, y: 0, width: stage_width, depth });
    for row in 0..rows {
        let label =
            if rows == 1 { spec.stage_label.clone() } else { format!("{}{}", spec.stage_label, row + 1) };
        let left = (hall.width - i32::from(spec.stage_seats) * hall.seat) / 2;
        // The first row on the stage is the one nearest to the hall.
        let y = depth - 100 - row * i32::from(spec.pitch);
        line(spec, hall, (label, left, y), (0, &[spec.stage_seats]));
    }
    for place in &mut hall.places {
        place.kind = Kind::Stage;
    }
    depth
}

/// Puts one row down.
fn line(
    spec: &Spec,
    hall: &mut Layout,
    (label, left, y): (String, i32, i32),
    (first, blocks): (u16, &[u16]),
) {
    let row = u16::try_from(hall.rows.len()).unwrap_or(u16::MAX);
    let n: usize = blocks.iter().map(|seats| usize::from(*seats)).sum();
    let (mut at, mut x) = (0, left);
    for (block, seats) in (first..).zip(blocks) {
        if block > first {
            x += i32::from(spec.aisle);
        }
        for seat in 0..*seats {
            let number = number(spec.numbering, at, n).to_string();
            let inner = (seat > 0 || (block == first && spec.side < 60))
                && (seat + 1 < *seats || (at + 1 == n && spec.side < 60));
            hall.places.push(Place {
                id: format!("{label}-{number}"),
                number,
                row,
                block,
                kind: Kind::Ordinary,
                at: Point { x: x + hall.seat / 2, y },
                aisle: !inner,
            });
            at += 1;
            x += hall.seat;
        }
    }
    hall.rows.push(label);
}

fn kinds(spec: &Spec, hall: &mut Layout) -> Result<(), BuildError> {
    let mut labels = hall.rows.clone();
    labels.sort_unstable();
    labels.dedup();
    if labels.len() != hall.rows.len() {
        return Err(BuildError::StageLabel);
    }
    for (names, kind) in [(&spec.wheelchair, Kind::Wheelchair), (&spec.blocked, Kind::Blocked)] {
        for name in names {
            let wanted = name.trim().to_uppercase();
            let place = hall.places.iter_mut().find(|place| place.id.to_uppercase() == wanted);
            place.ok_or_else(|| BuildError::NoPlace(name.clone()))?.kind = kind;
        }
    }
    Ok(())
}

/// Puts doors into the walls of a hall in the place of those it had.
pub fn doors(specs: &[DoorSpec], hall: &mut Layout) {
    hall.doors.clear();
    for (no, door) in (1..).zip(specs.iter().take(MOST.3)) {
        let part = |whole: i32| whole * i32::from(door.percent) / 100;
        let at = match door.wall {
            Wall::Left => Point { x: 0, y: part(hall.depth) },
            Wall::Right => Point { x: hall.width, y: part(hall.depth) },
            Wall::Back => Point { x: part(hall.width), y: hall.depth },
        };
        hall.doors.push(Door { no, gate: door.gate.clone(), at, width: i32::from(door.width) });
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn bands_are_read_and_written() {
        let read = bands("12: 10 14 10\n\n 10 x 8+14+8 ").unwrap();
        assert_eq!(bands_text(&read), "12: 10 14 10\n10: 8 14 8");
        assert_eq!(bands(&bands_text(&read)).unwrap(), read);
        for (text, want) in [
            ("", BuildError::Empty),
            ("12", BuildError::Line(1)),
            ("12: 10\n0: 4", BuildError::Line(2)),
            ("3: 4 0 4", BuildError::Line(1)),
            ("x: 4", BuildError::Line(1)),
        ] {
            assert_eq!(bands(text), Err(want), "{text:?}");
        }
    }

    #[test]
    fn seats_are_numbered_from_the_left_or_from_the_middle() {
        let row = |numbering, n| (0..n).map(|at| number(numbering, at, n)).collect::<Vec<_>>();
        assert_eq!(row(Numbering::LeftToRight, 5), [1, 2, 3, 4, 5]);
        assert_eq!(row(Numbering::OddEven, 5), [5, 3, 1, 2, 4]);
        assert_eq!(row(Numbering::OddEven, 6), [5, 3, 1, 2, 4, 6]);
        assert_eq!(row(Numbering::OddEven, 1), [1]);
    }
}
