//! `call`: one row a call. The caller computes every derived column from the facts.

use crate::error::Result;
use crate::params;
use crate::store::Tx;
use crate::store::value::Row;

/// A row whole.
#[derive(Clone, Debug)]
pub struct CallRow {
    pub id: String,
    pub former_id: Option<String>,
    pub integration_id: String,
    pub callid: Option<String>,
    pub facts: String,
    pub rev: i64,
    pub direction: String,
    pub state: String,
    pub phone: String,
    pub diversion: Option<String>,
    pub user_id: Option<String>,
    pub contact_id: Option<String>,
    pub started_ms: i64,
    pub ended_ms: Option<i64>,
    pub second_callid: Option<String>,
    pub click_account: Option<String>,
    pub due_ms: Option<i64>,
    pub note: String,
    pub outcome: String,
    pub next_step: String,
    pub search_key: String,
}

macro_rules! columns {
    () => {
        "id, former_id, integration_id, callid, facts, rev, direction, state, phone, diversion, user_id, contact_id,
         started_ms, ended_ms, second_callid, click_account, due_ms, note, outcome, next_step, search_key"
    };
}

fn read(mut row: Row) -> Result<CallRow> {
    Ok(CallRow {
        id: row.take(0)?,
        former_id: row.take(1)?,
        integration_id: row.take(2)?,
        callid: row.take(3)?,
        facts: row.take(4)?,
        rev: row.take(5)?,
        direction: row.take(6)?,
        state: row.take(7)?,
        phone: row.take(8)?,
        diversion: row.take(9)?,
        user_id: row.take(10)?,
        contact_id: row.take(11)?,
        started_ms: row.take(12)?,
        ended_ms: row.take(13)?,
        second_callid: row.take(14)?,
        click_account: row.take(15)?,
        due_ms: row.take(16)?,
        note: row.take(17)?,
        outcome: row.take(18)?,
        next_step: row.take(19)?,
        search_key: row.take(20)?,
    })
}

/// Inserts `row`; false when its (integration, callid) is there already.
pub fn insert(tx: &mut Tx, row: &CallRow) -> Result<bool> {
    let inserted = tx.execute(
        concat!(
            "INSERT INTO call (",
            columns!(),
            ")
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
             ON CONFLICT (integration_id, callid) DO NOTHING"
        ),
        params![
            &row.id,
            row.former_id.as_ref(),
            &row.integration_id,
            row.callid.as_ref(),
            &row.facts,
            row.rev,
            &row.direction,
            &row.state,
            &row.phone,
            row.diversion.as_ref(),
            row.user_id.as_ref(),
            row.contact_id.as_ref(),
            row.started_ms,
            row.ended_ms,
            row.second_callid.as_ref(),
            row.click_account.as_ref(),
            row.due_ms,
            &row.note,
            &row.outcome,
            &row.next_step,
            &row.search_key,
        ],
    )?;
    Ok(inserted == 1)
}

/// By the name that the PBX gave it, locked until the transaction ends.
pub fn lock_by_callid(tx: &mut Tx, integration_id: &str, callid: &str) -> Result<Option<CallRow>> {
    tx.query_opt(
        concat!("SELECT ", columns!(), " FROM call WHERE integration_id = $1 AND callid = $2 FOR UPDATE"),
        params![integration_id, callid],
    )?
    .map(read)
    .transpose()
}

/// Locks the row with this id (or that had it before a click folded into it) and grows its `rev`.
pub fn lock(tx: &mut Tx, id: &str) -> Result<Option<CallRow>> {
    tx.query_opt(
        concat!("UPDATE call SET rev = rev + 1 WHERE id = $1 OR former_id = $1 RETURNING ", columns!()),
        params![id],
    )?
    .map(read)
    .transpose()
}

/// How much of a row has changed: indexes are the greater part of a write, so those of other columns are left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// Nothing that is indexed: facts, direction, state, diversion, user and search key.
    Course,
    /// The course, the end and the settling.
    End,
    /// The course, the beginning, the end and the settling.
    Times,
    /// Every column but the id.
    All,
}

macro_rules! update {
    ($($more:literal)?) => {
        concat!(
            "UPDATE call
             SET rev = rev + 1, facts = $2, direction = $3, state = $4, diversion = $5, user_id = $6, search_key = $7",
            $($more,)?
            " WHERE id = $1"
        )
    };
}

/// Writes a locked row; `rev` grows.
pub fn save(tx: &mut Tx, row: &CallRow, extent: Extent) -> Result<()> {
    let params = params![
        &row.id,
        &row.facts,
        &row.direction,
        &row.state,
        row.diversion.as_ref(),
        row.user_id.as_ref(),
        &row.search_key,
        row.ended_ms,
        row.due_ms,
        row.started_ms,
        row.callid.as_ref(),
        &row.phone,
        row.contact_id.as_ref(),
        row.second_callid.as_ref(),
        row.click_account.as_ref(),
        &row.note,
        &row.outcome,
        &row.next_step,
    ];
    let (sql, count) = match extent {
        Extent::Course => (update!(), 7),
        Extent::End => (update!(", ended_ms = $8, due_ms = $9"), 9),
        Extent::Times => (update!(", ended_ms = $8, due_ms = $9, started_ms = $10"), 10),
        Extent::All => {
            let sql = update!(
                ", ended_ms = $8, due_ms = $9, started_ms = $10, callid = $11, phone = $12, contact_id = $13,
                 second_callid = $14, click_account = $15, note = $16, outcome = $17, next_step = $18"
            );
            (sql, params.len())
        }
    };
    tx.execute(sql, &params[..count])?;
    Ok(())
}

/// Gives the row the id of the click that folded into it; the old one still finds it.
pub fn take_id(tx: &mut Tx, id: &str, new_id: &str) -> Result<()> {
    tx.execute("UPDATE call SET id = $2, former_id = $1 WHERE id = $1", params![id, new_id])?;
    Ok(())
}

/// Takes a row out; `None` when somebody else was faster.
pub fn remove(tx: &mut Tx, id: &str) -> Result<Option<CallRow>> {
    tx.query_opt(concat!("DELETE FROM call WHERE id = $1 RETURNING ", columns!()), params![id])?.map(read).transpose()
}

/// By its id, or the id it had before a click folded into it.
pub fn find(tx: &mut Tx, id: &str) -> Result<Option<CallRow>> {
    tx.query_opt(concat!("SELECT ", columns!(), " FROM call WHERE id = $1 OR former_id = $1"), params![id])?
        .map(read)
        .transpose()
}

pub fn find_by_callid(tx: &mut Tx, integration_id: &str, callid: &str) -> Result<Option<CallRow>> {
    tx.query_opt(
        concat!("SELECT ", columns!(), " FROM call WHERE integration_id = $1 AND callid = $2"),
        params![integration_id, callid],
    )?
    .map(read)
    .transpose()
}

/// The call that was transferred to this one; of several the oldest.
pub fn find_transferring(tx: &mut Tx, integration_id: &str, callid: &str) -> Result<Option<CallRow>> {
    tx.query_opt(
        concat!(
            "SELECT ",
            columns!(),
            " FROM call WHERE integration_id = $1 AND second_callid = $2 ORDER BY started_ms, id LIMIT 1"
        ),
        params![integration_id, callid],
    )?
    .map(read)
    .transpose()
}

/// Clicks from this line to this number that wait for their call, made from `from_ms` to `to_ms`, oldest first.
pub fn list_waiting_clicks(
    tx: &mut Tx,
    integration_id: &str,
    account: &str,
    phone: &str,
    from_ms: i64,
    to_ms: i64,
) -> Result<Vec<String>> {
    tx.query(
        "SELECT id
         FROM call
         WHERE integration_id = $1 AND click_account = $2 AND phone = $3 AND started_ms BETWEEN $4 AND $5
         ORDER BY started_ms, id",
        params![integration_id, account, phone, from_ms, to_ms],
    )?
    .into_iter()
    .map(|mut row| row.take(0))
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

/// Ids of calls that are due to be settled, the longest waiting first.
pub fn list_due(tx: &mut Tx, now_ms: i64, limit: i64) -> Result<Vec<String>> {
    tx.query(
        "SELECT id FROM call WHERE due_ms IS NOT NULL AND due_ms <= $1 ORDER BY due_ms, id LIMIT $2",
        params![now_ms, limit],
    )?
    .into_iter()
    .map(|mut row| row.take(0))
    .collect()
}

/// What may still stand on a screen: calls that go on, and those ended since `ended_since_ms`; clicks not heard of only
/// when made since `requested_since_ms`. Newest first. (The inner query goes by small indexes: with OR, SQLite walks
/// the whole history for the order.)
pub fn list_on_screen(tx: &mut Tx, ended_since_ms: i64, requested_since_ms: i64, limit: i64) -> Result<Vec<CallRow>> {
    tx.query(
        concat!(
            "SELECT ",
            columns!(),
            " FROM call
             WHERE id IN (SELECT id FROM call
                          WHERE due_ms IS NOT NULL
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

/// How many calls there are with this number.
pub fn count_of_phone(tx: &mut Tx, phone: &str) -> Result<i64> {
    let row = tx.query_opt("SELECT COUNT(*) FROM call WHERE phone = $1", params![phone])?;
    row.map_or(Ok(0), |mut row| row.take(0))
}

/// What the history may be narrowed to; `None` is no limit. Instants in ms; `search` are LIKE patterns.
#[derive(Clone, Debug, Default)]
pub struct CallFilter {
    pub from_ms: Option<i64>,
    pub to_ms: Option<i64>,
    pub state: Option<&'static str>,
    pub direction: Option<&'static str>,
    pub user_id: Option<String>,
    pub phone: Option<String>,
    pub contact_id: Option<String>,
    pub integration_id: Option<String>,
    pub callid: Option<String>,
    pub search: Option<(String, String, String)>,
}

/// A page of the history after (started_ms, id), newest first.
pub fn list(tx: &mut Tx, filter: &CallFilter, after: Option<&(i64, String)>, limit: i64) -> Result<Vec<CallRow>> {
    let (text, digits, digits_seven) = match &filter.search {
        Some((text, digits, seven)) => (Some(text), Some(digits), Some(seven)),
        None => (None, None, None),
    };
    tx.query(
        concat!(
            "SELECT ",
            columns!(),
            r" FROM call
             WHERE (CAST($1 AS BIGINT) IS NULL OR started_ms >= $1)
               AND (CAST($2 AS BIGINT) IS NULL OR started_ms < $2)
               AND (CAST($3 AS TEXT) IS NULL OR state = $3)
               AND (CAST($4 AS TEXT) IS NULL OR direction = $4)
               AND (CAST($5 AS TEXT) IS NULL OR user_id = $5)
               AND (CAST($6 AS TEXT) IS NULL OR phone = $6)
               AND (CAST($7 AS TEXT) IS NULL OR contact_id = $7
                    OR (contact_id IS NULL AND phone IN (SELECT p.number FROM contact_phone p WHERE p.contact_id = $7)))
               AND (CAST($8 AS TEXT) IS NULL OR integration_id = $8)
               AND (CAST($9 AS TEXT) IS NULL OR callid = $9)
               AND (CAST($10 AS TEXT) IS NULL
                    OR search_key LIKE $10 ESCAPE '\' OR search_key LIKE $11 ESCAPE '\' OR search_key LIKE $12 ESCAPE '\'
                    OR EXISTS (SELECT 1
                               FROM contact_phone p
                               JOIN contact c ON c.id = p.contact_id
                               WHERE p.number = call.phone AND c.search_key LIKE $10 ESCAPE '\'))
               AND (CAST($13 AS BIGINT) IS NULL OR started_ms < $13 OR (started_ms = $13 AND id < $14))
             ORDER BY started_ms DESC, id DESC
             LIMIT $15"
        ),
        params![
            filter.from_ms,
            filter.to_ms,
            filter.state,
            filter.direction,
            filter.user_id.as_ref(),
            filter.phone.as_ref(),
            filter.contact_id.as_ref(),
            filter.integration_id.as_ref(),
            filter.callid.as_ref(),
            text,
            digits,
            digits_seven,
            after.map(|after| after.0),
            after.map(|after| &after.1),
            limit,
        ],
    )?
    .into_iter()
    .map(read)
    .collect()
}
