//! Press accreditation: agencies nominate, the organiser checks, the security authority vets, and who passes is on
//! the roll with a badge asked for.
//!
//! An agency has batches with quota and deadline; beyond either somebody is let in only by an exception that
//! another office has put on record. Two different people do the two vettings. Of the second the system knows the
//! result and never the reason: no field asks for it, no table has a column for it. A negative result after the
//! badge was printed revokes the badge in the same transaction. What was refused is approved only by two persons,
//! with the paper that it stands on.
//!
//! | file | what |
//! |---|---|
//! | `model` | the types |
//! | `store` | agencies, batches, exceptions, nominations: what changes them |
//! | `vetting` | the steps of a nomination, and what follows on the roll and for the badge |
//! | `query` | what reads them |
//! | `pages` | the list, agencies, one person |
//! | `api` | the same for programs |
//!
//! Events: `accreditation.*` on topics `accreditation` and `accreditation/<no>`; never a name.

pub mod api;
pub mod demo;
pub mod error;
pub mod model;
mod pages;
pub mod query;
pub mod store;
#[cfg(test)]
mod tests;
pub mod vetting;

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

pub use error::PressError;

platform::inventory::submit! {
    Catalogue { area: "accreditation", vi: include_str!("vi.ftl"), en: include_str!("en.ftl") }
}

/// The tables of press accreditation.
pub const MIGRATIONS: &[Migration] =
    &[Migration { area: "accreditation", version: 1, sql: include_str!("migrations/1.sql") }];

/// The area's name in grants.
pub const AREA: &str = "accreditation";
/// Topic of everything about press accreditation.
pub const TOPIC: &str = "accreditation";

macro_rules! capability {
    ($($(#[$meta:meta])* $name:ident = $right:ident),* $(,)?) => { $(
        $(#[$meta])*
        pub struct $name;
        impl Capability for $name {
            const AREA: &'static str = AREA;
            const RIGHT: Right = Right::$right;
            // The press comes to the congress, not to a unit of the office.
            const EVERYWHERE: bool = true;
        }
    )* };
}
capability! {
    /// See agencies and nominations.
    ReadPress = Read,
    /// Enter agencies and nominations, do the first vetting.
    ManagePress = Manage,
    /// Enter the result of the second vetting; let through beyond quota or deadline.
    VetPress = Decide,
}

/// The pages.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/bao-chi", get(pages::list::list))
        .route("/song/bao-chi", get(pages::list::stream))
        .route("/bao-chi/xuat.xlsx", get(pages::list::xlsx))
        .route("/bao-chi/xuat.pdf", get(pages::list::pdf))
        .route("/bao-chi/co-quan", get(pages::agencies::list).post(pages::agencies::create))
        .route("/bao-chi/co-quan/{no}", get(pages::agency::show))
        .route("/song/bao-chi/co-quan/{no}", get(pages::agency::stream))
        .route("/bao-chi/co-quan/{no}/de-cu", post(pages::agency::nominate))
        .route("/bao-chi/co-quan/{no}/dot", post(pages::agency::batch))
        .route("/bao-chi/co-quan/{no}/ngoai-le", post(pages::agency::exception))
        .route("/bao-chi/{no}", get(pages::person::show).post(pages::person::save))
        .route("/bao-chi/{no}/vong-mot", post(pages::person::pass))
        .route("/bao-chi/{no}/vong-hai", post(pages::person::vet))
        .route("/bao-chi/{no}/rut", post(pages::person::withdraw))
        .route("/bao-chi/{no}/de-nghi-cho-phep", post(pages::person::ask))
        .route("/bao-chi/{no}/cho-phep", post(pages::person::complete))
}
