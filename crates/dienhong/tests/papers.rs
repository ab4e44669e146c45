//! Papers over HTTP from the real program: the PDF files are whole, the rights hold, and a rush of prints does not
//! hold up a page.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

mod common;

use std::{
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use common::{Answer, Client, House};
use serde_json::json;

/// The words of a PDF.
#[track_caller]
fn words(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "application/pdf");
    assert!(answer.header("content-disposition").starts_with("attachment; filename="));
    assert!(answer.body.starts_with(b"%PDF-1."));
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), &answer.body).unwrap();
    let out = Command::new("pdftotext").arg("-raw").arg(file.path()).arg("-").output().expect("pdftotext");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let text = String::from_utf8(out.stdout).unwrap();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn zip(answer: &Answer) {
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(answer.header("content-type").contains("wordprocessingml"), "{}", answer.header("content-type"));
    assert!(answer.body.starts_with(b"PK"));
}

const LISTS: [&str; 10] = [
    "/nhiem-vu/danh-sach.pdf",
    "/nhiem-vu/bang.pdf",
    "/nhiem-vu/lich.pdf",
    "/nhiem-vu/ma-tran.pdf",
    "/nhiem-vu/xuat.pdf",
    "/nhiem-vu/gantt.pdf",
    "/viec-cua-toi.pdf",
    "/api/v1/task-exports/annex.pdf",
    "/api/v1/task-exports/tasks.pdf",
    "/api/v1/task-exports/gantt.pdf",
];

#[test]
fn lists_are_whole_files_and_only_for_those_who_may_read() {
    let house = House::filled();
    house.person("nguoi-doc", "Chuyên viên", &["tasks:read"]);
    house.person("khong-quyen", "Chuyên viên khác", &[]);
    let server = house.serve();
    let mut reader = server.sign_in(&house.code("nguoi-doc"));
    let mut nobody = server.sign_in(&house.code("khong-quyen"));
    for path in LISTS {
        let text = words(&reader.get(path));
        assert!(text.contains("Số liệu đến"), "{path}: {text}");
        assert_eq!(nobody.get(path).status, 403, "{path}");
        let stranger = server.client().get(path);
        assert!(matches!(stranger.status, 303 | 401), "{path}: {}", stranger.status);
    }
    let list = words(&reader.get("/nhiem-vu/danh-sach.pdf"));
    let register = reader.get("/api/v1/tasks?limit=500").json();
    let codes: Vec<&str> =
        register["items"].as_array().unwrap().iter().map(|task| task["code"].as_str().unwrap()).collect();
    assert!(codes.len() >= 40);
    for code in codes {
        assert!(list.contains(code), "{code}");
    }
    let one = words(&reader.get("/nhiem-vu/danh-sach.pdf?q=DB-05"));
    assert!(one.contains("DB-05") && !one.contains("VK-01"), "{one}");
    // The chart's letters are letters, not outlines.
    assert!(words(&reader.get("/nhiem-vu/gantt.pdf")).contains("DB-05"));
}

#[test]
fn the_signed_report_comes_as_pdf_and_docx() {
    let house = House::filled();
    let server = house.serve();
    let mut leader = server.sign_in(&house.code("truong-tieu-ban"));
    let mark = leader.get("/api/v1/task-reports/now").json()["mark"].clone();
    let made = leader.json("POST", "/api/v1/task-reports", &json!({ "mark": mark }));
    assert_eq!(made.status, 201, "{}", made.text());
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let page = leader.get(&format!("/bao-cao/nhiem-vu/{id}")).text();
    assert!(page.contains("bao-cao.pdf") && page.contains("bao-cao.docx"));
    for path in
        [format!("/bao-cao/nhiem-vu/{id}/bao-cao.pdf"), format!("/api/v1/task-reports/{id}/report.pdf")]
    {
        let text = words(&leader.get(&path));
        for said in
            ["BÁO CÁO", "I- Kết quả", "II- Tồn tại", "III- Nhiệm vụ", "IV- Kiến nghị", "PHỤ LỤC I", "SHA-256"]
        {
            assert!(text.contains(said), "{said}: {text}");
        }
    }
    zip(&leader.get(&format!("/bao-cao/nhiem-vu/{id}/bao-cao.docx")));
    zip(&leader.get(&format!("/api/v1/task-reports/{id}/report.docx")));
    let none = leader.get("/bao-cao/nhiem-vu/0198c6b0-0000-7000-8000-00000000dead/bao-cao.pdf");
    assert_eq!(none.status, 404);
}

/// Prints wait for each other, pages do not wait for prints.
#[test]
fn thirty_prints_at_once_do_not_hold_up_a_page() {
    let house = House::filled();
    let server = house.serve();
    let mut reader = server.sign_in(&house.code("to-thu-ky"));
    // Fonts and templates are read at the first print.
    words(&reader.get("/nhiem-vu/xuat.pdf"));
    let done = Arc::new(AtomicUsize::new(0));
    let prints: Vec<_> = (0..30)
        .map(|_| {
            let (mut client, done): (Client, _) = (reader.again(), done.clone());
            thread::spawn(move || {
                let answer = client.get("/nhiem-vu/xuat.pdf");
                done.fetch_add(1, Ordering::SeqCst);
                answer
            })
        })
        .collect();
    let page = reader.again().get("/nhiem-vu/DB-05");
    let before = done.load(Ordering::SeqCst);
    assert_eq!(page.status, 200);
    assert!(before < 30, "the page came after all {before} prints");
    let mut sizes = Vec::new();
    for print in prints {
        let answer = print.join().unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text());
        sizes.push(answer.body.len());
    }
    assert!(sizes.iter().all(|size| *size > 10_000), "{sizes:?}");
}
