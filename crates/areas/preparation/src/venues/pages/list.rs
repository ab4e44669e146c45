//! The list of venues: where each stands, its gates and its score; nothing is ranked that failed a gate.

use std::collections::HashMap;

use askama::Template;
use axum::{Extension, extract::State, http::HeaderMap, response::Response};
use platform::{
    app::App,
    identity::Actor,
    web::{AppError, Cx, LivePart, Made, Page, PrintSize, download, page},
};
use print::{
    Align, Cell, Column, Listing, Orientation, PageSize, PressRoom, Printable, Row, RowKind, Table, Width,
};
use rules::{egress, scoring::Gate, text, venue::VenueState};

use super::{
    common::{at, notice},
    compare, view,
};
use crate::venues::{ReadVenues, VenueError, model::Venue, picture::Picture, store, who};

/// The colour of a state.
pub(super) fn state_tone(state: VenueState) -> &'static str {
    match state {
        VenueState::Nominated | VenueState::Withdrawn | VenueState::PassedOver => "grey",
        VenueState::Surveying | VenueState::Scoring => "blue",
        VenueState::Qualified => "green",
        VenueState::Disqualified => "red",
        VenueState::Submitted => "amber",
        VenueState::Chosen | VenueState::HandedOver => "green",
        VenueState::GivenBack => "brown",
    }
}

struct Head {
    word: String,
    href: String,
    sorted: &'static str,
    num: bool,
}

#[derive(Debug, Clone)]
struct Line {
    href: String,
    code: String,
    name: String,
    address: String,
    state: String,
    state_tone: &'static str,
    tone: &'static str,
    icon: &'static str,
    gate: String,
    capacity: String,
    safe: Option<u32>,
    forms: String,
    score: String,
    why: String,
    place: usize,
    step: usize,
}

#[derive(Template)]
#[template(path = "venues/pages/list.html")]
struct ListPage<'a> {
    cx: &'a Cx,
    manages: bool,
    notice: String,
    error: String,
    nothing: bool,
    empty_href: &'static str,
    pdf: String,
    q: String,
    state: String,
    gate: String,
    states: Vec<(String, String)>,
    gate_words: Vec<(String, String)>,
    region: String,
}

/// The part of the list that lives.
#[derive(Template)]
#[template(path = "venues/pages/list_part.html")]
struct Part<'a> {
    cx: &'a Cx,
    round: String,
    count: String,
    heads: Vec<Head>,
    rows: Vec<Line>,
    disclaimer: String,
}

fn part(cx: &Cx, venues: &[Venue], picture: Option<&Picture>) -> askama::Result<String> {
    let (rows, all) = rows(cx, venues, picture);
    Part {
        round: picture
            .map(|picture| compare::choice(cx, picture).round)
            .unwrap_or_else(|| cx.t("venues-round-none").into_owned()),
        count: cx.t2("venues-count", "shown", rows.len(), "all", all),
        heads: heads(cx),
        rows,
        disclaimer: cx.t(egress::DISCLAIMER).into_owned(),
        cx,
    }
    .render()
}

fn line(cx: &Cx, venue: &Venue, picture: Option<&Picture>) -> Line {
    let entry = picture.and_then(|picture| picture.entry(venue.id));
    let gate = entry.map_or(Gate::NoEvidence, |entry| entry.standing.gate);
    let (tone, icon) = view::gate_look(gate);
    let screening = entry.and_then(|entry| entry.screening.as_ref());
    let safe = screening.and_then(|screening| screening.safe);
    let place = entry.and_then(|entry| entry.standing.place);
    let why = match entry {
        Some(entry) if place.is_none() && !entry.hidden => {
            let whys: Vec<String> = entry
                .standing
                .blockers
                .iter()
                .take(2)
                .map(|blocker| compare::why(cx, entry, blocker))
                .collect();
            whys.join("; ")
        }
        Some(entry) if entry.hidden => cx.t("venues-hidden").into_owned(),
        _ => String::new(),
    };
    Line {
        href: at(&venue.code),
        code: venue.code.clone(),
        name: venue.name.clone(),
        address: venue.address.clone(),
        state: cx.t(venue.state.key()).into_owned(),
        state_tone: state_tone(venue.state),
        tone,
        icon,
        gate: cx.t(gate.key()).into_owned(),
        capacity: match (safe, picture) {
            (Some(safe), Some(picture)) => cx.t2("venues-safe-of", "safe", safe, "need", picture.need),
            _ => cx.t("venues-safe-unknown").into_owned(),
        },
        safe,
        forms: entry.map(|entry| format!("{}/{}", entry.assessors, entry.asked)).unwrap_or_default(),
        score: match (place, entry.and_then(|entry| entry.standing.total)) {
            (Some(_), Some(total)) => view::points(cx, total, 2),
            _ => String::new(),
        },
        why,
        place: place.unwrap_or(usize::MAX),
        step: VenueState::ALL.iter().position(|state| *state == venue.state).unwrap_or(0),
    }
}

/// The rows that the address asks for, in its order; and how many there are in all.
fn rows(cx: &Cx, venues: &[Venue], picture: Option<&Picture>) -> (Vec<Line>, usize) {
    let (q, state, gate) = (cx.param("q"), cx.param("buoc"), cx.param("dieu-kien"));
    let wanted = text::fold(&q);
    let gates: HashMap<_, _> = picture
        .map(|picture| picture.entries.iter().map(|one| (one.venue.id, one.standing.gate)).collect())
        .unwrap_or_default();
    let mut rows: Vec<Line> = venues
        .iter()
        .filter(|venue| {
            let words =
                text::fold(&format!("{} {} {} {}", venue.code, venue.name, venue.address, venue.owner));
            (wanted.is_empty() || wanted.split_whitespace().all(|word| words.contains(word)))
                && (state.is_empty() || venue.state.as_str() == state)
                && (gate.is_empty()
                    || gates.get(&venue.id).copied().unwrap_or(Gate::NoEvidence).as_str() == gate)
        })
        .map(|venue| line(cx, venue, picture))
        .collect();
    let sort = cx.param("xep");
    match sort.trim_start_matches('-') {
        "ten" => rows.sort_by_key(|row| text::fold(&row.name)),
        "buoc" => rows.sort_by_key(|row| row.step),
        "suc-chua" => rows.sort_by_key(|row| row.safe),
        "ma" => rows.sort_by(|a, b| a.code.cmp(&b.code)),
        _ => rows.sort_by(|a, b| a.place.cmp(&b.place).then_with(|| a.code.cmp(&b.code))),
    }
    if sort.starts_with('-') {
        rows.reverse();
    }
    (rows, venues.len())
}

fn heads(cx: &Cx) -> Vec<Head> {
    let sort = cx.param("xep");
    let head = |name: &str, key: &'static str, num: bool| {
        let (turned, sorted) = if sort == name {
            (format!("-{name}"), "ascending")
        } else if sort.strip_prefix('-') == Some(name) {
            (String::new(), "descending")
        } else {
            (name.to_owned(), "")
        };
        let href = if name.is_empty() { String::new() } else { cx.with("xep", turned) };
        Head { word: cx.t(key).into_owned(), href, sorted: if name.is_empty() { "" } else { sorted }, num }
    };
    vec![
        head("ma", "venues-code", false),
        head("ten", "venues-name", false),
        head("buoc", "venues-state", false),
        head("suc-chua", "venues-capacity", false),
        head("", "venues-gates", false),
        head("", "venues-forms", true),
        head("", "venues-score", true),
    ]
}

async fn load(app: &App, who: store::Who) -> Result<(Vec<Venue>, Option<Picture>), AppError> {
    Ok(app
        .db
        .read(move |tx| -> Result<_, VenueError> { Ok((store::venues(tx)?, compare::current(tx, &who)?)) })
        .await?)
}

/// `GET /dia-diem`
pub(super) async fn show(
    actor: Actor<ReadVenues>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let who = who(&actor);
    let (venues, picture) = load(&app, who).await?;
    let live = LivePart::of(&cx, format_args!("{who:?}"));
    let body = ListPage {
        manages: who.manages,
        notice: notice(&cx),
        error: String::new(),
        nothing: venues.is_empty(),
        empty_href: if who.manages { "/dia-diem/moi" } else { "" },
        pdf: format!("/dia-diem/danh-sach.pdf{}", live.question()),
        q: cx.param("q"),
        state: cx.param("buoc"),
        gate: cx.param("dieu-kien"),
        states: VenueState::ALL
            .iter()
            .map(|state| (state.to_string(), cx.t(state.key()).into_owned()))
            .collect(),
        gate_words: Gate::ALL.iter().map(|gate| (gate.to_string(), cx.t(gate.key()).into_owned())).collect(),
        region: live.region(part(&live.cx(), &venues, picture.as_ref())?)?,
        cx: &cx,
    };
    let title = cx.t("venues-title").into_owned();
    Ok(page(
        &cx,
        Page::new(title, body).style("venues.css").script("js/list.js").print(PrintSize::A4Landscape),
    ))
}

/// `GET /song/dia-diem`
pub(super) async fn stream(
    actor: Actor<ReadVenues>,
    cx: Cx,
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let who = who(&actor);
    let owner = app.clone();
    let live = LivePart::of(&cx, format_args!("{who:?}"));
    live.stream(&app, &actor, &cx, &headers, [store::TOPIC, "congress"], move |cx| {
        let app = owner.clone();
        async move {
            let (venues, picture) = load(&app, who).await?;
            Ok(part(&cx, &venues, picture.as_ref())?)
        }
    })
}

/// `GET /dia-diem/danh-sach.pdf`: the list as it is filtered.
pub(super) async fn pdf(
    actor: Actor<ReadVenues>,
    cx: Cx,
    State(app): State<App>,
    Extension(press): Extension<PressRoom>,
) -> Result<Response, AppError> {
    let (venues, picture) = load(&app, who(&actor)).await?;
    let (rows, all) = rows(&cx, &venues, picture.as_ref());
    let count = rows.len();
    let column = |width, align| Column { width, align };
    let listing = Listing {
        title: cx.t("venues-title").into_owned(),
        lines: vec![cx.congress().name.clone()],
        as_of: cx.moment(&cx.now),
        size: PageSize::A4,
        orientation: Orientation::Landscape,
        table: Table {
            columns: vec![
                column(Width::Mm(14.0), Align::Centre),
                column(Width::Share(5), Align::Left),
                column(Width::Mm(32.0), Align::Left),
                column(Width::Mm(40.0), Align::Left),
                column(Width::Mm(38.0), Align::Left),
                column(Width::Mm(16.0), Align::Right),
                column(Width::Share(4), Align::Left),
            ],
            head: vec![heads(&cx).into_iter().map(|head| Cell::from(head.word)).collect()],
            rows: rows
                .into_iter()
                .map(|row| {
                    let score = if row.score.is_empty() {
                        format!("{}. {}", cx.t("venues-unranked"), row.why)
                    } else {
                        row.score
                    };
                    let name = if row.address.is_empty() {
                        row.name
                    } else {
                        format!("{}, {}", row.name, row.address)
                    };
                    Row {
                        kind: RowKind::Body,
                        cells: [row.code, name, row.state, row.capacity, row.gate, row.forms, score]
                            .map(Cell::from)
                            .to_vec(),
                    }
                })
                .collect(),
            size: 10.5,
        },
        legend: vec![
            cx.t2("venues-count", "shown", count, "all", all),
            cx.t(egress::DISCLAIMER).into_owned(),
        ],
    };
    let bytes = press.pdf(Printable::Listing(listing)).await.map_err(AppError::internal)?;
    Ok(download(bytes, Made::Pdf, "dia-diem"))
}
