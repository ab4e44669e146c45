//! The check of a code: whether it is valid now, and why not.

use askama::Template;
use axum::{Form, extract::State, response::Response};
use jiff::civil::DateTime;
use pass::{Refusal, read};
use platform::{
    app::App,
    clock,
    db::Tx,
    i18n::IntoArg as _,
    identity::Actor,
    web::{AppError, Cx, Page, Typed, page},
};
use rules::badge::BadgeState;

use super::{Chip, differs};
use crate::{
    badges::{
        BadgeError, ReadBadges, keys,
        model::{Access, Badge, BadgeCategory, Zone},
        query,
    },
    delegates::{model::Participant, query as roll},
    vehicles,
};

struct Verdict {
    good: bool,
    title: String,
    words: String,
    person: Option<Participant>,
    /// A vehicle in its place: plate and code.
    vehicle: Option<(String, String)>,
    href: String,
    category: String,
    rgb: String,
    chip: Option<Chip>,
    open: Vec<Zone>,
    shut: Vec<Zone>,
    warnings: Vec<String>,
}

#[derive(Template)]
#[template(path = "badges/check.html")]
struct Check<'a> {
    cx: &'a Cx,
    typed: String,
    verdict: Option<Verdict>,
    age: String,
}

/// What a check stands on.
struct Evidence {
    keys: pass::KeyList,
    revoked: pass::Revocations,
    access: Access,
}

async fn evidence(app: &App) -> Result<Evidence, AppError> {
    let found = app
        .db
        .read(|tx| {
            Ok::<_, BadgeError>(Evidence {
                keys: keys::list(tx)?,
                revoked: query::revocations(tx)?,
                access: query::access(tx)?,
            })
        })
        .await?;
    Ok(found)
}

fn draw_check(cx: &Cx, typed: String, verdict: Option<Verdict>, known: &Evidence) -> Response {
    let age = cx.t3(
        "badges-check-age",
        "keys",
        known.keys.keys.len(),
        "sequence",
        known.revoked.sequence(),
        "count",
        known.revoked.len(),
    );
    let out = Page::new(cx.t("badges-check-title"), Check { cx, typed, verdict, age });
    page(cx, out.style("badges.css"))
}

/// `GET /the/kiem-tra`
pub(in crate::badges) async fn check(
    _actor: Actor<ReadBadges>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let known = evidence(&app).await?;
    Ok(draw_check(&cx, String::new(), None, &known))
}

/// `POST /the/kiem-tra`: a post, so that no log and no history keeps a code.
pub(in crate::badges) async fn checked(
    _actor: Actor<ReadBadges>,
    cx: Cx,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let typed = Typed::from(pairs).get("code").to_owned();
    // People type the groups as they are printed; a scanner sends them without spaces.
    let bare: String = if typed.contains("://") {
        typed.clone()
    } else {
        typed.chars().filter(|c| !c.is_whitespace()).collect()
    };
    let known = evidence(&app).await?;
    let now = clock::local(app.db.clock().now());
    let today = keys::day(now.date()).ok_or_else(AppError::bad_request)?;
    let result = read(&bare, today, &known.keys, &known.revoked);
    let id = match &result {
        Ok(pass) => Some(pass.grant.id),
        Err(Refusal::Revoked { id }) => Some(*id),
        Err(_) => None,
    };
    let found = match id {
        Some(id) => app.db.read(move |tx| holder(tx, &id)).await?,
        None => Holder::Nobody,
    };
    let verdict = verdict(&cx, now, &result, found, &known.access);
    Ok(draw_check(&cx, typed, Some(verdict), &known))
}

/// Whose pass it is.
enum Holder {
    /// No copy that we know.
    Nobody,
    /// Somebody on the roll.
    Person(Badge, Box<Participant>),
    /// A vehicle.
    Vehicle(vehicles::model::Pass, vehicles::model::Vehicle),
}

fn holder(tx: &mut Tx<'_>, id: &[u8; 6]) -> Result<Holder, AppError> {
    if let Some(badge) = query::by_pass(tx, id)? {
        let person = roll::participant(tx, badge.participant)?;
        return Ok(person.map_or(Holder::Nobody, |person| Holder::Person(badge, Box::new(person))));
    }
    match vehicles::query::by_pass(tx, id)? {
        Some(pass) => {
            let vehicle = vehicles::query::by_id(tx, pass.vehicle)?;
            Ok(Holder::Vehicle(pass, vehicle))
        }
        None => Ok(Holder::Nobody),
    }
}

fn verdict(
    cx: &Cx,
    now: DateTime,
    result: &Result<pass::Pass, Refusal>,
    found: Holder,
    access: &Access,
) -> Verdict {
    // What it is called, where its page is, how far its copy is, and what does not agree any more.
    let (person, vehicle, href, state, off) = match found {
        Holder::Nobody => (None, None, String::new(), None, Vec::new()),
        Holder::Person(badge, person) => {
            let (href, off) = (format!("/the/{}", person.code), differs(cx, &badge, &person));
            (Some(*person), None, href, Some(badge.state), off)
        }
        Holder::Vehicle(pass, vehicle) => {
            let off = pass.mismatches(&vehicle).into_iter();
            let off = off.map(|what| cx.tp("vehicles-mismatch-", what.as_str()).into_owned()).collect();
            let (href, code) = (vehicle.href(), vehicle.code());
            (None, Some((vehicle.plate, code)), href, Some(pass.state), off)
        }
    };
    let mut out = Verdict {
        good: result.is_ok(),
        title: String::new(),
        words: String::new(),
        href,
        category: String::new(),
        rgb: String::new(),
        chip: state.map(|state| Chip::of(cx, Some(state))),
        open: Vec::new(),
        shut: Vec::new(),
        warnings: Vec::new(),
        person,
        vehicle,
    };
    match result {
        Ok(pass) => {
            out.title = cx.t("badges-check-good").into_owned();
            let date = |day: pass::Day| day.to_string();
            out.words =
                cx.t2("badges-print-days", "first", date(pass.grant.first), "last", date(pass.grant.last));
            if let Some(category) = BadgeCategory::numbered(pass.grant.category) {
                out.category = cx.tp("badges-category-", category).into_owned();
                out.rgb = category.to_string();
                (out.open, out.shut) = access
                    .zones
                    .iter()
                    .cloned()
                    .partition(|zone| access.opens(category, pass.grant.zones, zone.bit, now));
            }
            match state {
                Some(state) => {
                    out.warnings = off;
                    if state == BadgeState::Printed {
                        out.warnings.push(cx.t("badges-check-not-issued").into_owned());
                    }
                }
                // Signed by a key of ours, and no copy that we know.
                None => out.warnings.push(cx.t("badges-check-unknown").into_owned()),
            }
        }
        Err(refusal) => {
            out.title = cx.t("badges-check-bad").into_owned();
            let args = match refusal {
                Refusal::NotYet { first } => vec![("day", first.to_string().arg())],
                Refusal::Expired { last } => vec![("day", last.to_string().arg())],
                Refusal::UnknownKey { key } => vec![("key", i64::from(*key).arg())],
                Refusal::WrongVersion { version } => vec![("version", i64::from(*version).arg())],
                _ => Vec::new(),
            };
            out.words = cx.ta(refusal.key(), &args);
        }
    }
    out
}

/// The words of every refusal: named here, so that a test finds one that is missing.
#[cfg(test)]
pub(in crate::badges) const REFUSALS: [&str; 9] = [
    platform::i18n::key("pass-unreadable"),
    platform::i18n::key("pass-wrong-version"),
    platform::i18n::key("pass-altered"),
    platform::i18n::key("pass-foreign"),
    platform::i18n::key("pass-unknown-key"),
    platform::i18n::key("pass-forged"),
    platform::i18n::key("pass-revoked"),
    platform::i18n::key("pass-not-yet"),
    platform::i18n::key("pass-expired"),
];
