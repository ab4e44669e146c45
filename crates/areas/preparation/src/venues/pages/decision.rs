//! From the recommendation to the signed decision: what is recommended is not yet decided.

use askama::Template;
use axum::{Form, extract::State, http::StatusCode, response::Response};
use jiff::civil::Date;
use platform::{
    app::App,
    i18n::key,
    identity::{Actor, UnitId, store as identity},
    web::{AppError, Cx, FieldProblem, Page, page_with},
};
use rules::{
    dates::{Deadline, parse_vn_date},
    scoring::Gate,
};

use super::common::{at, by_at, notice, problem, see, sentence};
use super::compare;
use crate::{
    tasks::{
        self,
        model::{PlanId, TaskFields},
        pages::task::form::{Row, Typed},
    },
    venues::{
        DecideVenues, ManageVenues, ReadVenues, VenueError, Who, model::*, picture::Picture, store, who,
    },
};

struct Step {
    title: String,
    words: String,
    done: bool,
    current: bool,
}

struct Proposal {
    id: RecommendationId,
    title: String,
    reason: String,
    by: String,
    sha: String,
}

struct Signed {
    title: String,
    reason: String,
    by: String,
    sha: String,
    register: String,
    /// Address, code, what.
    tasks: Vec<(String, String, String)>,
    site: String,
}

#[derive(Template)]
#[template(path = "venues/pages/decision.html")]
struct DecisionPage<'a> {
    cx: &'a Cx,
    notice: String,
    error: String,
    problems: Vec<FieldProblem>,
    typed: Typed,
    steps: Vec<Step>,
    signed: Option<Signed>,
    proposal: Option<Proposal>,
    decides: bool,
    recommends: bool,
    returned: String,
    choices: Vec<(String, String)>,
    units: Vec<(String, String)>,
    works: Vec<Row>,
}

impl DecisionPage<'_> {
    fn err(&self, name: &str) -> String {
        problem(self.cx, &self.problems, name)
    }
}

/// The columns of the work that a decision brings.
const WORKS: &[&str] = &["task_code", "task_what", "task_unit", "task_due"];

struct Shown {
    picture: Option<Picture>,
    venues: Vec<Venue>,
    last: Option<Recommendation>,
    tasks: Vec<tasks::model::Task>,
    units: Vec<(String, String)>,
}

fn load(tx: &mut platform::db::Tx<'_>, who: &Who) -> Result<Shown, VenueError> {
    let last = store::recommendations(tx)?.into_iter().next();
    let mut made = Vec::new();
    if let Some(decision) = last.as_ref().and_then(|last| last.decision.as_ref()) {
        for task in &decision.tasks {
            made.push(tasks::store::task(tx, *task)?);
        }
    }
    Ok(Shown {
        picture: compare::current(tx, who)?,
        venues: store::venues(tx)?,
        last,
        tasks: made,
        units: identity::units(tx)?.into_iter().map(|unit| (unit.id.to_string(), unit.name)).collect(),
    })
}

fn venue_words(venue: &Venue) -> String {
    format!("{} – {}", venue.code, venue.name)
}

fn steps(cx: &Cx, last: Option<&Recommendation>) -> Vec<Step> {
    let waits = last.is_some_and(|last| last.returned.is_none());
    let signed = last.is_some_and(|last| last.decision.is_some());
    let said = |done: bool, at: Option<String>| {
        at.filter(|_| done).unwrap_or_else(|| cx.t("venues-step-open").into_owned())
    };
    vec![
        Step {
            title: cx.t("venues-step-recommend").into_owned(),
            words: said(waits, last.map(|last| by_at(cx, &last.made_by, last.made_at))),
            done: waits,
            current: !waits,
        },
        Step {
            title: cx.t("venues-step-sign").into_owned(),
            words: said(
                signed,
                last.and_then(|last| last.decision.as_ref())
                    .map(|decision| by_at(cx, &decision.signed_by, decision.signed_at)),
            ),
            done: signed,
            current: waits && !signed,
        },
        Step {
            title: cx.t("venues-step-tasks").into_owned(),
            words: if signed {
                cx.tn(
                    "venues-step-tasks-made",
                    last.and_then(|last| last.decision.as_ref()).map_or(0, |decision| decision.tasks.len()),
                )
            } else {
                cx.t("venues-step-open").into_owned()
            },
            done: signed,
            current: false,
        },
    ]
}

/// The work that suggests itself: each condition of the chosen venue is something to be done.
fn suggested(picture: Option<&Picture>, venue: VenueId) -> Vec<(String, String)> {
    let Some(entry) = picture.and_then(|picture| picture.entry(venue)) else { return Vec::new() };
    entry
        .gates
        .iter()
        .filter_map(|gate| gate.judgement.as_ref())
        .filter(|judged| judged.result == Gate::Conditional && !judged.condition.is_empty())
        .zip(1..)
        .map(|(judged, number)| (format!("DD-{}-{number}", entry.venue.code), judged.condition.clone()))
        .collect()
}

fn draw(cx: &Cx, who: &Who, shown: &Shown, mut typed: Typed, refused: Option<&AppError>) -> Response {
    let name =
        |id: VenueId| shown.venues.iter().find(|venue| venue.id == id).map(venue_words).unwrap_or_default();
    let code = |id: VenueId| shown.venues.iter().find(|venue| venue.id == id).map(|venue| venue.code.clone());
    let waiting = shown.last.as_ref().filter(|last| last.returned.is_none());
    let signed = waiting.and_then(|last| last.decision.as_ref()).map(|decision| Signed {
        title: cx.t1("venues-decided-for", "venue", name(decision.venue)),
        reason: decision.reason.clone(),
        by: by_at(cx, &decision.signed_by, decision.signed_at),
        sha: decision.sha256.clone(),
        register: format!("/ket-luan/{}", decision.register),
        tasks: shown
            .tasks
            .iter()
            .map(|task| {
                (
                    format!("/nhiem-vu/{}", task.fields.code),
                    task.fields.code.clone(),
                    task.fields.what.clone(),
                )
            })
            .collect(),
        site: code(decision.venue).map(|code| at(&code)).unwrap_or_default(),
    });
    let proposal = waiting.filter(|last| last.decision.is_none()).map(|last| Proposal {
        id: last.id,
        title: cx.t1("venues-recommended-is", "venue", name(last.venue)),
        reason: last.reason.clone(),
        by: by_at(cx, &last.made_by, last.made_at),
        sha: last.sha256.clone(),
    });
    let choices: Vec<(String, String)> = shown
        .picture
        .iter()
        .flat_map(Picture::ranked)
        .map(|entry| (entry.venue.id.to_string(), venue_words(&entry.venue)))
        .collect();
    if typed.get("venue").is_empty() {
        let first = waiting
            .map(|last| last.venue.to_string())
            .or_else(|| choices.first().map(|(id, _)| id.clone()))
            .unwrap_or_default();
        typed.set("venue", first);
    }
    if typed.all("task_what").is_empty()
        && let Some(last) = waiting
    {
        let rows = suggested(shown.picture.as_ref(), last.venue);
        typed.extend(rows.into_iter().flat_map(|(code, what)| {
            [
                ("task_code", code),
                ("task_what", what),
                ("task_unit", String::new()),
                ("task_due", String::new()),
            ]
            .map(|(name, value)| (name.to_owned(), value))
        }));
    }
    let units = std::iter::once((String::new(), cx.t("venues-choose").into_owned()))
        .chain(shown.units.iter().cloned())
        .collect();
    let body = DecisionPage {
        notice: notice(cx),
        error: sentence(cx, refused),
        problems: refused.map(|refused| refused.fields().to_vec()).unwrap_or_default(),
        steps: steps(cx, shown.last.as_ref()),
        signed,
        decides: who.decides && proposal.is_some(),
        proposal,
        recommends: who.manages && waiting.is_none() && !choices.is_empty(),
        returned: shown
            .last
            .as_ref()
            .and_then(|last| last.returned.as_ref())
            .map(|(when, reason, by)| {
                cx.t2("venues-returned-because", "by", by_at(cx, by, *when), "reason", reason)
            })
            .unwrap_or_default(),
        choices,
        units,
        works: typed.with_spare(WORKS),
        typed,
        cx,
    };
    let page = Page::new(cx.t("venues-decision").into_owned(), body).style("venues.css");
    page_with(refused.map_or(StatusCode::OK, AppError::status), cx, page)
}

/// `GET /dia-diem/quyet-dinh`
pub(super) async fn show(
    actor: Actor<ReadVenues>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let who = who(&actor);
    let shown = app.db.read(move |tx| load(tx, &who)).await?;
    Ok(draw(&cx, &who, &shown, Typed::default(), None))
}

async fn again(app: &App, cx: &Cx, who: Who, typed: Typed, refused: AppError) -> Result<Response, AppError> {
    let shown = app.db.read(move |tx| load(tx, &who)).await?;
    Ok(draw(cx, &who, &shown, typed, Some(&refused)))
}

/// `POST /dia-diem/quyet-dinh`: recommends a ranked venue.
pub(super) async fn recommend(
    actor: Actor<ManageVenues>,
    cx: Cx,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let (who, typed) = (who(&actor), Typed::from(pairs));
    let Ok(venue) = typed.get("venue").parse::<VenueId>() else { return Err(AppError::bad_request()) };
    let reason = typed.get("reason").replace("\r\n", "\n");
    match app.db.write(actor.author(), move |tx| store::recommend(tx, &who, venue, &reason)).await {
        Ok(_) => Ok(see("/dia-diem/quyet-dinh", "recommended")),
        Err(error) => again(&app, &cx, who, typed, error.into()).await,
    }
}

/// `POST /dia-diem/quyet-dinh/tra-lai`: sends the recommendation back.
pub(super) async fn send_back(
    actor: Actor<DecideVenues>,
    cx: Cx,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let (who, typed) = (who(&actor), Typed::from(pairs));
    let Ok(id) = typed.get("id").parse::<RecommendationId>() else { return Err(AppError::bad_request()) };
    let reason = typed.get("reason").replace("\r\n", "\n");
    match app.db.write(actor.author(), move |tx| store::send_back(tx, &who, id, &reason)).await {
        Ok(_) => Ok(see("/dia-diem/quyet-dinh", "returned")),
        Err(error) => {
            // Two forms of the page have a reason: this is the other one's.
            let mut back = Typed::default();
            back.set("back", typed.get("reason"));
            again(&app, &cx, who, back, error.into()).await
        }
    }
}

/// One line of work as typed.
struct Line {
    code: String,
    what: String,
    unit: Option<UnitId>,
    due: Option<Date>,
}

fn lines(typed: &Typed, year: i16) -> Result<Vec<Line>, AppError> {
    let (mut out, mut wrong) = (Vec::new(), Vec::new());
    for row in typed.rows(WORKS) {
        if row.cell(1).is_empty() {
            // A code or a unit alone is no work.
            wrong.push(FieldProblem::new("task_what", key("venues-task-needs-what")));
            continue;
        }
        let due = match row.cell(3) {
            "" => None,
            text => match parse_vn_date(text, Some(year)) {
                Ok(day) => Some(day),
                Err(_) => {
                    wrong.push(FieldProblem::new("task_what", key("venues-wrong-day")));
                    None
                }
            },
        };
        out.push(Line {
            code: row.cell(0).to_owned(),
            what: row.cell(1).replace("\r\n", "\n"),
            unit: row.cell(2).parse().ok(),
            due,
        });
    }
    if wrong.is_empty() { Ok(out) } else { Err(AppError::invalid(wrong)) }
}

/// `POST /dia-diem/quyet-dinh/ky`: signs, once; the work it brings becomes draft tasks in the same breath.
pub(super) async fn sign(
    actor: Actor<DecideVenues>,
    cx: Cx,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let (who, typed) = (who(&actor), Typed::from(pairs));
    let (Ok(id), Ok(venue)) =
        (typed.get("id").parse::<RecommendationId>(), typed.get("venue").parse::<VenueId>())
    else {
        return Err(AppError::bad_request());
    };
    let lines = match lines(&typed, cx.now.date().year()) {
        Ok(lines) => lines,
        Err(refused) => return again(&app, &cx, who, typed, refused).await,
    };
    let (reason, sha256) = (typed.get("reason").replace("\r\n", "\n"), typed.get("sha").to_owned());
    let number = Some(typed.get("number").to_owned()).filter(|number| !number.is_empty());
    let done = app
        .db
        .write(actor.author(), move |tx| -> Result<_, VenueError> {
            let plan: Option<PlanId> = tasks::store::plans(tx)?.first().map(|plan| plan.id);
            let works = match plan {
                Some(plan) => lines
                    .into_iter()
                    .map(|line| store::Work {
                        plan,
                        fields: TaskFields {
                            code: line.code,
                            what: line.what,
                            lead_unit: line.unit,
                            due: line.due.map(Deadline::from),
                            ..TaskFields::default()
                        },
                    })
                    .collect(),
                None if lines.is_empty() => Vec::new(),
                None => return Err(VenueError::NotFound),
            };
            let new = store::NewDecision {
                venue,
                reason,
                sha256,
                number,
                body: None,
                issued_on: None,
                points: Vec::new(),
                works,
            };
            store::sign(tx, &who, id, &new)
        })
        .await;
    match done {
        Ok(_) => Ok(see("/dia-diem/quyet-dinh", "signed")),
        Err(error) => again(&app, &cx, who, typed, error.into()).await,
    }
}
