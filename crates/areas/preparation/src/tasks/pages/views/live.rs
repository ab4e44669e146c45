//! The views stay up to date: one stream per view, filter, audience and language, drawn once for all who show it.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use axum::{http::HeaderMap, response::Response};
use bytes::Bytes;
use jiff::{SignedDuration, Timestamp, ToSpan as _, civil::DateTime};
use platform::{
    app::App,
    clock,
    db::DbError,
    i18n::Lang,
    identity::{Actor, OfficeId},
    live::{Channel, last_event_id},
    web::{AppError, Cx, Part, Site, part_cx},
};

use crate::tasks::{
    ReadTasks,
    memory::{self, Memory},
    model::Urge,
    register::Register,
    store,
};

/// Everything a view is drawn from.
pub struct Picture {
    /// The register.
    pub register: Register,
    /// Urges that the office has not seen, when the view is one office's own.
    pub urges: Vec<Urge>,
}

/// Reads the picture in one snapshot.
///
/// # Errors
/// Any [`DbError`].
pub async fn picture(app: &App, office: Option<OfficeId>) -> Result<Picture, DbError> {
    let (register, urges) = memory::read(app, move |tx| match office {
        Some(office) => store::unseen_urges(tx, office),
        None => Ok(Vec::new()),
    })
    .await?;
    Ok(Picture { register, urges })
}

/// A view that is kept up to date.
#[derive(Clone)]
pub struct View {
    /// The page's address without its query.
    pub path: &'static str,
    /// Its query in the normal form.
    pub query: String,
    /// What else its bytes depend on: the audience, and the office where the view is its own.
    pub audience: String,
    /// Whose urges it shows.
    pub office: Option<OfficeId>,
    /// Draw at every minute, so that the time of the figures walks on.
    pub each_minute: bool,
}

impl View {
    /// What the bytes depend on, besides the register and the time.
    fn key(&self, lang: Lang) -> String {
        format!("{}?{}&lang={}#aud={}", self.path, self.query, lang.code(), self.audience)
    }

    /// A view that everybody with the same eyes shares.
    pub fn new(path: &'static str) -> Self {
        Self { path, query: String::new(), audience: String::new(), office: None, each_minute: false }
    }
}

/// The part of the view as it stands in the register: drawn once for all who see the same, until somebody changes
/// the register or time does. A view of one office shows more than the register and is drawn each time.
///
/// # Errors
/// Any [`askama::Error`].
pub fn part(
    app: &App,
    view: &View,
    lang: Lang,
    site: &Arc<Site>,
    register: &Register,
    draw: impl FnOnce(&Cx) -> askama::Result<String>,
) -> askama::Result<Arc<Part>> {
    let drawn = || draw(&part_cx(lang, site, view.path, view.query.clone()));
    if view.office.is_some() {
        return Ok(Arc::new(Part::new(drawn()?)));
    }
    let until = || next_change(register, view.each_minute);
    Memory::of(app).part(register, &view.key(lang), || Ok((drawn()?, until())))
}

/// Streams the view: at once, after every change of tasks or of the congress, and whenever time alone changes it.
///
/// # Errors
/// 403 for a program's token: streams are for screens. The hub ends the stream when its session ends.
pub fn stream<D>(
    app: &App,
    actor: &Actor<ReadTasks>,
    cx: &Cx,
    headers: &HeaderMap,
    view: View,
    draw: D,
) -> Result<Response, AppError>
where
    D: Fn(&Cx, &Picture) -> askama::Result<String> + Send + Sync + 'static,
{
    actor.session().ok_or_else(AppError::forbidden)?;
    let key = view.key(cx.lang);
    let next = Arc::new(AtomicI64::new(0));
    let (lang, site, owner, draw, told) =
        (cx.lang, cx.site.clone(), app.clone(), Arc::new(draw), next.clone());
    let each_minute = view.each_minute;
    let channel = Channel::new(key, ["tasks", "congress"], move || {
        let (app, site, draw, told) = (owner.clone(), site.clone(), draw.clone(), told.clone());
        let view = view.clone();
        async move {
            let picture = picture(&app, view.office).await?;
            told.store(next_change(&picture.register, each_minute).as_second(), Ordering::Relaxed);
            let part = part(&app, &view, lang, &site, &picture.register, |cx| draw(cx, &picture))?;
            Ok(Bytes::from(part.html.clone()))
        }
    })
    .next_tick(move |_| Timestamp::from_second(next.load(Ordering::Relaxed)).ok());
    // A stream that comes back says what it has; one that begins says what its page was drawn with.
    let shown = cx.param("co");
    let frames =
        app.live.subscribe(channel, last_event_id(headers).or((!shown.is_empty()).then_some(&shown)));
    Ok(app.live.sse(actor.door_id(), frames))
}

/// The instant at which the register looks different although nobody changed it: midnight, the moment after
/// a deadline to the hour, or the next minute.
pub fn next_change(register: &Register, each_minute: bool) -> Timestamp {
    let now = register.as_of;
    let midnight = now.date().saturating_add(1.day()).to_datetime(jiff::civil::Time::midnight());
    let hours = register.tasks.iter().filter(|task| !task.state.is_settled()).filter_map(|task| {
        let due = task.fields.due?;
        let over = due.date.to_datetime(due.time?).saturating_add(SignedDuration::from_secs(1));
        (over > now).then_some(over)
    });
    let minute = each_minute.then(|| minute_after(now));
    let at = hours.chain(minute).min().map_or(midnight, |at| at.min(midnight));
    clock::instant(at)
}

fn minute_after(now: DateTime) -> DateTime {
    now.with()
        .second(0)
        .subsec_nanosecond(0)
        .build()
        .unwrap_or(now)
        .saturating_add(SignedDuration::from_mins(1))
}
