//! What devices and programs ask of gates: the gates, codes and devices here, each further subject in its own file.

mod carried;
mod conflicts;
mod scans;
mod words;

use axum::{
    Router,
    extract::{DefaultBodyLimit, Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post, put},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use platform::{
    api::{self, Answer, IdempotencyKey, Json},
    app::App,
    audit::Author,
    identity::Actor,
    web::{AppError, Problem},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use utoipa::OpenApi;

use super::{
    GateError,
    heard::Heard,
    model::{DeviceId, DeviceRole, Direction, Gate, NewGate},
    query,
    store::{self, CodeFor},
};
use crate::attendance::{ManageAttendance, ReadAttendance};

/// A batch of five thousand scans with codes of 251 digits.
const BODY: usize = 4 << 20;
/// A supervisor's word with its picture.
const WORD: usize = 1 << 20;

/// The routes, under `/api/v1`.
pub fn routes() -> Router<App> {
    let v1 = Router::new()
        .route("/gates", get(list))
        .route("/gates/{gate}", put(put_gate))
        .route("/gates/{gate}/codes", post(make_code))
        .route("/gates/{gate}/scans", post(scans::scans).layer(DefaultBodyLimit::max(BODY)))
        .route("/gates/{gate}/looks", post(scans::look))
        .route("/gates/{gate}/words", post(words::give).layer(DefaultBodyLimit::max(WORD)))
        .route("/gates/{gate}/snapshot", get(carried::whole_list))
        .route("/gates/{gate}/people", get(carried::search))
        .route("/gates/{gate}/people/{code}/photo", get(carried::photo))
        .route("/gates/{gate}/people/{code}/lock", post(words::lock))
        .route("/gates/{gate}/photos/{file}", get(carried::sealed_photo))
        .route("/gate-enrolments", post(enrol))
        .route("/gate-devices", get(devices))
        .route("/gate-devices/{device}/end", post(end))
        .route("/congress-sessions/{slug}/conflicts", get(conflicts::conflicts).post(conflicts::decide));
    Router::new().nest("/api/v1", v1)
}

#[derive(OpenApi)]
#[openapi(
    paths(list, put_gate, make_code, enrol, devices, end, scans::scans, scans::look, words::give, words::lock,
        carried::whole_list, carried::search, carried::photo, carried::sealed_photo, conflicts::conflicts,
        conflicts::decide),
    tags((name = "gates", description = "Lanes, their devices, scans and what conflicts after a merge"))
)]
struct Doc;

/// What the routes are, for the document of the whole product.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}

/// The gates, by zone and lane.
#[utoipa::path(get, path = "/api/v1/gates", tag = "gates",
    responses((status = 200, body = Vec<Gate>), (status = "4XX", body = Problem)))]
async fn list(
    _actor: Actor<ReadAttendance>,
    State(app): State<App>,
) -> Result<axum::Json<Vec<Gate>>, AppError> {
    Ok(axum::Json(app.db.read(query::gates).await?))
}

/// What is written down about a gate.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct GateIn {
    name: String,
    /// The zone behind it: a bit of a pass.
    zone: u8,
    /// Its number among the lanes of the zone.
    lane: u16,
    direction: Direction,
    /// Whether it is one of the lanes that passes are shared among.
    open: bool,
    /// Whether nobody counts before the steward presses.
    #[serde(default)]
    confirms: bool,
    /// The sessions whose people come through; none names all.
    #[serde(default)]
    sessions: Vec<String>,
    /// The version that was seen; 0 for a new gate.
    version: i64,
}

/// Sets a gate.
#[utoipa::path(put, path = "/api/v1/gates/{gate}", tag = "gates", request_body = GateIn,
    params(("gate" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object), (status = "4XX", body = Problem)))]
async fn put_gate(
    actor: Actor<ManageAttendance>,
    State(app): State<App>,
    Path(gate): Path<String>,
    key: IdempotencyKey,
    body: Json<GateIn>,
) -> Result<Answer, AppError> {
    let hash = Sha256::new().chain_update(body.hash()).chain_update(&gate).finalize().into();
    let given = body.into_inner();
    let new = NewGate {
        slug: gate,
        name: given.name,
        zone: given.zone,
        lane: given.lane,
        direction: given.direction,
        is_open: given.open,
        confirms: given.confirms,
        sessions: given.sessions,
    };
    api::idempotent::<GateError, _>(&app.db, &actor, &key, "gate.saved", hash, move |tx| {
        Ok(store::put(tx, given.version, &new)?.map(|slug| (StatusCode::OK, json!({ "slug": slug }))))
    })
    .await
}

#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct CodeIn {
    /// Whether a supervisor will hold the device; `role` says more.
    #[serde(default)]
    supervisor: bool,
    /// What the device will be for; a steward's when neither is given.
    #[serde(default)]
    role: Option<DeviceRole>,
    /// From when it works; at once when not given.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "date-time")]
    from: Option<Timestamp>,
    /// Until when it works; thirty days when not given.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "date-time")]
    until: Option<Timestamp>,
}

/// Makes a one-time code for a device: two minutes, once. The device will act for the office that asks.
#[utoipa::path(post, path = "/api/v1/gates/{gate}/codes", tag = "gates", request_body = CodeIn,
    params(("gate" = String, Path)), responses((status = 201, body = Object), (status = "4XX", body = Problem)))]
async fn make_code(
    actor: Actor<ManageAttendance>,
    State(app): State<App>,
    Path(gate): Path<String>,
    body: Json<CodeIn>,
) -> Result<Response, AppError> {
    let (who, given) = (store::asker(&actor), body.into_inner());
    let usual = if given.supervisor { DeviceRole::Supervisor } else { DeviceRole::Steward };
    let new = CodeFor { role: given.role.unwrap_or(usual), from: given.from, until: given.until };
    let (code, expires) =
        app.db.write(actor.author(), move |tx| store::make_code(tx, who, &gate, &new)).await?;
    let said = json!({ "code": code.text, "expires": expires });
    Ok((StatusCode::CREATED, axum::Json(said)).into_response())
}

#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct EnrolIn {
    /// The one-time code.
    code: String,
    /// What the device is called; the gate's name when not given.
    #[serde(default)]
    name: String,
    /// The public half of a key that never leaves the device: the uncompressed point of P-256, Base64.
    #[serde(default)]
    public_key: Option<String>,
}

/// What a device is told when it joins.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
struct EnrolOut {
    #[schema(value_type = String, format = "uuid")]
    device: DeviceId,
    gate: Gate,
    supervisor: bool,
    role: DeviceRole,
    /// Told once; goes into `Authorization: Bearer`.
    token: String,
}

/// Lets a device join a gate by its code. Whoever has the code needs nothing else.
#[utoipa::path(post, path = "/api/v1/gate-enrolments", tag = "gates", request_body = EnrolIn,
    responses((status = 201, body = EnrolOut), (status = "4XX", body = Problem)))]
async fn enrol(State(app): State<App>, body: Json<EnrolIn>) -> Result<Response, AppError> {
    let given = body.into_inner();
    let public_key = match &given.public_key {
        None => None,
        Some(text) => match STANDARD.decode(text) {
            Ok(point) if point.len() == 65 && point.first() == Some(&4) => Some(point),
            _ => return Err(AppError::bad_request()),
        },
    };
    let joined = app
        .db
        .write(&Author::system("gates"), move |tx| {
            store::join(tx, &given.code, &given.name, public_key.as_deref())
        })
        .await?;
    let said = EnrolOut {
        device: joined.device,
        gate: joined.gate,
        supervisor: joined.role.supervises(),
        role: joined.role,
        token: joined.token,
    };
    Ok((StatusCode::CREATED, axum::Json(said)).into_response())
}

/// A device of a gate.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
struct DeviceOut {
    #[schema(value_type = String, format = "uuid")]
    id: DeviceId,
    gate: String,
    name: String,
    supervisor: bool,
    role: DeviceRole,
    /// Until when it works.
    #[schema(value_type = Option<String>, format = "date-time")]
    until: Option<Timestamp>,
    #[schema(value_type = String, format = "date-time")]
    seen: Timestamp,
    /// Whether it may be deciding alone.
    silent: bool,
    /// How far its clock is behind the server's.
    offset_ms: i64,
    /// Scans that wait on it.
    waiting: u32,
    battery: Option<u8>,
}

/// The devices that have not been sent away.
#[utoipa::path(get, path = "/api/v1/gate-devices", tag = "gates",
    responses((status = 200, body = Vec<DeviceOut>), (status = "4XX", body = Problem)))]
async fn devices(
    _actor: Actor<ReadAttendance>,
    State(app): State<App>,
) -> Result<axum::Json<Vec<DeviceOut>>, AppError> {
    let heard = app.kept.of::<Heard>();
    let out = app
        .db
        .read(move |tx| {
            let now = tx.now();
            let all = query::devices(tx)?.into_iter().map(|device| {
                let told = heard.told(device.id);
                DeviceOut {
                    id: device.id,
                    seen: heard.last(&device),
                    silent: heard.is_silent(&device, now),
                    offset_ms: told.map_or(device.offset_ms, |told| told.offset_ms),
                    waiting: told.map_or(device.waiting, |told| told.waiting),
                    battery: told.map_or(device.battery, |told| told.battery),
                    gate: device.gate,
                    name: device.name,
                    supervisor: device.supervisor,
                    role: device.role,
                    until: device.until_at,
                }
            });
            Ok::<_, GateError>(all.collect())
        })
        .await?;
    Ok(axum::Json(out))
}

/// Sends a device away: its token opens nothing any more.
#[utoipa::path(post, path = "/api/v1/gate-devices/{device}/end", tag = "gates", params(("device" = String, Path)),
    responses((status = 204), (status = "4XX", body = Problem)))]
async fn end(
    actor: Actor<ManageAttendance>,
    State(app): State<App>,
    platform::web::Path(device): platform::web::Path<DeviceId>,
) -> Result<StatusCode, AppError> {
    app.db.write(actor.author(), move |tx| store::end(tx, device)).await?;
    Ok(StatusCode::NO_CONTENT)
}
