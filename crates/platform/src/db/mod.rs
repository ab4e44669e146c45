//! The database: one `write`, one `read`, plain SQL that runs unchanged on SQLite and PostgreSQL.
//!
//! *One write path.* [`Db::write`] queues a closure to the single writer thread of this process. The
//! thread runs as many waiting closures as it finds inside one transaction, a savepoint each, appends
//! their events to the audit chain in that same transaction, commits once, and only then replies. A
//! closure that fails is rolled back alone. So a reply means "on disk", and 64 writers share one `fsync`.
//!
//! *One read path.* [`Db::read`] runs a closure on one of a few reader connections in a snapshot.
//!
//! Queues are bounded: when they are full the caller gets [`DbError::Busy`] at once and answers 503.

mod dialect;
pub mod dump;
mod error;
mod migrate;
mod postgres;
mod queue;
mod sql;
mod sqlite;
mod tx;
mod url;
mod value;

pub use dialect::Dialect;
pub use error::DbError;
pub use migrate::Migration;
pub use queue::{Db, Options};
pub use sql::{Registered, Sql, statements};
pub use tx::{Done, Receipt, Tx, WriteTx};
pub use url::DatabaseUrl;
pub use value::{FromRow, FromValue, Row, ToValue, Value};

use crate::db::migrate::Applied;

/// A connection of either kind; all that the rest of this module needs of a driver.
pub(crate) trait Conn: Send {
    /// Which SQL dialect the connection speaks.
    fn dialect(&self) -> Dialect;
    /// Opens a transaction that may write; on return no other process can append to the audit chain.
    fn begin_write(&mut self) -> Result<(), DbError>;
    /// Opens a transaction that sees one snapshot and may not write.
    fn begin_read(&mut self) -> Result<(), DbError>;
    /// Makes the transaction durable.
    fn commit(&mut self) -> Result<(), DbError>;
    /// Undoes the transaction.
    fn rollback(&mut self) -> Result<(), DbError>;
    /// Runs statements that take no parameters and return nothing.
    fn batch(&mut self, sql: &str) -> Result<(), DbError>;
    /// Runs one statement that takes no parameters and returns nothing, prepared once where that saves something.
    fn step(&mut self, sql: &'static str) -> Result<(), DbError> {
        self.batch(sql)
    }
    /// Runs one statement and returns its rows.
    fn query(&mut self, sql: &'static Sql, params: &[Value]) -> Result<Vec<Row>, DbError>;
    /// Runs one statement and returns how many rows it changed.
    fn execute(&mut self, sql: &'static Sql, params: &[Value]) -> Result<u64, DbError>;
    /// Prepares a statement without running it, to prove that the dialect accepts it.
    fn check(&mut self, sql: &'static Sql) -> Result<(), DbError>;
    /// The migrations that have been applied.
    fn applied(&mut self) -> Result<Vec<Applied>, DbError>;
    /// False once the connection is known to be unusable and must be opened again.
    fn usable(&self) -> bool;
}
