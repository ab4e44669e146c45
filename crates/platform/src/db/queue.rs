//! The writer thread with its group commit, and the readers.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use tokio::sync::oneshot;

use super::{
    Conn, DatabaseUrl, DbError, Dialect, Done, Migration, Tx, WriteTx, migrate, postgres::Postgres,
    sqlite::Sqlite,
};
use crate::{
    audit::{self, Author, Committed},
    clock::Clock,
};

/// How the queues are cut.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Connections that read; each is a thread.
    pub readers: usize,
    /// Closures that may wait, per queue, before callers are told to come back.
    pub waiting: usize,
    /// Closures in one commit at most.
    pub group: usize,
    /// How long a group may go on taking in closures before it commits.
    pub group_time: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self { readers: 4, waiting: 8192, group: 512, group_time: Duration::from_millis(8) }
    }
}

type Publish = Arc<dyn Fn(&[Committed]) + Send + Sync>;

/// A handle to the database; clones share the same threads.
#[derive(Clone)]
pub struct Db {
    url: DatabaseUrl,
    writes: Sender<Box<dyn WriteJob>>,
    reads: Sender<Box<dyn ReadJob>>,
    clock: Arc<dyn Clock>,
    stats: Arc<Stats>,
}

#[derive(Default)]
struct Stats {
    writes: AtomicU64,
    commits: AtomicU64,
    reads: AtomicU64,
}

trait WriteJob: Send {
    /// Runs the closure; true when its changes shall stay.
    fn run(&mut self, conn: &mut dyn Conn, now: jiff::Timestamp, chain: &mut audit::Head) -> bool;
    /// Answers the caller once the fate of the group is known.
    fn finish(self: Box<Self>, commit: &Result<(), DbError>) -> Vec<Committed>;
}

trait ReadJob: Send {
    fn run(self: Box<Self>, conn: &mut dyn Conn, now: jiff::Timestamp);
    fn fail(self: Box<Self>, error: DbError);
}

impl Db {
    /// Opens the database, brings its schema up to date and starts the threads. `publish` is called on the
    /// writer thread after each commit with the events that it made durable.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Schema`].
    pub fn open(
        url: &DatabaseUrl,
        migrations: &[Migration],
        clock: Arc<dyn Clock>,
        options: Options,
        publish: impl Fn(&[Committed]) + Send + Sync + 'static,
    ) -> Result<Self, DbError> {
        let (writer, reading) = apart(|| {
            let mut writer = connect(url, false)?;
            migrate::migrate(writer.as_mut(), migrations)?;
            let readers =
                (0..options.readers.max(1)).map(|_| connect(url, true)).collect::<Result<Vec<_>, _>>()?;
            Ok((writer, readers))
        })?;
        let (writes, write_jobs) = bounded(options.waiting);
        let (reads, read_jobs) = bounded(options.waiting);
        let stats = Arc::new(Stats::default());
        spawn("db-write", {
            let (url, clock, stats) = (url.clone(), clock.clone(), stats.clone());
            let publish: Publish = Arc::new(publish);
            move || write_loop(writer, &url, &write_jobs, clock.as_ref(), options, &publish, &stats)
        })?;
        for reader in reading {
            let (url, clock, jobs, stats) = (url.clone(), clock.clone(), read_jobs.clone(), stats.clone());
            spawn("db-read", move || read_loop(reader, &url, &jobs, clock.as_ref(), &stats))?;
        }
        Ok(Self { url: url.clone(), writes, reads, clock, stats })
    }

    /// The one way to change anything: runs `f` in a transaction together with the audit events it records.
    /// Returns once the change is on disk.
    ///
    /// # Errors
    /// Whatever `f` returns, [`DbError::Busy`] when the queue is full, or the error of the commit.
    pub async fn write<T, E, F>(&self, author: &Author, f: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
        F: FnOnce(&mut WriteTx<'_>) -> Result<Done<T>, E> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job =
            WriteClosure { f: Some(f), author: author.clone(), out: None, committed: Vec::new(), reply };
        send(&self.writes, Box::new(job) as Box<dyn WriteJob>)?;
        answer.await.unwrap_or_else(|_| Err(DbError::Unavailable("the writer stopped".to_owned()).into()))
    }

    /// Runs `f` over one snapshot.
    ///
    /// # Errors
    /// Whatever `f` returns, or [`DbError::Busy`] when the queue is full.
    pub async fn read<T, E, F>(&self, f: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        send(&self.reads, Box::new(ReadClosure { f, reply }) as Box<dyn ReadJob>)?;
        answer.await.unwrap_or_else(|_| Err(DbError::Unavailable("the reader stopped".to_owned()).into()))
    }

    /// The clock that dates everything in this database.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// Where the data lives.
    pub fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    /// Closures waiting to write and to read, for `/metrics`.
    pub fn waiting(&self) -> (usize, usize) {
        (self.writes.len(), self.reads.len())
    }

    /// Writes, commits and reads since the start: writes ÷ commits is what grouping saved.
    pub fn counts(&self) -> (u64, u64, u64) {
        let load = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        (load(&self.stats.writes), load(&self.stats.commits), load(&self.stats.reads))
    }

    /// Prepares every registered statement on a connection of its own; returns those that fail.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] when no connection can be had.
    pub fn check_statements(&self) -> Result<Vec<(&'static str, DbError)>, DbError> {
        apart(|| {
            let mut conn = connect(&self.url, false)?;
            Ok(super::statements()
                .filter_map(|sql| conn.check(sql).err().map(|error| (sql.at, error)))
                .collect())
        })
    }
}

/// Runs `f` on a thread of its own: PostgreSQL's driver waits with a runtime inside, which panics on a thread
/// that already drives one.
pub(super) fn apart<T: Send>(f: impl FnOnce() -> Result<T, DbError> + Send) -> Result<T, DbError> {
    thread::scope(|scope| scope.spawn(f).join()).unwrap_or_else(|_| Err(DbError::Panicked))
}

pub(super) fn connect(url: &DatabaseUrl, read_only: bool) -> Result<Box<dyn Conn>, DbError> {
    Ok(match url {
        DatabaseUrl::Sqlite(path) => Box::new(Sqlite::open(path, read_only)?),
        DatabaseUrl::Postgres(url) => Box::new(Postgres::open(url)?),
    })
}

fn spawn(name: &str, f: impl FnOnce() + Send + 'static) -> Result<(), DbError> {
    let spawned = thread::Builder::new().name(name.to_owned()).spawn(f);
    spawned.map(drop).map_err(|error| DbError::Unavailable(error.to_string()))
}

fn send<T>(queue: &Sender<T>, job: T) -> Result<(), DbError> {
    queue.try_send(job).map_err(|error| match error {
        TrySendError::Full(_) => DbError::Busy,
        TrySendError::Disconnected(_) => DbError::Unavailable("the database is closed".to_owned()),
    })
}

/// Takes what is waiting, runs it in one transaction, commits once, answers, publishes; again.
fn write_loop(
    mut conn: Box<dyn Conn>,
    url: &DatabaseUrl,
    jobs: &Receiver<Box<dyn WriteJob>>,
    clock: &dyn Clock,
    options: Options,
    publish: &Publish,
    stats: &Stats,
) {
    while let Ok(first) = jobs.recv() {
        let mut group = vec![first];
        let mut result = reconnect(&mut conn, url, false);
        if result.is_ok() {
            result = run_group(conn.as_mut(), &mut group, jobs, clock, options);
        }
        stats.writes.fetch_add(group.len() as u64, Ordering::Relaxed);
        stats.commits.fetch_add(1, Ordering::Relaxed);
        let mut committed = Vec::new();
        for job in group {
            committed.append(&mut job.finish(&result));
        }
        if !committed.is_empty() {
            publish(&committed);
        }
    }
}

fn run_group(
    conn: &mut dyn Conn,
    group: &mut Vec<Box<dyn WriteJob>>,
    jobs: &Receiver<Box<dyn WriteJob>>,
    clock: &dyn Clock,
    options: Options,
) -> Result<(), DbError> {
    conn.begin_write()?;
    let result = (|| {
        let mut head = audit::Head::read(conn)?;
        let start = Instant::now();
        let mut index = 0;
        while let Some(job) = group.get_mut(index) {
            run_one(conn, job.as_mut(), clock, &mut head)?;
            index += 1;
            if index == group.len() && group.len() < options.group && start.elapsed() < options.group_time {
                group.extend(jobs.try_recv().ok());
            }
        }
        conn.commit()
    })();
    if result.is_err() {
        // The error of the group is what its callers must hear; a failed rollback only closes the connection.
        let _ = conn.rollback();
    }
    result
}

fn run_one(
    conn: &mut dyn Conn,
    job: &mut dyn WriteJob,
    clock: &dyn Clock,
    head: &mut audit::Head,
) -> Result<(), DbError> {
    conn.step("SAVEPOINT job")?;
    let before = head.clone();
    let keep = catch_unwind(AssertUnwindSafe(|| job.run(conn, clock.now(), head))).unwrap_or(false);
    if keep {
        conn.step("RELEASE SAVEPOINT job")
    } else {
        *head = before;
        conn.step("ROLLBACK TO SAVEPOINT job")?;
        conn.step("RELEASE SAVEPOINT job")
    }
}

fn read_loop(
    mut conn: Box<dyn Conn>,
    url: &DatabaseUrl,
    jobs: &Receiver<Box<dyn ReadJob>>,
    clock: &dyn Clock,
    stats: &Stats,
) {
    while let Ok(job) = jobs.recv() {
        stats.reads.fetch_add(1, Ordering::Relaxed);
        let begun = reconnect(&mut conn, url, true).and_then(|()| conn.begin_read());
        match begun {
            Ok(()) => {
                let now = clock.now();
                // A panic drops the reply channel: the caller hears that the reader stopped.
                let _ = catch_unwind(AssertUnwindSafe(|| job.run(conn.as_mut(), now)));
                let _ = conn.rollback();
            }
            Err(error) => job.fail(error),
        }
    }
}

fn reconnect(conn: &mut Box<dyn Conn>, url: &DatabaseUrl, read_only: bool) -> Result<(), DbError> {
    if !conn.usable() {
        *conn = connect(url, read_only)?;
    }
    Ok(())
}

struct WriteClosure<F, T, E> {
    f: Option<F>,
    author: Author,
    out: Option<Result<T, E>>,
    committed: Vec<Committed>,
    reply: oneshot::Sender<Result<T, E>>,
}

impl<F, T, E> WriteJob for WriteClosure<F, T, E>
where
    T: Send + 'static,
    E: From<DbError> + Send + 'static,
    F: FnOnce(&mut WriteTx<'_>) -> Result<Done<T>, E> + Send + 'static,
{
    fn run(&mut self, conn: &mut dyn Conn, now: jiff::Timestamp, chain: &mut audit::Head) -> bool {
        let Some(f) = self.f.take() else { return false };
        // Stands if the closure panics below.
        self.out = Some(Err(DbError::Panicked.into()));
        let mut tx = WriteTx { tx: Tx { conn, now }, author: &self.author, events: Vec::new(), changed: 0 };
        let result = f(&mut tx);
        let (changed, events) = (tx.changed, std::mem::take(&mut tx.events));
        let result = result.and_then(|done| {
            if changed > 0 && events.is_empty() {
                return Err(DbError::Unrecorded.into());
            }
            for event in events {
                self.committed.push(chain.append(conn, now, &self.author, event)?);
            }
            Ok(done.0)
        });
        let keep = result.is_ok();
        self.out = Some(result);
        keep
    }

    fn finish(self: Box<Self>, commit: &Result<(), DbError>) -> Vec<Committed> {
        let Self { out, reply, committed, .. } = *self;
        let (answer, committed) = match (out, commit) {
            (Some(Err(error)), _) => (Err(error), Vec::new()),
            (Some(Ok(value)), Ok(())) => (Ok(value), committed),
            (_, Err(error)) => (Err(error.clone().into()), Vec::new()),
            (None, Ok(())) => (Err(DbError::Panicked.into()), Vec::new()),
        };
        // A caller that has gone away does not undo what it asked for.
        let _ = reply.send(answer);
        committed
    }
}

struct ReadClosure<F, T, E> {
    f: F,
    reply: oneshot::Sender<Result<T, E>>,
}

impl<F, T, E> ReadJob for ReadClosure<F, T, E>
where
    T: Send + 'static,
    E: From<DbError> + Send + 'static,
    F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
{
    fn run(self: Box<Self>, conn: &mut dyn Conn, now: jiff::Timestamp) {
        let Self { f, reply } = *self;
        let result = f(&mut Tx { conn, now });
        let _ = reply.send(result);
    }
    fn fail(self: Box<Self>, error: DbError) {
        let _ = self.reply.send(Err(error.into()));
    }
}

impl Db {
    /// Which dialect the data speaks.
    pub fn dialect(&self) -> Dialect {
        match self.url {
            DatabaseUrl::Sqlite(_) => Dialect::Sqlite,
            DatabaseUrl::Postgres(_) => Dialect::Postgres,
        }
    }
}
