//! The calendar: deadlines on their days, with the days on which nobody works.

use std::sync::Arc;

use askama::Template;
use axum::{extract::State, http::HeaderMap, response::Response};
use jiff::{ToSpan as _, civil::Date};
use platform::{
    app::App,
    congress::WorkDayKind,
    identity::Actor,
    web,
    web::{AppError, Cx, Layout, Page, PrintSize, fragment, page},
};

use super::{
    Eyes,
    address::{Address, month_name},
    list,
    live::{self, Picture, View},
    row::{Row, Sign, legend, off_word},
};
use crate::tasks::{ReadTasks, memory, register::Register};

/// Where the calendar is.
pub const PATH: &str = "/nhiem-vu/lich";

/// Tasks shown on one day; the rest is in the list.
pub const PER_DAY: usize = 12;

pub(super) struct Day {
    /// 1 to 31.
    pub(super) number: i8,
    /// 2025-10-05, for machines.
    pub(super) iso: String,
    /// The weekday in words, for the list on a phone.
    pub(super) name: String,
    /// `out off today` as they apply.
    pub(super) class: String,
    /// The name of the holiday or of the make-up day; empty for ordinary days.
    pub(super) note: String,
    /// Whether the note says that people work on a day off.
    pub(super) make_up: bool,
    /// What happens to the congress itself on this day.
    pub(super) marks: Vec<String>,
    /// Tasks due, as many as fit.
    pub(super) rows: Vec<Row>,
    /// How many more there are, and where.
    pub(super) more: usize,
    pub(super) more_href: String,
}

/// A deadline on a day on which nobody works.
pub(super) struct Clash {
    pub(super) row: Row,
    pub(super) day: String,
    pub(super) why: String,
    /// The last working day before it.
    pub(super) before: String,
}

#[derive(Template)]
#[template(path = "tasks/pages/views/month_part.html")]
pub(super) struct Part<'a> {
    pub(super) cx: &'a Cx,
    pub(super) title: String,
    pub(super) back: String,
    pub(super) forth: String,
    pub(super) now: String,
    pub(super) is_now: bool,
    pub(super) weekdays: Vec<(String, String)>,
    pub(super) weeks: Vec<Vec<Day>>,
    pub(super) count: String,
    pub(super) href: String,
    pub(super) undated: usize,
    pub(super) undated_href: String,
    pub(super) clashes: Vec<Clash>,
    pub(super) signs: Vec<Sign>,
}

#[derive(Template)]
#[template(path = "tasks/pages/views/month.html")]
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
    part(cx, register, address, eyes, PER_DAY).render()
}

/// The month as it is shown and printed, with at most `per_day` tasks on one day.
pub(super) fn part<'a>(
    cx: &'a Cx,
    register: &Register,
    address: &Address,
    eyes: Eyes,
    per_day: usize,
) -> Part<'a> {
    let today = register.as_of.date();
    let first = address.month.unwrap_or(today).first_of_month();
    let last = first.last_of_month();
    let picked = address.pick(register, eyes.audience);
    let from = first.saturating_sub(i64::from(first.weekday().to_monday_zero_offset()).days());
    let to = last.saturating_add(i64::from(6 - last.weekday().to_monday_zero_offset()).days());
    let mut weeks: Vec<Vec<Day>> = Vec::new();
    let mut clashes = Vec::new();
    let mut count = 0_usize;
    let mut date = from;
    while date <= to && weeks.len() <= 6 {
        let inside = date.month() == first.month();
        let mut rows = Vec::new();
        let mut more = 0_usize;
        for task in picked.iter().filter(|task| task.fields.due.is_some_and(|due| due.date == date)) {
            if rows.len() == per_day {
                more += 1;
                continue;
            }
            let row = Row::of(cx, register, task, eyes.audience);
            if inside && row.due.as_ref().is_some_and(|due| !due.off.is_empty()) {
                clashes.push(Clash {
                    row: row.clone(),
                    day: cx.date(&date),
                    why: off_word(cx, register, date),
                    before: cx.date(&register.calendar.previous_working_day(date)),
                });
            }
            rows.push(row);
        }
        if inside {
            count += rows.len() + more;
        }
        if date.weekday() == jiff::civil::Weekday::Monday {
            weeks.push(Vec::new());
        }
        if let Some(week) = weeks.last_mut() {
            let on_day = address.but(|to| {
                to.month = None;
                (to.filter.from, to.filter.to) = (Some(date), Some(date));
            });
            let more_href = if more > 0 { on_day.link(list::PATH) } else { String::new() };
            week.push(Day { more, more_href, ..day(cx, register, date, inside, rows) });
        }
        let Ok(next) = date.tomorrow() else { break };
        date = next;
    }
    let step = |months: i64| {
        let to = first.saturating_add(months.months());
        address.but(|at| at.month = Some(to)).link(PATH)
    };
    let within = address.but(|to| {
        to.month = None;
        to.filter.from = Some(to.filter.from.map_or(first, |from| from.max(first)));
        to.filter.to = Some(to.filter.to.map_or(last, |until| until.min(last)));
    });
    let undated = picked.iter().filter(|task| task.fields.due.is_none()).count();
    Part {
        cx,
        title: cx.t2(
            "views-month",
            "month",
            cx.tp("views-month-", first.month()),
            "year",
            first.year().to_string(),
        ),
        back: step(-1),
        forth: step(1),
        now: address.but(|to| to.month = None).link(PATH),
        is_now: first == today.first_of_month(),
        weekdays: (1..=7)
            .map(|n| (cx.tp("views-weekday-", n).into_owned(), cx.tp("views-weekday-short-", n).into_owned()))
            .collect(),
        weeks,
        count: cx.tn("views-month-tasks", count),
        href: within.link(list::PATH),
        undated,
        undated_href: address
            .but(|to| {
                to.month = None;
                to.filter.timings = vec![rules::timing::Timing::Undated];
            })
            .link(list::PATH),
        clashes,
        signs: legend(cx),
    }
}

fn day(cx: &Cx, register: &Register, date: Date, inside: bool, rows: Vec<Row>) -> Day {
    let congress = &register.congress;
    let entry = register.work_days.iter().find(|entry| entry.day == date);
    let make_up = entry.is_some_and(|entry| entry.kind == WorkDayKind::LamBu);
    let note = match entry {
        Some(entry) if entry.name.is_empty() && make_up => cx.t("views-make-up").into_owned(),
        Some(entry) if make_up => cx.t1("views-make-up-named", "name", entry.name.as_str()),
        Some(_) => off_word(cx, register, date),
        None => String::new(),
    };
    let mut marks = Vec::new();
    for (on, key) in [
        (congress.preparatory_on, platform::i18n::key("views-preparatory")),
        (congress.opening_on, platform::i18n::key("views-opening")),
        (congress.closing_on, platform::i18n::key("views-closing")),
    ] {
        if on == date {
            marks.push(cx.t(key).into_owned());
        }
    }
    let mut class = Vec::new();
    if !inside {
        class.push("out");
    }
    if !register.calendar.is_working(date) {
        class.push("off");
    }
    if date == register.as_of.date() {
        class.push("today");
    }
    if !marks.is_empty() {
        class.push("congress-day");
    }
    let weekday = date.weekday().to_monday_one_offset();
    Day {
        number: date.day(),
        iso: date.to_string(),
        name: format!("{} {}", cx.tp("views-weekday-", weekday), cx.day(&date)),
        class: class.join(" "),
        note,
        make_up,
        marks,
        rows,
        more: 0,
        more_href: String::new(),
    }
}

fn view(address: &Address, eyes: Eyes) -> View {
    View { query: address.query(), audience: eyes.name(), ..View::new(PATH) }
}

/// `GET /nhiem-vu/lich`
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
    let month = address.month.unwrap_or(register.as_of.date()).first_of_month();
    let title = format!("{} {}", cx.t("views-calendar-title"), month_name(month));
    let whole = Whole {
        cx: &cx,
        as_of: register.as_of,
        form: list::filter_form(&app, &cx, &register, &address, PATH)?,
        region,
    };
    Ok(page(
        &cx,
        Page::new(title, whole)
            .layout(Layout::Wide)
            .print(PrintSize::A4Landscape)
            .as_of(register.as_of)
            .style("tasks.css")
            .script("js/list.js"),
    ))
}

/// `GET /song/nhiem-vu/lich`
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
