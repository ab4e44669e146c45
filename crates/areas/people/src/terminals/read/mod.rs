//! What terminals send, read by shape. Pure: bytes in, events out, nothing believed that is not there.

pub mod hikvision;
pub mod webhook;
pub mod zkteco;

use jiff::Timestamp;

/// The most events of one message.
pub const MOST: usize = 1_000;
/// The longest number of a person.
const KEY: usize = 32;

/// Somebody was recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// What names the event at its terminal: the same again is the same event.
    pub event: String,
    /// When, on the terminal's clock.
    pub at: Timestamp,
    /// Who.
    pub who: Who,
    /// Whether it happens now, where the terminal says so; else its instant tells.
    pub live: Option<bool>,
    /// Whether they go out, where the terminal says so; else as it was registered.
    pub out: Option<bool>,
    /// How sure it is, in thousandths, where it says so.
    pub score: Option<u16>,
}

/// Whom a terminal recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// Somebody by the number that was made here.
    Key(String),
    /// Whoever shows the code of a badge: no face.
    Pass(String),
}

/// One message of a terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// It is there.
    Beat,
    /// Something that is no business of ours: a door, a wrong face, a tamper.
    Other,
    /// Somebody was recognised.
    Seen(Seen),
}

/// Bytes that are no message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a message of a terminal")]
pub struct Unreadable;

/// The number of a person as terminals hand it back: leading zeros and blanks that some add are no part of it.
fn person_key(text: &str) -> Option<String> {
    let key = text.trim().trim_start_matches('0');
    let fits = !key.is_empty() && key.len() <= KEY && key.bytes().all(|byte| byte.is_ascii_alphanumeric());
    fits.then(|| key.to_owned())
}
