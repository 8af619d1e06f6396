//! Days as they are counted: what is over was put together once, the others are read call by call.

use std::collections::BTreeMap;

use crate::app::App;
use crate::app::calls::figures_anew;
use crate::domain::counted_day::{Client, CountedCall, CountedDay, CountedEnd, CountedLeg, CountedWait, FORMAT};
use crate::domain::report::Period;
use crate::domain::rung;
use crate::error::{Error, Result};
use crate::store::tables::call_figures;
use crate::store::tables::figure_days::{self, DAY_MS, day_of};
use crate::store::tables::missed_episodes;
use crate::store::tx::Tx;

/// So many days are read at once.
const AT_ONCE: i64 = 30;
/// A day is put together so long after its end; what changes it within half of that voids nothing (`calls::figures`).
const REST_MS: i64 = 2 * 3_600_000;

/// Hands on each day that this time touches, in order, with the instant at which it began.
///
/// # Errors
/// What the store says.
pub fn each(tx: &mut Tx, period: Period, mut take: impl FnMut(i64, &CountedDay)) -> Result<()> {
    let Some(first_ms) = call_figures::first_start(tx)? else { return Ok(()) };
    let (mut from, to) = (day_of(period.from.0.max(first_ms)), day_of(period.to.0 - 1) + 1);
    while from < to {
        let until = to.min(from + AT_ONCE);
        let mut packed = figure_days::list_packed(tx, from, until, FORMAT)?;
        for day in from..until {
            let kept = packed.remove(&day).and_then(|text| CountedDay::from_text(&text));
            take(day * DAY_MS, &kept.map_or_else(|| read(tx, day), Ok)?);
        }
        from = until;
    }
    Ok(())
}

/// Counts calls of an older store that no report knows, then puts days together. False: nothing is left.
///
/// # Errors
/// What the store says.
pub async fn catch_up(app: &App) -> Result<bool> {
    Ok(figures_anew::count(app).await? > 0 || put_together(app).await?)
}

/// Puts the latest day together that is over and is not yet, or not any more. False: there is none. Every node may do
/// it, as often as it likes.
///
/// # Errors
/// What the store says.
pub async fn put_together(app: &App) -> Result<bool> {
    let end = day_of(app.clock.now_ms() - REST_MS);
    let made = app
        .store
        .list(move |tx| {
            let Some(first_ms) = call_figures::first_start(tx)? else { return Ok(None) };
            let from = day_of(first_ms);
            let kept = figure_days::list_days(tx, from, end, FORMAT)?;
            let Some(day) = (from..end).rev().find(|day| kept.binary_search(day).is_err()) else { return Ok(None) };
            let rev = figure_days::find_rev(tx, day)?;
            let packed = read(tx, day)?.to_text().map_err(Error::internal)?;
            Ok(Some((day, rev, packed)))
        })
        .await?;
    let Some((day, rev, packed)) = made else { return Ok(false) };
    app.store.write(move |tx| figure_days::pack(tx, day, rev, FORMAT, &packed)).await?;
    Ok(true)
}

/// A day from its rows.
fn read(tx: &mut Tx, day: i64) -> Result<CountedDay> {
    let (from_ms, to_ms) = (day * DAY_MS, (day + 1) * DAY_MS);
    let mut names = Names::default();
    let mut counted = CountedDay::default();
    for call_figures::Counted { row, is_new } in call_figures::list(tx, from_ms, to_ms)? {
        let call = u32::try_from(counted.calls.len()).unwrap_or(u32::MAX);
        counted.legs.extend(rung::from_text(&row.legs).into_iter().map(|leg| CountedLeg {
            call,
            user: names.place(&leg.user_id),
            is_ignored: leg.is_ignored(&row.state),
            took_s: leg.took_s.map(seconds),
        }));
        counted.calls.push(CountedCall {
            at_ms: within(row.started_ms - from_ms),
            is_in: row.direction == "in",
            is_new,
            is_answered: row.state == "answered",
            is_missed: row.state == "missed",
            client: Client::of(&row.phone),
            line: row.line.map(|line| names.place(&line)),
            user: row.user_id.map(|user| names.place(&user)),
            outcome: Some(row.outcome).filter(|outcome| !outcome.is_empty()).map(|outcome| names.place(&outcome)),
            wait_s: row.wait_s.map(seconds),
            talk_s: seconds(row.talk_s),
        });
    }
    for row in missed_episodes::list(tx, from_ms, to_ms)? {
        let is_called_back = row.end_way.as_deref() == Some("out");
        counted.waits.push(CountedWait {
            at_ms: within(row.first_ms - from_ms),
            line: row.line.map(|line| names.place(&line)),
            end: row.end_ms.map(|end_ms| CountedEnd {
                after_ms: u64::try_from(end_ms - row.first_ms).unwrap_or_default(),
                is_called_back,
                user: row.end_user.map(|user| names.place(&user)),
            }),
        });
    }
    counted.names = names.told;
    Ok(counted)
}

/// Of a day.
fn within(ms: i64) -> u32 {
    u32::try_from(ms).unwrap_or_default()
}

/// 136 years at most.
fn seconds(seconds: i64) -> u32 {
    u32::try_from(seconds.max(0)).unwrap_or(u32::MAX)
}

/// Each once.
#[derive(Default)]
pub struct Names {
    places: BTreeMap<String, u32>,
    pub told: Vec<String>,
}

impl Names {
    pub fn place(&mut self, name: &str) -> u32 {
        if let Some(place) = self.places.get(name) {
            return *place;
        }
        let place = u32::try_from(self.told.len()).unwrap_or(u32::MAX);
        self.places.insert(name.to_owned(), place);
        self.told.push(name.to_owned());
        place
    }
}
