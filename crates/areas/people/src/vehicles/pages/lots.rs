//! Parking lots: how many stand there on the fullest day, of how many that may.

use askama::Template;
use axum::{Form, extract::State, response::Response};
use platform::{
    app::App,
    identity::{Actor, Right},
    web::{AppError, Cx, FieldProblem, Page, Typed, page, page_with, problem, see},
};

use super::notice;
use crate::vehicles::{AREA, ManageVehicles, ReadVehicles, VehicleError, query, store};

struct Line {
    code: String,
    name: String,
    capacity: u32,
    version: i64,
    load: usize,
    full: bool,
}

#[derive(Template)]
#[template(path = "vehicles/lots.html")]
struct Whole<'a> {
    cx: &'a Cx,
    notice: String,
    error: String,
    problems: Vec<FieldProblem>,
    typed: Typed,
    manages: bool,
    lines: Vec<Line>,
}

impl Whole<'_> {
    fn err(&self, name: &str) -> String {
        problem(self.cx, &self.problems, name)
    }
}

async fn draw(
    app: &App,
    cx: &Cx,
    manages: bool,
    typed: Typed,
    refused: Option<AppError>,
) -> Result<Response, AppError> {
    let (lots, loads) =
        app.db.read(|tx| Ok::<_, VehicleError>((query::lots(tx)?, query::loads(tx)?))).await?;
    let problems = refused.as_ref().map(|error| error.fields().to_vec()).unwrap_or_default();
    let body = Whole {
        notice: notice(cx),
        error: refused
            .as_ref()
            .filter(|_| problems.is_empty())
            .map(|error| error.detail(cx.lang))
            .unwrap_or_default(),
        problems,
        typed,
        manages,
        lines: lots
            .into_iter()
            .map(|lot| {
                let load = loads.get(&lot.code).copied().unwrap_or_default();
                Line {
                    full: usize::try_from(lot.capacity).is_ok_and(|capacity| load >= capacity),
                    code: lot.code,
                    name: lot.name,
                    capacity: lot.capacity,
                    version: lot.version,
                    load,
                }
            })
            .collect(),
        cx,
    };
    let out = Page::new(cx.t("vehicles-lots"), body).style("badges.css");
    Ok(match refused {
        Some(error) => page_with(error.status(), cx, out),
        None => page(cx, out),
    })
}

/// `GET /xe/bai`
pub(in crate::vehicles) async fn list(
    actor: Actor<ReadVehicles>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    draw(&app, &cx, actor.may(AREA, Right::Manage, None), Typed::default(), None).await
}

/// `POST /xe/bai`
pub(in crate::vehicles) async fn save(
    actor: Actor<ManageVehicles>,
    cx: Cx,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let typed = Typed::from(pairs);
    let (code, name) = (typed.get("code").to_owned(), typed.get("name").to_owned());
    // What is no number is one that no lot has, so that the store names the field.
    let capacity = typed.get("capacity").parse().unwrap_or(u32::MAX);
    let version = typed.get("version").parse().unwrap_or(0);
    let done =
        app.db.write(actor.author(), move |tx| store::put_lot(tx, &code, &name, capacity, version)).await;
    match done {
        Ok(_) => Ok(see("/xe/bai", "lot")),
        Err(error @ (VehicleError::Fields(_) | VehicleError::Conflict)) => {
            draw(&app, &cx, true, typed, Some(error.into())).await
        }
        Err(error) => Err(error.into()),
    }
}
