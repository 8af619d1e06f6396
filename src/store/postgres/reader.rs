//! A connection that reads.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::error::Result;
use crate::store::engine::ReadConnection;
use crate::store::postgres::address::Address;
use crate::store::postgres::connection::Connection;
use crate::store::tx::Executor;
use crate::store::value::{Row, Value};

/// The server breaks a statement off at its deadline; the answer that says so is waited for this much longer.
const ALLOWANCE: Duration = Duration::from_millis(200);
/// What a snapshot's beginning may take: a connection that lay idle may lead to a server that is gone.
const BEGIN_LIMIT: Duration = Duration::from_secs(1);
/// What a snapshot's end may take.
const END_LIMIT: Duration = Duration::from_millis(500);

pub struct Reader {
    connection: Connection,
    is_begun: bool,
    /// After one error PostgreSQL refuses everything until the transaction ends.
    has_failed: bool,
}

impl Reader {
    pub fn open(address: &Arc<Address>, deadline: Instant) -> Result<Self> {
        Ok(Self { connection: Connection::open(address, deadline)?, is_begun: false, has_failed: false })
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
    fn begin(&mut self, deadline: Instant) -> Result<()> {
        self.has_failed = false;
        self.set_deadline(Some(deadline.min(Instant::now() + BEGIN_LIMIT)));
        let limit_ms = deadline.saturating_duration_since(Instant::now()).as_millis().max(1);
        self.connection.control(&format!(
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = {limit_ms}"
        ))?;
        self.is_begun = true;
        Ok(())
    }
    fn end(&mut self) {
        if self.is_begun && !self.connection.is_lost() {
            self.connection.set_deadline(Instant::now() + END_LIMIT);
            self.is_begun = self.connection.control("ROLLBACK").is_err();
        }
    }
    fn set_deadline(&mut self, deadline: Option<Instant>) {
        if let Some(deadline) = deadline {
            self.connection.set_deadline(deadline + ALLOWANCE);
        }
    }
    fn is_in_transaction(&self) -> bool {
        self.is_begun && !self.has_failed
    }
    fn is_broken(&self) -> bool {
        self.is_begun || self.connection.is_lost()
    }
}
