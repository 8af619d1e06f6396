//! Two contacts become one: numbers, calls, promises and what was changed of them go along.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::app::audit::Note;
use crate::app::calls::{board, promises};
use crate::app::clients::changes;
use crate::app::clients::contacts::{current_id, draft, rows, shown};
use crate::app::clients::draft::ContactDraft;
use crate::app::clients::joining::{self, Choices};
use crate::app::directory::Directory;
use crate::domain::audit::Action;
use crate::domain::client::Contact;
use crate::domain::contact::ContactPhone;
use crate::domain::fault::Fault;
use crate::domain::task::{TaskKind, TaskState, Way};
use crate::error::{Code, Error, Result};
use crate::store::tables::client_numbers::{self, ClientNumberRow};
use crate::store::tables::contact_merges::{self, MergeRow};
use crate::store::tables::contacts::{self as table, ContactRow};
use crate::store::tables::tasks::{self, TaskRow};
use crate::store::tables::{contact_changes, contact_phones, contact_talks};
use crate::store::tx::{Topic, Tx};

/// A contact as he was.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Was {
    pub draft: ContactDraft,
    pub made_by: Option<String>,
    pub created_ms: i64,
    pub updated_ms: i64,
}

/// What people did to a number's row of the missed board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handled {
    taken_by: Option<String>,
    taken_ms: Option<i64>,
    snoozed_ms: Option<i64>,
    closed_ms: Option<i64>,
    closed_before_ms: Option<i64>,
    reason: String,
}

/// What is needed to take a merge back.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Kept {
    pub mine: Was,
    pub theirs: Was,
    pub after: ContactDraft,
    pub calls: Vec<String>,
    pub promises: Vec<String>,
    /// For which the other one was chosen.
    pub numbers: Vec<String>,
    pub changes: Vec<String>,
    /// By number, before and after.
    pub handled: Vec<(String, Handled, Handled)>,
}

impl Was {
    pub fn of(row: ContactRow, phones: Vec<ContactPhone>) -> Self {
        let (made_by, created_ms, updated_ms) = (row.made_by.clone(), row.created_ms, row.updated_ms);
        Self { draft: draft(row, phones), made_by, created_ms, updated_ms }
    }
}

impl Handled {
    fn of(row: &ClientNumberRow) -> Self {
        Self {
            taken_by: row.taken_by.clone(),
            taken_ms: row.taken_ms,
            snoozed_ms: row.snoozed_ms,
            closed_ms: row.closed_ms,
            closed_before_ms: row.closed_before_ms,
            reason: row.reason.clone(),
        }
    }

    pub fn put(&self, row: ClientNumberRow) -> ClientNumberRow {
        ClientNumberRow {
            taken_by: self.taken_by.clone(),
            taken_ms: self.taken_ms,
            snoozed_ms: self.snoozed_ms,
            closed_ms: self.closed_ms,
            closed_before_ms: self.closed_before_ms,
            reason: self.reason.clone(),
            ..row
        }
    }
}

/// Who merges, and when.
#[derive(Clone)]
struct Act {
    /// Of the task that takes it back, and of the change that says so.
    id: String,
    user_id: String,
    now_ms: i64,
}

/// The contact `from` becomes part of the contact `id`; the task takes it back for 30 days. `by` is a user's id.
///
/// # Errors
/// `NotFound`; `Invalid` for who is no contact, or when more comes together than a contact may have; `Conflict` when they
/// are one already.
pub async fn merge(app: &App, by: &str, id: &str, from: &str, chosen: Choices) -> Result<(Contact, String)> {
    let directory = app.directory().await?;
    let ids = [id.to_owned(), from.to_owned()];
    let found = app.store.show(move |tx| {
        let mut turns = BTreeSet::new();
        let ids = [current_id(tx, &ids[0])?, current_id(tx, &ids[1])?];
        for id in &ids {
            turns.extend(turns_of(tx, id)?);
        }
        Ok((ids, turns))
    });
    let (ids, turns) = found.await?;
    let act = Act { id: app.clock.new_id(), user_id: by.to_owned(), now_ms: app.clock.now_ms() };
    let note = Note::new(app, Action::ContactsMerged).about(&ids[0], "");
    let task_id = act.id.clone();
    let contact = app.store.write_in_turn(turns.into_iter().collect(), move |tx| {
        join(tx, [&ids[0], &ids[1]], &chosen, &act, &directory)?;
        note.keep(tx)?;
        shown(tx, &ids[0], &directory)?.ok_or(Error::NotFound("contact"))
    });
    Ok((contact.await?, task_id))
}

/// All that is locked when this contact goes or comes; numbers before ids, as everywhere.
pub fn turns_of(tx: &mut Tx, id: &str) -> Result<Vec<String>> {
    let mut turns = contact_phones::list_numbers(tx, id)?;
    turns.extend(contact_merges::list_numbers_around(tx, id)?);
    turns.push(id.to_owned());
    Ok(turns)
}

fn join(tx: &mut Tx, [into, from]: [&str; 2], chosen: &Choices, act: &Act, directory: &Directory) -> Result<()> {
    if into == from {
        return Err(already_one());
    }
    let mut locked = [into, from];
    locked.sort_unstable();
    for id in locked {
        tx.take_turns(id)?;
        if !table::lock(tx, id)? {
            return Err(gone(tx, into, from)?);
        }
    }
    let mine = table::find(tx, into)?.map(|(row, phones)| Was::of(row, phones)).ok_or(Error::NotFound("contact"))?;
    let theirs = table::find(tx, from)?.map(|(row, phones)| Was::of(row, phones)).ok_or(Error::NotFound("contact"))?;
    let after = joining::join(&mine.draft, &theirs.draft, chosen)?;
    let numbers = numbers_of([&mine.draft, &theirs.draft]);
    let before = handled(tx, &numbers)?;
    let (mut row, phones) = rows(after.clone(), into.to_owned(), None, act.now_ms);
    row.created_ms = mine.created_ms;
    let (calls, promised, chosen_for, changes) = board::change_owners(tx, &numbers, directory, |tx| {
        let moved = (
            contact_merges::move_calls(tx, from, into)?,
            contact_merges::move_promises(tx, from, into)?,
            contact_merges::move_numbers(tx, from, into)?,
            contact_changes::move_all(tx, from, into)?,
        );
        table::delete(tx, from)?;
        table::update(tx, &row, &phones)?;
        contact_talks::refresh(tx, into)?;
        Ok(moved)
    })?;
    changes::keep_merge(tx, &act.id, into, &act.user_id, act.now_ms, [&mine.draft, &theirs.draft, &after])?;
    let moved = handled(tx, &numbers)?;
    let handled = before.into_iter().zip(moved).map(|((number, was), (_, is))| (number, was, is)).collect();
    tell(tx, [into, from], &calls, &promised);
    numbers.iter().try_for_each(|number| promises::review(tx, number))?;
    let kept = Kept { mine, theirs, after, calls, promises: promised, numbers: chosen_for, changes, handled };
    let merge = MergeRow {
        from_id: from.to_owned(),
        into_id: into.to_owned(),
        task_id: act.id.clone(),
        made_ms: act.now_ms,
        kept: serde_json::to_string(&kept).map_err(Error::internal)?,
    };
    contact_merges::insert(tx, &merge)?;
    tasks::insert(tx, &task(act))?;
    tx.notify(Topic::Task, &act.id);
    Ok(())
}

/// It is done at once; what there is to do is to take it back.
fn task(act: &Act) -> TaskRow {
    TaskRow {
        id: act.id.clone(),
        kind: TaskKind::Merge,
        state: TaskState::Done,
        way: Way::On,
        done: 1,
        total: 1,
        user_id: Some(act.user_id.clone()),
        made_ms: act.now_ms,
        ended_ms: Some(act.now_ms),
        lease_ms: 0,
        result: "{}".to_owned(),
        error: String::new(),
    }
}

fn already_one() -> Error {
    Error::conflict(Code::MergedAlready, "these two are one contact already")
}

/// One of them is no more: somebody merged or deleted it meanwhile.
fn gone(tx: &mut Tx, into: &str, from: &str) -> Result<Error> {
    let are_one = current_id(tx, into)? == current_id(tx, from)?;
    let is_there = table::find(tx, into)?.is_some();
    Ok(match (are_one, is_there) {
        (true, _) => already_one(),
        (false, true) => Error::field("from", Fault::UnknownContact),
        (false, false) => Error::NotFound("contact"),
    })
}

pub fn numbers_of(drafts: [&ContactDraft; 2]) -> BTreeSet<String> {
    drafts.into_iter().flat_map(|draft| &draft.phones).map(|phone| phone.number.clone()).collect()
}

pub fn handled(tx: &mut Tx, numbers: &BTreeSet<String>) -> Result<Vec<(String, Handled)>> {
    let mut all = Vec::new();
    for number in numbers {
        all.extend(client_numbers::find(tx, number)?.map(|row| (number.clone(), Handled::of(&row))));
    }
    Ok(all)
}

pub fn tell(tx: &mut Tx, contacts: [&str; 2], calls: &[String], promises: &[String]) {
    contacts.iter().for_each(|id| tx.notify(Topic::Contact, id));
    calls.iter().for_each(|id| tx.notify(Topic::Call, id));
    promises.iter().for_each(|id| tx.notify(Topic::Promise, id));
}
