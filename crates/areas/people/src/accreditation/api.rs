//! Agencies, nominations and their steps as JSON. There is no field for a reason, and an unknown one is refused.

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    routing::{get, post},
};
use jiff::Timestamp;
use platform::{
    api::{self, Answer, IdempotencyKey, Json, PageOf, Paging, Query},
    app::App,
    identity::Actor,
    web::{AppError, Problem},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use utoipa::OpenApi;

use super::{
    ManagePress, PressError, ReadPress, VetPress,
    model::{AgencyKind, Entry, PressRole, Progress, VettingResult},
    query,
    store::{self, NewAgency, NewBatch, NewException, NewNominee},
    vetting,
};

#[derive(OpenApi)]
#[openapi(
    paths(agencies, enter, put_batch, except, list, one, nominate, change, pass, vet, withdraw),
    tags((name = "accreditation", description = "Press agencies, whom they nominate, and the two vettings"))
)]
struct Described;

/// What this area describes of itself in OpenAPI.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Described::openapi()
}

/// The API.
pub fn routes() -> Router<App> {
    let v1 = Router::new()
        .route("/press-agencies", get(agencies).post(enter))
        .route("/press-agencies/{no}/batches", post(put_batch))
        .route("/press-agencies/{no}/exceptions", post(except))
        .route("/press-agencies/{no}/nominations", post(nominate))
        .route("/press-nominations", get(list))
        .route("/press-nominations/{no}", get(one).put(change))
        .route("/press-nominations/{no}/first-vetting", post(pass))
        .route("/press-nominations/{no}/second-vetting", post(vet))
        .route("/press-nominations/{no}/withdrawal", post(withdraw));
    Router::new().nest("/api/v1", v1)
}

/// The body of a call together with the thing that its address names.
fn hash(no: u32, body: [u8; 32]) -> [u8; 32] {
    Sha256::new().chain_update(body).chain_update(no.to_be_bytes()).finalize().into()
}

/// A batch of an agency.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
struct PressBatchOut {
    no: u32,
    version: i64,
    quota: u32,
    /// Those who take a place of it.
    taken: usize,
    #[schema(value_type = String, format = DateTime)]
    deadline: Timestamp,
}

/// An agency of the press.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
struct PressAgencyOut {
    no: u32,
    name: String,
    kind: AgencyKind,
    batches: Vec<PressBatchOut>,
}

/// Agencies by name, with their batches.
#[utoipa::path(get, path = "/api/v1/press-agencies", tag = "accreditation",
    responses((status = 200, body = Vec<PressAgencyOut>), (status = "4XX", body = Problem)))]
async fn agencies(
    _actor: Actor<ReadPress>,
    State(app): State<App>,
) -> Result<axum::Json<Vec<PressAgencyOut>>, AppError> {
    let (agencies, batches, entries) = app
        .db
        .read(|tx| Ok::<_, PressError>((query::agencies(tx)?, query::batches(tx)?, query::entries(tx)?)))
        .await?;
    let out = agencies
        .into_iter()
        .map(|agency| PressAgencyOut {
            no: agency.no,
            name: agency.name,
            kind: agency.kind,
            batches: batches
                .iter()
                .filter(|batch| batch.agency == agency.id)
                .map(|batch| PressBatchOut {
                    no: batch.no,
                    version: batch.version,
                    quota: batch.quota,
                    taken: entries
                        .iter()
                        .map(|one| &one.nominee)
                        .filter(|one| one.agency == agency.id && one.batch == batch.no)
                        .filter(|one| one.state.takes_place())
                        .count(),
                    deadline: batch.deadline,
                })
                .collect(),
        })
        .collect();
    Ok(axum::Json(out))
}

/// An agency to be entered.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct PressAgencyIn {
    name: String,
    kind: AgencyKind,
    /// Places of its first batch.
    quota: u32,
    #[schema(value_type = String, format = DateTime)]
    deadline: Timestamp,
}

/// Enters an agency with its first batch.
#[utoipa::path(post, path = "/api/v1/press-agencies", tag = "accreditation", request_body = PressAgencyIn,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Object), (status = "4XX", body = Problem)))]
async fn enter(
    actor: Actor<ManagePress>,
    State(app): State<App>,
    key: IdempotencyKey,
    body: Json<PressAgencyIn>,
) -> Result<Answer, AppError> {
    let hash = body.hash();
    let PressAgencyIn { name, kind, quota, deadline } = body.into_inner();
    let new = NewAgency { name, kind, quota, deadline };
    api::idempotent::<PressError, _>(&app.db, &actor, &key, "press-agencies.enter", hash, move |tx| {
        Ok(store::enter(tx, &new)?.map(|no| (StatusCode::CREATED, json!({ "no": no }))))
    })
    .await
}

/// A batch as it shall be.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct PressBatchIn {
    /// The number of one that is there; a new one when not given.
    #[serde(default)]
    no: Option<u32>,
    /// The version that was seen; with the number.
    #[serde(default)]
    version: Option<i64>,
    quota: u32,
    #[schema(value_type = String, format = DateTime)]
    deadline: Timestamp,
}

/// Opens a further batch of an agency, or changes one.
#[utoipa::path(post, path = "/api/v1/press-agencies/{no}/batches", tag = "accreditation", request_body = PressBatchIn,
    params(("no" = u32, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object), (status = "4XX", body = Problem)))]
async fn put_batch(
    actor: Actor<ManagePress>,
    State(app): State<App>,
    Path(no): Path<u32>,
    key: IdempotencyKey,
    body: Json<PressBatchIn>,
) -> Result<Answer, AppError> {
    let hash = hash(no, body.hash());
    let new = NewBatch {
        known: body.no.map(|batch| (batch, body.version.unwrap_or(0))),
        quota: body.quota,
        deadline: body.deadline,
    };
    api::idempotent::<PressError, _>(&app.db, &actor, &key, "press-agencies.batch", hash, move |tx| {
        Ok(store::put_batch(tx, no, new)?.map(|batch| (StatusCode::OK, json!({ "no": batch }))))
    })
    .await
}

/// What is let through beyond quota or deadline.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct PressExceptionIn {
    batch: u32,
    #[serde(default)]
    places: u32,
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
    /// The paper or order that it stands on.
    basis: String,
}

/// Puts an exception on record. The office that does so cannot nominate by it.
#[utoipa::path(post, path = "/api/v1/press-agencies/{no}/exceptions", tag = "accreditation",
    request_body = PressExceptionIn, params(("no" = u32, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Object), (status = "4XX", body = Problem)))]
async fn except(
    actor: Actor<VetPress>,
    State(app): State<App>,
    Path(no): Path<u32>,
    key: IdempotencyKey,
    body: Json<PressExceptionIn>,
) -> Result<Answer, AppError> {
    let hash = hash(no, body.hash());
    let PressExceptionIn { batch, places, until, basis } = body.into_inner();
    let new = NewException { batch, places, until, basis };
    api::idempotent::<PressError, _>(&app.db, &actor, &key, "press-agencies.except", hash, move |tx| {
        Ok(store::except(tx, no, &new)?.map(|id| (StatusCode::CREATED, json!({ "id": id }))))
    })
    .await
}

/// A nomination.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
struct NominationOut {
    no: u32,
    version: i64,
    /// The number of the agency.
    agency: u32,
    batch: u32,
    name: String,
    role: PressRole,
    card: String,
    equipment: String,
    standing: Progress,
    /// What it lacks before the first vetting.
    gaps: Vec<&'static str>,
    /// Whether an exception let it through.
    excepted: bool,
    /// The code on the roll, once approved.
    #[serde(skip_serializing_if = "String::is_empty")]
    code: String,
    /// How far the badge is.
    #[serde(skip_serializing_if = "Option::is_none")]
    badge: Option<&'static str>,
}

impl From<Entry> for NominationOut {
    fn from(one: Entry) -> Self {
        let nominee = one.nominee;
        Self {
            no: nominee.no,
            version: nominee.version,
            agency: one.agency.no,
            batch: nominee.batch,
            standing: nominee.standing(),
            gaps: nominee.gaps().into_iter().map(|gap| gap.as_str()).collect(),
            name: nominee.name,
            role: nominee.role,
            card: nominee.card,
            equipment: nominee.equipment,
            excepted: nominee.excepted,
            code: one.code,
            badge: one.badge.map(|state| state.as_str()),
        }
    }
}

/// Nominations by name.
#[utoipa::path(get, path = "/api/v1/press-nominations", tag = "accreditation", params(
    ("limit" = Option<u32>, Query), ("after" = Option<String>, Query)),
    responses((status = 200, body = PageOf<NominationOut>), (status = "4XX", body = Problem)))]
async fn list(
    _actor: Actor<ReadPress>,
    State(app): State<App>,
    Query(paging): Query<Paging>,
) -> Result<PageOf<NominationOut>, AppError> {
    let all = app.db.read(query::entries).await?;
    let out: Vec<NominationOut> = all.into_iter().map(NominationOut::from).collect();
    Ok(paging.cut(out, |one| one.no.to_string()))
}

/// One nomination.
#[utoipa::path(get, path = "/api/v1/press-nominations/{no}", tag = "accreditation", params(("no" = u32, Path)),
    responses((status = 200, body = NominationOut), (status = "4XX", body = Problem)))]
async fn one(
    _actor: Actor<ReadPress>,
    State(app): State<App>,
    Path(no): Path<u32>,
) -> Result<axum::Json<NominationOut>, AppError> {
    Ok(axum::Json(app.db.read(move |tx| query::entry(tx, no)).await?.into()))
}

/// Somebody to be nominated.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NomineeIn {
    name: String,
    role: PressRole,
    #[serde(default)]
    card: String,
    #[serde(default)]
    equipment: String,
}

impl From<NomineeIn> for NewNominee {
    fn from(given: NomineeIn) -> Self {
        Self { name: given.name, role: Some(given.role), card: given.card, equipment: given.equipment }
    }
}

/// Whom an agency nominates.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NominationsIn {
    batch: u32,
    /// At most 200; all of them or nobody.
    people: Vec<NomineeIn>,
}

/// Nominates people of an agency: all of them, or nobody.
#[utoipa::path(post, path = "/api/v1/press-agencies/{no}/nominations", tag = "accreditation",
    request_body = NominationsIn, params(("no" = u32, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Object), (status = "4XX", body = Problem)))]
async fn nominate(
    actor: Actor<ManagePress>,
    State(app): State<App>,
    Path(no): Path<u32>,
    key: IdempotencyKey,
    body: Json<NominationsIn>,
) -> Result<Answer, AppError> {
    let hash = hash(no, body.hash());
    let NominationsIn { batch, people } = body.into_inner();
    let people: Vec<NewNominee> = people.into_iter().map(NewNominee::from).collect();
    api::idempotent::<PressError, _>(&app.db, &actor, &key, "press-nominations.enter", hash, move |tx| {
        let done = store::nominate(tx, no, batch, &people)?;
        Ok(done.map(|numbers| (StatusCode::CREATED, json!({ "numbers": numbers }))))
    })
    .await
}

/// A nomination as it shall be.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NominationIn {
    /// The version that was seen.
    version: i64,
    name: String,
    role: PressRole,
    #[serde(default)]
    card: String,
    #[serde(default)]
    equipment: String,
}

/// Changes a nomination; another name, role or card is vetted from the beginning.
#[utoipa::path(put, path = "/api/v1/press-nominations/{no}", tag = "accreditation", request_body = NominationIn,
    params(("no" = u32, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = "4XX", body = Problem)))]
async fn change(
    actor: Actor<ManagePress>,
    State(app): State<App>,
    Path(no): Path<u32>,
    key: IdempotencyKey,
    body: Json<NominationIn>,
) -> Result<Answer, AppError> {
    let hash = hash(no, body.hash());
    let NominationIn { version, name, role, card, equipment } = body.into_inner();
    let new = NewNominee { name, role: Some(role), card, equipment };
    api::idempotent::<PressError, _>(&app.db, &actor, &key, "press-nominations.change", hash, move |tx| {
        Ok(store::change(tx, no, version, &new)?.with((StatusCode::NO_CONTENT, json!(null))))
    })
    .await
}

/// The organiser finds the file complete and passes it on.
#[utoipa::path(post, path = "/api/v1/press-nominations/{no}/first-vetting", tag = "accreditation",
    params(("no" = u32, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = "4XX", body = Problem)))]
async fn pass(
    actor: Actor<ManagePress>,
    State(app): State<App>,
    Path(no): Path<u32>,
    key: IdempotencyKey,
) -> Result<Answer, AppError> {
    let hash = hash(no, [0; 32]);
    api::idempotent::<PressError, _>(&app.db, &actor, &key, "press-nominations.pass", hash, move |tx| {
        Ok(vetting::pass(tx, no)?.with((StatusCode::NO_CONTENT, json!(null))))
    })
    .await
}

/// The result of the second vetting, and nothing but the result.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct VerdictIn {
    result: VettingResult,
}

/// The result of the security authority. There is no field for a reason.
#[utoipa::path(post, path = "/api/v1/press-nominations/{no}/second-vetting", tag = "accreditation",
    request_body = VerdictIn, params(("no" = u32, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = "4XX", body = Problem)))]
async fn vet(
    actor: Actor<VetPress>,
    State(app): State<App>,
    Path(no): Path<u32>,
    key: IdempotencyKey,
    body: Json<VerdictIn>,
) -> Result<Answer, AppError> {
    let (hash, verdict) = (hash(no, body.hash()), body.result);
    api::idempotent::<PressError, _>(&app.db, &actor, &key, "press-nominations.vet", hash, move |tx| {
        Ok(vetting::vet(tx, no, verdict)?.with((StatusCode::NO_CONTENT, json!(null))))
    })
    .await
}

/// The agency takes the nomination back; who was on the roll leaves it, and the badge opens nothing any more.
#[utoipa::path(post, path = "/api/v1/press-nominations/{no}/withdrawal", tag = "accreditation",
    params(("no" = u32, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = "4XX", body = Problem)))]
async fn withdraw(
    actor: Actor<ManagePress>,
    State(app): State<App>,
    Path(no): Path<u32>,
    key: IdempotencyKey,
) -> Result<Answer, AppError> {
    let hash = hash(no, [0; 32]);
    api::idempotent::<PressError, _>(&app.db, &actor, &key, "press-nominations.withdraw", hash, move |tx| {
        Ok(vetting::withdraw(tx, no)?.with((StatusCode::NO_CONTENT, json!(null))))
    })
    .await
}
