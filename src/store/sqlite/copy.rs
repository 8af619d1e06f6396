//! A copy of the file beside whoever writes to it: one snapshot, taken some pages at a time, and looked through before it
//! is believed.

use std::path::Path;
use std::time::Duration;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection as Raw, OpenFlags};
use serde::{Deserialize, Serialize};

use crate::store::location::OpenError;
use crate::store::migrations;
use crate::store::sqlite::connection::{Connection, Mode};
use crate::store::sqlite::create::{self, explain};

/// 4 MiB, then a breath for whoever else wants the disk.
const PAGES: i32 = 1_024;
const PAUSE: Duration = Duration::from_millis(2);

/// What stands in a copy: compared with what stood in the store at the same instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contents {
    pub schema: i64,
    pub users: i64,
    pub contacts: i64,
    pub calls: i64,
    pub webhooks: i64,
}

/// # Errors
/// `Unreachable`; `Damaged` when the copy is not what stood in the file.
pub fn take(from: &Path, to: &Path) -> Result<Contents, OpenError> {
    if !from.exists() {
        return Err(OpenError::Unreachable(format!("there is no store at {}", from.display())));
    }
    create::new_private_file(to).map_err(|error| create::unreachable(to, &error))?;
    let source = Connection::open(from, Mode::Read).map_err(|error| explain(from, &error))?;
    let expected = copy(&source.raw, to).map_err(|error| explain(from, &error))?;
    let found = look_through(to)?;
    if found != expected {
        let detail = format!("the copy holds {found:?} of {expected:?}");
        return Err(OpenError::Damaged { path: to.to_owned(), detail });
    }
    Ok(found)
}

/// The snapshot stays open over all steps: without it a copy begins anew with every commit of another connection.
fn copy(source: &Raw, to: &Path) -> rusqlite::Result<Contents> {
    source.execute_batch("BEGIN")?;
    let expected = contents(source)?;
    let mut target = Raw::open_with_flags(to, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    // Whoever is cut off begins anew; the finished copy is synced as a whole.
    target.execute_batch("PRAGMA synchronous = OFF")?;
    let steps = Backup::new(source, &mut target)?;
    while steps.step(PAGES)? != StepResult::Done {
        std::thread::sleep(PAUSE);
    }
    drop(steps);
    source.execute_batch("COMMIT")?;
    // One file, without a log beside it.
    target.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))?;
    target.close().map_err(|(_, error)| error)?;
    Ok(expected)
}

/// # Errors
/// `Damaged`, `Newer`.
pub fn look_through(path: &Path) -> Result<Contents, OpenError> {
    let failed = |error: rusqlite::Error| explain(path, &error);
    let damaged = |detail: String| OpenError::Damaged { path: path.to_owned(), detail };
    let raw = Raw::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(failed)?;
    let id: i64 = raw.query_row("PRAGMA application_id", [], |row| row.get(0)).map_err(failed)?;
    if id != create::APPLICATION_ID {
        return Err(damaged("it is not ringcard's".to_owned()));
    }
    let whole: String = raw.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0)).map_err(failed)?;
    if whole != "ok" {
        return Err(damaged(whole));
    }
    let found = contents(&raw).map_err(failed)?;
    if found.schema > migrations::LATEST {
        return Err(OpenError::Newer { found: found.schema, known: migrations::LATEST });
    }
    Ok(found)
}

fn contents(raw: &Raw) -> rusqlite::Result<Contents> {
    let count = |sql: &str| raw.query_row(sql, [], |row| row.get(0));
    Ok(Contents {
        schema: count("SELECT version FROM schema_version")?,
        users: count("SELECT count(*) FROM user_account")?,
        contacts: count("SELECT count(*) FROM contact")?,
        calls: count("SELECT count(*) FROM call")?,
        webhooks: count("SELECT count(*) FROM webhook")?,
    })
}
