//! What went wrong: to people a sentence with what to do next, to programs an RFC 9457 problem.
//!
//! A handler returns [`AppError`]; [`render`] turns it into a page, a fragment or a problem
//! document, as the request asks. Nothing of the inside (version, path, statement) is shown: the
//! cause goes to the log under the request's id, and the page shows the id.

use std::borrow::Cow;
use std::fmt;

use askama::Template;
use axum::Json;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::cx::Cx;
use super::shell::{Layout, Page, page_with};
use crate::i18n::{self, Arg, IntoArg, key};

/// What is wrong with one field of a form, beside the field.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldProblem {
    /// The name of the field as sent.
    pub name: Cow<'static, str>,
    /// The key of the sentence.
    pub message_key: &'static str,
    /// The values of the sentence.
    pub args: Vec<(&'static str, Arg)>,
}

impl FieldProblem {
    /// A problem whose sentence takes no value.
    pub fn new(name: impl Into<Cow<'static, str>>, message_key: &'static str) -> Self {
        FieldProblem { name: name.into(), message_key, args: Vec::new() }
    }

    /// Gives the sentence a value.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl IntoArg) -> Self {
        self.args.push((name, value.arg()));
        self
    }

    /// The sentence.
    pub fn message(&self, cx: &Cx) -> String {
        i18n::tr(cx.lang, self.message_key, &self.args)
    }
}

/// A refusal or a failure, before it is put into words.
#[derive(Debug, Clone)]
pub struct AppError(Box<Inner>);

#[derive(Debug, Clone)]
struct Inner {
    status: StatusCode,
    /// The last part of the `type` of the problem document.
    slug: &'static str,
    /// The sentence that says what happened and what to do.
    detail_key: &'static str,
    args: Vec<(&'static str, Arg)>,
    fields: Vec<FieldProblem>,
    retry_after: Option<u32>,
    /// A way on: address and key of its words.
    next: Option<(String, &'static str)>,
    /// For the log only.
    cause: Option<String>,
}

impl AppError {
    fn new(status: StatusCode, slug: &'static str, detail_key: &'static str) -> Self {
        AppError(Box::new(Inner {
            status,
            slug,
            detail_key,
            args: Vec::new(),
            fields: Vec::new(),
            retry_after: None,
            next: None,
            cause: None,
        }))
    }

    /// 400: the request cannot be read.
    pub fn bad_request() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad-request", key("shell-error-bad-request"))
    }
    /// 401: nobody is signed in. A page leads to the sign-in and back.
    pub fn unauthenticated() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthenticated", key("shell-error-unauthenticated"))
    }
    /// 403: the office may not do this.
    pub fn forbidden() -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", key("shell-error-forbidden"))
    }
    /// 404: it does not exist, or this office may not know that it does.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", key("shell-error-not-found"))
    }
    /// 405: the address knows no such verb.
    pub fn method_not_allowed() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", key("shell-error-method"))
    }
    /// 409: someone else changed it meanwhile, or its state does not allow this.
    pub fn conflict() -> Self {
        Self::new(StatusCode::CONFLICT, "conflict", key("shell-error-conflict"))
    }
    /// 413: more bytes than the route takes.
    pub fn too_large() -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", key("shell-error-too-large"))
    }
    /// 415: a type of body the route does not take.
    pub fn unsupported_type() -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported-type", key("shell-error-type"))
    }
    /// 422: understood, but fields are wrong.
    pub fn invalid(fields: Vec<FieldProblem>) -> Self {
        let mut error = Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", key("shell-error-invalid"));
        error.0.fields = fields;
        error
    }
    /// 429: too many requests; come back after so many seconds.
    pub fn too_many(seconds: u32) -> Self {
        let mut error = Self::new(StatusCode::TOO_MANY_REQUESTS, "too-many", key("shell-error-too-many"));
        error.0.retry_after = Some(seconds);
        error
    }
    /// 503: storage or a queue is in trouble; nothing was saved; come back after so many seconds.
    pub fn unavailable(seconds: u32) -> Self {
        let mut error =
            Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", key("shell-error-unavailable"));
        error.0.retry_after = Some(seconds);
        error
    }
    /// 500: our fault. The cause goes to the log, never to the page.
    pub fn internal(cause: impl fmt::Display) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", key("shell-error-internal")).caused_by(cause)
    }

    /// Says it with another sentence (of an area's catalogue).
    #[must_use]
    pub fn because(mut self, detail_key: &'static str) -> Self {
        self.0.detail_key = detail_key;
        self
    }
    /// Gives the sentence a value.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl IntoArg) -> Self {
        self.0.args.push((name, value.arg()));
        self
    }
    /// Adds what is wrong with a field.
    #[must_use]
    pub fn field(mut self, name: &'static str, message_key: &'static str) -> Self {
        self.0.fields.push(FieldProblem::new(name, message_key));
        self
    }
    /// Offers a way on: an address of this site and the key of its words.
    #[must_use]
    pub fn next(mut self, href: impl Into<String>, words: &'static str) -> Self {
        self.0.next = Some((href.into(), words));
        self
    }
    /// Names the kind of problem for programs (a stable word such as `duplicate-code`).
    #[must_use]
    pub fn slug(mut self, slug: &'static str) -> Self {
        self.0.slug = slug;
        self
    }
    /// Keeps the cause for the log.
    #[must_use]
    pub fn caused_by(mut self, cause: impl fmt::Display) -> Self {
        self.0.cause = Some(cause.to_string());
        self
    }

    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        self.0.status
    }
    /// What is wrong with the fields.
    pub fn fields(&self) -> &[FieldProblem] {
        &self.0.fields
    }
    /// The sentence.
    pub fn detail(&self, lang: i18n::Lang) -> String {
        i18n::tr(lang, self.0.detail_key, &self.0.args)
    }

    /// The way on that the refusal offers: an address and its words.
    pub fn way_on(&self, cx: &Cx) -> Option<(String, String)> {
        self.0.next.as_ref().map(|(href, words)| (href.clone(), cx.t(words).into_owned()))
    }

    /// The problem document in a language.
    pub fn problem(&self, lang: i18n::Lang, request_id: &str) -> Problem {
        let inner = &self.0;
        Problem {
            kind: format!("/api/problems/{}", inner.slug),
            title: i18n::t(lang, title_key(inner.status)).into_owned(),
            status: inner.status.as_u16(),
            detail: self.detail(lang),
            instance: format!("urn:uuid:{request_id}"),
            fields: inner
                .fields
                .iter()
                .map(|field| ProblemField {
                    name: field.name.to_string(),
                    message_key: field.message_key.to_owned(),
                    message: i18n::tr(lang, field.message_key, &field.args),
                })
                .collect(),
        }
    }
}

impl fmt::Display for AppError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.0.status.as_u16(), self.0.slug)?;
        if let Some(cause) = &self.0.cause {
            write!(f, ": {cause}")?;
        }
        Ok(())
    }
}

impl std::error::Error for AppError {}

impl From<askama::Error> for AppError {
    fn from(error: askama::Error) -> Self {
        Self::internal(error)
    }
}

/// An RFC 9457 problem document.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct Problem {
    /// A stable address that names the kind of problem.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in a few words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened and what to do.
    pub detail: String,
    /// The id of the request.
    pub instance: String,
    /// What is wrong with single fields.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<ProblemField>,
}

/// What is wrong with one field.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct ProblemField {
    /// The name of the field as sent.
    pub name: String,
    /// The key of the sentence, stable for programs.
    pub message_key: String,
    /// The sentence.
    pub message: String,
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self)).into_response();
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        response
    }
}

impl IntoResponse for AppError {
    /// The bare answer; [`render`] gives it its words.
    fn into_response(self) -> Response {
        let mut response = self.0.status.into_response();
        if let Some(seconds) = self.0.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }
}

fn title_key(status: StatusCode) -> &'static str {
    match status.as_u16() {
        400 => key("shell-error-title-400"),
        401 => key("shell-error-title-401"),
        403 => key("shell-error-title-403"),
        404 => key("shell-error-title-404"),
        405 => key("shell-error-title-405"),
        409 => key("shell-error-title-409"),
        413 => key("shell-error-title-413"),
        415 => key("shell-error-title-415"),
        422 => key("shell-error-title-422"),
        429 => key("shell-error-title-429"),
        503 => key("shell-error-title-503"),
        _ => key("shell-error-title-500"),
    }
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    cx: &'a Cx,
    title: Cow<'static, str>,
    detail: String,
    fields: Vec<String>,
    next: Option<(String, Cow<'static, str>)>,
    retry_after: Option<u32>,
    fragment: bool,
}

/// Middleware: gives every error its words, and turns the bare refusals of the router and of
/// extractors (404, 405, 413, 415, 422) into the same pages.
pub async fn render(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let get = parts.method == axum::http::Method::GET;
    // The route and not the address, which may hold a secret.
    let route =
        parts.extensions.get::<axum::extract::MatchedPath>().map_or("-", |path| path.as_str()).to_owned();
    let before = Cx::from_parts(&parts);
    let viewer_slot = super::cx::ViewerSlot::default();
    let mut request = Request::from_parts(parts, body);
    request.extensions_mut().insert(viewer_slot.clone());
    let mut response = next.run(request).await;
    let Some(error) = response.extensions_mut().remove::<AppError>().or_else(|| bare(&response)) else {
        return response;
    };
    let mut cx = before;
    cx.viewer = cx.viewer.or_else(|| viewer_slot.take());
    let status = error.status();
    if status.is_server_error() {
        tracing::error!(request_id = %cx.request_id, route, %error, "a request failed");
    } else {
        tracing::debug!(request_id = %cx.request_id, route, %error, "a request was refused");
    }
    let mut out = if cx.api {
        error.problem(cx.lang, &cx.request_id).into_response()
    } else if status == StatusCode::UNAUTHORIZED && (get || cx.htmx) {
        to_sign_in(&cx, get)
    } else {
        people(&cx, &error)
    };
    // What the refusal itself said (Retry-After, Allow, Set-Cookie) stays.
    for (name, value) in response.headers() {
        if name != header::CONTENT_TYPE && name != header::CONTENT_LENGTH {
            out.headers_mut().append(name.clone(), value.clone());
        }
    }
    out
}

fn people(cx: &Cx, error: &AppError) -> Response {
    let status = error.status();
    let title = cx.t(title_key(status));
    let body = ErrorPage {
        cx,
        title: title.clone(),
        detail: error.detail(cx.lang),
        fields: error.fields().iter().map(|field| field.message(cx)).collect(),
        next: error.0.next.clone().map(|(href, words)| (href, cx.t(words))),
        retry_after: error.0.retry_after,
        fragment: cx.htmx,
    };
    if cx.htmx {
        let mut response = super::shell::fragment(&body);
        *response.status_mut() = status;
        return response;
    }
    let layout = if cx.viewer.is_some() { Layout::Standard } else { Layout::Plain };
    page_with(status, cx, Page::new(title, body).layout(layout))
}

fn to_sign_in(cx: &Cx, get: bool) -> Response {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    if get && !cx.htmx && cx.path != "/" {
        query.append_pair("ve", &cx.here());
    }
    let query = query.finish();
    let to = if query.is_empty() { super::SIGN_IN.to_owned() } else { format!("{}?{query}", super::SIGN_IN) };
    let location = HeaderValue::from_str(&to).unwrap_or(HeaderValue::from_static(super::SIGN_IN));
    let mut response = if cx.htmx { StatusCode::UNAUTHORIZED } else { StatusCode::SEE_OTHER }.into_response();
    let name = if cx.htmx { axum::http::HeaderName::from_static("hx-redirect") } else { header::LOCATION };
    response.headers_mut().insert(name, location);
    response
}

/// A refusal that did not come from our code: the router's or an extractor's plain text.
fn bare(response: &Response) -> Option<AppError> {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return None;
    }
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if !kind.is_empty() && !kind.starts_with("text/plain") {
        return None;
    }
    Some(match status.as_u16() {
        401 => AppError::unauthenticated(),
        403 => AppError::forbidden(),
        404 => AppError::not_found(),
        405 => AppError::method_not_allowed(),
        409 => AppError::conflict(),
        413 => AppError::too_large(),
        415 => AppError::unsupported_type(),
        422 => AppError::invalid(Vec::new()),
        429 => AppError::too_many(10),
        503 | 504 => AppError::unavailable(5),
        code if code < 500 => AppError::bad_request(),
        code => AppError::internal(format!("status {code}")),
    })
}
