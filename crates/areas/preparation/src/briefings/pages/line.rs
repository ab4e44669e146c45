//! One conclusion: edited in full, disposed of by a key, split, taken out and put back.

use askama::Template;
use axum::{Form, extract::State, http::StatusCode, response::Response};
use platform::{
    app::App,
    i18n::key,
    identity::Actor,
    web::{AppError, Cx, FieldProblem, Page, Path, page_with},
};
use rules::dates::Deadline;

use super::{
    common::{self, Meeting, at, done, problem},
    draw,
    picture::Picture,
    show::load,
    view::mark,
};
use crate::{
    briefings::{
        BriefingError, ContributeBriefings, Hand, ReadBriefings, conclusion,
        model::{Conclusion, ConclusionId, Content, Disposition, MeetingState},
    },
    tasks::pages::task::{form::Typed, refusals::date_problem},
};

#[derive(Template)]
#[template(path = "briefings/pages/conclusion.html")]
struct Edit<'a> {
    cx: &'a Cx,
    id: String,
    here: String,
    name: String,
    title: String,
    action: String,
    version: i64,
    writes: bool,
    refusal: String,
    problems: Vec<String>,
    text: String,
    err_text: String,
    disposition: String,
    dispositions: Vec<(String, String)>,
    units: Vec<(String, String)>,
    lead_unit: String,
    offices: Vec<(String, String)>,
    focal: String,
    accountable: String,
    deadline: String,
    err_deadline: String,
    deadlines: usize,
    result: String,
    tasks: Vec<(String, String)>,
    task: String,
    amend_what: String,
    amend_result: String,
    amend_unit: String,
}

/// The form of a conclusion as it stands.
fn typed_of(content: &Content) -> Typed {
    let mut typed = Typed::default();
    let opt = |id: Option<String>| id.unwrap_or_default();
    let due: Vec<String> = content.deadlines.iter().map(Deadline::format_vn).collect();
    for (name, value) in [
        ("text", content.text.clone()),
        ("disposition", content.disposition.map(|one| one.to_string()).unwrap_or_default()),
        ("lead_unit", opt(content.lead_unit.map(|id| id.to_string()))),
        ("focal_office", opt(content.focal_office.map(|id| id.to_string()))),
        ("accountable_office", opt(content.accountable_office.map(|id| id.to_string()))),
        ("deadlines", due.join("; ")),
        ("result", content.result.clone()),
        ("task", opt(content.task.map(|id| id.to_string()))),
        ("amend_what", content.amendment.what.clone().unwrap_or_default()),
        ("amend_result", content.amendment.result.clone().unwrap_or_default()),
        ("amend_unit", opt(content.amendment.lead_unit.map(|id| id.to_string()))),
    ] {
        typed.set(name, value);
    }
    typed
}

/// What the form says, over what the conclusion said before: what the form does not show stays.
fn content_of(before: &Content, typed: &Typed, year: i16) -> Result<Content, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let mut deadlines = Vec::new();
    for text in typed.get("deadlines").split(';').map(str::trim).filter(|text| !text.is_empty()) {
        match Deadline::parse(text, Some(year)) {
            Ok(due) => deadlines.push(due),
            Err(error) => problems.push(date_problem("deadlines", &error)),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let some = |name: &str| Some(typed.get(name).replace("\r\n", "\n")).filter(|text| !text.is_empty());
    let mut content = before.clone();
    content.text = typed.get("text").replace("\r\n", " ").replace('\n', " ");
    content.disposition = typed.get("disposition").parse().ok();
    content.lead_unit = typed.get("lead_unit").parse().ok();
    content.focal_office = typed.get("focal_office").parse().ok();
    content.accountable_office = typed.get("accountable_office").parse().ok();
    content.deadlines = deadlines;
    content.result = typed.get("result").replace("\r\n", " ").replace('\n', " ");
    content.task = typed.get("task").parse().ok();
    content.amendment.what = some("amend_what");
    content.amendment.result = some("amend_result");
    content.amendment.lead_unit = typed.get("amend_unit").parse().ok();
    // A unit that leads does not help itself.
    content.supports.retain(|support| Some(support.unit) != content.lead_unit);
    Ok(content)
}

fn page(
    cx: &Cx,
    picture: &Picture,
    line: &Conclusion,
    typed: &Typed,
    refused: Option<&AppError>,
) -> Response {
    let address = &picture.briefing.address;
    let fields = refused.map(|error| error.fields().to_vec()).unwrap_or_default();
    let register = &picture.register;
    let choose = || (String::new(), cx.t("meet-choose").into_owned());
    let planned = picture
        .preview
        .as_ref()
        .and_then(|preview| preview.conclusions.iter().find(|one| one.conclusion == line.id));
    let problems = planned.map_or(&[][..], |one| one.problems.as_slice());
    let title = cx.t1("meet-conclusion-no", "number", mark(line.number));
    let body = Edit {
        id: line.id.to_string(),
        here: at(address, ""),
        name: draw::name(cx, &picture.briefing),
        action: at(address, &format!("ket-luan/{}", line.id)),
        version: line.version,
        writes: picture.writes() && picture.briefing.state == MeetingState::Running,
        refusal: refused.filter(|_| fields.is_empty()).map(|error| error.detail(cx.lang)).unwrap_or_default(),
        problems: problems.iter().map(|one| common::rule(cx, one.key(), one.args())).collect(),
        text: typed.get("text").to_owned(),
        err_text: problem(cx, &fields, "text"),
        disposition: typed.get("disposition").to_owned(),
        dispositions: std::iter::once(choose())
            .chain(
                Disposition::ALL
                    .into_iter()
                    .map(|one| (one.as_str().to_owned(), cx.t(one.key()).into_owned())),
            )
            .collect(),
        units: common::units(cx, &register.people),
        lead_unit: typed.get("lead_unit").to_owned(),
        offices: common::offices(cx, &register.people),
        focal: typed.get("focal_office").to_owned(),
        accountable: typed.get("accountable_office").to_owned(),
        deadline: typed.get("deadlines").to_owned(),
        err_deadline: problem(cx, &fields, "deadlines"),
        deadlines: line.content.deadlines.len(),
        result: typed.get("result").to_owned(),
        tasks: std::iter::once(choose())
            .chain(register.tasks.iter().filter(|task| !task.state.is_settled()).map(|task| {
                let what = if picture.hand.audience.sees(task) { task.fields.what.as_str() } else { "" };
                (task.id.to_string(), format!("{} {what}", task.fields.code).trim_end().to_owned())
            }))
            .collect(),
        task: typed.get("task").to_owned(),
        amend_what: typed.get("amend_what").to_owned(),
        amend_result: typed.get("amend_result").to_owned(),
        amend_unit: typed.get("amend_unit").to_owned(),
        title: title.clone(),
        cx,
    };
    let page = Page::new(title, body).style("briefings.css");
    page_with(refused.map_or(StatusCode::OK, AppError::status), cx, page)
}

fn find(picture: &Picture, id: ConclusionId) -> Result<&Conclusion, AppError> {
    let all = picture.conclusions.iter().chain(&picture.dropped);
    all.into_iter().find(|one| one.id == id).ok_or_else(|| BriefingError::NotFound.into())
}

/// `GET /giao-ban/{id}/ket-luan/{line}`; `?huong=` chooses what becomes of it.
pub(super) async fn edit(
    actor: Actor<ReadBriefings>,
    cx: Cx,
    State(app): State<App>,
    Meeting { id, .. }: Meeting,
    Path((_, line)): Path<(String, ConclusionId)>,
) -> Result<Response, AppError> {
    let picture = load(&app, Hand::of(&actor), id).await?;
    let line = find(&picture, line)?;
    let mut typed = typed_of(&line.content);
    if let Ok(chosen) = cx.param("huong").parse::<Disposition>() {
        typed.set("disposition", chosen.as_str());
    }
    Ok(page(&cx, &picture, line, &typed, None))
}

/// `POST /giao-ban/{id}/ket-luan/{line}`
pub(super) async fn save(
    actor: Actor<ContributeBriefings>,
    cx: Cx,
    State(app): State<App>,
    Meeting { id, address }: Meeting,
    Path((_, line)): Path<(String, ConclusionId)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let hand = Hand::of(&actor);
    let typed = Typed::from(pairs);
    let picture = load(&app, hand, id).await?;
    let before = find(&picture, line)?;
    let version: i64 = typed.get("version").parse().unwrap_or(0);
    let content = match content_of(&before.content, &typed, picture.register.congress.opening_on.year()) {
        Ok(content) => content,
        Err(problems) => {
            return Ok(page(&cx, &picture, before, &typed, Some(&AppError::invalid(problems))));
        }
    };
    let sentence = before.typed.clone();
    let written = app
        .db
        .write(actor.author(), move |tx| conclusion::edit(tx, &hand, id, line, version, &sentence, &content))
        .await;
    match written {
        Ok(_) => Ok(done(&cx, &at(&address, &format!("bien-ban#k-{line}")), "saved")),
        Err(error @ (BriefingError::NotFound | BriefingError::NotPermitted)) => Err(error.into()),
        Err(error) => Ok(page(&cx, &picture, before, &typed, Some(&error.into()))),
    }
}

/// `POST /giao-ban/{id}/ket-luan/{line}/{act}`: `huong` disposes, `tach` splits by deadline, `moc` makes earlier
/// deadlines milestones, `bo` takes out, `lay-lai` puts back.
pub(super) async fn act(
    actor: Actor<ContributeBriefings>,
    cx: Cx,
    State(app): State<App>,
    Meeting { id, address }: Meeting,
    Path((_, line, act)): Path<(String, ConclusionId, String)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let hand = Hand::of(&actor);
    let typed = Typed::from(pairs);
    let version: i64 = typed.get("version").parse().unwrap_or(0);
    let author = actor.author();
    let (written, words) = match act.as_str() {
        "huong" => {
            let chosen: Disposition =
                typed.get("disposition").parse().map_err(|_| AppError::bad_request())?;
            let written = app
                .db
                .write(author, move |tx| {
                    let before = conclusion::conclusion(tx, id, line)?;
                    let content = Content { disposition: Some(chosen), ..before.content.clone() };
                    conclusion::edit(tx, &hand, id, line, version, &before.typed, &content)
                })
                .await;
            (written, "")
        }
        "tach" => {
            let written = app
                .db
                .write(author, move |tx| Ok(conclusion::split(tx, &hand, id, line, version)?.map(drop)))
                .await;
            (written, "split")
        }
        "moc" => {
            let written = app
                .db
                .write(author, move |tx| conclusion::make_milestones(tx, &hand, id, line, version, &[]))
                .await;
            (written, "milestones")
        }
        "bo" | "lay-lai" => {
            let drops = act == "bo";
            let written = app
                .db
                .write(author, move |tx| conclusion::drop_or_restore(tx, &hand, id, line, version, drops))
                .await;
            (written, if drops { "dropped" } else { "restored" })
        }
        _ => return Err(AppError::not_found()),
    };
    match written {
        Ok(()) => Ok(done(&cx, &at(&address, &format!("bien-ban#k-{line}")), words)),
        Err(error) => Err(AppError::from(error).next(at(&address, "bien-ban"), key("meet-back-desk"))),
    }
}
