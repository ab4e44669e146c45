//! The roll on the screen: the list, one person, the form, the groups, what is missing.

mod bulk;
#[cfg(test)]
mod desk_tests;
mod form;
mod groups;
mod list;
mod missing;
mod person;
#[cfg(test)]
pub(crate) mod tests;
mod twins;

use std::collections::HashMap;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};
use platform::{
    app::App,
    identity::{Actor, Capability, Right},
    web::{Choice, Cx},
};

pub(crate) use list::{Address, picked};
pub(crate) use person::answer_words;

use super::{
    AREA,
    model::{Delegation, DelegationId, Group, GroupRole, Participant, Status},
};

/// Where the roll stands.
const PATH: &str = "/dai-bieu";

/// The largest portrait that is taken, in bytes.
const LARGEST: u64 = 15 << 20;

/// The pages.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/dai-bieu", get(list::list))
        .route("/song/dai-bieu", get(list::stream))
        .route("/dai-bieu/danh-sach.pdf", get(list::pdf))
        .route("/dai-bieu/hang-loat", post(bulk::act))
        .route("/dai-bieu/moi", get(form::new).post(form::create))
        .route("/dai-bieu/to", get(groups::list))
        .route("/song/dai-bieu/to", get(groups::stream))
        .route("/dai-bieu/to/luu", post(groups::save))
        .route("/dai-bieu/to/{no}", get(groups::edit).post(groups::roles))
        .route("/dai-bieu/thieu", get(missing::list))
        .route("/song/dai-bieu/thieu", get(missing::stream))
        .route("/dai-bieu/thieu/xuat.xlsx", get(missing::xlsx))
        .route("/dai-bieu/thieu/xuat.pdf", get(missing::pdf))
        .route("/dai-bieu/trung", get(twins::list).post(twins::decide))
        .route("/song/dai-bieu/trung", get(twins::stream))
        .route("/dai-bieu/{code}", get(person::show))
        .route("/song/dai-bieu/{code}", get(person::stream))
        .route("/dai-bieu/{code}/sua", get(form::edit).post(form::save))
        .route("/dai-bieu/{code}/tinh-trang", post(person::status))
        .route("/dai-bieu/{code}/tra-loi", post(person::answer))
        .route("/dai-bieu/{code}/dong-y", post(person::consent))
        .route(
            "/dai-bieu/{code}/anh",
            get(person::photo)
                .post(person::set_photo)
                .layer(DefaultBodyLimit::max(usize::try_from(LARGEST).unwrap_or(usize::MAX) + (64 << 10))),
        )
        .route("/dai-bieu/{code}/anh/go", post(person::remove_photo))
}

pub(crate) fn manages<C: Capability>(actor: &Actor<C>) -> bool {
    actor.may(AREA, Right::Manage, None)
}

/// Colour and icon of a status; the words are `delegates-status-…`.
const fn status_look(status: Status) -> (&'static str, &'static str) {
    match status {
        Status::Summoned => ("blue", "mail"),
        Status::Confirmed => ("green", "circle-check"),
        Status::Declined => ("amber", "user-question"),
        Status::Withdrawn => ("grey", "circle-x"),
        Status::Replaced => ("brown", "refresh"),
    }
}

/// A status to be drawn as a chip.
struct StatusView {
    tone: &'static str,
    icon: &'static str,
    words: String,
}

impl StatusView {
    fn of(cx: &Cx, status: Status) -> Self {
        let (tone, icon) = status_look(status);
        Self { tone, icon, words: cx.tp("delegates-status-", status).into_owned() }
    }
}

/// The names of delegations.
fn names(delegations: Vec<Delegation>) -> HashMap<DelegationId, String> {
    delegations.into_iter().map(|one| (one.id, one.name)).collect()
}

/// The group as people call it: its number, and its name where it has one.
fn group_words(cx: &Cx, group: &Group) -> String {
    let number = cx.t1("delegates-group-no", "no", group.no.to_string());
    if group.name.is_empty() { number } else { format!("{number} · {}", group.name) }
}

/// The group of somebody with their role in it; empty without one.
fn place_words(cx: &Cx, one: &Participant) -> String {
    let Some(no) = one.profile.group_no else { return String::new() };
    let group = cx.t1("delegates-group-no", "no", no.to_string());
    match one.profile.group_role {
        Some(role) if role != GroupRole::Member => {
            format!("{group} · {}", cx.tp("delegates-role-", role))
        }
        _ => group,
    }
}

/// The address of somebody's portrait, small or whole; empty when there is none.
fn photo_href(one: &Participant, small: bool) -> String {
    match one.photo {
        // The version of the address is the file: a new portrait is a new address.
        Some(file) => format!("{}/anh?tep={file}{}", one.href(), if small { "&nho=1" } else { "" }),
        None => String::new(),
    }
}

/// What can be chosen of named things: the stable name and its words under a beginning.
fn choices<T: std::fmt::Display + PartialEq>(
    cx: &Cx,
    all: &[T],
    beginning: &str,
    chosen: Option<&T>,
) -> Vec<Choice> {
    all.iter().map(|one| Choice::new(one.to_string(), cx.tp(beginning, one), chosen == Some(one))).collect()
}
