//! The prints of tasks: the same rows and rights as on the screen, through the router, on both databases. The
//! press of these tests writes down what it was given.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::sync::Arc;

use axum::{Extension, Router};
use platform::{
    app::App,
    audit::Author,
    db::Migration,
    identity::{Confidentiality, Right},
    testing::{Answered, House, Seat, on_both},
};
use print::{Press, PressError, PressRoom, Printable};

use crate::{
    demo,
    tasks::{MIGRATIONS, TaskError, model::TaskFields, store},
};

/// Writes down what it was given to set.
struct Notes;

impl Press for Notes {
    fn pdf(&self, printable: &Printable) -> Result<Vec<u8>, PressError> {
        Ok(format!("{printable:#?}").into_bytes())
    }
}

fn routes() -> Router<App> {
    super::routes().merge(crate::tasks::api::routes()).layer(Extension(PressRoom::new(Arc::new(Notes), 2)))
}

fn migrations() -> Vec<Migration> {
    MIGRATIONS.to_vec()
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
    on_both(&migrations(), async |house: House| {
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
    on_both(&migrations(), async |house: House| {
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
    on_both(&migrations(), async |house: House| {
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
        for path in LISTS {
            let text = take(&house, &reader, path).await.text;
            assert!(!text.contains("chỉ nội bộ"), "{path}");
        }
        let annex = take(&house, &reader, "/nhiem-vu/xuat.pdf").await.text;
        assert!(annex.contains("NB-01") && annex.contains("theo dõi ngoài hệ thống"), "{annex}");
    });
}

#[test]
fn the_annex_counts_inside_each_group_and_its_columns_are_numbered() {
    on_both(&migrations(), async |house: House| {
        let (reader, _) = seeded(&house).await;
        let annex = take(&house, &reader, "/nhiem-vu/xuat.pdf").await.text;
        for words in ["PHỤ LỤC PHÂN CÔNG NHIỆM VỤ", "Cơ quan chủ trì", "(11)", "\"I. ", "\"II. "]
        {
            assert!(annex.contains(words), "{words}: {annex}");
        }
    });
}
