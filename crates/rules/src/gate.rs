//! What a gate says to somebody who comes or goes, with a network and without.
//!
//! *One home.* Every pass has one home among the lanes of a zone ([`home_lane`]). A lane that is cut off admits on its
//! own authority only the passes it is home to; while it is cut off the server sends those passes there and admits
//! them nowhere else. So no two places ever decide about one pass, and a copy of a badge finds the same lane as the
//! badge (access reference 7, points 2 and 3).
//!
//! *One order.* Lanes merge late and in any order. What they say is put in the order of the corrected clock, equal
//! instants in the order of their ids, so every copy of the log tells the same story ([`conflicts`]).
//!
//! The same decision runs in the browser of a gate (`web/js/gate/rule.js`); `tests/gate.json` is the one table that
//! both are held against.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[cfg(test)]
mod tests;

/// Which way somebody goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// In.
    In,
    /// Out.
    Out,
}

/// How the copy of a badge stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Copy {
    /// It opens what it says.
    Good,
    /// Lost, replaced, given back.
    Revoked,
    /// Its first day is still to come, or its last is over.
    OtherDay,
}

/// What a zone says to a category at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Zone {
    /// Open.
    Open,
    /// Never open to this badge.
    Never,
    /// Open at another time.
    NotNow,
}

/// Who decides at a lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "mode")]
pub enum Lane {
    /// The server, also one that stands in the hall. `cut_off` is the home of the pass when that lane is another one
    /// and has not been heard of.
    Server {
        /// The home that decides while it is cut off.
        #[serde(default)]
        cut_off: Option<u16>,
    },
    /// The lane itself, without a network.
    Isolated {
        /// Its number.
        lane: u16,
        /// The home of the pass.
        home: u16,
        /// Whether the list of the revoked is older than may be.
        stale: bool,
        /// Whether the lane holds a record of this pass.
        known: bool,
    },
}

/// What is known of who stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// The copy of the badge.
    pub copy: Copy,
    /// Still on the roll: neither withdrawn nor replaced by an alternate.
    pub on_roll: bool,
    /// Called to this session. Alternates wait until they are.
    pub summoned: bool,
    /// The zone behind the gate.
    pub zone: Zone,
    /// Inside already.
    pub inside: bool,
}

/// What the gate answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "verdict", content = "lane")]
pub enum Verdict {
    /// Come in.
    Admit,
    /// Go out.
    Leave,
    /// Came in before and did not go out.
    AlreadyInside,
    /// This copy opens nothing any more.
    Revoked,
    /// Not on the roll any more: somebody else took the place.
    Replaced,
    /// Not on this day.
    WrongDay,
    /// Not this zone.
    WrongZone,
    /// This zone, at another time.
    WrongTime,
    /// Not called to this session.
    NotSummoned,
    /// Another lane decides.
    HomeLane(u16),
    /// A supervisor decides.
    Supervisor,
}

impl Verdict {
    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Admit => "admit",
            Self::Leave => "leave",
            Self::AlreadyInside => "already_inside",
            Self::Revoked => "revoked",
            Self::Replaced => "replaced",
            Self::WrongDay => "wrong_day",
            Self::WrongZone => "wrong_zone",
            Self::WrongTime => "wrong_time",
            Self::NotSummoned => "not_summoned",
            Self::HomeLane(_) => "home_lane",
            Self::Supervisor => "supervisor",
        }
    }

    /// Whether the person goes through.
    pub const fn opens(self) -> bool {
        matches!(self, Self::Admit | Self::Leave)
    }

    /// Whether a supervisor, with a reason, may let in after all. A revoked badge, somebody off the roll, another
    /// zone and another day are for the badge desk; who is inside already has to go out or be voided first.
    pub const fn may_be_overridden(self) -> bool {
        matches!(self, Self::WrongTime | Self::NotSummoned | Self::HomeLane(_) | Self::Supervisor)
    }
}

/// What the gate says. `overridden` is a supervisor's word for this one person.
pub fn decide(way: Way, facts: &Facts, lane: &Lane, overridden: bool) -> Verdict {
    if way == Way::Out {
        // Nobody is kept in.
        return Verdict::Leave;
    }
    let said = entry(facts, lane);
    if overridden && said.may_be_overridden() {
        return if facts.inside { Verdict::AlreadyInside } else { Verdict::Admit };
    }
    said
}

fn entry(facts: &Facts, lane: &Lane) -> Verdict {
    let refused = match facts {
        Facts { copy: Copy::Revoked, .. } => Some(Verdict::Revoked),
        Facts { on_roll: false, .. } => Some(Verdict::Replaced),
        Facts { copy: Copy::OtherDay, .. } => Some(Verdict::WrongDay),
        Facts { zone: Zone::Never, .. } => Some(Verdict::WrongZone),
        Facts { zone: Zone::NotNow, .. } => Some(Verdict::WrongTime),
        Facts { summoned: false, .. } => Some(Verdict::NotSummoned),
        Facts { inside: true, .. } => Some(Verdict::AlreadyInside),
        _ => None,
    };
    if let Some(verdict) = refused {
        return verdict;
    }
    match *lane {
        Lane::Server { cut_off: Some(home) } => Verdict::HomeLane(home),
        Lane::Server { cut_off: None } => Verdict::Admit,
        Lane::Isolated { lane, home, .. } if lane != home => Verdict::HomeLane(home),
        Lane::Isolated { stale, known, .. } if stale || !known => Verdict::Supervisor,
        Lane::Isolated { .. } => Verdict::Admit,
    }
}

/// The one lane that is home to a pass; `None` without lanes. The order in which lanes are given does not matter.
pub fn home_lane(pass: &[u8; 6], lanes: &[u16]) -> Option<u16> {
    let mut lanes = lanes.to_vec();
    lanes.sort_unstable();
    lanes.dedup();
    // FNV-1a over the random id, then mixed so that every bit counts in the remainder: a few lines in any language.
    let hash =
        pass.iter().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193));
    let hash = (hash ^ hash >> 16).wrapping_mul(0x85eb_ca6b);
    let hash = (hash ^ hash >> 13).wrapping_mul(0xc2b2_ae35);
    let hash = hash ^ hash >> 16;
    let count = u32::try_from(lanes.len()).ok().filter(|count| *count > 0)?;
    lanes.get(usize::try_from(hash % count).ok()?).copied()
}

/// Something that a place wrote down about one person in one session, as the look for conflicts sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage<I> {
    /// Its id; decides between equal instants.
    pub id: I,
    /// Which way.
    pub way: Way,
    /// When, on the corrected clock.
    pub at: Timestamp,
    /// The device or desk.
    pub place: String,
    /// Decided by the lane alone.
    pub isolated: bool,
    /// The lane was the home of the pass; true for whatever has no home.
    pub home: bool,
    /// A supervisor let in.
    pub overridden: bool,
}

/// Two things that cannot both be right, or one that should not have been.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Conflict<I> {
    /// Came in at two places without going out between.
    DoubleEntry {
        /// The entry that stands.
        first: I,
        /// The one after it.
        second: I,
    },
    /// An isolated lane let in a pass it was not home to.
    NotHome {
        /// The entry.
        entry: I,
    },
}

/// The order in which passages count: by corrected instant, equal ones by id; what came twice counts once.
pub fn in_order<I: Ord + std::marker::Copy>(passages: &[Passage<I>]) -> Vec<&Passage<I>> {
    let one_each: BTreeMap<I, &Passage<I>> = passages.iter().map(|one| (one.id, one)).collect();
    let mut all: Vec<&Passage<I>> = one_each.into_values().collect();
    all.sort_by_key(|one| (one.at, one.id));
    all
}

/// The conflicts in what was written down about one person in one session, void passages left out by the caller.
///
/// Only a lane without a network can bring one about: the server refuses what does not fit.
pub fn conflicts<I: Ord + std::marker::Copy>(passages: &[Passage<I>]) -> Vec<Conflict<I>> {
    let mut found = Vec::new();
    let mut inside: Option<&Passage<I>> = None;
    for one in in_order(passages) {
        match (one.way, inside) {
            (Way::Out, _) => inside = None,
            (Way::In, None) => inside = Some(one),
            (Way::In, Some(first)) => {
                if first.place != one.place && (first.isolated || one.isolated) {
                    found.push(Conflict::DoubleEntry { first: first.id, second: one.id });
                }
            }
        }
        if one.way == Way::In && one.isolated && !one.home && !one.overridden {
            found.push(Conflict::NotHome { entry: one.id });
        }
    }
    found.sort();
    found
}
