//! The Gantt page: the chart for this screen, for a phone and for A3, and its numbers as a table.

use std::collections::HashMap;

use askama::Template;
use axum::{extract::State, http::HeaderMap, response::Response};
use jiff::civil::{Date, DateTime};
use platform::{
    app::App,
    identity::Actor,
    web,
    web::{AppError, Cx, Layout, Page, PrintSize, fragment, page},
};

use crate::tasks::{
    Audience, ReadTasks, audience,
    error::TaskError,
    exchange::{
        picture::{self, Line},
        words,
    },
    gantt::{GanttOptions, GanttSize, render},
    model::{BaselineId, TaskFields, TaskId},
    pages::views::{
        address::Address,
        list::FilterForm,
        live::{self, Picture, View},
        row,
    },
    register::Register,
    store,
};

/// Where the page is.
pub const PATH: &str = "/nhiem-vu/tien-do-gantt";

/// What lives.
#[derive(Template)]
#[template(path = "tasks/pages/exchange/gantt_part.html")]
struct Part<'a> {
    cx: &'a Cx,
    as_of: DateTime,
    wide: String,
    narrow: String,
    paper: Vec<String>,
    lines: Vec<Line>,
    critical: usize,
    opening: String,
}

impl Part<'_> {
    fn tone(&self, line: &Line) -> &'static str {
        row::tone(line.timing)
    }
    fn icon(&self, line: &Line) -> platform::web::Icon {
        platform::web::Icon(row::sign(line.timing))
    }
    fn day(&self, day: &Option<Date>) -> String {
        day.as_ref().map(|day| self.cx.date(day)).unwrap_or_default()
    }
}

/// The page.
#[derive(Template)]
#[template(path = "tasks/pages/exchange/gantt.html")]
struct Whole<'a> {
    cx: &'a Cx,
    form: FilterForm,
    region: String,
    query: String,
}

fn draw(
    cx: &Cx,
    register: &Register,
    address: &Address,
    audience: Audience,
    baseline: &HashMap<TaskId, (Date, Date)>,
) -> askama::Result<String> {
    let tasks = address.pick(register, audience);
    let input = picture::gantt(register, &tasks, audience, cx.lang, baseline);
    let words = words(cx.lang);
    let one = |size| GanttOptions { size, standalone: false, links: true };
    let lines = picture::lines(register, &tasks, audience, cx.lang);
    let empty = lines.is_empty();
    let screen = |width| {
        if empty { String::new() } else { render(&input, one(GanttSize::Screen { width }), &words).concat() }
    };
    Part {
        cx,
        as_of: register.as_of,
        wide: screen(1280),
        narrow: screen(390),
        paper: if empty { Vec::new() } else { render(&input, one(GanttSize::A3Landscape), &words) },
        critical: lines.iter().filter(|line| line.critical).count(),
        opening: cx.date(&register.congress.opening_on),
        lines,
    }
    .render()
}

/// The start and deadline of every task in the newest approved baseline.
pub(super) async fn baseline(app: &App) -> Result<HashMap<TaskId, (Date, Date)>, AppError> {
    let content: Option<serde_json::Value> = app
        .db
        .read(|tx| {
            let newest: Option<BaselineId> =
                store::baselines(tx)?.into_iter().find(|one| one.approved_at.is_some()).map(|one| one.id);
            match newest {
                None => Ok(None),
                Some(id) => match store::baseline_content(tx, id) {
                    Ok((_, content)) => Ok(Some(content)),
                    // A baseline that was tampered with is not drawn; its own page says so.
                    Err(TaskError::BaselineChanged) => Ok(None),
                    Err(error) => Err(error),
                },
            }
        })
        .await?;
    let mut out = HashMap::new();
    for task in content.as_ref().and_then(|all| all.get("tasks")?.as_array()).into_iter().flatten() {
        let dates = || -> Option<(TaskId, (Date, Date))> {
            let id = serde_json::from_value(task.get("id")?.clone()).ok()?;
            let fields: TaskFields = serde_json::from_value(task.get("fields")?.clone()).ok()?;
            let due = fields.due?.date;
            Some((id, (fields.start.unwrap_or(due), due)))
        };
        out.extend(dates());
    }
    Ok(out)
}

/// `GET /nhiem-vu/tien-do-gantt`
///
/// # Errors
/// Any refusal of the database or of a template.
pub async fn show(actor: Actor<ReadTasks>, cx: Cx, State(app): State<App>) -> Result<Response, AppError> {
    let (address, audience) = (Address::parse(&cx.query), audience(&actor));
    let picture = live::picture(&app, None).await?;
    let baseline = baseline(&app).await?;
    let query = address.query();
    let part = web::part_cx(cx.lang, &cx.site, PATH, query.clone());
    let body = draw(&part, &picture.register, &address, audience, &baseline)?;
    let body = web::Part::new(body);
    let region = web::Region::new(PATH, &query, cx.lang, &body);
    if cx.htmx {
        return Ok(fragment(&region));
    }
    let whole = Whole {
        cx: &cx,
        form: FilterForm::of(&cx, &picture.register, &address, PATH),
        region: region.render()?,
        query,
    };
    Ok(page(
        &cx,
        Page::new(cx.t("exchange-gantt-title"), whole)
            .layout(Layout::Wide)
            .print(PrintSize::A3)
            .as_of(picture.register.as_of),
    ))
}

/// `GET /song/nhiem-vu/tien-do-gantt`
///
/// # Errors
/// 403 for a token.
pub async fn stream(
    actor: Actor<ReadTasks>,
    cx: Cx,
    headers: HeaderMap,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let (address, audience) = (Address::parse(&cx.query), audience(&actor));
    let baseline = baseline(&app).await?;
    let view = View { query: address.query(), audience: audience.name().to_owned(), ..View::new(PATH) };
    live::stream(&app, &actor, &cx, &headers, view, move |cx, picture: &Picture| {
        draw(cx, &picture.register, &address, audience, &baseline)
    })
}
