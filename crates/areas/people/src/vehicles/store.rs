//! What changes the register and the parking lots, as functions over a transaction.

use jiff::civil::Date;
use platform::{
    audit::Event,
    db::{DbError, Done, Receipt, WriteTx},
    i18n::key,
    identity::store::new_id,
    params, sql,
    web::FieldProblem,
};
use rules::{
    plate::{Fault, Plate},
    text::fold,
};
use serde_json::json;

use super::{
    TOPIC, VehicleError,
    model::{Vehicle, VehicleId, VehicleKind, VehicleStatus},
    passes, query,
};
use crate::delegates::{clean, model::Private};

/// An event about a vehicle, with its topics.
pub(super) fn event(act: &'static str, no: u32) -> Event {
    Event::new(act, "vehicle", no).topic(TOPIC).topic(format!("{TOPIC}/{no}"))
}

/// A vehicle as it shall be, as typed.
#[derive(Debug, Clone)]
pub struct NewVehicle {
    /// Its plate, however it is spelled.
    pub plate: String,
    /// What drives.
    pub kind: VehicleKind,
    /// Whose it is.
    pub unit: String,
    /// Who drives.
    pub driver: String,
    /// The driver's telephone; `None` leaves it.
    pub phone: Option<String>,
    /// Where it stands; empty for nowhere yet.
    pub lot: String,
    /// The first day.
    pub first_day: Date,
    /// The last.
    pub last_day: Date,
    /// The convoy and its place in it.
    pub convoy: Option<(u16, u16)>,
}

/// What stands in the database.
struct Clean {
    plate: String,
    unit: String,
    driver: String,
    phone: Option<String>,
    lot: Option<String>,
}

fn plate_problem(fault: Fault) -> FieldProblem {
    let words = match fault {
        Fault::Empty => key("vehicles-error-plate-empty"),
        Fault::Province(_) => key("vehicles-error-plate-province"),
        Fault::Form => key("vehicles-error-plate"),
    };
    let problem = FieldProblem::new("plate", words);
    match fault {
        Fault::Province(number) => problem.with("number", format!("{number:02}")),
        Fault::Empty | Fault::Form => problem,
    }
}

/// In its stored form; everything that is wrong with it.
fn cleaned(tx: &mut WriteTx<'_>, own: Option<VehicleId>, new: &NewVehicle) -> Result<Clean, VehicleError> {
    let mut wrong = Vec::new();
    let plate = match Plate::parse(&new.plate) {
        Ok(plate) => plate.to_string(),
        Err(fault) => {
            wrong.push(plate_problem(fault));
            String::new()
        }
    };
    let unit = clean::line("unit", &new.unit, 200, &mut wrong);
    if unit.is_empty() {
        wrong.push(FieldProblem::new("unit", key("vehicles-error-unit")));
    }
    let driver = clean::line("driver", &new.driver, clean::LONGEST_NAME, &mut wrong);
    let phone = new.phone.as_ref().map(|typed| {
        let (private, problems) = clean::private(&Private { phone: typed.clone(), ..Private::default() });
        wrong.extend(problems);
        private.phone
    });
    if new.first_day > new.last_day {
        wrong.push(FieldProblem::new("last_day", key("vehicles-error-days")));
    }
    let others: Vec<Vehicle> =
        query::vehicles(tx)?.into_iter().filter(|one| one.comes() && Some(one.id) != own).collect();
    if let Some(other) = others.iter().find(|one| one.plate == plate) {
        wrong.push(FieldProblem::new("plate", key("vehicles-error-taken")).with("code", other.code()));
    }
    if let Some((convoy, place)) = new.convoy {
        if !(1..=99).contains(&convoy) || !(1..=999).contains(&place) {
            wrong.push(FieldProblem::new("convoy", key("vehicles-error-convoy")));
        }
        let there = others.iter().find(|one| (one.convoy, one.place) == (Some(convoy), Some(place)));
        if let Some(other) = there {
            wrong.push(
                FieldProblem::new("place", key("vehicles-error-place")).with("plate", other.plate.as_str()),
            );
        }
    }
    let code = new.lot.trim().to_uppercase();
    let lot = if code.is_empty() { None } else { query::lot(tx, &code)? };
    match &lot {
        None if !code.is_empty() => wrong.push(FieldProblem::new("lot", key("vehicles-error-lot"))),
        Some(lot) if new.first_day <= new.last_day => {
            let stays: Vec<(Date, Date)> = others
                .iter()
                .filter(|one| one.lot.as_ref() == Some(&lot.code))
                .map(|one| (one.first_day, one.last_day))
                .collect();
            let most = rules::parking::fullest(&stays, new.first_day, new.last_day);
            if usize::try_from(lot.capacity).is_ok_and(|capacity| most >= capacity) {
                wrong.push(
                    FieldProblem::new("lot", key("vehicles-error-lot-full")).with("capacity", lot.capacity),
                );
            }
        }
        None | Some(_) => {}
    }
    if wrong.is_empty() {
        Ok(Clean { plate, unit, driver, phone, lot: lot.map(|lot| lot.code) })
    } else {
        Err(VehicleError::Fields(wrong))
    }
}

fn write_phone(tx: &mut WriteTx<'_>, id: VehicleId, phone: &str) -> Result<(), DbError> {
    tx.execute(
        sql!(
            "INSERT INTO vehicle_private(vehicle, phone) VALUES($1, $2)
             ON CONFLICT(vehicle) DO UPDATE SET phone = excluded.phone"
        ),
        params![id, phone],
    )?;
    Ok(())
}

/// Registers a vehicle.
///
/// # Errors
/// [`VehicleError::Fields`]: a plate that is none or registered already, a lot that is full on a day, a place in a
/// convoy that is taken.
pub fn register(tx: &mut WriteTx<'_>, new: &NewVehicle) -> Result<Done<u32>, VehicleError> {
    let clean = cleaned(tx, None, new)?;
    let last: Option<u32> = tx.scalar(sql!("SELECT COALESCE(MAX(no), 0) FROM vehicle"), params![])?;
    let (no, id) = (last.unwrap_or(0) + 1, VehicleId(new_id(tx)));
    let (now, by) = (tx.now(), tx.author().office.clone());
    let (convoy, place) = new.convoy.unzip();
    tx.execute(
        sql!(
            "INSERT INTO vehicle(id, no, plate, folded, kind, unit, driver, lot, first_day, last_day, convoy, place,
               status, version, created_at, created_by, changed_at, changed_by)
             VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1, $14, $15, $14, $15)"
        ),
        params![
            id,
            no,
            clean.plate,
            fold(&clean.plate),
            new.kind,
            clean.unit,
            clean.driver,
            clean.lot,
            new.first_day,
            new.last_day,
            convoy,
            place,
            VehicleStatus::Registered,
            now,
            by
        ],
    )?;
    write_phone(tx, id, &clean.phone.unwrap_or_default())?;
    Ok(tx.record(event("vehicle.registered", no)).with(no))
}

/// Changes a vehicle. A pass that is out keeps what is printed on it and is shown as not agreeing.
///
/// # Errors
/// As [`register`]; [`VehicleError::NotFound`], [`VehicleError::Conflict`], [`VehicleError::Withdrawn`].
pub fn change(
    tx: &mut WriteTx<'_>,
    no: u32,
    version: i64,
    new: &NewVehicle,
) -> Result<Receipt, VehicleError> {
    let before = query::vehicle(tx, no)?;
    if before.version != version {
        return Err(VehicleError::Conflict);
    }
    if !before.comes() {
        return Err(VehicleError::Withdrawn);
    }
    let clean = cleaned(tx, Some(before.id), new)?;
    let had = query::phone(tx, before.id)?;
    let (convoy, place) = new.convoy.unzip();
    let mut fields = Vec::new();
    for (name, differs) in [
        ("plate", before.plate != clean.plate),
        ("kind", before.kind != new.kind),
        ("unit", before.unit != clean.unit),
        ("driver", before.driver != clean.driver),
        ("phone", clean.phone.as_ref().is_some_and(|phone| *phone != had)),
        ("lot", before.lot != clean.lot),
        ("first_day", before.first_day != new.first_day),
        ("last_day", before.last_day != new.last_day),
        ("convoy", before.convoy != convoy),
        ("place", before.place != place),
    ] {
        if differs {
            fields.push(name);
        }
    }
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!(
            "UPDATE vehicle SET plate = $2, folded = $3, kind = $4, unit = $5, driver = $6, lot = $7, first_day = $8,
               last_day = $9, convoy = $10, place = $11, version = version + 1, changed_at = $12, changed_by = $13
             WHERE id = $1"
        ),
        params![
            before.id,
            clean.plate,
            fold(&clean.plate),
            new.kind,
            clean.unit,
            clean.driver,
            clean.lot,
            new.first_day,
            new.last_day,
            convoy,
            place,
            now,
            by
        ],
    )?;
    if let Some(phone) = clean.phone {
        write_phone(tx, before.id, &phone)?;
    }
    Ok(tx.record(event("vehicle.changed", no).data(json!({ "fields": fields }))))
}

/// Takes a vehicle out of the register: its pass opens nothing any more.
///
/// # Errors
/// [`VehicleError::NotFound`], [`VehicleError::Withdrawn`].
pub fn withdraw(tx: &mut WriteTx<'_>, no: u32) -> Result<Receipt, VehicleError> {
    let one = query::vehicle(tx, no)?;
    if !one.comes() {
        return Err(VehicleError::Withdrawn);
    }
    // First what records for itself; then the row, which the event at the end stands for.
    let _ = passes::recall(tx, &one)?;
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!(
            "UPDATE vehicle SET status = $2, version = version + 1, changed_at = $3, changed_by = $4 WHERE id = $1"
        ),
        params![one.id, VehicleStatus::Withdrawn, now, by],
    )?;
    Ok(tx.record(event("vehicle.withdrawn", no)))
}

/// Enters or changes a parking lot. A capacity below what stands there already shuts the lot and moves nobody.
///
/// # Errors
/// [`VehicleError::Fields`], [`VehicleError::Conflict`] when somebody changed it meanwhile.
pub fn put_lot(
    tx: &mut WriteTx<'_>,
    code: &str,
    name: &str,
    capacity: u32,
    version: i64,
) -> Result<Done<String>, VehicleError> {
    let mut wrong = Vec::new();
    let code = code.trim().to_uppercase();
    if !(1..=4).contains(&code.len()) || !code.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        wrong.push(FieldProblem::new("code", key("vehicles-error-lot-code")));
    }
    let name = clean::line("name", name, 120, &mut wrong);
    if name.is_empty() {
        wrong.push(FieldProblem::new("name", key("vehicles-error-lot-name")));
    }
    if capacity > 9999 {
        wrong.push(FieldProblem::new("capacity", key("vehicles-error-capacity")));
    }
    if !wrong.is_empty() {
        return Err(VehicleError::Fields(wrong));
    }
    let known = query::lot(tx, &code)?.map_or(0, |lot| lot.version);
    if known != version {
        return Err(VehicleError::Conflict);
    }
    tx.execute(
        sql!(
            "INSERT INTO parking_lot(code, name, capacity, version) VALUES($1, $2, $3, 1)
             ON CONFLICT(code) DO UPDATE SET name = excluded.name, capacity = excluded.capacity,
               version = parking_lot.version + 1"
        ),
        params![code, name, capacity],
    )?;
    let event = Event::new("vehicle.lot_saved", "parking_lot", code.as_str()).topic(TOPIC);
    Ok(tx.record(event).with(code))
}
