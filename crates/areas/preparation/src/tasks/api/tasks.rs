//! Tasks: list, write down, edit, what is derived from them.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use platform::{
    api::{self, Answer, IdempotencyKey, Json, PageOf, Query},
    app::App,
    audit,
    identity::Actor,
    web::{AppError, Cx, Problem},
};
use rules::{count::Tally, dates::Deadline};
use serde::Deserialize;

use super::{Caller, about, types::*};
use crate::tasks::{
    ContributeTasks, ManageTasks, ReadTasks,
    error::TaskError,
    exchange::report,
    memory::{self, Memory},
    model::{Task, TaskId},
    register::Register,
    schedule, store,
};

/// The tasks that a filter picks, with derived timing and clarity.
#[utoipa::path(get, path = "/api/v1/tasks", tag = "tasks", params(TaskQuery),
    responses((status = 200, body = TaskPage), (status = "4XX", body = Problem)))]
pub(super) async fn list(
    actor: Actor<ReadTasks>,
    State(app): State<App>,
    cx: Cx,
    Query(query): Query<TaskQuery>,
) -> Result<axum::Json<TaskPage>, AppError> {
    let filter = query.filter()?;
    let caller = Caller::of(&actor);
    let register = memory::register(&app).await?;
    let picked: Vec<&Task> = register.pick(&filter, caller.audience);
    let slack = register.slack();
    let total = picked.len();
    let paging = api::Paging { limit: query.limit, after: query.after };
    let page = paging.cut(picked, |task| task.id.to_string());
    let items =
        page.items.iter().map(|task| TaskOut::of(&register, task, &caller, cx.lang, &slack)).collect();
    Ok(axum::Json(TaskPage { as_of: register.as_of, total, items, next: page.next }))
}

/// Writes down a new task as a draft.
#[utoipa::path(post, path = "/api/v1/tasks", tag = "tasks", request_body = NewTask,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Standing), (status = "4XX", body = Problem)))]
pub(super) async fn create(
    actor: Actor<ManageTasks>,
    State(app): State<App>,
    key: IdempotencyKey,
    body: Json<NewTask>,
) -> Result<Answer, AppError> {
    let (caller, hash) = (Caller::of(&actor), body.hash());
    let new = body.into_inner();
    if !caller.who.organiser.leads(&new.fields) {
        return Err(TaskError::NotPermitted.into());
    }
    api::idempotent::<TaskError, _>(&app.db, &actor, &key, "tasks.create", hash, move |tx| {
        if !store::plans(tx)?.iter().any(|plan| plan.id == new.plan) {
            return Err(TaskError::NotFound);
        }
        let done = store::create(tx, new.plan, new.fields)?;
        let task = store::task(tx, *done.value())?;
        Ok(done.map(|_| (StatusCode::CREATED, json(&Standing::of(&task)))))
    })
    .await
}

/// One task.
#[utoipa::path(get, path = "/api/v1/tasks/{id}", tag = "tasks", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = TaskOut), (status = "4XX", body = Problem)))]
pub(super) async fn show(
    actor: Actor<ReadTasks>,
    State(app): State<App>,
    cx: Cx,
    Path(id): Path<TaskId>,
) -> Result<axum::Json<TaskOut>, AppError> {
    let caller = Caller::of(&actor);
    let register = memory::register(&app).await?;
    let task = register.by_id(id).ok_or(TaskError::NotFound)?;
    Ok(axum::Json(TaskOut::of(&register, task, &caller, cx.lang, &register.slack())))
}

/// Rewrites the six rõ. After assignment the deadline stays, a reason is needed, and the task must remain clear.
#[utoipa::path(put, path = "/api/v1/tasks/{id}", tag = "tasks", request_body = EditTask,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Standing), (status = "4XX", body = Problem)))]
pub(super) async fn edit(
    actor: Actor<ContributeTasks>,
    State(app): State<App>,
    Path(id): Path<TaskId>,
    key: IdempotencyKey,
    body: Json<EditTask>,
) -> Result<Answer, AppError> {
    let caller = Caller::of(&actor);
    let hash = about(body.hash(), &[&id.to_string()]);
    let new = body.into_inner();
    api::idempotent::<TaskError, _>(&app.db, &actor, &key, "tasks.edit", hash, move |tx| {
        caller.open(tx, id)?;
        let done = store::edit(tx, &caller.who, id, new.version, new.fields, &new.reason)?;
        let task = store::task(tx, id)?;
        Ok(done.map(|_| (StatusCode::OK, json(&Standing::of(&task)))))
    })
    .await
}

/// A deadline that somebody considers.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct To {
    /// The deadline: a day or an hour.
    #[param(value_type = String, example = "2025-10-05")]
    to: Deadline,
    /// Whether pushed deadlines land on working days.
    working_days: Option<bool>,
}

/// What a deadline at `to` would push. Nothing is changed.
#[utoipa::path(get, path = "/api/v1/tasks/{id}/ripple", tag = "tasks", params(("id" = uuid::Uuid, Path), To),
    responses((status = 200, body = Vec<ShiftOut>), (status = "4XX", body = Problem)))]
pub(super) async fn ripple(
    actor: Actor<ReadTasks>,
    State(app): State<App>,
    Path(id): Path<TaskId>,
    Query(to): Query<To>,
) -> Result<axum::Json<Vec<ShiftOut>>, AppError> {
    let caller = Caller::of(&actor);
    let memory = Memory::of(&app);
    let register: Register = app
        .db
        .read(move |tx| {
            caller.open(tx, id)?;
            Ok::<_, TaskError>(memory.register(tx)?)
        })
        .await?;
    let calendar = to.working_days.unwrap_or(false).then_some(&register.calendar);
    let code = |id| register.by_id(id).map(|task| task.fields.code.clone()).unwrap_or_default();
    let shifts = schedule::ripple(&register.tasks, &register.deps, id, to.to, calendar);
    Ok(axum::Json(
        shifts
            .into_iter()
            .map(|shift| ShiftOut {
                id: shift.id,
                code: code(shift.id),
                from: shift.old_due,
                to: shift.new_due,
                because_of: code(shift.because_of),
            })
            .collect(),
    ))
}

/// What happened to a task, newest first.
#[utoipa::path(get, path = "/api/v1/tasks/{id}/history", tag = "tasks",
    params(("id" = uuid::Uuid, Path), PageQuery),
    responses((status = 200, body = PageOf<HistoryLine>), (status = "4XX", body = Problem)))]
pub(super) async fn history(
    actor: Actor<ReadTasks>,
    State(app): State<App>,
    Path(id): Path<TaskId>,
    Query(query): Query<PageQuery>,
) -> Result<PageOf<HistoryLine>, AppError> {
    let caller = Caller::of(&actor);
    let paging = query.paging();
    let before = match paging.after.as_deref() {
        None => None,
        Some(after) => Some(after.parse::<i64>().map_err(|_| AppError::bad_request().slug("query"))?),
    };
    let limit = paging.limit() + 1;
    let entries: Vec<audit::store::Entry> = app
        .db
        .read(move |tx| {
            let task = store::task(tx, id)?;
            if !caller.sees(&task) {
                return Err(TaskError::NotFound);
            }
            let filter = audit::store::Filter {
                kind: Some("task".to_owned()),
                object: Some(id.to_string()),
                ..audit::store::Filter::default()
            };
            Ok::<_, TaskError>(audit::store::page(tx, &filter, before, limit)?)
        })
        .await?;
    let page = paging.page(entries, |entry| entry.seq.to_string());
    Ok(PageOf {
        items: page
            .items
            .into_iter()
            .map(|entry| {
                let line = entry.json();
                HistoryLine {
                    seq: entry.seq,
                    at: entry.at,
                    why: line.get("why").and_then(|why| why.as_str()).map(str::to_owned),
                    data: line.get("data").cloned().unwrap_or_default(),
                    act: entry.act,
                    office: entry.office,
                }
            })
            .collect(),
        next: page.next,
    })
}

/// The counters of this moment, each ratio with its denominator.
#[utoipa::path(get, path = "/api/v1/tally", tag = "tasks",
    responses((status = 200, body = TallyOut), (status = "4XX", body = Problem)))]
pub(super) async fn tally(
    _actor: Actor<ReadTasks>,
    State(app): State<App>,
) -> Result<axum::Json<TallyOut>, AppError> {
    let register = memory::register(&app).await?;
    let summary = report::compute(&register);
    let part =
        |part: &report::Part| TallyPart { name: part.name.clone(), id: part.id.clone(), counts: part.tally };
    let counts: Tally = summary.tally;
    Ok(axum::Json(TallyOut {
        as_of: summary.as_of,
        counts,
        two_by_two: counts.two_by_two(),
        done_over_total: counts.done_over_total().into(),
        in_time_over_done: counts.in_time_over_done().into(),
        done_over_due: counts.done_over_due().into(),
        streams: summary.streams.iter().map(part).collect(),
        units: summary.units.iter().map(part).collect(),
        reconciles: summary.reconciles().is_ok(),
    }))
}
