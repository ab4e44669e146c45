//! A venue taken over and given back: the form, and the minutes with their photographs.

use axum::{Extension, Form, extract::State, response::Response};
use platform::{
    app::App,
    files,
    i18n::{Lang, key},
    identity::Actor,
    web::{AppError, Cx, FieldProblem, Path},
};
use print::PressRoom;
use rules::venue::VenueState;

use super::{
    common::{self, Field, at, moment, see},
    form::FormPage,
};
use crate::{
    tasks::pages::task::form::Typed,
    venues::{
        ManageVenues, ReadVenues, VenueError,
        model::{HandoverId, HandoverKind, NewHandover, PhotoId, Venue},
        paper::{self, Handed, Proof},
        store, who,
    },
};

fn handover_form(cx: &Cx, typed: &Typed, venue: &Venue, refused: Option<&AppError>) -> Option<Response> {
    let kind = match venue.state {
        VenueState::Chosen => HandoverKind::Over,
        VenueState::HandedOver => HandoverKind::Back,
        _ => return None,
    };
    let title = cx.tp("venues-handover-do-", kind).into_owned();
    let mut form =
        FormPage::new(cx, title.clone(), format!("{}/ban-giao", at(&venue.code)), refused).under(&venue.code);
    form.lead = cx.t("venues-handover-lead").into_owned();
    form.confirm = cx.t1("venues-handover-confirm", "code", &venue.code);
    form.save = title;
    form.hidden = vec![("kind", kind.to_string())];
    form.fields = vec![
        Field::new("text", "on_day", cx.t("venues-handover-day"), typed)
            .attrs("required inputmode=\"numeric\" placeholder=\"05/10/2025\""),
        Field::new("text", "other_party", cx.t("venues-handover-party"), typed)
            .help(cx.t("venues-handover-party-help"))
            .attrs("required maxlength=\"200\""),
        Field::new("area", "condition", cx.t("venues-handover-condition"), typed)
            .help(cx.t("venues-handover-condition-help"))
            .attrs("required maxlength=\"4000\""),
    ];
    Some(form.answer(refused))
}

/// `GET /dia-diem/{code}/ban-giao`
pub(super) async fn handover(
    actor: Actor<ManageVenues>,
    cx: Cx,
    State(app): State<App>,
    Path(code): Path<String>,
) -> Result<Response, AppError> {
    drop(actor);
    let wanted = code.clone();
    let venue = app.db.read(move |tx| store::venue_by_code(tx, &wanted)).await?;
    let mut typed = Typed::default();
    typed.set("on_day", cx.date(&cx.now.date()));
    handover_form(&cx, &typed, &venue, None).ok_or_else(|| {
        AppError::conflict().because(key("venues-handover-not-now")).next(at(&code), key("venues-to-site"))
    })
}

/// `POST /dia-diem/{code}/ban-giao`
pub(super) async fn hand_over(
    actor: Actor<ManageVenues>,
    cx: Cx,
    State(app): State<App>,
    Path(code): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let (who, typed) = (who(&actor), Typed::from(pairs));
    let wanted = code.clone();
    let venue = app.db.read(move |tx| store::venue_by_code(tx, &wanted)).await?;
    let shown = |refused: AppError| handover_form(&cx, &typed, &venue, Some(&refused)).ok_or(refused);
    let Ok(kind) = typed.get("kind").parse::<HandoverKind>() else { return Err(AppError::bad_request()) };
    let Ok(on_day) = rules::dates::parse_vn_date(typed.get("on_day"), Some(cx.now.date().year())) else {
        let wrong = FieldProblem::new("on_day", key("venues-wrong-day"));
        return shown(AppError::invalid(vec![wrong]));
    };
    let new = NewHandover {
        kind,
        on_day,
        other_party: typed.get("other_party").to_owned(),
        condition: typed.get("condition").replace("\r\n", "\n"),
    };
    let id = venue.id;
    match app.db.write(actor.author(), move |tx| store::hand_over(tx, &who, id, &new)).await {
        Ok(_) => Ok(see(&at(&code), "handed-over")),
        Err(error) => shown(error.into()),
    }
}

/// A photograph as a hand-over has frozen it: id, caption, hash.
pub(super) fn frozen_photos(content: &str) -> Vec<(PhotoId, String, String)> {
    let content: serde_json::Value = serde_json::from_str(content).unwrap_or_default();
    let photos = content["photos"].as_array().cloned().unwrap_or_default();
    photos
        .iter()
        .filter_map(|one| {
            let text = |name: &str| one[name].as_str().unwrap_or_default().to_owned();
            Some((text("photo").parse().ok()?, text("caption"), text("sha256")))
        })
        .collect()
}

/// `GET /dia-diem/{code}/ban-giao/{id}.pdf` and `.docx`: the minutes with the photographs.
pub(super) async fn handover_paper(
    actor: Actor<ReadVenues>,
    cx: Cx,
    State(app): State<App>,
    Extension(press): Extension<PressRoom>,
    Path((code, name)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let (id, ending) = name.rsplit_once('.').ok_or_else(AppError::not_found)?;
    let id: HandoverId = id.parse().map_err(|_| AppError::not_found())?;
    let docx = match ending {
        "pdf" => false,
        "docx" => true,
        _ => return Err(AppError::not_found()),
    };
    let (who, unit, office) = (who(&actor), actor.unit.id, actor.office.title.clone());
    let today = cx.now.date();
    let (venue, one, photos, head) = app
        .db
        .read(move |tx| -> Result<_, VenueError> {
            let venue = store::venue_by_code(tx, &code)?;
            let one = store::handovers(tx, venue.id)?
                .into_iter()
                .find(|one| one.id == id)
                .ok_or(VenueError::NotFound)?;
            let mut photos = Vec::new();
            for (photo, caption, sha) in frozen_photos(&one.content) {
                let photo = store::photo(tx, &who, photo)?;
                let file = files::store::get(tx, photo.file)?.ok_or(VenueError::NotFound)?;
                photos.push((photo, file, caption, sha));
            }
            Ok((venue, one, photos, common::head(tx, unit, &office, today)?))
        })
        .await?;
    // An official paper is Vietnamese in every language of the screen.
    let cx = Cx { lang: Lang::Vi, ..cx };
    let mut proofs = Vec::with_capacity(photos.len());
    for (photo, file, caption, sha) in photos {
        let caption =
            if caption.is_empty() { cx.tp("venues-photo-kind-", photo.kind).into_owned() } else { caption };
        proofs.push(Proof {
            caption,
            at: moment(photo.added_at),
            sha,
            jpeg: app.files.get(&file.sha256).await?.to_vec(),
        });
    }
    let back = one.kind == HandoverKind::Back;
    let (giver, taker) = if back {
        (one.made_by.clone(), one.other_party.clone())
    } else {
        (one.other_party.clone(), one.made_by.clone())
    };
    let handed = Handed {
        site: format!("{} – {}", venue.code, venue.name),
        address: if venue.address.is_empty() { venue.name.clone() } else { venue.address.clone() },
        at: cx.date(&one.on_day),
        back,
        giver,
        taker,
        condition: one
            .condition
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect(),
        photos: proofs,
    };
    let name = if back { "bien-ban-hoan-tra" } else { "bien-ban-ban-giao" };
    common::paper(&press, paper::handover(head, &handed), name, docx).await
}
