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
