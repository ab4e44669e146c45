//! The same code by other ways: inside an address for a telephone's camera, and as a tag to be held against one.

use alloc::{format, string::String, vec::Vec};

/// Where codes are in an address.
const PATH: &str = "/b/";

/// The longest text that is looked at.
const LONGEST: usize = 1_024;

/// The address of a code at a host: `https://host/b/<digits>`.
pub fn address(host: &str, code: &str) -> String {
    format!("https://{host}{PATH}{code}")
}

/// An NDEF message with one URI record (NFC Forum, URI Record Type Definition 1.0) of the [`address`]. A tag with
/// 256 bytes or more holds it (NTAG215 has 504).
pub fn ndef(host: &str, code: &str) -> Vec<u8> {
    // 0x04 stands for `https://`.
    let mut payload = Vec::from([0x04]);
    payload.extend(format!("{host}{PATH}{code}").into_bytes());
    // Message begin and end, well-known type; a short record where the length fits into one byte.
    let mut out = match u8::try_from(payload.len()) {
        Ok(length) => Vec::from([0xd1, 1, length]),
        Err(_) => {
            let length = u32::try_from(payload.len()).unwrap_or(u32::MAX).to_be_bytes();
            [&[0xc1, 1][..], &length].concat()
        }
    };
    out.push(b'U');
    out.extend(payload);
    out
}

/// The digits in what a scanner, a camera or a tag gave: bare, or at the end of an address. What a scanner adds
/// around (spaces, line ends) is taken away; anything else is no code.
pub fn found(text: &str) -> Option<&str> {
    if text.len() > LONGEST {
        return None;
    }
    let text = text.trim_matches(|c: char| c.is_ascii_whitespace() || c.is_ascii_control());
    let code = match text.split_once("://") {
        Some(("https" | "http", rest)) => {
            let (host, code) = rest.split_once(PATH)?;
            (!host.is_empty() && !host.contains('/')).then_some(code)?
        }
        Some(_) => return None,
        None => text,
    };
    (!code.is_empty() && code.bytes().all(|byte| byte.is_ascii_digit())).then_some(code)
}
