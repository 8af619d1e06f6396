//! A trial call: the screen of one person rings before any PBX is connected, and soon nothing of it is left.
//!
//! It comes over HTTP like any other call, by an integration that no list has. Its client has a number that nobody can
//! call back, so that neither the board nor the automation takes it up; `outbox::plan` leaves it alone.

use std::time::Duration;

use tokio::sync::oneshot;

use crate::app::memory::trial_player::TrialCall;
use crate::app::{App, token};
use crate::clock::first_id_of;
use crate::domain::user::User;
use crate::error::{Error, Result};
use crate::store::tables::trials::{self, Over};
use crate::store::tx::Topic;

/// No public number.
const CLIENT: &str = "1234";
/// How long its first ring may take to be heard.
const RINGS_WITHIN: Duration = Duration::from_secs(5);
/// The call itself takes a quarter of a minute; then its card stands for as long as others do.
const LIFE_MS: i64 = 90_000;

/// Rings this person's screen.
///
/// # Errors
/// `Busy` when the call did not come through.
pub async fn ring(app: &App, user: &User) -> Result<()> {
    let crm_token = token::new()?;
    let (hash, user_id, now_ms) = (token::hash(&crm_token), user.id.clone(), app.clock.now_ms());
    app.store
        .write(move |tx| {
            trials::insert(tx, &hash, &user_id, now_ms)?;
            tx.notify(Topic::Directory, "trial");
            Ok(())
        })
        .await?;
    let (rang, heard) = oneshot::channel();
    let line = app.directory().await?.settings.numbers.first().map(|one| one.number.clone());
    let call = TrialCall { crm_token, account: user.id.clone(), client: CLIENT.to_owned(), line, rang };
    let is_played = app.trial_player.play(call);
    match tokio::time::timeout(RINGS_WITHIN, heard).await {
        Ok(Ok(true)) if is_played => Ok(()),
        _ => Err(Error::Busy("the trial call did not reach this server".to_owned())),
    }
}

/// Nothing is left of the trials that are over.
///
/// # Errors
/// What the store says.
pub async fn sweep(app: &App) -> Result<()> {
    let before_ms = app.clock.now_ms() - LIFE_MS;
    let over = app.store.show(move |tx| trials::list(tx, before_ms)).await?;
    if over.is_empty() {
        return Ok(());
    }
    app.store
        .write(move |tx| {
            for (token_hash, began_ms) in &over {
                let (from_ms, to_ms) = (*began_ms, began_ms + LIFE_MS);
                let over = Over {
                    token_hash: token_hash.clone(),
                    number: CLIENT.to_owned(),
                    from_ms,
                    to_ms,
                    from_id: first_id_of(from_ms),
                    to_id: first_id_of(to_ms),
                };
                for call in trials::delete(tx, &over)? {
                    tx.notify(Topic::Call, &call);
                }
            }
            tx.notify(Topic::Directory, "trial");
            Ok(())
        })
        .await
}
