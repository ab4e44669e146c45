//! Official papers: who issues them and which number each one has.
//!
//! An *issuing body* is a unit, or the congress itself, as the head of its papers prints it, with the symbol that
//! stands in its numbers. The *number register* runs through the term of the congress for each body and type; a
//! congress has a series of its own (symbol ĐH), a state body begins again each year
//! ([`rules::papers::series`]). A number is used once: taken next, or chosen, or cancelled and never used again.
//!
//! The functions of [`store`] are meant to be called inside a larger transaction, so that a notice is signed and
//! numbered together or not at all:
//!
//! ```text
//! let of = Reference::new(Use::Meeting, meeting).at(format!("/giao-ban/{meeting}"));
//! let number = *papers::store::take_number(tx, body.id, "TB", today, &subject, &of)?.value();
//! ```
//!
//! | file | what |
//! |---|---|
//! | `model` | the types |
//! | `store` | all SQL, as functions over a transaction |
//! | `error` | refusals, each with its sentence |
//!
//! Events: `body.saved`, `number.taken`, `number.cancelled` on topic `papers`. They carry numbers, never subjects.

mod error;
mod model;
pub mod store;
#[cfg(test)]
mod tests;

pub use error::PapersError;
pub use model::{Body, BodyId, BodyKind, NewBody, NewNumber, NumberId, PaperNumber, Reference, Taken, Use};

use crate::{
    db::Migration,
    identity::{Capability, Right},
};

crate::inventory::submit! {
    crate::i18n::Catalogue { area: "papers", vi: include_str!("vi.ftl"), en: include_str!("en.ftl") }
}

/// The tables of papers.
pub const MIGRATIONS: &[Migration] =
    &[Migration { area: "papers", version: 1, sql: include_str!("migrations/1.sql") }];

/// The area's name in grants.
pub const AREA: &str = "papers";

/// Topic of everything about papers.
pub const TOPIC: &str = "papers";

/// See numbers and issuing bodies.
pub struct ReadPapers;
impl Capability for ReadPapers {
    const AREA: &'static str = AREA;
    const RIGHT: Right = Right::Read;
    // The register of numbers is one book.
    const EVERYWHERE: bool = true;
}

/// Take and cancel numbers, set up issuing bodies.
pub struct ManagePapers;
impl Capability for ManagePapers {
    const AREA: &'static str = AREA;
    const RIGHT: Right = Right::Manage;
    const EVERYWHERE: bool = true;
}
