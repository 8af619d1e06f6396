//! What the PBX answered to a click: it names the click's call, or the click waits for it.

use crate::app::calls::clicks;
use crate::app::calls::hear::{self, take_turns_at_name};
use crate::app::calls::row::read_facts;
use crate::app::change::{Before, Change, Hearing};
use crate::domain::integration::Kind;
use crate::error::Result;
use crate::store::tables::calls::{self, CallRow, Extent};
use crate::store::tx::{Topic, Tx};

/// A click whose answer was not written down by then lost it: its program ended, or the store could not write. Longer
/// than any answer takes.
pub const LOST_AFTER_MS: i64 = 20_000;

/// Nobody is left to write down what was answered: as if the PBX had given no name. A system that
/// reports nothing has no more to say.
pub fn lost(tx: &mut Tx, mut click: CallRow, kind: Option<Kind>, hearing: &Hearing) -> Result<()> {
    if kind.is_some_and(Kind::reports) && click.callid.is_none() && click.click_account.is_none() {
        return wait(tx, click, hearing);
    }
    click.due_ms = None;
    calls::save(tx, &click, Extent::All)
}

/// The PBX named the click's call: the click is that call from now on, whatever click it had been taken for.
pub fn tie(tx: &mut Tx, mut click: CallRow, callid: &str, hearing: &Hearing) -> Result<()> {
    if click.callid.is_some() {
        return Ok(());
    }
    take_turns_at_name(tx, &click.integration_id, callid)?;
    let Some(known) = calls::lock_by_callid(tx, &click.integration_id, callid)? else {
        click.callid = Some(callid.to_owned());
        click.click_account = None;
        click.due_ms = None;
        calls::save(tx, &click, Extent::All)?;
        tx.notify(Topic::Call, &click.id);
        return Ok(());
    };
    let facts = read_facts(&known)?;
    if facts.click.is_some() && known.click_account.is_none() {
        return Ok(());
    }
    tx.take_turns(&click.phone)?;
    let before = Some(Before::of(&known, &facts));
    let change = clicks::part(tx, Change { before, row: known, facts }, hearing)?;
    let Some(mut click) = clicks::take_out(tx, &click.id, &change.row.id)? else { return Ok(()) };
    click.click_account = None;
    let change = clicks::fold_in(tx, change, &click, hearing)?;
    hear::follow(tx, change, hearing).map(drop)
}

/// The PBX gave no name: the click waits for its call, unless that has been heard of already.
pub fn wait(tx: &mut Tx, mut click: CallRow, hearing: &Hearing) -> Result<()> {
    let Some(account) = read_facts(&click)?.click.map(|click| click.account) else { return Ok(()) };
    click.click_account = Some(account);
    click.due_ms = None;
    calls::save(tx, &click, Extent::All)?;
    // As in `claim`: else a call and a click that two nodes write at once would not see each other.
    tx.take_turns(&click.phone)?;
    for change in clicks::pair(tx, &click.integration_id, &click.phone, [click.started_ms; 2], Vec::new(), hearing)? {
        hear::follow_claimed(tx, &change, hearing)?;
    }
    Ok(())
}
