//! What has had its time goes: first the file, then what is known of it, so that a program that is killed leaves none.

use crate::app::App;
use crate::app::recordings::vault::Vault;
use crate::clock::first_id_of;
use crate::domain::recording::Progress;
use crate::error::{Error, Result};
use crate::store::tables::recordings;
use crate::store::tx::{Topic, Tx};

const BATCH: i64 = 100;
/// No file is fetched for so long.
const PART_MS: i64 = 24 * 3_600_000;

/// Deletes the files whose calls are gone, those that came `days` ago, and what was left half fetched; answers how many.
///
/// # Errors
/// What the store or the disk says.
pub async fn sweep(app: &App, days_before_ms: Option<i64>) -> Result<u64> {
    let mut count = delete_left(app).await?;
    if let Some(before_ms) = days_before_ms {
        count += erase_before(app, before_ms).await?;
    }
    let parts = Vault::of(app)?.delete_parts_before(&first_id_of(app.clock.now_ms() - PART_MS)).await;
    Ok(count + parts.map_err(Error::internal)?)
}

/// Deletes the files whose calls are gone.
///
/// # Errors
/// What the store or the disk says.
pub async fn delete_left(app: &App) -> Result<u64> {
    let mut count = 0;
    loop {
        let left = app.store.show(|tx| recordings::list_left(tx, BATCH)).await?;
        let is_last = (left.len() as u64) < BATCH.unsigned_abs();
        for id in &left {
            Vault::of(app)?.delete(id).await.map_err(Error::internal)?;
        }
        count += left.len() as u64;
        app.store.write(move |tx| left.iter().try_for_each(|id| recordings::delete_left(tx, id))).await?;
        if is_last {
            return Ok(count);
        }
    }
}

/// The rows stay, so that a report that is said again fetches none of them again.
async fn erase_before(app: &App, before_ms: i64) -> Result<u64> {
    let (mut count, first_kept) = (0, first_id_of(before_ms));
    for state in [Progress::Ready, Progress::Waiting, Progress::Failed] {
        loop {
            let before = first_kept.clone();
            let old = app.store.show(move |tx| recordings::list_before(tx, state.as_str(), &before, BATCH)).await?;
            let is_last = (old.len() as u64) < BATCH.unsigned_abs();
            for id in &old {
                Vault::of(app)?.delete(id).await.map_err(Error::internal)?;
            }
            count += old.len() as u64;
            let now_ms = app.clock.now_ms();
            app.store.write(move |tx| old.iter().try_for_each(|id| erase(tx, id, now_ms))).await?;
            if is_last {
                break;
            }
        }
    }
    Ok(count)
}

fn erase(tx: &mut Tx, id: &str, now_ms: i64) -> Result<()> {
    let Some(mut row) = recordings::lock(tx, id)? else { return Ok(()) };
    row.state = Progress::Erased.as_str().to_owned();
    (row.due_ms, row.size_bytes, row.changed_ms) = (None, None, now_ms);
    (row.media, row.error) = (String::new(), String::new());
    recordings::save(tx, &row)?;
    if let Some(call_id) = &row.call_id {
        tx.notify(Topic::Call, call_id);
    }
    Ok(())
}
