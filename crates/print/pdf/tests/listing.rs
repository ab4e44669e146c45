//! Lists and drawings on paper.

#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

mod common;

use common::{page_count, set, text, words};
use print::{
    Align, Cell, Column, Drawing, Listing, Orientation, PageSize, Printable, Row, RowKind, Table, Text, Width,
};

fn listing(rows: usize) -> Listing {
    let column = |width, align| Column { width, align };
    let mut all = Vec::new();
    for row in 0..rows {
        if row % 7 == 0 {
            all.push(Row {
                kind: RowKind::Group,
                cells: vec![Cell {
                    text: Text::plain(format!("Nhóm {}", row / 7 + 1)), columns: 4, rows: 1
                }],
            });
        }
        all.push(Row {
            kind: RowKind::Body,
            cells: vec![
                format!("PV-{row:02}").into(),
                "Rà soát phương án dự phòng của hội trường, trình Trưởng Tiểu ban".into(),
                "Văn phòng Thành ủy".into(),
                format!("{row}").into(),
            ],
        });
    }
    all.push(Row {
        kind: RowKind::Total,
        cells: vec![Cell { text: "Cộng".into(), columns: 3, rows: 1 }, format!("{rows}").into()],
    });
    Listing {
        title: "Danh sách nhiệm vụ".to_owned(),
        lines: vec!["Dòng việc: Hậu cần · Quá hạn".to_owned()],
        as_of: "Số liệu lúc 16:00 ngày 26/09/2025".to_owned(),
        size: PageSize::A4,
        orientation: Orientation::Landscape,
        table: Table {
            columns: vec![
                column(Width::Mm(20.0), Align::Left),
                column(Width::Share(3), Align::Left),
                column(Width::Share(1), Align::Left),
                column(Width::Mm(18.0), Align::Right),
            ],
            head: vec![vec!["Mã".into(), "Rõ việc".into(), "Chủ trì".into(), "Số".into()]],
            rows: all,
            size: 10.0,
        },
        legend: vec!["Tổng 3 nhiệm vụ".to_owned()],
    }
}

#[test]
fn a_list_repeats_its_heading_and_says_its_moment_on_every_page() {
    let pdf = set(&Printable::Listing(listing(60)));
    let pages = page_count(&pdf);
    assert!(pages > 1, "{pages}");
    let text = text(&pdf);
    assert_eq!(text.matches("Chủ trì").count(), pages, "{text}");
    assert_eq!(text.matches("Số liệu lúc 16:00 ngày 26/09/2025").count(), pages, "{text}");
    assert!(text.contains(&format!("1/{pages}")) && text.contains(&format!("{pages}/{pages}")), "{text}");
    for row in 0..60 {
        assert_eq!(text.matches(&format!("PV-{row:02}")).count(), 1, "{row}");
    }
}

#[test]
fn a_group_name_is_never_the_last_line_of_a_page() {
    for rows in 20..40 {
        let pdf = set(&Printable::Listing(listing(rows)));
        for page in text(&pdf).split('\u{c}').filter(|page| !page.trim().is_empty()) {
            let lines: Vec<&str> = page.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
            let Some(last) = lines.iter().rposition(|line| line.starts_with("Nhóm")) else { continue };
            assert!(lines.iter().skip(last).any(|line| line.contains("PV-")), "{rows}: {page}");
        }
    }
}

#[test]
fn an_empty_list_is_a_page_with_its_heading() {
    let mut empty = listing(0);
    empty.table.rows.clear();
    let text = text(&set(&Printable::Listing(empty)));
    assert!(text.contains("Danh sách nhiệm vụ") && text.contains("Chủ trì"), "{text}");
}

/// A board has states that nothing is in: their names follow each other, and one may be the last.
#[test]
fn groups_without_rows_are_rows() {
    let mut board = listing(0);
    let group = |name: &str| Row {
        kind: RowKind::Group,
        cells: vec![Cell { text: Text::plain(name), columns: 4, rows: 1 }],
    };
    let row = listing(1).table.rows.remove(1);
    board.table.rows = vec![group("Một"), group("Hai"), row, group("Ba"), group("Bốn")];
    let text = text(&set(&Printable::Listing(board)));
    for name in ["Một", "Hai", "PV-00", "Ba", "Bốn"] {
        assert!(text.contains(name), "{name}: {text}");
    }
}

#[test]
fn columns_wider_than_the_page_share_it() {
    let mut wide = listing(5);
    for column in &mut wide.table.columns {
        column.width = Width::Mm(200.0);
    }
    let pdf = set(&Printable::Listing(wide));
    for word in words(&pdf) {
        assert!(word.right < 297.0 - 11.0, "{word:?}");
    }
}

#[test]
fn a_word_longer_than_its_column_breaks() {
    let mut long = listing(1);
    long.table.rows.push(Row {
        kind: RowKind::Body,
        cells: vec!["".into(), "".into(), "x".repeat(300).into(), "".into()],
    });
    for word in words(&set(&Printable::Listing(long))) {
        assert!(word.right < 297.0 - 11.0, "{word:?}");
    }
}

#[test]
fn a_row_longer_than_a_page_goes_on_on_the_next() {
    let mut long = listing(1);
    let words = (0..4000).map(|n| format!("chữ{n}")).collect::<Vec<_>>().join(" ");
    long.table
        .rows
        .push(Row { kind: RowKind::Body, cells: vec!["".into(), words.into(), "".into(), "".into()] });
    let pdf = set(&Printable::Listing(long));
    let text = text(&pdf);
    assert!(page_count(&pdf) > 2);
    assert!(text.contains("chữ0") && text.contains("chữ3999"));
}

#[test]
fn a_drawing_is_one_page_a_picture_with_its_letters_as_text() {
    let svg = |word: &str| {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 400 280\">\
             <rect width=\"400\" height=\"280\" fill=\"#eee\"/>\
             <text x=\"20\" y=\"40\" font-family=\"sans-serif\" font-size=\"14\">{word}</text></svg>"
        )
    };
    let pdf = set(&Printable::Drawing(Drawing {
        title: "Tiến độ".to_owned(),
        size: PageSize::A3,
        orientation: Orientation::Landscape,
        pages: vec![svg("Hội trường"), svg("Nghiệm thu")],
        legend: vec!["Số liệu lúc 16:00".to_owned()],
    }));
    assert_eq!(page_count(&pdf), 2);
    let text = text(&pdf);
    assert!(text.contains("Hội trường") && text.contains("Nghiệm thu") && text.contains("2/2"), "{text}");
    let (width, height) = common::page_size(&pdf);
    assert!((width - 420.0).abs() < 0.2 && (height - 297.0).abs() < 0.2, "{width} × {height}");
}

#[test]
fn a_page_as_dots_has_its_size_its_paper_and_its_ink_where_they_stand() {
    // A black square in the upper left quarter of an A4 page.
    let svg = r##"<svg xmlns="http://www.w3.org/2000/svg" width="200" height="200"><rect width="100" height="100" fill="#000"/></svg>"##;
    let drawing = Drawing {
        title: "Drawing".to_owned(),
        size: PageSize::A4,
        orientation: Orientation::Portrait,
        pages: vec![svg.to_owned()],
        legend: Vec::new(),
    };
    let pages = print_pdf::press().rasters(&Printable::Drawing(drawing), 72).unwrap();
    assert_eq!(pages.len(), 1);
    let page = &pages[0];
    // 210 × 297 mm at 72 dots per inch.
    assert_eq!((page.width, page.height), (595, 842));
    assert_eq!(page.dots.len(), 595 * 842);
    let black: Vec<(u32, u32)> = (0..page.height)
        .flat_map(|y| (0..page.width).map(move |x| (x, y)))
        .filter(|(x, y)| page.dots[(y * page.width + x) as usize] < 16)
        .collect();
    assert!(black.len() > 1_000, "{}", black.len());
    assert_eq!(page.dots.first(), Some(&255), "the margin is paper");
    let right = black.iter().map(|(x, _)| *x).max().unwrap();
    assert!(right < page.width / 2 + 2, "{right}");
}
