//! The annex in and out, pictures, the signed report.

use ::print::PressRoom;
use axum::{
    Extension,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use platform::{
    api::{self, Answer, IdempotencyKey, Json, PageOf, Query},
    app::App,
    identity::Actor,
    web::{AppError, Cx, Problem},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::{Caller, about, types::*};
use crate::tasks::{
    DecideTasks, ManageTasks, ReadTasks,
    error::TaskError,
    exchange::{
        import::{self, Applied, Choices, Draft, DraftId, ImportError, Preview},
        report::{self, ReportError, Signed, SignedId, Summary},
    },
    memory,
    pages::{
        exchange::{
            export, importing, paper,
            print::{self, What},
        },
        print::Form,
        views::address::Address,
    },
};

/// The limit of an upload.
pub(super) fn upload_limit() -> axum::extract::DefaultBodyLimit {
    axum::extract::DefaultBodyLimit::max(import::MOST_BYTES + 1)
}

/// An upload and what it would do.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ImportOut {
    /// Its id.
    id: String,
    /// The file's name.
    name: String,
    /// The file's hash.
    sha256: String,
    /// Until when it waits.
    #[schema(value_type = String, format = DateTime)]
    expires_at: jiff::Timestamp,
    /// What it would do; absent once applied.
    #[serde(skip_serializing_if = "Option::is_none")]
    preview: Option<Preview>,
    /// Whether a yes can be given.
    ready: bool,
    /// What it did; absent until applied.
    #[serde(skip_serializing_if = "Option::is_none")]
    applied: Option<Applied>,
}

impl ImportOut {
    fn of(draft: &Draft, preview: Option<Preview>) -> Self {
        Self {
            id: draft.id.to_string(),
            name: draft.name.clone(),
            sha256: draft.sha256.clone(),
            expires_at: draft.expires_at,
            ready: preview.as_ref().is_some_and(Preview::ready),
            preview,
            applied: draft.applied(),
        }
    }
}

/// Uploads of the caller's office that wait or were applied.
#[utoipa::path(get, path = "/api/v1/task-imports", tag = "exchange",
    responses((status = 200, body = Vec<ImportOut>), (status = "4XX", body = Problem)))]
pub(super) async fn imports(
    actor: Actor<ManageTasks>,
    State(app): State<App>,
) -> Result<axum::Json<Vec<ImportOut>>, AppError> {
    let office = actor.office.id;
    let drafts: Vec<Draft> = app.db.read(move |tx| Ok::<_, TaskError>(import::drafts(tx, office)?)).await?;
    Ok(axum::Json(drafts.iter().map(|draft| ImportOut::of(draft, None)).collect()))
}

/// Uploads an annex (`application/octet-stream`, at most 10 MB) and says what it would do. Nothing is applied.
#[utoipa::path(post, path = "/api/v1/task-imports", tag = "exchange",
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = ImportOut), (status = "4XX", body = Problem)))]
pub(super) async fn upload(
    actor: Actor<ManageTasks>,
    State(app): State<App>,
    cx: Cx,
    headers: HeaderMap,
    bytes: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Result<(StatusCode, axum::Json<ImportOut>), AppError> {
    let declared =
        headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !declared.starts_with("application/octet-stream") {
        return Err(AppError::unsupported_type());
    }
    let bytes = bytes.map_err(|_| importing::too_large())?;
    let id = importing::keep(&app, &actor, String::new(), bytes, Choices::default()).await?;
    let (draft, _, preview) = importing::look(&app, &actor, cx.lang, id).await?;
    Ok((StatusCode::CREATED, axum::Json(ImportOut::of(&draft, Some(preview)))))
}

/// An upload and what it would do at this moment.
#[utoipa::path(get, path = "/api/v1/task-imports/{id}", tag = "exchange", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = ImportOut), (status = "4XX", body = Problem)))]
pub(super) async fn import(
    actor: Actor<ManageTasks>,
    State(app): State<App>,
    cx: Cx,
    Path(id): Path<DraftId>,
) -> Result<axum::Json<ImportOut>, AppError> {
    let (draft, _, preview) = importing::look(&app, &actor, cx.lang, id).await?;
    let preview = draft.applied_at.is_none().then_some(preview);
    Ok(axum::Json(ImportOut::of(&draft, preview)))
}

/// Says to which plan the file belongs and whom unknown names mean; answers what it would do then.
#[utoipa::path(put, path = "/api/v1/task-imports/{id}", tag = "exchange", request_body = Choices,
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = ImportOut), (status = "4XX", body = Problem)))]
pub(super) async fn choose(
    actor: Actor<ManageTasks>,
    State(app): State<App>,
    cx: Cx,
    Path(id): Path<DraftId>,
    body: Json<Choices>,
) -> Result<axum::Json<ImportOut>, AppError> {
    let (office, choices) = (actor.office.id, body.into_inner());
    app.db.write(actor.author(), move |tx| import::choose(tx, office, id, &choices)).await?;
    let (draft, _, preview) = importing::look(&app, &actor, cx.lang, id).await?;
    Ok(axum::Json(ImportOut::of(&draft, Some(preview))))
}

/// Throws an upload away.
#[utoipa::path(delete, path = "/api/v1/task-imports/{id}", tag = "exchange", params(("id" = uuid::Uuid, Path)),
    responses((status = 204), (status = "4XX", body = Problem)))]
pub(super) async fn discard(
    actor: Actor<ManageTasks>,
    State(app): State<App>,
    Path(id): Path<DraftId>,
) -> Result<StatusCode, AppError> {
    let office = actor.office.id;
    app.db.write(actor.author(), move |tx| import::discard(tx, office, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The yes.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Confirmation {
    /// The `hash` of the preview that was read.
    hash: String,
    /// Why, for tasks that are running.
    #[serde(default)]
    reason: String,
}

/// Applies exactly what was shown, all of it or nothing; refused when it would now do something else.
#[utoipa::path(post, path = "/api/v1/task-imports/{id}/confirmation", tag = "exchange", request_body = Confirmation,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Applied), (status = "4XX", body = Problem)))]
pub(super) async fn confirm(
    actor: Actor<ManageTasks>,
    State(app): State<App>,
    cx: Cx,
    Path(id): Path<DraftId>,
    key: IdempotencyKey,
    body: Json<Confirmation>,
) -> Result<Answer, AppError> {
    let hash = about(body.hash(), &[&id.to_string()]);
    let said = body.into_inner();
    let yes = importing::yes(&actor, cx.lang, said.hash, &said.reason);
    let reading = importing::reading(&app, &actor, id).await?;
    api::idempotent::<ImportError, _>(&app.db, &actor, &key, "imports.confirm", hash, move |tx| {
        Ok(import::apply(tx, id, &reading, &yes)?.map(|done| (StatusCode::OK, json(&done))))
    })
    .await
}

async fn picked(
    actor: &Actor<ReadTasks>,
    app: &App,
    query: &TaskQuery,
    cx: &Cx,
) -> Result<export::Picked, AppError> {
    let filter = query.filter()?;
    let register = memory::register(app).await?;
    let caller = Caller::of(actor);
    let tasks = register.pick(&filter, caller.audience).into_iter().map(|task| task.id).collect();
    Ok(export::Picked { register, tasks, audience: caller.audience, lang: cx.lang })
}

/// The picked tasks as the official annex; read back, it changes nothing.
#[utoipa::path(get, path = "/api/v1/task-exports/annex.xlsx", tag = "exchange", params(TaskQuery),
    responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        body = Vec<u8>), (status = "4XX", body = Problem)))]
pub(super) async fn xlsx(
    actor: Actor<ReadTasks>,
    State(app): State<App>,
    cx: Cx,
    Query(query): Query<TaskQuery>,
) -> Result<Response, AppError> {
    export::xlsx(picked(&actor, &app, &query, &cx).await?).await
}

/// The picked tasks as the official annex on paper.
#[utoipa::path(get, path = "/api/v1/task-exports/annex.pdf", tag = "exchange", params(TaskQuery),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>), (status = "4XX", body = Problem)))]
pub(super) async fn annex_pdf(
    actor: Actor<ReadTasks>,
    State(app): State<App>,
    cx: Cx,
    Extension(press): Extension<PressRoom>,
    Query(query): Query<TaskQuery>,
) -> Result<Response, AppError> {
    on_paper(&actor, &app, &cx, &press, &query, What::Annex).await
}

/// The picked tasks as the list on paper, with the counts below it.
#[utoipa::path(get, path = "/api/v1/task-exports/tasks.pdf", tag = "exchange", params(TaskQuery),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>), (status = "4XX", body = Problem)))]
pub(super) async fn list_pdf(
    actor: Actor<ReadTasks>,
    State(app): State<App>,
    cx: Cx,
    Extension(press): Extension<PressRoom>,
    Query(query): Query<TaskQuery>,
) -> Result<Response, AppError> {
    on_paper(&actor, &app, &cx, &press, &query, What::List).await
}

/// The picked tasks as a Gantt chart on A3; 404 when none is picked.
#[utoipa::path(get, path = "/api/v1/task-exports/gantt.pdf", tag = "exchange", params(TaskQuery),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>), (status = "4XX", body = Problem)))]
pub(super) async fn chart_pdf(
    actor: Actor<ReadTasks>,
    State(app): State<App>,
    cx: Cx,
    Extension(press): Extension<PressRoom>,
    Query(query): Query<TaskQuery>,
) -> Result<Response, AppError> {
    on_paper(&actor, &app, &cx, &press, &query, What::Chart).await
}

async fn on_paper(
    actor: &Actor<ReadTasks>,
    app: &App,
    cx: &Cx,
    press: &PressRoom,
    query: &TaskQuery,
    what: What,
) -> Result<Response, AppError> {
    let address = Address { filter: query.filter()?, page: 1, ..Address::default() };
    print::set(app, cx, press, picked(actor, app, query, cx).await?, &address, what).await
}

/// The picked tasks as CSV.
#[utoipa::path(get, path = "/api/v1/task-exports/tasks.csv", tag = "exchange", params(TaskQuery),
    responses((status = 200, content_type = "text/csv", body = String), (status = "4XX", body = Problem)))]
pub(super) async fn csv(
    actor: Actor<ReadTasks>,
    State(app): State<App>,
    cx: Cx,
    Query(query): Query<TaskQuery>,
) -> Result<Response, AppError> {
    Ok(export::csv(&picked(&actor, &app, &query, &cx).await?))
}

/// The picked tasks as a Gantt chart.
#[utoipa::path(get, path = "/api/v1/task-exports/gantt.svg", tag = "exchange", params(TaskQuery),
    responses((status = 200, content_type = "image/svg+xml", body = String), (status = "4XX", body = Problem)))]
pub(super) async fn svg(
    actor: Actor<ReadTasks>,
    State(app): State<App>,
    cx: Cx,
    Query(query): Query<TaskQuery>,
) -> Result<Response, AppError> {
    Ok(export::svg(&picked(&actor, &app, &query, &cx).await?))
}

/// The picked tasks for Microsoft Project (MSPDI).
#[utoipa::path(get, path = "/api/v1/task-exports/plan.xml", tag = "exchange", params(TaskQuery),
    responses((status = 200, content_type = "application/xml", body = String), (status = "4XX", body = Problem)))]
pub(super) async fn mspdi(
    actor: Actor<ReadTasks>,
    State(app): State<App>,
    cx: Cx,
    Query(query): Query<TaskQuery>,
) -> Result<Response, AppError> {
    Ok(export::mspdi(&picked(&actor, &app, &query, &cx).await?))
}

/// Signed reports, newest first.
#[utoipa::path(get, path = "/api/v1/task-reports", tag = "exchange", params(PageQuery),
    responses((status = 200, body = PageOf<Object>), (status = "4XX", body = Problem)))]
pub(super) async fn reports(
    _actor: Actor<ReadTasks>,
    State(app): State<App>,
    Query(query): Query<PageQuery>,
) -> Result<PageOf<Signed>, AppError> {
    let rows: Vec<Signed> = app.db.read(|tx| Ok::<_, ReportError>(report::signed(tx)?)).await?;
    Ok(query.paging().cut(rows, |row| row.id.to_string()))
}

/// The report of this moment and the mark that signing it names.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ReportNow {
    /// What signing names.
    mark: String,
    /// Whether every total is the sum of its parts.
    reconciles: bool,
    /// The report.
    #[schema(value_type = Object)]
    report: Summary,
}

/// The report of this moment, not signed.
#[utoipa::path(get, path = "/api/v1/task-reports/now", tag = "exchange",
    responses((status = 200, body = ReportNow), (status = "4XX", body = Problem)))]
pub(super) async fn report_now(
    _actor: Actor<ReadTasks>,
    State(app): State<App>,
) -> Result<axum::Json<ReportNow>, AppError> {
    let register = memory::register(&app).await?;
    let report = report::compute(&register);
    Ok(axum::Json(ReportNow { mark: report.mark(), reconciles: report.reconciles().is_ok(), report }))
}

/// A signed report; its hash has been checked.
#[utoipa::path(get, path = "/api/v1/task-reports/{id}", tag = "exchange", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Object), (status = "4XX", body = Problem)))]
pub(super) async fn report(
    _actor: Actor<ReadTasks>,
    State(app): State<App>,
    Path(id): Path<SignedId>,
) -> Result<axum::Json<serde_json::Value>, AppError> {
    let (signed, summary) = app.db.read(move |tx| report::signed_content(tx, id)).await?;
    Ok(axum::Json(serde_json::json!({"signed": signed, "report": summary})))
}

/// A signed report as an official document, as PDF.
#[utoipa::path(get, path = "/api/v1/task-reports/{id}/report.pdf", tag = "exchange",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>), (status = "4XX", body = Problem)))]
pub(super) async fn report_pdf(
    _actor: Actor<ReadTasks>,
    State(app): State<App>,
    cx: Cx,
    Extension(press): Extension<PressRoom>,
    Path(id): Path<SignedId>,
) -> Result<Response, AppError> {
    paper::set(&app, &cx, &press, id, Form::Pdf).await
}

/// A signed report as an official document, as DOCX.
#[utoipa::path(get, path = "/api/v1/task-reports/{id}/report.docx", tag = "exchange",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200,
        content_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document", body = Vec<u8>),
        (status = "4XX", body = Problem)))]
pub(super) async fn report_docx(
    _actor: Actor<ReadTasks>,
    State(app): State<App>,
    cx: Cx,
    Extension(press): Extension<PressRoom>,
    Path(id): Path<SignedId>,
) -> Result<Response, AppError> {
    paper::set(&app, &cx, &press, id, Form::Docx).await
}

/// What is signed.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Signature {
    /// The `mark` of the report that was read.
    mark: String,
}

/// Signs the report of this moment; refused when its figures changed or a total is not the sum of its parts.
#[utoipa::path(post, path = "/api/v1/task-reports", tag = "exchange", request_body = Signature,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Made), (status = "4XX", body = Problem)))]
pub(super) async fn sign(
    actor: Actor<DecideTasks>,
    State(app): State<App>,
    key: IdempotencyKey,
    body: Json<Signature>,
) -> Result<Answer, AppError> {
    let caller = Caller::of(&actor);
    let hash: [u8; 32] = Sha256::digest(body.hash()).into();
    let mark = body.into_inner().mark;
    api::idempotent::<ReportError, _>(&app.db, &actor, &key, "reports.sign", hash, move |tx| {
        Ok(report::sign(tx, &caller.who, &mark)?
            .map(|id| (StatusCode::CREATED, json(&Made { id: id.to_string() }))))
    })
    .await
}
