//! The few places where the two databases differ.

use std::borrow::Cow;

/// Which SQL a connection speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite, the embedded default.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

impl Dialect {
    /// Turns a portable statement into the dialect's own: `$1` is positional on PostgreSQL, while SQLite
    /// numbers `$1` by first appearance and needs `?1`.
    pub(crate) fn statement<'a>(self, sql: &'a str) -> Cow<'a, str> {
        match self {
            Self::Postgres => Cow::Borrowed(sql),
            Self::Sqlite => Cow::Owned(sql.replace('$', "?")),
        }
    }

    /// Turns a migration into the dialect's own.
    ///
    /// Migrations use `TEXT`, `BIGINT`, `DOUBLE PRECISION` and `BLOB` columns and end tables with
    /// `STRICT`. Blocks between `-- @sqlite` or `-- @postgres` and `-- @end` belong to one dialect.
    pub(crate) fn migration(self, sql: &str) -> String {
        let mut block = None;
        let mut out = String::with_capacity(sql.len());
        for line in sql.lines() {
            match line.trim() {
                "-- @sqlite" => block = Some(Self::Sqlite),
                "-- @postgres" => block = Some(Self::Postgres),
                "-- @end" => block = None,
                _ if block.is_none_or(|only| only == self) => {
                    out.push_str(line);
                    out.push('\n');
                }
                _ => {}
            }
        }
        match self {
            Self::Sqlite => out.replace("BIGINT", "INTEGER").replace("DOUBLE PRECISION", "REAL"),
            Self::Postgres => out.replace(" STRICT", "").replace("BLOB", "BYTEA"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_keep_their_number() {
        assert_eq!(Dialect::Sqlite.statement("a = $2 AND b = $1"), "a = ?2 AND b = ?1");
        assert_eq!(Dialect::Postgres.statement("a = $2"), "a = $2");
    }

    #[test]
    fn blocks_belong_to_one_dialect() {
        let sql =
            "CREATE TABLE t(a BLOB, b BIGINT) STRICT;\n-- @sqlite\nS;\n-- @end\n-- @postgres\nP;\n-- @end\n";
        assert_eq!(Dialect::Sqlite.migration(sql), "CREATE TABLE t(a BLOB, b INTEGER) STRICT;\nS;\n");
        assert_eq!(Dialect::Postgres.migration(sql), "CREATE TABLE t(a BYTEA, b BIGINT);\nP;\n");
    }
}
