//! Vehicles on the screen: the list, the form, one vehicle, parking lots, the reconciliation of a day.

pub(super) mod day;
pub(super) mod form;
pub(super) mod list;
pub(super) mod lots;
pub(super) mod vehicle;

use platform::{
    identity::{Actor, Capability, Right},
    web::Cx,
};

use super::{
    AREA,
    model::{Lot, Pass, Vehicle, VehicleKind},
};
use crate::delegates::CONTACTS;

const NOTICES: &[&str] = &[
    "registered",
    "saved",
    "withdrawn",
    "lot",
    "requested",
    "approved",
    "reissued",
    "duyet",
    "phat",
    "mat",
    "thu",
    "huy",
];

fn notice(cx: &Cx) -> String {
    let asked = cx.param("xong");
    if NOTICES.contains(&asked.as_str()) {
        cx.tp("vehicles-done-", asked).into_owned()
    } else {
        String::new()
    }
}

/// What somebody may do and see here.
#[derive(Debug, Clone, Copy)]
struct Hands {
    hand: bool,
    manage: bool,
    decide: bool,
    contacts: bool,
}

impl Hands {
    fn of<C: Capability>(actor: &Actor<C>) -> Self {
        let may = |right| actor.may(AREA, right, None);
        Self {
            hand: may(Right::Contribute),
            manage: may(Right::Manage),
            decide: may(Right::Decide),
            contacts: actor.may(CONTACTS, Right::Read, None),
        }
    }

    /// Everything that the bytes of a living part depend on.
    fn name(self) -> String {
        format!("{}{}{}{}", self.hand, self.manage, self.decide, self.contacts)
    }
}

fn differs(cx: &Cx, pass: &Pass, of: &Vehicle) -> Vec<String> {
    let all = pass.mismatches(of).into_iter();
    all.map(|what| cx.tp("vehicles-mismatch-", what.as_str()).into_owned()).collect()
}

/// Its place in a convoy, in words; empty without one.
pub(super) fn convoy_words(cx: &Cx, of: &Vehicle) -> String {
    match (of.convoy, of.place) {
        (Some(convoy), Some(place)) => cx.t2("vehicles-convoy-place", "convoy", convoy, "place", place),
        _ => String::new(),
    }
}

fn days(cx: &Cx, of: &Vehicle) -> String {
    if of.first_day == of.last_day {
        cx.date(&of.first_day)
    } else {
        format!("{} – {}", cx.date(&of.first_day), cx.date(&of.last_day))
    }
}

fn kinds(cx: &Cx) -> Vec<(String, String)> {
    VehicleKind::ALL.iter().map(|one| (one.to_string(), cx.tp("vehicles-kind-", one).into_owned())).collect()
}

fn lot_words(lots: &[Lot]) -> Vec<(String, String)> {
    lots.iter().map(|lot| (lot.code.clone(), format!("{} – {}", lot.code, lot.name))).collect()
}
