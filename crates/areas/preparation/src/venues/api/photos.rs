//! Pictures in and out: photographs are drawn anew, drawings and papers kept as they are.

use axum::{
    extract::{FromRequest as _, Multipart, Path, Request, State},
    http::StatusCode,
    response::Response,
};
use platform::{
    api::{self, Answer, IdempotencyKey, Query},
    app::App,
    files::{self, Kind, PutOptions, Size, Stored},
    identity::Actor,
    web::{AppError, Problem},
};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use utoipa::{IntoParams, ToSchema};

use super::{Made, gone, json};
use crate::{
    tasks::api::about,
    venues::{
        ContributeVenues, ReadVenues, Who,
        error::VenueError,
        model::*,
        store::{self, NewPhoto},
        who,
    },
};

/// The most bytes of one picture as it comes: 25 MB. A phone makes it smaller first.
pub const MOST_PICTURE: u64 = 25 << 20;

/// The limit of a request that carries a picture.
pub fn upload_limit() -> axum::extract::DefaultBodyLimit {
    axum::extract::DefaultBodyLimit::max(
        usize::try_from(MOST_PICTURE).unwrap_or(usize::MAX).saturating_add(64 << 10),
    )
}

/// Reads a form with a picture: `kind`, `space`, `subject`, `caption`, `device`, `sequence`, and last `file`.
/// Refused before a single byte of the file is taken in. Drawings and evidence are kept as they are, everything
/// else is a photograph and is drawn anew.
///
/// # Errors
/// 422 for a field that cannot be read, 413 for a file above [`MOST_PICTURE`], and those of
/// [`store::may_add_photo`].
pub async fn receive(
    app: &App,
    who: &Who,
    venue: VenueId,
    survey: Option<SurveyId>,
    request: Request,
) -> Result<(NewPhoto, Stored), AppError> {
    let bad = |error: axum::extract::multipart::MultipartError| {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
            return files::FileError::TooLarge { limit: MOST_PICTURE }.into();
        }
        AppError::bad_request().caused_by(error)
    };
    let mut form = Multipart::from_request(request, app)
        .await
        .map_err(|error| AppError::bad_request().caused_by(error))?;
    let mut new = NewPhoto {
        kind: PhotoKind::Survey,
        survey,
        space: None,
        subject: String::new(),
        caption: String::new(),
        from: None,
    };
    let (mut device, mut sequence) = (String::new(), None);
    let mut stored = None;
    let wrong = |field| AppError::from(VenueError::Range { field });
    while let Some(field) = form.next_field().await.map_err(bad)? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "file" {
            new.from = (!device.is_empty()).then(|| (device.clone(), sequence.unwrap_or(0)));
            let (asked, who) = (new.clone(), *who);
            app.db.read(move |tx| store::may_add_photo(tx, &who, venue, &asked)).await?;
            let options = match new.kind {
                PhotoKind::Drawing | PhotoKind::Evidence => PutOptions::new(MOST_PICTURE, Kind::EVIDENCE),
                _ => PutOptions::picture(MOST_PICTURE),
            };
            let options = options.named(field.file_name().unwrap_or_default());
            stored = Some(app.files.put(field, options).await?);
            continue;
        }
        let text = field.text().await.map_err(bad)?;
        match name.as_str() {
            "kind" => new.kind = text.parse().map_err(|_| wrong("kind"))?,
            "space" if text.is_empty() => {}
            "space" => new.space = Some(text.parse().map_err(|_| wrong("space"))?),
            "subject" => new.subject = text,
            "caption" => new.caption = text,
            "device" if text.len() <= 64 => device = text,
            "sequence" => sequence = Some(text.parse().map_err(|_| wrong("sequence"))?),
            "device" => return Err(wrong("device")),
            _ => return Err(AppError::bad_request().slug("form")),
        }
    }
    if survey.is_some() && new.kind != PhotoKind::Survey && new.kind != PhotoKind::Evidence {
        return Err(wrong("kind"));
    }
    stored.map(|stored| (new, stored)).ok_or_else(|| VenueError::Empty { field: "file" }.into())
}

/// Enters a picture that was received, unless this device sent it before.
///
/// # Errors
/// Those of [`store::add_photo`].
pub fn enter(
    tx: &mut platform::db::WriteTx<'_>,
    who: &Who,
    venue: VenueId,
    new: &NewPhoto,
    stored: &Stored,
) -> Result<platform::db::Done<PhotoId>, VenueError> {
    if let (Some(survey), Some((device, sequence))) = (new.survey, &new.from)
        && let Some(known) = store::photo_sent(tx, survey, device, *sequence)?
    {
        return Ok(tx.unchanged(known)?);
    }
    let file = *files::store::add(tx, stored)?.value();
    store::add_photo(tx, who, venue, file, new)
}

fn hash_of(new: &NewPhoto, stored: &Stored, of: &str) -> platform::audit::Hash {
    let told =
        format!("{}{}{:?}{}{}", platform::hex(&stored.sha256), new.kind, new.space, new.subject, new.caption);
    about(Sha256::digest(told).into(), &[of])
}

/// A picture with what it is for.
#[derive(Debug, ToSchema)]
#[allow(dead_code, reason = "described for OpenAPI, read field by field")]
pub(super) struct PictureForm {
    /// `khao_sat`, `truoc`, `sau`, `ban_ve`, `phoi_canh`, `minh_chung`.
    kind: Option<String>,
    /// The space it shows.
    space: Option<String>,
    /// What it is about: `rating/T6`, `gate/K2`.
    subject: Option<String>,
    /// What it shows.
    caption: Option<String>,
    /// The device that took it.
    device: Option<String>,
    /// Its sequence on that device.
    sequence: Option<u64>,
    /// The file, last.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// The pictures of a venue that the caller may see, oldest first.
#[utoipa::path(get, path = "/api/v1/venues/{id}/photos", tag = "venues", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Vec<Object>), (status = "4XX", body = Problem)))]
pub(super) async fn list(
    actor: Actor<ReadVenues>,
    State(app): State<App>,
    Path(id): Path<VenueId>,
) -> Result<axum::Json<Vec<Photo>>, AppError> {
    let who = who(&actor);
    let all = app
        .db
        .read(move |tx| {
            store::venue(tx, id)?;
            Ok::<_, VenueError>(store::photos(tx, &who, id)?)
        })
        .await?;
    Ok(axum::Json(all))
}

/// Puts a picture among those of a venue, from the desk.
#[utoipa::path(post, path = "/api/v1/venues/{id}/photos", tag = "venues",
    request_body(content = PictureForm, content_type = "multipart/form-data"),
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Made), (status = "4XX", body = Problem)))]
pub(super) async fn add(
    actor: Actor<crate::venues::ManageVenues>,
    State(app): State<App>,
    Path(id): Path<VenueId>,
    key: IdempotencyKey,
    request: Request,
) -> Result<Answer, AppError> {
    let who = who(&actor);
    app.db.read(move |tx| store::venue(tx, id).map(drop)).await?;
    let (new, stored) = receive(&app, &who, id, None, request).await?;
    let hash = hash_of(&new, &stored, &id.to_string());
    api::idempotent::<VenueError, _>(&app.db, &actor, &key, "venues.photo", hash, move |tx| {
        Ok(enter(tx, &who, id, &new, &stored)?.map(created))
    })
    .await
}

/// Sends a picture of a form. A picture is named by its device and sequence: the same again changes nothing.
#[utoipa::path(post, path = "/api/v1/venue-surveys/{id}/photos", tag = "venue-surveys",
    request_body(content = PictureForm, content_type = "multipart/form-data"),
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Made), (status = "4XX", body = Problem)))]
pub(super) async fn send(
    actor: Actor<ContributeVenues>,
    State(app): State<App>,
    Path(id): Path<SurveyId>,
    key: IdempotencyKey,
    request: Request,
) -> Result<Answer, AppError> {
    let who = who(&actor);
    let survey = app
        .db
        .read(move |tx| match store::survey(tx, id)? {
            survey if Some(survey.office) == who.office => Ok(survey),
            _ => Err(VenueError::NotFound),
        })
        .await?;
    let (new, stored) = receive(&app, &who, survey.venue, Some(id), request).await?;
    let hash = hash_of(&new, &stored, &id.to_string());
    api::idempotent::<VenueError, _>(&app.db, &actor, &key, "venues.survey_photo", hash, move |tx| {
        Ok(enter(tx, &who, survey.venue, &new, &stored)?.map(created))
    })
    .await
}

fn created(id: PhotoId) -> (StatusCode, serde_json::Value) {
    (StatusCode::CREATED, json(&Made { id: id.to_string() }))
}

/// Which size.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct SizeQuery {
    /// The small one, for lists.
    #[serde(default)]
    small: bool,
}

/// A picture: a photograph to be shown, anything else to be saved.
#[utoipa::path(get, path = "/api/v1/venue-photos/{id}", tag = "venues",
    params(("id" = uuid::Uuid, Path), SizeQuery),
    responses((status = 200, content_type = "image/jpeg"), (status = "4XX", body = Problem)))]
pub(super) async fn show(
    actor: Actor<ReadVenues>,
    State(app): State<App>,
    Path(id): Path<PhotoId>,
    Query(query): Query<SizeQuery>,
) -> Result<Response, AppError> {
    let size = if query.small { Size::Small } else { Size::Whole };
    serve(&app, who(&actor), id, size).await
}

/// The answer with a picture's bytes, for pages and API alike.
///
/// # Errors
/// 404 when the picture is not there or not for this office.
pub async fn serve(app: &App, who: Who, id: PhotoId, size: Size) -> Result<Response, AppError> {
    let file = app
        .db
        .read(move |tx| {
            let photo = store::photo(tx, &who, id)?;
            files::store::get(tx, photo.file)?.ok_or(VenueError::NotFound)
        })
        .await?;
    Ok(match file.small {
        Some(_) => app.files.picture(&file, size).await?,
        None => app.files.download(&file).await?,
    })
}

/// Takes a picture away; its file stays on record.
#[utoipa::path(delete, path = "/api/v1/venue-photos/{id}", tag = "venues",
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = "4XX", body = Problem)))]
pub(super) async fn remove(
    actor: Actor<ContributeVenues>,
    State(app): State<App>,
    Path(id): Path<PhotoId>,
    key: IdempotencyKey,
) -> Result<Answer, AppError> {
    let (who, hash) = (who(&actor), about([0; 32], &[&id.to_string()]));
    api::idempotent::<VenueError, _>(&app.db, &actor, &key, "venues.photo_remove", hash, move |tx| {
        Ok(store::remove_photo(tx, &who, id)?.map(|()| gone()))
    })
    .await
}
