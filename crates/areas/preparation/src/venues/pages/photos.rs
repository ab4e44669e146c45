//! Photographs of a venue: by what they show, before and after side by side, added, shown.

use axum::{
    extract::{Multipart, State},
    response::Response,
};
use platform::{
    app::App,
    files::{self, PutOptions, Size},
    i18n::key,
    identity::Actor,
    web::{AppError, Cx, Path},
};

use super::{
    common::{at, by_at, moment, see},
    site, survey,
};
use crate::{
    tasks::pages::task::form::Typed,
    venues::{
        ManageVenues, ReadVenues, VenueError,
        model::{Criteria, Photo, PhotoId, PhotoKind},
        store, who,
    },
};

pub(super) struct PhotoView {
    pub(super) href: String,
    pub(super) alt: String,
    pub(super) words: String,
}

pub(super) struct PhotoGroup {
    pub(super) title: String,
    pub(super) photos: Vec<PhotoView>,
}

#[derive(Default)]
pub(super) struct SidePhoto {
    pub(super) href: String,
    pub(super) alt: String,
    pub(super) words: String,
    pub(super) sha: String,
}

pub(super) struct BeforeAfter {
    pub(super) before: SidePhoto,
    pub(super) after: SidePhoto,
}

/// The heading under which photographs of a subject stand.
fn subject_words(cx: &Cx, criteria: Option<&Criteria>, photo: &Photo) -> String {
    let code = photo.subject.split_once('/').map_or("", |(_, code)| code);
    match criteria.and_then(|criteria| criteria.get(code)) {
        Some(one) => format!("{} {}", one.code, one.name),
        None => cx.tp("venues-photo-kind-", photo.kind).into_owned(),
    }
}

pub(super) fn photo_groups(cx: &Cx, criteria: Option<&Criteria>, photos: &[Photo]) -> Vec<PhotoGroup> {
    let mut groups: Vec<PhotoGroup> = Vec::new();
    for photo in photos {
        let title = subject_words(cx, criteria, photo);
        let by = by_at(cx, &photo.added_by, photo.added_at);
        let view = PhotoView {
            href: survey::photo_href(photo.id),
            alt: if photo.caption.is_empty() { title.clone() } else { photo.caption.clone() },
            words: if photo.caption.is_empty() { by } else { format!("{} · {by}", photo.caption) },
        };
        match groups.iter_mut().find(|group| group.title == title) {
            Some(group) => group.photos.push(view),
            None => groups.push(PhotoGroup { title, photos: vec![view] }),
        }
    }
    groups.sort_by(|a, b| a.title.cmp(&b.title));
    groups
}

fn side(cx: &Cx, photo: Option<&&Photo>) -> SidePhoto {
    photo
        .map(|photo| SidePhoto {
            href: survey::photo_href(photo.id),
            alt: cx.tp("venues-photo-kind-", photo.kind).into_owned(),
            words: format!(
                "{} {} · {}",
                cx.tp("venues-photo-kind-", photo.kind),
                photo.caption,
                moment(photo.added_at)
            ),
            sha: photo.sha256.clone(),
        })
        .unwrap_or_default()
}

/// Photographs before and after, side by side by what they show.
pub(super) fn before_after(cx: &Cx, photos: &[Photo]) -> Vec<BeforeAfter> {
    let of = |kind: PhotoKind| photos.iter().filter(|photo| photo.kind == kind).collect::<Vec<_>>();
    let (before, mut after) = (of(PhotoKind::Before), of(PhotoKind::After));
    let mut pairs = Vec::new();
    for photo in &before {
        let same = after.iter().position(|other| {
            other.space == photo.space && text_of(&other.caption) == text_of(&photo.caption)
        });
        let other = same.map(|at| after.remove(at));
        pairs.push(BeforeAfter { before: side(cx, Some(photo)), after: side(cx, other.as_ref()) });
    }
    pairs.extend(
        after.iter().map(|photo| BeforeAfter { before: SidePhoto::default(), after: side(cx, Some(photo)) }),
    );
    pairs
}

fn text_of(caption: &str) -> String {
    rules::text::fold(caption.trim())
}

/// `POST /dia-diem/{code}/anh`: a photograph, a drawing, the state before or after.
pub(super) async fn add_photo(
    actor: Actor<ManageVenues>,
    cx: Cx,
    State(app): State<App>,
    Path(code): Path<String>,
    mut form: Multipart,
) -> Result<Response, AppError> {
    let who = who(&actor);
    let (mut pairs, mut stored, mut refused) = (Vec::new(), None, None);
    loop {
        let field = match form.next_field().await {
            Ok(Some(field)) => field,
            Ok(None) => break,
            Err(error) => {
                let error = AppError::bad_request().because(key("files-interrupted")).caused_by(error);
                refused.get_or_insert(error);
                break;
            }
        };
        let name = field.name().unwrap_or_default().to_owned();
        if name != "photo" {
            pairs.push((name, field.text().await.unwrap_or_default()));
            continue;
        }
        let file = field.file_name().unwrap_or_default().to_owned();
        match app.files.put(field, PutOptions::picture(super::LARGEST).named(file)).await {
            Ok(file) => stored = Some(file),
            Err(error) => {
                refused = Some(error.into());
                break;
            }
        }
    }
    let typed = Typed::from(pairs);
    let (stored, kind) = match (refused, stored, typed.get("kind").parse::<PhotoKind>()) {
        (Some(refused), ..) => return site::again(&app, &cx, who, code, typed, refused).await,
        (None, Some(stored), Ok(kind)) => (stored, kind),
        _ => {
            let refused = AppError::invalid(Vec::new()).because(key("venues-photo-missing"));
            return site::again(&app, &cx, who, code, typed, refused).await;
        }
    };
    let new = store::NewPhoto {
        kind,
        survey: None,
        space: None,
        subject: typed.get("subject").to_owned(),
        caption: typed.get("caption").to_owned(),
        from: None,
    };
    let wanted = code.clone();
    let done = app
        .db
        .write(actor.author(), move |tx| -> Result<_, VenueError> {
            let venue = store::venue_by_code(tx, &wanted)?;
            store::may_add_photo(tx, &who, venue.id, &new)?;
            let file = *files::store::add(tx, &stored)?.value();
            store::add_photo(tx, &who, venue.id, file, &new)
        })
        .await;
    match done {
        Ok(_) => Ok(see(&format!("{}#anh", at(&code)), "photo")),
        Err(error) => site::again(&app, &cx, who, code, typed, error.into()).await,
    }
}

/// `GET /dia-diem/anh/{id}`: a picture inside a page.
pub(super) async fn photo(
    actor: Actor<ReadVenues>,
    State(app): State<App>,
    Path(id): Path<PhotoId>,
) -> Result<Response, AppError> {
    let who = who(&actor);
    let file = app
        .db
        .read(move |tx| -> Result<_, VenueError> {
            let photo = store::photo(tx, &who, id)?;
            files::store::get(tx, photo.file)?.ok_or(VenueError::NotFound)
        })
        .await?;
    Ok(app.files.picture(&file, Size::Whole).await?)
}
