//! Looks at a PDF as a reader does: with poppler's tools.

#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

use std::process::Command;

use print::{Press as _, Printable};

pub const MM: f64 = 72.0 / 25.4;

pub fn set(printable: &Printable) -> Vec<u8> {
    print_pdf::Typst.pdf(printable).unwrap()
}

/// A word and where it stands, in millimetres from the upper left corner of its page.
#[derive(Debug, Clone, PartialEq)]
pub struct Word {
    pub page: usize,
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
    pub text: String,
}

impl Word {
    /// The size of its letters in points, by its width.
    pub fn points(&self, bold: bool, italic: bool) -> f64 {
        (self.right - self.left) / f64::from(print::fonts::width(&self.text, 1.0, bold, italic))
    }
}

fn run(tool: &str, args: &[&str], pdf: &[u8]) -> String {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), pdf).unwrap();
    let out = Command::new(tool)
        .args(args)
        .arg(file.path())
        .args(if tool == "pdftotext" { &["-"][..] } else { &[][..] })
        .output()
        .unwrap_or_else(|error| panic!("{tool}: {error}"));
    assert!(out.status.success(), "{tool}: {}", String::from_utf8_lossy(&out.stderr));
    // Poppler knows the mark of a tagged document only as an object.
    let said = String::from_utf8_lossy(&out.stderr)
        .replace("Syntax Error: Suspects object is wrong type (boolean)", "");
    assert!(said.trim().is_empty(), "{tool}: {said}");
    String::from_utf8(out.stdout).unwrap()
}

/// The text of all pages, each ended by a form feed.
pub fn text(pdf: &[u8]) -> String {
    run("pdftotext", &["-layout"], pdf)
}

/// The words in reading order without line ends.
pub fn flow(pdf: &[u8]) -> String {
    run("pdftotext", &["-raw"], pdf).split_whitespace().collect::<Vec<_>>().join(" ")
}

pub fn page_count(pdf: &[u8]) -> usize {
    info(pdf, "Pages").parse().unwrap()
}

fn info(pdf: &[u8], name: &str) -> String {
    let info = run("pdfinfo", &[], pdf);
    let line = info.lines().find(|line| line.starts_with(name)).expect("a line of pdfinfo");
    line.split_once(':').unwrap().1.trim().to_owned()
}

/// Width and height of the first page in millimetres.
pub fn page_size(pdf: &[u8]) -> (f64, f64) {
    let size = info(pdf, "Page size");
    let mut parts = size.split_whitespace();
    let width: f64 = parts.next().unwrap().parse().unwrap();
    let height: f64 = parts.nth(1).unwrap().parse().unwrap();
    (width / MM, height / MM)
}

/// The fonts that a PDF holds: name, and whether it is embedded.
pub fn fonts(pdf: &[u8]) -> Vec<(String, bool)> {
    run("pdffonts", &[], pdf)
        .lines()
        .skip(2)
        .map(|line| {
            let name = line.split_whitespace().next().unwrap_or_default();
            // … emb sub uni object ID
            let embedded = line.split_whitespace().rev().nth(4) == Some("yes");
            (name.split_once('+').map_or(name, |(_, name)| name).to_owned(), embedded)
        })
        .collect()
}

pub fn words(pdf: &[u8]) -> Vec<Word> {
    let html = run("pdftotext", &["-bbox"], pdf);
    let mut page = 0;
    let mut out = Vec::new();
    for line in html.lines() {
        let line = line.trim();
        if line.starts_with("<page ") {
            page += 1;
        }
        let Some(rest) = line.strip_prefix("<word ") else { continue };
        let attribute = |name: &str| -> f64 {
            let (_, rest) = rest.split_once(&format!("{name}=\"")).expect("an attribute");
            rest.split_once('"').unwrap().0.parse::<f64>().unwrap() / MM
        };
        let text = rest.split_once('>').unwrap().1.strip_suffix("</word>").unwrap();
        let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
        out.push(Word {
            page,
            left: attribute("xMin"),
            top: attribute("yMin"),
            right: attribute("xMax"),
            bottom: attribute("yMax"),
            text: text.replace("&apos;", "'").replace("&#39;", "'").replace("&amp;", "&"),
        });
    }
    out
}

/// Where a run of words begins: the first word of it.
pub fn find<'a>(words: &'a [Word], sentence: &str) -> &'a Word {
    let wanted: Vec<&str> = sentence.split_whitespace().collect();
    words
        .windows(wanted.len())
        .find(|window| window.iter().zip(&wanted).all(|(have, want)| have.text == **want))
        .and_then(|window| window.first())
        .unwrap_or_else(|| panic!("{sentence:?} is not in {words:#?}"))
}

/// Where a run of words ends.
pub fn find_end<'a>(words: &'a [Word], sentence: &str) -> &'a Word {
    let first = find(words, sentence);
    let at = words.iter().position(|word| word == first).unwrap();
    &words[at + sentence.split_whitespace().count() - 1]
}
