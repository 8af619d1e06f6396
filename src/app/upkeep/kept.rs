//! What is kept, how much of it, and for how long.

use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::app::upkeep::backups;
use crate::app::upkeep::tasks::UNDO_MS;
use crate::domain::settings::Retention;
use crate::domain::time::UtcMs;
use crate::error::Result;
use crate::store::tables::kept;
use crate::store::tx::Tx;

const DAY_MS: i64 = 24 * 3_600_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum KeptKind {
    Contacts,
    Calls,
    Promises,
    Recordings,
    /// The journal of pushes.
    Webhooks,
    Audit,
    /// Files of clients that came in.
    Files,
    /// Contacts that became one, as they were.
    Merges,
    /// They hold all of the rest, as it was.
    Backups,
}

/// What is kept of a kind.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Kept {
    pub kind: KeptKind,
    /// Null: it is not counted.
    pub count: Option<i64>,
    pub oldest_at: Option<UtcMs>,
    pub size_bytes: Option<i64>,
    /// For so many days; null: for ever, or as many as are kept at once.
    pub days: Option<i64>,
}

impl Kept {
    fn new(kind: KeptKind, days: Option<i64>) -> Self {
        Self { kind, count: None, oldest_at: None, size_bytes: None, days }
    }

    fn count(self, count: i64) -> Self {
        Self { count: Some(count), ..self }
    }

    fn since(self, at_ms: Option<i64>) -> Self {
        Self { oldest_at: at_ms.map(UtcMs), ..self }
    }
}

/// # Errors
/// What the store says.
pub async fn list(app: &App) -> Result<Vec<Kept>> {
    let retention = app.directory().await?.settings.retention.clone();
    let mut list = app.store.list(move |tx| of_store(tx, &retention)).await?;
    if let Some(folder) = &app.config.backup_dir {
        let kept = backups::list(folder).unwrap_or_default();
        let oldest = kept.first().map(|one| one.began_ms);
        let count = i64::try_from(kept.len()).unwrap_or(i64::MAX);
        list.push(Kept::new(KeptKind::Backups, None).count(count).since(oldest));
    }
    Ok(list)
}

fn of_store(tx: &mut Tx, retention: &Retention) -> Result<Vec<Kept>> {
    let (recordings, size_bytes) = kept::count_recordings(tx)?;
    let (files, merges) = kept::count_to_undo(tx)?;
    let recorded = Kept::new(KeptKind::Recordings, retention.recordings_d.or(retention.calls_d)).count(recordings);
    Ok(vec![
        Kept::new(KeptKind::Contacts, None).count(kept::count_contacts(tx)?),
        Kept::new(KeptKind::Calls, retention.calls_d).count(kept::count_calls(tx)?).since(kept::find_oldest_call(tx)?),
        Kept::new(KeptKind::Promises, retention.calls_d).count(kept::count_promises(tx)?),
        Kept { size_bytes: Some(size_bytes), ..recorded },
        Kept::new(KeptKind::Webhooks, retention.webhooks_d).since(kept::find_oldest_webhook(tx)?),
        Kept::new(KeptKind::Audit, retention.audit_d).since(kept::find_oldest_act(tx)?),
        Kept::new(KeptKind::Files, Some(UNDO_MS / DAY_MS)).count(files),
        Kept::new(KeptKind::Merges, Some(UNDO_MS / DAY_MS)).count(merges),
    ])
}
