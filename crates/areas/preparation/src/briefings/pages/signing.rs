//! What the signature will do, the signature itself, and supplementary records.

use askama::Template;
use axum::{Form, extract::State, http::StatusCode, response::Response};
use platform::{
    app::App,
    i18n::key,
    identity::Actor,
    web::{AppError, Cx, Page, Path, page_with},
};
use serde::Deserialize;

use super::{
    common::{Meeting, at, done, problem},
    draw,
    picture::Picture,
    show::{load, whole},
    view::{Came, ConclusionView, Figure, mark},
};
use crate::{
    briefings::{
        BriefingError, ContributeBriefings, DecideBriefings, Hand, ReadBriefings,
        model::{BriefingId, Correction, Effect},
        sign as store_sign,
    },
    tasks::pages::task::{form::Typed, refusals},
};

#[derive(Template)]
#[template(path = "briefings/pages/sign.html")]
struct SignPage<'a> {
    cx: &'a Cx,
    here: String,
    name: String,
    refusal: String,
    counts: Vec<Figure>,
    conclusions: Vec<ConclusionView>,
    ready: bool,
    signs: bool,
    chair: String,
    confirm: String,
    mark: String,
}

/// How many tasks are made, proposed, amended, extended; how many conclusions make none.
fn counts(cx: &Cx, picture: &Picture) -> Vec<Figure> {
    let Some(preview) = &picture.preview else { return Vec::new() };
    let counts = preview.counts();
    let figure = |number: usize, word: String| Figure {
        number: u64::try_from(number).unwrap_or(u64::MAX),
        word,
        ..Figure::default()
    };
    let mut all: Vec<Figure> = Effect::ALL
        .iter()
        .map(|effect| {
            figure(counts.get(effect).copied().unwrap_or_default(), cx.tp("meet-will-", effect).into_owned())
        })
        .collect();
    let none =
        preview.conclusions.iter().filter(|one| one.problems.is_empty() && one.effects.is_empty()).count();
    all.push(figure(none, cx.t("meet-will-none").into_owned()));
    all
}

async fn page(
    app: &App,
    cx: &Cx,
    hand: Hand,
    id: BriefingId,
    refused: Option<AppError>,
) -> Result<Response, AppError> {
    let picture = load(app, hand, id).await?;
    if picture.signed.is_some() {
        // Whoever comes later is told who signed and when.
        return whole(app, cx, hand, id, refused).await;
    }
    let Some(preview) = &picture.preview else {
        return Err(AppError::from(BriefingError::Whole(crate::briefings::model::WholeProblem::NotClosed))
            .next(at(&picture.briefing.address, ""), key("meet-back")));
    };
    let mut conclusions = draw::conclusions(cx, &picture);
    for (view, planned) in conclusions.iter_mut().zip(&preview.conclusions) {
        let code = planned.task.as_ref().map(|(_, code)| code.as_str()).unwrap_or_default();
        if !planned.effects.is_empty() {
            let words: Vec<String> = planned
                .effects
                .iter()
                .map(|effect| cx.t1(&format!("meet-does-{effect}"), "code", code))
                .collect();
            view.outcome = words.join("; ");
        }
        view.came = planned
            .unclear
            .iter()
            .map(|finding| Came { relation: refusals::finding(cx.lang, finding), ..Came::default() })
            .collect();
    }
    let counted = counts(cx, &picture);
    let words: Vec<String> = counted
        .iter()
        .filter(|one| one.number > 0)
        .map(|one| format!("{} {}", cx.int(one.number), one.word))
        .collect();
    let title = cx.t1("meet-sign-title", "name", draw::name(cx, &picture.briefing));
    let whole_problem = preview.refused.map(|why| AppError::from(BriefingError::Whole(why)).detail(cx.lang));
    let body = SignPage {
        here: at(&picture.briefing.address, ""),
        name: draw::name(cx, &picture.briefing),
        refusal: refused.as_ref().map(|error| error.detail(cx.lang)).or(whole_problem).unwrap_or_default(),
        counts: counted,
        conclusions,
        ready: preview.ready(),
        signs: picture.signs(),
        chair: picture.office(picture.briefing.chair_office).to_owned(),
        confirm: cx.t1("meet-sign-confirm", "what", words.join(", ")),
        mark: preview.mark.clone(),
        cx,
    };
    let page = Page::new(title, body).style("briefings.css");
    Ok(page_with(refused.map_or(StatusCode::OK, |error| error.status()), cx, page))
}

/// `GET /giao-ban/{id}/ky`: exactly what will happen.
pub(super) async fn preview(
    actor: Actor<ReadBriefings>,
    cx: Cx,
    State(app): State<App>,
    Meeting { id, .. }: Meeting,
) -> Result<Response, AppError> {
    page(&app, &cx, Hand::of(&actor), id, None).await
}

/// What is signed: the mark of what was shown.
#[derive(Debug, Deserialize)]
pub(super) struct SignForm {
    mark: String,
}

/// `POST /giao-ban/{id}/ky`: once; what was shown must still be what would be signed.
pub(super) async fn sign(
    actor: Actor<DecideBriefings>,
    cx: Cx,
    State(app): State<App>,
    Meeting { id, address }: Meeting,
    Form(form): Form<SignForm>,
) -> Result<Response, AppError> {
    let hand = Hand::of(&actor);
    match app.db.write(actor.author(), move |tx| store_sign::sign(tx, &hand, id, &form.mark)).await {
        Ok(_) => Ok(done(&cx, &at(&address, ""), "signed")),
        Err(error @ (BriefingError::NotFound | BriefingError::NotPermitted)) => Err(error.into()),
        Err(error) => page(&app, &cx, hand, id, Some(error.into())).await,
    }
}

// ---------------------------------------------------------------- supplementary records

#[derive(Template)]
#[template(path = "briefings/pages/supplement.html")]
struct SupplementForm<'a> {
    cx: &'a Cx,
    id: BriefingId,
    here: String,
    name: String,
    refusal: String,
    reason: String,
    err_reason: String,
    conclusions: Vec<(String, String)>,
    conclusion: String,
    text: String,
    err_text: String,
}

async fn supplement_page(
    app: &App,
    cx: &Cx,
    hand: Hand,
    id: BriefingId,
    typed: &Typed,
    refused: Option<AppError>,
) -> Result<Response, AppError> {
    let picture = load(app, hand, id).await?;
    let fields = refused.as_ref().map(|error| error.fields().to_vec()).unwrap_or_default();
    let whole = (String::new(), cx.t("meet-supplement-whole").into_owned());
    let body = SupplementForm {
        id,
        here: at(&picture.briefing.address, ""),
        name: draw::name(cx, &picture.briefing),
        refusal: refused
            .as_ref()
            .filter(|_| fields.is_empty())
            .map(|error| error.detail(cx.lang))
            .unwrap_or_default(),
        reason: typed.get("reason").to_owned(),
        err_reason: problem(cx, &fields, "reason"),
        conclusions: std::iter::once(whole)
            .chain(picture.conclusions.iter().map(|one| {
                let head: String = one.content.text.chars().take(80).collect();
                (one.number.to_string(), format!("{} {head}", mark(one.number)))
            }))
            .collect(),
        conclusion: typed.get("conclusion").to_owned(),
        text: typed.get("text").to_owned(),
        err_text: problem(cx, &fields, "text"),
        cx,
    };
    let page = Page::new(cx.t("meet-supplement-new"), body).style("briefings.css");
    Ok(page_with(refused.map_or(StatusCode::OK, |error| error.status()), cx, page))
}

/// `GET /giao-ban/{id}/bo-sung`
pub(super) async fn new_supplement(
    actor: Actor<ContributeBriefings>,
    cx: Cx,
    State(app): State<App>,
    Meeting { id, .. }: Meeting,
) -> Result<Response, AppError> {
    supplement_page(&app, &cx, Hand::of(&actor), id, &Typed::default(), None).await
}

/// `POST /giao-ban/{id}/bo-sung`
pub(super) async fn save_supplement(
    actor: Actor<ContributeBriefings>,
    cx: Cx,
    State(app): State<App>,
    Meeting { id, address }: Meeting,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let hand = Hand::of(&actor);
    let typed = Typed::from(pairs);
    let reason = typed.get("reason").replace("\r\n", "\n");
    let corrections = [Correction {
        conclusion: typed.get("conclusion").parse().ok(),
        text: typed.get("text").replace("\r\n", "\n"),
    }];
    let written = app
        .db
        .write(actor.author(), move |tx| store_sign::begin_supplement(tx, &hand, id, &reason, &corrections))
        .await;
    match written {
        Ok(no) => Ok(done(&cx, &at(&address, &format!("van-ban/bo-sung-{no}")), "supplement")),
        Err(error @ (BriefingError::NotFound | BriefingError::NotPermitted)) => Err(error.into()),
        Err(error) => supplement_page(&app, &cx, hand, id, &typed, Some(error.into())).await,
    }
}

/// The version that was shown.
#[derive(Debug, Deserialize)]
pub(super) struct VersionForm {
    #[serde(default)]
    version: i64,
}

/// `POST /giao-ban/{id}/bo-sung/{no}/ky`
pub(super) async fn sign_supplement(
    actor: Actor<DecideBriefings>,
    cx: Cx,
    State(app): State<App>,
    Meeting { id, address }: Meeting,
    Path((_, no)): Path<(String, u32)>,
    Form(form): Form<VersionForm>,
) -> Result<Response, AppError> {
    let hand = Hand::of(&actor);
    let written = app
        .db
        .write(actor.author(), move |tx| store_sign::sign_supplement(tx, &hand, id, no, form.version))
        .await;
    let there = at(&address, &format!("van-ban/bo-sung-{no}"));
    match written {
        Ok(_) => Ok(done(&cx, &there, "supplement-signed")),
        Err(error) => Err(AppError::from(error).next(there, key("meet-back"))),
    }
}
