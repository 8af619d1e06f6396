//! The one-time link that makes the first admin: `setup_link`.

use crate::error::Result;
use crate::params;
use crate::store::tx::Tx;

/// Takes away the links that can be used no more.
pub fn delete_expired(tx: &mut Tx, now_ms: i64) -> Result<()> {
    tx.execute("DELETE FROM setup_link WHERE expires_ms <= $1", params![now_ms])?;
    Ok(())
}

pub fn insert(tx: &mut Tx, token_hash: &str, expires_ms: i64) -> Result<()> {
    tx.execute("INSERT INTO setup_link (token_hash, expires_ms) VALUES ($1, $2)", params![token_hash, expires_ms])?;
    Ok(())
}

/// Whether this link may still be used.
pub fn is_valid(tx: &mut Tx, token_hash: &str, now_ms: i64) -> Result<bool> {
    let found = tx.query_opt(
        "SELECT token_hash
         FROM setup_link
         WHERE token_hash = $1 AND expires_ms > $2",
        params![token_hash, now_ms],
    )?;
    Ok(found.is_some())
}

/// Uses the link up, and every other one with it; false when it was used, is too old or never was.
pub fn take(tx: &mut Tx, token_hash: &str, now_ms: i64) -> Result<bool> {
    let taken =
        tx.execute("DELETE FROM setup_link WHERE token_hash = $1 AND expires_ms > $2", params![token_hash, now_ms])?;
    if taken == 1 {
        tx.execute("DELETE FROM setup_link", &[])?;
    }
    Ok(taken == 1)
}
