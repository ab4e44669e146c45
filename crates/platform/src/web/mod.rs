//! The web shell: assets, page frame, errors, headers and the guard of state-changing requests.
//!
//! A handler takes [`Cx`] (the language, the viewer, the page's address) and answers with
//! [`page`] or, for a part of a page asked for by htmx, [`fragment`]:
//!
//! ```text
//! async fn list(cx: Cx) -> Result<Response, AppError> {
//!     let rows = …;
//!     let body = List { cx: &cx, rows };
//!     if cx.htmx { return Ok(fragment(&body)); }
//!     Ok(page(&cx, Page::new(cx.t("tasks-title"), body).live("/song/tasks").print(PrintSize::A4Landscape)))
//! }
//! ```
//!
//! [`finish`] puts the frame around a whole router, once.

pub mod assets;
mod cx;
mod download;
pub mod error;
mod form;
pub mod guard;
pub mod headers;
mod part;
mod path;
mod shell;
#[cfg(test)]
mod tests;

use axum::Router;
use axum::extract::Query;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::sync::Arc;

pub use assets::{asset, icon};
pub use cx::{CongressBrief, Cx, Icon, NavItem, RequestId, Site, Theme, Viewer, Whole, set_viewer};
pub use download::{Made, download};
pub use error::{AppError, FieldProblem, Problem, ProblemField};
pub use form::{Typed, TypedRow, args, date_problem, problem, see};
pub use part::{Choice, LivePart, Part, Region, part_cx, short, without_stream};
pub use path::Path;
pub use shell::{Layout, Page, PrintSize, fragment, page, page_with};

/// The most bytes a request body may have unless its route raises the limit with its own
/// [`axum::extract::DefaultBodyLimit`]: 64 kB.
pub const BODY_LIMIT: usize = 64 * 1024;

/// Where a page sends someone who is not signed in.
pub const SIGN_IN: &str = "/vao";

/// Puts the frame around all routes: assets, language and theme switch, problem pages, panics,
/// security headers, the same-origin guard, the body limit and the request id.
pub fn finish(routes: Router, site: Arc<Site>) -> Router {
    routes
        .merge(assets::routes())
        .route("/giao-dien/ngon-ngu/{code}", get(set_lang))
        .route("/giao-dien/nen/{theme}", get(set_theme))
        .layer(axum::extract::DefaultBodyLimit::max(BODY_LIMIT))
        .layer(axum::middleware::from_fn(guard::same_origin))
        .layer(tower_http::catch_panic::CatchPanicLayer::custom(|_| {
            tracing::error!("a handler panicked");
            AppError::internal("a handler panicked").into_response()
        }))
        .layer(axum::middleware::from_fn(error::render))
        .layer(axum::middleware::from_fn(headers::secure))
        .layer(axum::Extension(site))
}

#[derive(serde::Deserialize)]
struct Back {
    /// The page to return to.
    #[serde(default)]
    ve: String,
}

async fn set_lang(Path(code): Path<String>, Query(back): Query<Back>) -> Result<Response, AppError> {
    let lang = crate::i18n::Lang::parse(&code).ok_or_else(AppError::not_found)?;
    Ok(remember("lang", lang.code(), &back.ve))
}

async fn set_theme(Path(theme): Path<String>, Query(back): Query<Back>) -> Result<Response, AppError> {
    let theme = Theme::parse(&theme).ok_or_else(AppError::not_found)?;
    Ok(remember("theme", theme.code(), &back.ve))
}

/// Keeps a choice for a year and goes back to the page it was made on.
fn remember(name: &str, value: &str, back: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    if let Ok(location) = HeaderValue::from_str(local_path(back)) {
        headers.insert(header::LOCATION, location);
    }
    if let Ok(cookie) =
        HeaderValue::from_str(&format!("{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax"))
    {
        headers.append(header::SET_COOKIE, cookie);
    }
    response
}

/// A path of this site as given, or `/` for anything that could lead elsewhere.
pub fn local_path(path: &str) -> &str {
    let safe = path.starts_with('/')
        && !path.starts_with("//")
        && path.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    if safe { path } else { "/" }
}
