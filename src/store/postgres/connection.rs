//! One connection: what readers and the writer have in common.

use std::collections::HashMap;
use std::error::Error as StdError;

use std::sync::Arc;
use std::time::Instant;

use tokio_postgres::Statement;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{IsNull, ToSql, Type, private::BytesMut, to_sql_checked};

use crate::error::{Error, Result};
use crate::store::engine::Fault;
use crate::store::postgres::address::Address;
use crate::store::postgres::flight::{Order, Told, fly};
use crate::store::postgres::wire::{Failure, Wire, describe};
use crate::store::value::{Row, Value};

/// A node that is cut off must not stop the others: the server takes back what it holds within three seconds, and
/// whoever waits for it turns to something else first. `synchronous_commit` stays what the server's administrator chose,
/// unless that is "off". Older servers do not know every setting.
const SESSION: &str = "
    SET default_transaction_isolation = 'read committed';
    SET lock_timeout = '250ms';
    SET statement_timeout = '8s';
    SET idle_in_transaction_session_timeout = '3s';
    SELECT set_config(known.name, wanted.value, false)
      FROM pg_settings known
      JOIN (VALUES ('jit', 'off'),
                   ('tcp_keepalives_idle', '3'),
                   ('tcp_keepalives_interval', '1'),
                   ('tcp_keepalives_count', '3'),
                   ('tcp_user_timeout', '3s'),
                   ('client_connection_check_interval', '2s')) AS wanted (name, value) USING (name);
    SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'";

pub struct Connection {
    address: Arc<Address>,
    wire: Wire,
    /// Prepared statements by the address of their text.
    statements: HashMap<(usize, usize), Statement>,
    /// What goes along with the next question.
    queued: Vec<Order<'static>>,
    /// Something that went along has touched a row.
    pub has_touched: bool,
    pub fault: Option<Fault>,
}

impl Connection {
    /// Connects, until the deadline at the latest. Never from an async thread.
    pub fn open(address: &Arc<Address>, deadline: Instant) -> Result<Self> {
        let connected = address.connect(deadline).and_then(|mut wire| {
            wire.ask(async |client| client.batch_execute(SESSION).await)?;
            Ok(wire)
        });
        let wire = connected.map_err(|failure| Error::Busy(describe(&failure)))?;
        let (address, statements, queued) = (Arc::clone(address), HashMap::new(), Vec::new());
        Ok(Self { address, wire, statements, queued, has_touched: false, fault: None })
    }

    /// Whatever is asked from now on is waited for until this instant, then the connection is lost.
    pub fn set_deadline(&mut self, deadline: Instant) {
        self.wire.deadline = deadline;
    }

    pub fn is_lost(&self) -> bool {
        self.wire.is_lost()
    }

    pub fn query(&mut self, sql: &'static str, params: &[Value]) -> Result<Vec<Row>> {
        let statement = self.prepare(sql)?;
        let Told::Rows(rows) = self.ask(Order::Query(statement, params.to_vec()))? else { return Ok(Vec::new()) };
        rows.iter().map(read_row).collect()
    }

    pub fn execute(&mut self, sql: &'static str, params: &[Value]) -> Result<u64> {
        let statement = self.prepare(sql)?;
        let told = self.ask(Order::Execute(statement, params.to_vec()))?;
        Ok(if let Told::Touched(count) = told { count } else { 0 })
    }

    /// Runs statements of our own, without parameters.
    pub fn control(&mut self, sql: &str) -> Result<()> {
        self.ask(Order::Control(sql.into())).map(drop)
    }

    /// As [`Self::execute`], when the next question is asked; whose answer is then the failure of this, if it fails.
    pub fn send(&mut self, sql: &'static str, params: &[Value]) -> Result<()> {
        let statement = self.prepare(sql)?;
        let params = params.iter().map(Value::kept).collect();
        let is_read = sql.starts_with("SELECT");
        self.queued.push(if is_read { Order::Query(statement, params) } else { Order::Execute(statement, params) });
        Ok(())
    }

    /// As [`Self::control`], when the next question is asked.
    pub fn send_control(&mut self, sql: &'static str) {
        self.queued.push(Order::Control(sql.into()));
    }

    /// Nothing of what was to go along is sent, but for what goes before this, and this.
    pub fn forget_after(&mut self, control: &str) {
        let known = self.queued.iter().position(|order| matches!(order, Order::Control(sql) if sql == control));
        self.queued.truncate(known.map_or(0, |at| at + 1));
    }

    /// Sends what goes along, and this; all of it is answered when this returns.
    fn ask(&mut self, last: Order) -> Result<Told> {
        let queued = std::mem::take(&mut self.queued);
        let flown = self.wire.ask(async |client| fly(client, queued, last).await);
        let (has_touched, told) = self.keep(flown)?;
        self.has_touched |= has_touched;
        Ok(told)
    }

    fn prepare(&mut self, sql: &'static str) -> Result<Statement> {
        let key = (sql.as_ptr() as usize, sql.len());
        if let Some(statement) = self.statements.get(&key) {
            return Ok(statement.clone());
        }
        let prepared = self.wire.ask(async |client| client.prepare(sql).await);
        let statement = self.keep(prepared)?;
        self.statements.insert(key, statement.clone());
        Ok(statement)
    }

    /// Turns a driver's error into ours, and remembers what it means for the store.
    fn keep<T>(&mut self, result: std::result::Result<T, Failure>) -> Result<T> {
        result.map_err(|failure| {
            if let Failure::Silent = failure {
                self.address.pass_over(self.wire.host);
            }
            if let Some(fault) = fault(&failure) {
                self.fault = Some(fault);
            }
            failed(&failure)
        })
    }
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

pub fn read_row(row: &tokio_postgres::Row) -> Result<Row> {
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

/// What a failure means beyond its statement.
fn fault(failure: &Failure) -> Option<Fault> {
    let Failure::Said(error) = failure else { return Some(Fault::Disconnected(describe(failure))) };
    let Some(code) = error.code() else {
        let is_lost = error.is_closed() || has_io_cause(error);
        return is_lost.then(|| Fault::Disconnected(describe(failure)));
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
        | SqlState::READ_ONLY_SQL_TRANSACTION => Some(Fault::Disconnected(describe(failure))),
        // 53: out of disk, memory or connections; 58: the server's own disk failed.
        _ if code.code().starts_with("53") || code.code().starts_with("58") => {
            Some(Fault::Unavailable(describe(failure)))
        }
        _ => None,
    }
}

fn has_io_cause(error: &tokio_postgres::Error) -> bool {
    StdError::source(error).is_some_and(|cause| cause.is::<std::io::Error>())
}

/// A driver's error as the program's.
fn failed(failure: &Failure) -> Error {
    let Failure::Said(error) = failure else { return Error::TookTooLong };
    match error.code() {
        Some(&SqlState::UNIQUE_VIOLATION) => Error::Exists,
        Some(&SqlState::FOREIGN_KEY_VIOLATION) => Error::InUse,
        Some(&SqlState::QUERY_CANCELED) => Error::TookTooLong,
        _ if fault(failure).is_some() => Error::Busy(describe(failure)),
        _ => Error::Internal(describe(failure)),
    }
}
