//! Everything the browser gets, inside the binary, under addresses that may be kept for ever.

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;

use super::cx::Icon;
use super::error::AppError;

/// One file under `web/` in its three forms.
struct File {
    name: &'static str,
    url: &'static str,
    kind: &'static str,
    plain: &'static [u8],
    br: Option<&'static [u8]>,
    gz: Option<&'static [u8]>,
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

fn find(name: &str) -> Option<&'static File> {
    FILES.binary_search_by(|file| file.name.cmp(name)).ok().and_then(|i| FILES.get(i))
}

/// The address of a file under `web/`, with its hash: `asset("theme.css")`.
///
/// A file that does not exist gives an address that answers 404; [`exists`] is for the test that
/// looks for such names.
pub fn asset(name: &str) -> &'static str {
    find(name).map_or("/assets/none", |file| file.url)
}

/// Whether a file of this name is in the binary.
pub fn exists(name: &str) -> bool {
    find(name).is_some()
}

/// The bytes of a file under `web/`, for those that embed it (a font in a printed SVG).
pub fn bytes(name: &str) -> Option<&'static [u8]> {
    find(name).map(|file| file.plain)
}

/// An icon of the sprite as an inline `<svg>`, hidden from readers: the word stands beside it.
pub const fn icon(name: &'static str) -> Icon {
    Icon(name)
}

/// `GET /assets/{hash}/{path}`, immutable, compressed as the browser accepts.
pub(super) fn routes() -> Router {
    Router::new().route("/assets/{hash}/{*name}", get(serve))
}

async fn serve(Path((hash, name)): Path<(String, String)>, headers: HeaderMap) -> Response {
    let Some(file) = find(&name).filter(|_| hash == HASH) else {
        return AppError::not_found().into_response();
    };
    let etag = HeaderValue::from_static(concat_etag());
    if headers.get(header::IF_NONE_MATCH) == Some(&etag) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, etag)]).into_response();
    }
    let (encoding, body) = match (file.br, file.gz) {
        (Some(br), _) if accepts(&headers, "br") => (Some("br"), br),
        (_, Some(gz)) if accepts(&headers, "gzip") => (Some("gzip"), gz),
        _ => (None, file.plain),
    };
    let mut response = Response::new(Body::from(Bytes::from_static(body)));
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.kind));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    out.insert(header::ETAG, etag);
    if file.br.is_some() {
        out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
    if let Some(encoding) = encoding {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

fn concat_etag() -> &'static str {
    static TAG: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    TAG.get_or_init(|| format!("\"{HASH}\""))
}

/// Whether `Accept-Encoding` names the coding without refusing it by `q=0`.
fn accepts(headers: &HeaderMap, coding: &str) -> bool {
    headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|part| {
            let mut pieces = part.split(';').map(str::trim);
            pieces.next().is_some_and(|name| name.eq_ignore_ascii_case(coding))
                && !pieces.any(|p| p.strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()) == Some(0.0))
        })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]
mod tests {
    use super::*;

    #[test]
    fn a_coding_refused_by_zero_is_not_used() {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip, br;q=0"));
        assert!(accepts(&headers, "gzip"));
        assert!(!accepts(&headers, "br"));
    }

    #[test]
    fn the_table_is_sorted_and_the_first_load_on_a_phone_is_small() {
        assert!(FILES.windows(2).all(|pair| pair[0].name < pair[1].name));
        let first = [
            "vendor/bootstrap.css",
            "theme.css",
            "vendor/htmx.js",
            "vendor/idiomorph-ext.js",
            "vendor/sse.js",
            "js/app.js",
            "js/live.js",
            "js/draft.js",
            "js/filter.js",
            "js/select.js",
            "icons.svg",
            "vendor/fonts/be-vietnam-pro-latin-400.woff2",
            "vendor/fonts/be-vietnam-pro-vietnamese-400.woff2",
            "vendor/fonts/be-vietnam-pro-latin-600.woff2",
            "vendor/fonts/be-vietnam-pro-vietnamese-600.woff2",
        ];
        let mut total = 0;
        for name in first {
            let file = find(name).unwrap_or_else(|| panic!("{name} is not in the binary"));
            total += file.br.unwrap_or(file.plain).len();
        }
        assert!(
            total <= 130_000,
            "the first load is {total} bytes; with a page of 20 kB it must stay under 150 kB"
        );
    }
}
