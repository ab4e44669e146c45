use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{Author, Event, Hash, Topic};
use crate::{
    db::{Conn, DbError, ToValue},
    sql,
};

/// An event that is on disk, as it goes to the screens.
#[derive(Debug, Clone)]
pub struct Committed {
    /// Its number.
    pub seq: i64,
    /// What happened.
    pub act: &'static str,
    /// What must be drawn again.
    pub topics: Vec<Topic>,
}

/// The end of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    pub(super) seq: i64,
    pub(super) chain: Hash,
}

#[derive(Serialize)]
struct Line<'a> {
    seq: i64,
    ts: String,
    #[serde(flatten)]
    author: &'a Author,
    act: &'static str,
    obj: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    before_h: &'a Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after_h: &'a Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: &'a Option<String>,
    #[serde(skip_serializing_if = "Value::is_null")]
    data: &'a Value,
}

pub(super) fn leaf(line: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(line).finalize().into()
}

pub(super) fn link(previous: &Hash, leaf: &Hash) -> Hash {
    Sha256::new().chain_update(previous).chain_update(leaf).finalize().into()
}

impl Head {
    /// The chain before its first event.
    pub const START: Self = Self { seq: 0, chain: [0; 32] };

    pub(crate) fn read(conn: &mut dyn Conn) -> Result<Self, DbError> {
        let rows = conn.query(sql!("SELECT seq, chain FROM audit_event ORDER BY seq DESC LIMIT 1"), &[])?;
        rows.first()
            .map_or(Ok(Self::START), |row| Ok(Self { seq: row.get("seq")?, chain: row.get("chain")? }))
    }

    pub(crate) fn append(
        &mut self,
        conn: &mut dyn Conn,
        now: Timestamp,
        author: &Author,
        event: Event,
    ) -> Result<Committed, DbError> {
        let seq = self.seq + 1;
        let line = serde_json::to_vec(&Line {
            seq,
            ts: now.to_string(),
            author,
            act: event.act,
            obj: format!("{}:{}", event.object.kind, event.object.id),
            before_h: &event.before,
            after_h: &event.after,
            why: &event.why,
            data: &event.data,
        })
        .map_err(|error| DbError::Other(error.to_string()))?;
        let leaf = leaf(&line);
        let chain = link(&self.chain, &leaf);
        conn.execute(
            sql!(
                "INSERT INTO audit_event(seq, at, act, kind, object, office, line, leaf, chain)
                  VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9)"
            ),
            &[
                seq.to_value(),
                now.to_value(),
                event.act.to_value(),
                event.object.kind.to_value(),
                event.object.id.to_value(),
                author.office.to_value(),
                line.to_value(),
                leaf.to_value(),
                chain.to_value(),
            ],
        )?;
        *self = Self { seq, chain };
        Ok(Committed { seq, act: event.act, topics: event.topics })
    }
}
