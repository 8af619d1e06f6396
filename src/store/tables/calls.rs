//! `call`: one row a call, read and written by itself; many at once are in `call_lists`. The caller computes every
//! derived column from the facts.

use crate::error::{Error, Result};
use crate::params;
use crate::store::keys::by_keys;
use crate::store::tables::search_texts::{self, Kind};
use crate::store::tx::Tx;
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
    pub note_rev: i64,
    pub note_by: Option<String>,
    pub outcome: String,
}

/// Every column, in the order of [`read`].
macro_rules! columns {
    () => {
        "id, former_id, integration_id, callid, facts, rev, direction, state, phone, diversion, user_id, contact_id,
         started_ms, ended_ms, second_callid, click_account, due_ms, note, note_rev, note_by, outcome"
    };
}

pub(super) use columns;

pub(super) fn read(mut row: Row) -> Result<CallRow> {
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
        note_rev: row.take(18)?,
        note_by: row.take(19)?,
        outcome: row.take(20)?,
    })
}

/// Inserts `row`. Whoever gives it a callid has looked for that in his turn at the name.
pub fn insert(tx: &mut Tx, row: &CallRow) -> Result<()> {
    tx.send(
        concat!(
            "INSERT INTO call (",
            columns!(),
            ")
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)"
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
            row.note_rev,
            row.note_by.as_ref(),
            &row.outcome,
        ],
    )?;
    if row.note.is_empty() { Ok(()) } else { index_note(tx, row) }
}

/// The note is what the call is found by, beside its client.
fn index_note(tx: &mut Tx, row: &CallRow) -> Result<()> {
    search_texts::put(tx, Kind::Note, &row.id, row.started_ms, &row.note)
}

/// By the name that the PBX gave it, locked until the transaction ends.
pub fn lock_by_callid(tx: &mut Tx, integration_id: &str, callid: &str) -> Result<Option<CallRow>> {
    tx.query_opt(
        concat!("SELECT ", columns!(), " FROM call WHERE integration_id = $1 AND callid = $2 FOR NO KEY UPDATE"),
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
    /// Nothing that is indexed: facts, direction, state and diversion.
    Course,
    /// The course, the user, the end and the settling.
    End,
    /// The course, the user, the beginning, the end and the settling.
    Times,
    /// Every column but the ids and the integration; and what the call is found by.
    All,
}

macro_rules! update {
    ($($more:literal)?) => {
        concat!(
            "UPDATE call
             SET rev = rev + 1, facts = $2, direction = $3, state = $4, diversion = $5",
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
        row.ended_ms,
        row.due_ms,
        row.started_ms,
        row.callid.as_ref(),
        &row.phone,
        row.contact_id.as_ref(),
        row.second_callid.as_ref(),
        row.click_account.as_ref(),
        &row.note,
        row.note_rev,
        row.note_by.as_ref(),
        &row.outcome,
    ];
    let (sql, count) = match extent {
        Extent::Course => (update!(), 5),
        Extent::End => (update!(", user_id = $6, ended_ms = $7, due_ms = $8"), 8),
        Extent::Times => (update!(", user_id = $6, ended_ms = $7, due_ms = $8, started_ms = $9"), 9),
        Extent::All => {
            let sql = update!(
                ", user_id = $6, ended_ms = $7, due_ms = $8, started_ms = $9, callid = $10, phone = $11, contact_id = $12,
                 second_callid = $13, click_account = $14, note = $15, note_rev = $16, note_by = $17, outcome = $18"
            );
            (sql, params.len())
        }
    };
    tx.send(sql, &params[..count])?;
    if extent == Extent::All {
        index_note(tx, row)?;
        // It may have another number than the one that was indexed behind it.
        search_texts::put(tx, Kind::Number, &row.phone, row.started_ms, &row.phone)?;
    }
    Ok(())
}

/// Looks at the row no sooner than this instant whether it is to be settled.
pub fn put_off(tx: &mut Tx, id: &str, due_ms: i64) -> Result<()> {
    tx.send("UPDATE call SET due_ms = $2 WHERE id = $1 AND due_ms < $2", params![id, due_ms])
}

/// Gives the row the id of the click that folded into it, and a `rev` greater than either had; the old id still finds
/// it.
pub fn take_id(tx: &mut Tx, id: &str, new_id: &str, its_rev: i64) -> Result<()> {
    tx.execute(
        "UPDATE call
         SET id = $2, former_id = $1, rev = CASE WHEN rev > $3 THEN rev ELSE $3 END + 1
         WHERE id = $1",
        params![id, new_id, its_rev],
    )?;
    search_texts::rename(tx, id, new_id)
}

/// Undoes [`take_id`]: the row has its own id again, and the click's is free. Answers its `rev`.
pub fn give_id_back(tx: &mut Tx, id: &str, own_id: &str) -> Result<i64> {
    search_texts::rename(tx, id, own_id)?;
    let rev = tx.query_opt(
        "UPDATE call SET id = $2, former_id = NULL, rev = rev + 1 WHERE id = $1 AND former_id = $2 RETURNING rev",
        params![id, own_id],
    )?;
    rev.ok_or(Error::NotFound("call"))?.take(0)
}

/// Takes a row out; `None` when somebody else was faster.
pub fn remove(tx: &mut Tx, id: &str) -> Result<Option<CallRow>> {
    search_texts::delete(tx, id)?;
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

/// The calls of these ids, in no order; none by an id that it had before a click folded into it.
pub fn list(tx: &mut Tx, ids: &[&str]) -> Result<Vec<CallRow>> {
    let sql = by_keys!(["SELECT ", columns!(), " FROM call WHERE id"] []);
    tx.query_by_keys(sql, ids)?.into_iter().map(read).collect()
}

/// The calls of these names, of any integration.
pub fn list_by_callids(tx: &mut Tx, callids: &[&str]) -> Result<Vec<CallRow>> {
    let sql = by_keys!(["SELECT ", columns!(), " FROM call WHERE callid"] []);
    tx.query_by_keys(sql, callids)?.into_iter().map(read).collect()
}

/// The calls that were transferred to these names, of any integration; of those to one name the oldest first.
pub fn list_transferring(tx: &mut Tx, callids: &[&str]) -> Result<Vec<CallRow>> {
    let sql = by_keys!(["SELECT ", columns!(), " FROM call WHERE second_callid"][" ORDER BY started_ms, id"]);
    tx.query_by_keys(sql, callids)?.into_iter().map(read).collect()
}
