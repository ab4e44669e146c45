//! The verbs of printers as JSON, described in OpenAPI.

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    routing::{get, post},
};
use platform::{
    api::{self, Answer, IdempotencyKey, Json},
    app::App,
    identity::Actor,
    web::{AppError, Problem},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::OpenApi;

use super::{
    ManagePrinters,
    model::{Outcome, Printer, PrinterId, PrinterKind, Purpose},
    send,
    store::{self, NewPrinter},
};

/// The routes, under `/api/v1`.
pub fn routes() -> Router<App> {
    let v1 = Router::new()
        .route("/printers", get(list).post(enter))
        .route("/printers/{id}", get(show).put(change).delete(remove))
        .route("/printers/{id}/test", post(test));
    Router::new().nest("/api/v1", v1)
}

#[derive(OpenApi)]
#[openapi(
    paths(list, enter, show, change, remove, test),
    tags((name = "printers", description = "Printers for badges and labels, addressed directly"))
)]
struct Doc;

/// What the routes are, for the document of the whole product.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}

/// A printer.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
struct PrinterOut {
    id: String,
    name: String,
    kind: PrinterKind,
    host: String,
    port: u16,
    dpi: u16,
    width_mm: u16,
    /// 0 for a roll without end.
    length_mm: u16,
    copies: u16,
    /// Dots that fit across.
    dots_across: u32,
    /// Dots that fit along; 0 for a roll without end.
    dots_along: u32,
    version: i64,
}

impl From<Printer> for PrinterOut {
    fn from(one: Printer) -> Self {
        let (dots_across, dots_along) = one.dots();
        Self {
            id: one.id.to_string(),
            name: one.name,
            kind: one.kind,
            host: one.host,
            port: one.port,
            dpi: one.dpi,
            width_mm: one.width_mm,
            length_mm: one.length_mm,
            copies: one.copies,
            dots_across,
            dots_along,
            version: one.version,
        }
    }
}

/// A printer as it is entered or changed.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct PrinterIn {
    name: String,
    kind: PrinterKind,
    /// A private or loopback IP address.
    host: String,
    port: u16,
    dpi: u16,
    width_mm: u16,
    /// 0 for a roll without end.
    #[serde(default)]
    length_mm: u16,
    #[serde(default = "one")]
    copies: u16,
    /// The version that was read; needed to change.
    #[serde(default)]
    version: i64,
}

const fn one() -> u16 {
    1
}

impl PrinterIn {
    fn entered(&self) -> NewPrinter {
        NewPrinter {
            name: self.name.clone(),
            kind: self.kind,
            host: self.host.clone(),
            port: self.port,
            dpi: self.dpi,
            width_mm: self.width_mm,
            length_mm: self.length_mm,
            copies: self.copies,
        }
    }
}

/// How a test label went.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
struct TestOut {
    /// `da_gui` when the printer took it.
    outcome: Outcome,
}

/// All printers by name.
#[utoipa::path(get, path = "/api/v1/printers", tag = "printers",
    responses((status = 200, body = Vec<PrinterOut>), (status = "4XX", body = Problem)))]
async fn list(
    _actor: Actor<ManagePrinters>,
    State(app): State<App>,
) -> Result<axum::Json<Vec<PrinterOut>>, AppError> {
    let all = app.db.read(store::all).await?;
    Ok(axum::Json(all.into_iter().map(PrinterOut::from).collect()))
}

/// One printer.
#[utoipa::path(get, path = "/api/v1/printers/{id}", tag = "printers", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = PrinterOut), (status = "4XX", body = Problem)))]
async fn show(
    _actor: Actor<ManagePrinters>,
    State(app): State<App>,
    Path(id): Path<PrinterId>,
) -> Result<axum::Json<PrinterOut>, AppError> {
    Ok(axum::Json(app.db.read(move |tx| store::printer(tx, id)).await?.into()))
}

/// Enters a printer.
#[utoipa::path(post, path = "/api/v1/printers", tag = "printers", request_body = PrinterIn,
    responses((status = 201), (status = "4XX", body = Problem)))]
async fn enter(
    actor: Actor<ManagePrinters>,
    State(app): State<App>,
    key: IdempotencyKey,
    body: Json<PrinterIn>,
) -> Result<Answer, AppError> {
    let new = body.entered();
    api::idempotent(&app.db, &actor, &key, "printers.enter", body.hash(), move |tx| {
        Ok::<_, super::PrinterError>(
            store::create(tx, &new)?.map(|id| (StatusCode::CREATED, json!({ "id": id }))),
        )
    })
    .await
}

/// Changes a printer.
#[utoipa::path(put, path = "/api/v1/printers/{id}", tag = "printers", params(("id" = uuid::Uuid, Path)),
    request_body = PrinterIn, responses((status = 204), (status = "4XX", body = Problem)))]
async fn change(
    actor: Actor<ManagePrinters>,
    State(app): State<App>,
    Path(id): Path<PrinterId>,
    key: IdempotencyKey,
    body: Json<PrinterIn>,
) -> Result<Answer, AppError> {
    let (new, version) = (body.entered(), body.version);
    api::idempotent(&app.db, &actor, &key, "printers.change", body.hash(), move |tx| {
        Ok::<_, super::PrinterError>(
            store::save(tx, id, version, &new)?.map(|()| (StatusCode::NO_CONTENT, json!(null))),
        )
    })
    .await
}

/// Takes a printer off the list.
#[utoipa::path(delete, path = "/api/v1/printers/{id}", tag = "printers", params(("id" = uuid::Uuid, Path)),
    responses((status = 204), (status = "4XX", body = Problem)))]
async fn remove(
    actor: Actor<ManagePrinters>,
    State(app): State<App>,
    Path(id): Path<PrinterId>,
) -> Result<StatusCode, AppError> {
    app.db.write(actor.author(), move |tx| store::remove(tx, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Prints a test label and says how it went.
#[utoipa::path(post, path = "/api/v1/printers/{id}/test", tag = "printers", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = TestOut), (status = "4XX", body = Problem)))]
async fn test(
    actor: Actor<ManagePrinters>,
    State(app): State<App>,
    Path(id): Path<PrinterId>,
) -> Result<axum::Json<TestOut>, AppError> {
    let printer = app.db.read(move |tx| store::printer(tx, id)).await?;
    let page = send::test_page(&printer);
    let outcome = send::send(&app, actor.author(), &printer, Purpose::Test, vec![page]).await?;
    Ok(axum::Json(TestOut { outcome }))
}
