//! What people promise to clients: made, moved, done, and rung for at its time.

use crate::app::App;
use crate::app::calls::promises::{counted, save, tell};
use crate::app::clients::contacts;
use crate::app::desk::promise_draft::{PromisePatch, Whom, addressed, client_of};
use crate::app::directory::Directory;
use crate::domain::contact::ContactRef;
use crate::domain::phone::Phone;
use crate::domain::promise::{Promise, PromiseState};
use crate::domain::time::UtcMs;
use crate::domain::user::{Role, User};
use crate::error::{Error, Prohibition, Result};
use crate::store::tables::calls::CallRow;
use crate::store::tables::contacts as contact_rows;
use crate::store::tables::promises::{self, PromiseRow, Wanted};
use crate::store::tx::{Topic, Tx};

/// How many are rung for in one write.
const AT_ONCE: i64 = 50;

/// A page of promises, after (due, id): what is open the soonest first, everything else the latest first. `user_id`: whose.
pub async fn list(
    app: &App,
    user_id: Option<String>,
    state: Option<PromiseState>,
    after: Option<(i64, String)>,
    limit: usize,
) -> Result<Vec<Promise>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let (directory, now_ms) = (app.directory().await?, app.clock.now_ms());
    app.store
        .list(move |tx| {
            let user_id = user_id.as_ref();
            let first = after.clone().unwrap_or((i64::MIN, String::new()));
            let last = after.clone().unwrap_or((i64::MAX, String::new()));
            let rows = match state {
                Some(PromiseState::Open) => promises::list_open(tx, user_id, i64::MAX, &first, limit)?,
                Some(PromiseState::Late) => promises::list_open(tx, user_id, now_ms, &first, limit)?,
                Some(PromiseState::Done) => promises::list_past(tx, user_id, Wanted::Done, &last, limit)?,
                None => promises::list_past(tx, user_id, Wanted::All, &last, limit)?,
            };
            rows.into_iter().map(|row| view(tx, &directory, row)).collect()
        })
        .await
}

/// The promise of this id, while there is one.
pub async fn find(app: &App, id: &str) -> Result<Option<Promise>> {
    let (directory, id) = (app.directory().await?, id.to_owned());
    app.store
        .show(move |tx| match promises::find(tx, &id)? {
            Some(row) => view(tx, &directory, row).map(Some),
            None => Ok(None),
        })
        .await
}

/// A promise to the client of a call, to a contact, or to a number.
///
/// # Errors
/// `Invalid`; `NotFound` when the call is not there.
pub async fn create(app: &App, user: &User, whom: Whom, patch: PromisePatch) -> Result<Promise> {
    let directory = app.directory().await?;
    let patch = patch.cleaned(&directory)?;
    may_change(user, patch.user.as_ref().unwrap_or(&user.id))?;
    let (id, made_ms, user_id) = (app.clock.new_id(), app.clock.now_ms(), user.id.clone());
    let made = id.clone();
    app.store
        .write(move |tx| {
            let mut row = addressed(tx, &whom, &directory)?;
            (row.id, row.made_ms) = (made.clone(), made_ms);
            row.user_id.clone_from(&user_id);
            patch.lay_over(&mut row, made_ms);
            put(tx, row)
        })
        .await?;
    get(app, &id).await
}

/// Changes what `patch` names. An operator changes his own promises.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`.
pub async fn update(app: &App, user: &User, id: &str, patch: PromisePatch) -> Result<Promise> {
    let patch = patch.cleaned(&*app.directory().await?)?;
    let (changed, user, now_ms) = (id.to_owned(), user.clone(), app.clock.now_ms());
    app.store
        .write(move |tx| {
            let mut row = promises::lock(tx, &changed)?.ok_or(Error::NotFound("promise"))?;
            may_change(&user, &row.user_id)?;
            patch.lay_over(&mut row, now_ms);
            may_change(&user, &row.user_id)?;
            let row = counted(tx, row)?;
            save(tx, &row)
        })
        .await?;
    get(app, id).await
}

/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn delete(app: &App, user: &User, id: &str) -> Result<()> {
    let (user, id) = (user.clone(), id.to_owned());
    app.store
        .write(move |tx| {
            let row = promises::lock(tx, &id)?.ok_or(Error::NotFound("promise"))?;
            may_change(&user, &row.user_id)?;
            promises::delete(tx, &id)?;
            tell(tx, &row);
            Ok(())
        })
        .await
}

/// What is promised in a call: the open promise changes, else a new one of this id is made; with `None` the one made last
/// goes.
pub fn of_call(tx: &mut Tx, call: &CallRow, draft: Option<&PromiseRow>) -> Result<()> {
    let known = promises::list_of_calls(tx, &[&call.id])?.pop();
    match (draft, known) {
        (None, None) => Ok(()),
        (None, Some(known)) => {
            promises::delete(tx, &known.id)?;
            tx.notify(Topic::Promise, &known.id);
            Ok(())
        }
        (Some(draft), Some(known)) if known.done_ms.is_none() => {
            let rung_ms = known.rung_ms.filter(|_| known.due_ms == draft.due_ms);
            save(tx, &PromiseRow { due_ms: draft.due_ms, text: draft.text.clone(), rung_ms, ..known })
        }
        (Some(draft), _) => {
            let (number, contact_id) = client_of(tx, call)?;
            put(tx, PromiseRow { call_id: Some(call.id.clone()), number, contact_id, ..draft.clone() })
        }
    }
}

/// Reminds people of what is due, each promise once, however many nodes look. Answers how many.
///
/// # Errors
/// What the store says.
pub async fn ring_due(app: &App) -> Result<usize> {
    let now_ms = app.clock.now_ms();
    if app.store.show(move |tx| promises::list_due(tx, now_ms, 1)).await?.is_empty() {
        return Ok(0);
    }
    app.store
        .write(move |tx| {
            let mut count = 0;
            for id in promises::list_due(tx, now_ms, AT_ONCE)? {
                let Some(row) = promises::lock(tx, &id)? else { continue };
                if row.done_ms.is_none() && row.rung_ms.is_none() && row.due_ms <= now_ms {
                    promises::save(tx, &PromiseRow { rung_ms: Some(now_ms), ..row })?;
                    tx.notify(Topic::Due, &id);
                    count += 1;
                }
            }
            Ok(count)
        })
        .await
}

async fn get(app: &App, id: &str) -> Result<Promise> {
    find(app, id).await?.ok_or(Error::NotFound("promise"))
}

fn may_change(user: &User, of_user: &str) -> Result<()> {
    if user.role >= Role::Manager || user.id == of_user {
        return Ok(());
    }
    Err(Error::Forbidden(Prohibition::AnothersPromise))
}

fn put(tx: &mut Tx, row: PromiseRow) -> Result<()> {
    let row = counted(tx, row)?;
    promises::insert(tx, &row)?;
    tell(tx, &row);
    Ok(())
}

/// The promise as it is shown.
pub fn view(tx: &mut Tx, directory: &Directory, row: PromiseRow) -> Result<Promise> {
    let kept = match &row.contact_id {
        Some(id) => contact_rows::find(tx, id)?.map(|(contact, _)| contact),
        None => None,
    };
    let contact = match kept {
        Some(contact) => Some(contact),
        None => contacts::of_number(tx, &row.number)?.into_iter().next(),
    };
    Ok(Promise {
        id: row.id,
        call: row.call_id,
        number_formatted: Phone::from_stored(&row.number).formatted(),
        number: row.number,
        contact: contact.map(|one| ContactRef { id: one.id, name: one.name, company: one.company }),
        user: directory.user_ref(&row.user_id).cloned(),
        due_at: UtcMs(row.due_ms),
        text: row.text,
        made_at: UtcMs(row.made_ms),
        done_at: row.done_ms.map(UtcMs),
        done_by_call: row.done_by_call,
    })
}
