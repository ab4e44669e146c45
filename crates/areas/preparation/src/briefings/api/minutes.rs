//! Conclusions, signature, supplementary records, notice, receipts.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use platform::{
    api::{self, Answer, IdempotencyKey, Json, Query},
    app::App,
    identity::Actor,
    web::{AppError, Cx, Problem},
};
use serde::Deserialize;

use super::{
    meetings::{made, nothing},
    types::*,
};
use crate::{
    briefings::{
        BriefingError, ContributeBriefings, DecideBriefings, Hand, ManageBriefings, ReadBriefings,
        conclusion, model::*, notice, report, sign, store,
    },
    tasks::api::{about, types::json},
};

/// The conclusions in their order; those that were taken out have number 0. What a task that the caller may not
/// see would say is left out.
#[utoipa::path(get, path = "/api/v1/briefings/{id}/conclusions", tag = "minutes",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Vec<Object>), (status = "4XX", body = Problem)))]
pub(super) async fn conclusions(
    actor: Actor<ReadBriefings>,
    State(app): State<App>,
    Path(id): Path<BriefingId>,
) -> Result<axum::Json<Vec<Conclusion>>, AppError> {
    let hand = Hand::of(&actor);
    let all = app
        .db
        .read(move |tx| {
            store::briefing(tx, &hand, id)?;
            let all = conclusion::conclusions(tx, id)?;
            conclusion::for_audience(tx, &hand, all)
        })
        .await?;
    Ok(axum::Json(all))
}

/// A sentence to be read.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Sentence {
    /// As typed.
    text: String,
}

/// What would be understood of a sentence: units, tasks, deadlines, and where they stand. Nothing is written.
#[utoipa::path(get, path = "/api/v1/briefing-reading", tag = "minutes", params(Sentence),
    responses((status = 200, body = ReadingOut), (status = "4XX", body = Problem)))]
pub(super) async fn reading(
    _actor: Actor<ContributeBriefings>,
    State(app): State<App>,
    cx: Cx,
    Query(sentence): Query<Sentence>,
) -> Result<axum::Json<ReadingOut>, AppError> {
    let typed = app.db.read(move |tx| conclusion::read(tx, &sentence.text)).await?;
    Ok(axum::Json(ReadingOut {
        clean: typed.clean.clone(),
        content: conclusion::understood(&typed, None),
        pieces: typed.pieces.iter().map(|piece| PieceOut::of(piece, cx.lang)).collect(),
    }))
}

/// Writes a conclusion down at the end. Sent again with the same id it stands once.
#[utoipa::path(post, path = "/api/v1/briefings/{id}/conclusions", tag = "minutes", request_body = ConclusionIn,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = BriefingMade), (status = "4XX", body = Problem)))]
pub(super) async fn add(
    actor: Actor<ContributeBriefings>,
    State(app): State<App>,
    Path(id): Path<BriefingId>,
    key: IdempotencyKey,
    body: Json<ConclusionIn>,
) -> Result<Answer, AppError> {
    let hand = Hand::of(&actor);
    let hash = about(body.hash(), &[&id.to_string()]);
    let new = body.into_inner();
    api::idempotent::<BriefingError, _>(&app.db, &actor, &key, "briefings.conclude", hash, move |tx| {
        let content = conclusion::said(tx, new.content.as_ref(), &new.typed, new.disposition)?;
        Ok(conclusion::add(tx, &hand, id, &new.conclusion(content))?.map(made))
    })
    .await
}

/// Rewrites a conclusion.
#[utoipa::path(put, path = "/api/v1/briefings/{id}/conclusions/{conclusion}", tag = "minutes",
    request_body = ConclusionIn,
    params(("id" = uuid::Uuid, Path), ("conclusion" = uuid::Uuid, Path),
        ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object), (status = "4XX", body = Problem)))]
pub(super) async fn edit(
    actor: Actor<ContributeBriefings>,
    State(app): State<App>,
    Path((id, one)): Path<(BriefingId, ConclusionId)>,
    key: IdempotencyKey,
    body: Json<ConclusionIn>,
) -> Result<Answer, AppError> {
    let hand = Hand::of(&actor);
    let hash = about(body.hash(), &[&id.to_string(), &one.to_string()]);
    let new = body.into_inner();
    api::idempotent::<BriefingError, _>(&app.db, &actor, &key, "briefings.conclusion.edit", hash, move |tx| {
        let content = conclusion::said(tx, new.content.as_ref(), &new.typed, new.disposition)?;
        let done = conclusion::edit(tx, &hand, id, one, new.version, &new.typed, &content)?;
        let now = conclusion::conclusion(tx, id, one)?;
        Ok(done.map(|()| (StatusCode::OK, json(&now))))
    })
    .await
}

/// Takes a conclusion out; it can be put back until the minutes are signed.
#[utoipa::path(post, path = "/api/v1/briefings/{id}/conclusions/{conclusion}/removal", tag = "minutes",
    request_body = Seen,
    params(("id" = uuid::Uuid, Path), ("conclusion" = uuid::Uuid, Path),
        ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = "4XX", body = Problem)))]
pub(super) async fn remove(
    actor: Actor<ContributeBriefings>,
    State(app): State<App>,
    Path((id, one)): Path<(BriefingId, ConclusionId)>,
    key: IdempotencyKey,
    body: Json<Seen>,
) -> Result<Answer, AppError> {
    let hand = Hand::of(&actor);
    let hash = about(body.hash(), &[&id.to_string(), &one.to_string()]);
    let version = body.version;
    api::idempotent::<BriefingError, _>(&app.db, &actor, &key, "briefings.conclusion.drop", hash, move |tx| {
        Ok(conclusion::drop_or_restore(tx, &hand, id, one, version, true)?.map(nothing))
    })
    .await
}

/// Puts a conclusion back that was taken out.
#[utoipa::path(post, path = "/api/v1/briefings/{id}/conclusions/{conclusion}/restoration", tag = "minutes",
    request_body = Seen,
    params(("id" = uuid::Uuid, Path), ("conclusion" = uuid::Uuid, Path),
        ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = "4XX", body = Problem)))]
pub(super) async fn restore(
    actor: Actor<ContributeBriefings>,
    State(app): State<App>,
    Path((id, one)): Path<(BriefingId, ConclusionId)>,
    key: IdempotencyKey,
    body: Json<Seen>,
) -> Result<Answer, AppError> {
    let hand = Hand::of(&actor);
    let hash = about(body.hash(), &[&id.to_string(), &one.to_string()]);
    let version = body.version;
    api::idempotent::<BriefingError, _>(
        &app.db,
        &actor,
        &key,
        "briefings.conclusion.restore",
        hash,
        move |tx| Ok(conclusion::drop_or_restore(tx, &hand, id, one, version, false)?.map(nothing)),
    )
    .await
}

/// Makes one conclusion of each deadline.
#[utoipa::path(post, path = "/api/v1/briefings/{id}/conclusions/{conclusion}/parts", tag = "minutes",
    request_body = Seen,
    params(("id" = uuid::Uuid, Path), ("conclusion" = uuid::Uuid, Path),
        ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Vec<String>), (status = "4XX", body = Problem)))]
pub(super) async fn split(
    actor: Actor<ContributeBriefings>,
    State(app): State<App>,
    Path((id, one)): Path<(BriefingId, ConclusionId)>,
    key: IdempotencyKey,
    body: Json<Seen>,
) -> Result<Answer, AppError> {
    let hand = Hand::of(&actor);
    let hash = about(body.hash(), &[&id.to_string(), &one.to_string()]);
    let version = body.version;
    api::idempotent::<BriefingError, _>(
        &app.db,
        &actor,
        &key,
        "briefings.conclusion.split",
        hash,
        move |tx| {
            Ok(conclusion::split(tx, &hand, id, one, version)?.map(|made| (StatusCode::CREATED, json(&made))))
        },
    )
    .await
}

/// Makes milestones of all deadlines but the last.
#[utoipa::path(post, path = "/api/v1/briefings/{id}/conclusions/{conclusion}/milestones", tag = "minutes",
    request_body = MilestonesIn,
    params(("id" = uuid::Uuid, Path), ("conclusion" = uuid::Uuid, Path),
        ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = "4XX", body = Problem)))]
pub(super) async fn milestones(
    actor: Actor<ContributeBriefings>,
    State(app): State<App>,
    Path((id, one)): Path<(BriefingId, ConclusionId)>,
    key: IdempotencyKey,
    body: Json<MilestonesIn>,
) -> Result<Answer, AppError> {
    let hand = Hand::of(&actor);
    let hash = about(body.hash(), &[&id.to_string(), &one.to_string()]);
    let new = body.into_inner();
    api::idempotent::<BriefingError, _>(
        &app.db,
        &actor,
        &key,
        "briefings.conclusion.milestones",
        hash,
        move |tx| Ok(conclusion::make_milestones(tx, &hand, id, one, new.version, &new.titles)?.map(nothing)),
    )
    .await
}

/// Puts the conclusions in another order; their numbers follow.
#[utoipa::path(put, path = "/api/v1/briefings/{id}/conclusion-order", tag = "minutes", request_body = OrderIn,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = "4XX", body = Problem)))]
pub(super) async fn order(
    actor: Actor<ContributeBriefings>,
    State(app): State<App>,
    Path(id): Path<BriefingId>,
    key: IdempotencyKey,
    body: Json<OrderIn>,
) -> Result<Answer, AppError> {
    let hand = Hand::of(&actor);
    let hash = about(body.hash(), &[&id.to_string()]);
    let ids: Vec<ConclusionId> = body.into_inner().ids.into_iter().map(ConclusionId).collect();
    api::idempotent::<BriefingError, _>(
        &app.db,
        &actor,
        &key,
        "briefings.conclusions.order",
        hash,
        move |tx| Ok(conclusion::order(tx, &hand, id, &ids)?.map(nothing)),
    )
    .await
}

// ---------------------------------------------------------------- signature

/// What signing would do, and what keeps each conclusion from being signed.
#[utoipa::path(get, path = "/api/v1/briefings/{id}/signature", tag = "minutes", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = PreviewOut), (status = "4XX", body = Problem)))]
pub(super) async fn preview(
    actor: Actor<ReadBriefings>,
    State(app): State<App>,
    cx: Cx,
    Path(id): Path<BriefingId>,
) -> Result<axum::Json<PreviewOut>, AppError> {
    let hand = Hand::of(&actor);
    let preview = app.db.read(move |tx| sign::preview(tx, &hand, id)).await?;
    Ok(axum::Json(PreviewOut::of(&preview, cx.lang)))
}

/// Signs the minutes, once, and does what they say: tasks are made, amended and extended in the same transaction.
#[utoipa::path(post, path = "/api/v1/briefings/{id}/signature", tag = "minutes", request_body = SignIn,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = SignedOut), (status = "4XX", body = Problem)))]
pub(super) async fn sign_minutes(
    actor: Actor<DecideBriefings>,
    State(app): State<App>,
    Path(id): Path<BriefingId>,
    key: IdempotencyKey,
    body: Json<SignIn>,
) -> Result<Answer, AppError> {
    let hand = Hand::of(&actor);
    let hash = about(body.hash(), &[&id.to_string()]);
    let new = body.into_inner();
    api::idempotent::<BriefingError, _>(&app.db, &actor, &key, "briefings.sign", hash, move |tx| {
        let done = sign::sign(tx, &hand, id, &new.mark)?;
        Ok(done.map(|signed| (StatusCode::CREATED, json(&SignedOut::from(&signed)))))
    })
    .await
}

/// The signed minutes, their hash checked; before that the draft.
#[utoipa::path(get, path = "/api/v1/briefings/{id}/minutes", tag = "minutes", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = MinutesOut), (status = "4XX", body = Problem)))]
pub(super) async fn minutes(
    actor: Actor<ReadBriefings>,
    State(app): State<App>,
    Path(id): Path<BriefingId>,
) -> Result<axum::Json<MinutesOut>, AppError> {
    let hand = Hand::of(&actor);
    let out = app
        .db
        .read(move |tx| {
            if sign::record(tx, id, 0)?.is_none() {
                return Ok(MinutesOut { signed: None, minutes: sign::draft(tx, &hand, id)? });
            }
            let (signed, minutes) = sign::minutes(tx, &hand, id)?;
            Ok::<_, BriefingError>(MinutesOut { signed: Some((&signed).into()), minutes })
        })
        .await?;
    Ok(axum::Json(out))
}

/// Supplementary records, drafts included.
#[utoipa::path(get, path = "/api/v1/briefings/{id}/supplements", tag = "minutes",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Vec<Object>), (status = "4XX", body = Problem)))]
pub(super) async fn supplements(
    actor: Actor<ReadBriefings>,
    State(app): State<App>,
    Path(id): Path<BriefingId>,
) -> Result<axum::Json<Vec<Supplement>>, AppError> {
    let hand = Hand::of(&actor);
    let all = app
        .db
        .read(move |tx| {
            store::briefing(tx, &hand, id)?;
            sign::supplements(tx, id)
        })
        .await?;
    Ok(axum::Json(all))
}

/// Begins a supplementary record to signed minutes.
#[utoipa::path(post, path = "/api/v1/briefings/{id}/supplements", tag = "minutes", request_body = SupplementIn,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = BriefingMade), (status = "4XX", body = Problem)))]
pub(super) async fn begin_supplement(
    actor: Actor<ContributeBriefings>,
    State(app): State<App>,
    Path(id): Path<BriefingId>,
    key: IdempotencyKey,
    body: Json<SupplementIn>,
) -> Result<Answer, AppError> {
    let hand = Hand::of(&actor);
    let hash = about(body.hash(), &[&id.to_string()]);
    let new = body.into_inner();
    api::idempotent::<BriefingError, _>(&app.db, &actor, &key, "briefings.supplement", hash, move |tx| {
        Ok(sign::begin_supplement(tx, &hand, id, &new.reason, &new.corrections)?.map(made))
    })
    .await
}

/// Rewrites a supplementary record that is not signed yet.
#[utoipa::path(put, path = "/api/v1/briefings/{id}/supplements/{no}", tag = "minutes",
    request_body = SupplementIn,
    params(("id" = uuid::Uuid, Path), ("no" = u32, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = "4XX", body = Problem)))]
pub(super) async fn edit_supplement(
    actor: Actor<ContributeBriefings>,
    State(app): State<App>,
    Path((id, no)): Path<(BriefingId, u32)>,
    key: IdempotencyKey,
    body: Json<SupplementIn>,
) -> Result<Answer, AppError> {
    let hand = Hand::of(&actor);
    let hash = about(body.hash(), &[&id.to_string(), &no.to_string()]);
    let new = body.into_inner();
    api::idempotent::<BriefingError, _>(&app.db, &actor, &key, "briefings.supplement.edit", hash, move |tx| {
        Ok(sign::edit_supplement(tx, &hand, id, no, new.version, &new.reason, &new.corrections)?.map(nothing))
    })
    .await
}

/// Signs a supplementary record, once.
#[utoipa::path(post, path = "/api/v1/briefings/{id}/supplements/{no}/signature", tag = "minutes",
    request_body = Seen,
    params(("id" = uuid::Uuid, Path), ("no" = u32, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = SignedOut), (status = "4XX", body = Problem)))]
pub(super) async fn sign_supplement(
    actor: Actor<DecideBriefings>,
    State(app): State<App>,
    Path((id, no)): Path<(BriefingId, u32)>,
    key: IdempotencyKey,
    body: Json<Seen>,
) -> Result<Answer, AppError> {
    let hand = Hand::of(&actor);
    let hash = about(body.hash(), &[&id.to_string(), &no.to_string()]);
    let version = body.version;
    api::idempotent::<BriefingError, _>(&app.db, &actor, &key, "briefings.supplement.sign", hash, move |tx| {
        let done = sign::sign_supplement(tx, &hand, id, no, version)?;
        Ok(done.map(|signed| (StatusCode::CREATED, json(&SignedOut::from(&signed)))))
    })
    .await
}

// ---------------------------------------------------------------- notice and receipts

/// The notice of conclusions, or the number that it would take.
#[utoipa::path(get, path = "/api/v1/briefings/{id}/notice", tag = "minutes", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = NoticeOut), (status = "4XX", body = Problem)))]
pub(super) async fn notice_of(
    actor: Actor<ReadBriefings>,
    State(app): State<App>,
    Path(id): Path<BriefingId>,
) -> Result<axum::Json<NoticeOut>, AppError> {
    let hand = Hand::of(&actor);
    let out = app
        .db
        .read(move |tx| {
            store::briefing(tx, &hand, id)?;
            if let Some(notice) = notice::notice(tx, id)? {
                return Ok(NoticeOut { notice: Some(notice), next: None });
            }
            let next = match notice::next_number(tx, &hand, id) {
                Ok((body, number)) => Some(body.written(number, notice::ABBR)),
                Err(BriefingError::NoBody) => None,
                Err(error) => return Err(error),
            };
            Ok::<_, BriefingError>(NoticeOut { notice: None, next })
        })
        .await?;
    Ok(axum::Json(out))
}

/// Issues the notice, once, under the next number of the register or one that was typed and nobody uses.
#[utoipa::path(post, path = "/api/v1/briefings/{id}/notice", tag = "minutes", request_body = NoticeIn,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Object), (status = "4XX", body = Problem)))]
pub(super) async fn issue(
    actor: Actor<ManageBriefings>,
    State(app): State<App>,
    Path(id): Path<BriefingId>,
    key: IdempotencyKey,
    body: Json<NoticeIn>,
) -> Result<Answer, AppError> {
    let hand = Hand::of(&actor);
    let hash = about(body.hash(), &[&id.to_string()]);
    let new: NewNotice = body.into_inner().into();
    api::idempotent::<BriefingError, _>(&app.db, &actor, &key, "briefings.announce", hash, move |tx| {
        Ok(notice::issue(tx, &hand, id, &new)?.map(|notice| (StatusCode::CREATED, json(&notice))))
    })
    .await
}

/// The report of the week as it was issued, or the number that it would take.
#[utoipa::path(get, path = "/api/v1/briefings/{id}/report", tag = "minutes", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = NoticeOut), (status = "4XX", body = Problem)))]
pub(super) async fn report_of(
    actor: Actor<ReadBriefings>,
    State(app): State<App>,
    Path(id): Path<BriefingId>,
) -> Result<axum::Json<NoticeOut>, AppError> {
    let hand = Hand::of(&actor);
    let out = app
        .db
        .read(move |tx| {
            store::briefing(tx, &hand, id)?;
            if let Some(notice) = report::issued(tx, id)? {
                return Ok(NoticeOut { notice: Some(notice), next: None });
            }
            let next = match report::next_number(tx, &hand, id) {
                Ok((body, number)) => Some(body.written(number, report::ABBR)),
                Err(BriefingError::NoBody) => None,
                Err(error) => return Err(error),
            };
            Ok::<_, BriefingError>(NoticeOut { notice: None, next })
        })
        .await?;
    Ok(axum::Json(out))
}

/// Issues the report of the week from the frozen figures, once, under the next number of the register or one that was typed and nobody uses.
#[utoipa::path(post, path = "/api/v1/briefings/{id}/report", tag = "minutes", request_body = NoticeIn,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Object), (status = "4XX", body = Problem)))]
pub(super) async fn issue_report(
    actor: Actor<ManageBriefings>,
    State(app): State<App>,
    Path(id): Path<BriefingId>,
    key: IdempotencyKey,
    body: Json<NoticeIn>,
) -> Result<Answer, AppError> {
    let hand = Hand::of(&actor);
    let hash = about(body.hash(), &[&id.to_string()]);
    let new: NewNotice = body.into_inner().into();
    api::idempotent::<BriefingError, _>(&app.db, &actor, &key, "briefings.report", hash, move |tx| {
        Ok(report::issue(tx, &hand, id, &new)?.map(|notice| (StatusCode::CREATED, json(&notice))))
    })
    .await
}

/// How the receipt of each task that the meeting assigned stands: one working day is the measure.
#[utoipa::path(get, path = "/api/v1/briefings/{id}/receipts", tag = "minutes", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Vec<Object>), (status = "4XX", body = Problem)))]
pub(super) async fn receipts(
    actor: Actor<ReadBriefings>,
    State(app): State<App>,
    Path(id): Path<BriefingId>,
) -> Result<axum::Json<Vec<Acknowledged>>, AppError> {
    let hand = Hand::of(&actor);
    let all = app
        .db
        .read(move |tx| {
            store::briefing(tx, &hand, id)?;
            notice::receipts(tx, id)
        })
        .await?;
    Ok(axum::Json(all))
}
