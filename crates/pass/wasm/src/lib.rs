//! The reader of passes for browsers: the same `pass` as on the server, behind a few functions over linear memory.
//!
//! One instance is one gate. The caller asks for `room`, writes its bytes there and calls a function, which says
//! how it went by a number; what is longer stands at `answer` until the next call. There is nothing to free and no
//! pointer comes in, so no function here can be called wrongly in a way that reads foreign memory.
//!
//! `bin/build-wasm` builds it; `web/js/pass.js` is the other side.

#![allow(
    unsafe_code,
    reason = "only `unsafe(no_mangle)`: an exported name must not clash with another; these begin with `pass_`"
)]

use std::cell::RefCell;

use pass::{Day, Delta, DeltaError, KeyList, KeyListError, Refusal, Revocations, read};

/// The most bytes that come in at once: a whole list of a hundred thousand revoked passes is 600 kB.
const MOST: usize = 1 << 20;

/// What one gate knows.
struct Gate {
    keys: Option<KeyList>,
    revoked: Revocations,
    input: Vec<u8>,
    output: Vec<u8>,
}

thread_local! {
    static GATE: RefCell<Gate> = RefCell::new(Gate {
        keys: None,
        revoked: Revocations::default(),
        input: Vec::new(),
        output: Vec::new(),
    });
}

/// A browser calls from one thread and no function here calls back, so the gate is never in use twice.
fn with<T>(work: impl FnOnce(&mut Gate) -> T) -> T {
    GATE.with(|gate| work(&mut gate.borrow_mut()))
}

/// Where to write `length` bytes before the next call; null for more than a mebibyte.
#[unsafe(no_mangle)]
pub extern "C" fn pass_room(length: usize) -> *mut u8 {
    if length > MOST {
        return std::ptr::null_mut();
    }
    with(|gate| {
        gate.input.clear();
        gate.input.resize(length, 0);
        gate.input.as_mut_ptr()
    })
}

/// Where the answer of the last call that gave one stands.
#[unsafe(no_mangle)]
pub extern "C" fn pass_answer() -> *const u8 {
    with(|gate| gate.output.as_ptr())
}

/// Takes the public root key (32 bytes) and a list of keys that it signed. 0 when taken; else nothing changes and
/// 1 unreadable, 2 forged, 3 keys, 4 foreign, 5 older, as [`KeyListError`] has them.
#[unsafe(no_mangle)]
pub extern "C" fn pass_keys() -> u32 {
    with(|gate| {
        let Some((root, list)) = gate.input.split_first_chunk::<32>() else { return 1 };
        let opened = match &gate.keys {
            Some(now) => now.replace(list, root),
            None => KeyList::open(list, root),
        };
        match opened {
            Ok(list) => {
                gate.keys = Some(list);
                0
            }
            Err(KeyListError::Unreadable) => 1,
            Err(KeyListError::Forged) => 2,
            Err(KeyListError::Keys) => 3,
            Err(KeyListError::Foreign) => 4,
            Err(KeyListError::Older) => 5,
        }
    })
}

/// Takes a delta of revoked passes. 0 when taken; else nothing changes and 1 unreadable, 2 a gap before it.
#[unsafe(no_mangle)]
pub extern "C" fn pass_revoke() -> u32 {
    with(|gate| match Delta::parse(&gate.input).and_then(|delta| gate.revoked.take(&delta)) {
        Ok(()) => 0,
        Err(DeltaError::Unreadable) => 1,
        Err(DeltaError::Gap { .. }) => 2,
    })
}

/// Writes the delta after a sequence as the answer, so that a gate can keep its list over a restart; its length.
#[unsafe(no_mangle)]
pub extern "C" fn pass_since(after: u32) -> usize {
    with(|gate| {
        gate.output = gate.revoked.since(after).to_bytes();
        gate.output.len()
    })
}

/// The sequence of the newest revoked pass that is known.
#[unsafe(no_mangle)]
pub extern "C" fn pass_sequence() -> u32 {
    with(|gate| gate.revoked.sequence())
}

/// The sequence of the list of keys, plus one; 0 without a list.
#[unsafe(no_mangle)]
pub extern "C" fn pass_key_sequence() -> u32 {
    with(|gate| gate.keys.as_ref().map_or(0, |keys| keys.sequence.saturating_add(1)))
}

/// Reads the text that was scanned on a day (its number) and writes the [`verdict`] as the answer; its length.
#[unsafe(no_mangle)]
pub extern "C" fn pass_read(day: u32) -> usize {
    with(|gate| {
        let day = Day::from_number(u16::try_from(day).unwrap_or(u16::MAX));
        gate.output = match (std::str::from_utf8(&gate.input), &gate.keys) {
            (Ok(text), Some(keys)) => verdict(&read(text, day, keys, &gate.revoked)),
            // A gate without keys can say nothing about any pass.
            (Ok(_), None) => vec![NO_KEYS],
            (Err(_), _) => verdict(&Err(Refusal::Unreadable)),
        };
        gate.output.len()
    })
}

/// First byte of the verdict of a gate that was given no keys.
const NO_KEYS: u8 = 0xff;

/// A verdict as bytes.
///
/// | first byte | then |
/// |---|---|
/// | 0 valid | key, id (6), category, zones (2), first day (2), last day (2), the name |
/// | 1–9, the place in [`Refusal::KEYS`] from 1 | what the refusal carries: version, key, id or day |
/// | 255 | nothing: there are no keys yet |
pub fn verdict(read: &Result<pass::Pass, Refusal>) -> Vec<u8> {
    let refusal = match read {
        Ok(pass) => {
            let grant = &pass.grant;
            let mut out = vec![0, pass.key];
            out.extend(grant.id);
            out.push(grant.category);
            out.extend(grant.zones.to_be_bytes());
            out.extend(grant.first.number().to_be_bytes());
            out.extend(grant.last.number().to_be_bytes());
            out.extend(grant.name.as_deref().unwrap_or_default().as_bytes());
            return out;
        }
        Err(refusal) => refusal,
    };
    let place = Refusal::KEYS.iter().position(|key| *key == refusal.key());
    let mut out = vec![place.and_then(|place| u8::try_from(place + 1).ok()).unwrap_or(NO_KEYS)];
    match refusal {
        Refusal::Unreadable | Refusal::Altered | Refusal::Foreign | Refusal::Forged => {}
        Refusal::WrongVersion { version } => out.push(*version),
        Refusal::UnknownKey { key } => out.push(*key),
        Refusal::Revoked { id } => out.extend(id),
        Refusal::NotYet { first: day } | Refusal::Expired { last: day } => {
            out.extend(day.number().to_be_bytes());
        }
    }
    out
}
