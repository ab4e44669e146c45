//! The verbs of tasks as JSON, described in OpenAPI: the same permissions, the same refusals as the pages.
//!
//! A list is paged with `limit` and `after`; a call that changes something may carry an `Idempotency-Key`, and
//! the same call again gets the same answer; a refusal is an RFC 9457 problem document. A task whose content the
//! caller may not see stands as a stub: it counts, and `fields` is absent.

mod follow;
mod plans;
mod setup;
mod swap;
mod tasks;
pub mod types;

use axum::{
    Router,
    routing::{delete, get, post, put},
};
use platform::{
    app::App,
    audit::Hash,
    db::Tx,
    identity::{Actor, Capability, UnitId},
    web::{Problem, ProblemField},
};
use sha2::{Digest, Sha256};
use utoipa::OpenApi;

use super::{
    Audience,
    error::TaskError,
    model::{Task, TaskId},
    store::{self, Who},
};

/// The routes, under `/api/v1`.
pub fn routes() -> Router<App> {
    let v1 = Router::new()
        .route("/tasks", get(tasks::list).post(tasks::create))
        .route("/tasks/{id}", get(tasks::show).put(tasks::edit))
        .route("/tasks/{id}/moves", post(follow::step))
        .route("/tasks/{id}/reports", get(follow::reports).post(follow::report))
        .route(
            "/tasks/{id}/evidence",
            get(follow::evidence).post(follow::add_evidence).layer(follow::upload_limit()),
        )
        .route("/tasks/{id}/extensions", get(follow::extensions).post(follow::ask_extension))
        .route("/tasks/{id}/urges", get(follow::urges).post(follow::urge))
        .route("/tasks/{id}/supports/{unit}/confirmation", post(follow::confirm))
        .route("/tasks/{id}/ripple", get(tasks::ripple))
        .route("/tasks/{id}/history", get(tasks::history))
        .route("/tasks/{id}/dependencies/{before}", put(plans::tie).delete(plans::untie))
        .route("/dependencies", get(plans::dependencies))
        .route("/extensions/{id}/decision", post(follow::decide_extension))
        .route("/extensions/{id}/withdrawal", post(follow::withdraw_extension))
        .route("/plans", get(plans::plans).post(plans::create_plan))
        .route("/baselines", get(plans::baselines).post(plans::take_baseline))
        .route("/baselines/{id}/approval", post(plans::approve_baseline))
        .route("/baselines/{id}/diff", get(plans::baseline_diff))
        .route("/tally", get(tasks::tally))
        .route("/task-filters", get(plans::filters).post(plans::save_filter))
        .route("/task-filters/{id}", delete(plans::drop_filter))
        .route("/feeds", get(plans::feeds).post(plans::open_feed))
        .route("/feeds/{id}", delete(plans::revoke_feed))
        .route("/task-settings", get(setup::settings).put(setup::set))
        .route("/work-days", get(setup::days))
        .route("/work-days/{day}", put(setup::put_day).delete(setup::drop_day))
        .route("/task-templates", get(setup::templates))
        .route("/task-templates/{id}/drafts", post(setup::make_drafts))
        .route("/task-imports", get(swap::imports).post(swap::upload).layer(swap::upload_limit()))
        .route("/task-imports/{id}", get(swap::import).put(swap::choose).delete(swap::discard))
        .route("/task-imports/{id}/confirmation", post(swap::confirm))
        .route("/task-exports/annex.xlsx", get(swap::xlsx))
        .route("/task-exports/annex.pdf", get(swap::annex_pdf))
        .route("/task-exports/tasks.csv", get(swap::csv))
        .route("/task-exports/tasks.pdf", get(swap::list_pdf))
        .route("/task-exports/gantt.pdf", get(swap::chart_pdf))
        .route("/task-exports/gantt.svg", get(swap::svg))
        .route("/task-exports/plan.xml", get(swap::mspdi))
        .route("/task-reports", get(swap::reports).post(swap::sign))
        .route("/task-reports/now", get(swap::report_now))
        .route("/task-reports/{id}", get(swap::report))
        .route("/task-reports/{id}/report.pdf", get(swap::report_pdf))
        .route("/task-reports/{id}/report.docx", get(swap::report_docx));
    Router::new().nest("/api/v1", v1)
}

#[derive(OpenApi)]
#[openapi(
    paths(
        tasks::list,
        tasks::create,
        tasks::show,
        tasks::edit,
        tasks::ripple,
        tasks::history,
        tasks::tally,
        follow::step,
        follow::reports,
        follow::report,
        follow::evidence,
        follow::add_evidence,
        follow::extensions,
        follow::ask_extension,
        follow::decide_extension,
        follow::withdraw_extension,
        follow::urges,
        follow::urge,
        follow::confirm,
        plans::dependencies,
        plans::tie,
        plans::untie,
        plans::plans,
        plans::create_plan,
        plans::baselines,
        plans::take_baseline,
        plans::approve_baseline,
        plans::baseline_diff,
        plans::filters,
        plans::save_filter,
        plans::drop_filter,
        plans::feeds,
        plans::open_feed,
        plans::revoke_feed,
        setup::settings,
        setup::set,
        setup::days,
        setup::put_day,
        setup::drop_day,
        setup::templates,
        setup::make_drafts,
        swap::imports,
        swap::upload,
        swap::import,
        swap::choose,
        swap::discard,
        swap::confirm,
        swap::xlsx,
        swap::annex_pdf,
        swap::csv,
        swap::list_pdf,
        swap::chart_pdf,
        swap::svg,
        swap::mspdi,
        swap::reports,
        swap::report_now,
        swap::report,
        swap::report_pdf,
        swap::report_docx,
        swap::sign,
    ),
    components(schemas(Problem, ProblemField)),
    tags(
        (name = "tasks", description = "Tasks: write down, edit, derived timing and clarity, history"),
        (name = "follow-up", description = "Moves, reports, evidence, extensions, urges, confirmations"),
        (name = "plans", description = "Plans, dependencies, baselines, saved filters, calendar feeds"),
        (name = "exchange", description = "The annex in and out, pictures, the signed report"),
    )
)]
struct Doc;

/// What the routes are, for the document of the whole product.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}

/// Who calls, small enough to go into a transaction.
#[derive(Debug, Clone, Copy)]
pub struct Caller {
    /// What its office is to tasks.
    pub who: Who,
    /// What it may see.
    pub audience: Audience,
    /// Its unit.
    pub unit: UnitId,
}

impl Caller {
    /// The caller behind an actor.
    pub fn of<C: Capability>(actor: &Actor<C>) -> Self {
        Self { who: super::who(actor), audience: super::audience(actor), unit: actor.unit.id }
    }

    /// Whether the task's content is open to the caller: by class, or because its office has a part in it.
    pub fn sees(&self, task: &Task) -> bool {
        use rules::state::Role;
        self.audience.sees(task)
            || task.fields.confidentiality != platform::identity::Confidentiality::Secret
                && self.who.roles(&task.fields).iter().any(|role| {
                    matches!(role, Role::FocalOfficer | Role::Accountable | Role::Acceptor)
                        || *role == Role::Approver && task.fields.approver_office == self.who.office
                })
    }

    /// A task that the caller may act on: hidden content answers as if it were not there.
    ///
    /// # Errors
    /// [`TaskError::NotFound`].
    pub fn open(&self, tx: &mut Tx<'_>, id: TaskId) -> Result<Task, TaskError> {
        let task = store::task(tx, id)?;
        let stub = task.fields.confidentiality == platform::identity::Confidentiality::Secret;
        if stub || self.sees(&task) { Ok(task) } else { Err(TaskError::NotFound) }
    }
}

/// What an idempotency key stands for: the body and everything the path says.
pub(crate) fn about(body: Hash, path: &[&str]) -> Hash {
    let mut hash = Sha256::new();
    hash.update(body);
    for part in path {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hash.finalize().into()
}

#[cfg(test)]
mod tests;
