//! Halls, plans and seats as JSON.

use std::collections::BTreeMap;

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
    routing::{get, post, put},
};
use platform::{
    api::{self, Answer, IdempotencyKey, Json, PageOf, Paging, Query},
    app::App,
    identity::Actor,
    web::{AppError, Problem},
};
use rules::seating::{
    assign::{Options, Run, Team},
    build::Spec,
    review::{Reason, Unmet, Who},
    way::{AisleName, Step},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use utoipa::OpenApi;

use super::{
    DecideSeating, MOST_BYTES, ManageSeating, ReadSeating, SeatingError,
    model::{Hall, Move, Picture, Plan, Source},
    moving, pages, pretix, query,
    store::{self, NewPlan},
};
use crate::delegates::query as roll;

#[derive(OpenApi)]
#[openapi(
    paths(halls, hall, put_hall, export, import, plans, plan, put_plan, assign, shift, pin, clear, inherit, publish,
        seats, way),
    tags((name = "seating", description = "Halls, who sits where in a session, the way to a seat"))
)]
struct Described;

/// What this area describes of itself in OpenAPI.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Described::openapi()
}

/// The API.
pub fn routes() -> Router<App> {
    let v1 = Router::new()
        .route("/seating/halls", get(halls))
        .route("/seating/halls/{slug}", get(hall).put(put_hall))
        .route(
            "/seating/halls/{slug}/pretix",
            get(export).post(import).layer(DefaultBodyLimit::max(MOST_BYTES)),
        )
        .route("/seating/plans", get(plans))
        .route("/seating/plans/{session}", get(plan).put(put_plan))
        .route("/seating/plans/{session}/assignment", post(assign))
        .route("/seating/plans/{session}/moves", post(shift))
        .route("/seating/plans/{session}/pins", put(pin))
        .route("/seating/plans/{session}/clearing", post(clear))
        .route("/seating/plans/{session}/inheritance", post(inherit))
        .route("/seating/plans/{session}/publication", put(publish))
        .route("/seating/plans/{session}/seats", get(seats))
        .route("/seating/plans/{session}/ways/{code}", get(way));
    Router::new().nest("/api/v1", v1)
}

/// The body of a call together with the thing that its address names.
fn hash(at: &str, body: [u8; 32]) -> [u8; 32] {
    Sha256::new().chain_update(body).chain_update(at.as_bytes()).finalize().into()
}

/// A hall.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
struct SeatingHallOut {
    slug: String,
    name: String,
    version: i64,
    /// How many somebody can sit on, the stage included.
    places: usize,
    /// Where it comes from: `drawn` with its description, or `imported` with its doors.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    source: Option<Source>,
    /// What stands in it, in centimetres; only of one hall.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    layout: Option<Value>,
}

impl SeatingHallOut {
    fn of(hall: Hall, places: usize) -> Self {
        Self { slug: hall.slug, name: hall.name, version: hall.version, places, source: None, layout: None }
    }
}

/// All halls by name.
#[utoipa::path(get, path = "/api/v1/seating/halls", tag = "seating",
    responses((status = 200, body = Vec<SeatingHallOut>), (status = "4XX", body = Problem)))]
async fn halls(
    _actor: Actor<ReadSeating>,
    State(app): State<App>,
) -> Result<axum::Json<Vec<SeatingHallOut>>, AppError> {
    let out = app
        .db
        .read(|tx| {
            let mut out = Vec::new();
            for hall in query::halls(tx)? {
                let places = query::known(tx, &hall.slug, hall.version)?.layout.usable();
                out.push(SeatingHallOut::of(hall, places));
            }
            Ok::<_, SeatingError>(out)
        })
        .await?;
    Ok(axum::Json(out))
}

/// One hall with its newest drawing.
#[utoipa::path(get, path = "/api/v1/seating/halls/{slug}", tag = "seating", params(("slug" = String, Path)),
    responses((status = 200, body = SeatingHallOut), (status = "4XX", body = Problem)))]
async fn hall(
    _actor: Actor<ReadSeating>,
    State(app): State<App>,
    Path(slug): Path<String>,
) -> Result<axum::Json<SeatingHallOut>, AppError> {
    let (hall, drawn) = app
        .db
        .read(move |tx| {
            let hall = query::hall(tx, &slug)?;
            let drawn = query::drawn(tx, &slug, hall.version)?;
            Ok::<_, SeatingError>((hall, drawn))
        })
        .await?;
    let mut out = SeatingHallOut::of(hall, drawn.layout.usable());
    out.source = Some(drawn.source);
    out.layout = Some(serde_json::to_value(&drawn.layout).map_err(AppError::internal)?);
    Ok(axum::Json(out))
}

/// A hall as it shall be.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct SeatingHallIn {
    /// The version that was seen; 0 for a new hall.
    #[serde(default)]
    version: i64,
    name: String,
    /// `{"drawn": {...}}` with bands, measures, stage, doors; `{"imported": [doors]}` keeps the imported places.
    #[schema(value_type = Object)]
    source: SourceIn,
}

/// Where a hall comes from, strictly read.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "snake_case")]
enum SourceIn {
    Drawn(Box<Spec>),
    Imported(Vec<rules::seating::build::DoorSpec>),
}

/// Draws a hall, anew or for the first time. Plans keep the drawing they were made on.
#[utoipa::path(put, path = "/api/v1/seating/halls/{slug}", tag = "seating", request_body = SeatingHallIn,
    params(("slug" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object), (status = "4XX", body = Problem)))]
async fn put_hall(
    actor: Actor<ManageSeating>,
    State(app): State<App>,
    Path(slug): Path<String>,
    key: IdempotencyKey,
    body: Json<SeatingHallIn>,
) -> Result<Answer, AppError> {
    let hash = hash(&slug, body.hash());
    let SeatingHallIn { version, name, source } = body.into_inner();
    let source = match source {
        SourceIn::Drawn(spec) => Source::Drawn(*spec),
        SourceIn::Imported(doors) => Source::Imported(doors),
    };
    api::idempotent::<SeatingError, _>(&app.db, &actor, &key, "seating-halls.put", hash, move |tx| {
        let done = store::put_hall(tx, &slug, version, &name, &source)?;
        Ok(done.map(|version| (StatusCode::OK, json!({ "version": version }))))
    })
    .await
}

/// The newest drawing of a hall as pretix's seating plan.
#[utoipa::path(get, path = "/api/v1/seating/halls/{slug}/pretix", tag = "seating", params(("slug" = String, Path)),
    responses((status = 200, body = Object), (status = "4XX", body = Problem)))]
async fn export(
    _actor: Actor<ReadSeating>,
    cx: platform::web::Cx,
    State(app): State<App>,
    Path(slug): Path<String>,
) -> Result<Response, AppError> {
    let (hall, drawn) = app
        .db
        .read(move |tx| {
            let hall = query::hall(tx, &slug)?;
            let drawn = query::drawn(tx, &slug, hall.version)?;
            Ok::<_, SeatingError>((hall, drawn))
        })
        .await?;
    let stage = cx.t("seating-stage");
    let bytes = pretix::write(&hall.name, &stage, &drawn.layout).map_err(AppError::internal)?;
    Ok(([(axum::http::header::CONTENT_TYPE, "application/json")], bytes).into_response())
}

/// How a foreign plan is read.
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ImportIn {
    /// The name of the hall; the plan's own when not given.
    #[serde(default)]
    name: String,
    /// How wide a seat is, in centimetres; 55 when not given.
    seat: Option<u16>,
}

/// Reads pretix's seating plan as a new hall.
#[utoipa::path(post, path = "/api/v1/seating/halls/{slug}/pretix", tag = "seating", request_body = Object,
    params(("slug" = String, Path), ImportIn, ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Object), (status = "4XX", body = Problem)))]
async fn import(
    actor: Actor<ManageSeating>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Query(about): Query<ImportIn>,
    key: IdempotencyKey,
    body: Bytes,
) -> Result<Answer, AppError> {
    // The body is foreign and has fields of its own; a key that stands twice is still refused.
    let _: Value = api::parse(&body)?;
    let hash = hash(&slug, Sha256::digest(&body).into());
    api::idempotent::<SeatingError, _>(&app.db, &actor, &key, "seating-halls.import", hash, move |tx| {
        let done = store::import_hall(tx, &slug, &about.name, &body, about.seat.unwrap_or(55))?;
        Ok(done.map(|version| (StatusCode::CREATED, json!({ "version": version }))))
    })
    .await
}

/// A plan.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
struct SeatingPlanOut {
    session: String,
    hall: String,
    /// The version of the hall.
    layout: i64,
    version: i64,
    published: bool,
    guests: bool,
    /// `ziczac` or `tung_hang`.
    #[schema(value_type = String)]
    run: Run,
    /// Whether the presidium sits on the stage.
    stage: bool,
    /// Blocks that groups shall have, by the number of the group.
    blocks: BTreeMap<u16, u16>,
    /// How many the plan is about, and how many of them sit; only of one plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    people: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seated: Option<usize>,
    /// What it does not hold; only of one plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    unmet: Option<Vec<UnmetOut>>,
    /// Seats held by people who left the roll, each an open question; only of one plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    open: Option<Vec<OpenSeatOut>>,
}

/// Something that a plan does not hold.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
struct UnmetOut {
    /// The code of the person; none for a group.
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<String>,
    /// The group: its number, `loose` or `guests`.
    #[serde(skip_serializing_if = "Option::is_none")]
    team: Option<String>,
    /// Why: `not-seated`, `hall-full`, `not-on-stage`, `stage-full`, `stranger`, `wheelchair-free`, `no-wheelchair`,
    /// `on-wheelchair`, `not-at-aisle`, `not-in-front`, `blocked`, `divided`.
    reason: &'static str,
    /// How many blocks, for `divided`.
    #[serde(skip_serializing_if = "Option::is_none")]
    parts: Option<u16>,
}

/// A seat held by somebody who left the roll.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
struct OpenSeatOut {
    person: String,
    place: Option<String>,
    /// Who took the place at the congress and has no seat.
    #[serde(skip_serializing_if = "Option::is_none")]
    comer: Option<String>,
}

fn team(team: Team) -> String {
    match team {
        Team::Group(no) => no.to_string(),
        Team::Loose => "loose".to_owned(),
        Team::Guests => "guests".to_owned(),
    }
}

fn unmet(picture: &Picture, one: Unmet) -> UnmetOut {
    UnmetOut {
        person: match one.who {
            Who::Person(at) => picture.people.get(at).map(|one| one.who.code.clone()),
            Who::Team(_) => None,
        },
        team: match one.who {
            Who::Team(named) => Some(team(named)),
            Who::Person(_) => None,
        },
        reason: one.reason.as_str(),
        parts: match one.reason {
            Reason::Divided(parts) => Some(parts),
            _ => None,
        },
    }
}

impl SeatingPlanOut {
    fn of(plan: Plan) -> Self {
        Self {
            session: plan.session,
            hall: plan.hall,
            layout: plan.layout,
            version: plan.version,
            published: plan.published,
            guests: plan.guests,
            run: plan.options.run,
            stage: plan.options.stage,
            blocks: plan.options.blocks,
            people: None,
            seated: None,
            unmet: None,
            open: None,
        }
    }
}

/// All plans.
#[utoipa::path(get, path = "/api/v1/seating/plans", tag = "seating",
    responses((status = 200, body = Vec<SeatingPlanOut>), (status = "4XX", body = Problem)))]
async fn plans(
    _actor: Actor<ReadSeating>,
    State(app): State<App>,
) -> Result<axum::Json<Vec<SeatingPlanOut>>, AppError> {
    let plans = app.db.read(query::plans).await?;
    Ok(axum::Json(plans.into_values().map(SeatingPlanOut::of).collect()))
}

async fn picture(app: &App, session: String) -> Result<Picture, SeatingError> {
    app.db.read(move |tx| query::picture(tx, &session)).await
}

/// The plan of a session, with what it does not hold.
#[utoipa::path(get, path = "/api/v1/seating/plans/{session}", tag = "seating", params(("session" = String, Path)),
    responses((status = 200, body = SeatingPlanOut), (status = "4XX", body = Problem)))]
async fn plan(
    _actor: Actor<ReadSeating>,
    State(app): State<App>,
    Path(session): Path<String>,
) -> Result<axum::Json<SeatingPlanOut>, AppError> {
    let picture = picture(&app, session).await?;
    let text = |at: Option<usize>| at.and_then(|at| picture.layout.places.get(at)).map(|one| one.id.clone());
    let mut out = SeatingPlanOut::of(picture.plan.clone());
    out.people = Some(picture.people.len());
    out.seated = Some(picture.seated());
    out.unmet = Some(picture.unmet().into_iter().map(|one| unmet(&picture, one)).collect());
    let open = picture.gone.iter().map(|one| OpenSeatOut {
        person: one.who.code.clone(),
        place: text(one.place),
        comer: one.comer.as_ref().map(|comer| comer.code.clone()),
    });
    out.open = Some(open.collect());
    Ok(axum::Json(out))
}

/// A plan as it shall be.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct SeatingPlanIn {
    /// The version that was seen; 0 for a new plan.
    #[serde(default)]
    version: i64,
    hall: String,
    #[serde(default)]
    #[schema(value_type = String)]
    run: Run,
    #[serde(default)]
    stage: bool,
    #[serde(default)]
    guests: bool,
    #[serde(default)]
    blocks: BTreeMap<u16, u16>,
}

/// Makes the plan of a session, or changes its hall and how it seats. It takes the newest drawing of the hall.
#[utoipa::path(put, path = "/api/v1/seating/plans/{session}", tag = "seating", request_body = SeatingPlanIn,
    params(("session" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = "4XX", body = Problem)))]
async fn put_plan(
    actor: Actor<ManageSeating>,
    State(app): State<App>,
    Path(session): Path<String>,
    key: IdempotencyKey,
    body: Json<SeatingPlanIn>,
) -> Result<Answer, AppError> {
    let hash = hash(&session, body.hash());
    let SeatingPlanIn { version, hall, run, stage, guests, blocks } = body.into_inner();
    let new = NewPlan { hall, options: Options { run, stage, blocks }, guests };
    api::idempotent::<SeatingError, _>(&app.db, &actor, &key, "seating-plans.put", hash, move |tx| {
        Ok(store::put_plan(tx, &session, version, &new)?.with((StatusCode::NO_CONTENT, json!(null))))
    })
    .await
}

/// The version of a plan that was seen.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct SeatingVersionIn {
    version: i64,
}

/// Seats everybody by the rules; who was placed by hand stays.
#[utoipa::path(post, path = "/api/v1/seating/plans/{session}/assignment", tag = "seating",
    request_body = SeatingVersionIn,
    params(("session" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object), (status = "4XX", body = Problem)))]
async fn assign(
    actor: Actor<ManageSeating>,
    State(app): State<App>,
    Path(session): Path<String>,
    key: IdempotencyKey,
    body: Json<SeatingVersionIn>,
) -> Result<Answer, AppError> {
    let (hash, version) = (hash(&session, body.hash()), body.version);
    api::idempotent::<SeatingError, _>(&app.db, &actor, &key, "seating-plans.assign", hash, move |tx| {
        let done = moving::assign(tx, &session, version)?;
        Ok(done.map(|out| (StatusCode::OK, json!({ "seated": out.seated, "unmet": out.unmet.len() }))))
    })
    .await
}

/// Somebody to a place.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct SeatMoveIn {
    /// The code of the person.
    person: String,
    /// The place where they were seen; empty for none. Not compared when not given.
    #[serde(default)]
    seen: Option<String>,
    /// The place by its name in the hall; none takes them off.
    #[serde(default)]
    place: Option<String>,
}

/// Moves, done at once.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct SeatMovesIn {
    moves: Vec<SeatMoveIn>,
}

/// Moves people at once, all or none: all rise, then all sit down, so that two can swap. Refused when somebody who
/// does not move sits there.
#[utoipa::path(post, path = "/api/v1/seating/plans/{session}/moves", tag = "seating", request_body = SeatMovesIn,
    params(("session" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = "4XX", body = Problem)))]
async fn shift(
    actor: Actor<ManageSeating>,
    State(app): State<App>,
    Path(session): Path<String>,
    key: IdempotencyKey,
    body: Json<SeatMovesIn>,
) -> Result<Answer, AppError> {
    let hash = hash(&session, body.hash());
    let asked = body.into_inner().moves;
    if asked.len() > moving::MOST_MOVES {
        return Err(AppError::too_large());
    }
    api::idempotent::<SeatingError, _>(&app.db, &actor, &key, "seating-plans.move", hash, move |tx| {
        let mut moves = Vec::with_capacity(asked.len());
        for one in asked {
            let who = roll::by_code_any(tx, &one.person)?.ok_or(SeatingError::NotOnRoll)?;
            moves.push(Move { who: who.id, seen: one.seen, to: one.place });
        }
        Ok(moving::shift(tx, &session, &moves)?.map(|()| (StatusCode::NO_CONTENT, json!(null))))
    })
    .await
}

/// Whether somebody is pinned.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct PinIn {
    /// The code of the person.
    person: String,
    pinned: bool,
}

/// Pins somebody to their place, or lets the rules place them anew.
#[utoipa::path(put, path = "/api/v1/seating/plans/{session}/pins", tag = "seating", request_body = PinIn,
    params(("session" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = "4XX", body = Problem)))]
async fn pin(
    actor: Actor<ManageSeating>,
    State(app): State<App>,
    Path(session): Path<String>,
    key: IdempotencyKey,
    body: Json<PinIn>,
) -> Result<Answer, AppError> {
    let hash = hash(&session, body.hash());
    let PinIn { person, pinned } = body.into_inner();
    api::idempotent::<SeatingError, _>(&app.db, &actor, &key, "seating-plans.pin", hash, move |tx| {
        let who = roll::by_code_any(tx, &person)?.ok_or(SeatingError::NotOnRoll)?;
        Ok(moving::pin(tx, &session, who.id, pinned)?.map(|()| (StatusCode::NO_CONTENT, json!(null))))
    })
    .await
}

/// What is emptied.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct ClearingIn {
    /// The version of the plan that was seen.
    version: i64,
    /// Those who were placed by hand too.
    #[serde(default)]
    pinned: bool,
}

/// Takes people off their seats: all whom nobody placed by hand, or all.
#[utoipa::path(post, path = "/api/v1/seating/plans/{session}/clearing", tag = "seating", request_body = ClearingIn,
    params(("session" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object), (status = "4XX", body = Problem)))]
async fn clear(
    actor: Actor<ManageSeating>,
    State(app): State<App>,
    Path(session): Path<String>,
    key: IdempotencyKey,
    body: Json<ClearingIn>,
) -> Result<Answer, AppError> {
    let hash = hash(&session, body.hash());
    let ClearingIn { version, pinned } = body.into_inner();
    api::idempotent::<SeatingError, _>(&app.db, &actor, &key, "seating-plans.clear", hash, move |tx| {
        let done = moving::clear(tx, &session, version, pinned)?;
        Ok(done.map(|count| (StatusCode::OK, json!({ "count": count }))))
    })
    .await
}

/// Whose seat is given on.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct InheritanceIn {
    /// The code of the person who was replaced.
    person: String,
}

/// Gives the seat of somebody who was replaced to whoever took the place.
#[utoipa::path(post, path = "/api/v1/seating/plans/{session}/inheritance", tag = "seating",
    request_body = InheritanceIn,
    params(("session" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = "4XX", body = Problem)))]
async fn inherit(
    actor: Actor<ManageSeating>,
    State(app): State<App>,
    Path(session): Path<String>,
    key: IdempotencyKey,
    body: Json<InheritanceIn>,
) -> Result<Answer, AppError> {
    let hash = hash(&session, body.hash());
    let person = body.into_inner().person;
    api::idempotent::<SeatingError, _>(&app.db, &actor, &key, "seating-plans.inherit", hash, move |tx| {
        let who = roll::by_code_any(tx, &person)?.ok_or(SeatingError::NoHeir)?;
        Ok(moving::inherit(tx, &session, who.id)?.with((StatusCode::NO_CONTENT, json!(null))))
    })
    .await
}

/// Whether a plan is published.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct PublicationIn {
    /// The version of the plan that was seen.
    version: i64,
    published: bool,
}

/// Publishes a plan, or takes it back: gates tell seats of a published one only.
#[utoipa::path(put, path = "/api/v1/seating/plans/{session}/publication", tag = "seating",
    request_body = PublicationIn,
    params(("session" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = "4XX", body = Problem)))]
async fn publish(
    actor: Actor<DecideSeating>,
    State(app): State<App>,
    Path(session): Path<String>,
    key: IdempotencyKey,
    body: Json<PublicationIn>,
) -> Result<Answer, AppError> {
    let hash = hash(&session, body.hash());
    let PublicationIn { version, published } = body.into_inner();
    api::idempotent::<SeatingError, _>(&app.db, &actor, &key, "seating-plans.publish", hash, move |tx| {
        let done = store::publish(tx, &session, version, published)?;
        Ok(done.with((StatusCode::NO_CONTENT, json!(null))))
    })
    .await
}

/// Somebody with their seat.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
struct SeatOut {
    /// The code.
    person: String,
    name: String,
    /// The group: its number, `loose` or `guests`.
    team: String,
    /// The place by its name in the hall; none without a seat.
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<String>,
    /// The same as people say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    seat: Option<String>,
    /// The number of the nearest door.
    #[serde(skip_serializing_if = "Option::is_none")]
    door: Option<u16>,
    pinned: bool,
}

fn seat(picture: &Picture, at: usize) -> Option<SeatOut> {
    let one = picture.people.get(at)?;
    let place_at = picture.placed.get(at).copied().flatten();
    let place = place_at.and_then(|at| picture.layout.places.get(at));
    let door = place_at.and_then(|at| picture.doors.get(at).copied().flatten());
    Some(SeatOut {
        person: one.who.code.clone(),
        name: one.who.profile.name.clone(),
        team: team(one.person.team),
        place: place.map(|place| place.id.clone()),
        seat: place.map(|place| picture.layout.text(place)),
        door: door.and_then(|door| picture.layout.doors.get(door)).map(|door| door.no),
        pinned: one.pinned,
    })
}

/// What is looked for.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct SeatsIn {
    /// Words of a name without diacritics, a code, a number or a seat; everybody when not given.
    #[serde(default)]
    q: String,
    /// Rows at most: 1 to 500, 100 when not given.
    limit: Option<u32>,
    /// The `next` of the page before.
    after: Option<String>,
}

/// Who sits where, in the order of the roll.
#[utoipa::path(get, path = "/api/v1/seating/plans/{session}/seats", tag = "seating",
    params(("session" = String, Path), SeatsIn),
    responses((status = 200, body = PageOf<SeatOut>), (status = "4XX", body = Problem)))]
async fn seats(
    _actor: Actor<ReadSeating>,
    State(app): State<App>,
    Path(session): Path<String>,
    Query(asked): Query<SeatsIn>,
) -> Result<PageOf<SeatOut>, AppError> {
    let picture = picture(&app, session).await?;
    let found: Option<Vec<&str>> = (!asked.q.trim().is_empty()).then(|| {
        query::search(&picture, &asked.q).into_iter().map(|(one, _)| one.who.code.as_str()).collect()
    });
    let all = (0..picture.people.len()).filter_map(|at| seat(&picture, at));
    let out = all
        .filter(|one| found.as_ref().is_none_or(|found| found.contains(&one.person.as_str())))
        .collect::<Vec<_>>();
    Ok(Paging { limit: asked.limit, after: asked.after }.cut(out, |one| one.person.clone()))
}

/// Through which gate somebody comes.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct WayIn {
    /// The gate by its name in addresses, or the number of a door; the nearest door when not given.
    #[serde(default)]
    from: String,
}

/// The way to somebody's seat: its corners in centimetres, and its steps.
#[utoipa::path(get, path = "/api/v1/seating/plans/{session}/ways/{code}", tag = "seating",
    params(("session" = String, Path), ("code" = String, Path), WayIn),
    responses((status = 200, body = Object), (status = "4XX", body = Problem)))]
async fn way(
    _actor: Actor<ReadSeating>,
    State(app): State<App>,
    Path((session, code)): Path<(String, String)>,
    Query(asked): Query<WayIn>,
) -> Result<axum::Json<Value>, AppError> {
    let picture = picture(&app, session).await?;
    let (_, place) = picture.find(&code).ok_or(SeatingError::NotFound)?;
    let place = place.ok_or(SeatingError::NotFound)?;
    let at = picture.layout.find(&place.id).ok_or(SeatingError::NotFound)?;
    let way = pages::way::told(&picture, at, &asked.from).ok_or(SeatingError::NotFound)?;
    let step = |step: &Step| match step {
        Step::Door(no) => json!({ "door": no }),
        Step::Aisle(AisleName::Left) => json!({ "aisle": "left" }),
        Step::Aisle(AisleName::Middle) => json!({ "aisle": "middle" }),
        Step::Aisle(AisleName::Right) => json!({ "aisle": "right" }),
        Step::Aisle(AisleName::Number(no)) => json!({ "aisle": no }),
        Step::Row(row) => json!({ "row": row }),
        Step::Seat(seat) => json!({ "seat": seat }),
    };
    Ok(axum::Json(json!({
        "seat": picture.layout.text(place),
        "length_cm": way.length,
        "line": way.line,
        "steps": way.steps.iter().map(step).collect::<Vec<_>>(),
    })))
}
