//! A person is erased: everywhere, and for good. His calls stay as what reports count, under a number that is nobody's.

use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::app::App;
use crate::app::audit::Note;
use crate::app::calls::row::facts_to_show;
use crate::app::calls::talks;
use crate::app::desk::contacts;
use crate::app::desk::numbers::normal;
use crate::app::desk::person::Traces;
use crate::app::directory::Directory;
use crate::app::recordings::sweep;
use crate::domain::audit::Action;
use crate::domain::call::CallState;
use crate::domain::forgetting::token;
use crate::error::{Code, Error, Result};
use crate::store::tables::erasures::{self, Text};
use crate::store::tables::figure_days;
use crate::store::tables::imports::{self, PartRow};
use crate::store::tables::{calls, webhooks};
use crate::store::tx::{Topic, Tx};
use crate::store::walk::PAST_EVERY_ID;

/// So many calls are stripped in one transaction: a push waits for no more.
const AT_ONCE: usize = 25;
/// So many rows are looked through in one reading.
const LOOKED_AT: i64 = 500;
/// What came of a row of a file whose client is gone.
const SKIPPED: &str = "{\"is\":\"skipped\"}";

/// What went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Erased {
    pub contacts: usize,
    /// They stay, without him.
    pub calls: usize,
    pub promises: usize,
    /// Pushes of the journal.
    pub webhooks: usize,
    /// Rows of files that came in.
    pub rows: usize,
}

/// Erases whoever has this number. Safe to repeat: whoever was broken off goes on. What can be found by number goes
/// first, the contact last.
///
/// # Errors
/// `Invalid` when it is no number; `Conflict` while he is on the phone.
pub async fn erase(app: &App, number: &str) -> Result<Erased> {
    let directory = app.directory().await?;
    let number = normal(&directory, number)?;
    let sought = Arc::new(app.store.list(move |tx| Traces::of(tx, &number)).await?);
    check_silence(app, &sought).await?;
    // Forgotten with this act.
    let random = app.clock.new_id();
    let mut erased =
        Erased { webhooks: journal(app, &sought).await?, rows: files(app, &sought).await?, ..Erased::default() };
    changes(app, &sought).await?;
    let ids: Vec<_> = sought.calls.iter().cloned().collect();
    for part in ids.chunks(AT_ONCE) {
        let work: Vec<(String, String)> = part.iter().map(|id| (id.clone(), app.clock.new_id())).collect();
        let (directory, random, turns) = (Arc::clone(&directory), random.clone(), turns(&sought));
        let strip = move |tx: &mut Tx| {
            let stripped = work.iter().map(|(id, callid)| strip(tx, id, &random, callid, &directory));
            stripped.sum::<Result<usize>>()
        };
        erased.promises += app.store.write_in_turn(turns, strip).await?;
    }
    erased.calls = ids.len();
    erased.contacts = sought.person.contacts.len();
    erased.promises += person_himself(app, &sought, &directory).await?;
    sweep::delete_left(app).await?;
    app.store.cut_log().await;
    Ok(erased)
}

fn turns(sought: &Traces) -> Vec<String> {
    sought.person.numbers.iter().cloned().collect()
}

/// Nothing is erased of a call that goes on: the PBX would say it all again.
async fn check_silence(app: &App, sought: &Arc<Traces>) -> Result<()> {
    let sought = Arc::clone(sought);
    let is_on = app.store.list(move |tx| {
        let ids: Vec<_> = sought.calls.iter().map(String::as_str).collect();
        for part in ids.chunks(500) {
            let rows = calls::list(tx, part)?;
            let on = [CallState::Ringing, CallState::Talking].map(CallState::as_str);
            if rows.iter().any(|row| on.contains(&row.state.as_str())) {
                return Ok(true);
            }
        }
        Ok(false)
    });
    if is_on.await? {
        Err(Error::conflict(Code::OnThePhone, "this client is on the phone: erase him when the call is over"))
    } else {
        Ok(())
    }
}

/// Answers how many promises went.
fn strip(tx: &mut Tx, id: &str, random: &str, callid: &str, directory: &Directory) -> Result<usize> {
    let Some(row) = calls::lock(tx, id)? else { return Ok(0) };
    let token = token(random, &row.phone);
    let facts = facts_to_show(directory, &row).without_client(&token).to_text().map_err(Error::internal)?;
    let callid = row.callid.as_ref().map(|_| callid);
    let promised = erasures::delete_promises(tx, id, "", "")?;
    erasures::delete_around_call(tx, id)?;
    figure_days::void_of_calls(tx, [(row.phone.as_str(), row.started_ms)].into_iter())?;
    erasures::strip_call(tx, id, &token, callid, &facts)?;
    talks::of_call(tx, &row, None)?;
    tx.notify(Topic::Call, id);
    promised.iter().for_each(|id| tx.notify(Topic::Promise, id));
    Ok(promised.len())
}

/// The contacts, what was promised to them, and what is kept of the numbers. Who did it is kept, and not whom he erased.
async fn person_himself(app: &App, sought: &Arc<Traces>, directory: &Arc<Directory>) -> Result<usize> {
    let note = Note::new(app, Action::PersonErased);
    let (sought, directory, turns) = (Arc::clone(sought), Arc::clone(directory), turns(sought));
    app.store
        .write_in_turn(turns, move |tx| {
            let mut promised = Vec::new();
            for id in &sought.person.contacts {
                promised.extend(erasures::delete_promises(tx, "", "", id)?);
                erasures::delete_merges_into(tx, id)?;
                match contacts::remove(tx, id, &directory) {
                    Ok(()) | Err(Error::NotFound(_)) => {}
                    Err(error) => return Err(error),
                }
            }
            for number in &sought.person.numbers {
                promised.extend(erasures::delete_promises(tx, "", number, "")?);
                erasures::delete_number(tx, number)?;
                tx.notify(Topic::Number, number);
                tx.notify(Topic::Block, number);
                tx.notify(Topic::Missed, number);
            }
            promised.iter().for_each(|id| tx.notify(Topic::Promise, id));
            note.keep(tx)?;
            Ok(promised.len())
        })
        .await
}

/// Pushes that speak of him, or from which a call with him was made.
async fn journal(app: &App, sought: &Arc<Traces>) -> Result<usize> {
    let (mut count, mut before) = (0, PAST_EVERY_ID.to_owned());
    loop {
        let (of, from) = (Arc::clone(sought), before.clone());
        let looked = app.store.list(move |tx| {
            let rows = webhooks::list(tx, &from, LOOKED_AT)?;
            let last = rows.last().map(|row| row.id.clone());
            let his: Vec<_> = rows.into_iter().filter(|row| of.is_of(row)).map(|row| row.id).collect();
            Ok((last, his))
        });
        let (last, his) = looked.await?;
        count += his.len();
        if !his.is_empty() {
            app.store.write(move |tx| his.iter().try_for_each(|id| erasures::delete_webhook(tx, id))).await?;
        }
        let Some(last) = last else { return Ok(count) };
        before = last;
    }
}

/// What people changed of other contacts, where it speaks of him; and the copies of him that merges keep.
async fn changes(app: &App, sought: &Arc<Traces>) -> Result<()> {
    let mut after = String::new();
    loop {
        let (of, from) = (Arc::clone(sought), after.clone());
        let looked = app.store.list(move |tx| {
            let rows = erasures::list_changes(tx, &from, LOOKED_AT)?;
            let last = rows.last().map(|(id, _)| id.clone());
            Ok((last, rows.into_iter().filter(|(_, fields)| of.is_in(fields)).collect::<Vec<Text>>()))
        });
        let (last, his) = looked.await?;
        let of = Arc::clone(sought);
        if !his.is_empty() {
            let save = move |tx: &mut Tx| {
                his.iter().try_for_each(|(id, fields)| erasures::save_change(tx, id, &without(fields, &of)))
            };
            app.store.write(save).await?;
        }
        let Some(last) = last else { break };
        after = last;
    }
    let of = Arc::clone(sought);
    app.store
        .write(move |tx| {
            for (from_id, kept) in erasures::list_merges(tx)? {
                if of.is_in(&kept) {
                    erasures::settle_merge(tx, &from_id)?;
                }
            }
            Ok(())
        })
        .await
}

/// A list, as JSON, without the members that speak of him.
fn without(list: &str, sought: &Traces) -> String {
    let members: Vec<Value> = serde_json::from_str(list).unwrap_or_default();
    let left: Vec<_> = members.into_iter().filter(|member| !sought.is_in(&member.to_string())).collect();
    Value::from(left).to_string()
}

/// The rows of files that came in which speak of him, or made him.
async fn files(app: &App, sought: &Arc<Traces>) -> Result<usize> {
    let mut count = 0;
    for id in app.store.list(erasures::list_imports).await? {
        let (mut from, mut of_file) = (0, 0);
        loop {
            let asked = id.clone();
            let Some(part) = app.store.list(move |tx| imports::list_parts(tx, &asked, from, 1)).await?.pop() else {
                break;
            };
            from = part.position + 1;
            let Some((cells, outcomes, rows)) = emptied(&part, sought) else { continue };
            let (id, position) = (id.clone(), part.position);
            app.store.write(move |tx| erasures::save_part(tx, &id, position, &cells, &outcomes)).await?;
            of_file += rows;
        }
        if of_file > 0 {
            let id = id.clone();
            let forget = move |tx: &mut Tx| {
                let Some(mut row) = imports::find(tx, &id)? else { return Ok(()) };
                row.columns.iter_mut().for_each(|column| column.samples.clear());
                imports::save_read(tx, &row)
            };
            app.store.write(forget).await?;
        }
        count += of_file;
    }
    Ok(count)
}

/// The part without him, as JSON, and how many rows were his; `None`: he is not in it.
fn emptied(part: &PartRow, sought: &Traces) -> Option<(String, String, usize)> {
    let mut cells: Vec<Vec<String>> = serde_json::from_str(&part.cells).unwrap_or_default();
    let mut outcomes: Vec<Value> = serde_json::from_str(&part.outcomes).unwrap_or_default();
    let mut count = 0;
    for (nth, row) in cells.iter_mut().enumerate() {
        let outcome = outcomes.get_mut(nth);
        let is_his = |outcome: &Value| {
            let id = outcome["id"].as_str();
            id.is_some_and(|id| sought.person.contacts.contains(id)) || sought.is_in(&outcome.to_string())
        };
        if !row.iter().any(|cell| sought.is_in(cell)) && !outcome.as_deref().is_some_and(is_his) {
            continue;
        }
        count += 1;
        row.iter_mut().for_each(String::clear);
        if let Some(outcome) = outcome {
            *outcome = serde_json::from_str(SKIPPED).unwrap_or_default();
        }
    }
    let outcomes = if part.outcomes.is_empty() { String::new() } else { Value::from(outcomes).to_string() };
    (count > 0).then(|| (serde_json::to_string(&cells).unwrap_or_default(), outcomes, count))
}
