//! The schema on a server: made once, by whoever comes first, and brought up by whoever knows more.

use postgres::Client;

use crate::store::engine::Purpose;
use crate::store::location::OpenError;
use crate::store::migrations;
use crate::store::postgres::address::Address;
use crate::store::postgres::connection::describe;

/// Whoever changes the schema holds this lock: "RINGCARD" in ASCII.
const LOCK: &str = "SELECT pg_advisory_xact_lock(5929062064880111172)";
/// The name that search goes by.
const SEARCH: &str = include_str!("search.sql");
/// What makes search fast; it works without.
const TRIGRAMS: &str = include_str!("trigrams.sql");

/// Makes or brings up the schema; a server also learns what the search can do here.
pub fn prepare(address: &Address, purpose: Purpose) -> Result<(), OpenError> {
    let unreachable = |error: postgres::Error| OpenError::Unreachable(describe(&error));
    let mut client = address.connect().map_err(unreachable)?;
    let found = bring_up(&mut client).map_err(unreachable)?;
    if found > migrations::LATEST {
        return Err(OpenError::Newer { found, known: migrations::LATEST });
    }
    if purpose == Purpose::Serve {
        prepare_search(&mut client).map_err(unreachable)?;
        warn_of_loss(&mut client).map_err(unreachable)?;
    }
    Ok(())
}

/// Returns the version that the store then has.
fn bring_up(client: &mut Client) -> Result<i64, postgres::Error> {
    loop {
        let mut transaction = client.transaction()?;
        transaction.batch_execute(LOCK)?;
        let exists = transaction.query_one("SELECT to_regclass('schema_version') IS NOT NULL", &[])?.get::<_, bool>(0);
        if !exists {
            transaction.batch_execute(migrations::SCHEMA)?;
            transaction.batch_execute(SEARCH)?;
            transaction.execute("INSERT INTO schema_version (version) VALUES ($1)", &[&migrations::LATEST])?;
            transaction.commit()?;
            return Ok(migrations::LATEST);
        }
        let found: i64 = transaction.query_one("SELECT version FROM schema_version", &[])?.get(0);
        let Some((number, sql)) = migrations::after(found).next() else { return Ok(found) };
        transaction.batch_execute(sql)?;
        transaction.execute("UPDATE schema_version SET version = $1", &[&number])?;
        transaction.commit()?;
    }
}

fn prepare_search(client: &mut Client) -> Result<(), postgres::Error> {
    let mut transaction = client.transaction()?;
    transaction.batch_execute(LOCK)?;
    match transaction.batch_execute(TRIGRAMS) {
        Ok(()) => transaction.commit()?,
        Err(error) => {
            tracing::warn!(
                reason = describe(&error),
                "pg_trgm cannot be had here: searching many thousand contacts will be slow"
            );
            return Ok(());
        }
    }
    let sql = "SELECT datctype::text FROM pg_database WHERE datname = current_database()";
    let kind: String = client.query_one(sql, &[])?.get(0);
    if matches!(kind.as_str(), "C" | "POSIX") {
        tracing::warn!("this database has LC_CTYPE=C: searching by Cyrillic text will be slow");
    }
    Ok(())
}

fn warn_of_loss(client: &mut Client) -> Result<(), postgres::Error> {
    let fsync: String = client.query_one("SELECT current_setting('fsync')", &[])?.get(0);
    if fsync == "off" {
        tracing::warn!("this PostgreSQL runs with fsync=off: a power cut may lose everything");
    }
    Ok(())
}
