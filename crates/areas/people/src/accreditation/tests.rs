//! Press accreditation through the front door, on both databases.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on shall stop"
)]

use std::sync::Arc;

use axum::{Extension, Router, http::Method};
use jiff::civil::date;
use pass::{Refusal, read};
use platform::{
    app::App,
    audit::Author,
    congress,
    db::{DbError, Row},
    identity::Right,
    params, sql,
    testing::{Answered, House, Seat, on_both},
};
use print::PressRoom;
use serde_json::{Value, json};

use super::{PressError, model::Progress, query};
use crate::{
    attendance::tests::Words,
    badges::{BadgeState, keys, query as badges, seal::Seal, store as badge},
    delegates::{model::Status, query as roll},
};

const SEAL: Seal = Seal::from_bytes([7; 32]);

fn routes() -> Router<App> {
    super::routes()
        .merge(super::api::routes())
        .merge(platform::identity::routes())
        .layer(Extension(PressRoom::new(Arc::new(Words), 1)))
}

/// The organiser's desk and the security authority, with a congress and keys.
struct Desk<'a> {
    house: &'a House,
    organiser: Seat,
    security: Seat,
}

impl<'a> Desk<'a> {
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
                congress::store::create(tx, &new).map_err(crate::delegates::DelegateError::from)?;
                let _ = keys::make_root(tx, &SEAL)?;
                let _ = keys::add(tx, &SEAL, None, date(2025, 9, 1), date(2025, 10, 31))?;
                Ok::<_, PressError>(tx.unchanged(())?)
            })
            .await
            .unwrap();
        Self {
            house,
            organiser: house.seat("Tiểu ban Tuyên truyền", &[("accreditation", Right::Manage)]).await,
            security: house.seat("Cơ quan an ninh", &[("accreditation", Right::Decide)]).await,
        }
    }

    async fn post(&self, who: &Seat, path: &str, form: &[(&str, &str)]) -> Answered {
        self.house.call(&routes(), who.post(path, form)).await
    }

    async fn organise(&self, path: &str, form: &[(&str, &str)]) -> Answered {
        self.post(&self.organiser, path, form).await
    }

    async fn get(&self, path: &str) -> Answered {
        self.house.call(&routes(), self.organiser.get(path)).await
    }

    /// An agency with so many places until 17:00 of the day on which the test stands at 16:00.
    async fn agency(&self, name: &str, quota: &str) {
        let form =
            [("name", name), ("kind", "dia_phuong"), ("quota", quota), ("deadline", "2025-09-26T17:00")];
        let done = self.organise("/bao-chi/co-quan", &form).await;
        assert_eq!(done.status, 303, "{}", done.text);
    }

    async fn nominate(&self, name: &str, card: &str) -> Answered {
        let form = [("batch", "1"), ("name", name), ("role", "phong_vien"), ("card", card)];
        self.organise("/bao-chi/co-quan/1/de-cu", &form).await
    }

    async fn vet(&self, no: u32, result: &str) -> Answered {
        self.post(&self.security, &format!("/bao-chi/{no}/vong-hai"), &[("result", result)]).await
    }

    async fn standing(&self, no: u32) -> Progress {
        self.house.read(move |tx| query::nominee(tx, no)).await.unwrap().standing()
    }

    /// Nominated, through both vettings.
    async fn approved(&self, name: &str, card: &str, no: u32) {
        assert_eq!(self.nominate(name, card).await.status, 303);
        assert_eq!(self.organise(&format!("/bao-chi/{no}/vong-mot"), &[]).await.status, 303);
        let done = self.vet(no, "dat").await;
        assert_eq!(done.status, 303, "{}", done.text);
    }
}

#[test]
fn who_passes_both_vettings_is_on_the_roll_with_a_badge_asked_for() {
    on_both(&crate::migrations(), async |house| {
        let desk = Desk::of(&house).await;
        desk.agency("Báo Thành phố", "2").await;
        desk.approved("Nguyễn Văn An", "IBT 0123", 1).await;
        assert_eq!(desk.standing(1).await, Progress::Approved);
        let entry = house.read(|tx| query::entry(tx, 1)).await.unwrap();
        assert_eq!((entry.code.as_str(), entry.badge), ("BC-0001", Some(BadgeState::Requested)));
        let person = house.read(|tx| roll::by_code_any(tx, "BC-0001")).await.unwrap().unwrap();
        assert_eq!(person.profile.name, "Nguyễn Văn An");
        assert_eq!(person.profile.position, "Phóng viên – Báo Thành phố");
        // A second one of the same agency, whose badge was taken away by hand before they withdraw.
        desk.approved("Trần Thị Bình", "IBT 0124", 2).await;
        let second = house.read(|tx| query::nominee(tx, 2)).await.unwrap().participant.unwrap();
        house.write(&Author::cli(), move |tx| badge::recall(tx, second)).await.unwrap();
        assert_eq!(desk.organise("/bao-chi/2/rut", &[]).await.status, 303);
        let gone = house.read(move |tx| roll::participant(tx, second)).await.unwrap().unwrap();
        assert_eq!(gone.status, Status::Withdrawn);
        let page = desk.get("/bao-chi?tt=dat").await.text;
        assert!(page.contains("Nguyễn Văn An") && page.contains("1 trên 2 người"), "{page}");
        assert!(desk.get("/bao-chi?q=nguyen+an&vai=quay_phim").await.text.contains("0 trên 2 người"));
        // Twice the same result: it stands at another step.
        let again = desk.vet(1, "dat").await;
        assert_eq!(again.status, 409);
        assert!(again.text.contains("đang ở bước khác"), "{}", again.text);
    });
}

#[test]
fn quota_and_deadline_hold_and_only_another_office_lets_beyond_them() {
    on_both(&crate::migrations(), async |house| {
        let desk = Desk::of(&house).await;
        desk.agency("Đài Truyền hình", "1").await;
        assert_eq!(desk.nominate("Nguyễn Văn An", "IBT 01").await.status, 303);
        let full = desk.nominate("Trần Thị Bình", "IBT 02").await;
        assert_eq!(full.status, 409);
        assert!(full.text.contains("đợt này có 1 suất, đã đề cử 1 người"), "{}", full.text);
        assert!(full.text.contains("Trần Thị Bình"), "what was typed stays: {}", full.text);

        // Who allows an exception does not nominate by it; another office does.
        let exception = [("batch", "1"), ("places", "1"), ("until", ""), ("basis", "Ý kiến chỉ đạo số 12")];
        let path = "/bao-chi/co-quan/1/ngoai-le";
        assert_eq!(desk.organise(path, &exception).await.status, 403);
        assert_eq!(desk.post(&desk.security, path, &exception).await.status, 303);
        let form = [("batch", "1"), ("name", "Trần Thị Bình"), ("role", "phong_vien"), ("card", "IBT 02")];
        let own = desk.post(&desk.security, "/bao-chi/co-quan/1/de-cu", &form).await;
        assert_eq!(own.status, 403);
        assert!(own.text.contains("do chính bạn cho phép"), "{}", own.text);
        assert_eq!(desk.nominate("Trần Thị Bình", "IBT 02").await.status, 303);
        let second = house.read(|tx| query::nominee(tx, 2)).await.unwrap();
        assert!(second.excepted);
        assert!(!house.read(|tx| query::nominee(tx, 1)).await.unwrap().excepted);
        // A refusal or a withdrawal gives the place back.
        assert_eq!(desk.nominate("Lê Minh", "IBT 03").await.status, 409);
        assert_eq!(desk.organise("/bao-chi/1/rut", &[]).await.status, 303);
        assert_eq!(desk.nominate("Lê Minh", "IBT 03").await.status, 303);

        // After the deadline.
        house.pass(std::time::Duration::from_secs(2 * 3600));
        let organiser = house.seat("Tiểu ban Tuyên truyền 2", &[("accreditation", Right::Manage)]).await;
        let form = [("batch", "1"), ("name", "Võ Năm"), ("role", "phong_vien"), ("card", "IBT 05")];
        let late = house.call(&routes(), organiser.post("/bao-chi/co-quan/1/de-cu", &form)).await;
        assert_eq!(late.status, 409);
        assert!(late.text.contains("Đã hết hạn đăng ký lúc 17:00 26/09/2025"), "{}", late.text);
        let security = house.seat("Cơ quan an ninh 2", &[("accreditation", Right::Decide)]).await;
        let until = [("batch", "1"), ("places", "1"), ("until", "2025-09-26T20:00"), ("basis", "CV 45")];
        assert_eq!(house.call(&routes(), security.post(path, &until)).await.status, 303);
        let done = house.call(&routes(), organiser.post("/bao-chi/co-quan/1/de-cu", &form)).await;
        assert_eq!(done.status, 303, "{}", done.text);
    });
}

#[test]
fn a_file_must_be_complete_and_the_two_vettings_are_of_two_people() {
    on_both(&crate::migrations(), async |house| {
        let desk = Desk::of(&house).await;
        desk.agency("Báo Thành phố", "3").await;
        assert_eq!(desk.nominate("Nguyễn Văn An", "").await.status, 303);
        assert_eq!(desk.standing(1).await, Progress::Incomplete);
        let refused = desk.organise("/bao-chi/1/vong-mot", &[]).await;
        assert_eq!(refused.status, 409);
        assert!(refused.text.contains("Hồ sơ còn thiếu"), "{}", refused.text);
        let form = [("version", "1"), ("name", "Nguyễn Văn An"), ("role", "phong_vien"), ("card", "ibt 07")];
        assert_eq!(desk.organise("/bao-chi/1", &form).await.status, 303);
        assert_eq!(desk.standing(1).await, Progress::Complete);
        // Saved by somebody who saw an older version.
        assert_eq!(desk.organise("/bao-chi/1", &form).await.status, 409);
        // The organiser has no hand in the second vetting; nor has who decides when they did the first.
        assert_eq!(desk.organise("/bao-chi/1/vong-hai", &[("result", "dat")]).await.status, 403);
        assert_eq!(desk.post(&desk.security, "/bao-chi/1/vong-mot", &[]).await.status, 303);
        let own = desk.vet(1, "dat").await;
        assert_eq!(own.status, 403);
        assert!(own.text.contains("Người làm vòng một không ghi kết quả vòng hai"), "{}", own.text);
        // Another name is vetted from the beginning.
        let form = [("version", "3"), ("name", "Nguyễn Văn Anh"), ("role", "phong_vien"), ("card", "IBT 07")];
        let changed = desk.organise("/bao-chi/1", &form).await;
        assert_eq!(changed.status, 303, "{}", changed.text);
        assert_eq!(desk.standing(1).await, Progress::Complete);
        // Bổ sung leads back to the first vetting.
        assert_eq!(desk.organise("/bao-chi/1/vong-mot", &[]).await.status, 303);
        assert_eq!(desk.vet(1, "bo_sung").await.status, 303);
        assert_eq!(desk.standing(1).await, Progress::Supplement);
        assert_eq!(desk.organise("/bao-chi/1/vong-mot", &[]).await.status, 303);
        assert_eq!(desk.vet(1, "dat").await.status, 303);
    });
}

#[test]
fn a_negative_result_after_printing_revokes_the_badge_at_once_and_no_reason_is_kept() {
    on_both(&crate::migrations(), async |house| {
        let desk = Desk::of(&house).await;
        desk.agency("Báo Thành phố", "3").await;
        desk.approved("Nguyễn Văn An", "IBT 01", 1).await;
        let id = house.read(|tx| query::nominee(tx, 1)).await.unwrap().participant.unwrap();
        let head = Author { office: "Trưởng ban".to_owned(), ..Author::cli() };
        house.write(&head, move |tx| badge::approve(tx, &[id])).await.unwrap();
        let printed = house.write(&head, move |tx| badge::print(tx, &SEAL, &[id])).await.unwrap();
        let copy = printed[0];
        let card = house.read(move |tx| badges::badge(tx, copy)).await.unwrap().unwrap();
        let code = card.code.clone().unwrap();
        let verdict = async || {
            let (list, revoked) = house
                .read(|tx| Ok::<_, PressError>((keys::list(tx)?, badges::revocations(tx)?)))
                .await
                .unwrap();
            read(&code, keys::day(date(2025, 9, 27)).unwrap(), &list, &revoked)
        };
        assert!(verdict().await.is_ok());
        // What a browser sends besides is not kept anywhere.
        let secret = "Lý do tuyệt mật của thẩm tra";
        let sent = [("result", "khong_dat"), ("reason", secret), ("note", secret), ("basis", secret)];
        assert_eq!(desk.post(&desk.security, "/bao-chi/1/vong-hai", &sent).await.status, 303);
        assert_eq!(verdict().await, Err(Refusal::Revoked { id: card.pass }));
        let state = house.read(move |tx| badges::badge(tx, copy)).await.unwrap().unwrap().state;
        assert_eq!(state, BadgeState::Recalled);
        let person = house.read(move |tx| roll::participant(tx, id)).await.unwrap().unwrap();
        assert_eq!(person.status, Status::Withdrawn);
        let kept: Vec<Row> = house
            .read(|tx| tx.query(sql!("SELECT basis FROM press_event WHERE nominee <> ''"), params![]))
            .await
            .unwrap();
        assert!(!kept.is_empty());
        for row in &kept {
            assert_eq!(row.get::<String>("basis").unwrap(), "");
        }
        let log: Vec<Row> = house
            .read(|tx| tx.query::<Row>(sql!("SELECT line FROM audit_event ORDER BY seq"), params![]))
            .await
            .unwrap_or_else(|error: DbError| panic!("{error}"));
        let log: Vec<String> = log
            .iter()
            .map(|row| match row.get::<Vec<u8>>("line") {
                Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
                Err(_) => row.get::<String>("line").unwrap(),
            })
            .collect();
        assert!(log.iter().any(|line| line.contains("accreditation.vetted")));
        for line in &log {
            assert!(!line.contains("tuyệt mật") && !line.contains("Nguyễn Văn An"), "{line}");
        }
        let body = json!({ "result": "dat", "reason": secret });
        let path = "/api/v1/press-nominations/1/second-vetting";
        let refused = house.call(&routes(), desk.security.json(Method::POST, path, &body)).await;
        assert_eq!(refused.status, 422, "{}", refused.text);
    });
}

#[test]
fn what_was_refused_is_allowed_by_two_people_alone() {
    on_both(&crate::migrations(), async |house| {
        let desk = Desk::of(&house).await;
        desk.agency("Báo Thành phố", "3").await;
        assert_eq!(desk.nominate("Nguyễn Văn An", "IBT 01").await.status, 303);
        assert_eq!(desk.organise("/bao-chi/1/vong-mot", &[]).await.status, 303);
        assert_eq!(desk.vet(1, "khong_dat").await.status, 303);
        assert_eq!(desk.vet(1, "dat").await.status, 409, "a result is not taken back by one person");
        let ask = "/bao-chi/1/de-nghi-cho-phep";
        assert_eq!(desk.organise(ask, &[("basis", " ")]).await.status, 422);
        assert_eq!(desk.organise(ask, &[("basis", "CV 99-CV/TU")]).await.status, 303);
        let asked = house.read(|tx| query::asked(tx, 1)).await.unwrap().unwrap();
        let id = asked.id.to_string();
        let complete = async || desk.organise("/bao-chi/1/cho-phep", &[("approval", &id)]).await;
        assert_eq!(complete().await.status, 409, "nobody approved yet");
        let approve = format!("/phe-duyet/{id}/duyet");
        let hash = [("hash", asked.payload_hash.as_str())];
        let own = desk.organise(&approve, &hash).await;
        assert_eq!(own.status, 403, "{}", own.text);
        assert_eq!(desk.post(&desk.security, &approve, &hash).await.status, 303);
        let done = complete().await;
        assert_eq!(done.status, 303, "{}", done.text);
        assert_eq!(desk.standing(1).await, Progress::Approved);
        let page = desk.get("/bao-chi/1").await.text;
        assert!(page.contains("CV 99-CV/TU") && page.contains("BC-0001"), "{page}");
        assert_eq!(complete().await.status, 409, "an approval is used once");
    });
}

#[test]
fn a_pasted_list_is_taken_whole_or_not_at_all() {
    on_both(&crate::migrations(), async |house| {
        let desk = Desk::of(&house).await;
        desk.agency("Báo Thành phố", "9").await;
        let path = "/bao-chi/co-quan/1/de-cu";
        let wrong =
            "Nguyễn Văn An; phóng viên; IBT 01\nTrần Thị Bình; giám đốc; IBT 02\nNguyễn Văn An; pv; IBT 01";
        let refused = desk.organise(path, &[("batch", "1"), ("lines", wrong)]).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text.contains("Dòng 2: Vai là phóng viên"), "{}", refused.text);
        assert!(refused.text.contains("Dòng 3: Cơ quan này đã đề cử Nguyễn Văn An"), "{}", refused.text);
        assert!(house.read(query::entries).await.unwrap().is_empty(), "nobody was entered");
        let right = "Họ và tên\tVai\tSố thẻ\tThiết bị\nNguyễn Văn An\tphóng viên\tIBT 01\t\nTrần Thị Bình\tquay phim\tIBT 02\t01 máy quay";
        assert_eq!(desk.organise(path, &[("batch", "1"), ("lines", right)]).await.status, 303);
        let all = house.read(query::entries).await.unwrap();
        // By given name.
        let names: Vec<&str> = all.iter().map(|one| one.nominee.name.as_str()).collect();
        assert_eq!(names, ["Nguyễn Văn An", "Trần Thị Bình"]);
        assert!(all.iter().all(|one| one.nominee.standing() == Progress::Complete));
        let xlsx = desk.get("/bao-chi/xuat.xlsx").await;
        assert_eq!(xlsx.status, 200);
        let pdf = desk.get("/bao-chi/xuat.pdf?co-quan=1").await.text;
        assert!(pdf.contains("Trần Thị Bình") && pdf.contains("01 máy quay"), "{pdf}");
    });
}

#[test]
fn programs_do_the_same_and_a_key_does_it_once() {
    on_both(&crate::migrations(), async |house| {
        let desk = Desk::of(&house).await;
        let call = async |who: &Seat, method: Method, path: &str, body: &Value, key: &str| {
            let mut request = who.json(method, path, body);
            if !key.is_empty() {
                request.headers_mut().insert("idempotency-key", key.parse().unwrap());
            }
            house.call(&routes(), request).await
        };
        let agency = json!({ "name": "Báo Thành phố", "kind": "trung_uong", "quota": 2,
            "deadline": "2025-09-26T10:00:00Z" });
        for _ in 0..2 {
            let made = call(&desk.organiser, Method::POST, "/api/v1/press-agencies", &agency, "a1").await;
            assert_eq!((made.status, made.json()), (201, json!({ "no": 1 })));
        }
        let people = json!({ "batch": 1, "people": [
            { "name": "Nguyễn Văn An", "role": "phong_vien", "card": "IBT 01" },
            { "name": "Lê Kỹ", "role": "ky_thuat", "equipment": "xe màu" } ] });
        let path = "/api/v1/press-agencies/1/nominations";
        for _ in 0..2 {
            let made = call(&desk.organiser, Method::POST, path, &people, "n1").await;
            assert_eq!((made.status, made.json()), (201, json!({ "numbers": [1, 2] })));
        }
        let more = json!({ "batch": 1, "people": [{ "name": "Võ Ba", "role": "phong_vien" }] });
        let full = call(&desk.organiser, Method::POST, path, &more, "").await;
        assert_eq!((full.status, full.json()["type"].clone()), (409, json!("/api/problems/quota")));
        let first = "/api/v1/press-nominations/2/first-vetting";
        assert_eq!(call(&desk.organiser, Method::POST, first, &json!(null), "f1").await.status, 204);
        let second = "/api/v1/press-nominations/2/second-vetting";
        let dat = json!({ "result": "dat" });
        assert_eq!(call(&desk.organiser, Method::POST, second, &dat, "").await.status, 403);
        assert_eq!(call(&desk.security, Method::POST, second, &dat, "s1").await.status, 204);
        let list =
            house.call(&routes(), desk.organiser.get("/api/v1/press-nominations?limit=1")).await.json();
        assert_eq!(list["items"][0]["standing"], "du");
        assert_eq!(list["next"], "1");
        let one = house.call(&routes(), desk.organiser.get("/api/v1/press-nominations/2")).await.json();
        assert_eq!((&one["code"], &one["badge"]), (&json!("BC-0001"), &json!("de_nghi")));
        let agencies = house.call(&routes(), desk.organiser.get("/api/v1/press-agencies")).await.json();
        assert_eq!(agencies[0]["batches"][0]["taken"], 2);
        let stranger = house.seat("Khác", &[("badges", Right::Admin)]).await;
        assert_eq!(house.call(&routes(), stranger.get("/bao-chi")).await.status, 403);
    });
}
