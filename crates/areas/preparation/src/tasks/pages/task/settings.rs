//! Settings of the register: labels and order of the six rõ, thresholds, the working calendar.

use std::collections::BTreeMap;

use askama::Template;
use axum::{Form, extract::State, http::StatusCode, response::Response};
use jiff::civil::Date;
use platform::{
    app::App,
    congress::{
        Congress, LabelSet, WorkDay, WorkDayKind,
        store::{self as congress_store, Settings},
    },
    db::DbError,
    i18n::key,
    identity::Actor,
    web::{AppError, Cx, FieldProblem, Page, Path, page_with},
};
use rules::{clarity::SixKey, dates::parse_vn_date, timing::Percent};

use super::{
    common::{label, notice, problem, see},
    form::Typed,
    refusals::date_problem,
};
use crate::tasks::ManageTasks;

struct LabelRow {
    key: SixKey,
    /// The word that stands when none is typed.
    usual: String,
    typed: String,
    place: usize,
}

struct DayRow {
    date: String,
    iso: String,
    weekday: String,
    name: String,
    kind: String,
    tone: &'static str,
    icon: &'static str,
}

#[derive(Template)]
#[template(path = "tasks/pages/task/settings.html")]
struct SettingsPage<'a> {
    cx: &'a Cx,
    notice: String,
    version: i64,
    labels: Vec<LabelRow>,
    typed: Typed,
    problems: Vec<FieldProblem>,
    general: String,
    days: Vec<DayRow>,
    kinds: Vec<(String, String)>,
}

impl SettingsPage<'_> {
    fn err(&self, name: &str) -> String {
        problem(self.cx, &self.problems, name)
    }
}

async fn load(app: &App) -> Result<(Congress, Vec<WorkDay>), DbError> {
    app.db.read(|tx| Ok((congress_store::current(tx)?, congress_store::work_days(tx)?))).await
}

/// The form of the settings as they stand.
fn typed_of(congress: &Congress) -> Typed {
    let mut typed = Typed::default();
    typed.set("due_soon_days", congress.timing.threshold_days.to_string());
    typed.set(
        "due_soon_fraction",
        congress.timing.last_fraction.map(|part| part.get().to_string()).unwrap_or_default(),
    );
    typed.set("urge_cool_down_hours", congress.urge_cool_down_hours.to_string());
    typed.set("hotline", &congress.hotline);
    for (place, six) in congress.labels.order.iter().enumerate() {
        typed.set(&format!("label-{six}"), congress.labels.labels.get(six).cloned().unwrap_or_default());
        typed.set(&format!("place-{six}"), (place + 1).to_string());
    }
    typed
}

fn render(
    cx: &Cx,
    (congress, days): &(Congress, Vec<WorkDay>),
    typed: Typed,
    problems: Vec<FieldProblem>,
    general: String,
    status: StatusCode,
) -> Response {
    let labels = congress
        .labels
        .order
        .iter()
        .map(|six| LabelRow {
            key: *six,
            usual: label(cx, &LabelSet::default(), *six),
            typed: typed.get(&format!("label-{six}")).to_owned(),
            place: typed.get(&format!("place-{six}")).parse().unwrap_or(0),
        })
        .collect();
    let body = SettingsPage {
        notice: notice(cx),
        version: congress.version,
        labels,
        typed,
        problems,
        general,
        days: days
            .iter()
            .map(|day| {
                let off = day.kind == WorkDayKind::NghiLe;
                DayRow {
                    date: cx.date(&day.day),
                    iso: day.day.to_string(),
                    weekday: cx.tp("task-weekday-", day.day.weekday().to_monday_one_offset()).into_owned(),
                    name: day.name.clone(),
                    kind: cx.tp("task-day-", day.kind).into_owned(),
                    tone: if off { "red" } else { "blue" },
                    icon: if off { "sun" } else { "building" },
                }
            })
            .collect(),
        kinds: vec![
            ("nghi_le".to_owned(), cx.t("task-day-nghi_le").into_owned()),
            ("lam_bu".to_owned(), cx.t("task-day-lam_bu").into_owned()),
        ],
        cx,
    };
    page_with(status, cx, Page::new(cx.t("task-settings"), body).style("task.css"))
}

/// `GET /nhiem-vu/thiet-lap`
pub(super) async fn show(
    _actor: Actor<ManageTasks>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let found = load(&app).await?;
    let typed = typed_of(&found.0);
    Ok(render(&cx, &found, typed, Vec::new(), String::new(), StatusCode::OK))
}

fn number<T: std::str::FromStr + PartialOrd>(
    typed: &Typed,
    name: &'static str,
    range: std::ops::RangeInclusive<T>,
    wrong: &mut Vec<FieldProblem>,
) -> Option<T> {
    let found = typed.get(name).parse().ok().filter(|value| range.contains(value));
    if found.is_none() {
        wrong.push(FieldProblem::new(name, key("task-settings-number")));
    }
    found
}

/// `POST /nhiem-vu/thiet-lap`
pub(super) async fn save(
    actor: Actor<ManageTasks>,
    cx: Cx,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let typed = Typed::from(pairs);
    let found = load(&app).await?;
    let version: i64 = typed.get("version").parse().map_err(|_| AppError::bad_request())?;
    let mut wrong = Vec::new();
    let due_soon_days = number(&typed, "due_soon_days", 0..=365_u16, &mut wrong).unwrap_or(7);
    let cool_down = number(&typed, "urge_cool_down_hours", 0..=720_u16, &mut wrong).unwrap_or(24);
    let fraction = match typed.get("due_soon_fraction") {
        "" => None,
        _ => number(&typed, "due_soon_fraction", 1..=100_u8, &mut wrong).and_then(Percent::new),
    };
    let mut order: Vec<(u8, usize, SixKey)> = Vec::new();
    let mut labels = BTreeMap::new();
    for (before, six) in found.0.labels.order.iter().enumerate() {
        let place: u8 = typed.get(&format!("place-{six}")).parse().unwrap_or(0);
        if !(1..=6).contains(&place) || order.iter().any(|(other, ..)| *other == place) {
            wrong.push(FieldProblem::new(format!("place-{six}"), key("task-settings-place")));
        }
        order.push((place, before, *six));
        let said = rules::text::nfc(typed.get(&format!("label-{six}")));
        if said.chars().count() > 60 {
            wrong.push(FieldProblem::new(format!("label-{six}"), key("task-settings-label")));
        } else if !said.is_empty() {
            labels.insert(*six, said);
        }
    }
    if !wrong.is_empty() {
        return Ok(render(&cx, &found, typed, wrong, String::new(), StatusCode::UNPROCESSABLE_ENTITY));
    }
    order.sort_unstable();
    let settings = Settings {
        due_soon_days,
        due_soon_fraction: fraction,
        urge_cool_down_hours: cool_down,
        labels: LabelSet { order: order.into_iter().map(|(.., six)| six).collect(), labels },
        hotline: rules::text::nfc(typed.get("hotline")),
    };
    if app.db.write(actor.author(), move |tx| congress_store::set(tx, version, &settings)).await? {
        return Ok(see("/nhiem-vu/thiet-lap", "settings"));
    }
    let now = load(&app).await?;
    Ok(render(
        &cx,
        &now,
        typed,
        Vec::new(),
        cx.t("task-settings-conflict").into_owned(),
        StatusCode::CONFLICT,
    ))
}

/// `POST /nhiem-vu/thiet-lap/ngay`
pub(super) async fn put_day(
    actor: Actor<ManageTasks>,
    cx: Cx,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let typed = Typed::from(pairs);
    let found = load(&app).await?;
    let mut wrong = Vec::new();
    let day = parse_vn_date(typed.get("day"), Some(found.0.opening_on.year()))
        .map_err(|error| wrong.push(date_problem("day", &error)))
        .ok();
    let kind: Option<WorkDayKind> = typed.get("kind").parse().ok();
    let name = rules::text::nfc(typed.get("name"));
    if name.is_empty() || name.chars().count() > 120 {
        wrong.push(FieldProblem::new("name", key("task-settings-day-name")));
    }
    let (Some(day), Some(kind), true) = (day, kind, wrong.is_empty()) else {
        let mut kept = typed_of(&found.0);
        for name in ["day", "kind", "name"] {
            kept.set(name, typed.get(name));
        }
        return Ok(render(&cx, &found, kept, wrong, String::new(), StatusCode::UNPROCESSABLE_ENTITY));
    };
    let day = WorkDay { day, kind, name };
    app.db.write(actor.author(), move |tx| congress_store::put_work_day(tx, &day)).await?;
    Ok(see("/nhiem-vu/thiet-lap", "day-set"))
}

/// `POST /nhiem-vu/thiet-lap/ngay/{day}/xoa`
pub(super) async fn drop_day(
    actor: Actor<ManageTasks>,
    State(app): State<App>,
    Path(day): Path<String>,
) -> Result<Response, AppError> {
    let day: Date = day.parse().map_err(|_| AppError::not_found())?;
    app.db.write(actor.author(), move |tx| congress_store::drop_work_day(tx, day)).await?;
    Ok(see("/nhiem-vu/thiet-lap", "day-dropped"))
}
