//! The missed board: one row a client, open while a missed call has not been made good.

use crate::app::App;
use crate::app::calls::board;
use crate::app::calls::waiting::Waiting;
use crate::app::clients::contacts;
use crate::app::desk::missed_view::{due_ms, view};
use crate::app::directory::Directory;
use crate::domain::fault::Fault;
use crate::domain::missed::MissedRow;
use crate::domain::text::clean_line;
use crate::domain::user::User;
use crate::error::{Code, Error, Result};
use crate::store::tables::client_numbers::{self, ClientNumberRow};
use crate::store::tx::Tx;

/// How far ahead a row may be put off.
const MOST_SNOOZED_MS: i64 = 366 * 24 * 3_600_000;
/// The place of who is owed no call: after every instant.
const LAST: i64 = 1 << 60;
/// By so much a VIP stands before everybody else of an order.
const VIP_LEAD: i64 = 1 << 61;

/// Where a row stands in a list: the next page begins after it.
type Place = (i64, String);
type List = fn(&mut Tx, Option<&Place>, i64) -> Result<Vec<ClientNumberRow>>;

/// What stands first on the open board; but for the latest misses, a VIP stands before everybody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The latest miss.
    Latest,
    /// Whose call back is due first; who is owed none comes last.
    Due,
    /// Who has waited longest.
    Wait,
    /// Who rang most often.
    Count,
}

/// A page of what is closed (`None`), the latest miss first, or of the open board; each row with its place.
pub async fn list(
    app: &App,
    order: Option<Order>,
    after: Option<(i64, String)>,
    limit: usize,
) -> Result<Vec<(Place, MissedRow)>> {
    let (directory, now_ms) = (app.directory().await?, app.clock.now_ms());
    app.store
        .list(move |tx| {
            let found = match order {
                None => latest(tx, client_numbers::list_closed, after.clone(), limit)?,
                Some(Order::Latest) => latest(tx, client_numbers::list_open, after.clone(), limit)?,
                Some(order) => ordered(tx, &directory, order, after.as_ref(), limit)?,
            };
            let mut items = Vec::new();
            for (place, waiting) in found {
                items.push((place, view(tx, &directory, waiting, now_ms)?));
            }
            Ok(items)
        })
        .await
}

/// A page of clients by their latest miss, each at the row of it: others of his, and of who waits again, are passed over.
fn latest(tx: &mut Tx, list: List, mut after: Option<Place>, limit: usize) -> Result<Vec<(Place, Waiting)>> {
    let most = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut found = Vec::new();
    while found.len() < limit {
        let rows = list(tx, after.as_ref(), most)?;
        let is_last = rows.len() < limit;
        for row in rows {
            let waiting = Waiting::of(tx, &row.number)?;
            let place = (row.last_miss_ms.unwrap_or_default(), row.id);
            if waiting.latest().is_some_and(|latest| latest.id == place.1) {
                found.push((place.clone(), waiting));
            }
            after = Some(place);
        }
        if is_last {
            break;
        }
    }
    found.truncate(limit);
    Ok(found)
}

/// The open board by a key that no index knows, VIPs first, then the least. What is open is what people have to do: it stays small.
fn ordered(
    tx: &mut Tx,
    directory: &Directory,
    order: Order,
    after: Option<&(i64, String)>,
    limit: usize,
) -> Result<Vec<(Place, Waiting)>> {
    let mut found = Vec::new();
    for open in client_numbers::list_all_open(tx)? {
        let waiting = Waiting::of(tx, &open.number)?;
        if waiting.latest() != Some(&open) {
            continue;
        }
        let row = waiting.row();
        let contact = contacts::of_number(tx, &row.number)?.into_iter().next();
        let place = match order {
            Order::Latest => row.last_miss_ms.map_or(0, |last| -last),
            Order::Due => due_ms(tx, directory, &row, contact.as_ref())?.unwrap_or(LAST),
            Order::Wait => row.first_miss_ms.unwrap_or_default(),
            Order::Count => -row.misses,
        };
        let key = if contact.is_some_and(|contact| contact.vip) { place - VIP_LEAD } else { place };
        let place = (key, row.id);
        if after.is_none_or(|after| place > *after) {
            found.push((place, waiting));
        }
    }
    found.sort_by(|(a, _), (b, _)| a.cmp(b));
    found.truncate(limit);
    Ok(found)
}

/// How many clients wait and are not put off.
pub async fn count_open(app: &App) -> Result<i64> {
    let now_ms = app.clock.now_ms();
    app.store.show(move |tx| client_numbers::count_open(tx, now_ms)).await
}

/// What was taken and not called since is free again, what was put off comes back; every screen hears of it.
pub async fn lapse(app: &App) -> Result<()> {
    let now_ms = app.clock.now_ms();
    let is_any = move |tx: &mut Tx| board::is_any_lapsed(tx, now_ms);
    if !app.store.show(is_any).await? {
        return Ok(());
    }
    app.store.write(move |tx| board::lapse(tx, now_ms)).await
}

/// How the clients of these rows stand, for those who show them: id and `rev`; a row that is gone is left out.
pub async fn revs(app: &App, ids: Vec<String>) -> Result<Vec<(String, i64)>> {
    app.store
        .show(move |tx| {
            let mut revs = Vec::new();
            for id in &ids {
                if let Some(row) = client_numbers::find_by_id(tx, id)? {
                    revs.push((row.id, Waiting::of(tx, &row.number)?.row().rev));
                }
            }
            Ok(revs)
        })
        .await
}

/// What a person does with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MissedChange {
    Take,
    /// Takes back what was done by hand: taking, closing, putting off.
    Undo,
    /// Puts the row off until this instant, or until the client rings again.
    Snooze {
        until_ms: i64,
    },
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
    if let MissedChange::Snooze { until_ms } = change
        && !(now_ms + 1..now_ms + MOST_SNOOZED_MS).contains(&until_ms)
    {
        return Err(Error::field("until", Fault::WrongForm));
    }
    app.store
        .write(move |tx| {
            let found = client_numbers::find_by_id(tx, &id)?.ok_or(Error::NotFound("missed row"))?;
            let waiting = Waiting::lock(tx, &found.number)?;
            let whole = waiting.row();
            if seen_rev.is_some_and(|seen| seen != whole.rev) {
                return Err(row_changed(view(tx, &directory, waiting, now_ms)?));
            }
            let mut is_any = false;
            for row in waiting.shown() {
                let mut row = row.clone();
                if change == MissedChange::Undo && !waiting.is_open() && row.closed_ms.is_some() {
                    row.closed_ms = row.closed_before_ms;
                    row = board::counted(tx, row, &directory)?;
                }
                if row.misses > 0 {
                    is_any = true;
                    board::save(tx, &changed_row(row, &whole, &change, &user_id, now_ms))?;
                }
            }
            if is_any { Ok(()) } else { Err(not_open()) }
        })
        .await?;
    get(app, &changed).await
}

/// An open row after the change; `whole` is all that its client is shown with.
fn changed_row(
    row: ClientNumberRow,
    whole: &ClientNumberRow,
    change: &MissedChange,
    user_id: &str,
    now_ms: i64,
) -> ClientNumberRow {
    let row = ClientNumberRow { snoozed_ms: None, ..row };
    match change {
        MissedChange::Take => ClientNumberRow { taken_by: Some(user_id.to_owned()), taken_ms: Some(now_ms), ..row },
        MissedChange::Snooze { until_ms } => {
            ClientNumberRow { snoozed_ms: Some(*until_ms), taken_by: None, taken_ms: None, ..row }
        }
        MissedChange::Undo => ClientNumberRow { taken_by: None, taken_ms: None, ..row },
        MissedChange::Close { reason } => ClientNumberRow {
            taken_by: whole.taken_by.clone().or_else(|| Some(user_id.to_owned())),
            taken_ms: whole.taken_ms.or(Some(now_ms)),
            // What rings at this moment may be missed still, and nobody will have seen it.
            closed_before_ms: row.closed_ms,
            closed_ms: row.last_miss_ms.map(board::after),
            reason: clean_line(reason),
            misses: 0,
            counts_ms: None,
            ..row
        },
    }
}

fn not_open() -> Error {
    Error::conflict(Code::NotOpen, "this client has been served already")
}

fn row_changed(row: MissedRow) -> Error {
    let current = serde_json::Map::from_iter([("row".to_owned(), serde_json::json!(row))]);
    Error::Changed { code: Code::RowChanged, detail: "somebody changed this row meanwhile", current: Box::new(current) }
}

/// The row of this id; it may have another one since it is one with others.
///
/// # Errors
/// `NotFound`.
pub async fn get(app: &App, id: &str) -> Result<MissedRow> {
    let (directory, id, now_ms) = (app.directory().await?, id.to_owned(), app.clock.now_ms());
    app.store
        .show(move |tx| {
            let row = client_numbers::find_by_id(tx, &id)?.ok_or(Error::NotFound("missed row"))?;
            let waiting = Waiting::of(tx, &row.number)?;
            view(tx, &directory, waiting, now_ms)
        })
        .await
}
