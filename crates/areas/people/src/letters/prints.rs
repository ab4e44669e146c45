//! One letter, and many as a job: make the codes, set the letters, keep the file.
//!
//! A job that starts again makes the codes again: nobody has seen those of the first start, and none is kept
//! anywhere but in the letters themselves.

use std::collections::HashMap;

use axum::{
    Extension, Form,
    extract::{Path, State},
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use jiff::civil::Date;
use platform::{
    app::App,
    clock, congress,
    db::{DbError, Done, Tx, WriteTx},
    files::{self, FileId, Kind, PutOptions},
    i18n::key,
    identity::Actor,
    jobs::{self, JobCtx, JobError, JobId, Jobs, NewJob, Note},
    papers::{self, Body},
    web::{AppError, Made, Typed, download, see},
};
use print::{Paper, Papers, PressRoom, Printable, SheetSize};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    LetterError,
    model::Template,
    paper::{self, Around},
    store,
};
use crate::delegates::{
    DelegateError, ManageDelegates,
    model::{Category, Delegation, DelegationId, Participant, ParticipantId},
    query,
};

/// The kind of the job.
pub const JOB: &str = "letters.print";
/// The most letters of one run.
const MOST: usize = 2_000;
/// The largest file.
const MOST_BYTES: u64 = 256 << 20;
/// How files of this area are called.
const NAME: &str = "thu-";

#[derive(Debug, Serialize, Deserialize)]
struct Ask {
    people: Vec<ParticipantId>,
}

/// Says who does the job.
pub fn register(jobs: &Jobs, app: &App, press: PressRoom) {
    let app = app.clone();
    jobs.register(JOB, move |ctx: JobCtx| run(ctx, app.clone(), press.clone()));
}

/// Everything that letters are made of.
struct Desk {
    congress: Option<congress::Congress>,
    today: Date,
    delegations: HashMap<DelegationId, Delegation>,
    templates: HashMap<Category, (Template, Option<Body>, Date)>,
}

impl Desk {
    fn load(tx: &mut Tx<'_>, people: &[Participant]) -> Result<Self, LetterError> {
        let mut templates = HashMap::new();
        for category in Category::ALL.iter().filter(|one| people.iter().any(|who| who.category() == **one)) {
            let template = store::template(tx, *category)?;
            let body = match template.body {
                Some(body) => Some(papers::store::body(tx, body)?),
                None => None,
            };
            let until = store::until(tx, &template)?;
            templates.insert(*category, (template, body, until));
        }
        Ok(Self {
            congress: congress::store::find(tx)?,
            today: clock::local(tx.now()).date(),
            delegations: query::delegations(tx)?.into_iter().map(|one| (one.id, one)).collect(),
            templates,
        })
    }

    /// Who of these gets a code, and until when it holds.
    fn coded(&self, people: &[Participant]) -> Vec<(ParticipantId, Date)> {
        people
            .iter()
            .filter_map(|one| {
                let (template, _, until) = self.templates.get(&one.category())?;
                template.link.then_some((one.id, *until))
            })
            .collect()
    }

    fn paper(&self, app: &App, one: &Participant, code: Option<&str>, scan: bool) -> Option<Paper> {
        let (template, body, until) = self.templates.get(&one.category())?;
        let door = format!("{}xac-nhan", app.config.public_url);
        let around = Around {
            template,
            congress: self.congress.as_ref(),
            body: body.as_ref(),
            today: self.today,
            door: &door,
            until: *until,
        };
        let delegation = one
            .profile
            .delegation
            .and_then(|id| self.delegations.get(&id))
            .map_or("", |one| one.name.as_str());
        Some(paper::letter(&around, one, delegation, code, scan))
    }

    /// The sheet of all these letters; none when they differ.
    fn sheet(&self) -> Option<SheetSize> {
        let mut sheets = self.templates.values().map(|(template, _, _)| paper::sheet(template));
        let first = sheets.next()?;
        sheets.all(|other| other == first).then_some(first)
    }
}

fn people(tx: &mut Tx<'_>, ids: &[ParticipantId]) -> Result<Vec<Participant>, LetterError> {
    let mut out = Vec::with_capacity(ids.len());
    for id in ids {
        out.extend(query::participant(tx, *id)?.filter(store::gets_letter));
    }
    Ok(out)
}

/// `POST /thu-moi/in`: those who were marked (`ma`), or all of a category, a group, a delegation.
pub(super) async fn begin(
    actor: Actor<ManageDelegates>,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let typed = Typed::from(pairs);
    let marked: Vec<String> = typed.all("ma").iter().map(|code| code.to_uppercase()).collect();
    let filter = query::Filter {
        category: typed.get("category").parse().ok(),
        group: typed.get("group").parse().ok(),
        delegation: typed.get("delegation").parse().ok(),
        answered: (typed.get("silent") == "1").then_some(false),
        ..query::Filter::default()
    };
    if marked.is_empty() && filter.category.is_none() {
        return Err(nobody());
    }
    let (ids, same) = app
        .db
        .read(move |tx| {
            choose(tx, |one| if marked.is_empty() { filter.picks(one) } else { marked.contains(&one.code) })
        })
        .await?;
    fits(&ids, same)?;
    let job = app.db.write(actor.author(), move |tx| enqueue(tx, ids)).await?;
    Ok(see(&format!("/viec-nen/{job}"), ""))
}

/// Those of the people who get letters that are picked, and whether their letters are on one sheet size.
pub(super) fn choose(
    tx: &mut Tx<'_>,
    picks: impl Fn(&Participant) -> bool,
) -> Result<(Vec<ParticipantId>, bool), LetterError> {
    let people: Vec<Participant> =
        query::everybody(tx)?.into_iter().filter(|one| store::gets_letter(one) && picks(one)).collect();
    let same = Desk::load(tx, &people)?.sheet().is_some();
    Ok((people.iter().map(|one| one.id).collect(), same))
}

/// Refuses nobody, too many, and letters on different sheets.
pub(super) fn fits(ids: &[ParticipantId], same: bool) -> Result<(), AppError> {
    if ids.is_empty() || ids.len() > MOST {
        return Err(nobody());
    }
    if !same {
        return Err(AppError::invalid(Vec::new())
            .because(key("letters-error-sheets"))
            .next("/thu-moi", key("letters-title")));
    }
    Ok(())
}

/// Puts the making of letters in the queue.
pub(super) fn enqueue(tx: &mut WriteTx<'_>, people: Vec<ParticipantId>) -> Result<Done<JobId>, LetterError> {
    let count = people.len();
    let params = serde_json::to_value(Ask { people }).map_err(|error| DbError::Other(error.to_string()))?;
    let title = Note::new(key("letters-job")).with("count", count);
    let new = NewJob::new(JOB, title, params).total(u64::try_from(count).unwrap_or(0));
    Ok(jobs::enqueue(tx, new)?)
}

fn nobody() -> AppError {
    AppError::invalid(Vec::new()).because(key("letters-error-nobody")).next("/thu-moi", key("letters-title"))
}

fn failed(error: LetterError) -> JobError {
    match error {
        LetterError::Db(error) => JobError::Db(error),
        other => JobError::Internal(other.to_string()),
    }
}

async fn run(ctx: JobCtx, app: App, press: PressRoom) -> Result<serde_json::Value, JobError> {
    let ask: Ask = ctx.params()?;
    let total = ctx.job().total.max(1);
    ctx.note(Note::new(key("letters-job-codes")));
    let ids = ask.people;
    let (desk, people) = ctx
        .db()
        .read(move |tx| {
            let people = people(tx, &ids)?;
            Ok::<_, LetterError>((Desk::load(tx, &people)?, people))
        })
        .await
        .map_err(failed)?;
    let Some(size) = desk.sheet() else {
        return Err(JobError::Failed(Note::new(key("letters-error-nobody"))));
    };
    ctx.check()?;
    let coded = desk.coded(&people);
    let wanted = coded.clone();
    let codes = ctx.db().write(&ctx.author(), move |tx| store::issue(tx, &wanted)).await.map_err(failed)?;
    let codes: HashMap<ParticipantId, String> = coded.into_iter().map(|(id, _)| id).zip(codes).collect();
    ctx.note(Note::new(key("letters-job-setting")));
    let mut papers = Vec::with_capacity(people.len());
    for (at, one) in people.iter().enumerate() {
        ctx.check()?;
        papers.extend(desk.paper(&app, one, codes.get(&one.id).map(String::as_str), true));
        ctx.progress(u64::try_from(at).unwrap_or(0), total);
    }
    let count = papers.len();
    let pdf = press
        .pdf(Printable::Papers(Papers { papers, size }))
        .await
        .map_err(|error| JobError::Internal(error.to_string()))?;
    ctx.check()?;
    let name = format!("{NAME}{}.pdf", ctx.job().id);
    let options = PutOptions::new(MOST_BYTES, &[Kind::Pdf]).named(name);
    let stored = app.files.put_bytes(pdf.into(), options).await;
    let stored = stored.map_err(|error| JobError::Internal(error.to_string()))?;
    let file = ctx.db().write(&ctx.author(), move |tx| files::store::add(tx, &stored)).await?;
    ctx.progress(total, total);
    Ok(json!({ "href": format!("/thu-moi/tap/{file}"), "letters": count }))
}

/// `GET /thu-moi/tap/{file}`
pub(super) async fn file(
    _actor: Actor<ManageDelegates>,
    State(app): State<App>,
    Path(id): Path<FileId>,
) -> Result<Response, AppError> {
    let file = app.db.read(move |tx| files::store::get(tx, id)).await?;
    // Only what this area made: a file of another has its own door.
    let file = file.filter(|file| file.kind == Kind::Pdf && file.name.starts_with(NAME));
    let file = file.ok_or_else(AppError::not_found)?;
    let mut response = app.files.download(&file).await?.into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// `POST /dai-bieu/{code}/thu`: the letter to one person, as PDF or DOCX, with a new code.
pub(super) async fn one(
    actor: Actor<ManageDelegates>,
    State(app): State<App>,
    Extension(press): Extension<PressRoom>,
    Path(code): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let typed = Typed::from(pairs);
    let docx = typed.get("as") == "docx";
    let (desk, one, code) = app
        .db
        .write(actor.author(), move |tx| {
            let one = query::by_code_any(tx, &code)?
                .filter(store::gets_letter)
                .ok_or(LetterError::Roll(DelegateError::NotFound))?;
            let desk = Desk::load(tx, std::slice::from_ref(&one))?;
            let done = store::issue(tx, &desk.coded(std::slice::from_ref(&one)))?;
            Ok::<_, LetterError>(done.map(|codes| (desk, one, codes.into_iter().next())))
        })
        .await?;
    let name = format!("{NAME}{}", one.code);
    // A DOCX holds no drawing: there the code is in words alone.
    let paper = desk.paper(&app, &one, code.as_deref(), !docx).ok_or_else(AppError::not_found)?;
    let mut response = if docx {
        download(print::docx::write(&paper).map_err(AppError::internal)?, Made::Docx, &name)
    } else {
        let size = desk.sheet().unwrap_or_default();
        let papers = Papers { papers: vec![paper], size };
        let bytes = press.pdf(Printable::Papers(papers)).await.map_err(AppError::internal)?;
        download(bytes, Made::Pdf, &name)
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// `POST /dai-bieu/{code}/thu/thu-hoi`: the code of the letter opens nothing any more.
pub(super) async fn revoke(
    actor: Actor<ManageDelegates>,
    State(app): State<App>,
    Path(code): Path<String>,
) -> Result<Response, AppError> {
    let href = app
        .db
        .write(actor.author(), move |tx| {
            let one = query::by_code_any(tx, &code)?.ok_or(LetterError::Roll(DelegateError::NotFound))?;
            let done = store::revoke(tx, &one)?;
            Ok::<_, LetterError>(done.map(|_| one.href()))
        })
        .await?;
    Ok(see(&href, "letter-revoked"))
}
