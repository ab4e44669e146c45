//! The log's SQL outside the chain itself: reading it and keeping checkpoints.

use jiff::Timestamp;

use super::{Checkpoint, Event, Hash, SigningKey, Tree};
use crate::{
    db::{Db, DbError, Done, Tx, WriteTx},
    params, row, sql,
};

row! {
    /// One event as the screen and the export read it.
    #[derive(Debug, Clone)]
    pub struct Entry {
        /// Its number.
        pub seq: i64,
        /// When.
        pub at: Timestamp,
        /// What happened.
        pub act: String,
        /// What kind of thing it happened to.
        pub kind: String,
        /// The thing's id.
        pub object: String,
        /// The office that did it.
        pub office: String,
        /// The exact bytes that are hashed.
        pub line: Vec<u8>,
    }
}

impl Entry {
    /// The line as JSON, to show its parts.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.line).unwrap_or_default()
    }
}

row! {
    /// One row of the chain as it is stored, for export.
    #[derive(Debug, Clone)]
    pub struct Stored {
        /// Its number.
        pub seq: i64,
        /// The exact bytes.
        pub line: Vec<u8>,
        /// Hash of the bytes.
        pub leaf: Hash,
        /// Hash of the chain up to here.
        pub chain: Hash,
    }
}

row! {
    /// A stored checkpoint.
    #[derive(Debug, Clone)]
    pub struct StoredCheckpoint {
        /// Events covered.
        pub size: i64,
        /// When it was made.
        pub at: Timestamp,
        /// The root.
        pub root: Hash,
        /// The signed note.
        pub note: String,
    }
}

/// The newest events before `before` (or from the end), of one object if given; at most `limit`.
///
/// # Errors
/// Any [`DbError`].
pub fn page(
    tx: &mut Tx<'_>,
    filter: &Filter,
    before: Option<i64>,
    limit: u32,
) -> Result<Vec<Entry>, DbError> {
    tx.query(
        sql!(
            "SELECT seq, at, act, kind, object, office, line FROM audit_event
              WHERE seq < $1 AND (CAST($2 AS TEXT) IS NULL OR kind = $2)
                AND (CAST($3 AS TEXT) IS NULL OR object = $3)
                AND (CAST($4 AS TEXT) IS NULL OR act LIKE $4)
              ORDER BY seq DESC LIMIT $5"
        ),
        params![
            before.unwrap_or(i64::MAX),
            filter.kind,
            filter.object,
            filter.act.as_ref().map(|act| format!("{act}%")),
            i64::from(limit)
        ],
    )
}

/// Which events to list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Of one kind of object.
    pub kind: Option<String>,
    /// Of one object.
    pub object: Option<String>,
    /// Whose act begins with this.
    pub act: Option<String>,
}

/// How many events there are.
///
/// # Errors
/// Any [`DbError`].
pub fn size(tx: &mut Tx<'_>) -> Result<i64, DbError> {
    Ok(tx.scalar::<Option<i64>>(sql!("SELECT MAX(seq) FROM audit_event"), &[])?.flatten().unwrap_or(0))
}

/// Rows of the chain after `after`, in order, at most `limit`.
///
/// # Errors
/// Any [`DbError`].
pub fn rows_after(tx: &mut Tx<'_>, after: i64, limit: u32) -> Result<Vec<Stored>, DbError> {
    tx.query(
        sql!("SELECT seq, line, leaf, chain FROM audit_event WHERE seq > $1 ORDER BY seq LIMIT $2"),
        params![after, i64::from(limit)],
    )
}

/// All checkpoints in order.
///
/// # Errors
/// Any [`DbError`].
pub fn checkpoints(tx: &mut Tx<'_>) -> Result<Vec<StoredCheckpoint>, DbError> {
    tx.query(sql!("SELECT size, at, root, note FROM checkpoint ORDER BY size"), &[])
}

/// Hashes every line again and, if events were added since the last checkpoint, signs a new one.
/// The signer never accepts a root from elsewhere.
///
/// # Errors
/// Any [`DbError`]; [`DbError::Refused`] when a stored line no longer has its hash.
pub async fn sign(db: &Db, key: &SigningKey) -> Result<Option<Checkpoint>, DbError> {
    let mut tree = Tree::default();
    let mut after = 0;
    loop {
        let rows: Vec<Stored> = db.read(move |tx| rows_after(tx, after, 2000)).await?;
        let Some(last) = rows.last() else { break };
        after = last.seq;
        for row in rows {
            let leaf = super::chain::leaf(&row.line);
            if leaf != row.leaf {
                return Err(DbError::Refused(format!("audit event {} no longer has its hash", row.seq)));
            }
            tree.push(leaf);
        }
    }
    let covered = db.read(checkpoints).await?.last().map_or(0, |last: &StoredCheckpoint| last.size);
    // The event that records a checkpoint is itself new: alone it is no reason for another one.
    if tree.size() == 0 || i64::try_from(tree.size()).unwrap_or(i64::MAX) <= covered + 1 {
        return Ok(None);
    }
    let checkpoint = Checkpoint { size: tree.size(), root: tree.root() };
    let note = key.sign(&checkpoint);
    let kept = checkpoint.clone();
    db.write(&super::Author::system("signer"), move |tx| keep(tx, &kept, &note)).await?;
    Ok(Some(checkpoint))
}

fn keep(tx: &mut WriteTx<'_>, checkpoint: &Checkpoint, note: &str) -> Result<Done<()>, DbError> {
    let now = tx.now();
    tx.execute(
        sql!("INSERT INTO checkpoint(size, at, root, note) VALUES($1, $2, $3, $4)"),
        params![checkpoint.size, now, checkpoint.root, note],
    )?;
    let event = Event::new("audit.checkpoint", "checkpoint", checkpoint.size).topic("audit");
    Ok(tx.record(event).with(()))
}
