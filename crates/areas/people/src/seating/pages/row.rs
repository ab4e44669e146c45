//! One row: who sits there, seat by seat. The code on the row leads here.

use askama::Template;
use axum::{extract::State, response::Response};
use platform::{
    app::App,
    identity::Actor,
    web::{AppError, Cx, Page, Path, page},
};
use rules::seating::Kind;

use super::{load, plan_href, reading, team_name, way_href};
use crate::seating::{ReadSeating, SeatingError, model::Picture};

struct Line {
    place: String,
    code: String,
    name: String,
    href: String,
    position: String,
    team: String,
    kind: String,
}

#[derive(Template)]
#[template(path = "seating/row.html")]
struct Whole<'a> {
    cx: &'a Cx,
    title: String,
    session: &'a str,
    plan: String,
    seated: usize,
    lines: Vec<Line>,
    before: String,
    after: String,
}

fn lines(cx: &Cx, picture: &Picture, row: u16) -> Vec<Line> {
    let sitting = picture.by_place();
    let mut own: Vec<usize> = (0..picture.layout.places.len())
        .filter(|at| picture.layout.places.get(*at).is_some_and(|place| place.row == row))
        .collect();
    own.sort_by_key(|at| picture.layout.places.get(*at).map(reading));
    own.into_iter()
        .filter_map(|at| {
            let place = picture.layout.places.get(at)?;
            let one = sitting.get(&at).and_then(|person| picture.people.get(*person));
            Some(Line {
                place: picture.layout.text(place),
                code: one.map(|one| one.who.code.clone()).unwrap_or_default(),
                name: one.map(|one| one.who.profile.name.clone()).unwrap_or_default(),
                href: one.map(|one| way_href(picture, &one.who.code)).unwrap_or_default(),
                position: one.map(|one| one.who.profile.position.clone()).unwrap_or_default(),
                team: one.map(|one| team_name(cx, one.person.team)).unwrap_or_default(),
                kind: if place.kind == Kind::Ordinary && one.is_some() {
                    String::new()
                } else {
                    cx.tp("seating-kind-", place.kind.as_str()).into_owned()
                },
            })
        })
        .collect()
}

/// `GET /cho-ngoi/{session}/hang/{row}`
pub(in crate::seating) async fn show(
    _actor: Actor<ReadSeating>,
    cx: Cx,
    State(app): State<App>,
    Path((session, row)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let picture = load(&app, &session).await?;
    let wanted = row.trim().to_uppercase();
    let rows = &picture.layout.rows;
    let at = rows.iter().position(|name| name.to_uppercase() == wanted).ok_or(SeatingError::NotFound)?;
    let name = rows.get(at).cloned().unwrap_or_default();
    let number = u16::try_from(at).map_err(AppError::internal)?;
    let lines = lines(&cx, &picture, number);
    let beside = |at: Option<usize>| {
        let name = at.and_then(|at| rows.get(at));
        name.map(|name| format!("{}/hang/{name}", plan_href(&picture.session.slug))).unwrap_or_default()
    };
    let title = cx.t1("seating-row-of", "row", name);
    let body = Whole {
        title: title.clone(),
        session: &picture.session.title,
        plan: plan_href(&picture.session.slug),
        seated: lines.iter().filter(|line| !line.code.is_empty()).count(),
        lines,
        before: beside(at.checked_sub(1)),
        after: beside(Some(at + 1)),
        cx: &cx,
    };
    Ok(page(&cx, Page::new(title, body).style("seating.css")))
}
