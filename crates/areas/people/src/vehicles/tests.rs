//! Vehicles and their passes through the front door, on both databases.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on shall stop"
)]

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{Extension, Router, http::Method};
use jiff::civil::date;
use pass::{Refusal, read};
use platform::{
    app::App,
    audit::Author,
    congress,
    identity::Right,
    testing::{Answered, House, Seat, on_both},
};
use print::{BadgeSheets, BadgeSize, Press, PressError, PressRoom, Printable, Raster};
use serde_json::{Value, json};

use super::{VehicleError, model::Pass, passes, query};
use crate::{
    attendance::tests::Words,
    badges::{self, BadgeState, keys, model::BadgeCategory, query as badge, seal::Seal},
};

const SEAL: Seal = Seal::from_bytes([7; 32]);

fn routes() -> Router<App> {
    super::routes()
        .merge(super::api::routes())
        .merge(badges::routes())
        .layer(Extension(PressRoom::new(Arc::new(Words), 1)))
}

/// A desk that registers and one that approves, with a congress, keys and two parking lots.
struct Yard<'a> {
    house: &'a House,
    desk: Seat,
    head: Seat,
}

impl<'a> Yard<'a> {
    async fn of(house: &'a House) -> Self {
        house
            .write(&Author::cli(), |tx| {
                let new = congress::store::NewCongress {
                    name: "Đại hội đại biểu Đảng bộ Thành phố".to_owned(),
                    short_name: "Đại hội".to_owned(),
                    level: congress::Level::Tinh,
                    term: "2025–2030".to_owned(),
                    preparatory_on: date(2025, 9, 26),
                    opening_on: date(2025, 9, 27),
                    closing_on: date(2025, 9, 28),
                    place: "Hội trường".to_owned(),
                    hotline: String::new(),
                };
                congress::store::create(tx, &new).map_err(|error| VehicleError::Pass(error.into()))?;
                let _ = keys::make_root(tx, &SEAL)?;
                let _ = keys::add(tx, &SEAL, None, date(2025, 9, 1), date(2025, 10, 31))?;
                let _ = super::store::put_lot(tx, "B1", "Bãi trước hội trường", 1, 0)?;
                super::store::put_lot(tx, "b2", "Bãi sau", 50, 0)
            })
            .await
            .unwrap();
        let rights = [("vehicles", Right::Manage), ("contacts", Right::Read), ("badges", Right::Read)];
        Self {
            house,
            desk: house.seat("Tổ hậu cần", &rights).await,
            head: house.seat("Trưởng tiểu ban", &[("vehicles", Right::Decide)]).await,
        }
    }

    async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answered {
        self.house.call(&routes(), self.desk.post(path, form)).await
    }

    async fn get(&self, path: &str) -> Answered {
        self.house.call(&routes(), self.desk.get(path)).await
    }

    async fn register(&self, plate: &str, lot: &str, slot: (&str, &str)) -> Answered {
        self.post("/xe/moi", &form(plate, lot, slot)).await
    }

    /// Registered, asked for, approved by another office, printed.
    async fn printed(&self, plate: &str, no: u32) -> Pass {
        assert_eq!(self.register(plate, "B2", ("", "")).await.status, 303);
        let number = no.to_string();
        assert_eq!(self.post("/xe/de-nghi", &[("vehicle", &number)]).await.status, 303);
        let own = self.house.call(&routes(), self.desk.post("/xe/duyet", &[("vehicle", &number)])).await;
        assert_eq!(own.status, 403);
        let done = self.house.call(&routes(), self.head.post("/xe/duyet", &[("vehicle", &number)])).await;
        assert_eq!(done.status, 303, "{}", done.text);
        self.print(no).await
    }

    async fn print(&self, no: u32) -> Pass {
        let office = Author { office: "Tổ hậu cần".to_owned(), ..Author::cli() };
        let made = self.house.write(&office, move |tx| passes::print(tx, &SEAL, &[no])).await.unwrap();
        let id = made[0];
        self.house.read(move |tx| query::pass(tx, id)).await.unwrap().unwrap()
    }

    async fn gate(&self, code: &str) -> Result<pass::Pass, Refusal> {
        let (list, revoked) = self
            .house
            .read(|tx| Ok::<_, VehicleError>((keys::list(tx)?, badge::revocations(tx)?)))
            .await
            .unwrap();
        read(code, keys::day(date(2025, 9, 27)).unwrap(), &list, &revoked)
    }
}

fn form<'a>(plate: &'a str, lot: &'a str, slot: (&'a str, &'a str)) -> [(&'a str, &'a str); 11] {
    [
        ("version", "1"),
        ("plate", plate),
        ("kind", "xe_khach"),
        ("unit", "Đoàn đại biểu Quận 1"),
        ("driver", "Lê Văn Lái"),
        ("phone", "0903 123 456"),
        ("lot", lot),
        ("first_day", "2025-09-26"),
        ("last_day", "2025-09-28"),
        ("convoy", slot.0),
        ("place", slot.1),
    ]
}

#[test]
fn a_plate_is_registered_once_however_it_is_spelled() {
    on_both(&crate::migrations(), async |house| {
        let yard = Yard::of(&house).await;
        assert_eq!(yard.register("51a 12345", "B1", ("2", "1")).await.status, 303);
        let one = house.read(|tx| query::vehicle(tx, 1)).await.unwrap();
        assert_eq!((one.plate.as_str(), one.lot.as_deref()), ("51A-123.45", Some("B1")));
        for (plate, lot, slot, words) in [
            ("51A-123.45", "B2", ("", ""), "Biển số này đã đăng ký (XE-0001)"),
            ("42A-123.45", "B2", ("", ""), "mang ký hiệu 42"),
            ("chưa có", "B2", ("", ""), "Không đúng dạng biển số"),
            ("51A-123.46", "B1", ("", ""), "Bãi đã đủ 1 xe"),
            ("51A-123.46", "B9", ("", ""), "Không có bãi đỗ này"),
            ("51A-123.46", "B2", ("2", "1"), "Chỗ này trong đoàn là của xe 51A-123.45"),
            ("51A-123.46", "B2", ("2", ""), "hoặc để trống cả hai"),
        ] {
            let refused = yard.register(plate, lot, slot).await;
            assert_eq!(refused.status, 422, "{plate} {lot}");
            assert!(refused.text.contains(words), "{words}: {}", refused.text);
            assert!(refused.text.contains("Đoàn đại biểu Quận 1"), "what was typed stays");
        }
        assert_eq!(yard.register("51A-123.46", "B2", ("2", "2")).await.status, 303);
        let list = yard.get("/xe?q=12346").await.text;
        assert!(list.contains("51A-123.46") && list.contains("1 trên 2 xe"), "{list}");
        let convoy = yard.get("/xe?doan=2").await.text;
        assert!(convoy.find("51A-123.45").unwrap() < convoy.find("51A-123.46").unwrap());
        // Withdrawn, its plate and its place are free again.
        assert_eq!(yard.post("/xe/1/rut", &[]).await.status, 303);
        assert_eq!(yard.register("51A-123.45", "B1", ("2", "1")).await.status, 303);
    });
}

#[test]
fn a_pass_lives_as_a_badge_does_and_a_gate_reads_it() {
    on_both(&crate::migrations(), async |house| {
        let yard = Yard::of(&house).await;
        let pass = yard.printed("51B-678.90", 1).await;
        assert_eq!(pass.printed_plate.as_deref(), Some("51B-678.90"));
        let code = pass.code.clone().unwrap();
        let read = yard.gate(&code).await.unwrap();
        assert_eq!(BadgeCategory::numbered(read.grant.category), Some(BadgeCategory::Vehicle));
        assert_eq!(read.grant.category, 9, "the number of vehicles never changes");
        assert!(read.opens(0) && !read.opens(2), "the yard, not the hall");
        let check = yard.post("/the/kiem-tra", &[("code", &code)]).await.text;
        assert!(check.contains("51B-678.90") && check.contains("chưa phát"), "{check}");

        let id = pass.id.to_string();
        for _ in 0..2 {
            assert_eq!(yard.post("/xe/1/the/phat", &[("pass", &id)]).await.status, 303);
        }
        assert_eq!(yard.post("/xe/1/the/mat", &[("pass", &id)]).await.status, 422, "a reason is needed");
        let lost = [("pass", id.as_str()), ("reason", "Rơi ở bãi xe")];
        assert_eq!(yard.post("/xe/1/the/mat", &lost).await.status, 303);
        assert_eq!(yard.gate(&code).await, Err(Refusal::Revoked { id: pass.pass }));
        assert_eq!(yard.post("/xe/1/the/cap-lai", &[]).await.status, 303);
        assert_eq!(yard.post("/xe/1/the/cap-lai", &[]).await.status, 409, "one live pass");
        let second = yard.print(1).await;
        assert_eq!(second.copy, 2);
        assert!(yard.gate(second.code.as_ref().unwrap()).await.is_ok());
        // Found again: it stays locked, is taken back and destroyed; the new one is untouched.
        assert_eq!(yard.post("/xe/1/the/thu", &[("pass", &id)]).await.status, 303);
        let cut = [("pass", id.as_str()), ("reason", "Cắt góc")];
        assert_eq!(yard.post("/xe/1/the/huy", &cut).await.status, 303);
        let third = yard.print(1).await;
        assert_eq!(yard.gate(second.code.as_ref().unwrap()).await, Err(Refusal::Revoked { id: second.pass }));
        assert!(yard.gate(third.code.as_ref().unwrap()).await.is_ok());
        let day = yard.get("/xe/doi-chieu?ngay=2025-09-26").await.text;
        assert!(day.contains("Rơi ở bãi xe") && day.contains("Cắt góc"), "{day}");
        let paper = yard.get("/xe/doi-chieu.pdf?ngay=2025-09-26").await.text;
        assert!(paper.contains("51B-678.90") && paper.contains("Báo mất"), "{paper}");
        // A vehicle that does not come opens nothing, within the same transaction.
        assert_eq!(yard.post("/xe/1/rut", &[]).await.status, 303);
        assert_eq!(yard.gate(third.code.as_ref().unwrap()).await, Err(Refusal::Revoked { id: third.pass }));
        let kept = house.read(move |tx| query::pass(tx, third.id)).await.unwrap().unwrap();
        assert_eq!(kept.state, BadgeState::Recalled);
        assert_eq!(yard.post("/xe/1/sua", &form("51B-678.90", "B2", ("", ""))).await.status, 409);
    });
}

#[test]
fn a_pass_that_is_not_as_registered_is_shown_and_a_telephone_is_for_those_who_may() {
    on_both(&crate::migrations(), async |house| {
        let yard = Yard::of(&house).await;
        yard.printed("51B-678.90", 1).await;
        let mut changed = form("51B-678.91", "B1", ("", ""));
        changed[0].1 = "1";
        assert_eq!(yard.post("/xe/1/sua", &changed).await.status, 303);
        assert_eq!(yard.post("/xe/1/sua", &changed).await.status, 409, "an older version");
        let page = yard.get("/xe?lech=1").await.text;
        for words in ["Biển số trên thẻ khác", "Bãi đỗ trên thẻ khác", "0903123456"] {
            assert!(page.contains(words), "{words}: {page}");
        }
        let other = house.seat("Tổ lễ tân", &[("vehicles", Right::Manage)]).await;
        for path in ["/xe", "/xe/1", "/xe/1/sua", "/xe/xuat.pdf", "/api/v1/vehicles", "/api/v1/vehicles/1"] {
            let answer = house.call(&routes(), other.get(path)).await;
            assert_eq!(answer.status, 200, "{path}");
            assert!(!answer.text.contains("0903"), "{path}: {}", answer.text);
            assert!(yard.get(path).await.text.contains("0903123456"), "{path}");
        }
        // Who does not see the telephone does not write over it.
        let mut blind = form("51B-678.91", "B2", ("", ""));
        (blind[0].1, blind[5].1) = ("2", "");
        assert_eq!(house.call(&routes(), other.post("/xe/1/sua", &blind)).await.status, 303);
        assert!(yard.get("/xe/1").await.text.contains("0903123456"));
        let reader = house.seat("Cổng", &[("vehicles", Right::Read)]).await;
        assert_eq!(house.call(&routes(), reader.post("/xe/1/rut", &[])).await.status, 403);
        assert_eq!(house.call(&routes(), reader.post("/xe/1/the/phat", &[])).await.status, 403);
    });
}

/// Keeps what it is asked to print.
#[derive(Default)]
struct Keeper(Mutex<Vec<BadgeSheets>>);

impl Press for Keeper {
    fn pdf(&self, printable: &Printable) -> Result<Vec<u8>, PressError> {
        if let Printable::Badges(sheets) = printable {
            self.0.lock().unwrap().push(sheets.clone());
        }
        Ok(b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n".to_vec())
    }

    fn rasters(&self, _: &Printable, _: u16) -> Result<Vec<Raster>, PressError> {
        Err(PressError::Press("no dots".to_owned()))
    }
}

#[test]
fn cards_for_windscreens_are_printed_by_a_job() {
    on_both(&crate::migrations(), async |house| {
        let yard = Yard::of(&house).await;
        assert_eq!(yard.register("80-NG-345-01", "B2", ("3", "12")).await.status, 303);
        let office = Author { office: "Khác".to_owned(), ..Author::cli() };
        house.write(&office, |tx| passes::request(tx, &[1])).await.unwrap();
        let done = house.call(&routes(), yard.head.post("/xe/duyet", &[("vehicle", "1")])).await;
        assert_eq!(done.status, 303);
        // The key of this house, not that of the tests.
        let seal = Seal::of(&house.app.config.data).unwrap();
        let days = (date(2025, 9, 1), date(2025, 10, 31));
        let root = house.read(|tx| keys::root_seed(tx, &SEAL)).await.unwrap();
        house
            .write(&Author::cli(), move |tx| keys::add(tx, &seal, Some(root), days.0, days.1))
            .await
            .unwrap();
        let keeper = Arc::new(Keeper::default());
        super::prints::register(&house.app.jobs, &house.app, PressRoom::new(keeper.clone(), 1));
        house.app.jobs.start();
        let begun = yard.post("/xe/in", &[("vehicle", "1"), ("size", "a6"), ("sheet", "a4")]).await;
        assert_eq!(begun.status, 303, "{}", begun.text);
        let job = begun.header("location").to_owned();
        let mut pass = None;
        for _ in 0..600 {
            let copies = house.read(|tx| {
                let vehicle = query::vehicle(tx, 1)?;
                Ok::<_, VehicleError>(query::copies(tx, vehicle.id)?)
            });
            pass = copies.await.unwrap().into_iter().next();
            if !keeper.0.lock().unwrap().is_empty() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        house.app.jobs.stop().await;
        let sheets = keeper.0.lock().unwrap().first().cloned().unwrap_or_else(|| panic!("{job}"));
        assert_eq!((sheets.size, sheets.backs), (BadgeSize::WindscreenSmall, false));
        let card = &sheets.badges[0];
        assert_eq!((card.name.as_str(), card.number.as_str()), ("80-NG-345-01", "B2"));
        assert_eq!((card.title.as_str(), card.group.as_str()), ("XE KHÁCH", "Đoàn 3 · xe thứ 12"));
        assert_eq!(Some(&card.code), pass.unwrap().code.as_ref());
        assert!(yard.gate(&card.code).await.is_ok());
    });
}

#[test]
fn programs_do_the_same_and_a_key_does_it_once() {
    on_both(&crate::migrations(), async |house| {
        let yard = Yard::of(&house).await;
        let call = async |who: &Seat, method: Method, path: &str, body: &Value, key: &str| {
            let mut request = who.json(method, path, body);
            if !key.is_empty() {
                request.headers_mut().insert("idempotency-key", key.parse().unwrap());
            }
            house.call(&routes(), request).await
        };
        let vehicle = json!({ "plate": "51a12345", "kind": "xe_con", "unit": "Văn phòng", "phone": "0903123456",
            "first_day": "2025-09-26", "last_day": "2025-09-27", "convoy": 1, "place": 1 });
        for _ in 0..2 {
            let made = call(&yard.desk, Method::POST, "/api/v1/vehicles", &vehicle, "v1").await;
            assert_eq!((made.status, made.json()), (201, json!({ "no": 1 })));
        }
        let blind = house.seat("Khác", &[("vehicles", Right::Manage)]).await;
        assert_eq!(call(&blind, Method::POST, "/api/v1/vehicles", &vehicle, "").await.status, 403);
        let mut half = vehicle.clone();
        (half["plate"], half["place"]) = (json!("51A-999.99"), Value::Null);
        assert_eq!(call(&yard.desk, Method::POST, "/api/v1/vehicles", &half, "").await.status, 422);
        let one = json!({ "vehicles": [1] });
        let path = "/api/v1/vehicle-passes/requests";
        assert_eq!(call(&yard.desk, Method::POST, path, &one, "r1").await.json()["count"], 1);
        let path = "/api/v1/vehicle-passes/approvals";
        assert_eq!(call(&yard.head, Method::POST, path, &one, "a1").await.json()["count"], 1);
        let seen = house.call(&routes(), yard.desk.get("/api/v1/vehicles/1")).await.json();
        assert_eq!((&seen["pass"]["state"], &seen["phone"]), (&json!("da_duyet"), &json!("0903123456")));
        let lots = house.call(&routes(), yard.desk.get("/api/v1/parking-lots")).await.json();
        assert_eq!((&lots[0]["code"], &lots[0]["load"]), (&json!("B1"), &json!(0)));
        yard.print(1).await;
        let id =
            house.call(&routes(), yard.desk.get("/api/v1/vehicles/1")).await.json()["pass"]["id"].clone();
        let moves = "/api/v1/vehicles/1/pass-moves";
        let lost = json!({ "pass": id, "move": "mat", "reason": "Rơi" });
        assert_eq!(call(&yard.desk, Method::POST, moves, &lost, "m1").await.json()["state"], "bao_mat");
        let unknown = json!({ "pass": id, "move": "in" });
        assert_eq!(call(&yard.desk, Method::POST, moves, &unknown, "").await.status, 422);
        let destroyed = json!({ "pass": id, "move": "huy", "reason": "x" });
        let hand = house.seat("Cổng", &[("vehicles", Right::Contribute)]).await;
        assert_eq!(call(&hand, Method::POST, moves, &destroyed, "").await.status, 403);
        let new = call(&yard.desk, Method::POST, "/api/v1/vehicles/1/new-pass", &json!(null), "n1").await;
        assert_eq!(new.status, 201, "{}", new.text);
        let gone = call(&yard.desk, Method::POST, "/api/v1/vehicles/1/withdrawal", &json!(null), "w1").await;
        assert_eq!(gone.status, 204);
    });
}
