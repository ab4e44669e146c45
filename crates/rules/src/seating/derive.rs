//! What a plan from elsewhere does not say: which seats are at an aisle, where aisles and corridors run.

use super::{Aisle, Corridor, Kind, Layout};

/// A gap in which nobody sits counts as an aisle from here on, in centimetres.
const AISLE: i32 = 60;
/// Room that is assumed along the walls and behind the last row.
const MARGIN: i32 = 120;

/// Fills aisles, corridors and the ends of rows from where the seats stand. Places that touch the wall get the room
/// that is assumed along it. What the layout said before about them is replaced.
pub fn derive(hall: &mut Layout) {
    let half = hall.seat / 2;
    let hall_seats = || hall.places.iter().filter(|place| place.kind != Kind::Stage);
    let Some(left) = hall_seats().map(|place| place.at.x - half).min() else { return };
    // A seat of an odd width has its middle half a centimetre off.
    let right = hall_seats().map(|place| place.at.x - half + hall.seat).max().unwrap_or(left);
    let top = hall_seats().map(|place| place.at.y).min().unwrap_or(0) - hall.pitch / 2;
    let bottom = hall_seats().map(|place| place.at.y).max().unwrap_or(0) + hall.pitch / 2;
    let mut taken: Vec<(i32, i32)> =
        hall_seats().map(|place| (place.at.x - half, place.at.x - half + hall.seat)).collect();
    let mut rows: Vec<(i32, i32)> =
        hall_seats().map(|place| (place.at.y - hall.pitch / 2, place.at.y + hall.pitch / 2)).collect();
    hall.aisles = vec![Aisle { x: left - MARGIN / 2, from: top, to: bottom, width: MARGIN }];
    for (from, to) in gaps(&mut taken) {
        hall.aisles.push(Aisle { x: (from + to) / 2, from: top, to: bottom, width: to - from });
    }
    hall.aisles.push(Aisle { x: right + MARGIN / 2, from: top, to: bottom, width: MARGIN });
    let (from, to) = (left - MARGIN, right + MARGIN);
    hall.corridors = vec![Corridor { y: top - MARGIN / 2, from, to, width: MARGIN }];
    for (begin, end) in gaps(&mut rows) {
        hall.corridors.push(Corridor { y: (begin + end) / 2, from, to, width: end - begin });
    }
    hall.corridors.push(Corridor { y: bottom + MARGIN / 2, from, to, width: MARGIN });
    for stretch in hall.stretches() {
        for (n, at) in stretch.iter().enumerate() {
            if let Some(place) = hall.places.get_mut(*at) {
                place.aisle = n == 0 || n + 1 == stretch.len();
            }
        }
    }
}

/// Where none of the stretches reaches, inside the whole of them.
fn gaps(taken: &mut [(i32, i32)]) -> Vec<(i32, i32)> {
    taken.sort_unstable();
    let mut out = Vec::new();
    let mut end = i32::MAX;
    for (from, to) in taken.iter() {
        if end != i32::MAX && from - end >= AISLE {
            out.push((end, *from));
        }
        end = if end == i32::MAX { *to } else { end.max(*to) };
    }
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::seating::build::{Band, Numbering, Spec, build};

    #[test]
    fn a_built_hall_without_its_aisles_gets_them_back() {
        let spec = Spec {
            bands: vec![Band { rows: 3, blocks: vec![4, 6] }, Band { rows: 2, blocks: vec![4, 6] }],
            pitch: 90,
            seat: 55,
            aisle: 120,
            side: 120,
            cross: 150,
            front: 200,
            back: 150,
            numbering: Numbering::LeftToRight,
            plain: false,
            stage_rows: 0,
            stage_seats: 0,
            stage_label: "CT".to_owned(),
            wheelchair: Vec::new(),
            blocked: Vec::new(),
            doors: Vec::new(),
        };
        let built = build(&spec).unwrap();
        let mut bare = built.clone();
        bare.aisles.clear();
        bare.corridors.clear();
        for place in &mut bare.places {
            place.aisle = false;
        }
        derive(&mut bare);
        let xs = |hall: &Layout| {
            let mut all: Vec<i32> = hall.aisles.iter().map(|aisle| aisle.x).collect();
            all.sort_unstable();
            all.dedup();
            all
        };
        assert_eq!(xs(&bare), xs(&built));
        assert_eq!(bare.corridors.len(), 3);
        assert_eq!(bare.places, built.places, "the same seats are at an aisle");
    }
}
