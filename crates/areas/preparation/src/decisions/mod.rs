//! The register of conclusions and decisions: who decided what, on which basis, from when, what it replaces, and
//! which tasks came from it. It answers both ways: from a decision to its tasks, from a task to its decisions.
//!
//! An entry is one document, or the signed minutes of one meeting, with its numbered points ①②③. What a signature
//! entered (a briefing, a choice of venue) is never edited: a later entry amends or supersedes it. What was
//! entered by hand for a paper written elsewhere can be corrected, and removed while nothing refers to it.
//!
//! Whether an entry is in force is derived ([`rules::papers::force`]), and so is the tie to a task whose basis
//! names the entry's number ([`rules::papers::named`]).
//!
//! | file | what |
//! |---|---|
//! | `model` | the types |
//! | `store` | what changes the register, as functions over a transaction |
//! | `query` | what reads it: entries, chains, ties both ways |
//! | `error` | refusals, each with its sentence |
//! | `pages`, `form` | the list, an entry, and the form that enters one |
//! | `api` | the same verbs for programs |
//! | `demo` | the papers of the demo |
//!
//! Events: `decision.*` on topics `decisions` and `decisions/<id>`; a tie also on `tasks` and `tasks/<id>`.

pub mod api;
pub mod demo;
pub mod error;
mod form;
pub mod model;
pub(crate) mod pages;
pub mod query;
pub mod store;
#[cfg(test)]
mod tests;

use axum::{
    Router,
    routing::{get, post},
};
use platform::{
    app::App,
    db::Migration,
    i18n::Catalogue,
    identity::{Actor, Capability, Confidentiality, Right},
};

pub use error::DecisionError;

platform::inventory::submit! {
    Catalogue { area: "decisions", vi: include_str!("vi.ftl"), en: include_str!("en.ftl") }
}

/// The tables of the register.
pub const MIGRATIONS: &[Migration] =
    &[Migration { area: "decisions", version: 1, sql: include_str!("migrations/1.sql") }];

/// The area's name in grants.
pub const AREA: &str = "decisions";

/// Topic of everything about decisions.
pub const TOPIC: &str = "decisions";

/// See the register.
pub struct ReadDecisions;
impl Capability for ReadDecisions {
    const AREA: &'static str = AREA;
    const RIGHT: Right = Right::Read;
    // The register is one: an entry belongs to no unit.
    const EVERYWHERE: bool = true;
}

/// Enter papers written elsewhere, tie tasks to entries.
pub struct ManageDecisions;
impl Capability for ManageDecisions {
    const AREA: &'static str = AREA;
    const RIGHT: Right = Right::Manage;
    const EVERYWHERE: bool = true;
}

/// The pages.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/ket-luan", get(pages::list))
        .route("/song/ket-luan", get(pages::list_stream))
        .route("/ket-luan/xuat.xlsx", get(pages::xlsx))
        .route("/ket-luan/xuat.pdf", get(pages::pdf))
        .route("/ket-luan/moi", get(form::new).post(form::create))
        .route("/ket-luan/dong", get(form::row))
        .route("/ket-luan/{id}", get(pages::show))
        .route("/song/ket-luan/{id}", get(pages::stream))
        .route("/ket-luan/{id}/sua", get(form::edit).post(form::save))
        .route("/ket-luan/{id}/xoa", post(pages::remove))
        .route("/ket-luan/{id}/nhiem-vu", post(pages::tie))
        .route("/ket-luan/{id}/nhiem-vu/go", post(pages::untie))
}

/// The most confidential class an actor may read here.
pub fn clearance<C: Capability>(actor: &Actor<C>) -> Confidentiality {
    if actor.covers_area(AREA, Right::Read, Confidentiality::Internal) {
        Confidentiality::Internal
    } else {
        Confidentiality::Normal
    }
}
