//! A connection that cannot write.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::error::Result;
use crate::store::engine::ReadConnection;
use crate::store::sqlite::connection::{Connection, Mode, checked};
use crate::store::tx::Executor;
use crate::store::value::{Row, Value};

pub struct Reader(Connection);

impl Reader {
    pub fn open(path: &Path) -> Result<Self> {
        Ok(Self(checked(Connection::open(path, Mode::Read))?))
    }
}

impl Executor for Reader {
    fn query(&mut self, sql: &'static str, params: &[Value]) -> Result<Vec<Row>> {
        checked(self.0.query(sql, params))
    }
    fn execute(&mut self, sql: &'static str, params: &[Value]) -> Result<u64> {
        checked(self.0.execute(sql, params))
    }
}

impl ReadConnection for Reader {
    fn begin(&mut self, _limit: Duration) -> Result<()> {
        checked(self.0.control("BEGIN"))
    }
    fn end(&mut self) {
        if self.is_in_transaction() && self.0.control("COMMIT").is_err() {
            let _ = self.0.control("ROLLBACK");
        }
    }
    fn set_deadline(&mut self, deadline: Option<Instant>) {
        self.0.set_deadline(deadline);
    }
    fn is_in_transaction(&self) -> bool {
        !self.0.raw.is_autocommit()
    }
    /// One that could not end its snapshot would keep it for ever.
    fn is_broken(&self) -> bool {
        self.is_in_transaction()
    }
}
