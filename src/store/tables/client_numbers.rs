//! `client_number`: one row a client's number of which there is something to keep; those who change it take turns.

use std::collections::BTreeSet;

use crate::error::Result;
use crate::params;
use crate::store::tx::Tx;
use crate::store::value::Row;

/// A row whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClientNumberRow {
    pub number: String,
    pub id: String,
    pub rev: i64,
    pub contact_id: Option<String>,
    pub misses: i64,
    pub first_miss_ms: Option<i64>,
    pub last_miss_ms: Option<i64>,
    pub counts_ms: Option<i64>,
    pub last_call_id: Option<String>,
    pub tried_ms: Option<i64>,
    pub taken_by: Option<String>,
    pub taken_ms: Option<i64>,
    pub snoozed_ms: Option<i64>,
    pub closed_ms: Option<i64>,
    pub closed_before_ms: Option<i64>,
    pub reason: String,
    pub blocked_ms: Option<i64>,
    pub blocked_by: Option<String>,
    pub blocked_why: String,
}

macro_rules! columns {
    () => {
        "number, id, rev, contact_id, misses, first_miss_ms, last_miss_ms, last_call_id, tried_ms, taken_by, taken_ms,
         closed_ms, closed_before_ms, reason, counts_ms, snoozed_ms, blocked_ms, blocked_by, blocked_why"
    };
}

fn read(mut row: Row) -> Result<ClientNumberRow> {
    Ok(ClientNumberRow {
        number: row.take(0)?,
        id: row.take(1)?,
        rev: row.take(2)?,
        contact_id: row.take(3)?,
        misses: row.take(4)?,
        first_miss_ms: row.take(5)?,
        last_miss_ms: row.take(6)?,
        last_call_id: row.take(7)?,
        tried_ms: row.take(8)?,
        taken_by: row.take(9)?,
        taken_ms: row.take(10)?,
        closed_ms: row.take(11)?,
        closed_before_ms: row.take(12)?,
        reason: row.take(13)?,
        counts_ms: row.take(14)?,
        snoozed_ms: row.take(15)?,
        blocked_ms: row.take(16)?,
        blocked_by: row.take(17)?,
        blocked_why: row.take(18)?,
    })
}

/// The number's row, made with `new_id` when it is new; nobody else who asks for it goes on until this transaction ends.
pub fn lock(tx: &mut Tx, number: &str, new_id: &str) -> Result<ClientNumberRow> {
    tx.take_turns(number)?;
    if let Some(known) = find(tx, number)? {
        return Ok(known);
    }
    tx.send(
        "INSERT INTO client_number (number, id, rev, misses, reason, blocked_why) VALUES ($1, $2, 1, 0, '', '')",
        params![number, new_id],
    )?;
    Ok(ClientNumberRow { number: number.to_owned(), id: new_id.to_owned(), rev: 1, ..ClientNumberRow::default() })
}

/// Writes every column of a locked row but number and id; `rev` grows.
pub fn save(tx: &mut Tx, row: &ClientNumberRow) -> Result<()> {
    tx.send(
        "UPDATE client_number
         SET rev = $18, contact_id = $2, misses = $3, first_miss_ms = $4, last_miss_ms = $5, last_call_id = $6, tried_ms = $7,
             taken_by = $8, taken_ms = $9, closed_ms = $10, closed_before_ms = $11, reason = $12,
             counts_ms = $13, snoozed_ms = $14, blocked_ms = $15, blocked_by = $16, blocked_why = $17
         WHERE number = $1",
        params![
            &row.number,
            row.contact_id.as_ref(),
            row.misses,
            row.first_miss_ms,
            row.last_miss_ms,
            row.last_call_id.as_ref(),
            row.tried_ms,
            row.taken_by.as_ref(),
            row.taken_ms,
            row.closed_ms,
            row.closed_before_ms,
            &row.reason,
            row.counts_ms,
            row.snoozed_ms,
            row.blocked_ms,
            row.blocked_by.as_ref(),
            &row.blocked_why,
            row.rev + 1,
        ],
    )
}

pub fn find(tx: &mut Tx, number: &str) -> Result<Option<ClientNumberRow>> {
    tx.query_opt(concat!("SELECT ", columns!(), " FROM client_number WHERE number = $1"), params![number])?
        .map(read)
        .transpose()
}

/// Whether there is a row of this number, or of any that an owner of it has.
pub fn is_any_kept(tx: &mut Tx, number: &str) -> Result<bool> {
    let row = tx.query_opt(
        "SELECT 1
         WHERE EXISTS (SELECT 1 FROM client_number WHERE number = $1)
            OR EXISTS (SELECT 1
                       FROM contact_phone o
                       JOIN contact_phone p ON p.contact_id = o.contact_id
                       JOIN client_number n ON n.number = p.number
                       WHERE o.number = $1)",
        params![number],
    )?;
    Ok(row.is_some())
}

pub fn find_by_id(tx: &mut Tx, id: &str) -> Result<Option<ClientNumberRow>> {
    tx.query_opt(concat!("SELECT ", columns!(), " FROM client_number WHERE id = $1"), params![id])?
        .map(read)
        .transpose()
}

/// What the calls of a number say about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// When the latest talk ended.
    pub reached_ms: Option<i64>,
    /// When the latest call out that reached nobody began.
    pub tried_ms: Option<i64>,
    /// Missed calls ever.
    pub missed_ever: i64,
}

pub fn standing(tx: &mut Tx, number: &str) -> Result<Standing> {
    let row = tx.query_opt(
        "SELECT MAX(CASE WHEN state = 'answered' THEN ended_ms END),
                MAX(CASE WHEN direction = 'out'
                          AND state IN ('cancelled', 'busy', 'unavailable', 'forbidden', 'not_found')
                         THEN started_ms END),
                COUNT(CASE WHEN direction = 'in' AND state = 'missed' THEN 1 END)
         FROM call
         WHERE phone = $1",
        params![number],
    )?;
    let Some(mut row) = row else { return Ok(Standing::default()) };
    Ok(Standing { reached_ms: row.take(0)?, tried_ms: row.take(1)?, missed_ever: row.take(2)? })
}

/// One missed call: its id and when it began.
pub struct Miss {
    pub call_id: String,
    pub started_ms: i64,
}

/// Missed calls of a number that began at `from_ms` or later, latest first.
pub fn list_misses(tx: &mut Tx, number: &str, from_ms: i64) -> Result<Vec<Miss>> {
    tx.query(
        "SELECT id, started_ms
         FROM call
         WHERE phone = $1 AND started_ms >= $2 AND direction = 'in' AND state = 'missed'
         ORDER BY started_ms DESC, id DESC",
        params![number, from_ms],
    )?
    .into_iter()
    .map(|mut row| Ok(Miss { call_id: row.take(0)?, started_ms: row.take(1)? }))
    .collect()
}

/// How many clients wait on the board, and are not put off, at this instant: the numbers of one contact are one, unless
/// others have them too.
pub fn count_open(tx: &mut Tx, now_ms: i64) -> Result<i64> {
    let row = tx.query_opt(
        "SELECT COUNT(DISTINCT COALESCE((SELECT MIN(p.contact_id)
                                         FROM contact_phone p
                                         WHERE p.number = n.number
                                         HAVING COUNT(*) = 1), n.number))
         FROM client_number n
         WHERE n.misses > 0 AND COALESCE(n.snoozed_ms, 0) <= $1",
        params![now_ms],
    )?;
    row.map_or(Ok(0), |mut row| row.take(0))
}

/// Open misses of this number and of all those of this contact.
pub fn count_misses(tx: &mut Tx, number: &str, contact_id: Option<&String>) -> Result<i64> {
    let row = tx.query_opt(
        "SELECT CAST(COALESCE(SUM(misses), 0) AS BIGINT)
         FROM client_number
         WHERE number IN (SELECT CAST($1 AS TEXT)
                          UNION
                          SELECT number FROM contact_phone WHERE contact_id = $2)",
        params![number, contact_id],
    )?;
    row.map_or(Ok(0), |mut row| row.take(0))
}

/// The whole open board, for an order that no index knows.
pub fn list_all_open(tx: &mut Tx) -> Result<Vec<ClientNumberRow>> {
    tx.query(concat!("SELECT ", columns!(), " FROM client_number WHERE misses > 0"), &[])?
        .into_iter()
        .map(read)
        .collect()
}

/// Open numbers that were put off until `now_ms` at the latest, or taken at `taken_before_ms` at the latest and not
/// called since.
pub fn list_lapsed(tx: &mut Tx, now_ms: i64, taken_before_ms: i64) -> Result<BTreeSet<String>> {
    tx.query(
        "SELECT n.number
         FROM client_number n
         WHERE n.misses > 0
           AND (n.snoozed_ms <= $1
                OR (n.taken_ms <= $2
                    AND NOT EXISTS (SELECT 1
                                    FROM call c
                                    WHERE c.phone = n.number AND c.started_ms >= n.taken_ms
                                      AND (c.direction = 'out' OR c.state = 'talking'))))",
        params![now_ms, taken_before_ms],
    )?
    .into_iter()
    .map(|mut row| row.take(0))
    .collect()
}

/// Whether somebody has called this number since, or talks with it in a call that began since.
pub fn is_called_since(tx: &mut Tx, number: &str, from_ms: i64) -> Result<bool> {
    let row = tx.query_opt(
        "SELECT 1
         FROM call
         WHERE phone = $1 AND started_ms >= $2 AND (direction = 'out' OR state = 'talking')
         LIMIT 1",
        params![number, from_ms],
    )?;
    Ok(row.is_some())
}

/// A page of the open board, latest miss first, after (last_miss_ms, id).
pub fn list_open(tx: &mut Tx, after: Option<&(i64, String)>, limit: i64) -> Result<Vec<ClientNumberRow>> {
    tx.query(
        concat!(
            "SELECT ",
            columns!(),
            " FROM client_number
             WHERE misses > 0
               AND (CAST($1 AS BIGINT) IS NULL OR last_miss_ms < $1 OR (last_miss_ms = $1 AND id < $2))
             ORDER BY last_miss_ms DESC, id DESC
             LIMIT $3"
        ),
        params![after.map(|after| after.0), after.map(|after| &after.1), limit],
    )?
    .into_iter()
    .map(read)
    .collect()
}

/// A page of what was on the board once and is closed now.
pub fn list_closed(tx: &mut Tx, after: Option<&(i64, String)>, limit: i64) -> Result<Vec<ClientNumberRow>> {
    tx.query(
        concat!(
            "SELECT ",
            columns!(),
            " FROM client_number
             WHERE misses = 0 AND last_miss_ms IS NOT NULL AND blocked_ms IS NULL
               AND (CAST($1 AS BIGINT) IS NULL OR last_miss_ms < $1 OR (last_miss_ms = $1 AND id < $2))
             ORDER BY last_miss_ms DESC, id DESC
             LIMIT $3"
        ),
        params![after.map(|after| after.0), after.map(|after| &after.1), limit],
    )?
    .into_iter()
    .map(read)
    .collect()
}

/// Whether nobody is to hear of this number's calls.
pub fn is_blocked(tx: &mut Tx, number: &str) -> Result<bool> {
    let row =
        tx.query_opt("SELECT 1 FROM client_number WHERE number = $1 AND blocked_ms IS NOT NULL", params![number])?;
    Ok(row.is_some())
}

/// A page of the blocked numbers, newest first, after (blocked_ms, number).
pub fn list_blocked(tx: &mut Tx, after: Option<&(i64, String)>, limit: i64) -> Result<Vec<ClientNumberRow>> {
    tx.query(
        concat!(
            "SELECT ",
            columns!(),
            " FROM client_number
             WHERE blocked_ms IS NOT NULL
               AND (CAST($1 AS BIGINT) IS NULL OR blocked_ms < $1 OR (blocked_ms = $1 AND number < $2))
             ORDER BY blocked_ms DESC, number DESC
             LIMIT $3"
        ),
        params![after.map(|after| after.0), after.map(|after| &after.1), limit],
    )?
    .into_iter()
    .map(read)
    .collect()
}
