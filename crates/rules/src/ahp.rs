//! Weights from comparing two at a time (AHP; T. L. Saaty, *The Analytic Hierarchy Process*, 1980).
//!
//! People answer "which of the two matters more, and how much more" on Saaty's scale 1–9. The weights are the
//! principal eigenvector of the matrix of answers; λmax says how well the answers agree with each other:
//! CI = (λmax − n) / (n − 1), CR = CI / RI(n), and above 0.10 the answers contradict each other too much
//! (preparation reference 4.3). Then the pair that does most harm is named with the answer that would fit.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::message::{Arg, Args};

/// The most things that are compared at once.
pub const MOST: usize = 10;

/// CR up to which answers may be used.
pub const LIMIT: f64 = 0.10;

/// Random index by number of things, from 1 to 10 (Saaty 1980, table of mean CI of random matrices; 3–8 as
/// printed in preparation reference 4.3).
pub const RANDOM_INDEX: [f64; MOST] = [0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49];

/// An answer on Saaty's scale: `n` means the first matters n times as much as the second, `-n` the second n times
/// as much as the first. 1 and −1 both mean alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "i8", into = "i8")]
pub struct Answer(i8);

impl Answer {
    /// Both matter alike.
    pub const ALIKE: Self = Self(1);

    /// An answer from −9 to 9 without 0.
    pub fn new(value: i8) -> Option<Self> {
        match value {
            -1 => Some(Self(1)),
            2..=9 | -9..=-2 | 1 => Some(Self(value)),
            _ => None,
        }
    }

    /// The number on the scale.
    pub fn value(self) -> i8 {
        self.0
    }

    /// How many times the first matters as much as the second.
    pub fn ratio(self) -> f64 {
        if self.0 < 0 { 1.0 / f64::from(-self.0) } else { f64::from(self.0) }
    }

    /// The answer nearest to a ratio, by proportion.
    pub fn nearest(ratio: f64) -> Self {
        let log = ratio.max(f64::MIN_POSITIVE).ln();
        let mut best = Self::ALIKE;
        for value in (2..=9).flat_map(|n| [n, -n]) {
            let one = Self(value);
            if (one.ratio().ln() - log).abs() < (best.ratio().ln() - log).abs() {
                best = one;
            }
        }
        best
    }
}

impl TryFrom<i8> for Answer {
    type Error = &'static str;
    fn try_from(value: i8) -> Result<Self, Self::Error> {
        Self::new(value).ok_or("an answer is 1 to 9 or -9 to -1")
    }
}

impl From<Answer> for i8 {
    fn from(answer: Answer) -> Self {
        answer.0
    }
}

/// Why answers cannot be used.
#[derive(Debug, Clone, PartialEq, Error, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AhpError {
    /// Nothing to compare, or more than [`MOST`].
    #[error("{count} things cannot be compared two at a time")]
    Size {
        /// How many.
        count: usize,
    },
    /// A pair was not answered, or there are more answers than pairs.
    #[error("{given} answers for {needed} pairs")]
    Incomplete {
        /// Answers given.
        given: usize,
        /// Pairs.
        needed: usize,
    },
    /// The answers contradict each other too much.
    #[error("CR {cr:.3} is above {LIMIT}")]
    Inconsistent {
        /// The consistency ratio.
        cr: f64,
        /// The pair that does most harm; none when no single answer would help.
        worst: Option<WorstPair>,
    },
}

impl AhpError {
    /// Every message key, for the test of words.
    pub const KEYS: [&'static str; 3] = ["ahp-size", "ahp-incomplete", "ahp-inconsistent"];

    /// Message key.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Size { .. } => "ahp-size",
            Self::Incomplete { .. } => "ahp-incomplete",
            Self::Inconsistent { .. } => "ahp-inconsistent",
        }
    }

    /// Arguments of the message; the pair is named by the caller, who knows what is compared.
    pub fn args(&self) -> Args {
        let count = |n: usize| Arg::Number(i64::try_from(n).unwrap_or(i64::MAX));
        match self {
            Self::Size { count: n } => vec![("count", count(*n)), ("most", count(MOST))],
            Self::Incomplete { given, needed } => vec![("given", count(*given)), ("needed", count(*needed))],
            Self::Inconsistent { cr, .. } => vec![("cr", Arg::Text(three(*cr)))],
        }
    }
}

/// A ratio with three decimals as it is written in Vietnamese.
pub fn three(value: f64) -> String {
    format!("{value:.3}").replace('.', ",")
}

/// The pair that does most harm to consistency.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct WorstPair {
    /// The first thing, by its place.
    pub first: usize,
    /// The second.
    pub second: usize,
    /// What was answered.
    pub given: Answer,
    /// What would fit with all other answers.
    pub fits: Answer,
    /// CR with that answer.
    pub cr: f64,
}

/// Weights with how consistent the answers are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ahp {
    /// Weights, adding up to 1.
    pub weights: Vec<f64>,
    /// The principal eigenvalue.
    pub lambda: f64,
    /// Consistency index.
    pub ci: f64,
    /// Consistency ratio.
    pub cr: f64,
    /// The pair that does most harm; none when the answers agree perfectly.
    pub worst: Option<WorstPair>,
}

impl Ahp {
    /// Whether the answers may be used.
    pub fn is_consistent(&self) -> bool {
        self.cr <= LIMIT
    }

    /// The same, refused when the answers contradict each other.
    ///
    /// # Errors
    /// [`AhpError::Inconsistent`] names the worst pair and the answer that would fit.
    pub fn usable(self) -> Result<Self, AhpError> {
        if self.is_consistent() {
            Ok(self)
        } else {
            Err(AhpError::Inconsistent { cr: self.cr, worst: self.worst })
        }
    }
}

/// The pairs of `n` things in the order in which they are asked: neighbours first, because those n − 1 answers
/// alone already give weights, then those two apart, and so on.
pub fn pairs(n: usize) -> Vec<(usize, usize)> {
    (1..n).flat_map(|apart| (0..n - apart).map(move |first| (first, first + apart))).collect()
}

/// Weights of `n` things from one answer for each pair in the order of [`pairs`].
///
/// # Errors
/// [`AhpError::Size`], [`AhpError::Incomplete`]. Answers that contradict each other are no error here: the wizard
/// shows their CR; [`Ahp::usable`] refuses them.
pub fn weigh(n: usize, answers: &[Answer]) -> Result<Ahp, AhpError> {
    if n == 0 || n > MOST {
        return Err(AhpError::Size { count: n });
    }
    let pairs = pairs(n);
    if pairs.len() != answers.len() {
        return Err(AhpError::Incomplete { given: answers.len(), needed: pairs.len() });
    }
    let mut matrix = vec![vec![1.0; n]; n];
    for ((first, second), answer) in pairs.iter().zip(answers) {
        matrix[*first][*second] = answer.ratio();
        matrix[*second][*first] = 1.0 / answer.ratio();
    }
    let (weights, lambda) = eigen(&matrix);
    let (ci, cr) = consistency(n, lambda);
    let worst = if n >= 3 && cr > 1e-6 { worst(&matrix, &pairs, answers, cr) } else { None };
    Ok(Ahp { weights, lambda, ci, cr, worst })
}

/// Weights while pairs are still open (P. T. Harker 1987): an open pair counts as what the others imply. None
/// while the answers do not yet tie all things together.
pub fn so_far(n: usize, answers: &[Option<Answer>]) -> Option<Vec<f64>> {
    let pairs = pairs(n);
    if n == 0 || n > MOST || pairs.len() != answers.len() {
        return None;
    }
    let mut tied = vec![false; n];
    tied[0] = true;
    for _ in 0..n {
        for ((first, second), answer) in pairs.iter().zip(answers) {
            if answer.is_some() && (tied[*first] || tied[*second]) {
                (tied[*first], tied[*second]) = (true, true);
            }
        }
    }
    if tied.contains(&false) {
        return None;
    }
    let mut matrix = vec![vec![0.0; n]; n];
    for (at, row) in matrix.iter_mut().enumerate() {
        row[at] = 1.0;
    }
    for ((first, second), answer) in pairs.iter().zip(answers) {
        match answer {
            Some(answer) => {
                matrix[*first][*second] = answer.ratio();
                matrix[*second][*first] = 1.0 / answer.ratio();
            }
            None => {
                matrix[*first][*first] += 1.0;
                matrix[*second][*second] += 1.0;
            }
        }
    }
    Some(eigen(&matrix).0)
}

/// Weights of groups spread over what is in them: each member gets its share of its group. Shares of a group need
/// not add up to anything; a group whose shares are all zero is shared equally. One list of weights for each
/// group, all together adding up to what the groups do.
pub fn spread(groups: &[f64], members: &[Vec<f64>]) -> Vec<Vec<f64>> {
    groups
        .iter()
        .zip(members)
        .map(|(group, shares)| {
            let sum: f64 = shares.iter().sum();
            #[allow(clippy::cast_precision_loss, reason = "a handful of criteria")]
            let count = shares.len() as f64;
            shares.iter().map(|share| if sum > 0.0 { group * share / sum } else { group / count }).collect()
        })
        .collect()
}

fn consistency(n: usize, lambda: f64) -> (f64, f64) {
    #[allow(clippy::cast_precision_loss, reason = "at most ten")]
    let size = n as f64;
    let ri = RANDOM_INDEX.get(n.saturating_sub(1)).copied().unwrap_or(0.0);
    if n < 3 {
        // Two answers cannot contradict each other.
        return (0.0, 0.0);
    }
    // A perfectly consistent matrix has λ = n; below it only rounding goes.
    let ci = ((lambda - size) / (size - 1.0)).max(0.0);
    (ci, ci / ri)
}

/// Principal eigenvector (adding up to 1) and eigenvalue of a non-negative matrix, by iteration.
fn eigen(matrix: &[Vec<f64>]) -> (Vec<f64>, f64) {
    let n = matrix.len();
    #[allow(clippy::cast_precision_loss, reason = "at most ten")]
    let mut weights = vec![1.0 / n as f64; n];
    let mut lambda = 0.0;
    for _ in 0..10_000 {
        let next: Vec<f64> =
            matrix.iter().map(|row| row.iter().zip(&weights).map(|(a, w)| a * w).sum()).collect();
        let sum: f64 = next.iter().sum();
        let next: Vec<f64> = next.iter().map(|one| one / sum).collect();
        let moved: f64 = next.iter().zip(&weights).map(|(a, b)| (a - b).abs()).sum();
        weights = next;
        // Weights add up to 1, so the sum of A·w is λ once w no longer moves.
        lambda = sum;
        if moved < 1e-15 {
            break;
        }
    }
    (weights, lambda)
}

/// The pair whose fitting answer lowers CR most. What fits is what all other answers imply (Harker), brought to
/// the scale.
fn worst(matrix: &[Vec<f64>], pairs: &[(usize, usize)], answers: &[Answer], cr: f64) -> Option<WorstPair> {
    let n = matrix.len();
    let mut best: Option<WorstPair> = None;
    for ((first, second), given) in pairs.iter().zip(answers) {
        let (first, second, given) = (*first, *second, *given);
        let mut open = matrix.to_vec();
        (open[first][second], open[second][first]) = (0.0, 0.0);
        (open[first][first], open[second][second]) = (2.0, 2.0);
        let (implied, _) = eigen(&open);
        let fits = Answer::nearest(implied[first] / implied[second]);
        if fits == given {
            continue;
        }
        let mut mended = matrix.to_vec();
        mended[first][second] = fits.ratio();
        mended[second][first] = 1.0 / fits.ratio();
        let (_, after) = consistency(n, eigen(&mended).1);
        if after < cr && best.is_none_or(|best| after < best.cr - 1e-12) {
            best = Some(WorstPair { first, second, given, fits, cr: after });
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::scoring::{WHOLE, whole_weights};

    fn answers(values: &[i8]) -> Vec<Answer> {
        values.iter().map(|value| Answer::new(*value).unwrap()).collect()
    }

    /// C.2: [1 2 2 4 5; ½ 1 1 3 4; ½ 1 1 2 3; ¼ ⅓ ½ 1 2; ⅕ ¼ ⅓ ½ 1], in the order of [`pairs`].
    pub(crate) const SAMPLE: [i8; 10] = [2, 1, 2, 2, 2, 3, 3, 4, 4, 5];

    #[test]
    fn the_sample_of_c2() {
        let found = weigh(5, &answers(&SAMPLE)).unwrap();
        let weights: Vec<String> = found.weights.iter().map(|weight| three(*weight)).collect();
        assert_eq!(weights, ["0,396", "0,237", "0,204", "0,100", "0,063"]);
        assert_eq!((three(found.lambda), three(found.cr)), ("5,046".to_owned(), "0,010".to_owned()));
        assert!(found.is_consistent());
        assert!(found.usable().is_ok());
    }

    #[test]
    fn pairs_are_asked_neighbours_first() {
        assert_eq!(pairs(4), [(0, 1), (1, 2), (2, 3), (0, 2), (1, 3), (0, 3)]);
        assert_eq!(pairs(1), []);
        assert_eq!(pairs(0), []);
    }

    #[test]
    fn answers_that_contradict_each_other_are_refused_with_the_pair_that_does_most_harm() {
        // A ≻ B ≻ C, each five times, and yet C is said to matter nine times as much as A.
        let found = weigh(3, &answers(&[5, 5, -9])).unwrap();
        assert!(found.cr > 1.0);
        let Err(AhpError::Inconsistent { cr, worst: Some(worst) }) = found.usable() else {
            panic!("refused")
        };
        assert!(cr > LIMIT);
        assert_eq!((worst.first, worst.second, worst.given.value()), (0, 2, -9));
        // 5 × 5 is beyond the scale: nine fits best.
        assert_eq!(worst.fits.value(), 9);
        let mended = weigh(3, &answers(&[5, 5, 9])).unwrap();
        assert!((mended.cr - worst.cr).abs() < 1e-9);

        // One answer of the sample turned round is found among ten.
        let mut turned = answers(&SAMPLE);
        turned[5] = Answer::new(-7).unwrap();
        let found = weigh(5, &turned).unwrap();
        assert!(!found.is_consistent());
        let worst = found.worst.unwrap();
        assert_eq!((worst.first, worst.second), pairs(5)[5]);
        assert!((2..=4).contains(&worst.fits.value()), "{worst:?}");
    }

    #[test]
    fn sizes_and_gaps_are_refused() {
        for (n, given, key) in [(0, 0, "ahp-size"), (11, 55, "ahp-size"), (3, 2, "ahp-incomplete")] {
            let error = weigh(n, &vec![Answer::ALIKE; given]).unwrap_err();
            assert_eq!(error.key(), key);
            assert!(AhpError::KEYS.contains(&error.key()));
        }
        assert_eq!(weigh(1, &[]).unwrap().weights, [1.0]);
        let two = weigh(2, &answers(&[3])).unwrap();
        assert!((two.weights[0] - 0.75).abs() < 1e-12 && two.cr == 0.0 && two.worst.is_none());
        for value in [0, 10, -10] {
            assert_eq!(Answer::new(value), None);
        }
        assert_eq!(Answer::new(-1), Some(Answer::ALIKE));
        assert!(serde_json::from_str::<Answer>("0").is_err());
    }

    #[test]
    fn ten_things_can_be_compared() {
        let found = weigh(10, &[Answer::ALIKE; 45]).unwrap();
        assert!(found.cr < 1e-9 && found.weights.iter().all(|weight| (weight - 0.1).abs() < 1e-9));
    }

    #[test]
    fn weights_show_while_answering() {
        let some = |values: &[Option<i8>]| -> Vec<Option<Answer>> {
            values.iter().map(|value| value.and_then(Answer::new)).collect()
        };
        // Neighbours alone: 4 : 2 : 1.
        let found = so_far(3, &some(&[Some(2), Some(2), None])).unwrap();
        for (weight, true_weight) in found.iter().zip([4.0 / 7.0, 2.0 / 7.0, 1.0 / 7.0]) {
            assert!((weight - true_weight).abs() < 1e-9, "{found:?}");
        }
        assert_eq!(so_far(3, &some(&[Some(2), None, None])), None);
    }

    #[test]
    fn groups_spread_over_their_criteria() {
        let spread = spread(&[0.6, 0.4], &[vec![1.0, 2.0], vec![0.0, 0.0]]);
        assert!((spread[0][1] - 0.4).abs() < 1e-12 && (spread[1][0] - 0.2).abs() < 1e-12);
        let flat: Vec<f64> = spread.into_iter().flatten().collect();
        assert_eq!(whole_weights(&flat), Some(vec![2_000, 4_000, 2_000, 2_000]));
        assert_eq!(whole_weights(&flat).map(|weights| weights.iter().sum()), Some(WHOLE));
    }

    proptest! {
        /// A matrix whose entries are ratios of true weights gives those weights back, with CR 0.
        #[test]
        fn true_weights_come_back(weights in proptest::collection::vec(0.1_f64..9.0, 3..10)) {
            let n = weights.len();
            let matrix: Vec<Vec<f64>> =
                weights.iter().map(|a| weights.iter().map(|b| a / b).collect()).collect();
            let (found, lambda) = eigen(&matrix);
            let sum: f64 = weights.iter().sum();
            for (found, weight) in found.iter().zip(&weights) {
                prop_assert!((found - weight / sum).abs() < 1e-9);
            }
            prop_assert!(consistency(n, lambda).1 < 1e-9);
        }

        /// Weights lie between 0 and 1, add up to 1, λ is at least n, and renaming things renames weights.
        #[test]
        fn bounds_and_permutation(values in proptest::collection::vec(-9_i8..=9, 10)) {
            let answers: Vec<Answer> =
                values.iter().map(|value| Answer::new(*value).unwrap_or(Answer::ALIKE)).collect();
            let found = weigh(5, &answers).unwrap();
            prop_assert!((found.weights.iter().sum::<f64>() - 1.0).abs() < 1e-9);
            prop_assert!(found.weights.iter().all(|weight| *weight > 0.0 && *weight < 1.0));
            prop_assert!(found.lambda >= 5.0 - 1e-9 && found.cr >= 0.0);
            prop_assert!(found.worst.is_none_or(|worst| worst.cr < found.cr));
            let pairs = pairs(5);
            let turned: Vec<Answer> = pairs
                .iter()
                .map(|(first, second)| {
                    let (a, b) = (4 - second, 4 - first);
                    let at = pairs.iter().position(|pair| *pair == (a, b)).unwrap();
                    // Seen from the other side: (first, second) stands for (b', a').
                    Answer::new(-answers[at].value()).unwrap_or(Answer::ALIKE)
                })
                .collect();
            let other = weigh(5, &turned).unwrap();
            for (at, weight) in found.weights.iter().enumerate() {
                prop_assert!((weight - other.weights[4 - at]).abs() < 1e-9);
            }
        }
    }
}
