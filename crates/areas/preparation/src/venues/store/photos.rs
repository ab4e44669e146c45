//! Photographs, drawings, perspectives: files with what they show.

use platform::{
    db::{DbError, Done, FromRow, Row, Tx, WriteTx},
    files::FileId,
    params, sql,
};
use serde_json::json;
use uuid::Uuid;

use super::{LONGEST_NAME, Who, space, survey, text, touched, venue};
use crate::venues::{error::VenueError, model::*};

/// What comes with a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPhoto {
    /// What it is for.
    pub kind: PhotoKind,
    /// The form it belongs to.
    pub survey: Option<SurveyId>,
    /// The space it shows.
    pub space: Option<SpaceId>,
    /// What it is about: `rating/T6`, `gate/K2`, or empty.
    pub subject: String,
    /// What it shows.
    pub caption: String,
    /// The device and its sequence for this picture; the same pair again is the same picture.
    pub from: Option<(String, u64)>,
}

impl FromRow for Photo {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            venue: row.get("venue")?,
            survey: row.get("survey")?,
            space: row.get("space")?,
            subject: row.get("subject")?,
            kind: row.get("kind")?,
            file: row.get("file")?,
            // The files keep the hash as bytes.
            sha256: platform::hex(&row.get::<platform::audit::Hash>("sha256")?),
            size: row.get("size")?,
            caption: row.get("caption")?,
            added_at: row.get("added_at")?,
            added_by: row.get("added_by")?,
        })
    }
}

/// The pictures of a venue that this office may see, oldest first: those of a form only with its ratings.
///
/// # Errors
/// Any [`DbError`].
pub fn photos(tx: &mut Tx<'_>, who: &Who, of: VenueId) -> Result<Vec<Photo>, DbError> {
    let all: Vec<Photo> = tx.query(
        sql!(
            "SELECT p.id, p.venue, p.survey, p.space, p.subject, p.kind, p.file, f.sha256, f.size, p.caption,
                p.added_at, p.added_by
              FROM venue_photo p JOIN file f ON f.id = p.file
              WHERE p.venue = $1 AND p.removed_at IS NULL ORDER BY p.added_at, p.id"
        ),
        params![of],
    )?;
    let mut shown = Vec::with_capacity(all.len());
    for photo in all {
        if may_see(tx, who, &photo)? {
            shown.push(photo);
        }
    }
    Ok(shown)
}

fn may_see(tx: &mut Tx<'_>, who: &Who, photo: &Photo) -> Result<bool, DbError> {
    let Some(id) = photo.survey else { return Ok(true) };
    match survey(tx, id) {
        Ok(survey) if Some(survey.office) == who.office => Ok(true),
        Ok(survey) => {
            Ok(survey.handed_in_at.is_some() && super::sees_ratings(tx, who, survey.round, survey.venue)?)
        }
        Err(VenueError::Db(error)) => Err(error),
        Err(_) => Ok(false),
    }
}

/// One picture, when this office may see it.
///
/// # Errors
/// [`VenueError::NotFound`].
pub fn photo(tx: &mut Tx<'_>, who: &Who, id: PhotoId) -> Result<Photo, VenueError> {
    let found: Option<Photo> = tx.query_opt(
        sql!(
            "SELECT p.id, p.venue, p.survey, p.space, p.subject, p.kind, p.file, f.sha256, f.size, p.caption,
                p.added_at, p.added_by
              FROM venue_photo p JOIN file f ON f.id = p.file WHERE p.id = $1 AND p.removed_at IS NULL"
        ),
        params![id],
    )?;
    let photo = found.ok_or(VenueError::NotFound)?;
    if may_see(tx, who, &photo)? { Ok(photo) } else { Err(VenueError::NotFound) }
}

/// The picture that a device sent before under this sequence.
///
/// # Errors
/// Any [`DbError`].
pub fn photo_sent(
    tx: &mut Tx<'_>,
    survey: SurveyId,
    device: &str,
    sequence: u64,
) -> Result<Option<PhotoId>, DbError> {
    tx.scalar(
        sql!("SELECT id FROM venue_photo WHERE survey = $1 AND device = $2 AND sequence = $3"),
        params![survey, device, sequence],
    )
}

/// Whether this office may put a picture there; asked before a byte is taken in.
///
/// # Errors
/// [`VenueError::NotPermitted`], [`VenueError::NotFound`], [`VenueError::HandedIn`],
/// [`VenueError::RoundClosed`], [`VenueError::NotOpen`].
pub fn may_add_photo(tx: &mut Tx<'_>, who: &Who, of: VenueId, new: &NewPhoto) -> Result<(), VenueError> {
    let state = venue(tx, of)?.state;
    let Some(id) = new.survey else {
        who.must_manage()?;
        // Hand-over pictures are taken after the decision; all others before.
        let handing = matches!(new.kind, PhotoKind::Before | PhotoKind::After);
        return if handing || state.is_open() { Ok(()) } else { Err(VenueError::NotOpen) };
    };
    let survey = survey(tx, id)?;
    if Some(survey.office) != who.office || survey.venue != of {
        return Err(VenueError::NotFound);
    }
    if !who.surveys {
        return Err(VenueError::NotPermitted);
    }
    if survey.handed_in_at.is_some() {
        return Err(VenueError::HandedIn);
    }
    if super::round(tx, survey.round)?.closed_at.is_some() {
        return Err(VenueError::RoundClosed);
    }
    Ok(())
}

/// Puts a stored file among the pictures of a venue. The same picture of the same device again changes nothing.
///
/// # Errors
/// Those of [`may_add_photo`].
pub fn add_photo(
    tx: &mut WriteTx<'_>,
    who: &Who,
    of: VenueId,
    file: FileId,
    new: &NewPhoto,
) -> Result<Done<PhotoId>, VenueError> {
    may_add_photo(tx, who, of, new)?;
    if let Some(id) = new.space
        && space(tx, id)?.venue != of
    {
        return Err(VenueError::NotFound);
    }
    let caption = text("caption", &new.caption, super::LONGEST)?;
    let subject = text("subject", &new.subject, LONGEST_NAME)?;
    let id = PhotoId(Uuid::now_v7());
    let (now, by) = (tx.now(), tx.author().office.clone());
    let (device, sequence) = new.from.clone().unzip();
    tx.execute(
        sql!(
            "INSERT INTO venue_photo(id, venue, survey, space, subject, kind, file, caption, device, sequence,
                added_at, added_by)
              VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
        ),
        params![id, of, new.survey, new.space, subject, new.kind, file, caption, device, sequence, now, by],
    )?;
    let data = json!({"photo": id.to_string(), "file": file.to_string(), "kind": new.kind.as_str()});
    Ok(touched(tx, of, "venue.photo_added", data, None)?.with(id))
}

/// Takes a picture away; its file stays on record.
///
/// # Errors
/// [`VenueError::NotFound`], [`VenueError::NotPermitted`], [`VenueError::HandedIn`], [`VenueError::NotOpen`].
pub fn remove_photo(tx: &mut WriteTx<'_>, who: &Who, id: PhotoId) -> Result<Done<()>, VenueError> {
    let photo = photo(tx, who, id)?;
    let new = NewPhoto {
        kind: photo.kind,
        survey: photo.survey,
        space: photo.space,
        subject: String::new(),
        caption: String::new(),
        from: None,
    };
    may_add_photo(tx, who, photo.venue, &new)?;
    // What a hand-over was signed with stays.
    let kept = super::handovers(tx, photo.venue)?;
    if kept.iter().any(|handover| handover.content.contains(&id.to_string())) {
        return Err(VenueError::NotOpen);
    }
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!("UPDATE venue_photo SET removed_at = $2, removed_by = $3 WHERE id = $1"),
        params![id, now, by],
    )?;
    let data = json!({"photo": id.to_string(), "sha256": photo.sha256});
    Ok(touched(tx, photo.venue, "venue.photo_removed", data, None)?.with(()))
}
