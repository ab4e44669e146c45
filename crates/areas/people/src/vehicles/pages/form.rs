//! The form of a vehicle, new or to be changed.

use askama::Template;
use axum::{Form, extract::State, http::StatusCode, response::Response};
use jiff::civil::Date;
use platform::{
    app::App,
    i18n::key,
    identity::{Actor, Right},
    web::{AppError, Cx, FieldProblem, Page, Path, Typed, page_with, problem, see},
};

use super::{kinds, lot_words};
use crate::{
    badges::{model::BadgeCategory, query as badges},
    delegates::CONTACTS,
    vehicles::{
        ManageVehicles, VehicleError,
        model::{Vehicle, VehicleKind},
        query,
        store::{self, NewVehicle},
    },
};

#[derive(Template)]
#[template(path = "vehicles/form.html")]
struct FormPage<'a> {
    cx: &'a Cx,
    title: String,
    action: String,
    back: String,
    typed: Typed,
    problems: Vec<FieldProblem>,
    general: String,
    kinds: Vec<(String, String)>,
    lots: Vec<(String, String)>,
    contacts: bool,
}

impl FormPage<'_> {
    fn err(&self, name: &str) -> String {
        problem(self.cx, &self.problems, name)
    }
}

async fn render(
    app: &App,
    cx: &Cx,
    contacts: bool,
    of: Option<u32>,
    typed: Typed,
    refused: Option<AppError>,
) -> Result<Response, AppError> {
    let lots = app.db.read(query::lots).await?;
    let title = cx.t(if of.is_some() { "vehicles-edit" } else { "vehicles-new" }).into_owned();
    let problems = refused.as_ref().map(|error| error.fields().to_vec()).unwrap_or_default();
    let mut choices = vec![(String::new(), cx.t("vehicles-lot-none").into_owned())];
    choices.extend(lot_words(&lots));
    let body = FormPage {
        action: of.map_or_else(|| "/xe/moi".to_owned(), |no| format!("/xe/{no}/sua")),
        back: of.map_or_else(|| "/xe".to_owned(), |no| format!("/xe/{no}")),
        title: title.clone(),
        general: refused
            .as_ref()
            .filter(|_| problems.is_empty())
            .map(|error| error.detail(cx.lang))
            .unwrap_or_default(),
        problems,
        typed,
        kinds: kinds(cx),
        lots: choices,
        contacts,
        cx,
    };
    let status = refused.map_or(StatusCode::OK, |error| error.status());
    Ok(page_with(status, cx, Page::new(title, body).style("badges.css")))
}

/// What was typed. Days that are none come out as problems of their fields.
fn read(typed: &Typed, contacts: bool) -> Result<NewVehicle, VehicleError> {
    let mut wrong = Vec::new();
    let mut day = |name: &'static str| {
        typed.get(name).parse::<Date>().unwrap_or_else(|_| {
            wrong.push(FieldProblem::new(name, key("vehicles-error-day")));
            Date::ZERO
        })
    };
    let (first_day, last_day) = (day("first_day"), day("last_day"));
    let (convoy, place) = (typed.get("convoy"), typed.get("place"));
    let convoy = match (convoy, place) {
        ("", "") => None,
        (convoy, place) => {
            let slot = convoy.parse().ok().zip(place.parse().ok());
            if slot.is_none() {
                wrong.push(FieldProblem::new("convoy", key("vehicles-error-convoy")));
            }
            slot
        }
    };
    if !wrong.is_empty() {
        return Err(VehicleError::Fields(wrong));
    }
    Ok(NewVehicle {
        plate: typed.get("plate").to_owned(),
        kind: typed.get("kind").parse().unwrap_or(VehicleKind::Car),
        unit: typed.get("unit").to_owned(),
        driver: typed.get("driver").to_owned(),
        // Who does not see it does not write over it.
        phone: contacts.then(|| typed.get("phone").to_owned()),
        lot: typed.get("lot").to_owned(),
        first_day,
        last_day,
        convoy,
    })
}

fn sees_contacts(actor: &Actor<ManageVehicles>) -> bool {
    actor.may(CONTACTS, Right::Read, None)
}

/// `GET /xe/moi`
pub(in crate::vehicles) async fn new(
    actor: Actor<ManageVehicles>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let (first, last) = app.db.read(|tx| badges::days(tx, BadgeCategory::Vehicle)).await?;
    let mut typed = Typed::default();
    typed.set("first_day", first.to_string());
    typed.set("last_day", last.to_string());
    render(&app, &cx, sees_contacts(&actor), None, typed, None).await
}

/// `POST /xe/moi`
pub(in crate::vehicles) async fn create(
    actor: Actor<ManageVehicles>,
    cx: Cx,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let (typed, contacts) = (Typed::from(pairs), sees_contacts(&actor));
    let done = match read(&typed, contacts) {
        Ok(new) => app.db.write(actor.author(), move |tx| store::register(tx, &new)).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(no) => Ok(see(&format!("/xe/{no}"), "registered")),
        Err(error @ VehicleError::Fields(_)) => {
            render(&app, &cx, contacts, None, typed, Some(error.into())).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `GET /xe/{no}/sua`
pub(in crate::vehicles) async fn edit(
    actor: Actor<ManageVehicles>,
    cx: Cx,
    State(app): State<App>,
    Path(no): Path<u32>,
) -> Result<Response, AppError> {
    let contacts = sees_contacts(&actor);
    let (one, phone): (Vehicle, String) = app
        .db
        .read(move |tx| {
            let one = query::vehicle(tx, no)?;
            let phone = if contacts { query::phone(tx, one.id)? } else { String::new() };
            Ok::<_, VehicleError>((one, phone))
        })
        .await?;
    let number = |value: Option<u16>| value.map(|value| value.to_string()).unwrap_or_default();
    let mut typed = Typed::default();
    for (name, value) in [
        ("version", one.version.to_string()),
        ("plate", one.plate),
        ("kind", one.kind.to_string()),
        ("unit", one.unit),
        ("driver", one.driver),
        ("phone", phone),
        ("lot", one.lot.unwrap_or_default()),
        ("first_day", one.first_day.to_string()),
        ("last_day", one.last_day.to_string()),
        ("convoy", number(one.convoy)),
        ("place", number(one.place)),
    ] {
        typed.set(name, value);
    }
    render(&app, &cx, contacts, Some(no), typed, None).await
}

/// `POST /xe/{no}/sua`
pub(in crate::vehicles) async fn save(
    actor: Actor<ManageVehicles>,
    cx: Cx,
    State(app): State<App>,
    Path(no): Path<u32>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let (typed, contacts) = (Typed::from(pairs), sees_contacts(&actor));
    let version = typed.get("version").parse().unwrap_or(0);
    let done = match read(&typed, contacts) {
        Ok(new) => {
            app.db
                .write(actor.author(), move |tx| {
                    Ok::<_, VehicleError>(store::change(tx, no, version, &new)?.with(()))
                })
                .await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Ok(see(&format!("/xe/{no}"), "saved")),
        Err(error @ (VehicleError::Fields(_) | VehicleError::Conflict | VehicleError::Withdrawn)) => {
            render(&app, &cx, contacts, Some(no), typed, Some(error.into())).await
        }
        Err(error) => Err(error.into()),
    }
}
