//! The inbound side: every push is journaled with its effect, in one transaction, before it is acknowledged.

use crate::app::App;
use crate::app::calls::hear::{self, Heard};
use crate::app::change::{FreshIds, Hearing};
use crate::app::people::unnamed;
use crate::app::reasons::Untold;
use crate::domain::doubts::Doubt;
use crate::domain::malformed::Malformed;
use crate::domain::push::PbxEvent;
use crate::domain::reason::{Reason, Why};
use crate::domain::time::UtcMs;
use crate::error::{Error, Result};
use crate::store::tables::webhooks::{self, WebhookRow};
use crate::store::tx::Tx;
use crate::store::walk::PAST_EVERY_ID;

/// A push as it came: whose it is and what stood in it, its token masked.
#[derive(Clone, Debug)]
pub struct Push {
    pub integration_id: String,
    pub cmd: String,
    pub content_type: String,
    /// As a form.
    pub body: String,
}

impl Push {
    fn row(self, app: &App, status: i64, why: &[Reason], now_ms: i64) -> WebhookRow {
        WebhookRow {
            id: app.clock.new_id_at(now_ms),
            integration_id: self.integration_id,
            received_ms: now_ms,
            cmd: self.cmd,
            content_type: self.content_type,
            body: self.body,
            status,
            detail: Reason::kept_all(why),
            call_id: None,
        }
    }
}

/// Keeps a push and what follows from it. It is on the disk when this returns. Answers the call's id.
///
/// # Errors
/// `Busy` when it cannot be kept now: the PBX must send it again. `Damaged` when its call cannot be read: the journal
/// has it.
pub async fn keep(app: &App, push: Push, event: PbxEvent) -> Result<Option<String>> {
    let directory = app.directory().await?;
    // One instant for all of it: a replay takes the journal's.
    let now_ms = app.clock.now_ms();
    let (row, ids) = (push.row(app, 200, &[], now_ms), FreshIds::new(app, &directory, now_ms));
    let kept = app
        .store
        .write_in_turn(hear::turns(&row.integration_id, &event), move |tx| {
            let mut row = row.clone();
            let hearing = Hearing { directory: &directory, ids: &ids, now_ms };
            match hear::push(tx, &row.integration_id, &event, &hearing) {
                Ok(heard) => {
                    unnamed::note(tx, &row.integration_id, &event, &directory, now_ms)?;
                    (row.call_id, row.detail) = (heard.call_id, kept_doubts(&heard.doubts));
                    webhooks::insert(tx, &row)?;
                    Ok(Ok(row.call_id))
                }
                // Nothing was written yet. It can be replayed when the call has been repaired.
                Err(damaged @ Error::Damaged(_)) => {
                    row.status = 500;
                    row.detail = Reason::kept_all(&[Reason::of(&Unkept::CallUnreadable)]);
                    webhooks::insert(tx, &row)?;
                    Ok(Err(damaged))
                }
                Err(error) => Err(error),
            }
        })
        .await?;
    kept.inspect_err(|error| app.damages.note_of(error))
}

/// Journals a push that breaks the contract.
pub async fn keep_refused(app: &App, push: Push, reason: &Malformed) -> Result<()> {
    let row = push.row(app, 400, &[Reason::of(reason)], app.clock.now_ms());
    app.store.write(move |tx| webhooks::insert(tx, &row)).await
}

/// Notes an answered look-up; dropped, and never made, when the journal cannot keep up.
pub fn note_contact(app: &App, push: impl FnOnce() -> Push) {
    app.contact_journal.note(|| push().row(app, 200, &[], app.clock.now_ms()));
}

/// Writes what was noted.
pub async fn keep_noted(app: &App, rows: Vec<WebhookRow>) -> Result<()> {
    app.store.write(move |tx| rows.iter().try_for_each(|row| webhooks::insert(tx, row))).await
}

/// A row of the journal as people see it.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct Webhook {
    pub id: String,
    pub integration: String,
    pub received_at: UtcMs,
    pub cmd: String,
    pub content_type: String,
    /// As a form, the token masked.
    pub body: String,
    /// What was answered.
    pub status: i64,
    /// Why it was refused, or what of it is not believed: for pages.
    #[schema(value_type = Vec<PushWhy>)]
    pub why: Vec<Why>,
    /// The same as a sentence; or empty.
    pub detail: String,
    /// The call that was made of it.
    pub call: Option<String>,
}

/// What a row of the journal may say of its push.
#[derive(utoipa::ToSchema)]
#[serde(untagged)]
pub enum PushWhy {
    Malformed(Malformed),
    Doubt(Doubt),
    Unkept(Unkept),
    Untold(Untold),
}

/// Why a push could not be kept, though it is well.
#[derive(Clone, Copy, Debug, thiserror::Error, serde::Serialize, utoipa::ToSchema)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Unkept {
    #[error("its call cannot be read")]
    CallUnreadable,
}

/// As the journal keeps what is not believed of a push.
pub fn kept_doubts(doubts: &[Doubt]) -> String {
    Reason::kept_all(&doubts.iter().map(Reason::of).collect::<Vec<_>>())
}

fn view(row: WebhookRow) -> Webhook {
    let reasons = Reason::read_all(&row.detail);
    Webhook {
        id: row.id,
        integration: row.integration_id,
        received_at: UtcMs(row.received_ms),
        cmd: row.cmd,
        content_type: row.content_type,
        body: row.body,
        status: row.status,
        detail: Reason::sentence(&reasons),
        why: reasons.into_iter().map(|reason| reason.why).collect(),
        call: row.call_id,
    }
}

/// A page of the journal, newest first.
pub async fn list(app: &App, after_id: Option<String>, limit: usize) -> Result<Vec<Webhook>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let before = after_id.unwrap_or_else(|| PAST_EVERY_ID.to_owned());
    let rows = app.store.list(move |tx| webhooks::list(tx, &before, limit)).await?;
    Ok(rows.into_iter().map(view).collect())
}

/// The journaled push with this id, to be read again.
///
/// # Errors
/// `NotFound`.
pub async fn get(app: &App, id: &str) -> Result<Webhook> {
    let id = id.to_owned();
    let found = app.store.show(move |tx| webhooks::find(tx, &id)).await?;
    found.map(view).ok_or(Error::NotFound("webhook"))
}

/// Does again what a journaled push asks for, as of the time it came; repeating changes nothing that is there already.
///
/// # Errors
/// `NotFound`; what the store says.
pub async fn replay(app: &App, webhook: &Webhook, event: std::result::Result<PbxEvent, Malformed>) -> Result<Webhook> {
    let directory = app.directory().await?;
    let (id, ids) = (webhook.id.clone(), FreshIds::new(app, &directory, app.clock.now_ms()));
    let (integration_id, received_ms) = (webhook.integration.clone(), webhook.received_at.0);
    app.store
        .write(move |tx: &mut Tx| {
            match &event {
                Ok(event) => {
                    let hearing = Hearing { directory: &directory, ids: &ids, now_ms: received_ms };
                    let Heard { call_id, doubts } = hear::push(tx, &integration_id, event, &hearing)?;
                    webhooks::set_result(tx, &id, 200, &kept_doubts(&doubts), call_id.as_deref())?;
                }
                Err(reason) => webhooks::set_result(tx, &id, 400, &Reason::kept_all(&[Reason::of(reason)]), None)?,
            }
            webhooks::find(tx, &id)?.map(view).ok_or(Error::NotFound("webhook"))
        })
        .await
}
