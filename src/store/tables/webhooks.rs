//! `webhook`: the journal of every push.

use crate::error::Result;
use crate::params;
use crate::store::tx::Tx;
use crate::store::value::Row;

/// A row whole. `body` is a form, its token masked.
#[derive(Clone, Debug)]
pub struct WebhookRow {
    pub id: String,
    pub integration_id: String,
    pub received_ms: i64,
    pub cmd: String,
    pub content_type: String,
    pub body: String,
    pub status: i64,
    pub detail: String,
    pub call_id: Option<String>,
}

fn read(mut row: Row) -> Result<WebhookRow> {
    Ok(WebhookRow {
        id: row.take(0)?,
        integration_id: row.take(1)?,
        received_ms: row.take(2)?,
        cmd: row.take(3)?,
        content_type: row.take(4)?,
        body: row.take(5)?,
        status: row.take(6)?,
        detail: row.take(7)?,
        call_id: row.take(8)?,
    })
}

/// Safe to repeat: the id decides.
pub fn insert(tx: &mut Tx, row: &WebhookRow) -> Result<()> {
    tx.send(
        "INSERT INTO webhook (id, integration_id, received_ms, cmd, content_type, body, status, detail, call_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (id) DO NOTHING",
        params![
            &row.id,
            &row.integration_id,
            row.received_ms,
            &row.cmd,
            &row.content_type,
            &row.body,
            row.status,
            &row.detail,
            row.call_id.as_ref(),
        ],
    )
}

/// After a replay: what was made of it this time.
pub fn set_result(tx: &mut Tx, id: &str, status: i64, detail: &str, call_id: Option<&str>) -> Result<()> {
    tx.send(
        "UPDATE webhook SET status = $2, detail = $3, call_id = COALESCE($4, call_id) WHERE id = $1",
        params![id, status, detail, call_id],
    )
}

pub fn find(tx: &mut Tx, id: &str) -> Result<Option<WebhookRow>> {
    tx.query_opt(
        "SELECT id, integration_id, received_ms, cmd, content_type, body, status, detail, call_id
         FROM webhook
         WHERE id = $1",
        params![id],
    )?
    .map(read)
    .transpose()
}

/// A page, newest first, with ids before `before`; ids grow with time.
pub fn list(tx: &mut Tx, before: &str, limit: i64) -> Result<Vec<WebhookRow>> {
    tx.query(
        "SELECT id, integration_id, received_ms, cmd, content_type, body, status, detail, call_id
         FROM webhook
         WHERE id < $1
         ORDER BY id DESC
         LIMIT $2",
        params![before, limit],
    )?
    .into_iter()
    .map(read)
    .collect()
}

/// Deletes at most `limit` rows whose ids come before this one, the oldest first; answers how many went.
pub fn delete_before(tx: &mut Tx, id: &str, limit: i64) -> Result<u64> {
    tx.execute(
        "DELETE FROM webhook
         WHERE id IN (SELECT id FROM webhook WHERE id < $1 ORDER BY id LIMIT $2)",
        params![id, limit],
    )
}

/// Some of an integration's pushes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    pub integration_id: String,
    pub count: i64,
    /// The push that was heard last.
    pub last_id: String,
}

/// The pushes not wholly believed that were heard from `first_id` on, by integration.
pub fn list_doubts(tx: &mut Tx, first_id: &str) -> Result<Vec<Counted>> {
    tx.query(
        "SELECT integration_id, COUNT(*), MAX(id)
         FROM webhook
         WHERE status = 200 AND detail <> '' AND id >= $1
         GROUP BY integration_id
         ORDER BY integration_id",
        params![first_id],
    )?
    .into_iter()
    .map(read_counted)
    .collect()
}

/// The pushes refused from `first_id` on, by integration.
pub fn list_refused(tx: &mut Tx, first_id: &str) -> Result<Vec<Counted>> {
    tx.query(
        "SELECT integration_id, COUNT(*), MAX(id)
         FROM webhook
         WHERE status >= 400 AND id >= $1
         GROUP BY integration_id
         ORDER BY integration_id",
        params![first_id],
    )?
    .into_iter()
    .map(read_counted)
    .collect()
}

fn read_counted(mut row: Row) -> Result<Counted> {
    Ok(Counted { integration_id: row.take(0)?, count: row.take(1)?, last_id: row.take(2)? })
}
