//! The file of a backup: a tar with the database, the recordings, and at its end a list of both, so that one that breaks
//! off is never taken for a whole one.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tar::{Archive, Builder, Header};

use crate::store::location::OpenError;
use crate::store::sqlite::copy::Contents;

const DATABASE: &str = "ringcard.db";
const RECORDINGS: &str = "recordings/";
const LIST: &str = "backup.json";
/// The way of writing that this program knows.
const FORMAT: i64 = 1;
const BUFFER: usize = 1 << 20;

/// Why a backup cannot be made, or cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("{}: {error}", .path.display())]
    File { path: PathBuf, error: io::Error },
    #[error(transparent)]
    Store(#[from] OpenError),
    #[error("{0}")]
    Refused(String),
}

pub fn of_file(path: &Path) -> impl Fn(io::Error) -> BackupError + '_ {
    move |error| BackupError::File { path: path.to_owned(), error }
}

/// What stands in a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    pub format: i64,
    /// The program that made it.
    pub ringcard: String,
    /// The copy holds whatever was acknowledged before this instant.
    pub began_ms: i64,
    pub contents: Contents,
    /// The database's SHA-256, hex.
    pub database: String,
    /// By their names.
    pub recordings: BTreeMap<String, Recording>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recording {
    pub size_bytes: u64,
    /// Hex; `None` of one that stands beside the backup, not in it.
    pub sha256: Option<String>,
}

/// Reads, and knows the sum and the length of what was read.
struct Summing<R> {
    inner: R,
    sum: Sha256,
    length: u64,
}

impl<R> Summing<R> {
    fn new(inner: R) -> Self {
        Self { inner, sum: Sha256::new(), length: 0 }
    }

    fn hex(self) -> String {
        self.sum.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl<R: Read> Read for Summing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.sum.update(&buffer[..count]);
        self.length += count as u64;
        Ok(count)
    }
}

/// Being written, under a name of its own.
pub struct Draft {
    builder: Builder<BufWriter<File>>,
    path: PathBuf,
}

impl Draft {
    pub fn begin(path: &Path) -> Result<Self, BackupError> {
        let file = private(path).map_err(of_file(path))?;
        Ok(Self { builder: Builder::new(BufWriter::with_capacity(BUFFER, file)), path: path.to_owned() })
    }

    /// Answers the database's sum.
    pub fn put_database(&mut self, database: &Path) -> Result<String, BackupError> {
        let file = File::open(database).map_err(of_file(database))?;
        self.put(DATABASE, database, file).map(|(_, sum)| sum)
    }

    /// `None` when it has gone since it was listed.
    pub fn put_recording(&mut self, folder: &Path, name: &str) -> Result<Option<Recording>, BackupError> {
        let path = folder.join(name);
        let file = match File::open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            file => file.map_err(of_file(&path))?,
        };
        let (size_bytes, sum) = self.put(&format!("{RECORDINGS}{name}"), &path, file)?;
        Ok(Some(Recording { size_bytes, sha256: Some(sum) }))
    }

    fn put(&mut self, name: &str, path: &Path, file: File) -> Result<(u64, String), BackupError> {
        let size = file.metadata().map_err(of_file(path))?.len();
        let mut reader = Summing::new(BufReader::with_capacity(BUFFER, file).take(size));
        self.append(name, size, &mut reader).map_err(of_file(&self.path))?;
        if reader.length != size {
            return Err(BackupError::Refused(format!("{} became shorter while it was read", path.display())));
        }
        Ok((size, reader.hex()))
    }

    fn append(&mut self, name: &str, size: u64, reader: impl Read) -> io::Result<()> {
        let mut header = Header::new_gnu();
        header.set_size(size);
        header.set_mode(0o600);
        header.set_mtime(0);
        self.builder.append_data(&mut header, name, reader)
    }

    /// Writes the list, and waits until all of it is on the disk.
    pub fn finish(mut self, listed: &Listed) -> Result<(), BackupError> {
        let path = self.path.clone();
        let finish = move || {
            let list = serde_json::to_vec_pretty(listed)?;
            self.append(LIST, list.len() as u64, list.as_slice())?;
            let mut file = self.builder.into_inner()?;
            file.flush()?;
            file.get_ref().sync_all()
        };
        finish().map_err(of_file(&path))
    }
}

/// A new file that only its owner may read.
pub fn private(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    File::options().write(true).create_new(true).mode(0o600).open(path)
}

/// The list of a backup, read without what it lists.
///
/// # Errors
/// `Refused` when there is none: it is no backup, or broke off.
pub fn list(path: &Path) -> Result<Listed, BackupError> {
    let no_list = || BackupError::Refused(format!("{} is no whole backup of ringcard", path.display()));
    let file = File::open(path).map_err(of_file(path))?;
    let mut archive = Archive::new(file);
    let mut listed: Option<Listed> = None;
    for entry in archive.entries_with_seek().map_err(|_| no_list())? {
        let entry = entry.map_err(|_| no_list())?;
        if entry.path_bytes().as_ref() == LIST.as_bytes() {
            listed = serde_json::from_reader(entry).ok();
        }
    }
    let listed = listed.ok_or_else(no_list)?;
    if listed.format != FORMAT {
        return Err(BackupError::Refused(format!("{} was made by a newer ringcard", path.display())));
    }
    Ok(listed)
}

/// A new list of what is put into a draft.
pub fn new_list(began_ms: i64, contents: Contents, database: String) -> Listed {
    let ringcard = env!("CARGO_PKG_VERSION").to_owned();
    Listed { format: FORMAT, ringcard, began_ms, contents, database, recordings: BTreeMap::new() }
}

/// One thing that stands in a backup.
pub enum Part<'a> {
    Database,
    Recording(&'a str),
}

/// Reads a backup to its end, each part into what `open` answers for it, and holds all of it against the list.
///
/// # Errors
/// `Refused` at the first part that is not what the list says.
pub fn read<W: Write>(
    path: &Path,
    listed: &Listed,
    mut open: impl FnMut(&Part) -> Result<W, BackupError>,
) -> Result<(), BackupError> {
    let file = File::open(path).map_err(of_file(path))?;
    let mut archive = Archive::new(BufReader::with_capacity(BUFFER, file));
    let mut found = 0;
    for entry in archive.entries().map_err(of_file(path))? {
        let entry = entry.map_err(of_file(path))?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let expected = match name.strip_prefix(RECORDINGS) {
            _ if name == LIST => continue,
            _ if name == DATABASE => Some((Part::Database, listed.database.as_str())),
            Some(name) => listed
                .recordings
                .get_key_value(name)
                .and_then(|(name, recording)| Some((Part::Recording(name.as_str()), recording.sha256.as_deref()?))),
            None => None,
        };
        let wrong = || BackupError::Refused(format!("{}: {name} is not what was kept", path.display()));
        let (part, sum) = expected.ok_or_else(wrong)?;
        let mut into = open(&part)?;
        let mut reader = Summing::new(entry);
        io::copy(&mut reader, &mut into).and_then(|_| into.flush()).map_err(of_file(path))?;
        if reader.hex() != sum {
            return Err(wrong());
        }
        found += 1;
    }
    let within = listed.recordings.values().filter(|recording| recording.sha256.is_some()).count();
    if found != within + 1 {
        return Err(BackupError::Refused(format!("{} lacks some of what it lists", path.display())));
    }
    Ok(())
}
