//! Everybody seated: 10,000 people of 200 groups in a hall of 12,000 places, and the doors that all of them are told.
//!
//! `cargo bench -p rules --bench seating`

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a benchmark that cannot go on shall stop"
)]

use std::time::Instant;

use rules::seating::{
    Layout,
    assign::{Needs, Options, Person, Rank, Team, assign},
    build::{Band, DoorSpec, Numbering, Spec, Wall, build},
    review::review,
    way::Ways,
};

const RUNS: usize = 9;

fn hall() -> Layout {
    let blocks = vec![25, 25, 25, 25, 25, 25];
    let door = |wall, percent| DoorSpec { wall, percent, width: 240, gate: None };
    build(&Spec {
        bands: (0..4).map(|_| Band { rows: 20, blocks: blocks.clone() }).collect(),
        pitch: 95,
        seat: 55,
        aisle: 150,
        side: 150,
        cross: 200,
        front: 300,
        back: 300,
        numbering: Numbering::LeftToRight,
        plain: true,
        stage_rows: 2,
        stage_seats: 30,
        stage_label: "CT".to_owned(),
        wheelchair: (1..=60).map(|row| format!("A-{row}")).collect(),
        blocked: Vec::new(),
        doors: vec![
            door(Wall::Left, 30),
            door(Wall::Right, 30),
            door(Wall::Left, 70),
            door(Wall::Right, 70),
            door(Wall::Back, 50),
        ],
    })
    .unwrap()
}

fn people() -> Vec<Person> {
    (0..10_000_usize)
        .map(|n| Person {
            code: format!("DB-{n:05}"),
            team: Team::Group(u16::try_from(n % 200 + 1).unwrap()),
            rank: if n < 200 { Rank::Head } else { Rank::Member },
            presidium: n.is_multiple_of(211),
            needs: Needs {
                wheelchair: n.is_multiple_of(251),
                aisle: n.is_multiple_of(97),
                front: n.is_multiple_of(89),
            },
        })
        .collect()
}

fn median(mut work: impl FnMut() -> usize) -> (f64, usize) {
    let mut times = Vec::with_capacity(RUNS);
    let mut last = 0;
    for _ in 0..RUNS {
        let from = Instant::now();
        last = work();
        times.push(from.elapsed().as_secs_f64() * 1000.0);
    }
    times.sort_by(f64::total_cmp);
    (times[RUNS / 2], last)
}

fn main() {
    let (hall, people) = (hall(), people());
    let options = Options { stage: true, ..Options::default() };
    println!("{} places, {} people", hall.places.len(), people.len());
    let (ms, seated) = median(|| assign(&hall, &people, &[], &options).iter().flatten().count());
    println!("assigned      {ms:8.1} ms   {seated} seated");
    let placed = assign(&hall, &people, &[], &options);
    let (ms, unmet) = median(|| review(&hall, &people, &placed, &options).len());
    println!("reviewed      {ms:8.1} ms   {unmet} not held");
    let (ms, told) = median(|| Ways::new(&hall).doors().iter().flatten().count());
    println!("doors told    {ms:8.1} ms   {told} places");
}
