//! Long work: what there is of it, who works at it, and how it is broken off, taken up again and taken back.

use crate::app::App;
use crate::app::audit::Note;
use crate::app::desk::moving_in::{self, Step};
use crate::app::desk::parting;
use crate::app::directory::Directory;
use crate::app::upkeep::backup_task;
use crate::domain::audit::Action;
use crate::domain::reason::{Reason, Told};
use crate::domain::task::{Task, TaskKind, TaskState, Way};
use crate::domain::time::UtcMs;
use crate::error::{Code, Error, Result};
use crate::store::tables::tasks::{self, TaskRow};
use crate::store::tx::Topic;

/// What came of it can be taken back for so long.
pub const UNDO_MS: i64 = 30 * 24 * 3_600_000;

/// A page, newest first, after this id.
///
/// # Errors
/// What the store says.
pub async fn list(app: &App, after: Option<String>, limit: usize) -> Result<Vec<Task>> {
    let directory = app.directory().await?;
    let after = after.unwrap_or_else(|| "z".to_owned());
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = app.store.list(move |tx| tasks::list(tx, &after, limit)).await?;
    Ok(rows.into_iter().map(|row| shown(app, row, &directory)).collect())
}

/// # Errors
/// `NotFound`.
pub async fn get(app: &App, id: &str) -> Result<Task> {
    let (directory, id) = (app.directory().await?, id.to_owned());
    let row = app.store.show(move |tx| tasks::find(tx, &id)).await?.ok_or(Error::NotFound("task"))?;
    Ok(shown(app, row, &directory))
}

/// As the API shows it.
pub fn shown(app: &App, row: TaskRow, directory: &Directory) -> Task {
    let undo_ms = row.made_ms + UNDO_MS;
    let can_undo = can_undo(&row) && undo_ms > app.clock.now_ms();
    Task {
        result: moving_in::tally(&row),
        is_undoing: row.way == Way::Back && row.state != TaskState::Undone,
        by: row.user_id.as_deref().and_then(|id| directory.user_ref(id)).cloned(),
        error: Reason::read(&row.error).map(Told::from),
        undo_until: can_undo.then_some(UtcMs(undo_ms)),
        id: row.id,
        kind: row.kind,
        state: row.state,
        done: row.done,
        total: row.total,
        made_at: UtcMs(row.made_ms),
        ended_at: row.ended_ms.map(UtcMs),
    }
}

fn can_undo(row: &TaskRow) -> bool {
    row.kind != TaskKind::Backup && !row.state.is_open() && row.state != TaskState::Undone && row.done > 0
}

/// Breaks it off; what has come of it stays, and can be taken back.
///
/// # Errors
/// `NotFound`; `Conflict` when it has ended.
pub async fn cancel(app: &App, id: &str) -> Result<Task> {
    let now_ms = app.clock.now_ms();
    change(app, id, None, move |row| {
        if !row.state.is_open() {
            return Err(Error::conflict(Code::TaskState, "this has ended already"));
        }
        Ok(TaskRow { state: TaskState::Cancelled, ended_ms: Some(now_ms), lease_ms: 0, ..row })
    })
    .await
}

/// Goes on where it was broken off.
///
/// # Errors
/// `NotFound`; `Conflict` when there is nothing to go on with.
pub async fn retry(app: &App, id: &str) -> Result<Task> {
    change(app, id, None, |row| {
        if !matches!(row.state, TaskState::Failed | TaskState::Cancelled) {
            return Err(Error::conflict(Code::TaskState, "this was not broken off"));
        }
        Ok(TaskRow { state: TaskState::Waiting, ended_ms: None, error: String::new(), ..row })
    })
    .await
}

/// Takes all of it back, in the background.
///
/// # Errors
/// `NotFound`; `Conflict` when it still goes on, was taken back, is older than 30 days, or something else stands on it.
pub async fn undo(app: &App, id: &str) -> Result<Task> {
    let now_ms = app.clock.now_ms();
    let action = match kind(app, id).await? {
        Some(TaskKind::Merge) => {
            parting::check_undo(app, id).await?;
            Action::MergeUndone
        }
        _ => Action::ImportUndone,
    };
    let note = Note::new(app, action).about(id, "");
    change(app, id, Some(note), move |row| {
        if !can_undo(&row) {
            return Err(Error::conflict(
                Code::TaskState,
                "this goes on still, or was taken back: nothing can be undone",
            ));
        }
        if row.made_ms + UNDO_MS <= now_ms {
            return Err(Error::conflict(Code::UndoOver, "this is older than 30 days: it can be undone no more"));
        }
        Ok(TaskRow { state: TaskState::Waiting, way: Way::Back, ended_ms: None, error: String::new(), ..row })
    })
    .await
}

async fn change(
    app: &App,
    id: &str,
    note: Option<Note>,
    becoming: impl Fn(TaskRow) -> Result<TaskRow> + Send + 'static,
) -> Result<Task> {
    let (directory, id) = (app.directory().await?, id.to_owned());
    let row = app
        .store
        .write(move |tx| {
            let row = becoming(tasks::lock(tx, &id)?.ok_or(Error::NotFound("task"))?)?;
            tasks::save(tx, &row)?;
            note.iter().try_for_each(|note| note.keep(tx))?;
            tx.notify(Topic::Task, &id);
            Ok(row)
        })
        .await?;
    Ok(shown(app, row, &directory))
}

/// Works at the oldest that nobody works at, until it has ended; false when there is none.
///
/// # Errors
/// When the store cannot take it now: it goes on later.
pub async fn work_at_next(app: &App) -> Result<bool> {
    let now_ms = app.clock.now_ms();
    let Some(id) = app.store.show(move |tx| tasks::find_open(tx, now_ms)).await? else { return Ok(false) };
    work(app, &id).await.map(|()| true)
}

/// Works at it until it has ended. What cannot be done fails it alone, and is kept with it.
///
/// # Errors
/// As [`work_at_next`].
pub async fn work(app: &App, id: &str) -> Result<()> {
    loop {
        match step(app, id).await {
            Ok(Step::More) => {}
            Ok(Step::Over) => return Ok(()),
            Err(error @ (Error::Busy(_) | Error::TookTooLong)) => return Err(error),
            Err(error) => {
                tracing::error!(task = id, %error, "a task has failed");
                return fail(app, id, error.reason()).await;
            }
        }
    }
}

async fn step(app: &App, id: &str) -> Result<Step> {
    match kind(app, id).await? {
        Some(TaskKind::Import) => moving_in::step(app, id).await,
        Some(TaskKind::Backup) => backup_task::step(app, id).await,
        Some(TaskKind::Merge) => parting::step(app, id).await,
        None => Ok(Step::Over),
    }
}

async fn kind(app: &App, id: &str) -> Result<Option<TaskKind>> {
    let id = id.to_owned();
    Ok(app.store.show(move |tx| tasks::find(tx, &id)).await?.map(|row| row.kind))
}

async fn fail(app: &App, id: &str, why: Reason) -> Result<()> {
    let now_ms = app.clock.now_ms();
    let failed = move |row: TaskRow| {
        let state = if row.state.is_open() { TaskState::Failed } else { row.state };
        Ok(TaskRow { state, ended_ms: Some(now_ms), lease_ms: 0, error: why.kept(), ..row })
    };
    change(app, id, None, failed).await.map(drop)
}
