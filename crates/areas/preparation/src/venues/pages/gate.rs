//! A gate of a venue, judged on evidence.

use axum::{Form, extract::State, response::Response};
use platform::{
    app::App,
    identity::Actor,
    web::{AppError, Cx, Path},
};
use rules::scoring::Gate;

use super::{
    common::{Field, at, see},
    form::FormPage,
    site::load,
};
use crate::{
    tasks::pages::task::form::Typed,
    venues::{ManageVenues, VenueError, Who, model::CriterionKind, store, who},
};

async fn gate_form(
    app: &App,
    cx: &Cx,
    who: Who,
    (code, gate): (String, String),
    typed: Option<Typed>,
    refused: Option<&AppError>,
) -> Result<Response, AppError> {
    let (wanted, gate_code) = (code.clone(), gate.clone());
    let (criterion, known, found) = app
        .db
        .read(move |tx| -> Result<_, VenueError> {
            let shown = load(tx, &who, &wanted)?;
            let criterion = shown
                .criteria
                .as_ref()
                .and_then(|criteria| criteria.get(&gate_code))
                .filter(|one| one.kind == CriterionKind::Gate)
                .cloned()
                .ok_or(VenueError::NotFound)?;
            let known = shown
                .picture
                .as_ref()
                .and_then(|picture| picture.entry(shown.venue.id))
                .and_then(|entry| entry.gates.iter().find(|one| one.code == gate_code))
                .and_then(|one| one.judgement.clone());
            let found: Vec<_> = shown.found.into_iter().filter(|(code, ..)| *code == gate_code).collect();
            Ok((criterion, known, found))
        })
        .await?;
    let typed = typed.unwrap_or_else(|| {
        let mut typed = Typed::default();
        if let Some(known) = &known {
            typed.set("result", known.result.to_string());
            typed.set("condition", known.condition.clone());
            typed.set("evidence", known.evidence.clone());
        }
        typed
    });
    let title = format!("{} {}", criterion.code, criterion.name);
    let mut form = FormPage::new(cx, title, format!("{}/dieu-kien/{gate}", at(&code)), refused).under(&code);
    let seen: Vec<String> = found
        .iter()
        .map(|(_, result, words)| {
            cx.t2("venues-surveyor-found", "result", cx.t(result.key()), "words", words)
        })
        .collect();
    form.lead = [vec![criterion.evidence.clone()], seen].concat().join(" ").trim().to_owned();
    let results = Gate::ALL.iter().map(|one| (one.to_string(), cx.t(one.key()).into_owned())).collect();
    form.fields = vec![
        Field::new("select", "result", cx.t("venues-result"), &typed).options(results).attrs("required"),
        Field::new("area", "evidence", cx.t("venues-evidence"), &typed)
            .help(cx.t("venues-evidence-help"))
            .attrs("maxlength=\"4000\""),
        Field::new("area", "condition", cx.t("venues-survey-condition"), &typed)
            .help(cx.t("venues-survey-condition-help"))
            .attrs("maxlength=\"4000\""),
    ];
    Ok(form.answer(refused))
}

/// `GET /dia-diem/{code}/dieu-kien/{gate}`
pub(super) async fn gate(
    actor: Actor<ManageVenues>,
    cx: Cx,
    State(app): State<App>,
    Path(path): Path<(String, String)>,
) -> Result<Response, AppError> {
    gate_form(&app, &cx, who(&actor), path, None, None).await
}

/// `POST /dia-diem/{code}/dieu-kien/{gate}`: a gate judged on evidence.
pub(super) async fn judge(
    actor: Actor<ManageVenues>,
    cx: Cx,
    State(app): State<App>,
    Path((code, gate)): Path<(String, String)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let (who, typed) = (who(&actor), Typed::from(pairs));
    let Ok(result) = typed.get("result").parse::<Gate>() else { return Err(AppError::bad_request()) };
    let text = |name: &str| typed.get(name).replace("\r\n", "\n");
    let (condition, evidence) = (text("condition"), text("evidence"));
    let (wanted, of) = (code.clone(), gate.clone());
    let done = app
        .db
        .write(actor.author(), move |tx| {
            let venue = store::venue_by_code(tx, &wanted)?;
            store::judge(tx, &who, venue.id, &of, result, &condition, &evidence)
        })
        .await;
    match done {
        Ok(_) => Ok(see(&format!("{}#dieu-kien", at(&code)), "judged")),
        Err(error) => gate_form(&app, &cx, who, (code, gate), Some(typed), Some(&error.into())).await,
    }
}
