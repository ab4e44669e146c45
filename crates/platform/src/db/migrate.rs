//! Forward migrations, numbered inside each area.

use sha2::{Digest, Sha256};

use super::{Conn, DbError, Row, ToValue};
use crate::sql;

/// One step of an area's schema; never changed once released.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// The area's name, such as `tasks`.
    pub area: &'static str,
    /// 1, 2, 3 … without gaps inside the area.
    pub version: u32,
    /// Portable DDL, see `Dialect::migration`.
    pub sql: &'static str,
}

/// A migration that a database has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Applied {
    area: String,
    version: u32,
    sha256: String,
}

pub(super) fn applied<C: Conn + ?Sized>(conn: &mut C) -> Result<Vec<Applied>, DbError> {
    conn.query(sql!("SELECT area, version, sha256 FROM schema_migration ORDER BY area, version"), &[])?
        .iter()
        .map(|row: &Row| {
            Ok(Applied { area: row.get("area")?, version: row.get("version")?, sha256: row.get("sha256")? })
        })
        .collect()
}

/// Brings the schema up to `migrations`, in the given order, all in one transaction.
pub(super) fn migrate(conn: &mut dyn Conn, migrations: &[Migration]) -> Result<(), DbError> {
    conn.begin_write()?;
    let result = apply(conn, migrations);
    match result {
        Ok(()) => conn.commit(),
        Err(error) => {
            conn.rollback()?;
            Err(error)
        }
    }
}

fn apply(conn: &mut dyn Conn, migrations: &[Migration]) -> Result<(), DbError> {
    conn.batch(
        "CREATE TABLE IF NOT EXISTS schema_migration(area TEXT NOT NULL, version INTEGER NOT NULL,
         sha256 TEXT NOT NULL, PRIMARY KEY(area, version))",
    )?;
    let applied = conn.applied()?;
    for migration in migrations {
        let sha256 = crate::hex(&Sha256::digest(migration.sql));
        let found =
            applied.iter().find(|have| have.area == migration.area && have.version == migration.version);
        match found {
            Some(have) if have.sha256 == sha256 => {}
            Some(_) => {
                return Err(DbError::Schema(format!(
                    "migration {} {} in the database differs from this program's",
                    migration.area, migration.version
                )));
            }
            None => {
                conn.batch(&conn.dialect().migration(migration.sql))?;
                let params = [migration.area.to_value(), migration.version.to_value(), sha256.to_value()];
                conn.execute(
                    sql!("INSERT INTO schema_migration(area, version, sha256) VALUES($1, $2, $3)"),
                    &params,
                )?;
            }
        }
    }
    let unknown = applied.iter().find(|have| {
        !migrations.iter().any(|migration| migration.area == have.area && migration.version == have.version)
    });
    match unknown {
        Some(have) => Err(DbError::Schema(format!(
            "the database has migration {} {}, which this program does not know: use a newer program",
            have.area, have.version
        ))),
        None => Ok(()),
    }
}
