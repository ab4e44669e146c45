//! Which keys may sign: a list that the root key has signed.
//!
//! | bytes | what |
//! |---|---|
//! | 4 | `DHK1` |
//! | 2 | mark of the congress |
//! | 4 | sequence of the list |
//! | 1 | number of keys |
//! | 37 each | id, public key, first day, last day |
//! | 64 | Ed25519 of the root key over a label and all before |
//!
//! The root key's public half is what a gate is given at set-up, on paper if need be; its private half signs a list a
//! few times a year and otherwise lies in a safe. Two keys at once let the old one run out while the new one prints.

use alloc::vec::Vec;
use core::fmt;

use ed25519_dalek::{Signature, Signer as _, VerifyingKey};

use crate::{Congress, Day, Malformed, Signer};

/// The most keys of a list.
pub const MOST_KEYS: usize = 16;

const MAGIC: &[u8; 4] = b"DHK1";
const LABEL: &[u8] = b"dienhong pass keys\n";
const ONE: usize = 37;

/// A key that may sign passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// Its id, 0 to 15.
    pub id: u8,
    /// The public half.
    pub public: [u8; 32],
    /// The first day on which its passes open anything.
    pub from: Day,
    /// The last day.
    pub to: Day,
}

/// The keys of a congress.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyList {
    /// Whose keys.
    pub congress: Congress,
    /// Counts the lists of this congress; a gate takes no older one than it has.
    pub sequence: u32,
    /// The keys, each id once.
    pub keys: Vec<Key>,
}

/// Why a list of keys is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyListError {
    /// Not a list of keys, or cut off.
    Unreadable,
    /// Not signed by the root key.
    Forged,
    /// Two keys have one id, or one has an id above 15 or days in the wrong order.
    Keys,
    /// Of another congress than the list at hand.
    Foreign,
    /// Older than the list at hand.
    Older,
}

impl KeyListError {
    /// Its message key.
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Unreadable => "pass-keys-unreadable",
            Self::Forged => "pass-keys-forged",
            Self::Keys => "pass-keys-wrong",
            Self::Foreign => "pass-keys-foreign",
            Self::Older => "pass-keys-older",
        }
    }
}

impl fmt::Display for KeyListError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

impl core::error::Error for KeyListError {}

impl KeyList {
    /// The signed bytes of the list.
    ///
    /// # Errors
    /// [`Malformed::KeyId`] and [`Malformed::Days`] for keys that [`KeyList::open`] would not take.
    pub fn sign(&self, root: &Signer) -> Result<Vec<u8>, Malformed> {
        if self.keys.len() > MOST_KEYS || !self.ids_are_single() {
            return Err(Malformed::KeyId);
        }
        if self.keys.iter().any(|key| key.from > key.to) {
            return Err(Malformed::Days);
        }
        let mut bytes = MAGIC.to_vec();
        bytes.extend(self.congress.0);
        bytes.extend(self.sequence.to_be_bytes());
        bytes.push(u8::try_from(self.keys.len()).map_err(|_| Malformed::KeyId)?);
        for key in &self.keys {
            bytes.push(key.id);
            bytes.extend(key.public);
            bytes.extend(key.from.number().to_be_bytes());
            bytes.extend(key.to.number().to_be_bytes());
        }
        let signature = root.key.sign(&[LABEL, &bytes].concat());
        bytes.extend(signature.to_bytes());
        Ok(bytes)
    }

    /// Reads a list that the root key has signed. Any bytes give an answer.
    ///
    /// # Errors
    /// [`KeyListError`].
    pub fn open(bytes: &[u8], root: &[u8; 32]) -> Result<Self, KeyListError> {
        let (signed, signature) = bytes.split_last_chunk::<64>().ok_or(KeyListError::Unreadable)?;
        let &[m3, m2, m1, m0, c1, c0, s3, s2, s1, s0, count, ref rest @ ..] = signed else {
            return Err(KeyListError::Unreadable);
        };
        let count = usize::from(count);
        if [m3, m2, m1, m0] != *MAGIC || count > MOST_KEYS || rest.len() != count * ONE {
            return Err(KeyListError::Unreadable);
        }
        let root = VerifyingKey::from_bytes(root).map_err(|_| KeyListError::Forged)?;
        let signature = Signature::from_bytes(signature);
        root.verify_strict(&[LABEL, signed].concat(), &signature).map_err(|_| KeyListError::Forged)?;
        let keys =
            rest.chunks_exact(ONE).map(key).collect::<Option<Vec<_>>>().ok_or(KeyListError::Unreadable)?;
        let list =
            Self { congress: Congress([c1, c0]), sequence: u32::from_be_bytes([s3, s2, s1, s0]), keys };
        let orderly = list.keys.iter().all(|key| key.from <= key.to);
        if orderly && list.ids_are_single() { Ok(list) } else { Err(KeyListError::Keys) }
    }

    /// Reads a list that shall take the place of this one.
    ///
    /// # Errors
    /// [`KeyListError`], also for a list that is older or of another congress.
    pub fn replace(&self, bytes: &[u8], root: &[u8; 32]) -> Result<Self, KeyListError> {
        let next = Self::open(bytes, root)?;
        if next.congress != self.congress {
            return Err(KeyListError::Foreign);
        }
        if next.sequence < self.sequence {
            return Err(KeyListError::Older);
        }
        Ok(next)
    }

    fn ids_are_single(&self) -> bool {
        let mut seen = 0_u16;
        self.keys.iter().all(|key| {
            let bit = 1_u16.checked_shl(u32::from(key.id)).unwrap_or(0);
            let fresh = bit != 0 && seen & bit == 0;
            seen |= bit;
            fresh
        })
    }
}

fn key(bytes: &[u8]) -> Option<Key> {
    let (id, rest) = bytes.split_first()?;
    let (public, days) = rest.split_first_chunk::<32>()?;
    let &[f1, f0, t1, t0] = days else { return None };
    let day = |high, low| Day::from_number(u16::from_be_bytes([high, low]));
    Some(Key { id: *id, public: *public, from: day(f1, f0), to: day(t1, t0) })
}
