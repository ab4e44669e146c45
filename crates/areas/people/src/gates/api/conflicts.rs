//! What does not fit together in a session, and what is done about it.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use jiff::Timestamp;
use platform::{
    api::{self, Answer, IdempotencyKey, Json},
    app::App,
    identity::Actor,
    web::{AppError, Problem},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::{
    attendance::{ManageAttendance, ReadAttendance, model::EventId, query as roll_call},
    gates::{
        GateError,
        cases::{self, CaseKind, Decision, Resolution},
    },
};

/// A conflict of a session.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(super) struct CaseOut {
    /// The scan that does not fit.
    #[schema(value_type = String, format = "uuid")]
    scan: EventId,
    kind: CaseKind,
    gate: String,
    #[schema(value_type = String, format = "date-time")]
    at: Timestamp,
    /// The code of the person, where there is one.
    code: Option<String>,
    /// Where and when they came in before.
    other_gate: Option<String>,
    #[schema(value_type = Option<String>, format = "date-time")]
    other_at: Option<Timestamp>,
    owner: Option<String>,
    resolution: Option<Resolution>,
    note: String,
    version: i64,
}

/// What does not fit together in a session: open conflicts first.
#[utoipa::path(get, path = "/api/v1/congress-sessions/{slug}/conflicts", tag = "gates",
    params(("slug" = String, Path)), responses((status = 200, body = Vec<CaseOut>), (status = "4XX", body = Problem)))]
pub(super) async fn conflicts(
    _actor: Actor<ReadAttendance>,
    State(app): State<App>,
    Path(slug): Path<String>,
) -> Result<axum::Json<Vec<CaseOut>>, AppError> {
    let all = app
        .db
        .read(move |tx| {
            roll_call::session(tx, &slug)?;
            Ok::<_, GateError>(cases::of_session(tx, &slug)?)
        })
        .await?;
    let out = all.into_iter().map(|case| {
        let handled = case.handled;
        CaseOut {
            scan: case.scan.id,
            kind: case.kind,
            gate: case.scan.gate,
            at: case.scan.at,
            code: case.who.map(|who| who.code),
            other_gate: case.other.as_ref().map(|event| event.gate.clone()),
            other_at: case.other.map(|event| event.at),
            owner: handled.as_ref().map(|one| one.owner.clone()),
            resolution: handled.as_ref().and_then(|one| one.resolution),
            version: handled.as_ref().map_or(0, |one| one.version),
            note: handled.map(|one| one.note).unwrap_or_default(),
        }
    });
    Ok(axum::Json(out.collect()))
}

/// What is done about a conflict.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DecisionIn {
    #[schema(value_type = String, format = "uuid")]
    scan: EventId,
    kind: CaseKind,
    /// The version that was seen; 0 when nobody had done anything.
    version: i64,
    /// How it ends; not given to look after it.
    #[serde(default)]
    resolution: Option<Resolution>,
    /// What was found; needed to end it.
    #[serde(default)]
    note: String,
}

/// Takes a conflict over, or ends it.
#[utoipa::path(post, path = "/api/v1/congress-sessions/{slug}/conflicts", tag = "gates", request_body = DecisionIn,
    params(("slug" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object), (status = "4XX", body = Problem)))]
pub(super) async fn decide(
    actor: Actor<ManageAttendance>,
    State(app): State<App>,
    Path(slug): Path<String>,
    key: IdempotencyKey,
    body: Json<DecisionIn>,
) -> Result<Answer, AppError> {
    let hash = Sha256::new().chain_update(body.hash()).chain_update(&slug).finalize().into();
    let given = body.into_inner();
    let decision = Decision {
        scan: given.scan,
        kind: given.kind,
        version: given.version,
        resolution: given.resolution,
        note: given.note,
    };
    api::idempotent::<GateError, _>(&app.db, &actor, &key, "gate.case_ended", hash, move |tx| {
        Ok(cases::decide(tx, &slug, &decision)?.map(|()| (StatusCode::OK, json!({ "done": true }))))
    })
    .await
}
