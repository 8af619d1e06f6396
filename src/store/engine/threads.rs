//! What the store's threads have in common: how one is started and ended, and how closures are handed to it or refused.

use std::sync::mpsc::{SyncSender, TrySendError};
use std::thread::JoinHandle;

use crate::error::{Error, Result};
use crate::store::engine::task::Job;

/// Starts a thread under a name that `top -H` and a debugger show.
#[expect(clippy::expect_used, reason = "as std::thread::spawn: without its threads there is no store")]
pub fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> JoinHandle<()> {
    std::thread::Builder::new().name(name.to_owned()).spawn(run).expect("a thread can be started")
}

/// The least that a thread can have of a busy processor.
const LEAST: i32 = 19;

/// This thread waits for every other from now on. Where it may not stand back, it is only a little quicker.
pub fn stand_back() {
    let _ = rustix::process::setpriority_process(Some(rustix::thread::gettid()), LEAST);
}

/// Waits for a thread's end, unless this is that thread: a closure may hold the last handle.
pub fn join(thread: JoinHandle<()>) {
    if thread.thread().id() != std::thread::current().id() {
        let _ = thread.join();
    }
}

/// Puts a closure into a bounded queue.
///
/// # Errors
/// `Busy` when the queue is full or its thread is gone.
pub fn enqueue(queue: Option<&SyncSender<Box<dyn Job>>>, job: Box<dyn Job>) -> Result<()> {
    let Some(queue) = queue else { return Err(Error::Busy("the store is closed".to_owned())) };
    queue.try_send(job).map_err(|refused| match refused {
        TrySendError::Full(_) => Error::Busy("too much waits already".to_owned()),
        TrySendError::Disconnected(_) => Error::Busy("the store is closed".to_owned()),
    })
}

/// Refuses every job for the same reason.
pub fn refuse_all(jobs: Vec<Box<dyn Job>>, error: &Error) {
    for job in jobs {
        job.refuse(Error::Busy(error.to_string()));
    }
}
