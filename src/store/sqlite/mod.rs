//! The embedded engine: one file, one writer, readers beside it.

pub mod bulk;
mod connection;
pub mod copy;
mod create;
mod inspection;
mod reader;
pub mod restore;
pub mod whole;
mod writer;

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::error::Result as StoreResult;
use crate::store::engine::notices::NoticeBoard;
use crate::store::engine::{Connect, Engine, Purpose, ReadConnection};
use crate::store::location::OpenError;
use crate::store::migrations;
use crate::store::sqlite::connection::Connection;
use crate::store::sqlite::create::explain;
use crate::store::sqlite::inspection::Inspection;
use crate::store::sqlite::reader::Reader;
use crate::store::sqlite::writer::Writer;

/// How long a server looks for damage before it serves; a large file is not read to its end.
const CHECK_LIMIT: Duration = Duration::from_millis(250);

/// Opens the file, made when absent.
///
/// # Errors
/// `InUse` for a second server, `Damaged`, `Newer`, else `Unreachable`.
pub fn open(path: &Path, purpose: Purpose, board: &Arc<NoticeBoard>) -> Result<Engine, OpenError> {
    create::create_if_missing(path)?;
    // Whoever comes by a link has the same file.
    let path = &path.canonicalize().map_err(|error| create::unreachable(path, &error))?;
    let lock = match purpose {
        Purpose::Serve => Some(lock(path)?),
        Purpose::Command => None,
    };
    let mut connection = Connection::open(path, connection::Mode::Write).map_err(|error| explain(path, &error))?;
    if connection.raw.is_readonly("main").map_err(|error| explain(path, &error))? {
        return Err(OpenError::Unreachable(format!(
            "{} may not be written: look at its owner and its mode",
            path.display()
        )));
    }
    if purpose == Purpose::Serve {
        create::remove_old_drafts(path);
        look_for_damage(&mut connection, path)?;
    }
    bring_up(&connection, path)?;
    let writer =
        Writer::new(connection, Arc::clone(board), cache_kib(purpose)).map_err(|error| explain(path, &error))?;
    let inspection = match purpose {
        Purpose::Serve => Some(Inspection::start(path, board).map_err(|error| explain(path, &error))?),
        Purpose::Command => None,
    };
    let connector = Arc::new(Files { path: path.to_owned(), board: Arc::clone(board) });
    Ok(Engine { connector, writers: vec![Box::new(writer)], kept: Box::new((inspection, lock)) })
}

/// Moves the log into the file and empties it; false when somebody reads for too long.
pub fn cut_log(path: &Path) -> bool {
    let cut = || {
        let connection = Connection::open(path, connection::Mode::Write)?;
        connection.raw.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| Ok(row.get::<_, i64>(0)? == 0))
    };
    cut().unwrap_or_default()
}

/// How much of the file the writer may keep in memory, in KiB: little in a server, which runs for months; what a long
/// command needs to write each page once a transaction.
fn cache_kib(purpose: Purpose) -> i64 {
    match purpose {
        Purpose::Serve => 8_000,
        Purpose::Command => 128_000,
    }
}

/// Keeps other servers off a file, by a file beside it and by the file itself, to which a hard link may lead from
/// elsewhere. It goes with the process, however that ends. While it lives the file itself stays open: to close it would
/// drop the engine's own locks on it.
struct Lock {
    _beside: File,
    _itself: Option<File>,
}

fn lock(path: &Path) -> Result<Lock, OpenError> {
    let beside = create::beside(path, ".lock");
    let taken = |file: std::io::Result<File>, name: &Path| {
        let file = file.map_err(|error| create::unreachable(name, &error))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(OpenError::InUse(path.to_owned())),
            Err(TryLockError::Error(error)) => Err(create::unreachable(name, &error)),
        }
    };
    let _beside = taken(create::private_file(&beside), &beside)?;
    let _itself = path.exists().then(|| taken(File::open(path), path)).transpose()?;
    Ok(Lock { _beside, _itself })
}

/// Brings an older store up to this program's schema, each step in a transaction of its own.
fn bring_up(connection: &Connection, path: &Path) -> Result<(), OpenError> {
    let raw = &connection.raw;
    let version = || raw.query_row("SELECT version FROM schema_version", [], |row| row.get::<_, i64>(0));
    let found = match version() {
        Err(rusqlite::Error::QueryReturnedNoRows) => {
            let detail = "the table schema_version is empty, as where a filling or a move broke off".to_owned();
            return Err(OpenError::Damaged { path: path.to_owned(), detail });
        }
        found => found.map_err(|error| explain(path, &error))?,
    };
    if found > migrations::LATEST {
        return Err(OpenError::Newer { found, known: migrations::LATEST });
    }
    if found < migrations::LATEST {
        keep_as_it_was(path, found)?;
    }
    for (number, sql) in migrations::after(found) {
        let step = || {
            raw.execute_batch("BEGIN IMMEDIATE")?;
            // Another program may have been quicker.
            if version()? < number {
                raw.execute_batch(sql)?;
                raw.execute("UPDATE schema_version SET version = ?1", [number])?;
            }
            raw.execute_batch("COMMIT")
        };
        step().map_err(|error| explain(path, &error))?;
    }
    Ok(())
}

/// What an upgrade begins from stays beside the file: the older program can go on with it.
fn keep_as_it_was(path: &Path, version: i64) -> Result<(), OpenError> {
    let (draft, kept) = (create::draft_of(path), create::beside(path, &format!(".before-upgrade-from-{version}")));
    let made = copy::take(path, &draft).and_then(|_| {
        let keep = File::open(&draft).and_then(|file| file.sync_all()).and_then(|()| std::fs::rename(&draft, &kept));
        keep.map_err(|error| create::unreachable(&kept, &error))
    });
    if made.is_err() {
        let _ = std::fs::remove_file(&draft);
    }
    made?;
    tracing::info!(copy = %kept.display(), "the store is brought up to this version; a copy of it as it was stays");
    Ok(())
}

fn look_for_damage(connection: &mut Connection, path: &Path) -> Result<(), OpenError> {
    connection.set_deadline(Some(Instant::now() + CHECK_LIMIT));
    let found = connection.raw.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0));
    connection.set_deadline(None);
    match found {
        Ok(found) if found == "ok" => Ok(()),
        Ok(detail) => Err(OpenError::Damaged { path: path.to_owned(), detail }),
        Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::OperationInterrupted) => Ok(()),
        Err(error) => Err(explain(path, &error)),
    }
}

/// Where readers connect to.
struct Files {
    path: PathBuf,
    board: Arc<NoticeBoard>,
}

impl Connect for Files {
    fn connect_reader(&self, _deadline: Instant) -> StoreResult<Box<dyn ReadConnection>> {
        Ok(Box::new(Reader::open(&self.path, &self.board)?))
    }
}
