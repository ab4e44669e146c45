//! The badges that are held out: those that open, those that do not any more, and codes that never did.

use std::collections::HashMap;

use jiff::Timestamp;
use pass::{Congress, Day, Grant, Signer, from_digits, to_digits};

use crate::{
    RehearseError,
    lane::Shown,
    office::{Reading, day},
    oracle::{Held, Pass, Person},
    plan::Code,
};

/// The badges of a server as a rehearsal uses them.
pub(crate) struct Badges {
    pub(crate) people: Vec<Person>,
    pub(crate) copies: Vec<Held>,
    /// Places among the copies.
    pub(crate) good: Vec<usize>,
    pub(crate) revoked: Vec<usize>,
    pub(crate) other_day: Vec<usize>,
}

/// Sorts what the server read out; at most so many people.
///
/// # Errors
/// [`RehearseError::Missing`] when too few badges open on the day of the server.
pub(crate) fn sort(
    readings: &[Reading],
    most: Option<usize>,
    now: Timestamp,
) -> Result<Badges, RehearseError> {
    let today = day(now);
    let fits = |one: &Reading| {
        one.opens
            && one.revoked_at.is_none()
            && one.on_roll
            && one.summoned
            && one.first_day <= today
            && today <= one.last_day
    };
    let mut good: Vec<&Reading> = readings.iter().filter(|one| fits(one)).collect();
    // The delegates first: it is they whom the roll-call counts.
    good.sort_by_key(|one| !one.counted);
    let found = good.len();
    let wanted = most.unwrap_or(found);
    if found < wanted || found == 0 {
        let other = readings.iter().find(|one| one.opens && one.on_roll);
        let days = other
            .map(|one| format!("; others open from {} to {}", one.first_day, one.last_day))
            .unwrap_or_default();
        return Err(RehearseError::Missing(format!(
            "{found} badges open on {today}, the day of the server{days}. Rehearse on such a day, on a copy whose clock is set to it (dienhong demo --data COPY --on 2025-10-13T07:15), or with fewer people (--delegates)"
        )));
    }
    good.truncate(wanted);
    let mut out = Badges {
        people: Vec::new(),
        copies: Vec::new(),
        good: Vec::new(),
        revoked: Vec::new(),
        other_day: Vec::new(),
    };
    let mut places: HashMap<&str, usize> = HashMap::new();
    let odd =
        readings.iter().filter(|one| one.revoked_at.is_some() || (one.opens && one.on_roll && !fits(one)));
    for one in good.into_iter().chain(odd) {
        let person = *places.entry(&one.code).or_insert_with(|| {
            out.people.push(Person {
                code: one.code.clone(),
                on_roll: one.on_roll,
                summoned: one.summoned,
                counted: one.counted,
            });
            out.people.len() - 1
        });
        let place = out.copies.len();
        if one.revoked_at.is_some() {
            out.revoked.push(place);
        } else if fits(one) {
            out.good.push(place);
        } else if one.first_day > today || today > one.last_day {
            out.other_day.push(place);
        } else {
            continue;
        }
        out.copies.push(Held {
            person,
            pass: pass_id(&one.pass),
            digits: one.digits.clone(),
            category: one.category,
            zones: one.zones,
            first_day: one.first_day,
            last_day: one.last_day,
            revoked_at: one.revoked_at,
        });
    }
    // A few are enough to see that they are refused.
    out.revoked.truncate((wanted / 50).max(5));
    out.other_day.truncate((wanted / 50).max(5));
    Ok(out)
}

fn pass_id(hex: &str) -> Pass {
    let mut id = [0; 6];
    for (place, byte) in id.iter_mut().enumerate() {
        *byte =
            hex.get(place * 2..place * 2 + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok()).unwrap_or(0);
    }
    id
}

/// The digits of a badge with another signature and a checksum that is right.
fn forged(digits: &str) -> String {
    let Some(mut bytes) = from_digits(digits) else { return digits.chars().rev().collect() };
    let end = bytes.len().saturating_sub(2);
    bytes.truncate(end);
    if let Some(byte) = bytes.last_mut() {
        *byte ^= 0x55;
    }
    let Congress(checksum) = Congress::of(&bytes);
    bytes.extend(checksum);
    to_digits(&bytes)
}

/// A pass of another congress.
fn foreign(mark: u64) -> String {
    let mut id = [0; 6];
    for (place, byte) in id.iter_mut().rev().zip(mark.to_le_bytes()) {
        *place = byte;
    }
    let (first, last) = (Day::from_number(2_000), Day::from_number(2_200));
    let grant = Grant { id, category: 1, zones: 0xffff, first, last, name: None };
    Signer::new(1, &[0x5a; 32]).issue(Congress([0xde, 0xad]), &grant).unwrap_or_default()
}

/// What somebody with this code holds out.
pub(crate) fn shown(code: Code, badges: &Badges) -> Shown {
    let held = |place: &usize| badges.copies.get(*place).map(|held| held.digits.clone()).unwrap_or_default();
    let (text, copy) = match code {
        Code::Good(at) => (badges.good.get(at).map(held), badges.good.get(at)),
        Code::Revoked(at) => (badges.revoked.get(at).map(held), badges.revoked.get(at)),
        Code::OtherDay(at) => (badges.other_day.get(at).map(held), badges.other_day.get(at)),
        Code::Forged(at) => (badges.good.get(at).map(|place| forged(&held(place))), None),
        Code::Foreign(mark) => (Some(foreign(mark)), None),
        Code::Unknown(mark) => (Some(format!("https://vi-du.example/{mark}")), None),
    };
    Shown { text: text.unwrap_or_default().into(), copy: copy.copied() }
}

#[cfg(test)]
mod tests {
    use pass::{Key, KeyList, Refusal, Revocations, read};

    use super::*;

    #[test]
    fn what_is_forged_or_foreign_is_seen_to_be() {
        let (first, last) = (Day::from_number(2_000), Day::from_number(2_200));
        let signer = Signer::new(3, &[2; 32]);
        let key = Key { id: 3, public: signer.public(), from: first, to: last };
        let keys = KeyList { congress: Congress([1, 2]), sequence: 1, keys: vec![key] };
        let grant = Grant { id: [7; 6], category: 1, zones: 1, first, last, name: None };
        let code = signer.issue(keys.congress, &grant).unwrap_or_default();
        let none = Revocations::default();
        assert!(read(&code, first, &keys, &none).is_ok());
        assert_eq!(read(&forged(&code), first, &keys, &none), Err(Refusal::Forged));
        assert_eq!(read(&foreign(9), first, &keys, &none), Err(Refusal::Foreign));
        assert_ne!(foreign(9), foreign(10));
        assert_eq!(pass_id("0a0b0c0d0e0f"), [10, 11, 12, 13, 14, 15]);
    }
}
