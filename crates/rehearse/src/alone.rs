//! What a lane says without a network, by its list and what it was told: `alone()` of `web/js/gate.js`.

use std::collections::HashMap;

use jiff::Timestamp;
use pass::{Day, KeyList, Refusal, Revocations};
use rules::gate::{Copy, Facts, Lane as Decides, Verdict, Way, Zone, decide, home_lane};

use crate::{
    list::{Known, List},
    office::day,
    oracle::Pass,
    wire::Stand,
};

/// What a lane carries.
pub(crate) struct Carried<'a> {
    /// The keys, as the root signed them.
    pub(crate) keys: Option<&'a KeyList>,
    /// The revoked.
    pub(crate) revoked: &'a Revocations,
    /// The sealed list.
    pub(crate) list: Option<&'a List>,
    /// The open lanes of the zone.
    pub(crate) lanes: &'a [u16],
    /// Who is inside, as far as the lane was told.
    pub(crate) inside: &'a HashMap<Pass, bool>,
}

/// The verdict, none for a code of nobody; and the pass where it was valid.
pub(crate) fn verdict_alone(
    state: &Carried<'_>,
    stand: &Stand,
    at: Timestamp,
    lane: u16,
) -> (Option<Verdict>, Option<Pass>) {
    let (Some(keys), Some(list)) = (state.keys, state.list) else { return (None, None) };
    let date = day(at);
    let (year, month, number) =
        (u16::try_from(date.year()), u8::try_from(date.month()), u8::try_from(date.day()));
    let on = match (year, month, number) {
        (Ok(year), Ok(month), Ok(number)) => Day::new(year, month, number),
        _ => None,
    };
    let (Some(on), Some(code)) = (on, pass::found(&stand.shown.text)) else { return (None, None) };
    let read = pass::read(code, on, keys, state.revoked);
    let copy = match &read {
        Ok(_) => Copy::Good,
        Err(Refusal::Revoked { .. }) => Copy::Revoked,
        Err(Refusal::NotYet { .. } | Refusal::Expired { .. }) => Copy::OtherDay,
        Err(_) => return (None, None),
    };
    let known = list.person(code);
    let Known { on_roll, summoned } = known.unwrap_or(Known { on_roll: true, summoned: true });
    let pass = read.as_ref().ok().map(|read| read.grant.id);
    let zone = match &read {
        Ok(read) => {
            let window = list.header.windows.iter().find(|window| window.category == read.grant.category);
            let ms = at.as_millisecond();
            match window {
                Some(window) if read.opens(list.header.zone) => {
                    let open =
                        window.from.is_none_or(|from| from <= ms) && window.to.is_none_or(|to| ms < to);
                    if open { Zone::Open } else { Zone::NotNow }
                }
                _ => Zone::Never,
            }
        }
        Err(_) => Zone::Never,
    };
    let inside = pass.is_some_and(|pass| state.inside.get(&pass).copied().unwrap_or(false));
    let home = pass.and_then(|pass| home_lane(&pass, state.lanes)).unwrap_or(lane);
    let decides = Decides::Isolated { lane, home, stale: false, known: known.is_some() };
    let way = if stand.out { Way::Out } else { Way::In };
    let facts = Facts { copy, on_roll, summoned, zone, inside };
    (Some(decide(way, &facts, &decides, false)), pass)
}
