//! A row of the missed board as people see it.

use crate::app::calls::board;
use crate::app::calls::row::facts_to_show;
use crate::app::calls::waiting::Waiting;
use crate::app::clients::contacts;
use crate::app::directory::Directory;
use crate::domain::contact::ContactRef;
use crate::domain::course::is_person;
use crate::domain::missed::{MissedRow, MissedState, Why, WhyKind};
use crate::domain::phone::Phone;
use crate::domain::time::UtcMs;
use crate::error::Result;
use crate::store::tables::calls::{self, CallRow};
use crate::store::tables::client_numbers::{self, ClientNumberRow};
use crate::store::tables::contacts::ContactRow;
use crate::store::tx::Tx;

/// How many calls a row lists at most.
const LISTED_CALLS: usize = 50;

/// The row at this instant.
pub fn view(tx: &mut Tx, directory: &Directory, mut waiting: Waiting, now_ms: i64) -> Result<MissedRow> {
    for row in &mut waiting.rows {
        *row = board::lapsed(tx, row.clone(), now_ms)?;
    }
    let row = waiting.row();
    let contact = contacts::of_number(tx, &row.number)?.into_iter().next();
    let is_vip = contact.as_ref().is_some_and(|contact| contact.vip);
    let due_at = due_ms(tx, directory, &row, contact.as_ref())?.map(UtcMs);
    let last_call = match &row.last_call_id {
        Some(id) => calls::find(tx, id)?,
        None => None,
    };
    let calendar = directory.settings.calendar(last_call.as_ref().and_then(|call| call.diversion.as_deref()));
    let mut misses = Vec::new();
    for of_number in waiting.shown() {
        misses.extend(client_numbers::list_misses(tx, &of_number.number, of_number.first_miss_ms.unwrap_or_default())?);
    }
    misses.sort_by(|a, b| (b.started_ms, &b.call_id).cmp(&(a.started_ms, &a.call_id)));
    // Whom automation put in charge nobody chose.
    let chosen = contact.as_ref().filter(|contact| contact.made_by.is_none());
    let responsible = chosen.and_then(|contact| contact.responsible_id.as_deref());
    let taken_by = row.taken_by.as_deref().and_then(|id| directory.user_ref(id)).cloned();
    Ok(MissedRow {
        state: state(&row),
        responsible: responsible.and_then(|id| directory.user_ref(id)).cloned(),
        contact: contact.map(|one| ContactRef { id: one.id, name: one.name, company: one.company }),
        due_at,
        morning_at: calendar.next_morning(now_ms).map(UtcMs),
        why: last_call.as_ref().map(|call| why(directory, call)),
        is_vip,
        line: last_call.and_then(|call| call.diversion).map(|number| directory.line_ref(&number)),
        count: i64::try_from(misses.len()).unwrap_or(i64::MAX),
        first_at: row.first_miss_ms.map(UtcMs),
        last_at: row.last_miss_ms.map(UtcMs),
        taken_by,
        taken_at: row.taken_ms.map(UtcMs),
        snoozed_until: row.snoozed_ms.map(UtcMs),
        numbers: waiting.numbers,
        calls: misses.into_iter().take(LISTED_CALLS).map(|miss| miss.call_id).collect(),
        id: row.id,
        rev: row.rev,
        number_formatted: Phone::from_stored(&row.number).formatted(),
        number: row.number,
        reason: row.reason,
    })
}

fn state(row: &ClientNumberRow) -> MissedState {
    if row.misses == 0 {
        MissedState::Closed
    } else if row.snoozed_ms.is_some() {
        MissedState::Snoozed
    } else if row.tried_ms >= row.first_miss_ms && row.tried_ms.is_some() {
        MissedState::CalledBack
    } else if row.taken_by.is_some() {
        MissedState::Taken
    } else {
        MissedState::New
    }
}

/// By when the client is to be called back, in the working time of the place that he called; `None` when no miss was
/// long enough to owe a call.
pub fn due_ms(
    tx: &mut Tx,
    directory: &Directory,
    row: &ClientNumberRow,
    contact: Option<&ContactRow>,
) -> Result<Option<i64>> {
    let Some(counts_ms) = row.counts_ms else { return Ok(None) };
    let settings = &directory.settings;
    let last_call = match &row.last_call_id {
        Some(id) if !settings.sites.is_empty() => calls::find(tx, id)?,
        _ => None,
    };
    let calendar = settings.calendar(last_call.as_ref().and_then(|call| call.diversion.as_deref()));
    let within_min =
        if contact.is_some_and(|contact| contact.vip) { settings.vip_callback_min } else { settings.callback_min };
    Ok(calendar.after(counts_ms, within_min * 60_000))
}

fn why(directory: &Directory, call: &CallRow) -> Why {
    let facts = facts_to_show(directory, call);
    let after_s = facts.wait_s();
    let accounts: Vec<_> = facts.legs.keys().filter(|account| is_person(account)).collect();
    let mut rang: Vec<_> =
        accounts.iter().filter_map(|account| directory.user_of_line(&call.integration_id, account)).cloned().collect();
    rang.dedup();
    let kind = if !directory.settings.calendar(call.diversion.as_deref()).is_working(call.started_ms) {
        WhyKind::OffHours
    } else if after_s.is_some_and(|after_s| after_s < directory.settings.short_miss_s) {
        WhyKind::HungUpEarly
    } else if !accounts.is_empty() {
        WhyKind::RangUnanswered
    } else {
        WhyKind::NobodyRung
    };
    Why { kind, after_s, rang }
}
