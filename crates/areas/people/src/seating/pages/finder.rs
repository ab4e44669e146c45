//! The finder: a name, a code or a seat, and the seat is there; below it the plans of all sessions.

use std::collections::BTreeMap;

use askama::Template;
use axum::{extract::State, response::Response};
use platform::{
    app::App,
    identity::Actor,
    web::{AppError, Choice, Cx, Page, page},
};

use super::{door_words, plan_href, team_name, way_href};
use crate::{
    attendance::{model::Session, query as roll_call, when},
    gates::model::session_at,
    seating::{
        ReadSeating, SeatingError,
        model::{Picture, Plan},
        query,
    },
};

/// People that a search shows.
const SHOWN: usize = 30;

struct Found {
    href: String,
    seat: String,
    name: String,
    under: String,
    door: String,
}

struct PlanLine {
    href: String,
    title: String,
    when: String,
    state: &'static str,
    tone: &'static str,
    icon: &'static str,
}

#[derive(Template)]
#[template(path = "seating/finder.html")]
struct Whole<'a> {
    cx: &'a Cx,
    q: String,
    sessions: Vec<Choice>,
    asked: bool,
    planned: bool,
    found: Vec<Found>,
    more: usize,
    plans: Vec<PlanLine>,
}

fn found(cx: &Cx, picture: &Picture, words: &str) -> (Vec<Found>, usize) {
    let all = query::search(picture, words);
    let more = all.len().saturating_sub(SHOWN);
    let line = |(one, at): (&crate::seating::model::Sitter, Option<usize>)| Found {
        href: way_href(picture, &one.who.code),
        seat: at
            .and_then(|at| picture.layout.places.get(at))
            .map(|place| picture.layout.text(place))
            .unwrap_or_default(),
        name: one.who.profile.name.clone(),
        under: format!("{} · {}", one.who.code, team_name(cx, one.person.team)),
        door: at.map(|at| door_words(cx, picture, at)).unwrap_or_default(),
    };
    (all.into_iter().take(SHOWN).map(line).collect(), more)
}

fn plan_line(cx: &Cx, session: &Session, plan: Option<&Plan>) -> PlanLine {
    let (state, tone, icon) = match plan {
        None => ("none", "grey", "circle-dashed"),
        Some(plan) if plan.published => ("published", "green", "circle-check"),
        Some(_) => ("draft", "amber", "pencil"),
    };
    PlanLine {
        href: plan_href(&session.slug),
        title: session.title.clone(),
        when: when(cx, session),
        state,
        tone,
        icon,
    }
}

/// `GET /cho-ngoi`
pub(in crate::seating) async fn show(
    _actor: Actor<ReadSeating>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let (q, wanted) = (cx.param("q"), cx.param("phien"));
    let asked = !q.trim().is_empty();
    let (sessions, plans, at, picture): (Vec<Session>, BTreeMap<String, Plan>, String, Option<Picture>) = app
        .db
        .read(move |tx| {
            let (sessions, plans, now) = (roll_call::sessions(tx)?, query::plans(tx)?, tx.now());
            // The session that was asked for, else the one of the moment among those with a plan.
            let planned: Vec<Session> =
                sessions.iter().filter(|one| plans.contains_key(&one.slug)).cloned().collect();
            let chosen = planned.iter().find(|one| one.slug == wanted).or_else(|| session_at(&planned, now));
            let at = chosen.map(|one| one.slug.clone()).unwrap_or_default();
            let picture = if asked && !at.is_empty() { Some(query::picture(tx, &at)?) } else { None };
            Ok::<_, SeatingError>((sessions, plans, at, picture))
        })
        .await?;
    let (found, more) = picture.as_ref().map(|picture| found(&cx, picture, &q)).unwrap_or_default();
    let body = Whole {
        sessions: sessions
            .iter()
            .filter(|one| plans.contains_key(&one.slug))
            .map(|one| Choice::new(one.slug.as_str(), one.title.as_str(), one.slug == at))
            .collect(),
        asked,
        planned: !at.is_empty(),
        found,
        more,
        plans: sessions.iter().map(|one| plan_line(&cx, one, plans.get(&one.slug))).collect(),
        q,
        cx: &cx,
    };
    Ok(page(&cx, Page::new(cx.t("seating-title"), body).style("seating.css")))
}
