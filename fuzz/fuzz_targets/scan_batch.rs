//! What a device sends: a batch of scans as JSON, and in it the text of a pass or of a citizen's card. Read or refused,
//! never a panic, and never believed: what was not signed opens nothing.

#![no_main]

use libfuzzer_sys::fuzz_target;
use people::gates::model::{BatchIn, ScanIn};
use platform::api;
use rules::citizen;

fuzz_target!(|bytes: &[u8]| {
    // As the route reads it: strictly, names told twice refused.
    let scans: Vec<ScanIn> = match api::parse::<BatchIn>(bytes) {
        Ok(batch) => batch.scans,
        Err(error) => {
            assert!((400..500).contains(&error.status().as_u16()));
            api::parse::<ScanIn>(bytes).into_iter().collect()
        }
    };
    for scan in &scans {
        if let Some(text) = &scan.pass {
            pass_text(text);
        }
        if let Some(text) = &scan.card {
            card_text(text);
        }
    }
    // The texts of a scanner reach the same readers without JSON around them.
    let text = String::from_utf8_lossy(bytes);
    pass_text(&text);
    card_text(&text);
});

fn pass_text(text: &str) {
    if let Some(code) = pass::found(text) {
        assert!(code.bytes().all(|byte| byte.is_ascii_digit()));
        assert!(text.contains(code));
        if let Some(bytes) = pass::from_digits(code) {
            assert_eq!(pass::from_digits(&pass::to_digits(&bytes)), Some(bytes), "read back");
        }
    }
}

fn card_text(text: &str) {
    if let Ok(card) = citizen::read(text) {
        assert_eq!(card.number.len(), 12);
        assert!(card.number.bytes().all(|byte| byte.is_ascii_digit()));
    }
}
