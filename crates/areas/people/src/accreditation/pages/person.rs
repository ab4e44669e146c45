//! One nomination: what it says, its steps, the two vettings.

use askama::Template;
use axum::{Form, extract::State, response::Response};
use platform::{
    app::App,
    identity::{Actor, ApprovalId, approval::Approval, doer_words},
    web::{AppError, Cx, FieldProblem, Page, Path, Typed, page, page_with, problem, see},
};
use rules::accreditation::{Act, State as Step, after};

use super::{Chip, Hands, moment, notice, role_words, said};
use crate::accreditation::{
    ManagePress, PressError, ReadPress, VetPress,
    model::{Entry, Happened, VettingResult},
    query,
    store::{self, NewNominee},
    vetting,
};

struct Line {
    at: String,
    tone: &'static str,
    words: String,
    by: String,
    basis: String,
}

/// What was asked of a second person.
struct Asked {
    id: String,
    by: String,
    until: String,
    approved: bool,
    refused: bool,
}

#[derive(Template)]
#[template(path = "accreditation/person.html")]
struct Whole<'a> {
    cx: &'a Cx,
    notice: String,
    error: String,
    problems: Vec<FieldProblem>,
    typed: Typed,
    entry: Entry,
    here: String,
    role: String,
    chip: Chip,
    gaps: Vec<String>,
    badge: String,
    edits: bool,
    passes: bool,
    verdicts: Vec<(String, String, &'static str)>,
    withdraws: bool,
    asks: bool,
    asked: Option<Asked>,
    roles: Vec<(String, String)>,
    steps: Vec<Line>,
}

impl Whole<'_> {
    fn err(&self, name: &str) -> String {
        problem(self.cx, &self.problems, name)
    }
}

fn step_tone(state: &str) -> &'static str {
    match Step::parse(state) {
        Some(Step::Approved) => "green",
        Some(Step::Refused) => "red",
        Some(Step::Vetting) => "amber",
        Some(Step::Supplement) => "brown",
        Some(Step::Nominated | Step::Withdrawn) | None => "grey",
    }
}

async fn draw(
    app: &App,
    cx: &Cx,
    hands: Hands,
    no: u32,
    typed: Option<Typed>,
    refused: Option<AppError>,
) -> Result<Response, AppError> {
    let (entry, history, asked): (Entry, Vec<Happened>, Option<Approval>) = app
        .db
        .read(move |tx| {
            let entry = query::entry(tx, no)?;
            let history = query::history(tx, &entry.nominee)?;
            Ok::<_, PressError>((entry, history, query::asked(tx, no)?))
        })
        .await?;
    let nominee = &entry.nominee;
    let may = |act| after(nominee.state, act).is_some();
    let typed = typed.unwrap_or_else(|| {
        let mut typed = Typed::default();
        for (name, value) in [
            ("version", nominee.version.to_string()),
            ("name", nominee.name.clone()),
            ("role", nominee.role.to_string()),
            ("card", nominee.card.clone()),
            ("equipment", nominee.equipment.clone()),
        ] {
            typed.set(name, value);
        }
        typed
    });
    let verdicts = VettingResult::ALL
        .iter()
        .filter(|one| hands.vet && may(one.act()))
        .map(|one| {
            let class = match one {
                VettingResult::Clear => "btn-primary",
                VettingResult::Refuse => "btn-outline-danger",
                VettingResult::Ask => "btn-outline-secondary",
            };
            (one.to_string(), cx.tp("accreditation-verdict-", one).into_owned(), class)
        })
        .collect();
    let body = Whole {
        notice: notice(cx),
        error: refused.as_ref().map(|error| said(cx, error)).unwrap_or_default(),
        problems: refused.as_ref().map(|error| error.fields().to_vec()).unwrap_or_default(),
        typed,
        here: nominee.href(),
        role: cx.tp("accreditation-role-", nominee.role).into_owned(),
        chip: Chip::of(cx, nominee.standing()),
        gaps: nominee
            .gaps()
            .into_iter()
            .map(|gap| cx.tp("accreditation-gap-", gap.as_str()).into_owned())
            .collect(),
        badge: entry
            .badge
            .map(|state| cx.tp("badges-state-", state.as_str()).into_owned())
            .unwrap_or_default(),
        edits: hands.manage && may(Act::Change),
        passes: hands.manage && may(Act::Pass),
        verdicts,
        withdraws: hands.manage && may(Act::Withdraw),
        asks: hands.manage && may(Act::Override),
        asked: asked.map(|one| Asked {
            by: one.requested_office.clone(),
            until: moment(cx, one.expires),
            approved: one.approved == Some(true),
            refused: one.approved == Some(false),
            id: one.id.to_string(),
        }),
        roles: role_words(cx),
        steps: history
            .iter()
            .map(|one| Line {
                at: moment(cx, one.at),
                tone: step_tone(&one.state),
                words: cx.tp("accreditation-state-", &one.state).into_owned(),
                by: doer_words(cx, &one.office),
                basis: one.basis.clone(),
            })
            .collect(),
        entry,
        cx,
    };
    let out = Page::new(body.entry.nominee.name.clone(), body).style("badges.css");
    Ok(match refused {
        Some(error) => page_with(error.status(), cx, out),
        None => page(cx, out),
    })
}

/// Back on the page with the sentence when a rule refuses it.
async fn answer<T>(
    app: &App,
    cx: &Cx,
    hands: Hands,
    no: u32,
    typed: Option<Typed>,
    done: Result<T, PressError>,
    notice: &str,
) -> Result<Response, AppError> {
    match done {
        Ok(_) => Ok(see(&format!("/bao-chi/{no}"), notice)),
        Err(
            error @ (PressError::Fields(_)
            | PressError::Conflict
            | PressError::Incomplete
            | PressError::State
            | PressError::SameVetter
            | PressError::Approval(_)),
        ) if !matches!(&error, PressError::Approval(platform::identity::approval::Refusal::Db(_))) => {
            draw(app, cx, hands, no, typed, Some(error.into())).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `GET /bao-chi/{no}`
pub(in crate::accreditation) async fn show(
    actor: Actor<ReadPress>,
    cx: Cx,
    State(app): State<App>,
    Path(no): Path<u32>,
) -> Result<Response, AppError> {
    draw(&app, &cx, Hands::of(&actor), no, None, None).await
}

/// `POST /bao-chi/{no}`
pub(in crate::accreditation) async fn save(
    actor: Actor<ManagePress>,
    cx: Cx,
    State(app): State<App>,
    Path(no): Path<u32>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let typed = Typed::from(pairs);
    let version = typed.get("version").parse().unwrap_or(0);
    let new = NewNominee {
        name: typed.get("name").to_owned(),
        role: typed.get("role").parse().ok(),
        card: typed.get("card").to_owned(),
        equipment: typed.get("equipment").to_owned(),
    };
    let done = app
        .db
        .write(actor.author(), move |tx| Ok::<_, PressError>(store::change(tx, no, version, &new)?.with(())))
        .await;
    answer(&app, &cx, Hands::of(&actor), no, Some(typed), done, "saved").await
}

/// `POST /bao-chi/{no}/vong-mot`
pub(in crate::accreditation) async fn pass(
    actor: Actor<ManagePress>,
    cx: Cx,
    State(app): State<App>,
    Path(no): Path<u32>,
) -> Result<Response, AppError> {
    let done =
        app.db.write(actor.author(), move |tx| Ok::<_, PressError>(vetting::pass(tx, no)?.with(()))).await;
    answer(&app, &cx, Hands::of(&actor), no, None, done, "passed").await
}

/// `POST /bao-chi/{no}/vong-hai`: the result alone.
pub(in crate::accreditation) async fn vet(
    actor: Actor<VetPress>,
    cx: Cx,
    State(app): State<App>,
    Path(no): Path<u32>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let verdict: VettingResult =
        Typed::from(pairs).get("result").parse().map_err(|_| AppError::invalid(Vec::new()))?;
    let done = app
        .db
        .write(actor.author(), move |tx| Ok::<_, PressError>(vetting::vet(tx, no, verdict)?.with(())))
        .await;
    answer(&app, &cx, Hands::of(&actor), no, None, done, verdict.as_str()).await
}

/// `POST /bao-chi/{no}/rut`
pub(in crate::accreditation) async fn withdraw(
    actor: Actor<ManagePress>,
    cx: Cx,
    State(app): State<App>,
    Path(no): Path<u32>,
) -> Result<Response, AppError> {
    let done = app
        .db
        .write(actor.author(), move |tx| Ok::<_, PressError>(vetting::withdraw(tx, no)?.with(())))
        .await;
    answer(&app, &cx, Hands::of(&actor), no, None, done, "withdrawn").await
}

/// `POST /bao-chi/{no}/de-nghi-cho-phep`
pub(in crate::accreditation) async fn ask(
    actor: Actor<ManagePress>,
    cx: Cx,
    State(app): State<App>,
    Path(no): Path<u32>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let basis = Typed::from(pairs).get("basis").to_owned();
    let done = app.db.write(actor.author(), move |tx| vetting::ask(tx, no, &basis)).await;
    answer(&app, &cx, Hands::of(&actor), no, None, done, "asked").await
}

/// `POST /bao-chi/{no}/cho-phep`
pub(in crate::accreditation) async fn complete(
    actor: Actor<ManagePress>,
    cx: Cx,
    State(app): State<App>,
    Path(no): Path<u32>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let id: ApprovalId = Typed::from(pairs).get("approval").parse().map_err(|_| AppError::not_found())?;
    let done = app
        .db
        .write(actor.author(), move |tx| Ok::<_, PressError>(vetting::complete(tx, no, id)?.with(())))
        .await;
    answer(&app, &cx, Hands::of(&actor), no, None, done, "allowed").await
}
