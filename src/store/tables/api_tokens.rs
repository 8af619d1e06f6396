//! `api_token`: what programs prove themselves with, as SHA-256 in hex. For the directory it is read whole.

use crate::error::Result;
use crate::params;
use crate::store::tx::Tx;
use crate::store::value::Row;

/// A token in office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiTokenRow {
    pub id: String,
    pub token_hash: String,
    pub user_id: String,
    pub name: String,
    pub role: String,
    pub created_ms: i64,
    pub expires_ms: Option<i64>,
    pub last_used_ms: Option<i64>,
}

/// Safe to repeat: the id decides.
pub fn insert(tx: &mut Tx, row: &ApiTokenRow) -> Result<()> {
    tx.execute(
        "INSERT INTO api_token (id, token_hash, user_id, name, role, created_ms, expires_ms, last_used_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (id) DO NOTHING",
        params![
            &row.id,
            &row.token_hash,
            &row.user_id,
            &row.name,
            &row.role,
            row.created_ms,
            row.expires_ms,
            row.last_used_ms,
        ],
    )?;
    Ok(())
}

/// All of them, newest first; those whose time is over too, until they are ended.
pub fn list(tx: &mut Tx) -> Result<Vec<ApiTokenRow>> {
    let read = |mut row: Row| {
        Ok(ApiTokenRow {
            id: row.take(0)?,
            token_hash: row.take(1)?,
            user_id: row.take(2)?,
            name: row.take(3)?,
            role: row.take(4)?,
            created_ms: row.take(5)?,
            expires_ms: row.take(6)?,
            last_used_ms: row.take(7)?,
        })
    };
    tx.query(
        "SELECT id, token_hash, user_id, name, role, created_ms, expires_ms, last_used_ms
         FROM api_token
         ORDER BY id DESC",
        &[],
    )?
    .into_iter()
    .map(read)
    .collect()
}

/// Ends a token; answers the name that it had.
pub fn delete(tx: &mut Tx, id: &str) -> Result<Option<String>> {
    let rows = tx.query("DELETE FROM api_token WHERE id = $1 RETURNING name", params![id])?;
    rows.into_iter().next().map(|mut row| row.take(0)).transpose()
}

/// Ends all tokens of a user.
pub fn delete_of_user(tx: &mut Tx, user_id: &str) -> Result<()> {
    tx.execute("DELETE FROM api_token WHERE user_id = $1", params![user_id])?;
    Ok(())
}

/// Notes the last use, unless a later one is known.
pub fn update_last_used(tx: &mut Tx, token_hash: &str, at_ms: i64) -> Result<()> {
    tx.execute(
        "UPDATE api_token
         SET last_used_ms = $2
         WHERE token_hash = $1 AND (last_used_ms IS NULL OR last_used_ms < $2)",
        params![token_hash, at_ms],
    )?;
    Ok(())
}
