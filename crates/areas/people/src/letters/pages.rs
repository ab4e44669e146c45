//! How far the answers are, and what the letters say.

use askama::Template as Drawn;
use axum::{
    Extension, Form,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use jiff::civil::Date;
use platform::{
    app::App,
    clock,
    db::{DbError, Tx},
    i18n,
    identity::Actor,
    papers::{self, Body},
    web::{
        AppError, Cx, FieldProblem, Layout, LivePart, Made, Page, PrintSize, Typed, date_problem, download,
        page, page_with, problem, see,
    },
};
use print::{Head, List, PressRoom, Printable};
use rules::dates::parse_vn_date;

use super::{
    LetterError,
    model::{By, Sheet, Template},
    paper,
    store::{self, Figures, TOPICS, Tally},
};
use crate::delegates::{
    ManageDelegates, ReadDelegates,
    answers::{self, Answer},
    model::{Category, Delegation, DelegationId, Group, Participant},
    query,
};

const PATH: &str = "/thu-moi";
const ROLL: &str = "/dai-bieu";

struct Line {
    words: String,
    /// The list behind a number; the address without what was answered.
    href: String,
    edit: String,
    tally: Tally,
}

#[derive(Drawn)]
#[template(path = "letters/board_part.html")]
struct Part<'a> {
    cx: &'a Cx,
    categories: Vec<Line>,
    groups: Vec<Line>,
    needs: usize,
    manages: bool,
}

#[derive(Drawn)]
#[template(path = "letters/board.html")]
struct Whole<'a> {
    cx: &'a Cx,
    manages: bool,
    region: String,
    categories: Vec<(String, String)>,
    groups: Vec<(String, String)>,
    delegations: Vec<(String, String)>,
}

fn draw(cx: &Cx, figures: &Figures, manages: bool) -> askama::Result<String> {
    let categories: Vec<Line> = figures
        .categories
        .iter()
        .map(|(category, tally)| Line {
            words: cx.tp("delegates-category-", category).into_owned(),
            href: format!("{ROLL}?dien={category}&du-khuyet=khong"),
            edit: format!("{PATH}/{category}"),
            tally: *tally,
        })
        .collect();
    let groups = figures
        .groups
        .iter()
        .map(|(no, tally)| Line {
            words: match no {
                Some(no) => cx.t1("delegates-group-no", "no", no.to_string()),
                None => cx.t("delegates-group-none").into_owned(),
            },
            href: format!("{ROLL}?dien=dai_bieu&du-khuyet=khong&to={}", no.unwrap_or(0)),
            edit: String::new(),
            tally: *tally,
        })
        .collect();
    let needs = categories.iter().map(|line| line.tally.needs).sum();
    Part { cx, categories, groups, needs, manages }.render()
}

/// `GET /thu-moi`
pub(super) async fn board(
    actor: Actor<ReadDelegates>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let manages = crate::delegates::pages::manages(&actor);
    let (figures, groups, delegations) = app
        .db
        .read(|tx| {
            Ok::<(Figures, Vec<Group>, Vec<Delegation>), DbError>((
                store::figures(tx)?,
                query::groups(tx)?,
                query::delegations(tx)?,
            ))
        })
        .await?;
    let live = LivePart::of(&cx, manages);
    let body = draw(&live.cx(), &figures, manages)?;
    let all = |words: &str| (String::new(), cx.t(words).into_owned());
    let whole =
        Whole {
            manages,
            region: live.region(body)?,
            categories: Category::ALL
                .iter()
                .map(|one| (one.to_string(), cx.tp("delegates-category-", one).into_owned()))
                .collect(),
            groups: std::iter::once(all("delegates-all-groups"))
                .chain(groups.iter().map(|group| {
                    (group.no.to_string(), cx.t1("delegates-group-no", "no", group.no.to_string()))
                }))
                .collect(),
            delegations: std::iter::once(all("delegates-all-delegations"))
                .chain(delegations.into_iter().map(|one| (one.id.to_string(), one.name)))
                .collect(),
            cx: &cx,
        };
    let out = Page::new(cx.t("letters-title"), whole).layout(Layout::Wide).print(PrintSize::A4Landscape);
    Ok(page(&cx, out.style("people.css").script("js/list.js")))
}

/// `GET /song/thu-moi`
pub(super) async fn stream(
    actor: Actor<ReadDelegates>,
    cx: Cx,
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let manages = crate::delegates::pages::manages(&actor);
    let owner = app.clone();
    LivePart::of(&cx, manages).stream(&app, &actor, &cx, &headers, TOPICS, move |cx| {
        let app = owner.clone();
        async move {
            let figures = app.db.read(store::figures).await?;
            Ok(draw(&cx, &figures, manages)?)
        }
    })
}

// ---------------------------------------------------------------- the answers as a list

struct Answers {
    people: Vec<(Participant, Answer)>,
    delegations: std::collections::HashMap<DelegationId, String>,
}

impl Answers {
    fn load(tx: &mut Tx<'_>) -> Result<Self, DbError> {
        let mut answers = answers::all(tx)?;
        Ok(Self {
            people: query::everybody(tx)?
                .into_iter()
                .filter(store::gets_letter)
                .filter_map(|one| answers.remove(&one.id).map(|answer| (one, answer)))
                .collect(),
            delegations: query::delegations(tx)?.into_iter().map(|one| (one.id, one.name)).collect(),
        })
    }
}

async fn list_out(app: &App, cx: &Cx) -> Result<List, AppError> {
    let all = app.db.read(Answers::load).await?;
    let rows = all
        .people
        .iter()
        .enumerate()
        .map(|(at, (one, answer))| {
            let unit = one.profile.delegation.and_then(|id| all.delegations.get(&id)).cloned();
            let by = match answer.way {
                answers::Way::Link => cx.t("delegates-answer-way-duong_dan").into_owned(),
                answers::Way::Phone => cx.t1("delegates-answer-taken", "office", answer.office.as_str()),
            };
            vec![
                (at + 1).to_string(),
                one.code.clone(),
                one.profile.name.clone(),
                unit.unwrap_or_default(),
                one.profile.group_no.map(|no| no.to_string()).unwrap_or_default(),
                cx.t(if answer.comes == 1 { "delegates-answer-comes" } else { "delegates-answer-not" })
                    .into_owned(),
                crate::delegates::pages::answer_words(cx, answer),
                cx.moment(&clock::local(answer.at)),
                by,
            ]
        })
        .collect();
    Ok(List {
        name: format!("tra-loi-{}", cx.now.date()),
        title: cx.t("delegates-answers").into_owned(),
        lines: vec![cx.congress().name.clone()],
        as_of: cx.as_of(),
        heads: vec![
            Head::centred(cx.t("delegates-col-no"), 4),
            Head::new(cx.t("delegates-sort-ma"), 8),
            Head::new(cx.t("delegates-field-name"), 16),
            Head::new(cx.t("delegates-field-delegation"), 16),
            Head::centred(cx.t("delegates-field-group_no"), 5),
            Head::new(cx.t("letters-col-answer"), 9),
            Head::new(cx.t("letters-col-what"), 20),
            Head::centred(cx.t("letters-col-at"), 10),
            Head::new(cx.t("letters-col-way"), 12),
        ],
        legend: vec![cx.tn("letters-answers-count", all.people.len())],
        rows,
    })
}

/// `GET /thu-moi/tra-loi.xlsx`
pub(super) async fn xlsx(
    _actor: Actor<ReadDelegates>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let list = list_out(&app, &cx).await?;
    let name = list.name.clone();
    let bytes = tokio::task::spawn_blocking(move || list.xlsx()).await.map_err(AppError::internal)?;
    Ok(download(bytes.map_err(AppError::internal)?, Made::Xlsx, &name))
}

/// `GET /thu-moi/tra-loi.pdf`
pub(super) async fn pdf(
    _actor: Actor<ReadDelegates>,
    cx: Cx,
    State(app): State<App>,
    Extension(press): Extension<PressRoom>,
) -> Result<Response, AppError> {
    let list = list_out(&app, &cx).await?;
    let bytes = press.pdf(Printable::Listing(list.listing())).await.map_err(AppError::internal)?;
    Ok(download(bytes, Made::Pdf, &list.name))
}

// ---------------------------------------------------------------- templates

#[derive(Drawn)]
#[template(path = "letters/form.html")]
struct FormPage<'a> {
    cx: &'a Cx,
    title: String,
    action: String,
    notice: String,
    version: i64,
    typed: Typed,
    problems: Vec<FieldProblem>,
    general: String,
    sheets: Vec<(String, String)>,
    bodies: Vec<(String, String)>,
    authorities: Vec<(String, String)>,
    /// The number in words; empty while there is none.
    number: String,
    /// Whether a number can be taken now.
    numbers: bool,
    until: String,
}

impl FormPage<'_> {
    fn err(&self, name: &str) -> String {
        problem(self.cx, &self.problems, name)
    }
}

fn typed_of(template: &Template) -> Typed {
    let day = |day: Option<Date>| day.map(i18n::fmt::date).unwrap_or_default();
    let pairs = [
        ("title", template.title.clone()),
        ("salutation", template.salutation.clone()),
        ("opening", template.opening.clone()),
        ("points", template.points.clone()),
        ("dress", template.dress.clone()),
        ("bring", template.bring.clone()),
        ("contact", template.contact.clone()),
        ("closing", template.closing.clone()),
        ("recipients", template.recipients.clone()),
        ("sheet", template.sheet.to_string()),
        ("body", template.body.map(|body| body.to_string()).unwrap_or_default()),
        ("issued_on", day(template.issued_on)),
        ("authority", template.authority.map(|by| by.to_string()).unwrap_or_default()),
        ("authority_for", template.authority_for.clone()),
        ("office", template.office.clone()),
        ("signer", template.signer.clone()),
        ("link", if template.link { "1".to_owned() } else { String::new() }),
        ("answer_until", day(template.answer_until)),
    ];
    Typed::from(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Vec<_>>())
}

#[derive(Default)]
struct Shown {
    typed: Option<Typed>,
    version: Option<i64>,
    problems: Vec<FieldProblem>,
    answer: Option<AppError>,
}

async fn form_page(app: &App, cx: &Cx, category: Category, shown: Shown) -> Result<Response, AppError> {
    let (template, bodies, until) = app
        .db
        .read(move |tx| {
            let template = store::template(tx, category)?;
            let until = store::until(tx, &template)?;
            Ok::<(Template, Vec<Body>, Date), LetterError>((template, papers::store::bodies(tx)?, until))
        })
        .await?;
    let body = template.body.and_then(|id| bodies.iter().find(|body| body.id == id));
    let title = cx.t1("letters-form", "category", cx.tp("delegates-category-", category));
    let status = match (&shown.answer, shown.problems.is_empty()) {
        (Some(answer), _) => answer.status(),
        (None, false) => StatusCode::UNPROCESSABLE_ENTITY,
        (None, true) => StatusCode::OK,
    };
    let form = FormPage {
        title: title.clone(),
        action: format!("{PATH}/{category}"),
        notice: match cx.param("xong").as_str() {
            "saved" => cx.t("letters-saved").into_owned(),
            "number" => cx.t("letters-numbered").into_owned(),
            _ => String::new(),
        },
        version: shown.version.unwrap_or(template.version),
        number: match (body, template.number) {
            (Some(body), Some(number)) => body.written(number, paper::abbr(category)),
            _ => String::new(),
        },
        numbers: body.is_some() && template.issued_on.is_some() && template.number.is_none(),
        until: cx.date(&until),
        sheets: Sheet::ALL
            .iter()
            .map(|one| (one.to_string(), cx.tp("letters-sheet-", one).into_owned()))
            .collect(),
        bodies: std::iter::once((String::new(), cx.t("letters-body-none").into_owned()))
            .chain(bodies.iter().map(|body| (body.id.to_string(), body.name.clone())))
            .collect(),
        authorities: std::iter::once((String::new(), cx.t("letters-authority-none").into_owned()))
            .chain(By::ALL.iter().map(|one| (one.to_string(), cx.tp("letters-authority-", one).into_owned())))
            .collect(),
        typed: shown.typed.unwrap_or_else(|| typed_of(&template)),
        problems: shown.problems,
        general: shown.answer.as_ref().map(|answer| answer.detail(cx.lang)).unwrap_or_default(),
        cx,
    };
    Ok(page_with(status, cx, Page::new(title, form).style("people.css")))
}

/// `GET /thu-moi/{category}`
pub(super) async fn edit(
    _actor: Actor<ManageDelegates>,
    cx: Cx,
    State(app): State<App>,
    Path(category): Path<String>,
) -> Result<Response, AppError> {
    let category = category.parse().map_err(|_| AppError::not_found())?;
    form_page(&app, &cx, category, Shown::default()).await
}

fn read(category: Category, typed: &Typed) -> Result<Template, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let mut day = |name: &'static str| -> Option<Date> {
        let text = typed.get(name);
        if text.is_empty() {
            return None;
        }
        parse_vn_date(text, None).map_err(|error| problems.push(date_problem(name, &error))).ok()
    };
    let (issued_on, answer_until) = (day("issued_on"), day("answer_until"));
    if !problems.is_empty() {
        return Err(problems);
    }
    let text = |name: &str| typed.get(name).to_owned();
    Ok(Template {
        category,
        title: text("title"),
        salutation: text("salutation"),
        opening: text("opening"),
        points: text("points"),
        dress: text("dress"),
        bring: text("bring"),
        contact: text("contact"),
        closing: text("closing"),
        recipients: text("recipients"),
        sheet: typed.get("sheet").parse().unwrap_or(Sheet::A4),
        body: typed.get("body").parse().ok(),
        number: None,
        issued_on,
        authority: typed.get("authority").parse().ok(),
        authority_for: text("authority_for"),
        office: text("office"),
        signer: text("signer"),
        link: typed.has("link", "1"),
        answer_until,
        version: typed.get("version").parse().unwrap_or(0),
        updated_by: String::new(),
    })
}

/// `POST /thu-moi/{category}`
pub(super) async fn save(
    actor: Actor<ManageDelegates>,
    cx: Cx,
    State(app): State<App>,
    Path(category): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let category: Category = category.parse().map_err(|_| AppError::not_found())?;
    let typed = Typed::from(pairs);
    let new = match read(category, &typed) {
        Ok(new) => new,
        Err(problems) => {
            let version = typed.get("version").parse().ok();
            let shown = Shown { typed: Some(typed), version, problems, answer: None };
            return form_page(&app, &cx, category, shown).await;
        }
    };
    let version = new.version;
    match app.db.write(actor.author(), move |tx| Ok(store::save(tx, &new)?.with(()))).await {
        Ok(()) => Ok(see(&format!("{PATH}/{category}"), "saved")),
        Err(LetterError::Fields(problems)) => {
            let shown = Shown { typed: Some(typed), version: Some(version), problems, answer: None };
            form_page(&app, &cx, category, shown).await
        }
        Err(error @ LetterError::Conflict { version, .. }) => {
            // Whoever saves again after reading the sentence has seen the version that is there now.
            let (typed, version) = (Some(typed), Some(version));
            let shown = Shown { typed, version, problems: Vec::new(), answer: Some(error.into()) };
            form_page(&app, &cx, category, shown).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /thu-moi/{category}/so`: the next number of the issuing body.
pub(super) async fn number(
    actor: Actor<ManageDelegates>,
    State(app): State<App>,
    Path(category): Path<String>,
) -> Result<Response, AppError> {
    let category: Category = category.parse().map_err(|_| AppError::not_found())?;
    app.db.write(actor.author(), move |tx| store::take_number(tx, category)).await?;
    Ok(see(&format!("{PATH}/{category}"), "number"))
}
