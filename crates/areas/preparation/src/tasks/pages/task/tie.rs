//! What must come before and after a task, and what a tie pushes.

use askama::Template;
use axum::{Form, extract::State, http::StatusCode, response::Response};
use platform::{
    app::App,
    i18n::key,
    identity::Actor,
    web::{AppError, Cx, FieldProblem, Page, Path, page_with},
};
use rules::schedule::DepKind;

use super::{
    common::{Viewer, at, notice, problem, see},
    extension::{PushedView, effect_of_tie},
    form::Typed,
    refusals,
};
use crate::tasks::{
    ManageTasks, TaskError,
    memory::Memory,
    model::{Dependency, Task, TaskId},
    register::Register,
    store,
};

struct Tied {
    pred: String,
    succ: String,
    code: String,
    what: String,
    kind: String,
    words: String,
}

#[derive(Template)]
#[template(path = "tasks/pages/task/tie.html")]
struct TiePage<'a> {
    cx: &'a Cx,
    notice: String,
    title: String,
    code: String,
    back: String,
    what: String,
    before: Vec<Tied>,
    after: Vec<Tied>,
    others: Vec<(String, String)>,
    kinds: Vec<(String, String)>,
    sides: Vec<(String, String)>,
    typed: Typed,
    problems: Vec<FieldProblem>,
    previewed: bool,
    pushed: Vec<PushedView>,
}

impl TiePage<'_> {
    fn err(&self, name: &str) -> String {
        problem(self.cx, &self.problems, name)
    }
}

async fn load(app: &App, viewer: Viewer, code: String) -> Result<(Task, Register), AppError> {
    let memory = Memory::of(app);
    Ok(app
        .db
        .read(move |tx| {
            let task = viewer.open(tx, &code)?;
            Ok::<_, TaskError>((task, memory.register(tx)?))
        })
        .await?)
}

/// The dependency that the form describes.
fn read(typed: &Typed, task: &Task, register: &Register) -> Result<Dependency, FieldProblem> {
    let other = register.by_code(typed.get("other")).or_else(|| {
        let id: Option<TaskId> = typed.get("other").parse().ok();
        id.and_then(|id| register.by_id(id))
    });
    let other = other.ok_or_else(|| {
        FieldProblem::new("other", key("schedule-unknown-task")).with("codes", typed.get("other"))
    })?;
    let kind: DepKind = typed.get("kind").parse().unwrap_or_default();
    let lag = typed.get("lag").replace('−', "-");
    let lag_days: i32 = if lag.is_empty() { Ok(0) } else { lag.parse() }
        .ok()
        .filter(|days: &i32| days.abs() <= 366)
        .ok_or_else(|| FieldProblem::new("lag", key("task-tie-lag")))?;
    if other.id == task.id {
        return Err(FieldProblem::new("other", key("task-tie-self")));
    }
    let (pred, succ) = if typed.get("side") == "after" { (task.id, other.id) } else { (other.id, task.id) };
    Ok(Dependency { pred, succ, kind, lag_days })
}

fn tie_page(
    cx: &Cx,
    viewer: &Viewer,
    task: &Task,
    register: &Register,
    typed: Typed,
    status: StatusCode,
    problems: Vec<FieldProblem>,
) -> Response {
    let code = &task.fields.code;
    let name = |task: &Task| {
        if viewer.may_open(task) { task.fields.what.clone() } else { String::new() }
    };
    let tied = |dep: &Dependency, other: TaskId| {
        let other = register.by_id(other)?;
        Some(Tied {
            pred: dep.pred.to_string(),
            succ: dep.succ.to_string(),
            code: other.fields.code.clone(),
            what: name(other),
            kind: format!(
                "{}{}",
                dep.kind,
                if dep.lag_days == 0 { String::new() } else { format!("{:+}", dep.lag_days) }
            ),
            words: cx.tp("task-dep-", dep.kind).into_owned(),
        })
    };
    let asked = read(&typed, task, register).ok();
    let title = cx.t1("task-tie", "code", code);
    let body =
        TiePage {
            notice: notice(cx),
            title: title.clone(),
            code: code.clone(),
            back: at(code, ""),
            what: task.fields.what.clone(),
            before: register
                .deps
                .iter()
                .filter(|dep| dep.succ == task.id)
                .filter_map(|dep| tied(dep, dep.pred))
                .collect(),
            after: register
                .deps
                .iter()
                .filter(|dep| dep.pred == task.id)
                .filter_map(|dep| tied(dep, dep.succ))
                .collect(),
            others: std::iter::once((String::new(), cx.t("task-choose").into_owned()))
                .chain(
                    register.tasks.iter().filter(|other| other.id != task.id).map(|other| {
                        (other.id.to_string(), format!("{}: {}", other.fields.code, name(other)))
                    }),
                )
                .collect(),
            kinds: DepKind::ALL
                .iter()
                .map(|kind| (kind.to_string(), format!("{kind}: {}", cx.tp("task-dep-", kind))))
                .collect(),
            sides: vec![
                ("before".to_owned(), cx.t1("task-tie-before", "code", code)),
                ("after".to_owned(), cx.t1("task-tie-after", "code", code)),
            ],
            previewed: asked.is_some() && problems.is_empty(),
            pushed: asked.map(|dep| effect_of_tie(register, viewer, &dep)).unwrap_or_default(),
            typed,
            problems,
            cx,
        };
    page_with(status, cx, Page::new(title, body).style("task.css"))
}

/// `GET /nhiem-vu/{code}/phu-thuoc`; with the fields in the query the effect is shown.
pub(super) async fn form(
    actor: Actor<ManageTasks>,
    cx: Cx,
    State(app): State<App>,
    Path(code): Path<String>,
) -> Result<Response, AppError> {
    let viewer = Viewer::of(&actor);
    let (task, register) = load(&app, viewer, code).await?;
    let mut typed = Typed::default();
    for name in ["other", "kind", "lag", "side"] {
        typed.set(name, cx.param(name));
    }
    Ok(tie_page(&cx, &viewer, &task, &register, typed, StatusCode::OK, Vec::new()))
}

/// `POST /nhiem-vu/{code}/phu-thuoc`: ties, or unties with `act=untie`.
pub(super) async fn change(
    actor: Actor<ManageTasks>,
    cx: Cx,
    State(app): State<App>,
    Path(code): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let viewer = Viewer::of(&actor);
    let typed = Typed::from(pairs);
    let back = at(&code, "phu-thuoc");
    if typed.get("act") == "untie" {
        let parse = |name: &str| typed.get(name).parse::<TaskId>().map_err(|_| AppError::bad_request());
        let (pred, succ) = (parse("pred")?, parse("succ")?);
        app.db.write(actor.author(), move |tx| store::untie(tx, &viewer.who, pred, succ)).await?;
        return Ok(see(&back, "untied"));
    }
    let (task, register) = load(&app, viewer, code).await?;
    let dep = match read(&typed, &task, &register) {
        Ok(dep) => dep,
        Err(wrong) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return Ok(tie_page(&cx, &viewer, &task, &register, typed, status, vec![wrong]));
        }
    };
    match app.db.write(actor.author(), move |tx| store::tie(tx, &viewer.who, &dep)).await {
        Ok(()) => Ok(see(&back, "tied")),
        Err(TaskError::Cycle(ids)) => {
            let wrong = FieldProblem::new("other", key("schedule-cycle"))
                .with("codes", refusals::circle(&register, &ids));
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(tie_page(&cx, &viewer, &task, &register, typed, status, vec![wrong]))
        }
        Err(error) => Err(error.into()),
    }
}
