//! What reads terminals.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use platform::{
    db::{DbError, Row, Tx},
    identity::store::tokens,
    params, sql,
};

use super::{TerminalError, model::Terminal};
use crate::{
    delegates::{
        model::{Participant, ParticipantId},
        query as roll,
    },
    gates::{
        self,
        model::{Device, DeviceId, Gate},
    },
};

/// Terminals that have not been sent away.
///
/// # Errors
/// Any [`DbError`].
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<Terminal>, DbError> {
    tx.query(
        sql!(
            "SELECT t.* FROM terminal t JOIN gate_device d ON d.id = t.device
              WHERE d.ended_at IS NULL ORDER BY d.gate, d.name"
        ),
        params![],
    )
}

/// The terminal that names itself by a serial number.
///
/// # Errors
/// Any [`DbError`].
pub fn by_serial(tx: &mut Tx<'_>, serial: &str) -> Result<Option<Terminal>, DbError> {
    Ok(all(tx)?.into_iter().find(|one| one.serial.as_deref() == Some(serial)))
}

/// A terminal with its gate and its device, as long as the right it acts by lives.
pub type Acting = (Terminal, Gate, Device);

/// A terminal that may tell something now.
///
/// # Errors
/// [`TerminalError`]; `None` for one that is unknown, sent away, or whose right has ended.
pub fn acting(tx: &mut Tx<'_>, id: DeviceId) -> Result<Option<Acting>, TerminalError> {
    let terminal: Option<Terminal> =
        tx.query_opt(sql!("SELECT * FROM terminal WHERE device = $1"), params![id])?;
    let device = gates::query::device(tx, id)?.filter(|device| device.ended_at.is_none());
    let (Some(terminal), Some(device)) = (terminal, device) else { return Ok(None) };
    if !tokens(tx, None)?.iter().any(|token| token.id == device.token) {
        return Ok(None);
    }
    let gate = gates::query::gate(tx, &device.gate)?;
    Ok(Some((terminal, gate, device)))
}

/// Everybody on the roll who agrees to the use of face data now, in the order of the roll.
///
/// # Errors
/// Any [`DbError`].
pub fn agreed(tx: &mut Tx<'_>) -> Result<Vec<Participant>, DbError> {
    let rows: Vec<Row> = tx.query(
        sql!(
            "SELECT c.participant FROM participant_consent c
              WHERE c.given = 1 AND c.seq =
                (SELECT MAX(l.seq) FROM participant_consent l WHERE l.participant = c.participant)"
        ),
        params![],
    )?;
    let mut agreed = std::collections::HashSet::<ParticipantId>::new();
    for row in &rows {
        agreed.insert(row.get("participant")?);
    }
    let mut all = roll::everybody(tx)?;
    all.retain(|one| one.status.is_on_roll() && agreed.contains(&one.id));
    Ok(all)
}

/// How often each outcome, and how many of all were told late.
pub type Told = (BTreeMap<String, u32>, u32);

/// What each terminal told since an instant: by outcome, how often; and how many of them late.
///
/// # Errors
/// Any [`DbError`].
pub fn told(tx: &mut Tx<'_>, since: Timestamp) -> Result<HashMap<DeviceId, Told>, DbError> {
    let rows: Vec<Row> = tx.query(
        sql!("SELECT device, outcome, late FROM terminal_event WHERE received_at >= $1"),
        params![since],
    )?;
    let mut out: HashMap<DeviceId, Told> = HashMap::new();
    for row in &rows {
        let (counts, late) = out.entry(row.get("device")?).or_default();
        *counts.entry(row.get("outcome")?).or_default() += 1;
        *late += u32::from(row.get::<bool>("late")?);
    }
    Ok(out)
}
