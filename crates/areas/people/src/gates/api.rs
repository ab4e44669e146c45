//! What devices and programs ask of gates.

use std::sync::Arc;

use axum::{
    Router,
    extract::{DefaultBodyLimit, Path, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post, put},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use platform::{
    api::{self, Answer, IdempotencyKey, Json, Query},
    app::App,
    audit::Author,
    db::Tx,
    files::{self, FileId, Size},
    hex,
    identity::Actor,
    params, sql,
    web::{AppError, Problem},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use utoipa::OpenApi;

use super::{
    GateError,
    cases::{self, CaseKind, Decision, Resolution},
    heard::{ALONE_AFTER, Heard, Told},
    model::{CardOut, DeviceId, Direction, Gate, NewGate, ScanIn, ScanOut, session_at},
    query, snapshot,
    store::{self, merge},
};
use crate::{
    attendance::{ManageAttendance, MarkAttendance, ReadAttendance, model::EventId, query as roll_call},
    badges::query as badges,
    delegates::{model::ParticipantId, query as roll},
};

/// People that a search at a gate shows at most.
const FOUND: usize = 30;
/// A batch of five thousand scans with codes of 251 digits.
const BODY: usize = 4 << 20;

/// The routes, under `/api/v1`.
pub fn routes() -> Router<App> {
    let v1 = Router::new()
        .route("/gates", get(list))
        .route("/gates/{gate}", put(put_gate))
        .route("/gates/{gate}/codes", post(make_code))
        .route("/gates/{gate}/scans", post(scans).layer(DefaultBodyLimit::max(BODY)))
        .route("/gates/{gate}/snapshot", get(whole_list))
        .route("/gates/{gate}/people", get(search))
        .route("/gates/{gate}/people/{code}/photo", get(photo))
        .route("/gates/{gate}/photos/{file}", get(sealed_photo))
        .route("/gate-enrolments", post(enrol))
        .route("/gate-devices", get(devices))
        .route("/gate-devices/{device}/end", post(end))
        .route("/congress-sessions/{slug}/conflicts", get(conflicts).post(decide));
    Router::new().nest("/api/v1", v1)
}

#[derive(OpenApi)]
#[openapi(
    paths(list, put_gate, make_code, enrol, devices, end, scans, whole_list, search, photo, sealed_photo, conflicts,
        decide),
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
    /// Whether a supervisor will hold the device.
    #[serde(default)]
    supervisor: bool,
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
    let (code, expires) =
        app.db.write(actor.author(), move |tx| store::make_code(tx, who, &gate, given.supervisor)).await?;
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
}

/// What a device is told when it joins.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
struct EnrolOut {
    #[schema(value_type = String, format = "uuid")]
    device: DeviceId,
    gate: Gate,
    supervisor: bool,
    /// Told once; goes into `Authorization: Bearer`.
    token: String,
}

/// Lets a device join a gate by its code. Whoever has the code needs nothing else.
#[utoipa::path(post, path = "/api/v1/gate-enrolments", tag = "gates", request_body = EnrolIn,
    responses((status = 201, body = EnrolOut), (status = "4XX", body = Problem)))]
async fn enrol(State(app): State<App>, body: Json<EnrolIn>) -> Result<Response, AppError> {
    let given = body.into_inner();
    let joined =
        app.db.write(&Author::system("gates"), move |tx| store::join(tx, &given.code, &given.name)).await?;
    let said = EnrolOut {
        device: joined.device,
        gate: joined.gate,
        supervisor: joined.supervisor,
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

// ---------------------------------------------------------------- what a device says and hears

/// What a device says: scans, or only that it is there.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct BatchIn {
    /// When it sends this, on its corrected clock.
    #[schema(value_type = String, format = "date-time")]
    sent: Timestamp,
    /// How far its clock is behind the server's, in milliseconds.
    offset_ms: i64,
    /// Scans that wait on it, those of this batch left out.
    waiting: u32,
    /// Its battery in percent, where it knows.
    #[serde(default)]
    battery: Option<u8>,
    /// The sequence of the list of the revoked that it has.
    revoked_after: u32,
    /// The `moves_to` of the answer before; the whole session when not given.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "date-time")]
    moves_after: Option<Timestamp>,
    /// None, or up to five thousand.
    scans: Vec<ScanIn>,
}

/// What the server says.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
struct BatchOut {
    /// The server's clock.
    #[schema(value_type = String, format = "date-time")]
    now: Timestamp,
    /// The verdict of each scan, in the order in which they were sent.
    results: Vec<ScanOut>,
    /// What was revoked after the sequence that the device has, in the form that the verifier takes: Base64.
    revocations: String,
    /// Where the list of the revoked stands.
    revoked_to: u32,
    /// Passes whose holders came (true) or went (false): their ids, hexadecimal.
    #[schema(value_type = Vec<Object>)]
    moves: Vec<(String, bool)>,
    /// What to ask moves after the next time.
    #[schema(value_type = String, format = "date-time")]
    moves_to: Timestamp,
    /// The session that counts now.
    session: Option<String>,
    /// The open lanes of the zone.
    lanes: Vec<u16>,
    /// Lanes that may be deciding alone.
    silent: Vec<u16>,
    /// How long after its last answered request the device decides alone.
    alone_after_ms: u64,
}

/// What changed shortly before is told again: a writer's clock may be a little behind.
const OVERLAP: std::time::Duration = std::time::Duration::from_secs(5);

fn answer(
    tx: &mut Tx<'_>,
    gate: &Gate,
    heard: &Heard,
    asked: (u32, Option<Timestamp>),
    results: Vec<ScanOut>,
) -> Result<BatchOut, GateError> {
    let now = tx.now();
    let (revoked_after, moves_after) = asked;
    let delta = badges::revocations(tx)?.since(revoked_after);
    let sessions = query::sessions_of(tx, &gate.slug)?;
    let session = session_at(&sessions, now);
    let moves = match session {
        Some(session) => query::moves(tx, session, moves_after.map(|at| at - OVERLAP))?,
        None => Vec::new(),
    };
    let lanes = query::lanes(tx, gate.zone, heard)?;
    Ok(BatchOut {
        now,
        results,
        revoked_to: delta.to,
        revocations: STANDARD.encode(delta.to_bytes()),
        moves: moves.iter().map(|(pass, inside)| (hex(pass), *inside)).collect(),
        moves_to: now,
        session: session.map(|session| session.slug.clone()),
        lanes: lanes.open,
        silent: lanes.silent,
        alone_after_ms: u64::try_from(ALONE_AFTER.as_millis()).unwrap_or(u64::MAX),
    })
}

/// Takes in what a device scanned and tells it what it has to know. Without scans it only says that it is there.
///
/// Each scan is named by the device and its number: sent twice, in halves or out of order, it counts once.
#[utoipa::path(post, path = "/api/v1/gates/{gate}/scans", tag = "gates", request_body = BatchIn,
    params(("gate" = String, Path)), responses((status = 200, body = BatchOut), (status = "4XX", body = Problem)))]
async fn scans(
    actor: Actor<MarkAttendance>,
    State(app): State<App>,
    Path(slug): Path<String>,
    body: Json<BatchIn>,
) -> Result<axum::Json<BatchOut>, AppError> {
    let given = body.into_inner();
    if given.scans.len() > merge::MOST {
        return Err(GateError::TooMany(merge::MOST).into());
    }
    let heard: Arc<Heard> = app.kept.of::<Heard>();
    let asked = (given.revoked_after, given.moves_after);
    let identity = actor.clone();
    let name = slug.clone();
    let (gate, device, now) = app
        .db
        .read(move |tx| {
            let (gate, device) = store::device_of(tx, &identity, &name)?;
            Ok::<_, GateError>((gate, device, tx.now()))
        })
        .await?;
    let told = Told {
        at: now.min(given.sent),
        offset_ms: given.offset_ms,
        waiting: given.waiting,
        battery: given.battery.filter(|percent| *percent <= 100),
        list_known: given.revoked_after,
    };
    heard.tell(device.id, told);
    let due = heard.due(now);
    if let Some(due) = due {
        app.db.write(&Author::system("gates"), move |tx| store::heard(tx, &due)).await?;
    }
    let (one, id) = (given.scans.len() == 1, device.id);
    let results = if given.scans.is_empty() {
        Vec::new()
    } else {
        let (heard, gate) = (heard.clone(), gate.clone());
        app.db
            .write(actor.author(), move |tx| merge::merge(tx, (&gate, &device), &heard, &given.scans))
            .await?
    };
    let out = app
        .db
        .read(move |tx| {
            let mut out = answer(tx, &gate, &heard, asked, results)?;
            if let (true, Some(result)) = (one, out.results.first_mut()) {
                result.card = card_of(tx, &gate, (id, result.seq))?;
            }
            Ok::<_, GateError>(out)
        })
        .await?;
    Ok(axum::Json(out))
}

/// The person of a scan that was just taken in.
fn card_of(tx: &mut Tx<'_>, gate: &Gate, scan: (DeviceId, u64)) -> Result<Option<CardOut>, GateError> {
    let who: Option<Option<ParticipantId>> = tx.scalar(
        sql!("SELECT participant FROM gate_scan WHERE device = $1 AND seq = $2"),
        params![scan.0, scan.1],
    )?;
    let Some(who) = who.flatten() else { return Ok(None) };
    let Some(who) = roll::participant(tx, who)? else { return Ok(None) };
    let sessions = query::sessions_of(tx, &gate.slug)?;
    let now = tx.now();
    let session = session_at(&sessions, now);
    let events = match session {
        Some(session) => roll_call::events_of(tx, &session.slug, who.id)?,
        None => Vec::new(),
    };
    let card = query::card(&gate.slug, &who, session, &events, now);
    Ok(Some(query::seated(tx, session, who.id, card)?))
}

/// Which list a device has.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Since {
    /// The `made_at` of the list that the device has, in milliseconds; everybody when not given.
    #[serde(default)]
    since: Option<i64>,
    /// The sequence of the list of the revoked that it has.
    #[serde(default)]
    revoked_after: u32,
}

/// The list that a device carries: each record opens only with the badge it is of.
#[utoipa::path(get, path = "/api/v1/gates/{gate}/snapshot", tag = "gates", params(("gate" = String, Path), Since),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>), (status = "4XX", body = Problem)))]
async fn whole_list(
    actor: Actor<MarkAttendance>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Query(asked): Query<Since>,
) -> Result<Response, AppError> {
    let since = match asked.since {
        Some(ms) => Some(Timestamp::from_millisecond(ms).map_err(|_| AppError::bad_request())?),
        None => None,
    };
    let heard = app.kept.of::<Heard>();
    let bytes = app
        .db
        .read(move |tx| {
            let (gate, device) = store::device_of(tx, &actor, &slug)?;
            snapshot::make(tx, (&gate, &device), &heard, since, asked.revoked_after)
        })
        .await?;
    let kind = HeaderValue::from_static("application/octet-stream");
    Ok(([(header::CONTENT_TYPE, kind)], bytes).into_response())
}

/// What is looked for.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Words {
    /// A name, a code, a number, or a group as "tổ 3".
    q: String,
}

/// Who is found at a gate by name, code, number or group.
#[utoipa::path(get, path = "/api/v1/gates/{gate}/people", tag = "gates", params(("gate" = String, Path), Words),
    responses((status = 200, body = Vec<CardOut>), (status = "4XX", body = Problem)))]
async fn search(
    actor: Actor<MarkAttendance>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Query(asked): Query<Words>,
) -> Result<axum::Json<Vec<CardOut>>, AppError> {
    let out = app
        .db
        .read(move |tx| {
            let (gate, _) = store::device_of(tx, &actor, &slug)?;
            if asked.q.trim().is_empty() {
                return Ok(Vec::new());
            }
            query::search(tx, &gate.slug, &asked.q, FOUND)
        })
        .await?;
    Ok(axum::Json(out))
}

/// Which portrait, so that another one has another address.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Which {
    /// Its file: another portrait has another address. The newest when not given.
    #[serde(default)]
    #[param(value_type = Option<String>)]
    file: Option<FileId>,
}

/// The portrait of somebody who stands at the gate.
#[utoipa::path(get, path = "/api/v1/gates/{gate}/people/{code}/photo", tag = "gates",
    params(("gate" = String, Path), ("code" = String, Path), Which),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>), (status = "4XX", body = Problem)))]
async fn photo(
    actor: Actor<MarkAttendance>,
    State(app): State<App>,
    Path((slug, code)): Path<(String, String)>,
    Query(which): Query<Which>,
) -> Result<Response, AppError> {
    let file = app
        .db
        .read(move |tx| {
            store::device_of(tx, &actor, &slug)?;
            let who = roll::by_code_any(tx, &code)?.ok_or(GateError::NotFound)?;
            let photo = who.photo.filter(|photo| which.file.is_none_or(|asked| asked == *photo));
            files::store::get(tx, photo.ok_or(GateError::NotFound)?)?.ok_or(GateError::NotFound)
        })
        .await?;
    Ok(app.files.picture(&file, Size::Small).await?)
}

/// A portrait to be carried: opens only with the badge of whose it is.
#[utoipa::path(get, path = "/api/v1/gates/{gate}/photos/{file}", tag = "gates",
    params(("gate" = String, Path), ("file" = String, Path)),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>), (status = "4XX", body = Problem)))]
async fn sealed_photo(
    actor: Actor<MarkAttendance>,
    State(app): State<App>,
    platform::web::Path((slug, file)): platform::web::Path<(String, FileId)>,
) -> Result<Response, AppError> {
    let (sealed, file) = app
        .db
        .read(move |tx| {
            store::device_of(tx, &actor, &slug)?;
            let kept = files::store::get(tx, file)?.ok_or(GateError::NotFound)?;
            Ok::<_, GateError>((snapshot::photo_key(tx, file)?, kept))
        })
        .await?;
    let small = file.small.ok_or(GateError::NotFound)?;
    let bytes = app.files.get(&small).await?;
    let bytes = sealed.seal(bytes.to_vec())?;
    let kind = HeaderValue::from_static("application/octet-stream");
    Ok(([(header::CONTENT_TYPE, kind)], bytes).into_response())
}

// ---------------------------------------------------------------- conflicts

/// A conflict of a session.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
struct CaseOut {
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
async fn conflicts(
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
struct DecisionIn {
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
async fn decide(
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
