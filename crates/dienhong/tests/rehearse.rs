//! The rehearsal against a real server: sound when the server is, and not when badges stop opening under its hands.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

mod common;

use std::{
    thread,
    time::{Duration, Instant},
};

use common::{Client, Ended, House, PROGRAM, Server, command, run_with};
use serde_json::{Value, json};

/// When the badges of the demo open.
const MORNING: &str = "2025-10-13T07:15";
/// When the house is filled. The clock of the demo begins anew with the server: what the filling took shall lie behind.
const BEFORE: &str = "2025-10-13T07:10";

struct Stage {
    /// The folder lives as long as the server.
    house: House,
    server: Server,
    token: String,
}

impl Stage {
    fn set() -> Self {
        let house = House::empty();
        house.run(&["demo", "--only-fill", "--on", BEFORE, "--delegates", "60"]).ok();
        let token = house.token("to-thu-ky", &["attendance:manage", "badges:manage"]);
        let mut serve = command(PROGRAM);
        serve.args(["demo", "--on", MORNING, "--no-signer", "--listen", "127.0.0.1:0", "--json"]);
        serve.args(house.flags()).env("DIENHONG_LOG", "error");
        let server =
            Server::start(serve).unwrap_or_else(|error| panic!("the server does not start: {error}"));
        Self { house, server, token }
    }

    fn client(&self) -> Client {
        self.server.with_token(&self.token)
    }

    fn rehearse(&self, more: &[&str]) -> Ended {
        let url = format!("http://{}", self.server.address);
        let args = [&["rehearse", "arrivals", "--server", &url, "--gates", "3", "--json"], more].concat();
        run_with(&args, &[("DIENHONG_TOKEN", &self.token)])
    }

    /// Takes badges away: the copies of these people open nothing any more.
    fn revoke(&self, codes: &[String]) {
        let mut client = self.client();
        let list = client.get("/api/v1/badges?limit=500");
        assert_eq!(list.status, 200, "{}", list.text());
        let list = list.json();
        for one in list["items"].as_array().unwrap() {
            if codes.iter().any(|code| one["code"] == code.as_str()) {
                let step = json!({ "badge": one["id"], "move": "mat", "reason": "Rơi ở nhà" });
                let done = client.json("POST", "/api/v1/badges/moves", &step);
                assert_eq!(done.status, 200, "{}", done.text());
            }
        }
    }
}

fn codes(range: std::ops::RangeInclusive<u32>) -> Vec<String> {
    range.map(|number| format!("DB-{number:04}")).collect()
}

#[test]
fn arrivals_are_played_and_everything_is_as_it_should_be() {
    let stage = Stage::set();
    stage.revoke(&codes(1..=3));
    let more = ["--delegates", "55", "--minutes", "3", "--seed", "11", "--speed", "12", "--loss", "15"];
    let ended = stage.rehearse(&more);
    assert_eq!(ended.code, 0, "{}\n{}\n{}", ended.out, ended.err, stage.server.log());
    let report = ended.json();
    assert_eq!((&report["lost"], &report["wrong"]), (&json!([]), &json!([])), "{report}");
    assert_eq!(report["people"], 55);
    assert_eq!(report["present"][0], report["present"][1]);
    assert!(report["present"][0].as_u64().unwrap() > 40, "{report}");
    let said = |verdict: &str| report["verdicts"][verdict].as_u64().unwrap_or(0);
    assert!(said("admit") >= 55 && said("revoked") == 3 && said("unknown") >= 3, "{}", report["verdicts"]);
    assert!(report["retried"].as_u64().unwrap() > 0, "packets were lost");
    let lanes = report["lanes"].as_array().unwrap();
    assert_eq!(lanes.len(), 3);
    let cut: Vec<&Value> = lanes.iter().filter(|lane| lane["offline_s"].as_f64().unwrap() > 8.0).collect();
    assert_eq!(cut.len(), 1, "one lane was cut off: {lanes:?}");

    // The real roll-call has seen nothing; what the rehearsal made is closed.
    let mut client = stage.client();
    let real = client.get("/api/v1/congress-sessions/tru-bi/attendance").json();
    assert_eq!(real["all"]["present"], 0, "{real}");
    let sessions = client.get("/api/v1/congress-sessions").json();
    let own =
        sessions.as_array().unwrap().iter().find(|one| one["slug"] == report["session"]).unwrap().clone();
    assert_eq!(own["kind"], "sinh_hoat");
    let gates = client.get("/api/v1/gates").json();
    let ours: Vec<&Value> = gates
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["slug"].as_str().unwrap().starts_with("tong-duyet-"))
        .collect();
    assert!(ours.len() == 3 && ours.iter().all(|one| one["is_open"] == false), "{gates}");
    assert_eq!(client.get("/api/v1/gate-devices").json(), json!([]));
    stage.house.verify();
}

#[test]
fn a_server_that_answers_otherwise_than_it_should_is_found_out() {
    let stage = Stage::set();
    // When the doors open, the rehearsal has read the badges already; then most of them are revoked.
    thread::scope(|scope| {
        scope.spawn(|| {
            let (mut client, until) = (stage.client(), Instant::now() + Duration::from_secs(60));
            loop {
                let gates = client.get("/api/v1/gates").text();
                if gates.contains("tong-duyet-3") {
                    break;
                }
                assert!(Instant::now() < until, "{gates}");
                thread::sleep(Duration::from_millis(20));
            }
            stage.revoke(&codes(1..=60));
        });
        let more = ["--delegates", "60", "--minutes", "4", "--seed", "5", "--speed", "8", "--loss", "0"];
        let ended = stage.rehearse(&more);
        assert_eq!(ended.code, 3, "{}\n{}", ended.out, ended.err);
        let report = ended.json();
        let wrong = report["wrong"].as_array().unwrap();
        let told =
            |one: &&Value| one["got"] == "revoked" && one["person"].as_str().unwrap().starts_with("DB-");
        assert!(wrong.iter().filter(told).count() > 10, "{wrong:?}");
        assert!(report["lost"].as_array().unwrap().is_empty());
        assert!(ended.err.contains("wrong"), "{}", ended.err);
    });
}

#[test]
fn a_server_that_somebody_works_with_is_left_alone() {
    let stage = Stage::set();
    let mut client = stage.client();
    let code = client.json("POST", "/api/v1/gates/cong-1/codes", &json!({ "supervisor": false }));
    assert_eq!(code.status, 201, "{}", code.text());
    let code = code.json();
    let told = client.json("POST", "/api/v1/gate-enrolments", &json!({ "code": code["code"] })).json();
    let beat = json!({ "sent": "2026-01-01T00:00:00Z", "offset_ms": 0, "waiting": 0, "revoked_after": 0, "scans": [] });
    let mut device = stage.server.with_token(told["token"].as_str().unwrap());
    assert_eq!(device.json("POST", "/api/v1/gates/cong-1/scans", &beat).status, 200);
    let ended = stage.rehearse(&["--minutes", "1"]);
    assert_eq!(ended.code, 1, "{}", ended.out);
    assert!(ended.err.contains("in use") && ended.err.contains("cong-1"), "{}", ended.err);
    let gates = client.get("/api/v1/gates").text();
    assert!(!gates.contains("tong-duyet"), "nothing was made: {gates}");

    // Without a token it says where one is looked for; more people than badges is said in a sentence.
    let url = format!("http://{}", stage.server.address);
    let none = run_with(&["rehearse", "arrivals", "--server", &url], &[]);
    assert!(none.code == 4 && none.err.contains("DIENHONG_TOKEN"), "{}", none.err);
    let more = stage.rehearse(&["--although-in-use", "--delegates", "5000"]);
    assert!(more.code == 1 && more.err.contains("60 badges open"), "{}", more.err);
}
