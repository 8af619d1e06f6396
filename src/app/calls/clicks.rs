//! A click-to-call and the PBX's later report of it are one call.

use crate::app::calls::row::{derive, facts_to_show};
use crate::app::change::{Change, Hearing};
use crate::error::Result;
use crate::store::tables::calls::{self, CallRow, Extent};
use crate::store::tables::{call_lists, dismissals, promises};
use crate::store::tx::{Topic, Tx};

/// A call may have started this long before its click was written down…
pub const BEFORE_CLICK_MS: i64 = 5_000;
/// …and this long after it.
pub const AFTER_CLICK_MS: i64 = 120_000;

/// A call that no click is known of takes the oldest waiting one of the same line and number.
pub fn claim(tx: &mut Tx, change: Change, hearing: &Hearing) -> Result<Change> {
    let Change { before, row, facts } = &change;
    if facts.click.is_some() || row.callid.is_none() {
        return Ok(change);
    }
    let accounts = facts.accounts();
    // A click looks for its call before it waits: by what was known already, there is none.
    let is_looked_for = before.as_ref().is_some_and(|before| {
        (&before.phone, before.started_ms, &before.accounts) == (&row.phone, row.started_ms, &accounts)
    });
    if accounts.is_empty() || is_looked_for {
        return Ok(change);
    }
    // As a click does before it waits.
    tx.take_turns(&row.phone)?;
    let (from_ms, to_ms) = (row.started_ms - AFTER_CLICK_MS, row.started_ms + BEFORE_CLICK_MS);
    for account in accounts {
        if hearing.directory.user_of_line(&row.integration_id, &account).is_none() {
            continue;
        }
        for name in spellings(&account) {
            let waiting = call_lists::list_waiting_clicks(tx, &row.integration_id, name, &row.phone, from_ms, to_ms)?;
            for click_id in waiting {
                if let Some(click) = take_out(tx, &click_id, &row.id)? {
                    return fold_in(tx, change, &click, hearing);
                }
            }
        }
    }
    Ok(change)
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

/// `login@tenant` is looked up whole, then as `login`.
pub fn spellings(account: &str) -> Vec<&str> {
    match account.split_once('@') {
        Some((login, _)) => vec![account, login],
        None => vec![account],
    }
}
