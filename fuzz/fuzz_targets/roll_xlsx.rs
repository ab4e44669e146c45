//! Bytes in place of a workbook: read or refused.

#![no_main]

use libfuzzer_sys::fuzz_target;
use people::intake::read::read;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(reading) = read(bytes) {
        assert!(reading.rows.iter().all(|row| row.cells.len() == reading.heads.len()));
    }
});
