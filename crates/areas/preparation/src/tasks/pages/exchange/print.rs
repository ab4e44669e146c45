//! The picked tasks on paper: the annex as offices attach it, and the chart on A3.

use axum::{Extension, extract::State, response::Response};
use jiff::civil::Date;
use platform::{
    app::App,
    identity::Actor,
    web::{AppError, Cx},
};
use print::{Align, Cell, Drawing, Listing, Orientation, PageSize, PressRoom, Printable, Row, Text};

use super::{
    export::{Picked, picked},
    gantt,
};
use crate::tasks::{
    Audience, ReadTasks,
    exchange::{annex, picture, words},
    gantt::{GanttOptions, GanttSize, render, roman},
    model::{Task, TaskId},
    pages::{
        print::{across, as_of, group, list, mm, pdf, row, share},
        views::{
            Eyes,
            address::Address,
            list::PATH,
            paper::{counts, filter_words, list as list_of},
            summary::Summary,
        },
    },
    register::Register,
    sheets::{AnnexRow, Field, Support},
};

/// The columns of the annex on paper.
const FIELDS: [(Field, Option<f32>, u16); 11] = [
    (Field::Number, Some(10.0), 0),
    (Field::Code, Some(15.0), 0),
    (Field::What, None, 5),
    (Field::Lead, None, 3),
    (Field::Supports, None, 4),
    (Field::Due, Some(20.0), 0),
    (Field::Authority, None, 3),
    (Field::Accountable, None, 3),
    (Field::Result, None, 4),
    (Field::Derived, Some(19.0), 0),
    (Field::Note, None, 2),
];

/// The table of the annex: groups by stream in Roman figures, tasks counted inside each.
pub(in crate::tasks) fn annex_table(
    cx: &Cx,
    register: &Register,
    tasks: &[&Task],
    audience: Audience,
) -> Listing {
    let plan = annex::plan(register, tasks, audience, cx.lang);
    let columns: Vec<print::Column> = FIELDS
        .iter()
        .map(|(field, width, part)| match width {
            Some(width) => mm(
                *width,
                if matches!(field, Field::Number | Field::Code | Field::Due) {
                    Align::Centre
                } else {
                    Align::Left
                },
            ),
            None => share(*part),
        })
        .collect();
    let mut rows: Vec<Row> = Vec::with_capacity(plan.entries.len() + 8);
    let (mut stream, mut groups, mut number) = (None, 0, 0);
    for entry in &plan.entries {
        let task = &entry.row;
        if stream.as_ref() != Some(&task.stream) {
            groups += 1;
            number = 0;
            let name = task.stream.clone().unwrap_or_else(|| cx.t("annex-no-stream").into_owned());
            rows.push(group(&columns, &format!("{}. {name}", roman(groups)), ""));
            stream = Some(task.stream.clone());
        }
        number += 1;
        rows.push(row(FIELDS.iter().map(|(field, ..)| cell(cx, *field, number, task, &entry.timing_text))));
    }
    let head = FIELDS.iter().map(|(field, ..)| cx.t(field.key()).into_owned()).collect();
    let mut listing =
        across(cx.t("annex-title").into_owned(), as_of(cx, &register.as_of), columns, head, rows);
    listing.table.head.push((1..=FIELDS.len()).map(|at| Text::italic(format!("({at})")).into()).collect());
    listing.table.size = 9.5;
    listing.lines = [plan.body, plan.title].into_iter().filter(|line| !line.is_empty()).collect();
    listing
}

fn cell(cx: &Cx, field: Field, number: u32, task: &AnnexRow, timing: &str) -> Cell {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    if task.stub && !matches!(field, Field::Number | Field::Code | Field::What) {
        return "".into();
    }
    let support = |one: &Support| match &one.contribution {
        Some(more) => format!("{} ({more})", one.unit),
        None => one.unit.clone(),
    };
    match field {
        Field::Number => number.to_string().into(),
        Field::Code => text(&task.code).into(),
        Field::What if task.stub => annex::redacted(cx.lang).into(),
        Field::What => task.what.as_str().into(),
        Field::Lead => Text::bold(text(&task.lead)).into(),
        Field::Supports => task.supports.iter().map(support).collect::<Vec<_>>().join("; ").into(),
        Field::Due => task.due.map(|due| due.format_vn()).unwrap_or_default().into(),
        Field::Authority => text(&task.authority).into(),
        Field::Accountable => text(&task.accountable).into(),
        Field::Result => text(&task.result).into(),
        Field::Derived => timing.into(),
        Field::Note => text(&task.note).into(),
        _ => "".into(),
    }
}

/// The official annex.
pub(in crate::tasks) fn annex_of(cx: &Cx, picked: &Picked, address: &Address) -> Listing {
    let tasks = picked.tasks();
    let mut listing = annex_table(cx, &picked.register, &tasks, picked.audience);
    if address.narrows() {
        listing.lines.push(filter_words(cx, &picked.register, address, PATH));
    }
    let tally = picked.register.tally(tasks.iter().copied());
    listing.legend = counts(cx, &Summary::of(cx, &tally, address, PATH));
    listing
}

/// The chart on A3, as many pages as it needs.
pub(in crate::tasks) fn chart(
    cx: &Cx,
    picked: &Picked,
    address: &Address,
    baseline: &std::collections::HashMap<TaskId, (Date, Date)>,
) -> Drawing {
    let (register, tasks) = (&picked.register, picked.tasks());
    let input = picture::gantt(register, &tasks, picked.audience, cx.lang, baseline);
    let options = GanttOptions { size: GanttSize::A3Landscape, standalone: true, links: true };
    let pages = if tasks.is_empty() { Vec::new() } else { render(&input, options, &words(cx.lang)) };
    Drawing {
        title: format!("{}: {}", cx.t("exchange-gantt-title"), input.title),
        size: PageSize::A3,
        orientation: Orientation::Landscape,
        pages,
        legend: vec![format!(
            "{} · {}",
            as_of(cx, &register.as_of),
            filter_words(cx, register, address, PATH)
        )],
    }
}

/// What the prints of picked tasks are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::tasks) enum What {
    /// The annex.
    Annex,
    /// The list as on the screen.
    List,
    /// The chart.
    Chart,
}

/// Sets picked tasks.
///
/// # Errors
/// 500 when the press fails; what the database says.
pub(in crate::tasks) async fn set(
    app: &App,
    cx: &Cx,
    press: &PressRoom,
    picked: Picked,
    address: &Address,
    what: What,
) -> Result<Response, AppError> {
    let day = picked.register.as_of.date();
    match what {
        What::Annex => list(press, annex_of(cx, &picked, address), &format!("phu-luc-nhiem-vu-{day}")).await,
        What::List => {
            let eyes = Eyes { audience: picked.audience, manages: false };
            let listing = list_of(cx, &picked.register, address, eyes);
            list(press, listing, &format!("danh-sach-nhiem-vu-{day}")).await
        }
        What::Chart => {
            let drawing = chart(cx, &picked, address, &gantt::baseline(app).await?);
            if drawing.pages.is_empty() {
                return Err(AppError::not_found().because(platform::i18n::key("exchange-gantt-empty-text")));
            }
            pdf(press, Printable::Drawing(drawing), &format!("tien-do-{day}")).await
        }
    }
}

/// `GET /nhiem-vu/xuat.pdf`: the official annex.
///
/// # Errors
/// Any refusal of the database or of the press.
pub async fn annex_pdf(
    actor: Actor<ReadTasks>,
    cx: Cx,
    State(app): State<App>,
    Extension(press): Extension<PressRoom>,
) -> Result<Response, AppError> {
    let picked = picked(&app, &actor, &cx).await?;
    set(&app, &cx, &press, picked, &Address::parse(&cx.query), What::Annex).await
}

/// `GET /nhiem-vu/gantt.pdf`: the chart on A3.
///
/// # Errors
/// 404 when no task is picked; any refusal of the database or of the press.
pub async fn chart_pdf(
    actor: Actor<ReadTasks>,
    cx: Cx,
    State(app): State<App>,
    Extension(press): Extension<PressRoom>,
) -> Result<Response, AppError> {
    let picked = picked(&app, &actor, &cx).await?;
    set(&app, &cx, &press, picked, &Address::parse(&cx.query), What::Chart).await
}
