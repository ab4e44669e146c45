//! The register of decisions through the front door, both ways, on both databases.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use axum::{Router, http::Method};
use jiff::civil::date;
use platform::{
    app::App,
    audit::Author,
    congress,
    db::DbError,
    identity::Right,
    papers::{self, BodyKind, NewBody, Reference, Use},
    testing::{House, Seat, on_both},
};
use serde_json::{Value, json};

use super::{
    DecisionError,
    model::{DecisionKind, NewDecision, Relation},
    query, store,
};
use crate::tasks::{
    self, TaskError,
    model::{Basis, TaskFields, TaskId},
};

fn routes() -> Router<App> {
    super::routes().merge(super::api::routes()).merge(tasks::pages::routes()).merge(crate::papers::routes())
}

/// A house with a congress, a body, and three tasks: two stand on 15-KH/TBPV, one on nothing registered.
async fn house_with(house: &House) -> (Seat, Vec<TaskId>) {
    let seat = house
        .seat(
            "Tổ trưởng Tổ Thư ký",
            &[("decisions", Right::Manage), ("tasks", Right::Manage), ("papers", Right::Manage)],
        )
        .await;
    let unit = seat.unit;
    let tasks = house
        .write(&Author::cli(), move |tx| {
            let new = congress::store::NewCongress {
                name: "Đại hội".to_owned(),
                short_name: "Đại hội".to_owned(),
                level: congress::Level::Tinh,
                term: "2025–2030".to_owned(),
                preparatory_on: date(2025, 10, 13),
                opening_on: date(2025, 10, 14),
                closing_on: date(2025, 10, 15),
                place: "Hội trường".to_owned(),
                hotline: String::new(),
            };
            congress::store::create(tx, &new).map_err(TaskError::from)?;
            let body = NewBody {
                unit: Some(unit),
                kind: BodyKind::Party,
                name: "Tiểu ban Tổ chức phục vụ".to_owned(),
                name_lines: vec!["TIỂU BAN".to_owned()],
                place: "Thành phố".to_owned(),
                symbol: "TBPV".to_owned(),
                ..NewBody::default()
            };
            papers::store::save_body(tx, None, 0, &body)
                .map_err(|error| DbError::Other(error.to_string()))?;
            let plan = *tasks::store::create_plan(tx, "KH", "Kế hoạch", unit)?.value();
            let mut ids = Vec::new();
            let mut last = None;
            for (code, symbol) in
                [("PV-01", "Số 15 - KH/TBPV"), ("PV-02", "15-kh/tbpv"), ("PV-03", "99-KH/TW")]
            {
                let fields = TaskFields {
                    code: code.to_owned(),
                    what: format!("Chuẩn bị phần việc {code}"),
                    lead_unit: Some(unit),
                    basis: vec![Basis {
                        symbol: symbol.to_owned(),
                        issued_on: None,
                        clause: "khoản 2".to_owned(),
                        subject: String::new(),
                    }],
                    ..TaskFields::default()
                };
                let done = tasks::store::create(tx, plan, fields)?;
                ids.push(*done.value());
                last = Some(done);
            }
            Ok::<_, TaskError>(last.unwrap().map(|_| ids))
        })
        .await
        .expect("tasks");
    (seat, tasks)
}

fn paper(number: &str, on: &str) -> Value {
    json!({ "kind": "thong_bao", "number": number, "issued_on": on, "authority": "Trưởng Tiểu ban",
        "subject": format!("Kết luận {number}"), "points": ["Giao việc một.", "Giao việc hai."] })
}

async fn enter(house: &House, seat: &Seat, paper: &Value) -> String {
    let made = house.call(&routes(), seat.json(Method::POST, "/api/v1/decisions", paper)).await;
    assert_eq!(made.status, 201, "{}", made.text);
    made.json()["id"].as_str().unwrap().to_owned()
}

async fn get(house: &House, seat: &Seat, path: &str) -> Value {
    let answer = house.call(&routes(), seat.get(path)).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    answer.json()
}

#[test]
fn the_answer_goes_both_ways_from_one_transaction() {
    on_both(&crate::migrations(), async |house| {
        let (seat, tasks) = house_with(&house).await;
        let mut new = paper("07-TB/TBPV", "2025-09-26");
        new["tasks"] = json!([{ "task": tasks[2].to_string(), "relation": "tao", "point": 2 }]);
        let id = enter(&house, &seat, &new).await;
        let one = get(&house, &seat, &format!("/api/v1/decisions/{id}")).await;
        assert_eq!(
            (one["tasks"][0]["code"].as_str(), one["tasks"][0]["point"].as_u64()),
            (Some("PV-03"), Some(2))
        );
        let back = get(&house, &seat, &format!("/api/v1/tasks/{}/decisions", tasks[2])).await;
        assert_eq!(back[0]["decision"]["number"], "07-TB/TBPV");
        assert_eq!(
            (back[0]["relation"].as_str(), back[0]["point_text"].as_str()),
            (Some("tao"), Some("Giao việc hai."))
        );
        let page = house.call(&routes(), seat.get("/nhiem-vu/PV-03")).await;
        assert!(
            page.text.contains("Căn cứ và kết luận") && page.text.contains("07-TB/TBPV"),
            "{}",
            page.text
        );
        let page = house.call(&routes(), seat.get(&format!("/ket-luan/{id}"))).await;
        assert!(page.text.contains("PV-03") && page.text.contains("②"), "{}", page.text);

        // A tie that cannot be made takes the entry with it: nothing is there afterwards.
        let mut wrong = paper("08-TB/TBPV", "2025-09-26");
        wrong["tasks"] = json!([{ "task": tasks[0].to_string(), "relation": "tao", "point": 9 }]);
        let refused = house.call(&routes(), seat.json(Method::POST, "/api/v1/decisions", &wrong)).await;
        assert_eq!(refused.status, 422, "{}", refused.text);
        assert_eq!(
            get(&house, &seat, "/api/v1/decisions?q=08-TB").await["items"].as_array().unwrap().len(),
            0
        );
    });
}

#[test]
fn a_basis_that_names_a_number_ties_itself() {
    on_both(&crate::migrations(), async |house| {
        let (seat, tasks) = house_with(&house).await;
        let id = enter(&house, &seat, &paper("15-KH/TBPV", "2025-07-15")).await;
        let one = get(&house, &seat, &format!("/api/v1/decisions/{id}")).await;
        let codes: Vec<&str> =
            one["tasks"].as_array().unwrap().iter().map(|tie| tie["code"].as_str().unwrap()).collect();
        assert_eq!(codes, ["PV-01", "PV-02"], "however the number was typed");
        assert_eq!(
            (one["tasks"][0]["named"].as_bool(), one["tasks"][0]["point"].as_u64()),
            (Some(true), Some(2))
        );
        let back = get(&house, &seat, &format!("/api/v1/tasks/{}/decisions", tasks[0])).await;
        assert_eq!(back[0]["relation"], "can_cu");
        // Once somebody ties it, that stands in its place.
        let tie = json!({ "task": tasks[0].to_string(), "relation": "tao", "point": 1 });
        let tied = house
            .call(&routes(), seat.json(Method::POST, &format!("/api/v1/decisions/{id}/tasks"), &tie))
            .await;
        assert_eq!(tied.status, 204, "{}", tied.text);
        let back = get(&house, &seat, &format!("/api/v1/tasks/{}/decisions", tasks[0])).await;
        assert_eq!((back.as_array().unwrap().len(), back[0]["relation"].as_str()), (1, Some("tao")));
        // The other term's plan of the same number: without a date nobody guesses.
        let mut old = paper("15-KH/TBPV", "2020-07-15");
        old["term"] = json!("2020–2025");
        enter(&house, &seat, &old).await;
        let back = get(&house, &seat, &format!("/api/v1/tasks/{}/decisions", tasks[1])).await;
        assert_eq!(back.as_array().unwrap().len(), 0);
    });
}

#[test]
fn a_number_is_entered_once_in_its_term() {
    on_both(&crate::migrations(), async |house| {
        let (seat, _) = house_with(&house).await;
        enter(&house, &seat, &paper("07-TB/TBPV", "2025-09-05")).await;
        let again = house
            .call(
                &routes(),
                seat.json(Method::POST, "/api/v1/decisions", &paper("7 - tb/tbpv", "2025-09-12")),
            )
            .await;
        assert_eq!(
            (again.status, again.json()["type"].as_str()),
            (409, Some("/api/problems/number-used")),
            "{}",
            again.text
        );
        let typed = [
            ("kind", "thong_bao"),
            ("number", "07-TB/TBPV"),
            ("issued_on", "12/09/2025"),
            ("authority", "Trưởng Tiểu ban"),
            ("subject", "Gõ rồi không mất"),
            ("point", "Một kết luận dài"),
        ];
        let page = house.call(&routes(), seat.post("/ket-luan/moi", &typed)).await;
        assert_eq!(page.status, 409);
        assert!(
            page.text.contains("Gõ rồi không mất")
                && page.text.contains("Một kết luận dài")
                && page.text.contains("đã có trong sổ"),
            "{}",
            page.text
        );
    });
}

#[test]
fn the_two_registers_agree_about_a_number() {
    on_both(&crate::migrations(), async |house| {
        let (seat, _) = house_with(&house).await;
        let (cancelled, meeting) = house
            .write(&Author::cli(), |tx| {
                let body = papers::store::bodies(tx)?.remove(0);
                let on = date(2025, 9, 26);
                let hand = Reference::hand();
                let first = papers::store::take_number(tx, body.id, "TB", on, "Một", &hand)?;
                let line = papers::store::like_written(tx, "01-TB/TBPV")?.remove(0);
                papers::store::cancel_number(tx, line.id, "Ghi nhầm")?;
                let of = Reference::new(Use::Meeting, "5");
                let second = papers::store::take_number(tx, body.id, "TB", on, "Hai", &of)?;
                papers::store::take_number(tx, body.id, "TB", on, "Ba", &hand)?;
                Ok::<_, papers::PapersError>(second.map(|second| (*first.value(), second)))
            })
            .await
            .unwrap();
        assert_eq!((cancelled, meeting), (1, 2));
        let bodies = house.read(papers::store::bodies).await.unwrap();
        let body = bodies[0].id.to_string();
        for (number, kind) in [("01-TB/TBPV", "number-cancelled"), ("02-TB/TBPV", "number-used")] {
            let mut new = paper(number, "2025-09-26");
            new["body"] = json!(body);
            let refused = house.call(&routes(), seat.json(Method::POST, "/api/v1/decisions", &new)).await;
            assert_eq!(
                (refused.status, refused.json()["type"].clone()),
                (409, json!(format!("/api/problems/{kind}"))),
                "{}",
                refused.text
            );
        }
        // A number that was taken by hand now belongs to its entry, and is not cancelled apart from it.
        let mut new = paper("03-TB/TBPV", "2025-09-26");
        new["body"] = json!(body);
        let id = enter(&house, &seat, &new).await;
        let line = house.read(|tx| papers::store::like_written(tx, "03-TB/TBPV")).await.unwrap().remove(0);
        assert_eq!((line.of.kind, line.of.id.clone()), (Use::Decision, id.clone()));
        new["subject"] = json!("Sửa trích yếu");
        let edit = json!({ "version": 1, "decision": new });
        let path = format!("/api/v1/decisions/{id}");
        let edited = house.call(&routes(), seat.json(Method::PUT, &path, &edit)).await;
        assert_eq!(edited.status, 204, "{}", edited.text);
        let refused = house
            .write(&Author::cli(), move |tx| papers::store::cancel_number(tx, line.id, "Không được"))
            .await;
        assert!(matches!(refused, Err(papers::PapersError::Bound { .. })), "{refused:?}");
    });
}

#[test]
fn a_superseded_decision_is_shown_as_such_on_the_task() {
    on_both(&crate::migrations(), async |house| {
        let (seat, tasks) = house_with(&house).await;
        let mut old = paper("02-TB/TBPV", "2025-08-18");
        old["tasks"] = json!([{ "task": tasks[0].to_string(), "relation": "tao" }]);
        let old = enter(&house, &seat, &old).await;
        let mut new = paper("04-TB/TBPV", "2025-09-05");
        new["changes"] = json!([{ "earlier": old, "change": "thay_the" }]);
        let new = enter(&house, &seat, &new).await;
        let back = get(&house, &seat, &format!("/api/v1/tasks/{}/decisions", tasks[0])).await;
        assert_eq!(
            (back[0]["decision"]["force"].as_str(), back[0]["superseded_by"].as_str()),
            (Some("superseded"), Some(new.as_str()))
        );
        let page = house.call(&routes(), seat.get("/nhiem-vu/PV-01")).await;
        assert!(page.text.contains("Đã bị thay thế bởi 04-TB/TBPV"), "{}", page.text);
        let page = house.call(&routes(), seat.get(&format!("/ket-luan/{new}"))).await;
        assert!(page.text.contains("02-TB/TBPV"), "the chain goes back");
        let listed = get(&house, &seat, "/api/v1/decisions?force=superseded").await;
        assert_eq!(listed["items"].as_array().unwrap().len(), 1);

        // The older cannot change the newer, and nothing goes round in a circle.
        let back = json!({ "earlier": new, "change": "thay_the" });
        let path = format!("/api/v1/decisions/{old}/changes");
        let refused = house.call(&routes(), seat.json(Method::POST, &path, &back)).await;
        assert_eq!(refused.status, 409, "{}", refused.text);
        let same = enter(&house, &seat, &paper("01-TB/TBPV", "2025-08-01")).await;
        let path = format!("/api/v1/decisions/{same}/changes");
        let refused = house.call(&routes(), seat.json(Method::POST, &path, &back)).await;
        assert_eq!(
            (refused.status, refused.json()["type"].as_str()),
            (422, Some("/api/problems/order")),
            "{}",
            refused.text
        );
    });
}

#[test]
fn what_is_referred_to_is_not_removed_and_what_was_signed_is_not_edited() {
    on_both(&crate::migrations(), async |house| {
        let (seat, tasks) = house_with(&house).await;
        let named = enter(&house, &seat, &paper("15-KH/TBPV", "2025-07-15")).await;
        let refused = house.call(&routes(), seat.post(&format!("/ket-luan/{named}/xoa"), &[])).await;
        assert_eq!(refused.status, 409);
        assert!(refused.text.contains("PV-01, PV-02"), "{}", refused.text);
        let mistake = enter(&house, &seat, &paper("31-TB/TBPV", "2025-09-26")).await;
        let gone = house.call(&routes(), seat.post(&format!("/ket-luan/{mistake}/xoa"), &[])).await;
        assert_eq!(gone.status, 303, "{}", gone.text);
        assert_eq!(house.call(&routes(), seat.get(&format!("/ket-luan/{mistake}"))).await.status, 404);

        let task = tasks[2];
        let signed = house
            .write(&Author::cli(), move |tx| {
                let of = Reference::new(Use::Meeting, "5").at("/giao-ban/5");
                let mut new =
                    NewDecision::new(DecisionKind::Minutes, date(2025, 9, 26), "Trưởng Tiểu ban", of);
                new.subject = "Giao ban tuần 05".to_owned();
                new.points = vec!["Giao việc.".to_owned()];
                let done = store::enter(tx, &new)?;
                let _ = store::link_point(tx, *done.value(), Some(1), task, Relation::Creates)?;
                Ok::<_, DecisionError>(done)
            })
            .await
            .unwrap();
        let edit = house.call(&routes(), seat.get(&format!("/ket-luan/{signed}/sua"))).await;
        assert_eq!(edit.status, 409, "{}", edit.text);
        let untied = [("task", task.to_string()), ("relation", "tao".to_owned()), ("point", "1".to_owned())];
        let untied: Vec<(&str, &str)> = untied.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let refused =
            house.call(&routes(), seat.post(&format!("/ket-luan/{signed}/nhiem-vu/go"), &untied)).await;
        assert_eq!(refused.status, 409, "{}", refused.text);
        // The notice gives the minutes their number, once.
        let give = move |tx: &mut platform::db::WriteTx<'_>| {
            store::give_number(tx, signed, "07-TB/TBPV", DecisionKind::Notice)
        };
        house.write(&Author::cli(), give).await.unwrap();
        let twice = house.write(&Author::cli(), give).await;
        assert!(matches!(twice, Err(DecisionError::HasNumber { .. })), "{twice:?}");
        let of_meeting =
            house.read(|tx| store::entries_of(tx, &Reference::new(Use::Meeting, "5"))).await.unwrap();
        assert_eq!(of_meeting[0].number.as_deref(), Some("07-TB/TBPV"));
    });
}

#[test]
fn two_people_correct_an_entry_and_nothing_typed_is_lost() {
    on_both(&crate::migrations(), async |house| {
        let (seat, _) = house_with(&house).await;
        let id = enter(&house, &seat, &paper("07-TB/TBPV", "2025-09-05")).await;
        let typed = |subject: &'static str| {
            [
                ("version", "1"),
                ("kind", "thong_bao"),
                ("number", "07-TB/TBPV"),
                ("issued_on", "05/09/2025"),
                ("authority", "Trưởng Tiểu ban"),
                ("subject", subject),
                ("point", "Một"),
            ]
        };
        let page = format!("/ket-luan/{id}/sua");
        assert_eq!(house.call(&routes(), seat.post(&page, &typed("Người thứ nhất"))).await.status, 303);
        let late = house.call(&routes(), seat.post(&page, &typed("Người thứ hai"))).await;
        assert_eq!(late.status, 409);
        assert!(
            late.text.contains("Người thứ hai") && late.text.contains("vừa sửa mục này"),
            "{}",
            late.text
        );
    });
}

#[test]
fn secret_content_is_refused_and_internal_entries_are_not_there_for_others() {
    on_both(&crate::migrations(), async |house| {
        let (seat, tasks) = house_with(&house).await;
        let mut secret = paper("07-TB/TBPV", "2025-09-26");
        secret["class"] = json!("mat");
        let refused = house.call(&routes(), seat.json(Method::POST, "/api/v1/decisions", &secret)).await;
        assert_eq!(
            (refused.status, refused.json()["type"].as_str()),
            (422, Some("/api/problems/secret-content"))
        );
        let mut internal = paper("08-TB/TBPV", "2025-09-26");
        internal["class"] = json!("noi_bo");
        internal["tasks"] = json!([{ "task": tasks[0].to_string(), "relation": "tao" }]);
        let id = enter(&house, &seat, &internal).await;
        let reader = house.seat("Cán bộ đầu mối", &[("tasks", Right::Read)]).await;
        assert_eq!(house.call(&routes(), reader.get(&format!("/ket-luan/{id}"))).await.status, 403);
        let page = house.call(&routes(), reader.get("/nhiem-vu/PV-01")).await;
        assert!(
            page.status == 200 && !page.text.contains("08-TB/TBPV") && page.text.contains("văn bản nội bộ"),
            "{}",
            page.text
        );
        let back = get(&house, &reader, &format!("/api/v1/tasks/{}/decisions", tasks[0])).await;
        assert_eq!(back.as_array().unwrap().len(), 0);
        // Nothing of it in the log either.
        let log = house
            .read(|tx| {
                platform::audit::store::page(tx, &platform::audit::store::Filter::default(), None, 100)
            })
            .await
            .unwrap();
        assert!(
            !log.iter().any(|entry| String::from_utf8_lossy(&entry.line).contains("Giao việc một")),
            "events carry numbers, not content"
        );
    });
}

#[test]
fn who_decided_this_is_found_in_number_text_and_authority() {
    on_both(&crate::migrations(), async |house| {
        let (seat, _) = house_with(&house).await;
        enter(&house, &seat, &paper("07-TB/TBPV", "2025-09-05")).await;
        let mut other = paper("112-TB/TU", "2025-08-25");
        other["authority"] = json!("Thường trực Thành ủy");
        other["points"] = json!(["Chọn hội trường Học viện."]);
        enter(&house, &seat, &other).await;
        for (words, expected) in
            [("hoc vien", 1), ("thuong truc", 1), ("7-TB/TBPV", 1), ("ket luan", 2), ("không có", 0)]
        {
            let query = format!("/api/v1/decisions?q={}", words.replace(' ', "%20"));
            assert_eq!(
                get(&house, &seat, &query).await["items"].as_array().unwrap().len(),
                expected,
                "{words}"
            );
        }
        let list = house.call(&routes(), seat.get("/ket-luan?tu=2025-09-01")).await;
        assert!(list.text.contains("07-TB/TBPV") && !list.text.contains("112-TB/TU"), "{}", list.text);
        let file = house.call(&routes(), seat.get("/ket-luan/xuat.xlsx")).await;
        assert_eq!(file.status, 200);
        let today = date(2025, 9, 26);
        let chain = house.read(move |tx| {
            let all = query::list(tx, &query::Filter::default(), Default::default(), today)?;
            Ok::<_, DbError>(all.len())
        });
        assert_eq!(chain.await, Ok(2));
    });
}
