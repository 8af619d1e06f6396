//! `call_figure`: what reports count, a narrow row a call.

use crate::error::Result;
use crate::params;
use crate::store::keys::by_keys;
use crate::store::tx::Tx;
use crate::store::value::Row;

/// A row whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureRow {
    pub call_id: String,
    pub started_ms: i64,
    pub direction: String,
    pub state: String,
    pub phone: String,
    pub line: Option<String>,
    pub user_id: Option<String>,
    pub wait_s: Option<i64>,
    pub talk_s: i64,
    pub outcome: String,
    pub legs: String,
}

/// As it is counted: nobody had spoken with this number in the year before, either way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    pub row: FigureRow,
    pub is_new: bool,
}

macro_rules! counted {
    () => {
        "SELECT f.call_id, f.started_ms, f.direction, f.state, f.phone, f.line, f.user_id, f.wait_s, f.talk_s, f.outcome,
                f.legs,
                CASE WHEN f.direction = 'in'
                          AND NOT EXISTS (SELECT 1
                                          FROM call c
                                          WHERE c.phone = f.phone AND (c.started_ms, c.id) < (f.started_ms, f.call_id)
                                            AND c.started_ms >= f.started_ms - 31536000000)
                     THEN 1 ELSE 0 END
         FROM call_figure f"
    };
}

fn read(mut row: Row) -> Result<Counted> {
    let is_new = row.take::<i64>(11)? == 1;
    let row = FigureRow {
        call_id: row.take(0)?,
        started_ms: row.take(1)?,
        direction: row.take(2)?,
        state: row.take(3)?,
        phone: row.take(4)?,
        line: row.take(5)?,
        user_id: row.take(6)?,
        wait_s: row.take(7)?,
        talk_s: row.take(8)?,
        outcome: row.take(9)?,
        legs: row.take(10)?,
    };
    Ok(Counted { row, is_new })
}

/// Writes the row, be it there or not.
pub fn put(tx: &mut Tx, row: &FigureRow) -> Result<()> {
    tx.send(
        "INSERT INTO call_figure (call_id, started_ms, direction, state, phone, line, user_id, wait_s, talk_s, outcome, legs)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (call_id) DO UPDATE
         SET started_ms = excluded.started_ms, direction = excluded.direction, state = excluded.state,
             phone = excluded.phone, line = excluded.line, user_id = excluded.user_id, wait_s = excluded.wait_s,
             talk_s = excluded.talk_s, outcome = excluded.outcome, legs = excluded.legs",
        params![
            &row.call_id,
            row.started_ms,
            &row.direction,
            &row.state,
            &row.phone,
            row.line.as_ref(),
            row.user_id.as_ref(),
            row.wait_s,
            row.talk_s,
            &row.outcome,
            &row.legs,
        ],
    )
}

/// What a person says of the call changes nothing else of it.
pub fn set_outcome(tx: &mut Tx, call_id: &str, outcome: &str) -> Result<()> {
    tx.send("UPDATE call_figure SET outcome = $2 WHERE call_id = $1", params![call_id, outcome])
}

/// A call that goes on again counts nowhere.
pub fn delete(tx: &mut Tx, call_id: &str) -> Result<()> {
    tx.send("DELETE FROM call_figure WHERE call_id = $1", params![call_id])
}

/// The calls that began between two instants, the first included, in the order of time.
pub fn list(tx: &mut Tx, from_ms: i64, to_ms: i64) -> Result<Vec<Counted>> {
    tx.query(
        concat!(counted!(), " WHERE f.started_ms >= $1 AND f.started_ms < $2 ORDER BY f.started_ms, f.call_id"),
        params![from_ms, to_ms],
    )?
    .into_iter()
    .map(read)
    .collect()
}

/// When the first of all began.
pub fn first_start(tx: &mut Tx) -> Result<Option<i64>> {
    tx.query_opt("SELECT MIN(started_ms) FROM call_figure", &[])?.map_or(Ok(None), |mut row| row.take(0))
}

/// Those of these calls that are over, in no order.
pub fn list_of_calls(tx: &mut Tx, call_ids: &[&str]) -> Result<Vec<Counted>> {
    let sql = by_keys!([counted!(), " WHERE f.call_id"] []);
    tx.query_by_keys(sql, call_ids)?.into_iter().map(read).collect()
}

/// Up to which call, in the order of ids, the figures were made anew.
pub fn find_mark(tx: &mut Tx) -> Result<Option<String>> {
    tx.query_opt("SELECT call_id FROM figure_mark WHERE id = 1", &[])?.map(|mut row| row.take(0)).transpose()
}

pub fn set_mark(tx: &mut Tx, call_id: &str) -> Result<()> {
    tx.execute(
        "INSERT INTO figure_mark (id, call_id) VALUES (1, $1)
         ON CONFLICT (id) DO UPDATE SET call_id = excluded.call_id WHERE figure_mark.call_id < excluded.call_id",
        params![call_id],
    )?;
    Ok(())
}
