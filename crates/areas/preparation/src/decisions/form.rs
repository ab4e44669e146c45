//! The form that enters a paper written elsewhere, or corrects it: what was typed stays typed.

use askama::Template;
use axum::{Form, extract::State, http::StatusCode, response::Response};
use jiff::civil::Date;
use platform::{
    app::App,
    clock,
    i18n::{self, key},
    identity::{Actor, Confidentiality},
    papers::{self, Reference},
    web::{AppError, Cx, FieldProblem, Page, Path, fragment, page_with},
};
use rules::{
    dates::parse_vn_date,
    papers::{Change, circled},
};

use super::{
    DecisionError, ManageDecisions, clearance,
    model::{Changes, Decision, DecisionId, DecisionKind, NewDecision, Relation},
    pages::called,
    query, store,
};
use crate::tasks::{
    self, Audience,
    model::{Basis, TaskId},
    pages::{
        task::{
            common::{problem, see},
            form::{BASES, Row, Typed},
            refusals::date_problem,
        },
        views::row,
    },
    register::Register,
};

const PATH: &str = "/ket-luan";

/// The relations for a choice.
pub(super) fn relations(cx: &Cx) -> Vec<(String, String)> {
    Relation::ALL
        .iter()
        .map(|relation| (relation.to_string(), cx.tp("decisions-relation-", relation).into_owned()))
        .collect()
}

/// The points for a choice, the entry as a whole first.
pub(super) fn point_choices(cx: &Cx, points: &[String]) -> Vec<(String, String)> {
    let whole = (String::new(), cx.t("decisions-whole").into_owned());
    let shorten = |text: &str| text.chars().take(60).collect::<String>();
    std::iter::once(whole)
        .chain(
            (1u16..)
                .zip(points)
                .map(|(n, text)| (n.to_string(), format!("{} {}", circled(n), shorten(text)))),
        )
        .collect()
}

/// The tasks for a choice: code and what, or the words of a stub.
pub(super) fn task_choices(cx: &Cx, register: &Register, audience: Audience) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = register
        .tasks
        .iter()
        .map(|task| {
            let what = if audience.sees(task) { task.fields.what.clone() } else { row::stub_words(cx, task) };
            (task.id.to_string(), format!("{} · {what}", task.fields.code))
        })
        .collect();
    all.sort_by(|a, b| a.1.cmp(&b.1));
    all
}

#[derive(Template)]
#[template(path = "decisions/form.html")]
struct FormPage<'a> {
    cx: &'a Cx,
    title: String,
    action: String,
    back: String,
    draft: String,
    version: i64,
    typed: Typed,
    problems: Vec<FieldProblem>,
    general: String,
    way: Option<(String, String)>,
    kinds: Vec<(String, String)>,
    bodies: Vec<(String, String)>,
    classes: Vec<(String, String)>,
    points: Vec<Row>,
    bases: Vec<Row>,
    others: Vec<(String, String)>,
    changes: Vec<(String, String)>,
    tasks: Vec<(String, String)>,
    relations: Vec<(String, String)>,
    fresh: bool,
}

impl FormPage<'_> {
    fn err(&self, name: &str) -> String {
        problem(self.cx, &self.problems, name)
    }
}

/// A form and what was wrong with it.
struct Shown {
    id: Option<DecisionId>,
    version: i64,
    typed: Typed,
    problems: Vec<FieldProblem>,
    answer: Option<AppError>,
    status: StatusCode,
}

impl Shown {
    fn fresh(id: Option<DecisionId>, version: i64, typed: Typed) -> Self {
        Self { id, version, typed, problems: Vec::new(), answer: None, status: StatusCode::OK }
    }
}

/// Who fills the form in.
#[derive(Clone, Copy)]
struct Eyes {
    clearance: Confidentiality,
    audience: Audience,
}

impl Eyes {
    fn of(actor: &Actor<ManageDecisions>) -> Self {
        Self { clearance: clearance(actor), audience: tasks::audience(actor) }
    }
}

async fn render(app: &App, cx: &Cx, eyes: Eyes, shown: Shown) -> Result<Response, AppError> {
    let (bodies, others, register) = app
        .db
        .read(move |tx| {
            let today = clock::local(tx.now()).date();
            let others = query::list(tx, &query::Filter::default(), eyes.clearance, today)?;
            Ok::<_, DecisionError>((papers::store::bodies(tx)?, others, Register::load(tx)?))
        })
        .await?;
    let Shown { id, version, typed, problems, answer, status } = shown;
    let title = cx.t(if id.is_some() { "decisions-edit" } else { "decisions-new" }).into_owned();
    let here = id.map_or_else(|| format!("{PATH}/moi"), |id| format!("{PATH}/{id}/sua"));
    let none = |words: &'static str| (String::new(), cx.t(words).into_owned());
    let body = FormPage {
        title: title.clone(),
        back: id.map_or_else(|| PATH.to_owned(), |id| format!("{PATH}/{id}")),
        draft: id.map_or_else(|| "decision-new".to_owned(), |id| format!("decision-{id}-{version}")),
        action: here,
        version,
        general: answer.as_ref().map(|error| error.detail(cx.lang)).unwrap_or_default(),
        way: answer.as_ref().and_then(|error| error.way_on(cx)),
        kinds: DecisionKind::ALL
            .iter()
            .map(|kind| (kind.to_string(), cx.tp("decisions-kind-", kind).into_owned()))
            .collect(),
        bodies: std::iter::once(none("decisions-other-body"))
            .chain(
                bodies
                    .into_iter()
                    .map(|body| (body.id.to_string(), format!("{} ({})", body.name, body.symbol))),
            )
            .collect(),
        classes: [Confidentiality::Normal, Confidentiality::Internal, Confidentiality::Secret]
            .into_iter()
            .map(|class| (class.to_string(), cx.tp("decisions-class-", class).into_owned()))
            .collect(),
        points: typed.with_spare(&["point"]),
        bases: typed.with_spare(BASES),
        others: std::iter::once(none("decisions-changes-none"))
            .chain(others.iter().filter(|other| Some(other.decision.id) != id).map(|other| {
                let words = format!("{} · {}", called(cx, &other.decision), other.decision.subject);
                (other.decision.id.to_string(), words)
            }))
            .collect(),
        changes: Change::ALL
            .into_iter()
            .map(|change| (change.to_string(), cx.tp("decisions-change-", change).into_owned()))
            .collect(),
        tasks: task_choices(cx, &register, eyes.audience),
        relations: relations(cx),
        fresh: id.is_none(),
        problems,
        typed,
        cx,
    };
    Ok(page_with(status, cx, Page::new(title, body).style("task.css").style("papers.css")))
}

/// `GET /ket-luan/moi`, for a paper that supersedes another with `?thay=`.
pub(super) async fn new(
    actor: Actor<ManageDecisions>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let mut typed = Typed::default();
    typed.set("kind", "thong_bao");
    typed.set("issued_on", i18n::fmt::date(cx.now.date()));
    typed.set("relation", "tao");
    typed.set("change", "thay_the");
    typed.set("earlier", cx.param("thay"));
    render(&app, &cx, Eyes::of(&actor), Shown::fresh(None, 0, typed)).await
}

/// One more point, for the button that adds it.
#[derive(Template)]
#[template(path = "decisions/point.html")]
struct PointRow<'a> {
    cx: &'a Cx,
    row: Row,
}

/// `GET /ket-luan/dong`
pub(super) async fn row(_actor: Actor<ManageDecisions>, cx: Cx) -> Response {
    fragment(&PointRow { cx: &cx, row: Row(vec![String::new()]) })
}

/// `GET /ket-luan/{id}/sua`
pub(super) async fn edit(
    actor: Actor<ManageDecisions>,
    cx: Cx,
    State(app): State<App>,
    Path(id): Path<DecisionId>,
) -> Result<Response, AppError> {
    let eyes = Eyes::of(&actor);
    let (one, said) = app
        .db
        .read(move |tx| {
            let one = query::open(tx, id, eyes.clearance)?;
            if !one.may_be_corrected() {
                return Err(DecisionError::Signed);
            }
            let said = query::parts(tx, id)?;
            Ok((one, said))
        })
        .await?;
    let version = one.version;
    render(&app, &cx, eyes, Shown::fresh(Some(id), version, typed_of(&one, &said))).await
}

fn typed_of(one: &Decision, said: &query::Said) -> Typed {
    let mut pairs = vec![
        ("kind", one.kind.to_string()),
        ("number", one.number.clone().unwrap_or_default()),
        ("issued_on", i18n::fmt::date(one.issued_on)),
        ("body", one.body.map(|body| body.to_string()).unwrap_or_default()),
        ("authority", one.authority.clone()),
        ("subject", one.subject.clone()),
        ("effect_from", i18n::fmt::date(one.effect_from)),
        ("class", one.class.to_string()),
        ("term", one.series.clone()),
        ("change", "thay_the".to_owned()),
        ("relation", "tao".to_owned()),
    ];
    pairs.extend(said.points.iter().map(|point| ("point", point.clone())));
    for basis in &said.basis {
        pairs.push(("basis_symbol", basis.symbol.clone()));
        pairs.push(("basis_issued_on", basis.issued_on.map(i18n::fmt::date).unwrap_or_default()));
        pairs.push(("basis_clause", basis.clause.clone()));
        pairs.push(("basis_subject", basis.subject.clone()));
    }
    Typed::from(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Vec<_>>())
}

/// What was typed, read: the entry and the tasks that come from it.
struct Read {
    new: NewDecision,
    tasks: Vec<TaskId>,
    relation: Relation,
}

fn read(cx: &Cx, typed: &Typed) -> Result<Read, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let year = Some(cx.now.date().year());
    let mut day = |name: &'static str, text: &str| -> Option<Date> {
        if text.is_empty() {
            return None;
        }
        parse_vn_date(text, year).map_err(|error| problems.push(date_problem(name, &error))).ok()
    };
    let issued_on = day("issued_on", typed.get("issued_on"));
    let effect_from = day("effect_from", typed.get("effect_from"));
    let basis: Vec<Basis> = typed
        .rows(BASES)
        .iter()
        .map(|row| Basis {
            symbol: row.cell(0).to_owned(),
            issued_on: day("basis", row.cell(1)),
            clause: row.cell(2).to_owned(),
            subject: row.cell(3).to_owned(),
        })
        .collect();
    if issued_on.is_none() && typed.get("issued_on").is_empty() {
        problems.push(FieldProblem::new("issued_on", key("decisions-error-empty")));
    }
    let (Some(issued_on), true) = (issued_on, problems.is_empty()) else { return Err(problems) };
    let text = |name: &str| typed.get(name).to_owned();
    let new = NewDecision {
        kind: typed.get("kind").parse().unwrap_or(DecisionKind::Other),
        number: Some(text("number")).filter(|number| !number.is_empty()),
        issued_on,
        body: typed.get("body").parse().ok(),
        authority: text("authority"),
        subject: text("subject"),
        basis,
        effect_from,
        points: typed.all("point").iter().map(|point| point.trim().to_owned()).collect(),
        changes: typed
            .get("earlier")
            .parse()
            .ok()
            .map(|earlier| Changes {
                earlier,
                change: typed.get("change").parse().unwrap_or(Change::Supersedes),
            })
            .into_iter()
            .collect(),
        class: typed.get("class").parse().unwrap_or_default(),
        term: text("term"),
        source: Reference::hand(),
    };
    Ok(Read {
        new,
        tasks: typed.all("task").iter().filter_map(|task| task.parse().ok()).collect(),
        relation: typed.get("relation").parse().unwrap_or(Relation::Creates),
    })
}

async fn write(
    app: &App,
    actor: &Actor<ManageDecisions>,
    cx: &Cx,
    id: Option<DecisionId>,
    pairs: Vec<(String, String)>,
) -> Result<Response, AppError> {
    let eyes = Eyes::of(actor);
    let typed = Typed::from(pairs);
    let version = typed.get("version").parse().unwrap_or(0);
    let Read { new, tasks, relation } = match read(cx, &typed) {
        Ok(read) => read,
        Err(problems) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return render(app, cx, eyes, Shown { id, version, typed, problems, answer: None, status }).await;
        }
    };
    let done = app
        .db
        .write(actor.author(), move |tx| {
            for change in &new.changes {
                query::open(tx, change.earlier, eyes.clearance)?;
            }
            let done = match id {
                None => store::enter(tx, &new)?,
                Some(id) => {
                    query::open(tx, id, eyes.clearance)?;
                    store::edit(tx, id, version, &new)?.map(|()| id)
                }
            };
            for task in tasks {
                let _ = store::link_task(tx, *done.value(), task, relation)?;
            }
            Ok(done)
        })
        .await;
    match done {
        Ok(made) => Ok(see(&format!("{PATH}/{made}"), if id.is_some() { "saved" } else { "entered" })),
        Err(error @ (DecisionError::NotFound | DecisionError::Db(_))) => Err(error.into()),
        Err(error) => {
            // Whoever saves again after reading the sentence has seen the version that is there now.
            let version = match &error {
                DecisionError::Conflict { version, .. } => *version,
                _ => version,
            };
            let answer = AppError::from(error);
            let (problems, status) = (answer.fields().to_vec(), answer.status());
            let answer = problems.is_empty().then_some(answer);
            render(app, cx, eyes, Shown { id, version, typed, problems, answer, status }).await
        }
    }
}

/// `POST /ket-luan/moi`
pub(super) async fn create(
    actor: Actor<ManageDecisions>,
    cx: Cx,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    write(&app, &actor, &cx, None, pairs).await
}

/// `POST /ket-luan/{id}/sua`
pub(super) async fn save(
    actor: Actor<ManageDecisions>,
    cx: Cx,
    State(app): State<App>,
    Path(id): Path<DecisionId>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    write(&app, &actor, &cx, Some(id), pairs).await
}
