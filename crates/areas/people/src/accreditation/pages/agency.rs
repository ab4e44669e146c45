//! One agency: its batches, whom it nominates, the form for more, exceptions.

use askama::Template;
use axum::{Form, extract::State, http::HeaderMap, response::Response};
use platform::{
    app::App,
    clock,
    i18n::key,
    identity::{Actor, doer_words},
    web::{AppError, Cx, FieldProblem, LivePart, Page, Path, Typed, page, page_with, problem, see},
};
use rules::accreditation::lines;

use super::{Chip, Hands, field, instant, moment, notice, role_words, said};
use crate::{
    accreditation::{
        ManagePress, PressError, ReadPress, TOPIC, VetPress,
        model::{Agency, Batch, Exception, Nominee},
        query,
        store::{self, NewBatch, NewException, NewNominee},
    },
    badges,
};

/// Everything that the page shows.
struct Picture {
    agency: Agency,
    batches: Vec<Batch>,
    exceptions: Vec<Exception>,
    nominees: Vec<Nominee>,
}

async fn load(app: &App, no: u32) -> Result<Picture, PressError> {
    app.db
        .read(move |tx| {
            let agency = query::agency(tx, no)?;
            let id = agency.id;
            let batches = query::batches(tx)?.into_iter().filter(|one| one.agency == id).collect();
            let exceptions = query::exceptions(tx)?.into_iter().filter(|one| one.agency == id).collect();
            Ok(Picture { batches, exceptions, nominees: query::nominees_of(tx, id)?, agency })
        })
        .await
}

struct BatchLine {
    no: u32,
    version: i64,
    quota: u32,
    taken: usize,
    deadline: String,
    field: String,
    late: bool,
    full: bool,
    exceptions: Vec<String>,
}

fn batch_line(cx: &Cx, one: &Batch, picture: &Picture) -> BatchLine {
    let own: Vec<&Exception> = picture.exceptions.iter().filter(|found| found.batch == one.no).collect();
    let taken =
        picture.nominees.iter().filter(|found| found.batch == one.no && found.state.takes_place()).count();
    let until = own.iter().filter_map(|found| found.until).fold(one.deadline, jiff::Timestamp::max);
    let places = own.iter().fold(one.quota, |sum, found| sum.saturating_add(found.places));
    BatchLine {
        no: one.no,
        version: one.version,
        quota: one.quota,
        taken,
        deadline: moment(cx, one.deadline),
        field: field(one.deadline),
        late: clock::local(until) < cx.now,
        full: usize::try_from(places).is_ok_and(|places| taken >= places),
        exceptions: own
            .iter()
            .map(|found| {
                let until = found.until.map(|at| moment(cx, at)).unwrap_or_else(|| "–".to_owned());
                let what = cx.t2("accreditation-exception-line", "places", found.places, "until", until);
                let who = cx.t3(
                    "accreditation-exception-by",
                    "by",
                    doer_words(cx, &found.granted_by),
                    "at",
                    moment(cx, found.granted_at),
                    "basis",
                    found.basis.as_str(),
                );
                format!("{what} {who}")
            })
            .collect(),
    }
}

struct Row {
    href: String,
    name: String,
    role: String,
    card: String,
    equipment: String,
    batch: u32,
    excepted: bool,
    chip: Chip,
    gaps: Vec<String>,
}

#[derive(Template)]
#[template(path = "accreditation/agency_part.html")]
struct Part<'a> {
    cx: &'a Cx,
    batches: Vec<BatchLine>,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "accreditation/agency.html")]
struct Whole<'a> {
    cx: &'a Cx,
    notice: String,
    error: String,
    problems: Vec<FieldProblem>,
    typed: Typed,
    hands: Hands,
    agency: Agency,
    kind: String,
    here: String,
    region: String,
    batches: Vec<BatchLine>,
    choices: Vec<(String, String)>,
    roles: Vec<(String, String)>,
    wrong_lines: Vec<String>,
}

impl Whole<'_> {
    fn err(&self, name: &str) -> String {
        problem(self.cx, &self.problems, name)
    }
}

fn draw_part(cx: &Cx, picture: &Picture) -> askama::Result<String> {
    Part {
        cx,
        batches: picture.batches.iter().map(|one| batch_line(cx, one, picture)).collect(),
        rows: picture
            .nominees
            .iter()
            .map(|one| Row {
                href: one.href(),
                name: one.name.clone(),
                role: cx.tp("accreditation-role-", one.role).into_owned(),
                card: one.card.clone(),
                equipment: one.equipment.clone(),
                batch: one.batch,
                excepted: one.excepted,
                chip: Chip::of(cx, one.standing()),
                gaps: if one.state == rules::accreditation::State::Nominated {
                    one.gaps()
                        .into_iter()
                        .map(|gap| cx.tp("accreditation-gap-", gap.as_str()).into_owned())
                        .collect()
                } else {
                    Vec::new()
                },
            })
            .collect(),
    }
    .render()
}

async fn draw(
    app: &App,
    cx: &Cx,
    hands: Hands,
    no: u32,
    typed: Typed,
    refused: Option<AppError>,
) -> Result<Response, AppError> {
    let picture = load(app, no).await?;
    let here = picture.agency.href();
    let live = LivePart::of(cx, "").at(&here);
    let html = draw_part(&live.cx(), &picture)?;
    let problems = refused.as_ref().map(|error| error.fields().to_vec()).unwrap_or_default();
    // Problems of the third pasted line stand under `name-2`.
    let wrong_lines = problems
        .iter()
        .filter_map(|one| {
            let at: usize = one.name.rsplit_once('-')?.1.parse().ok()?;
            Some(cx.t2("accreditation-line", "line", at + 1, "words", one.message(cx)))
        })
        .collect();
    let body = Whole {
        notice: notice(cx),
        error: refused.as_ref().map(|error| said(cx, error)).unwrap_or_default(),
        problems,
        typed,
        hands,
        kind: cx.tp("accreditation-kind-", picture.agency.kind).into_owned(),
        region: live.region(html)?,
        batches: picture.batches.iter().map(|one| batch_line(cx, one, &picture)).collect(),
        choices: picture
            .batches
            .iter()
            .rev()
            .map(|one| (one.no.to_string(), cx.t1("accreditation-batch-no", "no", one.no)))
            .collect(),
        roles: role_words(cx),
        wrong_lines,
        agency: picture.agency,
        here,
        cx,
    };
    let out = Page::new(body.agency.name.clone(), body).style("badges.css");
    Ok(match refused {
        Some(error) => page_with(error.status(), cx, out),
        None => page(cx, out),
    })
}

/// Back on the page with what was typed when a rule refuses it.
async fn answer<T>(
    app: &App,
    cx: &Cx,
    hands: Hands,
    no: u32,
    typed: Typed,
    done: Result<T, PressError>,
    notice: &str,
) -> Result<Response, AppError> {
    match done {
        Ok(_) => Ok(see(&format!("/bao-chi/co-quan/{no}"), notice)),
        Err(
            error @ (PressError::Fields(_)
            | PressError::Shut(_)
            | PressError::OwnException
            | PressError::Conflict),
        ) => draw(app, cx, hands, no, typed, Some(error.into())).await,
        Err(error) => Err(error.into()),
    }
}

/// `GET /bao-chi/co-quan/{no}`
pub(in crate::accreditation) async fn show(
    actor: Actor<ReadPress>,
    cx: Cx,
    State(app): State<App>,
    Path(no): Path<u32>,
) -> Result<Response, AppError> {
    draw(&app, &cx, Hands::of(&actor), no, Typed::default(), None).await
}

/// `GET /song/bao-chi/co-quan/{no}`
pub(in crate::accreditation) async fn stream(
    actor: Actor<ReadPress>,
    cx: Cx,
    State(app): State<App>,
    Path(no): Path<u32>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let owner = app.clone();
    LivePart::of(&cx, "").stream(&app, &actor, &cx, &headers, [TOPIC, badges::TOPIC], move |cx| {
        let app = owner.clone();
        async move { Ok(draw_part(&cx, &load(&app, no).await?)?) }
    })
}

/// `POST /bao-chi/co-quan/{no}/de-cu`: one by fields, or many by lines.
pub(in crate::accreditation) async fn nominate(
    actor: Actor<ManagePress>,
    cx: Cx,
    State(app): State<App>,
    Path(no): Path<u32>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let typed = Typed::from(pairs);
    let batch: u32 = typed.get("batch").parse().unwrap_or(0);
    let pasted = typed.all("lines").first().cloned().unwrap_or_default();
    let many = !pasted.trim().is_empty();
    let people: Vec<NewNominee> = if many {
        lines(&pasted).into_iter().map(NewNominee::from).collect()
    } else {
        vec![NewNominee {
            name: typed.get("name").to_owned(),
            role: typed.get("role").parse().ok(),
            card: typed.get("card").to_owned(),
            equipment: typed.get("equipment").to_owned(),
        }]
    };
    let done = app.db.write(actor.author(), move |tx| store::nominate(tx, no, batch, &people)).await;
    // One by fields has its problems at its fields, not at a line.
    let done = done.map_err(|error| match error {
        PressError::Fields(problems) if !many => PressError::Fields(
            problems
                .into_iter()
                .map(|one| match one.name.strip_suffix("-0") {
                    Some(name) => FieldProblem { name: name.to_owned().into(), ..one },
                    None => one,
                })
                .collect(),
        ),
        other => other,
    });
    answer(&app, &cx, Hands::of(&actor), no, typed, done, "nominated").await
}

/// `POST /bao-chi/co-quan/{no}/dot`
pub(in crate::accreditation) async fn batch(
    actor: Actor<ManagePress>,
    cx: Cx,
    State(app): State<App>,
    Path(no): Path<u32>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let typed = Typed::from(pairs);
    let (quota, deadline) = (typed.get("quota").parse().ok(), instant(typed.get("deadline")));
    let known = typed.get("batch").parse().ok().zip(typed.get("version").parse().ok());
    let done = match (quota, deadline) {
        (Some(quota), Some(deadline)) => {
            let new = NewBatch { known, quota, deadline };
            app.db.write(actor.author(), move |tx| store::put_batch(tx, no, new)).await
        }
        (quota, deadline) => {
            let mut wrong = Vec::new();
            if quota.is_none() {
                wrong.push(FieldProblem::new("quota", key("accreditation-error-quota")));
            }
            if deadline.is_none() {
                wrong.push(FieldProblem::new("deadline", key("accreditation-error-moment")));
            }
            Err(PressError::Fields(wrong))
        }
    };
    answer(&app, &cx, Hands::of(&actor), no, typed, done, "batch").await
}

/// `POST /bao-chi/co-quan/{no}/ngoai-le`
pub(in crate::accreditation) async fn exception(
    actor: Actor<VetPress>,
    cx: Cx,
    State(app): State<App>,
    Path(no): Path<u32>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let typed = Typed::from(pairs);
    let until = typed.get("until");
    let read = instant(until);
    let done = if !until.is_empty() && read.is_none() {
        Err(PressError::Fields(vec![FieldProblem::new("until", key("accreditation-error-moment"))]))
    } else {
        let new = NewException {
            batch: typed.get("batch").parse().unwrap_or(0),
            places: match typed.get("places") {
                "" => 0,
                text => text.parse().unwrap_or(u32::MAX),
            },
            until: read,
            basis: typed.get("basis").to_owned(),
        };
        app.db.write(actor.author(), move |tx| store::except(tx, no, &new)).await
    };
    answer(&app, &cx, Hands::of(&actor), no, typed, done, "exception").await
}
