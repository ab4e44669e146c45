//! The verbs of briefings as JSON, described in OpenAPI: the same permissions, the same refusals as the pages.

mod meetings;
mod minutes;
pub mod types;

use axum::{
    Router,
    routing::{get, post, put},
};
use platform::{
    app::App,
    web::{Problem, ProblemField},
};
use utoipa::OpenApi;

/// The routes, under `/api/v1`.
pub fn routes() -> Router<App> {
    let v1 = Router::new()
        .route("/briefing-series", get(meetings::series_list).post(meetings::create_series))
        .route("/briefing-series/{id}", get(meetings::series).put(meetings::edit_series))
        .route("/briefing-series/{id}/proposal", get(meetings::proposal))
        .route("/briefing-series/{id}/briefings", post(meetings::set))
        .route("/briefings", get(meetings::list))
        .route("/briefings/{id}", get(meetings::show).put(meetings::change))
        .route("/briefings/{id}/moves", post(meetings::step))
        .route("/briefings/{id}/snapshot", get(meetings::frozen).post(meetings::freeze))
        .route("/briefings/{id}/drift", get(meetings::drift))
        .route("/briefings/{id}/week", get(meetings::week))
        .route("/briefings/{id}/agenda", get(meetings::items).post(meetings::add_item))
        .route("/briefings/{id}/agenda/{item}", put(meetings::edit_item))
        .route("/briefings/{id}/agenda/{item}/removal", post(meetings::remove_item))
        .route("/briefings/{id}/agenda/{item}/state", put(meetings::mark_item))
        .route("/briefings/{id}/agenda-order", put(meetings::order_items))
        .route("/briefings/{id}/current", put(meetings::go_to))
        .route("/briefings/{id}/attendance", get(meetings::attendance))
        .route("/briefings/{id}/attendance/{office}", put(meetings::attend))
        .route("/briefing-reading", get(minutes::reading))
        .route("/briefings/{id}/conclusions", get(minutes::conclusions).post(minutes::add))
        .route("/briefings/{id}/conclusions/{conclusion}", put(minutes::edit))
        .route("/briefings/{id}/conclusions/{conclusion}/removal", post(minutes::remove))
        .route("/briefings/{id}/conclusions/{conclusion}/restoration", post(minutes::restore))
        .route("/briefings/{id}/conclusions/{conclusion}/parts", post(minutes::split))
        .route("/briefings/{id}/conclusions/{conclusion}/milestones", post(minutes::milestones))
        .route("/briefings/{id}/conclusion-order", put(minutes::order))
        .route("/briefings/{id}/signature", get(minutes::preview).post(minutes::sign_minutes))
        .route("/briefings/{id}/minutes", get(minutes::minutes))
        .route("/briefings/{id}/supplements", get(minutes::supplements).post(minutes::begin_supplement))
        .route("/briefings/{id}/supplements/{no}", put(minutes::edit_supplement))
        .route("/briefings/{id}/supplements/{no}/signature", post(minutes::sign_supplement))
        .route("/briefings/{id}/notice", get(minutes::notice_of).post(minutes::issue))
        .route("/briefings/{id}/report", get(minutes::report_of).post(minutes::issue_report))
        .route("/briefings/{id}/receipts", get(minutes::receipts));
    Router::new().nest("/api/v1", v1)
}

#[derive(OpenApi)]
#[openapi(
    paths(
        meetings::series_list,
        meetings::create_series,
        meetings::series,
        meetings::edit_series,
        meetings::proposal,
        meetings::set,
        meetings::list,
        meetings::show,
        meetings::change,
        meetings::step,
        meetings::frozen,
        meetings::freeze,
        meetings::drift,
        meetings::week,
        meetings::items,
        meetings::add_item,
        meetings::edit_item,
        meetings::remove_item,
        meetings::mark_item,
        meetings::order_items,
        meetings::go_to,
        meetings::attendance,
        meetings::attend,
        minutes::reading,
        minutes::conclusions,
        minutes::add,
        minutes::edit,
        minutes::remove,
        minutes::restore,
        minutes::split,
        minutes::milestones,
        minutes::order,
        minutes::preview,
        minutes::sign_minutes,
        minutes::minutes,
        minutes::supplements,
        minutes::begin_supplement,
        minutes::edit_supplement,
        minutes::sign_supplement,
        minutes::notice_of,
        minutes::issue,
        minutes::report_of,
        minutes::issue_report,
        minutes::receipts,
    ),
    components(schemas(Problem, ProblemField)),
    tags(
        (name = "briefings", description = "Series, meetings, frozen figures, agenda, attendance"),
        (name = "minutes", description = "Conclusions, signature, supplementary records, notice, receipts"),
    )
)]
struct Doc;

/// What the routes are, for the document of the whole product.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}
