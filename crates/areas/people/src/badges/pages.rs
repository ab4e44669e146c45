//! The list, one person's card, the check of a code, the reconciliation of a day.

use askama::Template;
use axum::{
    Extension, Form,
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use jiff::civil::{Date, DateTime};
use pass::{Refusal, read};
use platform::{
    app::App,
    clock,
    i18n::{IntoArg as _, key},
    identity::{Actor, Capability, Right, doer_words},
    web::{
        AppError, Choice, Cx, Layout, LivePart, Made, Page, PrintSize, Typed, download, page, page_with, see,
    },
};
use print::{Head, List, PressRoom, Printable};
use rules::badge::{BadgeAct, BadgeState, after};

use super::{
    AREA, BadgeError, DecideBadges, HandBadges, ManageBadges, ReadBadges, TOPIC, keys,
    model::{Access, Badge, BadgeCategory, Zone},
    query::{self, DayCount, Filter, Line},
    store,
};
use crate::delegates::{
    self,
    model::{Participant, ParticipantId},
    query as roll,
};

/// Rows of the list that are drawn; more are found by searching.
const SHOWN: usize = 600;

const NOTICES: &[&str] = &[
    "requested",
    "approved",
    "reissued",
    "zones",
    "root",
    "unrooted",
    "key",
    "withdrawn",
    "duyet",
    "phat",
    "mat",
    "thu",
    "huy",
];

pub(super) fn notice(cx: &Cx) -> String {
    let asked = cx.param("xong");
    if NOTICES.contains(&asked.as_str()) { cx.tp("badges-done-", asked).into_owned() } else { String::new() }
}

fn look(state: BadgeState) -> (&'static str, &'static str) {
    match state {
        BadgeState::Requested => ("grey", "circle-dashed"),
        BadgeState::Approved => ("blue", "circle-check"),
        BadgeState::Printed => ("amber", "printer"),
        BadgeState::Issued => ("green", "id-badge-2"),
        BadgeState::Lost => ("red", "alert-octagon"),
        BadgeState::Replaced => ("brown", "refresh"),
        BadgeState::Returned => ("grey", "arrow-back-up"),
        BadgeState::Destroyed => ("grey", "trash"),
    }
}

/// A state as it is drawn.
struct Chip {
    tone: &'static str,
    icon: &'static str,
    words: String,
}

impl Chip {
    fn of(cx: &Cx, state: Option<BadgeState>) -> Self {
        match state {
            Some(state) => {
                let (tone, icon) = look(state);
                Self { tone, icon, words: cx.tp("badges-state-", state.as_str()).into_owned() }
            }
            None => Self { tone: "grey", icon: "circle", words: cx.t("badges-state-none").into_owned() },
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Hands {
    hand: bool,
    manage: bool,
    decide: bool,
    admin: bool,
}

impl Hands {
    fn of<C: Capability>(actor: &Actor<C>) -> Self {
        let may = |right| actor.may(AREA, right, None);
        Self {
            hand: may(Right::Contribute),
            manage: may(Right::Manage),
            decide: may(Right::Decide),
            admin: may(Right::Admin),
        }
    }

    fn name(self) -> String {
        format!("{}{}{}{}", self.hand, self.manage, self.decide, self.admin)
    }
}

// ---------------------------------------------------------------- the list

fn filter_of(cx: &Cx) -> Filter {
    let state = cx.param("tt");
    Filter {
        words: cx.param("q"),
        category: cx.param("dien").parse().ok(),
        state: BadgeState::parse(&state),
        without: state == "chua_co",
        group: cx.param("to").parse().ok(),
        mismatched: !cx.param("lech").is_empty(),
    }
}

struct Row {
    id: String,
    href: String,
    code: String,
    name: String,
    position: String,
    category: String,
    rgb: String,
    group: String,
    chip: Chip,
    since: String,
    mismatches: Vec<String>,
}

impl Row {
    fn of(cx: &Cx, line: &Line) -> Self {
        let person = &line.person;
        let badge = line.badge.as_ref();
        let category =
            badge.filter(|it| it.state.opens()).map_or(BadgeCategory::of(person), |it| it.category);
        Self {
            id: person.id.to_string(),
            href: format!("/the/{}", person.code),
            code: person.code.clone(),
            name: person.profile.name.clone(),
            position: person.profile.position.clone(),
            category: cx.tp("badges-category-", category).into_owned(),
            rgb: category.to_string(),
            group: person.profile.group_no.map(|no| no.to_string()).unwrap_or_default(),
            chip: Chip::of(cx, badge.map(|badge| badge.state)),
            since: badge.map(|badge| cx.moment(&clock::local(badge.changed_at))).unwrap_or_default(),
            mismatches: badge.map(|badge| differs(cx, badge, person)).unwrap_or_default(),
        }
    }
}

fn differs(cx: &Cx, badge: &Badge, person: &Participant) -> Vec<String> {
    let all = badge.mismatches(person).into_iter();
    all.map(|what| cx.tp("badges-mismatch-", what.as_str()).into_owned()).collect()
}

struct Figure {
    tone: &'static str,
    icon: &'static str,
    href: String,
    number: usize,
    words: String,
}

#[derive(Template)]
#[template(path = "badges/list_part.html")]
struct Part<'a> {
    cx: &'a Cx,
    figures: Vec<Figure>,
    rows: Vec<Row>,
    shown: String,
    more: bool,
    nobody: bool,
    selects: bool,
}

#[derive(Template)]
#[template(path = "badges/list.html")]
struct Whole<'a> {
    cx: &'a Cx,
    notice: String,
    q: String,
    group: String,
    categories: Vec<Choice>,
    states: Vec<Choice>,
    narrows: bool,
    hands: Hands,
    files: String,
    region: String,
}

fn draw(cx: &Cx, all: &[Line], filter: &Filter, hands: Hands) -> askama::Result<String> {
    let count = |state: Option<BadgeState>| {
        all.iter().filter(|line| line.badge.as_ref().map(|badge| badge.state) == state).count()
    };
    let mut figures: Vec<Figure> = BadgeState::ALL
        .into_iter()
        .map(Some)
        .chain([None])
        .filter(|state| {
            matches!(state, None | Some(BadgeState::Printed | BadgeState::Issued)) || count(*state) > 0
        })
        .map(|state| {
            let chip = Chip::of(cx, state);
            let name = state.map_or("chua_co", BadgeState::as_str);
            Figure {
                tone: chip.tone,
                icon: chip.icon,
                href: format!("/the?tt={name}"),
                number: count(state),
                words: chip.words,
            }
        })
        .collect();
    let off = all
        .iter()
        .filter(|line| line.badge.as_ref().is_some_and(|badge| !badge.mismatches(&line.person).is_empty()))
        .count();
    if off > 0 {
        figures.push(Figure {
            tone: "orange",
            icon: "alert-triangle",
            href: "/the?lech=1".to_owned(),
            number: off,
            words: cx.t("badges-mismatched").into_owned(),
        });
    }
    let picked: Vec<&Line> = all.iter().filter(|line| filter.picks(line)).collect();
    Part {
        cx,
        figures,
        shown: cx.t2("badges-shown", "count", picked.len(), "all", all.len()),
        more: picked.len() > SHOWN,
        rows: picked.into_iter().take(SHOWN).map(|line| Row::of(cx, line)).collect(),
        nobody: all.is_empty(),
        selects: hands.manage || hands.decide,
    }
    .render()
}

fn live_list(cx: &Cx, hands: Hands) -> LivePart {
    LivePart::of(cx, hands.name())
}

/// `GET /the`
pub(super) async fn list(
    actor: Actor<ReadBadges>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let (hands, filter) = (Hands::of(&actor), filter_of(&cx));
    let all = app.db.read(query::lines).await?;
    let live = live_list(&cx, hands);
    let html = draw(&live.cx(), &all, &filter, hands)?;
    let mut states: Vec<Choice> = BadgeState::ALL
        .into_iter()
        .map(|state| {
            Choice::new(state.as_str(), cx.tp("badges-state-", state.as_str()), filter.state == Some(state))
        })
        .collect();
    states.push(Choice::new("chua_co", cx.t("badges-state-none"), filter.without));
    let whole = Whole {
        notice: notice(&cx),
        q: filter.words.clone(),
        group: filter.group.map(|no| no.to_string()).unwrap_or_default(),
        categories: BadgeCategory::ALL
            .iter()
            .map(|one| {
                Choice::new(one.to_string(), cx.tp("badges-category-", one), filter.category == Some(*one))
            })
            .collect(),
        states,
        narrows: filter != Filter::default(),
        hands,
        files: live.question(),
        region: live.region(html)?,
        cx: &cx,
    };
    let out = Page::new(cx.t("badges-title"), whole).layout(Layout::Wide).print(PrintSize::A4Landscape);
    Ok(page(&cx, out.style("badges.css").script("js/list.js").script("js/select.js")))
}

/// `GET /song/the`
pub(super) async fn stream(
    actor: Actor<ReadBadges>,
    cx: Cx,
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let (hands, filter, owner) = (Hands::of(&actor), filter_of(&cx), app.clone());
    let topics = [TOPIC, delegates::TOPIC];
    live_list(&cx, hands).stream(&app, &actor, &cx, &headers, topics, move |cx| {
        let (app, filter) = (owner.clone(), filter.clone());
        async move {
            let all = app.db.read(query::lines).await?;
            Ok(draw(&cx, &all, &filter, hands)?)
        }
    })
}

async fn list_out(app: &App, cx: &Cx) -> Result<List, AppError> {
    let filter = filter_of(cx);
    let all = app.db.read(query::lines).await?;
    let rows: Vec<Row> = all.iter().filter(|line| filter.picks(line)).map(|line| Row::of(cx, line)).collect();
    let shown = cx.t2("badges-shown", "count", rows.len(), "all", all.len());
    Ok(List {
        name: format!("the-{}", cx.now.date()),
        title: cx.t("badges-title").into_owned(),
        lines: vec![cx.congress().name.clone()],
        as_of: cx.as_of(),
        heads: vec![
            Head::centred(cx.t("badges-col-code"), 9),
            Head::new(cx.t("badges-col-name"), 22),
            Head::new(cx.t("badges-col-category"), 12),
            Head::centred(cx.t("badges-col-group"), 6),
            Head::new(cx.t("badges-col-state"), 12),
            Head::centred(cx.t("badges-col-since"), 13),
            Head::new(cx.t("badges-mismatched"), 20),
        ],
        rows: rows
            .into_iter()
            .map(|row| {
                let off = row.mismatches.join("; ");
                vec![row.code, row.name, row.category, row.group, row.chip.words, row.since, off]
            })
            .collect(),
        legend: vec![shown],
    })
}

/// `GET /the/xuat.xlsx`
pub(super) async fn xlsx(
    _actor: Actor<ReadBadges>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let list = list_out(&app, &cx).await?;
    let name = list.name.clone();
    let bytes = tokio::task::spawn_blocking(move || list.xlsx()).await.map_err(AppError::internal)?;
    Ok(download(bytes.map_err(AppError::internal)?, Made::Xlsx, &name))
}

/// `GET /the/xuat.pdf`
pub(super) async fn pdf(
    _actor: Actor<ReadBadges>,
    cx: Cx,
    State(app): State<App>,
    Extension(press): Extension<PressRoom>,
) -> Result<Response, AppError> {
    let list = list_out(&app, &cx).await?;
    let bytes = press.pdf(Printable::Listing(list.listing())).await.map_err(AppError::internal)?;
    Ok(download(bytes, Made::Pdf, &list.name))
}

fn chosen(pairs: Vec<(String, String)>) -> Vec<ParticipantId> {
    Typed::from(pairs).all("person").iter().filter_map(|id| id.parse().ok()).collect()
}

/// `POST /the/de-nghi`: for those chosen, or for all who have none.
pub(super) async fn request(
    actor: Actor<ManageBadges>,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let people = chosen(pairs);
    app.db
        .write(actor.author(), move |tx| {
            let people = if people.is_empty() {
                let all = query::lines(tx)?.into_iter();
                all.filter(|line| line.badge.is_none()).map(|line| line.person.id).collect()
            } else {
                people
            };
            store::request(tx, &people)
        })
        .await?;
    Ok(see("/the", "requested"))
}

/// `POST /the/duyet`
pub(super) async fn approve(
    actor: Actor<DecideBadges>,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let people = chosen(pairs);
    if people.is_empty() {
        return Err(AppError::invalid(Vec::new()).because(key("badges-error-choose")));
    }
    app.db.write(actor.author(), move |tx| store::approve(tx, &people)).await?;
    Ok(see("/the", "approved"))
}

// ---------------------------------------------------------------- one person

struct Step {
    at: String,
    tone: &'static str,
    words: String,
    by: String,
    reason: String,
}

/// An act that may be done now.
struct Offer {
    act: &'static str,
    icon: &'static str,
    words: String,
    reason: bool,
    primary: bool,
}

#[derive(Template)]
#[template(path = "badges/card.html")]
struct Card<'a> {
    cx: &'a Cx,
    notice: String,
    error: String,
    reason: String,
    person: Participant,
    here: String,
    category: String,
    rgb: String,
    chip: Chip,
    badge: Option<Badge>,
    id: String,
    days: String,
    zones: Vec<Zone>,
    mismatches: Vec<String>,
    offers: Vec<Offer>,
    reissue: bool,
    request: bool,
    prints: bool,
    again: bool,
    steps: Vec<Step>,
}

async fn draw_card(
    cx: &Cx,
    app: &App,
    hands: Hands,
    code: &str,
    error: String,
    reason: String,
) -> Result<Response, AppError> {
    let wanted = code.to_owned();
    let (person, copies, history, access) = app
        .db
        .read(move |tx| {
            let person = roll::by_code_any(tx, &wanted)?.ok_or(BadgeError::NotFound)?;
            let copies = query::copies(tx, person.id)?;
            let history = query::history(tx, person.id)?;
            Ok::<_, BadgeError>((person, copies, history, query::access(tx)?))
        })
        .await?;
    let badge = copies.first().cloned();
    let state = badge.as_ref().map(|badge| badge.state);
    let may = |act: BadgeAct| match act {
        BadgeAct::Approve => hands.decide,
        BadgeAct::Issue | BadgeAct::Lose | BadgeAct::Return => hands.hand,
        BadgeAct::Destroy => hands.manage,
        BadgeAct::Print | BadgeAct::Replace => false,
    };
    let offers = BadgeAct::ALL
        .into_iter()
        .filter(|act| may(*act) && state.is_some_and(|state| after(state, *act).is_some()))
        .map(|act| Offer {
            act: act.as_str(),
            icon: match act {
                BadgeAct::Approve => "circle-check",
                BadgeAct::Issue => "id-badge-2",
                BadgeAct::Lose => "alert-octagon",
                BadgeAct::Return => "arrow-back-up",
                _ => "trash",
            },
            words: cx.tp("badges-act-do-", act.as_str()).into_owned(),
            reason: act.needs_reason(),
            primary: matches!(act, BadgeAct::Approve | BadgeAct::Issue),
        })
        .collect();
    let copy_of = |id| copies.iter().find(|copy| copy.id == id).map_or(0, |copy| copy.copy);
    let steps = history
        .iter()
        .map(|one| Step {
            at: cx.moment(&clock::local(one.at)),
            tone: BadgeState::parse(&one.state).map_or("grey", |state| look(state).0),
            words: cx.t2(
                "badges-history",
                "state",
                cx.tp("badges-state-", &one.state),
                "copy",
                copy_of(one.badge),
            ),
            by: doer_words(cx, &one.office),
            reason: one.reason.clone(),
        })
        .collect();
    let category =
        badge.as_ref().filter(|it| it.state.opens()).map_or(BadgeCategory::of(&person), |it| it.category);
    let wrong = !error.is_empty();
    let title = cx.t2("badges-of", "name", person.profile.name.as_str(), "code", person.code.as_str());
    let card = Card {
        cx,
        notice: notice(cx),
        error,
        reason,
        here: format!("/the/{}", person.code),
        category: cx.tp("badges-category-", category).into_owned(),
        rgb: category.to_string(),
        chip: Chip::of(cx, state),
        id: person.id.to_string(),
        days: badge
            .as_ref()
            .map(|it| format!("{} – {}", cx.date(&it.first_day), cx.date(&it.last_day)))
            .unwrap_or_default(),
        zones: badge.as_ref().map(|it| access.of_bits(it.zones).cloned().collect()).unwrap_or_default(),
        mismatches: badge.as_ref().map(|it| differs(cx, it, &person)).unwrap_or_default(),
        offers,
        reissue: hands.manage && person.status.is_on_roll() && state.is_some_and(|state| !state.is_live()),
        request: hands.manage && person.status.is_on_roll() && state.is_none(),
        prints: hands.manage
            && matches!(state, Some(BadgeState::Approved | BadgeState::Printed | BadgeState::Issued)),
        again: state.is_some_and(BadgeState::opens),
        steps,
        person,
        badge,
    };
    let out = Page::new(title, card).style("badges.css");
    Ok(if wrong { page_with(axum::http::StatusCode::UNPROCESSABLE_ENTITY, cx, out) } else { page(cx, out) })
}

/// `GET /the/{code}`
pub(super) async fn card(
    actor: Actor<ReadBadges>,
    cx: Cx,
    State(app): State<App>,
    Path(code): Path<String>,
) -> Result<Response, AppError> {
    draw_card(&cx, &app, Hands::of(&actor), &code, String::new(), String::new()).await
}

/// `POST /the/{code}/{act}`
pub(super) async fn act(
    actor: Actor<HandBadges>,
    cx: Cx,
    State(app): State<App>,
    Path((code, name)): Path<(String, String)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let hands = Hands::of(&actor);
    let reissue = name == "cap-lai";
    let act = BadgeAct::parse(&name);
    let allowed = match act {
        Some(BadgeAct::Issue | BadgeAct::Lose | BadgeAct::Return) => hands.hand,
        Some(BadgeAct::Approve) => hands.decide,
        Some(BadgeAct::Destroy) => hands.manage,
        Some(BadgeAct::Print | BadgeAct::Replace) => return Err(AppError::not_found()),
        None if reissue => hands.manage,
        None => return Err(AppError::not_found()),
    };
    if !allowed {
        return Err(AppError::forbidden());
    }
    let typed = Typed::from(pairs);
    let reason = typed.get("reason").to_owned();
    // The copy that the page showed: a second press never reaches the copy that came after it.
    let shown = typed.get("badge").parse().ok();
    let (wanted, said) = (code.clone(), reason.clone());
    let done = app
        .db
        .write(actor.author(), move |tx| {
            let person = roll::by_code_any(tx, &wanted)?.ok_or(BadgeError::NotFound)?;
            let Some(act) = act else { return Ok(store::reissue(tx, person.id)?.map(|_| ())) };
            let badge = shown.ok_or(BadgeError::NotFound)?;
            let known = query::badge(tx, badge)?.filter(|it| it.participant == person.id);
            known.ok_or(BadgeError::NotFound)?;
            Ok(store::act(tx, badge, act, &said)?.map(|_| ()))
        })
        .await;
    let back = format!("/the/{code}");
    match done {
        Ok(()) => Ok(see(&back, if reissue { "reissued" } else { &name })),
        Err(error @ (BadgeError::Reason | BadgeError::Fields(_))) => {
            let words = AppError::from(error).detail(cx.lang);
            draw_card(&cx, &app, hands, &code, words, reason).await
        }
        Err(error) => Err(error.into()),
    }
}

// ---------------------------------------------------------------- a check

struct Verdict {
    good: bool,
    title: String,
    words: String,
    person: Option<Participant>,
    href: String,
    category: String,
    rgb: String,
    chip: Option<Chip>,
    open: Vec<Zone>,
    shut: Vec<Zone>,
    warnings: Vec<String>,
}

#[derive(Template)]
#[template(path = "badges/check.html")]
struct Check<'a> {
    cx: &'a Cx,
    typed: String,
    verdict: Option<Verdict>,
    age: String,
}

/// What a check stands on.
struct Evidence {
    keys: pass::KeyList,
    revoked: pass::Revocations,
    access: Access,
}

async fn evidence(app: &App) -> Result<Evidence, AppError> {
    let found = app
        .db
        .read(|tx| {
            Ok::<_, BadgeError>(Evidence {
                keys: keys::list(tx)?,
                revoked: query::revocations(tx)?,
                access: query::access(tx)?,
            })
        })
        .await?;
    Ok(found)
}

fn draw_check(cx: &Cx, typed: String, verdict: Option<Verdict>, known: &Evidence) -> Response {
    let age = cx.t3(
        "badges-check-age",
        "keys",
        known.keys.keys.len(),
        "sequence",
        known.revoked.sequence(),
        "count",
        known.revoked.len(),
    );
    let out = Page::new(cx.t("badges-check-title"), Check { cx, typed, verdict, age });
    page(cx, out.style("badges.css"))
}

/// `GET /the/kiem-tra`
pub(super) async fn check(
    _actor: Actor<ReadBadges>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let known = evidence(&app).await?;
    Ok(draw_check(&cx, String::new(), None, &known))
}

/// `POST /the/kiem-tra`: a post, so that no log and no history keeps a code.
pub(super) async fn checked(
    _actor: Actor<ReadBadges>,
    cx: Cx,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let typed = Typed::from(pairs).get("code").to_owned();
    // People type the groups as they are printed; a scanner sends them without spaces.
    let bare: String = if typed.contains("://") {
        typed.clone()
    } else {
        typed.chars().filter(|c| !c.is_whitespace()).collect()
    };
    let known = evidence(&app).await?;
    let now = clock::local(app.db.clock().now());
    let today = keys::day(now.date()).ok_or_else(AppError::bad_request)?;
    let result = read(&bare, today, &known.keys, &known.revoked);
    let id = match &result {
        Ok(pass) => Some(pass.grant.id),
        Err(Refusal::Revoked { id }) => Some(*id),
        Err(_) => None,
    };
    let found = match id {
        Some(id) => {
            app.db
                .read(move |tx| {
                    let badge = query::by_pass(tx, &id)?;
                    let person = match &badge {
                        Some(badge) => roll::participant(tx, badge.participant)?,
                        None => None,
                    };
                    Ok::<_, BadgeError>(badge.zip(person))
                })
                .await?
        }
        None => None,
    };
    let verdict = verdict(&cx, now, &result, found, &known.access);
    Ok(draw_check(&cx, typed, Some(verdict), &known))
}

fn verdict(
    cx: &Cx,
    now: DateTime,
    result: &Result<pass::Pass, Refusal>,
    found: Option<(Badge, Participant)>,
    access: &Access,
) -> Verdict {
    let (badge, person) = found.unzip();
    let mut out = Verdict {
        good: result.is_ok(),
        title: String::new(),
        words: String::new(),
        href: person.as_ref().map(|person| format!("/the/{}", person.code)).unwrap_or_default(),
        category: String::new(),
        rgb: String::new(),
        chip: badge.as_ref().map(|badge| Chip::of(cx, Some(badge.state))),
        open: Vec::new(),
        shut: Vec::new(),
        warnings: Vec::new(),
        person,
    };
    match result {
        Ok(pass) => {
            out.title = cx.t("badges-check-good").into_owned();
            let date = |day: pass::Day| day.to_string();
            out.words =
                cx.t2("badges-print-days", "first", date(pass.grant.first), "last", date(pass.grant.last));
            if let Some(category) = BadgeCategory::numbered(pass.grant.category) {
                out.category = cx.tp("badges-category-", category).into_owned();
                out.rgb = category.to_string();
                (out.open, out.shut) = access
                    .zones
                    .iter()
                    .cloned()
                    .partition(|zone| access.opens(category, pass.grant.zones, zone.bit, now));
            }
            match (&badge, &out.person) {
                (Some(badge), Some(person)) => {
                    out.warnings = differs(cx, badge, person);
                    if badge.state == BadgeState::Printed {
                        out.warnings.push(cx.t("badges-check-not-issued").into_owned());
                    }
                }
                // Signed by a key of ours, and no copy that we know.
                _ => out.warnings.push(cx.t("badges-check-unknown").into_owned()),
            }
        }
        Err(refusal) => {
            out.title = cx.t("badges-check-bad").into_owned();
            let args = match refusal {
                Refusal::NotYet { first } => vec![("day", first.to_string().arg())],
                Refusal::Expired { last } => vec![("day", last.to_string().arg())],
                Refusal::UnknownKey { key } => vec![("key", i64::from(*key).arg())],
                Refusal::WrongVersion { version } => vec![("version", i64::from(*version).arg())],
                _ => Vec::new(),
            };
            out.words = cx.ta(refusal.key(), &args);
        }
    }
    out
}

/// The words of every refusal: named here, so that a test finds one that is missing.
#[cfg(test)]
pub(super) const REFUSALS: [&str; 9] = [
    key("pass-unreadable"),
    key("pass-wrong-version"),
    key("pass-altered"),
    key("pass-foreign"),
    key("pass-unknown-key"),
    key("pass-forged"),
    key("pass-revoked"),
    key("pass-not-yet"),
    key("pass-expired"),
];

// ---------------------------------------------------------------- a day

struct DayRow {
    chip: Chip,
    moved: usize,
    stands: usize,
}

#[derive(Template)]
#[template(path = "badges/day.html")]
struct DayPage<'a> {
    cx: &'a Cx,
    on: String,
    rows: Vec<DayRow>,
    out: usize,
    all: usize,
    lines: Vec<Vec<String>>,
}

fn asked_day(cx: &Cx) -> Date {
    cx.param("ngay").parse().unwrap_or(cx.now.date())
}

async fn day_of(app: &App, cx: &Cx) -> Result<(Vec<DayCount>, Vec<Vec<String>>), AppError> {
    let on = asked_day(cx);
    let (counts, events) = app
        .db
        .read(move |tx| {
            let (counts, happened) = query::day(tx, on)?;
            let mut events = Vec::with_capacity(happened.len());
            for one in happened {
                let Some(badge) = query::badge(tx, one.badge)? else { continue };
                let Some(person) = roll::participant(tx, badge.participant)? else { continue };
                events.push((one, badge, person));
            }
            Ok::<_, BadgeError>((counts, events))
        })
        .await?;
    let mut events = events;
    events.sort_by(|a, b| b.0.at.cmp(&a.0.at).then_with(|| a.2.code.cmp(&b.2.code)));
    let lines = events
        .into_iter()
        .map(|(one, badge, person)| {
            vec![
                cx.time(&clock::local(one.at).time()),
                person.code,
                person.profile.name,
                badge.copy.to_string(),
                cx.tp("badges-state-", &one.state).into_owned(),
                doer_words(cx, &one.office),
                one.reason,
            ]
        })
        .collect();
    Ok((counts, lines))
}

/// `GET /the/doi-chieu`
pub(super) async fn day(
    _actor: Actor<ReadBadges>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let (counts, lines) = day_of(&app, &cx).await?;
    let stands = |state: BadgeState| counts.iter().find(|one| one.state == state).map_or(0, |one| one.stands);
    let body = DayPage {
        on: asked_day(&cx).to_string(),
        out: stands(BadgeState::Issued),
        all: counts.iter().map(|one| one.stands).sum(),
        rows: counts
            .iter()
            .map(|one| DayRow { chip: Chip::of(&cx, Some(one.state)), moved: one.moved, stands: one.stands })
            .collect(),
        lines,
        cx: &cx,
    };
    Ok(page(&cx, Page::new(cx.t("badges-day-title"), body).style("badges.css")))
}

/// `GET /the/doi-chieu.pdf`
pub(super) async fn day_pdf(
    _actor: Actor<ReadBadges>,
    cx: Cx,
    State(app): State<App>,
    Extension(press): Extension<PressRoom>,
) -> Result<Response, AppError> {
    let (counts, lines) = day_of(&app, &cx).await?;
    let on = asked_day(&cx);
    let list = List {
        name: format!("doi-chieu-the-{on}"),
        title: cx.t1("badges-day-of", "on", cx.date(&on)),
        lines: vec![cx.congress().name.clone()],
        as_of: cx.as_of(),
        heads: vec![
            Head::centred(cx.t("badges-col-at"), 7),
            Head::centred(cx.t("badges-col-code"), 9),
            Head::new(cx.t("badges-col-name"), 22),
            Head::centred(cx.t("badges-col-copy"), 5),
            Head::new(cx.t("badges-col-state"), 12),
            Head::new(cx.t("badges-col-by"), 22),
            Head::new(cx.t("badges-reason"), 22),
        ],
        rows: lines,
        legend: counts
            .iter()
            .filter(|one| one.moved > 0 || one.stands > 0)
            .map(|one| {
                cx.t3(
                    "badges-day-line",
                    "state",
                    cx.tp("badges-state-", one.state.as_str()),
                    "moved",
                    one.moved,
                    "stands",
                    one.stands,
                )
            })
            .collect(),
    };
    let bytes = press.pdf(Printable::Listing(list.listing())).await.map_err(AppError::internal)?;
    Ok(download(bytes, Made::Pdf, &list.name))
}
