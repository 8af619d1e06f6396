//! One closure on its way through a thread of the store: run, perhaps again, then answered.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::time::Instant;

use tokio::sync::oneshot;

use crate::error::{Error, Result};
use crate::store::tx::{Ending, Executor, Notice, Tx};

/// How a run ended.
pub enum Outcome {
    Done(Work),
    /// It failed and had written nothing: the transaction is as it was.
    FailedUnwritten,
    /// It failed after a write or in a statement: what it did must be taken back.
    Failed,
}

/// What a closure, or a whole batch, has done.
#[derive(Debug, Default)]
pub struct Work {
    pub notices: Vec<Notice>,
    /// What is still to be written.
    pub endings: BTreeMap<String, Ending>,
    /// A row was touched: once it is committed, the store has shown that it can be written.
    pub has_changed: bool,
}

impl Work {
    pub fn add(&mut self, more: Self) {
        self.notices.extend(more.notices);
        self.endings.extend(more.endings);
        self.has_changed |= more.has_changed;
    }
}

/// A closure as the threads see it.
pub trait Job: Send {
    /// At what it will take turns with other nodes, as far as that is known before it runs.
    fn turns(&self) -> &[String];
    /// Runs the closure and keeps its answer; a panic is a failure of this closure alone.
    fn run(&mut self, executor: &mut dyn Executor) -> Outcome;
    /// What it sent along has failed, whatever the closure made of it.
    fn fail(&mut self, error: Error);
    /// Hands the kept answer to the caller.
    fn answer(self: Box<Self>);
    /// Hands the caller an error, whatever the closure made of it.
    fn refuse(self: Box<Self>, error: Error);
    /// When it was queued.
    fn queued_at(&self) -> Instant;
    /// Whether the caller has gone away.
    fn is_abandoned(&self) -> bool;
}

/// Where an answer goes: to an async caller, or to one that blocks.
pub trait Answer<T>: Send {
    fn give(self, answer: Result<T>);
    fn is_abandoned(&self) -> bool;
}

impl<T: Send> Answer<T> for oneshot::Sender<Result<T>> {
    fn give(self, answer: Result<T>) {
        let _ = self.send(answer);
    }
    fn is_abandoned(&self) -> bool {
        self.is_closed()
    }
}

impl<T: Send> Answer<T> for mpsc::SyncSender<Result<T>> {
    fn give(self, answer: Result<T>) {
        let _ = self.send(answer);
    }
    fn is_abandoned(&self) -> bool {
        false
    }
}

pub struct Task<T, F, A> {
    turns: Vec<String>,
    closure: F,
    kept: Option<Result<T>>,
    answer: A,
    queued_at: Instant,
}

impl<T, F, A> Task<T, F, A>
where
    T: Send + 'static,
    F: FnMut(&mut Tx) -> Result<T> + Send + 'static,
    A: Answer<T> + 'static,
{
    pub fn boxed(turns: Vec<String>, closure: F, answer: A) -> Box<dyn Job> {
        Box::new(Self { turns, closure, kept: None, answer, queued_at: Instant::now() })
    }
}

impl<T, F, A> Job for Task<T, F, A>
where
    T: Send,
    F: FnMut(&mut Tx) -> Result<T> + Send,
    A: Answer<T>,
{
    fn turns(&self) -> &[String] {
        &self.turns
    }

    fn run(&mut self, executor: &mut dyn Executor) -> Outcome {
        let mut tx = Tx::new(executor);
        let ran = catch_unwind(AssertUnwindSafe(|| (self.closure)(&mut tx)));
        let kept = match ran {
            Ok(Ok(_)) if tx.has_failed => Err(Error::internal("a closure went on after a statement had failed")),
            Ok(result) => result,
            Err(_) => Err(Error::internal("a closure of the store panicked")),
        };
        let outcome = match &kept {
            Ok(_) => Outcome::Done(Work {
                notices: tx.take_notices(),
                endings: tx.take_endings(),
                has_changed: tx.has_changed,
            }),
            Err(_) if tx.has_written || tx.has_failed => Outcome::Failed,
            Err(_) => Outcome::FailedUnwritten,
        };
        self.kept = Some(kept);
        outcome
    }

    fn fail(&mut self, error: Error) {
        self.kept = Some(Err(error));
    }

    fn answer(self: Box<Self>) {
        let kept = self.kept.unwrap_or_else(|| Err(Error::internal("a closure was answered before it ran")));
        self.answer.give(kept);
    }

    fn refuse(self: Box<Self>, error: Error) {
        self.answer.give(Err(error));
    }

    fn queued_at(&self) -> Instant {
        self.queued_at
    }

    fn is_abandoned(&self) -> bool {
        self.answer.is_abandoned()
    }
}
