//! How long the PBX waited for its last answers.

use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};

const KEPT: usize = 512;

/// The latest, in microseconds; older ones are written over.
pub struct AnswerTimes {
    times: [AtomicU32; KEPT],
    noted: AtomicUsize,
}

impl Default for AnswerTimes {
    fn default() -> Self {
        Self { times: [const { AtomicU32::new(0) }; KEPT], noted: AtomicUsize::new(0) }
    }
}

impl AnswerTimes {
    pub fn note(&self, time_us: u32) {
        let nth = self.noted.fetch_add(1, Ordering::Relaxed);
        self.times[nth % KEPT].store(time_us, Ordering::Relaxed);
    }

    /// The shortest first.
    pub fn latest(&self) -> Vec<u32> {
        let count = self.noted.load(Ordering::Relaxed).min(KEPT);
        let mut times: Vec<u32> = self.times[..count].iter().map(|time| time.load(Ordering::Relaxed)).collect();
        times.sort_unstable();
        times
    }
}
