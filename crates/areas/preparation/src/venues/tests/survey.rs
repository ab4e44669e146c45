//! Forms: offline records, two people on one form, independence, pictures, handing in.

use super::*;

const WHEN: &str = "2025-09-26T02:00:00Z";

fn rating(sequence: u64, seen: u64, code: &str, value: u8) -> Value {
    json!({"sequence": sequence, "seen": seen, "written_at": WHEN,
        "content": {"kind": "rating", "code": code, "value": value, "note": ""}})
}

/// Asks an office to survey D; the path of its form.
async fn assigned(house: &House, desk: &Seat, office: &Seat) -> String {
    let round = get(house, desk, "/venue-rounds").await.json()[0]["id"].clone();
    let body = json!({"round": round, "venue": id(house, "D").await, "office": office.office});
    let made = post(house, desk, "/venue-surveys", &body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    assert_eq!(post(house, desk, "/venue-surveys", &body).await.status, 409);
    format!("/venue-surveys/{}", made.json()["id"].as_str().unwrap())
}

async fn sent(house: &House, seat: &Seat, form: &str, device: &str, records: Vec<Value>) -> Value {
    let answer =
        post(house, seat, &format!("{form}/records"), &json!({"device": device, "records": records})).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

fn verdicts(answer: &Value) -> Vec<&str> {
    answer["verdicts"].as_array().unwrap().iter().map(|one| one["verdict"].as_str().unwrap()).collect()
}

fn whole(from: u64, value: u8) -> Vec<Value> {
    (1..=11).map(|no| rating(from + no, 0, &format!("T{no}"), value)).collect()
}

#[test]
fn two_people_write_on_one_form_offline_and_a_person_chooses() {
    with_venues(async |house| {
        let (desk, one) = (keeper(&house).await, surveyor(&house, "Công an").await);
        let two = house.second_device(&one).await;
        let form = assigned(&house, &desk, &one).await;
        // Both were offline; the second comes late.
        let first =
            sent(&house, &one, &form, "may-1", vec![rating(1, 0, "T1", 7), rating(2, 0, "T2", 8)]).await;
        assert_eq!(verdicts(&first), ["accepted", "accepted"]);
        let late = vec![rating(1, 0, "T1", 9), rating(2, 0, "T2", 8), rating(3, 0, "T3", 6)];
        let second = sent(&house, &two, &form, "may-2", late.clone()).await;
        assert_eq!(verdicts(&second), ["conflict", "accepted", "accepted"]);
        assert_eq!(second["cases"], json!([{"subject": "rating/T1", "places": [1, 3]}]));
        // The same batch again: known, nothing twice, whatever was lost on the way.
        let again = sent(&house, &two, &form, "may-2", late).await;
        assert_eq!(verdicts(&again), ["duplicate", "duplicate", "duplicate"]);
        let other = sent(&house, &two, &form, "may-2", vec![rating(1, 0, "T1", 5)]).await;
        assert_eq!(verdicts(&other), ["refused"]);
        assert_eq!(other["verdicts"][0]["slug"], "sequence-reused");
        assert!(other["verdicts"][0]["message"].as_str().unwrap().contains("số thứ tự"));

        // Both stay side by side until somebody chooses, with a reason.
        let shown = get(&house, &one, &form).await.json();
        assert_eq!(shown["records"].as_array().unwrap().len(), 5);
        let choose = |seen: u64, chosen: u64, reason: &str| json!({"subject": "rating/T1", "chosen": chosen, "seen": seen, "reason": reason});
        let choices = format!("{form}/choices");
        assert_eq!(post(&house, &one, &choices, &choose(5, 3, "")).await.status, 422);
        let stale = post(&house, &one, &choices, &choose(1, 1, "vội")).await;
        assert_eq!((stale.status, stale.text.contains("case-changed")), (409, true), "{}", stale.text);
        assert_eq!(post(&house, &one, &choices, &choose(5, 2, "sai mục")).await.status, 409);
        let hand_in = format!("{form}/hand-in");
        let early = post(&house, &one, &hand_in, &Value::Null).await;
        assert!(early.status == 409 && early.text.contains("3/11"), "{}", early.text);
        let chosen = post(&house, &one, &choices, &choose(5, 3, "Đếm lại tại chỗ: đủ tầm nhìn")).await;
        assert_eq!(chosen.status, 201, "{}", chosen.text);
        let after = get(&house, &one, &form).await.json();
        assert_eq!(after["cases"], json!([]));
        let standing = after["records"].as_array().unwrap().last().unwrap().clone();
        assert_eq!(standing["content"]["value"], 9);
        assert_eq!(standing["reason"], "Đếm lại tại chỗ: đủ tầm nhìn");
        assert_eq!(post(&house, &one, &choices, &choose(6, 3, "lần nữa")).await.status, 409);
    });
}

#[test]
fn what_comes_after_handing_in_stands_beside_and_blocks_the_ranking() {
    with_venues(async |house| {
        let (desk, one) = (keeper(&house).await, surveyor(&house, "Công an").await);
        let two = house.second_device(&one).await;
        let form = assigned(&house, &desk, &one).await;
        sent(&house, &one, &form, "may-1", whole(0, 7)).await;
        let hand_in = format!("{form}/hand-in");
        assert_eq!(post(&house, &one, &hand_in, &Value::Null).await.status, 204);
        let again = post(&house, &one, &hand_in, &Value::Null).await;
        assert_eq!((again.status, again.text.contains("handed-in")), (409, true), "{}", again.text);
        // The device that handed in changes nothing more; another that was away is kept beside, even if it claims to
        // have seen everything.
        let own = sent(&house, &one, &form, "may-1", vec![rating(50, 11, "T1", 10)]).await;
        assert_eq!(own["verdicts"][0]["slug"], "handed-in");
        let late =
            sent(&house, &two, &form, "may-2", vec![rating(1, 11, "T1", 3), rating(2, 11, "T2", 7)]).await;
        assert_eq!(verdicts(&late), ["conflict", "accepted"]);
        let ranking = get(&house, &desk, "/venue-ranking").await.json();
        let why = entry(&ranking, "D")["standing"]["blockers"].to_string();
        assert!(why.contains("open_cases"), "{why}");
        // The office that handed in no longer chooses; the desk does, and sees both.
        let choice = json!({"subject": "rating/T1", "chosen": 1, "seen": 13, "reason": "Giữ phiếu đã nộp"});
        assert_eq!(post(&house, &one, &format!("{form}/choices"), &choice).await.status, 403);
        let chosen = post(&house, &desk, &format!("{form}/choices"), &choice).await;
        assert_eq!(chosen.status, 201, "{}", chosen.text);
        let ranking = get(&house, &desk, "/venue-ranking").await.json();
        assert!(!entry(&ranking, "D")["standing"]["blockers"].to_string().contains("open_cases"));
    });
}

#[test]
fn an_assessor_sees_what_others_rated_only_after_handing_in() {
    with_venues(async |house| {
        let desk = keeper(&house).await;
        let (one, two) = (surveyor(&house, "Công an").await, surveyor(&house, "Sở Xây dựng").await);
        let form_one = assigned(&house, &desk, &one).await;
        let form_two = assigned(&house, &desk, &two).await;
        sent(&house, &one, &form_one, "may-1", whole(0, 8)).await;
        // Not one's own form, not even for who keeps the venues, before it is handed in.
        for seat in [&two, &desk] {
            assert_eq!(get(&house, seat, &form_one).await.status, 404);
        }
        assert_eq!(
            post(&house, &two, &format!("{form_one}/records"), &json!({"device": "x", "records": []}))
                .await
                .status,
            404
        );
        assert_eq!(post(&house, &one, &format!("{form_one}/hand-in"), &Value::Null).await.status, 204);
        // Handed in: the desk sees it, the other assessor still does not.
        assert_eq!(get(&house, &desk, &form_one).await.status, 200);
        assert_eq!(get(&house, &two, &form_one).await.status, 404);
        let hidden = get(&house, &two, "/venue-ranking").await.json();
        assert_eq!(hidden["picture"]["hidden"], true);
        assert_eq!(entry(&hidden, "D")["said"], json!([]));
        assert!(entry(&hidden, "D")["standing"]["spreads"].as_array().unwrap().iter().all(Value::is_null));
        assert!(hidden["picture"]["sensitivity"].is_null());
        assert!(entry(&hidden, "A")["standing"]["place"].is_null());
        let own: Vec<Value> = get(&house, &two, "/venue-surveys").await.json().as_array().unwrap().clone();
        assert_eq!(own.len(), 1);
        sent(&house, &two, &form_two, "may-9", whole(0, 6)).await;
        assert_eq!(post(&house, &two, &format!("{form_two}/hand-in"), &Value::Null).await.status, 204);
        let open = get(&house, &two, "/venue-ranking").await.json();
        let said = entry(&open, "D")["said"].as_array().unwrap().clone();
        assert_eq!(said.len(), 22);
        // The log says that it was written, never what was rated.
        let told: bool = house
            .read(|tx| {
                let rows: Vec<platform::db::Row> = tx.query(
                    platform::sql!("SELECT line FROM audit_event WHERE act = 'venue.survey_written'"),
                    &[],
                )?;
                let mut told = false;
                for row in rows {
                    told |= String::from_utf8(row.first::<Vec<u8>>()?).unwrap().contains("\"value\"");
                }
                Ok::<_, VenueError>(told)
            })
            .await
            .unwrap();
        assert!(!told);
    });
}

#[test]
fn a_wrong_record_is_refused_alone_and_a_closed_round_takes_nothing() {
    with_venues(async |house| {
        let (desk, one) = (keeper(&house).await, surveyor(&house, "Công an").await);
        let form = assigned(&house, &desk, &one).await;
        let exit = json!({"sequence": 5, "written_at": WHEN, "content": {"kind": "exit", "id": "c1",
            "exit": {"name": "Cửa 1", "clear_width_mm": 1800, "clear_height_mm": 2100, "leads_to": "sân"}}});
        let gate = json!({"sequence": 6, "written_at": WHEN, "content": {"kind": "gate", "code": "K2",
            "result": "dat_co_dieu_kien", "condition": "bổ sung bình chữa cháy", "note": ""}});
        let answer = sent(
            &house,
            &one,
            &form,
            "may-1",
            vec![rating(1, 0, "T99", 5), rating(2, 0, "T1", 11), rating(3, 0, "T1", 10), exit, gate],
        )
        .await;
        assert_eq!(verdicts(&answer), ["refused", "refused", "accepted", "accepted", "accepted"]);
        assert!(answer["verdicts"][1]["message"].as_str().unwrap().contains("0 đến 10"));
        let path = format!("{form}/records");
        for (body, status) in [
            (json!({"device": "", "records": []}), 422),
            (json!({"device": "desk:1", "records": []}), 422),
            (
                json!({"device": "m", "records": (1..=501).map(|no| rating(no, 0, "T1", 1)).collect::<Vec<_>>()}),
                413,
            ),
            (json!({"device": "m", "records": [{"sequence": 1, "content": {"kind": "vote"}}]}), 422),
        ] {
            assert_eq!(post(&house, &one, &path, &body).await.status, status, "{body:.60}");
        }
        // The same call under the same key gets the same answer.
        let body = json!({"device": "may-1", "records": [rating(9, 0, "T2", 5)]});
        let keyed = || {
            let mut request = one.json(Method::POST, &format!("/api/v1{path}"), &body);
            request.headers_mut().insert("idempotency-key", "k1".parse().unwrap());
            request
        };
        let first = house.call(&routes(), keyed()).await;
        let second = house.call(&routes(), keyed()).await;
        assert_eq!((first.status, &first.text), (200, &second.text));
        assert_eq!(second.header("idempotency-replayed"), "true");

        let round = get(&house, &desk, "/venue-rounds").await.json()[0]["id"].as_str().unwrap().to_owned();
        let open = json!({"name": "Đợt 2", "people": 700, "reserve": 5});
        assert_eq!(post(&house, &desk, "/venue-rounds", &open).await.status, 409);
        let closing = format!("/venue-rounds/{round}/closing");
        assert_eq!(post(&house, &desk, &closing, &Value::Null).await.status, 204);
        assert_eq!(post(&house, &desk, &closing, &Value::Null).await.status, 409);
        let closed =
            post(&house, &one, &path, &json!({"device": "may-1", "records": [rating(10, 0, "T3", 5)]})).await;
        assert_eq!((closed.status, closed.text.contains("round-closed")), (409, true), "{}", closed.text);
        assert_eq!(post(&house, &desk, "/venue-rounds", &open).await.status, 201);
    });
}

#[test]
fn ratings_far_apart_wait_for_the_note_of_the_discussion() {
    with_venues(async |house| {
        let desk = keeper(&house).await;
        let b = id(&house, "B").await;
        // A fourth assessor widens the gap of T3 from 4–8 to 2–8: the note no longer is about it.
        let four = surveyor(&house, "Sở Giao thông").await;
        let round = get(&house, &desk, "/venue-rounds").await.json()[0]["id"].clone();
        let made = post(
            &house,
            &desk,
            "/venue-surveys",
            &json!({"round": round, "venue": b, "office": four.office}),
        )
        .await;
        let form = format!("/venue-surveys/{}", made.json()["id"].as_str().unwrap());
        let mut records = whole(0, 8);
        records[2] = rating(3, 0, "T3", 2);
        records[9] = rating(10, 0, "T10", 4);
        sent(&house, &four, &form, "may-4", records).await;
        assert_eq!(post(&house, &four, &format!("{form}/hand-in"), &Value::Null).await.status, 204);
        let ranking = get(&house, &desk, "/venue-ranking").await.json();
        let entry = entry(&ranking, "B");
        assert!(entry["standing"]["place"].is_null());
        assert!(ranking["not_ranked"]["B"].to_string().contains("từ 2 đến 8"), "{}", ranking["not_ranked"]);
        let note = json!({"note": "Sở Giao thông tính cả giờ cao điểm; giữ nguyên."});
        let discuss = |code: &str| format!("/venues/{b}/discussions/{code}");
        assert_eq!(post(&house, &desk, &discuss("T1"), &note).await.status, 409);
        assert_eq!(post(&house, &desk, &discuss("T3"), &json!({"note": " "})).await.status, 422);
        assert_eq!(post(&house, &desk, &discuss("T3"), &note).await.status, 204);
        let ranking = get(&house, &desk, "/venue-ranking").await.json();
        assert_eq!(super::entry(&ranking, "B")["standing"]["place"], 2);
    });
}

#[test]
fn a_picture_comes_once_is_drawn_anew_and_one_too_large_is_refused_in_words() {
    with_venues(async |house| {
        let (desk, one) = (keeper(&house).await, surveyor(&house, "Công an").await);
        let other = surveyor(&house, "Sở Xây dựng").await;
        let form = assigned(&house, &desk, &one).await;
        let path = format!("{form}/photos");
        let fields = [("device", "may-1"), ("sequence", "7"), ("subject", "rating/T2"), ("caption", "Cửa 3")];
        let made = upload(&house, &one, &path, &fields, &photo()).await;
        assert_eq!(made.status, 201, "{}", made.text);
        let again = upload(&house, &one, &path, &fields, &photo()).await;
        assert_eq!(again.json()["id"], made.json()["id"]);
        let shot = format!("/venue-photos/{}", made.json()["id"].as_str().unwrap());
        let shown = get(&house, &one, &shot).await;
        assert_eq!((shown.status, shown.header("content-type")), (200, "image/jpeg"));
        assert_eq!(get(&house, &one, &format!("{shot}?small=true")).await.status, 200);
        // Like the ratings: not for others before it is handed in.
        assert_eq!(get(&house, &other, &shot).await.status, 404);
        assert_eq!(get(&house, &desk, &shot).await.status, 404);
        assert_eq!(upload(&house, &other, &path, &[], &photo()).await.status, 404);
        let venue = id(&house, "D").await;
        assert_eq!(get(&house, &other, &format!("/venues/{venue}/photos")).await.json(), json!([]));

        let mut large = photo();
        large.resize(40 << 20, 0);
        let refused = upload(&house, &one, &path, &[], &large).await;
        assert_eq!(refused.status, 413, "{}", refused.text);
        assert!(refused.text.contains("25"), "{}", refused.text);
        let text = upload(&house, &one, &path, &[], b"no picture at all").await;
        assert_eq!(text.status, 415, "{}", text.text);
        let drawing = upload(
            &house,
            &desk,
            &format!("/venues/{venue}/photos"),
            &[("kind", "ban_ve")],
            b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n",
        )
        .await;
        assert_eq!(drawing.status, 201, "{}", drawing.text);

        let removed =
            house.call(&routes(), one.json(Method::DELETE, &format!("/api/v1{shot}"), &Value::Null)).await;
        assert_eq!(removed.status, 204, "{}", removed.text);
        assert_eq!(get(&house, &one, &shot).await.status, 404);
    });
}
