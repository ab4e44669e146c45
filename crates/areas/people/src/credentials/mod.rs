//! Credentials: the roll frozen by two persons, and the report that the committee gives the congress.
//!
//! A freeze keeps one line of canonical JSON for each person and a hash over the sorted lines; nothing frozen or
//! issued is ever changed (triggers refuse it). What changes on the roll afterwards is shown beside it and counts
//! only after a supplementary freeze with reason and decision. A report is counted from a freeze and the attendance
//! of a session at an instant, and kept as it was issued.
//!
//! | file | what |
//! |---|---|
//! | `model` | the types |
//! | `frozen` | lines, their hash, what differs |
//! | `figures` | the figures of a report, and the list behind each |
//! | `store` | freezes, cases, reports, votes |
//! | `chart`, `paper` | bars, the report in the Party layout |
//! | `pages` | the committee's desk, a freeze, a report |
//! | `api` | the same for programs |
//!
//! Events: `credentials.*` on topic `credentials`. They carry counts and hashes, never a name.

pub mod api;
pub mod chart;
pub mod error;
pub mod figures;
pub mod frozen;
pub mod model;
mod pages;
pub mod paper;
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

pub use error::CredentialError;

platform::inventory::submit! {
    Catalogue { area: "credentials", vi: include_str!("vi.ftl"), en: include_str!("en.ftl") }
}

/// The tables of credentials.
pub const MIGRATIONS: &[Migration] =
    &[Migration { area: "credentials", version: 1, sql: include_str!("migrations/1.sql") }];

/// The area's name in grants.
pub const AREA: &str = "credentials";
/// Topic of everything about credentials.
pub const TOPIC: &str = "credentials";

/// See freezes and reports.
pub struct ReadCredentials;
impl Capability for ReadCredentials {
    const AREA: &'static str = AREA;
    const RIGHT: Right = Right::Read;
    const EVERYWHERE: bool = true;
}

/// Ask for a freeze, enter cases, issue reports, record votes.
pub struct ManageCredentials;
impl Capability for ManageCredentials {
    const AREA: &'static str = AREA;
    const RIGHT: Right = Right::Manage;
    const EVERYWHERE: bool = true;
}

/// The pages.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/tham-tra", get(pages::desk))
        .route("/song/tham-tra", get(pages::part))
        .route("/tham-tra/chot", post(pages::ask))
        .route("/tham-tra/chot/{no}", get(pages::freeze).post(pages::complete))
        .route("/tham-tra/chot/{no}/danh-sach.xlsx", get(pages::xlsx))
        .route("/tham-tra/chot/{no}/danh-sach.pdf", get(pages::list_pdf))
        .route("/tham-tra/vu-viec", post(pages::put_case))
        .route("/tham-tra/bao-cao", get(pages::preview).post(pages::issue))
        .route("/tham-tra/bao-cao/{no}", get(pages::report))
        .route("/tham-tra/bao-cao/{no}/van-ban.pdf", get(pages::report_pdf))
        .route("/tham-tra/bao-cao/{no}/van-ban.docx", get(pages::report_docx))
        .route("/tham-tra/bao-cao/{no}/bieu-quyet", post(pages::vote))
}
