//! What a system allows with one token: counted in the store, so that all nodes count together and none forgets.
//!
//! A request counts from before it goes out until a minute after its answer, because it arrives somewhere in between: so
//! in no minute of the other side's are there more than it allows.

use secrecy::ExposeSecret;

use crate::app::token;
use crate::error::{Error, Result};
use crate::store::tables::dial_slots;
use crate::store::tx::Tx;
use crate::telephony::order::RateLimit;

/// Longer than any request takes: for one whose answer nobody was left to write down.
const ON_ITS_WAY_MS: i64 = 15_000;

/// One request's place among those that its token may make.
#[derive(Clone, Debug)]
pub struct Slot {
    call_id: String,
    token_hash: String,
    peer: &'static str,
    most: i64,
    in_ms: i64,
}

impl Slot {
    pub fn of(limit: &RateLimit<'_>, call_id: &str) -> Self {
        Self {
            call_id: call_id.to_owned(),
            token_hash: token::hash(limit.token.expose_secret()),
            peer: limit.peer,
            most: limit.most,
            in_ms: limit.in_ms,
        }
    }

    /// Takes the place, before the request is sent.
    ///
    /// # Errors
    /// `TooMany`, with the time to wait.
    pub fn take(&self, tx: &mut Tx, now_ms: i64) -> Result<()> {
        dial_slots::lock(tx, &self.token_hash, now_ms)?;
        dial_slots::delete_past(tx, &self.token_hash, now_ms)?;
        if let Some(until_ms) = dial_slots::find_last_of(tx, &self.token_hash, self.most)? {
            return Err(self.refuse(until_ms - now_ms));
        }
        dial_slots::insert(tx, &self.call_id, &self.token_hash, now_ms + self.in_ms + ON_ITS_WAY_MS)
    }

    /// The request was sent: its minute runs from now.
    pub fn count_from(&self, tx: &mut Tx, now_ms: i64) -> Result<()> {
        dial_slots::update_until(tx, &self.call_id, now_ms + self.in_ms)
    }

    /// The request never left and counts no more.
    pub fn give_back(&self, tx: &mut Tx) -> Result<()> {
        dial_slots::delete(tx, &self.call_id)
    }

    fn refuse(&self, wait_ms: i64) -> Error {
        let wait_s = u64::try_from(wait_ms).unwrap_or_default().div_ceil(1_000).max(1);
        let Self { peer, most, .. } = self;
        let detail = format!(
            "{peer} takes {most} calls a minute and blocks its token for ten minutes after more; call again in {wait_s} s"
        );
        Error::TooMany { detail, retry_after_s: wait_s }
    }
}
