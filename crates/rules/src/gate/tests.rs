//! Every answer of a gate, from the table that the browser is held against too; and that the order of arrival is no
//! matter.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use proptest::prelude::*;

use super::*;

#[derive(Deserialize)]
struct Case {
    name: String,
    way: Way,
    facts: Facts,
    lane: Lane,
    #[serde(default)]
    overridden: bool,
    said: Verdict,
}

#[derive(Deserialize)]
struct Home {
    pass: String,
    lanes: Vec<u16>,
    home: Option<u16>,
}

#[derive(Deserialize)]
struct Table {
    verdicts: Vec<Case>,
    homes: Vec<Home>,
}

fn table() -> Table {
    serde_json::from_str(include_str!("../../tests/gate.json")).unwrap()
}

fn id(hex: &str) -> [u8; 6] {
    let bytes: Vec<u8> =
        (0..6).map(|at| u8::from_str_radix(hex.get(at * 2..at * 2 + 2).unwrap(), 16).unwrap()).collect();
    bytes.try_into().unwrap()
}

#[test]
fn a_gate_answers_as_the_table_says() {
    let table = table();
    for case in &table.verdicts {
        assert_eq!(decide(case.way, &case.facts, &case.lane, case.overridden), case.said, "{}", case.name);
    }
    let mut met: Vec<&str> = table.verdicts.iter().map(|case| case.said.as_str()).collect();
    met.sort_unstable();
    met.dedup();
    assert_eq!(met.len(), 11, "every verdict is in the table: {met:?}");
}

#[test]
fn every_pass_has_one_home() {
    for case in table().homes {
        assert_eq!(home_lane(&id(&case.pass), &case.lanes), case.home, "{}", case.pass);
    }
    assert_eq!(home_lane(&[1; 6], &[]), None);
    let lanes = [1, 2, 3, 4];
    let mut shares = BTreeMap::new();
    for n in 0..4_000_u32 {
        let [a, b, c, d] = n.wrapping_mul(2_654_435_761).to_be_bytes();
        *shares.entry(home_lane(&[a, b, c, d, a ^ c, b ^ d], &lanes)).or_insert(0_u32) += 1;
    }
    assert_eq!(shares.len(), 4);
    assert!(shares.values().all(|share| (800..1_200).contains(share)), "{shares:?}");
}

fn at(minute: i64) -> Timestamp {
    Timestamp::from_second(1_760_317_200 + minute * 60).unwrap()
}

fn passage(id: u32, way: Way, minute: i64, place: &str, isolated: bool, home: bool) -> Passage<u32> {
    Passage { id, way, at: at(minute), place: place.to_owned(), isolated, home, overridden: false }
}

#[test]
fn what_cannot_both_be_right_is_found() {
    use Way::{In, Out};
    let p = passage;
    let double = |first, second| Conflict::DoubleEntry { first, second };
    for (name, passages, found) in [
        ("one entry", vec![p(1, In, 0, "a", true, true)], vec![]),
        (
            "two gates, one cut off",
            vec![p(1, In, 0, "a", false, true), p(2, In, 5, "b", true, true)],
            vec![double(1, 2)],
        ),
        (
            "told the other way round",
            vec![p(2, In, 5, "b", true, true), p(1, In, 0, "a", false, true)],
            vec![double(1, 2)],
        ),
        (
            "gone out between",
            vec![p(1, In, 0, "a", true, true), p(2, Out, 3, "a", true, true), p(3, In, 5, "b", true, true)],
            vec![],
        ),
        ("the same gate twice", vec![p(1, In, 0, "a", true, true), p(2, In, 5, "a", true, true)], vec![]),
        (
            "the server decided both",
            vec![p(1, In, 0, "a", false, true), p(2, In, 5, "b", false, true)],
            vec![],
        ),
        (
            "three gates",
            vec![p(1, In, 0, "a", true, true), p(2, In, 5, "b", true, true), p(3, In, 9, "c", true, true)],
            vec![double(1, 2), double(1, 3)],
        ),
        ("not the home", vec![p(1, In, 0, "a", true, false)], vec![Conflict::NotHome { entry: 1 }]),
        (
            "not the home, by a supervisor",
            vec![Passage { overridden: true, ..p(1, In, 0, "a", true, false) }],
            vec![],
        ),
        (
            "equal instants by id",
            vec![p(2, In, 0, "b", true, true), p(1, In, 0, "a", true, true)],
            vec![double(1, 2)],
        ),
        ("sent twice", vec![p(1, In, 0, "a", true, true), p(1, In, 0, "a", true, true)], vec![]),
    ] {
        assert_eq!(conflicts(&passages), found, "{name}");
    }
}

proptest! {
    #[test]
    fn neither_order_nor_repetition_matters(
        seed in proptest::collection::vec((0_i64..10, 0_u8..3, any::<bool>(), any::<bool>(), any::<bool>()), 0..14),
        turn in 0_usize..14,
        twice in 0_usize..14,
    ) {
        let passages: Vec<Passage<u32>> = (0_u32..).zip(&seed).map(|(id, (minute, place, way, isolated, home))| {
            passage(id, if *way { Way::In } else { Way::Out }, *minute, ["a", "b", "c"][usize::from(*place)], *isolated, *home)
        }).collect();
        let mut merged = passages.clone();
        if !merged.is_empty() {
            let length = merged.len();
            merged.rotate_left(turn % length);
            merged.push(merged[twice % length].clone());
            merged.reverse();
        }
        prop_assert_eq!(conflicts(&passages), conflicts(&merged));
    }

    #[test]
    fn only_one_lane_admits_without_a_network(pass in any::<[u8; 6]>(), count in 1_u16..9) {
        let lanes: Vec<u16> = (1..=count).collect();
        let facts = Facts { copy: super::Copy::Good, on_roll: true, summoned: true, zone: Zone::Open, inside: false };
        let home = home_lane(&pass, &lanes).unwrap();
        let admitting = lanes.iter().filter(|lane| {
            let alone = Lane::Isolated { lane: **lane, home, stale: false, known: true };
            decide(Way::In, &facts, &alone, false) == Verdict::Admit
        });
        prop_assert_eq!(admitting.count(), 1);
    }
}
