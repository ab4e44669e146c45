//! Series, meetings, frozen figures, agenda, attendance.

use std::collections::BTreeMap;

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use platform::{
    api::{self, Answer, IdempotencyKey, Json, PageOf, Query},
    app::App,
    identity::{Actor, OfficeId},
    web::{AppError, Problem},
};
use rules::briefing::week::Moved;
use serde::Deserialize;

use super::types::*;
use crate::{
    briefings::{
        BriefingError, ContributeBriefings, Hand, ManageBriefings, ReadBriefings, agenda, model::*, snapshot,
        store,
    },
    tasks::{
        Register,
        api::{about, types::json},
        model::TaskId,
    },
};

/// All series.
#[utoipa::path(get, path = "/api/v1/briefing-series", tag = "briefings",
    responses((status = 200, body = Vec<SeriesOut>), (status = "4XX", body = Problem)))]
pub(super) async fn series_list(
    actor: Actor<ReadBriefings>,
    State(app): State<App>,
) -> Result<axum::Json<Vec<SeriesOut>>, AppError> {
    let hand = Hand::of(&actor);
    let all = app.db.read(move |tx| store::series_list(tx, &hand)).await?;
    Ok(axum::Json(all.iter().map(SeriesOut::of).collect()))
}

/// One series.
#[utoipa::path(get, path = "/api/v1/briefing-series/{id}", tag = "briefings", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = SeriesOut), (status = "4XX", body = Problem)))]
pub(super) async fn series(
    actor: Actor<ReadBriefings>,
    State(app): State<App>,
    Path(id): Path<SeriesId>,
) -> Result<axum::Json<SeriesOut>, AppError> {
    let hand = Hand::of(&actor);
    let series = app.db.read(move |tx| store::series(tx, &hand, id)).await?;
    Ok(axum::Json(SeriesOut::of(&series)))
}

/// Writes down a series.
#[utoipa::path(post, path = "/api/v1/briefing-series", tag = "briefings", request_body = SeriesIn,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = BriefingMade), (status = "4XX", body = Problem)))]
pub(super) async fn create_series(
    actor: Actor<ManageBriefings>,
    State(app): State<App>,
    key: IdempotencyKey,
    body: Json<SeriesIn>,
) -> Result<Answer, AppError> {
    let (hand, hash) = (Hand::of(&actor), body.hash());
    let new = body.into_inner().series()?;
    api::idempotent::<BriefingError, _>(&app.db, &actor, &key, "briefings.series", hash, move |tx| {
        Ok(store::save_series(tx, &hand, None, &new)?.map(made))
    })
    .await
}

/// Rewrites a series. Meetings that are set already stay as they are.
#[utoipa::path(put, path = "/api/v1/briefing-series/{id}", tag = "briefings", request_body = SeriesIn,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = SeriesOut), (status = "4XX", body = Problem)))]
pub(super) async fn edit_series(
    actor: Actor<ManageBriefings>,
    State(app): State<App>,
    Path(id): Path<SeriesId>,
    key: IdempotencyKey,
    body: Json<SeriesIn>,
) -> Result<Answer, AppError> {
    let hand = Hand::of(&actor);
    let hash = about(body.hash(), &[&id.to_string()]);
    let body = body.into_inner();
    let version = body.version;
    let new = body.series()?;
    api::idempotent::<BriefingError, _>(&app.db, &actor, &key, "briefings.series.edit", hash, move |tx| {
        let done = store::save_series(tx, &hand, Some((id, version)), &new)?;
        let series = store::series(tx, &hand, id)?;
        Ok(done.map(|_| (StatusCode::OK, json(&SeriesOut::of(&series)))))
    })
    .await
}

pub(super) fn made(id: impl std::fmt::Display) -> (StatusCode, serde_json::Value) {
    (StatusCode::CREATED, json(&BriefingMade { id: id.to_string() }))
}

/// When the next meeting would be, on the working calendar. A person confirms it by setting the meeting.
#[utoipa::path(get, path = "/api/v1/briefing-series/{id}/proposal", tag = "briefings",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = ProposalOut), (status = "4XX", body = Problem)))]
pub(super) async fn proposal(
    actor: Actor<ReadBriefings>,
    State(app): State<App>,
    Path(id): Path<SeriesId>,
) -> Result<axum::Json<ProposalOut>, AppError> {
    let hand = Hand::of(&actor);
    let proposal = app.db.read(move |tx| store::propose(tx, &hand, id)).await?;
    Ok(axum::Json(proposal.into()))
}

/// Which meetings.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct BriefingQuery {
    /// Those of one series.
    #[param(value_type = Option<String>, format = Uuid)]
    series: Option<SeriesId>,
    /// Rows at most.
    limit: Option<u32>,
    /// The `next` of the page before.
    after: Option<String>,
}

/// Meetings, newest first.
#[utoipa::path(get, path = "/api/v1/briefings", tag = "briefings", params(BriefingQuery),
    responses((status = 200, body = PageOf<Object>), (status = "4XX", body = Problem)))]
pub(super) async fn list(
    actor: Actor<ReadBriefings>,
    State(app): State<App>,
    Query(query): Query<BriefingQuery>,
) -> Result<PageOf<Briefing>, AppError> {
    let hand = Hand::of(&actor);
    let all = app.db.read(move |tx| store::briefings(tx, &hand, query.series)).await?;
    let paging = api::Paging { limit: query.limit, after: query.after };
    Ok(paging.cut(all, |briefing| briefing.id.to_string()))
}

/// One meeting.
#[utoipa::path(get, path = "/api/v1/briefings/{id}", tag = "briefings", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Object), (status = "4XX", body = Problem)))]
pub(super) async fn show(
    actor: Actor<ReadBriefings>,
    State(app): State<App>,
    Path(id): Path<BriefingId>,
) -> Result<axum::Json<Briefing>, AppError> {
    let hand = Hand::of(&actor);
    let (briefing, _) = app.db.read(move |tx| store::briefing(tx, &hand, id)).await?;
    Ok(axum::Json(briefing))
}

/// Sets a meeting that a person has confirmed; its number follows the last one of the series.
#[utoipa::path(post, path = "/api/v1/briefing-series/{id}/briefings", tag = "briefings", request_body = BriefingIn,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = BriefingStanding), (status = "4XX", body = Problem)))]
pub(super) async fn set(
    actor: Actor<ManageBriefings>,
    State(app): State<App>,
    Path(id): Path<SeriesId>,
    key: IdempotencyKey,
    body: Json<BriefingIn>,
) -> Result<Answer, AppError> {
    let hand = Hand::of(&actor);
    let hash = about(body.hash(), &[&id.to_string()]);
    let new = body.into_inner().briefing();
    api::idempotent::<BriefingError, _>(&app.db, &actor, &key, "briefings.set", hash, move |tx| {
        let done = store::set(tx, &hand, id, &new)?;
        let (briefing, _) = store::briefing(tx, &hand, *done.value())?;
        Ok(done.map(|_| (StatusCode::CREATED, json(&BriefingStanding::of(&briefing)))))
    })
    .await
}

/// Moves a meeting that has not begun to another hour, place or chair.
#[utoipa::path(put, path = "/api/v1/briefings/{id}", tag = "briefings", request_body = BriefingIn,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = BriefingStanding), (status = "4XX", body = Problem)))]
pub(super) async fn change(
    actor: Actor<ManageBriefings>,
    State(app): State<App>,
    Path(id): Path<BriefingId>,
    key: IdempotencyKey,
    body: Json<BriefingIn>,
) -> Result<Answer, AppError> {
    let hand = Hand::of(&actor);
    let hash = about(body.hash(), &[&id.to_string()]);
    let body = body.into_inner();
    let (version, new) = (body.version, body.briefing());
    api::idempotent::<BriefingError, _>(&app.db, &actor, &key, "briefings.change", hash, move |tx| {
        let done = store::change(tx, &hand, id, version, &new)?;
        let (briefing, _) = store::briefing(tx, &hand, id)?;
        Ok(done.map(|()| (StatusCode::OK, json(&BriefingStanding::of(&briefing)))))
    })
    .await
}

/// Opens, closes, reopens or cancels a meeting. Freezing, signing and announcing are verbs of their own.
#[utoipa::path(post, path = "/api/v1/briefings/{id}/moves", tag = "briefings", request_body = StepIn,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = BriefingStanding), (status = "4XX", body = Problem)))]
pub(super) async fn step(
    actor: Actor<ContributeBriefings>,
    State(app): State<App>,
    Path(id): Path<BriefingId>,
    key: IdempotencyKey,
    body: Json<StepIn>,
) -> Result<Answer, AppError> {
    let hand = Hand::of(&actor);
    let hash = about(body.hash(), &[&id.to_string()]);
    let new = body.into_inner();
    api::idempotent::<BriefingError, _>(&app.db, &actor, &key, "briefings.move", hash, move |tx| {
        let done = store::step(tx, &hand, id, new.version, new.step, &new.reason)?;
        let (briefing, _) = store::briefing(tx, &hand, id)?;
        Ok(done.map(|_| (StatusCode::OK, json(&BriefingStanding::of(&briefing)))))
    })
    .await
}

// ---------------------------------------------------------------- frozen figures

/// The frozen figures of a meeting, their hash checked.
#[utoipa::path(get, path = "/api/v1/briefings/{id}/snapshot", tag = "briefings", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = SnapshotOut), (status = "4XX", body = Problem)))]
pub(super) async fn frozen(
    actor: Actor<ReadBriefings>,
    State(app): State<App>,
    Path(id): Path<BriefingId>,
) -> Result<axum::Json<SnapshotOut>, AppError> {
    let hand = Hand::of(&actor);
    let (frozen, figures) = app
        .db
        .read(move |tx| {
            store::briefing(tx, &hand, id)?;
            let (frozen, figures) = snapshot::load(tx, id)?;
            Ok::<_, BriefingError>((frozen, figures.for_audience(&hand.audience)))
        })
        .await?;
    Ok(axum::Json(SnapshotOut {
        frozen,
        total: figures.total,
        tally: figures.tally,
        two_by_two: figures.tally.two_by_two(),
        done_over_total: figures.tally.done_over_total(),
        figures,
    }))
}

/// Freezes the figures of this instant by hand, once.
#[utoipa::path(post, path = "/api/v1/briefings/{id}/snapshot", tag = "briefings",
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Object), (status = "4XX", body = Problem)))]
pub(super) async fn freeze(
    actor: Actor<ManageBriefings>,
    State(app): State<App>,
    Path(id): Path<BriefingId>,
    key: IdempotencyKey,
) -> Result<Answer, AppError> {
    let hand = Hand::of(&actor);
    let hash = about([0; 32], &[&id.to_string()]);
    api::idempotent::<BriefingError, _>(&app.db, &actor, &key, "briefings.freeze", hash, move |tx| {
        Ok(snapshot::freeze(tx, &hand, id)?.map(|frozen| (StatusCode::CREATED, json(&frozen))))
    })
    .await
}

/// What is no longer as it was frozen: the frozen beside the present.
#[utoipa::path(get, path = "/api/v1/briefings/{id}/drift", tag = "briefings", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Vec<Object>), (status = "4XX", body = Problem)))]
pub(super) async fn drift(
    actor: Actor<ReadBriefings>,
    State(app): State<App>,
    Path(id): Path<BriefingId>,
) -> Result<axum::Json<Vec<snapshot::Drift>>, AppError> {
    let hand = Hand::of(&actor);
    let drift = app
        .db
        .read(move |tx| {
            store::briefing(tx, &hand, id)?;
            let (_, figures) = snapshot::load(tx, id)?;
            Ok::<_, BriefingError>(snapshot::drift(&figures, &Register::load(tx)?))
        })
        .await?;
    Ok(axum::Json(drift.into_iter().map(|one| one.for_audience(&hand.audience)).collect()))
}

/// What moved since the meeting before, each number with its tasks, per stream.
#[utoipa::path(get, path = "/api/v1/briefings/{id}/week", tag = "briefings", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = WeekOut), (status = "4XX", body = Problem)))]
pub(super) async fn week(
    actor: Actor<ReadBriefings>,
    State(app): State<App>,
    Path(id): Path<BriefingId>,
) -> Result<axum::Json<WeekOut>, AppError> {
    let hand = Hand::of(&actor);
    let (week, codes) = app
        .db
        .read(move |tx| {
            let (briefing, _) = store::briefing(tx, &hand, id)?;
            let codes: BTreeMap<TaskId, String> =
                crate::tasks::store::tasks(tx)?.into_iter().map(|task| (task.id, task.fields.code)).collect();
            Ok::<_, BriefingError>((snapshot::since_last(tx, &briefing)?, codes))
        })
        .await?;
    let named = |moved: &Moved<TaskId>| -> BTreeMap<&'static str, Vec<String>> {
        let list = |ids: &Vec<TaskId>| ids.iter().filter_map(|id| codes.get(id).cloned()).collect();
        moved.lists().into_iter().map(|(name, ids)| (name, list(ids))).collect()
    };
    Ok(axum::Json(match week {
        None => WeekOut { since: None, all: named(&Moved::default()), streams: Vec::new() },
        Some((since, week)) => WeekOut {
            since: Some(since.as_of),
            all: named(&week.all),
            streams: week
                .streams
                .iter()
                .map(|(stream, moved)| WeekStream { stream: stream.clone(), moved: named(moved) })
                .collect(),
        },
    }))
}

// ---------------------------------------------------------------- agenda

/// The agenda in its order.
#[utoipa::path(get, path = "/api/v1/briefings/{id}/agenda", tag = "briefings", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Vec<Object>), (status = "4XX", body = Problem)))]
pub(super) async fn items(
    actor: Actor<ReadBriefings>,
    State(app): State<App>,
    Path(id): Path<BriefingId>,
) -> Result<axum::Json<Vec<Item>>, AppError> {
    let hand = Hand::of(&actor);
    let items = app
        .db
        .read(move |tx| {
            store::briefing(tx, &hand, id)?;
            Ok::<_, BriefingError>(agenda::items(tx, id)?)
        })
        .await?;
    Ok(axum::Json(items))
}

/// Puts an item at the end of the agenda.
#[utoipa::path(post, path = "/api/v1/briefings/{id}/agenda", tag = "briefings", request_body = NewItem,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = BriefingMade), (status = "4XX", body = Problem)))]
pub(super) async fn add_item(
    actor: Actor<ContributeBriefings>,
    State(app): State<App>,
    Path(id): Path<BriefingId>,
    key: IdempotencyKey,
    body: Json<NewItem>,
) -> Result<Answer, AppError> {
    let hand = Hand::of(&actor);
    let hash = about(body.hash(), &[&id.to_string()]);
    let new = body.into_inner();
    api::idempotent::<BriefingError, _>(&app.db, &actor, &key, "briefings.item", hash, move |tx| {
        Ok(agenda::add(tx, &hand, id, &new)?.map(made))
    })
    .await
}

/// Rewrites presenter, minutes, notes and title of an item.
#[utoipa::path(put, path = "/api/v1/briefings/{id}/agenda/{item}", tag = "briefings", request_body = ItemIn,
    params(("id" = uuid::Uuid, Path), ("item" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object), (status = "4XX", body = Problem)))]
pub(super) async fn edit_item(
    actor: Actor<ContributeBriefings>,
    State(app): State<App>,
    Path((id, item)): Path<(BriefingId, ItemId)>,
    key: IdempotencyKey,
    body: Json<ItemIn>,
) -> Result<Answer, AppError> {
    let hand = Hand::of(&actor);
    let hash = about(body.hash(), &[&id.to_string(), &item.to_string()]);
    let new = body.into_inner();
    api::idempotent::<BriefingError, _>(&app.db, &actor, &key, "briefings.item.edit", hash, move |tx| {
        let done = agenda::edit(tx, &hand, id, item, new.version, &new.item)?;
        let item = agenda::item(tx, id, item)?;
        Ok(done.map(|()| (StatusCode::OK, json(&item))))
    })
    .await
}

/// Takes an item off the agenda that a person had put there.
#[utoipa::path(post, path = "/api/v1/briefings/{id}/agenda/{item}/removal", tag = "briefings", request_body = Seen,
    params(("id" = uuid::Uuid, Path), ("item" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = "4XX", body = Problem)))]
pub(super) async fn remove_item(
    actor: Actor<ContributeBriefings>,
    State(app): State<App>,
    Path((id, item)): Path<(BriefingId, ItemId)>,
    key: IdempotencyKey,
    body: Json<Seen>,
) -> Result<Answer, AppError> {
    let hand = Hand::of(&actor);
    let hash = about(body.hash(), &[&id.to_string(), &item.to_string()]);
    let version = body.version;
    api::idempotent::<BriefingError, _>(&app.db, &actor, &key, "briefings.item.remove", hash, move |tx| {
        Ok(agenda::remove(tx, &hand, id, item, version)?.map(nothing))
    })
    .await
}

pub(super) fn nothing((): ()) -> (StatusCode, serde_json::Value) {
    (StatusCode::NO_CONTENT, serde_json::Value::Null)
}

/// Says that an item was taken, is open again, or is left for the next meeting.
#[utoipa::path(put, path = "/api/v1/briefings/{id}/agenda/{item}/state", tag = "briefings", request_body = MarkIn,
    params(("id" = uuid::Uuid, Path), ("item" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = "4XX", body = Problem)))]
pub(super) async fn mark_item(
    actor: Actor<ContributeBriefings>,
    State(app): State<App>,
    Path((id, item)): Path<(BriefingId, ItemId)>,
    key: IdempotencyKey,
    body: Json<MarkIn>,
) -> Result<Answer, AppError> {
    let hand = Hand::of(&actor);
    let hash = about(body.hash(), &[&id.to_string(), &item.to_string()]);
    let state = body.state;
    api::idempotent::<BriefingError, _>(&app.db, &actor, &key, "briefings.item.mark", hash, move |tx| {
        Ok(agenda::mark(tx, &hand, id, item, state)?.map(nothing))
    })
    .await
}

/// Puts the agenda in another order.
#[utoipa::path(put, path = "/api/v1/briefings/{id}/agenda-order", tag = "briefings", request_body = OrderIn,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = "4XX", body = Problem)))]
pub(super) async fn order_items(
    actor: Actor<ContributeBriefings>,
    State(app): State<App>,
    Path(id): Path<BriefingId>,
    key: IdempotencyKey,
    body: Json<OrderIn>,
) -> Result<Answer, AppError> {
    let hand = Hand::of(&actor);
    let hash = about(body.hash(), &[&id.to_string()]);
    let ids: Vec<ItemId> = body.into_inner().ids.into_iter().map(ItemId).collect();
    api::idempotent::<BriefingError, _>(&app.db, &actor, &key, "briefings.items.order", hash, move |tx| {
        Ok(agenda::order(tx, &hand, id, &ids)?.map(nothing))
    })
    .await
}

/// Goes to an item: every screen of the meeting shows it.
#[utoipa::path(put, path = "/api/v1/briefings/{id}/current", tag = "briefings", request_body = CurrentIn,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = "4XX", body = Problem)))]
pub(super) async fn go_to(
    actor: Actor<ContributeBriefings>,
    State(app): State<App>,
    Path(id): Path<BriefingId>,
    key: IdempotencyKey,
    body: Json<CurrentIn>,
) -> Result<Answer, AppError> {
    let hand = Hand::of(&actor);
    let hash = about(body.hash(), &[&id.to_string()]);
    let item = body.item;
    api::idempotent::<BriefingError, _>(&app.db, &actor, &key, "briefings.current", hash, move |tx| {
        Ok(agenda::go_to(tx, &hand, id, item)?.map(nothing))
    })
    .await
}

// ---------------------------------------------------------------- attendance

/// Who was called and who came.
#[utoipa::path(get, path = "/api/v1/briefings/{id}/attendance", tag = "briefings",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Vec<Object>), (status = "4XX", body = Problem)))]
pub(super) async fn attendance(
    actor: Actor<ReadBriefings>,
    State(app): State<App>,
    Path(id): Path<BriefingId>,
) -> Result<axum::Json<Vec<Attendance>>, AppError> {
    let hand = Hand::of(&actor);
    let rows = app
        .db
        .read(move |tx| {
            store::briefing(tx, &hand, id)?;
            Ok::<_, BriefingError>(store::attendance(tx, id)?)
        })
        .await?;
    Ok(axum::Json(rows))
}

/// Notes whether an office came.
#[utoipa::path(put, path = "/api/v1/briefings/{id}/attendance/{office}", tag = "briefings",
    request_body = AttendanceIn,
    params(("id" = uuid::Uuid, Path), ("office" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = "4XX", body = Problem)))]
pub(super) async fn attend(
    actor: Actor<ContributeBriefings>,
    State(app): State<App>,
    Path((id, office)): Path<(BriefingId, OfficeId)>,
    key: IdempotencyKey,
    body: Json<AttendanceIn>,
) -> Result<Answer, AppError> {
    let hand = Hand::of(&actor);
    let hash = about(body.hash(), &[&id.to_string(), &office.to_string()]);
    let new = body.into_inner();
    api::idempotent::<BriefingError, _>(&app.db, &actor, &key, "briefings.attend", hash, move |tx| {
        Ok(store::attend(tx, &hand, id, office, new.presence, &new.reason)?.map(nothing))
    })
    .await
}
