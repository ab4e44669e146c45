//! The wall of a session: how the hall stands, by group, seen from three metres.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use jiff::Timestamp;
use platform::{
    app::App,
    db::Tx,
    identity::Actor,
    web::{AppError, Cx, Layout, LivePart, Page, PrintSize, page},
};
use rules::attendance::Tally;

use crate::{
    attendance::{
        AT, AttendanceError, ReadAttendance, TOPIC, model::Session, moment_of, percent, query, shown_moment,
    },
    delegates::TOPIC as ROLL,
};

struct Tile {
    name: String,
    href: String,
    tally: Tally,
    share: String,
    full: bool,
}

#[derive(Template)]
#[template(path = "gates/pages/board_part.html")]
struct Part<'a> {
    cx: &'a Cx,
    session: &'a Session,
    all: Tally,
    share: String,
    here: String,
    tiles: Vec<Tile>,
    moment: String,
}

#[derive(Template)]
#[template(path = "gates/pages/board.html")]
struct Whole<'a> {
    cx: &'a Cx,
    session: &'a Session,
    region: String,
}

struct Picture {
    session: Session,
    groups: Vec<(Option<u16>, Tally)>,
    all: Tally,
    at: Timestamp,
}

fn load(tx: &mut Tx<'_>, slug: &str, asked: &str) -> Result<Picture, AttendanceError> {
    let (session, now) = (query::session(tx, slug)?, tx.now());
    let at = moment_of(&session, asked, now);
    let (groups, all) = query::tally(&query::attending(tx, &session, at)?);
    Ok(Picture { session, groups, all, at })
}

fn draw(cx: &Cx, picture: &Picture) -> askama::Result<String> {
    let here = picture.session.href();
    let tiles = picture.groups.iter().map(|(no, tally)| Tile {
        name: no.map_or_else(
            || cx.t("attendance-no-group").into_owned(),
            |no| cx.t1("attendance-group", "no", no),
        ),
        href: format!("{here}?to={}#ds", no.unwrap_or(0)),
        share: percent(cx, tally.present, tally.summoned),
        full: tally.present == tally.summoned,
        tally: *tally,
    });
    Part {
        session: &picture.session,
        share: percent(cx, picture.all.present, picture.all.summoned),
        all: picture.all,
        here: here.clone(),
        tiles: tiles.collect(),
        moment: shown_moment(cx, picture.at, &cx.param(AT)),
        cx,
    }
    .render()
}

/// `GET /phien/{slug}/bang`
pub(in crate::gates) async fn page_of(
    _actor: Actor<ReadAttendance>,
    cx: Cx,
    State(app): State<App>,
    Path(slug): Path<String>,
) -> Result<Response, AppError> {
    let asked = cx.param(AT);
    let picture = app.db.read(move |tx| load(tx, &slug, &asked)).await?;
    let live = LivePart::of(&cx, "");
    let region = live.region(draw(&live.cx(), &picture)?)?;
    let title = cx.t1("gates-board-title", "session", picture.session.title.as_str());
    let body = Whole { session: &picture.session, region, cx: &cx };
    let whole = Page::new(title, body).layout(Layout::Wall).print(PrintSize::A3).style("gates.css");
    Ok(page(&cx, whole))
}

/// `GET /song/phien/{slug}/bang`
pub(in crate::gates) async fn stream(
    actor: Actor<ReadAttendance>,
    cx: Cx,
    State(app): State<App>,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let named = slug.clone();
    app.db.read(move |tx| query::session(tx, &named).map(drop)).await?;
    let owner = app.clone();
    let topics = [format!("{TOPIC}/{slug}"), ROLL.to_owned()];
    LivePart::of(&cx, "").stream(&app, &actor, &cx, &headers, topics, move |cx| {
        let (app, slug, asked) = (owner.clone(), slug.clone(), cx.param(AT));
        async move { Ok(draw(&cx, &app.db.read(move |tx| load(tx, &slug, &asked)).await?)?) }
    })
}
