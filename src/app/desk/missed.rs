//! The missed board: one row a client number, open while a missed call has not been made good.

use crate::app::App;
use crate::app::calls::board;
use crate::app::clients::contacts;
use crate::app::directory::Directory;
use crate::domain::contact::ContactRef;
use crate::domain::missed::{MissedRow, MissedState};
use crate::domain::phone::Phone;
use crate::domain::text::clean_line;
use crate::domain::time::UtcMs;
use crate::domain::user::User;
use crate::error::{Code, Error, Result};
use crate::store::tables::calls;
use crate::store::tables::client_numbers::{self, ClientNumberRow};
use crate::store::tx::{Topic, Tx};

/// How many calls a row lists at most.
const LISTED_CALLS: usize = 50;

/// A page of the board, the latest miss first.
pub async fn list(app: &App, is_closed: bool, after: Option<(i64, String)>, limit: usize) -> Result<Vec<MissedRow>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let directory = app.directory().await?;
    app.store
        .list(move |tx| {
            let rows = if is_closed {
                client_numbers::list_closed(tx, after.as_ref(), limit)?
            } else {
                client_numbers::list_open(tx, after.as_ref(), limit)?
            };
            let mut items = Vec::new();
            for row in rows {
                items.push(view(tx, &directory, row)?);
            }
            Ok(items)
        })
        .await
}

/// How many numbers wait.
pub async fn count_open(app: &App) -> Result<i64> {
    app.store.show(client_numbers::count_open).await
}

/// How these rows stand, for those who show them: id and `rev`; a row that is gone is left out.
pub async fn revs(app: &App, ids: Vec<String>) -> Result<Vec<(String, i64)>> {
    app.store
        .show(move |tx| {
            let mut revs = Vec::new();
            for id in &ids {
                revs.extend(client_numbers::find_by_id(tx, id)?.map(|row| (row.id, row.rev)));
            }
            Ok(revs)
        })
        .await
}

/// What a person does with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MissedChange {
    Take,
    /// Takes back what was done by hand: taking, closing.
    Undo,
    Close {
        reason: String,
    },
}

/// Takes a row on, closes it with a reason, or takes that back. `seen_rev`: the row as the person saw it.
///
/// # Errors
/// `NotFound`; `Conflict` `not_open` when nobody waits there; `Changed` `row_changed` when the row is another than was
/// seen: a miss that nobody saw is not closed.
pub async fn change(
    app: &App,
    user: &User,
    id: &str,
    seen_rev: Option<i64>,
    change: MissedChange,
) -> Result<MissedRow> {
    let (directory, user_id, id) = (app.directory().await?, user.id.clone(), id.to_owned());
    let changed = id.clone();
    let now_ms = app.clock.now_ms();
    app.store
        .write(move |tx| {
            let found = client_numbers::find_by_id(tx, &id)?.ok_or(Error::NotFound("missed row"))?;
            let mut row = client_numbers::lock(tx, &found.number, &id)?;
            if seen_rev.is_some_and(|seen| seen != row.rev) {
                return Err(row_changed(view(tx, &directory, row)?));
            }
            let is_closed_by_hand = change == MissedChange::Undo && row.closed_ms.is_some();
            if row.misses == 0 && !is_closed_by_hand {
                return Err(not_open());
            }
            match &change {
                MissedChange::Take => {
                    row.taken_by = Some(user_id.clone());
                    row.taken_ms = Some(now_ms);
                }
                MissedChange::Undo => {
                    if row.misses == 0 {
                        row.closed_ms = row.closed_before_ms;
                        row = board::counted(tx, row)?;
                    }
                    if row.misses == 0 {
                        return Err(not_open());
                    }
                    row.taken_by = None;
                    row.taken_ms = None;
                }
                MissedChange::Close { reason } => {
                    row.taken_by = row.taken_by.or_else(|| Some(user_id.clone()));
                    row.taken_ms = row.taken_ms.or(Some(now_ms));
                    // What rings at this moment may be missed still, and nobody will have seen it.
                    row.closed_before_ms = row.closed_ms;
                    row.closed_ms = row.last_miss_ms.map(board::after);
                    row.reason = clean_line(reason);
                    row.misses = 0;
                }
            }
            client_numbers::save(tx, &row)?;
            tx.notify(Topic::Missed, &row.id);
            Ok(())
        })
        .await?;
    get(app, &changed).await
}

fn not_open() -> Error {
    Error::conflict(Code::NotOpen, "this client has been served already")
}

fn row_changed(row: MissedRow) -> Error {
    let current = serde_json::Map::from_iter([("row".to_owned(), serde_json::json!(row))]);
    Error::Changed { code: Code::RowChanged, detail: "somebody changed this row meanwhile", current: Box::new(current) }
}

/// The row of this id.
///
/// # Errors
/// `NotFound`.
pub async fn get(app: &App, id: &str) -> Result<MissedRow> {
    let (directory, id) = (app.directory().await?, id.to_owned());
    app.store
        .show(move |tx| {
            let row = client_numbers::find_by_id(tx, &id)?.ok_or(Error::NotFound("missed row"))?;
            view(tx, &directory, row)
        })
        .await
}

fn view(tx: &mut Tx, directory: &Directory, row: ClientNumberRow) -> Result<MissedRow> {
    let contact = contacts::of_number(tx, &row.number)?.into_iter().next();
    let last_call = match &row.last_call_id {
        Some(id) => calls::find(tx, id)?,
        None => None,
    };
    let from_ms = row.first_miss_ms.unwrap_or_default();
    let misses = client_numbers::list_misses(tx, &row.number, from_ms)?;
    // Whom automation put in charge nobody chose.
    let chosen = contact.as_ref().filter(|contact| contact.made_by.is_none());
    let responsible = chosen.and_then(|contact| contact.responsible_id.as_deref());
    let taken_by = row.taken_by.as_deref().and_then(|id| directory.user_ref(id)).cloned();
    Ok(MissedRow {
        state: state(&row),
        responsible: responsible.and_then(|id| directory.user_ref(id)).cloned(),
        contact: contact.map(|one| ContactRef { id: one.id, name: one.name, company: one.company }),
        line: last_call.and_then(|call| call.diversion).map(|number| directory.line_ref(&number)),
        count: i64::try_from(misses.len()).unwrap_or(i64::MAX),
        first_at: row.first_miss_ms.map(UtcMs),
        last_at: row.last_miss_ms.map(UtcMs),
        taken_by,
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
    } else if row.tried_ms >= row.first_miss_ms && row.tried_ms.is_some() {
        MissedState::CalledBack
    } else if row.taken_by.is_some() {
        MissedState::Taken
    } else {
        MissedState::New
    }
}
