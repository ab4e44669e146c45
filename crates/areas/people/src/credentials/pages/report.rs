//! What a report would say, and a report as it was issued.

use askama::Template;
use axum::{
    Extension, Form,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use jiff::civil::DateTime;
use platform::{
    app::App,
    clock,
    i18n::key,
    identity::Actor,
    papers,
    web::{AppError, Cx, Layout, Made, Page, Typed, download, page_with, see},
};
use print::{PressRoom, Printable};
use rules::attendance::Tally;

use super::{at, desk::DESK, manages, notice, restricted, said, share};
use crate::{
    attendance::{percent, query as attendance, url_query},
    credentials::{
        CredentialError, ManageCredentials, ReadCredentials,
        figures::{By, End, Part},
        model::{Content, Vote},
        paper,
        store::{self, NewReport, Question},
    },
};

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
                    let query = url_query(&[
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
        present_share: percent(cx, figures.tally.present, figures.summoned),
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
                    share: percent(cx, group.tally.present, group.tally.summoned),
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
    let share = percent(cx, part, whole);
    format!("{}/{} ({share})", cx.int(part), cx.int(whole))
}

/// `GET /tham-tra/bao-cao`: what the report would say.
pub(in crate::credentials) async fn preview(
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
pub(in crate::credentials) async fn issue(
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
        agree_share: vote.map(|vote| percent(cx, vote.agree, vote.base)).unwrap_or_default(),
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
pub(in crate::credentials) async fn report(
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
pub(in crate::credentials) async fn report_pdf(
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
pub(in crate::credentials) async fn report_docx(
    _actor: Actor<ReadCredentials>,
    State(app): State<App>,
    Path(no): Path<String>,
) -> Result<Response, AppError> {
    let paper = kept(&app, &no).await?;
    let bytes = print::docx::write(&paper).map_err(AppError::internal)?;
    Ok(download(bytes, Made::Docx, &format!("bao-cao-tham-tra-{no}")))
}

/// `POST /tham-tra/bao-cao/{no}/bieu-quyet`
pub(in crate::credentials) async fn vote(
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
