//! The register of numbers with 10,000 lines: what one more number, a page and a search cost.
//!
//! `cargo bench -p platform --bench numbers -- [lines]`. A file of SQLite, each write durable. Printed: the median of
//! 50 calls, after one that is not counted.
// words: data — subjects as people write them

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a benchmark that cannot go on shall stop"
)]

use std::time::{Duration, Instant};

use jiff::{ToSpan, civil::date};
use platform::{
    app,
    audit::Author,
    db::DatabaseUrl,
    identity::Confidentiality,
    papers::{
        BodyId, BodyKind, NewBody, NewNumber, PapersError, Reference,
        store::{self, Filter},
    },
    testing::House,
};

fn main() {
    let lines: u32 = std::env::args().filter_map(|word| word.parse().ok()).next().unwrap_or(10_000);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let url = DatabaseUrl::Sqlite(folder.path().join("numbers.db"));
    runtime.block_on(async {
        let house = platform::testing::house(&url, &app::migrations(), folder.path()).unwrap();
        let body = fill(&house, lines).await;
        let mut next = 0;
        report(
            "take the next number, durable",
            measure(async || {
                next = house
                    .write(&Author::cli(), move |tx| store::enter(tx, &number(body, next)))
                    .await
                    .unwrap()
                    .number;
            })
            .await,
        );
        assert!(next > lines / 5, "the series went on");
        report(
            "foresee the next number",
            measure(async || {
                house.read(move |tx| store::next_number(tx, body, "TB", date(2025, 9, 26))).await.unwrap();
            })
            .await,
        );
        for (what, words) in [
            ("first page of 100 and its counts", ""),
            ("search two words", "ket luan 0042"),
            ("search that finds nothing", "khong co gi"),
        ] {
            let filter = Filter { words: words.to_owned(), ..Filter::default() };
            report(
                what,
                measure(async || {
                    let filter = filter.clone();
                    house
                        .read(move |tx| {
                            store::list(tx, &filter, 0, 100)?;
                            store::count(tx, &filter)
                        })
                        .await
                        .unwrap();
                })
                .await,
            );
        }
        report(
            "all series",
            measure(async || {
                house.read(store::all_series).await.unwrap();
            })
            .await,
        );
    });
}

async fn fill(house: &House, lines: u32) -> BodyId {
    let body = house
        .write(&Author::cli(), |tx| {
            let new = NewBody {
                kind: BodyKind::Party,
                name: "Tiểu ban Tổ chức phục vụ Đại hội".to_owned(),
                name_lines: vec!["TIỂU BAN".to_owned()],
                place: "Thành phố".to_owned(),
                symbol: "TBPV".to_owned(),
                term: "2025–2030".to_owned(),
                ..NewBody::default()
            };
            store::save_body(tx, None, 0, &new)
        })
        .await
        .unwrap();
    house
        .write(&Author::cli(), move |tx| {
            let mut last = None;
            for n in 0..lines {
                last = Some(store::enter(tx, &number(body, n))?);
            }
            last.map_or(Err(PapersError::NotFound), |done| Ok(done.map(|_| ())))
        })
        .await
        .unwrap();
    body
}

fn number(body: BodyId, n: u32) -> NewNumber {
    let types = ["TB", "KL", "QĐ", "BC", "CV"];
    NewNumber {
        body,
        abbr: types[usize::try_from(n).unwrap() % types.len()].to_owned(),
        number: None,
        on: date(2025, 7, 1).saturating_add(i64::from(n % 90).days()),
        subject: format!("Kết luận của Trưởng Tiểu ban về phần việc {n:04}"),
        class: Confidentiality::Normal,
        of: Reference::hand(),
        gap_reason: String::new(),
    }
}

async fn measure(mut call: impl AsyncFnMut()) -> Duration {
    call().await;
    let mut times = Vec::new();
    for _ in 0..50 {
        let began = Instant::now();
        call().await;
        times.push(began.elapsed());
    }
    times.sort_unstable();
    times[times.len() / 2]
}

fn report(what: &str, median: Duration) {
    println!("{what:<40} {:>9.3} ms", median.as_secs_f64() * 1000.0);
}
