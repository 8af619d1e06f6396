//! The place of a store while a copy is put there: old or new at every instant, and the old one is put aside, not lost.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use crate::store::location::OpenError;
use crate::store::sqlite::connection::{Connection, Mode};
use crate::store::sqlite::create::{self, explain};
use crate::store::sqlite::{Lock, lock};
use crate::store::tables::audit::{self, AuditRow};

/// No server begins here as long as this lives.
pub struct Vacant {
    path: PathBuf,
    _lock: Lock,
}

impl Vacant {
    pub fn keep(path: &Path) -> Result<Self, OpenError> {
        let failed = |error: io::Error| create::unreachable(path, &error);
        let name = path.file_name().ok_or_else(|| failed(io::ErrorKind::InvalidFilename.into()))?;
        let directory = create::directory_of(path);
        create::private_directory(directory).map_err(failed)?;
        // As whoever opens it: one that comes by a link has the same file.
        let path = path.canonicalize().or_else(|_| directory.canonicalize().map(|directory| directory.join(name)));
        let path = path.map_err(failed)?;
        Ok(Self { _lock: lock(&path)?, path })
    }

    /// Where the copy is unpacked before it is put in place.
    pub fn draft(&self) -> PathBuf {
        create::draft_of(&self.path)
    }

    /// When the store that stands here was last written to; `None` when there is none.
    pub fn written_ms(&self) -> Option<i64> {
        let written = |ending: &str| {
            let changed = fs::metadata(create::beside(&self.path, ending)).and_then(|found| found.modified()).ok()?;
            i64::try_from(changed.duration_since(UNIX_EPOCH).ok()?.as_millis()).ok()
        };
        written("").max(written("-wal"))
    }

    /// Puts the draft in place, nobody signed in, with this act in its audit; answers where the store that stood here is
    /// now. `mark` ends its name.
    ///
    /// # Errors
    /// `Unreachable`; then the old store stands as it was.
    pub fn fill(self, draft: &Path, mark: &str, act: &AuditRow) -> Result<Option<PathBuf>, OpenError> {
        // Who was signed out since, or lost a password, must not be let in again.
        begin_anew(draft, act).map_err(|error| explain(draft, &error))?;
        let aside = create::beside(&self.path, &format!(".before-{mark}"));
        let fill = || {
            let had_one = self.path.exists();
            if had_one {
                // What is whole is one file afterwards; what is damaged keeps its log.
                let _ = drain_log(&self.path);
                // It stays until the new one takes its name, so that a start in between finds one.
                fs::hard_link(&self.path, &aside).or_else(|_| fs::copy(&self.path, &aside).map(|_| ()))?;
            }
            self.put_log_aside(&aside)?;
            File::open(draft)?.sync_all()?;
            fs::rename(draft, &self.path)?;
            File::open(create::directory_of(&self.path))?.sync_all()?;
            Ok(had_one.then_some(aside.clone()))
        };
        fill().map_err(|error: io::Error| create::unreachable(&self.path, &error))
    }

    /// The log of one file must never be read with another.
    fn put_log_aside(&self, aside: &Path) -> io::Result<()> {
        let log = create::beside(&self.path, "-wal");
        if log.exists() {
            fs::rename(log, create::beside(aside, "-wal"))?;
        }
        match fs::remove_file(create::beside(&self.path, "-shm")) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

fn drain_log(path: &Path) -> rusqlite::Result<()> {
    let raw = Connection::open(path, Mode::Write)?.raw;
    raw.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    raw.close().map_err(|(_, error)| error)
}

fn begin_anew(draft: &Path, act: &AuditRow) -> rusqlite::Result<()> {
    let raw = rusqlite::Connection::open(draft)?;
    raw.execute_batch("PRAGMA synchronous = FULL; DELETE FROM session")?;
    insert(&raw, act)?;
    raw.close().map_err(|(_, error)| error)
}

/// Keeps an act in the audit of a store beside whoever has it open, as it is: nothing is upgraded.
pub fn note(path: &Path, act: &AuditRow) -> Result<(), OpenError> {
    let note = || {
        let raw = Connection::open(path, Mode::Write)?.raw;
        insert(&raw, act)?;
        raw.close().map_err(|(_, error)| error)
    };
    note().map_err(|error| explain(path, &error))
}

fn insert(raw: &rusqlite::Connection, act: &AuditRow) -> rusqlite::Result<()> {
    let AuditRow { id, at_ms, action, user_id, token, address, about_id, about_name, role, fields } = act;
    let values = rusqlite::params![id, at_ms, action, user_id, token, address, about_id, about_name, role, fields];
    raw.execute(audit::INSERT, values).map(drop)
}
