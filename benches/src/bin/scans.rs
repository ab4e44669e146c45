//! Gates over HTTP on the release binary: scans that are decided, durable and on the record through 64 connections,
//! beside SQLite's own group commit on the same disk; the merge of 5,000 scans of a lane that was cut off; the whole
//! list of 5,000 people, and what changed since. The client shares the machine's cores with the server.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::cast_precision_loss,
    reason = "a benchmark that cannot go on shall stop"
)]

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use benches::{
    Server, cpu,
    http::{Conn, Load, load, request},
    median, memory, ms, percentile, run, scratch,
};
use jiff::Timestamp;
use serde_json::{Value, json};

const CONNECTIONS: usize = 64;
const RUNS: usize = 3;
const TIME: Duration = Duration::from_secs(3);
/// The hall, as the demo has it.
const ZONE: u8 = 2;
/// The morning of the preparatory session, when the badges open.
const MORNING: &str = "2025-10-13T07:15";
/// When the house is filled: the clock of the demo begins anew with the server.
const BEFORE: &str = "2025-10-13T06:55";

/// A lane with the device that joined it.
struct Lane {
    gate: String,
    token: String,
}

/// The server's clock, counted on from one answer.
#[derive(Clone, Copy)]
struct Clock {
    at: Timestamp,
    since: Instant,
}

impl Clock {
    fn now(self) -> Timestamp {
        self.at + self.since.elapsed()
    }
}

async fn ask(conn: &mut Conn, token: &str, method: &str, path: &str, body: &Value) -> Value {
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    let (status, _, answer) = conn.call(&request(method, path, &headers, body.to_string().as_bytes())).await;
    assert!((200..300).contains(&status), "{method} {path}: {status} {}", String::from_utf8_lossy(&answer));
    serde_json::from_slice(&answer).unwrap_or_default()
}

/// The digits of all badges that open.
async fn codes(conn: &mut Conn, token: &str) -> Vec<String> {
    let (mut all, mut after) = (Vec::new(), Value::Null);
    loop {
        let body = json!({ "limit": 1000, "after": after });
        let page = ask(conn, token, "POST", "/api/v1/badges/readings", &body).await;
        for one in page["items"].as_array().unwrap() {
            if one["opens"] == true {
                all.push(one["digits"].as_str().unwrap().to_owned());
            }
        }
        after = page["next"].clone();
        if after.is_null() {
            return all;
        }
    }
}

async fn lanes(conn: &mut Conn, token: &str, count: usize) -> Vec<Lane> {
    let mut all = Vec::new();
    for n in 1..=count {
        let gate = format!("do-{n}");
        let body = json!({ "name": gate, "zone": ZONE, "lane": n + 10, "direction": "hai_chieu", "open": true,
            "sessions": ["tru-bi"], "version": 0 });
        ask(conn, token, "PUT", &format!("/api/v1/gates/{gate}"), &body).await;
        let code =
            ask(conn, token, "POST", &format!("/api/v1/gates/{gate}/codes"), &json!({ "supervisor": false }))
                .await;
        let told =
            ask(conn, token, "POST", "/api/v1/gate-enrolments", &json!({ "code": code["code"] })).await;
        all.push(Lane { gate, token: told["token"].as_str().unwrap().to_owned() });
    }
    all
}

fn scan(seq: usize, at: Timestamp, out: bool, code: &str, alone: bool) -> Value {
    json!({ "seq": seq, "at": at, "kind": if out { "out" } else { "in" }, "method": "qr", "pass": code,
        "mode": if alone { "co_lap" } else { "truc_tuyen" }, "opened": alone })
}

fn body(now: Timestamp, after: Timestamp, scans: &[Value]) -> Value {
    json!({ "sent": now, "offset_ms": 0, "waiting": 0, "revoked_after": 0, "moves_after": after, "scans": scans })
}

async fn measured(
    server: &Server,
    make: impl Fn(usize, usize) -> Vec<u8> + Send + Sync + 'static,
) -> (Load, Duration) {
    let used = cpu(server.pid());
    let load = load(server.address, CONNECTIONS, TIME, 200, make).await;
    (load, cpu(server.pid()) - used)
}

/// What was decided, by verdict.
fn verdicts(data: &Path) -> String {
    let conn = rusqlite::Connection::open(data.join("dienhong.db")).unwrap();
    let mut statement =
        conn.prepare("SELECT verdict, COUNT(*) FROM gate_scan GROUP BY verdict ORDER BY 2 DESC").unwrap();
    let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?))).unwrap();
    rows.map(Result::unwrap).map(|(name, count)| format!("{name} {count}")).collect::<Vec<_>>().join(", ")
}

async fn scans(server: &Server, data: &Path, token: &str, codes: &[String]) {
    let mut conn = Conn::open(server.address).await;
    let lanes = Arc::new(lanes(&mut conn, token, CONNECTIONS).await);
    let clock = clock(&mut conn, token).await;
    let codes: Arc<[String]> = codes.into();
    let (mut ours, mut limits) = (Vec::new(), Vec::new());
    for run in 0..RUNS {
        let (lanes, codes, after) = (lanes.clone(), codes.clone(), clock.now());
        let make = move |worker: usize, number: usize| {
            let lane = &lanes[worker];
            // Each connection has its own people: in, out, then the next.
            let own = codes.len() / CONNECTIONS;
            let code = &codes[worker * own + (number / 2) % own];
            let now = clock.now();
            let scan = scan(run * 1_000_000 + number + 1, now, number % 2 == 1, code, false);
            let bearer = format!("Bearer {}", lane.token);
            let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
            let body = body(now, after, &[scan]).to_string();
            request("POST", &format!("/api/v1/gates/{}/scans", lane.gate), &headers, body.as_bytes())
        };
        ours.push(measured(server, make).await);
        limits.push(group_limit(data));
    }
    let of = |pick: &dyn Fn(&(Load, Duration)) -> f64| median(ours.iter().map(pick).collect());
    let (rate, limit) = (of(&|(load, _)| load.rate), median(limits));
    println!(
        "one scan, decided, durable, on the record    {rate:>8.0}/s  p50 {:>7.2} ms  p99 {:>7.2} ms  {:>6.3} ms server CPU each",
        of(&|(load, _)| ms(percentile(&load.times, 0.5))),
        of(&|(load, _)| ms(percentile(&load.times, 0.99))),
        of(&|(load, used)| ms(*used) / load.times.len() as f64),
    );
    println!(
        "  bare SQLite, 64 × (two rows with their indexes, one line of a log) a commit, same disk: {limit:.0}/s → {:.0} % of it",
        100.0 * rate / limit
    );
    println!("  verdicts: {}; RSS {} kB", verdicts(data), memory(server.pid(), "VmRSS"));
}

/// The rows of a scan a second with 64 scans in one durable commit and nothing else: two rows with as many indexes,
/// and one line of a log.
fn group_limit(data: &Path) -> f64 {
    let conn = rusqlite::Connection::open(data.join(format!("limit-{}.db", uuid::Uuid::new_v4()))).unwrap();
    conn.execute_batch(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=2000;
         CREATE TABLE a(id TEXT PRIMARY KEY, who TEXT NOT NULL, device TEXT NOT NULL, seq INTEGER NOT NULL,
           at INTEGER NOT NULL, body TEXT NOT NULL, UNIQUE(device, seq)) STRICT;
         CREATE INDEX a_who ON a(who); CREATE INDEX a_at ON a(at);
         CREATE TABLE b(id TEXT PRIMARY KEY, device TEXT NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL,
           body TEXT NOT NULL, UNIQUE(device, seq)) STRICT;
         CREATE INDEX b_at ON b(at);
         CREATE TABLE log(seq INTEGER PRIMARY KEY, line BLOB) STRICT;",
    )
    .unwrap();
    let mut a = conn.prepare("INSERT INTO a VALUES(?1, ?2, ?3, ?4, ?5, ?6)").unwrap();
    let mut b = conn.prepare("INSERT INTO b VALUES(?1, ?2, ?3, ?4, ?5)").unwrap();
    let mut log = conn.prepare("INSERT INTO log(line) VALUES(?1)").unwrap();
    let people: Vec<String> = (0..5_000).map(|_| uuid::Uuid::now_v7().to_string()).collect();
    let devices: Vec<String> = (0..64).map(|_| uuid::Uuid::now_v7().to_string()).collect();
    let (begun, mut done) = (Instant::now(), 0_u32);
    while begun.elapsed() < Duration::from_secs(2) {
        conn.execute_batch("BEGIN IMMEDIATE").unwrap();
        for device in &devices {
            let (id, text) = (uuid::Uuid::now_v7().to_string(), "x".repeat(80));
            let who = &people[done as usize % people.len()];
            a.execute(rusqlite::params![id, who, device, done, done, text]).unwrap();
            b.execute(rusqlite::params![id, device, done, done, text]).unwrap();
            log.execute([vec![b'x'; 320]]).unwrap();
            done += 1;
        }
        conn.execute_batch("COMMIT").unwrap();
    }
    f64::from(done) / begun.elapsed().as_secs_f64()
}

async fn clock(conn: &mut Conn, token: &str) -> Clock {
    let counts = ask(conn, token, "GET", "/api/v1/congress-sessions/tru-bi/attendance", &Value::Null).await;
    Clock { at: counts["as_of"].as_str().unwrap().parse().unwrap(), since: Instant::now() }
}

async fn merge(server: &Server, token: &str, codes: &[String]) {
    let mut conn = Conn::open(server.address).await;
    let lane = lanes(&mut conn, token, 1).await.remove(0);
    let clock = clock(&mut conn, token).await;
    let (mut times, mut used) = (Vec::new(), Vec::new());
    for run in 0..RUNS {
        let now = clock.now();
        let all: Vec<Value> = codes
            .iter()
            .take(5_000)
            .enumerate()
            .map(|(n, code)| scan(run * 10_000 + n + 1, now, run % 2 == 1, code, true))
            .collect();
        let bytes = {
            let bearer = format!("Bearer {}", lane.token);
            let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
            let body = body(clock.now(), now, &all).to_string();
            request("POST", &format!("/api/v1/gates/{}/scans", lane.gate), &headers, body.as_bytes())
        };
        let (before, begun) = (cpu(server.pid()), Instant::now());
        let (status, _, answer) = conn.call(&bytes).await;
        times.push(ms(begun.elapsed()));
        used.push(ms(cpu(server.pid()) - before));
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&answer));
        let told: Value = serde_json::from_slice(&answer).unwrap();
        let results = told["results"].as_array().unwrap();
        assert_eq!(results.len(), all.len());
        let taken =
            results.iter().filter(|one| one["verdict"] == "accepted" || one["verdict"] == "conflict").count();
        assert_eq!(taken, all.len(), "{}", results[0]);
    }
    println!(
        "{} scans of a lane merged in one request      median {:>6.0} ms  slowest {:>6.0} ms  {:>6.0} ms server CPU",
        codes.len().min(5_000),
        median(times.clone()),
        times.iter().copied().fold(0.0, f64::max),
        median(used)
    );
}

async fn list(server: &Server, token: &str, people: usize) {
    let mut conn = Conn::open(server.address).await;
    let lane = lanes(&mut conn, token, 1).await.remove(0);
    let clock = clock(&mut conn, token).await;
    let bearer = format!("Bearer {}", lane.token);
    let get = |since: &str| {
        let path = format!("/api/v1/gates/{}/snapshot{since}", lane.gate);
        request("GET", &path, &[("authorization", bearer.as_str())], b"")
    };
    for (name, since) in [
        ("whole list", String::new()),
        ("what changed", format!("?since={}", (clock.now() + Duration::from_secs(60)).as_millisecond())),
    ] {
        let (mut times, mut used, mut size) = (Vec::new(), Vec::new(), 0);
        for _ in 0..RUNS * 3 {
            let (before, begun) = (cpu(server.pid()), Instant::now());
            let (status, _, answer) = conn.call(&get(&since)).await;
            assert_eq!(status, 200);
            times.push(ms(begun.elapsed()));
            used.push(ms(cpu(server.pid()) - before));
            size = answer.len();
        }
        println!(
            "{name} of {people} people, sealed            median {:>6.0} ms  {:>6.0} ms server CPU  {size} bytes",
            median(times),
            median(used)
        );
    }
}

/// A house with so many badges, filled once and copied.
fn fill(data: &Path, people: &str) {
    run(&["demo", "--only-fill", "--on", BEFORE, "--delegates", people], data);
}

fn token(data: &Path) -> String {
    let scopes = ["--scope", "attendance:manage", "--scope", "badges:manage"];
    run(
        &[&["token", "add", "--login", "to-thu-ky", "--name", "bench", "--days", "365"][..], &scopes]
            .concat(),
        data,
    )
}

fn start(data: &Path) -> Server {
    Server::start_as(&["demo", "--on", MORNING], data)
}

/// A part of the measurement: the server, its folder, a token, the digits of its badges.
type Work<'a> = dyn Fn(&Server, &Path, &str, &[String]) + 'a;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let asked = |name: &str| wanted.is_empty() || wanted.iter().any(|word| word == name);
    let people = std::env::var("BENCH_PEOPLE").unwrap_or_else(|_| "5000".to_owned());
    let folder = scratch();
    println!("{people} badges; {CONNECTIONS} connections, medians of {RUNS} runs of {TIME:?}");
    let part = |name: &str, work: &Work<'_>| {
        if asked(name) {
            let data = folder.path().join(name);
            fill(&data, &people);
            let token = token(&data);
            let server = start(&data);
            let codes = runtime.block_on(async {
                let mut conn = Conn::open(server.address).await;
                codes(&mut conn, &token).await
            });
            work(&server, &data, &token, &codes);
        }
    };
    part("scans", &|server, data, token, codes| runtime.block_on(scans(server, data, token, codes)));
    part("merge", &|server, _, token, codes| runtime.block_on(merge(server, token, codes)));
    part("list", &|server, _, token, codes| runtime.block_on(list(server, token, codes.len())));
}
