//! The `crm_token` table: what a PBX proves itself with, as SHA-256 in hex. It is read whole, for the directory.

use crate::error::Result;
use crate::params;
use crate::store::Tx;

/// Inserts a token as the current one; false when it is another integration's.
pub fn insert(tx: &mut Tx, token_hash: &str, integration_id: &str, now_ms: i64) -> Result<bool> {
    let rows = tx.query(
        "INSERT INTO crm_token (token_hash, integration_id, created_ms)
         VALUES ($1, $2, $3)
         ON CONFLICT (token_hash) DO UPDATE SET expires_ms = NULL
                                  WHERE crm_token.integration_id = excluded.integration_id
         RETURNING token_hash",
        params![token_hash, integration_id, now_ms],
    )?;
    Ok(!rows.is_empty())
}

/// Lets the current tokens of an integration end at `expires_ms`, all but the new one; those that end already, end as
/// they were to.
pub fn expire_others(tx: &mut Tx, integration_id: &str, token_hash: &str, expires_ms: i64) -> Result<()> {
    tx.execute(
        "UPDATE crm_token
         SET expires_ms = $3
         WHERE integration_id = $1 AND token_hash <> $2 AND expires_ms IS NULL",
        params![integration_id, token_hash, expires_ms],
    )?;
    Ok(())
}

/// Forgets what has ended by `now_ms`.
pub fn delete_expired(tx: &mut Tx, now_ms: i64) -> Result<()> {
    tx.execute("DELETE FROM crm_token WHERE expires_ms <= $1", params![now_ms])?;
    Ok(())
}

/// Voids all tokens of an integration.
pub fn delete_of(tx: &mut Tx, integration_id: &str) -> Result<()> {
    tx.execute("DELETE FROM crm_token WHERE integration_id = $1", params![integration_id])?;
    Ok(())
}
