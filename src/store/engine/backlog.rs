//! What waits to be written: what comes fresh, and behind it what another node's locks have turned away.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::store::engine::task::Job;

/// Whoever has waited for so long is refused, so that what is begun has a second at least.
const WAIT_LIMIT: Duration = Duration::from_secs(7);

/// Since when the oldest of what is being written waits.
#[derive(Default)]
pub struct Oldest(Mutex<Option<Instant>>);

impl Oldest {
    fn set(&self, since: Option<Instant>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = since;
    }

    pub fn wait(&self) -> Duration {
        let since = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        since.map_or(Duration::ZERO, |since| since.elapsed())
    }
}

/// What the queue gave.
pub enum Next {
    Batch(Batch),
    Nothing,
    /// Nobody can write any more.
    Over,
}

/// What is written in one transaction; those that came fresh stand first.
#[derive(Default)]
pub struct Batch {
    pub jobs: Vec<Box<dyn Job>>,
    fresh: usize,
}

impl Batch {
    /// Takes out what has waited too long.
    pub fn take_late(&mut self) -> Vec<Box<dyn Job>> {
        let is_late = |job: &mut Box<dyn Job>| job.queued_at().elapsed() > WAIT_LIMIT;
        let mut late: Vec<_> = self.jobs.extract_if(..self.fresh, is_late).collect();
        self.fresh -= late.len();
        late.extend(self.jobs.extract_if(self.fresh.., is_late));
        late
    }

    pub fn oldest(&self) -> Option<Instant> {
        self.jobs.iter().map(|job| job.queued_at()).min()
    }
}

pub struct Backlog {
    queue: Receiver<Box<dyn Job>>,
    set_aside: VecDeque<Box<dyn Job>>,
    pub oldest: Arc<Oldest>,
}

impl Backlog {
    pub fn new(queue: Receiver<Box<dyn Job>>) -> Self {
        Self { queue, set_aside: VecDeque::new(), oldest: Arc::default() }
    }

    /// At most so many; waits so long for the first.
    pub fn next(&mut self, limit: usize, wait: Duration) -> Next {
        self.oldest.set(None);
        let mut jobs = Vec::new();
        if self.set_aside.is_empty() {
            match self.queue.recv_timeout(wait) {
                Ok(job) => jobs.push(job),
                Err(RecvTimeoutError::Timeout) => return Next::Nothing,
                Err(RecvTimeoutError::Disconnected) => return Next::Over,
            }
        }
        // What was set aside has half of the batch at least.
        let again = self.set_aside.len().min(limit / 2);
        jobs.extend(self.queue.try_iter().take(limit - jobs.len() - again));
        let fresh = jobs.len();
        let again = self.set_aside.len().min(limit - fresh);
        jobs.extend(self.set_aside.drain(..again));
        let batch = Batch { jobs, fresh };
        let waiting = self.set_aside.iter().map(|job| job.queued_at()).min();
        self.oldest.set(batch.oldest().into_iter().chain(waiting).min());
        Next::Batch(batch)
    }

    /// Sets one of the batch aside, to be tried again behind what has queued up by then. Answers whether it had been
    /// before.
    pub fn set_aside(&mut self, batch: &mut Batch, at: usize) -> bool {
        self.set_aside.push_back(batch.jobs.remove(at));
        let was_fresh = at < batch.fresh;
        batch.fresh -= usize::from(was_fresh);
        !was_fresh
    }

    /// Sets aside whatever of the batch begins here.
    pub fn set_aside_from(&mut self, batch: &mut Batch, at: usize) {
        self.set_aside.extend(batch.jobs.drain(at..));
        batch.fresh = batch.fresh.min(at);
    }
}
