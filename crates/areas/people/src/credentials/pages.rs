//! The committee's desk, a freeze with its list, a report before and after it is issued.

use std::collections::HashMap;

use askama::Template;
use axum::{
    Extension, Form,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use jiff::{Timestamp, civil::DateTime};
use platform::{
    app::App,
    clock,
    i18n::key,
    identity::{Actor, Capability, Right},
    papers,
    web::{
        AppError, Cx, FieldProblem, Layout, Made, Page, PrintSize, Typed, download, page, page_with, problem,
        see,
    },
};
use print::{Head, List, PressRoom, Printable};
use rules::{attendance::Tally, text::matches_folded};

use super::{
    AREA, CredentialError, ManageCredentials, ReadCredentials,
    figures::{self, By, End, Part},
    frozen::{self, Became, Line},
    model::{Content, Freeze, Outcome, Vote},
    paper,
    store::{self, NewCase, NewReport, Question},
};
use crate::{
    attendance::{model::Session, query as attendance},
    delegates::{RESTRICTED, query as roll},
};

const DESK: &str = "/tham-tra";
/// People named on the desk among those who changed, at most; all are counted.
const MOST: usize = 60;
/// Rows of the list of a freeze on one page.
const PAGE: usize = 100;

fn manages<C: Capability>(actor: &Actor<C>) -> bool {
    actor.may(AREA, Right::Manage, None)
}

fn restricted<C: Capability>(actor: &Actor<C>) -> bool {
    actor.may(RESTRICTED, Right::Read, None)
}

fn at(cx: &Cx, at: Timestamp) -> String {
    cx.moment(&clock::local(at))
}

fn share(cx: &Cx, hundredths: u32) -> String {
    let mark = if cx.lang == platform::i18n::Lang::Vi { ',' } else { '.' };
    format!("{}{mark}{:02}%", hundredths / 100, hundredths % 100)
}

const NOTICES: &[&str] = &["asked", "frozen", "case", "issued", "decided"];

fn notice(cx: &Cx) -> String {
    let asked = cx.param("xong");
    if NOTICES.contains(&asked.as_str()) {
        cx.tp("credentials-done-", asked).into_owned()
    } else {
        String::new()
    }
}

/// What is wrong, in words: of the fields, or of the whole.
fn said(cx: &Cx, error: &AppError) -> String {
    let said: Vec<String> = error.fields().iter().map(|one| one.message(cx)).collect();
    if said.is_empty() { error.detail(cx.lang) } else { said.join(" ") }
}

// ---------------------------------------------------------------- the desk

struct FreezeLine {
    no: u32,
    at: String,
    people: u64,
    delegates: u64,
    hash: String,
    by: String,
    reason: String,
}

impl FreezeLine {
    fn of(cx: &Cx, one: &Freeze) -> Self {
        Self {
            no: one.no,
            at: at(cx, one.frozen_at),
            people: one.people,
            delegates: one.delegates,
            hash: one.hash.clone(),
            by: cx.t2(
                "credentials-two",
                "asked",
                one.asked_by.as_str(),
                "approved",
                one.approved_by.as_str(),
            ),
            reason: if one.reason.is_empty() {
                String::new()
            } else {
                cx.t2("credentials-why", "reason", one.reason.as_str(), "decision", one.decision.as_str())
            },
        }
    }
}

struct AskedLine {
    id: String,
    by: String,
    until: String,
    approved: bool,
    refused: bool,
    hash: String,
}

struct DiffLine {
    code: String,
    name: String,
    tone: &'static str,
    icon: &'static str,
    words: String,
    fields: String,
}

struct CaseView {
    no: u32,
    code: String,
    subject: String,
    conclusion: String,
    outcome: String,
    words: String,
    version: i64,
}

struct ReportLine {
    no: u32,
    title: String,
    as_of: String,
    present: u64,
    summoned: u64,
    issued: String,
    decided: bool,
}

#[derive(Template)]
#[template(path = "credentials/desk.html")]
struct Desk<'a> {
    cx: &'a Cx,
    notice: String,
    error: String,
    problems: Vec<FieldProblem>,
    typed: Typed,
    manages: bool,
    people: usize,
    summoned: usize,
    cells: Vec<(String, u64)>,
    freezes: Vec<FreezeLine>,
    asked: Vec<AskedLine>,
    same: bool,
    diffs: Vec<DiffLine>,
    more: usize,
    cases: Vec<CaseView>,
    outcomes: Vec<(String, String)>,
    reports: Vec<ReportLine>,
    sessions: Vec<(String, String)>,
    choices: Vec<(String, String)>,
    now: String,
}

impl Desk<'_> {
    fn err(&self, name: &str) -> String {
        problem(self.cx, &self.problems, name)
    }
}

/// The words of a key of the counts: a category or a type.
fn count_words(cx: &Cx, name: &str) -> String {
    cx.tp("credentials-part-", name).into_owned()
}

fn field_words(cx: &Cx, fields: &[&'static str]) -> String {
    let words: Vec<String> =
        fields.iter().map(|field| cx.tp("credentials-field-", field).into_owned()).collect();
    words.join(", ")
}

async fn desk_page(
    app: &App,
    cx: &Cx,
    manages: bool,
    typed: Typed,
    refused: Option<AppError>,
) -> Result<Response, AppError> {
    let (lines, freezes, asked, last, cases, reports, sessions) = app
        .db
        .read(|tx| {
            let freezes = store::freezes(tx)?;
            let last = match freezes.first() {
                Some(last) => Some(frozen::lines(tx, last.no, &last.hash)?),
                None => None,
            };
            let mut cases = Vec::new();
            for case in store::cases(tx)? {
                let who = match case.participant {
                    Some(id) => roll::participant(tx, id)?.map(|one| one.code).unwrap_or_default(),
                    None => String::new(),
                };
                cases.push((case, who));
            }
            let mut reports = Vec::new();
            for report in store::reports(tx)? {
                let decided = store::vote_of(tx, report.no)?.is_some();
                reports.push((report, decided));
            }
            Ok::<_, CredentialError>((
                frozen::present(tx)?,
                freezes,
                store::asked(tx)?,
                last,
                cases,
                reports,
                attendance::sessions(tx)?,
            ))
        })
        .await?;
    let diffs = last.as_ref().map(|last| frozen::differences(last, &lines)).unwrap_or_default();
    let cells = store::counts(&lines)
        .as_object()
        .map(|map| {
            map.iter()
                .map(|(name, count)| (count_words(cx, name), count.as_u64().unwrap_or_default()))
                .collect()
        })
        .unwrap_or_default();
    let same = last.is_some() && diffs.is_empty();
    let body = Desk {
        notice: notice(cx),
        error: refused.as_ref().map(|error| said(cx, error)).unwrap_or_default(),
        problems: refused.as_ref().map(|error| error.fields().to_vec()).unwrap_or_default(),
        manages,
        people: lines.len(),
        summoned: lines.iter().filter(|line| line.summoned().is_some()).count(),
        cells,
        choices: freezes
            .iter()
            .map(|one| {
                (
                    one.no.to_string(),
                    cx.t2("credentials-freeze-at", "no", one.no, "at", at(cx, one.frozen_at)),
                )
            })
            .collect(),
        freezes: freezes.iter().map(|one| FreezeLine::of(cx, one)).collect(),
        asked: asked
            .into_iter()
            .map(|one| AskedLine {
                by: one.requested_office.clone(),
                until: at(cx, one.expires),
                approved: one.approved == Some(true),
                refused: one.approved == Some(false),
                hash: one.payload["sha256"].as_str().unwrap_or_default().to_owned(),
                id: one.id.to_string(),
            })
            .collect(),
        same,
        more: diffs.len().saturating_sub(MOST),
        diffs: diffs
            .iter()
            .take(MOST)
            .map(|one| {
                let (tone, icon, words) = match one.became {
                    Became::Added => ("green", "plus", key("credentials-added")),
                    Became::Removed => ("red", "x", key("credentials-removed")),
                    Became::Changed => ("amber", "pencil", key("credentials-changed")),
                };
                DiffLine {
                    code: one.code.clone(),
                    name: one.name.clone(),
                    tone,
                    icon,
                    words: cx.t(words).into_owned(),
                    fields: field_words(cx, &one.fields),
                }
            })
            .collect(),
        cases: cases
            .into_iter()
            .map(|(case, code)| CaseView {
                no: case.no,
                code,
                words: cx.tp("credentials-outcome-", case.outcome).into_owned(),
                outcome: case.outcome.to_string(),
                subject: case.subject,
                conclusion: case.conclusion,
                version: case.version,
            })
            .collect(),
        outcomes: Outcome::ALL
            .iter()
            .map(|one| (one.to_string(), cx.tp("credentials-outcome-", one).into_owned()))
            .collect(),
        reports: reports
            .into_iter()
            .map(|(one, decided)| ReportLine {
                title: if one.written.is_empty() {
                    cx.t1("credentials-report-no", "no", one.no)
                } else {
                    one.written.clone()
                },
                as_of: at(cx, one.as_of),
                present: one.present,
                summoned: one.summoned,
                issued: cx.t2(
                    "credentials-issued",
                    "by",
                    one.issued_by.as_str(),
                    "at",
                    at(cx, one.issued_at),
                ),
                decided,
                no: one.no,
            })
            .collect(),
        sessions: sessions.into_iter().map(|one| (one.slug, one.title)).collect(),
        now: cx.now.strftime("%Y-%m-%dT%H:%M").to_string(),
        typed,
        cx,
    };
    let page = Page::new(cx.t("credentials-title"), body).style("credentials.css");
    Ok(page_with(refused.map_or(StatusCode::OK, |error| error.status()), cx, page))
}

/// `GET /tham-tra`
pub(super) async fn desk(
    actor: Actor<ReadCredentials>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    desk_page(&app, &cx, manages(&actor), Typed::default(), None).await
}

/// Shows a refusal on the desk with what was typed; the database's own go on as they are.
async fn back(app: &App, cx: &Cx, typed: Typed, error: CredentialError) -> Result<Response, AppError> {
    match error {
        CredentialError::Db(error) => Err(error.into()),
        error => desk_page(app, cx, true, typed, Some(error.into())).await,
    }
}

/// `POST /tham-tra/chot`: asks a second person.
pub(super) async fn ask(
    actor: Actor<ManageCredentials>,
    cx: Cx,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let typed = Typed::from(pairs);
    let (reason, decision) = (typed.get("reason").to_owned(), typed.get("decision").to_owned());
    match app.db.write(actor.author(), move |tx| store::ask(tx, &reason, &decision)).await {
        Ok(_) => Ok(see(DESK, "asked")),
        Err(error) => back(&app, &cx, typed, error).await,
    }
}

/// `POST /tham-tra/chot/{approval}`: freezes what was approved.
pub(super) async fn complete(
    actor: Actor<ManageCredentials>,
    cx: Cx,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let id = id.parse().map_err(|_| AppError::not_found())?;
    match app.db.write(actor.author(), move |tx| store::complete(tx, id)).await {
        Ok(_) => Ok(see(DESK, "frozen")),
        Err(error) => back(&app, &cx, Typed::default(), error).await,
    }
}

/// `POST /tham-tra/vu-viec`
pub(super) async fn put_case(
    actor: Actor<ManageCredentials>,
    cx: Cx,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let typed = Typed::from(pairs);
    let new = NewCase {
        no: typed.get("no").parse().ok(),
        version: typed.get("version").parse().unwrap_or(0),
        code: typed.get("code").to_owned(),
        subject: typed.get("subject").to_owned(),
        conclusion: typed.get("conclusion").to_owned(),
        outcome: typed.get("outcome").parse().ok(),
    };
    match app.db.write(actor.author(), move |tx| store::put_case(tx, &new)).await {
        Ok(_) => Ok(see(DESK, "case")),
        Err(error) => back(&app, &cx, typed, error).await,
    }
}

// ---------------------------------------------------------------- a freeze and its list

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
        kind: crate::attendance::model::SessionKind::Official,
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
pub(super) async fn freeze(
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
pub(super) async fn xlsx(
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
pub(super) async fn list_pdf(
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

// ---------------------------------------------------------------- a report

struct PartView {
    words: String,
    count: u64,
    share: String,
    adjusted: bool,
    href: String,
}

struct DivisionView {
    title: String,
    parts: Vec<PartView>,
    chart: String,
    adjusted: bool,
}

struct GroupView {
    name: String,
    tally: Tally,
    share: String,
}

struct Fact {
    label: String,
    value: String,
}

#[derive(Template)]
#[template(path = "credentials/preview.html")]
struct Preview<'a> {
    cx: &'a Cx,
    error: String,
    attended: bool,
    freezes: Vec<(String, String)>,
    sessions: Vec<(String, String)>,
    freeze: String,
    session: String,
    luc: String,
    summoned: u64,
    tally: Tally,
    present_share: String,
    facts: Vec<Fact>,
    divisions: Vec<DivisionView>,
    groups: Vec<GroupView>,
    cases: usize,
    hash: String,
    manages: bool,
    conclusion: String,
    bodies: Vec<(String, String)>,
    typed: Typed,
}

fn division(cx: &Cx, content: &Content, by: By, parts: &[Part], sees: bool) -> DivisionView {
    let luc = content.as_of.as_millisecond().to_string();
    DivisionView {
        title: cx.tp("credentials-by-", by).into_owned(),
        adjusted: parts.iter().any(|part| part.adjusted != 0),
        chart: if paper::CHARTED.contains(&by) { paper::chart(cx.lang, by, parts) } else { String::new() },
        parts: parts
            .iter()
            .map(|part| PartView {
                words: paper::part_words(cx.lang, by, &part.key),
                count: part.count,
                share: share(cx, part.percent),
                adjusted: part.adjusted != 0,
                href: if by == By::Ethnicity && !sees {
                    String::new()
                } else {
                    let query = crate::attendance::url_query(&[
                        ("theo", by.as_str()),
                        ("phan", &part.key),
                        ("phien", &content.session),
                        ("luc", &luc),
                    ]);
                    format!("/tham-tra/chot/{}?{query}", content.freeze)
                },
            })
            .collect(),
    }
}

fn end(cx: &Cx, words: &'static str, unit: &'static str, end: Option<&End>) -> Option<Fact> {
    let end = end?;
    let names: Vec<&str> = end.who.iter().take(5).map(String::as_str).collect();
    Some(Fact {
        label: cx.t(words).into_owned(),
        value: format!("{} – {}", cx.t1(unit, "years", u32::from(end.years)), names.join(", ")),
    })
}

async fn preview_page(
    app: &App,
    cx: &Cx,
    (manages, sees): (bool, bool),
    typed: Typed,
    refused: Option<AppError>,
) -> Result<Response, AppError> {
    let (freezes, sessions, bodies) = app
        .db
        .read(|tx| {
            Ok::<_, CredentialError>((
                store::freezes(tx)?,
                attendance::sessions(tx)?,
                papers::store::bodies(tx)?,
            ))
        })
        .await?;
    let way = |words: &'static str| AppError::conflict().because(words).next(DESK, key("credentials-title"));
    let last = freezes.first().ok_or_else(|| way(key("credentials-error-no-freeze")))?;
    let now = app.db.clock().now();
    // The session that began last, or the first.
    let begun = sessions.iter().rev().find(|one| one.starts_at <= now).or(sessions.first());
    let begun = begun.ok_or_else(|| way(key("credentials-error-no-session")))?;
    let chosen = |name: &str, otherwise: String| {
        let typed = typed.get(name);
        if typed.is_empty() { otherwise } else { typed.to_owned() }
    };
    let freeze = chosen("chot", last.no.to_string());
    let session = chosen("phien", begun.slug.clone());
    let luc = chosen("luc", clock::local(now).strftime("%Y-%m-%dT%H:%M:%S").to_string());
    let asked = Question {
        freeze: freeze.parse().map_err(|_| AppError::not_found())?,
        session: session.clone(),
        as_of: luc.parse::<DateTime>().map(clock::instant).unwrap_or(now),
    };
    let words = typed.get("conclusion").to_owned();
    let counted = app.db.read(move |tx| store::counted(tx, &asked, &words)).await?;
    let (content, figures) = (&counted.content, &counted.content.figures);
    let mean = figures.mean_tenths.map(|tenths| Fact {
        label: cx.t("credentials-mean").into_owned(),
        value: cx.num(&(f64::from(tenths) / 10.0), 1),
    });
    let years = key("credentials-years");
    let facts: Vec<Fact> = [
        mean,
        end(cx, key("credentials-oldest"), years, figures.oldest.as_ref()),
        end(cx, key("credentials-youngest"), years, figures.youngest.as_ref()),
        end(cx, key("credentials-party-most"), key("credentials-party-years"), figures.party_most.as_ref()),
        end(cx, key("credentials-party-least"), key("credentials-party-years"), figures.party_least.as_ref()),
    ]
    .into_iter()
    .flatten()
    .chain(figures.titles.iter().map(|(title, count)| Fact {
        label: cx.t1("credentials-title-of", "title", title.as_str()),
        value: with_share(cx, *count, figures.summoned),
    }))
    .chain(figures.badges.iter().map(|(years, count)| Fact {
        label: cx.t1("credentials-badge-of", "years", u32::from(*years)),
        value: with_share(cx, *count, figures.summoned),
    }))
    .collect();
    let body = Preview {
        error: refused.as_ref().map(|error| said(cx, error)).unwrap_or_default(),
        attended: counted.attended,
        freezes: freezes
            .iter()
            .map(|one| {
                (
                    one.no.to_string(),
                    cx.t2("credentials-freeze-at", "no", one.no, "at", at(cx, one.frozen_at)),
                )
            })
            .collect(),
        sessions: sessions.into_iter().map(|one| (one.slug, one.title)).collect(),
        freeze,
        session,
        luc,
        summoned: figures.summoned,
        tally: figures.tally,
        present_share: crate::attendance::percent(cx, figures.tally.present, figures.summoned),
        facts,
        divisions: figures
            .divisions
            .iter()
            .filter(|one| one.by != By::Group)
            .map(|one| division(cx, content, one.by, &one.parts, sees))
            .chain([division(cx, content, By::Group, figures.by(By::Group), sees)])
            .collect(),
        groups: figures
            .groups
            .iter()
            .map(|group| {
                let no = group.no.map(|no| no.to_string()).unwrap_or_default();
                GroupView {
                    name: paper::part_words(cx.lang, By::Group, &no),
                    share: crate::attendance::percent(cx, group.tally.present, group.tally.summoned),
                    tally: group.tally,
                }
            })
            .collect(),
        cases: content.cases.len(),
        hash: content.freeze_hash.clone(),
        manages,
        conclusion: content.conclusion.clone(),
        bodies: std::iter::once((String::new(), cx.t("credentials-body-own").into_owned()))
            .chain(bodies.into_iter().map(|body| (body.id.to_string(), body.name)))
            .collect(),
        typed,
        cx,
    };
    let title = cx.t("credentials-report-title").into_owned();
    let page = Page::new(title, body).layout(Layout::Wide).style("credentials.css");
    Ok(page_with(refused.map_or(StatusCode::OK, |error| error.status()), cx, page))
}

fn with_share(cx: &Cx, part: u64, whole: u64) -> String {
    let share = crate::attendance::percent(cx, part, whole);
    format!("{}/{} ({share})", cx.int(part), cx.int(whole))
}

/// `GET /tham-tra/bao-cao`: what the report would say.
pub(super) async fn preview(
    actor: Actor<ReadCredentials>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let mut typed = Typed::default();
    for name in ["chot", "phien", "luc"] {
        let value = cx.param(name);
        if !value.is_empty() {
            typed.set(name, value);
        }
    }
    preview_page(&app, &cx, (manages(&actor), restricted(&actor)), typed, None).await
}

/// `POST /tham-tra/bao-cao`: issues it.
pub(super) async fn issue(
    actor: Actor<ManageCredentials>,
    cx: Cx,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let typed = Typed::from(pairs);
    let (Ok(freeze), Ok(as_of)) =
        (typed.get("chot").parse(), typed.get("luc").parse::<DateTime>().map(clock::instant))
    else {
        return Err(AppError::bad_request());
    };
    let new = NewReport {
        asked: Question { freeze, session: typed.get("phien").to_owned(), as_of },
        conclusion: typed.get("conclusion").to_owned(),
        body: typed.get("body").parse().ok(),
        numbered: typed.has("numbered", "1"),
    };
    match app.db.write(actor.author(), move |tx| store::issue(tx, &new)).await {
        Ok(no) => Ok(see(&format!("/tham-tra/bao-cao/{no}"), "issued")),
        Err(CredentialError::Db(error)) => Err(error.into()),
        Err(error) => preview_page(&app, &cx, (true, restricted(&actor)), typed, Some(error.into())).await,
    }
}

#[derive(Template)]
#[template(path = "credentials/report.html")]
struct ReportPage<'a> {
    cx: &'a Cx,
    no: u32,
    title: String,
    notice: String,
    error: String,
    as_of: String,
    issued: String,
    hash: String,
    summoned: u64,
    present: u64,
    vote: Option<Vote>,
    agree_share: String,
    manages: bool,
    typed: Typed,
    paper: String,
}

async fn report_page(
    app: &App,
    cx: &Cx,
    manages: bool,
    no: u32,
    mut typed: Typed,
    refused: Option<AppError>,
) -> Result<Response, AppError> {
    let ((issued, content, paper), vote) = app
        .db
        .read(move |tx| Ok::<_, CredentialError>((store::report(tx, no)?, store::vote_of(tx, no)?)))
        .await?;
    if typed.get("base").is_empty() {
        typed.set("base", issued.present.to_string());
    }
    let title = if issued.written.is_empty() {
        cx.t1("credentials-report-no", "no", no)
    } else {
        issued.written.clone()
    };
    let body = ReportPage {
        no,
        notice: notice(cx),
        error: refused.as_ref().map(|error| said(cx, error)).unwrap_or_default(),
        as_of: cx.t2(
            "credentials-counted",
            "session",
            content.session_title.as_str(),
            "at",
            at(cx, content.as_of),
        ),
        issued: cx.t2("credentials-issued", "by", issued.issued_by.as_str(), "at", at(cx, issued.issued_at)),
        hash: issued.hash,
        summoned: issued.summoned,
        present: issued.present,
        agree_share: vote
            .map(|vote| crate::attendance::percent(cx, vote.agree, vote.base))
            .unwrap_or_default(),
        vote,
        manages,
        typed,
        paper: print::screen::html(&paper),
        title: title.clone(),
        cx,
    };
    let page = Page::new(title, body).style("paper.css").style("credentials.css");
    Ok(page_with(refused.map_or(StatusCode::OK, |error| error.status()), cx, page))
}

fn number(no: &str) -> Result<u32, AppError> {
    no.parse().map_err(|_| AppError::not_found())
}

/// `GET /tham-tra/bao-cao/{no}`: as it was issued.
pub(super) async fn report(
    actor: Actor<ReadCredentials>,
    cx: Cx,
    State(app): State<App>,
    Path(no): Path<String>,
) -> Result<Response, AppError> {
    report_page(&app, &cx, manages(&actor), number(&no)?, Typed::default(), None).await
}

async fn kept(app: &App, no: &str) -> Result<print::Paper, AppError> {
    let no = number(no)?;
    Ok(app.db.read(move |tx| store::report(tx, no).map(|(_, _, paper)| paper)).await?)
}

/// `GET /tham-tra/bao-cao/{no}/van-ban.pdf`
pub(super) async fn report_pdf(
    _actor: Actor<ReadCredentials>,
    State(app): State<App>,
    Extension(press): Extension<PressRoom>,
    Path(no): Path<String>,
) -> Result<Response, AppError> {
    let paper = kept(&app, &no).await?;
    let bytes = press.pdf(Printable::Paper(Box::new(paper))).await.map_err(AppError::internal)?;
    Ok(download(bytes, Made::Pdf, &format!("bao-cao-tham-tra-{no}")))
}

/// `GET /tham-tra/bao-cao/{no}/van-ban.docx`
pub(super) async fn report_docx(
    _actor: Actor<ReadCredentials>,
    State(app): State<App>,
    Path(no): Path<String>,
) -> Result<Response, AppError> {
    let paper = kept(&app, &no).await?;
    let bytes = print::docx::write(&paper).map_err(AppError::internal)?;
    Ok(download(bytes, Made::Docx, &format!("bao-cao-tham-tra-{no}")))
}

/// `POST /tham-tra/bao-cao/{no}/bieu-quyet`
pub(super) async fn vote(
    actor: Actor<ManageCredentials>,
    cx: Cx,
    State(app): State<App>,
    Path(no): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let no = number(&no)?;
    let typed = Typed::from(pairs);
    let count = |name: &str| typed.get(name).parse::<u64>().unwrap_or(0).min(1_000_000);
    let votes = Vote {
        base: count("base"),
        agree: count("agree"),
        disagree: count("disagree"),
        other: count("other"),
    };
    match app.db.write(actor.author(), move |tx| store::vote(tx, no, votes)).await {
        Ok(()) => Ok(see(&format!("/tham-tra/bao-cao/{no}"), "decided")),
        Err(CredentialError::Db(error)) => Err(error.into()),
        Err(error @ CredentialError::NotFound) => Err(error.into()),
        Err(error) => report_page(&app, &cx, true, no, typed, Some(error.into())).await,
    }
}
