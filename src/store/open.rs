//! Opens the engine that a location names.

use std::sync::Arc;

use crate::store::engine::notices::NoticeBoard;
use crate::store::engine::{Engine, Purpose};
use crate::store::location::{OpenError, StoreLocation};
use crate::store::{postgres, sqlite};

/// # Errors
/// A sentence for the person who started the program.
pub fn open(location: &StoreLocation, purpose: Purpose, board: &Arc<NoticeBoard>) -> Result<Engine, OpenError> {
    match location {
        StoreLocation::Sqlite(path) => sqlite::open(path, purpose, board),
        StoreLocation::Postgres(url) => postgres::open(url, purpose, board),
    }
}
