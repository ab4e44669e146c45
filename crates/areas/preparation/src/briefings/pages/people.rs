//! Who came, who did not and why.

use askama::Template;
use axum::{Form, extract::State, http::StatusCode, response::Response};
use platform::{
    app::App,
    identity::Actor,
    web::{AppError, Cx, Page, page_with},
};

use super::{
    common::{Meeting, at, done},
    draw,
    show::load,
    view::Attendee,
};
use crate::{
    briefings::{
        BriefingError, ContributeBriefings, Hand, ReadBriefings,
        model::{BriefingId, Presence},
        store,
    },
    tasks::pages::task::form::Typed,
};

#[derive(Template)]
#[template(path = "briefings/pages/people.html")]
struct People<'a> {
    cx: &'a Cx,
    id: BriefingId,
    here: String,
    name: String,
    refusal: String,
    people: Vec<Attendee>,
    presences: Vec<(&'static str, String)>,
}

async fn form(
    app: &App,
    cx: &Cx,
    hand: Hand,
    id: BriefingId,
    typed: Option<&Typed>,
    refused: Option<AppError>,
) -> Result<Response, AppError> {
    let picture = load(app, hand, id).await?;
    let mut people = draw::people(cx, &picture);
    if let Some(typed) = typed {
        for one in &mut people {
            one.reason = typed.get(&format!("r-{}", one.id)).to_owned();
            if let Ok(presence) = typed.get(&format!("p-{}", one.id)).parse::<Presence>() {
                one.value = presence.as_str();
            }
        }
    }
    let body = People {
        id,
        here: at(&picture.briefing.address, ""),
        name: draw::name(cx, &picture.briefing),
        refusal: refused.as_ref().map(|error| error.detail(cx.lang)).unwrap_or_default(),
        people,
        presences: Presence::ALL
            .iter()
            .map(|one| (one.as_str(), cx.tp("meet-presence-", one).into_owned()))
            .collect(),
        cx,
    };
    let page = Page::new(cx.t("meet-people"), body).style("briefings.css");
    Ok(page_with(refused.map_or(StatusCode::OK, |error| error.status()), cx, page))
}

/// `GET /giao-ban/{id}/thanh-phan`
pub(super) async fn show(
    actor: Actor<ReadBriefings>,
    cx: Cx,
    State(app): State<App>,
    Meeting { id, .. }: Meeting,
) -> Result<Response, AppError> {
    form(&app, &cx, Hand::of(&actor), id, None, None).await
}

/// `POST /giao-ban/{id}/thanh-phan`: all of them in one transaction; what did not change stays as it is.
pub(super) async fn save(
    actor: Actor<ContributeBriefings>,
    cx: Cx,
    State(app): State<App>,
    Meeting { id, address }: Meeting,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let hand = Hand::of(&actor);
    let typed = Typed::from(pairs);
    let said = typed.clone();
    let written = app
        .db
        .write(actor.author(), move |tx| {
            let mut last = None;
            for one in store::attendance(tx, id)? {
                let presence = if said.has("all", "1") && one.presence == Presence::Unknown {
                    Presence::Present
                } else {
                    said.get(&format!("p-{}", one.office)).parse().unwrap_or(one.presence)
                };
                let reason = said.get(&format!("r-{}", one.office)).to_owned();
                if presence != one.presence || reason != one.reason {
                    last = Some(store::attend(tx, &hand, id, one.office, presence, &reason)?);
                }
            }
            match last {
                Some(done) => Ok(done),
                None => Ok(tx.unchanged(())?),
            }
        })
        .await;
    match written {
        Ok(()) => Ok(done(&cx, &at(&address, "#thanh-phan"), "people")),
        Err(error @ (BriefingError::NotFound | BriefingError::NotPermitted)) => Err(error.into()),
        Err(error) => form(&app, &cx, hand, id, Some(&typed), Some(error.into())).await,
    }
}
