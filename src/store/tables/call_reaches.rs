//! `call`: who reached a client last, or tried to.

use crate::domain::returning::LastReach;
use crate::error::Result;
use crate::params;
use crate::store::keys::by_keys;
use crate::store::tx::Tx;

/// Who talked to this number last, or called it in vain, in a call that began since `from_ms`.
pub fn find_last(tx: &mut Tx, number: &str, from_ms: i64) -> Result<Option<LastReach>> {
    let row = tx.query_opt(
        "SELECT user_id, started_ms, CASE WHEN state IN ('answered', 'talking') THEN 1 ELSE 0 END
         FROM call
         WHERE phone = $1 AND started_ms >= $2 AND user_id IS NOT NULL
           AND (state IN ('answered', 'talking')
                OR (direction = 'out' AND state IN ('cancelled', 'busy', 'unavailable', 'forbidden', 'not_found')))
         ORDER BY started_ms DESC, id DESC
         LIMIT 1",
        params![number, from_ms],
    )?;
    let read = |mut row: crate::store::value::Row| {
        let is_talk: i64 = row.take(2)?;
        Ok(LastReach { user_id: row.take(0)?, at_ms: row.take(1)?, is_talk: is_talk != 0 })
    };
    row.map(read).transpose()
}

/// Of those of these calls that came in: each with the call before it in which somebody talked to its number, or called
/// it in vain, within 30 days.
pub fn list_before(tx: &mut Tx, ids: &[&str]) -> Result<Vec<(String, String)>> {
    let sql = by_keys!(
        ["SELECT c.id,
                (SELECT o.id
                 FROM call o
                 WHERE o.phone = c.phone
                   AND o.started_ms BETWEEN c.started_ms - 2592000000 AND c.started_ms
                   AND o.id <> c.id
                   AND o.user_id IS NOT NULL
                   AND (o.state IN ('answered', 'talking')
                        OR (o.direction = 'out'
                            AND o.state IN ('cancelled', 'busy', 'unavailable', 'forbidden', 'not_found')))
                 ORDER BY o.started_ms DESC, o.id DESC
                 LIMIT 1)
         FROM call c
         WHERE c.direction = 'in' AND c.id"] []
    );
    let mut found = Vec::new();
    for mut row in tx.query_by_keys(sql, ids)? {
        let (id, before): (String, Option<String>) = (row.take(0)?, row.take(1)?);
        found.extend(before.map(|before| (id, before)));
    }
    Ok(found)
}
