//! The page of one task: its six rõ, what the viewer may do now, and all that has happened.

use std::sync::Arc;

use askama::Template;
use axum::{extract::State, http::HeaderMap, response::Response};
use jiff::civil::Date;
use platform::{
    app::App,
    audit, clock,
    db::{DbError, Tx},
    i18n::Lang,
    identity::{Actor, Confidentiality},
    live::{Channel, last_event_id},
    web::{AppError, Cx, Page, Path, Site, page},
};
use rules::{
    clarity::SixKey,
    diff::Change,
    state::{Move, Role, TaskState, authorise, next},
    timing::Timing,
};

use super::common::{
    self, ChangeWords, Remark, Viewer, at, basis_words, label, light, moment, notice, remarks, timed_words,
};
use crate::{
    decisions::{self, pages::ForceView},
    tasks::{ReadTasks, TaskError, memory::Memory, model::*, register::Register, schedule, store},
};

/// How many lines of the record the page shows; the rest is in the log itself.
const LOG_LINES: u32 = 60;

/// Everything about one task at one instant.
pub(super) struct Picture {
    pub register: Register,
    pub task: Task,
    pub reports: Vec<Report>,
    pub evidence: Vec<Evidence>,
    pub reviews: Vec<Review>,
    pub extensions: Vec<Extension>,
    pub urges: Vec<Urge>,
    pub log: Vec<audit::store::Entry>,
    /// What made, changed or carries the task.
    pub decisions: Vec<decisions::query::OfTask>,
}

impl Picture {
    pub(super) fn load(
        tx: &mut Tx<'_>,
        memory: &Memory,
        viewer: &Viewer,
        code: &str,
    ) -> Result<Self, TaskError> {
        let task = viewer.open(tx, code)?;
        let filter = audit::store::Filter {
            kind: Some("task".to_owned()),
            object: Some(task.id.to_string()),
            ..Default::default()
        };
        Ok(Self {
            reports: store::reports(tx, task.id)?,
            evidence: store::evidence(tx, task.id)?,
            reviews: store::reviews(tx, task.id)?,
            extensions: store::extensions(tx, Some(task.id))?,
            urges: store::urges(tx, task.id)?,
            log: audit::store::page(tx, &filter, None, LOG_LINES)?,
            decisions: decisions::query::of_task(tx, task.id, clock::local(tx.now()).date())
                .map_err(unread)?,
            register: memory.register(tx)?,
            task,
        })
    }
}

/// The task is there, so a register of decisions that cannot be read is trouble of the storage.
fn unread(error: decisions::DecisionError) -> TaskError {
    match error {
        decisions::DecisionError::Db(error) => error.into(),
        other => DbError::Other(other.to_string()).into(),
    }
}

/// A line of a block: what it is, and what it says.
struct Line {
    label: String,
    text: String,
}

/// One of the six rõ as it is shown.
struct Block {
    label: String,
    clear: bool,
    lead: String,
    lines: Vec<Line>,
    supports: Vec<SupportView>,
    list: Vec<String>,
    remarks: Vec<Remark>,
}

struct SupportView {
    unit: String,
    contribution: String,
    due: String,
    confirmed: String,
    /// The unit's id when the viewer may confirm for it.
    confirm: Option<String>,
}

/// Something the viewer may do now.
struct Act {
    words: String,
    icon: &'static str,
    href: String,
    /// Posts at once; otherwise a page asks for more first.
    post: bool,
    class: &'static str,
    confirm: String,
}

/// Another task that this one is tied to.
struct Tie {
    code: String,
    href: String,
    what: String,
    kind: String,
    due: String,
    tone: &'static str,
    icon: &'static str,
    timing: String,
}

struct ReportView {
    at: String,
    office: String,
    percent: u8,
    done: String,
    difficulty: String,
    request: String,
    next: String,
}

struct EvidenceView {
    name: String,
    href: String,
    kind: String,
    version: i64,
    sha: String,
    sha_short: String,
    size: String,
    note: String,
    at: String,
    by: String,
    accepted: String,
}

struct ReviewView {
    tone: &'static str,
    verdict: String,
    at: String,
    by: String,
    reason: String,
}

struct ExtensionView {
    href: String,
    from: String,
    to: String,
    reason: String,
    state: String,
    tone: &'static str,
    icon: &'static str,
    asked: String,
    decided: String,
    note: String,
}

struct UrgeView {
    level: String,
    text: String,
    sent: String,
    to: String,
    seen: String,
    letter: String,
}

/// A decision that the task came from or stands on.
struct DecisionView {
    href: String,
    called: String,
    subject: String,
    authority: String,
    on: String,
    relation: String,
    force: ForceView,
    superseded: String,
    superseded_href: String,
    point: String,
}

struct LogView {
    at: String,
    office: String,
    act: String,
    why: String,
    detail: String,
    changes: Vec<ChangeWords>,
}

#[derive(Template)]
#[template(path = "tasks/pages/task/live.html")]
struct Live<'a> {
    cx: &'a Cx,
    code: String,
    here: String,
    version: i64,
    what: String,
    stream: String,
    class: String,
    secret: bool,
    state: String,
    tone: &'static str,
    icon: &'static str,
    timing: String,
    due: String,
    due_moved: String,
    percent: u8,
    lead: String,
    focal: String,
    accountable: String,
    clear: u8,
    blocks: Vec<Block>,
    acts: Vec<Act>,
    unseen: usize,
    waiting: Option<ExtensionView>,
    before: Vec<Tie>,
    after: Vec<Tie>,
    knock: String,
    may_tie: bool,
    reports: Vec<ReportView>,
    may_add: bool,
    evidence: Vec<EvidenceView>,
    missing: Vec<String>,
    reviews: Vec<ReviewView>,
    extensions: Vec<ExtensionView>,
    urges: Vec<UrgeView>,
    log: Vec<LogView>,
    decisions: Vec<DecisionView>,
    decisions_hidden: usize,
}

#[derive(Template)]
#[template(path = "tasks/pages/task/page.html")]
struct TaskPage<'a> {
    cx: &'a Cx,
    notice: String,
    live: String,
}

pub(super) async fn show(
    actor: Actor<ReadTasks>,
    cx: Cx,
    State(app): State<App>,
    Path(code): Path<String>,
) -> Result<Response, AppError> {
    let viewer = Viewer::of(&actor);
    let wanted = code.clone();
    let picture = {
        let memory = Memory::of(&app);
        app.db.read(move |tx| Picture::load(tx, &memory, &viewer, &wanted)).await
    }
    .map_err(AppError::from)?;
    let title = match picture.task.fields.what.as_str() {
        "" => picture.task.fields.code.clone(),
        what => format!("{}: {what}", picture.task.fields.code),
    };
    let live = view(&cx, &picture, &viewer).render()?;
    let body = TaskPage { cx: &cx, notice: notice(&cx), live };
    Ok(page(
        &cx,
        Page::new(title, body)
            .live(format!("/song{}?lang={}", at(&code, ""), cx.lang.code()))
            .style("task.css"),
    ))
}

/// The stream of one task: drawn once for each office that looks, since what may be done differs.
pub(super) async fn stream(
    actor: Actor<ReadTasks>,
    cx: Cx,
    State(app): State<App>,
    Path(code): Path<String>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let viewer = Viewer::of(&actor);
    let wanted = code.clone();
    let task = app.db.read(move |tx| viewer.open(tx, &wanted)).await.map_err(AppError::from)?;
    let lang = cx.lang;
    let key = format!(
        "task?{}&lang={}&office={}#aud={}&org={}&dec={}&add={}&ket={:?}",
        task.id,
        lang.code(),
        actor.office.id,
        viewer.audience.name(),
        viewer.who.organiser.name(),
        viewer.who.decides.name(),
        viewer.contributes,
        viewer.decisions
    );
    let site = cx.site.clone();
    let renderer = app.clone();
    let topics =
        [format!("{}/{}", store::TOPIC, task.id), "congress".to_owned(), decisions::TOPIC.to_owned()];
    let channel = Channel::new(key, topics, move || {
        let (app, site, code) = (renderer.clone(), site.clone(), code.clone());
        async move { draw(&app, lang, site, viewer, code).await }
    });
    let frames = app.live.subscribe(channel, last_event_id(&headers));
    Ok(app.live.sse(actor.door_id(), frames))
}

async fn draw(
    app: &App,
    lang: Lang,
    site: Arc<Site>,
    viewer: Viewer,
    code: String,
) -> Result<axum::body::Bytes, Box<dyn std::error::Error + Send + Sync>> {
    let picture = {
        let memory = Memory::of(app);
        app.db.read(move |tx| Picture::load(tx, &memory, &viewer, &code)).await?
    };
    let cx = Cx::bare(lang, site);
    Ok(view(&cx, &picture, &viewer).render()?.into())
}

/// The moves that this office may make now, in the order of the workflow.
pub(super) fn moves(task: &Task, roles: &[Role]) -> Vec<Move> {
    Move::ALL
        .into_iter()
        .filter(|step| {
            authorise(*step, roles).is_ok() && next(task.state, *step, task.state_before_pause).is_ok()
        })
        .collect()
}

fn move_look(step: Move) -> (&'static str, &'static str) {
    match step {
        Move::Propose => ("send", "btn-primary"),
        Move::Assign => ("rubber-stamp", "btn-primary"),
        Move::Acknowledge => ("check", "btn-primary"),
        Move::Start => ("player-play", "btn-primary"),
        Move::Submit => ("file-check", "btn-primary"),
        Move::Accept => ("checks", "btn-primary"),
        Move::Resume => ("player-play", "btn-primary"),
        Move::SendBack | Move::Return => ("arrow-back-up", "btn-outline-secondary"),
        Move::Pause => ("player-pause", "btn-outline-secondary"),
        Move::Reopen => ("rotate-clockwise", "btn-outline-secondary"),
        Move::Cancel => ("ban", "btn-outline-danger"),
    }
}

fn acts(cx: &Cx, picture: &Picture, viewer: &Viewer) -> Vec<Act> {
    let task = &picture.task;
    let code = &task.fields.code;
    let roles = viewer.who.roles(&task.fields);
    let doer =
        [Role::Organiser, Role::FocalOfficer, Role::Accountable].iter().any(|role| roles.contains(role));
    let own = roles.contains(&Role::FocalOfficer) || roles.contains(&Role::Accountable);
    let chases = roles.contains(&Role::Organiser) || roles.contains(&Role::Approver);
    let drafting = matches!(task.state, TaskState::Draft | TaskState::Proposed);
    let mut acts = Vec::new();
    let mut link = |key: &'static str, icon, below: &str, class| {
        acts.push(Act {
            words: cx.t(key).into_owned(),
            icon,
            href: at(code, below),
            post: false,
            class,
            confirm: String::new(),
        });
    };
    if !viewer.contributes {
        return acts;
    }
    let running = task.state.is_running();
    if running && doer {
        link(
            "task-act-report",
            "report",
            "bao-cao",
            if own { "btn-primary" } else { "btn-outline-secondary" },
        );
    }
    let score = picture.register.clarity(task);
    for step in moves(task, &roles) {
        let (icon, class) = move_look(step);
        let confirm = match step {
            Move::Assign => cx.t1("task-confirm-assign", "code", code),
            Move::Submit => cx.t1("task-confirm-submit", "code", code),
            Move::Accept => cx.t1("task-confirm-accept", "code", code),
            _ => String::new(),
        };
        let asks = step.needs_reason() || (step == Move::Assign && !score.assignable());
        acts.push(Act {
            words: cx.t(step.key()).into_owned(),
            icon,
            href: at(code, &format!("chuyen/{step}")),
            post: !asks,
            class,
            confirm: if asks { String::new() } else { confirm },
        });
    }
    let mut link = |key: &'static str, icon, below: &str| {
        acts.push(Act {
            words: cx.t(key).into_owned(),
            icon,
            href: at(code, below),
            post: false,
            class: "btn-outline-secondary",
            confirm: String::new(),
        });
    };
    if !task.state.is_settled() && (roles.contains(&Role::Organiser) || drafting && own) {
        link("task-act-edit", "pencil", "sua");
    }
    if running && doer && task.fields.due.is_some() && !picture.register.waiting.contains_key(&task.id) {
        link("task-act-extend", "calendar-event", "gia-han");
    }
    if running && chases {
        link("task-act-urge", "bell-ringing", "don-doc");
    }
    acts
}

fn extension_view(cx: &Cx, extension: &Extension) -> ExtensionView {
    let (tone, icon) = match extension.state {
        ExtensionState::Waiting => ("amber", "hourglass"),
        ExtensionState::Granted => ("green", "circle-check"),
        ExtensionState::Refused => ("red", "circle-x"),
        ExtensionState::Withdrawn => ("grey", "arrow-back-up"),
    };
    ExtensionView {
        href: format!("/gia-han/{}", extension.id),
        from: extension.from_due.format_vn(),
        to: extension.to_due.format_vn(),
        reason: extension.reason.clone(),
        state: cx.tp("task-extension-", extension.state).into_owned(),
        tone,
        icon,
        asked: cx.t2("task-by-at", "by", &extension.requested_by, "at", moment(extension.requested_at)),
        decided: match (&extension.decided_by, extension.decided_at) {
            (Some(by), Some(when)) => cx.t2("task-by-at", "by", by, "at", moment(when)),
            _ => String::new(),
        },
        note: extension.decision_note.clone(),
    }
}

fn size(cx: &Cx, bytes: u64) -> String {
    #[allow(clippy::cast_precision_loss, reason = "files stay far below 2^53 bytes")]
    let kilobytes = bytes as f64 / 1024.0;
    if kilobytes < 1024.0 {
        cx.t1("task-kilobytes", "size", kilobytes.max(1.0).round())
    } else {
        cx.t1("task-megabytes", "size", (kilobytes / 102.4).round() / 10.0)
    }
}

fn blocks(cx: &Cx, picture: &Picture, viewer: &Viewer) -> (u8, Vec<Block>) {
    let Picture { register, task, .. } = picture;
    let (fields, people) = (&task.fields, &register.people);
    let clarity = register.clarity(task);
    let line = |key: &'static str, text: String| {
        (!text.is_empty()).then(|| Line { label: cx.t(key).into_owned(), text })
    };
    let office = |id: Option<platform::identity::OfficeId>| {
        id.map(|id| people.office_title(id).to_owned()).unwrap_or_default()
    };
    let day = |date: Option<Date>| date.map(|date| cx.date(&date)).unwrap_or_default();
    let blocks = register
        .congress
        .labels
        .order
        .iter()
        .map(|key| {
            let mut block = Block {
                label: label(cx, &register.congress.labels, *key),
                clear: clarity.is_clear(*key),
                lead: String::new(),
                lines: Vec::new(),
                supports: Vec::new(),
                list: Vec::new(),
                remarks: remarks(cx, &clarity, *key),
            };
            let lines = match key {
                SixKey::Who => {
                    block.lead =
                        fields.lead_unit.map(|unit| people.unit_name(unit).to_owned()).unwrap_or_default();
                    block.supports = fields
                        .supports
                        .iter()
                        .map(|support| SupportView {
                            unit: people.unit_name(support.unit).to_owned(),
                            contribution: support.contribution.clone(),
                            due: support.due.map(|due| due.format_vn()).unwrap_or_default(),
                            confirmed: task
                                .confirmed
                                .get(&support.unit)
                                .map(|at| moment(*at))
                                .unwrap_or_default(),
                            confirm: (viewer.contributes
                                && support.unit == viewer.unit
                                && task.state.is_running()
                                && !task.confirmed.contains_key(&support.unit))
                            .then(|| support.unit.to_string()),
                        })
                        .collect();
                    vec![line("task-label-focal", office(fields.focal_office))]
                }
                SixKey::What => {
                    block.lead.clone_from(&fields.what);
                    block.list = fields.basis.iter().map(basis_words).collect();
                    vec![line("task-label-scope", fields.scope.clone())]
                }
                SixKey::When => {
                    block.lead = match (fields.start, fields.due) {
                        (Some(start), Some(due)) => format!("{} → {}", cx.date(&start), due.format_vn()),
                        (None, Some(due)) => due.format_vn(),
                        (Some(start), None) => cx.date(&start),
                        (None, None) => String::new(),
                    };
                    block.list = fields
                        .milestones
                        .iter()
                        .map(|one| format!("{}: {}", cx.date(&one.due), one.title))
                        .collect();
                    vec![
                        line("task-label-due-text", fields.due_text.clone()),
                        line(
                            "task-label-original",
                            task.due_original
                                .filter(|original| Some(*original) != fields.due)
                                .map(|due| due.format_vn())
                                .unwrap_or_default(),
                        ),
                        line("task-label-event", day(fields.event_on)),
                    ]
                }
                SixKey::Authority => {
                    block.lead.clone_from(&fields.authority);
                    vec![
                        line("task-label-approver", office(fields.approver_office)),
                        line("task-label-escalation", fields.escalation.clone()),
                        line(
                            "task-label-money",
                            fields
                                .money_limit
                                .map(|limit| common::money(cx, i64::try_from(limit.0).unwrap_or(i64::MAX)))
                                .unwrap_or_default(),
                        ),
                    ]
                }
                SixKey::Accountable => {
                    block.lead = office(fields.accountable_office);
                    vec![line("task-label-deputy", office(fields.deputy_office))]
                }
                SixKey::Result => {
                    block.lead.clone_from(&fields.result);
                    let kinds: Vec<String> = fields
                        .evidence_kinds
                        .iter()
                        .map(|kind| cx.tp("task-evidence-", kind).into_owned())
                        .collect();
                    vec![
                        line("task-label-quantity", fields.result_quantity.clone()),
                        line("task-label-form", fields.result_form.clone()),
                        line("task-label-acceptance", fields.acceptance.clone()),
                        line("task-label-acceptor", office(fields.acceptor_office)),
                        line("task-label-evidence", kinds.join(", ")),
                    ]
                }
            };
            block.lines = lines.into_iter().flatten().collect();
            block
        })
        .collect();
    (clarity.score().clear, blocks)
}

fn tie(cx: &Cx, register: &Register, viewer: &Viewer, other: TaskId, dep: &Dependency) -> Option<Tie> {
    let task = register.by_id(other)?;
    let (tone, icon) = light(register.timed(task).timing);
    let shown = viewer.may_open(task);
    let lag = match dep.lag_days {
        0 => String::new(),
        days if days > 0 => format!(" +{days}"),
        days => format!(" −{}", days.unsigned_abs()),
    };
    Some(Tie {
        code: task.fields.code.clone(),
        href: at(&task.fields.code, ""),
        what: if shown { task.fields.what.clone() } else { String::new() },
        kind: format!("{}{lag}", cx.tp("task-dep-", dep.kind)),
        due: task.fields.due.map(|due| due.format_vn()).unwrap_or_default(),
        tone,
        icon,
        timing: cx.t(register.timed(task).timing.key()).into_owned(),
    })
}

/// The decisions whose class is open to the viewer; those for everybody are shown with the task they carry.
fn shown_decisions<'a>(
    picture: &'a Picture,
    viewer: &Viewer,
) -> impl Iterator<Item = &'a decisions::query::OfTask> {
    let clearance = viewer.decisions.unwrap_or_default();
    picture.decisions.iter().filter(move |one| one.decision.class <= clearance)
}

fn decision_view(cx: &Cx, one: &decisions::query::OfTask, viewer: &Viewer) -> DecisionView {
    let called = |decision| decisions::pages::called(cx, decision);
    let link =
        |decision: &decisions::model::Decision| viewer.decisions.map(|_| decision.href()).unwrap_or_default();
    let clause = match one.tie.point {
        Some(point) => format!("{} {}", rules::papers::circled(point), one.point),
        None => one.tie.clause.clone(),
    };
    DecisionView {
        href: link(&one.decision),
        called: called(&one.decision),
        subject: one.decision.subject.clone(),
        authority: one.decision.authority.clone(),
        on: cx.date(&one.decision.issued_on),
        relation: cx.tp("decisions-relation-", one.tie.relation).into_owned(),
        force: ForceView::of(cx, one.force),
        superseded: one
            .superseded_by
            .as_ref()
            .filter(|later| later.class <= viewer.decisions.unwrap_or_default())
            .map(|later| cx.t1("decisions-superseded-line", "number", called(later)))
            .unwrap_or_default(),
        superseded_href: one.superseded_by.as_ref().map(link).unwrap_or_default(),
        point: clause,
    }
}

fn log_view(cx: &Cx, register: &Register, entry: &audit::store::Entry) -> LogView {
    let line = entry.json();
    let data = line.get("data").cloned().unwrap_or_default();
    let text = |name: &str| data.get(name).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
    let given: Vec<Change> =
        data.get("changes").and_then(|value| serde_json::from_value(value.clone()).ok()).unwrap_or_default();
    let verb = entry.act.strip_prefix("task.").unwrap_or(&entry.act).replace('.', "-");
    let detail = match entry.act.as_str() {
        "task.moved" => {
            let step: Option<Move> = text("move").parse().ok();
            let step = step.map(|step| cx.t(step.key()).into_owned()).unwrap_or_default();
            let to = cx.tp("state-", text("to"));
            format!("{step} → {to}")
        }
        "task.reported" | "task.report_brought_in" => data
            .get("percent")
            .and_then(|value| value.as_i64())
            .map(|percent| format!("{percent}%"))
            .unwrap_or_default(),
        "task.extension_asked" => {
            let due = |name: &str| common::value(cx, &register.people, "due", &text(name));
            format!("{} → {}", due("from"), due("to"))
        }
        "task.extension_decided" => {
            let granted = data.get("granted").and_then(|value| value.as_bool()).unwrap_or_default();
            cx.t(if granted { "task-extension-dong_y" } else { "task-extension-khong_dong_y" }).into_owned()
        }
        "task.evidence_added" => cx.tp("task-evidence-", text("kind")).into_owned(),
        "task.urged" => {
            let level = data.get("level").and_then(|value| value.as_i64()).unwrap_or(1);
            cx.tp("urge-level-", level).into_owned()
        }
        "task.tied" => text("after"),
        "task.support_confirmed" => common::value(cx, &register.people, "lead_unit", &text("unit")),
        _ => String::new(),
    };
    LogView {
        at: moment(entry.at),
        office: platform::identity::doer_words(cx, &entry.office),
        act: cx.tp("task-log-", verb).into_owned(),
        why: line.get("why").and_then(|value| value.as_str()).unwrap_or_default().to_owned(),
        detail,
        changes: common::changes(cx, &register.people, &given),
    }
}

#[allow(clippy::too_many_lines, reason = "one value for each place of the page")]
fn view<'a>(cx: &'a Cx, picture: &Picture, viewer: &Viewer) -> Live<'a> {
    let Picture { register, task, .. } = picture;
    let (fields, people) = (&task.fields, &register.people);
    let roles = viewer.who.roles(fields);
    let timed = register.timed(task);
    let (tone, icon) = light(timed.timing);
    let (clear, blocks) = blocks(cx, picture, viewer);
    let office = |id: Option<platform::identity::OfficeId>| {
        id.map(|id| people.office_title(id).to_owned()).unwrap_or_default()
    };
    let knock = schedule::knock_on(&register.tasks, &register.deps, task.id);
    let knock = if timed.timing == Timing::Overdue && !(knock.direct.is_empty() && knock.indirect.is_empty())
    {
        let codes = |ids: &[TaskId]| -> String {
            let codes: Vec<&str> = ids
                .iter()
                .filter_map(|id| register.by_id(*id))
                .map(|task| task.fields.code.as_str())
                .collect();
            codes.join(", ")
        };
        if knock.indirect.is_empty() {
            cx.t1("task-knock-on", "direct", codes(&knock.direct))
        } else {
            cx.t2("task-knock-on-further", "direct", codes(&knock.direct), "indirect", codes(&knock.indirect))
        }
    } else {
        String::new()
    };
    let missing = fields
        .evidence_kinds
        .iter()
        .filter(|kind| !picture.evidence.iter().any(|one| one.kind == **kind))
        .map(|kind| cx.tp("task-evidence-", kind).into_owned())
        .collect();
    let doer =
        [Role::Organiser, Role::FocalOfficer, Role::Accountable].iter().any(|role| roles.contains(role));
    let unseen = picture
        .urges
        .iter()
        .filter(|urge| urge.seen_at.is_none() && Some(urge.to_office) == viewer.office())
        .count();
    let waiting = picture
        .extensions
        .iter()
        .find(|extension| extension.state == ExtensionState::Waiting)
        .map(|extension| extension_view(cx, extension));
    Live {
        code: fields.code.clone(),
        here: at(&fields.code, ""),
        version: task.version,
        what: fields.what.clone(),
        stream: fields.stream.clone(),
        class: if fields.confidentiality == Confidentiality::Normal {
            String::new()
        } else {
            cx.tp("task-class-", fields.confidentiality).into_owned()
        },
        secret: fields.confidentiality == Confidentiality::Secret,
        state: cx.t(task.state.key()).into_owned(),
        tone,
        icon,
        timing: timed_words(cx, timed),
        due: fields.due.map(|due| due.format_vn()).unwrap_or_default(),
        due_moved: task
            .due_original
            .filter(|original| Some(*original) != fields.due)
            .map(|original| original.format_vn())
            .unwrap_or_default(),
        percent: task.percent,
        lead: fields.lead_unit.map(|unit| people.unit_name(unit).to_owned()).unwrap_or_default(),
        focal: office(fields.focal_office),
        accountable: office(fields.accountable_office),
        clear,
        blocks,
        acts: acts(cx, picture, viewer),
        unseen,
        waiting,
        before: register
            .deps
            .iter()
            .filter(|dep| dep.succ == task.id)
            .filter_map(|dep| tie(cx, register, viewer, dep.pred, dep))
            .collect(),
        after: register
            .deps
            .iter()
            .filter(|dep| dep.pred == task.id)
            .filter_map(|dep| tie(cx, register, viewer, dep.succ, dep))
            .collect(),
        knock,
        may_tie: viewer.who.keeps_register(),
        reports: picture
            .reports
            .iter()
            .map(|report| ReportView {
                at: moment(report.at),
                office: report.office.clone(),
                percent: report.percent,
                done: report.done.clone(),
                difficulty: report.difficulty.clone(),
                request: report.request.clone(),
                next: report.next.clone(),
            })
            .collect(),
        may_add: viewer.contributes && doer && task.state.is_running(),
        evidence: picture
            .evidence
            .iter()
            .map(|one| EvidenceView {
                name: one.name.clone(),
                href: at(&fields.code, &format!("minh-chung/{}", one.id)),
                kind: cx.tp("task-evidence-", one.kind).into_owned(),
                version: one.version,
                sha: one.sha256.clone(),
                sha_short: one.sha256.chars().take(12).collect(),
                size: size(cx, one.size),
                note: one.note.clone(),
                at: moment(one.submitted_at),
                by: one.submitted_by.clone(),
                accepted: match (&one.accepted_by, one.accepted_at) {
                    (Some(by), Some(when)) => cx.t2("task-by-at", "by", by, "at", moment(when)),
                    _ => String::new(),
                },
            })
            .collect(),
        missing,
        reviews: picture
            .reviews
            .iter()
            .map(|review| {
                let returned = review.verdict == "returned";
                ReviewView {
                    tone: if returned { "red" } else { "green" },
                    verdict: if returned {
                        cx.tp("task-return-", &review.reason_code).into_owned()
                    } else {
                        cx.t("task-review-accepted").into_owned()
                    },
                    at: moment(review.at),
                    by: review.office.clone(),
                    reason: review.reason.clone(),
                }
            })
            .collect(),
        extensions: picture.extensions.iter().rev().map(|one| extension_view(cx, one)).collect(),
        urges: picture
            .urges
            .iter()
            .map(|urge| UrgeView {
                level: cx.t(urge.step().key()).into_owned(),
                text: urge.text.clone(),
                sent: cx.t2("task-by-at", "by", &urge.sent_by, "at", moment(urge.sent_at)),
                to: people.office_title(urge.to_office).to_owned(),
                seen: urge.seen_at.map(moment).unwrap_or_default(),
                letter: at(&fields.code, &format!("cong-van/{}", urge.id)),
            })
            .collect(),
        log: picture.log.iter().map(|entry| log_view(cx, register, entry)).collect(),
        decisions: shown_decisions(picture, viewer).map(|one| decision_view(cx, one, viewer)).collect(),
        decisions_hidden: picture.decisions.len() - shown_decisions(picture, viewer).count(),
        cx,
    }
}
