//! The time, passed in. Nothing else in the program asks the system what time it is.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// From here on, two clocks are apart.
const APART_MS: i64 = 2_000;
/// Less is no reason to correct a clock again: it would never stand still.
const SLACK_MS: i64 = 100;

/// Where the time comes from: the system, corrected by the clock that all nodes go by, or a fixed instant that tests move
/// by hand.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    Machine(Arc<Machine>),
    /// Now, and what [`Clock::running_ms`] says.
    Fixed(Arc<[AtomicI64; 2]>),
}

#[derive(Debug, Default)]
struct Machine {
    /// How far it goes wrong: in tests only.
    wrong_ms: AtomicI64,
    correction_ms: AtomicI64,
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self::wrong_by(0)
    }

    /// That of a machine which goes wrong by so much: for tests, as is [`Clock::fixed`].
    pub fn wrong_by(wrong_ms: i64) -> Self {
        Self(Source::Machine(Arc::new(Machine { wrong_ms: AtomicI64::new(wrong_ms), ..Machine::default() })))
    }

    /// A clock that stands still at `now_ms` until [`Clock::advance`] moves it; clones share the instant.
    pub fn fixed(now_ms: i64) -> Self {
        Self(Source::Fixed(Arc::new([AtomicI64::new(now_ms), AtomicI64::new(0)])))
    }

    /// Milliseconds since 1970-01-01 UTC.
    pub fn now_ms(&self) -> i64 {
        match &self.0 {
            Source::Machine(machine) => machine_ms(machine) + machine.correction_ms.load(Ordering::SeqCst),
            Source::Fixed(instants) => instants[0].load(Ordering::SeqCst),
        }
    }

    /// Milliseconds since some instant of this process: for waits, because it never steps back, as the time may.
    pub fn running_ms(&self) -> i64 {
        static BEGUN: LazyLock<Instant> = LazyLock::new(Instant::now);
        match &self.0 {
            Source::Machine(_) => ms(BEGUN.elapsed()),
            Source::Fixed(instants) => instants[1].load(Ordering::SeqCst),
        }
    }

    /// A new row's id: a UUIDv7 of now.
    pub fn new_id(&self) -> String {
        self.new_id_at(self.now_ms())
    }

    /// As [`Clock::new_id`], for whoever has read the time already.
    pub fn new_id_at(&self, now_ms: i64) -> String {
        let now_ms = u64::try_from(now_ms).unwrap_or_default();
        let nanos = u32::try_from(now_ms % 1000).unwrap_or_default() * 1_000_000;
        uuid::Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, now_ms / 1000, nanos)).to_string()
    }

    /// Goes by another clock, which was asked what time it is and has answered between these instants: as long as that may
    /// be what this one says, nothing changes. A fixed clock goes by none.
    pub fn follow(&self, at_ms: i64, [asked, answered]: [Instant; 2]) {
        let Source::Machine(machine) = &self.0 else { return };
        let now_ms = machine_ms(machine);
        let least = at_ms - (now_ms - ms(answered.elapsed()));
        let most = at_ms - (now_ms - ms(asked.elapsed()));
        let kept = machine.correction_ms.load(Ordering::SeqCst);
        if kept < least - SLACK_MS || kept > most + SLACK_MS {
            machine.correction_ms.store(least.midpoint(most), Ordering::SeqCst);
        }
    }

    /// How far the machine's clock and the one that is gone by are apart, if they are.
    pub fn apart_ms(&self) -> Option<i64> {
        let Source::Machine(machine) = &self.0 else { return None };
        Some(machine.correction_ms.load(Ordering::SeqCst).abs()).filter(|apart_ms| *apart_ms >= APART_MS)
    }

    /// Moves a fixed clock by `by_ms`, also back; or how far a machine's goes wrong.
    pub fn advance(&self, by_ms: i64) {
        match &self.0 {
            Source::Machine(machine) => _ = machine.wrong_ms.fetch_add(by_ms, Ordering::SeqCst),
            Source::Fixed(instants) => {
                instants[0].fetch_add(by_ms, Ordering::SeqCst);
                instants[1].fetch_add(by_ms.max(0), Ordering::SeqCst);
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the system's time")]
fn machine_ms(machine: &Machine) -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, ms) + machine.wrong_ms.load(Ordering::SeqCst)
}

fn ms(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// The least id that a row made at this instant can have: ids grow with time.
pub fn first_id_of(at_ms: i64) -> String {
    let at_ms = u64::try_from(at_ms).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(at_ms, &[0; 10]).into_uuid().to_string()
}
