//! The look through the whole file, once after each start of a server: indexes too, which may be wrong unseen.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::InterruptHandle;

use crate::store::engine::notices::NoticeBoard;
use crate::store::engine::threads::{join, spawn};
use crate::store::sqlite::connection::{Connection, Mode};
use crate::store::sqlite::reader::checked;

/// Between two tables: each is looked at under a snapshot of its own, so that the log can be cut meanwhile.
const PAUSE: Duration = Duration::from_millis(50);
/// The least that a thread can have of a busy processor.
const LEAST: i32 = 19;

/// The thread that looks; dropped, it ends.
pub struct Inspection {
    is_stopped: Arc<AtomicBool>,
    current: InterruptHandle,
    thread: Option<JoinHandle<()>>,
}

impl Inspection {
    pub fn start(path: &Path, board: &Arc<NoticeBoard>) -> rusqlite::Result<Self> {
        let connection = Connection::open(path, Mode::Read)?;
        let current = connection.raw.get_interrupt_handle();
        let is_stopped = Arc::new(AtomicBool::new(false));
        let (stopped, board) = (Arc::clone(&is_stopped), Arc::clone(board));
        let run = move || {
            // Where it may not stand back, it is only a little quicker.
            let _ = rustix::process::setpriority_process(Some(rustix::thread::gettid()), LEAST);
            match inspect(&connection.raw, &stopped) {
                Ok(None) => {}
                Ok(Some(found)) => board.note_damage(found),
                Err(error) if stopped.load(Ordering::Relaxed) => {
                    tracing::debug!(%error, "the store was closed before it was looked through");
                }
                Err(error) => {
                    let _ = checked::<()>(&board, Err(error));
                }
            }
        };
        Ok(Self { is_stopped, current, thread: Some(spawn("store-inspection", run)) })
    }
}

impl Drop for Inspection {
    fn drop(&mut self) {
        self.is_stopped.store(true, Ordering::Relaxed);
        let Some(thread) = self.thread.take() else { return };
        // One that comes between two statements ends neither.
        while !thread.is_finished() {
            self.current.interrupt();
            std::thread::sleep(Duration::from_millis(1));
        }
        join(thread);
    }
}

/// The first thing wrong, if any.
fn inspect(raw: &rusqlite::Connection, is_stopped: &AtomicBool) -> rusqlite::Result<Option<String>> {
    let mut statement = raw.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0")?;
    let tables = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<String>>>()?;
    for table in tables {
        if is_stopped.load(Ordering::Relaxed) {
            return Ok(None);
        }
        let mut found = None;
        raw.pragma(None, "integrity_check", &table, |row| {
            let line: String = row.get(0)?;
            found = Some(line).filter(|line| line != "ok").or(found.take());
            Ok(())
        })?;
        if found.is_some() {
            return Ok(found.map(|found| format!("{table}: {found}")));
        }
        std::thread::sleep(PAUSE);
    }
    Ok(None)
}
