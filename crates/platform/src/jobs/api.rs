//! Jobs as JSON.

use axum::{
    Json, Router,
    extract::{Path, State},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::{Job, JobId, State as JobState, pages::words};
use crate::{
    api::{PageOf, Paging, Query},
    app::App,
    identity::{Actor, Confidentiality, Identity, Right},
    web::{AppError, Cx},
};

/// A job as its office sees it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct JobView {
    /// The id.
    #[schema(value_type = String, format = "uuid")]
    pub id: JobId,
    /// Which handler does it.
    pub kind: String,
    /// Its title in the language asked for.
    pub title: String,
    /// How far it is.
    pub state: JobState,
    /// Steps done.
    pub done: u64,
    /// Steps in all; 0 while that is not known.
    pub total: u64,
    /// What it is doing or how it ended, in the language asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What came out; `href` leads to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<Value>,
    /// The office that asked for it.
    pub office: String,
    /// Whether someone asked to stop it.
    pub cancel_requested: bool,
    /// When it was asked for.
    #[schema(value_type = String, format = "date-time")]
    pub created_at: Timestamp,
    /// When work began.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "date-time")]
    pub started_at: Option<Timestamp>,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "date-time")]
    pub finished_at: Option<Timestamp>,
}

impl JobView {
    fn new(cx: &Cx, job: Job) -> Self {
        Self {
            title: words(cx, &job.title_key, &job.title_args),
            note: job.note_key.as_ref().map(|note| words(cx, note, &job.note_args)),
            id: job.id,
            kind: job.kind,
            state: job.state,
            done: job.done,
            total: job.total,
            result: job.result,
            office: job.office,
            cancel_requested: job.cancel_requested,
            created_at: job.created_at,
            started_at: job.started_at,
            finished_at: job.finished_at,
        }
    }
}

/// Whether someone may see all offices' jobs.
pub(super) fn sees_all(who: &Identity) -> bool {
    who.covers(super::AREA, Right::Admin, None, Confidentiality::Normal)
}

/// A job that someone may see: their office's own, or any for those who administer jobs. All else is not there.
pub(super) async fn visible(app: &App, who: &Identity, id: &str) -> Result<Job, AppError> {
    let id: JobId = id.parse().map_err(|_| AppError::not_found())?;
    let job = app.jobs.get(id).await?.ok_or_else(AppError::not_found)?;
    if job.office_id == Some(who.office.id.0) || sees_all(who) { Ok(job) } else { Err(AppError::not_found()) }
}

/// The newest jobs that someone may see.
pub(super) async fn newest(
    app: &App,
    who: &Identity,
    before: Option<JobId>,
    limit: u32,
) -> Result<Vec<Job>, AppError> {
    let office = if sees_all(who) { None } else { Some(who.office.id.0) };
    Ok(app.jobs.list(office, before, limit).await?)
}

#[derive(utoipa::OpenApi)]
#[openapi(paths(list, one, cancel), components(schemas(crate::web::Problem)), tags((name = "jobs")))]
struct Doc;

pub(super) fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/jobs", get(list))
        .route("/api/v1/jobs/{id}", get(one))
        .route("/api/v1/jobs/{id}/cancel", post(cancel))
}

/// Your office's jobs, the newest first.
#[utoipa::path(get, path = "/api/v1/jobs", tag = "jobs", params(Paging),
    responses((status = 200, body = PageOf<JobView>)))]
pub async fn list(
    actor: Actor,
    cx: Cx,
    State(app): State<App>,
    Query(paging): Query<Paging>,
) -> Result<PageOf<JobView>, AppError> {
    let before = match &paging.after {
        None => None,
        Some(after) => Some(after.parse().map_err(|_| AppError::bad_request().slug("query"))?),
    };
    let jobs = newest(&app, &actor, before, paging.limit() + 1).await?;
    let views = jobs.into_iter().map(|job| JobView::new(&cx, job)).collect();
    Ok(paging.page(views, |job: &JobView| job.id.to_string()))
}

/// One job, with its progress of this moment.
#[utoipa::path(get, path = "/api/v1/jobs/{id}", tag = "jobs", params(("id" = String, Path)),
    responses((status = 200, body = JobView), (status = 404, body = crate::web::Problem)))]
pub async fn one(
    actor: Actor,
    cx: Cx,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<JobView>, AppError> {
    Ok(Json(JobView::new(&cx, visible(&app, &actor, &id).await?)))
}

/// Asks a job to stop; asking again changes nothing. 409 when it is over.
#[utoipa::path(post, path = "/api/v1/jobs/{id}/cancel", tag = "jobs", params(("id" = String, Path)),
    responses((status = 202, body = JobView), (status = 404, body = crate::web::Problem),
              (status = 409, body = crate::web::Problem)))]
pub async fn cancel(
    actor: Actor,
    cx: Cx,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let job = visible(&app, &actor, &id).await?;
    if !app.jobs.cancel(actor.author(), job.id).await? && job.state != JobState::Cancelled {
        return Err(AppError::conflict().because(crate::i18n::key("jobs-over")));
    }
    let job = visible(&app, &actor, &id).await?;
    Ok((axum::http::StatusCode::ACCEPTED, Json(JobView::new(&cx, job))).into_response())
}
