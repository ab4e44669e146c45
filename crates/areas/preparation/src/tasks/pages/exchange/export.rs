//! The picked tasks as files.

use std::collections::HashMap;

use axum::{extract::State, response::Response};
use jiff::civil::Date;
use platform::{
    app::App,
    clock,
    i18n::{self, Lang, key},
    identity::Actor,
    web::{AppError, Cx, Made, download},
};

use crate::tasks::{
    Audience, ReadTasks, audience,
    exchange::{annex, picture, words},
    gantt::{GanttOptions, GanttSize, LinkKind, render},
    model::{Task, TaskId},
    msproject::{ProjectLink, ProjectPlan, ProjectTask, write_mspdi},
    pages::views::{address::Address, live},
    register::Register,
    sheets::write_annex,
};

/// What is exported: a register, which of its tasks, for whom, in which language.
pub struct Picked {
    /// The register.
    pub register: Register,
    /// Its tasks, in order.
    pub tasks: Vec<TaskId>,
    /// For whom.
    pub audience: Audience,
    /// In which language.
    pub lang: Lang,
}

impl Picked {
    /// The tasks themselves.
    pub fn tasks(&self) -> Vec<&Task> {
        self.tasks.iter().filter_map(|id| self.register.by_id(*id)).collect()
    }

    /// What the files are called, without their end.
    fn name(&self) -> String {
        format!("nhiem-vu-{}", self.register.as_of.date())
    }
}

/// What the address of a page picks.
///
/// # Errors
/// Any refusal of the database.
pub async fn picked(app: &App, actor: &Actor<ReadTasks>, cx: &Cx) -> Result<Picked, AppError> {
    let register = live::picture(app, None).await?.register;
    let audience = audience(actor);
    let tasks = Address::parse(&cx.query).pick(&register, audience).into_iter().map(|task| task.id).collect();
    Ok(Picked { register, tasks, audience, lang: cx.lang })
}

/// The official annex.
///
/// # Errors
/// 422 when a text does not fit a cell.
pub async fn xlsx(picked: Picked) -> Result<Response, AppError> {
    let name = picked.name();
    let bytes = tokio::task::spawn_blocking(move || {
        let plan = annex::plan(&picked.register, &picked.tasks(), picked.audience, picked.lang);
        write_annex(&plan, &words(picked.lang), picked.register.as_of)
    })
    .await
    .map_err(AppError::internal)?
    .map_err(|error| {
        let mut out = AppError::invalid(Vec::new()).because(error.key()).slug("annex");
        for (name, value) in error.args() {
            out = match value {
                rules::message::Arg::Number(number) => out.with(name, number),
                rules::message::Arg::Date(date) => out.with(name, i18n::fmt::date(date)),
                rules::message::Arg::Text(text) => out.with(name, text),
            };
        }
        out
    })?;
    Ok(download(bytes, Made::Xlsx, &name))
}

/// The table as CSV.
pub fn csv(picked: &Picked) -> Response {
    let text = picture::csv(&picked.register, &picked.tasks(), picked.audience, picked.lang);
    download(text, Made::Csv, &picked.name())
}

/// The chart as one drawing of its own.
pub fn svg(picked: &Picked) -> Response {
    let input =
        picture::gantt(&picked.register, &picked.tasks(), picked.audience, picked.lang, &HashMap::new());
    let options = GanttOptions { size: GanttSize::Screen { width: 1600 }, standalone: true, links: true };
    let drawing = render(&input, options, &words(picked.lang)).concat();
    download(drawing, Made::Svg, &picked.name())
}

/// The plan for Microsoft Project.
pub fn mspdi(picked: &Picked) -> Response {
    let text = write_mspdi(&project(picked));
    download(text, Made::Xml, &picked.name())
}

/// The picked tasks as Microsoft Project wants them; what may not be seen is redacted.
pub fn project(picked: &Picked) -> ProjectPlan {
    let (register, lang) = (&picked.register, picked.lang);
    let tasks = annex::grouped(register, &picked.tasks());
    let slack = register.slack();
    let inside: std::collections::HashSet<TaskId> = tasks.iter().map(|task| task.id).collect();
    let plan = tasks.first().and_then(|task| register.plans.iter().find(|plan| plan.id == task.plan));
    let none: HashMap<TaskId, (Date, Date)> = HashMap::new();
    let out = tasks
        .iter()
        .map(|task| {
            let sees = picked.audience.sees(task);
            let fields = &task.fields;
            ProjectTask {
                id: task.id.0,
                code: fields.code.clone(),
                title: picture::title(task, picked.audience, lang),
                stream: (!fields.stream.is_empty()).then(|| fields.stream.clone()),
                lead: fields.lead_unit.map(|unit| register.people.unit_name(unit).to_owned()),
                start: fields.start,
                due: fields.due,
                done: task.accepted_at.map(|at| clock::local(at).date()),
                percent: if sees { task.percent } else { 0 },
                critical: slack.get(&task.id).is_some_and(|slack| slack.critical),
                note: (sees && !fields.result.is_empty()).then(|| fields.result.clone()),
                links: register
                    .deps
                    .iter()
                    .filter(|dep| dep.succ == task.id && inside.contains(&dep.pred))
                    .map(|dep| ProjectLink {
                        predecessor: dep.pred.0,
                        kind: match dep.kind {
                            rules::schedule::DepKind::FS => LinkKind::FinishToStart,
                            rules::schedule::DepKind::SS => LinkKind::StartToStart,
                            rules::schedule::DepKind::FF => LinkKind::FinishToFinish,
                            rules::schedule::DepKind::SF => LinkKind::StartToFinish,
                        },
                        lag_days: dep.lag_days,
                    })
                    .collect(),
                baseline: none.get(&task.id).copied(),
            }
        })
        .collect();
    ProjectPlan {
        id: plan.map_or(register.congress.id.0, |plan| plan.id.0),
        title: plan.map_or_else(|| register.congress.name.clone(), |plan| plan.title.clone()),
        company: plan.map(|plan| register.people.unit_name(plan.unit).to_owned()).unwrap_or_default(),
        calendar_name: i18n::t(lang, key("exchange-calendar")).into_owned(),
        code_caption: i18n::t(lang, key("annex-field-code")).into_owned(),
        lead_caption: i18n::t(lang, key("annex-field-lead")).into_owned(),
        tasks: out,
        calendar: register.calendar.clone(),
        as_of: register.as_of,
    }
}

/// `GET /nhiem-vu/xuat.xlsx`
///
/// # Errors
/// Those of [`xlsx`].
pub async fn xlsx_page(
    actor: Actor<ReadTasks>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    xlsx(picked(&app, &actor, &cx).await?).await
}

/// `GET /nhiem-vu/xuat.csv`
///
/// # Errors
/// Any refusal of the database.
pub async fn csv_page(actor: Actor<ReadTasks>, cx: Cx, State(app): State<App>) -> Result<Response, AppError> {
    Ok(csv(&picked(&app, &actor, &cx).await?))
}

/// `GET /nhiem-vu/xuat.xml`
///
/// # Errors
/// Any refusal of the database.
pub async fn mspdi_page(
    actor: Actor<ReadTasks>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    Ok(mspdi(&picked(&app, &actor, &cx).await?))
}

/// `GET /nhiem-vu/gantt.svg`
///
/// # Errors
/// Any refusal of the database.
pub async fn svg_page(actor: Actor<ReadTasks>, cx: Cx, State(app): State<App>) -> Result<Response, AppError> {
    Ok(svg(&picked(&app, &actor, &cx).await?))
}
