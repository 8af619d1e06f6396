//! What goes, and what stays without him, when a client is erased.

use crate::error::Result;
use crate::params;
use crate::store::tables::search_texts;
use crate::store::tx::Tx;
use crate::store::value::Row;

fn ids(rows: Vec<Row>) -> Result<Vec<String>> {
    rows.into_iter().map(|mut row| row.take(0)).collect()
}

/// The calls of a number, oldest first.
pub fn list_calls_of_number(tx: &mut Tx, number: &str) -> Result<Vec<String>> {
    ids(tx.query("SELECT id FROM call WHERE phone = $1 ORDER BY started_ms, id", params![number])?)
}

/// The calls for which a person chose this contact, oldest first.
pub fn list_calls_of_contact(tx: &mut Tx, contact_id: &str) -> Result<Vec<String>> {
    ids(tx.query("SELECT id FROM call WHERE contact_id = $1 ORDER BY started_ms, id", params![contact_id])?)
}

/// A call as it stays: `token` in place of the number, `callid` in place of the PBX's own; its facts are without the client.
pub fn strip_call(tx: &mut Tx, id: &str, token: &str, callid: Option<&str>, facts: &str) -> Result<()> {
    search_texts::delete(tx, id)?;
    tx.execute(
        "UPDATE call
         SET rev = rev + 1, phone = $2, callid = $3, facts = $4, contact_id = NULL, second_callid = NULL,
             click_account = NULL, due_ms = NULL, note = '', note_by = NULL
         WHERE id = $1",
        params![id, token, callid, facts],
    )?;
    tx.execute("UPDATE call_figure SET phone = $2 WHERE call_id = $1", params![id, token])?;
    tx.execute("UPDATE missed_episode SET number = $2 WHERE call_id = $1", params![id, token])?;
    Ok(())
}

/// What goes out of a call, and its recording's address, which is left for its file to be deleted.
pub fn delete_around_call(tx: &mut Tx, id: &str) -> Result<()> {
    tx.execute("DELETE FROM delivery WHERE call_id = $1", params![id])?;
    tx.execute("DELETE FROM dial_slot WHERE call_id = $1", params![id])?;
    tx.execute(
        "UPDATE recording SET call_id = NULL, link = '', error = '', due_ms = NULL WHERE call_id = $1",
        params![id],
    )?;
    Ok(())
}

/// What was promised in this call, to this number, or to this contact (one of them is given); answers which.
pub fn delete_promises(tx: &mut Tx, call_id: &str, number: &str, contact_id: &str) -> Result<Vec<String>> {
    ids(tx.query(
        "DELETE FROM promise WHERE call_id = $1 OR number = $2 OR contact_id = $3 RETURNING id",
        params![call_id, number, contact_id],
    )?)
}

/// What is kept of a number apart from its calls.
pub fn delete_number(tx: &mut Tx, number: &str) -> Result<()> {
    search_texts::delete(tx, number)?;
    tx.execute("DELETE FROM client_number WHERE number = $1", params![number])?;
    Ok(())
}

/// A push of the journal.
pub fn delete_webhook(tx: &mut Tx, id: &str) -> Result<()> {
    tx.execute("DELETE FROM webhook WHERE id = $1", params![id])?;
    Ok(())
}

/// A row that holds text, by its id.
pub type Text = (String, String);

fn texts(rows: Vec<Row>) -> Result<Vec<Text>> {
    rows.into_iter().map(|mut row| Ok((row.take(0)?, row.take(1)?))).collect()
}

/// A page of what people changed of contacts, after this id.
pub fn list_changes(tx: &mut Tx, after: &str, limit: i64) -> Result<Vec<Text>> {
    texts(tx.query("SELECT id, fields FROM contact_change WHERE id > $1 ORDER BY id LIMIT $2", params![after, limit])?)
}

pub fn save_change(tx: &mut Tx, id: &str, fields: &str) -> Result<()> {
    tx.execute("UPDATE contact_change SET fields = $2 WHERE id = $1", params![id, fields])?;
    Ok(())
}

/// Every merge that can still be taken back: who is no more, and what is kept.
pub fn list_merges(tx: &mut Tx) -> Result<Vec<Text>> {
    texts(tx.query("SELECT from_id, kept FROM contact_merge WHERE kept <> '' ORDER BY from_id", &[])?)
}

/// It stays as it is: nothing is kept of it.
pub fn settle_merge(tx: &mut Tx, from_id: &str) -> Result<()> {
    tx.execute("UPDATE contact_merge SET kept = '' WHERE from_id = $1", params![from_id])?;
    Ok(())
}

/// Whoever became part of this contact: there is nowhere to lead to.
pub fn delete_merges_into(tx: &mut Tx, into_id: &str) -> Result<()> {
    tx.execute("DELETE FROM contact_merge WHERE into_id = $1", params![into_id])?;
    Ok(())
}

/// The files of clients that came in.
pub fn list_imports(tx: &mut Tx) -> Result<Vec<String>> {
    ids(tx.query("SELECT id FROM import ORDER BY id", &[])?)
}

pub fn save_part(tx: &mut Tx, import_id: &str, position: i64, cells: &str, outcomes: &str) -> Result<()> {
    tx.execute(
        "UPDATE import_part SET cells = $3, outcomes = $4 WHERE import_id = $1 AND position = $2",
        params![import_id, position, cells, outcomes],
    )?;
    Ok(())
}
