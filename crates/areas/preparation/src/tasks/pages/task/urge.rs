//! Urging: one step of the ladder at a time, with words that can be changed, and the letter to print.

use askama::Template;
use axum::{Form, extract::State, http::StatusCode, response::Response};
use platform::{
    app::App,
    clock,
    i18n::{IntoArg, key},
    identity::Actor,
    web::{AppError, Cx, Page, Path, page, page_with},
};
use rules::urge::{Level, UrgeRule, Urged, next_urge};

use super::{
    common::{Viewer, at, moment, see, timed_words},
    form::Typed,
};
use crate::tasks::{
    ContributeTasks, ReadTasks, TaskError,
    memory::Memory,
    model::{Task, Urge, UrgeId},
    register::Register,
    store,
};

#[derive(Template)]
#[template(path = "tasks/pages/task/urge.html")]
struct UrgePage<'a> {
    cx: &'a Cx,
    title: String,
    code: String,
    back: String,
    what: String,
    timing: String,
    ladder: Vec<Step>,
    to: String,
    text: String,
    wait: String,
    error: String,
    confirm: String,
}

struct Step {
    words: String,
    to: String,
    past: String,
    current: bool,
}

fn addressee(register: &Register, task: &Task, level: Level) -> String {
    let office = match level {
        Level::Reminder => task.fields.focal_office,
        Level::Accountable | Level::Letter => task.fields.accountable_office,
        Level::Approver => task.fields.approver_office,
    };
    office.map(|office| register.people.office_title(office).to_owned()).unwrap_or_default()
}

/// The words that a level proposes; whoever urges may change them.
fn template(cx: &Cx, register: &Register, task: &Task, level: Level) -> String {
    cx.ta(
        match level {
            Level::Reminder => key("task-urge-text-1"),
            Level::Accountable => key("task-urge-text-2"),
            Level::Letter => key("task-urge-text-3"),
            Level::Approver => key("task-urge-text-4"),
        },
        &[
            ("code", task.fields.code.arg()),
            ("what", task.fields.what.arg()),
            ("due", task.fields.due.map(|due| due.format_vn()).unwrap_or_default().arg()),
            ("timing", timed_words(cx, register.timed(task)).to_lowercase().arg()),
            ("percent", task.percent.arg()),
        ],
    )
}

pub(super) async fn load(
    app: &App,
    viewer: Viewer,
    code: String,
) -> Result<(Task, Register, Vec<Urge>), AppError> {
    let memory = Memory::of(app);
    Ok(app
        .db
        .read(move |tx| {
            let task = viewer.open(tx, &code)?;
            let urges = store::urges(tx, task.id)?;
            Ok::<_, TaskError>((task, memory.register(tx)?, urges))
        })
        .await?)
}

fn urge_page(
    cx: &Cx,
    (task, register, urges): &(Task, Register, Vec<Urge>),
    text: Option<String>,
    answer: Option<&AppError>,
) -> Response {
    let code = &task.fields.code;
    let previous: Vec<Urged> = urges
        .iter()
        .map(|urge| Urged {
            level: urge.step(),
            at: clock::local(urge.sent_at),
            read: urge.seen_at.map(clock::local),
        })
        .collect();
    let rule = UrgeRule { cool_down_hours: register.congress.urge_cool_down_hours, ..UrgeRule::default() };
    let next = next_urge(&previous, register.as_of, &rule);
    let level = next.unwrap_or_else(|_| urges.first().map_or(Level::Reminder, |urge| urge.step().up()));
    let title = cx.t1("task-urge", "code", code);
    let to = addressee(register, task, level);
    let body = UrgePage {
        title: title.clone(),
        code: code.clone(),
        back: at(code, ""),
        what: task.fields.what.clone(),
        timing: timed_words(cx, register.timed(task)),
        ladder: Level::ALL
            .into_iter()
            .map(|step| Step {
                words: cx.t(step.key()).into_owned(),
                to: addressee(register, task, step),
                past: urges
                    .iter()
                    .find(|urge| urge.step() == step)
                    .map(|urge| moment(urge.sent_at))
                    .unwrap_or_default(),
                current: step == level,
            })
            .collect(),
        text: text.unwrap_or_else(|| template(cx, register, task, level)),
        wait: next.err().map(|cool| cx.t1(cool.key(), "until", cx.moment(&cool.until))).unwrap_or_default(),
        error: answer.map(|error| error.detail(cx.lang)).unwrap_or_default(),
        confirm: cx.t2("task-confirm-urge", "code", code, "to", &to),
        to,
        cx,
    };
    page_with(answer.map_or(StatusCode::OK, AppError::status), cx, Page::new(title, body).style("task.css"))
}

/// `GET /nhiem-vu/{code}/don-doc`
pub(super) async fn form(
    actor: Actor<ContributeTasks>,
    cx: Cx,
    State(app): State<App>,
    Path(code): Path<String>,
) -> Result<Response, AppError> {
    let found = load(&app, Viewer::of(&actor), code).await?;
    if !found.0.state.is_running() {
        return Err(
            AppError::from(TaskError::NotRunning).next(at(&found.0.fields.code, ""), key("task-back-to"))
        );
    }
    Ok(urge_page(&cx, &found, None, None))
}

/// `POST /nhiem-vu/{code}/don-doc`
pub(super) async fn send(
    actor: Actor<ContributeTasks>,
    cx: Cx,
    State(app): State<App>,
    Path(code): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let viewer = Viewer::of(&actor);
    let text = Typed::from(pairs).get("text").replace("\r\n", "\n");
    let (wanted, words) = (code.clone(), text.clone());
    let done = app
        .db
        .write(actor.author(), move |tx| {
            let task = viewer.open(tx, &wanted)?;
            if words.chars().count() > store::LONGEST {
                return Err(TaskError::TooLong { field: "text" });
            }
            store::urge(tx, &viewer.who, task.id, &words)
        })
        .await;
    match done {
        Ok(_) => Ok(see(&at(&code, ""), "urged")),
        Err(
            error @ (TaskError::CoolDown(_)
            | TaskError::NobodyToUrge
            | TaskError::TooLong { .. }
            | TaskError::Db(_)),
        ) => {
            let found = load(&app, viewer, code).await?;
            Ok(urge_page(&cx, &found, Some(text), Some(&error.into())))
        }
        Err(error) => Err(AppError::from(error).next(at(&code, ""), key("task-back-to"))),
    }
}

#[derive(Template)]
#[template(path = "tasks/pages/task/letter.html")]
struct LetterPage<'a> {
    cx: &'a Cx,
    back: String,
    here: String,
    code: String,
    body_unit: String,
    congress: String,
    dated: String,
    to: String,
    to_unit: String,
    what: String,
    basis: Vec<String>,
    lead: String,
    accountable: String,
    focal: String,
    due: String,
    timing: String,
    percent: u8,
    result: String,
    text: Vec<String>,
    signer: String,
}

/// `GET /nhiem-vu/{code}/cong-van/{id}`: the urge as a letter on A4.
pub(super) async fn letter(
    actor: Actor<ReadTasks>,
    cx: Cx,
    State(app): State<App>,
    Path((code, id)): Path<(String, UrgeId)>,
) -> Result<Response, AppError> {
    let (task, register, urges) = load(&app, Viewer::of(&actor), code).await?;
    let urge = urges.iter().find(|urge| urge.id == id).ok_or(TaskError::NotFound)?;
    let sent = clock::local(urge.sent_at).date();
    let people = &register.people;
    let office = |id: Option<platform::identity::OfficeId>| {
        id.map(|id| people.office_title(id).to_owned()).unwrap_or_default()
    };
    let plan = register.plans.iter().find(|plan| plan.id == task.plan);
    let title = cx.t1("task-letter", "code", &task.fields.code);
    let body = LetterPage {
        back: at(&task.fields.code, ""),
        here: at(&task.fields.code, &format!("cong-van/{id}")),
        code: task.fields.code.clone(),
        body_unit: plan.map(|plan| people.unit_name(plan.unit).to_owned()).unwrap_or_default(),
        congress: register.congress.name.clone(),
        dated: cx.ta(
            "task-letter-date",
            &[
                ("day", format!("{:02}", sent.day()).arg()),
                ("month", format!("{:02}", sent.month()).arg()),
                ("year", sent.year().to_string().arg()),
            ],
        ),
        to: people.office_title(urge.to_office).to_owned(),
        to_unit: people
            .offices
            .get(&urge.to_office)
            .map(|office| people.unit_name(office.unit_id).to_owned())
            .unwrap_or_default(),
        what: task.fields.what.clone(),
        basis: task.fields.basis.iter().map(super::common::basis_words).collect(),
        lead: task.fields.lead_unit.map(|unit| people.unit_name(unit).to_owned()).unwrap_or_default(),
        accountable: office(task.fields.accountable_office),
        focal: office(task.fields.focal_office),
        due: task.fields.due.map(|due| due.format_vn()).unwrap_or_default(),
        timing: timed_words(&cx, register.timed(&task)),
        percent: task.percent,
        result: task.fields.result.clone(),
        text: urge.text.lines().map(str::to_owned).collect(),
        signer: urge.sent_by.clone(),
        cx: &cx,
    };
    Ok(page(&cx, Page::new(title, body).style("task.css")))
}
