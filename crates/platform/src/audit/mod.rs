//! The audit log: who did what, when, from where and why; hash-chained, checkpointed, exported, verified.
//!
//! Source: security reference 4.1. An event is appended in the transaction of the change it describes, by
//! the writer of [`crate::db`]. Its `line` is exact JSON bytes; `leaf = SHA-256(00‖line)` and
//! `chain = SHA-256(previous chain‖leaf)`. Lines hold no personal data: people appear by office and by a
//! random subject token whose mapping can be erased.

mod chain;
mod checkpoint;
mod event;
mod export;
mod merkle;
pub mod store;

pub use chain::{Committed, Head};
pub use checkpoint::{Checkpoint, CheckpointError, SigningKey, VerifyingKey};
pub use event::{Author, Event, Object, Topic, Via};
pub use export::{ExportError, Fault, Report, VerifyError, export, verify};
pub use merkle::{Tree, words};

use crate::db::Migration;

/// The tables of the log.
pub const MIGRATIONS: &[Migration] =
    &[Migration { area: "audit", version: 1, sql: include_str!("migrations/1.sql") }];

/// A SHA-256 hash.
pub type Hash = [u8; 32];
