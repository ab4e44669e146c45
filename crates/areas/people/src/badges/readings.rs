//! The signed copies with their digits, read out for a rehearsal.

use std::collections::HashMap;

use jiff::Timestamp;
use platform::{
    audit::Event,
    db::{Done, Row, WriteTx},
    params, sql,
};
use serde_json::json;

use super::{BadgeError, TOPIC, model::Badge};
use crate::delegates::{
    model::{Category, Participant, ParticipantId},
    query as roll,
};

/// A signed copy and whose it is.
#[derive(Debug, Clone)]
pub struct Reading {
    /// Whose.
    pub who: Participant,
    /// The copy.
    pub badge: Badge,
    /// Since when it opens nothing.
    pub revoked_at: Option<Timestamp>,
}

impl Reading {
    /// Whether the holder is called to the sessions: everybody but alternates who still wait.
    pub fn is_summoned(&self) -> bool {
        self.who.category() != Category::Delegate || !self.who.profile.alternate
    }
}

/// The signed copies of at most `most` people after a code, by code, and whether there are more. Whoever has the
/// digits can make the badge: that they were read is an event.
///
/// # Errors
/// Any [`platform::db::DbError`].
pub fn read(
    tx: &mut WriteTx<'_>,
    after: Option<&str>,
    most: usize,
) -> Result<Done<(Vec<Reading>, bool)>, BadgeError> {
    let all: Vec<Badge> =
        tx.query(sql!("SELECT * FROM badge WHERE code IS NOT NULL ORDER BY participant, copy"), params![])?;
    let rows: Vec<Row> = tx.query(sql!("SELECT pass, at FROM badge_revocation"), params![])?;
    let mut revoked: HashMap<[u8; 6], Timestamp> = HashMap::new();
    for row in &rows {
        revoked.insert(row.get("pass")?, row.get("at")?);
    }
    let mut copies: HashMap<ParticipantId, Vec<Badge>> = HashMap::new();
    for badge in all {
        copies.entry(badge.participant).or_default().push(badge);
    }
    let mut people = roll::everybody(tx)?;
    people.retain(|one| copies.contains_key(&one.id) && after.is_none_or(|after| one.code.as_str() > after));
    people.sort_by(|a, b| a.code.cmp(&b.code));
    let more = people.len() > most;
    people.truncate(most);
    let mut out = Vec::new();
    for who in people {
        for badge in copies.remove(&who.id).unwrap_or_default() {
            let revoked_at = revoked.get(&badge.pass).copied();
            out.push(Reading { who: who.clone(), badge, revoked_at });
        }
    }
    let event =
        Event::new("badge.codes_read", "badge", "many").topic(TOPIC).data(json!({ "copies": out.len() }));
    Ok(tx.record(event).with((out, more)))
}
