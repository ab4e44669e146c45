//! The same verbs as JSON under `/api/v1`: same rights, problem documents, paging, idempotency keys.

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{delete, get, post},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{OpenApi, ToSchema};

use super::{
    Actor, AdminIdentity, ApprovalId, AtBrowser, Confidentiality, Error, GrantId, OfficeId, PersonId,
    ReadAudit, Right, SeeIdentity, SessionId, TokenId, UnitId,
    approval::{self, Approval},
    session::{self, SessionRow},
    store::{self, Assignment, Grant, Holder, NewGrant, NewUnit, Office, Person, Seer, Token, Unit},
};
use crate::{
    api::{Answer, IdempotencyKey, Json, PageOf, Paging, Query, idempotent},
    app::App,
    audit::{self, store::Filter},
    db::DbError,
    i18n::key,
    web::{AppError, Problem},
};

/// Every JSON route of this area.
pub fn api() -> Router<App> {
    Router::new()
        .route("/api/v1/me", get(me))
        .route("/api/v1/sessions", get(sessions))
        .route("/api/v1/sessions/{id}", delete(end_session))
        .route("/api/v1/units", get(units).post(make_unit))
        .route("/api/v1/units/{id}", get(unit).put(change_unit))
        .route("/api/v1/offices", get(offices).post(make_office))
        .route("/api/v1/people", get(people).post(make_person))
        .route("/api/v1/people/{id}", get(person).patch(change_person))
        .route("/api/v1/people/{id}/assignments", get(assignments).post(assign))
        .route("/api/v1/grants", get(grants).post(make_grant))
        .route("/api/v1/grants/{id}", delete(end_grant))
        .route("/api/v1/who-sees", get(who_sees))
        .route("/api/v1/tokens", get(tokens).post(make_token))
        .route("/api/v1/tokens/{id}", delete(end_token))
        .route("/api/v1/approvals", get(approvals))
        .route("/api/v1/approvals/{id}/decision", post(decide))
        .route("/api/v1/audit", get(entries))
}

/// What this area describes of itself in OpenAPI.
#[derive(OpenApi)]
#[openapi(
    paths(
        me, sessions, end_session, units, make_unit, unit, change_unit, offices, make_office, people, make_person,
        person, change_person, assignments, assign, grants, make_grant, end_grant, who_sees, tokens, make_token,
        end_token, approvals, decide, entries
    ),
    components(schemas(Problem, Right, Confidentiality)),
    tags((name = "identity"), (name = "approvals"), (name = "audit"))
)]
struct Doc;

/// What this area describes of itself in OpenAPI.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}

/// What a verb answers that made something.
#[derive(Debug, Serialize, ToSchema)]
struct Made {
    /// The new id.
    id: String,
}

fn made(id: impl ToString) -> (StatusCode, serde_json::Value) {
    (StatusCode::CREATED, json!(Made { id: id.to_string() }))
}

fn gone() -> (StatusCode, serde_json::Value) {
    (StatusCode::NO_CONTENT, serde_json::Value::Null)
}

/// The hash of a call whose whole content is its address.
fn address_hash(id: impl ToString) -> audit::Hash {
    super::secret::hash(&id.to_string())
}

fn only<T>(items: Vec<T>) -> PageOf<T> {
    PageOf { items, next: None }
}

// ---- me and my sessions

/// Who calls, for which office, with which rights.
#[derive(Debug, Serialize, ToSchema)]
struct Me {
    /// The person.
    person: String,
    /// The name shown.
    display_name: String,
    /// The office acted for.
    office: String,
    /// Its title.
    office_title: String,
    /// Its unit.
    unit: String,
    /// The rights held now, as `area:right`.
    rights: Vec<String>,
}

#[utoipa::path(get, path = "/api/v1/me", tag = "identity", responses((status = 200, body = Me), (status = 401, body = Problem)))]
async fn me(actor: Actor) -> Response {
    let rights = actor.held().iter().map(|held| format!("{}:{}", held.area, held.right)).collect();
    axum::Json(Me {
        person: actor.person.id.to_string(),
        display_name: actor.person.display_name.clone(),
        office: actor.office.id.to_string(),
        office_title: actor.office.title.clone(),
        unit: actor.unit.id.to_string(),
        rights,
    })
    .into_response()
}

#[utoipa::path(get, path = "/api/v1/sessions", tag = "identity", params(Paging), responses((status = 200, body = PageOf<SessionRow>), (status = 401, body = Problem)))]
async fn sessions(
    actor: Actor,
    State(app): State<App>,
    Query(paging): Query<Paging>,
) -> Result<Response, AppError> {
    let person = actor.person.id;
    let rows = app
        .db
        .read(move |tx| session::of_person(tx, person))
        .await
        .map_err(|error: DbError| AppError::from(error))?;
    Ok(paging.cut(rows, |row| row.id.to_string()).into_response())
}

/// Ends one of one's own sessions, or anyone's with the right to administer identity.
#[utoipa::path(delete, path = "/api/v1/sessions/{id}", tag = "identity", params(("id" = String, Path)), responses((status = 204), (status = 404, body = Problem)))]
async fn end_session(
    actor: Actor<AtBrowser>,
    State(app): State<App>,
    Path(id): Path<SessionId>,
    idem: IdempotencyKey,
) -> Result<Answer, AppError> {
    let all = actor.covers_area(super::AREA, Right::Admin, Confidentiality::Normal);
    let owner = (!all).then_some(actor.person.id);
    idempotent::<Error, _>(&app.db, &actor, &idem, "sessions.end", address_hash(id), move |tx| {
        Ok(session::revoke(tx, id, owner)?.map(|()| gone()))
    })
    .await
}

// ---- units and offices

#[utoipa::path(get, path = "/api/v1/units", tag = "identity", params(Paging), responses((status = 200, body = PageOf<Unit>), (status = 403, body = Problem)))]
async fn units(
    _: Actor<SeeIdentity>,
    State(app): State<App>,
    Query(paging): Query<Paging>,
) -> Result<Response, AppError> {
    let rows = app.db.read(store::units).await.map_err(|error: DbError| AppError::from(error))?;
    Ok(paging.cut(rows, |row| row.id.to_string()).into_response())
}

#[utoipa::path(post, path = "/api/v1/units", tag = "identity", request_body = NewUnit, responses((status = 201, body = Made), (status = 422, body = Problem)))]
async fn make_unit(
    actor: Actor<AdminIdentity>,
    State(app): State<App>,
    idem: IdempotencyKey,
    body: Json<NewUnit>,
) -> Result<Answer, AppError> {
    let hash = body.hash();
    idempotent::<Error, _>(&app.db, &actor, &idem, "units.create", hash, move |tx| {
        Ok(store::create_unit(tx, &body)?.map(made))
    })
    .await
}

#[utoipa::path(get, path = "/api/v1/units/{id}", tag = "identity", params(("id" = String, Path)), responses((status = 200, body = Unit), (status = 404, body = Problem)))]
async fn unit(
    _: Actor<SeeIdentity>,
    State(app): State<App>,
    Path(id): Path<UnitId>,
) -> Result<Response, AppError> {
    let unit =
        app.db.read(move |tx| store::unit(tx, id)).await.map_err(|error: DbError| AppError::from(error))?;
    unit.map(|unit| axum::Json(unit).into_response()).ok_or_else(AppError::not_found)
}

#[utoipa::path(put, path = "/api/v1/units/{id}", tag = "identity", params(("id" = String, Path)), request_body = NewUnit, responses((status = 204), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn change_unit(
    actor: Actor<AdminIdentity>,
    State(app): State<App>,
    Path(id): Path<UnitId>,
    idem: IdempotencyKey,
    body: Json<NewUnit>,
) -> Result<Answer, AppError> {
    let hash = body.hash();
    idempotent::<Error, _>(&app.db, &actor, &idem, "units.change", hash, move |tx| {
        Ok(store::change_unit(tx, id, &body)?.map(|()| gone()))
    })
    .await
}

/// An office to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewOffice {
    /// The unit.
    #[schema(value_type = String, format = "uuid")]
    unit_id: UnitId,
    /// The title.
    title: String,
    /// The place in lists.
    #[serde(default)]
    position: i64,
}

#[utoipa::path(get, path = "/api/v1/offices", tag = "identity", params(Paging), responses((status = 200, body = PageOf<Office>)))]
async fn offices(
    _: Actor<SeeIdentity>,
    State(app): State<App>,
    Query(paging): Query<Paging>,
) -> Result<Response, AppError> {
    let rows = app.db.read(store::offices).await.map_err(|error: DbError| AppError::from(error))?;
    Ok(paging.cut(rows, |row| row.id.to_string()).into_response())
}

#[utoipa::path(post, path = "/api/v1/offices", tag = "identity", request_body = NewOffice, responses((status = 201, body = Made), (status = 422, body = Problem)))]
async fn make_office(
    actor: Actor<AdminIdentity>,
    State(app): State<App>,
    idem: IdempotencyKey,
    body: Json<NewOffice>,
) -> Result<Answer, AppError> {
    let hash = body.hash();
    idempotent::<Error, _>(&app.db, &actor, &idem, "offices.create", hash, move |tx| {
        Ok(store::create_office(tx, body.unit_id, &body.title, body.position)?.map(made))
    })
    .await
}

// ---- people

/// A person to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPerson {
    /// The name to sign in with.
    login: String,
    /// The name shown.
    display_name: String,
}

/// What can be changed of a person.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PersonChange {
    /// True shuts the person out and ends their sessions and tokens; false lets them in again.
    disabled: bool,
}

#[utoipa::path(get, path = "/api/v1/people", tag = "identity", params(Paging), responses((status = 200, body = PageOf<Person>), (status = 403, body = Problem)))]
async fn people(
    _: Actor<AdminIdentity>,
    State(app): State<App>,
    Query(paging): Query<Paging>,
) -> Result<Response, AppError> {
    let (after, limit) = (paging.after.clone(), paging.limit());
    let rows = app
        .db
        .read(move |tx| store::people(tx, None, after.as_deref(), limit + 1))
        .await
        .map_err(|error: DbError| AppError::from(error))?;
    Ok(paging.page(rows, |row| row.login.clone()).into_response())
}

#[utoipa::path(post, path = "/api/v1/people", tag = "identity", request_body = NewPerson, responses((status = 201, body = Made), (status = 422, body = Problem)))]
async fn make_person(
    actor: Actor<AdminIdentity>,
    State(app): State<App>,
    idem: IdempotencyKey,
    body: Json<NewPerson>,
) -> Result<Answer, AppError> {
    let hash = body.hash();
    idempotent::<Error, _>(&app.db, &actor, &idem, "people.create", hash, move |tx| {
        Ok(store::create_person(tx, &body.login, &body.display_name)?.map(made))
    })
    .await
}

#[utoipa::path(get, path = "/api/v1/people/{id}", tag = "identity", params(("id" = String, Path)), responses((status = 200, body = Person), (status = 404, body = Problem)))]
async fn person(
    _: Actor<AdminIdentity>,
    State(app): State<App>,
    Path(id): Path<PersonId>,
) -> Result<Response, AppError> {
    let found =
        app.db.read(move |tx| store::person(tx, id)).await.map_err(|error: DbError| AppError::from(error))?;
    found.map(|person| axum::Json(person).into_response()).ok_or_else(AppError::not_found)
}

#[utoipa::path(patch, path = "/api/v1/people/{id}", tag = "identity", params(("id" = String, Path)), request_body = PersonChange, responses((status = 204), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn change_person(
    actor: Actor<AdminIdentity>,
    State(app): State<App>,
    Path(id): Path<PersonId>,
    idem: IdempotencyKey,
    body: Json<PersonChange>,
) -> Result<Answer, AppError> {
    if body.disabled && actor.person.id == id {
        return Err(AppError::conflict().because(key("identity-person-self")));
    }
    let hash = body.hash();
    idempotent::<Error, _>(&app.db, &actor, &idem, "people.change", hash, move |tx| {
        Ok(store::disable_person(tx, id, body.disabled)?.map(|()| gone()))
    })
    .await
}

/// An office to be given to a person.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewAssignment {
    /// The office.
    #[schema(value_type = String, format = "uuid")]
    office_id: OfficeId,
    /// From when; now when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "date-time")]
    from: Option<Timestamp>,
    /// Until when; open when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "date-time")]
    to: Option<Timestamp>,
}

#[utoipa::path(get, path = "/api/v1/people/{id}/assignments", tag = "identity", params(("id" = String, Path)), responses((status = 200, body = PageOf<Assignment>)))]
async fn assignments(
    _: Actor<AdminIdentity>,
    State(app): State<App>,
    Path(id): Path<PersonId>,
) -> Result<Response, AppError> {
    let rows = app
        .db
        .read(move |tx| store::assignments(tx, Some(id)))
        .await
        .map_err(|error: DbError| AppError::from(error))?;
    Ok(only(rows).into_response())
}

#[utoipa::path(post, path = "/api/v1/people/{id}/assignments", tag = "identity", params(("id" = String, Path)), request_body = NewAssignment, responses((status = 201, body = Made), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn assign(
    actor: Actor<AdminIdentity>,
    State(app): State<App>,
    Path(id): Path<PersonId>,
    idem: IdempotencyKey,
    body: Json<NewAssignment>,
) -> Result<Answer, AppError> {
    let hash = body.hash();
    idempotent::<Error, _>(&app.db, &actor, &idem, "people.assign", hash, move |tx| {
        let from = body.from.unwrap_or_else(|| tx.now());
        Ok(store::assign(tx, id, body.office_id, from, body.to)?.map(made))
    })
    .await
}

// ---- grants

/// A right to be given to an office or a person.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct GrantInput {
    /// The office; either this or the person.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    office_id: Option<OfficeId>,
    /// The person; either this or the office.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    person_id: Option<PersonId>,
    /// The unit with all below it; everywhere when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    unit_id: Option<UnitId>,
    /// The area, or `*`.
    area: String,
    /// The right.
    right: Right,
    /// How confidential things may be.
    #[serde(default)]
    confidentiality: Confidentiality,
    /// From when; now when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "date-time")]
    not_before: Option<Timestamp>,
    /// Until when; open when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "date-time")]
    not_after: Option<Timestamp>,
}

#[utoipa::path(get, path = "/api/v1/grants", tag = "identity", params(Paging), responses((status = 200, body = PageOf<Grant>), (status = 403, body = Problem)))]
async fn grants(
    _: Actor<AdminIdentity>,
    State(app): State<App>,
    Query(paging): Query<Paging>,
) -> Result<Response, AppError> {
    let rows =
        app.db.read(|tx| store::grants(tx, None)).await.map_err(|error: DbError| AppError::from(error))?;
    Ok(paging.cut(rows, |row| row.id.to_string()).into_response())
}

#[utoipa::path(post, path = "/api/v1/grants", tag = "identity", request_body = GrantInput, responses((status = 201, body = Made), (status = 422, body = Problem)))]
async fn make_grant(
    actor: Actor<AdminIdentity>,
    State(app): State<App>,
    idem: IdempotencyKey,
    body: Json<GrantInput>,
) -> Result<Answer, AppError> {
    let hash = body.hash();
    idempotent::<Error, _>(&app.db, &actor, &idem, "grants.create", hash, move |tx| {
        let body = body.into_inner();
        let holder = match (body.office_id, body.person_id) {
            (Some(office), None) => Holder::Office(office),
            (None, Some(person)) => Holder::Person(person),
            _ => return Err(Error::field("office_id", key("identity-error-choose"))),
        };
        let new = NewGrant {
            holder,
            unit: body.unit_id,
            area: body.area,
            right: body.right,
            confidentiality: body.confidentiality,
            not_before: body.not_before.unwrap_or_else(|| tx.now()),
            not_after: body.not_after,
            approved_by: None,
        };
        Ok(store::grant(tx, &new)?.map(made))
    })
    .await
}

#[utoipa::path(delete, path = "/api/v1/grants/{id}", tag = "identity", params(("id" = String, Path)), responses((status = 204), (status = 404, body = Problem)))]
async fn end_grant(
    actor: Actor<AdminIdentity>,
    State(app): State<App>,
    Path(id): Path<GrantId>,
    idem: IdempotencyKey,
) -> Result<Answer, AppError> {
    idempotent::<Error, _>(&app.db, &actor, &idem, "grants.end", address_hash(id), move |tx| {
        Ok(store::revoke_grant(tx, id)?.map(|()| gone()))
    })
    .await
}

/// What is asked about.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
struct Thing {
    /// The area.
    area: String,
    /// The unit the thing belongs to; none when absent.
    #[param(value_type = Option<String>, format = "uuid")]
    unit: Option<UnitId>,
    /// Its confidentiality.
    #[serde(default)]
    confidentiality: Confidentiality,
}

#[utoipa::path(get, path = "/api/v1/who-sees", tag = "identity", params(Thing), responses((status = 200, body = PageOf<Seer>)))]
async fn who_sees(
    _: Actor<SeeIdentity>,
    State(app): State<App>,
    Query(thing): Query<Thing>,
) -> Result<Response, AppError> {
    let rows = app
        .db
        .read(move |tx| store::who_sees(tx, &thing.area, thing.unit, thing.confidentiality))
        .await
        .map_err(|error: DbError| AppError::from(error))?;
    Ok(only(rows).into_response())
}

// ---- tokens

/// A token to be made for one's present office.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewToken {
    /// Which program uses it.
    name: String,
    /// What it is limited to: `tasks:read files:manage`.
    scopes: String,
    /// When it ends, within a year.
    #[schema(value_type = String, format = "date-time")]
    expires: Timestamp,
}

#[utoipa::path(get, path = "/api/v1/tokens", tag = "identity", params(Paging), responses((status = 200, body = PageOf<Token>)))]
async fn tokens(
    actor: Actor,
    State(app): State<App>,
    Query(paging): Query<Paging>,
) -> Result<Response, AppError> {
    let person = actor.person.id;
    let rows = app
        .db
        .read(move |tx| store::tokens(tx, Some(person)))
        .await
        .map_err(|error: DbError| AppError::from(error))?;
    Ok(paging.cut(rows, |row| row.id.to_string()).into_response())
}

/// Makes a token; its secret is in this answer and nowhere else, so the answer is not kept: no idempotency key.
/// Only a signed-in browser can make one: a token never makes another.
#[utoipa::path(post, path = "/api/v1/tokens", tag = "identity", request_body = NewToken, responses((status = 201), (status = 403, body = Problem), (status = 422, body = Problem)))]
async fn make_token(
    actor: Actor<AtBrowser>,
    State(app): State<App>,
    body: Json<NewToken>,
) -> Result<Response, AppError> {
    let (person, office) = (actor.person.id, actor.office.id);
    let (id, secret) = app
        .db
        .write(actor.author(), move |tx| {
            store::create_token(tx, person, office, &body.name, &body.scopes, body.expires)
        })
        .await?;
    Ok((StatusCode::CREATED, axum::Json(json!({ "id": id, "token": secret.text }))).into_response())
}

#[utoipa::path(delete, path = "/api/v1/tokens/{id}", tag = "identity", params(("id" = String, Path)), responses((status = 204), (status = 404, body = Problem)))]
async fn end_token(
    actor: Actor<AtBrowser>,
    State(app): State<App>,
    Path(id): Path<TokenId>,
    idem: IdempotencyKey,
) -> Result<Answer, AppError> {
    let all = actor.covers_area(super::AREA, Right::Admin, Confidentiality::Normal);
    let owner = (!all).then_some(actor.person.id);
    idempotent::<Error, _>(&app.db, &actor, &idem, "tokens.end", address_hash(id), move |tx| {
        Ok(store::revoke_token(tx, id, owner)?.map(|()| gone()))
    })
    .await
}

// ---- approvals

/// A decision about what was shown.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Decision {
    /// True approves, false refuses.
    approved: bool,
    /// The hash of what was shown.
    payload_hash: String,
}

#[utoipa::path(get, path = "/api/v1/approvals", tag = "approvals", params(Paging), responses((status = 200, body = PageOf<Approval>)))]
async fn approvals(
    actor: Actor,
    State(app): State<App>,
    Query(paging): Query<Paging>,
) -> Result<Response, AppError> {
    let rows = app.db.read(approval::waiting).await.map_err(|error: DbError| AppError::from(error))?;
    let own = actor.author().subject.clone();
    let rows = rows
        .into_iter()
        .filter(|row| {
            own.as_deref() == Some(row.requested_by.as_str())
                || actor.covers_area(&row.area, Right::Decide, Confidentiality::Normal)
        })
        .collect();
    Ok(paging.cut(rows, |row| row.id.to_string()).into_response())
}

/// Decides as the second person; only a signed-in browser can.
#[utoipa::path(post, path = "/api/v1/approvals/{id}/decision", tag = "approvals", params(("id" = String, Path)), request_body = Decision, responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn decide(
    actor: Actor<AtBrowser>,
    State(app): State<App>,
    Path(id): Path<ApprovalId>,
    idem: IdempotencyKey,
    body: Json<Decision>,
) -> Result<Answer, AppError> {
    let (hash, who) = (body.hash(), actor.clone());
    idempotent::<approval::Refusal, _>(&app.db, &actor, &idem, "approvals.decide", hash, move |tx| {
        let done = if body.approved {
            approval::approve(tx, id, &who, &body.payload_hash)?
        } else {
            approval::refuse(tx, id, &who, &body.payload_hash)?
        };
        Ok(done.map(|()| gone()))
    })
    .await
}

// ---- audit

/// Which lines to read, the newest first.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
struct Lines {
    /// Of one kind of object.
    kind: Option<String>,
    /// Of one object.
    object: Option<String>,
    /// Whose act begins with this.
    act: Option<String>,
    /// Lines at most: 1 to 500, 100 when not given.
    limit: Option<u32>,
    /// The `next` of the page before.
    after: Option<i64>,
}

/// One line of the audit log.
#[derive(Debug, Serialize, ToSchema)]
struct Line {
    /// Its number.
    seq: i64,
    /// The line itself.
    line: serde_json::Value,
}

#[utoipa::path(get, path = "/api/v1/audit", tag = "audit", params(Lines), responses((status = 200, body = PageOf<Line>), (status = 403, body = Problem)))]
async fn entries(
    _: Actor<ReadAudit>,
    State(app): State<App>,
    Query(lines): Query<Lines>,
) -> Result<Response, AppError> {
    let paging = Paging { limit: lines.limit, after: None };
    let limit = paging.limit();
    let filter = Filter { kind: lines.kind, object: lines.object, act: lines.act };
    let rows = app
        .db
        .read(move |tx| audit::store::page(tx, &filter, lines.after, limit + 1))
        .await
        .map_err(|error: DbError| AppError::from(error))?;
    let rows = rows.into_iter().map(|entry| Line { seq: entry.seq, line: entry.json() }).collect();
    Ok(paging.page(rows, |row: &Line| row.seq.to_string()).into_response())
}
