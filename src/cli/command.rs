//! What the commands have in common: where the store is, how an answer is waited for, how a refusal is said in one line.

use anyhow::Context;
use secrecy::ExposeSecret;

use crate::app::App;
use crate::clock::Clock;
use crate::config::Config;
use crate::error::{Error, FieldError};
use crate::store::Store;
use crate::store::location::StoreLocation;

/// The application for commands that work beside a running server; makes the store when there is none.
///
/// # Errors
/// What stands in the way of the store.
pub fn open_app(config: &Config) -> anyhow::Result<App> {
    make_data_dir(config)?;
    let store = Store::open(&store_location(config)?)?;
    Ok(App::new(store, Clock::system(), config.clone()))
}

/// # Errors
/// When the address is none.
pub fn store_location(config: &Config) -> anyhow::Result<StoreLocation> {
    match &config.database_url {
        Some(url) => StoreLocation::parse(url.expose_secret()).context("RINGCARD_DATABASE_URL"),
        None => Ok(StoreLocation::in_dir(&config.data_dir)),
    }
}

/// # Errors
/// When it can neither be found nor made.
pub fn make_data_dir(config: &Config) -> anyhow::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&config.data_dir)
        .with_context(|| format!("the data directory {} cannot be made", config.data_dir.display()))
}

/// Runs what is asynchronous in a command that is not.
///
/// # Errors
/// What `work` says.
pub fn block_on<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work)
}

/// Every refused member by name: an answer of the API has them beside its sentence, a line on a terminal has not.
pub fn in_one_line(error: Error) -> anyhow::Error {
    let Error::Invalid(fields) = &error else { return error.into() };
    let say = |refused: &FieldError| format!("{}: {}", refused.field, refused.message);
    anyhow::anyhow!(fields.iter().map(say).collect::<Vec<_>>().join("; "))
}
