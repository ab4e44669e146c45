//! Terminals: how each stands and what it told, a new one, the list of numbers for their vendor.

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use platform::{
    app::App,
    clock,
    db::Tx,
    identity::{Actor, Right},
    web::{AppError, Cx, FieldProblem, LivePart, Made, Page, Typed, download, page, page_with, problem},
};

use super::{
    TerminalError,
    model::{NewTerminal, Terminal, TerminalKind},
    query,
    store::{self, Keyed},
};
use crate::{
    attendance::{AREA, ManageAttendance, ReadAttendance, model::Mark},
    badges::seal::Seal,
    gates::{
        self, TOPIC,
        heard::Heard,
        model::{Device, DeviceId, Gate},
        store::asker,
    },
    intake::out::{Cell, csv},
};

/// What the page counts: what came in the last day.
const SINCE: std::time::Duration = std::time::Duration::from_secs(24 * 3600);

struct Line {
    id: DeviceId,
    name: String,
    gate: String,
    kind: String,
    way: String,
    silent: bool,
    seen: String,
    clock: String,
    clock_off: bool,
    counts: Vec<(String, u32)>,
    late: u32,
    from: String,
}

#[derive(Template)]
#[template(path = "terminals/list_part.html")]
struct Part<'a> {
    cx: &'a Cx,
    lines: Vec<Line>,
    agreed: usize,
    manages: bool,
    moment: String,
}

#[derive(Template)]
#[template(path = "terminals/list.html")]
struct Whole<'a> {
    cx: &'a Cx,
    gates: Vec<Gate>,
    manages: bool,
    region: String,
}

struct Picture {
    terminals: Vec<(Terminal, Device, bool)>,
    gates: Vec<Gate>,
    told: std::collections::HashMap<DeviceId, query::Told>,
    agreed: usize,
}

fn load(tx: &mut Tx<'_>, heard: &Heard) -> Result<Picture, TerminalError> {
    let now = tx.now();
    let devices = gates::query::devices(tx)?;
    let terminals = query::all(tx)?.into_iter().filter_map(|one| {
        let mut device = devices.iter().find(|device| device.id == one.device)?.clone();
        let silent = heard.is_silent_terminal(&device, now);
        device.seen_at = heard.last(&device);
        device.offset_ms = heard.told(device.id).map_or(device.offset_ms, |told| told.offset_ms);
        Some((one, device, silent))
    });
    Ok(Picture {
        terminals: terminals.collect(),
        gates: gates::query::gates(tx)?,
        told: query::told(tx, now - SINCE)?,
        agreed: query::agreed(tx)?.len(),
    })
}

fn draw(cx: &Cx, picture: &Picture, manages: bool) -> askama::Result<String> {
    let lines = picture.terminals.iter().map(|(one, device, silent)| {
        let told = picture.told.get(&one.device);
        Line {
            id: one.device,
            name: device.name.clone(),
            gate: picture
                .gates
                .iter()
                .find(|gate| gate.slug == device.gate)
                .map(|gate| gate.name.clone())
                .unwrap_or_default(),
            kind: cx.tp("terminals-kind-", one.kind).into_owned(),
            way: cx.tp("terminals-way-", one.way).into_owned(),
            silent: *silent,
            seen: cx.moment(&clock::local(device.seen_at)),
            clock: cx.tn("gates-clock", (device.offset_ms / 1000).abs()),
            clock_off: device.offset_ms.abs() > 30_000,
            counts: told
                .map(|(counts, _)| {
                    counts
                        .iter()
                        .map(|(outcome, count)| (cx.tp("terminals-outcome-", outcome).into_owned(), *count))
                        .collect()
                })
                .unwrap_or_default(),
            late: told.map_or(0, |(_, late)| *late),
            from: one.networks.split_whitespace().collect::<Vec<_>>().join(", "),
        }
    });
    Part { lines: lines.collect(), agreed: picture.agreed, manages, moment: cx.moment(&cx.now), cx }.render()
}

/// `GET /cong/may-nhan-dien`
pub(super) async fn list(
    actor: Actor<ReadAttendance>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let (heard, manages) = (app.kept.of::<Heard>(), actor.may(AREA, Right::Manage, None));
    let picture = app.db.read(move |tx| load(tx, &heard)).await?;
    let live = LivePart::of(&cx, manages);
    let region = live.region(draw(&live.cx(), &picture, manages)?)?;
    let body = Whole { gates: picture.gates, manages, region, cx: &cx };
    Ok(page(&cx, Page::new(cx.t("terminals-title"), body).style("gates.css")))
}

/// `GET /song/cong/may-nhan-dien`
pub(super) async fn stream(
    actor: Actor<ReadAttendance>,
    cx: Cx,
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let (owner, manages) = (app.clone(), actor.may(AREA, Right::Manage, None));
    LivePart::of(&cx, manages).stream(&app, &actor, &cx, &headers, [TOPIC], move |cx| {
        let app = owner.clone();
        async move {
            let heard = app.kept.of::<Heard>();
            let picture = app.db.read(move |tx| load(tx, &heard)).await.map_err(AppError::from)?;
            Ok(draw(&cx, &picture, manages)?)
        }
    })
}

// ---------------------------------------------------------------- a new one

#[derive(Template)]
#[template(path = "terminals/form.html")]
struct FormPage<'a> {
    cx: &'a Cx,
    gate: Gate,
    typed: Typed,
    problems: Vec<FieldProblem>,
    kinds: Vec<(String, String)>,
    ways: Vec<(String, String)>,
}

impl FormPage<'_> {
    fn err(&self, name: &str) -> String {
        problem(self.cx, &self.problems, name)
    }
}

fn form(cx: &Cx, gate: Gate, typed: Typed, refused: Option<AppError>) -> Response {
    let body = FormPage {
        gate,
        typed,
        problems: refused.as_ref().map(|error| error.fields().to_vec()).unwrap_or_default(),
        kinds: TerminalKind::ALL
            .iter()
            .map(|kind| (kind.to_string(), cx.tp("terminals-kind-", kind).into_owned()))
            .collect(),
        ways: [Mark::In, Mark::Out]
            .iter()
            .map(|way| (way.to_string(), cx.tp("terminals-way-", way).into_owned()))
            .collect(),
        cx,
    };
    let status = refused.map_or(StatusCode::OK, |error| error.status());
    page_with(status, cx, Page::new(cx.t("terminals-new"), body).style("gates.css"))
}

/// `GET /cong/{gate}/may-nhan-dien`
pub(super) async fn new(
    _actor: Actor<ManageAttendance>,
    cx: Cx,
    State(app): State<App>,
    Path(gate): Path<String>,
) -> Result<Response, AppError> {
    let gate = app.db.read(move |tx| gates::query::gate(tx, &gate)).await?;
    let mut typed = Typed::default();
    typed.set("least", "80");
    typed.set("way", if gate.direction == gates::model::Direction::Out { "out" } else { "in" });
    Ok(form(&cx, gate, typed, None))
}

#[derive(Template)]
#[template(path = "terminals/secret.html")]
struct SecretPage<'a> {
    cx: &'a Cx,
    gate: Gate,
    kind: TerminalKind,
    device: DeviceId,
    secret: String,
    password: String,
    address: String,
}

/// `POST /cong/{gate}/may-nhan-dien`: registers a terminal; its secret is shown once.
pub(super) async fn create(
    actor: Actor<ManageAttendance>,
    cx: Cx,
    State(app): State<App>,
    Path(gate): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let typed = Typed::from(pairs);
    let named = gate.clone();
    let at = app.db.read(move |tx| gates::query::gate(tx, &named)).await?;
    let Ok(kind) = typed.get("kind").parse::<TerminalKind>() else { return Err(AppError::bad_request()) };
    let percent: Option<u16> =
        if typed.get("least").is_empty() { Some(0) } else { typed.get("least").parse().ok() };
    let new = NewTerminal {
        gate,
        name: typed.get("name").to_owned(),
        kind,
        way: typed.get("way").parse().unwrap_or(Mark::In),
        serial: typed.get("serial").to_owned(),
        networks: typed.get("networks").to_owned(),
        // What is no share is more than all: the store names the field.
        least_score: percent.and_then(|share| share.checked_mul(10)).unwrap_or(u16::MAX),
    };
    let seal = Seal::of(&app.config.data).map_err(TerminalError::from)?;
    let who = asker(&actor);
    match app.db.write(actor.author(), move |tx| store::register(tx, &seal, who, &new)).await {
        Ok(done) => {
            let public = &app.config.public_url;
            let address = match kind {
                TerminalKind::Webhook => format!("{public}api/v1/recognition"),
                TerminalKind::Hikvision => format!("{public}api/v1/terminals/{}/hikvision", done.device),
                TerminalKind::Zkteco => public.to_string(),
            };
            let body = SecretPage {
                gate: at,
                kind,
                device: done.device,
                password: done.secret.chars().take(16).collect(),
                secret: done.secret,
                address,
                cx: &cx,
            };
            Ok(page(&cx, Page::new(cx.t("terminals-secret-title"), body).style("gates.css")))
        }
        Err(error @ TerminalError::Fields(_)) => Ok(form(&cx, at, typed, Some(error.into()))),
        Err(error) => Err(error.into()),
    }
}

/// `POST /cong/may-nhan-dien/ma`: the numbers of those who agreed, for the vendor.
pub(super) async fn keys(
    actor: Actor<ManageAttendance>,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let all = app.db.write(actor.author(), store::keys).await?;
    let row = |one: Keyed| vec![Cell::Text(one.person_key), Cell::Text(one.code), Cell::Text(one.name)];
    let heads = ["person_key", "code", "name"].map(str::to_owned);
    let text = csv(&heads, &all.into_iter().map(row).collect::<Vec<_>>());
    Ok(download(text, Made::Csv, "ma-may-nhan-dien"))
}
