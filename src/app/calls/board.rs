//! The missed board, computed: what is open of a number follows from its calls, and from the talks with its client on his
//! other numbers.

use std::collections::BTreeSet;

use crate::app::calls::episodes;
use crate::app::calls::row::facts_to_show;
use crate::app::calls::waiting::{Waiting, numbers_beside, take_turns_beside};
use crate::app::change::{Change, FreshIds, Hearing};
use crate::app::directory::Directory;
use crate::domain::missed::TAKEN_LAPSES_MS;
use crate::domain::phone::Phone;
use crate::error::Result;
use crate::store::tables::client_numbers::{self, ClientNumberRow, Miss, Standing};
use crate::store::tables::{calls, figure_days, old_calls};
use crate::store::tx::{Topic, Tx};

/// After a call changed: what is open of its number is counted anew, if this call can have moved it.
///
/// A miss is made good by a talk, either way and on any line, that ended after the miss began, whichever was heard of
/// first; so the board is computed from the calls, never counted up and down.
pub fn refresh(tx: &mut Tx, change: &Change, hearing: &Hearing) -> Result<()> {
    let Change { before, row, facts } = change;
    let was = before.as_ref().map(|before| before.state.as_str());
    let is_over = |state: &str| !matches!(state, "requested" | "ringing" | "talking" | "failed");
    if let Some(before) = before {
        // A talk counts by its end alone.
        let is_start_same = row.state == "answered" || before.started_ms == row.started_ms;
        if before.phone != row.phone {
            recount(tx, &before.phone, None, hearing.directory)?;
        } else if was == Some(&row.state)
            && before.ended_ms == row.ended_ms
            && before.wait_s == facts.wait_s()
            && is_start_same
        {
            return Ok(());
        }
    }
    if !is_over(&row.state) && !was.is_some_and(is_over) {
        return Ok(());
    }
    recount(tx, &row.phone, (row.state == "missed").then_some(hearing.ids), hearing.directory)
}

/// After calls of this number were deleted, the last of which served its client until `served_ms`: the misses that it
/// made good go with it, or they would stand open again.
pub fn forget(tx: &mut Tx, number: &str, served_ms: Option<i64>, directory: &Directory) -> Result<()> {
    for beside in take_turns_beside(tx, number)? {
        if let Some(served_ms) = served_ms
            && client_numbers::find(tx, &beside)?.is_some()
        {
            let deleted = old_calls::delete_misses(tx, &beside, served_ms)?;
            figure_days::void_of_calls(tx, deleted.into_iter().map(|at_ms| (beside.as_str(), at_ms)))?;
        }
    }
    recount(tx, number, None, directory)
}

/// Does what changes whose these numbers are: what is open of them, and of those that stood or stand beside them, is counted
/// anew.
pub fn change_owners<T>(
    tx: &mut Tx,
    numbers: &BTreeSet<String>,
    directory: &Directory,
    change: impl FnOnce(&mut Tx) -> Result<T>,
) -> Result<T> {
    let mut touched = BTreeSet::new();
    for number in numbers {
        touched.extend(take_turns_beside(tx, number)?);
    }
    let changed = change(tx)?;
    for number in numbers {
        touched.extend(take_turns_beside(tx, number)?);
    }
    let mut rows = Vec::new();
    for number in touched {
        count_anew(tx, &number, directory)?;
        episodes::recount_all(tx, &number, directory)?;
        rows.extend(client_numbers::find(tx, &number)?);
    }
    // Whoever has seen them together, or apart, has seen an older row.
    let rev = rows.iter().map(|row| row.rev).max().unwrap_or_default();
    rows.into_iter().try_for_each(|row| save(tx, &ClientNumberRow { rev, ..row }))?;
    Ok(changed)
}

/// Counts the open misses of the number and of those beside it, in turn with other nodes. Its row is made, with one of
/// these ids, for a miss only: of a number without a row nothing was ever missed.
pub fn recount(tx: &mut Tx, number: &str, miss: Option<&FreshIds>, directory: &Directory) -> Result<()> {
    if !Phone::from_stored(number).is_e164() {
        return Ok(());
    }
    tx.take_turns(number)?;
    if miss.is_none() && !client_numbers::is_any_kept(tx, number)? {
        return Ok(());
    }
    let numbers = take_turns_beside(tx, number)?;
    if let Some(ids) = miss {
        client_numbers::lock(tx, number, &ids.number)?;
    }
    numbers.iter().try_for_each(|number| count_anew(tx, number, directory))
}

fn count_anew(tx: &mut Tx, number: &str, directory: &Directory) -> Result<()> {
    let Some(before) = client_numbers::find(tx, number)? else { return Ok(()) };
    let after = counted(tx, before.clone(), directory)?;
    if after != before {
        save(tx, &after)?;
    }
    Ok(())
}

/// Writes it, with a `rev` above all of its client's, and tells those who show it; the PBX is told of misses and of who has
/// taken them.
pub fn save(tx: &mut Tx, row: &ClientNumberRow) -> Result<()> {
    let rev = Waiting::of(tx, &row.number)?.row().rev.max(row.rev);
    client_numbers::save(tx, &ClientNumberRow { rev, ..row.clone() })?;
    tx.notify(Topic::Missed, &row.id);
    tx.notify(Topic::Number, &row.number);
    Ok(())
}

/// Misses up to this one are closed before it, later ones are not.
pub fn after(miss_ms: i64) -> i64 {
    miss_ms + 1
}

/// The row as its calls make it; nobody is owed a call on a blocked number.
pub fn counted(tx: &mut Tx, mut row: ClientNumberRow, directory: &Directory) -> Result<ClientNumberRow> {
    if row.blocked_ms.is_some() {
        row.misses = 0;
        row.counts_ms = None;
        return Ok(row);
    }
    let standing = standing(tx, &row.number)?;
    // A miss that began when the talk ended, or when a person closed the row, is still to be made good after it.
    let from_ms = standing.reached_ms.max(row.closed_ms).unwrap_or(i64::MIN);
    let misses = client_numbers::list_misses(tx, &row.number, from_ms)?;
    let is_opened_again = row.misses == 0 && !misses.is_empty();
    if is_opened_again {
        row.reason.clear();
        // Whoever closed what was missed before has not taken what came since.
        if row.closed_ms.is_some() && row.closed_ms == row.last_miss_ms.map(after) {
            row.taken_by = None;
            row.taken_ms = None;
        }
    }
    row.misses = i64::try_from(misses.len()).unwrap_or(i64::MAX);
    row.tried_ms = standing.tried_ms;
    row.counts_ms = first_that_counts(tx, &misses, directory)?;
    if let (Some(last), Some(first)) = (misses.first(), misses.last()) {
        // Who rings again waits no longer for what was put off.
        if is_opened_again || row.last_miss_ms.is_some_and(|before| before < last.started_ms) {
            row.snoozed_ms = None;
        }
        row.first_miss_ms = Some(first.started_ms);
        row.last_miss_ms = Some(last.started_ms);
        row.last_call_id = Some(last.call_id.clone());
        // What was taken before these began was another matter.
        if row.taken_ms.is_some_and(|taken| taken < first.started_ms) {
            row.taken_by = None;
            row.taken_ms = None;
        }
    } else if standing.missed_ever == 0 {
        row.first_miss_ms = None;
        row.last_miss_ms = None;
        row.last_call_id = None;
    }
    Ok(row)
}

/// As the calls of a number say; whoever was talked to, or called in vain, on another of his numbers was so on this one.
fn standing(tx: &mut Tx, number: &str) -> Result<Standing> {
    let mut standing = client_numbers::standing(tx, number)?;
    for beside in numbers_beside(tx, number)?.iter().filter(|beside| *beside != number) {
        let other = client_numbers::standing(tx, beside)?;
        standing.reached_ms = standing.reached_ms.max(other.reached_ms);
        standing.tried_ms = standing.tried_ms.max(other.tried_ms);
    }
    Ok(standing)
}

/// When the first of these misses (latest first) began that was long enough to owe the client a call.
fn first_that_counts(tx: &mut Tx, misses: &[Miss], directory: &Directory) -> Result<Option<i64>> {
    for miss in misses.iter().rev() {
        let Some(call) = calls::find(tx, &miss.call_id)? else { continue };
        let wait_s = facts_to_show(directory, &call).wait_s();
        if wait_s.is_none_or(|wait_s| wait_s >= directory.settings.short_miss_s) {
            return Ok(Some(miss.started_ms));
        }
    }
    Ok(None)
}

/// The row as it stands at this instant: what was taken and not called lapses, what was put off comes back.
pub fn lapsed(tx: &mut Tx, mut row: ClientNumberRow, now_ms: i64) -> Result<ClientNumberRow> {
    if row.misses == 0 {
        return Ok(row);
    }
    if let Some(taken_ms) = row.taken_ms
        && taken_ms + TAKEN_LAPSES_MS <= now_ms
        && !is_called_since(tx, &row.number, taken_ms)?
    {
        row.taken_by = None;
        row.taken_ms = None;
    }
    row.snoozed_ms = row.snoozed_ms.filter(|until| *until > now_ms);
    Ok(row)
}

fn is_called_since(tx: &mut Tx, number: &str, from_ms: i64) -> Result<bool> {
    for beside in numbers_beside(tx, number)? {
        if client_numbers::is_called_since(tx, &beside, from_ms)? {
            return Ok(true);
        }
    }
    Ok(false)
}

pub fn is_any_lapsed(tx: &mut Tx, now_ms: i64) -> Result<bool> {
    for number in client_numbers::list_lapsed(tx, now_ms, now_ms - TAKEN_LAPSES_MS)? {
        let Some(row) = client_numbers::find(tx, &number)? else { continue };
        if lapsed(tx, row.clone(), now_ms)? != row {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Writes down what has lapsed, so that every screen hears of it.
pub fn lapse(tx: &mut Tx, now_ms: i64) -> Result<()> {
    for number in client_numbers::list_lapsed(tx, now_ms, now_ms - TAKEN_LAPSES_MS)? {
        tx.take_turns(&number)?;
        let Some(before) = client_numbers::find(tx, &number)? else { continue };
        let after = lapsed(tx, before.clone(), now_ms)?;
        if after != before {
            save(tx, &after)?;
        }
    }
    Ok(())
}
