//! The backups as an admin sees them, and one that he asks for: long work like any other.

use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::app::audit::Note;
use crate::app::desk::moving_in::Step;
use crate::app::upkeep::backups;
use crate::domain::audit::Action;
use crate::domain::task::{TaskKind, TaskState, Way};
use crate::domain::time::UtcMs;
use crate::error::{Code, Error, Result};
use crate::store::copy;
use crate::store::tables::tasks::{self, TaskRow};
use crate::store::tx::Topic;

/// What is kept, and what is made by itself.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Backups {
    /// Where they stand, as the server's settings say; null: none are made.
    #[schema(required)]
    pub folder: Option<String>,
    /// Whether this server can make them at all: a store in PostgreSQL is kept by PostgreSQL's own tools.
    pub is_possible: bool,
    /// So many are kept, the newest.
    pub keep: u16,
    /// When the next is made by itself; null: never.
    #[schema(required)]
    pub next_at: Option<UtcMs>,
    /// The newest first.
    pub items: Vec<KeptBackup>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct KeptBackup {
    /// Of its file.
    pub name: String,
    /// It holds everything that was acknowledged before.
    pub made_at: UtcMs,
    /// Without the recordings, which stand beside it.
    pub size_bytes: u64,
}

/// # Errors
/// `Internal` when the folder cannot be read.
pub async fn list(app: &App) -> Result<Backups> {
    let is_possible = copy::file(app.store.location()).is_ok();
    let mut items = Vec::new();
    if let Some(folder) = &app.config.backup_dir {
        for kept in backups::list(folder).map_err(Error::internal)?.into_iter().rev() {
            let name = kept.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            // One that went meanwhile has no size, and is no backup any more.
            let Ok(file) = std::fs::metadata(&kept.path) else { continue };
            items.push(KeptBackup { name, made_at: UtcMs(kept.began_ms), size_bytes: file.len() });
        }
    }
    let is_on = is_possible && app.config.backup_dir.is_some();
    Ok(Backups {
        folder: app.config.backup_dir.as_ref().map(|folder| folder.display().to_string()),
        is_possible,
        keep: app.config.backup_keep,
        next_at: if is_on { backups::next_ms(app).await?.map(UtcMs) } else { None },
        items,
    })
}

/// Asks for one now; the answer is its task's id.
///
/// # Errors
/// `Conflict` `backups_off`.
pub async fn ask(app: &App) -> Result<String> {
    if app.config.backup_dir.is_none() || copy::file(app.store.location()).is_err() {
        return Err(Error::conflict(
            Code::BackupsOff,
            "no folder is named in RINGCARD_BACKUP_DIR, or the store is in PostgreSQL: it is kept with pg_dump",
        ));
    }
    let now_ms = app.clock.now_ms();
    let row = TaskRow {
        id: app.clock.new_id_at(now_ms),
        kind: TaskKind::Backup,
        state: TaskState::Waiting,
        way: Way::On,
        done: 0,
        total: 1,
        user_id: app.by.user_id.clone(),
        made_ms: now_ms,
        ended_ms: None,
        lease_ms: 0,
        result: "{}".to_owned(),
        error: String::new(),
    };
    let (id, note) = (row.id.clone(), Note::new(app, Action::BackupAsked));
    app.store
        .write(move |tx| {
            if tasks::insert(tx, &row)? {
                note.keep(tx)?;
                tx.notify(Topic::Task, &row.id);
            }
            Ok(())
        })
        .await?;
    Ok(id)
}

/// Makes the one that was asked for. Killed in the middle, it is made anew.
///
/// # Errors
/// What stood in the way.
pub async fn step(app: &App, id: &str) -> Result<Step> {
    let is_wanted = change(app, id, |task| TaskRow { state: TaskState::Running, ..task }).await?;
    if is_wanted {
        backups::make_now(app).await?;
        let now_ms = app.clock.now_ms();
        change(app, id, move |task| TaskRow { state: TaskState::Done, done: 1, ended_ms: Some(now_ms), ..task })
            .await?;
    }
    Ok(Step::Over)
}

/// Whether it is still wanted: it may have been broken off.
async fn change(app: &App, id: &str, becoming: impl Fn(TaskRow) -> TaskRow + Send + 'static) -> Result<bool> {
    let id = id.to_owned();
    app.store
        .write(move |tx| {
            let Some(task) = tasks::lock(tx, &id)?.filter(|task| task.state.is_open()) else { return Ok(false) };
            tasks::save(tx, &becoming(task))?;
            tx.notify(Topic::Task, &id);
            Ok(true)
        })
        .await
}
