//! A connection that cannot write.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};

use crate::error::Result;
use crate::store::engine::ReadConnection;
use crate::store::engine::notices::NoticeBoard;
use crate::store::sqlite::connection::{Connection, Mode, damaged, failed};
use crate::store::tx::Executor;
use crate::store::value::{Row, Value};

pub struct Reader {
    connection: Connection,
    board: Arc<NoticeBoard>,
}

impl Reader {
    pub fn open(path: &Path, board: &Arc<NoticeBoard>) -> Result<Self> {
        let connection = checked(board, Connection::open(path, Mode::Read))?;
        Ok(Self { connection, board: Arc::clone(board) })
    }
}

/// A driver's error as the program's. Damage is everybody's: nothing more may be written into such a file.
pub fn checked<T>(board: &NoticeBoard, result: rusqlite::Result<T>) -> Result<T> {
    result.map_err(|error| {
        if let Some(DatabaseCorrupt | NotADatabase) = error.sqlite_error_code() {
            board.die(&damaged(&error));
        }
        failed(&error)
    })
}

impl Executor for Reader {
    fn query(&mut self, sql: &'static str, params: &[Value]) -> Result<Vec<Row>> {
        checked(&self.board, self.connection.query(sql, params))
    }
    fn execute(&mut self, sql: &'static str, params: &[Value]) -> Result<u64> {
        checked(&self.board, self.connection.execute(sql, params))
    }
}

impl ReadConnection for Reader {
    fn begin(&mut self, _deadline: Instant) -> Result<()> {
        checked(&self.board, self.connection.control("BEGIN"))
    }
    fn end(&mut self) {
        if self.is_in_transaction() && self.connection.control("COMMIT").is_err() {
            let _ = self.connection.control("ROLLBACK");
        }
    }
    fn set_deadline(&mut self, deadline: Option<Instant>) {
        self.connection.set_deadline(deadline);
    }
    fn is_in_transaction(&self) -> bool {
        !self.connection.raw.is_autocommit()
    }
    /// One that could not end its snapshot would keep it for ever.
    fn is_broken(&self) -> bool {
        self.is_in_transaction()
    }
}
