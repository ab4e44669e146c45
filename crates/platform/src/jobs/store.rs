//! All SQL of jobs.

use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use super::{JobId, Note, State};
use crate::{
    audit::{Author, Event, Via},
    db::{DbError, Done, Receipt, Tx, WriteTx},
    params, row, sql,
};

row! {
    /// A job as it is stored.
    #[derive(Debug, Clone)]
    pub struct Job {
        /// The id.
        pub id: JobId,
        /// Which handler does it.
        pub kind: String,
        /// The key of its title.
        pub title_key: String,
        /// The values of its title.
        pub title_args: Value,
        /// What the handler needs to know.
        pub params: Value,
        /// How far it is.
        pub state: State,
        /// Steps done.
        pub done: u64,
        /// Steps in all; 0 while that is not known.
        pub total: u64,
        /// The key of what it is doing or how it ended.
        pub note_key: Option<String>,
        /// The values of the note.
        pub note_args: Value,
        /// Where to go on after a restart.
        pub resume: Option<Value>,
        /// What came out; `href` leads to it.
        pub result: Option<Value>,
        /// The office that asked for it.
        pub office: String,
        /// Its id, unless the program itself asked.
        pub office_id: Option<Uuid>,
        /// The unit of the office.
        pub unit: Option<Uuid>,
        /// The person's subject token.
        pub subject: Option<String>,
        /// The session or token.
        pub session: Option<Uuid>,
        /// When it was asked for.
        pub created_at: Timestamp,
        /// When work began.
        pub started_at: Option<Timestamp>,
        /// When it ended.
        pub finished_at: Option<Timestamp>,
        /// The node that has it.
        pub node: Option<Uuid>,
        /// How often it was started.
        pub attempt: u32,
        /// Whether someone asked to stop it.
        pub cancel_requested: bool,
    }
}

impl Job {
    /// Who asked for it, as the author of what it does.
    pub fn author(&self) -> Author {
        let mut author = Author::system("jobs");
        author.office.clone_from(&self.office);
        author.subject.clone_from(&self.subject);
        (author.session, author.unit, author.office_id) = (self.session, self.unit, self.office_id);
        author.via = Via::System;
        author
    }
}

/// A job to be done.
#[derive(Debug, Clone)]
pub struct NewJob {
    kind: &'static str,
    title: Note,
    params: Value,
    total: u64,
}

impl NewJob {
    /// A job of a registered kind; the title is a sentence of the area's catalogue. `params` hold no secret
    /// and nothing large: put bytes into [`files`](crate::files).
    pub fn new(kind: &'static str, title: Note, params: Value) -> Self {
        Self { kind, title, params, total: 0 }
    }

    /// How many steps it will take, where that is known.
    #[must_use]
    pub fn total(mut self, total: u64) -> Self {
        self.total = total;
        self
    }
}

/// Puts a job in the queue, in the caller's transaction, for the caller's author.
///
/// # Errors
/// Any [`DbError`].
pub fn enqueue(tx: &mut WriteTx<'_>, job: NewJob) -> Result<Done<JobId>, DbError> {
    let (id, now, author) = (JobId(Uuid::now_v7()), tx.now(), tx.author().clone());
    tx.execute(
        sql!(
            "INSERT INTO job(id, kind, title_key, title_args, params, state, done, total, note_args, office,
                             office_id, unit, subject, session, created_at, attempt, cancel_requested)
              VALUES($1, $2, $3, $4, $5, 'queued', 0, $6, '{}', $7, $8, $9, $10, $11, $12, 0, 0)"
        ),
        params![
            id,
            job.kind,
            job.title.key,
            job.title.args,
            job.params,
            job.total,
            author.office,
            author.office_id,
            author.unit,
            author.subject,
            author.session,
            now
        ],
    )?;
    let event = Event::new("job.queued", "job", id).data(serde_json::json!({ "kind": job.kind }));
    Ok(record(tx, event, id).with(id))
}

fn record(tx: &mut WriteTx<'_>, event: Event, id: JobId) -> Receipt {
    tx.record(event.topic("jobs").topic(format!("job/{id}")))
}

/// One job.
///
/// # Errors
/// Any [`DbError`].
pub fn get(tx: &mut Tx<'_>, id: JobId) -> Result<Option<Job>, DbError> {
    tx.query_opt(sql!("SELECT * FROM job WHERE id = $1"), params![id])
}

/// The newest jobs of an office, or of all offices, older than `before`; at most `limit`.
///
/// # Errors
/// Any [`DbError`].
pub fn list(
    tx: &mut Tx<'_>,
    office: Option<Uuid>,
    before: Option<JobId>,
    limit: u32,
) -> Result<Vec<Job>, DbError> {
    // Ids are in order of time.
    tx.query(
        sql!(
            "SELECT * FROM job WHERE (CAST($1 AS TEXT) IS NULL OR office_id = $1)
                AND (CAST($2 AS TEXT) IS NULL OR id < $2)
              ORDER BY id DESC LIMIT $3"
        ),
        params![office, before, i64::from(limit)],
    )
}

/// Asks a job to stop: one that waits ends at once, one that runs at its next step. False when it was over.
///
/// # Errors
/// [`DbError::Missing`] when there is no such job, or any other.
pub fn cancel(tx: &mut WriteTx<'_>, id: JobId) -> Result<Done<bool>, DbError> {
    let job = get(tx, id)?.ok_or_else(|| DbError::Missing(format!("job {id}")))?;
    if job.state.is_over() {
        return tx.unchanged(false);
    }
    if job.cancel_requested {
        return tx.unchanged(true);
    }
    let now = tx.now();
    tx.execute(
        sql!(
            "UPDATE job SET cancel_requested = 1,
                    finished_at = CASE state WHEN 'queued' THEN CAST($2 AS BIGINT) ELSE NULL END,
                    state = CASE state WHEN 'queued' THEN 'cancelled' ELSE state END
              WHERE id = $1"
        ),
        params![id, now],
    )?;
    let act = if job.state == State::Queued { "job.cancelled" } else { "job.cancel" };
    Ok(record(tx, Event::new(act, "job", id), id).with(true))
}

row! {
    /// A job that a runner may take.
    pub(super) struct Candidate {
        pub(super) id: JobId,
        pub(super) kind: String,
        pub(super) state: State,
        pub(super) attempt: u32,
        pub(super) cancel_requested: bool,
    }
}

/// Jobs that wait, and those whose node has been silent since `dead` (or says so from the future: its
/// clock was wrong), the oldest first.
pub(super) fn candidates(
    tx: &mut Tx<'_>,
    wall: Timestamp,
    dead: Timestamp,
) -> Result<Vec<Candidate>, DbError> {
    let future = wall.saturating_add(wall.duration_since(dead)).unwrap_or(Timestamp::MAX);
    tx.query(
        sql!(
            "SELECT id, kind, state, attempt, cancel_requested FROM job
              WHERE state = 'queued' OR (state = 'running' AND (heartbeat < $1 OR heartbeat > $2))
              ORDER BY created_at, id LIMIT 100"
        ),
        params![dead, future],
    )
}

/// Gives a job to a node; `None` when another was quicker.
pub(super) fn claim(
    tx: &mut WriteTx<'_>,
    candidate: &Candidate,
    node: Uuid,
    wall: Timestamp,
) -> Result<Done<Option<Job>>, DbError> {
    let (id, now) = (candidate.id, tx.now());
    let changed = tx.execute(
        sql!(
            "UPDATE job SET state = 'running', node = $2, heartbeat = $3, attempt = attempt + 1,
                    started_at = COALESCE(started_at, CAST($4 AS BIGINT))
              WHERE id = $1 AND state = $5 AND attempt = $6"
        ),
        params![id, node, wall, now, candidate.state, candidate.attempt],
    )?;
    if changed == 0 {
        return tx.unchanged(None);
    }
    let job = get(tx, id)?;
    let event = Event::new("job.started", "job", id)
        .data(serde_json::json!({ "attempt": candidate.attempt + 1, "node": node }));
    Ok(record(tx, event, id).with(job))
}

/// Says that a job goes on, with its progress; returns `(still mine, cancel requested)`.
pub(super) fn beat(
    tx: &mut WriteTx<'_>,
    lease: &super::Lease,
    wall: Timestamp,
    progress: &super::runner::Progress,
) -> Result<Done<(bool, bool)>, DbError> {
    let changed = tx.execute(
        sql!(
            "UPDATE job SET heartbeat = $4, done = $5, total = $6, note_key = $7, note_args = $8
              WHERE id = $1 AND state = 'running' AND node = $2 AND attempt = $3"
        ),
        params![
            lease.id,
            lease.node,
            lease.attempt,
            wall,
            progress.done,
            progress.total,
            progress.note.as_ref().map(|note| &note.key),
            progress.note.as_ref().map_or_else(|| "{}".to_owned(), |note| note.args.to_string())
        ],
    )?;
    if changed == 0 {
        return tx.unchanged((false, true));
    }
    let cancel: Option<bool> =
        tx.scalar(sql!("SELECT cancel_requested FROM job WHERE id = $1"), params![lease.id])?;
    let event = Event::new("job.going", "job", lease.id)
        .data(serde_json::json!({ "done": progress.done, "total": progress.total }));
    // Only the job's own screen: lists of jobs need no redrawing for it.
    Ok(tx.record(event.topic(format!("job/{}", lease.id))).with((true, cancel.unwrap_or(false))))
}

/// Keeps where to go on; only while the job is still this node's.
pub(super) fn save(tx: &mut WriteTx<'_>, lease: &super::Lease, resume: &Value) -> Result<bool, DbError> {
    let changed = tx.execute(
        sql!(
            "UPDATE job SET resume = $4
              WHERE id = $1 AND state = 'running' AND node = $2 AND attempt = $3"
        ),
        params![lease.id, lease.node, lease.attempt, resume],
    )?;
    Ok(changed > 0)
}

/// Ends a job, or puts it back into the queue (`Queued`; `Running` for a start that shall not count); false
/// when it was not this node's any more.
pub(super) fn end(
    tx: &mut WriteTx<'_>,
    lease: &super::Lease,
    state: State,
    progress: &super::runner::Progress,
    result: Option<&Value>,
) -> Result<Done<bool>, DbError> {
    let now = tx.now();
    let uncounted = state == State::Running;
    let state = if uncounted { State::Queued } else { state };
    let changed = tx.execute(
        sql!(
            "UPDATE job SET state = $4, done = $5, total = $6, note_key = $7, note_args = $8, result = $9,
                    node = NULL, heartbeat = NULL, finished_at = $10, attempt = attempt - $11
              WHERE id = $1 AND state = 'running' AND node = $2 AND attempt = $3"
        ),
        params![
            lease.id,
            lease.node,
            lease.attempt,
            state,
            progress.done,
            progress.total,
            progress.note.as_ref().map(|note| &note.key),
            progress.note.as_ref().map_or_else(|| "{}".to_owned(), |note| note.args.to_string()),
            result,
            state.is_over().then_some(now),
            i64::from(uncounted)
        ],
    )?;
    if changed == 0 {
        return tx.unchanged(false);
    }
    let act = match state {
        State::Done => "job.done",
        State::Cancelled => "job.cancelled",
        State::Queued | State::Running => "job.requeued",
        State::Failed => "job.failed",
    };
    let mut event = Event::new(act, "job", lease.id);
    if let (State::Failed, Some(note)) = (state, &progress.note) {
        event = event.data(serde_json::json!({ "note": note.key }));
    }
    Ok(record(tx, event, lease.id).with(true))
}
