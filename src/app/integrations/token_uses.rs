//! When each crm_token was last used: noted in memory with every push, and written down by a job, never by the push.

use std::collections::HashMap;
use std::sync::Mutex;

use crate::app::App;
use crate::error::{Error, Result};
use crate::store::tables::crm_tokens::{self, CrmTokenRow};

/// By the token's hash. As many as there were valid tokens since the start.
#[derive(Default)]
pub struct TokenUses(Mutex<HashMap<String, Use>>);

#[derive(Clone, Copy)]
struct Use {
    at_ms: i64,
    is_written: bool,
}

impl TokenUses {
    /// A push came with this token.
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

    fn unwritten(&self) -> Result<Vec<(String, i64)>> {
        let uses = self.0.lock().map_err(Error::internal)?;
        Ok(uses.iter().filter(|(_, last)| !last.is_written).map(|(hash, last)| (hash.clone(), last.at_ms)).collect())
    }

    fn mark_written(&self, written: &[(String, i64)]) {
        let Ok(mut uses) = self.0.lock() else { return };
        for (hash, at_ms) in written {
            if let Some(last) = uses.get_mut(hash).filter(|last| last.at_ms == *at_ms) {
                last.is_written = true;
            }
        }
    }

    fn last_ms(&self, token_hash: &str) -> Option<i64> {
        self.0.lock().ok()?.get(token_hash).map(|last| last.at_ms)
    }
}

/// Writes down what was noted since the last time.
///
/// # Errors
/// What the store says; nothing is lost then.
pub async fn keep(app: &App) -> Result<()> {
    let uses = app.token_uses.unwritten()?;
    if uses.is_empty() {
        return Ok(());
    }
    let written = uses.clone();
    app.store
        .write(move |tx| uses.iter().try_for_each(|(hash, at_ms)| crm_tokens::update_last_used(tx, hash, *at_ms)))
        .await?;
    app.token_uses.mark_written(&written);
    Ok(())
}

/// The valid tokens of an integration, the current one first; what other nodes heard is at most a minute old.
pub async fn of_integration(app: &App, integration_id: &str) -> Result<Vec<CrmTokenRow>> {
    let (integration_id, now_ms) = (integration_id.to_owned(), app.clock.now_ms());
    let mut tokens = app.store.read(move |tx| crm_tokens::list(tx, &integration_id, now_ms)).await?;
    for token in &mut tokens {
        token.last_used_ms = token.last_used_ms.max(app.token_uses.last_ms(&token.token_hash));
    }
    Ok(tokens)
}
