//! Calendar feeds: a page to make and revoke them, and the feeds themselves for calendar programs.

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use platform::{
    app::App,
    clock,
    db::{Done, WriteTx},
    i18n::{Lang, key},
    identity::{Actor, Confidentiality, OfficeId, UnitId, secret},
    web::{AppError, Cx, Page, Path, page},
};
use serde::Deserialize;

use super::see_other;
use crate::tasks::{
    Audience, ReadTasks,
    calendar_feed::{FeedHead, FeedTask, feed},
    clarity::People,
    error::TaskError,
    exchange::{picture, words},
    memory::Memory,
    model::{Feed, FeedId, Task},
    register::Register,
    store,
};

/// Whose deadlines a feed tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// What a unit leads or supports.
    Unit(UnitId),
    /// What concerns an office.
    Office(OfficeId),
}

/// Opens a feed for a unit or an office that exists.
///
/// # Errors
/// [`TaskError::NotFound`].
pub fn open(
    tx: &mut WriteTx<'_>,
    owner: OfficeId,
    hash: [u8; 32],
    target: Target,
) -> Result<Done<FeedId>, TaskError> {
    let people = People::load(tx)?;
    let (kind, id) = match target {
        Target::Unit(id) if people.units.contains_key(&id) => ("unit", id.to_string()),
        Target::Office(id) if people.offices.contains_key(&id) => ("office", id.to_string()),
        _ => return Err(TaskError::NotFound),
    };
    store::open_feed(tx, owner, hash, kind, &id)
}

/// The address of a feed; the only place where the secret is ever shown.
pub fn address(app: &App, secret: &str) -> String {
    format!("{}/lich/{secret}.ics", app.config.public_url.as_str().trim_end_matches('/'))
}

/// One feed in the list.
struct Line {
    id: String,
    name: String,
    unit: bool,
    since: String,
    revoked: Option<String>,
}

#[derive(Template)]
#[template(path = "tasks/pages/exchange/feeds.html")]
struct List<'a> {
    cx: &'a Cx,
    lines: Vec<Line>,
    units: Vec<(String, String)>,
    offices: Vec<(String, String)>,
    unit: String,
    office: String,
    fresh: Option<(String, String)>,
}

async fn list_page(
    app: &App,
    actor: &Actor<ReadTasks>,
    cx: &Cx,
    fresh: Option<(String, String)>,
) -> Result<Response, AppError> {
    let owner = actor.office.id;
    let (feeds, people) =
        app.db.read(move |tx| Ok::<_, TaskError>((store::feeds(tx, owner)?, People::load(tx)?))).await?;
    let lines = feeds
        .into_iter()
        .map(|feed| Line {
            id: feed.id.to_string(),
            name: name_of(&feed, &people),
            unit: feed.kind == "unit",
            since: cx.moment(&clock::local(feed.created_at)),
            revoked: feed.revoked_at.map(|at| cx.moment(&clock::local(at))),
        })
        .collect();
    let list = List {
        cx,
        lines,
        units: people
            .units_by_name()
            .into_iter()
            .map(|unit| (unit.id.to_string(), unit.name.clone()))
            .collect(),
        offices: people
            .offices_by_title()
            .into_iter()
            .map(|office| {
                (office.id.to_string(), format!("{} – {}", office.title, people.unit_name(office.unit_id)))
            })
            .collect(),
        unit: actor.unit.id.to_string(),
        office: actor.office.id.to_string(),
        fresh,
    };
    Ok(page(cx, Page::new(cx.t("exchange-feeds-title"), list)))
}

fn name_of(feed: &Feed, people: &People) -> String {
    if feed.kind == "unit" {
        feed.target.parse().map(|id| people.unit_name(id).to_owned()).unwrap_or_default()
    } else {
        feed.target.parse().map(|id| people.office_title(id).to_owned()).unwrap_or_default()
    }
}

/// `GET /lich`: the feeds of this office.
///
/// # Errors
/// Any refusal of the database.
pub async fn list(actor: Actor<ReadTasks>, cx: Cx, State(app): State<App>) -> Result<Response, AppError> {
    list_page(&app, &actor, &cx, None).await
}

/// A feed to make.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Make {
    loai: String,
    #[serde(default)]
    don_vi: String,
    #[serde(default)]
    chuc_danh: String,
}

/// `POST /lich`: makes a feed and shows its address, this once.
///
/// # Errors
/// 422 when it is not said for whom.
pub async fn make(
    actor: Actor<ReadTasks>,
    cx: Cx,
    State(app): State<App>,
    axum::Form(form): axum::Form<Make>,
) -> Result<Response, AppError> {
    let wrong = |field| AppError::invalid(Vec::new()).field(field, key("exchange-feeds-for-whom"));
    let target = match form.loai.as_str() {
        "unit" => Target::Unit(form.don_vi.parse().map_err(|_| wrong("don_vi"))?),
        "office" => Target::Office(form.chuc_danh.parse().map_err(|_| wrong("chuc_danh"))?),
        _ => return Err(wrong("loai")),
    };
    let secret = secret::session();
    let (owner, hash) = (actor.office.id, secret.hash);
    app.db.write(actor.author(), move |tx| open(tx, owner, hash, target)).await?;
    let people: People = app.db.read(|tx| People::load(tx).map_err(TaskError::from)).await?;
    let name = match target {
        Target::Unit(id) => people.unit_name(id).to_owned(),
        Target::Office(id) => people.office_title(id).to_owned(),
    };
    list_page(&app, &actor, &cx, Some((name, address(&app, &secret.text)))).await
}

/// `POST /lich/{id}/thu-hoi`: closes a feed for good.
///
/// # Errors
/// 404 when it is not a feed of this office.
pub async fn revoke(
    actor: Actor<ReadTasks>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let id: FeedId = id.parse().map_err(|_| AppError::not_found())?;
    let owner = actor.office.id;
    let revoked = app
        .db
        .write(actor.author(), move |tx| {
            if !store::feeds(tx, owner)?.iter().any(|feed| feed.id == id) {
                return Err(TaskError::NotFound);
            }
            store::revoke_feed(tx, owner, id)
        })
        .await?;
    let _ = revoked;
    Ok(see_other("/lich"))
}

/// `GET /lich/{secret}.ics`: the feed itself, for a calendar program that can do nothing but fetch an address.
/// An unknown and a revoked one are the same: not there. Every refusal is a whole answer of its own, so that
/// nobody further out writes the path, and with it the secret, into a log.
pub async fn calendar(State(app): State<App>, cx: Cx, Path(name): Path<String>) -> Response {
    let refuse = |error: AppError| {
        let retry = error.status() == StatusCode::SERVICE_UNAVAILABLE;
        let mut response = error.problem(cx.lang, &cx.request_id).into_response();
        if retry {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
        }
        response
    };
    let Some(text) = name.strip_suffix(".ics").filter(|text| text.len() == 43) else {
        return refuse(AppError::not_found());
    };
    // Only the hash meets the database: how long the search takes says nothing about the secret.
    let hash = secret::hash(text);
    let memory = Memory::of(&app);
    let read: Result<(Feed, Register), TaskError> =
        app.db.read(move |tx| Ok((store::feed_by_hash(tx, hash)?, memory.register(tx)?))).await;
    let (feed, register) = match read {
        Ok(found) => found,
        Err(TaskError::Db(error)) => {
            tracing::error!(request_id = %cx.request_id, %error, "a calendar feed could not be read");
            return refuse(AppError::unavailable(60));
        }
        Err(_) => return refuse(AppError::not_found()),
    };
    let text = render(&app, &feed, &register, cx.lang);
    let mut response = text.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/calendar; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers
        .insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("inline; filename=\"nhiem-vu.ics\""));
    response
}

fn concerns(feed: &Feed, task: &Task) -> bool {
    let fields = &task.fields;
    if feed.kind == "unit" {
        let Ok(unit) = feed.target.parse::<UnitId>() else { return false };
        fields.lead_unit == Some(unit) || fields.supports.iter().any(|support| support.unit == unit)
    } else {
        let Ok(office) = feed.target.parse::<OfficeId>() else { return false };
        [fields.focal_office, fields.accountable_office, fields.approver_office, fields.acceptor_office]
            .contains(&Some(office))
    }
}

fn render(app: &App, feed: &Feed, register: &Register, lang: Lang) -> String {
    let tasks: Vec<FeedTask> = register
        .tasks
        .iter()
        .filter(|task| concerns(feed, task))
        .map(|task| {
            let open = task.fields.confidentiality == Confidentiality::Normal;
            FeedTask {
                id: task.id.0,
                code: task.fields.code.clone(),
                title: picture::title(task, Audience::OPEN, lang),
                unit: task.fields.lead_unit.map(|unit| register.people.unit_name(unit).to_owned()),
                due: task.fields.due,
                sequence: u32::try_from(task.version).unwrap_or(0),
                modified: clock::local(task.updated_at),
                cancelled: task.state == rules::state::TaskState::Cancelled,
                confidential: !open,
                path: open.then(|| picture::address(&task.fields.code)),
            }
        })
        .collect();
    let site = app.config.public_url.as_str().trim_end_matches('/').to_owned();
    let head = FeedHead {
        title: format!("{} – {}", register.congress.short_name, name_of(feed, &register.people)),
        site: Some(site),
        host: app.config.public_url.host_str().unwrap_or("dienhong").to_owned(),
    };
    feed_text(&tasks, &head, register, lang)
}

fn feed_text(tasks: &[FeedTask], head: &FeedHead, register: &Register, lang: Lang) -> String {
    feed(tasks, head, register.as_of, &words(lang))
}
