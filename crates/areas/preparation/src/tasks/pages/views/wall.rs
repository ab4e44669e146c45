//! The wall of the meeting room: read from 3 m, no menu, no scroll, pages that turn by themselves.

use std::borrow::Cow;

use askama::Template;
use axum::{extract::State, http::HeaderMap, response::Response};
use platform::{
    app::App,
    identity::Actor,
    web::{AppError, Cx, Icon, Layout, Page, PrintSize, Theme, page},
};
use rules::{count::Tally, timing::Timing};

use super::{
    Eyes,
    live::{self, Picture, View},
    row::{Row, sign, tone},
    summary,
};
use crate::tasks::{ReadTasks, memory, model::Task, register::Register};

/// Where the wall is.
pub const PATH: &str = "/bang-tuong";

/// Rows that fit into one column of a page.
pub const ROWS: usize = 5;

/// Rows that fit when they are written larger.
pub const LARGE_ROWS: usize = 3;

/// Seconds that one page stands.
pub const SECONDS: u32 = 15;

/// A list on the wall, cut to what fits.
struct List {
    title: String,
    tone: &'static str,
    sign: &'static str,
    rows: Vec<Entry>,
}

/// What stands on the wall at one time.
struct Sheet {
    lists: Vec<List>,
    /// Few rows are written larger.
    large: bool,
}

/// A task on the wall.
struct Entry {
    row: Row,
    /// What stands below it: the unit, or what is asked.
    below: String,
    /// Who answers for it, where there is room and nothing else is said.
    person: String,
}

impl List {
    fn icon(&self) -> Icon {
        Icon(self.sign)
    }
}

struct Number {
    number: u64,
    word: Cow<'static, str>,
    tone: &'static str,
    sign: &'static str,
    biggest: bool,
}

impl Number {
    fn icon(&self) -> Icon {
        Icon(self.sign)
    }
}

#[derive(Template)]
#[template(path = "tasks/pages/views/wall_part.html")]
struct Part<'a> {
    cx: &'a Cx,
    as_of: String,
    as_of_iso: String,
    congress: String,
    days: String,
    clock: String,
    numbers: Vec<Number>,
    share: String,
    pages: Vec<Sheet>,
    refusal: Option<String>,
    seconds: u32,
}

#[derive(Template)]
#[template(path = "tasks/pages/views/wall.html")]
struct Whole<'a> {
    region: super::Region<'a>,
}

/// Draws the part that lives.
///
/// # Errors
/// Any [`askama::Error`].
pub fn draw(cx: &Cx, register: &Register, eyes: Eyes) -> askama::Result<String> {
    let tally = register.tally(&register.tasks);
    let opening = register.congress.opening_on;
    let left = rules::timing::days_between(register.as_of.date(), opening);
    let wrong = tally.reconciles().err();
    Part {
        cx,
        as_of: cx.moment(&register.as_of),
        as_of_iso: register.as_of.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
        congress: register.congress.name.clone(),
        days: match left {
            0 => cx.t("views-wall-opening-today").into_owned(),
            days if days > 0 => cx.t2("views-wall-opening", "count", days, "date", cx.date(&opening)),
            _ => String::new(),
        },
        clock: cx.time(&register.as_of.time()),
        numbers: numbers(cx, &tally),
        share: format!("{} {}", cx.t("views-share-done"), summary::share(cx, &tally.done_over_total())),
        pages: pages(cx, register, eyes),
        refusal: wrong.map(|wrong| summary::refusal(cx, wrong.total, wrong.sum)),
        seconds: SECONDS,
    }
    .render()
}

fn numbers(cx: &Cx, tally: &Tally) -> Vec<Number> {
    let number = |number, word, tone, sign, biggest| Number { number, word, tone, sign, biggest };
    let part = |timing: Timing, biggest| {
        number(tally.of(timing), cx.tp("views-part-", timing), tone(timing), sign(timing), biggest)
    };
    vec![
        part(Timing::Overdue, true),
        part(Timing::DueToday, false),
        part(Timing::DueSoon, false),
        number(tally.open.total(), cx.t("views-open"), "", "progress-check", false),
        number(tally.done.total(), cx.t("views-done"), "green", "circle-check", false),
        number(tally.total, cx.t("views-total"), "", "list-check", false),
    ]
}

/// The lists, cut into pages of two columns. What hurts most comes first; a list without tasks is not shown.
fn pages(cx: &Cx, register: &Register, eyes: Eyes) -> Vec<Sheet> {
    use platform::i18n::key;
    let of = |timing: Timing| -> Vec<&Task> {
        let mut tasks: Vec<&Task> =
            register.tasks.iter().filter(|task| register.timed(task).timing == timing).collect();
        tasks.sort_by_key(|task| (task.fields.due, task.position));
        tasks
    };
    let by_due = |test: &dyn Fn(&Task) -> bool| -> Vec<&Task> {
        let mut tasks: Vec<&Task> = register.tasks.iter().filter(|task| test(task)).collect();
        tasks.sort_by_key(|task| (task.fields.due.is_none(), task.fields.due, task.position));
        tasks
    };
    let unit = |row: &Row| if row.lead_full.is_empty() { row.lead.clone() } else { row.lead_full.clone() };
    let entry = |task: &Task, below: &dyn Fn(&Row) -> String| {
        let row = Row::of(cx, register, task, eyes.audience);
        let below = below(&row);
        let person = if below == unit(&row) { row.accountable.clone() } else { String::new() };
        Entry { below, person, row }
    };
    let wants = |row: &Row| {
        if row.wants.is_empty() { unit(row) } else { cx.t1("views-wall-wants", "to", row.wants.as_str()) }
    };
    let asks = |row: &Row| if row.ask.is_empty() { unit(row) } else { row.ask.clone() };
    type Below<'a> = &'a dyn Fn(&Row) -> String;
    let all: [(&'static str, &'static str, &'static str, Vec<&Task>, Below<'_>); 5] = [
        (key("views-wall-overdue"), "red", "alert-triangle", of(Timing::Overdue), &unit),
        (key("views-wall-today"), "orange", "target", of(Timing::DueToday), &unit),
        (key("views-wall-asks"), "amber", "hand-stop", by_due(&|task| register.asks(task)), &asks),
        (
            key("views-wall-extensions"),
            "amber",
            "hourglass",
            by_due(&|task| register.waiting.contains_key(&task.id)),
            &wants,
        ),
        (key("views-wall-soon"), "amber", "circle-half-2", of(Timing::DueSoon), &unit),
    ];
    let mut lists = Vec::new();
    for (title, tone, sign, tasks, below) in all {
        let parts = tasks.len().div_ceil(ROWS);
        for (at, chunk) in tasks.chunks(ROWS).enumerate() {
            let mut title = format!("{} · {}", cx.t(title), cx.int(tasks.len()));
            if parts > 1 {
                title.push_str(&format!(" ({}/{parts})", at + 1));
            }
            lists.push(List {
                title,
                tone,
                sign,
                rows: chunk.iter().map(|task| entry(task, below)).collect(),
            });
        }
    }
    let mut pages: Vec<Sheet> = Vec::new();
    for list in lists {
        let few = list.rows.len() <= LARGE_ROWS;
        match pages.last_mut() {
            Some(page) if page.lists.len() < 2 => {
                page.large &= few;
                page.lists.push(list);
            }
            _ => pages.push(Sheet { lists: vec![list], large: few }),
        }
    }
    pages
}

fn view(eyes: Eyes) -> View {
    View { audience: eyes.name(), each_minute: true, ..View::new(PATH) }
}

/// `GET /bang-tuong`
///
/// # Errors
/// Any refusal of the database or of a template.
pub async fn show(actor: Actor<ReadTasks>, mut cx: Cx, State(app): State<App>) -> Result<Response, AppError> {
    // A meeting room is dark unless somebody chose otherwise on this screen.
    if cx.theme == Theme::Auto {
        cx.theme = Theme::Dark;
    }
    let eyes = Eyes { manages: false, ..Eyes::of(&actor) };
    let register = memory::register(&app).await?;
    let part = live::part(&app, &view(eyes), cx.lang, &cx.site, &register, |cx| draw(cx, &register, eyes))?;
    let whole = Whole { region: super::Region::new(PATH, "", cx.lang, &part) };
    Ok(page(
        &cx,
        Page::new(cx.t("views-wall-title"), whole)
            .layout(Layout::Wall)
            .print(PrintSize::A3)
            .as_of(register.as_of)
            .style("tasks.css")
            .script("js/wall.js"),
    ))
}

/// `GET /song/bang-tuong`
///
/// # Errors
/// 403 for a token.
pub async fn stream(
    actor: Actor<ReadTasks>,
    cx: Cx,
    headers: HeaderMap,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let eyes = Eyes { manages: false, ..Eyes::of(&actor) };
    live::stream(&app, &actor, &cx, &headers, view(eyes), move |cx, picture: &Picture| {
        draw(cx, &picture.register, eyes)
    })
}
