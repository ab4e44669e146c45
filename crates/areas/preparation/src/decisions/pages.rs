//! The register as a list, and one entry with everything that hangs on it.

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
    clock,
    db::Tx,
    identity::{Actor, Capability, Confidentiality, Right, doer_words},
    live::{Channel, last_event_id},
    papers::{self, Body},
    web::{
        AppError, Choice, Cx, Layout, LivePart, Made, Page, Path, PrintSize, download, page, page_with,
        part_cx,
    },
};
use print::{Head, List, PressRoom, Printable};
use rules::papers::{Change, Force, circled};

use super::{
    AREA, DecisionError, ManageDecisions, ReadDecisions, TOPIC, clearance,
    model::{Decision, DecisionId, DecisionKind, Relation, Tie},
    query, store,
};
use crate::tasks::{
    self, Audience,
    model::Basis,
    pages::{
        task::{
            common::{moment, see},
            form::Typed,
        },
        views::row::Row,
    },
    register::Register,
};

const PATH: &str = "/ket-luan";

/// Colour, icon of how an entry stands; the words are `decisions-force-…`.
pub(crate) fn force_look(force: Force) -> (&'static str, &'static str) {
    match force {
        Force::InForce => ("green", "circle-check"),
        Force::Amended => ("amber", "pencil"),
        Force::NotYet => ("blue", "clock"),
        Force::Superseded => ("grey", "archive"),
    }
}

/// How an entry stands, to be drawn as a chip.
pub(crate) struct ForceView {
    pub tone: &'static str,
    pub icon: &'static str,
    pub words: String,
}

impl ForceView {
    pub(crate) fn of(cx: &Cx, force: Force) -> Self {
        let (tone, icon) = force_look(force);
        Self { tone, icon, words: cx.tp("decisions-force-", force.as_str()).into_owned() }
    }
}

/// How an entry is called in one line: its number, or what it is and its day.
pub(crate) fn called(cx: &Cx, one: &Decision) -> String {
    one.number.clone().unwrap_or_else(|| {
        cx.t2(
            "decisions-unnumbered",
            "kind",
            cx.tp("decisions-kind-", one.kind),
            "on",
            cx.date(&one.issued_on),
        )
    })
}

// ---------------------------------------------------------------- the list

struct Address {
    filter: query::Filter,
}

impl Address {
    fn of(cx: &Cx) -> Self {
        let day = |name: &str| cx.param(name).parse::<Date>().ok();
        Self {
            filter: query::Filter {
                body: cx.param("co-quan").parse().ok(),
                kind: cx.param("loai").parse().ok(),
                from: day("tu"),
                to: day("den"),
                force: Force::ALL.into_iter().find(|force| force.as_str() == cx.param("hieu-luc")),
                words: cx.param("q"),
            },
        }
    }

    fn narrows(&self) -> bool {
        self.filter != query::Filter::default()
    }
}

/// Everything that the list is drawn from.
struct Picture {
    listed: Vec<query::Listed>,
    all: usize,
    bodies: Vec<Body>,
}

impl Picture {
    fn load(
        tx: &mut Tx<'_>,
        filter: &query::Filter,
        clearance: Confidentiality,
    ) -> Result<Self, platform::db::DbError> {
        let today = clock::local(tx.now()).date();
        Ok(Self {
            listed: query::list(tx, filter, clearance, today)?,
            all: query::list(tx, &query::Filter::default(), clearance, today)?.len(),
            bodies: papers::store::bodies(tx)?,
        })
    }

    fn body(&self, one: &Decision) -> String {
        body_name(&self.bodies, one)
    }
}

fn body_name(bodies: &[Body], one: &Decision) -> String {
    bodies.iter().find(|body| Some(body.id) == one.body).map(|body| body.name.clone()).unwrap_or_default()
}

struct Line {
    href: String,
    called: String,
    on: String,
    subject: String,
    kind: String,
    authority: String,
    body: String,
    force: ForceView,
    points: usize,
    tasks: usize,
    internal: bool,
}

impl Line {
    fn of(cx: &Cx, picture: &Picture, one: &query::Listed) -> Self {
        let decision = &one.decision;
        Self {
            href: decision.href(),
            called: called(cx, decision),
            on: cx.date(&decision.issued_on),
            subject: decision.subject.clone(),
            kind: cx.tp("decisions-kind-", decision.kind).into_owned(),
            authority: decision.authority.clone(),
            body: picture.body(decision),
            force: ForceView::of(cx, one.force),
            points: one.points,
            tasks: one.tasks.len(),
            internal: decision.class == Confidentiality::Internal,
        }
    }
}

#[derive(Template)]
#[template(path = "decisions/list_part.html")]
struct Part<'a> {
    cx: &'a Cx,
    lines: Vec<Line>,
    shown: String,
    nothing: bool,
    manages: bool,
}

#[derive(Template)]
#[template(path = "decisions/list.html")]
struct Whole<'a> {
    cx: &'a Cx,
    notice: String,
    q: String,
    bodies: Vec<Choice>,
    kinds: Vec<Choice>,
    forces: Vec<Choice>,
    from: String,
    to: String,
    narrows: bool,
    manages: bool,
    files: String,
    region: String,
}

fn draw_list(cx: &Cx, picture: &Picture, manages: bool) -> askama::Result<String> {
    Part {
        cx,
        lines: picture.listed.iter().map(|one| Line::of(cx, picture, one)).collect(),
        shown: cx.t2("decisions-shown", "count", picture.listed.len(), "all", picture.all),
        nothing: picture.all == 0,
        manages,
    }
    .render()
}

fn manages<C: Capability>(actor: &Actor<C>) -> bool {
    actor.may(AREA, Right::Manage, None)
}

/// `GET /ket-luan`
pub(super) async fn list(
    actor: Actor<ReadDecisions>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let (clearance, manages) = (clearance(&actor), manages(&actor));
    let address = Address::of(&cx);
    let filter = address.filter.clone();
    let picture = app.db.read(move |tx| Picture::load(tx, &filter, clearance)).await?;
    let live = live_list(&cx, clearance, manages);
    let body = draw_list(&live.cx(), &picture, manages)?;
    let filter = &address.filter;
    let choice = |value: String, word: String, on: bool| Choice { value, word, on };
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let whole = Whole {
        notice: notice(&cx),
        q: filter.words.clone(),
        bodies: picture
            .bodies
            .iter()
            .map(|body| choice(body.id.to_string(), body.name.clone(), filter.body == Some(body.id)))
            .collect(),
        kinds: DecisionKind::ALL
            .iter()
            .map(|kind| {
                choice(
                    kind.to_string(),
                    cx.tp("decisions-kind-", kind).into_owned(),
                    filter.kind == Some(*kind),
                )
            })
            .collect(),
        forces: Force::ALL
            .into_iter()
            .map(|force| {
                let words = cx.tp("decisions-force-", force.as_str()).into_owned();
                choice(force.as_str().to_owned(), words, filter.force == Some(force))
            })
            .collect(),
        from: day(filter.from),
        to: day(filter.to),
        narrows: address.narrows(),
        manages,
        files: live.question(),
        region: live.region(body)?,
        cx: &cx,
    };
    let out = Page::new(cx.t("decisions-title"), whole).layout(Layout::Wide).print(PrintSize::A4Landscape);
    Ok(page(&cx, out.style("papers.css").script("js/list.js")))
}

/// `GET /song/ket-luan`
pub(super) async fn list_stream(
    actor: Actor<ReadDecisions>,
    cx: Cx,
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let (clearance, manages) = (clearance(&actor), manages(&actor));
    let filter = Address::of(&cx).filter;
    let owner = app.clone();
    let topics = [TOPIC, papers::TOPIC, "tasks"];
    live_list(&cx, clearance, manages).stream(&app, &actor, &cx, &headers, topics, move |cx| {
        let (app, filter) = (owner.clone(), filter.clone());
        async move {
            let picture = app.db.read(move |tx| Picture::load(tx, &filter, clearance)).await?;
            Ok(draw_list(&cx, &picture, manages)?)
        }
    })
}

fn live_list(cx: &Cx, clearance: Confidentiality, manages: bool) -> LivePart {
    LivePart::of(cx, format_args!("{clearance}{manages}"))
}

const NOTICES: &[&str] = &["entered", "saved", "removed", "tied", "untied"];

fn notice(cx: &Cx) -> String {
    let asked = cx.param("xong");
    if NOTICES.contains(&asked.as_str()) {
        cx.tp("decisions-done-", asked).into_owned()
    } else {
        String::new()
    }
}

async fn list_out(app: &App, actor: &Actor<ReadDecisions>, cx: &Cx) -> Result<List, AppError> {
    let clearance = clearance(actor);
    let filter = Address::of(cx).filter;
    let (picture, codes) = app
        .db
        .read(move |tx| {
            let picture = Picture::load(tx, &filter, clearance)?;
            let mut codes = Vec::with_capacity(picture.listed.len());
            for one in &picture.listed {
                let named = one.tasks.iter().map(|task| query::code_of(tx, *task));
                codes.push(named.collect::<Result<Vec<_>, _>>()?);
            }
            Ok::<_, DecisionError>((picture, codes))
        })
        .await?;
    Ok(List {
        name: format!("so-ket-luan-{}", cx.now.date()),
        title: cx.t("decisions-title").into_owned(),
        lines: vec![cx.congress().name.clone()],
        as_of: cx.as_of(),
        heads: vec![
            Head::new(cx.t("decisions-col-number"), 11),
            Head::centred(cx.t("decisions-col-on"), 8),
            Head::new(cx.t("decisions-col-subject"), 28),
            Head::new(cx.t("decisions-col-authority"), 18),
            Head::centred(cx.t("decisions-col-effect"), 8),
            Head::new(cx.t("decisions-col-force"), 9),
            Head::new(cx.t("decisions-col-tasks"), 22),
        ],
        rows: picture
            .listed
            .iter()
            .zip(&codes)
            .map(|(one, codes)| {
                let line = Line::of(cx, &picture, one);
                let effect = cx.date(&one.decision.effect_from);
                vec![
                    line.called,
                    line.on,
                    line.subject,
                    line.authority,
                    effect,
                    line.force.words,
                    codes.join(", "),
                ]
            })
            .collect(),
        legend: vec![cx.t2("decisions-shown", "count", picture.listed.len(), "all", picture.all)],
    })
}

/// `GET /ket-luan/xuat.xlsx`
pub(super) async fn xlsx(
    actor: Actor<ReadDecisions>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let list = list_out(&app, &actor, &cx).await?;
    let name = list.name.clone();
    let bytes = tokio::task::spawn_blocking(move || list.xlsx()).await.map_err(AppError::internal)?;
    Ok(download(bytes.map_err(AppError::internal)?, Made::Xlsx, &name))
}

/// `GET /ket-luan/xuat.pdf`
pub(super) async fn pdf(
    actor: Actor<ReadDecisions>,
    cx: Cx,
    State(app): State<App>,
    Extension(press): Extension<PressRoom>,
) -> Result<Response, AppError> {
    let list = list_out(&app, &actor, &cx).await?;
    let bytes = press.pdf(Printable::Listing(list.listing())).await.map_err(AppError::internal)?;
    Ok(download(bytes, Made::Pdf, &list.name))
}

// ---------------------------------------------------------------- one entry

/// Who looks at an entry.
#[derive(Debug, Clone, Copy)]
struct Eyes {
    clearance: Confidentiality,
    manages: bool,
    /// What of the tasks may be seen.
    audience: Audience,
    /// Whether numbers may be looked up.
    numbers: bool,
}

impl Eyes {
    fn of<C: Capability>(actor: &Actor<C>) -> Self {
        Self {
            clearance: clearance(actor),
            manages: manages(actor),
            audience: tasks::audience(actor),
            numbers: actor.may(papers::AREA, Right::Read, None),
        }
    }

    fn name(&self) -> String {
        format!("{}{}{}{}", self.clearance, self.manages, self.numbers, self.audience.name())
    }
}

/// Everything about one entry at one instant.
struct Entry {
    decision: Decision,
    force: Force,
    said: query::Said,
    /// The entries that its basis names.
    grounds: Vec<(Basis, Option<Decision>)>,
    earlier: Vec<query::Step>,
    later: Vec<query::Step>,
    ties: Vec<Tie>,
    register: Register,
    bodies: Vec<Body>,
    number: Option<papers::PaperNumber>,
}

impl Entry {
    fn load(tx: &mut Tx<'_>, id: DecisionId, eyes: &Eyes) -> Result<Self, DecisionError> {
        let decision = query::open(tx, id, eyes.clearance)?;
        let today = clock::local(tx.now()).date();
        let said = query::parts(tx, id)?;
        let mut grounds = Vec::with_capacity(said.basis.len());
        for basis in &said.basis {
            grounds.push((basis.clone(), query::named(tx, basis, eyes.clearance)?));
        }
        let (mut earlier, mut later) = query::chain(tx, id, today)?;
        for steps in [&mut earlier, &mut later] {
            steps.retain(|step| step.decision.class <= eyes.clearance);
        }
        let number = match &decision.number {
            Some(number) => papers::store::like_written(tx, number)?
                .into_iter()
                .find(|line| Some(line.body) == decision.body && line.series == decision.series),
            None => None,
        };
        Ok(Self {
            force: query::force(tx, &decision, today)?,
            ties: query::ties_of(tx, id)?,
            register: Register::load(tx)?,
            bodies: papers::store::bodies(tx)?,
            decision,
            said,
            grounds,
            earlier,
            later,
            number,
        })
    }
}

/// A task under a point.
struct TaskLine {
    row: Row,
    relation: String,
    clause: String,
    /// Nobody made the tie: the task's basis names the number.
    named: bool,
    /// What the form that unties sends; none when the tie stays.
    untie: Option<(String, String, String)>,
}

/// A point with the tasks that came from it; the first has no mark and stands for the entry as a whole.
struct PointView {
    mark: String,
    text: String,
    tasks: Vec<TaskLine>,
}

struct StepView {
    href: String,
    called: String,
    subject: String,
    on: String,
    words: String,
    force: ForceView,
}

struct Ground {
    symbol: String,
    href: String,
    more: String,
}

#[derive(Template)]
#[template(path = "decisions/live.html")]
struct LiveEntry<'a> {
    cx: &'a Cx,
    here: String,
    called: String,
    subject: String,
    force: ForceView,
    superseded_by: Option<StepView>,
    kind: String,
    on: String,
    body: String,
    authority: String,
    effect: String,
    internal: bool,
    series: String,
    source: String,
    source_href: String,
    number_href: String,
    entered: String,
    points: Vec<PointView>,
    no_tasks: bool,
    grounds: Vec<Ground>,
    earlier: Vec<StepView>,
    later: Vec<StepView>,
    manages: bool,
    correctable: bool,
}

#[derive(Template)]
#[template(path = "decisions/show.html")]
struct ShowPage<'a> {
    cx: &'a Cx,
    notice: String,
    error: String,
    live: String,
    here: String,
    manages: bool,
    choices: Vec<(String, String)>,
    relations: Vec<(String, String)>,
    points: Vec<(String, String)>,
    typed: Typed,
}

fn step(cx: &Cx, step: &query::Step, later: bool) -> StepView {
    let words = match (later, step.change) {
        (false, Change::Supersedes) => "decisions-supersedes",
        (false, Change::Amends) => "decisions-amends",
        (true, Change::Supersedes) => "decisions-superseded-by",
        (true, Change::Amends) => "decisions-amended-by",
    };
    StepView {
        href: step.decision.href(),
        called: called(cx, &step.decision),
        subject: step.decision.subject.clone(),
        on: cx.date(&step.decision.issued_on),
        words: cx.t(words).into_owned(),
        force: ForceView::of(cx, step.force),
    }
}

fn draw(cx: &Cx, entry: &Entry, eyes: &Eyes) -> askama::Result<String> {
    let decision = &entry.decision;
    let correctable = decision.may_be_corrected();
    let lines = |point: Option<u16>| -> Vec<TaskLine> {
        entry
            .ties
            .iter()
            .filter(|tie| tie.point == point)
            .filter_map(|tie| {
                let task = entry.register.by_id(tie.task)?;
                let may_untie =
                    eyes.manages && !tie.named && (correctable || tie.relation == Relation::Basis);
                Some(TaskLine {
                    row: Row::of(cx, &entry.register, task, eyes.audience),
                    relation: cx.tp("decisions-relation-", tie.relation).into_owned(),
                    clause: if tie.point.is_some() { String::new() } else { tie.clause.clone() },
                    named: tie.named,
                    untie: may_untie.then(|| {
                        let point = tie.point.map(|point| point.to_string()).unwrap_or_default();
                        (tie.task.to_string(), tie.relation.to_string(), point)
                    }),
                })
            })
            .collect()
    };
    let mut points = vec![PointView { mark: String::new(), text: String::new(), tasks: lines(None) }];
    for (n, text) in (1u16..).zip(&entry.said.points) {
        points.push(PointView { mark: circled(n), text: text.clone(), tasks: lines(Some(n)) });
    }
    LiveEntry {
        here: decision.href(),
        called: called(cx, decision),
        subject: decision.subject.clone(),
        force: ForceView::of(cx, entry.force),
        superseded_by: (entry.force == Force::Superseded)
            .then(|| {
                entry.later.iter().find(|one| one.change == Change::Supersedes && one.with == decision.id)
            })
            .flatten()
            .map(|one| step(cx, one, true)),
        kind: cx.tp("decisions-kind-", decision.kind).into_owned(),
        on: cx.date(&decision.issued_on),
        body: body_name(&entry.bodies, decision),
        authority: decision.authority.clone(),
        effect: cx.date(&decision.effect_from),
        internal: decision.class == Confidentiality::Internal,
        series: decision.series.clone(),
        source: cx.tp("papers-use-", decision.source.kind).into_owned(),
        source_href: decision.source.href.clone(),
        number_href: entry
            .number
            .as_ref()
            .filter(|_| eyes.numbers)
            .map(|line| format!("/van-ban/so/{}", line.id))
            .unwrap_or_default(),
        entered: cx.t2(
            "papers-taken",
            "by",
            doer_words(cx, &decision.created_by),
            "at",
            moment(decision.created_at),
        ),
        no_tasks: entry.ties.is_empty(),
        points,
        grounds: entry
            .grounds
            .iter()
            .map(|(basis, named)| {
                let day = basis.issued_on.map(|day| cx.date(&day));
                let more: Vec<String> = [day, Some(basis.clause.clone()), Some(basis.subject.clone())]
                    .into_iter()
                    .flatten()
                    .filter(|part| !part.is_empty())
                    .collect();
                Ground {
                    symbol: basis.symbol.clone(),
                    href: named.as_ref().map(Decision::href).unwrap_or_default(),
                    more: more.join(", "),
                }
            })
            .collect(),
        earlier: entry.earlier.iter().map(|one| step(cx, one, false)).collect(),
        later: entry.later.iter().map(|one| step(cx, one, true)).collect(),
        manages: eyes.manages,
        correctable,
        cx,
    }
    .render()
}

async fn show_page(
    app: &App,
    cx: &Cx,
    eyes: Eyes,
    id: DecisionId,
    typed: Typed,
    answer: Option<AppError>,
) -> Result<Response, AppError> {
    let entry = app.db.read(move |tx| Entry::load(tx, id, &eyes)).await?;
    let title = called(cx, &entry.decision);
    let part = part_cx(cx.lang, &cx.site, &entry.decision.href(), String::new());
    let body = ShowPage {
        notice: notice(cx),
        error: answer.as_ref().map(|error| error.detail(cx.lang)).unwrap_or_default(),
        live: draw(&part, &entry, &eyes)?,
        here: entry.decision.href(),
        manages: eyes.manages,
        choices: super::form::task_choices(cx, &entry.register, eyes.audience),
        relations: super::form::relations(cx),
        points: super::form::point_choices(cx, &entry.said.points),
        typed,
        cx,
    };
    let status = answer.map_or(StatusCode::OK, |error| error.status());
    let out = Page::new(title, body).live(format!("/song{PATH}/{id}?lang={}", cx.lang.code()));
    Ok(page_with(status, cx, out.style("task.css").style("papers.css")))
}

/// `GET /ket-luan/{id}`
pub(super) async fn show(
    actor: Actor<ReadDecisions>,
    cx: Cx,
    State(app): State<App>,
    Path(id): Path<DecisionId>,
) -> Result<Response, AppError> {
    show_page(&app, &cx, Eyes::of(&actor), id, Typed::default(), None).await
}

/// `GET /song/ket-luan/{id}`
pub(super) async fn stream(
    actor: Actor<ReadDecisions>,
    cx: Cx,
    State(app): State<App>,
    Path(id): Path<DecisionId>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    actor.session().ok_or_else(AppError::forbidden)?;
    let eyes = Eyes::of(&actor);
    app.db.read(move |tx| query::open(tx, id, eyes.clearance)).await?;
    let key = format!("decision?{id}&lang={}#{}", cx.lang.code(), eyes.name());
    let (lang, site, owner) = (cx.lang, cx.site.clone(), app.clone());
    // The tasks under it show their state and timing now.
    let topics = [TOPIC.to_owned(), "tasks".to_owned(), "congress".to_owned()];
    let channel = Channel::new(key, topics, move || {
        let (app, site) = (owner.clone(), site.clone());
        async move {
            let entry = app.db.read(move |tx| Entry::load(tx, id, &eyes)).await?;
            let cx = part_cx(lang, &site, &entry.decision.href(), String::new());
            Ok(draw(&cx, &entry, &eyes)?.into())
        }
    });
    Ok(app.live.sse(actor.door_id(), app.live.subscribe(channel, last_event_id(&headers))))
}

/// What the page of an entry shows of a refusal; what is not about the form goes on as it is.
fn refused(error: DecisionError) -> Result<AppError, AppError> {
    let not_found = matches!(error, DecisionError::NotFound | DecisionError::Db(_));
    let answer = AppError::from(error);
    if not_found { Err(answer) } else { Ok(answer) }
}

/// `POST /ket-luan/{id}/nhiem-vu`: ties tasks.
pub(super) async fn tie(
    actor: Actor<ManageDecisions>,
    cx: Cx,
    State(app): State<App>,
    Path(id): Path<DecisionId>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let eyes = Eyes::of(&actor);
    let typed = Typed::from(pairs);
    let relation: Relation = typed.get("relation").parse().unwrap_or(Relation::Creates);
    let point: Option<u16> = typed.get("point").parse().ok();
    let chosen: Vec<_> = typed.all("task").iter().filter_map(|task| task.parse().ok()).collect();
    if chosen.is_empty() {
        let answer = AppError::invalid(Vec::new()).because(platform::i18n::key("decisions-choose-task"));
        return show_page(&app, &cx, eyes, id, typed, Some(answer)).await;
    }
    let done = app
        .db
        .write(actor.author(), move |tx| {
            query::open(tx, id, eyes.clearance)?;
            let mut last = None;
            for task in chosen {
                last = Some(store::link_point(tx, id, point, task, relation)?);
            }
            last.map_or_else(|| Ok(tx.unchanged(())?), |done| Ok(done.map(|_| ())))
        })
        .await;
    match done {
        Ok(()) => Ok(see(&format!("{PATH}/{id}"), "tied")),
        Err(error) => show_page(&app, &cx, eyes, id, typed, Some(refused(error)?)).await,
    }
}

/// `POST /ket-luan/{id}/nhiem-vu/go`: unties one.
pub(super) async fn untie(
    actor: Actor<ManageDecisions>,
    cx: Cx,
    State(app): State<App>,
    Path(id): Path<DecisionId>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let eyes = Eyes::of(&actor);
    let typed = Typed::from(pairs);
    let (Ok(task), Ok(relation)) = (typed.get("task").parse(), typed.get("relation").parse()) else {
        return Err(AppError::bad_request());
    };
    let point: Option<u16> = typed.get("point").parse().ok();
    let done = app
        .db
        .write(actor.author(), move |tx| {
            query::open(tx, id, eyes.clearance)?;
            store::unlink_point(tx, id, point, task, relation)
        })
        .await;
    match done {
        Ok(_) => Ok(see(&format!("{PATH}/{id}"), "untied")),
        Err(error) => show_page(&app, &cx, eyes, id, Typed::default(), Some(refused(error)?)).await,
    }
}

/// `POST /ket-luan/{id}/xoa`
pub(super) async fn remove(
    actor: Actor<ManageDecisions>,
    cx: Cx,
    State(app): State<App>,
    Path(id): Path<DecisionId>,
) -> Result<Response, AppError> {
    let eyes = Eyes::of(&actor);
    let done = app
        .db
        .write(actor.author(), move |tx| {
            query::open(tx, id, eyes.clearance)?;
            store::remove(tx, id)
        })
        .await;
    match done {
        Ok(()) => Ok(see(PATH, "removed")),
        Err(error) => show_page(&app, &cx, eyes, id, Typed::default(), Some(refused(error)?)).await,
    }
}
