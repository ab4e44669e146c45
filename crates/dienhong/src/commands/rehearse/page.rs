//! The page of a rehearsal: lanes, queues, what is wrong, as it happens. Served on an address of this machine by the
//! command itself, because the server under rehearsal is the one that is measured.

use std::{convert::Infallible, net::SocketAddr, sync::Arc};

use askama::Template;
use axum::{
    Router,
    extract::State,
    http::header,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
    routing::get,
};
use futures::Stream;
use platform::web::{AppError, Cx, Layout, Page, Site, finish, page};
use rehearse::report::{LanePicture, Net, Picture, Wrong};
use tokio::{net::TcpListener, sync::watch};

use crate::commands::Failure;

#[derive(Clone)]
struct Watched {
    pictures: watch::Receiver<Picture>,
    seed: u64,
}

#[derive(Template)]
#[template(path = "commands/rehearse/page.html")]
struct Whole<'a> {
    cx: &'a Cx,
    part: String,
}

#[derive(Template)]
#[template(path = "commands/rehearse/part.html")]
struct Part<'a> {
    cx: &'a Cx,
    now: &'a Picture,
    seed: u64,
}

impl Part<'_> {
    fn minutes(seconds: &u64) -> String {
        format!("{}:{:02}", seconds / 60, seconds % 60)
    }

    fn net(lane: &LanePicture) -> &'static str {
        match lane.net {
            Net::Online => "online",
            Net::Waiting => "waiting",
            Net::Alone => "alone",
        }
    }

    /// The word of a verdict.
    fn said(&self, verdict: &str) -> String {
        let name = verdict.replace('_', "-");
        self.cx.tp("rehearse-said-", name).into_owned()
    }

    /// What was asked, in words.
    fn what(&self, one: &Wrong) -> String {
        let name = one.what.split(' ').next().unwrap_or_default();
        let word = match name {
            "scan" => self.cx.t("rehearse-what-scan"),
            "merge" => self.cx.t("rehearse-what-merge"),
            "alone" => self.cx.t("rehearse-what-alone"),
            "conflict" => self.cx.t("rehearse-what-conflict"),
            _ => self.cx.t("rehearse-what-count"),
        };
        word.into_owned()
    }
}

async fn whole(cx: Cx, State(watched): State<Watched>) -> Result<Response, AppError> {
    let part = draw(&cx, &watched)?;
    let body = Whole { cx: &cx, part };
    let title = cx.t("rehearse-title").into_owned();
    Ok(page(&cx, Page::new(title, body).layout(Layout::Wall).style("gates.css")))
}

fn draw(cx: &Cx, watched: &Watched) -> askama::Result<String> {
    let now = watched.pictures.borrow().clone();
    Part { cx, now: &now, seed: watched.seed }.render()
}

async fn stream(
    cx: Cx,
    State(watched): State<Watched>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let stream = futures::stream::unfold((cx, watched), |(cx, mut watched)| async move {
        watched.pictures.changed().await.ok()?;
        watched.pictures.borrow_and_update();
        let html = draw(&cx, &watched).ok()?;
        Some((Ok(Event::default().event("fragment").data(html)), (cx, watched)))
    });
    Sse::new(stream).keep_alive(KeepAlive::default())
}

async fn style() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("page.css"))
}

fn router(watched: Watched) -> Router {
    let routes = Router::new()
        .route("/", get(whole))
        .route("/song", get(stream))
        .route("/tong-duyet.css", get(style))
        .with_state(watched);
    finish(routes, Arc::new(Site::bare()))
}

/// Listens, and serves until dropped: where, and what serves.
///
/// # Errors
/// [`Failure::Other`] when the address is not to be had.
pub async fn serve(
    at: SocketAddr,
    seed: u64,
    pictures: watch::Receiver<Picture>,
) -> Result<(SocketAddr, impl Future<Output = ()>), Failure> {
    let taken = |error| Failure::Other(format!("the page cannot be shown at {at}: {error}"));
    let listener = TcpListener::bind(at).await.map_err(taken)?;
    let address = listener.local_addr().map_err(taken)?;
    let router = router(Watched { pictures, seed });
    let serving = async move {
        if let Err(error) = axum::serve(listener, router).await {
            eprintln!("dienhong: the page ended: {error}");
        }
    };
    Ok((address, serving))
}
