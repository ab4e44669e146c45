//! The page of a job and the list of jobs, as they go on.

use askama::Template;
use axum::{
    Router,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use jiff::civil::DateTime;
use serde_json::Value;

use super::{Job, State as JobState, api};
use crate::{
    app::App,
    clock,
    i18n::Arg,
    identity::Actor,
    live::{Channel, last_event_id},
    web::{AppError, Cx, Page, Path, page},
};

/// A stored sentence in the language of the page.
pub(super) fn words(cx: &Cx, key: &str, args: &Value) -> String {
    let args: Vec<(&str, Arg)> = args
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| {
            let arg = match value {
                Value::Number(number) => Arg::Number(number.as_f64().unwrap_or_default()),
                Value::String(text) => Arg::Text(text.clone()),
                other => Arg::Text(other.to_string()),
            };
            (name.as_str(), arg)
        })
        .collect();
    cx.ta(key, &args)
}

/// What templates show of a job.
struct Shown {
    id: String,
    title: String,
    state: &'static str,
    tone: &'static str,
    icon: &'static str,
    over: bool,
    stopping: bool,
    done: u64,
    total: u64,
    percent: u64,
    note: Option<String>,
    href: Option<String>,
    office: String,
    created: DateTime,
    finished: Option<DateTime>,
}

impl Shown {
    fn new(cx: &Cx, job: &Job) -> Self {
        let stopping = job.cancel_requested && !job.state.is_over();
        let (tone, icon) = match job.state {
            JobState::Queued => ("grey", "circle-dashed"),
            JobState::Running => ("blue", "circle-half-2"),
            JobState::Done => ("green", "circle-check"),
            JobState::Failed => ("red", "circle-x"),
            JobState::Cancelled => ("brown", "ban"),
        };
        let href = job.result.as_ref().and_then(|result| result["href"].as_str());
        Self {
            id: job.id.to_string(),
            title: words(cx, &job.title_key, &job.title_args),
            state: if stopping { "stopping" } else { job.state.as_str() },
            tone: if stopping { "amber" } else { tone },
            icon,
            over: job.state.is_over(),
            stopping,
            done: job.done,
            total: job.total,
            percent: (job.done * 100).checked_div(job.total).unwrap_or_default().min(100),
            note: job.note_key.as_ref().map(|note| words(cx, note, &job.note_args)),
            href: href.map(crate::web::local_path).map(str::to_owned),
            office: job.office.clone(),
            created: clock::local(job.created_at),
            finished: job.finished_at.map(clock::local),
        }
    }
}

#[derive(Template)]
#[template(path = "../jobs/job.html")]
struct JobPart<'a> {
    cx: &'a Cx,
    job: Shown,
}

#[derive(Template)]
#[template(path = "../jobs/page.html")]
struct JobBody<'a> {
    part: JobPart<'a>,
}

#[derive(Template)]
#[template(path = "../jobs/list.html")]
struct ListBody<'a> {
    cx: &'a Cx,
    jobs: Vec<Shown>,
}

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/viec-nen", get(list))
        .route("/viec-nen/{id}", get(one))
        .route("/viec-nen/{id}/song", get(stream))
        .route("/viec-nen/{id}/dung", post(cancel))
}

async fn list(actor: Actor, cx: Cx, State(app): State<App>) -> Result<Response, AppError> {
    let jobs = api::newest(&app, &actor, None, 100).await?;
    let jobs = jobs.iter().map(|job| Shown::new(&cx, job)).collect();
    Ok(page(&cx, Page::new(cx.t("jobs-title"), ListBody { cx: &cx, jobs })))
}

async fn one(
    actor: Actor,
    cx: Cx,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let job = api::visible(&app, &actor, &id).await?;
    let (over, live) = (job.state.is_over(), format!("/viec-nen/{}/song?lang={}", job.id, cx.lang.code()));
    let shown = Shown::new(&cx, &job);
    let title = shown.title.clone();
    let body = Page::new(title, JobBody { part: JobPart { cx: &cx, job: shown } });
    Ok(page(&cx, if over { body } else { body.live(live) }))
}

/// Whoever may see the job may see every byte of its fragment: the audience is the job itself.
async fn stream(
    actor: Actor,
    cx: Cx,
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let id = api::visible(&app, &actor, &id).await?.id;
    let key = format!("jobs.job?id={id}&lang={}#aud=job/{id}", cx.lang.code());
    let (jobs, bare) = (app.jobs.clone(), Cx::bare(cx.lang, cx.site.clone()));
    let channel = Channel::new(key, [format!("job/{id}")], move || {
        let (jobs, bare) = (jobs.clone(), bare.clone());
        async move {
            let job = jobs.get(id).await?.ok_or("the job is gone")?;
            let part = JobPart { cx: &bare, job: Shown::new(&bare, &job) };
            Ok(part.render()?.into())
        }
    });
    Ok(app.live.sse(actor.door_id(), app.live.subscribe(channel, last_event_id(&headers))))
}

async fn cancel(actor: Actor, State(app): State<App>, Path(id): Path<String>) -> Result<Response, AppError> {
    let job = api::visible(&app, &actor, &id).await?;
    // One that was over meanwhile shows so on its page.
    app.jobs.cancel(actor.author(), job.id).await?;
    Ok(Redirect::to(&format!("/viec-nen/{}", job.id)).into_response())
}
