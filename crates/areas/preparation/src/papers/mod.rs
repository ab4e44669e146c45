//! The office's book of papers: numbers given out, the bodies that issue, how the head of their papers stands.
//!
//! The register itself is [`platform::papers`]; here are its pages under `/van-ban` and its API. A number is
//! mostly taken by what signs a paper (a briefing, a decision about a venue); by hand it is taken for papers that
//! are written elsewhere.
//!
//! | file | what |
//! |---|---|
//! | `numbers` | the register of numbers: list, take, cancel, export |
//! | `bodies` | issuing bodies, with their heading as it will print |
//! | `api` | the same verbs for programs |
//! | `check` | a foreign document held to its layout rule: each departure, a corrected copy |
//! | `check_api` | the same for programs |

pub mod api;
mod bodies;
pub mod check;
pub mod check_api;
#[cfg(test)]
mod check_tests;
mod numbers;
#[cfg(test)]
mod tests;

use axum::{
    Router,
    routing::{get, post},
};
use platform::{app::App, i18n::Catalogue, papers::Body};
use print::{BodyKind, Issuer};

platform::inventory::submit! {
    Catalogue { area: "papers-book", vi: include_str!("vi.ftl"), en: include_str!("en.ftl") }
}

/// The pages.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/van-ban", get(numbers::list))
        .route("/song/van-ban", get(numbers::stream))
        .route("/van-ban/xuat.xlsx", get(numbers::xlsx))
        .route("/van-ban/xuat.pdf", get(numbers::pdf))
        .route("/van-ban/lay-so", get(numbers::form).post(numbers::take))
        .route("/van-ban/lay-so/xem", post(numbers::preview))
        .route("/van-ban/so/{id}", get(numbers::show))
        .route("/van-ban/so/{id}/huy", post(numbers::cancel))
        .route("/van-ban/co-quan", get(bodies::list))
        .route("/van-ban/co-quan/moi", get(bodies::new).post(bodies::create))
        .route("/van-ban/co-quan/xem", post(bodies::preview))
        .route("/van-ban/co-quan/{id}", get(bodies::edit).post(bodies::save))
}

/// A body as the head of its papers prints it.
pub fn issuer(body: &Body) -> Issuer {
    Issuer {
        kind: match body.kind {
            platform::papers::BodyKind::Party => BodyKind::Party,
            platform::papers::BodyKind::Congress => BodyKind::Congress,
            platform::papers::BodyKind::State => BodyKind::State,
        },
        parent: body.parent_lines.clone(),
        name: body.name_lines.clone(),
        place: body.place.clone(),
        place_short: body.place_short.clone(),
    }
}
