//! Seating through the front door, on both databases.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on shall stop"
)]

use std::{sync::Arc, time::Duration};

use axum::{Extension, Router, http::Method};
use jiff::civil::date;
use platform::{
    app::App,
    audit::Author,
    identity::Right,
    testing::{Answered, House, Seat, on_both},
};
use print::PressRoom;
use rules::seating::{
    Kind,
    build::{DoorSpec, Numbering, Spec, Wall, bands, build},
};
use serde_json::{Value, json};

use super::{
    SeatingError,
    model::{Picture, Source},
    pretix::{self, ImportError},
    query, store,
};
use crate::{
    attendance::{
        self,
        model::{Mark, NewMark},
        store as roll_call,
        tests::{Words, hall},
    },
    delegates::{
        DelegateError,
        model::{Category, Organ, Profile, Standing},
        query as roll, replacing,
        store::{self as people, NewParticipant},
    },
    gates::{
        GateError,
        model::{Direction, NewGate},
        query as gates, store as gate_store,
    },
};

fn routes() -> Router<App> {
    super::routes()
        .merge(super::api::routes())
        .merge(attendance::api::routes())
        .layer(Extension(PressRoom::new(Arc::new(Words), 1)))
}

fn spec(text: &str) -> Spec {
    let bands = bands(text).unwrap();
    let rows = bands[0].rows;
    Spec {
        bands,
        pitch: 95,
        seat: 55,
        aisle: 120,
        side: 120,
        cross: 150,
        front: 250,
        back: 180,
        numbering: Numbering::LeftToRight,
        plain: false,
        stage_rows: 1,
        stage_seats: 5,
        stage_label: "CT".to_owned(),
        wheelchair: vec!["A-1".to_owned()],
        blocked: if rows >= 3 { vec!["C-1".to_owned()] } else { Vec::new() },
        doors: vec![
            DoorSpec { wall: Wall::Left, percent: 50, width: 180, gate: Some("cong-1".to_owned()) },
            DoorSpec { wall: Wall::Right, percent: 50, width: 180, gate: None },
        ],
    }
}

/// A hall of three rows, a gate, a session with delegates, and two who seat them.
struct Desk<'a> {
    house: &'a House,
    own: Seat,
    other: Seat,
    head: Seat,
}

impl<'a> Desk<'a> {
    async fn of(house: &'a House, delegates: usize, rows: &str) -> Self {
        hall(house, delegates).await;
        let spec = spec(rows);
        house
            .write::<(), GateError, _>(&Author::cli(), |tx| {
                let gate = NewGate {
                    slug: "cong-1".to_owned(),
                    name: "Cửa chính".to_owned(),
                    zone: 0,
                    lane: 1,
                    direction: Direction::Both,
                    is_open: true,
                    confirms: false,
                    sessions: Vec::new(),
                };
                Ok(gate_store::put(tx, 0, &gate)?.map(drop))
            })
            .await
            .unwrap();
        house
            .write(&Author::cli(), move |tx| {
                store::put_hall(tx, "lon", 0, "Hội trường lớn", &Source::Drawn(spec))
            })
            .await
            .unwrap();
        let manage = [("seating", Right::Manage), ("attendance", Right::Read)];
        Self {
            house,
            own: house.seat("Tổ chỗ ngồi", &manage).await,
            other: house.seat("Tổ lễ tân", &manage).await,
            head: house.seat("Chánh Văn phòng", &[("seating", Right::Decide)]).await,
        }
    }

    async fn get(&self, path: &str) -> Answered {
        self.house.call(&routes(), self.own.get(path)).await
    }

    async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answered {
        self.house.call(&routes(), self.own.post(path, form)).await
    }

    async fn api(&self, who: &Seat, method: Method, path: &str, body: &Value, key: &str) -> Answered {
        let mut request = who.json(method, &format!("/api/v1/seating{path}"), body);
        if !key.is_empty() {
            request.headers_mut().insert("idempotency-key", key.parse().unwrap());
        }
        self.house.call(&routes(), request).await
    }

    async fn picture(&self) -> Picture {
        self.house.read(|tx| query::picture(tx, "tru-bi")).await.unwrap()
    }

    async fn place(&self, code: &str) -> String {
        let picture = self.picture().await;
        picture.find(code).and_then(|(_, place)| place.map(|place| place.id.clone())).unwrap_or_default()
    }

    /// A plan with everybody seated.
    async fn seated(&self) {
        let form = [("version", "0"), ("hall", "lon"), ("run", "ziczac"), ("stage", "1"), ("guests", "1")];
        let made = self.post("/cho-ngoi/tru-bi/lap", &form).await;
        assert_eq!(made.status, 303, "{}", made.text);
        let done = self.post("/cho-ngoi/tru-bi/xep", &[("version", "1")]).await;
        assert_eq!(done.status, 303, "{}", done.text);
    }

    async fn publish(&self) {
        let version = self.picture().await.plan.version.to_string();
        let form = [("version", version.as_str()), ("act", "publish")];
        let done = self.house.call(&routes(), self.head.post("/cho-ngoi/tru-bi/cong-bo", &form)).await;
        assert_eq!(done.status, 303, "{}", done.text);
    }
}

const MOVE: &str = "/cho-ngoi/tru-bi/chuyen";

#[test]
fn a_hall_is_drawn_previewed_and_each_change_is_a_version() {
    on_both(&crate::migrations(), async |house| {
        let desk = Desk::of(&house, 6, "3: 2 3").await;
        let form = |bands: &'static str, act: &'static str| {
            vec![
                ("name", "Hội trường nhỏ"),
                ("slug", "nho"),
                ("bands", bands),
                ("pitch", "70"),
                ("seat", "55"),
                ("aisle", "120"),
                ("side", "120"),
                ("cross", "150"),
                ("front", "250"),
                ("back", "180"),
                ("stage_rows", "0"),
                ("stage_seats", "0"),
                ("stage_label", "CT"),
                ("numbering", "chan_le"),
                ("door_wall", "trai"),
                ("door_percent", "50"),
                ("door_width", "90"),
                ("door_gate", "cong-1"),
                ("do", act),
            ]
        };
        // Shown before it is kept, with what is below the measures and the clause.
        let seen = desk.post("/hoi-truong/moi", &form("10: 4 4", "preview")).await;
        assert_eq!(seen.status, 200, "{}", seen.text);
        for words in [
            "<svg",
            "70 cm",
            "TCVN 9369:2012",
            "QCVN 06:2022/BXD, 3.2.5",
            "Cửa 1 rộng 90 cm",
            "không thay thế",
        ] {
            assert!(seen.text.contains(words), "{words} in {}", seen.text);
        }
        assert_eq!(desk.get("/hoi-truong/nho").await.status, 404, "a preview keeps nothing");
        let wrong = desk.post("/hoi-truong/moi", &form("10: 4\nmười", "")).await;
        assert_eq!(wrong.status, 422);
        assert!(wrong.text.contains("Dòng 2 không đọc được") && wrong.text.contains("Hội trường nhỏ"));
        assert_eq!(desk.post("/hoi-truong/moi", &form("10: 4 4", "")).await.status, 303);
        assert_eq!(desk.post("/hoi-truong/moi", &form("10: 4 4", "")).await.status, 422, "the name is taken");
        let mut change = form("11: 4 4", "");
        change.push(("version", "1"));
        assert_eq!(desk.post("/hoi-truong/nho/sua", &change).await.status, 303);
        let late = desk.post("/hoi-truong/nho/sua", &change).await;
        assert_eq!(late.status, 409, "an older version");
        assert!(late.text.contains("Có người vừa sửa"));
        assert!(desk.get("/hoi-truong/nho").await.text.contains("Bản vẽ số 2"));
        let gate = desk.get("/hoi-truong/nho/sua").await.text;
        assert!(gate.contains("value=\"cong-1\" selected"), "{gate}");
        // A plan keeps the version it was made on until somebody moves it.
        desk.seated().await;
        let body = json!({ "version": 1, "name": "Hội trường lớn", "source": { "drawn": spec("4: 2 3") } });
        let put = desk.api(&desk.own, Method::PUT, "/halls/lon", &body, "").await;
        assert_eq!((put.status, put.json()), (200, json!({ "version": 2 })), "{}", put.text);
        let old = desk.picture().await;
        assert_eq!((old.plan.layout, old.layout.rows.len()), (1, 4));
        assert!(desk.get("/cho-ngoi/tru-bi").await.text.contains("đã được vẽ lại"));
        let reader = house.seat("Đọc", &[("seating", Right::Read)]).await;
        let refused = house.call(&routes(), reader.post("/hoi-truong/moi", &form("10: 4 4", ""))).await;
        assert_eq!(refused.status, 403);
    });
}

#[test]
fn a_place_that_is_taken_is_refused_and_a_swap_is_offered() {
    on_both(&crate::migrations(), async |house| {
        let desk = Desk::of(&house, 6, "3: 3 3").await;
        desk.seated().await;
        let before = desk.picture().await;
        assert_eq!(before.seated(), 6);
        let (one, two) = (desk.place("DB-0001").await, desk.place("DB-0002").await);
        let asked = [("who", "DB-0001"), ("seen", one.as_str()), ("to", two.as_str()), ("act", "move")];
        let taken = desk.post(MOVE, &asked).await;
        assert_eq!(taken.status, 409, "{}", taken.text);
        assert!(taken.text.contains("đã có Trần Thị Mẫu Bình (DB-0002) ngồi"), "{}", taken.text);
        assert!(taken.text.contains("value=\"swap\""), "a swap is offered: {}", taken.text);
        assert_eq!(desk.place("DB-0001").await, one, "nothing has moved");
        let swap = [
            ("who", "DB-0001"),
            ("seen", one.as_str()),
            ("other", "DB-0002"),
            ("to", two.as_str()),
            ("act", "swap"),
        ];
        assert_eq!(desk.post(MOVE, &swap).await.status, 303);
        assert_eq!((desk.place("DB-0001").await, desk.place("DB-0002").await), (two.clone(), one.clone()));

        // Another editor has the older picture: told where the person is now.
        let free = "B-6";
        let old = [("who", "DB-0001"), ("seen", one.as_str()), ("to", free), ("act", "move")];
        let moved = house.call(&routes(), desk.other.post(MOVE, &old)).await;
        assert_eq!(moved.status, 409);
        assert!(moved.text.contains("vừa được chuyển đến ghế"), "{}", moved.text);
        // With the new picture it goes, and the same again changes nothing.
        let new = [("who", "DB-0001"), ("seen", two.as_str()), ("to", "b-6"), ("act", "move")];
        assert_eq!(house.call(&routes(), desk.other.post(MOVE, &new)).await.status, 303);
        let version = desk.picture().await.plan.version;
        let again = [("who", "DB-0001"), ("seen", free), ("to", free), ("act", "move")];
        assert_eq!(desk.post(MOVE, &again).await.status, 303);
        assert_eq!(desk.picture().await.plan.version, version);

        let blocked = [("who", "DB-0001"), ("seen", "?"), ("to", "C-1"), ("act", "move")];
        let answer = desk.post(MOVE, &blocked).await;
        assert_eq!(answer.status, 409);
        assert!(answer.text.contains("Ghế C-1 đang khóa"));
        for (who, to, status) in [("DB-9999", "B-6", 409), ("DB-0001", "Z-99", 404)] {
            let form = [("who", who), ("seen", "?"), ("to", to), ("act", "move")];
            assert_eq!(desk.post(MOVE, &form).await.status, status, "{who} {to}");
        }
        // Placed by hand stays when everybody is seated anew; unpinned goes back to the group.
        let version = desk.picture().await.plan.version.to_string();
        assert_eq!(desk.post("/cho-ngoi/tru-bi/xep", &[("version", &version)]).await.status, 303);
        assert_eq!(desk.place("DB-0001").await, free);
        assert_eq!(desk.post("/cho-ngoi/tru-bi/xep", &[("version", "1")]).await.status, 409);
        let pin = "/cho-ngoi/tru-bi/ghim";
        assert_eq!(desk.post(pin, &[("who", "DB-0001"), ("act", "unpin")]).await.status, 303);
        let version = desk.picture().await.plan.version.to_string();
        desk.post("/cho-ngoi/tru-bi/xep", &[("version", &version)]).await;
        assert_ne!(desk.place("DB-0001").await, free);
        let off = [("who", "DB-0001"), ("seen", "?"), ("act", "off")];
        assert_eq!(desk.post(MOVE, &off).await.status, 303);
        let page = desk.get("/cho-ngoi/tru-bi").await.text;
        assert!(page.contains("chưa có chỗ, dù hội trường còn ghế"), "{page}");
    });
}

#[test]
fn a_hall_smaller_than_the_roll_and_a_session_without_a_plan_say_so() {
    on_both(&crate::migrations(), async |house| {
        let desk = Desk::of(&house, 8, "1: 3 3").await;
        let empty = desk.get("/cho-ngoi/tru-bi").await;
        assert_eq!(empty.status, 200);
        assert!(empty.text.contains("chưa có sơ đồ chỗ ngồi") && empty.text.contains("Lập sơ đồ"));
        assert_eq!(desk.get("/cho-ngoi/khong-co").await.status, 404);
        for path in ["/cho-ngoi/tru-bi/man-hinh", "/cho-ngoi/tru-bi/hang/A", "/cho-ngoi/tru-bi/in/so-do.pdf"]
        {
            assert_eq!(desk.get(path).await.status, 404, "{path}");
        }
        let form = [("version", "0"), ("hall", "lon"), ("run", "ziczac")];
        let done = desk.post("/cho-ngoi/tru-bi/lap", &form).await;
        assert_eq!(done.status, 303, "{}", done.text);
        assert_eq!(desk.post("/cho-ngoi/tru-bi/lap", &form).await.status, 409, "somebody made it meanwhile");
        assert_eq!(desk.get("/cho-ngoi/tru-bi/in/so-do.pdf").await.status, 409, "nobody sits");
        desk.post("/cho-ngoi/tru-bi/xep", &[("version", "1")]).await;
        let picture = desk.picture().await;
        // Six seats, one of them for a wheelchair.
        assert_eq!(picture.seated(), 5);
        let page = desk.get("/cho-ngoi/tru-bi").await.text;
        assert_eq!(page.matches("hội trường hết ghế").count(), 3, "{page}");
        let plan = house.call(&routes(), desk.own.get("/api/v1/seating/plans/tru-bi")).await.json();
        assert_eq!((&plan["people"], &plan["seated"]), (&json!(8), &json!(5)));
        let reasons = plan["unmet"].as_array().unwrap();
        assert_eq!(reasons.iter().filter(|one| one["reason"] == "hall-full").count(), 3, "{plan}");
    });
}

#[test]
fn a_seat_is_told_at_the_gate_once_the_plan_is_published() {
    on_both(&crate::migrations(), async |house| {
        let desk = Desk::of(&house, 6, "3: 3 3").await;
        desk.seated().await;
        let card = async || {
            let found = house.read(|tx| gates::search(tx, "cong-1", "DB-0001", 5)).await.unwrap();
            (found[0].seat.clone(), found[0].door)
        };
        assert_eq!(card().await, (None, None), "a draft is nobody's business");
        let early = [("version", "2"), ("act", "publish")];
        let own = desk.post("/cho-ngoi/tru-bi/cong-bo", &early).await;
        assert_eq!(own.status, 403, "another office decides");
        desk.publish().await;
        let place = desk.place("DB-0001").await;
        let (seat, door) = card().await;
        assert_eq!(seat.as_deref(), Some(place.as_str()));
        assert!(matches!(door, Some(1 | 2)));
        // Changed after it was published: the gate tells the new seat at once.
        let form = [("who", "DB-0001"), ("seen", "?"), ("to", "B-6"), ("act", "move")];
        assert_eq!(desk.post(MOVE, &form).await.status, 303);
        assert_eq!(card().await, (Some("B-6".to_owned()), Some(2)));
        let way = desk.get("/cho-ngoi/tru-bi/duong/DB-0001?cua=cong-1").await.text;
        for words in ["Vào cửa 1", "Đến hàng B", "Ghế 6", "<polyline"] {
            assert!(way.contains(words), "{words} in {way}");
        }
        let path = "/api/v1/seating/plans/tru-bi/ways/DB-0001?from=cong-1";
        let api = house.call(&routes(), desk.own.get(path)).await.json();
        assert_eq!((&api["seat"], &api["steps"][0]), (&json!("B-6"), &json!({ "door": 1 })));
        // Found without marks, by code, by number, by seat.
        for words in ["tran thi mau an", "db-0001", "1", "b6", "B-6"] {
            let path = format!("/cho-ngoi?q={}&phien=tru-bi", words.replace(' ', "+"));
            let page = desk.get(&path).await.text;
            assert!(page.contains("/cho-ngoi/tru-bi/duong/DB-0001"), "{words}: {page}");
        }
        assert!(desk.get("/cho-ngoi?q=khongco").await.text.contains("Không ai khớp"));
        let row = desk.get("/cho-ngoi/tru-bi/hang/b").await.text;
        assert!(row.contains("B-6") && row.contains("DB-0001") && row.contains("Trống"), "{row}");
        assert_eq!(desk.get("/cho-ngoi/tru-bi/hang/Z").await.status, 404);
    });
}

#[test]
fn the_map_of_attendance_reconciles_with_the_roll_call() {
    on_both(&crate::migrations(), async |house| {
        let desk = Desk::of(&house, 6, "3: 3 3").await;
        desk.seated().await;
        house
            .write::<(), attendance::AttendanceError, _>(&Author::cli(), |tx| {
                let mut last = None;
                for (code, marks) in [
                    ("DB-0001", vec![Mark::In]),
                    ("DB-0002", vec![Mark::In, Mark::Out]),
                    ("DB-0003", vec![Mark::Leave]),
                ] {
                    let who = roll::by_code_any(tx, code)?.unwrap().id;
                    for (n, mark) in (1..).zip(marks) {
                        let mut mark = NewMark::by_hand(mark, "Công tác");
                        mark.at = Some(tx.now() - Duration::from_secs(600 / n));
                        last = Some(roll_call::mark(tx, "tru-bi", who, &mark)?);
                    }
                }
                Ok(last.unwrap().map(drop))
            })
            .await
            .unwrap();
        let counts = house.call(&routes(), desk.own.get("/api/v1/congress-sessions/tru-bi/attendance")).await;
        let all = counts.json()["all"].clone();
        assert_eq!((&all["summoned"], &all["present"]), (&json!(6), &json!(1)));
        for path in ["/cho-ngoi/tru-bi?xem=diem-danh", "/cho-ngoi/tru-bi/man-hinh"] {
            let page = desk.get(path).await.text;
            for (count, words) in
                [("1", "Có mặt"), ("3", "Chưa đến"), ("1", "Vắng có lý do"), ("1", "Đã ra ngoài")]
            {
                let line = format!("<b>{count}</b><span>{words}</span>");
                assert!(page.contains(&line), "{line} in {page}");
            }
            assert!(page.contains("Cộng 6 đại biểu triệu tập"), "{page}");
        }
    });
}

#[test]
fn who_takes_a_place_inherits_the_seat_only_when_the_office_says_so() {
    on_both(&crate::migrations(), async |house| {
        let desk = Desk::of(&house, 6, "3: 3 3").await;
        house
            .write::<(), DelegateError, _>(&Author::cli(), |tx| {
                let alternate = NewParticipant {
                    profile: Profile {
                        category: Some(Category::Delegate),
                        name: "Lý Thị Dự".to_owned(),
                        standing: Some(Standing::Elected),
                        alternate: true,
                        ..Profile::default()
                    },
                    ..NewParticipant::default()
                };
                Ok(people::create(tx, &alternate)?.map(drop))
            })
            .await
            .unwrap();
        desk.seated().await;
        let seat = desk.place("DB-0001").await;
        assert_eq!(desk.place("DB-0007").await, "", "an alternate waits");
        let early = [("who", "DB-0007"), ("seen", "?"), ("to", "B-6"), ("act", "move")];
        assert_eq!(desk.post(MOVE, &early).await.status, 409);
        house
            .write::<(), DelegateError, _>(&Author::cli(), |tx| {
                let (leaver, comer) =
                    (roll::by_code_any(tx, "DB-0001")?.unwrap(), roll::by_code_any(tx, "DB-0007")?.unwrap());
                let new = replacing::NewReplacement {
                    comer: comer.id,
                    version: leaver.version,
                    decision: "125-QĐ/TU".to_owned(),
                    decided_on: Some(date(2025, 9, 20)),
                    reason: "Chuyển công tác".to_owned(),
                    standing: None,
                };
                Ok(replacing::replace(tx, leaver.id, &new)?.map(drop))
            })
            .await
            .unwrap();
        // The seat is an open question; nobody sits on it by themselves.
        let picture = desk.picture().await;
        assert_eq!(picture.gone.len(), 1);
        assert_eq!(desk.place("DB-0007").await, "");
        let page = desk.get("/cho-ngoi/tru-bi").await.text;
        assert!(page.contains("1 ghế cần quyết định") && page.contains("Lý Thị Dự"), "{page}");
        let give = [("who", "DB-0001"), ("act", "give")];
        assert_eq!(desk.post("/cho-ngoi/tru-bi/thay", &give).await.status, 303);
        assert_eq!(desk.place("DB-0007").await, seat);
        assert!(desk.picture().await.gone.is_empty());
        assert_eq!(desk.post("/cho-ngoi/tru-bi/thay", &give).await.status, 409, "given already");
        let again = json!({ "person": "DB-0001" });
        let path = "/plans/tru-bi/inheritance";
        assert_eq!(desk.api(&desk.own, Method::POST, path, &again, "").await.status, 409);
    });
}

#[test]
fn the_presidium_sits_on_the_stage_and_every_paper_names_the_seats() {
    on_both(&crate::migrations(), async |house| {
        let desk = Desk::of(&house, 6, "3: 3 3").await;
        house
            .write::<(), DelegateError, _>(&Author::cli(), |tx| {
                let one = NewParticipant {
                    profile: Profile {
                        category: Some(Category::Delegate),
                        name: "Ngô Văn Chủ Tọa".to_owned(),
                        standing: Some(Standing::Elected),
                        group_no: Some(1),
                        organ: Some(Organ::Presidium),
                        ..Profile::default()
                    },
                    ..NewParticipant::default()
                };
                Ok(people::create(tx, &one)?.map(drop))
            })
            .await
            .unwrap();
        desk.seated().await;
        assert_eq!(desk.place("DB-0007").await, "CT-3");
        for (file, words) in [
            ("theo-hang.pdf", "DB-0007"),
            ("theo-to.pdf", "CT-3"),
            ("so-do.pdf", "SÂN KHẤU"),
            ("the-ghe.pdf", "DB-0007"),
            ("ma-hang.pdf", "Hàng A"),
        ] {
            let paper = desk.get(&format!("/cho-ngoi/tru-bi/in/{file}")).await;
            assert_eq!(paper.status, 200, "{file}: {}", paper.text);
            assert!(paper.text.contains(words), "{words} in {file}");
            assert!(paper.text.contains("BẢN NHÁP"), "{file} of a draft says so");
        }
        desk.publish().await;
        assert!(!desk.get("/cho-ngoi/tru-bi/in/theo-hang.pdf").await.text.contains("BẢN NHÁP"));
        for file in ["theo-hang.xlsx", "theo-to.xlsx"] {
            assert_eq!(desk.get(&format!("/cho-ngoi/tru-bi/in/{file}")).await.status, 200, "{file}");
        }
        assert_eq!(desk.get("/cho-ngoi/tru-bi/in/khac.pdf").await.status, 404);
    });
}

#[test]
fn a_pretix_plan_goes_out_and_comes_back_the_same() {
    let built = build(&spec("3: 4 6 4\n2: 4 6 4")).unwrap();
    let bytes = pretix::write("Hội trường", "SÂN KHẤU", &built).unwrap();
    let (title, read) = pretix::read(&bytes, 55).unwrap();
    assert_eq!(title, "Hội trường");
    assert_eq!((read.rows.clone(), read.blocks.clone()), (built.rows.clone(), built.blocks.clone()));
    assert_eq!((read.pitch, read.seat), (95, 55));
    assert_eq!(
        read.stage.map(|stage| (stage.width, stage.depth)),
        built.stage.map(|stage| (stage.width, stage.depth))
    );
    let about = |hall: &rules::seating::Layout| {
        let first = hall.places[0].at;
        hall.places
            .iter()
            .map(|place| {
                let at = (place.at.x - first.x, place.at.y - first.y);
                (place.id.clone(), place.number.clone(), place.row, place.block, place.kind, at, place.aisle)
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(about(&read), about(&built));
    // A plan of their own making, in units of theirs: the width of a seat gives the scale.
    let foreign = json!({ "name": "Saal", "size": { "width": 200, "height": 100 },
        "categories": [{ "name": "Rollstuhl", "color": "#f00" }], "zones": [
        { "name": "Parkett", "position": { "x": 10, "y": 20 }, "rows": [
            { "row_number": "1", "row_number_position": "both", "position": { "x": 0, "y": 0 }, "seats": [
                { "seat_guid": "a", "seat_number": "1", "position": { "x": 0, "y": 0 }, "category": "Rollstuhl" },
                { "seat_guid": "b", "seat_number": "2", "position": { "x": 25, "y": 0 }, "category": "x", "radius": 8 },
                { "seat_guid": "c", "seat_number": "3", "position": { "x": 50, "y": 0 }, "category": "x" }] }],
          "areas": [{ "shape": "circle", "color": "#00f", "rotation": 0, "position": { "x": 1, "y": 1 } }] }] });
    let (_, saal) = pretix::read(foreign.to_string().as_bytes(), 50).unwrap();
    assert_eq!(saal.places[1].at.x - saal.places[0].at.x, 50);
    assert_eq!(saal.places[0].kind, Kind::Wheelchair);
    assert!(!saal.places[1].aisle && saal.places[2].aisle);
    assert_eq!((saal.places[0].block, saal.blocks), (1, vec!["CT".to_owned(), "Parkett".to_owned()]));
    // Nobody sits on the stage: its block keeps its number all the same.
    let bare = build(&Spec { stage_rows: 0, ..spec("3: 4 6 4") }).unwrap();
    let (_, read) = pretix::read(&pretix::write("H", "S", &bare).unwrap(), 55).unwrap();
    assert_eq!((read.blocks, read.places[0].block), (bare.blocks, bare.places[0].block));
}

/// One seat, changed in one way.
fn seat(change: &Value) -> Value {
    let mut seat =
        json!({ "seat_guid": "a", "seat_number": "1", "position": { "x": 0, "y": 0 }, "category": "x" });
    for (name, value) in change.as_object().unwrap() {
        seat[name] = value.clone();
    }
    seat
}

fn plan(seats: &[Value]) -> Vec<u8> {
    json!({ "name": "P", "zones": [{ "name": "Z", "position": { "x": 0, "y": 0 }, "rows": [
        { "row_number": "1", "position": { "x": 0, "y": 0 }, "seats": seats }] }] })
    .to_string()
    .into_bytes()
}

#[test]
fn a_hostile_plan_is_refused_with_a_sentence() {
    let other = seat(&json!({ "seat_guid": "c", "position": { "x": 9, "y": 0 } }));
    for (bytes, want) in [
        (plan(&[]), ImportError::Empty),
        (
            plan(&[seat(&json!({ "position": { "x": 1e300, "y": 0 } }))]),
            ImportError::Coordinate("a".to_owned()),
        ),
        (
            plan(&[seat(&json!({ "position": { "x": 2e6, "y": 0 } }))]),
            ImportError::Coordinate("a".to_owned()),
        ),
        (plan(&[seat(&json!({})), seat(&json!({}))]), ImportError::Duplicate("a".to_owned())),
        (
            plan(&[seat(&json!({})), seat(&json!({ "seat_guid": "b" })), other.clone()]),
            ImportError::OneSpot("b".to_owned()),
        ),
        (plan(&[seat(&json!({ "seat_number": "" }))]), ImportError::Name("a".to_owned())),
        (plan(&[seat(&json!({ "seat_number": "x".repeat(61) }))]), ImportError::Name("a".to_owned())),
    ] {
        assert_eq!(pretix::read(&bytes, 55).map(drop), Err(want));
    }
    let deep = b"[".repeat(10_000);
    for bytes in [&b"[]"[..], &b"{"[..], &b"{\"name\":1,\"zones\":[]}"[..], &[0xff, 0xfe][..], &deep[..]] {
        assert!(matches!(pretix::read(bytes, 55), Err(ImportError::Shape(_))));
    }
    let many: Vec<Value> = (0..20_001)
        .map(|n| seat(&json!({ "seat_guid": n.to_string(), "position": { "x": n, "y": 0 } })))
        .collect();
    assert_eq!(pretix::read(&plan(&many), 55).map(drop), Err(ImportError::TooMany));
    // Far apart once they have their centimetres.
    let at = |id: &str, x: u32| seat(&json!({ "seat_guid": id, "position": { "x": x, "y": 0 } }));
    let wide = plan(&[seat(&json!({})), other, at("d", 18), at("e", 900_000)]);
    assert!(matches!(pretix::read(&wide, 55), Err(ImportError::Coordinate(_))));
    on_both(&crate::migrations(), async |house| {
        let desk = Desk::of(&house, 2, "3: 2 3").await;
        let send = async |slug: &str, body: Value, key: &str| {
            desk.api(&desk.own, Method::POST, &format!("/halls/{slug}/pretix"), &body, key).await
        };
        let twice: Value = serde_json::from_slice(&plan(&[seat(&json!({})), seat(&json!({}))])).unwrap();
        let refused = send("la", twice, "").await;
        assert_eq!(refused.status, 422);
        assert!(refused.text.contains("cùng mã") && refused.text.contains('a'), "{}", refused.text);
        assert_eq!(desk.get("/hoi-truong/la").await.status, 404);
        let whole = desk.get("/hoi-truong/lon/pretix.json").await;
        assert_eq!(whole.header("content-type"), "application/json");
        for _ in 0..2 {
            let made = send("ban-sao", whole.json(), "i1").await;
            assert_eq!((made.status, made.json()), (201, json!({ "version": 1 })), "{}", made.text);
        }
        // Doors are ours: added afterwards, the places stay.
        let doors = json!([{ "wall": "sau", "percent": 50, "width": 200, "gate": "cong-1" }]);
        let body = json!({ "version": 1, "name": "Bản sao", "source": { "imported": doors } });
        let put = desk.api(&desk.own, Method::PUT, "/halls/ban-sao", &body, "").await;
        assert_eq!(put.status, 200, "{}", put.text);
        let copy = house.read(|tx| query::drawn(tx, "ban-sao", 2)).await.unwrap();
        assert_eq!((copy.layout.places.len(), copy.layout.doors.len()), (20, 1));
        let body = json!({ "version": 2, "name": "Bản sao", "source": { "imported": [
            { "wall": "sau", "percent": 50, "width": 200, "gate": "cong-9" }] } });
        assert_eq!(desk.api(&desk.own, Method::PUT, "/halls/ban-sao", &body, "").await.status, 422);
    });
}

#[test]
fn programs_do_the_same_and_a_key_does_it_once() {
    on_both(&crate::migrations(), async |house| {
        let desk = Desk::of(&house, 6, "3: 3 3").await;
        let own = &desk.own;
        let body = json!({ "hall": "lon", "stage": true, "blocks": { "1": 2 } });
        for _ in 0..2 {
            let made = desk.api(own, Method::PUT, "/plans/tru-bi", &body, "p1").await;
            assert_eq!(made.status, 204, "{}", made.text);
        }
        let path = "/plans/tru-bi/assignment";
        let done = desk.api(own, Method::POST, path, &json!({ "version": 1 }), "a1").await;
        assert_eq!((done.status, done.json()), (200, json!({ "seated": 6, "unmet": 0 })), "{}", done.text);
        let picture = desk.picture().await;
        for code in ["DB-0001", "DB-0003", "DB-0005"] {
            assert_eq!(
                picture.find(code).unwrap().1.unwrap().block,
                2,
                "group 1 has the block it shall have"
            );
        }
        // Two swap in one call; half a swap is refused whole.
        let (one, two) = (desk.place("DB-0001").await, desk.place("DB-0002").await);
        let path = "/plans/tru-bi/moves";
        let half = json!({ "moves": [{ "person": "DB-0001", "seen": one, "place": two }] });
        let refused = desk.api(own, Method::POST, path, &half, "").await;
        assert_eq!(refused.status, 409);
        assert!(refused.text.contains("taken"), "{}", refused.text);
        let whole = json!({ "moves": [{ "person": "DB-0001", "seen": one, "place": two },
            { "person": "DB-0002", "seen": two, "place": one }] });
        for _ in 0..2 {
            assert_eq!(desk.api(own, Method::POST, path, &whole, "m1").await.status, 204);
        }
        assert_eq!((desk.place("DB-0001").await, desk.place("DB-0002").await), (two, one));
        let both = json!({ "moves": [{ "person": "DB-0001", "place": "B-6" }, { "person": "DB-0002", "place": "B-6" }] });
        assert_eq!(desk.api(own, Method::POST, path, &both, "").await.status, 409);
        let seats =
            house.call(&routes(), own.get("/api/v1/seating/plans/tru-bi/seats?q=db-0001")).await.json();
        assert_eq!(
            (&seats["items"][0]["person"], &seats["items"][0]["pinned"]),
            (&json!("DB-0001"), &json!(true))
        );
        let version = desk.picture().await.plan.version;
        let path = "/plans/tru-bi/clearing";
        let left = desk.api(own, Method::POST, path, &json!({ "version": version }), "c1").await;
        assert_eq!(left.json(), json!({ "count": 4 }), "two are pinned");
        let path = "/plans/tru-bi/publication";
        let body = json!({ "version": version + 1, "published": true });
        assert_eq!(desk.api(own, Method::PUT, path, &body, "").await.status, 403);
        assert_eq!(desk.api(&desk.head, Method::PUT, path, &body, "").await.status, 204);
        assert_eq!(
            desk.api(&desk.head, Method::PUT, path, &body, "").await.status,
            409,
            "changed by this very call"
        );
        let pin = json!({ "person": "DB-0001", "pinned": false });
        assert_eq!(desk.api(own, Method::PUT, "/plans/tru-bi/pins", &pin, "").await.status, 204);
        assert_eq!(
            house.read(|tx| query::picture(tx, "khong-co")).await.err(),
            Some(SeatingError::Attendance(attendance::AttendanceError::NoSession))
        );
    });
}
