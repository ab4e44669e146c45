//! The roll: everybody who has a place at the congress, as delegate, guest, journalist, in service or on duty.
//!
//! A person is entered once, keeps one code for ever (DB-0123) and is never deleted: who leaves is withdrawn or
//! replaced, by a decision that is named. Ethnicity, religion, health, discipline and the ways to reach somebody
//! stand in a table of their own and are read only with the rights [`RESTRICTED`] and [`CONTACTS`]; no event,
//! search, log or list carries them otherwise.
//!
//! | file | what |
//! |---|---|
//! | `model` | the types |
//! | `clean` | what may be stored: normal form, bounds, days that can be right |
//! | `store` | what changes the roll, as functions over a transaction |
//! | `query` | what reads it |
//! | `gap` | what the credential report needs and somebody may lack |
//! | `replacing` | alternates who take a place by a decision |
//! | `twins`, `twins_api` | two who could be one |
//! | `answers` | who comes, and what they need |
//! | `desk` | seats in groups, portraits, consent to face data |
//! | `pages` | the list, one person, the form, the groups, what is missing |
//! | `api` | the same for programs |
//! | `writing` | what programs may change |
//! | `error` | refusals, each with its sentence |
//!
//! Events: `delegate.*` on topics `delegates` and `delegates/<id>`. They name fields, never what stands in them.

pub mod answers;
pub mod api;
pub mod clean;
pub mod desk;
pub mod error;
pub mod gap;
pub mod model;
pub mod pages;
pub mod query;
pub mod replacing;
pub mod store;
#[cfg(test)]
mod tests;
pub mod twins;
pub mod twins_api;
pub mod writing;

use platform::{
    db::Migration,
    i18n::Catalogue,
    identity::{Actor, Capability, Right},
};

pub use error::DelegateError;
use model::Sight;

platform::inventory::submit! {
    Catalogue { area: "delegates", vi: include_str!("vi.ftl"), en: include_str!("en.ftl") }
}

/// The tables of the roll.
pub const MIGRATIONS: &[Migration] = &[
    Migration { area: "delegates", version: 1, sql: include_str!("migrations/1.sql") },
    Migration { area: "delegates", version: 2, sql: include_str!("migrations/2.sql") },
    Migration { area: "delegates", version: 3, sql: include_str!("migrations/3.sql") },
];

/// The area's name in grants.
pub const AREA: &str = "delegates";
/// The area of the columns on ethnicity, religion, health and discipline.
pub const RESTRICTED: &str = "restricted";
/// The area of telephone numbers and e-mail addresses.
pub const CONTACTS: &str = "contacts";

/// Topic of everything about the roll.
pub const TOPIC: &str = "delegates";

/// See the roll.
pub struct ReadDelegates;
impl Capability for ReadDelegates {
    const AREA: &'static str = AREA;
    const RIGHT: Right = Right::Read;
    // The roll is one: a participant belongs to a delegation, not to a unit of the office.
    const EVERYWHERE: bool = true;
}

/// Enter, change, import.
pub struct ManageDelegates;
impl Capability for ManageDelegates {
    const AREA: &'static str = AREA;
    const RIGHT: Right = Right::Manage;
    const EVERYWHERE: bool = true;
}

/// Which restricted columns an actor may see.
pub fn sight<C: Capability>(actor: &Actor<C>) -> Sight {
    Sight {
        restricted: actor.may(RESTRICTED, Right::Read, None),
        contacts: actor.may(CONTACTS, Right::Read, None),
    }
}

/// Which restricted columns a program or a file may write for an actor.
pub fn may_write<C: Capability>(actor: &Actor<C>) -> Sight {
    Sight {
        restricted: actor.may(RESTRICTED, Right::Manage, None),
        contacts: actor.may(CONTACTS, Right::Manage, None),
    }
}
