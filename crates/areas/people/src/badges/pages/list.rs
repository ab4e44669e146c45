//! The list: figures, filters, search, exports, and what is done to many.

use askama::Template;
use axum::{Extension, Form, extract::State, http::HeaderMap, response::Response};
use platform::{
    app::App,
    clock,
    i18n::key,
    identity::Actor,
    web::{AppError, Choice, Cx, Layout, LivePart, Made, Page, PrintSize, Typed, download, page, see},
};
use print::{Head, List, PressRoom, Printable};
use rules::badge::BadgeState;

use super::{Chip, Hands, differs, notice};
use crate::{
    badges::{
        DecideBadges, ManageBadges, ReadBadges, TOPIC,
        model::BadgeCategory,
        query::{self, Filter, Line},
        store,
    },
    delegates::{self, model::ParticipantId},
};

/// Rows of the list that are drawn; more are found by searching.
const SHOWN: usize = 600;

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
pub(in crate::badges) async fn list(
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
        categories: BadgeCategory::people()
            .map(|one| {
                Choice::new(one.to_string(), cx.tp("badges-category-", one), filter.category == Some(one))
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
pub(in crate::badges) async fn stream(
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
pub(in crate::badges) async fn xlsx(
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
pub(in crate::badges) async fn pdf(
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
pub(in crate::badges) async fn request(
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
pub(in crate::badges) async fn approve(
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
