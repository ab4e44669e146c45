//! Batches as foreign bytes: read or refused, whatever they are.

use platform::api;

use crate::gates::model::{BatchIn, ScanIn};

/// The seeds of the fuzz target `scan_batch`.
const SEEDS: [&str; 3] = [
    include_str!("../../../../../../fuzz/corpus/scan_batch/heartbeat.json"),
    include_str!("../../../../../../fuzz/corpus/scan_batch/online.json"),
    include_str!("../../../../../../fuzz/corpus/scan_batch/alone.json"),
];

fn look(bytes: &[u8]) -> bool {
    match api::parse::<BatchIn>(bytes) {
        Ok(batch) => {
            for ScanIn { pass, card, .. } in &batch.scans {
                for text in pass.iter().chain(card) {
                    let _ = (pass::found(text).and_then(pass::from_digits), rules::citizen::read(text));
                }
            }
            true
        }
        Err(error) => {
            assert!((400..500).contains(&error.status().as_u16()));
            false
        }
    }
}

#[test]
fn any_batch_is_read_or_refused() {
    assert!(SEEDS.iter().all(|seed| look(seed.as_bytes())), "the seeds are batches");
    let mut state = 7_u64;
    let mut roll = |most: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % most
    };
    let mut refused = 0;
    for _ in 0..4_000 {
        let mut bytes = SEEDS[roll(SEEDS.len())].as_bytes().to_vec();
        for _ in 0..=roll(4) {
            if bytes.len() < 2 {
                break;
            }
            let at = roll(bytes.len());
            match roll(4) {
                0 => bytes[at] = u8::try_from(roll(256)).unwrap(),
                1 => drop(bytes.remove(at)),
                2 => bytes.insert(at, b"{}[]\",:0-x"[roll(10)]),
                _ => bytes.truncate(at.max(1)),
            }
        }
        refused += usize::from(!look(&bytes));
    }
    assert!(refused > 1_000, "{refused}");
}

#[test]
fn a_name_told_twice_and_a_field_nobody_knows_are_refused() {
    let seed = SEEDS[1];
    assert!(!look(seed.replacen("\"seq\":1", "\"seq\":1,\"seq\":2", 1).as_bytes()));
    assert!(!look(seed.replacen("\"seq\":1", "\"seq\":1,\"force\":true", 1).as_bytes()));
    assert!(!look(seed.replacen("\"seq\":1", "\"seq\":-1", 1).as_bytes()));
}
