//! When each crm_token was last used: noted in memory with every push, and written down by a job, never by the push.

use crate::app::App;
use crate::error::Result;
use crate::store::tables::crm_tokens::{self, CrmTokenRow};

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
    let mut tokens = app.store.show(move |tx| crm_tokens::list(tx, &integration_id, now_ms)).await?;
    for token in &mut tokens {
        token.last_used_ms = token.last_used_ms.max(app.token_uses.last_ms(&token.token_hash));
    }
    Ok(tokens)
}
