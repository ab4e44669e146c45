//! Records of one form that disagree: both are kept, shown side by side, and a person chooses with a reason.

use askama::Template;
use axum::{Form, extract::State, http::StatusCode, response::Response};
use platform::{
    app::App,
    identity::Actor,
    web::{AppError, Cx, Page, page_with},
};

use super::common::{self, Offices, moment, notice, see, sentence};
use crate::{
    tasks::pages::task::form::Typed,
    venues::{
        ContributeVenues, VenueError,
        model::{Content, Criteria, Form as Paper, Record, SurveyId, Venue},
        store, who,
    },
};

struct Side {
    place: u64,
    value: String,
    note: String,
    who: String,
    when: String,
}

struct CaseView {
    id: String,
    title: String,
    where_from: String,
    survey: SurveyId,
    subject: String,
    seen: u64,
    sides: Vec<Side>,
    reason: String,
}

#[derive(Template)]
#[template(path = "venues/pages/conflicts.html")]
struct ConflictsPage<'a> {
    cx: &'a Cx,
    notice: String,
    error: String,
    count: String,
    cases: Vec<CaseView>,
    chooses: bool,
}

/// What a record says, short, and its remark.
fn told(cx: &Cx, record: &Record) -> (String, String) {
    match &record.content {
        Content::Rating { value, note, .. } => (cx.t1("venues-points", "value", *value), note.clone()),
        Content::Gate { result, condition, note, .. } => {
            let both: Vec<&str> =
                [condition, note].into_iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
            (cx.t(result.key()).into_owned(), both.join(". "))
        }
        Content::Exit { removed: true, .. } => (cx.t("venues-exit-struck").into_owned(), String::new()),
        Content::Exit { exit, .. } => {
            let width = common::measured(cx, Some(exit.clear_width_mm), 1000);
            let height = common::measured(cx, exit.clear_height_mm, 1000);
            let words = if height.is_empty() {
                cx.t1("venues-exit-wide", "width", width)
            } else {
                cx.t2("venues-exit-wide-high", "width", width, "height", height)
            };
            (words, exit.leads_to.clone())
        }
        Content::Note { text } => (text.clone(), String::new()),
    }
}

/// What a case is about.
fn title(cx: &Cx, criteria: Option<&Criteria>, record: &Record) -> String {
    let named = |code: &str| {
        let name = criteria.and_then(|criteria| criteria.get(code)).map(|one| one.name.clone());
        format!("{code} {}", name.unwrap_or_default())
    };
    match &record.content {
        Content::Rating { code, .. } | Content::Gate { code, .. } => named(code),
        Content::Exit { exit, .. } => exit.name.clone(),
        Content::Note { .. } => cx.t("venues-survey-remark").into_owned(),
    }
}

fn cases(
    cx: &Cx,
    criteria: Option<&Criteria>,
    forms: &[(Venue, Paper)],
    offices: &Offices,
    typed: &Typed,
) -> Vec<CaseView> {
    let mut cases = Vec::new();
    for (venue, form) in forms {
        for case in &form.cases {
            let records: Vec<&Record> = case.places.iter().filter_map(|place| form.record(*place)).collect();
            let Some(first) = records.first() else { continue };
            let sides = records.iter().zip(1..).map(|(record, number)| {
                let (value, note) = told(cx, record);
                Side {
                    place: record.place,
                    value,
                    note,
                    who: cx.t2("venues-conflict-device", "number", number, "office", &record.office),
                    when: cx.t2(
                        "venues-conflict-when",
                        "written",
                        moment(record.written_at),
                        "received",
                        moment(record.received_at),
                    ),
                }
            });
            let survey = form.survey.id;
            let mine = typed.get("survey") == survey.to_string() && typed.get("subject") == case.subject;
            cases.push(CaseView {
                id: format!("{}-{}", venue.code, case.subject.replace('/', "-")),
                title: format!("{} · {}", venue.code, title(cx, criteria, first)),
                where_from: cx.t2(
                    "venues-conflict-where",
                    "venue",
                    &venue.name,
                    "office",
                    offices.title(form.survey.office),
                ),
                survey,
                subject: case.subject.clone(),
                seen: form.seen,
                sides: sides.collect(),
                reason: if mine { typed.get("reason").to_owned() } else { String::new() },
            });
        }
    }
    cases
}

async fn draw(
    cx: &Cx,
    app: &App,
    who: store::Who,
    typed: &Typed,
    refused: Option<&AppError>,
) -> Result<Response, AppError> {
    let (criteria, forms, offices) = app
        .db
        .read(move |tx| -> Result<_, VenueError> {
            let mut forms = Vec::new();
            for survey in store::surveys(tx)? {
                // A form that this office may not open has no case for it.
                let Ok(form) = store::form_for(tx, &who, survey.id) else { continue };
                if !form.cases.is_empty() {
                    forms.push((store::venue(tx, survey.venue)?, form));
                }
            }
            Ok((store::newest_criteria(tx)?, forms, Offices::load(tx)?))
        })
        .await?;
    let cases = cases(cx, criteria.as_ref(), &forms, &offices, typed);
    let body = ConflictsPage {
        notice: notice(cx),
        error: sentence(cx, refused),
        count: cx.tn("venues-conflicts-count", cases.len()),
        chooses: who.manages || who.surveys,
        cases,
        cx,
    };
    let page = Page::new(cx.t("venues-conflicts").into_owned(), body).style("venues.css");
    Ok(page_with(refused.map_or(StatusCode::OK, AppError::status), cx, page))
}

/// `GET /dia-diem/trung`
pub(super) async fn show(
    actor: Actor<crate::venues::ReadVenues>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    draw(&cx, &app, who(&actor), &Typed::default(), None).await
}

/// `POST /dia-diem/trung`: a person chooses.
pub(super) async fn settle(
    actor: Actor<ContributeVenues>,
    cx: Cx,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let (who, typed) = (who(&actor), Typed::from(pairs));
    let (Ok(survey), Ok(seen), Ok(place)) =
        (typed.get("survey").parse::<SurveyId>(), typed.get("seen").parse(), typed.get("place").parse())
    else {
        return Err(AppError::bad_request());
    };
    let (subject, reason) = (typed.get("subject").to_owned(), typed.get("reason").replace("\r\n", "\n"));
    let done = app
        .db
        .write(actor.author(), move |tx| store::settle(tx, &who, survey, &subject, place, seen, &reason))
        .await;
    match done {
        Ok(_) => Ok(see("/dia-diem/trung", "settled")),
        Err(error) => draw(&cx, &app, who, &typed, Some(&error.into())).await,
    }
}
