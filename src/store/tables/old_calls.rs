//! `call`: how those go that have had their time.

use std::collections::BTreeSet;

use crate::error::Result;
use crate::params;
use crate::store::tables::search_texts;
use crate::store::tx::Tx;
use crate::store::value::Row;

/// What is left to know of a call that was deleted: whose it was, and until when it served its client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeletedCall {
    pub id: String,
    pub phone: String,
    pub started_ms: i64,
    /// Its end, unless it was missed.
    pub ended_ms: Option<i64>,
}

/// Deletes at most `limit` calls that were over before this instant, the oldest first, with what hangs on them. A
/// missed one goes by its beginning: so it never outlives the talk that made it good.
pub fn delete_before(tx: &mut Tx, before_ms: i64, limit: i64) -> Result<Vec<DeletedCall>> {
    let read = |mut row: Row| {
        Ok(DeletedCall { id: row.take(0)?, phone: row.take(1)?, started_ms: row.take(2)?, ended_ms: row.take(3)? })
    };
    let rows = tx.query(
        "DELETE FROM call
         WHERE id IN (SELECT id
                      FROM call
                      WHERE started_ms < $1 AND (ended_ms IS NULL OR ended_ms < $1 OR state = 'missed')
                      ORDER BY started_ms, id
                      LIMIT $2)
         RETURNING id, phone, started_ms, CASE WHEN state <> 'missed' THEN ended_ms END",
        params![before_ms, limit],
    )?;
    let deleted: Vec<DeletedCall> = rows.into_iter().map(read).collect::<Result<_>>()?;
    forget_notes(tx, deleted.iter().map(|call| &call.id))?;
    for number in deleted.iter().map(|call| &call.phone).collect::<BTreeSet<_>>() {
        let other =
            tx.query_opt("SELECT id FROM call WHERE phone = $1 ORDER BY started_ms, id LIMIT 1", params![number])?;
        if other.is_none() {
            search_texts::delete(tx, number)?;
        }
    }
    Ok(deleted)
}

fn forget_notes<'a>(tx: &mut Tx, ids: impl Iterator<Item = &'a String>) -> Result<()> {
    for id in ids {
        search_texts::delete(tx, id)?;
    }
    Ok(())
}

/// Deletes the missed calls of a number that began before this instant; answers when they began.
pub fn delete_misses(tx: &mut Tx, number: &str, before_ms: i64) -> Result<Vec<i64>> {
    let rows = tx.query(
        "DELETE FROM call WHERE phone = $1 AND started_ms < $2 AND direction = 'in' AND state = 'missed'
         RETURNING id, started_ms",
        params![number, before_ms],
    )?;
    let read = |mut row: Row| Ok((row.take::<String>(0)?, row.take::<i64>(1)?));
    let (ids, started): (Vec<_>, Vec<_>) = rows.into_iter().map(read).collect::<Result<Vec<_>>>()?.into_iter().unzip();
    forget_notes(tx, ids.iter())?;
    Ok(started)
}
