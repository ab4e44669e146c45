//! The printers: what there is, one to add or change, a test label, and what was printed.

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use platform::{
    app::App,
    clock,
    db::{DbError, Tx},
    i18n,
    identity::Actor,
    web::{AppError, Cx, FieldProblem, LivePart, Page, Typed, page, page_with, problem, see},
};

use super::{
    ManagePrinters, PrinterError, TOPIC,
    model::{Outcome, Printed, Printer, PrinterId, PrinterKind, Purpose},
    send,
    store::{self, NewPrinter},
};

const PATH: &str = "/the/may-in";
/// Lines of the log that are shown.
const SHOWN: u32 = 30;

/// Colour and icon of how it went.
fn look(outcome: Outcome) -> (&'static str, &'static str) {
    match outcome {
        Outcome::Sent => ("green", "circle-check"),
        Outcome::PaperOut | Outcome::Open | Outcome::WrongMedia | Outcome::Paused | Outcome::Busy => {
            ("amber", "alert-triangle")
        }
        _ => ("red", "alert-circle"),
    }
}

struct Line {
    id: PrinterId,
    name: String,
    kind: String,
    address: String,
    paper: String,
    dpi: u16,
    copies: u16,
}

struct LogLine {
    at: String,
    name: String,
    purpose: String,
    pages: u32,
    tone: &'static str,
    icon: &'static str,
    outcome: String,
    by: String,
}

#[derive(Template)]
#[template(path = "printers/part.html")]
struct Part<'a> {
    cx: &'a Cx,
    lines: Vec<Line>,
    log: Vec<LogLine>,
}

#[derive(Template)]
#[template(path = "printers/list.html")]
struct Whole<'a> {
    cx: &'a Cx,
    notice: String,
    warning: String,
    region: String,
}

struct Picture {
    printers: Vec<Printer>,
    log: Vec<Printed>,
}

fn load(tx: &mut Tx<'_>) -> Result<Picture, DbError> {
    Ok(Picture { printers: store::all(tx)?, log: store::log(tx, SHOWN)? })
}

fn paper(cx: &Cx, width: u16, length: u16) -> String {
    if length == 0 {
        cx.t1("printers-roll", "width", width.to_string())
    } else {
        cx.t2("printers-label", "width", width.to_string(), "length", length.to_string())
    }
}

fn draw(cx: &Cx, picture: &Picture) -> askama::Result<String> {
    let lines = picture.printers.iter().map(|printer| Line {
        id: printer.id,
        name: printer.name.clone(),
        kind: cx.tp("printers-kind-", printer.kind).into_owned(),
        address: format!("{}:{}", printer.host, printer.port),
        paper: paper(cx, printer.width_mm, printer.length_mm),
        dpi: printer.dpi,
        copies: printer.copies,
    });
    let log = picture.log.iter().map(|one| {
        let (tone, icon) = look(one.outcome);
        LogLine {
            at: i18n::fmt::moment(clock::local(one.at)),
            name: one.name.clone(),
            purpose: cx.tp("printers-purpose-", one.purpose).into_owned(),
            pages: one.pages,
            tone,
            icon,
            outcome: cx.tp("printers-short-", one.outcome).into_owned(),
            by: one.sent_by.clone(),
        }
    });
    Part { cx, lines: lines.collect(), log: log.collect() }.render()
}

/// `GET /the/may-in`
pub(super) async fn list(
    _actor: Actor<ManagePrinters>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let picture = app.db.read(load).await?;
    let live = LivePart::of(&cx, "");
    let asked = cx.param("xong");
    let done = ["entered", "saved", "removed"].contains(&asked.as_str());
    let outcome = asked.strip_prefix("thu-").and_then(|outcome| outcome.parse::<Outcome>().ok());
    let sentence = outcome.map(|outcome| cx.tp("printers-outcome-", outcome).into_owned());
    let whole = Whole {
        notice: match (&sentence, outcome) {
            (Some(sentence), Some(Outcome::Sent)) => sentence.clone(),
            _ if done => cx.tp("printers-done-", &asked).into_owned(),
            _ => String::new(),
        },
        warning: sentence.filter(|_| outcome != Some(Outcome::Sent)).unwrap_or_default(),
        region: live.region(draw(&live.cx(), &picture)?)?,
        cx: &cx,
    };
    Ok(page(&cx, Page::new(cx.t("printers-title"), whole)))
}

/// `GET /song/the/may-in`
pub(super) async fn stream(
    actor: Actor<ManagePrinters>,
    cx: Cx,
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let owner = app.clone();
    LivePart::of(&cx, "").stream(&app, &actor, &cx, &headers, [TOPIC], move |cx| {
        let app = owner.clone();
        async move { Ok(draw(&cx, &app.db.read(load).await?)?) }
    })
}

#[derive(Template)]
#[template(path = "printers/form.html")]
struct FormPage<'a> {
    cx: &'a Cx,
    title: String,
    action: String,
    fresh: bool,
    typed: Typed,
    problems: Vec<FieldProblem>,
    general: String,
    kinds: Vec<(String, String)>,
}

impl FormPage<'_> {
    fn err(&self, name: &str) -> String {
        problem(self.cx, &self.problems, name)
    }
}

fn render(cx: &Cx, id: Option<PrinterId>, typed: Typed, refused: Option<&AppError>) -> Response {
    let title = cx.t(if id.is_some() { "printers-edit" } else { "printers-new" }).into_owned();
    let problems = refused.map(|refused| refused.fields().to_vec()).unwrap_or_default();
    let body = FormPage {
        title: title.clone(),
        action: id.map_or_else(|| format!("{PATH}/moi"), |id| format!("{PATH}/{id}")),
        fresh: id.is_none(),
        general: refused
            .filter(|_| problems.is_empty())
            .map(|refused| refused.detail(cx.lang))
            .unwrap_or_default(),
        problems,
        typed,
        kinds: PrinterKind::ALL
            .iter()
            .map(|kind| (kind.to_string(), cx.tp("printers-kind-", kind).into_owned()))
            .collect(),
        cx,
    };
    page_with(refused.map_or(StatusCode::OK, AppError::status), cx, Page::new(title, body))
}

/// `GET /the/may-in/moi`
pub(super) async fn new(_actor: Actor<ManagePrinters>, cx: Cx) -> Response {
    let mut typed = Typed::default();
    for (name, value) in [("kind", "zpl"), ("port", "9100"), ("dpi", "300"), ("copies", "1")] {
        typed.set(name, value);
    }
    render(&cx, None, typed, None)
}

/// `GET /the/may-in/{id}`
pub(super) async fn edit(
    _actor: Actor<ManagePrinters>,
    cx: Cx,
    State(app): State<App>,
    Path(id): Path<PrinterId>,
) -> Result<Response, AppError> {
    let one = app.db.read(move |tx| store::printer(tx, id)).await?;
    let mut typed = Typed::default();
    for (name, value) in [
        ("version", one.version.to_string()),
        ("name", one.name),
        ("kind", one.kind.to_string()),
        ("host", one.host),
        ("port", one.port.to_string()),
        ("dpi", one.dpi.to_string()),
        ("width_mm", one.width_mm.to_string()),
        ("length_mm", one.length_mm.to_string()),
        ("copies", one.copies.to_string()),
    ] {
        typed.set(name, value);
    }
    Ok(render(&cx, Some(id), typed, None))
}

/// What was typed; a number that is none becomes one that no printer has, so that the store names the field.
fn read(typed: &Typed) -> NewPrinter {
    let number = |name: &str, empty: u16| match typed.get(name) {
        "" => empty,
        text => text.parse().unwrap_or(u16::MAX),
    };
    NewPrinter {
        name: typed.get("name").to_owned(),
        kind: typed.get("kind").parse().unwrap_or(PrinterKind::Zpl),
        host: typed.get("host").to_owned(),
        port: number("port", 0),
        dpi: number("dpi", 0),
        width_mm: number("width_mm", 0),
        length_mm: number("length_mm", 0),
        copies: number("copies", 1),
    }
}

/// `POST /the/may-in/moi`
pub(super) async fn create(
    actor: Actor<ManagePrinters>,
    cx: Cx,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let typed = Typed::from(pairs);
    let new = read(&typed);
    match app.db.write(actor.author(), move |tx| store::create(tx, &new)).await {
        Ok(_) => Ok(see(PATH, "entered")),
        Err(PrinterError::Db(error)) => Err(error.into()),
        Err(error) => Ok(render(&cx, None, typed, Some(&error.into()))),
    }
}

/// `POST /the/may-in/{id}`
pub(super) async fn save(
    actor: Actor<ManagePrinters>,
    cx: Cx,
    State(app): State<App>,
    Path(id): Path<PrinterId>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let mut typed = Typed::from(pairs);
    let (new, version) = (read(&typed), typed.get("version").parse().unwrap_or(0));
    match app.db.write(actor.author(), move |tx| store::save(tx, id, version, &new)).await {
        Ok(_) => Ok(see(PATH, "saved")),
        Err(error @ (PrinterError::Db(_) | PrinterError::NotFound)) => Err(error.into()),
        Err(error) => {
            // Whoever saves again after reading the sentence has seen the version that is there now.
            if let PrinterError::Conflict { version, .. } = &error {
                typed.set("version", version.to_string());
            }
            Ok(render(&cx, Some(id), typed, Some(&error.into())))
        }
    }
}

/// `POST /the/may-in/{id}/thu`: a test label.
pub(super) async fn test(
    actor: Actor<ManagePrinters>,
    State(app): State<App>,
    Path(id): Path<PrinterId>,
) -> Result<Response, AppError> {
    let printer = app.db.read(move |tx| store::printer(tx, id)).await?;
    let page = send::test_page(&printer);
    let outcome = send::send(&app, actor.author(), &printer, Purpose::Test, vec![page]).await?;
    Ok(see(PATH, &format!("thu-{outcome}")))
}

/// `POST /the/may-in/{id}/xoa`
pub(super) async fn remove(
    actor: Actor<ManagePrinters>,
    State(app): State<App>,
    Path(id): Path<PrinterId>,
) -> Result<Response, AppError> {
    app.db.write(actor.author(), move |tx| store::remove(tx, id)).await?;
    Ok(see(PATH, "removed"))
}
