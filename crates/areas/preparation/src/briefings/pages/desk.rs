//! The minutes while they are typed: one field, the lines that stand, the room beside them.

use askama::Template;
use axum::{Form, extract::State, http::HeaderMap, response::Response};
use platform::{
    app::App,
    i18n::IntoArg as _,
    identity::{Actor, UnitId},
    web::{AppError, Cx, Page, fragment, page_with},
};
use rules::{
    briefing::{Typed, typed::Meaning},
    text::fold,
};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    common::{self, Meeting, at, done, notice},
    draw,
    picture::Picture,
    show::{live, load},
    view::{Chip, ConclusionView, ItemView},
};
use crate::{
    briefings::{
        BriefingError, ContributeBriefings, Hand, ReadBriefings, conclusion,
        conclusion::NewConclusion,
        model::{BriefingId, ConclusionId, MeetingState},
        store,
    },
    tasks::{Register, model::TaskId, pages::views::row::deadline},
};

/// The part of the desk that lives.
#[derive(Template)]
#[template(path = "briefings/pages/desk_part.html")]
struct Part<'a> {
    cx: &'a Cx,
    here: String,
    writes: bool,
    conclusions: Vec<ConclusionView>,
    dropped: Vec<ConclusionView>,
    items: Vec<ItemView>,
    current: Option<ItemView>,
    back: String,
    forth: String,
}

/// What `@` and `#` complete.
struct Completion {
    insert: String,
    fold: String,
    words: String,
}

#[derive(Template)]
#[template(path = "briefings/pages/desk.html")]
struct Desk<'a> {
    cx: &'a Cx,
    id: BriefingId,
    here: String,
    name: String,
    version: i64,
    writes: bool,
    notice: String,
    refusal: String,
    live: String,
    fresh: String,
    typed: String,
    understood: String,
    choices: Vec<Completion>,
}

/// What was understood of the line that is being typed.
#[derive(Template)]
#[template(path = "briefings/pages/understood.html")]
struct Understood<'a> {
    cx: &'a Cx,
    chips: Vec<Chip>,
    clean: String,
    warning: String,
}

/// The items before and after the one that the room is at.
pub(super) fn around(items: &[ItemView]) -> (String, String) {
    let here = items.iter().position(|item| item.current);
    let id = |place: Option<usize>| place.and_then(|at| items.get(at)).map(|item| item.id.clone());
    let back = here.and_then(|at| at.checked_sub(1));
    let forth = here.map_or(Some(0), |at| Some(at + 1));
    (id(back).unwrap_or_default(), id(forth).unwrap_or_default())
}

fn part<'a>(cx: &'a Cx, picture: &Picture) -> Part<'a> {
    let items = draw::items(cx, picture);
    let (back, forth) = around(&items);
    Part {
        here: at(&picture.briefing.address, ""),
        writes: picture.writes() && picture.briefing.state == MeetingState::Running,
        conclusions: draw::conclusions(cx, picture),
        dropped: picture.dropped.iter().map(|line| draw::conclusion(cx, picture, line, &[])).collect(),
        current: items.iter().find(|item| item.current).cloned(),
        items,
        back,
        forth,
        cx,
    }
}

fn completions(register: &Register) -> Vec<Completion> {
    let units = register.people.units_by_name().into_iter().map(|unit| {
        // The short name is typed where it is one; the full name always means this unit.
        let short = !unit.short.is_empty() && unit.short != unit.name;
        let name = if short { &unit.short } else { &unit.name };
        Completion {
            insert: format!("@{name}"),
            fold: fold(&format!("{} {}", unit.short, unit.name)),
            words: if short { format!("{} · {}", unit.short, unit.name) } else { unit.name.clone() },
        }
    });
    let tasks = register.tasks.iter().filter(|task| !task.state.is_settled()).map(|task| {
        let open = task.fields.confidentiality == platform::identity::Confidentiality::Normal;
        let what = if open { task.fields.what.as_str() } else { "" };
        Completion {
            insert: format!("#{}", task.fields.code),
            fold: fold(&format!("{} {what}", task.fields.code)),
            words: if what.is_empty() {
                task.fields.code.clone()
            } else {
                format!("{} · {what}", task.fields.code)
            },
        }
    });
    units.chain(tasks).collect()
}

/// `GET /giao-ban/{id}/bien-ban`
pub(super) async fn show(
    actor: Actor<ReadBriefings>,
    cx: Cx,
    State(app): State<App>,
    Meeting { id, .. }: Meeting,
) -> Result<Response, AppError> {
    desk(&app, &cx, Hand::of(&actor), id, String::new(), None).await
}

/// The desk, with a line that came back when one was refused.
async fn desk(
    app: &App,
    cx: &Cx,
    hand: Hand,
    id: BriefingId,
    typed: String,
    refused: Option<AppError>,
) -> Result<Response, AppError> {
    let picture = load(app, hand, id).await?;
    let name = draw::name(cx, &picture.briefing);
    let part = part(cx, &picture);
    let body = Desk {
        id,
        here: at(&picture.briefing.address, ""),
        version: picture.briefing.version,
        writes: part.writes,
        notice: notice(cx),
        refusal: refused.as_ref().map(|error| error.detail(cx.lang)).unwrap_or_default(),
        live: part.render()?,
        fresh: Uuid::new_v4().to_string(),
        typed,
        understood: String::new(),
        choices: if part.writes { completions(&picture.register) } else { Vec::new() },
        name: name.clone(),
        cx,
    };
    let page = Page::new(cx.t1("meet-desk-title", "name", name), body)
        .live(format!("/song{}?lang={}", at(&picture.briefing.address, "bien-ban"), cx.lang.code()))
        .style("briefings.css")
        .script("js/minutes.js");
    Ok(page_with(refused.map_or(axum::http::StatusCode::OK, |error| error.status()), cx, page))
}

/// `GET /song/giao-ban/{id}/bien-ban`
pub(super) async fn stream(
    actor: Actor<ReadBriefings>,
    cx: Cx,
    State(app): State<App>,
    Meeting { id, .. }: Meeting,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    live(&app, &actor, &cx, &headers, id, "bien-ban", |cx, picture| part(cx, picture).render()).await
}

/// A line as it is typed.
#[derive(Debug, Deserialize)]
pub(super) struct Typing {
    text: String,
}

/// `POST /giao-ban/{id}/doc`: what is understood of the line so far. Keeps nothing.
pub(super) async fn read(
    actor: Actor<ContributeBriefings>,
    cx: Cx,
    State(app): State<App>,
    Meeting { id, .. }: Meeting,
    Form(form): Form<Typing>,
) -> Result<Response, AppError> {
    let hand = Hand::of(&actor);
    let (typed, register) = app
        .db
        .read(move |tx| {
            store::briefing(tx, &hand, id)?;
            Ok::<_, BriefingError>((conclusion::read(tx, &form.text)?, Register::load(tx)?))
        })
        .await?;
    Ok(fragment(&understood(&cx, &typed, &register)))
}

fn understood<'a>(cx: &'a Cx, typed: &Typed<UnitId, TaskId>, register: &Register) -> Understood<'a> {
    let mut chips = Vec::new();
    let mut lead = true;
    for piece in &typed.pieces {
        let (tone, icon, word) = match &piece.means {
            Meaning::Unit(unit) => {
                let words = if lead { "meet-chip-lead" } else { "meet-chip-support" };
                lead = false;
                ("blue", "building", cx.t1(words, "unit", register.people.unit_name(*unit)))
            }
            Meaning::NoUnit { candidates } if candidates.is_empty() => {
                ("red", "question-mark", cx.t("meet-chip-no-unit").into_owned())
            }
            Meaning::NoUnit { candidates } => {
                let names: Vec<&str> =
                    candidates.iter().take(3).map(|id| register.people.unit_name(*id)).collect();
                ("orange", "question-mark", cx.t1("meet-chip-many-units", "units", names.join("; ")))
            }
            Meaning::Task(id) => (
                "brown",
                "link",
                register.by_id(*id).map(|task| task.fields.code.clone()).unwrap_or_default(),
            ),
            Meaning::NoTask => ("red", "question-mark", cx.t("meet-chip-no-task").into_owned()),
            Meaning::Due(due) => ("amber", "calendar-due", cx.t1("meet-due", "due", deadline(cx, *due))),
            Meaning::NoDate(error) => ("red", "question-mark", common::rule(cx, error.key(), error.args())),
            Meaning::Result(text) => ("green", "target", cx.t1("meet-chip-result", "result", text.as_str())),
        };
        chips.push(Chip { tone, icon, word });
    }
    let deadlines = typed.deadlines();
    let warning = if deadlines.len() > 1 {
        let all: Vec<String> = deadlines.iter().map(|due| deadline(cx, *due)).collect();
        cx.ta(
            "meet-many-deadlines",
            &[("number", deadlines.len().arg()), ("deadlines", all.join("; ").arg())],
        )
    } else {
        String::new()
    };
    Understood { cx, chips, clean: typed.clean.clone(), warning }
}

/// A line that is sent: its id is chosen where it was typed, so that it stands once however often it comes.
#[derive(Debug, Deserialize)]
pub(super) struct Line {
    id: ConclusionId,
    typed: String,
}

/// `POST /giao-ban/{id}/ket-luan`
pub(super) async fn add(
    actor: Actor<ContributeBriefings>,
    cx: Cx,
    State(app): State<App>,
    Meeting { id, address }: Meeting,
    Form(form): Form<Line>,
) -> Result<Response, AppError> {
    let hand = Hand::of(&actor);
    let typed = form.typed.replace("\r\n", " ").replace('\n', " ");
    let sent = typed.clone();
    let written = app
        .db
        .write(actor.author(), move |tx| {
            let (briefing, _) = store::briefing(tx, &hand, id)?;
            let read = conclusion::read(tx, &sent)?;
            let new = NewConclusion {
                id: form.id,
                item: briefing.current_item,
                content: conclusion::understood(&read, None),
                typed: sent,
            };
            conclusion::add(tx, &hand, id, &new)
        })
        .await;
    match written {
        Ok(_) => Ok(done(&cx, &at(&address, "bien-ban#typed"), "")),
        Err(error) if cx.htmx || cx.api => Err(error.into()),
        Err(error @ (BriefingError::NotFound | BriefingError::NotPermitted)) => Err(error.into()),
        Err(error) => desk(&app, &cx, hand, id, typed, Some(error.into())).await,
    }
}
