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

use askama::Template;
use axum::{
    Router,
    routing::{get, post},
};
use platform::{
    app::App,
    i18n::{Catalogue, Lang},
    identity::Actor,
};

pub use list::Choice;
pub use row::{Badge, legend};

use super::super::{Audience, ReadTasks, audience, memory::Part};

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

/// The region of a page that lives: the part inside an element that listens to its stream.
#[derive(Template)]
#[template(path = "tasks/pages/views/region.html")]
pub(crate) struct Region<'a> {
    /// The address of the stream. It names the language, so that the stream speaks as the page does, and what
    /// the page shows already, so that the same is not sent again.
    stream: String,
    /// Another query is another region with another stream.
    key: String,
    body: &'a str,
}

impl<'a> Region<'a> {
    /// The region of `path` with its filter; the stream is at `/song` before it.
    pub(crate) fn new(path: &str, query: &str, lang: Lang, part: &'a Part) -> Self {
        let mark = if query.is_empty() { "" } else { "&" };
        let stream = format!("/song{path}?{query}{mark}lang={}&co={}", lang.code(), part.id);
        Self { stream, key: list::short(query), body: &part.html }
    }
}
