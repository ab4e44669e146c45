//! What devices of each role may do, when, and what a supervisor's word is worth.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use platform::{clock::Clock as _, hex};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use sha2::{Digest as _, Sha256};

use super::*;
use crate::delegates::pages::tests::picture;

/// Pairs a device of a role; what it was told.
async fn paired(house: &House, seat: &Seat, new: &Value, key: Option<&EcdsaKeyPair>) -> Tablet {
    let made = house.call(&routes(), seat.json(Method::POST, "/api/v1/gates/cong-1/codes", new)).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let public_key = key.map(|key| STANDARD.encode(key.public_key().as_ref()));
    let body = json!({ "code": made.json()["code"], "public_key": public_key }).to_string();
    let request = stranger(Method::POST, "/api/v1/gate-enrolments")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body))
        .unwrap();
    let joined = house.call(&routes(), request).await;
    assert_eq!(joined.status, 201, "{}", joined.text);
    let text = |name: &str| joined.json()[name].as_str().unwrap().to_owned();
    Tablet { gate: "cong-1", id: text("device"), token: text("token") }
}

async fn count(house: &House, sql: &'static platform::db::Sql) -> i64 {
    house.read(move |tx| tx.scalar(sql, platform::params![])).await.unwrap().unwrap()
}

#[test]
fn a_look_says_what_a_scan_would_get_and_writes_nothing() {
    on_both(&crate::migrations(), async |house| {
        filled(&house, 2).await;
        let seat = office(&house).await;
        let tablet = tablet(&house, &seat, "cong-1", false).await;
        let an = digits(&house, "DB-0001").await;
        let look =
            async |scan: &Value| house.call(&routes(), tablet.ask(Method::POST, "/looks", Some(scan))).await;
        for _ in 0..2 {
            let said = look(&online(9_007_199_254_740_991, "in", &an)).await;
            assert_eq!(said.status, 200, "{}", said.text);
            assert_eq!(
                (&said.json()["verdict"], &said.json()["card"]["inside"]),
                (&json!("admit"), &json!(false))
            );
            assert_eq!(said.json()["card"]["name"], "Trần Thị Mẫu An");
        }
        assert_eq!(count(&house, platform::sql!("SELECT COUNT(*) FROM gate_scan")).await, 0);
        assert_eq!(count(&house, platform::sql!("SELECT COUNT(*) FROM attendance_event")).await, 0);
        assert_eq!(tablet.verdicts(&house, &[online(1, "in", &an)]).await, ["admit"]);
        assert_eq!(look(&online(9_007_199_254_740_991, "in", &an)).await.json()["verdict"], "already_inside");
        // Only a device of the gate may look.
        let person = seat.json(Method::POST, "/api/v1/gates/cong-1/looks", &online(1, "in", &an));
        assert_eq!(house.call(&routes(), person).await.status, 403);
    });
}

#[test]
fn a_device_works_within_its_window() {
    on_both(&crate::migrations(), async |house| {
        filled(&house, 1).await;
        let seat = office(&house).await;
        let now = house.clock.now();
        let hour = |n: i64| (now + Duration::from_secs(u64::try_from(n * 3600).unwrap())).to_string();
        for wrong in [
            json!({ "role": "truc_cong", "until": now.to_string() }),
            json!({ "role": "truc_cong", "from": hour(2), "until": hour(1) }),
            json!({ "role": "may_nhan_dien" }),
        ] {
            let refused =
                house.call(&routes(), seat.json(Method::POST, "/api/v1/gates/cong-1/codes", &wrong)).await;
            assert_eq!(refused.status, 422, "{wrong}");
        }
        let new = json!({ "role": "truc_cong", "from": hour(1), "until": hour(3) });
        let tablet = paired(&house, &seat, &new, None).await;
        let early = tablet.send(&house, &[]).await;
        assert_eq!((early.status, early.json()["type"].as_str()), (403, Some("/api/problems/gate-window")));
        let board = house.call(&routes(), seat.get("/api/v1/gate-devices")).await.json();
        assert_eq!((&board[0]["role"], &board[0]["until"]), (&json!("truc_cong"), &json!(hour(3))));
        house.pass(Duration::from_secs(3600));
        tablet.here(&house).await;
        house.pass(Duration::from_secs(2 * 3600 + 1));
        assert_eq!(tablet.send(&house, &[]).await.status, 401, "the shift is over");
    });
}

#[test]
fn a_supervisors_word_is_signed_by_its_device_and_kept_once() {
    on_both(&crate::migrations(), async |house| {
        filled(&house, 24).await;
        let seat = office(&house).await;
        let random = SystemRandom::new();
        let pair = || {
            let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &random).unwrap()
        };
        let (key, other) = (pair(), pair());
        let device = paired(&house, &seat, &json!({ "role": "giam_sat" }), Some(&key)).await;
        let mut of_two = String::new();
        for n in 1..=24 {
            let code = format!("DB-{n:04}");
            if home(&house, &code).await == 2 {
                of_two = code;
            }
        }
        let pass = digits(&house, &of_two).await;
        let at = "2025-09-26T08:55:00Z";
        let mut scan = alone(1, at, "in", &pass);
        (scan["overridden"], scan["reason"]) = (json!(true), json!("Làn 2 đã đóng"));
        let word = |key: &EcdsaKeyPair, said: &Value, picture: Option<&[u8]>| {
            let statement = said.to_string();
            let signature = key.sign(&random, format!("dienhong word\n{statement}").as_bytes()).unwrap();
            json!({ "statement": statement, "signature": STANDARD.encode(signature.as_ref()),
                "picture": picture.map(|bytes| STANDARD.encode(bytes)) })
        };
        let said = |seq: u64, reason: &str, picture: Option<&[u8]>| {
            json!({ "device": device.id, "seq": seq, "at": at, "reason": reason,
                "picture": picture.map(|bytes| hex(&Sha256::digest(bytes))) })
        };
        let give = async |body: &Value| {
            let answer = house.call(&routes(), device.ask(Method::POST, "/words", Some(body))).await;
            answer.status
        };
        let shot = picture();
        let right = word(&key, &said(1, "Làn 2 đã đóng", Some(&shot)), Some(&shot));
        assert_eq!(give(&right).await, 404, "the scan has not come yet");
        assert_eq!(device.verdicts(&house, &[scan]).await, ["accepted"]);
        for (wrong, why) in [
            (word(&other, &said(1, "Làn 2 đã đóng", None), None), "another key"),
            (word(&key, &said(1, "Khác", None), None), "another reason"),
            (word(&key, &said(1, "Làn 2 đã đóng", Some(b"x")), None), "the picture is missing"),
            (word(&key, &said(1, "Làn 2 đã đóng", Some(b"x")), Some(b"y")), "another picture"),
        ] {
            assert_eq!(give(&wrong).await, 400, "{why}");
        }
        let page = house.call(&routes(), seat.get("/phien/tru-bi/mau-thuan")).await;
        assert!(page.text.contains("Chưa có chữ ký") && page.text.contains("Làn 2 đã đóng"), "{}", page.text);
        assert_eq!(give(&right).await, 204);
        assert_eq!(give(&right).await, 204, "again it changes nothing");
        assert_eq!(count(&house, platform::sql!("SELECT COUNT(*) FROM gate_witness")).await, 1);
        let page = house.call(&routes(), seat.get("/phien/tru-bi/mau-thuan")).await;
        assert!(page.text.contains("Đã ký") && !page.text.contains("Chưa có chữ ký"), "{}", page.text);
        // A steward's device has no word to give.
        let steward = paired(&house, &seat, &json!({ "role": "truc_cong" }), Some(&key)).await;
        let refused = house.call(&routes(), steward.ask(Method::POST, "/words", Some(&right))).await;
        assert_eq!(refused.status, 400);
        // A week after the session the picture is erased, bytes and all; the word stays.
        let file = house
            .read(|tx| {
                let id = tx.scalar::<platform::files::FileId>(
                    platform::sql!("SELECT picture FROM gate_witness"),
                    platform::params![],
                )?;
                platform::files::store::get(tx, id.unwrap())
            })
            .await
            .unwrap()
            .unwrap();
        for hash in [file.sha256, file.small.unwrap()] {
            house.app.files.get(&hash).await.unwrap();
        }
        assert_eq!(crate::gates::witness::erase(&house.app).await.unwrap(), 0, "the week is not over");
        house.pass(crate::gates::witness::SHOWN + Duration::from_secs(24 * 3600));
        assert_eq!(crate::gates::witness::erase(&house.app).await.unwrap(), 1);
        assert_eq!(crate::gates::witness::erase(&house.app).await.unwrap(), 0);
        for hash in [file.sha256, file.small.unwrap()] {
            assert!(house.app.files.get(&hash).await.is_err(), "the bytes are gone");
        }
        assert_eq!(count(&house, platform::sql!("SELECT COUNT(*) FROM file")).await, 0);
        assert_eq!(count(&house, platform::sql!("SELECT COUNT(*) FROM gate_witness")).await, 1);
    });
}

#[test]
fn only_a_credential_officers_device_locks_a_badge() {
    on_both(&crate::migrations(), async |house| {
        filled(&house, 2).await;
        let seat =
            house.seat("Tổ thẻ", &[("attendance", Right::Manage), ("badges", Right::Contribute)]).await;
        let lost = badge(&house, "DB-0001").await;
        house
            .write::<(), BadgeError, _>(&Author::cli(), move |tx| {
                Ok(badge_store::act(tx, lost.id, BadgeAct::Issue, "")?.map(|_| ()))
            })
            .await
            .unwrap();
        let reason = json!({ "reason": "Người cầm thẻ không phải chủ thẻ" });
        let supervisor = paired(&house, &seat, &json!({ "role": "giam_sat" }), None).await;
        let path = "/people/DB-0001/lock";
        let refused = house.call(&routes(), supervisor.ask(Method::POST, path, Some(&reason))).await;
        assert_eq!(refused.status, 403, "{}", refused.text);
        let officer = paired(&house, &seat, &json!({ "role": "can_bo_the" }), None).await;
        let pass = digits(&house, "DB-0001").await;
        assert_eq!(officer.verdicts(&house, &[online(1, "in", &pass)]).await, ["admit"]);
        assert_eq!(officer.verdicts(&house, &[online(2, "out", &pass)]).await, ["leave"]);
        let locked = house.call(&routes(), officer.ask(Method::POST, path, Some(&reason))).await;
        assert_eq!(locked.status, 204, "{}", locked.text);
        assert_eq!(officer.verdicts(&house, &[online(3, "in", &pass)]).await, ["revoked"]);
        let again = house.call(&routes(), officer.ask(Method::POST, path, Some(&reason))).await;
        assert_eq!(again.status, 404);
        // An office without the right to badges has no officer's device that can.
        let plain = office(&house).await;
        let weak = paired(&house, &plain, &json!({ "role": "can_bo_the" }), None).await;
        let refused =
            house.call(&routes(), weak.ask(Method::POST, "/people/DB-0002/lock", Some(&reason))).await;
        assert_eq!(refused.status, 403);
    });
}
