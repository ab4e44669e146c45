//! Plans, ties, baselines, saved filters, calendar feeds.

use std::collections::BTreeMap;

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use platform::{
    api::{self, Answer, IdempotencyKey, Json, PageOf, Query},
    app::App,
    identity::{Actor, secret},
    web::{AppError, Problem},
};

use super::{Caller, about, types::*};
use crate::tasks::{
    DecideTasks, ManageTasks, ReadTasks,
    error::TaskError,
    exchange::import,
    model::*,
    pages::exchange::feeds::{self, Target},
    store,
};

/// All plans.
#[utoipa::path(get, path = "/api/v1/plans", tag = "plans",
    responses((status = 200, body = Vec<PlanOut>), (status = "4XX", body = Problem)))]
pub(super) async fn plans(
    _actor: Actor<ReadTasks>,
    State(app): State<App>,
) -> Result<axum::Json<Vec<PlanOut>>, AppError> {
    let plans: Vec<Plan> = app.db.read(|tx| Ok::<_, TaskError>(store::plans(tx)?)).await?;
    Ok(axum::Json(
        plans
            .into_iter()
            .map(|plan| PlanOut {
                id: plan.id.to_string(),
                code: plan.code,
                title: plan.title,
                unit: plan.unit.to_string(),
            })
            .collect(),
    ))
}

/// Makes a plan.
#[utoipa::path(post, path = "/api/v1/plans", tag = "plans", request_body = MakePlan,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Made), (status = "4XX", body = Problem)))]
pub(super) async fn create_plan(
    actor: Actor<ManageTasks>,
    State(app): State<App>,
    key: IdempotencyKey,
    body: Json<MakePlan>,
) -> Result<Answer, AppError> {
    let hash = body.hash();
    let new = body.into_inner();
    let unit = new.unit.unwrap_or(actor.unit.id);
    if !Caller::of(&actor).who.organiser.covers(Some(unit)) {
        return Err(TaskError::NotPermitted.into());
    }
    api::idempotent::<TaskError, _>(&app.db, &actor, &key, "plans.create", hash, move |tx| {
        let (code, title) = (rules::text::nfc(&new.code), rules::text::nfc(&new.title));
        if code.is_empty() || code.chars().count() > 32 {
            return Err(TaskError::Code);
        }
        if title.is_empty() || title.chars().count() > 300 {
            return Err(TaskError::Name);
        }
        Ok(store::create_plan(tx, &code, &title, unit)?.map(made))
    })
    .await
}

fn made(id: impl std::fmt::Display) -> (StatusCode, serde_json::Value) {
    (StatusCode::CREATED, json(&Made { id: id.to_string() }))
}

fn gone() -> (StatusCode, serde_json::Value) {
    (StatusCode::NO_CONTENT, serde_json::Value::Null)
}

/// All ties between tasks.
#[utoipa::path(get, path = "/api/v1/dependencies", tag = "plans", params(PageQuery),
    responses((status = 200, body = PageOf<DependencyOut>), (status = "4XX", body = Problem)))]
pub(super) async fn dependencies(
    _actor: Actor<ReadTasks>,
    State(app): State<App>,
    Query(query): Query<PageQuery>,
) -> Result<PageOf<DependencyOut>, AppError> {
    let rows: Vec<Dependency> = app.db.read(|tx| Ok::<_, TaskError>(store::dependencies(tx)?)).await?;
    let page = query.paging().cut(rows, |dep| format!("{}.{}", dep.pred, dep.succ));
    Ok(PageOf {
        items: page
            .items
            .into_iter()
            .map(|dep| DependencyOut {
                before: dep.pred,
                after: dep.succ,
                kind: dep.kind,
                lag_days: dep.lag_days,
            })
            .collect(),
        next: page.next,
    })
}

/// Ties a task to the one `before` it, or changes how they are tied.
#[utoipa::path(put, path = "/api/v1/tasks/{id}/dependencies/{before}", tag = "plans", request_body = Tie,
    params(("id" = uuid::Uuid, Path), ("before" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = "4XX", body = Problem)))]
pub(super) async fn tie(
    actor: Actor<ManageTasks>,
    State(app): State<App>,
    Path((id, before)): Path<(TaskId, TaskId)>,
    key: IdempotencyKey,
    body: Json<Tie>,
) -> Result<Answer, AppError> {
    let caller = Caller::of(&actor);
    let hash = about(body.hash(), &[&id.to_string(), &before.to_string()]);
    let tie = body.into_inner();
    api::idempotent::<TaskError, _>(&app.db, &actor, &key, "tasks.tie", hash, move |tx| {
        if id == before {
            return Err(TaskError::Cycle(vec![id]));
        }
        let new = Dependency { pred: before, succ: id, kind: tie.kind, lag_days: tie.lag_days };
        Ok(store::tie(tx, &caller.who, &new)?.map(|()| gone()))
    })
    .await
}

/// Unties two tasks; done also when they were not tied.
#[utoipa::path(delete, path = "/api/v1/tasks/{id}/dependencies/{before}", tag = "plans",
    params(("id" = uuid::Uuid, Path), ("before" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = "4XX", body = Problem)))]
pub(super) async fn untie(
    actor: Actor<ManageTasks>,
    State(app): State<App>,
    Path((id, before)): Path<(TaskId, TaskId)>,
    key: IdempotencyKey,
) -> Result<Answer, AppError> {
    let caller = Caller::of(&actor);
    let hash = about([0; 32], &[&id.to_string(), &before.to_string()]);
    api::idempotent::<TaskError, _>(&app.db, &actor, &key, "tasks.untie", hash, move |tx| {
        Ok(store::untie(tx, &caller.who, before, id)?.map(|_| gone()))
    })
    .await
}

/// Baselines, newest first.
#[utoipa::path(get, path = "/api/v1/baselines", tag = "plans",
    responses((status = 200, body = Vec<Object>), (status = "4XX", body = Problem)))]
pub(super) async fn baselines(
    _actor: Actor<ReadTasks>,
    State(app): State<App>,
) -> Result<axum::Json<Vec<Baseline>>, AppError> {
    Ok(axum::Json(app.db.read(|tx| Ok::<_, TaskError>(store::baselines(tx)?)).await?))
}

/// Takes a named picture of a plan.
#[utoipa::path(post, path = "/api/v1/baselines", tag = "plans", request_body = NewBaseline,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Made), (status = "4XX", body = Problem)))]
pub(super) async fn take_baseline(
    actor: Actor<ManageTasks>,
    State(app): State<App>,
    key: IdempotencyKey,
    body: Json<NewBaseline>,
) -> Result<Answer, AppError> {
    let caller = Caller::of(&actor);
    let hash = body.hash();
    let new = body.into_inner();
    api::idempotent::<TaskError, _>(&app.db, &actor, &key, "baselines.take", hash, move |tx| {
        if !store::plans(tx)?.iter().any(|plan| plan.id == new.plan) {
            return Err(TaskError::NotFound);
        }
        Ok(store::take_baseline(tx, &caller.who, new.plan, &new.name)?.map(made))
    })
    .await
}

/// Approves a baseline under the number of the notice that says so.
#[utoipa::path(post, path = "/api/v1/baselines/{id}/approval", tag = "plans", request_body = Notice,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = "4XX", body = Problem)))]
pub(super) async fn approve_baseline(
    actor: Actor<DecideTasks>,
    State(app): State<App>,
    Path(id): Path<BaselineId>,
    key: IdempotencyKey,
    body: Json<Notice>,
) -> Result<Answer, AppError> {
    let caller = Caller::of(&actor);
    let hash = about(body.hash(), &[&id.to_string()]);
    let notice = body.into_inner().notice;
    api::idempotent::<TaskError, _>(&app.db, &actor, &key, "baselines.approve", hash, move |tx| {
        Ok(store::approve_baseline(tx, &caller.who, id, &notice)?.map(|()| gone()))
    })
    .await
}

/// What differs between a baseline and now, task by task. The content of a task that the caller may not see
/// stays hidden; that it differs does not.
#[utoipa::path(get, path = "/api/v1/baselines/{id}/diff", tag = "plans", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = DiffOut), (status = "4XX", body = Problem)))]
pub(super) async fn baseline_diff(
    actor: Actor<ReadTasks>,
    State(app): State<App>,
    Path(id): Path<BaselineId>,
) -> Result<axum::Json<DiffOut>, AppError> {
    let caller = Caller::of(&actor);
    let out = app
        .db
        .read(move |tx| {
            let (baseline, content) = store::baseline_content(tx, id)?;
            let mut before: BTreeMap<TaskId, TaskFields> = BTreeMap::new();
            for task in content.get("tasks").and_then(|tasks| tasks.as_array()).into_iter().flatten() {
                let read = || -> Option<(TaskId, TaskFields)> {
                    let id = serde_json::from_value(task.get("id")?.clone()).ok()?;
                    Some((id, serde_json::from_value(task.get("fields")?.clone()).ok()?))
                };
                let (id, fields) = read().ok_or(TaskError::BaselineChanged)?;
                before.insert(id, fields);
            }
            let now: Vec<Task> =
                store::tasks(tx)?.into_iter().filter(|task| task.plan == baseline.plan).collect();
            let mut tasks = Vec::new();
            for task in &now {
                let old = before.remove(&task.id);
                let sees = caller.sees(task)
                    && old.as_ref().is_none_or(|old| caller.audience.reads(old.confidentiality));
                let changes = import::changes_of(&old.clone().unwrap_or_default(), &task.fields);
                if old.is_none() || !changes.is_empty() {
                    tasks.push(TaskDiff {
                        code: task.fields.code.clone(),
                        change: if old.is_none() { "added" } else { "changed" },
                        fields: if sees { changes } else { Vec::new() },
                    });
                }
            }
            for old in before.into_values() {
                tasks.push(TaskDiff { code: old.code.clone(), change: "removed", fields: Vec::new() });
            }
            Ok::<_, TaskError>(DiffOut { name: baseline.name, sha256: baseline.sha256, tasks })
        })
        .await?;
    Ok(axum::Json(out))
}

/// The filters that the caller's office has saved.
#[utoipa::path(get, path = "/api/v1/task-filters", tag = "plans",
    responses((status = 200, body = Vec<Object>), (status = "4XX", body = Problem)))]
pub(super) async fn filters(
    actor: Actor<ReadTasks>,
    State(app): State<App>,
) -> Result<axum::Json<Vec<SavedFilter>>, AppError> {
    let office = actor.office.id;
    Ok(axum::Json(app.db.read(move |tx| Ok::<_, TaskError>(store::filters(tx, office)?)).await?))
}

/// Keeps a filter under a name; the same name is replaced.
#[utoipa::path(post, path = "/api/v1/task-filters", tag = "plans", request_body = NewFilter,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Made), (status = "4XX", body = Problem)))]
pub(super) async fn save_filter(
    actor: Actor<ReadTasks>,
    State(app): State<App>,
    key: IdempotencyKey,
    body: Json<NewFilter>,
) -> Result<Answer, AppError> {
    let (hash, office) = (body.hash(), actor.office.id);
    let new = body.into_inner();
    api::idempotent::<TaskError, _>(&app.db, &actor, &key, "filters.save", hash, move |tx| {
        Ok(store::save_filter(tx, office, &new.name, &new.query)?.map(made))
    })
    .await
}

/// Drops a filter of the caller's office.
#[utoipa::path(delete, path = "/api/v1/task-filters/{id}", tag = "plans",
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = "4XX", body = Problem)))]
pub(super) async fn drop_filter(
    actor: Actor<ReadTasks>,
    State(app): State<App>,
    Path(id): Path<FilterId>,
    key: IdempotencyKey,
) -> Result<Answer, AppError> {
    let (hash, office) = (about([0; 32], &[&id.to_string()]), actor.office.id);
    api::idempotent::<TaskError, _>(&app.db, &actor, &key, "filters.drop", hash, move |tx| {
        Ok(store::drop_filter(tx, office, id)?.map(|_| gone()))
    })
    .await
}

/// The calendar feeds of the caller's office; never their addresses.
#[utoipa::path(get, path = "/api/v1/feeds", tag = "plans",
    responses((status = 200, body = Vec<Object>), (status = "4XX", body = Problem)))]
pub(super) async fn feeds(
    actor: Actor<ReadTasks>,
    State(app): State<App>,
) -> Result<axum::Json<Vec<Feed>>, AppError> {
    let office = actor.office.id;
    Ok(axum::Json(app.db.read(move |tx| Ok::<_, TaskError>(store::feeds(tx, office)?)).await?))
}

/// Opens a calendar feed. Its address is told once; so a repeated call opens another feed and no key helps.
#[utoipa::path(post, path = "/api/v1/feeds", tag = "plans", request_body = NewFeed,
    responses((status = 201, body = FeedOpened), (status = "4XX", body = Problem)))]
pub(super) async fn open_feed(
    actor: Actor<ReadTasks>,
    State(app): State<App>,
    body: Json<NewFeed>,
) -> Result<(StatusCode, axum::Json<FeedOpened>), AppError> {
    let new = body.into_inner();
    let target = match new.kind {
        FeedKind::Unit => Target::Unit(platform::identity::UnitId(new.target)),
        FeedKind::Office => Target::Office(platform::identity::OfficeId(new.target)),
    };
    let secret = secret::session();
    let (owner, hash) = (actor.office.id, secret.hash);
    let id: FeedId = app.db.write(actor.author(), move |tx| feeds::open(tx, owner, hash, target)).await?;
    Ok((
        StatusCode::CREATED,
        axum::Json(FeedOpened { id: id.to_string(), url: feeds::address(&app, &secret.text) }),
    ))
}

/// Closes a feed for good.
#[utoipa::path(delete, path = "/api/v1/feeds/{id}", tag = "plans",
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = "4XX", body = Problem)))]
pub(super) async fn revoke_feed(
    actor: Actor<ReadTasks>,
    State(app): State<App>,
    Path(id): Path<FeedId>,
    key: IdempotencyKey,
) -> Result<Answer, AppError> {
    let (hash, office) = (about([0; 32], &[&id.to_string()]), actor.office.id);
    api::idempotent::<TaskError, _>(&app.db, &actor, &key, "feeds.revoke", hash, move |tx| {
        Ok(store::revoke_feed(tx, office, id)?.map(|_| gone()))
    })
    .await
}
