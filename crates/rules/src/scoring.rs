//! Choosing a venue: gates first, then a weighted sum over anchored scales, from at least three people who rated
//! without knowing of each other (preparation reference 4.3).
//!
//! Ratings are whole points 0–10, weights hundredths of a percent that add up to 100 %, and totals exact
//! fractions ([`Exact`]): 8.36 is 8.36 and not 8.359999. Only printing rounds, half up, to two decimals.

mod exact;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use exact::Exact;

use crate::{
    message::{Arg, Args},
    state::UnknownName,
};

/// The highest rating.
pub const HIGHEST: u8 = 10;

/// People who must have rated before a venue is ranked.
pub const ASSESSORS: usize = 3;

/// The most assessors of one venue; keeps exact fractions within their type.
pub const MOST_ASSESSORS: usize = 30;

/// A gap between two ratings of one criterion above this needs a note of the discussion.
pub const GAP: u8 = 3;

/// What all weights add up to: 100 % in hundredths of a percent.
pub const WHOLE: u32 = 10_000;

/// How a gate came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Gate {
    /// Đạt.
    #[serde(rename = "dat")]
    Pass,
    /// Đạt có điều kiện: the condition is written down and becomes work.
    #[serde(rename = "dat_co_dieu_kien")]
    Conditional,
    /// Không đạt.
    #[serde(rename = "khong_dat")]
    Fail,
    /// Chưa có căn cứ: nobody has shown anything yet.
    #[serde(rename = "chua_co")]
    NoEvidence,
}

impl Gate {
    /// Every result.
    pub const ALL: [Self; 4] = [Self::Pass, Self::Conditional, Self::Fail, Self::NoEvidence];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "dat",
            Self::Conditional => "dat_co_dieu_kien",
            Self::Fail => "khong_dat",
            Self::NoEvidence => "chua_co",
        }
    }

    /// Message key of its name.
    pub fn key(self) -> &'static str {
        match self {
            Self::Pass => "venue-gate-dat",
            Self::Conditional => "venue-gate-dat_co_dieu_kien",
            Self::Fail => "venue-gate-khong_dat",
            Self::NoEvidence => "venue-gate-chua_co",
        }
    }

    /// Whether a venue may be ranked with it.
    pub fn lets_through(self) -> bool {
        matches!(self, Self::Pass | Self::Conditional)
    }
}

impl fmt::Display for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Gate {
    type Err = UnknownName;
    fn from_str(name: &str) -> Result<Self, UnknownName> {
        Self::ALL.into_iter().find(|one| one.as_str() == name).ok_or_else(|| UnknownName(name.to_owned()))
    }
}

/// All gates together: one that failed fails the venue; one without evidence leaves it open; one condition makes
/// it conditional. Without any gate nothing was shown.
pub fn gates(results: impl IntoIterator<Item = Gate>) -> Gate {
    let mut all = None;
    for gate in results {
        let rank = |gate: Gate| match gate {
            Gate::Pass => 0,
            Gate::Conditional => 1,
            Gate::NoEvidence => 2,
            Gate::Fail => 3,
        };
        all = Some(all.map_or(gate, |worst| if rank(gate) > rank(worst) { gate } else { worst }));
    }
    all.unwrap_or(Gate::NoEvidence)
}

/// Why weights cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum WeightError {
    /// There is no criterion to weigh.
    #[error("no criteria")]
    None,
    /// All weights are zero: nothing would count.
    #[error("all weights are zero")]
    AllZero,
    /// They do not add up to 100 %.
    #[error("the weights add up to {sum}, not to {WHOLE}")]
    Sum {
        /// What they add up to, hundredths of a percent.
        sum: u64,
    },
}

impl WeightError {
    /// Every message key, for the test of words.
    pub const KEYS: [&'static str; 3] =
        ["scoring-weights-none", "scoring-weights-zero", "scoring-weights-sum"];

    /// Message key.
    pub fn key(self) -> &'static str {
        match self {
            Self::None => "scoring-weights-none",
            Self::AllZero => "scoring-weights-zero",
            Self::Sum { .. } => "scoring-weights-sum",
        }
    }

    /// Arguments of the message.
    pub fn args(self) -> Args {
        match self {
            Self::Sum { sum } => {
                let whole = Exact::new(i128::from(sum), 100).unwrap_or(Exact::ZERO);
                vec![("sum", Arg::Text(whole.decimal(2, ',')))]
            }
            _ => Vec::new(),
        }
    }
}

/// Whether weights, in hundredths of a percent, may be used.
///
/// # Errors
/// [`WeightError`].
pub fn check_weights(weights: &[u32]) -> Result<(), WeightError> {
    if weights.is_empty() {
        return Err(WeightError::None);
    }
    let sum: u64 = weights.iter().map(|weight| u64::from(*weight)).sum();
    match sum {
        0 => Err(WeightError::AllZero),
        sum if sum == u64::from(WHOLE) => Ok(()),
        sum => Err(WeightError::Sum { sum }),
    }
}

/// The ratings of one criterion at one venue, put side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Spread {
    /// How many rated.
    pub count: usize,
    /// The mean.
    pub mean: Exact,
    /// The lowest.
    pub low: u8,
    /// The highest.
    pub high: u8,
}

impl Spread {
    /// Of these ratings; none when nobody rated, or more than [`MOST_ASSESSORS`] did.
    pub fn of(ratings: &[u8]) -> Option<Self> {
        let (low, high) = (*ratings.iter().min()?, *ratings.iter().max()?);
        if ratings.len() > MOST_ASSESSORS {
            return None;
        }
        let sum: i128 = ratings.iter().map(|rating| i128::from(*rating)).sum();
        let mean = Exact::new(sum, i128::try_from(ratings.len()).ok()?)?;
        Some(Self { count: ratings.len(), mean, low, high })
    }

    /// Highest minus lowest.
    pub fn gap(self) -> u8 {
        self.high.saturating_sub(self.low)
    }

    /// Whether those who rated must talk about it first.
    pub fn needs_discussion(self) -> bool {
        self.gap() > GAP
    }
}

/// A weighted total on the scale of the ratings: `Σ weight × score / Σ weight`. None when all weights are zero.
pub fn total(weights: &[u32], scores: &[Exact]) -> Option<Exact> {
    let sum: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
    if sum == 0 || weights.len() != scores.len() {
        return None;
    }
    let mut total = Exact::ZERO;
    for (weight, score) in weights.iter().zip(scores) {
        total = total.plus(score.times(Exact::new(i128::from(*weight), sum)?));
    }
    Some(total)
}

/// Why a venue is not ranked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Blocker {
    /// A gate failed or has no evidence.
    Gate {
        /// Its code.
        code: String,
        /// How it came out.
        result: Gate,
    },
    /// Nobody rated a criterion.
    Unrated {
        /// Its code.
        code: String,
    },
    /// Fewer than three people rated.
    FewAssessors {
        /// How many handed in.
        have: usize,
        /// How many are needed.
        need: usize,
    },
    /// Ratings lie too far apart and nobody wrote down the discussion.
    Discussion {
        /// The criterion.
        code: String,
        /// The lowest rating.
        low: u8,
        /// The highest.
        high: u8,
    },
    /// Two records of one form disagree and nobody has chosen.
    OpenCases {
        /// How many.
        count: usize,
    },
}

impl Blocker {
    /// Every message key, for the test of words.
    pub const KEYS: [&'static str; 6] = [
        "scoring-blocked-gate",
        "scoring-blocked-no-evidence",
        "scoring-blocked-unrated",
        "scoring-blocked-assessors",
        "scoring-blocked-discussion",
        "scoring-blocked-cases",
    ];

    /// Message key.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Gate { result: Gate::NoEvidence, .. } => "scoring-blocked-no-evidence",
            Self::Gate { .. } => "scoring-blocked-gate",
            Self::Unrated { .. } => "scoring-blocked-unrated",
            Self::FewAssessors { .. } => "scoring-blocked-assessors",
            Self::Discussion { .. } => "scoring-blocked-discussion",
            Self::OpenCases { .. } => "scoring-blocked-cases",
        }
    }

    /// Arguments of the message.
    pub fn args(&self) -> Args {
        let count = |n: usize| Arg::Number(i64::try_from(n).unwrap_or(i64::MAX));
        match self {
            Self::Gate { code, .. } | Self::Unrated { code } => vec![("code", Arg::Text(code.clone()))],
            Self::FewAssessors { have, need } => vec![("have", count(*have)), ("need", count(*need))],
            Self::Discussion { code, low, high } => vec![
                ("code", Arg::Text(code.clone())),
                ("low", Arg::Number(i64::from(*low))),
                ("high", Arg::Number(i64::from(*high))),
            ],
            Self::OpenCases { count: cases } => vec![("count", count(*cases))],
        }
    }
}

/// A criterion that is rated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Criterion {
    /// Its code: T6.
    pub code: String,
    /// Its weight, hundredths of a percent.
    pub weight: u32,
}

/// A venue as it comes to the ranking.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Candidate {
    /// Gates by code.
    pub gates: Vec<(String, Gate)>,
    /// Ratings of those who handed in, one list for each criterion in the criteria's order.
    pub ratings: Vec<Vec<u8>>,
    /// How many handed in.
    pub assessors: usize,
    /// Codes of criteria whose discussion of the present gap is written down.
    pub discussed: Vec<String>,
    /// Records that disagree.
    pub open_cases: usize,
}

/// Where a venue stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// Its gates together.
    pub gate: Gate,
    /// Its total, also when it is not ranked (then only for reference); none while a criterion is unrated.
    pub total: Option<Exact>,
    /// Its place, 1 first; venues with one total share a place. None: not ranked.
    pub place: Option<usize>,
    /// Ratings side by side, in the criteria's order.
    pub spreads: Vec<Option<Spread>>,
    /// Why it is not ranked; empty when it is.
    pub blockers: Vec<Blocker>,
}

impl Standing {
    /// The means, when every criterion was rated.
    pub fn scores(&self) -> Option<Vec<Exact>> {
        self.spreads.iter().map(|spread| spread.map(|spread| spread.mean)).collect()
    }
}

/// Ranks venues; the answer is in the order of the candidates.
///
/// # Errors
/// [`WeightError`] when nothing can be weighed.
pub fn rank(criteria: &[Criterion], candidates: &[Candidate]) -> Result<Vec<Standing>, WeightError> {
    let weights: Vec<u32> = criteria.iter().map(|criterion| criterion.weight).collect();
    check_weights(&weights)?;
    let mut standings: Vec<Standing> =
        candidates.iter().map(|candidate| stand(criteria, &weights, candidate)).collect();
    let totals: Vec<Exact> = standings
        .iter()
        .filter(|standing| standing.blockers.is_empty())
        .filter_map(|standing| standing.total)
        .collect();
    for standing in standings.iter_mut().filter(|standing| standing.blockers.is_empty()) {
        standing.place =
            standing.total.map(|total| totals.iter().filter(|other| **other > total).count() + 1);
    }
    Ok(standings)
}

fn stand(criteria: &[Criterion], weights: &[u32], candidate: &Candidate) -> Standing {
    let none = Vec::new();
    let spreads: Vec<Option<Spread>> =
        (0..criteria.len()).map(|at| Spread::of(candidate.ratings.get(at).unwrap_or(&none))).collect();
    let mut blockers = Vec::new();
    if candidate.gates.is_empty() {
        blockers.push(Blocker::Gate { code: "—".to_owned(), result: Gate::NoEvidence });
    }
    for (code, result) in &candidate.gates {
        if !result.lets_through() {
            blockers.push(Blocker::Gate { code: code.clone(), result: *result });
        }
    }
    if candidate.assessors < ASSESSORS {
        blockers.push(Blocker::FewAssessors { have: candidate.assessors, need: ASSESSORS });
    }
    for (criterion, spread) in criteria.iter().zip(&spreads) {
        let code = criterion.code.clone();
        match spread {
            None => blockers.push(Blocker::Unrated { code }),
            Some(spread) if spread.count < ASSESSORS && candidate.assessors >= ASSESSORS => {
                blockers.push(Blocker::Unrated { code });
            }
            Some(spread) if spread.needs_discussion() && !candidate.discussed.contains(&code) => {
                blockers.push(Blocker::Discussion { code, low: spread.low, high: spread.high });
            }
            Some(_) => {}
        }
    }
    if candidate.open_cases > 0 {
        blockers.push(Blocker::OpenCases { count: candidate.open_cases });
    }
    let scores: Option<Vec<Exact>> = spreads.iter().map(|spread| spread.map(|spread| spread.mean)).collect();
    Standing {
        gate: gates(candidate.gates.iter().map(|(_, gate)| *gate)),
        total: scores.and_then(|scores| total(weights, &scores)),
        place: None,
        spreads,
        blockers,
    }
}

/// Shares of any size as whole weights that add up to exactly 100 %: each is rounded down, and what is missing
/// goes to the largest remainders. None for shares that are negative, not finite or all zero.
pub fn whole_weights(shares: &[f64]) -> Option<Vec<u32>> {
    let sum: f64 = shares.iter().sum();
    if !(sum.is_finite() && sum > 0.0) || shares.iter().any(|share| *share < 0.0) {
        return None;
    }
    let exact: Vec<f64> = shares.iter().map(|share| share / sum * f64::from(WHOLE)).collect();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 10 000")]
    let mut weights: Vec<u32> = exact.iter().map(|share| share.floor() as u32).collect();
    let mut order: Vec<usize> = (0..exact.len()).collect();
    order.sort_by(|a, b| exact[*b].fract().total_cmp(&exact[*a].fract()).then(a.cmp(b)));
    let missing = WHOLE.saturating_sub(weights.iter().sum());
    for at in order.into_iter().cycle().take(usize::try_from(missing).unwrap_or(0)) {
        weights[at] += 1;
    }
    Some(weights)
}

#[cfg(test)]
pub(crate) mod tests;
