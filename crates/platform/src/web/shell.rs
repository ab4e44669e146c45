//! The frame of a page: header, navigation, main part, footer; and parts without a frame.

use std::fmt::Write as _;

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::cx::{Cx, Theme};
use super::error::AppError;

/// How much of the frame a page has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Layout {
    /// Header, navigation, a column for reading and lists.
    #[default]
    Standard,
    /// The same over the whole width: boards, Gantt, matrix.
    Wide,
    /// A wall board: no menu, no scroll, seen from 3 m.
    Wall,
    /// Only the name of the congress and one narrow column: sign-in, errors for strangers.
    Plain,
}

/// The paper a page is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PrintSize {
    /// A4 upright.
    #[default]
    A4,
    /// A4 on its side: long tables.
    A4Landscape,
    /// A3 on its side: boards, Gantt.
    A3,
}

/// A page before it is put into the frame. `body` brings its own `<h1>`.
pub struct Page<B> {
    title: String,
    body: B,
    layout: Layout,
    print: PrintSize,
    live: Option<String>,
    as_of: Option<String>,
    scripts: Vec<&'static str>,
    styles: Vec<&'static str>,
    manifest: Option<&'static str>,
    wasm: bool,
}

impl<B: Template> Page<B> {
    /// A page of the standard layout, printed on A4.
    pub fn new(title: impl Into<String>, body: B) -> Self {
        Page {
            title: title.into(),
            body,
            layout: Layout::Standard,
            print: PrintSize::A4,
            live: None,
            as_of: None,
            scripts: Vec::new(),
            styles: Vec::new(),
            manifest: None,
            wasm: false,
        }
    }
    /// Lets the page run the WebAssembly of this server; no other page may.
    #[must_use]
    pub fn wasm(mut self) -> Self {
        self.wasm = true;
        self
    }
    /// Chooses the layout.
    #[must_use]
    pub fn layout(mut self, layout: Layout) -> Self {
        self.layout = layout;
        self
    }
    /// Chooses the paper.
    #[must_use]
    pub fn print(mut self, print: PrintSize) -> Self {
        self.print = print;
        self
    }
    /// The address of the event stream that keeps the page up to date.
    #[must_use]
    pub fn live(mut self, url: impl Into<String>) -> Self {
        self.live = Some(url.into());
        self
    }
    /// The moment the figures of the page stand for, if not the present one.
    #[must_use]
    pub fn as_of(mut self, at: jiff::civil::DateTime) -> Self {
        self.as_of = Some(crate::i18n::fmt::moment(at));
        self
    }
    /// A further style sheet under `web/`, such as `gantt.css`.
    #[must_use]
    pub fn style(mut self, name: &'static str) -> Self {
        self.styles.push(name);
        self
    }
    /// The address of a manifest: the page can be put on a phone's home screen.
    #[must_use]
    pub fn manifest(mut self, url: &'static str) -> Self {
        self.manifest = Some(url);
        self
    }
    /// A further module under `web/`, such as `js/passkey.js`.
    #[must_use]
    pub fn script(mut self, name: &'static str) -> Self {
        self.scripts.push(name);
        self
    }
}

#[derive(Template)]
#[template(path = "shell.html")]
struct Shell<'a> {
    cx: &'a Cx,
    title: &'a str,
    body: &'a str,
    layout: Layout,
    body_class: &'a str,
    live: Option<&'a str>,
    as_of: String,
    scripts: &'a [&'static str],
    styles: &'a [&'static str],
    manifest: Option<&'static str>,
    to_lang: String,
    to_theme: String,
    next_theme: Theme,
}

impl Shell<'_> {
    fn framed(&self) -> bool {
        matches!(self.layout, Layout::Standard | Layout::Wide)
    }
    fn help_keys(&self) -> [(&'static str, &'static str); 6] {
        use crate::i18n::key;
        [
            ("/", key("shell-help-search")),
            ("?", key("shell-help-this")),
            ("↑ ↓", key("shell-help-rows")),
            ("Enter", key("shell-help-open")),
            ("x", key("shell-help-select")),
            ("Esc", key("shell-help-close")),
        ]
    }
}

/// The whole page, 200.
pub fn page<B: Template>(cx: &Cx, page: Page<B>) -> Response {
    page_with(StatusCode::OK, cx, page)
}

/// The whole page with a status (422 for a form that comes back with its errors).
pub fn page_with<B: Template>(status: StatusCode, cx: &Cx, page: Page<B>) -> Response {
    match html(cx, &page) {
        Ok(html) => {
            let mut response = answer(status, html);
            if page.wasm {
                let policy = HeaderValue::from_static(super::headers::WITH_WASM);
                response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
            }
            response
        }
        Err(error) => AppError::internal(error).into_response(),
    }
}

/// A part of a page, as htmx asks for it or a live stream sends it; answers 200.
pub fn fragment(part: &impl Template) -> Response {
    match part.render() {
        Ok(html) => {
            let mut response = answer(StatusCode::OK, html);
            response.headers_mut().insert(header::VARY, HeaderValue::from_static("HX-Request"));
            response
        }
        Err(error) => AppError::internal(error).into_response(),
    }
}

fn answer(status: StatusCode, html: String) -> Response {
    (status, [(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"))], html)
        .into_response()
}

fn html<B: Template>(cx: &Cx, page: &Page<B>) -> askama::Result<String> {
    let body = page.body.render()?;
    let mut class = String::new();
    let _ = write!(
        class,
        "layout-{} print-{}",
        match page.layout {
            Layout::Standard => "standard",
            Layout::Wide => "wide",
            Layout::Wall => "wall",
            Layout::Plain => "plain",
        },
        match page.print {
            PrintSize::A4 => "a4",
            PrintSize::A4Landscape => "a4-landscape",
            PrintSize::A3 => "a3",
        }
    );
    let next_theme = match cx.theme {
        Theme::Auto => Theme::Dark,
        Theme::Dark => Theme::Light,
        Theme::Light => Theme::Auto,
    };
    let shell = Shell {
        cx,
        title: &page.title,
        body: &body,
        layout: page.layout,
        body_class: &class,
        live: page.live.as_deref(),
        as_of: page.as_of.clone().unwrap_or_else(|| cx.moment(&cx.now)),
        scripts: &page.scripts,
        styles: &page.styles,
        manifest: page.manifest,
        to_lang: cx.switch("ngon-ngu", cx.lang.other().code()),
        to_theme: cx.switch("nen", next_theme.code()),
        next_theme,
    };
    let mut out = String::with_capacity(body.len() + 8 * 1024);
    shell.render_into(&mut out)?;
    Ok(out)
}
