//! The sealed list that a lane carries, opened by a scan as `web/js/gate/open.js` does it: the key of a record is made
//! of the digits of the badge it is of.

use std::collections::HashMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ring::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hkdf,
};
use serde::Deserialize;

const MAGIC: &[u8] = b"DHS1";
const NAME: usize = 8;
const KEY: usize = 32;
const LABEL: &[u8] = b"dienhong gate record\n";
const ON_ROLL: u8 = 1;
const SUMMONED: u8 = 2;

/// When a category may pass the zone, in milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Window {
    /// Its number in a pass.
    pub category: u8,
    /// From when; as long as the pass when not given.
    pub from: Option<i64>,
    /// Until when.
    pub to: Option<i64>,
}

/// What stands before the records.
#[derive(Debug, Clone, Deserialize)]
pub struct Header {
    /// The zone behind the gate.
    pub zone: u8,
    /// The number of the lane.
    pub lane: u16,
    /// The open lanes of the zone.
    pub lanes: Vec<u16>,
    /// Who may pass the zone when.
    pub windows: Vec<Window>,
    pepper: String,
    salt: String,
    /// The public half of the root, Base64.
    pub root: String,
    /// The list of keys, Base64.
    pub keys: String,
    /// The revoked, Base64.
    pub revocations: String,
    /// How old the list of the revoked may be, in milliseconds.
    pub stale_after_ms: u64,
    /// How long after its last answered request the lane decides alone, in milliseconds.
    pub alone_after_ms: u64,
}

/// What a record says of somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// Still on the roll.
    pub on_roll: bool,
    /// Called to the sessions.
    pub summoned: bool,
}

/// A list.
pub struct List {
    /// What stands before the records.
    pub header: Header,
    pepper: Vec<u8>,
    salt: Vec<u8>,
    records: HashMap<[u8; NAME], Vec<u8>>,
    /// Its size as it came.
    pub bytes: usize,
}

struct Length;
impl hkdf::KeyType for Length {
    fn len(&self) -> usize {
        NAME + KEY
    }
}

impl List {
    /// Reads a list; none for bytes that are no list.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(MAGIC)?;
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let (header, rest) = rest.split_at_checked(length)?;
        let header: Header = serde_json::from_slice(header).ok()?;
        let (count, mut rest) = rest.split_first_chunk::<4>()?;
        let mut records = HashMap::new();
        for _ in 0..u32::from_be_bytes(*count) {
            let (name, after) = rest.split_first_chunk::<NAME>()?;
            let (size, after) = after.split_first_chunk::<2>()?;
            let (sealed, after) = after.split_at_checked(usize::from(u16::from_be_bytes(*size)))?;
            records.insert(*name, sealed.to_vec());
            rest = after;
        }
        let pepper = STANDARD.decode(&header.pepper).ok()?;
        let salt = STANDARD.decode(&header.salt).ok()?;
        rest.is_empty().then_some(Self { header, pepper, salt, records, bytes: bytes.len() })
    }

    /// How many people it has.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether nobody is in it.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// The person of a badge; none when the list has no record that these digits open.
    pub fn person(&self, code: &str) -> Option<Known> {
        let secret = hkdf::Salt::new(hkdf::HKDF_SHA256, &self.pepper).extract(code.as_bytes());
        let mut out = [0; NAME + KEY];
        secret.expand(&[LABEL, &self.salt], Length).ok()?.fill(&mut out).ok()?;
        let (name, key) = out.split_first_chunk::<NAME>()?;
        let mut sealed = self.records.get(name)?.clone();
        let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).ok()?);
        let nonce = Nonce::assume_unique_for_key([0; NONCE_LEN]);
        let open = key.open_in_place(nonce, Aad::empty(), &mut sealed).ok()?;
        let flags = *open.first()?;
        Some(Known { on_roll: flags & ON_ROLL != 0, summoned: flags & SUMMONED != 0 })
    }
}
