//! A request that changes something must come from a page of this very site.

use axum::extract::Request;
use axum::http::{HeaderMap, Method, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::error::AppError;
use crate::i18n::key;

/// The types a body may declare.
const TYPES: &[&str] = &[
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "application/json",
    "application/octet-stream",
];

/// Refuses a state-changing request that another site could have caused, and one whose body has
/// no declared type.
///
/// Browsers say where a request comes from in `Sec-Fetch-Site`; where they do not, `Origin` must
/// name this host. A program that signs in by a bearer token and sends no cookie cannot be
/// misused by another site and needs neither.
pub async fn same_origin(request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return next.run(request).await;
    }
    if !from_here(request.headers(), request.uri()) {
        return AppError::forbidden().because(key("shell-error-foreign")).into_response();
    }
    if has_body(request.headers()) && !declared(request.headers()) {
        return AppError::unsupported_type().into_response();
    }
    next.run(request).await
}

fn from_here(headers: &HeaderMap, uri: &Uri) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let bearer =
        text("authorization").is_some_and(|v| v.get(..7).is_some_and(|p| p.eq_ignore_ascii_case("bearer ")));
    if bearer && !headers.contains_key(header::COOKIE) {
        return true;
    }
    let host = uri.authority().map(|a| a.as_str()).or_else(|| text("host"));
    let origin_is_here = text("origin").map(|origin| {
        let authority = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
        matches!((authority, host), (Some(a), Some(h)) if same_host(a, h))
    });
    match (text("sec-fetch-site"), origin_is_here) {
        // Under `no-referrer` a form sends `Origin: null`; the browser's own word stands then.
        (Some("same-origin"), Some(false)) => text("origin") == Some("null"),
        (Some("same-origin"), _) => true,
        (Some(_), _) => false,
        (None, Some(here)) => here,
        (None, None) => false,
    }
}

fn same_host(a: &str, b: &str) -> bool {
    let bare = |host: &str| host.trim_end_matches(":443").trim_end_matches(":80").to_ascii_lowercase();
    !a.is_empty() && bare(a) == bare(b)
}

/// Whether bytes come behind the head. Asked of the head, because a body that is wrapped (in a timeout) no
/// longer knows that it is empty.
fn has_body(headers: &HeaderMap) -> bool {
    headers.contains_key(header::TRANSFER_ENCODING)
        || headers.get(header::CONTENT_LENGTH).is_some_and(|length| length.as_bytes() != b"0")
}

fn declared(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|kind| TYPES.iter().any(|t| t.eq_ignore_ascii_case(kind.trim())))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]
mod tests {
    use super::*;

    fn asks(pairs: &[(&'static str, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, value.parse().unwrap());
        }
        from_here(&headers, &Uri::from_static("/x"))
    }

    #[test]
    fn only_this_site_and_token_programs_may_change_something() {
        let host = ("host", "dh.example:8443");
        for (pairs, allowed) in [
            (vec![host, ("origin", "https://dh.example:8443")], true),
            (vec![host, ("origin", "https://DH.example:8443"), ("sec-fetch-site", "same-origin")], true),
            (vec![host, ("origin", "null"), ("sec-fetch-site", "same-origin")], true),
            (vec![host, ("sec-fetch-site", "same-origin")], true),
            (vec![host, ("origin", "null")], false),
            (vec![host], false),
            (vec![host, ("origin", "https://evil.example")], false),
            (vec![host, ("origin", "https://dh.example:8443.evil.example")], false),
            (vec![host, ("origin", "https://evil.example"), ("sec-fetch-site", "same-origin")], false),
            (vec![host, ("origin", "https://dh.example:8443"), ("sec-fetch-site", "cross-site")], false),
            (vec![host, ("origin", "https://dh.example:8443"), ("sec-fetch-site", "same-site")], false),
            (vec![host, ("sec-fetch-site", "none")], false),
            (vec![host, ("authorization", "Bearer x")], true),
            (vec![host, ("authorization", "Bearer x"), ("cookie", "a=b")], false),
            (vec![("host", "dh.example"), ("origin", "https://dh.example:443")], true),
        ] {
            assert_eq!(asks(&pairs), allowed, "{pairs:?}");
        }
    }
}
