//! Why a code does not open anything.

use core::fmt;

use crate::{Day, Id};

/// Why a code is refused. That it was used before is for the gate to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Not a code of ours at all: no digits, or too few.
    Unreadable,
    /// Written by a newer or unknown program.
    WrongVersion {
        /// The version it says.
        version: u8,
    },
    /// Its digits do not belong together: misread, damaged or changed.
    Altered,
    /// Of another congress.
    Foreign,
    /// Signed with a key that is not on the list, or not valid on this day.
    UnknownKey {
        /// The key it names.
        key: u8,
    },
    /// Whole, but signed by nobody who may.
    Forged,
    /// Reported lost, returned or replaced.
    Revoked {
        /// Which one.
        id: Id,
    },
    /// Its first day is still to come.
    NotYet {
        /// The first day.
        first: Day,
    },
    /// Its last day is over.
    Expired {
        /// The last day.
        last: Day,
    },
}

impl Refusal {
    /// The message key of every refusal.
    pub const KEYS: [&'static str; 9] = [
        "pass-unreadable",
        "pass-wrong-version",
        "pass-altered",
        "pass-foreign",
        "pass-unknown-key",
        "pass-forged",
        "pass-revoked",
        "pass-not-yet",
        "pass-expired",
    ];

    /// Its own message key.
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Unreadable => "pass-unreadable",
            Self::WrongVersion { .. } => "pass-wrong-version",
            Self::Altered => "pass-altered",
            Self::Foreign => "pass-foreign",
            Self::UnknownKey { .. } => "pass-unknown-key",
            Self::Forged => "pass-forged",
            Self::Revoked { .. } => "pass-revoked",
            Self::NotYet { .. } => "pass-not-yet",
            Self::Expired { .. } => "pass-expired",
        }
    }
}

/// For logs; people get the words of [`key`](Refusal::key).
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

impl core::error::Error for Refusal {}
