//! What the program does, one file a capability; each rule inside one transaction.

pub mod contact_draft;
pub mod contacts;
pub mod directory;

use std::sync::{Arc, RwLock};

use crate::app::directory::Directory;
use crate::clock::Clock;
use crate::error::{Error, Result};
use crate::store::Store;

/// What every use case needs. Clones share it.
#[derive(Clone)]
pub struct App {
    pub store: Store,
    pub clock: Clock,
    directory: Arc<RwLock<Option<Arc<Directory>>>>,
}

impl App {
    pub fn new(store: Store, clock: Clock) -> Self {
        Self { store, clock, directory: Arc::default() }
    }

    /// People, lines, integrations, tokens and settings as of the last commit that changed them.
    ///
    /// # Errors
    /// What the store says when it must be read again.
    pub async fn directory(&self) -> Result<Arc<Directory>> {
        let generation = self.store.generations().directory();
        {
            let kept = self.directory.read().map_err(Error::internal)?;
            if let Some(directory) = kept.as_ref().filter(|kept| kept.generation == generation) {
                return Ok(Arc::clone(directory));
            }
        }
        let fresh = Arc::new(self.store.read(move |tx| Directory::load(tx, generation)).await?);
        *self.directory.write().map_err(Error::internal)? = Some(Arc::clone(&fresh));
        Ok(fresh)
    }
}
