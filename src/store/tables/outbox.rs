//! `delivery`: what goes out to other systems, one row a call and integration. Whoever locks a call too locks it first.

use crate::error::{Error, Result};
use crate::params;
use crate::store::keys::by_keys;
use crate::store::tx::Tx;
use crate::store::value::Row;
use crate::store::walk::{STRETCH, Stretch};

/// A row whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryRow {
    pub id: String,
    pub integration_id: String,
    pub call_id: String,
    pub state: String,
    pub announced_ms: Option<i64>,
    pub link: Option<String>,
    pub tries: i64,
    pub tried_since_ms: Option<i64>,
    pub due_ms: Option<i64>,
    pub error: String,
    pub answer: String,
    pub created_ms: i64,
    pub changed_ms: i64,
}

macro_rules! columns {
    () => {
        "id, integration_id, call_id, state, announced_ms, link, tries, tried_since_ms, due_ms, error, answer,
         created_ms, changed_ms"
    };
}

fn read(mut row: Row) -> Result<DeliveryRow> {
    Ok(DeliveryRow {
        id: row.take(0)?,
        integration_id: row.take(1)?,
        call_id: row.take(2)?,
        state: row.take(3)?,
        announced_ms: row.take(4)?,
        link: row.take(5)?,
        tries: row.take(6)?,
        tried_since_ms: row.take(7)?,
        due_ms: row.take(8)?,
        error: row.take(9)?,
        answer: row.take(10)?,
        created_ms: row.take(11)?,
        changed_ms: row.take(12)?,
    })
}

/// Inserts a pending row that is due at `due_ms`, or, when there is one of this call and integration, locks that and
/// returns it.
pub fn insert_or_lock(
    tx: &mut Tx,
    id: &str,
    integration_id: &str,
    call_id: &str,
    due_ms: i64,
    now_ms: i64,
) -> Result<DeliveryRow> {
    let locked = tx.query_opt(
        concat!(
            "INSERT INTO delivery (id, integration_id, call_id, state, tries, due_ms, error, answer, created_ms,
                                   changed_ms)
             VALUES ($1, $2, $3, 'pending', 0, $4, '', '', $5, $5)
             ON CONFLICT (call_id, integration_id) DO UPDATE SET tries = delivery.tries
             RETURNING ",
            columns!()
        ),
        params![id, integration_id, call_id, due_ms, now_ms],
    )?;
    locked.map_or_else(|| Err(Error::internal("an upsert returned no row")), read)
}

/// Locks a row.
pub fn lock(tx: &mut Tx, id: &str) -> Result<Option<DeliveryRow>> {
    tx.query_opt(concat!("UPDATE delivery SET tries = tries WHERE id = $1 RETURNING ", columns!()), params![id])?
        .map(read)
        .transpose()
}

/// Takes the integration's longest due row on lease, unless it rests, as one more try: the row is due again at
/// `lease_until_ms`, should nothing be heard of it until then.
pub fn take(tx: &mut Tx, integration_id: &str, now_ms: i64, lease_until_ms: i64) -> Result<Option<DeliveryRow>> {
    tx.query_opt(
        concat!(
            "UPDATE delivery
             SET tries = tries + 1, tried_since_ms = COALESCE(tried_since_ms, $2), due_ms = $3
             WHERE id = (SELECT d.id
                         FROM delivery d
                         WHERE d.integration_id = $1 AND d.due_ms <= $2
                           AND NOT EXISTS (SELECT 1
                                           FROM delivery_rest r
                                           WHERE r.integration_id = $1 AND r.until_ms > $2)
                         ORDER BY d.due_ms, d.id
                         LIMIT 1)
               AND due_ms <= $2
             RETURNING ",
            columns!()
        ),
        params![integration_id, now_ms, lease_until_ms],
    )?
    .map(read)
    .transpose()
}

/// Writes everything of a locked row that changes.
pub fn save(tx: &mut Tx, row: &DeliveryRow) -> Result<()> {
    tx.send(
        "UPDATE delivery
         SET state = $2, announced_ms = $3, link = $4, tries = $5, tried_since_ms = $6, due_ms = $7, error = $8,
             answer = $9, changed_ms = $10
         WHERE id = $1",
        params![
            &row.id,
            &row.state,
            row.announced_ms,
            row.link.as_ref(),
            row.tries,
            row.tried_since_ms,
            row.due_ms,
            &row.error,
            &row.answer,
            row.changed_ms,
        ],
    )
}

/// Leaves this integration alone until `until_ms`, or longer if it rests longer already.
pub fn rest(tx: &mut Tx, integration_id: &str, until_ms: i64) -> Result<()> {
    tx.send(
        "INSERT INTO delivery_rest (integration_id, until_ms)
         VALUES ($1, $2)
         ON CONFLICT (integration_id) DO UPDATE SET until_ms = excluded.until_ms
         WHERE delivery_rest.until_ms < excluded.until_ms",
        params![integration_id, until_ms],
    )
}

/// This integration rests no longer, and what waits for its next try is due at `now_ms`.
pub fn hurry(tx: &mut Tx, integration_id: &str, now_ms: i64) -> Result<()> {
    tx.execute(
        "UPDATE delivery SET due_ms = $2 WHERE integration_id = $1 AND tries > 0 AND due_ms > $2",
        params![integration_id, now_ms],
    )?;
    tx.execute("DELETE FROM delivery_rest WHERE integration_id = $1", params![integration_id])?;
    Ok(())
}

/// Cancels what this integration still has to get, saying why; answers the calls.
pub fn cancel_pending(tx: &mut Tx, integration_id: &str, why: &str, now_ms: i64) -> Result<Vec<String>> {
    tx.query(
        "UPDATE delivery
         SET state = 'cancelled', due_ms = NULL, error = $2, changed_ms = $3
         WHERE integration_id = $1 AND state = 'pending'
         RETURNING call_id",
        params![integration_id, why, now_ms],
    )?
    .into_iter()
    .map(|mut row| row.take(0))
    .collect()
}

/// The integrations for which something is due, without those that rest.
pub fn list_due_integrations(tx: &mut Tx, now_ms: i64) -> Result<Vec<String>> {
    tx.query(
        "SELECT DISTINCT d.integration_id
         FROM delivery d
         WHERE d.due_ms IS NOT NULL AND d.due_ms <= $1
           AND NOT EXISTS (SELECT 1
                           FROM delivery_rest r
                           WHERE r.integration_id = d.integration_id AND r.until_ms > $1)
         ORDER BY d.integration_id",
        params![now_ms],
    )?
    .into_iter()
    .map(|mut row| row.take(0))
    .collect()
}

pub fn find(tx: &mut Tx, id: &str) -> Result<Option<DeliveryRow>> {
    tx.query_opt(concat!("SELECT ", columns!(), " FROM delivery WHERE id = $1"), params![id])?.map(read).transpose()
}

/// The deliveries of a call, by integration: id and state.
pub fn list_of_calls(tx: &mut Tx, call_ids: &[&str]) -> Result<Vec<(String, String, String)>> {
    let sql =
        by_keys!(["SELECT call_id, integration_id, state FROM delivery WHERE call_id"][" ORDER BY integration_id"]);
    tx.query_by_keys(sql, call_ids)?.into_iter().map(|mut row| Ok((row.take(0)?, row.take(1)?, row.take(2)?))).collect()
}

/// A stretch of all deliveries, or of those in this state, newest first, with ids before `before`.
pub fn walk(tx: &mut Tx, state: Option<&str>, before: &str) -> Result<Stretch<DeliveryRow, String>> {
    let rows = match state {
        None => tx.query(
            concat!("SELECT ", columns!(), " FROM delivery WHERE id < $1 ORDER BY id DESC LIMIT 250"),
            params![before],
        )?,
        Some(state) => tx.query(
            concat!("SELECT ", columns!(), " FROM delivery WHERE state = $1 AND id < $2 ORDER BY id DESC LIMIT 250"),
            params![state, before],
        )?,
    };
    let rows: Result<Vec<_>> = rows.into_iter().map(read).collect();
    Ok(Stretch::of(rows?, STRETCH, |row| row.id.clone()))
}

/// How many are in this state, counted to `limit`.
pub fn count(tx: &mut Tx, state: &str, limit: i64) -> Result<i64> {
    let counted = tx.query_opt(
        "SELECT count(*)
         FROM (SELECT id FROM delivery WHERE state = $1 ORDER BY id LIMIT $2) counted",
        params![state, limit],
    )?;
    counted.map_or(Ok(0), |mut row| row.take(0))
}

/// Deletes at most `limit` rows of this state whose ids come before this one; answers how many went.
pub fn delete_before(tx: &mut Tx, state: &str, id: &str, limit: i64) -> Result<u64> {
    tx.execute(
        "DELETE FROM delivery
         WHERE id IN (SELECT id FROM delivery WHERE state = $1 AND id < $2 ORDER BY id LIMIT $3)",
        params![state, id, limit],
    )
}
