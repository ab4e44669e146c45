//! The matrix: lead units by timing, with totals that are checked in both directions.

use std::borrow::Cow;

use askama::Template;
use axum::{extract::State, http::HeaderMap, response::Response};
use platform::{
    app::App,
    identity::{Actor, UnitId},
    web::{AppError, Cx, Icon, Layout, Page, PrintSize, fragment, page},
};
use rules::{
    count::{Mismatch, Ratio, Tally, reconcile},
    timing::Timing,
};

use super::{
    Eyes,
    address::Address,
    list,
    live::{self, Picture, View},
    row::{Sign, legend, sign, tone},
    summary,
};
use crate::tasks::{ReadTasks, memory, model::Task, register::Register};

/// Where the matrix is.
pub const PATH: &str = "/nhiem-vu/ma-tran";

/// Units by timing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matrix {
    /// One tally per lead unit; `None` for tasks that nobody leads.
    pub rows: Vec<(Option<UnitId>, Tally)>,
    /// All tasks, counted on their own.
    pub all: Tally,
}

impl Matrix {
    /// Counts tasks.
    pub fn count<'a>(register: &Register, tasks: impl IntoIterator<Item = &'a Task>) -> Self {
        let tasks: Vec<&Task> = tasks.into_iter().collect();
        let mut units: Vec<Option<UnitId>> = register.lead_units().into_iter().map(Some).collect();
        units.push(None);
        let rows = units
            .into_iter()
            .map(|unit| {
                let of_unit = tasks.iter().copied().filter(|task| task.fields.lead_unit == unit);
                (unit, register.tally(of_unit))
            })
            .filter(|(_, tally)| tally.total > 0)
            .collect();
        Self { all: register.tally(tasks.iter().copied()), rows }
    }

    /// Checks every row, every column and the corner.
    ///
    /// # Errors
    /// The first [`Mismatch`].
    pub fn reconciles(&self) -> Result<(), Mismatch> {
        for (_, tally) in &self.rows {
            tally.reconciles()?;
        }
        for timing in Timing::ALL {
            let column: Vec<u64> = self.rows.iter().map(|(_, tally)| tally.of(timing)).collect();
            reconcile(self.all.of(timing), &column)?;
        }
        let totals: Vec<u64> = self.rows.iter().map(|(_, tally)| tally.total).collect();
        reconcile(self.all.total, &totals)?;
        self.all.reconciles()
    }
}

pub(super) struct Cell {
    pub(super) number: u64,
    pub(super) href: String,
    pub(super) tone: &'static str,
    /// What it counts, for the stacked rows of a phone.
    pub(super) word: String,
    /// The whole sentence, for readers of the screen.
    pub(super) label: String,
}

pub(super) struct Line {
    pub(super) name: String,
    pub(super) short: String,
    pub(super) cells: Vec<Cell>,
    pub(super) total: Cell,
    pub(super) share: String,
}

pub(super) struct Column {
    pub(super) timing: Timing,
    pub(super) word: Cow<'static, str>,
}

impl Column {
    fn icon(&self) -> Icon {
        Icon(sign(self.timing))
    }
    fn tone(&self) -> &'static str {
        tone(self.timing)
    }
}

#[derive(Template)]
#[template(path = "tasks/pages/views/matrix_part.html")]
pub(super) struct Part<'a> {
    pub(super) cx: &'a Cx,
    pub(super) columns: Vec<Column>,
    pub(super) lines: Vec<Line>,
    pub(super) sum: Line,
    pub(super) proof: String,
    pub(super) refusal: Option<String>,
    pub(super) signs: Vec<Sign>,
    pub(super) nothing: bool,
}

#[derive(Template)]
#[template(path = "tasks/pages/views/matrix.html")]
struct Whole<'a> {
    cx: &'a Cx,
    /// The moment of the figures, as civil time.
    as_of: jiff::civil::DateTime,
    region: super::Region<'a>,
}

/// Draws the part that lives.
///
/// # Errors
/// Any [`askama::Error`].
pub fn draw(cx: &Cx, register: &Register, address: &Address, eyes: Eyes) -> askama::Result<String> {
    part(cx, register, address, eyes).render()
}

/// The matrix as it is shown and printed.
pub(super) fn part<'a>(cx: &'a Cx, register: &Register, address: &Address, eyes: Eyes) -> Part<'a> {
    let picked = address.pick(register, eyes.audience);
    let matrix = Matrix::count(register, picked.iter().copied());
    // Overdue first: what a leader looks for stands nearest to the name.
    let order = [
        Timing::Overdue,
        Timing::DueToday,
        Timing::DueSoon,
        Timing::NotYet,
        Timing::DoneEarly,
        Timing::DoneOnTime,
        Timing::DoneLate,
        Timing::Paused,
        Timing::Cancelled,
        Timing::Undated,
    ];
    let rare = [Timing::Paused, Timing::Cancelled, Timing::Undated];
    let columns: Vec<Column> = order
        .into_iter()
        .filter(|timing| !rare.contains(timing) || matrix.all.of(*timing) > 0)
        .map(|timing| Column { timing, word: cx.tp("views-part-", timing) })
        .collect();
    let line = |name: String, short: String, place: &Address, tally: &Tally| {
        let cell = |number: u64, timing: Option<Timing>, tone: &'static str, word: &str| Cell {
            number,
            href: place.but(|to| to.filter.timings = timing.into_iter().collect()).link(list::PATH),
            tone,
            word: word.to_owned(),
            label: format!("{name}, {word}: {}", cx.int(number)),
        };
        Line {
            cells: columns
                .iter()
                .map(|column| cell(tally.of(column.timing), Some(column.timing), column.tone(), &column.word))
                .collect(),
            total: cell(tally.total, None, "", &cx.t("views-sum")),
            share: summary::share(cx, &Ratio::new(tally.done.total(), tally.total)),
            name: name.clone(),
            short,
        }
    };
    let lines = matrix
        .rows
        .iter()
        .map(|(unit, tally)| {
            let place = address.but(|to| {
                to.filter.unit = *unit;
                to.no_unit = unit.is_none();
            });
            let (name, short) = match unit.and_then(|unit| register.people.units.get(&unit)) {
                Some(unit) => (unit.name.clone(), unit.short.clone()),
                None => (cx.t("views-no-unit").into_owned(), String::new()),
            };
            line(name, short, &place, tally)
        })
        .collect();
    let sum = line(cx.t("views-sum").into_owned(), String::new(), address, &matrix.all);
    Part {
        cx,
        proof: cx.t2("views-matrix-proof", "total", matrix.all.total, "units", matrix.rows.len()),
        refusal: matrix.reconciles().err().map(|wrong| summary::refusal(cx, wrong.total, wrong.sum)),
        columns,
        lines,
        sum,
        signs: legend(cx),
        nothing: matrix.all.total == 0,
    }
}

fn view(address: &Address, eyes: Eyes) -> View {
    View { query: address.query(), audience: eyes.name(), ..View::new(PATH) }
}

/// `GET /nhiem-vu/ma-tran`
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
    let whole = Whole { cx: &cx, as_of: register.as_of, region };
    Ok(page(
        &cx,
        Page::new(cx.t("views-matrix-title"), whole)
            .layout(Layout::Wide)
            .print(PrintSize::A4Landscape)
            .as_of(register.as_of)
            .style("tasks.css")
            .script("js/list.js"),
    ))
}

/// `GET /song/nhiem-vu/ma-tran`
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
