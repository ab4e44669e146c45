//! Durable writes a second through `platform::db`, each with its audit event, at 1, 8 and 64 writers, beside a bare
//! loop over the same driver, on the same disk, in the same run: two rows a write, one commit each, and one commit
//! for as many writes as there are writers (the limit of grouping).

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

use benches::{cpu, median, ms, percentile, scratch};
use platform::{
    audit::{self, Author, Event},
    clock::SystemClock,
    db::{DatabaseUrl, Db, DbError, Migration, Options},
    params, sql,
};

const TIME: Duration = Duration::from_millis(2500);
const RUNS: usize = 3;
const BODY: &str =
    "Đã thực hiện 64% khối lượng; còn 03 đảng bộ chưa gửi xác nhận, đề nghị đôn đốc trước 10:00.";

const TABLES: &[Migration] = &[Migration {
    area: "bench",
    version: 1,
    sql: "CREATE TABLE bench_row(id TEXT PRIMARY KEY, writer BIGINT NOT NULL, body TEXT NOT NULL) STRICT;",
}];

#[derive(Default, Clone)]
struct Figure {
    rate: f64,
    p50: f64,
    p99: f64,
    cpu: f64,
    group: f64,
}

async fn ours(url: &DatabaseUrl, writers: usize) -> Figure {
    let migrations = [audit::MIGRATIONS, TABLES].concat();
    let db = Db::open(url, &migrations, Arc::new(SystemClock), Options::default(), |_| {}).unwrap();
    let (before, used, begun) = (db.counts(), cpu(std::process::id()), Instant::now());
    let tasks: Vec<_> = (0..writers)
        .map(|writer| {
            let db = db.clone();
            tokio::spawn(async move {
                let author = Author::cli();
                let mut times = Vec::new();
                while begun.elapsed() < TIME {
                    let sent = Instant::now();
                    db.write::<(), DbError, _>(&author, move |tx| {
                        let id = uuid::Uuid::now_v7().to_string();
                        tx.execute(
                            sql!("INSERT INTO bench_row(id, writer, body) VALUES($1, $2, $3)"),
                            params![id, writer as i64, BODY],
                        )?;
                        Ok(tx.record(Event::new("bench.written", "bench", id)).with(()))
                    })
                    .await
                    .unwrap();
                    times.push(sent.elapsed());
                }
                times
            })
        })
        .collect();
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await.unwrap());
    }
    let (took, used) = (begun.elapsed(), cpu(std::process::id()) - used);
    let after = db.counts();
    figure(times, took, used, (after.0 - before.0) as f64 / (after.1 - before.1).max(1) as f64)
}

fn figure(mut times: Vec<Duration>, took: Duration, used: Duration, group: f64) -> Figure {
    times.sort();
    Figure {
        rate: times.len() as f64 / took.as_secs_f64(),
        p50: ms(percentile(&times, 0.5)),
        p99: ms(percentile(&times, 0.99)),
        cpu: ms(used) / times.len() as f64,
        group,
    }
}

/// The same two rows by the bare driver: prepared statements, `group` writes in one commit.
fn bare_sqlite(folder: &Path, group: usize) -> Figure {
    let conn = rusqlite::Connection::open(folder.join(format!("bare-{}.db", uuid::Uuid::new_v4()))).unwrap();
    conn.execute_batch(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=2000;
         CREATE TABLE bench_row(id TEXT PRIMARY KEY, writer INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
         CREATE TABLE log(seq INTEGER PRIMARY KEY, line BLOB NOT NULL, leaf BLOB NOT NULL, chain BLOB NOT NULL) STRICT;",
    )
    .unwrap();
    let mut row = conn.prepare("INSERT INTO bench_row(id, writer, body) VALUES(?1, ?2, ?3)").unwrap();
    let mut log = conn.prepare("INSERT INTO log(line, leaf, chain) VALUES(?1, ?2, ?3)").unwrap();
    let (line, hash) = (vec![b'x'; 220], vec![7_u8; 32]);
    let (used, begun) = (cpu(std::process::id()), Instant::now());
    let mut times = Vec::new();
    while begun.elapsed() < TIME {
        let sent = Instant::now();
        conn.execute_batch("BEGIN IMMEDIATE").unwrap();
        for writer in 0..group {
            row.execute(rusqlite::params![uuid::Uuid::now_v7().to_string(), writer as i64, BODY]).unwrap();
            log.execute(rusqlite::params![line, hash, hash]).unwrap();
        }
        conn.execute_batch("COMMIT").unwrap();
        times.extend(std::iter::repeat_n(sent.elapsed(), group));
    }
    figure(times, begun.elapsed(), cpu(std::process::id()) - used, group as f64)
}

/// The same on PostgreSQL over one connection.
fn bare_postgres(url: &str, group: usize) -> Figure {
    let mut client = postgres::Client::connect(url, postgres::NoTls).unwrap();
    client
        .batch_execute(
            "DROP TABLE IF EXISTS bare_row; DROP TABLE IF EXISTS bare_log;
             CREATE TABLE bare_row(id TEXT PRIMARY KEY, writer BIGINT NOT NULL, body TEXT NOT NULL);
             CREATE TABLE bare_log(seq BIGSERIAL PRIMARY KEY, line BYTEA NOT NULL, leaf BYTEA NOT NULL, chain BYTEA NOT NULL);",
        )
        .unwrap();
    let row = client.prepare("INSERT INTO bare_row(id, writer, body) VALUES($1, $2, $3)").unwrap();
    let log = client.prepare("INSERT INTO bare_log(line, leaf, chain) VALUES($1, $2, $3)").unwrap();
    let (line, hash) = (vec![b'x'; 220], vec![7_u8; 32]);
    let (used, begun) = (cpu(std::process::id()), Instant::now());
    let mut times = Vec::new();
    while begun.elapsed() < TIME {
        let sent = Instant::now();
        let mut tx = client.transaction().unwrap();
        for writer in 0..group {
            tx.execute(&row, &[&uuid::Uuid::now_v7().to_string(), &(writer as i64), &BODY]).unwrap();
            tx.execute(&log, &[&line, &hash, &hash]).unwrap();
        }
        tx.commit().unwrap();
        times.extend(std::iter::repeat_n(sent.elapsed(), group));
    }
    figure(times, begun.elapsed(), cpu(std::process::id()) - used, group as f64)
}

fn middle(figures: &[Figure]) -> Figure {
    let of = |pick: fn(&Figure) -> f64| median(figures.iter().map(pick).collect());
    Figure {
        rate: of(|f| f.rate),
        p50: of(|f| f.p50),
        p99: of(|f| f.p99),
        cpu: of(|f| f.cpu),
        group: of(|f| f.group),
    }
}

fn print(name: &str, writers: usize, f: &Figure) {
    println!(
        "{name:<34} {writers:>3} writers {:>8.0}/s  p50 {:>7.2} ms  p99 {:>7.2} ms  {:>6.3} ms CPU each  {:>5.1} per commit",
        f.rate, f.p50, f.p99, f.cpu, f.group
    );
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let folder = scratch();
    let base = std::env::var("DIENHONG_TEST_POSTGRES")
        .unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432/postgres".to_owned());
    println!("medians of {RUNS} runs of {TIME:?}, peers in turn");
    for writers in [1, 8, 64] {
        let (mut ours_, mut each, mut grouped) = (Vec::new(), Vec::new(), Vec::new());
        for run in 0..RUNS {
            let url = DatabaseUrl::Sqlite(folder.path().join(format!("ours-{writers}-{run}.db")));
            ours_.push(runtime.block_on(ours(&url, writers)));
            each.push(bare_sqlite(folder.path(), 1));
            grouped.push(bare_sqlite(folder.path(), writers));
        }
        let (ours_, each, grouped) = (middle(&ours_), middle(&each), middle(&grouped));
        print("SQLite: platform::db", writers, &ours_);
        print("SQLite: bare, one commit each", writers, &each);
        print("SQLite: bare, grouped (the limit)", writers, &grouped);
        println!(
            "  → {:.2} × one commit each, {:.0} % of the grouped limit",
            ours_.rate / each.rate,
            100.0 * ours_.rate / grouped.rate
        );
    }
    let Ok(mut client) = postgres::Client::connect(&base, postgres::NoTls) else {
        println!("PostgreSQL: not there");
        return;
    };
    let schema = format!("dh_bench_{}", uuid::Uuid::new_v4().simple());
    client.batch_execute(&format!("CREATE SCHEMA {schema}")).unwrap();
    let mark = if base.contains('?') { '&' } else { '?' };
    let url = format!("{base}{mark}options=-c%20search_path%3D{schema}");
    for writers in [1, 8, 64] {
        let (mut ours_, mut each, mut grouped) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..RUNS {
            // The driver blocks: the database is opened on a thread of its own, outside the runtime's.
            ours_.push(runtime.block_on(ours(&DatabaseUrl::Postgres(url.clone()), writers)));
            each.push(bare_postgres(&url, 1));
            grouped.push(bare_postgres(&url, writers));
        }
        let (ours_, each, grouped) = (middle(&ours_), middle(&each), middle(&grouped));
        print("PostgreSQL: platform::db", writers, &ours_);
        print("PostgreSQL: bare, one commit each", writers, &each);
        print("PostgreSQL: bare, grouped", writers, &grouped);
        println!(
            "  → {:.2} × one commit each, {:.0} % of grouped (CPU is ours alone, not the database server's)",
            ours_.rate / each.rate,
            100.0 * ours_.rate / grouped.rate
        );
    }
    client.batch_execute(&format!("DROP SCHEMA {schema} CASCADE")).unwrap();
}
