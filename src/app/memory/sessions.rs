//! Sessions that were looked up before.

use std::collections::HashMap;
use std::sync::Mutex;

use crate::store::tables::sessions::SessionRow;

/// The cache is emptied past this: a bound, not a tuning.
const CACHED: usize = 10_000;

/// Sessions as of one generation of theirs: whenever one ends, each of the others is read again, once, by its key.
#[derive(Default)]
pub struct SessionCache(Mutex<(u64, HashMap<String, SessionRow>)>);

impl SessionCache {
    pub fn get(&self, generation: u64, token_hash: &str) -> Option<SessionRow> {
        let kept = self.0.lock().ok()?;
        if kept.0 != generation {
            return None;
        }
        kept.1.get(token_hash).cloned()
    }

    pub fn put(&self, generation: u64, token_hash: &str, row: SessionRow) {
        let Ok(mut kept) = self.0.lock() else { return };
        if kept.0 > generation {
            return;
        }
        if kept.0 < generation || kept.1.len() >= CACHED {
            *kept = (generation, HashMap::new());
        }
        kept.1.insert(token_hash.to_owned(), row);
    }
}
