//! All SQL, and the only two ways to it: [`Store::read`] and [`Store::write`].
//!
//! One SQL text serves SQLite (embedded) and PostgreSQL (several nodes); the two engines are thin executors. Writes go
//! to one writer thread, which commits many of them at once; reads go to a few reader threads, and the look-up of
//! contacts to one of its own. No driver is ever touched by an async thread.

pub mod call_lists;
pub mod calls;
pub mod client_numbers;
pub mod contact_phones;
pub mod contacts;
pub mod crm_tokens;
pub mod dial_slots;
pub mod directory;
pub mod dismissals;
pub mod engine;
pub mod integrations;
pub mod lines;
pub mod location;
pub mod migrations;
pub mod notify;
pub mod outbox;
pub mod postgres;
pub mod readers;
pub mod secret_key;
pub mod sessions;
pub mod settings;
pub mod setup;
pub mod sqlite;
pub mod task;
pub mod users;
pub mod value;
pub mod webhooks;
pub mod writer;

use std::sync::{Arc, mpsc as std_mpsc};

use tokio::sync::{mpsc, oneshot};

use crate::error::{Error, Result};
use crate::store::engine::{Engine, Purpose};
use crate::store::location::{OpenError, StoreLocation};
use crate::store::notify::{Board, Generations};
use crate::store::readers::{LOOK_UP_LIMIT, Readers};
use crate::store::task::Task;
use crate::store::value::{Row, Value};
use crate::store::writer::Writer;

/// What a notice is about; its id is the row's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Topic {
    /// A call's row changed: cards may change.
    Call,
    /// The missed board may have changed; the id is the client number's row.
    Missed,
    /// A contact changed.
    Contact,
    /// Users, lines, sessions, integrations, tokens or settings changed: caches of them are void.
    Directory,
    /// Something changed and nobody can say what (another program wrote, or notices were lost while the store could
    /// not be reached): whatever is shown must be read again. Made by the store alone; the id is empty.
    Everything,
}

/// Something changed, said after the commit, in commit order.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Notice {
    pub topic: Topic,
    pub id: String,
}

/// An engine's connection inside a transaction.
pub trait Executor {
    /// # Errors
    /// `Busy` when the store cannot answer now, `Conflict` on a violated constraint, else `Internal`.
    fn query(&mut self, sql: &'static str, params: &[Value]) -> Result<Vec<Row>>;
    /// Returns the number of rows touched. Never for a statement with RETURNING: use `query`.
    ///
    /// # Errors
    /// As `query`.
    fn execute(&mut self, sql: &'static str, params: &[Value]) -> Result<u64>;
    /// Makes transactions of several nodes that give the same key wait for each other until they end. An engine with
    /// one writer has no need of it.
    ///
    /// # Errors
    /// As `query`.
    fn take_turns(&mut self, _key: &str) -> Result<()> {
        Ok(())
    }
}

/// A transaction as the table functions see it. A statement that fails fails the whole closure: PostgreSQL would
/// refuse everything after it, so neither engine keeps anything of it.
pub struct Tx<'a> {
    executor: &'a mut dyn Executor,
    notices: Vec<Notice>,
    has_written: bool,
    has_failed: bool,
}

impl<'a> Tx<'a> {
    pub fn new(executor: &'a mut dyn Executor) -> Self {
        Self { executor, notices: Vec::new(), has_written: false, has_failed: false }
    }

    pub fn query(&mut self, sql: &'static str, params: &[Value]) -> Result<Vec<Row>> {
        refuse_nul(params)?;
        self.has_written |= !sql.trim_start().starts_with("SELECT");
        let rows = self.executor.query(sql, params);
        self.has_failed |= rows.is_err();
        rows
    }

    /// The first row, if there is one.
    pub fn query_opt(&mut self, sql: &'static str, params: &[Value]) -> Result<Option<Row>> {
        Ok(self.query(sql, params)?.into_iter().next())
    }

    pub fn execute(&mut self, sql: &'static str, params: &[Value]) -> Result<u64> {
        refuse_nul(params)?;
        self.has_written = true;
        let touched = self.executor.execute(sql, params);
        self.has_failed |= touched.is_err();
        touched
    }

    /// Lets nobody else who gives this key go on until this transaction ends.
    pub fn take_turns(&mut self, key: &str) -> Result<()> {
        let taken = self.executor.take_turns(key);
        self.has_failed |= taken.is_err();
        taken
    }

    /// Tells everybody who listens, after the commit, that this row changed.
    pub fn notify(&mut self, topic: Topic, id: &str) {
        self.notices.push(Notice { topic, id: id.to_owned() });
    }

    /// What was noted so far; the engine sends it after the commit.
    pub fn take_notices(&mut self) -> Vec<Notice> {
        std::mem::take(&mut self.notices)
    }
}

/// PostgreSQL's text holds no NUL, so neither engine is given one: whoever sends it hears the same from both.
fn refuse_nul(params: &[Value]) -> Result<()> {
    let has_nul = |value: &Value| matches!(value, Value::Text(text) if text.contains('\0'));
    if params.iter().any(has_nul) {
        return Err(Error::BadRequest("a NUL character is no text".to_owned()));
    }
    Ok(())
}

/// The store, on either engine. Clones share it; the last one closes it.
#[derive(Clone)]
pub struct Store(Arc<Shared>);

/// Dropped in this order: first the threads end, each with its connections, then the engine gives up what it holds.
struct Shared {
    readers: Readers,
    writer: Writer,
    board: Arc<Board>,
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
        let board = Arc::new(Board::default());
        let engine = Engine::open(location, purpose, &board)?;
        let readers = Readers::start(engine.connector);
        let writer = Writer::start(engine.writer, Arc::clone(&board));
        Ok(Self(Arc::new(Shared { readers, writer, board, _kept: engine.kept })))
    }

    /// Whether a write can be expected to succeed now: what `/readyz` says.
    pub fn is_ready(&self) -> bool {
        self.0.board.is_ready()
    }

    /// Waits until the store is past saving (the disk refused to keep what was written) and the process must end for
    /// its supervisor to start it again. Says what happened.
    pub async fn died(&self) -> String {
        self.0.board.died().await
    }

    pub fn generations(&self) -> &Generations {
        self.0.board.generations()
    }

    /// The notices of every commit from now on, in commit order.
    pub fn subscribe(&self) -> mpsc::UnboundedReceiver<Arc<[Notice]>> {
        self.0.board.subscribe()
    }

    /// Runs `f` in a read transaction.
    pub async fn read<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx) -> Result<T> + Send + 'static,
    {
        let (answer, receiver) = oneshot::channel();
        self.0.readers.read(Task::boxed(f, answer))?;
        receiver.await.unwrap_or_else(|_| Err(closed()))
    }

    /// As [`Store::read`], on a thread reserved for the look-up of contacts, given up after one second.
    pub async fn look_up<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx) -> Result<T> + Send + 'static,
    {
        let (answer, receiver) = oneshot::channel();
        self.0.readers.look_up(Task::boxed(f, answer))?;
        match tokio::time::timeout(LOOK_UP_LIMIT, receiver).await {
            Ok(answer) => answer.unwrap_or_else(|_| Err(closed())),
            Err(_) => Err(Error::Busy("a look-up took too long".to_owned())),
        }
    }

    /// Runs `f` in a write transaction; it is on the disk when this returns. `f` may be run again, so it has no side
    /// effects and makes neither ids nor times.
    pub async fn write<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx) -> Result<T> + Send + 'static,
    {
        let (answer, receiver) = oneshot::channel();
        self.0.writer.write(Task::boxed(f, answer))?;
        receiver.await.unwrap_or_else(|_| Err(closed()))
    }

    /// As [`Store::read`], for the command line.
    pub fn read_blocking<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx) -> Result<T> + Send + 'static,
    {
        let (answer, receiver) = std_mpsc::sync_channel(1);
        self.0.readers.read(Task::boxed(f, answer))?;
        receiver.recv().unwrap_or_else(|_| Err(closed()))
    }

    /// As [`Store::write`], for the command line.
    pub fn write_blocking<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx) -> Result<T> + Send + 'static,
    {
        let (answer, receiver) = std_mpsc::sync_channel(1);
        self.0.writer.write(Task::boxed(f, answer))?;
        receiver.recv().unwrap_or_else(|_| Err(closed()))
    }
}

fn closed() -> Error {
    Error::Busy("the store is closed".to_owned())
}
