//! Scans that come late: twice, in halves, out of order, against each other; and the list that lanes carry.

use std::collections::HashMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use platform::db::DbError;

use super::*;
use crate::gates::{
    cases,
    seal::{NAME, Purpose, Sealed},
    snapshot,
};

/// What the roll-call and the conflicts say in the end.
async fn picture(house: &House, seat: &Seat) -> (Value, Value) {
    let counts = house.call(&routes(), seat.get("/api/v1/congress-sessions/tru-bi/attendance")).await.json();
    let mut found =
        house.call(&routes(), seat.get("/api/v1/congress-sessions/tru-bi/conflicts")).await.json();
    for one in found.as_array_mut().unwrap() {
        one["scan"] = Value::Null;
    }
    (counts["all"].clone(), found)
}

#[test]
fn late_scans_end_in_one_state_however_they_come() {
    on_both(&crate::migrations(), async |house| {
        filled(&house, 4).await;
        let seat = office(&house).await;
        let (one, two) =
            (tablet(&house, &seat, "cong-1", false).await, tablet(&house, &seat, "cong-2", false).await);
        let mut codes = Vec::new();
        for n in 1..=4 {
            codes.push(digits(&house, &format!("DB-000{n}")).await);
        }
        let lane = home(&house, "DB-0001").await;
        let (at_home, away) = if lane == 1 { (&one, &two) } else { (&two, &one) };
        let day: Vec<Value> = vec![
            alone(1, "2025-09-26T08:00:00Z", "in", &codes[0]),
            alone(2, "2025-09-26T08:01:00Z", "in", &codes[1]),
            alone(3, "2025-09-26T08:02:00Z", "out", &codes[1]),
            json!({ "seq": 4, "at": "2025-09-26T08:03:00Z", "kind": "in", "method": "qr", "pass": codes[2], "mode": "co_lap", "opened": false }),
            json!({ "seq": 5, "at": "2025-09-26T08:04:00Z", "kind": "in", "method": "manual", "person": "DB-0004", "mode": "co_lap", "opened": true }),
            json!({ "seq": 6, "at": "2025-09-26T08:05:00Z", "kind": "void", "method": "manual", "mode": "co_lap", "voids": 5, "reason": "Nhầm người" }),
        ];
        // The second half first: the void waits for what it takes back.
        let half = at_home.verdicts(&house, &day[5..]).await;
        assert_eq!(half, ["waiting"]);
        let rest = at_home.verdicts(&house, &day).await;
        assert_eq!(rest[5], "duplicate");
        assert_eq!(rest[3], "noted");
        assert_eq!(rest[0], "accepted");
        let before = picture(&house, &seat).await;
        assert_eq!(
            before.0["present"], 1,
            "one of four is inside: one went out, one was refused, one is void"
        );
        // Everything again, and again in another order.
        let mut turned = day.clone();
        turned.reverse();
        for again in [&day, &turned] {
            assert!(at_home.verdicts(&house, again).await.iter().all(|verdict| verdict == "duplicate"));
        }
        assert_eq!(picture(&house, &seat).await, before);

        // The same badge at the other lane, which was not its home: both conflicts are told and shown, none is forced.
        let answer = away.send(&house, &[alone(1, "2025-09-26T08:30:00Z", "in", &codes[0])]).await.json();
        assert_eq!(answer["results"][0]["verdict"], "conflict", "{answer}");
        let (counts, found) = picture(&house, &seat).await;
        assert_eq!(counts["present"], 1, "a person is counted once");
        let kinds: Vec<&str> =
            found.as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap()).collect();
        assert!(kinds.contains(&"vao_hai_lan") && kinds.contains(&"khong_dung_cong"), "{kinds:?}");
        // A scan out that comes even later explains the double entry.
        let out = alone(7, "2025-09-26T08:20:00Z", "out", &codes[0]);
        assert_eq!(at_home.verdicts(&house, &[out]).await, ["accepted"]);
        let (_, found) = picture(&house, &seat).await;
        let kinds: Vec<&str> =
            found.as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds.iter().filter(|kind| **kind == "vao_hai_lan").count(), 0, "{kinds:?}");
    });
}

#[test]
fn a_conflict_is_owned_and_ended_and_both_leave_a_trace() {
    on_both(&crate::migrations(), async |house| {
        filled(&house, 2).await;
        let lost = badge(&house, "DB-0001").await;
        let code = lost.code.clone().unwrap();
        // Reported lost at nine; a lane without a network lets the badge in at half past.
        house
            .write::<(), BadgeError, _>(&Author::cli(), move |tx| {
                let _ = badge_store::act(tx, lost.id, BadgeAct::Issue, "")?;
                Ok(badge_store::act(tx, lost.id, BadgeAct::Lose, "Rơi trên xe")?.map(|_| ()))
            })
            .await
            .unwrap();
        house.pass(Duration::from_secs(3600));
        let seat = office(&house).await;
        let one = tablet(&house, &seat, "cong-1", false).await;
        let scans = [
            alone(1, "2025-09-26T09:30:00Z", "in", &code),
            alone(2, "2025-09-26T09:31:00Z", "in", &"9".repeat(196)),
        ];
        assert_eq!(one.verdicts(&house, &scans).await, ["revoked", "unknown"]);
        let path = "/api/v1/congress-sessions/tru-bi/conflicts";
        let found = house.call(&routes(), seat.get(path)).await.json();
        assert_eq!(found.as_array().unwrap().len(), 2, "{found}");
        assert_eq!((&found[0]["kind"], &found[0]["code"]), (&json!("the_da_khoa"), &json!("DB-0001")));
        let present = async || {
            let path = "/api/v1/congress-sessions/tru-bi/attendance";
            house.call(&routes(), seat.get(path)).await.json()["all"]["present"].clone()
        };
        assert_eq!(present().await, 0, "held back until somebody has looked");

        let reader = house.seat("Chủ tịch đoàn", &[("attendance", Right::Read)]).await;
        let act = |version: i64, resolution: Option<&str>, note: &str| json!({ "scan": found[0]["scan"], "kind": "the_da_khoa", "version": version, "resolution": resolution, "note": note });
        let does = async |who: &Seat, body: Value| {
            house.call(&routes(), who.json(Method::POST, path, &body)).await.status
        };
        assert_eq!(does(&reader, act(0, None, "")).await, 403);
        assert_eq!(does(&seat, act(0, None, "")).await, 200);
        assert_eq!(does(&seat, act(0, None, "")).await, 409, "somebody has it already");
        let owned = house.call(&routes(), seat.get(path)).await.json();
        assert_eq!(owned[0]["owner"], "Tổ Thư ký");
        assert_eq!(does(&seat, act(1, Some("giu_nguyen"), "")).await, 422, "how was it checked?");
        assert_eq!(does(&seat, act(1, Some("giu_nguyen"), "Đúng đại biểu, đã tìm thấy thẻ")).await, 200);
        assert_eq!(does(&seat, act(2, Some("khong_tinh"), "Lại thôi")).await, 409, "ended is ended");
        assert_eq!(present().await, 1, "counts from the instant of the scan");
        let ended = house.call(&routes(), seat.get(path)).await.json();
        assert_eq!(ended[1]["resolution"], "giu_nguyen", "{ended}");
        // A code of nobody cannot stand.
        let nobody = json!({ "scan": ended[0]["scan"], "kind": "khong_ro_ma", "version": 0, "resolution": "giu_nguyen", "note": "x" });
        assert_eq!(does(&seat, nobody).await, 422);

        // Ended as not counting, an entry is void and the conflict stays on the board as ended.
        let two = tablet(&house, &seat, "cong-2", false).await;
        let other = digits(&house, "DB-0002").await;
        assert_eq!(one.verdicts(&house, &[alone(3, "2025-09-26T09:40:00Z", "in", &other)]).await.len(), 1);
        let answer = two.send(&house, &[alone(1, "2025-09-26T09:45:00Z", "in", &other)]).await.json();
        assert_eq!(answer["results"][0]["verdict"], "conflict");
        let all = house.read(|tx| cases::of_session(tx, "tru-bi")).await.unwrap();
        let double = all.iter().find(|case| case.kind == cases::CaseKind::DoubleEntry).unwrap();
        assert_eq!(double.other.as_ref().unwrap().gate, "cong-1");
        let end = json!({ "scan": double.scan.id, "kind": "vao_hai_lan", "version": 0, "resolution": "khong_tinh", "note": "Thẻ sao chép, đã thu" });
        assert_eq!(does(&seat, end).await, 200);
        assert_eq!(present().await, 2);
        let all = house.read(|tx| cases::of_session(tx, "tru-bi")).await.unwrap();
        let double = all.iter().find(|case| case.kind == cases::CaseKind::DoubleEntry).unwrap();
        assert!(!double.is_open());
    });
}

/// The parts of a list.
struct Opened {
    header: Value,
    records: HashMap<Vec<u8>, Vec<u8>>,
    bytes: usize,
}

fn open(bytes: &[u8]) -> Opened {
    let (magic, rest) = bytes.split_at(4);
    assert_eq!(magic, snapshot::MAGIC);
    let length = usize::try_from(u32::from_be_bytes(rest[..4].try_into().unwrap())).unwrap();
    let header = serde_json::from_slice(&rest[4..4 + length]).unwrap();
    let mut rest = &rest[4 + length..];
    let bytes = rest.len();
    let count = u32::from_be_bytes(rest[..4].try_into().unwrap());
    rest = &rest[4..];
    let mut records = HashMap::new();
    for _ in 0..count {
        let size = usize::from(u16::from_be_bytes(rest[NAME..NAME + 2].try_into().unwrap()));
        records.insert(rest[..NAME].to_vec(), rest[NAME + 2..NAME + 2 + size].to_vec());
        rest = &rest[NAME + 2 + size..];
    }
    assert!(rest.is_empty());
    Opened { header, records, bytes }
}

async fn list(house: &House, tablet: &Tablet, query: &str) -> Opened {
    let router = platform::web::finish(
        routes().with_state(house.app.clone()),
        std::sync::Arc::new(platform::web::Site::bare()),
    );
    let request = tablet.ask(Method::GET, &format!("/snapshot{query}"), None);
    let response = tower::ServiceExt::oneshot(router, request).await.unwrap();
    assert_eq!(response.status(), 200);
    open(&axum::body::to_bytes(response.into_body(), 64 << 20).await.unwrap())
}

#[test]
fn the_list_is_small_opens_only_by_scan_and_grows_by_what_changed() {
    on_both(&crate::migrations(), async |house| {
        filled(&house, 200).await;
        let seat = office(&house).await;
        let one = tablet(&house, &seat, "cong-1", false).await;
        let whole = list(&house, &one, "").await;
        assert_eq!(whole.records.len(), 200);
        assert!(whole.bytes <= 100 * 200, "{} bytes for 200 people", whole.bytes);
        assert_eq!(whole.header["lanes"], json!([1, 2]));
        let text = whole.header.to_string();
        assert!(!text.contains("Mẫu") && !text.contains("DB-0"), "nobody is named outside a record");
        assert!(whole.header.get("people").is_none());

        // Opened by the badge it is of, and by no other.
        let bytes = |name: &str| STANDARD.decode(whole.header[name].as_str().unwrap()).unwrap();
        let (pepper, salt): ([u8; 32], _) = (bytes("pepper").try_into().unwrap(), bytes("salt"));
        let key = |code: &str| Sealed::of(Purpose::Record, code, &pepper, &salt).unwrap();
        let (mine, other) = (key(&digits(&house, "DB-0001").await), key(&digits(&house, "DB-0002").await));
        let sealed = &whole.records[mine.name.as_slice()];
        let record = mine.open(sealed).unwrap();
        assert!(other.open(sealed).is_err());
        assert_eq!(record[0], snapshot::ON_ROLL | snapshot::SUMMONED);
        assert_eq!((record[1], record[2]), (1, 1), "category and group");
        let code = usize::from(record[3]);
        assert_eq!(&record[4..4 + code], b"DB-0001");
        assert_eq!(&record[4 + code..], "Trần Thị Mẫu An".as_bytes());

        // Later: whoever changed, and nobody else.
        house.pass(Duration::from_secs(60));
        let since = whole.header["made_at"].as_i64().unwrap() + 20_000;
        assert_eq!(list(&house, &one, &format!("?since={since}")).await.records.len(), 0);
        let gone = person(&house, "DB-0007").await;
        house
            .write(&Author::cli(), move |tx| {
                Ok::<_, DelegateError>(roll::set_status(tx, gone, Status::Declined, "Ốm")?.with(()))
            })
            .await
            .unwrap();
        let delta = list(&house, &one, &format!("?since={since}")).await;
        assert_eq!((delta.records.len(), &delta.header["whole"]), (1, &json!(false)));

        // A supervisor's list can be searched.
        let supervisor = tablet(&house, &seat, "cong-1", true).await;
        let people = list(&house, &supervisor, "").await.header["people"].clone();
        assert_eq!(people.as_array().unwrap().len(), 200);
        assert!(people.to_string().contains("DB-0001"));
    });
}

#[test]
fn five_thousand_scans_are_one_request_and_no_more() {
    on_both(&crate::migrations(), async |house| {
        filled(&house, 40).await;
        let seat = office(&house).await;
        let one = tablet(&house, &seat, "cong-1", false).await;
        let mut codes = Vec::new();
        for n in 1..=40 {
            codes.push(digits(&house, &format!("DB-{n:04}")).await);
        }
        let scans: Vec<Value> = (0..400_u64)
            .map(|n| {
                let code = &codes[usize::try_from(n % 40).unwrap()];
                let at = format!("2025-09-26T08:{:02}:{:02}Z", n / 60 % 60, n % 60);
                alone(n + 1, &at, if (n / 40) % 2 == 0 { "in" } else { "out" }, code)
            })
            .collect();
        let verdicts = one.verdicts(&house, &scans).await;
        assert!(verdicts.iter().all(|one| ["accepted", "conflict"].contains(&one.as_str())), "{verdicts:?}");
        let counts =
            house.call(&routes(), seat.get("/api/v1/congress-sessions/tru-bi/attendance")).await.json();
        assert_eq!(counts["all"]["present"], 0, "everybody has gone out again");
        let many: Vec<Value> =
            (0..5_001).map(|n| alone(1_000 + n, "2025-09-26T08:00:00Z", "in", "1")).collect();
        assert_eq!(one.send(&house, &many).await.status, 413);
        // Nothing of a line is ever changed.
        let changed = house
            .write::<(), DbError, _>(&Author::cli(), |tx| {
                tx.execute(platform::sql!("UPDATE gate_scan SET gate = 'x'"), platform::params![])?;
                tx.unchanged(())
            })
            .await;
        assert!(changed.is_err());
    });
}

#[test]
fn in_a_rush_a_verdict_does_not_wait_for_what_others_did() {
    on_both(&crate::migrations(), async |house| {
        let most = usize::try_from(crate::gates::query::MOVES_WITH_A_SCAN).unwrap();
        filled(&house, most + 5).await;
        let seat = office(&house).await;
        let (one, two) =
            (tablet(&house, &seat, "cong-1", false).await, tablet(&house, &seat, "cong-2", false).await);
        let mut codes = Vec::new();
        for n in 1..=most + 5 {
            codes.push(digits(&house, &format!("DB-{n:04}")).await);
        }
        let ask = async |tablet: &Tablet, after: &Value, scans: &[Value]| {
            use platform::clock::Clock as _;
            house.pass(Duration::from_millis(50));
            let body = json!({ "sent": house.clock.now(), "offset_ms": 0, "waiting": 0, "revoked_after": 0,
                "moves_after": after, "scans": scans });
            let answer = house.call(&routes(), tablet.ask(Method::POST, "/scans", Some(&body))).await;
            assert_eq!(answer.status, 200, "{}", answer.text);
            answer.json()
        };
        let online = |seq: u64, code: &str| json!({ "seq": seq, "at": "2025-09-26T09:00:00Z", "kind": "in", "method": "qr", "pass": code, "mode": "truc_tuyen" });
        let start = ask(&two, &Value::Null, &[]).await["moves_to"].clone();
        // A few come: the other lane hears of them with its next scan, and of its own.
        let few: Vec<Value> = (1..=3).map(|n| online(n, &codes[usize::try_from(n).unwrap()])).collect();
        ask(&one, &start, &few).await;
        let told = ask(&two, &start, &[online(1, &codes[0])]).await;
        assert_eq!(told["moves"].as_array().unwrap().len(), 4, "{told}");
        assert_eq!(told["results"][0]["card"]["code"], "DB-0001");
        let own = told["moves"].as_array().unwrap().iter().all(|one| one[1] == true);
        assert!(own && told["moves_to"] != start, "{told}");
        // Everybody comes at once: a verdict brings its own and nothing else, the next heartbeat brings the rest.
        let many: Vec<Value> =
            (4..).zip(&codes[4..]).map(|(seq, code)| online(seq, code)).take(most).collect();
        ask(&one, &start, &many).await;
        let told = ask(&two, &start, &[online(2, &codes[most + 4])]).await;
        assert_eq!((told["moves"].as_array().unwrap().len(), &told["moves_to"]), (1, &start), "{told}");
        let all = ask(&two, &start, &[]).await;
        assert_eq!(all["moves"].as_array().unwrap().len(), most + 5, "{}", all["moves"]);
    });
}
