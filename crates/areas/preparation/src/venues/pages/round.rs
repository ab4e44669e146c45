//! The round of surveys: for how many people, who surveys what, how far each form is.

use askama::Template;
use axum::{Form, extract::State, http::StatusCode, response::Response};
use platform::{
    app::App,
    i18n::key,
    identity::Actor,
    web::{AppError, Cx, FieldProblem, Page, page_with},
};

use super::common::{self, Offices, at, notice, problem, see, sentence};
use crate::{
    tasks::pages::task::form::Typed,
    venues::{ManageVenues, ReadVenues, VenueError, model::*, store, who},
};

struct FormLine {
    office: String,
    done: String,
    tone: &'static str,
    icon: &'static str,
    state: String,
}

struct Group {
    code: String,
    name: String,
    href: String,
    takes: bool,
    forms: Vec<FormLine>,
}

#[derive(Template)]
#[template(path = "venues/pages/round.html")]
struct RoundPage<'a> {
    cx: &'a Cx,
    title: String,
    lead: String,
    notice: String,
    error: String,
    problems: Vec<FieldProblem>,
    typed: Typed,
    open: bool,
    manages: bool,
    groups: Vec<Group>,
    offices: Vec<(String, String)>,
}

impl RoundPage<'_> {
    fn err(&self, name: &str) -> String {
        problem(self.cx, &self.problems, name)
    }
}

struct Shown {
    round: Option<Round>,
    criteria: Option<Criteria>,
    venues: Vec<(Venue, Vec<Form_>)>,
    offices: Offices,
}

/// A form with how far it is.
type Form_ = (Survey, usize);

fn load(tx: &mut platform::db::Tx<'_>) -> Result<Shown, VenueError> {
    let round = match store::current_round(tx) {
        Ok(round) => Some(round),
        Err(VenueError::NoRound) => None,
        Err(error) => return Err(error),
    };
    let criteria = store::newest_criteria(tx)?;
    let surveys = match &round {
        Some(round) => store::surveys_of(tx, round.id)?,
        None => Vec::new(),
    };
    let mut venues = Vec::new();
    for venue in store::venues(tx)? {
        let mut forms = Vec::new();
        for survey in surveys.iter().filter(|survey| survey.venue == venue.id) {
            let form = store::form(tx, survey.id)?;
            let done = criteria
                .iter()
                .flat_map(|criteria| criteria.scored())
                .filter(|criterion| form.rating(&criterion.code).is_some())
                .count();
            forms.push((survey.clone(), done));
        }
        venues.push((venue, forms));
    }
    Ok(Shown { round, criteria, venues, offices: Offices::load(tx)? })
}

fn draw(cx: &Cx, manages: bool, shown: &Shown, typed: Typed, refused: Option<&AppError>) -> Response {
    let needed = shown.criteria.as_ref().map_or(0, |criteria| criteria.scored().count());
    let open = shown.round.as_ref().is_some_and(|round| round.closed_at.is_none());
    let groups = shown
        .venues
        .iter()
        .map(|(venue, forms)| Group {
            code: venue.code.clone(),
            name: venue.name.clone(),
            href: at(&venue.code),
            takes: venue.state.is_open(),
            forms: forms
                .iter()
                .map(|(survey, done)| {
                    let (tone, icon, state) = match survey.handed_in_at {
                        Some(when) => (
                            "green",
                            "circle-check",
                            cx.t1("venues-survey-handed-in-at", "at", common::moment(when)),
                        ),
                        None if *done > 0 => {
                            ("blue", "progress-check", cx.t("venues-form-doing").into_owned())
                        }
                        None => ("grey", "circle", cx.t("venues-form-waits").into_owned()),
                    };
                    FormLine {
                        office: shown.offices.title(survey.office),
                        done: format!("{done}/{needed}"),
                        tone,
                        icon,
                        state,
                    }
                })
                .collect(),
        })
        .collect();
    let (title, lead) = match &shown.round {
        Some(round) if open => (
            round.name.clone(),
            cx.t3(
                "venues-need",
                "people",
                round.people,
                "reserve",
                round.reserve,
                "need",
                rules::egress::need(round.people, round.reserve),
            ),
        ),
        Some(round) => (cx.t("venues-round").into_owned(), cx.t1("venues-round-last", "name", &round.name)),
        None => (cx.t("venues-round").into_owned(), String::new()),
    };
    let body = RoundPage {
        cx,
        title: title.clone(),
        lead,
        notice: notice(cx),
        error: sentence(cx, refused),
        problems: refused.map(|refused| refused.fields().to_vec()).unwrap_or_default(),
        typed,
        open,
        manages,
        groups,
        offices: shown.offices.options(),
    };
    let page = Page::new(title, body).style("venues.css");
    page_with(refused.map_or(StatusCode::OK, AppError::status), cx, page)
}

/// `GET /dia-diem/dot`
pub(super) async fn show(
    actor: Actor<ReadVenues>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let shown = app.db.read(load).await?;
    let mut typed = Typed::default();
    typed.set("reserve", "5");
    Ok(draw(&cx, who(&actor).manages, &shown, typed, None))
}

async fn again(cx: &Cx, app: &App, typed: Typed, refused: AppError) -> Result<Response, AppError> {
    let shown = app.db.read(load).await?;
    Ok(draw(cx, true, &shown, typed, Some(&refused)))
}

/// `POST /dia-diem/dot`: opens a round.
pub(super) async fn open(
    actor: Actor<ManageVenues>,
    cx: Cx,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let (who, typed) = (who(&actor), Typed::from(pairs));
    let mut wrong = Vec::new();
    let mut number = |name: &'static str| match common::whole(typed.get(name)) {
        Ok(Some(number)) => number,
        _ => {
            wrong.push(FieldProblem::new(name, key("venues-wrong-number")));
            0
        }
    };
    let (people, reserve) = (number("people"), number("reserve"));
    if !wrong.is_empty() {
        return again(&cx, &app, typed, AppError::invalid(wrong)).await;
    }
    let name = typed.get("name").to_owned();
    let done =
        app.db.write(actor.author(), move |tx| store::open_round(tx, &who, &name, people, reserve)).await;
    match done {
        Ok(_) => Ok(see("/dia-diem/dot", "round-opened")),
        Err(error) => again(&cx, &app, typed, error.into()).await,
    }
}

/// `POST /dia-diem/dot/giao`: asks an office to survey a venue.
pub(super) async fn assign(
    actor: Actor<ManageVenues>,
    cx: Cx,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let (who, typed) = (who(&actor), Typed::from(pairs));
    let Ok(office) = typed.get("office").parse() else { return Err(AppError::bad_request()) };
    let venue = typed.get("venue").to_owned();
    let place = venue.clone();
    let done = app
        .db
        .write(actor.author(), move |tx| {
            let venue = store::venue_by_code(tx, &venue)?;
            let round = store::current_round(tx)?;
            store::assign(tx, &who, round.id, venue.id, office)
        })
        .await;
    match done {
        Ok(_) => Ok(see(&format!("/dia-diem/dot#{place}"), "assigned")),
        Err(error) => again(&cx, &app, typed, error.into()).await,
    }
}

/// `POST /dia-diem/dot/dong`: closes the round.
pub(super) async fn close(
    actor: Actor<ManageVenues>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let who = who(&actor);
    let done = app
        .db
        .write(actor.author(), move |tx| {
            let round = store::current_round(tx)?;
            store::close_round(tx, &who, round.id)
        })
        .await;
    match done {
        Ok(_) => Ok(see("/dia-diem/dot", "round-closed")),
        Err(error) => again(&cx, &app, Typed::default(), error.into()).await,
    }
}
