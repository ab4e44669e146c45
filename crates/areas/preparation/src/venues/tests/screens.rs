//! What the pages of venues promise without a script: who gets in, in which words, what is refused with which
//! sentence, and that nothing typed is lost.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{Extension, Router};
use http_body_util::BodyExt as _;
use platform::{
    app::App,
    i18n::{self, Lang},
    testing::stranger,
    web::Site,
};
use print::{Press, PressError, PressRoom, Printable};
use tower::ServiceExt as _;

use super::*;
use crate::venues::pages;

/// Says what it was given: Typst stands in another crate.
struct Words;

impl Press for Words {
    fn pdf(&self, printable: &Printable) -> Result<Vec<u8>, PressError> {
        Ok(format!("{printable:?}").into_bytes())
    }

    fn rasters(&self, _: &Printable, _: u16) -> Result<Vec<print::Raster>, PressError> {
        Err(PressError::Press("a press of words".to_owned()))
    }
}

fn screens() -> Router<App> {
    pages::routes().layer(Extension(PressRoom::new(Arc::new(Words), 1)))
}

async fn open(house: &House, seat: &Seat, path: &str) -> Answered {
    house.call(&screens(), seat.get(path)).await
}

async fn shows(house: &House, seat: &Seat, path: &str) -> String {
    let answer = open(house, seat, path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    answer.text
}

async fn sends(house: &House, seat: &Seat, path: &str, form: &[(&str, &str)]) -> Answered {
    house.call(&screens(), seat.post(path, form)).await
}

/// A form that was taken leads on to a page that says so.
#[track_caller]
fn taken(answer: &Answered, to: &str) {
    assert_eq!((answer.status, answer.header("location")), (303, to), "{}", answer.text);
}

/// A form that was refused is shown again: with the sentence, and with everything that was typed.
#[track_caller]
fn refused(answer: &Answered, status: u16, parts: &[&str]) {
    assert_eq!(answer.status, status, "{}", answer.text);
    for part in parts {
        assert!(answer.text.contains(part), "{part}: {}", answer.text);
    }
}

/// The same person on a screen in English.
fn english(seat: &Seat) -> Seat {
    Seat { cookie: format!("{}; lang=en", seat.cookie), ..seat.clone() }
}

/// The value of a hidden field on a page.
fn hidden(text: &str, field: &str) -> String {
    let (_, rest) = text.split_once(&format!("name=\"{field}\" value=\"")).expect("the field");
    rest.split('"').next().unwrap().to_owned()
}

/// A form with files, as browsers send it.
fn with_file(seat: &Seat, path: &str, fields: &[(&str, &str)], file: Option<&[u8]>) -> Request<Body> {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(
            format!("--mark\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
        );
    }
    if let Some(bytes) = file {
        body.extend(
            b"--mark\r\ncontent-disposition: form-data; name=\"photo\"; filename=\"anh.png\"\r\n\r\n".iter(),
        );
        body.extend(bytes);
        body.extend(b"\r\n");
    }
    body.extend(b"--mark--\r\n");
    let mut request = seat.post(path, &[]);
    request.headers_mut().insert(header::CONTENT_TYPE, "multipart/form-data; boundary=mark".parse().unwrap());
    *request.body_mut() = Body::from(body);
    request
}

async fn uploads(
    house: &House,
    seat: &Seat,
    path: &str,
    fields: &[(&str, &str)],
    file: Option<&[u8]>,
) -> Answered {
    house.call(&screens(), with_file(seat, path, fields, file)).await
}

/// Asks an office to survey D; the address of its form.
async fn form_of(house: &House, desk: &Seat, office: &Seat) -> String {
    let to = office.office.to_string();
    let asked = [("venue", "D"), ("office", to.as_str())];
    taken(&sends(house, desk, "/dia-diem/dot/giao", &asked).await, "/dia-diem/dot?xong=assigned#D");
    let mine = shows(house, office, "/dia-diem/khao-sat").await;
    let (_, rest) = mine.split_once("<li><a href=\"/dia-diem/khao-sat/").expect("the form");
    format!("/dia-diem/khao-sat/{}", rest.split('"').next().unwrap())
}

#[test]
fn every_page_speaks_both_languages_and_knows_who_may_enter() {
    with_venues(async |house| {
        let reader = house.seat("Chuyên viên", &[("venues", Right::Read)]).await;
        let outside = house.seat("Người ngoài", &[("tasks", Right::Read)]).await;
        let (desk, one) = (keeper(&house).await, surveyor(&house, "Công an").await);
        for (path, key) in [
            ("/dia-diem", "venues-title"),
            ("/dia-diem/so-sanh", "venues-compare"),
            ("/dia-diem/tieu-chi", "venues-criteria"),
            ("/dia-diem/chenh-lech", "venues-spread"),
            ("/dia-diem/trung", "venues-conflicts"),
            ("/dia-diem/quyet-dinh", "venues-decision"),
            ("/dia-diem/dot", "venues-assessor"),
            ("/dia-diem/A", "venues-compare-gates"),
            ("/dia-diem/D", "venues-photos"),
        ] {
            let (vi, en) = (i18n::t(Lang::Vi, key), i18n::t(Lang::En, key));
            assert_ne!(vi, en, "{key}");
            let said = shows(&house, &reader, path).await;
            assert!(said.contains(&*vi) && !said.contains(&*en), "{path}");
            let said = shows(&house, &english(&reader), path).await;
            assert!(said.contains(&*en) && !said.contains(&format!(">{vi}<")), "{path}");
            assert_eq!(open(&house, &outside, path).await.status, 403, "{path}");
            let nobody = stranger(Method::GET, path).body(Body::empty()).unwrap();
            let nobody = house.call(&screens(), nobody).await;
            assert!(nobody.status == 303 && nobody.header("location").starts_with("/vao"), "{path}");
        }
        // What only the desk may open, and only a surveyor.
        for path in [
            "/dia-diem/moi",
            "/dia-diem/D/sua",
            "/dia-diem/D/phong/moi",
            "/dia-diem/D/dieu-kien/K2",
            "/dia-diem/tieu-chi/sua",
            "/dia-diem/tieu-chi/so-doi",
        ] {
            assert_eq!(open(&house, &desk, path).await.status, 200, "{path}");
            assert_eq!(open(&house, &reader, path).await.status, 403, "{path}");
            assert_eq!(open(&house, &one, path).await.status, 403, "{path}");
        }
        assert_eq!(open(&house, &one, "/dia-diem/khao-sat").await.status, 200);
        assert_eq!(open(&house, &reader, "/dia-diem/khao-sat").await.status, 403);
        // A reader is offered nothing to press.
        for path in ["/dia-diem", "/dia-diem/D", "/dia-diem/dot", "/dia-diem/quyet-dinh"] {
            let said = shows(&house, &reader, path).await;
            assert!(!said.contains("method=\"post\" action=\"/dia-diem"), "{path}");
        }
        // Acts of others are refused whatever the page offered.
        for path in [
            "/dia-diem/moi",
            "/dia-diem/D/sua",
            "/dia-diem/D/buoc/conclude",
            "/dia-diem/D/phong/moi",
            "/dia-diem/D/dieu-kien/K2",
            "/dia-diem/A/ban-giao",
            "/dia-diem/dot",
            "/dia-diem/dot/giao",
            "/dia-diem/dot/dong",
            "/dia-diem/tieu-chi",
            "/dia-diem/quyet-dinh",
            "/dia-diem/quyet-dinh/ky",
            "/dia-diem/quyet-dinh/tra-lai",
            "/dia-diem/trung",
        ] {
            assert_eq!(sends(&house, &reader, path, &[("x", "1")]).await.status, 403, "{path}");
        }
        // An address that is none, and one whose part cannot be read: there is no such page.
        for path in [
            "/dia-diem/KHONG",
            "/dia-diem/KHONG/sua",
            "/dia-diem/D/phong/khong-phai-ma",
            "/dia-diem/D/dieu-kien/K9",
            "/dia-diem/D/dieu-kien/T1",
            "/dia-diem/anh/khong-phai-ma",
            "/dia-diem/khao-sat/khong-phai-ma",
            "/dia-diem/A/ban-giao/khong.pdf",
            "/song/dia-diem/KHONG",
        ] {
            let answer = open(&house, &desk, path).await;
            assert!(matches!(answer.status, 404) && !answer.text.is_empty(), "{path}: {}", answer.status);
        }
    });
}

#[test]
fn a_venue_is_entered_edited_and_measured_by_forms() {
    with_venues(async |house| {
        let desk = keeper(&house).await;
        let typed =
            [("code", "E"), ("name", ""), ("address", "Số 9 đường Ven Sông"), ("owner", "Sở Văn hóa")];
        let empty = sends(&house, &desk, "/dia-diem/moi", &typed).await;
        refused(
            &empty,
            422,
            &["value=\"E\"", "value=\"Số 9 đường Ven Sông\"", "value=\"Sở Văn hóa\"", "name-error"],
        );
        let twice = [("code", "A"), ("name", "Nhà hát"), ("address", "Số 9")];
        let twice = sends(&house, &desk, "/dia-diem/moi", &twice).await;
        assert!(matches!(twice.status, 409 | 422), "{}", twice.text);
        assert!(twice.text.contains("value=\"Nhà hát\""), "{}", twice.text);
        let made = [("code", "E"), ("name", "Nhà thi đấu"), ("address", "Số 9 đường Ven Sông")];
        taken(&sends(&house, &desk, "/dia-diem/moi", &made).await, "/dia-diem/E?xong=nominated");
        assert!(shows(&house, &desk, "/dia-diem?q=nha+thi+dau").await.contains("href=\"/dia-diem/E\""));

        // Two write at once: the second is told, keeps what it typed and may send it again.
        let version = hidden(&shows(&house, &desk, "/dia-diem/E/sua").await, "version");
        let edit = async |name: &str, version: &str| {
            let form = [("version", version), ("code", "E"), ("name", name)];
            sends(&house, &desk, "/dia-diem/E/sua", &form).await
        };
        taken(&edit("Nhà thi đấu lớn", &version).await, "/dia-diem/E?xong=edited");
        let late = edit("Nhà thi đấu nhỏ", &version).await;
        refused(&late, 409, &["value=\"Nhà thi đấu nhỏ\""]);
        let again = hidden(&late.text, "version");
        assert_ne!(again, version);
        taken(&edit("Nhà thi đấu nhỏ", &again).await, "/dia-diem/E?xong=edited");

        // A space: a number that is none is named beside what was typed.
        let measured = |seats: &'static str| {
            [
                ("name", "Sân chính"),
                ("used_as", "hoi_truong"),
                ("main", "1"),
                ("seats", seats),
                ("exit_name", "Cửa Đông"),
                ("exit_leads", "đường Ven Sông"),
                ("exit_width", "1,8"),
                ("exit_height", "2,2"),
            ]
        };
        let wrong = sends(&house, &desk, "/dia-diem/E/phong/moi", &measured("rất nhiều")).await;
        let kept = ["value=\"Sân chính\"", "value=\"rất nhiều\"", "value=\"Cửa Đông\"", "Ghi một con số"];
        refused(&wrong, 422, &kept);
        let right = sends(&house, &desk, "/dia-diem/E/phong/moi", &measured("1.200")).await;
        taken(&right, "/dia-diem/E?xong=measured");
        let page = shows(&house, &desk, "/dia-diem/E").await;
        assert!(page.contains("Sân chính") && page.contains("Cửa Đông") && page.contains(">1,8<"), "{page}");
        let (_, rest) = page.split_once("/dia-diem/E/phong/").unwrap();
        let space = format!("/dia-diem/E/phong/{}", rest.split('"').next().unwrap());
        let form = shows(&house, &desk, &space).await;
        assert!(form.contains("value=\"1200\"") && form.contains("value=\"Cửa Đông\""), "{form}");
        let stale = [("version", "-1"), ("name", "Sân phụ"), ("used_as", "hoi_truong")];
        refused(&sends(&house, &desk, &space, &stale).await, 409, &["value=\"Sân phụ\""]);

        // A step that asks for a reason keeps the venue as it is without one.
        let withdraw = sends(&house, &desk, "/dia-diem/E/buoc/withdraw", &[("reason", "")]).await;
        assert_eq!(withdraw.status, 422, "{}", withdraw.text);
        assert!(withdraw.text.contains("sse-connect=\"/song/dia-diem/E?"), "the part belongs to the venue");
        assert_eq!(sends(&house, &desk, "/dia-diem/E/buoc/bay", &[]).await.status, 404);
        let gone =
            sends(&house, &desk, "/dia-diem/E/buoc/withdraw", &[("reason", "chủ sở hữu từ chối")]).await;
        taken(&gone, "/dia-diem/E?xong=moved");
    });
}

#[test]
fn a_gate_is_judged_and_a_photograph_added_by_forms() {
    with_venues(async |house| {
        let desk = keeper(&house).await;
        let gate = "/dia-diem/D/dieu-kien/K2";
        let bare = [("result", "dat_co_dieu_kien"), ("evidence", "BB 12/2025"), ("condition", "")];
        let bare = sends(&house, &desk, gate, &bare).await;
        refused(&bare, 422, &["BB 12/2025", "value=\"dat_co_dieu_kien\" selected"]);
        let none = [("result", "dat"), ("evidence", ""), ("condition", "thêm hai lối ra")];
        refused(&sends(&house, &desk, gate, &none).await, 422, &["thêm hai lối ra"]);
        assert_eq!(sends(&house, &desk, gate, &[("result", "tot")]).await.status, 400);
        let whole = [
            ("result", "dat_co_dieu_kien"),
            ("evidence", "BB 12/2025"),
            ("condition", "thay hai cửa trước 30/9"),
        ];
        taken(&sends(&house, &desk, gate, &whole).await, "/dia-diem/D?xong=judged#dieu-kien");
        let page = shows(&house, &desk, "/dia-diem/D").await;
        assert!(page.contains("thay hai cửa trước 30/9") && page.contains("BB 12/2025"), "{page}");
        assert!(shows(&house, &desk, gate).await.contains("thay hai cửa trước 30/9"), "the form knows it");

        let words = [("kind", "minh_chung"), ("subject", "gate/K2"), ("caption", "Cửa sau hội trường")];
        let missing = uploads(&house, &desk, "/dia-diem/D/anh", &words, None).await;
        refused(&missing, 422, &["value=\"Cửa sau hội trường\"", "value=\"gate/K2\" selected"]);
        let text = uploads(&house, &desk, "/dia-diem/D/anh", &words, Some(b"not a picture")).await;
        assert!(matches!(text.status, 415 | 422), "{}", text.text);
        assert!(text.text.contains("value=\"Cửa sau hội trường\""), "{}", text.text);
        let one = surveyor(&house, "Công an").await;
        assert_eq!(uploads(&house, &one, "/dia-diem/D/anh", &words, Some(&photo())).await.status, 403);
        let added = uploads(&house, &desk, "/dia-diem/D/anh", &words, Some(&photo())).await;
        taken(&added, "/dia-diem/D?xong=photo#anh");
        let page = shows(&house, &desk, "/dia-diem/D").await;
        assert!(page.contains("Cửa sau hội trường"), "{page}");
        let (_, rest) = page.split_once("src=\"/dia-diem/anh/").unwrap();
        let picture = format!("/dia-diem/anh/{}", rest.split('"').next().unwrap());
        let picture = open(&house, &desk, &picture).await;
        assert_eq!(picture.status, 200);
        assert!(picture.header("content-type").starts_with("image/"));
    });
}

#[test]
fn a_survey_is_written_by_a_page_without_scripts() {
    with_venues(async |house| {
        let (desk, one) = (keeper(&house).await, surveyor(&house, "Công an").await);
        let form = form_of(&house, &desk, &one).await;
        let office = one.office.to_string();
        let asked = [("venue", "D"), ("office", office.as_str())];
        assert_eq!(sends(&house, &desk, "/dia-diem/dot/giao", &asked).await.status, 409, "asked once");
        // The form is its office's alone.
        let other = surveyor(&house, "Sở Xây dựng").await;
        assert_eq!(open(&house, &other, &form).await.status, 404);
        assert_eq!(open(&house, &desk, &form).await.status, 404);

        let step = |code: &str| format!("{form}/{code}");
        let far = [("value", "99"), ("note", "nhìn rõ từ mọi chỗ")];
        let far = uploads(&house, &one, &step("T1"), &far, None).await;
        refused(&far, 422, &["nhìn rõ từ mọi chỗ", "Chọn một trong"]);
        let wide = [
            ("exit_id", "cua-1"),
            ("exit_name", "Cửa chính"),
            ("exit_leads", "sân trước"),
            ("exit_width", "rộng"),
            ("exit_height", "2,1"),
        ];
        let wide = uploads(&house, &one, &step("loi-ra"), &wide, None).await;
        refused(&wide, 422, &["value=\"Cửa chính\"", "value=\"rộng\"", "value=\"sân trước\"", "bằng mét"]);
        assert_eq!(uploads(&house, &one, &step("T99"), &[("value", "5")], None).await.status, 404);
        let good = [("value", "7"), ("note", "nhìn rõ từ mọi chỗ")];
        let saved = uploads(&house, &one, &step("T1"), &good, Some(&photo())).await;
        taken(&saved, &format!("{form}?da-luu=T1#T1"));
        let page = shows(&house, &one, &form).await;
        assert!(page.contains("value=\"7\" checked") && page.contains("/dia-diem/anh/"), "{page}");

        // Handing in before everything is rated is refused with what is missing.
        let early = sends(&house, &one, &format!("{form}/nop"), &[]).await;
        refused(&early, 409, &["Mới chấm 1/11", "T10, T11"]);
        for no in 2..=11 {
            let sent = uploads(&house, &one, &step(&format!("T{no}")), &[("value", "8")], None).await;
            assert_eq!(sent.status, 303, "T{no}: {}", sent.text);
        }
        let done = sends(&house, &one, &format!("{form}/nop"), &[]).await;
        taken(&done, "/dia-diem/khao-sat?xong=handed-in");
        let late = uploads(&house, &one, &step("T1"), &[("value", "3"), ("note", "muộn")], None).await;
        assert_eq!(late.status, 409, "{}", late.text);
        let sheet = open(&house, &one, &format!("{form}/phieu.pdf")).await;
        assert_eq!((sheet.status, sheet.header("content-type")), (200, "application/pdf"));
        assert!(sheet.text.contains("T11"));
    });
}

#[test]
fn a_round_and_the_criteria_keep_what_was_typed() {
    with_venues(async |house| {
        let desk = keeper(&house).await;
        // One round at a time.
        let second = [("name", "Đợt 2"), ("people", "500"), ("reserve", "5")];
        assert_eq!(sends(&house, &desk, "/dia-diem/dot", &second).await.status, 409);
        taken(&sends(&house, &desk, "/dia-diem/dot/dong", &[]).await, "/dia-diem/dot?xong=round-closed");
        let wrong = [("name", "Đợt 2"), ("people", "đông"), ("reserve", "5")];
        let wrong = sends(&house, &desk, "/dia-diem/dot", &wrong).await;
        refused(&wrong, 422, &["value=\"Đợt 2\"", "value=\"đông\""]);
        taken(&sends(&house, &desk, "/dia-diem/dot", &second).await, "/dia-diem/dot?xong=round-opened");
        assert!(shows(&house, &desk, "/dia-diem/dot").await.contains("Đợt 2"));

        let page = shows(&house, &desk, "/dia-diem/tieu-chi").await;
        let weigh = async |first: Option<&str>| {
            let mut form: Vec<(String, String)> = (1..=11)
                .map(|no| {
                    let name = format!("w-T{no}");
                    let value = field(&page, &name);
                    (name, value)
                })
                .collect();
            if let (Some(one), Some(first)) = (form.first_mut(), first) {
                one.1 = first.to_owned();
            }
            form.push(("reason".to_owned(), "thử trọng số".to_owned()));
            form.push(("version".to_owned(), hidden(&page, "version")));
            let form: Vec<(&str, &str)> = form.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
            sends(&house, &desk, "/dia-diem/tieu-chi", &form).await
        };
        refused(&weigh(Some("nhiều")).await, 422, &["value=\"nhiều\"", "thử trọng số"]);
        refused(&weigh(Some("99")).await, 422, &["value=\"99\"", "thử trọng số"]);
        let same = weigh(None).await;
        assert_eq!(same.status, 303, "{}", same.text);
        refused(&weigh(None).await, 409, &["thử trọng số"]);
    });
}

/// The value of a field on a page.
fn field(page: &str, name: &str) -> String {
    let (_, rest) = page.split_once(&format!("name=\"{name}\"")).expect("the field");
    let (_, rest) = rest.split_once("value=\"").expect("its value");
    rest.split('"').next().unwrap().to_owned()
}

#[test]
fn two_records_of_one_form_are_chosen_between_on_the_page() {
    with_venues(async |house| {
        let (desk, one) = (keeper(&house).await, surveyor(&house, "Công an").await);
        let two = house.second_device(&one).await;
        let form = form_of(&house, &desk, &one).await;
        let records = form.replace("/dia-diem/khao-sat/", "/venue-surveys/") + "/records";
        for (seat, device, value) in [(&one, "may-1", 7), (&two, "may-2", 9)] {
            let body = json!({"device": device, "records": [{"sequence": 1, "seen": 0,
                "written_at": "2025-09-26T02:00:00Z",
                "content": {"kind": "rating", "code": "T1", "value": value, "note": ""}}]});
            assert_eq!(post(&house, seat, &records, &body).await.status, 200);
        }
        let page = shows(&house, &one, "/dia-diem/trung").await;
        assert!(page.contains("7 điểm") && page.contains("9 điểm"), "both stand side by side: {page}");
        let other = surveyor(&house, "Sở Xây dựng").await;
        assert!(!shows(&house, &other, "/dia-diem/trung").await.contains("9 điểm"));
        let (survey, subject) = (hidden(&page, "survey"), hidden(&page, "subject"));
        let (seen, place) = (hidden(&page, "seen"), field(&page, "place"));
        let choose = async |reason: &str, seen: &str| {
            let form = [
                ("survey", survey.as_str()),
                ("subject", subject.as_str()),
                ("seen", seen),
                ("place", place.as_str()),
                ("reason", reason),
            ];
            sends(&house, &one, "/dia-diem/trung", &form).await
        };
        assert_eq!(choose("", &seen).await.status, 422);
        refused(&choose("đo lại sáng nay", "0").await, 409, &["đo lại sáng nay"]);
        assert_eq!(sends(&house, &one, "/dia-diem/trung", &[("survey", "x")]).await.status, 400);
        taken(&choose("đo lại sáng nay", &seen).await, "/dia-diem/trung?xong=settled");
        assert!(!shows(&house, &one, "/dia-diem/trung").await.contains("9 điểm"));
    });
}

#[test]
fn the_comparison_and_the_decision_by_forms() {
    with_venues(async |house| {
        let (desk, chief) = (keeper(&house).await, leader(&house).await);
        let compare = shows(&house, &desk, "/dia-diem/so-sanh").await;
        for part in ["8,36", "7,47", "735", "22/22", "(6,24)", "không thay thế"] {
            assert!(compare.contains(part), "{part}: {compare}");
        }
        assert!(shows(&house, &english(&desk), "/dia-diem/so-sanh").await.contains("8.36"));
        for (path, kind) in [
            ("/dia-diem/so-sanh.pdf", "application/pdf"),
            (
                "/dia-diem/so-sanh.docx",
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            ),
            ("/dia-diem/danh-sach.pdf?q=nha", "application/pdf"),
        ] {
            let file = open(&house, &desk, path).await;
            assert_eq!((file.status, file.header("content-type")), (200, kind), "{path}");
        }

        let (a, b, c) = (id(&house, "A").await, id(&house, "B").await, id(&house, "C").await);
        let page = "/dia-diem/quyet-dinh";
        let failed = sends(&house, &desk, page, &[("venue", &c), ("reason", "gần trung tâm")]).await;
        refused(&failed, 422, &["gần trung tâm", "K1"]);
        assert_eq!(sends(&house, &desk, page, &[("venue", "x")]).await.status, 400);
        let first = sends(&house, &desk, page, &[("venue", &a), ("reason", "Điểm cao nhất")]).await;
        taken(&first, "/dia-diem/quyet-dinh?xong=recommended");
        let waits = shows(&house, &desk, page).await;
        assert!(
            waits.contains("đang chờ") && !waits.contains("name=\"sha\""),
            "who recommends does not sign"
        );
        assert_eq!(sends(&house, &desk, "/dia-diem/quyet-dinh/ky", &[("id", "x")]).await.status, 403);

        // Sent back with a reason.
        let recommendation = hidden(&shows(&house, &chief, page).await, "id");
        let empty = [("id", recommendation.as_str()), ("reason", " ")];
        let empty = sends(&house, &chief, "/dia-diem/quyet-dinh/tra-lai", &empty).await;
        assert_eq!(empty.status, 422, "{}", empty.text);
        let back = [("id", recommendation.as_str()), ("reason", "làm rõ phương án dự phòng")];
        let back = sends(&house, &chief, "/dia-diem/quyet-dinh/tra-lai", &back).await;
        taken(&back, "/dia-diem/quyet-dinh?xong=returned");
        assert!(shows(&house, &desk, page).await.contains("làm rõ phương án dự phòng"));
        let late = [("id", recommendation.as_str()), ("reason", "trả lại lần nữa")];
        let late = sends(&house, &chief, "/dia-diem/quyet-dinh/tra-lai", &late).await;
        assert!(matches!(late.status, 404 | 409), "{}", late.text);

        let again = [("venue", a.as_str()), ("reason", "Đã bổ sung phương án dự phòng")];
        taken(&sends(&house, &desk, page, &again).await, "/dia-diem/quyet-dinh?xong=recommended");
        let paper = shows(&house, &chief, page).await;
        let (recommendation, sha) = (hidden(&paper, "id"), hidden(&paper, "sha"));
        let sign = async |venue: &str, sha: &str, reason: &str, what: &str, due: &str| {
            let form = [
                ("id", recommendation.as_str()),
                ("sha", sha),
                ("venue", venue),
                ("reason", reason),
                ("number", ""),
                ("task_code", "ĐĐ-01"),
                ("task_what", what),
                ("task_unit", ""),
                ("task_due", due),
            ];
            sends(&house, &chief, "/dia-diem/quyet-dinh/ky", &form).await
        };
        let work = "Ký hợp đồng mượn hội trường";
        refused(&sign(&a, &sha, "Đồng ý", work, "mai").await, 422, &[work, "value=\"mai\"", "Đồng ý"]);
        refused(&sign(&a, &sha, "Đồng ý", "", "").await, 422, &["Ghi việc phải làm"]);
        refused(&sign(&a, "00", "Đồng ý", work, "30/09/2025").await, 409, &[work, "Đồng ý"]);
        let other = sign(&b, &sha, "", work, "30/09/2025").await;
        assert_eq!(other.status, 422, "another venue needs a reason: {}", other.text);
        let signed = sign(&a, &sha, "Đồng ý", work, "30/09/2025").await;
        taken(&signed, "/dia-diem/quyet-dinh?xong=signed");
        let done = shows(&house, &chief, page).await;
        assert!(done.contains("ĐĐ-01") && done.contains(work), "{done}");
        assert_eq!(sign(&a, &sha, "Đồng ý", work, "30/09/2025").await.status, 409, "signed once");

        // Chosen, it is handed over by a form that keeps what was typed.
        let hand = "/dia-diem/A/ban-giao";
        let kind = hidden(&shows(&house, &desk, hand).await, "kind");
        let wrong =
            [("kind", kind.as_str()), ("on_day", "mai"), ("other_party", "Nhà hát"), ("condition", "sạch")];
        refused(
            &sends(&house, &desk, hand, &wrong).await,
            422,
            &["value=\"mai\"", "value=\"Nhà hát\"", "sạch"],
        );
        assert_eq!(open(&house, &desk, "/dia-diem/B/ban-giao").await.status, 409);
        let before = [("kind", "truoc"), ("subject", ""), ("caption", "Sàn")];
        let photo = uploads(&house, &desk, "/dia-diem/A/anh", &before, Some(&photo())).await;
        assert_eq!(photo.status, 303, "{}", photo.text);
        let over = [
            ("kind", kind.as_str()),
            ("on_day", "08/10/2025"),
            ("other_party", "Nhà hát"),
            ("condition", "sạch"),
        ];
        taken(&sends(&house, &desk, hand, &over).await, "/dia-diem/A?xong=handed-over");
        // Whoever opens the minutes, they name the office that took over.
        let site = shows(&house, &chief, "/dia-diem/A").await;
        let minutes =
            site.split('"').find(|part| part.contains("/ban-giao/") && part.ends_with(".pdf")).unwrap();
        let said = open(&house, &chief, minutes).await.text;
        assert!(said.contains("Bên nhận: Tổ khảo sát.") && said.contains("Bên giao: Nhà hát."), "{said}");
    });
}

/// Opens a stream.
async fn stream(house: &House, seat: &Seat, path: &str) -> Body {
    let router = platform::web::finish(screens().with_state(house.app.clone()), Arc::new(Site::bare()));
    let response = router.oneshot(seat.get(path)).await.unwrap();
    assert_eq!(
        (response.status().as_u16(), &response.headers()["content-type"]),
        (200, &"text/event-stream".parse().unwrap())
    );
    response.into_body()
}

/// Reads until the text stands there; `None` when the stream ends or is silent for 3 s.
async fn until(body: &mut Body, wanted: &str) -> Option<Duration> {
    let (started, mut all) = (Instant::now(), String::new());
    loop {
        let frame = tokio::time::timeout(Duration::from_secs(3), body.frame()).await.ok()??;
        all.push_str(&String::from_utf8_lossy(&frame.ok()?.into_data().ok()?));
        if all.contains(wanted) {
            return Some(started.elapsed());
        }
    }
}

#[test]
fn list_venue_and_comparison_live() {
    with_venues(async |house| {
        let desk = keeper(&house).await;
        let reader = house.seat("Chuyên viên", &[("venues", Right::Read)]).await;
        let mut list = stream(&house, &reader, "/song/dia-diem?lang=vi").await;
        let mut one = stream(&house, &reader, "/song/dia-diem/D?lang=vi").await;
        let mut compare = stream(&house, &reader, "/song/dia-diem/so-sanh?lang=vi").await;
        for (body, has) in [(&mut list, "data-rows"), (&mut one, "K2"), (&mut compare, "8,36")] {
            assert!(until(body, has).await.is_some(), "{has}");
        }
        let failed = [("result", "khong_dat"), ("evidence", "Biên bản số 77"), ("condition", "")];
        let judged = sends(&house, &desk, "/dia-diem/D/dieu-kien/K2", &failed).await;
        taken(&judged, "/dia-diem/D?xong=judged#dieu-kien");
        let took = until(&mut one, "Biên bản số 77").await.expect("the venue");
        assert!(took < Duration::from_secs(1), "{took:?}");
        assert!(until(&mut list, "Biên bản số 77").await.is_some(), "the list says why D is not ranked");
        // The comparison shows what it compares under its name of this second.
        let version = hidden(&shows(&house, &desk, "/dia-diem/A/sua").await, "version");
        let named = [("version", version.as_str()), ("code", "A"), ("name", "Nhà hát Ven Sông")];
        let named = sends(&house, &desk, "/dia-diem/A/sua", &named).await;
        taken(&named, "/dia-diem/A?xong=edited");
        assert!(until(&mut compare, "Nhà hát Ven Sông").await.is_some());

        // The list knows its own filter: its stream stands under the same query.
        let page = shows(&house, &reader, "/dia-diem?q=nha").await;
        assert!(page.contains("sse-connect=\"/song/dia-diem?q=nha&#38;"), "{page}");
    });
}
