//! The weekly briefing (*giao ban*): from frozen figures to tasks that somebody has confirmed.
//!
//! A [`Series`](model::Series) proposes its next meeting on the working calendar; a person confirms it. At the
//! cut-off the register is frozen into a hashed [`Snapshot`](snapshot::Snapshot), from which the agenda fills
//! itself. In the meeting numbered conclusions are typed, each with exactly one disposition; the chair signs
//! once, and in that transaction every disposition is applied to the register of tasks and entered in the register
//! of decisions. Signed minutes never change: a supplementary record corrects them. The notice of conclusions
//! takes its number from the register of the term, once.
//!
//! | file | what |
//! |---|---|
//! | `model` | the types |
//! | `hand` | who acts, as far as briefings care |
//! | `store` | series, meetings, attendance |
//! | `snapshot` | the frozen figures: content, hash, last week, what changed since |
//! | `agenda` | the items: filled, ordered, carried on |
//! | `conclusion` | the lines of the minutes while they are typed |
//! | `sign` | preview, signature, supplementary records |
//! | `notice` | the notice of conclusions, and receipts of what it ordered |
//! | `report` | the report of the week under a number |
//! | `freezer` | the clock that freezes at the cut-off |
//! | `pages`, `paper` | the meeting on screen, and its papers |
//! | `api` | the same verbs for programs |
//! | `sample` | the meetings of the demo |
//!
//! Events: `briefing.*`; everything about briefings is on the topic `briefings`, one meeting also on
//! `briefings/<id>`. Events carry numbers and hashes, never what was said.

pub mod agenda;
pub mod api;
pub mod conclusion;
pub mod error;
pub mod freezer;
pub mod hand;
pub mod model;
pub mod notice;
pub mod pages;
pub mod paper;
pub mod report;
pub mod sample;
pub mod sign;
pub mod snapshot;
pub mod store;
#[cfg(test)]
mod tests;

use platform::{
    db::Migration,
    i18n::Catalogue,
    identity::{Capability, Right},
};

pub use error::BriefingError;
pub use hand::Hand;

platform::inventory::submit! {
    Catalogue {
        area: "briefings-core",
        vi: include_str!("words/core.vi.ftl"),
        en: include_str!("words/core.en.ftl"),
    }
}

/// The tables of briefings.
pub const MIGRATIONS: &[Migration] = &[
    Migration { area: "briefings", version: 1, sql: include_str!("migrations/1.sql") },
    Migration { area: "briefings", version: 2, sql: include_str!("migrations/2.sql") },
];

/// The area's name in grants.
pub const AREA: &str = "briefings";

/// Topic of everything about briefings.
pub const TOPIC: &str = "briefings";

/// See meetings, their figures, minutes and notices.
pub struct ReadBriefings;
impl Capability for ReadBriefings {
    const AREA: &'static str = AREA;
    const RIGHT: Right = Right::Read;
}

/// Take the minutes: open and close a meeting, type conclusions, note who came, move through the agenda.
pub struct ContributeBriefings;
impl Capability for ContributeBriefings {
    const AREA: &'static str = AREA;
    const RIGHT: Right = Right::Contribute;
}

/// Set up series and meetings, freeze the figures by hand, issue the notice.
pub struct ManageBriefings;
impl Capability for ManageBriefings {
    const AREA: &'static str = AREA;
    const RIGHT: Right = Right::Manage;
}

/// Sign, as the chair.
pub struct DecideBriefings;
impl Capability for DecideBriefings {
    const AREA: &'static str = AREA;
    const RIGHT: Right = Right::Decide;
}
