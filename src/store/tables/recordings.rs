//! `recording`: what the PBX has recorded, one row a call. Whoever locks a call too locks it first.

use crate::error::{Error, Result};
use crate::params;
use crate::store::keys::by_keys;
use crate::store::tx::Tx;
use crate::store::value::Row;

/// A row whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordingRow {
    pub id: String,
    /// `None` once the call is gone.
    pub call_id: Option<String>,
    pub integration_id: String,
    pub link: String,
    pub state: String,
    pub tries: i64,
    pub tried_since_ms: Option<i64>,
    pub due_ms: Option<i64>,
    pub error: String,
    pub media: String,
    pub size_bytes: Option<i64>,
    pub changed_ms: i64,
}

macro_rules! columns {
    () => {
        "id, call_id, integration_id, link, state, tries, tried_since_ms, due_ms, error, media, size_bytes, changed_ms"
    };
}

fn read(mut row: Row) -> Result<RecordingRow> {
    Ok(RecordingRow {
        id: row.take(0)?,
        call_id: row.take(1)?,
        integration_id: row.take(2)?,
        link: row.take(3)?,
        state: row.take(4)?,
        tries: row.take(5)?,
        tried_since_ms: row.take(6)?,
        due_ms: row.take(7)?,
        error: row.take(8)?,
        media: row.take(9)?,
        size_bytes: row.take(10)?,
        changed_ms: row.take(11)?,
    })
}

/// Inserts a waiting row that is due at once, or, when there is one of this call, locks that and returns it.
pub fn insert_or_lock(
    tx: &mut Tx,
    id: &str,
    call_id: &str,
    integration_id: &str,
    link: &str,
    now_ms: i64,
) -> Result<RecordingRow> {
    let locked = tx.query_opt(
        concat!(
            "INSERT INTO recording (id, call_id, integration_id, link, state, tries, due_ms, error, media, changed_ms)
             VALUES ($1, $2, $3, $4, 'waiting', 0, $5, '', '', $5)
             ON CONFLICT (call_id) DO UPDATE SET tries = recording.tries
             RETURNING ",
            columns!()
        ),
        params![id, call_id, integration_id, link, now_ms],
    )?;
    locked.map_or_else(|| Err(Error::internal("an upsert returned no row")), read)
}

/// Locks a row.
pub fn lock(tx: &mut Tx, id: &str) -> Result<Option<RecordingRow>> {
    tx.query_opt(concat!("UPDATE recording SET tries = tries WHERE id = $1 RETURNING ", columns!()), params![id])?
        .map(read)
        .transpose()
}

/// Locks the row of a call.
pub fn lock_of_call(tx: &mut Tx, call_id: &str) -> Result<Option<RecordingRow>> {
    tx.query_opt(
        concat!("UPDATE recording SET tries = tries WHERE call_id = $1 RETURNING ", columns!()),
        params![call_id],
    )?
    .map(read)
    .transpose()
}

/// Takes the integration's longest due row on lease, as one more try: it is due again at `lease_until_ms`, should nothing
/// be heard of it until then.
pub fn take(tx: &mut Tx, integration_id: &str, now_ms: i64, lease_until_ms: i64) -> Result<Option<RecordingRow>> {
    tx.query_opt(
        concat!(
            "UPDATE recording
             SET tries = tries + 1, tried_since_ms = COALESCE(tried_since_ms, $2), due_ms = $3
             WHERE id = (SELECT r.id
                         FROM recording r
                         WHERE r.integration_id = $1 AND r.due_ms <= $2
                         ORDER BY r.due_ms, r.id
                         LIMIT 1)
               AND due_ms <= $2
             RETURNING ",
            columns!()
        ),
        params![integration_id, now_ms, lease_until_ms],
    )?
    .map(read)
    .transpose()
}

/// The lease of this try lasts longer; not that of a later one.
pub fn extend(tx: &mut Tx, id: &str, tries: i64, lease_until_ms: i64) -> Result<()> {
    tx.execute(
        "UPDATE recording SET due_ms = $3 WHERE id = $1 AND tries = $2 AND state = 'waiting'",
        params![id, tries, lease_until_ms],
    )?;
    Ok(())
}

/// Writes everything of a locked row that changes.
pub fn save(tx: &mut Tx, row: &RecordingRow) -> Result<()> {
    tx.send(
        "UPDATE recording
         SET link = $2, state = $3, tries = $4, tried_since_ms = $5, due_ms = $6, error = $7, media = $8,
             size_bytes = $9, changed_ms = $10
         WHERE id = $1",
        params![
            &row.id,
            &row.link,
            &row.state,
            row.tries,
            row.tried_since_ms,
            row.due_ms,
            &row.error,
            &row.media,
            row.size_bytes,
            row.changed_ms,
        ],
    )
}

/// The integrations of which something is to be fetched.
pub fn list_due_integrations(tx: &mut Tx, now_ms: i64) -> Result<Vec<String>> {
    tx.query(
        "SELECT DISTINCT integration_id FROM recording WHERE due_ms <= $1 ORDER BY integration_id",
        params![now_ms],
    )?
    .into_iter()
    .map(|mut row| row.take(0))
    .collect()
}

/// What waits for its next try, and what was given up since the id `since`, is due at `now_ms`, as if never tried.
pub fn hurry(tx: &mut Tx, integration_id: &str, since: &str, now_ms: i64) -> Result<()> {
    tx.execute(
        "UPDATE recording
         SET tries = 0, tried_since_ms = NULL, due_ms = $2, error = ''
         WHERE integration_id = $1 AND tries > 0 AND due_ms > $2",
        params![integration_id, now_ms],
    )?;
    tx.execute(
        "UPDATE recording
         SET state = 'waiting', tries = 0, tried_since_ms = NULL, due_ms = $3, error = ''
         WHERE state = 'failed' AND id > $2 AND integration_id = $1",
        params![integration_id, since, now_ms],
    )?;
    Ok(())
}

/// By its call.
pub fn find_of_call(tx: &mut Tx, call_id: &str) -> Result<Option<RecordingRow>> {
    tx.query_opt(concat!("SELECT ", columns!(), " FROM recording WHERE call_id = $1"), params![call_id])?
        .map(read)
        .transpose()
}

/// The recordings of these calls.
pub fn list_of_calls(tx: &mut Tx, call_ids: &[&str]) -> Result<Vec<RecordingRow>> {
    let sql = by_keys!(["SELECT ", columns!(), " FROM recording WHERE call_id"] []);
    tx.query_by_keys(sql, call_ids)?.into_iter().map(read).collect()
}

/// The recordings of an integration, and why the latest of them failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    pub integration_id: String,
    pub count: i64,
    pub last_error: String,
}

/// How many there are in this state since the id `since`, by integration.
pub fn count(tx: &mut Tx, state: &str, since: &str) -> Result<Vec<Counted>> {
    tx.query(
        "SELECT t.integration_id, t.count, r.error
         FROM (SELECT integration_id, COUNT(*) AS count, MAX(id) AS last_id
               FROM recording
               WHERE state = $1 AND id > $2
               GROUP BY integration_id) t
         JOIN recording r ON r.id = t.last_id
         ORDER BY t.integration_id",
        params![state, since],
    )?
    .into_iter()
    .map(|mut row| Ok(Counted { integration_id: row.take(0)?, count: row.take(1)?, last_error: row.take(2)? }))
    .collect()
}

/// At most `limit` ids of those whose calls are gone.
pub fn list_left(tx: &mut Tx, limit: i64) -> Result<Vec<String>> {
    tx.query("SELECT id FROM recording WHERE call_id IS NULL ORDER BY id LIMIT $1", params![limit])?
        .into_iter()
        .map(|mut row| row.take(0))
        .collect()
}

/// At most `limit` ids in this state that come before this one.
pub fn list_before(tx: &mut Tx, state: &str, id: &str, limit: i64) -> Result<Vec<String>> {
    tx.query("SELECT id FROM recording WHERE state = $1 AND id < $2 ORDER BY id LIMIT $3", params![state, id, limit])?
        .into_iter()
        .map(|mut row| row.take(0))
        .collect()
}

/// Forgets one whose call is gone.
pub fn delete_left(tx: &mut Tx, id: &str) -> Result<()> {
    tx.execute("DELETE FROM recording WHERE id = $1 AND call_id IS NULL", params![id])?;
    Ok(())
}
