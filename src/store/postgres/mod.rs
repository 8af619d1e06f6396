//! The engine that several nodes share.
//!
//! The driver is asynchronous, so that everything asked of the server has its time; each connection has a runtime of its
//! own, driven by the thread of the store that uses it.

mod address;
mod connection;
mod flight;
mod listener;
mod reader;
mod schema;
pub mod whole;
mod wire;
mod writer;

use std::sync::Arc;
use std::time::Instant;

use crate::error::Result as StoreResult;
use crate::store::engine::notices::NoticeBoard;
use crate::store::engine::{Connect, Engine, Purpose, ReadConnection, WriteConnection};
use crate::store::location::OpenError;
use crate::store::postgres::address::Address;
use crate::store::postgres::listener::Listener;
use crate::store::postgres::reader::Reader;
use crate::store::postgres::writer::Writer;

/// How many write at once: each waits for the server's answer to every statement.
const WRITERS: usize = 8;

/// Connects, makes or brings up the schema, and listens for what other nodes change.
///
/// # Errors
/// `Location` for an address that cannot be read, `Newer`, else `Unreachable`.
pub fn open(url: &str, purpose: Purpose, board: &Arc<NoticeBoard>) -> Result<Engine, OpenError> {
    let address = Arc::new(Address::parse(url)?);
    let first = Arc::clone(&address);
    let prepared = std::thread::spawn(move || schema::prepare(&first, purpose)).join();
    prepared.map_err(|_| OpenError::Unreachable("the first connection to PostgreSQL broke off".to_owned()))??;
    let listener = Listener::start(Arc::clone(&address), Arc::clone(board))?;
    let writer = || -> Box<dyn WriteConnection> { Box::new(Writer::new(Arc::clone(&address))) };
    Ok(Engine {
        writers: std::iter::repeat_with(writer).take(WRITERS).collect(),
        connector: Arc::new(Server(address)),
        kept: Box::new(listener),
    })
}

/// Where readers connect to.
struct Server(Arc<Address>);

impl Connect for Server {
    fn connect_reader(&self, deadline: Instant) -> StoreResult<Box<dyn ReadConnection>> {
        Ok(Box::new(Reader::open(&self.0, deadline)?))
    }
}
