//! A seating plan in pretix's form: read or refused, and what was read can be written and read again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use people::seating::pretix;
use rules::seating::MOST_PLACES;

fuzz_target!(|bytes: &[u8]| {
    let Ok((title, hall)) = pretix::read(bytes, 55) else { return };
    assert!(!hall.places.is_empty() && hall.places.len() <= MOST_PLACES);
    assert!(hall.places.iter().all(|place| {
        usize::from(place.block) < hall.blocks.len() && usize::from(place.row) < hall.rows.len()
    }));
    let written = pretix::write(&title, "S", &hall).expect("what was read can be written");
    let (_, again) = pretix::read(&written, 55).expect("what was written can be read");
    assert_eq!(again.places.len(), hall.places.len());
});
