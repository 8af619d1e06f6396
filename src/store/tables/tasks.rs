//! `task`: long work, and how far it is.

use crate::domain::task::{TaskKind, TaskState, Way};
use crate::error::{Error, Result};
use crate::params;
use crate::store::tx::Tx;
use crate::store::value::Row;

/// A row whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskRow {
    pub id: String,
    pub kind: TaskKind,
    pub state: TaskState,
    pub way: Way,
    pub done: i64,
    pub total: i64,
    pub user_id: Option<String>,
    pub made_ms: i64,
    pub ended_ms: Option<i64>,
    pub lease_ms: i64,
    /// JSON.
    pub result: String,
    /// JSON, or empty.
    pub error: String,
}

macro_rules! columns {
    () => {
        "id, kind, state, way, done, total, user_id, made_ms, ended_ms, lease_ms, result, error"
    };
}

fn read(mut row: Row) -> Result<TaskRow> {
    let id: String = row.take(0)?;
    let (kind, state, way): (String, String, String) = (row.take(1)?, row.take(2)?, row.take(3)?);
    let newer = || Error::damaged("task", &id, "a kind or a state that this version does not know");
    Ok(TaskRow {
        kind: TaskKind::parse(&kind).ok_or_else(newer)?,
        state: TaskState::parse(&state).ok_or_else(newer)?,
        way: Way::parse(&way).ok_or_else(newer)?,
        done: row.take(4)?,
        total: row.take(5)?,
        user_id: row.take(6)?,
        made_ms: row.take(7)?,
        ended_ms: row.take(8)?,
        lease_ms: row.take(9)?,
        result: row.take(10)?,
        error: row.take(11)?,
        id,
    })
}

/// A new one; false when there is one of that id.
pub fn insert(tx: &mut Tx, row: &TaskRow) -> Result<bool> {
    let inserted = tx.execute(
        concat!(
            "INSERT INTO task (",
            columns!(),
            ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
             ON CONFLICT (id) DO NOTHING"
        ),
        params![
            &row.id,
            row.kind.as_str(),
            row.state.as_str(),
            row.way.as_str(),
            row.done,
            row.total,
            row.user_id.as_ref(),
            row.made_ms,
            row.ended_ms,
            row.lease_ms,
            &row.result,
            &row.error,
        ],
    )?;
    Ok(inserted > 0)
}

/// Locks the row until the transaction ends.
pub fn lock(tx: &mut Tx, id: &str) -> Result<Option<TaskRow>> {
    tx.query_opt(concat!("SELECT ", columns!(), " FROM task WHERE id = $1 FOR NO KEY UPDATE"), params![id])?
        .map(read)
        .transpose()
}

/// Writes what may change of a locked row.
pub fn save(tx: &mut Tx, row: &TaskRow) -> Result<()> {
    tx.execute(
        "UPDATE task
         SET state = $2, way = $3, done = $4, ended_ms = $5, lease_ms = $6, result = $7, error = $8
         WHERE id = $1",
        params![
            &row.id,
            row.state.as_str(),
            row.way.as_str(),
            row.done,
            row.ended_ms,
            row.lease_ms,
            &row.result,
            &row.error,
        ],
    )?;
    Ok(())
}

pub fn find(tx: &mut Tx, id: &str) -> Result<Option<TaskRow>> {
    tx.query_opt(concat!("SELECT ", columns!(), " FROM task WHERE id = $1"), params![id])?.map(read).transpose()
}

/// A page, newest first, after this id. What a newer version has begun is passed over.
pub fn list(tx: &mut Tx, before_id: &str, limit: i64) -> Result<Vec<TaskRow>> {
    let rows = tx.query(
        concat!("SELECT ", columns!(), " FROM task WHERE id < $1 ORDER BY id DESC LIMIT $2"),
        params![before_id, limit],
    )?;
    Ok(rows.into_iter().filter_map(|row| read(row).ok()).collect())
}

/// The oldest that nobody works at and somebody should.
pub fn find_open(tx: &mut Tx, now_ms: i64) -> Result<Option<String>> {
    tx.query_opt(
        "SELECT id
         FROM task
         WHERE state IN ('waiting', 'running') AND lease_ms <= $1
         ORDER BY id
         LIMIT 1",
        params![now_ms],
    )?
    .map(|mut row| row.take(0))
    .transpose()
}

/// Deletes what ended, and was begun before this instant.
pub fn delete_before(tx: &mut Tx, before_ms: i64) -> Result<u64> {
    tx.execute("DELETE FROM task WHERE made_ms < $1 AND state NOT IN ('waiting', 'running')", params![before_ms])
}
