//! A click-to-call and the PBX's later report of it are one call.

use crate::app::calls::hear::{Before, FreshIds, derive, read_facts, settle_down};
use crate::app::directory::Directory;
use crate::domain::course::is_person;
use crate::domain::facts::CallFacts;
use crate::error::Result;
use crate::store::tables::calls::{self, CallRow, Extent};
use crate::store::tables::{call_lists, dismissals};
use crate::store::tx::{Topic, Tx};

/// A call may have started this long before its click was written down…
const BEFORE_CLICK_MS: i64 = 5_000;
/// …and this long after it.
const AFTER_CLICK_MS: i64 = 120_000;

/// A call that no click is known of takes the oldest waiting one of the same line and number.
pub fn claim(
    tx: &mut Tx,
    directory: &Directory,
    row: CallRow,
    facts: CallFacts,
    before: Option<&Before>,
) -> Result<(CallRow, CallFacts)> {
    if facts.click.is_some() || row.callid.is_none() {
        return Ok((row, facts));
    }
    let accounts = accounts(&facts);
    // A click looks for its call before it waits: by what was known already, there is none.
    let is_looked_for = |before: &Before| {
        (&before.phone, before.started_ms, &before.accounts) == (&row.phone, row.started_ms, &accounts)
    };
    if accounts.is_empty() || before.is_some_and(is_looked_for) {
        return Ok((row, facts));
    }
    // As in `wait`.
    tx.take_turns(&row.phone)?;
    for account in accounts {
        if directory.user_of_line(&row.integration_id, &account).is_none() {
            continue;
        }
        let (from_ms, to_ms) = (row.started_ms - AFTER_CLICK_MS, row.started_ms + BEFORE_CLICK_MS);
        for name in spellings(&account) {
            let waiting = call_lists::list_waiting_clicks(tx, &row.integration_id, name, &row.phone, from_ms, to_ms)?;
            for click_id in waiting {
                if let Some(click) = take_out(tx, &click_id, &row.id)? {
                    return fold_in(tx, directory, row, facts, &click);
                }
            }
        }
    }
    Ok((row, facts))
}

/// The PBX named the click's call: the click is that call from now on. Answers the call's id.
pub fn tie(
    tx: &mut Tx,
    directory: &Directory,
    mut click: CallRow,
    callid: &str,
    ids: &FreshIds,
    now_ms: i64,
) -> Result<String> {
    if click.callid.is_some() {
        return Ok(click.id);
    }
    take_turns_at_name(tx, &click.integration_id, callid)?;
    let Some(known) = calls::find_by_callid(tx, &click.integration_id, callid)? else {
        click.callid = Some(callid.to_owned());
        click.click_account = None;
        calls::save(tx, &click, Extent::All)?;
        tx.notify(Topic::Call, &click.id);
        return Ok(click.id);
    };
    Ok(take_in(tx, directory, &known.id, &click, ids, now_ms)?.unwrap_or(click.id))
}

/// A call's first push and the answer that names it for a click may be heard by two nodes at once.
pub fn take_turns_at_name(tx: &mut Tx, integration_id: &str, callid: &str) -> Result<()> {
    tx.take_turns(&format!("{integration_id}/{callid}"))
}

/// The PBX gave no name: the click waits for its call, unless that has been heard of already. Answers the call's id.
pub fn wait(tx: &mut Tx, directory: &Directory, mut click: CallRow, ids: &FreshIds, now_ms: i64) -> Result<String> {
    let facts = read_facts(&click)?;
    let Some(account) = facts.click.as_ref().map(|click| click.account.clone()) else { return Ok(click.id) };
    // As in `claim`: else a call and a click that two nodes write at once would not see each other.
    tx.take_turns(&click.phone)?;
    let (from_ms, to_ms) = (click.started_ms - BEFORE_CLICK_MS, click.started_ms + AFTER_CLICK_MS);
    for known in call_lists::list_named(tx, &click.integration_id, &click.phone, from_ms, to_ms)? {
        let known_facts = read_facts(&known)?;
        let is_of_account = accounts(&known_facts).iter().any(|name| spellings(name).contains(&account.as_str()));
        if known_facts.click.is_none()
            && is_of_account
            && let Some(id) = take_in(tx, directory, &known.id, &click, ids, now_ms)?
        {
            return Ok(id);
        }
    }
    click.click_account = Some(account);
    calls::save(tx, &click, Extent::All)?;
    Ok(click.id)
}

/// The click folds into the known call, if no other has by now. Answers the call's id.
fn take_in(
    tx: &mut Tx,
    directory: &Directory,
    known_id: &str,
    click: &CallRow,
    ids: &FreshIds,
    now_ms: i64,
) -> Result<Option<String>> {
    let Some(known) = calls::lock(tx, known_id)? else { return Ok(None) };
    let facts = read_facts(&known)?;
    if facts.click.is_some() {
        return Ok(None);
    }
    let Some(click) = take_out(tx, &click.id, &known.id)? else { return Ok(None) };
    let before = Before::of(&known, &facts);
    let (row, facts) = fold_in(tx, directory, known, facts, &click)?;
    settle_down(tx, directory, row, facts, Some(before), ids, now_ms).map(Some)
}

/// Takes the click's row out of the table; `None` when another call was faster.
fn take_out(tx: &mut Tx, click_id: &str, call_id: &str) -> Result<Option<CallRow>> {
    dismissals::copy(tx, click_id, call_id)?;
    calls::remove(tx, click_id)
}

/// The call's row takes the click's id, note and facts; its own former id still finds it.
fn fold_in(
    tx: &mut Tx,
    directory: &Directory,
    mut row: CallRow,
    mut facts: CallFacts,
    click: &CallRow,
) -> Result<(CallRow, CallFacts)> {
    facts.merge(read_facts(click)?);
    let keep = |mine: &mut String, theirs: &String| {
        if mine.is_empty() {
            mine.clone_from(theirs);
        }
    };
    if row.note.is_empty() || click.note.is_empty() || row.note == click.note {
        keep(&mut row.note, &click.note);
    } else {
        row.note = format!("{}\n{}", click.note, row.note);
    }
    keep(&mut row.outcome, &click.outcome);
    keep(&mut row.next_step, &click.next_step);
    row.contact_id = row.contact_id.or_else(|| click.contact_id.clone());
    let former_id = row.id.clone();
    let mut row = derive(row, &facts, directory)?;
    calls::save(tx, &row, Extent::All)?;
    calls::take_id(tx, &former_id, &click.id, click.rev)?;
    tx.notify(Topic::Call, &former_id);
    row.former_id = Some(former_id);
    row.id.clone_from(&click.id);
    Ok((row, facts))
}

/// The persons' accounts of a call, in a fixed order.
pub fn accounts(facts: &CallFacts) -> Vec<String> {
    let of_history = facts.history.as_ref().map(|history| &history.account);
    let mut accounts: Vec<_> = facts.legs.keys().chain(of_history).filter(|name| is_person(name)).cloned().collect();
    accounts.sort();
    accounts.dedup();
    accounts
}

/// `login@tenant` is looked up whole, then as `login`.
fn spellings(account: &str) -> Vec<&str> {
    match account.split_once('@') {
        Some((login, _)) => vec![account, login],
        None => vec![account],
    }
}
