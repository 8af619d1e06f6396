//! A call's row as people see it: with its contacts, its people and the calls it was transferred from and to.

use std::collections::BTreeSet;

use crate::app::calls::row::facts_to_show;
use crate::app::clients::contacts;
use crate::app::directory::Directory;
use crate::app::outbox::plan;
use crate::domain::call::{Call, CallState, Direction, Leg, LegState, LineRef, Recording, RecordingState};
use crate::domain::contact::ContactRef;
use crate::domain::course::is_person;
use crate::domain::facts::CallFacts;
use crate::domain::phone::Phone;
use crate::domain::promise::CallPromise;
use crate::domain::time::UtcMs;
use crate::error::Result;
use crate::store::tables::calls::{self, CallRow};
use crate::store::tables::contacts::ContactRow;
use crate::store::tables::promises;
use crate::store::tx::Tx;

/// How many transfers a chain may have; longer ones are cut.
const CHAIN_CALLS: usize = 8;

/// The whole call.
pub fn of_row(tx: &mut Tx, directory: &Directory, row: &CallRow) -> Result<Call> {
    Ok(with_contact(tx, directory, row, &facts_to_show(directory, row))?.0)
}

/// The whole call, and the contact shown for it; `facts` are the row's.
pub fn with_contact(
    tx: &mut Tx,
    directory: &Directory,
    row: &CallRow,
    facts: &CallFacts,
) -> Result<(Call, Option<ContactRow>)> {
    let from = transferred_from(tx, row)?;
    let from_id = from.as_ref().map(|from| from.id.clone());
    let root = first_from(tx, row, from)?;
    let matches = contacts::of_number(tx, &root.phone)?;
    let contact = chosen(tx, row, &root, &matches)?;
    // A newer version may know more states: shown is then what this one makes of the facts.
    let state = CallState::parse(&row.state).unwrap_or_else(|| facts.state());
    let utc = |ms: Option<i64>| ms.map(UtcMs);
    let call = Call {
        id: row.id.clone(),
        integration: row.integration_id.clone(),
        callid: row.callid.clone(),
        direction: Direction::parse(&row.direction).unwrap_or_else(|| facts.direction()),
        state,
        phone: root.phone.clone(),
        phone_formatted: Phone::from_stored(&root.phone).formatted(),
        diversion: facts.diversion.clone(),
        line: line(facts, directory),
        group: facts.group.clone(),
        contact: contact.as_ref().map(contact_ref),
        matches: if matches.len() > 1 { matches.iter().map(contact_ref).collect() } else { Vec::new() },
        user: row.user_id.as_deref().and_then(|id| directory.user_ref(id)).cloned(),
        started_at: UtcMs(row.started_ms),
        answered_at: utc(facts.answered_ms()),
        ended_at: utc(row.ended_ms),
        duration_s: facts.duration_s(),
        wait_s: facts.wait_s(),
        recording: recording(facts),
        note: root.note.clone(),
        note_rev: root.note_rev,
        note_by: root.note_by.as_deref().and_then(|id| directory.user_ref(id)).cloned(),
        outcome: row.outcome.clone(),
        promise: promises::find_of_call(tx, &row.id)?.map(|promise| CallPromise {
            id: promise.id,
            due_at: UtcMs(promise.due_ms),
            text: promise.text,
            done_at: promise.done_ms.map(UtcMs),
        }),
        rating: facts.rating.map(|(_, mark)| mark),
        transferred_from: from_id,
        transferred_to: transferred_to(tx, row)?.map(|call| call.id),
        legs: legs(facts, directory, &row.integration_id),
        deliveries: plan::of_call(tx, directory, &row.id)?,
    };
    Ok((call, contact))
}

/// Our number: the one dialled, else the PBX's line; its label is the owner's, else the PBX's.
fn line(facts: &CallFacts, directory: &Directory) -> Option<LineRef> {
    let mut line = directory.line_ref(facts.diversion.as_ref().or(facts.telnum.as_ref())?);
    if line.label.is_empty() && facts.telnum.as_ref() == Some(&line.number) {
        line.label = facts.telnum_name.clone().unwrap_or_default();
    }
    Some(line)
}

fn recording(facts: &CallFacts) -> Recording {
    let state = if facts.link.is_some() { RecordingState::Ready } else { RecordingState::None };
    Recording { state, url: facts.link.clone() }
}

fn contact_ref(contact: &ContactRow) -> ContactRef {
    ContactRef { id: contact.id.clone(), name: contact.name.clone(), company: contact.company.clone() }
}

/// The one a person chose for this call, else the number's first.
fn chosen(tx: &mut Tx, row: &CallRow, root: &CallRow, matches: &[ContactRow]) -> Result<Option<ContactRow>> {
    if let Some(id) = row.contact_id.as_ref().or(root.contact_id.as_ref()) {
        if let Some(contact) = matches.iter().find(|contact| contact.id == *id) {
            return Ok(Some(contact.clone()));
        }
        if let Some((contact, _)) = crate::store::tables::contacts::find(tx, id)? {
            return Ok(Some(contact));
        }
    }
    Ok(matches.first().cloned())
}

fn legs(facts: &CallFacts, directory: &Directory, integration_id: &str) -> Vec<Leg> {
    let leg = |(account, leg): (&String, &crate::domain::facts::LegFacts)| {
        let state = facts.leg_state(leg);
        let ended_ms = match state {
            LegState::Ringing | LegState::Talking => None,
            LegState::Answered => leg.completed_ms.or_else(|| facts.ended_ms()),
            LegState::Cancelled => leg.cancelled_ms.or_else(|| facts.ended_ms()),
        };
        Leg {
            account: account.clone(),
            user: directory.user_of_line(integration_id, account).cloned(),
            state,
            ringing_at: leg.ringing_ms.map(UtcMs),
            answered_at: leg.answered_ms.map(UtcMs),
            ended_at: ended_ms.map(UtcMs),
        }
    };
    facts.legs.iter().map(leg).collect()
}

fn transferred_from(tx: &mut Tx, row: &CallRow) -> Result<Option<CallRow>> {
    let Some(callid) = &row.callid else { return Ok(None) };
    Ok(calls::find_transferring(tx, &row.integration_id, callid)?.filter(|from| from.id != row.id))
}

fn transferred_to(tx: &mut Tx, row: &CallRow) -> Result<Option<CallRow>> {
    let Some(second) = &row.second_callid else { return Ok(None) };
    Ok(calls::find_by_callid(tx, &row.integration_id, second)?.filter(|to| to.id != row.id))
}

/// The call with which a chain of transfers began: its client and its note are the whole chain's.
pub fn first_of_chain(tx: &mut Tx, row: &CallRow) -> Result<CallRow> {
    let from = transferred_from(tx, row)?;
    first_from(tx, row, from)
}

/// As [`first_of_chain`], when the call before this one is known already.
fn first_from(tx: &mut Tx, row: &CallRow, from: Option<CallRow>) -> Result<CallRow> {
    let (mut first, mut from) = (row.clone(), from);
    let mut seen = BTreeSet::from([row.id.clone()]);
    while seen.len() < CHAIN_CALLS
        && let Some(earlier) = from
        && seen.insert(earlier.id.clone())
    {
        from = transferred_from(tx, &earlier)?;
        first = earlier;
    }
    Ok(first)
}

/// Whose screens the card belongs on: the users whose lines ring; for a line that nobody has, the default user; of an
/// outgoing call, its caller. A call known from its history alone never rang here.
pub fn audience(directory: &Directory, row: &CallRow, facts: &CallFacts) -> BTreeSet<String> {
    if facts.legs.is_empty() && facts.click.is_none() {
        return BTreeSet::new();
    }
    if facts.direction() == Direction::Out {
        return row.user_id.iter().cloned().collect();
    }
    let user_of = |account: &String| {
        let known = directory.user_of_line(&row.integration_id, account).map(|user| &user.id);
        known.or_else(|| directory.default_user().map(|user| &user.id)).cloned()
    };
    facts.legs.keys().filter(|account| is_person(account)).filter_map(user_of).collect()
}
