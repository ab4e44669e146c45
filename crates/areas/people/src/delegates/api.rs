//! The roll as JSON, described in OpenAPI. Restricted columns are in it for those alone who may see them.

use axum::{
    Router,
    extract::{Path, State},
    routing::get,
};
use jiff::civil::Date;
use platform::{
    api::{self, PageOf, Query},
    app::App,
    identity::Actor,
    web::{AppError, Problem},
};
use serde::{Deserialize, Serialize};
use utoipa::OpenApi;

use super::{
    DelegateError, ReadDelegates,
    model::{Category, GroupRole, Organ, Participant, Private, Sex, Sight, Standing, Status},
    query, sight,
};

/// The routes, under `/api/v1`.
pub fn routes() -> Router<App> {
    let v1 = Router::new().route("/participants", get(list)).route("/participants/{code}", get(show));
    Router::new().nest("/api/v1", v1)
}

#[derive(OpenApi)]
#[openapi(
    paths(list, show),
    tags((name = "participants", description = "Everybody who has a place at the congress"))
)]
struct Doc;

/// What the routes are, for the document of the whole product.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}

/// Somebody on the roll, without restricted columns.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(super) struct ParticipantOut {
    id: String,
    /// Printed on lists and badges; never changes.
    #[schema(example = "DB-0123")]
    code: String,
    category: Category,
    name: String,
    sex: Option<Sex>,
    #[schema(value_type = Option<String>, format = Date)]
    born: Option<Date>,
    position: String,
    delegation: Option<String>,
    standing: Option<Standing>,
    alternate: bool,
    group: Option<u16>,
    group_role: Option<GroupRole>,
    organ: Option<Organ>,
    #[schema(value_type = Option<String>, format = Date)]
    joined: Option<Date>,
    #[schema(value_type = Option<String>, format = Date)]
    official: Option<Date>,
    schooling: String,
    qualification: String,
    academic_title: String,
    theory: String,
    occupation: String,
    party_badge: Option<u8>,
    awards: String,
    status: Status,
    /// Whether there is a portrait.
    photo: bool,
    version: i64,
}

impl ParticipantOut {
    fn of(one: Participant) -> Self {
        Self {
            id: one.id.to_string(),
            category: one.category(),
            photo: one.photo.is_some(),
            code: one.code,
            name: one.profile.name,
            sex: one.profile.sex,
            born: one.profile.born,
            position: one.profile.position,
            delegation: one.profile.delegation.map(|id| id.to_string()),
            standing: one.profile.standing,
            alternate: one.profile.alternate,
            group: one.profile.group_no,
            group_role: one.profile.group_role,
            organ: one.profile.organ,
            joined: one.profile.joined,
            official: one.profile.official,
            schooling: one.profile.schooling,
            qualification: one.profile.qualification,
            academic_title: one.profile.academic_title,
            theory: one.profile.theory,
            occupation: one.profile.occupation,
            party_badge: one.profile.party_badge,
            awards: one.profile.awards,
            status: one.status,
            version: one.version,
        }
    }
}

/// Which part of the roll.
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct RollQuery {
    /// Words of name, code or position, with or without diacritics.
    q: Option<String>,
    /// Of one category.
    category: Option<Category>,
    /// Of one group; 0 for those without one.
    group: Option<u16>,
    /// Of one delegation.
    delegation: Option<uuid::Uuid>,
    /// Of one type.
    standing: Option<Standing>,
    /// Only alternates, or only others.
    alternate: Option<bool>,
    /// Of one organ.
    organ: Option<Organ>,
    /// Of one status.
    status: Option<Status>,
    /// With or without a portrait.
    photo: Option<bool>,
    /// Those who answered their letter, or those on the roll who did not yet.
    answered: Option<bool>,
    /// Rows at most: 1 to 500, 100 when not given.
    limit: Option<u32>,
    /// The `next` of the page before.
    after: Option<String>,
}

/// The roll by category and name. No row has a restricted column.
#[utoipa::path(get, path = "/api/v1/participants", tag = "participants", params(RollQuery),
    responses((status = 200, body = PageOf<ParticipantOut>), (status = "4XX", body = Problem)))]
pub(super) async fn list(
    _actor: Actor<ReadDelegates>,
    State(app): State<App>,
    Query(asked): Query<RollQuery>,
) -> Result<PageOf<ParticipantOut>, AppError> {
    let filter = query::Filter {
        words: asked.q.unwrap_or_default(),
        category: asked.category,
        group: asked.group,
        delegation: asked.delegation.map(super::model::DelegationId),
        standing: asked.standing,
        alternate: asked.alternate,
        organ: asked.organ,
        status: asked.status,
        photo: asked.photo,
        answered: asked.answered,
    };
    let mut all = app.db.read(query::everybody).await?;
    all.retain(|one| filter.picks(one));
    let all = all.into_iter().map(ParticipantOut::of).collect();
    Ok(api::Paging { limit: asked.limit, after: asked.after }.cut(all, |one| one.code.clone()))
}

/// Ethnicity, religion, health, discipline.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(super) struct RestrictedOut {
    ethnicity: String,
    religion: String,
    health: String,
    discipline: String,
}

/// Ways to reach somebody.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(super) struct ContactsOut {
    phone: String,
    email: String,
}

/// One person, with the restricted columns that the caller may see.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(super) struct PersonOut {
    #[serde(flatten)]
    person: ParticipantOut,
    /// Absent without the right `restricted`.
    #[serde(skip_serializing_if = "Option::is_none")]
    restricted: Option<RestrictedOut>,
    /// Absent without the right `contacts`.
    #[serde(skip_serializing_if = "Option::is_none")]
    contacts: Option<ContactsOut>,
}

impl PersonOut {
    fn of(one: Participant, private: Private, sight: Sight) -> Self {
        let seen = sight.of(private);
        Self {
            person: ParticipantOut::of(one),
            restricted: sight.restricted.then_some(RestrictedOut {
                ethnicity: seen.ethnicity,
                religion: seen.religion,
                health: seen.health,
                discipline: seen.discipline,
            }),
            contacts: sight.contacts.then_some(ContactsOut { phone: seen.phone, email: seen.email }),
        }
    }
}

/// One person by code.
#[utoipa::path(get, path = "/api/v1/participants/{code}", tag = "participants", params(("code" = String, Path)),
    responses((status = 200, body = PersonOut), (status = "4XX", body = Problem)))]
pub(super) async fn show(
    actor: Actor<ReadDelegates>,
    State(app): State<App>,
    Path(code): Path<String>,
) -> Result<axum::Json<PersonOut>, AppError> {
    let sight = sight(&actor);
    let (one, private) = app
        .db
        .read(move |tx| {
            let one = query::by_code_any(tx, &code)?.ok_or(DelegateError::NotFound)?;
            let private = query::private(tx, one.id)?;
            Ok::<_, DelegateError>((one, private))
        })
        .await?;
    Ok(axum::Json(PersonOut::of(one, private, sight)))
}
