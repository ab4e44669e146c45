//! pretix's seating-plan JSON, both ways.
//!
//! The format nests positions: a zone stands in the plan, a row in its zone, a seat in its row. It says nothing of
//! centimetres, so that whoever reads one in says how wide a seat is, and the median distance of neighbours becomes
//! that width. What the format cannot hold (doors, pitch) is not in what is written; categories say what a place is
//! for, and a category of another name is an ordinary seat.
//!
//! The bytes are foreign: size, number of places, every coordinate, every name is bounded before it is used.

use std::collections::{BTreeMap, HashSet};

use platform::i18n::key;
use rules::{
    seating::{FARTHEST, Kind, Layout, MOST_PLACES, Place, Point, Rect, derive::derive},
    text::{fold, nfc},
};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::MOST_BYTES;

/// The longest name of a seat, a row, a zone, in characters.
const LONGEST: usize = 60;
/// What the stage is called as a block, where the plan has no zone for it.
const STAGE: &str = "CT";
/// The most rows, and the most zones.
const MOST_ROWS: usize = 1_000;
/// How far a coordinate of the format may be from its origin.
const FAR: f64 = 1_000_000.0;

/// Why a foreign plan cannot be read.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum ImportError {
    /// Larger than 8 MB.
    #[error("too large")]
    TooLarge,
    /// No JSON of this shape; what the reader says.
    #[error("no plan: {0}")]
    Shape(String),
    /// No seats.
    #[error("no seats")]
    Empty,
    /// More places than a hall has.
    #[error("too many places")]
    TooMany,
    /// A coordinate that is none; of which seat, row or zone.
    #[error("a coordinate of {0}")]
    Coordinate(String),
    /// Two seats have one id.
    #[error("the id {0} twice")]
    Duplicate(String),
    /// Two seats stand on one spot.
    #[error("{0} stands on another seat")]
    OneSpot(String),
    /// A name that is empty or too long.
    #[error("a name of {0}")]
    Name(String),
}

impl ImportError {
    /// The key of its sentence, and what it is about.
    pub fn words(&self) -> (&'static str, String) {
        match self {
            Self::TooLarge => (key("seating-import-large"), String::new()),
            Self::Shape(what) => (key("seating-import-shape"), what.clone()),
            Self::Empty => (key("seating-import-empty"), String::new()),
            Self::TooMany => (key("seating-import-many"), String::new()),
            Self::Coordinate(at) => (key("seating-import-coordinate"), at.clone()),
            Self::Duplicate(id) => (key("seating-import-duplicate"), id.clone()),
            Self::OneSpot(id) => (key("seating-import-spot"), id.clone()),
            Self::Name(at) => (key("seating-import-name"), at.clone()),
        }
    }
}

#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct Position {
    x: f64,
    y: f64,
}

#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct Size {
    width: f64,
    height: f64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Category {
    name: String,
    color: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Seat {
    seat_guid: String,
    seat_number: String,
    #[serde(default)]
    position: Position,
    #[serde(default)]
    category: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    radius: Option<f64>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct RowIn {
    row_number: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    row_label: Option<String>,
    #[serde(default)]
    row_number_position: Option<String>,
    #[serde(default)]
    position: Position,
    seats: Vec<Seat>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Zone {
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    zone_id: Option<String>,
    #[serde(default)]
    position: Position,
    #[serde(default)]
    rows: Vec<RowIn>,
    #[serde(default)]
    areas: Vec<Area>,
}

/// A shape that is drawn: only the rectangle of a stage means something here.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Area {
    shape: String,
    #[serde(default)]
    color: String,
    #[serde(default)]
    border_color: String,
    #[serde(default)]
    rotation: f64,
    #[serde(default)]
    position: Position,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rectangle: Option<Size>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<AreaText>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct AreaText {
    text: String,
    #[serde(default)]
    position: Position,
    #[serde(default)]
    color: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Whole {
    name: String,
    #[serde(default)]
    size: Size,
    #[serde(default)]
    categories: Vec<Category>,
    zones: Vec<Zone>,
}

/// The category of a kind of place, with its colour.
const CATEGORIES: [(Kind, &str, &str); 4] = [
    (Kind::Ordinary, "thuong", "#75716b"),
    (Kind::Wheelchair, "xe-lan", "#3275b4"),
    (Kind::Blocked, "khoa", "#1e1b17"),
    (Kind::Stage, "doan-chu-tich", "#9b1e22"),
];

/// What a category of a foreign plan stands for, by its words in either language.
fn kind_of(category: &str) -> Kind {
    let folded = fold(category).replace(['-', '_'], " ");
    let says = |words: &[&str]| words.iter().any(|word| folded.contains(word));
    match () {
        () if says(&["xe lan", "wheelchair", "rollstuhl", "disabled"]) => Kind::Wheelchair,
        () if says(&["khoa", "blocked", "gesperrt"]) => Kind::Blocked,
        () if says(&["doan chu tich", "presidium", "stage"]) => Kind::Stage,
        () => Kind::Ordinary,
    }
}

fn metres(value: f64) -> Result<f64, ()> {
    if value.is_finite() && value.abs() <= FAR { Ok(value) } else { Err(()) }
}

fn name(text: &str, at: &str) -> Result<String, ImportError> {
    let clean = nfc(text).replace('\n', " ");
    let fits = (1..=LONGEST).contains(&clean.chars().count()) && !clean.chars().any(char::is_control);
    if fits { Ok(clean) } else { Err(ImportError::Name(short(at))) }
}

/// Something foreign as it stands in a sentence.
fn short(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(LONGEST).collect()
}

/// A seat before it has its centimetres.
struct Raw {
    id: String,
    number: String,
    block: u16,
    row: usize,
    kind: Kind,
    x: f64,
    y: f64,
}

/// Reads a foreign plan; `seat` is how wide a seat is, in centimetres. Gives its name and the hall, without doors.
///
/// # Errors
/// [`ImportError`].
pub fn read(bytes: &[u8], seat: u16) -> Result<(String, Layout), ImportError> {
    if bytes.len() > MOST_BYTES {
        return Err(ImportError::TooLarge);
    }
    let whole: Whole =
        serde_json::from_slice(bytes).map_err(|error| ImportError::Shape(short(&error.to_string())))?;
    let title = name(&whole.name, "name").unwrap_or_default();
    let (mut raw, mut rows, mut blocks) = (Vec::new(), Vec::new(), Vec::new());
    let mut stage: Option<(Position, Size)> = None;
    for zone in &whole.zones {
        let block = u16::try_from(blocks.len()).unwrap_or(u16::MAX);
        if blocks.len() >= MOST_ROWS {
            return Err(ImportError::TooMany);
        }
        blocks.push(name(&zone.name, "zone").unwrap_or_else(|_| format!("K{}", blocks.len() + 1)));
        let base = shifted(Position::default(), zone.position, &zone.name)?;
        for area in &zone.areas {
            let is_stage = area.text.as_ref().is_some_and(|text| {
                let text = fold(&text.text);
                ["san khau", "stage", "buhne"].iter().any(|word| text.contains(word))
            });
            if let Some(size) = area.rectangle.filter(|_| is_stage && area.shape == "rectangle") {
                let at = shifted(base, area.position, "stage")?;
                if [size.width, size.height].iter().all(|one| metres(*one).is_ok_and(|one| one > 0.0)) {
                    stage = Some((at, size));
                }
            }
        }
        for row in &zone.rows {
            let at = shifted(base, row.position, &row.row_number)?;
            let label = row.row_label.as_ref().filter(|label| !label.trim().is_empty());
            let label = name(label.unwrap_or(&row.row_number), &row.row_number)?;
            rows.push(label);
            if rows.len() > MOST_ROWS {
                return Err(ImportError::TooMany);
            }
            for one in &row.seats {
                if raw.len() >= MOST_PLACES {
                    return Err(ImportError::TooMany);
                }
                let at = shifted(at, one.position, &one.seat_guid)?;
                raw.push(Raw {
                    id: name(&one.seat_guid, &one.seat_guid)?,
                    number: name(&one.seat_number, &one.seat_guid)?,
                    block,
                    row: rows.len() - 1,
                    kind: kind_of(&one.category),
                    x: at.x,
                    y: at.y,
                });
            }
        }
    }
    if raw.is_empty() {
        return Err(ImportError::Empty);
    }
    let mut ids = HashSet::with_capacity(raw.len());
    if let Some(twice) = raw.iter().find(|one| !ids.insert(one.id.as_str())) {
        return Err(ImportError::Duplicate(twice.id.clone()));
    }
    // As in a hall that was drawn here the stage is block 0, also where it has no seats: people count blocks from 1.
    let leads =
        blocks.len() > 1 && raw.iter().filter(|one| one.block == 0).all(|one| one.kind == Kind::Stage);
    if !leads {
        blocks.insert(0, STAGE.to_owned());
        raw.iter_mut().for_each(|one| one.block += 1);
    }
    let scale = f64::from(seat) / beside(&raw).unwrap_or(f64::from(seat));
    Ok((title, laid(raw, &rows, blocks, (seat, scale), stage)?))
}

fn shifted(base: Position, by: Position, at: &str) -> Result<Position, ImportError> {
    let wrong = |()| ImportError::Coordinate(short(at));
    Ok(Position {
        x: metres(base.x + metres(by.x).map_err(wrong)?).map_err(wrong)?,
        y: metres(base.y + metres(by.y).map_err(wrong)?).map_err(wrong)?,
    })
}

/// The median distance of seats that stand side by side.
fn beside(raw: &[Raw]) -> Option<f64> {
    let mut by: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
    for one in raw {
        by.entry(one.row).or_default().push(one.x);
    }
    let mut steps: Vec<f64> = Vec::new();
    for mut xs in by.into_values() {
        xs.sort_by(f64::total_cmp);
        steps.extend(xs.windows(2).filter_map(|pair| match pair {
            [a, b] if b - a > 1e-6 => Some(b - a),
            _ => None,
        }));
    }
    steps.sort_by(f64::total_cmp);
    steps.get(steps.len() / 2).copied()
}

fn cm(value: f64, scale: f64, at: &str) -> Result<i32, ImportError> {
    let scaled = (value * scale).round();
    if scaled.is_finite() && scaled.abs() <= f64::from(FARTHEST) {
        #[allow(clippy::cast_possible_truncation, reason = "bounded above")]
        let whole = scaled as i32;
        Ok(whole)
    } else {
        Err(ImportError::Coordinate(short(at)))
    }
}

/// The hall of seats that have passed: rows that share letters and line are one row, from the stage to the back.
fn laid(
    raw: Vec<Raw>,
    rows: &[String],
    blocks: Vec<String>,
    (seat, scale): (u16, f64),
    stage: Option<(Position, Size)>,
) -> Result<Layout, ImportError> {
    let left = raw.iter().map(|one| one.x).fold(f64::INFINITY, f64::min);
    let top = raw.iter().map(|one| one.y).chain(stage.map(|(at, _)| at.y)).fold(f64::INFINITY, f64::min);
    let left = stage.map_or(left, |(at, _)| left.min(at.x));
    // Room along the walls, as deriving assumes it.
    let margin = 150;
    // Rows of one name on one line are one row over several blocks.
    let mut lines: Vec<(i32, String)> = Vec::new();
    let mut line_of = vec![0_usize; rows.len()];
    let mut tops: BTreeMap<usize, f64> = BTreeMap::new();
    for one in &raw {
        let y = one.y - top;
        tops.entry(one.row).and_modify(|known| *known = known.min(y)).or_insert(y);
    }
    for (n, label) in rows.iter().enumerate() {
        let Some(y) = tops.get(&n).copied() else { continue };
        let y = cm(y, scale, label)?;
        let known = lines.iter().position(|(at, name)| name == label && (at - y).abs() <= i32::from(seat));
        if let Some(at) = line_of.get_mut(n) {
            *at = known.unwrap_or(lines.len());
        }
        if known.is_none() {
            lines.push((y, label.clone()));
        }
    }
    let mut order: Vec<usize> = (0..lines.len()).collect();
    order.sort_by_key(|at| lines.get(*at).map(|(y, _)| (*y, *at)));
    let mut rank = vec![0_u16; lines.len()];
    for (place, at) in (0_u16..).zip(&order) {
        if let Some(rank) = rank.get_mut(*at) {
            *rank = place;
        }
    }
    let mut layout = Layout {
        seat: i32::from(seat),
        blocks,
        rows: order.iter().filter_map(|at| lines.get(*at)).map(|(_, name)| name.clone()).collect(),
        ..Layout::default()
    };
    for one in raw {
        let at = Point {
            x: cm(one.x - left, scale, &one.id)? + margin,
            y: cm(one.y - top, scale, &one.id)? + margin,
        };
        let row = line_of.get(one.row).and_then(|line| rank.get(*line)).copied().unwrap_or(0);
        layout.places.push(Place {
            id: one.id,
            number: one.number,
            row,
            block: one.block,
            kind: one.kind,
            at,
            aisle: false,
        });
    }
    layout.places.sort_by_key(|place| (place.row, place.at.x));
    let mut spots = HashSet::with_capacity(layout.places.len());
    if let Some(twice) = layout.places.iter().find(|place| !spots.insert(place.at)) {
        return Err(ImportError::OneSpot(twice.id.clone()));
    }
    layout.stage = match stage {
        Some((at, size)) => Some(Rect {
            x: cm(at.x - left, scale, "stage")? + margin,
            y: cm(at.y - top, scale, "stage")? + margin,
            width: cm(size.width, scale, "stage")?.max(1),
            depth: cm(size.height, scale, "stage")?.max(1),
        }),
        None => None,
    };
    layout.pitch = pitch(&layout).unwrap_or_else(|| i32::from(seat) * 3 / 2);
    let ends = |of: fn(&Place) -> i32| layout.places.iter().map(of).max().unwrap_or(0) + margin + 60;
    layout.width = ends(|place| place.at.x).max(layout.stage.map_or(0, |stage| stage.x + stage.width));
    layout.depth = ends(|place| place.at.y);
    derive(&mut layout);
    Ok(layout)
}

/// The median distance from row to row.
fn pitch(layout: &Layout) -> Option<i32> {
    let mut first: BTreeMap<u16, i32> = BTreeMap::new();
    for place in layout.places.iter().filter(|place| place.kind != Kind::Stage) {
        first.entry(place.row).and_modify(|y| *y = (*y).min(place.at.y)).or_insert(place.at.y);
    }
    let ys: Vec<i32> = first.into_values().collect();
    let mut steps: Vec<i32> =
        ys.windows(2).filter_map(|pair| if let [a, b] = pair { Some(b - a) } else { None }).collect();
    steps.retain(|step| *step > 0);
    steps.sort_unstable();
    steps.get(steps.len() / 2).copied()
}

/// Writes a hall as a foreign plan: a zone for each block, one unit a centimetre. The stage is a rectangle with its
/// word.
///
/// # Errors
/// Any [`serde_json::Error`].
pub fn write(title: &str, stage: &str, hall: &Layout) -> Result<Vec<u8>, serde_json::Error> {
    let mut zones: Vec<Zone> = Vec::with_capacity(hall.blocks.len());
    for (block, name) in (0_u16..).zip(&hall.blocks) {
        let mut rows: BTreeMap<u16, Vec<&Place>> = BTreeMap::new();
        for place in hall.places.iter().filter(|place| place.block == block) {
            rows.entry(place.row).or_default().push(place);
        }
        if rows.is_empty() {
            continue;
        }
        let rows = rows
            .into_iter()
            .map(|(row, places)| {
                let base = places.first().map_or(Point { x: 0, y: 0 }, |place| place.at);
                let at = |point: Point| Position {
                    x: f64::from(point.x - base.x),
                    y: f64::from(point.y - base.y),
                };
                RowIn {
                    row_number: hall.rows.get(usize::from(row)).cloned().unwrap_or_default(),
                    row_label: None,
                    row_number_position: Some("both".to_owned()),
                    position: Position { x: f64::from(base.x), y: f64::from(base.y) },
                    seats: places
                        .iter()
                        .map(|place| Seat {
                            seat_guid: place.id.clone(),
                            seat_number: place.number.clone(),
                            position: at(place.at),
                            category: CATEGORIES
                                .iter()
                                .find(|(kind, _, _)| *kind == place.kind)
                                .map_or(String::new(), |(_, name, _)| (*name).to_owned()),
                            radius: Some(f64::from(hall.seat) * 0.4),
                        })
                        .collect(),
                }
            })
            .collect();
        zones.push(Zone {
            name: name.clone(),
            zone_id: Some(name.clone()),
            position: Position::default(),
            rows,
            areas: Vec::new(),
        });
    }
    if let (Some(rect), Some(zone)) = (hall.stage, zones.first_mut()) {
        let size = Size { width: f64::from(rect.width), height: f64::from(rect.depth) };
        zone.areas.push(Area {
            shape: "rectangle".to_owned(),
            color: "#efebe3".to_owned(),
            border_color: "#8a8378".to_owned(),
            rotation: 0.0,
            position: Position { x: f64::from(rect.x), y: f64::from(rect.y) },
            rectangle: Some(size),
            text: Some(AreaText {
                text: stage.to_owned(),
                position: Position { x: size.width / 2.0, y: 60.0 },
                color: "#1e1b17".to_owned(),
            }),
        });
    }
    let category = |(_, name, color): &(Kind, &str, &str)| Category {
        name: (*name).to_owned(),
        color: (*color).to_owned(),
    };
    serde_json::to_vec_pretty(&Whole {
        name: title.to_owned(),
        size: Size { width: f64::from(hall.width), height: f64::from(hall.depth) },
        categories: CATEGORIES.iter().map(category).collect(),
        zones,
    })
}
