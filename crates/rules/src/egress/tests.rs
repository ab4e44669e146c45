//! Worked examples: preparation reference C.2 and the clauses of QCVN 06:2022/BXD in 4.2.

use proptest::prelude::*;

use super::*;
use crate::message::Arg;

fn exits(widths: &[u32]) -> Vec<Exit> {
    (1..)
        .zip(widths)
        .map(|(no, width)| Exit {
            name: format!("Cửa {no}"),
            clear_width_mm: *width,
            clear_height_mm: Some(2_200),
        })
        .collect()
}

fn hall(seats: u32, volume_m3: u32, widths: &[u32]) -> Space {
    Space {
        used_as: Use::Hall,
        area: None,
        seats: Some(seats),
        volume_m3: Some(volume_m3),
        grade: Some(FireGrade::II),
        sprinkler: true,
        diagonal_mm: Some(45_000),
        apart_mm: Some(30_000),
        travel_mm: Some(19_000),
        dead_end_mm: None,
        density_tenths: None,
        exits: exits(widths),
    }
}

#[test]
fn the_three_sample_halls_of_c2() {
    assert_eq!(need(700, 5), 735);
    for (seats, volume, widths, egress, safe, verdict) in [
        (900, 6_300, vec![1_800; 6], 900, 900, Verdict::Enough),
        (1_200, 12_000, vec![2_000, 2_000, 2_000, 2_000, 1_600, 1_600], 1_150, 1_150, Verdict::Enough),
        (650, 4_500, vec![1_600; 4], 360, 360, Verdict::NotEnough),
    ] {
        let found = screen(&hall(seats, volume, &widths), 700, 5);
        assert_eq!((found.egress, found.safe, found.verdict), (Some(egress), Some(safe), verdict));
        assert_eq!(found.need, 735);
    }
}

#[test]
fn the_working_can_be_followed_line_by_line() {
    let found = screen(&hall(1_200, 12_000, &[1_600, 2_000, 2_000, 1_600, 2_000, 2_000]), 700, 5);
    let keys: Vec<&str> = found.steps.iter().map(Step::key).collect();
    assert_eq!(
        keys,
        [
            "egress-step-need",
            "egress-step-seats",
            "egress-step-flow",
            "egress-step-widths",
            "egress-step-without-widest",
            "egress-step-egress",
            "egress-step-safe",
            "egress-step-enough",
        ]
    );
    let widths = found.steps.iter().find(|step| step.key() == "egress-step-widths").map(Step::args);
    assert_eq!(
        widths,
        Some(vec![
            ("count", Arg::Number(6)),
            ("widths", Arg::Text("4 × 2 + 2 × 1,6".to_owned())),
            ("total", Arg::Text("11,2".to_owned())),
        ])
    );
    assert_eq!(found.steps[2].clause().as_str(), "QCVN 06:2022/BXD, G.2.1.4 và Bảng G.5");
}

#[test]
fn table_g5_by_volume_and_grade() {
    for (grade, volume, flow) in [
        (FireGrade::I, 5_000, Some(75)),
        (FireGrade::II, 5_001, Some(100)),
        (FireGrade::I, 10_000, Some(100)),
        (FireGrade::II, 10_001, Some(125)),
        (FireGrade::III, 5_000, Some(50)),
        (FireGrade::IV, 10_000, Some(70)),
        (FireGrade::IV, 10_001, None),
        (FireGrade::V, 3_000, None),
        (FireGrade::I, 0, None),
    ] {
        assert_eq!(per_metre(grade, volume), flow, "{grade} {volume}");
    }
}

#[test]
fn people_by_area_where_no_seats_are_known_g3_and_g9() {
    for (used_as, area, people) in [
        (Use::Hall, 90_000, 900),
        (Use::Meeting, 9_000, 60),
        (Use::Exhibition, 15_000, 100),
        (Use::Lobby, 30_000, 100),
        (Use::Office, 6_000, 10),
        (Use::Kitchen, 7_000, 10),
    ] {
        let space = Space { used_as, seats: None, area: Some(area), ..hall(0, 6_300, &[1_800; 6]) };
        let found = screen(&space, 10, 0);
        assert!(
            found.steps.iter().any(|step| matches!(step, Step::ByArea { people: p, .. } if *p == people))
        );
    }
    let space = Space { used_as: Use::Other, seats: None, area: Some(9_000), ..hall(0, 6_300, &[1_800; 6]) };
    assert!(screen(&space, 10, 0).findings.contains(&Finding::SeatsUnknown));
}

#[test]
fn no_exit_and_one_exit_are_said_and_nothing_is_invented_3_2_5() {
    let none = screen(&hall(900, 6_300, &[]), 700, 5);
    assert_eq!((none.egress, none.safe, none.verdict), (None, None, Verdict::Unknown));
    assert!(none.findings.contains(&Finding::NoExits));
    let one = screen(&hall(900, 6_300, &[3_000]), 700, 5);
    assert_eq!((one.egress, one.safe, one.verdict), (Some(0), Some(0), Verdict::NotEnough));
    assert!(one.findings.contains(&Finding::OneExit { people: 900 }));
    // Below 50 people one exit is allowed, but no number is made of it.
    let small = screen(&hall(40, 600, &[900]), 30, 0);
    assert!(!small.findings.iter().any(|found| matches!(found, Finding::OneExit { .. })));
}

#[test]
fn too_narrow_or_too_low_is_no_exit_3_2_9() {
    let mut space = hall(900, 6_300, &[1_800, 1_800, 1_100]);
    let found = screen(&space, 100, 0);
    assert_eq!(found.egress, Some(180));
    assert!(found.findings.contains(&Finding::TooNarrow {
        exit: "Cửa 3".to_owned(),
        width_mm: 1_100,
        least_mm: 1_200
    }));
    space.exits[1].clear_height_mm = Some(1_850);
    let found = screen(&space, 100, 0);
    assert!(found.findings.contains(&Finding::TooLow { exit: "Cửa 2".to_owned(), height_mm: 1_850 }));
    assert_eq!((found.egress, found.verdict), (Some(0), Verdict::NotEnough));
    // 0.8 m is enough up to 50 people.
    assert_eq!(screen(&hall(50, 600, &[800, 800]), 30, 0).egress, Some(60));
    assert_eq!(screen(&hall(51, 600, &[800, 800]), 30, 0).egress, None);
}

#[test]
fn exits_stand_apart_3_2_8() {
    let close = |sprinkler, diagonal_mm, apart_mm| {
        let space =
            Space { sprinkler, diagonal_mm, apart_mm: Some(apart_mm), ..hall(900, 6_300, &[1_800; 6]) };
        screen(&space, 700, 5)
    };
    let found = close(false, Some(45_000), 22_000);
    assert!(found.findings.contains(&Finding::TooClose { apart_mm: 22_000, least_mm: 22_500 }));
    assert_eq!(found.verdict, Verdict::NotEnough);
    assert_eq!(close(true, Some(45_000), 15_000).verdict, Verdict::Enough);
    assert!(
        close(true, Some(12_000), 6_000)
            .findings
            .contains(&Finding::TooClose { apart_mm: 6_000, least_mm: 7_000 })
    );
    assert_eq!(close(true, None, 6_999).verdict, Verdict::NotEnough);
    assert!(close(true, None, 9_000).findings.contains(&Finding::ApartUnknown));
}

#[test]
fn the_way_to_an_exit_table_g2a() {
    for (density, between, dead_end) in [
        (Some(20), 60_000, 30_000),
        (Some(21), 50_000, 25_000),
        (Some(40), 40_000, 20_000),
        (Some(50), 35_000, 15_000),
        (Some(51), 20_000, 10_000),
        (None, 20_000, 10_000),
    ] {
        assert_eq!(longest_ways(FireGrade::III, density), Some((between, dead_end)));
    }
    assert_eq!(longest_ways(FireGrade::IV, Some(10)), None);
    let long = Space { travel_mm: Some(20_001), ..hall(900, 6_300, &[1_800; 6]) };
    assert_eq!(screen(&long, 700, 5).verdict, Verdict::NotEnough);
}

#[test]
fn what_is_missing_is_named_and_leaves_the_result_open() {
    let volume = Space { volume_m3: None, ..hall(900, 6_300, &[1_800; 6]) };
    let found = screen(&volume, 700, 5);
    assert_eq!((found.egress, found.verdict), (None, Verdict::Unknown));
    assert!(found.findings.contains(&Finding::VolumeUnknown));
    let grade = Space { grade: None, ..hall(900, 6_300, &[1_800; 6]) };
    assert!(screen(&grade, 700, 5).findings.contains(&Finding::GradeUnknown));
    let unstated = Space { grade: Some(FireGrade::V), ..hall(900, 6_300, &[1_800; 6]) };
    assert_eq!(screen(&unstated, 700, 5).verdict, Verdict::Unknown);
    // Too few seats is too few, whatever is missing.
    let few = Space { volume_m3: None, ..hall(650, 6_300, &[1_800; 6]) };
    assert_eq!(screen(&few, 700, 5).verdict, Verdict::NotEnough);
}

#[test]
fn every_key_is_listed() {
    let found = screen(&hall(900, 6_300, &[1_800; 6]), 700, 5);
    assert!(found.findings.iter().all(|one| Finding::KEYS.contains(&one.key())));
    assert!(found.steps.iter().all(|one| Step::KEYS.contains(&one.key())));
}

proptest! {
    #[test]
    fn nothing_panics_and_the_safe_number_is_never_above_either(
        seats in proptest::option::of(0_u32..5_000),
        volume in proptest::option::of(0_u32..40_000),
        widths in proptest::collection::vec(0_u32..4_000, 0..9),
        people in 0_u32..4_000,
        reserve in 0_u32..50,
    ) {
        let space = Space { seats, volume_m3: volume, ..hall(0, 0, &widths) };
        let found = screen(&space, people, reserve);
        if let (Some(safe), Some(egress)) = (found.safe, found.egress) {
            prop_assert!(safe <= egress);
            prop_assert!(seats.is_none_or(|seats| seats == 0 || safe <= seats));
            prop_assert!(found.verdict != Verdict::Enough || safe >= found.need);
        } else {
            prop_assert!(found.verdict != Verdict::Enough);
        }
    }

    #[test]
    fn the_order_of_exits_does_not_matter(mut widths in proptest::collection::vec(800_u32..4_000, 0..9)) {
        let one = screen(&hall(900, 6_300, &widths), 700, 5);
        widths.reverse();
        prop_assert_eq!(one.egress, screen(&hall(900, 6_300, &widths), 700, 5).egress);
    }
}
