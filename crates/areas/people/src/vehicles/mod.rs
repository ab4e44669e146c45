//! Vehicles: who drives what, where it stands on which days, its place in a convoy, and the pass behind its
//! windscreen.
//!
//! A pass has the digits of a badge with the category of vehicles, so that a gate reads both with the same list of
//! keys and of the revoked; its life (asked for → approved → printed → handed out → given back or lost → destroyed)
//! is decided by the same rules. A vehicle is registered once under its plate in one spelling. The driver's
//! telephone is read only with the right to contacts.
//!
//! | file | what |
//! |---|---|
//! | `model` | the types |
//! | `store` | the register and the parking lots: what changes them |
//! | `passes` | what happens to passes |
//! | `query` | what reads them |
//! | `pages` | the list, a vehicle, parking lots, the reconciliation of a day |
//! | `prints` | cards for windscreens as a job |
//! | `api` | the same for programs |
//!
//! Events: `vehicle.*` on topics `vehicles` and `vehicles/<no>`; what revokes also on `badges/revocations`. They carry
//! numbers and names of fields, never a plate, a name or a telephone.

pub mod api;
pub mod demo;
pub mod error;
pub mod model;
mod pages;
pub mod passes;
pub mod prints;
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
    identity::{Capability, Right},
};

pub use error::VehicleError;

platform::inventory::submit! {
    Catalogue { area: "vehicles", vi: include_str!("vi.ftl"), en: include_str!("en.ftl") }
}

/// The tables of vehicles.
pub const MIGRATIONS: &[Migration] =
    &[Migration { area: "vehicles", version: 1, sql: include_str!("migrations/1.sql") }];

/// The area's name in grants.
pub const AREA: &str = "vehicles";
/// Topic of everything about vehicles.
pub const TOPIC: &str = "vehicles";

macro_rules! capability {
    ($($(#[$meta:meta])* $name:ident = $right:ident),* $(,)?) => { $(
        $(#[$meta])*
        pub struct $name;
        impl Capability for $name {
            const AREA: &'static str = AREA;
            const RIGHT: Right = Right::$right;
            // One yard for all vehicles.
            const EVERYWHERE: bool = true;
        }
    )* };
}
capability! {
    /// See vehicles and their passes.
    ReadVehicles = Read,
    /// Hand out, take back, take a report of loss.
    HandPasses = Contribute,
    /// Register vehicles and parking lots, ask for passes and print them.
    ManageVehicles = Manage,
    /// Approve passes.
    DecidePasses = Decide,
}

/// The pages.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/xe", get(pages::list::list))
        .route("/song/xe", get(pages::list::stream))
        .route("/xe/xuat.xlsx", get(pages::list::xlsx))
        .route("/xe/xuat.pdf", get(pages::list::pdf))
        .route("/xe/moi", get(pages::form::new).post(pages::form::create))
        .route("/xe/de-nghi", post(pages::list::request))
        .route("/xe/duyet", post(pages::list::approve))
        .route("/xe/in", post(prints::begin))
        .route("/xe/tap/{file}", get(prints::sheet))
        .route("/xe/doi-chieu", get(pages::day::day))
        .route("/xe/doi-chieu.pdf", get(pages::day::pdf))
        .route("/xe/bai", get(pages::lots::list).post(pages::lots::save))
        .route("/xe/{no}", get(pages::vehicle::show))
        .route("/song/xe/{no}", get(pages::vehicle::stream))
        .route("/xe/{no}/sua", get(pages::form::edit).post(pages::form::save))
        .route("/xe/{no}/rut", post(pages::vehicle::withdraw))
        .route("/xe/{no}/the/{act}", post(pages::vehicle::act))
}
