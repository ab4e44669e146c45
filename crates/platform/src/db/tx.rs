//! What a closure sees.

use jiff::Timestamp;

use super::{Conn, DbError, Dialect, FromRow, FromValue, Row, Sql, Value};
use crate::audit::{Author, Event};

/// A transaction that reads.
pub struct Tx<'c> {
    pub(super) conn: &'c mut dyn Conn,
    pub(super) now: Timestamp,
}

impl Tx<'_> {
    /// The instant of this transaction, from the clock given to the database.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Which dialect runs, for the rare statement that cannot be portable.
    pub fn dialect(&self) -> Dialect {
        self.conn.dialect()
    }

    /// All rows of a statement.
    ///
    /// # Errors
    /// Any [`DbError`].
    pub fn query<T: FromRow>(&mut self, sql: &'static Sql, params: &[Value]) -> Result<Vec<T>, DbError> {
        self.conn.query(sql, params)?.iter().map(T::from_row).collect()
    }

    /// The first row of a statement, if any.
    ///
    /// # Errors
    /// Any [`DbError`].
    pub fn query_opt<T: FromRow>(
        &mut self,
        sql: &'static Sql,
        params: &[Value],
    ) -> Result<Option<T>, DbError> {
        self.conn.query(sql, params)?.first().map(T::from_row).transpose()
    }

    /// The first row of a statement.
    ///
    /// # Errors
    /// [`DbError::Missing`] when there is none.
    pub fn query_one<T: FromRow>(&mut self, sql: &'static Sql, params: &[Value]) -> Result<T, DbError> {
        self.query_opt(sql, params)?.ok_or_else(|| DbError::Missing(sql.at.to_owned()))
    }

    /// The first cell of the first row, if any.
    ///
    /// # Errors
    /// Any [`DbError`].
    pub fn scalar<T: FromValue>(
        &mut self,
        sql: &'static Sql,
        params: &[Value],
    ) -> Result<Option<T>, DbError> {
        self.conn.query(sql, params)?.first().map(Row::first).transpose()
    }
}

/// A transaction that writes. What it changes must be [recorded](WriteTx::record).
pub struct WriteTx<'c> {
    pub(super) tx: Tx<'c>,
    pub(super) author: &'c Author,
    pub(super) events: Vec<Event>,
    pub(super) changed: u64,
}

impl<'c> std::ops::Deref for WriteTx<'c> {
    type Target = Tx<'c>;
    fn deref(&self) -> &Self::Target {
        &self.tx
    }
}

impl std::ops::DerefMut for WriteTx<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.tx
    }
}

impl WriteTx<'_> {
    /// Who makes the change.
    pub fn author(&self) -> &Author {
        self.author
    }

    /// Runs a statement that changes rows; returns how many.
    ///
    /// # Errors
    /// Any [`DbError`].
    pub fn execute(&mut self, sql: &'static Sql, params: &[Value]) -> Result<u64, DbError> {
        let changed = self.tx.conn.execute(sql, params)?;
        self.changed += changed;
        Ok(changed)
    }

    /// Puts an event on the record; it is appended to the audit chain when this transaction commits.
    #[must_use = "the receipt is what lets the transaction end"]
    pub fn record(&mut self, event: Event) -> Receipt {
        self.events.push(event);
        Receipt(())
    }

    /// Ends a transaction that changed nothing, such as the repetition of a call that was already answered.
    ///
    /// # Errors
    /// [`DbError::Unrecorded`] when something was changed after all.
    pub fn unchanged<T>(&self, value: T) -> Result<Done<T>, DbError> {
        if self.changed == 0 || !self.events.is_empty() { Ok(Done(value)) } else { Err(DbError::Unrecorded) }
    }
}

/// Proof that an event was recorded; only [`WriteTx::record`] makes one.
#[derive(Debug, Clone, Copy)]
pub struct Receipt(());

impl Receipt {
    /// The result of the transaction.
    pub fn with<T>(self, value: T) -> Done<T> {
        Done(value)
    }
}

/// The result of a transaction whose changes are on the record.
#[derive(Debug)]
pub struct Done<T>(pub(super) T);

impl<T> Done<T> {
    /// Changes the value, not the fact that it was recorded.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Done<U> {
        Done(f(self.0))
    }
    /// The value so far, to build on it inside the same transaction.
    pub fn value(&self) -> &T {
        &self.0
    }
}
