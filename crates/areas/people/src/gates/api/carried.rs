//! What a device carries and asks for: the list, people by name, portraits.

use axum::{
    extract::{Path, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use platform::{
    api::Query,
    app::App,
    files::{self, FileId, Size},
    identity::Actor,
    web::{AppError, Problem},
};
use serde::Deserialize;

use crate::{
    attendance::MarkAttendance,
    delegates::query as roll,
    gates::{GateError, heard::Heard, model::CardOut, query, snapshot, store},
};

/// People that a search at a gate shows at most.
const FOUND: usize = 30;

/// Which list a device has.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Since {
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
pub(super) async fn whole_list(
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
pub(super) struct Words {
    /// A name, a code, a number, or a group as "tổ 3".
    q: String,
}

/// Who is found at a gate by name, code, number or group.
#[utoipa::path(get, path = "/api/v1/gates/{gate}/people", tag = "gates", params(("gate" = String, Path), Words),
    responses((status = 200, body = Vec<CardOut>), (status = "4XX", body = Problem)))]
pub(super) async fn search(
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
pub(super) struct Which {
    /// Its file: another portrait has another address. The newest when not given.
    #[serde(default)]
    #[param(value_type = Option<String>)]
    file: Option<FileId>,
}

/// The portrait of somebody who stands at the gate.
#[utoipa::path(get, path = "/api/v1/gates/{gate}/people/{code}/photo", tag = "gates",
    params(("gate" = String, Path), ("code" = String, Path), Which),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>), (status = "4XX", body = Problem)))]
pub(super) async fn photo(
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
pub(super) async fn sealed_photo(
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
