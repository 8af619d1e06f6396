//! The `crm_token` table: what a PBX proves itself with, as SHA-256 in hex. For the directory it is read whole there.

use crate::error::Result;
use crate::params;
use crate::store::tx::Tx;
use crate::store::value::Row;

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

/// A token as an admin sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrmTokenRow {
    pub token_hash: String,
    pub created_ms: i64,
    pub expires_ms: Option<i64>,
    pub last_used_ms: Option<i64>,
}

/// The tokens of an integration that are valid at `now_ms`: the current one, then those that end, the last first.
pub fn list(tx: &mut Tx, integration_id: &str, now_ms: i64) -> Result<Vec<CrmTokenRow>> {
    let read = |mut row: Row| {
        Ok(CrmTokenRow {
            token_hash: row.take(0)?,
            created_ms: row.take(1)?,
            expires_ms: row.take(2)?,
            last_used_ms: row.take(3)?,
        })
    };
    tx.query(
        "SELECT token_hash, created_ms, expires_ms, last_used_ms
         FROM crm_token
         WHERE integration_id = $1 AND (expires_ms IS NULL OR expires_ms > $2)
         ORDER BY CASE WHEN expires_ms IS NULL THEN 0 ELSE 1 END, expires_ms DESC, token_hash",
        params![integration_id, now_ms],
    )?
    .into_iter()
    .map(read)
    .collect()
}

/// Notes the last use, unless a later one is known.
pub fn update_last_used(tx: &mut Tx, token_hash: &str, at_ms: i64) -> Result<()> {
    tx.execute(
        "UPDATE crm_token
         SET last_used_ms = $2
         WHERE token_hash = $1 AND (last_used_ms IS NULL OR last_used_ms < $2)",
        params![token_hash, at_ms],
    )?;
    Ok(())
}
