//! Two who could be one, as JSON, described in OpenAPI.

use axum::{Router, extract::State, http::StatusCode, routing::get};
use platform::{
    api::{self, Answer, IdempotencyKey, Json},
    app::App,
    identity::Actor,
    web::{AppError, Problem},
};
use rules::roll::twins::Alike;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::OpenApi;

use super::{
    DelegateError, ManageDelegates,
    twins::{self, Decision, Pair, Verdict},
};

/// The routes, under `/api/v1`.
pub fn routes() -> Router<App> {
    Router::new().route("/api/v1/participant-pairs", get(list).post(decide))
}

#[derive(OpenApi)]
#[openapi(paths(list, decide))]
struct Doc;

/// What the routes are, for the document of the whole product.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}

/// Two lines of the roll that could be one person.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
struct PairOut {
    /// The line that was entered first.
    #[schema(example = "DB-0123")]
    one: String,
    one_name: String,
    /// The line that was entered later.
    #[schema(example = "DB-0456")]
    other: String,
    other_name: String,
    /// The same number of the identity card.
    same_card: bool,
    /// The same name and birthday.
    same_name_and_birthday: bool,
    /// The same name in the same unit.
    same_name_and_unit: bool,
    /// The names are written the same; otherwise they differ in diacritics.
    same_spelling: bool,
}

impl From<Pair> for PairOut {
    fn from(pair: Pair) -> Self {
        let Alike { card, birth, unit, spelled } = pair.alike;
        Self {
            one: pair.one.code,
            one_name: pair.one.profile.name,
            other: pair.other.code,
            other_name: pair.other.profile.name,
            same_card: card,
            same_name_and_birthday: birth,
            same_name_and_unit: unit,
            same_spelling: spelled,
        }
    }
}

/// The pairs about which nothing was decided.
#[utoipa::path(get, path = "/api/v1/participant-pairs", tag = "participants",
    responses((status = 200, body = Vec<PairOut>), (status = "4XX", body = Problem)))]
async fn list(
    _actor: Actor<ManageDelegates>,
    State(app): State<App>,
) -> Result<axum::Json<Vec<PairOut>>, AppError> {
    let pairs = app.db.read(twins::open).await?;
    Ok(axum::Json(pairs.into_iter().map(PairOut::from).collect()))
}

/// What is decided about two.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct DecisionIn {
    one: String,
    other: String,
    verdict: Verdict,
    /// For one person: the code of the line that is withdrawn.
    #[serde(default)]
    withdraw: String,
    /// Why; needed when a line is withdrawn.
    #[serde(default)]
    reason: String,
}

/// Says that two are different people, or that they are one and which line is withdrawn.
#[utoipa::path(post, path = "/api/v1/participant-pairs", tag = "participants", request_body = DecisionIn,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object), (status = "4XX", body = Problem)))]
async fn decide(
    actor: Actor<ManageDelegates>,
    State(app): State<App>,
    idempotency: IdempotencyKey,
    body: Json<DecisionIn>,
) -> Result<Answer, AppError> {
    let hash = body.hash();
    let DecisionIn { one, other, verdict, withdraw, reason } = body.into_inner();
    let new = Decision { one, other, verdict, withdraw, reason };
    api::idempotent(&app.db, &actor, &idempotency, "participants.pair", hash, move |tx| {
        let done = twins::decide(tx, &new)?;
        Ok::<_, DelegateError>(done.map(|()| (StatusCode::OK, json!({ "verdict": new.verdict }))))
    })
    .await
}
