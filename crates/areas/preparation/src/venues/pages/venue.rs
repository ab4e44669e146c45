//! A venue entered and edited.

use axum::{Form, extract::State, response::Response};
use platform::{
    app::App,
    i18n::key,
    identity::Actor,
    web::{AppError, Cx, Path},
};

use super::{
    common::{Field, at, see},
    form::FormPage,
};
use crate::{
    tasks::pages::task::form::Typed,
    venues::{ManageVenues, VenueError, model::VenueFields, store, who},
};

fn venue_form(cx: &Cx, typed: &Typed, known: Option<&str>, refused: Option<&AppError>) -> Response {
    let (title, action) = match known {
        Some(code) => (cx.t1("venues-edit-of", "code", code), format!("{}/sua", at(code))),
        None => (cx.t("venues-new").into_owned(), "/dia-diem/moi".to_owned()),
    };
    let mut form = FormPage::new(cx, title, action, refused);
    if let Some(code) = known {
        form = form.under(code);
        form.hidden = vec![("version", typed.get("version").to_owned())];
    }
    let field = |kind, name, words: &'static str| Field::new(kind, name, cx.t(words), typed);
    form.fields = vec![
        field("text", "code", key("venues-code"))
            .help(cx.t("venues-code-help"))
            .attrs("required maxlength=\"16\" autocomplete=\"off\""),
        field("text", "name", key("venues-name")).attrs("required maxlength=\"200\""),
        field("text", "address", key("venues-address")).attrs("maxlength=\"400\""),
        field("text", "kind", key("venues-kind-of-place")).attrs("maxlength=\"200\""),
        field("text", "owner", key("venues-owner")).attrs("maxlength=\"200\""),
        field("text", "geo", key("venues-geo")).help(cx.t("venues-geo-help")).attrs("maxlength=\"200\""),
        field("area", "note", key("venues-remark")).attrs("maxlength=\"4000\""),
    ];
    form.answer(refused)
}

fn venue_fields(typed: &Typed) -> VenueFields {
    let text = |name: &str| typed.get(name).replace("\r\n", "\n");
    VenueFields {
        code: text("code"),
        name: text("name"),
        address: text("address"),
        kind: text("kind"),
        owner: text("owner"),
        geo: text("geo"),
        note: text("note"),
    }
}

/// `GET /dia-diem/moi`
pub(super) async fn new(actor: Actor<ManageVenues>, cx: Cx) -> Response {
    drop(actor);
    venue_form(&cx, &Typed::default(), None, None)
}

/// `POST /dia-diem/moi`
pub(super) async fn create(
    actor: Actor<ManageVenues>,
    cx: Cx,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let (who, typed) = (who(&actor), Typed::from(pairs));
    let fields = venue_fields(&typed);
    match app.db.write(actor.author(), move |tx| store::nominate(tx, &who, &fields)).await {
        Ok(_) => Ok(see(&at(typed.get("code")), "nominated")),
        Err(error) => Ok(venue_form(&cx, &typed, None, Some(&error.into()))),
    }
}

/// `GET /dia-diem/{code}/sua`
pub(super) async fn edit(
    actor: Actor<ManageVenues>,
    cx: Cx,
    State(app): State<App>,
    Path(code): Path<String>,
) -> Result<Response, AppError> {
    drop(actor);
    let venue = app.db.read(move |tx| store::venue_by_code(tx, &code)).await?;
    let mut typed = Typed::default();
    for (name, value) in [
        ("version", venue.version.to_string()),
        ("code", venue.code.clone()),
        ("name", venue.name.clone()),
        ("address", venue.address.clone()),
        ("kind", venue.kind.clone()),
        ("owner", venue.owner.clone()),
        ("geo", venue.geo.clone()),
        ("note", venue.note.clone()),
    ] {
        typed.set(name, value);
    }
    Ok(venue_form(&cx, &typed, Some(&venue.code), None))
}

/// `POST /dia-diem/{code}/sua`
pub(super) async fn save(
    actor: Actor<ManageVenues>,
    cx: Cx,
    State(app): State<App>,
    Path(code): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let (who, mut typed) = (who(&actor), Typed::from(pairs));
    let (fields, wanted) = (venue_fields(&typed), code.clone());
    let version: i64 = typed.get("version").parse().unwrap_or(-1);
    let done = app
        .db
        .write(actor.author(), move |tx| {
            let venue = store::venue_by_code(tx, &wanted)?;
            store::edit(tx, &who, venue.id, version, &fields)
        })
        .await;
    match done {
        Ok(_) => Ok(see(&at(typed.get("code")), "edited")),
        Err(error) => {
            if matches!(error, VenueError::Conflict { .. }) {
                // What was typed stays; whoever sends it again has seen that somebody else wrote.
                let wanted = code.clone();
                let venue = app.db.read(move |tx| store::venue_by_code(tx, &wanted)).await?;
                typed.set("version", venue.version.to_string());
            }
            Ok(venue_form(&cx, &typed, Some(&code), Some(&error.into())))
        }
    }
}
