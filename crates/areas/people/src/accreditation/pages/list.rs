//! Everybody nominated: figures, filters, search, exports.

use askama::Template;
use axum::{Extension, extract::State, http::HeaderMap, response::Response};
use platform::{
    app::App,
    identity::Actor,
    web::{AppError, Choice, Cx, Layout, LivePart, Made, Page, PrintSize, download, page},
};
use print::{Head, List, PressRoom, Printable};

use super::{Chip, Hands, PATH, kind_words, notice, role_words};
use crate::{
    accreditation::{
        PressError, ReadPress, TOPIC,
        model::{Agency, Entry, Progress},
        query::{self, Filter},
    },
    badges,
};

/// Rows that are drawn; more are found by searching.
const SHOWN: usize = 600;

fn filter_of(cx: &Cx) -> Filter {
    Filter {
        words: cx.param("q"),
        agency: cx.param("co-quan").parse().ok(),
        kind: cx.param("loai").parse().ok(),
        role: cx.param("vai").parse().ok(),
        standing: cx.param("tt").parse().ok(),
    }
}

struct Row {
    href: String,
    no: u32,
    name: String,
    agency: String,
    agency_href: String,
    role: String,
    card: String,
    equipment: String,
    excepted: bool,
    chip: Chip,
    code: String,
    badge: String,
}

impl Row {
    fn of(cx: &Cx, one: &Entry) -> Self {
        let nominee = &one.nominee;
        Self {
            href: nominee.href(),
            no: nominee.no,
            name: nominee.name.clone(),
            agency: one.agency.name.clone(),
            agency_href: one.agency.href(),
            role: cx.tp("accreditation-role-", nominee.role).into_owned(),
            card: nominee.card.clone(),
            equipment: nominee.equipment.clone(),
            excepted: nominee.excepted,
            chip: Chip::of(cx, nominee.standing()),
            code: one.code.clone(),
            badge: one
                .badge
                .map(|state| cx.tp("badges-state-", state.as_str()).into_owned())
                .unwrap_or_default(),
        }
    }
}

struct Figure {
    tone: &'static str,
    icon: &'static str,
    href: String,
    number: usize,
    words: String,
}

#[derive(Template)]
#[template(path = "accreditation/list_part.html")]
struct Part<'a> {
    cx: &'a Cx,
    figures: Vec<Figure>,
    rows: Vec<Row>,
    shown: String,
    more: bool,
    nobody: bool,
}

#[derive(Template)]
#[template(path = "accreditation/list.html")]
struct Whole<'a> {
    cx: &'a Cx,
    notice: String,
    q: String,
    agencies: Vec<Choice>,
    kinds: Vec<Choice>,
    roles: Vec<Choice>,
    standings: Vec<Choice>,
    narrows: bool,
    files: String,
    region: String,
}

fn draw(cx: &Cx, all: &[Entry], filter: &Filter) -> askama::Result<String> {
    let count = |standing| all.iter().filter(|one| one.nominee.standing() == standing).count();
    let figures = Progress::ALL
        .iter()
        .filter(|standing| {
            matches!(standing, Progress::Vetting | Progress::Approved) || count(**standing) > 0
        })
        .map(|standing| {
            let chip = Chip::of(cx, *standing);
            Figure {
                tone: chip.tone,
                icon: chip.icon,
                href: format!("{PATH}?tt={standing}"),
                number: count(*standing),
                words: chip.words,
            }
        })
        .collect();
    let picked: Vec<&Entry> = all.iter().filter(|one| filter.picks(one)).collect();
    Part {
        cx,
        figures,
        shown: cx.t2("accreditation-shown", "count", picked.len(), "all", all.len()),
        more: picked.len() > SHOWN,
        rows: picked.into_iter().take(SHOWN).map(|one| Row::of(cx, one)).collect(),
        nobody: all.is_empty(),
    }
    .render()
}

/// `GET /bao-chi`
pub(in crate::accreditation) async fn list(
    actor: Actor<ReadPress>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let (_, filter) = (Hands::of(&actor), filter_of(&cx));
    let (all, agencies) = app
        .db
        .read(|tx| Ok::<(Vec<Entry>, Vec<Agency>), PressError>((query::entries(tx)?, query::agencies(tx)?)))
        .await?;
    let live = LivePart::of(&cx, "");
    let html = draw(&live.cx(), &all, &filter)?;
    let choices = |words: Vec<(String, String)>, on: Option<String>| {
        words.into_iter().map(|(value, word)| Choice::new(value.clone(), word, on == Some(value))).collect()
    };
    let whole = Whole {
        notice: notice(&cx),
        q: filter.words.clone(),
        agencies: agencies
            .iter()
            .map(|one| Choice::new(one.no.to_string(), one.name.clone(), filter.agency == Some(one.no)))
            .collect(),
        kinds: choices(kind_words(&cx), filter.kind.map(|one| one.to_string())),
        roles: choices(role_words(&cx), filter.role.map(|one| one.to_string())),
        standings: Progress::ALL
            .iter()
            .map(|one| {
                let word = cx.tp("accreditation-standing-", one);
                Choice::new(one.to_string(), word, filter.standing == Some(*one))
            })
            .collect(),
        narrows: filter != Filter::default(),
        files: live.question(),
        region: live.region(html)?,
        cx: &cx,
    };
    let out =
        Page::new(cx.t("accreditation-title"), whole).layout(Layout::Wide).print(PrintSize::A4Landscape);
    Ok(page(&cx, out.style("badges.css").script("js/list.js")))
}

/// `GET /song/bao-chi`
pub(in crate::accreditation) async fn stream(
    actor: Actor<ReadPress>,
    cx: Cx,
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let (filter, owner) = (filter_of(&cx), app.clone());
    LivePart::of(&cx, "").stream(&app, &actor, &cx, &headers, [TOPIC, badges::TOPIC], move |cx| {
        let (app, filter) = (owner.clone(), filter.clone());
        async move {
            let all = app.db.read(query::entries).await?;
            Ok(draw(&cx, &all, &filter)?)
        }
    })
}

async fn list_out(app: &App, cx: &Cx) -> Result<List, AppError> {
    let filter = filter_of(cx);
    let all = app.db.read(query::entries).await?;
    let rows: Vec<Row> = all.iter().filter(|one| filter.picks(one)).map(|one| Row::of(cx, one)).collect();
    let shown = cx.t2("accreditation-shown", "count", rows.len(), "all", all.len());
    Ok(List {
        name: format!("bao-chi-{}", cx.now.date()),
        title: cx.t("accreditation-title").into_owned(),
        lines: vec![cx.congress().name.clone()],
        as_of: cx.as_of(),
        heads: vec![
            Head::centred(cx.t("accreditation-col-no"), 6),
            Head::new(cx.t("accreditation-col-name"), 20),
            Head::new(cx.t("accreditation-col-agency"), 20),
            Head::new(cx.t("accreditation-col-role"), 12),
            Head::new(cx.t("accreditation-col-card"), 12),
            Head::new(cx.t("accreditation-col-equipment"), 18),
            Head::new(cx.t("accreditation-col-standing"), 14),
            Head::centred(cx.t("accreditation-col-code"), 9),
            Head::new(cx.t("accreditation-col-badge"), 12),
        ],
        rows: rows
            .into_iter()
            .map(|row| {
                vec![
                    row.no.to_string(),
                    row.name,
                    row.agency,
                    row.role,
                    row.card,
                    row.equipment,
                    row.chip.words,
                    row.code,
                    row.badge,
                ]
            })
            .collect(),
        legend: vec![shown],
    })
}

/// `GET /bao-chi/xuat.xlsx`
pub(in crate::accreditation) async fn xlsx(
    _actor: Actor<ReadPress>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let list = list_out(&app, &cx).await?;
    let name = list.name.clone();
    let bytes = tokio::task::spawn_blocking(move || list.xlsx()).await.map_err(AppError::internal)?;
    Ok(download(bytes.map_err(AppError::internal)?, Made::Xlsx, &name))
}

/// `GET /bao-chi/xuat.pdf`
pub(in crate::accreditation) async fn pdf(
    _actor: Actor<ReadPress>,
    cx: Cx,
    State(app): State<App>,
    Extension(press): Extension<PressRoom>,
) -> Result<Response, AppError> {
    let list = list_out(&app, &cx).await?;
    let bytes = press.pdf(Printable::Listing(list.listing())).await.map_err(AppError::internal)?;
    Ok(download(bytes, Made::Pdf, &list.name))
}
