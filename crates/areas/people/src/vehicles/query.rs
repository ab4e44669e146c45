//! What reads vehicles, lots and passes.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use platform::{
    clock,
    db::{DbError, Tx},
    params, sql,
};
use rules::text::matches_folded;

use super::{
    VehicleError,
    model::{Happened, Line, Lot, Pass, PassId, Vehicle, VehicleId, VehicleKind},
};
use crate::badges::{BadgeState, query::DayCount};

/// All parking lots by code.
///
/// # Errors
/// Any [`DbError`].
pub fn lots(tx: &mut Tx<'_>) -> Result<Vec<Lot>, DbError> {
    tx.query(sql!("SELECT code, name, capacity, version FROM parking_lot ORDER BY code"), params![])
}

/// The parking lot of this code.
///
/// # Errors
/// Any [`DbError`].
pub fn lot(tx: &mut Tx<'_>, code: &str) -> Result<Option<Lot>, DbError> {
    tx.query_opt(sql!("SELECT code, name, capacity, version FROM parking_lot WHERE code = $1"), params![code])
}

/// All vehicles: convoys first in their order, then the others by plate.
///
/// # Errors
/// Any [`DbError`].
pub fn vehicles(tx: &mut Tx<'_>) -> Result<Vec<Vehicle>, DbError> {
    tx.query(
        sql!(
            "SELECT * FROM vehicle ORDER BY CASE WHEN convoy IS NULL THEN 1 ELSE 0 END, convoy, place, folded, no"
        ),
        params![],
    )
}

/// The vehicle of this number.
///
/// # Errors
/// [`VehicleError::NotFound`].
pub fn vehicle(tx: &mut Tx<'_>, no: u32) -> Result<Vehicle, VehicleError> {
    tx.query_opt(sql!("SELECT * FROM vehicle WHERE no = $1"), params![no])?.ok_or(VehicleError::NotFound)
}

/// The vehicle of this id.
///
/// # Errors
/// [`VehicleError::NotFound`].
pub fn by_id(tx: &mut Tx<'_>, id: VehicleId) -> Result<Vehicle, VehicleError> {
    tx.query_opt(sql!("SELECT * FROM vehicle WHERE id = $1"), params![id])?.ok_or(VehicleError::NotFound)
}

/// The driver's telephone: the caller asks for the right to contacts first.
///
/// # Errors
/// Any [`DbError`].
pub fn phone(tx: &mut Tx<'_>, id: VehicleId) -> Result<String, DbError> {
    let kept: Option<String> =
        tx.scalar(sql!("SELECT phone FROM vehicle_private WHERE vehicle = $1"), params![id])?;
    Ok(kept.unwrap_or_default())
}

/// The drivers' telephones by vehicle: the caller asks for the right to contacts first.
///
/// # Errors
/// Any [`DbError`].
pub fn phones(tx: &mut Tx<'_>) -> Result<HashMap<VehicleId, String>, DbError> {
    let rows: Vec<platform::db::Row> =
        tx.query(sql!("SELECT vehicle, phone FROM vehicle_private"), params![])?;
    rows.iter().map(|row| Ok((row.get("vehicle")?, row.get("phone")?))).collect()
}

/// One copy.
///
/// # Errors
/// Any [`DbError`].
pub fn pass(tx: &mut Tx<'_>, id: PassId) -> Result<Option<Pass>, DbError> {
    tx.query_opt(sql!("SELECT * FROM vehicle_pass WHERE id = $1"), params![id])
}

/// The copy with this random id in its digits.
///
/// # Errors
/// Any [`DbError`].
pub fn by_pass(tx: &mut Tx<'_>, pass: &[u8; 6]) -> Result<Option<Pass>, DbError> {
    tx.query_opt(sql!("SELECT * FROM vehicle_pass WHERE pass = $1"), params![pass])
}

/// All copies of a vehicle, the newest first.
///
/// # Errors
/// Any [`DbError`].
pub fn copies(tx: &mut Tx<'_>, of: VehicleId) -> Result<Vec<Pass>, DbError> {
    tx.query(sql!("SELECT * FROM vehicle_pass WHERE vehicle = $1 ORDER BY copy DESC"), params![of])
}

/// The one live pass of a vehicle.
///
/// # Errors
/// Any [`DbError`].
pub fn live(tx: &mut Tx<'_>, of: VehicleId) -> Result<Option<Pass>, DbError> {
    Ok(copies(tx, of)?.into_iter().find(|pass| pass.state.is_live()))
}

/// What was done to the copies of a vehicle, the newest first.
///
/// # Errors
/// Any [`DbError`].
pub fn history(tx: &mut Tx<'_>, of: VehicleId) -> Result<Vec<Happened>, DbError> {
    tx.query(
        sql!(
            "SELECT e.pass, e.seq, e.state, e.at, e.office, e.reason FROM vehicle_pass_event e
              JOIN vehicle_pass p ON p.id = e.pass WHERE p.vehicle = $1 ORDER BY e.at DESC, p.copy DESC, e.seq DESC"
        ),
        params![of],
    )
}

/// All vehicles with the copy that counts: those that come, and those withdrawn with a pass.
///
/// # Errors
/// Any [`DbError`].
pub fn lines(tx: &mut Tx<'_>) -> Result<Vec<Line>, DbError> {
    let all: Vec<Pass> = tx.query(sql!("SELECT * FROM vehicle_pass ORDER BY vehicle, copy"), params![])?;
    let mut newest: HashMap<VehicleId, Pass> = all.into_iter().map(|pass| (pass.vehicle, pass)).collect();
    Ok(vehicles(tx)?
        .into_iter()
        .map(|vehicle| Line { pass: newest.remove(&vehicle.id), vehicle })
        .filter(|line| line.vehicle.comes() || line.pass.is_some())
        .collect())
}

/// How many stand in each lot on its fullest day, by code.
///
/// # Errors
/// Any [`DbError`].
pub fn loads(tx: &mut Tx<'_>) -> Result<BTreeMap<String, usize>, DbError> {
    let mut stays: BTreeMap<String, Vec<(Date, Date)>> = BTreeMap::new();
    for one in vehicles(tx)?.into_iter().filter(Vehicle::comes) {
        if let Some(lot) = one.lot {
            stays.entry(lot).or_default().push((one.first_day, one.last_day));
        }
    }
    Ok(stays
        .into_iter()
        .map(|(lot, stays)| {
            let first = stays.iter().map(|stay| stay.0).min().unwrap_or_default();
            let last = stays.iter().map(|stay| stay.1).max().unwrap_or_default();
            let most = rules::parking::fullest(&stays, first, last);
            (lot, most)
        })
        .collect())
}

/// What a list asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Words of plate, unit or driver; a plate also without its marks.
    pub words: String,
    /// Only this kind.
    pub kind: Option<VehicleKind>,
    /// Only this lot.
    pub lot: String,
    /// Only this convoy.
    pub convoy: Option<u16>,
    /// Only this state of the pass.
    pub state: Option<BadgeState>,
    /// Only those without any pass.
    pub without: bool,
    /// Only those that do not agree with the register.
    pub mismatched: bool,
}

impl Filter {
    /// Whether it picks a line.
    pub fn picks(&self, line: &Line) -> bool {
        let (vehicle, pass) = (&line.vehicle, line.pass.as_ref());
        let bare = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
        self.kind.is_none_or(|wanted| vehicle.kind == wanted)
            && (self.lot.is_empty() || vehicle.lot.as_deref() == Some(self.lot.as_str()))
            && self.convoy.is_none_or(|wanted| vehicle.convoy == Some(wanted))
            && self.state.is_none_or(|wanted| pass.is_some_and(|pass| pass.state == wanted))
            && (!self.without || pass.is_none())
            && (!self.mismatched || pass.is_some_and(|pass| !pass.mismatches(vehicle).is_empty()))
            && (self.words.trim().is_empty()
                || matches_folded(
                    &format!(
                        "{} {} {} {} {}",
                        vehicle.plate,
                        bare(&vehicle.plate),
                        vehicle.code(),
                        vehicle.unit,
                        vehicle.driver
                    ),
                    &self.words,
                ))
    }
}

/// The reconciliation of a day: every copy that existed at its end stands in one state.
///
/// # Errors
/// Any [`DbError`].
pub fn day(tx: &mut Tx<'_>, on: Date) -> Result<(Vec<DayCount>, Vec<Happened>), DbError> {
    let begin = clock::instant(on.at(0, 0, 0, 0));
    let end = clock::instant(on.tomorrow().unwrap_or(on).at(0, 0, 0, 0));
    let all: Vec<Happened> = tx.query(
        sql!(
            "SELECT pass, seq, state, at, office, reason FROM vehicle_pass_event WHERE at < $1 ORDER BY pass, seq"
        ),
        params![end],
    )?;
    let mut at_end: HashMap<PassId, String> = HashMap::new();
    for one in &all {
        at_end.insert(one.pass, one.state.clone());
    }
    let counts = BadgeState::ALL
        .into_iter()
        .map(|state| DayCount {
            state,
            moved: all.iter().filter(|one| one.at >= begin && one.state == state.as_str()).count(),
            stands: at_end.values().filter(|name| name.as_str() == state.as_str()).count(),
        })
        .collect();
    Ok((counts, all.into_iter().filter(|one| one.at >= begin).collect()))
}
