//! The pages of attendance: sessions, the roll-call by hand, who has not come, the statement for the chair.

pub(super) mod missing;
pub(super) mod roll_call;
pub(super) mod sessions;
pub(super) mod statement;

use jiff::{
    Timestamp,
    civil::{DateTime, Time},
};
use platform::{
    clock,
    db::Tx,
    identity::{Actor, Capability, Right},
    web::Cx,
};
use rules::count::Ratio;

pub(crate) use roll_call::url_query;

use super::{
    AREA, AttendanceError,
    model::{Attending, Session},
    query,
};

/// A share in the language of the page: 99,82%; empty without a whole.
pub(crate) fn percent(cx: &Cx, part: u64, whole: u64) -> String {
    let mark = if cx.lang == platform::i18n::Lang::Vi { ',' } else { '.' };
    Ratio::new(part, whole).percent(2, mark).map(|share| format!("{share}%")).unwrap_or_default()
}

fn may<C: Capability>(actor: &Actor<C>, right: Right) -> bool {
    actor.may(AREA, right, None)
}

const NOTICES: &[&str] = &["saved", "marked", "same"];

fn notice(cx: &Cx) -> String {
    let asked = cx.param("xong");
    if NOTICES.contains(&asked.as_str()) {
        cx.tp("attendance-done-", asked).into_owned()
    } else {
        String::new()
    }
}

pub(crate) fn when(cx: &Cx, session: &Session) -> String {
    let (from, to) = (clock::local(session.starts_at), clock::local(session.ends_at));
    if from.date() == to.date() {
        format!("{}–{}, {}", cx.time(&from.time()), cx.time(&to.time()), cx.date(&from.date()))
    } else {
        format!("{} – {}", cx.moment(&from), cx.moment(&to))
    }
}

fn group_name(cx: &Cx, no: Option<u16>) -> String {
    no.map_or_else(|| cx.t("attendance-no-group").into_owned(), |no| cx.t1("attendance-group", "no", no))
}

/// The name of the moment that is asked about, in an address.
pub(crate) const AT: &str = "luc";

/// The moment that a page is asked about: `luc=2025-10-13T07:45`, or `luc=07:45` on the day of the session. Now for
/// anything else, and never later than now.
pub(crate) fn moment_of(session: &Session, asked: &str, now: Timestamp) -> Timestamp {
    let day = clock::local(session.starts_at).date();
    let at = asked
        .parse::<DateTime>()
        .ok()
        .or_else(|| asked.parse::<Time>().ok().map(|time| day.to_datetime(time)))
        .map(clock::instant);
    at.map_or(now, |at| at.min(now))
}

/// The moment that is asked about as people read it: now when none is.
pub(crate) fn shown_moment(cx: &Cx, at: Timestamp, asked: &str) -> String {
    if asked.is_empty() { cx.moment(&cx.now) } else { cx.moment(&clock::local(at)) }
}

/// A session with everybody who is summoned to it, as they stood at a moment.
struct Hall {
    session: Session,
    all: Vec<Attending>,
    at: Timestamp,
}

impl Hall {
    fn load(tx: &mut Tx<'_>, slug: &str, asked: &str) -> Result<Self, AttendanceError> {
        let (session, now) = (query::session(tx, slug)?, tx.now());
        let at = moment_of(&session, asked, now);
        Ok(Self { all: query::attending(tx, &session, at)?, session, at })
    }
}
