//! Face terminals: they recognise, we only hear of it. An event of a terminal becomes a scan like any other, decided
//! by the same rules, beside a lane where people show their badge and nothing else.
//!
//! Nobody is recognised who did not agree ([`crate::delegates::desk::consent`]; off until somebody does). A terminal
//! calls people by a number made here that means nothing elsewhere. No picture, no template, nothing of a face is ever
//! kept: pictures that terminals send along are read away and dropped, and an event of somebody who has not agreed
//! leaves a line that says so and does not say who (Luật 91/2025/QH15; security reference 4.5).
//!
//! A terminal never decides alone. Cut off, our own kind does not open; those that open by themselves tell it later,
//! and what then does not fit is a conflict like that of any lane.
//!
//! | file | what |
//! |---|---|
//! | `model` | terminals, the networks they may speak from |
//! | `read` | what each kind sends, read by shape: our webhook, Hikvision ISAPI, ZKTeco PUSH |
//! | `store` | registering, numbers for people, taking events in |
//! | `query` | terminals and what they told |
//! | `intake` | the doors terminals speak to; they stand outside the guard of browsers |
//! | `api`, `pages` | registering and looking after them |
//!
//! Events: `terminal.*` on the topic of gates. They carry counts, never a number of a person.

pub mod api;
pub mod error;
pub mod intake;
pub mod model;
mod pages;
pub mod query;
pub mod read;
pub mod store;
#[cfg(test)]
mod tests;

use axum::{
    Router,
    routing::{get, post},
};
use platform::{app::App, db::Migration, i18n::Catalogue};

pub use error::TerminalError;

platform::inventory::submit! {
    Catalogue { area: "terminals", vi: include_str!("vi.ftl"), en: include_str!("en.ftl") }
}

/// The tables of terminals.
pub const MIGRATIONS: &[Migration] =
    &[Migration { area: "terminals", version: 1, sql: include_str!("migrations/1.sql") }];

/// The pages.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/cong/may-nhan-dien", get(pages::list))
        .route("/song/cong/may-nhan-dien", get(pages::stream))
        .route("/cong/may-nhan-dien/ma", post(pages::keys))
        .route("/cong/{gate}/may-nhan-dien", get(pages::new).post(pages::create))
}
