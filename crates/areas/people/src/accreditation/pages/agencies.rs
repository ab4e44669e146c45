//! The agencies with their places, and the form for a new one.

use askama::Template;
use axum::{Form, extract::State, response::Response};
use platform::{
    app::App,
    clock,
    i18n::key,
    identity::Actor,
    web::{AppError, Cx, FieldProblem, Layout, Page, Typed, page, page_with, problem, see},
};

use super::{Hands, instant, kind_words, moment, notice, said};
use crate::accreditation::{
    ManagePress, PressError, ReadPress,
    model::{Agency, AgencyKind, Batch, Entry},
    query,
    store::{self, NewAgency},
};

struct Line {
    href: String,
    name: String,
    kind: String,
    taken: usize,
    quota: u32,
    approved: usize,
    deadline: String,
    late: bool,
}

#[derive(Template)]
#[template(path = "accreditation/agencies.html")]
struct Whole<'a> {
    cx: &'a Cx,
    notice: String,
    error: String,
    problems: Vec<FieldProblem>,
    typed: Typed,
    manages: bool,
    lines: Vec<Line>,
    kinds: Vec<(String, String)>,
    total: String,
}

impl Whole<'_> {
    fn err(&self, name: &str) -> String {
        problem(self.cx, &self.problems, name)
    }
}

fn line(cx: &Cx, one: &Agency, batches: &[Batch], entries: &[Entry]) -> Line {
    let own: Vec<&Batch> = batches.iter().filter(|batch| batch.agency == one.id).collect();
    let people: Vec<&Entry> = entries.iter().filter(|entry| entry.agency.id == one.id).collect();
    let last = own.iter().map(|batch| batch.deadline).max();
    Line {
        href: one.href(),
        name: one.name.clone(),
        kind: cx.tp("accreditation-kind-", one.kind).into_owned(),
        taken: people.iter().filter(|entry| entry.nominee.state.takes_place()).count(),
        quota: own.iter().map(|batch| batch.quota).sum(),
        approved: people
            .iter()
            .filter(|entry| entry.nominee.state == rules::accreditation::State::Approved)
            .count(),
        deadline: last.map(|at| moment(cx, at)).unwrap_or_default(),
        late: last.is_some_and(|at| clock::local(at) < cx.now),
    }
}

async fn draw(
    app: &App,
    cx: &Cx,
    hands: Hands,
    typed: Typed,
    refused: Option<AppError>,
) -> Result<Response, AppError> {
    let (agencies, batches, entries) = app
        .db
        .read(|tx| Ok::<_, PressError>((query::agencies(tx)?, query::batches(tx)?, query::entries(tx)?)))
        .await?;
    let lines: Vec<Line> = agencies.iter().map(|one| line(cx, one, &batches, &entries)).collect();
    let body = Whole {
        notice: notice(cx),
        error: refused.as_ref().map(|error| said(cx, error)).unwrap_or_default(),
        problems: refused.as_ref().map(|error| error.fields().to_vec()).unwrap_or_default(),
        typed,
        manages: hands.manage,
        total: cx.t3(
            "accreditation-agencies-total",
            "agencies",
            lines.len(),
            "taken",
            lines.iter().map(|one| one.taken).sum::<usize>(),
            "quota",
            lines.iter().map(|one| one.quota).sum::<u32>(),
        ),
        lines,
        kinds: kind_words(cx),
        cx,
    };
    let out = Page::new(cx.t("accreditation-agencies"), body).layout(Layout::Wide).style("badges.css");
    Ok(match refused {
        Some(error) => page_with(error.status(), cx, out),
        None => page(cx, out),
    })
}

/// `GET /bao-chi/co-quan`
pub(in crate::accreditation) async fn list(
    actor: Actor<ReadPress>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    draw(&app, &cx, Hands::of(&actor), Typed::default(), None).await
}

/// `POST /bao-chi/co-quan`
pub(in crate::accreditation) async fn create(
    actor: Actor<ManagePress>,
    cx: Cx,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let typed = Typed::from(pairs);
    let (quota, deadline) = (typed.get("quota").parse().ok(), instant(typed.get("deadline")));
    let mut wrong = Vec::new();
    if quota.is_none() {
        wrong.push(FieldProblem::new("quota", key("accreditation-error-quota")));
    }
    if deadline.is_none() {
        wrong.push(FieldProblem::new("deadline", key("accreditation-error-moment")));
    }
    let (Some(quota), Some(deadline)) = (quota, deadline) else {
        return draw(&app, &cx, Hands::of(&actor), typed, Some(AppError::invalid(wrong))).await;
    };
    let new = NewAgency {
        name: typed.get("name").to_owned(),
        kind: typed.get("kind").parse().unwrap_or(AgencyKind::Local),
        quota,
        deadline,
    };
    match app.db.write(actor.author(), move |tx| store::enter(tx, &new)).await {
        Ok(no) => Ok(see(&format!("/bao-chi/co-quan/{no}"), "agency")),
        Err(error @ PressError::Fields(_)) => {
            draw(&app, &cx, Hands::of(&actor), typed, Some(error.into())).await
        }
        Err(error) => Err(error.into()),
    }
}
