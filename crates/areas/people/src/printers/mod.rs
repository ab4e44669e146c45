//! Printers for badges, labels and receipts, addressed directly: no driver, no helper program, no dialog.
//!
//! A page is set once as dots and put into the printer's language by [`print::device`]; [`send()`] carries it over
//! the network with bounded waits and writes down how it went. A printer's address is that of this house (loopback
//! or private, and only ports that printers listen on), so that nobody can make the server call the outside.
//!
//! | file | what |
//! |---|---|
//! | `model` | the types, and which addresses may be called |
//! | `store` | all SQL |
//! | `send` | the way to the printer: status, job, outcome |
//! | `pages`, `api` | the same verbs for people and for programs |
//!
//! Events: `printer.*` on topic `printers`.

pub mod api;
pub mod demo;
pub mod error;
pub mod model;
mod pages;
pub mod send;
pub mod store;
#[cfg(test)]
mod tests;

use axum::{Router, routing::get, routing::post};
use platform::{
    app::App,
    db::Migration,
    i18n::Catalogue,
    identity::{Capability, Right},
};

pub use error::PrinterError;
pub use send::send;

platform::inventory::submit! {
    Catalogue { area: "printers", vi: include_str!("vi.ftl"), en: include_str!("en.ftl") }
}

/// The tables of printers.
pub const MIGRATIONS: &[Migration] =
    &[Migration { area: "printers", version: 1, sql: include_str!("migrations/1.sql") }];

/// Topic of everything about printers.
pub const TOPIC: &str = "printers";

/// Keep printers and try them: part of the work with badges.
pub struct ManagePrinters;
impl Capability for ManagePrinters {
    const AREA: &'static str = "badges";
    const RIGHT: Right = Right::Manage;
    const EVERYWHERE: bool = true;
}

/// The pages.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/the/may-in", get(pages::list))
        .route("/song/the/may-in", get(pages::stream))
        .route("/the/may-in/moi", get(pages::new).post(pages::create))
        .route("/the/may-in/{id}", get(pages::edit).post(pages::save))
        .route("/the/may-in/{id}/thu", post(pages::test))
        .route("/the/may-in/{id}/xoa", post(pages::remove))
}
