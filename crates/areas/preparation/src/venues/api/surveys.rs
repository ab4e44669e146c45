//! Rounds and forms: who surveys what, what devices send, choosing, handing in.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use platform::{
    api::{self, Answer, IdempotencyKey, Json},
    app::App,
    i18n,
    identity::{Actor, OfficeId},
    web::{AppError, Cx, Problem},
};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{Made, gone, made};
use crate::{
    tasks::api::about,
    venues::{ContributeVenues, ManageVenues, ReadVenues, error::VenueError, model::*, store, who},
};

/// Rounds, newest first.
#[utoipa::path(get, path = "/api/v1/venue-rounds", tag = "venue-surveys",
    responses((status = 200, body = Vec<Object>), (status = "4XX", body = Problem)))]
pub(super) async fn rounds(
    _actor: Actor<ReadVenues>,
    State(app): State<App>,
) -> Result<axum::Json<Vec<Round>>, AppError> {
    Ok(axum::Json(app.db.read(|tx| Ok::<_, VenueError>(store::rounds(tx)?)).await?))
}

/// A round that is opened.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewRound {
    /// Its name.
    name: String,
    /// People expected in the hall.
    people: u32,
    /// Reserve, percent.
    #[serde(default)]
    reserve: u32,
}

/// Opens a round.
#[utoipa::path(post, path = "/api/v1/venue-rounds", tag = "venue-surveys", request_body = NewRound,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Made), (status = "4XX", body = Problem)))]
pub(super) async fn open_round(
    actor: Actor<ManageVenues>,
    State(app): State<App>,
    key: IdempotencyKey,
    body: Json<NewRound>,
) -> Result<Answer, AppError> {
    let (who, hash) = (who(&actor), body.hash());
    let new = body.into_inner();
    api::idempotent::<VenueError, _>(&app.db, &actor, &key, "venues.round", hash, move |tx| {
        Ok(store::open_round(tx, &who, &new.name, new.people, new.reserve)?.map(made))
    })
    .await
}

/// Closes a round: no form of it changes any more.
#[utoipa::path(post, path = "/api/v1/venue-rounds/{id}/closing", tag = "venue-surveys",
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = "4XX", body = Problem)))]
pub(super) async fn close_round(
    actor: Actor<ManageVenues>,
    State(app): State<App>,
    Path(id): Path<RoundId>,
    key: IdempotencyKey,
) -> Result<Answer, AppError> {
    let (who, hash) = (who(&actor), about([0; 32], &[&id.to_string()]));
    api::idempotent::<VenueError, _>(&app.db, &actor, &key, "venues.round_close", hash, move |tx| {
        Ok(store::close_round(tx, &who, id)?.map(|()| gone()))
    })
    .await
}

/// Surveys: those of the caller's office, or all for who keeps the venues or decides. Never what they say.
#[utoipa::path(get, path = "/api/v1/venue-surveys", tag = "venue-surveys",
    responses((status = 200, body = Vec<Object>), (status = "4XX", body = Problem)))]
pub(super) async fn list(
    actor: Actor<ReadVenues>,
    State(app): State<App>,
) -> Result<axum::Json<Vec<Survey>>, AppError> {
    let who = who(&actor);
    let all: Vec<Survey> = app.db.read(|tx| Ok::<_, VenueError>(store::surveys(tx)?)).await?;
    let seen = |survey: &Survey| who.manages || who.decides || Some(survey.office) == who.office;
    Ok(axum::Json(all.into_iter().filter(seen).collect()))
}

/// Who surveys what.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewSurvey {
    /// The round.
    #[schema(value_type = String, format = Uuid)]
    round: RoundId,
    /// The venue.
    #[schema(value_type = String, format = Uuid)]
    venue: VenueId,
    /// The office.
    #[schema(value_type = String, format = Uuid)]
    office: OfficeId,
}

/// Asks an office to survey a venue.
#[utoipa::path(post, path = "/api/v1/venue-surveys", tag = "venue-surveys", request_body = NewSurvey,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Made), (status = "4XX", body = Problem)))]
pub(super) async fn assign(
    actor: Actor<ManageVenues>,
    State(app): State<App>,
    key: IdempotencyKey,
    body: Json<NewSurvey>,
) -> Result<Answer, AppError> {
    let (who, hash) = (who(&actor), body.hash());
    let new = body.into_inner();
    api::idempotent::<VenueError, _>(&app.db, &actor, &key, "venues.assign", hash, move |tx| {
        Ok(store::assign(tx, &who, new.round, new.venue, new.office)?.map(made))
    })
    .await
}

/// A form with its records, what stands, and what disagrees: of the caller's own office; for who keeps the venues
/// also one that was handed in or has something to choose.
#[utoipa::path(get, path = "/api/v1/venue-surveys/{id}", tag = "venue-surveys", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Object), (status = "4XX", body = Problem)))]
pub(super) async fn show(
    actor: Actor<ReadVenues>,
    State(app): State<App>,
    Path(id): Path<SurveyId>,
) -> Result<axum::Json<Form>, AppError> {
    let who = who(&actor);
    Ok(axum::Json(app.db.read(move |tx| store::form_for(tx, &who, id)).await?))
}

/// What a device sends.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Batch {
    /// The device, by a name that it made for itself.
    device: String,
    /// Its records in their order; at most 500.
    records: Vec<NewRecord>,
}

/// Takes in what a device wrote, with a verdict for each record. Sending the same again changes nothing: a record
/// is named by its device and sequence, so this verb needs no key.
#[utoipa::path(post, path = "/api/v1/venue-surveys/{id}/records", tag = "venue-surveys", request_body = Batch,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object), (status = "4XX", body = Problem)))]
pub(super) async fn take_in(
    actor: Actor<ContributeVenues>,
    State(app): State<App>,
    Path(id): Path<SurveyId>,
    key: IdempotencyKey,
    cx: Cx,
    body: Json<Batch>,
) -> Result<Answer, AppError> {
    let (who, hash) = (who(&actor), about(body.hash(), &[&id.to_string()]));
    let batch = body.into_inner();
    let lang = cx.lang;
    api::idempotent::<VenueError, _>(&app.db, &actor, &key, "venues.records", hash, move |tx| {
        let done = store::take_in(tx, &who, id, &batch.device, &batch.records)?;
        let form = store::form(tx, id)?;
        Ok(done.map(|verdicts| (StatusCode::OK, receipt(lang, &batch, &verdicts, &form))))
    })
    .await
}

/// The verdicts, each with the sequence it is about, and how the form stands after them.
fn receipt(lang: i18n::Lang, batch: &Batch, verdicts: &[Verdict], form: &Form) -> serde_json::Value {
    let verdicts: Vec<serde_json::Value> = batch
        .records
        .iter()
        .zip(verdicts)
        .map(|(record, verdict)| {
            let mut out = super::json(verdict);
            if let Some(out) = out.as_object_mut() {
                out.insert("sequence".to_owned(), json!(record.sequence));
                if let Verdict::Refused { key, .. } = verdict {
                    out.insert("message".to_owned(), json!(i18n::tr(lang, key, &[])));
                }
            }
            out
        })
        .collect();
    json!({ "verdicts": verdicts, "seen": form.seen, "cases": form.cases })
}

/// Hands a form in: from then on it counts.
#[utoipa::path(post, path = "/api/v1/venue-surveys/{id}/hand-in", tag = "venue-surveys",
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = "4XX", body = Problem)))]
pub(super) async fn hand_in(
    actor: Actor<ContributeVenues>,
    State(app): State<App>,
    Path(id): Path<SurveyId>,
    key: IdempotencyKey,
) -> Result<Answer, AppError> {
    let (who, hash) = (who(&actor), about([0; 32], &[&id.to_string()]));
    api::idempotent::<VenueError, _>(&app.db, &actor, &key, "venues.hand_in", hash, move |tx| {
        Ok(store::hand_in(tx, &who, id)?.map(|()| gone()))
    })
    .await
}

/// A choice between records that disagree.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Choice {
    /// What they are about: `rating/T6`.
    subject: String,
    /// The place of the record that is chosen.
    chosen: u64,
    /// The highest place that was shown.
    seen: u64,
    /// Why.
    reason: String,
}

/// Chooses between records that disagree, with a reason.
#[utoipa::path(post, path = "/api/v1/venue-surveys/{id}/choices", tag = "venue-surveys", request_body = Choice,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Object), (status = "4XX", body = Problem)))]
pub(super) async fn settle(
    actor: Actor<ContributeVenues>,
    State(app): State<App>,
    Path(id): Path<SurveyId>,
    key: IdempotencyKey,
    body: Json<Choice>,
) -> Result<Answer, AppError> {
    let (who, hash) = (who(&actor), about(body.hash(), &[&id.to_string()]));
    let new = body.into_inner();
    api::idempotent::<VenueError, _>(&app.db, &actor, &key, "venues.choose", hash, move |tx| {
        let done = store::settle(tx, &who, id, &new.subject, new.chosen, new.seen, &new.reason)?;
        Ok(done.map(|place| (StatusCode::CREATED, json!({ "place": place }))))
    })
    .await
}
