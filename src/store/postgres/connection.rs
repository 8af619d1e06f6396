//! One connection: what readers and the writer have in common.

use std::collections::HashMap;
use std::error::Error as StdError;

use postgres::error::SqlState;
use postgres::types::{IsNull, ToSql, Type, private::BytesMut, to_sql_checked};
use postgres::{Client, Statement};

use crate::error::{Error, Result};
use crate::store::engine::Fault;
use crate::store::postgres::address::Address;
use crate::store::value::{Row, Value};

/// `synchronous_commit` stays what the server's administrator chose, unless that is "off".
const SESSION: &str = "
    SET default_transaction_isolation = 'read committed';
    SET lock_timeout = '5s';
    SET statement_timeout = '30s';
    SET idle_in_transaction_session_timeout = '60s';
    SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'";

pub struct Connection {
    pub client: Client,
    /// Prepared statements by the address of their text.
    statements: HashMap<(usize, usize), Statement>,
    pub fault: Option<Fault>,
}

impl Connection {
    /// Connects. Never from an async thread.
    pub fn open(address: &Address) -> Result<Self> {
        let connected = address.connect().and_then(|mut client| {
            client.batch_execute(SESSION)?;
            Ok(client)
        });
        let client = connected.map_err(|error| Error::Busy(describe(&error)))?;
        Ok(Self { client, statements: HashMap::new(), fault: None })
    }

    pub fn query(&mut self, sql: &'static str, params: &[Value]) -> Result<Vec<Row>> {
        let rows = self.prepare(sql).and_then(|statement| self.client.query(&statement, &as_parameters(params)));
        self.keep(rows)?.iter().map(read_row).collect()
    }

    pub fn execute(&mut self, sql: &'static str, params: &[Value]) -> Result<u64> {
        let touched = self.prepare(sql).and_then(|statement| self.client.execute(&statement, &as_parameters(params)));
        self.keep(touched)
    }

    /// Runs statements of our own, without parameters.
    pub fn control(&mut self, sql: &str) -> Result<()> {
        let done = self.client.batch_execute(sql);
        self.keep(done)
    }

    fn prepare(&mut self, sql: &'static str) -> std::result::Result<Statement, postgres::Error> {
        let key = (sql.as_ptr() as usize, sql.len());
        if let Some(statement) = self.statements.get(&key) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(sql)?;
        self.statements.insert(key, statement.clone());
        Ok(statement)
    }

    /// Turns a driver's error into ours, and remembers what it means for the store.
    fn keep<T>(&mut self, result: std::result::Result<T, postgres::Error>) -> Result<T> {
        result.map_err(|error| {
            if let Some(fault) = fault(&error) {
                self.fault = Some(fault);
            }
            failed(&error)
        })
    }
}

fn as_parameters<'a>(params: &'a [Value<'a>]) -> Vec<&'a (dyn ToSql + Sync)> {
    params.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

impl ToSql for Value<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> std::result::Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Text(text) => text.as_ref().to_sql(ty, out),
            Self::Int(int) => match *ty {
                Type::INT4 => i32::try_from(*int)?.to_sql(ty, out),
                Type::INT2 => i16::try_from(*int)?.to_sql(ty, out),
                Type::INT8 => int.to_sql(ty, out),
                _ => Err(format!("an integer was given for a parameter of type {ty}").into()),
            },
        }
    }

    fn accepts(_ty: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

fn read_row(row: &postgres::Row) -> Result<Row> {
    let mut values = Vec::with_capacity(row.len());
    for (index, column) in row.columns().iter().enumerate() {
        let value = match *column.type_() {
            Type::INT8 => row.try_get::<_, Option<i64>>(index).map(Value::from),
            Type::INT4 => row.try_get::<_, Option<i32>>(index).map(|int| Value::from(int.map(i64::from))),
            Type::TEXT | Type::VARCHAR | Type::NAME => row.try_get::<_, Option<String>>(index).map(Value::from),
            ref other => return Err(Error::internal(format!("a column that is neither TEXT nor BIGINT: {other}"))),
        };
        values.push(value.map_err(Error::internal)?);
    }
    Ok(Row(values))
}

/// What an error means beyond its statement.
fn fault(error: &postgres::Error) -> Option<Fault> {
    let Some(code) = error.code() else {
        let is_lost = error.is_closed() || has_io_cause(error);
        return is_lost.then(|| Fault::Disconnected(describe(error)));
    };
    match *code {
        SqlState::T_R_SERIALIZATION_FAILURE | SqlState::T_R_DEADLOCK_DETECTED | SqlState::LOCK_NOT_AVAILABLE => {
            Some(Fault::Collision)
        }
        // The server goes down, or has become somebody's copy: a new connection may find its successor.
        SqlState::ADMIN_SHUTDOWN
        | SqlState::CRASH_SHUTDOWN
        | SqlState::CANNOT_CONNECT_NOW
        | SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT
        | SqlState::READ_ONLY_SQL_TRANSACTION => Some(Fault::Disconnected(describe(error))),
        // 53: out of disk, memory or connections; 58: the server's own disk failed.
        _ if code.code().starts_with("53") || code.code().starts_with("58") => {
            Some(Fault::Unavailable(describe(error)))
        }
        _ => None,
    }
}

fn has_io_cause(error: &postgres::Error) -> bool {
    StdError::source(error).is_some_and(|cause| cause.is::<std::io::Error>())
}

/// A driver's error as the program's.
fn failed(error: &postgres::Error) -> Error {
    match error.code() {
        Some(&SqlState::UNIQUE_VIOLATION) => Error::Exists,
        Some(&SqlState::FOREIGN_KEY_VIOLATION) => Error::InUse,
        Some(&SqlState::QUERY_CANCELED) => Error::TookTooLong,
        _ if fault(error).is_some() => Error::Busy(describe(error)),
        _ => Error::Internal(describe(error)),
    }
}

/// The server's own words, which the driver keeps apart.
pub fn describe(error: &postgres::Error) -> String {
    match (error.as_db_error(), StdError::source(error)) {
        (Some(said), _) => format!("PostgreSQL: {} ({})", said.message(), said.code().code()),
        (None, Some(cause)) => format!("PostgreSQL: {error}: {cause}"),
        (None, None) => format!("PostgreSQL: {error}"),
    }
}
