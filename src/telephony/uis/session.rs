//! The session key of a UIS account: kept in memory, shared, and renewed before its hour ends.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use secrecy::{ExposeSecret, SecretString};
use tokio::sync::{Mutex, MutexGuard};

use crate::domain::integration::Kind;
use crate::error::Result;
use crate::telephony::failure::Failure;

/// Section 3: a key lives one hour. It is renewed some minutes before, as it may die on the way.
const LASTS_MS: i64 = 55 * 60_000;

/// What is left until `deadline`.
pub(super) fn time_left(deadline: Instant) -> Duration {
    deadline.saturating_duration_since(Instant::now())
}

/// Clones share the key and the count of requests.
#[derive(Clone, Debug, Default)]
pub struct UisSession(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    /// Held while somebody signs in: all others wait for his key.
    key: Mutex<Option<Key>>,
    requests: AtomicI64,
}

#[derive(Clone, Debug)]
struct Key {
    text: SecretString,
    /// Before it was asked for, so never later than UIS made it.
    asked_ms: i64,
}

impl UisSession {
    /// The key in use; `sign_in` gets one when there is none, or it is old.
    pub(super) async fn key(
        &self,
        now_ms: i64,
        deadline: Instant,
        sign_in: impl AsyncFnOnce() -> Result<SecretString>,
    ) -> Result<SecretString> {
        let mut kept = self.wait(deadline).await?;
        match kept.as_ref().filter(|key| (key.asked_ms..key.asked_ms + LASTS_MS).contains(&now_ms)) {
            Some(key) => Ok(key.text.clone()),
            None => renew(&mut kept, now_ms, sign_in).await,
        }
    }

    /// Another key than `refused`: the one that somebody has got since, or a new one.
    pub(super) async fn renewed(
        &self,
        refused: &SecretString,
        now_ms: i64,
        deadline: Instant,
        sign_in: impl AsyncFnOnce() -> Result<SecretString>,
    ) -> Result<SecretString> {
        let mut kept = self.wait(deadline).await?;
        match kept.as_ref().filter(|key| !is_same(&key.text, refused)) {
            Some(key) => Ok(key.text.clone()),
            None => renew(&mut kept, now_ms, sign_in).await,
        }
    }

    /// A new key, whatever there is.
    pub(super) async fn fresh(
        &self,
        now_ms: i64,
        deadline: Instant,
        sign_in: impl AsyncFnOnce() -> Result<SecretString>,
    ) -> Result<SecretString> {
        let mut kept = self.wait(deadline).await?;
        renew(&mut kept, now_ms, sign_in).await
    }

    /// Throws `refused` away, if it is still in use.
    pub(super) async fn forget(&self, refused: &SecretString) {
        let mut kept = self.0.key.lock().await;
        if kept.as_ref().is_some_and(|key| is_same(&key.text, refused)) {
            *kept = None;
        }
    }

    /// Section 2: an integer, here one more than the last.
    pub(super) fn next_id(&self) -> i64 {
        self.0.requests.fetch_add(1, Ordering::Relaxed) + 1
    }

    async fn wait(&self, deadline: Instant) -> Result<MutexGuard<'_, Option<Key>>> {
        let waited = tokio::time::timeout(time_left(deadline), self.0.key.lock()).await;
        waited.map_err(|_| Failure::AnswerTimedOut { peer: Kind::Uis }.into())
    }
}

async fn renew(
    kept: &mut Option<Key>,
    asked_ms: i64,
    sign_in: impl AsyncFnOnce() -> Result<SecretString>,
) -> Result<SecretString> {
    // Were the answer lost, the key before would be no better than none.
    *kept = None;
    let text = sign_in().await?;
    *kept = Some(Key { text: text.clone(), asked_ms });
    Ok(text)
}

fn is_same(one: &SecretString, other: &SecretString) -> bool {
    one.expose_secret() == other.expose_secret()
}
