//! `second_factor` and `recovery_code`: what a person proves himself with beside the password.

use crate::error::Result;
use crate::params;
use crate::store::tx::Tx;
use crate::store::value::Row;

/// A person's second factor. The secret is sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecondFactorRow {
    pub user_id: String,
    pub secret: String,
    /// Since when it is asked for; none: its first code is still waited for.
    pub since_ms: Option<i64>,
    /// The step whose code was used last.
    pub used_step: Option<i64>,
}

/// The person's only one from now on.
pub fn put(tx: &mut Tx, user_id: &str, secret: &str) -> Result<()> {
    tx.execute(
        "INSERT INTO second_factor (user_id, secret)
         VALUES ($1, $2)
         ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret, since_ms = NULL, used_step = NULL",
        params![user_id, secret],
    )?;
    Ok(())
}

pub fn find(tx: &mut Tx, user_id: &str) -> Result<Option<SecondFactorRow>> {
    let read = |mut row: Row| {
        Ok(SecondFactorRow {
            user_id: row.take(0)?,
            secret: row.take(1)?,
            since_ms: row.take(2)?,
            used_step: row.take(3)?,
        })
    };
    tx.query_opt(
        "SELECT user_id, secret, since_ms, used_step
         FROM second_factor
         WHERE user_id = $1",
        params![user_id],
    )?
    .map(read)
    .transpose()
}

/// The ids of all persons who are asked for one.
pub fn list_asked(tx: &mut Tx) -> Result<Vec<String>> {
    tx.query("SELECT user_id FROM second_factor WHERE since_ms IS NOT NULL ORDER BY user_id", &[])?
        .into_iter()
        .map(|mut row| row.take(0))
        .collect()
}

/// Whether anybody has one, asked for or not.
pub fn is_any(tx: &mut Tx) -> Result<bool> {
    Ok(tx.query_opt("SELECT user_id FROM second_factor LIMIT 1", &[])?.is_some())
}

/// From now on it is asked for; false when the secret is another by now.
pub fn begin(tx: &mut Tx, user_id: &str, secret: &str, since_ms: i64) -> Result<bool> {
    let sql = "UPDATE second_factor SET since_ms = $3 WHERE user_id = $1 AND secret = $2";
    Ok(tx.execute(sql, params![user_id, secret, since_ms])? == 1)
}

/// Uses a step's code up; false when it, or a later one, was used.
pub fn use_step(tx: &mut Tx, user_id: &str, step: i64) -> Result<bool> {
    let used = tx.execute(
        "UPDATE second_factor
         SET used_step = $2
         WHERE user_id = $1 AND (used_step IS NULL OR used_step < $2)",
        params![user_id, step],
    )?;
    Ok(used == 1)
}

/// Takes it away, with its recovery codes; answers whether there was one.
pub fn delete(tx: &mut Tx, user_id: &str) -> Result<bool> {
    tx.execute("DELETE FROM recovery_code WHERE user_id = $1", params![user_id])?;
    Ok(tx.execute("DELETE FROM second_factor WHERE user_id = $1", params![user_id])? == 1)
}

pub fn insert_recovery(tx: &mut Tx, user_id: &str, code_hash: &str) -> Result<()> {
    tx.execute(
        "INSERT INTO recovery_code (user_id, code_hash)
         VALUES ($1, $2)
         ON CONFLICT DO NOTHING",
        params![user_id, code_hash],
    )?;
    Ok(())
}

/// Uses a recovery code up; false when it was used, or never was.
pub fn take_recovery(tx: &mut Tx, user_id: &str, code_hash: &str) -> Result<bool> {
    let sql = "DELETE FROM recovery_code WHERE user_id = $1 AND code_hash = $2";
    Ok(tx.execute(sql, params![user_id, code_hash])? == 1)
}
