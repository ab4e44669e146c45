//! One venue: what is known of it, its spaces with the working of the way out, gates, photographs, hand-over.

use askama::Template;
use axum::{
    Form,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use platform::{
    app::App,
    i18n::key,
    identity::Actor,
    web::{AppError, Cx, LivePart, Page, Path, page_with},
};
use rules::{
    egress,
    scoring::Gate,
    venue::{VenueMove, VenueState, next},
};

use super::{
    common::{at, by_at, measured, notice, see, sentence},
    compare,
    handover::frozen_photos,
    photos::{BeforeAfter, PhotoGroup, before_after, photo_groups},
    view,
};
use crate::{
    tasks::pages::task::form::Typed,
    venues::{ManageVenues, ReadVenues, VenueError, Who, model::*, picture::Picture, store, who},
};

struct Act {
    step: String,
    words: String,
    class: &'static str,
    confirm: String,
    asks: bool,
}

struct GateView {
    code: String,
    name: String,
    tone: &'static str,
    icon: &'static str,
    word: String,
    detail: String,
    said: String,
    /// What surveyors found.
    seen: Vec<String>,
    judged_here: bool,
}

struct ExitView {
    name: String,
    leads: String,
    width: String,
    height: String,
}

struct SpaceView {
    id: String,
    name: String,
    main: bool,
    facts: Vec<(String, String)>,
    exits: Vec<ExitView>,
    egress: Option<view::Egress>,
}

struct HandoverView {
    title: String,
    when: String,
    condition: String,
    photos: String,
    sha: String,
    pdf: String,
    docx: String,
}

/// The part of a venue's page that lives.
#[derive(Template)]
#[template(path = "venues/pages/site_part.html")]
struct Part<'a> {
    cx: &'a Cx,
    here: String,
    tone: &'static str,
    icon: &'static str,
    gate: String,
    states: Vec<(String, bool)>,
    acts: Vec<Act>,
    links: Vec<(String, String)>,
    manages: bool,
    judges: bool,
    facts: Vec<(String, String)>,
    gates: Vec<GateView>,
    spaces: Vec<SpaceView>,
    disclaimer: String,
    photos: Vec<PhotoGroup>,
    handovers: Vec<HandoverView>,
    hands: bool,
    hands_words: String,
    pairs: Vec<BeforeAfter>,
}

/// The page around it: what somebody types is never drawn again under the hand.
#[derive(Template)]
#[template(path = "venues/pages/site.html")]
struct SitePage<'a> {
    cx: &'a Cx,
    here: String,
    code: String,
    name: String,
    address: String,
    notice: String,
    error: String,
    acts: Vec<Act>,
    manages: bool,
    adds_photos: bool,
    photo_kinds: Vec<(String, String)>,
    subjects: Vec<(String, String)>,
    typed: Typed,
    region: String,
}

pub(super) struct Shown {
    pub(super) venue: Venue,
    pub(super) spaces: Vec<Space>,
    pub(super) round: Option<Round>,
    pub(super) criteria: Option<Criteria>,
    pub(super) picture: Option<Picture>,
    pub(super) photos: Vec<Photo>,
    pub(super) handovers: Vec<Handover>,
    /// What surveyors of forms that this office may read found about gates: gate, result and words.
    pub(super) found: Vec<(String, Gate, String)>,
}

pub(super) fn load(tx: &mut platform::db::Tx<'_>, who: &Who, code: &str) -> Result<Shown, VenueError> {
    let venue = store::venue_by_code(tx, code)?;
    let picture = compare::current(tx, who)?;
    let mut found = Vec::new();
    if let Some(picture) = &picture {
        for survey in store::surveys_of(tx, picture.round.id)? {
            if survey.venue != venue.id || survey.handed_in_at.is_none() {
                continue;
            }
            let Ok(form) = store::form_for(tx, who, survey.id) else { continue };
            for record in form.answers() {
                if let Content::Gate { code, result, condition, note } = &record.content {
                    let words: Vec<&str> = [condition.as_str(), note.as_str()]
                        .into_iter()
                        .filter(|text| !text.is_empty())
                        .collect();
                    found.push((code.clone(), *result, words.join(". ")));
                }
            }
        }
    }
    Ok(Shown {
        spaces: store::spaces(tx, venue.id)?,
        round: picture.as_ref().map(|picture| picture.round.clone()),
        criteria: store::newest_criteria(tx)?,
        photos: store::photos(tx, who, venue.id)?,
        handovers: store::handovers(tx, venue.id)?,
        venue,
        picture,
        found,
    })
}

/// The steps of a venue that everybody knows, with the one where it stands.
fn states(cx: &Cx, state: VenueState) -> Vec<(String, bool)> {
    use VenueState as S;
    let way: &[S] = match state {
        S::Disqualified => &[S::Nominated, S::Surveying, S::Disqualified],
        S::PassedOver => &[S::Nominated, S::Surveying, S::Qualified, S::Scoring, S::Submitted, S::PassedOver],
        S::Withdrawn => &[S::Nominated, S::Withdrawn],
        _ => &[
            S::Nominated,
            S::Surveying,
            S::Qualified,
            S::Scoring,
            S::Submitted,
            S::Chosen,
            S::HandedOver,
            S::GivenBack,
        ],
    };
    way.iter().map(|one| (cx.t(one.key()).into_owned(), *one == state)).collect()
}

fn acts(cx: &Cx, venue: &Venue, gate: Gate) -> Vec<Act> {
    VenueMove::ALL
        .into_iter()
        .filter(|step| step.is_plain() && next(venue.state, *step, gate).is_ok())
        .map(|step| Act {
            step: step.to_string(),
            words: cx.t(step.key()).into_owned(),
            class: match step {
                VenueMove::Withdraw => "btn-outline-danger",
                VenueMove::Resurvey => "btn-outline-secondary",
                _ => "btn-primary",
            },
            confirm: if step == VenueMove::Conclude {
                cx.t2("venues-confirm-conclude", "code", &venue.code, "result", cx.t(gate.key()))
            } else {
                String::new()
            },
            asks: step.needs_reason(),
        })
        .collect()
}

fn facts(cx: &Cx, venue: &Venue) -> Vec<(String, String)> {
    [
        (key("venues-kind-of-place"), &venue.kind),
        (key("venues-owner"), &venue.owner),
        (key("venues-geo"), &venue.geo),
        (key("venues-remark"), &venue.note),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(words, value)| (cx.t(words).into_owned(), value.clone()))
    .collect()
}

fn space_view(cx: &Cx, shown: &Shown, space: &Space) -> SpaceView {
    let fields = &space.fields;
    let number =
        |value: Option<u32>, key: &'static str| value.map(|value| cx.tn(key, value)).unwrap_or_default();
    let length = |value: Option<u32>| match value {
        Some(_) => cx.t1("venues-metres", "value", measured(cx, value, 1000)),
        None => String::new(),
    };
    let facts = [
        (key("venues-used-as"), cx.tp("venues-use-", fields.used_as.as_str()).into_owned()),
        (key("venues-seats"), number(fields.seats, key("venues-seats-count"))),
        (
            key("venues-area"),
            fields
                .area
                .map(|_| cx.t1("venues-square-metres", "value", measured(cx, fields.area, 100)))
                .unwrap_or_default(),
        ),
        (key("venues-volume"), number(fields.volume_m3, key("venues-cubic-metres"))),
        (key("venues-grade"), fields.grade.map(|grade| grade.to_string()).unwrap_or_default()),
        (
            key("venues-sprinkler"),
            cx.t(if fields.sprinkler { "venues-yes" } else { "venues-no" }).into_owned(),
        ),
        (key("venues-diagonal"), length(fields.diagonal_mm)),
        (key("venues-apart"), length(fields.apart_mm)),
        (key("venues-travel"), length(fields.travel_mm)),
        (key("venues-dead-end"), length(fields.dead_end_mm)),
        (key("venues-remark"), fields.note.clone()),
    ];
    let screening = shown
        .round
        .as_ref()
        .filter(|_| fields.main)
        .map(|round| egress::screen(&fields.measured(), round.people, round.reserve));
    SpaceView {
        id: space.id.to_string(),
        name: fields.name.clone(),
        main: fields.main,
        facts: facts
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(words, value)| (cx.t(words).into_owned(), value))
            .collect(),
        exits: fields
            .exits
            .iter()
            .map(|exit| ExitView {
                name: exit.name.clone(),
                leads: exit.leads_to.clone(),
                width: measured(cx, Some(exit.clear_width_mm), 1000),
                height: measured(cx, exit.clear_height_mm, 1000),
            })
            .collect(),
        egress: screening.map(|found| compare::egress_view(cx, &shown.venue.code, &fields.name, &found)),
    }
}

fn gate_views(cx: &Cx, shown: &Shown) -> Vec<GateView> {
    let Some(entry) = shown.picture.as_ref().and_then(|picture| picture.entry(shown.venue.id)) else {
        return Vec::new();
    };
    entry
        .gates
        .iter()
        .map(|gate| {
            let cell = compare::gate_cell(cx, entry, gate);
            let mut seen: Vec<String> = Vec::new();
            for (_, result, words) in shown.found.iter().filter(|(code, ..)| *code == gate.code) {
                let words = cx.t2("venues-surveyor-found", "result", cx.t(result.key()), "words", words);
                // Three who found the same say it once.
                if !seen.contains(&words) {
                    seen.push(words);
                }
            }
            GateView {
                code: gate.code.clone(),
                name: gate.name.clone(),
                tone: cell.tone,
                icon: cell.icon,
                word: cell.word,
                detail: cell.detail,
                said: gate
                    .judgement
                    .as_ref()
                    .map(|judged| by_at(cx, &judged.judged_by, judged.at))
                    .unwrap_or_default(),
                seen,
                judged_here: !gate.computed,
            }
        })
        .collect()
}

/// What is handed over next, when something is.
fn handing(venue: &Venue) -> Option<HandoverKind> {
    match venue.state {
        VenueState::Chosen => Some(HandoverKind::Over),
        VenueState::HandedOver => Some(HandoverKind::Back),
        _ => None,
    }
}

/// How the gates of the venue stand together.
fn gate_of(shown: &Shown) -> Gate {
    let entry = shown.picture.as_ref().and_then(|picture| picture.entry(shown.venue.id));
    entry.map_or(Gate::NoEvidence, |entry| entry.standing.gate)
}

fn part(cx: &Cx, who: &Who, shown: &Shown) -> askama::Result<String> {
    let venue = &shown.venue;
    let gate = gate_of(shown);
    let (tone, icon) = view::gate_look(gate);
    let here = at(&venue.code);
    let handing = handing(venue);
    let mut links = Vec::new();
    if matches!(venue.state, VenueState::Scoring | VenueState::Submitted) {
        links.push(("/dia-diem/quyet-dinh".to_owned(), cx.t("venues-tab-decision").into_owned()));
    }
    Part {
        tone,
        icon,
        gate: cx.t(gate.key()).into_owned(),
        states: states(cx, venue.state),
        acts: if who.manages {
            acts(cx, venue, gate).into_iter().filter(|act| !act.asks).collect()
        } else {
            Vec::new()
        },
        links,
        manages: who.manages && venue.state.is_open(),
        judges: who.manages && venue.state.takes_gates(),
        facts: facts(cx, venue),
        gates: gate_views(cx, shown),
        spaces: shown.spaces.iter().map(|space| space_view(cx, shown, space)).collect(),
        disclaimer: cx.t(egress::DISCLAIMER).into_owned(),
        photos: photo_groups(cx, shown.criteria.as_ref(), &shown.photos),
        handovers: shown
            .handovers
            .iter()
            .map(|one| HandoverView {
                title: cx.tp("venues-handover-", one.kind).into_owned(),
                when: cx.t2("venues-handover-with", "day", cx.date(&one.on_day), "party", &one.other_party),
                condition: one.condition.clone(),
                photos: cx.tn("venues-handover-photos", frozen_photos(&one.content).len()),
                sha: one.sha256.chars().take(12).collect(),
                pdf: format!("{here}/ban-giao/{}.pdf", one.id),
                docx: format!("{here}/ban-giao/{}.docx", one.id),
            })
            .collect(),
        hands: who.manages && handing.is_some(),
        hands_words: handing.map(|kind| cx.tp("venues-handover-do-", kind).into_owned()).unwrap_or_default(),
        pairs: before_after(cx, &shown.photos),
        here,
        cx,
    }
    .render()
}

fn draw(
    cx: &Cx,
    who: &Who,
    shown: &Shown,
    typed: Typed,
    refused: Option<&AppError>,
) -> Result<Response, AppError> {
    let venue = &shown.venue;
    let here = at(&venue.code);
    let mut subjects = vec![(String::new(), cx.t("venues-photo-whole").into_owned())];
    for one in shown.criteria.iter().flat_map(|criteria| &criteria.criteria) {
        let kind = if one.kind == CriterionKind::Score { "rating" } else { "gate" };
        subjects.push((format!("{kind}/{}", one.code), format!("{} {}", one.code, one.name)));
    }
    let kinds: &[PhotoKind] = if venue.state.is_open() {
        &[PhotoKind::Evidence, PhotoKind::Drawing, PhotoKind::Perspective]
    } else {
        &[PhotoKind::Before, PhotoKind::After]
    };
    // A form that was refused is answered at its own address; the part belongs to the venue's.
    let live = LivePart::of(cx, format_args!("{who:?}")).at(&here);
    let region = live.region(part(&live.cx(), who, shown)?)?;
    let body = SitePage {
        code: venue.code.clone(),
        name: venue.name.clone(),
        address: venue.address.clone(),
        notice: notice(cx),
        error: sentence(cx, refused),
        acts: if who.manages {
            acts(cx, venue, gate_of(shown)).into_iter().filter(|act| act.asks).collect()
        } else {
            Vec::new()
        },
        manages: who.manages && venue.state.is_open(),
        adds_photos: who.manages && (venue.state.is_open() || handing(venue).is_some()),
        photo_kinds: kinds
            .iter()
            .map(|kind| (kind.to_string(), cx.tp("venues-photo-kind-", kind).into_owned()))
            .collect(),
        subjects,
        typed,
        region,
        here,
        cx,
    };
    let title = format!("{} · {}", venue.code, venue.name);
    let page = Page::new(title, body).style("venues.css");
    Ok(page_with(refused.map_or(StatusCode::OK, AppError::status), cx, page))
}

/// `GET /dia-diem/{code}`
pub(super) async fn show(
    actor: Actor<ReadVenues>,
    cx: Cx,
    State(app): State<App>,
    Path(code): Path<String>,
) -> Result<Response, AppError> {
    let who = who(&actor);
    let shown = app.db.read(move |tx| load(tx, &who, &code)).await?;
    draw(&cx, &who, &shown, Typed::default(), None)
}

/// `GET /song/dia-diem/{code}`
pub(super) async fn stream(
    actor: Actor<ReadVenues>,
    cx: Cx,
    State(app): State<App>,
    Path(code): Path<String>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let who = who(&actor);
    let wanted = code.clone();
    let venue = app.db.read(move |tx| store::venue_by_code(tx, &wanted)).await?;
    let owner = app.clone();
    let live = LivePart::of(&cx, format_args!("{who:?}")).at(&at(&venue.code));
    live.stream(&app, &actor, &cx, &headers, [store::TOPIC, "congress"], move |cx| {
        let (app, code) = (owner.clone(), code.clone());
        async move {
            let shown = app.db.read(move |tx| load(tx, &who, &code)).await?;
            Ok(part(&cx, &who, &shown)?)
        }
    })
}

/// The page again with why something was refused, and what was typed.
pub(super) async fn again(
    app: &App,
    cx: &Cx,
    who: Who,
    code: String,
    typed: Typed,
    refused: AppError,
) -> Result<Response, AppError> {
    let shown = app.db.read(move |tx| load(tx, &who, &code)).await?;
    draw(cx, &who, &shown, typed, Some(&refused))
}

/// `POST /dia-diem/{code}/buoc/{step}`: a step that stands by itself.
pub(super) async fn step(
    actor: Actor<ManageVenues>,
    cx: Cx,
    State(app): State<App>,
    Path((code, step)): Path<(String, String)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let (who, typed) = (who(&actor), Typed::from(pairs));
    let step: VenueMove = step.parse().map_err(|_| AppError::not_found())?;
    let (wanted, reason) = (code.clone(), typed.get("reason").to_owned());
    let done = app
        .db
        .write(actor.author(), move |tx| {
            let venue = store::venue_by_code(tx, &wanted)?;
            store::step(tx, &who, venue.id, venue.version, step, &reason)
        })
        .await;
    match done {
        Ok(_) => Ok(see(&at(&code), "moved")),
        Err(error) => again(&app, &cx, who, code, typed, error.into()).await,
    }
}
