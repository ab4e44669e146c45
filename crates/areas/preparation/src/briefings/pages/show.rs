//! One meeting: where it is in the loop is the biggest thing; everything behind it follows.

use std::sync::Arc;

use askama::Template;
use axum::{
    Form,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use platform::{
    app::App,
    i18n::{Lang, key},
    identity::Actor,
    live::{Channel, last_event_id},
    web::{AppError, Cx, Page, Path, Site, page_with},
};
use serde::Deserialize;

use super::{
    common::{self, Meeting, at, done, notice},
    draw,
    picture::Picture,
    view::{Act, Attendee, Changed, ConclusionView, Delta, Figure, ItemView, PaperLink, Stage, StreamDelta},
};
use crate::{
    briefings::{
        BriefingError, ContributeBriefings, Hand, ReadBriefings, TOPIC,
        model::{BriefingId, MeetingState, Step},
        snapshot, store,
    },
    tasks,
};

/// The part of a meeting's page that lives.
#[derive(Template)]
#[template(path = "briefings/pages/show.html")]
struct Show<'a> {
    cx: &'a Cx,
    name: String,
    series: String,
    at: String,
    place: String,
    chair: String,
    secretary: String,
    stages: Vec<Stage>,
    stage: String,
    stage_text: String,
    acts: Vec<Act>,
    version: i64,
    tampered: String,
    conclusions: Vec<ConclusionView>,
    receipts: String,
    figures: Vec<Figure>,
    frozen_title: String,
    frozen_by: String,
    frozen_hash: String,
    changed: Vec<Changed>,
    week_title: String,
    week: Vec<Delta>,
    streams: Vec<StreamDelta>,
    items: Vec<ItemView>,
    planned_minutes: String,
    agenda_edit: String,
    people: Vec<Attendee>,
    people_count: String,
    people_edit: String,
    papers: Vec<PaperLink>,
    supplement_new: String,
}

#[derive(Template)]
#[template(path = "briefings/pages/page.html")]
struct Whole<'a> {
    cx: &'a Cx,
    notice: String,
    refusal: String,
    live: String,
}

/// Reads a meeting for an actor.
pub(super) async fn load(app: &App, hand: Hand, id: BriefingId) -> Result<Picture, BriefingError> {
    app.db.read(move |tx| Picture::load(tx, hand, id)).await
}

/// What the streams of a meeting depend on.
pub(super) fn topics(id: BriefingId) -> [String; 4] {
    [format!("{TOPIC}/{id}"), TOPIC.to_owned(), tasks::store::TOPIC.to_owned(), "congress".to_owned()]
}

/// A key for the bytes of a page: what the hand may see and do.
pub(super) fn key_of(what: &str, id: BriefingId, lang: Lang, hand: &Hand) -> String {
    format!(
        "{what}?{id}&lang={}#office={:?}&r={}&c={}&m={}&d={}&aud={}",
        lang.code(),
        hand.office,
        hand.reads.name(),
        hand.contributes.name(),
        hand.manages.name(),
        hand.decides.name(),
        hand.audience.name()
    )
}

fn view<'a>(cx: &'a Cx, picture: &Picture) -> Show<'a> {
    let briefing = &picture.briefing;
    let address = &briefing.address;
    let (stage, stage_text) = draw::stage(cx, picture);
    let (frozen_title, frozen_by, frozen_hash) = draw::frozen_words(cx, picture);
    let (week_title, week, streams) = draw::week(cx, picture);
    let takes = briefing.state.takes_agenda() && picture.writes();
    let planned: u32 = picture.items.iter().filter_map(|item| item.minutes.map(u32::from)).sum();
    Show {
        name: draw::name(cx, briefing),
        series: picture.series.title.clone(),
        at: common::day(cx, platform::clock::local(briefing.at)),
        place: briefing.place.clone(),
        chair: picture.office(briefing.chair_office).to_owned(),
        secretary: picture.office(briefing.secretary_office).to_owned(),
        stages: draw::stages_of(cx, picture),
        stage,
        stage_text,
        acts: draw::acts(cx, picture),
        version: briefing.version,
        tampered: picture
            .broken
            .clone()
            .map(|error| AppError::from(error).detail(cx.lang))
            .unwrap_or_default(),
        conclusions: draw::conclusions(cx, picture),
        receipts: draw::receipts(cx, picture),
        figures: draw::figures(cx, picture),
        frozen_title,
        frozen_by,
        frozen_hash,
        changed: if briefing.state.is_signed() { Vec::new() } else { draw::changed(cx, picture) },
        week_title,
        week,
        streams,
        items: draw::items(cx, picture),
        planned_minutes: if planned > 0 { cx.tn("meet-minutes-planned", planned) } else { String::new() },
        agenda_edit: if takes { at(address, "") } else { String::new() },
        people: draw::people(cx, picture),
        people_count: draw::people_count(cx, picture),
        people_edit: if takes { at(address, "thanh-phan") } else { String::new() },
        papers: draw::papers(cx, picture),
        supplement_new: if briefing.state.is_signed() && picture.writes() {
            at(address, "bo-sung")
        } else {
            String::new()
        },
        cx,
    }
}

/// `GET /giao-ban/{id}`
pub(super) async fn show(
    actor: Actor<ReadBriefings>,
    cx: Cx,
    State(app): State<App>,
    Meeting { id, .. }: Meeting,
) -> Result<Response, AppError> {
    whole(&app, &cx, Hand::of(&actor), id, None).await
}

/// The page of a meeting, with a refusal above it when there is one.
pub(super) async fn whole(
    app: &App,
    cx: &Cx,
    hand: Hand,
    id: BriefingId,
    refused: Option<AppError>,
) -> Result<Response, AppError> {
    let picture = load(app, hand, id).await?;
    let title = draw::name(cx, &picture.briefing);
    let body = Whole {
        notice: notice(cx),
        refusal: refused.as_ref().map(|error| error.detail(cx.lang)).unwrap_or_default(),
        live: view(cx, &picture).render()?,
        cx,
    };
    let page = Page::new(title, body)
        .live(format!("/song{}?lang={}", at(&picture.briefing.address, ""), cx.lang.code()))
        .style("task.css")
        .style("briefings.css");
    Ok(page_with(refused.map_or(StatusCode::OK, |error| error.status()), cx, page))
}

/// `GET /song/giao-ban/{id}`
pub(super) async fn stream(
    actor: Actor<ReadBriefings>,
    cx: Cx,
    State(app): State<App>,
    Meeting { id, .. }: Meeting,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    live(&app, &actor, &cx, &headers, id, "giao-ban", |cx, picture| view(cx, picture).render()).await
}

/// Streams a part of a meeting: drawn once for all who see and may do the same.
pub(super) async fn live<D>(
    app: &App,
    actor: &Actor<ReadBriefings>,
    cx: &Cx,
    headers: &HeaderMap,
    id: BriefingId,
    what: &str,
    draw: D,
) -> Result<Response, AppError>
where
    D: Fn(&Cx, &Picture) -> askama::Result<String> + Send + Sync + Copy + 'static,
{
    actor.session().ok_or_else(AppError::forbidden)?;
    let hand = Hand::of(actor);
    // Somebody who may not see the meeting gets no stream of it.
    app.db.read(move |tx| store::briefing(tx, &hand, id).map(drop)).await?;
    let (lang, site, owner): (Lang, Arc<Site>, App) = (cx.lang, cx.site.clone(), app.clone());
    let channel = Channel::new(key_of(what, id, lang, &hand), topics(id), move || {
        let (app, site) = (owner.clone(), site.clone());
        async move {
            let picture = load(&app, hand, id).await?;
            let cx = Cx::bare(lang, site);
            Ok(axum::body::Bytes::from(draw(&cx, &picture)?))
        }
    });
    let frames = app.live.subscribe(channel, last_event_id(headers));
    Ok(app.live.sse(actor.door_id(), frames))
}

// ---------------------------------------------------------------- steps

/// What a step sends.
#[derive(Debug, Deserialize)]
pub(super) struct StepForm {
    #[serde(default)]
    version: i64,
    #[serde(default)]
    reason: String,
}

#[derive(Template)]
#[template(path = "briefings/pages/cancel.html")]
struct Cancel<'a> {
    cx: &'a Cx,
    here: String,
    name: String,
    version: i64,
    reason: String,
    refusal: String,
    err_reason: String,
}

/// `GET /giao-ban/{id}/buoc/{step}`: a meeting is called off with a reason.
pub(super) async fn ask(
    actor: Actor<ReadBriefings>,
    cx: Cx,
    State(app): State<App>,
    Meeting { id, address }: Meeting,
    Path((_, step)): Path<(String, Step)>,
) -> Result<Response, AppError> {
    if step != Step::Cancel {
        return Err(AppError::method_not_allowed().next(at(&address, ""), key("meet-back")));
    }
    cancel_page(&app, &cx, Hand::of(&actor), id, String::new(), None).await
}

async fn cancel_page(
    app: &App,
    cx: &Cx,
    hand: Hand,
    id: BriefingId,
    reason: String,
    refused: Option<AppError>,
) -> Result<Response, AppError> {
    let (briefing, _) = app.db.read(move |tx| store::briefing(tx, &hand, id)).await?;
    let name = draw::name(cx, &briefing);
    let fields = refused.as_ref().map(|error| error.fields().to_vec()).unwrap_or_default();
    let body = Cancel {
        here: briefing.href(),
        version: briefing.version,
        reason,
        refusal: refused
            .as_ref()
            .filter(|_| fields.is_empty())
            .map(|error| error.detail(cx.lang))
            .unwrap_or_default(),
        err_reason: common::problem(cx, &fields, "reason"),
        name,
        cx,
    };
    let page = Page::new(cx.t("meet-do-cancel"), body).style("briefings.css");
    Ok(page_with(refused.map_or(StatusCode::OK, |error| error.status()), cx, page))
}

/// `POST /giao-ban/{id}/buoc/{step}`: freeze, open, close, reopen, cancel.
pub(super) async fn step(
    actor: Actor<ContributeBriefings>,
    cx: Cx,
    State(app): State<App>,
    Meeting { id, address }: Meeting,
    Path((_, step)): Path<(String, Step)>,
    Form(form): Form<StepForm>,
) -> Result<Response, AppError> {
    let hand = Hand::of(&actor);
    let said = form.reason.replace("\r\n", "\n");
    let reason = said.clone();
    let written = match step {
        Step::Freeze => {
            app.db
                .write(actor.author(), move |tx| {
                    Ok(snapshot::freeze(tx, &hand, id)?.map(|_| MeetingState::Frozen))
                })
                .await
        }
        _ => {
            app.db
                .write(actor.author(), move |tx| store::step(tx, &hand, id, form.version, step, &reason))
                .await
        }
    };
    match written {
        Ok(state) => {
            let below = if state == MeetingState::Running { "bien-ban" } else { "" };
            let name = if step == Step::Freeze { "frozen" } else { step.as_str() };
            Ok(done(&cx, &at(&address, below), name))
        }
        Err(error @ BriefingError::ReasonNeeded) => {
            cancel_page(&app, &cx, hand, id, said, Some(error.into())).await
        }
        Err(error @ (BriefingError::NotFound | BriefingError::NotPermitted)) => Err(error.into()),
        Err(error) => whole(&app, &cx, hand, id, Some(error.into())).await,
    }
}
