//! How firm a ranking is: each weight halved and raised by half, all weights equal, and what would have to be
//! true for the second to win (preparation reference 4.3).
//!
//! Exact throughout: a tie is a tie. Weights need not add up to 100 % here, because a total divides by their sum.

use std::cmp::Ordering;

use serde::Serialize;

use crate::scoring::{Exact, total};

/// The totals of all venues under changed weights.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Case {
    /// Which criterion was changed, by its place.
    pub criterion: usize,
    /// By how many percent: −50 or +50.
    pub percent: i32,
    /// Totals in the order of the venues.
    pub totals: Vec<Exact>,
    /// Venues with the highest total, by their place; several when they tie.
    pub first: Vec<usize>,
}

/// What a single weight would have to become for another venue to draw level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Flip {
    /// The criterion, by its place.
    pub criterion: usize,
    /// The factor on its weight at which the two draw level; beyond it the other leads. None: no weight of this
    /// criterion alone changes the order.
    pub factor: Option<Exact>,
}

/// The leader against one other venue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Duel {
    /// The venue that leads, by its place.
    pub leader: usize,
    /// The other.
    pub other: usize,
    /// By how much the leader is ahead.
    pub margin: Exact,
    /// Criterion by criterion.
    pub flips: Vec<Flip>,
    /// Criteria where the other is rated higher, by their place.
    pub stronger: Vec<usize>,
    /// The factor on all of those weights together at which the two draw level. None: the other is nowhere
    /// stronger, or only where nothing is weighed.
    pub joint: Option<Exact>,
}

/// The whole analysis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sensitivity {
    /// Totals as they are.
    pub totals: Vec<Exact>,
    /// Venues in first place; several when they tie.
    pub first: Vec<usize>,
    /// Two cases for each criterion, −50 % before +50 %.
    pub cases: Vec<Case>,
    /// In how many cases the same venues lead.
    pub steady: usize,
    /// Totals with all weights equal.
    pub equal: Vec<Exact>,
    /// The leader against each other venue, in the order of their totals; empty when the first place is shared.
    pub duels: Vec<Duel>,
}

/// Analyses venues by their scores (one list of means for each, in the order of the weights). None when there is
/// nothing to compare: no venue, all weights zero, or lists of different lengths.
pub fn analyse(weights: &[u32], venues: &[Vec<Exact>]) -> Option<Sensitivity> {
    if venues.is_empty() {
        return None;
    }
    // Doubled, so that half of a weight is a whole number.
    let doubled: Vec<u32> = weights.iter().map(|weight| weight.checked_mul(2)).collect::<Option<_>>()?;
    let totals = totals(&doubled, venues)?;
    let first = first(&totals);
    let mut cases = Vec::with_capacity(weights.len() * 2);
    for (criterion, weight) in weights.iter().enumerate() {
        for percent in [-50, 50] {
            let mut changed = doubled.clone();
            changed[criterion] = if percent < 0 { *weight } else { weight.checked_mul(3)? };
            // All weight on this one criterion: halved it is still all of it.
            let totals = self::totals(&changed, venues)?;
            cases.push(Case { criterion, percent, first: self::first(&totals), totals });
        }
    }
    let steady = cases.iter().filter(|case| case.first == first).count();
    let equal = self::totals(&vec![1; weights.len()], venues)?;
    let duels = match first.as_slice() {
        [leader] => {
            let mut others: Vec<usize> = (0..venues.len()).filter(|at| at != leader).collect();
            others.sort_by(|a, b| totals[*b].cmp(&totals[*a]).then(a.cmp(b)));
            others.into_iter().map(|other| duel(weights, venues, *leader, other)).collect::<Option<_>>()?
        }
        _ => Vec::new(),
    };
    Some(Sensitivity { totals, first, cases, steady, equal, duels })
}

fn totals(weights: &[u32], venues: &[Vec<Exact>]) -> Option<Vec<Exact>> {
    venues.iter().map(|scores| total(weights, scores)).collect()
}

fn first(totals: &[Exact]) -> Vec<usize> {
    let most = totals.iter().max();
    (0..totals.len()).filter(|at| totals.get(*at) == most).collect()
}

/// With D = Σ wᵢ·dᵢ the leader's advantage (dᵢ its score minus the other's), a factor k on weight c draws level
/// where D + (k − 1)·w_c·d_c = 0, so k = 1 − D / (w_c·d_c).
fn duel(weights: &[u32], venues: &[Vec<Exact>], leader: usize, other: usize) -> Option<Duel> {
    let parts: Vec<Exact> = weights
        .iter()
        .zip(venues.get(leader)?.iter().zip(venues.get(other)?))
        .map(|(weight, (mine, theirs))| mine.minus(*theirs).times(Exact::whole(i64::from(*weight))))
        .collect();
    let ahead = parts.iter().fold(Exact::ZERO, |sum, part| sum.plus(*part));
    let level = |part: Exact| {
        ahead.over(part).map(|ratio| Exact::ONE.minus(ratio)).filter(|k| k.sign() != Ordering::Less)
    };
    let stronger: Vec<usize> =
        (0..weights.len()).filter(|at| venues[leader].get(*at) < venues[other].get(*at)).collect();
    let against =
        stronger.iter().filter_map(|at| parts.get(*at)).fold(Exact::ZERO, |sum, part| sum.plus(*part));
    let sum: i64 = weights.iter().map(|weight| i64::from(*weight)).sum();
    Some(Duel {
        leader,
        other,
        margin: ahead.over(Exact::whole(sum))?,
        flips: parts
            .iter()
            .enumerate()
            .map(|(criterion, part)| Flip { criterion, factor: level(*part) })
            .collect(),
        joint: if against.sign() == Ordering::Less { level(against) } else { None },
        stronger,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::scoring::tests::SAMPLE;

    fn weights() -> Vec<u32> {
        SAMPLE.iter().map(|(_, percent, _)| percent * 100).collect()
    }

    fn venue(at: usize) -> Vec<Exact> {
        SAMPLE.iter().map(|(_, _, ratings)| Exact::whole(i64::from(ratings[at]))).collect()
    }

    #[test]
    fn the_sample_of_c2_stands_firm() {
        let found = analyse(&weights(), &[venue(0), venue(1)]).unwrap();
        assert_eq!((found.cases.len(), found.steady), (22, 22));
        let equal: Vec<String> = found.equal.iter().map(|total| total.decimal(2, ',')).collect();
        assert_eq!(equal, ["8,18", "7,55"]);
        let duel = &found.duels[0];
        let stronger: Vec<&str> = duel.stronger.iter().map(|at| SAMPLE[*at].0).collect();
        assert_eq!(stronger, ["T6", "T7", "T9", "T11"]);
        assert_eq!(duel.joint.unwrap().decimal_up(1, ','), "3,6");
        assert_eq!(duel.margin.decimal(2, ','), "0,89");
        // T6 alone: 1 + 0.89 / (0.08 × 2) = 6.5625.
        let t6 = duel.flips.iter().find(|flip| flip.criterion == 5).unwrap();
        assert_eq!(t6.factor.unwrap().decimal(4, '.'), "6.5625");
        // Where A is stronger, even a weight of nothing does not turn the order: T5 is worth 0.48 of 0.89.
        assert_eq!(duel.flips[4].factor, None);
        // And where both are rated alike, no weight does.
        assert_eq!(duel.flips[1].factor, None);
    }

    #[test]
    fn at_the_flip_point_the_two_draw_level() {
        let found = analyse(&weights(), &[venue(0), venue(1)]).unwrap();
        let t6 = found.duels[0].flips[5].factor.unwrap();
        // 6.5625 = 105/16: all weights × 16, the sixth × 105.
        assert_eq!(t6, Exact::new(105, 16).unwrap());
        let level: Vec<u32> = weights()
            .iter()
            .enumerate()
            .map(|(at, weight)| if at == 5 { weight * 105 } else { weight * 16 })
            .collect();
        assert_eq!(total(&level, &venue(0)), total(&level, &venue(1)));
    }

    #[test]
    fn nothing_to_compare_is_no_analysis() {
        assert_eq!(analyse(&weights(), &[]), None);
        assert_eq!(analyse(&[0, 0], &[vec![Exact::ONE, Exact::ONE]]), None);
        assert_eq!(analyse(&[1], &[vec![Exact::ONE, Exact::ONE]]), None);
        let tie = analyse(&weights(), &[venue(0), venue(0)]).unwrap();
        assert_eq!((tie.first, tie.duels), (vec![0, 1], Vec::new()));
    }

    proptest! {
        #[test]
        fn scale_and_order_change_nothing(
            rows in proptest::collection::vec((1_u32..1_000, 0_u8..=10, 0_u8..=10), 1..9), times in 1_u32..50
        ) {
            let of = |rows: &[(u32, u8, u8)], times: u32| {
                let weights: Vec<u32> = rows.iter().map(|row| row.0 * times).collect();
                let one = rows.iter().map(|row| Exact::whole(i64::from(row.1))).collect();
                let two = rows.iter().map(|row| Exact::whole(i64::from(row.2))).collect();
                analyse(&weights, &[one, two]).unwrap()
            };
            let (plain, scaled) = (of(&rows, 1), of(&rows, times));
            prop_assert_eq!(&plain, &scaled);
            let mut turned = rows.clone();
            turned.reverse();
            let turned = of(&turned, 1);
            prop_assert_eq!((plain.totals, plain.steady, plain.equal), (turned.totals, turned.steady, turned.equal));
        }
    }
}
