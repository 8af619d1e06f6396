//! A connection that reads.

use std::time::{Duration, Instant};

use crate::error::Result;
use crate::store::engine::ReadConnection;
use crate::store::postgres::address::Address;
use crate::store::postgres::connection::Connection;
use crate::store::tx::Executor;
use crate::store::value::{Row, Value};

pub struct Reader {
    connection: Connection,
    is_begun: bool,
    /// After one error PostgreSQL refuses everything until the transaction ends.
    has_failed: bool,
}

impl Reader {
    pub fn open(address: &Address) -> Result<Self> {
        Ok(Self { connection: Connection::open(address)?, is_begun: false, has_failed: false })
    }
}

impl Executor for Reader {
    fn query(&mut self, sql: &'static str, params: &[Value]) -> Result<Vec<Row>> {
        let rows = self.connection.query(sql, params);
        self.has_failed |= rows.is_err();
        rows
    }
    fn execute(&mut self, sql: &'static str, params: &[Value]) -> Result<u64> {
        let touched = self.connection.execute(sql, params);
        self.has_failed |= touched.is_err();
        touched
    }
}

impl ReadConnection for Reader {
    fn begin(&mut self, limit: Duration) -> Result<()> {
        self.has_failed = false;
        let limit_ms = limit.as_millis();
        self.connection.control(&format!(
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = {limit_ms}"
        ))?;
        self.is_begun = true;
        Ok(())
    }
    fn end(&mut self) {
        if self.is_begun {
            self.is_begun = self.connection.control("ROLLBACK").is_err();
        }
    }
    /// The server watches the time: see `begin`.
    fn set_deadline(&mut self, _deadline: Option<Instant>) {}
    fn is_in_transaction(&self) -> bool {
        self.is_begun && !self.has_failed
    }
    fn is_broken(&self) -> bool {
        self.is_begun || self.connection.client.is_closed()
    }
}
