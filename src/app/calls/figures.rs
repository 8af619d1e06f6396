//! What reports count of a call: one narrow row, as soon as it is over.

use std::collections::BTreeMap;

use crate::app::change::{Change, Hearing};
use crate::app::directory::Directory;
use crate::domain::call::{CallState, Direction};
use crate::domain::course::is_person;
use crate::domain::facts::{CallFacts, HistoryStatus, LegFacts};
use crate::domain::rung::{self, Rung};
use crate::error::Result;
use crate::store::tables::call_figures::{self, FigureRow};
use crate::store::tables::calls::CallRow;
use crate::store::tables::figure_days::{self, day_of};
use crate::store::tx::Tx;

/// No day is put together sooner than two hours after its end (`reports::days`): what changes within the first of them finds
/// nothing to void.
const REST_MS: i64 = 3_600_000;

/// After a call changed: its row is written while the call is over, and goes when it turns out to go on.
pub fn write(tx: &mut Tx, change: &Change, hearing: &Hearing) -> Result<()> {
    let Change { before, row, facts } = change;
    let before_and_now = before.iter().map(|before| (before.phone.as_str(), before.started_ms));
    let before_and_now = before_and_now.chain([(row.phone.as_str(), row.started_ms)]);
    figure_days::void_of_calls(tx, before_and_now.filter(|(_, at_ms)| may_be_together(*at_ms, hearing.now_ms)))?;
    if is_counted(facts.state()) {
        return call_figures::put(tx, &of(row, facts, hearing.directory));
    }
    if before.as_ref().is_some_and(|before| is_counted(before.state)) {
        return call_figures::delete(tx, &row.id);
    }
    Ok(())
}

/// Whether the day of this instant may have been put together.
pub fn may_be_together(at_ms: i64, now_ms: i64) -> bool {
    day_of(at_ms) < day_of(now_ms - REST_MS)
}

/// Whether a call of this state counts anywhere: what was refused never began.
pub fn is_counted(state: CallState) -> bool {
    !state.is_live() && state != CallState::Failed
}

/// The row as the facts make it.
pub fn of(row: &CallRow, facts: &CallFacts, directory: &Directory) -> FigureRow {
    let legs = if facts.direction() == Direction::In { rung(row, facts, directory) } else { Vec::new() };
    FigureRow {
        call_id: row.id.clone(),
        started_ms: row.started_ms,
        direction: row.direction.clone(),
        state: row.state.clone(),
        phone: row.phone.clone(),
        line: row.diversion.clone(),
        user_id: row.user_id.clone(),
        wait_s: facts.wait_s(),
        talk_s: talk_s(facts),
        outcome: row.outcome.clone(),
        legs: rung::to_text(&legs),
    }
}

/// As the report says; without one from picking up to the end.
fn talk_s(facts: &CallFacts) -> i64 {
    if facts.state() != CallState::Answered {
        return 0;
    }
    let heard = || Some((facts.ended_ms()? - facts.answered_ms()?) / 1000);
    facts.duration_s().or_else(heard).unwrap_or_default().max(0)
}

/// Whose phones rang: each person once, be it on several lines.
fn rung(row: &CallRow, facts: &CallFacts, directory: &Directory) -> Vec<Rung> {
    let mut people: BTreeMap<&str, Rung> = BTreeMap::new();
    let user = |account: &str| directory.user_of_line(&row.integration_id, account).map(|user| user.id.as_str());
    for (account, leg) in facts.legs.iter().filter(|(account, _)| is_person(account)) {
        let Some(user_id) = user(account) else { continue };
        let (rang_s, took_s) = part(leg, facts);
        let one = people.entry(user_id).or_insert_with(|| Rung { user_id: user_id.to_owned(), rang_s, took_s });
        one.rang_s = one.rang_s.max(rang_s);
        one.took_s = [one.took_s, took_s].into_iter().flatten().min();
    }
    if let Some(history) = facts.history.as_ref().filter(|history| history.status == HistoryStatus::Success)
        && is_person(&history.account)
        && let Some(user_id) = user(&history.account)
    {
        let wait_s = facts.wait_s().unwrap_or_default();
        let one =
            people.entry(user_id).or_insert_with(|| Rung { user_id: user_id.to_owned(), rang_s: wait_s, took_s: None });
        one.took_s = one.took_s.or(Some(wait_s));
    }
    people.into_values().collect()
}

/// How long a phone rang, and how long until it was taken.
fn part(leg: &LegFacts, facts: &CallFacts) -> (i64, Option<i64>) {
    let is_taken = leg.answered_ms.or(leg.completed_ms).is_some();
    let until = if is_taken { leg.answered_ms } else { leg.cancelled_ms };
    let until = until.or_else(|| facts.answered_ms()).or_else(|| facts.ended_ms());
    let rang_s = leg.ringing_ms.zip(until).map_or(0, |(rang, until)| ((until - rang) / 1000).max(0));
    (rang_s, is_taken.then_some(rang_s))
}
