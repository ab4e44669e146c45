//! How a plan seats: its hall, the run of groups, the stage, guests, blocks of groups.

use std::collections::BTreeMap;

use askama::Template;
use axum::{Form, extract::State, response::Response};
use platform::{
    app::App,
    i18n::key,
    identity::Actor,
    web::{AppError, Cx, FieldProblem, Page, Path, Typed, page_with, problem, see},
};
use rules::seating::assign::{Options, Run};

use super::plan_href;
use crate::{
    attendance::query as roll_call,
    seating::{
        ManageSeating, SeatingError,
        model::{Hall, Plan},
        query,
        store::{self, NewPlan},
    },
};

#[derive(Template)]
#[template(path = "seating/setup.html")]
struct Whole<'a> {
    cx: &'a Cx,
    title: String,
    here: String,
    typed: Typed,
    problems: Vec<FieldProblem>,
    general: String,
    halls: Vec<(String, String)>,
    runs: Vec<(String, String)>,
    fresh: bool,
}

impl Whole<'_> {
    fn err(&self, name: &str) -> String {
        problem(self.cx, &self.problems, name)
    }
}

async fn draw(
    app: &App,
    cx: &Cx,
    slug: &str,
    typed: Option<Typed>,
    refused: Option<AppError>,
) -> Result<Response, AppError> {
    let named = slug.to_owned();
    let (session, plan, halls): (_, Option<Plan>, Vec<Hall>) = app
        .db
        .read(move |tx| {
            let session = roll_call::session(tx, &named)?;
            Ok::<_, SeatingError>((session, query::plan(tx, &named)?, query::halls(tx)?))
        })
        .await?;
    let fresh = plan.is_none();
    let typed = typed.unwrap_or_else(|| {
        let mut typed = Typed::default();
        let (options, guests, hall, version) = plan.map_or_else(
            || (Options { stage: true, ..Options::default() }, true, String::new(), 0),
            |plan| (plan.options, plan.guests, plan.hall, plan.version),
        );
        let run = if options.run == Run::Serpentine { "ziczac" } else { "tung_hang" };
        let blocks: Vec<String> = options.blocks.iter().map(|(no, block)| format!("{no}: {block}")).collect();
        for (name, value) in [
            ("version", version.to_string()),
            ("hall", hall),
            ("run", run.to_owned()),
            ("stage", if options.stage { "1" } else { "" }.to_owned()),
            ("guests", if guests { "1" } else { "" }.to_owned()),
            ("blocks", blocks.join("\n")),
        ] {
            typed.set(name, value);
        }
        typed
    });
    let problems = refused.as_ref().map(|error| error.fields().to_vec()).unwrap_or_default();
    let title = cx.t1("seating-setup-of", "session", session.title.as_str());
    let body = Whole {
        title: title.clone(),
        here: plan_href(&session.slug),
        general: refused
            .as_ref()
            .filter(|_| problems.is_empty())
            .map(|error| error.detail(cx.lang))
            .unwrap_or_default(),
        problems,
        typed,
        halls: halls.into_iter().map(|hall| (hall.slug, hall.name)).collect(),
        runs: ["ziczac", "tung_hang"]
            .into_iter()
            .map(|run| (run.to_owned(), cx.tp("seating-run-", run).into_owned()))
            .collect(),
        fresh,
        cx,
    };
    let status = refused.map_or(axum::http::StatusCode::OK, |error| error.status());
    Ok(page_with(status, cx, Page::new(title, body).style("seating.css")))
}

/// Blocks of groups as typed: a line each, `group: block`, the block by its name or number.
fn blocks(typed: &str) -> Result<BTreeMap<u16, u16>, FieldProblem> {
    let line = |line: &str| {
        let (group, block) = line.split_once(':')?;
        let block = block.trim().trim_start_matches(['K', 'k']);
        Some((group.trim().parse().ok()?, block.parse().ok()?))
    };
    typed
        .lines()
        .filter(|one| !one.trim().is_empty())
        .map(|one| line(one).ok_or_else(|| FieldProblem::new("blocks", key("seating-error-blocks"))))
        .collect()
}

/// `GET /cho-ngoi/{session}/lap`
pub(in crate::seating) async fn show(
    _actor: Actor<ManageSeating>,
    cx: Cx,
    State(app): State<App>,
    Path(session): Path<String>,
) -> Result<Response, AppError> {
    draw(&app, &cx, &session, None, None).await
}

/// `POST /cho-ngoi/{session}/lap`
pub(in crate::seating) async fn save(
    actor: Actor<ManageSeating>,
    cx: Cx,
    State(app): State<App>,
    Path(session): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let typed = Typed::from(pairs);
    let blocks = match blocks(typed.get("blocks")) {
        Ok(blocks) => blocks,
        Err(wrong) => {
            return draw(&app, &cx, &session, Some(typed), Some(AppError::invalid(vec![wrong]))).await;
        }
    };
    let new = NewPlan {
        hall: typed.get("hall").to_owned(),
        options: Options {
            run: if typed.get("run") == "tung_hang" { Run::Rows } else { Run::Serpentine },
            stage: typed.has("stage", "1"),
            blocks,
        },
        guests: typed.has("guests", "1"),
    };
    let (named, version) = (session.clone(), typed.get("version").parse().unwrap_or(0));
    let done = app
        .db
        .write(actor.author(), move |tx| {
            Ok::<_, SeatingError>(store::put_plan(tx, &named, version, &new)?.with(()))
        })
        .await;
    match done {
        Ok(()) => Ok(see(&plan_href(&session), "plan")),
        Err(error @ (SeatingError::NoHall | SeatingError::Conflict | SeatingError::Fields(_))) => {
            draw(&app, &cx, &session, Some(typed), Some(error.into())).await
        }
        Err(error) => Err(error.into()),
    }
}
