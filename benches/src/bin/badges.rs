//! 550 badges with portraits and codes, front and back on A4, through the press. Beside the limit: the passes alone,
//! signed and drawn as codes.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a benchmark that cannot go on shall stop"
)]

#[path = "../../../crates/print/pdf/tests/common/badges.rs"]
mod sample;

use std::time::Instant;

use benches::{median, ms};
use print::{BadgeSize, Imposition, Press as _, Printable};

const COUNT: usize = 550;

fn main() {
    let runs = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(5);
    for (size, name) in [(BadgeSize::Lanyard, "lanyard"), (BadgeSize::Card, "card")] {
        let sheets = sample::sheets(size, Imposition::A4, COUNT);
        let codes: Vec<String> = sheets.badges.iter().map(|badge| badge.code.clone()).collect();
        let (mut whole, mut bare, mut bytes) = (Vec::new(), Vec::new(), 0);
        for _ in 0..runs {
            let started = Instant::now();
            for (at, code) in codes.iter().enumerate() {
                let signed = sample::signer().issue(sample::CONGRESS, &sample::grant(at)).unwrap();
                assert_eq!(signed, *code);
                assert!(print::badge::qr_svg(&signed).is_some());
            }
            bare.push(ms(started.elapsed()));
            let printable = Printable::Badges(sheets.clone());
            let started = Instant::now();
            bytes = print_pdf::Typst.pdf(&printable).unwrap().len();
            whole.push(ms(started.elapsed()));
        }
        println!(
            "{COUNT} badges, {name}, both sides on A4: {:.0} ms ({} kB); signing and codes alone {:.0} ms",
            median(whole),
            bytes / 1024,
            median(bare)
        );
    }
}
