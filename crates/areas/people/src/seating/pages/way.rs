//! The way to one seat: in large words, over the whole hall, and close to the seat.

use askama::Template;
use axum::{extract::State, response::Response};
use platform::{
    app::App,
    identity::Actor,
    web::{AppError, Cx, Page, Path, page},
};
use rules::seating::way::{AisleName, Step, Way, Ways};

use super::{labels, load, plan_href, team_name};
use crate::seating::{ReadSeating, SeatingError, model::Picture, picture};

struct DoorLine {
    href: String,
    words: String,
    on: bool,
}

#[derive(Template)]
#[template(path = "seating/way.html")]
struct Whole<'a> {
    cx: &'a Cx,
    plan: String,
    session: &'a str,
    published: bool,
    code: &'a str,
    name: &'a str,
    team: String,
    seat: String,
    row: String,
    steps: Vec<String>,
    doors: Vec<DoorLine>,
    whole: String,
    near: String,
}

/// A step in words.
pub(super) fn said(cx: &Cx, step: &Step) -> String {
    match step {
        Step::Door(no) => cx.t1("seating-step-door", "no", *no),
        Step::Aisle(AisleName::Left) => cx.t("seating-step-aisle-left").into_owned(),
        Step::Aisle(AisleName::Middle) => cx.t("seating-step-aisle-middle").into_owned(),
        Step::Aisle(AisleName::Right) => cx.t("seating-step-aisle-right").into_owned(),
        Step::Aisle(AisleName::Number(no)) => cx.t1("seating-step-aisle", "no", *no),
        Step::Row(row) => cx.t1("seating-step-row", "row", row.as_str()),
        Step::Seat(seat) => cx.t1("seating-step-seat", "seat", seat.as_str()),
    }
}

/// The way that somebody is told: through the gate they came by, or through the door of their seat.
pub(in crate::seating) fn told(picture: &Picture, place: usize, gate: &str) -> Option<Way> {
    let ways = Ways::new(&picture.layout);
    let usual = picture.doors.get(place).copied().flatten();
    let doors = &picture.layout.doors;
    let number = gate.parse::<u16>().ok();
    let asked = |at: usize| {
        doors.get(at).is_some_and(|door| door.gate.as_deref() == Some(gate) || Some(door.no) == number)
    };
    (!gate.is_empty())
        .then(|| ways.to(place, asked))
        .flatten()
        .or_else(|| ways.to(place, |at| Some(at) == usual))
}

/// `GET /cho-ngoi/{session}/duong/{code}`
pub(in crate::seating) async fn show(
    _actor: Actor<ReadSeating>,
    cx: Cx,
    State(app): State<App>,
    Path((session, code)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let picture = load(&app, &session).await?;
    let (one, place) = picture.find(&code).ok_or(SeatingError::NotFound)?;
    let at = place.and_then(|place| picture.layout.find(&place.id));
    let way = at.and_then(|at| told(&picture, at, &cx.param("cua")));
    let title = cx.t1("seating-way-of", "name", one.who.profile.name.as_str());
    let labels = labels(&cx, &picture.layout, title.clone());
    let map = |near| {
        place
            .map(|place| picture::way(&picture.layout, place, way.as_ref(), &labels, near))
            .unwrap_or_default()
    };
    let body = Whole {
        plan: plan_href(&picture.session.slug),
        session: &picture.session.title,
        published: picture.plan.published,
        code: &one.who.code,
        name: &one.who.profile.name,
        team: team_name(&cx, one.person.team),
        seat: place.map(|place| picture.layout.text(place)).unwrap_or_default(),
        row: place.map(|place| picture.layout.row_of(place).to_owned()).unwrap_or_default(),
        steps: way.iter().flat_map(|way| way.steps.iter()).map(|step| said(&cx, step)).collect(),
        doors: picture
            .layout
            .doors
            .iter()
            .enumerate()
            .map(|(at, door)| DoorLine {
                href: cx.with("cua", door.no),
                words: cx.t1("seating-door", "no", door.no),
                on: way.as_ref().is_some_and(|way| way.door == at),
            })
            .collect(),
        whole: map(false),
        near: map(true),
        cx: &cx,
    };
    Ok(page(&cx, Page::new(title, body).style("seating.css")))
}
