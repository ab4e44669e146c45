//! Freezes, figures, cases, reports and the congress's decision, as JSON.

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    routing::{get, post},
};
use jiff::Timestamp;
use platform::{
    api::{self, Answer, IdempotencyKey, Json, Query},
    app::App,
    db::{Done, WriteTx},
    identity::{Actor, ApprovalId, Right},
    papers::BodyId,
    web::{AppError, Problem},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use utoipa::OpenApi;

use super::{
    CredentialError, ManageCredentials, ReadCredentials,
    frozen::{self, Line},
    model::{Case, Content, Freeze, Issued, Outcome, Vote},
    store::{self, NewCase, NewReport, Question},
};
use crate::delegates::RESTRICTED;

/// The routes, under `/api/v1`.
pub fn routes() -> Router<App> {
    let v1 = Router::new()
        .route("/credentials/freezes", get(freezes).post(ask))
        .route("/credentials/freezes/{no}", get(freeze))
        .route("/credentials/freeze-requests/{id}/complete", post(complete))
        .route("/credentials/figures", get(figures))
        .route("/credentials/cases", get(cases).post(put_case))
        .route("/credentials/reports", get(reports).post(issue))
        .route("/credentials/reports/{no}", get(report))
        .route("/credentials/reports/{no}/vote", post(vote));
    Router::new().nest("/api/v1", v1)
}

#[derive(OpenApi)]
#[openapi(
    paths(freezes, ask, freeze, complete, figures, cases, put_case, reports, issue, report, vote),
    tags((name = "credentials", description = "The roll frozen by two persons, and the report on credentials"))
)]
struct Doc;

/// What the routes are, for the document of the whole product.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}

/// Does one act once: the same key with the same body is answered as it was.
async fn once<T>(
    app: &App,
    actor: &Actor<ManageCredentials>,
    key: &IdempotencyKey,
    act: &'static str,
    hash: [u8; 32],
    does: impl Fn(&mut WriteTx<'_>) -> Result<Done<T>, CredentialError> + Send + 'static,
    says: impl Fn(T) -> (StatusCode, Value) + Send + 'static,
) -> Result<Answer, AppError> {
    api::idempotent::<CredentialError, _>(&app.db, actor, key, act, hash, move |tx| Ok(does(tx)?.map(&says)))
        .await
}

fn with(hash: [u8; 32], part: impl AsRef<[u8]>) -> [u8; 32] {
    Sha256::new().chain_update(hash).chain_update(part).finalize().into()
}

/// All freezes, the newest first.
#[utoipa::path(get, path = "/api/v1/credentials/freezes", tag = "credentials",
    responses((status = 200, body = Vec<Freeze>), (status = "4XX", body = Problem)))]
pub(super) async fn freezes(
    _actor: Actor<ReadCredentials>,
    State(app): State<App>,
) -> Result<axum::Json<Vec<Freeze>>, AppError> {
    Ok(axum::Json(app.db.read(store::freezes).await?))
}

/// A freeze with its lines, by code.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct FreezeOut {
    freeze: Freeze,
    /// What was kept of each person; ethnicity and religion are empty without the right to them.
    #[schema(value_type = Vec<Object>)]
    lines: Vec<Line>,
}

/// One freeze with everybody in it. Its hash is checked on the way.
#[utoipa::path(get, path = "/api/v1/credentials/freezes/{no}", tag = "credentials", params(("no" = u32, Path)),
    responses((status = 200, body = FreezeOut), (status = "4XX", body = Problem)))]
pub(super) async fn freeze(
    actor: Actor<ReadCredentials>,
    State(app): State<App>,
    Path(no): Path<u32>,
) -> Result<axum::Json<FreezeOut>, AppError> {
    let sees = actor.may(RESTRICTED, Right::Read, None);
    let out = app
        .db
        .read(move |tx| {
            let freeze = store::freeze(tx, no)?;
            let lines = frozen::lines(tx, no, &freeze.hash)?;
            let lines = lines.into_iter().map(|line| line.seen(sees)).collect();
            Ok::<_, CredentialError>(FreezeOut { freeze, lines })
        })
        .await?;
    Ok(axum::Json(out))
}

/// Why the roll shall be frozen.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AskIn {
    /// Needed from the second freeze on.
    #[serde(default)]
    reason: String,
    /// The number of the decision by which the roll changed; needed from the second freeze on.
    #[serde(default)]
    decision: String,
}

/// Asks a second person to approve a freeze of the roll as it stands.
#[utoipa::path(post, path = "/api/v1/credentials/freezes", tag = "credentials", request_body = AskIn,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 202, body = Object), (status = "4XX", body = Problem)))]
pub(super) async fn ask(
    actor: Actor<ManageCredentials>,
    State(app): State<App>,
    key: IdempotencyKey,
    body: Json<AskIn>,
) -> Result<Answer, AppError> {
    let hash = body.hash();
    let given = body.into_inner();
    let does = move |tx: &mut WriteTx<'_>| store::ask(tx, &given.reason, &given.decision);
    let says = |id: ApprovalId| (StatusCode::ACCEPTED, json!({ "request": id }));
    once(&app, &actor, &key, "credentials.asked", hash, does, says).await
}

/// Freezes what the second person approved, if the roll is still what was shown.
#[utoipa::path(post, path = "/api/v1/credentials/freeze-requests/{id}/complete", tag = "credentials",
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Object), (status = "4XX", body = Problem)))]
pub(super) async fn complete(
    actor: Actor<ManageCredentials>,
    State(app): State<App>,
    Path(id): Path<String>,
    key: IdempotencyKey,
) -> Result<Answer, AppError> {
    let id: ApprovalId = id.parse().map_err(|_| AppError::not_found())?;
    let hash = with([0; 32], id.to_string());
    let does = move |tx: &mut WriteTx<'_>| store::complete(tx, id);
    let says = |no: u32| (StatusCode::CREATED, json!({ "no": no }));
    once(&app, &actor, &key, "credentials.frozen", hash, does, says).await
}

/// About what a report is asked.
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct QuestionIn {
    /// The number of the freeze.
    freeze: u32,
    /// The session.
    session: String,
    /// The instant for which it counts.
    #[param(value_type = String)]
    #[schema(value_type = String, format = "date-time")]
    as_of: Timestamp,
}

impl From<QuestionIn> for Question {
    fn from(given: QuestionIn) -> Self {
        Self { freeze: given.freeze, session: given.session, as_of: given.as_of }
    }
}

/// What a report would say.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct CountedOut {
    /// Whether anybody of the freeze was marked in the session up to the instant.
    attended: bool,
    /// Figures with their whole, cases, conclusion.
    #[schema(value_type = Object)]
    content: Content,
}

/// Counts a frozen roll against the attendance of a session at an instant.
#[utoipa::path(get, path = "/api/v1/credentials/figures", tag = "credentials", params(QuestionIn),
    responses((status = 200, body = CountedOut), (status = "4XX", body = Problem)))]
pub(super) async fn figures(
    _actor: Actor<ReadCredentials>,
    State(app): State<App>,
    Query(asked): Query<QuestionIn>,
) -> Result<axum::Json<CountedOut>, AppError> {
    let asked = Question::from(asked);
    let counted = app.db.read(move |tx| store::counted(tx, &asked, "")).await?;
    Ok(axum::Json(CountedOut { attended: counted.attended, content: counted.content }))
}

/// All cases by number.
#[utoipa::path(get, path = "/api/v1/credentials/cases", tag = "credentials",
    responses((status = 200, body = Vec<Case>), (status = "4XX", body = Problem)))]
pub(super) async fn cases(
    _actor: Actor<ReadCredentials>,
    State(app): State<App>,
) -> Result<axum::Json<Vec<Case>>, AppError> {
    Ok(axum::Json(app.db.read(store::cases).await?))
}

/// A complaint and what was concluded.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CaseIn {
    /// Its number; absent for a new one.
    #[serde(default)]
    no: Option<u32>,
    /// The version that was seen.
    #[serde(default)]
    version: i64,
    /// The code of the delegate it is about.
    #[serde(default)]
    code: String,
    subject: String,
    #[serde(default)]
    conclusion: String,
    #[serde(default)]
    outcome: Option<Outcome>,
}

/// Enters a case, or changes the one of this number and version.
#[utoipa::path(post, path = "/api/v1/credentials/cases", tag = "credentials", request_body = CaseIn,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object), (status = "4XX", body = Problem)))]
pub(super) async fn put_case(
    actor: Actor<ManageCredentials>,
    State(app): State<App>,
    key: IdempotencyKey,
    body: Json<CaseIn>,
) -> Result<Answer, AppError> {
    let hash = body.hash();
    let given = body.into_inner();
    let new = NewCase {
        no: given.no,
        version: given.version,
        code: given.code,
        subject: given.subject,
        conclusion: given.conclusion,
        outcome: given.outcome,
    };
    let does = move |tx: &mut WriteTx<'_>| store::put_case(tx, &new);
    let says = |no: u32| (StatusCode::OK, json!({ "no": no }));
    once(&app, &actor, &key, "credentials.case_saved", hash, does, says).await
}

/// A report as it was issued.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct ReportOut {
    no: u32,
    freeze: u32,
    session: String,
    #[schema(value_type = String, format = "date-time")]
    as_of: Timestamp,
    summoned: u64,
    present: u64,
    /// SHA-256 of what was counted.
    hash: String,
    /// SHA-256 of the paper.
    paper_hash: String,
    /// Its number in the register as printed; empty without one.
    number: String,
    #[schema(value_type = String, format = "date-time")]
    issued_at: Timestamp,
    issued_by: String,
    /// What the congress decided.
    vote: Option<Vote>,
    /// What was counted; only of one report.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    content: Option<Content>,
}

impl ReportOut {
    fn of(one: Issued, vote: Option<Vote>, content: Option<Content>) -> Self {
        Self {
            no: one.no,
            freeze: one.freeze_no,
            session: one.session,
            as_of: one.as_of,
            summoned: one.summoned,
            present: one.present,
            hash: one.hash,
            paper_hash: one.paper_hash,
            number: one.written,
            issued_at: one.issued_at,
            issued_by: one.issued_by,
            vote,
            content,
        }
    }
}

/// Reports, the newest first.
#[utoipa::path(get, path = "/api/v1/credentials/reports", tag = "credentials",
    responses((status = 200, body = Vec<ReportOut>), (status = "4XX", body = Problem)))]
pub(super) async fn reports(
    _actor: Actor<ReadCredentials>,
    State(app): State<App>,
) -> Result<axum::Json<Vec<ReportOut>>, AppError> {
    let all = app
        .db
        .read(|tx| {
            let mut out = Vec::new();
            for one in store::reports(tx)? {
                let vote = store::vote_of(tx, one.no)?;
                out.push(ReportOut::of(one, vote, None));
            }
            Ok::<_, CredentialError>(out)
        })
        .await?;
    Ok(axum::Json(all))
}

/// How a report is issued.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct IssueIn {
    freeze: u32,
    session: String,
    /// Not in the future.
    #[schema(value_type = String, format = "date-time")]
    as_of: Timestamp,
    /// The committee's words; the usual ones when empty.
    #[serde(default)]
    conclusion: String,
    /// The registered body that issues it; the committee itself when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Uuid)]
    body: Option<BodyId>,
    /// Whether it takes a number of that body.
    #[serde(default)]
    numbered: bool,
}

/// Issues a report: it is kept as it was counted and as it was set.
#[utoipa::path(post, path = "/api/v1/credentials/reports", tag = "credentials", request_body = IssueIn,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Object), (status = "4XX", body = Problem)))]
pub(super) async fn issue(
    actor: Actor<ManageCredentials>,
    State(app): State<App>,
    key: IdempotencyKey,
    body: Json<IssueIn>,
) -> Result<Answer, AppError> {
    let hash = body.hash();
    let given = body.into_inner();
    let new = NewReport {
        asked: Question { freeze: given.freeze, session: given.session, as_of: given.as_of },
        conclusion: given.conclusion,
        body: given.body,
        numbered: given.numbered,
    };
    let does = move |tx: &mut WriteTx<'_>| store::issue(tx, &new);
    let says = |no: u32| (StatusCode::CREATED, json!({ "no": no }));
    once(&app, &actor, &key, "credentials.issued", hash, does, says).await
}

/// One report with what it counted. Its hashes are checked on the way.
#[utoipa::path(get, path = "/api/v1/credentials/reports/{no}", tag = "credentials", params(("no" = u32, Path)),
    responses((status = 200, body = ReportOut), (status = "4XX", body = Problem)))]
pub(super) async fn report(
    _actor: Actor<ReadCredentials>,
    State(app): State<App>,
    Path(no): Path<u32>,
) -> Result<axum::Json<ReportOut>, AppError> {
    let out = app
        .db
        .read(move |tx| {
            let (issued, content, _) = store::report(tx, no)?;
            let vote = store::vote_of(tx, no)?;
            Ok::<_, CredentialError>(ReportOut::of(issued, vote, Some(content)))
        })
        .await?;
    Ok(axum::Json(out))
}

/// Records what the congress decided about a report, once. The votes make up their base.
#[utoipa::path(post, path = "/api/v1/credentials/reports/{no}/vote", tag = "credentials", request_body = Vote,
    params(("no" = u32, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object), (status = "4XX", body = Problem)))]
pub(super) async fn vote(
    actor: Actor<ManageCredentials>,
    State(app): State<App>,
    Path(no): Path<u32>,
    key: IdempotencyKey,
    body: Json<Vote>,
) -> Result<Answer, AppError> {
    let hash = with(body.hash(), no.to_be_bytes());
    let votes = body.into_inner();
    let does = move |tx: &mut WriteTx<'_>| store::vote(tx, no, votes);
    let says = move |()| (StatusCode::OK, json!({ "no": no }));
    once(&app, &actor, &key, "credentials.decided", hash, does, says).await
}
