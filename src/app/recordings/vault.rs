//! Where the recordings are kept: a folder of this node or of all nodes, or a bucket. What is fetched is first a file of this
//! node.

use std::io::{ErrorKind, Result};
use std::pin::Pin;

use futures_util::Stream;
use tokio::io::{AsyncReadExt, AsyncSeekExt, SeekFrom};
use tokio_util::bytes::Bytes;
use tokio_util::io::ReaderStream;

use crate::app::App;
use crate::app::recordings::folder::{Folder, Part};
use crate::config::RecordingsPlace;
use crate::error::{self, Error};
use crate::telephony::bucket::Bucket;

/// So much of a recording is in memory for whoever listens.
const CHUNK: usize = 64 * 1024;

/// A part of a recording, as it comes.
pub type Sound = Pin<Box<dyn Stream<Item = Result<Bytes>>>>;

pub struct Vault {
    folder: Folder,
    bucket: Option<Bucket>,
}

impl Vault {
    /// As the owner has set it up.
    ///
    /// # Errors
    /// `Internal` when there is no way out of this machine.
    pub fn of(app: &App) -> error::Result<Self> {
        let bucket = match &app.config.recordings_url {
            None | Some(RecordingsPlace::Folder(_)) => None,
            Some(RecordingsPlace::Bucket(address)) => {
                let client = app.client()?;
                Some(Bucket::new(address, &client, app.clock.now_ms()).map_err(Error::internal)?)
            }
        };
        Ok(Self { folder: Folder::at(app.config.recordings_folder()), bucket })
    }

    /// A new file to fetch into.
    pub async fn begin(&self, name: &str) -> Result<Part> {
        self.folder.begin(name).await
    }

    /// It is whole: from here on it is the recording `id`. Kept for good when this returns.
    pub async fn keep(&self, part: Part, id: &str) -> Result<()> {
        let Some(bucket) = &self.bucket else { return self.folder.keep(part, id).await };
        let file = part.reopen().await?;
        let size_bytes = file.metadata().await?.len();
        bucket.put(id, file, size_bytes).await?;
        self.folder.drop(part).await
    }

    /// It is not wanted.
    pub async fn drop(&self, part: Part) -> Result<()> {
        self.folder.drop(part).await
    }

    /// Whether there is room to fetch another one.
    pub fn has_room(&self) -> bool {
        self.folder.has_room()
    }

    pub fn free_mb(&self) -> Option<u64> {
        self.folder.free_mb()
    }

    /// Whether it was there or not, it is gone.
    pub async fn delete(&self, id: &str) -> Result<()> {
        match &self.bucket {
            Some(bucket) => bucket.delete(id).await,
            None => self.folder.delete(id).await,
        }
    }

    /// Deletes what was begun under a name before this one, and left by a program that was killed.
    pub async fn delete_parts_before(&self, name: &str) -> Result<u64> {
        self.folder.delete_parts_before(name).await
    }

    /// So many bytes of a recording from `first` on; `None` when its file is gone.
    pub async fn open(&self, id: &str, first: u64, length: u64) -> Result<Option<Sound>> {
        if let Some(bucket) = &self.bucket {
            return bucket.get(id, first, length).await;
        }
        let mut file = match self.folder.open(id).await {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            file => file?,
        };
        file.seek(SeekFrom::Start(first)).await?;
        Ok(Some(Box::pin(ReaderStream::with_capacity(file.take(length), CHUNK))))
    }
}
