//! Text in place of a roll: read or refused, and rows fit their headings.

#![no_main]

use libfuzzer_sys::fuzz_target;
use people::intake::read::read;

fuzz_target!(|bytes: &[u8]| {
    // Headings first, so that the rows below are reached.
    let text = ["Họ và tên;Ngày sinh;Mã;CCCD\n".as_bytes(), bytes].concat();
    for bytes in [bytes, &text] {
        if let Ok(mut reading) = read(bytes) {
            assert!(reading.rows.iter().all(|row| row.cells.len() == reading.heads.len()));
            reading.seal(&[7; 32]);
        }
    }
});
