//! What a plan does not hold, whoever made it: each time the person or the group, and the reason.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Kind, Layout, Place,
    assign::{Options, Person, Team},
};

/// Rows that count as the front.
pub const FRONT_ROWS: u16 = 5;

/// Whom something is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Who {
    /// Somebody, by the place among the people.
    Person(usize),
    /// A team.
    Team(Team),
}

/// Why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// Has no place, though there are free ones.
    NotSeated,
    /// Has no place: the hall is full.
    HallFull,
    /// Of the presidium and not on the stage, where a place is free.
    NotOnStage,
    /// Of the presidium and not on the stage, which is full.
    StageFull,
    /// Sits on the stage without being of the presidium.
    Stranger,
    /// Comes in a wheelchair; a place for one is free.
    WheelchairFree,
    /// Comes in a wheelchair; no place for one is left.
    NoWheelchair,
    /// Sits on a place for a wheelchair without one.
    OnWheelchair,
    /// Needs an aisle and does not sit at one.
    NotAtAisle,
    /// Needs the front and sits behind it; the row.
    NotInFront,
    /// Sits on a place that is blocked.
    Blocked,
    /// A team with an aisle between its parts: how many.
    Divided(u16),
}

impl Reason {
    /// The end of its words' key.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotSeated => "not-seated",
            Self::HallFull => "hall-full",
            Self::NotOnStage => "not-on-stage",
            Self::StageFull => "stage-full",
            Self::Stranger => "stranger",
            Self::WheelchairFree => "wheelchair-free",
            Self::NoWheelchair => "no-wheelchair",
            Self::OnWheelchair => "on-wheelchair",
            Self::NotAtAisle => "not-at-aisle",
            Self::NotInFront => "not-in-front",
            Self::Blocked => "blocked",
            Self::Divided(_) => "divided",
        }
    }
}

/// Something that a plan does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Unmet {
    /// Whom it is about.
    pub who: Who,
    /// Why.
    pub reason: Reason,
}

/// Everything that a plan does not hold: people in their order, then teams.
pub fn review(hall: &Layout, people: &[Person], placed: &[Option<usize>], options: &Options) -> Vec<Unmet> {
    let taken: BTreeSet<usize> = placed.iter().flatten().copied().collect();
    let free = |kind: Kind| {
        hall.places.iter().enumerate().any(|(at, place)| place.kind == kind && !taken.contains(&at))
    };
    let (seat_free, chair_free, stage_free) =
        (free(Kind::Ordinary), free(Kind::Wheelchair), free(Kind::Stage));
    let stage_rows =
        hall.places.iter().filter(|place| place.kind == Kind::Stage).map(|place| place.row).max();
    let first = stage_rows.map_or(0, |row| row + 1);
    let mut out = Vec::new();
    let mut blocks: BTreeMap<Team, BTreeSet<u16>> = BTreeMap::new();
    for (at, one) in people.iter().enumerate() {
        let mut add = |reason| out.push(Unmet { who: Who::Person(at), reason });
        let upstairs = options.stage && one.presidium;
        let place: Option<&Place> =
            placed.get(at).copied().flatten().and_then(|place| hall.places.get(place));
        let Some(place) = place else {
            add(match (upstairs, stage_free, seat_free) {
                (true, true, _) | (_, _, true) => Reason::NotSeated,
                _ if one.needs.wheelchair && chair_free => Reason::NotSeated,
                _ => Reason::HallFull,
            });
            continue;
        };
        match place.kind {
            Kind::Blocked => add(Reason::Blocked),
            Kind::Stage if !upstairs => add(Reason::Stranger),
            Kind::Stage => continue,
            Kind::Wheelchair if !one.needs.wheelchair => add(Reason::OnWheelchair),
            Kind::Ordinary | Kind::Wheelchair => {}
        }
        if upstairs {
            add(if stage_free { Reason::NotOnStage } else { Reason::StageFull });
        }
        if one.needs.wheelchair && place.kind != Kind::Wheelchair {
            add(if chair_free { Reason::WheelchairFree } else { Reason::NoWheelchair });
        }
        if one.needs.aisle && !place.aisle && place.kind == Kind::Ordinary {
            add(Reason::NotAtAisle);
        }
        if one.needs.front && place.row >= first + FRONT_ROWS {
            add(Reason::NotInFront);
        }
        if place.kind == Kind::Ordinary {
            blocks.entry(one.team).or_default().insert(place.block);
        }
    }
    for (team, blocks) in blocks.into_iter().filter(|(_, blocks)| blocks.len() > 1) {
        let parts = u16::try_from(blocks.len()).unwrap_or(u16::MAX);
        out.push(Unmet { who: Who::Team(team), reason: Reason::Divided(parts) });
    }
    out
}
