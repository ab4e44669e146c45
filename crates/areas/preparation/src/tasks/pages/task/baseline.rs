//! Named pictures of the plan: taken, approved by somebody else, compared with each other and with the present.

use std::collections::BTreeMap;

use askama::Template;
use axum::{Extension, Form, extract::State, http::StatusCode, response::Response};
use platform::{
    app::App,
    i18n::{IntoArg, key},
    identity::Actor,
    web::{AppError, Cx, Page, Path, PrintSize, page, page_with},
};
use print::{Align, PressRoom};
use rules::diff::{RowChange, Rows, diff_rows};

use super::{
    common::{ChangeWords, Viewer, at, changes, moment, notice, see},
    form::Typed,
};
use crate::tasks::{
    DecideTasks, ManageTasks, ReadTasks, TaskError,
    memory::Memory,
    model::{Baseline, BaselineId, Task, TaskFields},
    pages::print::{across, as_of, group, list as paper_list, mm, row, share},
    register::Register,
    store,
};

/// What a baseline keeps of a task besides what was written down.
pub(super) const STATUS: &[&str] = &["state", "percent"];

/// The rows of a baseline: the fields of each task by code, with its state and percent.
pub(super) fn rows_of(content: &serde_json::Value) -> Rows {
    let mut rows = Rows::new();
    for task in content.get("tasks").and_then(|tasks| tasks.as_array()).into_iter().flatten() {
        let fields = task.get("fields").cloned().unwrap_or_default();
        let Ok(fields) = serde_json::from_value::<TaskFields>(fields) else { continue };
        let mut texts = fields.texts();
        for name in STATUS {
            if let Some(value) = task.get(*name) {
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                texts.insert((*name).to_owned(), text);
            }
        }
        rows.insert(fields.code, texts);
    }
    rows
}

/// The rows of the plan as it stands.
fn rows_now(tasks: &[&Task]) -> Rows {
    tasks
        .iter()
        .map(|task| {
            let mut texts = task.fields.texts();
            texts.insert("state".to_owned(), task.state.as_str().to_owned());
            texts.insert("percent".to_owned(), task.percent.to_string());
            (task.fields.code.clone(), texts)
        })
        .collect()
}

struct Row {
    href: String,
    name: String,
    plan: String,
    tasks: u32,
    sha: String,
    sha_short: String,
    taken: String,
    approved: String,
    notice: String,
    may_approve: bool,
    own: bool,
}

#[derive(Template)]
#[template(path = "tasks/pages/task/baselines.html")]
struct ListPage<'a> {
    cx: &'a Cx,
    notice: String,
    rows: Vec<Row>,
    plans: Vec<(String, String)>,
    may_take: bool,
    name: String,
    error: String,
}

/// `GET /duong-co-so`
pub(super) async fn list(
    actor: Actor<ReadTasks>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    list_page(&app, &cx, Viewer::of(&actor), &actor.office.title, String::new(), None).await
}

async fn list_page(
    app: &App,
    cx: &Cx,
    viewer: Viewer,
    office: &str,
    name: String,
    answer: Option<AppError>,
) -> Result<Response, AppError> {
    let (all, plans) =
        app.db.read(|tx| Ok::<_, TaskError>((store::baselines(tx)?, store::plans(tx)?))).await?;
    let rows = all
        .iter()
        .map(|one| Row {
            href: format!("/duong-co-so/{}", one.id),
            name: one.name.clone(),
            plan: plans
                .iter()
                .find(|plan| plan.id == one.plan)
                .map(|plan| plan.code.clone())
                .unwrap_or_default(),
            tasks: one.tasks,
            sha: one.sha256.clone(),
            sha_short: one.sha256.chars().take(12).collect(),
            taken: cx.t2("task-by-at", "by", &one.taken_by, "at", moment(one.taken_at)),
            approved: approved(cx, one),
            notice: one.notice.clone().unwrap_or_default(),
            may_approve: viewer.who.decides_all() && one.approved_at.is_none() && one.taken_by != office,
            own: viewer.who.decides_all() && one.approved_at.is_none() && one.taken_by == office,
        })
        .collect();
    let body = ListPage {
        notice: notice(cx),
        rows,
        plans: plans
            .iter()
            .map(|plan| (plan.id.to_string(), format!("{}: {}", plan.code, plan.title)))
            .collect(),
        may_take: viewer.who.keeps_register() && !plans.is_empty(),
        name,
        error: answer.as_ref().map(|error| error.detail(cx.lang)).unwrap_or_default(),
        cx,
    };
    let status = answer.map_or(StatusCode::OK, |error| error.status());
    Ok(page_with(status, cx, Page::new(cx.t("task-baselines"), body).style("task.css")))
}

fn approved(cx: &Cx, one: &Baseline) -> String {
    match (&one.approved_by, one.approved_at) {
        (Some(by), Some(when)) => cx.t2("task-by-at", "by", by, "at", moment(when)),
        _ => String::new(),
    }
}

/// `POST /duong-co-so`: takes one.
pub(super) async fn take(
    actor: Actor<ManageTasks>,
    cx: Cx,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let viewer = Viewer::of(&actor);
    let typed = Typed::from(pairs);
    let plan = typed.get("plan").parse().map_err(|_| AppError::bad_request())?;
    let name = typed.get("name").to_owned();
    let wanted = name.clone();
    match app.db.write(actor.author(), move |tx| store::take_baseline(tx, &viewer.who, plan, &wanted)).await {
        Ok(id) => Ok(see(&format!("/duong-co-so/{id}"), "taken")),
        Err(error @ (TaskError::Name | TaskError::Db(_))) => {
            list_page(&app, &cx, viewer, &actor.office.title, name, Some(error.into())).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /duong-co-so/{id}/phe-duyet`
pub(super) async fn approve(
    actor: Actor<DecideTasks>,
    cx: Cx,
    State(app): State<App>,
    Path(id): Path<BaselineId>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let viewer = Viewer::of(&actor);
    let number = Typed::from(pairs).get("notice").to_owned();
    match app.db.write(actor.author(), move |tx| store::approve_baseline(tx, &viewer.who, id, &number)).await
    {
        Ok(()) => Ok(see(&format!("/duong-co-so/{id}"), "approved")),
        Err(TaskError::ReasonNeeded) => {
            let answer = AppError::invalid(Vec::new()).because(platform::i18n::key("task-baseline-number"));
            list_page(&app, &cx, viewer, &actor.office.title, String::new(), Some(answer)).await
        }
        Err(error) => Err(error.into()),
    }
}

struct Changed {
    code: String,
    href: String,
    what: String,
    changes: Vec<ChangeWords>,
}

#[derive(Template)]
#[template(path = "tasks/pages/task/baseline.html")]
struct OnePage<'a> {
    cx: &'a Cx,
    notice: String,
    title: String,
    here: String,
    query: String,
    tasks: u32,
    sha: String,
    taken: String,
    approved: String,
    number: String,
    may_approve: bool,
    own: bool,
    others: Vec<(String, String)>,
    against: String,
    against_words: String,
    sum: String,
    added: Vec<Changed>,
    removed: Vec<Changed>,
    changed: Vec<Changed>,
}

/// `GET /duong-co-so/{id}`, compared with the present or, with `?voi=`, with another one. The hash is checked
/// before anything is shown.
pub(super) async fn show(
    actor: Actor<ReadTasks>,
    cx: Cx,
    State(app): State<App>,
    Path(id): Path<BaselineId>,
) -> Result<Response, AppError> {
    let viewer = Viewer::of(&actor);
    let found = compare(&app, &actor, &cx, id).await?;
    let title = cx.t1("task-baseline", "name", &found.one.name);
    let (sum, taken) = (found.sum(&cx), found.taken(&cx));
    let Compared { one, others: all, against, against_words, added, removed, changed, .. } = found;
    let body = OnePage {
        notice: notice(&cx),
        title: title.clone(),
        here: format!("/duong-co-so/{id}"),
        query: against.map(|other| format!("?voi={other}")).unwrap_or_default(),
        tasks: one.tasks,
        sha: one.sha256.clone(),
        taken,
        approved: approved(&cx, &one),
        number: one.notice.clone().unwrap_or_default(),
        may_approve: viewer.who.decides_all()
            && one.approved_at.is_none()
            && one.taken_by != actor.office.title,
        own: viewer.who.decides_all() && one.approved_at.is_none() && one.taken_by == actor.office.title,
        others: std::iter::once((String::new(), cx.t("task-baseline-now").into_owned()))
            .chain(
                all.iter()
                    .filter(|other| other.id != id && other.plan == one.plan)
                    .map(|other| (other.id.to_string(), other.name.clone())),
            )
            .collect(),
        against: against.map(|id| id.to_string()).unwrap_or_default(),
        against_words,
        sum,
        added,
        removed,
        changed,
        cx: &cx,
    };
    Ok(page(&cx, Page::new(title, body).print(PrintSize::A4Landscape).style("task.css")))
}

/// A baseline beside the present or another one.
struct Compared {
    one: Baseline,
    others: Vec<Baseline>,
    against: Option<BaselineId>,
    against_words: String,
    as_of: jiff::civil::DateTime,
    same: usize,
    added: Vec<Changed>,
    removed: Vec<Changed>,
    changed: Vec<Changed>,
}

impl Compared {
    fn sum(&self, cx: &Cx) -> String {
        cx.ta(
            "task-baseline-sum",
            &[
                ("same", self.same.arg()),
                ("changed", self.changed.len().arg()),
                ("added", self.added.len().arg()),
                ("removed", self.removed.len().arg()),
            ],
        )
    }

    fn taken(&self, cx: &Cx) -> String {
        cx.t2("task-by-at", "by", &self.one.taken_by, "at", moment(self.one.taken_at))
    }
}

async fn compare(app: &App, actor: &Actor<ReadTasks>, cx: &Cx, id: BaselineId) -> Result<Compared, AppError> {
    let viewer = Viewer::of(actor);
    let against: Option<BaselineId> = cx.param("voi").parse().ok();
    let memory = Memory::of(app);
    let (one, content, other, all, register) = app
        .db
        .read(move |tx| {
            let (one, content) = store::baseline_content(tx, id)?;
            let other = against.map(|other| store::baseline_content(tx, other)).transpose()?;
            Ok::<_, TaskError>((one, content, other, store::baselines(tx)?, memory.register(tx)?))
        })
        .await?;
    let hidden = hidden(&register, &viewer);
    let present: Vec<&Task> = register.tasks.iter().filter(|task| task.plan == one.plan).collect();
    let before = without(rows_of(&content), &hidden);
    let after =
        without(other.as_ref().map_or_else(|| rows_now(&present), |(_, content)| rows_of(content)), &hidden);
    let (mut added, mut removed, mut changed) = (Vec::new(), Vec::new(), Vec::new());
    for change in diff_rows(&before, &after) {
        let row = |code: String, rows: &Rows, said: Vec<ChangeWords>| Changed {
            href: at(&code, ""),
            what: rows.get(&code).and_then(|texts| texts.get("what")).cloned().unwrap_or_default(),
            code,
            changes: said,
        };
        match change {
            RowChange::Added { code } => added.push(row(code, &after, Vec::new())),
            RowChange::Removed { code } => removed.push(row(code, &before, Vec::new())),
            RowChange::Changed { code, changes: given } => {
                changed.push(row(code, &after, changes(cx, &register.people, &given)));
            }
        }
    }
    Ok(Compared {
        against,
        against_words: other.map_or_else(|| cx.t("task-baseline-now").into_owned(), |(other, _)| other.name),
        as_of: register.as_of,
        same: before.iter().filter(|(code, texts)| after.get(*code) == Some(*texts)).count(),
        others: all,
        one,
        added,
        removed,
        changed,
    })
}

/// `GET /duong-co-so/{id}/so-sanh.pdf`: the comparison on paper, with the present or with `?voi=`.
pub(super) async fn print(
    actor: Actor<ReadTasks>,
    cx: Cx,
    State(app): State<App>,
    Extension(press): Extension<PressRoom>,
    Path(id): Path<BaselineId>,
) -> Result<Response, AppError> {
    let found = compare(&app, &actor, &cx, id).await?;
    let columns = vec![mm(19.0, Align::Left), share(3), mm(38.0, Align::Left), share(2), share(2)];
    let mut rows = Vec::new();
    for (name, some) in [
        (key("print-diff-kind-changed"), &found.changed),
        (key("print-diff-kind-added"), &found.added),
        (key("print-diff-kind-removed"), &found.removed),
    ] {
        if some.is_empty() {
            continue;
        }
        rows.push(group(&columns, &format!("{} ({})", cx.t(name), some.len()), ""));
        for one in some {
            if one.changes.is_empty() {
                rows.push(row([one.code.as_str(), one.what.as_str(), "", "", ""]));
            }
            for (at, change) in one.changes.iter().enumerate() {
                let (code, what) = if at == 0 { (one.code.as_str(), one.what.as_str()) } else { ("", "") };
                let emptied = cx.t("print-diff-emptied");
                let after = if change.after.is_empty() { emptied.as_ref() } else { change.after.as_str() };
                rows.push(row([code, what, change.field.as_str(), change.before.as_str(), after]));
            }
        }
    }
    let head = [
        key("annex-field-code"),
        key("annex-field-what"),
        key("exchange-field"),
        key("exchange-before"),
        key("exchange-after"),
    ]
    .map(|name| cx.t(name).into_owned());
    let title =
        cx.t2("print-diff-title", "name", found.one.name.as_str(), "against", found.against_words.as_str());
    let mut listing = across(title, as_of(&cx, &found.as_of), columns, head.to_vec(), rows);
    listing.lines = vec![
        format!("{}: {}", cx.t("task-baseline-taken"), found.taken(&cx)),
        match approved(&cx, &found.one) {
            text if text.is_empty() => cx.t("task-baseline-waits").into_owned(),
            text => format!("{}: {text}", cx.t("task-baseline-approved")),
        },
        found.sum(&cx),
    ];
    listing.legend = vec![cx.t1("print-diff-hash", "hash", found.one.sha256.as_str())];
    paper_list(&press, listing, &format!("so-sanh-{}", found.one.name)).await
}

/// Codes whose content this office may not see.
fn hidden(register: &Register, viewer: &Viewer) -> Vec<String> {
    let hidden = register.tasks.iter().filter(|task| !viewer.may_open(task));
    hidden.map(|task| task.fields.code.clone()).collect()
}

/// Leaves the rows of hidden tasks, and of tasks that were hidden when the picture was taken, without content.
fn without(mut rows: Rows, hidden: &[String]) -> Rows {
    for (code, texts) in &mut rows {
        if hidden.contains(code) {
            *texts = BTreeMap::new();
        }
    }
    rows
}
