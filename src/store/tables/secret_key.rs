//! Which key file the outside systems' secrets are encrypted with: `secret_key`, one row.

use crate::error::Result;
use crate::params;
use crate::store::tx::Tx;

pub fn find_fingerprint(tx: &mut Tx) -> Result<Option<String>> {
    tx.query_opt("SELECT fingerprint FROM secret_key ORDER BY id", &[])?.map(|mut row| row.take(0)).transpose()
}

/// Sets the fingerprint; one that is there stays.
pub fn insert(tx: &mut Tx, fingerprint: &str) -> Result<()> {
    tx.execute(
        "INSERT INTO secret_key (id, fingerprint)
         VALUES (1, $1)
         ON CONFLICT (id) DO NOTHING",
        params![fingerprint],
    )?;
    Ok(())
}

/// Forgets a key with which nothing is encrypted any more.
pub fn delete(tx: &mut Tx) -> Result<()> {
    tx.execute("DELETE FROM secret_key", &[])?;
    Ok(())
}
