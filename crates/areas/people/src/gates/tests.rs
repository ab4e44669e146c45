//! Gates through the front door, on both databases.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on shall stop"
)]

mod batches;
mod duties;
mod hard;
mod merging;
mod screens;

use std::time::Duration;

use axum::{
    Router,
    body::Body,
    http::{Method, Request, header},
};
use jiff::civil::date;
use platform::{
    app::App,
    audit::Author,
    identity::Right,
    testing::{Answered, House, Seat, on_both, stranger},
};
use serde_json::{Value, json};

use super::{
    GateError,
    model::{Direction, NewGate},
    store,
};
use crate::{
    attendance::tests::hall,
    badges::{
        self, BadgeAct, BadgeError, keys, model::Badge, query as badge_query, seal::Seal,
        store as badge_store,
    },
    delegates::{
        DelegateError,
        model::{Category, ParticipantId, Profile, Status},
        query as roll_query,
        store::{self as roll, NewParticipant},
    },
};

const SEAL: Seal = Seal::from_bytes([7; 32]);
/// The hall, as zones usually are.
const HALL: u8 = 2;

fn routes() -> Router<App> {
    super::routes()
        .merge(super::api::routes())
        .merge(badges::routes())
        .merge(crate::attendance::routes())
        .merge(crate::attendance::api::routes())
}

pub(crate) async fn gate(house: &House, slug: &str, lane: u16) {
    let new = NewGate {
        slug: slug.to_owned(),
        name: format!("Cửa {lane}"),
        zone: HALL,
        lane,
        direction: Direction::Both,
        is_open: true,
        confirms: false,
        sessions: Vec::new(),
    };
    house.write(&Author::cli(), move |tx| store::put(tx, 0, &new)).await.unwrap();
}

pub(crate) async fn person(house: &House, code: &str) -> ParticipantId {
    let code = code.to_owned();
    house.read(move |tx| roll_query::by_code_any(tx, &code)).await.unwrap().unwrap().id
}

async fn printed(house: &House, people: Vec<ParticipantId>) {
    let office = |title: &str| Author { office: title.to_owned(), ..Author::cli() };
    let (a, b, c) = (people.clone(), people.clone(), people);
    house.write(&office("Tổ thư ký"), move |tx| badge_store::request(tx, &a)).await.unwrap();
    house.write(&office("Trưởng ban"), move |tx| badge_store::approve(tx, &b)).await.unwrap();
    house.write(&office("Tổ thư ký"), move |tx| badge_store::print(tx, &SEAL, &c)).await.unwrap();
}

/// A session, `count` delegates with badges, two lanes into the hall.
pub(crate) async fn filled(house: &House, count: usize) {
    hall(house, count).await;
    house.write(&Author::cli(), |tx| keys::make_root(tx, &SEAL)).await.unwrap();
    let days = (date(2025, 9, 1), date(2025, 10, 31));
    house.write(&Author::cli(), move |tx| keys::add(tx, &SEAL, None, days.0, days.1)).await.unwrap();
    let everybody = house.read(roll_query::everybody).await.unwrap();
    printed(house, everybody.into_iter().map(|one| one.id).collect()).await;
    gate(house, "cong-1", 1).await;
    gate(house, "cong-2", 2).await;
}

async fn badge(house: &House, code: &str) -> Badge {
    let who = person(house, code).await;
    house.read(move |tx| badge_query::live(tx, who)).await.unwrap().unwrap()
}

pub(crate) async fn digits(house: &House, code: &str) -> String {
    badge(house, code).await.code.unwrap()
}

/// The lane of two that is home to somebody's badge.
async fn home(house: &House, code: &str) -> u16 {
    rules::gate::home_lane(&badge(house, code).await.pass, &[1, 2]).unwrap()
}

/// A tablet at a gate.
pub(crate) struct Tablet {
    gate: &'static str,
    id: String,
    token: String,
}

impl Tablet {
    fn ask(&self, method: Method, path: &str, body: Option<&Value>) -> Request<Body> {
        let builder = stranger(method, &format!("/api/v1/gates/{}{path}", self.gate))
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token));
        match body {
            Some(body) => builder
                .header(header::CONTENT_TYPE, "application/json")
                .body(Body::from(body.to_string()))
                .unwrap(),
            None => builder.body(Body::empty()).unwrap(),
        }
    }

    pub(crate) async fn send(&self, house: &House, scans: &[Value]) -> Answered {
        use platform::clock::Clock as _;
        // No two requests come at the same instant.
        house.pass(Duration::from_millis(50));
        let body = json!({ "sent": house.clock.now(), "offset_ms": 0, "waiting": 0, "revoked_after": 0, "scans": scans });
        house.call(&routes(), self.ask(Method::POST, "/scans", Some(&body))).await
    }

    /// The verdicts of a batch.
    pub(crate) async fn verdicts(&self, house: &House, scans: &[Value]) -> Vec<String> {
        let answer = self.send(house, scans).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let results = answer.json()["results"].as_array().unwrap().clone();
        results.iter().map(|one| one["verdict"].as_str().unwrap().to_owned()).collect()
    }

    async fn here(&self, house: &House) {
        assert_eq!(self.send(house, &[]).await.status, 200);
    }
}

pub(crate) async fn code(house: &House, seat: &Seat, gate: &str, supervisor: bool) -> String {
    let path = format!("/api/v1/gates/{gate}/codes");
    let made =
        house.call(&routes(), seat.json(Method::POST, &path, &json!({ "supervisor": supervisor }))).await;
    assert_eq!(made.status, 201, "{}", made.text);
    made.json()["code"].as_str().unwrap().to_owned()
}

pub(crate) async fn enrol(house: &House, code: &str) -> Answered {
    let body = json!({ "code": code }).to_string();
    let request = stranger(Method::POST, "/api/v1/gate-enrolments")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body))
        .unwrap();
    house.call(&routes(), request).await
}

pub(crate) async fn tablet(house: &House, seat: &Seat, gate: &'static str, supervisor: bool) -> Tablet {
    let joined = enrol(house, &code(house, seat, gate, supervisor).await).await;
    assert_eq!(joined.status, 201, "{}", joined.text);
    let said = joined.json();
    let text = |name: &str| said[name].as_str().unwrap().to_owned();
    Tablet { gate, id: text("device"), token: text("token") }
}

pub(crate) async fn office(house: &House) -> Seat {
    house.seat("Tổ Thư ký", &[("attendance", Right::Manage)]).await
}

pub(crate) fn online(seq: u64, kind: &str, pass: &str) -> Value {
    json!({ "seq": seq, "at": "2025-09-26T09:00:00Z", "kind": kind, "method": "qr", "pass": pass, "mode": "truc_tuyen" })
}

fn alone(seq: u64, at: &str, kind: &str, pass: &str) -> Value {
    json!({ "seq": seq, "at": at, "kind": kind, "method": "qr", "pass": pass, "mode": "co_lap", "opened": true })
}

#[test]
fn a_device_joins_once_by_a_fresh_code_and_can_be_sent_away() {
    on_both(&crate::migrations(), async |house| {
        filled(&house, 2).await;
        let seat = office(&house).await;
        let once = code(&house, &seat, "cong-1", false).await;
        let joined = enrol(&house, &once.to_lowercase().replace('-', " ")).await;
        assert_eq!(joined.status, 201, "{}", joined.text);
        let first = Tablet {
            gate: "cong-1",
            id: joined.json()["device"].as_str().unwrap().to_owned(),
            token: joined.json()["token"].as_str().unwrap().to_owned(),
        };
        first.here(&house).await;
        let again = enrol(&house, &once).await;
        assert_eq!((again.status, again.json()["type"].as_str()), (409, Some("/api/problems/gate-code")));
        let late = code(&house, &seat, "cong-1", false).await;
        house.pass(Duration::from_secs(121));
        assert_eq!(enrol(&house, &late).await.status, 409, "two minutes are over");
        assert_eq!(enrol(&house, "0000").await.status, 409);

        // The token is for this gate alone, and for nothing but scanning.
        let elsewhere = Tablet { gate: "cong-2", id: first.id.clone(), token: first.token.clone() };
        let refused = elsewhere.send(&house, &[]).await;
        assert_eq!(
            (refused.status, refused.json()["type"].as_str()),
            (403, Some("/api/problems/gate-device"))
        );
        let list = first.ask(Method::POST, "/codes", Some(&json!({})));
        assert_eq!(house.call(&routes(), list).await.status, 403);
        // A person signed in is no device.
        let body = json!({ "sent": "2025-09-26T09:00:00Z", "offset_ms": 0, "waiting": 0, "revoked_after": 0, "scans": [] });
        let person = seat.json(Method::POST, "/api/v1/gates/cong-1/scans", &body);
        assert_eq!(house.call(&routes(), person).await.status, 403);

        // A lane has one device; supervisors stand beside it.
        let second = tablet(&house, &seat, "cong-1", false).await;
        assert_eq!(first.send(&house, &[]).await.status, 401, "the earlier one is sent away");
        let supervisor = tablet(&house, &seat, "cong-1", true).await;
        second.here(&house).await;
        supervisor.here(&house).await;
        let devices = house.call(&routes(), seat.get("/api/v1/gate-devices")).await.json();
        assert_eq!(devices.as_array().unwrap().len(), 2);
        assert_eq!(devices[0]["id"], second.id.as_str());

        let end = format!("/api/v1/gate-devices/{}/end", second.id);
        assert_eq!(house.call(&routes(), seat.json(Method::POST, &end, &Value::Null)).await.status, 204);
        assert_eq!(house.call(&routes(), seat.json(Method::POST, &end, &Value::Null)).await.status, 404);
        assert_eq!(second.send(&house, &[]).await.status, 401);
        supervisor.here(&house).await;
    });
}

#[test]
fn the_server_decides_with_everything_it_knows() {
    on_both(&crate::migrations(), async |house| {
        filled(&house, 4).await;
        let made = house
            .write(&Author::cli(), |tx| {
                let waiter = NewParticipant {
                    profile: Profile {
                        category: Some(Category::Service),
                        name: "Lê Phục Vụ".to_owned(),
                        ..Profile::default()
                    },
                    ..NewParticipant::default()
                };
                let service = *roll::create(tx, &waiter)?.value();
                Ok::<_, DelegateError>(tx.unchanged(vec![service])?)
            })
            .await
            .unwrap();
        printed(&house, made).await;
        let seat = office(&house).await;
        let tablet = tablet(&house, &seat, "cong-1", false).await;
        let an = digits(&house, "DB-0001").await;
        let answer = tablet.send(&house, &[online(1, "in", &an)]).await;
        let said = &answer.json()["results"][0];
        assert_eq!(said["verdict"], "admit", "{}", answer.text);
        assert_eq!(said["card"]["name"], "Trần Thị Mẫu An");
        assert_eq!((&said["card"]["group"], &said["card"]["inside"]), (&json!(1), &json!(true)));
        assert_eq!(answer.json()["moves"].as_array().unwrap().len(), 1);
        assert_eq!(answer.json()["session"], "tru-bi");

        let scanned = format!(" {an}\r\n");
        for (seq, scan, verdict) in [
            (2, online(2, "in", &an), "already_inside"),
            (3, online(3, "out", &scanned), "leave"),
            (4, online(4, "in", &format!("https://dh.example/b/{an}")), "admit"),
            (1, online(1, "in", &an), "duplicate"),
            (5, online(5, "in", "12345"), "unknown"),
            (6, online(6, "in", &digits(&house, "PV-0001").await), "wrong_zone"),
        ] {
            let said = tablet.send(&house, &[scan]).await.json()["results"][0].clone();
            assert_eq!(said["verdict"], verdict, "{seq}: {said}");
            if seq == 5 {
                assert_eq!(said["why"], "pass-unreadable");
            }
            if seq == 1 {
                assert_eq!(said["was"], "admit");
            }
        }
        // A forged code, one digit off, is nobody's.
        let mut forged = an.clone();
        forged.replace_range(100..101, if &an[100..101] == "7" { "8" } else { "7" });
        assert_eq!(tablet.verdicts(&house, &[online(7, "in", &forged)]).await, ["unknown"]);

        // Lost and reported: refused within the same second. Off the roll: somebody else has the place.
        let lost = badge(&house, "DB-0002").await;
        house
            .write::<(), BadgeError, _>(&Author::cli(), move |tx| {
                let _ = badge_store::act(tx, lost.id, BadgeAct::Issue, "")?;
                Ok(badge_store::act(tx, lost.id, BadgeAct::Lose, "Rơi trên xe")?.map(|_| ()))
            })
            .await
            .unwrap();
        let gone = person(&house, "DB-0003").await;
        house
            .write(&Author::cli(), move |tx| {
                Ok::<_, DelegateError>(
                    roll::set_status(tx, gone, Status::Withdrawn, "Chuyển công tác")?.with(()),
                )
            })
            .await
            .unwrap();
        let gone_code: String =
            house.read(move |tx| badge_query::copies(tx, gone)).await.unwrap().remove(0).code.unwrap();
        let refused = tablet.verdicts(&house, &[online(8, "in", &lost.code.unwrap())]).await;
        assert_eq!(refused, ["revoked"]);
        let refused = tablet.verdicts(&house, &[online(9, "in", &gone_code)]).await;
        assert!(["revoked", "replaced"].contains(&refused[0].as_str()), "{refused:?}");

        // By hand, with leave and a void; each needs its reason.
        let by_hand = |seq: u64, kind: &str, reason: &str, voids: Option<u64>| {
            let person = voids.is_none().then_some("DB-0004");
            json!({ "seq": seq, "at": "2025-09-26T09:00:00Z", "kind": kind, "method": "manual", "person": person,
                "mode": "truc_tuyen", "reason": reason, "voids": voids })
        };
        for (scan, verdict) in [
            (by_hand(10, "leave_granted", "", None), "invalid"),
            (by_hand(10, "leave_granted", "Ốm", None), "leave_granted"),
            (by_hand(11, "in", "", None), "admit"),
            (by_hand(12, "void", "", Some(11)), "invalid"),
            (by_hand(12, "void", "Nhầm người", Some(11)), "voided"),
            (by_hand(13, "void", "Nhầm người", Some(11)), "noted"),
            (
                json!({ "seq": 14, "at": "2025-09-26T09:00:00Z", "kind": "in", "method": "manual", "person": "DB-0004",
                "mode": "truc_tuyen", "reason": "Quen mặt", "overridden": true }),
                "invalid",
            ),
        ] {
            assert_eq!(tablet.verdicts(&house, std::slice::from_ref(&scan)).await, [verdict], "{scan}");
        }
        let counts =
            house.call(&routes(), seat.get("/api/v1/congress-sessions/tru-bi/attendance")).await.json();
        assert_eq!((&counts["all"]["present"], &counts["all"]["with_leave"]), (&json!(1), &json!(1)));

        // Search without marks, by number and by group.
        for (words, found) in
            [("thi%20mau%20binh", 1), ("4", 1), ("t%E1%BB%95%202", 2), ("kh%C3%B4ng%20ai", 0)]
        {
            let ask = tablet.ask(Method::GET, &format!("/people?q={words}"), None);
            let answer = house.call(&routes(), ask).await;
            assert_eq!(answer.json().as_array().map(Vec::len), Some(found), "{words}: {}", answer.text);
        }
    });
}

#[test]
fn a_citizen_s_card_finds_one_person_and_proves_nothing_more() {
    on_both(&crate::migrations(), async |house| {
        filled(&house, 1).await;
        house
            .write(&Author::cli(), |tx| {
                let one = NewParticipant {
                    profile: Profile {
                        category: Some(Category::Delegate),
                        name: "Nguyễn Văn Thử".to_owned(),
                        standing: Some(crate::delegates::model::Standing::Elected),
                        ..Profile::default()
                    },
                    citizen: "079075001234".to_owned(),
                    ..NewParticipant::default()
                };
                Ok::<_, DelegateError>(roll::create(tx, &one)?.map(|_| ()))
            })
            .await
            .unwrap();
        let seat = office(&house).await;
        let tablet = tablet(&house, &seat, "cong-1", false).await;
        let card = |seq: u64, text: &str| {
            json!({ "seq": seq, "at": "2025-09-26T09:00:00Z", "kind": "in", "method": "cccd", "card": text,
                "mode": "truc_tuyen" })
        };
        let seven = "079075001234||Nguyễn Văn Thử|02031975|Nam|Số 1 Đường Mẫu|15062021";
        let answer = tablet.send(&house, &[card(1, seven)]).await;
        let said = &answer.json()["results"][0];
        assert_eq!((&said["verdict"], &said["card"]["code"]), (&json!("admit"), &json!("DB-0002")), "{said}");
        for (seq, text) in [
            (2, "079075001235||Nguyễn Văn Khác|02031975|Nam|Số 1 Đường Mẫu|15062021"),
            (3, "079075001234||Nguyễn\u{202e}|02031975|Nam|x|15062021"),
            (4, "079075001234"),
        ] {
            assert_eq!(tablet.verdicts(&house, &[card(seq, text)]).await, ["unknown"], "{text}");
        }
        // Nothing of the card is kept.
        let kept: Vec<platform::db::Row> = house
            .read(|tx| tx.query(platform::sql!("SELECT reason, verdict FROM gate_scan"), platform::params![]))
            .await
            .unwrap();
        assert!(kept.iter().all(|row| !row.get::<String>("reason").unwrap().contains("0790")), "{kept:?}");
    });
}

#[test]
fn a_lane_that_is_silent_keeps_its_passes_until_it_is_sent_away() {
    on_both(&crate::migrations(), async |house| {
        filled(&house, 24).await;
        let seat = office(&house).await;
        let (one, two) =
            (tablet(&house, &seat, "cong-1", false).await, tablet(&house, &seat, "cong-2", false).await);
        one.here(&house).await;
        two.here(&house).await;
        let mut of_two = None;
        for n in 1..=24 {
            let code = format!("DB-{n:04}");
            if home(&house, &code).await == 2 {
                of_two = Some(code);
            }
        }
        let of_two = of_two.expect("one of twenty-four random badges is of lane 2");
        let pass = digits(&house, &of_two).await;
        house.pass(Duration::from_secs(5));
        assert_eq!(
            one.verdicts(&house, &[online(1, "in", &pass)]).await,
            ["admit"],
            "lane 2 was just heard of"
        );
        assert_eq!(one.verdicts(&house, &[online(2, "out", &pass)]).await, ["leave"]);
        house.pass(Duration::from_secs(2));
        let answer = one.send(&house, &[online(3, "in", &pass)]).await.json();
        assert_eq!(
            (&answer["results"][0]["verdict"], &answer["results"][0]["lane"]),
            (&json!("home_lane"), &json!(2))
        );
        assert_eq!(answer["silent"], json!([2]));
        // Its own device is decided about by the server as ever; and a supervisor may let in, with a reason.
        let supervisor = tablet(&house, &seat, "cong-1", true).await;
        let word = |reason: &str| {
            let mut scan = online(1, "in", &pass);
            (scan["overridden"], scan["reason"]) = (json!(true), json!(reason));
            scan
        };
        assert_eq!(supervisor.verdicts(&house, &[word("")]).await, ["invalid"]);
        assert_eq!(supervisor.verdicts(&house, &[word("Đã gọi làn 2, chưa vào")]).await, ["admit"]);
        assert_eq!(one.verdicts(&house, &[online(4, "out", &pass)]).await, ["leave"]);
        // The tablet of lane 2 is broken and sent away: nobody decides there alone any more.
        let end = format!("/api/v1/gate-devices/{}/end", two.id);
        assert_eq!(house.call(&routes(), seat.json(Method::POST, &end, &Value::Null)).await.status, 204);
        assert_eq!(one.verdicts(&house, &[online(5, "in", &pass)]).await, ["admit"]);
    });
}

#[test]
fn a_gate_is_refused_field_by_field() {
    on_both(&crate::migrations(), async |house| {
        filled(&house, 0).await;
        let new = |slug: &str, zone: u8, lane: u16, sessions: &[&str]| NewGate {
            slug: slug.to_owned(),
            name: "Cửa".to_owned(),
            zone,
            lane,
            direction: Direction::In,
            is_open: true,
            confirms: false,
            sessions: sessions.iter().map(|one| (*one).to_owned()).collect(),
        };
        for (gate, field) in [
            (new("moi", HALL, 3, &[]), "slug"),
            (new("cong-1", HALL, 3, &[]), "slug"),
            (new("cong-3", 15, 3, &[]), "zone"),
            (new("cong-3", HALL, 0, &[]), "lane"),
            (new("cong-3", HALL, 2, &[]), "lane"),
            (new("cong-3", HALL, 3, &["khong-co"]), "sessions"),
        ] {
            let error = house.write(&Author::cli(), move |tx| store::put(tx, 0, &gate)).await.unwrap_err();
            let GateError::Fields(fields) = error else { panic!("{error:?}") };
            assert!(fields.iter().any(|one| one.name == field), "{field}: {fields:?}");
        }
    });
}
