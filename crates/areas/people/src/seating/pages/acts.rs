//! What is done to a plan: seat by the rules, move, swap, pin, empty, hand on, publish.

use axum::{Form, extract::State, response::Response};
use platform::{
    app::App,
    i18n::key,
    identity::Actor,
    web::{AppError, Cx, Path, Typed, see},
};

use super::{
    Hands,
    plan::{Swap, draw},
    plan_href,
};
use crate::{
    delegates::query as roll,
    seating::{
        DecideSeating, ManageSeating, SeatingError,
        model::{Move, Picture},
        moving, query, store,
    },
};

type Pairs = Form<Vec<(String, String)>>;

fn version(typed: &Typed) -> i64 {
    typed.get("version").parse().unwrap_or(0)
}

/// A refusal on the plan itself, so that the next try is one press away.
async fn refused(
    app: &App,
    cx: &Cx,
    hands: Hands,
    session: &str,
    (error, swap, typed): (SeatingError, Option<Swap>, Typed),
) -> Result<Response, AppError> {
    match error {
        SeatingError::Db(error) => Err(error.into()),
        error @ (SeatingError::NoPlan | SeatingError::Attendance(_)) => Err(error.into()),
        error => draw(app, cx, hands, session, Some((error.into(), swap, typed))).await,
    }
}

/// `POST /cho-ngoi/{session}/xep`
pub(in crate::seating) async fn assign(
    actor: Actor<ManageSeating>,
    cx: Cx,
    State(app): State<App>,
    Path(session): Path<String>,
    Form(pairs): Pairs,
) -> Result<Response, AppError> {
    let typed = Typed::from(pairs);
    let (named, seen) = (session.clone(), version(&typed));
    match app.db.write(actor.author(), move |tx| moving::assign(tx, &named, seen)).await {
        Ok(_) => Ok(see(&plan_href(&session), "assigned")),
        Err(error) => refused(&app, &cx, Hands::of(&actor), &session, (error, None, typed)).await,
    }
}

/// The place that somebody typed, by its name in the hall or as people say it.
fn place_of(picture: &Picture, typed: &str) -> Option<String> {
    let wanted = typed.trim().to_uppercase().replace(' ', "");
    let places = &picture.layout.places;
    let same = |text: &str| text.to_uppercase().replace(' ', "") == wanted;
    places
        .iter()
        .find(|place| place.id == typed.trim())
        .or_else(|| places.iter().find(|place| same(&picture.layout.text(place)) || same(&place.id)))
        .map(|place| place.id.clone())
}

/// The moves, and the swap that is offered when the place is taken: its holder and the place.
type Asked = (Vec<Move>, Option<(String, String)>);

/// What was asked for.
fn asked(tx: &mut platform::db::Tx<'_>, session: &str, typed: &Typed) -> Result<Asked, SeatingError> {
    let picture = query::picture(tx, session)?;
    let who = roll::by_code_any(tx, typed.get("who"))?.ok_or(SeatingError::NotOnRoll)?;
    let own = |code: &str| picture.find(code).and_then(|(_, place)| place).map(|place| place.id.clone());
    let seen = match typed.get("seen") {
        "?" => None,
        seen => Some(seen.to_owned()),
    };
    let act = typed.get("act");
    if act == "off" {
        return Ok((vec![Move { who: who.id, seen, to: None }], None));
    }
    let to = place_of(&picture, typed.get("to")).ok_or(SeatingError::NotFound)?;
    let mine = own(&who.code);
    if act == "swap" {
        let other = roll::by_code_any(tx, typed.get("other"))?.ok_or(SeatingError::NotFound)?;
        let moves = vec![
            Move { who: who.id, seen, to: Some(to.clone()) },
            Move { who: other.id, seen: Some(to), to: mine },
        ];
        return Ok((moves, None));
    }
    let own_text = mine.and_then(|id| {
        let at = picture.layout.find(&id)?;
        Some(picture.layout.text(picture.layout.places.get(at)?))
    });
    Ok((
        vec![Move { who: who.id, seen, to: Some(to) }],
        Some((who.profile.name, own_text.unwrap_or_default())),
    ))
}

/// `POST /cho-ngoi/{session}/chuyen`
pub(in crate::seating) async fn shift(
    actor: Actor<ManageSeating>,
    cx: Cx,
    State(app): State<App>,
    Path(session): Path<String>,
    Form(pairs): Pairs,
) -> Result<Response, AppError> {
    let typed = Typed::from(pairs);
    let (named, form) = (session.clone(), typed.clone());
    let read = app.db.read(move |tx| asked(tx, &named, &form)).await;
    let (moves, swaps) = match read {
        Ok(asked) => asked,
        Err(error) => return refused(&app, &cx, Hands::of(&actor), &session, (error, None, typed)).await,
    };
    let named = session.clone();
    let done = app.db.write(actor.author(), move |tx| moving::shift(tx, &named, &moves)).await;
    match done {
        Ok(()) => {
            let done = match typed.get("act") {
                "off" => "off",
                "swap" => "swapped",
                _ => "moved",
            };
            Ok(see(&plan_href(&session), done))
        }
        Err(error) => {
            let swap = match (&error, swaps) {
                (SeatingError::Taken { place, code, name }, Some((own, from))) => Some(Swap {
                    who: typed.get("who").to_owned(),
                    seen: typed.get("seen").to_owned(),
                    other: code.clone(),
                    to: typed.get("to").to_owned(),
                    words: if from.is_empty() {
                        cx.t3("seating-swap-in", "own", own, "name", name.as_str(), "place", place.as_str())
                    } else {
                        cx.t3("seating-swap", "own", own, "name", name.as_str(), "from", from)
                    },
                }),
                _ => None,
            };
            refused(&app, &cx, Hands::of(&actor), &session, (error, swap, typed)).await
        }
    }
}

/// `POST /cho-ngoi/{session}/ghim`
pub(in crate::seating) async fn pin(
    actor: Actor<ManageSeating>,
    cx: Cx,
    State(app): State<App>,
    Path(session): Path<String>,
    Form(pairs): Pairs,
) -> Result<Response, AppError> {
    let typed = Typed::from(pairs);
    let (named, code, pinned) = (session.clone(), typed.get("who").to_owned(), typed.get("act") != "unpin");
    let done = app
        .db
        .write(actor.author(), move |tx| {
            let who = roll::by_code_any(tx, &code)?.ok_or(SeatingError::NotOnRoll)?;
            moving::pin(tx, &named, who.id, pinned)
        })
        .await;
    match done {
        Ok(()) => Ok(see(&plan_href(&session), if pinned { "pinned" } else { "unpinned" })),
        Err(error) => refused(&app, &cx, Hands::of(&actor), &session, (error, None, typed)).await,
    }
}

/// `POST /cho-ngoi/{session}/bo`
pub(in crate::seating) async fn clear(
    actor: Actor<ManageSeating>,
    cx: Cx,
    State(app): State<App>,
    Path(session): Path<String>,
    Form(pairs): Pairs,
) -> Result<Response, AppError> {
    let typed = Typed::from(pairs);
    let (named, seen, all) = (session.clone(), version(&typed), typed.get("act") == "all");
    match app.db.write(actor.author(), move |tx| moving::clear(tx, &named, seen, all)).await {
        Ok(_) => Ok(see(&plan_href(&session), "cleared")),
        Err(error) => refused(&app, &cx, Hands::of(&actor), &session, (error, None, typed)).await,
    }
}

/// `POST /cho-ngoi/{session}/thay`
pub(in crate::seating) async fn inherit(
    actor: Actor<ManageSeating>,
    cx: Cx,
    State(app): State<App>,
    Path(session): Path<String>,
    Form(pairs): Pairs,
) -> Result<Response, AppError> {
    let typed = Typed::from(pairs);
    let (named, code, free) = (session.clone(), typed.get("who").to_owned(), typed.get("act") == "free");
    let done = app
        .db
        .write(actor.author(), move |tx| {
            let who = roll::by_code_any(tx, &code)?.ok_or(SeatingError::NoHeir)?;
            if free {
                let off = Move { who: who.id, seen: None, to: None };
                return moving::shift(tx, &named, &[off]);
            }
            Ok(moving::inherit(tx, &named, who.id)?.with(()))
        })
        .await;
    match done {
        Ok(()) => Ok(see(&plan_href(&session), if free { "off" } else { "inherited" })),
        Err(error) => refused(&app, &cx, Hands::of(&actor), &session, (error, None, typed)).await,
    }
}

/// `POST /cho-ngoi/{session}/cong-bo`
pub(in crate::seating) async fn publish(
    actor: Actor<DecideSeating>,
    cx: Cx,
    State(app): State<App>,
    Path(session): Path<String>,
    Form(pairs): Pairs,
) -> Result<Response, AppError> {
    let typed = Typed::from(pairs);
    let published = match typed.get("act") {
        "publish" => true,
        "withdraw" => false,
        _ => return Err(AppError::invalid(Vec::new()).because(key("seating-error-act"))),
    };
    let (named, seen) = (session.clone(), version(&typed));
    let done = app
        .db
        .write(actor.author(), move |tx| {
            Ok::<_, SeatingError>(store::publish(tx, &named, seen, published)?.with(()))
        })
        .await;
    match done {
        Ok(()) => Ok(see(&plan_href(&session), if published { "published" } else { "unpublished" })),
        Err(error) => refused(&app, &cx, Hands::of(&actor), &session, (error, None, typed)).await,
    }
}
