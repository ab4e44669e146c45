//! Passes that open nothing any more: 6-byte ids with the sequence at which each was revoked.
//!
//! A gate asks for what is new since the sequence it has ([`Revocations::since`]) over a connection that proves who
//! answers; the list itself is not signed. A pass is never taken off the list: one that was lost and is found again is
//! issued anew.
//!
//! A delta is `DHR1`, the sequence it starts from and the one it leads to (4 bytes each), then the ids. A thousand
//! lost badges are 6 kB.

use alloc::vec::Vec;
use core::fmt;

use crate::Id;

const MAGIC: &[u8; 4] = b"DHR1";

/// The revoked passes, up to a sequence.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Revocations {
    /// Sorted by id; the sequence at which each was revoked.
    ids: Vec<(Id, u32)>,
    sequence: u32,
}

/// What was revoked between two sequences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delta {
    /// The sequence that it follows.
    pub after: u32,
    /// The sequence that it leads to.
    pub to: u32,
    /// The ids.
    pub ids: Vec<Id>,
}

/// Why a delta is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeltaError {
    /// Not a delta, or cut off.
    Unreadable,
    /// Something is missing between what is known and what it follows: the whole list is needed.
    Gap {
        /// The sequence that is known.
        known: u32,
    },
}

impl fmt::Display for DeltaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable => f.write_str("pass-revocations-unreadable"),
            Self::Gap { .. } => f.write_str("pass-revocations-gap"),
        }
    }
}

impl core::error::Error for DeltaError {}

impl Revocations {
    /// Whether a pass is revoked.
    pub fn contains(&self, id: &Id) -> bool {
        self.ids.binary_search_by(|(other, _)| other.cmp(id)).is_ok()
    }

    /// Revokes a pass; returns the sequence of the list that has it.
    pub fn revoke(&mut self, id: Id) -> u32 {
        if let Err(place) = self.ids.binary_search_by(|(other, _)| other.cmp(&id)) {
            self.sequence = self.sequence.saturating_add(1);
            self.ids.insert(place, (id, self.sequence));
        }
        self.sequence
    }

    /// The sequence of the newest one; what a gate shows the age of.
    pub fn sequence(&self) -> u32 {
        self.sequence
    }

    /// How many are revoked.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// True when none is.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// What was revoked after a sequence; after 0 it is the whole list.
    pub fn since(&self, after: u32) -> Delta {
        let ids = self.ids.iter().filter(|(_, at)| *at > after).map(|(id, _)| *id).collect();
        Delta { after, to: self.sequence.max(after), ids }
    }

    /// Takes in a delta. One that was taken already changes nothing.
    ///
    /// # Errors
    /// [`DeltaError::Gap`]; nothing is changed then.
    pub fn take(&mut self, delta: &Delta) -> Result<(), DeltaError> {
        if delta.after > self.sequence {
            return Err(DeltaError::Gap { known: self.sequence });
        }
        let to = self.sequence.max(delta.to);
        self.ids.extend(delta.ids.iter().map(|id| (*id, to)));
        // Of two with one id the earlier stays.
        self.ids.sort_unstable();
        self.ids.dedup_by_key(|(id, _)| *id);
        self.sequence = to;
        Ok(())
    }
}

impl Delta {
    /// Its bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(12 + 6 * self.ids.len());
        out.extend(MAGIC);
        out.extend(self.after.to_be_bytes());
        out.extend(self.to.to_be_bytes());
        out.extend(self.ids.iter().flatten());
        out
    }

    /// Reads a delta. Any bytes give an answer.
    ///
    /// # Errors
    /// [`DeltaError::Unreadable`].
    pub fn parse(bytes: &[u8]) -> Result<Self, DeltaError> {
        let rest = bytes.strip_prefix(MAGIC).ok_or(DeltaError::Unreadable)?;
        let (after, rest) = rest.split_first_chunk::<4>().ok_or(DeltaError::Unreadable)?;
        let (to, rest) = rest.split_first_chunk::<4>().ok_or(DeltaError::Unreadable)?;
        let (after, to) = (u32::from_be_bytes(*after), u32::from_be_bytes(*to));
        let (ids, left) = rest.as_chunks::<6>();
        if !left.is_empty() || to < after {
            return Err(DeltaError::Unreadable);
        }
        Ok(Self { after, to, ids: ids.to_vec() })
    }
}
