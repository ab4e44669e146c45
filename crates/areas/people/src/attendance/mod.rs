//! Attendance: who came into which session, when, and how the hall stands at a moment.
//!
//! Gates and desks write events that are never changed ([`store::mark`]); everything shown is folded from them by
//! [`rules::attendance`]. A gate numbers its events, so that what it sends twice counts once; a desk's form carries
//! an id of its own for the same reason.
//!
//! | file | what |
//! |---|---|
//! | `model` | the types |
//! | `store` | what writes sessions and events |
//! | `query` | how people stand at a moment, by group and in all |
//! | `pages` | sessions, the roll-call by hand, who has not come, the statement for the chair |
//! | `api` | one mark, the counts |
//!
//! Events: `attendance.*` on topics `attendance` and `attendance/<session>`.

pub mod api;
pub mod demo;
pub mod error;
pub mod model;
mod pages;
pub mod query;
pub mod store;
#[cfg(test)]
pub(crate) mod tests;

use axum::{Router, routing::get};
use platform::{
    app::App,
    db::Migration,
    i18n::Catalogue,
    identity::{Capability, Right},
};

pub use error::AttendanceError;
pub(crate) use pages::{AT, moment_of, percent, shown_moment, url_query, when};

platform::inventory::submit! {
    Catalogue { area: "attendance", vi: include_str!("vi.ftl"), en: include_str!("en.ftl") }
}

/// The tables of attendance.
pub const MIGRATIONS: &[Migration] =
    &[Migration { area: "attendance", version: 1, sql: include_str!("migrations/1.sql") }];

/// The area's name in grants.
pub const AREA: &str = "attendance";

/// Topic of everything about attendance.
pub const TOPIC: &str = "attendance";

/// See who is there.
pub struct ReadAttendance;
impl Capability for ReadAttendance {
    const AREA: &'static str = AREA;
    const RIGHT: Right = Right::Read;
    const EVERYWHERE: bool = true;
}

/// Write down who comes and goes.
pub struct MarkAttendance;
impl Capability for MarkAttendance {
    const AREA: &'static str = AREA;
    const RIGHT: Right = Right::Contribute;
    const EVERYWHERE: bool = true;
}

/// Set the sessions.
pub struct ManageAttendance;
impl Capability for ManageAttendance {
    const AREA: &'static str = AREA;
    const RIGHT: Right = Right::Manage;
    const EVERYWHERE: bool = true;
}

/// The pages.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/phien", get(pages::sessions::sessions))
        .route("/phien/moi", get(pages::sessions::new_session).post(pages::sessions::create_session))
        .route("/phien/{slug}/sua", get(pages::sessions::edit_session).post(pages::sessions::save_session))
        .route("/phien/{slug}/diem-danh", get(pages::roll_call::roll_call).post(pages::roll_call::mark))
        .route("/song/phien/{slug}/diem-danh", get(pages::roll_call::roll_call_stream))
        .route("/phien/{slug}/chua-den", get(pages::missing::page_of))
        .route("/song/phien/{slug}/chua-den", get(pages::missing::stream))
        .route("/phien/{slug}/tinh-hinh.pdf", get(pages::statement::statement))
}
