//! How large the codes are when they are printed: modules a side, counted by the library that draws them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

use pass::{Congress, Day, Grant, Signer, address};
use qrcode::{EcLevel, QrCode};

fn modules(text: &str) -> usize {
    QrCode::with_error_correction_level(text, EcLevel::M).unwrap().width()
}

fn code(name: Option<&str>) -> String {
    let first = Day::new(2025, 10, 13).unwrap();
    let last = Day::new(2025, 10, 15).unwrap();
    // The largest number of its length: no leading zeros that would help.
    let grant =
        Grant { id: [0xff; 6], category: 255, zones: u16::MAX, first, last, name: name.map(str::to_owned) };
    Signer::new(15, &[9; 32]).issue(Congress([0xff, 0xff]), &grant).unwrap()
}

#[test]
fn the_badge_stays_at_37_modules() {
    let plain = code(None);
    assert_eq!((plain.len(), modules(&plain)), (196, 37));
}

#[test]
fn a_name_of_24_bytes_stays_at_41_modules() {
    let name = "Nguyễn Thị Minh Khai";
    assert_eq!(name.len(), 24);
    let named = code(Some(name));
    assert_eq!((named.len(), modules(&named)), (253, 41));
    assert!(modules(&code(Some(&"N".repeat(48)))) <= 49);
}

#[test]
fn an_address_for_cameras_stays_at_45_modules() {
    assert!(modules(&address("daihoi.example.vn", &code(None))) <= 45);
}
