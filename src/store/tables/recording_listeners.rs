//! `recording_listener`: who has listened to a call's recording.

use crate::error::Result;
use crate::params;
use crate::store::keys::by_keys;
use crate::store::tx::Tx;

/// Notes that a person listens; answers whether it is for the first time.
pub fn note(tx: &mut Tx, call_id: &str, user_id: &str, now_ms: i64) -> Result<bool> {
    let again = tx.execute(
        "UPDATE recording_listener SET last_ms = $3 WHERE call_id = $1 AND user_id = $2",
        params![call_id, user_id, now_ms],
    )?;
    if again > 0 {
        return Ok(false);
    }
    let first = tx.execute(
        "INSERT INTO recording_listener (call_id, user_id, first_ms, last_ms)
         VALUES ($1, $2, $3, $3)
         ON CONFLICT (call_id, user_id) DO NOTHING",
        params![call_id, user_id, now_ms],
    )?;
    Ok(first > 0)
}

/// Call and user of everybody who has listened to these calls, by when they did first.
pub fn list_of_calls(tx: &mut Tx, call_ids: &[&str]) -> Result<Vec<(String, String)>> {
    let sql =
        by_keys!(["SELECT call_id, user_id FROM recording_listener WHERE call_id"][" ORDER BY first_ms, user_id"]);
    tx.query_by_keys(sql, call_ids)?.into_iter().map(|mut row| Ok((row.take(0)?, row.take(1)?))).collect()
}
