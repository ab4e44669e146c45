//! Who has not come: how people arrive beside what was to be expected, and by group whom to call.

use std::fmt::Write as _;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use jiff::Timestamp;
use platform::{
    app::App,
    clock,
    db::Tx,
    identity::Actor,
    web::{AppError, Cx, Layout, LivePart, Page, PrintSize, page},
};
use rules::{
    arrival::{Point, Shape, curve},
    attendance::Tally,
    credentials::Presence,
};

use super::{AT, Hall, group_name, shown_moment};
use crate::{
    attendance::{
        AttendanceError, ReadAttendance, TOPIC,
        model::{Attending, Session},
        query,
    },
    delegates::{
        self, TOPIC as ROLL,
        model::{GroupRole, Status},
        query as roll,
    },
};

/// Minutes of one step of the curve.
const STEP: i64 = 5;

/// Somebody to call about a group.
struct Contact {
    name: String,
    role: &'static str,
    /// Only for who may see it.
    phone: String,
    present: bool,
}

struct Picture {
    hall: Hall,
    points: Vec<Point>,
    expected: u64,
    confirmed: u64,
    /// The session that the expectation is taken from.
    like: Option<String>,
    contacts: Vec<(Option<u16>, Vec<Contact>)>,
}

fn load(tx: &mut Tx<'_>, slug: &str, asked: &str, sees: bool) -> Result<Picture, AttendanceError> {
    let hall = Hall::load(tx, slug, asked)?;
    let first_in: Vec<Timestamp> = hall.all.iter().filter_map(|one| one.standing.first_in).collect();
    let leave = |one: &&Attending| one.standing.presence == Presence::WithLeave;
    let away = u64::try_from(hall.all.iter().filter(leave).count()).unwrap_or(0);
    let all = u64::try_from(hall.all.len()).unwrap_or(0);
    let confirmed = hall.all.iter().filter(|one| one.who.status == Status::Confirmed).count();
    let (mut shape, mut like) = (Shape::Assumed, None);
    // The last session before this one at which enough came to tell anything.
    for earlier in query::sessions(tx)?.into_iter().rev().filter(|one| one.ends_at <= hall.session.starts_at)
    {
        let came = query::attending(tx, &earlier, earlier.ends_at)?;
        shape = Shape::seen(earlier.starts_at, came.iter().filter_map(|one| one.standing.first_in));
        if shape != Shape::Assumed {
            like = Some(earlier.title);
            break;
        }
    }
    let expected = all.saturating_sub(away);
    let points = curve(&shape, hall.session.starts_at, expected, &first_in, hall.at, STEP);
    let mut contacts: Vec<(Option<u16>, Vec<Contact>)> = Vec::new();
    for no in groups_with_missing(&hall.all) {
        let mut own = Vec::new();
        for role in [GroupRole::Head, GroupRole::Deputy] {
            let Some(no) = no else { continue };
            for who in roll::holders(tx, no, role)? {
                let phone = if sees { roll::private(tx, who.id)?.phone } else { String::new() };
                let standing = hall.all.iter().find(|one| one.who.id == who.id);
                own.push(Contact {
                    present: standing.is_some_and(|one| one.standing.presence == Presence::Present),
                    role: role.as_str(),
                    name: who.profile.name,
                    phone,
                });
            }
        }
        contacts.push((no, own));
    }
    Ok(Picture { confirmed: u64::try_from(confirmed).unwrap_or(0), hall, points, expected, like, contacts })
}

fn is_missing(one: &Attending) -> bool {
    one.standing.presence == Presence::WithoutLeave && one.standing.first_in.is_none()
}

fn groups_with_missing(all: &[Attending]) -> Vec<Option<u16>> {
    let mut out: Vec<Option<u16>> = Vec::new();
    for one in all.iter().filter(|one| is_missing(one)) {
        // In the order of groups, those of none last.
        if out.last() != Some(&one.who.profile.group_no) {
            out.push(one.who.profile.group_no);
        }
    }
    out
}

struct Person {
    code: String,
    name: String,
    note: String,
}

struct GroupBlock {
    name: String,
    href: String,
    contacts: Vec<Contact>,
    missing: Vec<Person>,
    of: u64,
}

/// A row of the table behind the curve.
struct Row {
    at: String,
    expected: u64,
    arrived: Option<u64>,
}

#[derive(Template)]
#[template(path = "attendance/missing_part.html")]
struct Part<'a> {
    cx: &'a Cx,
    all: Tally,
    moment: String,
    curve: String,
    basis: String,
    rows: Vec<Row>,
    now_expected: u64,
    now_arrived: u64,
    groups: Vec<GroupBlock>,
    missing: usize,
    /// Whoever else is worth a look, each list under its sentence.
    lists: Vec<(String, Vec<Person>)>,
    sees: bool,
}

#[derive(Template)]
#[template(path = "attendance/missing.html")]
struct Whole<'a> {
    cx: &'a Cx,
    session: &'a Session,
    asked: String,
    region: String,
}

/// The curve as a drawing: nothing but geometry, so the page's policy and its styles hold.
fn drawn(cx: &Cx, points: &[Point]) -> String {
    const LEFT: u64 = 56;
    const TOP: u64 = 16;
    const WIDE: u64 = 640;
    const HIGH: u64 = 200;
    let most = points.iter().map(|one| one.expected.max(one.arrived.unwrap_or(0))).max().unwrap_or(0).max(1);
    // A round number above it, so that lines stand at numbers that people say.
    let unit = [5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000]
        .into_iter()
        .find(|unit| most.div_ceil(*unit) <= 5)
        .unwrap_or(most);
    let top = most.div_ceil(unit) * unit;
    let count = u64::try_from(points.len().saturating_sub(1)).unwrap_or(1).max(1);
    let place = |n: usize, value: u64| {
        let x = LEFT + WIDE * u64::try_from(n).unwrap_or(0) / count;
        (x, TOP + HIGH - HIGH * value.min(top) / top)
    };
    let mut out = format!(
        "<svg class=\"arrivals\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">",
        LEFT + WIDE + 24,
        TOP + HIGH + 36,
        escaped(&cx.t("attendance-curve-label"))
    );
    for step in 0..=top / unit {
        let (value, y) = (step * unit, TOP + HIGH - HIGH * step * unit / top);
        let _ = write!(
            out,
            "<line class=\"grid\" x1=\"{LEFT}\" y1=\"{y}\" x2=\"{}\" y2=\"{y}\"/><text class=\"value\" x=\"{}\" y=\"{}\">{}</text>",
            LEFT + WIDE,
            LEFT - 8,
            y + 5,
            cx.int(value)
        );
    }
    let mut path = |class: &str, values: Vec<(usize, u64)>| {
        let text: Vec<String> = values
            .iter()
            .map(|(n, value)| {
                let (x, y) = place(*n, *value);
                format!("{x},{y}")
            })
            .collect();
        let _ = write!(out, "<polyline class=\"{class}\" points=\"{}\"/>", text.join(" "));
        if let (Some(last), "arrived") = (values.last(), class) {
            let (x, y) = place(last.0, last.1);
            let _ = write!(out, "<circle class=\"now\" cx=\"{x}\" cy=\"{y}\" r=\"6\"/>");
        }
    };
    path("expected", points.iter().enumerate().map(|(n, one)| (n, one.expected)).collect());
    path("arrived", points.iter().enumerate().filter_map(|(n, one)| Some((n, one.arrived?))).collect());
    for (n, one) in points.iter().enumerate().step_by(6) {
        let (x, _) = place(n, 0);
        let _ = write!(
            out,
            "<text class=\"time\" x=\"{x}\" y=\"{}\">{}</text>",
            TOP + HIGH + 24,
            cx.time(&clock::local(one.at).time())
        );
    }
    out.push_str("</svg>");
    out
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

fn draw(cx: &Cx, picture: Picture, sees: bool) -> askama::Result<String> {
    let hall = &picture.hall;
    let (tallies, all) = query::tally(&hall.all);
    let here = hall.session.href();
    let person = |one: &Attending, note: String| Person {
        code: one.who.code.clone(),
        name: one.who.profile.name.clone(),
        note,
    };
    let since = |one: &Attending| {
        one.standing.first_in.map(|at| cx.time(&clock::local(at).time())).unwrap_or_default()
    };
    let list = |picks: &dyn Fn(&Attending) -> bool, note: &dyn Fn(&Attending) -> String| -> Vec<Person> {
        hall.all.iter().filter(|one| picks(one)).map(|one| person(one, note(one))).collect()
    };
    let with_group = |one: &Attending, more: String| {
        let group = group_name(cx, one.who.profile.group_no);
        if more.is_empty() { group } else { format!("{group} · {more}") }
    };
    let late = list(&|one| one.standing.late && one.standing.presence == Presence::Present, &|one| {
        with_group(one, since(one))
    });
    let leave =
        list(&|one| one.standing.presence == Presence::WithLeave, &|one| with_group(one, one.reason.clone()));
    let out = list(
        &|one| one.standing.presence == Presence::WithoutLeave && one.standing.first_in.is_some(),
        &|one| with_group(one, String::new()),
    );
    let lists =
        [("attendance-out-count", out), ("attendance-late-count", late), ("attendance-leave-count", leave)]
            .into_iter()
            .filter(|(_, people)| !people.is_empty())
            .map(|(words, people)| (cx.tn(words, people.len()), people))
            .collect();
    let current = picture.points.iter().rev().find(|one| one.arrived.is_some());
    let basis = match &picture.like {
        Some(title) => cx.t3(
            "attendance-basis-seen",
            "session",
            title.as_str(),
            "count",
            cx.int(picture.expected),
            "confirmed",
            cx.int(picture.confirmed),
        ),
        None => cx.t2(
            "attendance-basis-assumed",
            "count",
            cx.int(picture.expected),
            "confirmed",
            cx.int(picture.confirmed),
        ),
    };
    let rows = picture.points.iter().step_by(3).map(|one| Row {
        at: cx.time(&clock::local(one.at).time()),
        expected: one.expected,
        arrived: one.arrived,
    });
    let rows = rows.collect();
    let (now_expected, now_arrived) =
        (current.map_or(0, |one| one.expected), current.and_then(|one| one.arrived).unwrap_or(0));
    let curve = drawn(cx, &picture.points);
    let moment = shown_moment(cx, hall.at, &cx.param(AT));
    let missing = hall.all.iter().filter(|one| is_missing(one)).count();
    let groups: Vec<GroupBlock> = picture
        .contacts
        .into_iter()
        .map(|(no, contacts)| GroupBlock {
            name: group_name(cx, no),
            href: format!("{here}?to={}&tt=vang-khong#ds", no.unwrap_or(0)),
            contacts,
            missing: hall
                .all
                .iter()
                .filter(|one| is_missing(one) && one.who.profile.group_no == no)
                .map(|one| person(one, one.who.profile.position.clone()))
                .collect(),
            of: tallies.iter().find(|(group, _)| *group == no).map_or(0, |(_, tally)| tally.summoned),
        })
        .collect();
    Part { cx, all, moment, curve, basis, rows, now_expected, now_arrived, groups, missing, lists, sees }
        .render()
}

/// `GET /phien/{slug}/chua-den`
pub(in crate::attendance) async fn page_of(
    actor: Actor<ReadAttendance>,
    cx: Cx,
    State(app): State<App>,
    Path(slug): Path<String>,
) -> Result<Response, AppError> {
    let sees = delegates::sight(&actor).contacts;
    let asked = cx.param(AT);
    let picture = app.db.read(move |tx| load(tx, &slug, &asked, sees)).await?;
    let session = picture.hall.session.clone();
    let live = LivePart::of(&cx, sees);
    let region = live.region(draw(&live.cx(), picture, sees)?)?;
    let title = cx.t1("attendance-missing-title", "session", session.title.as_str());
    let body = Whole { session: &session, asked: cx.param(AT), region, cx: &cx };
    Ok(page(&cx, Page::new(title, body).layout(Layout::Wide).print(PrintSize::A4).style("gates.css")))
}

/// `GET /song/phien/{slug}/chua-den`
pub(in crate::attendance) async fn stream(
    actor: Actor<ReadAttendance>,
    cx: Cx,
    State(app): State<App>,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let named = slug.clone();
    app.db.read(move |tx| query::session(tx, &named).map(drop)).await?;
    let (owner, sees) = (app.clone(), delegates::sight(&actor).contacts);
    let topics = [format!("{TOPIC}/{slug}"), ROLL.to_owned()];
    LivePart::of(&cx, sees).stream(&app, &actor, &cx, &headers, topics, move |cx| {
        let (app, slug, asked) = (owner.clone(), slug.clone(), cx.param(AT));
        async move {
            let picture = app.db.read(move |tx| load(tx, &slug, &asked, sees)).await?;
            Ok(draw(&cx, picture, sees)?)
        }
    })
}
