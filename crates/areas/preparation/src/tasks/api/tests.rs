//! A contract per verb, through the router, on both databases.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use platform::{
    audit::Author,
    identity::{Confidentiality, Right},
    testing::{Answered, House, Seat, on_both, stranger},
};
use serde_json::{Value, json};

use crate::{
    demo,
    tasks::{
        TaskError,
        api::routes,
        model::{PlanId, TaskFields, TaskId},
        store,
    },
};

async fn get(house: &House, seat: &Seat, path: &str) -> Answered {
    house.call(&routes(), seat.get(path)).await
}

async fn post(house: &House, seat: &Seat, path: &str, body: &Value) -> Answered {
    house.call(&routes(), seat.json(Method::POST, path, body)).await
}

fn keyed(seat: &Seat, path: &str, key: &str, body: &Value) -> Request<Body> {
    let mut request = seat.json(Method::POST, path, body);
    request.headers_mut().insert("idempotency-key", key.parse().unwrap());
    request
}

async fn seeded(house: &House) -> demo::Offices {
    house.write(&Author::system("demo"), demo::seed).await.expect("the sample plan")
}

async fn plan(house: &House) -> PlanId {
    house.read(|tx| Ok::<_, TaskError>(store::plans(tx)?[0].id)).await.unwrap()
}

#[test]
fn the_list_is_filtered_paged_and_counted() {
    on_both(&crate::migrations(), async |house| {
        seeded(&house).await;
        let seat = house.seat("Chuyên viên", &[("tasks", Right::Read)]).await;
        let all = get(&house, &seat, "/api/v1/tasks?limit=500").await.json();
        assert_eq!((all["total"].as_u64(), all["items"].as_array().unwrap().len()), (Some(40), 40));
        assert!(all.get("next").is_none());
        let red = get(&house, &seat, "/api/v1/tasks?timing=qua_han").await.json();
        assert_eq!(red["total"], 2);
        // Page by page is the whole list.
        let (mut path, mut codes) = ("/api/v1/tasks?limit=7".to_owned(), Vec::new());
        loop {
            let page = get(&house, &seat, &path).await.json();
            codes.extend(page["items"].as_array().unwrap().iter().map(|task| task["code"].clone()));
            let Some(next) = page["next"].as_str() else { break };
            path = format!("/api/v1/tasks?limit=7&after={next}");
        }
        let whole: Vec<Value> =
            all["items"].as_array().unwrap().iter().map(|task| task["code"].clone()).collect();
        assert_eq!(codes, whole);
        let tally = get(&house, &seat, "/api/v1/tally").await.json();
        assert_eq!(tally["counts"]["total"], 40);
        assert_eq!(tally["done_over_total"], json!({"part": 8, "whole": 40, "percent": "20.0"}));
        assert_eq!(tally["reconciles"], true);
        for (path, status) in [
            ("/api/v1/tasks?timing=xyz", 422),
            ("/api/v1/tasks?colour=red", 400),
            ("/api/v1/tasks?q=a&q=b", 400),
            ("/api/v1/tasks/not-an-id", 400),
            ("/api/v1/tasks/018f0000-0000-7000-8000-000000000000", 404),
        ] {
            let answer = get(&house, &seat, path).await;
            assert_eq!(answer.status, status, "{path}: {}", answer.text);
            assert_eq!(answer.header("content-type"), "application/problem+json", "{path}");
            assert_eq!(answer.json()["status"], status);
        }
        let nobody =
            house.call(&routes(), stranger(Method::GET, "/api/v1/tasks").body(Body::empty()).unwrap()).await;
        assert_eq!(nobody.status, 401);
    });
}

#[test]
fn a_call_again_gets_the_same_answer_and_does_nothing_twice() {
    on_both(&crate::migrations(), async |house| {
        seeded(&house).await;
        let seat = house.seat("Tổ thư ký", &[("tasks", Right::Manage)]).await;
        let new = json!({"plan": plan(&house).await, "fields": {"code": "API-01", "what": "Lập danh sách"}});
        let first = house.call(&routes(), keyed(&seat, "/api/v1/tasks", "k1", &new)).await;
        assert_eq!(first.status, 201, "{}", first.text);
        let again = house.call(&routes(), keyed(&seat, "/api/v1/tasks", "k1", &new)).await;
        assert_eq!((again.status, &again.text), (201, &first.text));
        assert_eq!(again.header("idempotency-replayed"), "true");
        let other = json!({"plan": plan(&house).await, "fields": {"code": "API-02"}});
        assert_eq!(house.call(&routes(), keyed(&seat, "/api/v1/tasks", "k1", &other)).await.status, 422);
        let taken = post(&house, &seat, "/api/v1/tasks", &new).await;
        assert!(matches!(taken.status, 409 | 422) && taken.text.contains("API-01"), "{}", taken.text);
        let unknown = json!({"plan": plan(&house).await, "fields": {"code": "API-03", "colour": "red"}});
        assert_eq!(post(&house, &seat, "/api/v1/tasks", &unknown).await.status, 422);

        let id = first.json()["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/tasks/{id}");
        let task = get(&house, &seat, &path).await.json();
        assert_eq!(
            (task["state"].as_str(), task["clarity"]["assignable"].as_bool()),
            (Some("nhap"), Some(false))
        );
        let mut fields = task["fields"].clone();
        fields["result"] = json!("01 danh sách");
        let edit = json!({"version": task["version"], "fields": fields});
        let put = |body: Value| seat.json(Method::PUT, &path, &body);
        assert_eq!(house.call(&routes(), put(edit.clone())).await.status, 200);
        let stale = json!({"version": 0, "fields": fields});
        assert_eq!(house.call(&routes(), put(stale)).await.status, 409);
        let history = get(&house, &seat, &format!("{path}/history")).await.json();
        let acts: Vec<&str> =
            history["items"].as_array().unwrap().iter().filter_map(|line| line["act"].as_str()).collect();
        assert_eq!(acts, ["task.edited", "task.created"]);
        // Not clear enough, and not this office's to assign.
        let version = get(&house, &seat, &path).await.json()["version"].clone();
        let moved =
            post(&house, &seat, &format!("{path}/moves"), &json!({"move": "propose", "version": version}))
                .await;
        assert_eq!(moved.status, 200, "{}", moved.text);
        let version = moved.json()["version"].clone();
        let refused =
            post(&house, &seat, &format!("{path}/moves"), &json!({"move": "assign", "version": version}))
                .await;
        assert!((400..500).contains(&refused.status), "{}", refused.text);
        let reader = house.seat("Chuyên viên", &[("tasks", Right::Read)]).await;
        assert_eq!(post(&house, &reader, "/api/v1/tasks", &new).await.status, 403);
    });
}

#[test]
fn a_task_is_followed_up_over_the_wire() {
    on_both(&crate::migrations(), async |house| {
        seeded(&house).await;
        let seat = house.seat("Tổ thư ký", &[("tasks", Right::Manage)]).await;
        let leader = house.seat("Trưởng Tiểu ban thử", &[("tasks", Right::Decide)]).await;
        let running = get(&house, &seat, "/api/v1/tasks?state=dang_thuc_hien").await.json();
        let task = &running["items"][0];
        let path = format!("/api/v1/tasks/{}", task["id"].as_str().unwrap());
        let percent = task["percent"].as_u64().unwrap() + 1;
        let report = post(
            &house,
            &seat,
            &format!("{path}/reports"),
            &json!({"percent": percent, "done": "Đã xong phần đầu"}),
        )
        .await;
        assert_eq!(report.status, 201, "{}", report.text);
        let reports = get(&house, &seat, &format!("{path}/reports")).await.json();
        assert_eq!(reports[0]["percent"], percent);
        let due = task["due"].as_str().unwrap();
        assert_eq!(
            post(&house, &seat, &format!("{path}/extensions"), &json!({"to": due, "reason": "x"}))
                .await
                .status,
            422
        );
        let asked = post(
            &house,
            &seat,
            &format!("{path}/extensions"),
            &json!({"to": "2025-12-01", "reason": "Chờ số liệu"}),
        )
        .await;
        assert_eq!(asked.status, 201, "{}", asked.text);
        let id = asked.json()["id"].as_str().unwrap().to_owned();
        let decide = format!("/api/v1/extensions/{id}/decision");
        let ripple = get(&house, &seat, &format!("{path}/ripple?to=2025-12-01")).await;
        assert_eq!(ripple.status, 200, "{}", ripple.text);
        let granted = post(&house, &leader, &decide, &json!({"grant": true})).await;
        assert_eq!(granted.status, 200, "{}", granted.text);
        assert_eq!(get(&house, &seat, &path).await.json()["due"], "2025-12-01");
        assert_eq!(post(&house, &leader, &decide, &json!({"grant": true})).await.status, 409);
        let urged = post(&house, &seat, &format!("{path}/urges"), &json!({"text": "Đề nghị báo cáo"})).await;
        assert_eq!(urged.status, 201, "{}", urged.text);
        let again = post(&house, &seat, &format!("{path}/urges"), &json!({})).await;
        assert!(matches!(again.status, 409 | 429), "{}", again.text);

        let plan = plan(&house).await;
        let taken = post(&house, &seat, "/api/v1/baselines", &json!({"plan": plan, "name": "Mốc 1"})).await;
        assert_eq!(taken.status, 201, "{}", taken.text);
        let baseline = format!("/api/v1/baselines/{}", taken.json()["id"].as_str().unwrap());
        assert_eq!(get(&house, &seat, &format!("{baseline}/diff")).await.json()["tasks"], json!([]));
        let approved =
            post(&house, &leader, &format!("{baseline}/approval"), &json!({"notice": "127-TB/TU"})).await;
        assert_eq!(approved.status, 204, "{}", approved.text);
        assert_eq!(
            post(&house, &seat, &format!("{baseline}/approval"), &json!({"notice": "1"})).await.status,
            403
        );
        // A circle is refused, a tie and its end are not.
        let (a, b) =
            (running["items"][0]["id"].as_str().unwrap(), running["items"][1]["id"].as_str().unwrap());
        let tie = |x: &str, y: &str| {
            seat.json(Method::PUT, &format!("/api/v1/tasks/{x}/dependencies/{y}"), &json!({"kind": "FS"}))
        };
        assert_eq!(house.call(&routes(), tie(a, a)).await.status, 422);
        assert_eq!(house.call(&routes(), tie(a, b)).await.status, 204);
        assert_eq!(house.call(&routes(), tie(b, a)).await.status, 422);
        let untie = seat.json(Method::DELETE, &format!("/api/v1/tasks/{a}/dependencies/{b}"), &json!({}));
        assert_eq!(house.call(&routes(), untie).await.status, 204);
        for path in [
            "/api/v1/plans",
            "/api/v1/baselines",
            "/api/v1/dependencies?limit=3",
            "/api/v1/task-filters",
            "/api/v1/feeds",
            "/api/v1/task-imports",
            "/api/v1/task-reports",
            "/api/v1/task-reports/now",
            "/api/v1/task-exports/annex.xlsx",
            "/api/v1/task-exports/tasks.csv",
            "/api/v1/task-exports/gantt.svg",
            "/api/v1/task-exports/plan.xml",
        ] {
            let answer = get(&house, &seat, path).await;
            assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        }
        let now = get(&house, &leader, "/api/v1/task-reports/now").await.json();
        let signed = post(&house, &leader, "/api/v1/task-reports", &json!({"mark": now["mark"]})).await;
        assert_eq!(signed.status, 201, "{}", signed.text);
        let kept =
            get(&house, &seat, &format!("/api/v1/task-reports/{}", signed.json()["id"].as_str().unwrap()))
                .await
                .json();
        assert_eq!(kept["report"]["total"], 40);
    });
}

#[test]
fn a_hidden_task_counts_and_tells_nothing() {
    on_both(&crate::migrations(), async |house| {
        seeded(&house).await;
        let plan = plan(&house).await;
        let fields = TaskFields {
            code: "NB-01".into(),
            what: "Nội dung nội bộ".into(),
            confidentiality: Confidentiality::Internal,
            ..TaskFields::default()
        };
        let id: TaskId =
            house.write(&Author::cli(), move |tx| store::create(tx, plan, fields)).await.unwrap();
        let open = house.seat("Tổ thư ký", &[("tasks", Right::Manage)]).await;
        let seen = get(&house, &open, &format!("/api/v1/tasks/{id}")).await.json();
        assert_eq!(seen["fields"]["what"], "Nội dung nội bộ");
        let closed = house.seat("Người ngoài", &[]).await;
        lower(&house, &closed).await;
        let listed = get(&house, &closed, "/api/v1/tasks?limit=500").await;
        assert_eq!(listed.json()["total"], 41);
        assert!(!listed.text.contains("Nội dung nội bộ"));
        let stub = get(&house, &closed, &format!("/api/v1/tasks/{id}")).await.json();
        assert_eq!(
            (stub["stub"].as_bool(), stub.get("fields"), stub.get("clarity")),
            (Some(true), None, None)
        );
        for part in ["history", "reports", "evidence", "extensions", "urges", "ripple?to=2025-12-01"] {
            let answer = get(&house, &closed, &format!("/api/v1/tasks/{id}/{part}")).await;
            assert_eq!(answer.status, 404, "{part}: {}", answer.text);
        }
        let report = json!({"percent": 1, "done": "x"});
        assert_eq!(post(&house, &closed, &format!("/api/v1/tasks/{id}/reports"), &report).await.status, 404);
    });
}

/// Gives a seat the right to contribute to what is open to everybody.
async fn lower(house: &House, seat: &Seat) {
    use platform::identity::store::{Holder, NewGrant, grant};
    let office = seat.office;
    house
        .write(&Author::cli(), move |tx| {
            let new = NewGrant {
                holder: Holder::Office(office),
                unit: None,
                area: "tasks".to_owned(),
                right: Right::Contribute,
                confidentiality: Confidentiality::Normal,
                not_before: tx.now(),
                not_after: None,
                approved_by: None,
            };
            grant(tx, &new)
        })
        .await
        .unwrap();
}

#[test]
fn an_annex_comes_in_over_the_wire() {
    on_both(&crate::migrations(), async |house| {
        seeded(&house).await;
        let seat = house.seat("Tổ thư ký", &[("tasks", Right::Manage)]).await;
        let send = |bytes: Vec<u8>| {
            stranger(Method::POST, "/api/v1/task-imports")
                .header(header::COOKIE, &seat.cookie)
                .header(header::CONTENT_TYPE, "application/octet-stream")
                .body(Body::from(bytes))
                .unwrap()
        };
        let broken = house.call(&routes(), send(b"no".to_vec())).await;
        assert_eq!((broken.status, broken.header("content-type")), (422, "application/problem+json"));
        let huge = house.call(&routes(), send(vec![0; (10 << 20) + 2])).await;
        assert_eq!(huge.status, StatusCode::PAYLOAD_TOO_LARGE.as_u16());
        let register = house.read(|tx| Ok::<_, TaskError>(crate::tasks::Register::load(tx)?)).await.unwrap();
        let tasks: Vec<_> = register.tasks.iter().collect();
        let lang = platform::i18n::Lang::Vi;
        let eyes = crate::tasks::Audience::everywhere(Confidentiality::Internal);
        let plan = crate::tasks::exchange::annex::plan(&register, &tasks, eyes, lang);
        let words = crate::tasks::exchange::words(lang);
        let file = crate::tasks::sheets::write_annex(&plan, &words, register.as_of).unwrap();
        let sent = house.call(&routes(), send(file)).await;
        assert_eq!(sent.status, 201, "{}", sent.text);
        let import = sent.json();
        assert_eq!(
            (import["preview"]["unchanged"].as_u64(), import["ready"].as_bool()),
            (Some(40), Some(false))
        );
        let path = format!("/api/v1/task-imports/{}/confirmation", import["id"].as_str().unwrap());
        let nothing = post(&house, &seat, &path, &json!({"hash": import["preview"]["hash"]})).await;
        assert_eq!(nothing.status, 422, "{}", nothing.text);
        let wrong = post(&house, &seat, &path, &json!({"hash": "0"})).await;
        assert_eq!(wrong.status, 409);
    });
}

#[test]
fn settings_calendar_and_templates_are_verbs_too() {
    on_both(&crate::migrations(), async |house| {
        seeded(&house).await;
        let keeper = house.seat("Tổ Thư ký", &[("tasks", Right::Manage)]).await;
        let reader = house.seat("Chuyên viên", &[("tasks", Right::Read)]).await;
        let put = async |seat: &Seat, path: &str, body: &Value| {
            house.call(&routes(), seat.json(Method::PUT, path, body)).await
        };

        let mut settings = get(&house, &reader, "/api/v1/task-settings").await.json();
        assert_eq!(
            (settings["due_soon_days"].as_u64(), settings["order"][0].as_str()),
            (Some(7), Some("who"))
        );
        settings["due_soon_days"] = json!(3);
        assert_eq!(put(&reader, "/api/v1/task-settings", &settings).await.status, 403);
        assert_eq!(put(&keeper, "/api/v1/task-settings", &settings).await.status, 204);
        // Fewer are due soon at once; the total stays.
        let tally = get(&house, &reader, "/api/v1/tally").await.json();
        assert_eq!(
            (tally["counts"]["total"].as_u64(), tally["counts"]["open"]["due_soon"].as_u64()),
            (Some(40), Some(1))
        );
        // The version has moved on, and a label set that forgets a key is refused.
        assert_eq!(put(&keeper, "/api/v1/task-settings", &settings).await.status, 409);
        settings["version"] = json!(2);
        settings["order"] = json!(["who", "what"]);
        assert_eq!(put(&keeper, "/api/v1/task-settings", &settings).await.status, 422);

        let day = json!({ "kind": "nghi_le", "name": "Nghỉ bù" });
        assert_eq!(put(&keeper, "/api/v1/work-days/2025-10-17", &day).await.status, 204);
        assert_eq!(put(&keeper, "/api/v1/work-days/1900-01-01", &day).await.status, 422);
        let days = get(&house, &reader, "/api/v1/work-days").await.json();
        assert!(days.as_array().unwrap().iter().any(|one| one["day"] == "2025-10-17"));
        let drop = keeper.json(Method::DELETE, "/api/v1/work-days/2025-10-17", &Value::Null);
        assert_eq!(house.call(&routes(), drop).await.status, 204);

        let templates = get(&house, &reader, "/api/v1/task-templates").await.json();
        let codes: Vec<Value> =
            templates[0]["tasks"].as_array().unwrap()[..2].iter().map(|t| t["code"].clone()).collect();
        let path = "/api/v1/task-templates/xa/drafts";
        let made = house.call(&routes(), keyed(&keeper, path, "mau-1", &json!({ "codes": codes }))).await;
        assert_eq!((made.status, made.json()["ids"].as_array().unwrap().len()), (201, 2), "{}", made.text);
        // The same call again makes nothing; another call finds the codes taken.
        let again = house.call(&routes(), keyed(&keeper, path, "mau-1", &json!({ "codes": codes }))).await;
        assert_eq!((again.status, again.text), (201, made.text));
        assert_eq!(post(&house, &keeper, path, &json!({ "codes": codes })).await.status, 422);
        assert_eq!(post(&house, &keeper, path, &json!({ "codes": ["?"] })).await.status, 422);
        assert_eq!(get(&house, &reader, "/api/v1/tasks?limit=500").await.json()["total"], 42);
    });
}
