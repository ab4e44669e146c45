//! 5,000 delegates from a workbook, with all checks, into an empty roll; beside it the limit: calamine reading the
//! same file and nothing else. Goal: 2 s, 200 MB, at most 4 times the limit.
//!
//! `cargo bench -p people --bench import`

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a benchmark that cannot go on shall stop"
)]

use std::{
    collections::HashMap,
    io::Cursor,
    time::{Duration, Instant},
};

use calamine::{Reader as _, Xlsx};
use people::{
    delegates::model::Sight,
    generate::{Shape, roll},
    intake::{
        draft::{self, IntakeError, Yes},
        out::{self, Line},
        plan::Choices,
        read,
    },
};
use platform::{audit::Author, db::DatabaseUrl, i18n::Lang, testing};

const PEOPLE: u32 = 5_000;
const RUNS: usize = 5;

fn workbook() -> Vec<u8> {
    let mut shape = Shape::of(PEOPLE, 0);
    shape.on = jiff::civil::date(2025, 9, 26);
    let made = roll(&shape, 1);
    let units: HashMap<_, _> = made.delegations.iter().map(|one| (one.id, one.name.clone())).collect();
    let lines: Vec<Line<'_>> = made
        .people
        .iter()
        .map(|one| Line {
            code: "",
            profile: &one.profile,
            private: &one.private,
            delegation: one.profile.delegation.and_then(|id| units.get(&id)).map_or("", String::as_str),
            status: None,
        })
        .collect();
    let (heads, rows) = out::table(&lines, Sight { restricted: true, contacts: true }, Lang::Vi);
    out::xlsx(&heads, &rows).unwrap()
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64() * 1000.0
}

fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default().to_owned()
}

fn main() {
    let bytes = workbook();
    println!("{PEOPLE} delegates, {} kB; memory before: {}", bytes.len() >> 10, peak());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (mut limit, mut parsed, mut whole) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let start = Instant::now();
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(&bytes)).unwrap();
        let cells = book.worksheet_range_at(0).unwrap().unwrap().used_cells().count();
        limit.push(start.elapsed());
        assert!(cells > 50_000);
        let folder = tempfile::tempdir().unwrap();
        let url = DatabaseUrl::Sqlite(folder.path().join("bench.db"));
        let tables = [testing::migrations(), people::migrations()].concat();
        let house = testing::house(&url, &tables, folder.path()).unwrap();
        let start = Instant::now();
        let reading = read::read(&bytes).unwrap();
        parsed.push(start.elapsed());
        let yes = Yes {
            hash: None,
            may: Sight { restricted: true, contacts: true },
            sha256: draft::hash(&bytes),
            lang: Lang::Vi,
        };
        // Made names may meet by chance on one birthday; each is somebody else.
        let same = reading.rows.iter().map(|row| (row.row, "new".to_owned())).collect();
        let choices = Choices { same, ..Choices::default() };
        let done = runtime
            .block_on(house.write::<_, IntakeError, _>(&Author::cli(), move |tx| {
                let reading = draft::prepare(tx, reading, yes.may)?;
                draft::apply(tx, &reading, &choices, &yes)
            }))
            .unwrap();
        whole.push(start.elapsed());
        assert_eq!(done.added, usize::try_from(PEOPLE).unwrap());
    }
    let (limit, parsed, whole) = (median(limit), median(parsed), median(whole));
    println!("calamine reading the file alone   {limit:8.0} ms");
    println!("read and understood               {parsed:8.0} ms   {:.1} times", parsed / limit);
    println!("read, checked, written, on record {whole:8.0} ms   {:.1} times", whole / limit);
    println!("memory: {}", peak());
}
