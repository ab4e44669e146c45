//! Tasks in six rõ: the register of who does what by when, on whose authority, who answers for it, and what
//! comes out.
//!
//! A task is written down as [`TaskFields`](model::TaskFields), made clear until the lint of `rules::clarity`
//! finds all six rõ, assigned, followed by reports, evidence, extensions and urges, and accepted. What is
//! stored is what someone did; timing, clarity, counts, slack are derived from the [`Register`].
//!
//! | file | what |
//! |---|---|
//! | `model` | the types |
//! | `store` | all SQL, as functions over a transaction, a file for each subject |
//! | `register` | one consistent picture, filters, counts |
//! | `memory` | the register and its views kept in memory until the next commit |
//! | `clarity`, `schedule` | the rules of the `rules` crate over these types |
//! | `pages`, `api` | the same verbs for people and for programs |
//! | `exchange` | between the register and files: import, export, the signed report |
//! | `sheets`, `msproject`, `calendar_feed`, `gantt` | files and pictures in and out |
//!
//! Events: `task.*`, `plan.created`, `baseline.*`, `filter.*`, `feed.*`; everything about tasks is on the topic
//! `tasks`, one task also on `tasks/<id>`.

pub mod api;
pub mod calendar_feed;
pub mod clarity;
pub mod error;
pub mod exchange;
pub mod gantt;
pub mod memory;
pub mod model;
pub mod msproject;
pub mod pages;
pub mod reach;
pub mod register;
pub mod schedule;
pub mod sheets;
pub mod store;
pub mod templates;

use platform::{
    db::Migration,
    identity::{Actor, Capability, Confidentiality, Right},
};

pub use error::TaskError;
pub use reach::{Audience, Reach};
pub use register::{Filter, Register};

/// The tables of tasks.
pub const MIGRATIONS: &[Migration] = &[
    Migration { area: "tasks", version: 1, sql: include_str!("migrations/1.sql") },
    Migration { area: "tasks", version: 2, sql: include_str!("migrations/2.sql") },
];

/// The area's name in grants.
pub const AREA: &str = "tasks";

/// See the register.
pub struct ReadTasks;
impl Capability for ReadTasks {
    const AREA: &'static str = AREA;
    const RIGHT: Right = Right::Read;
}

/// Acknowledge, report, hand in, ask for more time, confirm a contribution.
pub struct ContributeTasks;
impl Capability for ContributeTasks {
    const AREA: &'static str = AREA;
    const RIGHT: Right = Right::Contribute;
}

/// Keep the register: write tasks down, import, tie, urge, take baselines.
pub struct ManageTasks;
impl Capability for ManageTasks {
    const AREA: &'static str = AREA;
    const RIGHT: Right = Right::Manage;
    // The register is one: a right in one unit is a role in that unit's tasks, not in the plan.
    const EVERYWHERE: bool = true;
}

/// Approve assignments, decide extensions, accept, approve baselines.
pub struct DecideTasks;
impl Capability for DecideTasks {
    const AREA: &'static str = AREA;
    const RIGHT: Right = Right::Decide;
}

/// What the actor is to tasks in general; what it is to one task follows from that task's offices.
pub fn who<C: Capability>(actor: &Actor<C>) -> store::Who {
    store::Who {
        office: Some(actor.office.id),
        organiser: actor.scope(AREA, Right::Manage, Confidentiality::Normal).into(),
        decides: actor.scope(AREA, Right::Decide, Confidentiality::Normal).into(),
    }
}

/// What the actor may see.
pub fn audience<C: Capability>(actor: &Actor<C>) -> Audience {
    let reach = |class| actor.scope(AREA, Right::Read, class).into();
    Audience::new(reach(Confidentiality::Normal), reach(Confidentiality::Internal))
}
