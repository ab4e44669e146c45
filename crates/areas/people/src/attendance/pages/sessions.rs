//! Sessions: the list, and the form of one.

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use jiff::civil::DateTime;
use platform::{
    app::App,
    clock,
    db::DbError,
    i18n::key,
    identity::{Actor, Right},
    web::{AppError, Cx, FieldProblem, Page, Typed, page, page_with, problem, see},
};
use rules::attendance::Tally;

use super::{may, notice, percent, when};
use crate::attendance::{
    AttendanceError, ManageAttendance, ReadAttendance,
    model::{NewSession, Session, SessionKind},
    query, store,
};

struct SessionLine {
    session: Session,
    kind: String,
    when: String,
    tally: Tally,
    share: String,
}

#[derive(Template)]
#[template(path = "attendance/sessions.html")]
struct Sessions<'a> {
    cx: &'a Cx,
    notice: String,
    lines: Vec<SessionLine>,
    manages: bool,
}

/// `GET /phien`
pub(in crate::attendance) async fn sessions(
    actor: Actor<ReadAttendance>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let all = app
        .db
        .read(|tx| {
            let now = tx.now();
            query::sessions(tx)?
                .into_iter()
                .map(|session| {
                    let tally = query::tally(&query::attending(tx, &session, now)?).1;
                    Ok::<_, DbError>((session, tally))
                })
                .collect::<Result<Vec<_>, _>>()
        })
        .await?;
    let lines = all
        .into_iter()
        .map(|(session, tally)| SessionLine {
            kind: cx.tp("attendance-kind-", session.kind).into_owned(),
            when: when(&cx, &session),
            share: percent(&cx, tally.present, tally.summoned),
            tally,
            session,
        })
        .collect();
    let body = Sessions { notice: notice(&cx), lines, manages: may(&actor, Right::Manage), cx: &cx };
    Ok(page(&cx, Page::new(cx.t("attendance-sessions"), body).style("credentials.css")))
}

#[derive(Template)]
#[template(path = "attendance/session_form.html")]
struct SessionForm<'a> {
    cx: &'a Cx,
    action: String,
    title: String,
    fresh: bool,
    typed: Typed,
    problems: Vec<FieldProblem>,
    general: String,
    kinds: Vec<(String, String)>,
}

impl SessionForm<'_> {
    fn err(&self, name: &str) -> String {
        problem(self.cx, &self.problems, name)
    }
}

fn session_form(cx: &Cx, slug: Option<&str>, typed: Typed, refused: Option<AppError>) -> Response {
    let title = cx.t(if slug.is_some() { "attendance-edit" } else { "attendance-new" }).into_owned();
    let problems = refused.as_ref().map(|error| error.fields().to_vec()).unwrap_or_default();
    let body = SessionForm {
        action: slug.map_or_else(|| "/phien/moi".to_owned(), |slug| format!("/phien/{slug}/sua")),
        title: title.clone(),
        fresh: slug.is_none(),
        general: refused
            .as_ref()
            .filter(|_| problems.is_empty())
            .map(|error| error.detail(cx.lang))
            .unwrap_or_default(),
        problems,
        kinds: SessionKind::ALL
            .iter()
            .map(|kind| (kind.to_string(), cx.tp("attendance-kind-", kind).into_owned()))
            .collect(),
        typed,
        cx,
    };
    page_with(
        refused.map_or(StatusCode::OK, |error| error.status()),
        cx,
        Page::new(title, body).style("credentials.css"),
    )
}

/// `GET /phien/moi`
pub(in crate::attendance) async fn new_session(_actor: Actor<ManageAttendance>, cx: Cx) -> Response {
    let mut typed = Typed::default();
    typed.set("grace_minutes", "5");
    session_form(&cx, None, typed, None)
}

/// `GET /phien/{slug}/sua`
pub(in crate::attendance) async fn edit_session(
    _actor: Actor<ManageAttendance>,
    cx: Cx,
    State(app): State<App>,
    Path(slug): Path<String>,
) -> Result<Response, AppError> {
    let named = slug.clone();
    let session = app.db.read(move |tx| query::session(tx, &named)).await?;
    let day = |at| clock::local(at).strftime("%Y-%m-%dT%H:%M").to_string();
    let mut typed = Typed::default();
    for (name, value) in [
        ("version", session.version.to_string()),
        ("slug", session.slug.clone()),
        ("title", session.title.clone()),
        ("kind", session.kind.to_string()),
        ("starts_at", day(session.starts_at)),
        ("ends_at", day(session.ends_at)),
        ("place", session.place.clone()),
        ("grace_minutes", session.grace_minutes.to_string()),
    ] {
        typed.set(name, value);
    }
    Ok(session_form(&cx, Some(&slug), typed, None))
}

async fn put(
    app: &App,
    actor: &Actor<ManageAttendance>,
    cx: &Cx,
    slug: Option<String>,
    typed: Typed,
) -> Result<Response, AppError> {
    let moment = |name: &str| typed.get(name).parse::<DateTime>().map(clock::instant);
    let (starts, ends) = (moment("starts_at"), moment("ends_at"));
    let mut wrong = Vec::new();
    for (name, read) in [("starts_at", &starts), ("ends_at", &ends)] {
        if read.is_err() {
            wrong.push(FieldProblem::new(name, key("attendance-error-moment")));
        }
    }
    let grace: Result<u16, _> = typed.get("grace_minutes").parse();
    if grace.is_err() {
        wrong.push(FieldProblem::new("grace_minutes", key("attendance-error-grace")));
    }
    let (Ok(starts_at), Ok(ends_at), Ok(grace_minutes)) = (starts, ends, grace) else {
        return Ok(session_form(cx, slug.as_deref(), typed, Some(AppError::invalid(wrong))));
    };
    let new = NewSession {
        slug: slug.clone().unwrap_or_else(|| typed.get("slug").to_owned()),
        title: typed.get("title").to_owned(),
        kind: typed.get("kind").parse().unwrap_or(SessionKind::Official),
        starts_at,
        ends_at,
        place: typed.get("place").to_owned(),
        grace_minutes,
    };
    let version = if slug.is_some() { typed.get("version").parse().unwrap_or(0) } else { 0 };
    match app.db.write(actor.author(), move |tx| store::put_session(tx, version, &new)).await {
        Ok(_) => Ok(see("/phien", "saved")),
        Err(AttendanceError::Db(error)) => Err(error.into()),
        Err(error) => Ok(session_form(cx, slug.as_deref(), typed, Some(error.into()))),
    }
}

/// `POST /phien/moi`
pub(in crate::attendance) async fn create_session(
    actor: Actor<ManageAttendance>,
    cx: Cx,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    put(&app, &actor, &cx, None, Typed::from(pairs)).await
}

/// `POST /phien/{slug}/sua`
pub(in crate::attendance) async fn save_session(
    actor: Actor<ManageAttendance>,
    cx: Cx,
    State(app): State<App>,
    Path(slug): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let named = slug.clone();
    app.db.read(move |tx| query::session(tx, &named).map(drop)).await?;
    put(&app, &actor, &cx, Some(slug), Typed::from(pairs)).await
}
