//! `promise`: what we said we would do for a client.

use crate::domain::promise::Talk;
use crate::error::Result;
use crate::params;
use crate::store::keys::by_keys;
use crate::store::tx::Tx;
use crate::store::value::Row;

/// No talk lasts longer: one that ended after an instant began at most so long before it.
const LONGEST_TALK_MS: i64 = 24 * 3_600_000;

/// A row whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromiseRow {
    pub id: String,
    pub call_id: Option<String>,
    pub number: String,
    pub contact_id: Option<String>,
    pub user_id: String,
    pub due_ms: i64,
    pub text: String,
    pub made_ms: i64,
    /// When a person said that it is done.
    pub said_ms: Option<i64>,
    pub done_ms: Option<i64>,
    pub done_by_call: Option<String>,
    /// When its person was reminded of it; none once its time has been moved.
    pub rung_ms: Option<i64>,
}

macro_rules! columns {
    () => {
        "id, call_id, number, contact_id, user_id, due_ms, text, made_ms, said_ms, done_ms, done_by_call, rung_ms"
    };
}

fn read(mut row: Row) -> Result<PromiseRow> {
    Ok(PromiseRow {
        id: row.take(0)?,
        call_id: row.take(1)?,
        number: row.take(2)?,
        contact_id: row.take(3)?,
        user_id: row.take(4)?,
        due_ms: row.take(5)?,
        text: row.take(6)?,
        made_ms: row.take(7)?,
        said_ms: row.take(8)?,
        done_ms: row.take(9)?,
        done_by_call: row.take(10)?,
        rung_ms: row.take(11)?,
    })
}

fn ids(rows: Vec<Row>) -> Result<Vec<String>> {
    rows.into_iter().map(|mut row| row.take(0)).collect()
}

pub fn insert(tx: &mut Tx, row: &PromiseRow) -> Result<()> {
    tx.execute(
        concat!("INSERT INTO promise (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"),
        params![
            &row.id,
            row.call_id.as_ref(),
            &row.number,
            row.contact_id.as_ref(),
            &row.user_id,
            row.due_ms,
            &row.text,
            row.made_ms,
            row.said_ms,
            row.done_ms,
            row.done_by_call.as_ref(),
            row.rung_ms,
        ],
    )?;
    Ok(())
}

/// Locks the row until the transaction ends.
pub fn lock(tx: &mut Tx, id: &str) -> Result<Option<PromiseRow>> {
    tx.query_opt(concat!("SELECT ", columns!(), " FROM promise WHERE id = $1 FOR NO KEY UPDATE"), params![id])?
        .map(read)
        .transpose()
}

/// Writes what may change of a locked row: the person, the time and the words, and how it stands.
pub fn save(tx: &mut Tx, row: &PromiseRow) -> Result<()> {
    tx.send(
        "UPDATE promise
         SET user_id = $2, due_ms = $3, text = $4, said_ms = $5, done_ms = $6, done_by_call = $7, rung_ms = $8
         WHERE id = $1",
        params![
            &row.id,
            &row.user_id,
            row.due_ms,
            &row.text,
            row.said_ms,
            row.done_ms,
            row.done_by_call.as_ref(),
            row.rung_ms,
        ],
    )
}

/// False when there was none.
pub fn delete(tx: &mut Tx, id: &str) -> Result<bool> {
    Ok(tx.execute("DELETE FROM promise WHERE id = $1", params![id])? > 0)
}

pub fn find(tx: &mut Tx, id: &str) -> Result<Option<PromiseRow>> {
    tx.query_opt(concat!("SELECT ", columns!(), " FROM promise WHERE id = $1"), params![id])?.map(read).transpose()
}

/// Those made in these calls, the last of a call after those before it.
pub fn list_of_calls(tx: &mut Tx, call_ids: &[&str]) -> Result<Vec<PromiseRow>> {
    let sql = by_keys!(["SELECT ", columns!(), " FROM promise WHERE call_id"][" ORDER BY made_ms, id"]);
    tx.query_by_keys(sql, call_ids)?.into_iter().map(read).collect()
}

/// What was promised to whoever has this number: to the number itself, or to a contact that has it now.
pub fn list_of_number(tx: &mut Tx, number: &str) -> Result<Vec<String>> {
    let rows = tx.query(
        "SELECT id
         FROM promise
         WHERE number = $1
         UNION
         SELECT p.id
         FROM contact_phone n
         JOIN promise p ON p.contact_id = n.contact_id
         WHERE n.number = $1
         ORDER BY 1",
        params![number],
    )?;
    ids(rows)
}

/// At most `limit` of what was promised to this contact, or to a number of his, and in no call that is kept: the newest
/// first, after (made_ms, id).
pub fn list_of_contact(tx: &mut Tx, contact_id: &str, after: &(i64, String), limit: i64) -> Result<Vec<PromiseRow>> {
    tx.query(
        concat!(
            "SELECT ",
            columns!(),
            " FROM promise
             WHERE id IN (SELECT id
                          FROM promise
                          WHERE contact_id = $1
                          UNION
                          SELECT p.id
                          FROM contact_phone n
                          JOIN promise p ON p.number = n.number AND p.contact_id IS NULL
                          WHERE n.contact_id = $1)
               AND call_id IS NULL AND (made_ms, id) < ($2, $3)
             ORDER BY made_ms DESC, id DESC
             LIMIT $4"
        ),
        params![contact_id, after.0, &after.1, limit],
    )?
    .into_iter()
    .map(read)
    .collect()
}

/// The talk with this number that ended first after `after_ms`, but not the call `but_call_id`.
pub fn find_first_talk(tx: &mut Tx, number: &str, after_ms: i64, but_call_id: Option<&str>) -> Result<Option<Talk>> {
    let row = tx.query_opt(
        "SELECT ended_ms, COALESCE(callid, ''), id
         FROM call
         WHERE phone = $1 AND started_ms >= $2 AND state = 'answered' AND ended_ms > $3 AND id <> $4
         ORDER BY ended_ms, callid
         LIMIT 1",
        params![number, after_ms - LONGEST_TALK_MS, after_ms, but_call_id.unwrap_or_default()],
    )?;
    row.map(|mut row| Ok(Talk { ended_ms: row.take(0)?, callid: row.take(1)?, call_id: row.take(2)? })).transpose()
}

/// A page of the open ones that are due by `until_ms`, the soonest first, after (due_ms, id).
pub fn list_open(
    tx: &mut Tx,
    user_id: Option<&String>,
    until_ms: i64,
    after: &(i64, String),
    limit: i64,
) -> Result<Vec<PromiseRow>> {
    tx.query(
        concat!(
            "SELECT ",
            columns!(),
            " FROM promise
             WHERE done_ms IS NULL AND due_ms <= $1 AND (due_ms, id) > ($2, $3)
               AND (CAST($4 AS TEXT) IS NULL OR user_id = $4)
             ORDER BY due_ms, id
             LIMIT $5"
        ),
        params![until_ms, after.0, &after.1, user_id, limit],
    )?
    .into_iter()
    .map(read)
    .collect()
}

/// Whether promises that nobody has kept yet are wanted too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    All,
    Done,
}

/// A page, the latest due first, after (due_ms, id).
pub fn list_past(
    tx: &mut Tx,
    user_id: Option<&String>,
    wanted: Wanted,
    after: &(i64, String),
    limit: i64,
) -> Result<Vec<PromiseRow>> {
    tx.query(
        concat!(
            "SELECT ",
            columns!(),
            " FROM promise
             WHERE (CAST($1 AS BIGINT) = 0 OR done_ms IS NOT NULL) AND (due_ms, id) < ($2, $3)
               AND (CAST($4 AS TEXT) IS NULL OR user_id = $4)
             ORDER BY due_ms DESC, id DESC
             LIMIT $5"
        ),
        params![i64::from(wanted == Wanted::Done), after.0, &after.1, user_id, limit],
    )?
    .into_iter()
    .map(read)
    .collect()
}

/// Open promises whose time has come and of which nobody was reminded, the longest waiting first.
pub fn list_due(tx: &mut Tx, now_ms: i64, limit: i64) -> Result<Vec<String>> {
    let rows = tx.query(
        "SELECT id
         FROM promise
         WHERE done_ms IS NULL AND rung_ms IS NULL AND due_ms <= $1
         ORDER BY due_ms, id
         LIMIT $2",
        params![now_ms, limit],
    )?;
    ids(rows)
}

/// Before a click folds: what was promised on it was promised in the call.
pub fn move_call(tx: &mut Tx, from_call_id: &str, to_call_id: &str) -> Result<()> {
    tx.execute("UPDATE promise SET call_id = $2 WHERE call_id = $1", params![from_call_id, to_call_id])?;
    Ok(())
}

/// Before calls are deleted: what was promised in them, or done before this instant, goes along if it is done. The calls
/// are those of `old_calls::delete_before`.
pub fn delete_before(tx: &mut Tx, before_ms: i64, limit: i64) -> Result<u64> {
    tx.execute(
        "DELETE FROM promise
         WHERE done_ms IS NOT NULL
           AND (done_ms < $1
                OR call_id IN (SELECT id
                               FROM call
                               WHERE started_ms < $1 AND (ended_ms IS NULL OR ended_ms < $1 OR state = 'missed')
                               ORDER BY started_ms, id
                               LIMIT $2))",
        params![before_ms, limit],
    )
}
