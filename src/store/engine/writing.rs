//! A thread that writes: it takes what has queued up, runs it in one transaction, commits once, then answers.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::error::{Error, Result};
use crate::store::engine::backlog::{Backlog, Batch, Next};
use crate::store::engine::notices::NoticeBoard;
use crate::store::engine::task::{Job, Outcome, Work};
use crate::store::engine::threads::refuse_all;
use crate::store::engine::{Fault, WriteConnection};
use crate::store::tx::Tx;

/// How often an idle writer looks for what others changed.
const TEND_EVERY: Duration = Duration::from_millis(100);
/// A write is answered within so long.
const LIMIT: Duration = Duration::from_secs(8);
/// So many closures that have collided before may do so again before the others of them are left for later.
const COLLISIONS_AGAIN: usize = 8;

/// Whether every closure stands in a savepoint of its own.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Guard {
    /// None does: the whole batch is taken back when one fails after a write. Faster, and failures are rare.
    Batch,
    Each,
    /// As `Each`, and hardly waits for what another node holds.
    Hurried,
}

/// How an attempt at a batch ended.
enum Attempt {
    Committed(Work),
    /// One closure must be taken back alone: again, with savepoints.
    Unguarded,
    /// This one met what another node holds: again, without it.
    Collided(usize),
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

/// What the thread has.
pub struct Writing {
    connection: Box<dyn WriteConnection>,
    board: Arc<NoticeBoard>,
    state: State,
    /// Until when the batch at hand is tried.
    deadline: Instant,
    backlog: Backlog,
}

impl Writing {
    pub fn new(connection: Box<dyn WriteConnection>, board: Arc<NoticeBoard>, backlog: Backlog) -> Self {
        Self { connection, board, state: State::Well, deadline: Instant::now(), backlog }
    }

    pub fn run(&mut self) {
        loop {
            match self.backlog.next(self.connection.batch_limit(), TEND_EVERY) {
                Next::Batch(batch) => self.write(batch),
                Next::Nothing => self.tend(),
                Next::Over => return,
            }
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

    fn write(&mut self, mut batch: Batch) {
        // A reader may have met the damage.
        if self.board.is_dead() {
            return refuse_all(batch.jobs, &Error::Busy("the store can be trusted no more".to_owned()));
        }
        refuse_all(batch.take_late(), &Error::Busy("the store does not keep up".to_owned()));
        let Some(oldest) = batch.oldest() else { return };
        self.deadline = oldest + LIMIT;
        let mut attempt = self.attempt(&mut batch, Guard::Batch);
        if let Attempt::Lost(Fault::Disconnected(_)) = attempt {
            // Closures may be run again, even when the lost answer was that of a COMMIT.
            attempt = self.attempt(&mut batch, Guard::Batch);
        }
        if let Attempt::Lost(Fault::Collision) = attempt {
            // Somebody has his turn for too long, and nobody knows at what.
            attempt = self.attempt(&mut batch, Guard::Hurried);
        }
        if let Attempt::Collided(at) = attempt {
            self.backlog.set_aside(&mut batch, at);
            if batch.jobs.is_empty() {
                return;
            }
            attempt = self.attempt(&mut batch, Guard::Hurried);
        }
        if let Attempt::Unguarded = attempt {
            attempt = self.attempt(&mut batch, Guard::Each);
        }
        match attempt {
            Attempt::Committed(work) => self.committed(batch.jobs, work),
            Attempt::Lost(Fault::Collision) | Attempt::Collided(_) => self.backlog.set_aside_from(&mut batch, 0),
            Attempt::Lost(fault) => self.lost(batch.jobs, fault),
            Attempt::Unguarded => self.lost(batch.jobs, Fault::Unavailable("a savepoint was lost".to_owned())),
        }
    }

    /// What collides behind a savepoint is taken out of the batch and set aside.
    fn attempt(&mut self, batch: &mut Batch, guard: Guard) -> Attempt {
        let mut work = Work::default();
        if let Err(error) = self.begin(batch, guard) {
            return self.abandon(&error, guard);
        }
        let alone = batch.jobs.len() == 1;
        let (mut at, mut again) = (0, 0);
        while at < batch.jobs.len() {
            match self.run_job(&mut *batch.jobs[at], guard) {
                Ok(Outcome::Done(more)) => work.add(more),
                Ok(Outcome::FailedUnwritten) => {}
                Ok(Outcome::Failed) if guard != Guard::Batch => {}
                Ok(Outcome::Failed) if alone => {
                    self.connection.rollback();
                    return Attempt::Committed(Work::default());
                }
                Ok(Outcome::Failed) => {
                    self.connection.rollback();
                    return Attempt::Unguarded;
                }
                Err(Fault::Collision) if guard == Guard::Batch => {
                    self.connection.rollback();
                    // The first may have met the turns of all, which go along with its first question.
                    return if at == 0 { Attempt::Lost(Fault::Collision) } else { Attempt::Collided(at) };
                }
                Err(Fault::Collision) => match self.step_back() {
                    Ok(()) => {
                        again += usize::from(self.backlog.set_aside(batch, at));
                        if again >= COLLISIONS_AGAIN {
                            self.backlog.set_aside_from(batch, at);
                        }
                        continue;
                    }
                    Err(error) => return self.abandon(&error, guard),
                },
                Err(fault) => {
                    self.connection.rollback();
                    return Attempt::Lost(fault);
                }
            }
            at += 1;
        }
        match self.end(&mut work).and_then(|()| self.connection.commit(&work.notices)) {
            Ok(has_changed) => {
                work.has_changed |= has_changed;
                Attempt::Committed(work)
            }
            Err(error) => self.abandon(&error, guard),
        }
    }

    fn begin(&mut self, batch: &Batch, guard: Guard) -> Result<()> {
        self.connection.begin(self.deadline)?;
        if guard == Guard::Hurried { self.connection.hurry() } else { self.take_turns(batch) }
    }

    fn take_turns(&mut self, batch: &Batch) -> Result<()> {
        let keys = batch.jobs.iter().flat_map(|job| job.turns()).map(String::as_str);
        // They travel as lines.
        let keys: BTreeSet<_> = keys.filter(|key| !key.contains(['\n', '\0'])).collect();
        if keys.is_empty() { Ok(()) } else { self.connection.take_all_turns(&keys) }
    }

    fn end(&mut self, work: &mut Work) -> Result<()> {
        if work.endings.is_empty() {
            return Ok(());
        }
        self.connection.take_all_turns(&work.endings.keys().map(String::as_str).collect())?;
        let mut tx = Tx::new(&mut *self.connection);
        for (id, write) in &work.endings {
            write(&mut tx, id)?;
        }
        work.notices.extend(tx.take_notices());
        Ok(())
    }

    /// Runs one closure; with a guard, a failed one is taken back to its savepoint. An error that means more than
    /// this closure, or that took the transaction along, is a fault.
    fn run_job(&mut self, job: &mut dyn Job, guard: Guard) -> std::result::Result<Outcome, Fault> {
        if guard != Guard::Batch {
            let guarded = self.connection.savepoint();
            self.whole(guarded)?;
        }
        let mut outcome = job.run(&mut *self.connection);
        if !matches!(outcome, Outcome::Done(_)) {
            self.whole(Ok(()))?;
        }
        if guard == Guard::Batch {
            return Ok(outcome);
        }
        if let Outcome::Done(_) = outcome {
            let Err(error) = self.connection.release() else { return Ok(outcome) };
            self.whole(Ok(()))?;
            job.fail(error);
            outcome = Outcome::Failed;
        }
        if let Outcome::Failed = outcome {
            let back = self.connection.rollback_to_savepoint();
            self.whole(back)?;
        }
        let released = self.connection.release();
        self.whole(released)?;
        Ok(outcome)
    }

    /// Back to before the closure that collided; the rest of the batch has waited long enough.
    fn step_back(&mut self) -> Result<()> {
        self.connection.rollback_to_savepoint()?;
        self.connection.release()?;
        self.connection.hurry()
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

    /// Of what was sent along and failed, only a savepoint says whose it was.
    fn abandon(&mut self, error: &Error, guard: Guard) -> Attempt {
        let fault = self.connection.take_fault();
        self.connection.rollback();
        match fault {
            Some(fault) => Attempt::Lost(fault),
            None if guard == Guard::Batch => Attempt::Unguarded,
            None => Attempt::Lost(Fault::Unavailable(error.to_string())),
        }
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
            if self.board.note_trouble() {
                tracing::error!(reason = why, "the store cannot be written; until it can, what arrives is refused");
            }
        }
    }

    fn recovered(&mut self) {
        if self.state == State::Troubled {
            self.state = State::Well;
            if self.board.note_recovery() {
                tracing::info!("the store can be written again");
            }
        }
    }
}
