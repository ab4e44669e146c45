//! Two who could be one, side by side, with what can be decided about them.

use askama::Template;
use axum::{Form, extract::State, http::HeaderMap, response::Response};
use platform::{
    app::App,
    clock,
    db::{DbError, Tx},
    identity::Actor,
    web::{AppError, Cx, LivePart, Page, Typed, page, see},
};
use rules::roll::twins::Alike;

use super::{StatusView, names, photo_href, place_words};
use crate::delegates::{
    DelegateError, ManageDelegates, TOPIC,
    model::{DelegationId, Participant},
    query,
    twins::{self, Decision, Pair, Verdict},
};

const TWINS: &str = "/dai-bieu/trung";
/// Pairs that a page shows; the rest is counted.
const SHOWN: usize = 50;

struct Picture {
    pairs: Vec<Pair>,
    delegations: std::collections::HashMap<DelegationId, String>,
}

impl Picture {
    fn load(tx: &mut Tx<'_>) -> Result<Self, DbError> {
        Ok(Self { pairs: twins::open(tx)?, delegations: names(query::delegations(tx)?) })
    }
}

struct Side {
    href: String,
    code: String,
    name: String,
    photo: String,
    category: String,
    status: StatusView,
    facts: Vec<(String, String)>,
}

impl Side {
    fn of(cx: &Cx, picture: &Picture, one: &Participant) -> Self {
        let profile = &one.profile;
        let unit =
            profile.delegation.and_then(|id| picture.delegations.get(&id)).cloned().unwrap_or_default();
        let facts = [
            ("born", profile.born.map(|born| cx.date(&born)).unwrap_or_default()),
            ("position", profile.position.clone()),
            ("delegation", unit),
            ("group_no", place_words(cx, one)),
        ];
        let mut facts: Vec<(String, String)> = facts
            .into_iter()
            .map(|(field, value)| (cx.tp("delegates-field-", field).into_owned(), value))
            .collect();
        facts.push((cx.t("delegates-twins-entered").into_owned(), cx.moment(&clock::local(one.created_at))));
        Self {
            href: one.href(),
            code: one.code.clone(),
            name: profile.name.clone(),
            photo: photo_href(one, true),
            category: cx.tp("delegates-category-", one.category()).into_owned(),
            status: StatusView::of(cx, one.status),
            facts,
        }
    }
}

struct Line {
    id: String,
    why: String,
    one: Side,
    other: Side,
}

fn why(cx: &Cx, alike: Alike) -> String {
    let name = if alike.spelled { "delegates-twins-name" } else { "delegates-twins-spelling" };
    let mut out = Vec::new();
    if alike.card {
        out.push(cx.t("delegates-twins-card").into_owned());
    }
    if alike.birth {
        out.push(cx.t2("delegates-twins-both", "a", cx.t(name), "b", cx.t("delegates-twins-birth")));
    }
    if alike.unit {
        out.push(cx.t2("delegates-twins-both", "a", cx.t(name), "b", cx.t("delegates-twins-unit")));
    }
    out.join("; ")
}

#[derive(Template)]
#[template(path = "delegates/pages/twins_part.html")]
struct Part<'a> {
    cx: &'a Cx,
    lines: Vec<Line>,
    count: usize,
}

#[derive(Template)]
#[template(path = "delegates/pages/twins.html")]
struct Whole<'a> {
    cx: &'a Cx,
    notice: String,
    region: String,
}

fn draw(cx: &Cx, picture: &Picture) -> askama::Result<String> {
    let lines = picture
        .pairs
        .iter()
        .take(SHOWN)
        .map(|pair| Line {
            id: format!("{}-{}", pair.one.code, pair.other.code),
            why: why(cx, pair.alike),
            one: Side::of(cx, picture, &pair.one),
            other: Side::of(cx, picture, &pair.other),
        })
        .collect();
    Part { cx, lines, count: picture.pairs.len() }.render()
}

/// `GET /dai-bieu/trung`
pub(super) async fn list(
    _actor: Actor<ManageDelegates>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let picture = app.db.read(Picture::load).await?;
    let live = LivePart::of(&cx, "manages");
    let body = draw(&live.cx(), &picture)?;
    let notice = match cx.param("xong").as_str() {
        "khac" => cx.t("delegates-done-different").into_owned(),
        "mot" => cx.t("delegates-done-same").into_owned(),
        _ => String::new(),
    };
    let whole = Whole { cx: &cx, notice, region: live.region(body)? };
    Ok(page(&cx, Page::new(cx.t("delegates-twins"), whole).style("people.css").script("js/list.js")))
}

/// `GET /song/dai-bieu/trung`
pub(super) async fn stream(
    actor: Actor<ManageDelegates>,
    cx: Cx,
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let owner = app.clone();
    LivePart::of(&cx, "manages").stream(&app, &actor, &cx, &headers, [TOPIC], move |cx| {
        let app = owner.clone();
        async move {
            let picture = app.db.read(Picture::load).await?;
            Ok(draw(&cx, &picture)?)
        }
    })
}

/// `POST /dai-bieu/trung`
pub(super) async fn decide(
    actor: Actor<ManageDelegates>,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let typed = Typed::from(pairs);
    let text = |name: &str| typed.get(name).to_owned();
    let verdict: Verdict = typed.get("verdict").parse().map_err(|_| AppError::bad_request())?;
    let new = Decision {
        one: text("one"),
        other: text("other"),
        verdict,
        withdraw: text("withdraw"),
        reason: text("reason"),
    };
    app.db.write(actor.author(), move |tx| twins::decide(tx, &new)).await.map_err(
        |error: DelegateError| AppError::from(error).next(TWINS, platform::i18n::key("delegates-twins")),
    )?;
    Ok(see(TWINS, verdict.as_str()))
}
