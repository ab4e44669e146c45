//! Seating: halls, who sits where in a session, and the way to a seat.
//!
//! A hall is drawn from a few numbers ([`rules::seating::build`]) or read from pretix's seating-plan JSON
//! ([`pretix`]); each change of it is a new version, and a plan keeps the version it was made on. What a plan does not
//! hold (a group with an aisle through it, a wheelchair without a place) is read from it each time
//! ([`rules::seating::review`]), never stored. Somebody who takes a delegate's place takes the seat only when the
//! office says so: until then the seat is an open question of the plan.
//!
//! | file | what |
//! |---|---|
//! | `model` | halls, plans, what a plan is together with people and attendance |
//! | `store` | what changes halls; `moving`: what changes who sits where |
//! | `query` | plans with their people, seats of people, search |
//! | `pretix` | the foreign format, both ways |
//! | `picture` | the map as SVG: for the screen, the wall, paper, the way of one person |
//! | `pages` | the finder, a plan, halls; `prints`: lists, the map, cards and codes on paper |
//! | `api` | the same for programs |
//!
//! Events: `seating.*` on topics `seating` and `seating/<session>`. They carry counts, never who sits where.

pub mod api;
pub mod demo;
pub mod error;
pub mod model;
pub mod moving;
mod pages;
pub mod picture;
pub mod pretix;
pub mod query;
pub mod store;
#[cfg(test)]
mod tests;

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

pub use error::SeatingError;

platform::inventory::submit! {
    Catalogue { area: "seating", vi: include_str!("vi.ftl"), en: include_str!("en.ftl") }
}

/// The tables of seating.
pub const MIGRATIONS: &[Migration] =
    &[Migration { area: "seating", version: 1, sql: include_str!("migrations/1.sql") }];

/// The area's name in grants.
pub const AREA: &str = "seating";
/// Topic of everything about seating.
pub const TOPIC: &str = "seating";

macro_rules! capability {
    ($($(#[$meta:meta])* $name:ident = $right:ident),* $(,)?) => { $(
        $(#[$meta])*
        pub struct $name;
        impl Capability for $name {
            const AREA: &'static str = AREA;
            const RIGHT: Right = Right::$right;
            // One hall for all.
            const EVERYWHERE: bool = true;
        }
    )* };
}
capability! {
    /// Find seats and see plans.
    ReadSeating = Read,
    /// Draw halls, seat people.
    ManageSeating = Manage,
    /// Publish a plan.
    DecideSeating = Decide,
}

/// The largest file of a foreign plan, in bytes.
pub const MOST_BYTES: usize = 8 << 20;

/// The pages.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/cho-ngoi", get(pages::finder::show))
        .route("/cho-ngoi/{session}", get(pages::plan::show))
        .route("/song/cho-ngoi/{session}", get(pages::plan::stream))
        .route("/cho-ngoi/{session}/lap", get(pages::setup::show).post(pages::setup::save))
        .route("/cho-ngoi/{session}/xep", post(pages::acts::assign))
        .route("/cho-ngoi/{session}/chuyen", post(pages::acts::shift))
        .route("/cho-ngoi/{session}/ghim", post(pages::acts::pin))
        .route("/cho-ngoi/{session}/bo", post(pages::acts::clear))
        .route("/cho-ngoi/{session}/thay", post(pages::acts::inherit))
        .route("/cho-ngoi/{session}/cong-bo", post(pages::acts::publish))
        .route("/cho-ngoi/{session}/man-hinh", get(pages::wall::show))
        .route("/song/cho-ngoi/{session}/man-hinh", get(pages::wall::stream))
        .route("/cho-ngoi/{session}/hang/{row}", get(pages::row::show))
        .route("/cho-ngoi/{session}/duong/{code}", get(pages::way::show))
        .route("/cho-ngoi/{session}/in/{file}", get(pages::prints::file))
        .route("/hoi-truong", get(pages::halls::list))
        .route("/hoi-truong/moi", get(pages::halls::new).post(pages::halls::create))
        .route(
            "/hoi-truong/nhap",
            get(pages::halls::upload).post(pages::halls::import).layer(DefaultBodyLimit::max(MOST_BYTES)),
        )
        .route("/hoi-truong/{slug}", get(pages::halls::show))
        .route("/hoi-truong/{slug}/sua", get(pages::halls::edit).post(pages::halls::save))
        .route("/hoi-truong/{slug}/pretix.json", get(pages::halls::export))
}
