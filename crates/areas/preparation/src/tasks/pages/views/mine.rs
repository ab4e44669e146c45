//! My work: what waits for the acting office, the most pressing first.

use std::borrow::Cow;

use askama::Template;
use axum::{extract::State, http::HeaderMap, response::Response};
use platform::{
    app::App,
    clock,
    identity::{Actor, Confidentiality, UnitId},
    web::{AppError, Cx, Icon, Page, Part as Drawn, fragment, page},
};
use rules::{
    state::{Move, Role, TaskState, authorise},
    timing::Timing,
};

use super::{
    Eyes,
    live::{self, Picture, View},
    row::Row,
};
use crate::tasks::{ReadTasks, model::Task, reach::Audience, store::Who, who};

/// Where my work is.
pub const PATH: &str = "/viec-cua-toi";

/// Whose work it is.
#[derive(Debug, Clone, Copy)]
pub struct Me {
    /// The office and its rights.
    pub who: Who,
    /// Its unit.
    pub unit: UnitId,
    /// What it may see.
    pub eyes: Eyes,
}

/// One thing that waits.
pub(super) struct Item {
    pub(super) row: Row,
    /// What exactly: the level of the urge, the new deadline, how long it waits.
    pub(super) note: String,
    /// It has waited too long.
    pub(super) red: bool,
}

/// Things of one kind that wait.
pub(super) struct Section {
    pub(super) id: &'static str,
    pub(super) title: Cow<'static, str>,
    pub(super) hint: Cow<'static, str>,
    pub(super) tone: &'static str,
    pub(super) sign: &'static str,
    pub(super) items: Vec<Item>,
}

impl Section {
    fn icon(&self) -> Icon {
        Icon(self.sign)
    }
}

#[derive(Template)]
#[template(path = "tasks/pages/views/mine_part.html")]
struct Part<'a> {
    cx: &'a Cx,
    sections: Vec<Section>,
    count: usize,
}

#[derive(Template)]
#[template(path = "tasks/pages/views/mine.html")]
struct Whole<'a> {
    cx: &'a Cx,
    /// The moment of the figures, as civil time.
    as_of: jiff::civil::DateTime,
    office: String,
    unit: String,
    office_href: String,
    region: super::Region<'a>,
}

/// Draws the part that lives.
///
/// # Errors
/// Any [`askama::Error`].
pub fn draw(cx: &Cx, picture: &Picture, me: Me) -> askama::Result<String> {
    let sections = sections(cx, picture, me);
    let count = sections.iter().map(|section| section.items.len()).sum();
    Part { cx, sections, count }.render()
}

/// What waits, as it is shown and printed.
pub(super) fn sections(cx: &Cx, picture: &Picture, me: Me) -> Vec<Section> {
    use platform::i18n::key;
    let register = &picture.register;
    let mine = |task: &Task| {
        me.who.office.is_some()
            && [task.fields.focal_office, task.fields.accountable_office].contains(&me.who.office)
    };
    let may = |task: &Task, mv: Move| authorise(mv, &me.who.roles(&task.fields)).is_ok();
    // Who has a part in a task knows what it is, whatever its class; a secret one holds no content for anybody.
    let audience = |task: &Task| {
        let part = me.who.roles(&task.fields).iter().any(|role| *role != Role::Organiser);
        if part { Audience::everywhere(Confidentiality::Internal) } else { me.eyes.audience }
    };
    let item = |task: &Task, note: String, red: bool| Item {
        row: Row::of(cx, register, task, audience(task)),
        note,
        red,
    };
    let pick = |test: &dyn Fn(&Task) -> bool, note: &dyn Fn(&Task) -> (String, bool)| -> Vec<Item> {
        let mut tasks: Vec<&Task> = register.tasks.iter().filter(|task| test(task)).collect();
        tasks.sort_by_key(|task| (task.fields.due.is_none(), task.fields.due, task.position));
        tasks
            .into_iter()
            .map(|task| {
                let (note, red) = note(task);
                item(task, note, red)
            })
            .collect()
    };
    let plain = |_: &Task| (String::new(), false);
    let due = |timings: &'static [Timing]| {
        move |task: &Task| {
            mine(task)
                && !matches!(task.state, TaskState::Assigned | TaskState::Returned)
                && timings.contains(&register.timed(task).timing)
        }
    };
    let urges = picture
        .urges
        .iter()
        .filter_map(|urge| {
            let task = register.by_id(urge.task)?;
            let sees = audience(task).sees(task);
            let text = if sees { urge.text.as_str() } else { "" };
            let note =
                cx.t3("views-mine-urged", "level", urge.level, "by", urge.sent_by.as_str(), "text", text);
            Some(item(task, note, true))
        })
        .collect();
    let section = |id, title, hint, tone, sign, items| Section {
        id,
        title: cx.t(title),
        hint: cx.t(hint),
        tone,
        sign,
        items,
    };
    let mut sections = vec![
        section("urges", key("views-mine-urges"), key("views-mine-urges-hint"), "red", "bell-ringing", urges),
        section(
            "acknowledge",
            key("views-mine-acknowledge"),
            key("views-mine-acknowledge-hint"),
            "blue",
            "inbox",
            pick(
                &|task| task.state == TaskState::Assigned && mine(task) && may(task, Move::Acknowledge),
                &|task| {
                    let red = register.unacknowledged(task);
                    let at = task.assigned_at.map(|at| cx.moment(&clock::local(at))).unwrap_or_default();
                    (
                        cx.t1(if red { "views-mine-assigned-late" } else { "views-mine-assigned" }, "at", at),
                        red,
                    )
                },
            ),
        ),
        section(
            "returned",
            key("views-mine-returned"),
            key("views-mine-returned-hint"),
            "orange",
            "arrow-back-up",
            pick(&|task| task.state == TaskState::Returned && mine(task), &plain),
        ),
        section(
            "overdue",
            key("views-mine-overdue"),
            key("views-mine-overdue-hint"),
            "red",
            "alert-triangle",
            pick(&due(&[Timing::Overdue]), &plain),
        ),
        section(
            "today",
            key("views-mine-today"),
            key("views-mine-today-hint"),
            "orange",
            "target",
            pick(&due(&[Timing::DueToday]), &plain),
        ),
        section(
            "extensions",
            key("views-mine-extensions"),
            key("views-mine-extensions-hint"),
            "amber",
            "hourglass",
            pick(
                &|task| {
                    register.waiting.contains_key(&task.id)
                        && me.who.roles(&task.fields).contains(&Role::Approver)
                },
                &|task| match register.waiting.get(&task.id) {
                    Some(wanted) if audience(task).sees(task) => {
                        let from = super::row::deadline(cx, wanted.from_due);
                        let to = super::row::deadline(cx, wanted.to_due);
                        (
                            cx.t3(
                                "views-mine-wants",
                                "from",
                                from,
                                "to",
                                to,
                                "reason",
                                wanted.reason.as_str(),
                            ),
                            false,
                        )
                    }
                    _ => (String::new(), false),
                },
            ),
        ),
        section(
            "results",
            key("views-mine-results"),
            key("views-mine-results-hint"),
            "amber",
            "file-check",
            pick(&|task| task.state == TaskState::Submitted && may(task, Move::Accept), &|task| {
                let at = task.submitted_at.map(|at| cx.moment(&clock::local(at))).unwrap_or_default();
                (if at.is_empty() { at } else { cx.t1("views-mine-submitted", "at", at) }, false)
            }),
        ),
        section(
            "proposals",
            key("views-mine-proposals"),
            key("views-mine-proposals-hint"),
            "blue",
            "send",
            pick(&|task| task.state == TaskState::Proposed && may(task, Move::Assign), &plain),
        ),
        section(
            "contributions",
            key("views-mine-contributions"),
            key("views-mine-contributions-hint"),
            "blue",
            "users-group",
            pick(
                &|task| {
                    task.state.is_running()
                        && task.fields.supports.iter().any(|support| support.unit == me.unit)
                        && !task.confirmed.contains_key(&me.unit)
                },
                &|task| {
                    let part = task.fields.supports.iter().find(|support| support.unit == me.unit);
                    let words = match part {
                        Some(part) if audience(task).sees(task) && !part.contribution.is_empty() => {
                            cx.t1("views-mine-contribution", "what", part.contribution.as_str())
                        }
                        _ => String::new(),
                    };
                    (words, false)
                },
            ),
        ),
        section(
            "soon",
            key("views-mine-soon"),
            key("views-mine-soon-hint"),
            "amber",
            "circle-half-2",
            pick(&due(&[Timing::DueSoon]), &plain),
        ),
    ];
    sections.retain(|section| !section.items.is_empty());
    sections
}

/// Whose work an actor's is.
pub(super) fn me(actor: &Actor<ReadTasks>) -> Me {
    Me { who: who(actor), unit: actor.unit.id, eyes: Eyes::of(actor) }
}

/// `GET /viec-cua-toi`
///
/// # Errors
/// Any refusal of the database or of a template.
pub async fn show(actor: Actor<ReadTasks>, cx: Cx, State(app): State<App>) -> Result<Response, AppError> {
    let picture = live::picture(&app, Some(actor.office.id)).await?;
    let part = platform::web::part_cx(cx.lang, &cx.site, PATH, String::new());
    let part = Drawn::new(draw(&part, &picture, me(&actor))?);
    let region = super::Region::new(PATH, "", cx.lang, &part);
    if cx.htmx {
        return Ok(fragment(&region));
    }
    let whole = Whole {
        cx: &cx,
        as_of: picture.register.as_of,
        office: actor.office.title.clone(),
        unit: actor.unit.name.clone(),
        office_href: super::address::Address::parse("")
            .but(|to| to.filter.office = Some(actor.office.id))
            .link(super::list::PATH),
        region,
    };
    Ok(page(
        &cx,
        Page::new(cx.t("views-mine-title"), whole)
            .as_of(picture.register.as_of)
            .style("tasks.css")
            .script("js/list.js"),
    ))
}

/// `GET /song/viec-cua-toi`
///
/// # Errors
/// 403 for a token.
pub async fn stream(
    actor: Actor<ReadTasks>,
    cx: Cx,
    headers: HeaderMap,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let me = me(&actor);
    // Two people of one office share the part only if their rights are the same.
    let audience = format!(
        "{}+{}{}@{}",
        me.eyes.name(),
        me.who.organiser.name(),
        me.who.decides.name(),
        actor.office.id
    );
    let view = View { audience, office: Some(actor.office.id), ..View::new(PATH) };
    live::stream(&app, &actor, &cx, &headers, view, move |cx, picture: &Picture| draw(cx, picture, me))
}
