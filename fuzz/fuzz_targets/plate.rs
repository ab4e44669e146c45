//! Text in place of a number plate or of a pasted list of the press: read or refused.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rules::{accreditation::lines, plate::Plate};

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(plate) = Plate::parse(&text) {
        assert_eq!(Plate::parse(plate.as_str()), Ok(plate.clone()), "one spelling");
    }
    let read = lines(&text);
    assert!(read.len() <= text.lines().count());
});
