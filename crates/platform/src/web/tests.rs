//! The frame through a router: headers, refusals in words, limits, the switch of language.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{Request, StatusCode};
use axum::response::Response;
use axum::routing::{get, post};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use super::*;

async fn boom() -> &'static str {
    panic!("secret detail")
}

async fn refuse() -> Result<(), AppError> {
    Err(AppError::invalid(vec![FieldProblem::new("due", "shell-error-invalid")]))
}

#[derive(askama::Template)]
#[template(source = "<h1>A</h1>", ext = "html")]
struct Heading;

fn app() -> Router {
    let routes = Router::new()
        .route("/plain", get(|cx: Cx| async move { page(&cx, Page::new("A", Heading)) }))
        .route("/wasm", get(|cx: Cx| async move { page(&cx, Page::new("A", Heading).wasm()) }))
        .route("/eat", post(|body: Bytes| async move { body.len().to_string() }))
        .route("/boom", get(boom))
        .route("/refuse", post(refuse))
        .route("/door", get(|| async { Err::<(), _>(AppError::unauthenticated()) }))
        .route("/busy", get(|| async { Err::<(), _>(AppError::unavailable(7).caused_by("disk /var/x")) }));
    finish(routes, Arc::new(Site::bare()))
}

async fn ask(request: axum::http::request::Builder, body: impl Into<Body>) -> (Response, String) {
    let response = app().oneshot(request.body(body.into()).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let text = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
    (Response::from_parts(parts, Body::empty()), text)
}

fn form(path: &str) -> axum::http::request::Builder {
    Request::post(path)
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/x-www-form-urlencoded")
}

#[tokio::test]
async fn every_answer_carries_the_headers() {
    for path in ["/none", "/busy", "/boom", "/door"] {
        let (response, _) = ask(Request::get(path), "").await;
        let headers = response.headers();
        for name in
            ["content-security-policy", "x-request-id", "cross-origin-opener-policy", "permissions-policy"]
        {
            assert!(headers.contains_key(name), "{path} lacks {name}");
        }
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["referrer-policy"], "same-origin");
        assert_eq!(headers["cache-control"], "no-store");
    }
}

#[tokio::test]
async fn only_a_page_that_asks_may_run_webassembly() {
    for (path, scripts) in [
        ("/none", "script-src 'self';"),
        ("/plain", "script-src 'self';"),
        ("/wasm", "script-src 'self' 'wasm-unsafe-eval';"),
    ] {
        let (response, _) = ask(Request::get(path).header("accept", "text/html"), "").await;
        let policy = response.headers()["content-security-policy"].to_str().unwrap();
        assert!(
            policy.starts_with(&format!("default-src 'none'; {scripts} style-src 'self';")),
            "{path}: {policy}"
        );
    }
}

#[tokio::test]
async fn people_get_a_sentence_and_programs_a_problem() {
    let (page, text) = ask(Request::get("/none").header("accept", "text/html"), "").await;
    assert_eq!(page.status(), StatusCode::NOT_FOUND);
    assert!(text.contains("<h1>Không tìm thấy</h1>"), "{text}");
    let (page, text) = ask(Request::get("/api/v1/none?lang=en"), "").await;
    assert_eq!(page.headers()["content-type"], "application/problem+json");
    let problem: Problem = serde_json::from_str(&text).unwrap();
    assert_eq!(
        (problem.status, problem.kind.as_str(), problem.title.as_str()),
        (404, "/api/problems/not-found", "Not found")
    );
    let (page, text) = ask(form("/refuse").header("hx-request", "true"), "a=1").await;
    assert_eq!(page.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(text.starts_with("<div class=\"notice") && !text.contains("<html"), "{text}");
    let (_, text) = ask(form("/refuse").header("accept", "application/json"), "a=1").await;
    assert_eq!(serde_json::from_str::<Problem>(&text).unwrap().fields[0].name, "due");
}

#[tokio::test]
async fn failures_tell_nothing_of_the_inside() {
    let (busy, text) = ask(Request::get("/busy"), "").await;
    assert_eq!(
        (busy.status(), &busy.headers()["retry-after"]),
        (StatusCode::SERVICE_UNAVAILABLE, &HeaderValue::from(7))
    );
    assert!(!text.contains("/var/x"));
    let (boom, text) = ask(Request::get("/boom"), "").await;
    assert_eq!(boom.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert!(!text.contains("secret detail"));
}

#[tokio::test]
async fn a_stranger_is_led_to_the_sign_in_and_back() {
    let (response, _) = ask(Request::get("/door?a=1"), "").await;
    assert_eq!(
        (response.status(), &response.headers()["location"]),
        (StatusCode::SEE_OTHER, &HeaderValue::from_static("/vao?ve=%2Fdoor%3Fa%3D1"))
    );
    let (response, _) = ask(Request::get("/door").header("hx-request", "true"), "").await;
    assert_eq!(response.headers()["hx-redirect"], "/vao");
    let (response, _) = ask(Request::get("/door").header("accept", "application/json"), "").await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn bodies_are_capped_typed_and_from_here() {
    let (ok, text) = ask(form("/eat"), "x".repeat(BODY_LIMIT)).await;
    assert_eq!((ok.status(), text.as_str()), (StatusCode::OK, "65536"));
    assert_eq!(ask(form("/eat"), "x".repeat(BODY_LIMIT + 1)).await.0.status(), StatusCode::PAYLOAD_TOO_LARGE);
    // A connection always says how long the body is; this test has none.
    let untyped = Request::post("/eat").header("sec-fetch-site", "same-origin").header("content-length", "1");
    assert_eq!(ask(untyped, "x").await.0.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let foreign = Request::post("/eat")
        .header("host", "a")
        .header("origin", "https://b")
        .header("content-type", "application/json");
    let (refused, text) = ask(foreign, "{}").await;
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    assert!(text.contains(&*crate::i18n::t(crate::i18n::Lang::Vi, "shell-error-foreign")));
    assert_eq!(ask(Request::get("/eat"), "").await.0.status(), StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn the_language_is_kept_and_the_page_returned_to() {
    let (response, _) = ask(Request::get("/giao-dien/ngon-ngu/en?ve=%2Fnhiem-vu%3Ftu%3Da"), "").await;
    assert_eq!(response.headers()["location"], "/nhiem-vu?tu=a");
    assert!(response.headers()["set-cookie"].to_str().unwrap().starts_with("lang=en; Path=/;"));
    assert_eq!(ask(Request::get("/giao-dien/ngon-ngu/xx"), "").await.0.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn assets_are_kept_for_ever_and_only_under_their_hash() {
    let (response, _) = ask(Request::get(asset("favicon.svg")), "").await;
    assert_eq!(response.headers()["cache-control"], "public, max-age=31536000, immutable");
    assert_eq!(response.headers()["content-type"], "image/svg+xml");
    assert_eq!(
        ask(Request::get("/assets/000000000000/favicon.svg"), "").await.0.status(),
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        ask(Request::get(format!("/assets/{}/../Cargo.toml", assets::HASH)), "").await.0.status(),
        StatusCode::NOT_FOUND
    );
}

#[test]
fn only_paths_of_this_site_are_returned_to() {
    for (given, want) in [
        ("/nhiem-vu?tu=a", "/nhiem-vu?tu=a"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("/a\r\nSet-Cookie: x", "/"),
        ("", "/"),
    ] {
        assert_eq!(local_path(given), want);
    }
}
