//! Calls by something: how many there were of each, and what came of them.

use std::collections::BTreeMap;

use crate::app::App;
use crate::app::calls::figures_anew;
use crate::app::reports::ask::{Ask, Asked};
use crate::app::reports::days::{self, Names};
use crate::app::reports::rows::{By, Keys, label, members, of_all, whole};
use crate::app::reports::sieve::Sieve;
use crate::app::reports::tally::Tally;
use crate::domain::call::Direction;
use crate::domain::report::{CallFigures, CallReport, CallReportRow, Period};
use crate::error::Result;
use crate::store::tx::Tx;

/// # Errors
/// `Invalid`.
pub async fn report(app: &App, ask: Ask, by: By) -> Result<CallReport> {
    let asked = ask.decide(&app.directory().await?, app.clock.now_ms())?;
    app.store.list(move |tx| make(tx, &asked, by)).await
}

fn make(tx: &mut Tx, asked: &Asked, by: By) -> Result<CallReport> {
    let days_back = asked.days_back().unwrap_or_default();
    let compared = asked.compared();
    let (rows, total) = count(tx, asked, by, asked.period, 0)?;
    let mut before = match compared {
        Some(period) => Some(count(tx, asked, by, period, days_back)?),
        None => None,
    };
    let mut keys: Vec<String> = rows.keys().cloned().collect();
    keys.extend(whole(asked, by));
    keys.sort_unstable();
    keys.dedup();
    let mut rows = rows;
    let mut told: Vec<_> = keys
        .into_iter()
        .map(|key| CallReportRow {
            label: label(asked, by, &key),
            query: asked.query(&members(asked, by, &key)),
            figures: rows.remove(&key).unwrap_or_default(),
            before: before.as_mut().map(|(rows, _)| rows.remove(&key).unwrap_or_default()),
            key,
        })
        .collect();
    if matches!(by, By::User | By::Line | By::Source | By::Outcome | By::Caller) {
        told.sort_by_key(|row| std::cmp::Reverse(row.figures.calls));
    }
    let total = CallReportRow {
        key: String::new(),
        label: String::new(),
        query: asked.query(&of_all(asked, by)),
        figures: total,
        before: before.map(|(_, total)| total),
    };
    let Period { from, to } = asked.period;
    let (zone, counting) = (asked.zone_name.clone(), figures_anew::goes_on(tx)?);
    Ok(CallReport { from, to, zone, compared, counting, rows: told, total })
}

/// The figures of each key, and of all; days count as so many later.
fn count(
    tx: &mut Tx,
    asked: &Asked,
    by: By,
    period: Period,
    days_later: i64,
) -> Result<(BTreeMap<String, CallFigures>, CallFigures)> {
    let (mut rows, mut total): (BTreeMap<i64, Tally>, _) = (BTreeMap::new(), Tally::default());
    let (mut sieve, mut keys) = (Sieve::new(asked, period), Keys { asked, by, days_later, texts: Names::default() });
    days::each(tx, period, |starts_ms, day| {
        let (places, sieve) = (keys.of_names(day), sieve.of_day(starts_ms, day));
        let calls = if by == By::Caller { &[][..] } else { &day.calls };
        for call in calls.iter().filter(|call| sieve.is_its(call)) {
            let Some(at_ms) = sieve.call(call) else { continue };
            rows.entry(keys.of(&places, [call.line, call.user, call.outcome], at_ms)).or_default().call(call);
            total.call(call);
        }
        if asked.direction != Direction::In || !sieve.is_nobody_asked_for() {
            return;
        }
        for wait in &day.waits {
            let Some(at_ms) = sieve.wait(wait) else { continue };
            let end = sieve.end(wait, at_ms);
            let caller =
                wait.end.as_ref().filter(|end| end.is_called_back && by == By::Caller).and_then(|end| end.user);
            if by == By::Caller && !asked.counted.is_asked_for(caller.map(|user| day.names[user as usize].as_str())) {
                continue;
            }
            let key = keys.of(&places, [wait.line, caller, None], at_ms);
            for tally in [rows.entry(key).or_default(), &mut total] {
                tally.wait(end, wait);
                tally.figures.calls += i64::from(by == By::Caller);
            }
        }
    })?;
    Ok((rows.into_iter().map(|(key, tally)| (keys.text(key), tally.figures())).collect(), total.figures()))
}
