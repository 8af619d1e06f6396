//! Fetching: one lane an integration, so that a dead one delays no other. What is due is taken on lease and fetched to its
//! end, and what came of it is written down; what a program that was killed had taken is fetched anew, to the same name.

use std::pin::pin;
use std::time::Duration;

use futures_util::future::join_all;

use crate::app::App;
use crate::app::recordings::vault::Vault;
use crate::app::recordings::{plan, source};
use crate::domain::reason::Reason;
use crate::domain::recording::{GIVEN_UP_AFTER_MS, Progress, wait_ms};
use crate::error::{Error, Result};
use crate::store::tables::calls;
use crate::store::tables::recordings::{self, RecordingRow};
use crate::store::tx::{Topic, Tx};
use crate::telephony::download::{Fetched, Refusal, Unfetched};

/// It grows while something is fetched. Should two fetch the same, the later file takes the place of the earlier one.
const LEASE_MS: i64 = 20_000;
const RENEWED_EVERY: Duration = Duration::from_secs(5);
/// So many are fetched from one PBX at a time.
const AT_ONCE: usize = 3;

/// The integrations of which something is to be fetched; none while there is no room.
pub async fn due(app: &App) -> Result<Vec<String>> {
    if !Vault::of(app)?.has_room() {
        return Ok(Vec::new());
    }
    let now_ms = app.clock.now_ms();
    app.store.show(move |tx| recordings::list_due_integrations(tx, now_ms)).await
}

/// Drives every lane once, until nothing is due any more.
pub async fn fetch_due(app: &App) -> Result<()> {
    let lanes = due(app).await?;
    join_all(lanes.iter().map(|integration_id| fetch(app, integration_id))).await.into_iter().collect()
}

/// Fetches what is due of this integration, several at a time, until nothing is.
///
/// # Errors
/// What the store or the disk says.
pub async fn fetch(app: &App, integration_id: &str) -> Result<()> {
    let workers = (0..AT_ONCE).map(|_| async {
        while fetch_next(app, integration_id).await? {}
        Ok(())
    });
    join_all(workers).await.into_iter().collect()
}

/// Whether there was one.
async fn fetch_next(app: &App, integration_id: &str) -> Result<bool> {
    if !Vault::of(app)?.has_room() {
        return Ok(false);
    }
    let (id, now_ms) = (integration_id.to_owned(), app.clock.now_ms());
    let Some(row) = app.store.write(move |tx| recordings::take(tx, &id, now_ms, now_ms + LEASE_MS)).await? else {
        return Ok(false);
    };
    let result = fetch_on_lease(app, &row).await?;
    note(app, row, result).await?;
    Ok(true)
}

/// Fetches it; the lease lasts as long.
async fn fetch_on_lease(app: &App, row: &RecordingRow) -> Result<std::result::Result<Fetched, Unfetched>> {
    let mut renewing = tokio::time::interval(RENEWED_EVERY);
    renewing.reset();
    let mut fetching = pin!(fetch_one(app, row));
    loop {
        tokio::select! {
            result = &mut fetching => return Ok(result),
            _ = renewing.tick() => renew(app, row).await?,
        }
    }
}

async fn renew(app: &App, row: &RecordingRow) -> Result<()> {
    let (id, tries, until_ms) = (row.id.clone(), row.tries, app.clock.now_ms() + LEASE_MS);
    app.store.write(move |tx| recordings::extend(tx, &id, tries, until_ms)).await
}

/// To the disk, whole, under its own name.
async fn fetch_one(app: &App, row: &RecordingRow) -> std::result::Result<Fetched, Unfetched> {
    let directory = app.directory().await?;
    let Some(integration) = directory.find_integration(&row.integration_id) else {
        return Err(Refusal::Removed.into());
    };
    let (hosts, vault) = (source::hosts(integration)?, Vault::of(app)?);
    let mut part = vault.begin(&app.clock.new_id()).await?;
    match app.client()?.download(&row.link, &hosts, &mut part.file).await {
        Ok(fetched) => vault.keep(part, &row.id).await.map(|()| fetched).map_err(Unfetched::Unwritten),
        Err(why) => {
            vault.drop(part).await?;
            Err(why)
        }
    }
}

/// Writes down what came of a try.
async fn note(app: &App, taken: RecordingRow, result: std::result::Result<Fetched, Unfetched>) -> Result<()> {
    let (fetched, reason, is_hopeless) = match result {
        Ok(fetched) => (Some(fetched), Reason::default(), false),
        Err(Unfetched::Never(reason)) => (None, reason, true),
        Err(Unfetched::NotNow(reason)) => (None, reason, false),
        // The row is due again when its lease ends.
        Err(Unfetched::Unwritten(error)) => {
            return Err(Error::internal(format!("a recording cannot be kept: {error}")));
        }
        Err(Unfetched::Internal(error)) => return Err(error),
    };
    if fetched.is_none() {
        let (recording, integration, tries) = (&taken.id, &taken.integration_id, taken.tries);
        tracing::info!(recording, integration, tries, why = reason.why.code, "a recording could not be fetched");
    }
    let (id, now_ms) = (taken.id.clone(), app.clock.now_ms());
    let is_kept = app
        .store
        .write(move |tx| {
            let Some(row) = lock(tx, &taken)? else { return Ok(false) };
            let is_latest =
                row.state == Progress::Waiting.as_str() && row.tries == taken.tries && row.link == taken.link;
            let Some(call_id) = row.call_id.clone() else { return Ok(false) };
            if row.state == Progress::Erased.as_str() {
                return Ok(false);
            }
            if !is_latest {
                // Another address was named meanwhile, and its file was there first: it is put in place again.
                if fetched.is_some() && row.link != taken.link && row.state == Progress::Ready.as_str() {
                    recordings::save(tx, &plan::again(row, now_ms))?;
                }
                return Ok(true);
            }
            let after = match fetched {
                Some(fetched) => ready(row, fetched, now_ms),
                None => failed(row, &reason, is_hopeless, now_ms),
            };
            recordings::save(tx, &after)?;
            tx.notify(Topic::Call, &call_id);
            Ok(true)
        })
        .await?;
    // Its call went, or its time, while it was fetched.
    if is_kept { Ok(()) } else { Vault::of(app)?.delete(&id).await.map_err(Error::internal) }
}

/// The call's row first, as everywhere; its growing `rev` makes the card that is told of newer.
fn lock(tx: &mut Tx, taken: &RecordingRow) -> Result<Option<RecordingRow>> {
    if let Some(call_id) = &taken.call_id {
        calls::lock(tx, call_id)?;
    }
    recordings::lock(tx, &taken.id)
}

fn ready(row: RecordingRow, fetched: Fetched, now_ms: i64) -> RecordingRow {
    RecordingRow {
        state: Progress::Ready.as_str().to_owned(),
        due_ms: None,
        error: String::new(),
        media: fetched.media.as_str().to_owned(),
        size_bytes: i64::try_from(fetched.size_bytes).ok(),
        changed_ms: now_ms,
        ..row
    }
}

fn failed(row: RecordingRow, reason: &Reason, is_hopeless: bool, now_ms: i64) -> RecordingRow {
    let has_tried_long = row.tried_since_ms.is_some_and(|since| now_ms - since >= GIVEN_UP_AFTER_MS);
    let row = RecordingRow { error: reason.kept(), changed_ms: now_ms, ..row };
    if is_hopeless || has_tried_long {
        return RecordingRow { state: Progress::Failed.as_str().to_owned(), due_ms: None, ..row };
    }
    RecordingRow { due_ms: Some(now_ms + wait_ms(row.tries)), ..row }
}
