//! Terminals at their own doors, on both databases.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on shall stop"
)]

use std::{net::SocketAddr, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{Method, Request, header},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac as _};
use jiff::Timestamp;
use platform::{
    app::App,
    audit::Author,
    clock::Clock as _,
    db::Row,
    hex,
    identity::Right,
    params, sql,
    testing::{House, Seat, on_both},
};
use serde_json::{Value, json};
use sha2::Sha256;
use tower::ServiceExt as _;

use super::read::{self, Message, Who, hikvision, webhook, zkteco};
use crate::{
    delegates::desk,
    gates::tests::{digits, filled, office, online, person, tablet},
};

fn routes() -> Router<App> {
    super::routes()
        .merge(super::api::routes())
        .merge(crate::gates::routes())
        .merge(crate::gates::api::routes())
}

/// The page that vendors get.
const PAGE: &str = include_str!("../../../../../docs/may-nhan-dien.md");

/// What stands behind a heading of the page, between two fences.
fn fenced(after: &str) -> String {
    let rest = PAGE.split_once(after).unwrap_or_else(|| panic!("{after}")).1;
    rest.split("```").nth(1).unwrap().trim_start_matches(|c: char| c.is_ascii_alphabetic()).trim().to_owned()
}

fn sign(key: &[u8], at: i64, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(format!("{at}.").as_bytes());
    mac.update(body);
    format!("t={at},v1={}", hex(&mac.finalize().into_bytes()))
}

#[test]
fn the_example_of_the_page_is_signed_as_the_page_says() {
    let body = fenced("## Ví dụ");
    let header = fenced("\n`Dienhong-Signature`:\n");
    let key = webhook::unhex(&fenced("Khóa ký:")).unwrap();
    let signature = webhook::Signature::read(&header).unwrap();
    assert!(
        signature.is_of(&key, body.as_bytes()),
        "{} is right",
        sign(&key, signature.at.as_second(), body.as_bytes())
    );
    assert!(!signature.is_of(&[8; 32], body.as_bytes()));
    assert!(!signature.is_of(&key, body.replace("0.97", "0.98").as_bytes()));
    let (device, message) = webhook::read(body.as_bytes()).unwrap();
    assert_eq!(device, "0198c6b0-0000-7000-8000-0000000000a1");
    let Message::Seen(seen) = message else { panic!("{message:?}") };
    assert_eq!((seen.who, seen.score), (Who::Key("482913377".to_owned()), Some(930)));
}

#[test]
fn what_is_no_message_is_refused() {
    let whole = json!({ "device": "a", "event_id": "1", "time": "2025-10-13T07:21:05+07:00", "method": "face",
        "person_key": "482913377", "score": 0.97, "liveness": 0.93, "image_sha256": "0".repeat(64) });
    assert!(webhook::read(whole.to_string().as_bytes()).is_ok());
    for (field, wrong) in [
        ("event_id", json!("")),
        ("time", json!("2025-10-13T07:21:05")),
        ("method", json!("iris")),
        ("person_key", json!("a b")),
        ("person_key", Value::Null),
        ("score", json!(1.5)),
        ("image_sha256", json!("/9j/4AAQ")),
        ("image", json!("/9j/4AAQ")),
    ] {
        let mut body = whole.clone();
        body[field] = wrong;
        assert!(webhook::read(body.to_string().as_bytes()).is_err(), "{field}");
    }
    for wrong in ["", "t=1", "v1=00", "t=x,v1=00", "t=1,v1=zz", "t=1,t=2", "t=1,v1=00,x=1"] {
        assert!(webhook::Signature::read(wrong).is_err(), "{wrong}");
    }
}

/// As a MinMoe terminal posts it, names and pictures left out.
fn hik_json(sub: u32, key: &str, serial: u64, at: &str, live: bool) -> String {
    json!({
        "ipAddress": "10.20.0.15", "portNo": 80, "protocol": "HTTP", "macAddress": "44:47:cc:00:00:01", "channelID": 1,
        "dateTime": at, "activePostCount": 1, "eventType": "AccessControllerEvent", "eventState": "active",
        "eventDescription": "Access Controller Event", "deviceID": "1",
        "AccessControllerEvent": {
            "deviceName": "Access Controller", "majorEventType": 5, "subEventType": sub, "name": "An",
            "cardReaderNo": 1, "employeeNoString": key, "serialNo": serial, "userType": "normal",
            "currentVerifyMode": "faceOrFpOrCardOrPw", "currentEvent": live, "frontSerialNo": serial - 1,
            "attendanceStatus": "undefined", "label": "", "mask": "no", "picturesNumber": 1, "purePwdVerifyEnable": true,
            "FaceRect": { "height": 0.28, "width": 0.5, "x": 0.2, "y": 0.3 }
        }
    })
    .to_string()
}

const HIK_XML: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<EventNotificationAlert version="2.0" xmlns="http://www.isapi.org/ver20/XMLSchema">
<ipAddress>10.20.0.15</ipAddress><dateTime>2025-10-13T07:21:05+07:00</dateTime><activePostCount>1</activePostCount>
<eventType>AccessControllerEvent</eventType><eventState>active</eventState>
<AccessControllerEvent><deviceName>Access Controller</deviceName><majorEventType>5</majorEventType><subEventType>75</subEventType>
<employeeNoString>482913377</employeeNoString><serialNo>4711</serialNo><currentEvent>false</currentEvent>
<attendanceStatus>checkOut</attendanceStatus></AccessControllerEvent></EventNotificationAlert>"#;

#[test]
fn both_languages_of_hikvision_say_the_same() {
    let Message::Seen(json) =
        hikvision::read(hik_json(75, "000482913377", 4711, "2025-10-13T07:21:05+07:00", true).as_bytes())
            .unwrap()
    else {
        panic!("seen")
    };
    let Message::Seen(xml) = hikvision::read(HIK_XML.as_bytes()).unwrap() else { panic!("seen") };
    assert_eq!((&json.event, json.at, &json.who), (&xml.event, xml.at, &xml.who));
    assert_eq!((json.live, json.out, xml.live, xml.out), (Some(true), None, Some(false), Some(true)));
    assert_eq!(json.who, Who::Key("482913377".to_owned()));
    // A face that was not let through, and a door that was opened, are no business of ours.
    let other = hik_json(76, "482913377", 1, "2025-10-13T07:21:05+07:00", true);
    assert_eq!(hikvision::read(other.as_bytes()), Ok(Message::Other));
    let beat = br#"{"dateTime":"2025-10-13T07:21:05+07:00","eventType":"heartBeat","eventState":"active"}"#;
    assert_eq!(hikvision::read(beat), Ok(Message::Beat));
    let code = hik_json(38, "", 5, "2025-10-13T07:21:05+07:00", true)
        .replace("\"mask\"", "\"QRCodeInfo\":\"123\",\"mask\"");
    let Ok(Message::Seen(code)) = hikvision::read(code.as_bytes()) else { panic!("seen") };
    assert_eq!(code.who, Who::Pass("123".to_owned()));
    for wrong in ["", "x", "{", "<a>", "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", "{\"eventType\":1}"] {
        assert!(hikvision::read(wrong.as_bytes()).is_err(), "{wrong}");
    }
}

#[test]
fn lines_of_zkteco_are_read_one_by_one() {
    let lines = zkteco::attlog(
        "482913377\t2025-10-13 07:21:05\t0\t15\t0\t0\t0\r\n482913378\t2025-10-13 07:21:06\t1\t1\t0\nrubbish\n\
         482913379\t2025-10-13 07:21:07\t255\t15\n482913380\t13/10/2025\t0\t15\n",
    );
    assert_eq!(lines.len(), 5);
    let first = lines[0].clone().unwrap().unwrap();
    assert_eq!((first.who, first.out), (Who::Key("482913377".to_owned()), Some(false)));
    assert_eq!(first.at, "2025-10-13T00:21:05Z".parse::<Timestamp>().unwrap(), "the clock of the congress");
    assert_eq!(lines[1], Ok(None), "a finger is no face");
    assert_eq!(lines[3].clone().unwrap().unwrap().out, None);
    assert!(lines[2].is_err() && lines[4].is_err());
    let lines = zkteco::rtlog(
        "time=2025-10-13 07:21:05\tpin=482913377\tcardno=0\teventaddr=1\tevent=3\tinoutstatus=1\tverifytype=15\tindex=21\n\
         time=2025-10-13 07:21:09\tpin=482913377\tcardno=0\teventaddr=1\tevent=27\tinoutstatus=0\tverifytype=15\tindex=22\n\
         time=2025-10-13 07:21:11\tpin=0\tcardno=0\teventaddr=1\tevent=206\tinoutstatus=2\tverifytype=200\tindex=23\n",
    );
    assert_eq!(lines[0].clone().unwrap().unwrap().out, Some(true));
    assert_eq!((&lines[1], &lines[2]), (&Ok(None), &Ok(None)), "refused, and the start of the terminal");
    assert!(zkteco::options("CEXA123").starts_with("GET OPTION FROM: CEXA123\n"));
    assert!(
        zkteco::options("A").contains("ATTPHOTOStamp=9999") && !zkteco::options("A").contains("AttPhoto")
    );
}

#[test]
fn a_flood_of_lines_is_cut() {
    let many = "482913377\t2025-10-13 07:21:05\t0\t15\n".repeat(read::MOST + 5);
    assert_eq!(zkteco::attlog(&many).len(), read::MOST);
}

// ---------------------------------------------------------------- through the doors

/// Sends to the doors as a terminal does: no cookie, no origin, from its own address.
async fn tell(house: &House, request: axum::http::request::Builder, body: impl Into<Body>) -> (u16, String) {
    let mut request: Request<Body> = request.header(header::HOST, "localhost").body(body.into()).unwrap();
    let from: SocketAddr = "10.20.0.15:40000".parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(from));
    let router = super::intake::routes().with_state(house.app.clone());
    let response = router.oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, String::from_utf8(bytes.to_vec()).unwrap())
}

struct Ours {
    device: String,
    key: [u8; 32],
}

impl Ours {
    fn body(&self, house: &House, event: &str, person: &str) -> String {
        json!({ "device": self.device, "event_id": event, "time": house.clock.now(), "method": "face",
            "person_key": person, "score": 0.97, "liveness": 0.93, "image_sha256": "0".repeat(64) })
        .to_string()
    }

    async fn send(&self, house: &House, body: &str) -> (u16, Value) {
        let at = house.clock.now().as_second();
        self.send_signed(house, body, &sign(&self.key, at, body.as_bytes())).await
    }

    async fn send_signed(&self, house: &House, body: &str, signature: &str) -> (u16, Value) {
        let request = Request::builder()
            .method(Method::POST)
            .uri("/api/v1/recognition")
            .header("dienhong-device", &self.device)
            .header("dienhong-signature", signature)
            .header(header::CONTENT_TYPE, "application/json");
        let (status, text) = tell(house, request, body.to_owned()).await;
        (status, serde_json::from_str(&text).unwrap_or_else(|_| panic!("{text}")))
    }
}

async fn register(house: &House, seat: &Seat, body: Value) -> (String, String) {
    let made = house.call(&routes(), seat.json(Method::POST, "/api/v1/gates/cong-1/terminals", &body)).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let said = made.json();
    (said["device"].as_str().unwrap().to_owned(), said["secret"].as_str().unwrap().to_owned())
}

async fn ours(house: &House, seat: &Seat) -> Ours {
    let new =
        json!({ "name": "Máy sảnh A", "kind": "webhook", "networks": "10.20.0.0/24", "least_score": 800 });
    let (device, secret) = register(house, seat, new).await;
    Ours { device, key: webhook::unhex(&secret).unwrap() }
}

/// Somebody agrees; the number that terminals call them by.
async fn agreed(house: &House, seat: &Seat, code: &str) -> String {
    let who = person(house, code).await;
    house.write(&Author::cli(), move |tx| desk::consent(tx, who, true)).await.unwrap();
    let keys =
        house.call(&routes(), seat.json(Method::POST, "/api/v1/terminal-keys", &Value::Null)).await.json();
    let own = keys.as_array().unwrap().iter().find(|one| one["code"] == code).unwrap().clone();
    own["person_key"].as_str().unwrap().to_owned()
}

#[test]
fn a_face_is_a_scan_like_any_other_once_and_only_of_who_agreed() {
    on_both(&crate::migrations(), async |house| {
        filled(&house, 4).await;
        let seat = office(&house).await;
        let terminal = ours(&house, &seat).await;
        let an = agreed(&house, &seat, "DB-0001").await;
        assert_eq!(an.len(), 9);
        assert_eq!(agreed(&house, &seat, "DB-0001").await, an, "a number is made once");

        let body = terminal.body(&house, "e-1", &an);
        let (status, said) = terminal.send(&house, &body).await;
        assert_eq!((status, &said["result"], &said["open"]), (200, &json!("admit"), &json!(true)), "{said}");
        assert!(!said.to_string().contains("Mẫu") && !said.to_string().contains("DB-"), "{said}");
        // The same again is the same; the same person again is inside already.
        let (_, again) = terminal.send(&house, &body).await;
        assert_eq!(
            (&again["result"], &again["was"], &again["open"]),
            (&json!("duplicate"), &json!("admit"), &json!(false))
        );
        let (_, twice) = terminal.send(&house, &terminal.body(&house, "e-2", &an)).await;
        assert_eq!((&twice["result"], &twice["open"]), (&json!("already_inside"), &json!(false)));
        // The lane beside it knows: a badge of the same person finds them inside.
        let lane = tablet(&house, &seat, "cong-1", false).await;
        let pass = digits(&house, "DB-0001").await;
        assert_eq!(lane.verdicts(&house, &[online(1, "in", &pass)]).await, ["already_inside"]);
        let kept: Vec<Row> = house
            .read(|tx| {
                tx.query(sql!("SELECT method, has_event FROM gate_scan WHERE method = 'face'"), params![])
            })
            .await
            .unwrap();
        assert_eq!(kept.len(), 2);

        // Not sure enough, not known, not agreed: none of them is a scan, and none says who.
        let unsure = terminal.body(&house, "e-3", &an).replace("0.93", "0.5");
        assert_eq!(terminal.send(&house, &unsure).await.1["result"], "unsure");
        assert_eq!(
            terminal.send(&house, &terminal.body(&house, "e-4", "999999999")).await.1["result"],
            "unknown_key"
        );
        let binh = agreed(&house, &seat, "DB-0002").await;
        let who = person(&house, "DB-0002").await;
        house.write(&Author::cli(), move |tx| desk::consent(tx, who, false)).await.unwrap();
        let (_, said) = terminal.send(&house, &terminal.body(&house, "e-5", &binh)).await;
        assert_eq!((&said["result"], &said["open"]), (&json!("no_consent"), &json!(false)));
        let scans: i64 = house
            .read(move |tx| {
                tx.scalar(sql!("SELECT COUNT(*) FROM gate_scan WHERE participant = $1"), params![who])
            })
            .await
            .unwrap()
            .unwrap();
        assert_eq!(scans, 0, "nothing is kept of who has not agreed");
        // And the badge of the same person opens: the lane is equal.
        let pass = digits(&house, "DB-0002").await;
        assert_eq!(lane.verdicts(&house, &[online(2, "in", &pass)]).await, ["admit"]);
    });
}

#[test]
fn a_terminal_proves_itself_each_time() {
    on_both(&crate::migrations(), async |house| {
        filled(&house, 2).await;
        let seat = office(&house).await;
        let terminal = ours(&house, &seat).await;
        let an = agreed(&house, &seat, "DB-0001").await;
        let body = terminal.body(&house, "e-1", &an);
        let now = house.clock.now().as_second();
        let good = sign(&terminal.key, now, body.as_bytes());
        // Another key, another body, another moment than the one that was signed.
        for wrong in [
            sign(&[1; 32], now, body.as_bytes()),
            sign(&terminal.key, now, b"{}"),
            good.replace(&format!("t={now}"), &format!("t={}", now - 1)),
            "v1=00".to_owned(),
        ] {
            let (status, said) = terminal.send_signed(&house, &body, &wrong).await;
            assert_eq!((status, &said["type"]), (401, &json!("/api/problems/terminal-signature")), "{wrong}");
        }
        let unknown = Ours { device: uuid::Uuid::now_v7().to_string(), key: terminal.key };
        assert_eq!(
            unknown.send(&house, &body).await,
            (401, json!({ "type": "/api/problems/terminal-signature", "status": 401 }))
        );
        // Overheard and sent again when the window is over; and a clock that is far off, which says so.
        let old = sign(&terminal.key, now - 301, body.as_bytes());
        let (status, said) = terminal.send_signed(&house, &body, &old).await;
        assert_eq!((status, &said["type"]), (401, &json!("/api/problems/terminal-clock")));
        // A message of another terminal under this one's signature.
        let other = body.replace(&terminal.device, &uuid::Uuid::now_v7().to_string());
        assert_eq!(terminal.send(&house, &other).await.0, 422);
        assert_eq!(terminal.send(&house, "{").await.0, 422);
        let none: i64 = house
            .read(|tx| tx.scalar(sql!("SELECT COUNT(*) FROM gate_scan"), params![]))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(none, 0);

        // From another network; and sent away.
        let elsewhere = json!({ "name": "Máy khác", "kind": "webhook", "networks": "192.168.9.0/24" });
        let (device, secret) = register(&house, &seat, elsewhere).await;
        let elsewhere = Ours { device, key: webhook::unhex(&secret).unwrap() };
        assert_eq!(elsewhere.send(&house, &elsewhere.body(&house, "e", &an)).await.0, 401);
        assert_eq!(terminal.send(&house, &body).await.0, 200);
        let end = format!("/api/v1/gate-devices/{}/end", terminal.device);
        assert_eq!(house.call(&routes(), seat.json(Method::POST, &end, &Value::Null)).await.status, 204);
        assert_eq!(terminal.send(&house, &body).await.0, 401);
        // The secret is not in the database as it is.
        let rows: Vec<Row> =
            house.read(|tx| tx.query(sql!("SELECT secret FROM terminal"), params![])).await.unwrap();
        for row in &rows {
            let sealed: Vec<u8> = row.get("secret").unwrap();
            assert!(!sealed.windows(32).any(|part| part == terminal.key));
        }
    });
}

#[test]
fn what_our_own_terminal_tells_late_opens_nothing() {
    on_both(&crate::migrations(), async |house| {
        filled(&house, 2).await;
        let seat = office(&house).await;
        let terminal = ours(&house, &seat).await;
        let an = agreed(&house, &seat, "DB-0001").await;
        let body = terminal.body(&house, "late", &an);
        house.pass(Duration::from_secs(180));
        let (_, said) = terminal.send(&house, &body).await;
        assert_eq!((&said["result"], &said["open"]), (&json!("noted"), &json!(false)), "{said}");
        assert_eq!(terminal.send(&house, &terminal.body(&house, "now", &an)).await.1["result"], "admit");
    });
}

fn hik(device: &str, secret: &str) -> axum::http::request::Builder {
    let basic = STANDARD.encode(format!("{device}:{}", &secret[..16]));
    Request::builder()
        .method(Method::POST)
        .uri(format!("/api/v1/terminals/{device}/hikvision"))
        .header(header::AUTHORIZATION, format!("Basic {basic}"))
}

#[test]
fn hikvision_posts_json_forms_and_xml() {
    on_both(&crate::migrations(), async |house| {
        filled(&house, 4).await;
        let seat = office(&house).await;
        let bare = json!({ "name": "Máy B", "kind": "hikvision" });
        let refused =
            house.call(&routes(), seat.json(Method::POST, "/api/v1/gates/cong-1/terminals", &bare)).await;
        assert_eq!(refused.status, 422, "it signs nothing, so its network must be known");
        let (device, secret) = register(
            &house,
            &seat,
            json!({ "name": "Máy B", "kind": "hikvision", "networks": "10.20.0.15" }),
        )
        .await;
        let (an, binh) = (agreed(&house, &seat, "DB-0001").await, agreed(&house, &seat, "DB-0002").await);
        let now = house.clock.now();
        let event = |key: &str, serial| hik_json(75, key, serial, &now.to_string(), true);
        let json = || hik(&device, &secret).header(header::CONTENT_TYPE, "application/json; charset=UTF-8");
        assert_eq!(tell(&house, json(), event(&an, 7)).await, (200, "OK".to_owned()));
        // A form with the picture that was not asked for: read away.
        let form = format!(
            "--MIME_boundary\r\nContent-Disposition: form-data; name=\"event_log\"\r\nContent-Type: application/json\r\n\r\n{}\r\n\
             --MIME_boundary\r\nContent-Disposition: form-data; name=\"Picture\"; filename=\"Picture.jpg\"\r\n\
             Content-Type: image/jpeg\r\n\r\n{}\r\n--MIME_boundary--\r\n",
            event(&binh, 8),
            "\u{1}PICTURE".repeat(40_000)
        );
        let multipart = || {
            hik(&device, &secret).header(header::CONTENT_TYPE, "multipart/form-data; boundary=MIME_boundary")
        };
        assert_eq!(tell(&house, multipart(), form.clone()).await.0, 200);
        assert_eq!(tell(&house, multipart(), form).await.0, 200, "sent again");
        let xml = HIK_XML.replace("482913377", &an).replace("2025-10-13T07:21:05+07:00", &now.to_string());
        let as_xml = || hik(&device, &secret).header(header::CONTENT_TYPE, "application/xml");
        assert_eq!(tell(&house, as_xml(), xml).await.0, 200);
        let kept: Vec<Row> = house
            .read(|tx| tx.query(sql!("SELECT verdict, kind, mode FROM gate_scan ORDER BY seq"), params![]))
            .await
            .unwrap();
        let said: Vec<(String, String, String)> = kept
            .iter()
            .map(|row| (row.get("verdict").unwrap(), row.get("kind").unwrap(), row.get("mode").unwrap()))
            .collect();
        let line =
            |verdict: &str, kind: &str, mode: &str| (verdict.to_owned(), kind.to_owned(), mode.to_owned());
        assert_eq!(
            said,
            [
                line("admit", "in", "truc_tuyen"),
                line("admit", "in", "truc_tuyen"),
                line("accepted", "out", "co_lap")
            ]
        );
        // Wrong password, and no picture anywhere.
        let wrong = hik(&device, &"0".repeat(64)).header(header::CONTENT_TYPE, "application/json");
        assert_eq!(tell(&house, wrong, event(&an, 9)).await.0, 401);
        let files: i64 =
            house.read(|tx| tx.scalar(sql!("SELECT COUNT(*) FROM file"), params![])).await.unwrap().unwrap();
        assert_eq!(files, 0);
        // Its clock is seven minutes behind: events still count now, and the board says how far.
        let behind = now - Duration::from_secs(420);
        let text = hik_json(75, &an, 20, &behind.to_string(), true);
        assert_eq!(tell(&house, json(), text).await.0, 200);
        let page = house.call(&routes(), seat.get("/cong/may-nhan-dien")).await;
        for words in ["Máy B", "Lệch 420 giây", "cho vào", "Hikvision", "1 lượt máy gửi muộn"] {
            assert!(page.text.contains(words), "{words}: {}", page.text);
        }
    });
}

#[test]
fn zkteco_begins_and_pushes_its_lines() {
    on_both(&crate::migrations(), async |house| {
        filled(&house, 2).await;
        let seat = office(&house).await;
        let new = json!({ "name": "Máy C", "kind": "zkteco", "networks": "10.20.0.0/24", "serial": "CEXA203660011" });
        register(&house, &seat, new.clone()).await;
        let again =
            house.call(&routes(), seat.json(Method::POST, "/api/v1/gates/cong-2/terminals", &new)).await;
        assert_eq!(again.status, 422, "a serial number is of one terminal");
        let get = |path: &str| Request::builder().uri(path.to_owned());
        let post = |path: &str| {
            Request::builder()
                .method(Method::POST)
                .uri(path.to_owned())
                .header(header::CONTENT_TYPE, "text/plain")
        };
        let (status, text) =
            tell(&house, get("/iclock/cdata?SN=CEXA203660011&options=all&pushver=2.4.1&language=69"), "")
                .await;
        assert!(status == 200 && text.starts_with("GET OPTION FROM: CEXA203660011\n"), "{text}");
        assert_eq!(tell(&house, get("/iclock/cdata?SN=OTHER&options=all"), "").await.0, 401);
        let (status, text) =
            tell(&house, post("/iclock/registry?SN=CEXA203660011"), "DeviceType=acc,~DeviceName=x").await;
        assert!(status == 200 && text.starts_with("RegistryCode="), "{text}");
        let (status, text) = tell(&house, post("/iclock/push?SN=CEXA203660011"), "").await;
        assert!(status == 200 && text.contains("TransTables=Transaction"), "{text}");
        for path in ["/iclock/getrequest?SN=CEXA203660011", "/iclock/ping?SN=CEXA203660011"] {
            assert_eq!(tell(&house, get(path), "").await, (200, "OK".to_owned()));
        }
        assert_eq!(tell(&house, post("/iclock/devicecmd?SN=CEXA203660011"), "ID=1&Return=0").await.1, "OK");

        let an = agreed(&house, &seat, "DB-0001").await;
        let now = platform::clock::local(house.clock.now()).strftime("%Y-%m-%d %H:%M:%S").to_string();
        let lines = format!("{an}\t{now}\t0\t15\t0\t0\t0\n{an}\t{now}\t0\t1\t0\nrubbish\n");
        let attlog = "/iclock/cdata?SN=CEXA203660011&table=ATTLOG&Stamp=9999";
        assert_eq!(tell(&house, post(attlog), lines.clone()).await, (200, "OK: 3".to_owned()));
        assert_eq!(tell(&house, post(attlog), format!("{an}\t{now}\t0\t15\t0\n")).await.1, "OK: 1");
        let rtlog = format!("time={now}\tpin={an}\tevent=3\tinoutstatus=1\tverifytype=15\tindex=9\n");
        assert_eq!(tell(&house, post("/iclock/cdata?SN=CEXA203660011&table=rtlog"), rtlog).await.1, "OK: 1");
        // A picture is read away and answered.
        assert_eq!(
            tell(&house, post("/iclock/cdata?SN=CEXA203660011&table=ATTPHOTO"), vec![0xff; 5000]).await.1,
            "OK: 0"
        );
        let kept: Vec<Row> = house
            .read(|tx| tx.query(sql!("SELECT outcome FROM terminal_event ORDER BY outcome"), params![]))
            .await
            .unwrap();
        let outcomes: Vec<String> = kept.iter().map(|row| row.get("outcome").unwrap()).collect();
        assert_eq!(outcomes, ["admit", "leave", "unreadable"]);
    });
}

#[test]
fn terminals_are_registered_on_their_page_and_shown_once() {
    on_both(&crate::migrations(), async |house| {
        filled(&house, 1).await;
        let seat = office(&house).await;
        let form = [("name", ""), ("kind", "zkteco"), ("networks", "x"), ("serial", ""), ("least", "101")];
        let refused = house.call(&routes(), seat.post("/cong/cong-1/may-nhan-dien", &form)).await;
        assert_eq!(refused.status, 422);
        for words in ["Hãy ghi tên máy", "Hãy ghi địa chỉ như", "Hãy ghi số sê-ri", "Từ 0 đến 100"]
        {
            assert!(refused.text.contains(words), "{words}: {}", refused.text);
        }
        let form = [("name", "Máy sảnh A"), ("kind", "webhook"), ("least", "80"), ("way", "in")];
        let made = house.call(&routes(), seat.post("/cong/cong-1/may-nhan-dien", &form)).await;
        assert_eq!(made.status, 200);
        assert!(
            made.text.contains("chỉ hiện một lần") && made.text.contains("/api/v1/recognition"),
            "{}",
            made.text
        );
        let board = house.call(&routes(), seat.get("/cong")).await;
        assert!(board.text.contains("Máy sảnh A") && board.text.contains("Máy nhận diện"), "{}", board.text);
        let english = house.call(&routes(), seat.get("/cong/may-nhan-dien?lang=en")).await;
        assert!(
            english.text.contains("Face terminals") && !english.text.contains("Máy nhận diện"),
            "{}",
            english.text
        );
        agreed(&house, &seat, "DB-0001").await;
        let csv = house.call(&routes(), seat.post("/cong/may-nhan-dien/ma", &[])).await;
        assert!(
            csv.header("content-type").starts_with("text/csv") && csv.text.contains("DB-0001"),
            "{}",
            csv.text
        );
        let reader = house.seat("Chủ tịch đoàn", &[("attendance", Right::Read)]).await;
        assert_eq!(house.call(&routes(), reader.post("/cong/may-nhan-dien/ma", &[])).await.status, 403);
        let page = house.call(&routes(), reader.get("/cong/may-nhan-dien")).await;
        assert!(page.status == 200 && !page.text.contains("Xuất danh sách mã"));
        // A stranger at the door of a lane: the terminal is no lane, so the lane's own device is not sent away.
        let lane = tablet(&house, &seat, "cong-1", false).await;
        assert_eq!(lane.send(&house, &[]).await.status, 200);
        let board = house.call(&routes(), seat.get("/cong")).await;
        assert!(board.text.contains("Máy sảnh A"));
    });
}

proptest::proptest! {
    /// What every build runs of the fuzz target `terminal`.
    #[test]
    fn any_bytes_are_read_or_refused(bytes: Vec<u8>, cut in 0_usize..400) {
        let _ = hikvision::read(&bytes);
        let _ = webhook::read(&bytes);
        let text = String::from_utf8_lossy(&bytes);
        let _ = webhook::Signature::read(&text);
        let _ = (zkteco::attlog(&text), zkteco::rtlog(&text));
        // A message that was cut off.
        let whole = hik_json(75, "1", 2, "2025-10-13T07:21:05+07:00", true);
        let _ = hikvision::read(whole.as_bytes().get(..cut).unwrap_or_default());
        let _ = hikvision::read(HIK_XML.as_bytes().get(..cut).unwrap_or_default());
    }
}
