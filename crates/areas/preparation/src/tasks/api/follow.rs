//! Following a task up: moves, reports, evidence, extensions, urges, confirmations.

use axum::{
    extract::{FromRequest as _, Multipart, Path, Request, State},
    http::{StatusCode, header},
};
use platform::{
    api::{self, Answer, IdempotencyKey, Json},
    app::App,
    files::{self, FileId, Kind, PutOptions},
    identity::{Actor, UnitId},
    web::{AppError, Problem},
};
use rules::state::Move;
use sha2::{Digest, Sha256};

use super::{Caller, about, types::*};
use crate::tasks::{ContributeTasks, ReadTasks, error::TaskError, model::*, store};

/// The most bytes of one piece of evidence: 25 MB.
pub const MOST_EVIDENCE: u64 = 25 << 20;

/// The limit of a request that carries evidence.
pub(super) fn upload_limit() -> axum::extract::DefaultBodyLimit {
    axum::extract::DefaultBodyLimit::max(
        usize::try_from(MOST_EVIDENCE).unwrap_or(usize::MAX).saturating_add(64 << 10),
    )
}

/// Moves a task to another state.
#[utoipa::path(post, path = "/api/v1/tasks/{id}/moves", tag = "follow-up", request_body = NewMove,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Standing), (status = "4XX", body = Problem)))]
pub(super) async fn step(
    actor: Actor<ContributeTasks>,
    State(app): State<App>,
    Path(id): Path<TaskId>,
    key: IdempotencyKey,
    body: Json<NewMove>,
) -> Result<Answer, AppError> {
    let caller = Caller::of(&actor);
    let hash = about(body.hash(), &[&id.to_string()]);
    let new = body.into_inner();
    api::idempotent::<TaskError, _>(&app.db, &actor, &key, "tasks.move", hash, move |tx| {
        caller.open(tx, id)?;
        let done = if new.step == Move::Return {
            let code = new.code.unwrap_or(ReturnReason::Other);
            store::send_back(tx, &caller.who, id, new.version, code, &new.reason)?
        } else {
            store::step(tx, &caller.who, id, new.version, new.step, &new.reason)?
        };
        let task = store::task(tx, id)?;
        Ok(done.map(|_| (StatusCode::OK, json(&Standing::of(&task)))))
    })
    .await
}

/// Progress reports, newest first.
#[utoipa::path(get, path = "/api/v1/tasks/{id}/reports", tag = "follow-up", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Vec<Object>), (status = "4XX", body = Problem)))]
pub(super) async fn reports(
    actor: Actor<ReadTasks>,
    State(app): State<App>,
    Path(id): Path<TaskId>,
) -> Result<axum::Json<Vec<Report>>, AppError> {
    let caller = Caller::of(&actor);
    let rows = app
        .db
        .read(move |tx| {
            caller.open(tx, id)?;
            Ok::<_, TaskError>(store::reports(tx, id)?)
        })
        .await?;
    Ok(axum::Json(rows))
}

/// Takes down a progress report.
#[utoipa::path(post, path = "/api/v1/tasks/{id}/reports", tag = "follow-up", request_body = NewReport,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Made), (status = "4XX", body = Problem)))]
pub(super) async fn report(
    actor: Actor<ContributeTasks>,
    State(app): State<App>,
    Path(id): Path<TaskId>,
    key: IdempotencyKey,
    body: Json<NewReport>,
) -> Result<Answer, AppError> {
    let caller = Caller::of(&actor);
    let hash = about(body.hash(), &[&id.to_string()]);
    let new = body.into_inner();
    api::idempotent::<TaskError, _>(&app.db, &actor, &key, "tasks.report", hash, move |tx| {
        caller.open(tx, id)?;
        Ok(store::report(tx, &caller.who, id, &new)?.map(made))
    })
    .await
}

fn made(id: impl std::fmt::Display) -> (StatusCode, serde_json::Value) {
    (StatusCode::CREATED, json(&Made { id: id.to_string() }))
}

/// Evidence, newest first.
#[utoipa::path(get, path = "/api/v1/tasks/{id}/evidence", tag = "follow-up", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Vec<Object>), (status = "4XX", body = Problem)))]
pub(super) async fn evidence(
    actor: Actor<ReadTasks>,
    State(app): State<App>,
    Path(id): Path<TaskId>,
) -> Result<axum::Json<Vec<Evidence>>, AppError> {
    let caller = Caller::of(&actor);
    let rows = app
        .db
        .read(move |tx| {
            caller.open(tx, id)?;
            Ok::<_, TaskError>(store::evidence(tx, id)?)
        })
        .await?;
    Ok(axum::Json(rows))
}

/// Puts evidence on a task: a file already uploaded by the caller's office (JSON), or the file itself
/// (`multipart/form-data` with `kind`, `note` and last `file`).
#[utoipa::path(post, path = "/api/v1/tasks/{id}/evidence", tag = "follow-up",
    request_body(content((NewEvidence = "application/json"), (Vec<u8> = "multipart/form-data"))),
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Made), (status = "4XX", body = Problem)))]
pub(super) async fn add_evidence(
    actor: Actor<ContributeTasks>,
    State(app): State<App>,
    Path(id): Path<TaskId>,
    key: IdempotencyKey,
    request: Request,
) -> Result<Answer, AppError> {
    let caller = Caller::of(&actor);
    let kind =
        request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("multipart/form-data") {
        let body = Json::<NewEvidence>::from_request(request, &app).await?;
        let hash = about(body.hash(), &[&id.to_string()]);
        let new = body.into_inner();
        let office = actor.office.id;
        return api::idempotent::<TaskError, _>(&app.db, &actor, &key, "tasks.evidence", hash, move |tx| {
            caller.open(tx, id)?;
            let own = files::store::get(tx, new.file)?.is_some_and(|file| file.office_id == Some(office.0));
            if !own {
                return Err(TaskError::NotFound);
            }
            Ok(store::add_evidence(tx, &caller.who, id, new.file, new.kind, &new.note)?.map(made))
        })
        .await;
    }
    // Refused before a single byte is taken in.
    app.db.read(move |tx| caller.open(tx, id).map(drop)).await?;
    let mut form = Multipart::from_request(request, &app)
        .await
        .map_err(|error| AppError::bad_request().caused_by(error))?;
    let (mut evidence_kind, mut note, mut stored) = (EvidenceKind::Other, String::new(), None);
    while let Some(field) =
        form.next_field().await.map_err(|error| AppError::bad_request().caused_by(error))?
    {
        match field.name().unwrap_or_default() {
            "kind" => {
                let text = field.text().await.map_err(|error| AppError::bad_request().caused_by(error))?;
                evidence_kind = text
                    .parse()
                    .map_err(|_| AppError::invalid(Vec::new()).field("kind", "exchange-api-value"))?;
            }
            "note" => note = field.text().await.map_err(|error| AppError::bad_request().caused_by(error))?,
            "file" => {
                let options = PutOptions::new(MOST_EVIDENCE, Kind::EVIDENCE)
                    .named(field.file_name().unwrap_or_default());
                stored = Some(app.files.put(field, options).await?);
            }
            _ => return Err(AppError::bad_request().slug("form")),
        }
    }
    let stored = stored.ok_or_else(|| AppError::invalid(Vec::new()).field("file", "exchange-api-value"))?;
    let body = Sha256::digest(format!("{}{evidence_kind}{note}", platform::hex(&stored.sha256))).into();
    let hash = about(body, &[&id.to_string()]);
    api::idempotent::<TaskError, _>(&app.db, &actor, &key, "tasks.evidence", hash, move |tx| {
        caller.open(tx, id)?;
        let file: FileId = *files::store::add(tx, &stored)?.value();
        Ok(store::add_evidence(tx, &caller.who, id, file, evidence_kind, &note)?.map(made))
    })
    .await
}

/// Requests to move the deadline, oldest first.
#[utoipa::path(get, path = "/api/v1/tasks/{id}/extensions", tag = "follow-up", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Vec<Object>), (status = "4XX", body = Problem)))]
pub(super) async fn extensions(
    actor: Actor<ReadTasks>,
    State(app): State<App>,
    Path(id): Path<TaskId>,
) -> Result<axum::Json<Vec<Extension>>, AppError> {
    let caller = Caller::of(&actor);
    let rows = app
        .db
        .read(move |tx| {
            caller.open(tx, id)?;
            Ok::<_, TaskError>(store::extensions(tx, Some(id))?)
        })
        .await?;
    Ok(axum::Json(rows))
}

/// Asks to move the deadline.
#[utoipa::path(post, path = "/api/v1/tasks/{id}/extensions", tag = "follow-up", request_body = NewExtension,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Made), (status = "4XX", body = Problem)))]
pub(super) async fn ask_extension(
    actor: Actor<ContributeTasks>,
    State(app): State<App>,
    Path(id): Path<TaskId>,
    key: IdempotencyKey,
    body: Json<NewExtension>,
) -> Result<Answer, AppError> {
    let caller = Caller::of(&actor);
    let hash = about(body.hash(), &[&id.to_string()]);
    let new = body.into_inner();
    api::idempotent::<TaskError, _>(&app.db, &actor, &key, "tasks.extension", hash, move |tx| {
        caller.open(tx, id)?;
        Ok(store::ask_extension(tx, &caller.who, id, new.to, &new.reason)?.map(made))
    })
    .await
}

/// Grants or refuses a request.
#[utoipa::path(post, path = "/api/v1/extensions/{id}/decision", tag = "follow-up", request_body = Decision,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Standing), (status = "4XX", body = Problem)))]
pub(super) async fn decide_extension(
    actor: Actor<ContributeTasks>,
    State(app): State<App>,
    Path(id): Path<ExtensionId>,
    key: IdempotencyKey,
    body: Json<Decision>,
) -> Result<Answer, AppError> {
    let caller = Caller::of(&actor);
    let hash = about(body.hash(), &[&id.to_string()]);
    let new = body.into_inner();
    api::idempotent::<TaskError, _>(&app.db, &actor, &key, "extensions.decide", hash, move |tx| {
        let task = store::extension(tx, id)?.task;
        caller.open(tx, task)?;
        let done = store::decide_extension(tx, &caller.who, id, new.grant, &new.note)?;
        let task = store::task(tx, task)?;
        Ok(done.map(|_| (StatusCode::OK, json(&Standing::of(&task)))))
    })
    .await
}

/// Takes a waiting request back.
#[utoipa::path(post, path = "/api/v1/extensions/{id}/withdrawal", tag = "follow-up",
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Standing), (status = "4XX", body = Problem)))]
pub(super) async fn withdraw_extension(
    actor: Actor<ContributeTasks>,
    State(app): State<App>,
    Path(id): Path<ExtensionId>,
    key: IdempotencyKey,
) -> Result<Answer, AppError> {
    let caller = Caller::of(&actor);
    let hash = about([0; 32], &[&id.to_string()]);
    api::idempotent::<TaskError, _>(&app.db, &actor, &key, "extensions.withdraw", hash, move |tx| {
        let task = store::extension(tx, id)?.task;
        caller.open(tx, task)?;
        let done = store::withdraw_extension(tx, &caller.who, id)?;
        let task = store::task(tx, task)?;
        Ok(done.map(|_| (StatusCode::OK, json(&Standing::of(&task)))))
    })
    .await
}

/// Urges of a task, newest first.
#[utoipa::path(get, path = "/api/v1/tasks/{id}/urges", tag = "follow-up", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Vec<Object>), (status = "4XX", body = Problem)))]
pub(super) async fn urges(
    actor: Actor<ReadTasks>,
    State(app): State<App>,
    Path(id): Path<TaskId>,
) -> Result<axum::Json<Vec<Urge>>, AppError> {
    let caller = Caller::of(&actor);
    let rows = app
        .db
        .read(move |tx| {
            caller.open(tx, id)?;
            Ok::<_, TaskError>(store::urges(tx, id)?)
        })
        .await?;
    Ok(axum::Json(rows))
}

/// Urges, one step up the ladder from last time.
#[utoipa::path(post, path = "/api/v1/tasks/{id}/urges", tag = "follow-up", request_body = NewUrge,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Made), (status = "4XX", body = Problem)))]
pub(super) async fn urge(
    actor: Actor<ContributeTasks>,
    State(app): State<App>,
    Path(id): Path<TaskId>,
    key: IdempotencyKey,
    body: Json<NewUrge>,
) -> Result<Answer, AppError> {
    let caller = Caller::of(&actor);
    let hash = about(body.hash(), &[&id.to_string()]);
    let new = body.into_inner();
    api::idempotent::<TaskError, _>(&app.db, &actor, &key, "tasks.urge", hash, move |tx| {
        caller.open(tx, id)?;
        Ok(store::urge(tx, &caller.who, id, &new.text)?.map(made))
    })
    .await
}

/// A coordinating unit confirms that it will contribute; only an office of that unit can.
#[utoipa::path(post, path = "/api/v1/tasks/{id}/supports/{unit}/confirmation", tag = "follow-up",
    params(("id" = uuid::Uuid, Path), ("unit" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Standing), (status = "4XX", body = Problem)))]
pub(super) async fn confirm(
    actor: Actor<ContributeTasks>,
    State(app): State<App>,
    Path((id, unit)): Path<(TaskId, UnitId)>,
    key: IdempotencyKey,
) -> Result<Answer, AppError> {
    let caller = Caller::of(&actor);
    let hash = about([0; 32], &[&id.to_string(), &unit.to_string()]);
    api::idempotent::<TaskError, _>(&app.db, &actor, &key, "tasks.confirm", hash, move |tx| {
        let task = store::task(tx, id)?;
        let helps = task.fields.supports.iter().any(|support| support.unit == caller.unit);
        if !caller.sees(&task) && !helps {
            return Err(TaskError::NotFound);
        }
        if unit != caller.unit {
            return Err(TaskError::NotPermitted);
        }
        let done = store::confirm_support(tx, id, unit)?;
        let task = store::task(tx, id)?;
        Ok(done.map(|_| (StatusCode::OK, json(&Standing::of(&task)))))
    })
    .await
}
