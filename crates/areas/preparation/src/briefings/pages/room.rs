//! The wall of the room and the presenter's telephone: the item that the room is at, moving as the secretary
//! moves.

use askama::Template;
use axum::{extract::State, http::HeaderMap, response::Response};
use platform::{
    app::App,
    identity::Actor,
    web::{AppError, Cx, Layout, Page, PrintSize, Theme, page},
};

use super::{
    common::{Meeting, at},
    desk::around,
    draw,
    picture::Picture,
    show::{live, load},
    view::{ConclusionView, Delta, Figure, ItemView},
};
use crate::briefings::{Hand, ReadBriefings, model::MeetingState};

/// Items that fit beside the one the room is at.
const COMING: usize = 5;

/// Conclusions that fit beside it: the newest.
const NEWEST: usize = 4;

#[derive(Template)]
#[template(path = "briefings/pages/wall.html")]
struct Wall<'a> {
    cx: &'a Cx,
    name: String,
    series: String,
    clock: String,
    clock_iso: String,
    current: Option<ItemView>,
    items: Vec<ItemView>,
    coming: Vec<ItemView>,
    more: usize,
    conclusions: Vec<ConclusionView>,
    stage: String,
    stage_text: String,
    figures: Vec<Figure>,
    week: Vec<Delta>,
    frozen_title: String,
    receipts: String,
}

#[derive(Template)]
#[template(path = "briefings/pages/present.html")]
struct Present<'a> {
    cx: &'a Cx,
    here: String,
    name: String,
    current: Option<ItemView>,
    items: Vec<ItemView>,
    coming: Vec<ItemView>,
    stage: String,
    stage_text: String,
    writes: bool,
    back: String,
    forth: String,
}

/// A page that is a part in its frame.
#[derive(Template)]
#[template(source = "{{ part|safe }}", ext = "html")]
struct Whole {
    part: String,
}

/// The items after the one that the room is at, or all of them before it begins.
fn coming(items: &[ItemView], most: usize) -> (Vec<ItemView>, usize) {
    let here = items.iter().position(|item| item.current).map_or(0, |at| at + 1);
    let left = items.get(here..).unwrap_or_default();
    (left.iter().take(most).cloned().collect(), left.len().saturating_sub(most))
}

fn wall_part<'a>(cx: &'a Cx, picture: &Picture) -> Wall<'a> {
    let items = draw::items(cx, picture);
    let (stage, stage_text) = draw::stage(cx, picture);
    let (frozen_title, ..) = draw::frozen_words(cx, picture);
    let (_, week, _) = draw::week(cx, picture);
    let over =
        picture.briefing.state.is_signed() || picture.briefing.state == MeetingState::AwaitingSignature;
    let mut conclusions = draw::conclusions(cx, picture);
    if !over {
        let skip = conclusions.len().saturating_sub(NEWEST);
        conclusions.drain(..skip);
    }
    let (coming, more) = if over { (Vec::new(), 0) } else { coming(&items, COMING) };
    let mut figures = draw::figures(cx, picture);
    // What hurts is read from 3 m; the rest is on the page of the meeting.
    figures.truncate(4);
    let mut week = week;
    week.truncate(3);
    Wall {
        name: draw::name(cx, &picture.briefing),
        series: picture.series.title.clone(),
        clock: cx.time(&cx.now.time()),
        clock_iso: cx.now.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
        current: items.iter().find(|item| item.current).cloned(),
        items,
        coming,
        more,
        conclusions,
        stage,
        stage_text,
        figures,
        week,
        frozen_title,
        receipts: draw::receipts(cx, picture),
        cx,
    }
}

fn present_part<'a>(cx: &'a Cx, picture: &Picture) -> Present<'a> {
    let items = draw::items(cx, picture);
    let (back, forth) = around(&items);
    let (stage, stage_text) = draw::stage(cx, picture);
    let (coming, _) = coming(&items, 3);
    Present {
        here: at(&picture.briefing.address, ""),
        name: draw::name(cx, &picture.briefing),
        current: items.iter().find(|item| item.current).cloned(),
        items,
        coming,
        stage,
        stage_text,
        writes: picture.writes() && picture.briefing.state == MeetingState::Running,
        back,
        forth,
        cx,
    }
}

/// `GET /giao-ban/{id}/tuong`
pub(super) async fn wall(
    actor: Actor<ReadBriefings>,
    mut cx: Cx,
    State(app): State<App>,
    Meeting { id, address }: Meeting,
) -> Result<Response, AppError> {
    // A meeting room is dark unless somebody chose otherwise on this screen.
    if cx.theme == Theme::Auto {
        cx.theme = Theme::Dark;
    }
    let picture = load(&app, Hand::of(&actor), id).await?;
    let part = wall_part(&cx, &picture).render()?;
    let page_ = Page::new(cx.t("meet-wall"), Whole { part })
        .layout(Layout::Wall)
        .print(PrintSize::A3)
        .live(format!("/song{}?lang={}", at(&address, "tuong"), cx.lang.code()))
        .style("tasks.css")
        .style("briefings.css");
    Ok(page(&cx, page_))
}

/// `GET /song/giao-ban/{id}/tuong`
pub(super) async fn wall_stream(
    actor: Actor<ReadBriefings>,
    cx: Cx,
    State(app): State<App>,
    Meeting { id, .. }: Meeting,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    live(&app, &actor, &cx, &headers, id, "tuong", |cx, picture| wall_part(cx, picture).render()).await
}

/// `GET /giao-ban/{id}/trinh-bay`
pub(super) async fn present(
    actor: Actor<ReadBriefings>,
    cx: Cx,
    State(app): State<App>,
    Meeting { id, address }: Meeting,
) -> Result<Response, AppError> {
    let picture = load(&app, Hand::of(&actor), id).await?;
    let part = present_part(&cx, &picture).render()?;
    let page_ = Page::new(cx.t("meet-present"), Whole { part })
        .live(format!("/song{}?lang={}", at(&address, "trinh-bay"), cx.lang.code()))
        .style("task.css")
        .style("briefings.css");
    Ok(page(&cx, page_))
}

/// `GET /song/giao-ban/{id}/trinh-bay`
pub(super) async fn present_stream(
    actor: Actor<ReadBriefings>,
    cx: Cx,
    State(app): State<App>,
    Meeting { id, .. }: Meeting,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    live(&app, &actor, &cx, &headers, id, "trinh-bay", |cx, picture| present_part(cx, picture).render()).await
}
