//! Every verb of the API, done once: where a table changed, the audit log has grown; a refused call changes nothing.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

mod common;

use std::{
    collections::{BTreeMap, BTreeSet, hash_map::DefaultHasher},
    hash::{Hash as _, Hasher as _},
    thread,
    time::Duration,
};

use common::{Answer, Client, House, http::encode, run, task};
use rusqlite::types::ValueRef;
use serde_json::{Value, json};

/// Verbs that this test cannot bring about yet, and why.
const APART: &[(&str, &str)] = &[
    ("POST /api/v1/paper-checks", "answers about the file it is given and keeps nothing"),
    ("POST /api/v1/paper-checks/corrected", "answers with a copy of the file it is given and keeps nothing"),
    ("POST /api/v1/badges/signed", "needs keys on another machine: done in command_line.rs"),
    ("POST /api/v1/badges/key-lists", "needs keys on another machine: done in command_line.rs"),
    ("POST /api/v1/badges/readings", "reads; that it did is on record, as its own test says"),
    (
        "POST /api/v1/seating/halls/{slug}/pretix",
        "a foreign file has fields of its own; its own test imports, twice",
    ),
    (
        "POST /api/v1/seating/plans/{session}/inheritance",
        "needs a delegate who was replaced after being seated, which its own test does",
    ),
    ("POST /api/v1/gates/{gate}/scans", "only a device that joined may, which its own test does"),
    ("POST /api/v1/gates/{gate}/looks", "answers what a scan would get and keeps nothing"),
    ("POST /api/v1/gates/{gate}/words", "only a supervisor's device may, which its own test does"),
    (
        "POST /api/v1/gates/{gate}/people/{code}/lock",
        "only a credential officer's device may, which its own test does",
    ),
    ("POST /api/v1/gate-enrolments", "names no actor to refuse it to; its own test joins, twice and late"),
    ("POST /api/v1/gate-devices/{device}/end", "the filled house has no device yet"),
    ("POST /api/v1/congress-sessions/{slug}/conflicts", "only scans without a network make one"),
    ("POST /api/v1/jobs/{id}/cancel", "no verb of the API begins a job that lasts long enough to be stopped"),
];

const NOBODY: &str = "0198c6b0-0000-7000-8000-00000000dead";

struct Recorder {
    house: House,
    done: BTreeSet<String>,
}

/// What the database holds: a hash for each table but the log, and how many events the log has.
#[derive(Debug, Clone, PartialEq)]
struct Picture {
    tables: BTreeMap<String, u64>,
    events: i64,
}

impl Recorder {
    fn picture(&self) -> Picture {
        let conn = self.house.sqlite();
        // One snapshot for all tables.
        conn.execute_batch("BEGIN").unwrap();
        let events = conn.query_row("SELECT COUNT(*) FROM audit_event", [], |row| row.get(0)).unwrap();
        let mut tables = BTreeMap::new();
        for table in common::tables(&conn) {
            if table == "audit_event" {
                continue;
            }
            let mut statement = conn.prepare(&format!("SELECT * FROM {table} ORDER BY rowid")).unwrap();
            let columns = statement.column_count();
            let mut rows = statement.query([]).unwrap();
            let mut hash = DefaultHasher::new();
            while let Some(row) = rows.next().unwrap() {
                for index in 0..columns {
                    match row.get_ref(index).unwrap() {
                        ValueRef::Null => 0_u8.hash(&mut hash),
                        ValueRef::Integer(int) => int.hash(&mut hash),
                        ValueRef::Real(real) => real.to_bits().hash(&mut hash),
                        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes.hash(&mut hash),
                    }
                }
            }
            tables.insert(table, hash.finish());
        }
        Picture { tables, events }
    }

    /// Does a verb: first wrongly, which must change nothing, then rightly, which must be on record.
    #[track_caller]
    fn does(&mut self, client: &mut Client, method: &str, route: &str, ids: &[&str], body: &Value) -> Answer {
        let bytes = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        let kind: &[(&str, &str)] =
            if body.is_null() { &[] } else { &[("content-type", "application/json")] };
        self.does_bytes(client, method, route, ids, kind, &bytes)
    }

    #[track_caller]
    fn does_bytes(
        &mut self,
        client: &mut Client,
        method: &str,
        route: &str,
        ids: &[&str],
        kind: &[(&str, &str)],
        bytes: &[u8],
    ) -> Answer {
        let name = format!("{method} {route}");
        let fill = |ids: &[&str]| {
            let mut ids = ids.iter();
            let parts =
                route.split('/').map(|part| if part.starts_with('{') { ids.next().unwrap() } else { part });
            parts.collect::<Vec<_>>().join("/")
        };
        let path = fill(ids);

        // A body that says something else besides, and a thing that is not there.
        let before = self.picture();
        if bytes.first() == Some(&b'{') {
            let mut wrong: Value = serde_json::from_slice(bytes).unwrap();
            wrong["khong_co"] = json!(1);
            let refused = client.again().call(method, &path, kind, wrong.to_string().as_bytes());
            assert_eq!(refused.status, 422, "{name} with an unknown field: {}", refused.text());
        }
        if !ids.is_empty() {
            let nobody: Vec<&str> = ids.iter().map(|_| NOBODY).collect();
            let refused = client.again().call(method, &fill(&nobody), kind, bytes);
            assert!(
                refused.status == 204 || (400..500).contains(&refused.status),
                "{name}: {}",
                refused.status
            );
        }
        let foreign = [("origin", "https://evil.example"), ("content-type", "application/json")];
        let mut stranger = client.again();
        stranger.token = None;
        assert_eq!(stranger.raw(method, &path, &foreign, bytes).unwrap().status, 403, "{name}");
        assert_eq!(self.picture(), before, "{name}: a refused call changed something");

        let answer = client.call(method, &path, kind, bytes);
        assert!((200..300).contains(&answer.status), "{name}: {} {}", answer.status, answer.text());
        let after = self.picture();
        let changed: Vec<_> =
            after.tables.iter().filter(|(table, hash)| before.tables.get(*table) != Some(hash)).collect();
        assert!(!changed.is_empty(), "{name} changed nothing");
        assert!(after.events > before.events, "{name} changed {changed:?} and recorded nothing");
        self.done.insert(name);
        answer
    }
}

fn id_of(answer: &Answer) -> String {
    answer.json()["id"].as_str().unwrap_or_else(|| panic!("{}", answer.text())).to_owned()
}

#[test]
#[allow(clippy::too_many_lines, reason = "one story through every verb")]
fn every_verb_is_on_record() {
    let house = House::filled();
    let server = house.serve_with(&["--no-signer"], &[("DIENHONG_LOG", "error")]);
    let signed = |login: &str| server.sign_in(&house.code(login));
    let (mut admin, mut keeper, mut leader) =
        (signed("quan-tri"), signed("to-thu-ky"), signed("truong-tieu-ban"));
    let mut focal = signed("dau-moi-vp");
    let mut secretary = signed("thu-ky-giao-ban");
    let sessions = |client: &mut Client| -> BTreeSet<String> {
        let list = client.get("/api/v1/sessions").json();
        list["items"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
    };
    let known = sessions(&mut leader);
    let _second = signed("truong-tieu-ban");
    let other = sessions(&mut leader).difference(&known).next().unwrap().clone();
    let surveyors = (signed("khao-sat-1"), signed("khao-sat-2"));
    let mut it = Recorder { house, done: BTreeSet::new() };

    // Identity.
    it.does(&mut leader, "DELETE", "/api/v1/sessions/{id}", &[&other], &Value::Null);
    let unit = id_of(&it.does(
        &mut admin,
        "POST",
        "/api/v1/units",
        &[],
        &json!({ "name": "Tổ thử", "short": "TT" }),
    ));
    it.does(
        &mut admin,
        "PUT",
        "/api/v1/units/{id}",
        &[&unit],
        &json!({ "name": "Tổ thử hai", "short": "TT2" }),
    );
    let office = json!({ "unit_id": unit, "title": "Tổ phó" });
    let office = id_of(&it.does(&mut admin, "POST", "/api/v1/offices", &[], &office));
    let person = json!({ "login": "nguoi-moi", "display_name": "Người mới" });
    let person = id_of(&it.does(&mut admin, "POST", "/api/v1/people", &[], &person));
    it.does(
        &mut admin,
        "POST",
        "/api/v1/people/{id}/assignments",
        &[&person],
        &json!({ "office_id": office }),
    );
    let grant = json!({ "office_id": office, "area": "tasks", "right": "read" });
    let grant = id_of(&it.does(&mut admin, "POST", "/api/v1/grants", &[], &grant));
    it.does(&mut admin, "DELETE", "/api/v1/grants/{id}", &[&grant], &Value::Null);
    it.does(&mut admin, "PATCH", "/api/v1/people/{id}", &[&person], &json!({ "disabled": true }));
    let soon = jiff::Timestamp::now() + std::time::Duration::from_secs(86_400);
    let token = json!({ "name": "máy", "scopes": "tasks:read", "expires": soon });
    let token = id_of(&it.does(&mut admin, "POST", "/api/v1/tokens", &[], &token));
    it.does(&mut admin, "DELETE", "/api/v1/tokens/{id}", &[&token], &Value::Null);

    // A session, a gate and a code for its device.
    let session = json!({ "title": "Tập huấn", "kind": "sinh_hoat", "starts_at": "2025-09-25T01:00:00Z",
        "ends_at": "2025-09-25T04:00:00Z", "version": 1 });
    it.does(&mut keeper, "PUT", "/api/v1/congress-sessions/{slug}", &["tap-huan"], &session);
    let gate =
        json!({ "name": "Cửa thử", "zone": 2, "lane": 1, "direction": "vao", "open": true, "version": 1 });
    it.does(&mut keeper, "PUT", "/api/v1/gates/{gate}", &["cong-1"], &gate);
    it.does(&mut keeper, "POST", "/api/v1/gates/{gate}/codes", &["cong-1"], &json!({ "supervisor": false }));
    let terminal = json!({ "name": "Máy sảnh A", "kind": "webhook" });
    it.does(&mut keeper, "POST", "/api/v1/gates/{gate}/terminals", &["cong-1"], &terminal);
    it.does(&mut keeper, "POST", "/api/v1/terminal-keys", &[], &Value::Null);

    // A plan with two tasks.
    let plan = id_of(&it.does(
        &mut keeper,
        "POST",
        "/api/v1/plans",
        &[],
        &json!({ "code": "KH-THU", "title": "Kế hoạch thử" }),
    ));
    let mut fields = task(&mut keeper, "DB-01")["fields"].clone();
    fields["code"] = json!("THU-1");
    let help = keeper.get("/api/v1/me").json()["unit"].as_str().unwrap().to_owned();
    fields["supports"] = json!([{ "unit": help, "contribution": "tổng hợp" }]);
    let made =
        it.does(&mut keeper, "POST", "/api/v1/tasks", &[], &json!({ "plan": plan, "fields": fields })).json();
    let (first, mut version) = (made["id"].as_str().unwrap().to_owned(), made["version"].as_i64().unwrap());
    fields["code"] = json!("THU-2");
    let made = keeper.json("POST", "/api/v1/tasks", &json!({ "plan": plan, "fields": fields }));
    let second = id_of(&made);
    fields["code"] = json!("THU-1");
    fields["scope"] = json!("Toàn Thành phố");
    let edit = json!({ "version": version, "fields": fields, "reason": "" });
    version = it.does(&mut keeper, "PUT", "/api/v1/tasks/{id}", &[&first], &edit).json()["version"]
        .as_i64()
        .unwrap();
    it.does(
        &mut keeper,
        "POST",
        "/api/v1/tasks/{id}/moves",
        &[&first],
        &json!({ "move": "propose", "version": version }),
    );
    let tie = json!({ "kind": "FS", "lag_days": 1 });
    it.does(&mut keeper, "PUT", "/api/v1/tasks/{id}/dependencies/{before}", &[&second, &first], &tie);
    it.does(
        &mut keeper,
        "DELETE",
        "/api/v1/tasks/{id}/dependencies/{before}",
        &[&second, &first],
        &Value::Null,
    );

    // Following a task that runs.
    let me = focal.get("/api/v1/me").json()["office"].clone();
    let list = focal.get("/api/v1/tasks?limit=500&state=da_tiep_nhan,dang_thuc_hien").json();
    let own = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|task| task["fields"]["focal_office"] == me)
        .unwrap()
        .clone();
    let own_id = own["id"].as_str().unwrap().to_owned();
    let report = json!({ "percent": 64, "done": "đã xong phần đầu" });
    it.does(&mut focal, "POST", "/api/v1/tasks/{id}/reports", &[&own_id], &report);
    let (kind, body) = common::http::multipart(
        &[("kind", "van_ban"), ("note", "")],
        "a.pdf",
        b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n",
    );
    it.does_bytes(
        &mut focal,
        "POST",
        "/api/v1/tasks/{id}/evidence",
        &[&own_id],
        &[("content-type", &kind)],
        &body,
    );
    let later = json!({ "to": "2027-12-01", "reason": "chờ ý kiến" });
    let asked = id_of(&it.does(&mut focal, "POST", "/api/v1/tasks/{id}/extensions", &[&own_id], &later));
    it.does(&mut focal, "POST", "/api/v1/extensions/{id}/withdrawal", &[&asked], &Value::Null);
    let asked = id_of(&focal.json("POST", &format!("/api/v1/tasks/{own_id}/extensions"), &later));
    it.does(&mut leader, "POST", "/api/v1/extensions/{id}/decision", &[&asked], &json!({ "grant": true }));
    it.does(
        &mut keeper,
        "POST",
        "/api/v1/tasks/{id}/urges",
        &[&own_id],
        &json!({ "text": "đề nghị báo cáo" }),
    );
    let path = "/api/v1/tasks/{id}/supports/{unit}/confirmation";
    it.does(&mut keeper, "POST", path, &[&first, &help], &Value::Null);

    // Baselines, filters, feeds, the signed report.
    let baseline = json!({ "plan": plan, "name": "Mốc thử" });
    let baseline = id_of(&it.does(&mut keeper, "POST", "/api/v1/baselines", &[], &baseline));
    it.does(
        &mut leader,
        "POST",
        "/api/v1/baselines/{id}/approval",
        &[&baseline],
        &json!({ "notice": "12-TB/TU" }),
    );
    let filter = json!({ "name": "của tôi", "query": "q=an" });
    let filter = id_of(&it.does(&mut keeper, "POST", "/api/v1/task-filters", &[], &filter));
    it.does(&mut keeper, "DELETE", "/api/v1/task-filters/{id}", &[&filter], &Value::Null);
    let feed = json!({ "kind": "office", "target": me });
    let feed = id_of(&it.does(&mut focal, "POST", "/api/v1/feeds", &[], &feed));
    it.does(&mut focal, "DELETE", "/api/v1/feeds/{id}", &[&feed], &Value::Null);
    let mark = leader.get("/api/v1/task-reports/now").json()["mark"].clone();
    it.does(&mut leader, "POST", "/api/v1/task-reports", &[], &json!({ "mark": mark }));

    // Issuing bodies, numbers, decisions.
    let mut body = json!({ "kind": "party", "name": "Tổ thử", "name_lines": ["TỔ THỬ"], "place": "Thành phố",
        "symbol": "TOTHU", "term": "2025–2030" });
    let issuing = id_of(&it.does(&mut keeper, "POST", "/api/v1/issuing-bodies", &[], &body));
    body["place_short"] = json!("TP.");
    let saved = json!({ "version": 1, "body": body });
    it.does(&mut keeper, "PUT", "/api/v1/issuing-bodies/{id}", &[&issuing], &saved);
    let number = json!({ "body": issuing, "type": "TB", "on": "2025-09-26", "subject": "Thử" });
    let number = id_of(&it.does(&mut keeper, "POST", "/api/v1/paper-numbers", &[], &number));
    let why = json!({ "reason": "ghi nhầm" });
    it.does(&mut keeper, "POST", "/api/v1/paper-numbers/{id}/cancellation", &[&number], &why);
    let mut paper = json!({ "kind": "thong_bao", "number": "31-TB/TOTHU", "issued_on": "2025-09-26",
        "authority": "Trưởng tổ thử", "subject": "Kết luận thử", "points": ["Một việc"] });
    let earlier = id_of(&it.does(&mut keeper, "POST", "/api/v1/decisions", &[], &paper));
    let edit = json!({ "version": 1, "decision": paper });
    paper["number"] = json!("32-TB/TOTHU");
    it.does(&mut keeper, "PUT", "/api/v1/decisions/{id}", &[&earlier], &edit);
    let later = id_of(&keeper.json("POST", "/api/v1/decisions", &paper));
    let supersedes = json!({ "earlier": earlier, "change": "thay_the" });
    it.does(&mut keeper, "POST", "/api/v1/decisions/{id}/changes", &[&later], &supersedes);
    let tie = json!({ "task": first, "relation": "tao", "point": 1 });
    it.does(&mut keeper, "POST", "/api/v1/decisions/{id}/tasks", &[&later], &tie);
    it.does(&mut keeper, "POST", "/api/v1/decisions/{id}/tasks/untie", &[&later], &tie);
    paper["number"] = json!("33-TB/TOTHU");
    let mistake = id_of(&keeper.json("POST", "/api/v1/decisions", &paper));
    it.does(&mut keeper, "DELETE", "/api/v1/decisions/{id}", &[&mistake], &Value::Null);

    // A printer that is not there: that it was tried is on record.
    let mut printer = json!({ "name": "Máy thử", "kind": "zpl", "host": "127.9.9.9", "port": 9109, "dpi": 300,
        "width_mm": 90, "length_mm": 130 });
    let id = id_of(&it.does(&mut keeper, "POST", "/api/v1/printers", &[], &printer));
    (printer["version"], printer["copies"]) = (json!(1), json!(2));
    it.does(&mut keeper, "PUT", "/api/v1/printers/{id}", &[&id], &printer);
    it.does(&mut keeper, "POST", "/api/v1/printers/{id}/test", &[&id], &Value::Null);
    it.does(&mut keeper, "DELETE", "/api/v1/printers/{id}", &[&id], &Value::Null);

    press(&mut it, &mut keeper, &mut leader);
    vehicles(&mut it, &mut keeper, &mut leader);
    seating(&mut it, &mut keeper, &mut leader);
    badges(&mut it, &mut keeper, &mut admin);

    // Settings, calendar, a plan from a template.
    let mut settings = keeper.get("/api/v1/task-settings").json();
    settings["due_soon_days"] = json!(6);
    it.does(&mut keeper, "PUT", "/api/v1/task-settings", &[], &settings);
    let day = json!({ "kind": "nghi_le", "name": "Nghỉ bù" });
    it.does(&mut keeper, "PUT", "/api/v1/work-days/{day}", &["2025-10-17"], &day);
    it.does(&mut keeper, "DELETE", "/api/v1/work-days/{day}", &["2025-10-17"], &Value::Null);
    let codes = json!({ "codes": ["XA-01"] });
    it.does(&mut keeper, "POST", "/api/v1/task-templates/{id}/drafts", &["xa"], &codes);

    // A file that says what the plan said before one task was changed.
    let annex = keeper.get(&format!("/api/v1/task-exports/annex.xlsx?plan={}", encode(&plan)));
    assert_eq!(annex.status, 200, "{}", annex.text());
    let now = task(&mut keeper, "THU-2");
    fields["code"] = json!("THU-2");
    fields["result"] = json!("Báo cáo tổng hợp số liệu đại biểu");
    let edit = json!({ "version": now["version"], "fields": fields, "reason": "" });
    let edited = keeper.json("PUT", &format!("/api/v1/tasks/{second}"), &edit);
    assert_eq!(edited.status, 200, "{}", edited.text());
    let bytes = [("content-type", "application/octet-stream")];
    let thrown = it.does_bytes(&mut keeper, "POST", "/api/v1/task-imports", &[], &bytes, &annex.body);
    it.does(&mut keeper, "DELETE", "/api/v1/task-imports/{id}", &[&id_of(&thrown)], &Value::Null);
    let import = id_of(&keeper.call("POST", "/api/v1/task-imports", &bytes, &annex.body));
    let chosen = json!({ "plan": plan, "new_plan": null, "names": {} });
    let preview = it.does(&mut keeper, "PUT", "/api/v1/task-imports/{id}", &[&import], &chosen).json();
    assert_eq!(preview["ready"], true, "{preview}");
    let yes = json!({ "hash": preview["preview"]["hash"], "reason": "theo phụ lục đã ký" });
    it.does(&mut keeper, "POST", "/api/v1/task-imports/{id}/confirmation", &[&import], &yes);

    let table = "Họ và tên,Diện tham dự\nLê Văn Mẫu,Khách mời\n";
    it.does_bytes(&mut keeper, "POST", "/api/v1/participants/import", &[], &bytes, table.as_bytes());

    credentials(&mut it, &mut keeper, &mut leader);
    the_roll(&mut it, &mut keeper);
    choose_a_venue(&mut it, &mut keeper, &mut leader, surveyors, &plan);
    weekly_briefing(&mut it, &mut secretary, &mut leader);

    // The same call again changes nothing, not even the log.
    let body = json!({ "percent": 65, "done": "một lần" });
    let path = format!("/api/v1/tasks/{own_id}/reports");
    let once = focal.keyed("POST", &path, "khoa-1", &body).unwrap();
    let before = it.picture();
    let again = focal.keyed("POST", &path, "khoa-1", &body).unwrap();
    assert_eq!(
        (once.status, once.body, again.header("idempotency-replayed")),
        (201, again.body.clone(), "true")
    );
    let refused = focal.keyed("POST", &path, "khoa-1", &json!({ "percent": 66, "done": "hai lần" })).unwrap();
    assert_eq!(refused.status, 422, "{}", refused.text());
    assert_eq!(it.picture(), before);

    // Every verb that the document describes was done.
    let document = run(&["openapi"]).ok().json();
    let mut missing = Vec::new();
    for (path, verbs) in document["paths"].as_object().unwrap() {
        for verb in ["post", "put", "patch", "delete"] {
            let name = format!("{} {path}", verb.to_uppercase());
            let apart = APART.iter().any(|(known, _)| *known == name);
            if verbs.get(verb).is_some() && !apart && !it.done.contains(&name) {
                missing.push(name);
            }
        }
    }
    assert!(missing.is_empty(), "do these once in this test: {missing:?}");
    it.house.verify();
    println!("{} verbs, each refused first and then done", it.done.len());
}

/// Two people freeze the roll; a report is counted, issued and decided about.
fn credentials(it: &mut Recorder, keeper: &mut Client, leader: &mut Client) {
    let mark = json!({ "code": "DB-0001", "kind": "out", "method": "manual" });
    it.does(keeper, "POST", "/api/v1/congress-sessions/{slug}/marks", &["tap-huan"], &mark);
    let asked = it.does(keeper, "POST", "/api/v1/credentials/freezes", &[], &json!({})).json();
    let request = asked["request"].as_str().unwrap();
    let waiting = leader.get("/api/v1/approvals").json();
    let shown = waiting["items"].as_array().unwrap().iter().find(|one| one["id"] == request).unwrap();
    let yes = json!({ "approved": true, "payload_hash": shown["payload_hash"] });
    it.does(leader, "POST", "/api/v1/approvals/{id}/decision", &[request], &yes);
    let complete = "/api/v1/credentials/freeze-requests/{id}/complete";
    it.does(keeper, "POST", complete, &[request], &Value::Null);
    let case = json!({ "code": "DB-0002", "subject": "Đơn về lý lịch" });
    it.does(keeper, "POST", "/api/v1/credentials/cases", &[], &case);
    let report = json!({ "freeze": 1, "session": "tap-huan", "as_of": "2025-09-25T04:00:00Z" });
    it.does(keeper, "POST", "/api/v1/credentials/reports", &[], &report);
    let issued = keeper.get("/api/v1/credentials/reports/1").json();
    let base = issued["present"].as_u64().unwrap();
    let vote = json!({ "base": base, "agree": base - 1, "disagree": 0, "other": 1 });
    it.does(keeper, "POST", "/api/v1/credentials/reports/{no}/vote", &["1"], &vote);
}

/// Every verb of venues: one is nominated, measured, surveyed by two; another is chosen, taken over, given back.
fn choose_a_venue(
    it: &mut Recorder,
    keeper: &mut Client,
    leader: &mut Client,
    (mut one, mut two): (Client, Client),
    plan: &str,
) {
    let new = json!({ "code": "E", "name": "Nhà thi đấu" });
    let venue = id_of(&it.does(keeper, "POST", "/api/v1/venues", &[], &new));
    let version = |client: &mut Client, id: &str| {
        client.get(&format!("/api/v1/venues/{id}")).json()["venue"]["version"].clone()
    };
    let edit =
        json!({ "version": version(keeper, &venue), "fields": { "code": "E", "name": "Nhà thi đấu lớn" } });
    it.does(keeper, "PUT", "/api/v1/venues/{id}", &[&venue], &edit);
    let survey = json!({ "version": version(keeper, &venue), "move": "survey" });
    it.does(keeper, "POST", "/api/v1/venues/{id}/moves", &[&venue], &survey);
    let mut space = json!({ "name": "Sân chính", "used_as": "hoi_truong", "main": true, "seats": 900 });
    let id = id_of(&it.does(keeper, "POST", "/api/v1/venues/{id}/spaces", &[&venue], &space));
    space["volume_m3"] = json!(9_000);
    let edit = json!({ "version": 1, "fields": space });
    it.does(keeper, "PUT", "/api/v1/venue-spaces/{id}", &[&id], &edit);
    it.does(keeper, "DELETE", "/api/v1/venue-spaces/{id}", &[&id], &Value::Null);
    let gate = json!({ "result": "dat", "evidence": "BB 12" });
    it.does(keeper, "PUT", "/api/v1/venues/{id}/gates/{code}", &[&venue, "K2"], &gate);
    let (kind, drawing) =
        common::http::multipart(&[("kind", "ban_ve")], "a.pdf", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n");
    let kind = [("content-type", kind.as_str())];
    let photos = "/api/v1/venues/{id}/photos";
    let photo = id_of(&it.does_bytes(keeper, "POST", photos, &[&venue], &kind, &drawing));
    it.does(keeper, "DELETE", "/api/v1/venue-photos/{id}", &[&photo], &Value::Null);

    // Two offices survey; one of them on two devices that disagree.
    let round = keeper.get("/api/v1/venue-rounds").json()[0]["id"].clone();
    let ask = |client: &mut Client| json!({ "round": round, "venue": venue, "office": client.get("/api/v1/me").json()["office"] });
    let form = id_of(&it.does(keeper, "POST", "/api/v1/venue-surveys", &[], &ask(&mut one)));
    let other = id_of(&keeper.json("POST", "/api/v1/venue-surveys", &ask(&mut two)));
    let batch = |device: &str, value: u8| {
        let records: Vec<Value> = (1..=11)
            .map(|no| {
                json!({ "sequence": no, "written_at": "2025-09-26T02:00:00Z",
                    "content": { "kind": "rating", "code": format!("T{no}"), "value": value } })
            })
            .collect();
        json!({ "device": device, "records": records })
    };
    let records = "/api/v1/venue-surveys/{id}/records";
    it.does(&mut one, "POST", records, &[&form], &batch("m1", 9));
    let mut late = batch("m2", 8);
    late["records"].as_array_mut().unwrap().truncate(1);
    let cases = one.json("POST", &format!("/api/v1/venue-surveys/{form}/records"), &late).json();
    assert_eq!(cases["cases"][0]["subject"], "rating/T1", "{cases}");
    let choice = json!({ "subject": "rating/T1", "chosen": 12, "seen": 12, "reason": "đếm lại" });
    it.does(&mut one, "POST", "/api/v1/venue-surveys/{id}/choices", &[&form], &choice);
    let (kind, evidence) = common::http::multipart(
        &[("kind", "minh_chung"), ("device", "m1"), ("sequence", "40")],
        "a.pdf",
        b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n",
    );
    let kind = [("content-type", kind.as_str())];
    it.does_bytes(&mut one, "POST", "/api/v1/venue-surveys/{id}/photos", &[&form], &kind, &evidence);
    it.does(&mut one, "POST", "/api/v1/venue-surveys/{id}/hand-in", &[&form], &Value::Null);
    two.json("POST", &format!("/api/v1/venue-surveys/{other}/records"), &batch("m3", 3));
    let handed = two.call("POST", &format!("/api/v1/venue-surveys/{other}/hand-in"), &[], &[]);
    assert_eq!(handed.status, 204, "{}", handed.text());
    let talk = json!({ "note": "hai cách đo khác nhau" });
    it.does(keeper, "POST", "/api/v1/venues/{id}/discussions/{code}", &[&venue, "T1"], &talk);

    // Another version of the criteria, a recommendation that comes back, one that is signed.
    let criteria = keeper.get("/api/v1/venue-criteria/2").json()["criteria"].clone();
    let criteria = json!({ "after": 2, "reason": "rà soát", "criteria": criteria });
    it.does(keeper, "POST", "/api/v1/venue-criteria", &[], &criteria);
    let all = keeper.get("/api/v1/venues").json();
    let a = all.as_array().unwrap().iter().find(|venue| venue["code"] == "A").unwrap()["id"].clone();
    let a = a.as_str().unwrap();
    let best = json!({ "venue": a, "reason": "điểm cao nhất" });
    let first = id_of(&it.does(keeper, "POST", "/api/v1/venue-recommendations", &[], &best));
    let why = json!({ "reason": "bổ sung" });
    it.does(leader, "POST", "/api/v1/venue-recommendations/{id}/return", &[&first], &why);
    let second = id_of(&keeper.json("POST", "/api/v1/venue-recommendations", &best));
    let shown = leader.get(&format!("/api/v1/venue-recommendations/{second}")).json();
    let sign = json!({
        "venue": a, "sha256": shown["recommendation"]["sha256"],
        "works": [{ "plan": plan, "fields": { "code": "THU-9", "what": "Mượn hai màn hình" } }]
    });
    it.does(leader, "POST", "/api/v1/venue-recommendations/{id}/signature", &[&second], &sign);
    let (kind, wall) = common::http::multipart(&[("kind", "truoc")], "a.png", &common::picture());
    let kind = [("content-type", kind.as_str())];
    let shot = keeper.call("POST", &format!("/api/v1/venues/{a}/photos"), &kind, &wall);
    assert_eq!(shot.status, 201, "{}", shot.text());
    let over = json!({
        "kind": "ban_giao", "on_day": "2025-10-08", "other_party": "Học viện", "condition": "còn tốt"
    });
    it.does(keeper, "POST", "/api/v1/venues/{id}/handovers", &[a], &over);

    let round = round.as_str().unwrap();
    it.does(keeper, "POST", "/api/v1/venue-rounds/{id}/closing", &[round], &Value::Null);
    let next = json!({ "name": "Đợt 2", "people": 700, "reserve": 5 });
    it.does(keeper, "POST", "/api/v1/venue-rounds", &[], &next);
}

/// Two delegates, of whom an alternate takes the place of the other.
fn the_roll(it: &mut Recorder, keeper: &mut Client) {
    let delegate = json!({ "category": "dai_bieu", "name": "Nguyễn Văn Mẫu", "standing": "duoc_bau" });
    let first = it.does(keeper, "POST", "/api/v1/participants", &[], &delegate).json();
    let first = first["code"].as_str().unwrap();
    let mut alternate = delegate.clone();
    (alternate["name"], alternate["alternate"]) = (json!("Trần Thị Mẫu"), json!(true));
    let second = keeper.json("POST", "/api/v1/participants", &alternate).json();
    let second = second["code"].as_str().unwrap();
    let mut change = delegate.clone();
    (change["version"], change["position"]) = (json!(1), json!("Bí thư"));
    it.does(keeper, "PUT", "/api/v1/participants/{code}", &[first], &change);
    let made = keeper.form("/dai-bieu/to/luu", &[("no", "97")]);
    assert_eq!(made.status, 303, "{}", made.text());
    let seat = json!({ "version": 2, "group": 97 });
    it.does(keeper, "PUT", "/api/v1/participants/{code}/group", &[first], &seat);
    let pair = json!({ "one": first, "other": second, "verdict": "khac" });
    it.does(keeper, "POST", "/api/v1/participant-pairs", &[], &pair);
    let yes = json!({ "comes": true });
    it.does(keeper, "POST", "/api/v1/participants/{code}/answers", &[first], &yes);
    let replaced = json!({ "by": second, "version": 4, "decision": "1-QĐ/TU", "decided_on": "2025-01-02",
        "reason": "Chuyển công tác" });
    it.does(keeper, "POST", "/api/v1/participants/{code}/replacements", &[first], &replaced);
    // The letters of guests, the number of those to delegates, a letter that is taken back.
    let mut words = keeper.get("/api/v1/letters/khach_moi").json();
    words["closing"] = json!("Rất mong được đón tiếp");
    it.does(keeper, "PUT", "/api/v1/letters/{category}", &["khach_moi"], &words);
    let mut words = keeper.get("/api/v1/letters/dai_bieu").json();
    let body = keeper.get("/api/v1/issuing-bodies").json();
    let body = body.as_array().or_else(|| body["items"].as_array()).unwrap()[0]["id"].clone();
    (words["body"], words["issued_on"]) = (body, json!("2025-09-20"));
    let saved = keeper.json("PUT", "/api/v1/letters/dai_bieu", &words);
    assert_eq!(saved.status, 204, "{}", saved.text());
    it.does(keeper, "POST", "/api/v1/letters/{category}/number", &["dai_bieu"], &Value::Null);
    let job = it.does(keeper, "POST", "/api/v1/letters", &[], &json!({ "codes": [second] })).json();
    let job = format!("/api/v1/jobs/{}", job["job"].as_str().unwrap());
    // What it changes shall not be taken for the work of the verbs that follow.
    for _ in 0..300 {
        if keeper.get(&job).json()["state"] == "done" {
            break;
        }
        thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(keeper.get(&job).json()["state"], "done");
    let made = keeper.form(&format!("/dai-bieu/{second}/thu"), &[("as", "docx")]);
    assert_eq!(made.status, 200, "{}", made.status);
    it.does(keeper, "POST", "/api/v1/participants/{code}/letter-revocation", &[second], &Value::Null);
    let gone = json!({ "version": 2, "reason": "Nhập nhầm" });
    it.does(keeper, "POST", "/api/v1/participants/{code}/withdrawal", &[second], &gone);
}

/// A meeting from its series to its notice; the secretary keeps it, the leader signs.
fn weekly_briefing(it: &mut Recorder, secretary: &mut Client, leader: &mut Client) {
    let office = |client: &mut Client, what: &str| client.get("/api/v1/me").json()[what].clone();
    let (unit, chair, keeper) =
        (office(leader, "unit"), office(leader, "office"), office(secretary, "office"));
    let mut series = json!({
        "unit": unit, "title": "Giao ban thử", "chair_office": chair, "secretary_office": keeper,
        "cadence": { "weekday": 5, "time": "16:30", "cutoff_weekday": 4, "cutoff_time": "16:00" },
        "members": [chair],
    });
    let id = id_of(&it.does(secretary, "POST", "/api/v1/briefing-series", &[], &series));
    (series["version"], series["place"]) = (json!(1), json!("Phòng họp A"));
    it.does(secretary, "PUT", "/api/v1/briefing-series/{id}", &[&id], &series);
    let mut meeting = json!({
        "at": "2027-12-03T16:30:00", "cutoff_at": "2027-12-02T16:00:00",
        "chair_office": chair, "secretary_office": keeper,
    });
    let set = it.does(secretary, "POST", "/api/v1/briefing-series/{id}/briefings", &[&id], &meeting).json();
    let id = set["id"].as_str().unwrap().to_owned();
    let now = |client: &mut Client| client.get(&format!("/api/v1/briefings/{id}")).json()["version"].clone();
    (meeting["version"], meeting["place"]) = (now(secretary), json!("Phòng họp B"));
    it.does(secretary, "PUT", "/api/v1/briefings/{id}", &[&id], &meeting);

    let route = "/api/v1/briefings/{id}/agenda";
    let first = id_of(&it.does(secretary, "POST", route, &[&id], &json!({ "title": "Việc thứ nhất" })));
    let second = id_of(&secretary.json(
        "POST",
        &format!("/api/v1/briefings/{id}/agenda"),
        &json!({ "title": "Việc hai" }),
    ));
    let third = id_of(&secretary.json(
        "POST",
        &format!("/api/v1/briefings/{id}/agenda"),
        &json!({ "title": "Việc ba" }),
    ));
    let route = "/api/v1/briefings/{id}/agenda/{item}";
    let edit = json!({ "version": 0, "item": { "title": "Việc thứ nhất", "minutes": 5 } });
    it.does(secretary, "PUT", route, &[&id, &first], &edit);
    let route = "/api/v1/briefings/{id}/agenda/{item}/removal";
    it.does(secretary, "POST", route, &[&id, &third], &json!({ "version": 0 }));
    it.does(secretary, "POST", "/api/v1/briefings/{id}/snapshot", &[&id], &Value::Null);
    let order = json!({ "ids": [second, first] });
    it.does(secretary, "PUT", "/api/v1/briefings/{id}/agenda-order", &[&id], &order);
    let office = chair.as_str().unwrap();
    let came = json!({ "presence": "co_mat" });
    it.does(secretary, "PUT", "/api/v1/briefings/{id}/attendance/{office}", &[&id, office], &came);
    let open = json!({ "step": "open", "version": now(secretary) });
    it.does(secretary, "POST", "/api/v1/briefings/{id}/moves", &[&id], &open);
    it.does(secretary, "PUT", "/api/v1/briefings/{id}/current", &[&id], &json!({ "item": first }));
    let route = "/api/v1/briefings/{id}/agenda/{item}/state";
    it.does(secretary, "PUT", route, &[&id, &first], &json!({ "state": "chuyen_sang" }));

    let typed = json!({ "typed": "Rà soát /hạn 1/12/2027, báo cáo /hạn 3/12/2027", "disposition": "khong_phat_sinh" });
    let route = "/api/v1/briefings/{id}/conclusions";
    let one = id_of(&it.does(secretary, "POST", route, &[&id], &typed));
    let two = id_of(&secretary.json("POST", &format!("/api/v1/briefings/{id}/conclusions"), &typed));
    let mut edit = typed.clone();
    (edit["version"], edit["typed"]) =
        (json!(1), json!("Rà soát lại /hạn 1/12/2027, báo cáo /hạn 3/12/2027"));
    it.does(secretary, "PUT", "/api/v1/briefings/{id}/conclusions/{conclusion}", &[&id, &one], &edit);
    for (verb, version, conclusion) in
        [("removal", 2, &one), ("restoration", 3, &one), ("parts", 4, &one), ("milestones", 1, &two)]
    {
        let route = format!("/api/v1/briefings/{{id}}/conclusions/{{conclusion}}/{verb}");
        it.does(secretary, "POST", &route, &[&id, conclusion], &json!({ "version": version }));
    }
    let order = json!({ "ids": [two] });
    it.does(secretary, "PUT", "/api/v1/briefings/{id}/conclusion-order", &[&id], &order);

    let close = json!({ "step": "close", "version": now(secretary) });
    let closed = secretary.json("POST", &format!("/api/v1/briefings/{id}/moves"), &close);
    assert_eq!(closed.status, 200, "{}", closed.text());
    let mark = leader.get(&format!("/api/v1/briefings/{id}/signature")).json()["mark"].clone();
    it.does(leader, "POST", "/api/v1/briefings/{id}/signature", &[&id], &json!({ "mark": mark }));
    let mut record =
        json!({ "reason": "Ghi nhầm", "corrections": [{ "conclusion": 1, "text": "Đọc lại là ba tổ" }] });
    it.does(secretary, "POST", "/api/v1/briefings/{id}/supplements", &[&id], &record);
    (record["version"], record["reason"]) = (json!(1), json!("Ghi nhầm số tổ"));
    it.does(secretary, "PUT", "/api/v1/briefings/{id}/supplements/{no}", &[&id, "1"], &record);
    let route = "/api/v1/briefings/{id}/supplements/{no}/signature";
    it.does(leader, "POST", route, &[&id, "1"], &json!({ "version": 2 }));
    let notice = json!({ "on": "2027-12-03", "subject": "Kết luận giao ban thử" });
    it.does(secretary, "POST", "/api/v1/briefings/{id}/notice", &[&id], &notice);
    let report = json!({ "on": "2027-12-03", "subject": "Báo cáo tuần thử" });
    it.does(secretary, "POST", "/api/v1/briefings/{id}/report", &[&id], &report);
}

/// An agency nominates; both vettings; an exception; a withdrawal.
fn press(it: &mut Recorder, keeper: &mut Client, leader: &mut Client) {
    let deadline = jiff::Timestamp::now() + std::time::Duration::from_secs(86_400);
    let agency = json!({ "name": "Báo Thử", "kind": "dia_phuong", "quota": 2, "deadline": deadline });
    let made = it.does(keeper, "POST", "/api/v1/press-agencies", &[], &agency).json();
    let no = made["no"].to_string();
    let batch = json!({ "quota": 3, "deadline": deadline });
    it.does(keeper, "POST", "/api/v1/press-agencies/{no}/batches", &[&no], &batch);
    let exception = json!({ "batch": 1, "places": 1, "basis": "Ý kiến chỉ đạo" });
    it.does(leader, "POST", "/api/v1/press-agencies/{no}/exceptions", &[&no], &exception);
    let people = json!({ "batch": 1, "people": [
        { "name": "Phóng viên Thử", "role": "phong_vien", "card": "T-1" },
        { "name": "Kỹ thuật Thử", "role": "ky_thuat", "equipment": "xe màu" } ] });
    let made = it.does(keeper, "POST", "/api/v1/press-agencies/{no}/nominations", &[&no], &people).json();
    let (first, second) = (made["numbers"][0].to_string(), made["numbers"][1].to_string());
    let edit = json!({ "version": 1, "name": "Phóng viên Thử", "role": "phong_vien", "card": "T-2" });
    it.does(keeper, "PUT", "/api/v1/press-nominations/{no}", &[&first], &edit);
    let route = "/api/v1/press-nominations/{no}/first-vetting";
    it.does(keeper, "POST", route, &[&first], &Value::Null);
    let route = "/api/v1/press-nominations/{no}/second-vetting";
    it.does(leader, "POST", route, &[&first], &json!({ "result": "dat" }));
    it.does(keeper, "POST", "/api/v1/press-nominations/{no}/withdrawal", &[&second], &Value::Null);
}

/// A vehicle with its parking lot and the life of its pass.
fn vehicles(it: &mut Recorder, keeper: &mut Client, leader: &mut Client) {
    let lot = json!({ "code": "T1", "name": "Bãi thử", "capacity": 5 });
    it.does(keeper, "POST", "/api/v1/parking-lots", &[], &lot);
    let days = leader.get("/api/v1/badges?limit=1").json()["items"][0].clone();
    let mut vehicle = json!({ "plate": "51A-123.45", "kind": "xe_con", "unit": "Tổ thử", "lot": "T1",
        "first_day": days["first_day"], "last_day": days["last_day"] });
    let no = it.does(keeper, "POST", "/api/v1/vehicles", &[], &vehicle).json()["no"].to_string();
    (vehicle["version"], vehicle["plate"]) = (json!(1), json!("51A-123.46"));
    it.does(keeper, "PUT", "/api/v1/vehicles/{no}", &[&no], &vehicle);
    let one = json!({ "vehicles": [no.parse::<u32>().unwrap()] });
    it.does(keeper, "POST", "/api/v1/vehicle-passes/requests", &[], &one);
    it.does(leader, "POST", "/api/v1/vehicle-passes/approvals", &[], &one);
    let made = it.does(keeper, "POST", "/api/v1/vehicle-passes/prints", &[], &one).json();
    let lost = json!({ "pass": made["passes"][0]["id"], "move": "mat", "reason": "Rơi" });
    it.does(keeper, "POST", "/api/v1/vehicles/{no}/pass-moves", &[&no], &lost);
    it.does(keeper, "POST", "/api/v1/vehicles/{no}/new-pass", &[&no], &Value::Null);
    it.does(keeper, "POST", "/api/v1/vehicles/{no}/withdrawal", &[&no], &Value::Null);
}

/// A hall drawn anew, and the plan of a session that had none.
fn seating(it: &mut Recorder, keeper: &mut Client, leader: &mut Client) {
    let hall = keeper.get("/api/v1/seating/halls/hoi-truong-lon").json();
    let again = json!({ "version": hall["version"], "name": "Hội trường lớn", "source": hall["source"] });
    it.does(keeper, "PUT", "/api/v1/seating/halls/{slug}", &["hoi-truong-lon"], &again);
    let plan = json!({ "hall": "hoi-truong-lon", "stage": true });
    it.does(keeper, "PUT", "/api/v1/seating/plans/{session}", &["tap-huan"], &plan);
    let version = |version: i64| json!({ "version": version });
    let route = "/api/v1/seating/plans/{session}/assignment";
    it.does(keeper, "POST", route, &["tap-huan"], &version(1));
    let seats = keeper.get("/api/v1/seating/plans/tap-huan/seats?limit=2").json();
    let code = |at: usize| seats["items"][at]["person"].clone();
    let off = json!({ "moves": [{ "person": code(0) }] });
    it.does(keeper, "POST", "/api/v1/seating/plans/{session}/moves", &["tap-huan"], &off);
    let pin = json!({ "person": code(1), "pinned": true });
    it.does(keeper, "PUT", "/api/v1/seating/plans/{session}/pins", &["tap-huan"], &pin);
    it.does(keeper, "POST", "/api/v1/seating/plans/{session}/clearing", &["tap-huan"], &version(4));
    let published = json!({ "version": 5, "published": true });
    it.does(leader, "PUT", "/api/v1/seating/plans/{session}/publication", &["tap-huan"], &published);
}

/// The life of the badge of who was accredited, and a request for somebody who has none.
fn badges(it: &mut Recorder, keeper: &mut Client, admin: &mut Client) {
    let guest = json!({ "codes": ["KM-0001"] });
    it.does(keeper, "POST", "/api/v1/badges/requests", &[], &guest);
    let list = keeper.get("/api/v1/badges?limit=500").json();
    let press = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["state"] == "de_nghi" && one["category"] == "bao_chi");
    let one = json!({ "codes": [press.unwrap()["code"]] });
    it.does(admin, "POST", "/api/v1/badges/approvals", &[], &one);
    let made = it.does(keeper, "POST", "/api/v1/badges/prints", &[], &one).json();
    let lost = json!({ "badge": made["badges"][0]["id"], "move": "mat", "reason": "Rơi" });
    it.does(keeper, "POST", "/api/v1/badges/moves", &[], &lost);
    it.does(keeper, "POST", "/api/v1/badges/reissues", &[], &json!({ "code": press.unwrap()["code"] }));
}
