//! The register of numbers: the list, a number taken by hand, a number cancelled.

use askama::Template;
use axum::{
    Extension, Form,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use jiff::civil::Date;
use platform::{
    app::App,
    db::{DbError, Tx},
    i18n::key,
    identity::{Actor, Confidentiality, doer_words},
    papers::{
        Body, BodyId, ManagePapers, NewNumber, NumberId, PaperNumber, PapersError, ReadPapers, Reference,
        TOPIC, store,
    },
    web::{
        AppError, Choice, Cx, FieldProblem, Layout, LivePart, Made, Page, Path, PrintSize, download,
        fragment, page, page_with,
    },
};
use print::{Head, List, PressRoom, Printable};
use rules::{dates::parse_vn_date, papers as rule};

use super::api::clearance;
use crate::tasks::pages::task::{
    common::{moment, problem, see},
    form::Typed,
    refusals::date_problem,
};

/// Where the register is.
const PATH: &str = "/van-ban";
/// Lines of one page.
const PER_PAGE: u32 = 100;
/// Lines that go out at once.
const MOST: u32 = 20_000;

/// What the address asks for.
#[derive(Debug, Clone, Default)]
struct Address {
    filter: store::Filter,
    number: u32,
}

impl Address {
    fn of(cx: &Cx, clearance: Confidentiality) -> Self {
        let text = |name: &str| Some(cx.param(name)).filter(|text| !text.is_empty());
        let filter = store::Filter {
            body: cx.param("co-quan").parse().ok(),
            abbr: rule::known_type(&cx.param("loai")).map(str::to_owned),
            series: text("nhiem-ky"),
            words: cx.param("q"),
            cancelled: match cx.param("huy").as_str() {
                "1" => Some(true),
                "0" => Some(false),
                _ => None,
            },
            upto: clearance,
        };
        Self { filter, number: cx.param("trang").parse().unwrap_or(1).clamp(1, 10_000) }
    }

    fn narrows(&self) -> bool {
        let filter = &self.filter;
        filter.body.is_some()
            || filter.abbr.is_some()
            || filter.series.is_some()
            || filter.cancelled.is_some()
            || !filter.words.trim().is_empty()
    }
}

/// What the page is drawn from.
struct Picture {
    bodies: Vec<Body>,
    series: Vec<store::Series>,
    lines: Vec<PaperNumber>,
    count: (u32, u32),
    all: u32,
}

impl Picture {
    fn load(tx: &mut Tx<'_>, address: &Address, limit: u32) -> Result<Self, DbError> {
        let offset = if limit == PER_PAGE { (address.number - 1) * PER_PAGE } else { 0 };
        Ok(Self {
            bodies: store::bodies(tx)?,
            series: store::all_series(tx)?,
            lines: store::list(tx, &address.filter, offset, limit)?,
            count: store::count(tx, &address.filter)?,
            all: store::count(tx, &store::Filter::default())?.0,
        })
    }

    fn body(&self, id: BodyId) -> &str {
        self.bodies.iter().find(|body| body.id == id).map_or("", |body| body.name.as_str())
    }
}

struct Line {
    href: String,
    written: String,
    on: String,
    subject: String,
    /// The subject may not be read here.
    closed: bool,
    kind: String,
    body: String,
    used: String,
    used_href: String,
    cancelled: String,
    taken: String,
}

impl Line {
    fn of(cx: &Cx, picture: &Picture, line: &PaperNumber, clearance: Confidentiality) -> Self {
        let closed = line.class > clearance || line.class == Confidentiality::Secret;
        Self {
            href: format!("{PATH}/so/{}", line.id),
            written: line.written.clone(),
            on: cx.date(&line.issued_on),
            subject: if closed {
                cx.tp("papers-closed-", line.class).into_owned()
            } else {
                line.subject.clone()
            },
            closed,
            kind: type_words(cx, &line.abbr),
            body: picture.body(line.body).to_owned(),
            used: cx.tp("papers-use-", line.of.kind).into_owned(),
            used_href: line.of.href.clone(),
            cancelled: line.cancel_reason.clone().unwrap_or_default(),
            taken: cx.t2("papers-taken", "by", doer_words(cx, &line.taken_by), "at", moment(line.taken_at)),
        }
    }
}

/// A type in words.
fn type_words(cx: &Cx, abbr: &str) -> String {
    cx.tp("papers-type-", rule::type_key(abbr)).into_owned()
}

/// The next number of a series, as a door to the form.
struct Next {
    href: String,
    written: String,
    words: String,
    missing: u32,
}

#[derive(Template)]
#[template(path = "papers/numbers_part.html")]
struct Part<'a> {
    cx: &'a Cx,
    next: Vec<Next>,
    lines: Vec<Line>,
    shown: String,
    cancelled: u32,
    nothing: bool,
    manages: bool,
    number: u32,
    pages: u32,
}

#[derive(Template)]
#[template(path = "papers/numbers.html")]
struct Whole<'a> {
    cx: &'a Cx,
    notice: String,
    q: String,
    bodies: Vec<Choice>,
    types: Vec<Choice>,
    series: Vec<Choice>,
    states: Vec<Choice>,
    narrows: bool,
    manages: bool,
    files: String,
    region: String,
}

fn draw(
    cx: &Cx,
    picture: &Picture,
    address: &Address,
    clearance: Confidentiality,
    manages: bool,
) -> askama::Result<String> {
    let today = cx.now.date();
    let next = picture
        .series
        .iter()
        .filter_map(|series| {
            let body = picture.bodies.iter().find(|body| body.id == series.body)?;
            // Terms that are over have no next number.
            (body.series(today) == series.series).then(|| Next {
                href: if manages {
                    format!("{PATH}/lay-so?co-quan={}&loai={}", body.id, series.abbr)
                } else {
                    String::new()
                },
                written: body.written(series.last + 1, &series.abbr),
                words: type_words(cx, &series.abbr),
                missing: series.missing(),
            })
        })
        .collect();
    Part {
        cx,
        next,
        lines: picture.lines.iter().map(|line| Line::of(cx, picture, line, clearance)).collect(),
        shown: cx.t2("papers-shown", "count", picture.count.0, "all", picture.all),
        cancelled: picture.count.1,
        nothing: picture.all == 0,
        manages,
        number: address.number,
        pages: picture.count.0.div_ceil(PER_PAGE).max(1),
    }
    .render()
}

fn manages<C: platform::identity::Capability>(actor: &Actor<C>) -> bool {
    actor.may(platform::papers::AREA, platform::identity::Right::Manage, None)
}

/// `GET /van-ban`
pub(super) async fn list(
    actor: Actor<ReadPapers>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let clearance = clearance(&actor);
    let address = Address::of(&cx, clearance);
    let wanted = address.clone();
    let picture = app.db.read(move |tx| Picture::load(tx, &wanted, PER_PAGE)).await?;
    let manages = manages(&actor);
    let live = live_list(&cx, clearance, manages);
    let body = draw(&live.cx(), &picture, &address, clearance, manages)?;
    let filter = &address.filter;
    let choice = |value: String, word: String, on: bool| Choice { value, word, on };
    let mut series: Vec<String> = picture.series.iter().map(|one| one.series.clone()).collect();
    series.sort_unstable();
    series.dedup();
    let whole = Whole {
        notice: notice(&cx),
        q: filter.words.clone(),
        bodies: picture
            .bodies
            .iter()
            .map(|body| choice(body.id.to_string(), body.name.clone(), filter.body == Some(body.id)))
            .collect(),
        types: rule::TYPES
            .into_iter()
            .filter(|abbr| picture.series.iter().any(|one| one.abbr == *abbr))
            .map(|abbr| {
                let words = format!("{abbr} · {}", type_words(&cx, abbr));
                choice(abbr.to_owned(), words, filter.abbr.as_deref() == Some(abbr))
            })
            .collect(),
        series: series
            .into_iter()
            .map(|one| choice(one.clone(), one.clone(), filter.series.as_ref() == Some(&one)))
            .collect(),
        states: vec![
            choice("0".to_owned(), cx.t("papers-valid").into_owned(), filter.cancelled == Some(false)),
            choice("1".to_owned(), cx.t("papers-cancelled").into_owned(), filter.cancelled == Some(true)),
        ],
        narrows: address.narrows(),
        manages,
        files: live.question(),
        region: live.region(body)?,
        cx: &cx,
    };
    let out = Page::new(cx.t("papers-title"), whole).layout(Layout::Wide).print(PrintSize::A4Landscape);
    Ok(page(&cx, out.style("papers.css").script("js/list.js")))
}

/// `GET /song/van-ban`
pub(super) async fn stream(
    actor: Actor<ReadPapers>,
    cx: Cx,
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let (clearance, manages) = (clearance(&actor), manages(&actor));
    let address = Address::of(&cx, clearance);
    let owner = app.clone();
    let topics = [TOPIC, "congress"];
    live_list(&cx, clearance, manages).stream(&app, &actor, &cx, &headers, topics, move |cx| {
        let (app, address) = (owner.clone(), address.clone());
        async move {
            let wanted = address.clone();
            let picture = app.db.read(move |tx| Picture::load(tx, &wanted, PER_PAGE)).await?;
            Ok(draw(&cx, &picture, &address, clearance, manages)?)
        }
    })
}

fn live_list(cx: &Cx, clearance: Confidentiality, manages: bool) -> LivePart {
    LivePart::of(cx, format_args!("{clearance}{manages}"))
}

const NOTICES: &[&str] = &["taken", "cancelled", "body-saved"];

/// The notice of the page, from its address.
pub(super) fn notice(cx: &Cx) -> String {
    let asked = cx.param("xong");
    if NOTICES.contains(&asked.as_str()) { cx.tp("papers-done-", asked).into_owned() } else { String::new() }
}

async fn list_out(app: &App, actor: &Actor<ReadPapers>, cx: &Cx) -> Result<List, AppError> {
    let clearance = clearance(actor);
    let address = Address::of(cx, clearance);
    let picture = app.db.read(move |tx| Picture::load(tx, &address, MOST)).await?;
    let head = |key: &'static str, share| Head::new(cx.t(key), share);
    Ok(List {
        name: format!("so-van-ban-{}", cx.now.date()),
        title: cx.t("papers-title").into_owned(),
        lines: vec![cx.congress().name.clone()],
        as_of: cx.as_of(),
        heads: vec![
            Head::new(cx.t("papers-col-number"), 11),
            Head::centred(cx.t("papers-col-on"), 8),
            head("papers-col-subject", 30),
            head("papers-col-body", 18),
            head("papers-col-used", 12),
            head("papers-col-by", 14),
            head("papers-col-remark", 14),
        ],
        rows: picture
            .lines
            .iter()
            .map(|one| {
                let line = Line::of(cx, &picture, one, clearance);
                let remark = if line.cancelled.is_empty() {
                    one.gap_reason.clone()
                } else {
                    cx.t1("papers-cancelled-why", "reason", &line.cancelled)
                };
                vec![
                    line.written,
                    line.on,
                    line.subject,
                    line.body,
                    line.used,
                    doer_words(cx, &one.taken_by),
                    remark,
                ]
            })
            .collect(),
        legend: vec![cx.t2("papers-shown", "count", picture.count.0, "all", picture.all)],
    })
}

/// `GET /van-ban/xuat.xlsx`
pub(super) async fn xlsx(
    actor: Actor<ReadPapers>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let list = list_out(&app, &actor, &cx).await?;
    let name = list.name.clone();
    let bytes = tokio::task::spawn_blocking(move || list.xlsx()).await.map_err(AppError::internal)?;
    Ok(download(bytes.map_err(AppError::internal)?, Made::Xlsx, &name))
}

/// `GET /van-ban/xuat.pdf`
pub(super) async fn pdf(
    actor: Actor<ReadPapers>,
    cx: Cx,
    State(app): State<App>,
    Extension(press): Extension<PressRoom>,
) -> Result<Response, AppError> {
    let list = list_out(&app, &actor, &cx).await?;
    let bytes = press.pdf(Printable::Listing(list.listing())).await.map_err(AppError::internal)?;
    Ok(download(bytes, Made::Pdf, &list.name))
}

// ---------------------------------------------------------------- take a number

#[derive(Template)]
#[template(path = "papers/take.html")]
struct TakePage<'a> {
    cx: &'a Cx,
    typed: Typed,
    problems: Vec<FieldProblem>,
    general: String,
    next: Option<(String, String)>,
    bodies: Vec<(String, String)>,
    types: Vec<(String, String)>,
    classes: Vec<(String, String)>,
    foreseen: String,
}

impl TakePage<'_> {
    fn err(&self, name: &str) -> String {
        problem(self.cx, &self.problems, name)
    }
}

/// What the number would be, and what to know before it is taken.
#[derive(Template)]
#[template(path = "papers/foreseen.html")]
struct Foreseen<'a> {
    cx: &'a Cx,
    written: String,
    series: String,
    warning: String,
}

fn day(cx: &Cx, typed: &Typed, problems: &mut Vec<FieldProblem>) -> Option<Date> {
    match parse_vn_date(typed.get("on"), Some(cx.now.date().year())) {
        Ok(day) => Some(day),
        Err(error) => {
            problems.push(date_problem("on", &error));
            None
        }
    }
}

fn read(cx: &Cx, typed: &Typed) -> Result<NewNumber, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let on = day(cx, typed, &mut problems);
    let body: Option<BodyId> = typed.get("body").parse().ok();
    if body.is_none() {
        problems.push(FieldProblem::new("body", key("papers-choose-body")));
    }
    let number = match typed.get("number").trim_start_matches('0') {
        "" => None,
        text => match text.parse::<u32>() {
            Ok(number) => Some(number),
            Err(_) => {
                problems.push(FieldProblem::new("number", key("papers-error-number")));
                None
            }
        },
    };
    let (Some(body), Some(on), true) = (body, on, problems.is_empty()) else { return Err(problems) };
    Ok(NewNumber {
        body,
        abbr: typed.get("type").to_owned(),
        number,
        on,
        subject: typed.get("subject").to_owned(),
        class: typed.get("class").parse().unwrap_or_default(),
        of: Reference::hand(),
        gap_reason: typed.get("gap_reason").to_owned(),
    })
}

async fn foresee(app: &App, cx: &Cx, typed: &Typed) -> Result<String, AppError> {
    let mut ignored = Vec::new();
    let (Some(on), Ok(id)) = (day(cx, typed, &mut ignored), typed.get("body").parse::<BodyId>()) else {
        return Ok(Foreseen { cx, written: String::new(), series: String::new(), warning: String::new() }
            .render()?);
    };
    let abbr = typed.get("type").to_owned();
    let chosen: Option<u32> = typed.get("number").parse().ok();
    let found = app
        .db
        .read(move |tx| {
            let body = store::body(tx, id)?;
            let next = store::next_number(tx, id, &abbr, on)?;
            let number = chosen.unwrap_or(next);
            let order = store::order_warning(tx, id, &abbr, number, on)?;
            let gap = rule::gap(next - 1, number);
            Ok::<_, PapersError>((body, abbr, number, on, order, gap))
        })
        .await;
    let (body, abbr, number, on, order, gap) = match found {
        Ok(found) => found,
        Err(PapersError::Db(error)) => return Err(error.into()),
        Err(_) => {
            return Ok(Foreseen {
                cx,
                written: String::new(),
                series: String::new(),
                warning: String::new(),
            }
            .render()?);
        }
    };
    let mut warnings = Vec::new();
    if let Some((other, date)) = order {
        let words = if other < number { "papers-order-later" } else { "papers-order-earlier" };
        warnings.push(cx.t2(words, "number", body.written(other, &abbr), "on", cx.date(&date)));
    }
    if let Some(gap) = gap {
        warnings.push(cx.t2("papers-gap-warning", "from", *gap.start(), "to", *gap.end()));
    }
    Ok(Foreseen {
        cx,
        written: body.written(number, &abbr),
        series: body.series(on),
        warning: warnings.join(" "),
    }
    .render()?)
}

async fn take_page(
    app: &App,
    cx: &Cx,
    typed: Typed,
    problems: Vec<FieldProblem>,
    answer: Option<AppError>,
    status: StatusCode,
) -> Result<Response, AppError> {
    let bodies = app.db.read(store::bodies).await?;
    let choose = (String::new(), cx.t("papers-choose").into_owned());
    let body = TakePage {
        foreseen: foresee(app, cx, &typed).await?,
        general: answer.as_ref().map(|error| error.detail(cx.lang)).unwrap_or_default(),
        next: answer.as_ref().and_then(|error| error.way_on(cx)),
        problems,
        bodies: std::iter::once(choose)
            .chain(
                bodies.iter().map(|body| (body.id.to_string(), format!("{} ({})", body.name, body.symbol))),
            )
            .collect(),
        types: rule::TYPES
            .into_iter()
            .map(|abbr| (abbr.to_owned(), format!("{abbr} · {}", type_words(cx, abbr))))
            .collect(),
        classes: Confidentiality::ALL
            .into_iter()
            .map(|class| (class.to_string(), cx.tp("papers-class-", class).into_owned()))
            .collect(),
        typed,
        cx,
    };
    Ok(page_with(status, cx, Page::new(cx.t("papers-take"), body).style("papers.css")))
}

/// `GET /van-ban/lay-so`
pub(super) async fn form(
    _actor: Actor<ManagePapers>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let mut typed = Typed::default();
    typed.set("body", cx.param("co-quan"));
    typed.set("type", rule::known_type(&cx.param("loai")).unwrap_or("TB"));
    typed.set("on", platform::i18n::fmt::date(cx.now.date()));
    take_page(&app, &cx, typed, Vec::new(), None, StatusCode::OK).await
}

/// `POST /van-ban/lay-so/xem`: what the number would be.
pub(super) async fn preview(
    _actor: Actor<ManagePapers>,
    cx: Cx,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let html = foresee(&app, &cx, &Typed::from(pairs)).await?;
    Ok(fragment(&Raw { html }))
}

/// A part that is drawn already.
#[derive(Template)]
#[template(source = "{{ html|safe }}", ext = "html")]
pub(super) struct Raw {
    pub html: String,
}

/// `POST /van-ban/lay-so`
pub(super) async fn take(
    actor: Actor<ManagePapers>,
    cx: Cx,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let typed = Typed::from(pairs);
    let new = match read(&cx, &typed) {
        Ok(new) => new,
        Err(problems) => {
            return take_page(&app, &cx, typed, problems, None, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    match app.db.write(actor.author(), move |tx| store::enter(tx, &new)).await {
        Ok(taken) => Ok(see(&format!("{PATH}/so/{}", taken.id), "taken")),
        Err(error @ (PapersError::NotFound | PapersError::Db(_))) => Err(error.into()),
        Err(error) => {
            let answer = AppError::from(error);
            let (problems, status) = (answer.fields().to_vec(), answer.status());
            let answer = problems.is_empty().then_some(answer);
            take_page(&app, &cx, typed, problems, answer, status).await
        }
    }
}

// ---------------------------------------------------------------- one number

#[derive(Template)]
#[template(path = "papers/number.html")]
struct OnePage<'a> {
    cx: &'a Cx,
    notice: String,
    line: Line,
    series: String,
    gap: String,
    cancelled_by: String,
    warning: String,
    may_cancel: bool,
    reason: String,
    error: String,
}

async fn one_page(
    app: &App,
    actor: &Actor<ReadPapers>,
    cx: &Cx,
    id: NumberId,
    reason: String,
    answer: Option<AppError>,
) -> Result<Response, AppError> {
    let clearance = clearance(actor);
    let (line, bodies, order) = app
        .db
        .read(move |tx| {
            let line = store::number(tx, id)?;
            let order = store::order_warning(tx, line.body, &line.abbr, line.number, line.issued_on)?;
            Ok::<_, PapersError>((line, store::bodies(tx)?, order))
        })
        .await?;
    let warning = order.map(|(other, date)| {
        let body = bodies.iter().find(|body| body.id == line.body);
        let written = body.map(|body| body.written(other, &line.abbr)).unwrap_or_default();
        let words = if other < line.number { "papers-order-later" } else { "papers-order-earlier" };
        cx.t2(words, "number", written, "on", cx.date(&date))
    });
    let picture = Picture { bodies, series: Vec::new(), lines: Vec::new(), count: (0, 0), all: 0 };
    let title = cx.t1("papers-number", "number", &line.written);
    let body = OnePage {
        notice: notice(cx),
        series: line.series.clone(),
        gap: line.gap_reason.clone(),
        cancelled_by: match (&line.cancelled_by, line.cancelled_at) {
            (Some(by), Some(at)) => cx.t2("papers-taken", "by", doer_words(cx, by), "at", moment(at)),
            _ => String::new(),
        },
        warning: warning.unwrap_or_default(),
        may_cancel: manages(actor) && line.cancelled_at.is_none() && line.of.is_hand(),
        reason,
        error: answer.as_ref().map(|error| sentence(cx, error)).unwrap_or_default(),
        line: Line::of(cx, &picture, &line, clearance),
        cx,
    };
    let status = answer.map_or(StatusCode::OK, |error| error.status());
    Ok(page_with(status, cx, Page::new(title, body).style("papers.css")))
}

/// What a refusal says: of its first field, or as a whole.
fn sentence(cx: &Cx, error: &AppError) -> String {
    error.fields().first().map_or_else(|| error.detail(cx.lang), |field| field.message(cx))
}

/// `GET /van-ban/so/{id}`
pub(super) async fn show(
    actor: Actor<ReadPapers>,
    cx: Cx,
    State(app): State<App>,
    Path(id): Path<NumberId>,
) -> Result<Response, AppError> {
    one_page(&app, &actor, &cx, id, String::new(), None).await
}

/// `POST /van-ban/so/{id}/huy`
pub(super) async fn cancel(
    actor: Actor<ManagePapers>,
    reader: Actor<ReadPapers>,
    cx: Cx,
    State(app): State<App>,
    Path(id): Path<NumberId>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let reason = Typed::from(pairs).get("reason").to_owned();
    let given = reason.clone();
    match app.db.write(actor.author(), move |tx| store::cancel_number(tx, id, &given)).await {
        Ok(()) => Ok(see(&format!("{PATH}/so/{id}"), "cancelled")),
        Err(error @ (PapersError::NotFound | PapersError::Db(_))) => Err(error.into()),
        Err(error) => one_page(&app, &reader, &cx, id, reason, Some(error.into())).await,
    }
}
