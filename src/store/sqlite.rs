//! The SQLite executor.

use std::collections::HashMap;
use std::path::Path;

use rusqlite::Connection;
use rusqlite::types::{ToSqlOutput, ValueRef};

use crate::error::{Error, Result};
use crate::store::Executor;
use crate::store::value::{Row, Value};

pub struct Sqlite {
    connection: Connection,
    translated: HashMap<&'static str, String>,
}

impl Sqlite {
    pub fn open(path: &Path) -> Result<Self> {
        let connection = Connection::open(path).map_err(failed)?;
        connection
            .execute_batch("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON")
            .map_err(failed)?;
        let is_empty: i64 =
            connection.query_row("SELECT COUNT(*) FROM sqlite_master", [], |row| row.get(0)).map_err(failed)?;
        if is_empty == 0 {
            connection.execute_batch(include_str!("../../schema.sql")).map_err(failed)?;
        }
        Ok(Self { connection, translated: HashMap::new() })
    }

    pub fn begin(&mut self) -> Result<()> {
        self.connection.execute_batch("BEGIN IMMEDIATE").map_err(failed)
    }

    pub fn end(&mut self, commit: bool) -> Result<()> {
        self.connection.execute_batch(if commit { "COMMIT" } else { "ROLLBACK" }).map_err(failed)
    }

    fn prepare(&mut self, sql: &'static str) -> Result<rusqlite::CachedStatement<'_>> {
        let sql = self.translated.entry(sql).or_insert_with(|| sql.replace('$', "?"));
        self.connection.prepare_cached(sql).map_err(failed)
    }
}

fn failed(error: rusqlite::Error) -> Error {
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::ConstraintViolation) => Error::conflict("exists", "it exists already"),
        _ => Error::Internal(error.to_string()),
    }
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Null => ToSqlOutput::Borrowed(ValueRef::Null),
            Self::Int(int) => ToSqlOutput::Borrowed(ValueRef::Integer(*int)),
            Self::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
        })
    }
}

impl Executor for Sqlite {
    fn query(&mut self, sql: &'static str, params: &[Value]) -> Result<Vec<Row>> {
        let mut statement = self.prepare(sql)?;
        let columns = statement.column_count();
        let mut rows = statement.query(rusqlite::params_from_iter(params)).map_err(failed)?;
        let mut answer = Vec::new();
        while let Some(row) = rows.next().map_err(failed)? {
            let mut values = Vec::with_capacity(columns);
            for index in 0..columns {
                values.push(match row.get_ref(index).map_err(failed)? {
                    ValueRef::Null => Value::Null,
                    ValueRef::Integer(int) => Value::Int(int),
                    ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
                    _ => return Err(Error::internal("a column that is neither TEXT nor BIGINT")),
                });
            }
            answer.push(Row(values));
        }
        Ok(answer)
    }

    fn execute(&mut self, sql: &'static str, params: &[Value]) -> Result<u64> {
        let mut statement = self.prepare(sql)?;
        let touched = statement.execute(rusqlite::params_from_iter(params)).map_err(failed)?;
        Ok(u64::try_from(touched).unwrap_or_default())
    }
}
