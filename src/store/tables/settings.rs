//! The `setting` table: one row a setting that was changed from its default.

use crate::error::Result;
use crate::params;
use crate::store::tx::Tx;

/// Keeps a setting; `value` is JSON.
pub fn upsert(tx: &mut Tx, name: &str, value: &str) -> Result<()> {
    tx.execute(
        "INSERT INTO setting (name, value)
         VALUES ($1, $2)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        params![name, value],
    )?;
    Ok(())
}
