//! One person's card: the copy that counts, what may be done to it, its history.

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    response::Response,
};
use platform::{
    app::App,
    clock,
    identity::{Actor, doer_words},
    web::{AppError, Cx, Page, Typed, page, page_with, see},
};
use rules::badge::{BadgeAct, BadgeState, after};

use super::{Chip, Hands, device::size_for, differs, look, notice};
use crate::{
    badges::{
        BadgeError, HandBadges, ReadBadges,
        model::{Badge, BadgeCategory, Zone},
        query, store,
    },
    delegates::{model::Participant, query as roll},
    printers::{self, model::Outcome},
};

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
#[template(path = "badges/card.html")]
struct Card<'a> {
    cx: &'a Cx,
    notice: String,
    error: String,
    reason: String,
    person: Participant,
    here: String,
    category: String,
    rgb: String,
    chip: Chip,
    badge: Option<Badge>,
    id: String,
    days: String,
    zones: Vec<Zone>,
    mismatches: Vec<String>,
    offers: Vec<Offer>,
    reissue: bool,
    request: bool,
    prints: bool,
    again: bool,
    /// Printers whose paper takes a badge: id and name.
    printers: Vec<(String, String)>,
    steps: Vec<Step>,
}

async fn draw_card(
    cx: &Cx,
    app: &App,
    hands: Hands,
    code: &str,
    error: String,
    reason: String,
) -> Result<Response, AppError> {
    let wanted = code.to_owned();
    let (person, copies, history, access, printers) = app
        .db
        .read(move |tx| {
            let person = roll::by_code_any(tx, &wanted)?.ok_or(BadgeError::NotFound)?;
            let copies = query::copies(tx, person.id)?;
            let history = query::history(tx, person.id)?;
            let printers = if hands.manage { printers::store::all(tx)? } else { Vec::new() };
            Ok::<_, BadgeError>((person, copies, history, query::access(tx)?, printers))
        })
        .await?;
    let badge = copies.first().cloned();
    let state = badge.as_ref().map(|badge| badge.state);
    let may = |act: BadgeAct| match act {
        BadgeAct::Approve => hands.decide,
        BadgeAct::Issue | BadgeAct::Lose | BadgeAct::Return => hands.hand,
        BadgeAct::Destroy => hands.manage,
        BadgeAct::Print | BadgeAct::Replace | BadgeAct::Recall => false,
    };
    let offers = BadgeAct::ALL
        .into_iter()
        .filter(|act| may(*act) && state.is_some_and(|state| after(state, *act).is_some()))
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
    let copy_of = |id| copies.iter().find(|copy| copy.id == id).map_or(0, |copy| copy.copy);
    let steps = history
        .iter()
        .map(|one| Step {
            at: cx.moment(&clock::local(one.at)),
            tone: BadgeState::parse(&one.state).map_or("grey", |state| look(state).0),
            words: cx.t2(
                "badges-history",
                "state",
                cx.tp("badges-state-", &one.state),
                "copy",
                copy_of(one.badge),
            ),
            by: doer_words(cx, &one.office),
            reason: one.reason.clone(),
        })
        .collect();
    let category =
        badge.as_ref().filter(|it| it.state.opens()).map_or(BadgeCategory::of(&person), |it| it.category);
    let wrong = !error.is_empty();
    let title = cx.t2("badges-of", "name", person.profile.name.as_str(), "code", person.code.as_str());
    let card = Card {
        cx,
        notice: notice(cx),
        // How it went on a printer that took nothing.
        error: if error.is_empty() { printer_said(cx) } else { error },
        reason,
        here: format!("/the/{}", person.code),
        category: cx.tp("badges-category-", category).into_owned(),
        rgb: category.to_string(),
        chip: Chip::of(cx, state),
        id: person.id.to_string(),
        days: badge
            .as_ref()
            .map(|it| format!("{} – {}", cx.date(&it.first_day), cx.date(&it.last_day)))
            .unwrap_or_default(),
        zones: badge.as_ref().map(|it| access.of_bits(it.zones).cloned().collect()).unwrap_or_default(),
        mismatches: badge.as_ref().map(|it| differs(cx, it, &person)).unwrap_or_default(),
        offers,
        reissue: hands.manage && person.status.is_on_roll() && state.is_some_and(|state| !state.is_live()),
        request: hands.manage && person.status.is_on_roll() && state.is_none(),
        prints: hands.manage
            && matches!(state, Some(BadgeState::Approved | BadgeState::Printed | BadgeState::Issued)),
        again: state.is_some_and(BadgeState::opens),
        printers: printers
            .iter()
            .filter(|printer| size_for(printer).is_some())
            .map(|printer| (printer.id.to_string(), printer.name.clone()))
            .collect(),
        steps,
        person,
        badge,
    };
    let out = Page::new(title, card).style("badges.css");
    Ok(if wrong { page_with(axum::http::StatusCode::UNPROCESSABLE_ENTITY, cx, out) } else { page(cx, out) })
}

/// How it went on a printer, when it took nothing; empty otherwise.
fn printer_said(cx: &Cx) -> String {
    let asked = cx.param("xong");
    let outcome = asked.strip_prefix("may-").and_then(|outcome| outcome.parse::<Outcome>().ok());
    outcome.map(|outcome| cx.tp("printers-outcome-", outcome).into_owned()).unwrap_or_default()
}

/// `GET /the/{code}`
pub(in crate::badges) async fn card(
    actor: Actor<ReadBadges>,
    cx: Cx,
    State(app): State<App>,
    Path(code): Path<String>,
) -> Result<Response, AppError> {
    draw_card(&cx, &app, Hands::of(&actor), &code, String::new(), String::new()).await
}

/// `POST /the/{code}/{act}`
pub(in crate::badges) async fn act(
    actor: Actor<HandBadges>,
    cx: Cx,
    State(app): State<App>,
    Path((code, name)): Path<(String, String)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let hands = Hands::of(&actor);
    let reissue = name == "cap-lai";
    let act = BadgeAct::parse(&name);
    let allowed = match act {
        Some(BadgeAct::Issue | BadgeAct::Lose | BadgeAct::Return) => hands.hand,
        Some(BadgeAct::Approve) => hands.decide,
        Some(BadgeAct::Destroy) => hands.manage,
        Some(BadgeAct::Print | BadgeAct::Replace | BadgeAct::Recall) => {
            return Err(AppError::not_found());
        }
        None if reissue => hands.manage,
        None => return Err(AppError::not_found()),
    };
    if !allowed {
        return Err(AppError::forbidden());
    }
    let typed = Typed::from(pairs);
    let reason = typed.get("reason").to_owned();
    // The copy that the page showed: a second press never reaches the copy that came after it.
    let shown = typed.get("badge").parse().ok();
    let (wanted, said) = (code.clone(), reason.clone());
    let done = app
        .db
        .write(actor.author(), move |tx| {
            let person = roll::by_code_any(tx, &wanted)?.ok_or(BadgeError::NotFound)?;
            let Some(act) = act else { return Ok(store::reissue(tx, person.id)?.map(|_| ())) };
            let badge = shown.ok_or(BadgeError::NotFound)?;
            let known = query::badge(tx, badge)?.filter(|it| it.participant == person.id);
            known.ok_or(BadgeError::NotFound)?;
            Ok(store::act(tx, badge, act, &said)?.map(|_| ()))
        })
        .await;
    let back = format!("/the/{code}");
    match done {
        Ok(()) => Ok(see(&back, if reissue { "reissued" } else { &name })),
        Err(error @ (BadgeError::Reason | BadgeError::Fields(_))) => {
            let words = AppError::from(error).detail(cx.lang);
            draw_card(&cx, &app, hands, &code, words, reason).await
        }
        Err(error) => Err(error.into()),
    }
}
