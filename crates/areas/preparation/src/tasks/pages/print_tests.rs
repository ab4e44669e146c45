//! The prints of tasks: the same rows and rights as on the screen, through the router, on both databases. The
//! press of these tests writes down what it was given.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::sync::Arc;

use axum::{Extension, Router};
use platform::{
    app::App,
    audit::Author,
    identity::{Confidentiality, Right},
    testing::{Answered, House, Seat, on_both},
};
use print::{Press, PressError, PressRoom, Printable};

use crate::{
    demo,
    tasks::{TaskError, model::TaskFields, store},
};

/// Writes down what it was given to set.
struct Notes;

impl Press for Notes {
    fn pdf(&self, printable: &Printable) -> Result<Vec<u8>, PressError> {
        Ok(format!("{printable:#?}").into_bytes())
    }

    fn rasters(&self, _: &Printable, _: u16) -> Result<Vec<print::Raster>, PressError> {
        Err(PressError::Press("a press of words".to_owned()))
    }
}

fn routes() -> Router<App> {
    super::routes().merge(crate::tasks::api::routes()).layer(Extension(PressRoom::new(Arc::new(Notes), 2)))
}

async fn seeded(house: &House) -> (Seat, Seat) {
    house.write(&Author::system("demo"), demo::seed).await.expect("the sample plan");
    let reader = house.seat("Chuyên viên đọc", &[("tasks", Right::Read)]).await;
    let leader = house.seat("Trưởng Tiểu ban", &[("tasks", Right::Decide)]).await;
    (reader, leader)
}

async fn take(house: &House, seat: &Seat, path: &str) -> Answered {
    house.call(&routes(), seat.get(path)).await
}

const LISTS: [&str; 9] = [
    "/nhiem-vu/danh-sach.pdf",
    "/nhiem-vu/bang.pdf",
    "/nhiem-vu/lich.pdf",
    "/nhiem-vu/ma-tran.pdf",
    "/viec-cua-toi.pdf",
    "/nhiem-vu/xuat.pdf",
    "/nhiem-vu/gantt.pdf",
    "/api/v1/task-exports/annex.pdf",
    "/api/v1/task-exports/tasks.pdf",
];

#[test]
fn every_list_goes_on_paper_with_its_moment_and_only_for_readers() {
    on_both(&crate::migrations(), async |house: House| {
        let (reader, _) = seeded(&house).await;
        let nobody = house.seat("Người ngoài", &[]).await;
        for path in LISTS {
            let answer = take(&house, &reader, path).await;
            assert_eq!(answer.status, 200, "{path}: {}", answer.text);
            assert_eq!(answer.header("content-type"), "application/pdf", "{path}");
            assert!(answer.header("content-disposition").ends_with(".pdf\""), "{path}");
            assert!(answer.text.contains("Số liệu đến"), "{path}: {}", answer.text);
            assert_eq!(take(&house, &nobody, path).await.status, 403, "{path}");
        }
    });
}

#[test]
fn the_paper_has_the_rows_of_the_screen_and_says_its_filter() {
    on_both(&crate::migrations(), async |house: House| {
        let (reader, _) = seeded(&house).await;
        let whole = take(&house, &reader, "/nhiem-vu/danh-sach.pdf").await.text;
        assert!(whole.contains("Toàn bộ sổ nhiệm vụ") && whole.contains("40 trên 40 nhiệm vụ"), "{whole}");
        assert!(whole.contains("DB-05") && whole.contains("VK-01"), "{whole}");
        let some = take(&house, &reader, "/nhiem-vu/danh-sach.pdf?q=DB-05").await.text;
        assert!(some.contains("“DB-05”") && some.contains("1 trên 40 nhiệm vụ"), "{some}");
        assert!(some.contains("DB-05") && !some.contains("VK-01"), "{some}");
        let api = take(&house, &reader, "/api/v1/task-exports/tasks.pdf?q=DB-05").await.text;
        assert!(api.contains("1 trên 40 nhiệm vụ"), "{api}");
        // A condition that cannot be read is said on the paper too.
        let odd = take(&house, &reader, "/nhiem-vu/danh-sach.pdf?den=mai").await.text;
        assert!(odd.contains("den=mai"), "{odd}");
        let none = take(&house, &reader, "/nhiem-vu/gantt.pdf?q=khongcogi").await;
        assert_eq!(none.status, 404);
    });
}

#[test]
fn what_may_not_be_seen_is_not_on_paper() {
    on_both(&crate::migrations(), async |house: House| {
        let (reader, _) = seeded(&house).await;
        let plan = house.read(|tx| Ok::<_, TaskError>(store::plans(tx)?[0].id)).await.unwrap();
        let fields = TaskFields {
            code: "NB-01".into(),
            what: "Chuẩn bị nội dung chỉ nội bộ được biết".into(),
            confidentiality: Confidentiality::Internal,
            due: Some(rules::dates::Deadline::on(jiff::civil::date(2025, 10, 1))),
            ..TaskFields::default()
        };
        house.write(&Author::cli(), move |tx| store::create(tx, plan, fields)).await.unwrap();
        // Reads in one unit only: what others do is a stub.
        let outsider = house.seat("Chuyên viên đơn vị khác", &[]).await;
        house.grant(outsider.office, Some(outsider.unit), &[("tasks", Right::Read)]).await;
        for path in LISTS {
            let text = take(&house, &outsider, path).await.text;
            assert!(!text.contains("chỉ nội bộ"), "{path}");
        }
        let annex = take(&house, &outsider, "/nhiem-vu/xuat.pdf").await.text;
        assert!(annex.contains("NB-01") && annex.contains("theo dõi ngoài hệ thống"), "{annex}");
        let whole = take(&house, &reader, "/nhiem-vu/xuat.pdf").await.text;
        assert!(whole.contains("chỉ nội bộ"), "{whole}");
    });
}

#[test]
fn the_annex_counts_inside_each_group_and_its_columns_are_numbered() {
    on_both(&crate::migrations(), async |house: House| {
        let (reader, _) = seeded(&house).await;
        let annex = take(&house, &reader, "/nhiem-vu/xuat.pdf").await.text;
        for words in ["PHỤ LỤC PHÂN CÔNG NHIỆM VỤ", "Cơ quan chủ trì", "(11)", "\"I. ", "\"II. "]
        {
            assert!(annex.contains(words), "{words}: {annex}");
        }
    });
}

/// What a paper says, line by line of what the press was given.
#[track_caller]
fn has(answer: &Answered, words: &[&str]) {
    assert_eq!(answer.status, 200, "{}", answer.text);
    for one in words {
        assert!(answer.text.contains(one), "{one}: {}", answer.text);
    }
}

#[test]
fn the_signed_report_is_a_document_of_its_body_with_denominators_and_its_hash() {
    on_both(&crate::migrations(), async |house: House| {
        let (reader, leader) = seeded(&house).await;
        let now = take(&house, &leader, "/api/v1/task-reports/now").await.json();
        let mark = now["mark"].as_str().unwrap();
        let signed = house.call(&routes(), leader.post("/bao-cao/nhiem-vu/ky", &[("dau", mark)])).await;
        let page = signed.header("location").to_owned();
        let pdf = take(&house, &reader, &format!("{page}/bao-cao.pdf")).await;
        let total = now["report"]["total"].as_u64().unwrap();
        has(
            &pdf,
            &[
                "kind: Report",
                "I- Kết quả",
                "II- Tồn tại, nguyên nhân",
                "III- Nhiệm vụ kỳ tới",
                "IV- Kiến nghị",
                "Phụ lục I\"",
                "Phụ lục II\"",
                "Trưởng Tiểu ban",
                "(SHA-256)",
                &format!("{total}/{total} = 100"),
            ],
        );
        let docx = take(&house, &reader, &format!("{page}/bao-cao.docx")).await;
        assert_eq!(docx.status, 200);
        assert!(docx.header("content-disposition").contains(".docx"));
        // Once a task has changed, its six rõ are no longer what was signed, and are left out.
        let plan = house.read(|tx| Ok::<_, TaskError>(store::plans(tx)?[0].id)).await.unwrap();
        let fields = TaskFields {
            code: "MOI-01".into(),
            what: "Việc mới thêm sau khi ký".into(),
            ..TaskFields::default()
        };
        house.write(&Author::cli(), move |tx| store::create(tx, plan, fields)).await.unwrap();
        let later = take(&house, &reader, &format!("{page}/bao-cao.pdf")).await;
        has(&later, &["Phụ lục I\""]);
        assert!(!later.text.contains("Phụ lục II\"") && !later.text.contains("MOI-01"), "{}", later.text);
        assert_eq!(
            take(&house, &reader, &format!("/bao-cao/nhiem-vu/{}/bao-cao.pdf", uuid::Uuid::nil()))
                .await
                .status,
            404
        );
    });
}
