//! The headers every answer carries.

use std::sync::Arc;

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use super::cx::{RequestId, Site};

macro_rules! policy {
    ($scripts:literal) => {
        concat!(
            "default-src 'none'; script-src ",
            $scripts,
            "; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; font-src 'self'; connect-src 'self'; \
             worker-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
        )
    };
}

/// Nothing inline, nothing from outside, no frame, no code made at run time.
pub const CONTENT_SECURITY_POLICY: &str = policy!("'self'");

/// The same for a page that reads passes itself, with the WebAssembly that this server gave it
/// ([`Page::wasm`](super::Page::wasm)).
pub const WITH_WASM: &str = policy!("'self' 'wasm-unsafe-eval'");

const ALWAYS: &[(&str, &str)] = &[
    ("content-security-policy", CONTENT_SECURITY_POLICY),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("x-permitted-cross-domain-policies", "none"),
    (
        "permissions-policy",
        "camera=(self), publickey-credentials-get=(self), publickey-credentials-create=(self), \
         microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    ),
];

/// Gives the request an id and the answer its headers. An answer that says nothing about being
/// kept is not kept: pages are personal.
pub async fn secure(mut request: Request, next: Next) -> Response {
    let id = uuid::Uuid::new_v4().to_string();
    let https = request.extensions().get::<Arc<Site>>().is_some_and(|site| site.https);
    request.extensions_mut().insert(RequestId(id.clone()));
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        // A route may be stricter about itself (a downloaded file: `sandbox`), never looser by accident.
        headers.entry(HeaderName::from_static(name)).or_insert(HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    // Without TLS a browser does not say `Sec-Fetch-Site`, and under `no-referrer` a form's `Origin` is `null`:
    // nobody in a hall without a certificate could send one. `same-origin` tells other sites as little.
    let referrer = if https { "no-referrer" } else { "same-origin" };
    headers.entry(header::REFERRER_POLICY).or_insert(HeaderValue::from_static(referrer));
    if https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert("x-request-id", id);
    }
    response
}
