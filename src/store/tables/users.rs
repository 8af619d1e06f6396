//! People who sign in: `user_account`.

use crate::error::Result;
use crate::params;
use crate::store::tx::Tx;
use crate::store::value::Row;

/// A user as it is kept, but for the password.
#[derive(Clone, Debug)]
pub struct UserRow {
    pub id: String,
    pub login: String,
    pub login_key: String,
    pub name: String,
    pub role: &'static str,
}

/// Adds a user; nothing happens when the login is taken, or the user is there already.
pub fn insert(tx: &mut Tx, user: &UserRow, password_hash: &str, now_ms: i64) -> Result<()> {
    tx.execute(
        "INSERT INTO user_account (id, login, login_key, name, role, password_hash, disabled_ms, created_ms)
         VALUES ($1, $2, $3, $4, $5, $6, NULL, $7)
         ON CONFLICT DO NOTHING",
        params![&user.id, &user.login, &user.login_key, &user.name, user.role, password_hash, now_ms],
    )?;
    Ok(())
}

/// Who signs in with this login, and the hash of his password.
pub fn find_credentials(tx: &mut Tx, login_key: &str) -> Result<Option<(String, String)>> {
    tx.query_opt(
        "SELECT id, password_hash
         FROM user_account
         WHERE login_key = $1 AND disabled_ms IS NULL",
        params![login_key],
    )?
    .map(|mut row| Ok((row.take(0)?, row.take(1)?)))
    .transpose()
}

/// A user as he stands, locked until the transaction ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockedUser {
    pub login: String,
    pub name: String,
    pub role: String,
    pub disabled_ms: Option<i64>,
}

/// Locks a user, a disabled one too.
pub fn lock(tx: &mut Tx, id: &str) -> Result<Option<LockedUser>> {
    let read = |mut row: Row| {
        Ok(LockedUser { login: row.take(0)?, name: row.take(1)?, role: row.take(2)?, disabled_ms: row.take(3)? })
    };
    tx.query_opt(
        "SELECT login, name, role, disabled_ms FROM user_account WHERE id = $1 FOR NO KEY UPDATE",
        params![id],
    )?
    .map(read)
    .transpose()
}

/// Writes everything but the password; `Exists` when the login is taken.
pub fn update(tx: &mut Tx, user: &UserRow) -> Result<()> {
    tx.execute(
        "UPDATE user_account
         SET login = $2, login_key = $3, name = $4, role = $5
         WHERE id = $1",
        params![&user.id, &user.login, &user.login_key, &user.name, user.role],
    )?;
    Ok(())
}

pub fn set_password(tx: &mut Tx, id: &str, password_hash: &str) -> Result<()> {
    tx.execute("UPDATE user_account SET password_hash = $2 WHERE id = $1", params![id, password_hash])?;
    Ok(())
}

/// Hides a user for good; his calls keep him, his login is free again.
pub fn disable(tx: &mut Tx, id: &str, now_ms: i64) -> Result<()> {
    tx.execute(
        "UPDATE user_account
         SET disabled_ms = $2, login_key = id
         WHERE id = $1",
        params![id, now_ms],
    )?;
    Ok(())
}

/// The ids of all admins. Holds their rows, so that two who disable each other take turns.
pub fn lock_admins(tx: &mut Tx) -> Result<Vec<String>> {
    tx.query(
        "UPDATE user_account
         SET role = role
         WHERE role = 'admin' AND disabled_ms IS NULL
         RETURNING id",
        &[],
    )?
    .into_iter()
    .map(|mut row| row.take(0))
    .collect()
}
