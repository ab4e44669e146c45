//! Pages of the weekly meeting: parse, one transaction, render.
//!
//! Every page of a meeting is drawn from one `picture::Picture`, so that the page, the desk, the wall and the
//! presenter's telephone cannot disagree about the same instant; each is kept up to date by a stream that draws
//! the same part again.
//!
//! | file | what |
//! |---|---|
//! | `picture` | everything about one meeting, read in one snapshot |
//! | `view`, `draw` | what the pages show, as plain values, and how it comes from the picture |
//! | `list` | series and meetings |
//! | `show` | one meeting: where it is in the loop, and everything behind it |
//! | `desk` | the minutes while they are typed |
//! | `line` | one conclusion: edited, split, taken out |
//! | `agenda`, `people` | items and who came |
//! | `setup` | series and meetings as forms |
//! | `signing` | what will happen, the signature, supplementary records |
//! | `papers` | minutes, notice, report: on the screen, as PDF, as DOCX |
//! | `room` | the wall and the presenter's telephone |

mod agenda;
mod common;
mod desk;
mod draw;
mod line;
mod list;
mod papers;
mod people;
mod picture;
mod room;
mod setup;
mod show;
mod signing;
#[cfg(test)]
mod tests;
mod view;

use axum::{
    Router,
    routing::{get, post},
};
use platform::{app::App, i18n::Catalogue};

platform::inventory::submit! {
    Catalogue {
        area: "meet",
        vi: include_str!("../vi.ftl"),
        en: include_str!("../en.ftl"),
    }
}

/// The routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/giao-ban", get(list::show))
        .route("/giao-ban/xuat.xlsx", get(list::xlsx))
        .route("/giao-ban/xuat.pdf", get(list::pdf))
        .route("/giao-ban/moi", get(setup::new_meeting).post(setup::set_meeting))
        .route("/giao-ban/loat/moi", get(setup::new_series).post(setup::create_series))
        .route("/giao-ban/loat/{id}", get(setup::edit_series).post(setup::save_series))
        .route("/giao-ban/{id}", get(show::show))
        .route("/song/giao-ban/{id}", get(show::stream))
        .route("/giao-ban/{id}/sua", get(setup::edit_meeting).post(setup::save_meeting))
        .route("/giao-ban/{id}/buoc/{step}", get(show::ask).post(show::step))
        .route("/giao-ban/{id}/bien-ban", get(desk::show))
        .route("/song/giao-ban/{id}/bien-ban", get(desk::stream))
        .route("/giao-ban/{id}/doc", post(desk::read))
        .route("/giao-ban/{id}/ket-luan", post(desk::add))
        .route("/giao-ban/{id}/ket-luan/{line}", get(line::edit).post(line::save))
        .route("/giao-ban/{id}/ket-luan/{line}/{act}", post(line::act))
        .route("/giao-ban/{id}/muc/moi", get(agenda::new).post(agenda::add))
        .route("/giao-ban/{id}/muc/{item}", get(agenda::edit).post(agenda::save))
        .route("/giao-ban/{id}/muc/{item}/{act}", post(agenda::act))
        .route("/giao-ban/{id}/thanh-phan", get(people::show).post(people::save))
        .route("/giao-ban/{id}/ky", get(signing::preview).post(signing::sign))
        .route("/giao-ban/{id}/bo-sung", get(signing::new_supplement).post(signing::save_supplement))
        .route("/giao-ban/{id}/bo-sung/{no}/ky", post(signing::sign_supplement))
        .route("/giao-ban/{id}/thong-bao", post(papers::issue))
        .route("/giao-ban/{id}/bao-cao", post(papers::issue_report))
        .route("/giao-ban/{id}/van-ban/{paper}", get(papers::show))
        .route("/giao-ban/{id}/tuong", get(room::wall))
        .route("/song/giao-ban/{id}/tuong", get(room::wall_stream))
        .route("/giao-ban/{id}/trinh-bay", get(room::present))
        .route("/song/giao-ban/{id}/trinh-bay", get(room::present_stream))
}
