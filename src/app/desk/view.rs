//! A call's row as people see it: with its contacts, its people and the calls it was transferred from and to.

use std::collections::{BTreeMap, BTreeSet};
use std::slice;

use crate::app::clients::contacts;
use crate::app::directory::Directory;
use crate::app::outbox::plan;
use crate::app::recordings::shown;
use crate::domain::call::{Call, CallState, Delivery, Direction, Leg, LegState, LineRef, Recording};
use crate::domain::contact::ContactRef;
use crate::domain::course::is_person;
use crate::domain::facts::CallFacts;
use crate::domain::integration::TRIAL;
use crate::domain::phone::Phone;
use crate::domain::promise::CallPromise;
use crate::domain::returning::{self, LastReach, ReturnTo};
use crate::domain::time::UtcMs;
use crate::domain::user::UserRef;
use crate::error::Result;
use crate::store::tables::call_reaches;
use crate::store::tables::calls::{self, CallRow};
use crate::store::tables::contacts::ContactRow;
use crate::store::tables::promises;
use crate::store::tx::Tx;

/// How many transfers a chain may have; longer ones are cut.
const CHAIN_CALLS: usize = 8;

/// Calls by integration and callid.
type Named<T> = BTreeMap<(String, String), T>;

/// What there is around some calls: read at once for all of them.
pub struct Around<'a> {
    directory: &'a Directory,
    /// Which call was transferred to this name; of several the oldest.
    before: Named<CallRow>,
    /// The ids of the calls that these were transferred to.
    after: Named<String>,
    /// By number, the one to show first.
    matches: BTreeMap<String, Vec<ContactRow>>,
    /// Contacts that a person chose and that have another number; by id.
    chosen: BTreeMap<String, ContactRow>,
    deliveries: BTreeMap<String, Vec<Delivery>>,
    /// By call, of those that have one.
    recordings: BTreeMap<String, Recording>,
    /// By call, what was promised in it last.
    promises: BTreeMap<String, CallPromise>,
    /// By call, whose call in vain it returns.
    returns: BTreeMap<String, UserRef>,
}

impl<'a> Around<'a> {
    pub fn find(tx: &mut Tx, directory: &'a Directory, rows: &[CallRow]) -> Result<Self> {
        let before = transfers(tx, rows)?;
        let seconds: Vec<_> = rows.iter().filter_map(|row| row.second_callid.as_deref()).collect();
        let after = calls::list_by_callids(tx, &seconds)?.into_iter();
        let after = after.filter_map(|to| Some(((to.integration_id, to.callid?), to.id))).collect();
        let roots: Vec<_> = rows.iter().map(|row| first_from(&before, row)).collect();
        let numbers: Vec<_> = roots.iter().map(|root| root.phone.as_str()).collect();
        let matches = contacts::of_numbers(tx, &numbers)?;
        let choices = rows.iter().zip(&roots).filter_map(|(row, root)| choice(row, root));
        let is_match = |id: &str| matches.values().flatten().any(|contact| contact.id == id);
        let others: Vec<_> = choices.filter(|id| !is_match(id)).collect();
        let chosen = crate::store::tables::contacts::list(tx, &others)?.into_iter();
        let chosen = chosen.map(|(contact, _)| (contact.id.clone(), contact)).collect();
        let ids: Vec<_> = rows.iter().map(|row| row.id.as_str()).collect();
        let deliveries = plan::of_calls(tx, directory, &ids)?;
        let recordings = shown::of_calls(tx, directory, rows)?;
        let promised = promises::list_of_calls(tx, &ids)?.into_iter().filter_map(|promise| {
            let shown = CallPromise {
                id: promise.id,
                due_at: UtcMs(promise.due_ms),
                text: promise.text,
                done_at: promise.done_ms.map(UtcMs),
            };
            Some((promise.call_id?, shown))
        });
        let returns = returns(tx, directory, rows)?;
        Ok(Self {
            directory,
            before,
            after,
            matches,
            chosen,
            deliveries,
            recordings,
            promises: promised.collect(),
            returns,
        })
    }

    /// One of these calls whole, and the contact shown for it; `facts` are the row's.
    pub fn show(&self, row: &CallRow, facts: &CallFacts) -> (Call, Option<ContactRow>) {
        let directory = self.directory;
        let root = first_from(&self.before, row);
        let matches = self.matches.get(&root.phone).map(Vec::as_slice).unwrap_or_default();
        let contact = self.contact(row, root, matches);
        // A newer version may know more states: shown is then what this one makes of the facts.
        let state = CallState::parse(&row.state).unwrap_or_else(|| facts.state());
        let utc = |ms: Option<i64>| ms.map(UtcMs);
        let call = Call {
            id: row.id.clone(),
            integration: row.integration_id.clone(),
            callid: row.callid.clone(),
            is_trial: row.integration_id == TRIAL,
            direction: Direction::parse(&row.direction).unwrap_or_else(|| facts.direction()),
            state,
            phone: root.phone.clone(),
            phone_formatted: Phone::from_stored(&root.phone).formatted(),
            diversion: facts.diversion.clone(),
            line: line(facts, directory),
            group: facts.group.clone().or_else(|| facts.click.as_ref()?.group.clone()),
            contact: contact.map(contact_ref),
            matches: if matches.len() > 1 { matches.iter().map(contact_ref).collect() } else { Vec::new() },
            user: row.user_id.as_deref().and_then(|id| directory.user_ref(id)).cloned(),
            started_at: UtcMs(row.started_ms),
            answered_at: utc(facts.answered_ms()),
            ended_at: utc(row.ended_ms),
            duration_s: facts.duration_s(),
            wait_s: facts.wait_s(),
            recording: self.recording(row, facts),
            note: root.note.clone(),
            note_rev: root.note_rev,
            note_by: root.note_by.as_deref().and_then(|id| directory.user_ref(id)).cloned(),
            outcome: row.outcome.clone(),
            promise: self.promises.get(&row.id).cloned(),
            rating: facts.rating.map(|(_, mark)| mark),
            returns_to: self.returns.get(&row.id).cloned(),
            transferred_from: transferred_from(&self.before, row).map(|from| from.id.clone()),
            transferred_to: self.transferred_to(row).cloned(),
            legs: legs(facts, directory, &row.integration_id),
            deliveries: self.deliveries.get(&row.id).cloned().unwrap_or_default(),
        };
        (call, contact.cloned())
    }

    /// The one a person chose for this call, else the number's first.
    fn contact<'b>(&'b self, row: &CallRow, root: &CallRow, matches: &'b [ContactRow]) -> Option<&'b ContactRow> {
        let chosen = choice(row, root)
            .and_then(|id| matches.iter().find(|contact| contact.id == id).or_else(|| self.chosen.get(id)));
        chosen.or(matches.first())
    }

    fn recording(&self, row: &CallRow, facts: &CallFacts) -> Recording {
        let known = self.recordings.get(&row.id).cloned();
        known.map_or_else(Recording::none, |known| Recording { duration_s: facts.duration_s(), ..known })
    }

    fn transferred_to(&self, row: &CallRow) -> Option<&String> {
        let second = row.second_callid.clone()?;
        self.after.get(&(row.integration_id.clone(), second)).filter(|id| **id != row.id)
    }
}

fn choice<'a>(row: &'a CallRow, root: &'a CallRow) -> Option<&'a str> {
    row.contact_id.as_deref().or(root.contact_id.as_deref())
}

/// Our number: the one dialled, else the PBX's line; its label is the owner's, else the PBX's.
fn line(facts: &CallFacts, directory: &Directory) -> Option<LineRef> {
    let mut line = directory.line_ref(facts.diversion.as_ref().or(facts.telnum.as_ref())?);
    if line.label.is_empty() && facts.telnum.as_ref() == Some(&line.number) {
        line.label = facts.telnum_name.clone().unwrap_or_default();
    }
    Some(line)
}

fn contact_ref(contact: &ContactRow) -> ContactRef {
    ContactRef { id: contact.id.clone(), name: contact.name.clone(), company: contact.company.clone() }
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

/// By call that came in: who of us had called its client in vain before.
fn returns(tx: &mut Tx, directory: &Directory, rows: &[CallRow]) -> Result<BTreeMap<String, UserRef>> {
    let settings = &directory.settings;
    let came_in =
        rows.iter().filter(|row| row.direction == "in" && Phone::from_stored(row.phone.as_str()).is_dialable());
    let came_in: BTreeMap<_, _> = came_in.map(|row| (row.id.as_str(), row.started_ms)).collect();
    if settings.return_to == ReturnTo::Off || came_in.is_empty() {
        return Ok(BTreeMap::new());
    }
    let ids: Vec<_> = came_in.keys().copied().collect();
    let before: BTreeMap<_, _> = call_reaches::list_before(tx, &ids)?.into_iter().collect();
    let reaches: Vec<_> = before.values().map(String::as_str).collect();
    let reaches: BTreeMap<_, _> = calls::list(tx, &reaches)?.into_iter().map(|row| (row.id.clone(), row)).collect();
    let returned = |(id, before): (String, String)| {
        let reach = reaches.get(&before)?;
        let is_talk = matches!(CallState::parse(&reach.state), Some(CallState::Answered | CallState::Talking));
        let last = LastReach { user_id: reach.user_id.clone()?, at_ms: reach.started_ms, is_talk };
        let user_id = returning::returns_to(&last, *came_in.get(id.as_str())?, settings.return_h)?;
        Some((id.clone(), directory.user_ref(user_id)?.clone()))
    };
    Ok(before.into_iter().filter_map(returned).collect())
}

/// The calls that were transferred to these, those that were transferred to them, and so on.
fn transfers(tx: &mut Tx, rows: &[CallRow]) -> Result<Named<CallRow>> {
    let mut before = Named::new();
    let mut callids: BTreeSet<String> = rows.iter().filter_map(|row| row.callid.clone()).collect();
    for _ in 1..CHAIN_CALLS {
        let asked: Vec<_> = callids.iter().map(String::as_str).collect();
        let found = calls::list_transferring(tx, &asked)?;
        callids = found.iter().filter_map(|from| from.callid.clone()).collect();
        for from in found {
            if let Some(second) = from.second_callid.clone() {
                before.entry((from.integration_id.clone(), second)).or_insert(from);
            }
        }
    }
    Ok(before)
}

fn transferred_from<'a>(before: &'a Named<CallRow>, row: &CallRow) -> Option<&'a CallRow> {
    let callid = row.callid.clone()?;
    before.get(&(row.integration_id.clone(), callid)).filter(|from| from.id != row.id)
}

/// The call with which a chain of transfers began: its client and its note are the whole chain's.
pub fn first_of_chain(tx: &mut Tx, row: &CallRow) -> Result<CallRow> {
    Ok(first_from(&transfers(tx, slice::from_ref(row))?, row).clone())
}

fn first_from<'a>(before: &'a Named<CallRow>, row: &'a CallRow) -> &'a CallRow {
    let mut first = row;
    let mut seen = BTreeSet::from([&row.id]);
    while seen.len() < CHAIN_CALLS
        && let Some(earlier) = transferred_from(before, first)
        && seen.insert(&earlier.id)
    {
        first = earlier;
    }
    first
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
