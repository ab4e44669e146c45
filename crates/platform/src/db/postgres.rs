//! PostgreSQL through its synchronous driver; one connection, its statements prepared once.

use std::{collections::HashMap, error::Error, sync::Arc};

use ::postgres::{
    Client, NoTls, Statement,
    error::{DbError as ServerError, SqlState},
    types::{Format, IsNull, ToSql, Type, private::BytesMut, to_sql_checked},
};

use super::{Conn, DbError, Dialect, Row, Sql, Value, migrate::Applied};

pub(crate) struct Postgres {
    client: Client,
    prepared: HashMap<usize, Statement>,
    usable: bool,
}

impl Postgres {
    pub(crate) fn open(url: &str) -> Result<Self, DbError> {
        let client = Client::connect(url, NoTls).map_err(|error| map(&error))?;
        Ok(Self { client, prepared: HashMap::new(), usable: true })
    }
}

impl Postgres {
    fn run<T>(&mut self, result: Result<T, ::postgres::Error>) -> Result<T, DbError> {
        result.map_err(|error| {
            if self.client.is_closed() {
                self.usable = false;
            }
            map(&error)
        })
    }

    fn prepare(&mut self, sql: &'static Sql) -> Result<Statement, DbError> {
        let key = std::ptr::from_ref(sql) as usize;
        if let Some(statement) = self.prepared.get(&key) {
            return Ok(statement.clone());
        }
        let result = self.client.prepare(&Dialect::Postgres.statement(sql.text));
        let statement = self.run(result)?;
        self.prepared.insert(key, statement.clone());
        Ok(statement)
    }
}

impl Conn for Postgres {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }
    fn begin_write(&mut self) -> Result<(), DbError> {
        // One writer at a time in the whole cluster: the audit chain has one end. READ COMMITTED, so that
        // the statements after the lock see what the previous holder committed.
        self.batch(
            "BEGIN; SELECT pg_advisory_xact_lock(hashtextextended(current_database() || '.' || current_schema(), 1284))",
        )
    }
    fn begin_read(&mut self) -> Result<(), DbError> {
        self.batch("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    }
    fn commit(&mut self) -> Result<(), DbError> {
        self.batch("COMMIT")
    }
    fn rollback(&mut self) -> Result<(), DbError> {
        self.batch("ROLLBACK")
    }
    fn batch(&mut self, sql: &str) -> Result<(), DbError> {
        let result = self.client.batch_execute(sql);
        self.run(result)
    }
    fn query(&mut self, sql: &'static Sql, params: &[Value]) -> Result<Vec<Row>, DbError> {
        let statement = self.prepare(sql)?;
        let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|value| value as _).collect();
        let result = self.client.query(&statement, &params);
        let rows = self.run(result)?;
        let columns: Arc<[String]> =
            statement.columns().iter().map(|column| column.name().to_owned()).collect();
        rows.iter()
            .map(|row| {
                let values = (0..columns.len())
                    .map(|index| cell(row, index))
                    .collect::<Result<Vec<_>, _>>()
                    .map_err(|error| DbError::Other(error.to_string()))?;
                Ok(Row { columns: columns.clone(), values })
            })
            .collect()
    }
    fn execute(&mut self, sql: &'static Sql, params: &[Value]) -> Result<u64, DbError> {
        let statement = self.prepare(sql)?;
        let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|value| value as _).collect();
        let result = self.client.execute(&statement, &params);
        self.run(result)
    }
    fn check(&mut self, sql: &'static Sql) -> Result<(), DbError> {
        let result = self.client.prepare(&Dialect::Postgres.statement(sql.text)).map(|_| ());
        self.run(result)
    }
    fn applied(&mut self) -> Result<Vec<Applied>, DbError> {
        super::migrate::applied(self)
    }
    fn usable(&self) -> bool {
        self.usable && !self.client.is_closed()
    }
}

fn cell(row: &::postgres::Row, index: usize) -> Result<Value, ::postgres::Error> {
    Ok(match *row.columns()[index].type_() {
        Type::INT8 => row.try_get::<_, Option<i64>>(index)?.map_or(Value::Null, Value::Int),
        Type::INT4 => row.try_get::<_, Option<i32>>(index)?.map_or(Value::Null, |int| Value::Int(int.into())),
        Type::BOOL => {
            row.try_get::<_, Option<bool>>(index)?.map_or(Value::Null, |yes| Value::Int(yes.into()))
        }
        Type::FLOAT8 => row.try_get::<_, Option<f64>>(index)?.map_or(Value::Null, Value::Real),
        Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(index)?.map_or(Value::Null, Value::Blob),
        _ => row.try_get::<_, Option<String>>(index)?.map_or(Value::Null, Value::Text),
    })
}

impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(int) if *ty == Type::INT4 => i32::try_from(*int)?.to_sql(ty, out),
            Self::Int(int) if *ty == Type::FLOAT8 => (*int as f64).to_sql(ty, out),
            Self::Int(int) => int.to_sql(ty, out),
            Self::Real(real) => real.to_sql(ty, out),
            Self::Text(text) => text.to_sql(ty, out),
            Self::Blob(blob) => blob.to_sql(ty, out),
        }
    }
    fn accepts(_: &Type) -> bool {
        true
    }
    fn encode_format(&self, _: &Type) -> Format {
        Format::Binary
    }
    to_sql_checked!();
}

fn map(error: &::postgres::Error) -> DbError {
    let Some(server) = error.as_db_error() else {
        return if error.is_closed() || error.source().is_some_and(|source| source.is::<std::io::Error>()) {
            DbError::Unavailable(error.to_string())
        } else {
            DbError::Other(format!(
                "{error}: {}",
                error.source().map(ToString::to_string).unwrap_or_default()
            ))
        };
    };
    map_server(server)
}

fn map_server(server: &ServerError) -> DbError {
    let text = server.message().to_owned();
    match server.code() {
        &SqlState::UNIQUE_VIOLATION => {
            DbError::Unique { constraint: server.constraint().unwrap_or_default().to_owned() }
        }
        &SqlState::FOREIGN_KEY_VIOLATION => DbError::Missing(text),
        &SqlState::CHECK_VIOLATION | &SqlState::NOT_NULL_VIOLATION | &SqlState::RAISE_EXCEPTION => {
            DbError::Refused(text)
        }
        &SqlState::DISK_FULL => DbError::Full,
        &SqlState::LOCK_NOT_AVAILABLE
        | &SqlState::T_R_SERIALIZATION_FAILURE
        | &SqlState::T_R_DEADLOCK_DETECTED
        | &SqlState::TOO_MANY_CONNECTIONS => DbError::Busy,
        &SqlState::ADMIN_SHUTDOWN
        | &SqlState::CRASH_SHUTDOWN
        | &SqlState::CANNOT_CONNECT_NOW
        | &SqlState::IO_ERROR => DbError::Unavailable(text),
        _ => DbError::Other(text),
    }
}
