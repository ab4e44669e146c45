//! Gates and their devices: how each stands, a code for a new one, sending one away.

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use jiff::civil::DateTime;
use platform::{
    app::App,
    clock,
    db::{DbError, Tx},
    identity::{Actor, Right},
    web::{AppError, Cx, FieldProblem, LivePart, Page, Typed, page, page_with, problem, see},
};

use super::{may, notice};
use crate::{
    attendance::{ManageAttendance, ReadAttendance, model::Session, query as roll_call},
    badges::{model::Zone, query as badges},
    gates::{
        GateError, TOPIC,
        heard::{Heard, Told},
        model::{Device, DeviceId, DeviceRole, Direction, Gate, NewGate},
        query,
        store::{self, CodeFor},
    },
};

/// A clock that is further off than this is shown as wrong, in milliseconds.
const CLOCK_OFF: i64 = 30_000;

struct DeviceLine {
    id: DeviceId,
    name: String,
    role: String,
    plain: bool,
    terminal: bool,
    window: String,
    tone: &'static str,
    icon: &'static str,
    state: String,
    seen: String,
    clock: String,
    clock_off: bool,
    waiting: u32,
    battery: String,
    low: bool,
    list: String,
    list_old: bool,
}

struct GateLine {
    gate: Gate,
    zone: String,
    direction: String,
    sessions: String,
    rate: u32,
    alone: u32,
    devices: Vec<DeviceLine>,
}

#[derive(Template)]
#[template(path = "gates/pages/devices_part.html")]
struct Part<'a> {
    cx: &'a Cx,
    lines: Vec<GateLine>,
    manages: bool,
    moment: String,
}

#[derive(Template)]
#[template(path = "gates/pages/devices.html")]
struct Whole<'a> {
    cx: &'a Cx,
    notice: String,
    manages: bool,
    region: String,
}

struct Picture {
    gates: Vec<(Gate, Vec<String>)>,
    devices: Vec<(Device, bool, Option<Told>)>,
    zones: Vec<Zone>,
    sessions: Vec<Session>,
    rates: std::collections::HashMap<String, (u32, u32)>,
    revoked_to: u32,
}

fn load(tx: &mut Tx<'_>, heard: &Heard) -> Result<Picture, DbError> {
    let now = tx.now();
    let mut gates = Vec::new();
    for gate in query::gates(tx)? {
        let sessions = query::named_sessions(tx, &gate.slug)?;
        gates.push((gate, sessions));
    }
    let devices = query::devices(tx)?.into_iter().map(|mut device| {
        let silent = if device.role == DeviceRole::Terminal {
            heard.is_silent_terminal(&device, now)
        } else {
            heard.is_silent(&device, now)
        };
        let told = heard.told(device.id);
        device.seen_at = heard.last(&device);
        (device, silent, told)
    });
    Ok(Picture {
        gates,
        devices: devices.collect(),
        zones: badges::access(tx)?.zones,
        sessions: roll_call::sessions(tx)?,
        rates: query::rates(tx)?,
        revoked_to: badges::revocations(tx)?.sequence(),
    })
}

fn device_line(
    cx: &Cx,
    (device, silent, told): &(Device, bool, Option<Told>),
    revoked_to: u32,
) -> DeviceLine {
    let offset = told.map_or(device.offset_ms, |told| told.offset_ms);
    let battery = told.map_or(device.battery, |told| told.battery);
    let known = told.map_or(device.list_known, |told| told.list_known);
    let behind = revoked_to.saturating_sub(known);
    let (tone, icon, state) = if *silent {
        ("red", "wifi-off", cx.t("gates-state-silent"))
    } else {
        ("green", "wifi", cx.t("gates-state-online"))
    };
    DeviceLine {
        id: device.id,
        name: device.name.clone(),
        role: cx.tp("gates-role-", device.role).into_owned(),
        plain: device.role == DeviceRole::Steward,
        terminal: device.role == DeviceRole::Terminal,
        window: device
            .until_at
            .map(|until| cx.t1("gates-until", "time", cx.moment(&clock::local(until))))
            .unwrap_or_default(),
        tone,
        icon,
        state: state.into_owned(),
        seen: cx.moment(&clock::local(device.seen_at)),
        clock: cx.tn("gates-clock", (offset / 1000).abs()),
        clock_off: offset.abs() > CLOCK_OFF,
        waiting: told.map_or(device.waiting, |told| told.waiting),
        battery: battery.map(|percent| format!("{percent}%")).unwrap_or_default(),
        low: battery.is_some_and(|percent| percent < 20),
        list: if behind == 0 {
            cx.t("gates-list-new").into_owned()
        } else {
            cx.tn("gates-list-behind", behind)
        },
        list_old: behind > 0,
    }
}

fn draw(cx: &Cx, picture: &Picture, manages: bool) -> askama::Result<String> {
    let lines = picture.gates.iter().map(|(gate, named)| {
        let titles: Vec<&str> = picture
            .sessions
            .iter()
            .filter(|session| named.contains(&session.slug))
            .map(|session| session.title.as_str())
            .collect();
        let (rate, alone) = picture.rates.get(&gate.slug).copied().unwrap_or_default();
        GateLine {
            zone: picture
                .zones
                .iter()
                .find(|zone| zone.bit == gate.zone)
                .map(|zone| zone.name.clone())
                .unwrap_or_default(),
            direction: cx.tp("gates-direction-", gate.direction).into_owned(),
            sessions: if titles.is_empty() {
                cx.t("gates-all-sessions").into_owned()
            } else {
                titles.join(", ")
            },
            rate,
            alone,
            devices: picture
                .devices
                .iter()
                .filter(|(device, ..)| device.gate == gate.slug)
                .map(|device| device_line(cx, device, picture.revoked_to))
                .collect(),
            gate: gate.clone(),
        }
    });
    Part { lines: lines.collect(), manages, moment: cx.moment(&cx.now), cx }.render()
}

/// `GET /cong`
pub(in crate::gates) async fn list(
    actor: Actor<ReadAttendance>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let (heard, manages) = (app.kept.of::<Heard>(), may(&actor, Right::Manage));
    let picture = app.db.read(move |tx| load(tx, &heard)).await?;
    let live = LivePart::of(&cx, manages);
    let region = live.region(draw(&live.cx(), &picture, manages)?)?;
    let body = Whole { notice: notice(&cx, &["saved", "ended"]), manages, region, cx: &cx };
    Ok(page(&cx, Page::new(cx.t("gates-title"), body).style("gates.css")))
}

/// `GET /song/cong`
pub(in crate::gates) async fn stream(
    actor: Actor<ReadAttendance>,
    cx: Cx,
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let (owner, manages) = (app.clone(), may(&actor, Right::Manage));
    LivePart::of(&cx, manages).stream(&app, &actor, &cx, &headers, [TOPIC], move |cx| {
        let app = owner.clone();
        async move {
            let heard = app.kept.of::<Heard>();
            let picture = app.db.read(move |tx| load(tx, &heard)).await?;
            Ok(draw(&cx, &picture, manages)?)
        }
    })
}

// ---------------------------------------------------------------- a gate

struct SessionChoice {
    slug: String,
    title: String,
    on: bool,
}

#[derive(Template)]
#[template(path = "gates/pages/form.html")]
struct FormPage<'a> {
    cx: &'a Cx,
    title: String,
    action: String,
    fresh: bool,
    typed: Typed,
    problems: Vec<FieldProblem>,
    general: String,
    zones: Vec<(String, String)>,
    directions: Vec<(String, String)>,
    sessions: Vec<SessionChoice>,
    open: bool,
}

impl FormPage<'_> {
    fn err(&self, name: &str) -> String {
        problem(self.cx, &self.problems, name)
    }
}

async fn form(
    app: &App,
    cx: &Cx,
    slug: Option<&str>,
    (typed, chosen, open): (Typed, Vec<String>, bool),
    refused: Option<AppError>,
) -> Result<Response, AppError> {
    let (zones, sessions) =
        app.db.read(|tx| Ok::<_, DbError>((badges::access(tx)?.zones, roll_call::sessions(tx)?))).await?;
    let title = cx.t(if slug.is_some() { "gates-edit" } else { "gates-new" }).into_owned();
    let problems = refused.as_ref().map(|error| error.fields().to_vec()).unwrap_or_default();
    let body = FormPage {
        title: title.clone(),
        action: slug.map_or_else(|| "/cong/moi".to_owned(), |slug| format!("/cong/{slug}/sua")),
        fresh: slug.is_none(),
        general: refused
            .as_ref()
            .filter(|_| problems.is_empty())
            .map(|error| error.detail(cx.lang))
            .unwrap_or_default(),
        problems,
        typed,
        zones: zones.into_iter().map(|zone| (zone.bit.to_string(), zone.name)).collect(),
        directions: Direction::ALL
            .iter()
            .map(|one| (one.to_string(), cx.tp("gates-direction-", one).into_owned()))
            .collect(),
        sessions: sessions
            .into_iter()
            .map(|one| SessionChoice { on: chosen.contains(&one.slug), slug: one.slug, title: one.title })
            .collect(),
        open,
        cx,
    };
    let status = refused.map_or(StatusCode::OK, |error| error.status());
    Ok(page_with(status, cx, Page::new(title, body).style("gates.css")))
}

/// `GET /cong/moi`
pub(in crate::gates) async fn new(
    _actor: Actor<ManageAttendance>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let mut typed = Typed::default();
    typed.set("direction", Direction::Both.as_str());
    form(&app, &cx, None, (typed, Vec::new(), true), None).await
}

/// `GET /cong/{gate}/sua`
pub(in crate::gates) async fn edit(
    _actor: Actor<ManageAttendance>,
    cx: Cx,
    State(app): State<App>,
    Path(slug): Path<String>,
) -> Result<Response, AppError> {
    let named = slug.clone();
    let (gate, sessions) = app
        .db
        .read(move |tx| Ok::<_, GateError>((query::gate(tx, &named)?, query::named_sessions(tx, &named)?)))
        .await?;
    let mut typed = Typed::default();
    for (name, value) in [
        ("version", gate.version.to_string()),
        ("slug", gate.slug.clone()),
        ("name", gate.name.clone()),
        ("zone", gate.zone.to_string()),
        ("lane", gate.lane.to_string()),
        ("direction", gate.direction.to_string()),
        ("confirms", if gate.confirms { "1" } else { "" }.to_owned()),
    ] {
        typed.set(name, value);
    }
    form(&app, &cx, Some(&slug), (typed, sessions, gate.is_open), None).await
}

async fn keep(
    app: &App,
    actor: &Actor<ManageAttendance>,
    cx: &Cx,
    slug: Option<String>,
    pairs: Vec<(String, String)>,
) -> Result<Response, AppError> {
    let chosen: Vec<String> =
        pairs.iter().filter(|(name, _)| name == "sessions").map(|(_, value)| value.clone()).collect();
    let typed = Typed::from(pairs);
    let open = typed.get("open") == "1";
    let new = NewGate {
        slug: slug.clone().unwrap_or_else(|| typed.get("slug").to_owned()),
        name: typed.get("name").to_owned(),
        // What is no number is no zone and no lane: the store names the field.
        zone: typed.get("zone").parse().unwrap_or(u8::MAX),
        lane: typed.get("lane").parse().unwrap_or(0),
        direction: typed.get("direction").parse().unwrap_or(Direction::Both),
        is_open: open,
        confirms: typed.get("confirms") == "1",
        sessions: chosen.clone(),
    };
    let version = if slug.is_some() { typed.get("version").parse().unwrap_or(0) } else { 0 };
    match app.db.write(actor.author(), move |tx| store::put(tx, version, &new)).await {
        Ok(_) => Ok(see("/cong", "saved")),
        Err(error @ (GateError::Fields(_) | GateError::Conflict)) => {
            form(app, cx, slug.as_deref(), (typed, chosen, open), Some(error.into())).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /cong/moi`
pub(in crate::gates) async fn create(
    actor: Actor<ManageAttendance>,
    cx: Cx,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    keep(&app, &actor, &cx, None, pairs).await
}

/// `POST /cong/{gate}/sua`
pub(in crate::gates) async fn save(
    actor: Actor<ManageAttendance>,
    cx: Cx,
    State(app): State<App>,
    Path(slug): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let named = slug.clone();
    app.db.read(move |tx| query::gate(tx, &named).map(drop)).await?;
    keep(&app, &actor, &cx, Some(slug), pairs).await
}

// ---------------------------------------------------------------- devices

#[derive(Template)]
#[template(path = "gates/pages/code.html")]
struct CodePage<'a> {
    cx: &'a Cx,
    gate: Gate,
    code: String,
    qr: String,
    address: String,
    until: String,
    role: DeviceRole,
    works: String,
}

/// A code as a picture that a camera reads; nothing inline but geometry.
fn qr(text: &str, label: &str) -> String {
    use std::fmt::Write as _;
    let Ok(code) = qrcode::QrCode::with_error_correction_level(text, qrcode::EcLevel::M) else {
        return String::new();
    };
    let width = code.width();
    let mut path = String::new();
    for (at, colour) in code.to_colors().into_iter().enumerate() {
        if colour == qrcode::Color::Dark {
            let _ = write!(path, "M{} {}h1v1h-1z", at % width + 4, at / width + 4);
        }
    }
    let side = width + 8;
    let label = label.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    format!(
        "<svg viewBox=\"0 0 {side} {side}\" width=\"260\" height=\"260\" role=\"img\" aria-label=\"{label}\" \
         shape-rendering=\"crispEdges\"><rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/>\
         <path d=\"{path}\" fill=\"#000\"/></svg>"
    )
}

/// `POST /cong/{gate}/ma`: a code for one device, shown once.
pub(in crate::gates) async fn code(
    actor: Actor<ManageAttendance>,
    cx: Cx,
    State(app): State<App>,
    Path(slug): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let typed = Typed::from(pairs);
    let role = match typed.get("role") {
        "" => DeviceRole::Steward,
        text => text.parse().map_err(|_| AppError::bad_request())?,
    };
    let moment = |name: &str| match typed.get(name) {
        "" => Ok(None),
        text => text.parse::<DateTime>().map(clock::instant).map(Some).map_err(|_| AppError::bad_request()),
    };
    let new = CodeFor { role, from: moment("from")?, until: moment("until")? };
    let (who, named) = (store::asker(&actor), slug.clone());
    let gate = app.db.read(move |tx| query::gate(tx, &named)).await?;
    let (code, expires) =
        app.db.write(actor.author(), move |tx| store::make_code(tx, who, &slug, &new)).await?;
    // Behind the mark of a fragment: it is never sent to a server nor written into a log.
    let address = format!("{}cong/{}/quet", app.config.public_url, gate.slug);
    let body = CodePage {
        qr: qr(&format!("{address}#{}", code.text), &cx.t("gates-code-qr")),
        code: code.text,
        until: cx.time(&clock::local(expires).time()),
        address,
        role,
        works: new
            .until
            .map(|until| cx.t1("gates-until", "time", cx.moment(&clock::local(until))))
            .unwrap_or_default(),
        gate,
        cx: &cx,
    };
    Ok(page(&cx, Page::new(cx.t("gates-code-title"), body).style("gates.css")))
}

/// `POST /cong/thiet-bi/{device}/thu-hoi`
pub(in crate::gates) async fn end(
    actor: Actor<ManageAttendance>,
    State(app): State<App>,
    platform::web::Path(device): platform::web::Path<DeviceId>,
) -> Result<Response, AppError> {
    app.db.write(actor.author(), move |tx| store::end(tx, device)).await?;
    Ok(see("/cong", "ended"))
}
