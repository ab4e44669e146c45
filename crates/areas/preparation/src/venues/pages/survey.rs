//! The survey form: one page that works without scripts, and with them offline on a phone.

use std::fmt::Write as _;

use askama::Template;
use axum::{
    Extension, Json,
    extract::{Multipart, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use platform::{
    app::App,
    db::Tx,
    files::{self, PutOptions},
    i18n::key,
    identity::{Actor, Right},
    web::{self, AppError, Cx, Layout, Page, Path, page_with},
};
use print::PressRoom;
use rules::scoring::{Gate, HIGHEST};
use serde_json::json;

use super::{
    common::{self, moment, notice, see, sentence},
    view,
};
use crate::{
    tasks::pages::task::form::Typed,
    venues::{
        ContributeVenues, VenueError, Who,
        model::*,
        paper::{self, Asked},
        store, who,
    },
};

/// What the page is made of besides itself: kept on the phone with it.
const PARTS: &[&str] = &[
    "vendor/bootstrap.css",
    "theme.css",
    "survey.css",
    "vendor/htmx.js",
    "vendor/idiomorph-ext.js",
    "vendor/sse.js",
    "js/app.js",
    "js/dom.js",
    "js/draft.js",
    "js/filter.js",
    "js/live.js",
    "js/select.js",
    "js/survey.js",
    "js/survey/keep.js",
    "js/survey/photo.js",
    "js/survey/send.js",
    "icons.svg",
    "favicon.svg",
    "vendor/fonts/be-vietnam-pro-latin-400.woff2",
    "vendor/fonts/be-vietnam-pro-vietnamese-400.woff2",
    "vendor/fonts/be-vietnam-pro-latin-600.woff2",
    "vendor/fonts/be-vietnam-pro-vietnamese-600.woff2",
];

/// Where the form lives; the worker reaches no further.
const HOME: &str = "/dia-diem/khao-sat";

/// The step of the exits, and that of the remark about the whole venue, in addresses.
const EXITS: &str = "loi-ra";
const REMARK: &str = "nhan-xet";

/// `GET /dia-diem/khao-sat/sw.js`: the worker of the form, with the list of what it keeps.
pub(super) async fn worker() -> Response {
    let mut code = format!("self.KEEP={{version:\"{}\",assets:[", web::assets::HASH);
    for name in PARTS {
        let _ = write!(code, "\"{}\",", web::asset(name));
    }
    code.push_str("]};\n");
    code.push_str(&String::from_utf8_lossy(web::assets::bytes("js/survey/worker.js").unwrap_or_default()));
    (
        [
            (header::CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8")),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
            (header::HeaderName::from_static("service-worker-allowed"), HeaderValue::from_static(HOME)),
        ],
        code,
    )
        .into_response()
}

/// `GET /dia-diem/khao-sat/manifest.webmanifest`: what a phone needs to put the form on its home screen.
pub(super) async fn manifest(cx: Cx) -> Response {
    let body = Json(json!({
        "name": cx.t("venues-survey-app"),
        "short_name": cx.t("venues-survey-app-short"),
        "lang": cx.lang.code(),
        "start_url": HOME,
        "scope": HOME,
        "display": "standalone",
        "background_color": "#fffefb",
        "theme_color": "#9b1e22",
        "icons": [{ "src": web::asset("favicon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any" }],
    }));
    let mut response = body.into_response();
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/manifest+json"));
    response
}

// ---------------------------------------------------------------- my forms

struct Mine {
    href: String,
    code: String,
    name: String,
    state: String,
}

#[derive(Template)]
#[template(path = "venues/pages/mine.html")]
struct MinePage<'a> {
    cx: &'a Cx,
    notice: String,
    rows: Vec<Mine>,
    framed: bool,
}

/// `GET /dia-diem/khao-sat`: the forms of the acting office.
pub(super) async fn mine(
    actor: Actor<ContributeVenues>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let office = actor.office.id;
    let found = app
        .db
        .read(move |tx| -> Result<_, VenueError> {
            let criteria = store::newest_criteria(tx)?;
            let mut found = Vec::new();
            for survey in store::surveys(tx)?.into_iter().filter(|survey| survey.office == office) {
                let venue = store::venue(tx, survey.venue)?;
                let form = store::form(tx, survey.id)?;
                let (done, needed) = progress(criteria.as_ref(), &form);
                found.push((survey, venue, done, needed));
            }
            Ok(found)
        })
        .await?;
    let rows = found
        .into_iter()
        .map(|(survey, venue, done, needed)| Mine {
            href: format!("{HOME}/{}", survey.id),
            code: venue.code,
            name: venue.name,
            state: match survey.handed_in_at {
                Some(at) => cx.t1("venues-survey-handed-in-at", "at", moment(at)),
                None => cx.t2("venues-survey-progress", "done", done, "needed", needed),
            },
        })
        .collect();
    let notice = if cx.param("xong") == "handed-in" {
        cx.t("venues-survey-handed-in").into_owned()
    } else {
        notice(&cx)
    };
    let framed = actor.may(crate::venues::AREA, Right::Read, None);
    let body = MinePage { notice, rows, framed, cx: &cx };
    Ok(web::page(&cx, dressed(Page::new(cx.t("venues-surveys").into_owned(), body))))
}

fn dressed<B: Template>(page: Page<B>) -> Page<B> {
    page.layout(Layout::Plain).style("survey.css").manifest("/dia-diem/khao-sat/manifest.webmanifest")
}

/// Criteria rated, and criteria.
fn progress(criteria: Option<&Criteria>, form: &Form) -> (usize, usize) {
    let Some(criteria) = criteria else { return (0, 0) };
    let done = criteria.scored().filter(|one| form.rating(&one.code).is_some()).count();
    (done, criteria.scored().count())
}

// ---------------------------------------------------------------- the form

const EXIT_CELLS: &[&str] = &["exit_id", "exit_name", "exit_leads", "exit_width", "exit_height"];

#[derive(Debug, Clone, Default)]
struct ExitRow {
    id: String,
    name: String,
    leads: String,
    width: String,
    height: String,
}

struct PhotoView {
    href: String,
    alt: String,
    words: String,
}

struct Step {
    /// In the page: an anchor.
    id: String,
    /// In addresses and records: the code.
    key: String,
    code: String,
    name: String,
    kind: &'static str,
    needs: &'static str,
    space: String,
    hint: String,
    anchors: Vec<(String, String)>,
    chosen: String,
    note: String,
    condition: String,
    rows: Vec<ExitRow>,
    photos: Vec<PhotoView>,
    problem: String,
    summary: String,
    done: bool,
}

struct Outcome {
    value: String,
    word: String,
    icon: &'static str,
}

#[derive(Template)]
#[template(path = "venues/pages/survey.html")]
struct FormPage<'a> {
    cx: &'a Cx,
    id: SurveyId,
    title: String,
    address: String,
    version: &'static str,
    seen: u64,
    records: String,
    photos: String,
    hand_in: String,
    done_at: String,
    here: String,
    notice: String,
    error: String,
    left: String,
    done: usize,
    needed: usize,
    steps: Vec<Step>,
    scale: Vec<String>,
    outcomes: Vec<Outcome>,
    blank: ExitRow,
}

/// Everything the form shows.
struct Shown {
    venue: Venue,
    form: Form,
    criteria: Criteria,
    spaces: Vec<Space>,
    photos: Vec<Photo>,
}

fn load(tx: &mut Tx<'_>, who: &Who, id: SurveyId) -> Result<Shown, VenueError> {
    let form = store::form_for(tx, who, id)?;
    if who.office != Some(form.survey.office) {
        return Err(VenueError::NotFound);
    }
    Ok(Shown {
        venue: store::venue(tx, form.survey.venue)?,
        criteria: store::newest_criteria(tx)?.ok_or(VenueError::NoCriteria)?,
        spaces: store::spaces(tx, form.survey.venue)?,
        photos: store::photos(tx, who, form.survey.venue)?
            .into_iter()
            .filter(|photo| photo.survey == Some(id))
            .collect(),
        form,
    })
}

fn views(cx: &Cx, photos: &[Photo], step: &str, subject: &str) -> Vec<PhotoView> {
    let mine = photos.iter().filter(|photo| photo.subject == subject);
    mine.zip(1..)
        .map(|(photo, number)| PhotoView {
            href: photo_href(photo.id),
            alt: cx.t2("venues-survey-photo-alt", "number", number, "step", step),
            words: moment(photo.added_at),
        })
        .collect()
}

/// The address of a picture.
pub(super) fn photo_href(id: PhotoId) -> String {
    format!("/dia-diem/anh/{id}")
}

fn steps(cx: &Cx, shown: &Shown) -> Vec<Step> {
    let blank = || Step {
        id: String::new(),
        key: String::new(),
        code: String::new(),
        name: String::new(),
        kind: "note",
        needs: "",
        space: String::new(),
        hint: String::new(),
        anchors: Vec::new(),
        chosen: String::new(),
        note: String::new(),
        condition: String::new(),
        rows: Vec::new(),
        photos: Vec::new(),
        problem: String::new(),
        summary: cx.t("venues-survey-missing").into_owned(),
        done: false,
    };
    let disputed = |subject: &str| {
        if shown.form.cases.iter().any(|case| case.subject == subject) {
            cx.t("venues-survey-disputed").into_owned()
        } else {
            String::new()
        }
    };
    let mut steps = Vec::new();
    for gate in shown.criteria.criteria.iter().filter(|one| one.kind == CriterionKind::Gate) {
        let subject = format!("gate/{}", gate.code);
        let mut step = Step {
            id: gate.code.clone(),
            key: gate.code.clone(),
            code: gate.code.clone(),
            name: gate.name.clone(),
            kind: "gate",
            needs: "value",
            hint: gate.evidence.clone(),
            photos: views(cx, &shown.photos, &gate.code, &subject),
            problem: disputed(&subject),
            ..blank()
        };
        for record in shown.form.answers() {
            if let Content::Gate { code, result, condition, note } = &record.content
                && *code == gate.code
            {
                step.chosen = result.to_string();
                step.summary = cx.t(result.key()).into_owned();
                step.done = true;
                (step.condition, step.note) = (condition.clone(), note.clone());
            }
        }
        steps.push(step);
    }
    steps.push(exits(cx, shown, blank()));
    for one in shown.criteria.scored() {
        let subject = format!("rating/{}", one.code);
        let rated = shown.form.rating(&one.code);
        steps.push(Step {
            id: one.code.clone(),
            key: one.code.clone(),
            code: one.code.clone(),
            name: one.name.clone(),
            kind: "score",
            needs: "value",
            hint: one.evidence.clone(),
            anchors: [("10", &one.high), ("5", &one.middle), ("0", &one.low)]
                .map(|(value, words)| (value.to_owned(), words.clone()))
                .to_vec(),
            chosen: rated.map(|(value, _)| value.to_string()).unwrap_or_default(),
            note: rated.map(|(_, note)| note.to_owned()).unwrap_or_default(),
            summary: rated.map_or(cx.t("venues-survey-missing").into_owned(), |(value, _)| value.to_string()),
            done: rated.is_some(),
            photos: views(cx, &shown.photos, &one.code, &subject),
            problem: disputed(&subject),
            ..blank()
        });
    }
    let remark = shown.form.answers().find_map(|record| match &record.content {
        Content::Note { text } => Some(text.clone()),
        _ => None,
    });
    steps.push(Step {
        id: REMARK.to_owned(),
        key: REMARK.to_owned(),
        code: "+".to_owned(),
        name: cx.t("venues-survey-remark").into_owned(),
        done: remark.is_some(),
        summary: String::new(),
        note: remark.unwrap_or_default(),
        problem: disputed("note"),
        ..blank()
    });
    steps
}

/// The exits of the main space: those this form has measured, and the names of those the desk knows of.
fn exits(cx: &Cx, shown: &Shown, blank: Step) -> Step {
    let main = shown.spaces.iter().find(|space| space.fields.main).or(shown.spaces.first());
    let mut rows: Vec<ExitRow> = shown
        .form
        .answers()
        .filter_map(|record| match &record.content {
            Content::Exit { id, exit, removed: false, .. } => Some(ExitRow {
                id: id.clone(),
                name: exit.name.clone(),
                leads: exit.leads_to.clone(),
                width: common::measured(cx, Some(exit.clear_width_mm), 1000),
                height: common::measured(cx, exit.clear_height_mm, 1000),
            }),
            _ => None,
        })
        .collect();
    let measured = rows.len();
    for (exit, at) in main.map(|space| space.fields.exits.as_slice()).unwrap_or_default().iter().zip(1..) {
        let id = format!("cua-{at}");
        if !shown.form.records.iter().any(|record| record.subject == format!("exit/{id}")) {
            rows.push(ExitRow {
                id,
                name: exit.name.clone(),
                leads: exit.leads_to.clone(),
                ..ExitRow::default()
            });
        }
    }
    // Without scripts there is no button for more rows.
    let spare = rows.len() + 1;
    rows.push(ExitRow { id: format!("them-{spare}-{}", shown.form.seen), ..ExitRow::default() });
    let open = shown.form.cases.iter().any(|case| case.subject.starts_with("exit/"));
    Step {
        id: EXITS.to_owned(),
        key: EXITS.to_owned(),
        code: "↔".to_owned(),
        name: main.map_or_else(
            || cx.t("venues-exits").into_owned(),
            |space| cx.t1("venues-exits-of", "space", &space.fields.name),
        ),
        kind: "exits",
        hint: cx.t("venues-exits-hint").into_owned(),
        space: main.map(|space| space.id.to_string()).unwrap_or_default(),
        rows,
        done: measured > 0,
        summary: if measured > 0 { cx.tn("venues-exits-count", measured) } else { blank.summary.clone() },
        photos: views(cx, &shown.photos, &cx.t("venues-exits"), ""),
        problem: if open { cx.t("venues-survey-disputed").into_owned() } else { String::new() },
        ..blank
    }
}

/// Puts what was typed in a step in the place of what the form knows of it.
fn retype(step: &mut Step, typed: &Typed) {
    step.chosen = typed.get("value").to_owned();
    step.note = typed.get("note").to_owned();
    step.condition = typed.get("condition").to_owned();
    if step.kind == "exits" {
        step.rows = typed
            .rows(EXIT_CELLS)
            .iter()
            .map(|row| ExitRow {
                id: row.cell(0).to_owned(),
                name: row.cell(1).to_owned(),
                leads: row.cell(2).to_owned(),
                width: row.cell(3).to_owned(),
                height: row.cell(4).to_owned(),
            })
            .collect();
    }
}

fn form_page(
    cx: &Cx,
    shown: &Shown,
    notice: String,
    typed: Option<(&str, &Typed)>,
    refused: Option<&AppError>,
) -> Response {
    let mut steps = steps(cx, shown);
    if let Some((step, typed)) = typed
        && let Some(step) = steps.iter_mut().find(|one| one.key == step)
    {
        retype(step, typed);
        if let Some(refused) = refused {
            step.problem = refused.detail(cx.lang);
        }
    }
    let id = shown.form.survey.id;
    let here = format!("{HOME}/{id}");
    let (done, needed) = progress(Some(&shown.criteria), &shown.form);
    let title = cx.t1("venues-survey-title", "site", format!("{} · {}", shown.venue.code, shown.venue.name));
    let body = FormPage {
        cx,
        id,
        title: title.clone(),
        address: shown.venue.address.clone(),
        version: web::assets::HASH,
        seen: shown.form.seen,
        records: format!("/api/v1/venue-surveys/{id}/records"),
        photos: format!("/api/v1/venue-surveys/{id}/photos"),
        hand_in: format!("/api/v1/venue-surveys/{id}/hand-in"),
        done_at: format!("{HOME}?xong=handed-in"),
        here,
        notice,
        error: sentence(cx, refused),
        left: cx.tn("venues-survey-left-server", needed.saturating_sub(done)),
        done,
        needed,
        steps,
        scale: (0..=HIGHEST).rev().map(|value| value.to_string()).collect(),
        outcomes: Gate::ALL
            .iter()
            .map(|gate| Outcome {
                value: gate.to_string(),
                word: cx.t(gate.key()).into_owned(),
                icon: view::gate_look(*gate).1,
            })
            .collect(),
        blank: ExitRow::default(),
    };
    let page = dressed(Page::new(title, body)).script("js/survey.js");
    page_with(refused.map_or(StatusCode::OK, AppError::status), cx, page)
}

/// `GET /dia-diem/khao-sat/{id}`
pub(super) async fn show(
    actor: Actor<ContributeVenues>,
    cx: Cx,
    State(app): State<App>,
    Path(id): Path<SurveyId>,
) -> Result<Response, AppError> {
    let who = who(&actor);
    let shown = app.db.read(move |tx| load(tx, &who, id)).await?;
    if shown.form.survey.handed_in_at.is_some() {
        return Ok(see(HOME, "handed-in"));
    }
    let step = cx.param("da-luu");
    let notice = if step.is_empty() { String::new() } else { cx.t1("venues-survey-saved", "step", step) };
    Ok(form_page(&cx, &shown, notice, None, None))
}

/// What a page without scripts sends of a step, as records.
fn contents(shown: &Shown, step: &str, typed: &Typed) -> Result<Vec<Content>, AppError> {
    let refused = |words| AppError::invalid(Vec::new()).because(words);
    let text = |name: &str| typed.get(name).replace("\r\n", "\n");
    if step == REMARK {
        return Ok(vec![Content::Note { text: text("note") }]);
    }
    if step == EXITS {
        let main = shown.spaces.iter().find(|space| space.fields.main).or(shown.spaces.first());
        let rows = typed.rows(EXIT_CELLS);
        let mut out = Vec::new();
        for row in rows.iter().filter(|row| !row.cell(0).is_empty() && !row.cell(3).is_empty()) {
            let length = |at: usize| {
                common::measure(row.cell(at), 1000).map_err(|()| refused(key("venues-survey-bad-number")))
            };
            out.push(Content::Exit {
                id: row.cell(0).to_owned(),
                space: main.map(|space| space.id),
                exit: Exit {
                    name: row.cell(1).to_owned(),
                    clear_width_mm: length(3)?.unwrap_or(0),
                    clear_height_mm: length(4)?,
                    leads_to: row.cell(2).to_owned(),
                },
                removed: false,
            });
        }
        return Ok(out);
    }
    let bad = || refused(key("venues-survey-bad-value"));
    match shown.criteria.get(step).map(|criterion| criterion.kind) {
        Some(CriterionKind::Score) => Ok(vec![Content::Rating {
            code: step.to_owned(),
            value: typed.get("value").parse().ok().filter(|value| *value <= HIGHEST).ok_or_else(bad)?,
            note: text("note"),
        }]),
        Some(CriterionKind::Gate) => Ok(vec![Content::Gate {
            code: step.to_owned(),
            result: typed.get("value").parse().map_err(|_| bad())?,
            condition: text("condition"),
            note: text("note"),
        }]),
        _ => Err(AppError::not_found()),
    }
}

/// Takes in what a page without scripts says: its device is the person's browser, its records are numbered on.
fn write_down(
    tx: &mut platform::db::WriteTx<'_>,
    who: &Who,
    id: SurveyId,
    contents: Vec<Content>,
) -> Result<platform::db::Done<Vec<Verdict>>, VenueError> {
    let form = store::form(tx, id)?;
    let device = format!("trang-{}", who.person.map(|person| person.to_string()).unwrap_or_default());
    let last = form.records.iter().filter(|one| one.device == device).map(|one| one.sequence).max();
    let now: Timestamp = tx.now();
    let records: Vec<NewRecord> = (last.unwrap_or(0) + 1..)
        .zip(contents)
        .map(|(sequence, content)| NewRecord { sequence, seen: form.seen, written_at: now, content })
        .collect();
    store::take_in(tx, who, id, &device, &records)
}

/// `POST /dia-diem/khao-sat/{id}/{step}`: one step, from a page without scripts.
pub(super) async fn save(
    actor: Actor<ContributeVenues>,
    cx: Cx,
    State(app): State<App>,
    Path((id, step)): Path<(SurveyId, String)>,
    mut form: Multipart,
) -> Result<Response, AppError> {
    let who = who(&actor);
    let shown = app.db.read(move |tx| load(tx, &who, id)).await?;
    let mut pairs = Vec::new();
    let mut pictures = Vec::new();
    let refused = loop {
        let field = match form.next_field().await {
            Ok(Some(field)) => field,
            Ok(None) => break None,
            Err(error) => {
                break Some(AppError::bad_request().because(key("files-interrupted")).caused_by(error));
            }
        };
        let name = field.name().unwrap_or_default().to_owned();
        if name != "photo" {
            pairs.push((name, field.text().await.unwrap_or_default()));
            continue;
        }
        let file = field.file_name().unwrap_or_default().to_owned();
        // A browser sends an empty part where nothing was chosen.
        if file.is_empty() {
            continue;
        }
        match app.files.put(field, PutOptions::picture(super::LARGEST).named(file)).await {
            Ok(stored) => pictures.push(stored),
            Err(error) => break Some(error.into()),
        }
    };
    let typed = Typed::from(pairs);
    if let Some(refused) = refused {
        return Ok(form_page(&cx, &shown, String::new(), Some((&step, &typed)), Some(&refused)));
    }
    // A photograph may come alone; a step with nothing chosen is then left as it is.
    let contents = match contents(&shown, &step, &typed) {
        Err(_) if typed.get("value").is_empty() && !pictures.is_empty() => Vec::new(),
        Err(refused) => {
            return Ok(form_page(&cx, &shown, String::new(), Some((&step, &typed)), Some(&refused)));
        }
        Ok(contents) => contents,
    };
    let subject = match shown.criteria.get(&step).map(|criterion| criterion.kind) {
        Some(CriterionKind::Score) => format!("rating/{step}"),
        Some(_) => format!("gate/{step}"),
        None => String::new(),
    };
    let done = app
        .db
        .write(actor.author(), move |tx| -> Result<_, VenueError> {
            let venue = store::survey(tx, id)?.venue;
            for stored in &pictures {
                let file = *files::store::add(tx, stored)?.value();
                let new = store::NewPhoto {
                    kind: PhotoKind::Survey,
                    survey: Some(id),
                    space: None,
                    subject: subject.clone(),
                    caption: String::new(),
                    from: None,
                };
                let _ = store::add_photo(tx, &who, venue, file, &new)?;
            }
            write_down(tx, &who, id, contents)
        })
        .await;
    match done {
        Ok(verdicts) => match verdicts.into_iter().find_map(Verdict::refusal) {
            // What was not taken in stays on the page, with the reason.
            Some(reason) => {
                let refused = AppError::conflict().because(reason);
                Ok(form_page(&cx, &shown, String::new(), Some((&step, &typed)), Some(&refused)))
            }
            None => Ok(see(&format!("{HOME}/{id}?da-luu={step}#{step}"), "")),
        },
        Err(error) => Ok(form_page(&cx, &shown, String::new(), Some((&step, &typed)), Some(&error.into()))),
    }
}

/// `POST /dia-diem/khao-sat/{id}/nop`: hands in, from a page without scripts.
pub(super) async fn hand_in(
    actor: Actor<ContributeVenues>,
    cx: Cx,
    State(app): State<App>,
    Path(id): Path<SurveyId>,
) -> Result<Response, AppError> {
    let who = who(&actor);
    match app.db.write(actor.author(), move |tx| store::hand_in(tx, &who, id)).await {
        Ok(_) => Ok(see(HOME, "handed-in")),
        Err(error) => {
            let shown = app.db.read(move |tx| load(tx, &who, id)).await?;
            Ok(form_page(&cx, &shown, String::new(), None, Some(&error.into())))
        }
    }
}

/// `GET /dia-diem/khao-sat/{id}/phieu.pdf`: the sheet for those without a phone.
pub(super) async fn sheet(
    actor: Actor<ContributeVenues>,
    cx: Cx,
    State(app): State<App>,
    Extension(press): Extension<PressRoom>,
    Path(id): Path<SurveyId>,
) -> Result<Response, AppError> {
    let (who, unit, office, today) = (who(&actor), actor.unit.id, actor.office.title.clone(), cx.now.date());
    let (shown, head) = app
        .db
        .read(move |tx| -> Result<_, VenueError> {
            Ok((load(tx, &who, id)?, common::head(tx, unit, &office, today)?))
        })
        .await?;
    let asked = |one: &Criterion| Asked {
        code: one.code.clone(),
        name: one.name.clone(),
        anchors: [("10", &one.high), ("5", &one.middle), ("0", &one.low)]
            .into_iter()
            .filter(|(_, words)| !words.is_empty())
            .map(|(value, words)| (value.to_owned(), words.clone()))
            .collect(),
    };
    let gates: Vec<Asked> =
        shown.criteria.criteria.iter().filter(|one| one.kind == CriterionKind::Gate).map(asked).collect();
    let criteria: Vec<Asked> = shown.criteria.scored().map(asked).collect();
    let spaces: Vec<String> = shown
        .spaces
        .iter()
        .filter(|space| space.fields.main)
        .map(|space| space.fields.name.clone())
        .collect();
    let site = format!("{} – {}", shown.venue.code, shown.venue.name);
    let sheet = paper::sheet(head, &site, &gates, &spaces, &criteria);
    common::paper(&press, sheet, "phieu-khao-sat", false).await
}
