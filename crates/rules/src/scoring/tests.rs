//! Worked examples: preparation reference C.2 and 4.3.

use proptest::prelude::*;

use super::*;

/// C.2: weights in percent, ratings of A, B and C.
pub(crate) const SAMPLE: [(&str, u32, [u8; 3]); 11] = [
    ("T1", 15, [9, 8, 5]),
    ("T2", 15, [8, 8, 4]),
    ("T3", 12, [9, 6, 8]),
    ("T4", 10, [7, 7, 8]),
    ("T5", 12, [10, 6, 4]),
    ("T6", 8, [7, 9, 8]),
    ("T7", 10, [8, 9, 7]),
    ("T8", 6, [8, 8, 9]),
    ("T9", 5, [8, 9, 6]),
    ("T10", 5, [9, 4, 7]),
    ("T11", 2, [7, 9, 6]),
];

pub(crate) fn criteria() -> Vec<Criterion> {
    SAMPLE
        .iter()
        .map(|(code, percent, _)| Criterion { code: (*code).to_owned(), weight: percent * 100 })
        .collect()
}

pub(crate) fn candidate(at: usize, gates: &[Gate]) -> Candidate {
    Candidate {
        gates: (1..).zip(gates).map(|(no, gate)| (format!("K{no}"), *gate)).collect(),
        ratings: SAMPLE.iter().map(|(_, _, ratings)| vec![ratings[at]; 3]).collect(),
        assessors: 3,
        discussed: Vec::new(),
        open_cases: 0,
    }
}

fn written(standing: &Standing) -> String {
    standing.total.map(|total| total.decimal(2, '.')).unwrap_or_default()
}

#[test]
fn the_sample_of_c2_is_exact() {
    let standings = rank(
        &criteria(),
        &[
            candidate(0, &[Gate::Pass; 4]),
            candidate(1, &[Gate::Pass, Gate::Pass, Gate::Pass, Gate::Conditional]),
            candidate(2, &[Gate::Fail, Gate::Fail, Gate::Pass, Gate::NoEvidence]),
        ],
    )
    .unwrap();
    let totals: Vec<String> = standings.iter().map(written).collect();
    assert_eq!(totals, ["8.36", "7.47", "6.24"]);
    let places: Vec<Option<usize>> = standings.iter().map(|standing| standing.place).collect();
    assert_eq!(places, [Some(1), Some(2), None]);
    let gates: Vec<Gate> = standings.iter().map(|standing| standing.gate).collect();
    assert_eq!(gates, [Gate::Pass, Gate::Conditional, Gate::Fail]);
    let keys: Vec<&str> = standings[2].blockers.iter().map(Blocker::key).collect();
    assert_eq!(keys, ["scoring-blocked-gate", "scoring-blocked-gate", "scoring-blocked-no-evidence"]);
}

#[test]
fn weights_of_nothing_and_weights_that_do_not_add_up_are_refused() {
    for (weights, error) in [
        (vec![], WeightError::None),
        (vec![0, 0, 0], WeightError::AllZero),
        (vec![6_000, 3_900], WeightError::Sum { sum: 9_900 }),
        (vec![6_000, 4_001], WeightError::Sum { sum: 10_001 }),
    ] {
        assert_eq!(check_weights(&weights), Err(error));
        assert!(WeightError::KEYS.contains(&error.key()));
    }
    assert_eq!(check_weights(&[0, 10_000]), Ok(()));
    assert_eq!(WeightError::Sum { sum: 9_900 }.args(), [("sum", Arg::Text("99,00".to_owned()))]);
}

#[test]
fn three_people_and_a_talk_about_a_wide_gap_come_before_a_rank_4_3() {
    let mut site = candidate(0, &[Gate::Pass]);
    site.ratings[0] = vec![9, 5, 10];
    let stand = |site: &Candidate| rank(&criteria(), std::slice::from_ref(site)).unwrap().remove(0);
    let blocked = stand(&site);
    assert_eq!(blocked.place, None);
    assert_eq!(blocked.blockers, [Blocker::Discussion { code: "T1".to_owned(), low: 5, high: 10 }]);
    site.discussed.push("T1".to_owned());
    assert_eq!(stand(&site).place, Some(1));
    // A gap of exactly 3 needs no talk.
    site.discussed.clear();
    site.ratings[0] = vec![8, 9, 6];
    assert_eq!(stand(&site).place, Some(1));

    site.assessors = 2;
    for ratings in &mut site.ratings {
        ratings.truncate(2);
    }
    assert_eq!(stand(&site).blockers, [Blocker::FewAssessors { have: 2, need: 3 }]);
    let unrated = Candidate { ratings: vec![vec![]; 11], ..site };
    let stood = stand(&unrated);
    assert_eq!((stood.total, stood.blockers.len()), (None, 12));
}

#[test]
fn no_gate_shows_nothing_and_disputed_records_wait() {
    let site = Candidate { open_cases: 1, ..candidate(0, &[]) };
    let stood = rank(&criteria(), &[site]).unwrap().remove(0);
    assert_eq!(stood.gate, Gate::NoEvidence);
    assert_eq!(stood.blockers.len(), 2);
    assert!(stood.blockers.iter().all(|one| Blocker::KEYS.contains(&one.key())));
}

#[test]
fn equal_totals_share_a_place() {
    let same = candidate(0, &[Gate::Pass]);
    let places: Vec<Option<usize>> = rank(&criteria(), &[same.clone(), candidate(1, &[Gate::Pass]), same])
        .unwrap()
        .iter()
        .map(|standing| standing.place)
        .collect();
    assert_eq!(places, [Some(1), Some(3), Some(1)]);
}

#[test]
fn means_of_thirds_do_not_drift() {
    let spread = Spread::of(&[9, 9, 10]).unwrap();
    assert_eq!((spread.mean.decimal(2, ','), spread.gap()), ("9,33".to_owned(), 1));
    let third = Exact::new(1, 3).unwrap();
    assert_eq!(third.plus(third).plus(third), Exact::ONE);
    assert_eq!(Exact::new(-5, 1000).unwrap().decimal(2, '.'), "-0.01");
    assert_eq!(Exact::new(8355, 1000).unwrap().decimal(2, '.'), "8.36");
    assert_eq!(Exact::new(124, 35).unwrap().decimal_up(1, ','), "3,6");
    assert_eq!(Exact::new(124, 35).unwrap().decimal_down(1, ','), "3,5");
    let json = serde_json::to_string(&Exact::new(836, 100)).unwrap();
    assert_eq!(json, "\"8.36\"");
    assert_eq!(serde_json::from_str::<Exact>(&json).unwrap(), Exact::new(209, 25).unwrap());
    assert!(serde_json::from_str::<Exact>("\"8,36\"").is_err());
}

#[test]
fn shares_become_whole_weights() {
    assert_eq!(whole_weights(&[1.0, 1.0, 1.0]), Some(vec![3_334, 3_333, 3_333]));
    assert_eq!(whole_weights(&[0.0, 0.0]), None);
    assert_eq!(whole_weights(&[f64::NAN, 1.0]), None);
    assert_eq!(whole_weights(&[-1.0, 3.0]), None);
}

fn some_scores() -> impl Strategy<Value = Vec<(u32, u8)>> {
    proptest::collection::vec((1_u32..500, 0_u8..=10), 1..12)
}

proptest! {
    #[test]
    fn a_total_stays_between_its_lowest_and_highest_score(rows in some_scores()) {
        let (weights, scores): (Vec<u32>, Vec<Exact>) =
            rows.iter().map(|(weight, score)| (*weight, Exact::whole(i64::from(*score)))).unzip();
        let sum = total(&weights, &scores).unwrap();
        prop_assert!(sum >= *scores.iter().min().unwrap() && sum <= *scores.iter().max().unwrap());
    }

    #[test]
    fn neither_the_scale_of_weights_nor_the_order_of_criteria_matters(
        rows in some_scores(), times in 1_u32..1_000
    ) {
        let of = |rows: &[(u32, u8)], times: u32| {
            let (weights, scores): (Vec<u32>, Vec<Exact>) =
                rows.iter().map(|(w, s)| (w * times, Exact::whole(i64::from(*s)))).unzip();
            total(&weights, &scores)
        };
        let mut turned = rows.clone();
        turned.reverse();
        prop_assert_eq!(of(&rows, 1), of(&rows, times));
        prop_assert_eq!(of(&rows, 1), of(&turned, 1));
    }

    #[test]
    fn whole_weights_always_add_up(shares in proptest::collection::vec(0.0_f64..10.0, 1..15)) {
        if let Some(weights) = whole_weights(&shares) {
            prop_assert_eq!(weights.iter().sum::<u32>(), WHOLE);
        }
    }
}
