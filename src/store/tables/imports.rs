//! `import` and `import_part`: files of clients that came in, and their rows.

use serde::Serialize;

use crate::domain::import::{ImportColumn, ImportFormat};
use crate::error::{Error, Result};
use crate::params;
use crate::store::tx::Tx;
use crate::store::value::Row;

/// A file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportRow {
    pub id: String,
    pub user_id: Option<String>,
    pub name: String,
    pub format: ImportFormat,
    pub encoding: String,
    pub sheets: Vec<String>,
    pub sheet: String,
    pub rows: i64,
    pub columns: Vec<ImportColumn>,
    /// JSON; empty until it runs.
    pub plan: String,
    pub made_ms: i64,
}

/// Some of its rows, as JSON; `outcomes` is empty until something came of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartRow {
    pub position: i64,
    pub cells: String,
    pub outcomes: String,
}

fn json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(Error::internal)
}

fn part(mut row: Row) -> Result<PartRow> {
    Ok(PartRow { position: row.take(0)?, cells: row.take(1)?, outcomes: row.take(2)? })
}

pub fn insert(tx: &mut Tx, row: &ImportRow) -> Result<()> {
    tx.execute(
        "INSERT INTO import (id, user_id, name, format, encoding, sheets, sheet, rows, columns, plan, made_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        params![
            &row.id,
            row.user_id.as_ref(),
            &row.name,
            row.format.as_str(),
            &row.encoding,
            json(&row.sheets)?,
            &row.sheet,
            row.rows,
            json(&row.columns)?,
            &row.plan,
            row.made_ms,
        ],
    )?;
    Ok(())
}

pub fn find(tx: &mut Tx, id: &str) -> Result<Option<ImportRow>> {
    let found = tx.query_opt(
        "SELECT id, user_id, name, format, encoding, rows, columns, plan, made_ms, sheets, sheet
         FROM import
         WHERE id = $1",
        params![id],
    )?;
    let Some(mut row) = found else { return Ok(None) };
    let (format, columns, sheets): (String, String, String) = (row.take(3)?, row.take(6)?, row.take(9)?);
    let newer = || Error::damaged("import", id, "this version cannot read it");
    Ok(Some(ImportRow {
        id: row.take(0)?,
        user_id: row.take(1)?,
        name: row.take(2)?,
        format: ImportFormat::parse(&format).ok_or_else(newer)?,
        encoding: row.take(4)?,
        rows: row.take(5)?,
        columns: serde_json::from_str(&columns).map_err(|_| newer())?,
        plan: row.take(7)?,
        made_ms: row.take(8)?,
        sheets: serde_json::from_str(&sheets).map_err(|_| newer())?,
        sheet: row.take(10)?,
    }))
}

/// Writes down what was read of the file.
pub fn save_read(tx: &mut Tx, row: &ImportRow) -> Result<()> {
    tx.execute(
        "UPDATE import SET format = $2, encoding = $3, sheets = $4, sheet = $5, rows = $6, columns = $7 WHERE id = $1",
        params![
            &row.id,
            row.format.as_str(),
            &row.encoding,
            json(&row.sheets)?,
            &row.sheet,
            row.rows,
            json(&row.columns)?,
        ],
    )?;
    Ok(())
}

pub fn save_plan(tx: &mut Tx, id: &str, plan: &str) -> Result<()> {
    tx.execute("UPDATE import SET plan = $2 WHERE id = $1", params![id, plan])?;
    Ok(())
}

/// With all its rows.
pub fn delete(tx: &mut Tx, id: &str) -> Result<()> {
    tx.execute("DELETE FROM import WHERE id = $1", params![id])?;
    Ok(())
}

/// Deletes what came in before this instant, a few at a time.
pub fn delete_before(tx: &mut Tx, before_ms: i64, limit: i64) -> Result<u64> {
    tx.execute(
        "DELETE FROM import
         WHERE id IN (SELECT id FROM import WHERE made_ms < $1 ORDER BY made_ms LIMIT $2)",
        params![before_ms, limit],
    )
}

/// Safe to repeat.
pub fn insert_part(tx: &mut Tx, id: &str, row: &PartRow) -> Result<()> {
    tx.execute(
        "INSERT INTO import_part (import_id, position, cells, outcomes)
         VALUES ($1, $2, $3, $4)
         ON CONFLICT (import_id, position) DO NOTHING",
        params![id, row.position, &row.cells, &row.outcomes],
    )?;
    Ok(())
}

/// At most `limit` parts from this position on.
pub fn list_parts(tx: &mut Tx, id: &str, from: i64, limit: i64) -> Result<Vec<PartRow>> {
    tx.query(
        "SELECT position, cells, outcomes
         FROM import_part
         WHERE import_id = $1 AND position >= $2
         ORDER BY position
         LIMIT $3",
        params![id, from, limit],
    )?
    .into_iter()
    .map(part)
    .collect()
}

/// The last part before this position.
pub fn find_part_before(tx: &mut Tx, id: &str, position: i64) -> Result<Option<PartRow>> {
    tx.query_opt(
        "SELECT position, cells, outcomes
         FROM import_part
         WHERE import_id = $1 AND position < $2
         ORDER BY position DESC
         LIMIT 1",
        params![id, position],
    )?
    .map(part)
    .transpose()
}

/// Keeps what came of the rows of a part.
pub fn save_outcomes(tx: &mut Tx, id: &str, position: i64, outcomes: &str) -> Result<()> {
    tx.execute(
        "UPDATE import_part SET outcomes = $3 WHERE import_id = $1 AND position = $2",
        params![id, position, outcomes],
    )?;
    Ok(())
}
