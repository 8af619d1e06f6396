//! `contact_merge`: contacts that became part of another one; and what is moved when they do.

use crate::error::Result;
use crate::params;
use crate::store::tx::Tx;
use crate::store::value::Row;

/// A row whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergeRow {
    pub from_id: String,
    pub into_id: String,
    pub task_id: String,
    pub made_ms: i64,
    /// JSON; empty: it cannot be taken back any more.
    pub kept: String,
}

fn ids(rows: Vec<Row>) -> Result<Vec<String>> {
    rows.into_iter().map(|mut row| row.take(0)).collect()
}

pub fn insert(tx: &mut Tx, row: &MergeRow) -> Result<()> {
    tx.execute(
        "INSERT INTO contact_merge (from_id, into_id, task_id, made_ms, kept) VALUES ($1, $2, $3, $4, $5)",
        params![&row.from_id, &row.into_id, &row.task_id, row.made_ms, &row.kept],
    )?;
    Ok(())
}

/// Of which contact this one is a part; `None`: it never became one, or is whole again.
pub fn find_into(tx: &mut Tx, from_id: &str) -> Result<Option<String>> {
    tx.query_opt("SELECT into_id FROM contact_merge WHERE from_id = $1", params![from_id])?
        .map(|mut row| row.take(0))
        .transpose()
}

pub fn find_by_task(tx: &mut Tx, task_id: &str) -> Result<Option<MergeRow>> {
    let row = tx.query_opt(
        "SELECT from_id, into_id, task_id, made_ms, kept FROM contact_merge WHERE task_id = $1",
        params![task_id],
    )?;
    row.map(|mut row| {
        Ok(MergeRow {
            from_id: row.take(0)?,
            into_id: row.take(1)?,
            task_id: row.take(2)?,
            made_ms: row.take(3)?,
            kept: row.take(4)?,
        })
    })
    .transpose()
}

pub fn delete(tx: &mut Tx, from_id: &str) -> Result<()> {
    tx.execute("DELETE FROM contact_merge WHERE from_id = $1", params![from_id])?;
    Ok(())
}

/// What was merged before this instant stays merged: only the address leads on.
pub fn settle_before(tx: &mut Tx, before_ms: i64) -> Result<u64> {
    tx.execute("UPDATE contact_merge SET kept = '' WHERE kept <> '' AND made_ms < $1", params![before_ms])
}

/// The numbers of the calls for which a person chose this contact, and of what was promised to him.
pub fn list_numbers_around(tx: &mut Tx, id: &str) -> Result<Vec<String>> {
    ids(tx.query(
        "SELECT phone FROM call WHERE contact_id = $1
         UNION
         SELECT number FROM promise WHERE contact_id = $1
         UNION
         SELECT number FROM client_number WHERE contact_id = $1
         ORDER BY 1",
        params![id],
    )?)
}

/// Calls for which a person chose the one are the other's from now on; answers which.
pub fn move_calls(tx: &mut Tx, from_id: &str, into_id: &str) -> Result<Vec<String>> {
    ids(tx.query(
        "UPDATE call SET contact_id = $2, rev = rev + 1 WHERE contact_id = $1 RETURNING id",
        params![from_id, into_id],
    )?)
}

/// As much for one call, if it is still the other's; also by the id that it had before a click folded into it.
pub fn move_call(tx: &mut Tx, call_id: &str, from_id: &str, into_id: &str) -> Result<bool> {
    let moved = tx.execute(
        "UPDATE call SET contact_id = $3, rev = rev + 1 WHERE (id = $1 OR former_id = $1) AND contact_id = $2",
        params![call_id, from_id, into_id],
    )?;
    Ok(moved > 0)
}

/// As [`move_calls`], of promises.
pub fn move_promises(tx: &mut Tx, from_id: &str, into_id: &str) -> Result<Vec<String>> {
    ids(tx.query("UPDATE promise SET contact_id = $2 WHERE contact_id = $1 RETURNING id", params![from_id, into_id])?)
}

/// As [`move_call`], of a promise.
pub fn move_promise(tx: &mut Tx, id: &str, from_id: &str, into_id: &str) -> Result<()> {
    tx.execute("UPDATE promise SET contact_id = $3 WHERE id = $1 AND contact_id = $2", params![id, from_id, into_id])?;
    Ok(())
}

/// As [`move_calls`], of numbers.
pub fn move_numbers(tx: &mut Tx, from_id: &str, into_id: &str) -> Result<Vec<String>> {
    ids(tx.query(
        "UPDATE client_number SET contact_id = $2, rev = rev + 1 WHERE contact_id = $1 RETURNING number",
        params![from_id, into_id],
    )?)
}

/// As [`move_call`], of a number.
pub fn move_number(tx: &mut Tx, number: &str, from_id: &str, into_id: &str) -> Result<()> {
    tx.execute(
        "UPDATE client_number SET contact_id = $3, rev = rev + 1 WHERE number = $1 AND contact_id = $2",
        params![number, from_id, into_id],
    )?;
    Ok(())
}
