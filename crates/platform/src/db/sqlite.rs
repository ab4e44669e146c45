//! The embedded database: WAL, `synchronous=FULL`, foreign keys on.

use std::{
    collections::{HashMap, hash_map::Entry},
    path::Path,
    ptr,
    sync::Arc,
    time::Duration,
};

use rusqlite::{Connection, ErrorCode, OpenFlags, types::ValueRef};

use super::{Conn, DbError, Dialect, Row, Sql, Value, migrate::Applied};

pub(crate) struct Sqlite {
    conn: Connection,
    usable: bool,
    /// Statements in the dialect's words, by the address of the literal: what a hot path would make anew each time.
    known: HashMap<usize, Known>,
}

struct Known {
    text: String,
    columns: Option<Arc<[String]>>,
}

impl Sqlite {
    pub(crate) fn open(path: &Path, read_only: bool) -> Result<Self, DbError> {
        let mut flags = OpenFlags::SQLITE_OPEN_NO_MUTEX;
        flags |= if read_only {
            OpenFlags::SQLITE_OPEN_READ_ONLY
        } else {
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE
        };
        let conn = Connection::open_with_flags(path, flags).map_err(|error| map(&error))?;
        conn.busy_timeout(Duration::from_secs(5)).map_err(|error| map(&error))?;
        conn.set_prepared_statement_cache_capacity(512);
        let pragmas = if read_only {
            "PRAGMA query_only=ON; PRAGMA trusted_schema=OFF; PRAGMA cache_size=-8000;"
        } else {
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;
             PRAGMA trusted_schema=OFF; PRAGMA cache_size=-16000; PRAGMA wal_autocheckpoint=2000;"
        };
        conn.execute_batch(pragmas).map_err(|error| map(&error))?;
        Ok(Self { conn, usable: true, known: HashMap::new() })
    }

    fn run<T>(&mut self, result: rusqlite::Result<T>) -> Result<T, DbError> {
        result.map_err(|error| {
            let mapped = map(&error);
            if matches!(mapped, DbError::Unavailable(_)) {
                self.usable = false;
            }
            mapped
        })
    }
}

impl Conn for Sqlite {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }
    fn begin_write(&mut self) -> Result<(), DbError> {
        self.step("BEGIN IMMEDIATE")
    }
    fn begin_read(&mut self) -> Result<(), DbError> {
        self.step("BEGIN")
    }
    fn commit(&mut self) -> Result<(), DbError> {
        self.step("COMMIT")
    }
    fn rollback(&mut self) -> Result<(), DbError> {
        if self.conn.is_autocommit() { Ok(()) } else { self.step("ROLLBACK") }
    }
    fn batch(&mut self, sql: &str) -> Result<(), DbError> {
        let result = self.conn.execute_batch(sql);
        self.run(result)
    }
    fn step(&mut self, sql: &'static str) -> Result<(), DbError> {
        let result = self.conn.prepare_cached(sql).and_then(|mut statement| statement.execute([]));
        self.run(result).map(drop)
    }
    fn query(&mut self, sql: &'static Sql, params: &[Value]) -> Result<Vec<Row>, DbError> {
        let result = query(&self.conn, known(&mut self.known, sql), params);
        self.run(result)
    }
    fn execute(&mut self, sql: &'static Sql, params: &[Value]) -> Result<u64, DbError> {
        let result = self
            .conn
            .prepare_cached(&known(&mut self.known, sql).text)
            .and_then(|mut statement| statement.execute(rusqlite::params_from_iter(params)));
        self.run(result).map(|changed| changed as u64)
    }
    fn check(&mut self, sql: &'static Sql) -> Result<(), DbError> {
        let result = self.conn.prepare(&Dialect::Sqlite.statement(sql.text)).map(|_| ());
        result.map_err(|error| map(&error))
    }
    fn applied(&mut self) -> Result<Vec<Applied>, DbError> {
        super::migrate::applied(self)
    }
    fn usable(&self) -> bool {
        self.usable
    }
}

fn known<'a>(known: &'a mut HashMap<usize, Known>, sql: &'static Sql) -> &'a mut Known {
    match known.entry(ptr::from_ref(sql).addr()) {
        Entry::Occupied(found) => found.into_mut(),
        Entry::Vacant(place) => {
            place.insert(Known { text: Dialect::Sqlite.statement(sql.text).into_owned(), columns: None })
        }
    }
}

fn query(conn: &Connection, known: &mut Known, params: &[Value]) -> rusqlite::Result<Vec<Row>> {
    let mut statement = conn.prepare_cached(&known.text)?;
    // A migration by another program may have changed what `*` stands for.
    let count = statement.column_count();
    let columns = match known.columns.take().filter(|columns| columns.len() == count) {
        Some(columns) => columns,
        None => statement.column_names().into_iter().map(str::to_owned).collect(),
    };
    known.columns = Some(columns.clone());
    let mut rows = statement.query(rusqlite::params_from_iter(params))?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        let mut values = Vec::with_capacity(columns.len());
        for index in 0..columns.len() {
            values.push(match row.get_ref(index)? {
                ValueRef::Null => Value::Null,
                ValueRef::Integer(int) => Value::Int(int),
                ValueRef::Real(real) => Value::Real(real),
                ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
                ValueRef::Blob(blob) => Value::Blob(blob.to_vec()),
            });
        }
        out.push(Row { columns: columns.clone(), values });
    }
    Ok(out)
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        use rusqlite::types::ToSqlOutput;
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(int) => ValueRef::Integer(*int),
            Self::Real(real) => ValueRef::Real(*real),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Blob(blob) => ValueRef::Blob(blob),
        }))
    }
}

fn map(error: &rusqlite::Error) -> DbError {
    let rusqlite::Error::SqliteFailure(code, message) = error else {
        return DbError::Other(error.to_string());
    };
    let text = message.clone().unwrap_or_else(|| code.to_string());
    match code.code {
        ErrorCode::ConstraintViolation => match code.extended_code {
            rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE | rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY => {
                let constraint = text.rsplit("failed: ").next().unwrap_or_default().to_owned();
                DbError::Unique { constraint }
            }
            rusqlite::ffi::SQLITE_CONSTRAINT_FOREIGNKEY => DbError::Missing(text),
            _ => DbError::Refused(text),
        },
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => DbError::Busy,
        ErrorCode::DiskFull => DbError::Full,
        ErrorCode::ReadOnly
        | ErrorCode::SystemIoFailure
        | ErrorCode::CannotOpen
        | ErrorCode::DatabaseCorrupt
        | ErrorCode::NotADatabase => DbError::Unavailable(text),
        _ => DbError::Other(text),
    }
}
