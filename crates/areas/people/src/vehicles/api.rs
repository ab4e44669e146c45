//! Vehicles, parking lots and passes as JSON. A driver's telephone is in an answer only with the right to contacts.

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    routing::{get, post},
};
use jiff::civil::Date;
use platform::{
    api::{self, Answer, IdempotencyKey, Json, PageOf, Paging, Query},
    app::App,
    identity::{Actor, Capability, Right},
    web::{AppError, Problem},
};
use rules::badge::BadgeAct;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use utoipa::OpenApi;

use super::{
    AREA, DecidePasses, HandPasses, ManageVehicles, ReadVehicles, VehicleError,
    model::{Line, PassId, VehicleKind, VehicleStatus},
    passes, query,
    store::{self, NewVehicle},
};
use crate::{badges::seal::Seal, delegates::CONTACTS};

#[derive(OpenApi)]
#[openapi(
    paths(list, one, register, change, withdraw, lots, put_lot, request, approve, print, act, reissue),
    tags((name = "vehicles", description = "Vehicles, parking lots, and the passes behind windscreens"))
)]
struct Described;

/// What this area describes of itself in OpenAPI.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Described::openapi()
}

/// The API.
pub fn routes() -> Router<App> {
    let v1 = Router::new()
        .route("/vehicles", get(list).post(register))
        .route("/vehicles/{no}", get(one).put(change))
        .route("/vehicles/{no}/withdrawal", post(withdraw))
        .route("/vehicles/{no}/pass-moves", post(act))
        .route("/vehicles/{no}/new-pass", post(reissue))
        .route("/parking-lots", get(lots).post(put_lot))
        .route("/vehicle-passes/requests", post(request))
        .route("/vehicle-passes/approvals", post(approve))
        .route("/vehicle-passes/prints", post(print));
    Router::new().nest("/api/v1", v1)
}

/// The body of a call together with the vehicle that its address names.
fn hash(no: u32, body: [u8; 32]) -> [u8; 32] {
    Sha256::new().chain_update(body).chain_update(no.to_be_bytes()).finalize().into()
}

fn contacts<C: Capability>(actor: &Actor<C>) -> bool {
    actor.may(CONTACTS, Right::Read, None)
}

/// A vehicle with the pass that counts.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
struct VehicleOut {
    no: u32,
    version: i64,
    code: String,
    plate: String,
    kind: VehicleKind,
    unit: String,
    driver: String,
    /// Only with the right to contacts.
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lot: Option<String>,
    #[schema(value_type = String, format = Date)]
    first_day: Date,
    #[schema(value_type = String, format = Date)]
    last_day: Date,
    #[serde(skip_serializing_if = "Option::is_none")]
    convoy: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<u16>,
    status: VehicleStatus,
    /// The copy that counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pass: Option<VehiclePassOut>,
}

/// One copy of a pass.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
struct VehiclePassOut {
    id: String,
    copy: u32,
    state: &'static str,
    /// What does not agree with the register any more.
    mismatches: Vec<&'static str>,
}

impl VehicleOut {
    fn of(line: Line, phone: Option<String>) -> Self {
        let pass = line.pass.as_ref().map(|pass| VehiclePassOut {
            id: pass.id.to_string(),
            copy: pass.copy,
            state: pass.state.as_str(),
            mismatches: pass.mismatches(&line.vehicle).into_iter().map(|what| what.as_str()).collect(),
        });
        let one = line.vehicle;
        Self {
            no: one.no,
            version: one.version,
            code: one.code(),
            plate: one.plate,
            kind: one.kind,
            unit: one.unit,
            driver: one.driver,
            phone,
            lot: one.lot,
            first_day: one.first_day,
            last_day: one.last_day,
            convoy: one.convoy,
            place: one.place,
            status: one.status,
            pass,
        }
    }
}

/// Vehicles: convoys in their order, then the others by plate.
#[utoipa::path(get, path = "/api/v1/vehicles", tag = "vehicles", params(
    ("limit" = Option<u32>, Query), ("after" = Option<String>, Query)),
    responses((status = 200, body = PageOf<VehicleOut>), (status = "4XX", body = Problem)))]
async fn list(
    actor: Actor<ReadVehicles>,
    State(app): State<App>,
    Query(paging): Query<Paging>,
) -> Result<PageOf<VehicleOut>, AppError> {
    let sees = contacts(&actor);
    let (lines, phones) = app
        .db
        .read(move |tx| {
            let phones = if sees { query::phones(tx)? } else { Default::default() };
            Ok::<_, VehicleError>((query::lines(tx)?, phones))
        })
        .await?;
    let out: Vec<VehicleOut> = lines
        .into_iter()
        .map(|line| {
            let phone = sees.then(|| phones.get(&line.vehicle.id).cloned().unwrap_or_default());
            VehicleOut::of(line, phone)
        })
        .collect();
    Ok(paging.cut(out, |one| one.no.to_string()))
}

/// One vehicle.
#[utoipa::path(get, path = "/api/v1/vehicles/{no}", tag = "vehicles", params(("no" = u32, Path)),
    responses((status = 200, body = VehicleOut), (status = "4XX", body = Problem)))]
async fn one(
    actor: Actor<ReadVehicles>,
    State(app): State<App>,
    Path(no): Path<u32>,
) -> Result<axum::Json<VehicleOut>, AppError> {
    let sees = contacts(&actor);
    let out = app
        .db
        .read(move |tx| {
            let vehicle = query::vehicle(tx, no)?;
            let phone = if sees { Some(query::phone(tx, vehicle.id)?) } else { None };
            let pass = query::copies(tx, vehicle.id)?.into_iter().next();
            Ok::<_, VehicleError>(VehicleOut::of(Line { vehicle, pass }, phone))
        })
        .await?;
    Ok(axum::Json(out))
}

/// A vehicle as it shall be.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct VehicleIn {
    /// The version that was seen; not for a new one.
    #[serde(default)]
    version: i64,
    /// In any spelling.
    plate: String,
    kind: VehicleKind,
    unit: String,
    #[serde(default)]
    driver: String,
    /// Refused without the right to contacts; leaves what is there when not given.
    #[serde(default)]
    phone: Option<String>,
    #[serde(default)]
    lot: String,
    #[schema(value_type = String, format = Date)]
    first_day: Date,
    #[schema(value_type = String, format = Date)]
    last_day: Date,
    /// With its place, or neither.
    #[serde(default)]
    convoy: Option<u16>,
    #[serde(default)]
    place: Option<u16>,
}

impl VehicleIn {
    fn read(self, sees: bool) -> Result<NewVehicle, AppError> {
        if self.phone.is_some() && !sees {
            return Err(AppError::forbidden());
        }
        let convoy = match (self.convoy, self.place) {
            (None, None) => None,
            // One without the other is a place that no convoy has.
            (convoy, place) => Some((convoy.unwrap_or(0), place.unwrap_or(0))),
        };
        Ok(NewVehicle {
            plate: self.plate,
            kind: self.kind,
            unit: self.unit,
            driver: self.driver,
            phone: self.phone,
            lot: self.lot,
            first_day: self.first_day,
            last_day: self.last_day,
            convoy,
        })
    }
}

/// Registers a vehicle.
#[utoipa::path(post, path = "/api/v1/vehicles", tag = "vehicles", request_body = VehicleIn,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Object), (status = "4XX", body = Problem)))]
async fn register(
    actor: Actor<ManageVehicles>,
    State(app): State<App>,
    key: IdempotencyKey,
    body: Json<VehicleIn>,
) -> Result<Answer, AppError> {
    let hash = body.hash();
    let new = body.into_inner().read(contacts(&actor))?;
    api::idempotent::<VehicleError, _>(&app.db, &actor, &key, "vehicles.register", hash, move |tx| {
        Ok(store::register(tx, &new)?.map(|no| (StatusCode::CREATED, json!({ "no": no }))))
    })
    .await
}

/// Changes a vehicle.
#[utoipa::path(put, path = "/api/v1/vehicles/{no}", tag = "vehicles", request_body = VehicleIn,
    params(("no" = u32, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = "4XX", body = Problem)))]
async fn change(
    actor: Actor<ManageVehicles>,
    State(app): State<App>,
    Path(no): Path<u32>,
    key: IdempotencyKey,
    body: Json<VehicleIn>,
) -> Result<Answer, AppError> {
    let (hash, version) = (hash(no, body.hash()), body.version);
    let new = body.into_inner().read(contacts(&actor))?;
    api::idempotent::<VehicleError, _>(&app.db, &actor, &key, "vehicles.change", hash, move |tx| {
        Ok(store::change(tx, no, version, &new)?.with((StatusCode::NO_CONTENT, json!(null))))
    })
    .await
}

/// Takes a vehicle out of the register; its pass opens nothing any more.
#[utoipa::path(post, path = "/api/v1/vehicles/{no}/withdrawal", tag = "vehicles",
    params(("no" = u32, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = "4XX", body = Problem)))]
async fn withdraw(
    actor: Actor<ManageVehicles>,
    State(app): State<App>,
    Path(no): Path<u32>,
    key: IdempotencyKey,
) -> Result<Answer, AppError> {
    let hash = hash(no, [0; 32]);
    api::idempotent::<VehicleError, _>(&app.db, &actor, &key, "vehicles.withdraw", hash, move |tx| {
        Ok(store::withdraw(tx, no)?.with((StatusCode::NO_CONTENT, json!(null))))
    })
    .await
}

/// A parking lot.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
struct ParkingLotOut {
    code: String,
    name: String,
    capacity: u32,
    /// Vehicles on the fullest day.
    load: usize,
    version: i64,
}

/// Parking lots by code.
#[utoipa::path(get, path = "/api/v1/parking-lots", tag = "vehicles",
    responses((status = 200, body = Vec<ParkingLotOut>), (status = "4XX", body = Problem)))]
async fn lots(
    _actor: Actor<ReadVehicles>,
    State(app): State<App>,
) -> Result<axum::Json<Vec<ParkingLotOut>>, AppError> {
    let (lots, loads) =
        app.db.read(|tx| Ok::<_, VehicleError>((query::lots(tx)?, query::loads(tx)?))).await?;
    let out = lots.into_iter().map(|lot| ParkingLotOut {
        load: loads.get(&lot.code).copied().unwrap_or_default(),
        code: lot.code,
        name: lot.name,
        capacity: lot.capacity,
        version: lot.version,
    });
    Ok(axum::Json(out.collect()))
}

/// A parking lot as it shall be.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct ParkingLotIn {
    code: String,
    name: String,
    capacity: u32,
    /// The version that was seen; not for a new one.
    #[serde(default)]
    version: i64,
}

/// Enters or changes a parking lot.
#[utoipa::path(post, path = "/api/v1/parking-lots", tag = "vehicles", request_body = ParkingLotIn,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object), (status = "4XX", body = Problem)))]
async fn put_lot(
    actor: Actor<ManageVehicles>,
    State(app): State<App>,
    key: IdempotencyKey,
    body: Json<ParkingLotIn>,
) -> Result<Answer, AppError> {
    let hash = body.hash();
    let lot = body.into_inner();
    api::idempotent::<VehicleError, _>(&app.db, &actor, &key, "parking-lots.put", hash, move |tx| {
        let done = store::put_lot(tx, &lot.code, &lot.name, lot.capacity, lot.version)?;
        Ok(done.map(|code| (StatusCode::OK, json!({ "code": code }))))
    })
    .await
}

/// Vehicles by their numbers.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct VehiclesIn {
    vehicles: Vec<u32>,
}

/// Asks for passes; vehicles that have one or were withdrawn are passed over.
#[utoipa::path(post, path = "/api/v1/vehicle-passes/requests", tag = "vehicles", request_body = VehiclesIn,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object), (status = "4XX", body = Problem)))]
async fn request(
    actor: Actor<ManageVehicles>,
    State(app): State<App>,
    key: IdempotencyKey,
    body: Json<VehiclesIn>,
) -> Result<Answer, AppError> {
    let hash = body.hash();
    let numbers = body.into_inner().vehicles;
    api::idempotent::<VehicleError, _>(&app.db, &actor, &key, "vehicle-passes.request", hash, move |tx| {
        Ok(passes::request(tx, &numbers)?.map(|count| (StatusCode::OK, json!({ "count": count }))))
    })
    .await
}

/// Approves passes that were asked for by another office.
#[utoipa::path(post, path = "/api/v1/vehicle-passes/approvals", tag = "vehicles", request_body = VehiclesIn,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object), (status = "4XX", body = Problem)))]
async fn approve(
    actor: Actor<DecidePasses>,
    State(app): State<App>,
    key: IdempotencyKey,
    body: Json<VehiclesIn>,
) -> Result<Answer, AppError> {
    let hash = body.hash();
    let numbers = body.into_inner().vehicles;
    api::idempotent::<VehicleError, _>(&app.db, &actor, &key, "vehicle-passes.approve", hash, move |tx| {
        Ok(passes::approve(tx, &numbers)?.map(|count| (StatusCode::OK, json!({ "count": count }))))
    })
    .await
}

/// Signs passes and marks them as printed, for a program that prints them itself. Of one that was printed before, a
/// new copy is made and the earlier is revoked.
#[utoipa::path(post, path = "/api/v1/vehicle-passes/prints", tag = "vehicles", request_body = VehiclesIn,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object), (status = "4XX", body = Problem)))]
async fn print(
    actor: Actor<ManageVehicles>,
    State(app): State<App>,
    key: IdempotencyKey,
    body: Json<VehiclesIn>,
) -> Result<Answer, AppError> {
    let hash = body.hash();
    let (numbers, seal) = (body.into_inner().vehicles, Seal::of(&app.config.data)?);
    api::idempotent::<VehicleError, _>(&app.db, &actor, &key, "vehicle-passes.print", hash, move |tx| {
        let done = passes::print(tx, &seal, &numbers)?;
        let mut out = Vec::with_capacity(done.value().len());
        for id in done.value() {
            let Some(pass) = query::pass(tx, *id)? else { continue };
            let vehicle = query::by_id(tx, pass.vehicle)?;
            out.push(json!({ "vehicle": vehicle.no, "id": pass.id, "copy": pass.copy, "code": pass.code }));
        }
        Ok(done.map(|_| (StatusCode::OK, json!({ "passes": out }))))
    })
    .await
}

/// What is done to a copy.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct PassMoveIn {
    /// The copy.
    #[schema(value_type = String, format = Uuid)]
    pass: PassId,
    /// `duyet` (approve), `phat` (hand out), `mat` (lost), `thu` (taken back), `huy` (destroyed).
    #[serde(rename = "move")]
    step: String,
    /// Needed for what is lost or destroyed.
    #[serde(default)]
    reason: String,
}

/// Approves, hands out, takes back, locks or destroys a copy. What is done already changes nothing.
#[utoipa::path(post, path = "/api/v1/vehicles/{no}/pass-moves", tag = "vehicles", request_body = PassMoveIn,
    params(("no" = u32, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object), (status = "4XX", body = Problem)))]
async fn act(
    actor: Actor<HandPasses>,
    State(app): State<App>,
    Path(no): Path<u32>,
    key: IdempotencyKey,
    body: Json<PassMoveIn>,
) -> Result<Answer, AppError> {
    let hash = hash(no, body.hash());
    let PassMoveIn { pass, step, reason } = body.into_inner();
    let act = BadgeAct::parse(&step);
    let needs = match act {
        Some(BadgeAct::Issue | BadgeAct::Lose | BadgeAct::Return) => Right::Contribute,
        Some(BadgeAct::Approve) => Right::Decide,
        Some(BadgeAct::Destroy) => Right::Manage,
        Some(BadgeAct::Print | BadgeAct::Replace | BadgeAct::Recall) | None => {
            return Err(AppError::invalid(Vec::new()).field("move", platform::i18n::key("badges-error-act")));
        }
    };
    if !actor.may(AREA, needs, None) {
        return Err(AppError::forbidden());
    }
    let act = act.ok_or_else(AppError::not_found)?;
    api::idempotent::<VehicleError, _>(&app.db, &actor, &key, "vehicles.pass-move", hash, move |tx| {
        let vehicle = query::vehicle(tx, no)?;
        let known = query::pass(tx, pass)?.filter(|one| one.vehicle == vehicle.id);
        known.ok_or(VehicleError::NotFound)?;
        let done = passes::act(tx, pass, act, &reason)?;
        Ok(done.map(|state| (StatusCode::OK, json!({ "state": state.as_str() }))))
    })
    .await
}

/// A new copy for a vehicle whose pass is lost, given back or destroyed.
#[utoipa::path(post, path = "/api/v1/vehicles/{no}/new-pass", tag = "vehicles",
    params(("no" = u32, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Object), (status = "4XX", body = Problem)))]
async fn reissue(
    actor: Actor<ManageVehicles>,
    State(app): State<App>,
    Path(no): Path<u32>,
    key: IdempotencyKey,
) -> Result<Answer, AppError> {
    let hash = hash(no, [0; 32]);
    api::idempotent::<VehicleError, _>(&app.db, &actor, &key, "vehicles.new-pass", hash, move |tx| {
        Ok(passes::reissue(tx, no)?.map(|id| (StatusCode::CREATED, json!({ "pass": id }))))
    })
    .await
}
