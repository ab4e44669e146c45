//! What gates and programs get, and what happens to a badge when the world around it changes, on both databases.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on shall stop"
)]

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{body::Body, http::Method};
use http_body_util::BodyExt as _;
use jiff::civil::date;
use pass::{Refusal, read};
use platform::{
    audit::Author,
    identity::Right,
    testing::{House, Seat, on_both},
    web::Site,
};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::{
    keys,
    model::BadgeCategory,
    store,
    tests::{SEAL, badge, check, filled, gate, keyed, office, printed, routes},
};
use crate::delegates::{
    model::{Organ, Profile},
    store::{self as roll, Change},
};

/// Opens a stream and keeps it open.
async fn stream(house: &House, seat: &Seat, path: &str) -> Body {
    let router = platform::web::finish(routes().with_state(house.app.clone()), Arc::new(Site::bare()));
    let response = router.oneshot(seat.get(path)).await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    response.into_body()
}

/// Reads until the text stands there. The cap is generous: machines are busy; how long it takes is measured elsewhere.
async fn until(body: &mut Body, wanted: &str) {
    let (started, mut all) = (Instant::now(), String::new());
    while started.elapsed() < Duration::from_secs(20) {
        let frame = tokio::time::timeout(Duration::from_secs(20), body.frame()).await;
        let Ok(Some(Ok(frame))) = frame else { break };
        all.push_str(&String::from_utf8_lossy(&frame.into_data().unwrap_or_default()));
        if all.contains(wanted) {
            return;
        }
    }
    panic!("{wanted} never came: {all}");
}

#[test]
fn a_gate_hears_of_a_lost_badge_and_asks_for_the_rest() {
    on_both(&crate::migrations(), async |house| {
        let people = filled(&house).await;
        keyed(&house).await;
        let seat = house.seat("Cổng", &[("badges", Right::Contribute)]).await;
        let cards = printed(&house, &people[..2]).await;
        let mut listening = stream(&house, &seat, "/song/the/thu-hoi").await;
        until(&mut listening, r#""revocations":0"#).await;
        for (at, card) in cards.iter().enumerate() {
            let body = json!({ "badge": card.id, "move": "mat", "reason": "Rơi" });
            let path = "/api/v1/badges/moves";
            let done = house.call(&routes(), seat.json(Method::POST, path, &body)).await;
            assert_eq!((done.status, done.json()["state"].clone()), (200, json!("bao_mat")));
            until(&mut listening, &format!(r#""revocations":{}"#, at + 1)).await;
            let path = format!("/api/v1/badges/revocations?after={at}");
            let delta = house.call(&routes(), seat.get(&path)).await.json();
            assert_eq!(delta["ids"], json!([platform::hex(&card.pass)]));
            assert_eq!(delta["to"], at + 1);
        }
        // A key that is withdrawn is heard of as well.
        house
            .write(&Author::cli(), |tx| {
                Ok::<_, super::BadgeError>(keys::withdraw(tx, &SEAL, None, 0)?.with(()))
            })
            .await
            .unwrap();
        until(&mut listening, r#""keys":2"#).await;
    });
}

#[test]
fn programs_lead_a_badge_through_its_life_and_a_key_does_each_step_once() {
    on_both(&crate::migrations(), async |house| {
        filled(&house).await;
        keyed(&house).await;
        // The server signs with the seal of this house.
        let seal = super::seal::Seal::of(&house.app.config.data).unwrap();
        let root = house.read(|tx| keys::root_seed(tx, &SEAL)).await.unwrap();
        let days = (date(2025, 9, 1), date(2025, 10, 31));
        house
            .write(&Author::cli(), move |tx| keys::add(tx, &seal, Some(root), days.0, days.1))
            .await
            .unwrap();
        let desk = house.seat("Bàn cấp thẻ", &[("badges", Right::Manage)]).await;
        let head = house.seat("Trưởng ban", &[("badges", Right::Decide)]).await;
        let call = async |who: &Seat, verb: &str, body: &Value, key: &str| {
            let mut request = who.json(Method::POST, &format!("/api/v1/badges/{verb}"), body);
            if !key.is_empty() {
                request.headers_mut().insert("idempotency-key", key.parse().unwrap());
            }
            house.call(&routes(), request).await
        };
        let both = json!({ "codes": ["DB-0001", "db-0002"] });
        for _ in 0..2 {
            assert_eq!(call(&desk, "requests", &both, "r").await.json(), json!({ "count": 2 }));
        }
        let slip = call(&desk, "requests", &json!({ "codes": ["DB-9999"] }), "").await;
        assert_eq!(slip.status, 422);
        assert!(slip.text.contains("DB-9999"), "{}", slip.text);
        assert_eq!(call(&desk, "approvals", &both, "").await.status, 403);
        assert_eq!(call(&head, "approvals", &both, "a").await.json(), json!({ "count": 2 }));
        let made = call(&desk, "prints", &both, "p").await.json();
        let again = call(&desk, "prints", &both, "p").await.json();
        assert_eq!(made, again, "the same call again prints no second copy");
        assert_eq!(made["badges"][0]["copy"], 1);
        let digits = made["badges"][0]["digits"].as_str().unwrap().to_owned();
        assert!(check(&house, &desk, &digits).await.contains("Thẻ có giá trị"));
        let id = made["badges"][0]["id"].clone();
        let step = |name: &str, reason: &str| json!({ "badge": id, "move": name, "reason": reason });
        assert_eq!(call(&desk, "moves", &step("phat", ""), "i").await.json()["state"], "da_phat");
        assert_eq!(call(&desk, "moves", &step("mat", ""), "").await.status, 422, "a reason is needed");
        assert_eq!(call(&desk, "moves", &step("thu", ""), "t").await.json()["state"], "da_thu");
        assert_eq!(call(&desk, "moves", &step("huy", "Cắt góc"), "h").await.json()["state"], "da_huy");
        assert_eq!(call(&desk, "moves", &step("in", ""), "").await.status, 422);
        let one = json!({ "code": "DB-0001" });
        assert_eq!(call(&desk, "reissues", &one, "n").await.status, 201);
        assert_eq!(call(&desk, "reissues", &one, "n").await.status, 201, "answered as before");
        assert_eq!(call(&desk, "reissues", &one, "").await.status, 409, "one live badge");
        // Printed once more, what was printed before opens nothing.
        let two = json!({ "codes": ["DB-0002"] });
        let reprint = call(&desk, "prints", &two, "p2").await.json();
        assert_eq!(reprint["badges"][0]["copy"], 2);
        let first = made["badges"][1]["digits"].as_str().unwrap();
        assert!(check(&house, &desk, first).await.contains("Không cho vào"));
    });
}

#[test]
fn a_category_changed_after_printing_is_shown_at_the_gate_and_corrected_by_a_reprint() {
    on_both(&crate::migrations(), async |house| {
        let people = filled(&house).await;
        keyed(&house).await;
        let seat = house.seat("Cổng", &[("badges", Right::Read)]).await;
        let old = printed(&house, &people[..1]).await.remove(0);
        assert_eq!(old.category, BadgeCategory::Delegate);
        let one = people[0];
        house
            .write(&Author::cli(), move |tx| {
                let before = roll::participant(tx, one)?;
                let profile = Profile { organ: Some(Organ::Presidium), ..before.profile };
                roll::change(
                    tx,
                    one,
                    &Change { version: before.version, profile, private: None, citizen: None },
                )
            })
            .await
            .unwrap();
        // The signed code keeps what was signed; the page says that it does not agree any more.
        let page = check(&house, &seat, old.code.as_ref().unwrap()).await;
        assert!(page.contains("Thẻ có giá trị") && page.contains("Diện trên thẻ khác"), "{page}");
        let new = house.write(&office("Tổ thư ký"), move |tx| store::print(tx, &SEAL, &[one])).await.unwrap();
        let new = badge(&house, new[0]).await;
        assert_eq!(new.category, BadgeCategory::Presidium);
        let (list, revoked) = gate(&house).await;
        let today = keys::day(date(2025, 9, 27)).unwrap();
        assert_eq!(
            read(old.code.as_ref().unwrap(), today, &list, &revoked),
            Err(Refusal::Revoked { id: old.pass })
        );
        let opened = read(new.code.as_ref().unwrap(), today, &list, &revoked).unwrap();
        assert_eq!(opened.grant.category, BadgeCategory::Presidium.number());
        assert!(opened.opens(3), "the stage");
    });
}
