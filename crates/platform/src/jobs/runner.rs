//! Takes jobs from the table and runs their handlers.

use std::{
    collections::HashMap,
    panic::AssertUnwindSafe,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use futures::{FutureExt, future::BoxFuture};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    time::{sleep, timeout},
};
use uuid::Uuid;

use super::{Job, JobError, JobId, Note, Options, State, store};
use crate::{
    audit::{Author, Topic},
    db::{Db, DbError, WriteTx},
    i18n::key,
    live::Hub,
};

type Handler = Arc<dyn Fn(JobCtx) -> BoxFuture<'static, Result<Value, JobError>> + Send + Sync>;

/// Runs jobs; clones share everything.
#[derive(Clone)]
pub struct Jobs(Arc<Inner>);

struct Inner {
    db: Db,
    hub: Hub,
    options: Options,
    node: Uuid,
    handlers: Mutex<HashMap<&'static str, Handler>>,
    running: Mutex<HashMap<JobId, Arc<Run>>>,
    slots: Arc<Semaphore>,
    stopping: watch::Sender<bool>,
}

/// How far a handler says it is.
#[derive(Debug, Clone, Default)]
pub(super) struct Progress {
    pub(super) done: u64,
    pub(super) total: u64,
    pub(super) note: Option<Note>,
}

/// Which start of a job this is: what another node may not do in its name.
#[derive(Debug, Clone, Copy)]
pub struct Lease {
    pub(super) id: JobId,
    pub(super) node: Uuid,
    pub(super) attempt: u32,
}

impl Lease {
    /// Keeps where to go on after a restart, in the transaction of the step it belongs to.
    ///
    /// # Errors
    /// [`DbError::Refused`] when the job meanwhile belongs to another node: the step must not happen.
    pub fn save(&self, tx: &mut WriteTx<'_>, resume: &Value) -> Result<(), DbError> {
        if store::save(tx, self, resume)? {
            Ok(())
        } else {
            Err(DbError::Refused(format!("job {} was taken over or is over", self.id)))
        }
    }
}

/// One start of one job.
struct Run {
    lease: Lease,
    progress: Mutex<Progress>,
    topic: Topic,
    cancelled: AtomicBool,
    lost: AtomicBool,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Jobs {
    /// Jobs of this database, announced through this hub. Nothing runs before [`start`](Self::start).
    pub fn new(db: Db, hub: Hub, options: Options) -> Self {
        Self(Arc::new(Inner {
            db,
            hub,
            options,
            node: Uuid::new_v4(),
            handlers: Mutex::default(),
            running: Mutex::default(),
            slots: Arc::new(Semaphore::new(options.parallel.max(1))),
            stopping: watch::Sender::new(false),
        }))
    }

    /// Says who does jobs of a kind. A job of a kind that no node knows waits.
    pub fn register<F>(&self, kind: &'static str, handler: impl Fn(JobCtx) -> F + Send + Sync + 'static)
    where
        F: Future<Output = Result<Value, JobError>> + Send + 'static,
    {
        lock(&self.0.handlers).insert(kind, Arc::new(move |ctx| handler(ctx).boxed()));
    }

    /// Begins to take jobs; must be called inside a tokio runtime, once, after all kinds are registered.
    pub fn start(&self) {
        tokio::spawn(self.clone().take_jobs());
    }

    /// Takes no more jobs and asks the running ones to stop; they go back into the queue and go on after
    /// the next start. Returns when they have, or after [`Options::grace`].
    pub async fn stop(&self) {
        self.0.stopping.send_replace(true);
        let all = u32::try_from(self.0.options.parallel.max(1)).unwrap_or(u32::MAX);
        if timeout(self.0.options.grace, self.0.slots.acquire_many(all)).await.is_err() {
            let left = lock(&self.0.running).len();
            tracing::warn!(left, "jobs did not stop in time; they start again elsewhere or later");
        }
    }

    /// A job with the progress of this moment where this node runs it.
    ///
    /// # Errors
    /// Any [`DbError`].
    pub async fn get(&self, id: JobId) -> Result<Option<Job>, DbError> {
        let job: Option<Job> = self.0.db.read(move |tx| store::get(tx, id)).await?;
        Ok(job.map(|job| self.overlay(job)))
    }

    /// The newest jobs of an office, or of all offices, older than `before`, with their progress of this moment.
    ///
    /// # Errors
    /// Any [`DbError`].
    pub async fn list(
        &self,
        office: Option<Uuid>,
        before: Option<JobId>,
        limit: u32,
    ) -> Result<Vec<Job>, DbError> {
        let jobs: Vec<Job> = self.0.db.read(move |tx| store::list(tx, office, before, limit)).await?;
        Ok(jobs.into_iter().map(|job| self.overlay(job)).collect())
    }

    /// Asks a job to stop; false when it was over already.
    ///
    /// # Errors
    /// [`DbError::Missing`] when there is no such job, or any other.
    pub async fn cancel(&self, author: &Author, id: JobId) -> Result<bool, DbError> {
        let cancelled = self.0.db.write(author, move |tx| store::cancel(tx, id)).await?;
        if cancelled && let Some(run) = lock(&self.0.running).get(&id) {
            run.cancelled.store(true, Ordering::Release);
        }
        Ok(cancelled)
    }

    fn overlay(&self, mut job: Job) -> Job {
        if job.state == State::Running
            && let Some(run) = lock(&self.0.running).get(&job.id)
        {
            let progress = lock(&run.progress).clone();
            (job.done, job.total) = (progress.done, progress.total);
            if let Some(note) = progress.note {
                (job.note_key, job.note_args) = (Some(note.key), note.args);
            }
        }
        job
    }

    fn wall(&self) -> Timestamp {
        self.0.db.clock().wall()
    }

    async fn take_jobs(self) {
        let mut stopping = self.0.stopping.subscribe();
        let mut work = self.0.hub.listen(["jobs"]);
        loop {
            let slot = tokio::select! {
                slot = self.0.slots.clone().acquire_owned() => match slot {
                    Ok(slot) => slot,
                    Err(_) => return,
                },
                () = set(&mut stopping) => return,
            };
            if *stopping.borrow() {
                return;
            }
            match self.take_one(slot).await {
                Ok(true) => continue,
                Ok(false) => {}
                Err(error) => tracing::error!(%error, "jobs could not be looked for"),
            }
            tokio::select! {
                () = work.changed() => {}
                () = sleep(self.0.options.poll) => {}
                () = set(&mut stopping) => return,
            }
        }
    }

    /// Takes one job if there is one; true when it is worth looking again at once.
    async fn take_one(&self, slot: OwnedSemaphorePermit) -> Result<bool, DbError> {
        let wall = self.wall();
        let silence = jiff::SignedDuration::try_from(self.0.options.dead_after).unwrap_or_default();
        let dead = wall.saturating_sub(silence).unwrap_or(Timestamp::MIN);
        let candidates: Vec<store::Candidate> =
            self.0.db.read(move |tx| store::candidates(tx, wall, dead)).await?;
        let known =
            |candidate: &store::Candidate| lock(&self.0.handlers).get(candidate.kind.as_str()).cloned();
        let Some((candidate, handler)) = candidates
            .into_iter()
            .find_map(|candidate| known(&candidate).map(|handler| (candidate, handler)))
        else {
            return Ok(false);
        };
        let (node, given_up) = (self.0.node, candidate.attempt >= self.0.options.attempts);
        let cancelled = candidate.cancel_requested;
        let system = Author::system("jobs");
        let claimed = self.0.db.write(&system, move |tx| store::claim(tx, &candidate, node, wall));
        let Some(job) = claimed.await? else { return Ok(true) };
        let run = Arc::new(Run {
            lease: Lease { id: job.id, node, attempt: job.attempt },
            progress: Mutex::new(Progress { done: job.done, total: job.total, note: None }),
            topic: Topic::new(format!("job/{}", job.id)),
            cancelled: AtomicBool::new(cancelled),
            lost: AtomicBool::new(false),
        });
        let jobs = self.clone();
        tokio::spawn(async move {
            if cancelled {
                jobs.end(&run, Err(JobError::Cancelled)).await;
            } else if given_up {
                jobs.end(&run, Err(JobError::Failed(Note::new(key("jobs-note-gave-up"))))).await;
            } else {
                lock(&jobs.0.running).insert(job.id, run.clone());
                jobs.run(job, handler, &run).await;
                lock(&jobs.0.running).remove(&run.lease.id);
            }
            drop(slot);
        });
        Ok(true)
    }

    async fn run(&self, job: Job, handler: Handler, run: &Arc<Run>) {
        let ctx = JobCtx { jobs: self.clone(), run: run.clone(), job: Arc::new(job) };
        let mut work = tokio::spawn(async move { AssertUnwindSafe(handler(ctx)).catch_unwind().await });
        let mut stopping = self.0.stopping.subscribe();
        let mut cancels = self.0.hub.listen([format!("job/{}", run.lease.id)]);
        let mut stop_by: Option<tokio::time::Instant> = None;
        let mut next_beat = tokio::time::Instant::now() + self.0.options.heartbeat;
        let result = loop {
            tokio::select! {
                result = &mut work => break match result {
                    Ok(Ok(result)) => result,
                    Ok(Err(_)) => Err(JobError::Internal("the handler panicked".to_owned())),
                    Err(error) => Err(JobError::Internal(error.to_string())),
                },
                () = tokio::time::sleep_until(next_beat) => {
                    next_beat = tokio::time::Instant::now() + self.0.options.heartbeat;
                    self.beat(run).await;
                }
                // Someone may have cancelled it on another node.
                () = cancels.changed(), if !run.cancelled.load(Ordering::Acquire) => self.look(run).await,
                () = set(&mut stopping), if stop_by.is_none() => {
                    stop_by = Some(tokio::time::Instant::now() + self.0.options.grace.mul_f32(0.8));
                }
                () = sleep_to(stop_by), if stop_by.is_some() => {
                    work.abort();
                    break Err(JobError::Cancelled);
                }
            }
            if run.lost.load(Ordering::Acquire) {
                // Another node has it: nothing here may go on in its name.
                work.abort();
                tracing::warn!(job = %run.lease.id, "a job was taken over by another node");
                return;
            }
        };
        self.end(run, result).await;
    }

    async fn beat(&self, run: &Arc<Run>) {
        let (wall, lease, progress) = (self.wall(), run.lease, lock(&run.progress).clone());
        let system = Author::system("jobs");
        let beaten = self.0.db.write(&system, move |tx| store::beat(tx, &lease, wall, &progress));
        match beaten.await {
            Ok((mine, cancel)) => {
                run.lost.store(!mine, Ordering::Release);
                run.cancelled.fetch_or(cancel, Ordering::AcqRel);
            }
            Err::<_, DbError>(error) => {
                tracing::warn!(job = %run.lease.id, %error, "a job could not say that it goes on")
            }
        }
    }

    async fn look(&self, run: &Arc<Run>) {
        let id = run.lease.id;
        match self.0.db.read(move |tx| store::get(tx, id)).await {
            Ok(Some(job)) => {
                run.cancelled.fetch_or(job.cancel_requested, Ordering::AcqRel);
            }
            Ok(None) => run.lost.store(true, Ordering::Release),
            Err::<_, DbError>(error) => tracing::warn!(job = %id, %error, "a job could not be read"),
        }
    }

    /// Writes how it ended, again and again if the storage is in trouble: it is not over before that.
    async fn end(&self, run: &Arc<Run>, result: Result<Value, JobError>) {
        let stopping = *self.0.stopping.borrow();
        let asked = run.cancelled.load(Ordering::Acquire);
        let mut progress = lock(&run.progress).clone();
        let (state, result) = match result {
            Ok(result) => {
                if progress.total == 0 {
                    progress.total = progress.done;
                }
                progress.done = progress.total;
                (State::Done, Some(result))
            }
            Err(JobError::Cancelled) if asked || !stopping => (State::Cancelled, None),
            // The server stops: that start does not count.
            Err(JobError::Cancelled) => (State::Running, None),
            Err(JobError::Failed(note)) => {
                progress.note = Some(note);
                (State::Failed, None)
            }
            Err(JobError::Db(error))
                if error.is_transient() && run.lease.attempt < self.0.options.attempts =>
            {
                tracing::warn!(job = %run.lease.id, %error, "a job is tried again");
                sleep(Duration::from_secs(run.lease.attempt.into())).await;
                (State::Queued, None)
            }
            Err(error) => {
                tracing::error!(job = %run.lease.id, %error, "a job failed");
                progress.note = Some(Note::new(key("jobs-note-failed")));
                (State::Failed, None)
            }
        };
        metrics::counter!("dienhong_jobs_total", "state" => state.as_str()).increment(1);
        let mut wait = Duration::from_millis(100);
        loop {
            let (lease, progress, result) = (run.lease, progress.clone(), result.clone());
            let system = Author::system("jobs");
            let ended =
                self.0.db.write(&system, move |tx| store::end(tx, &lease, state, &progress, result.as_ref()));
            match ended.await {
                Ok(true) => return,
                Ok(false) => {
                    tracing::warn!(job = %lease.id, "a job ended that another node has taken over");
                    return;
                }
                Err::<_, DbError>(error) if error.is_transient() && wait < Duration::from_secs(30) => {
                    tracing::warn!(job = %lease.id, %error, "the end of a job could not be stored; trying again");
                    sleep(wait).await;
                    wait *= 2;
                }
                Err(error) => {
                    tracing::error!(job = %lease.id, %error, "the end of a job could not be stored");
                    return;
                }
            }
        }
    }
}

/// Waits for the mark; a hub that is gone counts as stopping.
async fn set(mark: &mut watch::Receiver<bool>) {
    let _ = mark.wait_for(|set| *set).await;
}

async fn sleep_to(instant: Option<tokio::time::Instant>) {
    match instant {
        Some(instant) => tokio::time::sleep_until(instant).await,
        None => std::future::pending().await,
    }
}

/// What a handler is given.
#[derive(Clone)]
pub struct JobCtx {
    jobs: Jobs,
    run: Arc<Run>,
    job: Arc<Job>,
}

impl JobCtx {
    /// The job as it was when it was taken.
    pub fn job(&self) -> &Job {
        &self.job
    }

    /// What the handler needs to know.
    ///
    /// # Errors
    /// [`JobError::Internal`] when the stored parameters have another shape.
    pub fn params<T: DeserializeOwned>(&self) -> Result<T, JobError> {
        serde_json::from_value(self.job.params.clone()).map_err(|error| JobError::Internal(error.to_string()))
    }

    /// The database.
    pub fn db(&self) -> &Db {
        &self.jobs.0.db
    }

    /// Who asked for the job: the author of what it writes.
    pub fn author(&self) -> Author {
        self.job.author()
    }

    /// Where an earlier start of this job left off, if it did.
    pub fn resume(&self) -> Option<&Value> {
        self.job.resume.as_ref()
    }

    /// What goes into the transaction of a step, to [save](Lease::save) where to go on.
    pub fn lease(&self) -> Lease {
        self.run.lease
    }

    /// Says how many steps of how many are done; as often as the handler likes.
    pub fn progress(&self, done: u64, total: u64) {
        {
            let mut progress = lock(&self.run.progress);
            (progress.done, progress.total) = (done, total);
        }
        self.show();
    }

    /// Says what is going on, in a sentence of the area's catalogue.
    pub fn note(&self, note: Note) {
        lock(&self.run.progress).note = Some(note);
        self.show();
    }

    fn show(&self) {
        // Only on this node: the others see what the heartbeat stores. The hub draws quick ones together.
        self.jobs.0.hub.wake(std::slice::from_ref(&self.run.topic));
    }

    /// True when the handler should stop: someone cancelled it, the server stops, or another node has it.
    pub fn cancelled(&self) -> bool {
        self.run.cancelled.load(Ordering::Acquire)
            || self.run.lost.load(Ordering::Acquire)
            || *self.jobs.0.stopping.borrow()
    }

    /// For handlers to call between steps.
    ///
    /// # Errors
    /// [`JobError::Cancelled`] when the handler should stop.
    pub fn check(&self) -> Result<(), JobError> {
        if self.cancelled() { Err(JobError::Cancelled) } else { Ok(()) }
    }
}

#[cfg(test)]
pub(super) fn handler_of(jobs: &Jobs, kind: &str) -> Option<Handler> {
    lock(&jobs.0.handlers).get(kind).cloned()
}
