//! All SQL, and the only ways to it: [`Store::write`], and three lanes of reading: [`Store::look_up`], [`Store::show`]
//! and [`Store::list`].
//!
//! One SQL text serves SQLite (embedded) and PostgreSQL (several nodes); the two engines are thin executors. Writes go
//! to a writer thread, on PostgreSQL to one of several, which commits many of them at once; each lane has threads and
//! connections of its own. No driver is ever touched by an async thread.

pub mod copy;
pub mod engine;
pub mod keys;
pub mod location;
pub mod migrations;
pub mod moving;
pub mod open;
pub mod postgres;
pub mod sqlite;
pub mod tables;
pub mod tx;
pub mod value;
pub mod walk;

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, mpsc as std_mpsc};
use std::time::Duration;

use tokio::sync::oneshot;

use crate::error::{Error, Result};
use crate::store::engine::Purpose;
use crate::store::engine::notices::{Generations, NoticeBoard, Said};
use crate::store::engine::readers::{Lane, Readers};
use crate::store::engine::subscription::Subscription;
use crate::store::engine::task::Task;
use crate::store::engine::threads;
use crate::store::engine::writer::Writer;
use crate::store::location::{OpenError, StoreLocation};
use crate::store::sqlite::bulk::{self, PutOff};
use crate::store::tx::Tx;

/// A write that has waited for so long is a sign that writes cannot be expected to succeed.
const WAIT_LIMIT: Duration = Duration::from_secs(3);

/// The store, on either engine. Clones share it; the last one closes it.
#[derive(Clone)]
pub struct Store(Arc<Shared>);

/// Dropped in this order: first the threads end, each with its connections, then the engine gives up what it holds.
struct Shared {
    readers: Readers,
    /// At least one.
    writers: Vec<Writer>,
    board: Arc<NoticeBoard>,
    location: StoreLocation,
    _kept: Box<dyn Send + Sync>,
}

impl Store {
    /// Opens the store beside whoever else has it open; made when absent.
    ///
    /// # Errors
    /// A sentence for the person who started the program.
    pub fn open(location: &StoreLocation) -> std::result::Result<Self, OpenError> {
        Self::start(location, Purpose::Command)
    }

    /// As [`Store::open`], and keeps every other server off an embedded store until the last handle is gone.
    ///
    /// # Errors
    /// `InUse` when another server has it, else as `open`.
    pub fn open_for_serving(location: &StoreLocation) -> std::result::Result<Self, OpenError> {
        Self::start(location, Purpose::Serve)
    }

    fn start(location: &StoreLocation, purpose: Purpose) -> std::result::Result<Self, OpenError> {
        let board = Arc::new(NoticeBoard::default());
        let engine = open::open(location, purpose, &board)?;
        let readers = Readers::start(&engine.connector);
        let writers = engine.writers.into_iter().map(|writer| Writer::start(writer, Arc::clone(&board))).collect();
        Ok(Self(Arc::new(Shared { readers, writers, board, location: location.clone(), _kept: engine.kept })))
    }

    /// Whether a write can be expected to succeed now, and what other nodes change is heard: what `/readyz` says.
    pub fn is_ready(&self) -> bool {
        self.0.board.is_ready() && !self.is_deaf() && self.longest_wait() < WAIT_LIMIT
    }

    /// How long the oldest write has been waiting.
    pub fn longest_wait(&self) -> Duration {
        self.0.writers.iter().map(Writer::longest_wait).max().unwrap_or_default()
    }

    /// How many reads wait for a thread, by lane.
    pub fn reads_waiting(&self) -> [(&'static str, usize); Lane::ALL.len()] {
        Lane::ALL.map(|lane| (lane.as_str(), self.0.readers.count_waiting(lane)))
    }

    /// Whether what other nodes change is not heard now: nothing may be shown as if it were current.
    pub fn is_deaf(&self) -> bool {
        self.0.board.is_deaf()
    }

    /// From now on this is told, each second, what time the clock that all nodes share says it is; nothing where there is none.
    pub fn tell_time(&self, told: impl Fn(Said) + Send + Sync + 'static) {
        self.0.board.tell_time(Box::new(told));
    }

    /// Waits until the store is past saving (the disk refused to keep what was written) and the process must end for
    /// its supervisor to start it again. Says what happened.
    pub async fn died(&self) -> String {
        self.0.board.died().await
    }

    /// For whoever fills an empty store at once: an embedded one is without its indexes from now on, until they are made
    /// up for. `None` on PostgreSQL.
    ///
    /// # Errors
    /// A sentence for the person who started the program.
    pub fn put_off_indexes(&self) -> std::result::Result<Option<PutOff>, OpenError> {
        match &self.0.location {
            StoreLocation::Sqlite(path) => bulk::put_off(path).map(Some),
            StoreLocation::Postgres(_) => Ok(None),
        }
    }

    /// What was deleted stands no longer in the log of an embedded store either, unless somebody reads for very long: then
    /// it goes with the next cut of the log. On PostgreSQL the server's own vacuum sees to that.
    pub async fn cut_log(&self) {
        let StoreLocation::Sqlite(path) = self.location() else { return };
        let (path, (answer, cut)) = (path.clone(), oneshot::channel());
        let work = move || {
            let _ = answer.send(sqlite::cut_log(&path));
        };
        drop(threads::spawn("log", work));
        if !cut.await.unwrap_or_default() {
            tracing::warn!("the store's log could not be cut: somebody reads for long");
        }
    }

    pub fn location(&self) -> &StoreLocation {
        &self.0.location
    }

    /// What a look through the whole store has found wrong since it was opened; only servers look.
    pub fn damage(&self) -> Option<&str> {
        self.0.board.damage()
    }

    /// How many bytes the embedded store's write-ahead log has, while that is too many.
    pub fn long_log(&self) -> Option<u64> {
        self.0.board.long_log()
    }

    pub fn generations(&self) -> &Generations {
        self.0.board.generations()
    }

    /// The notices of every commit from now on, in the order of each writer; whoever falls far behind hears `Everything` instead.
    pub fn subscribe(&self) -> Subscription {
        self.0.board.subscribe()
    }

    /// Looks a contact up while a caller waits: a thread of its own, given up after one second.
    pub async fn look_up<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx) -> Result<T> + Send + 'static,
    {
        self.read(Lane::LookUp, f).await
    }

    /// Reads by key what the PBX, a card or a whole request waits for; broken off after two seconds.
    pub async fn show<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx) -> Result<T> + Send + 'static,
    {
        self.read(Lane::Show, f).await
    }

    /// Reads a page of a list, or searches; broken off after ten seconds, counted from here.
    ///
    /// # Errors
    /// `TookTooLong` when it was broken off.
    pub async fn list<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx) -> Result<T> + Send + 'static,
    {
        self.read(Lane::List, f).await
    }

    async fn read<T, F>(&self, lane: Lane, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx) -> Result<T> + Send + 'static,
    {
        let (answer, receiver) = oneshot::channel();
        self.0.readers.read(lane, Task::boxed(Vec::new(), f, answer))?;
        let answer = tokio::time::timeout(lane.patience(), receiver).await.map_err(|_| Error::TookTooLong)?;
        answer.unwrap_or_else(|_| Err(closed()))
    }

    /// Runs `f` in a write transaction; it is on the disk when this returns. `f` may be run again, so it has no side
    /// effects and makes neither ids nor times. Refused when the store does not answer for eight seconds.
    pub async fn write<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx) -> Result<T> + Send + 'static,
    {
        self.write_in_turn(Vec::new(), f).await
    }

    /// As [`Store::write`], for a closure of which it is known at what it will take turns ([`Tx::take_turns`]): what all
    /// closures of a transaction name is taken at once and in one order, so that two nodes never wait for each other.
    pub async fn write_in_turn<T, F>(&self, turns: Vec<String>, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx) -> Result<T> + Send + 'static,
    {
        let (answer, receiver) = oneshot::channel();
        let writer = self.writer(&turns);
        writer.write(Task::boxed(turns, f, answer))?;
        receiver.await.unwrap_or_else(|_| Err(closed()))
    }

    /// What begins with the same turn is written in the order in which it came; what names none, by the first writer.
    fn writer(&self, turns: &[String]) -> &Writer {
        let mut hash = DefaultHasher::new();
        turns.first().hash(&mut hash);
        let at = if turns.is_empty() { 0 } else { hash.finish() as usize };
        &self.0.writers[at % self.0.writers.len()]
    }

    /// As [`Store::list`], for the command line.
    pub fn read_blocking<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx) -> Result<T> + Send + 'static,
    {
        let (answer, receiver) = std_mpsc::sync_channel(1);
        self.0.readers.read(Lane::List, Task::boxed(Vec::new(), f, answer))?;
        receiver.recv().unwrap_or_else(|_| Err(closed()))
    }

    /// As [`Store::write`], for the command line.
    pub fn write_blocking<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx) -> Result<T> + Send + 'static,
    {
        let (answer, receiver) = std_mpsc::sync_channel(1);
        self.writer(&[]).write(Task::boxed(Vec::new(), f, answer))?;
        receiver.recv().unwrap_or_else(|_| Err(closed()))
    }
}

fn closed() -> Error {
    Error::Busy("the store is closed".to_owned())
}
