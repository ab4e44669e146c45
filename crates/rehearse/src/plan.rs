//! Who comes when, to which lane, with what. The same seed makes the same plan.
//!
//! Arrivals follow the curve of the access reference (section 6): 60–70 % come in the first half of the time, and the
//! peak minute is one and a half times the mean. A lane takes some 20–25 people a minute.

use std::time::Duration;

use rand::{Rng as _, SeedableRng as _, seq::SliceRandom as _};
use rand_chacha::ChaCha8Rng;
use serde::Serialize;

/// What somebody holds out, as places in the lists of the world that the plan was made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// The badge that opens of this person.
    Good(usize),
    /// The badge of this person with another signature.
    Forged(usize),
    /// A pass of another congress.
    Foreign(u64),
    /// A copy that was revoked.
    Revoked(usize),
    /// A badge of another day.
    OtherDay(usize),
    /// Some other QR code.
    Unknown(u64),
}

/// One time at a lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Act {
    /// Goes out instead of in.
    pub out: bool,
    /// How long after the one before.
    pub after: Duration,
    /// The lane that was chosen whatever its queue; the shortest queue otherwise.
    pub lane: Option<usize>,
    /// How long the lane is taken.
    pub service: Duration,
}

/// Somebody, from the arrival on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Walker {
    /// When they come, from the opening of the doors.
    pub at: Duration,
    /// What they hold out.
    pub code: Code,
    /// What they do, one after the other.
    pub acts: Vec<Act>,
}

/// A lane without a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Outage {
    /// Which.
    pub lane: usize,
    /// From when.
    pub from: Duration,
    /// For how long.
    pub length: Duration,
}

/// What a plan is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// People with a badge that opens.
    pub people: usize,
    /// Revoked copies that there are to show.
    pub revoked: usize,
    /// Badges of another day that there are to show.
    pub other_day: usize,
    /// Lanes.
    pub lanes: usize,
    /// The length of the arrivals.
    pub length: Duration,
    /// The seed.
    pub seed: u64,
}

/// A whole plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// Everybody, by arrival.
    pub walkers: Vec<Walker>,
    /// Lanes cut off.
    pub outages: Vec<Outage>,
}

/// The density of arrivals at its corners: rises to the peak, stays, falls slowly. Its area is 1 and the area of its
/// first half 0.65.
const CURVE: [(f64, f64); 4] = [(0.0, 0.614), (0.2, 1.5), (0.4, 1.5), (1.0, 0.129)];

/// The share of the time at which this share of the people has come.
fn moment(share: f64) -> f64 {
    let mut before = 0.0;
    for pair in CURVE.windows(2) {
        let &[(x0, y0), (x1, y1)] = pair else { continue };
        let (width, slope) = (x1 - x0, (y1 - y0) / (x1 - x0));
        let area = width * (y0 + y1) / 2.0;
        if before + area >= share {
            let left = share - before;
            // left = y0·t + slope·t²/2
            let t = if slope.abs() < 1e-9 {
                left / y0
            } else {
                ((y0 * y0 + 2.0 * slope * left).max(0.0).sqrt() - y0) / slope
            };
            return (x0 + t).clamp(0.0, 1.0);
        }
        before += area;
    }
    1.0
}

/// Of a thousand: what happens besides coming once.
const AGAIN: u32 = 40;
const RE_ENTRY: u32 = 50;
const ANY_LANE: u32 = 150;
const FORGED: usize = 6;
const FOREIGN: usize = 4;
const UNKNOWN: usize = 8;

impl Plan {
    /// Makes the plan of a shape.
    pub fn of(shape: &Shape) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(shape.seed);
        let mut people: Vec<usize> = (0..shape.people).collect();
        people.shuffle(&mut rng);
        let count = people.len();
        let mut walkers: Vec<Walker> = people
            .into_iter()
            .enumerate()
            .map(|(place, person)| {
                #[allow(clippy::cast_precision_loss, reason = "far below 2^52")]
                let share = (place as f64 + rng.random::<f64>()) / count as f64;
                let at = shape.length.mul_f64(moment(share));
                let acts = acts(&mut rng, shape.lanes);
                Walker { at, code: Code::Good(person), acts }
            })
            .collect();
        for code in odd(shape, &mut rng) {
            let at = shape.length.mul_f64(moment(rng.random()));
            walkers.push(Walker { at, code, acts: vec![act(&mut rng, shape.lanes, false, Duration::ZERO)] });
        }
        walkers.sort_by_key(|walker| walker.at);
        Self { walkers, outages: outages(shape, &mut rng) }
    }
}

fn act(rng: &mut ChaCha8Rng, lanes: usize, out: bool, after: Duration) -> Act {
    let service = 1.5 + 1.4 * (rng.random::<f64>() + rng.random::<f64>()) / 2.0;
    // One in thirty looks for the badge first.
    let service = if rng.random_ratio(1, 30) { service + 4.0 } else { service };
    let lane = (rng.random_ratio(ANY_LANE, 1000) && lanes > 0).then(|| rng.random_range(0..lanes));
    Act { out, after, lane, service: Duration::from_secs_f64(service) }
}

fn seconds(rng: &mut ChaCha8Rng, range: std::ops::Range<u64>) -> Duration {
    Duration::from_secs(rng.random_range(range))
}

fn acts(rng: &mut ChaCha8Rng, lanes: usize) -> Vec<Act> {
    let mut all = vec![act(rng, lanes, false, Duration::ZERO)];
    if rng.random_ratio(AGAIN, 1000) {
        // The badge held out once more, or a copy of it at another lane.
        let after = seconds(rng, 1..20);
        let mut again = act(rng, lanes, false, after);
        if lanes > 0 && rng.random_bool(0.5) {
            again.lane = Some(rng.random_range(0..lanes));
        }
        all.push(again);
    }
    if rng.random_ratio(RE_ENTRY, 1000) {
        let (stays, away) = (seconds(rng, 60..300), seconds(rng, 30..180));
        all.push(act(rng, lanes, true, stays));
        all.push(act(rng, lanes, false, away));
    }
    all
}

/// What is held out besides the badges of the roll.
fn odd(shape: &Shape, rng: &mut ChaCha8Rng) -> Vec<Code> {
    let some = |per_mille: usize| (shape.people * per_mille / 1000).max(1);
    let mut all = Vec::new();
    if shape.people > 0 {
        all.extend((0..some(FORGED)).map(|_| Code::Forged(rng.random_range(0..shape.people))));
    }
    all.extend((0..some(FOREIGN)).map(|_| Code::Foreign(rng.random())));
    all.extend((0..some(UNKNOWN)).map(|_| Code::Unknown(rng.random())));
    all.extend((0..shape.revoked).map(Code::Revoked));
    all.extend((0..shape.other_day).map(Code::OtherDay));
    all
}

/// One lane in eight, and one at least, is without a network for two to four minutes; a single lane never is.
fn outages(shape: &Shape, rng: &mut ChaCha8Rng) -> Vec<Outage> {
    if shape.lanes < 2 {
        return Vec::new();
    }
    let mut lanes: Vec<usize> = (0..shape.lanes).collect();
    lanes.shuffle(rng);
    lanes.truncate((shape.lanes / 8).max(1));
    lanes
        .into_iter()
        .map(|lane| Outage {
            lane,
            from: shape.length.mul_f64(rng.random_range(0.1..0.6)),
            length: Duration::from_secs(rng.random_range(120..240)),
        })
        .collect()
}

#[cfg(test)]
#[allow(clippy::cast_precision_loss, reason = "small numbers")]
mod tests {
    use super::*;

    fn shape(people: usize, lanes: usize, seed: u64) -> Shape {
        let length = Duration::from_secs(30 * 60);
        Shape { people, revoked: 3, other_day: 2, lanes, length, seed }
    }

    #[test]
    fn a_seed_makes_one_plan_and_another_seed_another() {
        let plan = Plan::of(&shape(547, 8, 7));
        assert_eq!(plan, Plan::of(&shape(547, 8, 7)));
        assert_ne!(plan, Plan::of(&shape(547, 8, 8)));
    }

    #[test]
    fn everybody_comes_and_each_badge_is_one_persons() {
        let plan = Plan::of(&shape(547, 8, 7));
        let mut people: Vec<usize> = plan
            .walkers
            .iter()
            .filter_map(|walker| if let Code::Good(person) = walker.code { Some(person) } else { None })
            .collect();
        people.sort_unstable();
        assert_eq!(people, (0..547).collect::<Vec<_>>());
        for kind in ["Forged", "Foreign", "Unknown", "Revoked", "OtherDay"] {
            let there = plan.walkers.iter().any(|walker| format!("{:?}", walker.code).starts_with(kind));
            assert!(there, "{kind}");
        }
        let acts = plan.walkers.iter().flat_map(|walker| &walker.acts);
        assert!(acts.clone().any(|act| act.out));
        assert!(acts.clone().all(|act| act.lane.is_none_or(|lane| lane < 8)));
        assert!(acts.count() > 590);
    }

    /// Access reference 6: 60–70 % in the first part, the peak minute one and a half times the mean.
    #[test]
    fn arrivals_follow_the_curve() {
        let plan = Plan::of(&shape(10_000, 40, 3));
        let all = plan.walkers.len() as f64;
        let half = Duration::from_secs(15 * 60);
        let first = plan.walkers.iter().filter(|walker| walker.at < half).count() as f64 / all;
        assert!((0.60..=0.70).contains(&first), "{first}");
        let mut minutes = [0_u32; 31];
        for walker in &plan.walkers {
            minutes[usize::try_from(walker.at.as_secs() / 60).unwrap_or(30)] += 1;
        }
        let peak = f64::from(*minutes.iter().max().unwrap_or(&0)) / (all / 30.0);
        assert!((1.4..=1.65).contains(&peak), "{peak}");
    }

    #[test]
    fn some_lanes_are_cut_off_and_never_all() {
        assert!(Plan::of(&shape(10, 1, 1)).outages.is_empty());
        assert_eq!(Plan::of(&shape(10, 8, 1)).outages.len(), 1);
        let many = Plan::of(&shape(10, 40, 1)).outages;
        assert_eq!(many.len(), 5);
        let lanes: std::collections::BTreeSet<usize> = many.iter().map(|outage| outage.lane).collect();
        assert_eq!(lanes.len(), 5);
    }
}
