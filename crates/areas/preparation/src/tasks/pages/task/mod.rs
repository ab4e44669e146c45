//! One task and everything people do to it.

mod baseline;
pub(crate) mod common;
mod edit;
mod extension;
pub(crate) mod form;
pub(in crate::tasks) mod mau;
mod moves;
mod paper;
pub mod refusals;
mod settings;
mod show;
#[cfg(test)]
mod tests;
mod tie;
mod urge;
mod work;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};
use platform::{app::App, i18n::Catalogue};

platform::inventory::submit! {
    Catalogue {
        area: "rules",
        vi: include_str!("../../words/rules.vi.ftl"),
        en: include_str!("../../words/rules.en.ftl"),
    }
}
platform::inventory::submit! {
    Catalogue {
        area: "task",
        vi: include_str!("../../words/task.vi.ftl"),
        en: include_str!("../../words/task.en.ftl"),
    }
}

/// A form of the six rõ in Vietnamese, each letter sent as up to nine bytes: 512 kB.
const FORM_LIMIT: usize = 512 * 1024;

/// The routes.
pub fn routes() -> Router<App> {
    let forms = Router::new()
        .route("/nhiem-vu/moi", get(edit::new).post(edit::create))
        .route("/nhiem-vu/kiem-ro", post(edit::lint))
        .route("/nhiem-vu/mau", get(mau::show).post(mau::create))
        .route("/nhiem-vu/{code}/sua", get(edit::edit).post(edit::save))
        .route("/nhiem-vu/duyet-giao", get(moves::proposed).post(moves::assign))
        .layer(DefaultBodyLimit::max(FORM_LIMIT));
    // The cap of a file is counted where it is read; this leaves room for the form around it.
    let files = Router::new()
        .route("/nhiem-vu/{code}/minh-chung", get(work::evidence_form).post(work::evidence))
        .layer(DefaultBodyLimit::max(usize::try_from(work::LARGEST).unwrap_or(usize::MAX) + (1 << 20)));
    Router::new()
        .route("/nhiem-vu/dong/{group}", get(edit::row))
        .route("/nhiem-vu/thiet-lap", get(settings::show).post(settings::save))
        .route("/nhiem-vu/thiet-lap/ngay", post(settings::put_day))
        .route("/nhiem-vu/thiet-lap/ngay/{day}/xoa", post(settings::drop_day))
        .route("/nhiem-vu/{code}", get(show::show))
        .route("/song/nhiem-vu/{code}", get(show::stream))
        .route("/nhiem-vu/{code}/chuyen/{step}", get(moves::ask).post(moves::make))
        .route("/nhiem-vu/{code}/bao-cao", get(work::report_form).post(work::report))
        .route("/nhiem-vu/{code}/minh-chung/{id}", get(work::download))
        .route("/nhiem-vu/{code}/xac-nhan", post(work::confirm))
        .route("/nhiem-vu/{code}/da-xem", post(work::seen))
        .route("/nhiem-vu/{code}/gia-han", get(extension::form).post(extension::ask))
        .route("/nhiem-vu/{code}/gia-han/xem", post(extension::preview))
        .route("/nhiem-vu/{code}/don-doc", get(urge::form).post(urge::send))
        .route("/nhiem-vu/{code}/cong-van/{id}", get(urge::letter))
        .route("/nhiem-vu/{code}/cong-van/{id}/cong-van.pdf", get(paper::letter_pdf))
        .route("/nhiem-vu/{code}/cong-van/{id}/cong-van.docx", get(paper::letter_docx))
        .route("/nhiem-vu/{code}/phu-thuoc", get(tie::form).post(tie::change))
        .route("/gia-han/{id}", get(extension::show).post(extension::decide))
        .route("/gia-han/{id}/thong-bao.pdf", get(paper::decision_pdf))
        .route("/gia-han/{id}/thong-bao.docx", get(paper::decision_docx))
        .route("/duong-co-so", get(baseline::list).post(baseline::take))
        .route("/duong-co-so/{id}", get(baseline::show))
        .route("/duong-co-so/{id}/so-sanh.pdf", get(baseline::print))
        .route("/duong-co-so/{id}/phe-duyet", post(baseline::approve))
        .merge(forms)
        .merge(files)
}
