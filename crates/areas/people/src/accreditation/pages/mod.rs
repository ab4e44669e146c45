//! Press accreditation on the screen: the list, agencies, one agency, one nomination.

pub(super) mod agencies;
pub(super) mod agency;
pub(super) mod list;
pub(super) mod person;

use jiff::{Timestamp, civil::DateTime};
use platform::{
    clock,
    identity::{Actor, Capability, Right},
    web::{AppError, Cx},
};

use super::{
    AREA,
    model::{AgencyKind, PressRole, Progress},
};

/// Where it stands.
const PATH: &str = "/bao-chi";

const NOTICES: &[&str] = &[
    "agency",
    "batch",
    "exception",
    "nominated",
    "saved",
    "passed",
    "dat",
    "khong_dat",
    "bo_sung",
    "withdrawn",
    "asked",
    "allowed",
];

fn notice(cx: &Cx) -> String {
    let asked = cx.param("xong");
    if NOTICES.contains(&asked.as_str()) {
        cx.tp("accreditation-done-", asked).into_owned()
    } else {
        String::new()
    }
}

/// What somebody may do here.
#[derive(Debug, Clone, Copy)]
struct Hands {
    manage: bool,
    vet: bool,
}

impl Hands {
    fn of<C: Capability>(actor: &Actor<C>) -> Self {
        let may = |right| actor.may(AREA, right, None);
        Self { manage: may(Right::Manage), vet: may(Right::Decide) }
    }
}

/// A standing as it is drawn.
struct Chip {
    tone: &'static str,
    icon: &'static str,
    words: String,
}

impl Chip {
    fn of(cx: &Cx, standing: Progress) -> Self {
        let (tone, icon) = look(standing);
        Self { tone, icon, words: cx.tp("accreditation-standing-", standing).into_owned() }
    }
}

fn look(standing: Progress) -> (&'static str, &'static str) {
    match standing {
        Progress::Incomplete => ("orange", "alert-triangle"),
        Progress::Complete => ("blue", "file-check"),
        Progress::Vetting => ("amber", "shield-lock"),
        Progress::Supplement => ("brown", "file-text"),
        Progress::Approved => ("green", "circle-check"),
        Progress::Refused => ("red", "circle-x"),
        Progress::Withdrawn => ("grey", "arrow-back-up"),
    }
}

fn moment(cx: &Cx, at: Timestamp) -> String {
    cx.moment(&clock::local(at))
}

/// An instant as a browser's field shows it.
fn field(at: Timestamp) -> String {
    clock::local(at).strftime("%Y-%m-%dT%H:%M").to_string()
}

/// An instant as a browser's field sends it.
fn instant(text: &str) -> Option<Timestamp> {
    text.trim().parse::<DateTime>().ok().map(clock::instant)
}

fn role_words(cx: &Cx) -> Vec<(String, String)> {
    PressRole::ALL
        .iter()
        .map(|one| (one.to_string(), cx.tp("accreditation-role-", one).into_owned()))
        .collect()
}

fn kind_words(cx: &Cx) -> Vec<(String, String)> {
    AgencyKind::ALL
        .iter()
        .map(|one| (one.to_string(), cx.tp("accreditation-kind-", one).into_owned()))
        .collect()
}

/// What is wrong, in words: of the fields, or of the whole.
fn said(cx: &Cx, error: &AppError) -> String {
    if error.fields().is_empty() { error.detail(cx.lang) } else { String::new() }
}
