//! The notices as one listener hears them: in the order of each writer, and never more of them than he keeps up with.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::mpsc;

use crate::store::tx::{Notice, Topic};

/// How many commits may wait for a listener; whoever is further behind is told to read everything anew.
const WAITING_COMMITS: usize = 1024;

/// The listener's end.
pub struct Subscription {
    waiting: mpsc::Receiver<Arc<[Notice]>>,
    has_missed: Arc<AtomicBool>,
}

/// The end of whoever publishes.
pub struct Listener {
    queue: mpsc::Sender<Arc<[Notice]>>,
    has_missed: Arc<AtomicBool>,
}

pub fn open() -> (Listener, Subscription) {
    let (queue, waiting) = mpsc::channel(WAITING_COMMITS);
    let has_missed = Arc::new(AtomicBool::new(false));
    (Listener { queue, has_missed: Arc::clone(&has_missed) }, Subscription { waiting, has_missed })
}

impl Listener {
    /// Hands one commit's notices over; false when nobody listens any more.
    pub fn tell(&self, notices: &Arc<[Notice]>) -> bool {
        match self.queue.try_send(Arc::clone(notices)) {
            Ok(()) => true,
            Err(mpsc::error::TrySendError::Full(_)) => {
                self.has_missed.store(true, Ordering::SeqCst);
                true
            }
            Err(mpsc::error::TrySendError::Closed(_)) => false,
        }
    }
}

impl Subscription {
    /// The next commit's notices; `Everything` after some could not wait. `None` when the store is closed.
    pub async fn recv(&mut self) -> Option<Arc<[Notice]>> {
        let next = self.waiting.recv().await?;
        Some(self.or_everything(next))
    }

    /// As [`Subscription::recv`], if one is there already.
    pub fn try_recv(&mut self) -> Option<Arc<[Notice]>> {
        let next = self.waiting.try_recv().ok()?;
        Some(self.or_everything(next))
    }

    /// What waits still is older than what was missed, and is read anew with it.
    fn or_everything(&mut self, next: Arc<[Notice]>) -> Arc<[Notice]> {
        if !self.has_missed.swap(false, Ordering::SeqCst) {
            return next;
        }
        while self.waiting.try_recv().is_ok() {}
        Arc::new([Notice { topic: Topic::Everything, id: String::new() }])
    }
}
