//! The roll-call by hand: the counts, the list, one mark.

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
    i18n::key,
    identity::{Actor, Right},
    web::{AppError, Choice, Cx, Layout, LivePart, Page, PrintSize, Typed, page_with, see},
};
use rules::{attendance::Tally, credentials::Presence, text::matches_folded};

use super::{AT, Hall, group_name, may, notice, percent, shown_moment, when};
use crate::{
    attendance::{
        AttendanceError, MarkAttendance, ReadAttendance, TOPIC,
        model::{Attending, Mark, NewMark, Session},
        query, store,
    },
    delegates::{TOPIC as ROLL, query as roll},
};

/// Rows of one page of the roll-call.
const PAGE: usize = 50;

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

fn draw_counts(cx: &Cx, hall: &Hall) -> askama::Result<String> {
    let (groups, all) = query::tally(&hall.all);
    let here = hall.session.href();
    CountsPart {
        share: percent(cx, all.present, all.summoned),
        moment: shown_moment(cx, hall.at, &cx.param(AT)),
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
    bare.query = url_query(&[(AT, &cx.param(AT))]);
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
    let (named, asked) = (slug.to_owned(), cx.param(AT));
    let hall = app.db.read(move |tx| Hall::load(tx, &named, &asked)).await?;
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
    let back: String = url_query(&[
        ("q", &q),
        ("to", &group),
        ("tt", &state),
        ("trang", &cx.param("trang")),
        (AT, &cx.param(AT)),
    ]);
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
pub(in crate::attendance) async fn roll_call(
    actor: Actor<ReadAttendance>,
    cx: Cx,
    State(app): State<App>,
    Path(slug): Path<String>,
) -> Result<Response, AppError> {
    let rights = (may(&actor, Right::Contribute), may(&actor, Right::Manage));
    roll_call_page(&app, &cx, rights, &slug, Typed::default(), None).await
}

/// `GET /song/phien/{slug}/diem-danh`
pub(in crate::attendance) async fn roll_call_stream(
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
        let (app, slug, asked) = (owner.clone(), slug.clone(), cx.param(AT));
        async move {
            let hall = app.db.read(move |tx| Hall::load(tx, &slug, &asked)).await?;
            Ok(draw_counts(&cx, &hall)?)
        }
    })
}

/// `POST /phien/{slug}/diem-danh`: one mark by hand.
pub(in crate::attendance) async fn mark(
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
