//! A space of a venue with its exits, as measured.

use axum::{Form, extract::State, response::Response};
use platform::{
    app::App,
    i18n::key,
    identity::Actor,
    web::{AppError, Cx, FieldProblem, Path},
};
use rules::egress::{FireGrade, Use};

use super::{
    common::{self, Field, at, measured, see},
    form::FormPage,
};
use crate::{
    tasks::pages::task::form::Typed,
    venues::{
        ManageVenues, VenueError,
        model::{Exit, SpaceFields, SpaceId},
        store, who,
    },
};

const EXITS: &[&str] = &["exit_name", "exit_leads", "exit_width", "exit_height"];

fn space_form(cx: &Cx, typed: &Typed, code: &str, space: &str, refused: Option<&AppError>) -> Response {
    let title = cx.t(if space == "moi" { "venues-space-new" } else { "venues-space-edit" }).into_owned();
    let mut form = FormPage::new(cx, title, format!("{}/phong/{space}", at(code)), refused).under(code);
    form.hidden = vec![("version", typed.get("version").to_owned())];
    let field = |kind, name, words: &'static str| Field::new(kind, name, cx.t(words), typed);
    let number = "inputmode=\"decimal\" autocomplete=\"off\"";
    let uses = Use::ALL
        .iter()
        .map(|one| (one.to_string(), cx.tp("venues-use-", one.as_str()).into_owned()))
        .collect();
    let grades = std::iter::once((String::new(), cx.t("venues-unknown").into_owned()))
        .chain(FireGrade::ALL.iter().map(|one| (one.to_string(), one.to_string())))
        .collect();
    form.fields = vec![
        field("text", "name", key("venues-space-name")).attrs("required maxlength=\"200\""),
        field("select", "used_as", key("venues-used-as")).options(uses),
        field("check", "main", key("venues-space-is-main")),
        field("text", "seats", key("venues-seats")).attrs(number),
        field("text", "area", key("venues-area-m2")).attrs(number),
        field("text", "volume_m3", key("venues-volume-m3")).attrs(number),
        field("select", "grade", key("venues-grade")).options(grades),
        field("check", "sprinkler", key("venues-sprinkler")),
        field("text", "diagonal", key("venues-diagonal-m")).attrs(number),
        field("text", "apart", key("venues-apart-m")).attrs(number),
        field("text", "travel", key("venues-travel-m")).attrs(number),
        field("text", "dead_end", key("venues-dead-end-m")).attrs(number),
        field("text", "density", key("venues-density")).help(cx.t("venues-density-help")).attrs(number),
        field("area", "note", key("venues-remark")).attrs("maxlength=\"4000\""),
    ];
    form.exits = typed.with_spare(EXITS);
    form.answer(refused)
}

/// `GET /dia-diem/{code}/phong/{space}`: a space; `moi` for a new one.
pub(super) async fn space(
    actor: Actor<ManageVenues>,
    cx: Cx,
    State(app): State<App>,
    Path((code, space)): Path<(String, String)>,
) -> Result<Response, AppError> {
    drop(actor);
    let mut typed = Typed::default();
    if space == "moi" {
        typed.set("used_as", Use::Hall.to_string());
        return Ok(space_form(&cx, &typed, &code, &space, None));
    }
    let id: SpaceId = space.parse().map_err(|_| AppError::not_found())?;
    let known = app.db.read(move |tx| store::space(tx, id)).await?;
    let fields = &known.fields;
    let whole = |value: Option<u32>| value.map(|value| value.to_string()).unwrap_or_default();
    for (name, value) in [
        ("version", known.version.to_string()),
        ("name", fields.name.clone()),
        ("used_as", fields.used_as.to_string()),
        ("main", if fields.main { "1" } else { "" }.to_owned()),
        ("seats", whole(fields.seats)),
        ("area", measured(&cx, fields.area, 100)),
        ("volume_m3", whole(fields.volume_m3)),
        ("grade", fields.grade.map(|grade| grade.to_string()).unwrap_or_default()),
        ("sprinkler", if fields.sprinkler { "1" } else { "" }.to_owned()),
        ("diagonal", measured(&cx, fields.diagonal_mm, 1000)),
        ("apart", measured(&cx, fields.apart_mm, 1000)),
        ("travel", measured(&cx, fields.travel_mm, 1000)),
        ("dead_end", measured(&cx, fields.dead_end_mm, 1000)),
        ("density", measured(&cx, fields.density_tenths, 10)),
        ("note", fields.note.clone()),
    ] {
        typed.set(name, value);
    }
    let exits: Vec<(String, String)> = fields
        .exits
        .iter()
        .flat_map(|exit| {
            [
                exit.name.clone(),
                exit.leads_to.clone(),
                measured(&cx, Some(exit.clear_width_mm), 1000),
                measured(&cx, exit.clear_height_mm, 1000),
            ]
        })
        .zip(EXITS.iter().cycle())
        .map(|(value, name)| ((*name).to_owned(), value))
        .collect();
    typed.extend(exits);
    Ok(space_form(&cx, &typed, &code, &space, None))
}

fn space_fields(typed: &Typed) -> Result<SpaceFields, AppError> {
    let mut wrong = Vec::new();
    let mut number = |name: &'static str, unit: u32| {
        let read =
            if unit == 1 { common::whole(typed.get(name)) } else { common::measure(typed.get(name), unit) };
        read.unwrap_or_else(|()| {
            wrong.push(FieldProblem::new(name, key("venues-wrong-number")));
            None
        })
    };
    let (seats, volume_m3, area) = (number("seats", 1), number("volume_m3", 1), number("area", 100));
    let (diagonal_mm, apart_mm) = (number("diagonal", 1000), number("apart", 1000));
    let (travel_mm, dead_end_mm) = (number("travel", 1000), number("dead_end", 1000));
    let density_tenths = number("density", 10);
    let mut exits = Vec::new();
    for row in typed.rows(EXITS) {
        let length = |at: usize| common::measure(row.cell(at), 1000);
        match (length(2), length(3)) {
            (Ok(Some(clear_width_mm)), Ok(clear_height_mm)) => exits.push(Exit {
                name: row.cell(0).to_owned(),
                clear_width_mm,
                clear_height_mm,
                leads_to: row.cell(1).to_owned(),
            }),
            _ => wrong.push(FieldProblem::new("exit_width", key("venues-survey-bad-number"))),
        }
    }
    let used_as = typed.get("used_as").parse().unwrap_or(Use::Other);
    if !wrong.is_empty() {
        return Err(AppError::invalid(wrong));
    }
    Ok(SpaceFields {
        name: typed.get("name").to_owned(),
        used_as,
        main: typed.has("main", "1"),
        area,
        seats,
        volume_m3,
        grade: typed.get("grade").parse().ok(),
        sprinkler: typed.has("sprinkler", "1"),
        diagonal_mm,
        apart_mm,
        travel_mm,
        dead_end_mm,
        density_tenths,
        note: typed.get("note").replace("\r\n", "\n"),
        exits,
    })
}

/// `POST /dia-diem/{code}/phong/{space}`
pub(super) async fn save_space(
    actor: Actor<ManageVenues>,
    cx: Cx,
    State(app): State<App>,
    Path((code, space)): Path<(String, String)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let (who, typed) = (who(&actor), Typed::from(pairs));
    let fields = match space_fields(&typed) {
        Ok(fields) => fields,
        Err(refused) => return Ok(space_form(&cx, &typed, &code, &space, Some(&refused))),
    };
    let (wanted, version) = (code.clone(), typed.get("version").parse().unwrap_or(-1));
    let id: Option<SpaceId> = space.parse().ok();
    let done = app
        .db
        .write(actor.author(), move |tx| -> Result<_, VenueError> {
            let venue = store::venue_by_code(tx, &wanted)?;
            match id {
                Some(id) => Ok(store::edit_space(tx, &who, id, version, &fields)?.map(|_| ())),
                None => Ok(store::add_space(tx, &who, venue.id, &fields)?.map(|_| ())),
            }
        })
        .await;
    match done {
        Ok(_) => Ok(see(&at(&code), "measured")),
        Err(error) => Ok(space_form(&cx, &typed, &code, &space, Some(&error.into()))),
    }
}
