//! What became one contact becomes two again, as they were.

use std::collections::BTreeSet;

use crate::app::App;
use crate::app::calls::{board, promises};
use crate::app::clients::contacts::rows;
use crate::app::clients::joining;
use crate::app::desk::merging::{Kept, Was, handled, numbers_of, tell, turns_of};
use crate::app::desk::moving_in::{Step, end, open, save};
use crate::app::directory::Directory;
use crate::domain::contact::ContactPhone;
use crate::domain::task::TaskState;
use crate::error::{Code, Error, Result};
use crate::store::tables::client_numbers;
use crate::store::tables::contact_merges::{self, MergeRow};
use crate::store::tables::contacts::{self as table, ContactRow};
use crate::store::tables::{contact_changes, contact_talks, tasks};
use crate::store::tx::Tx;

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
    let (row, phones) = rows(draft, merge.into_id.clone(), made_by, updated_ms);
    (ContactRow { created_ms: now.created_ms, ..row }, phones)
}
