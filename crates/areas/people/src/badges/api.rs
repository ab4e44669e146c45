//! What gates and programs ask: the list of keys, the list of the revoked, badges by state.

use axum::{Router, extract::State, routing::get};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use platform::{
    api::{PageOf, Paging, Query},
    app::App,
    hex,
    identity::Actor,
    web::{AppError, Problem},
};
use serde::{Deserialize, Serialize};
use utoipa::OpenApi;

use super::{BadgeError, ReadBadges, keys, query};

#[derive(OpenApi)]
#[openapi(
    paths(list, key_list, revocations),
    components(schemas(BadgeOut, KeyListOut, KeyOut, RevocationsOut))
)]
struct Described;

/// What this area describes of itself in OpenAPI.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Described::openapi()
}

/// The API.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/badges", get(list))
        .route("/api/v1/badges/keys", get(key_list))
        .route("/api/v1/badges/revocations", get(revocations))
}

/// A badge: the copy that counts of somebody.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
struct BadgeOut {
    /// Whose: the code on the roll.
    code: String,
    /// The id of the copy.
    id: String,
    copy: u32,
    category: String,
    /// The zones it opens, as bits.
    zones: u16,
    #[schema(value_type = String, format = Date)]
    first_day: jiff::civil::Date,
    #[schema(value_type = String, format = Date)]
    last_day: jiff::civil::Date,
    state: &'static str,
    /// What does not agree with the roll any more.
    mismatches: Vec<&'static str>,
    #[schema(value_type = String, format = DateTime)]
    changed_at: jiff::Timestamp,
}

/// Badges by the code of their holders.
#[utoipa::path(get, path = "/api/v1/badges", tag = "badges", params(
    ("limit" = Option<u32>, Query), ("after" = Option<String>, Query)),
    responses((status = 200, body = PageOf<BadgeOut>), (status = "4XX", body = Problem)))]
async fn list(
    _actor: Actor<ReadBadges>,
    State(app): State<App>,
    Query(paging): Query<Paging>,
) -> Result<PageOf<BadgeOut>, AppError> {
    let lines = app.db.read(query::lines).await?;
    let mut out: Vec<BadgeOut> = lines
        .into_iter()
        .filter_map(|line| {
            let badge = line.badge?;
            Some(BadgeOut {
                mismatches: badge.mismatches(&line.person).into_iter().map(|what| what.as_str()).collect(),
                code: line.person.code,
                id: badge.id.to_string(),
                copy: badge.copy,
                category: badge.category.to_string(),
                zones: badge.zones,
                first_day: badge.first_day,
                last_day: badge.last_day,
                state: badge.state.as_str(),
                changed_at: badge.changed_at,
            })
        })
        .collect();
    out.sort_by(|a, b| a.code.cmp(&b.code));
    Ok(paging.cut(out, |badge| badge.code.clone()))
}

/// A key of the list.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
struct KeyOut {
    id: u8,
    /// Ed25519, hexadecimal.
    public: String,
    /// 05/10/2025.
    from: String,
    to: String,
}

/// The list of keys.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
struct KeyListOut {
    sequence: u32,
    /// The mark of the congress, hexadecimal.
    congress: String,
    /// The public half of the root, hexadecimal; empty before there is one. A gate knows it from its set-up.
    root: String,
    keys: Vec<KeyOut>,
    /// The list as the root has signed it, Base64: what a gate verifies and keeps.
    signed: String,
}

/// The list of keys, signed by the root.
#[utoipa::path(get, path = "/api/v1/badges/keys", tag = "badges",
    responses((status = 200, body = KeyListOut), (status = "4XX", body = Problem)))]
async fn key_list(
    _actor: Actor<ReadBadges>,
    State(app): State<App>,
) -> Result<axum::Json<KeyListOut>, AppError> {
    let (list, root, bytes) = app
        .db
        .read(|tx| Ok::<_, BadgeError>((keys::list(tx)?, keys::root(tx)?, keys::list_bytes(tx)?)))
        .await?;
    Ok(axum::Json(KeyListOut {
        sequence: list.sequence,
        congress: hex(&list.congress.0),
        root: root.map(|root| hex(&root.public)).unwrap_or_default(),
        keys: list
            .keys
            .iter()
            .map(|key| KeyOut {
                id: key.id,
                public: hex(&key.public),
                from: key.from.to_string(),
                to: key.to.to_string(),
            })
            .collect(),
        signed: STANDARD.encode(bytes.unwrap_or_default()),
    }))
}

/// What a gate has already.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct After {
    #[serde(default)]
    after: u32,
}

/// What was revoked after a sequence.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
struct RevocationsOut {
    after: u32,
    /// The sequence to ask from the next time.
    to: u32,
    /// The ids of passes, hexadecimal.
    ids: Vec<String>,
    /// The same in the form that the verifier takes, Base64.
    delta: String,
}

/// Passes that open nothing any more: all, or those after a sequence.
#[utoipa::path(get, path = "/api/v1/badges/revocations", tag = "badges", params(("after" = Option<u32>, Query)),
    responses((status = 200, body = RevocationsOut), (status = "4XX", body = Problem)))]
async fn revocations(
    _actor: Actor<ReadBadges>,
    State(app): State<App>,
    Query(asked): Query<After>,
) -> Result<axum::Json<RevocationsOut>, AppError> {
    let delta = app.db.read(query::revocations).await?.since(asked.after);
    Ok(axum::Json(RevocationsOut {
        after: delta.after,
        to: delta.to,
        ids: delta.ids.iter().map(|id| hex(id)).collect(),
        delta: STANDARD.encode(delta.to_bytes()),
    }))
}
