//! What the PBX answered to a click: it names the click's call, or the click waits for it.

use crate::app::calls::clicks::{AFTER_CLICK_MS, BEFORE_CLICK_MS, fold_in, spellings, take_out};
use crate::app::calls::hear::{self, take_turns_at_name};
use crate::app::calls::row::{facts_to_show, read_facts};
use crate::app::change::{Before, Change, Hearing};
use crate::domain::integration::Kind;
use crate::error::Result;
use crate::store::tables::call_lists;
use crate::store::tables::calls::{self, CallRow, Extent};
use crate::store::tx::{Topic, Tx};

/// A click whose answer was not written down by then lost it: its program ended, or the store could not write. Longer
/// than any answer takes.
pub const LOST_AFTER_MS: i64 = 20_000;

/// Nobody is left to write down what was answered: as if the PBX had given no name. A system that
/// reports nothing has no more to say.
pub fn lost(tx: &mut Tx, mut click: CallRow, kind: Option<Kind>, hearing: &Hearing) -> Result<()> {
    if kind.is_some_and(Kind::reports) && click.callid.is_none() && click.click_account.is_none() {
        return wait(tx, click, hearing).map(drop);
    }
    click.due_ms = None;
    calls::save(tx, &click, Extent::All)
}

/// The PBX named the click's call: the click is that call from now on. Answers the call's id.
pub fn tie(tx: &mut Tx, mut click: CallRow, callid: &str, hearing: &Hearing) -> Result<String> {
    if click.callid.is_some() {
        return Ok(click.id);
    }
    take_turns_at_name(tx, &click.integration_id, callid)?;
    let Some(known) = calls::find_by_callid(tx, &click.integration_id, callid)? else {
        click.callid = Some(callid.to_owned());
        click.click_account = None;
        click.due_ms = None;
        calls::save(tx, &click, Extent::All)?;
        tx.notify(Topic::Call, &click.id);
        return Ok(click.id);
    };
    Ok(take_in(tx, &known.id, &click, hearing)?.unwrap_or(click.id))
}

/// The PBX gave no name: the click waits for its call, unless that has been heard of already. Answers the call's id.
pub fn wait(tx: &mut Tx, mut click: CallRow, hearing: &Hearing) -> Result<String> {
    let facts = read_facts(&click)?;
    let Some(account) = facts.click.as_ref().map(|click| click.account.clone()) else { return Ok(click.id) };
    // As in `claim`: else a call and a click that two nodes write at once would not see each other.
    tx.take_turns(&click.phone)?;
    let (from_ms, to_ms) = (click.started_ms - BEFORE_CLICK_MS, click.started_ms + AFTER_CLICK_MS);
    for known in call_lists::list_named(tx, &click.integration_id, &click.phone, from_ms, to_ms)? {
        let known_facts = facts_to_show(hearing.directory, &known);
        let is_of_account = known_facts.accounts().iter().any(|name| spellings(name).contains(&account.as_str()));
        if known_facts.click.is_none()
            && is_of_account
            && let Some(id) = take_in(tx, &known.id, &click, hearing)?
        {
            return Ok(id);
        }
    }
    click.click_account = Some(account);
    click.due_ms = None;
    calls::save(tx, &click, Extent::All)?;
    Ok(click.id)
}

/// The click folds into the known call, if no other has by now. Answers the call's id.
fn take_in(tx: &mut Tx, known_id: &str, click: &CallRow, hearing: &Hearing) -> Result<Option<String>> {
    let Some(known) = calls::lock(tx, known_id)? else { return Ok(None) };
    let facts = read_facts(&known)?;
    if facts.click.is_some() {
        return Ok(None);
    }
    let Some(click) = take_out(tx, &click.id, &known.id)? else { return Ok(None) };
    let change = Change { before: Some(Before::of(&known, &facts)), row: known, facts };
    let change = fold_in(tx, change, &click, hearing)?;
    hear::follow(tx, change, hearing).map(Some)
}
