//! The whole database as text, from either kind into either kind.
//!
//! One JSON value a line: a head for each table, then its rows as arrays. Tables stand in the order in which
//! migrations create them, so a row's parents come before it.

use std::io::{BufRead, Write};

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use thiserror::Error;

use super::{Conn, DatabaseUrl, Db, DbError, Migration, Row, Sql, Value, migrate, queue};

/// Why a dump could not be written or read back.
#[derive(Debug, Error)]
pub enum DumpError {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The file.
    #[error("the file: {0}")]
    Io(#[from] std::io::Error),
    /// A line is not what a dump holds.
    #[error("line {0} does not belong in a dump")]
    Form(usize),
    /// The target holds data already.
    #[error("the database is not empty: {0} has rows")]
    NotEmpty(String),
    /// The dump has a table that this program does not know.
    #[error("the dump has a table {0}, which this program does not know")]
    UnknownTable(String),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    table: String,
    columns: Vec<String>,
}

/// The tables that migrations create, in their order.
pub fn tables(migrations: &[Migration]) -> Vec<String> {
    migrations
        .iter()
        .flat_map(|migration| migration.sql.lines())
        .filter_map(|line| line.trim_start().strip_prefix("CREATE TABLE "))
        .filter_map(|rest| rest.split(['(', ' ']).next())
        .map(str::to_owned)
        .collect()
}

/// Statements over tables whose names come from our own migrations. They live as long as the program, which
/// for a dump is short.
fn statement(text: String) -> &'static Sql {
    Box::leak(Box::new(Sql { text: Box::leak(text.into_boxed_str()), at: "dump" }))
}

/// Writes one consistent snapshot while the database is in use; returns rows per table.
///
/// # Errors
/// [`DumpError`].
pub async fn dump<W: Write + Send + 'static>(
    db: &Db,
    migrations: &[Migration],
    mut out: W,
) -> Result<(W, Vec<(String, u64)>), DumpError> {
    let tables = tables(migrations);
    db.read(move |tx| {
        let mut counts = Vec::new();
        for table in tables {
            let rows: Vec<Row> = tx.query(statement(format!("SELECT * FROM {table}")), &[])?;
            counts.push((table.clone(), rows.len() as u64));
            let Some(first) = rows.first() else { continue };
            let columns = first.cells().map(|(name, _)| name.to_owned()).collect();
            write(&mut out, &Head { table, columns })?;
            for row in &rows {
                write(&mut out, &row.cells().map(|(_, value)| to_json(value)).collect::<Vec<_>>())?;
            }
        }
        out.flush()?;
        Ok((out, counts))
    })
    .await
}

fn write(out: &mut impl Write, value: &impl Serialize) -> Result<(), DumpError> {
    serde_json::to_writer(&mut *out, value).map_err(std::io::Error::other)?;
    Ok(out.write_all(b"\n")?)
}

fn to_json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Int(int) => Json::from(*int),
        Value::Real(real) => serde_json::json!({ "real": real }),
        Value::Text(text) => Json::from(text.as_str()),
        Value::Blob(bytes) => serde_json::json!({ "bytes": crate::hex(bytes) }),
    }
}

fn from_json(json: &Json) -> Option<Value> {
    Some(match json {
        Json::Null => Value::Null,
        Json::Number(number) => Value::Int(number.as_i64()?),
        Json::String(text) => Value::Text(text.clone()),
        Json::Object(map) => match (map.get("real"), map.get("bytes")) {
            (Some(real), None) => Value::Real(real.as_f64()?),
            (None, Some(bytes)) => Value::Blob(unhex(bytes.as_str()?)?),
            _ => return None,
        },
        _ => return None,
    })
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}

/// Reads a dump into an empty database of either kind, in one transaction; returns rows per table.
///
/// # Errors
/// [`DumpError`]; nothing is kept then.
pub fn restore(
    url: &DatabaseUrl,
    migrations: &[Migration],
    input: impl BufRead,
) -> Result<Vec<(String, u64)>, DumpError> {
    let mut conn = queue::connect(url, false)?;
    migrate::migrate(conn.as_mut(), migrations)?;
    conn.begin_write()?;
    match fill(conn.as_mut(), &tables(migrations), input) {
        Ok(counts) => {
            conn.commit()?;
            Ok(counts)
        }
        Err(error) => {
            conn.rollback()?;
            Err(error)
        }
    }
}

fn fill(
    conn: &mut dyn Conn,
    tables: &[String],
    input: impl BufRead,
) -> Result<Vec<(String, u64)>, DumpError> {
    for table in tables {
        if !conn.query(statement(format!("SELECT 1 AS one FROM {table} LIMIT 1")), &[])?.is_empty() {
            return Err(DumpError::NotEmpty(table.clone()));
        }
    }
    let mut counts: Vec<(String, u64)> = Vec::new();
    let mut table: Option<(&'static Sql, Vec<Vec<Value>>)> = None;
    for (number, line) in (1..).zip(input.lines()) {
        let line = line?;
        if line.starts_with('{') {
            put(conn, table.take(), &mut counts)?;
            let head: Head = serde_json::from_str(&line).map_err(|_| DumpError::Form(number))?;
            let plain = |name: &String| {
                name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
            };
            if !tables.contains(&head.table) {
                return Err(DumpError::UnknownTable(head.table));
            }
            if !head.columns.iter().all(plain) {
                return Err(DumpError::Form(number));
            }
            let places: Vec<String> = (1..=head.columns.len()).map(|n| format!("${n}")).collect();
            let sql = format!(
                "INSERT INTO {}({}) VALUES({})",
                head.table,
                head.columns.join(", "),
                places.join(", ")
            );
            counts.push((head.table, 0));
            table = Some((statement(sql), Vec::new()));
        } else {
            let row: Vec<Json> = serde_json::from_str(&line).map_err(|_| DumpError::Form(number))?;
            let values: Option<Vec<Value>> = row.iter().map(from_json).collect();
            let (_, rows) = table.as_mut().ok_or(DumpError::Form(number))?;
            rows.push(values.ok_or(DumpError::Form(number))?);
        }
    }
    put(conn, table, &mut counts)?;
    Ok(counts)
}

/// Inserts the rows of one table. A row may point to another of the same table that comes later: such rows are
/// tried again until no more of them find their parent.
fn put(
    conn: &mut dyn Conn,
    table: Option<(&'static Sql, Vec<Vec<Value>>)>,
    counts: &mut [(String, u64)],
) -> Result<(), DumpError> {
    let Some((sql, mut rows)) = table else { return Ok(()) };
    if let Some((_, count)) = counts.last_mut() {
        *count = rows.len() as u64;
    }
    while !rows.is_empty() {
        let (before, mut later, mut missing) = (rows.len(), Vec::new(), None);
        for row in rows {
            conn.batch("SAVEPOINT one")?;
            match conn.execute(sql, &row) {
                Ok(_) => conn.batch("RELEASE SAVEPOINT one")?,
                Err(DbError::Missing(what)) => {
                    conn.batch("ROLLBACK TO SAVEPOINT one")?;
                    conn.batch("RELEASE SAVEPOINT one")?;
                    missing = Some(what);
                    later.push(row);
                }
                Err(error) => return Err(error.into()),
            }
        }
        if later.len() == before {
            return Err(DbError::Missing(missing.unwrap_or_default()).into());
        }
        rows = later;
    }
    Ok(())
}
