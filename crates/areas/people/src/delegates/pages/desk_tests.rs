//! Duplicates, answers, exports as the list is filtered, and the verbs for programs; on both databases.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use axum::{Router, http::Method};
use platform::{
    app::App,
    identity::Right,
    testing::{House, Seat, on_both},
};
use serde_json::{Value, json};

use super::tests::{desk_of, enter, log, page};
use crate::{
    delegates::{answers, api, query, twins, twins_api, writing},
    intake,
};

fn routes() -> Router<App> {
    super::routes()
        .merge(api::routes())
        .merge(writing::routes())
        .merge(twins_api::routes())
        .merge(intake::pages::routes())
}

async fn open(house: &House) -> Vec<(String, String)> {
    let pairs = house.read(twins::open).await.unwrap();
    pairs.into_iter().map(|pair| (pair.one.code, pair.other.code)).collect()
}

async fn decide(house: &House, desk: &Seat, form: &[(&str, &str)]) -> platform::testing::Answered {
    house.call(&routes(), desk.post("/dai-bieu/trung", form)).await
}

#[test]
fn programs_decide_about_pairs() {
    on_both(&crate::migrations(), async |house| {
        let desk = desk_of(&house).await;
        let first = enter(&house, &desk, &[]).await;
        let other =
            enter(&house, &desk, &[("name", "Nguyen Thi Anh"), ("born", "02/03/1976"), ("citizen", "")])
                .await;
        let pairs = async || {
            house
                .call(&routes(), desk.get("/api/v1/participant-pairs"))
                .await
                .json()
                .as_array()
                .unwrap()
                .clone()
        };
        let shown = pairs().await;
        assert_eq!(shown.len(), 1);
        assert_eq!((&shown[0]["one"], &shown[0]["other"]), (&json!(first), &json!(other)));
        assert_eq!(
            (&shown[0]["same_name_and_unit"], &shown[0]["same_spelling"], &shown[0]["same_card"]),
            (&json!(true), &json!(false), &json!(false))
        );
        let decide = async |body: Value| {
            house.call(&routes(), desk.json(Method::POST, "/api/v1/participant-pairs", &body)).await
        };
        let one = json!({ "one": first, "other": other, "verdict": "mot", "withdraw": other });
        assert_eq!(decide(one.clone()).await.status, 422);
        assert_eq!(pairs().await.len(), 1);
        let mut why = one;
        why["reason"] = json!("Nhập hai lần");
        assert_eq!(decide(why.clone()).await.status, 200);
        assert_eq!(pairs().await, Vec::<Value>::new());
        // The same word again changes nothing.
        assert_eq!(decide(why).await.status, 200);
        let reader = house.seat("Người đọc", &[("delegates", Right::Read)]).await;
        assert_eq!(house.call(&routes(), reader.get("/api/v1/participant-pairs")).await.status, 403);
    });
}

#[test]
fn a_pair_is_asked_about_once_and_nothing_is_deleted() {
    on_both(&crate::migrations(), async |house| {
        let desk = desk_of(&house).await;
        let first = enter(&house, &desk, &[]).await;
        // The same name and unit in other spelling, the same card, and somebody who only shares a birthday.
        let spelled =
            enter(&house, &desk, &[("name", "Nguyen Thi Anh"), ("born", "02/03/1976"), ("citizen", "")])
                .await;
        let card = enter(
            &house,
            &desk,
            &[("name", "Trần Thị Bình"), ("born", "01/01/1970"), ("delegation", "Sở Y tế")],
        )
        .await;
        enter(&house, &desk, &[("name", "Lê Thị Cúc"), ("citizen", "")]).await;
        let pair = |a: &String, b: &String| (a.clone(), b.clone());
        assert_eq!(open(&house).await, [pair(&first, &spelled), pair(&first, &card)]);
        let list = page(&house, &desk, "/dai-bieu").await;
        assert!(list.contains("/dai-bieu/trung"));
        let shown = page(&house, &desk, "/dai-bieu/trung").await;
        assert!(shown.contains("2 cặp chờ xác định"), "{shown}");
        assert!(shown.contains("cùng số định danh") && shown.contains("họ tên chỉ khác dấu và cùng đơn vị"));
        assert!(!shown.contains("079075000001") && !shown.contains("Khmer"));

        let different = [("one", first.as_str()), ("other", &spelled), ("verdict", "khac")];
        let done = decide(&house, &desk, &different).await;
        assert_eq!((done.status, done.header("location")), (303, "/dai-bieu/trung?xong=khac"));
        assert_eq!(open(&house).await, [pair(&first, &card)], "the pair came back");
        // Which line goes, and why, must be said.
        let same = [("one", first.as_str()), ("other", &card), ("verdict", "mot"), ("withdraw", &card)];
        assert_eq!(decide(&house, &desk, &same).await.status, 422);
        assert_eq!(open(&house).await.len(), 1);
        let same = [&same[..], &[("reason", "Nhập hai lần")]].concat();
        assert_eq!(decide(&house, &desk, &same).await.status, 303);
        assert_eq!(open(&house).await, []);
        let gone = page(&house, &desk, &format!("/dai-bieu/{card}")).await;
        assert!(gone.contains("Đã rút") && gone.contains("Nhập hai lần") && gone.contains("Trần Thị Bình"));
        // A second press finds it done.
        assert_eq!(decide(&house, &desk, &same).await.status, 303);
        let log = log(&house).await;
        assert!(log.contains("delegate.pair_different") && log.contains("delegate.pair_same"));
        assert!(!log.contains("Nhập hai lần"));
        let reader = house.seat("Người đọc", &[("delegates", Right::Read)]).await;
        assert_eq!(house.call(&routes(), reader.get("/dai-bieu/trung")).await.status, 403);
    });
}

#[test]
fn an_answer_by_telephone_says_who_took_it_down() {
    on_both(&crate::migrations(), async |house| {
        let desk = desk_of(&house).await;
        let code = enter(&house, &desk, &[]).await;
        let path = format!("/dai-bieu/{code}/tra-loi");
        let silent = page(&house, &desk, "/dai-bieu?tra-loi=khong").await;
        assert!(silent.contains("Nguyễn Thị Ánh"));
        let no_reason = house.call(&routes(), desk.post(&path, &[("comes", "0")])).await;
        assert_eq!(no_reason.status, 422, "{}", no_reason.text);
        let yes = [("comes", "1"), ("wheelchair", "1"), ("diet", "Ăn chay"), ("arrival", "7 giờ, ô tô")];
        assert_eq!(house.call(&routes(), desk.post(&path, &yes)).await.status, 303);
        let person = page(&house, &desk, &format!("/dai-bieu/{code}")).await;
        for words in ["Xác nhận dự", "Cần lối đi xe lăn", "Ăn uống: Ăn chay", "người ghi: Bàn đại biểu"]
        {
            assert!(person.contains(words), "{words} in {person}");
        }
        assert!(page(&house, &desk, "/dai-bieu?tra-loi=co").await.contains("Nguyễn Thị Ánh"));
        assert!(!page(&house, &desk, "/dai-bieu?tra-loi=khong").await.contains("Nguyễn Thị Ánh"));
        // The same again is one line; another answer is a second one, and counts.
        assert_eq!(house.call(&routes(), desk.post(&path, &yes)).await.status, 303);
        let no = [("comes", "0"), ("reason", "Đi công tác nước ngoài")];
        assert_eq!(house.call(&routes(), desk.post(&path, &no)).await.status, 303);
        let id = house.read(move |tx| query::by_code_any(tx, "DB-0001")).await.unwrap().unwrap().id;
        let all = house.read(move |tx| answers::of(tx, id)).await.unwrap();
        let said: Vec<(i64, i64)> = all.iter().map(|one| (one.seq, one.comes)).collect();
        assert_eq!(said, [(2, 0), (1, 1)]);
        let log = log(&house).await;
        assert!(log.contains("delegate.answered"));
        for personal in ["Ăn chay", "7 giờ, ô tô", "Đi công tác nước ngoài"] {
            assert!(!log.contains(personal), "{personal}");
        }
    });
}

#[test]
fn an_export_has_the_people_of_the_list_that_it_stands_on() {
    on_both(&crate::migrations(), async |house| {
        let desk = desk_of(&house).await;
        enter(&house, &desk, &[]).await;
        enter(&house, &desk, &[("name", "Trần Văn Bình"), ("sex", "nam"), ("citizen", "")]).await;
        enter(&house, &desk, &[("name", "Lê Khách"), ("category", "khach_moi"), ("citizen", "")]).await;
        let csv = async |path: &str| house.call(&routes(), desk.get(path)).await.text;
        let all = csv("/dai-bieu/xuat.csv").await;
        assert!(all.contains("Nguyễn Thị Ánh") && all.contains("Trần Văn Bình") && all.contains("Lê Khách"));
        let guests = csv("/dai-bieu/xuat.csv?dien=khach_moi").await;
        assert!(guests.contains("Lê Khách") && !guests.contains("Trần Văn Bình"), "{guests}");
        let found = csv("/dai-bieu/xuat.csv?q=binh").await;
        assert!(found.contains("Trần Văn Bình") && !found.contains("Nguyễn Thị Ánh"), "{found}");
    });
}

#[test]
fn programs_change_the_roll_as_the_form_does() {
    on_both(&crate::migrations(), async |house| {
        let desk = desk_of(&house).await;
        let call = async |method: Method, path: &str, body: &Value| {
            house.call(&routes(), desk.json(method, &format!("/api/v1/participants{path}"), body)).await
        };
        let new = json!({ "category": "dai_bieu", "name": "Nguyễn Văn An", "standing": "duoc_bau",
            "delegation": "Sở Y tế", "born": "1975-03-02" });
        let made = call(Method::POST, "", &new).await;
        assert_eq!((made.status, made.json()["code"].as_str()), (201, Some("DB-0001")), "{}", made.text);
        let wrong = json!({ "category": "dai_bieu", "name": "An 2" });
        let refused = call(Method::POST, "", &wrong).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text.contains("standing") && refused.text.contains("name"), "{}", refused.text);
        // To see restricted columns is not to write them.
        let mut secret = new.clone();
        secret["restricted"] = json!({ "ethnicity": "Khmer" });
        assert_eq!(call(Method::POST, "", &secret).await.status, 403);

        let mut change = new.clone();
        change["position"] = json!("Giám đốc");
        assert_eq!(call(Method::PUT, "/DB-0001", &change).await.status, 422, "without a version");
        change["version"] = json!(1);
        let changed = call(Method::PUT, "/DB-0001", &change).await;
        assert_eq!(changed.json(), json!({ "fields": ["position"], "version": 2 }));
        let late = call(Method::PUT, "/DB-0001", &change).await;
        assert_eq!(late.status, 409);
        assert!(late.text.contains("Bàn đại biểu"), "{}", late.text);

        let seat = json!({ "version": 2, "group": 3, "role": "to_truong" });
        assert_eq!(call(Method::PUT, "/DB-0001/group", &seat).await.status, 422, "no such group");
        let made = house.call(&routes(), desk.post("/dai-bieu/to/luu", &[("no", "3")])).await;
        assert_eq!(made.status, 303);
        assert_eq!(call(Method::PUT, "/DB-0001/group", &seat).await.status, 200);
        let shown = page(&house, &desk, "/api/v1/participants/DB-0001").await;
        assert!(shown.contains("\"to_truong\"") && shown.contains("Giám đốc"), "{shown}");

        let yes = json!({ "comes": true, "diet": "Ăn chay" });
        assert_eq!(call(Method::POST, "/DB-0001/answers", &yes).await.status, 201);
        let answers: Value = serde_json::from_str(
            &house.call(&routes(), desk.get("/api/v1/participants/DB-0001/answers")).await.text,
        )
        .unwrap();
        assert_eq!((&answers[0]["way"], &answers[0]["diet"]), (&json!("dien_thoai"), &json!("Ăn chay")));

        let gone = json!({ "version": 4, "reason": "Từ trần" });
        assert_eq!(
            call(Method::POST, "/DB-0001/withdrawal", &json!({ "version": 4, "reason": "" })).await.status,
            422
        );
        let done = call(Method::POST, "/DB-0001/withdrawal", &gone).await;
        assert_eq!(done.status, 204, "{}", done.text);
        assert_eq!(
            call(Method::POST, "/DB-0001/answers", &yes).await.status,
            404,
            "who left answers nothing"
        );
    });
}

#[test]
fn a_group_that_somebody_else_changed_names_the_office() {
    on_both(&crate::migrations(), async |house| {
        let desk = desk_of(&house).await;
        let other = house.seat("Tổ thư ký", &[("delegates", Right::Manage)]).await;
        let made = house.call(&routes(), desk.post("/dai-bieu/to/luu", &[("no", "3")])).await;
        assert_eq!(made.status, 303);
        let change = [("version", "1"), ("room", "A2")];
        assert_eq!(house.call(&routes(), other.post("/dai-bieu/to/3", &change)).await.status, 303);
        let late = house.call(&routes(), desk.post("/dai-bieu/to/3", &change)).await;
        assert_eq!(late.status, 409);
        assert!(late.text.contains("Tổ thư ký vừa sửa trước"), "{}", late.text);
    });
}
