//! Sessions, the roll-call by hand, the statement for the chair.

use askama::Template;
use axum::{
    Extension, Form,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use jiff::civil::DateTime;
use platform::{
    app::App,
    clock,
    db::{DbError, Tx},
    i18n::key,
    identity::{Actor, Capability, Right},
    web::{
        AppError, Choice, Cx, FieldProblem, Layout, LivePart, Made, Page, PrintSize, Typed, download, page,
        page_with, problem, see,
    },
};
use print::{
    Align, Column, Listing, Orientation, PageSize, PressRoom, Printable, Row, RowKind, Table, Width,
};
use rules::{attendance::Tally, count::Ratio, credentials::Presence, text::matches_folded};

use super::{
    AREA, AttendanceError, ManageAttendance, MarkAttendance, ReadAttendance, TOPIC,
    model::{Attending, Mark, NewMark, NewSession, Session, SessionKind},
    query, store,
};
use crate::delegates::{TOPIC as ROLL, query as roll};

/// Rows of one page of the roll-call.
const PAGE: usize = 50;

/// A share in the language of the page: 99,82%; empty without a whole.
pub(crate) fn percent(cx: &Cx, part: u64, whole: u64) -> String {
    let mark = if cx.lang == platform::i18n::Lang::Vi { ',' } else { '.' };
    Ratio::new(part, whole).percent(2, mark).map(|share| format!("{share}%")).unwrap_or_default()
}

fn may<C: Capability>(actor: &Actor<C>, right: Right) -> bool {
    actor.may(AREA, right, None)
}

const NOTICES: &[&str] = &["saved", "marked", "same"];

fn notice(cx: &Cx) -> String {
    let asked = cx.param("xong");
    if NOTICES.contains(&asked.as_str()) {
        cx.tp("attendance-done-", asked).into_owned()
    } else {
        String::new()
    }
}

// ---------------------------------------------------------------- sessions

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

/// The days and hours of a session in words.
pub(crate) fn when(cx: &Cx, session: &Session) -> String {
    let (from, to) = (clock::local(session.starts_at), clock::local(session.ends_at));
    if from.date() == to.date() {
        format!("{}–{}, {}", cx.time(&from.time()), cx.time(&to.time()), cx.date(&from.date()))
    } else {
        format!("{} – {}", cx.moment(&from), cx.moment(&to))
    }
}

/// `GET /phien`
pub(super) async fn sessions(
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
pub(super) async fn new_session(_actor: Actor<ManageAttendance>, cx: Cx) -> Response {
    let mut typed = Typed::default();
    typed.set("grace_minutes", "5");
    session_form(&cx, None, typed, None)
}

/// `GET /phien/{slug}/sua`
pub(super) async fn edit_session(
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
pub(super) async fn create_session(
    actor: Actor<ManageAttendance>,
    cx: Cx,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    put(&app, &actor, &cx, None, Typed::from(pairs)).await
}

/// `POST /phien/{slug}/sua`
pub(super) async fn save_session(
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

// ---------------------------------------------------------------- the roll-call

/// A session with everybody who is summoned to it.
struct Hall {
    session: Session,
    all: Vec<Attending>,
}

impl Hall {
    fn load(tx: &mut Tx<'_>, slug: &str) -> Result<Self, AttendanceError> {
        let (session, now) = (query::session(tx, slug)?, tx.now());
        Ok(Self { all: query::attending(tx, &session, now)?, session })
    }
}

struct GroupLine {
    name: String,
    href: String,
    tally: Tally,
    share: String,
}

#[derive(Template)]
#[template(path = "attendance/roll_part.html")]
struct CountsPart<'a> {
    cx: &'a Cx,
    here: String,
    all: Tally,
    share: String,
    moment: String,
    groups: Vec<GroupLine>,
}

fn group_name(cx: &Cx, no: Option<u16>) -> String {
    no.map_or_else(|| cx.t("attendance-no-group").into_owned(), |no| cx.t1("attendance-group", "no", no))
}

fn draw_counts(cx: &Cx, hall: &Hall) -> askama::Result<String> {
    let (groups, all) = query::tally(&hall.all);
    let here = hall.session.href();
    CountsPart {
        share: percent(cx, all.present, all.summoned),
        moment: cx.moment(&cx.now),
        groups: groups
            .into_iter()
            .map(|(no, tally)| GroupLine {
                name: group_name(cx, no),
                href: format!("{here}?to={}#ds", no.unwrap_or(0)),
                share: percent(cx, tally.present, tally.summoned),
                tally,
            })
            .collect(),
        all,
        here,
        cx,
    }
    .render()
}

struct PersonLine {
    id: String,
    code: String,
    name: String,
    position: String,
    group: String,
    tone: &'static str,
    icon: &'static str,
    words: String,
    since: String,
    late: bool,
    reason: String,
    present: bool,
    leave: bool,
    marked: bool,
    /// The form of this row is the one that came back.
    came_back: bool,
}

/// Colour, icon and key of how somebody stands.
pub(crate) fn presence_look(presence: Presence) -> (&'static str, &'static str, &'static str) {
    match presence {
        Presence::Present => ("green", "circle-check", key("attendance-present")),
        Presence::WithLeave => ("amber", "note", key("attendance-with-leave")),
        Presence::WithoutLeave => ("red", "circle-dashed", key("attendance-without-leave")),
    }
}

fn presence_param(presence: Presence) -> &'static str {
    match presence {
        Presence::Present => "co-mat",
        Presence::WithLeave => "vang-co",
        Presence::WithoutLeave => "vang-khong",
    }
}

#[derive(Template)]
#[template(path = "attendance/roll.html")]
struct RollCall<'a> {
    cx: &'a Cx,
    here: String,
    session: &'a Session,
    when: String,
    notice: String,
    error: String,
    marks: bool,
    manages: bool,
    region: String,
    q: String,
    groups: Vec<Choice>,
    states: Vec<Choice>,
    narrows: bool,
    shown: String,
    lines: Vec<PersonLine>,
    page: usize,
    pages: usize,
    back: String,
    typed: Typed,
}

fn live(cx: &Cx, slug: &str) -> LivePart {
    // The counts are of the whole session, whatever the list below is narrowed to.
    let mut bare = cx.clone();
    bare.path = format!("/phien/{slug}/diem-danh");
    bare.query.clear();
    LivePart::of(&bare, "")
}

async fn roll_call_page(
    app: &App,
    cx: &Cx,
    (marks, manages): (bool, bool),
    slug: &str,
    typed: Typed,
    refused: Option<AppError>,
) -> Result<Response, AppError> {
    let named = slug.to_owned();
    let hall = app.db.read(move |tx| Hall::load(tx, &named)).await?;
    let live = live(cx, slug);
    let region = live.region(draw_counts(&live.cx(), &hall)?)?;
    let (q, group, state) = (cx.param("q"), cx.param("to"), cx.param("tt"));
    let picked: Vec<&Attending> = hall
        .all
        .iter()
        .filter(|one| {
            let profile = &one.who.profile;
            (group.is_empty() || profile.group_no.unwrap_or(0).to_string() == group)
                && (state.is_empty() || presence_param(one.standing.presence) == state)
                && (q.trim().is_empty()
                    || matches_folded(&format!("{} {} {}", profile.name, one.who.code, profile.position), &q))
        })
        .collect();
    let pages = picked.len().div_ceil(PAGE).max(1);
    let at = cx.param("trang").parse::<usize>().unwrap_or(1).clamp(1, pages);
    let back_to = typed.get("code");
    let lines = picked
        .iter()
        .skip((at - 1) * PAGE)
        .take(PAGE)
        .map(|one| {
            let presence = one.standing.presence;
            let (tone, icon, words) = presence_look(presence);
            PersonLine {
                id: uuid::Uuid::now_v7().to_string(),
                code: one.who.code.clone(),
                name: one.who.profile.name.clone(),
                position: one.who.profile.position.clone(),
                group: group_name(cx, one.who.profile.group_no),
                tone,
                icon,
                words: cx.t(words).into_owned(),
                since: one.standing.first_in.map(|at| cx.time(&clock::local(at).time())).unwrap_or_default(),
                late: one.standing.late && presence == Presence::Present,
                reason: one.reason.clone(),
                present: presence == Presence::Present,
                leave: presence == Presence::WithLeave,
                marked: one.marked,
                came_back: refused.is_some() && one.who.code == back_to,
            }
        })
        .collect();
    let numbers: std::collections::BTreeSet<u16> =
        hall.all.iter().map(|one| one.who.profile.group_no.unwrap_or(0)).collect();
    let back: String = url_query(&[("q", &q), ("to", &group), ("tt", &state), ("trang", &cx.param("trang"))]);
    let body = RollCall {
        here: hall.session.href(),
        when: when(cx, &hall.session),
        notice: notice(cx),
        error: refused
            .as_ref()
            .map(|error| {
                let said: Vec<String> = error.fields().iter().map(|one| one.message(cx)).collect();
                if said.is_empty() { error.detail(cx.lang) } else { said.join(" ") }
            })
            .unwrap_or_default(),
        marks,
        manages,
        region,
        groups: numbers
            .iter()
            .map(|no| {
                Choice::new(no.to_string(), group_name(cx, (*no > 0).then_some(*no)), no.to_string() == group)
            })
            .collect(),
        states: [Presence::Present, Presence::WithLeave, Presence::WithoutLeave]
            .into_iter()
            .map(|presence| {
                let name = presence_param(presence);
                Choice::new(name, cx.t(presence_look(presence).2), name == state)
            })
            .collect(),
        narrows: !(q.is_empty() && group.is_empty() && state.is_empty()),
        shown: cx.t2("attendance-shown", "count", picked.len(), "all", hall.all.len()),
        lines,
        page: at,
        pages,
        back,
        q,
        typed,
        session: &hall.session,
        cx,
    };
    let title = cx.t1("attendance-roll-call", "session", hall.session.title.as_str());
    let page = Page::new(title, body).layout(Layout::Wide).print(PrintSize::A4Landscape);
    let page = page.style("credentials.css").script("js/list.js");
    Ok(page_with(refused.map_or(StatusCode::OK, |error| error.status()), cx, page))
}

/// The pairs that say something, as a query.
pub(crate) fn url_query(pairs: &[(&str, &str)]) -> String {
    let kept = pairs.iter().filter(|(_, value)| !value.is_empty());
    let encoded: Vec<String> = kept
        .map(|(name, value)| {
            let value: String = value
                .bytes()
                .map(|byte| match byte {
                    b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                        char::from(byte).to_string()
                    }
                    _ => format!("%{byte:02X}"),
                })
                .collect();
            format!("{name}={value}")
        })
        .collect();
    encoded.join("&")
}

/// `GET /phien/{slug}/diem-danh`
pub(super) async fn roll_call(
    actor: Actor<ReadAttendance>,
    cx: Cx,
    State(app): State<App>,
    Path(slug): Path<String>,
) -> Result<Response, AppError> {
    let rights = (may(&actor, Right::Contribute), may(&actor, Right::Manage));
    roll_call_page(&app, &cx, rights, &slug, Typed::default(), None).await
}

/// `GET /song/phien/{slug}/diem-danh`
pub(super) async fn roll_call_stream(
    actor: Actor<ReadAttendance>,
    cx: Cx,
    State(app): State<App>,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let named = slug.clone();
    app.db.read(move |tx| query::session(tx, &named).map(drop)).await?;
    let owner = app.clone();
    let topics = [format!("{TOPIC}/{slug}"), ROLL.to_owned()];
    live(&cx, &slug).stream(&app, &actor, &cx, &headers, topics, move |cx| {
        let (app, slug) = (owner.clone(), slug.clone());
        async move {
            let hall = app.db.read(move |tx| Hall::load(tx, &slug)).await?;
            Ok(draw_counts(&cx, &hall)?)
        }
    })
}

/// `POST /phien/{slug}/diem-danh`: one mark by hand.
pub(super) async fn mark(
    actor: Actor<MarkAttendance>,
    cx: Cx,
    State(app): State<App>,
    Path(slug): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let typed = Typed::from(pairs);
    let Ok(kind) = typed.get("kind").parse::<Mark>() else { return Err(AppError::bad_request()) };
    let mut new = NewMark::by_hand(kind, typed.get("reason"));
    new.id = typed.get("id").parse().ok();
    let (code, named) = (typed.get("code").to_owned(), slug.clone());
    let done = app
        .db
        .write(actor.author(), move |tx| {
            query::session(tx, &named)?;
            let who = roll::by_code_any(tx, &code)?.ok_or(AttendanceError::NotOnRoll)?;
            store::mark(tx, &named, who.id, &new)
        })
        .await;
    match done {
        Ok(marked) => {
            let query = typed.get("back");
            let safe = query.len() <= 600
                && query.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.%=&".contains(&byte));
            let mark = if safe && !query.is_empty() { format!("?{query}") } else { String::new() };
            let done = if marked.fresh { "marked" } else { "same" };
            Ok(see(&format!("/phien/{slug}/diem-danh{mark}"), done))
        }
        Err(AttendanceError::Db(error)) => Err(error.into()),
        Err(error @ AttendanceError::NoSession) => Err(error.into()),
        Err(error) => {
            let mut there = cx.clone();
            there.query = typed.get("back").to_owned();
            let rights = (true, may(&actor, Right::Manage));
            roll_call_page(&app, &there, rights, &slug, typed, Some(error.into())).await
        }
    }
}

// ---------------------------------------------------------------- the statement for the chair

fn statement_of(cx: &Cx, hall: &Hall) -> Listing {
    let (groups, all) = query::tally(&hall.all);
    let row = |kind, name: String, tally: &Tally| Row {
        kind,
        cells: [
            name,
            cx.int(tally.summoned),
            cx.int(tally.present),
            percent(cx, tally.present, tally.summoned),
            cx.int(tally.with_leave),
            cx.int(tally.without_leave),
            cx.int(tally.late),
        ]
        .into_iter()
        .map(Into::into)
        .collect(),
    };
    let mut rows: Vec<Row> =
        groups.iter().map(|(no, tally)| row(RowKind::Body, group_name(cx, *no), tally)).collect();
    rows.push(row(RowKind::Total, cx.t("attendance-total").into_owned(), &all));
    let names = |presence: Presence| -> Vec<String> {
        hall.all
            .iter()
            .filter(|one| one.standing.presence == presence)
            .map(|one| {
                let profile = &one.who.profile;
                format!("{} {} ({})", one.who.code, profile.name, group_name(cx, profile.group_no))
            })
            .collect()
    };
    let mut legend = vec![cx.t3(
        "attendance-statement-sum",
        "present",
        cx.int(all.present),
        "summoned",
        cx.int(all.summoned),
        "percent",
        percent(cx, all.present, all.summoned),
    )];
    for (presence, words) in [
        (Presence::WithLeave, "attendance-statement-with"),
        (Presence::WithoutLeave, "attendance-statement-without"),
    ] {
        let names = names(presence);
        // Names help while somebody can still be looked for; a hall that is not there yet is a number.
        if !names.is_empty() && names.len() <= 40 {
            legend.push(cx.t1(words, "names", names.join("; ")));
        }
    }
    let share = |n| Column { width: Width::Share(n), align: Align::Centre };
    Listing {
        title: cx.t("attendance-statement").into_owned(),
        lines: vec![
            cx.congress().name.clone(),
            format!("{} · {} · {}", hall.session.title, when(cx, &hall.session), hall.session.place),
        ],
        as_of: cx.as_of(),
        size: PageSize::A4,
        orientation: Orientation::Portrait,
        table: Table {
            columns: vec![
                Column { width: Width::Share(8), align: Align::Left },
                share(5),
                share(5),
                share(6),
                share(5),
                share(6),
                share(5),
            ],
            head: vec![
                [
                    "attendance-col-group",
                    "attendance-summoned",
                    "attendance-present",
                    "attendance-col-share",
                    "attendance-with-leave",
                    "attendance-without-leave",
                    "attendance-late",
                ]
                .into_iter()
                .map(|words| cx.t(words).into_owned().into())
                .collect(),
            ],
            rows,
            size: 12.0,
        },
        legend,
    }
}

/// `GET /phien/{slug}/tinh-hinh.pdf`
pub(super) async fn statement(
    _actor: Actor<ReadAttendance>,
    cx: Cx,
    State(app): State<App>,
    Extension(press): Extension<PressRoom>,
    Path(slug): Path<String>,
) -> Result<Response, AppError> {
    let named = slug.clone();
    let hall = app.db.read(move |tx| Hall::load(tx, &named)).await?;
    let listing = statement_of(&cx, &hall);
    let bytes = press.pdf(Printable::Listing(listing)).await.map_err(AppError::internal)?;
    Ok(download(bytes, Made::Pdf, &format!("tinh-hinh-dai-bieu-{slug}")))
}
