//! Asking for more time and deciding on it; what it would push is shown before anybody decides.

use askama::Template;
use axum::{Form, extract::State, http::StatusCode, response::Response};
use platform::{
    app::App,
    i18n::key,
    identity::Actor,
    web::{AppError, Cx, FieldProblem, Page, Path, fragment, page_with},
};
use rules::{calendar::WorkCalendar, dates::Deadline, state::Role, template::suggest};

use super::{
    common::{Viewer, at, moment, notice, problem, see},
    form::Typed,
    refusals::date_problem,
};
use crate::tasks::{
    ContributeTasks, ReadTasks, TaskError,
    memory::Memory,
    model::{Dependency, Extension, ExtensionId, ExtensionState, Task, TaskId},
    register::Register,
    schedule, store,
};

/// A task that a later deadline would push.
pub(super) struct PushedView {
    pub code: String,
    pub href: String,
    pub what: String,
    pub lead: String,
    pub from: String,
    pub to: String,
    pub days: i64,
    /// Pushed past the opening of the congress.
    pub past_opening: bool,
}

/// What a deadline of `id` at `to` would push, landing on working days.
pub(super) fn effect(register: &Register, viewer: &Viewer, id: TaskId, to: Deadline) -> Vec<PushedView> {
    views(
        register,
        viewer,
        schedule::ripple(&register.tasks, &register.deps, id, to, Some(&register.calendar)),
    )
}

/// What tying two tasks would push.
pub(super) fn effect_of_tie(register: &Register, viewer: &Viewer, dep: &Dependency) -> Vec<PushedView> {
    let Some(pred) = register.by_id(dep.pred) else { return Vec::new() };
    let Some(due) = pred.fields.due else { return Vec::new() };
    let mut deps = register.deps.clone();
    deps.retain(|other| (other.pred, other.succ) != (dep.pred, dep.succ));
    deps.push(dep.clone());
    views(register, viewer, schedule::ripple(&register.tasks, &deps, dep.pred, due, Some(&register.calendar)))
}

fn views(
    register: &Register,
    viewer: &Viewer,
    shifts: Vec<rules::schedule::Shift<TaskId>>,
) -> Vec<PushedView> {
    let opening = register.congress.opening_on;
    shifts
        .into_iter()
        .filter_map(|shift| {
            let task = register.by_id(shift.id)?;
            Some(PushedView {
                href: at(&task.fields.code, ""),
                code: task.fields.code.clone(),
                what: if viewer.may_open(task) { task.fields.what.clone() } else { String::new() },
                lead: task
                    .fields
                    .lead_unit
                    .map(|unit| register.people.unit_name(unit).to_owned())
                    .unwrap_or_default(),
                from: platform::i18n::fmt::date(shift.old_due),
                to: platform::i18n::fmt::date(shift.new_due),
                days: i64::from(rules::timing::days_between(shift.old_due, shift.new_due)),
                past_opening: shift.old_due < opening && shift.new_due >= opening,
            })
        })
        .collect()
}

/// The question about a deadline on a day off, with the working day to offer.
pub(super) fn day_off(
    cx: &Cx,
    calendar: &WorkCalendar,
    due: Deadline,
    event: jiff::civil::Date,
) -> Option<(String, String)> {
    let offered = suggest(due.date, event, calendar)?;
    let day = cx.t(offered.why.key());
    let offer = Deadline { date: offered.date, time: due.time }.format_vn();
    Some((cx.t3("task-day-off", "due", due.format_vn(), "day", day, "offer", &offer), offer))
}

#[derive(Template)]
#[template(path = "tasks/pages/task/extend.html")]
struct AskPage<'a> {
    cx: &'a Cx,
    title: String,
    code: String,
    back: String,
    what: String,
    due: String,
    original: String,
    typed: Typed,
    problems: Vec<FieldProblem>,
    general: String,
    day_off: Option<(String, String)>,
    previewed: bool,
    to: String,
    pushed: Vec<PushedView>,
}

impl AskPage<'_> {
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

fn ask_page(
    cx: &Cx,
    register: &Register,
    viewer: &Viewer,
    task: &Task,
    typed: Typed,
    answer: Option<&AppError>,
) -> Response {
    let code = &task.fields.code;
    let title = cx.t1("task-extend", "code", code);
    let mut problems: Vec<FieldProblem> = answer.map(|error| error.fields().to_vec()).unwrap_or_default();
    let to = match typed.get("to") {
        "" => None,
        text => Deadline::parse(text, Some(register.congress.opening_on.year()))
            .map_err(|error| {
                if problems.is_empty() {
                    problems.push(date_problem("to", &error));
                }
            })
            .ok(),
    };
    let body = AskPage {
        title: title.clone(),
        code: code.clone(),
        back: at(code, ""),
        what: task.fields.what.clone(),
        due: task.fields.due.map(|due| due.format_vn()).unwrap_or_default(),
        original: task
            .due_original
            .filter(|original| Some(*original) != task.fields.due)
            .map(|due| due.format_vn())
            .unwrap_or_default(),
        general: answer
            .filter(|error| error.fields().is_empty())
            .map(|error| error.detail(cx.lang))
            .unwrap_or_default(),
        day_off: to.and_then(|to| day_off(cx, &register.calendar, to, register.congress.opening_on)),
        previewed: to.is_some(),
        to: to.map(|to| to.format_vn()).unwrap_or_default(),
        pushed: to.map(|to| effect(register, viewer, task.id, to)).unwrap_or_default(),
        typed,
        problems,
        cx,
    };
    page_with(answer.map_or(StatusCode::OK, AppError::status), cx, Page::new(title, body).style("task.css"))
}

/// `GET /nhiem-vu/{code}/gia-han`; with `?to=` the effect on other tasks is shown.
pub(super) async fn form(
    actor: Actor<ContributeTasks>,
    cx: Cx,
    State(app): State<App>,
    Path(code): Path<String>,
) -> Result<Response, AppError> {
    let viewer = Viewer::of(&actor);
    let (task, register) = load(&app, viewer, code).await?;
    let refused = if task.fields.due.is_none() {
        Some(TaskError::NoDeadline)
    } else if !task.state.is_running() {
        Some(TaskError::NotRunning)
    } else if register.waiting.contains_key(&task.id) {
        Some(TaskError::ExtensionWaiting)
    } else {
        None
    };
    if let Some(refused) = refused {
        return Err(AppError::from(refused).next(at(&task.fields.code, ""), key("task-back-to")));
    }
    let mut typed = Typed::default();
    typed.set("to", cx.param("to"));
    typed.set("reason", cx.param("reason"));
    Ok(ask_page(&cx, &register, &viewer, &task, typed, None))
}

#[derive(Template)]
#[template(path = "tasks/pages/task/effect.html")]
struct EffectPart<'a> {
    cx: &'a Cx,
    problem: String,
    day_off: Option<(String, String)>,
    previewed: bool,
    to: String,
    pushed: Vec<PushedView>,
}

/// `POST /nhiem-vu/{code}/gia-han/xem`: the effect of the deadline as it is being typed. Keeps nothing.
pub(super) async fn preview(
    actor: Actor<ContributeTasks>,
    cx: Cx,
    State(app): State<App>,
    Path(code): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let viewer = Viewer::of(&actor);
    let typed = Typed::from(pairs);
    let (task, register) = load(&app, viewer, code).await?;
    let parsed = Deadline::parse(typed.get("to"), Some(register.congress.opening_on.year()));
    let mut part = EffectPart {
        cx: &cx,
        problem: String::new(),
        day_off: None,
        previewed: false,
        to: String::new(),
        pushed: Vec::new(),
    };
    match (parsed, task.fields.due) {
        (Ok(to), Some(due)) if to <= due => {
            part.problem = cx.t1("task-error-not-later", "due", due.format_vn())
        }
        (Ok(to), _) => {
            part.day_off = day_off(&cx, &register.calendar, to, register.congress.opening_on);
            part.previewed = true;
            part.to = to.format_vn();
            part.pushed = effect(&register, &viewer, task.id, to);
        }
        (Err(error), _) => part.problem = date_problem("to", &error).message(&cx),
    }
    Ok(fragment(&part))
}

/// `POST /nhiem-vu/{code}/gia-han`. A deadline on a day off is asked about once.
pub(super) async fn ask(
    actor: Actor<ContributeTasks>,
    cx: Cx,
    State(app): State<App>,
    Path(code): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let viewer = Viewer::of(&actor);
    let typed = Typed::from(pairs);
    let (task, register) = load(&app, viewer, code.clone()).await?;
    let to = match Deadline::parse(typed.get("to"), Some(register.congress.opening_on.year())) {
        Ok(to) => to,
        Err(error) => {
            let answer = AppError::invalid(vec![date_problem("to", &error)]);
            return Ok(ask_page(&cx, &register, &viewer, &task, typed, Some(&answer)));
        }
    };
    let off = register.calendar.why_not_working(to.date).is_some();
    if off && typed.get("keep") != to.to_string() {
        let answer = AppError::invalid(vec![FieldProblem::new("keep", key("task-day-off-confirm"))]);
        return Ok(ask_page(&cx, &register, &viewer, &task, typed, Some(&answer)));
    }
    let (id, reason) = (task.id, typed.get("reason").replace("\r\n", "\n"));
    let done =
        app.db.write(actor.author(), move |tx| store::ask_extension(tx, &viewer.who, id, to, &reason)).await;
    match done {
        Ok(_) => Ok(see(&at(&code, ""), "asked")),
        Err(error @ (TaskError::NotFound | TaskError::NotPermitted)) => Err(error.into()),
        Err(error) => Ok(ask_page(&cx, &register, &viewer, &task, typed, Some(&error.into()))),
    }
}

// ---------------------------------------------------------------- deciding

#[derive(Template)]
#[template(path = "tasks/pages/task/decide.html")]
struct DecidePage<'a> {
    cx: &'a Cx,
    notice: String,
    title: String,
    code: String,
    back: String,
    what: String,
    lead: String,
    from: String,
    to: String,
    original: String,
    days: i64,
    reason: String,
    asked: String,
    decided: String,
    state: String,
    tone: &'static str,
    icon: &'static str,
    may_decide: bool,
    why_not: String,
    may_withdraw: bool,
    note: String,
    error: String,
    /// Granted extensions of the lead unit so far, and of this task.
    unit_count: u32,
    task_count: u32,
    day_off: Option<(String, String)>,
    pushed: Vec<PushedView>,
    here: String,
}

pub(super) async fn load_extension(
    app: &App,
    viewer: Viewer,
    id: ExtensionId,
) -> Result<(Extension, Task, Register, Option<String>), AppError> {
    let memory = Memory::of(app);
    Ok(app
        .db
        .read(move |tx| {
            let extension = store::extension(tx, id)?;
            let task = store::task(tx, extension.task)?;
            if !viewer.may_open(&task) {
                return Err(TaskError::NotFound);
            }
            let own = store::asked_by(tx, id)?;
            Ok::<_, TaskError>((extension, task, memory.register(tx)?, own))
        })
        .await?)
}

/// `GET /gia-han/{id}`
pub(super) async fn show(
    actor: Actor<ReadTasks>,
    cx: Cx,
    State(app): State<App>,
    Path(id): Path<ExtensionId>,
) -> Result<Response, AppError> {
    let viewer = Viewer::of(&actor);
    let found = load_extension(&app, viewer, id).await?;
    Ok(decide_page(&cx, &viewer, &found, String::new(), None))
}

fn decide_page(
    cx: &Cx,
    viewer: &Viewer,
    found: &(Extension, Task, Register, Option<String>),
    note: String,
    answer: Option<&AppError>,
) -> Response {
    let (extension, task, register, asked_by) = found;
    let code = &task.fields.code;
    let roles = viewer.who.roles(&task.fields);
    let waiting = extension.state == ExtensionState::Waiting;
    let own = asked_by.is_some() && *asked_by == viewer.office().map(|office| office.to_string());
    let decides = viewer.contributes && roles.contains(&Role::Approver);
    let doer =
        [Role::Organiser, Role::FocalOfficer, Role::Accountable].iter().any(|role| roles.contains(role));
    let unit_count = register
        .tasks
        .iter()
        .filter(|other| task.fields.lead_unit.is_some() && other.fields.lead_unit == task.fields.lead_unit)
        .filter_map(|other| register.extended.get(&other.id))
        .sum();
    let (tone, icon) = match extension.state {
        ExtensionState::Waiting => ("amber", "hourglass"),
        ExtensionState::Granted => ("green", "circle-check"),
        ExtensionState::Refused => ("red", "circle-x"),
        ExtensionState::Withdrawn => ("grey", "arrow-back-up"),
    };
    let title = cx.t1("task-decide", "code", code);
    let body = DecidePage {
        notice: notice(cx),
        title: title.clone(),
        code: code.clone(),
        back: at(code, ""),
        what: task.fields.what.clone(),
        lead: task
            .fields
            .lead_unit
            .map(|unit| register.people.unit_name(unit).to_owned())
            .unwrap_or_default(),
        from: extension.from_due.format_vn(),
        to: extension.to_due.format_vn(),
        original: task
            .due_original
            .filter(|original| *original != extension.from_due)
            .map(|due| due.format_vn())
            .unwrap_or_default(),
        days: i64::from(rules::timing::days_between(extension.from_due.date, extension.to_due.date)),
        reason: extension.reason.clone(),
        asked: cx.t2("task-by-at", "by", &extension.requested_by, "at", moment(extension.requested_at)),
        decided: match (&extension.decided_by, extension.decided_at) {
            (Some(by), Some(when)) => cx.t2("task-by-at", "by", by, "at", moment(when)),
            _ => String::new(),
        },
        state: cx.tp("task-extension-", extension.state).into_owned(),
        tone,
        icon,
        may_decide: waiting && decides && !own,
        why_not: if waiting && decides && own {
            cx.t("task-error-own-request").into_owned()
        } else {
            String::new()
        },
        may_withdraw: waiting && doer && viewer.contributes,
        note: if waiting { note } else { extension.decision_note.clone() },
        error: answer.map(|error| error.detail(cx.lang)).unwrap_or_default(),
        unit_count,
        task_count: register.extended.get(&task.id).copied().unwrap_or_default(),
        day_off: if waiting {
            day_off(cx, &register.calendar, extension.to_due, register.congress.opening_on)
        } else {
            None
        },
        pushed: if waiting {
            effect(register, viewer, task.id, extension.to_due)
        } else {
            kept(register, viewer, extension)
        },
        here: format!("/gia-han/{}", extension.id),
        cx,
    };
    page_with(answer.map_or(StatusCode::OK, AppError::status), cx, Page::new(title, body).style("task.css"))
}

/// The effect as it was written down when the request was made.
pub(super) fn kept(register: &Register, viewer: &Viewer, extension: &Extension) -> Vec<PushedView> {
    let pushed: Vec<schedule::Pushed> = serde_json::from_str(&extension.impact).unwrap_or_default();
    pushed
        .into_iter()
        .map(|one| {
            let task = register.by_code(&one.code);
            PushedView {
                href: at(&one.code, ""),
                what: task
                    .filter(|task| viewer.may_open(task))
                    .map(|task| task.fields.what.clone())
                    .unwrap_or_default(),
                lead: task
                    .and_then(|task| task.fields.lead_unit)
                    .map(|unit| register.people.unit_name(unit).to_owned())
                    .unwrap_or_default(),
                from: platform::i18n::fmt::date(one.from),
                to: platform::i18n::fmt::date(one.to),
                days: i64::from(rules::timing::days_between(one.from, one.to)),
                past_opening: one.from < register.congress.opening_on
                    && one.to >= register.congress.opening_on,
                code: one.code,
            }
        })
        .collect()
}

/// `POST /gia-han/{id}`: granted, refused or withdrawn.
pub(super) async fn decide(
    actor: Actor<ContributeTasks>,
    cx: Cx,
    State(app): State<App>,
    Path(id): Path<ExtensionId>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let viewer = Viewer::of(&actor);
    let typed = Typed::from(pairs);
    let found = load_extension(&app, viewer, id).await?;
    let note = typed.get("note").replace("\r\n", "\n");
    let (act, words) = match typed.get("act") {
        "grant" => (Some(true), "granted"),
        "refuse" => (Some(false), "refused"),
        "withdraw" => (None, "withdrawn"),
        _ => return Err(AppError::bad_request()),
    };
    let said = note.clone();
    let done = app
        .db
        .write(actor.author(), move |tx| match act {
            Some(grant) => store::decide_extension(tx, &viewer.who, id, grant, &said),
            None => store::withdraw_extension(tx, &viewer.who, id),
        })
        .await;
    match done {
        Ok(_) => Ok(see(&at(&found.1.fields.code, ""), words)),
        Err(error @ (TaskError::ReasonNeeded | TaskError::Db(_))) => {
            Ok(decide_page(&cx, &viewer, &found, note, Some(&error.into())))
        }
        Err(error) => Err(AppError::from(error).next(at(&found.1.fields.code, ""), key("task-back-to"))),
    }
}

/// A deadline as the machine writes it, from what people read.
pub(super) fn iso(shown: &str) -> String {
    Deadline::parse(shown, None).map(|due| due.to_string()).unwrap_or_default()
}
