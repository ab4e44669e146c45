//! The reconciliation of a day: how many passes went out, came back, were lost.

use askama::Template;
use axum::{Extension, extract::State, response::Response};
use jiff::civil::Date;
use platform::{
    app::App,
    clock,
    identity::{Actor, doer_words},
    web::{AppError, Cx, Made, Page, download, page},
};
use print::{Head, List, PressRoom, Printable};

use crate::{
    badges::{BadgeState, pages::Chip, query::DayCount},
    vehicles::{ReadVehicles, VehicleError, query},
};

struct DayRow {
    chip: Chip,
    moved: usize,
    stands: usize,
}

#[derive(Template)]
#[template(path = "vehicles/day.html")]
struct DayPage<'a> {
    cx: &'a Cx,
    on: String,
    rows: Vec<DayRow>,
    out: usize,
    all: usize,
    lines: Vec<Vec<String>>,
}

fn asked_day(cx: &Cx) -> Date {
    cx.param("ngay").parse().unwrap_or(cx.now.date())
}

async fn day_of(app: &App, cx: &Cx) -> Result<(Vec<DayCount>, Vec<Vec<String>>), AppError> {
    let on = asked_day(cx);
    let (counts, mut events) = app
        .db
        .read(move |tx| {
            let (counts, happened) = query::day(tx, on)?;
            let mut events = Vec::with_capacity(happened.len());
            for one in happened {
                let Some(pass) = query::pass(tx, one.pass)? else { continue };
                let vehicle = query::by_id(tx, pass.vehicle)?;
                events.push((one, pass, vehicle));
            }
            Ok::<_, VehicleError>((counts, events))
        })
        .await?;
    events.sort_by(|a, b| b.0.at.cmp(&a.0.at).then_with(|| a.2.no.cmp(&b.2.no)));
    let lines = events
        .into_iter()
        .map(|(one, pass, vehicle)| {
            vec![
                cx.time(&clock::local(one.at).time()),
                vehicle.code(),
                vehicle.plate,
                pass.copy.to_string(),
                cx.tp("badges-state-", &one.state).into_owned(),
                doer_words(cx, &one.office),
                one.reason,
            ]
        })
        .collect();
    Ok((counts, lines))
}

/// `GET /xe/doi-chieu`
pub(in crate::vehicles) async fn day(
    _actor: Actor<ReadVehicles>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let (counts, lines) = day_of(&app, &cx).await?;
    let body = DayPage {
        on: asked_day(&cx).to_string(),
        out: counts.iter().find(|one| one.state == BadgeState::Issued).map_or(0, |one| one.stands),
        all: counts.iter().map(|one| one.stands).sum(),
        rows: counts
            .iter()
            .map(|one| DayRow { chip: Chip::of(&cx, Some(one.state)), moved: one.moved, stands: one.stands })
            .collect(),
        lines,
        cx: &cx,
    };
    Ok(page(&cx, Page::new(cx.t("vehicles-day-title"), body).style("badges.css")))
}

/// `GET /xe/doi-chieu.pdf`
pub(in crate::vehicles) async fn pdf(
    _actor: Actor<ReadVehicles>,
    cx: Cx,
    State(app): State<App>,
    Extension(press): Extension<PressRoom>,
) -> Result<Response, AppError> {
    let (counts, lines) = day_of(&app, &cx).await?;
    let on = asked_day(&cx);
    let list = List {
        name: format!("doi-chieu-the-xe-{on}"),
        title: cx.t1("vehicles-day-of", "on", cx.date(&on)),
        lines: vec![cx.congress().name.clone()],
        as_of: cx.as_of(),
        heads: vec![
            Head::centred(cx.t("badges-col-at"), 7),
            Head::centred(cx.t("vehicles-col-code"), 9),
            Head::centred(cx.t("vehicles-col-plate"), 13),
            Head::centred(cx.t("badges-col-copy"), 5),
            Head::new(cx.t("badges-col-state"), 14),
            Head::new(cx.t("badges-col-by"), 22),
            Head::new(cx.t("badges-reason"), 22),
        ],
        rows: lines,
        legend: counts
            .iter()
            .filter(|one| one.moved > 0 || one.stands > 0)
            .map(|one| {
                cx.t3(
                    "badges-day-line",
                    "state",
                    cx.tp("badges-state-", one.state.as_str()),
                    "moved",
                    one.moved,
                    "stands",
                    one.stands,
                )
            })
            .collect(),
    };
    let bytes = press.pdf(Printable::Listing(list.listing())).await.map_err(AppError::internal)?;
    Ok(download(bytes, Made::Pdf, &list.name))
}
