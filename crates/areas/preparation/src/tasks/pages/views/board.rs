//! The board: one column per state.

use std::{borrow::Cow, sync::Arc};

use askama::Template;
use axum::{extract::State, http::HeaderMap, response::Response};
use platform::{
    app::App,
    identity::Actor,
    web,
    web::{AppError, Cx, Icon, Layout, Page, PrintSize, fragment, page},
};
use rules::{count::reconcile, state::TaskState};

use super::{
    Eyes,
    address::Address,
    list,
    live::{self, Picture, View},
    row::{Row, state_look},
    summary,
};
use crate::tasks::{ReadTasks, memory, register::Register};

/// Where the board is.
pub const PATH: &str = "/nhiem-vu/bang";

/// Cards of one column; the rest is in the list.
pub const PER_COLUMN: usize = 100;

pub(super) struct Column {
    pub(super) state: TaskState,
    pub(super) word: Cow<'static, str>,
    pub(super) count: usize,
    pub(super) href: String,
    pub(super) rows: Vec<Row>,
    pub(super) more: usize,
}

impl Column {
    fn tone(&self) -> &'static str {
        state_look(self.state).0
    }
    fn icon(&self) -> Icon {
        Icon(state_look(self.state).1)
    }
}

#[derive(Template)]
#[template(path = "tasks/pages/views/board_part.html")]
pub(super) struct Part<'a> {
    pub(super) cx: &'a Cx,
    pub(super) columns: Vec<Column>,
    pub(super) shown: String,
    pub(super) refusal: Option<String>,
    pub(super) nothing: bool,
    pub(super) manages: bool,
}

#[derive(Template)]
#[template(path = "tasks/pages/views/board.html")]
struct Whole<'a> {
    cx: &'a Cx,
    /// The moment of the figures, as civil time.
    as_of: jiff::civil::DateTime,
    form: Arc<web::Part>,
    region: super::Region<'a>,
}

/// Draws the part that lives.
///
/// # Errors
/// Any [`askama::Error`].
pub fn draw(cx: &Cx, register: &Register, address: &Address, eyes: Eyes) -> askama::Result<String> {
    part(cx, register, address, eyes).render()
}

/// The board as it is shown and printed.
pub(super) fn part<'a>(cx: &'a Cx, register: &Register, address: &Address, eyes: Eyes) -> Part<'a> {
    let mut picked = address.pick(register, eyes.audience);
    // Inside a column what is due first stands first.
    picked.sort_by_key(|task| (task.fields.due.is_none(), task.fields.due, task.position));
    let mut columns = Vec::new();
    for state in TaskState::ALL {
        let tasks: Vec<_> = picked.iter().copied().filter(|task| task.state == state).collect();
        // The way of the work always stands there; what leaves it only when there is any.
        if tasks.is_empty() && matches!(state, TaskState::Paused | TaskState::Cancelled) {
            continue;
        }
        columns.push(Column {
            state,
            word: cx.t(state.key()),
            count: tasks.len(),
            href: address.but(|to| to.filter.states = vec![state]).link(list::PATH),
            more: tasks.len().saturating_sub(PER_COLUMN),
            rows: tasks
                .into_iter()
                .take(PER_COLUMN)
                .map(|task| Row::of(cx, register, task, eyes.audience))
                .collect(),
        });
    }
    let parts: Vec<u64> = columns.iter().map(|column| column.count as u64).collect();
    Part {
        cx,
        columns,
        shown: cx.t2("views-shown", "count", picked.len(), "all", register.tasks.len()),
        refusal: reconcile(picked.len() as u64, &parts)
            .err()
            .map(|wrong| summary::refusal(cx, wrong.total, wrong.sum)),
        nothing: register.tasks.is_empty(),
        manages: eyes.manages,
    }
}

fn view(address: &Address, eyes: Eyes) -> View {
    View { query: address.query(), audience: eyes.name(), ..View::new(PATH) }
}

/// `GET /nhiem-vu/bang`
///
/// # Errors
/// Any refusal of the database or of a template.
pub async fn show(actor: Actor<ReadTasks>, cx: Cx, State(app): State<App>) -> Result<Response, AppError> {
    let eyes = Eyes::of(&actor);
    let address = Address::parse(&cx.query);
    let register = memory::register(&app).await?;
    let view = view(&address, eyes);
    let part =
        live::part(&app, &view, cx.lang, &cx.site, &register, |cx| draw(cx, &register, &address, eyes))?;
    let region = super::Region::new(PATH, &view.query, cx.lang, &part);
    if cx.htmx {
        return Ok(fragment(&region));
    }
    let whole = Whole {
        cx: &cx,
        as_of: register.as_of,
        form: list::filter_form(&app, &cx, &register, &address, PATH)?,
        region,
    };
    Ok(page(
        &cx,
        Page::new(cx.t("views-board-title"), whole)
            .layout(Layout::Wide)
            .print(PrintSize::A3)
            .as_of(register.as_of)
            .style("tasks.css")
            .script("js/list.js"),
    ))
}

/// `GET /song/nhiem-vu/bang`
///
/// # Errors
/// 403 for a token.
pub async fn stream(
    actor: Actor<ReadTasks>,
    cx: Cx,
    headers: HeaderMap,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let eyes = Eyes::of(&actor);
    let address = Address::parse(&cx.query);
    live::stream(&app, &actor, &cx, &headers, view(&address, eyes), move |cx, picture: &Picture| {
        draw(cx, &picture.register, &address, eyes)
    })
}
