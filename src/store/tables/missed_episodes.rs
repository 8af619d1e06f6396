//! `missed_episode`: each time that a client waited, from the first miss that owes a call to the talk that made it good.

use crate::error::Result;
use crate::params;
use crate::store::keys::by_keys;
use crate::store::tx::Tx;
use crate::store::value::Row;

/// A row whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EpisodeRow {
    pub call_id: String,
    pub number: String,
    pub first_ms: i64,
    pub line: Option<String>,
    pub misses: i64,
    pub end_ms: Option<i64>,
    pub end_way: Option<String>,
    pub end_user: Option<String>,
}

macro_rules! columns {
    () => {
        "call_id, number, first_ms, line, misses, end_ms, end_way, end_user"
    };
}

fn read(mut row: Row) -> Result<EpisodeRow> {
    Ok(EpisodeRow {
        call_id: row.take(0)?,
        number: row.take(1)?,
        first_ms: row.take(2)?,
        line: row.take(3)?,
        misses: row.take(4)?,
        end_ms: row.take(5)?,
        end_way: row.take(6)?,
        end_user: row.take(7)?,
    })
}

pub fn insert(tx: &mut Tx, row: &EpisodeRow) -> Result<()> {
    tx.send(
        concat!("INSERT INTO missed_episode (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"),
        params![
            &row.call_id,
            &row.number,
            row.first_ms,
            row.line.as_ref(),
            row.misses,
            row.end_ms,
            row.end_way.as_ref(),
            row.end_user.as_ref(),
        ],
    )
}

pub fn delete(tx: &mut Tx, call_id: &str) -> Result<()> {
    tx.send("DELETE FROM missed_episode WHERE call_id = $1", params![call_id])
}

/// Of a number, those that began between two instants, the first included, in the order of time.
pub fn list_of_number(tx: &mut Tx, number: &str, from_ms: i64, to_ms: i64) -> Result<Vec<EpisodeRow>> {
    tx.query(
        concat!(
            "SELECT ",
            columns!(),
            " FROM missed_episode WHERE number = $1 AND first_ms >= $2 AND first_ms < $3 ORDER BY first_ms, call_id"
        ),
        params![number, from_ms, to_ms],
    )?
    .into_iter()
    .map(read)
    .collect()
}

/// As [`list_of_number`], of all.
pub fn list(tx: &mut Tx, from_ms: i64, to_ms: i64) -> Result<Vec<EpisodeRow>> {
    tx.query(
        concat!(
            "SELECT ",
            columns!(),
            " FROM missed_episode WHERE first_ms >= $1 AND first_ms < $2 ORDER BY first_ms, call_id"
        ),
        params![from_ms, to_ms],
    )?
    .into_iter()
    .map(read)
    .collect()
}

/// Those that began with one of these calls, in no order.
pub fn list_of_calls(tx: &mut Tx, call_ids: &[&str]) -> Result<Vec<EpisodeRow>> {
    let sql = by_keys!(["SELECT ", columns!(), " FROM missed_episode WHERE call_id"] []);
    tx.query_by_keys(sql, call_ids)?.into_iter().map(read).collect()
}

/// A missed call of a number, or a talk with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    pub call_id: String,
    pub is_talk: bool,
    pub direction: String,
    pub started_ms: i64,
    pub ended_ms: i64,
    pub wait_s: Option<i64>,
    pub line: Option<String>,
    pub user_id: Option<String>,
}

/// The misses of a number that began between two instants, the first included, and the talks with it that ended between
/// them, the last included.
pub fn list_course(tx: &mut Tx, number: &str, from_ms: i64, to_ms: i64) -> Result<Vec<Course>> {
    tx.query(
        "SELECT c.id, CASE WHEN c.state = 'answered' THEN 1 ELSE 0 END, c.direction, c.started_ms,
                COALESCE(c.ended_ms, c.started_ms), f.wait_s, c.diversion, c.user_id
         FROM call c
         JOIN call_figure f ON f.call_id = c.id
         WHERE c.phone = $1
           AND ((c.state = 'missed' AND c.direction = 'in' AND c.started_ms >= $2 AND c.started_ms < $3)
                OR (c.state = 'answered' AND c.ended_ms > $2 AND c.ended_ms <= $3))
         ORDER BY c.started_ms, c.callid, c.id",
        params![number, from_ms, to_ms],
    )?
    .into_iter()
    .map(|mut row| {
        Ok(Course {
            call_id: row.take(0)?,
            is_talk: row.take::<i64>(1)? == 1,
            direction: row.take(2)?,
            started_ms: row.take(3)?,
            ended_ms: row.take(4)?,
            wait_s: row.take(5)?,
            line: row.take(6)?,
            user_id: row.take(7)?,
        })
    })
    .collect()
}

/// When the last talk with a number ended before one instant, and the first after another.
pub fn talks_around(tx: &mut Tx, number: &str, before_ms: i64, after_ms: i64) -> Result<(Option<i64>, Option<i64>)> {
    let row = tx.query_opt(
        "SELECT MAX(CASE WHEN ended_ms < $2 THEN ended_ms END), MIN(CASE WHEN ended_ms > $3 THEN ended_ms END)
         FROM call
         WHERE phone = $1 AND state = 'answered'",
        params![number, before_ms, after_ms],
    )?;
    let Some(mut row) = row else { return Ok((None, None)) };
    Ok((row.take(0)?, row.take(1)?))
}
