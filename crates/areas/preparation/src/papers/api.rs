//! The verbs of numbers and issuing bodies as JSON, described in OpenAPI.

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    routing::{get, post, put},
};
use jiff::civil::Date;
use platform::{
    api::{self, Answer, IdempotencyKey, Json, PageOf, Query},
    app::App,
    identity::{Actor, Capability, Confidentiality, Right, UnitId},
    papers::{
        AREA, Body, BodyId, ManagePapers, NewBody, NewNumber, NumberId, PaperNumber, PapersError, ReadPapers,
        Reference, store,
    },
    web::{AppError, Problem},
};
use serde::{Deserialize, Serialize};
use utoipa::OpenApi;

/// The routes, under `/api/v1`.
pub fn routes() -> Router<App> {
    let v1 = Router::new()
        .route("/issuing-bodies", get(bodies).post(create_body))
        .route("/issuing-bodies/{id}", put(save_body))
        .route("/paper-numbers", get(list).post(take))
        .route("/paper-numbers/{id}", get(show))
        .route("/paper-numbers/{id}/cancellation", post(cancel));
    Router::new().nest("/api/v1", v1)
}

#[derive(OpenApi)]
#[openapi(
    paths(bodies, create_body, save_body, list, take, show, cancel),
    components(schemas(Reference)),
    tags((name = "papers", description = "Issuing bodies and the register of document numbers"))
)]
struct Doc;

/// What the routes are, for the document of the whole product.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}

/// The most confidential class whose subjects an actor may read here.
pub(super) fn clearance<C: Capability>(actor: &Actor<C>) -> Confidentiality {
    if actor.covers_area(AREA, Right::Read, Confidentiality::Internal) {
        Confidentiality::Internal
    } else {
        Confidentiality::Normal
    }
}

/// An issuing body.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(super) struct BodyOut {
    id: String,
    unit: Option<String>,
    /// `party`, `congress` or `state`.
    kind: String,
    name: String,
    parent_lines: Vec<String>,
    name_lines: Vec<String>,
    place: String,
    place_short: String,
    symbol: String,
    term: String,
    version: i64,
}

impl From<Body> for BodyOut {
    fn from(body: Body) -> Self {
        Self {
            id: body.id.to_string(),
            unit: body.unit.map(|unit: UnitId| unit.to_string()),
            kind: body.kind.to_string(),
            name: body.name,
            parent_lines: body.parent_lines,
            name_lines: body.name_lines,
            place: body.place,
            place_short: body.place_short,
            symbol: body.symbol,
            term: body.term,
            version: body.version,
        }
    }
}

/// The issuing bodies.
#[utoipa::path(get, path = "/api/v1/issuing-bodies", tag = "papers",
    responses((status = 200, body = Vec<BodyOut>), (status = "4XX", body = Problem)))]
pub(super) async fn bodies(
    _actor: Actor<ReadPapers>,
    State(app): State<App>,
) -> Result<axum::Json<Vec<BodyOut>>, AppError> {
    let all = app.db.read(store::bodies).await?;
    Ok(axum::Json(all.into_iter().map(BodyOut::from).collect()))
}

fn made(id: impl std::fmt::Display) -> (StatusCode, serde_json::Value) {
    (StatusCode::CREATED, serde_json::json!({ "id": id.to_string() }))
}

/// Writes an issuing body down.
#[utoipa::path(post, path = "/api/v1/issuing-bodies", tag = "papers", request_body = NewBody,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Object), (status = "4XX", body = Problem)))]
pub(super) async fn create_body(
    actor: Actor<ManagePapers>,
    State(app): State<App>,
    key: IdempotencyKey,
    body: Json<NewBody>,
) -> Result<Answer, AppError> {
    let hash = body.hash();
    let new = body.into_inner();
    api::idempotent::<PapersError, _>(&app.db, &actor, &key, "papers.body", hash, move |tx| {
        Ok(store::save_body(tx, None, 0, &new)?.map(made))
    })
    .await
}

/// A body as it should be, and the version it was read with.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SaveBody {
    version: i64,
    body: NewBody,
}

/// Changes an issuing body; papers that were issued keep the number they have.
#[utoipa::path(put, path = "/api/v1/issuing-bodies/{id}", tag = "papers", request_body = SaveBody,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = "4XX", body = Problem)))]
pub(super) async fn save_body(
    actor: Actor<ManagePapers>,
    State(app): State<App>,
    Path(id): Path<BodyId>,
    key: IdempotencyKey,
    body: Json<SaveBody>,
) -> Result<Answer, AppError> {
    let hash = crate::tasks::api::about(body.hash(), &[&id.to_string()]);
    let SaveBody { version, body: new } = body.into_inner();
    api::idempotent::<PapersError, _>(&app.db, &actor, &key, "papers.save-body", hash, move |tx| {
        Ok(store::save_body(tx, Some(id), version, &new)?
            .map(|_| (StatusCode::NO_CONTENT, serde_json::Value::Null)))
    })
    .await
}

/// A line of the register.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(super) struct NumberOut {
    id: String,
    body: String,
    /// The type's abbreviation.
    #[serde(rename = "type")]
    abbr: String,
    /// The term, or the year of a state body.
    series: String,
    number: u32,
    /// As printed.
    written: String,
    #[schema(value_type = String, format = Date)]
    issued_on: Date,
    /// Absent when the caller may not read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    /// `thuong`, `noi_bo` or `mat`.
    class: String,
    used_by: Reference,
    gap_reason: String,
    taken_at: String,
    taken_by: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    cancelled_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cancelled_by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cancel_reason: Option<String>,
}

impl NumberOut {
    fn of(line: PaperNumber, clearance: Confidentiality) -> Self {
        Self {
            id: line.id.to_string(),
            body: line.body.to_string(),
            abbr: line.abbr,
            series: line.series,
            number: line.number,
            written: line.written,
            issued_on: line.issued_on,
            subject: (line.class <= clearance).then_some(line.subject),
            class: line.class.to_string(),
            used_by: line.of,
            gap_reason: line.gap_reason,
            taken_at: line.taken_at.to_string(),
            taken_by: line.taken_by,
            cancelled_at: line.cancelled_at.map(|at| at.to_string()),
            cancelled_by: line.cancelled_by,
            cancel_reason: line.cancel_reason,
        }
    }
}

/// Which lines to list.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct NumberQuery {
    /// Of one body.
    #[param(value_type = Option<String>)]
    body: Option<BodyId>,
    /// Of one type, by abbreviation.
    #[serde(rename = "type")]
    abbr: Option<String>,
    /// Of one term or year.
    series: Option<String>,
    /// Words to find, with or without diacritics.
    q: Option<String>,
    /// `true` only cancelled ones, `false` only valid ones.
    cancelled: Option<bool>,
    /// Lines to leave out before the first.
    offset: Option<u32>,
    /// Lines at most: 1 to 500, 100 when not given.
    limit: Option<u32>,
}

/// The register of numbers, the newest issued first; `next` is the `offset` of the next page.
#[utoipa::path(get, path = "/api/v1/paper-numbers", tag = "papers", params(NumberQuery),
    responses((status = 200, body = PageOf<NumberOut>), (status = "4XX", body = Problem)))]
pub(super) async fn list(
    actor: Actor<ReadPapers>,
    State(app): State<App>,
    Query(query): Query<NumberQuery>,
) -> Result<PageOf<NumberOut>, AppError> {
    let clearance = clearance(&actor);
    let filter = store::Filter {
        body: query.body,
        abbr: query
            .abbr
            .as_deref()
            .map(|abbr| rules::papers::known_type(abbr).unwrap_or_default().to_owned()),
        series: query.series,
        words: query.q.unwrap_or_default(),
        cancelled: query.cancelled,
        upto: clearance,
    };
    let (offset, limit) = (query.offset.unwrap_or(0), query.limit.unwrap_or(100).clamp(1, 500));
    let mut lines = app.db.read(move |tx| store::list(tx, &filter, offset, limit + 1)).await?;
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let next = (lines.len() > most).then(|| offset.saturating_add(limit).to_string());
    lines.truncate(most);
    Ok(PageOf { items: lines.into_iter().map(|line| NumberOut::of(line, clearance)).collect(), next })
}

/// One line of the register.
#[utoipa::path(get, path = "/api/v1/paper-numbers/{id}", tag = "papers", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = NumberOut), (status = "4XX", body = Problem)))]
pub(super) async fn show(
    actor: Actor<ReadPapers>,
    State(app): State<App>,
    Path(id): Path<NumberId>,
) -> Result<axum::Json<NumberOut>, AppError> {
    let clearance = clearance(&actor);
    let line = app.db.read(move |tx| store::number(tx, id)).await?;
    Ok(axum::Json(NumberOut::of(line, clearance)))
}

/// A number to be taken for a paper written elsewhere.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TakeNumber {
    #[schema(value_type = String, format = Uuid)]
    body: BodyId,
    /// The type's abbreviation, such as TB.
    #[serde(rename = "type")]
    abbr: String,
    /// The chosen number; the next when absent.
    #[serde(default)]
    number: Option<u32>,
    /// The day on the paper.
    #[schema(value_type = String, format = Date)]
    on: Date,
    /// What it is about; must be empty for a secret paper.
    #[serde(default)]
    subject: String,
    /// `thuong`, `noi_bo` or `mat`.
    #[serde(default)]
    #[schema(value_type = String, example = "thuong")]
    class: Confidentiality,
    /// Why numbers before it are left out, where any are.
    #[serde(default)]
    gap_reason: String,
}

/// A number that was taken.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(super) struct TakenOut {
    id: String,
    number: u32,
    /// As printed.
    written: String,
}

/// Takes the next number, or a chosen one, for a paper written elsewhere. A used number is refused with who has it.
#[utoipa::path(post, path = "/api/v1/paper-numbers", tag = "papers", request_body = TakeNumber,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = TakenOut), (status = "4XX", body = Problem)))]
pub(super) async fn take(
    actor: Actor<ManagePapers>,
    State(app): State<App>,
    key: IdempotencyKey,
    body: Json<TakeNumber>,
) -> Result<Answer, AppError> {
    let hash = body.hash();
    let new = body.into_inner();
    api::idempotent::<PapersError, _>(&app.db, &actor, &key, "papers.take", hash, move |tx| {
        let new = NewNumber {
            body: new.body,
            abbr: new.abbr,
            number: new.number,
            on: new.on,
            subject: new.subject,
            class: new.class,
            of: Reference::hand(),
            gap_reason: new.gap_reason,
        };
        Ok(store::enter(tx, &new)?.map(|taken| {
            let out = TakenOut { id: taken.id.to_string(), number: taken.number, written: taken.written };
            (StatusCode::CREATED, serde_json::to_value(out).unwrap_or_default())
        }))
    })
    .await
}

/// Why a number is cancelled.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Cancel {
    reason: String,
}

/// Cancels a number; it stays in the register and is never used again.
#[utoipa::path(post, path = "/api/v1/paper-numbers/{id}/cancellation", tag = "papers", request_body = Cancel,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = "4XX", body = Problem)))]
pub(super) async fn cancel(
    actor: Actor<ManagePapers>,
    State(app): State<App>,
    Path(id): Path<NumberId>,
    key: IdempotencyKey,
    body: Json<Cancel>,
) -> Result<Answer, AppError> {
    let hash = crate::tasks::api::about(body.hash(), &[&id.to_string()]);
    let reason = body.into_inner().reason;
    api::idempotent::<PapersError, _>(&app.db, &actor, &key, "papers.cancel", hash, move |tx| {
        Ok(store::cancel_number(tx, id, &reason)?.map(|()| (StatusCode::NO_CONTENT, serde_json::Value::Null)))
    })
    .await
}
