//! Issuing bodies: the list, and the form that shows the heading as it will print while its lines are broken.

use askama::Template;
use axum::{Form, extract::State, http::StatusCode, response::Response};
use jiff::civil::Date;
use platform::{
    app::App,
    db::DbError,
    identity::{Actor, UnitId, store as identity},
    papers::{BodyId, BodyKind, ManagePapers, NewBody, PapersError, ReadPapers, store},
    web::{AppError, Cx, FieldProblem, Page, Path, fragment, page, page_with},
};
use print::{Issuer, Kind, Number, Paper};

use super::{issuer, numbers::Raw};
use crate::tasks::pages::task::{
    common::{problem, see},
    form::Typed,
};

const PATH: &str = "/van-ban/co-quan";

/// The heading of a paper of this body, as it will print: a notice without text, number 07.
fn sample(issuer: Issuer, symbol: &str, on: Date) -> Paper {
    Paper {
        kind: Kind::Notice,
        title: None,
        issuer,
        date: Some(on),
        layout_on: on,
        number: Some(Number { number: Some(7), symbol: symbol.to_owned() }),
        subject: String::new(),
        urgency: None,
        to: Vec::new(),
        body: Vec::new(),
        signatures: Vec::new(),
        recipients: Vec::new(),
        foot: String::new(),
        annexes: Vec::new(),
        duplex: false,
    }
}

/// The heading with what to know about it.
#[derive(Template)]
#[template(path = "papers/heading.html")]
struct Heading<'a> {
    cx: &'a Cx,
    html: String,
    shrink: String,
    fits: bool,
}

fn heading(cx: &Cx, issuer: Issuer, symbol: &str) -> askama::Result<String> {
    let paper = sample(issuer, symbol, cx.now.date());
    let measured = print::parts::heading(&paper);
    let shrink = if measured.shrink > 0.0 { cx.num(&f64::from(measured.shrink), 1) } else { String::new() };
    Heading { cx, html: print::screen::html(&paper), shrink, fits: measured.fits }.render()
}

struct Row {
    href: String,
    name: String,
    symbol: String,
    kind: String,
    term: String,
    heading: String,
}

#[derive(Template)]
#[template(path = "papers/bodies.html")]
struct ListPage<'a> {
    cx: &'a Cx,
    notice: String,
    rows: Vec<Row>,
    manages: bool,
}

/// `GET /van-ban/co-quan`
pub(super) async fn list(
    actor: Actor<ReadPapers>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let bodies = app.db.read(store::bodies).await?;
    let rows = bodies
        .iter()
        .map(|body| {
            Ok(Row {
                href: format!("{PATH}/{}", body.id),
                name: body.name.clone(),
                symbol: body.symbol.clone(),
                kind: cx.tp("papers-kind-", body.kind).into_owned(),
                term: if body.kind == BodyKind::State {
                    cx.t("papers-by-year").into_owned()
                } else {
                    body.term.clone()
                },
                heading: print::screen::html(&sample(issuer(body), &body.symbol, cx.now.date())),
            })
        })
        .collect::<Result<Vec<_>, AppError>>()?;
    let body = ListPage {
        notice: super::numbers::notice(&cx),
        rows,
        manages: actor.may(platform::papers::AREA, platform::identity::Right::Manage, None),
        cx: &cx,
    };
    Ok(page(&cx, Page::new(cx.t("papers-bodies"), body).style("papers.css").style("paper.css")))
}

#[derive(Template)]
#[template(path = "papers/body.html")]
struct FormPage<'a> {
    cx: &'a Cx,
    title: String,
    action: String,
    version: i64,
    typed: Typed,
    problems: Vec<FieldProblem>,
    general: String,
    kinds: Vec<(String, String)>,
    units: Vec<(String, String)>,
    heading: String,
    manages: bool,
}

impl FormPage<'_> {
    fn err(&self, name: &str) -> String {
        problem(self.cx, &self.problems, name)
    }
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

fn read(typed: &Typed) -> NewBody {
    NewBody {
        unit: typed.get("unit").parse::<UnitId>().ok(),
        kind: typed.get("kind").parse().unwrap_or_default(),
        name: typed.get("name").to_owned(),
        parent_lines: lines(typed.get("parent_lines")),
        name_lines: lines(typed.get("name_lines")),
        place: typed.get("place").to_owned(),
        place_short: typed.get("place_short").to_owned(),
        symbol: typed.get("symbol").to_owned(),
        term: typed.get("term").to_owned(),
    }
}

fn typed_issuer(typed: &Typed) -> Issuer {
    let new = read(typed);
    Issuer {
        kind: match new.kind {
            BodyKind::Party => print::BodyKind::Party,
            BodyKind::Congress => print::BodyKind::Congress,
            BodyKind::State => print::BodyKind::State,
        },
        parent: new.parent_lines,
        name: new.name_lines,
        place: new.place,
        place_short: new.place_short,
    }
}

/// A form and what was wrong with it.
struct Shown {
    id: Option<BodyId>,
    version: i64,
    typed: Typed,
    problems: Vec<FieldProblem>,
    general: String,
    status: StatusCode,
    manages: bool,
}

async fn form(app: &App, cx: &Cx, shown: Shown) -> Result<Response, AppError> {
    let units = app.db.read::<_, DbError, _>(identity::units).await?;
    let Shown { id, version, typed, problems, general, status, manages } = shown;
    let title = match id {
        None => cx.t("papers-body-new").into_owned(),
        Some(_) => typed.get("name").to_owned(),
    };
    let body = FormPage {
        title: title.clone(),
        action: id.map_or_else(|| format!("{PATH}/moi"), |id| format!("{PATH}/{id}")),
        version,
        heading: heading(cx, typed_issuer(&typed), typed.get("symbol"))?,
        problems,
        general,
        kinds: BodyKind::ALL
            .into_iter()
            .map(|kind| (kind.to_string(), cx.tp("papers-kind-", kind).into_owned()))
            .collect(),
        units: std::iter::once((String::new(), cx.t("papers-no-unit").into_owned()))
            .chain(units.into_iter().map(|unit| (unit.id.to_string(), unit.name)))
            .collect(),
        manages,
        typed,
        cx,
    };
    Ok(page_with(status, cx, Page::new(title, body).style("papers.css").style("paper.css")))
}

/// `GET /van-ban/co-quan/moi`
pub(super) async fn new(
    _actor: Actor<ManagePapers>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let shown = Shown {
        id: None,
        version: 0,
        typed: Typed::default(),
        problems: Vec::new(),
        general: String::new(),
        status: StatusCode::OK,
        manages: true,
    };
    form(&app, &cx, shown).await
}

/// `GET /van-ban/co-quan/{id}`
pub(super) async fn edit(
    actor: Actor<ReadPapers>,
    cx: Cx,
    State(app): State<App>,
    Path(id): Path<BodyId>,
) -> Result<Response, AppError> {
    let body = app.db.read(move |tx| store::body(tx, id)).await?;
    let mut typed = Typed::default();
    for (name, value) in [
        ("name", body.name),
        ("kind", body.kind.to_string()),
        ("unit", body.unit.map(|unit| unit.to_string()).unwrap_or_default()),
        ("parent_lines", body.parent_lines.join("\n")),
        ("name_lines", body.name_lines.join("\n")),
        ("place", body.place),
        ("place_short", body.place_short),
        ("symbol", body.symbol),
        ("term", body.term),
    ] {
        typed.set(name, value);
    }
    let shown = Shown {
        id: Some(id),
        version: body.version,
        typed,
        problems: Vec::new(),
        general: String::new(),
        status: StatusCode::OK,
        manages: actor.may(platform::papers::AREA, platform::identity::Right::Manage, None),
    };
    form(&app, &cx, shown).await
}

/// `POST /van-ban/co-quan/xem`: the heading as it will print.
pub(super) async fn preview(
    _actor: Actor<ManagePapers>,
    cx: Cx,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let typed = Typed::from(pairs);
    let html = heading(&cx, typed_issuer(&typed), typed.get("symbol"))?;
    Ok(fragment(&Raw { html }))
}

async fn write(
    app: &App,
    actor: &Actor<ManagePapers>,
    cx: &Cx,
    id: Option<BodyId>,
    pairs: Vec<(String, String)>,
) -> Result<Response, AppError> {
    let typed = Typed::from(pairs);
    let version = typed.get("version").parse().unwrap_or(0);
    let new = read(&typed);
    match app.db.write(actor.author(), move |tx| store::save_body(tx, id, version, &new)).await {
        Ok(_) => Ok(see(PATH, "body-saved")),
        Err(error @ (PapersError::NotFound | PapersError::Db(_))) => Err(error.into()),
        Err(error) => {
            // Whoever saves again after reading the sentence has seen the version that is there now.
            let version = match &error {
                PapersError::Conflict { version } => *version,
                _ => version,
            };
            let answer = AppError::from(error);
            let problems = answer.fields().to_vec();
            let general = if problems.is_empty() { answer.detail(cx.lang) } else { String::new() };
            let shown =
                Shown { id, version, typed, problems, general, status: answer.status(), manages: true };
            form(app, cx, shown).await
        }
    }
}

/// `POST /van-ban/co-quan/moi`
pub(super) async fn create(
    actor: Actor<ManagePapers>,
    cx: Cx,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    write(&app, &actor, &cx, None, pairs).await
}

/// `POST /van-ban/co-quan/{id}`
pub(super) async fn save(
    actor: Actor<ManagePapers>,
    cx: Cx,
    State(app): State<App>,
    Path(id): Path<BodyId>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    write(&app, &actor, &cx, Some(id), pairs).await
}
