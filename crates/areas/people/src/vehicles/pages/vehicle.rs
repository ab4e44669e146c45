//! One vehicle: what is registered, its pass, what may be done to it.

use askama::Template;
use axum::{Form, extract::State, http::HeaderMap, response::Response};
use platform::{
    app::App,
    clock,
    identity::{Actor, doer_words},
    web::{AppError, Cx, LivePart, Page, Path, Typed, page, page_with, see},
};
use rules::badge::{BadgeAct, after};

use super::{Hands, convoy_words, days, differs, notice};
use crate::{
    badges::{
        BadgeError, BadgeState,
        pages::{Chip, look},
    },
    vehicles::{
        HandPasses, ManageVehicles, ReadVehicles, TOPIC, VehicleError,
        model::{Happened, Lot, Pass, Vehicle},
        passes, query, store,
    },
};

/// Everything that the page shows.
struct Picture {
    vehicle: Vehicle,
    phone: String,
    lot: Option<Lot>,
    copies: Vec<Pass>,
    history: Vec<Happened>,
}

async fn load(app: &App, no: u32, hands: Hands) -> Result<Picture, VehicleError> {
    app.db
        .read(move |tx| {
            let vehicle = query::vehicle(tx, no)?;
            let phone = if hands.contacts { query::phone(tx, vehicle.id)? } else { String::new() };
            let lot = match &vehicle.lot {
                Some(code) => query::lot(tx, code)?,
                None => None,
            };
            let copies = query::copies(tx, vehicle.id)?;
            Ok(Picture { phone, lot, copies, history: query::history(tx, vehicle.id)?, vehicle })
        })
        .await
}

struct Step {
    at: String,
    tone: &'static str,
    words: String,
    by: String,
    reason: String,
}

/// An act that may be done now.
struct Offer {
    act: &'static str,
    icon: &'static str,
    words: String,
    reason: bool,
    primary: bool,
}

#[derive(Template)]
#[template(path = "vehicles/vehicle_part.html")]
struct Part<'a> {
    cx: &'a Cx,
    vehicle: &'a Vehicle,
    pass: Option<&'a Pass>,
    kind: String,
    lot: String,
    convoy: String,
    days: String,
    phone: String,
    contacts: bool,
    chip: Chip,
    mismatches: Vec<String>,
    here: String,
    offers: Vec<Offer>,
    reissue: bool,
    request: bool,
    prints: bool,
    again: bool,
    withdraws: bool,
    steps: Vec<Step>,
}

#[derive(Template)]
#[template(path = "vehicles/vehicle.html")]
struct Whole<'a> {
    cx: &'a Cx,
    notice: String,
    error: String,
    vehicle: &'a Vehicle,
    manages: bool,
    region: String,
}

fn draw_part(cx: &Cx, picture: &Picture, hands: Hands) -> askama::Result<String> {
    let vehicle = &picture.vehicle;
    let pass = picture.copies.first();
    let state = pass.map(|pass| pass.state);
    let may = |act: BadgeAct| match act {
        BadgeAct::Approve => hands.decide,
        BadgeAct::Issue | BadgeAct::Lose | BadgeAct::Return => hands.hand,
        BadgeAct::Destroy => hands.manage,
        BadgeAct::Print | BadgeAct::Replace | BadgeAct::Recall => false,
    };
    let offers = BadgeAct::ALL
        .into_iter()
        .filter(|act| may(*act) && state.is_some_and(|state| after(state, *act).is_some()))
        .filter(|act| *act != BadgeAct::Issue || vehicle.comes())
        .map(|act| Offer {
            act: act.as_str(),
            icon: match act {
                BadgeAct::Approve => "circle-check",
                BadgeAct::Issue => "id-badge-2",
                BadgeAct::Lose => "alert-octagon",
                BadgeAct::Return => "arrow-back-up",
                _ => "trash",
            },
            words: cx.tp("badges-act-do-", act.as_str()).into_owned(),
            reason: act.needs_reason(),
            primary: matches!(act, BadgeAct::Approve | BadgeAct::Issue),
        })
        .collect();
    let copy_of = |id| picture.copies.iter().find(|copy| copy.id == id).map_or(0, |copy| copy.copy);
    let steps = picture
        .history
        .iter()
        .map(|one| Step {
            at: cx.moment(&clock::local(one.at)),
            tone: BadgeState::parse(&one.state).map_or("grey", |state| look(state).0),
            words: cx.t2(
                "badges-history",
                "state",
                cx.tp("badges-state-", &one.state),
                "copy",
                copy_of(one.pass),
            ),
            by: doer_words(cx, &one.office),
            reason: one.reason.clone(),
        })
        .collect();
    Part {
        cx,
        vehicle,
        pass,
        kind: cx.tp("vehicles-kind-", vehicle.kind).into_owned(),
        lot: picture.lot.as_ref().map(|lot| format!("{} – {}", lot.code, lot.name)).unwrap_or_default(),
        convoy: convoy_words(cx, vehicle),
        days: days(cx, vehicle),
        phone: picture.phone.clone(),
        contacts: hands.contacts,
        chip: Chip::of(cx, state),
        mismatches: pass.map(|pass| differs(cx, pass, vehicle)).unwrap_or_default(),
        here: vehicle.href(),
        offers,
        reissue: hands.manage && vehicle.comes() && state.is_some_and(|state| !state.is_live()),
        request: hands.manage && vehicle.comes() && state.is_none(),
        prints: hands.manage
            && vehicle.comes()
            && matches!(state, Some(BadgeState::Approved | BadgeState::Printed | BadgeState::Issued)),
        again: state.is_some_and(BadgeState::opens),
        withdraws: hands.manage && vehicle.comes(),
        steps,
    }
    .render()
}

async fn draw(
    app: &App,
    cx: &Cx,
    hands: Hands,
    no: u32,
    refused: Option<AppError>,
) -> Result<Response, AppError> {
    let picture = load(app, no, hands).await?;
    let live = LivePart::of(cx, hands.name()).at(&picture.vehicle.href());
    let html = draw_part(&live.cx(), &picture, hands)?;
    let body = Whole {
        notice: notice(cx),
        error: refused.as_ref().map(|error| error.detail(cx.lang)).unwrap_or_default(),
        vehicle: &picture.vehicle,
        manages: hands.manage && picture.vehicle.comes(),
        region: live.region(html)?,
        cx,
    };
    let out = Page::new(picture.vehicle.plate.clone(), body).style("badges.css");
    Ok(match refused {
        Some(error) => page_with(error.status(), cx, out),
        None => page(cx, out),
    })
}

/// `GET /xe/{no}`
pub(in crate::vehicles) async fn show(
    actor: Actor<ReadVehicles>,
    cx: Cx,
    State(app): State<App>,
    Path(no): Path<u32>,
) -> Result<Response, AppError> {
    draw(&app, &cx, Hands::of(&actor), no, None).await
}

/// `GET /song/xe/{no}`
pub(in crate::vehicles) async fn stream(
    actor: Actor<ReadVehicles>,
    cx: Cx,
    State(app): State<App>,
    Path(no): Path<u32>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let (hands, owner) = (Hands::of(&actor), app.clone());
    let topic = format!("{TOPIC}/{no}");
    // Passes of many at once are printed and approved under the common topic.
    LivePart::of(&cx, hands.name()).stream(
        &app,
        &actor,
        &cx,
        &headers,
        [TOPIC.to_owned(), topic],
        move |cx| {
            let app = owner.clone();
            async move { Ok(draw_part(&cx, &load(&app, no, hands).await?, hands)?) }
        },
    )
}

/// `POST /xe/{no}/rut`
pub(in crate::vehicles) async fn withdraw(
    actor: Actor<ManageVehicles>,
    State(app): State<App>,
    Path(no): Path<u32>,
) -> Result<Response, AppError> {
    app.db.write(actor.author(), move |tx| Ok::<_, VehicleError>(store::withdraw(tx, no)?.with(()))).await?;
    Ok(see(&format!("/xe/{no}"), "withdrawn"))
}

/// `POST /xe/{no}/the/{act}`
pub(in crate::vehicles) async fn act(
    actor: Actor<HandPasses>,
    cx: Cx,
    State(app): State<App>,
    Path((no, name)): Path<(u32, String)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let hands = Hands::of(&actor);
    let reissue = name == "cap-lai";
    let act = BadgeAct::parse(&name);
    let allowed = match act {
        Some(BadgeAct::Issue | BadgeAct::Lose | BadgeAct::Return) => hands.hand,
        Some(BadgeAct::Approve) => hands.decide,
        Some(BadgeAct::Destroy) => hands.manage,
        Some(BadgeAct::Print | BadgeAct::Replace | BadgeAct::Recall) => return Err(AppError::not_found()),
        None if reissue => hands.manage,
        None => return Err(AppError::not_found()),
    };
    if !allowed {
        return Err(AppError::forbidden());
    }
    let typed = Typed::from(pairs);
    // The copy that the page showed: a second press never reaches the copy that came after it.
    let (shown, reason) = (typed.get("pass").parse().ok(), typed.get("reason").to_owned());
    let done = app
        .db
        .write(actor.author(), move |tx| {
            let Some(act) = act else { return Ok(passes::reissue(tx, no)?.map(|_| ())) };
            let vehicle = query::vehicle(tx, no)?;
            let id = shown.ok_or(VehicleError::NotFound)?;
            let known = query::pass(tx, id)?.filter(|pass| pass.vehicle == vehicle.id);
            known.ok_or(VehicleError::NotFound)?;
            Ok(passes::act(tx, id, act, &reason)?.map(|_| ()))
        })
        .await;
    match done {
        Ok(()) => Ok(see(&format!("/xe/{no}"), if reissue { "reissued" } else { &name })),
        Err(error @ VehicleError::Pass(BadgeError::Reason | BadgeError::Fields(_))) => {
            draw(&app, &cx, hands, no, Some(error.into())).await
        }
        Err(error) => Err(error.into()),
    }
}
