//! The vehicles of the demo: a convoy of buses behind its lead, cars, an ambulance.
// words: data — names of sample lots, units and drivers

use platform::db::{Done, WriteTx};

use super::{
    VehicleError,
    model::VehicleKind,
    passes,
    store::{self, NewVehicle},
};
use crate::badges::{BadgeAct, model::BadgeCategory, query as badges, seal::Seal};

const LOTS: [(&str, &str, u32); 3] =
    [("B1", "Bãi trước hội trường", 40), ("B2", "Bãi phía sau", 120), ("B3", "Bãi ngoài vành đai", 300)];

type Sample = (&'static str, VehicleKind, &'static str, &'static str, &'static str, Option<(u16, u16)>);

const VEHICLES: [Sample; 8] = [
    ("51A-900.01", VehicleKind::Lead, "Tổ dẫn đoàn (mẫu)", "Lái xe Một", "B1", Some((1, 1))),
    ("51B-900.02", VehicleKind::Bus, "Đoàn đại biểu số 1 (mẫu)", "Lái xe Hai", "B1", Some((1, 2))),
    ("51B-900.03", VehicleKind::Bus, "Đoàn đại biểu số 2 (mẫu)", "Lái xe Ba", "B1", Some((1, 3))),
    ("51B-900.04", VehicleKind::Bus, "Đoàn đại biểu số 3 (mẫu)", "Lái xe Bốn", "B1", Some((1, 4))),
    ("80A-900.05", VehicleKind::Car, "Khách mời (mẫu)", "Lái xe Năm", "B2", None),
    ("51D-900.06", VehicleKind::Truck, "Tổ hậu cần (mẫu)", "Lái xe Sáu", "B3", None),
    ("51A-900.07", VehicleKind::Ambulance, "Tổ y tế (mẫu)", "Lái xe Bảy", "B1", None),
    ("51A-900.08", VehicleKind::Broadcast, "Đài Truyền hình Thành phố (mẫu)", "Lái xe Tám", "B2", None),
];

/// Registers them and asks for passes.
///
/// # Errors
/// [`VehicleError`].
pub fn register(tx: &mut WriteTx<'_>) -> Result<Done<Vec<u32>>, VehicleError> {
    let (first_day, last_day) = badges::days(tx, BadgeCategory::Vehicle)?;
    for (code, name, capacity) in LOTS {
        let _ = store::put_lot(tx, code, name, capacity, 0)?;
    }
    let mut numbers = Vec::new();
    for (plate, kind, unit, driver, lot, convoy) in VEHICLES {
        let new = NewVehicle {
            plate: plate.to_owned(),
            kind,
            unit: unit.to_owned(),
            driver: driver.to_owned(),
            phone: None,
            lot: lot.to_owned(),
            first_day,
            last_day,
            convoy,
        };
        numbers.push(*store::register(tx, &new)?.value());
    }
    Ok(passes::request(tx, &numbers)?.map(|_| numbers))
}

/// Prints the passes that are approved and hands out the first of them.
///
/// # Errors
/// [`VehicleError`].
pub fn print(tx: &mut WriteTx<'_>, seal: &Seal, vehicles: &[u32]) -> Result<Done<()>, VehicleError> {
    let done = passes::print(tx, seal, vehicles)?;
    for id in done.value().iter().take(3) {
        let _ = passes::act(tx, *id, BadgeAct::Issue, "")?;
    }
    Ok(done.map(|_| ()))
}
