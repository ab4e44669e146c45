//! Badges: who may be where, proven by a code that a gate reads without a network.
//!
//! One row is one copy. A copy that is lost, replaced or given back is revoked in the same transaction, and what
//! takes its place has a new random id: the earlier copy never opens anything again. One person has one live badge;
//! the database itself refuses a second.
//!
//! What signs: a root key signs the list of keys and can be taken away once it is kept on paper; the keys of that
//! list sign passes and are sealed with a file that stands outside the database (`keys/badges.seal`), so that a copy
//! of the database signs nothing.
//!
//! | file | what |
//! |---|---|
//! | `model` | the types, and the colours of categories |
//! | `seal` | private keys at rest |
//! | `keys` | root, keys, the list that gates take |
//! | `vault`, `offline` | keys in a file of another machine; what is signed there and taken in |
//! | `store` | what changes badges and zones, as functions over a transaction |
//! | `query` | what reads them: the list, one person, what gates ask |
//! | `pages`, `manage` | the list, one person's card, a check; zones and keys |
//! | `prints` | sheets as a job |
//! | `api` | what gates and programs ask |
//!
//! Events: `badge.*` on topics `badges` and `badges/<id>`; what revokes also on `badges/revocations`.

pub mod api;
mod elsewhere;
pub mod error;
pub mod keys;
mod manage;
pub mod model;
pub mod offline;
pub(crate) mod pages;
pub mod prints;
#[cfg(test)]
mod program_tests;
pub mod query;
pub mod readings;
pub mod seal;
pub mod store;
#[cfg(test)]
mod tests;
mod usual;
pub mod vault;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};
use platform::{
    app::App,
    db::Migration,
    i18n::Catalogue,
    identity::{Capability, Right},
};

pub use error::BadgeError;
pub use rules::badge::{BadgeAct, BadgeState};

platform::inventory::submit! {
    Catalogue { area: "badges", vi: include_str!("vi.ftl"), en: include_str!("en.ftl") }
}

/// The tables of badges.
pub const MIGRATIONS: &[Migration] =
    &[Migration { area: "badges", version: 1, sql: include_str!("migrations/1.sql") }];

/// The area's name in grants.
pub const AREA: &str = "badges";
/// Topic of everything about badges.
pub const TOPIC: &str = "badges";
/// Topic of the list of revoked passes: gates draw it within a second.
pub const REVOCATIONS: &str = "badges/revocations";

macro_rules! capability {
    ($($(#[$meta:meta])* $name:ident = $right:ident),* $(,)?) => { $(
        $(#[$meta])*
        pub struct $name;
        impl Capability for $name {
            const AREA: &'static str = AREA;
            const RIGHT: Right = Right::$right;
            // A badge belongs to a person of the roll, not to a unit of the office.
            const EVERYWHERE: bool = true;
        }
    )* };
}
capability! {
    /// See badges, check a code.
    ReadBadges = Read,
    /// Hand out, take back, take a report of loss.
    HandBadges = Contribute,
    /// Ask for badges, print them, replace them, change zones.
    ManageBadges = Manage,
    /// Approve.
    DecideBadges = Decide,
    /// Keys.
    KeepKeys = Admin,
}

/// The pages.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/the", get(pages::list::list))
        .route("/song/the", get(pages::list::stream))
        .route("/song/the/thu-hoi", get(pages::gates::stream))
        .route("/the/xuat.xlsx", get(pages::list::xlsx))
        .route("/the/xuat.pdf", get(pages::list::pdf))
        .route("/the/de-nghi", post(pages::list::request))
        .route("/the/duyet", post(pages::list::approve))
        .route("/the/in", post(prints::begin))
        .route("/the/tap/{file}", get(prints::sheet))
        .route("/the/kiem-tra", get(pages::check::check).post(pages::check::checked))
        .route("/the/doi-chieu", get(pages::day::day))
        .route("/the/doi-chieu.pdf", get(pages::day::day_pdf))
        .route("/the/khu-vuc", get(manage::zones).post(manage::save_zones))
        .route("/the/khoa", get(manage::keys))
        .route("/the/khoa/goc", post(manage::make_root))
        .route("/the/khoa/goc/go", post(manage::remove_root))
        .route("/the/khoa/moi", post(manage::add_key))
        .route("/the/khoa/thu", post(manage::withdraw_key))
        .route("/the/khoa/danh-muc", post(elsewhere::take_list))
        .route("/the/chua-ky.json", get(elsewhere::unsigned))
        .route("/the/da-ky", post(elsewhere::take_in).layer(DefaultBodyLimit::max(elsewhere::LARGEST)))
        .route("/the/{code}", get(pages::card::card))
        .route("/the/{code}/may-in", post(pages::device::print))
        .route("/the/{code}/{act}", post(pages::card::act))
}
