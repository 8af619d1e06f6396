//! `figure_day`: days that are over, put together for reports.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::Result;
use crate::params;
use crate::store::tx::Tx;

pub const DAY_MS: i64 = 24 * 3_600_000;

/// The day of an instant.
pub fn day_of(at_ms: i64) -> i64 {
    at_ms.div_euclid(DAY_MS)
}

/// Voids a day, after what it has was changed.
pub fn void(tx: &mut Tx, day: i64) -> Result<()> {
    tx.execute(
        "INSERT INTO figure_day (day, rev) VALUES ($1, 1)
         ON CONFLICT (day) DO UPDATE SET rev = figure_day.rev + 1, packed = NULL",
        params![day],
    )?;
    Ok(())
}

/// Voids the days of these calls, and of the call that each one's number has next: it may be a new client's now.
pub fn void_of_calls<'a>(tx: &mut Tx, calls: impl Iterator<Item = (&'a str, i64)>) -> Result<()> {
    let mut days = BTreeSet::new();
    for (phone, started_ms) in calls {
        days.insert(day_of(started_ms));
        days.extend(next_start(tx, phone, started_ms)?.map(day_of));
    }
    days.into_iter().try_for_each(|day| void(tx, day))
}

/// When the next call of a number began.
fn next_start(tx: &mut Tx, phone: &str, after_ms: i64) -> Result<Option<i64>> {
    let row = tx
        .query_opt("SELECT MIN(started_ms) FROM call WHERE phone = $1 AND started_ms > $2", params![phone, after_ms])?;
    row.map_or(Ok(None), |mut row| row.take(0))
}

/// The days of these, the first included and the last not, that are put together in this format.
pub fn list_packed(tx: &mut Tx, from: i64, to: i64, format: i64) -> Result<BTreeMap<i64, String>> {
    tx.query(
        "SELECT day, packed
         FROM figure_day
         WHERE day >= $1 AND day < $2 AND packed_rev = rev AND format = $3 AND packed IS NOT NULL",
        params![from, to, format],
    )?
    .into_iter()
    .map(|mut row| Ok((row.take(0)?, row.take(1)?)))
    .collect()
}

/// As [`list_packed`], the days alone.
pub fn list_days(tx: &mut Tx, from: i64, to: i64, format: i64) -> Result<Vec<i64>> {
    tx.query(
        "SELECT day
         FROM figure_day
         WHERE day >= $1 AND day < $2 AND packed_rev = rev AND format = $3 AND packed IS NOT NULL
         ORDER BY day",
        params![from, to, format],
    )?
    .into_iter()
    .map(|mut row| row.take(0))
    .collect()
}

/// How often a day was voided. To be read before what is put together.
pub fn find_rev(tx: &mut Tx, day: i64) -> Result<i64> {
    let row = tx.query_opt("SELECT rev FROM figure_day WHERE day = $1", params![day])?;
    row.map_or(Ok(0), |mut row| row.take(0))
}

/// Keeps a day as it was when it had this revision, unless it has another one now.
pub fn pack(tx: &mut Tx, day: i64, rev: i64, format: i64, packed: &str) -> Result<()> {
    tx.execute(
        "INSERT INTO figure_day (day, rev, packed_rev, format, packed) VALUES ($1, $2, $2, $3, $4)
         ON CONFLICT (day) DO UPDATE
         SET packed_rev = excluded.packed_rev, format = excluded.format, packed = excluded.packed
         WHERE figure_day.rev = excluded.rev",
        params![day, rev, format, packed],
    )?;
    Ok(())
}
