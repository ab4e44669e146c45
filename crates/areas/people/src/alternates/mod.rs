//! A delegate is replaced: by whom, by which decision, and what becomes of the badge.
//!
//! The roll itself is changed by [`crate::delegates::replacing`]; this is the place that knows badges and freezes
//! too. A badge of who is replaced is revoked in the same transaction, so that there is no instant at which both open
//! a gate. After the roll was frozen, a replacement counts in the credential report only with a supplementary freeze.
//!
//! Events: `delegate.replaced` and `delegate.took_place` with codes and the number of the decision, and what the
//! badge records of itself.

pub mod api;
mod pages;
pub mod store;
#[cfg(test)]
mod tests;

use axum::{Router, routing::get};
use platform::{app::App, i18n::Catalogue};

platform::inventory::submit! {
    Catalogue { area: "alternates", vi: include_str!("vi.ftl"), en: include_str!("en.ftl") }
}

/// The pages.
pub fn routes() -> Router<App> {
    Router::new().route("/dai-bieu/{code}/thay-the", get(pages::form).post(pages::replace))
}
