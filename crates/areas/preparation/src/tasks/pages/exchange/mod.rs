//! The register in and out as files: import and export of the annex, the Gantt page, calendar feeds, and the
//! summary report that is signed.

pub mod export;
pub mod feeds;
pub mod gantt;
pub mod importing;
pub mod paper;
pub mod print;
pub mod report;
#[cfg(test)]
mod tests;

use axum::{
    Router,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use platform::{app::App, i18n::Catalogue};

platform::inventory::submit! {
    Catalogue {
        area: "exchange",
        vi: include_str!("../../words/exchange.vi.ftl"),
        en: include_str!("../../words/exchange.en.ftl"),
    }
}
platform::inventory::submit! {
    Catalogue {
        area: "annex",
        vi: include_str!("../../sheets.vi.ftl"),
        en: include_str!("../../sheets.en.ftl"),
    }
}

/// The routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/nhiem-vu/nhap", get(importing::start).post(importing::upload).layer(importing::limit()))
        .route("/nhiem-vu/nhap/{id}", get(importing::show))
        .route("/nhiem-vu/nhap/{id}/chon", post(importing::choose))
        .route("/nhiem-vu/nhap/{id}/ap-dung", post(importing::confirm))
        .route("/nhiem-vu/nhap/{id}/bo", post(importing::discard))
        .route("/nhiem-vu/xuat.xlsx", get(export::xlsx_page))
        .route("/nhiem-vu/xuat.csv", get(export::csv_page))
        .route("/nhiem-vu/xuat.xml", get(export::mspdi_page))
        .route("/nhiem-vu/xuat.pdf", get(print::annex_pdf))
        .route("/nhiem-vu/gantt.svg", get(export::svg_page))
        .route("/nhiem-vu/gantt.pdf", get(print::chart_pdf))
        .route("/nhiem-vu/tien-do-gantt", get(gantt::show))
        .route("/song/nhiem-vu/tien-do-gantt", get(gantt::stream))
        .route("/lich", get(feeds::list).post(feeds::make))
        .route("/lich/{id}", get(feeds::calendar))
        .route("/lich/{id}/thu-hoi", post(feeds::revoke))
        .route("/bao-cao/nhiem-vu", get(report::now))
        .route("/bao-cao/nhiem-vu/ky", post(report::sign))
        .route("/bao-cao/nhiem-vu/{id}", get(report::show))
        .route("/bao-cao/nhiem-vu/{id}/bao-cao.pdf", get(paper::pdf))
        .route("/bao-cao/nhiem-vu/{id}/bao-cao.docx", get(paper::docx))
}

/// Goes on to another page after an act.
fn see_other(path: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    if let Ok(location) = HeaderValue::from_str(path) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}
