//! A freeze and its list, as page, XLSX and PDF.

use std::collections::HashMap;

use askama::Template;
use axum::{
    Extension,
    extract::{Path, State},
    response::Response,
};
use jiff::Timestamp;
use platform::{
    app::App,
    identity::Actor,
    web::{AppError, Cx, Layout, Made, Page, PrintSize, download, page},
};
use print::{Head, List, PressRoom, Printable};
use rules::text::matches_folded;

use super::{
    at,
    desk::{FreezeLine, count_words},
    restricted,
};
use crate::{
    attendance::{
        model::{Session, SessionKind},
        query as attendance,
    },
    credentials::{
        CredentialError, ReadCredentials,
        figures::{self, By},
        frozen::{self, Line},
        model::Freeze,
        paper, store,
    },
};

/// Rows of the list on one page.
const PAGE: usize = 100;

/// What the list of a freeze is narrowed to.
struct Narrow {
    by: Option<By>,
    key: String,
    q: String,
    session: String,
    as_of: Option<Timestamp>,
}

impl Narrow {
    fn of(cx: &Cx) -> Self {
        Self {
            by: cx.param("theo").parse().ok(),
            key: cx.param("phan"),
            q: cx.param("q"),
            session: cx.param("phien"),
            as_of: cx.param("luc").parse::<i64>().ok().and_then(|ms| Timestamp::from_millisecond(ms).ok()),
        }
    }
}

struct FrozenList {
    freeze: Freeze,
    lines: Vec<Line>,
    all: usize,
}

async fn frozen_list(
    app: &App,
    cx: &Cx,
    actor: &Actor<ReadCredentials>,
    no: &str,
) -> Result<(FrozenList, Narrow), AppError> {
    let no: u32 = no.parse().map_err(|_| AppError::not_found())?;
    let narrow = Narrow::of(cx);
    let sees = restricted(actor);
    // Who is in a part of a restricted fact is that fact.
    if narrow.by == Some(By::Ethnicity) && !sees {
        return Err(AppError::forbidden());
    }
    let (by, part, q, slug, as_of) =
        (narrow.by, narrow.key.clone(), narrow.q.clone(), narrow.session.clone(), narrow.as_of);
    let list = app
        .db
        .read(move |tx| {
            let freeze = store::freeze(tx, no)?;
            let lines = frozen::lines(tx, no, &freeze.hash)?;
            let all = lines.len();
            let as_of = as_of.unwrap_or(freeze.frozen_at);
            let picked: Vec<Line> = match by {
                None => lines,
                Some(by) => {
                    let (session, events) = if slug.is_empty() {
                        (nobodys(as_of), HashMap::new())
                    } else {
                        (attendance::session(tx, &slug)?, attendance::events(tx, &slug)?)
                    };
                    let day = figures::day(as_of);
                    figures::people(&lines, &session, &events, as_of)
                        .iter()
                        .filter(|one| figures::key_of(by, one, day) == part)
                        .map(|one| one.line.clone())
                        .collect()
                }
            };
            let lines = picked
                .into_iter()
                .filter(|line| {
                    q.trim().is_empty() || matches_folded(&format!("{} {}", line.name, line.code), &q)
                })
                .map(|line| line.seen(sees))
                .collect();
            Ok::<_, CredentialError>(FrozenList { freeze, lines, all })
        })
        .await?;
    Ok((list, narrow))
}

/// A session in which nobody was marked, for parts that do not ask about attendance.
fn nobodys(at: Timestamp) -> Session {
    Session {
        slug: String::new(),
        title: String::new(),
        kind: SessionKind::Official,
        starts_at: at,
        ends_at: at,
        place: String::new(),
        grace_minutes: 0,
        version: 0,
    }
}

struct Row {
    code: String,
    name: String,
    category: String,
    standing: String,
    group: String,
    sex: String,
    born: String,
    position: String,
    ethnicity: String,
}

impl Row {
    fn of(cx: &Cx, line: &Line) -> Self {
        let facts = line.facts.as_ref();
        let text = |of: fn(&frozen::Facts) -> &String| facts.map(|one| of(one).clone()).unwrap_or_default();
        Self {
            code: line.code.clone(),
            name: line.name.clone(),
            category: cx.tp("credentials-part-", line.category).into_owned(),
            standing: facts
                .map(|one| {
                    let word = one.standing.map(|one| count_words(cx, one.as_str())).unwrap_or_default();
                    if one.alternate { cx.t("credentials-part-du_khuyet").into_owned() } else { word }
                })
                .unwrap_or_default(),
            group: facts
                .and_then(|one| one.group_no)
                .map(|no| cx.t1("credentials-part-group", "no", no))
                .unwrap_or_default(),
            sex: facts
                .and_then(|one| one.sex)
                .map(|one| cx.tp("credentials-part-", one).into_owned())
                .unwrap_or_default(),
            born: facts.and_then(|one| one.born).map(|day| cx.date(&day)).unwrap_or_default(),
            position: text(|one| &one.position),
            ethnicity: text(|one| &one.restricted.ethnicity),
        }
    }
}

/// What the list is narrowed to, in words.
fn narrowed(cx: &Cx, narrow: &Narrow) -> String {
    narrow
        .by
        .map(|by| {
            let part = paper::part_words(cx.lang, by, &narrow.key);
            format!("{}: {part}", cx.tp("credentials-by-", by))
        })
        .unwrap_or_default()
}

#[derive(Template)]
#[template(path = "credentials/freeze.html")]
struct FreezePage<'a> {
    cx: &'a Cx,
    line: FreezeLine,
    narrowed: String,
    hidden: Vec<(String, String)>,
    q: String,
    shown: String,
    rows: Vec<Row>,
    restricted: bool,
    question: String,
    page: usize,
    pages: usize,
}

/// `GET /tham-tra/chot/{no}`
pub(in crate::credentials) async fn freeze(
    actor: Actor<ReadCredentials>,
    cx: Cx,
    State(app): State<App>,
    Path(no): Path<String>,
) -> Result<Response, AppError> {
    let (list, narrow) = frozen_list(&app, &cx, &actor, &no).await?;
    let pages = list.lines.len().div_ceil(PAGE).max(1);
    let at_page = cx.param("trang").parse::<usize>().unwrap_or(1).clamp(1, pages);
    let body = FreezePage {
        line: FreezeLine::of(&cx, &list.freeze),
        narrowed: narrowed(&cx, &narrow),
        hidden: ["theo", "phan", "phien", "luc"]
            .into_iter()
            .map(|name| (name.to_owned(), cx.param(name)))
            .filter(|(_, value)| !value.is_empty())
            .collect(),
        q: narrow.q.clone(),
        shown: cx.t2("credentials-shown", "count", list.lines.len(), "all", list.all),
        rows: list
            .lines
            .iter()
            .skip((at_page - 1) * PAGE)
            .take(PAGE)
            .map(|line| Row::of(&cx, line))
            .collect(),
        restricted: restricted(&actor),
        question: if cx.query.is_empty() { String::new() } else { format!("?{}", cx.query) },
        page: at_page,
        pages,
        cx: &cx,
    };
    let title = cx.t1("credentials-freeze-title", "no", list.freeze.no);
    let out = Page::new(title, body).layout(Layout::Wide).print(PrintSize::A4Landscape);
    Ok(page(&cx, out.style("credentials.css").script("js/list.js")))
}

async fn list_out(app: &App, actor: &Actor<ReadCredentials>, cx: &Cx, no: &str) -> Result<List, AppError> {
    let (list, narrow) = frozen_list(app, cx, actor, no).await?;
    let sees = restricted(actor);
    let mut heads = vec![
        Head::new(cx.t("credentials-col-code"), 8),
        Head::new(cx.t("credentials-field-name"), 16),
        Head::new(cx.t("credentials-field-category"), 9),
        Head::new(cx.t("credentials-field-standing"), 9),
        Head::centred(cx.t("credentials-field-group_no"), 7),
        Head::centred(cx.t("credentials-field-sex"), 6),
        Head::centred(cx.t("credentials-field-born"), 9),
        Head::new(cx.t("credentials-field-position"), 20),
    ];
    if sees {
        heads.push(Head::new(cx.t("credentials-field-ethnicity"), 8));
    }
    Ok(List {
        name: format!("danh-sach-chot-{}", list.freeze.no),
        title: cx.t1("credentials-freeze-title", "no", list.freeze.no),
        lines: [cx.congress().name.clone(), narrowed(cx, &narrow)]
            .into_iter()
            .filter(|line| !line.is_empty())
            .collect(),
        as_of: cx.t2(
            "credentials-frozen-as",
            "at",
            at(cx, list.freeze.frozen_at),
            "hash",
            list.freeze.hash.as_str(),
        ),
        heads,
        rows: list
            .lines
            .iter()
            .map(|line| {
                let row = Row::of(cx, line);
                let mut cells = vec![
                    row.code,
                    row.name,
                    row.category,
                    row.standing,
                    row.group,
                    row.sex,
                    row.born,
                    row.position,
                ];
                if sees {
                    cells.push(row.ethnicity);
                }
                cells
            })
            .collect(),
        legend: vec![cx.t2("credentials-shown", "count", list.lines.len(), "all", list.all)],
    })
}

/// `GET /tham-tra/chot/{no}/danh-sach.xlsx`
pub(in crate::credentials) async fn xlsx(
    actor: Actor<ReadCredentials>,
    cx: Cx,
    State(app): State<App>,
    Path(no): Path<String>,
) -> Result<Response, AppError> {
    let list = list_out(&app, &actor, &cx, &no).await?;
    let name = list.name.clone();
    let bytes = tokio::task::spawn_blocking(move || list.xlsx()).await.map_err(AppError::internal)?;
    Ok(download(bytes.map_err(AppError::internal)?, Made::Xlsx, &name))
}

/// `GET /tham-tra/chot/{no}/danh-sach.pdf`
pub(in crate::credentials) async fn list_pdf(
    actor: Actor<ReadCredentials>,
    cx: Cx,
    State(app): State<App>,
    Extension(press): Extension<PressRoom>,
    Path(no): Path<String>,
) -> Result<Response, AppError> {
    let list = list_out(&app, &actor, &cx, &no).await?;
    let bytes = press.pdf(Printable::Listing(list.listing())).await.map_err(AppError::internal)?;
    Ok(download(bytes, Made::Pdf, &list.name))
}
