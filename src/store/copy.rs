//! A copy of the whole store in one file, and the way back.

use std::path::{Path, PathBuf};

use crate::store::location::{OpenError, StoreLocation};
use crate::store::sqlite;
use crate::store::sqlite::copy::Contents;
use crate::store::sqlite::restore::Vacant;
use crate::store::tables::audit::AuditRow;

/// What PostgreSQL's owner does instead.
const OF_POSTGRES: &str = "a store in PostgreSQL is kept and brought back by PostgreSQL's own tools: pg_dump --format=custom --file=FILE ADDRESS, \
     pg_restore --clean --if-exists --dbname=ADDRESS FILE; copy the folder of recordings beside it";

/// Copies the store as it is at one instant, beside whoever writes to it, and looks the copy through. `to` must not
/// exist.
///
/// # Errors
/// A sentence for the owner; of a store in PostgreSQL, what to do instead.
pub fn take(location: &StoreLocation, to: &Path) -> Result<Contents, OpenError> {
    sqlite::copy::take(file(location)?, to)
}

/// Looks a copy through: whole, ours, and of a schema that this program knows.
///
/// # Errors
/// `Damaged`, `Newer`.
pub fn look_through(copy: &Path) -> Result<Contents, OpenError> {
    sqlite::copy::look_through(copy)
}

/// Keeps an act in the audit of a store beside whoever serves from it, whatever its schema.
///
/// # Errors
/// What the engine says.
pub fn note(location: &StoreLocation, act: &AuditRow) -> Result<(), OpenError> {
    let path = file(location)?;
    sqlite::restore::note(path, act)
}

/// Keeps every server off the place until a copy was put there.
///
/// # Errors
/// `InUse` while a server runs.
pub fn keep_free(location: &StoreLocation) -> Result<Vacant, OpenError> {
    Vacant::keep(file(location)?)
}

/// Whether this store can be copied at all.
///
/// # Errors
/// What to do instead.
pub fn file(location: &StoreLocation) -> Result<&PathBuf, OpenError> {
    match location {
        StoreLocation::Sqlite(path) => Ok(path),
        StoreLocation::Postgres(_) => Err(OpenError::Refused(OF_POSTGRES.to_owned())),
    }
}
