//! All SQL, and the only two ways to it: [`Store::read`] and [`Store::write`].
//!
//! One SQL text serves SQLite (embedded) and PostgreSQL (several nodes); the two engines are thin executors.

pub mod calls;
pub mod client_numbers;
pub mod contact_phones;
pub mod contacts;
pub mod crm_tokens;
pub mod directory;
pub mod dismissals;
pub mod integrations;
pub mod lines;
pub mod location;
pub mod secret_key;
pub mod sessions;
pub mod settings;
pub mod setup;
pub mod sqlite;
pub mod users;
pub mod value;
pub mod webhooks;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use tokio::sync::mpsc;

use crate::error::Result;
use crate::store::location::{OpenError, StoreLocation};
use crate::store::sqlite::Sqlite;
use crate::store::value::{Row, Value};

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
}

/// A transaction as the table functions see it.
pub struct Tx<'a> {
    executor: &'a mut dyn Executor,
    notices: Vec<Notice>,
}

impl<'a> Tx<'a> {
    pub fn new(executor: &'a mut dyn Executor) -> Self {
        Self { executor, notices: Vec::new() }
    }

    pub fn query(&mut self, sql: &'static str, params: &[Value]) -> Result<Vec<Row>> {
        self.executor.query(sql, params)
    }

    /// The first row, if there is one.
    pub fn query_opt(&mut self, sql: &'static str, params: &[Value]) -> Result<Option<Row>> {
        Ok(self.query(sql, params)?.into_iter().next())
    }

    pub fn execute(&mut self, sql: &'static str, params: &[Value]) -> Result<u64> {
        self.executor.execute(sql, params)
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

/// How often each kind of thing was changed, by anybody: whoever keeps a copy compares before he believes it.
#[derive(Debug, Default)]
pub struct Generations {
    directory: AtomicU64,
    contacts: AtomicU64,
}

impl Generations {
    /// Grows before the write that changed users, lines, integrations, tokens or settings is answered.
    pub fn directory(&self) -> u64 {
        self.directory.load(Ordering::SeqCst)
    }

    /// Grows before the write that changed a contact, or anything of the directory, is answered.
    pub fn contacts(&self) -> u64 {
        self.contacts.load(Ordering::SeqCst)
    }

    pub fn note(&self, topic: Topic) {
        match topic {
            Topic::Directory => {
                self.directory.fetch_add(1, Ordering::SeqCst);
                self.contacts.fetch_add(1, Ordering::SeqCst);
            }
            Topic::Contact => {
                self.contacts.fetch_add(1, Ordering::SeqCst);
            }
            Topic::Call | Topic::Missed => {}
        }
    }
}

/// The store, on either engine. Clones share it; the last one closes it.
#[derive(Clone)]
pub struct Store(Arc<Shared>);

struct Shared {
    sqlite: Mutex<Sqlite>,
    generations: Generations,
    listeners: Mutex<Vec<mpsc::UnboundedSender<Vec<Notice>>>>,
}

impl Store {
    /// Opens the store beside whoever else has it open; made when absent.
    ///
    /// # Errors
    /// A sentence for the person who started the program.
    pub fn open(location: &StoreLocation) -> std::result::Result<Self, OpenError> {
        let StoreLocation::Sqlite(path) = location else {
            return Err(OpenError::Unreachable("PostgreSQL is not built in yet".to_owned()));
        };
        Ok(Self(Arc::new(Shared {
            sqlite: Mutex::new(Sqlite::open(path).map_err(|error| OpenError::Unreachable(error.to_string()))?),
            generations: Generations::default(),
            listeners: Mutex::default(),
        })))
    }

    /// As [`Store::open`], and keeps every other server off an embedded store until the last handle is gone.
    ///
    /// # Errors
    /// `InUse` when another server has it, else as `open`.
    pub fn open_for_serving(location: &StoreLocation) -> std::result::Result<Self, OpenError> {
        Self::open(location)
    }

    /// Whether a write can be expected to succeed now: what `/readyz` says.
    pub fn is_ready(&self) -> bool {
        true
    }

    /// Waits until the store is past saving (the disk refused to keep what was written) and the process must end for
    /// its supervisor to start it again. Says what happened.
    pub async fn died(&self) -> String {
        std::future::pending().await
    }

    pub fn generations(&self) -> &Generations {
        &self.0.generations
    }

    /// The notices of every commit from now on, in commit order.
    pub fn subscribe(&self) -> mpsc::UnboundedReceiver<Vec<Notice>> {
        let (sender, receiver) = mpsc::unbounded_channel();
        if let Ok(mut listeners) = self.0.listeners.lock() {
            listeners.push(sender);
        }
        receiver
    }

    /// Runs `f` in a read transaction.
    pub async fn read<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx) -> Result<T> + Send + 'static,
    {
        self.read_blocking(f)
    }

    /// As [`Store::read`], on a thread reserved for the look-up of contacts, given up after one second.
    pub async fn look_up<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx) -> Result<T> + Send + 'static,
    {
        self.read_blocking(f)
    }

    /// Runs `f` in a write transaction; it is on the disk when this returns. `f` may be run again, so it has no side
    /// effects and makes neither ids nor times.
    pub async fn write<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx) -> Result<T> + Send + 'static,
    {
        self.write_blocking(f)
    }

    /// As [`Store::read`], for the command line.
    pub fn read_blocking<T, F>(&self, mut f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx) -> Result<T> + Send + 'static,
    {
        let mut sqlite = self.0.sqlite.lock().map_err(crate::error::Error::internal)?;
        f(&mut Tx::new(&mut *sqlite))
    }

    /// As [`Store::write`], for the command line.
    pub fn write_blocking<T, F>(&self, mut f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx) -> Result<T> + Send + 'static,
    {
        let mut sqlite = self.0.sqlite.lock().map_err(crate::error::Error::internal)?;
        sqlite.begin()?;
        let mut tx = Tx::new(&mut *sqlite);
        let result = f(&mut tx);
        let notices = tx.take_notices();
        sqlite.end(result.is_ok())?;
        for notice in &notices {
            self.0.generations.note(notice.topic);
        }
        if let Ok(listeners) = self.0.listeners.lock() {
            for listener in listeners.iter() {
                let _ = listener.send(notices.clone());
            }
        }
        result
    }
}
