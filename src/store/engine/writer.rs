//! The one thread that writes: it takes what has queued up, runs it in one transaction, commits once, then answers.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::error::{Error, Result};
use crate::store::engine::notices::NoticeBoard;
use crate::store::engine::task::{Job, Outcome, Work};
use crate::store::engine::threads::{enqueue, join, refuse_all, spawn};
use crate::store::engine::{Fault, WriteConnection};

/// How many writes may wait; the next one is refused.
pub const QUEUE_LENGTH: usize = 2048;
/// How often an idle writer looks for what others changed.
const TEND_EVERY: Duration = Duration::from_millis(100);
/// How often a closure that collides with another node's is tried alone.
const TRIES_ALONE: u32 = 5;

pub struct Writer {
    queue: Option<SyncSender<Box<dyn Job>>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub fn start(connection: Box<dyn WriteConnection>, board: Arc<NoticeBoard>) -> Self {
        let (queue, jobs) = sync_channel(QUEUE_LENGTH);
        let run = move || WriterThread { connection, board, state: State::Well }.run(&jobs);
        Self { queue: Some(queue), thread: Some(spawn("store-writer", run)) }
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

/// Whether every closure stands in a savepoint of its own.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Guard {
    /// None does: the whole batch is taken back when one fails after a write. Faster, and failures are rare.
    Batch,
    Each,
}

/// How an attempt at a batch ended.
enum Attempt {
    Committed(Work),
    /// One closure must be taken back alone: again, with savepoints.
    Unguarded,
    /// Nothing of it was kept.
    Lost(Fault),
}

#[derive(Clone, PartialEq, Eq)]
enum State {
    Well,
    /// It could not write the last time, and says so once.
    Troubled,
    Dead,
}

struct WriterThread {
    connection: Box<dyn WriteConnection>,
    board: Arc<NoticeBoard>,
    state: State,
}

impl WriterThread {
    fn run(&mut self, queue: &Receiver<Box<dyn Job>>) {
        loop {
            let mut jobs = match queue.recv_timeout(TEND_EVERY) {
                Ok(job) => vec![job],
                Err(RecvTimeoutError::Timeout) => {
                    self.tend();
                    continue;
                }
                Err(RecvTimeoutError::Disconnected) => return,
            };
            jobs.extend(queue.try_iter().take(self.connection.batch_limit() - 1));
            self.write(jobs);
        }
    }

    fn tend(&mut self) {
        if self.state == State::Troubled {
            match self.connection.probe() {
                Ok(()) => self.recovered(),
                Err(_) => self.meet_fault(),
            }
        }
        if self.state == State::Well {
            self.connection.tend();
            self.meet_fault();
        }
    }

    fn write(&mut self, mut jobs: Vec<Box<dyn Job>>) {
        // A reader may have met the damage.
        if self.board.is_dead() {
            return refuse_all(jobs, &Error::Busy("the store can be trusted no more".to_owned()));
        }
        let mut attempt = self.attempt(&mut jobs, Guard::Batch);
        if let Attempt::Lost(Fault::Disconnected(_)) = attempt {
            // Closures may be run again, even when the lost answer was that of a COMMIT.
            attempt = self.attempt(&mut jobs, Guard::Batch);
        }
        if let Attempt::Unguarded = attempt {
            attempt = self.attempt(&mut jobs, Guard::Each);
        }
        match attempt {
            Attempt::Committed(work) => self.committed(jobs, work),
            Attempt::Lost(Fault::Collision) => jobs.into_iter().for_each(|job| self.write_alone(job)),
            Attempt::Lost(fault) => self.lost(jobs, fault),
            Attempt::Unguarded => self.lost(jobs, Fault::Unavailable("a savepoint was lost".to_owned())),
        }
    }

    fn write_alone(&mut self, job: Box<dyn Job>) {
        let mut jobs = vec![job];
        for _ in 0..TRIES_ALONE {
            match self.attempt(&mut jobs, Guard::Each) {
                Attempt::Committed(work) => return self.committed(jobs, work),
                Attempt::Lost(Fault::Collision) | Attempt::Unguarded => {}
                Attempt::Lost(fault) => return self.lost(jobs, fault),
            }
        }
        refuse_all(jobs, &Error::Busy("others write the same rows".to_owned()));
    }

    fn attempt(&mut self, jobs: &mut [Box<dyn Job>], guard: Guard) -> Attempt {
        let mut work = Work::default();
        if let Err(error) = self.connection.begin() {
            return self.abandon(&error);
        }
        let alone = jobs.len() == 1;
        for job in jobs.iter_mut() {
            match self.run_job(&mut **job, guard) {
                Ok(Outcome::Done(more)) => {
                    work.notices.extend(more.notices);
                    work.has_changed |= more.has_changed;
                }
                Ok(Outcome::FailedUnwritten) => {}
                Ok(Outcome::Failed) if guard == Guard::Each => {}
                Ok(Outcome::Failed) if alone => {
                    self.connection.rollback();
                    return Attempt::Committed(Work::default());
                }
                Ok(Outcome::Failed) => {
                    self.connection.rollback();
                    return Attempt::Unguarded;
                }
                Err(fault) => {
                    self.connection.rollback();
                    return Attempt::Lost(fault);
                }
            }
        }
        match self.connection.commit(&work.notices) {
            Ok(()) => Attempt::Committed(work),
            Err(error) => self.abandon(&error),
        }
    }

    /// Runs one closure; with a guard, a failed one is taken back to its savepoint. An error that means more than
    /// this closure, or that took the transaction along, is a fault.
    fn run_job(&mut self, job: &mut dyn Job, guard: Guard) -> std::result::Result<Outcome, Fault> {
        if guard == Guard::Each {
            let guarded = self.connection.savepoint();
            self.whole(guarded)?;
        }
        let outcome = job.run(&mut *self.connection);
        if !matches!(outcome, Outcome::Done(_)) {
            self.whole(Ok(()))?;
        }
        if guard == Guard::Each {
            if matches!(outcome, Outcome::Failed) {
                let back = self.connection.rollback_to_savepoint();
                self.whole(back)?;
            }
            let released = self.connection.release();
            self.whole(released)?;
        }
        Ok(outcome)
    }

    /// A fault, when `step` failed, the connection met one, or the transaction is gone.
    fn whole(&mut self, step: Result<()>) -> std::result::Result<(), Fault> {
        if let Some(fault) = self.connection.take_fault() {
            return Err(fault);
        }
        match step {
            Err(error) => Err(Fault::Unavailable(error.to_string())),
            Ok(()) if !self.connection.is_in_transaction() => {
                Err(Fault::Unavailable("the transaction was lost".to_owned()))
            }
            Ok(()) => Ok(()),
        }
    }

    fn abandon(&mut self, error: &Error) -> Attempt {
        let fault = self.connection.take_fault().unwrap_or_else(|| Fault::Unavailable(error.to_string()));
        self.connection.rollback();
        Attempt::Lost(fault)
    }

    fn committed(&mut self, jobs: Vec<Box<dyn Job>>, work: Work) {
        if work.has_changed {
            self.recovered();
        }
        self.board.note(&work.notices);
        for job in jobs {
            job.answer();
        }
        if !self.connection.carries_notices() {
            self.board.publish(work.notices);
        }
        self.connection.tidy();
        self.meet_fault();
    }

    fn lost(&mut self, jobs: Vec<Box<dyn Job>>, fault: Fault) {
        let (Fault::Unavailable(why) | Fault::Disconnected(why) | Fault::Fatal(why)) = &fault else {
            return refuse_all(jobs, &Error::Busy("others write the same rows".to_owned()));
        };
        refuse_all(jobs, &Error::Busy(why.clone()));
        self.trouble(&fault, why);
    }

    fn meet_fault(&mut self) {
        if let Some(fault) = self.connection.take_fault()
            && let Fault::Unavailable(why) | Fault::Disconnected(why) | Fault::Fatal(why) = &fault
        {
            self.trouble(&fault, why);
        }
    }

    /// Says once that the store cannot write.
    fn trouble(&mut self, fault: &Fault, why: &str) {
        if matches!(fault, Fault::Fatal(_)) {
            self.state = State::Dead;
            self.board.die(why);
        } else if self.state == State::Well {
            self.state = State::Troubled;
            self.board.become_unready();
            tracing::error!(reason = why, "the store cannot be written; until it can, what arrives is refused");
        }
    }

    fn recovered(&mut self) {
        if self.state == State::Troubled {
            self.state = State::Well;
            self.board.become_ready();
            tracing::info!("the store can be written again");
        }
    }
}
