//! What the lead and its helpers do: report, hand in evidence, confirm a contribution, receive an urge.

use askama::Template;
use axum::{
    Form,
    extract::{Multipart, State},
    http::StatusCode,
    response::Response,
};
use platform::{
    app::App,
    files::{self, Kind, PutOptions},
    i18n::{self, key},
    identity::Actor,
    web::{AppError, Cx, FieldProblem, Page, Path, page_with},
};

use super::{
    common::{Viewer, at, problem, see},
    form::Typed,
};
use crate::tasks::{
    ContributeTasks, ReadTasks, TaskError,
    model::{Evidence, EvidenceId, EvidenceKind, NewReport, Task},
    store,
};

/// The most bytes of one piece of evidence: 20 MB, a long scanned document.
pub const LARGEST: u64 = 20 << 20;

#[derive(Template)]
#[template(path = "tasks/pages/task/report.html")]
struct ReportPage<'a> {
    cx: &'a Cx,
    title: String,
    code: String,
    back: String,
    what: String,
    percent: String,
    typed: Typed,
    problems: Vec<FieldProblem>,
    general: String,
    started: String,
}

impl ReportPage<'_> {
    fn err(&self, name: &str) -> String {
        problem(self.cx, &self.problems, name)
    }
}

async fn open(app: &App, viewer: Viewer, code: String) -> Result<Task, AppError> {
    Ok(app.db.read(move |tx| viewer.open(tx, &code)).await?)
}

fn report_page(cx: &Cx, task: &Task, typed: Typed, answer: Option<&AppError>) -> Response {
    let code = &task.fields.code;
    let title = cx.t1("task-report", "code", code);
    let body = ReportPage {
        title: title.clone(),
        code: code.clone(),
        back: at(code, ""),
        what: task.fields.what.clone(),
        percent: if typed.get("percent").is_empty() {
            task.percent.to_string()
        } else {
            typed.get("percent").to_owned()
        },
        typed,
        problems: answer.map(|error| error.fields().to_vec()).unwrap_or_default(),
        general: answer.map(|error| error.detail(cx.lang)).unwrap_or_default(),
        started: if task.state == rules::state::TaskState::Acknowledged {
            cx.t("task-report-starts").into_owned()
        } else {
            String::new()
        },
        cx,
    };
    let page = Page::new(title, body).style("task.css").script("js/task.js");
    page_with(answer.map_or(StatusCode::OK, AppError::status), cx, page)
}

/// `GET /nhiem-vu/{code}/bao-cao`
pub(super) async fn report_form(
    actor: Actor<ContributeTasks>,
    cx: Cx,
    State(app): State<App>,
    Path(code): Path<String>,
) -> Result<Response, AppError> {
    let task = open(&app, Viewer::of(&actor), code).await?;
    if !task.state.is_running() {
        return Err(
            AppError::from(TaskError::NotRunning).next(at(&task.fields.code, ""), key("task-back-to"))
        );
    }
    Ok(report_page(&cx, &task, Typed::default(), None))
}

/// `POST /nhiem-vu/{code}/bao-cao`
pub(super) async fn report(
    actor: Actor<ContributeTasks>,
    cx: Cx,
    State(app): State<App>,
    Path(code): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let viewer = Viewer::of(&actor);
    let typed = Typed::from(pairs);
    let percent: Result<u8, _> = typed.get("percent").parse();
    let Ok(percent) = percent else {
        let task = open(&app, viewer, code).await?;
        return Ok(report_page(&cx, &task, typed, Some(&TaskError::Percent.into())));
    };
    let text = |name: &str| typed.get(name).replace("\r\n", "\n");
    let new = NewReport {
        percent,
        done: text("done"),
        difficulty: text("difficulty"),
        request: text("request"),
        next: text("next"),
    };
    let wanted = code.clone();
    let done = app
        .db
        .write(actor.author(), move |tx| {
            let task = viewer.open(tx, &wanted)?;
            store::report(tx, &viewer.who, task.id, &new)
        })
        .await;
    match done {
        Ok(_) => Ok(see(&at(&code, ""), "reported")),
        Err(
            error @ (TaskError::Percent
            | TaskError::EmptyReport
            | TaskError::TooLong { .. }
            | TaskError::Db(_)),
        ) => {
            let task = open(&app, viewer, code).await?;
            Ok(report_page(&cx, &task, typed, Some(&error.into())))
        }
        Err(error) => Err(AppError::from(error).next(at(&code, ""), key("task-back-to"))),
    }
}

// ---------------------------------------------------------------- evidence

#[derive(Template)]
#[template(path = "tasks/pages/task/evidence.html")]
struct EvidencePage<'a> {
    cx: &'a Cx,
    title: String,
    code: String,
    back: String,
    what: String,
    kinds: Vec<(String, String)>,
    kind: String,
    note: String,
    error: String,
    accept: String,
}

fn evidence_page(cx: &Cx, task: &Task, kind: &str, note: &str, answer: Option<&AppError>) -> Response {
    let code = &task.fields.code;
    let title = cx.t1("task-evidence-add", "code", code);
    let wanted = &task.fields.evidence_kinds;
    // What the result demands stands first.
    let mut kinds: Vec<EvidenceKind> = EvidenceKind::ALL.to_vec();
    kinds.sort_by_key(|kind| !wanted.contains(kind));
    let body = EvidencePage {
        title: title.clone(),
        code: code.clone(),
        back: at(code, ""),
        what: task.fields.what.clone(),
        kind: if kind.is_empty() {
            kinds.first().map(ToString::to_string).unwrap_or_default()
        } else {
            kind.to_owned()
        },
        kinds: kinds
            .iter()
            .map(|kind| (kind.to_string(), cx.tp("task-evidence-", kind).into_owned()))
            .collect(),
        note: note.to_owned(),
        error: answer.map(|error| error.detail(cx.lang)).unwrap_or_default(),
        accept: ".pdf,.docx,.xlsx,.pptx,.png,.jpg,.jpeg,.csv,.txt".to_owned(),
        cx,
    };
    page_with(answer.map_or(StatusCode::OK, AppError::status), cx, Page::new(title, body).style("task.css"))
}

/// `GET /nhiem-vu/{code}/minh-chung`
pub(super) async fn evidence_form(
    actor: Actor<ContributeTasks>,
    cx: Cx,
    State(app): State<App>,
    Path(code): Path<String>,
) -> Result<Response, AppError> {
    let viewer = Viewer::of(&actor);
    let task = open(&app, viewer, code).await?;
    store::may_add_evidence(&viewer.who, &task)
        .map_err(|error| AppError::from(error).next(at(&task.fields.code, ""), key("task-back-to")))?;
    Ok(evidence_page(&cx, &task, "", "", None))
}

/// `POST /nhiem-vu/{code}/minh-chung`: kind and note stand before the file, so that they are known when the file
/// is refused. The file is looked at only when this office may hand it in.
pub(super) async fn evidence(
    actor: Actor<ContributeTasks>,
    cx: Cx,
    State(app): State<App>,
    Path(code): Path<String>,
    mut form: Multipart,
) -> Result<Response, AppError> {
    let viewer = Viewer::of(&actor);
    let task = open(&app, viewer, code.clone()).await?;
    store::may_add_evidence(&viewer.who, &task)
        .map_err(|error| AppError::from(error).next(at(&task.fields.code, ""), key("task-back-to")))?;
    let (mut kind, mut note, mut stored) = (String::new(), String::new(), None);
    let mut refused: Option<AppError> = None;
    loop {
        let field = match form.next_field().await {
            Ok(Some(field)) => field,
            Ok(None) => break,
            Err(error) => {
                refused.get_or_insert(
                    AppError::bad_request().because(key("files-interrupted")).caused_by(error),
                );
                break;
            }
        };
        match field.name() {
            Some("kind") => kind = field.text().await.unwrap_or_default(),
            Some("note") => note = field.text().await.unwrap_or_default(),
            Some("file") => {
                let name = field.file_name().unwrap_or_default().to_owned();
                match app.files.put(field, PutOptions::new(LARGEST, Kind::EVIDENCE).named(name)).await {
                    Ok(file) => stored = Some(file),
                    Err(error) => {
                        refused = Some(error.into());
                        break;
                    }
                }
            }
            _ => {}
        }
    }
    let parsed: Result<EvidenceKind, _> = kind.trim().parse();
    let refused = match (&parsed, &stored, refused) {
        (_, _, Some(refused)) => Some(refused),
        (_, None, None) => Some(AppError::invalid(Vec::new()).because(key("task-evidence-no-file"))),
        (Err(_), ..) => Some(AppError::invalid(Vec::new()).because(key("task-evidence-no-kind"))),
        _ if note.chars().count() > store::LONGEST => Some(TaskError::TooLong { field: "note" }.into()),
        _ => None,
    };
    if let Some(refused) = refused {
        return Ok(evidence_page(&cx, &task, kind.trim(), &note, Some(&refused)));
    }
    let (Ok(kind), Some(stored)) = (parsed, stored) else { return Err(AppError::bad_request()) };
    let (id, words) = (task.id, note.clone());
    let done = app
        .db
        .write(actor.author(), move |tx| {
            let file = *files::store::add(tx, &stored)?.value();
            store::add_evidence(tx, &viewer.who, id, file, kind, words.trim())
        })
        .await;
    match done {
        Ok(_) => Ok(see(&at(&code, ""), "evidence")),
        Err(error) => Ok(evidence_page(&cx, &task, kind.as_str(), &note, Some(&error.into()))),
    }
}

/// `GET /nhiem-vu/{code}/minh-chung/{id}`: the file itself.
pub(super) async fn download(
    actor: Actor<ReadTasks>,
    State(app): State<App>,
    Path((code, id)): Path<(String, EvidenceId)>,
) -> Result<Response, AppError> {
    let viewer = Viewer::of(&actor);
    let file = app
        .db
        .read(move |tx| {
            let task = viewer.open(tx, &code)?;
            let all: Vec<Evidence> = store::evidence(tx, task.id)?;
            let one = all.into_iter().find(|one| one.id == id).ok_or(TaskError::NotFound)?;
            files::store::get(tx, one.file)?.ok_or(TaskError::NotFound)
        })
        .await?;
    Ok(app.files.download(&file).await?)
}

// ---------------------------------------------------------------- confirmation and receipts

/// `POST /nhiem-vu/{code}/xac-nhan`: a coordinating unit confirms; only somebody of that unit may.
pub(super) async fn confirm(
    actor: Actor<ContributeTasks>,
    State(app): State<App>,
    Path(code): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let viewer = Viewer::of(&actor);
    let typed = Typed::from(pairs);
    if typed.get("unit").parse().ok() != Some(viewer.unit) {
        return Err(TaskError::NotPermitted.into());
    }
    let wanted = code.clone();
    app.db
        .write(actor.author(), move |tx| {
            let task = store::task_by_code(tx, &wanted)?;
            store::confirm_support(tx, task.id, viewer.unit)
        })
        .await?;
    Ok(see(&at(&code, ""), "confirmed"))
}

/// `POST /nhiem-vu/{code}/da-xem`: the receipt of the urges that were addressed to this office.
pub(super) async fn seen(
    actor: Actor<ReadTasks>,
    cx: Cx,
    State(app): State<App>,
    Path(code): Path<String>,
) -> Result<Response, AppError> {
    let viewer = Viewer::of(&actor);
    let wanted = code.clone();
    let office = actor.office.id;
    app.db
        .write(actor.author(), move |tx| {
            let task = viewer.open(tx, &wanted)?;
            store::see_urges(tx, task.id, office)
        })
        .await?;
    if cx.htmx {
        return Ok(axum::response::IntoResponse::into_response(StatusCode::NO_CONTENT));
    }
    Ok(see(&at(&code, ""), "seen"))
}

/// The size cap in words.
pub(super) fn largest(cx: &Cx) -> String {
    i18n::fmt::int(cx.lang, i64::try_from(LARGEST >> 20).unwrap_or(20))
}
