//! Replacements as JSON, described in OpenAPI.

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    routing::get,
};
use jiff::{Timestamp, civil::Date};
use platform::{
    api::{self, Answer, IdempotencyKey, Json},
    app::App,
    identity::Actor,
    web::{AppError, Problem},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::OpenApi;

use super::store::{self, AlternateError};
use crate::delegates::{
    DelegateError, ManageDelegates, ReadDelegates,
    model::Standing,
    query,
    replacing::{self, NewReplacement, Replacement},
};

/// The routes, under `/api/v1`.
pub fn routes() -> Router<App> {
    Router::new().route("/api/v1/participants/{code}/replacements", get(list).post(replace))
}

#[derive(OpenApi)]
#[openapi(paths(list, replace))]
struct Doc;

/// What the routes are, for the document of the whole product.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}

/// Somebody who took somebody's place.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
struct ReplacementOut {
    /// Whose place it was.
    #[schema(example = "DB-0123")]
    leaver: String,
    /// Who took it.
    #[schema(example = "DB-0456")]
    comer: String,
    decision: String,
    #[schema(value_type = String, format = Date)]
    decided_on: Date,
    reason: String,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    office: String,
}

impl ReplacementOut {
    fn of(one: Replacement, leaver: String, comer: String) -> Self {
        let Replacement { decision, decided_on, reason, at, office, .. } = one;
        Self { leaver, comer, decision, decided_on, reason, at, office }
    }
}

/// A replacement as it is asked for.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct ReplacementIn {
    /// The code of who takes the place: an alternate, or somebody on the roll who is no delegate.
    by: String,
    /// The version of the leaver that was read.
    version: i64,
    /// The number of the decision.
    decision: String,
    /// Its day.
    #[schema(value_type = String, format = Date)]
    decided_on: Date,
    /// Why.
    reason: String,
    /// How the comer became a delegate, where the roll does not know it; otherwise as the leaver.
    #[serde(default)]
    standing: Option<Standing>,
}

/// The replacements in which somebody has a part, the newest first.
#[utoipa::path(get, path = "/api/v1/participants/{code}/replacements", tag = "participants",
    params(("code" = String, Path)),
    responses((status = 200, body = Vec<ReplacementOut>), (status = "4XX", body = Problem)))]
async fn list(
    _actor: Actor<ReadDelegates>,
    State(app): State<App>,
    Path(code): Path<String>,
) -> Result<axum::Json<Vec<ReplacementOut>>, AppError> {
    let all = app
        .db
        .read(move |tx| {
            let one = query::by_code_any(tx, &code)?.ok_or(DelegateError::NotFound)?;
            let mut out = Vec::new();
            for made in replacing::of(tx, one.id)? {
                let mut code = |id| {
                    Ok::<_, DelegateError>(
                        query::participant(tx, id)?.map(|one| one.code).unwrap_or_default(),
                    )
                };
                let (leaver, comer) = (code(made.leaver)?, code(made.comer)?);
                out.push(ReplacementOut::of(made, leaver, comer));
            }
            Ok::<_, DelegateError>(out)
        })
        .await?;
    Ok(axum::Json(all))
}

/// Puts an alternate, or somebody new on the roll, in a delegate's place by a decision. The badge of who leaves is
/// revoked; the answer says which.
#[utoipa::path(post, path = "/api/v1/participants/{code}/replacements", tag = "participants",
    params(("code" = String, Path)), request_body = ReplacementIn,
    responses((status = 201), (status = "4XX", body = Problem)))]
async fn replace(
    actor: Actor<ManageDelegates>,
    State(app): State<App>,
    Path(code): Path<String>,
    key: IdempotencyKey,
    body: Json<ReplacementIn>,
) -> Result<Answer, AppError> {
    let hash = body.hash();
    let body = body.into_inner();
    api::idempotent(&app.db, &actor, &key, "participants.replace", hash, move |tx| {
        let leaver = query::by_code_any(tx, &code)?.ok_or(DelegateError::NotFound)?;
        let comer = query::by_code_any(tx, &body.by)?
            .ok_or_else(|| DelegateError::Fields(vec![super::pages::nobody("by")]))?;
        let new = NewReplacement {
            comer: comer.id,
            version: body.version,
            decision: body.decision,
            decided_on: Some(body.decided_on),
            reason: body.reason,
            standing: body.standing,
        };
        let done = store::replace(tx, leaver.id, &new)?;
        Ok::<_, AlternateError>(done.map(|made| {
            let badge = made.revoked.map(|badge| badge.id);
            (
                StatusCode::CREATED,
                json!({ "leaver": leaver.code, "comer": comer.code, "revoked_badge": badge }),
            )
        }))
    })
    .await
}
