//! How much is kept of each kind, and since when.

use crate::error::Result;
use crate::params;
use crate::store::tables::search_texts::Kind;
use crate::store::tx::Tx;

fn number(tx: &mut Tx, sql: &'static str) -> Result<i64> {
    tx.query_opt(sql, &[])?.map_or(Ok(0), |mut row| row.take(0))
}

/// Calls that are over.
pub fn count_calls(tx: &mut Tx) -> Result<i64> {
    number(tx, "SELECT COUNT(*) FROM call_figure")
}

/// When the oldest call began.
pub fn find_oldest_call(tx: &mut Tx) -> Result<Option<i64>> {
    let row =
        tx.query_opt("SELECT started_ms FROM call WHERE started_ms >= $1 ORDER BY started_ms, id LIMIT 1", params![0])?;
    row.map(|mut row| row.take(0)).transpose()
}

/// By what they are found by: whoever cannot be found is not there.
pub fn count_contacts(tx: &mut Tx) -> Result<i64> {
    let row = tx.query_opt(
        "SELECT COUNT(*) FROM search_text WHERE id >= $1 AND id < $2",
        params![Kind::Contact.first_id(), Kind::Contact.past_id()],
    )?;
    row.map_or(Ok(0), |mut row| row.take(0))
}

/// Recordings whose files are here, and how many bytes they have.
pub fn count_recordings(tx: &mut Tx) -> Result<(i64, i64)> {
    let row = tx.query_opt(
        "SELECT COUNT(*), CAST(COALESCE(SUM(size_bytes), 0) AS BIGINT) FROM recording WHERE state = 'ready'",
        &[],
    )?;
    row.map_or(Ok((0, 0)), |mut row| Ok((row.take(0)?, row.take(1)?)))
}

/// When the oldest push of the journal came.
pub fn find_oldest_webhook(tx: &mut Tx) -> Result<Option<i64>> {
    let row = tx.query_opt("SELECT received_ms FROM webhook WHERE id > $1 ORDER BY id LIMIT 1", params![""])?;
    row.map(|mut row| row.take(0)).transpose()
}

/// When the oldest act of the audit was done.
pub fn find_oldest_act(tx: &mut Tx) -> Result<Option<i64>> {
    tx.query_opt("SELECT at_ms FROM audit ORDER BY id LIMIT 1", &[])?.map(|mut row| row.take(0)).transpose()
}

pub fn count_promises(tx: &mut Tx) -> Result<i64> {
    number(tx, "SELECT COUNT(*) FROM promise")
}

/// Files of clients that came in, and merges that can be taken back.
pub fn count_to_undo(tx: &mut Tx) -> Result<(i64, i64)> {
    Ok((number(tx, "SELECT COUNT(*) FROM import")?, number(tx, "SELECT COUNT(*) FROM contact_merge WHERE kept <> ''")?))
}
