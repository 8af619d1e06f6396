//! What the threads of the store ask of an engine.

pub mod backlog;
pub mod notices;
pub mod readers;
pub mod subscription;
pub mod task;
pub mod threads;
pub mod writer;
mod writing;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use crate::error::Result as StoreResult;
use crate::store::tx::{Executor, Notice};

/// What a failure means for the store as a whole, beyond the statement that met it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Another transaction stood in the way: the same closures may succeed, one at a time.
    Collision,
    /// The store cannot take anything now: a full disk, a lost connection.
    Unavailable(String),
    /// The connection was lost; a new one may take the same closures again.
    Disconnected(String),
    /// The disk did not keep what it was given, or gave back what nobody wrote. Nothing that this process still
    /// believes can be trusted.
    Fatal(String),
}

/// The connection of the writer thread.
pub trait WriteConnection: Executor + Send {
    /// Begins a transaction that will write. Over a network, nothing of it is waited for beyond the deadline.
    fn begin(&mut self, deadline: Instant) -> StoreResult<()>;
    /// Makes it durable, unless something fails that was sent along. Notices that the engine itself carries to all nodes
    /// go with it. Answers whether something that was sent along has touched a row.
    fn commit(&mut self, notices: &[Notice]) -> StoreResult<bool>;
    /// Takes the transaction back, if it still stands.
    fn rollback(&mut self);
    /// Takes turns at all of these, in an order that is the same on every node.
    fn take_all_turns(&mut self, keys: &BTreeSet<&str>) -> StoreResult<()>;
    /// For the rest of the transaction, what another one holds is hardly waited for.
    fn hurry(&mut self) -> StoreResult<()>;
    fn savepoint(&mut self) -> StoreResult<()>;
    /// Fails if something fails that was sent along since the savepoint.
    fn release(&mut self) -> StoreResult<()>;
    fn rollback_to_savepoint(&mut self) -> StoreResult<()>;
    /// False once an error has taken the whole transaction along.
    fn is_in_transaction(&self) -> bool;
    /// What the last failure means, once.
    fn take_fault(&mut self) -> Option<Fault>;
    /// How many closures one transaction may hold.
    fn batch_limit(&self) -> usize;
    /// Whether the writer hands out notices itself, or the engine brings them back from the server.
    fn carries_notices(&self) -> bool;
    /// What there is to do after a batch was answered.
    fn tidy(&mut self);
    /// What there is to do now and then when nothing arrives: looks for others' changes, keeps the files short.
    fn tend(&mut self);
    /// Tries a write that changes nothing, to learn whether the store is back.
    fn probe(&mut self) -> StoreResult<()>;
}

/// A connection that cannot write.
pub trait ReadConnection: Executor + Send {
    /// Begins a snapshot. No statement of it runs beyond the deadline.
    fn begin(&mut self, deadline: Instant) -> StoreResult<()>;
    /// Ends the snapshot.
    fn end(&mut self);
    /// A statement that still runs at this instant is broken off.
    fn set_deadline(&mut self, deadline: Option<Instant>);
    fn is_in_transaction(&self) -> bool;
    fn is_broken(&self) -> bool;
}

/// Makes read-only connections.
pub trait Connect: Send + Sync {
    /// # Errors
    /// `Busy` when there is none to be had before the deadline.
    fn connect_reader(&self, deadline: Instant) -> StoreResult<Box<dyn ReadConnection>>;
}

/// An opened engine, its schema up to date.
pub struct Engine {
    pub connector: Arc<dyn Connect>,
    /// One or more, each for a thread of its own.
    pub writers: Vec<Box<dyn WriteConnection>>,
    /// Held while the store is open: a lock file, a thread that listens.
    pub kept: Box<dyn Send + Sync>,
}

/// Whether other programs may have the store open to serve from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// One command, beside a server or not.
    Command,
    /// A server: an embedded store has one at most.
    Serve,
}
