//! What areas keep in memory of what the database holds, true to the last commit.
//!
//! A picture of the database is named by the head of the audit chain: nothing changes without an event, so as long
//! as the head is the same, the picture is. [`Latest::get`] asks for the head inside the caller's own snapshot,
//! which costs one look-up by key on either database. That holds on every node of a cluster and beside the
//! command line, without any message between them.
//!
//! ```text
//! struct Register { … }
//! app.db.read(move |tx| app.kept.of::<Latest<Register>>().get(tx, |act| act.starts_with("task."), load)).await?
//! ```

use std::{
    any::{Any, TypeId},
    collections::{HashMap, VecDeque},
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use crate::{
    audit::Hash,
    db::{DbError, FromRow as _, Row, Tx},
    params, row, sql,
};

/// Events that are looked through for one that concerns a picture; after more it is simply read again.
const FEW: i64 = 500;
/// Earlier heads under which a picture is known to be the same, for readers whose snapshot is a moment older.
const EARLIER: usize = 128;

/// One value of each type for the life of an application, made when it is first asked for.
#[derive(Clone, Default)]
pub struct Kept(Arc<Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>>);

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Kept")
    }
}

impl Kept {
    /// The value of this type.
    pub fn of<T: Default + Send + Sync + 'static>(&self) -> Arc<T> {
        let mut kept = lock(&self.0);
        let any = kept.entry(TypeId::of::<T>()).or_insert_with(|| Arc::new(T::default())).clone();
        // Stands under its own type, so the second arm is never taken.
        any.downcast().unwrap_or_default()
    }
}

row! {
    /// The head of the audit chain: the name of a committed state.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    struct Head {
        seq: i64,
        chain: Hash,
    }
}

/// A picture with the names of the states of which it is true.
#[derive(Debug)]
struct Picture<T> {
    head: Head,
    earlier: VecDeque<Head>,
    value: Arc<T>,
}

impl<T> Picture<T> {
    fn is_of(&self, head: &Head) -> bool {
        self.head == *head || self.earlier.contains(head)
    }

    /// The picture is true of these later states too.
    fn goes_on(&mut self, later: impl IntoIterator<Item = Head>) {
        for head in later {
            self.earlier.push_back(std::mem::replace(&mut self.head, head));
        }
        let old = self.earlier.len().saturating_sub(EARLIER);
        self.earlier.drain(..old);
    }
}

/// The newest picture of one kind.
#[derive(Debug)]
pub struct Latest<T> {
    known: Mutex<Option<Picture<T>>>,
    /// Held while one reads, so that others who need the same wait for it instead of reading it too.
    reading: Mutex<()>,
    loads: AtomicU64,
}

impl<T> Default for Latest<T> {
    fn default() -> Self {
        Self { known: Mutex::default(), reading: Mutex::default(), loads: AtomicU64::new(0) }
    }
}

impl<T> Latest<T> {
    /// The picture of the transaction's snapshot. `concerns` says of an event's act whether it may change the
    /// picture; `load` reads it, given the one before. Not for a transaction that writes: what it has changed
    /// has no name yet.
    ///
    /// # Errors
    /// Any [`DbError`].
    pub fn get(
        &self,
        tx: &mut Tx<'_>,
        concerns: impl Fn(&str) -> bool,
        load: impl FnOnce(&mut Tx<'_>, Option<&T>) -> Result<T, DbError>,
    ) -> Result<Arc<T>, DbError> {
        let head: Option<Head> =
            tx.query_opt(sql!("SELECT seq, chain FROM audit_event ORDER BY seq DESC LIMIT 1"), &[])?;
        // Before the first event there is nothing to keep.
        let Some(head) = head else { return load(tx, None).map(Arc::new) };
        if let Some(found) = self.at(&head) {
            return Ok(found);
        }
        let _turn = lock(&self.reading);
        if let Some(found) = self.at(&head) {
            return Ok(found);
        }
        let known = lock(&self.known).as_ref().map(|known| (known.head, known.value.clone()));
        let Some((mark, before)) = known else { return self.read(tx, head, None, load) };
        if mark.seq > head.seq {
            // This snapshot is older than what another already knows: it gets its own, which is not kept.
            return load(tx, Some(&before)).map(Arc::new);
        }
        let Some(later) = unchanged(tx, &mark, &head, concerns)? else {
            return self.read(tx, head, Some(&before), load);
        };
        if let Some(known) = lock(&self.known).as_mut() {
            known.goes_on(later);
        }
        Ok(before)
    }

    fn at(&self, head: &Head) -> Option<Arc<T>> {
        lock(&self.known).as_ref().filter(|known| known.is_of(head)).map(|known| known.value.clone())
    }

    fn read(
        &self,
        tx: &mut Tx<'_>,
        head: Head,
        before: Option<&T>,
        load: impl FnOnce(&mut Tx<'_>, Option<&T>) -> Result<T, DbError>,
    ) -> Result<Arc<T>, DbError> {
        let value = Arc::new(load(tx, before)?);
        self.loads.fetch_add(1, Ordering::Relaxed);
        *lock(&self.known) = Some(Picture { head, earlier: VecDeque::new(), value: value.clone() });
        Ok(value)
    }

    /// How often it was read to be kept.
    pub fn loads(&self) -> u64 {
        self.loads.load(Ordering::Relaxed)
    }
}

/// The states since `mark` up to `head`, if nothing in them concerns the picture and they are one history.
fn unchanged(
    tx: &mut Tx<'_>,
    mark: &Head,
    head: &Head,
    concerns: impl Fn(&str) -> bool,
) -> Result<Option<Vec<Head>>, DbError> {
    if head.seq - mark.seq > FEW {
        return Ok(None);
    }
    let rows: Vec<Row> = tx.query(
        sql!("SELECT seq, chain, act FROM audit_event WHERE seq >= $1 ORDER BY seq"),
        params![mark.seq],
    )?;
    let mut later = Vec::with_capacity(rows.len());
    for (place, row) in rows.iter().enumerate() {
        let here = Head::from_row(row)?;
        match place {
            0 if here != *mark => return Ok(None),
            0 => {}
            _ if concerns(&row.get::<String>("act")?) => return Ok(None),
            _ => later.push(here),
        }
    }
    Ok((later.last() == Some(head)).then_some(later))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on shall stop")]
mod tests {
    use super::*;
    use crate::{audit::Event, testing};

    async fn happen(house: &testing::House, act: &'static str) {
        let author = crate::audit::Author::system("test");
        let write = move |tx: &mut crate::db::WriteTx<'_>| {
            Ok::<_, DbError>(tx.record(Event::new(act, "thing", "1")).with(()))
        };
        house.app.db.write(&author, write).await.unwrap();
    }

    async fn get(house: &testing::House) -> Arc<i64> {
        let latest = house.app.kept.of::<Latest<i64>>();
        let read = move |tx: &mut Tx<'_>| {
            latest.get(
                tx,
                |act| act.starts_with("thing."),
                |tx, _| Ok(tx.scalar(sql!("SELECT COUNT(*) FROM audit_event"), &[])?.unwrap_or(0)),
            )
        };
        house.app.db.read(read).await.unwrap()
    }

    #[test]
    fn a_picture_is_read_again_after_what_concerns_it_and_not_after_the_rest() {
        testing::on_both(&[], async |house| {
            let loads = || house.app.kept.of::<Latest<i64>>().loads();
            happen(&house, "thing.made").await;
            let first = get(&house).await;
            let again = get(&house).await;
            assert!(Arc::ptr_eq(&first, &again));
            assert_eq!(loads(), 1);
            happen(&house, "other.made").await;
            assert!(Arc::ptr_eq(&first, &get(&house).await));
            happen(&house, "thing.changed").await;
            let next = get(&house).await;
            assert_eq!(*next, *first + 2);
            assert_eq!(loads(), 2);
        });
    }

    #[test]
    fn a_snapshot_that_is_a_moment_older_has_the_same_picture_unless_it_changed_between() {
        testing::on_both(&[], async |house| {
            let latest = house.app.kept.of::<Latest<i64>>();
            happen(&house, "thing.made").await;
            // The older snapshot is open while others commit and look.
            for (act, same, since) in [("other.made", true, 0), ("thing.changed", false, 1)] {
                let first = get(&house).await;
                let (begun, begins) = std::sync::mpsc::channel();
                let (go, goes) = std::sync::mpsc::channel::<()>();
                let (db, own) = (house.app.db.clone(), latest.clone());
                let older = tokio::spawn(async move {
                    db.read(move |tx| {
                        let _: Option<i64> = tx.scalar(sql!("SELECT MAX(seq) FROM audit_event"), &[])?;
                        let _ = begun.send(());
                        let _ = goes.recv();
                        let count = |tx: &mut Tx<'_>, _: Option<&i64>| {
                            Ok(tx.scalar(sql!("SELECT COUNT(*) FROM audit_event"), &[])?.unwrap_or(0))
                        };
                        own.get(tx, |act| act.starts_with("thing."), count)
                    })
                    .await
                });
                tokio::task::spawn_blocking(move || begins.recv()).await.unwrap().unwrap();
                happen(&house, act).await;
                let newer = get(&house).await;
                go.send(()).unwrap();
                let older: Arc<i64> = older.await.unwrap().unwrap();
                assert_eq!(*older, *first + since, "{act}: as of its own snapshot");
                assert_eq!(Arc::ptr_eq(&older, &newer), same, "{act}");
            }
        });
    }
}
