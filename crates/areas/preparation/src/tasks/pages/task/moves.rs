//! Moves from one state to another, one at a time or many assignments at once.

use askama::Template;
use axum::{Form, extract::State, http::StatusCode, response::Response};
use platform::{
    app::App,
    db::DbError,
    i18n::key,
    identity::Actor,
    web::{AppError, Cx, Page, Path, page_with},
};
use rules::{
    clarity::Severity,
    state::{Move, TaskState, authorise, next},
};

use super::{
    common::{ChangeWords, Remark, Viewer, at, changes, notice, see},
    edit::AskPage,
    form::Typed,
    refusals,
};
use crate::tasks::{
    ContributeTasks, TaskError,
    memory::Memory,
    model::{ReturnReason, Task, TaskId},
    register::Register,
    store,
};

fn parse_move(name: &str) -> Result<Move, AppError> {
    name.parse().map_err(|_| AppError::not_found())
}

/// `GET /nhiem-vu/{code}/chuyen/{move}`: asks for the reason, or says why the task cannot be assigned yet.
pub(super) async fn ask(
    actor: Actor<ContributeTasks>,
    cx: Cx,
    State(app): State<App>,
    Path((code, step)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let step = parse_move(&step)?;
    let viewer = Viewer::of(&actor);
    let (task, register) = load(&app, viewer, code).await?;
    let roles = viewer.who.roles(&task.fields);
    authorise(step, &roles).map_err(TaskError::from)?;
    next(task.state, step, task.state_before_pause).map_err(TaskError::from)?;
    Ok(ask_page(&cx, &task, &register, step, &Typed::default(), String::new()).answer(StatusCode::OK))
}

async fn load(app: &App, viewer: Viewer, code: String) -> Result<(Task, Register), AppError> {
    let memory = Memory::of(app);
    let found = app
        .db
        .read(move |tx| {
            let task = viewer.open(tx, &code)?;
            Ok::<_, TaskError>((task, memory.register(tx)?))
        })
        .await?;
    Ok(found)
}

fn ask_page<'a>(
    cx: &'a Cx,
    task: &Task,
    register: &Register,
    step: Move,
    typed: &Typed,
    error: String,
) -> AskPage<'a> {
    let code = task.fields.code.clone();
    let findings = if step == Move::Assign { blocking(cx, register, task) } else { Vec::new() };
    AskPage {
        title: format!("{}: {code}", cx.t(step.key())),
        what: task.fields.what.clone(),
        action: at(&code, &format!("chuyen/{step}")),
        version: task.version,
        lead: match step {
            Move::SendBack => cx.t("task-ask-send-back").into_owned(),
            Move::Return => cx.t("task-ask-return").into_owned(),
            Move::Pause => cx.t("task-ask-pause").into_owned(),
            Move::Cancel => cx.t("task-ask-cancel").into_owned(),
            Move::Reopen => cx.t("task-ask-reopen").into_owned(),
            _ => String::new(),
        },
        possible: findings.is_empty(),
        findings,
        reasons: if step == Move::Return {
            ReturnReason::ALL
                .iter()
                .map(|reason| (reason.to_string(), cx.tp("task-return-", reason).into_owned()))
                .collect()
        } else {
            Vec::new()
        },
        needs_reason: step.needs_reason(),
        reason: typed.get("reason").to_owned(),
        error,
        button: cx.t(step.key()).into_owned(),
        class: if step == Move::Cancel { "btn-danger" } else { "btn-primary" },
        confirm: match step {
            Move::Cancel => cx.t1("task-confirm-cancel", "code", &code),
            Move::Pause => cx.t1("task-confirm-pause", "code", &code),
            _ => String::new(),
        },
        code,
        cx,
    }
}

fn blocking(cx: &Cx, register: &Register, task: &Task) -> Vec<Remark> {
    if task.fields.confidentiality == platform::identity::Confidentiality::Secret {
        return Vec::new();
    }
    register
        .clarity(task)
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Blocking)
        .map(|finding| Remark { blocking: true, text: refusals::finding(cx.lang, finding) })
        .collect()
}

/// `POST /nhiem-vu/{code}/chuyen/{move}`
pub(super) async fn make(
    actor: Actor<ContributeTasks>,
    cx: Cx,
    State(app): State<App>,
    Path((code, step)): Path<(String, String)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let step = parse_move(&step)?;
    let viewer = Viewer::of(&actor);
    let typed = Typed::from(pairs);
    let version: i64 = typed.get("version").parse().map_err(|_| AppError::bad_request())?;
    let reason = typed.get("reason").to_owned();
    let why: ReturnReason = typed.get("code").parse().unwrap_or(ReturnReason::Other);
    let wanted = code.clone();
    let done = app
        .db
        .write(actor.author(), move |tx| {
            let task = viewer.open(tx, &wanted)?;
            if step == Move::Return {
                store::send_back(tx, &viewer.who, task.id, version, why, &reason)
            } else {
                store::step(tx, &viewer.who, task.id, version, step, &reason)
            }
        })
        .await;
    match done {
        Ok(_) => Ok(see(&at(&code, ""), "moved")),
        Err(
            error @ (TaskError::ReasonNeeded | TaskError::NotClear(_) | TaskError::EvidenceMissing { .. }),
        ) => {
            let (task, register) = load(&app, viewer, code).await?;
            let answer = AppError::from(error);
            let mut said = vec![answer.detail(cx.lang)];
            said.extend(
                answer.fields().iter().filter(|one| one.name == "evidence").map(|one| one.message(&cx)),
            );
            let said = said.join(" ");
            Ok(ask_page(&cx, &task, &register, step, &typed, said).answer(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(error) => Err(AppError::from(error).next(at(&code, ""), key("task-back-to"))),
    }
}

// ---------------------------------------------------------------- many at once

struct Proposed {
    id: String,
    code: String,
    href: String,
    what: String,
    lead: String,
    due: String,
    new: bool,
    changes: Vec<ChangeWords>,
    findings: Vec<Remark>,
    clear: u8,
    may: bool,
    version: i64,
}

#[derive(Template)]
#[template(path = "tasks/pages/task/assign.html")]
struct AssignPage<'a> {
    cx: &'a Cx,
    notice: String,
    error: String,
    baseline: String,
    rows: Vec<Proposed>,
    ready: usize,
}

/// `GET /nhiem-vu/duyet-giao`: what has been proposed, beside the last baseline.
pub(super) async fn proposed(
    actor: Actor<ContributeTasks>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    proposed_page(&app, &cx, Viewer::of(&actor), StatusCode::OK, String::new()).await
}

async fn proposed_page(
    app: &App,
    cx: &Cx,
    viewer: Viewer,
    status: StatusCode,
    error: String,
) -> Result<Response, AppError> {
    let memory = Memory::of(app);
    let (register, baseline) = app
        .db
        .read(move |tx| {
            let register = memory.register(tx)?;
            let all = store::baselines(tx)?;
            let last = all.iter().find(|one| one.approved_at.is_some()).or(all.first());
            let baseline = match last {
                Some(last) => Some(store::baseline_content(tx, last.id)?),
                None => None,
            };
            Ok::<_, TaskError>((register, baseline))
        })
        .await?;
    let before = baseline.as_ref().map(|(_, content)| super::baseline::rows_of(content)).unwrap_or_default();
    let rows: Vec<Proposed> = register
        .tasks
        .iter()
        .filter(|task| task.state == TaskState::Proposed && viewer.may_open(task))
        .map(|task| {
            let fields = &task.fields;
            let was = before.get(&fields.code);
            let texts = fields.texts();
            let diff = was
                .map(|was| {
                    let was =
                        was.iter().filter(|(name, _)| !super::baseline::STATUS.contains(&name.as_str()));
                    rules::diff::diff(&was.map(|(n, v)| (n.clone(), v.clone())).collect(), &texts)
                })
                .unwrap_or_default();
            let findings = blocking(cx, &register, task);
            Proposed {
                id: task.id.to_string(),
                href: at(&fields.code, ""),
                code: fields.code.clone(),
                what: fields.what.clone(),
                lead: fields
                    .lead_unit
                    .map(|unit| register.people.unit_name(unit).to_owned())
                    .unwrap_or_default(),
                due: fields.due.map(|due| due.format_vn()).unwrap_or_default(),
                new: was.is_none(),
                changes: changes(cx, &register.people, &diff),
                clear: register.clarity(task).score().clear,
                may: findings.is_empty() && authorise(Move::Assign, &viewer.who.roles(fields)).is_ok(),
                findings,
                version: task.version,
            }
        })
        .collect();
    let body = AssignPage {
        notice: notice(cx),
        error,
        baseline: baseline.map(|(one, _)| one.name).unwrap_or_default(),
        ready: rows.iter().filter(|row| row.may).count(),
        rows,
        cx,
    };
    Ok(page_with(status, cx, Page::new(cx.t("task-assign-many"), body).style("task.css")))
}

/// Which task stopped the others.
struct Stopped {
    id: Option<TaskId>,
    error: TaskError,
}

impl From<DbError> for Stopped {
    fn from(error: DbError) -> Self {
        Self { id: None, error: error.into() }
    }
}

/// `POST /nhiem-vu/duyet-giao`: all that were ticked, or none.
pub(super) async fn assign(
    actor: Actor<ContributeTasks>,
    cx: Cx,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let viewer = Viewer::of(&actor);
    let typed = Typed::from(pairs);
    let mut chosen: Vec<(TaskId, i64)> = Vec::new();
    for one in typed.all("task") {
        let parsed =
            one.split_once(':').and_then(|(id, version)| Some((id.parse().ok()?, version.parse().ok()?)));
        chosen.push(parsed.ok_or_else(AppError::bad_request)?);
    }
    if chosen.is_empty() {
        let said = cx.t("task-assign-none").into_owned();
        return proposed_page(&app, &cx, viewer, StatusCode::UNPROCESSABLE_ENTITY, said).await;
    }
    let count = chosen.len();
    let done = app
        .db
        .write(actor.author(), move |tx| {
            let mut done = None;
            for (id, version) in chosen {
                let step = store::step(tx, &viewer.who, id, version, Move::Assign, "");
                done = Some(step.map_err(|error| Stopped { id: Some(id), error })?);
            }
            done.ok_or(Stopped { id: None, error: TaskError::NotFound })
        })
        .await;
    match done {
        Ok(_) => Ok(see(&format!("/nhiem-vu/duyet-giao?so={count}"), "assigned")),
        Err(stopped) => {
            let answer = AppError::from(stopped.error);
            let Some(id) = stopped.id else { return Err(answer) };
            let task = app.db.read(move |tx| store::task(tx, id)).await?;
            let said = cx.t2("task-assign-stopped", "code", task.fields.code, "why", answer.detail(cx.lang));
            proposed_page(&app, &cx, viewer, answer.status(), said).await
        }
    }
}
