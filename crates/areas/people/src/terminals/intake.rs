//! The doors that terminals speak to. They carry no cookie and come from no page, so they stand outside the guard of
//! browsers; each proves itself by its own means, and gets short answers that say nothing about anybody.

use std::sync::Arc;

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, FromRequest as _, Multipart, RawQuery, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use platform::{
    app::App,
    audit::Author,
    db::DbError,
    identity::{Client, secret},
    web::Path,
};
use serde_json::{Value, json};

use super::{
    TerminalError,
    model::{Networks, Terminal, TerminalKind},
    query::{self, Acting},
    read::{
        Message, Unreadable, hikvision,
        webhook::{self, Signature},
        zkteco::{self, Line},
    },
    store::{self, Outcome},
};
use crate::{
    badges::{query as badges, seal::Seal},
    gates::{
        heard::{Heard, Told},
        model::DeviceId,
    },
};

/// The most bytes of a message, with the pictures that some send along.
const BODY: usize = 4 << 20;
/// The most bytes of what is read of one.
const READ: usize = 64 << 10;
/// How far the clock of a signature may be off.
const WINDOW: i64 = 300;

/// The doors.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/recognition", post(recognition))
        .route("/api/v1/terminals/{device}/hikvision", post(from_hikvision).put(from_hikvision))
        .route("/iclock/cdata", get(zk_begin).post(zk_data))
        .route("/iclock/registry", get(zk_registry).post(zk_registry))
        .route("/iclock/push", get(zk_push).post(zk_push))
        .route("/iclock/getrequest", get(zk_ok))
        .route("/iclock/ping", get(zk_ok).post(zk_ok))
        .route("/iclock/devicecmd", post(zk_ok))
        .layer(DefaultBodyLimit::max(BODY))
}

/// Why a message is turned away. Programs read the name; people read `docs/may-nhan-dien.md`.
enum Refusal {
    /// Unknown, sent away, wrong signature or password, wrong network: one answer for all, so that nothing is learned.
    Who,
    /// Signed too long ago, or ahead: the clock is wrong, or somebody sends again what he overheard.
    Clock,
    /// Not what the page says.
    Shape,
    /// Storage: to be sent again.
    Later,
}

impl From<TerminalError> for Refusal {
    fn from(error: TerminalError) -> Self {
        match error {
            TerminalError::TooMany => Self::Shape,
            error => {
                tracing::error!(%error, "an event of a terminal could not be taken in");
                Self::Later
            }
        }
    }
}

impl From<Unreadable> for Refusal {
    fn from(_: Unreadable) -> Self {
        Self::Shape
    }
}

impl Refusal {
    fn response(&self) -> Response {
        let (status, name) = match self {
            Self::Who => (StatusCode::UNAUTHORIZED, "terminal-signature"),
            Self::Clock => (StatusCode::UNAUTHORIZED, "terminal-clock"),
            Self::Shape => (StatusCode::UNPROCESSABLE_ENTITY, "terminal-shape"),
            Self::Later => (StatusCode::SERVICE_UNAVAILABLE, "terminal-later"),
        };
        let body = json!({ "type": format!("/api/problems/{name}"), "status": status.as_u16() });
        let mut response = (status, axum::Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        match self {
            Self::Later => headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5")),
            Self::Who => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"dienhong\""))
            }
            _ => None,
        };
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

/// Every answer says nothing of anybody and is for no cache.
fn plain(text: String) -> Response {
    let kind = HeaderValue::from_static("text/plain; charset=utf-8");
    let mut response = ([(header::CONTENT_TYPE, kind)], text).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn acting(app: &App, id: DeviceId) -> Result<Option<Acting>, Refusal> {
    Ok(app.db.read(move |tx| query::acting(tx, id)).await?)
}

/// The key of a terminal, or one that nobody has: so that an unknown terminal is turned away no quicker.
fn key_of(app: &App, terminal: Option<&Terminal>) -> Result<[u8; 32], Refusal> {
    let Some(terminal) = terminal else { return Ok(secret::random()) };
    let seal = Seal::of(&app.config.data).map_err(TerminalError::from)?;
    Ok(store::open(&seal, terminal)?)
}

fn from_its_network(terminal: &Terminal, client: &Client) -> bool {
    Networks::read(&terminal.networks).is_ok_and(|networks| networks.hold(&client.address))
}

/// The terminal is there, and its clock is off by so much where that can be told.
async fn hear(
    app: &App,
    (_, _, device): &Acting,
    offset_ms: i64,
) -> Result<(Arc<Heard>, Timestamp), Refusal> {
    let heard = app.kept.of::<Heard>();
    let (now, known) = app
        .db
        .read(|tx| Ok::<_, DbError>((tx.now(), badges::revocations(tx)?.sequence())))
        .await
        .map_err(TerminalError::from)?;
    heard.tell(device.id, Told { at: now, offset_ms, waiting: 0, battery: None, list_known: known });
    if let Some(due) = heard.due(now) {
        app.db
            .write(&Author::system("gates"), move |tx| crate::gates::store::heard(tx, &due))
            .await
            .map_err(TerminalError::from)?;
    }
    Ok((heard, now))
}

async fn take(app: &App, acting: Acting, offset_ms: i64, lines: Vec<Line>) -> Result<Vec<Outcome>, Refusal> {
    let (heard, _) = hear(app, &acting, offset_ms).await?;
    if !lines.iter().any(|line| !matches!(line, Ok(None))) {
        return Ok(Vec::new());
    }
    let author = Author { office: acting.2.enrolled_by.clone(), ..Author::system("terminals") };
    let done = app.db.write(&author, move |tx| {
        let (terminal, gate, device) = &acting;
        store::take(tx, (terminal, gate, device), &heard, offset_ms, &lines)
    });
    Ok(done.await?)
}

/// How far a terminal's clock was behind when it was last heard of.
fn known_offset(app: &App, acting: &Acting) -> i64 {
    app.kept.of::<Heard>().told(acting.2.id).map_or(acting.2.offset_ms, |told| told.offset_ms)
}

fn behind(now: Timestamp, then: Timestamp) -> i64 {
    now.as_millisecond().saturating_sub(then.as_millisecond())
}

// ---------------------------------------------------------------- our own webhook

async fn recognition(State(app): State<App>, client: Client, headers: HeaderMap, body: Bytes) -> Response {
    match recognised(&app, &client, &headers, &body).await {
        Ok(said) => (StatusCode::OK, axum::Json(said)).into_response(),
        Err(refusal) => refusal.response(),
    }
}

async fn recognised(app: &App, client: &Client, headers: &HeaderMap, body: &[u8]) -> Result<Value, Refusal> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let id: Option<DeviceId> = text("dienhong-device").and_then(|id| id.parse().ok());
    let signature = text("dienhong-signature").and_then(|text| Signature::read(text).ok());
    let (Some(id), Some(signature)) = (id, signature) else { return Err(Refusal::Who) };
    let found = acting(app, id).await?.filter(|one| one.0.kind == TerminalKind::Webhook);
    let key = key_of(app, found.as_ref().map(|one| &one.0))?;
    let signed = signature.is_of(&key, body);
    let Some(acting) = found.filter(|one| signed && from_its_network(&one.0, client)) else {
        return Err(Refusal::Who);
    };
    let now = app.db.read(|tx| Ok::<_, DbError>(tx.now())).await.map_err(TerminalError::from)?;
    let offset = behind(now, signature.at);
    // Within a second the two clocks say the same.
    let offset = if offset.abs() < 1000 { 0 } else { offset };
    if body.len() > READ {
        return Err(Refusal::Shape);
    }
    if offset.abs() > WINDOW * 1000 {
        return Err(Refusal::Clock);
    }
    let (named, message) = webhook::read(body)?;
    if named != id.to_string() {
        return Err(Refusal::Shape);
    }
    let line = match message {
        Message::Seen(seen) => Ok(Some(seen)),
        Message::Beat | Message::Other => Ok(None),
    };
    let said = take(app, acting, offset, vec![line]).await?;
    Ok(match said.first() {
        Some(one) => json!({ "result": one.verdict, "was": one.was, "open": one.opens, "now": now }),
        None => json!({ "result": "ok", "open": false, "now": now }),
    })
}

// ---------------------------------------------------------------- Hikvision

async fn from_hikvision(
    State(app): State<App>,
    Path(device): Path<DeviceId>,
    client: Client,
    request: Request,
) -> Response {
    match hikvision(&app, device, &client, request).await {
        Ok(()) => plain("OK".to_owned()),
        Err(refusal) => refusal.response(),
    }
}

async fn hikvision(app: &App, id: DeviceId, client: &Client, request: Request) -> Result<(), Refusal> {
    let found = acting(app, id).await?.filter(|one| one.0.kind == TerminalKind::Hikvision);
    let key = key_of(app, found.as_ref().map(|one| &one.0))?;
    let signed = signs_in(request.headers(), &id.to_string(), &store::password(&key));
    let Some(acting) = found.filter(|one| signed && from_its_network(&one.0, client)) else {
        return Err(Refusal::Who);
    };
    let mut lines: Vec<Line> = Vec::new();
    let mut offset = known_offset(app, &acting);
    let now = app.db.read(|tx| Ok::<_, DbError>(tx.now())).await.map_err(TerminalError::from)?;
    for bytes in parts(request).await? {
        match hikvision::read(&bytes) {
            Ok(Message::Seen(seen)) => {
                // What happens now tells how far the clock is off.
                if seen.live == Some(true) {
                    offset = behind(now, seen.at);
                }
                lines.push(Ok(Some(seen)));
            }
            Ok(Message::Beat | Message::Other) => lines.push(Ok(None)),
            Err(unreadable) => lines.push(Err(unreadable)),
        }
    }
    take(app, acting, offset, lines).await?;
    Ok(())
}

/// `Authorization: Basic`, compared without telling by the time it takes where they differ.
fn signs_in(headers: &HeaderMap, user: &str, password: &str) -> bool {
    let given = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic"))
        .and_then(|(_, text)| STANDARD.decode(text.trim()).ok())
        .unwrap_or_default();
    // Equal hashes are compared: how long it takes says nothing about the password.
    secret::hash(&String::from_utf8_lossy(&given)) == secret::hash(&format!("{user}:{password}"))
}

/// What can be read of a message: the whole of it, or the parts of a form that are text. Pictures are read away piece
/// by piece and never stand in memory whole.
async fn parts(request: Request) -> Result<Vec<Vec<u8>>, Refusal> {
    let kind =
        request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    if !kind.trim_start().to_ascii_lowercase().starts_with("multipart/") {
        let bytes = Bytes::from_request(request, &()).await.map_err(|_| Refusal::Shape)?;
        return if bytes.len() > READ { Err(Refusal::Shape) } else { Ok(vec![bytes.to_vec()]) };
    }
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| Refusal::Shape)?;
    let mut out = Vec::new();
    while let Some(mut field) = form.next_field().await.map_err(|_| Refusal::Shape)? {
        let kind = field.content_type().unwrap_or("application/json").to_ascii_lowercase();
        let text = kind.contains("json") || kind.contains("xml") || kind.starts_with("text/");
        let mut bytes = Vec::new();
        while let Some(piece) = field.chunk().await.map_err(|_| Refusal::Shape)? {
            if text && bytes.len() + piece.len() <= READ {
                bytes.extend_from_slice(&piece);
            } else if text {
                return Err(Refusal::Shape);
            }
        }
        if text {
            out.push(bytes);
        }
        if out.len() > 8 {
            return Err(Refusal::Shape);
        }
    }
    Ok(out)
}

// ---------------------------------------------------------------- ZKTeco

/// A value of the query by name.
fn asked(query: &Option<String>, name: &str) -> String {
    query
        .as_deref()
        .unwrap_or_default()
        .split('&')
        .find_map(|pair| pair.split_once('=').filter(|(key, _)| key.eq_ignore_ascii_case(name)))
        .map(|(_, value)| value.chars().take(60).collect())
        .unwrap_or_default()
}

/// The terminal of a serial number, believed from its own network only.
async fn zk(app: &App, query: &Option<String>, client: &Client) -> Result<Acting, Refusal> {
    let serial = asked(query, "SN");
    let found = app
        .db
        .read(move |tx| match query::by_serial(tx, &serial)? {
            Some(terminal) => query::acting(tx, terminal.device),
            None => Ok(None),
        })
        .await?;
    found
        .filter(|one| one.0.kind == TerminalKind::Zkteco && from_its_network(&one.0, client))
        .ok_or(Refusal::Who)
}

async fn zk_said(
    app: &App,
    query: &Option<String>,
    client: &Client,
    said: impl Fn(&str) -> String,
) -> Response {
    let answer = async {
        let acting = zk(app, query, client).await?;
        let offset = known_offset(app, &acting);
        hear(app, &acting, offset).await?;
        Ok::<_, Refusal>(said(acting.0.serial.as_deref().unwrap_or_default()))
    };
    match answer.await {
        Ok(text) => plain(text),
        Err(refusal) => refusal.response(),
    }
}

async fn zk_begin(State(app): State<App>, RawQuery(query): RawQuery, client: Client) -> Response {
    zk_said(&app, &query, &client, zkteco::options).await
}

async fn zk_registry(State(app): State<App>, RawQuery(query): RawQuery, client: Client) -> Response {
    zk_said(&app, &query, &client, |serial| format!("RegistryCode={}\n", session_of(serial))).await
}

async fn zk_push(State(app): State<App>, RawQuery(query): RawQuery, client: Client) -> Response {
    zk_said(&app, &query, &client, |serial| zkteco::push_options(&session_of(serial))).await
}

async fn zk_ok(State(app): State<App>, RawQuery(query): RawQuery, client: Client) -> Response {
    zk_said(&app, &query, &client, |_| "OK".to_owned()).await
}

/// What a terminal wants to be called in a session; it proves nothing.
fn session_of(serial: &str) -> String {
    platform::hex(secret::hash(serial).get(..8).unwrap_or_default())
}

async fn zk_data(State(app): State<App>, RawQuery(query): RawQuery, client: Client, body: Bytes) -> Response {
    let answer = async {
        let acting = zk(&app, &query, &client).await?;
        let table = asked(&query, "table");
        let offset = known_offset(&app, &acting);
        // Pictures and all else that a terminal has are read away: only what somebody walked past for is kept.
        let lines = match table.to_ascii_lowercase().as_str() {
            "attlog" => zkteco::attlog(text_of(&body)?),
            "rtlog" => zkteco::rtlog(text_of(&body)?),
            _ => Vec::new(),
        };
        let count = lines.len();
        take(&app, acting, offset, lines).await?;
        Ok::<_, Refusal>(format!("OK: {count}"))
    };
    match answer.await {
        Ok(text) => plain(text),
        Err(refusal) => refusal.response(),
    }
}

fn text_of(body: &[u8]) -> Result<&str, Refusal> {
    std::str::from_utf8(body.get(..body.len().min(READ * 4)).unwrap_or_default()).map_err(|_| Refusal::Shape)
}
