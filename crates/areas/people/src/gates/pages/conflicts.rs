//! What does not fit together after lanes without a network have merged: who looks after it, and how it ended.

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use platform::{
    app::App,
    clock,
    db::Tx,
    files::{self, Size},
    identity::{Actor, Right},
    web::{AppError, Cx, LivePart, Page, Typed, page_with, see},
};

use super::{may, notice};
use crate::{
    attendance::{
        ManageAttendance, ReadAttendance, TOPIC,
        model::{EventId, Session},
        query as roll_call,
    },
    delegates::query as roll,
    gates::{
        GateError,
        cases::{self, Case, CaseKind, Decision, Resolution},
        model::{Gate, Mode},
        query,
        witness::{self, LetIn},
    },
};

struct Side {
    title: String,
    gate: String,
    at: String,
    how: String,
    alone: bool,
}

struct CaseLine {
    id: String,
    scan: String,
    kind: String,
    title: String,
    advice: String,
    name: String,
    code: String,
    group: String,
    photo: String,
    sides: Vec<Side>,
    open: bool,
    owner: String,
    ended: String,
    note: String,
    when: String,
    version: i64,
    choices: Vec<(String, String)>,
}

/// Somebody a supervisor let in.
struct LetInLine {
    name: String,
    code: String,
    gate: String,
    at: String,
    device: String,
    reason: String,
    signed: bool,
    picture: String,
    portrait: String,
}

#[derive(Template)]
#[template(path = "gates/pages/conflicts_part.html")]
struct Part<'a> {
    cx: &'a Cx,
    here: String,
    open: usize,
    ended: usize,
    lines: Vec<CaseLine>,
    let_in: Vec<LetInLine>,
    manages: bool,
    moment: String,
}

#[derive(Template)]
#[template(path = "gates/pages/conflicts.html")]
struct Whole<'a> {
    cx: &'a Cx,
    session: &'a Session,
    notice: String,
    error: String,
    region: String,
}

struct Picture {
    session: Session,
    cases: Vec<Case>,
    let_in: Vec<LetIn>,
    gates: Vec<Gate>,
    shows: bool,
}

fn load(tx: &mut Tx<'_>, slug: &str) -> Result<Picture, GateError> {
    let session = roll_call::session(tx, slug)?;
    Ok(Picture {
        cases: cases::of_session(tx, slug)?,
        let_in: witness::of_session(tx, slug)?,
        gates: query::gates(tx)?,
        shows: tx.now() <= session.ends_at + witness::SHOWN,
        session,
    })
}

fn let_in_line(cx: &Cx, picture: &Picture, one: &LetIn) -> LetInLine {
    let slug = &picture.session.slug;
    let who = one.who.as_ref();
    LetInLine {
        name: who.map_or_else(|| cx.t("gates-case-nobody").into_owned(), |who| who.profile.name.clone()),
        code: who.map(|who| who.code.clone()).unwrap_or_default(),
        gate: picture
            .gates
            .iter()
            .find(|gate| gate.slug == one.scan.gate)
            .map_or_else(|| one.scan.gate.clone(), |gate| gate.name.clone()),
        at: cx.moment(&clock::local(one.scan.at)),
        device: one.device.clone(),
        reason: one.scan.reason.clone(),
        signed: one.signed,
        picture: one
            .picture
            .filter(|_| picture.shows)
            .map(|_| format!("/phien/{slug}/giam-sat/{}", one.scan.id))
            .unwrap_or_default(),
        portrait: who
            .and_then(|who| Some(format!("/phien/{slug}/anh/{}?tep={}", who.code, who.photo?)))
            .unwrap_or_default(),
    }
}

fn line(cx: &Cx, picture: &Picture, case: &Case) -> CaseLine {
    let gate = |slug: &str| {
        let found = picture.gates.iter().find(|gate| gate.slug == slug);
        match found {
            Some(gate) => gate.name.clone(),
            None if slug.is_empty() => cx.t("gates-desk").into_owned(),
            None => slug.to_owned(),
        }
    };
    let mut sides = Vec::new();
    if let Some(other) = &case.other {
        sides.push(Side {
            title: cx.t("gates-case-first").into_owned(),
            gate: gate(&other.gate),
            at: cx.moment(&clock::local(other.at)),
            how: cx.tp("gates-method-", other.method).into_owned(),
            alone: false,
        });
    }
    let scan = &case.scan;
    sides.push(Side {
        title: cx.t("gates-case-this").into_owned(),
        gate: gate(&scan.gate),
        at: cx.moment(&clock::local(scan.at)),
        how: cx.tp("gates-method-", scan.method).into_owned(),
        alone: scan.mode == Mode::Isolated,
    });
    let handled = case.handled.as_ref();
    let who = case.who.as_ref();
    CaseLine {
        id: format!("{}-{}", scan.id, case.kind),
        scan: scan.id.to_string(),
        kind: case.kind.to_string(),
        title: cx.tp("gates-case-", case.kind).into_owned(),
        advice: cx.tp("gates-advice-", case.kind).into_owned(),
        name: who.map_or_else(|| cx.t("gates-case-nobody").into_owned(), |who| who.profile.name.clone()),
        code: who.map(|who| who.code.clone()).unwrap_or_default(),
        group: who
            .and_then(|who| who.profile.group_no)
            .map(|no| cx.t1("attendance-group", "no", no))
            .unwrap_or_default(),
        photo: who
            .and_then(|who| {
                Some(format!("/phien/{}/anh/{}?tep={}", picture.session.slug, who.code, who.photo?))
            })
            .unwrap_or_default(),
        sides,
        open: case.is_open(),
        owner: handled.map(|one| one.owner.clone()).unwrap_or_default(),
        ended: handled
            .and_then(|one| one.resolution)
            .map(|one| cx.tp("gates-resolution-", one).into_owned())
            .unwrap_or_default(),
        note: handled.map(|one| one.note.clone()).unwrap_or_default(),
        when: handled.map(|one| cx.moment(&clock::local(one.at))).unwrap_or_default(),
        version: handled.map_or(0, |one| one.version),
        choices: case
            .kind
            .resolutions()
            .iter()
            .map(|one| (one.to_string(), cx.tp("gates-resolution-", one).into_owned()))
            .collect(),
    }
}

fn draw(cx: &Cx, picture: &Picture, manages: bool) -> askama::Result<String> {
    let open = picture.cases.iter().filter(|case| case.is_open()).count();
    Part {
        here: format!("/phien/{}/mau-thuan", picture.session.slug),
        open,
        ended: picture.cases.len() - open,
        lines: picture.cases.iter().map(|case| line(cx, picture, case)).collect(),
        let_in: picture.let_in.iter().map(|one| let_in_line(cx, picture, one)).collect(),
        manages,
        moment: cx.moment(&cx.now),
        cx,
    }
    .render()
}

async fn show(
    app: &App,
    cx: &Cx,
    manages: bool,
    slug: String,
    refused: Option<AppError>,
) -> Result<Response, AppError> {
    let path = format!("/phien/{slug}/mau-thuan");
    let picture = app.db.read(move |tx| load(tx, &slug)).await?;
    let live = LivePart::of(cx, manages).at(&path);
    let region = live.region(draw(&live.cx(), &picture, manages)?)?;
    let error = refused.as_ref().map(|error| {
        let said: Vec<String> = error.fields().iter().map(|one| one.message(cx)).collect();
        if said.is_empty() { error.detail(cx.lang) } else { said.join(" ") }
    });
    let title = cx.t1("gates-conflicts-title", "session", picture.session.title.as_str());
    let body = Whole {
        session: &picture.session,
        notice: notice(cx, &["taken", "closed"]),
        error: error.unwrap_or_default(),
        region,
        cx,
    };
    let status = refused.map_or(StatusCode::OK, |error| error.status());
    Ok(page_with(status, cx, Page::new(title, body).style("gates.css")))
}

/// `GET /phien/{slug}/mau-thuan`
pub(in crate::gates) async fn page_of(
    actor: Actor<ReadAttendance>,
    cx: Cx,
    State(app): State<App>,
    Path(slug): Path<String>,
) -> Result<Response, AppError> {
    show(&app, &cx, may(&actor, Right::Manage), slug, None).await
}

/// `GET /song/phien/{slug}/mau-thuan`
pub(in crate::gates) async fn stream(
    actor: Actor<ReadAttendance>,
    cx: Cx,
    State(app): State<App>,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let named = slug.clone();
    app.db.read(move |tx| roll_call::session(tx, &named).map(drop)).await?;
    let (owner, manages) = (app.clone(), may(&actor, Right::Manage));
    let topics = [format!("{TOPIC}/{slug}")];
    LivePart::of(&cx, manages).stream(&app, &actor, &cx, &headers, topics, move |cx| {
        let (app, slug) = (owner.clone(), slug.clone());
        async move {
            let picture = app.db.read(move |tx| load(tx, &slug)).await.map_err(AppError::from)?;
            Ok(draw(&cx, &picture, manages)?)
        }
    })
}

/// `POST /phien/{slug}/mau-thuan`
pub(in crate::gates) async fn decide(
    actor: Actor<ManageAttendance>,
    cx: Cx,
    State(app): State<App>,
    Path(slug): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let named = slug.clone();
    app.db.read(move |tx| roll_call::session(tx, &named).map(drop)).await?;
    let typed = Typed::from(pairs);
    let (Ok(scan), Ok(kind)) = (typed.get("scan").parse(), typed.get("kind").parse::<CaseKind>()) else {
        return Err(AppError::bad_request());
    };
    let resolution = match typed.get("resolution") {
        "" => None,
        text => Some(text.parse::<Resolution>().map_err(|_| AppError::bad_request())?),
    };
    let decision = Decision {
        scan,
        kind,
        version: typed.get("version").parse().unwrap_or(0),
        resolution,
        note: typed.get("note").to_owned(),
    };
    let named = slug.clone();
    match app.db.write(actor.author(), move |tx| cases::decide(tx, &named, &decision)).await {
        Ok(()) => {
            let done = if resolution.is_some() { "closed" } else { "taken" };
            Ok(see(&format!("/phien/{slug}/mau-thuan"), done))
        }
        Err(error @ (GateError::Fields(_) | GateError::Conflict)) => {
            show(&app, &cx, true, slug, Some(error.into())).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `GET /phien/{slug}/giam-sat/{scan}`: the picture of the moment when a supervisor let somebody in.
pub(in crate::gates) async fn moment(
    _actor: Actor<ReadAttendance>,
    State(app): State<App>,
    platform::web::Path((slug, scan)): platform::web::Path<(String, EventId)>,
) -> Result<Response, AppError> {
    let file = app
        .db
        .read(move |tx| {
            let session = roll_call::session(tx, &slug)?;
            witness::picture(tx, &session, scan)
        })
        .await?;
    Ok(app.files.picture(&file, Size::Small).await?)
}

/// `GET /phien/{slug}/anh/{code}`: the portrait beside a conflict.
pub(in crate::gates) async fn photo(
    _actor: Actor<ReadAttendance>,
    State(app): State<App>,
    Path((slug, code)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let file = app
        .db
        .read(move |tx| {
            roll_call::session(tx, &slug)?;
            let who = roll::by_code_any(tx, &code)?.ok_or(GateError::NotFound)?;
            let photo = who.photo.ok_or(GateError::NotFound)?;
            files::store::get(tx, photo)?.ok_or(GateError::NotFound)
        })
        .await?;
    Ok(app.files.picture(&file, Size::Small).await?)
}
