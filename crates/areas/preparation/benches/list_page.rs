//! The page of the list through the whole router with a session, 64 asking at once, without a network: as it is kept
//! between commits, beside reading the register and drawing its part anew for each page, and after a commit each time.
// words: data — rows as a register holds them

#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark that cannot go on shall stop")]

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::Router;
use platform::{
    app,
    audit::Author,
    db::{DatabaseUrl, WriteTx},
    identity::Right,
    testing::{House, Seat, house},
    web::Site,
};
use preparation::{
    demo,
    tasks::{
        AREA, Reach, Register, TaskError,
        model::{NewReport, TaskFields},
        pages::{
            self,
            views::{Eyes, address::Address, list},
        },
        reach::Audience,
        store::{self, Who},
    },
};
use tower::ServiceExt as _;

const AT_ONCE: usize = 64;
const TIME: Duration = Duration::from_secs(3);
const RUNS: usize = 3;

/// Processor time of this process so far.
fn cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let after = stat.rsplit_once(')').unwrap().1;
    let ticks: u64 =
        after.split_whitespace().skip(11).take(2).map(|field| field.parse::<u64>().unwrap()).sum();
    Duration::from_millis(ticks * 10)
}

struct Measured {
    rate: f64,
    p50: f64,
    p99: f64,
    cpu: f64,
}

/// Asks from `AT_ONCE` tasks for a while.
async fn load<F: Future<Output = ()> + Send>(
    work: impl Fn() -> F + Send + Sync + Clone + 'static,
) -> Measured {
    let (begun, used) = (Instant::now(), cpu());
    let all: Vec<_> = (0..AT_ONCE)
        .map(|_| {
            let work = work.clone();
            tokio::spawn(async move {
                let mut times = Vec::new();
                while begun.elapsed() < TIME {
                    let one = Instant::now();
                    work().await;
                    times.push(one.elapsed().as_secs_f64() * 1e3);
                }
                times
            })
        })
        .collect();
    let mut times = Vec::new();
    for one in all {
        times.extend(one.await.unwrap());
    }
    let (took, used) = (begun.elapsed().as_secs_f64(), (cpu() - used).as_secs_f64() * 1e3);
    times.sort_by(f64::total_cmp);
    let count = times.len();
    Measured {
        rate: count as f64 / took,
        p50: times[count / 2],
        p99: times[count * 99 / 100],
        cpu: used / count as f64,
    }
}

async fn print<F: Future<Output = ()> + Send>(
    name: &str,
    work: impl Fn() -> F + Send + Sync + Clone + 'static,
) {
    let mut all = Vec::new();
    for _ in 0..RUNS {
        all.push(load(work.clone()).await);
    }
    let median = |pick: &dyn Fn(&Measured) -> f64| {
        let mut values: Vec<f64> = all.iter().map(pick).collect();
        values.sort_by(f64::total_cmp);
        values[RUNS / 2]
    };
    println!(
        "{name:<44} {:>7.0}/s  p50 {:>8.2} ms  p99 {:>8.2} ms  {:>7.3} ms CPU each",
        median(&|one| one.rate),
        median(&|one| one.p50),
        median(&|one| one.p99),
        median(&|one| one.cpu),
    );
}

async fn page(router: Router, seat: Arc<Seat>) -> usize {
    let response = router.oneshot(seat.get("/nhiem-vu")).await.unwrap();
    assert_eq!(response.status(), 200);
    axum::body::to_bytes(response.into_body(), 64 << 20).await.unwrap().len()
}

async fn report(house: &House) {
    let who = Who { office: None, organiser: Reach::Everywhere, decides: Reach::Nowhere };
    let write = move |tx: &mut WriteTx<'_>| {
        let id = store::task_by_code(tx, "DD-04")?.id;
        let text = String::new;
        let new = NewReport {
            percent: 61,
            done: "Xong phần chính".to_owned(),
            difficulty: text(),
            request: text(),
            next: text(),
        };
        store::report(tx, &who, id, &new)
    };
    house.write::<_, TaskError, _>(&Author::cli(), write).await.unwrap();
}

async fn more(house: &House, count: usize) {
    let write = move |tx: &mut WriteTx<'_>| {
        let model = store::task_by_code(tx, "DD-04")?;
        let mut last = None;
        for number in 0..count {
            let fields = TaskFields { code: format!("TH-{number:05}"), ..model.fields.clone() };
            last = Some(store::create(tx, model.plan, fields)?);
        }
        last.ok_or(TaskError::NotFound)
    };
    house.write::<_, TaskError, _>(&Author::cli(), write).await.unwrap();
}

async fn measure(house: Arc<House>, tasks: usize) {
    let site = Arc::new(Site::bare());
    let seat = Arc::new(house.seat("Thư ký", &[(AREA, Right::Read)]).await);
    let router = platform::web::finish(pages::routes().with_state(house.app.clone()), site.clone());
    let bytes = page(router.clone(), seat.clone()).await;
    println!("{tasks} tasks, {bytes} bytes a page");
    let (kept, same) = (router.clone(), seat.clone());
    print("  the whole page, kept between commits", move || {
        let (router, seat) = (kept.clone(), same.clone());
        async move {
            page(router, seat).await;
        }
    })
    .await;
    let (busy, house_too) = (router, house.clone());
    print("  the whole page, each after a commit", move || {
        let (router, seat, house) = (busy.clone(), seat.clone(), house_too.clone());
        async move {
            report(&house).await;
            page(router, seat).await;
        }
    })
    .await;
    print("  read and drawn anew, without the frame", move || {
        let (house, site) = (house.clone(), site.clone());
        async move {
            let register = house.read(Register::load).await.unwrap();
            let cx = platform::web::part_cx(platform::i18n::Lang::Vi, &site, list::PATH, String::new());
            let eyes = Eyes { audience: Audience::OPEN, manages: false };
            drop(list::draw(&cx, &register, &Address::parse(""), eyes).unwrap());
        }
    })
    .await;
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let migrations = [app::migrations(), preparation::migrations()].concat();
    println!("{AT_ONCE} at once, medians of {RUNS} runs of {} s", TIME.as_secs());
    for extra in [0, 60, 960] {
        let folder = tempfile::tempdir().unwrap();
        let url = DatabaseUrl::Sqlite(folder.path().join("bench.db"));
        runtime.block_on(async {
            let house = house(&url, &migrations, folder.path()).unwrap();
            house.write(&Author::cli(), demo::seed).await.unwrap();
            if extra > 0 {
                more(&house, extra).await;
            }
            measure(Arc::new(house), 40 + extra).await;
        });
    }
}
