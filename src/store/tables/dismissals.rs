//! `dismissal`: cards that a person put away.

use crate::error::Result;
use crate::params;
use crate::store::tx::Tx;

/// Safe to repeat.
pub fn insert(tx: &mut Tx, call_id: &str, user_id: &str) -> Result<()> {
    tx.execute(
        "INSERT INTO dismissal (call_id, user_id) VALUES ($1, $2) ON CONFLICT (call_id, user_id) DO NOTHING",
        params![call_id, user_id],
    )?;
    Ok(())
}

/// Who put this call's card away.
pub fn list_users(tx: &mut Tx, call_id: &str) -> Result<Vec<String>> {
    tx.query("SELECT user_id FROM dismissal WHERE call_id = $1 ORDER BY user_id", params![call_id])?
        .into_iter()
        .map(|mut row| row.take(0))
        .collect()
}

/// Before a click folds: what was put away as the click stays put away as the call.
pub fn copy(tx: &mut Tx, from_call_id: &str, to_call_id: &str) -> Result<()> {
    tx.execute(
        "INSERT INTO dismissal (call_id, user_id)
         SELECT CAST($2 AS TEXT), user_id FROM dismissal WHERE call_id = $1
         ON CONFLICT (call_id, user_id) DO NOTHING",
        params![from_call_id, to_call_id],
    )?;
    Ok(())
}

/// Deletes those of at most `limit` calls that ended, or were clicked and never heard of, before this instant; answers
/// how many rows went.
pub fn delete_past(tx: &mut Tx, before_ms: i64, limit: i64) -> Result<u64> {
    tx.execute(
        "DELETE FROM dismissal
         WHERE call_id IN (SELECT d.call_id
                           FROM dismissal d
                           JOIN call c ON c.id = d.call_id
                           WHERE COALESCE(c.ended_ms, c.started_ms) < $1
                           ORDER BY d.call_id
                           LIMIT $2)",
        params![before_ms, limit],
    )
}
