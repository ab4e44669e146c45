//! Ratings side by side: the mean, how far apart they lie, and what was said about a gap above three points.

use askama::Template;
use axum::{Form, extract::State, http::StatusCode, response::Response};
use platform::{
    app::App,
    identity::Actor,
    web::{AppError, Cx, Page, page_with},
};

use super::{
    common::{self, Offices, notice, see, sentence},
    compare, view,
};
use crate::{
    tasks::pages::task::form::Typed,
    venues::{ManageVenues, ReadVenues, VenueError, picture::Picture, store, who},
};

struct Line {
    code: String,
    name: String,
    /// Who, and what.
    values: Vec<(String, String)>,
    mean: String,
    gap: String,
    wide: bool,
    note: String,
    asks: bool,
}

struct Group {
    code: String,
    name: String,
    forms: String,
    people: Vec<String>,
    rows: Vec<Line>,
}

#[derive(Template)]
#[template(path = "venues/pages/spread.html")]
struct SpreadPage<'a> {
    cx: &'a Cx,
    notice: String,
    error: String,
    groups: Vec<Group>,
}

fn groups(cx: &Cx, picture: &Picture, offices: &Offices, manages: bool) -> Vec<Group> {
    let mut groups = Vec::new();
    for entry in picture.entries.iter().filter(|entry| entry.assessors > 0 && !entry.hidden) {
        let mut who: Vec<_> = Vec::new();
        for said in &entry.said {
            if !who.contains(&said.office) {
                who.push(said.office);
            }
        }
        let people: Vec<String> = who.iter().map(|office| offices.title(*office)).collect();
        let rows = picture.criteria.scored().enumerate().filter_map(|(place, criterion)| {
            let spread = entry.standing.spreads.get(place).copied().flatten()?;
            let values = who.iter().zip(&people).map(|(office, title)| {
                let said = entry.said.iter().find(|one| one.office == *office && one.code == criterion.code);
                (title.clone(), said.map(|one| one.value.to_string()).unwrap_or_default())
            });
            let discussed =
                entry.discussions.iter().rev().find(|one| {
                    one.code == criterion.code && one.low == spread.low && one.high == spread.high
                });
            let wide = spread.needs_discussion();
            Some(Line {
                code: criterion.code.clone(),
                name: criterion.name.clone(),
                values: values.collect(),
                mean: view::mean(cx, spread.mean),
                gap: spread.gap().to_string(),
                wide,
                note: discussed
                    .map(|one| format!("{} ({})", one.note, common::by_at(cx, &one.written_by, one.at)))
                    .unwrap_or_default(),
                asks: manages && wide && discussed.is_none() && entry.venue.state.is_open(),
            })
        });
        groups.push(Group {
            code: entry.venue.code.clone(),
            name: entry.venue.name.clone(),
            forms: cx.t2("venues-forms-of", "have", entry.assessors, "asked", entry.asked),
            rows: rows.collect(),
            people,
        });
    }
    groups
}

async fn draw(cx: &Cx, app: &App, who: store::Who, refused: Option<&AppError>) -> Result<Response, AppError> {
    let (picture, offices) = app
        .db
        .read(move |tx| -> Result<_, VenueError> { Ok((compare::current(tx, &who)?, Offices::load(tx)?)) })
        .await?;
    let body = SpreadPage {
        notice: notice(cx),
        error: sentence(cx, refused),
        groups: picture.map(|picture| groups(cx, &picture, &offices, who.manages)).unwrap_or_default(),
        cx,
    };
    let page = Page::new(cx.t("venues-spread").into_owned(), body).style("venues.css");
    Ok(page_with(refused.map_or(StatusCode::OK, AppError::status), cx, page))
}

/// `GET /dia-diem/chenh-lech`
pub(super) async fn show(
    actor: Actor<ReadVenues>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    draw(&cx, &app, who(&actor), None).await
}

/// `POST /dia-diem/chenh-lech`: what was said about a gap.
pub(super) async fn discuss(
    actor: Actor<ManageVenues>,
    cx: Cx,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let (who, typed) = (who(&actor), Typed::from(pairs));
    let (venue, code, note) = (
        typed.get("venue").to_owned(),
        typed.get("code").to_owned(),
        typed.get("note").replace("\r\n", "\n"),
    );
    let place = format!("{venue}-{code}");
    let done = app
        .db
        .write(actor.author(), move |tx| {
            let venue = store::venue_by_code(tx, &venue)?;
            store::discuss(tx, &who, venue.id, &code, &note)
        })
        .await;
    match done {
        Ok(_) => Ok(see(&format!("/dia-diem/chenh-lech#{place}"), "discussed")),
        Err(error) => draw(&cx, &app, who, Some(&error.into())).await,
    }
}
