//! Our own webhook: `POST /api/v1/recognition`, a JSON object signed with HMAC-SHA-256. The page that vendors get is
//! `docs/may-nhan-dien.md`; a test signs its example.

use hmac::{Hmac, Mac as _};
use jiff::Timestamp;
use serde::Deserialize;
use sha2::Sha256;

use super::{Message, Seen, Unreadable, Who, person_key};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    device: String,
    event_id: String,
    time: Timestamp,
    method: Method,
    #[serde(default)]
    person_key: Option<String>,
    #[serde(default)]
    score: Option<f64>,
    #[serde(default)]
    liveness: Option<f64>,
    #[serde(default)]
    image_sha256: Option<String>,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "snake_case")]
enum Method {
    Face,
    Heartbeat,
}

/// A share as thousandths.
fn thousandths(share: f64) -> Option<u16> {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 1000")]
    (0.0..=1.0).contains(&share).then(|| (share * 1000.0).round() as u16)
}

/// Reads a body; the device it names goes with it.
///
/// # Errors
/// [`Unreadable`].
pub fn read(bytes: &[u8]) -> Result<(String, Message), Unreadable> {
    let body: Body = serde_json::from_slice(bytes).map_err(|_| Unreadable)?;
    let id = body.event_id.trim();
    if id.is_empty() || id.len() > 128 || body.device.len() > 64 {
        return Err(Unreadable);
    }
    if body.method == Method::Heartbeat {
        return Ok((body.device, Message::Beat));
    }
    let mut score = None;
    for share in [body.score, body.liveness].into_iter().flatten() {
        let share = thousandths(share).ok_or(Unreadable)?;
        // As sure as the less sure of the two.
        score = Some(score.map_or(share, |known: u16| known.min(share)));
    }
    // A hash of a picture that stays where it is: read so that the message is whole, and not kept.
    if body.image_sha256.is_some_and(|hash| hash.len() != 64 || !hash.bytes().all(|b| b.is_ascii_hexdigit()))
    {
        return Err(Unreadable);
    }
    let key = body.person_key.as_deref().and_then(person_key).ok_or(Unreadable)?;
    let seen = Seen { event: id.to_owned(), at: body.time, who: Who::Key(key), live: None, out: None, score };
    Ok((body.device, Message::Seen(seen)))
}

/// The `Dienhong-Signature` of a message: `t=<seconds since 1970>,v1=<64 hexadecimal digits>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// When it was signed.
    pub at: Timestamp,
    mac: [u8; 32],
}

impl Signature {
    /// Reads the header.
    ///
    /// # Errors
    /// [`Unreadable`].
    pub fn read(text: &str) -> Result<Self, Unreadable> {
        let (mut at, mut mac) = (None, None);
        for part in text.split(',') {
            match part.trim().split_once('=') {
                Some(("t", seconds)) if at.is_none() => at = seconds.parse::<i64>().ok(),
                Some(("v1", digits)) if mac.is_none() => mac = unhex(digits),
                _ => return Err(Unreadable),
            }
        }
        let at = Timestamp::from_second(at.ok_or(Unreadable)?).map_err(|_| Unreadable)?;
        Ok(Self { at, mac: mac.ok_or(Unreadable)? })
    }

    /// Whether a key signed this body at that moment; takes as long for a wrong signature as for a right one.
    pub fn is_of(&self, key: &[u8; 32], body: &[u8]) -> bool {
        Hmac::<Sha256>::new_from_slice(key).is_ok_and(|mut mac| {
            mac.update(self.at.as_second().to_string().as_bytes());
            mac.update(b".");
            mac.update(body);
            mac.verify_slice(&self.mac).is_ok()
        })
    }
}

/// Thirty-two bytes from hexadecimal digits.
pub fn unhex(text: &str) -> Option<[u8; 32]> {
    let text = text.trim();
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let mut out = [0; 32];
    for (at, byte) in out.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(at * 2..at * 2 + 2)?, 16).ok()?;
    }
    Some(out)
}
