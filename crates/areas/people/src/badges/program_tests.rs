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

/// Draws every page white with one black dot, of the size of a badge of 90 × 130 mm.
struct Dots;

impl print::Press for Dots {
    fn pdf(&self, _: &print::Printable) -> Result<Vec<u8>, print::PressError> {
        Err(print::PressError::Press("dots alone".to_owned()))
    }

    fn rasters(&self, asked: &print::Printable, dpi: u16) -> Result<Vec<print::Raster>, print::PressError> {
        let print::Printable::Badges(sheets) = asked else {
            return Err(print::PressError::Press("no badges".to_owned()));
        };
        assert_eq!((sheets.size, sheets.backs, dpi), (print::BadgeSize::Lanyard, false, 203));
        // Rounding makes a page a dot wider than the paper.
        let (width, height) = (720, 1039);
        let mut dots = vec![255; 720 * 1039];
        dots[0] = 0;
        Ok(vec![print::Raster { width, height, dots }])
    }
}

#[test]
fn one_badge_goes_straight_to_a_printer_and_a_printer_that_is_off_leaves_it_as_it_was() {
    use crate::printers::{self, model::PrinterKind, store::NewPrinter};
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    on_both(&crate::migrations(), async |house| {
        filled(&house).await;
        keyed(&house).await;
        let seal = super::seal::Seal::of(&house.app.config.data).unwrap();
        let root = house.read(|tx| keys::root_seed(tx, &SEAL)).await.unwrap();
        let days = (date(2025, 9, 1), date(2025, 10, 31));
        house
            .write(&Author::cli(), move |tx| keys::add(tx, &seal, Some(root), days.0, days.1))
            .await
            .unwrap();
        // An address of this machine that no other test has.
        static NEXT: std::sync::atomic::AtomicU8 = std::sync::atomic::AtomicU8::new(1);
        let process = std::process::id().to_le_bytes();
        let last = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let host = std::net::Ipv4Addr::new(127, 32 | process[1] & 0x1f, process[0], last);
        let wide = |name: &str, width_mm: u16| NewPrinter {
            name: name.to_owned(),
            kind: PrinterKind::Zpl,
            host: host.to_string(),
            port: 9100,
            dpi: 203,
            width_mm,
            length_mm: 130,
            copies: 1,
        };
        let (large, small) = (wide("Bàn 1", 90), wide("Bàn 2", 50));
        let (large, small) = house
            .write(&Author::cli(), move |tx| {
                let large = *printers::store::create(tx, &large)?.value();
                Ok::<_, printers::PrinterError>(printers::store::create(tx, &small)?.map(|id| (large, id)))
            })
            .await
            .unwrap();
        let people = house.read(crate::delegates::query::everybody).await.unwrap();
        let one = people.iter().find(|one| one.code == "DB-0001").unwrap().id;
        house.write(&office("Tổ thư ký"), move |tx| store::request(tx, &[one])).await.unwrap();
        house.write(&office("Trưởng ban"), move |tx| store::approve(tx, &[one])).await.unwrap();
        let desk = house.seat("Bàn cấp thẻ", &[("badges", Right::Manage)]).await;
        let press = axum::Extension(print::PressRoom::new(Arc::new(Dots), 1));
        let routes = routes().layer(press);
        let send = async |printer: &str| {
            house.call(&routes, desk.post("/the/DB-0001/may-in", &[("printer", printer)])).await
        };
        let page = house.call(&routes, desk.get("/the/DB-0001")).await.text;
        assert!(page.contains("Bàn 1") && !page.contains("Bàn 2"), "only printers whose paper fits: {page}");
        assert_eq!(send(&small.to_string()).await.status, 409);
        // Nobody listens there yet.
        let off = send(&large.to_string()).await;
        assert_eq!(off.status, 303, "{}", off.text);
        assert!(off.header("location").starts_with("/the/DB-0001?xong=may-"), "{}", off.header("location"));
        let said = house.call(&routes, desk.get(off.header("location"))).await.text;
        assert!(said.contains("Kiểm tra"), "{said}");
        let before = house.read(move |tx| super::query::live(tx, one)).await.unwrap().unwrap();
        assert_eq!((before.state.as_str(), before.copy), ("da_duyet", 1));

        let listener = tokio::net::TcpListener::bind((host, 9100)).await.unwrap();
        let sink = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut all = Vec::new();
            let mut part = [0; 4096];
            // The question for its status: this one says nothing.
            let read = stream.read(&mut part).await.unwrap();
            assert!(read > 0);
            let _ = stream.flush().await;
            let _ = stream.read_to_end(&mut all).await;
            all
        });
        let done = send(&large.to_string()).await;
        assert_eq!(done.header("location"), "/the/DB-0001?xong=may");
        let job = sink.await.unwrap();
        assert!(job.windows(3).any(|three| three == b"^XZ"), "a label was sent");
        let after = house.read(move |tx| super::query::live(tx, one)).await.unwrap().unwrap();
        assert_eq!((after.state.as_str(), after.copy), ("da_in", 1));
        assert_eq!((after.id, after.code), (before.id, before.code), "the same code was sent again");
        let log = house.read(|tx| printers::store::log(tx, 10)).await.unwrap();
        assert_eq!(log.len(), 2, "both attempts are on record");
    });
}

#[test]
fn the_codes_of_badges_are_read_out_by_those_who_print_them_and_that_is_on_record() {
    on_both(&crate::migrations(), async |house| {
        let people = filled(&house).await;
        keyed(&house).await;
        let cards = printed(&house, &people[..2]).await;
        let desk = house.seat("Bàn cấp thẻ", &[("badges", Right::Manage)]).await;
        let gate = house.seat("Cổng", &[("badges", Right::Contribute)]).await;
        let lost = json!({ "badge": cards[1].id, "move": "mat", "reason": "Rơi" });
        let done = house.call(&routes(), desk.json(Method::POST, "/api/v1/badges/moves", &lost)).await;
        assert_eq!(done.status, 200, "{}", done.text);
        let path = "/api/v1/badges/readings";
        let refused = house.call(&routes(), gate.json(Method::POST, path, &json!({ "limit": 10 }))).await;
        assert_eq!(refused.status, 403);
        let read = async |body: Value| {
            let answer = house.call(&routes(), desk.json(Method::POST, path, &body)).await;
            assert_eq!(answer.status, 200, "{}", answer.text);
            answer.json()
        };
        let first = read(json!({ "limit": 1 })).await;
        let one = &first["items"][0];
        assert_eq!((&one["code"], &one["opens"]), (&json!("DB-0001"), &json!(true)), "{first}");
        assert_eq!(one["digits"], json!(cards[0].code));
        assert_eq!((&one["pass"], &one["revoked_at"]), (&json!(platform::hex(&cards[0].pass)), &Value::Null));
        let second = read(json!({ "limit": 1, "after": first["next"] })).await;
        let one = &second["items"][0];
        assert_eq!((&one["code"], &one["opens"]), (&json!("DB-0002"), &json!(false)), "{second}");
        assert!(one["revoked_at"].is_string() && second.get("next").is_none(), "{second}");
        let filter =
            platform::audit::store::Filter { act: Some("badge.codes_read".to_owned()), ..Default::default() };
        let events = house.read(move |tx| platform::audit::store::page(tx, &filter, None, 10)).await.unwrap();
        assert_eq!(events.len(), 2, "each reading is on record, the refused one is none");
        assert!(!String::from_utf8_lossy(&events[0].line).contains(one["digits"].as_str().unwrap()));
    });
}
