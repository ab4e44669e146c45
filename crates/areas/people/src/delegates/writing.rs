//! What programs may change on the roll: the verbs of the form as JSON, described in OpenAPI.

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    routing::{get, post, put},
};
use jiff::{Timestamp, civil::Date};
use platform::{
    api::{self, Answer as Answered, IdempotencyKey, Json},
    app::App,
    db::WriteTx,
    i18n::key,
    identity::Actor,
    web::{AppError, Problem},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::OpenApi;

use super::{
    DelegateError, ManageDelegates, ReadDelegates,
    answers::{self, Answer, NewAnswer, Way},
    desk, may_write,
    model::{Category, GroupRole, Organ, Participant, Private, Profile, Sex, Sight, Standing, Status},
    query,
    store::{self, Change, NewParticipant},
};

/// The routes, under `/api/v1`.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/participants", post(enter))
        .route("/api/v1/participants/{code}", put(change))
        .route("/api/v1/participants/{code}/withdrawal", post(withdraw))
        .route("/api/v1/participants/{code}/group", put(group))
        .route("/api/v1/participants/{code}/answers", get(answers_of).post(answer))
}

#[derive(OpenApi)]
#[openapi(paths(enter, change, withdraw, group, answers_of, answer))]
struct Doc;

/// What the routes are, for the document of the whole product.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}

/// Restricted columns as they shall be.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
struct RestrictedIn {
    ethnicity: String,
    religion: String,
    health: String,
    discipline: String,
}

/// Ways to reach somebody as they shall be.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
struct ContactsIn {
    phone: String,
    email: String,
}

/// Somebody as they shall be: what is left out is empty, but for restricted columns, which then stay.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct PersonIn {
    /// Only for somebody new: the code; left out for the next one of the category.
    #[serde(default)]
    code: Option<String>,
    /// Only for a change: the version that was read.
    #[serde(default)]
    version: Option<i64>,
    category: Category,
    name: String,
    #[serde(default)]
    sex: Option<Sex>,
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    born: Option<Date>,
    #[serde(default)]
    position: String,
    /// The name of the delegation; entered when it is new.
    #[serde(default)]
    delegation: String,
    #[serde(default)]
    standing: Option<Standing>,
    #[serde(default)]
    alternate: bool,
    #[serde(default)]
    group: Option<u16>,
    #[serde(default)]
    group_role: Option<GroupRole>,
    #[serde(default)]
    organ: Option<Organ>,
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    joined: Option<Date>,
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    official: Option<Date>,
    #[serde(default)]
    schooling: String,
    #[serde(default)]
    qualification: String,
    #[serde(default)]
    academic_title: String,
    #[serde(default)]
    theory: String,
    #[serde(default)]
    occupation: String,
    #[serde(default)]
    party_badge: Option<u8>,
    #[serde(default)]
    awards: String,
    #[serde(default)]
    diet: String,
    #[serde(default)]
    mobility: String,
    #[serde(default)]
    large_text: bool,
    /// Needs the right to manage `restricted`.
    #[serde(default)]
    restricted: Option<RestrictedIn>,
    /// Needs the right to manage `contacts`.
    #[serde(default)]
    contacts: Option<ContactsIn>,
    /// The number of the identity card, kept only under the congress's key; empty text takes it away. Needs the right
    /// to manage `restricted`.
    #[serde(default)]
    citizen: Option<String>,
}

impl PersonIn {
    /// Refuses what the caller may not write.
    fn allowed(&self, may: Sight) -> Result<(), AppError> {
        let restricted = self.restricted.is_some() || self.citizen.is_some();
        if restricted && !may.restricted || self.contacts.is_some() && !may.contacts {
            return Err(AppError::forbidden().because(key("delegates-error-columns")));
        }
        Ok(())
    }

    fn profile(&self, tx: &mut WriteTx<'_>) -> Result<Profile, DelegateError> {
        let delegation = match self.delegation.trim() {
            "" => None,
            name => Some(*store::delegation_named(tx, name)?.value()),
        };
        Ok(Profile {
            category: Some(self.category),
            name: self.name.clone(),
            sex: self.sex,
            born: self.born,
            position: self.position.clone(),
            delegation,
            standing: self.standing,
            alternate: self.alternate,
            group_no: self.group,
            group_role: self.group_role,
            organ: self.organ,
            joined: self.joined,
            official: self.official,
            schooling: self.schooling.clone(),
            qualification: self.qualification.clone(),
            academic_title: self.academic_title.clone(),
            theory: self.theory.clone(),
            occupation: self.occupation.clone(),
            party_badge: self.party_badge,
            awards: self.awards.clone(),
            diet: self.diet.clone(),
            mobility: self.mobility.clone(),
            large_text: self.large_text,
        })
    }

    /// What stands with what was sent over it.
    fn private(&self, mut kept: Private) -> Private {
        if let Some(given) = &self.restricted {
            kept.ethnicity.clone_from(&given.ethnicity);
            kept.religion.clone_from(&given.religion);
            kept.health.clone_from(&given.health);
            kept.discipline.clone_from(&given.discipline);
        }
        if let Some(given) = &self.contacts {
            kept.phone.clone_from(&given.phone);
            kept.email.clone_from(&given.email);
        }
        kept
    }
}

fn no_version() -> AppError {
    AppError::invalid(Vec::new()).field("version", key("delegates-error-version"))
}

/// Somebody by code, at the version that was read.
fn at(tx: &mut WriteTx<'_>, code: &str, version: i64) -> Result<Participant, DelegateError> {
    let one = query::by_code_any(tx, code)?.ok_or(DelegateError::NotFound)?;
    if one.version != version {
        return Err(DelegateError::Conflict { version: one.version, by: one.updated_by });
    }
    Ok(one)
}

/// Enters somebody; the answer has their code.
#[utoipa::path(post, path = "/api/v1/participants", tag = "participants", request_body = PersonIn,
    responses((status = 201), (status = "4XX", body = Problem)))]
async fn enter(
    actor: Actor<ManageDelegates>,
    State(app): State<App>,
    idempotency: IdempotencyKey,
    body: Json<PersonIn>,
) -> Result<Answered, AppError> {
    body.allowed(may_write(&actor))?;
    let hash = body.hash();
    let body = body.into_inner();
    api::idempotent(&app.db, &actor, &idempotency, "participants.enter", hash, move |tx| {
        let new = NewParticipant {
            code: body.code.clone(),
            profile: body.profile(tx)?,
            private: body.private(Private::default()),
            citizen: body.citizen.clone().unwrap_or_default(),
        };
        let done = store::create(tx, &new)?;
        let code = store::participant(tx, *done.value())?.code;
        Ok::<_, DelegateError>(
            done.map(|id| (StatusCode::CREATED, json!({ "id": id, "code": code, "version": 1 }))),
        )
    })
    .await
}

/// Changes somebody; the answer names the fields that changed.
#[utoipa::path(put, path = "/api/v1/participants/{code}", tag = "participants", params(("code" = String, Path)),
    request_body = PersonIn, responses((status = 200), (status = "4XX", body = Problem)))]
async fn change(
    actor: Actor<ManageDelegates>,
    State(app): State<App>,
    Path(code): Path<String>,
    idempotency: IdempotencyKey,
    body: Json<PersonIn>,
) -> Result<Answered, AppError> {
    body.allowed(may_write(&actor))?;
    let version = body.version.ok_or_else(no_version)?;
    let hash = body.hash();
    let body = body.into_inner();
    api::idempotent(&app.db, &actor, &idempotency, "participants.change", hash, move |tx| {
        let one = at(tx, &code, version)?;
        let kept = query::private(tx, one.id)?;
        let change = Change {
            version,
            profile: body.profile(tx)?,
            private: Some(body.private(kept)),
            citizen: body.citizen.clone(),
        };
        let done = store::change(tx, one.id, &change)?;
        let version = store::participant(tx, one.id)?.version;
        Ok::<_, DelegateError>(
            done.map(|fields| (StatusCode::OK, json!({ "fields": fields, "version": version }))),
        )
    })
    .await
}

/// Why somebody leaves the roll.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct WithdrawalIn {
    /// The version that was read.
    version: i64,
    reason: String,
}

/// Withdraws somebody from the roll; their code and their history stay.
#[utoipa::path(post, path = "/api/v1/participants/{code}/withdrawal", tag = "participants",
    params(("code" = String, Path)), request_body = WithdrawalIn,
    responses((status = 204), (status = "4XX", body = Problem)))]
async fn withdraw(
    actor: Actor<ManageDelegates>,
    State(app): State<App>,
    Path(code): Path<String>,
    idempotency: IdempotencyKey,
    body: Json<WithdrawalIn>,
) -> Result<Answered, AppError> {
    let hash = body.hash();
    let body = body.into_inner();
    api::idempotent(&app.db, &actor, &idempotency, "participants.withdraw", hash, move |tx| {
        let one = at(tx, &code, body.version)?;
        let done = desk::set_status(tx, one.id, Status::Withdrawn, &body.reason)?;
        Ok::<_, DelegateError>(done.with((StatusCode::NO_CONTENT, json!(null))))
    })
    .await
}

/// A seat in a group.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct GroupIn {
    /// The version that was read.
    version: i64,
    /// The number of the group; null for none.
    group: Option<u16>,
    /// The role; a member when left out.
    #[serde(default)]
    role: Option<GroupRole>,
}

/// Gives somebody a seat in a group, or takes it away.
#[utoipa::path(put, path = "/api/v1/participants/{code}/group", tag = "participants",
    params(("code" = String, Path)), request_body = GroupIn,
    responses((status = 200), (status = "4XX", body = Problem)))]
async fn group(
    actor: Actor<ManageDelegates>,
    State(app): State<App>,
    Path(code): Path<String>,
    idempotency: IdempotencyKey,
    body: Json<GroupIn>,
) -> Result<Answered, AppError> {
    let hash = body.hash();
    let body = body.into_inner();
    api::idempotent(&app.db, &actor, &idempotency, "participants.group", hash, move |tx| {
        let one = at(tx, &code, body.version)?;
        let profile = Profile { group_no: body.group, group_role: body.role, ..one.profile };
        let change = Change { version: body.version, profile, private: None, citizen: None };
        let done = store::change(tx, one.id, &change)?;
        let version = store::participant(tx, one.id)?.version;
        Ok::<_, DelegateError>(
            done.map(|fields| (StatusCode::OK, json!({ "fields": fields, "version": version }))),
        )
    })
    .await
}

/// What somebody answered to their letter.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
struct AnswerOut {
    comes: bool,
    reason: String,
    wheelchair: bool,
    diet: String,
    arrival: String,
    /// How it came.
    way: Way,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Taken down by which office.
    office: String,
}

impl From<Answer> for AnswerOut {
    fn from(one: Answer) -> Self {
        let Answer { comes, reason, wheelchair, diet, arrival, way, at, office, .. } = one;
        Self { comes: comes == 1, reason, wheelchair: wheelchair == 1, diet, arrival, way, at, office }
    }
}

/// All answers of somebody, the newest first: that one counts.
#[utoipa::path(get, path = "/api/v1/participants/{code}/answers", tag = "participants",
    params(("code" = String, Path)),
    responses((status = 200, body = Vec<AnswerOut>), (status = "4XX", body = Problem)))]
async fn answers_of(
    _actor: Actor<ReadDelegates>,
    State(app): State<App>,
    Path(code): Path<String>,
) -> Result<axum::Json<Vec<AnswerOut>>, AppError> {
    let all = app
        .db
        .read(move |tx| {
            let one = query::by_code_any(tx, &code)?.ok_or(DelegateError::NotFound)?;
            Ok::<_, DelegateError>(answers::of(tx, one.id)?)
        })
        .await?;
    Ok(axum::Json(all.into_iter().map(AnswerOut::from).collect()))
}

/// An answer by telephone or on paper.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct AnswerIn {
    comes: bool,
    /// Why not; needed when they do not come.
    #[serde(default)]
    reason: String,
    /// They need a way for a wheelchair.
    #[serde(default)]
    wheelchair: bool,
    #[serde(default)]
    diet: String,
    /// When and how they arrive.
    #[serde(default)]
    arrival: String,
}

/// Takes down an answer by telephone or on paper, in the name of the caller's office.
#[utoipa::path(post, path = "/api/v1/participants/{code}/answers", tag = "participants",
    params(("code" = String, Path)), request_body = AnswerIn,
    responses((status = 201), (status = "4XX", body = Problem)))]
async fn answer(
    actor: Actor<ManageDelegates>,
    State(app): State<App>,
    Path(code): Path<String>,
    idempotency: IdempotencyKey,
    body: Json<AnswerIn>,
) -> Result<Answered, AppError> {
    let hash = body.hash();
    let AnswerIn { comes, reason, wheelchair, diet, arrival } = body.into_inner();
    let new = NewAnswer { comes, reason, wheelchair, diet, arrival };
    api::idempotent(&app.db, &actor, &idempotency, "participants.answer", hash, move |tx| {
        let one = query::by_code_any(tx, &code)?.ok_or(DelegateError::NotFound)?;
        let done = answers::answer(tx, one.id, Way::Phone, &new)?;
        Ok::<_, DelegateError>(done.map(|status| (StatusCode::CREATED, json!({ "status": status }))))
    })
    .await
}
