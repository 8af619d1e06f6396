//! The look through the whole file, once after each start of a server: indexes too, which may be wrong unseen.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{JoinHandle, park_timeout};
use std::time::Duration;

use rusqlite::ErrorCode::OperationInterrupted;

use crate::store::engine::notices::NoticeBoard;
use crate::store::engine::threads::{join, spawn, stand_back};
use crate::store::sqlite::connection::{Connection, Mode};
use crate::store::sqlite::create::beside;
use crate::store::sqlite::reader::checked;

/// Between two tables: each is looked at under a snapshot of its own, so that the log can be cut meanwhile.
const PAUSE: Duration = Duration::from_millis(50);
/// A snapshot keeps the log from being begun anew: when it is longer than so many bytes, the look gives way…
const LONGEST_LOG: u64 = 128 << 20;
/// …for so long at first, twice as long each time; then the table is looked at from its beginning.
const GIVES_WAY: Duration = Duration::from_secs(60);
const GIVES_WAY_AT_MOST: Duration = Duration::from_secs(3_600);
/// How many pages, or steps of SQLite's machine, pass between two looks at the log.
const STEPS_BETWEEN_LOOKS: i32 = 1_000;

/// The thread that looks; dropped, it ends.
pub struct Inspection {
    is_stopped: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Inspection {
    pub fn start(path: &Path, board: &Arc<NoticeBoard>) -> rusqlite::Result<Self> {
        let mut connection = Connection::open(path, Mode::Read)?;
        let is_stopped = Arc::new(AtomicBool::new(false));
        watch(&mut connection.raw, beside(path, "-wal"), &is_stopped)?;
        let (stopped, board) = (Arc::clone(&is_stopped), Arc::clone(board));
        let run = move || {
            stand_back();
            match inspect(&connection.raw, &stopped) {
                Ok(None) => {}
                Ok(Some(found)) => board.note_damage(found),
                Err(error) => {
                    let _ = checked::<()>(&board, Err(error));
                }
            }
        };
        Ok(Self { is_stopped, thread: Some(spawn("store-inspection", run)) })
    }
}

impl Drop for Inspection {
    fn drop(&mut self) {
        self.is_stopped.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            join(thread);
        }
    }
}

/// What runs on this connection is broken off when it shall end, or when the log has grown too long.
fn watch(raw: &mut rusqlite::Connection, log: PathBuf, is_stopped: &Arc<AtomicBool>) -> rusqlite::Result<()> {
    let is_stopped = Arc::clone(is_stopped);
    let is_too_long = move || log.metadata().is_ok_and(|log| log.len() > LONGEST_LOG);
    raw.progress_handler(STEPS_BETWEEN_LOOKS, Some(move || is_stopped.load(Ordering::Relaxed) || is_too_long()))
}

/// The first thing wrong, if any.
fn inspect(raw: &rusqlite::Connection, is_stopped: &AtomicBool) -> rusqlite::Result<Option<String>> {
    let mut statement = raw.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0")?;
    let tables = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<String>>>()?;
    for table in tables {
        let mut pause = GIVES_WAY;
        let found = loop {
            if is_stopped.load(Ordering::Relaxed) {
                return Ok(None);
            }
            match look_at(raw, &table) {
                Err(error) if error.sqlite_error_code() == Some(OperationInterrupted) => park_timeout(pause),
                found => break found?,
            }
            pause = (pause * 2).min(GIVES_WAY_AT_MOST);
        };
        if found.is_some() {
            return Ok(found);
        }
        park_timeout(PAUSE);
    }
    Ok(None)
}

/// What is wrong with this table or its indexes, if anything.
fn look_at(raw: &rusqlite::Connection, table: &str) -> rusqlite::Result<Option<String>> {
    let mut found = None;
    raw.pragma(None, "integrity_check", table, |row| {
        let line: String = row.get(0)?;
        found = Some(line).filter(|line| line != "ok").or(found.take());
        Ok(())
    })?;
    Ok(found.map(|found| format!("{table}: {found}")))
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::time::Instant;

    use super::*;

    #[test]
    fn it_gives_way_while_the_log_is_long_and_begins_again() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let mut raw = rusqlite::Connection::open_in_memory().unwrap();
        raw.execute_batch(
            "CREATE TABLE call AS
             WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 50000)
             SELECT n, hex(randomblob(99)) FROM number",
        )
        .unwrap();
        File::create(&log).unwrap().set_len(LONGEST_LOG + 1).unwrap();
        let is_stopped = Arc::new(AtomicBool::new(false));
        watch(&mut raw, log.clone(), &is_stopped).unwrap();
        let thread = std::thread::spawn(move || inspect(&raw, &is_stopped).unwrap());
        std::thread::sleep(Duration::from_millis(300));
        assert!(!thread.is_finished());
        File::create(&log).unwrap();
        let until = Instant::now() + Duration::from_secs(30);
        while !thread.is_finished() && Instant::now() < until {
            thread.thread().unpark();
            std::thread::sleep(Duration::from_millis(1));
        }
        assert_eq!(thread.join().unwrap(), None);
    }
}
