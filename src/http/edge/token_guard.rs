//! Wrong tokens, counted per address. A right token is never refused: customers of one cloud PBX share its addresses.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

const WINDOW_MS: i64 = 60_000;
const ALLOWED: u32 = 20;
const LONGEST_WAIT_S: u64 = 3_600;
/// How many addresses are counted at most; the table is in memory only.
const ADDRESSES: usize = 10_000;

#[derive(Default)]
pub struct TokenGuard(Mutex<HashMap<IpAddr, Count>>);

struct Count {
    since_ms: i64,
    wrong: u32,
    /// How often in a row the window was overrun: the wait doubles with each.
    overruns: u32,
}

impl TokenGuard {
    /// Counts a wrong or absent token; the seconds to wait when there have been too many. `now_ms` is of a clock that
    /// never steps back.
    pub fn note_wrong(&self, address: IpAddr, now_ms: i64) -> Option<u64> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= ADDRESSES && !counts.contains_key(&address) {
            counts.retain(|_, count| now_ms - count.since_ms < WINDOW_MS);
            if counts.len() >= ADDRESSES {
                counts.clear();
            }
        }
        let count = counts.entry(address).or_insert(Count { since_ms: now_ms, wrong: 0, overruns: 0 });
        if now_ms - count.since_ms >= WINDOW_MS {
            let was_overrun = count.wrong > ALLOWED;
            let overruns = if was_overrun { count.overruns + 1 } else { 0 };
            *count = Count { since_ms: now_ms, wrong: 0, overruns };
        }
        count.wrong = count.wrong.saturating_add(1);
        let longest = u32::from(count.wrong > ALLOWED) * count.overruns.min(6);
        (count.wrong > ALLOWED).then(|| (60_u64 << longest).min(LONGEST_WAIT_S))
    }

    /// How many addresses are told to wait now.
    pub fn count_waiting(&self, now_ms: i64) -> usize {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.values().filter(|count| count.wrong > ALLOWED && now_ms - count.since_ms < WINDOW_MS).count()
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    #[test]
    fn r30_the_wait_grows_and_the_table_is_bounded() {
        let guard = TokenGuard::default();
        let guesser = IpAddr::from([192, 0, 2, 1]);
        let waits =
            (0..9).map(|minute| (0..25).map(|_| guard.note_wrong(guesser, minute * WINDOW_MS)).last().flatten());
        let waits: Vec<_> = waits.flatten().collect();
        assert_eq!(waits, [60, 120, 240, 480, 960, 1_920, 3_600, 3_600, 3_600]);
        for number in 0..30_000 {
            guard.note_wrong(Ipv4Addr::from_bits(number).into(), 0);
        }
        assert!(guard.0.lock().unwrap().len() <= ADDRESSES);
    }
}
