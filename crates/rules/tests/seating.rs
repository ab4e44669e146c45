//! Seating: halls by the measures of the preparation reference (4.2), who sits where, the way to a seat.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use rules::seating::{
    Kind, Layout,
    assign::{Needs, Options, Person, Rank, Run, Team, assign},
    build::{BuildError, DoorSpec, Numbering, Spec, Wall, bands, build},
    check::{What, findings, size_class},
    review::{Reason, Unmet, Who, review},
    way::{AisleName, Step, Ways},
};

fn spec(text: &str) -> Spec {
    Spec {
        bands: bands(text).unwrap(),
        pitch: 95,
        seat: 55,
        aisle: 120,
        side: 120,
        cross: 150,
        front: 250,
        back: 180,
        numbering: Numbering::LeftToRight,
        plain: false,
        stage_rows: 1,
        stage_seats: 15,
        stage_label: "CT".to_owned(),
        wheelchair: Vec::new(),
        blocked: Vec::new(),
        doors: vec![
            DoorSpec { wall: Wall::Left, percent: 30, width: 180, gate: Some("cong-1".to_owned()) },
            DoorSpec { wall: Wall::Right, percent: 30, width: 180, gate: None },
            DoorSpec { wall: Wall::Back, percent: 50, width: 240, gate: None },
        ],
    }
}

fn hall(text: &str) -> Layout {
    build(&spec(text)).unwrap()
}

fn person(code: usize, team: Team) -> Person {
    Person {
        code: format!("DB-{code:04}"),
        team,
        rank: Rank::Member,
        presidium: false,
        needs: Needs::default(),
    }
}

fn group(no: u16, from: usize, many: usize) -> Vec<Person> {
    (from..from + many).map(|code| person(code, Team::Group(no))).collect()
}

fn on_stage() -> Options {
    Options { stage: true, ..Options::default() }
}

fn ids(hall: &Layout, placed: &[Option<usize>]) -> Vec<String> {
    placed.iter().map(|place| place.map_or_else(String::new, |at| hall.places[at].id.clone())).collect()
}

#[test]
fn a_hall_is_built_from_a_few_numbers() {
    let mut about = spec("3: 4 6 4\n2: 4 6 4");
    about.wheelchair = vec!["a-1".to_owned()];
    about.blocked = vec!["E-14".to_owned(), "CT-8".to_owned()];
    let hall = build(&about).unwrap();
    assert_eq!(hall.rows, ["CT", "A", "B", "C", "D", "E"]);
    assert_eq!(hall.blocks, ["CT", "K1", "K2", "K3", "K4", "K5", "K6"]);
    assert_eq!(hall.places.len(), 15 + 5 * 14);
    assert_eq!(hall.usable(), 15 + 5 * 14 - 2);
    assert_eq!((hall.count(Kind::Wheelchair), hall.count(Kind::Stage)), (1, 14));
    let place = |id: &str| &hall.places[hall.find(id).unwrap()];
    // From row to row the pitch, between the bands the corridor as well.
    assert_eq!(place("B-1").at.y - place("A-1").at.y, 95);
    assert_eq!(place("D-1").at.y - place("C-1").at.y, 95 + 150);
    // Side by side a seat, over an aisle the aisle as well.
    assert_eq!(place("A-2").at.x - place("A-1").at.x, 55);
    assert_eq!(place("A-5").at.x - place("A-4").at.x, 55 + 120);
    for (id, aisle) in [("A-1", true), ("A-2", false), ("A-4", true), ("A-5", true), ("A-14", true)] {
        assert_eq!(place(id).aisle, aisle, "{id}");
    }
    assert_eq!(hall.stretches().len(), 1 + 5 * 3);
    assert_eq!(hall.aisles.len(), 8, "four beside each band");
    assert_eq!(hall.corridors.len(), 3);
    for (change, want) in [
        (("pitch", 20), BuildError::Measure("pitch")),
        (("stage", 0), BuildError::StageLabel),
        (("seats", 0), BuildError::TooLarge),
        (("place", 0), BuildError::NoPlace("Z-9".to_owned())),
    ] {
        let mut wrong = spec("3: 4 6 4");
        match change.0 {
            "pitch" => wrong.pitch = change.1,
            "stage" => wrong.stage_label = "A".to_owned(),
            "seats" => wrong.bands = bands("200: 200 200").unwrap(),
            _ => wrong.blocked = vec!["Z-9".to_owned()],
        }
        assert_eq!(build(&wrong), Err(want));
    }
}

#[test]
fn measures_are_those_of_tcvn_9369_and_qcvn_06() {
    let of = |spec: &Spec| {
        let hall = build(spec).unwrap();
        findings(&hall).into_iter().map(|one| (one.what, one.is, one.wants, one.at)).collect::<Vec<_>>()
    };
    let text = String::new;
    assert_eq!(of(&spec("10: 10 14 10")), [], "95 cm, 120 cm, three wide doors far apart");
    // TCVN 9369:2012: from row to row at least 75 cm.
    let mut tight = spec("10: 10 14 10");
    tight.pitch = 74;
    assert_eq!(of(&tight), [(What::Pitch, 74, 75, text())]);
    // 75–89 cm: 25 seats between two aisles; 90–110 cm: 40.
    let mut long = spec("10: 30");
    long.pitch = 89;
    assert_eq!(of(&long), [(What::Stretch, 30, 25, "A".to_owned())]);
    long.pitch = 90;
    assert_eq!(of(&long), []);
    // Half of them where rows end at a wall.
    let mut wall = spec("10: 21 21");
    wall.side = 0;
    assert_eq!(of(&wall), [(What::OneEnd, 21, 20, "A".to_owned())]);
    // Aisles of 90 cm.
    let mut narrow = spec("10: 10 14 10");
    narrow.aisle = 89;
    assert_eq!(of(&narrow), [(What::Aisle, 89, 90, text())]);
    // Faces are seen up to 24 m.
    let far = of(&spec("26: 10 14 10"));
    assert_eq!(far.iter().map(|one| one.0).collect::<Vec<_>>(), [What::Sight]);
    // QCVN 06:2022/BXD 3.2.5: two exits from 50 people on; 3.2.9: 1.2 m for more than 50, 0.8 m otherwise.
    let mut doors = spec("10: 10 14 10");
    doors.doors.truncate(1);
    doors.doors[0].width = 119;
    assert_eq!(of(&doors), [(What::Exits, 1, 2, text()), (What::Door, 119, 120, "1".to_owned())]);
    doors.bands = bands("3: 10").unwrap();
    assert_eq!(of(&doors), [], "45 people");
    // 3.2.8: half of the diagonal apart.
    let mut close = spec("10: 10 14 10");
    close.doors[1] = DoorSpec { wall: Wall::Left, percent: 50, width: 180, gate: None };
    close.doors.truncate(2);
    assert_eq!(of(&close)[0].0, What::Apart);
    assert_eq!(size_class(900), Some('B'), "hall A of the sample (C.2)");
}

#[test]
fn a_group_sits_together_in_its_order() {
    let hall = hall("4: 4 6 4");
    let mut people = group(1, 1, 8);
    people[5].rank = Rank::Head;
    people[3].rank = Rank::Deputy;
    people[7].rank = Rank::Secretary;
    let placed = assign(&hall, &people, &[], &Options::default());
    // In the middle before the stage; the second row from the other side.
    assert_eq!(ids(&hall, &placed), ["A-8", "A-9", "A-10", "A-6", "B-10", "A-5", "B-9", "A-7"]);
    let rows = assign(&hall, &people, &[], &Options { run: Run::Rows, ..Options::default() });
    assert_eq!(ids(&hall, &rows)[4], "B-5");
    assert_eq!(review(&hall, &people, &placed, &Options::default()), []);
}

#[test]
fn no_group_is_divided_when_that_can_be_avoided() {
    // Three blocks of 10: in plain order 6, 6, 6, 4, 4, 4 fits; 4, 4, 4, 6, 6, 6 needs another order.
    let hall = hall("5: 2 2 2");
    for sizes in [[6, 6, 6, 4, 4, 4], [4, 4, 4, 6, 6, 6]] {
        let mut people = Vec::new();
        for (no, size) in (1..).zip(sizes) {
            people.extend(group(no, people.len() + 1, size));
        }
        let placed = assign(&hall, &people, &[], &Options::default());
        assert!(placed.iter().all(Option::is_some));
        assert_eq!(review(&hall, &people, &placed, &Options::default()), [], "{sizes:?}");
    }
    // 7 and 7 and 7 and 7 do not: one is divided, and the plan says which.
    let mut people = Vec::new();
    for no in 1..=4 {
        people.extend(group(no, people.len() + 1, 7));
    }
    let placed = assign(&hall, &people, &[], &Options::default());
    assert!(placed.iter().all(Option::is_some));
    let unmet = review(&hall, &people, &placed, &Options::default());
    assert_eq!(unmet, [Unmet { who: Who::Team(Team::Group(4)), reason: Reason::Divided(3) }]);
    // A group that shall have a certain block gets it.
    let options = Options { blocks: BTreeMap::from([(1, 3)]), ..Options::default() };
    let placed = assign(&hall, &people[..7], &[], &options);
    assert!(placed.iter().all(|at| hall.places[at.unwrap()].block == 3));
}

#[test]
fn the_presidium_sits_on_the_stage_from_the_middle_outwards() {
    let hall = hall("4: 4 6 4");
    let mut people = group(1, 1, 20);
    for one in &mut people[..3] {
        one.presidium = true;
    }
    let placed = assign(&hall, &people, &[], &on_stage());
    assert_eq!(ids(&hall, &placed)[..4], ["CT-8", "CT-7", "CT-9", "A-5"]);
    let placed = assign(&hall, &people, &[], &Options::default());
    assert_eq!(ids(&hall, &placed)[0], "A-5", "with the group in a session without a presidium on stage");
    // More than the stage holds: the others sit with their group, and the plan says so.
    for one in &mut people[..17] {
        one.presidium = true;
    }
    let placed = assign(&hall, &people, &[], &on_stage());
    let unmet = review(&hall, &people, &placed, &on_stage());
    let full = |at| Unmet { who: Who::Person(at), reason: Reason::StageFull };
    assert_eq!(unmet, [full(15), full(16)]);
}

#[test]
fn needs_are_met_or_named() {
    let mut about = spec("8: 4 6 4");
    about.wheelchair = vec!["A-1".to_owned()];
    let hall = build(&about).unwrap();
    let mut people = group(1, 1, 40);
    people[20].needs.aisle = true;
    people[30].needs.front = true;
    people[10].needs.wheelchair = true;
    people[11].needs.wheelchair = true;
    let placed = assign(&hall, &people, &[], &Options::default());
    let at = |person: usize| &hall.places[placed[person].unwrap()];
    assert!(at(20).aisle && at(20).kind == Kind::Ordinary);
    assert_eq!(hall.row_of(at(30)), "A");
    assert_eq!(at(10).id, "A-1");
    assert!(at(11).aisle, "the second wheelchair at least stands at an aisle");
    let unmet = review(&hall, &people, &placed, &Options::default());
    assert_eq!(unmet, [Unmet { who: Who::Person(11), reason: Reason::NoWheelchair }]);
}

#[test]
fn a_hall_smaller_than_the_roll_says_who_has_no_place() {
    let hall = hall("2: 2 2");
    let mut people = group(1, 1, 6);
    people.extend((7..=10).map(|code| person(code, Team::Guests)));
    let placed = assign(&hall, &people, &[], &Options::default());
    assert!(placed[..6].iter().all(Option::is_some), "guests come after the groups");
    let unmet = review(&hall, &people, &placed, &Options::default());
    let nowhere = |at| Unmet { who: Who::Person(at), reason: Reason::HallFull };
    assert!(unmet.contains(&nowhere(8)) && unmet.contains(&nowhere(9)), "{unmet:?}");
    assert_eq!(placed.iter().flatten().count(), 8);
}

#[test]
fn the_way_leads_from_the_door_along_an_aisle_into_the_row() {
    let hall = hall("6: 8 12 8\n6: 8 12 8");
    let ways = Ways::new(&hall);
    let to = |id: &str, door: usize| ways.to(hall.find(id).unwrap(), |at| at == door).unwrap();
    let words = |id: &str, door| to(id, door).steps;
    let row = |row: &str, seat: &str| [Step::Row(row.to_owned()), Step::Seat(seat.to_owned())];
    let [h, twelve] = row("H", "12");
    assert_eq!(words("H-12", 2), [Step::Door(3), Step::Aisle(AisleName::Number(2)), h, twelve]);
    let [c, one] = row("C", "1");
    assert_eq!(words("C-1", 0), [Step::Door(1), Step::Aisle(AisleName::Left), c, one]);
    let [c, last] = row("C", "28");
    assert_eq!(words("C-28", 1), [Step::Door(2), Step::Aisle(AisleName::Right), c, last]);
    let [stage, middle] = row("CT", "8");
    assert_eq!(words("CT-8", 0), [Step::Door(1), stage, middle]);
    // Every corner turns by a right angle; the ends are the door and the seat.
    for place in 0..hall.places.len() {
        for door in 0..3 {
            let way = ways.to(place, |at| at == door).unwrap();
            assert_eq!(way.line.first(), Some(&hall.doors[door].at));
            assert_eq!(way.line.last(), Some(&hall.places[place].at));
            assert!(way.line.windows(2).all(|pair| pair[0].x == pair[1].x || pair[0].y == pair[1].y));
            assert!(way.line.len() <= 9, "{:?}", way.line);
        }
    }
    // Without a choice the nearest door leads.
    assert_eq!(ways.to(hall.find("L-14").unwrap(), |_| true).unwrap().door, 2);
    assert_eq!(ways.to(0, |_| false), None);
    // Neighbours are told the same door.
    let told = ways.doors();
    for stretch in hall.stretches() {
        assert!(stretch.iter().all(|at| told[*at] == told[stretch[0]] && told[*at] == ways.door(*at)));
    }
    // With two bands of two blocks there is one middle aisle.
    let hall = build(&spec("4: 6 6")).unwrap();
    let way = Ways::new(&hall).to(hall.find("B-7").unwrap(), |at| at == 2).unwrap();
    assert_eq!(way.steps[1], Step::Aisle(AisleName::Middle));
}

prop_compose! {
    fn someone()(team in 0_u16..9, rank in 0_u8..6, presidium in prop::bool::weighted(0.05), chair in
        prop::bool::weighted(0.03), aisle in prop::bool::weighted(0.05), front in prop::bool::weighted(0.05))
        -> Person
    {
        Person {
            code: String::new(),
            team: match team { 0 => Team::Guests, 1 => Team::Loose, no => Team::Group(no) },
            rank: match rank { 0 => Rank::Head, 1 => Rank::Deputy, 2 => Rank::Secretary, _ => Rank::Member },
            presidium,
            needs: Needs { wheelchair: chair, aisle, front },
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn nobody_twice_nothing_blocked_and_everybody_placed_or_explained(
        mut people in prop::collection::vec(someone(), 0..160),
        rows in 1_u16..8, blocks in prop::collection::vec(1_u16..9, 1..4),
        kinds in prop::collection::vec((0_usize..200, 0_u8..3), 0..12),
        pins in prop::collection::vec((0_usize..200, 0_usize..300), 0..10),
        stage in any::<bool>(), serpentine in any::<bool>(),
    ) {
        let mut about = spec("1: 1");
        about.bands = vec![rules::seating::build::Band { rows, blocks }];
        let mut hall = build(&about).unwrap();
        for (at, kind) in kinds {
            let n = hall.places.len();
            hall.places[at % n].kind = if kind == 0 { Kind::Wheelchair } else { Kind::Blocked };
        }
        for (at, one) in people.iter_mut().enumerate() {
            one.code = format!("DB-{at:04}");
        }
        let options =
            Options { run: if serpentine { Run::Serpentine } else { Run::Rows }, stage, ..Options::default() };
        let placed = assign(&hall, &people, &pins, &options);
        prop_assert_eq!(&placed, &assign(&hall, &people, &pins, &options), "the same again");
        prop_assert_eq!(placed.len(), people.len());
        let seats: Vec<usize> = placed.iter().flatten().copied().collect();
        let distinct: BTreeSet<usize> = seats.iter().copied().collect();
        prop_assert_eq!(seats.len(), distinct.len(), "no place twice");
        prop_assert!(seats.iter().all(|at| hall.places[*at].kind != Kind::Blocked));
        // The first pin of a person and of a place counts, and is kept.
        let (mut who, mut used) = (BTreeSet::new(), BTreeSet::new());
        for (person, place) in pins {
            let sits = person < people.len() && place < hall.places.len();
            if sits && hall.places[place].kind != Kind::Blocked && !who.contains(&person) && !used.contains(&place) {
                who.insert(person);
                used.insert(place);
                prop_assert_eq!(placed[person], Some(place), "a pin is kept");
            }
        }
        let unmet = review(&hall, &people, &placed, &options);
        for (at, place) in placed.iter().enumerate() {
            let said = unmet.iter().any(|one| one.who == Who::Person(at)
                && matches!(one.reason, Reason::HallFull | Reason::NotSeated));
            prop_assert_eq!(place.is_none(), said, "person {}", at);
        }
        // Nobody stands while an ordinary seat is free.
        let ordinary = (0..hall.places.len()).filter(|at| hall.places[*at].kind == Kind::Ordinary);
        let free = ordinary.filter(|at| !distinct.contains(at)).count();
        prop_assert!(free == 0 || placed.iter().all(Option::is_some));
    }
}
