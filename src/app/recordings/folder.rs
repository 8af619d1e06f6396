//! The folder of the recordings: in the data directory, or one that all nodes share. A file is whole or not there; its
//! name is the recording's id.

use std::io::{Error, ErrorKind, Result};
use std::path::{Path, PathBuf};

use tokio::fs::{self, File};

/// Below this nothing is fetched: what is left belongs to the calls.
pub const FLOOR_MB: u64 = 1_024;

/// Ids begin with their instant: a folder of these takes what comes within three days.
const FOLDER_CHARS: usize = 5;
/// What is being fetched; on the same disk, so that it can be renamed.
const PARTS: &str = "parts";

#[derive(Clone, Debug)]
pub struct Folder(PathBuf);

/// A file that is being fetched. What nobody keeps is deleted by the sweep.
#[derive(Debug)]
pub struct Part {
    pub file: File,
    path: PathBuf,
}

impl Part {
    /// Its bytes, from the beginning.
    pub async fn reopen(&self) -> Result<File> {
        File::open(&self.path).await
    }
}

impl Folder {
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// Whether there is room for another one; where the system does not tell, there is.
    pub fn has_room(&self) -> bool {
        self.free_mb().is_none_or(|free_mb| free_mb >= FLOOR_MB)
    }

    /// Of the disk on which the folder is, or will be.
    pub fn free_mb(&self) -> Option<u64> {
        let there = self.0.ancestors().find(|path| path.exists()).unwrap_or(Path::new("."));
        let space = rustix::fs::statvfs(there).ok()?;
        Some(space.f_bavail * space.f_frsize / (1024 * 1024))
    }

    /// A new file to fetch into; `name` is its own, a new id.
    pub async fn begin(&self, name: &str) -> Result<Part> {
        let parts = self.0.join(PARTS);
        fs::create_dir_all(&parts).await?;
        let path = parts.join(name);
        Ok(Part { file: File::create_new(&path).await?, path })
    }

    /// It is whole: from here on it is the recording `id`, in place of one that was. On the disk when this returns.
    pub async fn keep(&self, part: Part, id: &str) -> Result<()> {
        let path = self.path(id)?;
        let folder = path.parent().unwrap_or(&self.0);
        part.file.sync_all().await?;
        fs::create_dir_all(folder).await?;
        fs::rename(&part.path, &path).await?;
        for changed in [folder, &self.0] {
            File::open(changed).await?.sync_all().await?;
        }
        Ok(())
    }

    /// It is not wanted.
    pub async fn drop(&self, part: Part) -> Result<()> {
        deleted(fs::remove_file(&part.path).await)
    }

    pub async fn open(&self, id: &str) -> Result<File> {
        File::open(self.path(id)?).await
    }

    /// Whether it was there or not, it is gone.
    pub async fn delete(&self, id: &str) -> Result<()> {
        deleted(fs::remove_file(self.path(id)?).await)
    }

    /// Deletes what was begun under a name before this one, and left by a program that was killed.
    pub async fn delete_parts_before(&self, name: &str) -> Result<u64> {
        let mut count = 0;
        let mut parts = match fs::read_dir(self.0.join(PARTS)).await {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(0),
            parts => parts?,
        };
        while let Some(part) = parts.next_entry().await? {
            if part.file_name().to_str().is_some_and(|own| own < name) {
                deleted(fs::remove_file(part.path()).await)?;
                count += 1;
            }
        }
        Ok(count)
    }

    fn path(&self, id: &str) -> Result<PathBuf> {
        let is_id = id.len() > FOLDER_CHARS && id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
        if !is_id {
            return Err(Error::new(ErrorKind::InvalidInput, "a recording's id is none"));
        }
        Ok(self.0.join(&id[..FOLDER_CHARS]).join(id))
    }
}

fn deleted(result: Result<()>) -> Result<()> {
    match result {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        result => result,
    }
}
