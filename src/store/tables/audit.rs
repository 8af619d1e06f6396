//! `audit`: who did what.

use crate::error::Result;
use crate::params;
use crate::store::tx::Tx;
use crate::store::value::Row;

/// A row whole. Who or what it was done to stands with the name it had then; `fields` is JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    pub id: String,
    pub at_ms: i64,
    pub action: String,
    pub user_id: Option<String>,
    pub token: String,
    pub address: String,
    pub about_id: String,
    pub about_name: String,
    pub role: String,
    pub fields: String,
}

fn read(mut row: Row) -> Result<AuditRow> {
    Ok(AuditRow {
        id: row.take(0)?,
        at_ms: row.take(1)?,
        action: row.take(2)?,
        user_id: row.take(3)?,
        token: row.take(4)?,
        address: row.take(5)?,
        about_id: row.take(6)?,
        about_name: row.take(7)?,
        role: row.take(8)?,
        fields: row.take(9)?,
    })
}

/// For a copy as well, which is no store yet.
pub const INSERT: &str =
    "INSERT INTO audit (id, at_ms, action, user_id, token, address, about_id, about_name, role, fields)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     ON CONFLICT (id) DO NOTHING";

/// Safe to repeat: the id decides.
pub fn insert(tx: &mut Tx, row: &AuditRow) -> Result<()> {
    tx.execute(
        INSERT,
        params![
            &row.id,
            row.at_ms,
            &row.action,
            row.user_id.as_ref(),
            &row.token,
            &row.address,
            &row.about_id,
            &row.about_name,
            &row.role,
            &row.fields,
        ],
    )?;
    Ok(())
}

/// A page, newest first, with ids before `before`; ids grow with time.
pub fn list(tx: &mut Tx, before: &str, limit: i64) -> Result<Vec<AuditRow>> {
    tx.query(
        "SELECT id, at_ms, action, user_id, token, address, about_id, about_name, role, fields
         FROM audit
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
        "DELETE FROM audit
         WHERE id IN (SELECT id FROM audit WHERE id < $1 ORDER BY id LIMIT $2)",
        params![id, limit],
    )
}
