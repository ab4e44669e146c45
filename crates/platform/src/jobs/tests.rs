#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on shall stop"
)]

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::{Job, JobCtx, JobError, JobId, Jobs, MIGRATIONS, NewJob, Note, Options, State, enqueue, store};
use crate::{
    audit::{self, Author},
    clock::SystemClock,
    db::{DatabaseUrl, Db, DbError},
    live::{Hub, Limits},
    testing::Schema,
};

const QUICK: Options = Options {
    parallel: 2,
    poll: Duration::from_millis(100),
    heartbeat: Duration::from_millis(100),
    dead_after: Duration::from_millis(600),
    attempts: 3,
    grace: Duration::from_secs(2),
};

fn open(url: &DatabaseUrl) -> (Db, Hub) {
    let hub = Hub::new(Arc::new(SystemClock), Limits::default());
    let migrations: Vec<_> = audit::MIGRATIONS.iter().chain(MIGRATIONS).copied().collect();
    let publish = hub.clone();
    let place = url.clone();
    // The PostgreSQL driver brings its own runtime, which does not start inside another.
    let opened = std::thread::spawn(move || {
        let options = crate::db::Options::default();
        Db::open(&place, &migrations, Arc::new(SystemClock), options, move |committed| {
            publish.publish(committed)
        })
    });
    (opened.join().unwrap().unwrap(), hub)
}

fn node(url: &DatabaseUrl) -> (Jobs, Db) {
    let (db, hub) = open(url);
    (Jobs::new(db.clone(), hub, QUICK), db)
}

/// Both databases: a file and a PostgreSQL schema of the test's own.
struct Places {
    dir: tempfile::TempDir,
    schema: Schema,
}

impl Places {
    fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap(), schema: Schema::make() }
    }
    fn embedded(&self) -> DatabaseUrl {
        DatabaseUrl::Sqlite(self.dir.path().join("db.sqlite"))
    }
    fn both(&self) -> [DatabaseUrl; 2] {
        [self.embedded(), self.schema.url()]
    }
}

async fn ask(db: &Db, kind: &'static str, params: Value) -> JobId {
    let mut author = Author::system("thư ký");
    author.office_id = Some(uuid::Uuid::from_u128(7));
    db.write::<_, DbError, _>(&author, move |tx| {
        enqueue(tx, NewJob::new(kind, Note::new("shell-search"), params).total(10))
    })
    .await
    .unwrap()
}

async fn until(jobs: &Jobs, id: JobId, what: impl Fn(&Job) -> bool) -> Job {
    let start = Instant::now();
    loop {
        let job = jobs.get(id).await.unwrap().unwrap();
        if what(&job) {
            return job;
        }
        assert!(start.elapsed() < Duration::from_secs(10), "still {job:?}");
        sleep(Duration::from_millis(10)).await;
    }
}

/// Counts to ten, a step at a time, each kept.
fn counter(
    steps: Arc<AtomicUsize>,
    pause: Duration,
) -> impl Fn(JobCtx) -> futures::future::BoxFuture<'static, Result<Value, JobError>> {
    move |ctx| {
        let steps = steps.clone();
        Box::pin(async move {
            let first = ctx.resume().and_then(Value::as_u64).unwrap_or(0);
            for n in first..10 {
                ctx.check()?;
                let lease = ctx.lease();
                ctx.db()
                    .write::<_, DbError, _>(&ctx.author(), move |tx| {
                        lease.save(tx, &json!(n + 1))?;
                        Ok(tx.record(audit::Event::new("test.step", "step", n)).with(()))
                    })
                    .await?;
                steps.fetch_add(1, Ordering::SeqCst);
                ctx.progress(n + 1, 10);
                sleep(pause).await;
            }
            Ok(json!({ "href": "/nhiem-vu", "counted": 10 }))
        })
    }
}

#[tokio::test]
async fn a_job_shows_its_progress_and_its_result() {
    let places = Places::new();
    for place in places.both() {
        let (jobs, db) = node(&place);
        let steps = Arc::new(AtomicUsize::new(0));
        jobs.register("count", counter(steps.clone(), Duration::from_millis(20)));
        jobs.start();
        let id = ask(&db, "count", json!({})).await;
        let half = until(&jobs, id, |job| job.done >= 5).await;
        assert_eq!((half.state, half.total), (State::Running, 10));
        let done = until(&jobs, id, |job| job.state.is_over()).await;
        assert_eq!((done.state, done.done, done.total, done.attempt), (State::Done, 10, 10, 1));
        assert_eq!(done.result.unwrap()["counted"], 10);
        assert_eq!((done.office.as_str(), steps.load(Ordering::SeqCst)), ("thư ký", 10));
        let checked = std::thread::spawn(move || db.check_statements().unwrap()).join().unwrap();
        let ours: Vec<_> = checked.iter().filter(|(at, _)| at.contains("src/jobs/")).collect();
        assert!(ours.is_empty(), "{ours:?} on {place:?}");
        jobs.stop().await;
    }
}

#[tokio::test]
async fn a_waiting_job_starts_at_once_when_it_is_committed() {
    let places = Places::new();
    let (db, hub) = open(&places.embedded());
    let jobs = Jobs::new(db.clone(), hub, Options { poll: Duration::from_secs(3600), ..QUICK });
    jobs.register("count", counter(Arc::default(), Duration::ZERO));
    jobs.start();
    sleep(Duration::from_millis(100)).await;
    let id = ask(&db, "count", json!({})).await;
    until(&jobs, id, |job| job.state == State::Done).await;
}

#[test]
fn a_job_goes_on_after_the_server_died() {
    let places = Places::new();
    for place in places.both() {
        let steps = Arc::new(AtomicUsize::new(0));
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let id = runtime.block_on(async {
            let (jobs, db) = node(&place);
            jobs.register("count", counter(steps.clone(), Duration::from_millis(30)));
            jobs.start();
            let id = ask(&db, "count", json!({})).await;
            until(&jobs, id, |job| job.done >= 3).await;
            id
        });
        // Everything on it stops in the middle, as at a crash.
        runtime.shutdown_timeout(Duration::ZERO);
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let (jobs, _db) = node(&place);
            jobs.register("count", counter(steps.clone(), Duration::ZERO));
            let left = jobs.get(id).await.unwrap().unwrap();
            assert_eq!(left.state, State::Running);
            assert!(left.resume.is_some());
            jobs.start();
            let done = until(&jobs, id, |job| job.state.is_over()).await;
            assert_eq!((done.state, done.attempt, done.done), (State::Done, 2, 10));
        });
        // A step may be in flight when the runtime goes; each is kept once in the log.
        let kept = tokio::runtime::Runtime::new().unwrap().block_on(async {
            let (_, db) = node(&place);
            let filter = audit::store::Filter { act: Some("test.step".to_owned()), ..Default::default() };
            db.read::<_, DbError, _>(move |tx| audit::store::page(tx, &filter, None, 100)).await.unwrap()
        });
        let mut objects: Vec<_> = kept.iter().map(|entry| entry.object.clone()).collect();
        objects.sort();
        assert_eq!(objects, (0..10).map(|n| n.to_string()).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn a_stopping_server_puts_its_jobs_back() {
    let places = Places::new();
    for place in places.both() {
        let (jobs, db) = node(&place);
        jobs.register("count", counter(Arc::default(), Duration::from_millis(30)));
        jobs.register("deaf", |_| async {
            sleep(Duration::from_secs(3600)).await;
            Ok(Value::Null)
        });
        jobs.start();
        let id = ask(&db, "count", json!({})).await;
        let deaf = ask(&db, "deaf", json!({})).await;
        until(&jobs, id, |job| job.done >= 2).await;
        until(&jobs, deaf, |job| job.state == State::Running).await;
        jobs.stop().await;
        for id in [id, deaf] {
            let job = jobs.get(id).await.unwrap().unwrap();
            assert_eq!((job.state, job.attempt, job.node), (State::Queued, 0, None));
        }
        let (again, _db) = node(&place);
        again.register("count", counter(Arc::default(), Duration::ZERO));
        again.start();
        let done = until(&again, id, |job| job.state.is_over()).await;
        assert_eq!((done.state, done.done), (State::Done, 10));
        again.stop().await;
    }
}

#[tokio::test]
async fn a_job_can_be_cancelled_before_and_while_it_runs() {
    let places = Places::new();
    for place in places.both() {
        let (jobs, db) = node(&place);
        let author = Author::system("thư ký");
        let waiting = ask(&db, "count", json!({})).await;
        assert!(jobs.cancel(&author, waiting).await.unwrap());
        assert!(!jobs.cancel(&author, waiting).await.unwrap());
        jobs.register("count", counter(Arc::default(), Duration::from_millis(50)));
        jobs.start();
        let running = ask(&db, "count", json!({})).await;
        until(&jobs, running, |job| job.done >= 1).await;
        // On another node, which only writes the wish down.
        let (other, _) = node(&place);
        assert!(other.cancel(&author, running).await.unwrap());
        let over = until(&jobs, running, |job| job.state.is_over()).await;
        assert_eq!(over.state, State::Cancelled);
        assert!(over.done < 10);
        let waiting = jobs.get(waiting).await.unwrap().unwrap();
        assert_eq!((waiting.state, waiting.attempt), (State::Cancelled, 0));
        assert!(waiting.finished_at.is_some());
        assert!(matches!(jobs.cancel(&author, JobId(uuid::Uuid::nil())).await, Err(DbError::Missing(_))));
        jobs.stop().await;
    }
}

#[tokio::test]
async fn what_fails_says_so_and_what_kills_its_server_is_given_up() {
    let places = Places::new();
    let place = &places.embedded();
    let (jobs, db) = node(place);
    jobs.register("refuses", |_| async { Err(JobError::Failed(Note::new("shell-search").with("row", 12))) });
    jobs.register("panics", |ctx: JobCtx| async move {
        assert!(ctx.job().attempt > 100, "on purpose");
        Ok(Value::Null)
    });
    jobs.register("kills", |_| async { Ok(Value::Null) });
    let refused = ask(&db, "refuses", json!({})).await;
    let panicked = ask(&db, "panics", json!({})).await;
    let killer = ask(&db, "kills", json!({})).await;
    let unknown = ask(&db, "nobody knows", json!({})).await;
    db.write::<_, DbError, _>(&Author::system("test"), move |tx| {
        let killed =
            crate::sql!("UPDATE job SET attempt = 3, state = 'running', heartbeat = 0 WHERE id = $1");
        tx.execute(killed, crate::params![killer])?;
        Ok(tx.record(audit::Event::new("test.killed", "job", killer)).with(()))
    })
    .await
    .unwrap();
    jobs.start();
    let job = until(&jobs, refused, |job| job.state.is_over()).await;
    assert_eq!((job.state, job.note_key.as_deref()), (State::Failed, Some("shell-search")));
    assert_eq!(job.note_args["row"], 12);
    let job = until(&jobs, panicked, |job| job.state.is_over()).await;
    assert_eq!((job.state, job.note_key.as_deref()), (State::Failed, Some("jobs-note-failed")));
    let job = until(&jobs, killer, |job| job.state.is_over()).await;
    assert_eq!((job.state, job.note_key.as_deref()), (State::Failed, Some("jobs-note-gave-up")));
    assert_eq!(jobs.get(unknown).await.unwrap().unwrap().state, State::Queued);
    assert_eq!(jobs.list(Some(uuid::Uuid::from_u128(7)), None, 2).await.unwrap().len(), 2);
    assert_eq!(jobs.list(Some(uuid::Uuid::from_u128(8)), None, 2).await.unwrap().len(), 0);
    jobs.stop().await;
}

#[tokio::test]
async fn a_node_that_lost_its_job_changes_nothing_more() {
    let places = Places::new();
    for place in places.both() {
        let (jobs, db) = node(&place);
        let refused = Arc::new(AtomicUsize::new(0));
        let seen = refused.clone();
        jobs.register("count", move |ctx: JobCtx| {
            let seen = seen.clone();
            async move {
                sleep(Duration::from_millis(250)).await;
                let (lease, author) = (ctx.lease(), ctx.author());
                let kept = ctx.db().write::<_, DbError, _>(&author, move |tx| {
                    lease.save(tx, &json!(1))?;
                    Ok(tx.record(audit::Event::new("test.step", "step", 1)).with(()))
                });
                if matches!(kept.await, Err(DbError::Refused(_))) {
                    seen.fetch_add(1, Ordering::SeqCst);
                }
                sleep(Duration::from_secs(3600)).await;
                Ok(Value::Null)
            }
        });
        let id = ask(&db, "count", json!({})).await;
        // A long heartbeat, so that the node notices only when it writes.
        let options = Options { heartbeat: Duration::from_millis(400), ..QUICK };
        let slow = Jobs::new(db.clone(), open(&place).1, options);
        slow.register("count", {
            let handler = super::runner::handler_of(&jobs, "count").unwrap();
            move |ctx| handler(ctx)
        });
        slow.start();
        until(&slow, id, |job| job.state == State::Running).await;
        db.write::<_, DbError, _>(&Author::system("test"), move |tx| {
            let taken =
                crate::sql!("UPDATE job SET node = 'b1946ac9-2492-4d23-87c9-000000000000' WHERE id = $1");
            tx.execute(taken, crate::params![id])?;
            Ok(tx.record(audit::Event::new("test.taken", "job", id)).with(()))
        })
        .await
        .unwrap();
        for _ in 0..200 {
            if refused.load(Ordering::SeqCst) > 0 {
                break;
            }
            sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(refused.load(Ordering::SeqCst), 1);
        let job = db.read::<_, DbError, _>(move |tx| store::get(tx, id)).await.unwrap().unwrap();
        assert_eq!((job.state, job.resume), (State::Running, None));
    }
}

#[test]
fn an_office_sees_and_stops_its_own_jobs_only() {
    use axum::http::Method;

    use crate::{identity::Right, testing::on_both};
    on_both(&[], async |house| {
        let mine = house.seat("Ban Tổ chức", &[("tasks", Right::Manage)]).await;
        let other = house.seat("Ban Tuyên giáo", &[("jobs", Right::Manage)]).await;
        let admin = house.seat("Quản trị", &[("*", Right::Admin)]).await;
        let routes = super::routes();
        let mut author = Author::system("Ban Tổ chức");
        author.office_id = Some(mine.office.0);
        let job =
            NewJob::new("nobody's", Note::new("jobs-count").with("done", 1).with("total", 2), json!({}));
        let id = house.write::<_, DbError, _>(&author, move |tx| enqueue(tx, job.total(40))).await.unwrap();
        let (page, api) = (format!("/viec-nen/{id}"), format!("/api/v1/jobs/{id}"));

        let seen = house.call(&routes, mine.get(&page)).await;
        assert_eq!(seen.status, 200);
        for part in ["<h1>1 trên 2</h1>", "Đang chờ", "0 trên 40", "/song?lang=vi", "Ban Tổ chức"] {
            assert!(seen.text.contains(part), "{part} in {}", seen.text);
        }
        let list = house.call(&routes, mine.get("/api/v1/jobs?office=x")).await;
        assert_eq!(list.status, 400, "unknown names are refused: {}", list.text);
        let list = house.call(&routes, mine.get("/api/v1/jobs?limit=1")).await.json();
        assert_eq!(list["items"][0]["id"], id.to_string());
        let seen = house.call(&routes, mine.get(&api)).await.json();
        assert_eq!((&seen["state"], &seen["total"]), (&json!("queued"), &json!(40)));

        for path in [&page, &api, &format!("{page}/song"), &"/viec-nen/x".to_owned()] {
            assert_eq!(house.call(&routes, other.get(path)).await.status, 404, "{path}");
        }
        assert_eq!(house.call(&routes, other.post(&format!("{page}/dung"), &[])).await.status, 404);
        assert_eq!(house.call(&routes, other.get("/api/v1/jobs")).await.json()["items"], json!([]));
        assert_eq!(house.call(&routes, admin.get(&page)).await.status, 200);
        let list = house.call(&routes, admin.get("/viec-nen")).await;
        assert!(list.text.contains(&page));
        let stranger = crate::testing::stranger(Method::GET, &api).body(axum::body::Body::empty()).unwrap();
        assert_eq!(house.call(&routes, stranger).await.status, 401);

        let stopped =
            house.call(&routes, mine.json(Method::POST, &format!("{api}/cancel"), &json!({}))).await;
        assert_eq!((stopped.status, &stopped.json()["state"]), (202, &json!("cancelled")));
        let again = house.call(&routes, mine.post(&format!("{page}/dung"), &[])).await;
        assert_eq!((again.status, again.header("location")), (303, page.as_str()));
        let over = house.call(&routes, mine.get(&page)).await;
        assert!(over.text.contains("Đã dừng") && !over.text.contains("/song?"), "{}", over.text);
    });
}

#[test]
fn the_page_of_a_job_goes_on_by_itself() {
    use futures::StreamExt;
    use tower::ServiceExt;

    use crate::{identity::Right, testing::on_both};
    on_both(&[], async |house| {
        let seat = house.seat("Ban Tổ chức", &[("tasks", Right::Manage)]).await;
        let (step, steps) = tokio::sync::watch::channel(0_u64);
        house.app.jobs.register("steps", move |ctx: JobCtx| {
            let mut steps = steps.clone();
            async move {
                for n in 1..=3 {
                    let _ = steps.wait_for(|step| *step >= n).await;
                    ctx.progress(n, 3);
                }
                let _ = steps.wait_for(|step| *step >= 4).await;
                Ok(json!({ "href": "/nhiem-vu" }))
            }
        });
        house.app.jobs.start();
        let mut author = Author::system("Ban Tổ chức");
        author.office_id = Some(seat.office.0);
        let job = NewJob::new("steps", Note::new("jobs-title"), json!({}));
        let id = house.write::<_, DbError, _>(&author, move |tx| enqueue(tx, job)).await.unwrap();
        let router = crate::web::finish(
            super::routes().with_state(house.app.clone()),
            Arc::new(crate::web::Site::bare()),
        );
        let response = router.oneshot(seat.get(&format!("/viec-nen/{id}/song"))).await.unwrap();
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let mut body = response.into_body().into_data_stream();
        for (n, words) in
            ["Đang chạy", "1 trên 3", "2 trên 3", "3 trên 3", "href=\"/nhiem-vu\""].iter().enumerate()
        {
            step.send_replace(n as u64);
            loop {
                let chunk = tokio::time::timeout(Duration::from_secs(3), body.next()).await;
                let chunk = chunk.unwrap_or_else(|_| panic!("{words} is not seen")).unwrap().unwrap();
                if String::from_utf8_lossy(&chunk).contains(words) {
                    break;
                }
            }
        }
        house.app.jobs.stop().await;
    });
}
