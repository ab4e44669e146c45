//! Documents and lists through the press: a notice, a report of a hundred pages, a list of a thousand rows, the
//! report as DOCX. Beside the limits: Typst setting the same words without a layout of ours, and the same parts
//! zipped again.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::cast_precision_loss,
    reason = "a benchmark that cannot go on shall stop"
)]

use std::{
    collections::HashMap,
    io::{Cursor, Read as _, Write as _},
    process::{Command, Stdio},
    time::Instant,
};

use benches::{cpu, median, memory, ms};
use jiff::civil::date;
use print::{
    Align, Authority, Block, BodyKind, Column, Issuer, Kind, Listing, Number, Orientation, PageSize, Paper,
    Printable, Row, RowKind, Signature, Table, Text, Width, fonts,
};
use typst::{
    Library, LibraryExt as _, World, comemo,
    diag::{FileError, FileResult},
    foundations::{Bytes, Datetime, Duration},
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::LazyHash,
};
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;

const RUNS: usize = 7;
const LINE: &str = "Văn phòng Thành ủy chủ trì, phối hợp Ban Quản lý dự án và Công an thành phố rà soát toàn bộ phương \
    án bảo đảm nguồn điện, đường truyền và phòng cháy, chữa cháy tại hội trường chính, mười hai phòng họp tổ và bốn \
    điểm cầu; báo cáo Trưởng Tiểu ban kết quả kiểm tra kèm biên bản thử tải trước ngày 05/10/2026";

fn paper(paragraphs: usize) -> Paper {
    let on = date(2026, 9, 5);
    let mut body = Vec::new();
    for at in 0..paragraphs {
        if at % 12 == 0 {
            body.push(Block::Heading(3, Text::bold(format!("{}. Dòng công việc", at / 12 + 1))));
        }
        body.push(Block::Paragraph(LINE.into()));
    }
    Paper {
        kind: Kind::Report,
        title: None,
        issuer: Issuer {
            kind: BodyKind::Party,
            parent: vec!["THÀNH ỦY TP. HỒ CHÍ MINH".into()],
            name: vec!["TIỂU BAN TỔ CHỨC".into(), "PHỤC VỤ ĐẠI HỘI".into()],
            place: "Thành phố Hồ Chí Minh".into(),
            place_short: "TP. Hồ Chí Minh".into(),
        },
        date: Some(on),
        layout_on: on,
        number: Some(Number { number: Some(7), symbol: "TBPV".into() }),
        subject: "tình hình thực hiện nhiệm vụ".into(),
        urgency: None,
        to: vec![],
        body,
        signatures: vec![Signature {
            authority: Some((Authority::ByOrder, "TRƯỞNG TIỂU BAN".into())),
            office: "TỔ TRƯỞNG TỔ THƯ KÝ".into(),
            name: String::new(),
        }],
        recipients: vec!["Các thành viên Tiểu ban".into(), "Lưu Văn phòng".into()],
        foot: String::new(),
        annexes: vec![],
        duplex: true,
    }
}

fn listing(rows: usize) -> Listing {
    let column = |width| Column { width, align: Align::Left };
    Listing {
        title: "Danh sách nhiệm vụ".into(),
        lines: vec![],
        as_of: "16:00 26/09/2025".into(),
        size: PageSize::A4,
        orientation: Orientation::Landscape,
        table: Table {
            columns: vec![
                column(Width::Mm(20.0)),
                column(Width::Share(3)),
                column(Width::Share(1)),
                column(Width::Mm(25.0)),
                column(Width::Mm(30.0)),
            ],
            head: vec![["Mã", "Rõ việc", "Chủ trì", "Hạn", "Thời hạn"].map(Into::into).to_vec()],
            rows: (0..rows)
                .map(|at| Row {
                    kind: RowKind::Body,
                    cells: vec![
                        format!("PV-{at:04}").into(),
                        "Rà soát phương án bảo đảm nguồn điện, đường truyền hội trường chính".into(),
                        "Văn phòng Thành ủy".into(),
                        "05/10/2025".into(),
                        "Sắp đến hạn 3 ngày".into(),
                    ],
                })
                .collect(),
            size: 10.0,
        },
        legend: vec![],
    }
}

/// The world of the limit: one source, one text, our fonts.
struct Bare {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    source: Source,
    files: HashMap<FileId, Bytes>,
}

fn id(path: &str) -> FileId {
    RootedPath::new(VirtualRoot::Project, VirtualPath::new(path).unwrap()).intern()
}

impl Bare {
    fn new(lines: &[String]) -> Self {
        let fonts: Vec<Font> = [fonts::REGULAR, fonts::BOLD, fonts::ITALIC, fonts::BOLD_ITALIC]
            .into_iter()
            .map(|font| Font::new(Bytes::new(font), 0).unwrap())
            .collect();
        let text = "#set page(margin: (top: 20mm, bottom: 20mm, left: 30mm, right: 15mm))\n\
                    #set text(font: \"Liberation Serif\", size: 14pt)\n#set par(justify: true, leading: 5pt)\n\
                    #for line in json(\"/lines.json\") { par(line) }\n";
        Self {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            source: Source::new(id("/bare.typ"), text.to_owned()),
            files: HashMap::from([(id("/lines.json"), Bytes::new(serde_json::to_vec(lines).unwrap()))]),
        }
    }

    fn pdf(&self) -> Vec<u8> {
        let document = typst::compile::<PagedDocument>(self).output.expect("a document");
        let pdf = typst_pdf::pdf(&document, &PdfOptions::default()).expect("a file");
        comemo::evict(0);
        pdf
    }
}

impl World for Bare {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }
    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }
    fn main(&self) -> FileId {
        self.source.id()
    }
    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.source.id() { Ok(self.source.clone()) } else { Err(FileError::AccessDenied) }
    }
    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files.get(&id).cloned().ok_or(FileError::AccessDenied)
    }
    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.get(index).cloned()
    }
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// Pages as poppler counts them: what a reader opens, not what the writer says.
fn pages(pdf: &[u8]) -> usize {
    let mut child = Command::new("pdfinfo")
        .arg("-")
        .stderr(Stdio::null())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("pdfinfo of poppler-utils");
    child.stdin.take().expect("a pipe").write_all(pdf).expect("written");
    let said = String::from_utf8(child.wait_with_output().expect("an answer").stdout).expect("text");
    let line = said.lines().find_map(|line| line.strip_prefix("Pages:")).expect("a number of pages");
    line.trim().parse().expect("a number")
}

/// Times of peers in turn: wall and processor milliseconds, medians.
fn turns(peers: &mut [(&str, &mut dyn FnMut() -> usize)]) -> Vec<(f64, f64)> {
    let mut times: Vec<(Vec<f64>, Vec<f64>)> = peers.iter().map(|_| Default::default()).collect();
    for run in 0..=RUNS {
        for ((_, work), times) in peers.iter_mut().zip(&mut times) {
            let (begun, used) = (Instant::now(), cpu(std::process::id()));
            let size = work();
            assert!(size > 0);
            // The first run warms up what is made once.
            if run > 0 {
                times.0.push(ms(begun.elapsed()));
                times.1.push(ms(cpu(std::process::id()) - used));
            }
        }
    }
    times.into_iter().map(|(wall, used)| (median(wall), median(used))).collect()
}

fn say(name: &str, (wall, used): (f64, f64), more: &str) {
    println!("{name:52} {wall:9.1} ms  {used:8.0} ms CPU  {more}");
}

fn zipped(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for (name, bytes) in parts {
        out.start_file(name.as_str(), options).unwrap();
        out.write_all(bytes).unwrap();
    }
    out.finish().unwrap().into_inner()
}

fn main() {
    let press = print_pdf::press();
    let me = std::process::id();
    println!("medians of {RUNS} runs, peers in turn; memory at the start {} kB", memory(me, "VmRSS"));
    let set = |printable: &Printable| press.pdf(printable).expect("a document");

    let notice = Printable::Paper(Box::new(paper(4)));
    println!("notice: {} pages, {} kB", pages(&set(&notice)), set(&notice).len() / 1000);
    let times = turns(&mut [("notice", &mut || set(&notice).len())]);
    say("notice as PDF", times[0], "");

    let mut paragraphs = 600;
    while pages(&set(&Printable::Paper(Box::new(paper(paragraphs))))) < 100 {
        paragraphs += 20;
        assert!(paragraphs < 5_000, "pages are not counted any more");
    }
    let report = paper(paragraphs);
    let lines: Vec<String> = report
        .body
        .iter()
        .filter_map(|block| match block {
            Block::Paragraph(text) | Block::Heading(_, text) => Some(text.words()),
            _ => None,
        })
        .collect();
    let bare = Bare::new(&lines);
    let printable = Printable::Paper(Box::new(report.clone()));
    println!("report: {} pages; bare Typst: {} pages", pages(&set(&printable)), pages(&bare.pdf()));
    let times = turns(&mut [("report", &mut || set(&printable).len()), ("bare", &mut || bare.pdf().len())]);
    say("report of 100 pages as PDF (goal 2,000 ms)", times[0], "");
    say("the same words by bare Typst (the limit)", times[1], "");
    println!("  → {:.2} × the limit", times[0].0 / times[1].0);
    println!("memory after the report: {} kB, at its peak {} kB", memory(me, "VmRSS"), memory(me, "VmHWM"));

    let list = Printable::Listing(listing(1000));
    println!("list: {} pages", pages(&set(&list)));
    let times = turns(&mut [("list", &mut || set(&list).len())]);
    say("list of 1,000 rows as PDF", times[0], "");

    let docx = print::docx::write(&report).expect("a file");
    let mut parts = Vec::new();
    let mut archive = zip::ZipArchive::new(Cursor::new(docx)).unwrap();
    for at in 0..archive.len() {
        let mut entry = archive.by_index(at).unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        parts.push((entry.name().to_owned(), bytes));
    }
    let times = turns(&mut [
        ("docx", &mut || print::docx::write(&report).expect("a file").len()),
        ("zip", &mut || zipped(&parts).len()),
    ]);
    say("the same report as DOCX", times[0], "");
    say("its parts zipped again (the limit)", times[1], "");
    println!("  → {:.2} × the limit", times[0].0 / times[1].0);

    let before = memory(me, "VmRSS");
    for _ in 0..40 {
        set(&notice);
    }
    println!(
        "memory: {} kB before and {} kB after forty more notices; peak {} kB",
        before,
        memory(me, "VmRSS"),
        memory(me, "VmHWM")
    );
}
