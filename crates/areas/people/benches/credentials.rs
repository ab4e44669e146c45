//! The credential report of 5,000 delegates from a frozen roll and the attendance at an instant: counted, with the
//! lines checked against the hash of the freeze; set as a paper; as PDF. Beside the count the limit: the same lines
//! read from the database and nothing else. Goals: 50 ms counted, 500 ms as PDF.
//!
//! `cargo bench -p people --bench credentials`

// words: data — the sample congress speaks Vietnamese
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a benchmark that cannot go on shall stop"
)]

use std::time::{Duration, Instant};

use jiff::civil::date;
use people::{
    attendance::{
        AttendanceError,
        model::{Mark, NewMark, NewSession, SessionKind},
        store as roll_call,
    },
    credentials::{
        CredentialError, frozen, paper,
        store::{self, Question},
    },
    delegates::{DelegateError, query as roll},
    generate::{Shape, roll as made, write},
};
use platform::{
    audit::{Author, Event},
    clock,
    db::{DatabaseUrl, DbError, Row},
    params, sql,
    testing::{self, House},
};
use print::{Press as _, Printable};

const PEOPLE: u32 = 5_000;
const RUNS: usize = 9;

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64() * 1000.0
}

/// 5,000 delegates of whom every fiftieth stays away, frozen once.
async fn fill(house: &House) {
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
    house
        .write(&Author::cli(), |tx| {
            for (at, one) in roll::everybody(tx)?.iter().enumerate() {
                if at % 50 != 0 {
                    let _ = roll_call::mark(tx, "tru-bi", one.id, &NewMark::by_hand(Mark::In, ""))?;
                }
            }
            Ok::<_, AttendanceError>(tx.unchanged(())?)
        })
        .await
        .unwrap();
    // As two persons would have frozen it; their agreement costs nothing that is measured here.
    house
        .write::<_, DbError, _>(&Author::cli(), |tx| {
            let lines = frozen::present(tx)?;
            let texts: Vec<String> = lines.iter().map(frozen::Line::json).collect::<Result<_, _>>()?;
            let (now, people) = (tx.now(), u64::try_from(lines.len()).unwrap());
            tx.execute(
                sql!(
                    "INSERT INTO roll_freeze(no, frozen_at, hash, people, delegates, reason, decision, asked_by,
                       approved_by, approved_at)
                     VALUES(1, $1, $2, $3, $3, '', '', '', '', $1)"
                ),
                params![now, frozen::hash(&texts), people],
            )?;
            for (line, text) in lines.iter().zip(&texts) {
                tx.execute(
                    sql!("INSERT INTO roll_freeze_row(freeze_no, participant, line) VALUES(1, $1, $2)"),
                    params![line.participant, text],
                )?;
            }
            Ok(tx.record(Event::new("credentials.frozen", "roll_freeze", 1)).with(()))
        })
        .await
        .unwrap();
}

async fn measure(house: &House) {
    let (mut limit, mut counted, mut set, mut pdf) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut size = 0;
    for _ in 0..RUNS {
        let start = Instant::now();
        let lines = house
            .read::<_, DbError, _>(|tx| {
                tx.query::<Row>(sql!("SELECT line FROM roll_freeze_row WHERE freeze_no = 1"), params![])
            })
            .await
            .unwrap();
        limit.push(start.elapsed());
        assert_eq!(lines.len(), usize::try_from(PEOPLE).unwrap());

        let start = Instant::now();
        let report = house
            .read::<_, CredentialError, _>(|tx| {
                let asked = Question { freeze: 1, session: "tru-bi".to_owned(), as_of: tx.now() };
                store::counted(tx, &asked, "")
            })
            .await
            .unwrap();
        counted.push(start.elapsed());
        assert_eq!(report.content.figures.summoned, u64::from(PEOPLE));
        report.content.figures.reconciles().unwrap();

        let start = Instant::now();
        let head = paper::Head { body: None, number: None, on: date(2025, 9, 26), hash: "0" };
        let printable = Printable::Paper(Box::new(paper::report(&report.content, &head)));
        set.push(start.elapsed());

        let start = Instant::now();
        size = print_pdf::Typst.pdf(&printable).unwrap().len();
        pdf.push(start.elapsed());
    }
    let (limit, counted) = (median(limit), median(counted));
    println!("{PEOPLE} frozen lines read           {limit:8.1} ms");
    println!("checked, counted, reconciled    {counted:8.1} ms   {:.1} times", counted / limit);
    println!("set as a paper                  {:8.1} ms", median(set));
    println!("as PDF                          {:8.1} ms   {} kB", median(pdf), size >> 10);
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let url = DatabaseUrl::Sqlite(folder.path().join("bench.db"));
    let tables = [testing::migrations(), people::migrations()].concat();
    let house = testing::house(&url, &tables, folder.path()).unwrap();
    runtime.block_on(async {
        fill(&house).await;
        measure(&house).await;
    });
}
