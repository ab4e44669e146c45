//! What the pages of a meeting share: addresses, notices, moments in words, choices.

use axum::{
    extract::{FromRequestParts, RawPathParams},
    http::{HeaderValue, StatusCode, header, request},
    response::{IntoResponse as _, Response},
};
use jiff::{
    Timestamp,
    civil::{DateTime, Weekday},
};
use platform::{
    app::App,
    clock,
    i18n::{self, Arg},
    identity::Actor,
    web::{AppError, Cx, FieldProblem},
};

use crate::{
    briefings::{BriefingError, Hand, ReadBriefings, model::BriefingId, store},
    tasks::{clarity::People, exchange::picture},
};

/// The meeting that an address names: `/giao-ban/tuan-05`. What used to name it, its id, and other ways of writing
/// its number lead on to its one address; anything else is an address where nothing is.
pub(super) struct Meeting {
    /// Its id.
    pub(super) id: BriefingId,
    /// What it is called in addresses.
    pub(super) address: String,
}

impl FromRequestParts<App> for Meeting {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut request::Parts, app: &App) -> Result<Self, Response> {
        let refuse = |error: AppError| error.into_response();
        let all = RawPathParams::from_request_parts(parts, app).await;
        let all = all.map_err(|error| refuse(AppError::not_found().caused_by(error)))?;
        let typed = all.iter().find(|(name, _)| *name == "id").map(|(_, typed)| typed.to_owned());
        let typed =
            typed.ok_or_else(|| refuse(AppError::internal("a route of a meeting without its name")))?;
        if let Ok(id) = typed.parse::<BriefingId>() {
            // Only somebody who may see the meeting is told what it is called.
            let actor = Actor::<ReadBriefings>::from_request_parts(parts, app).await;
            let hand = Hand::of(&actor.map_err(axum::response::IntoResponse::into_response)?);
            let found = app.db.read(move |tx| store::briefing(tx, &hand, id)).await;
            let (briefing, _) = found.map_err(|error| refuse(error.into()))?;
            return Err(moved(parts, &typed, &briefing.address));
        }
        let Some(address) = rules::briefing::address::canonical(&typed) else {
            return Err(refuse(AppError::not_found()));
        };
        let asked = address.clone();
        let found = app.db.read(move |tx| store::named(tx, &asked)).await;
        match found.map_err(|error| refuse(BriefingError::from(error).into()))? {
            None => Err(refuse(AppError::not_found())),
            Some(_) if address != typed => Err(moved(parts, &typed, &address)),
            Some(id) => Ok(Self { id, address }),
        }
    }
}

/// Leads on to the same page under the meeting's own address, for good.
fn moved(parts: &request::Parts, typed: &str, address: &str) -> Response {
    let asked = parts.uri.path_and_query().map_or("", |asked| asked.as_str());
    let to = asked.replacen(typed, address, 1);
    match HeaderValue::from_str(&to) {
        Ok(to) => (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, to)]).into_response(),
        Err(error) => AppError::internal(error).into_response(),
    }
}

/// The address of a meeting, of a part of its page (`#chuong-trinh`), or of a page below it.
pub(super) fn at(meeting: &str, below: &str) -> String {
    let mark = if below.is_empty() || below.starts_with('#') { "" } else { "/" };
    format!("/giao-ban/{meeting}{mark}{below}")
}

/// The address of a task.
pub(super) fn task(code: &str) -> String {
    picture::address(code)
}

/// Leads on after an act; `done` names the notice shown there.
pub(super) fn see(address: &str, done: &str) -> Response {
    let (address, fragment) = address.split_once('#').unwrap_or((address, ""));
    let mark = if address.contains('?') { '&' } else { '?' };
    let mut to = address.to_owned();
    if !done.is_empty() {
        to.push_str(&format!("{mark}xong={done}"));
    }
    if !fragment.is_empty() {
        to.push_str(&format!("#{fragment}"));
    }
    let to = HeaderValue::from_str(&to).unwrap_or(HeaderValue::from_static("/giao-ban"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response()
}

/// Answers an act: a page leads on, a part of a page is drawn again by its stream.
pub(super) fn done(cx: &Cx, address: &str, done: &str) -> Response {
    if cx.htmx { StatusCode::NO_CONTENT.into_response() } else { see(address, done) }
}

/// The notices that an address may ask for.
const NOTICES: &[&str] = &[
    "set",
    "changed",
    "series",
    "frozen",
    "open",
    "close",
    "reopen",
    "cancel",
    "saved",
    "added",
    "split",
    "milestones",
    "dropped",
    "restored",
    "people",
    "item",
    "item-dropped",
    "signed",
    "supplement",
    "supplement-signed",
    "announced",
    "reported",
];

/// The notice of the page, from its address.
pub(super) fn notice(cx: &Cx) -> String {
    let asked = cx.param("xong");
    if !NOTICES.contains(&asked.as_str()) {
        return String::new();
    }
    let count: i64 = cx.param("so").parse().unwrap_or(0);
    i18n::tr(cx.lang, &format!("meet-done-{asked}"), &[("count", Arg::Number(count as f64))])
}

/// A moment in words: `16:00 25/09/2025`.
pub(super) fn moment(at: Timestamp) -> String {
    i18n::fmt::moment(clock::local(at))
}

/// A moment with its day of the week: `thứ Năm, 16:00 25/09/2025`.
pub(super) fn day(cx: &Cx, at: DateTime) -> String {
    format!("{}, {}", weekday(cx, at.weekday()), i18n::fmt::moment(at))
}

/// A day of the week.
pub(super) fn weekday(cx: &Cx, day: Weekday) -> String {
    cx.tp("meet-weekday-", day.to_monday_one_offset()).into_owned()
}

/// `05`.
pub(super) fn two(number: u32) -> String {
    format!("{number:02}")
}

/// What is wrong with one field, in words; empty when nothing is.
pub(super) fn problem(cx: &Cx, problems: &[FieldProblem], name: &str) -> String {
    let said: Vec<String> =
        problems.iter().filter(|problem| problem.name == name).map(|problem| problem.message(cx)).collect();
    said.join(" ")
}

/// Offices for a choice, the empty choice first.
pub(super) fn offices(cx: &Cx, people: &People) -> Vec<(String, String)> {
    let none = (String::new(), cx.t("meet-choose").into_owned());
    let all = people.offices_by_title().into_iter().map(|office| {
        let unit = people.units.get(&office.unit_id).map_or("", |unit| unit.short.as_str());
        let words = if unit.is_empty() { office.title.clone() } else { format!("{} ({unit})", office.title) };
        (office.id.to_string(), words)
    });
    std::iter::once(none).chain(all).collect()
}

/// Units for a choice, the empty choice first.
pub(super) fn units(cx: &Cx, people: &People) -> Vec<(String, String)> {
    let none = (String::new(), cx.t("meet-choose").into_owned());
    let all = people.units_by_name().into_iter().map(|unit| (unit.id.to_string(), unit.name.clone()));
    std::iter::once(none).chain(all).collect()
}

/// The sentence of a rule's finding.
pub(super) fn rule(cx: &Cx, key: &str, args: rules::message::Args) -> String {
    i18n::tr(cx.lang, key, &crate::tasks::pages::task::refusals::args(args))
}
