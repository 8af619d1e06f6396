//! Calls: what is heard of them is joined to what is known, and what follows from it follows in the same transaction.

use crate::app::App;
use crate::app::calls::{automation, clicks};
use crate::app::desk::missed;
use crate::app::directory::Directory;
use crate::app::outbox::plan;
use crate::domain::call::{CallState, Direction};
use crate::domain::facts::CallFacts;
use crate::domain::fold::fold;
use crate::domain::push::PbxEvent;
use crate::error::{Error, Result};
use crate::store::tables::call_lists;
use crate::store::tables::calls::{self, CallRow, Extent};
use crate::store::tx::{Topic, Tx};

const SETTLE_BATCH: i64 = 100;

/// Ids for the rows that a push may make; made outside the transaction, so that it can be run again.
#[derive(Clone, Debug)]
pub struct FreshIds {
    pub call: String,
    pub number: String,
    pub contact: String,
    /// For each integration that hears of calls.
    pub deliveries: Vec<(String, String)>,
}

impl FreshIds {
    pub fn new(app: &App, directory: &Directory) -> Self {
        let delivery = |integration_id: &str| (integration_id.to_owned(), app.clock.new_id());
        Self {
            call: app.clock.new_id(),
            number: app.clock.new_id(),
            contact: app.clock.new_id(),
            deliveries: directory.mangos().map(delivery).collect(),
        }
    }
}

/// What a call was before a change, for what follows from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Before {
    pub state: CallState,
    pub direction: Direction,
    pub phone: String,
    pub started_ms: i64,
    pub ended_ms: Option<i64>,
    /// Of persons; what a click is found by.
    pub accounts: Vec<String>,
}

/// Joins one push to its call, and answers the call's id. `contact` says nothing of a call and has none.
///
/// Order-free and repeatable: see `domain::facts`.
pub fn apply(
    tx: &mut Tx,
    directory: &Directory,
    integration_id: &str,
    event: &PbxEvent,
    ids: &FreshIds,
    now_ms: i64,
) -> Result<Option<String>> {
    let (callid, facts) = match event {
        PbxEvent::Call(event) => (&event.callid, CallFacts::of_event(event, now_ms)),
        PbxEvent::History(report) => (&report.callid, CallFacts::of_history(report, now_ms)),
        PbxEvent::Rating(report) => (&report.callid, CallFacts::of_rating(report, now_ms)),
        PbxEvent::Contact(_) => return Ok(None),
    };
    let known = match calls::lock_by_callid(tx, integration_id, callid)? {
        Some(known) => known,
        None => {
            let mut blank = blank(&ids.call, integration_id);
            blank.callid = Some(callid.clone());
            let fresh = derive(blank, &facts, directory)?;
            clicks::take_turns_at_name(tx, integration_id, callid)?;
            if calls::insert(tx, &fresh)? {
                return settle_down(tx, directory, fresh, facts, None, ids, now_ms).map(Some);
            }
            // Another node was faster.
            let known = calls::lock_by_callid(tx, integration_id, callid)?;
            known.ok_or_else(|| Error::internal("a call that is there cannot be read"))?
        }
    };
    change(tx, directory, known, facts, ids, now_ms).map(Some)
}

/// A locked row takes in new facts; what follows from it follows. Answers the call's id.
pub fn change(
    tx: &mut Tx,
    directory: &Directory,
    row: CallRow,
    news: CallFacts,
    ids: &FreshIds,
    now_ms: i64,
) -> Result<String> {
    let mut facts = read_facts(&row)?;
    let before = Before::of(&row, &facts);
    facts.merge(news);
    let (second_callid, due_ms) = (row.second_callid.clone(), row.due_ms);
    let row = derive(row, &facts, directory)?;
    let extent = if (&before.phone, &second_callid) != (&row.phone, &row.second_callid) {
        Extent::All
    } else if before.started_ms != row.started_ms {
        Extent::Times
    } else if (before.ended_ms, due_ms) != (row.ended_ms, row.due_ms) {
        Extent::End
    } else {
        Extent::Course
    };
    calls::save(tx, &row, extent)?;
    settle_down(tx, directory, row, facts, Some(before), ids, now_ms)
}

impl Before {
    pub fn of(row: &CallRow, facts: &CallFacts) -> Self {
        Self {
            state: facts.state(),
            direction: facts.direction(),
            phone: row.phone.clone(),
            started_ms: row.started_ms,
            ended_ms: row.ended_ms,
            accounts: clicks::accounts(facts),
        }
    }
}

/// After a row was written: a waiting click may be this call; the board and the automations look at it; all are told.
pub fn settle_down(
    tx: &mut Tx,
    directory: &Directory,
    row: CallRow,
    facts: CallFacts,
    before: Option<Before>,
    ids: &FreshIds,
    now_ms: i64,
) -> Result<String> {
    let (row, facts) = clicks::claim(tx, directory, row, facts, before.as_ref())?;
    if let Some(second) = &row.second_callid
        && let Some(second) = calls::find_by_callid(tx, &row.integration_id, second)?
    {
        tx.notify(Topic::Call, &second.id);
    }
    missed::refresh(tx, &row, before.as_ref(), ids)?;
    automation::run(tx, directory, &row, &facts, before.as_ref(), ids, now_ms)?;
    plan::plan(tx, directory, &row, &facts, ids, now_ms)?;
    tx.notify(Topic::Call, &row.id);
    Ok(row.id)
}

/// A row of which nothing is known yet.
pub fn blank(id: &str, integration_id: &str) -> CallRow {
    CallRow {
        id: id.to_owned(),
        former_id: None,
        integration_id: integration_id.to_owned(),
        callid: None,
        facts: String::new(),
        rev: 1,
        direction: String::new(),
        state: String::new(),
        phone: String::new(),
        diversion: None,
        user_id: None,
        contact_id: None,
        started_ms: 0,
        ended_ms: None,
        second_callid: None,
        click_account: None,
        due_ms: None,
        note: String::new(),
        outcome: String::new(),
        next_step: String::new(),
        search_key: String::new(),
    }
}

pub fn read_facts(row: &CallRow) -> Result<CallFacts> {
    serde_json::from_str(&row.facts).map_err(Error::internal)
}

/// Computes every column that follows from the facts.
pub fn derive(mut row: CallRow, facts: &CallFacts, directory: &Directory) -> Result<CallRow> {
    row.facts = serde_json::to_string(facts).map_err(Error::internal)?;
    row.direction = facts.direction().as_str().to_owned();
    row.state = facts.state().as_str().to_owned();
    row.phone = facts.client_phone().to_owned();
    row.diversion.clone_from(&facts.diversion);
    row.user_id = person(facts, &row.integration_id, directory);
    row.started_ms = facts.started_ms();
    row.ended_ms = facts.ended_ms();
    row.second_callid.clone_from(&facts.second_callid);
    row.due_ms = match (row.due_ms, facts.settle_due_ms()) {
        // Looked at too early it is put off then; to move it with every push would cost more.
        (Some(kept), Some(due)) if kept <= due => Some(kept),
        (_, due) => due,
    };
    row.search_key = search_key(&row);
    Ok(row)
}

/// What the history is searched by, folded.
pub fn search_key(row: &CallRow) -> String {
    fold(&format!("{} {} {}", row.phone, row.note, row.outcome))
}

/// Whose call it is: the line's user; of a line that nobody has, the default user (section 4.3), if so set.
fn person(facts: &CallFacts, integration_id: &str, directory: &Directory) -> Option<String> {
    let of_click = facts.click.as_ref().map(|click| click.user_id.clone());
    let Some(account) = facts.person() else { return of_click };
    let known = directory.user_of_line(integration_id, account).map(|user| user.id.clone());
    let default = || {
        let user = directory.settings.keep_unknown_users.then(|| directory.default_user()).flatten();
        user.map(|user| user.id.clone())
    };
    known.or(of_click).or_else(default)
}

/// Gives up the calls of which nothing more is heard. Answers how many were due.
pub async fn settle_due(app: &App) -> Result<usize> {
    let now_ms = app.clock.now_ms();
    let due = app.store.read(move |tx| call_lists::list_due(tx, now_ms, SETTLE_BATCH)).await?;
    for id in &due {
        let directory = app.directory().await?;
        let (id, ids) = (id.clone(), FreshIds::new(app, &directory));
        app.store
            .write(move |tx| {
                let Some(mut row) = calls::lock(tx, &id)? else { return Ok(()) };
                let facts = read_facts(&row)?;
                let Some(given_up) = facts.giving_up(now_ms) else {
                    row.due_ms = facts.settle_due_ms();
                    return calls::save(tx, &row, Extent::End);
                };
                change(tx, &directory, row, given_up, &ids, now_ms).map(drop)
            })
            .await?;
    }
    Ok(due.len())
}
