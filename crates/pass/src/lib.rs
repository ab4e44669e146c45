//! The pass on a badge: a few bytes that say what it opens and when, signed, written as digits.
//!
//! A gate reads it with no network: it needs the [`KeyList`], which a root key has signed, and the newest
//! [`Revocations`]. The code holds no person: a random id, a category, zones and days; on request a name, so that a
//! steward without data can compare it.
//!
//! *Digits.* A QR code packs digits more densely than anything else after raw bytes, so 81 bytes stay in 37 × 37
//! modules (version 5, level M). And a scanner that types like a keyboard types digits unchanged, whatever Vietnamese
//! input method is on; letters would be rewritten (access reference 5.2).
//!
//! *What it does not promise.* A copy of a badge is as good as the badge: whether it has been used is what the gate
//! knows, not this crate. Days are compared as given: whose clock is right is the caller's question.
//!
//! ```
//! use pass::{Congress, Day, Grant, Key, KeyList, Refusal, Revocations, Signer, read};
//!
//! let congress = Congress::of(b"0199a000-0000-7000-8000-000000000001");
//! let (root, signer) = (Signer::new(0, &[1; 32]), Signer::new(3, &[2; 32]));
//! let day = |d| Day::new(2025, 10, d).unwrap();
//! let key = Key { id: 3, public: signer.public(), from: day(1), to: day(31) };
//! let keys = KeyList { congress, sequence: 1, keys: vec![key] };
//! let keys = KeyList::open(&keys.sign(&root)?, &root.public())?;
//!
//! let grant = Grant { id: [7; 6], category: 2, zones: 0b101, first: day(13), last: day(15), name: None };
//! let code = signer.issue(congress, &grant)?;
//! assert_eq!(code.len(), 196);
//! let pass = read(&code, day(14), &keys, &Revocations::default())?;
//! assert!(pass.opens(0) && !pass.opens(1));
//! assert_eq!(read(&code, day(16), &keys, &Revocations::default()), Err(Refusal::Expired { last: day(15) }));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![no_std]

extern crate alloc;

mod code;
mod day;
mod digits;
mod keys;
mod reach;
mod refusal;
mod revoked;

pub use code::{Congress, Grant, Id, LONGEST_NAME, Malformed, Pass, Signer, read};
pub use day::Day;
pub use digits::{from_digits, to_digits};
pub use keys::{Key, KeyList, KeyListError, MOST_KEYS};
pub use reach::{address, found, ndef};
pub use refusal::Refusal;
pub use revoked::{Delta, DeltaError, Revocations};
