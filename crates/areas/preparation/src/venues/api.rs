//! The verbs of venues as JSON, described in OpenAPI: the same permissions, the same refusals as the pages.
//!
//! Measures are whole numbers: millimetres, hundredths of a square metre, cubic metres, hundredths of a percent.
//! A surveyor sees and writes the forms of its own office; what others rated it sees after handing in.

mod decide;
mod judge;
pub mod photos;
mod sites;
mod surveys;

use axum::{
    Router,
    http::StatusCode,
    routing::{get, post, put},
};
use platform::{
    app::App,
    web::{Problem, ProblemField},
};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

/// The routes, under `/api/v1`.
pub fn routes() -> Router<App> {
    let v1 = Router::new()
        .route("/venues", get(sites::list).post(sites::nominate))
        .route("/venues/{id}", get(sites::show).put(sites::edit))
        .route("/venues/{id}/moves", post(sites::step))
        .route("/venues/{id}/spaces", post(sites::add_space))
        .route("/venues/{id}/egress", get(sites::egress))
        .route("/venue-spaces/{id}", put(sites::edit_space).delete(sites::remove_space))
        .route("/venues/{id}/photos", get(photos::list).post(photos::add).layer(photos::upload_limit()))
        .route("/venue-photos/{id}", get(photos::show).delete(photos::remove))
        .route("/venues/{id}/gates/{code}", get(judge::judgements).put(judge::gate))
        .route("/venues/{id}/discussions/{code}", post(judge::discuss))
        .route("/venues/{id}/handovers", get(decide::handovers).post(decide::hand_over))
        .route("/venue-criteria", get(judge::all_criteria).post(judge::set_criteria))
        .route("/venue-criteria/{no}", get(judge::criteria))
        .route("/venue-comparison", get(judge::compare))
        .route("/venue-rounds", get(surveys::rounds).post(surveys::open_round))
        .route("/venue-rounds/{id}/closing", post(surveys::close_round))
        .route("/venue-surveys", get(surveys::list).post(surveys::assign))
        .route("/venue-surveys/{id}", get(surveys::show))
        .route("/venue-surveys/{id}/records", post(surveys::take_in))
        .route("/venue-surveys/{id}/photos", post(photos::send).layer(photos::upload_limit()))
        .route("/venue-surveys/{id}/hand-in", post(surveys::hand_in))
        .route("/venue-surveys/{id}/choices", post(surveys::settle))
        .route("/venue-ranking", get(judge::ranking))
        .route("/venue-recommendations", get(decide::list).post(decide::recommend))
        .route("/venue-recommendations/{id}", get(decide::show))
        .route("/venue-recommendations/{id}/return", post(decide::send_back))
        .route("/venue-recommendations/{id}/signature", post(decide::sign));
    Router::new().nest("/api/v1", v1)
}

#[derive(OpenApi)]
#[openapi(
    paths(
        sites::list,
        sites::nominate,
        sites::show,
        sites::edit,
        sites::step,
        sites::add_space,
        sites::edit_space,
        sites::remove_space,
        sites::egress,
        photos::list,
        photos::add,
        photos::show,
        photos::remove,
        photos::send,
        judge::judgements,
        judge::gate,
        judge::discuss,
        judge::all_criteria,
        judge::set_criteria,
        judge::criteria,
        judge::compare,
        judge::ranking,
        surveys::rounds,
        surveys::open_round,
        surveys::close_round,
        surveys::list,
        surveys::assign,
        surveys::show,
        surveys::take_in,
        surveys::hand_in,
        surveys::settle,
        decide::list,
        decide::recommend,
        decide::show,
        decide::send_back,
        decide::sign,
        decide::handovers,
        decide::hand_over,
    ),
    components(schemas(Problem, ProblemField)),
    tags(
        (name = "venues", description = "Venues, spaces, exits, egress, pictures, hand-over"),
        (name = "venue-surveys", description = "Rounds, forms, records of devices, choices, handing in"),
        (name = "venue-choice", description = "Criteria, gates, ranking, sensitivity, recommendation, decision"),
    )
)]
struct Doc;

/// What the routes are, for the document of the whole product.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}

/// The id of what was made.
#[derive(Debug, Serialize, ToSchema)]
struct Made {
    /// The id.
    id: String,
}

fn json(value: &impl Serialize) -> serde_json::Value {
    serde_json::to_value(value).unwrap_or_default()
}

fn made(id: impl std::fmt::Display) -> (StatusCode, serde_json::Value) {
    (StatusCode::CREATED, json(&Made { id: id.to_string() }))
}

fn gone() -> (StatusCode, serde_json::Value) {
    (StatusCode::NO_CONTENT, serde_json::Value::Null)
}
