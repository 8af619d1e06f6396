//! How people are known to the integrations: `user_line`.

use crate::error::Result;
use crate::params;
use crate::store::tx::Tx;

/// Adds a line; nothing happens when it is somebody's already.
pub fn insert(tx: &mut Tx, user_id: &str, integration_id: &str, account: &str, position: i64) -> Result<()> {
    tx.execute(
        "INSERT INTO user_line (integration_id, account, user_id, position)
         VALUES ($1, $2, $3, $4)
         ON CONFLICT (integration_id, account) DO NOTHING",
        params![integration_id, account, user_id, position],
    )?;
    Ok(())
}

/// Gives the user a line; whoever had it has it no more.
pub fn give(tx: &mut Tx, user_id: &str, integration_id: &str, account: &str, position: i64) -> Result<()> {
    tx.execute(
        "INSERT INTO user_line (integration_id, account, user_id, position)
         VALUES ($1, $2, $3, $4)
         ON CONFLICT (integration_id, account) DO UPDATE SET user_id = excluded.user_id, position = excluded.position",
        params![integration_id, account, user_id, position],
    )?;
    Ok(())
}

/// Whose line this is.
pub fn find_user(tx: &mut Tx, integration_id: &str, account: &str) -> Result<Option<String>> {
    tx.query_opt(
        "SELECT user_id
         FROM user_line
         WHERE integration_id = $1 AND account = $2",
        params![integration_id, account],
    )?
    .map(|mut row| row.take(0))
    .transpose()
}

pub fn delete_of_user(tx: &mut Tx, user_id: &str) -> Result<()> {
    tx.execute("DELETE FROM user_line WHERE user_id = $1", params![user_id])?;
    Ok(())
}
