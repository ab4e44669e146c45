//! The list: by stream, with filters in the address, and the counts above it.

use std::{borrow::Cow, sync::Arc};

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use platform::{
    app::App,
    db::DbError,
    identity::Actor,
    web::{AppError, Cx, Layout, Page, Part as Drawn, Path, PrintSize, fragment, page},
};
use rules::{state::TaskState, timing::Timing};

use super::{
    Choice, Eyes,
    address::{Address, sort_name},
    live::{self, Picture, View},
    row::{Row, Sign, legend, phases},
    summary::Summary,
};
use crate::tasks::{
    Audience, ReadTasks,
    error::TaskError,
    gantt::roman,
    memory,
    model::{FilterId, SavedFilter},
    reach::Reach,
    register::{Register, Sort},
    store, who,
};

/// Where the list is.
pub const PATH: &str = "/nhiem-vu";

/// Rows of one page of the list.
pub const PER_PAGE: usize = 200;

/// The rows under one heading.
struct Group {
    /// `I. Văn kiện`; empty when the list is not grouped.
    heading: String,
    /// How many the filter picks of this stream, and how many of them are overdue.
    words: String,
    rows: Vec<Line>,
}

/// A row with what only the list shows.
struct Line {
    row: Row,
    /// Clear keys of six; none for a stub.
    clear: Option<u8>,
    version: i64,
}

/// A heading of the table that sorts.
struct Head {
    word: Cow<'static, str>,
    href: String,
    class: &'static str,
    /// `ascending`, `descending`, or empty when the list stands in another order.
    sorted: &'static str,
}

/// The part of the list that lives.
#[derive(Template)]
#[template(path = "tasks/pages/views/list_part.html")]
struct Part<'a> {
    cx: &'a Cx,
    summary: Summary,
    heads: Vec<Head>,
    groups: Vec<Group>,
    shown: String,
    number: usize,
    pages: usize,
    unread: &'a [String],
    /// No task at all, rather than none that the filter picks.
    nothing: bool,
    manages: bool,
    signs: Vec<Sign>,
}

/// The page.
#[derive(Template)]
#[template(path = "tasks/pages/views/list.html")]
struct Whole<'a> {
    cx: &'a Cx,
    /// The moment of the figures, as civil time.
    as_of: jiff::civil::DateTime,
    form: Arc<Drawn>,
    saved: Vec<SavedFilter>,
    query: String,
    manages: bool,
    region: super::Region<'a>,
}

/// The choices of the filter form, the same above list, board and calendar.
pub struct FilterForm {
    /// Where it leads.
    pub path: &'static str,
    /// Words to search.
    pub q: String,
    /// Value, words, chosen.
    pub streams: Vec<Choice>,
    /// Lead units.
    pub units: Vec<Choice>,
    /// Coordinating units.
    pub supports: Vec<Choice>,
    /// Offices.
    pub offices: Vec<Choice>,
    /// Phases.
    pub phases: Vec<Choice>,
    /// Timings, as boxes.
    pub timings: Vec<Choice>,
    /// States, as boxes.
    pub states: Vec<Choice>,
    /// Flags, as boxes: name, words, on.
    pub flags: Vec<Choice>,
    /// From this day.
    pub from: String,
    /// To this day.
    pub to: String,
    /// Kept as they are: order and month.
    pub kept: Vec<(&'static str, String)>,
    /// How many conditions of the folded part are on.
    pub folded: usize,
    /// Whether anything narrows the list.
    pub narrows: bool,
}

fn choice(value: impl Into<String>, word: impl Into<String>, on: bool) -> Choice {
    Choice { value: value.into(), word: word.into(), on }
}

impl FilterForm {
    /// The form for an address.
    pub fn of(cx: &Cx, register: &Register, address: &Address, path: &'static str) -> Self {
        let filter = &address.filter;
        let people = &register.people;
        let mut units: Vec<Choice> = register
            .lead_units()
            .into_iter()
            .map(|unit| choice(unit.to_string(), people.unit_name(unit), filter.unit == Some(unit)))
            .collect();
        if register.tasks.iter().any(|task| task.fields.lead_unit.is_none()) || address.no_unit {
            units.push(choice(super::address::NO_UNIT, cx.t("views-no-unit"), address.no_unit));
        }
        let helps =
            |unit| register.tasks.iter().any(|task| task.fields.supports.iter().any(|s| s.unit == unit));
        let concerned = |office| {
            register.tasks.iter().any(|task| {
                let fields = &task.fields;
                [
                    fields.focal_office,
                    fields.accountable_office,
                    fields.approver_office,
                    fields.acceptor_office,
                ]
                .contains(&Some(office))
            })
        };
        let mut kept = Vec::new();
        if filter.sort != Sort::Plan {
            kept.push(("sap-xep", sort_name(filter.sort).to_owned()));
        }
        if filter.down {
            kept.push(("nguoc", "1".to_owned()));
        }
        if let Some(plan) = filter.plan {
            kept.push(("ke-hoach", plan.to_string()));
        }
        if let Some(month) = address.month {
            kept.push(("thang", super::address::month_name(month)));
        }
        let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string()).unwrap_or_default();
        let folded = usize::from(filter.support.is_some())
            + usize::from(filter.office.is_some())
            + usize::from(filter.phase.is_some())
            + usize::from(filter.from.is_some() || filter.to.is_some())
            + usize::from(!filter.states.is_empty())
            + [filter.unclear, filter.waiting, filter.asks].iter().filter(|on| **on).count();
        Self {
            path,
            q: filter.q.clone(),
            streams: register
                .streams()
                .into_iter()
                .enumerate()
                .filter(|(_, stream)| !stream.is_empty())
                .map(|(i, stream)| {
                    choice(stream, format!("{}. {stream}", roman(i + 1)), filter.stream == stream)
                })
                .collect(),
            units,
            supports: people
                .units_by_name()
                .into_iter()
                .filter(|unit| filter.support == Some(unit.id) || helps(unit.id))
                .map(|unit| choice(unit.id.to_string(), unit.name.as_str(), filter.support == Some(unit.id)))
                .collect(),
            offices: people
                .offices_by_title()
                .into_iter()
                .filter(|office| filter.office == Some(office.id) || concerned(office.id))
                .map(|office| {
                    let word = format!("{} · {}", office.title, people.unit_name(office.unit_id));
                    choice(office.id.to_string(), word, filter.office == Some(office.id))
                })
                .collect(),
            phases: phases(cx)
                .into_iter()
                .map(|(value, word)| {
                    choice(value, word, filter.phase.is_some_and(|phase| phase.as_str() == value))
                })
                .collect(),
            timings: Timing::ALL
                .into_iter()
                .map(|timing| choice(timing.as_str(), cx.t(timing.key()), filter.timings.contains(&timing)))
                .collect(),
            states: TaskState::ALL
                .into_iter()
                .map(|state| choice(state.as_str(), cx.t(state.key()), filter.states.contains(&state)))
                .collect(),
            flags: vec![
                choice("chua-ro", cx.t("views-filter-unclear"), filter.unclear),
                choice("cho-gia-han", cx.t("views-filter-waiting"), filter.waiting),
                choice("kien-nghi", cx.t("views-filter-asks"), filter.asks),
            ],
            from: day(filter.from),
            to: day(filter.to),
            kept,
            folded,
            narrows: address.narrows(),
        }
    }
}

/// Draws the part that lives.
///
/// # Errors
/// Any [`askama::Error`].
pub fn draw(cx: &Cx, register: &Register, address: &Address, eyes: Eyes) -> askama::Result<String> {
    let picked = ordered(register, address, eyes.audience);
    let ground = address.ground().pick(register, eyes.audience);
    let summary = Summary::of(cx, &register.tally(ground.iter().copied()), address, PATH);
    let pages = picked.len().div_ceil(PER_PAGE).max(1);
    let number = address.page.clamp(1, pages);
    let streams = register.streams();
    let grouped = address.filter.sort == Sort::Plan;
    let mut groups: Vec<Group> = Vec::new();
    let mut current: Option<&str> = None;
    for task in picked.iter().skip((number - 1) * PER_PAGE).take(PER_PAGE) {
        let stream = task.fields.stream.as_str();
        if groups.is_empty() || (grouped && current != Some(stream)) {
            current = Some(stream);
            let (heading, words) =
                if grouped { heading(cx, register, &streams, stream, &picked) } else { Default::default() };
            groups.push(Group { heading, words, rows: Vec::new() });
        }
        let clear = eyes.audience.sees(task).then(|| register.clarity(task).score().clear);
        let line = Line { row: Row::of(cx, register, task, eyes.audience), clear, version: task.version };
        if let Some(group) = groups.last_mut() {
            group.rows.push(line);
        }
    }
    let heads = heads(cx, address);
    Part {
        cx,
        summary,
        heads,
        groups,
        shown: cx.t2("views-shown", "count", picked.len(), "all", register.tasks.len()),
        number,
        pages,
        unread: &address.unread,
        nothing: register.tasks.is_empty(),
        manages: eyes.manages,
        signs: legend(cx),
    }
    .render()
}

/// The tasks that an address picks, as the list shows them.
pub(super) fn ordered<'r>(
    register: &'r Register,
    address: &Address,
    audience: Audience,
) -> Vec<&'r crate::tasks::model::Task> {
    let mut picked = address.pick(register, audience);
    if address.filter.sort == Sort::Plan {
        // A task added later stands under the heading of its stream, not in a second heading at the end.
        let streams = register.streams();
        let place = |stream: &str| streams.iter().position(|other| *other == stream);
        picked.sort_by_key(|task| place(&task.fields.stream));
        if address.filter.down {
            picked.sort_by_key(|task| std::cmp::Reverse(place(&task.fields.stream)));
        }
    }
    picked
}

/// The heading of a stream, and how many of it the list holds.
pub(super) fn heading(
    cx: &Cx,
    register: &Register,
    streams: &[&str],
    stream: &str,
    picked: &[&crate::tasks::model::Task],
) -> (String, String) {
    let number = streams.iter().position(|other| *other == stream).map_or(0, |at| at + 1);
    let name = if stream.is_empty() { cx.t("views-no-stream") } else { Cow::Owned(stream.to_owned()) };
    let mine = || picked.iter().filter(|task| task.fields.stream == stream);
    let late = mine().filter(|task| register.timed(task).timing == Timing::Overdue).count();
    let mut words = cx.tn("views-tasks", mine().count());
    if late > 0 {
        words.push_str(" · ");
        words.push_str(&cx.tn("views-overdue", late));
    }
    (format!("{}. {name}", roman(number)), words)
}

fn heads(cx: &Cx, address: &Address) -> Vec<Head> {
    let head = |key: &'static str, sort: Option<Sort>, class: &'static str| {
        let on = sort.is_some_and(|sort| sort == address.filter.sort);
        let down = on && address.filter.down;
        Head {
            word: cx.t(key),
            href: sort
                .map(|sort| {
                    let to = address.but(|to| {
                        to.filter.sort = sort;
                        to.filter.down = on && !down;
                    });
                    to.link(PATH)
                })
                .unwrap_or_default(),
            class,
            sorted: match (on && sort != Some(Sort::Plan), down) {
                (false, _) => "",
                (true, false) => "ascending",
                (true, true) => "descending",
            },
        }
    };
    use platform::i18n::key;
    vec![
        head(key("views-col-code"), Some(Sort::Code), ""),
        head(key("views-col-what"), Some(Sort::Plan), ""),
        head(key("views-col-lead"), Some(Sort::Unit), ""),
        head(key("views-col-accountable"), None, "p3"),
        head(key("views-col-due"), Some(Sort::Due), ""),
        head(key("views-col-timing"), Some(Sort::Timing), ""),
        head(key("views-col-progress"), Some(Sort::Percent), "p2"),
        head(key("views-col-clarity"), None, "p2"),
    ]
}

fn view(address: &Address, eyes: Eyes) -> View {
    View { query: address.query(), audience: eyes.name(), ..View::new(PATH) }
}

/// The filter form, the same for everybody who may read: it names streams, units and offices, no task.
#[derive(Template)]
#[template(path = "tasks/pages/views/filter_form.html")]
struct Form<'a> {
    cx: &'a Cx,
    form: FilterForm,
}

/// Draws the filter form of a view, once for all.
///
/// # Errors
/// Any [`askama::Error`].
pub fn filter_form(
    app: &App,
    cx: &Cx,
    register: &Register,
    address: &Address,
    path: &'static str,
) -> askama::Result<Arc<Drawn>> {
    let view = View { query: address.query(), audience: "form".to_owned(), ..View::new(path) };
    live::part(app, &view, cx.lang, &cx.site, register, |cx| {
        Form { cx, form: FilterForm::of(cx, register, address, path) }.render()
    })
}

/// `GET /nhiem-vu`
///
/// # Errors
/// Any refusal of the database or of a template.
pub async fn show(actor: Actor<ReadTasks>, cx: Cx, State(app): State<App>) -> Result<Response, AppError> {
    let eyes = Eyes::of(&actor);
    let address = Address::parse(&cx.query);
    let (office, whole_page) = (actor.office.id, !cx.htmx);
    let (register, saved) = memory::read(&app, move |tx| {
        if whole_page { store::filters(tx, office) } else { Ok::<_, DbError>(Vec::new()) }
    })
    .await?;
    let query = address.query();
    let part = if address.unread.is_empty() {
        live::part(&app, &view(&address, eyes), cx.lang, &cx.site, &register, |cx| {
            draw(cx, &register, &address, eyes)
        })?
    } else {
        // What could not be read stands in this answer, but not in the address that others share.
        let cx = platform::web::part_cx(cx.lang, &cx.site, PATH, query.clone());
        Arc::new(Drawn::new(draw(&cx, &register, &address, eyes)?))
    };
    let region = super::Region::new(PATH, &query, cx.lang, &part);
    if cx.htmx {
        return Ok(fragment(&region));
    }
    let whole = Whole {
        cx: &cx,
        as_of: register.as_of,
        form: filter_form(&app, &cx, &register, &address, PATH)?,
        saved,
        manages: eyes.manages,
        region,
        query: query.clone(),
    };
    Ok(page(
        &cx,
        Page::new(cx.t("views-title"), whole)
            .layout(Layout::Wide)
            .print(PrintSize::A4Landscape)
            .as_of(register.as_of)
            .style("tasks.css")
            .script("js/list.js"),
    ))
}

/// `GET /song/nhiem-vu`
///
/// # Errors
/// 403 for a token.
pub async fn stream(
    actor: Actor<ReadTasks>,
    cx: Cx,
    headers: HeaderMap,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let eyes = Eyes::of(&actor);
    let address = Address::parse(&cx.query);
    live::stream(&app, &actor, &cx, &headers, view(&address, eyes), move |cx, picture: &Picture| {
        draw(cx, &picture.register, &address, eyes)
    })
}

/// `POST /nhiem-vu/bo-loc`: keeps the filter of the list under a name.
///
/// # Errors
/// 422 without a name.
pub async fn save(
    actor: Actor<ReadTasks>,
    State(app): State<App>,
    axum::Form(form): axum::Form<NewFilter>,
) -> Result<Response, AppError> {
    let office = actor.office.id;
    // Only what the list itself understands is kept.
    let query = Address::parse(form.loc.trim_start_matches('?')).but(|_| ()).query();
    let back = Address::parse(&query).link(PATH);
    app.db
        .write::<_, TaskError, _>(actor.author(), move |tx| store::save_filter(tx, office, &form.ten, &query))
        .await?;
    Ok(see_other(&back))
}

/// A filter to keep.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewFilter {
    /// Its name.
    ten: String,
    /// Its query string.
    #[serde(default)]
    loc: String,
}

/// `POST /nhiem-vu/bo-loc/{id}/xoa`: drops a kept filter.
///
/// # Errors
/// 404 when the office keeps no such filter.
pub async fn forget(
    actor: Actor<ReadTasks>,
    Path(id): Path<String>,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let id: FilterId = id.parse().map_err(|_| AppError::not_found())?;
    let office = actor.office.id;
    let dropped =
        app.db.write::<_, TaskError, _>(actor.author(), move |tx| store::drop_filter(tx, office, id)).await?;
    if dropped { Ok(see_other(PATH)) } else { Err(AppError::not_found()) }
}

fn see_other(to: &str) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, to.to_owned())]).into_response()
}

/// Whether the actor keeps the register: sees the buttons that write. A right in one unit is a part in that
/// unit's tasks, not in the plan.
pub fn manages(actor: &Actor<ReadTasks>) -> bool {
    who(actor).organiser == Reach::Everywhere
}
