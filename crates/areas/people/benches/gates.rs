//! Gates: one scan decided and durable, 5,000 scans of a lane that was cut off merged in one batch, the whole list of
//! 5,000 people sealed; beside the merge the limit: the same rows inserted into the same tables and nothing else.
//! Goals: 3,000 scans a second through 64 connections, 300 ms for the merge, 500 kB and 300 ms for the list.
//!
//! `cargo bench -p people --bench gates`

// words: data — the sample congress speaks Vietnamese
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a benchmark that cannot go on shall stop"
)]

use std::time::{Duration, Instant};

use jiff::{Timestamp, civil::date};
use people::{
    attendance::{
        AttendanceError,
        model::{Mark, Method, NewSession, SessionKind},
        store as roll_call,
    },
    badges::{BadgeError, keys, model::Badge, seal::Seal, store as badges},
    delegates::{DelegateError, query as roll},
    gates::{
        GateError,
        heard::Heard,
        model::{Direction, Mode, NewGate, ScanIn},
        query, snapshot,
        store::{self, merge},
    },
    generate::{Shape, roll as made, write},
};
use platform::{
    audit::{Author, Event},
    clock,
    db::{DatabaseUrl, DbError, Tx},
    identity::Right,
    params, sql,
    testing::{self, House},
};

const PEOPLE: u32 = 5_000;
const RUNS: usize = 5;
const SEAL: Seal = Seal::from_bytes([7; 32]);

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64() * 1000.0
}

async fn fill(house: &House) {
    let seat = house.seat("Tổ Thư ký", &[("attendance", Right::Manage)]).await;
    let mut shape = Shape::of(PEOPLE, 0);
    shape.on = date(2025, 9, 26);
    let people = made(&shape, 1);
    house
        .write::<(), DelegateError, _>(&Author::cli(), move |tx| Ok(write(tx, &people, 1)?.map(|_| ())))
        .await
        .unwrap();
    let day = |hour| clock::instant(date(2025, 9, 26).at(hour, 0, 0, 0));
    let session = NewSession {
        slug: "tru-bi".to_owned(),
        title: "Phiên trù bị".to_owned(),
        kind: SessionKind::Preparatory,
        starts_at: day(15),
        ends_at: day(18),
        place: String::new(),
        grace_minutes: 5,
    };
    house
        .write::<_, AttendanceError, _>(&Author::cli(), move |tx| roll_call::put_session(tx, 0, &session))
        .await
        .unwrap();
    let everybody: Vec<_> =
        house.read(roll::everybody).await.unwrap().into_iter().map(|one| one.id).collect();
    let office = |title: &str| Author { office: title.to_owned(), ..Author::cli() };
    let (a, b, c) = (everybody.clone(), everybody.clone(), everybody);
    house
        .write::<_, BadgeError, _>(&office("a"), move |tx| {
            keys::make_root(tx, &SEAL)?;
            keys::add(tx, &SEAL, None, date(2025, 9, 1), date(2025, 10, 31))?;
            badges::request(tx, &a)
        })
        .await
        .unwrap();
    house.write::<_, BadgeError, _>(&office("b"), move |tx| badges::approve(tx, &b)).await.unwrap();
    house.write::<_, BadgeError, _>(&office("a"), move |tx| badges::print(tx, &SEAL, &c)).await.unwrap();
    let gate = NewGate {
        slug: "cong-1".to_owned(),
        name: "Cửa chính".to_owned(),
        zone: 2,
        lane: 1,
        direction: Direction::Both,
        is_open: true,
        confirms: false,
        sessions: Vec::new(),
    };
    house
        .write::<_, GateError, _>(&Author::cli(), move |tx| {
            let _ = store::put(tx, 0, &gate)?;
            let code =
                store::make_code(tx, (seat.person, seat.office), "cong-1", &store::CodeFor::default())?
                    .value()
                    .0
                    .text
                    .clone();
            Ok(store::join(tx, &code, "", None)?.map(|_| ()))
        })
        .await
        .unwrap();
}

fn scan(seq: u64, code: &str, at: Timestamp, mode: Mode) -> ScanIn {
    ScanIn {
        seq,
        at,
        kind: Mark::In,
        method: Method::Qr,
        pass: Some(code.to_owned()),
        card: None,
        person: None,
        mode,
        opened: true,
        overridden: false,
        reason: String::new(),
        voids: None,
    }
}

/// Puts rows of scans into a table of the same width and nothing else.
async fn bare(house: &House, codes: &[String]) -> Duration {
    let codes = codes.to_vec();
    let start = Instant::now();
    house
        .write::<_, DbError, _>(&Author::cli(), move |tx| {
            for (seq, code) in codes.iter().enumerate() {
                for table in 0..2_u8 {
                    let id = format!("{table}-{seq}-{}", code.get(..8).unwrap_or_default());
                    tx.execute(
                        sql!("INSERT INTO idempotency(author, key, route, body_hash, status, body, at) VALUES($1, $2, 'bench', $3, 200, $4, 0)"),
                        params![id, id, [0_u8; 32], code],
                    )?;
                }
            }
            Ok(tx.record(Event::new("bench.filled", "bench", 1)).with(()))
        })
        .await
        .unwrap();
    start.elapsed()
}

async fn run() {
    let (mut limit, mut merged, mut listed, mut single, mut size) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new(), 0);
    for _ in 0..RUNS {
        let folder = tempfile::tempdir().unwrap();
        let url = DatabaseUrl::Sqlite(folder.path().join("bench.db"));
        let tables = [testing::migrations(), people::migrations()].concat();
        let house = testing::house(&url, &tables, folder.path()).unwrap();
        fill(&house).await;
        let (gate, device, badges) = house
            .read(|tx: &mut Tx<'_>| {
                let gate = query::gate(tx, "cong-1")?;
                let device = query::lane_device(tx, "cong-1")?.unwrap();
                let badges: Vec<Badge> = tx
                    .query(sql!("SELECT * FROM badge WHERE code IS NOT NULL ORDER BY pass"), params![])
                    .map_err(GateError::from)?;
                Ok::<_, GateError>((gate, device, badges))
            })
            .await
            .unwrap();
        let codes: Vec<String> = badges.into_iter().filter_map(|badge| badge.code).collect();
        limit.push(bare(&house, &codes).await);

        let (place, tablet) = (gate.clone(), device.clone());
        let start = Instant::now();
        let list = house
            .read(move |tx| snapshot::make(tx, (&place, &tablet), &Heard::default(), None, 0))
            .await
            .unwrap();
        listed.push(start.elapsed());
        size = list.len();

        // A few that the server decides, one by one: each is on the disk before the next.
        let now = testing::start();
        let alone: Vec<Duration> = {
            let mut times = Vec::new();
            for (seq, code) in codes.iter().take(200).enumerate() {
                let (place, tablet) = (gate.clone(), device.clone());
                let one = scan(u64::try_from(seq).unwrap() + 1, code, now, Mode::Online);
                let start = Instant::now();
                house
                    .write(&Author::cli(), move |tx| {
                        merge::merge(tx, (&place, &tablet), &Heard::default(), &[one])
                    })
                    .await
                    .unwrap();
                times.push(start.elapsed());
            }
            times
        };
        single.push(Duration::from_secs_f64(median(alone) / 1000.0));

        let batch: Vec<ScanIn> = (1_000_u64..)
            .zip(codes.iter().skip(200).cycle().take(usize::try_from(PEOPLE).unwrap()))
            .map(|(seq, code)| scan(seq, code, now, Mode::Isolated))
            .collect();
        let start = Instant::now();
        let out = house
            .write(&Author::cli(), move |tx| merge::merge(tx, (&gate, &device), &Heard::default(), &batch))
            .await
            .unwrap();
        merged.push(start.elapsed());
        assert_eq!(out.len(), usize::try_from(PEOPLE).unwrap());
    }
    let (limit, merged) = (median(limit), median(merged));
    println!("one scan, decided and on the disk   {:8.2} ms", median(single));
    println!("10,000 bare rows, the limit         {limit:8.0} ms");
    println!("5,000 scans merged in one request   {merged:8.0} ms   {:.1} times", merged / limit);
    println!("the list of 5,000, sealed           {:8.0} ms   {} kB", median(listed), size / 1000);
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(run());
}
