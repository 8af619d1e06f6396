//! What a trial call stands on, and what is left of one: rows of other tables, by the trial's own integration.

use crate::domain::integration::TRIAL;
use crate::error::Result;
use crate::params;
use crate::store::tables::{crm_tokens, search_texts};
use crate::store::tx::Tx;

/// The person's line is known by his own id, and this token proves the trial.
pub fn insert(tx: &mut Tx, token_hash: &str, user_id: &str, now_ms: i64) -> Result<()> {
    // Removed from the start, it is in no list, and can be called through by nobody.
    tx.execute(
        "INSERT INTO integration (id, kind, name, settings, created_ms, removed_ms)
         VALUES ($1, 'cloud-pbx', $1, '{}', $2, $2)
         ON CONFLICT DO NOTHING",
        params![TRIAL, now_ms],
    )?;
    tx.execute(
        "INSERT INTO user_line (integration_id, account, user_id, position)
         VALUES ($1, $2, $2, 1000)
         ON CONFLICT DO NOTHING",
        params![TRIAL, user_id],
    )?;
    crm_tokens::insert(tx, token_hash, TRIAL, now_ms).map(drop)
}

/// The trials that began before this instant: token and beginning.
pub fn list(tx: &mut Tx, before_ms: i64) -> Result<Vec<(String, i64)>> {
    let rows = tx.query(
        "SELECT token_hash, created_ms FROM crm_token WHERE integration_id = $1 AND created_ms < $2 ORDER BY created_ms",
        params![TRIAL, before_ms],
    )?;
    rows.into_iter().map(|mut row| Ok((row.take(0)?, row.take(1)?))).collect()
}

/// A trial that is over: between which instants, and ids, all of it lies.
pub struct Over {
    pub token_hash: String,
    pub number: String,
    pub from_ms: i64,
    pub to_ms: i64,
    pub from_id: String,
    pub to_id: String,
}

/// Deletes a trial with all that was made of it. Answers the ids of its calls.
pub fn delete(tx: &mut Tx, over: &Over) -> Result<Vec<String>> {
    let Over { token_hash, number, from_ms, to_ms, from_id, to_id } = over;
    let calls = tx.query(
        "SELECT id FROM call WHERE phone = $1 AND started_ms >= $2 AND started_ms < $3 AND integration_id = $4",
        params![number, *from_ms, *to_ms, TRIAL],
    )?;
    let calls: Vec<String> = calls.into_iter().map(|mut row| row.take(0)).collect::<Result<_>>()?;
    for id in &calls {
        search_texts::delete(tx, id)?;
        tx.execute("DELETE FROM promise WHERE call_id = $1", params![id])?;
        tx.execute("DELETE FROM call WHERE id = $1", params![id])?;
    }
    if tx.query_opt("SELECT id FROM call WHERE phone = $1 LIMIT 1", params![number])?.is_none() {
        search_texts::delete(tx, number)?;
    }
    tx.execute(
        "DELETE FROM webhook WHERE id >= $1 AND id < $2 AND integration_id = $3",
        params![from_id, to_id, TRIAL],
    )?;
    tx.execute("DELETE FROM crm_token WHERE token_hash = $1", params![token_hash])?;
    Ok(calls)
}
