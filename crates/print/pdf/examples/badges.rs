//! Writes sample sheets of badges into a folder: `cargo run -p print-pdf --example badges -- FOLDER`.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "an example that cannot go on shall stop")]

#[path = "../tests/common/badges.rs"]
mod badges;

use print::{BadgeSize, Imposition, Press as _, Printable};

fn main() {
    let folder = std::path::PathBuf::from(std::env::args().nth(1).expect("a folder"));
    std::fs::create_dir_all(&folder).unwrap();
    for (size, imposition, name) in [
        (BadgeSize::Lanyard, Imposition::A4, "lanyard-a4"),
        (BadgeSize::Card, Imposition::A4, "card-a4"),
        (BadgeSize::Lanyard, Imposition::A3, "lanyard-a3"),
        (BadgeSize::Card, Imposition::A3, "card-a3"),
        (BadgeSize::Lanyard, Imposition::Single, "lanyard"),
    ] {
        let sheets = Printable::Badges(badges::sheets(size, imposition, 9));
        std::fs::write(folder.join(format!("{name}.pdf")), print_pdf::Typst.pdf(&sheets).unwrap()).unwrap();
    }
}
