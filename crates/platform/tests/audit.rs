//! The log from writing to verification: a sound export verifies, any change of one row is found and named.

#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used, reason = "tests")]

use std::sync::Arc;

use platform::{
    audit::{self, Author, Event, Fault, SigningKey, VerifyError},
    clock::SystemClock,
    db::{DatabaseUrl, Db, DbError, Options},
};
use rand::{Rng, SeedableRng, rngs::StdRng};

async fn log(events: u32) -> (tempfile::TempDir, Db, SigningKey) {
    let folder = tempfile::tempdir().unwrap();
    let url = DatabaseUrl::Sqlite(folder.path().join("log.db"));
    let db = Db::open(&url, audit::MIGRATIONS, Arc::new(SystemClock), Options::default(), |_| {}).unwrap();
    let key = SigningKey::from_seed([5; 32]);
    for number in 0..events {
        db.write::<(), DbError, _>(&Author::cli(), move |tx| {
            let event = Event::new("task.reported", "task", number)
                .why("báo cáo tuần")
                .data(serde_json::json!({"percent": number % 101}));
            Ok(tx.record(event).with(()))
        })
        .await
        .unwrap();
        if number % 25 == 24 {
            audit::store::sign(&db, &key).await.unwrap();
        }
    }
    (folder, db, key)
}

async fn export(db: &Db, key: &SigningKey) -> String {
    let mut out = Vec::new();
    audit::export(db, Some(&key.verifying_key()), &mut out).await.unwrap();
    String::from_utf8(out).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sound_log_verifies_with_its_checkpoints() {
    let (_folder, db, key) = log(100).await;
    let text = export(&db, &key).await;
    let report = audit::verify(text.as_bytes(), Some(&key.verifying_key())).unwrap();
    assert_eq!((report.events, report.checkpoints), (104, 4));
    assert!(report.signed >= 100);
    // Signing again without news signs nothing.
    assert_eq!(audit::store::sign(&db, &key).await.unwrap(), None);
    // A witness with another key is told so.
    let other = SigningKey::from_seed([6; 32]).verifying_key();
    let refused = audit::verify(text.as_bytes(), Some(&other));
    assert!(matches!(refused, Err(VerifyError::Bad { fault: Fault::Key, .. })), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_bad_row_is_named() {
    let (_folder, db, key) = log(60).await;
    let text = export(&db, &key).await;
    let changed = text.replacen("\\\"percent\\\":41", "\\\"percent\\\":99", 1);
    assert_ne!(changed, text);
    let bad = text.lines().find(|line| line.contains("\\\"percent\\\":41")).unwrap();
    let seq = serde_json::from_str::<serde_json::Value>(bad).unwrap()["seq"].as_u64().unwrap();
    match audit::verify(changed.as_bytes(), None) {
        Err(VerifyError::Bad { row, fault: Fault::Chain }) => assert_eq!(row, seq),
        other => panic!("{other:?}"),
    }
}

/// Security reference 4.1: any single changed, removed, inserted or reordered row is detected, in 10,000
/// random mutations out of 10,000.
#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_mutations_are_all_found() {
    let (_folder, db, key) = log(60).await;
    let text = export(&db, &key).await;
    let lines: Vec<&str> = text.lines().collect();
    let trusted = key.verifying_key();
    let mut rng = StdRng::seed_from_u64(1284);
    let mut tried = 0;
    while tried < 10_000 {
        let mut mutated: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        let at = rng.random_range(0..mutated.len());
        match rng.random_range(0..5) {
            0 => drop(mutated.remove(at)),
            1 => mutated.insert(at, mutated[rng.random_range(0..lines.len())].clone()),
            2 => {
                let other = rng.random_range(0..mutated.len());
                mutated.swap(at, other);
            }
            3 => {
                let mut bytes = mutated[at].clone().into_bytes();
                let byte = rng.random_range(0..bytes.len());
                bytes[byte] = rng.random_range(b' '..=b'~');
                mutated[at] = String::from_utf8_lossy(&bytes).into_owned();
            }
            _ => mutated.truncate(at),
        }
        if mutated.iter().map(String::as_str).eq(lines.iter().copied()) {
            continue;
        }
        tried += 1;
        let found = audit::verify(mutated.join("\n").as_bytes(), Some(&trusted));
        // A character inside JSON may change without changing what it says (an escape, a space).
        if found.is_ok() {
            let same = mutated.len() == lines.len()
                && mutated.iter().zip(&lines).all(|(a, b)| {
                    serde_json::from_str::<serde_json::Value>(a).ok()
                        == serde_json::from_str::<serde_json::Value>(b).ok()
                });
            assert!(
                same,
                "mutation {tried} of row {at} was not found:\n{}",
                mutated[at.min(mutated.len() - 1)]
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_signer_refuses_a_line_that_lost_its_hash() {
    let (folder, db, key) = log(10).await;
    drop(db);
    let path = folder.path().join("log.db");
    let raw = rusqlite::Connection::open(&path).unwrap();
    raw.execute_batch(
        "DROP TRIGGER audit_event_no_update;
         UPDATE audit_event SET line = CAST(REPLACE(CAST(line AS TEXT), 'tuần', 'tháng') AS BLOB) WHERE seq = 4;",
    )
    .unwrap();
    let url = DatabaseUrl::Sqlite(path);
    let db = Db::open(&url, audit::MIGRATIONS, Arc::new(SystemClock), Options::default(), |_| {}).unwrap();
    let refused = audit::store::sign(&db, &key).await;
    assert!(matches!(&refused, Err(DbError::Refused(why)) if why.contains('4')), "{refused:?}");
    let text = export(&db, &key).await;
    assert!(matches!(audit::verify(text.as_bytes(), None), Err(VerifyError::Bad { row: 4, .. })));
}
