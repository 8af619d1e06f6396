//! Makes a new file, whole or not at all: an empty or half-made one is never taken for a fresh store.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::store::location::OpenError;
use crate::store::migrations;

/// Written into the file's header: "RING".
pub const APPLICATION_ID: i64 = 0x5249_4E47;

/// What makes search fast here.
const SEARCH: &str = include_str!("search.sql");

/// How the name of a file goes on that is being made.
const DRAFT: &str = ".new-";
/// Nobody takes so long to make one.
const DRAFT_MAKING: Duration = Duration::from_secs(600);

/// Makes the file at `path` with the whole schema, unless there is one.
pub fn create_if_missing(path: &Path) -> Result<(), OpenError> {
    let damaged = |detail: &str| OpenError::Damaged { path: path.to_owned(), detail: detail.to_owned() };
    match std::fs::metadata(path) {
        Ok(found) if found.is_dir() => return Err(damaged("it is a directory")),
        Ok(found) if found.len() == 0 => return Err(damaged("it is empty")),
        Ok(_) => return Ok(()),
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(unreachable(path, &error)),
        Err(_) => {}
    }
    if std::fs::metadata(beside(path, "-wal")).is_ok_and(|log| log.len() > 0) {
        return Err(damaged("the file is gone, but its write-ahead log still stands beside it"));
    }
    make(path).map_err(|error| unreachable(path, &error))
}

/// Removes what was left when somebody was killed while making the file. What cannot be removed does no harm.
pub fn remove_old_drafts(path: &Path) {
    let Some((directory, name)) = path.parent().zip(path.file_name()) else { return };
    let start = format!("{}{DRAFT}", name.display());
    for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
        let age = entry.metadata().and_then(|found| found.modified()).ok().and_then(|made| made.elapsed().ok());
        if entry.file_name().to_string_lossy().starts_with(&start) && age.is_some_and(|age| age > DRAFT_MAKING) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

pub fn unreachable(path: &Path, error: &io::Error) -> OpenError {
    OpenError::Unreachable(format!("{}: {error}", path.display()))
}

/// A driver's error as a sentence for whoever started the program.
pub fn explain(path: &Path, error: &rusqlite::Error) -> OpenError {
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
    let is_ours_missing = error.to_string().contains("no such table");
    if is_ours_missing || matches!(error.sqlite_error_code(), Some(DatabaseCorrupt | NotADatabase)) {
        return OpenError::Damaged { path: path.to_owned(), detail: error.to_string() };
    }
    OpenError::Unreachable(format!("{}: {error}", path.display()))
}

/// Builds the store under another name and links it into place: whoever comes second uses the first one's.
fn make(path: &Path) -> io::Result<()> {
    let directory = directory_of(path);
    private_directory(directory)?;
    let draft = draft_of(path);
    new_private_file(&draft)?;
    let made = fill(&draft).map_err(io::Error::other).and_then(|()| match std::fs::hard_link(&draft, path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        // Some file systems know no links.
        Err(_) => std::fs::rename(&draft, path),
        Ok(()) => Ok(()),
    });
    for ending in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(beside(&draft, ending));
    }
    made?;
    #[cfg(unix)]
    File::open(directory)?.sync_all()?;
    Ok(())
}

fn fill(draft: &Path) -> rusqlite::Result<()> {
    let connection = rusqlite::Connection::open(draft)?;
    connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; BEGIN IMMEDIATE")?;
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    connection.execute_batch(migrations::SCHEMA)?;
    connection.execute_batch(SEARCH)?;
    connection.execute("INSERT INTO schema_version (version) VALUES (?1)", [migrations::LATEST])?;
    connection.execute_batch("COMMIT")?;
    connection.close().map_err(|(_, error)| error)
}

pub fn directory_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A name beside this one for what is being made.
pub fn draft_of(path: &Path) -> PathBuf {
    beside(path, &format!("{DRAFT}{}", uuid::Uuid::new_v4()))
}

/// The path with something added to its last name.
pub fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// A file that only its owner may read: the one that stands there, or a new one.
pub fn private_file(path: &Path) -> io::Result<File> {
    private().create(true).truncate(false).open(path)
}

/// As [`private_file`], but never one that stands there.
pub fn new_private_file(path: &Path) -> io::Result<File> {
    private().create_new(true).open(path)
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

pub fn private_directory(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}
