//! How often somebody may try a password: counted by login and address, so that a guesser elsewhere never locks the
//! true user out. Without an address, by the login alone: for codes, which only who knows the password may try.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Mutex;

use crate::domain::address::neighbourhood;
use crate::error::{Error, Result};

/// Tries of one login from one address before each next one has to wait.
const FREE_OF_LOGIN: u32 = 5;
/// The same over all logins, for an office behind one address.
const FREE_OF_ADDRESS: u32 = 50;
const LONGEST_WAIT_MS: i64 = 60_000;
/// A counter unused for this long is forgotten.
const FORGET_MS: i64 = 15 * 60 * 1000;
/// A bound on memory; past it the oldest counters go.
const KEPT: usize = 10_000;

#[derive(Default)]
pub struct Attempts(Mutex<HashMap<Key, Count>>);

/// A login (`None`: all of them) from an address.
type Key = (Option<String>, Option<IpAddr>);

#[derive(Clone, Copy)]
struct Count {
    tries: u32,
    last_ms: i64,
}

impl Attempts {
    /// Counts a try before it is made, so that a thousand at once are a thousand. `now_ms` is of a clock that never steps
    /// back ([`crate::clock::Clock::running_ms`]).
    ///
    /// # Errors
    /// `TooMany`, with the time to wait, when there were too many.
    pub fn begin(&self, login_key: &str, address: Option<IpAddr>, now_ms: i64) -> Result<()> {
        let mut counts = self.0.lock().map_err(Error::internal)?;
        let keys = keys(login_key, address);
        let waits = keys.iter().map(|key| {
            let free = if key.0.is_some() { FREE_OF_LOGIN } else { FREE_OF_ADDRESS };
            wait_ms(counts.get(key), free, now_ms)
        });
        let wait_ms = waits.max().unwrap_or_default();
        if wait_ms > 0 {
            let retry_after_s = u64::try_from(wait_ms).unwrap_or_default().div_ceil(1000);
            let detail = format!("too many wrong passwords; try again in {retry_after_s} s");
            return Err(Error::TooMany { detail, retry_after_s });
        }
        make_room(&mut counts, now_ms);
        for key in keys {
            let count = counts.entry(key).or_insert(Count { tries: 0, last_ms: now_ms });
            count.tries = if now_ms - count.last_ms > FORGET_MS { 1 } else { count.tries.saturating_add(1) };
            count.last_ms = now_ms;
        }
        Ok(())
    }

    /// The password was right: the tries of this login count no more.
    pub fn succeed(&self, login_key: &str, address: Option<IpAddr>) {
        self.take_back(login_key, address);
        if let Ok(mut counts) = self.0.lock() {
            counts.remove(&(Some(login_key.to_owned()), address.map(neighbourhood)));
        }
    }

    /// The password was not looked at: the try counts not.
    pub fn take_back(&self, login_key: &str, address: Option<IpAddr>) {
        let Ok(mut counts) = self.0.lock() else { return };
        for key in keys(login_key, address) {
            if let Some(count) = counts.get_mut(&key) {
                count.tries = count.tries.saturating_sub(1);
            }
        }
    }
}

fn keys(login_key: &str, address: Option<IpAddr>) -> Vec<Key> {
    let address = address.map(neighbourhood);
    let all = address.is_some().then_some((None, address));
    std::iter::once((Some(login_key.to_owned()), address)).chain(all).collect()
}

/// 1 s after the last free try, then twice as long each time.
fn wait_ms(count: Option<&Count>, free: u32, now_ms: i64) -> i64 {
    let Some(count) = count.filter(|count| count.tries >= free && now_ms - count.last_ms <= FORGET_MS) else {
        return 0;
    };
    let pause_ms = (1000_i64 << (count.tries - free).min(10)).min(LONGEST_WAIT_MS);
    (count.last_ms + pause_ms - now_ms).max(0)
}

fn make_room(counts: &mut HashMap<Key, Count>, now_ms: i64) {
    if counts.len() < KEPT {
        return;
    }
    counts.retain(|_, count| now_ms - count.last_ms <= FORGET_MS);
    if counts.len() >= KEPT {
        let mut times: Vec<i64> = counts.values().map(|count| count.last_ms).collect();
        times.sort_unstable();
        let median_ms = times[times.len() / 2];
        counts.retain(|_, count| count.last_ms > median_ms);
    }
}
