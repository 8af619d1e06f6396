//! What this node counts of its own work, for whoever watches many nodes. It begins at zero with each start.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// What became of a push.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Kept,
    /// A question, answered.
    Answered,
    /// It breaks the contract.
    Malformed,
    WrongToken,
    /// A wrong token again, told to wait.
    ToldToWait,
    /// It could not be kept now: the PBX sends it again.
    NotKept,
}

impl Verdict {
    pub const ALL: [Self; 6] =
        [Self::Kept, Self::Answered, Self::Malformed, Self::WrongToken, Self::ToldToWait, Self::NotKept];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Answered => "answered",
            Self::Malformed => "malformed",
            Self::WrongToken => "wrong_token",
            Self::ToldToWait => "told_to_wait",
            Self::NotKept => "not_kept",
        }
    }
}

/// How often something took how long.
#[derive(Default)]
pub struct Histogram {
    /// One a bound, and one for what took longer than any.
    counts: [AtomicU64; Self::BOUNDS_MS.len() + 1],
    sum_us: AtomicU64,
}

impl Histogram {
    pub const BOUNDS_MS: [u64; 12] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 8_000];

    pub fn note(&self, took: Duration) {
        let us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let at = Self::BOUNDS_MS.iter().position(|bound| us <= bound * 1_000).unwrap_or(Self::BOUNDS_MS.len());
        self.counts[at].fetch_add(1, Ordering::Relaxed);
        self.sum_us.fetch_add(us, Ordering::Relaxed);
    }

    /// How many took at most each bound, the last without one; and how long all together, in microseconds.
    pub fn read(&self) -> (Vec<u64>, u64) {
        let mut sum = 0;
        let up_to = self.counts.iter().map(|count| {
            sum += count.load(Ordering::Relaxed);
            sum
        });
        (up_to.collect(), self.sum_us.load(Ordering::Relaxed))
    }
}

#[derive(Default)]
pub struct Meters {
    pushes: [AtomicU64; Verdict::ALL.len()],
    /// From a push to its being on the disk.
    pub commit: Histogram,
    /// From a question to its answer.
    pub contact: Histogram,
}

impl Meters {
    pub fn note_push(&self, verdict: Verdict) {
        self.pushes[verdict as usize].fetch_add(1, Ordering::Relaxed);
    }

    pub fn pushes(&self) -> [(Verdict, u64); Verdict::ALL.len()] {
        Verdict::ALL.map(|verdict| (verdict, self.pushes[verdict as usize].load(Ordering::Relaxed)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_took_no_longer_is_counted_at_every_greater_bound() {
        let histogram = Histogram::default();
        for ms in [0, 1, 3, 8_000, 8_001] {
            histogram.note(Duration::from_millis(ms));
        }
        assert_eq!(histogram.read(), (vec![2, 2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 4, 5], 16_005_000));
    }
}
