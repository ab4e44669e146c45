//! The verbs of the register as JSON, described in OpenAPI; the answer both ways.

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    routing::{get, post},
};
use jiff::civil::Date;
use platform::{
    api::{self, Answer, IdempotencyKey, Json, PageOf, Query},
    app::App,
    clock,
    db::Tx,
    identity::{Actor, Confidentiality},
    papers::{BodyId, Reference},
    web::{AppError, Problem},
};
use rules::papers::{Change, Force};
use serde::{Deserialize, Serialize};
use utoipa::OpenApi;

use super::{
    DecisionError, ManageDecisions, ReadDecisions, clearance,
    model::{Changes, Decision, DecisionId, DecisionKind, NewDecision, Relation, Tie},
    query, store,
};
use crate::tasks::{
    ReadTasks,
    api::{Caller, about},
    model::{Basis, TaskId},
};

/// The routes, under `/api/v1`.
pub fn routes() -> Router<App> {
    let v1 = Router::new()
        .route("/decisions", get(list).post(enter))
        .route("/decisions/{id}", get(show).put(edit).delete(remove))
        .route("/decisions/{id}/changes", post(change))
        .route("/decisions/{id}/tasks", post(link))
        .route("/decisions/{id}/tasks/untie", post(unlink))
        .route("/tasks/{id}/decisions", get(of_task));
    Router::new().nest("/api/v1", v1)
}

#[derive(OpenApi)]
#[openapi(
    paths(list, enter, show, edit, remove, change, link, unlink, of_task),
    tags((name = "decisions", description = "Who decided what, and which tasks came from it, both ways"))
)]
struct Doc;

/// What the routes are, for the document of the whole product.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}

/// The head of an entry.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(super) struct HeadOut {
    id: String,
    kind: DecisionKind,
    number: Option<String>,
    /// The term or year in which the number counts.
    term: String,
    #[schema(value_type = String, format = Date)]
    issued_on: Date,
    body: Option<String>,
    authority: String,
    subject: String,
    #[schema(value_type = String, format = Date)]
    effect_from: Date,
    /// `in_force`, `amended`, `not_yet` or `superseded`, on the day of the call.
    #[schema(value_type = String)]
    force: Force,
    /// `thuong` or `noi_bo`.
    class: String,
    source: Reference,
    version: i64,
}

impl HeadOut {
    fn of(one: &Decision, force: Force) -> Self {
        Self {
            id: one.id.to_string(),
            kind: one.kind,
            number: one.number.clone(),
            term: one.series.clone(),
            issued_on: one.issued_on,
            body: one.body.map(|body| body.to_string()),
            authority: one.authority.clone(),
            subject: one.subject.clone(),
            effect_from: one.effect_from,
            force,
            class: one.class.to_string(),
            source: one.source.clone(),
            version: one.version,
        }
    }
}

/// A tie to a task.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(super) struct TieOut {
    task: String,
    code: String,
    /// The numbered point; absent for the entry as a whole.
    point: Option<u16>,
    relation: Relation,
    /// True when nobody made it: the task's basis names this number.
    named: bool,
    /// The clause that the task's basis names.
    clause: String,
}

/// What one entry does to another.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(super) struct ChangeOut {
    decision: String,
    number: Option<String>,
    /// `thay_the` or `sua_doi`.
    #[schema(value_type = String)]
    change: Change,
}

/// An entry with everything that hangs on it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(super) struct DecisionOut {
    #[serde(flatten)]
    head: HeadOut,
    /// Its numbered points; the first is ①.
    points: Vec<String>,
    basis: Vec<Basis>,
    /// What it does to earlier entries.
    changes: Vec<ChangeOut>,
    /// What later entries do to it.
    changed_by: Vec<ChangeOut>,
    tasks: Vec<TieOut>,
}

fn today(tx: &Tx<'_>) -> Date {
    clock::local(tx.now()).date()
}

fn whole(tx: &mut Tx<'_>, one: &Decision, clearance: Confidentiality) -> Result<DecisionOut, DecisionError> {
    let day = today(tx);
    let parts = query::parts(tx, one.id)?;
    let steps = |all: Vec<(Decision, Change)>| {
        all.into_iter()
            .filter(|(other, _)| other.class <= clearance)
            .map(|(other, change)| ChangeOut { decision: other.id.to_string(), number: other.number, change })
            .collect()
    };
    let force = query::force(tx, one, day)?;
    let (changes, changed_by) = (query::changes_of(tx, one.id)?, query::changed_by(tx, one.id)?);
    let ties = query::ties_of(tx, one.id)?;
    let mut tasks = Vec::with_capacity(ties.len());
    for tie in ties {
        let code = query::code_of(tx, tie.task)?;
        tasks.push(tie_out(tie, code));
    }
    Ok(DecisionOut {
        head: HeadOut::of(one, force),
        points: parts.points,
        basis: parts.basis,
        changes: steps(changes),
        changed_by: steps(changed_by),
        tasks,
    })
}

fn tie_out(tie: Tie, code: String) -> TieOut {
    TieOut {
        task: tie.task.to_string(),
        code,
        point: tie.point,
        relation: tie.relation,
        named: tie.named,
        clause: tie.clause,
    }
}

/// Which entries to list.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct DecisionQuery {
    /// Words to find in number, subject, authority and points, with or without diacritics.
    q: Option<String>,
    /// Of one issuing body.
    #[param(value_type = Option<String>)]
    body: Option<BodyId>,
    /// Of one kind.
    kind: Option<DecisionKind>,
    /// Issued from this day on.
    #[param(value_type = Option<String>)]
    from: Option<Date>,
    /// Issued up to this day.
    #[param(value_type = Option<String>)]
    to: Option<Date>,
    /// `in_force`, `amended`, `not_yet` or `superseded`.
    #[param(value_type = Option<String>)]
    force: Option<Force>,
    /// Rows at most: 1 to 500, 100 when not given.
    limit: Option<u32>,
    /// The `next` of the page before.
    after: Option<String>,
}

/// The register, the newest issued first.
#[utoipa::path(get, path = "/api/v1/decisions", tag = "decisions", params(DecisionQuery),
    responses((status = 200, body = PageOf<HeadOut>), (status = "4XX", body = Problem)))]
pub(super) async fn list(
    actor: Actor<ReadDecisions>,
    State(app): State<App>,
    Query(asked): Query<DecisionQuery>,
) -> Result<PageOf<HeadOut>, AppError> {
    let clearance = clearance(&actor);
    let filter = query::Filter {
        body: asked.body,
        kind: asked.kind,
        from: asked.from,
        to: asked.to,
        force: asked.force,
        words: asked.q.unwrap_or_default(),
    };
    let all = app
        .db
        .read(move |tx| {
            let day = today(tx);
            query::list(tx, &filter, clearance, day)
        })
        .await?;
    let heads = all.iter().map(|one| HeadOut::of(&one.decision, one.force)).collect();
    Ok(api::Paging { limit: asked.limit, after: asked.after }.cut(heads, |head| head.id.clone()))
}

/// One entry: its points and basis, what it changes and what changed it, and the tasks that came from it.
#[utoipa::path(get, path = "/api/v1/decisions/{id}", tag = "decisions", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = DecisionOut), (status = "4XX", body = Problem)))]
pub(super) async fn show(
    actor: Actor<ReadDecisions>,
    State(app): State<App>,
    Path(id): Path<DecisionId>,
) -> Result<axum::Json<DecisionOut>, AppError> {
    let clearance = clearance(&actor);
    let out = app
        .db
        .read(move |tx| {
            let one = query::open(tx, id, clearance)?;
            whole(tx, &one, clearance)
        })
        .await?;
    Ok(axum::Json(out))
}

/// What a decision does to an earlier one.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangeIn {
    /// The earlier entry.
    #[schema(value_type = String, format = Uuid)]
    earlier: DecisionId,
    /// `thay_the` (supersedes) or `sua_doi` (amends).
    #[schema(value_type = String, example = "thay_the")]
    change: Change,
}

impl From<ChangeIn> for Changes {
    fn from(given: ChangeIn) -> Self {
        Self { earlier: given.earlier, change: given.change }
    }
}

/// A tie to be made or undone.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TieIn {
    #[schema(value_type = String, format = Uuid)]
    task: TaskId,
    relation: Relation,
    /// The numbered point; the entry as a whole when absent.
    #[serde(default)]
    point: Option<u16>,
}

/// A paper written elsewhere, to be entered.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DecisionIn {
    kind: DecisionKind,
    /// As printed: 07-TB/TBPV.
    #[serde(default)]
    number: Option<String>,
    /// The day on the paper.
    #[schema(value_type = String, format = Date)]
    issued_on: Date,
    /// The issuing body, when it is a registered one.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Uuid)]
    body: Option<BodyId>,
    /// Who decided, by office.
    authority: String,
    subject: String,
    #[serde(default)]
    basis: Vec<Basis>,
    /// From when it binds; the day of issue when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    effect_from: Option<Date>,
    /// Its numbered points.
    #[serde(default)]
    points: Vec<String>,
    /// What it does to earlier entries.
    #[serde(default)]
    changes: Vec<ChangeIn>,
    /// `thuong` or `noi_bo`; secret content is refused.
    #[serde(default)]
    #[schema(value_type = String, example = "thuong")]
    class: Confidentiality,
    /// The term in which the number counts; the body's own when empty.
    #[serde(default)]
    term: String,
    /// Tasks that it makes or changes.
    #[serde(default)]
    tasks: Vec<TieIn>,
}

impl DecisionIn {
    fn split(self) -> (NewDecision, Vec<TieIn>) {
        let new = NewDecision {
            kind: self.kind,
            number: self.number,
            issued_on: self.issued_on,
            body: self.body,
            authority: self.authority,
            subject: self.subject,
            basis: self.basis,
            effect_from: self.effect_from,
            points: self.points,
            changes: self.changes.into_iter().map(Changes::from).collect(),
            class: self.class,
            term: self.term,
            source: Reference::hand(),
        };
        (new, self.tasks)
    }
}

/// Enters a paper written elsewhere, with the tasks that came from it, in one transaction.
#[utoipa::path(post, path = "/api/v1/decisions", tag = "decisions", request_body = DecisionIn,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Object), (status = "4XX", body = Problem)))]
pub(super) async fn enter(
    actor: Actor<ManageDecisions>,
    State(app): State<App>,
    key: IdempotencyKey,
    body: Json<DecisionIn>,
) -> Result<Answer, AppError> {
    let hash = body.hash();
    let (new, ties) = body.into_inner().split();
    api::idempotent::<DecisionError, _>(&app.db, &actor, &key, "decisions.enter", hash, move |tx| {
        let done = store::enter(tx, &new)?;
        for tie in &ties {
            let _ = store::link_point(tx, *done.value(), tie.point, tie.task, tie.relation)?;
        }
        Ok(done.map(|id| (StatusCode::CREATED, serde_json::json!({ "id": id.to_string() }))))
    })
    .await
}

/// An entry as it should be, and the version it was read with.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EditDecision {
    version: i64,
    decision: DecisionIn,
}

fn nothing() -> (StatusCode, serde_json::Value) {
    (StatusCode::NO_CONTENT, serde_json::Value::Null)
}

/// Corrects an entry made by hand. What a signature entered is refused: enter a paper that amends or supersedes it.
#[utoipa::path(put, path = "/api/v1/decisions/{id}", tag = "decisions", request_body = EditDecision,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = "4XX", body = Problem)))]
pub(super) async fn edit(
    actor: Actor<ManageDecisions>,
    State(app): State<App>,
    Path(id): Path<DecisionId>,
    key: IdempotencyKey,
    body: Json<EditDecision>,
) -> Result<Answer, AppError> {
    let hash = about(body.hash(), &[&id.to_string()]);
    let clearance = clearance(&actor);
    let EditDecision { version, decision } = body.into_inner();
    api::idempotent::<DecisionError, _>(&app.db, &actor, &key, "decisions.edit", hash, move |tx| {
        query::open(tx, id, clearance)?;
        let (new, ties) = decision.split();
        let done = store::edit(tx, id, version, &new)?;
        for tie in &ties {
            let _ = store::link_point(tx, id, tie.point, tie.task, tie.relation)?;
        }
        Ok(done.map(|()| nothing()))
    })
    .await
}

/// Removes an entry made by hand that nothing refers to.
#[utoipa::path(delete, path = "/api/v1/decisions/{id}", tag = "decisions",
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = "4XX", body = Problem)))]
pub(super) async fn remove(
    actor: Actor<ManageDecisions>,
    State(app): State<App>,
    Path(id): Path<DecisionId>,
    key: IdempotencyKey,
) -> Result<Answer, AppError> {
    let hash = about([0; 32], &[&id.to_string()]);
    let clearance = clearance(&actor);
    api::idempotent::<DecisionError, _>(&app.db, &actor, &key, "decisions.remove", hash, move |tx| {
        query::open(tx, id, clearance)?;
        Ok(store::remove(tx, id)?.map(|()| nothing()))
    })
    .await
}

/// Says that an entry supersedes or amends an earlier one.
#[utoipa::path(post, path = "/api/v1/decisions/{id}/changes", tag = "decisions", request_body = ChangeIn,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = "4XX", body = Problem)))]
pub(super) async fn change(
    actor: Actor<ManageDecisions>,
    State(app): State<App>,
    Path(id): Path<DecisionId>,
    key: IdempotencyKey,
    body: Json<ChangeIn>,
) -> Result<Answer, AppError> {
    let hash = about(body.hash(), &[&id.to_string()]);
    let clearance = clearance(&actor);
    let what: Changes = body.into_inner().into();
    api::idempotent::<DecisionError, _>(&app.db, &actor, &key, "decisions.change", hash, move |tx| {
        query::open(tx, id, clearance)?;
        query::open(tx, what.earlier, clearance)?;
        Ok(store::change(tx, id, &what)?.map(|()| nothing()))
    })
    .await
}

/// Ties a task to an entry or to one of its points.
#[utoipa::path(post, path = "/api/v1/decisions/{id}/tasks", tag = "decisions", request_body = TieIn,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = "4XX", body = Problem)))]
pub(super) async fn link(
    actor: Actor<ManageDecisions>,
    State(app): State<App>,
    Path(id): Path<DecisionId>,
    key: IdempotencyKey,
    body: Json<TieIn>,
) -> Result<Answer, AppError> {
    let hash = about(body.hash(), &[&id.to_string()]);
    let clearance = clearance(&actor);
    let tie = body.into_inner();
    api::idempotent::<DecisionError, _>(&app.db, &actor, &key, "decisions.link", hash, move |tx| {
        query::open(tx, id, clearance)?;
        Ok(store::link_point(tx, id, tie.point, tie.task, tie.relation)?.map(|_| nothing()))
    })
    .await
}

/// Unties a task; done also when it was not tied so.
#[utoipa::path(post, path = "/api/v1/decisions/{id}/tasks/untie", tag = "decisions", request_body = TieIn,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = "4XX", body = Problem)))]
pub(super) async fn unlink(
    actor: Actor<ManageDecisions>,
    State(app): State<App>,
    Path(id): Path<DecisionId>,
    key: IdempotencyKey,
    body: Json<TieIn>,
) -> Result<Answer, AppError> {
    let hash = about(body.hash(), &[&id.to_string()]);
    let clearance = clearance(&actor);
    let tie = body.into_inner();
    api::idempotent::<DecisionError, _>(&app.db, &actor, &key, "decisions.unlink", hash, move |tx| {
        query::open(tx, id, clearance)?;
        Ok(store::unlink_point(tx, id, tie.point, tie.task, tie.relation)?.map(|_| nothing()))
    })
    .await
}

/// A decision as a task has it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(super) struct OfTaskOut {
    decision: HeadOut,
    relation: Relation,
    point: Option<u16>,
    /// The text of that point.
    point_text: String,
    clause: String,
    named: bool,
    /// The entry that stands in its place, when one does.
    superseded_by: Option<String>,
}

/// The decisions that made, changed or carry a task. Those that the caller may not read are left out.
#[utoipa::path(get, path = "/api/v1/tasks/{id}/decisions", tag = "decisions", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Vec<OfTaskOut>), (status = "4XX", body = Problem)))]
pub(super) async fn of_task(
    actor: Actor<ReadTasks>,
    State(app): State<App>,
    Path(id): Path<TaskId>,
) -> Result<axum::Json<Vec<OfTaskOut>>, AppError> {
    let (caller, clearance) = (Caller::of(&actor), clearance(&actor));
    let found = app
        .db
        .read(move |tx| {
            let task = caller.open(tx, id).map_err(AppError::from)?;
            let day = today(tx);
            query::of_task(tx, task.id, day).map_err(AppError::from)
        })
        .await?;
    let out = found
        .into_iter()
        .filter(|one| one.decision.class <= clearance)
        .map(|one| OfTaskOut {
            decision: HeadOut::of(&one.decision, one.force),
            relation: one.tie.relation,
            point: one.tie.point,
            point_text: one.point,
            clause: one.tie.clause,
            named: one.tie.named,
            superseded_by: one.superseded_by.map(|other| other.id.to_string()),
        })
        .collect();
    Ok(axum::Json(out))
}
