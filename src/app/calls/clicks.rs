//! A click-to-call and the PBX's later report of it are one call.

use std::collections::BTreeSet;

use crate::app::calls::row::{blank, derive, facts_to_show, read_facts};
use crate::app::change::{Before, Change, Hearing, trace};
use crate::domain::claim::{NEAR_MS, Trace, pairs};
use crate::domain::facts::{CallFacts, Click};
use crate::error::Result;
use crate::store::tables::calls::{self, CallRow, Extent};
use crate::store::tables::{call_lists, dismissals, promises};
use crate::store::tx::{Topic, Tx};

/// A call takes the waiting click that made it, or gives back one that did not; other calls of the number may then have
/// another click than before. Answers the change as it is then, and what became of the others.
pub fn claim(tx: &mut Tx, mut change: Change, hearing: &Hearing) -> Result<(Change, Vec<Change>)> {
    let was = change.before.as_ref().and_then(|before| before.trace.clone());
    let now = trace(&change.row, &change.facts);
    // A click looks for its call before it waits: by what was known already, all is as it should be.
    if was == now {
        return Ok((change, Vec::new()));
    }
    let traces: Vec<&Trace> = was.iter().chain(&now).collect();
    let numbers: BTreeSet<_> = traces.iter().map(|trace| trace.phone.as_str()).collect();
    for number in &numbers {
        // As a click does before it waits.
        tx.take_turns(number)?;
    }
    let is_still_its = |click: &Click| now.as_ref().is_some_and(|trace| trace.phone == click.phone);
    if change.row.click_account.is_some() && !change.facts.click.as_ref().is_some_and(is_still_its) {
        change = part(tx, change, hearing)?;
    }
    let integration_id = change.row.integration_id.clone();
    let first_ms = traces.iter().map(|trace| trace.at_ms).min().unwrap_or_default();
    let last_ms = traces.iter().map(|trace| trace.at_ms).max().unwrap_or_default();
    let mut changes = vec![change];
    for number in &numbers {
        changes = pair(tx, &integration_id, number, [first_ms, last_ms], changes, hearing)?;
    }
    let change = changes.remove(0);
    Ok((change, changes))
}

/// A click of which the PBX did not say which call it is.
struct Unnamed {
    id: String,
    click: Click,
}

/// Gives each call of this number around these instants the click that made it. Answers `changes`, and behind them what
/// else changed by it.
pub fn pair(
    tx: &mut Tx,
    integration_id: &str,
    number: &str,
    [first_ms, last_ms]: [i64; 2],
    mut changes: Vec<Change>,
    hearing: &Hearing,
) -> Result<Vec<Change>> {
    let (from_ms, to_ms) = (first_ms - NEAR_MS, last_ms + NEAR_MS);
    let mut clicks = Vec::new();
    for row in call_lists::list_clicks(tx, integration_id, number, from_ms, to_ms)? {
        let Some(click) = facts_to_show(hearing.directory, &row).click else { continue };
        // Who gave a click up wants a card for what comes next.
        if row.callid.is_some() || !dismissals::list_users(tx, &row.id)?.contains(&click.user_id) {
            clicks.push(Unnamed { id: row.id, click });
        }
    }
    if clicks.is_empty() {
        return Ok(changes);
    }
    clicks.sort_by(|one, other| (one.click.at_ms, &one.id).cmp(&(other.click.at_ms, &other.id)));
    let mut calls: Vec<(Trace, CallRow)> = call_lists::list_named(tx, integration_id, number, from_ms, to_ms)?
        .into_iter()
        .filter_map(|row| Some((trace(&row, &facts_to_show(hearing.directory, &row))?, row)))
        .collect();
    calls.sort_by(|(one, row), (other, its_row)| (one.at_ms, &row.callid).cmp(&(other.at_ms, &its_row.callid)));
    let wanted = {
        let clicks: Vec<_> = clicks.iter().map(|unnamed| &unnamed.click).collect();
        let calls: Vec<_> = calls.iter().map(|(trace, _)| trace).collect();
        pairs(&clicks, &calls)
    };
    let moved = |row: &CallRow, click: Option<usize>| {
        let has = row.click_account.as_ref().map(|_| &row.id);
        has != click.map(|click| &clicks[click].id)
    };
    let moved: Vec<_> = calls.iter().zip(wanted).filter(|((_, row), click)| moved(row, *click)).collect();
    // Every click must be free before it is taken by another call.
    let mut places = Vec::new();
    for ((_, row), click) in moved {
        let at = match changes.iter().position(|change| change.row.id == row.id) {
            Some(at) => at,
            None => {
                changes.push(open(tx, row)?);
                changes.len() - 1
            }
        };
        changes[at] = part(tx, changes[at].clone(), hearing)?;
        places.extend(click.map(|click| (at, click)));
    }
    for (at, click) in places {
        if let Some(click) = take_out(tx, &clicks[click].id, &changes[at].row.id)? {
            changes[at] = fold_in(tx, changes[at].clone(), &click, hearing)?;
        }
    }
    Ok(changes)
}

fn open(tx: &mut Tx, row: &CallRow) -> Result<Change> {
    let row = calls::lock(tx, &row.id)?.unwrap_or_else(|| row.clone());
    let facts = read_facts(&row)?;
    Ok(Change { before: Some(Before::of(&row, &facts)), row, facts })
}

/// A call that had claimed a click is itself again, and keeps what was noted; the click waits, as if nothing had been.
pub fn part(tx: &mut Tx, change: Change, hearing: &Hearing) -> Result<Change> {
    let Change { before, mut row, mut facts } = change;
    let (Some(account), Some(own_id)) = (row.click_account.take(), row.former_id.take()) else {
        return Ok(Change { before, row, facts });
    };
    let click = facts.click.take();
    facts.newer.forget("click");
    let mut row = derive(row, &facts, hearing.directory)?;
    calls::save(tx, &row, Extent::All)?;
    let rev = calls::give_id_back(tx, &row.id, &own_id)?;
    let click_id = std::mem::replace(&mut row.id, own_id);
    if let Some(click) = click {
        let waiting = derive(blank(&click_id, &row.integration_id), &CallFacts::of_click(click), hearing.directory)?;
        // Browsers drop what is older than what they show.
        calls::insert(tx, &CallRow { rev, click_account: Some(account), ..waiting })?;
        tx.notify(Topic::Call, &click_id);
    }
    Ok(Change { before, row, facts })
}

/// Takes the click's row out of the table; `None` when another call was faster.
pub fn take_out(tx: &mut Tx, click_id: &str, call_id: &str) -> Result<Option<CallRow>> {
    dismissals::copy(tx, click_id, call_id)?;
    promises::move_call(tx, click_id, call_id)?;
    calls::remove(tx, click_id)
}

/// The call's row takes the click's id, note and facts; its own former id still finds it.
pub fn fold_in(tx: &mut Tx, change: Change, click: &CallRow, hearing: &Hearing) -> Result<Change> {
    let Change { before, mut row, mut facts } = change;
    facts.merge(facts_to_show(hearing.directory, click));
    if row.note.is_empty() {
        (row.note, row.note_rev, row.note_by) = (click.note.clone(), click.note_rev, click.note_by.clone());
    } else if !click.note.is_empty() && row.note != click.note {
        row.note = format!("{}\n{}", click.note, row.note);
        row.note_rev = row.note_rev.max(click.note_rev) + 1;
    }
    if row.outcome.is_empty() {
        row.outcome.clone_from(&click.outcome);
    }
    row.click_account.clone_from(&click.click_account);
    row.contact_id = row.contact_id.or_else(|| click.contact_id.clone());
    let former_id = row.id.clone();
    let mut row = derive(row, &facts, hearing.directory)?;
    calls::save(tx, &row, Extent::All)?;
    calls::take_id(tx, &former_id, &click.id, click.rev)?;
    tx.notify(Topic::Call, &former_id);
    row.former_id = Some(former_id);
    row.id.clone_from(&click.id);
    Ok(Change { before, row, facts })
}
