//! The roll-call through the front door, on both databases.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on shall stop"
)]

use std::sync::Arc;

use axum::{Extension, Router, http::Method};
use platform::{
    app::App,
    audit::Author,
    clock,
    db::DbError,
    identity::Right,
    params, sql,
    testing::{House, on_both},
};
use print::{Press, PressError, PressRoom, Printable};
use serde_json::json;

use super::{
    model::{NewSession, SessionKind},
    store,
};
use crate::delegates::{
    DelegateError,
    model::{Category, Profile, Standing, Status},
    store::{self as roll, NewParticipant},
};

/// Says what it was given: Typst stands in another crate.
pub(crate) struct Words;

impl Press for Words {
    fn pdf(&self, printable: &Printable) -> Result<Vec<u8>, PressError> {
        Ok(format!("{printable:?}").into_bytes())
    }

    fn rasters(&self, _: &Printable, _: u16) -> Result<Vec<print::Raster>, PressError> {
        Err(PressError::Press("a press of words".to_owned()))
    }
}

fn routes() -> Router<App> {
    super::routes().merge(super::api::routes()).layer(Extension(PressRoom::new(Arc::new(Words), 1)))
}

/// A session that began an hour ago, and `count` delegates in groups 1 and 2.
pub(crate) async fn hall(house: &House, count: usize) {
    house
        .write(&Author::cli(), move |tx| {
            for no in [1, 2] {
                let _ = roll::put_group(tx, no, "", "")?;
            }
            for n in 0..count {
                let one = NewParticipant {
                    profile: Profile {
                        category: Some(Category::Delegate),
                        name: format!("Trần Thị Mẫu {}", ["An", "Bình", "Cúc", "Dung"][n % 4]),
                        standing: Some(Standing::Elected),
                        group_no: Some(if n % 2 == 0 { 1 } else { 2 }),
                        ..Profile::default()
                    },
                    ..NewParticipant::default()
                };
                let _ = roll::create(tx, &one)?;
            }
            let _ = session(tx, "tru-bi")?;
            Ok::<_, DelegateError>(tx.unchanged(())?)
        })
        .await
        .unwrap();
}

pub(crate) fn session(
    tx: &mut platform::db::WriteTx<'_>,
    slug: &str,
) -> Result<platform::db::Done<String>, DbError> {
    let at = |hour, minute| clock::instant(jiff::civil::date(2025, 9, 26).at(hour, minute, 0, 0));
    let new = NewSession {
        slug: slug.to_owned(),
        title: "Phiên trù bị".to_owned(),
        kind: SessionKind::Preparatory,
        starts_at: at(15, 0),
        ends_at: at(17, 0),
        place: "Hội trường".to_owned(),
        grace_minutes: 5,
    };
    store::put_session(tx, 0, &new).map_err(|error| DbError::Other(error.to_string()))
}

#[test]
fn the_desk_marks_and_the_hall_counts() {
    on_both(&crate::migrations(), async |house| {
        hall(&house, 4).await;
        let desk = house.seat("Bàn đăng ký", &[("attendance", Right::Contribute)]).await;
        let here = "/phien/tru-bi/diem-danh";
        let post = async |form: &[(&str, &str)]| house.call(&routes(), desk.post(here, form)).await;
        let came = post(&[("code", "DB-0001"), ("kind", "in"), ("back", "to=1")]).await;
        assert_eq!(
            (came.status, came.headers["location"].to_str().unwrap()),
            (303, "/phien/tru-bi/diem-danh?to=1&xong=marked")
        );
        let again = post(&[("code", "DB-0001"), ("kind", "in")]).await;
        assert!(again.headers["location"].to_str().unwrap().ends_with("xong=same"));
        let no_reason = post(&[("code", "DB-0002"), ("kind", "leave_granted")]).await;
        assert_eq!(no_reason.status, 422);
        assert!(no_reason.text.contains("Hãy ghi lý do"), "{}", no_reason.text);
        post(&[("code", "DB-0002"), ("kind", "leave_granted"), ("reason", "Đi công tác")]).await;
        let counts = async || {
            let path = "/api/v1/congress-sessions/tru-bi/attendance";
            house.call(&routes(), desk.get(path)).await.json()["all"].clone()
        };
        assert_eq!(
            counts().await,
            json!({ "group": null, "summoned": 4, "present": 1, "with_leave": 1, "without_leave": 2, "late": 1 })
        );
        let page = house.call(&routes(), desk.get(&format!("{here}?q=cuc"))).await;
        assert!(page.text.contains("1 trong 4 đại biểu") && page.text.contains("DB-0003"), "{}", page.text);
        // Taken back, with a reason; then there is nothing left to take back.
        let void = [("code", "DB-0001"), ("kind", "void"), ("reason", "Ghi nhầm người")];
        assert_eq!(post(&void).await.status, 303);
        assert_eq!(counts().await["present"], 0);
        assert_eq!(post(&void).await.status, 409);
        let nobody = post(&[("code", "DB-9999"), ("kind", "in")]).await;
        assert_eq!(nobody.status, 409);
        let chair = house.call(&routes(), desk.get("/phien/tru-bi/tinh-hinh.pdf")).await;
        assert!(
            chair.text.contains("Có mặt 0/4 đại biểu") && chair.text.contains("DB-0002"),
            "{}",
            chair.text
        );
        assert!(!chair.text.contains("Đi công tác"), "a reason is not read out");
    });
}

#[test]
fn a_device_that_sends_twice_is_counted_once() {
    on_both(&crate::migrations(), async |house| {
        hall(&house, 2).await;
        let gate = house.seat("Cửa 1", &[("attendance", Right::Contribute)]).await;
        let send = async |code: &str, seq: u64| {
            let body = json!({ "code": code, "kind": "in", "method": "qr", "gate": "G1", "device": "g1-a",
                "device_seq": seq, "at": "2025-09-26T07:55:00Z" });
            house
                .call(&routes(), gate.json(Method::POST, "/api/v1/congress-sessions/tru-bi/marks", &body))
                .await
        };
        assert_eq!(send("DB-0001", 1).await.json()["fresh"], true);
        assert_eq!(send("DB-0001", 1).await.json()["fresh"], false);
        let other = send("DB-0002", 1).await;
        assert_eq!((other.status, other.json()["type"].as_str()), (409, Some("/api/problems/other-event")));
        let future = json!({ "code": "DB-0002", "kind": "in", "method": "qr", "at": "2025-09-26T11:00:00Z" });
        let path = "/api/v1/congress-sessions/tru-bi/marks";
        assert_eq!(house.call(&routes(), gate.json(Method::POST, path, &future)).await.status, 422);
        // The moment asked for decides.
        for (at, present) in [("2025-09-26T07:54:59Z", 0), ("2025-09-26T07:55:00Z", 1)] {
            let path = format!("/api/v1/congress-sessions/tru-bi/attendance?at={at}");
            assert_eq!(
                house.call(&routes(), gate.get(&path)).await.json()["all"]["present"],
                present,
                "{at}"
            );
        }
        // Nothing changes a line, and who left the roll is not marked.
        let changed = house
            .write::<(), DbError, _>(&Author::cli(), |tx| {
                tx.execute(sql!("UPDATE attendance_event SET gate = 'G2'"), params![])?;
                tx.unchanged(())
            })
            .await;
        assert!(changed.is_err(), "{changed:?}");
        house
            .write(&Author::cli(), |tx| {
                let who = crate::delegates::query::by_code_any(tx, "DB-0002")?.unwrap().id;
                Ok::<_, DelegateError>(
                    roll::set_status(tx, who, Status::Withdrawn, "Chuyển công tác")?.with(()),
                )
            })
            .await
            .unwrap();
        let gone = send("DB-0002", 2).await;
        assert_eq!((gone.status, gone.json()["type"].as_str()), (409, Some("/api/problems/not-on-roll")));
    });
}

#[test]
fn sessions_are_set_by_who_may_and_keep_what_was_typed() {
    on_both(&crate::migrations(), async |house| {
        let keeper = house.seat("Thư ký", &[("attendance", Right::Manage)]).await;
        let form = |slug: &'static str, ends: &'static str| {
            [
                ("title", "Phiên khai mạc"),
                ("slug", slug),
                ("kind", "chinh_thuc"),
                ("starts_at", "2025-10-14T07:30"),
                ("ends_at", ends),
                ("place", "Hội trường lớn"),
                ("grace_minutes", "10"),
            ]
        };
        let new = "/phien/moi";
        let wrong = house.call(&routes(), keeper.post(new, &form("Chính thức", "2025-10-14T07:00"))).await;
        assert_eq!(wrong.status, 422);
        assert!(
            wrong.text.contains("Hội trường lớn") && wrong.text.contains("Giờ kết thúc phải sau"),
            "{}",
            wrong.text
        );
        let right = form("chinh-thuc-1", "2025-10-14T17:00");
        assert_eq!(house.call(&routes(), keeper.post(new, &right)).await.status, 303);
        assert_eq!(house.call(&routes(), keeper.post(new, &right)).await.status, 422, "the name is taken");
        let page = house.call(&routes(), keeper.get("/phien")).await;
        assert!(page.text.contains("Phiên khai mạc") && page.text.contains("0/0"), "{}", page.text);
        let desk = house.seat("Bàn đăng ký", &[("attendance", Right::Contribute)]).await;
        assert_eq!(house.call(&routes(), desk.post(new, &right)).await.status, 403);
        let reader = house.seat("Chủ tịch đoàn", &[("attendance", Right::Read)]).await;
        let mark = [("code", "DB-0001"), ("kind", "in")];
        let marked = house.call(&routes(), reader.post("/phien/chinh-thuc-1/diem-danh", &mark)).await;
        assert_eq!(marked.status, 403);
    });
}

#[test]
fn who_has_not_come_is_shown_by_group_with_whom_to_call_and_as_of_a_moment() {
    on_both(&crate::migrations(), async |house| {
        hall(&house, 4).await;
        house
            .write(&Author::cli(), |tx| {
                let head = NewParticipant {
                    profile: Profile {
                        category: Some(Category::Delegate),
                        name: "Lê Văn Tổ Trưởng".to_owned(),
                        standing: Some(Standing::Elected),
                        group_no: Some(1),
                        group_role: Some(crate::delegates::model::GroupRole::Head),
                        ..Profile::default()
                    },
                    private: crate::delegates::model::Private {
                        phone: "0912345678".to_owned(),
                        ..Default::default()
                    },
                    ..NewParticipant::default()
                };
                Ok::<_, DelegateError>(roll::create(tx, &head)?.map(|_| ()))
            })
            .await
            .unwrap();
        let caller =
            house.seat("Tổ Thư ký", &[("attendance", Right::Contribute), ("contacts", Right::Read)]).await;
        let reader = house.seat("Chủ tịch đoàn", &[("attendance", Right::Read)]).await;
        let post = async |form: &[(&str, &str)]| {
            house.call(&routes(), caller.post("/phien/tru-bi/diem-danh", form)).await.status
        };
        assert_eq!(post(&[("code", "DB-0001"), ("kind", "in")]).await, 303);
        assert_eq!(post(&[("code", "DB-0002"), ("kind", "leave_granted"), ("reason", "Ốm")]).await, 303);
        let here = "/phien/tru-bi/chua-den";
        let page = house.call(&routes(), caller.get(here)).await;
        assert_eq!(page.status, 200);
        for words in [
            "href=\"tel:0912345678\"",
            "Gọi Lê Văn Tổ Trưởng",
            "3 người chưa đến, chưa báo vắng",
            "2/3 chưa đến",
            "1/2 chưa đến",
            "1 người vắng có lý do",
            "1 người đến muộn",
            "Tổ này chưa có tổ trưởng",
            "<polyline class=\"arrived\"",
            "Nhịp đến là giả định",
            "Dự kiến 4 người dự",
        ] {
            assert!(page.text.contains(words), "{words}: {}", page.text);
        }
        let missing = page.text.split("missing-list").nth(1).unwrap().split("</section>").next().unwrap();
        assert!(!missing.contains("DB-0001") && !missing.contains("DB-0002") && missing.contains("DB-0003"));
        // Telephones are for those who may see contacts.
        let plain = house.call(&routes(), reader.get(here)).await;
        assert!(
            plain.text.contains("Lê Văn Tổ Trưởng") && !plain.text.contains("0912345678"),
            "{}",
            plain.text
        );
        // As of the beginning nobody had come; a moment that is still to come is now.
        let before = house.call(&routes(), caller.get(&format!("{here}?luc=15:00"))).await;
        assert!(before.text.contains("5 người chưa đến") && before.text.contains("15:00"), "{}", before.text);
        let later = house.call(&routes(), caller.get(&format!("{here}?luc=2025-09-26T23:00"))).await;
        assert!(later.text.contains("3 người chưa đến"));
        let chair = house.call(&routes(), caller.get("/phien/tru-bi/tinh-hinh.pdf?luc=15:00")).await;
        assert!(chair.text.contains("Có mặt 0/5 đại biểu") && chair.text.contains("15:00"), "{}", chair.text);
        let roll = house.call(&routes(), caller.get("/phien/tru-bi/diem-danh?luc=15:00")).await;
        assert!(roll.text.contains("0,00%"), "{}", roll.text);
        let english = house.call(&routes(), caller.get(&format!("{here}?lang=en"))).await;
        assert!(
            english.text.contains("3 have not come") && !english.text.contains("chưa đến"),
            "{}",
            english.text
        );
    });
}

#[test]
fn people_are_expected_as_they_came_to_an_earlier_session() {
    on_both(&crate::migrations(), async |house| {
        hall(&house, 24).await;
        let seat = house.seat("Tổ Thư ký", &[("attendance", Right::Contribute)]).await;
        house
            .write(&Author::cli(), |tx| {
                let starts = clock::instant(jiff::civil::date(2025, 9, 27).at(8, 0, 0, 0));
                let next = NewSession {
                    slug: "chinh-thuc".to_owned(),
                    title: "Phiên chính thức".to_owned(),
                    kind: SessionKind::Official,
                    starts_at: starts,
                    ends_at: starts + std::time::Duration::from_secs(4 * 3600),
                    place: String::new(),
                    grace_minutes: 5,
                };
                store::put_session(tx, 0, &next)
            })
            .await
            .unwrap();
        let here = "/phien/chinh-thuc/chua-den";
        let assumed = house.call(&routes(), seat.get(here)).await;
        assert!(assumed.text.contains("Nhịp đến là giả định"), "{}", assumed.text);
        for n in 1..=24 {
            let code = format!("DB-{n:04}");
            let request = seat.post("/phien/tru-bi/diem-danh", &[("code", code.as_str()), ("kind", "in")]);
            assert_eq!(house.call(&routes(), request).await.status, 303);
        }
        let seen = house.call(&routes(), seat.get(here)).await;
        assert!(seen.text.contains("Nhịp đến lấy theo phiên đã có: Phiên trù bị"), "{}", seen.text);
    });
}

#[test]
fn a_program_sets_a_session() {
    on_both(&crate::migrations(), async |house| {
        let desk = house.seat("Bàn đăng ký", &[("attendance", Right::Contribute)]).await;
        let office = house.seat("Tổ Thư ký", &[("attendance", Right::Manage)]).await;
        let path = "/api/v1/congress-sessions/tong-duyet";
        let body = |ends: &str, version: i64| {
            json!({ "title": "Tổng duyệt", "kind": "sinh_hoat", "starts_at": "2025-10-12T01:00:00Z", "ends_at": ends,
                "version": version })
        };
        let (later, earlier) = ("2025-10-12T03:00:00Z", "2025-10-12T00:00:00Z");
        assert_eq!(house.call(&routes(), desk.json(Method::PUT, path, &body(later, 0))).await.status, 403);
        for (ends, version, status) in
            [(earlier, 0, 422), (later, 1, 409), (later, 0, 200), (later, 0, 422), (later, 1, 200)]
        {
            let answer = house.call(&routes(), office.json(Method::PUT, path, &body(ends, version))).await;
            assert_eq!(answer.status, status, "{ends} {version}: {}", answer.text);
        }
        let list = house.call(&routes(), office.get("/api/v1/congress-sessions")).await.json();
        assert_eq!(
            (&list[0]["slug"], &list[0]["kind"]),
            (&json!("tong-duyet"), &json!("sinh_hoat")),
            "{list}"
        );
    });
}
