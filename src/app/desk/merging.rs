//! Two contacts become one, and two again: numbers, calls, promises and what was changed of them go along.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::app::audit::Note;
use crate::app::calls::{board, promises};
use crate::app::clients::changes;
use crate::app::clients::contacts::{self, current_id, draft, rows, shown};
use crate::app::clients::draft::ContactDraft;
use crate::app::clients::joining::{self, Choices};
use crate::app::desk::moving_in::{Step, end, open, save};
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
struct Was {
    draft: ContactDraft,
    made_by: Option<String>,
    created_ms: i64,
    updated_ms: i64,
}

/// What people did to a number's row of the missed board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Handled {
    taken_by: Option<String>,
    taken_ms: Option<i64>,
    snoozed_ms: Option<i64>,
    closed_ms: Option<i64>,
    closed_before_ms: Option<i64>,
    reason: String,
}

/// What is needed to take a merge back.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Kept {
    mine: Was,
    theirs: Was,
    after: ContactDraft,
    calls: Vec<String>,
    promises: Vec<String>,
    /// For which the other one was chosen.
    numbers: Vec<String>,
    changes: Vec<String>,
    /// By number, before and after.
    handled: Vec<(String, Handled, Handled)>,
}

impl Was {
    fn of(row: ContactRow, phones: Vec<ContactPhone>) -> Self {
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

    fn put(&self, row: ClientNumberRow) -> ClientNumberRow {
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
fn turns_of(tx: &mut Tx, id: &str) -> Result<Vec<String>> {
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

fn numbers_of(drafts: [&ContactDraft; 2]) -> BTreeSet<String> {
    drafts.into_iter().flat_map(|draft| &draft.phones).map(|phone| phone.number.clone()).collect()
}

fn handled(tx: &mut Tx, numbers: &BTreeSet<String>) -> Result<Vec<(String, Handled)>> {
    let mut all = Vec::new();
    for number in numbers {
        all.extend(client_numbers::find(tx, number)?.map(|row| (number.clone(), Handled::of(&row))));
    }
    Ok(all)
}

fn tell(tx: &mut Tx, contacts: [&str; 2], calls: &[String], promises: &[String]) {
    contacts.iter().for_each(|id| tx.notify(Topic::Contact, id));
    calls.iter().for_each(|id| tx.notify(Topic::Call, id));
    promises.iter().for_each(|id| tx.notify(Topic::Promise, id));
}

/// Whether the merge of this task can be taken back: the contact that it made has not become part of another one since.
///
/// # Errors
/// `Conflict` when it has.
pub async fn check_undo(app: &App, task_id: &str) -> Result<()> {
    let task_id = task_id.to_owned();
    let found = app.store.show(move |tx| match contact_merges::find_by_task(tx, &task_id)? {
        Some(merge) => contact_merges::find_into(tx, &merge.into_id),
        None => Ok(None),
    });
    if found.await?.is_some() { Err(merged_on()) } else { Ok(()) }
}

fn merged_on() -> Error {
    Error::conflict(Code::MergedOn, "this contact became part of another one since: take that back first")
}

/// Takes the merge of this task back.
///
/// # Errors
/// As [`check_undo`]; what the store says.
pub async fn step(app: &App, id: &str) -> Result<Step> {
    let asked = id.to_owned();
    let found = app.store.show(move |tx| {
        let merge = contact_merges::find_by_task(tx, &asked)?;
        let mut turns: BTreeSet<String> = BTreeSet::new();
        if let Some(merge) = &merge {
            turns.extend(turns_of(tx, &merge.into_id)?);
            turns.insert(merge.from_id.clone());
        }
        Ok((tasks::find(tx, &asked)?, merge, turns))
    });
    let (task, merge, mut turns) = found.await?;
    let Some(task) = task.filter(|task| task.state.is_open()) else { return Ok(Step::Over) };
    let (directory, now_ms) = (app.directory().await?, app.clock.now_ms());
    let merge = merge.filter(|merge| !merge.kept.is_empty());
    let merge = merge.ok_or_else(|| Error::conflict(Code::UndoOver, "nothing is kept of it any more"))?;
    let kept: Kept = serde_json::from_str(&merge.kept).map_err(Error::internal)?;
    turns.extend(numbers_of([&kept.mine.draft, &kept.theirs.draft]));
    app.store
        .write_in_turn(turns.into_iter().collect(), move |tx| {
            let Some(mut task) = open(tx, &task, now_ms)? else { return Ok(Step::More) };
            part(tx, &merge, &kept, now_ms, &directory)?;
            task.done = 0;
            end(&mut task, TaskState::Undone, now_ms);
            save(tx, &task).map(|()| Step::Over)
        })
        .await
}

fn part(tx: &mut Tx, merge: &MergeRow, kept: &Kept, now_ms: i64, directory: &Directory) -> Result<()> {
    let (into, from) = (merge.into_id.as_str(), merge.from_id.as_str());
    if contact_merges::find_into(tx, into)?.is_some() {
        return Err(merged_on());
    }
    tx.take_turns(into)?;
    let now = if table::lock(tx, into)? { table::find(tx, into)? } else { None };
    let now = now.map(|(row, phones)| Was::of(row, phones));
    let mut numbers = numbers_of([&kept.mine.draft, &kept.theirs.draft]);
    numbers.extend(now.iter().flat_map(|now| numbers_of([&now.draft, &now.draft])));
    let done = handled(tx, &numbers)?;
    board::change_owners(tx, &numbers, directory, |tx| {
        contact_merges::delete(tx, from)?;
        let (mut row, phones) =
            rows(kept.theirs.draft.clone(), from.to_owned(), kept.theirs.made_by.as_deref(), kept.theirs.updated_ms);
        row.created_ms = kept.theirs.created_ms;
        table::insert(tx, &row, &phones)?;
        contact_changes::delete(tx, &merge.task_id)?;
        kept.changes.iter().try_for_each(|id| contact_changes::move_one(tx, id, from))?;
        kept.numbers.iter().try_for_each(|number| contact_merges::move_number(tx, number, into, from))?;
        kept.promises.iter().try_for_each(|id| contact_merges::move_promise(tx, id, into, from))?;
        kept.calls.iter().try_for_each(|id| contact_merges::move_call(tx, id, into, from).map(drop))?;
        if let Some(now) = now {
            let (row, phones) = parted(now, merge, kept, now_ms);
            table::update(tx, &row, &phones)?;
            contact_talks::refresh(tx, into)?;
        }
        contact_talks::refresh(tx, from).map(drop)
    })?;
    for (number, was, merged) in &kept.handled {
        let is_as_left = done.iter().any(|(of, is)| of == number && is == merged);
        if let Some(row) = client_numbers::find(tx, number)?.filter(|_| is_as_left) {
            let row = board::counted(tx, was.put(row), directory)?;
            board::save(tx, &row)?;
        }
    }
    tell(tx, [into, from], &kept.calls, &kept.promises);
    numbers.iter().try_for_each(|number| promises::review(tx, number))
}

/// The contact who stayed, without what the other one brought.
fn parted(now: Was, merge: &MergeRow, kept: &Kept, now_ms: i64) -> (ContactRow, Vec<ContactPhone>) {
    let is_untouched = now.updated_ms == merge.made_ms && now.draft == kept.after;
    let (made_by, updated_ms) =
        if is_untouched { (kept.mine.made_by.as_deref(), kept.mine.updated_ms) } else { (None, now_ms) };
    let draft = joining::part(now.draft, &kept.mine.draft, &kept.after);
    let (row, phones) = contacts::rows(draft, merge.into_id.clone(), made_by, updated_ms);
    (ContactRow { created_ms: now.created_ms, ..row }, phones)
}
