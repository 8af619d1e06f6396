//! Promises that a talk makes good: computed from the calls, as the board is.

use std::collections::BTreeSet;

use crate::app::change::{Change, Hearing};
use crate::domain::promise::done;
use crate::error::Result;
use crate::store::tables::contact_phones;
use crate::store::tables::promises::{self, PromiseRow};
use crate::store::tx::{Topic, Tx};

/// After a call changed that is, or was, a talk: what was promised to its client is looked at anew. Any talk with the client
/// that ends after a promise was made makes it good, but for the call in which it was made.
pub fn keep(tx: &mut Tx, change: &Change, _: &Hearing) -> Result<()> {
    let Change { before, row, .. } = change;
    let mut numbers = BTreeSet::new();
    if row.state == "answered" {
        numbers.insert(&row.phone);
    }
    if let Some(before) = before
        && before.state.as_str() == "answered"
    {
        numbers.insert(&before.phone);
    }
    numbers.into_iter().try_for_each(|number| review(tx, number))
}

/// What was promised to whoever has this number is looked at anew.
pub fn review(tx: &mut Tx, number: &str) -> Result<()> {
    for id in promises::list_of_number(tx, number)? {
        let Some(before) = promises::lock(tx, &id)? else { continue };
        let after = counted(tx, before.clone())?;
        if after != before {
            save(tx, &after)?;
        }
    }
    Ok(())
}

/// The promise as the talks with its client make it.
pub fn counted(tx: &mut Tx, row: PromiseRow) -> Result<PromiseRow> {
    let mut numbers = BTreeSet::from([row.number.clone()]);
    if let Some(contact_id) = &row.contact_id {
        numbers.extend(contact_phones::list_numbers(tx, contact_id)?);
    }
    let mut talks = Vec::new();
    for number in &numbers {
        talks.extend(promises::find_first_talk(tx, number, row.made_ms, row.call_id.as_deref())?);
    }
    let (done_ms, done_by_call) = done(row.said_ms, talks);
    Ok(PromiseRow { done_ms, done_by_call, ..row })
}

/// Writes it and tells those who show it.
pub fn save(tx: &mut Tx, row: &PromiseRow) -> Result<()> {
    promises::save(tx, row)?;
    tell(tx, row);
    Ok(())
}

/// It changed: lists and its call's card show it.
pub fn tell(tx: &mut Tx, row: &PromiseRow) {
    tx.notify(Topic::Promise, &row.id);
    if let Some(call_id) = &row.call_id {
        tx.notify(Topic::Call, call_id);
    }
}
