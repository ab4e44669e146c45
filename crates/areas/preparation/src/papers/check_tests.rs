//! The check as people and programs meet it, through the router, on both databases.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use jiff::civil::date;
use platform::{
    i18n::{self, Lang},
    testing::{Seat, on_both, stranger},
};
use print::{
    BodyKind, Kind,
    check::{Departure, Fault, Place, Refused},
    docx, specimen,
};

use super::{check, check_api};

fn routes() -> axum::Router<platform::app::App> {
    check::routes().merge(check_api::routes())
}

/// A notice with a slip that only people can put right, and two that a machine can.
fn slips() -> Vec<u8> {
    let mut paper = specimen::paper(Kind::Notice, BodyKind::Party, date(2026, 9, 5));
    paper.signatures[0].name = "TS. Họ và tên".into();
    let docx = docx::write(&paper).unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&docx)).unwrap();
    let mut copy = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).unwrap();
        let mut data = String::new();
        std::io::Read::read_to_string(&mut file, &mut data).unwrap();
        let data = data.replace("Số 07-TB", "Số: 07-TB").replace("w:left=\"1701\"", "w:left=\"1440\"");
        copy.start_file(file.name().to_owned(), zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut copy, data.as_bytes()).unwrap();
    }
    copy.finish().unwrap().into_inner()
}

fn form(seat: &Seat, to: &str, bytes: &[u8], fields: &[(&str, &str)]) -> Request<Body> {
    let mark = "----dienhong";
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend_from_slice(
            format!("--{mark}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                .as_bytes(),
        );
    }
    body.extend_from_slice(
        format!(
            "--{mark}\r\nContent-Disposition: form-data; name=\"tep\"; filename=\"Thông báo.docx\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        )
        .as_bytes(),
    );
    body.extend_from_slice(bytes);
    body.extend_from_slice(format!("\r\n--{mark}--\r\n").as_bytes());
    stranger(Method::POST, to)
        .header(header::COOKIE, &seat.cookie)
        .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={mark}"))
        .body(Body::from(body))
        .unwrap()
}

fn raw(seat: &Seat, to: &str, bytes: &[u8]) -> Request<Body> {
    stranger(Method::POST, to)
        .header(header::COOKIE, &seat.cookie)
        .header(header::CONTENT_TYPE, "application/octet-stream")
        .body(Body::from(bytes.to_vec()))
        .unwrap()
}

#[test]
fn departures_come_back_with_their_clause_and_a_corrected_copy() {
    on_both(&crate::migrations(), async |house| {
        // Any office may ask: nothing of the register is in it.
        let seat = house.seat("dau-moi", &[]).await;
        let page = house.call(&routes(), seat.get("/van-ban/kiem-tra")).await;
        assert_eq!(page.status, 200, "{}", page.text);

        let page = house
            .call(&routes(), form(&seat, "/van-ban/kiem-tra", &slips(), &[("loai", ""), ("ngay", "")]))
            .await;
        assert_eq!(page.status, 200, "{}", page.text);
        for words in [
            "3 chỗ chưa đúng",
            "Thông báo.docx",
            "Số: 07-TB/TBPV",
            "Lề trái 25,4 mm; phải là 30 mm.",
            "Định lề trang văn bản",
            "chỉ ghi họ tên",
            "Tải bản đã sửa 2 chỗ",
            "Hướng dẫn số 05-HD/VPTW",
        ] {
            assert!(page.text.contains(words), "{words}: {}", page.text);
        }

        let copy = house.call(&routes(), form(&seat, "/van-ban/kiem-tra/ban-sua", &slips(), &[])).await;
        assert_eq!(copy.status, 200, "{}", copy.text);
        assert!(copy.header("content-disposition").contains("th"), "{}", copy.header("content-disposition"));
        assert!(copy.header("content-disposition").contains("-da-sua.docx"));

        let found = house.call(&routes(), raw(&seat, "/api/v1/paper-checks", &slips())).await.json();
        let faults: Vec<&str> = found["departures"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["fault"].as_str().unwrap())
            .collect();
        assert_eq!(faults, ["margin-left", "number-colon", "signer-title"], "{found}");
        assert_eq!(found["departures"][0]["clause"], "Định lề trang văn bản");
        assert_eq!((found["clean"].as_bool(), found["dated"].as_str()), (Some(false), Some("2026-09-05")));

        // Held to another rule when the caller says so.
        let asked = "/api/v1/paper-checks?on=2026-09-05&body=state";
        let state = house.call(&routes(), raw(&seat, asked, &slips())).await.json();
        assert_eq!(state["profile"], "nd-30");
        let copy = house.call(&routes(), raw(&seat, "/api/v1/paper-checks/corrected", &slips())).await;
        assert_eq!((copy.status, copy.header("cache-control")), (200, "no-store"));
    });
}

#[test]
fn what_cannot_be_checked_gets_a_sentence_and_keeps_the_form() {
    on_both(&crate::migrations(), async |house| {
        let seat = house.seat("dau-moi", &[]).await;
        for (bytes, fields, status, words) in [
            (b"xin chao".as_slice(), [("loai", "party"), ("ngay", "")], 422, "không phải văn bản .docx"),
            (b"", [("loai", ""), ("ngay", "")], 422, "Chưa chọn tệp"),
            (b"\xd0\xcf\x11\xe0....", [("loai", ""), ("ngay", "")], 422, ".doc cũ hoặc có mật khẩu"),
            (b"PK", [("loai", ""), ("ngay", "31/02/2026")], 422, "không có trong lịch"),
            (b"PK", [("loai", "khac"), ("ngay", "")], 422, "Chọn Đảng hoặc Nhà nước"),
        ] {
            let page = house.call(&routes(), form(&seat, "/van-ban/kiem-tra", bytes, &fields)).await;
            assert_eq!(page.status, status, "{words}: {}", page.text);
            assert!(
                page.text.contains(words) && page.text.contains("name=\"tep\""),
                "{words}: {}",
                page.text
            );
        }
        // A mark of secrecy stops everything.
        let mut secret = specimen::paper(Kind::Notice, BodyKind::Party, date(2026, 9, 5));
        secret.body.insert(0, print::Block::Paragraph("TUYỆT MẬT".into()));
        let secret = docx::write(&secret).unwrap();
        for to in ["/van-ban/kiem-tra", "/van-ban/kiem-tra/ban-sua"] {
            let page = house.call(&routes(), form(&seat, to, &secret, &[])).await;
            assert!(page.status == 422 && page.text.contains("dấu mật không đưa vào"), "{}", page.text);
        }
        let api = house.call(&routes(), raw(&seat, "/api/v1/paper-checks", &secret)).await;
        assert_eq!(api.status, 422);
        assert_eq!(house.call(&routes(), raw(&seat, "/api/v1/paper-checks?on=mai", b"PK")).await.status, 422);
        let typed = stranger(Method::POST, "/api/v1/paper-checks")
            .header(header::COOKIE, &seat.cookie)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from("{}"))
            .unwrap();
        assert_eq!(house.call(&routes(), typed).await.status, 415);
        let nobody = stranger(Method::POST, "/api/v1/paper-checks")
            .header(header::CONTENT_TYPE, "application/octet-stream")
            .body(Body::from("PK"))
            .unwrap();
        assert_eq!(house.call(&routes(), nobody).await.status, 401);
    });
}

/// Every departure has a sentence in both languages, whole in its values.
#[test]
fn every_fault_has_its_sentence() {
    for lang in [Lang::Vi, Lang::En] {
        for fault in Fault::ALL {
            assert!(i18n::has(lang, &format!("check-fault-{}", fault.key())), "{lang:?} {fault:?}");
            for (found, right) in [("13 pt", "14 pt"), ("", "")] {
                let departure = Departure {
                    fault: *fault,
                    place: Place::Body,
                    found: found.into(),
                    right: right.into(),
                    excerpt: String::new(),
                    times: 1,
                };
                let words = check::sentence(lang, &departure);
                assert!(words.len() > 8 && !words.contains('{') && !words.contains("check-fault"), "{words}");
            }
        }
        for refused in
            [Refused::NotDocx, Refused::Secret, Refused::Macros, Refused::Hostile, Refused::Damaged]
        {
            assert!(i18n::has(lang, check::refusal(refused)));
        }
    }
}
