//! The `integration` table. It is read whole, for the directory: see `directory`.

use crate::error::Result;
use crate::params;
use crate::store::tx::Tx;

/// Inserts an integration; false when another one has its name.
pub fn insert(tx: &mut Tx, id: &str, kind: &str, name: &str, settings: &str, now_ms: i64) -> Result<bool> {
    tx.execute(
        "INSERT INTO integration (id, kind, name, settings, created_ms)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT DO NOTHING",
        params![id, kind, name, settings, now_ms],
    )?;
    // The id tells the same insert, run again, from another's.
    Ok(find_id(tx, name)?.as_deref() == Some(id))
}

/// Whose name this is, the removed too.
pub fn find_id(tx: &mut Tx, name: &str) -> Result<Option<String>> {
    tx.query_opt("SELECT id FROM integration WHERE name = $1", params![name])?.map(|mut row| row.take(0)).transpose()
}

/// The settings (JSON, secrets encrypted) of an integration in use, locked until the transaction ends.
pub fn lock_settings(tx: &mut Tx, id: &str) -> Result<Option<String>> {
    tx.query_opt(
        "SELECT settings FROM integration WHERE id = $1 AND removed_ms IS NULL FOR NO KEY UPDATE",
        params![id],
    )?
    .map(|mut row| row.take(0))
    .transpose()
}

pub fn update_settings(tx: &mut Tx, id: &str, settings: &str) -> Result<()> {
    tx.execute("UPDATE integration SET settings = $2 WHERE id = $1", params![id, settings])?;
    Ok(())
}

/// Gives it another name.
///
/// # Errors
/// `Exists` when another one has that name.
pub fn update_name(tx: &mut Tx, id: &str, name: &str) -> Result<()> {
    tx.execute("UPDATE integration SET name = $2 WHERE id = $1", params![id, name])?;
    Ok(())
}

/// Marks it as removed, which its calls outlive, and frees its name; `emptied` are its settings without secrets. False
/// when there was none in use.
pub fn remove(tx: &mut Tx, id: &str, emptied: &str, now_ms: i64) -> Result<bool> {
    let touched = tx.execute(
        "UPDATE integration
         SET removed_ms = $2, settings = $3, name = name || ' ' || id
         WHERE id = $1 AND removed_ms IS NULL",
        params![id, now_ms, emptied],
    )?;
    Ok(touched > 0)
}
