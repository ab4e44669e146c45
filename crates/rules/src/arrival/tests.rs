//! How people arrive, as a table.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on shall stop")]

use super::*;

fn at(text: &str) -> Timestamp {
    format!("2025-10-13T{text}:00+07:00").parse().unwrap()
}

/// Access reference 6: 60–70 % of people come in the first thirty minutes.
#[test]
fn the_assumption_is_that_of_the_reference() {
    let minutes = |before: i64| Shape::Assumed.expected(550, -before * 60);
    assert_eq!(
        [minutes(90), minutes(60), minutes(45), minutes(30), minutes(15), minutes(0)],
        [0, 0, 179, 358, 454, 550]
    );
    assert_eq!(Shape::Assumed.expected(550, 1800), 550);
    assert_eq!(Shape::Assumed.expected(0, 0), 0);
}

#[test]
fn an_earlier_session_is_laid_on_those_expected_today() {
    // Twenty came: fifteen until ten minutes before, the last five at the beginning.
    let start = at("08:00");
    let came: Vec<Timestamp> = (0..20).map(|n| if n < 15 { at("07:50") } else { start }).collect();
    let shape = Shape::seen(start, came.iter().copied());
    assert_eq!([shape.expected(100, -601), shape.expected(100, -600), shape.expected(100, 0)], [0, 75, 100]);
    assert_eq!(Shape::seen(start, came.into_iter().take(LEAST - 1)), Shape::Assumed, "too few tell nothing");
}

#[test]
fn a_curve_counts_each_once_and_says_nothing_of_what_is_to_come() {
    let start = at("07:30");
    let came = [at("07:05"), at("07:10"), at("07:29")];
    let points = curve(&Shape::Assumed, start, 10, &came, at("07:15"), 15);
    assert_eq!(points.len(), 7);
    let arrived: Vec<Option<u64>> = points.iter().map(|one| one.arrived).collect();
    assert_eq!(arrived, [Some(0), Some(0), Some(0), Some(2), None, None, None]);
    let expected: Vec<u64> = points.iter().map(|one| one.expected).collect();
    assert_eq!(expected, [0, 3, 7, 8, 10, 10, 10]);
    assert!(points.windows(2).all(|pair| pair[0].expected <= pair[1].expected));
}
