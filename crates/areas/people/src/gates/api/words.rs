//! What only a supervisor's or a credential officer's device may say.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use platform::{
    api::Json,
    app::App,
    files::PutOptions,
    identity::Actor,
    web::{AppError, Problem},
};
use serde::Deserialize;

use crate::{
    attendance::MarkAttendance,
    badges::{BadgeAct, HandBadges, query as badges, store as badge_store},
    delegates::query as roll,
    gates::{GateError, model::DeviceRole, store, witness},
};

/// A picture of the moment is small: a camera of a tablet, 1280 pixels.
const PICTURE: u64 = 700 << 10;

/// A supervisor's word, signed by the device.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WordIn {
    /// What was signed: a JSON text with `device`, `seq`, `at`, `reason` and `picture`.
    statement: String,
    /// ECDSA with P-256 and SHA-256 over `dienhong word` and a line feed before the statement: 64 bytes, Base64.
    signature: String,
    /// The picture of the moment whose SHA-256 the statement names: JPEG, Base64.
    #[serde(default)]
    picture: Option<String>,
}

/// Keeps a supervisor's signed word, with the picture of the moment, beside the scan it let in. Sent again it changes
/// nothing.
#[utoipa::path(post, path = "/api/v1/gates/{gate}/words", tag = "gates", request_body = WordIn,
    params(("gate" = String, Path)), responses((status = 204), (status = "4XX", body = Problem)))]
pub(super) async fn give(
    actor: Actor<MarkAttendance>,
    State(app): State<App>,
    Path(slug): Path<String>,
    body: Json<WordIn>,
) -> Result<StatusCode, AppError> {
    let given = body.into_inner();
    let identity = actor.clone();
    let (_, device) = app.db.read(move |tx| store::device_of(tx, &identity, &slug)).await?;
    let signature = STANDARD.decode(&given.signature).map_err(|_| AppError::bad_request())?;
    let picture = match &given.picture {
        Some(text) => Some(STANDARD.decode(text).map_err(|_| AppError::bad_request())?),
        None => None,
    };
    let word = witness::Word::read(&device, given.statement, signature, picture.as_deref())?;
    let stored = match picture {
        Some(bytes) => {
            let options = PutOptions::picture(PICTURE).named("giam-sat.jpg");
            Some(app.files.put_bytes(Bytes::from(bytes), options).await?)
        }
        None => None,
    };
    app.db.write(actor.author(), move |tx| witness::keep(tx, &device, &word, stored.as_ref())).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Why a badge is locked.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LockIn {
    reason: String,
}

/// Locks somebody's badge from a credential officer's device: it opens nothing any more, at no gate.
#[utoipa::path(post, path = "/api/v1/gates/{gate}/people/{code}/lock", tag = "gates", request_body = LockIn,
    params(("gate" = String, Path), ("code" = String, Path)),
    responses((status = 204), (status = "4XX", body = Problem)))]
pub(super) async fn lock(
    actor: Actor<HandBadges>,
    State(app): State<App>,
    Path((slug, code)): Path<(String, String)>,
    body: Json<LockIn>,
) -> Result<StatusCode, AppError> {
    let reason = body.into_inner().reason;
    let identity = actor.clone();
    app.db
        .write::<(), GateError, _>(actor.author(), move |tx| {
            let (_, device) = store::device_of(tx, &identity, &slug)?;
            if device.role != DeviceRole::Officer {
                return Err(GateError::NoDevice);
            }
            let who = roll::by_code_any(tx, &code)?.ok_or(GateError::NotFound)?;
            let live = badges::live(tx, who.id)?.filter(|badge| badge.state.opens());
            let badge = live.ok_or(GateError::NotFound)?;
            Ok(badge_store::act(tx, badge.id, BadgeAct::Lose, &reason)?.map(|_| ()))
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
