//! The list: figures, filters, search, exports, and what is done to many.

use askama::Template;
use axum::{Extension, Form, extract::State, http::HeaderMap, response::Response};
use platform::{
    app::App,
    i18n::key,
    identity::Actor,
    web::{AppError, Choice, Cx, Layout, LivePart, Made, Page, PrintSize, Typed, download, page, see},
};
use print::{Head, List, PressRoom, Printable};

use super::{Hands, convoy_words, days, differs, kinds, lot_words, notice};
use crate::{
    badges::{BadgeState, pages::Chip},
    vehicles::{
        DecidePasses, ManageVehicles, ReadVehicles, TOPIC, VehicleError,
        model::{Line, VehicleId},
        passes,
        query::{self, Filter},
    },
};

/// Rows that are drawn; more are found by searching.
const SHOWN: usize = 600;
/// The most at once.
pub(in crate::vehicles) const MOST: usize = 500;

fn filter_of(cx: &Cx) -> Filter {
    let state = cx.param("tt");
    Filter {
        words: cx.param("q"),
        kind: cx.param("loai").parse().ok(),
        lot: cx.param("bai"),
        convoy: cx.param("doan").parse().ok(),
        state: BadgeState::parse(&state),
        without: state == "chua_co",
        mismatched: !cx.param("lech").is_empty(),
    }
}

struct Row {
    no: u32,
    href: String,
    code: String,
    plate: String,
    kind: String,
    unit: String,
    driver: String,
    phone: String,
    lot: String,
    convoy: String,
    days: String,
    chip: Chip,
    mismatches: Vec<String>,
}

/// Drivers' telephones, for those who may see them.
type Phones = std::collections::HashMap<VehicleId, String>;

impl Row {
    fn of(cx: &Cx, line: &Line, phones: &Phones) -> Self {
        let vehicle = &line.vehicle;
        Self {
            no: vehicle.no,
            href: vehicle.href(),
            code: vehicle.code(),
            plate: vehicle.plate.clone(),
            kind: cx.tp("vehicles-kind-", vehicle.kind).into_owned(),
            unit: vehicle.unit.clone(),
            driver: vehicle.driver.clone(),
            phone: phones.get(&vehicle.id).cloned().unwrap_or_default(),
            lot: vehicle.lot.clone().unwrap_or_default(),
            convoy: convoy_words(cx, vehicle),
            days: days(cx, vehicle),
            chip: Chip::of(cx, line.pass.as_ref().map(|pass| pass.state)),
            mismatches: line.pass.as_ref().map(|pass| differs(cx, pass, vehicle)).unwrap_or_default(),
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
#[template(path = "vehicles/list_part.html")]
struct Part<'a> {
    cx: &'a Cx,
    figures: Vec<Figure>,
    rows: Vec<Row>,
    shown: String,
    more: bool,
    nobody: bool,
    selects: bool,
    manages: bool,
}

#[derive(Template)]
#[template(path = "vehicles/list.html")]
struct Whole<'a> {
    cx: &'a Cx,
    notice: String,
    q: String,
    convoy: String,
    kinds: Vec<Choice>,
    lots: Vec<Choice>,
    states: Vec<Choice>,
    narrows: bool,
    hands: Hands,
    files: String,
    region: String,
}

async fn load(app: &App, hands: Hands) -> Result<(Vec<Line>, Phones), VehicleError> {
    app.db
        .read(move |tx| {
            let phones = if hands.contacts { query::phones(tx)? } else { Phones::default() };
            Ok((query::lines(tx)?, phones))
        })
        .await
}

fn draw(cx: &Cx, all: &[Line], phones: &Phones, filter: &Filter, hands: Hands) -> askama::Result<String> {
    let count = |state: Option<BadgeState>| {
        all.iter().filter(|line| line.pass.as_ref().map(|pass| pass.state) == state).count()
    };
    let mut figures: Vec<Figure> = BadgeState::ALL
        .into_iter()
        .map(Some)
        .chain([None])
        .filter(|state| matches!(state, None | Some(BadgeState::Issued)) || count(*state) > 0)
        .map(|state| {
            let chip = Chip::of(cx, state);
            Figure {
                tone: chip.tone,
                icon: chip.icon,
                href: format!("/xe?tt={}", state.map_or("chua_co", BadgeState::as_str)),
                number: count(state),
                words: chip.words,
            }
        })
        .collect();
    let off = |line: &&Line| line.pass.as_ref().is_some_and(|one| !one.mismatches(&line.vehicle).is_empty());
    let off = all.iter().filter(off).count();
    if off > 0 {
        figures.push(Figure {
            tone: "orange",
            icon: "alert-triangle",
            href: "/xe?lech=1".to_owned(),
            number: off,
            words: cx.t("vehicles-mismatched").into_owned(),
        });
    }
    let picked: Vec<&Line> = all.iter().filter(|line| filter.picks(line)).collect();
    Part {
        cx,
        figures,
        shown: cx.t2("vehicles-shown", "count", picked.len(), "all", all.len()),
        more: picked.len() > SHOWN,
        rows: picked.into_iter().take(SHOWN).map(|line| Row::of(cx, line, phones)).collect(),
        nobody: all.is_empty(),
        selects: hands.manage || hands.decide,
        manages: hands.manage,
    }
    .render()
}

/// `GET /xe`
pub(in crate::vehicles) async fn list(
    actor: Actor<ReadVehicles>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let (hands, filter) = (Hands::of(&actor), filter_of(&cx));
    let (all, phones) = load(&app, hands).await?;
    let lots = app.db.read(query::lots).await?;
    let live = LivePart::of(&cx, hands.name());
    let html = draw(&live.cx(), &all, &phones, &filter, hands)?;
    let mut states: Vec<Choice> = BadgeState::ALL
        .into_iter()
        .map(|state| {
            Choice::new(state.as_str(), cx.tp("badges-state-", state.as_str()), filter.state == Some(state))
        })
        .collect();
    states.push(Choice::new("chua_co", cx.t("badges-state-none"), filter.without));
    let chosen = |words: Vec<(String, String)>, on: &str| {
        words.into_iter().map(|(value, word)| Choice::new(value.clone(), word, value == on)).collect()
    };
    let whole = Whole {
        notice: notice(&cx),
        q: filter.words.clone(),
        convoy: filter.convoy.map(|no| no.to_string()).unwrap_or_default(),
        kinds: chosen(kinds(&cx), &filter.kind.map(|one| one.to_string()).unwrap_or_default()),
        lots: chosen(lot_words(&lots), &filter.lot),
        states,
        narrows: filter != Filter::default(),
        hands,
        files: live.question(),
        region: live.region(html)?,
        cx: &cx,
    };
    let out = Page::new(cx.t("vehicles-title"), whole).layout(Layout::Wide).print(PrintSize::A4Landscape);
    Ok(page(&cx, out.style("badges.css").script("js/list.js").script("js/select.js")))
}

/// `GET /song/xe`
pub(in crate::vehicles) async fn stream(
    actor: Actor<ReadVehicles>,
    cx: Cx,
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let (hands, filter, owner) = (Hands::of(&actor), filter_of(&cx), app.clone());
    LivePart::of(&cx, hands.name()).stream(&app, &actor, &cx, &headers, [TOPIC], move |cx| {
        let (app, filter) = (owner.clone(), filter.clone());
        async move {
            let (all, phones) = load(&app, hands).await?;
            Ok(draw(&cx, &all, &phones, &filter, hands)?)
        }
    })
}

async fn list_out(app: &App, cx: &Cx, hands: Hands) -> Result<List, AppError> {
    let filter = filter_of(cx);
    let (all, phones) = load(app, hands).await?;
    let rows: Vec<Row> =
        all.iter().filter(|line| filter.picks(line)).map(|line| Row::of(cx, line, &phones)).collect();
    let shown = cx.t2("vehicles-shown", "count", rows.len(), "all", all.len());
    let mut heads = vec![
        Head::centred(cx.t("vehicles-col-code"), 9),
        Head::centred(cx.t("vehicles-col-plate"), 12),
        Head::new(cx.t("vehicles-col-kind"), 11),
        Head::new(cx.t("vehicles-col-unit"), 20),
        Head::new(cx.t("vehicles-col-driver"), 16),
        Head::centred(cx.t("vehicles-col-lot"), 6),
        Head::new(cx.t("vehicles-col-convoy"), 12),
        Head::centred(cx.t("vehicles-col-days"), 18),
        Head::new(cx.t("vehicles-col-state"), 12),
    ];
    if hands.contacts {
        heads.insert(5, Head::centred(cx.t("vehicles-col-phone"), 11));
    }
    Ok(List {
        name: format!("xe-{}", cx.now.date()),
        title: cx.t("vehicles-title").into_owned(),
        lines: vec![cx.congress().name.clone()],
        as_of: cx.as_of(),
        heads,
        rows: rows
            .into_iter()
            .map(|row| {
                let mut cells = vec![row.code, row.plate, row.kind, row.unit, row.driver];
                if hands.contacts {
                    cells.push(row.phone);
                }
                cells.extend([row.lot, row.convoy, row.days, row.chip.words]);
                cells
            })
            .collect(),
        legend: vec![shown],
    })
}

/// `GET /xe/xuat.xlsx`
pub(in crate::vehicles) async fn xlsx(
    actor: Actor<ReadVehicles>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let list = list_out(&app, &cx, Hands::of(&actor)).await?;
    let name = list.name.clone();
    let bytes = tokio::task::spawn_blocking(move || list.xlsx()).await.map_err(AppError::internal)?;
    Ok(download(bytes.map_err(AppError::internal)?, Made::Xlsx, &name))
}

/// `GET /xe/xuat.pdf`
pub(in crate::vehicles) async fn pdf(
    actor: Actor<ReadVehicles>,
    cx: Cx,
    State(app): State<App>,
    Extension(press): Extension<PressRoom>,
) -> Result<Response, AppError> {
    let list = list_out(&app, &cx, Hands::of(&actor)).await?;
    let bytes = press.pdf(Printable::Listing(list.listing())).await.map_err(AppError::internal)?;
    Ok(download(bytes, Made::Pdf, &list.name))
}

pub(in crate::vehicles) fn chosen(typed: &Typed) -> Vec<u32> {
    typed.all("vehicle").iter().filter_map(|no| no.parse().ok()).collect()
}

/// `POST /xe/de-nghi`: for those chosen, or for all that have none.
pub(in crate::vehicles) async fn request(
    actor: Actor<ManageVehicles>,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let numbers = chosen(&Typed::from(pairs));
    app.db
        .write(actor.author(), move |tx| {
            let numbers = if numbers.is_empty() {
                let all = query::lines(tx)?.into_iter();
                all.filter(|line| line.pass.is_none()).map(|line| line.vehicle.no).collect()
            } else {
                numbers
            };
            passes::request(tx, &numbers)
        })
        .await?;
    Ok(see("/xe", "requested"))
}

/// `POST /xe/duyet`
pub(in crate::vehicles) async fn approve(
    actor: Actor<DecidePasses>,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let numbers = chosen(&Typed::from(pairs));
    if numbers.is_empty() || numbers.len() > MOST {
        return Err(AppError::invalid(Vec::new()).because(key("vehicles-error-choose")));
    }
    app.db.write(actor.author(), move |tx| passes::approve(tx, &numbers)).await?;
    Ok(see("/xe", "approved"))
}
