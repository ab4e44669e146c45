//! The log as one file, and its verification without the database.
//!
//! The file is JSON lines: a head with the format and the verifying key, one object per event with the exact
//! line, one per checkpoint, and a tail with the size and the end of the chain.

use std::{
    collections::{BTreeSet, VecDeque},
    io::{BufRead, Write},
};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{
    CheckpointError, Hash, Tree, VerifyingKey,
    chain::{leaf, link},
    store::{self, Stored, StoredCheckpoint},
};
use crate::db::{Db, DbError};

const FORMAT: &str = "dienhong-audit-1";

#[derive(Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Record {
    Head { format: String, key: Option<String> },
    Event { seq: u64, line: String, chain: String },
    Checkpoint { checkpoint: String },
    Tail { size: u64, end: String },
}

/// Why a log could not be exported.
#[derive(Debug, Error)]
pub enum ExportError {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The file.
    #[error("writing the file: {0}")]
    Io(#[from] std::io::Error),
}

/// Writes the whole log to `out`; returns how many events.
///
/// # Errors
/// [`ExportError`].
pub async fn export(db: &Db, key: Option<&VerifyingKey>, out: &mut impl Write) -> Result<u64, ExportError> {
    let mut put = |record: &Record| -> Result<(), ExportError> {
        let text = serde_json::to_string(record).map_err(std::io::Error::other)?;
        Ok(writeln!(out, "{text}")?)
    };
    put(&Record::Head { format: FORMAT.to_owned(), key: key.map(VerifyingKey::to_text) })?;
    let (mut size, mut end) = (0, [0; 32]);
    let mut recorded = BTreeSet::new();
    loop {
        let after = i64::try_from(size).unwrap_or(i64::MAX);
        let rows: Vec<Stored> = db.read(move |tx| store::rows_after(tx, after, 2000)).await?;
        let Some(last) = rows.last() else { break };
        (size, end) = (last.seq.unsigned_abs(), last.chain);
        for row in rows {
            recorded.extend(checkpoint_of(&row.line));
            put(&Record::Event {
                seq: row.seq.unsigned_abs(),
                line: String::from_utf8_lossy(&row.line).into_owned(),
                chain: crate::hex(&row.chain),
            })?;
        }
    }
    // A checkpoint that was made meanwhile is not in the events above: it waits for the next export.
    let checkpoints: Vec<StoredCheckpoint> = db.read(store::checkpoints).await?;
    for checkpoint in checkpoints.into_iter().filter(|one| recorded.contains(&one.size.unsigned_abs())) {
        put(&Record::Checkpoint { checkpoint: checkpoint.note })?;
    }
    put(&Record::Tail { size, end: crate::hex(&end) })?;
    Ok(size)
}

/// The size of the checkpoint that an event records, if it does.
fn checkpoint_of(line: &[u8]) -> Option<u64> {
    #[derive(Deserialize)]
    struct Recorded<'a> {
        act: &'a str,
        obj: &'a str,
    }
    let recorded: Recorded<'_> = serde_json::from_slice(line).ok()?;
    (recorded.act == "audit.checkpoint").then(|| recorded.obj.strip_prefix("checkpoint:")?.parse().ok())?
}

/// What a sound log contains.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Events, each in its place with its hash.
    pub events: u64,
    /// Checkpoints whose root and signature fit.
    pub checkpoints: u64,
    /// Events covered by the last checkpoint.
    pub signed: u64,
    /// The key the checkpoints were verified with, as base64.
    pub key: Option<String>,
    /// Root over all events, as six groups of digits.
    pub root: String,
}

/// What is wrong, and with which row.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Fault {
    /// The row is not one of ours.
    #[error("it does not have the form of a log row")]
    Form,
    /// The row's number is not the next one: something was removed, inserted or reordered.
    #[error("it is number {found} where {expected} belongs")]
    Order {
        /// The number that belongs here.
        expected: u64,
        /// The number found.
        found: u64,
    },
    /// The line does not lead to the chain hash stored with it.
    #[error("its text was changed, or one before it")]
    Chain,
    /// The number inside the line differs from the row's.
    #[error("its text carries another number")]
    Inner,
    /// A checkpoint's signature or form is wrong.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// A checkpoint's root is not the root of the events before it.
    #[error("the checkpoint over {0} events does not fit them")]
    Root(u64),
    /// The file ends without its tail, or the tail counts differently.
    #[error("the end of the log is missing or counts {expected} events, {found} found")]
    Tail {
        /// Events promised.
        expected: u64,
        /// Events found.
        found: u64,
    },
    /// The log records a checkpoint that the file does not hold in its place.
    #[error("the checkpoint over {0} events is missing or out of order")]
    Missing(u64),
    /// The file has checkpoints but names no key, or another key than the one to be trusted.
    #[error("the log names another key than the one given")]
    Key,
}

/// The first thing that is wrong with a log.
#[derive(Debug, Error)]
pub enum VerifyError {
    /// A row is wrong.
    #[error("row {row}: {fault}")]
    Bad {
        /// The event's number; for other rows the line of the file.
        row: u64,
        /// What is wrong.
        fault: Fault,
    },
    /// The file cannot be read.
    #[error("reading the file: {0}")]
    Io(#[from] std::io::Error),
}

/// Reads an exported log and checks every row, hash, checkpoint and signature. `trusted` is the key that
/// witnesses keep; without it the key named by the file is used, which shows only that the file fits itself.
///
/// # Errors
/// [`VerifyError::Bad`] with the first bad row.
pub fn verify(input: impl BufRead, trusted: Option<&VerifyingKey>) -> Result<Report, VerifyError> {
    let mut checker = Checker::new(trusted);
    for (index, text) in input.lines().enumerate() {
        checker.line(index as u64 + 1, &text?)?;
    }
    checker.end()
}

struct Checker<'a> {
    trusted: Option<&'a VerifyingKey>,
    key: Option<VerifyingKey>,
    seen_head: bool,
    tail: Option<u64>,
    size: u64,
    chain: Hash,
    tree: Tree,
    /// Root after each number of events, asked for by checkpoints that come later.
    roots: Vec<Hash>,
    /// Sizes of the checkpoints that the events record, in order, not yet found.
    recorded: VecDeque<u64>,
    checkpoints: u64,
    signed: u64,
}

impl<'a> Checker<'a> {
    fn new(trusted: Option<&'a VerifyingKey>) -> Self {
        Self {
            trusted,
            key: None,
            seen_head: false,
            tail: None,
            size: 0,
            chain: [0; 32],
            tree: Tree::default(),
            roots: Vec::new(),
            recorded: VecDeque::new(),
            checkpoints: 0,
            signed: 0,
        }
    }

    fn line(&mut self, number: u64, text: &str) -> Result<(), VerifyError> {
        let bad = |fault| VerifyError::Bad { row: number, fault };
        let record: Record = serde_json::from_str(text).map_err(|_| bad(Fault::Form))?;
        if self.tail.is_some() || self.seen_head == matches!(record, Record::Head { .. }) {
            return Err(bad(Fault::Form));
        }
        match record {
            Record::Head { format, key } => self.head(&format, key.as_deref()).map_err(bad),
            Record::Event { seq, line, chain } => {
                let expected = self.size + 1;
                self.event(seq, &line, &chain).map_err(|fault| VerifyError::Bad { row: expected, fault })
            }
            Record::Checkpoint { checkpoint } => self.checkpoint(&checkpoint).map_err(bad),
            Record::Tail { size, end } => {
                if size != self.size || end != crate::hex(&self.chain) {
                    return Err(bad(Fault::Tail { expected: size, found: self.size }));
                }
                if let Some(missing) = self.recorded.front() {
                    return Err(bad(Fault::Missing(*missing)));
                }
                self.tail = Some(size);
                Ok(())
            }
        }
    }

    fn head(&mut self, format: &str, key: Option<&str>) -> Result<(), Fault> {
        if format != FORMAT {
            return Err(Fault::Form);
        }
        self.key = key.map(VerifyingKey::parse).transpose()?;
        if let Some(trusted) = self.trusted {
            if self.key.as_ref().is_some_and(|key| key != trusted) {
                return Err(Fault::Key);
            }
            self.key = Some(trusted.clone());
        }
        self.seen_head = true;
        Ok(())
    }

    fn event(&mut self, seq: u64, line: &str, chain: &str) -> Result<(), Fault> {
        let expected = self.size + 1;
        // Checkpoints stand after all events.
        if seq != expected || self.checkpoints > 0 {
            return Err(Fault::Order { expected, found: seq });
        }
        let leaf = leaf(line.as_bytes());
        let next = link(&self.chain, &leaf);
        if crate::hex(&next) != chain {
            return Err(Fault::Chain);
        }
        let inner: serde_json::Value = serde_json::from_str(line).map_err(|_| Fault::Form)?;
        if inner.get("seq").and_then(serde_json::Value::as_u64) != Some(seq) {
            return Err(Fault::Inner);
        }
        self.recorded.extend(checkpoint_of(line.as_bytes()));
        self.tree.push(leaf);
        self.roots.push(self.tree.root());
        (self.size, self.chain) = (seq, next);
        Ok(())
    }

    fn checkpoint(&mut self, note: &str) -> Result<(), Fault> {
        let checkpoint = self.key.as_ref().ok_or(Fault::Key)?.open(note)?;
        if self.recorded.pop_front() != Some(checkpoint.size) {
            return Err(Fault::Missing(checkpoint.size));
        }
        let index = usize::try_from(checkpoint.size).unwrap_or(usize::MAX).wrapping_sub(1);
        if self.roots.get(index) != Some(&checkpoint.root) {
            return Err(Fault::Root(checkpoint.size));
        }
        self.checkpoints += 1;
        self.signed = self.signed.max(checkpoint.size);
        Ok(())
    }

    fn end(self) -> Result<Report, VerifyError> {
        if self.tail.is_none() {
            let fault = Fault::Tail { expected: self.size, found: self.size };
            return Err(VerifyError::Bad { row: self.size, fault });
        }
        Ok(Report {
            events: self.size,
            checkpoints: self.checkpoints,
            signed: self.signed,
            key: self.key.as_ref().map(VerifyingKey::to_text),
            root: super::words(&self.tree.root()),
        })
    }
}
