//! The schema on a server: made once, by whoever comes first, and brought up by whoever knows more.

use std::time::{Duration, Instant};

use tokio_postgres::{Client, Error};

use crate::store::engine::Purpose;
use crate::store::location::OpenError;
use crate::store::migrations;
use crate::store::postgres::address::Address;
use crate::store::postgres::wire::{Failure, describe};

/// Whoever changes the schema holds this lock: "RINGCARD" in ASCII.
const LOCK: &str = "SELECT pg_advisory_xact_lock(5929062064880111172)";
/// As much, until the connection ends: nobody begins to serve meanwhile.
pub const TRY_LOCK: &str = "SELECT pg_try_advisory_lock(5929062064880111172)";
/// What is brought up may be large, and another node may be at it.
const LIMIT: Duration = Duration::from_secs(3_600);
const HALF_MADE: &str = "this PostgreSQL database is half made: a move into it broke off. Begin the same move again, or \
                         empty the database";
/// The name that search goes by.
const SEARCH: &str = include_str!("search.sql");
/// What makes search fast; it works without.
const TRIGRAMS: &str = include_str!("trigrams.sql");

/// Makes or brings up the schema; a server also learns what the search can do here.
pub fn prepare(address: &Address, purpose: Purpose) -> Result<(), OpenError> {
    let unreachable = |failure: Failure| OpenError::Unreachable(describe(&failure));
    let mut wire = address.connect(Instant::now() + LIMIT).map_err(unreachable)?;
    wire.deadline = Instant::now() + LIMIT;
    let found = wire.ask(bring_up).map_err(unreachable)?;
    let found = found.ok_or_else(|| OpenError::Refused(HALF_MADE.to_owned()))?;
    if found > migrations::LATEST {
        return Err(OpenError::Newer { found, known: migrations::LATEST });
    }
    if purpose == Purpose::Serve {
        wire.ask(prepare_search).map_err(unreachable)?;
        wire.ask(prepare_days).map_err(unreachable)?;
        wire.ask(warn_of_loss).map_err(unreachable)?;
    }
    Ok(())
}

/// Returns the version that the store then has; none, while it is moved into.
pub async fn bring_up(client: &mut Client) -> Result<Option<i64>, Error> {
    loop {
        let transaction = client.transaction().await?;
        transaction.batch_execute(LOCK).await?;
        let exists =
            transaction.query_one("SELECT to_regclass('schema_version') IS NOT NULL", &[]).await?.get::<_, bool>(0);
        if !exists {
            transaction.batch_execute(migrations::SCHEMA).await?;
            transaction.batch_execute(SEARCH).await?;
            transaction.execute("INSERT INTO schema_version (version) VALUES ($1)", &[&migrations::LATEST]).await?;
            transaction.commit().await?;
            return Ok(Some(migrations::LATEST));
        }
        let found = transaction.query_opt("SELECT version FROM schema_version", &[]).await?;
        let Some(found) = found.map(|row| row.get::<_, i64>(0)) else { return Ok(None) };
        let Some((number, sql)) = migrations::after(found).next() else { return Ok(Some(found)) };
        transaction.batch_execute(sql).await?;
        transaction.execute("UPDATE schema_version SET version = $1", &[&number]).await?;
        transaction.commit().await?;
    }
}

pub async fn prepare_search(client: &mut Client) -> Result<(), Error> {
    let transaction = client.transaction().await?;
    transaction.batch_execute(LOCK).await?;
    match transaction.batch_execute(TRIGRAMS).await {
        Ok(()) => transaction.commit().await?,
        Err(error) => {
            tracing::warn!(
                reason = describe(&error.into()),
                "pg_trgm cannot be had here: searching many thousand contacts will be slow"
            );
            return Ok(());
        }
    }
    let sql = "SELECT datctype::text FROM pg_database WHERE datname = current_database()";
    let kind: String = client.query_one(sql, &[]).await?.get(0);
    if matches!(kind.as_str(), "C" | "POSIX") {
        tracing::warn!("this database has LC_CTYPE=C: searching by Cyrillic text will be slow");
    }
    Ok(())
}

/// A year of days is read for a report: to unpack them would take the server a sixth of it.
async fn prepare_days(client: &mut Client) -> Result<(), Error> {
    let sql =
        "SELECT attstorage <> 'e' FROM pg_attribute WHERE attrelid = 'figure_day'::regclass AND attname = 'packed'";
    if client.query_one(sql, &[]).await?.get(0) {
        client.batch_execute("ALTER TABLE figure_day ALTER COLUMN packed SET STORAGE EXTERNAL").await?;
    }
    Ok(())
}

async fn warn_of_loss(client: &mut Client) -> Result<(), Error> {
    let fsync: String = client.query_one("SELECT current_setting('fsync')", &[]).await?.get(0);
    if fsync == "off" {
        tracing::warn!("this PostgreSQL runs with fsync=off: a power cut may lose everything");
    }
    Ok(())
}
