//! Series and meetings: what comes next is the biggest thing.

use askama::Template;
use axum::{Extension, extract::State, response::Response};
use platform::{
    app::App,
    clock,
    identity::Actor,
    web::{AppError, Cx, Made, Page, download, page},
};
use print::{Head, List, PressRoom, Printable};

use super::{
    common::{self, at, notice},
    draw,
    view::{MeetingRow, Stage},
};
use crate::{
    briefings::{
        BriefingError, Hand, ReadBriefings, conclusion,
        model::{Briefing, MeetingState, Notice, Series},
        notice as notices, sign, snapshot, store,
    },
    tasks::clarity::People,
};

/// The meeting that comes next.
struct Next {
    row: MeetingRow,
    place: String,
    stages: Vec<Stage>,
    sentence: String,
}

/// A series and the day it proposes.
struct SeriesView {
    id: String,
    title: String,
    rhythm: String,
    people: String,
    proposal: String,
}

#[derive(Template)]
#[template(path = "briefings/pages/index.html")]
struct Index<'a> {
    cx: &'a Cx,
    notice: String,
    manages: bool,
    next: Option<Next>,
    rows: Vec<MeetingRow>,
    total: usize,
    series: Vec<SeriesView>,
    many: bool,
    q: String,
    state: String,
    states: Vec<(String, String)>,
    empty_href: &'static str,
    files: String,
}

/// One meeting with what its line says.
struct Line {
    briefing: Briefing,
    series: String,
    conclusions: usize,
    notice: Option<Notice>,
}

/// The meeting that comes next with the moments of its loop.
struct Coming {
    briefing: Briefing,
    frozen: Option<jiff::Timestamp>,
    signed: Option<jiff::Timestamp>,
}

struct Loaded {
    series: Vec<(Series, rules::briefing::Proposal)>,
    lines: Vec<Line>,
    next: Option<Coming>,
    people: People,
}

async fn load(app: &App, hand: Hand) -> Result<Loaded, AppError> {
    let loaded = app.db.read(move |tx| {
        let series = store::series_list(tx, &hand)?
            .into_iter()
            .map(|one| Ok((store::propose(tx, &hand, one.id)?, one)).map(|(day, one)| (one, day)))
            .collect::<Result<Vec<_>, BriefingError>>()?;
        let all = store::briefings(tx, &hand, None)?;
        // The oldest meeting that is not over comes next: one that waits for a signature before the one after it.
        let open = all.iter().filter(|one| {
            !matches!(one.state, MeetingState::Announced | MeetingState::Cancelled | MeetingState::Signed)
        });
        let next = match open.min_by_key(|one| one.at).cloned() {
            Some(briefing) => Some(Coming {
                frozen: snapshot::frozen(tx, briefing.id)?.map(|one| one.as_of),
                signed: sign::record(tx, briefing.id, 0)?.map(|one| one.signed_at),
                briefing,
            }),
            None => None,
        };
        let mut lines = Vec::new();
        for briefing in all {
            let title = series.iter().find(|(one, _)| one.id == briefing.series);
            lines.push(Line {
                series: title.map(|(one, _)| one.title.clone()).unwrap_or_default(),
                conclusions: conclusion::standing(tx, briefing.id)?.len(),
                notice: notices::notice(tx, briefing.id)?,
                briefing,
            });
        }
        Ok::<_, BriefingError>(Loaded { series, lines, next, people: People::load(tx)? })
    });
    Ok(loaded.await?)
}

fn row(cx: &Cx, line: &Line) -> MeetingRow {
    let address = &line.briefing.address;
    MeetingRow {
        href: at(address, ""),
        name: draw::name(cx, &line.briefing),
        series: line.series.clone(),
        at: common::day(cx, clock::local(line.briefing.at)),
        state: draw::state(cx, line.briefing.state),
        conclusions: line.conclusions,
        notice: line.notice.as_ref().map(|one| one.written.clone()).unwrap_or_default(),
        notice_href: at(address, "van-ban/thong-bao"),
    }
}

/// The meetings that the address asks for.
fn rows<'a>(cx: &Cx, loaded: &'a Loaded) -> Vec<(&'a Line, MeetingRow)> {
    let (q, state) = (cx.param("q"), cx.param("trang-thai"));
    let wanted = loaded
        .lines
        .iter()
        .filter(|line| state.is_empty() || line.briefing.state.as_str() == state)
        .map(|line| (line, row(cx, line)));
    wanted
        .filter(|(_, row)| {
            let hay = format!("{} {} {} {} {}", row.name, row.series, row.at, row.state.word, row.notice);
            q.trim().is_empty() || rules::text::matches_folded(&hay, &q)
        })
        .collect()
}

async fn list_out(app: &App, hand: Hand, cx: &Cx) -> Result<List, AppError> {
    let loaded = load(app, hand).await?;
    let rows = rows(cx, &loaded);
    let count = cx.t2("meet-shown", "count", rows.len(), "all", loaded.lines.len());
    Ok(List {
        name: format!("giao-ban-{}", cx.now.date()),
        title: cx.t("meet-title").into_owned(),
        lines: vec![cx.congress().name.clone()],
        as_of: cx.as_of(),
        heads: vec![
            Head::new(cx.t("meet-col-name"), 14),
            Head::new(cx.t("meet-col-series"), 24),
            Head::new(cx.t("meet-col-at"), 18),
            Head::new(cx.t("meet-col-place"), 18),
            Head::new(cx.t("meet-col-state"), 14),
            Head::centred(cx.t("meet-col-conclusions"), 9),
            Head::new(cx.t("meet-col-notice"), 12),
        ],
        rows: rows
            .into_iter()
            .map(|(line, row)| {
                let place = line.briefing.place.clone();
                let count = row.conclusions.to_string();
                vec![row.name, row.series, row.at, place, row.state.word, count, row.notice]
            })
            .collect(),
        legend: vec![count],
    })
}

/// `GET /giao-ban/xuat.xlsx`: the meetings as they are filtered.
pub(super) async fn xlsx(
    actor: Actor<ReadBriefings>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let list = list_out(&app, Hand::of(&actor), &cx).await?;
    let name = list.name.clone();
    let bytes = tokio::task::spawn_blocking(move || list.xlsx()).await.map_err(AppError::internal)?;
    Ok(download(bytes.map_err(AppError::internal)?, Made::Xlsx, &name))
}

/// `GET /giao-ban/xuat.pdf`
pub(super) async fn pdf(
    actor: Actor<ReadBriefings>,
    cx: Cx,
    State(app): State<App>,
    Extension(press): Extension<PressRoom>,
) -> Result<Response, AppError> {
    let list = list_out(&app, Hand::of(&actor), &cx).await?;
    let bytes = press.pdf(Printable::Listing(list.listing())).await.map_err(AppError::internal)?;
    Ok(download(bytes, Made::Pdf, &list.name))
}

/// `GET /giao-ban`
pub(super) async fn show(
    actor: Actor<ReadBriefings>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let hand = Hand::of(&actor);
    let loaded = load(&app, hand).await?;
    let (q, state) = (cx.param("q"), cx.param("trang-thai"));
    let total = loaded.lines.len();
    let rows = rows(&cx, &loaded).into_iter().map(|(_, row)| row).collect();
    let next = loaded.next.as_ref().and_then(|coming| {
        let line = loaded.lines.iter().find(|line| line.briefing.id == coming.briefing.id)?;
        Some(Next {
            row: row(&cx, line),
            place: coming.briefing.place.clone(),
            stages: draw::stages(&cx, &coming.briefing, coming.frozen, coming.signed, ""),
            sentence: cx.tp("meet-next-", coming.briefing.state).into_owned(),
        })
    });
    let manages = |one: &Series| hand.manages.covers(Some(one.unit));
    let series: Vec<SeriesView> = loaded
        .series
        .iter()
        .map(|(one, day)| SeriesView {
            id: one.id.to_string(),
            title: one.title.clone(),
            rhythm: draw::rhythm(&cx, one),
            people: cx.t2(
                "meet-series-people",
                "chair",
                loaded.people.office_title(one.chair_office),
                "secretary",
                loaded.people.office_title(one.secretary_office),
            ),
            proposal: proposal(&cx, day),
        })
        .collect();
    let states = MeetingState::ALL
        .into_iter()
        .map(|one| (one.as_str().to_owned(), cx.t(one.key()).into_owned()))
        .collect();
    let may = actor.may(crate::briefings::AREA, platform::identity::Right::Manage, None)
        || loaded.series.iter().any(|(one, _)| manages(one));
    let body = Index {
        notice: notice(&cx),
        manages: may,
        next,
        rows,
        total,
        many: series.len() > 1,
        series,
        q,
        state,
        states,
        files: if cx.query.is_empty() { String::new() } else { format!("?{}", cx.query) },
        empty_href: if may { "/giao-ban/loat/moi" } else { "" },
        cx: &cx,
    };
    Ok(page(&cx, Page::new(cx.t("meet-title"), body).style("briefings.css")))
}

/// The day that a series proposes, and why it moved.
pub(super) fn proposal(cx: &Cx, day: &rules::briefing::Proposal) -> String {
    match day.moved {
        Some(why) => cx.t3(
            "meet-proposal-moved",
            "regular",
            cx.date(&day.regular),
            "why",
            cx.tp("meet-off-", why.as_str()),
            "at",
            common::day(cx, day.at),
        ),
        None => {
            cx.t2("meet-proposal", "at", common::day(cx, day.at), "cutoff", common::day(cx, day.cutoff_at))
        }
    }
}
