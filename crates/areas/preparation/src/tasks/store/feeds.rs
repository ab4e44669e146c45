//! Saved filters and calendar feeds.

use platform::{
    audit::Event,
    db::{DbError, Done, Tx, WriteTx},
    identity::OfficeId,
    params, sql,
};
use serde_json::json;
use uuid::Uuid;

use super::super::{error::TaskError, model::*};

/// Keeps a filter under a name; the same name is replaced.
///
/// # Errors
/// [`TaskError::Name`].
pub fn save_filter(
    tx: &mut WriteTx<'_>,
    office: OfficeId,
    name: &str,
    query: &str,
) -> Result<Done<FilterId>, TaskError> {
    let name = rules::text::nfc(name);
    if name.is_empty() || name.chars().count() > 80 || query.len() > 2_000 {
        return Err(TaskError::Name);
    }
    let id = FilterId(Uuid::now_v7());
    tx.execute(sql!("DELETE FROM saved_filter WHERE office = $1 AND name = $2"), params![office, name])?;
    tx.execute(
        sql!("INSERT INTO saved_filter(id, office, name, query) VALUES($1, $2, $3, $4)"),
        params![id, office, name, query],
    )?;
    Ok(tx.record(Event::new("filter.saved", "filter", id).topic("filters")).with(id))
}

/// Drops a filter of this office; false when there is none.
///
/// # Errors
/// Any [`DbError`].
pub fn drop_filter(tx: &mut WriteTx<'_>, office: OfficeId, id: FilterId) -> Result<Done<bool>, TaskError> {
    if tx.execute(sql!("DELETE FROM saved_filter WHERE id = $1 AND office = $2"), params![id, office])? == 0 {
        return Ok(tx.unchanged(false)?);
    }
    Ok(tx.record(Event::new("filter.dropped", "filter", id).topic("filters")).with(true))
}

/// The filters of an office.
///
/// # Errors
/// Any [`DbError`].
pub fn filters(tx: &mut Tx<'_>, office: OfficeId) -> Result<Vec<SavedFilter>, DbError> {
    tx.query(
        sql!("SELECT id, name, query FROM saved_filter WHERE office = $1 ORDER BY name"),
        params![office],
    )
}

/// Opens a calendar feed for a unit or an office; only the hash of its secret is kept.
///
/// # Errors
/// Any [`DbError`].
pub fn open_feed(
    tx: &mut WriteTx<'_>,
    owner: OfficeId,
    hash: [u8; 32],
    kind: &str,
    target: &str,
) -> Result<Done<FeedId>, TaskError> {
    let id = FeedId(Uuid::now_v7());
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!(
            "INSERT INTO feed(id, hash, kind, target, created_at, created_by, owner_office)
              VALUES($1, $2, $3, $4, $5, $6, $7)"
        ),
        params![id, hash, kind, target, now, by, owner],
    )?;
    Ok(tx.record(Event::new("feed.opened", "feed", id).topic("feeds").data(json!({"kind": kind}))).with(id))
}

/// Closes a feed for good; false when it was closed already or belongs to another office.
///
/// # Errors
/// Any [`DbError`].
pub fn revoke_feed(tx: &mut WriteTx<'_>, owner: OfficeId, id: FeedId) -> Result<Done<bool>, TaskError> {
    let now = tx.now();
    let revoked = tx.execute(
        sql!("UPDATE feed SET revoked_at = $3 WHERE id = $1 AND owner_office = $2 AND revoked_at IS NULL"),
        params![id, owner, now],
    )?;
    if revoked == 0 {
        return Ok(tx.unchanged(false)?);
    }
    Ok(tx.record(Event::new("feed.revoked", "feed", id).topic("feeds")).with(true))
}

/// The feeds an office has opened.
///
/// # Errors
/// Any [`DbError`].
pub fn feeds(tx: &mut Tx<'_>, owner: OfficeId) -> Result<Vec<Feed>, DbError> {
    tx.query(
        sql!("SELECT id, kind, target, created_at, revoked_at FROM feed WHERE owner_office = $1 ORDER BY created_at DESC"),
        params![owner],
    )
}

/// The living feed with this secret's hash.
///
/// # Errors
/// [`TaskError::NotFound`] for an unknown or revoked one alike.
pub fn feed_by_hash(tx: &mut Tx<'_>, hash: [u8; 32]) -> Result<Feed, TaskError> {
    tx.query_opt(
        sql!(
            "SELECT id, kind, target, created_at, revoked_at FROM feed WHERE hash = $1 AND revoked_at IS NULL"
        ),
        params![hash],
    )?
    .ok_or(TaskError::NotFound)
}
