//! One connection: what readers and the writer have in common.

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{ErrorCode, OpenFlags, params_from_iter};

use crate::error::Error;
use crate::store::value::{Row, Value};

/// How long a connection waits for another program's write.
const BUSY_LIMIT_MS: i32 = 5_000;
/// How many steps of SQLite's machine pass between two looks at the deadline.
const STEPS_BETWEEN_LOOKS: i32 = 20_000;
const NO_DEADLINE: u64 = u64::MAX;
/// How a statement that locks the rows it reads ends.
const FOR_UPDATE: &str = "FOR NO KEY UPDATE";

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Read,
    Write,
}

pub struct Connection {
    pub raw: rusqlite::Connection,
    /// Statements by the address of their text, with `$1` turned into `?1`.
    translated: HashMap<(usize, usize), Box<str>>,
    /// Microseconds since [`base`].
    deadline: Arc<AtomicU64>,
}

impl Connection {
    pub fn open(path: &Path, mode: Mode) -> rusqlite::Result<Self> {
        let access = match mode {
            Mode::Read => OpenFlags::SQLITE_OPEN_READ_ONLY,
            Mode::Write => OpenFlags::SQLITE_OPEN_READ_WRITE,
        };
        let mut raw = rusqlite::Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        // A program that waits for a busy server finds its gap between two commits only if it looks often.
        raw.busy_handler(Some(|times: i32| {
            std::thread::sleep(Duration::from_millis(1));
            times < BUSY_LIMIT_MS
        }))?;
        raw.set_prepared_statement_cache_capacity(256);
        // Else a statement is planned anew for every value that a partial index might be chosen by.
        raw.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        // FULL, not NORMAL: with NORMAL a power cut loses what was acknowledged.
        raw.execute_batch(
            "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;
             PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON; PRAGMA trusted_schema = OFF",
        )?;
        let journal: String = raw.query_row("PRAGMA journal_mode", [], |row| row.get(0))?;
        if mode == Mode::Write && journal != "wal" {
            raw.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
        }
        let deadline = Arc::new(AtomicU64::new(NO_DEADLINE));
        let watched = Arc::clone(&deadline);
        raw.progress_handler(
            STEPS_BETWEEN_LOOKS,
            Some(move || since_base(Instant::now()) >= watched.load(Ordering::Relaxed)),
        )?;
        Ok(Self { raw, translated: HashMap::new(), deadline })
    }

    /// A statement that still runs at this instant is broken off.
    pub fn set_deadline(&mut self, deadline: Option<Instant>) {
        self.deadline.store(deadline.map_or(NO_DEADLINE, since_base), Ordering::Relaxed);
    }

    /// Runs one of our own statements, kept prepared.
    pub fn control(&self, sql: &str) -> rusqlite::Result<()> {
        self.raw.prepare_cached(sql)?.execute([]).map(|_| ())
    }

    pub fn query(&mut self, sql: &'static str, params: &[Value]) -> rusqlite::Result<Vec<Row>> {
        let mut statement = self.raw.prepare_cached(translate(&mut self.translated, sql))?;
        let columns = statement.column_count();
        let mut rows = statement.query(params_from_iter(params))?;
        let mut answer = Vec::new();
        while let Some(row) = rows.next()? {
            let mut values = Vec::with_capacity(columns);
            for index in 0..columns {
                values.push(read_column(row, index)?);
            }
            answer.push(Row(values));
        }
        Ok(answer)
    }

    pub fn execute(&mut self, sql: &'static str, params: &[Value]) -> rusqlite::Result<u64> {
        let mut statement = self.raw.prepare_cached(translate(&mut self.translated, sql))?;
        let touched = statement.execute(params_from_iter(params))?;
        Ok(u64::try_from(touched).unwrap_or_default())
    }
}

/// The start of this process's own count of time, for deadlines.
fn since_base(instant: Instant) -> u64 {
    static BASE: OnceLock<Instant> = OnceLock::new();
    let base = BASE.get_or_init(Instant::now);
    u64::try_from(instant.saturating_duration_since(*base).as_micros()).unwrap_or(NO_DEADLINE - 1)
}

/// SQLite numbers `$n` by first appearance, so that `$2 … $1` would be bound the wrong way round: `?n` says what is
/// meant. It locks no rows: whoever writes is alone. A statement is one text of the program, so its address stands for it.
fn translate<'a>(translated: &'a mut HashMap<(usize, usize), Box<str>>, sql: &'static str) -> &'a str {
    translated.entry((sql.as_ptr() as usize, sql.len())).or_insert_with(|| {
        let sql = sql.strip_suffix(FOR_UPDATE).unwrap_or(sql);
        let mut text = String::with_capacity(sql.len());
        let mut rest = sql.chars().peekable();
        while let Some(character) = rest.next() {
            let is_parameter = character == '$' && rest.peek().is_some_and(char::is_ascii_digit);
            text.push(if is_parameter { '?' } else { character });
        }
        text.into_boxed_str()
    })
}

fn read_column(row: &rusqlite::Row, index: usize) -> rusqlite::Result<Value<'static>> {
    Ok(match row.get_ref(index)? {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(int) => Value::Int(int),
        ValueRef::Text(text) => Value::from(match std::str::from_utf8(text) {
            Ok(text) => text.to_owned(),
            Err(_) => String::from_utf8_lossy(text).into_owned(),
        }),
        other => {
            let name = row.as_ref().column_name(index).unwrap_or_default().to_owned();
            return Err(rusqlite::Error::InvalidColumnType(index, name, other.data_type()));
        }
    })
}

impl rusqlite::ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(int) => ValueRef::Integer(*int),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

/// A driver's error as the program's.
pub fn failed(error: &rusqlite::Error) -> Error {
    use rusqlite::ffi;
    let extended = error.sqlite_error().map_or(0, |error| error.extended_code);
    match error.sqlite_error_code() {
        Some(ErrorCode::ConstraintViolation) => match extended {
            ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY => Error::Exists,
            ffi::SQLITE_CONSTRAINT_FOREIGNKEY => Error::InUse,
            _ => Error::internal(error),
        },
        Some(ErrorCode::DiskFull) => Error::Busy("the disk is full".to_owned()),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            Error::Busy("another program holds the store".to_owned())
        }
        Some(ErrorCode::OperationInterrupted) => Error::TookTooLong,
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Error::Busy(damaged(error)),
        Some(ErrorCode::SystemIoFailure | ErrorCode::CannotOpen | ErrorCode::OutOfMemory) => {
            Error::Busy(error.to_string())
        }
        _ => Error::internal(error),
    }
}

/// What the owner must know of a file that cannot be read as what it was.
pub fn damaged(error: &rusqlite::Error) -> String {
    format!("the database file is damaged ({error}); restore a backup")
}
