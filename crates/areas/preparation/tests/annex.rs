//! The annex table as offices write it, and back.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "data/words.rs"]
mod words;

use jiff::civil::{date, datetime, time};
use preparation::tasks::sheets::{
    AnnexEntry, AnnexError, AnnexPlan, AnnexReading, AnnexRow, CellErrorKind, Field, FieldSet, ReadOptions,
    RowChange, Support, Warning, changes, read_annex, write_annex,
};
use proptest::prelude::*;
use rules::dates::{DateError, Deadline};
use rules::state::TaskState;
use rules::timing::Timing;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;
use words::Catalogue;

fn options() -> ReadOptions {
    ReadOptions { default_year: Some(2025), ..ReadOptions::default() }
}

fn book(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("Phụ lục 1").unwrap();
    fill(sheet);
    book.save_to_buffer().unwrap()
}

fn table(rows: &[&[&str]]) -> Vec<u8> {
    book(|sheet| {
        for (r, row) in rows.iter().enumerate() {
            for (c, text) in row.iter().enumerate() {
                if !text.is_empty() {
                    sheet.write_string(r as u32, c as u16, *text).unwrap();
                }
            }
        }
    })
}

fn read(bytes: &[u8]) -> AnnexReading {
    read_annex(bytes, &options()).unwrap()
}

fn places(reading: &AnnexReading) -> Vec<(String, &'static str)> {
    reading.errors.iter().map(|e| (format!("{}{}", e.column, e.row), e.kind.key())).collect()
}

#[test]
fn the_classic_annex() {
    let bytes = book(|sheet| {
        let plain = Format::new();
        sheet.merge_range(0, 0, 0, 7, "THÀNH ỦY THÀNH PHỐ HỒ CHÍ MINH", &plain).unwrap();
        sheet.merge_range(2, 0, 2, 7, "PHỤ LỤC PHÂN CÔNG NHIỆM VỤ", &plain).unwrap();
        sheet.merge_range(3, 0, 3, 7, "(Kèm theo Kế hoạch số 12-KH/TU ngày 01/8/2025)", &plain).unwrap();
        for (c, text) in [
            "STT",
            "Nội dung\ncông việc",
            "Cơ quan chủ trì",
            "Cơ quan phối hợp",
            "Lãnh đạo phụ trách / người chịu trách nhiệm",
            "Thời gian\nhoàn thành",
            "Sản phẩm / kết quả",
            "Ghi chú",
        ]
        .iter()
        .enumerate()
        {
            sheet.write_string(5, c as u16, *text).unwrap();
            sheet.write_string(6, c as u16, format!("({})", c + 1)).unwrap();
        }
        sheet.write_string(7, 0, "I").unwrap();
        sheet.merge_range(7, 1, 7, 7, "CÔNG TÁC VĂN KIỆN", &plain).unwrap();
        sheet.write_number(8, 0, 1).unwrap();
        sheet.write_string(8, 1, "Hoàn thiện dự thảo Báo cáo chính trị").unwrap();
        sheet.write_string(8, 2, "Ban Tuyên giáo và Dân vận Thành ủy").unwrap();
        sheet
            .write_string(8, 3, "- Văn phòng Thành ủy (dữ liệu);\n- Sở Tài chính: thẩm định số liệu")
            .unwrap();
        sheet.write_string(8, 4, "Trưởng ban").unwrap();
        sheet.write_string(8, 5, "Trước ngày 20/9/2025").unwrap();
        sheet.write_string(8, 6, "01 dự thảo").unwrap();
        sheet.write_number(9, 0, 2).unwrap();
        sheet.write_string(9, 1, "Soạn Nghị quyết").unwrap();
        sheet.write_string(9, 2, "Văn phòng Thành ủy").unwrap();
        sheet
            .write_datetime_with_format(
                9,
                5,
                ExcelDateTime::from_ymd(2025, 10, 8).unwrap(),
                &Format::new().set_num_format("dd/mm/yyyy"),
            )
            .unwrap();
        sheet.merge_range(10, 0, 10, 7, "II. CÔNG TÁC NHÂN SỰ", &plain).unwrap();
        sheet.write_number(11, 0, 1).unwrap();
        sheet.write_string(11, 1, "Chốt danh sách đại biểu").unwrap();
        sheet.write_string(11, 2, "Ban Tổ chức Thành ủy").unwrap();
        sheet.write_string(11, 5, "01/09 → 24/09").unwrap();
        sheet.write_string(13, 0, "Ghi chú: các cơ quan báo cáo trước 16 giờ thứ Năm hằng tuần.").unwrap();
        sheet.write_string(14, 1, "Nơi nhận:").unwrap();
        sheet.write_string(14, 5, "T/M BAN THƯỜNG VỤ").unwrap();
        sheet.write_string(15, 5, "PHÓ BÍ THƯ").unwrap();
    });
    let reading = read(&bytes);
    assert_eq!(reading.errors, []);
    assert_eq!(reading.warnings, []);
    assert_eq!(reading.groups, ["CÔNG TÁC VĂN KIỆN", "CÔNG TÁC NHÂN SỰ"]);
    assert_eq!(reading.rows.len(), 3);
    let [first, second, third] = reading.rows.as_slice() else { panic!("three rows") };
    assert_eq!(first.line, 9);
    assert_eq!(first.stream.as_deref(), Some("CÔNG TÁC VĂN KIỆN"));
    assert_eq!(first.lead.as_deref(), Some("Ban Tuyên giáo và Dân vận Thành ủy"));
    assert_eq!(
        first.supports,
        [
            Support { unit: "Văn phòng Thành ủy".into(), contribution: Some("dữ liệu".into()) },
            Support {
                unit: "Sở Tài chính".into(), contribution: Some("thẩm định số liệu".into())
            },
        ]
    );
    assert_eq!(first.due, Some(Deadline::on(date(2025, 9, 20))));
    assert_eq!(second.due, Some(Deadline::on(date(2025, 10, 8))));
    assert_eq!(third.start, Some(date(2025, 9, 1)));
    assert_eq!(third.due, Some(Deadline::on(date(2025, 9, 24))));
    assert_eq!(third.stream.as_deref(), Some("CÔNG TÁC NHÂN SỰ"));
    // The table has no column for state, so nothing is said about it.
    assert!(!first.stated.has(Field::State) && first.stated.has(Field::Note));
    assert!(third.stated.has(Field::Start) && !first.stated.has(Field::Start));
}

#[test]
fn steering_committee_columns_shuffled_and_decomposed() {
    let nfd = |text: &str| text.nfd().collect::<String>();
    let header: Vec<String> = [
        "Trạng thái",
        "Tiến độ %",
        "Hạn",
        "Mã",
        "NHIỆM VỤ",
        "chủ trì",
        "Phối hợp",
        "Lãnh đạo phụ trách",
        "Nhóm",
        "Lĩnh vực",
        "TT",
        "Sản phẩm",
        "Thẩm quyền",
        "Căn cứ (số ký hiệu)",
        "Quá hạn",
        "Giao (đề xuất / đã duyệt)",
    ]
    .iter()
    .map(|t| nfd(t))
    .collect();
    let row: Vec<String> = [
        "đang thực hiện",
        "70",
        "8/10/2025",
        "VK-03",
        "Soạn Nghị quyết",
        "Tổ Biên tập",
        "",
        "Trưởng ban",
        "Văn kiện",
        "Nội dung",
        "1",
        "02 dự thảo",
        "Ban Thường vụ duyệt",
        "127-TB/TU, khoản 2; 42/2014/QĐ-TTg",
        "",
        "đã duyệt",
    ]
    .iter()
    .map(|t| nfd(t))
    .collect();
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let row: Vec<&str> = row.iter().map(String::as_str).collect();
    let reading = read(&table(&[&header, &row]));
    assert_eq!(reading.errors, []);
    assert_eq!(reading.warnings, []);
    let task = &reading.rows[0];
    assert_eq!(task.code.as_deref(), Some("VK-03"));
    assert_eq!(task.what, "Soạn Nghị quyết", "stored composed");
    assert_eq!(task.state, Some(TaskState::InProgress));
    assert_eq!(task.percent, Some(70));
    assert_eq!(task.stream.as_deref(), Some("Văn kiện"));
    assert_eq!(task.domain.as_deref(), Some("Nội dung"));
    assert_eq!(task.basis.len(), 2);
    assert_eq!(task.basis[0].clause.as_deref(), Some("khoản 2"));
    assert_eq!(task.basis[1].document, "42/2014/QĐ-TTg");
}

#[test]
fn six_ro_columns_with_who_and_when_in_one_cell() {
    let reading = read(&table(&[
        &[
            "STT",
            "Mã",
            "Rõ việc",
            "Rõ người (chủ trì; phối hợp)",
            "Rõ tiến độ",
            "Rõ thẩm quyền",
            "Rõ trách nhiệm",
            "Rõ kết quả",
            "Trạng thái — đèn",
        ],
        &[
            "8",
            "DB-03",
            "Phát hành Thư triệu tập",
            "Văn phòng Thành ủy; phối hợp: Ban Tổ chức Thành ủy (danh sách); Công an Thành phố",
            "25/09 → 02/10",
            "Chánh Văn phòng ký thừa lệnh",
            "Phó Chánh Văn phòng",
            "100% thư có mã QR",
            "Đã tiếp nhận 10% — ◔ sắp đến hạn (còn 6 ngày)",
        ],
        &[
            "12",
            "DD-02",
            "Trình chọn địa điểm",
            "Văn phòng Thành ủy",
            "15/08 → 22/08",
            "",
            "",
            "",
            "Hoàn thành — ✔ trễ hạn 3 ngày",
        ],
    ]));
    assert_eq!(reading.errors, []);
    let task = &reading.rows[0];
    assert_eq!(task.lead.as_deref(), Some("Văn phòng Thành ủy"));
    assert_eq!(task.supports.len(), 2);
    assert_eq!(task.supports[0].contribution.as_deref(), Some("danh sách"));
    assert_eq!(task.start, Some(date(2025, 9, 25)));
    assert_eq!(task.state, Some(TaskState::Acknowledged));
    assert_eq!(task.percent, Some(10));
    assert_eq!(reading.rows[1].state, Some(TaskState::Accepted));
}

#[test]
fn two_rows_of_headings_and_cells_merged_downwards() {
    let bytes = book(|sheet| {
        let plain = Format::new();
        for (c, text) in [(0, "TT"), (1, "Nội dung nhiệm vụ"), (2, "Đơn vị")] {
            if c < 2 {
                sheet.merge_range(3, c, 4, c, text, &plain).unwrap();
            }
        }
        sheet.merge_range(3, 2, 3, 3, "Phân công", &plain).unwrap();
        sheet.write_string(4, 2, "Chủ trì").unwrap();
        sheet.write_string(4, 3, "Phối hợp").unwrap();
        sheet.merge_range(3, 4, 3, 5, "Thời gian", &plain).unwrap();
        sheet.write_string(4, 4, "Bắt đầu").unwrap();
        sheet.write_string(4, 5, "Hoàn thành").unwrap();
        sheet.merge_range(3, 6, 4, 6, "Sản phẩm", &plain).unwrap();
        for r in 0..3u32 {
            sheet.write_number(5 + r, 0, r + 1).unwrap();
            sheet.write_string(5 + r, 1, format!("Việc {}", r + 1)).unwrap();
            sheet.write_string(5 + r, 4, "1/9").unwrap();
            sheet.write_string(5 + r, 5, "10/9").unwrap();
        }
        sheet.merge_range(5, 2, 7, 2, "Công an Thành phố", &plain).unwrap();
        // One task over two rows: the second adds a result and a unit.
        sheet.write_number(8, 0, 4).unwrap();
        sheet.merge_range(8, 1, 9, 1, "Việc 4", &plain).unwrap();
        sheet.write_string(8, 2, "Sở Y tế").unwrap();
        sheet.write_string(8, 3, "Sở Xây dựng").unwrap();
        sheet.write_string(9, 3, "Sở Tài chính").unwrap();
        sheet.write_string(8, 6, "01 kế hoạch").unwrap();
        sheet.write_string(9, 6, "01 biên bản").unwrap();
        sheet.write_string(8, 5, "16:00 12/10").unwrap();
    });
    let reading = read(&bytes);
    assert_eq!(reading.errors, []);
    assert_eq!(reading.rows.len(), 4);
    assert!(reading.rows.iter().take(3).all(|t| t.lead.as_deref() == Some("Công an Thành phố")));
    assert!(reading.rows.iter().take(3).all(|t| t.start == Some(date(2025, 9, 1))));
    let last = &reading.rows[3];
    assert_eq!(last.result.as_deref(), Some("01 kế hoạch\n01 biên bản"));
    assert_eq!(last.supports.len(), 2);
    assert_eq!(last.due, Some(Deadline::at(date(2025, 10, 12), time(16, 0, 0, 0))));
}

#[test]
fn every_error_at_once_with_its_place() {
    let bytes = book(|sheet| {
        for (c, text) in
            ["STT", "Mã", "Nội dung công việc", "Chủ trì", "Bắt đầu", "Thời hạn", "Trạng thái", "Tiến độ %"]
                .iter()
                .enumerate()
        {
            sheet.write_string(0, c as u16, *text).unwrap();
        }
        let rows: [[&str; 8]; 9] = [
            ["1", "A-01", "Việc một", "Văn phòng; Ban Tổ chức", "1/9", "09/30/2025", "đang làm", "150"],
            ["2", "A-01", "Việc hai", "Sở Y tế", "", "31/4/2025", "đang bay", ""],
            ["3", "A-03", "", "Sở Y tế", "", "1/1/1900", "", "chín mươi"],
            ["4", "A-04", "Việc bốn", "Sở Y tế\nSở Xây dựng", "10/9", "1/9", "", ""],
            ["5", "A-05", "Việc năm", "Sở Y tế và Ban Nội chính", "", "sớm", "", ""],
            ["6", "A-06", "Việc sáu", "Sở Y tế", "", "5/9/25", "", ""],
            ["7", "a-06", "Việc bảy", "Sở Y tế", "", "25:00 5/9/2025", "", ""],
            ["8", "A-08", "Việc tám", "Sở Y tế", "", "", "", ""],
            ["9", "A-09", "Việc chín", "Sở Y tế", "", "", "", ""],
        ];
        for (r, row) in rows.iter().enumerate() {
            for (c, text) in row.iter().enumerate() {
                if !text.is_empty() {
                    sheet.write_string(r as u32 + 1, c as u16, *text).unwrap();
                }
            }
        }
        sheet.write_formula(8, 5, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
        sheet.write_string(9, 2, "x".repeat(9_000)).unwrap();
        sheet.write_number(9, 5, 1.0).unwrap();
    });
    let reading = read(&bytes);
    let found = places(&reading);
    let has = |place: &str, key: &str| {
        assert!(found.contains(&(place.to_owned(), key)), "{place} {key} in {found:?}")
    };
    has("D2", "annex-cell-two-leads");
    has("F2", "date-month-first");
    has("H2", "annex-cell-bad-percent");
    has("B3", "annex-cell-duplicate-code");
    has("F3", "date-no-such-day");
    has("G3", "annex-cell-unknown-state");
    has("C4", "annex-cell-missing-what");
    has("F4", "date-year-out-of-range");
    has("H4", "annex-cell-bad-percent");
    has("D5", "annex-cell-two-leads");
    has("E5", "annex-cell-start-after-due");
    has("D6", "annex-cell-two-leads");
    has("F6", "date-not-a-date");
    has("F7", "date-short-year");
    has("B8", "annex-cell-duplicate-code");
    has("F8", "date-no-such-time");
    has("F9", "annex-cell-formula");
    has("C10", "annex-cell-too-long");
    has("F10", "date-not-a-date");
    assert_eq!(found.len(), 19, "{found:?}");
    assert!(reading.accepted().is_err(), "nothing is half applied");
    assert_eq!(reading.rows.len(), 9, "the rest is kept to show it");
    assert!(reading.errors.iter().all(|e| e.sheet == "Phụ lục 1"));
    let month = reading.errors.iter().find(|e| e.kind.key() == "date-month-first").unwrap();
    assert_eq!(month.kind, CellErrorKind::Date(DateError::MonthFirst { suggestion: date(2025, 9, 30) }));
}

#[test]
fn numbers_that_are_dates_and_percentages_in_three_spellings() {
    let bytes = book(|sheet| {
        for (c, text) in ["STT", "Nội dung", "Chủ trì", "Hạn", "Tiến độ"].iter().enumerate() {
            sheet.write_string(0, c as u16, *text).unwrap();
        }
        for r in 1..=4u32 {
            sheet.write_number(r, 0, r).unwrap();
            sheet.write_string(r, 1, format!("Việc {r}")).unwrap();
            sheet.write_string(r, 2, "Sở Y tế").unwrap();
        }
        sheet.write_number(1, 3, 45_926).unwrap();
        sheet.write_number(1, 4, 0.9).unwrap();
        sheet.write_number(2, 4, 90).unwrap();
        sheet.write_string(3, 4, "90%").unwrap();
        sheet.write_string(4, 4, "0,9").unwrap();
        sheet.write_formula(2, 3, Formula::new("=TODAY()").set_result("45926")).unwrap();
    });
    let reading = read(&bytes);
    assert_eq!(reading.errors, []);
    assert_eq!(reading.rows[0].due, Some(Deadline::on(date(2025, 9, 26))));
    assert_eq!(reading.rows[1].due, Some(Deadline::on(date(2025, 9, 26))), "a formula gives its saved value");
    assert!(matches!(reading.warnings[0], Warning::SerialDate { row: 2, .. }));
    assert!(reading.rows.iter().all(|row| row.percent == Some(90)), "{:?}", reading.rows);
}

#[test]
fn what_cannot_be_used_is_said() {
    let reading = read(&table(&[
        &["STT", "Nội dung công việc", "Chủ trì", "Hạn", "Cơ quan chủ trì tham mưu", "Màu sắc"],
        &["1", "Việc", "Sở Y tế", "5/9", "Sở A", "đỏ"],
    ]));
    let keys: Vec<&str> = reading.warnings.iter().map(Warning::key).collect();
    assert!(
        keys.contains(&"annex-warning-repeated-column") && keys.contains(&"annex-warning-unknown-column")
    );
    assert_eq!(read_annex(&table(&[&["một", "hai"], &["ba", "bốn"]]), &options()), Err(AnnexError::NoHeader));
    assert_eq!(
        read_annex(&table(&[&["STT", "Nội dung công việc", "Chủ trì", "Hạn"]]), &options()),
        Err(AnnexError::NoTasks)
    );
}

#[test]
fn no_year_and_none_to_assume_is_an_error() {
    let bytes = table(&[&["STT", "Nội dung", "Chủ trì", "Hạn"], &["1", "Việc", "Sở Y tế", "5/9"]]);
    let reading = read_annex(&bytes, &ReadOptions::default()).unwrap();
    assert_eq!(places(&reading), [("D2".to_owned(), "date-no-year")]);
}

// ---------------------------------------------------------------- round trip

fn as_of() -> jiff::civil::DateTime {
    datetime(2025, 9, 26, 16, 0, 0, 0)
}

fn entry(row: AnnexRow) -> AnnexEntry {
    AnnexEntry { row, timing: Timing::NotYet, timing_text: String::new() }
}

fn plan_of(rows: Vec<AnnexRow>) -> AnnexPlan {
    AnnexPlan {
        parent_body: "THÀNH ỦY TP. HỒ CHÍ MINH".into(),
        body: "TIỂU BAN TỔ CHỨC PHỤC VỤ ĐẠI HỘI".into(),
        title: "Kế hoạch chuẩn bị và phục vụ Đại hội".into(),
        attached_to: "Kèm theo Kế hoạch số 12-KH/TBPV".into(),
        entries: rows.into_iter().map(entry).collect(),
    }
}

fn written(plan: &AnnexPlan) -> Vec<u8> {
    let words = Catalogue::vi();
    write_annex(plan, &|key, args| words.say(key, args), as_of()).unwrap()
}

/// The sample plan as the register would hold it.
fn sample() -> AnnexPlan {
    let plan: serde_json::Value = serde_json::from_str(include_str!("../demo/plan.json")).unwrap();
    let mut entries = Vec::new();
    for (i, task) in plan["tasks"].as_array().unwrap().iter().enumerate() {
        let text = |key: &str| task[key].as_str().map(str::to_owned);
        let days = task["days"].as_i64().unwrap();
        let (timing, timing_text) = match task["timing"].as_str().unwrap() {
            "chua_den_han" => (Timing::NotYet, format!("còn {days} ngày")),
            "sap_den_han" => (Timing::DueSoon, format!("còn {days} ngày")),
            "den_han_hom_nay" => (Timing::DueToday, "đến hạn hôm nay".into()),
            "qua_han" => (Timing::Overdue, format!("quá hạn {} ngày", -days)),
            "hoan_thanh_truoc_han" => (Timing::DoneEarly, format!("trước hạn {} ngày", -days)),
            "hoan_thanh_dung_han" => (Timing::DoneOnTime, "đúng hạn".into()),
            _ => (Timing::DoneLate, format!("trễ hạn {days} ngày")),
        };
        let supports = task["who"]["support"].as_str().unwrap();
        let row = AnnexRow {
            id: Some(Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0000 + i as u128)),
            stated: FieldSet::whole(),
            code: text("code"),
            stream: text("stream"),
            what: text("what").unwrap(),
            lead: task["who"]["lead"].as_str().map(str::to_owned),
            supports: supports
                .split("; ")
                .flat_map(|s| {
                    let (units, contribution) = match s.split_once(" (") {
                        Some((units, rest)) => (units, Some(rest.trim_end_matches(')').to_owned())),
                        None => (s, None),
                    };
                    units
                        .split(", ")
                        .map(move |unit| Support { unit: unit.into(), contribution: contribution.clone() })
                })
                .collect(),
            accountable: text("accountable"),
            authority: text("authority"),
            result: text("result"),
            start: text("start").map(|d| d.parse().unwrap()),
            due: text("due").map(|d| Deadline::on(d.parse().unwrap())),
            state: text("state").map(|s| s.parse().unwrap()),
            percent: task["progress"].as_u64().map(|p| p as u8),
            ..AnnexRow::default()
        };
        entries.push(AnnexEntry { row, timing, timing_text });
    }
    AnnexPlan { entries, ..plan_of(Vec::new()) }
}

fn rows_of(plan: &AnnexPlan) -> Vec<AnnexRow> {
    plan.entries.iter().map(|e| e.row.clone().normalised()).collect()
}

fn back(bytes: &[u8]) -> Vec<AnnexRow> {
    let reading = read(bytes);
    assert_eq!(reading.errors, []);
    assert_eq!(reading.warnings, []);
    assert_eq!(reading.format, Some(1));
    reading.rows.into_iter().map(|row| AnnexRow { line: 0, ..row }).collect()
}

#[test]
fn the_sample_plan_comes_back_exactly() {
    let plan = sample();
    let bytes = written(&plan);
    if let Ok(folder) = std::env::var("ANNEX_OUT") {
        std::fs::write(format!("{folder}/phu-luc.xlsx"), &bytes).unwrap();
    }
    let rows = back(&bytes);
    assert_eq!(rows, rows_of(&plan));
    let diff = changes(&rows_of(&plan), &rows);
    assert_eq!(diff.len(), 40);
    assert!(
        diff.iter().all(|c| matches!(c, RowChange::Unchanged { .. })),
        "import of one's own export changes nothing"
    );
}

#[test]
fn the_sample_plan_comes_back_without_the_hidden_columns_too() {
    // As if somebody had copied the visible table into a new file.
    let plan = sample();
    let visible: Vec<Vec<String>> = {
        use calamine::{Data, Reader, Xlsx};
        let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(written(&plan))).unwrap();
        let range = book.worksheet_range("Phụ lục").unwrap();
        range
            .rows()
            .map(|row| {
                row.iter()
                    .take(14)
                    .enumerate()
                    .map(|(column, cell)| match cell {
                        Data::DateTime(at) => {
                            let (y, m, d, ..) = at.to_ymd_hms_milli();
                            format!("{d:02}/{m:02}/{y}")
                        }
                        Data::Float(share) if column == 11 => format!("{}%", share * 100.0),
                        other => other.to_string(),
                    })
                    .collect()
            })
            .collect()
    };
    let visible: Vec<Vec<&str>> =
        visible.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
    let visible: Vec<&[&str]> = visible.iter().map(Vec::as_slice).collect();
    let reading = read(&table(&visible));
    assert_eq!(reading.errors, []);
    let diff = changes(&rows_of(&plan), &reading.rows);
    let different: Vec<_> = diff.iter().filter(|c| !matches!(c, RowChange::Unchanged { .. })).collect();
    assert!(different.is_empty(), "{different:#?}");
}

#[test]
fn changes_are_found_by_identifier_then_by_code() {
    let current = rows_of(&sample());
    let mut incoming = current.clone();
    incoming[0].percent = Some(50);
    incoming[0].code = Some("VK-99".into());
    incoming[1].id = None;
    incoming[1].code = Some("vk-02".into());
    incoming[1].note = Some("mới".into());
    incoming[2].stated = [Field::What].into_iter().collect();
    incoming[2].lead = None;
    incoming[2].due = None;
    incoming[3].note = None;
    incoming[3].result = None;
    incoming[4].stub = true;
    incoming[4].what = "khác".into();
    incoming.remove(5);
    incoming.push(AnnexRow { what: "Việc mới".into(), ..AnnexRow::default() });
    let diff = changes(&current, &incoming);
    let fields = |change: &RowChange| match change {
        RowChange::Changed { fields, .. } => fields.iter().map(|f| f.field).collect::<Vec<_>>(),
        _ => Vec::new(),
    };
    assert_eq!(fields(&diff[0]), [Field::Code, Field::Percent]);
    assert_eq!(fields(&diff[1]), [Field::Code, Field::Note]);
    assert!(matches!(diff[2], RowChange::Unchanged { .. }), "a column that is absent erases nothing");
    assert_eq!(fields(&diff[3]), [Field::Result], "a cleared cell clears");
    assert!(matches!(diff[4], RowChange::Unchanged { .. }), "a stub says nothing");
    assert!(matches!(diff[39], RowChange::Added { incoming: 39 }));
    assert_eq!(diff[40], RowChange::Missing { current: 5 });
}

#[test]
fn a_classified_task_leaves_only_its_code() {
    let mut plan = sample();
    plan.entries[3].row.stub = true;
    let bytes = written(&plan);
    let rows = back(&bytes);
    assert!(rows[3].stub);
    assert_eq!(rows[3].code.as_deref(), Some("VK-04"));
    assert_eq!(rows[3].what, "Nhiệm vụ mật, theo dõi ngoài hệ thống");
    assert_eq!((&rows[3].lead, rows[3].due, rows[3].percent, rows[3].state), (&None, None, None, None));
    // Nowhere in the file, hidden parts included.
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    for i in 0..archive.len() {
        let mut text = String::new();
        std::io::Read::read_to_string(&mut archive.by_index(i).unwrap(), &mut text).unwrap();
        assert!(!text.contains("Đóng gói tài liệu") && !text.contains("cơ yếu"));
    }
    let diff = changes(&rows_of(&sample()), &rows);
    assert!(diff.iter().all(|c| matches!(c, RowChange::Unchanged { .. })));
}

#[test]
fn counts_at_the_foot_reconcile() {
    let bytes = written(&sample());
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    std::io::Read::read_to_string(&mut archive.by_name("xl/sharedStrings.xml").unwrap(), &mut text).unwrap();
    assert!(text.contains("hoàn thành 8/40 (trước hạn 4, đúng hạn 2, trễ hạn 2); chưa hoàn thành 32/40 (quá hạn 2, đến hạn hôm nay 1, sắp đến hạn 7, chưa đến hạn 22"));
    assert!(!text.contains("<f>"));
}

#[test]
fn an_english_export_is_read_back_too() {
    let plan = sample();
    let words = Catalogue::en();
    let bytes = write_annex(&plan, &|key, args| words.say(key, args), as_of()).unwrap();
    assert_eq!(back(&bytes), rows_of(&plan));
}

#[test]
fn a_copied_row_and_a_later_format_are_noticed() {
    let id = Uuid::from_u128(7).to_string();
    let reading = read(&table(&[
        &["STT", "Nội dung", "Chủ trì", "Hạn", "dienhong-id"],
        &["1", "Việc", "Sở Y tế", "5/9", &id],
        &["2", "Việc chép", "Sở Y tế", "6/9", &id],
        &["3", "Việc sửa", "Sở Y tế", "6/9", "abc"],
    ]));
    assert_eq!(
        places(&reading),
        [("E3".to_owned(), "annex-cell-duplicate-id"), ("E4".to_owned(), "annex-cell-bad-id")]
    );
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (c, text) in ["STT", "Nội dung", "Chủ trì", "Hạn"].iter().enumerate() {
        sheet.write_string(0, c as u16, *text).unwrap();
    }
    let meta = book.add_worksheet();
    meta.set_name("dienhong").unwrap();
    meta.write_string(0, 0, "format").unwrap();
    meta.write_string(0, 1, "2").unwrap();
    let bytes = book.save_to_buffer().unwrap();
    assert_eq!(read_annex(&bytes, &options()), Err(AnnexError::LaterFormat { version: 2 }));
}

fn words_of(max: usize) -> impl Strategy<Value = String> {
    let word = prop_oneof![
        8 => "(Tổng|hợp|ý|kiến|đại|biểu|Đảng|bộ|phục|vụ|Nghị|quyết|và|kế|hoạch|01|%|–|\\(x\\)|;|,|:|\"|'|&|<b>)",
        1 => "[=+@-][A-Za-z0-9(!|]{1,8}",
        1 => "_x000[0-9A-F]_",
        1 => "(I\\.|II|1\\.|-|=|phối hợp:|chủ trì:|Nơi nhận:|end)",
        1 => "[ -~]{1,6}",
    ];
    let space = prop_oneof![6 => Just(" "), 1 => Just("  "), 1 => Just("\t"), 1 => Just("\u{a0}"), 1 => Just("\n"), 1 => Just("\r\n")];
    proptest::collection::vec((word, space), 1..max)
        .prop_map(|parts| parts.into_iter().map(|(w, s)| format!("{w}{s}")).collect::<String>())
}

fn maybe(max: usize) -> impl Strategy<Value = Option<String>> {
    proptest::option::of(words_of(max))
}

fn row() -> impl Strategy<Value = AnnexRow> {
    let day = (2001i16..2099, 1i8..=12, 1i8..=28).prop_map(|(y, m, d)| date(y, m, d));
    let due = (day.clone(), proptest::option::of((0i8..24, 0i8..60)))
        .prop_map(|(d, t)| Deadline { date: d, time: t.map(|(h, m)| time(h, m, 0, 0)) });
    let support = (words_of(4), maybe(4)).prop_map(|(unit, contribution)| Support { unit, contribution });
    let basis = (words_of(3), maybe(3))
        .prop_map(|(document, clause)| preparation::tasks::sheets::Basis { document, clause });
    let texts = (maybe(4), maybe(4), maybe(4), maybe(6), maybe(4), maybe(4), maybe(8), maybe(5));
    let lists = (
        proptest::collection::vec(support, 0..4),
        proptest::collection::vec(basis, 0..3),
        proptest::collection::vec(words_of(3), 0..3),
    );
    let state = proptest::option::of(proptest::sample::select(TaskState::ALL.to_vec()));
    let rest = (
        proptest::option::of(day),
        proptest::option::of(due),
        state,
        proptest::option::of(0u8..=100),
        proptest::option::of(prop_oneof![
            Just("Văn kiện".to_owned()),
            Just("I. Hậu cần".to_owned()),
            words_of(3)
        ]),
        maybe(3),
        maybe(3),
        words_of(8),
    );
    (any::<u128>(), texts, lists, rest).prop_map(
        |(
            id,
            (lead, focal, accountable, authority, approver, acceptor, result, note),
            (supports, basis, evidence),
            (start, due, state, percent, stream, phase, domain, what),
        )| {
            let swap = matches!((start, due), (Some(s), Some(d)) if s > d.date);
            AnnexRow {
                line: 0,
                stated: FieldSet::whole(),
                id: Some(Uuid::from_u128(id)),
                code: None,
                stream,
                domain,
                what,
                lead,
                supports,
                focal,
                accountable,
                authority,
                approver,
                acceptor,
                start: if swap { None } else { start },
                due,
                result,
                criteria: None,
                evidence,
                basis,
                note,
                state,
                percent,
                phase,
                stub: false,
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_plan_comes_back_exactly_and_changes_nothing(rows in proptest::collection::vec(row(), 1..12)) {
        let mut rows: Vec<AnnexRow> = rows;
        for (i, row) in rows.iter_mut().enumerate() {
            row.code = (i % 3 != 0).then(|| format!("T-{i:02}"));
            // A row without an identifier still comes back; without a code it cannot be matched.
            row.id = row.id.filter(|_| i % 3 != 1);
            if row.clone().normalised().what.is_empty() {
                row.what = "Việc".into();
            }
        }
        let plan = plan_of(rows);
        let read_back = back(&written(&plan));
        let expected = rows_of(&plan);
        prop_assert_eq!(&read_back, &expected);
        let diff = changes(&expected, &read_back);
        let same = diff.iter().all(|c| matches!(c, RowChange::Unchanged { .. }));
        prop_assert!(same, "import of one's own export changes nothing");
    }

    #[test]
    fn cut_or_scrambled_files_never_panic(cut in 0usize..12_000, flips in proptest::collection::vec((0usize..12_000, any::<u8>()), 0..6)) {
        let mut bytes = table(&[&["STT", "Nội dung", "Chủ trì", "Hạn"], &["1", "Việc", "Sở Y tế", "5/9"]]);
        for (at, value) in flips {
            let len = bytes.len();
            bytes[at % len] ^= value;
        }
        bytes.truncate(bytes.len().saturating_sub(cut % bytes.len()));
        let _ = read_annex(&bytes, &options());
    }

    #[test]
    fn any_cells_never_panic(cells in proptest::collection::vec((0u32..40, 0u16..20, words_of(4)), 0..60)) {
        let bytes = book(|sheet| {
            for (c, text) in ["STT", "Nội dung", "Chủ trì", "Phối hợp", "Hạn", "Căn cứ", "Trạng thái", "Tiến độ %"].iter().enumerate() {
                sheet.write_string(3, c as u16, *text).unwrap();
            }
            for (r, c, text) in &cells {
                sheet.write_string(*r, *c, text).unwrap();
            }
        });
        let _ = read_annex(&bytes, &options());
    }
}
