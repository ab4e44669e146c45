//! How many codes one core reads in a second, beside the bare signature check that bounds it.

#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark that cannot go on shall stop")]

use std::{hint::black_box, time::Instant};

use ed25519_dalek::{Signer as _, SigningKey};
use pass::{Congress, Day, Grant, Key, KeyList, Revocations, Signer, from_digits, read};

const COUNT: u32 = 20_000;
const RUNS: usize = 5;

/// Median of the runs, in microseconds each.
fn each(mut work: impl FnMut(u32)) -> f64 {
    let mut times: Vec<f64> = (0..RUNS)
        .map(|_| {
            let begun = Instant::now();
            (0..COUNT).for_each(&mut work);
            begun.elapsed().as_secs_f64() * 1e6 / f64::from(COUNT)
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[RUNS / 2]
}

fn main() {
    let day = Day::new(2025, 10, 14).unwrap();
    let (congress, signer) = (Congress::of(b"bench"), Signer::new(1, &[5; 32]));
    let keys = KeyList {
        congress,
        sequence: 1,
        keys: vec![Key { id: 1, public: signer.public(), from: day, to: day }],
    };
    let mut revoked = Revocations::default();
    for n in 0..1_000_u32 {
        let [a, b, c, d] = n.to_be_bytes();
        revoked.revoke([9, 9, a, b, c, d]);
    }
    let codes: Vec<String> = (0..64)
        .map(|n| {
            let grant = Grant { id: [n; 6], category: n, zones: 7, first: day, last: day, name: None };
            signer.issue(congress, &grant).unwrap()
        })
        .collect();
    let code = |n: u32| &codes[n as usize % codes.len()];
    let bare = SigningKey::from_bytes(&[5; 32]);
    let (message, public) = ([7; 29], bare.verifying_key());
    let signature = bare.sign(&message);
    let grant = Grant { id: [1; 6], category: 1, zones: 7, first: day, last: day, name: None };

    let limit = each(|_| public.verify_strict(black_box(&message), &signature).unwrap());
    let reading = each(|n| drop(black_box(read(code(n), day, &keys, &revoked).unwrap())));
    let digits = each(|n| drop(black_box(from_digits(code(n)))));
    let issuing = each(|_| drop(black_box(signer.issue(congress, &grant).unwrap())));
    println!("the bare signature check        {limit:>8.2} µs");
    println!(
        "a valid code, read and verified {reading:>8.2} µs  {:>7.0}/s  {:.2} × the bare check",
        1e6 / reading,
        reading / limit
    );
    println!("  of that, digits into bytes    {digits:>8.2} µs");
    println!("a pass signed and written       {issuing:>8.2} µs  {:>7.0}/s", 1e6 / issuing);
}
