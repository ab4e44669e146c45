//! The plan of a session: the map by group or by attendance, what it does not hold, and the form that moves people.

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use platform::{
    app::App,
    identity::Actor,
    web::{AppError, Cx, Layout, LivePart, Page, Path, PrintSize, Typed, page, page_with},
};
use rules::seating::{Kind, assign::Team};

use super::{Hands, UnmetLine, cells, labels, load, notice, plan_href, team_ground, team_mark, team_name};
use crate::{
    attendance::{TOPIC as ATTENDANCE, query as roll_call},
    delegates::TOPIC as ROLL,
    seating::{
        ReadSeating, SeatingError, TOPIC,
        model::{Picture, Seen},
        picture, query,
    },
};

/// People without a place that are shown one by one.
const WAITING: usize = 60;
/// Lines of what a plan does not hold that are open from the start.
const OPEN: usize = 8;

/// A swap that is offered where a place was taken.
pub(super) struct Swap {
    pub(super) who: String,
    pub(super) seen: String,
    pub(super) other: String,
    pub(super) to: String,
    pub(super) words: String,
}

/// How many of the roll-call stand so, with the shape that means it.
pub(super) struct SeenLine {
    pub(super) mark: String,
    pub(super) words: String,
    pub(super) count: usize,
}

/// The figures of the roll-call over a plan.
pub(super) struct SeenSum {
    pub(super) lines: Vec<SeenLine>,
    /// The four together, which are those who were summoned.
    pub(super) total: usize,
    /// Of those who are present, how many have no place.
    pub(super) standing: usize,
}

/// The figures of the roll-call over a plan: every summoned delegate stands in one of four states.
pub(super) fn sum(cx: &Cx, picture: &Picture, seen: &SeenBy) -> SeenSum {
    let delegate = |at: &usize| picture.people.get(*at).is_some_and(|one| seen.contains_key(&one.who.id));
    let count = |wanted: Seen| seen.values().filter(|one| **one == wanted).count();
    let standing = (0..picture.people.len())
        .filter(delegate)
        .filter(|at| picture.placed.get(*at).is_some_and(Option::is_none))
        .filter(|at| picture.people.get(*at).and_then(|one| seen.get(&one.who.id)) == Some(&Seen::Present))
        .count();
    SeenSum {
        lines: Seen::ALL
            .into_iter()
            .map(|one| SeenLine {
                mark: picture::legend(one),
                words: cx.tp("seating-seen-", one.as_str()).into_owned(),
                count: count(one),
            })
            .collect(),
        total: seen.len(),
        standing,
    }
}

pub(super) type SeenBy = std::collections::HashMap<crate::delegates::model::ParticipantId, Seen>;

/// The state that each place shows.
pub(super) fn seen_map(picture: &Picture, seen: &SeenBy) -> Vec<Option<Seen>> {
    let sitting = picture.by_place();
    (0..picture.layout.places.len())
        .map(|at| {
            let one = sitting.get(&at).and_then(|person| picture.people.get(*person))?;
            seen.get(&one.who.id).copied()
        })
        .collect()
}

struct Waiting {
    code: String,
    name: String,
    team: String,
}

struct GoneLine {
    code: String,
    name: String,
    place: String,
    comer: String,
}

struct KeyLine {
    ground: &'static str,
    mark: String,
    name: String,
    seated: usize,
    all: usize,
}

#[derive(Template)]
#[template(path = "seating/plan_part.html")]
struct Part<'a> {
    cx: &'a Cx,
    here: String,
    hands: Hands,
    version: i64,
    published: bool,
    old_hall: bool,
    seated: usize,
    all: usize,
    free: usize,
    unmet: Vec<UnmetLine>,
    open: bool,
    gone: Vec<GoneLine>,
    waiting: Vec<Waiting>,
    more: usize,
    by_attendance: bool,
    sum: Option<SeenSum>,
    key: Vec<KeyLine>,
    map: String,
}

struct Known {
    code: String,
    words: String,
}

#[derive(Template)]
#[template(path = "seating/plan.html")]
struct Whole<'a> {
    cx: &'a Cx,
    here: String,
    picture: &'a Picture,
    when: String,
    notice: String,
    error: String,
    swap: Option<Swap>,
    typed: Typed,
    hands: Hands,
    by_attendance: bool,
    known: Vec<Known>,
    region: String,
}

#[derive(Template)]
#[template(path = "seating/none.html")]
struct NoPlan<'a> {
    cx: &'a Cx,
    title: String,
    setup: String,
    manage: bool,
}

fn by_attendance(cx: &Cx) -> bool {
    cx.param("xem") == "diem-danh"
}

/// The picture with how delegates stand, where that is what the map shows.
async fn loaded(app: &App, session: &str, attendance: bool) -> Result<(Picture, SeenBy), SeatingError> {
    let session = session.to_owned();
    app.db
        .read(move |tx| {
            let picture = query::picture(tx, &session)?;
            let now = tx.now();
            let seen = if attendance { query::seen(tx, &picture, now)? } else { SeenBy::default() };
            Ok((picture, seen))
        })
        .await
}

fn draw_part(cx: &Cx, (picture, seen): &(Picture, SeenBy), hands: Hands) -> askama::Result<String> {
    let by_attendance = by_attendance(cx);
    let title = cx.t1("seating-map-of", "session", picture.session.title.as_str());
    let labels = labels(cx, &picture.layout, title);
    let map = if by_attendance {
        picture::attendance(&picture.layout, &seen_map(picture, seen), &labels)
    } else {
        picture::groups(&picture.layout, &cells(cx, picture, &cx.param("tim")), &labels, hands.manage)
    };
    let unmet = super::unmet_lines(cx, picture);
    let mut waiting: Vec<Waiting> = picture
        .people
        .iter()
        .zip(&picture.placed)
        .filter(|(_, place)| place.is_none())
        .map(|(one, _)| Waiting {
            code: one.who.code.clone(),
            name: one.who.profile.name.clone(),
            team: team_name(cx, one.person.team),
        })
        .collect();
    let more = waiting.len().saturating_sub(WAITING);
    waiting.truncate(WAITING);
    let text = |at: Option<usize>| {
        at.and_then(|at| picture.layout.places.get(at)).map(|place| picture.layout.text(place))
    };
    Part {
        here: plan_href(&picture.session.slug),
        hands,
        version: picture.plan.version,
        published: picture.plan.published,
        old_hall: picture.plan.layout < picture.hall.version,
        seated: picture.seated(),
        all: picture.people.len(),
        free: query::free(picture)
            .into_iter()
            .filter(|at| picture.layout.places.get(*at).is_some_and(|place| place.kind == Kind::Ordinary))
            .count(),
        open: unmet.len() <= OPEN,
        unmet,
        gone: picture
            .gone
            .iter()
            .map(|one| GoneLine {
                code: one.who.code.clone(),
                name: one.who.profile.name.clone(),
                place: text(one.place).unwrap_or_default(),
                comer: one
                    .comer
                    .as_ref()
                    .filter(|_| one.place.is_some())
                    .map(|comer| format!("{} {}", comer.code, comer.profile.name))
                    .unwrap_or_default(),
            })
            .collect(),
        waiting,
        more,
        by_attendance,
        sum: by_attendance.then(|| sum(cx, picture, seen)),
        key: picture
            .teams()
            .into_iter()
            .map(|(team, (seated, all))| KeyLine {
                ground: team_ground(team),
                mark: team_mark(cx, team),
                name: team_name(cx, team),
                seated,
                all,
            })
            .collect(),
        map,
        cx,
    }
    .render()
}

fn live(cx: &Cx, session: &str, hands: Hands) -> LivePart {
    LivePart::of(cx, hands.name()).at(&plan_href(session))
}

/// The page, also after something was refused.
pub(super) async fn draw(
    app: &App,
    cx: &Cx,
    hands: Hands,
    session: &str,
    refused: Option<(AppError, Option<Swap>, Typed)>,
) -> Result<Response, AppError> {
    let both = match loaded(app, session, by_attendance(cx)).await {
        Err(SeatingError::NoPlan) => return no_plan(app, cx, hands, session).await,
        other => other?,
    };
    let live = live(cx, session, hands);
    let region = live.region(draw_part(&live.cx(), &both, hands)?)?;
    let picture = &both.0;
    let (error, swap, typed) = match refused {
        Some((error, swap, typed)) => (Some(error), swap, typed),
        None => (None, None, Typed::default()),
    };
    let known = if hands.manage {
        let line = |one: &crate::seating::model::Sitter| Known {
            code: one.who.code.clone(),
            words: format!("{} · {}", one.who.profile.name, team_name(cx, one.person.team)),
        };
        picture.people.iter().map(line).collect()
    } else {
        Vec::new()
    };
    let body = Whole {
        here: plan_href(&picture.session.slug),
        picture,
        when: crate::attendance::when(cx, &picture.session),
        notice: notice(cx),
        error: error.as_ref().map(|error| error.detail(cx.lang)).unwrap_or_default(),
        swap,
        typed,
        hands,
        by_attendance: by_attendance(cx),
        known,
        region,
        cx,
    };
    let title = cx.t1("seating-plan-of", "session", picture.session.title.as_str());
    let out = Page::new(title, body).layout(Layout::Wide).print(PrintSize::A3);
    let out = out.style("seating.css").script("js/list.js").script("js/seating.js");
    Ok(page_with(error.map_or(StatusCode::OK, |error| error.status()), cx, out))
}

async fn no_plan(app: &App, cx: &Cx, hands: Hands, session: &str) -> Result<Response, AppError> {
    let named = session.to_owned();
    let session = app.db.read(move |tx| roll_call::session(tx, &named)).await?;
    let title = cx.t1("seating-plan-of", "session", session.title.as_str());
    let setup = format!("{}/lap", plan_href(&session.slug));
    let body = NoPlan { title: title.clone(), setup, manage: hands.manage, cx };
    Ok(page(cx, Page::new(title, body).style("seating.css")))
}

/// `GET /cho-ngoi/{session}`
pub(in crate::seating) async fn show(
    actor: Actor<ReadSeating>,
    cx: Cx,
    State(app): State<App>,
    Path(session): Path<String>,
) -> Result<Response, AppError> {
    draw(&app, &cx, Hands::of(&actor), &session, None).await
}

/// `GET /song/cho-ngoi/{session}`
pub(in crate::seating) async fn stream(
    actor: Actor<ReadSeating>,
    cx: Cx,
    State(app): State<App>,
    Path(session): Path<String>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let (hands, owner) = (Hands::of(&actor), app.clone());
    load(&app, &session).await?;
    let mut topics = vec![TOPIC.to_owned(), format!("{TOPIC}/{session}"), ROLL.to_owned()];
    // The map of groups is not drawn anew for each who comes in.
    if by_attendance(&cx) {
        topics.push(format!("{ATTENDANCE}/{session}"));
    }
    let live = live(&cx, &session, hands);
    live.stream(&app, &actor, &cx, &headers, topics, move |cx| {
        let (app, session) = (owner.clone(), session.clone());
        async move { Ok(draw_part(&cx, &loaded(&app, &session, by_attendance(&cx)).await?, hands)?) }
    })
}

/// The marks of the teams of a plan, for the legend of the map on paper.
pub(super) fn team_legend(cx: &Cx, picture: &Picture) -> String {
    let word = |(team, (seated, all)): (Team, (usize, usize))| {
        cx.ta(
            "seating-legend-team",
            &[
                ("mark", platform::i18n::IntoArg::arg(&team_mark(cx, team))),
                ("name", platform::i18n::IntoArg::arg(&team_name(cx, team))),
                ("seated", platform::i18n::IntoArg::arg(&seated)),
                ("all", platform::i18n::IntoArg::arg(&all)),
            ],
        )
    };
    picture.teams().into_iter().map(word).collect::<Vec<_>>().join("; ")
}
