//! Where writes queue up for a thread of their own.

use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::error::Result;
use crate::store::engine::WriteConnection;
use crate::store::engine::backlog::{Backlog, Oldest};
use crate::store::engine::notices::NoticeBoard;
use crate::store::engine::task::Job;
use crate::store::engine::threads::{enqueue, join, spawn};
use crate::store::engine::writing::Writing;

/// How many writes may wait; the next one is refused.
pub const QUEUE_LENGTH: usize = 2048;

pub struct Writer {
    queue: Option<SyncSender<Box<dyn Job>>>,
    thread: Option<JoinHandle<()>>,
    oldest: Arc<Oldest>,
}

impl Writer {
    pub fn start(connection: Box<dyn WriteConnection>, board: Arc<NoticeBoard>) -> Self {
        let (queue, jobs) = sync_channel(QUEUE_LENGTH);
        let backlog = Backlog::new(jobs);
        let oldest = Arc::clone(&backlog.oldest);
        let run = || Writing::new(connection, board, backlog).run();
        Self { queue: Some(queue), thread: Some(spawn("store-writer", run)), oldest }
    }

    /// How long the oldest write has been waiting.
    pub fn longest_wait(&self) -> Duration {
        self.oldest.wait()
    }

    /// Queues a write.
    ///
    /// # Errors
    /// `Busy` when the queue is full.
    pub fn write(&self, job: Box<dyn Job>) -> Result<()> {
        enqueue(self.queue.as_ref(), job)
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue = None;
        self.thread.take().into_iter().for_each(join);
    }
}
