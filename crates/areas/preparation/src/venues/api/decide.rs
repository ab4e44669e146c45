//! Recommendations, the signed decision, hand-over and hand-back.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use platform::{
    api::{self, Answer, IdempotencyKey, Json},
    app::App,
    identity::Actor,
    web::{AppError, Problem},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::{Made, gone, made};
use crate::{
    tasks::api::about,
    venues::{
        DecideVenues, ManageVenues, ReadVenues,
        error::VenueError,
        model::*,
        picture::Frozen,
        store::{self, NewDecision},
        who,
    },
};

/// What is recommended.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewRecommendation {
    /// The venue.
    #[schema(value_type = String, format = Uuid)]
    venue: VenueId,
    /// Why.
    reason: String,
}

/// A reason.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Why {
    /// Why.
    reason: String,
}

/// A recommendation with what it froze.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RecommendationOut {
    /// The recommendation and its decision.
    #[schema(value_type = Object)]
    recommendation: Recommendation,
    /// What it froze.
    #[schema(value_type = Object)]
    content: Frozen,
}

/// Whoever has forms to hand in must not learn from a recommendation what others rated.
fn must_see(tx: &mut platform::db::Tx<'_>, who: &store::Who, of: &Recommendation) -> Result<(), VenueError> {
    for venue in store::venues(tx)? {
        if !store::sees_ratings(tx, who, of.round, venue.id)? {
            return Err(VenueError::NotFound);
        }
    }
    Ok(())
}

/// Recommendations with their decisions, newest first.
#[utoipa::path(get, path = "/api/v1/venue-recommendations", tag = "venue-choice",
    responses((status = 200, body = Vec<Object>), (status = "4XX", body = Problem)))]
pub(super) async fn list(
    _actor: Actor<ReadVenues>,
    State(app): State<App>,
) -> Result<axum::Json<Vec<Recommendation>>, AppError> {
    Ok(axum::Json(app.db.read(|tx| Ok::<_, VenueError>(store::recommendations(tx)?)).await?))
}

/// One recommendation with what it froze.
#[utoipa::path(get, path = "/api/v1/venue-recommendations/{id}", tag = "venue-choice",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = RecommendationOut), (status = "4XX", body = Problem)))]
pub(super) async fn show(
    actor: Actor<ReadVenues>,
    State(app): State<App>,
    Path(id): Path<RecommendationId>,
) -> Result<axum::Json<RecommendationOut>, AppError> {
    let who = who(&actor);
    let out = app
        .db
        .read(move |tx| {
            let recommendation = store::recommendation(tx, id)?;
            must_see(tx, &who, &recommendation)?;
            Ok::<_, VenueError>(RecommendationOut { recommendation, content: store::frozen(tx, id)? })
        })
        .await?;
    Ok(axum::Json(out))
}

/// Recommends a ranked venue: freezes gates, scores, weights and sensitivity under a hash.
#[utoipa::path(post, path = "/api/v1/venue-recommendations", tag = "venue-choice",
    request_body = NewRecommendation, params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Made), (status = "4XX", body = Problem)))]
pub(super) async fn recommend(
    actor: Actor<ManageVenues>,
    State(app): State<App>,
    key: IdempotencyKey,
    body: Json<NewRecommendation>,
) -> Result<Answer, AppError> {
    let (who, hash) = (who(&actor), body.hash());
    let new = body.into_inner();
    api::idempotent::<VenueError, _>(&app.db, &actor, &key, "venues.recommend", hash, move |tx| {
        Ok(store::recommend(tx, &who, new.venue, &new.reason)?.map(made))
    })
    .await
}

/// Sends a recommendation back with a reason.
#[utoipa::path(post, path = "/api/v1/venue-recommendations/{id}/return", tag = "venue-choice", request_body = Why,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = "4XX", body = Problem)))]
pub(super) async fn send_back(
    actor: Actor<DecideVenues>,
    State(app): State<App>,
    Path(id): Path<RecommendationId>,
    key: IdempotencyKey,
    body: Json<Why>,
) -> Result<Answer, AppError> {
    let (who, hash) = (who(&actor), about(body.hash(), &[&id.to_string()]));
    let why = body.into_inner().reason;
    api::idempotent::<VenueError, _>(&app.db, &actor, &key, "venues.send_back", hash, move |tx| {
        Ok(store::send_back(tx, &who, id, &why)?.map(|()| gone()))
    })
    .await
}

/// Signs the decision, once: it enters the register of decisions and its works become tasks.
#[utoipa::path(post, path = "/api/v1/venue-recommendations/{id}/signature", tag = "venue-choice",
    request_body = NewDecision,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Object), (status = "4XX", body = Problem)))]
pub(super) async fn sign(
    actor: Actor<DecideVenues>,
    State(app): State<App>,
    Path(id): Path<RecommendationId>,
    key: IdempotencyKey,
    body: Json<NewDecision>,
) -> Result<Answer, AppError> {
    let (who, hash) = (who(&actor), about(body.hash(), &[&id.to_string()]));
    let new = body.into_inner();
    api::idempotent::<VenueError, _>(&app.db, &actor, &key, "venues.sign", hash, move |tx| {
        let done = store::sign(tx, &who, id, &new)?;
        let decision = store::recommendation(tx, id)?.decision;
        Ok(done.map(|tasks| (StatusCode::CREATED, json!({ "tasks": tasks, "decision": decision }))))
    })
    .await
}

/// Hand-overs of a venue, oldest first.
#[utoipa::path(get, path = "/api/v1/venues/{id}/handovers", tag = "venues", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Vec<Object>), (status = "4XX", body = Problem)))]
pub(super) async fn handovers(
    _actor: Actor<ReadVenues>,
    State(app): State<App>,
    Path(id): Path<VenueId>,
) -> Result<axum::Json<Vec<Handover>>, AppError> {
    let all = app
        .db
        .read(move |tx| {
            store::venue(tx, id)?;
            Ok::<_, VenueError>(store::handovers(tx, id)?)
        })
        .await?;
    Ok(axum::Json(all))
}

/// Takes a chosen venue over, or gives it back, with the photographs of that side frozen by their hashes.
#[utoipa::path(post, path = "/api/v1/venues/{id}/handovers", tag = "venues", request_body = NewHandover,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Made), (status = "4XX", body = Problem)))]
pub(super) async fn hand_over(
    actor: Actor<ManageVenues>,
    State(app): State<App>,
    Path(id): Path<VenueId>,
    key: IdempotencyKey,
    body: Json<NewHandover>,
) -> Result<Answer, AppError> {
    let (who, hash) = (who(&actor), about(body.hash(), &[&id.to_string()]));
    let new = body.into_inner();
    api::idempotent::<VenueError, _>(&app.db, &actor, &key, "venues.hand_over", hash, move |tx| {
        Ok(store::hand_over(tx, &who, id, &new)?.map(made))
    })
    .await
}
