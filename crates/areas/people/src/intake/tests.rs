//! The roll in and out through the front door, on both databases; the hard cases of files.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on shall stop"
)]

use std::io::Write as _;

use axum::{
    Router,
    body::Body,
    http::{Method, Request, header},
};
use platform::{
    app::App,
    audit::Author,
    identity::Right,
    testing::{Answered, House, Seat, on_both, stranger},
};
use proptest::prelude::*;
use serde_json::{Value, json};
use unicode_normalization::UnicodeNormalization as _;

use super::{
    out,
    read::{self, ReadError, Source},
    vocabulary::Column,
};
use crate::{
    delegates::{
        CONTACTS, DelegateError, RESTRICTED,
        model::{Participant, Sight},
        query,
    },
    generate,
};

fn routes() -> Router<App> {
    super::pages::routes().merge(super::api::routes())
}

async fn organiser(house: &House) -> Seat {
    house
        .seat(
            "Tổ Thư ký",
            &[("delegates", Right::Manage), (CONTACTS, Right::Manage), (RESTRICTED, Right::Manage)],
        )
        .await
}

async fn send(house: &House, seat: &Seat, query: &str, bytes: impl Into<Vec<u8>>) -> Answered {
    let request = stranger(Method::POST, &format!("/api/v1/participants/import?{query}"))
        .header(header::COOKIE, &seat.cookie)
        .header(header::CONTENT_TYPE, "application/octet-stream")
        .body(Body::from(bytes.into()))
        .unwrap();
    house.call(&routes(), request).await
}

async fn everybody(house: &House) -> Vec<Participant> {
    house.read(|tx| Ok::<_, DelegateError>(query::everybody(tx)?)).await.unwrap()
}

async fn log(house: &House) -> String {
    house
        .read(|tx| {
            let lines: Vec<platform::db::Row> =
                tx.query(platform::sql!("SELECT line FROM audit_event ORDER BY seq"), &[])?;
            let bytes: Result<Vec<Vec<u8>>, _> = lines.iter().map(|line| line.get("line")).collect();
            Ok::<_, DelegateError>(String::from_utf8(bytes?.concat()).unwrap())
        })
        .await
        .unwrap()
}

fn upload(seat: &Seat, name: &str, bytes: &[u8]) -> Request<Body> {
    let mut body = Vec::new();
    write!(
        body,
        "--xyz\r\nContent-Disposition: form-data; name=\"dien\"\r\n\r\n\r\n--xyz\r\nContent-Disposition: form-data; \
         name=\"tep\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
    )
    .unwrap();
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--xyz--\r\n");
    stranger(Method::POST, "/dai-bieu/nhap")
        .header(header::COOKIE, &seat.cookie)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=xyz")
        .body(Body::from(body))
        .unwrap()
}

/// A made roll as the file that an office would send.
fn file(delegates: u32, seed: u64, change: impl Fn(usize, &mut Vec<out::Cell>)) -> Vec<u8> {
    let (heads, rows) = table(delegates, seed, change);
    out::xlsx(&heads, &rows).unwrap()
}

fn table(
    delegates: u32,
    seed: u64,
    change: impl Fn(usize, &mut Vec<out::Cell>),
) -> (Vec<String>, Vec<Vec<out::Cell>>) {
    let mut shape = generate::Shape::of(delegates, 0);
    shape.on = jiff::civil::date(2025, 9, 26);
    let made = generate::roll(&shape, seed);
    let units: std::collections::HashMap<_, _> =
        made.delegations.iter().map(|one| (one.id, one.name.clone())).collect();
    let lines: Vec<out::Line<'_>> = made
        .people
        .iter()
        .map(|one| out::Line {
            code: "",
            profile: &one.profile,
            private: &one.private,
            delegation: one.profile.delegation.and_then(|id| units.get(&id)).map_or("", String::as_str),
            status: None,
        })
        .collect();
    let (heads, mut rows) =
        out::table(&lines, Sight { restricted: true, contacts: true }, platform::i18n::Lang::Vi);
    for (at, row) in rows.iter_mut().enumerate() {
        change(at, row);
    }
    (heads, rows)
}

fn at(column: Column) -> usize {
    Column::OUT.iter().position(|one| *one == column).unwrap()
}

fn words(text: &str) -> out::Cell {
    out::Cell::Text(text.to_owned())
}

#[test]
fn five_bad_rows_of_a_hundred_are_all_named_at_once_and_nothing_is_written_before_the_yes() {
    on_both(&crate::migrations(), async |house| {
        let seat = organiser(&house).await;
        let bytes = file(100, 3, |row, cells| match row {
            10 => cells[at(Column::Born)] = words("1975"),
            30 => cells[at(Column::Born)] = words("29/02/1975"),
            50 => cells[at(Column::Standing)] = words("tự đến"),
            70 => {
                cells[at(Column::Email)] = words("khong phai thu");
                cells[at(Column::Joined)] = words("05/25/1999");
            }
            90 => cells[at(Column::Name)] = words(""),
            _ => {}
        });
        let answer = house.call(&routes(), upload(&seat, "danh-sach.xlsx", &bytes)).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        let place = answer.header("location").to_owned();
        let page = house.call(&routes(), seat.get(&place)).await;
        assert_eq!(page.status, 200, "{}", page.text);
        for sentence in [
            "Mới có năm 1975",
            "Tháng 2 năm 1975 không có ngày 29",
            "Hãy ghi một trong các từ: Đương nhiên, Được bầu, Chỉ định",
            "Thư điện tử ghi theo dạng",
            "đặt tháng trước ngày",
            "Hãy ghi họ và tên",
        ] {
            assert!(page.text.contains(sentence), "{sentence}");
        }
        assert!(everybody(&house).await.is_empty());
        // A yes to what is not ready, and a yes to something else.
        let refused = house.call(&routes(), seat.post(&format!("{place}/ap-dung"), &[("dau", "khac")])).await;
        assert_eq!(refused.status, 422, "{}", refused.text);
        let wrong = house.call(&routes(), seat.get(&format!("{place}/loi.xlsx"))).await;
        assert_eq!(wrong.status, 200);
        let chosen = house.call(&routes(), seat.post(&format!("{place}/chon"), &[("bo_loi", "1")])).await;
        assert_eq!(chosen.status, 303);
        let page = house.call(&routes(), seat.get(&place)).await;
        let hash = page.text.split("name=\"dau\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        let refused = house.call(&routes(), seat.post(&format!("{place}/ap-dung"), &[("dau", "khac")])).await;
        assert_eq!(refused.status, 409, "{}", refused.text);
        let done = house.call(&routes(), seat.post(&format!("{place}/ap-dung"), &[("dau", hash)])).await;
        assert_eq!(done.status, 303, "{}", done.text);
        let people = everybody(&house).await;
        assert_eq!(people.len(), 95);
        let page = house.call(&routes(), seat.get(&place)).await;
        assert!(page.text.contains("Đã thêm 95 người"), "{}", page.text);
        // Asked twice: nothing more.
        let again = house.call(&routes(), seat.post(&format!("{place}/ap-dung"), &[("dau", hash)])).await;
        assert_eq!((again.status, everybody(&house).await.len()), (303, 95));
        // Another office does not see the file.
        let other = house.seat("Tổ khác", &[("delegates", Right::Manage)]).await;
        assert_eq!(house.call(&routes(), other.get(&place)).await.status, 404);
        let log = log(&house).await;
        assert!(log.contains("delegate.imported") && !log.contains(&people[0].profile.name));
    });
}

#[test]
fn what_goes_out_comes_back_and_changes_nothing_in_both_forms_and_languages() {
    on_both(&crate::migrations(), async |house| {
        let seat = organiser(&house).await;
        let first = send(&house, &seat, "", file(120, 5, |_, _| {})).await;
        assert_eq!((first.status, first.json()["added"].as_u64()), (201, Some(120)), "{}", first.text);
        for path in ["xuat.csv", "xuat.csv?lang=en"] {
            let out = house.call(&routes(), seat.get(&format!("/dai-bieu/{path}"))).await;
            assert_eq!(out.status, 200);
            let back = send(&house, &seat, "dry=1", out.text.as_bytes()).await.json();
            assert_eq!(
                (back["unchanged"].as_u64(), back["changed"].clone(), back["added"].clone()),
                (Some(120), json!([]), json!([])),
                "{back:#}"
            );
        }
        let sight = Sight { restricted: true, contacts: true };
        let people = everybody(&house).await;
        let privates = house.read(|tx| Ok::<_, DelegateError>(query::privates(tx)?)).await.unwrap();
        let lines: Vec<out::Line<'_>> = people
            .iter()
            .map(|one| out::Line {
                code: &one.code,
                profile: &one.profile,
                private: &privates[&one.id],
                delegation: "",
                status: Some(one.status),
            })
            .collect();
        let (heads, rows) = out::table(&lines, sight, platform::i18n::Lang::Vi);
        let back = send(&house, &seat, "", out::xlsx(&heads, &rows).unwrap()).await;
        assert_eq!(back.json()["unchanged"].as_u64(), Some(120), "{}", back.text);
        // A re-import by code changes what it says, and only that.
        let csv = format!("Mã;Họ và tên;Chức vụ;Học hàm\r\n{};;Bí thư Đảng ủy;-\r\n", people[0].code);
        let preview = send(&house, &seat, "dry=1", csv.clone()).await.json();
        let fields: Vec<&str> = preview["changed"][0]["fields"]
            .as_array()
            .unwrap()
            .iter()
            .map(|field| field["field"].as_str().unwrap())
            .filter(|field| *field != "academic_title")
            .collect();
        assert_eq!(fields, ["position"], "{preview:#}");
        assert_eq!(preview["changed"][0]["fields"][0]["before"], people[0].profile.position);
        assert_eq!(send(&house, &seat, "", csv).await.status, 201);
        let after = everybody(&house).await.into_iter().find(|one| one.id == people[0].id).unwrap();
        assert_eq!((after.profile.position.as_str(), after.version), ("Bí thư Đảng ủy", 2));
        assert_eq!(after.profile.name, people[0].profile.name);
    });
}

#[test]
fn the_same_person_under_two_spellings_is_asked_about_and_two_normal_forms_are_one() {
    on_both(&crate::migrations(), async |house| {
        let seat = organiser(&house).await;
        let head = "Họ và tên,Ngày sinh,Loại đại biểu,CCCD\n";
        let first = format!("{head}Trần Thị Hòa,02/03/1975,Chỉ định,079175000001\n");
        assert_eq!(send(&house, &seat, "", first).await.status, 201);
        // The same letters in another normal form are the same person: nothing changes.
        let nfd: String = format!("{head}Trần Thị Hòa,02/03/1975,Chỉ định,\n").nfd().collect();
        let same = send(&house, &seat, "dry=1", nfd).await.json();
        assert_eq!(
            (same["unchanged"].as_u64(), same["twins"][0]["chosen"].as_str()),
            (Some(1), Some("DB-0001")),
            "{same:#}"
        );
        // Other marks, or only the same card: a person says who it is.
        let other =
            format!("{head}Trần Thị Hoa,02/03/1975,Chỉ định,\nLê Thị Mới,05/06/1980,Chỉ định,079175000001\n");
        let open = send(&house, &seat, "dry=1", other.clone()).await.json();
        assert_eq!(open["twins"].as_array().unwrap().len(), 2, "{open:#}");
        assert_eq!(
            (open["twins"][0]["chosen"].as_str(), open["added"].as_array().unwrap().len()),
            (Some(""), 0)
        );
        assert_eq!(send(&house, &seat, "", other.clone()).await.status, 422);
        assert_eq!(send(&house, &seat, "twins=skip", other).await.json()["left_out"], 2);
        // Twice in one file.
        let twice = format!("{head}Võ An,01/01/1970,Chỉ định,\nVõ An,01/01/1970,Chỉ định,\n");
        let twice = send(&house, &seat, "dry=1", twice).await.json();
        assert_eq!(
            (twice["twins"][0]["row"].as_u64(), twice["twins"][0]["like"][0]["row"].as_u64()),
            (Some(3), Some(2))
        );
        // The number itself is nowhere.
        let kept = house
            .read(|tx| {
                let rows: Vec<platform::db::Row> =
                    tx.query(platform::sql!("SELECT body FROM intake_draft"), &[])?;
                Ok::<_, DelegateError>(rows.len())
            })
            .await
            .unwrap();
        assert_eq!(kept, 0);
        assert!(!log(&house).await.contains("079175000001"));
    });
}

#[test]
fn restricted_columns_come_in_and_go_out_only_with_the_right_and_on_the_record() {
    on_both(&crate::migrations(), async |house| {
        let plain = house.seat("Văn phòng", &[("delegates", Right::Manage)]).await;
        let full = organiser(&house).await;
        let csv = "Họ và tên,Loại đại biểu,Dân tộc,Tôn giáo,Điện thoại,Email,Sức khỏe\n\
                   K'Brếu,Chỉ định,Cơ Ho,Tin Lành,0912345678,a@b.vn,Dị ứng\n";
        let seen = send(&house, &plain, "dry=1", csv).await;
        assert_eq!(seen.json()["withheld"].as_array().unwrap().len(), 5, "{}", seen.text);
        for secret in ["Cơ Ho", "Tin Lành", "0912345678", "a@b.vn", "Dị ứng"] {
            assert!(!seen.text.contains(secret), "{secret}");
        }
        let page = house.call(&routes(), upload(&plain, "x.csv", csv.as_bytes())).await;
        let place = page.header("location").to_owned();
        let page = house.call(&routes(), plain.get(&place)).await;
        assert!(page.text.contains("không được đọc") && !page.text.contains("Tin Lành"), "{}", page.text);
        let bodies = house
            .read(|tx| {
                let body: Option<Vec<u8>> =
                    tx.scalar(platform::sql!("SELECT body FROM intake_draft"), &[])?;
                Ok::<_, DelegateError>(String::from_utf8(body.unwrap()).unwrap())
            })
            .await
            .unwrap();
        assert!(!bodies.contains("Tin Lành"), "not even kept");
        assert_eq!(send(&house, &plain, "", csv).await.status, 201);
        let privates = house.read(|tx| Ok::<_, DelegateError>(query::privates(tx)?)).await.unwrap();
        assert!(privates.values().all(|one| one.religion.is_empty() && one.phone.is_empty()));
        let code = everybody(&house).await[0].code.clone();
        let csv = csv.replace("Họ và tên", "Mã,Họ và tên").replace("K'Brếu", &format!("{code},K'Brếu"));
        assert_eq!(send(&house, &full, "", csv).await.json()["changed"], 1);
        let out = house.call(&routes(), plain.get("/dai-bieu/xuat.csv")).await.text;
        assert!(out.contains("K'Brếu") && !out.contains("Tin Lành") && !out.contains("0912345678"), "{out}");
        assert!(!log(&house).await.contains("delegate.exported"));
        let out = house.call(&routes(), full.get("/dai-bieu/xuat.csv")).await.text;
        assert!(out.contains("Tin Lành") && out.contains("0912345678"), "{out}");
        let log = log(&house).await;
        assert!(log.contains("delegate.exported") && log.contains("religion"));
        for secret in ["Tin Lành", "0912345678", "a@b.vn", "K'Brếu"] {
            assert!(!log.contains(secret), "{secret}");
        }
        let reader = house.seat("Người xem", &[("delegates", Right::Read)]).await;
        assert_eq!(send(&house, &reader, "dry=1", "Họ và tên,Tuổi\nA,1\n").await.status, 403);
        assert_eq!(house.call(&routes(), reader.get("/dai-bieu/nhap")).await.status, 403);
    });
}

#[test]
fn exports_of_pretix_and_indico_are_known_and_the_next_one_finds_the_same_people() {
    on_both(&crate::migrations(), async |house| {
        let seat = organiser(&house).await;
        let pretix = "\"Event slug\",\"Order code\",\"Position ID\",\"Status\",\"Email\",\"Product\",\"Attendee name\",\"Attendee email\",\"Company\"\n\
            \"dh\",\"ABC12\",\"1\",\"Paid\",\"dat@ve.vn\",\"Khách mời danh dự\",\"Phạm Văn Khách\",\"khach@x.vn\",\"Công ty Mẫu\"\n\
            \"dh\",\"ABC12\",\"2\",\"Paid\",\"dat@ve.vn\",\"Thẻ báo chí\",\"Lê Thị Báo\",\"\",\"Báo Mẫu\"\n\
            \"dh\",\"XYZ99\",\"1\",\"Canceled\",\"x@y.vn\",\"Khách mời\",\"Ai Đó\",\"\",\"\"\n";
        let done = send(&house, &seat, "", pretix).await;
        assert_eq!((done.status, done.json()["added"].as_u64()), (201, Some(2)), "{}", done.text);
        let people = everybody(&house).await;
        assert_eq!(
            people.iter().map(|one| (one.code.as_str(), one.profile.position.as_str())).collect::<Vec<_>>(),
            [("KM-0001", "Công ty Mẫu"), ("BC-0001", "Báo Mẫu")],
            "the house's order of categories: guests before the press"
        );
        let privates = house.read(|tx| Ok::<_, DelegateError>(query::privates(tx)?)).await.unwrap();
        assert_eq!(privates[&people[0].id].email, "khach@x.vn");
        let json = json!({ "results": [{ "id": 7, "order": "ABC12", "positionid": 1, "attendee_name": "Phạm Văn Khách Hai",
            "attendee_email": "khach@x.vn", "company": "Công ty Mẫu", "item": 3, "canceled": false }] });
        let seen = send(&house, &seat, "dry=1", json.to_string()).await.json();
        assert_eq!(
            (
                seen["source"].as_str(),
                seen["changed"][0]["code"].as_str(),
                seen["added"].as_array().unwrap().len()
            ),
            (Some("pretix"), Some("KM-0001"), 0),
            "{seen:#}"
        );
        let indico = "ID,Name,Email Address,Affiliation,Position,Registration date,Registration state\n\
            12,Trần Khách,t@k.vn,Viện Mẫu,Viện trưởng,2025-09-01,Completed\n13,Bỏ,b@o.vn,,,2025-09-01,Withdrawn\n";
        assert_eq!(send(&house, &seat, "", indico).await.json()["added"], 1);
        assert_eq!(send(&house, &seat, "", indico).await.json()["unchanged"], 1);
        let one = everybody(&house).await.into_iter().find(|one| one.profile.name == "Trần Khách").unwrap();
        assert_eq!(one.profile.position, "Viện Mẫu, Viện trưởng");
    });
}

#[test]
fn a_group_that_is_full_is_said_before_the_yes_and_heads_may_swap() {
    on_both(&crate::migrations(), async |house| {
        let seat = organiser(&house).await;
        let head = "Mã,Họ và tên,Loại đại biểu,Tổ,Vai trò trong tổ\n";
        let two =
            format!("{head}DB-0001,Lê Một,Chỉ định,Tổ 3,Tổ trưởng\nDB-0002,Lê Hai,Chỉ định,3,Tổ trưởng\n");
        let seen = send(&house, &seat, "dry=1", two).await.json();
        assert_eq!(
            (seen["faults"][0]["row"].as_u64(), seen["new_groups"].clone()),
            (Some(3), json!([3])),
            "{seen:#}"
        );
        let right = format!("{head}DB-0001,Lê Một,Chỉ định,Tổ 3,Tổ trưởng\nDB-0002,Lê Hai,Chỉ định,3,\n");
        assert_eq!(send(&house, &seat, "", right).await.json()["added"], 2);
        let swap =
            format!("{head}DB-0001,Lê Một,Chỉ định,3,Thành viên\nDB-0002,Lê Hai,Chỉ định,3,Tổ trưởng\n");
        assert_eq!(send(&house, &seat, "", swap).await.json()["changed"], 2);
    });
}

#[test]
fn ten_thousand_people_are_taken_and_one_more_is_refused() {
    on_both(&crate::migrations(), async |house| {
        let seat = organiser(&house).await;
        let (heads, rows) = table(10_000, 9, |_, _| {});
        let done = send(&house, &seat, "twins=new", out::csv(&heads, &rows)).await;
        assert_eq!((done.status, done.json()["added"].as_u64()), (201, Some(10_000)), "{}", done.text);
        let mut more = String::from("Họ và tên,Loại đại biểu\n");
        for _ in 0..10_001 {
            more.push_str("Lê Văn Dư,Chỉ định\n");
        }
        let refused = send(&house, &seat, "dry=1", more).await;
        assert!(refused.status == 422 && refused.text.contains("10.000"), "{}", refused.text);
    });
}

/// A zip with parts of these sizes of zeros.
fn bomb(parts: &[(&str, usize)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, size) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        let block = vec![0; 1 << 16];
        for _ in 0..size.div_ceil(block.len()) {
            zip.write_all(&block).unwrap();
        }
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn files_that_cannot_be_read_say_why() {
    let utf16: Vec<u8> = std::iter::once(0xfeff_u16)
        .chain("Họ và tên\tTuổi\n".encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let plain16: Vec<u8> = "Ho va ten,Tuoi\nLe Van A,4\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let windows: &[u8] = b"H\xf2 v\xe0 t\xean,Ng\xe0y sinh\nNguy\xean,01/01/1970\n";
    let doctype = {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        zip.start_file("xl/workbook.xml", zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(b"<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b \"c\">]><workbook/>").unwrap();
        zip.finish().unwrap().into_inner()
    };
    let wide = format!("Họ và tên{}\n", ",x".repeat(200));
    for (bytes, why) in [
        (&b""[..], ReadError::Empty),
        (b"  \n", ReadError::Empty),
        (&utf16, ReadError::Encoding),
        (&plain16, ReadError::Encoding),
        (windows, ReadError::Encoding),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", ReadError::Legacy),
        (b"\x7fELF\x02\x01\x01\x00\x00\xff", ReadError::NotATable),
        (b"PK\x03\x04 no zip", ReadError::Damaged),
        (&bomb(&[("xl/workbook.xml", 300 << 20)]), ReadError::Bomb),
        (&bomb(&[("a.txt", 10)]), ReadError::NotATable),
        (&doctype, ReadError::Unsafe),
        (b"A,B\n1,2\n", ReadError::NoHeadings),
        ("Họ và tên,Ngày sinh\n".as_bytes(), ReadError::Nobody),
        (wide.as_bytes(), ReadError::TooManyColumns),
        (b"{\"a\": ", ReadError::Damaged),
        (&vec![b'a'; read::MOST_BYTES + 1], ReadError::TooLarge),
    ] {
        assert_eq!(read::read(bytes).unwrap_err(), why);
        assert!(!why.sentence(platform::i18n::Lang::Vi).starts_with("intake-"));
    }
}

#[test]
fn headings_of_many_offices_and_days_of_many_kinds_are_understood() {
    let reading = read::read(
        "DANH SÁCH ĐẠI BIỂU;;;\n;;;\nTT;HỌ VÀ TÊN (in hoa);Năm sinh;Nam/Nữ\n(1);(2);(3);(4)\nI. Đương nhiên;;;\n1;TRẦN A;5-10-1975;Nữ\n"
            .as_bytes(),
    )
    .unwrap();
    let columns: Vec<Column> = reading.heads.iter().map(|head| head.column).collect();
    assert_eq!(columns, [Column::Name, Column::Born, Column::Sex]);
    assert_eq!((reading.rows.len(), reading.rows[0].row, reading.passed[0].0), (1, 6, 5));
    assert_eq!(reading.source, Source::Roll);
    let parts = read::read("Họ và chữ đệm\tTên\tCCCD\nTôn Nữ Hoàng\tPhương\t12\n".as_bytes()).unwrap();
    assert_eq!(parts.heads.len(), 3);
    let quoted = read::read("\u{feff}Họ và tên,Chức vụ\n\"Lê \"\"A\"\"\",\"'=1+1\"\n".as_bytes()).unwrap();
    assert_eq!(quoted.rows[0].cells[0].text(), "Lê \"A\"");
    assert_eq!(read::day_of_serial(27672), Some(jiff::civil::date(1975, 10, 5)));
    for text in ["Ngày, tháng, năm sinh", "Ngày sinh (dd/mm/yyyy)", "DATE OF BIRTH", "ngay sinh"] {
        assert_eq!(super::vocabulary::column(text), Some(Column::Born), "{text}");
    }
}

/// No two columns and no two values of a kind share a word, or a file could mean either.
#[test]
fn every_word_means_one_thing() {
    for column in Column::ALL {
        for lang in [platform::i18n::Lang::Vi, platform::i18n::Lang::En] {
            assert_eq!(super::vocabulary::column(column.heading(lang)), Some(*column), "{column}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    /// Whatever comes, reading ends with rows or a refusal, and rows fit their heads.
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..600), kind in 0_u8..4) {
        let head: &[u8] = match kind {
            0 => b"",
            1 => b"PK\x03\x04",
            2 => "Họ và tên,Ngày sinh,Mã\n".as_bytes(),
            _ => b"{\"results\":[",
        };
        let bytes = [head, &bytes].concat();
        if let Ok(reading) = read::read(&bytes) {
            prop_assert!(reading.rows.iter().all(|row| row.cells.len() == reading.heads.len()));
        }
    }

    /// A workbook with bytes knocked out of it never ends the program.
    #[test]
    fn a_damaged_workbook_is_read_or_refused(at in 0_usize..4000, with in any::<u8>()) {
        let mut bytes = file(3, 1, |_, _| {});
        let many = bytes.len();
        bytes[at % many] = with;
        let _ = read::read(&bytes);
    }

    /// Any text in any cell of a CSV comes back as it went out, but for spaces around it.
    #[test]
    fn csv_goes_out_and_comes_back(text in "[ -~ạếđ\n\t=+@']{0,40}") {
        let heads = ["Họ và tên".to_owned(), "Chức vụ".to_owned(), "Mã".to_owned()];
        let rows = vec![vec![words("An"), words(&text), words("X-1")]];
        let reading = read::read(out::csv(&heads, &rows).as_bytes()).unwrap();
        prop_assert_eq!(reading.rows[0].cells[1].text(), text.trim());
    }
}

#[test]
fn apostrophes_before_a_formula_are_those_of_the_author() {
    let heads = ["Họ và tên".to_owned()];
    for text in ["=1+1", "'+", "''-x", "'chào", "@", "+84 901"] {
        let reading = read::read(out::csv(&heads, &[vec![words(text)]]).as_bytes()).unwrap();
        assert_eq!(reading.rows[0].cells[0].text(), text);
    }
}

#[test]
fn a_roll_made_by_the_generator_is_entered_under_one_event() {
    on_both(&crate::migrations(), async |house| {
        house
            .write(&Author::cli(), |tx| {
                generate::write(tx, &generate::roll(&generate::Shape::of(40, 10), 1), 1)
            })
            .await
            .unwrap();
        assert_eq!(log(&house).await.matches("delegate.generated").count(), 1);
        let value: Value = json!(everybody(&house).await.len());
        assert_eq!(value, 50);
    });
}
