//! Sessions, one mark, and the counts, as JSON.

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    routing::{get, post, put},
};
use jiff::Timestamp;
use platform::{
    api::{self, Answer, IdempotencyKey, Json, Query},
    app::App,
    identity::Actor,
    web::{AppError, Problem},
};
use rules::attendance::Tally;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use utoipa::OpenApi;

use super::{
    AttendanceError, ManageAttendance, MarkAttendance, ReadAttendance,
    model::{EventId, Mark, Method, NewMark, NewSession, Session, SessionKind},
    query, store,
};
use crate::delegates::query as roll;

/// The routes, under `/api/v1`.
pub fn routes() -> Router<App> {
    let v1 = Router::new()
        .route("/congress-sessions", get(list))
        .route("/congress-sessions/{slug}", put(put_session))
        .route("/congress-sessions/{slug}/attendance", get(counts))
        .route("/congress-sessions/{slug}/marks", post(mark));
    Router::new().nest("/api/v1", v1)
}

#[derive(OpenApi)]
#[openapi(
    paths(list, put_session, counts, mark),
    tags((name = "attendance", description = "Who came into which session, and how the hall stands at a moment"))
)]
struct Doc;

/// What the routes are, for the document of the whole product.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}

/// The sessions of the congress, in their order.
#[utoipa::path(get, path = "/api/v1/congress-sessions", tag = "attendance",
    responses((status = 200, body = Vec<Session>), (status = "4XX", body = Problem)))]
pub(super) async fn list(
    _actor: Actor<ReadAttendance>,
    State(app): State<App>,
) -> Result<axum::Json<Vec<Session>>, AppError> {
    Ok(axum::Json(app.db.read(query::sessions).await?))
}

/// What is written down about a session.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SessionIn {
    title: String,
    kind: SessionKind,
    #[schema(value_type = String, format = "date-time")]
    starts_at: Timestamp,
    #[schema(value_type = String, format = "date-time")]
    ends_at: Timestamp,
    #[serde(default)]
    place: String,
    /// Minutes after the beginning during which nobody is late.
    #[serde(default)]
    grace_minutes: u16,
    /// The version that was seen; 0 for a new session.
    version: i64,
}

/// Sets a session.
#[utoipa::path(put, path = "/api/v1/congress-sessions/{slug}", tag = "attendance", request_body = SessionIn,
    params(("slug" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object), (status = "4XX", body = Problem)))]
pub(super) async fn put_session(
    actor: Actor<ManageAttendance>,
    State(app): State<App>,
    Path(slug): Path<String>,
    key: IdempotencyKey,
    body: Json<SessionIn>,
) -> Result<Answer, AppError> {
    let hash = Sha256::new().chain_update(body.hash()).chain_update(&slug).finalize().into();
    let given = body.into_inner();
    let new = NewSession {
        slug,
        title: given.title,
        kind: given.kind,
        starts_at: given.starts_at,
        ends_at: given.ends_at,
        place: given.place,
        grace_minutes: given.grace_minutes,
    };
    api::idempotent::<AttendanceError, _>(
        &app.db,
        &actor,
        &key,
        "attendance.session_saved",
        hash,
        move |tx| {
            Ok(store::put_session(tx, given.version, &new)?
                .map(|slug| (StatusCode::OK, json!({ "slug": slug }))))
        },
    )
    .await
}

/// The counts of a hall or a group.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(super) struct TallyOut {
    /// The group; absent for all, and for those in none.
    group: Option<u16>,
    summoned: u64,
    present: u64,
    with_leave: u64,
    without_leave: u64,
    /// Of those present.
    late: u64,
}

impl TallyOut {
    fn of(group: Option<u16>, tally: &Tally) -> Self {
        let Tally { summoned, present, with_leave, without_leave, late } = *tally;
        Self { group, summoned, present, with_leave, without_leave, late }
    }
}

/// How the hall stands.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(super) struct CountsOut {
    /// The moment they stand for.
    #[schema(value_type = String, format = "date-time")]
    as_of: Timestamp,
    all: TallyOut,
    groups: Vec<TallyOut>,
}

/// At which moment.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct At {
    /// The moment; now when not given.
    #[param(value_type = Option<String>)]
    at: Option<Timestamp>,
}

/// Summoned, present, absent with leave and without, late: by group and in all, at a moment.
#[utoipa::path(get, path = "/api/v1/congress-sessions/{slug}/attendance", tag = "attendance",
    params(("slug" = String, Path), At), responses((status = 200, body = CountsOut), (status = "4XX", body = Problem)))]
pub(super) async fn counts(
    _actor: Actor<ReadAttendance>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Query(asked): Query<At>,
) -> Result<axum::Json<CountsOut>, AppError> {
    let out = app
        .db
        .read(move |tx| {
            let session = query::session(tx, &slug)?;
            let as_of = asked.at.unwrap_or(tx.now());
            let (groups, all) = query::tally(&query::attending(tx, &session, as_of)?);
            Ok::<_, AttendanceError>(CountsOut {
                as_of,
                all: TallyOut::of(None, &all),
                groups: groups.iter().map(|(group, tally)| TallyOut::of(*group, tally)).collect(),
            })
        })
        .await?;
    Ok(axum::Json(out))
}

/// One event of a gate or a desk.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MarkIn {
    /// Chosen by the sender: the same id again is not written twice.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Uuid)]
    id: Option<EventId>,
    /// The code of the person: DB-0123.
    code: String,
    kind: Mark,
    method: Method,
    #[serde(default)]
    gate: String,
    /// The device; with its number of this event.
    #[serde(default)]
    device: Option<String>,
    /// Grows with each event of the device.
    #[serde(default)]
    device_seq: Option<u64>,
    /// The corrected instant; now when not given.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "date-time")]
    at: Option<Timestamp>,
    /// Needed for leave and void.
    #[serde(default)]
    reason: String,
    /// What a void takes back; the last that counts when not given.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Uuid)]
    voids: Option<EventId>,
}

/// Writes down one event. The same event again, by its id or its device's number, answers `fresh: false`.
#[utoipa::path(post, path = "/api/v1/congress-sessions/{slug}/marks", tag = "attendance", request_body = MarkIn,
    params(("slug" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object), (status = "4XX", body = Problem)))]
pub(super) async fn mark(
    actor: Actor<MarkAttendance>,
    State(app): State<App>,
    Path(slug): Path<String>,
    key: IdempotencyKey,
    body: Json<MarkIn>,
) -> Result<Answer, AppError> {
    let hash = Sha256::new().chain_update(body.hash()).chain_update(&slug).finalize().into();
    let given = body.into_inner();
    api::idempotent::<AttendanceError, _>(&app.db, &actor, &key, "attendance.marked", hash, move |tx| {
        query::session(tx, &slug)?;
        let who = roll::by_code_any(tx, &given.code)?.ok_or(AttendanceError::NotOnRoll)?;
        let new = NewMark {
            id: given.id,
            kind: given.kind,
            method: given.method,
            gate: given.gate,
            device: given.device.zip(given.device_seq),
            at: given.at,
            reason: given.reason,
            voids: given.voids,
        };
        Ok(store::mark(tx, &slug, who.id, &new)?
            .map(|marked| (StatusCode::OK, json!({ "id": marked.id, "fresh": marked.fresh }))))
    })
    .await
}
