//! Venues: sites with their spaces and exits, surveyed on a phone, judged by gates, rated by people who do not
//! know of each other, chosen by a signed decision, taken over and given back.
//!
//! What is stored is what someone did: a measurement, a record of a form, a judged gate, a version of the
//! criteria, a recommendation, a signature. Capacity, gates together, means, totals, places, sensitivity and
//! open cases follow from that each time, by the `rules` crate.
//!
//! | file | what |
//! |---|---|
//! | `model` | the types |
//! | `store` | all SQL, as functions over a transaction: sites, criteria, surveys, judging, decision |
//! | `picture` | one round put together: gates, ratings, ranking, sensitivity |
//! | `pages`, `api` | the same verbs for people and for programs |
//!
//! Events: `venue.*`; everything is on the topic `venues`, one venue also on `venues/<id>`.

pub mod api;
pub mod demo;
pub mod error;
pub mod model;
pub mod pages;
pub mod paper;
pub mod picture;
pub mod refusals;
pub mod store;
#[cfg(test)]
mod tests;

use platform::{
    db::Migration,
    i18n::Catalogue,
    identity::{Actor, Capability, Confidentiality, Right, Scope},
};

pub use error::VenueError;
pub use store::Who;

platform::inventory::submit! {
    Catalogue {
        area: "venues",
        vi: include_str!("words/core.vi.ftl"),
        en: include_str!("words/core.en.ftl"),
    }
}

/// The tables of venues; they stand on those of tasks and decisions.
pub const MIGRATIONS: &[Migration] =
    &[Migration { area: "venues", version: 1, sql: include_str!("migrations/1.sql") }];

/// The area's name in grants.
pub const AREA: &str = "venues";

/// See venues and, unless one rates oneself, what others rated.
pub struct ReadVenues;
impl Capability for ReadVenues {
    const AREA: &'static str = AREA;
    const RIGHT: Right = Right::Read;
}

/// Survey: write on the forms of one's own office.
pub struct ContributeVenues;
impl Capability for ContributeVenues {
    const AREA: &'static str = AREA;
    const RIGHT: Right = Right::Contribute;
}

/// Keep venues, criteria and rounds, judge gates, choose between records that disagree, recommend.
pub struct ManageVenues;
impl Capability for ManageVenues {
    const AREA: &'static str = AREA;
    const RIGHT: Right = Right::Manage;
    const EVERYWHERE: bool = true;
}

/// Decide: send a recommendation back, sign the decision.
pub struct DecideVenues;
impl Capability for DecideVenues {
    const AREA: &'static str = AREA;
    const RIGHT: Right = Right::Decide;
    const EVERYWHERE: bool = true;
}

/// What the actor is to venues.
pub fn who<C: Capability>(actor: &Actor<C>) -> Who {
    let holds = |right| actor.scope(AREA, right, Confidentiality::Normal) == Scope::Everywhere;
    Who {
        office: Some(actor.office.id),
        person: Some(actor.person.id),
        surveys: actor.covers_area(AREA, Right::Contribute, Confidentiality::Normal),
        manages: holds(Right::Manage),
        decides: holds(Right::Decide),
    }
}
