//! The gates of the demo: three lanes into the great hall.
// words: data — the sample congress speaks Vietnamese

use platform::db::{Done, WriteTx};

use super::{
    GateError,
    model::{Direction, NewGate},
    store,
};
use crate::badges::query as badges;

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
