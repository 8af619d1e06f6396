//! The time, passed in. Nothing else in the program asks the system what time it is.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Where the time comes from: the system, or a fixed instant that tests move by hand.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System,
    /// Now, and what [`Clock::running_ms`] says.
    Fixed(Arc<[AtomicI64; 2]>),
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands still at `now_ms` until [`Clock::advance`] moves it; clones share the instant.
    pub fn fixed(now_ms: i64) -> Self {
        Self(Source::Fixed(Arc::new([AtomicI64::new(now_ms), AtomicI64::new(0)])))
    }

    /// Milliseconds since 1970-01-01 UTC.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the system's time")]
    pub fn now_ms(&self) -> i64 {
        match &self.0 {
            Source::System => SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX)),
            Source::Fixed(instants) => instants[0].load(Ordering::SeqCst),
        }
    }

    /// Milliseconds since some instant of this process: for waits, because it never steps back, as the time may.
    pub fn running_ms(&self) -> i64 {
        static BEGUN: LazyLock<Instant> = LazyLock::new(Instant::now);
        match &self.0 {
            Source::System => i64::try_from(BEGUN.elapsed().as_millis()).unwrap_or(i64::MAX),
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

    /// Moves a fixed clock by `by_ms`, also back; the system's clock is left alone.
    pub fn advance(&self, by_ms: i64) {
        if let Source::Fixed(instants) = &self.0 {
            instants[0].fetch_add(by_ms, Ordering::SeqCst);
            instants[1].fetch_add(by_ms.max(0), Ordering::SeqCst);
        }
    }
}

/// The least id that a row made at this instant can have: ids grow with time.
pub fn first_id_of(at_ms: i64) -> String {
    let at_ms = u64::try_from(at_ms).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(at_ms, &[0; 10]).into_uuid().to_string()
}
