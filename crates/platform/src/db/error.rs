use thiserror::Error;

/// What can go wrong between a handler and the disk.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DbError {
    /// A unique constraint refused the row. `constraint` is `table.column` where the driver tells.
    #[error("a row with the same {constraint} exists")]
    Unique {
        /// `table.column[, table.column]` on SQLite, the constraint's name on PostgreSQL.
        constraint: String,
    },
    /// A row that was asked for, or that a foreign key points to, is not there.
    #[error("a row is missing: {0}")]
    Missing(String),
    /// A `CHECK`, `NOT NULL` or trigger refused the row.
    #[error("the database refused the row: {0}")]
    Refused(String),
    /// The queue is full or the lock could not be had in time: try again shortly.
    #[error("the database is busy")]
    Busy,
    /// No space is left on the disk.
    #[error("the disk is full")]
    Full,
    /// The storage failed or is read-only, or the server is gone: nothing was written.
    #[error("the storage is not available: {0}")]
    Unavailable(String),
    /// A value in the database does not have the shape the code expects.
    #[error("unexpected value in {column}: {reason}")]
    Value {
        /// The column's name.
        column: String,
        /// What was expected and found.
        reason: String,
    },
    /// A closure panicked; its changes were rolled back.
    #[error("the work stopped unexpectedly and was rolled back")]
    Panicked,
    /// A closure said that nothing changed, yet it wrote.
    #[error("a change was made without an event; it was rolled back")]
    Unrecorded,
    /// The schema on disk and the one in this binary disagree.
    #[error("schema: {0}")]
    Schema(String),
    /// Any other driver error: a fault of ours.
    #[error("database: {0}")]
    Other(String),
}

impl DbError {
    /// True when the same call may succeed in a moment; such errors become 503 with `Retry-After`.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Busy | Self::Full | Self::Unavailable(_))
    }
}
