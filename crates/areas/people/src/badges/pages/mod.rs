//! Badges on the screen: the list, one person's card, the check of a code, the reconciliation of a day.

pub(super) mod card;
pub(super) mod check;
pub(super) mod day;
pub(super) mod device;
pub(super) mod gates;
pub(super) mod list;

use platform::{
    identity::{Actor, Capability, Right},
    web::Cx,
};
use rules::badge::BadgeState;

use super::{AREA, model::Badge};
use crate::delegates::model::Participant;

const NOTICES: &[&str] = &[
    "requested",
    "approved",
    "reissued",
    "zones",
    "root",
    "unrooted",
    "key",
    "withdrawn",
    "taken",
    "may",
    "list",
    "duyet",
    "phat",
    "mat",
    "thu",
    "huy",
];

pub(in crate::badges) fn notice(cx: &Cx) -> String {
    let asked = cx.param("xong");
    if NOTICES.contains(&asked.as_str()) { cx.tp("badges-done-", asked).into_owned() } else { String::new() }
}

/// Tone and icon of a state.
pub(crate) fn look(state: BadgeState) -> (&'static str, &'static str) {
    match state {
        BadgeState::Requested => ("grey", "circle-dashed"),
        BadgeState::Approved => ("blue", "circle-check"),
        BadgeState::Printed => ("amber", "printer"),
        BadgeState::Issued => ("green", "id-badge-2"),
        BadgeState::Lost => ("red", "alert-octagon"),
        BadgeState::Replaced => ("brown", "refresh"),
        BadgeState::Recalled => ("red", "ban"),
        BadgeState::Returned => ("grey", "arrow-back-up"),
        BadgeState::Destroyed => ("grey", "trash"),
    }
}

/// A state as it is drawn, of a badge or of a vehicle's pass.
pub(crate) struct Chip {
    pub(crate) tone: &'static str,
    pub(crate) icon: &'static str,
    pub(crate) words: String,
}

impl Chip {
    pub(crate) fn of(cx: &Cx, state: Option<BadgeState>) -> Self {
        match state {
            Some(state) => {
                let (tone, icon) = look(state);
                Self { tone, icon, words: cx.tp("badges-state-", state.as_str()).into_owned() }
            }
            None => Self { tone: "grey", icon: "circle", words: cx.t("badges-state-none").into_owned() },
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Hands {
    hand: bool,
    manage: bool,
    decide: bool,
    admin: bool,
}

impl Hands {
    fn of<C: Capability>(actor: &Actor<C>) -> Self {
        let may = |right| actor.may(AREA, right, None);
        Self {
            hand: may(Right::Contribute),
            manage: may(Right::Manage),
            decide: may(Right::Decide),
            admin: may(Right::Admin),
        }
    }

    fn name(self) -> String {
        format!("{}{}{}{}", self.hand, self.manage, self.decide, self.admin)
    }
}

fn differs(cx: &Cx, badge: &Badge, person: &Participant) -> Vec<String> {
    let all = badge.mismatches(person).into_iter();
    all.map(|what| cx.tp("badges-mismatch-", what.as_str()).into_owned()).collect()
}
