//! The release binary over HTTP: cold start and idle memory, the list of 40 and of 1,000 tasks, durable reports at
//! 64 connections, and the import of 5,000 rows. The client shares the machine's cores with the server.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::cast_precision_loss,
    reason = "a benchmark that cannot go on shall stop"
)]

use std::{
    io::Cursor,
    path::Path,
    time::{Duration, Instant},
};

use benches::{
    Server, cpu,
    http::{Conn, Load, cookie, load, request},
    median, memory, ms, percentile, run, scratch,
};
use calamine::Reader as _;
use serde_json::{Value, json};

const CONNECTIONS: usize = 64;
const RUNS: usize = 3;
const TIME: Duration = Duration::from_secs(3);

fn fill(data: &Path) {
    run(&["demo", "--only-fill", "--today"], data);
}

async fn json_call(conn: &mut Conn, token: &str, method: &str, path: &str, body: &Value) -> Value {
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    let (status, _, answer) = conn.call(&request(method, path, &headers, body.to_string().as_bytes())).await;
    assert!((200..300).contains(&status), "{method} {path}: {status} {}", String::from_utf8_lossy(&answer));
    serde_json::from_slice(&answer).unwrap_or_default()
}

/// Adds tasks like the sample's first, each with a code of its own, over 8 connections.
async fn add_tasks(server: &Server, token: &str, count: usize) {
    let mut conn = Conn::open(server.address).await;
    let list = json_call(&mut conn, token, "GET", "/api/v1/tasks?limit=1", &Value::Null).await;
    let (plan, fields) = (list["items"][0]["plan"].clone(), list["items"][0]["fields"].clone());
    let bearer = format!("Bearer {token}");
    let workers: Vec<_> = (0..8)
        .map(|worker| {
            let (plan, mut fields, bearer, address) =
                (plan.clone(), fields.clone(), bearer.clone(), server.address);
            tokio::spawn(async move {
                let mut conn = Conn::open(address).await;
                for number in (worker..count).step_by(8) {
                    fields["code"] = json!(format!("TH-{number:05}"));
                    let body = json!({ "plan": plan, "fields": fields }).to_string();
                    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
                    let (status, _, answer) =
                        conn.call(&request("POST", "/api/v1/tasks", &headers, body.as_bytes())).await;
                    assert_eq!(status, 201, "{}", String::from_utf8_lossy(&answer));
                }
            })
        })
        .collect();
    for worker in workers {
        worker.await.unwrap();
    }
}

fn print(name: &str, loads: &[(Load, Duration)]) -> f64 {
    let of = |pick: &dyn Fn(&(Load, Duration)) -> f64| median(loads.iter().map(pick).collect());
    let rate = of(&|(load, _)| load.rate);
    println!(
        "{name:<44} {rate:>8.0}/s  p50 {:>7.2} ms  p99 {:>7.2} ms  {:>6.3} ms server CPU each  {:>7} bytes",
        of(&|(load, _)| ms(percentile(&load.times, 0.5))),
        of(&|(load, _)| ms(percentile(&load.times, 0.99))),
        of(&|(load, used)| ms(*used) / load.times.len() as f64),
        loads.iter().map(|(load, _)| load.bytes).max().unwrap_or(0),
    );
    rate
}

async fn measured(
    server: &Server,
    status: u16,
    make: impl Fn(usize, usize) -> Vec<u8> + Send + Sync + Clone + 'static,
) -> (Load, Duration) {
    let used = cpu(server.pid());
    let load = load(server.address, CONNECTIONS, TIME, status, make).await;
    (load, cpu(server.pid()) - used)
}

async fn pages(data: &Path, tasks: &str) {
    let server = Server::start(data);
    let cookie = cookie(&server, data).await;
    let html = [("cookie", cookie.as_str()), ("accept", "text/html")];
    let get = |path: &str| {
        let bytes = request("GET", path, &html, b"");
        move |_, _| bytes.clone()
    };
    let (mut list, mut board, mut bare) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..RUNS {
        list.push(measured(&server, 200, get("/nhiem-vu")).await);
        board.push(measured(&server, 200, get("/bang-tuong")).await);
        bare.push(measured(&server, 200, get("/healthz")).await);
    }
    let rate = print(&format!("page of the list, {tasks} tasks"), &list);
    print(&format!("page of the wall, {tasks} tasks"), &board);
    let limit = print("  /healthz: the same client, no work", &bare);
    println!(
        "  → list {:.1} % of the client's and the stack's own limit; RSS {} kB",
        100.0 * rate / limit,
        memory(server.pid(), "VmRSS")
    );
}

async fn reports(data: &Path) {
    let token =
        run(&["token", "add", "--login", "to-thu-ky", "--name", "bench", "--scope", "tasks:manage"], data);
    let server = Server::start(data);
    let mut conn = Conn::open(server.address).await;
    let list =
        json_call(&mut conn, &token, "GET", "/api/v1/tasks?state=dang_thuc_hien&limit=500", &Value::Null)
            .await;
    let tasks: Vec<String> = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|task| task["id"].as_str().unwrap().to_owned())
        .collect();
    let bearer = format!("Bearer {token}");
    let make = move |worker: usize, number: usize| {
        let task = &tasks[worker % tasks.len()];
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        let body =
            json!({ "percent": number % 100, "done": format!("lần {number} của {worker}") }).to_string();
        request("POST", &format!("/api/v1/tasks/{task}/reports"), &headers, body.as_bytes())
    };
    let (mut ours, mut limits) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        ours.push(measured(&server, 201, make.clone()).await);
        limits.push(group_limit(data));
    }
    let rate = print("report with its audit event, durable", &ours);
    let limit = median(limits);
    println!(
        "  bare SQLite, 64 pairs of rows a commit, same disk: {limit:.0}/s → {:.0} % of it",
        100.0 * rate / limit
    );
}

/// Pairs of rows a second with 64 pairs in one durable commit.
fn group_limit(data: &Path) -> f64 {
    let conn = rusqlite::Connection::open(data.join(format!("limit-{}.db", uuid::Uuid::new_v4()))).unwrap();
    conn.execute_batch(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=2000;
         CREATE TABLE a(id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT; CREATE TABLE b(seq INTEGER PRIMARY KEY, line BLOB) STRICT;",
    )
    .unwrap();
    let mut a = conn.prepare("INSERT INTO a VALUES(?1, ?2)").unwrap();
    let mut b = conn.prepare("INSERT INTO b(line) VALUES(?1)").unwrap();
    let (begun, mut done) = (Instant::now(), 0_u32);
    while begun.elapsed() < Duration::from_secs(2) {
        conn.execute_batch("BEGIN IMMEDIATE").unwrap();
        for _ in 0..64 {
            a.execute(rusqlite::params![uuid::Uuid::now_v7().to_string(), "x".repeat(120)]).unwrap();
            b.execute([vec![b'x'; 280]]).unwrap();
            done += 1;
        }
        conn.execute_batch("COMMIT").unwrap();
    }
    f64::from(done) / begun.elapsed().as_secs_f64()
}

fn start(data: &Path) {
    let (mut times, mut idle) = (Vec::new(), Vec::new());
    for _ in 0..9 {
        let server = Server::start(data);
        times.push(ms(server.took));
        std::thread::sleep(Duration::from_millis(700));
        idle.push(memory(server.pid(), "VmRSS") as f64 / 1024.0);
    }
    times.sort_by(f64::total_cmp);
    println!(
        "start: median {:.0} ms, slowest {:.0} ms of {}; idle memory {:.1} MB; binary {:.1} MB",
        times[times.len() / 2],
        times[times.len() - 1],
        times.len(),
        median(idle),
        std::fs::metadata(benches::program()).unwrap().len() as f64 / 1e6
    );
}

async fn import(folder: &Path) {
    // One house writes the file, another reads it as a plan of its own.
    let (first, second) = (folder.join("first"), folder.join("second"));
    fill(&first);
    let token =
        run(&["token", "add", "--login", "to-thu-ky", "--name", "bench", "--scope", "tasks:manage"], &first);
    let server = Server::start(&first);
    add_tasks(&server, &token, 4960).await;
    let mut conn = Conn::open(server.address).await;
    let bearer = format!("Bearer {token}");
    let begun = Instant::now();
    let (status, _, file) = conn
        .call(&request("GET", "/api/v1/task-exports/annex.xlsx", &[("authorization", &bearer)], b""))
        .await;
    assert_eq!(status, 200);
    println!("annex of 5,000 tasks written in {:.0} ms, {} kB", ms(begun.elapsed()), file.len() / 1000);
    drop(server);

    let read = || {
        let begun = Instant::now();
        let mut book = calamine::Xlsx::new(Cursor::new(&file)).unwrap();
        let mut cells = 0;
        for name in book.sheet_names() {
            cells += book
                .worksheet_range(&name)
                .unwrap()
                .cells()
                .filter(|(_, _, cell)| !matches!(cell, calamine::Data::Empty))
                .count();
        }
        (ms(begun.elapsed()), cells)
    };
    let (mut dry, mut alone, mut applied) = (Vec::new(), Vec::new(), 0.0);
    let (mut peak, mut cells) = (0, 0);
    for run_ in 0..RUNS {
        let data = second.with_extension(run_.to_string());
        fill(&data);
        let token = run(
            &["token", "add", "--login", "to-thu-ky", "--name", "bench", "--scope", "tasks:manage"],
            &data,
        );
        let server = Server::start(&data);
        let mut conn = Conn::open(server.address).await;
        let bearer = format!("Bearer {token}");
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/octet-stream")];
        let before = memory(server.pid(), "VmHWM");
        let begun = Instant::now();
        let (status, _, answer) = conn.call(&request("POST", "/api/v1/task-imports", &headers, &file)).await;
        dry.push(ms(begun.elapsed()));
        assert_eq!(status, 201, "{}", String::from_utf8_lossy(&answer));
        peak = peak.max(memory(server.pid(), "VmHWM"));
        let (time, found) = read();
        alone.push(time);
        cells = found;
        if run_ == 0 {
            println!("server memory before {before} kB, at most {peak} kB while reading and checking");
            let made: Value = serde_json::from_slice(&answer).unwrap();
            let id = made["id"].as_str().unwrap();
            let choices = json!({ "plan": null, "new_plan": { "code": "KH-LON", "title": "Kế hoạch lớn" }, "names": {} });
            let shown =
                json_call(&mut conn, &token, "PUT", &format!("/api/v1/task-imports/{id}"), &choices).await;
            if shown["ready"] == true {
                let yes = json!({ "hash": shown["preview"]["hash"], "reason": "" });
                let begun = Instant::now();
                json_call(
                    &mut conn,
                    &token,
                    "POST",
                    &format!("/api/v1/task-imports/{id}/confirmation"),
                    &yes,
                )
                .await;
                applied = ms(begun.elapsed());
            } else {
                println!(
                    "not ready: {} errors, {} unknown names",
                    shown["preview"]["errors"].as_array().map_or(0, Vec::len),
                    shown["preview"]["unknown"].as_array().map_or(0, Vec::len)
                );
            }
        }
    }
    let (dry, alone) = (median(dry), median(alone));
    println!(
        "import of 5,000 rows: read and checked in {dry:.0} ms; the file alone ({cells} cells) in {alone:.0} ms → {:.1} ×",
        dry / alone
    );
    println!("applied, all or nothing: {applied:.0} ms");
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let asked = |name: &str| wanted.is_empty() || wanted.iter().any(|word| word == name);
    let folder = scratch();
    let data = folder.path().join("house");
    println!("{CONNECTIONS} connections, medians of {RUNS} runs of {TIME:?}");
    fill(&data);
    if asked("start") {
        start(&data);
    }
    if asked("pages") {
        runtime.block_on(pages(&data, "40"));
        let token = run(
            &["token", "add", "--login", "to-thu-ky", "--name", "bench", "--scope", "tasks:manage"],
            &data,
        );
        let server = Server::start(&data);
        runtime.block_on(add_tasks(&server, &token, 960));
        drop(server);
        runtime.block_on(pages(&data, "1,000"));
    }
    if asked("reports") {
        let data = folder.path().join("reports");
        fill(&data);
        runtime.block_on(reports(&data));
    }
    if asked("import") {
        runtime.block_on(import(folder.path()));
    }
}
