//! Views of the whole register: list, board, calendar, matrix, one's own work, and the wall of the meeting room.
//!
//! Every view is the same three steps: the address is read into an [`address::Address`], one snapshot is read
//! into a register, and a part is drawn from both. The page puts the part into its frame; the stream at
//! `/song/…` draws the same part after every change and sends it to every screen that shows it. A part knows
//! nothing of who looks but the audience, so its bytes may be shared; a task's text reaches a part only through
//! [`row::Row`], which leaves a stub in place of what the audience may not see.

pub mod address;
pub mod board;
pub mod list;
pub mod live;
pub mod matrix;
pub mod mine;
pub mod month;
pub mod paper;
pub mod row;
pub mod summary;
#[cfg(test)]
mod tests;
pub mod wall;

use axum::{
    Router,
    routing::{get, post},
};
use platform::{app::App, i18n::Catalogue, identity::Actor};

pub use platform::web::{Choice, Region};
pub use row::{Badge, legend};

use super::super::{Audience, ReadTasks, audience};

platform::inventory::submit! {
    Catalogue {
        area: "views",
        vi: include_str!("../../words/views.vi.ftl"),
        en: include_str!("../../words/views.en.ftl"),
    }
}

/// The routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/nhiem-vu", get(list::show))
        .route("/song/nhiem-vu", get(list::stream))
        .route("/nhiem-vu/bo-loc", post(list::save))
        .route("/nhiem-vu/bo-loc/{id}/xoa", post(list::forget))
        .route("/nhiem-vu/bang", get(board::show))
        .route("/song/nhiem-vu/bang", get(board::stream))
        .route("/nhiem-vu/lich", get(month::show))
        .route("/song/nhiem-vu/lich", get(month::stream))
        .route("/nhiem-vu/ma-tran", get(matrix::show))
        .route("/song/nhiem-vu/ma-tran", get(matrix::stream))
        .route("/nhiem-vu/danh-sach.pdf", get(paper::list_pdf))
        .route("/nhiem-vu/bang.pdf", get(paper::board_pdf))
        .route("/nhiem-vu/lich.pdf", get(paper::month_pdf))
        .route("/nhiem-vu/ma-tran.pdf", get(paper::matrix_pdf))
        .route("/viec-cua-toi.pdf", get(paper::mine_pdf))
        .route("/viec-cua-toi", get(mine::show))
        .route("/song/viec-cua-toi", get(mine::stream))
        .route("/bang-tuong", get(wall::show))
        .route("/song/bang-tuong", get(wall::stream))
}

/// Who looks, as far as a shared part may know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Eyes {
    /// What may be seen.
    pub audience: Audience,
    /// Whether the buttons that write are shown.
    pub manages: bool,
}

impl Eyes {
    /// The eyes of an actor.
    pub fn of(actor: &Actor<ReadTasks>) -> Self {
        Self { audience: audience(actor), manages: list::manages(actor) }
    }

    /// A name for the keys of shared parts.
    pub fn name(self) -> String {
        format!("{}{}", self.audience.name(), if self.manages { "+m" } else { "" })
    }
}
