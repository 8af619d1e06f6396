//! `contact.talked_ms` and `contact.talk_id`: the latest talk with each contact, by which their list goes. Computed from the
//! calls, never counted up.

use crate::error::Result;
use crate::params;
use crate::store::keys::by_keys;
use crate::store::tx::Tx;
use crate::store::value::Row;

/// How it stands with a contact, by its calls.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    pub contact_id: String,
    /// The call of the latest talk; it may be erased by now.
    pub talk_id: Option<String>,
    /// Missed calls of all its numbers that nobody has made good.
    pub missed_open: i64,
}

/// How it stands with the contacts of these ids, in no order.
pub fn list_standings(tx: &mut Tx, ids: &[&str]) -> Result<Vec<Standing>> {
    let sql = by_keys!(
        ["SELECT c.id, c.talk_id,
                (SELECT CAST(COALESCE(SUM(b.misses), 0) AS BIGINT)
                 FROM contact_phone p
                 JOIN client_number b ON b.number = p.number
                 WHERE p.contact_id = c.id)
         FROM contact c
         WHERE c.id"] []
    );
    let read =
        |mut row: Row| Ok(Standing { contact_id: row.take(0)?, talk_id: row.take(1)?, missed_open: row.take(2)? });
    tx.query_by_keys(sql, ids)?.into_iter().map(read).collect()
}

/// Finds the latest talk with this contact anew; true when it is another one than was kept. A talk on a shared number
/// counts for all its contacts, unless one was chosen for the call.
pub fn refresh(tx: &mut Tx, id: &str) -> Result<bool> {
    let latest = tx.query_opt(
        "SELECT t.started_ms, t.id
         FROM contact_phone p
         JOIN call t ON t.id = (SELECT u.id
                                FROM call u
                                WHERE u.phone = p.number
                                  AND u.state IN ('answered', 'talking')
                                  AND (u.contact_id IS NULL OR u.contact_id = p.contact_id)
                                ORDER BY u.started_ms DESC, u.id DESC
                                LIMIT 1)
         WHERE p.contact_id = $1
         UNION
         SELECT t.started_ms, t.id
         FROM call t
         WHERE t.id = (SELECT u.id
                       FROM call u
                       WHERE u.contact_id = $1
                         AND u.state IN ('answered', 'talking')
                       ORDER BY u.started_ms DESC, u.id DESC
                       LIMIT 1)
         ORDER BY 1 DESC, 2 DESC
         LIMIT 1",
        params![id],
    )?;
    match latest {
        Some(mut row) => {
            let call_id: String = row.take(1)?;
            set(tx, id, Some((row.take(0)?, &call_id)))
        }
        None => set(tx, id, None),
    }
}

/// Keeps the latest talk with this contact: when it began, and its call; true when it is another one than was kept.
pub fn set(tx: &mut Tx, id: &str, talk: Option<(i64, &str)>) -> Result<bool> {
    let changed = tx.execute(
        "UPDATE contact
         SET talked_ms = COALESCE(CAST($2 AS BIGINT), created_ms), talk_id = $3
         WHERE id = $1
           AND (talked_ms <> COALESCE(CAST($2 AS BIGINT), created_ms)
                OR COALESCE(talk_id, '') <> COALESCE(CAST($3 AS TEXT), ''))",
        params![id, talk.map(|talk| talk.0), talk.map(|talk| talk.1)],
    )?;
    Ok(changed > 0)
}
