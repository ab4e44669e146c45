//! What every page knows: the language, the viewer, the congress, the address.

use std::borrow::Cow;
use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use jiff::civil;

use crate::i18n::{self, IntoArg, Lang};

/// What is the same for every request: put into the router once by [`super::finish`].
pub struct Site {
    /// The congress this server is for.
    pub congress: CongressBrief,
    /// The doors of the navigation, in order. Each area gives its own.
    pub nav: Vec<NavItem>,
    /// The telephone number of the help desk, shown on every page when set.
    pub hotline: Option<String>,
    /// Whether the server is reached over HTTPS: then browsers are told to stay on it.
    pub https: bool,
    /// The present moment in the time zone of the congress.
    pub now: Box<dyn Fn() -> civil::DateTime + Send + Sync>,
}

/// The name of the congress, in full and short.
#[derive(Debug, Clone, Default)]
pub struct CongressBrief {
    /// For the header of a printed page.
    pub name: String,
    /// For the top bar of a phone.
    pub short_name: String,
}

/// One door of the navigation.
#[derive(Debug, Clone)]
pub struct NavItem {
    /// The key of its words (wrap it in [`i18n::key`]).
    pub key: &'static str,
    /// Where it leads.
    pub href: &'static str,
    /// An icon of `web/icons.txt`.
    pub icon: &'static str,
    /// The letter after `g`; a space for none.
    pub hotkey: char,
    /// The area it belongs to; only viewers with this area see it. Empty: everybody signed in.
    pub area: &'static str,
    /// The key of the words of its group (wrap it in [`i18n::key`]).
    pub group: &'static str,
}

/// Doors that one line of the navigation holds; with more they stand in their groups.
const ONE_LINE: usize = 9;

/// Doors that stand together.
#[derive(Debug, Clone)]
pub struct NavGroup<'a> {
    /// The key of its words.
    pub key: &'static str,
    /// Its doors, at least one.
    pub items: Vec<&'a NavItem>,
    /// Whether it is the one that is shown.
    pub here: bool,
}

impl NavGroup<'_> {
    /// Where the group leads: to its first door.
    pub fn href(&self) -> &'static str {
        self.items.first().map_or("/", |item| item.href)
    }
}

/// Who looks at the page, by office. Told by the identity layer with [`set_viewer`].
#[derive(Debug, Clone, Default)]
pub struct Viewer {
    /// The title of the office.
    pub office_title: String,
    /// The name of the unit.
    pub unit_name: String,
    /// Two letters for the round mark.
    pub initials: String,
    /// The areas whose doors are shown.
    pub areas: Vec<String>,
}

/// The colours of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// As the device says.
    #[default]
    Auto,
    /// Paper.
    Light,
    /// For halls and command posts.
    Dark,
}

impl Theme {
    /// The name in the cookie and in the address of the switch.
    pub const fn code(self) -> &'static str {
        match self {
            Theme::Auto => "auto",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// Reads a name.
    pub fn parse(code: &str) -> Option<Self> {
        [Theme::Auto, Theme::Light, Theme::Dark].into_iter().find(|theme| theme.code() == code)
    }
}

/// What a page knows of its request. An extractor that never fails.
#[derive(Clone)]
pub struct Cx {
    /// The language: `?lang=`, then the cookie, then Vietnamese.
    pub lang: Lang,
    /// The colours chosen on this device.
    pub theme: Theme,
    /// Who looks, if signed in.
    pub viewer: Option<Viewer>,
    /// The path of the page, still encoded.
    pub path: String,
    /// The query without the question mark; empty if none.
    pub query: String,
    /// Whether htmx asks for a part of a page.
    pub htmx: bool,
    /// Whether a program asks: under `/api/`, or it accepts JSON and not HTML.
    pub api: bool,
    /// The id of the request, as in the header `X-Request-Id`.
    pub request_id: String,
    /// The present moment in the time zone of the congress.
    pub now: civil::DateTime,
    /// What is the same for every request.
    pub site: Arc<Site>,
}

/// Where the identity layer, which runs inside the error pages, leaves the viewer for them: put a
/// [`Viewer`] into the request's extensions with [`set_viewer`] and both know it.
#[derive(Debug, Clone, Default)]
pub(super) struct ViewerSlot(Arc<std::sync::OnceLock<Viewer>>);

impl ViewerSlot {
    pub(super) fn take(&self) -> Option<Viewer> {
        self.0.get().cloned()
    }
}

/// Tells the request who looks at it: for the identity layer.
pub fn set_viewer(extensions: &mut axum::http::Extensions, viewer: Viewer) {
    if let Some(slot) = extensions.get::<ViewerSlot>() {
        let _ = slot.0.set(viewer.clone());
    }
    extensions.insert(viewer);
}

/// The id of a request; put into its extensions by [`super::headers::secure`].
#[derive(Debug, Clone, Default)]
pub struct RequestId(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Cx {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Cx::from_parts(parts))
    }
}

impl Cx {
    /// Reads it from the head of a request.
    pub fn from_parts(parts: &Parts) -> Self {
        let site = parts.extensions.get::<Arc<Site>>().cloned().unwrap_or_else(|| Arc::new(Site::bare()));
        let uri =
            parts.extensions.get::<axum::extract::OriginalUri>().map_or(&parts.uri, |original| &original.0);
        let path = uri.path().to_owned();
        let query = uri.query().unwrap_or_default().to_owned();
        let asked = query.split('&').find_map(|pair| pair.strip_prefix("lang=")).and_then(Lang::parse);
        let lang = asked.or_else(|| cookie(&parts.headers, "lang").and_then(Lang::parse)).unwrap_or_default();
        let accept = parts.headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
        Cx {
            lang,
            theme: cookie(&parts.headers, "theme").and_then(Theme::parse).unwrap_or_default(),
            viewer: parts.extensions.get::<Viewer>().cloned(),
            htmx: parts.headers.contains_key("hx-request")
                && !parts.headers.contains_key("hx-history-restore-request"),
            api: path.starts_with("/api/") || (accept.contains("json") && !accept.contains("text/html")),
            path,
            query,
            request_id: parts.extensions.get::<RequestId>().cloned().unwrap_or_default().0,
            now: (site.now)(),
            site,
        }
    }

    /// A context outside a request: for fragments rendered once and sent to many, and for tests.
    pub fn bare(lang: Lang, site: Arc<Site>) -> Self {
        Cx {
            lang,
            theme: Theme::Auto,
            viewer: None,
            path: "/".to_owned(),
            query: String::new(),
            htmx: false,
            api: false,
            request_id: String::new(),
            now: (site.now)(),
            site,
        }
    }

    /// The words of a key.
    pub fn t(&self, key: &str) -> Cow<'static, str> {
        i18n::t(self.lang, key)
    }

    /// The words of a key composed of a beginning and an end: `cx.tp("tasks-timing-", timing)`.
    pub fn tp(&self, beginning: &str, end: impl fmt::Display) -> Cow<'static, str> {
        i18n::t(self.lang, &format!("{beginning}{end}"))
    }

    /// The words of a key with one value.
    pub fn t1(&self, key: &str, name: &str, value: impl IntoArg) -> String {
        i18n::tr(self.lang, key, &[(name, value.arg())])
    }

    /// The words of a key with two values.
    pub fn t2(&self, key: &str, a: &str, av: impl IntoArg, b: &str, bv: impl IntoArg) -> String {
        i18n::tr(self.lang, key, &[(a, av.arg()), (b, bv.arg())])
    }

    /// The words of a key with three values.
    #[allow(clippy::too_many_arguments, reason = "three pairs, flat so that templates can write them")]
    pub fn t3(
        &self,
        key: &str,
        a: &str,
        av: impl IntoArg,
        b: &str,
        bv: impl IntoArg,
        c: &str,
        cv: impl IntoArg,
    ) -> String {
        i18n::tr(self.lang, key, &[(a, av.arg()), (b, bv.arg()), (c, cv.arg())])
    }

    /// The words of a key that counts: the value is `$count`.
    pub fn tn(&self, key: &str, count: impl IntoArg) -> String {
        i18n::tr(self.lang, key, &[("count", count.arg())])
    }

    /// The words of a key with any values.
    pub fn ta(&self, key: &str, args: &[(&str, i18n::Arg)]) -> String {
        i18n::tr(self.lang, key, args)
    }

    /// A whole number: 1.234.
    pub fn int(&self, value: impl Whole) -> String {
        i18n::fmt::int(self.lang, value.whole())
    }

    /// A number with decimals: 1.234,5.
    pub fn num(&self, value: &f64, decimals: usize) -> String {
        i18n::fmt::number(self.lang, *value, decimals)
    }

    /// A share of a whole in percent.
    pub fn percent(&self, part: impl Whole, whole: impl Whole, decimals: usize) -> String {
        #[allow(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
        let (part, whole) = (part.whole() as f64, whole.whole() as f64);
        i18n::fmt::percent(self.lang, part, whole, decimals)
    }

    /// 05/10/2025.
    pub fn date(&self, date: &civil::Date) -> String {
        i18n::fmt::date(*date)
    }

    /// 05/10.
    pub fn day(&self, date: &civil::Date) -> String {
        i18n::fmt::day(*date)
    }

    /// 07:30.
    pub fn time(&self, time: &civil::Time) -> String {
        i18n::fmt::time(*time)
    }

    /// 07:30 05/10/2025.
    pub fn moment(&self, at: &civil::DateTime) -> String {
        i18n::fmt::moment(*at)
    }

    /// An icon of the sprite.
    pub fn icon(&self, name: &'static str) -> Icon {
        Icon(name)
    }

    /// The address of an asset.
    pub fn asset(&self, name: &str) -> &'static str {
        super::asset(name)
    }

    /// The address of the page with its query.
    pub fn here(&self) -> String {
        if self.query.is_empty() { self.path.clone() } else { format!("{}?{}", self.path, self.query) }
    }

    /// The address of the page with one value of the query set, or removed when it is empty, and
    /// the page number dropped: for filters, sorting and paging as plain links.
    pub fn with(&self, name: &str, value: impl fmt::Display) -> String {
        let value = value.to_string();
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (n, v) in url::form_urlencoded::parse(self.query.as_bytes()) {
            if n != name && (n != "trang" || name == "trang") {
                query.append_pair(&n, &v);
            }
        }
        if !value.is_empty() {
            query.append_pair(name, &value);
        }
        let query = query.finish();
        if query.is_empty() { self.path.clone() } else { format!("{}?{query}", self.path) }
    }

    /// The first value of a name in the query, decoded; empty if it is not there.
    pub fn param(&self, name: &str) -> String {
        url::form_urlencoded::parse(self.query.as_bytes())
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.into_owned())
            .unwrap_or_default()
    }

    /// The moment of a page in words: "Số liệu tính đến …".
    pub fn as_of(&self) -> String {
        format!("{} {}", self.t("shell-as-of"), self.moment(&self.now))
    }

    /// The congress.
    pub fn congress(&self) -> &CongressBrief {
        &self.site.congress
    }

    /// The doors this viewer sees.
    pub fn nav(&self) -> Vec<&NavItem> {
        let Some(viewer) = &self.viewer else { return Vec::new() };
        self.site
            .nav
            .iter()
            .filter(|item| item.area.is_empty() || viewer.areas.iter().any(|area| area == item.area))
            .collect()
    }

    /// The doors in their groups; in one when they fit one line. A page behind no door shows the first group.
    pub fn nav_groups(&self) -> Vec<NavGroup<'_>> {
        let items = self.nav();
        let one_line = items.len() <= ONE_LINE;
        let mut groups: Vec<NavGroup<'_>> = Vec::new();
        for item in items {
            let here = self.is_at(item);
            match groups.iter_mut().find(|group| one_line || group.key == item.group) {
                Some(group) => {
                    group.items.push(item);
                    group.here |= here;
                }
                None => groups.push(NavGroup { key: item.group, items: vec![item], here }),
            }
        }
        if groups.iter().all(|group| !group.here)
            && let Some(first) = groups.first_mut()
        {
            first.here = true;
        }
        groups
    }

    /// Whether a door leads to the part of the site this page is in.
    pub fn is_at(&self, item: &NavItem) -> bool {
        self.path == item.href
            || (item.href != "/"
                && self.path.strip_prefix(item.href).is_some_and(|rest| rest.starts_with('/')))
    }

    /// The address of a switch of language or theme that comes back to this page.
    pub(super) fn switch(&self, what: &str, value: &str) -> String {
        let mut back = url::form_urlencoded::Serializer::new(String::new());
        back.append_pair("ve", &self.without_lang());
        format!("/giao-dien/{what}/{value}?{}", back.finish())
    }

    fn without_lang(&self) -> String {
        let kept: Vec<&str> =
            self.query.split('&').filter(|p| !p.is_empty() && !p.starts_with("lang=")).collect();
        if kept.is_empty() { self.path.clone() } else { format!("{}?{}", self.path, kept.join("&")) }
    }
}

/// Whole numbers of any width, and references to them.
pub trait Whole {
    /// The number; one too large is cut to the largest.
    fn whole(&self) -> i64;
}
impl<T: Whole + ?Sized> Whole for &T {
    fn whole(&self) -> i64 {
        (**self).whole()
    }
}
macro_rules! whole {
    ($($t:ty),*) => { $(impl Whole for $t {
        fn whole(&self) -> i64 { i64::try_from(*self).unwrap_or(i64::MAX) }
    })* };
}
whole!(i8, i16, i32, i64, isize, u8, u16, u32, u64, usize);

impl Site {
    /// A site with nothing set: for pages outside a running server.
    pub fn bare() -> Self {
        Site {
            congress: CongressBrief::default(),
            nav: Vec::new(),
            hotline: None,
            https: false,
            now: Box::new(|| jiff::Zoned::now().datetime()),
        }
    }
}

impl fmt::Debug for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Site").field("congress", &self.congress).finish_non_exhaustive()
    }
}

/// The value of a cookie.
pub(super) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

/// An icon of the sprite, written as an inline `<svg>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Icon(pub &'static str);

impl fmt::Display for Icon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "<svg class=\"icon\" aria-hidden=\"true\" focusable=\"false\"><use href=\"{}#{}\"/></svg>",
            super::asset("icons.svg"),
            self.0
        )
    }
}

impl askama::FastWritable for Icon {
    fn write_into(&self, dest: &mut dyn fmt::Write, _: &dyn askama::Values) -> askama::Result<()> {
        write!(dest, "{self}")?;
        Ok(())
    }
}

impl askama::filters::HtmlSafe for Icon {}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]
mod tests {
    use super::*;

    fn cx(uri: &str, cookies: &str) -> Cx {
        let request =
            axum::http::Request::builder().uri(uri).header(header::COOKIE, cookies).body(()).unwrap();
        Cx::from_parts(&request.into_parts().0)
    }

    #[test]
    fn the_address_chooses_the_language_before_the_cookie() {
        assert_eq!(cx("/a?x=1&lang=en", "lang=vi").lang, Lang::En);
        assert_eq!(cx("/a", "theme=dark; lang=en").lang, Lang::En);
        assert_eq!(cx("/a", "theme=dark; lang=en").theme, Theme::Dark);
        assert_eq!(cx("/a", "").lang, Lang::Vi);
    }

    #[test]
    fn the_switch_comes_back_to_the_same_page() {
        let cx = cx("/nhiem-vu?tu=an%20ninh&lang=en", "");
        assert_eq!(cx.switch("ngon-ngu", "vi"), "/giao-dien/ngon-ngu/vi?ve=%2Fnhiem-vu%3Ftu%3Dan%2520ninh");
    }

    #[test]
    fn a_filter_replaces_its_own_value_and_goes_to_the_first_page() {
        let cx = cx("/nhiem-vu?trang=3&tu=a&dang=qua-han", "");
        assert_eq!(cx.with("tu", "b c"), "/nhiem-vu?dang=qua-han&tu=b+c");
        assert_eq!(cx.with("tu", ""), "/nhiem-vu?dang=qua-han");
        assert_eq!(cx.with("trang", 4), "/nhiem-vu?tu=a&dang=qua-han&trang=4");
        assert_eq!(cx.param("dang"), "qua-han");
    }

    #[test]
    fn a_door_is_current_for_the_pages_behind_it_only() {
        let item = NavItem { key: "x", href: "/nhiem-vu", icon: "list", hotkey: 'n', area: "", group: "" };
        assert!(cx("/nhiem-vu/PV-07", "").is_at(&item));
        assert!(!cx("/nhiem-vu-khac", "").is_at(&item));
    }

    #[test]
    fn many_doors_stand_in_groups_and_few_in_one_line() {
        const HREFS: [&str; 10] = ["/a", "/b", "/c", "/d", "/e", "/f", "/g", "/h", "/i", "/k"];
        let with = |count: usize, path: &str| {
            let mut cx = cx(path, "");
            let nav = HREFS
                .iter()
                .take(count)
                .enumerate()
                .map(|(at, href)| {
                    let group = if at % 2 == 0 { "even" } else { "odd" };
                    NavItem { key: "x", href, icon: "list", hotkey: ' ', area: "", group }
                })
                .collect();
            cx.site = Arc::new(Site { nav, ..Site::bare() });
            cx.viewer = Some(Viewer::default());
            let groups = cx.nav_groups();
            groups.iter().map(|group| (group.href(), group.items.len(), group.here)).collect::<Vec<_>>()
        };
        assert_eq!(with(9, "/b"), [("/a", 9, true)]);
        assert_eq!(with(10, "/d/1"), [("/a", 5, false), ("/b", 5, true)]);
        assert_eq!(with(10, "/tai-khoan"), [("/a", 5, true), ("/b", 5, false)]);
        assert_eq!(with(0, "/"), []);
    }
}
