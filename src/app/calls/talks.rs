//! Whom one talked to last: kept with each contact, computed from the calls.

use crate::app::change::Change;
use crate::domain::call::CallState;
use crate::error::Result;
use crate::store::tables::calls::CallRow;
use crate::store::tables::{contact_phones, contact_talks};
use crate::store::tx::{Topic, Tx};

/// After a call changed: the contacts whose latest talk it may be, or may have been, find theirs anew.
pub fn refresh(tx: &mut Tx, change: &Change) -> Result<()> {
    let Change { before, row, facts } = change;
    let was = before.as_ref().filter(|before| is_talk(before.state));
    if let Some(before) = was.filter(|before| before.phone != row.phone) {
        of_number(tx, &before.phone)?;
    }
    let is_talk = is_talk(facts.state());
    let is_same = was.is_some_and(|before| {
        let (before, now) = ((&before.id, &before.phone, before.started_ms), (&row.id, &row.phone, row.started_ms));
        is_talk && before == now
    });
    if is_same || (!is_talk && was.is_none()) {
        return Ok(());
    }
    of_call(tx, row, None)
}

/// The contacts of this call's number, the one chosen for it, and the one chosen before, find their latest talk anew.
pub fn of_call(tx: &mut Tx, row: &CallRow, chosen_before: Option<&str>) -> Result<()> {
    of_number(tx, &row.phone)?;
    for id in row.contact_id.as_deref().into_iter().chain(chosen_before) {
        tx.at_the_end(id, of_contact);
    }
    Ok(())
}

fn of_number(tx: &mut Tx, number: &str) -> Result<()> {
    for id in contact_phones::list_contacts(tx, number)? {
        tx.at_the_end(&id, of_contact);
    }
    Ok(())
}

/// At the end of the transaction: calls of several numbers come to one contact.
fn of_contact(tx: &mut Tx, id: &str) -> Result<()> {
    if contact_talks::refresh(tx, id)? {
        tx.notify(Topic::Contact, id);
    }
    Ok(())
}

fn is_talk(state: CallState) -> bool {
    matches!(state, CallState::Answered | CallState::Talking)
}
