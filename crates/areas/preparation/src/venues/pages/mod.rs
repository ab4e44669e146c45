//! Pages of venues: the survey on a phone, the desk, the comparison, the decision.

mod common;
mod compare;
mod conflicts;
mod criteria;
mod decision;
mod form;
mod gate;
mod handover;
mod list;
mod photos;
mod round;
mod site;
mod space;
mod spread;
mod survey;
mod tornado;
mod venue;
pub mod view;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};
use platform::{app::App, i18n::Catalogue};

platform::inventory::submit! {
    Catalogue {
        area: "venues",
        vi: include_str!("../words/survey.vi.ftl"),
        en: include_str!("../words/survey.en.ftl"),
    }
}
platform::inventory::submit! {
    Catalogue {
        area: "venues",
        vi: include_str!("../words/desk.vi.ftl"),
        en: include_str!("../words/desk.en.ftl"),
    }
}
/// The most bytes of one photograph as it comes: 25 MB. With scripts a phone makes it smaller first.
pub const LARGEST: u64 = 25 << 20;

/// A form of criteria with their scales, each letter sent as up to nine bytes: 512 kB.
const FORM_LIMIT: usize = 512 * 1024;

/// Photographs of one step sent together.
const FILES_LIMIT: usize = 100 << 20;

/// All pages of venues.
pub fn routes() -> Router<App> {
    let forms = Router::new()
        .route("/dia-diem/moi", get(venue::new).post(venue::create))
        .route("/dia-diem/tieu-chi", get(criteria::show).post(criteria::weigh))
        .route("/dia-diem/tieu-chi/sua", get(criteria::edit).post(criteria::save))
        .route("/dia-diem/quyet-dinh/ky", post(decision::sign))
        .route("/dia-diem/{code}/phong/{space}", get(space::space).post(space::save_space))
        .layer(DefaultBodyLimit::max(FORM_LIMIT));
    let files = Router::new()
        .route("/dia-diem/khao-sat/{id}/{step}", post(survey::save))
        .route("/dia-diem/{code}/anh", post(photos::add_photo))
        .layer(DefaultBodyLimit::max(FILES_LIMIT));
    Router::new()
        .route("/dia-diem", get(list::show))
        .route("/song/dia-diem", get(list::stream))
        .route("/dia-diem/danh-sach.pdf", get(list::pdf))
        .route("/dia-diem/so-sanh", get(compare::show))
        .route("/song/dia-diem/so-sanh", get(compare::stream))
        .route("/dia-diem/so-sanh.pdf", get(compare::pdf))
        .route("/dia-diem/so-sanh.docx", get(compare::docx))
        .route("/dia-diem/tieu-chi/so-doi", get(criteria::pairs).post(criteria::save_pairs))
        .route("/dia-diem/dot", get(round::show).post(round::open))
        .route("/dia-diem/dot/giao", post(round::assign))
        .route("/dia-diem/dot/dong", post(round::close))
        .route("/dia-diem/chenh-lech", get(spread::show).post(spread::discuss))
        .route("/dia-diem/trung", get(conflicts::show).post(conflicts::settle))
        .route("/dia-diem/quyet-dinh", get(decision::show).post(decision::recommend))
        .route("/dia-diem/quyet-dinh/tra-lai", post(decision::send_back))
        .route("/dia-diem/anh/{id}", get(photos::photo))
        .route("/dia-diem/khao-sat", get(survey::mine))
        .route("/dia-diem/khao-sat/sw.js", get(survey::worker))
        .route("/dia-diem/khao-sat/manifest.webmanifest", get(survey::manifest))
        .route("/dia-diem/khao-sat/{id}", get(survey::show))
        .route("/dia-diem/khao-sat/{id}/nop", post(survey::hand_in))
        .route("/dia-diem/khao-sat/{id}/phieu.pdf", get(survey::sheet))
        .route("/dia-diem/{code}", get(site::show))
        .route("/song/dia-diem/{code}", get(site::stream))
        .route("/dia-diem/{code}/sua", get(venue::edit).post(venue::save))
        .route("/dia-diem/{code}/buoc/{step}", post(site::step))
        .route("/dia-diem/{code}/dieu-kien/{gate}", get(gate::gate).post(gate::judge))
        .route("/dia-diem/{code}/ban-giao", get(handover::handover).post(handover::hand_over))
        .route("/dia-diem/{code}/ban-giao/{id}", get(handover::handover_paper))
        .merge(forms)
        .merge(files)
}
