//! What a DOCX of ours holds, read back part by part.

use std::io::Read as _;

use jiff::civil::date;
use proptest::prelude::*;
use quick_xml::{Reader, events::Event};

use super::*;
use crate::{
    paper::{
        Align, Block, BodyKind, Cell, Column, Kind, Picture, PictureFormat, Row, RowKind, Signature, Table,
        Width,
    },
    specimen,
};

fn part(docx: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(docx)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

fn names(docx: &[u8]) -> Vec<String> {
    zip::ZipArchive::new(std::io::Cursor::new(docx)).unwrap().file_names().map(str::to_owned).collect()
}

/// The text of a part, a paragraph a line; fails where the XML is not well formed.
fn text(xml: &str) -> Vec<String> {
    let (mut reader, mut lines, mut inside) = (Reader::from_str(xml), Vec::new(), false);
    loop {
        match reader.read_event().unwrap() {
            Event::Eof => return lines,
            Event::Start(start) if start.name().as_ref() == b"w:p" => lines.push(String::new()),
            Event::Start(start) => inside = start.name().as_ref() == b"w:t",
            Event::End(_) => inside = false,
            Event::Text(words) if inside => {
                lines.last_mut().unwrap().push_str(&words.xml_content().unwrap());
            }
            Event::GeneralRef(name) if inside => {
                let text = match &name.xml_content().unwrap()[..] {
                    "amp" => "&",
                    "lt" => "<",
                    "gt" => ">",
                    "quot" => "\"",
                    other => panic!("{other:?}"),
                };
                lines.last_mut().unwrap().push_str(text);
            }
            _ => {}
        }
    }
}

fn style(xml: &str, id: &str) -> String {
    let from = xml.find(&format!("w:styleId=\"{id}\"")).unwrap_or_else(|| panic!("no style {id}"));
    let rest = &xml[from..];
    rest[..rest.find("</w:style>").unwrap()].to_owned()
}

/// Margins 20/20/30/15 mm, the page number 10 mm from the edge and not on page 1, mirrored when printed on both
/// sides: the table of layout numbers in twips (56.69 to the millimetre).
#[test]
fn pages_have_the_measures_of_the_profile() {
    let docx = write(&specimen::paper(Kind::Notice, BodyKind::Party, date(2026, 9, 5))).unwrap();
    let document = part(&docx, "word/document.xml");
    assert!(document.contains(r#"<w:pgSz w:w="11906" w:h="16838"/>"#), "{document}");
    assert!(document.contains(
        r#"<w:pgMar w:top="1134" w:right="850" w:bottom="1134" w:left="1701" w:header="567" w:footer="567" w:gutter="0"/>"#
    ));
    assert!(document.contains("<w:titlePg/>"));
    assert!(part(&docx, "word/settings.xml").contains("<w:mirrorMargins/>"));
    let header = part(&docx, "word/header1.xml");
    assert!(header.contains(" PAGE ") && header.contains("DHPageNumber"));

    let single = Paper { duplex: false, ..specimen::paper(Kind::Notice, BodyKind::Party, date(2026, 9, 5)) };
    assert!(!part(&write(&single).unwrap(), "word/settings.xml").contains("mirror"));
    // The Decree does not mirror pages.
    let state = write(&specimen::paper(Kind::Notice, BodyKind::State, date(2026, 9, 5))).unwrap();
    assert!(!part(&state, "word/settings.xml").contains("mirror"));
}

#[test]
fn styles_have_the_measures_of_the_profile() {
    for (body, on, wanted) in [
        (
            BodyKind::Party,
            date(2026, 9, 5),
            vec![
                ("DHMotto", r#"<w:b/><w:sz w:val="30"/>"#),
                ("DHParent", r#"<w:rPr><w:sz w:val="28"/>"#),
                ("DHName", r#"<w:b/><w:sz w:val="28"/>"#),
                ("DHNumber", r#"<w:rPr><w:sz w:val="28"/>"#),
                ("DHPlaceDate", r#"<w:i/><w:sz w:val="28"/>"#),
                ("DHTitle", r#"<w:b/><w:sz w:val="32"/>"#),
                ("DHSubject", r#"<w:b/><w:sz w:val="28"/>"#),
                ("DHLetterSubject", r#"<w:i/><w:sz w:val="24"/>"#),
                ("DHBasis", r#"<w:rPr><w:sz w:val="28"/>"#),
                ("DHAuthority", r#"<w:b/><w:sz w:val="28"/>"#),
                ("DHOffice", r#"<w:rPr><w:sz w:val="28"/>"#),
                ("DHSigner", r#"<w:b/><w:sz w:val="28"/>"#),
                ("DHRecipientsHead", r#"<w:u w:val="single"/>"#),
                ("DHRecipient", r#"<w:sz w:val="24"/>"#),
                ("DHPageNumber", r#"<w:sz w:val="28"/>"#),
                ("Normal", r#"<w:spacing w:before="0" w:after="120" w:line="380" w:lineRule="exact"/>"#),
                ("Normal", r#"w:firstLine="567"/><w:jc w:val="both"/>"#),
                ("Normal", r#"w:ascii="Times New Roman""#),
            ],
        ),
        (
            BodyKind::State,
            date(2026, 9, 5),
            vec![
                ("DHMotto", r#"<w:b/><w:sz w:val="26"/>"#),
                ("DHDevice", r#"<w:b/><w:sz w:val="28"/>"#),
                ("DHBasis", r#"<w:i/><w:sz w:val="28"/>"#),
                ("DHOffice", r#"<w:b/><w:sz w:val="28"/>"#),
                ("DHRecipientsHead", r#"<w:b/><w:i/><w:sz w:val="24"/>"#),
                ("DHRecipient", r#"<w:sz w:val="22"/>"#),
            ],
        ),
    ] {
        let docx = write(&specimen::paper(Kind::Notice, body, on)).unwrap();
        let styles = part(&docx, "word/styles.xml");
        for (id, measure) in wanted {
            let found = style(&styles, id);
            assert!(found.contains(measure), "{body:?} {id}: {measure} not in {found}");
        }
    }
}

#[test]
fn every_specimen_is_well_formed_and_the_same_twice() {
    for (name, paper) in specimen::all() {
        let docx = write(&paper).unwrap();
        assert_eq!(docx, write(&paper).unwrap(), "{name}");
        for part_name in names(&docx).iter().filter(|name| name.ends_with("xml") || name.ends_with("rels")) {
            text(&part(&docx, part_name));
        }
        let lines = text(&part(&docx, "word/document.xml"));
        for line in
            parts::heading(&paper).name.iter().chain(&parts::recipients(&paper)).chain(&parts::title(&paper))
        {
            assert!(lines.contains(line), "{name}: {line} not in {lines:?}");
        }
    }
}

/// Traps of other tools: a list mark, hyphens, markup of any kind print as typed.
#[test]
fn text_prints_as_typed() {
    let typed = [
        "1. ",
        "- một",
        "-----",
        "#",
        "*nghiêng*",
        "_",
        "$x$",
        "@a",
        "// b",
        "`c`",
        "<w:p/>",
        "</w:t>",
        "\\",
        "&amp;",
        "=1+1",
        "=HYPERLINK(\"a\")",
        "{ PAGE }",
        "\u{1f389} mừng",
        "e\u{301}",
        "\u{a0}\u{a0}",
    ];
    let mut paper = specimen::paper(Kind::Notice, BodyKind::Party, date(2026, 9, 5));
    paper.body = typed.map(|text| Block::Paragraph(text.into())).to_vec();
    paper.body.push(Block::Paragraph("Hết.".into()));
    let docx = write(&paper).unwrap();
    let document = part(&docx, "word/document.xml");
    let lines = text(&document);
    for line in typed {
        assert!(lines.iter().any(|found| found == line), "{line:?} not in {lines:?}");
    }
    // Words never become a field, a formula, an object.
    for element in ["w:fldSimple", "w:instrText", "w:object", "w:hyperlink", "w:altChunk"] {
        assert!(!document.contains(element), "{element}");
    }
}

/// Control characters, lone halves, marks that turn the direction: the file stays a file, the rest stays text.
#[test]
fn what_xml_cannot_hold_is_dropped() {
    let mut paper = specimen::paper(Kind::Notice, BodyKind::Party, date(2026, 9, 5));
    paper.body = vec![Block::Paragraph("a\u{0}b\u{8}c\u{b}d\u{1f}e\u{fffe}f\u{202e}g\u{7f}h\ti\nj".into())];
    paper.subject = "\u{1}\u{2}".into();
    paper.signatures[0].name = "\u{0}".into();
    let document = part(&write(&paper).unwrap(), "word/document.xml");
    assert!(text(&document).contains(&"abcdefghij.".to_owned()), "{document}");
    assert!(document.contains("<w:tab/>") && document.contains("<w:br/>"));
}

#[test]
fn tables_repeat_their_heading_and_merge_cells() {
    let cell = |text: &str, columns, rows| Cell { columns, rows, ..Cell::from(text) };
    let mut paper = specimen::paper(Kind::Notice, BodyKind::Party, date(2026, 9, 5));
    let column = |width| Column { width, align: Align::Left };
    paper.body = vec![Block::Table(Table {
        columns: vec![column(Width::Mm(15.0)), column(Width::Share(1)), column(Width::Share(2))],
        head: vec![
            vec![cell("TT", 1, 2), cell("Đơn vị", 2, 1)],
            vec![cell("Chủ trì", 1, 1), cell("Phối hợp", 1, 1)],
        ],
        rows: vec![
            Row { kind: RowKind::Group, cells: vec![cell("Nhóm", 3, 1)] },
            Row { kind: RowKind::Body, cells: vec![cell("1", 1, 2), cell("A", 2, 2)] },
            Row { kind: RowKind::Body, cells: vec![] },
            Row { kind: RowKind::Body, cells: vec![cell("thiếu ô", 1, 1)] },
        ],
        size: 12.0,
    })];
    let document = part(&write(&paper).unwrap(), "word/document.xml");
    assert_eq!(document.matches("<w:tblHeader/>").count(), 2);
    assert_eq!(document.matches(r#"<w:vMerge w:val="restart"/>"#).count(), 3);
    assert_eq!(document.matches(r#"<w:vMerge w:val="continue"/>"#).count(), 3);
    // Every row fills the three columns, whatever was merged or left out.
    let table = &document[document.find("<w:tblBorders>").unwrap()..];
    let table = &table[..table.find("</w:tbl>").unwrap()];
    for row in table.split("<w:tr>").skip(1) {
        let cells = row.matches("<w:tcPr>").count();
        let more: usize = row
            .split("<w:gridSpan w:val=\"")
            .skip(1)
            .map(|rest| rest[..rest.find('"').unwrap()].parse::<usize>().unwrap() - 1)
            .sum();
        assert_eq!(cells + more, 3, "{row}");
    }
    let total: i32 = table
        .split("<w:gridCol w:w=\"")
        .skip(1)
        .map(|rest| rest[..rest.find('"').unwrap()].parse::<i32>().unwrap())
        .sum();
    assert!((total - twips(165.0)).abs() <= 2, "{total}");
    paper.body = vec![Block::Table(Table { columns: vec![], head: vec![], rows: vec![], size: 12.0 })];
    assert!(matches!(write(&paper), Err(PressError::Document(_))));
}

#[test]
fn an_annex_on_its_side_is_a_section_of_its_own() {
    let document = part(
        &write(&specimen::paper(Kind::Report, BodyKind::Party, date(2026, 9, 5))).unwrap(),
        "word/document.xml",
    );
    assert_eq!(document.matches("<w:sectPr>").count(), 2);
    assert!(document.contains(r#"<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>"#));
    assert_eq!(document.matches("<w:titlePg/>").count(), 1);
}

/// The signature stays with the last words and is never torn.
#[test]
fn the_signature_is_kept_together() {
    let paper = specimen::paper(Kind::Notice, BodyKind::Party, date(2026, 9, 5));
    let document = part(&write(&paper).unwrap(), "word/document.xml");
    let last = document.find("Các đơn vị triển khai").unwrap();
    let paragraph = &document[..last][document[..last].rfind("<w:p>").unwrap()..];
    assert!(paragraph.contains("<w:keepNext/><w:keepLines/>"), "{paragraph}");
    let end = &document[last..];
    assert!(end.contains("<w:cantSplit/>") && end.contains(r#"<w:pStyle w:val="DHSpace"/><w:keepNext/>"#));

    let mut many = paper.clone();
    many.signatures = vec![Signature { office: "ỦY VIÊN".into(), ..Signature::default() }; 3];
    let document = part(&write(&many).unwrap(), "word/document.xml");
    assert_eq!(text(&document).iter().filter(|line| *line == "ỦY VIÊN").count(), 3);
}

#[test]
fn pictures_are_what_they_say() {
    let jpeg: &[u8] =
        &[0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc0, 0, 11, 8, 0, 60, 0, 80, 3, 1, 0x11, 0, 0xff, 0xd9];
    let picture = |format, data: &[u8]| {
        let mut paper = specimen::paper(Kind::Notice, BodyKind::Party, date(2026, 9, 5));
        let caption = "Cửa \"A\" <1>".into();
        paper.body = vec![Block::Picture(Picture { format, data: data.to_vec(), width: 80.0, caption })];
        write(&paper)
    };
    let docx = picture(PictureFormat::Jpeg, jpeg).unwrap();
    assert!(names(&docx).contains(&"word/media/picture1.jpeg".to_owned()));
    // 80 mm wide and, at 80 × 60 pixels, 60 mm high.
    assert!(part(&docx, "word/document.xml").contains(r#"<wp:extent cx="2880000" cy="2160000"/>"#));
    assert!(part(&docx, "[Content_Types].xml").contains("image/jpeg"));
    assert!(matches!(picture(PictureFormat::Png, jpeg), Err(PressError::Document(_))));
    assert!(matches!(picture(PictureFormat::Jpeg, b"\xff\xd8\xff"), Err(PressError::Document(_))));
    let drawing = picture(PictureFormat::Svg, b"<svg/>").unwrap();
    assert!(!names(&drawing).iter().any(|name| name.contains("media")));
}

#[test]
fn a_list_is_a_document_too() {
    let listing = Listing {
        title: "Sổ nhiệm vụ".into(),
        lines: vec!["Đại hội mẫu".into()],
        as_of: "Số liệu đến 16:00 ngày 26/09/2025".into(),
        size: PageSize::A4,
        orientation: Orientation::Landscape,
        table: Table {
            columns: vec![Column { width: Width::Share(1), align: Align::Left }],
            head: vec![vec!["Nhiệm vụ".into()]],
            rows: vec![Row { kind: RowKind::Body, cells: vec!["=cmd|' /C calc'!A1".into()] }],
            size: 11.0,
        },
        legend: vec!["40 nhiệm vụ".into()],
    };
    let docx = super::listing(&listing, &profile::all()[0]).unwrap();
    let document = part(&docx, "word/document.xml");
    assert!(document.contains(r#"w:orient="landscape""#) && document.contains("<w:tblHeader/>"));
    assert!(text(&document).contains(&"=cmd|' /C calc'!A1".to_owned()));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Whatever is typed, the file is well formed and says what was typed.
    #[test]
    fn any_text_is_text(typed in "[\\PC\\t]{0,60}") {
        let mut paper = specimen::paper(Kind::Notice, BodyKind::Party, date(2026, 9, 5));
        paper.body = vec![Block::Paragraph(typed.clone().into()), Block::Paragraph("Hết.".into())];
        paper.subject.clone_from(&typed);
        let lines = text(&part(&write(&paper).unwrap(), "word/document.xml"));
        let plain: String = typed.chars().filter(|c| *c != '\t').collect();
        prop_assert!(lines.contains(&plain), "{lines:?}");
    }
}
