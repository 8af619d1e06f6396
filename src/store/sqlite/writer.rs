//! The one connection that writes.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Instant;

use rusqlite::{ErrorCode, ffi};

use crate::error::Result;
use crate::store::engine::notices::NoticeBoard;
use crate::store::engine::{Fault, WriteConnection};
use crate::store::sqlite::connection::{Connection, damaged, failed};
use crate::store::tx::{Executor, Notice};
use crate::store::value::{Row, Value};

/// How many closures one transaction takes: bounds what a crash, or one bad closure, makes run again.
const BATCH_LIMIT: usize = 256;
/// Pages in the write-ahead log at which an idle writer moves them into the file, and a loaded one does.
const IDLE_LOG_PAGES: i32 = 1_000;
const LOADED_LOG_PAGES: i32 = 4_000;
/// The log's file keeps this much of the disk, however long it was once.
const KEPT_LOG_PAGES: i32 = 16_000;

pub struct Writer {
    connection: Connection,
    board: Arc<NoticeBoard>,
    fault: Option<Fault>,
    /// Grows when another connection, so another program, has written.
    others_version: i64,
    log_pages: Arc<AtomicI32>,
    page_bytes: i64,
    /// All of a long log stands in the file: the next write begins the log anew, and cuts its file.
    is_cut_due: bool,
}

impl Writer {
    /// `cache_kib`: how much of the file it may keep in memory.
    pub fn new(mut connection: Connection, board: Arc<NoticeBoard>, cache_kib: i64) -> rusqlite::Result<Self> {
        let log_pages = Arc::new(AtomicI32::new(0));
        let counted = Arc::clone(&log_pages);
        // In place of SQLite's own check point, which would hide a failed sync.
        connection.raw.wal_hook(Some(move |_: &mut rusqlite::hooks::Wal, pages| {
            counted.store(pages, Ordering::Relaxed);
            Ok(())
        }))?;
        connection.raw.pragma_update(None, "cache_size", -cache_kib)?;
        // What was deleted, or written over, stands in no free corner of the file: who is erased was there long before.
        connection.raw.pragma_update(None, "secure_delete", true)?;
        let page_bytes: i64 = connection.raw.pragma_query_value(None, "page_size", |row| row.get(0))?;
        connection.raw.pragma_update(None, "journal_size_limit", page_bytes * i64::from(KEPT_LOG_PAGES))?;
        let (fault, others_version, is_cut_due) = (None, 0, false);
        let mut writer = Self { connection, board, fault, others_version, log_pages, page_bytes, is_cut_due };
        writer.others_version = writer.data_version()?;
        Ok(writer)
    }

    fn data_version(&self) -> rusqlite::Result<i64> {
        self.connection.raw.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))
    }

    fn look_for_others(&mut self) {
        let version = self.data_version();
        if let Ok(version) = self.keep(version)
            && version != self.others_version
        {
            self.others_version = version;
            self.board.everything_changed();
        }
    }

    /// Turns a driver's error into ours, and remembers what it means for the store.
    fn keep<T>(&mut self, result: rusqlite::Result<T>) -> Result<T> {
        result.map_err(|error| {
            if let Some(fault) = fault(&error)
                && !matches!(self.fault, Some(Fault::Fatal(_)))
            {
                self.fault = Some(fault);
            }
            failed(&error)
        })
    }

    fn control(&mut self, sql: &str) -> Result<()> {
        let done = self.connection.control(sql);
        self.keep(done)
    }

    /// Moves the write-ahead log into the file; readers and writers go on meanwhile.
    fn shorten_log(&mut self, pages: i32) {
        let length = self.log_pages.load(Ordering::Relaxed);
        if length < pages {
            return;
        }
        let moved = self
            .connection
            .raw
            .query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| Ok(row.get::<_, i32>(1)? == row.get::<_, i32>(2)?));
        let is_whole = self.keep(moved).unwrap_or_default();
        if is_whole {
            self.log_pages.store(0, Ordering::Relaxed);
            self.is_cut_due |= length > KEPT_LOG_PAGES;
        }
        let left = if is_whole { 0 } else { i64::from(length) * self.page_bytes };
        self.board.note_log(u64::try_from(left).unwrap_or_default());
    }
}

/// What an error means beyond its statement.
fn fault(error: &rusqlite::Error) -> Option<Fault> {
    let extended = error.sqlite_error()?.extended_code;
    match error.sqlite_error_code()? {
        ErrorCode::DiskFull => Some(Fault::Unavailable("the disk is full".to_owned())),
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => {
            Some(Fault::Unavailable("another program holds the store".to_owned()))
        }
        ErrorCode::SystemIoFailure => Some(match extended {
            // The shared index beside the log is rebuilt at need, and grows when the disk may be full.
            ffi::SQLITE_IOERR_SHMOPEN
            | ffi::SQLITE_IOERR_SHMSIZE
            | ffi::SQLITE_IOERR_SHMMAP
            | ffi::SQLITE_IOERR_SHMLOCK
            | ffi::SQLITE_IOERR_NOMEM => Fault::Unavailable(error.to_string()),
            _ => Fault::Fatal(error.to_string()),
        }),
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Some(Fault::Fatal(damaged(error))),
        ErrorCode::CannotOpen | ErrorCode::OutOfMemory => Some(Fault::Unavailable(error.to_string())),
        _ => None,
    }
}

impl Executor for Writer {
    fn query(&mut self, sql: &'static str, params: &[Value]) -> Result<Vec<Row>> {
        let rows = self.connection.query(sql, params);
        self.keep(rows)
    }
    fn execute(&mut self, sql: &'static str, params: &[Value]) -> Result<u64> {
        let touched = self.connection.execute(sql, params);
        self.keep(touched)
    }
}

impl WriteConnection for Writer {
    fn begin(&mut self, _deadline: Instant) -> Result<()> {
        self.control("BEGIN IMMEDIATE")?;
        self.look_for_others();
        Ok(())
    }
    fn commit(&mut self, _notices: &[Notice]) -> Result<bool> {
        self.control("COMMIT").map(|()| false)
    }
    fn rollback(&mut self) {
        if self.is_in_transaction() {
            let _ = self.control("ROLLBACK");
        }
    }
    /// It is the only one that writes.
    fn take_all_turns(&mut self, _keys: &BTreeSet<&str>) -> Result<()> {
        Ok(())
    }
    fn hurry(&mut self) -> Result<()> {
        Ok(())
    }
    fn savepoint(&mut self) -> Result<()> {
        self.control("SAVEPOINT closure")
    }
    fn release(&mut self) -> Result<()> {
        self.control("RELEASE closure")
    }
    fn rollback_to_savepoint(&mut self) -> Result<()> {
        self.control("ROLLBACK TO closure")
    }
    fn is_in_transaction(&self) -> bool {
        !self.connection.raw.is_autocommit()
    }
    fn take_fault(&mut self) -> Option<Fault> {
        self.fault.take()
    }
    fn batch_limit(&self) -> usize {
        BATCH_LIMIT
    }
    fn carries_notices(&self) -> bool {
        false
    }
    fn tidy(&mut self) {
        self.shorten_log(LOADED_LOG_PAGES);
    }
    fn tend(&mut self) {
        self.look_for_others();
        self.shorten_log(IDLE_LOG_PAGES);
        if std::mem::take(&mut self.is_cut_due) {
            let _ = self.probe();
        }
    }
    fn probe(&mut self) -> Result<()> {
        self.control("BEGIN IMMEDIATE")?;
        let written = self.control("UPDATE schema_version SET version = version").and_then(|()| self.control("COMMIT"));
        self.rollback();
        written
    }
}
