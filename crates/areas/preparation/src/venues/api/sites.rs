//! Venues, their spaces and exits, and the screening of egress.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use platform::{
    api::{self, Answer, IdempotencyKey, Json},
    app::App,
    i18n::{self, Lang},
    identity::Actor,
    web::{AppError, Cx, Problem},
};
use rules::{egress::Screening, venue::VenueMove};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Made, gone, json, made};
use crate::{
    tasks::api::about,
    venues::{ManageVenues, ReadVenues, error::VenueError, model::*, picture, refusals, store, who},
};

/// A venue that is rewritten.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EditVenue {
    /// The version that was read.
    version: i64,
    /// What is known.
    fields: VenueFields,
}

/// A space that is rewritten.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EditSpace {
    /// The version that was read.
    version: i64,
    /// What was measured.
    fields: SpaceFields,
}

/// A step.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewStep {
    /// The version that was read.
    version: i64,
    /// `survey`, `conclude`, `resurvey`, `score`, `withdraw`, `nominate`.
    #[serde(rename = "move")]
    #[schema(value_type = String, example = "survey")]
    step: VenueMove,
    /// Why, where it needs a reason.
    #[serde(default)]
    reason: String,
}

/// A line of the working, in words.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Line {
    /// The clause it follows from.
    clause: &'static str,
    /// The sentence.
    text: String,
}

/// A screening with its working in words.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ScreeningOut {
    /// The space.
    space: String,
    /// The numbers, the working and the findings as data.
    #[schema(value_type = Object)]
    screening: Screening,
    /// The working, line by line.
    working: Vec<Line>,
    /// What was found.
    findings: Vec<Line>,
    /// What this is and what it is not.
    disclaimer: String,
}

impl ScreeningOut {
    fn of(lang: Lang, space: &str, screening: Screening) -> Self {
        let line = |clause: rules::egress::Clause, key, args| Line {
            clause: clause.as_str(),
            text: i18n::tr(lang, key, &refusals::args(args)),
        };
        Self {
            space: space.to_owned(),
            working: screening
                .steps
                .iter()
                .map(|step| line(step.clause(), step.key(), step.args()))
                .collect(),
            findings: screening
                .findings
                .iter()
                .map(|found| line(found.clause(), found.key(), found.args()))
                .collect(),
            disclaimer: i18n::tr(lang, rules::egress::DISCLAIMER, &[]),
            screening,
        }
    }
}

/// All venues by code.
#[utoipa::path(get, path = "/api/v1/venues", tag = "venues",
    responses((status = 200, body = Vec<Object>), (status = "4XX", body = Problem)))]
pub(super) async fn list(
    _actor: Actor<ReadVenues>,
    State(app): State<App>,
) -> Result<axum::Json<Vec<Venue>>, AppError> {
    Ok(axum::Json(app.db.read(|tx| Ok::<_, VenueError>(store::venues(tx)?)).await?))
}

/// Nominates a venue.
#[utoipa::path(post, path = "/api/v1/venues", tag = "venues", request_body = VenueFields,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Made), (status = "4XX", body = Problem)))]
pub(super) async fn nominate(
    actor: Actor<ManageVenues>,
    State(app): State<App>,
    key: IdempotencyKey,
    body: Json<VenueFields>,
) -> Result<Answer, AppError> {
    let (who, hash) = (who(&actor), body.hash());
    let fields = body.into_inner();
    api::idempotent::<VenueError, _>(&app.db, &actor, &key, "venues.nominate", hash, move |tx| {
        Ok(store::nominate(tx, &who, &fields)?.map(made))
    })
    .await
}

/// One venue with its spaces.
#[utoipa::path(get, path = "/api/v1/venues/{id}", tag = "venues", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Object), (status = "4XX", body = Problem)))]
pub(super) async fn show(
    _actor: Actor<ReadVenues>,
    State(app): State<App>,
    Path(id): Path<VenueId>,
) -> Result<axum::Json<serde_json::Value>, AppError> {
    let (venue, spaces) =
        app.db.read(move |tx| Ok::<_, VenueError>((store::venue(tx, id)?, store::spaces(tx, id)?))).await?;
    Ok(axum::Json(serde_json::json!({ "venue": venue, "spaces": spaces })))
}

/// Rewrites what is known of a venue.
#[utoipa::path(put, path = "/api/v1/venues/{id}", tag = "venues", request_body = EditVenue,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = "4XX", body = Problem)))]
pub(super) async fn edit(
    actor: Actor<ManageVenues>,
    State(app): State<App>,
    Path(id): Path<VenueId>,
    key: IdempotencyKey,
    body: Json<EditVenue>,
) -> Result<Answer, AppError> {
    let (who, hash) = (who(&actor), about(body.hash(), &[&id.to_string()]));
    let new = body.into_inner();
    api::idempotent::<VenueError, _>(&app.db, &actor, &key, "venues.edit", hash, move |tx| {
        Ok(store::edit(tx, &who, id, new.version, &new.fields)?.map(|_| gone()))
    })
    .await
}

/// Takes a step that stands by itself.
#[utoipa::path(post, path = "/api/v1/venues/{id}/moves", tag = "venues", request_body = NewStep,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object), (status = "4XX", body = Problem)))]
pub(super) async fn step(
    actor: Actor<ManageVenues>,
    State(app): State<App>,
    Path(id): Path<VenueId>,
    key: IdempotencyKey,
    body: Json<NewStep>,
) -> Result<Answer, AppError> {
    let (who, hash) = (who(&actor), about(body.hash(), &[&id.to_string()]));
    let new = body.into_inner();
    api::idempotent::<VenueError, _>(&app.db, &actor, &key, "venues.move", hash, move |tx| {
        let done = store::step(tx, &who, id, new.version, new.step, &new.reason)?;
        let venue = store::venue(tx, id)?;
        Ok(done.map(|_| (StatusCode::OK, json(&venue))))
    })
    .await
}

/// Writes down a space of a venue with its exits.
#[utoipa::path(post, path = "/api/v1/venues/{id}/spaces", tag = "venues", request_body = SpaceFields,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Made), (status = "4XX", body = Problem)))]
pub(super) async fn add_space(
    actor: Actor<ManageVenues>,
    State(app): State<App>,
    Path(id): Path<VenueId>,
    key: IdempotencyKey,
    body: Json<SpaceFields>,
) -> Result<Answer, AppError> {
    let (who, hash) = (who(&actor), about(body.hash(), &[&id.to_string()]));
    let fields = body.into_inner();
    api::idempotent::<VenueError, _>(&app.db, &actor, &key, "venues.space", hash, move |tx| {
        Ok(store::add_space(tx, &who, id, &fields)?.map(made))
    })
    .await
}

/// Rewrites a space with its exits.
#[utoipa::path(put, path = "/api/v1/venue-spaces/{id}", tag = "venues", request_body = EditSpace,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = "4XX", body = Problem)))]
pub(super) async fn edit_space(
    actor: Actor<ManageVenues>,
    State(app): State<App>,
    Path(id): Path<SpaceId>,
    key: IdempotencyKey,
    body: Json<EditSpace>,
) -> Result<Answer, AppError> {
    let (who, hash) = (who(&actor), about(body.hash(), &[&id.to_string()]));
    let new = body.into_inner();
    api::idempotent::<VenueError, _>(&app.db, &actor, &key, "venues.space_edit", hash, move |tx| {
        Ok(store::edit_space(tx, &who, id, new.version, &new.fields)?.map(|_| gone()))
    })
    .await
}

/// Takes a space off the list.
#[utoipa::path(delete, path = "/api/v1/venue-spaces/{id}", tag = "venues",
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = "4XX", body = Problem)))]
pub(super) async fn remove_space(
    actor: Actor<ManageVenues>,
    State(app): State<App>,
    Path(id): Path<SpaceId>,
    key: IdempotencyKey,
) -> Result<Answer, AppError> {
    let (who, hash) = (who(&actor), about([0; 32], &[&id.to_string()]));
    api::idempotent::<VenueError, _>(&app.db, &actor, &key, "venues.space_remove", hash, move |tx| {
        Ok(store::remove_space(tx, &who, id)?.map(|()| gone()))
    })
    .await
}

/// The screening of each space by QCVN 06:2022/BXD, with the working and the clauses. The main space is screened
/// for the people of the current round, another for the people it would hold.
#[utoipa::path(get, path = "/api/v1/venues/{id}/egress", tag = "venues", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Vec<ScreeningOut>), (status = "4XX", body = Problem)))]
pub(super) async fn egress(
    _actor: Actor<ReadVenues>,
    State(app): State<App>,
    Path(id): Path<VenueId>,
    cx: Cx,
) -> Result<axum::Json<Vec<ScreeningOut>>, AppError> {
    let (spaces, round) = app
        .db
        .read(move |tx| {
            store::venue(tx, id)?;
            Ok::<_, VenueError>((store::spaces(tx, id)?, store::current_round(tx)?))
        })
        .await?;
    Ok(axum::Json(
        spaces
            .iter()
            .map(|space| {
                ScreeningOut::of(cx.lang, &space.fields.name, picture::screen_space(&space.fields, &round))
            })
            .collect(),
    ))
}
