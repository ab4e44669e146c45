//! Terminals as JSON: registering them, and the numbers that they call people by.

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use platform::{
    api::Json,
    app::App,
    identity::Actor,
    web::{AppError, Problem},
};
use serde::{Deserialize, Serialize};
use utoipa::OpenApi;

use super::{
    TerminalError,
    model::{NewTerminal, TerminalKind},
    query, store,
};
use crate::{
    attendance::{ManageAttendance, ReadAttendance, model::Mark},
    badges::seal::Seal,
    gates::{self, model::DeviceId, store::asker},
};

#[derive(OpenApi)]
#[openapi(
    paths(list, register, keys),
    tags((name = "terminals", description = "Face terminals; what they send themselves is in docs/may-nhan-dien.md"))
)]
struct Doc;

/// What the routes are, for the document of the whole product.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}

/// The API.
pub fn routes() -> Router<App> {
    let v1 = Router::new()
        .route("/terminals", get(list))
        .route("/terminal-keys", post(keys))
        .route("/gates/{gate}/terminals", post(register));
    Router::new().nest("/api/v1", v1)
}

/// A terminal.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
struct TerminalOut {
    #[schema(value_type = String, format = "uuid")]
    device: DeviceId,
    gate: String,
    name: String,
    kind: TerminalKind,
    way: Mark,
    #[serde(skip_serializing_if = "Option::is_none")]
    serial: Option<String>,
    networks: String,
}

/// The terminals that have not been sent away. One is sent away like any device of a gate.
#[utoipa::path(get, path = "/api/v1/terminals", tag = "terminals",
    responses((status = 200, body = Vec<TerminalOut>), (status = "4XX", body = Problem)))]
async fn list(
    _actor: Actor<ReadAttendance>,
    State(app): State<App>,
) -> Result<axum::Json<Vec<TerminalOut>>, AppError> {
    let out = app
        .db
        .read(|tx| {
            let devices = gates::query::devices(tx)?;
            let all = query::all(tx)?.into_iter().filter_map(|one| {
                let device = devices.iter().find(|device| device.id == one.device)?;
                Some(TerminalOut {
                    device: one.device,
                    gate: device.gate.clone(),
                    name: device.name.clone(),
                    kind: one.kind,
                    way: one.way,
                    serial: one.serial,
                    networks: one.networks,
                })
            });
            Ok::<_, TerminalError>(all.collect())
        })
        .await?;
    Ok(axum::Json(out))
}

fn way() -> Mark {
    Mark::In
}

/// A terminal to register.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct TerminalIn {
    /// Once at a gate: the same again is refused, so a call that is repeated registers nothing twice.
    name: String,
    kind: TerminalKind,
    #[serde(default = "way")]
    way: Mark,
    #[serde(default)]
    serial: String,
    #[serde(default)]
    networks: String,
    #[serde(default)]
    least_score: u16,
}

/// What is told once.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
struct RegisteredOut {
    #[schema(value_type = String, format = "uuid")]
    device: DeviceId,
    /// Signs what the webhook sends: 32 bytes as hexadecimal digits. The first sixteen are the password of a terminal
    /// that signs in.
    secret: String,
}

/// Registers a terminal at a gate.
#[utoipa::path(post, path = "/api/v1/gates/{gate}/terminals", tag = "terminals", request_body = TerminalIn,
    params(("gate" = String, Path)), responses((status = 201, body = RegisteredOut), (status = "4XX", body = Problem)))]
async fn register(
    actor: Actor<ManageAttendance>,
    State(app): State<App>,
    Path(gate): Path<String>,
    body: Json<TerminalIn>,
) -> Result<Response, AppError> {
    let given = body.into_inner();
    let seal = Seal::of(&app.config.data).map_err(TerminalError::from)?;
    let who = asker(&actor);
    let new = NewTerminal {
        gate,
        name: given.name,
        kind: given.kind,
        way: given.way,
        serial: given.serial,
        networks: given.networks,
        least_score: given.least_score,
    };
    let done = app.db.write(actor.author(), move |tx| store::register(tx, &seal, who, &new)).await?;
    let said = RegisteredOut { device: done.device, secret: done.secret };
    Ok((StatusCode::CREATED, axum::Json(said)).into_response())
}

/// Somebody that terminals may recognise.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
struct KeyOut {
    person_key: String,
    code: String,
    name: String,
}

/// Everybody who agreed to the use of face data, each with the number that terminals call them by.
#[utoipa::path(post, path = "/api/v1/terminal-keys", tag = "terminals",
    responses((status = 200, body = Vec<KeyOut>), (status = "4XX", body = Problem)))]
async fn keys(
    actor: Actor<ManageAttendance>,
    State(app): State<App>,
) -> Result<axum::Json<Vec<KeyOut>>, AppError> {
    let all = app.db.write(actor.author(), store::keys).await?;
    let out =
        all.into_iter().map(|one| KeyOut { person_key: one.person_key, code: one.code, name: one.name });
    Ok(axum::Json(out.collect()))
}
