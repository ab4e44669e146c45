//! Letters as JSON, described in OpenAPI: how far the answers are, what letters say, letters as a job. No verb ever
//! answers with a code: that stands in the letter alone.

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    routing::{get, post},
};
use jiff::civil::Date;
use platform::{
    api::{self, Answer, IdempotencyKey, Json},
    app::App,
    identity::Actor,
    papers::BodyId,
    web::{AppError, Problem},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::OpenApi;

use super::{
    LetterError,
    model::{By, Sheet, Template},
    prints,
    store::{self, Tally},
};
use crate::delegates::{DelegateError, ManageDelegates, ReadDelegates, model::Category, query};

/// The routes, under `/api/v1`.
pub fn routes() -> Router<App> {
    let v1 = Router::new()
        .route("/letters", get(figures).post(print))
        .route("/letters/{category}", get(show).put(change))
        .route("/letters/{category}/number", post(number))
        .route("/participants/{code}/letter-revocation", post(revoke));
    Router::new().nest("/api/v1", v1)
}

#[derive(OpenApi)]
#[openapi(
    paths(figures, print, show, change, number, revoke),
    tags((name = "letters", description = "Summonses, invitations, and how far the answers are"))
)]
struct Doc;

/// What the routes are, for the document of the whole product.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}

/// How far the answers of some people are.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
struct TallyOut {
    /// On the roll; alternates get no letter.
    all: usize,
    /// With a letter whose code still holds.
    letters: usize,
    come: usize,
    away: usize,
    /// Who said nothing yet.
    silent: usize,
    /// Who come and need something.
    needs: usize,
}

impl From<Tally> for TallyOut {
    fn from(tally: Tally) -> Self {
        let silent = tally.silent();
        let Tally { all, letters, come, away, needs } = tally;
        Self { all, letters, come, away, silent, needs }
    }
}

/// The answers of a category.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
struct CategoryOut {
    category: Category,
    #[serde(flatten)]
    tally: TallyOut,
}

/// The answers of a group of delegates.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
struct GroupOut {
    /// The number; null for those without a group.
    group: Option<u16>,
    #[serde(flatten)]
    tally: TallyOut,
}

/// How far the answers are.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
struct FiguresOut {
    categories: Vec<CategoryOut>,
    groups: Vec<GroupOut>,
}

/// How far the answers are, by category and by group of delegates.
#[utoipa::path(get, path = "/api/v1/letters", tag = "letters",
    responses((status = 200, body = FiguresOut), (status = "4XX", body = Problem)))]
async fn figures(
    _actor: Actor<ReadDelegates>,
    State(app): State<App>,
) -> Result<axum::Json<FiguresOut>, AppError> {
    let all = app.db.read(store::figures).await?;
    Ok(axum::Json(FiguresOut {
        categories: all
            .categories
            .into_iter()
            .map(|(category, tally)| CategoryOut { category, tally: tally.into() })
            .collect(),
        groups: all
            .groups
            .into_iter()
            .map(|(group, tally)| GroupOut { group, tally: tally.into() })
            .collect(),
    }))
}

/// For whom letters are made.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct PrintIn {
    /// The codes of people; their letters must be on one sheet size.
    codes: Vec<String>,
}

/// Makes the letters of these people as a job; the answer names it. Codes of earlier letters open nothing any more.
#[utoipa::path(post, path = "/api/v1/letters", tag = "letters", request_body = PrintIn,
    responses((status = 202), (status = "4XX", body = Problem)))]
async fn print(
    actor: Actor<ManageDelegates>,
    State(app): State<App>,
    key: IdempotencyKey,
    body: Json<PrintIn>,
) -> Result<Answer, AppError> {
    let hash = body.hash();
    let codes: Vec<String> = body.into_inner().codes.iter().map(|code| code.trim().to_uppercase()).collect();
    let (ids, same) = app.db.read(move |tx| prints::choose(tx, |one| codes.contains(&one.code))).await?;
    prints::fits(&ids, same)?;
    api::idempotent(&app.db, &actor, &key, "letters.print", hash, move |tx| {
        let job = prints::enqueue(tx, ids)?;
        Ok::<_, LetterError>(job.map(|job| (StatusCode::ACCEPTED, json!({ "job": job }))))
    })
    .await
}

/// What the letters to a category say.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct TemplateIo {
    /// The version that was read; 0 while the usual words are used.
    version: i64,
    title: String,
    /// Stands before the name as written; empty for the name alone.
    salutation: String,
    opening: String,
    /// A line each.
    points: String,
    dress: String,
    bring: String,
    contact: String,
    closing: String,
    /// A line each.
    recipients: String,
    sheet: Sheet,
    /// The issuing body; null for the congress without a number.
    #[schema(value_type = Option<String>, format = "uuid")]
    body: Option<BodyId>,
    #[schema(value_type = Option<String>, format = Date)]
    issued_on: Option<Date>,
    authority: Option<By>,
    authority_for: String,
    office: String,
    signer: String,
    /// Whether letters carry a code to answer with.
    link: bool,
    #[schema(value_type = Option<String>, format = Date)]
    answer_until: Option<Date>,
}

impl From<Template> for TemplateIo {
    fn from(one: Template) -> Self {
        Self {
            version: one.version,
            title: one.title,
            salutation: one.salutation,
            opening: one.opening,
            points: one.points,
            dress: one.dress,
            bring: one.bring,
            contact: one.contact,
            closing: one.closing,
            recipients: one.recipients,
            sheet: one.sheet,
            body: one.body,
            issued_on: one.issued_on,
            authority: one.authority,
            authority_for: one.authority_for,
            office: one.office,
            signer: one.signer,
            link: one.link,
            answer_until: one.answer_until,
        }
    }
}

impl TemplateIo {
    fn of(self, category: Category) -> Template {
        Template {
            category,
            title: self.title,
            salutation: self.salutation,
            opening: self.opening,
            points: self.points,
            dress: self.dress,
            bring: self.bring,
            contact: self.contact,
            closing: self.closing,
            recipients: self.recipients,
            sheet: self.sheet,
            body: self.body,
            number: None,
            issued_on: self.issued_on,
            authority: self.authority,
            authority_for: self.authority_for,
            office: self.office,
            signer: self.signer,
            link: self.link,
            answer_until: self.answer_until,
            version: self.version,
            updated_by: String::new(),
        }
    }
}

fn category(text: &str) -> Result<Category, AppError> {
    text.parse().map_err(|_| AppError::not_found())
}

/// What the letters to a category say.
#[utoipa::path(get, path = "/api/v1/letters/{category}", tag = "letters", params(("category" = String, Path)),
    responses((status = 200, body = TemplateIo), (status = "4XX", body = Problem)))]
async fn show(
    _actor: Actor<ManageDelegates>,
    State(app): State<App>,
    Path(of): Path<String>,
) -> Result<axum::Json<TemplateIo>, AppError> {
    let category = category(&of)?;
    Ok(axum::Json(app.db.read(move |tx| store::template(tx, category)).await?.into()))
}

/// Changes what the letters to a category say.
#[utoipa::path(put, path = "/api/v1/letters/{category}", tag = "letters", params(("category" = String, Path)),
    request_body = TemplateIo, responses((status = 204), (status = "4XX", body = Problem)))]
async fn change(
    actor: Actor<ManageDelegates>,
    State(app): State<App>,
    Path(of): Path<String>,
    key: IdempotencyKey,
    body: Json<TemplateIo>,
) -> Result<Answer, AppError> {
    let category = category(&of)?;
    let hash = body.hash();
    let new = body.into_inner().of(category);
    api::idempotent(&app.db, &actor, &key, "letters.change", hash, move |tx| {
        Ok::<_, LetterError>(store::save(tx, &new)?.with((StatusCode::NO_CONTENT, json!(null))))
    })
    .await
}

/// Takes the next number of the issuing body for the letters to a category.
#[utoipa::path(post, path = "/api/v1/letters/{category}/number", tag = "letters",
    params(("category" = String, Path)), responses((status = 201), (status = "4XX", body = Problem)))]
async fn number(
    actor: Actor<ManageDelegates>,
    State(app): State<App>,
    Path(of): Path<String>,
    key: IdempotencyKey,
) -> Result<Answer, AppError> {
    let category = category(&of)?;
    api::idempotent(&app.db, &actor, &key, "letters.number", [0; 32], move |tx| {
        let done = store::take_number(tx, category)?;
        Ok::<_, LetterError>(done.map(|number| (StatusCode::CREATED, json!({ "number": number }))))
    })
    .await
}

/// Makes the code of somebody's letter worthless.
#[utoipa::path(post, path = "/api/v1/participants/{code}/letter-revocation", tag = "letters",
    params(("code" = String, Path)), responses((status = 204), (status = "4XX", body = Problem)))]
async fn revoke(
    actor: Actor<ManageDelegates>,
    State(app): State<App>,
    Path(code): Path<String>,
    key: IdempotencyKey,
) -> Result<Answer, AppError> {
    api::idempotent(&app.db, &actor, &key, "letters.revoke", [0; 32], move |tx| {
        let one = query::by_code_any(tx, &code)?.ok_or(LetterError::Roll(DelegateError::NotFound))?;
        let done = store::revoke(tx, &one)?;
        Ok::<_, LetterError>(done.map(|_| (StatusCode::NO_CONTENT, json!(null))))
    })
    .await
}
