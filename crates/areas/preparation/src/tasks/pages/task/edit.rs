//! Writing a task down and rewriting it: one form of six rõ, linted while typing; two people at once lose nothing.

use askama::Template;
use axum::{Form, extract::State, http::StatusCode, response::Response};
use jiff::civil::Date;
use platform::{
    app::App,
    congress::{self, Congress},
    db::{DbError, Tx},
    identity::Actor,
    web::{AppError, Cx, FieldProblem, Page, Path, fragment, page, page_with},
};
use rules::{
    clarity::{Clarity, SixKey},
    state::{Role, TaskState},
};

use super::{
    common::{self, Remark, Viewer, at, label, moment, problem, remarks, see},
    form::{self, BASES, MILESTONES, Row, SUPPORTS, TaskForm as _, Typed},
};
use crate::tasks::{
    ContributeTasks, ManageTasks, TaskError,
    clarity::{self, People},
    model::{EvidenceKind, Phase, Plan, Task, TaskFields},
    store,
};

/// What the form needs besides the task.
struct Surroundings {
    congress: Congress,
    calendar: rules::calendar::WorkCalendar,
    people: People,
    plans: Vec<Plan>,
    streams: Vec<String>,
    today: Date,
}

impl Surroundings {
    fn load(tx: &mut Tx<'_>) -> Result<Self, DbError> {
        let mut streams: Vec<String> = Vec::new();
        for task in store::tasks(tx)? {
            if !task.fields.stream.is_empty() && !streams.contains(&task.fields.stream) {
                streams.push(task.fields.stream);
            }
        }
        Ok(Self {
            congress: congress::store::current(tx)?,
            calendar: congress::calendar(&congress::store::work_days(tx)?),
            people: People::load(tx)?,
            plans: store::plans(tx)?,
            streams,
            today: platform::clock::local(tx.now()).date(),
        })
    }

    fn year(&self) -> i16 {
        self.congress.opening_on.year()
    }

    fn lint(&self, fields: &TaskFields, assigned: bool) -> Clarity {
        let today = if assigned { Date::MIN } else { self.today };
        clarity::check(fields, &self.people, &self.calendar, today)
    }
}

/// One rõ of the form with what the lint says about it.
struct FormBlock {
    key: SixKey,
    label: String,
    clear: bool,
    remarks: Vec<Remark>,
}

/// The rõ under which a field stands.
fn key_of(field: &str) -> SixKey {
    match field {
        "start" | "due" | "event_on" | "milestone_title" | "milestone_due" | "due_text" => SixKey::When,
        "lead_unit" | "focal_office" => SixKey::Who,
        name if name.starts_with("support") => SixKey::Who,
        "authority" | "approver_office" | "escalation" | "money_limit" => SixKey::Authority,
        "accountable_office" | "deputy_office" => SixKey::Accountable,
        "acceptance" | "acceptor_office" | "evidence_kinds" => SixKey::Result,
        name if name.starts_with("result") => SixKey::Result,
        _ => SixKey::What,
    }
}

fn form_blocks(cx: &Cx, around: &Surroundings, clarity: &Clarity, wrong: &[FieldProblem]) -> Vec<FormBlock> {
    around
        .congress
        .labels
        .order
        .iter()
        .map(|key| {
            let mut said = remarks(cx, clarity, *key);
            let unread: Vec<&FieldProblem> =
                wrong.iter().filter(|problem| key_of(&problem.name) == *key).collect();
            // A deadline that cannot be read is not also missing.
            if unread.iter().any(|problem| problem.name == "due") {
                let missing = cx.t("clarity-no-deadline");
                said.retain(|remark| remark.text != missing);
            }
            for problem in unread {
                said.insert(0, Remark { blocking: true, text: problem.message(cx) });
            }
            FormBlock {
                key: *key,
                label: label(cx, &around.congress.labels, *key),
                clear: said.iter().all(|remark| !remark.blocking),
                remarks: said,
            }
        })
        .collect()
}

#[derive(Template)]
#[template(path = "tasks/pages/task/form.html")]
struct FormPage<'a> {
    cx: &'a Cx,
    title: String,
    action: String,
    back: String,
    lint: String,
    draft: String,
    version: i64,
    base: String,
    typed: Typed,
    problems: Vec<FieldProblem>,
    general: String,
    blocks: Vec<FormBlock>,
    clear: usize,
    units: Vec<(String, String)>,
    offices: Vec<(String, String)>,
    plans: Vec<(String, String)>,
    phases: Vec<(String, String)>,
    classes: Vec<(String, String)>,
    kinds: Vec<(String, String)>,
    streams: Vec<String>,
    supports: Vec<Row>,
    bases: Vec<Row>,
    milestones: Vec<Row>,
    /// The deadline in force, when it no longer moves by editing.
    locked: String,
    extension: String,
}

impl FormPage<'_> {
    fn err(&self, name: &str) -> String {
        problem(self.cx, &self.problems, name)
    }
}

/// A choice of stable names with words.
fn named(cx: &Cx, beginning: &str, names: &[&'static str]) -> Vec<(String, String)> {
    names.iter().map(|name| ((*name).to_owned(), cx.tp(beginning, name).into_owned())).collect()
}

struct Shown<'t> {
    task: Option<&'t Task>,
    typed: Typed,
    /// Version and fields that the writer started from.
    version: i64,
    base: String,
    problems: Vec<FieldProblem>,
    general: String,
    status: StatusCode,
}

fn render(cx: &Cx, around: &Surroundings, shown: Shown<'_>) -> Response {
    let Shown { task, typed, version, base, problems, general, status } = shown;
    let assigned = task.is_some_and(|task| !matches!(task.state, TaskState::Draft | TaskState::Proposed));
    let (fields, wrong) = typed.read(around.year());
    let clarity = around.lint(&fields, task.is_some_and(|task| task.assigned_at.is_some()));
    let blocks = form_blocks(cx, around, &clarity, &wrong);
    let (title, action, back) = match task {
        None => (cx.t("task-new").into_owned(), "/nhiem-vu/moi".to_owned(), "/nhiem-vu".to_owned()),
        Some(task) => {
            let code = &task.fields.code;
            (cx.t1("task-edit", "code", code), at(code, "sua"), at(code, ""))
        }
    };
    let body = FormPage {
        title: title.clone(),
        lint: "/nhiem-vu/kiem-ro".to_owned(),
        draft: task.map_or_else(|| "task-new".to_owned(), |task| format!("task-{}-{}", task.id, version)),
        action,
        back,
        version,
        base,
        clear: blocks.iter().filter(|block| block.clear).count(),
        blocks,
        units: common::unit_options(cx, &around.people),
        offices: common::office_options(cx, &around.people),
        plans: around
            .plans
            .iter()
            .map(|plan| (plan.id.to_string(), format!("{}: {}", plan.code, plan.title)))
            .collect(),
        phases: named(cx, "task-phase-", &Phase::ALL.iter().map(|phase| phase.as_str()).collect::<Vec<_>>()),
        classes: named(
            cx,
            "task-class-",
            &platform::identity::Confidentiality::ALL.iter().map(|class| class.as_str()).collect::<Vec<_>>(),
        ),
        kinds: named(
            cx,
            "task-evidence-",
            &EvidenceKind::ALL.iter().map(|kind| kind.as_str()).collect::<Vec<_>>(),
        ),
        streams: around.streams.clone(),
        supports: typed.with_spare(SUPPORTS),
        bases: typed.with_spare(BASES),
        milestones: typed.with_spare(MILESTONES),
        locked: task
            .filter(|_| assigned)
            .and_then(|task| task.fields.due)
            .map(|due| due.format_vn())
            .unwrap_or_default(),
        extension: task.map(|task| at(&task.fields.code, "gia-han")).unwrap_or_default(),
        typed,
        problems,
        general,
        cx,
    };
    page_with(status, cx, Page::new(title, body).style("task.css"))
}

fn json(fields: &TaskFields) -> String {
    serde_json::to_string(fields).unwrap_or_default()
}

/// `GET /nhiem-vu/moi`
pub(super) async fn new(
    _actor: Actor<ManageTasks>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let around = app.db.read(Surroundings::load).await?;
    let mut typed = Typed::of(&TaskFields::default());
    let asked = cx.param("nhom");
    if !asked.is_empty() {
        typed.set("stream", asked);
    }
    let shown = Shown {
        task: None,
        typed,
        version: 0,
        base: String::new(),
        problems: Vec::new(),
        general: String::new(),
        status: StatusCode::OK,
    };
    Ok(render(&cx, &around, shown))
}

/// `POST /nhiem-vu/moi`
pub(super) async fn create(
    actor: Actor<ManageTasks>,
    cx: Cx,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let typed = Typed::from(pairs);
    let around = app.db.read(Surroundings::load).await?;
    let (fields, problems) = typed.read(around.year());
    let back = |cx: &Cx, around: &Surroundings, typed, problems, general, status| {
        let shown = Shown { task: None, typed, version: 0, base: String::new(), problems, general, status };
        render(cx, around, shown)
    };
    if !problems.is_empty() {
        return Ok(back(&cx, &around, typed, problems, String::new(), StatusCode::UNPROCESSABLE_ENTITY));
    }
    let code = fields.code.clone();
    let plan = typed.get("plan").parse().ok().or_else(|| around.plans.first().map(|plan| plan.id));
    let (unit, title) = (actor.unit.id, cx.t("task-first-plan").into_owned());
    let done = app
        .db
        .write(actor.author(), move |tx| {
            let plan = match plan {
                Some(plan) => plan,
                None => *store::create_plan(tx, FIRST_PLAN, &title, unit)?.value(),
            };
            store::create(tx, plan, fields)
        })
        .await;
    match done {
        Ok(_) => Ok(see(&at(&code, ""), "created")),
        Err(error) => refused(error).map(|(status, problems, general)| {
            back(&cx, &around, typed, problems, general.unwrap_or_default().detail(&cx), status)
        }),
    }
}

/// The code of the plan that is made with its first task.
pub(super) const FIRST_PLAN: &str = "KH-01";

/// A refusal that the form shows: its status, the problems of its fields, and the sentence. What is not about the
/// form (not found, not permitted) goes on as it is.
fn refused(error: TaskError) -> Result<(StatusCode, Vec<FieldProblem>, Option<Sentence>), AppError> {
    let answer = AppError::from(error);
    let status = answer.status();
    if matches!(status, StatusCode::NOT_FOUND | StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED) {
        return Err(answer);
    }
    Ok((status, answer.fields().to_vec(), Some(Sentence(Some(answer)))))
}

/// The sentence of a refusal.
#[derive(Default)]
struct Sentence(Option<AppError>);

impl Sentence {
    fn detail(&self, cx: &Cx) -> String {
        self.0.as_ref().map(|error| error.detail(cx.lang)).unwrap_or_default()
    }
}

fn may_edit(viewer: &Viewer, task: &Task) -> Result<(), TaskError> {
    let roles = viewer.who.roles(&task.fields);
    let drafting = matches!(task.state, TaskState::Draft | TaskState::Proposed);
    if task.state.is_settled() {
        return Err(TaskError::NotRunning);
    }
    let own = roles.contains(&Role::FocalOfficer) || roles.contains(&Role::Accountable);
    if roles.contains(&Role::Organiser) || drafting && own { Ok(()) } else { Err(TaskError::NotPermitted) }
}

/// `GET /nhiem-vu/{code}/sua`
pub(super) async fn edit(
    actor: Actor<ContributeTasks>,
    cx: Cx,
    State(app): State<App>,
    Path(code): Path<String>,
) -> Result<Response, AppError> {
    let viewer = Viewer::of(&actor);
    let (task, around) = app
        .db
        .read(move |tx| {
            let task = viewer.open(tx, &code)?;
            may_edit(&viewer, &task)?;
            Ok::<_, TaskError>((task, Surroundings::load(tx)?))
        })
        .await?;
    let shown = Shown {
        typed: Typed::of(&task.fields),
        version: task.version,
        base: json(&task.fields),
        task: Some(&task),
        problems: Vec::new(),
        general: String::new(),
        status: StatusCode::OK,
    };
    Ok(render(&cx, &around, shown))
}

/// One field that both changed.
struct Both {
    name: String,
    label: String,
    mine: String,
    theirs: String,
}

#[derive(Template)]
#[template(path = "tasks/pages/task/merge.html")]
struct MergePage<'a> {
    cx: &'a Cx,
    title: String,
    action: String,
    by: String,
    at: String,
    version: i64,
    base: String,
    merged: String,
    reason: String,
    both: Vec<Both>,
    theirs: Vec<(String, String)>,
}

/// `POST /nhiem-vu/{code}/sua`
pub(super) async fn save(
    actor: Actor<ContributeTasks>,
    cx: Cx,
    State(app): State<App>,
    Path(code): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let viewer = Viewer::of(&actor);
    let typed = Typed::from(pairs);
    let wanted = code.clone();
    let (task, around) = app
        .db
        .read(move |tx| {
            let task = viewer.open(tx, &wanted)?;
            Ok::<_, TaskError>((task, Surroundings::load(tx)?))
        })
        .await?;
    let version: i64 = typed.get("version").parse().map_err(|_| AppError::bad_request())?;
    let reason = typed.get("reason").to_owned();
    // After a conflict the choices stand beside both versions; otherwise the form itself says it.
    let (fields, problems, typed) = match typed.get("merged") {
        "" => {
            let (fields, problems) = typed.read(around.year());
            (fields, problems, typed)
        }
        merged => {
            let fields = chosen(merged, &typed, &task.fields).ok_or_else(AppError::bad_request)?;
            let mut again = Typed::of(&fields);
            again.set("base", typed.get("base"));
            again.set("reason", &reason);
            (fields, Vec::new(), again)
        }
    };
    let base = typed.get("base").to_owned();
    let show = |typed: Typed, problems, general: String, status| {
        let shown = Shown {
            base: typed.get("base").to_owned(),
            typed,
            version,
            task: Some(&task),
            problems,
            general,
            status,
        };
        render(&cx, &around, shown)
    };
    if !problems.is_empty() {
        return Ok(show(typed, problems, String::new(), StatusCode::UNPROCESSABLE_ENTITY));
    }
    let (id, new, because) = (task.id, fields.clone(), reason.clone());
    let done = app
        .db
        .write(actor.author(), move |tx| store::edit(tx, &viewer.who, id, version, new, &because))
        .await;
    match done {
        Ok(changed) => Ok(see(&at(&fields.code, ""), if changed { "edited" } else { "unchanged" })),
        Err(TaskError::Conflict { .. }) => {
            // What stands now may be newer still than what was read above.
            let theirs = app.db.read(move |tx| store::task(tx, id)).await?;
            Ok(merge_page(&cx, &around, &theirs, &base, &fields, &reason))
        }
        Err(error) => {
            let (status, problems, general) = refused(error)?;
            Ok(show(typed, problems, general.unwrap_or_default().detail(&cx), status))
        }
    }
}

/// The merged fields with what was chosen for those that both had changed.
fn chosen(merged: &str, typed: &Typed, theirs: &TaskFields) -> Option<TaskFields> {
    let mut merged: serde_json::Map<String, serde_json::Value> = serde_json::from_str(merged).ok()?;
    let serde_json::Value::Object(theirs) = serde_json::to_value(theirs).ok()? else { return None };
    for (name, value) in theirs {
        if typed.get(&format!("choose-{name}")) == "theirs" {
            merged.insert(name, value);
        }
    }
    serde_json::from_value(merged.into()).ok()
}

fn merge_page(
    cx: &Cx,
    around: &Surroundings,
    theirs: &Task,
    base: &str,
    mine: &TaskFields,
    reason: &str,
) -> Response {
    let base: Option<TaskFields> = serde_json::from_str(base).ok();
    let merge = form::merge(base.as_ref(), mine, &theirs.fields);
    let (mine, saved) = (mine.texts(), theirs.fields.texts());
    let words = |texts: &std::collections::BTreeMap<String, String>, name: &str| {
        texts.get(name).map_or_else(String::new, |text| common::value(cx, &around.people, name, text))
    };
    let field = |name: &str| cx.tp("task-field-", name).into_owned();
    let code = &theirs.fields.code;
    let title = cx.t1("task-merge", "code", code);
    let body = MergePage {
        title: title.clone(),
        action: at(code, "sua"),
        by: theirs.updated_by.clone(),
        at: moment(theirs.updated_at),
        version: theirs.version,
        base: json(&theirs.fields),
        merged: serde_json::to_string(&merge.merged).unwrap_or_default(),
        reason: reason.to_owned(),
        both: merge
            .both
            .iter()
            .map(|name| Both {
                name: name.clone(),
                label: field(name),
                mine: words(&mine, name),
                theirs: words(&saved, name),
            })
            .collect(),
        theirs: merge.theirs.iter().map(|name| (field(name), words(&saved, name))).collect(),
        cx,
    };
    page_with(StatusCode::CONFLICT, cx, Page::new(title, body).style("task.css"))
}

#[derive(Template)]
#[template(path = "tasks/pages/task/lint.html")]
struct Lint<'a> {
    cx: &'a Cx,
    blocks: Vec<FormBlock>,
    clear: usize,
}

/// `POST /nhiem-vu/kiem-ro`: what the lint says about the form as it is being typed. Keeps nothing.
pub(super) async fn lint(
    _actor: Actor<ContributeTasks>,
    cx: Cx,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let typed = Typed::from(pairs);
    let around = app.db.read(Surroundings::load).await?;
    let (fields, wrong) = typed.read(around.year());
    let clarity = around.lint(&fields, typed.has("assigned", "1"));
    let blocks = form_blocks(&cx, &around, &clarity, &wrong);
    Ok(fragment(&Lint { clear: blocks.iter().filter(|block| block.clear).count(), blocks, cx: &cx }))
}

#[derive(Template)]
#[template(path = "tasks/pages/task/row.html")]
struct RowPart<'a> {
    cx: &'a Cx,
    group: &'a str,
    units: Vec<(String, String)>,
    row: Row,
}

/// `GET /nhiem-vu/dong/{group}`: one more empty row.
pub(super) async fn row(
    _actor: Actor<ContributeTasks>,
    cx: Cx,
    State(app): State<App>,
    Path(group): Path<String>,
) -> Result<Response, AppError> {
    if !["phoi-hop", "can-cu", "moc"].contains(&group.as_str()) {
        return Err(AppError::not_found());
    }
    let people = app.db.read(People::load).await?;
    Ok(fragment(&RowPart {
        cx: &cx,
        group: &group,
        units: common::unit_options(&cx, &people),
        row: Row::default(),
    }))
}

/// A reason and the like, asked on a page of its own.
#[derive(Template)]
#[template(path = "tasks/pages/task/ask.html")]
pub(super) struct AskPage<'a> {
    pub cx: &'a Cx,
    pub title: String,
    pub code: String,
    pub what: String,
    pub action: String,
    pub version: i64,
    pub lead: String,
    pub findings: Vec<Remark>,
    pub reasons: Vec<(String, String)>,
    pub needs_reason: bool,
    pub reason: String,
    pub error: String,
    pub button: String,
    pub class: &'static str,
    pub confirm: String,
    /// Whether the move can be made at all.
    pub possible: bool,
}

impl AskPage<'_> {
    pub(super) fn answer(self, status: StatusCode) -> Response {
        let (cx, title) = (self.cx, self.title.clone());
        if status == StatusCode::OK {
            page(cx, Page::new(title, self).style("task.css"))
        } else {
            page_with(status, cx, Page::new(title, self).style("task.css"))
        }
    }
}
