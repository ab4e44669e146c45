//! The map of who is there, for the wall: no menu, no scroll, told by shape as well as by colour.

use askama::Template;
use axum::{extract::State, http::HeaderMap, response::Response};
use platform::{
    app::App,
    identity::Actor,
    web::{AppError, Cx, Layout, LivePart, Page, Path, PrintSize, page},
};

use super::{
    labels,
    plan::{SeenBy, SeenSum, seen_map, sum},
    plan_href,
};
use crate::{
    attendance::TOPIC as ATTENDANCE,
    delegates::TOPIC as ROLL,
    seating::{ReadSeating, SeatingError, TOPIC, model::Picture, picture, query},
};

#[derive(Template)]
#[template(path = "seating/wall_part.html")]
struct Part<'a> {
    cx: &'a Cx,
    title: String,
    back: String,
    sum: SeenSum,
    moment: String,
    map: String,
}

#[derive(Template)]
#[template(path = "seating/wall.html")]
struct Whole {
    title: String,
    region: String,
}

async fn load(app: &App, session: &str) -> Result<(Picture, SeenBy), SeatingError> {
    let session = session.to_owned();
    app.db
        .read(move |tx| {
            let picture = query::picture(tx, &session)?;
            let now = tx.now();
            let seen = query::seen(tx, &picture, now)?;
            Ok((picture, seen))
        })
        .await
}

fn draw(cx: &Cx, (picture, seen): &(Picture, SeenBy)) -> askama::Result<String> {
    let title = cx.t1("seating-map-of", "session", picture.session.title.as_str());
    let map = picture::attendance(
        &picture.layout,
        &seen_map(picture, seen),
        &labels(cx, &picture.layout, title.clone()),
    );
    Part {
        title,
        back: plan_href(&picture.session.slug),
        sum: sum(cx, picture, seen),
        moment: cx.moment(&cx.now),
        map,
        cx,
    }
    .render()
}

/// `GET /cho-ngoi/{session}/man-hinh`
pub(in crate::seating) async fn show(
    _actor: Actor<ReadSeating>,
    cx: Cx,
    State(app): State<App>,
    Path(session): Path<String>,
) -> Result<Response, AppError> {
    let both = load(&app, &session).await?;
    let live = LivePart::of(&cx, "");
    let region = live.region(draw(&live.cx(), &both)?)?;
    let title = cx.t1("seating-map-of", "session", both.0.session.title.as_str());
    let whole = Page::new(title.clone(), Whole { title, region }).layout(Layout::Wall).print(PrintSize::A3);
    Ok(page(&cx, whole.style("seating.css")))
}

/// `GET /song/cho-ngoi/{session}/man-hinh`
pub(in crate::seating) async fn stream(
    actor: Actor<ReadSeating>,
    cx: Cx,
    State(app): State<App>,
    Path(session): Path<String>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    load(&app, &session).await?;
    let owner = app.clone();
    let topics = [format!("{ATTENDANCE}/{session}"), format!("{TOPIC}/{session}"), ROLL.to_owned()];
    LivePart::of(&cx, "").stream(&app, &actor, &cx, &headers, topics, move |cx| {
        let (app, session) = (owner.clone(), session.clone());
        async move { Ok(draw(&cx, &load(&app, &session).await?)?) }
    })
}
