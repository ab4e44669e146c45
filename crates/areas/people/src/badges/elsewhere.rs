//! The pages of signing on another machine: give out what is to be signed, take in what was signed.

use axum::{
    extract::{Multipart, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use platform::{
    app::App,
    i18n::key,
    identity::Actor,
    web::{AppError, see},
};
use serde::de::DeserializeOwned;

use super::{
    BadgeError, KeepKeys, ManageBadges,
    offline::{self, SignedPasses},
    vault::SignedList,
};

/// The largest file that is taken in: 5,000 passes.
pub(super) const LARGEST: usize = 2 << 20;

/// `GET /the/chua-ky.json`
pub(super) async fn unsigned(
    _actor: Actor<ManageBadges>,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let batch = app.db.read(offline::unsigned).await?;
    let text = serde_json::to_string_pretty(&batch).map_err(AppError::internal)?;
    let heads = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"chua-ky.json\"")),
    ];
    Ok((StatusCode::OK, heads, text).into_response())
}

/// The one file of a form, read strictly.
async fn file<T: DeserializeOwned>(mut form: Multipart) -> Result<T, AppError> {
    let broken = |error: axum::extract::multipart::MultipartError| {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
            AppError::too_large()
        } else {
            AppError::bad_request().caused_by(error)
        }
    };
    while let Some(field) = form.next_field().await.map_err(broken)? {
        if field.name() == Some("tep") {
            let bytes = field.bytes().await.map_err(broken)?;
            return platform::api::parse(&bytes).map_err(|error| {
                AppError::invalid(Vec::new()).because(key("badges-error-file")).caused_by(error)
            });
        }
    }
    Err(AppError::invalid(Vec::new()).because(key("badges-error-file")))
}

/// `POST /the/da-ky`
pub(super) async fn take_in(
    actor: Actor<ManageBadges>,
    State(app): State<App>,
    form: Multipart,
) -> Result<Response, AppError> {
    let batch: SignedPasses = file(form).await?;
    let done = app.db.write(actor.author(), move |tx| offline::take_in(tx, &batch)).await;
    match done {
        Ok(_) => Ok(see("/the", "taken")),
        // The whole page is about one file: its sentence is that of the first pass that is refused.
        Err(BadgeError::Fields(problems)) => {
            let mut refused = AppError::invalid(problems.clone());
            if let Some(first) = problems.first() {
                refused = refused.because(first.message_key);
                for (name, value) in first.args.clone() {
                    refused = refused.with(name, value);
                }
            }
            Err(refused)
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /the/khoa/danh-muc`
pub(super) async fn take_list(
    actor: Actor<KeepKeys>,
    State(app): State<App>,
    form: Multipart,
) -> Result<Response, AppError> {
    let list: SignedList = file(form).await?;
    app.db.write(actor.author(), move |tx| offline::adopt(tx, &list)).await?;
    Ok(see("/the/khoa", "list"))
}
