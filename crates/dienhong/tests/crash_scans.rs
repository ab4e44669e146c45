//! kill -9 while gates scan: each acknowledged scan is there afterwards with the verdict that was told, sent again it
//! is told the same, and the server is back within five seconds. A dozen kills; `DIENHONG_TEST_KILLS` for more.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

mod common;

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use common::{Client, House, PROGRAM, Server, command};
use jiff::civil::{DateTime, date};
use serde_json::{Value, json};

const LANES: u16 = 6;
const BACK_WITHIN: Duration = Duration::from_secs(5);

/// The demo's server on the morning of the preparatory session; its clock goes on over restarts.
fn serve(house: &House, begun: Instant, cycle: u32) -> Server {
    let morning: DateTime = date(2025, 10, 13).at(7, 15, 0, 0);
    let on = morning + begun.elapsed() + Duration::from_secs(u64::from(cycle));
    let on = on.strftime("%Y-%m-%dT%H:%M:%S").to_string();
    let mut serve = command(PROGRAM);
    serve.args(["demo", "--on", &on, "--listen", "127.0.0.1:0", "--json"]).args(house.flags());
    if !cycle.is_multiple_of(5) {
        serve.arg("--no-signer");
    }
    serve.env("DIENHONG_LOG", "error");
    Server::start(serve).unwrap_or_else(|error| panic!("the server does not start: {error}"))
}

/// A device, and what it did.
struct Lane {
    gate: String,
    device: String,
    token: String,
    codes: Vec<String>,
    seq: AtomicU64,
    book: Mutex<Book>,
}

#[derive(Default)]
struct Book {
    /// Number to the verdict that was told.
    acknowledged: HashMap<u64, String>,
    /// Sent, but no answer came.
    open: Vec<Value>,
}

fn enrol(client: &mut Client, lane: u16, codes: Vec<String>) -> Lane {
    let gate = format!("thu-{lane}");
    let body = json!({ "name": gate, "zone": 2, "lane": lane + 10, "direction": "hai_chieu", "open": true,
        "sessions": ["tru-bi"], "version": 0 });
    let made = client.json("PUT", &format!("/api/v1/gates/{gate}"), &body);
    assert_eq!(made.status, 200, "{}", made.text());
    let code =
        client.json("POST", &format!("/api/v1/gates/{gate}/codes"), &json!({ "supervisor": false })).json();
    let told = client.json("POST", "/api/v1/gate-enrolments", &json!({ "code": code["code"] })).json();
    let text = |name: &str| told[name].as_str().unwrap().to_owned();
    Lane {
        gate,
        device: text("device"),
        token: text("token"),
        codes,
        seq: AtomicU64::new(0),
        book: Mutex::default(),
    }
}

/// Sends scans; the verdict of each, and whether it had been taken in before. Nothing when no whole answer came.
fn send(client: &mut Client, lane: &Lane, scans: &[Value]) -> Option<Vec<(u64, String, bool)>> {
    let now = "2025-10-13T00:30:00Z";
    let body = json!({ "sent": now, "offset_ms": 0, "waiting": 0, "revoked_after": 0, "moves_after": now,
        "scans": scans });
    let kind = [("content-type", "application/json")];
    let path = format!("/api/v1/gates/{}/scans", lane.gate);
    let answer = client.try_call("POST", &path, &kind, body.to_string().as_bytes()).ok()?;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let results = answer.json()["results"].as_array().unwrap().clone();
    Some(
        results
            .iter()
            .map(|one| {
                let again = one["verdict"] == "duplicate";
                let verdict = if again { &one["was"] } else { &one["verdict"] };
                (one["seq"].as_u64().unwrap(), verdict.as_str().unwrap().to_owned(), again)
            })
            .collect(),
    )
}

fn scan(seq: u64, code: &str, alone: bool) -> Value {
    json!({ "seq": seq, "at": "2025-10-13T00:20:00Z", "kind": if seq.is_multiple_of(2) { "out" } else { "in" },
        "method": "qr", "pass": code, "mode": if alone { "co_lap" } else { "truc_tuyen" }, "opened": alone })
}

/// Scans until the server is gone: one by one, and now and then what a lane without a network decided, all at once.
fn work(mut client: Client, lane: &Lane, stop: &AtomicBool) {
    client.token = Some(lane.token.clone());
    while !stop.load(Ordering::Relaxed) {
        let first = lane.seq.load(Ordering::Relaxed) + 1;
        let many = if first % 40 > 38 { 30 } else { 1 };
        lane.seq.store(first + many - 1, Ordering::Relaxed);
        let scans: Vec<Value> = (first..first + many)
            .map(|seq| scan(seq, &lane.codes[usize::try_from(seq / 2).unwrap() % lane.codes.len()], many > 1))
            .collect();
        match send(&mut client, lane, &scans) {
            Some(told) => {
                let mut book = lane.book.lock().unwrap();
                for (seq, verdict, again) in told {
                    assert!(!again, "{seq} was never sent before");
                    book.acknowledged.insert(seq, verdict);
                }
            }
            None => {
                lane.book.lock().unwrap().open.extend(scans);
                return;
            }
        }
    }
}

#[test]
fn nothing_acknowledged_is_lost_when_the_server_is_killed_under_scans() {
    let cycles: u32 =
        std::env::var("DIENHONG_TEST_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(12);
    let house = House::empty();
    // The clock of the demo begins anew with the server: what the filling took shall lie behind.
    house.run(&["demo", "--only-fill", "--on", "2025-10-13T07:05", "--delegates", "120"]).ok();
    let token = house.token("to-thu-ky", &["attendance:manage", "badges:manage"]);
    let begun = Instant::now();
    let mut lanes: Vec<Arc<Lane>> = Vec::new();
    let (mut slowest, mut repeated, mut interrupted) = (Duration::ZERO, 0_u64, 0_u64);
    for cycle in 0..=cycles {
        let mut server = serve(&house, begun, cycle);
        slowest = slowest.max(server.took);
        assert!(server.took <= BACK_WITHIN, "cycle {cycle}: back after {:?}", server.took);
        let mut client = server.with_token(&token);
        if cycle == 0 {
            let read = client.json("POST", "/api/v1/badges/readings", &json!({ "limit": 1000 })).json();
            let all: Vec<String> = read["items"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|one| one["opens"] == true)
                .map(|one| one["digits"].as_str().unwrap().to_owned())
                .collect();
            let own = all.len() / usize::from(LANES);
            for (lane, codes) in (1..=LANES).zip(all.chunks(own)) {
                lanes.push(Arc::new(enrol(&mut client, lane, codes.to_vec())));
            }
        }
        for lane in &lanes {
            let mut device = server.with_token(&lane.token);
            // What was sent and not answered is sent again, twice: it is done once, whether it had been done or not.
            let open = std::mem::take(&mut lane.book.lock().unwrap().open);
            interrupted += open.len() as u64;
            if open.is_empty() {
                continue;
            }
            let once = send(&mut device, lane, &open).expect("the server is back");
            let twice = send(&mut device, lane, &open).expect("the server is back");
            for ((seq, verdict, _), (same, told, again)) in once.into_iter().zip(twice) {
                assert_eq!((seq, &verdict), (same, &told), "{}", lane.gate);
                assert!(again, "{} {seq} was taken in twice", lane.gate);
                repeated += 1;
                lane.book.lock().unwrap().acknowledged.insert(seq, verdict);
            }
        }
        if cycle == cycles {
            for lane in &lanes {
                all_told_again(&mut server.with_token(&lane.token), lane);
            }
            server.stop();
            break;
        }
        let stop = Arc::new(AtomicBool::new(false));
        let workers: Vec<_> = lanes
            .iter()
            .map(|lane| {
                let (client, lane, stop) = (client.again(), lane.clone(), stop.clone());
                thread::spawn(move || work(client, &lane, &stop))
            })
            .collect();
        // A different moment in the life of the server each time.
        thread::sleep(Duration::from_millis(250 + u64::from(cycle * 83 % 400)));
        server.kill();
        stop.store(true, Ordering::Relaxed);
        workers.into_iter().for_each(|worker| worker.join().unwrap());
        check(&house, &lanes);
        if cycle % 6 == 5 {
            house.verify();
        }
    }
    check(&house, &lanes);
    let events = house.verify();
    let acknowledged: usize = lanes.iter().map(|lane| lane.book.lock().unwrap().acknowledged.len()).sum();
    println!(
        "{cycles} kills: {acknowledged} scans acknowledged, {interrupted} unanswered and sent again ({repeated} twice), \
         {events} events; slowest start {slowest:?}; {:?} in all",
        begun.elapsed()
    );
    assert!(acknowledged > usize::try_from(cycles).unwrap() * 20, "the load was too small to show anything");
    assert!(interrupted >= u64::from(cycles), "the kills did not interrupt anything");
}

/// Every scan that was ever acknowledged is told what it was told.
fn all_told_again(device: &mut Client, lane: &Lane) {
    let book = lane.book.lock().unwrap();
    let mut numbers: Vec<u64> = book.acknowledged.keys().copied().collect();
    numbers.sort_unstable();
    for part in numbers.chunks(1_000) {
        let scans: Vec<Value> = part
            .iter()
            .map(|seq| scan(*seq, &lane.codes[usize::try_from(seq / 2).unwrap() % lane.codes.len()], false))
            .collect();
        for (seq, verdict, again) in send(device, lane, &scans).expect("the server is there") {
            assert!(again, "{} {seq} was acknowledged and is not there", lane.gate);
            assert_eq!(book.acknowledged[&seq], verdict, "{} {seq}", lane.gate);
        }
    }
}

/// The database is whole; each acknowledged scan is there with its verdict, and its event where it opened.
fn check(house: &House, lanes: &[Arc<Lane>]) {
    let conn = house.sqlite();
    let integrity: String = conn.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(integrity, "ok");
    let broken: i64 =
        conn.query_row("SELECT COUNT(*) FROM pragma_foreign_key_check", [], |row| row.get(0)).unwrap();
    assert_eq!(broken, 0, "foreign keys");
    let halves: i64 = conn
        .query_row(
            "SELECT COUNT(*) FROM gate_scan s LEFT JOIN attendance_event e ON e.id = s.id
              WHERE (s.has_event = 1) <> (e.id IS NOT NULL)",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(halves, 0, "a scan without its event, or an event without its scan");
    for lane in lanes {
        let mut statement = conn.prepare("SELECT seq, verdict FROM gate_scan WHERE device = ?1").unwrap();
        let rows = statement
            .query_map([&lane.device], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)))
            .unwrap();
        let found: HashMap<u64, String> =
            rows.map(Result::unwrap).map(|(seq, verdict)| (u64::try_from(seq).unwrap(), verdict)).collect();
        let book = lane.book.lock().unwrap();
        for (seq, verdict) in &book.acknowledged {
            assert_eq!(found.get(seq), Some(verdict), "{} {seq}: acknowledged", lane.gate);
        }
        assert!(
            found.len() <= book.acknowledged.len() + book.open.len(),
            "{}: more than was sent",
            lane.gate
        );
        assert!(found.keys().all(|seq| *seq <= lane.seq.load(Ordering::Relaxed)));
    }
}
