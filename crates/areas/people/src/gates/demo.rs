//! The gates of the demo: three lanes into the great hall.
// words: data — the sample congress speaks Vietnamese

use platform::db::{Done, WriteTx};

use super::{
    GateError,
    model::{Direction, NewGate},
    store,
};
use crate::{
    badges::query as badges,
    delegates::{DelegateError, desk, query as roll},
};

/// Delegates of the demo who agreed to the use of face data.
const AGREED: usize = 24;

/// Enters who agreed to be recognised by a face terminal.
///
/// # Errors
/// [`DelegateError`].
pub fn agree(tx: &mut WriteTx<'_>) -> Result<Done<()>, DelegateError> {
    let people = roll::everybody(tx)?;
    let mut last = None;
    for one in people.iter().filter(|one| one.is_summoned_delegate()).take(AGREED) {
        last = Some(desk::consent(tx, one.id, true)?);
    }
    match last {
        Some(done) => Ok(done.map(drop)),
        None => Ok(tx.unchanged(())?),
    }
}

/// Enters the gates.
///
/// # Errors
/// [`GateError`].
pub fn seed(tx: &mut WriteTx<'_>) -> Result<Done<()>, GateError> {
    let zones = badges::access(tx)?.zones;
    let hall = zones.iter().find(|zone| zone.name == "Hội trường").or(zones.first());
    let zone = hall.map_or(0, |zone| zone.bit);
    let mut last = None;
    for (lane, name) in [(1, "Cửa chính, bên trái"), (2, "Cửa chính, bên phải"), (3, "Cửa sảnh B")]
    {
        let new = NewGate {
            slug: format!("cong-{lane}"),
            name: name.to_owned(),
            zone,
            lane,
            direction: Direction::Both,
            is_open: true,
            confirms: false,
            sessions: Vec::new(),
        };
        last = Some(store::put(tx, 0, &new)?);
    }
    match last {
        Some(done) => Ok(done.map(drop)),
        None => Ok(tx.unchanged(())?),
    }
}
