//! What every scan asks and what seldom changes: gates, devices, sessions, the rules of zones, the list of the revoked.
//! Kept in memory until a commit concerns it ([`platform::kept`]), so that a scan costs its own rows and no more.

use std::collections::HashMap;

use jiff::Timestamp;
use pass::Revocations;
use platform::{
    db::{DbError, Row, Tx},
    identity::{Identity, actor::Door},
    kept::Latest,
    params, sql,
};

use super::{
    GateError,
    heard::Heard,
    model::{Device, Gate},
    query::{self, Lanes},
};
use crate::{
    attendance::{model::Session, query as roll_call},
    badges::{model::Access, query as badges},
};

/// The picture.
#[derive(Debug, Clone, Default)]
pub struct Scene {
    gates: Vec<Gate>,
    devices: Vec<Device>,
    /// The sessions that were named for a gate.
    named: HashMap<String, Vec<String>>,
    sessions: Vec<Session>,
    /// Zones and rules.
    pub access: Access,
    /// The revoked.
    pub revoked: Revocations,
}

/// Whether an act may change the picture. Scans do not, though they are most of what happens; a badge is also revoked by
/// what happens to its holder, so every act of the people counts that is not known to leave the picture as it is.
fn concerns(act: &str) -> bool {
    const APART: [&str; 5] =
        ["gate.merged", "gate.code_made", "attendance.marked", "badge.codes_read", "terminal.told"];
    const ELSEWHERE: [&str; 18] = [
        "api", "approval", "audit", "baseline", "body", "briefing", "calendar", "decision", "feed", "file",
        "filter", "identity", "job", "number", "plan", "seating", "task", "venue",
    ];
    let area = act.split('.').next().unwrap_or_default();
    !APART.contains(&act) && !ELSEWHERE.contains(&area)
}

impl Scene {
    /// The picture of this snapshot; not for a transaction that writes.
    ///
    /// # Errors
    /// Any [`DbError`].
    pub fn get(tx: &mut Tx<'_>, latest: &Latest<Self>) -> Result<std::sync::Arc<Self>, DbError> {
        latest.get(tx, concerns, |tx, _| Self::read(tx))
    }

    /// Reads it.
    ///
    /// # Errors
    /// Any [`DbError`].
    pub fn read(tx: &mut Tx<'_>) -> Result<Self, DbError> {
        let rows: Vec<Row> =
            tx.query(sql!("SELECT gate, session FROM gate_session ORDER BY gate, session"), params![])?;
        let mut named: HashMap<String, Vec<String>> = HashMap::new();
        for row in &rows {
            named.entry(row.get("gate")?).or_default().push(row.get("session")?);
        }
        Ok(Self {
            gates: query::gates(tx)?,
            devices: query::devices(tx)?,
            named,
            sessions: roll_call::sessions(tx)?,
            access: badges::access(tx)?,
            revoked: badges::revocations(tx)?,
        })
    }

    /// The sessions whose people come through a gate, in their order.
    pub fn sessions_of(&self, gate: &str) -> Vec<Session> {
        let named = self.named.get(gate);
        let counts = |session: &&Session| named.is_none_or(|named| named.contains(&session.slug));
        self.sessions.iter().filter(counts).cloned().collect()
    }

    /// The lanes of a zone.
    pub fn lanes(&self, zone: u8, heard: &Heard, now: Timestamp) -> Lanes {
        query::lanes_of(&self.gates, &self.devices, zone, heard, now)
    }

    /// The device that a token belongs to, if it is one of this gate and its window has begun.
    ///
    /// # Errors
    /// [`GateError::NotFound`] without such a gate, [`GateError::NoDevice`], [`GateError::NotYet`].
    pub fn device_of(
        &self,
        actor: &Identity,
        gate: &str,
        now: Timestamp,
    ) -> Result<(Gate, Device), GateError> {
        let gate = self.gates.iter().find(|one| one.slug == gate).ok_or(GateError::NotFound)?;
        let Door::Token(token) = actor.door else { return Err(GateError::NoDevice) };
        let own = |device: &&Device| device.token == token && device.gate == gate.slug;
        let device = self.devices.iter().find(own).ok_or(GateError::NoDevice)?;
        if device.from_at.is_some_and(|from| now < from) {
            return Err(GateError::NotYet);
        }
        Ok((gate.clone(), device.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scans_do_not_concern_the_scene_and_changes_of_it_do() {
        for act in ["gate.merged", "gate.code_made", "attendance.marked", "task.reported", "badge.codes_read"]
        {
            assert!(!concerns(act), "{act}");
        }
        for act in [
            "gate.saved",
            "gate.device_ended",
            "gate.devices_heard",
            "attendance.session_saved",
            "badge.lost",
            "badge.rules_saved",
            "delegate.withdrawn",
            "accreditation.withdrawn",
        ] {
            assert!(concerns(act), "{act}");
        }
    }
}
