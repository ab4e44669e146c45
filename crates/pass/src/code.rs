//! The code itself: its bytes, its signature, and what makes it open.
//!
//! | bytes | what |
//! |---|---|
//! | 1 | version (1 plain, 2 with a name) × 16 + key id |
//! | 2 | mark of the congress |
//! | 6 | random id |
//! | 1 | category |
//! | 2 | zones, bit 0 the first |
//! | 2 | first day, from 01/01/2020 |
//! | 1 | days after the first on which it is still valid |
//! | 0–48 | the name in UTF-8, version 2 only |
//! | 64 | Ed25519 over a label and all before |
//! | 2 | checksum (CRC-16/CCITT) over all before |
//!
//! The checksum adds no safety: it tells a damaged code from a forged one, and spares the signature check.

use alloc::{borrow::ToOwned, string::String, vec::Vec};
use core::fmt;

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};

use crate::{Day, KeyList, Refusal, Revocations, digits, reach};

/// The random id of a pass. It says nothing about who holds it.
pub type Id = [u8; 6];

/// The longest name in bytes. Up to 24 bytes the QR stays at 41 × 41 modules (version 6).
pub const LONGEST_NAME: usize = 48;

const PLAIN: u8 = 1;
const NAMED: u8 = 2;
const BODY: usize = 15;
const SIGNATURE: usize = 64;
const CHECKSUM: usize = 2;
/// Signed before the bytes, so that a signature made for something else never fits.
const LABEL: &[u8] = b"dienhong pass\n";

/// The mark that keeps passes of different congresses apart at a glance. Not a secret and not unique: what proves a
/// pass is the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Congress(pub [u8; 2]);

impl Congress {
    /// The mark of a congress's stable id.
    pub fn of(id: &[u8]) -> Self {
        Self(crc16(id).to_be_bytes())
    }
}

/// What a pass allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Its random id.
    pub id: Id,
    /// The category of the holder, as numbered by the congress.
    pub category: u8,
    /// The zones it opens, bit 0 the first.
    pub zones: u16,
    /// The first day.
    pub first: Day,
    /// The last day.
    pub last: Day,
    /// The holder's name, where it may stand in the code.
    pub name: Option<String>,
}

/// A pass that was read, verified and is valid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pass {
    /// What it allows.
    pub grant: Grant,
    /// The key that signed it.
    pub key: u8,
}

impl Pass {
    /// Whether it opens a zone, from 0.
    pub fn opens(&self, zone: u8) -> bool {
        1_u16.checked_shl(u32::from(zone)).is_some_and(|bit| self.grant.zones & bit != 0)
    }
}

/// Why a pass cannot be issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Malformed {
    /// The last day comes before the first, or more than 255 days after it.
    Days,
    /// The name is empty, longer than [`LONGEST_NAME`] bytes, or has characters that cannot be shown.
    Name,
    /// Key ids go from 0 to 15.
    KeyId,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Days => "the days of the pass do not fit",
            Self::Name => "the name does not fit into the pass",
            Self::KeyId => "the key id does not fit into the pass",
        })
    }
}

impl core::error::Error for Malformed {}

/// A key that signs: passes, or the list of keys.
pub struct Signer {
    pub(crate) key: SigningKey,
    id: u8,
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({})", self.id)
    }
}

impl Signer {
    /// The key of a 32-byte seed from a good source of randomness, under its id of 0 to 15.
    pub fn new(id: u8, seed: &[u8; 32]) -> Self {
        Self { key: SigningKey::from_bytes(seed), id }
    }

    /// The public half.
    pub fn public(&self) -> [u8; 32] {
        self.key.verifying_key().to_bytes()
    }

    /// The digits of a signed pass.
    ///
    /// # Errors
    /// [`Malformed`].
    pub fn issue(&self, congress: Congress, grant: &Grant) -> Result<String, Malformed> {
        if self.id > 15 {
            return Err(Malformed::KeyId);
        }
        let name = grant.name.as_deref();
        if name.is_some_and(|name| !shows(name)) {
            return Err(Malformed::Name);
        }
        let days = grant.last.number().checked_sub(grant.first.number());
        let days = days.and_then(|days| u8::try_from(days).ok()).ok_or(Malformed::Days)?;
        let version = if name.is_some() { NAMED } else { PLAIN };
        let mut bytes = Vec::with_capacity(BODY + LONGEST_NAME + SIGNATURE + CHECKSUM);
        bytes.push(version << 4 | self.id);
        bytes.extend(congress.0);
        bytes.extend(grant.id);
        bytes.push(grant.category);
        bytes.extend(grant.zones.to_be_bytes());
        bytes.extend(grant.first.number().to_be_bytes());
        bytes.push(days);
        bytes.extend(name.unwrap_or_default().as_bytes());
        let signature = self.key.sign(&[LABEL, &bytes].concat());
        bytes.extend(signature.to_bytes());
        bytes.extend(crc16(&bytes).to_be_bytes());
        Ok(digits::to_digits(&bytes))
    }
}

/// A name as it may stand in a code: something, not too long, nothing that hides or turns text around.
fn shows(name: &str) -> bool {
    let hides = |c: char| {
        c.is_control()
            || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    !name.trim().is_empty() && name.len() <= LONGEST_NAME && !name.chars().any(hides)
}

/// Reads a code as a scanner, a camera or a tag gives it, and decides whether it is valid on a day.
///
/// # Errors
/// The first [`Refusal`] that holds: form, congress, key, signature, list of the revoked, days.
pub fn read(text: &str, on: Day, keys: &KeyList, revoked: &Revocations) -> Result<Pass, Refusal> {
    let code = reach::found(text).ok_or(Refusal::Unreadable)?;
    if code.len() < digits::to_digits(&[0; BODY + SIGNATURE + CHECKSUM]).len() {
        return Err(Refusal::Unreadable);
    }
    let bytes = digits::from_digits(code).ok_or(Refusal::Altered)?;
    let opened = Opened::parse(&bytes)?;
    if opened.congress != keys.congress {
        return Err(Refusal::Foreign);
    }
    let unknown = Refusal::UnknownKey { key: opened.key };
    let key = keys.keys.iter().find(|key| key.id == opened.key).ok_or(unknown)?;
    if on < key.from || on > key.to {
        return Err(unknown);
    }
    let public = VerifyingKey::from_bytes(&key.public).map_err(|_| unknown)?;
    let message = [LABEL, opened.signed].concat();
    public.verify_strict(&message, &opened.signature).map_err(|_| Refusal::Forged)?;
    let grant = opened.grant()?;
    if revoked.contains(&grant.id) {
        return Err(Refusal::Revoked { id: grant.id });
    }
    if on < grant.first {
        return Err(Refusal::NotYet { first: grant.first });
    }
    if on > grant.last {
        return Err(Refusal::Expired { last: grant.last });
    }
    Ok(Pass { grant, key: opened.key })
}

/// A code taken apart, nothing of it believed yet.
struct Opened<'a> {
    congress: Congress,
    key: u8,
    signed: &'a [u8],
    signature: Signature,
}

impl<'a> Opened<'a> {
    fn parse(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let (whole, checksum) = bytes.split_last_chunk::<CHECKSUM>().ok_or(Refusal::Unreadable)?;
        // Another version may end otherwise, so its number counts before the checksum of ours.
        let version = whole.first().ok_or(Refusal::Unreadable)? >> 4;
        let intact = crc16(whole).to_be_bytes() == *checksum;
        if version != PLAIN && version != NAMED {
            return Err(if intact { Refusal::WrongVersion { version } } else { Refusal::Altered });
        }
        let (signed, signature) = whole.split_last_chunk::<SIGNATURE>().ok_or(Refusal::Unreadable)?;
        let fits = match version {
            PLAIN => signed.len() == BODY,
            _ => signed.len() > BODY && signed.len() <= BODY + LONGEST_NAME,
        };
        let (&[head, c1, c0, ..], true, true) = (signed, fits, intact) else { return Err(Refusal::Altered) };
        let signature = Signature::from_bytes(signature);
        Ok(Self { congress: Congress([c1, c0]), key: head & 15, signed, signature })
    }

    fn grant(&self) -> Result<Grant, Refusal> {
        let (head, name) = self.signed.split_at_checked(BODY).ok_or(Refusal::Altered)?;
        let &[_, _, _, i0, i1, i2, i3, i4, i5, category, z1, z0, f1, f0, days] = head else {
            return Err(Refusal::Altered);
        };
        let first = Day::from_number(u16::from_be_bytes([f1, f0]));
        let last = first.number().checked_add(u16::from(days)).ok_or(Refusal::Altered)?;
        let name = match name {
            [] => None,
            bytes => {
                Some(core::str::from_utf8(bytes).ok().filter(|name| shows(name)).ok_or(Refusal::Altered)?)
            }
        };
        Ok(Grant {
            id: [i0, i1, i2, i3, i4, i5],
            category,
            zones: u16::from_be_bytes([z1, z0]),
            first,
            last: Day::from_number(last),
            name: name.map(str::to_owned),
        })
    }
}

/// CRC-16/CCITT-FALSE.
pub(crate) fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xffff, |crc, byte| {
        (0..8).fold(
            crc ^ u16::from(*byte) << 8,
            |crc, _| {
                if crc & 0x8000 == 0 { crc << 1 } else { crc << 1 ^ 0x1021 }
            },
        )
    })
}
