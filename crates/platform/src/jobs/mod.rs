//! Long work: imports, bulk prints, exports. It shows its progress, can be cancelled, and goes on after a
//! restart or on another node when its own has died.
//!
//! A job is a row, put there by the transaction of the request that asks for it ([`enqueue`]), so it exists
//! exactly when that request's other changes do. Handlers are [registered](Jobs::register) by kind before
//! the runner [starts](Jobs::start).
//!
//! *At least once.* A job whose node died is started again after [`Options::dead_after`], at most
//! [`Options::attempts`] times. A handler that works in steps calls [`Lease::save`] inside the transaction of
//! each step and reads [`JobCtx::resume`] at its start: then each step happens exactly once, because `save`
//! refuses when the job meanwhile belongs to another node.
//!
//! ```text
//! jobs.register("tasks.import", |ctx: JobCtx| async move {
//!     let rows: Vec<RowIn> = ctx.params()?;
//!     let first = ctx.resume().and_then(Value::as_u64).unwrap_or(0);
//!     for (n, chunk) in …chunks from first… {
//!         ctx.check()?; // cancelled, or the server stops
//!         ctx.db().write(&ctx.author(), move |tx| { …; save.save(tx, &json!(n)) }).await?;
//!         ctx.progress(n, total);
//!     }
//!     Ok(json!({ "href": "/nhiem-vu", "rows": total }))
//! });
//! ```
//!
//! Topics: `jobs` and `job/<id>`. Events: `job.queued`, `job.started`, `job.going`, `job.cancel`, `job.done`,
//! `job.failed`, `job.cancelled`.

pub mod api;
mod pages;
mod runner;
pub mod store;
#[cfg(test)]
mod tests;

use std::{fmt, str::FromStr, time::Duration};

use serde::Serialize;
use serde_json::Value;

pub use runner::{JobCtx, Jobs, Lease};
pub use store::{Job, NewJob, enqueue};

use crate::db::{DbError, Migration};

crate::inventory::submit! {
    crate::i18n::Catalogue { area: "jobs", vi: include_str!("vi.ftl"), en: include_str!("en.ftl") }
}

/// The area's name in grants: `admin` in it sees and stops all offices' jobs.
pub const AREA: &str = "jobs";

/// The pages under `/viec-nen` and the API under `/api/v1/jobs`.
pub fn routes() -> axum::Router<crate::app::App> {
    pages::routes().merge(api::routes())
}

/// What this area describes of itself in OpenAPI.
pub fn openapi() -> utoipa::openapi::OpenApi {
    api::openapi()
}

/// The table of jobs.
pub const MIGRATIONS: &[Migration] =
    &[Migration { area: "jobs", version: 1, sql: include_str!("migrations/1.sql") }];

crate::id! {
    /// A job.
    JobId
}

/// How far a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Waits for a runner.
    Queued,
    /// A node works on it.
    Running,
    /// Finished.
    Done,
    /// Ended with an error, which its note says.
    Failed,
    /// Ended because someone asked for it.
    Cancelled,
}

impl State {
    const ALL: [Self; 5] = [Self::Queued, Self::Running, Self::Done, Self::Failed, Self::Cancelled];

    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// True when nothing more will happen.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for State {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|state| state.as_str() == text).ok_or(())
    }
}

crate::text_value!(State);

/// A sentence of a catalogue with its values, stored and put into words for each reader.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    /// The key.
    pub key: String,
    /// The values: a JSON object of texts and numbers.
    pub args: Value,
}

impl Note {
    /// A sentence without values. Give a key that the catalogues have.
    pub fn new(key: impl Into<String>) -> Self {
        Self { key: key.into(), args: Value::Object(serde_json::Map::new()) }
    }

    /// Gives the sentence a value, a text or a number.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        if let Value::Object(args) = &mut self.args {
            args.insert(name.to_owned(), value.into());
        }
        self
    }
}

/// Why a job ended early.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// Someone cancelled it, or the server stops; see [`JobCtx::check`].
    #[error("cancelled")]
    Cancelled,
    /// It cannot be done, with the sentence for people.
    #[error("{}", .0.key)]
    Failed(Note),
    /// The database; transient errors are tried again.
    #[error(transparent)]
    Db(#[from] DbError),
    /// A fault of ours; goes to the log, people read a general sentence.
    #[error("{0}")]
    Internal(String),
}

/// How jobs are run.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Jobs at once on this node.
    pub parallel: usize,
    /// How often to look for work that no commit announced.
    pub poll: Duration,
    /// How often a running job says that it is alive and stores its progress.
    pub heartbeat: Duration,
    /// A job whose node was silent for so long is started again.
    pub dead_after: Duration,
    /// How often a job is started at most before it counts as failed.
    pub attempts: u32,
    /// How long running jobs may take to stop when the server stops.
    pub grace: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            parallel: 2,
            poll: Duration::from_secs(5),
            heartbeat: Duration::from_secs(5),
            dead_after: Duration::from_secs(15),
            attempts: 3,
            grace: Duration::from_secs(10),
        }
    }
}
