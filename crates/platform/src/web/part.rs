//! A part of a page that lives: drawn once for all who see the same, and again after every change.

use std::{fmt::Display, sync::Arc};

use askama::Template;
use axum::{http::HeaderMap, response::Response};
use sha2::{Digest as _, Sha256};

use super::{AppError, Cx, Site};
use crate::{
    app::App,
    i18n::Lang,
    identity::Identity,
    live::{BoxError, Channel, last_event_id},
};

/// A part of a page, drawn.
#[derive(Debug, PartialEq, Eq)]
pub struct Part {
    /// Its HTML.
    pub html: String,
    /// The id that the hub gives to a frame of these bytes.
    pub id: String,
}

impl Part {
    /// A part of these bytes.
    pub fn new(html: String) -> Self {
        let hash = Sha256::digest(html.as_bytes());
        Self { id: crate::hex(hash.get(..12).unwrap_or_default()), html }
    }
}

/// One thing to choose in a filter.
#[derive(Debug, Clone)]
pub struct Choice {
    /// The value.
    pub value: String,
    /// Its words.
    pub word: String,
    /// Whether it is chosen.
    pub on: bool,
}

impl Choice {
    /// A choice.
    pub fn new(value: impl Into<String>, word: impl Into<String>, on: bool) -> Self {
        Self { value: value.into(), word: word.into(), on }
    }
}

/// The region of a page that lives: the part inside an element that listens to its stream.
#[derive(Template)]
#[template(path = "part.html")]
pub struct Region<'a> {
    /// The address of the stream. It names the language, so that the stream speaks as the page does, and what
    /// the page shows already, so that the same is not sent again.
    stream: String,
    /// Another query is another region with another stream.
    key: String,
    body: &'a str,
}

impl<'a> Region<'a> {
    /// The region of `path` with its filter; the stream is at `/song` before it.
    pub fn new(path: &str, query: &str, lang: Lang, part: &'a Part) -> Self {
        let mark = if query.is_empty() { "" } else { "&" };
        let stream = format!("/song{path}?{query}{mark}lang={}&co={}", lang.code(), part.id);
        Self { stream, key: short(query), body: &part.html }
    }
}

/// A short name of a query for ids: equal queries have equal names.
pub fn short(query: &str) -> String {
    // FNV-1a: an id on a page, not a secret.
    let hash = query.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:x}")
}

/// What a part of a page knows: nothing of who looks, so that its bytes may go to all who see the same.
pub fn part_cx(lang: Lang, site: &Arc<Site>, path: &str, query: String) -> Cx {
    let mut cx = Cx::bare(lang, site.clone());
    path.clone_into(&mut cx.path);
    cx.query = query;
    cx
}

/// The query of the page that a stream belongs to: without what only the stream, or only this visit, says.
pub fn without_stream(query: &str) -> String {
    let kept: Vec<&str> = query
        .split('&')
        .filter(|pair| {
            !pair.starts_with("co=")
                && !pair.starts_with("lang=")
                && !pair.starts_with("xong=")
                && !pair.is_empty()
        })
        .collect();
    kept.join("&")
}

/// The living part of a page and of its stream, which stands at `/song` before the page's address.
///
/// ```text
/// let live = LivePart::of(&cx, audience);
/// let html = draw(&live.cx(), &picture)?;              // the page
/// Whole { region: live.region(html)?, .. }
///
/// LivePart::of(&cx, audience).stream(&app, &actor, &cx, &headers, [TOPIC], move |cx| async move { … draw … })
/// ```
#[derive(Debug, Clone)]
pub struct LivePart {
    path: String,
    query: String,
    lang: Lang,
    site: Arc<Site>,
    audience: String,
}

impl LivePart {
    /// The part of the page of this request; `audience` names everything else that its bytes depend on.
    pub fn of(cx: &Cx, audience: impl Display) -> Self {
        Self {
            path: cx.path.strip_prefix("/song").unwrap_or(&cx.path).to_owned(),
            query: without_stream(&cx.query),
            lang: cx.lang,
            site: cx.site.clone(),
            audience: audience.to_string(),
        }
    }

    /// The same part on a page that stands at another address than the request, as after a refused form.
    #[must_use]
    pub fn at(mut self, path: &str) -> Self {
        if self.path != path {
            path.clone_into(&mut self.path);
            self.query.clear();
        }
        self
    }

    /// What the part knows.
    pub fn cx(&self) -> Cx {
        part_cx(self.lang, &self.site, &self.path, self.query.clone())
    }

    /// The query in its normal form after its question mark, for links to the same list in another shape;
    /// empty without one.
    pub fn question(&self) -> String {
        if self.query.is_empty() { String::new() } else { format!("?{}", self.query) }
    }

    /// The part inside its region.
    ///
    /// # Errors
    /// Any [`askama::Error`].
    pub fn region(&self, html: String) -> askama::Result<String> {
        Region::new(&self.path, &self.query, self.lang, &Part::new(html)).render()
    }

    /// Streams the part: at once unless the page has it already, and after every change of a topic.
    ///
    /// # Errors
    /// 403 for a program's token: streams are for screens. The hub ends the stream when its session ends.
    pub fn stream<F>(
        self,
        app: &App,
        actor: &Identity,
        cx: &Cx,
        headers: &HeaderMap,
        topics: impl IntoIterator<Item = impl Into<String>>,
        draw: impl Fn(Cx) -> F + Send + Sync + 'static,
    ) -> Result<Response, AppError>
    where
        F: Future<Output = Result<String, BoxError>> + Send + 'static,
    {
        actor.session().ok_or_else(AppError::forbidden)?;
        let key = format!("{}?{}&lang={}#{}", self.path, self.query, self.lang.code(), self.audience);
        let channel = Channel::new(key, topics, move || {
            let drawn = draw(self.cx());
            async move { Ok(drawn.await?.into()) }
        });
        let shown = cx.param("co");
        let frames =
            app.live.subscribe(channel, last_event_id(headers).or((!shown.is_empty()).then_some(&shown)));
        Ok(app.live.sse(actor.door_id(), frames))
    }
}
