//! What becomes of a file of clients: looked at without a trace, taken in by batches, taken back.

use std::collections::{BTreeSet, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use serde::Serialize;

use crate::app::App;
use crate::app::audit::Note;
use crate::app::clients::draft::ContactDraft;
use crate::app::clients::import;
use crate::app::clients::incoming::{Decision, Incoming, Reading};
use crate::app::desk::taking::{Hold, Outcome, Taking, find_known};
use crate::app::directory::Directory;
use crate::domain::audit::Action;
use crate::domain::fault::Fault;
use crate::domain::import::{ImportPlan, MatchBy, Tally};
use crate::domain::task::{TaskKind, TaskState, Way};
use crate::error::{Code, Error, Result};
use crate::store::tables::contacts::ContactRow;
use crate::store::tables::imports::{self, PartRow};
use crate::store::tables::tasks::{self, TaskRow};
use crate::store::tx::{Topic, Tx};

/// So many parts are looked at in one reading.
const LOOKED_AT: i64 = 20;
/// Whoever works at a task is believed to for so long after each batch.
const LEASE_MS: i64 = 15_000;

/// Whether there is more to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    More,
    Over,
}

/// Counts what would come of the file, and writes nothing.
///
/// # Errors
/// `NotFound`; `Invalid` for a plan that does not fit the file.
pub async fn check(app: &App, id: &str, plan: ImportPlan) -> Result<Tally> {
    let file = import::find(app, id).await?;
    let directory = app.directory().await?;
    let reading = Reading::new(fitting(plan, file.columns.len(), &directory)?, &file.columns, directory);
    let (mut tally, mut from, mut seen) = (Tally::default(), 0, HashSet::new());
    loop {
        let id = id.to_owned();
        let parts = app.store.list(move |tx| imports::list_parts(tx, &id, from, LOOKED_AT)).await?;
        let Some(last) = parts.last() else { return Ok(tally) };
        from = last.position + 1;
        let mut rows = Vec::new();
        for part in &parts {
            rows.extend(cells(&file.id, part)?.iter().map(|row| reading.read(row)));
        }
        let of = rows.clone();
        let plan = Arc::clone(&reading.plan);
        let matches = app
            .store
            .list(move |tx| of.iter().map(|row| find_known(tx, row, plan.match_by, Hold::Free)).collect())
            .await?;
        let matches: Vec<Option<(ContactRow, ContactDraft)>> = matches;
        for (row, known) in rows.iter().zip(matches) {
            count(row, known.map(|(_, draft)| draft), &reading, &mut seen, &mut tally);
        }
    }
}

/// A client whom an earlier row of the file brings is there when the later one comes.
fn count(row: &Incoming, known: Option<ContactDraft>, reading: &Reading, seen: &mut HashSet<u64>, tally: &mut Tally) {
    let (plan, region) = (&reading.plan, &reading.directory.settings.region);
    let is_seen = keys(row, plan.match_by).iter().any(|key| seen.contains(key));
    let twin = ContactDraft { name: "?".to_owned(), ..ContactDraft::default() };
    let known = known.or_else(|| is_seen.then_some(twin));
    let decision = row.decide(known.as_ref(), plan.on_match, region);
    if matches!(decision, Decision::Make(_) | Decision::Change(_)) {
        seen.extend(keys(row, plan.match_by));
    }
    row.count(&decision, tally);
}

fn keys(row: &Incoming, match_by: MatchBy) -> Vec<u64> {
    let key = |text: &str| {
        let mut hasher = DefaultHasher::new();
        text.to_lowercase().hash(&mut hasher);
        hasher.finish()
    };
    let numbers: Vec<u64> = row.numbers().map(key).collect();
    let email = || row.email().map(key).into_iter().collect();
    match match_by {
        MatchBy::None => Vec::new(),
        MatchBy::Email => email(),
        MatchBy::Number if numbers.is_empty() => email(),
        MatchBy::Number => numbers,
    }
}

/// The plan, if it can be followed with this file.
fn fitting(plan: ImportPlan, columns: usize, directory: &Directory) -> Result<ImportPlan> {
    if plan.columns.len() != columns {
        return Err(Error::field("columns", Fault::OutOfRange { least: columns as i64, most: columns as i64 }));
    }
    if plan.columns.iter().all(Option::is_none) {
        return Err(Error::field("columns", Fault::Required));
    }
    if plan.people.values().any(|id| !id.is_empty() && directory.user(id).is_none()) {
        return Err(Error::field("people", Fault::UnknownUser));
    }
    Ok(plan)
}

/// Begins to take the file in; the work is done in the background. `by` is a user's id.
///
/// # Errors
/// As [`check`]; `Conflict` when it was begun already.
pub async fn begin(app: &App, by: Option<&str>, id: &str, plan: ImportPlan) -> Result<TaskRow> {
    let file = import::find(app, id).await?;
    let directory = app.directory().await?;
    let plan = fitting(plan, file.columns.len(), &directory)?;
    let plan = serde_json::to_string(&plan).map_err(Error::internal)?;
    let note = Note::new(app, Action::ContactsImported).about(id, "");
    let row = TaskRow {
        id: id.to_owned(),
        kind: TaskKind::Import,
        state: TaskState::Waiting,
        way: Way::On,
        done: 0,
        total: file.rows,
        user_id: by.map(str::to_owned),
        made_ms: app.clock.now_ms(),
        ended_ms: None,
        lease_ms: 0,
        result: "{}".to_owned(),
        error: String::new(),
    };
    app.store
        .write(move |tx| {
            if !tasks::insert(tx, &row)? {
                return Err(Error::conflict(Code::Exists, "this file was taken in already"));
            }
            imports::save_plan(tx, &row.id, &plan)?;
            note.keep(tx)?;
            tx.notify(Topic::Task, &row.id);
            Ok(row.clone())
        })
        .await
}

/// Does the next batch of the task; whoever else works at it does another one.
///
/// # Errors
/// What the store says, or what cannot be read of the file.
pub async fn step(app: &App, id: &str) -> Result<Step> {
    let task = app.store.show({
        let id = id.to_owned();
        move |tx| tasks::find(tx, &id)
    });
    let Some(task) = task.await?.filter(|task| task.state.is_open()) else { return Ok(Step::Over) };
    match task.way {
        Way::On => on(app, task).await,
        Way::Back => back(app, task).await,
    }
}

async fn on(app: &App, task: TaskRow) -> Result<Step> {
    let file = import::find(app, &task.id).await?;
    let plan: ImportPlan = serde_json::from_str(&file.plan).map_err(Error::internal)?;
    let directory = app.directory().await?;
    let (id, from) = (task.id.clone(), task.done);
    let part = app.store.show(move |tx| imports::list_parts(tx, &id, from, 1)).await?.pop();
    let reading = Reading::new(plan, &file.columns, Arc::clone(&directory));
    let rows: Vec<Incoming> = match &part {
        Some(part) => cells(&file.id, part)?.iter().map(|row| reading.read(row)).collect(),
        None => Vec::new(),
    };
    let ids: Vec<[String; 2]> = rows.iter().map(|_| [app.clock.new_id(), app.clock.new_id()]).collect();
    let turns: BTreeSet<String> = rows.iter().flat_map(Incoming::numbers).map(str::to_owned).collect();
    let now_ms = app.clock.now_ms();
    app.store
        .write_in_turn(turns.into_iter().collect(), move |tx| {
            let Some(mut task) = open(tx, &task, now_ms)? else { return Ok(Step::More) };
            let Some(part) = &part else {
                end(&mut task, TaskState::Done, now_ms);
                return save(tx, &task).map(|()| Step::Over);
            };
            let mut tally = tally(&task);
            let mut outcomes = Vec::new();
            for (row, ids) in rows.iter().zip(&ids) {
                let mut take = Taking { tx, reading: &reading, user_id: task.user_id.as_deref(), ids, now_ms };
                outcomes.push(take.row(row, &mut tally)?);
            }
            imports::save_outcomes(tx, &task.id, part.position, &json(&outcomes)?)?;
            task.done = part.position + i64::try_from(rows.len()).unwrap_or_default();
            task.result = json(&tally)?;
            let is_last = task.done >= task.total;
            if is_last {
                end(&mut task, TaskState::Done, now_ms);
            }
            save(tx, &task)?;
            Ok(if is_last { Step::Over } else { Step::More })
        })
        .await
}

/// The task locked, if it still stands where this batch begins.
pub fn open(tx: &mut Tx, seen: &TaskRow, now_ms: i64) -> Result<Option<TaskRow>> {
    let found = tasks::lock(tx, &seen.id)?;
    let is_as_seen = |task: &TaskRow| task.state.is_open() && task.way == seen.way && task.done == seen.done;
    Ok(found.filter(is_as_seen).map(|task| TaskRow { state: TaskState::Running, lease_ms: now_ms + LEASE_MS, ..task }))
}

pub fn end(task: &mut TaskRow, state: TaskState, now_ms: i64) {
    task.state = state;
    task.ended_ms = Some(now_ms);
    task.lease_ms = 0;
}

pub fn save(tx: &mut Tx, task: &TaskRow) -> Result<()> {
    tasks::save(tx, task)?;
    tx.notify(Topic::Task, &task.id);
    Ok(())
}

/// What came of the task so far.
pub fn tally(task: &TaskRow) -> Tally {
    serde_json::from_str(&task.result).unwrap_or_default()
}

fn json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(Error::internal)
}

fn cells(id: &str, part: &PartRow) -> Result<Vec<Vec<String>>> {
    serde_json::from_str(&part.cells).map_err(|error| Error::damaged("import_part", id, error.to_string()))
}

/// Takes the last batch back that still stands.
async fn back(app: &App, task: TaskRow) -> Result<Step> {
    let file = import::find(app, &task.id).await?;
    let (id, until) = (task.id.clone(), task.done);
    let part = app.store.show(move |tx| imports::find_part_before(tx, &id, until)).await?;
    let reading = Reading::new(ImportPlan::default(), &file.columns, app.directory().await?);
    let outcomes: Vec<Outcome> = match &part {
        Some(part) => serde_json::from_str(&part.outcomes).map_err(Error::internal)?,
        None => Vec::new(),
    };
    let ids: Vec<[String; 2]> = outcomes.iter().map(|_| [app.clock.new_id(), app.clock.new_id()]).collect();
    let now_ms = app.clock.now_ms();
    app.store
        .write(move |tx| {
            let Some(mut task) = open(tx, &task, now_ms)? else { return Ok(Step::More) };
            let mut tally = tally(&task);
            for (outcome, ids) in outcomes.iter().zip(&ids).rev() {
                let mut taking = Taking { tx, reading: &reading, user_id: task.user_id.as_deref(), ids, now_ms };
                taking.take_back(outcome, &mut tally.undone)?;
            }
            task.done = part.as_ref().map_or(0, |part| part.position);
            task.result = json(&tally)?;
            let is_last = task.done == 0;
            if is_last {
                end(&mut task, TaskState::Undone, now_ms);
            }
            save(tx, &task)?;
            Ok(if is_last { Step::Over } else { Step::More })
        })
        .await
}
