//! The check of a document's layout for programs: the same rules, the same sentences. Both verbs answer about the
//! file they are given and keep nothing of it, so they need no idempotency key.

use axum::{
    Json, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, State, rejection::BytesRejection},
    http::{HeaderMap, header},
    response::Response,
    routing::post,
};
use platform::{
    api::Query,
    app::App,
    i18n::Lang,
    identity::{Actor, SignedIn},
    web::{AppError, Cx, Made, Problem, download},
};
use print::{
    Profile,
    check::{Against, Departure, Findings, MOST_BYTES, Place, Refused},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

use super::check;

/// The routes, under `/api/v1`.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/paper-checks", post(look))
        .route("/api/v1/paper-checks/corrected", post(corrected))
        .layer(DefaultBodyLimit::max(MOST_BYTES + 1))
}

#[derive(OpenApi)]
#[openapi(paths(look, corrected), components(schemas(CheckOut, DepartureOut)))]
struct Described;

/// The verbs as OpenAPI.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Described::openapi()
}

/// What to hold a document to.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Ask {
    /// The day of issue, as 2026-09-05; without it the day on the document.
    #[serde(default)]
    on: String,
    /// Whose rule, `party` or `state`; without it what the heading says.
    #[serde(default)]
    body: String,
}

impl Ask {
    fn against(&self) -> Result<Against, AppError> {
        Ok(Against { on: check::day(&self.on)?, family: check::family(&self.body)? })
    }
}

/// A departure from the rule.
#[derive(Debug, Serialize, ToSchema)]
pub struct DepartureOut {
    /// What is wrong, as a stable name.
    pub fault: &'static str,
    /// The rule it breaks, as a stable name.
    pub rule: &'static str,
    /// Where: `page`, `heading`, `body`, `end`.
    #[schema(value_type = String)]
    pub place: Place,
    /// The departure as a sentence in the caller's language.
    pub sentence: String,
    /// What was found, as a measure or as typed.
    pub found: String,
    /// What is right.
    pub right: String,
    /// The words it stands at.
    pub excerpt: String,
    /// In how many paragraphs.
    pub times: usize,
    /// Whether a corrected copy puts it right.
    pub mechanical: bool,
    /// Where the rule stands.
    pub clause: String,
    /// What the rule says.
    pub says: String,
}

/// What a check found.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckOut {
    /// Whether it keeps the rule.
    pub clean: bool,
    /// The rule it was held to, as a stable name.
    pub profile: String,
    /// The rule's number, date and author.
    pub rule: String,
    /// The type of the document as its heading prints it; absent where it is not to be seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The day on the document.
    #[schema(value_type = Option<String>, format = Date)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dated: Option<jiff::civil::Date>,
    /// The departures, in the order of the page.
    pub departures: Vec<DepartureOut>,
    /// Departures from rules on which the sources disagree; they do not count.
    pub unsure: Vec<DepartureOut>,
}

fn out(lang: Lang, profile: &Profile, departures: &[Departure]) -> Vec<DepartureOut> {
    departures
        .iter()
        .map(|departure| {
            let rule = departure.fault.rule();
            let cited = profile.rule(rule);
            DepartureOut {
                fault: departure.fault.key(),
                rule: rule.key(),
                place: departure.place,
                sentence: check::sentence(lang, departure),
                found: departure.found.clone(),
                right: departure.right.clone(),
                excerpt: departure.excerpt.clone(),
                times: departure.times,
                mechanical: departure.fault.mechanical(),
                clause: cited.clause.clone(),
                says: cited.says.clone(),
            }
        })
        .collect()
}

impl CheckOut {
    /// The findings in a language.
    pub fn of(lang: Lang, findings: &Findings) -> Self {
        Self {
            clean: findings.departures.is_empty(),
            profile: findings.profile.id.clone(),
            rule: findings.profile.name.clone(),
            kind: check::kind(lang, findings),
            dated: findings.dated,
            departures: out(lang, findings.profile, &findings.departures),
            unsure: out(lang, findings.profile, &findings.unsure),
        }
    }
}

fn file(headers: &HeaderMap, bytes: Result<Bytes, BytesRejection>) -> Result<Vec<u8>, AppError> {
    let declared =
        headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !declared.starts_with("application/octet-stream") && !declared.starts_with(Made::Docx.media()) {
        return Err(AppError::unsupported_type());
    }
    Ok(bytes.map_err(|_| check::refused(Refused::TooLarge))?.to_vec())
}

/// Holds a DOCX (`application/octet-stream`, at most 20 MB) to the rule on layout. Nothing is kept.
#[utoipa::path(post, path = "/api/v1/paper-checks", tag = "papers", params(Ask),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = CheckOut), (status = "4XX", body = Problem)))]
async fn look(
    _: Actor<SignedIn>,
    State(app): State<App>,
    cx: Cx,
    ask: Query<Ask>,
    headers: HeaderMap,
    bytes: Result<Bytes, BytesRejection>,
) -> Result<Json<CheckOut>, AppError> {
    let corrected = check::run(&app, file(&headers, bytes)?, ask.0.against()?).await?;
    Ok(Json(CheckOut::of(cx.lang, &corrected.before)))
}

/// A copy of a DOCX in which what a machine can put right is right.
#[utoipa::path(post, path = "/api/v1/paper-checks/corrected", tag = "papers", params(Ask),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = Vec<u8>,
        content_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (status = "4XX", body = Problem)))]
async fn corrected(
    _: Actor<SignedIn>,
    State(app): State<App>,
    ask: Query<Ask>,
    headers: HeaderMap,
    bytes: Result<Bytes, BytesRejection>,
) -> Result<Response, AppError> {
    let corrected = check::run(&app, file(&headers, bytes)?, ask.0.against()?).await?;
    Ok(download(corrected.docx, Made::Docx, &check::copy_name("")))
}
