//! Gates: who comes through which lane, decided in a blink, with a network and without.
//!
//! A gate is a lane at the edge of a zone; a device joins it by a one-time code and acts with a token of the office
//! that made the code. Online the server decides ([`store::merge`]); cut off, the device decides alone about the
//! passes its lane is home to ([`rules::gate`]) and sends later what it did. What then does not fit together is read
//! from the scans ([`cases`]), owned and ended by somebody, never forced.
//!
//! What a device carries is sealed person by person under a key made of the person's own badge ([`seal`]): a lost
//! tablet shows those it has scanned, and nobody else.
//!
//! | file | what |
//! |---|---|
//! | `model` | gates, devices, scans |
//! | `store` | gates, codes, devices; `store::merge`: scans and their verdicts |
//! | `query` | gates with their devices, the board of devices, search at a gate |
//! | `scene` | what every scan asks and what seldom changes, in memory |
//! | `heard` | which lane was heard of when, in memory |
//! | `seal`, `snapshot` | records sealed by badge, the list that devices carry |
//! | `cases` | conflicts of a session, with their owners |
//! | `witness` | a supervisor's signed word with its picture |
//! | `api` | what devices and programs ask |
//! | `pages` | gates and devices, the page of a gate, the wall of a session, the conflicts |
//!
//! Events: `gate.*` on topics `gates`, `attendance` and `attendance/<session>`.

pub mod api;
pub mod cases;
pub mod demo;
pub mod error;
pub mod heard;
pub mod model;
mod pages;
pub mod query;
pub mod scene;
pub mod seal;
pub mod snapshot;
pub mod store;
#[cfg(test)]
pub(crate) mod tests;
pub mod witness;

use axum::{
    Router,
    routing::{get, post},
};
use platform::{app::App, db::Migration, i18n::Catalogue};

pub use error::GateError;

platform::inventory::submit! {
    Catalogue { area: "gates", vi: include_str!("vi.ftl"), en: include_str!("en.ftl") }
}

/// The tables of gates.
pub const MIGRATIONS: &[Migration] = &[
    Migration { area: "gates", version: 1, sql: include_str!("migrations/1.sql") },
    Migration { area: "gates", version: 2, sql: include_str!("migrations/2.sql") },
    Migration { area: "gates", version: 3, sql: include_str!("migrations/3.sql") },
];

/// Topic of gates and devices.
pub const TOPIC: &str = "gates";

/// The pages.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/cong", get(pages::devices::list))
        .route("/song/cong", get(pages::devices::stream))
        .route("/cong/moi", get(pages::devices::new).post(pages::devices::create))
        .route("/cong/sw.js", get(pages::gate::worker))
        .route("/cong/{gate}/sua", get(pages::devices::edit).post(pages::devices::save))
        .route("/cong/{gate}/ma", post(pages::devices::code))
        .route("/cong/thiet-bi/{device}/thu-hoi", post(pages::devices::end))
        .route("/cong/{gate}/quet", get(pages::gate::page_of))
        .route("/cong/{gate}/manifest.webmanifest", get(pages::gate::manifest))
        .route("/phien/{slug}/bang", get(pages::board::page_of))
        .route("/song/phien/{slug}/bang", get(pages::board::stream))
        .route("/phien/{slug}/mau-thuan", get(pages::conflicts::page_of).post(pages::conflicts::decide))
        .route("/song/phien/{slug}/mau-thuan", get(pages::conflicts::stream))
        .route("/phien/{slug}/anh/{code}", get(pages::conflicts::photo))
        .route("/phien/{slug}/giam-sat/{scan}", get(pages::conflicts::moment))
}
