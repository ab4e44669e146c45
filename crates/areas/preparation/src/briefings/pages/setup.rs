//! Series and meetings as forms: the rule proposes a day, a person confirms it.

use askama::Template;
use axum::{Form, extract::State, http::StatusCode, response::Response};
use jiff::{
    Timestamp,
    civil::{DateTime, Time, Weekday},
};
use platform::{
    app::App,
    clock,
    i18n::{fmt, key},
    identity::Actor,
    web::{AppError, Cx, FieldProblem, Page, Path, page_with},
};
use rules::{briefing::Cadence, dates::Deadline};

use super::{
    common::{self, Meeting, at, done, problem},
    draw, list,
};
use crate::{
    briefings::{
        BriefingError, Hand, ManageBriefings,
        model::{Briefing, BriefingId, NewBriefing, NewSeries, Series, SeriesId},
        store,
    },
    tasks::{
        clarity::People,
        pages::task::{form::Typed, refusals::date_problem},
    },
};

// ---------------------------------------------------------------- series

#[derive(Template)]
#[template(path = "briefings/pages/series.html")]
struct SeriesForm<'a> {
    cx: &'a Cx,
    title: String,
    action: String,
    draft: String,
    version: String,
    refusal: String,
    series_title: String,
    err_title: String,
    units: Vec<(String, String)>,
    unit: String,
    err_unit: String,
    weekdays: Vec<(String, String)>,
    weekday: String,
    time: String,
    err_time: String,
    cutoff_weekday: String,
    cutoff_time: String,
    err_cutoff_time: String,
    offices: Vec<(String, String)>,
    chair: String,
    err_chair: String,
    secretary: String,
    err_secretary: String,
    place: String,
    members: Vec<(String, String, bool)>,
}

fn series_page(
    cx: &Cx,
    people: &People,
    id: Option<SeriesId>,
    typed: &Typed,
    refused: Option<&AppError>,
) -> Response {
    let fields = refused.map(|error| error.fields().to_vec()).unwrap_or_default();
    let err = |name: &str| problem(cx, &fields, name);
    let get = |name: &str| typed.get(name).to_owned();
    let title = cx.t(if id.is_some() { "meet-series-edit" } else { "meet-series-new" }).into_owned();
    let draft = id.map_or_else(|| "moi".to_owned(), |id| id.to_string());
    let body = SeriesForm {
        title: title.clone(),
        action: format!("/giao-ban/loat/{draft}"),
        draft,
        version: get("version"),
        refusal: refused.filter(|_| fields.is_empty()).map(|error| error.detail(cx.lang)).unwrap_or_default(),
        series_title: get("title"),
        err_title: err("title"),
        units: common::units(cx, people),
        unit: get("unit"),
        err_unit: err("unit"),
        weekdays: (1..=7).map(|day| (day.to_string(), cx.tp("meet-weekday-", day).into_owned())).collect(),
        weekday: get("weekday"),
        time: get("time"),
        err_time: err("time"),
        cutoff_weekday: get("cutoff_weekday"),
        cutoff_time: get("cutoff_time"),
        err_cutoff_time: err("cutoff_time"),
        offices: common::offices(cx, people),
        chair: get("chair"),
        err_chair: err("chair"),
        secretary: get("secretary"),
        err_secretary: err("secretary"),
        place: get("place"),
        members: common::offices(cx, people)
            .into_iter()
            .skip(1)
            .map(|(id, words)| {
                let on = typed.has("member", &id);
                (id, words, on)
            })
            .collect(),
        cx,
    };
    let page = Page::new(title, body).style("task.css").style("briefings.css");
    page_with(refused.map_or(StatusCode::OK, AppError::status), cx, page)
}

/// What the form says, or what is wrong with it.
fn series_of(typed: &Typed) -> Result<NewSeries, AppError> {
    let mut problems: Vec<FieldProblem> = Vec::new();
    let mut missing = |name: &'static str| problems.push(FieldProblem::new(name, key("meet-error-needed")));
    let unit = typed.get("unit").parse().ok();
    let chair = typed.get("chair").parse().ok();
    let secretary = typed.get("secretary").parse().ok();
    let time: Option<Time> = typed.get("time").parse().ok();
    let cutoff: Option<Time> = typed.get("cutoff_time").parse().ok();
    let day = |name: &str| {
        typed.get(name).parse::<i8>().ok().and_then(|day| Weekday::from_monday_one_offset(day).ok())
    };
    let (weekday, cutoff_weekday) = (day("weekday"), day("cutoff_weekday"));
    for (name, there) in [
        ("unit", unit.is_some()),
        ("chair", chair.is_some()),
        ("secretary", secretary.is_some()),
        ("time", time.is_some() && weekday.is_some()),
        ("cutoff_time", cutoff.is_some() && cutoff_weekday.is_some()),
    ] {
        if !there {
            missing(name);
        }
    }
    match (unit, chair, secretary, weekday, time, cutoff_weekday, cutoff) {
        (
            Some(unit),
            Some(chair_office),
            Some(secretary_office),
            Some(weekday),
            Some(time),
            Some(cutoff_weekday),
            Some(cutoff_time),
        ) => Ok(NewSeries {
            unit,
            title: typed.get("title").to_owned(),
            cadence: Cadence { weekday, time, cutoff_weekday, cutoff_time },
            chair_office,
            secretary_office,
            place: typed.get("place").to_owned(),
            members: typed.all("member").iter().filter_map(|id| id.parse().ok()).collect(),
        }),
        _ => Err(AppError::invalid(problems)),
    }
}

async fn people(app: &App) -> Result<People, AppError> {
    Ok(app.db.read(People::load).await?)
}

/// `GET /giao-ban/loat/moi`: a Friday afternoon with the figures of Thursday, until somebody says otherwise.
pub(super) async fn new_series(
    actor: Actor<ManageBriefings>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let mut typed = Typed::default();
    for (name, value) in
        [("weekday", "5"), ("time", "08:00"), ("cutoff_weekday", "4"), ("cutoff_time", "16:00")]
    {
        typed.set(name, value);
    }
    typed.set("unit", actor.unit.id.to_string());
    Ok(series_page(&cx, &people(&app).await?, None, &typed, None))
}

/// `POST /giao-ban/loat/moi`
pub(super) async fn create_series(
    actor: Actor<ManageBriefings>,
    cx: Cx,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    write_series(&app, &actor, &cx, None, Typed::from(pairs)).await
}

/// `GET /giao-ban/loat/{id}`
pub(super) async fn edit_series(
    actor: Actor<ManageBriefings>,
    cx: Cx,
    State(app): State<App>,
    Path(id): Path<SeriesId>,
) -> Result<Response, AppError> {
    let hand = Hand::of(&actor);
    let series: Series = app.db.read(move |tx| store::series(tx, &hand, id)).await?;
    let time = |time: Time| format!("{:02}:{:02}", time.hour(), time.minute());
    let cadence = &series.cadence;
    let mut pairs = vec![
        ("version".to_owned(), series.version.to_string()),
        ("title".to_owned(), series.title.clone()),
        ("unit".to_owned(), series.unit.to_string()),
        ("weekday".to_owned(), cadence.weekday.to_monday_one_offset().to_string()),
        ("time".to_owned(), time(cadence.time)),
        ("cutoff_weekday".to_owned(), cadence.cutoff_weekday.to_monday_one_offset().to_string()),
        ("cutoff_time".to_owned(), time(cadence.cutoff_time)),
        ("chair".to_owned(), series.chair_office.to_string()),
        ("secretary".to_owned(), series.secretary_office.to_string()),
        ("place".to_owned(), series.place.clone()),
    ];
    pairs.extend(series.members.iter().map(|id| ("member".to_owned(), id.to_string())));
    Ok(series_page(&cx, &people(&app).await?, Some(id), &Typed::from(pairs), None))
}

/// `POST /giao-ban/loat/{id}`
pub(super) async fn save_series(
    actor: Actor<ManageBriefings>,
    cx: Cx,
    State(app): State<App>,
    Path(id): Path<SeriesId>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    write_series(&app, &actor, &cx, Some(id), Typed::from(pairs)).await
}

async fn write_series(
    app: &App,
    actor: &Actor<ManageBriefings>,
    cx: &Cx,
    id: Option<SeriesId>,
    typed: Typed,
) -> Result<Response, AppError> {
    let hand = Hand::of(actor);
    let new = match series_of(&typed) {
        Ok(new) => new,
        Err(error) => return Ok(series_page(cx, &people(app).await?, id, &typed, Some(&error))),
    };
    let known = id.map(|id| (id, typed.get("version").parse().unwrap_or(0)));
    match app.db.write(actor.author(), move |tx| store::save_series(tx, &hand, known, &new)).await {
        Ok(_) => Ok(done(cx, "/giao-ban", "series")),
        Err(error @ (BriefingError::NotFound | BriefingError::NotPermitted)) => Err(error.into()),
        Err(error) => Ok(series_page(cx, &people(app).await?, id, &typed, Some(&error.into()))),
    }
}

// ---------------------------------------------------------------- meetings

#[derive(Template)]
#[template(path = "briefings/pages/meeting.html")]
struct MeetingForm<'a> {
    cx: &'a Cx,
    title: String,
    action: String,
    back: String,
    draft: String,
    version: String,
    fresh: bool,
    proposal: String,
    refusal: String,
    series: Vec<(String, String)>,
    chosen: String,
    at: String,
    err_at: String,
    cutoff: String,
    err_cutoff: String,
    place: String,
    offices: Vec<(String, String)>,
    chair: String,
    err_chair: String,
    secretary: String,
    err_secretary: String,
}

/// What stands around a form of a meeting.
struct Around {
    title: String,
    known: Option<Briefing>,
    series: Vec<(String, String)>,
    proposal: String,
    people: People,
}

fn meeting_page(cx: &Cx, around: &Around, typed: &Typed, refused: Option<&AppError>) -> Response {
    let fields = refused.map(|error| error.fields().to_vec()).unwrap_or_default();
    let err = |name: &str| problem(cx, &fields, name);
    let get = |name: &str| typed.get(name).to_owned();
    let body = MeetingForm {
        title: around.title.clone(),
        action: around
            .known
            .as_ref()
            .map_or_else(|| "/giao-ban/moi".to_owned(), |one| at(&one.address, "sua")),
        back: around.known.as_ref().map_or_else(|| "/giao-ban".to_owned(), Briefing::href),
        draft: around.known.as_ref().map_or_else(|| "moi".to_owned(), |one| one.id.to_string()),
        version: get("version"),
        fresh: around.known.is_none(),
        proposal: around.proposal.clone(),
        refusal: refused.filter(|_| fields.is_empty()).map(|error| error.detail(cx.lang)).unwrap_or_default(),
        series: around.series.clone(),
        chosen: get("series"),
        at: get("at"),
        err_at: err("at"),
        cutoff: get("cutoff"),
        err_cutoff: format!("{}{}", err("cutoff"), err("cutoff_at")),
        place: get("place"),
        offices: common::offices(cx, &around.people),
        chair: get("chair"),
        err_chair: err("chair"),
        secretary: get("secretary"),
        err_secretary: err("secretary"),
        cx,
    };
    let page = Page::new(around.title.clone(), body).style("briefings.css");
    page_with(refused.map_or(StatusCode::OK, AppError::status), cx, page)
}

/// A moment with its hour as people write it: "16:00 26/9".
fn moment_of(
    name: &'static str,
    text: &str,
    year: i16,
    problems: &mut Vec<FieldProblem>,
) -> Option<Timestamp> {
    match Deadline::parse(text, Some(year)) {
        Ok(Deadline { date, time: Some(time) }) => Some(clock::instant(DateTime::from_parts(date, time))),
        Ok(_) => {
            problems.push(FieldProblem::new(name, key("meet-error-hour")));
            None
        }
        Err(error) => {
            problems.push(date_problem(name, &error));
            None
        }
    }
}

fn meeting_of(cx: &Cx, typed: &Typed) -> Result<NewBriefing, AppError> {
    let mut problems = Vec::new();
    let year = cx.now.year();
    let at = moment_of("at", typed.get("at"), year, &mut problems);
    let cutoff = moment_of("cutoff", typed.get("cutoff"), year, &mut problems);
    let chair = typed.get("chair").parse().ok();
    let secretary = typed.get("secretary").parse().ok();
    for (name, there) in [("chair", chair.is_some()), ("secretary", secretary.is_some())] {
        if !there {
            problems.push(FieldProblem::new(name, key("meet-error-needed")));
        }
    }
    match (at, cutoff, chair, secretary) {
        (Some(at), Some(cutoff_at), Some(chair_office), Some(secretary_office)) => Ok(NewBriefing {
            at,
            cutoff_at,
            place: typed.get("place").to_owned(),
            chair_office,
            secretary_office,
        }),
        _ => Err(AppError::invalid(problems)),
    }
}

async fn around_new(app: &App, cx: &Cx, hand: Hand, wanted: &str) -> Result<(Around, Typed), AppError> {
    let wanted: Option<SeriesId> = wanted.parse().ok();
    let (series, day, people) = app
        .db
        .read(move |tx| {
            let mut all = store::series_list(tx, &hand)?;
            all.retain(|one| hand.manages.covers(Some(one.unit)));
            let chosen = all.iter().find(|one| Some(one.id) == wanted).or(all.first()).cloned();
            let day = match &chosen {
                Some(one) => Some((store::propose(tx, &hand, one.id)?, one.clone())),
                None => None,
            };
            Ok::<_, BriefingError>((all, day, People::load(tx)?))
        })
        .await?;
    let mut typed = Typed::default();
    let mut proposal = String::new();
    if let Some((day, one)) = &day {
        typed.set("series", one.id.to_string());
        typed.set("at", fmt::moment(day.at));
        typed.set("cutoff", fmt::moment(day.cutoff_at));
        typed.set("place", one.place.clone());
        typed.set("chair", one.chair_office.to_string());
        typed.set("secretary", one.secretary_office.to_string());
        proposal = list::proposal(cx, day);
    }
    let around = Around {
        title: cx.t("meet-new").into_owned(),
        known: None,
        series: series.iter().map(|one| (one.id.to_string(), one.title.clone())).collect(),
        proposal,
        people,
    };
    Ok((around, typed))
}

/// `GET /giao-ban/moi`
pub(super) async fn new_meeting(
    actor: Actor<ManageBriefings>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let (around, typed) = around_new(&app, &cx, Hand::of(&actor), &cx.param("loat")).await?;
    Ok(meeting_page(&cx, &around, &typed, None))
}

/// `POST /giao-ban/moi`
pub(super) async fn set_meeting(
    actor: Actor<ManageBriefings>,
    cx: Cx,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let hand = Hand::of(&actor);
    let typed = Typed::from(pairs);
    let series: SeriesId = typed.get("series").parse().map_err(|_| AppError::bad_request())?;
    let refused = match meeting_of(&cx, &typed) {
        Err(error) => error,
        Ok(new) => {
            let written = app
                .db
                .write(actor.author(), move |tx| {
                    let done = store::set(tx, &hand, series, &new)?;
                    let (made, _) = store::briefing(tx, &hand, *done.value())?;
                    Ok::<_, BriefingError>(done.map(|_| made.href()))
                })
                .await;
            match written {
                Ok(href) => return Ok(done(&cx, &href, "set")),
                Err(error @ (BriefingError::NotFound | BriefingError::NotPermitted)) => {
                    return Err(error.into());
                }
                Err(error) => error.into(),
            }
        }
    };
    let (around, _) = around_new(&app, &cx, hand, typed.get("series")).await?;
    Ok(meeting_page(&cx, &around, &typed, Some(&refused)))
}

async fn around_known(app: &App, cx: &Cx, hand: Hand, id: BriefingId) -> Result<(Around, Typed), AppError> {
    let (briefing, people) = app
        .db
        .read(move |tx| {
            let (briefing, _) = store::briefing(tx, &hand, id)?;
            Ok::<_, BriefingError>((briefing, People::load(tx)?))
        })
        .await?;
    let mut typed = Typed::default();
    for (name, value) in [
        ("version", briefing.version.to_string()),
        ("at", common::moment(briefing.at)),
        ("cutoff", common::moment(briefing.cutoff_at)),
        ("place", briefing.place.clone()),
        ("chair", briefing.chair_office.to_string()),
        ("secretary", briefing.secretary_office.to_string()),
    ] {
        typed.set(name, value);
    }
    let title = cx.t1("meet-change-title", "name", draw::name(cx, &briefing));
    Ok((Around { title, known: Some(briefing), series: Vec::new(), proposal: String::new(), people }, typed))
}

/// `GET /giao-ban/{id}/sua`
pub(super) async fn edit_meeting(
    actor: Actor<ManageBriefings>,
    cx: Cx,
    State(app): State<App>,
    Meeting { id, .. }: Meeting,
) -> Result<Response, AppError> {
    let (around, typed) = around_known(&app, &cx, Hand::of(&actor), id).await?;
    Ok(meeting_page(&cx, &around, &typed, None))
}

/// `POST /giao-ban/{id}/sua`
pub(super) async fn save_meeting(
    actor: Actor<ManageBriefings>,
    cx: Cx,
    State(app): State<App>,
    Meeting { id, address }: Meeting,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let hand = Hand::of(&actor);
    let typed = Typed::from(pairs);
    let version: i64 = typed.get("version").parse().unwrap_or(0);
    let refused = match meeting_of(&cx, &typed) {
        Err(error) => error,
        Ok(new) => {
            match app.db.write(actor.author(), move |tx| store::change(tx, &hand, id, version, &new)).await {
                Ok(()) => return Ok(done(&cx, &at(&address, ""), "changed")),
                Err(error @ (BriefingError::NotFound | BriefingError::NotPermitted)) => {
                    return Err(error.into());
                }
                Err(error) => error.into(),
            }
        }
    };
    let (around, _) = around_known(&app, &cx, hand, id).await?;
    Ok(meeting_page(&cx, &around, &typed, Some(&refused)))
}
