//! Delivery: one lane an integration, so that a dead one delays no other. What is due is taken on lease, sent, and what
//! came of it is written down; a lease that ran out is sent again, which is safe (M04).

use futures_util::future::join_all;

use crate::app::App;
use crate::app::calls::row::{facts_to_show, read_facts};
use crate::app::directory::Directory;
use crate::app::integrations::mango::{MangoSettings, Unsendable};
use crate::app::outbox::plan as plans;
use crate::domain::delivery::{DeliveryState, GIVEN_UP_AFTER_MS, REFUSED_TRIES, wait_ms};
use crate::domain::reason::Reason;
use crate::error::{Error, Result};
use crate::store::tables::calls;
use crate::store::tables::outbox::{self, DeliveryRow};
use crate::store::tx::{Topic, Tx};
use crate::telephony::mango::{Accepted, Cause, EndedCall, Mango, Told, Undelivered};

/// Longer than a request may take (8 s), by as much as the clocks of two nodes may differ.
const LEASE_MS: i64 = 30_000;
/// After a fault, how long at most the whole lane rests by itself: one call that always fails shall not stop the others.
const REST_MS: i64 = 10_000;
/// The longest rest that the other side may ask for.
const LONGEST_REST_MS: i64 = 24 * 3_600_000;

/// The integrations for which something is due.
pub async fn due(app: &App) -> Result<Vec<String>> {
    let now_ms = app.clock.now_ms();
    app.store.show(move |tx| outbox::list_due_integrations(tx, now_ms)).await
}

/// Drives every lane once: until nothing is due any more, or the other side has a fault.
pub async fn deliver_due(app: &App) -> Result<()> {
    let lanes = due(app).await?;
    join_all(lanes.iter().map(|integration_id| deliver(app, integration_id))).await.into_iter().collect()
}

/// Sends what is due for this integration, one after another, until nothing is or the other side has a fault.
///
/// # Errors
/// What the store says, or the key file.
pub async fn deliver(app: &App, integration_id: &str) -> Result<()> {
    loop {
        match take(app, integration_id).await? {
            Taken::Nothing => return Ok(()),
            Taken::Settled => {}
            Taken::Work(work) => {
                let directory = app.directory().await?;
                let Some(integration) = directory.find_integration(integration_id) else { continue };
                let mango = MangoSettings::of(integration)?.open(app, integration_id).await?;
                let result = work.parcel.send(&mango).await;
                if note(app, work, result).await? == Lane::Rests {
                    return Ok(());
                }
            }
        }
    }
}

/// What goes over the wire.
#[derive(Clone, Debug)]
enum Parcel {
    Call(EndedCall),
    Recording { callid: String, link: String },
}

impl Parcel {
    async fn send(&self, mango: &Mango) -> Told {
        match self {
            Self::Call(call) => mango.announce_call(call).await,
            Self::Recording { callid, link } => mango.announce_recording(callid, link).await,
        }
    }

    fn link(&self) -> Option<&String> {
        match self {
            Self::Call(call) => call.link.as_ref(),
            Self::Recording { link, .. } => Some(link),
        }
    }
}

struct Work {
    row: DeliveryRow,
    parcel: Parcel,
}

enum Taken {
    Nothing,
    /// There was nothing to send after all; the reason stands in the row.
    Settled,
    Work(Box<Work>),
}

/// Takes the next row on lease and makes its parcel from the call as it is now, a late history included.
async fn take(app: &App, integration_id: &str) -> Result<Taken> {
    let (directory, integration_id) = (app.directory().await?, integration_id.to_owned());
    let now_ms = app.clock.now_ms();
    app.store
        .write(move |tx| {
            let Some(mut row) = outbox::take(tx, &integration_id, now_ms, now_ms + LEASE_MS)? else {
                return Ok(Taken::Nothing);
            };
            match pack(tx, &directory, &row)? {
                Packed::Parcel(parcel) => return Ok(Taken::Work(Box::new(Work { row, parcel }))),
                Packed::Later => {}
                Packed::Never(state, why) => {
                    row.state = state.as_str().to_owned();
                    row.error = why.map(|why| Reason::of(&why).kept()).unwrap_or_default();
                    tx.notify(Topic::Call, &row.call_id);
                }
            }
            let untried = DeliveryRow { tries: 0, tried_since_ms: None, due_ms: None, changed_ms: now_ms, ..row };
            outbox::save(tx, &untried)?;
            Ok(Taken::Settled)
        })
        .await
}

enum Packed {
    Parcel(Parcel),
    /// The call goes on again; its next end makes it due.
    Later,
    Never(DeliveryState, Option<Unsendable>),
}

fn pack(tx: &mut Tx, directory: &Directory, row: &DeliveryRow) -> Result<Packed> {
    let Some(integration) = directory.find_integration(&row.integration_id) else {
        return Ok(Packed::Never(DeliveryState::Cancelled, Some(Unsendable::IntegrationRemoved)));
    };
    let call = calls::find(tx, &row.call_id)?.ok_or(Error::NotFound("call"))?;
    let facts = match read_facts(&call) {
        Err(error @ Error::Damaged(_)) => {
            directory.damages.note_of(&error);
            return Ok(Packed::Never(DeliveryState::Failed, Some(Unsendable::CallDamaged)));
        }
        facts => facts?,
    };
    let callid = call.callid.unwrap_or(call.id);
    if row.announced_ms.is_some() {
        return Ok(match facts.link {
            Some(link) => Packed::Parcel(Parcel::Recording { callid, link }),
            None => Packed::Never(DeliveryState::Sent, None),
        });
    }
    let Some(ended_ms) = facts.ended_ms() else { return Ok(Packed::Later) };
    let settings = MangoSettings::of(integration)?;
    if !settings.takes(facts.direction()) {
        return Ok(Packed::Never(DeliveryState::Cancelled, Some(Unsendable::OtherDirection)));
    }
    let started_ms = facts.started_ms();
    Ok(match settings.ends(&facts, &directory.settings.region) {
        Err(why) => Packed::Never(DeliveryState::Failed, Some(why)),
        Ok(ends) => Packed::Parcel(Parcel::Call(EndedCall {
            callid,
            started_ms,
            ended_ms: ended_ms.max(started_ms),
            to: ends.to,
            from: ends.from,
            link: facts.link,
        })),
    })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lane {
    GoesOn,
    Rests,
}

/// Writes down what came of a try; answers whether the lane goes on.
async fn note(app: &App, work: Box<Work>, result: Told) -> Result<Lane> {
    let (random, now_ms) = (getrandom::u64().map_err(Error::internal)?, app.clock.now_ms());
    let rest_until_ms = match &result {
        Err(Undelivered { cause: Cause::Fault { retry_after }, .. }) => {
            let asked_ms = retry_after.as_deref().and_then(|text| rest_asked_ms(text, now_ms)).unwrap_or_default();
            let rest_ms = wait_ms(work.row.tries, random).min(REST_MS);
            Some(now_ms + asked_ms.clamp(rest_ms, LONGEST_REST_MS))
        }
        _ => None,
    };
    log(&work.row, &result);
    let directory = app.directory().await?;
    app.store
        .write(move |tx| {
            // The call's row first, as everywhere; its growing `rev` makes the card that is told of newer.
            let Some(call) = calls::lock(tx, &work.row.call_id)? else { return Ok(()) };
            let Some(row) = outbox::lock(tx, &work.row.id)? else { return Ok(()) };
            let state = row.state.clone();
            let link = facts_to_show(&directory, &call).link;
            let after = match &result {
                Ok(accepted) => delivered(row, &work, accepted, link.as_ref(), now_ms),
                Err(undelivered) => failed(row, &work, undelivered, random, now_ms),
            };
            outbox::save(tx, &after)?;
            if after.state != state {
                tx.notify(Topic::Call, &call.id);
            }
            rest_until_ms.map_or(Ok(()), |until_ms| outbox::rest(tx, &work.row.integration_id, until_ms))
        })
        .await?;
    Ok(if rest_until_ms.is_some() { Lane::Rests } else { Lane::GoesOn })
}

/// Whether this try is still the row's latest: its lease may have run out.
fn is_latest(row: &DeliveryRow, work: &Work) -> bool {
    row.state == DeliveryState::Pending.as_str() && row.tries == work.row.tries
}

fn delivered(
    mut row: DeliveryRow,
    work: &Work,
    accepted: &Accepted,
    link: Option<&String>,
    now_ms: i64,
) -> DeliveryRow {
    row.announced_ms = row.announced_ms.or(Some(now_ms));
    if !is_latest(&row, work) {
        return row;
    }
    row.link = work.parcel.link().cloned();
    row.error = String::new();
    row.answer.clone_from(&accepted.answer);
    row.changed_ms = now_ms;
    if link.is_some() && link != row.link.as_ref() {
        // It came while the request was on its way.
        return plans::again(row, now_ms);
    }
    DeliveryRow { state: DeliveryState::Sent.as_str().to_owned(), due_ms: None, ..row }
}

fn failed(mut row: DeliveryRow, work: &Work, undelivered: &Undelivered, random: u64, now_ms: i64) -> DeliveryRow {
    if !is_latest(&row, work) {
        return row;
    }
    let has_tried_long = row.tried_since_ms.is_some_and(|since| now_ms - since >= GIVEN_UP_AFTER_MS);
    let is_hopeless = match undelivered.cause {
        Cause::Data => true,
        Cause::Refusal => row.tries >= REFUSED_TRIES,
        Cause::Fault { .. } => false,
    };
    row.link = work.parcel.link().cloned();
    row.error = undelivered.reason.kept();
    row.answer.clone_from(&undelivered.answer);
    row.changed_ms = now_ms;
    if is_hopeless || has_tried_long {
        return DeliveryRow { state: DeliveryState::Failed.as_str().to_owned(), due_ms: None, ..row };
    }
    row.due_ms = Some(now_ms + wait_ms(row.tries, random));
    row
}

/// `Retry-After`: seconds, or the date of HTTP.
fn rest_asked_ms(text: &str, now_ms: i64) -> Option<i64> {
    if let Ok(seconds) = text.trim().parse::<i64>() {
        return seconds.checked_mul(1000);
    }
    let until = jiff::fmt::rfc2822::parse(text.trim()).ok()?;
    Some(until.timestamp().as_millisecond() - now_ms)
}

/// The other side's own words may name people: they stay in the outbox.
fn log(row: &DeliveryRow, result: &Told) {
    let (delivery, integration, tries) = (&row.id, &row.integration_id, row.tries);
    match result {
        Ok(_) => tracing::debug!(delivery, integration, tries, "a call's data were delivered"),
        Err(why) => tracing::warn!(
            delivery,
            integration,
            tries,
            is_refused = !matches!(why.cause, Cause::Fault { .. }),
            "a call's data could not be delivered; /api/outbox says why"
        ),
    }
}
