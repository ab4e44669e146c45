//! Starting a plan from a template: which tasks, on which days, led by whom; one transaction makes them all.

use std::collections::BTreeMap;

use axum::{Form, extract::State, http::StatusCode, response::Response};
use jiff::civil::Date;
use platform::{
    app::App,
    congress,
    db::{Done, WriteTx},
    i18n::key,
    identity::{Actor, UnitId},
    web::{AppError, Cx, FieldProblem, Page, page_with},
};
use rules::dates::{Deadline, parse_vn_date};

use super::{
    common::{self, Viewer, problem, see},
    edit::FIRST_PLAN,
    form::Typed,
    refusals::date_problem,
};
use crate::tasks::{
    ManageTasks, TaskError, memory,
    model::{Basis, Dependency, PlanId, Support, TaskFields, TaskId},
    register::Register,
    store::{self, Who},
    templates::{self, Template, TemplateTask},
};

struct Choice {
    id: String,
    name: String,
    count: usize,
    chosen: bool,
}

struct Role {
    name: String,
    field: String,
    unit: String,
}

struct TaskRow {
    code: String,
    what: String,
    lead: String,
    start: String,
    due: String,
    relative: String,
    /// The working day to confirm when the deadline is not worked, and why.
    offer: String,
    why: String,
    moved: bool,
    chosen: bool,
    taken: bool,
    past: bool,
}

struct Group {
    stream: String,
    rows: Vec<TaskRow>,
}

#[derive(askama::Template)]
#[template(path = "tasks/pages/task/mau.html")]
struct MauPage<'a> {
    cx: &'a Cx,
    templates: Vec<Choice>,
    chosen: String,
    name: String,
    source: String,
    opening: String,
    typed: Typed,
    problems: Vec<FieldProblem>,
    general: String,
    groups: Vec<Group>,
    roles: Vec<Role>,
    units: Vec<(String, String)>,
    count: usize,
    off: usize,
}

impl MauPage<'_> {
    fn err(&self, name: &str) -> String {
        problem(self.cx, &self.problems, name)
    }
}

/// The day a deadline gets: moved off a day that is not worked when that was confirmed.
fn due_of(task: &TemplateTask, opening: Date, register: &Register, moved: bool) -> Date {
    let due = task.due.resolve(opening, &register.calendar);
    match due.suggestion {
        Some(offer) if moved => offer.date,
        _ => due.date,
    }
}

#[allow(clippy::too_many_arguments, reason = "what was sent and what is wrong with it, once each")]
fn render(
    cx: &Cx,
    register: &Register,
    template: &Template,
    opening: Date,
    typed: Typed,
    problems: Vec<FieldProblem>,
    general: String,
    status: StatusCode,
) -> Response {
    let posted = typed.get("posted") == "1";
    let mut groups: Vec<Group> = Vec::new();
    let (mut count, mut off) = (0, 0);
    for task in &template.tasks {
        let (start, due) = task.dates(opening, &register.calendar);
        let taken = register.by_code(&task.code).is_some();
        let past = due.date < register.as_of.date();
        let chosen = if posted { typed.has("task", &task.code) } else { !taken && !past };
        count += usize::from(chosen && !taken);
        off += usize::from(due.suggestion.is_some() && !taken);
        let row = TaskRow {
            code: task.code.clone(),
            what: task.what.clone(),
            lead: task.lead.clone(),
            start: cx.date(&start.date),
            due: cx.date(&due.date),
            relative: task.due.to_string(),
            offer: due.suggestion.map(|offer| cx.date(&offer.date)).unwrap_or_default(),
            why: due.suggestion.map(|offer| cx.t(offer.why.key()).into_owned()).unwrap_or_default(),
            moved: posted && typed.has("move", &task.code),
            chosen,
            taken,
            past,
        };
        match groups.iter_mut().find(|group| group.stream == task.stream) {
            Some(group) => group.rows.push(row),
            None => groups.push(Group { stream: task.stream.clone(), rows: vec![row] }),
        }
    }
    let body = MauPage {
        templates: templates::all()
            .iter()
            .map(|one| Choice {
                id: one.id.clone(),
                name: one.name.clone(),
                count: one.tasks.len(),
                chosen: one.id == template.id,
            })
            .collect(),
        chosen: template.id.clone(),
        name: template.name.clone(),
        source: template.source.clone(),
        opening: if typed.get("opening").is_empty() {
            cx.date(&opening)
        } else {
            typed.get("opening").to_owned()
        },
        roles: template
            .roles()
            .iter()
            .enumerate()
            .map(|(at, role)| {
                let field = format!("role-{at}");
                let unit = if posted {
                    typed.get(&field).to_owned()
                } else {
                    register.people.unit_named(role).map(|unit| unit.to_string()).unwrap_or_default()
                };
                Role { name: (*role).to_owned(), field, unit }
            })
            .collect(),
        units: common::unit_options(cx, &register.people),
        groups,
        count,
        off,
        typed,
        problems,
        general,
        cx,
    };
    page_with(status, cx, Page::new(cx.t("task-template"), body).style("task.css"))
}

fn template_of(register: &Register, asked: &str) -> Result<&'static Template, AppError> {
    let usual = match register.congress.level {
        congress::Level::Tinh => "tinh",
        congress::Level::Xa | congress::Level::CoSo => "xa",
    };
    templates::find(if asked.is_empty() { usual } else { asked }).ok_or_else(AppError::not_found)
}

/// `GET /nhiem-vu/mau`
pub(super) async fn show(
    _actor: Actor<ManageTasks>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let register = memory::register(&app).await?;
    let template = template_of(&register, &cx.param("mau"))?;
    let mut typed = Typed::default();
    let mut problems = Vec::new();
    let asked = cx.param("opening");
    let opening = match asked.as_str() {
        "" => register.congress.opening_on,
        text => {
            typed.set("opening", text);
            match parse_vn_date(text, Some(register.congress.opening_on.year())) {
                Ok(day) => day,
                Err(error) => {
                    problems.push(date_problem("opening", &error));
                    register.congress.opening_on
                }
            }
        }
    };
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(render(&cx, &register, template, opening, typed, problems, String::new(), status))
}

/// `POST /nhiem-vu/mau`: makes the ticked tasks as drafts, tied as in the template.
pub(super) async fn create(
    actor: Actor<ManageTasks>,
    cx: Cx,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let viewer = Viewer::of(&actor);
    let mut typed = Typed::from(pairs);
    typed.set("posted", "1");
    let register = memory::register(&app).await?;
    let template = template_of(&register, typed.get("mau"))?;
    let year = register.congress.opening_on.year();
    let mut problems = Vec::new();
    let opening = parse_vn_date(typed.get("opening"), Some(year))
        .map_err(|error| problems.push(date_problem("opening", &error)))
        .unwrap_or(register.congress.opening_on);
    let issued_on = match typed.get("basis_issued_on") {
        "" => None,
        text => parse_vn_date(text, Some(year))
            .map_err(|error| problems.push(date_problem("basis_issued_on", &error)))
            .ok(),
    };
    let basis = (!typed.get("basis_symbol").is_empty()).then(|| Basis {
        symbol: typed.get("basis_symbol").to_owned(),
        issued_on,
        clause: typed.get("basis_clause").to_owned(),
        subject: String::new(),
    });
    let chosen: Vec<&TemplateTask> = template
        .tasks
        .iter()
        .filter(|task| typed.has("task", &task.code) && register.by_code(&task.code).is_none())
        .collect();
    if chosen.is_empty() {
        problems.push(FieldProblem::new("task", key("task-template-none")));
    }
    if !problems.is_empty() {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(render(&cx, &register, template, opening, typed, problems, String::new(), status));
    }
    let units: BTreeMap<&str, UnitId> = template
        .roles()
        .into_iter()
        .enumerate()
        .filter_map(|(at, role)| Some((role, typed.get(&format!("role-{at}")).parse().ok()?)))
        .collect();
    let moved = |code: &str| typed.has("move", code);
    let drafts = Drafts::of(&cx, &register, &chosen, opening, &moved, &units, basis);
    let (unit, count) = (actor.unit.id, drafts.len());
    let done = app.db.write(actor.author(), move |tx| drafts.make(tx, &viewer.who, unit)).await;
    match done {
        Ok(_) => Ok(see(&format!("/nhiem-vu?trang-thai=nhap&so={count}"), "created")),
        Err(error) => {
            let answer = AppError::from(error);
            let said = answer.detail(cx.lang);
            Ok(render(&cx, &register, template, opening, typed, Vec::new(), said, answer.status()))
        }
    }
}

/// The drafts that a template makes, ready to be written in one transaction.
pub(in crate::tasks) struct Drafts {
    plan: Option<PlanId>,
    /// The title of the first plan, where there is none yet.
    title: String,
    fields: Vec<TaskFields>,
    ties: Vec<(String, String)>,
    known: BTreeMap<String, TaskId>,
}

impl Drafts {
    /// The chosen tasks on the days that the opening gives them; `moved` says whose deadline goes to the working
    /// day that was offered.
    pub(in crate::tasks) fn of(
        cx: &Cx,
        register: &Register,
        chosen: &[&TemplateTask],
        opening: Date,
        moved: &dyn Fn(&str) -> bool,
        units: &BTreeMap<&str, UnitId>,
        basis: Option<Basis>,
    ) -> Self {
        let fields = |task: &&TemplateTask| {
            let due = due_of(task, opening, register, moved(&task.code));
            fields(cx, task, units, opening, due, basis.clone())
        };
        let ties = |task: &&TemplateTask| {
            let after = task.code.clone();
            task.after.iter().map(move |before| (before.clone(), after.clone())).collect::<Vec<_>>()
        };
        Self {
            plan: register.plans.first().map(|plan| plan.id),
            title: cx.t("task-first-plan").into_owned(),
            fields: chosen.iter().map(fields).collect(),
            ties: chosen.iter().flat_map(ties).collect(),
            known: register.tasks.iter().map(|task| (task.fields.code.clone(), task.id)).collect(),
        }
    }

    /// How many.
    pub(in crate::tasks) fn len(&self) -> usize {
        self.fields.len()
    }

    /// Writes them all, tied as in the template.
    ///
    /// # Errors
    /// Those of [`store::create`] and [`store::tie`]; nothing is kept then.
    pub(in crate::tasks) fn make(
        self,
        tx: &mut WriteTx<'_>,
        who: &Who,
        unit: UnitId,
    ) -> Result<Done<Vec<TaskId>>, TaskError> {
        let plan = match self.plan {
            Some(plan) => plan,
            None => *store::create_plan(tx, FIRST_PLAN, &self.title, unit)?.value(),
        };
        let (mut ids, mut made, mut last) = (self.known, Vec::new(), None);
        for fields in self.fields {
            let code = fields.code.clone();
            let done = store::create(tx, plan, fields)?;
            made.push(*done.value());
            ids.insert(code, *done.value());
            last = Some(done);
        }
        for (pred, succ) in &self.ties {
            if let (Some(pred), Some(succ)) = (ids.get(pred), ids.get(succ)) {
                let kind = rules::schedule::DepKind::FS;
                let dep = Dependency { pred: *pred, succ: *succ, kind, lag_days: 0 };
                let _ = store::tie(tx, who, &dep)?;
            }
        }
        Ok(last.ok_or(TaskError::NotFound)?.map(|_| made))
    }
}

/// The task as a draft. Roles that no unit plays yet are written into the scope, so that nothing is lost.
fn fields(
    cx: &Cx,
    task: &TemplateTask,
    units: &BTreeMap<&str, UnitId>,
    opening: Date,
    due: Date,
    basis: Option<Basis>,
) -> TaskFields {
    let start = task.start.resolve(opening, &rules::calendar::WorkCalendar::default()).date.min(due);
    let lead_unit = units.get(task.lead.as_str()).copied();
    let mut notes = Vec::new();
    if lead_unit.is_none() {
        notes.push(cx.t1("task-template-lead", "role", &task.lead));
    }
    let mut supports: Vec<Support> = Vec::new();
    for support in &task.supports {
        match units.get(support.role.as_str()) {
            Some(unit) if Some(*unit) != lead_unit && supports.iter().all(|other| other.unit != *unit) => {
                supports.push(Support { unit: *unit, contribution: support.contribution.clone(), due: None });
            }
            Some(_) => {}
            None => notes.push(cx.t2(
                "task-template-support",
                "role",
                &support.role,
                "part",
                &support.contribution,
            )),
        }
    }
    TaskFields {
        code: task.code.clone(),
        stream: task.stream.clone(),
        phase: task.phase,
        what: task.what.clone(),
        scope: notes.join(" "),
        basis: basis.into_iter().collect(),
        lead_unit,
        supports,
        start: Some(start),
        due: Some(Deadline::on(due)),
        authority: task.authority.clone(),
        escalation: task.escalation.clone(),
        result: task.result.clone(),
        result_quantity: task.quantity.clone(),
        result_form: task.form.clone(),
        acceptance: task.acceptance.clone(),
        evidence_kinds: task.evidence.clone(),
        ..TaskFields::default()
    }
}
