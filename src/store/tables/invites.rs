//! The one-time links with which people set their passwords: `invite`.

use crate::error::Result;
use crate::params;
use crate::store::tx::Tx;

/// The user's only link from now on.
pub fn put(tx: &mut Tx, user_id: &str, token_hash: &str, expires_ms: i64) -> Result<()> {
    tx.execute(
        "INSERT INTO invite (user_id, token_hash, expires_ms)
         VALUES ($1, $2, $3)
         ON CONFLICT (user_id) DO UPDATE SET token_hash = excluded.token_hash, expires_ms = excluded.expires_ms",
        params![user_id, token_hash, expires_ms],
    )?;
    Ok(())
}

/// Whose link this is, while it may be used.
pub fn find_user(tx: &mut Tx, token_hash: &str, now_ms: i64) -> Result<Option<String>> {
    tx.query_opt(
        "SELECT user_id
         FROM invite
         WHERE token_hash = $1 AND expires_ms > $2",
        params![token_hash, now_ms],
    )?
    .map(|mut row| row.take(0))
    .transpose()
}

/// Uses the link up; false when it was used, replaced, is too old or never was.
pub fn take(tx: &mut Tx, token_hash: &str, now_ms: i64) -> Result<bool> {
    let taken =
        tx.execute("DELETE FROM invite WHERE token_hash = $1 AND expires_ms > $2", params![token_hash, now_ms])?;
    Ok(taken == 1)
}

pub fn delete_of_user(tx: &mut Tx, user_id: &str) -> Result<()> {
    tx.execute("DELETE FROM invite WHERE user_id = $1", params![user_id])?;
    Ok(())
}
