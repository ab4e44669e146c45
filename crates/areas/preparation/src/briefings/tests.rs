//! The weekly loop, from cut-off to confirmed task, through the router, on both databases.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::time::Duration;

use axum::{Router, http::Method};
use jiff::civil::date;
use platform::{
    app::App,
    audit::Author,
    clock::{self, Clock as _},
    identity::{Confidentiality, OfficeId, Right},
    papers::{Reference, Use},
    params, sql,
    testing::{Answered, House, Seat, on_both},
};
use rules::state::TaskState;
use serde_json::{Value, json};

use super::{BriefingError, Hand, api, conclusion, freezer, model::*, sign, snapshot, store};
use crate::{
    decisions, demo,
    tasks::{
        self, TaskError,
        model::{NewReport, TaskFields, TaskId},
        store::{self as task_store, Who},
    },
};

/// A house with the forty tasks, meeting 04 behind it and meeting 05 before it.
pub(super) struct Week {
    pub(super) house: House,
    pub(super) chair: Seat,
    pub(super) secretary: Seat,
    second: Seat,
    pub(super) reader: Seat,
    pub(super) id: String,
}

fn routes() -> Router<App> {
    api::routes().merge(tasks::api::routes())
}

impl Week {
    pub(super) async fn new(house: &House) -> Self {
        let offices = house.write(&Author::system("demo"), demo::seed).await.expect("the plan");
        let kept = offices.clone();
        let keeper = house
            .write(&Author::system("demo"), move |tx| demo::briefings(tx, &kept))
            .await
            .expect("the briefings");
        let chair =
            house.sits(offices.leader, &[("briefings", Right::Decide), ("tasks", Right::Decide)]).await;
        let secretary = house.sits(keeper, &[("briefings", Right::Manage), ("tasks", Right::Read)]).await;
        let second = house
            .sits(offices.organiser, &[("briefings", Right::Contribute), ("tasks", Right::Manage)])
            .await;
        let reader = house.seat("Chuyên viên", &[("briefings", Right::Read), ("tasks", Right::Read)]).await;
        let all = house.read(|tx| store::briefings(tx, &Hand::PROGRAM, None)).await.unwrap();
        let id = all.iter().find(|one| one.no == 5).unwrap().id.to_string();
        Self { house: house.clone(), chair, secretary, second, reader, id }
    }

    async fn get(&self, seat: &Seat, path: &str) -> Answered {
        self.house.call(&routes(), seat.get(&format!("/api/v1{path}"))).await
    }

    async fn send(&self, seat: &Seat, method: Method, path: &str, body: &Value) -> Answered {
        self.house.call(&routes(), seat.json(method, &format!("/api/v1{path}"), body)).await
    }

    /// A path of meeting 05.
    fn at(&self, rest: &str) -> String {
        format!("/briefings/{}{rest}", self.id)
    }

    async fn meeting(&self) -> Value {
        self.get(&self.reader, &self.at("")).await.json()
    }

    async fn step(&self, step: &str) -> Answered {
        let version = self.meeting().await["version"].clone();
        let body = json!({"step": step, "version": version});
        self.send(&self.secretary, Method::POST, &self.at("/moves"), &body).await
    }

    #[track_caller]
    fn ok(answer: Answered) -> Value {
        assert!((200..300).contains(&answer.status), "{} {}", answer.status, answer.text);
        if answer.text.is_empty() { Value::Null } else { answer.json() }
    }

    #[track_caller]
    fn refused(answer: &Answered, status: u16, slug: &str) {
        assert_eq!(answer.status, status, "{}", answer.text);
        assert!(answer.text.contains(slug), "{slug}: {}", answer.text);
    }

    async fn open(&self) {
        Self::ok(self.step("open").await);
    }

    async fn type_line(&self, seat: &Seat, typed: &str, disposition: Option<&str>) -> String {
        let body = json!({"typed": typed, "disposition": disposition});
        let made = Self::ok(self.send(seat, Method::POST, &self.at("/conclusions"), &body).await);
        made["id"].as_str().unwrap().to_owned()
    }

    async fn conclusion(&self, id: &str) -> Value {
        let all = self.get(&self.reader, &self.at("/conclusions")).await.json();
        all.as_array().unwrap().iter().find(|one| one["id"] == id).expect("the conclusion").clone()
    }

    async fn sign(&self) -> Answered {
        let preview = Self::ok(self.get(&self.chair, &self.at("/signature")).await);
        let body = json!({"mark": preview["mark"]});
        self.send(&self.chair, Method::POST, &self.at("/signature"), &body).await
    }

    async fn task(&self, code: &str) -> tasks::model::Task {
        let code = code.to_owned();
        self.house.read(move |tx| task_store::task_by_code(tx, &code)).await.unwrap()
    }
}

trait Sits {
    async fn sits(&self, office: OfficeId, rights: &[(&str, Right)]) -> Seat;
}

impl Sits for House {
    /// Somebody signed in for an office that is there already.
    async fn sits(&self, office: OfficeId, rights: &[(&str, Right)]) -> Seat {
        use platform::identity::{Error, session, store as identity};
        self.grant(office, None, rights).await;
        self.write(&Author::cli(), move |tx| {
            let login = uuid::Uuid::new_v4().simple().to_string();
            let person = *identity::create_person(tx, &login, "Nguyễn Văn Thử")?.value();
            let now = tx.now();
            let _ = identity::assign(tx, person, office, now, None)?;
            let lifetime = Duration::from_secs(16 * 3600);
            let done =
                session::begin(tx, person, Some(office), session::Method::Link, "test", lifetime, None)?;
            let unit = tx
                .scalar(sql!("SELECT unit_id FROM office WHERE id = $1"), params![office])?
                .expect("the unit");
            Ok::<_, Error>(done.map(|(session, secret)| Seat {
                person,
                office,
                unit,
                session,
                cookie: format!("dh={}", secret.text),
            }))
        })
        .await
        .expect("a seat")
    }
}

#[test]
fn the_whole_week_from_cut_off_to_confirmed_task() {
    on_both(&crate::migrations(), async |house| {
        let it = Week::new(&house).await;

        // Frozen on Thursday, the agenda filled itself: two reds are one red and one due today then.
        let frozen = Week::ok(it.get(&it.reader, &it.at("/snapshot")).await);
        assert_eq!(frozen["total"], 40);
        assert_eq!(frozen["frozen"]["how"], "gio_chot");
        let agenda = it.get(&it.reader, &it.at("/agenda")).await.json();
        let agenda = agenda.as_array().unwrap();
        let first = it.task("DB-01").await.id.to_string();
        assert_eq!(agenda[0]["task"], first);
        assert_eq!(agenda[0]["reasons"], json!(["qua_han", "kien_nghi"]));
        let carried = agenda.iter().find(|item| item["reasons"] == json!(["chuyen_tiep"])).unwrap();
        assert!(carried["title"].as_str().unwrap().contains("trực"), "{carried}");
        assert!(agenda.iter().any(|item| item["reasons"] == json!(["them"])));

        // Since last week.
        let week = Week::ok(it.get(&it.reader, &it.at("/week")).await);
        assert_eq!(week["all"]["done"], json!(["VK-02", "TC-02"]));
        assert_eq!(week["all"]["newly_overdue"], json!(["DB-01"]));

        // The meeting.
        it.open().await;
        let next = agenda[1]["id"].clone();
        let current = json!({"item": next});
        Week::ok(it.send(&it.secretary, Method::PUT, &it.at("/current"), &current).await);
        assert_eq!(it.meeting().await["current_item"], next);
        let typed = "@Ban Tổ chức Thành ủy gửi danh sách chốt #DB-01 /sp 01 danh sách có chữ ký /hạn 30/9";
        it.type_line(&it.secretary, typed, Some("nhiem_vu")).await;
        it.type_line(&it.second, "Đồng ý lùi hạn #CN-01 /hạn 3/10", Some("lui_han")).await;
        let amend = json!({"content": {
            "text": "HC-01 thêm một cơ sở dự phòng",
            "disposition": "sua_nhiem_vu",
            "task": it.task("HC-01").await.id,
            "amendment": {"scope": "Có một cơ sở lưu trú dự phòng"},
        }});
        Week::ok(it.send(&it.secretary, Method::POST, &it.at("/conclusions"), &amend).await);
        it.type_line(&it.second, "Ghi nhận kết quả tuần", Some("khong_phat_sinh")).await;
        Week::ok(it.step("close").await);

        let preview = Week::ok(it.get(&it.chair, &it.at("/signature")).await);
        assert_eq!(preview["ready"], true, "{preview}");
        assert_eq!(preview["counts"], json!({"giao": 1, "sua": 1, "lui_han": 1}), "{preview}");
        let signed = Week::ok(it.sign().await);
        assert_eq!(signed["signed_by"], "Trưởng Tiểu ban Tổ chức phục vụ");

        // What was said is done.
        let made = it.task("GB05-1").await;
        assert_eq!(made.state, TaskState::Assigned);
        assert_eq!(made.fields.result, "01 danh sách có chữ ký");
        assert_eq!(made.fields.basis[0].symbol, "Biên bản giao ban số 05");
        assert_eq!(it.task("CN-01").await.fields.due.unwrap().date, date(2025, 10, 3));
        assert_eq!(it.task("HC-01").await.fields.scope, "Có một cơ sở lưu trú dự phòng");
        let minutes = Week::ok(it.get(&it.reader, &it.at("/minutes")).await);
        let codes: Vec<&Value> =
            minutes["minutes"]["conclusions"].as_array().unwrap().iter().map(|one| &one["codes"]).collect();
        assert_eq!(codes, [&json!(["GB05-1"]), &json!(["CN-01"]), &json!(["HC-01"]), &json!([])]);
        let source = Reference::new(Use::Meeting, &it.id);
        let entries = house.read(move |tx| decisions::store::entries_of(tx, &source)).await.unwrap();
        assert_eq!((entries.len(), entries[0].number.as_deref()), (1, None));

        // The notice takes the next number and stands as the basis.
        let next = Week::ok(it.get(&it.reader, &it.at("/notice")).await);
        assert_eq!(next["next"], "07-TB/TBPV");
        let body = json!({"on": "2025-09-26", "subject": "Kết luận giao ban tuần 05"});
        let notice = Week::ok(it.send(&it.secretary, Method::POST, &it.at("/notice"), &body).await);
        assert_eq!(notice["written"], "07-TB/TBPV");
        assert_eq!(it.meeting().await["state"], "da_ban_hanh");
        let basis = it.task("GB05-1").await.fields.basis;
        assert_eq!((basis.len(), basis[0].symbol.as_str()), (1, "07-TB/TBPV"));
        assert_eq!(basis[0].clause, "kết luận 1");
        let source = Reference::new(Use::Meeting, &it.id);
        let entries = house.read(move |tx| decisions::store::entries_of(tx, &source)).await.unwrap();
        assert_eq!(entries[0].number.as_deref(), Some("07-TB/TBPV"));

        // The focal officer confirms on Monday: within one working day.
        let waiting = Week::ok(it.get(&it.reader, &it.at("/receipts")).await);
        assert_eq!(waiting[0]["receipt"], "waiting");
        house.pass(Duration::from_secs(64 * 3600));
        let focal = house.sits(made.fields.focal_office.unwrap(), &[("tasks", Right::Contribute)]).await;
        let version = it.task("GB05-1").await.version;
        let body = json!({"move": "acknowledge", "version": version});
        Week::ok(it.send(&focal, Method::POST, &format!("/tasks/{}/moves", made.id), &body).await);
        let reader = house.seat("Chuyên viên trực", &[("briefings", Right::Read)]).await;
        let receipts = Week::ok(it.get(&reader, &it.at("/receipts")).await);
        assert_eq!(receipts[0]["receipt"], "in_time", "{receipts}");
        assert_eq!(receipts[0]["limit"], "2025-09-29");
    });
}

#[test]
fn a_task_changed_after_the_cut_off_shows_both() {
    on_both(&crate::migrations(), async |house| {
        let it = Week::new(&house).await;
        let drift = it.get(&it.reader, &it.at("/drift")).await.json();
        let changed: Vec<(&str, &str, &str)> = drift
            .as_array()
            .unwrap()
            .iter()
            .filter(|one| one["changed"] == true)
            .map(|one| {
                (
                    one["now"]["code"].as_str().unwrap(),
                    one["frozen"]["state"].as_str().unwrap(),
                    one["now"]["state"].as_str().unwrap(),
                )
            })
            .collect();
        // Only what people did counts as changed; the other lines are a day nearer to their deadline.
        assert_eq!(
            changed,
            [("HC-01", "dang_thuc_hien", "dang_thuc_hien"), ("CN-01", "trinh_san_pham", "yeu_cau_bo_sung"),]
        );
        let hc = drift.as_array().unwrap().iter().find(|one| one["now"]["code"] == "HC-01").unwrap();
        assert_eq!((&hc["frozen"]["percent"], &hc["now"]["percent"]), (&json!(70), &json!(90)));

        // Another change shows up; the frozen figure stays, and so does its hash.
        let before = it.get(&it.reader, &it.at("/snapshot")).await.json();
        let (id, who) = (it.task("VK-03").await.id, Who::PROGRAM);
        let report = NewReport {
            percent: 99,
            done: "xong".to_owned(),
            difficulty: String::new(),
            request: String::new(),
            next: String::new(),
        };
        house.write(&Author::cli(), move |tx| task_store::report(tx, &who, id, &report)).await.unwrap();
        let drift = it.get(&it.reader, &it.at("/drift")).await.json();
        let vk = drift.as_array().unwrap().iter().find(|one| one["now"]["code"] == "VK-03").unwrap();
        assert_eq!((&vk["frozen"]["percent"], &vk["now"]["percent"]), (&json!(70), &json!(99)));
        let after = it.get(&it.reader, &it.at("/snapshot")).await.json();
        assert_eq!(before["frozen"], after["frozen"]);
    });
}

#[test]
fn minutes_are_signed_once_and_never_edited() {
    on_both(&crate::migrations(), async |house| {
        let it = Week::new(&house).await;
        it.open().await;
        let one = it.type_line(&it.secretary, "Thống nhất chương trình", Some("khong_phat_sinh")).await;
        // Neither the secretary nor another chair signs.
        let preview = Week::ok(it.get(&it.chair, &it.at("/signature")).await);
        let early = json!({"mark": preview["mark"]});
        Week::refused(
            &it.send(&it.chair, Method::POST, &it.at("/signature"), &early).await,
            409,
            "not-closed",
        );
        Week::ok(it.step("close").await);
        assert_eq!(it.send(&it.secretary, Method::POST, &it.at("/signature"), &early).await.status, 403);
        let other = house.seat("Phó Trưởng Tiểu ban", &[("briefings", Right::Decide)]).await;
        let refused = it.send(&other, Method::POST, &it.at("/signature"), &early).await;
        Week::refused(&refused, 403, "not-chair");
        assert!(refused.text.contains("Trưởng Tiểu ban Tổ chức phục vụ"), "{}", refused.text);

        // Corrected after it was shown: what the chair saw is not what would be signed.
        Week::ok(it.step("reopen").await);
        let version = it.conclusion(&one).await["version"].clone();
        let edit = json!({"version": version, "typed": "Thống nhất chương trình tổng duyệt",
            "disposition": "khong_phat_sinh"});
        let path = it.at(&format!("/conclusions/{one}"));
        Week::ok(it.send(&it.secretary, Method::PUT, &path, &edit).await);
        Week::ok(it.step("close").await);
        Week::refused(
            &it.send(&it.chair, Method::POST, &it.at("/signature"), &early).await,
            409,
            "shown-changed",
        );

        // Two at the same instant: one wins.
        let preview = Week::ok(it.get(&it.chair, &it.at("/signature")).await);
        let body = json!({"mark": preview["mark"]});
        let twin = house.second_device(&it.chair).await;
        let path_sign = it.at("/signature");
        let (a, b) = tokio::join!(
            it.send(&it.chair, Method::POST, &path_sign, &body),
            it.send(&twin, Method::POST, &path_sign, &body)
        );
        let mut statuses = [a.status, b.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409], "{} {}", a.text, b.text);
        let lost = if a.status == 409 { &a } else { &b };
        Week::refused(lost, 409, "signed-already");
        assert!(lost.text.contains("Trưởng Tiểu ban Tổ chức phục vụ"), "{}", lost.text);
        assert!(lost.text.contains("26/09/2025"), "{}", lost.text);

        // Edited after: refused at every door, and at the last one by the database itself.
        let version = it.conclusion(&one).await["version"].clone();
        let edit = json!({"version": version, "typed": "Khác", "disposition": "khong_phat_sinh"});
        Week::refused(&it.send(&it.secretary, Method::PUT, &path, &edit).await, 409, "signed-already");
        let new = json!({"typed": "Thêm", "disposition": "khong_phat_sinh"});
        Week::refused(
            &it.send(&it.secretary, Method::POST, &it.at("/conclusions"), &new).await,
            409,
            "signed-already",
        );
        for step in ["reopen", "close", "cancel"] {
            let version = it.meeting().await["version"].clone();
            let body = json!({"step": step, "version": version, "reason": "thử"});
            Week::refused(
                &it.send(&it.secretary, Method::POST, &it.at("/moves"), &body).await,
                409,
                "signed-already",
            );
        }
        let id: BriefingId = it.id.parse().unwrap();
        for statement in [
            sql!("UPDATE briefing_record SET content = '{}' WHERE briefing = $1"),
            sql!("DELETE FROM briefing_record WHERE briefing = $1"),
            sql!("UPDATE briefing_snapshot SET content = '{}' WHERE briefing = $1"),
            sql!("UPDATE briefing_conclusion SET typed = 'khác' WHERE briefing = $1"),
        ] {
            let changed = house
                .write(&Author::cli(), move |tx| {
                    tx.execute(statement, params![id])?;
                    Ok::<_, BriefingError>(tx.record(platform::audit::Event::new("test.x", "x", id)).with(()))
                })
                .await;
            assert!(changed.is_err(), "{statement:?}");
        }
    });
}

#[test]
fn signed_minutes_are_corrected_by_a_supplementary_record_alone() {
    on_both(&crate::migrations(), async |house| {
        let it = Week::new(&house).await;
        let body =
            json!({"reason": "Ghi nhầm", "corrections": [{"conclusion": 1, "text": "Đọc lại là 12 tổ"}]});
        let path = it.at("/supplements");
        Week::refused(&it.send(&it.secretary, Method::POST, &path, &body).await, 409, "not-signed");
        it.open().await;
        it.type_line(&it.secretary, "Thống nhất chương trình 11 tổ", Some("khong_phat_sinh")).await;
        Week::ok(it.step("close").await);
        let first = Week::ok(it.sign().await);

        let none = json!({"reason": "x", "corrections": [{"conclusion": 9, "text": "x"}]});
        assert_eq!(it.send(&it.secretary, Method::POST, &path, &none).await.status, 404);
        let made = Week::ok(it.send(&it.secretary, Method::POST, &path, &body).await);
        assert_eq!(made["id"], "1");
        let edit = json!({"version": 1, "reason": "Ghi nhầm số tổ",
            "corrections": [{"conclusion": 1, "text": "Đọc lại là 12 tổ"}]});
        Week::ok(it.send(&it.secretary, Method::PUT, &it.at("/supplements/1"), &edit).await);
        let signature = it.at("/supplements/1/signature");
        assert_eq!(
            it.send(&it.secretary, Method::POST, &signature, &json!({"version": 2})).await.status,
            403
        );
        let stale = it.send(&it.chair, Method::POST, &signature, &json!({"version": 1})).await;
        Week::refused(&stale, 409, "changed-meanwhile");
        Week::ok(it.send(&it.chair, Method::POST, &signature, &json!({"version": 2})).await);
        let again = it.send(&it.chair, Method::POST, &signature, &json!({"version": 2})).await;
        Week::refused(&again, 409, "signed-already");
        let edit = it.send(&it.secretary, Method::PUT, &it.at("/supplements/1"), &edit).await;
        Week::refused(&edit, 409, "signed-already");

        // It stands beside the original, which is as it was.
        let all = it.get(&it.reader, &path).await.json();
        assert_eq!(all[0]["reason"], "Ghi nhầm số tổ");
        assert!(all[0]["signed"]["sha256"].is_string());
        let minutes = Week::ok(it.get(&it.reader, &it.at("/minutes")).await);
        assert_eq!(minutes["signed"]["sha256"], first["sha256"]);
        assert_eq!(minutes["minutes"]["conclusions"][0]["text"], "Thống nhất chương trình 11 tổ");
    });
}

#[test]
fn a_conclusion_with_two_deadlines_is_split_or_has_milestones() {
    on_both(&crate::migrations(), async |house| {
        let it = Week::new(&house).await;
        it.open().await;
        let typed = "@Sở Y tế lập phương án /hạn 30/9, diễn tập /hạn 3/10 /sp 01 phương án";
        let id = it.type_line(&it.secretary, typed, Some("nhiem_vu")).await;
        let other = it.type_line(&it.secretary, typed, Some("nhiem_vu")).await;
        Week::ok(it.step("close").await);
        let refused = it.sign().await;
        Week::refused(&refused, 422, "conclusions-not-ready");
        assert!(refused.text.contains("30/09/2025; 03/10/2025"), "{}", refused.text);
        assert!(it.task_exists("GB05-1").await.is_none(), "a refused signature makes nothing");
        Week::ok(it.step("reopen").await);

        let version = it.conclusion(&id).await["version"].clone();
        let path = it.at(&format!("/conclusions/{id}/parts"));
        let parts = Week::ok(it.send(&it.secretary, Method::POST, &path, &json!({"version": version})).await);
        assert_eq!(parts.as_array().unwrap().len(), 2);
        let version = it.conclusion(&other).await["version"].clone();
        let path = it.at(&format!("/conclusions/{other}/milestones"));
        let body = json!({"version": version, "titles": ["Xong phương án"]});
        Week::ok(it.send(&it.secretary, Method::POST, &path, &body).await);
        let all = it.get(&it.reader, &it.at("/conclusions")).await.json();
        let said: Vec<(u64, &Value, usize)> = all
            .as_array()
            .unwrap()
            .iter()
            .map(|one| {
                let content = &one["content"];
                let number = one["number"].as_u64().unwrap();
                (number, &content["deadlines"], content["milestones"].as_array().unwrap().len())
            })
            .collect();
        assert_eq!(
            said,
            [(1, &json!(["2025-09-30"]), 0), (2, &json!(["2025-10-03"]), 0), (3, &json!(["2025-10-03"]), 1)]
        );
        let version = it.conclusion(&id).await["version"].clone();
        let path = it.at(&format!("/conclusions/{id}/parts"));
        let once = it.send(&it.secretary, Method::POST, &path, &json!({"version": version})).await;
        Week::refused(&once, 422, "one-deadline");
        Week::ok(it.step("close").await);
        Week::ok(it.sign().await);
        assert_eq!(it.task("GB05-3").await.fields.milestones[0].title, "Xong phương án");
    });
}

impl Week {
    async fn task_exists(&self, code: &str) -> Option<TaskId> {
        let code = code.to_owned();
        match self.house.read(move |tx| task_store::task_by_code(tx, &code)).await {
            Ok(task) => Some(task.id),
            Err(TaskError::NotFound) => None,
            Err(error) => panic!("{error}"),
        }
    }
}

#[test]
fn a_number_that_is_used_is_refused_and_a_notice_is_issued_once() {
    on_both(&crate::migrations(), async |house| {
        let it = Week::new(&house).await;
        let path = it.at("/notice");
        let body = json!({"on": "2025-09-26", "subject": "Kết luận giao ban tuần 05", "number": 6});
        Week::refused(&it.send(&it.secretary, Method::POST, &path, &body).await, 409, "not-signed");
        it.open().await;
        it.type_line(&it.secretary, "Thống nhất chương trình", Some("khong_phat_sinh")).await;
        Week::ok(it.step("close").await);
        Week::ok(it.sign().await);
        assert_eq!(it.send(&it.second, Method::POST, &path, &body).await.status, 403);
        let used = it.send(&it.secretary, Method::POST, &path, &body).await;
        Week::refused(&used, 409, "number-used");
        assert!(used.text.contains("06-TB/TBPV") && used.text.contains("tuần 04"), "{}", used.text);
        // A refused number changes nothing: the meeting is still signed, not announced.
        assert_eq!(it.meeting().await["state"], "da_ky");
        let gap = json!({"on": "2025-09-26", "subject": "Kết luận", "number": 9});
        Week::refused(&it.send(&it.secretary, Method::POST, &path, &gap).await, 422, "number-gap");
        let next = json!({"on": "2025-09-26", "subject": "Kết luận", "number": 7});
        Week::ok(it.send(&it.secretary, Method::POST, &path, &next).await);
        let again = it.send(&it.secretary, Method::POST, &path, &next).await;
        Week::refused(&again, 409, "issued-already");
        assert!(again.text.contains("07-TB/TBPV"), "{}", again.text);
    });
}

#[test]
fn figures_are_frozen_once_by_the_clock_or_by_hand() {
    on_both(&crate::migrations(), async |house| {
        let it = Week::new(&house).await;
        let again = it.send(&it.secretary, Method::POST, &it.at("/snapshot"), &Value::Null).await;
        Week::refused(&again, 409, "frozen-already");
        assert!(again.text.contains("25/09/2025"), "{}", again.text);

        // The next meeting is proposed on the calendar and confirmed by a person.
        let meeting = it.meeting().await;
        let series = meeting["series"].as_str().unwrap();
        let proposal = it.get(&it.reader, &format!("/briefing-series/{series}/proposal")).await.json();
        assert_eq!(proposal["at"], "2025-10-03T16:30:00", "{proposal}");
        assert_eq!(proposal["cutoff_at"], "2025-10-02T16:00:00");
        let mut body = json!({
            "at": proposal["at"], "cutoff_at": proposal["cutoff_at"], "place": "Phòng họp B",
            "chair_office": meeting["chair_office"], "secretary_office": meeting["secretary_office"],
        });
        let path = format!("/briefing-series/{series}/briefings");
        assert_eq!(it.send(&it.second, Method::POST, &path, &body).await.status, 403);
        let six = Week::ok(it.send(&it.secretary, Method::POST, &path, &body).await);
        assert_eq!((&six["no"], &six["state"]), (&json!(6), &json!("du_kien")));
        body["cutoff_at"] = json!("2025-10-03T17:00:00");
        Week::refused(&it.send(&it.secretary, Method::POST, &path, &body).await, 422, "cutoff-late");
        body["secretary_office"] = body["chair_office"].clone();
        body["cutoff_at"] = proposal["cutoff_at"].clone();
        Week::refused(&it.send(&it.secretary, Method::POST, &path, &body).await, 422, "same-office");

        // Not yet due, then due: the clock freezes it once.
        assert_eq!(freezer::tick(&house.app).await.unwrap(), 0);
        house.clock.set(clock::instant(date(2025, 10, 2).at(16, 0, 5, 0)));
        assert_eq!(freezer::tick(&house.app).await.unwrap(), 1);
        assert_eq!(freezer::tick(&house.app).await.unwrap(), 0);
        let six = six["id"].as_str().unwrap();
        let seat = house.seat("Chuyên viên", &[("briefings", Right::Read)]).await;
        let frozen = Week::ok(it.get(&seat, &format!("/briefings/{six}/snapshot")).await);
        assert_eq!(frozen["frozen"]["how"], "gio_chot");
        assert_eq!(house.clock.now(), clock::instant(date(2025, 10, 2).at(16, 0, 5, 0)));
        // Meeting 05 was never opened, so its items are open: nothing is carried from it.
        let agenda = it.get(&seat, &format!("/briefings/{six}/agenda")).await.json();
        assert!(!agenda.as_array().unwrap().is_empty());
    });
}

#[test]
fn a_holiday_is_moved_and_refused() {
    on_both(&crate::migrations(), async |house| {
        let it = Week::new(&house).await;
        let meeting = it.meeting().await;
        let series = meeting["series"].as_str().unwrap();
        let keeper = house.seat("Văn phòng", &[("tasks", Right::Manage)]).await;
        let day = json!({"kind": "nghi_le", "name": "Nghỉ bù"});
        Week::ok(it.send(&keeper, Method::PUT, "/work-days/2025-10-03", &day).await);
        let proposal = it.get(&it.reader, &format!("/briefing-series/{series}/proposal")).await.json();
        assert_eq!((&proposal["regular"], &proposal["moved"]), (&json!("2025-10-03"), &json!("holiday")));
        assert_eq!(proposal["at"], "2025-10-06T16:30:00");
        let body = json!({
            "at": "2025-10-03T16:30:00", "cutoff_at": "2025-10-02T16:00:00",
            "chair_office": meeting["chair_office"], "secretary_office": meeting["secretary_office"],
        });
        let path = format!("/briefing-series/{series}/briefings");
        let refused = it.send(&it.secretary, Method::POST, &path, &body).await;
        Week::refused(&refused, 422, "day-off");
        assert!(refused.text.contains("nghỉ lễ"), "{}", refused.text);
    });
}

#[test]
fn what_was_changed_behind_the_back_is_not_shown() {
    on_both(&crate::migrations(), async |house| {
        let it = Week::new(&house).await;
        let all = house.read(|tx| store::briefings(tx, &Hand::PROGRAM, None)).await.unwrap();
        let four = all.iter().find(|one| one.no == 4).unwrap().id;
        Week::ok(it.get(&it.reader, &format!("/briefings/{four}/minutes")).await);
        // Somebody with the database in hand puts the triggers away first.
        for (trigger, table) in
            [("briefing_snapshot", "briefing_snapshot"), ("briefing_record", "briefing_record")]
        {
            house
                .write(&Author::cli(), move |tx| {
                    match (tx.dialect(), trigger) {
                        (platform::db::Dialect::Sqlite, "briefing_snapshot") => {
                            tx.execute(sql!("DROP TRIGGER briefing_snapshot_no_update"), &[])?
                        }
                        (platform::db::Dialect::Sqlite, _) => {
                            tx.execute(sql!("DROP TRIGGER briefing_record_no_update"), &[])?
                        }
                        (platform::db::Dialect::Postgres, "briefing_snapshot") => {
                            tx.execute(sql!("ALTER TABLE briefing_snapshot DISABLE TRIGGER USER"), &[])?
                        }
                        (platform::db::Dialect::Postgres, _) => {
                            tx.execute(sql!("ALTER TABLE briefing_record DISABLE TRIGGER USER"), &[])?
                        }
                    };
                    if table == "briefing_snapshot" {
                        tx.execute(
                            sql!("UPDATE briefing_snapshot SET content = REPLACE(content, '40', '39')"),
                            &[],
                        )?;
                    } else {
                        tx.execute(
                            sql!("UPDATE briefing_record SET content = REPLACE(content, 'tổ', 'đoàn')"),
                            &[],
                        )?;
                    }
                    Ok::<_, BriefingError>(
                        tx.record(platform::audit::Event::new("test.x", "x", four)).with(()),
                    )
                })
                .await
                .unwrap();
        }
        for path in
            [it.at("/snapshot"), it.at("/drift"), it.at("/week"), format!("/briefings/{four}/minutes")]
        {
            Week::refused(&it.get(&it.reader, &path).await, 409, "tampered");
        }
    });
}

#[test]
fn two_secretaries_type_at_once_and_nothing_is_doubled_or_lost() {
    on_both(&crate::migrations(), async |house| {
        let it = Week::new(&house).await;
        let path = it.at("/conclusions");
        let early = json!({"typed": "Sớm", "disposition": "khong_phat_sinh"});
        Week::refused(&it.send(&it.secretary, Method::POST, &path, &early).await, 409, "too-late");
        it.open().await;
        // The same line sent again after a cut stands once.
        let id = uuid::Uuid::now_v7();
        let line = json!({"id": id, "typed": "Giữ nguyên kế hoạch", "disposition": "khong_phat_sinh"});
        for _ in 0..3 {
            Week::ok(it.send(&it.secretary, Method::POST, &path, &line).await);
        }
        it.type_line(&it.second, "Dòng của thư ký thứ hai", Some("khong_phat_sinh")).await;
        let all = it.get(&it.reader, &path).await.json();
        assert_eq!(all.as_array().unwrap().len(), 2);
        // On one line the second is told who was first; both lines can be written at once.
        let one = it.at(&format!("/conclusions/{id}"));
        let edit = json!({"version": 1, "typed": "Giữ nguyên kế hoạch 05", "disposition": "khong_phat_sinh"});
        Week::ok(it.send(&it.secretary, Method::PUT, &one, &edit).await);
        let late = it.send(&it.second, Method::PUT, &one, &edit).await;
        Week::refused(&late, 409, "changed-meanwhile");
        assert!(late.text.contains("Thư ký giao ban"), "{}", late.text);
        // Taken out and put back; the numbers follow.
        Week::ok(it.send(&it.second, Method::POST, &format!("{one}/removal"), &json!({"version": 2})).await);
        let all = it.get(&it.reader, &path).await.json();
        let numbers: Vec<&Value> = all.as_array().unwrap().iter().map(|one| &one["number"]).collect();
        assert_eq!(numbers, [&json!(0), &json!(1)]);
        Week::ok(
            it.send(&it.second, Method::POST, &format!("{one}/restoration"), &json!({"version": 3})).await,
        );
        let second = it.get(&it.reader, &path).await.json()[1]["id"].clone();
        let order = json!({"ids": [second]});
        Week::ok(it.send(&it.secretary, Method::PUT, &it.at("/conclusion-order"), &order).await);
        let all = it.get(&it.reader, &path).await.json();
        assert_eq!((&all[0]["id"], &all[0]["number"]), (&second, &json!(1)));
        let nothing = json!({"typed": "", "disposition": "khong_phat_sinh"});
        Week::refused(&it.send(&it.secretary, Method::POST, &path, &nothing).await, 422, "empty");
    });
}

#[test]
fn what_nobody_came_to_is_carried_to_the_next_meeting() {
    on_both(&crate::migrations(), async |house| {
        let it = Week::new(&house).await;
        let meeting = it.meeting().await;
        it.open().await;
        it.type_line(&it.secretary, "Thống nhất", Some("khong_phat_sinh")).await;
        Week::ok(it.step("close").await);
        let agenda = it.get(&it.reader, &it.at("/agenda")).await.json();
        let (taken, left): (Vec<_>, Vec<_>) =
            agenda.as_array().unwrap().iter().partition(|item| item["state"] == "da_xem");
        assert_eq!(taken.len(), 1, "the first item was on the screen and has the conclusion");
        Week::ok(it.sign().await);
        let new = json!({
            "at": "2025-10-03T16:30:00", "cutoff_at": "2025-10-02T16:00:00",
            "chair_office": meeting["chair_office"], "secretary_office": meeting["secretary_office"],
        });
        let path = format!("/briefing-series/{}/briefings", meeting["series"].as_str().unwrap());
        let six = Week::ok(it.send(&it.secretary, Method::POST, &path, &new).await);
        let six = format!("/briefings/{}", six["id"].as_str().unwrap());
        Week::ok(it.send(&it.secretary, Method::POST, &format!("{six}/snapshot"), &Value::Null).await);
        let agenda = it.get(&it.reader, &format!("{six}/agenda")).await.json();
        for item in left {
            let found = agenda.as_array().unwrap().iter().any(|next| next["carried_from"] == item["id"]);
            assert!(found, "{item}");
        }
    });
}

#[test]
fn classified_tasks_count_and_say_nothing() {
    on_both(&crate::migrations(), async |house| {
        let it = Week::new(&house).await;
        let plan = house.read(|tx| Ok::<_, TaskError>(task_store::plans(tx)?[0].id)).await.unwrap();
        let lead = it.task("AN-01").await.fields.lead_unit;
        for (code, class, what) in [
            ("MAT-1", Confidentiality::Secret, ""),
            ("NB-1", Confidentiality::Internal, "Điều chỉ nội bộ biết"),
        ] {
            house
                .write(&Author::cli(), move |tx| {
                    let fields = TaskFields {
                        code: code.to_owned(),
                        stream: "An ninh".to_owned(),
                        confidentiality: class,
                        what: what.to_owned(),
                        lead_unit: lead,
                        due: Some(date(2025, 9, 20).into()),
                        ..TaskFields::default()
                    };
                    task_store::create(tx, plan, fields)
                })
                .await
                .unwrap();
        }
        let meeting = it.meeting().await;
        let new = json!({
            "at": "2025-10-03T16:30:00", "cutoff_at": "2025-10-02T16:00:00",
            "chair_office": meeting["chair_office"], "secretary_office": meeting["secretary_office"],
        });
        let path = format!("/briefing-series/{}/briefings", meeting["series"].as_str().unwrap());
        let six = Week::ok(it.send(&it.secretary, Method::POST, &path, &new).await);
        let six = format!("/briefings/{}", six["id"].as_str().unwrap());
        Week::ok(it.send(&it.secretary, Method::POST, &format!("{six}/snapshot"), &Value::Null).await);
        // Who may read briefings but no tasks sees every count and no word of any task.
        let blind = house.seat("Khách", &[("briefings", Right::Read)]).await;
        let seen = it.get(&blind, &format!("{six}/snapshot")).await;
        let figures = seen.json();
        assert_eq!(figures["total"], 42);
        assert_eq!(figures["tally"]["open"]["overdue"], json!(4), "{}", figures["tally"]);
        assert!(!seen.text.contains("Điều chỉ nội bộ biết") && !seen.text.contains("thực đơn"));
        // Cleared for internal matters: the internal one speaks, the secret one has nothing to say.
        let cleared = it.get(&it.reader, &format!("{six}/snapshot")).await;
        assert!(cleared.text.contains("Điều chỉ nội bộ biết") && cleared.text.contains("MAT-1"));
        for path in [it.at("/drift"), it.at("/agenda"), it.at("/minutes")] {
            let answer = it.get(&blind, &path).await;
            assert_eq!(answer.status, 200, "{path}");
            assert!(!answer.text.contains("Điều chỉ nội bộ biết"), "{path}");
        }
        // The minutes are for everybody who may read the register: what is above stays out of them.
        let minutes = it.get(&it.reader, &it.at("/minutes")).await;
        assert!(!minutes.text.contains("Điều chỉ nội bộ biết"));
    });
}

#[test]
fn a_right_in_one_unit_does_not_reach_the_meetings_of_another() {
    on_both(&crate::migrations(), async |house| {
        let it = Week::new(&house).await;
        let stranger = house.seat("Sở khác", &[]).await;
        house.grant(stranger.office, Some(stranger.unit), &[("briefings", Right::Decide)]).await;
        for path in
            [it.at(""), it.at("/snapshot"), it.at("/conclusions"), it.at("/minutes"), it.at("/receipts")]
        {
            assert_eq!(it.get(&stranger, &path).await.status, 404, "{path}");
        }
        assert_eq!(it.get(&stranger, "/briefings").await.json()["items"], json!([]));
        let body = json!({"mark": "x"});
        assert_eq!(it.send(&stranger, Method::POST, &it.at("/signature"), &body).await.status, 404);
        let body = json!({"step": "open", "version": 0});
        assert_eq!(it.send(&stranger, Method::POST, &it.at("/moves"), &body).await.status, 404);
    });
}

#[test]
fn a_chair_without_the_right_to_assign_only_proposes() {
    on_both(&crate::migrations(), async |house| {
        let it = Week::new(&house).await;
        let all = house.read(|tx| store::briefings(tx, &Hand::PROGRAM, None)).await.unwrap();
        let five = all.iter().find(|one| one.no == 5).unwrap();
        let weak =
            house.seat("Phó Trưởng Tiểu ban", &[("briefings", Right::Decide), ("tasks", Right::Read)]).await;
        let body = json!({
            "version": five.version, "at": "2025-09-26T16:30:00", "cutoff_at": "2025-09-25T16:00:00",
            "chair_office": weak.office, "secretary_office": five.secretary_office,
        });
        Week::ok(it.send(&it.secretary, Method::PUT, &it.at(""), &body).await);
        it.open().await;
        let typed = "@Ban Tổ chức Thành ủy gửi danh sách chốt #DB-01 /sp 01 danh sách /hạn 30/9";
        it.type_line(&it.secretary, typed, Some("nhiem_vu")).await;
        let extend = it.type_line(&it.secretary, "Lùi hạn #CN-01 /hạn 3/10", Some("lui_han")).await;
        Week::ok(it.step("close").await);
        let preview = Week::ok(it.get(&weak, &it.at("/signature")).await);
        assert_eq!(preview["counts"], json!({"de_xuat": 1, "lui_han": 1}), "{preview}");
        // An extension needs a decision that this chair may not take; the reason stands beside it.
        let problems = &preview["conclusions"][1]["problems"];
        assert!(problems[0].as_str().unwrap().contains("quyền quyết định"), "{preview}");
        // Whoever looks on sees what this chair's signature would do, not what their own would.
        for onlooker in [&it.chair, &it.secretary, &it.reader] {
            let seen = Week::ok(it.get(onlooker, &it.at("/signature")).await);
            assert_eq!(seen["counts"], preview["counts"], "{seen}");
            assert_eq!(&seen["conclusions"][1]["problems"], problems, "{seen}");
        }
        Week::ok(it.step("reopen").await);
        let version = it.conclusion(&extend).await["version"].clone();
        let path = it.at(&format!("/conclusions/{extend}/removal"));
        Week::ok(it.send(&it.secretary, Method::POST, &path, &json!({"version": version})).await);
        Week::ok(it.step("close").await);
        let preview = Week::ok(it.get(&weak, &it.at("/signature")).await);
        let body = json!({"mark": preview["mark"]});
        Week::ok(it.send(&weak, Method::POST, &it.at("/signature"), &body).await);
        let made = it.task("GB05-1").await;
        assert_eq!((made.state, made.fields.approver_office), (TaskState::Proposed, None));
    });
}

#[test]
fn a_waiting_request_is_granted_by_the_conclusion_or_gives_way_to_it() {
    on_both(&crate::migrations(), async |house| {
        let it = Week::new(&house).await;
        for (code, to) in [("CN-01", date(2025, 10, 3)), ("DD-03", date(2025, 10, 2))] {
            let id = it.task(code).await.id;
            house
                .write(&Author::cli(), move |tx| {
                    task_store::ask_extension(tx, &Who::PROGRAM, id, to.into(), "chờ thiết bị")
                })
                .await
                .unwrap();
        }
        it.open().await;
        it.type_line(&it.secretary, "Đồng ý #CN-01 /hạn 3/10", Some("lui_han")).await;
        it.type_line(&it.secretary, "Chỉ lùi #DD-03 /hạn 1/10", Some("lui_han")).await;
        Week::ok(it.step("close").await);
        Week::ok(it.sign().await);
        assert_eq!(it.task("CN-01").await.fields.due.unwrap().date, date(2025, 10, 3));
        assert_eq!(it.task("DD-03").await.fields.due.unwrap().date, date(2025, 10, 1));
        let id = it.task("DD-03").await.id;
        let all = house.read(move |tx| task_store::extensions(tx, Some(id))).await.unwrap();
        let states: Vec<&str> = all.iter().map(|one| one.state.as_str()).collect();
        assert_eq!(states, ["khong_dong_y", "dong_y"]);
        assert!(all[1].decision_note.contains("Kết luận 2"), "{}", all[1].decision_note);
    });
}

#[test]
fn a_call_again_gets_the_same_answer() {
    on_both(&crate::migrations(), async |house| {
        let it = Week::new(&house).await;
        it.open().await;
        it.type_line(&it.secretary, "Thống nhất", Some("khong_phat_sinh")).await;
        Week::ok(it.step("close").await);
        let preview = Week::ok(it.get(&it.chair, &it.at("/signature")).await);
        let body = json!({"mark": preview["mark"]});
        let path = format!("/api/v1{}", it.at("/signature"));
        let keyed = || {
            let mut request = it.chair.json(Method::POST, &path, &body);
            request.headers_mut().insert("idempotency-key", "k1".parse().unwrap());
            request
        };
        let first = house.call(&routes(), keyed()).await;
        let again = house.call(&routes(), keyed()).await;
        assert_eq!((first.status, again.status, &again.text), (201, 201, &first.text));
        assert_eq!(again.header("idempotency-replayed"), "true");
    });
}

#[test]
fn attendance_and_agenda_say_who_and_why() {
    on_both(&crate::migrations(), async |house| {
        let it = Week::new(&house).await;
        let all = it.get(&it.reader, &it.at("/attendance")).await.json();
        let office = all[1]["office"].as_str().unwrap();
        let path = it.at(&format!("/attendance/{office}"));
        let bare = json!({"presence": "vang"});
        Week::refused(&it.send(&it.secretary, Method::PUT, &path, &bare).await, 422, "reason-needed");
        let said = json!({"presence": "vang", "reason": "Đi công tác"});
        Week::ok(it.send(&it.secretary, Method::PUT, &path, &said).await);
        assert_eq!(it.send(&it.reader, Method::PUT, &path, &said).await.status, 403);

        let task = it.task("VK-03").await.id;
        let agenda = it.at("/agenda");
        let added = json!({"task": task, "minutes": 5});
        let item = Week::ok(it.send(&it.secretary, Method::POST, &agenda, &added).await);
        Week::refused(&it.send(&it.secretary, Method::POST, &agenda, &added).await, 422, "on-agenda");
        Week::refused(&it.send(&it.secretary, Method::POST, &agenda, &json!({})).await, 422, "empty");
        let item = item["id"].as_str().unwrap();
        let order = json!({"ids": [item]});
        Week::ok(it.send(&it.secretary, Method::PUT, &it.at("/agenda-order"), &order).await);
        let items = it.get(&it.reader, &agenda).await.json();
        assert_eq!(items[0]["id"], item);
        // What the figures put there cannot be made to vanish; what a person put there can.
        let red = items.as_array().unwrap().iter().find(|one| one["reasons"][0] == "qua_han").unwrap();
        let path = it.at(&format!("/agenda/{}/removal", red["id"].as_str().unwrap()));
        let gone = it.send(&it.secretary, Method::POST, &path, &json!({"version": red["version"]})).await;
        assert_eq!(gone.status, 403);
        let path = it.at(&format!("/agenda/{item}"));
        let edit = json!({"version": 0, "item": {"minutes": 15, "notes": "Nêu rõ số liệu"}});
        Week::ok(it.send(&it.secretary, Method::PUT, &path, &edit).await);
        Week::refused(&it.send(&it.second, Method::PUT, &path, &edit).await, 409, "changed-meanwhile");
        let left = json!({"state": "chuyen_sang"});
        Week::ok(it.send(&it.secretary, Method::PUT, &format!("{path}/state"), &left).await);
        Week::ok(
            it.send(&it.secretary, Method::POST, &format!("{path}/removal"), &json!({"version": 2})).await,
        );
    });
}

#[test]
fn the_sentence_is_read_for_the_page() {
    on_both(&crate::migrations(), async |house| {
        let it = Week::new(&house).await;
        let text = "%40S%E1%BB%9F%20Y%20t%E1%BA%BF%20b%C3%A1o%20c%C3%A1o%20%2Fh%E1%BA%A1n%2031%2F9";
        let path = format!("/briefing-reading?text={text}");
        assert_eq!(it.get(&it.reader, &path).await.status, 403);
        let read = Week::ok(it.get(&it.secretary, &path).await);
        assert_eq!(read["pieces"][0]["kind"], "unit");
        assert_eq!(read["pieces"][1]["kind"], "unknown_date");
        assert!(read["pieces"][1]["message"].as_str().unwrap().contains("31/9"), "{read}");
    });
}

#[test]
fn the_frozen_picture_accounts_for_every_number() {
    on_both(&crate::migrations(), async |house| {
        Week::new(&house).await;
        house
            .read(|tx| {
                let all = store::briefings(tx, &Hand::PROGRAM, None)?;
                for one in &all {
                    let (_, figures) = snapshot::load(tx, one.id)?;
                    figures.reconciles()?;
                    let mut broken = figures.clone();
                    broken.tasks.pop();
                    assert!(matches!(broken.reconciles(), Err(BriefingError::DoesNotSum { .. })));
                }
                let four = all.iter().find(|one| one.no == 4).expect("meeting 04");
                let signed = sign::minutes(tx, &Hand::PROGRAM, four.id)?;
                assert_eq!(signed.1.conclusions.len(), 5);
                assert_eq!(conclusion::standing(tx, four.id)?.len(), 5);
                Ok::<_, BriefingError>(())
            })
            .await
            .unwrap();
    });
}
