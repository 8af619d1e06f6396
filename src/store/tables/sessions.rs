//! Signed-in browsers: `session`.

use crate::error::Result;
use crate::params;
use crate::store::tx::Tx;
use crate::store::value::Row;

#[derive(Clone, Debug)]
pub struct SessionRow {
    pub user_id: String,
    pub created_ms: i64,
    pub seen_ms: i64,
}

pub fn insert(tx: &mut Tx, token_hash: &str, user_id: &str, now_ms: i64) -> Result<()> {
    tx.execute(
        "INSERT INTO session (token_hash, user_id, created_ms, seen_ms)
         VALUES ($1, $2, $3, $3)
         ON CONFLICT (token_hash) DO NOTHING",
        params![token_hash, user_id, now_ms],
    )?;
    Ok(())
}

pub fn find(tx: &mut Tx, token_hash: &str) -> Result<Option<SessionRow>> {
    let read = |mut row: Row| Ok(SessionRow { user_id: row.take(0)?, created_ms: row.take(1)?, seen_ms: row.take(2)? });
    tx.query_opt(
        "SELECT user_id, created_ms, seen_ms
         FROM session
         WHERE token_hash = $1",
        params![token_hash],
    )?
    .map(read)
    .transpose()
}

/// Notes that the session was used; never back in time.
pub fn touch(tx: &mut Tx, token_hash: &str, seen_ms: i64) -> Result<()> {
    tx.execute(
        "UPDATE session
         SET seen_ms = $2
         WHERE token_hash = $1 AND seen_ms < $2",
        params![token_hash, seen_ms],
    )?;
    Ok(())
}

pub fn delete(tx: &mut Tx, token_hash: &str) -> Result<()> {
    tx.execute("DELETE FROM session WHERE token_hash = $1", params![token_hash])?;
    Ok(())
}

/// Ends all sessions of a user.
pub fn delete_of_user(tx: &mut Tx, user_id: &str) -> Result<()> {
    tx.execute("DELETE FROM session WHERE user_id = $1", params![user_id])?;
    Ok(())
}

/// Drops what was last seen before `seen_before_ms` or begun before `created_before_ms`; answers how many went.
pub fn delete_expired(tx: &mut Tx, seen_before_ms: i64, created_before_ms: i64) -> Result<u64> {
    tx.execute("DELETE FROM session WHERE seen_ms < $1 OR created_ms < $2", params![seen_before_ms, created_before_ms])
}
