//! Files made to break a reader: each is refused with its own reason, none brings it down.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::{Cursor, Read, Write};

use preparation::tasks::sheets::{AnnexError, Caps, CellErrorKind, ReadOptions, Warning, read_annex};
use rust_xlsxwriter::{Formula, Workbook};
use zip::write::SimpleFileOptions;

fn good() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let rows = [["STT", "Nội dung công việc", "Chủ trì", "Hạn"], ["1", "Việc", "Sở Y tế", "5/9/2025"]];
    for (r, row) in rows.iter().enumerate() {
        for (c, text) in row.iter().enumerate() {
            sheet.write_string(r as u32, c as u16, *text).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

/// Rebuilds an archive, changing or adding parts.
fn rebuilt(bytes: &[u8], change: impl Fn(&str, Vec<u8>) -> Vec<u8>, extra: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for i in 0..archive.len() {
        let mut part = archive.by_index(i).unwrap();
        let name = part.name().to_owned();
        let mut content = Vec::new();
        part.read_to_end(&mut content).unwrap();
        out.start_file(&name, SimpleFileOptions::default()).unwrap();
        out.write_all(&change(&name, content)).unwrap();
    }
    for (name, content) in extra {
        out.start_file(*name, SimpleFileOptions::default()).unwrap();
        out.write_all(content).unwrap();
    }
    out.finish().unwrap().into_inner()
}

fn sheet_replaced(from: &str, to: &str) -> Vec<u8> {
    rebuilt(
        &good(),
        |name, content| {
            if name == "xl/worksheets/sheet1.xml" {
                let text = String::from_utf8(content).unwrap();
                assert!(text.contains(from), "{text}");
                text.replace(from, to).into_bytes()
            } else {
                content
            }
        },
        &[],
    )
}

fn refusal(bytes: &[u8]) -> AnnexError {
    read_annex(bytes, &ReadOptions::default()).unwrap_err()
}

#[test]
fn the_unharmed_file_is_read() {
    let reading = read_annex(&good(), &ReadOptions::default()).unwrap();
    assert_eq!((reading.rows.len(), reading.errors.len()), (1, 0));
}

#[test]
fn not_a_spreadsheet() {
    assert_eq!(refusal(b""), AnnexError::Empty);
    assert_eq!(refusal(b"%PDF-1.7 ..."), AnnexError::NotXlsx);
    assert_eq!(refusal("STT,Nội dung\n1,Việc".as_bytes()), AnnexError::NotXlsx);
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("word/document.xml", SimpleFileOptions::default()).unwrap();
    zip.write_all(b"<w/>").unwrap();
    assert_eq!(refusal(&zip.finish().unwrap().into_inner()), AnnexError::NotXlsx);
}

#[test]
fn old_and_protected_files() {
    let mut old = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    old.resize(4096, 0);
    assert_eq!(refusal(&old), AnnexError::LegacyXls);
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    old.splice(1024..1024 + name.len(), name);
    assert_eq!(refusal(&old), AnnexError::Encrypted);
}

#[test]
fn cut_short() {
    let good = good();
    for keep in [4, 30, good.len() / 2, good.len() - 1] {
        assert!(matches!(refusal(&good[..keep]), AnnexError::Damaged { .. }), "{keep}");
    }
}

#[test]
fn bombs() {
    let zeros = rebuilt(&good(), |_, c| c, &[("xl/media/a.bin", vec![0; 8 << 20])]);
    assert_eq!(refusal(&zeros), AnnexError::Bomb { limit: "ratio" });
    let many: Vec<(String, Vec<u8>)> = (0..1_001).map(|i| (format!("x/{i}"), Vec::new())).collect();
    let many: Vec<(&str, Vec<u8>)> = many.iter().map(|(n, c)| (n.as_str(), c.clone())).collect();
    assert_eq!(refusal(&rebuilt(&good(), |_, c| c, &many)), AnnexError::Bomb { limit: "entries" });
    // Noise does not compress, so only the sum of all parts gives it away.
    let mut state = 1u32;
    let noise: Vec<u8> = (0..3 << 20)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
        .collect();
    let options =
        ReadOptions { caps: Caps { unpacked: 2 << 20, ..Caps::default() }, ..ReadOptions::default() };
    let big = rebuilt(&good(), |_, c| c, &[("xl/media/a.bin", noise)]);
    assert_eq!(read_annex(&big, &options), Err(AnnexError::Bomb { limit: "unpacked" }));
    let tight = ReadOptions { caps: Caps { bytes: 100, ..Caps::default() }, ..ReadOptions::default() };
    assert!(matches!(read_annex(&good(), &tight), Err(AnnexError::TooLarge { limit: 100, .. })));
}

#[test]
fn a_size_that_lies_is_found_while_unpacking() {
    // The directory says one byte; the part holds eight megabytes.
    let bytes = rebuilt(&good(), |_, c| c, &[("xl/media/a.bin", vec![0; 8 << 20])]);
    let size = (8u32 << 20).to_le_bytes();
    let mut lying = bytes.clone();
    let mut changed = 0;
    for at in 0..lying.len() - 4 {
        if lying[at..at + 4] == size {
            lying[at..at + 4].copy_from_slice(&1u32.to_le_bytes());
            changed += 1;
        }
    }
    assert!(changed >= 1);
    assert!(matches!(refusal(&lying), AnnexError::Bomb { .. } | AnnexError::Damaged { .. }));
}

#[test]
fn entities() {
    let laughs =
        "<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY lol \"lol\"><!ENTITY lol2 \"&lol;&lol;\">]>";
    let bytes = sheet_replaced("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>", laughs);
    assert!(matches!(refusal(&bytes), AnnexError::Entities { .. }));
    let outside = "<?xml version=\"1.0\"?><!doctype x SYSTEM \"file:///etc/passwd\">";
    let bytes = sheet_replaced("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>", outside);
    assert!(matches!(refusal(&bytes), AnnexError::Entities { .. }));
}

#[test]
fn macros_and_links_to_other_files() {
    let bytes = rebuilt(&good(), |_, c| c, &[("xl/vbaProject.bin", b"x".to_vec())]);
    assert_eq!(refusal(&bytes), AnnexError::Macros);
    let bytes =
        rebuilt(&good(), |_, c| c, &[("xl/externalLinks/externalLink1.xml", b"<externalLink/>".to_vec())]);
    let reading = read_annex(&bytes, &ReadOptions::default()).unwrap();
    assert_eq!(reading.warnings, [Warning::ExternalLinks]);
}

#[test]
fn declared_sizes_cost_nothing() {
    let bytes = sheet_replaced("<dimension ref=\"A1:D2\"/>", "<dimension ref=\"A1:XFD1048576\"/>");
    assert_eq!(read_annex(&bytes, &ReadOptions::default()).unwrap().rows.len(), 1);
    let bytes = sheet_replaced("<dimension ref=\"A1:D2\"/>", "<dimension ref=\"A1:XFD2000000\"/>");
    // Either way without taking memory for it.
    match read_annex(&bytes, &ReadOptions::default()) {
        Ok(reading) => assert_eq!(reading.rows.len(), 1),
        Err(error) => assert!(matches!(error, AnnexError::Damaged { .. })),
    }
}

#[test]
fn cells_far_away() {
    let far = "<row r=\"1048576\"><c r=\"A1048576\" t=\"str\"><v>x</v></c></row></sheetData>";
    let bytes = sheet_replaced("</sheetData>", far);
    assert!(matches!(refusal(&bytes), AnnexError::TooManyRows { .. }));
    let wide = "<row r=\"3\"><c r=\"XFD3\" t=\"str\"><v>x</v></c></row></sheetData>";
    let bytes = sheet_replaced("</sheetData>", wide);
    assert!(matches!(refusal(&bytes), AnnexError::TooManyColumns { .. }));
    // Formatted but empty cells out to the last column are harmless and common.
    let empty = "<row r=\"3\"><c r=\"XFD3\" s=\"0\"/></row></sheetData>";
    let bytes = sheet_replaced("</sheetData>", empty);
    assert_eq!(read_annex(&bytes, &ReadOptions::default()).unwrap().rows.len(), 1);
}

#[test]
fn a_merge_over_the_whole_sheet() {
    let merge = "</sheetData><mergeCells count=\"2\"><mergeCell ref=\"A5:XFD1048576\"/><mergeCell ref=\"A1:A1\"/></mergeCells>";
    let bytes = sheet_replaced("</sheetData>", merge);
    assert_eq!(read_annex(&bytes, &ReadOptions::default()).unwrap().rows.len(), 1);
}

#[test]
fn formulas_give_their_saved_value_and_errors_are_named() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (c, text) in ["STT", "Nội dung công việc", "Chủ trì", "Hạn"].iter().enumerate() {
        sheet.write_string(0, c as u16, *text).unwrap();
    }
    for r in 1..=2 {
        sheet.write_number(r, 0, r).unwrap();
        sheet.write_string(r, 2, "Sở Y tế").unwrap();
    }
    sheet.write_formula(1, 1, Formula::new("=CONCATENATE(\"Vi\",\"ệc\")").set_result("Việc")).unwrap();
    sheet.write_formula(2, 1, Formula::new("=A99").set_result("#REF!")).unwrap();
    let reading = read_annex(&book.save_to_buffer().unwrap(), &ReadOptions::default()).unwrap();
    assert_eq!(reading.rows[0].what, "Việc");
    assert_eq!(reading.errors.len(), 1);
    assert_eq!(reading.errors[0].kind, CellErrorKind::Formula { code: "#REF!".into() });
    assert_eq!((reading.errors[0].row, reading.errors[0].column.as_str()), (3, "B"));
}

#[test]
fn a_dates_beyond_every_calendar() {
    for value in ["-5", "1e300", "99999999", "2958466", "0.0000001"] {
        let cell = format!(
            "<row r=\"3\"><c r=\"B3\" t=\"str\"><v>Việc</v></c><c r=\"C3\" t=\"str\"><v>Sở Y tế</v></c><c r=\"D3\"><v>{value}</v></c></row></sheetData>"
        );
        let reading = read_annex(&sheet_replaced("</sheetData>", &cell), &ReadOptions::default()).unwrap();
        assert_eq!(reading.errors.len(), 1, "{value}");
    }
}

#[test]
fn every_key_has_words_in_both_languages() {
    let vi = include_str!("../src/tasks/sheets.vi.ftl");
    let en = include_str!("../src/tasks/sheets.en.ftl");
    let keys = AnnexError::KEYS
        .iter()
        .chain(CellErrorKind::KEYS)
        .chain(Warning::KEYS)
        .chain(preparation::tasks::sheets::AnnexWriteError::KEYS)
        .copied()
        .chain(preparation::tasks::sheets::Field::ALL.iter().map(|f| f.key()));
    for key in keys {
        for text in [vi, en] {
            assert!(text.lines().any(|line| line.starts_with(&format!("{key} = "))), "{key}");
        }
    }
}
