//! What strangers are refused, counted by address and said once a minute: a line for each would let them fill the disk.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::sleep;

use crate::domain::address::neighbourhood;

/// What comes within it is one line; so whoever looks for his own mistake need not wait for the minute.
const GATHERED: Duration = Duration::from_secs(1);
const PAUSE: Duration = Duration::from_secs(59);
/// How many addresses are named in a minute; of the others only the number is known.
const NAMED: usize = 10;

/// What somebody without a right was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refusal {
    Token,
    Password,
    Handshake,
    /// With a valid token, from an address that is not listed for it.
    Elsewhere,
    /// By somebody signed in.
    Role,
}

impl Refusal {
    fn sentence(self) -> &'static str {
        match self {
            Self::Token => "pushes without a valid token",
            Self::Password => "sign-ins that were refused",
            Self::Handshake => "connections that agreed on no TLS",
            Self::Elsewhere => "pushes from an address that the settings do not list",
            Self::Role => "requests beyond the role of who asked",
        }
    }
}

/// What was refused since it was last said.
#[derive(Default)]
pub struct Strangers {
    tally: Mutex<Tally>,
    noted: Notify,
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Tally {
    named: BTreeMap<IpAddr, BTreeMap<Refusal, u64>>,
    others: BTreeMap<Refusal, u64>,
}

impl Tally {
    fn note(&mut self, address: IpAddr, what: Refusal) {
        let address = neighbourhood(address);
        let is_named = self.named.len() < NAMED || self.named.contains_key(&address);
        let counts = if is_named { self.named.entry(address).or_default() } else { &mut self.others };
        *counts.entry(what).or_default() += 1;
    }
}

impl Strangers {
    fn tally(&self) -> MutexGuard<'_, Tally> {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn note(&self, address: IpAddr, what: Refusal) {
        self.tally().note(address, what);
        self.noted.notify_one();
    }

    /// Says again and again what was noted.
    pub async fn tell(&self) -> Infallible {
        loop {
            self.noted.notified().await;
            sleep(GATHERED).await;
            let Tally { named, others } = std::mem::take(&mut *self.tally());
            for (address, counts) in named {
                for (what, times) in counts {
                    tracing::warn!(%address, times, "{}", what.sentence());
                }
            }
            for (what, times) in others {
                tracing::warn!(times, "{}, from other addresses", what.sentence());
            }
            sleep(PAUSE).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_addresses_are_named_and_the_others_counted() {
        let mut tally = Tally::default();
        for network in 0..1_000_u128 {
            for host in 0..3_u128 {
                let address = IpAddr::V6((0x2001_0db8 << 96 | network << 64 | host).into());
                tally.note(address, Refusal::Token);
            }
        }
        assert_eq!(tally.named.len(), NAMED);
        assert!(tally.named.values().all(|counts| *counts == BTreeMap::from([(Refusal::Token, 3)])));
        assert_eq!(tally.others, BTreeMap::from([(Refusal::Token, 990 * 3)]));
    }
}
