//! What the template of badges is given: lines that are known to fit, and pictures that stand once each.

use std::collections::HashMap;

use print::{
    BadgeSheets, BadgeSize, Imposition, PageSize, PressError,
    badge::{Fitted, fit, groups, icon_svg, initials, qr_svg},
};
use serde::Serialize;

/// The most badges of one document: each has two pictures, and the press keeps the names of pictures.
const MOST: usize = 2_000;

/// The data and the pictures, the latter in the order in which the data names them.
pub struct Set {
    pub data: Data,
    pub pictures: Vec<Vec<u8>>,
}

#[derive(Serialize)]
pub struct Data {
    title: String,
    size: BadgeSize,
    width: f32,
    height: f32,
    sheet: Option<PageSize>,
    across: usize,
    down: usize,
    backs: bool,
    congress: Fitted,
    term: String,
    number_label: String,
    lost: Vec<String>,
    hotline: String,
    code_label: String,
    badges: Vec<One>,
}

#[derive(Serialize)]
struct One {
    rgb: [u8; 3],
    gold: bool,
    title: Fitted,
    name: Fitted,
    under: Fitted,
    group: String,
    number: Fitted,
    /// The place of the portrait among the pictures.
    photo: Option<usize>,
    initials: String,
    zones: Vec<Zone>,
    qr: usize,
    code: Vec<String>,
    days: String,
    serial: String,
}

#[derive(Serialize)]
struct Zone {
    /// The place of the icon among the pictures.
    icon: Option<usize>,
    name: String,
}

/// The room, in millimetres and points, that each text has on a size.
struct Room {
    congress: (f32, f32, f32),
    title: (f32, f32, f32),
    name: (f32, f32, f32),
    under: (f32, f32, f32),
    number: (f32, f32, f32),
}

const fn room(size: BadgeSize) -> Room {
    match size {
        BadgeSize::Lanyard => Room {
            congress: (76.0, 12.0, 8.0),
            title: (82.0, 28.0, 14.0),
            name: (82.0, 26.0, 9.0),
            under: (82.0, 11.0, 8.0),
            number: (44.0, 60.0, 28.0),
        },
        BadgeSize::Card => Room {
            congress: (77.0, 8.5, 6.0),
            title: (54.0, 14.0, 9.0),
            name: (54.0, 15.0, 7.0),
            under: (54.0, 7.5, 6.0),
            number: (29.0, 32.0, 28.0),
        },
        // The name is the plate, which is read from some metres.
        BadgeSize::Windscreen => Room {
            congress: (190.0, 15.0, 9.0),
            title: (110.0, 30.0, 14.0),
            name: (198.0, 118.0, 40.0),
            under: (92.0, 15.0, 9.0),
            number: (54.0, 76.0, 36.0),
        },
        BadgeSize::WindscreenSmall => Room {
            congress: (134.0, 10.5, 6.5),
            title: (77.0, 21.0, 10.0),
            name: (139.0, 83.0, 28.0),
            under: (64.0, 10.5, 6.5),
            number: (38.0, 53.0, 25.0),
        },
    }
}

pub fn set(sheets: &BadgeSheets) -> Result<Set, PressError> {
    if sheets.badges.len() > MOST {
        return Err(PressError::Document(format!("more than {MOST} badges in one document")));
    }
    let room = room(sheets.size);
    let made = |text: &str, (width, largest, smallest): (f32, f32, f32), lines: usize, bold: bool| {
        fit(text, width, lines, largest, smallest, bold)
    };
    let mut pictures = Vec::with_capacity(2 * sheets.badges.len() + 16);
    let mut icons: HashMap<&str, Option<usize>> = HashMap::new();
    let mut badges = Vec::with_capacity(sheets.badges.len());
    for badge in &sheets.badges {
        let qr = qr_svg(&badge.code)
            .ok_or_else(|| PressError::Document("a code is too long for a badge".to_owned()))?;
        pictures.push(qr.into_bytes());
        let qr = pictures.len() - 1;
        let photo = badge.photo.as_ref().map(|photo| {
            pictures.push(photo.clone());
            pictures.len() - 1
        });
        let mut zones = Vec::with_capacity(badge.zones.len());
        for zone in &badge.zones {
            let icon = *icons.entry(&zone.icon).or_insert_with(|| {
                let svg = icon_svg(&zone.icon)?;
                pictures.push(svg.into_bytes());
                Some(pictures.len() - 1)
            });
            zones.push(Zone { icon, name: zone.name.clone() });
        }
        badges.push(One {
            rgb: badge.band.rgb,
            gold: badge.band.gold,
            title: made(&badge.title, room.title, 1, true),
            name: made(&badge.name, room.name, 2, true),
            under: made(&badge.under, room.under, 2, false),
            group: badge.group.clone(),
            number: made(&badge.number, room.number, 1, true),
            photo,
            initials: initials(&badge.name),
            zones,
            qr,
            code: groups(&badge.code),
            days: badge.days.clone(),
            serial: badge.serial.clone(),
        });
    }
    let (width, height) = sheets.size.millimetres();
    let (across, down) = sheets.imposition.grid(sheets.size);
    let data = Data {
        title: sheets.title.clone(),
        size: sheets.size,
        width,
        height,
        sheet: Imposition::sheet(sheets.imposition),
        across,
        down,
        backs: sheets.backs,
        congress: made(&sheets.congress, room.congress, 2, true),
        term: sheets.term.clone(),
        number_label: sheets.number_label.clone(),
        lost: sheets.lost.clone(),
        hotline: sheets.hotline.clone(),
        code_label: sheets.code_label.clone(),
        badges,
    };
    Ok(Set { data, pictures })
}
