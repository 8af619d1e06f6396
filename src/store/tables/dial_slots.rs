//! `dial_slot` and `dial_token`: requests that still count against what an outside system allows with one token.

use crate::error::Result;
use crate::params;
use crate::store::tx::Tx;

/// Locks the token: whoever counts its requests next waits for this transaction's end.
pub fn lock(tx: &mut Tx, token_hash: &str, now_ms: i64) -> Result<()> {
    tx.execute(
        "INSERT INTO dial_token (token_hash, taken_ms)
         VALUES ($1, $2)
         ON CONFLICT (token_hash) DO UPDATE SET taken_ms = excluded.taken_ms",
        params![token_hash, now_ms],
    )?;
    Ok(())
}

/// Forgets the token's requests that no longer count at `now_ms`.
pub fn delete_past(tx: &mut Tx, token_hash: &str, now_ms: i64) -> Result<()> {
    tx.execute("DELETE FROM dial_slot WHERE token_hash = $1 AND until_ms <= $2", params![token_hash, now_ms])?;
    Ok(())
}

/// Until when the last of the `most` requests counts that count longest; `None` while there are fewer than `most`.
pub fn find_last_of(tx: &mut Tx, token_hash: &str, most: i64) -> Result<Option<i64>> {
    tx.query_opt(
        "SELECT until_ms
         FROM dial_slot
         WHERE token_hash = $1
         ORDER BY until_ms DESC, call_id DESC
         LIMIT 1 OFFSET $2",
        params![token_hash, most - 1],
    )?
    .map(|mut row| row.take(0))
    .transpose()
}

pub fn insert(tx: &mut Tx, call_id: &str, token_hash: &str, until_ms: i64) -> Result<()> {
    tx.execute(
        "INSERT INTO dial_slot (call_id, token_hash, until_ms)
         VALUES ($1, $2, $3)
         ON CONFLICT (call_id) DO NOTHING",
        params![call_id, token_hash, until_ms],
    )?;
    Ok(())
}

pub fn update_until(tx: &mut Tx, call_id: &str, until_ms: i64) -> Result<()> {
    tx.execute("UPDATE dial_slot SET until_ms = $2 WHERE call_id = $1", params![call_id, until_ms])?;
    Ok(())
}

pub fn delete(tx: &mut Tx, call_id: &str) -> Result<()> {
    tx.execute("DELETE FROM dial_slot WHERE call_id = $1", params![call_id])?;
    Ok(())
}

/// Forgets every token's requests that no longer count at `now_ms`; answers how many went.
pub fn delete_all_past(tx: &mut Tx, now_ms: i64) -> Result<u64> {
    tx.execute("DELETE FROM dial_slot WHERE until_ms <= $1", params![now_ms])
}

/// Forgets the tokens not used since `before_ms` of which no request counts; answers how many went.
pub fn delete_unused_tokens(tx: &mut Tx, before_ms: i64) -> Result<u64> {
    tx.execute(
        "DELETE FROM dial_token
         WHERE taken_ms < $1
           AND NOT EXISTS (SELECT 1 FROM dial_slot s WHERE s.token_hash = dial_token.token_hash)",
        params![before_ms],
    )
}
