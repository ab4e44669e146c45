//! The pages and the API of numbers and issuing bodies, through the front door on both databases.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use axum::{Router, http::Method};
use platform::{
    app::App,
    identity::Right,
    testing::{House, Seat, on_both},
};
use serde_json::{Value, json};

fn routes() -> Router<App> {
    super::routes().merge(super::api::routes())
}

async fn keeper(house: &House) -> Seat {
    house.seat("Tổ trưởng Tổ Thư ký", &[("papers", Right::Manage)]).await
}

async fn body(house: &House, seat: &Seat) -> String {
    let new = json!({ "kind": "party", "name": "Tiểu ban Tổ chức phục vụ", "parent_lines": ["THÀNH ỦY"],
        "name_lines": ["TIỂU BAN TỔ CHỨC", "PHỤC VỤ ĐẠI HỘI"], "place": "Thành phố", "symbol": "TBPV", "term": "2025–2030" });
    let made = house.call(&routes(), seat.json(Method::POST, "/api/v1/issuing-bodies", &new)).await;
    assert_eq!(made.status, 201, "{}", made.text);
    made.json()["id"].as_str().unwrap().to_owned()
}

fn taking(body: &str, number: Value) -> Value {
    json!({ "body": body, "type": "TB", "on": "2025-09-26", "subject": "Kết luận giao ban", "number": number })
}

#[test]
fn a_number_is_taken_by_hand_and_stands_in_the_list() {
    on_both(&[], async |house| {
        let seat = keeper(&house).await;
        let of = body(&house, &seat).await;
        let page = house.call(&routes(), seat.get("/van-ban")).await;
        assert!(
            page.status == 200 && page.text.contains("Chưa có số nào"),
            "an empty register says what belongs here"
        );
        let form = house.call(&routes(), seat.get(&format!("/van-ban/lay-so?co-quan={of}&loai=TB"))).await;
        assert!(form.text.contains("01-TB/TBPV"), "the number is foreseen");
        let typed = [
            ("body", of.as_str()),
            ("type", "TB"),
            ("on", "26/09/2025"),
            ("subject", "Kết luận tuần 05"),
            ("class", "thuong"),
        ];
        let taken = house.call(&routes(), seat.post("/van-ban/lay-so", &typed)).await;
        assert_eq!(taken.status, 303, "{}", taken.text);
        let one = house.call(&routes(), seat.get(taken.header("location"))).await;
        assert!(one.text.contains("01-TB/TBPV") && one.text.contains("Kết luận tuần 05"));
        for (query, there) in [
            ("", true),
            ("?q=ket+luan+tuan", true),
            ("?q=kh%C3%A1c", false),
            ("?loai=KH", false),
            ("?huy=1", false),
            ("?nhiem-ky=2025%E2%80%932030", true),
        ] {
            let list = house.call(&routes(), seat.get(&format!("/van-ban{query}"))).await;
            assert_eq!(list.text.contains("Kết luận tuần 05"), there, "{query}");
        }
        let file = house.call(&routes(), seat.get("/van-ban/xuat.xlsx")).await;
        assert!(file.status == 200 && file.header("content-type").contains("spreadsheetml"));
    });
}

#[test]
fn a_used_number_says_who_has_it_and_keeps_what_was_typed() {
    on_both(&[], async |house| {
        let seat = keeper(&house).await;
        let of = body(&house, &seat).await;
        let first = house
            .call(&routes(), seat.json(Method::POST, "/api/v1/paper-numbers", &taking(&of, Value::Null)))
            .await;
        assert_eq!(
            (first.status, first.json()["written"].as_str()),
            (201, Some("01-TB/TBPV")),
            "{}",
            first.text
        );
        let again = house
            .call(&routes(), seat.json(Method::POST, "/api/v1/paper-numbers", &taking(&of, json!(1))))
            .await;
        assert_eq!((again.status, again.json()["type"].as_str()), (409, Some("/api/problems/number-used")));
        assert!(again.json()["detail"].as_str().unwrap().contains("Tổ trưởng Tổ Thư ký"), "{}", again.text);
        let typed = [
            ("body", of.as_str()),
            ("type", "TB"),
            ("on", "26/09/2025"),
            ("subject", "Gõ rồi không mất"),
            ("number", "01"),
        ];
        let page = house.call(&routes(), seat.post("/van-ban/lay-so", &typed)).await;
        assert_eq!(page.status, 409);
        assert!(page.text.contains("Gõ rồi không mất") && page.text.contains("đã dùng"), "{}", page.text);
        let gap = house
            .call(&routes(), seat.json(Method::POST, "/api/v1/paper-numbers", &taking(&of, json!(9))))
            .await;
        assert_eq!((gap.status, gap.json()["type"].as_str()), (422, Some("/api/problems/number-gap")));
        assert!(gap.json()["detail"].as_str().unwrap().contains("từ 2 đến 8"), "{}", gap.text);
        let empty = house
            .call(&routes(), seat.post("/van-ban/lay-so", &[("type", "TB"), ("on", "31/02/2025")]))
            .await;
        assert_eq!(empty.status, 422);
    });
}

#[test]
fn a_number_is_cancelled_once_with_a_reason() {
    on_both(&[], async |house| {
        let seat = keeper(&house).await;
        let of = body(&house, &seat).await;
        let made = house
            .call(&routes(), seat.json(Method::POST, "/api/v1/paper-numbers", &taking(&of, Value::Null)))
            .await;
        let page = format!("/van-ban/so/{}", made.json()["id"].as_str().unwrap());
        let none = house.call(&routes(), seat.post(&format!("{page}/huy"), &[("reason", "")])).await;
        assert_eq!(none.status, 422);
        let done = house.call(&routes(), seat.post(&format!("{page}/huy"), &[("reason", "Ghi nhầm")])).await;
        assert_eq!(done.status, 303, "{}", done.text);
        let shown = house.call(&routes(), seat.get(&page)).await;
        assert!(shown.text.contains("không dùng lại") && shown.text.contains("Ghi nhầm"));
        let again = house.call(&routes(), seat.post(&format!("{page}/huy"), &[("reason", "Lần nữa")])).await;
        assert_eq!(again.status, 409);
        let reused = house
            .call(&routes(), seat.json(Method::POST, "/api/v1/paper-numbers", &taking(&of, json!(1))))
            .await;
        assert_eq!(reused.json()["type"], "/api/problems/number-cancelled");
    });
}

#[test]
fn the_same_call_again_takes_no_second_number() {
    on_both(&[], async |house| {
        let seat = keeper(&house).await;
        let of = body(&house, &seat).await;
        for _ in 0..2 {
            let mut call = seat.json(Method::POST, "/api/v1/paper-numbers", &taking(&of, Value::Null));
            call.headers_mut().insert("idempotency-key", "mot-lan".parse().unwrap());
            let answer = house.call(&routes(), call).await;
            assert_eq!(answer.json()["number"], 1, "{}", answer.text);
        }
        let list = house.call(&routes(), seat.get("/api/v1/paper-numbers")).await;
        assert_eq!(list.json()["items"].as_array().unwrap().len(), 1);
    });
}

#[test]
fn a_heading_is_shown_as_it_will_print_and_two_people_lose_nothing() {
    on_both(&[], async |house| {
        let seat = keeper(&house).await;
        let of = body(&house, &seat).await;
        let typed = |version: &'static str, name: &'static str| {
            [
                ("version", version),
                ("name", "Tiểu ban Tổ chức phục vụ"),
                ("kind", "party"),
                ("parent_lines", "THÀNH ỦY"),
                ("name_lines", name),
                ("place", "Thành phố"),
                ("symbol", "TBPV"),
                ("term", "2025–2030"),
            ]
        };
        let broken = "TIỂU BAN TỔ CHỨC\nPHỤC VỤ\nĐẠI HỘI";
        let preview = house.call(&routes(), seat.post("/van-ban/co-quan/xem", &typed("1", broken))).await;
        assert!(
            preview.text.contains("ĐẢNG CỘNG SẢN VIỆT NAM") && preview.text.contains("PHỤC VỤ"),
            "{}",
            preview.text
        );
        assert!(preview.text.contains("07-TB/TBPV"), "{}", preview.text);
        let page = format!("/van-ban/co-quan/{of}");
        let saved = house.call(&routes(), seat.post(&page, &typed("1", broken))).await;
        assert_eq!(saved.status, 303, "{}", saved.text);
        let late = house.call(&routes(), seat.post(&page, &typed("1", "MỘT DÒNG KHÁC"))).await;
        assert_eq!(late.status, 409);
        assert!(
            late.text.contains("MỘT DÒNG KHÁC") && late.text.contains("Người khác vừa sửa"),
            "{}",
            late.text
        );
    });
}

#[test]
fn internal_subjects_are_closed_to_those_who_may_not_read_them() {
    on_both(&[], async |house| {
        let seat = keeper(&house).await;
        let of = body(&house, &seat).await;
        let mut new = taking(&of, Value::Null);
        new["class"] = json!("noi_bo");
        new["subject"] = json!("Nhân sự tổ giúp việc");
        let made = house.call(&routes(), seat.json(Method::POST, "/api/v1/paper-numbers", &new)).await;
        assert_eq!(made.status, 201);
        let open = house.call(&routes(), seat.get("/van-ban")).await;
        assert!(open.text.contains("Nhân sự tổ giúp việc"), "seats of a test hold the internal class");
        let secret =
            json!({ "body": of, "type": "TB", "on": "2025-09-26", "subject": "Nội dung", "class": "mat" });
        let refused = house.call(&routes(), seat.json(Method::POST, "/api/v1/paper-numbers", &secret)).await;
        assert_eq!(
            (refused.status, refused.json()["type"].as_str()),
            (422, Some("/api/problems/secret-content"))
        );
        // A reader of the ordinary class: the line is there, its subject is not, and search does not find it.
        let reader = house.seat("Chuyên viên", &[]).await;
        let office = reader.office;
        house
            .write(&platform::audit::Author::cli(), move |tx| {
                use platform::identity::{self, Confidentiality, store};
                let grant = store::NewGrant {
                    holder: store::Holder::Office(office),
                    unit: None,
                    area: "papers".to_owned(),
                    right: Right::Read,
                    confidentiality: Confidentiality::Normal,
                    not_before: tx.now(),
                    not_after: None,
                    approved_by: None,
                };
                Ok::<_, identity::Error>(store::grant(tx, &grant)?.map(|_| ()))
            })
            .await
            .unwrap();
        let list = house.call(&routes(), reader.get("/van-ban")).await;
        assert!(
            list.text.contains("01-TB/TBPV") && !list.text.contains("Nhân sự tổ giúp việc"),
            "{}",
            list.text
        );
        let found = house.call(&routes(), reader.get("/api/v1/paper-numbers?q=nhan%20su")).await;
        assert_eq!(found.json()["items"].as_array().unwrap().len(), 0);
        let denied = house.call(&routes(), reader.get("/van-ban/lay-so")).await;
        assert_eq!(denied.status, 403);
    });
}
