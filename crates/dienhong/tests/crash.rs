//! kill -9 under write load, sixty times: nothing acknowledged is lost, nothing is there twice, and the server is
//! back within five seconds.

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

use common::{Client, House};
use serde_json::{Value, json};

const CYCLES: u32 = 60;
const CLIENTS: u64 = 8;
const BACK_WITHIN: Duration = Duration::from_secs(5);

/// One call, which can be made again word for word.
#[derive(Debug, Clone)]
struct Call {
    /// Stands in the row that the call makes, and is its idempotency key.
    mark: String,
    path: String,
    body: Value,
}

#[derive(Default)]
struct Book {
    /// Mark to the id that the server gave.
    acknowledged: HashMap<String, String>,
    /// Sent, but no answer came.
    open: Vec<Call>,
}

fn send(client: &mut Client, call: &Call) -> Result<String, ()> {
    let answer = client.keyed("POST", &call.path, &call.mark, &call.body).map_err(drop)?;
    assert_eq!(answer.status, 201, "{}: {}", call.mark, answer.text());
    Ok(answer.json()["id"].as_str().unwrap().to_owned())
}

/// Posts until the server is gone.
fn work(
    mut client: Client,
    worker: u64,
    tasks: &[String],
    plan: &str,
    next: &AtomicU64,
    stop: &AtomicBool,
    book: &Mutex<Book>,
) {
    while !stop.load(Ordering::Relaxed) {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let mark = format!("K{number:06}");
        let call = if number.is_multiple_of(7) {
            let body = json!({ "plan": plan, "fields": { "code": mark, "what": "Việc thử" } });
            Call { path: "/api/v1/tasks".to_owned(), body, mark }
        } else {
            let task = &tasks[(number + worker) as usize % tasks.len()];
            let body = json!({ "percent": number % 100, "done": mark });
            Call { path: format!("/api/v1/tasks/{task}/reports"), body, mark }
        };
        match send(&mut client, &call) {
            Ok(id) => drop(book.lock().unwrap().acknowledged.insert(call.mark, id)),
            Err(()) => {
                book.lock().unwrap().open.push(call);
                return;
            }
        }
    }
}

#[test]
fn nothing_acknowledged_is_lost_in_sixty_kills() {
    let begun = Instant::now();
    let house = House::filled();
    let token = house.token("to-thu-ky", &["tasks:manage"]);
    let next = Arc::new(AtomicU64::new(1));
    let book = Arc::new(Mutex::new(Book::default()));
    let (mut slowest, mut retried, mut repeated) = (Duration::ZERO, 0_usize, 0_usize);
    let (mut tasks, mut plan) = (Vec::new(), String::new());
    for cycle in 0..CYCLES {
        // The signing process stands beside the server now and then, as in an installation.
        let args: &[&str] = if cycle % 8 == 0 { &[] } else { &["--no-signer"] };
        let mut server = house.serve_with(args, &[("DIENHONG_LOG", "error")]);
        slowest = slowest.max(server.took);
        assert!(server.took <= BACK_WITHIN, "cycle {cycle}: back after {:?}", server.took);
        let mut client = server.with_token(&token);
        if cycle == 0 {
            let list = client.get("/api/v1/tasks?limit=500&state=da_tiep_nhan,dang_thuc_hien").json();
            tasks = list["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|task| task["id"].as_str().unwrap().to_owned())
                .collect();
            let plans = client.get("/api/v1/plans").json();
            let items = plans.get("items").unwrap_or(&plans);
            plan = items[0]["id"].as_str().unwrap().to_owned();
            assert!(tasks.len() > 5, "{tasks:?}");
        }
        // What was sent and not answered is sent again: it is done once, whether it had been done or not.
        let open = std::mem::take(&mut book.lock().unwrap().open);
        retried += open.len();
        for call in open {
            let id = send(&mut client, &call).expect("the server is back");
            let twice = send(&mut client, &call).expect("the server is back");
            assert_eq!(id, twice, "{}: the same call has the same answer", call.mark);
            repeated += 1;
            book.lock().unwrap().acknowledged.insert(call.mark, id);
        }
        if cycle + 1 == CYCLES {
            server.stop();
            break;
        }
        let stop = Arc::new(AtomicBool::new(false));
        let workers: Vec<_> = (0..CLIENTS)
            .map(|worker| {
                let (client, tasks, plan) = (client.again(), tasks.clone(), plan.clone());
                let (next, stop, book) = (next.clone(), stop.clone(), book.clone());
                thread::spawn(move || work(client, worker, &tasks, &plan, &next, &stop, &book))
            })
            .collect();
        // A different moment in the life of the server each time.
        thread::sleep(Duration::from_millis(200 + u64::from(cycle * 37 % 300)));
        server.kill();
        stop.store(true, Ordering::Relaxed);
        workers.into_iter().for_each(|worker| worker.join().unwrap());
        if cycle % 10 == 9 {
            house.verify();
        }
        check(&house, &book.lock().unwrap(), &next);
    }
    let book = book.lock().unwrap();
    assert!(book.open.is_empty());
    check(&house, &book, &next);
    let events = house.verify();
    println!(
        "{CYCLES} kills: {} acknowledged, {retried} unanswered and sent again ({repeated} twice), {events} events; \
         slowest start {slowest:?}; {:?} in all",
        book.acknowledged.len(),
        begun.elapsed()
    );
    assert!(book.acknowledged.len() > 2_000, "the load was too small to show anything");
    assert!(retried > 60, "the kills did not interrupt anything");
}

/// The database is whole; each acknowledged call is there once with the id that was told, and nothing is there
/// that nobody sent.
fn check(house: &House, book: &Book, next: &AtomicU64) {
    let conn = house.sqlite();
    let integrity: String = conn.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(integrity, "ok");
    let broken: i64 =
        conn.query_row("SELECT COUNT(*) FROM pragma_foreign_key_check", [], |row| row.get(0)).unwrap();
    assert_eq!(broken, 0, "foreign keys");
    let mut found: HashMap<String, Vec<String>> = HashMap::new();
    for sql in [
        "SELECT done, id FROM progress_report WHERE done GLOB 'K[0-9]*'",
        "SELECT code, id FROM task WHERE code GLOB 'K[0-9]*'",
    ] {
        let mut statement = conn.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        for row in rows {
            let (mark, id): (String, String) = row.unwrap();
            found.entry(mark).or_default().push(id);
        }
    }
    let lost: Vec<_> = book.acknowledged.keys().filter(|mark| !found.contains_key(*mark)).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    for (mark, ids) in &found {
        assert_eq!(ids.len(), 1, "{mark} is there {} times", ids.len());
        if let Some(told) = book.acknowledged.get(mark) {
            assert_eq!(told, &ids[0], "{mark}");
        }
        let number: u64 = mark[1..].parse().unwrap();
        assert!(number < next.load(Ordering::Relaxed), "{mark} was never sent");
    }
    assert!(found.len() <= book.acknowledged.len() + book.open.len());
}
