//! Where a store is, and why it could not be opened.

use std::path::{Path, PathBuf};

/// The place of a store: a file of our own, or a PostgreSQL server that several nodes share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreLocation {
    Sqlite(PathBuf),
    /// The whole `postgres://…` address: it may hold a password, so it is never shown.
    Postgres(String),
}

impl StoreLocation {
    /// The file in a data directory: where the store is when nobody said otherwise.
    pub fn in_dir(data_dir: &Path) -> Self {
        Self::Sqlite(data_dir.join("ringcard.db"))
    }

    /// Reads `sqlite:PATH`, `postgres://…` or `postgresql://…`.
    ///
    /// # Errors
    /// `OpenError::Location` for anything else.
    pub fn parse(text: &str) -> Result<Self, OpenError> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            return match path {
                "" | ":memory:" => Err(OpenError::Location("sqlite: needs the path of a file".to_owned())),
                path => Ok(Self::Sqlite(PathBuf::from(path))),
            };
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        Err(OpenError::Location("a store's address is sqlite:PATH or postgres://…".to_owned()))
    }
}

/// Why a store cannot be opened: each a sentence for the person at the command line.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("{0}")]
    Location(String),
    #[error("another ringcard already serves {}: stop it first", .0.display())]
    InUse(PathBuf),
    #[error("{} is damaged or is no database of ringcard: {detail}. Restore a backup, or move the file away", .path.display())]
    Damaged { path: PathBuf, detail: String },
    #[error("the store's schema is version {found}, this program knows {known} at most: run the newer ringcard")]
    Newer { found: i64, known: i64 },
    #[error("{0}")]
    Refused(String),
    #[error("the store cannot be opened: {0}")]
    Unreachable(String),
}
