//! The outbox: what follows for other systems from a call is written down in the call's own transaction, and delivered
//! later by `lanes`.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::app::App;
use crate::app::change::{Change, Hearing};
use crate::app::directory::Directory;
use crate::app::integrations::mango::MangoSettings;
use crate::app::reasons::AnyWhy;
use crate::domain::call::{CallState, Delivery};
use crate::domain::delivery::{DeliveryState, REMEMBERED_MS};
use crate::domain::facts::CallFacts;
use crate::domain::integration::TRIAL;
use crate::domain::page::Found;
use crate::domain::reason::{Reason, Why};
use crate::domain::time::UtcMs;
use crate::error::{Code, Error, Result};
use crate::store::tables::calls;
use crate::store::tables::outbox::{self, DeliveryRow};
use crate::store::tx::{Topic, Tx};
use crate::store::walk::{PAST_EVERY_ID, walk};

/// How long after its end a talk waits for its history, which brings the recording's address and the exact times.
const HISTORY_WAIT_MS: i64 = 60_000;

/// After a call's row was written: each system that takes its direction, and was there when it began, shall hear of it
/// once it has ended, and of its recording when the address comes later or changes.
pub fn deliveries(tx: &mut Tx, change: &Change, hearing: &Hearing) -> Result<()> {
    let Change { row, facts, .. } = change;
    let Hearing { directory, ids, now_ms } = *hearing;
    if ids.deliveries.is_empty() || row.integration_id == TRIAL {
        return Ok(());
    }
    let Some(due_ms) = due_ms(facts, now_ms) else { return Ok(()) };
    // Reckoned back from a duration, a beginning is too rough to judge by.
    let began_ms = facts.believed_start_ms().or(facts.first_heard_ms).unwrap_or(row.started_ms);
    for (integration_id, id) in &ids.deliveries {
        let Some(integration) = directory.integration(integration_id) else { continue };
        let Ok(settings) = MangoSettings::of(integration) else {
            // A push is worth more than its delivery.
            tracing::error!(integration = integration_id, "the settings of an integration are damaged");
            continue;
        };
        // What went out so long ago is forgotten, and would go out a second time.
        let is_forgotten = began_ms < now_ms - REMEMBERED_MS;
        if integration.created_ms > began_ms || is_forgotten || !settings.takes(facts.direction()) {
            continue;
        }
        let planned = outbox::insert_or_lock(tx, id, integration_id, &row.id, due_ms, now_ms)?;
        let is_deliverable = settings.ends(facts, &directory.settings.region).is_ok();
        if let Some(changed) = news(planned, facts, is_deliverable, due_ms, now_ms) {
            outbox::save(tx, &changed)?;
        }
    }
    Ok(())
}

/// When to tell of the call as it stands; `None` while it goes on, and of a click that never became a call.
fn due_ms(facts: &CallFacts, now_ms: i64) -> Option<i64> {
    let state = facts.state();
    if state.is_live() || state == CallState::Failed {
        return None;
    }
    let is_given_up = !facts.legs.is_empty() && facts.legs.values().all(|leg| leg.completed_ms.is_none());
    let wait_ms = if facts.history.is_some() || is_given_up { 0 } else { HISTORY_WAIT_MS };
    Some(now_ms + wait_ms)
}

/// What the call's change means for a delivery that stood already.
fn news(
    mut row: DeliveryRow,
    facts: &CallFacts,
    is_deliverable: bool,
    due_ms: i64,
    now_ms: i64,
) -> Option<DeliveryRow> {
    let is_announced = row.announced_ms.is_some();
    let is_untried = row.tries == 0;
    let is_new_link = facts.link.is_some() && facts.link != row.link;
    let state = DeliveryState::parse(&row.state)?;
    match state {
        DeliveryState::Pending if is_untried && row.due_ms.is_none_or(|planned| due_ms < planned) => {
            row.due_ms = Some(due_ms);
            Some(row)
        }
        DeliveryState::Sent | DeliveryState::Failed if is_announced && is_new_link => Some(again(row, now_ms)),
        // It could not be sent for want of a number, and now there is one.
        DeliveryState::Failed if !is_announced && is_untried && is_deliverable => Some(again(row, now_ms)),
        _ => None,
    }
}

/// As if it had never been tried.
pub fn again(row: DeliveryRow, now_ms: i64) -> DeliveryRow {
    DeliveryRow {
        state: DeliveryState::Pending.as_str().to_owned(),
        tries: 0,
        tried_since_ms: None,
        due_ms: Some(now_ms),
        changed_ms: now_ms,
        ..row
    }
}

/// How the data of these calls went out, by the call's id.
pub fn of_calls(tx: &mut Tx, directory: &Directory, ids: &[&str]) -> Result<BTreeMap<String, Vec<Delivery>>> {
    let mut deliveries: BTreeMap<String, Vec<Delivery>> = BTreeMap::new();
    if !directory.ever_had_mango() {
        return Ok(deliveries);
    }
    for (call_id, integration, state) in outbox::list_of_calls(tx, ids)? {
        // A state that a newer version wrote is not shown by this one.
        let known = DeliveryState::parse(&state).map(|state| Delivery { integration, state });
        deliveries.entry(call_id).or_default().extend(known);
    }
    Ok(deliveries)
}

/// A row of the outbox as people see it.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct OutboxItem {
    pub id: String,
    /// The integration's id.
    pub integration: String,
    pub call: String,
    pub state: DeliveryState,
    /// When the other side accepted the call; what is sent after that is its recording's address alone.
    pub announced_at: Option<UtcMs>,
    /// How often it was tried; after `announced_at`, how often the recording's address was.
    pub tries: i64,
    /// When it is tried next; null: not by itself, or when the call has ended.
    pub next_at: Option<UtcMs>,
    /// Why the last try failed, or empty: a sentence for programs.
    pub error: String,
    /// The same as a code, for pages; null when it did not fail.
    #[schema(value_type = Option<AnyWhy>)]
    pub why: Option<Why>,
    /// What the other side said last, in its first words.
    pub answer: String,
    pub created_at: UtcMs,
    pub changed_at: UtcMs,
}

fn state_of(row: &DeliveryRow) -> Result<DeliveryState> {
    let state = DeliveryState::parse(&row.state);
    state.ok_or_else(|| Error::damaged("delivery", &row.id, "a state that this version does not know"))
}

fn view(row: DeliveryRow) -> Result<OutboxItem> {
    let state = state_of(&row)?;
    let reason = Reason::read(&row.error);
    Ok(OutboxItem {
        state,
        id: row.id,
        integration: row.integration_id,
        call: row.call_id,
        announced_at: row.announced_ms.map(UtcMs),
        tries: row.tries,
        next_at: row.due_ms.map(UtcMs),
        error: reason.as_ref().map(|reason| reason.detail.clone()).unwrap_or_default(),
        why: reason.map(|reason| reason.why),
        answer: row.answer,
        created_at: UtcMs(row.created_ms),
        changed_at: UtcMs(row.changed_ms),
    })
}

/// At most `limit` deliveries, newest first, after the id `after`; an absent filter does not restrict.
pub async fn list(
    app: &App,
    state: Option<DeliveryState>,
    integration: Option<String>,
    after: Option<String>,
    limit: usize,
) -> Result<Found<OutboxItem, String>> {
    let from = after.unwrap_or_else(|| PAST_EVERY_ID.to_owned());
    let damages = Arc::clone(&app.damages);
    let picks = move |row: &DeliveryRow| {
        let is_readable = state_of(row).inspect_err(|error| damages.note_of(error)).is_ok();
        is_readable && integration.as_ref().is_none_or(|id| row.integration_id == *id)
    };
    let state = state.map(DeliveryState::as_str);
    let list = move |tx: &mut Tx| {
        walk(limit, from.clone(), |row| row.id.clone(), &picks, |before| outbox::walk(tx, state, before))
    };
    app.store.list(list).await?.try_map(view)
}

/// Sends it again, from now on as if for the first time; what was delivered, whole.
///
/// # Errors
/// `NotFound`; `Conflict` `removed` when its integration is gone.
pub async fn retry(app: &App, id: &str) -> Result<OutboxItem> {
    let (directory, id, now_ms) = (app.directory().await?, id.to_owned(), app.clock.now_ms());
    app.store
        .write(move |tx| {
            let found = outbox::find(tx, &id)?.ok_or(Error::NotFound("delivery"))?;
            if directory.find_integration(&found.integration_id).is_none() {
                return Err(Error::conflict(Code::Removed, "its integration was removed: there is nowhere to send it"));
            }
            calls::lock(tx, &found.call_id)?;
            let mut row = outbox::lock(tx, &id)?.ok_or(Error::NotFound("delivery"))?;
            if row.state == DeliveryState::Sent.as_str() {
                row.announced_ms = None;
            }
            let row = again(row, now_ms);
            outbox::save(tx, &row)?;
            tx.notify(Topic::Call, &row.call_id);
            view(row)
        })
        .await
}
