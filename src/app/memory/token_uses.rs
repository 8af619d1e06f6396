//! When each token was last used, until a job has written it down.

use std::collections::HashMap;
use std::sync::Mutex;

use crate::error::{Error, Result};

/// By the token's hash. As many as there were valid tokens since the start.
#[derive(Default)]
pub struct TokenUses(Mutex<HashMap<String, Use>>);

#[derive(Clone, Copy)]
struct Use {
    at_ms: i64,
    is_written: bool,
}

impl TokenUses {
    /// A request came with this token.
    pub fn note(&self, token_hash: &str, now_ms: i64) {
        let Ok(mut uses) = self.0.lock() else { return };
        let latest = Use { at_ms: now_ms, is_written: false };
        match uses.get_mut(token_hash) {
            Some(known) if known.at_ms < now_ms => *known = latest,
            Some(_) => {}
            None => {
                uses.insert(token_hash.to_owned(), latest);
            }
        }
    }

    pub fn unwritten(&self) -> Result<Vec<(String, i64)>> {
        let uses = self.0.lock().map_err(Error::internal)?;
        Ok(uses.iter().filter(|(_, last)| !last.is_written).map(|(hash, last)| (hash.clone(), last.at_ms)).collect())
    }

    pub fn mark_written(&self, written: &[(String, i64)]) {
        let Ok(mut uses) = self.0.lock() else { return };
        for (hash, at_ms) in written {
            if let Some(last) = uses.get_mut(hash).filter(|last| last.at_ms == *at_ms) {
                last.is_written = true;
            }
        }
    }

    pub fn last_ms(&self, token_hash: &str) -> Option<i64> {
        self.0.lock().ok()?.get(token_hash).map(|last| last.at_ms)
    }
}
