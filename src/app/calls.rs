//! Calls: what is heard of them is joined to what is known, and what follows from it follows in the same transaction.

use crate::app::call_view::{self, audience};
use crate::app::directory::Directory;
use crate::app::{App, automation, clicks, missed};
use crate::domain::call::{Call, CallState, Direction};
use crate::domain::facts::CallFacts;
use crate::domain::fold::{fold, search_patterns};
use crate::domain::phone::Phone;
use crate::domain::push::PbxEvent;
use crate::domain::text::{clean, clean_line};
use crate::domain::time::UtcMs;
use crate::domain::user::{Role, User};
use crate::error::{Error, Result};
use crate::store::calls::{CallFilter, CallRow};
use crate::store::{Topic, Tx, calls, client_numbers, contacts, dismissals};

const NOTE_CHARS: usize = 10_000;
const LINE_CHARS: usize = 200;
const SETTLE_BATCH: i64 = 100;

/// Ids for the rows that a push may make; made outside the transaction, so that it can be run again.
#[derive(Clone, Debug)]
pub struct FreshIds {
    pub call: String,
    pub number: String,
    pub contact: String,
}

impl FreshIds {
    pub fn new(app: &App) -> Self {
        Self { call: app.clock.new_id(), number: app.clock.new_id(), contact: app.clock.new_id() }
    }
}

/// What a call was before a change, for what follows from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Before {
    pub state: CallState,
    pub direction: Direction,
    pub phone: String,
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
    let mut blank = blank(&ids.call, integration_id);
    blank.callid = Some(callid.clone());
    let fresh = derive(blank, &facts, directory)?;
    let row = calls::insert_or_lock(tx, &fresh)?;
    if row.rev == 1 {
        return settle_down(tx, directory, row, facts, None, ids, now_ms).map(Some);
    }
    change(tx, directory, row, facts, ids, now_ms).map(Some)
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
    let row = derive(row, &facts, directory)?;
    calls::save(tx, &row)?;
    settle_down(tx, directory, row, facts, Some(before), ids, now_ms)
}

impl Before {
    pub fn of(row: &CallRow, facts: &CallFacts) -> Self {
        Self { state: facts.state(), direction: facts.direction(), phone: row.phone.clone() }
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
    let (row, facts) = clicks::claim(tx, directory, row, facts)?;
    if let Some(second) = &row.second_callid
        && let Some(second) = calls::find_by_callid(tx, &row.integration_id, second)?
    {
        tx.notify(Topic::Call, &second.id);
    }
    missed::refresh(tx, &row, before.as_ref(), ids, now_ms)?;
    automation::run(tx, directory, &row, &facts, before.as_ref(), ids, now_ms)?;
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
    row.due_ms = facts.settle_due_ms();
    row.search_key = search_key(&row);
    Ok(row)
}

fn search_key(row: &CallRow) -> String {
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
    let due = app.store.read(move |tx| calls::list_due(tx, now_ms, SETTLE_BATCH)).await?;
    for id in &due {
        let directory = app.directory().await?;
        let (id, ids) = (id.clone(), FreshIds::new(app));
        app.store
            .write(move |tx| {
                let Some(row) = calls::lock(tx, &id)? else { return Ok(()) };
                let Some(given_up) = read_facts(&row)?.giving_up(now_ms) else { return Ok(()) };
                change(tx, &directory, row, given_up, &ids, now_ms).map(drop)
            })
            .await?;
    }
    Ok(due.len())
}

/// What the history may be narrowed to; an absent member does not restrict. People, contacts and integrations by id.
#[derive(Clone, Debug, Default)]
pub struct CallQuery {
    pub from: Option<UtcMs>,
    pub to: Option<UtcMs>,
    pub state: Option<CallState>,
    pub direction: Option<Direction>,
    pub user: Option<String>,
    pub phone: Option<String>,
    pub contact: Option<String>,
    /// An integration's name will do as well.
    pub integration: Option<String>,
    pub callid: Option<String>,
    /// Any part of the number, the note, the outcome, or the client's name.
    pub q: Option<String>,
}

fn filter(query: CallQuery, directory: &Directory) -> CallFilter {
    let id_of = |name: String| directory.find_integration(&name).map_or(name, |integration| integration.id.clone());
    let normal = |phone: String| Phone::parse(&phone, &directory.settings.region).as_str().to_owned();
    CallFilter {
        from_ms: query.from.map(|at| at.0),
        to_ms: query.to.map(|at| at.0),
        state: query.state.map(CallState::as_str),
        direction: query.direction.map(Direction::as_str),
        user_id: query.user,
        phone: query.phone.map(normal),
        contact_id: query.contact,
        integration_id: query.integration.map(id_of),
        callid: query.callid,
        search: query.q.as_deref().map(str::trim).filter(|q| !q.is_empty()).map(search_patterns),
    }
}

/// At most `limit` calls after `after` (started_ms, id), newest first.
pub async fn list(app: &App, query: CallQuery, after: Option<(i64, String)>, limit: usize) -> Result<Vec<Call>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let directory = app.directory().await?;
    let filter = filter(query, &directory);
    app.store
        .read(move |tx| {
            let rows = calls::list(tx, &filter, after.as_ref(), limit)?;
            rows.iter().map(|row| call_view::of_row(tx, &directory, row)).collect()
        })
        .await
}

/// # Errors
/// `NotFound`.
pub async fn get(app: &App, id: &str) -> Result<Call> {
    let (directory, id) = (app.directory().await?, id.to_owned());
    app.store
        .read(move |tx| {
            let row = calls::find(tx, &id)?.ok_or(Error::NotFound("call"))?;
            call_view::of_row(tx, &directory, &row)
        })
        .await
}

/// What a person may say of a call; absent members stay.
#[derive(Clone, Debug, Default)]
pub struct CallPatch {
    pub note: Option<String>,
    pub outcome: Option<String>,
    pub next_step: Option<String>,
    /// A contact's id; `Some(None)`: the number's own again.
    pub contact: Option<Option<String>>,
}

impl CallPatch {
    fn cleaned(self) -> Result<Self> {
        let limited = |field, text: Option<String>, limit| match text {
            Some(text) if text.chars().count() > limit => {
                Err(Error::field(field, format!("at most {limit} characters")))
            }
            text => Ok(text),
        };
        Ok(Self {
            note: limited("note", self.note.map(|text| clean(&text)), NOTE_CHARS)?,
            outcome: limited("outcome", self.outcome.map(|text| clean_line(&text)), LINE_CHARS)?,
            next_step: limited("next_step", self.next_step.map(|text| clean_line(&text)), LINE_CHARS)?,
            contact: self.contact,
        })
    }
}

/// Keeps what a person says of a call. An operator changes his own calls only; a note of a transferred call is one.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`.
pub async fn patch(app: &App, user: &User, id: &str, patch: CallPatch) -> Result<Call> {
    let patch = patch.cleaned()?;
    let (directory, user, id) = (app.directory().await?, user.clone(), id.to_owned());
    let (number_id, now_ms) = (app.clock.new_id(), app.clock.now_ms());
    app.store
        .write(move |tx| {
            let mut row = calls::lock(tx, &id)?.ok_or(Error::NotFound("call"))?;
            may_change(&directory, &user, &row)?;
            if let Some(outcome) = &patch.outcome {
                row.outcome.clone_from(outcome);
            }
            if let Some(next_step) = &patch.next_step {
                row.next_step.clone_from(next_step);
            }
            if let Some(contact) = &patch.contact {
                choose_contact(tx, &mut row, contact.as_deref(), &number_id, now_ms)?;
            }
            if let Some(note) = &patch.note {
                keep_note(tx, &mut row, note)?;
            }
            row.search_key = search_key(&row);
            calls::save(tx, &row)?;
            tx.notify(Topic::Call, &row.id);
            call_view::of_row(tx, &directory, &row)
        })
        .await
}

fn may_change(directory: &Directory, user: &User, row: &CallRow) -> Result<()> {
    let is_own =
        row.user_id.as_ref() == Some(&user.id) || audience(directory, row, &read_facts(row)?).contains(&user.id);
    if user.role >= Role::Manager || is_own {
        return Ok(());
    }
    Err(Error::Forbidden("this call is another person's: ask a manager to change it"))
}

/// The contact chosen for the call is from now on the one shown for its number.
fn choose_contact(
    tx: &mut Tx,
    row: &mut CallRow,
    contact_id: Option<&str>,
    number_id: &str,
    now_ms: i64,
) -> Result<()> {
    if let Some(id) = contact_id
        && contacts::find(tx, id)?.is_none()
    {
        return Err(Error::field("contact", "there is no such contact"));
    }
    row.contact_id = contact_id.map(str::to_owned);
    let mut number = client_numbers::lock(tx, &row.phone, number_id, now_ms)?;
    number.contact_id.clone_from(&row.contact_id);
    client_numbers::save(tx, &number)?;
    // The answer to the PBX depends on the choice.
    tx.notify(Topic::Contact, contact_id.unwrap_or_default());
    Ok(())
}

/// The note belongs to the first call of a chain of transfers.
fn keep_note(tx: &mut Tx, row: &mut CallRow, note: &str) -> Result<()> {
    let root = call_view::first_of_chain(tx, row)?;
    if root.id == row.id {
        note.clone_into(&mut row.note);
        return Ok(());
    }
    let Some(mut root) = calls::lock(tx, &root.id)? else { return Ok(()) };
    note.clone_into(&mut root.note);
    root.search_key = search_key(&root);
    calls::save(tx, &root)?;
    tx.notify(Topic::Call, &root.id);
    Ok(())
}

/// The card goes for this person, on all his screens, and stays away.
///
/// # Errors
/// `NotFound`.
pub async fn dismiss(app: &App, user: &User, id: &str) -> Result<()> {
    let (user_id, id) = (user.id.clone(), id.to_owned());
    app.store
        .write(move |tx| {
            let row = calls::find(tx, &id)?.ok_or(Error::NotFound("call"))?;
            dismissals::insert(tx, &row.id, &user_id)?;
            tx.notify(Topic::Call, &row.id);
            Ok(())
        })
        .await
}
