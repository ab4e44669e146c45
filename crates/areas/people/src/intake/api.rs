//! Import for programs: look with `dry=1`, or look and do in one call.

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, State, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::post,
};
use platform::{
    api::{self, IdempotencyKey, Query},
    app::App,
    db::DbError,
    identity::Actor,
    web::{AppError, Cx, Problem},
};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use utoipa::{IntoParams, OpenApi};

use super::{
    draft::{self, Applied, IntakeError, Yes},
    pages::parse,
    plan::{self, Choices, Fault, FieldShown, Known, Like, NEW, Passed, Preview, RowShown, SKIP, Twin},
    read::{MOST_BYTES, ReadError},
};
use crate::delegates::{ManageDelegates, may_write, model::Category, query};

/// The routes, under `/api/v1`.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/participants/import", post(import).layer(DefaultBodyLimit::max(MOST_BYTES + 1)))
}

#[derive(OpenApi)]
#[openapi(
    paths(import),
    components(schemas(Applied, Preview, Fault, FieldShown, RowShown, Like, Twin, Passed))
)]
struct Described;

/// The verbs as OpenAPI.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Described::openapi()
}

/// How to import.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct How {
    /// 1 to look only: nothing is written.
    #[serde(default)]
    dry: u8,
    /// The category of rows that name none, such as `dai_bieu`.
    #[serde(default)]
    category: Option<String>,
    /// 1 to leave out rows that are wrong.
    #[serde(default)]
    leave_wrong: u8,
    /// What becomes of rows that could be somebody known: `new` or `skip`; without it they stand in the way.
    #[serde(default)]
    twins: Option<String>,
}

/// Reads a table of people (XLSX, CSV, a pretix or Indico export; `application/octet-stream`, at most 10 MB).
///
/// With `dry=1` it answers what the file would do, with everything that is wrong at once. Without, it does so, all
/// of it or nothing. Columns that the caller may not write are named in `withheld` and not read.
#[utoipa::path(post, path = "/api/v1/participants/import", tag = "delegates", params(How),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = Preview), (status = 201, body = Applied), (status = "4XX", body = Problem)))]
async fn import(
    actor: Actor<ManageDelegates>,
    State(app): State<App>,
    cx: Cx,
    idempotency: IdempotencyKey,
    Query(how): Query<How>,
    headers: HeaderMap,
    bytes: Result<Bytes, BytesRejection>,
) -> Result<Response, AppError> {
    let declared =
        headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !declared.starts_with("application/octet-stream") {
        return Err(AppError::unsupported_type());
    }
    let bytes = bytes.map_err(|_| ReadError::TooLarge)?;
    let category = match how.category.as_deref() {
        None | Some("") => None,
        Some(name) => Some(name.parse::<Category>().map_err(|_| AppError::bad_request().slug("query"))?),
    };
    let everywhere = match how.twins.as_deref() {
        None => None,
        Some(NEW) => Some(NEW),
        Some(SKIP) => Some(SKIP),
        Some(_) => return Err(AppError::bad_request().slug("query")),
    };
    let sha256 = draft::hash(&bytes);
    let mut hasher = Sha256::new();
    hasher.update(format!("{how:?}\n{sha256}"));
    let body_hash = hasher.finalize().into();
    let reading = parse(bytes).await?;
    let choices = Choices {
        category,
        leave_wrong: how.leave_wrong == 1,
        same: everywhere
            .map(|chosen| reading.rows.iter().map(|row| (row.row, chosen.to_owned())).collect())
            .unwrap_or_default(),
    };
    let (may, lang) = (may_write(&actor), cx.lang);
    if how.dry == 1 {
        let preview = app
            .db
            .read(move |tx| {
                let mut reading = reading;
                reading.withhold(may);
                // Without a key there is no card on the roll yet to compare with.
                reading.seal(&query::citizen_key(tx)?.unwrap_or_default());
                let known = Known::load(tx, reading.source)?;
                Ok::<_, DbError>(plan::preview(&known, &reading, &choices, lang))
            })
            .await?;
        return Ok(axum::Json(preview).into_response());
    }
    let answer = api::idempotent::<IntakeError, _>(
        &app.db,
        &actor,
        &idempotency,
        "participants.import",
        body_hash,
        move |tx| {
            let reading = draft::prepare(tx, reading, may)?;
            let yes = Yes { hash: None, may, sha256, lang };
            let done = draft::apply(tx, &reading, &choices, &yes)?;
            Ok(done.map(|done| (StatusCode::CREATED, serde_json::to_value(done).unwrap_or_default())))
        },
    )
    .await?;
    Ok(answer.into_response())
}
