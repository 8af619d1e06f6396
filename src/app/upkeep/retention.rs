//! What is old goes: calls and the journal after the days that the owner set, everything else when it is of no use.
//!
//! It goes in small batches with pauses between, so that no push waits for it. Several nodes may sweep at once: what one
//! has deleted the other finds gone.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::app::App;
use crate::app::calls::board;
use crate::app::clients::contacts;
use crate::app::directory::Directory;
use crate::app::people::sessions;
use crate::app::people::unnamed::ASKED_FOR_MS;
use crate::app::recordings;
use crate::app::upkeep::tasks::UNDO_MS;
use crate::clock::first_id_of;
use crate::domain::delivery::{DeliveryState, REMEMBERED_MS};
use crate::error::Result;
use crate::store::tables::{
    audit, contact_merges, contact_walks, dial_slots, dismissals, figure_days, imports, old_calls, outbox, promises,
    tasks, unnamed, webhooks,
};
use crate::store::tx::Tx;

const DAY_MS: i64 = 24 * 3_600_000;
/// How many rows one write deletes.
const BATCH: i64 = 500;
/// Several times as long as a batch takes.
const PAUSE: Duration = Duration::from_millis(50);

/// How many rows went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    pub calls: u64,
    pub webhooks: u64,
    pub deliveries: u64,
    pub recordings: u64,
    pub leads: u64,
    pub dismissals: u64,
    pub dial_slots: u64,
    pub dial_tokens: u64,
    pub sessions: u64,
    pub audit: u64,
}

/// Deletes whatever has had its time, to the end.
///
/// # Errors
/// What the store says; what went by then is gone.
pub async fn sweep(app: &App) -> Result<Swept> {
    let now_ms = app.clock.now_ms();
    let directory = app.directory().await?;
    let kept = &directory.settings.retention;
    let before = |days: i64| now_ms.saturating_sub(days.saturating_mul(DAY_MS));
    let mut swept = Swept::default();
    if let Some(days) = kept.calls_d {
        let before_ms = before(days);
        let known = Arc::clone(&directory);
        swept.calls = in_batches(app, move |tx| delete_calls(tx, before_ms, &known)).await?;
    }
    swept.recordings = recordings::sweep::sweep(app, kept.recordings_d.map(before)).await?;
    if let Some(days) = kept.leads_d {
        let before_ms = before(days);
        swept.leads = in_batches(app, move |tx| delete_leads(tx, before_ms)).await?;
    }
    if let Some(days) = kept.webhooks_d {
        let id = first_id_of(before(days));
        swept.webhooks = in_batches(app, move |tx| webhooks::delete_before(tx, &id, BATCH)).await?;
    }
    if let Some(days) = kept.audit_d {
        let id = first_id_of(before(days));
        swept.audit = in_batches(app, move |tx| audit::delete_before(tx, &id, BATCH)).await?;
    }
    let id = first_id_of(now_ms - REMEMBERED_MS);
    for state in [DeliveryState::Sent, DeliveryState::Cancelled] {
        let id = id.clone();
        swept.deliveries += in_batches(app, move |tx| outbox::delete_before(tx, state.as_str(), &id, BATCH)).await?;
    }
    swept.dismissals = in_batches(app, move |tx| dismissals::delete_past(tx, now_ms - DAY_MS, BATCH)).await?;
    in_batches(app, move |tx| imports::delete_before(tx, now_ms - UNDO_MS, 1).map(|gone| gone * BATCH.unsigned_abs()))
        .await?;
    let small = move |tx: &mut Tx| {
        unnamed::delete_before(tx, now_ms - ASKED_FOR_MS)?;
        tasks::delete_before(tx, now_ms - UNDO_MS)?;
        contact_merges::settle_before(tx, now_ms - UNDO_MS)?;
        let dial_slots = dial_slots::delete_all_past(tx, now_ms)?;
        let dial_tokens = dial_slots::delete_unused_tokens(tx, now_ms - DAY_MS)?;
        Ok((dial_slots, dial_tokens, sessions::sweep(tx, now_ms)?))
    };
    (swept.dial_slots, swept.dial_tokens, swept.sessions) = app.store.write(small).await?;
    Ok(swept)
}

/// A batch a write, until one finds less than it may take.
async fn in_batches(app: &App, delete: impl FnMut(&mut Tx) -> Result<u64> + Clone + Send + 'static) -> Result<u64> {
    let mut swept = 0;
    loop {
        let count = app.store.write(delete.clone()).await?;
        swept += count;
        if count < BATCH.unsigned_abs() {
            return Ok(swept);
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Their calls stay.
fn delete_leads(tx: &mut Tx, before_ms: i64) -> Result<u64> {
    let silent = contact_walks::list_silent_leads(tx, before_ms, BATCH)?;
    silent.iter().try_for_each(|id| contacts::take_back(tx, id))?;
    Ok(u64::try_from(silent.len()).unwrap_or_default())
}

/// The calls' rows first, then their numbers in turn, as everywhere.
fn delete_calls(tx: &mut Tx, before_ms: i64, directory: &Directory) -> Result<u64> {
    promises::delete_before(tx, before_ms, BATCH)?;
    let deleted = old_calls::delete_before(tx, before_ms, BATCH)?;
    figure_days::void_of_calls(tx, deleted.iter().map(|call| (call.phone.as_str(), call.started_ms)))?;
    let mut served: BTreeMap<&str, Option<i64>> = BTreeMap::new();
    for call in &deleted {
        let latest = served.entry(&call.phone).or_default();
        *latest = (*latest).max(call.ended_ms);
    }
    for (number, served_ms) in served {
        board::forget(tx, number, served_ms, directory)?;
    }
    Ok(u64::try_from(deleted.len()).unwrap_or_default())
}
