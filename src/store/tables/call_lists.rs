//! `call`: many rows at once: what waits, what is on now. The history is in `call_walks`.

use crate::error::Result;
use crate::params;
use crate::store::tables::calls::{CallRow, columns, read};
use crate::store::tx::Tx;

/// Clicks to this number that wait for their call, and calls that have claimed one, begun from `from_ms` to `to_ms`,
/// oldest first.
pub fn list_clicks(tx: &mut Tx, integration_id: &str, phone: &str, from_ms: i64, to_ms: i64) -> Result<Vec<CallRow>> {
    tx.query(
        concat!(
            "SELECT ",
            columns!(),
            " FROM call
             WHERE integration_id = $1 AND phone = $2 AND started_ms BETWEEN $3 AND $4 AND click_account IS NOT NULL
             ORDER BY started_ms, id"
        ),
        params![integration_id, phone, from_ms, to_ms],
    )?
    .into_iter()
    .map(read)
    .collect()
}

/// Named calls with this number started from `from_ms` to `to_ms`, oldest first.
pub fn list_named(tx: &mut Tx, integration_id: &str, phone: &str, from_ms: i64, to_ms: i64) -> Result<Vec<CallRow>> {
    tx.query(
        concat!(
            "SELECT ",
            columns!(),
            " FROM call
             WHERE integration_id = $1 AND phone = $2 AND started_ms BETWEEN $3 AND $4 AND callid IS NOT NULL
             ORDER BY started_ms, id"
        ),
        params![integration_id, phone, from_ms, to_ms],
    )?
    .into_iter()
    .map(read)
    .collect()
}

/// This user's calls to this number since `from_ms`, newest first.
pub fn list_recent_of_user(tx: &mut Tx, user_id: &str, phone: &str, from_ms: i64) -> Result<Vec<CallRow>> {
    tx.query(
        concat!(
            "SELECT ",
            columns!(),
            " FROM call WHERE phone = $1 AND started_ms >= $2 AND user_id = $3 ORDER BY started_ms DESC, id DESC"
        ),
        params![phone, from_ms, user_id],
    )?
    .into_iter()
    .map(read)
    .collect()
}

/// Ids and numbers of calls that are due to be settled, the longest waiting first.
pub fn list_due(tx: &mut Tx, now_ms: i64, limit: i64) -> Result<Vec<(String, String)>> {
    tx.query(
        "SELECT id, phone FROM call WHERE due_ms IS NOT NULL AND due_ms <= $1 ORDER BY due_ms, id LIMIT $2",
        params![now_ms, limit],
    )?
    .into_iter()
    .map(|mut row| Ok((row.take(0)?, row.take(1)?)))
    .collect()
}

/// Locks the row and grows its `rev`, unless it is due no more: another node may have settled it.
pub fn lock_due(tx: &mut Tx, id: &str, now_ms: i64) -> Result<Option<CallRow>> {
    tx.query_opt(
        concat!("UPDATE call SET rev = rev + 1 WHERE id = $1 AND due_ms <= $2 RETURNING ", columns!()),
        params![id, now_ms],
    )?
    .map(read)
    .transpose()
}

/// What may still stand on a screen: calls that go on, and those ended since `ended_since_ms`; clicks not heard of only
/// when made since `requested_since_ms`. Newest first. (The inner query goes by small indexes: with OR, SQLite walks
/// the whole history for the order. And `>= 0`: for IS NOT NULL PostgreSQL reads every call until it has statistics.)
pub fn list_on_screen(tx: &mut Tx, ended_since_ms: i64, requested_since_ms: i64, limit: i64) -> Result<Vec<CallRow>> {
    tx.query(
        concat!(
            "SELECT ",
            columns!(),
            " FROM call
             WHERE id IN (SELECT id FROM call
                          WHERE due_ms >= 0
                          UNION ALL
                          SELECT id FROM call
                          WHERE started_ms >= $2 AND state = 'requested'
                          UNION ALL
                          SELECT id FROM call
                          WHERE ended_ms IS NOT NULL AND ended_ms >= $1)
             ORDER BY started_ms DESC, id DESC
             LIMIT $3"
        ),
        params![ended_since_ms, requested_since_ms, limit],
    )?
    .into_iter()
    .map(read)
    .collect()
}

/// The latest talk with this number that began before `before_ms`, other than `id`.
pub fn find_last_talk(tx: &mut Tx, phone: &str, before_ms: i64, id: &str) -> Result<Option<CallRow>> {
    tx.query_opt(
        concat!(
            "SELECT ",
            columns!(),
            " FROM call
             WHERE phone = $1 AND started_ms <= $2 AND state = 'answered' AND id <> $3
             ORDER BY started_ms DESC, id DESC
             LIMIT 1"
        ),
        params![phone, before_ms, id],
    )?
    .map(read)
    .transpose()
}

/// Why a stranger becomes a contact by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    Missed,
    Outgoing,
}

impl Occasion {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missed => "missed",
            Self::Outgoing => "outgoing",
        }
    }
}

/// Which occasions count.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    pub missed: bool,
    pub outgoing: bool,
}

/// The first call of this number that is a wanted occasion, and its person.
pub fn find_first_occasion(tx: &mut Tx, phone: &str, wanted: Wanted) -> Result<Option<(Occasion, Option<String>)>> {
    let row = tx.query_opt(
        "SELECT direction, user_id
         FROM call
         WHERE phone = $1
           AND ((direction = 'in' AND state = 'missed' AND CAST($2 AS BIGINT) = 1)
                OR (direction = 'out' AND state NOT IN ('requested', 'failed') AND CAST($3 AS BIGINT) = 1))
         ORDER BY started_ms, COALESCE(callid, id), id
         LIMIT 1",
        params![phone, i64::from(wanted.missed), i64::from(wanted.outgoing)],
    )?;
    let Some(mut row) = row else { return Ok(None) };
    let direction: String = row.take(0)?;
    let occasion = if direction == "out" { Occasion::Outgoing } else { Occasion::Missed };
    Ok(Some((occasion, row.take(1)?)))
}

/// How many calls there are with this number.
pub fn count_of_phone(tx: &mut Tx, phone: &str) -> Result<i64> {
    let row = tx.query_opt("SELECT COUNT(*) FROM call WHERE phone = $1", params![phone])?;
    row.map_or(Ok(0), |mut row| row.take(0))
}

/// When the oldest call with this number began.
pub fn find_first_of_phone(tx: &mut Tx, phone: &str) -> Result<Option<i64>> {
    let row = tx.query_opt("SELECT MIN(started_ms) FROM call WHERE phone = $1", params![phone])?;
    row.map_or(Ok(None), |mut row| row.take(0))
}
