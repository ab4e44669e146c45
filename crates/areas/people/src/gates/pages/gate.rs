//! The page of a gate: what a steward's tablet shows, with a network and without.
//!
//! The page itself says nothing about anybody and is open to whoever knows its address: it becomes a gate when the
//! device joins by a code, and what it then shows it asks for with its own token.

use std::fmt::Write as _;

use askama::Template;
use axum::{
    Json,
    extract::Path,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use platform::{
    i18n::{Arg, key},
    web::{self, AppError, Cx, Layout, Page, page},
};
use serde_json::json;

use crate::badges::model::BadgeCategory;

/// Where gates live; the worker reaches no further.
const HOME: &str = "/cong";

/// What the page is made of besides itself: kept on the device with it.
const PARTS: &[&str] = &[
    "vendor/bootstrap.css",
    "theme.css",
    "gates.css",
    "vendor/htmx.js",
    "vendor/idiomorph-ext.js",
    "vendor/sse.js",
    "js/app.js",
    "js/dom.js",
    "js/draft.js",
    "js/filter.js",
    "js/live.js",
    "js/select.js",
    "js/pass.js",
    "js/gate.js",
    "js/gate/camera.js",
    "js/gate/keep.js",
    "js/gate/open.js",
    "js/gate/rule.js",
    "js/gate/screen.js",
    "js/gate/server.js",
    "js/gate/sheets.js",
    "js/gate/sound.js",
    "js/gate/wedge.js",
    "js/gate/word.js",
    "vendor/zxing/share.js",
    "vendor/zxing/reader/index.js",
    "vendor/zxing/reader/zxing_reader.wasm",
    "wasm/pass.wasm",
    "icons.svg",
    "favicon.svg",
    "vendor/fonts/be-vietnam-pro-latin-400.woff2",
    "vendor/fonts/be-vietnam-pro-vietnamese-400.woff2",
    "vendor/fonts/be-vietnam-pro-latin-600.woff2",
    "vendor/fonts/be-vietnam-pro-vietnamese-600.woff2",
];

/// What the page says: each verdict with what to do, and the lines of its bar.
const WORDS: &[&str] = &[
    key("gates-say-admit"),
    key("gates-say-leave"),
    key("gates-say-already_inside"),
    key("gates-say-revoked"),
    key("gates-say-replaced"),
    key("gates-say-wrong_day"),
    key("gates-say-wrong_zone"),
    key("gates-say-wrong_time"),
    key("gates-say-not_summoned"),
    key("gates-say-home_lane"),
    key("gates-say-supervisor"),
    key("gates-say-unknown"),
    key("gates-say-leave_granted"),
    key("gates-say-voided"),
    key("gates-say-wait"),
    key("gates-say-confirm_in"),
    key("gates-say-confirm_out"),
    key("gates-do-confirm_in"),
    key("gates-do-confirm_out"),
    key("gates-act-lock"),
    key("gates-lock-done"),
    key("gates-lock-failed"),
    key("gates-undo-left"),
    key("gates-say-invalid"),
    key("gates-say-no-card"),
    key("gates-do-already_inside"),
    key("gates-do-revoked"),
    key("gates-do-replaced"),
    key("gates-do-wrong_day"),
    key("gates-do-wrong_zone"),
    key("gates-do-wrong_time"),
    key("gates-do-not_summoned"),
    key("gates-do-home_lane"),
    key("gates-do-supervisor"),
    key("gates-do-unknown"),
    key("gates-do-wait"),
    key("gates-do-invalid"),
    key("gates-do-no-card"),
    key("gates-since"),
    key("gates-group"),
    key("gates-bar-online"),
    key("gates-bar-waiting"),
    key("gates-bar-alone"),
    key("gates-bar-wiped"),
    key("gates-bar-wiped-left"),
    key("gates-bar-early"),
    key("gates-bar-list"),
    key("gates-bar-list-stale"),
    key("gates-bar-list-none"),
    key("gates-bar-queue"),
    key("gates-bar-session"),
    key("gates-bar-lane"),
    key("gates-search-none"),
    key("gates-search-offline"),
    key("gates-search-inside"),
    key("gates-join-wrong"),
    key("gates-join-offline"),
    key("gates-act-enter"),
    key("gates-act-exit"),
    key("gates-act-leave"),
    key("gates-act-override"),
    key("gates-reason-needed"),
    key("gates-camera-off"),
    key("gates-recent-none"),
    key("gates-void-of"),
    key("gates-photo-of"),
    key("gates-seat"),
    key("gates-seat-door"),
];

/// What the sentences of a gate leave open.
const BLANKS: [&str; 10] =
    ["time", "lane", "count", "seconds", "minutes", "no", "session", "name", "seat", "door"];

#[derive(Template)]
#[template(path = "gates/pages/gate.html")]
struct GatePage<'a> {
    cx: &'a Cx,
    gate: String,
    words: Vec<(&'static str, String)>,
    categories: Vec<(String, String)>,
}

/// Whether a text may be the name of a gate; nothing else is put into the page.
fn is_name(slug: &str) -> bool {
    (1..=40).contains(&slug.len())
        && slug.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// `GET /cong/{gate}/quet`
pub(in crate::gates) async fn page_of(cx: Cx, Path(gate): Path<String>) -> Result<Response, AppError> {
    if !is_name(&gate) {
        return Err(AppError::not_found());
    }
    // The script fills these in.
    let blanks = BLANKS.map(|name| (name, Arg::Text(format!("{{{name}}}"))));
    let body = GatePage {
        words: WORDS
            .iter()
            .map(|name| (name.strip_prefix("gates-").unwrap_or(name), cx.ta(name, &blanks)))
            .collect(),
        categories: BadgeCategory::ALL
            .iter()
            .map(|one| (one.to_string(), cx.tp("badges-category-", one).into_owned()))
            .collect(),
        gate,
        cx: &cx,
    };
    let whole = Page::new(cx.t("gates-app"), body)
        .layout(Layout::Wall)
        .style("gates.css")
        .script("js/gate.js")
        // Beside the page, so that each gate has its own.
        .manifest("manifest.webmanifest")
        .wasm();
    Ok(page(&cx, whole))
}

/// `GET /cong/sw.js`: the worker, with the list of what it keeps.
pub(in crate::gates) async fn worker() -> Response {
    let mut code = format!("self.KEEP={{version:\"{}\",assets:[", web::assets::HASH);
    for name in PARTS {
        let _ = write!(code, "\"{}\",", web::asset(name));
    }
    code.push_str("]};\n");
    code.push_str(&String::from_utf8_lossy(web::assets::bytes("js/gate/worker.js").unwrap_or_default()));
    (
        [
            (header::CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8")),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
            (header::HeaderName::from_static("service-worker-allowed"), HeaderValue::from_static(HOME)),
        ],
        code,
    )
        .into_response()
}

/// `GET /cong/{gate}/manifest.webmanifest`: what a tablet needs to install the gate.
pub(in crate::gates) async fn manifest(cx: Cx, Path(gate): Path<String>) -> Result<Response, AppError> {
    if !is_name(&gate) {
        return Err(AppError::not_found());
    }
    let start = format!("{HOME}/{gate}/quet");
    let body = Json(json!({
        "name": format!("{} {gate}", cx.t("gates-app")),
        "short_name": gate,
        "lang": cx.lang.code(),
        "id": start,
        "start_url": start,
        "scope": format!("{HOME}/"),
        "display": "fullscreen",
        "orientation": "any",
        "background_color": "#14110f",
        "theme_color": "#14110f",
        "icons": [{ "src": web::asset("favicon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any" }],
    }));
    let mut response = body.into_response();
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/manifest+json"));
    Ok(response)
}
