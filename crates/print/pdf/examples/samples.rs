//! Sets a document of each kind into a folder, to be looked at: `cargo run -p print-pdf --example samples FOLDER`.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a tool for the eyes")]

#[path = "../tests/common/papers.rs"]
mod papers;

use std::path::Path;

use print::{Kind, Paper, Press as _, Printable};

fn main() {
    let folder = std::env::args().nth(1).expect("a folder");
    let folder = Path::new(&folder);
    std::fs::create_dir_all(folder).unwrap();
    let mut all: Vec<(String, Paper)> = Vec::new();
    for (at, (kind, on)) in papers::PROFILES.into_iter().enumerate() {
        for (name, paper) in [
            ("notice", papers::notice(kind, on)),
            ("report", papers::report(kind, on)),
            ("minutes", papers::minutes(kind, on)),
            ("letter", papers::letter(kind, on)),
            ("submission", papers::submission(kind, on)),
        ] {
            all.push((format!("{at}-{name}"), paper));
        }
    }
    all.push(("congress".to_owned(), papers::congress(papers::PROFILES[1].1)));
    for kind in [
        Kind::Resolution,
        Kind::Directive,
        Kind::Conclusion,
        Kind::Statute,
        Kind::Regulation,
        Kind::Decision,
        Kind::Programme,
        Kind::Circular,
        Kind::Plan,
        Kind::Scheme,
        Kind::Option,
        Kind::Guidance,
        Kind::Summons,
        Kind::Invitation,
        Kind::Communique,
    ] {
        let (body, on) = papers::PROFILES[1];
        all.push((format!("kind-{kind:?}").to_lowercase(), Paper { kind, ..papers::notice(body, on) }));
    }
    for (name, paper) in all {
        let pdf = print_pdf::Typst.pdf(&Printable::Paper(Box::new(paper))).expect(&name);
        std::fs::write(folder.join(format!("{name}.pdf")), pdf).unwrap();
    }
}
