//! The committee's desk: the roll beside the last freeze, freezes and reports (a part that lives), and the forms.

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use platform::{
    app::App,
    db::Tx,
    i18n::key,
    identity::{Actor, approval::Approval},
    web::{AppError, Cx, FieldProblem, LivePart, Page, Typed, page_with, problem, see},
};

use super::{at, manages, notice, said};
use crate::{
    attendance::{self, model::Session, query as sessions},
    credentials::{
        CredentialError, ManageCredentials, ReadCredentials, TOPIC,
        frozen::{self, Became, Difference},
        model::{Case, Freeze, Issued, Outcome},
        store::{self, NewCase},
    },
    delegates::{TOPIC as ROLL, query as roll},
};

pub(super) const DESK: &str = "/tham-tra";
/// People named on the desk among those who changed, at most; all are counted.
const MOST: usize = 60;

pub(super) struct FreezeLine {
    pub(super) no: u32,
    pub(super) at: String,
    pub(super) people: u64,
    pub(super) delegates: u64,
    pub(super) hash: String,
    pub(super) by: String,
    pub(super) reason: String,
}

impl FreezeLine {
    pub(super) fn of(cx: &Cx, one: &Freeze) -> Self {
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

impl AskedLine {
    fn of(cx: &Cx, one: &Approval) -> Self {
        Self {
            by: one.requested_office.clone(),
            until: at(cx, one.expires),
            approved: one.approved == Some(true),
            refused: one.approved == Some(false),
            hash: one.payload["sha256"].as_str().unwrap_or_default().to_owned(),
            id: one.id.to_string(),
        }
    }
}

impl DiffLine {
    fn of(cx: &Cx, one: &Difference) -> Self {
        let (tone, icon, words) = match one.became {
            Became::Added => ("green", "plus", key("credentials-added")),
            Became::Removed => ("red", "x", key("credentials-removed")),
            Became::Changed => ("amber", "pencil", key("credentials-changed")),
        };
        Self {
            code: one.code.clone(),
            name: one.name.clone(),
            tone,
            icon,
            words: cx.t(words).into_owned(),
            fields: field_words(cx, &one.fields),
        }
    }
}

impl CaseView {
    fn of(cx: &Cx, case: Case, code: String) -> Self {
        Self {
            no: case.no,
            code,
            words: cx.tp("credentials-outcome-", case.outcome).into_owned(),
            outcome: case.outcome.to_string(),
            subject: case.subject,
            conclusion: case.conclusion,
            version: case.version,
        }
    }
}

impl ReportLine {
    fn of(cx: &Cx, one: &Issued, decided: bool) -> Self {
        Self {
            title: if one.written.is_empty() {
                cx.t1("credentials-report-no", "no", one.no)
            } else {
                one.written.clone()
            },
            as_of: at(cx, one.as_of),
            present: one.present,
            summoned: one.summoned,
            issued: cx.t2("credentials-issued", "by", one.issued_by.as_str(), "at", at(cx, one.issued_at)),
            decided,
            no: one.no,
        }
    }
}

/// What the living part shows.
struct Picture {
    people: usize,
    summoned: usize,
    counts: Vec<(String, u64)>,
    freezes: Vec<Freeze>,
    asked: Vec<Approval>,
    diffs: Option<Vec<Difference>>,
    reports: Vec<(Issued, bool)>,
}

impl Picture {
    fn load(tx: &mut Tx<'_>) -> Result<Self, CredentialError> {
        let lines = frozen::present(tx)?;
        let freezes = store::freezes(tx)?;
        let diffs = match freezes.first() {
            Some(last) => Some(frozen::differences(&frozen::lines(tx, last.no, &last.hash)?, &lines)),
            None => None,
        };
        let mut reports = Vec::new();
        for report in store::reports(tx)? {
            let decided = store::vote_of(tx, report.no)?.is_some();
            reports.push((report, decided));
        }
        let counts = store::counts(&lines)
            .as_object()
            .map(|map| {
                map.iter().map(|(name, count)| (name.clone(), count.as_u64().unwrap_or_default())).collect()
            })
            .unwrap_or_default();
        Ok(Self {
            people: lines.len(),
            summoned: lines.iter().filter(|line| line.summoned().is_some()).count(),
            counts,
            asked: store::asked(tx)?,
            freezes,
            diffs,
            reports,
        })
    }

    /// Whether the roll is as it was frozen last.
    fn same(&self) -> bool {
        self.diffs.as_ref().is_some_and(Vec::is_empty)
    }
}

#[derive(Template)]
#[template(path = "credentials/desk_part.html")]
struct DeskPart<'a> {
    cx: &'a Cx,
    manages: bool,
    people: usize,
    summoned: usize,
    cells: Vec<(String, u64)>,
    freezes: Vec<FreezeLine>,
    asked: Vec<AskedLine>,
    same: bool,
    diffs: Vec<DiffLine>,
    more: usize,
    reports: Vec<ReportLine>,
}

/// The word of a key of the counts: a category or a type.
pub(super) fn count_words(cx: &Cx, name: &str) -> String {
    cx.tp("credentials-part-", name).into_owned()
}

fn field_words(cx: &Cx, fields: &[&'static str]) -> String {
    let words: Vec<String> =
        fields.iter().map(|field| cx.tp("credentials-field-", field).into_owned()).collect();
    words.join(", ")
}

fn draw(cx: &Cx, manages: bool, picture: &Picture) -> askama::Result<String> {
    let diffs = picture.diffs.as_deref().unwrap_or_default();
    DeskPart {
        manages,
        people: picture.people,
        summoned: picture.summoned,
        cells: picture.counts.iter().map(|(name, count)| (count_words(cx, name), *count)).collect(),
        freezes: picture.freezes.iter().map(|one| FreezeLine::of(cx, one)).collect(),
        asked: picture.asked.iter().map(|one| AskedLine::of(cx, one)).collect(),
        same: picture.same(),
        more: diffs.len().saturating_sub(MOST),
        diffs: diffs.iter().take(MOST).map(|one| DiffLine::of(cx, one)).collect(),
        reports: picture.reports.iter().map(|(one, decided)| ReportLine::of(cx, one, *decided)).collect(),
        cx,
    }
    .render()
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
    first: bool,
    same: bool,
    region: String,
    cases: Vec<CaseView>,
    outcomes: Vec<(String, String)>,
    sessions: Vec<(String, String)>,
    choices: Vec<(String, String)>,
    now: String,
}

impl Desk<'_> {
    fn err(&self, name: &str) -> String {
        problem(self.cx, &self.problems, name)
    }
}

fn live(cx: &Cx, manages: bool) -> LivePart {
    LivePart::of(cx, manages).at(DESK)
}

async fn desk_page(
    app: &App,
    cx: &Cx,
    manages: bool,
    typed: Typed,
    refused: Option<AppError>,
) -> Result<Response, AppError> {
    let (picture, cases, sessions) = app
        .db
        .read(|tx| {
            let mut cases = Vec::new();
            for case in store::cases(tx)? {
                let who = match case.participant {
                    Some(id) => roll::participant(tx, id)?.map(|one| one.code).unwrap_or_default(),
                    None => String::new(),
                };
                cases.push((case, who));
            }
            let sessions: Vec<Session> = sessions::sessions(tx)?;
            Ok::<_, CredentialError>((Picture::load(tx)?, cases, sessions))
        })
        .await?;
    let live = live(cx, manages);
    let html = draw(&live.cx(), manages, &picture).map_err(AppError::internal)?;
    let body = Desk {
        notice: notice(cx),
        error: refused.as_ref().map(|error| said(cx, error)).unwrap_or_default(),
        problems: refused.as_ref().map(|error| error.fields().to_vec()).unwrap_or_default(),
        manages,
        first: picture.freezes.is_empty(),
        same: picture.same(),
        region: live.region(html).map_err(AppError::internal)?,
        choices: picture
            .freezes
            .iter()
            .map(|one| {
                let words = cx.t2("credentials-freeze-at", "no", one.no, "at", at(cx, one.frozen_at));
                (one.no.to_string(), words)
            })
            .collect(),
        cases: cases.into_iter().map(|(case, code)| CaseView::of(cx, case, code)).collect(),
        outcomes: Outcome::ALL
            .iter()
            .map(|one| (one.to_string(), cx.tp("credentials-outcome-", one).into_owned()))
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
pub(in crate::credentials) async fn desk(
    actor: Actor<ReadCredentials>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    desk_page(&app, &cx, manages(&actor), Typed::default(), None).await
}

/// `GET /song/tham-tra`: the part that lives, after every change of the roll, of a freeze or of a report.
pub(in crate::credentials) async fn part(
    actor: Actor<ReadCredentials>,
    cx: Cx,
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let (owner, manages) = (app.clone(), manages(&actor));
    let topics = [TOPIC, ROLL, attendance::TOPIC, "approvals"];
    live(&cx, manages).stream(&app, &actor, &cx, &headers, topics, move |cx| {
        let app = owner.clone();
        async move {
            let picture = app.db.read(Picture::load).await?;
            Ok(draw(&cx, manages, &picture)?)
        }
    })
}

/// Shows a refusal on the desk with what was typed; the database's own go on as they are.
async fn back(app: &App, cx: &Cx, typed: Typed, error: CredentialError) -> Result<Response, AppError> {
    match error {
        CredentialError::Db(error) => Err(error.into()),
        error => desk_page(app, cx, true, typed, Some(error.into())).await,
    }
}

/// `POST /tham-tra/chot`: asks a second person.
pub(in crate::credentials) async fn ask(
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
pub(in crate::credentials) async fn complete(
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
pub(in crate::credentials) async fn put_case(
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
