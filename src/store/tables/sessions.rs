//! Signed-in browsers: `session`.

use crate::error::Result;
use crate::params;
use crate::store::tx::Tx;
use crate::store::value::Row;

/// A row whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    pub token_hash: String,
    pub id: String,
    pub user_id: String,
    pub browser: String,
    pub address: String,
    pub created_ms: i64,
    pub seen_ms: i64,
}

macro_rules! columns {
    () => {
        "token_hash, id, user_id, browser, address, created_ms, seen_ms"
    };
}

fn read(mut row: Row) -> Result<SessionRow> {
    Ok(SessionRow {
        token_hash: row.take(0)?,
        id: row.take(1)?,
        user_id: row.take(2)?,
        browser: row.take(3)?,
        address: row.take(4)?,
        created_ms: row.take(5)?,
        seen_ms: row.take(6)?,
    })
}

pub fn insert(tx: &mut Tx, row: &SessionRow) -> Result<()> {
    tx.execute(
        concat!(
            "INSERT INTO session (",
            columns!(),
            ") VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (token_hash) DO NOTHING"
        ),
        params![&row.token_hash, &row.id, &row.user_id, &row.browser, &row.address, row.created_ms, row.seen_ms],
    )?;
    Ok(())
}

pub fn find(tx: &mut Tx, token_hash: &str) -> Result<Option<SessionRow>> {
    let sql = concat!("SELECT ", columns!(), " FROM session WHERE token_hash = $1");
    tx.query_opt(sql, params![token_hash])?.map(read).transpose()
}

pub fn find_by_id(tx: &mut Tx, id: &str) -> Result<Option<SessionRow>> {
    tx.query_opt(concat!("SELECT ", columns!(), " FROM session WHERE id = $1"), params![id])?.map(read).transpose()
}

/// All of a user, the one used last first.
pub fn list_of_user(tx: &mut Tx, user_id: &str) -> Result<Vec<SessionRow>> {
    let sql = concat!("SELECT ", columns!(), " FROM session WHERE user_id = $1 ORDER BY seen_ms DESC, id DESC");
    tx.query(sql, params![user_id])?.into_iter().map(read).collect()
}

/// Notes that the session was used, and from where, unless that is empty; never back in time.
pub fn touch(tx: &mut Tx, token_hash: &str, address: &str, seen_ms: i64) -> Result<()> {
    tx.execute(
        "UPDATE session
         SET seen_ms = $2, address = CASE WHEN $3 = '' THEN address ELSE $3 END
         WHERE token_hash = $1 AND seen_ms < $2",
        params![token_hash, seen_ms, address],
    )?;
    Ok(())
}

pub fn delete(tx: &mut Tx, token_hash: &str) -> Result<()> {
    tx.execute("DELETE FROM session WHERE token_hash = $1", params![token_hash])?;
    Ok(())
}

/// Ends all sessions of a user.
pub fn delete_of_user(tx: &mut Tx, user_id: &str) -> Result<()> {
    tx.execute("DELETE FROM session WHERE user_id = $1", params![user_id])?;
    Ok(())
}

/// Drops what was last seen before `seen_before_ms` or begun before `created_before_ms`; answers how many went.
pub fn delete_expired(tx: &mut Tx, seen_before_ms: i64, created_before_ms: i64) -> Result<u64> {
    tx.execute("DELETE FROM session WHERE seen_ms < $1 OR created_ms < $2", params![seen_before_ms, created_before_ms])
}
