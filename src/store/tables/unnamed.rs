//! `unnamed`: what a PBX named and nobody here has a name for.

use crate::error::Result;
use crate::params;
use crate::store::tx::Tx;

/// What is made up for each push shall not fill the store.
const MOST: i64 = 100;

/// A row whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnnamedRow {
    pub kind: String,
    pub integration_id: String,
    pub name: String,
    pub heard_ms: i64,
    /// When a person said that it is nobody.
    pub nobody_ms: Option<i64>,
}

/// Safe to repeat: what is known stays as it is. Beyond the hundredth of its kind at an integration nothing is kept.
pub fn insert(tx: &mut Tx, row: &UnnamedRow) -> Result<()> {
    let UnnamedRow { kind, integration_id, name, heard_ms, nobody_ms } = row;
    tx.send(
        "INSERT INTO unnamed (kind, integration_id, name, heard_ms, nobody_ms)
         SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS TEXT), CAST($4 AS BIGINT), CAST($6 AS BIGINT)
         WHERE NOT EXISTS (SELECT 1 FROM unnamed WHERE kind = $1 AND integration_id = $2 AND name = $3)
           AND (SELECT COUNT(*) FROM unnamed WHERE kind = $1 AND integration_id = $2 AND nobody_ms IS NULL) < $5
         ON CONFLICT (kind, integration_id, name) DO NOTHING",
        params![kind, integration_id, name, *heard_ms, MOST, *nobody_ms],
    )
}

/// All of it, what was heard last first.
pub fn list(tx: &mut Tx) -> Result<Vec<UnnamedRow>> {
    tx.query(
        "SELECT kind, integration_id, name, heard_ms, nobody_ms
         FROM unnamed
         ORDER BY heard_ms DESC, kind, name, integration_id",
        &[],
    )?
    .into_iter()
    .map(|mut row| {
        let [kind, integration_id, name] = [row.take(0)?, row.take(1)?, row.take(2)?];
        Ok(UnnamedRow { kind, integration_id, name, heard_ms: row.take(3)?, nobody_ms: row.take(4)? })
    })
    .collect()
}

/// A person said that it is nobody, or that it may be somebody after all; false when it was never heard of.
pub fn set_nobody(tx: &mut Tx, kind: &str, integration_id: &str, name: &str, nobody_ms: Option<i64>) -> Result<bool> {
    let changed = tx.execute(
        "UPDATE unnamed SET nobody_ms = $4 WHERE kind = $1 AND integration_id = $2 AND name = $3",
        params![kind, integration_id, name, nobody_ms],
    )?;
    Ok(changed > 0)
}

/// Deletes what was heard first before this instant, but for what is nobody; answers how many rows went.
pub fn delete_before(tx: &mut Tx, before_ms: i64) -> Result<u64> {
    tx.execute("DELETE FROM unnamed WHERE heard_ms < $1 AND nobody_ms IS NULL", params![before_ms])
}
