//! The write path, on both databases: nothing is kept without its event, errors have their type, one
//! closure's failure is its own, and what was acknowledged is there after a restart.

#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used, reason = "tests")]

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use platform::{
    audit::{self, Author, Event},
    clock::SystemClock,
    db::{DatabaseUrl, Db, DbError, Migration, Options},
    params, sql,
    testing::{House, on_both},
};

const TABLES: &[Migration] = &[Migration {
    area: "probe",
    version: 1,
    sql: "CREATE TABLE probe(id BIGINT PRIMARY KEY, name TEXT NOT NULL UNIQUE, parent BIGINT REFERENCES probe(id),
          bytes BLOB, CHECK(id > 0)) STRICT;",
}];

async fn put(house: &House, id: i64, name: &'static str, parent: Option<i64>) -> Result<(), DbError> {
    house
        .write(&Author::cli(), move |tx| {
            tx.execute(
                sql!("INSERT INTO probe(id, name, parent) VALUES($1, $2, $3)"),
                params![id, name, parent],
            )?;
            Ok(tx.record(Event::new("probe.put", "probe", id).topic("probe")).with(()))
        })
        .await
}

async fn names(house: &House) -> Vec<String> {
    house
        .read(|tx| {
            let rows: Vec<platform::db::Row> = tx.query(sql!("SELECT name FROM probe ORDER BY id"), &[])?;
            rows.iter().map(|row| row.get("name")).collect::<Result<Vec<String>, DbError>>()
        })
        .await
        .unwrap()
}

async fn events(house: &House) -> i64 {
    house.read(audit::store::size).await.unwrap()
}

#[test]
fn every_registered_statement_is_understood_by_the_database() {
    on_both(TABLES, async |house| {
        let failed = house.check_statements().unwrap();
        let ours: Vec<_> = failed.iter().filter(|(at, _)| !at.contains("missing_on_purpose")).collect();
        assert!(ours.is_empty(), "{ours:#?}");
        assert!(platform::db::statements().count() > 20, "statements are registered");
    });
}

#[test]
fn a_change_and_its_event_are_one() {
    on_both(TABLES, async |house| {
        put(&house, 1, "một", None).await.unwrap();
        assert_eq!((names(&house).await, events(&house).await), (vec!["một".to_owned()], 1));
        // The event of a refused change is not there either.
        let refused = put(&house, 2, "một", None).await;
        assert!(matches!(refused, Err(DbError::Unique { .. })), "{refused:?}");
        assert_eq!((names(&house).await.len(), events(&house).await), (1, 1));
    });
}

#[test]
fn errors_have_their_type() {
    on_both(TABLES, async |house| {
        put(&house, 1, "một", None).await.unwrap();
        let orphan = put(&house, 2, "hai", Some(99)).await;
        assert!(matches!(orphan, Err(DbError::Missing(_))), "{orphan:?}");
        let refused = put(&house, -1, "âm", None).await;
        assert!(matches!(refused, Err(DbError::Refused(_))), "{refused:?}");
        let missing: Result<(), DbError> = house
            .read(|tx| {
                tx.query_one::<platform::db::Row>(sql!("SELECT * FROM probe WHERE id = 77"), &[]).map(drop)
            })
            .await;
        assert!(matches!(missing, Err(DbError::Missing(_))), "{missing:?}");
    });
}

#[test]
fn a_change_without_an_event_is_rolled_back() {
    on_both(TABLES, async |house| {
        let sneaky: Result<(), DbError> = house
            .write(&Author::cli(), |tx| {
                tx.execute(sql!("INSERT INTO probe(id, name) VALUES(1, 'lén')"), &[])?;
                tx.unchanged(())
            })
            .await;
        assert_eq!(sneaky, Err(DbError::Unrecorded));
        assert_eq!((names(&house).await.len(), events(&house).await), (0, 0));
    });
}

#[test]
fn a_panic_or_a_failure_is_its_own() {
    on_both(TABLES, async |house| {
        let mut calls = Vec::new();
        for id in 1..=60_i64 {
            let house = house.clone();
            calls.push(tokio::spawn(async move {
                house
                    .write::<(), DbError, _>(&Author::cli(), move |tx| {
                        let name = format!("số {id}");
                        tx.execute(sql!("INSERT INTO probe(id, name) VALUES($1, $2)"), params![id, name])?;
                        assert!(id % 10 != 0, "this one falls over");
                        if id % 7 == 0 {
                            return Err(DbError::Refused("chosen".to_owned()));
                        }
                        Ok(tx.record(Event::new("probe.put", "probe", id)).with(()))
                    })
                    .await
            }));
        }
        let mut kept = 0;
        for (id, call) in (1..).zip(calls) {
            match call.await.unwrap() {
                Ok(()) => kept += 1,
                Err(DbError::Panicked) => assert_eq!(id % 10, 0),
                Err(DbError::Refused(_)) => assert_eq!(id % 7, 0),
                Err(other) => panic!("{id}: {other}"),
            }
        }
        assert_eq!(names(&house).await.len(), kept);
        assert_eq!(events(&house).await, i64::try_from(kept).unwrap());
    });
}

#[test]
fn the_log_cannot_be_rewritten() {
    on_both(TABLES, async |house| {
        put(&house, 1, "một", None).await.unwrap();
        for statement in [sql!("UPDATE audit_event SET office = 'khác'"), sql!("DELETE FROM audit_event")] {
            let tampered: Result<(), DbError> = house
                .write(&Author::cli(), move |tx| {
                    tx.execute(statement, &[])?;
                    Ok(tx.record(Event::new("probe.tampered", "probe", 1)).with(()))
                })
                .await;
            assert!(matches!(tampered, Err(DbError::Refused(_))), "{tampered:?}");
        }
    });
}

#[test]
fn many_writers_share_commits() {
    on_both(TABLES, async |house| {
        let before = house.counts();
        let calls: Vec<_> = (1..=400_i64)
            .map(|id| {
                let house = house.clone();
                tokio::spawn(async move {
                    house
                        .write::<(), DbError, _>(&Author::cli(), move |tx| {
                            tx.execute(
                                sql!("INSERT INTO probe(id, name) VALUES($1, $2)"),
                                params![id, id.to_string()],
                            )?;
                            Ok(tx.record(Event::new("probe.put", "probe", id)).with(()))
                        })
                        .await
                })
            })
            .collect();
        for call in calls {
            call.await.unwrap().unwrap();
        }
        let after = house.counts();
        assert_eq!(after.0 - before.0, 400);
        assert!(after.1 - before.1 < 400, "{} commits for 400 writes", after.1 - before.1);
        assert_eq!(names(&house).await.len(), 400);
    });
}

fn open(path: &std::path::Path, options: Options) -> Result<Db, DbError> {
    let migrations = [audit::MIGRATIONS, TABLES].concat();
    Db::open(&DatabaseUrl::Sqlite(path.to_owned()), &migrations, Arc::new(SystemClock), options, |_| {})
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_says_busy_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let db = open(&folder.path().join("a.db"), Options { waiting: 4, ..Options::default() }).unwrap();
    let held = db.clone();
    let slow = tokio::spawn(async move {
        held.write::<(), DbError, _>(&Author::cli(), |tx| {
            std::thread::sleep(Duration::from_millis(300));
            Ok(tx.record(Event::new("probe.slow", "probe", 0)).with(()))
        })
        .await
    });
    tokio::time::sleep(Duration::from_millis(50)).await;
    let busy = Arc::new(AtomicUsize::new(0));
    let calls: Vec<_> = (0..40)
        .map(|id| {
            let (db, busy) = (db.clone(), busy.clone());
            tokio::spawn(async move {
                let result = db
                    .write::<(), DbError, _>(&Author::cli(), move |tx| {
                        Ok(tx.record(Event::new("probe.put", "probe", id)).with(()))
                    })
                    .await;
                if result == Err(DbError::Busy) {
                    busy.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    for call in calls {
        call.await.unwrap();
    }
    slow.await.unwrap().unwrap();
    assert_eq!(busy.load(Ordering::Relaxed), 36, "four wait, the others are told to come back");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_database_and_a_changed_migration_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    drop(open(&path, Options::default()).unwrap());
    let url = DatabaseUrl::Sqlite(path);
    let clock = Arc::new(SystemClock);
    let older = Db::open(&url, audit::MIGRATIONS, clock.clone(), Options::default(), |_| {});
    assert!(matches!(older, Err(DbError::Schema(_))));
    let changed = [audit::MIGRATIONS, &[Migration { sql: "SELECT 1", ..TABLES[0] }]].concat();
    let changed = Db::open(&url, &changed, clock, Options::default(), |_| {});
    assert!(matches!(changed, Err(DbError::Schema(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_is_there_after_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let db = open(&path, Options::default()).unwrap();
    for id in 1..=20_i64 {
        db.write::<(), DbError, _>(&Author::cli(), move |tx| {
            tx.execute(sql!("INSERT INTO probe(id, name) VALUES($1, $2)"), params![id, id.to_string()])?;
            Ok(tx.record(Event::new("probe.put", "probe", id)).with(()))
        })
        .await
        .unwrap();
    }
    let again = open(&path, Options::default()).unwrap();
    let count: Option<i64> =
        again.read::<_, DbError, _>(|tx| tx.scalar(sql!("SELECT COUNT(*) FROM probe"), &[])).await.unwrap();
    assert_eq!(count, Some(20));
}
