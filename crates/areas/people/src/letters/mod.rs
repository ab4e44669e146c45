//! Letters: the summons of delegates, the invitations of all others, and the answers to them.
//!
//! What a category's letters say is a template that the office keeps; the layout is that of the issuing body
//! (preparation reference 3.4 (6)). A letter may carry a personal code: 128 random bits, kept as a hash, good for
//! one answer of one person until a day. The link is `/xac-nhan#CODE`: what stands behind # reaches no server, no
//! log and no referrer; the page's script posts it, and the code can be typed. Whoever writes the letter anew makes
//! the earlier code worthless.
//!
//! | file | what |
//! |---|---|
//! | `model` | templates |
//! | `usual` | the words of a template that nobody wrote yet |
//! | `store` | what changes templates and codes, as functions over a transaction |
//! | `paper` | a letter as an official document |
//! | `prints` | one letter, and many as a job |
//! | `pages` | how far the answers are, the templates |
//! | `answer` | the page behind the link |
//! | `api` | the same for programs |
//!
//! Events: `letter.*` with counts and codes of people; `delegate.answered` of the roll.

mod answer;
pub mod api;
pub mod error;
pub mod model;
mod pages;
mod paper;
pub mod prints;
pub mod store;
#[cfg(test)]
mod tests;
mod usual;

use axum::{
    Router,
    routing::{get, post},
};
use platform::{app::App, db::Migration, i18n::Catalogue};

pub use error::LetterError;

platform::inventory::submit! {
    Catalogue { area: "letters", vi: include_str!("vi.ftl"), en: include_str!("en.ftl") }
}

/// The tables of letters.
pub const MIGRATIONS: &[Migration] =
    &[Migration { area: "letters", version: 1, sql: include_str!("migrations/1.sql") }];

/// Topic of templates and codes.
pub const TOPIC: &str = "letters";

/// The pages.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/thu-moi", get(pages::board))
        .route("/song/thu-moi", get(pages::stream))
        .route("/thu-moi/tra-loi.xlsx", get(pages::xlsx))
        .route("/thu-moi/tra-loi.pdf", get(pages::pdf))
        .route("/thu-moi/in", post(prints::begin))
        .route("/thu-moi/tap/{file}", get(prints::file))
        .route("/thu-moi/{category}", get(pages::edit).post(pages::save))
        .route("/thu-moi/{category}/so", post(pages::number))
        .route("/dai-bieu/{code}/thu", post(prints::one))
        .route("/dai-bieu/{code}/thu/thu-hoi", post(prints::revoke))
        .route("/xac-nhan", get(answer::door).post(answer::look))
        .route("/xac-nhan/gui", post(answer::send))
}
