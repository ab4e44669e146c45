//! The pages of gates.

pub(super) mod board;
pub(super) mod conflicts;
pub(super) mod devices;
pub(super) mod gate;

use platform::{
    identity::{Actor, Capability, Right},
    web::Cx,
};

use crate::attendance::AREA;

fn may<C: Capability>(actor: &Actor<C>, right: Right) -> bool {
    actor.may(AREA, right, None)
}

/// The sentence of what was just done, if it is one of these.
fn notice(cx: &Cx, known: &[&str]) -> String {
    let asked = cx.param("xong");
    if known.contains(&asked.as_str()) { cx.tp("gates-done-", asked).into_owned() } else { String::new() }
}
