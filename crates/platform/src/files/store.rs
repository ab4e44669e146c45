//! All SQL of files.

use jiff::Timestamp;
use uuid::Uuid;

use super::{FileId, Kind, Stored};
use crate::{
    audit::{Event, Hash},
    db::{DbError, Done, Tx, WriteTx},
    params, row, sql,
};

row! {
    /// A file that someone brought.
    #[derive(Debug, Clone)]
    pub struct File {
        /// The id.
        pub id: FileId,
        /// The hash of its bytes, by which they are found.
        pub sha256: Hash,
        /// How many bytes.
        pub size: u64,
        /// What it is.
        pub kind: Kind,
        /// How it is shown.
        pub name: String,
        /// When it came.
        pub created_at: Timestamp,
        /// The office that brought it.
        pub office: String,
        /// Its id, unless the program itself did.
        pub office_id: Option<Uuid>,
        /// Of a picture that was drawn anew: pixels.
        pub width: Option<u32>,
        /// Of a picture that was drawn anew: pixels.
        pub height: Option<u32>,
        /// Of a picture that was drawn anew: the hash of the small one.
        pub small: Option<Hash>,
    }
}

/// Enters stored bytes as a file of the transaction's author. The audit line has the hash, not the name.
///
/// # Errors
/// Any [`DbError`].
pub fn add(tx: &mut WriteTx<'_>, stored: &Stored) -> Result<Done<FileId>, DbError> {
    let (id, now) = (FileId(Uuid::now_v7()), tx.now());
    let (office, office_id) = (tx.author().office.clone(), tx.author().office_id);
    let (width, height) = (stored.picture.map(|one| one.width), stored.picture.map(|one| one.height));
    let small = stored.picture.map(|one| one.small);
    tx.execute(
        sql!(
            "INSERT INTO file(id, sha256, size, kind, name, created_at, office, office_id, width, height, small)
              VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        ),
        params![
            id,
            stored.sha256,
            stored.size,
            stored.kind,
            stored.name,
            now,
            office,
            office_id,
            width,
            height,
            small
        ],
    )?;
    let event = Event::new("file.added", "file", id).topic("files").data(
        serde_json::json!({ "sha256": crate::hex(&stored.sha256), "size": stored.size, "kind": stored.kind }),
    );
    Ok(tx.record(event).with(id))
}

/// One file.
///
/// # Errors
/// Any [`DbError`].
pub fn get(tx: &mut Tx<'_>, id: FileId) -> Result<Option<File>, DbError> {
    tx.query_opt(
        sql!(
            "SELECT id, sha256, size, kind, name, created_at, office, office_id, width, height, small
              FROM file WHERE id = $1"
        ),
        params![id],
    )
}

/// The hashes of all bytes that files need, for backup and for finding what is missing.
///
/// # Errors
/// Any [`DbError`].
pub fn hashes(tx: &mut Tx<'_>) -> Result<Vec<Hash>, DbError> {
    let rows: Vec<crate::db::Row> = tx.query(
        sql!("SELECT sha256 FROM file UNION SELECT small FROM file WHERE small IS NOT NULL ORDER BY 1"),
        &[],
    )?;
    rows.iter().map(crate::db::Row::first).collect()
}

/// The hashes of a file's bytes that no other file needs.
///
/// # Errors
/// Any [`DbError`].
pub fn alone(tx: &mut Tx<'_>, file: &File) -> Result<Vec<Hash>, DbError> {
    let mut out = Vec::new();
    for hash in std::iter::once(file.sha256).chain(file.small) {
        let other: Option<FileId> = tx.scalar(
            sql!("SELECT id FROM file WHERE id <> $1 AND (sha256 = $2 OR small = $2) LIMIT 1"),
            params![file.id, hash],
        )?;
        if other.is_none() && !out.contains(&hash) {
            out.push(hash);
        }
    }
    Ok(out)
}

/// Takes a file out of the list, once nothing names it any more and its bytes are [removed](super::Files::remove).
///
/// # Errors
/// Any [`DbError`]; [`DbError::Missing`] while something names it.
pub fn remove(tx: &mut WriteTx<'_>, id: FileId) -> Result<Done<()>, DbError> {
    tx.execute(sql!("DELETE FROM file WHERE id = $1"), params![id])?;
    Ok(tx.record(Event::new("file.removed", "file", id).topic("files")).with(()))
}
