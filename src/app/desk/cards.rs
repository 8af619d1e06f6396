//! The card: a call with what we know of the client, and whose screens it belongs on.

use std::collections::BTreeSet;

use crate::app::App;
use crate::app::calls::row::facts_to_show;
use crate::app::desk::view::{Around, audience};
use crate::app::directory::Directory;
use crate::domain::call::Direction;
use crate::domain::card::{Card, LastTalk};
use crate::domain::course::REQUESTED_LAPSES_MS;
use crate::domain::phone::Phone;
use crate::domain::time::UtcMs;
use crate::domain::user::User;
use crate::error::Result;
use crate::store::tables::calls::{self, CallRow};
use crate::store::tables::{call_lists, client_numbers, dismissals};
use crate::store::tx::Tx;

/// How long after its end a call may still stand on a screen.
const AFTER_END_MS: i64 = 60_000;
/// How many cards a fresh screen gets at most.
const ON_SCREEN: i64 = 50;

/// A card and the people whose screens it stands on; `for_me` is the sender's to fill in.
#[derive(Clone, Debug)]
pub struct CardFor {
    pub card: Card,
    pub audience: BTreeSet<String>,
    /// Its client is blocked: it stands on no screen, whoever watches.
    pub is_blocked: bool,
}

/// The card of the call with this id, or that had it before a click folded into it.
pub async fn load(app: &App, call_id: &str) -> Result<Option<CardFor>> {
    let (directory, id) = (app.directory().await?, call_id.to_owned());
    app.store
        .show(move |tx| match calls::find(tx, &id)? {
            Some(row) => Ok(of_rows(tx, &directory, &[row])?.pop()),
            None => Ok(None),
        })
        .await
}

/// Every card that may stand on a screen now: what is known of a client has changed.
pub async fn on_screen(app: &App) -> Result<Vec<CardFor>> {
    let (directory, now_ms) = (app.directory().await?, app.clock.now_ms());
    app.store
        .show(move |tx| {
            let rows = call_lists::list_on_screen(tx, now_ms - AFTER_END_MS, now_ms - REQUESTED_LAPSES_MS, ON_SCREEN)?;
            of_rows(tx, &directory, &rows)
        })
        .await
}

/// What a screen starts with.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Snapshot {
    pub cards: Vec<Card>,
    pub missed_open: i64,
}

/// The cards that stand on this person's screen now (`is_watching`: everybody's), newest first.
pub async fn snapshot(app: &App, user: &User, is_watching: bool) -> Result<Snapshot> {
    let (directory, user_id) = (app.directory().await?, user.id.clone());
    let now_ms = app.clock.now_ms();
    app.store
        .show(move |tx| {
            let mut cards = Vec::new();
            let mut rows =
                call_lists::list_on_screen(tx, now_ms - AFTER_END_MS, now_ms - REQUESTED_LAPSES_MS, ON_SCREEN)?;
            rows.retain(|row| {
                is_watching || audience(&directory, row, &facts_to_show(&directory, row)).contains(&user_id)
            });
            for CardFor { mut card, audience, is_blocked } in of_rows(tx, &directory, &rows)? {
                if is_blocked {
                    continue;
                }
                card.for_me = audience.contains(&user_id);
                if card.for_me || is_watching {
                    cards.push(card);
                }
            }
            Ok(Snapshot { cards, missed_open: client_numbers::count_open(tx, now_ms)? })
        })
        .await
}

fn of_rows(tx: &mut Tx, directory: &Directory, rows: &[CallRow]) -> Result<Vec<CardFor>> {
    let around = Around::find(tx, directory, rows)?;
    rows.iter().map(|row| of_row(tx, directory, &around, row)).collect()
}

fn of_row(tx: &mut Tx, directory: &Directory, around: &Around, row: &CallRow) -> Result<CardFor> {
    let facts = &facts_to_show(directory, row);
    let (call, contact) = around.show(row, facts);
    let mut audience = audience(directory, row, facts);
    for user_id in dismissals::list_users(tx, &row.id)? {
        audience.remove(&user_id);
    }
    // Whom automation put in charge nobody chose.
    let chosen = contact.as_ref().filter(|contact| contact.made_by.is_none());
    let responsible = chosen.and_then(|contact| contact.responsible_id.as_deref());
    let number = client_numbers::find(tx, &call.phone)?;
    let is_blocked = number.as_ref().is_some_and(|number| number.blocked_ms.is_some());
    // Who calls such a number himself sees what comes of it.
    let is_blocked = is_blocked && call.direction == Direction::In;
    if is_blocked {
        audience.clear();
    }
    let is_known = Phone::from_stored(call.phone.as_str()).is_dialable();
    let missed_open = client_numbers::count_misses(tx, &call.phone, contact.as_ref().map(|contact| &contact.id))?;
    let card = Card {
        rev: row.rev,
        for_me: false,
        responsible: responsible.and_then(|id| directory.user_ref(id)).cloned(),
        company: contact.as_ref().map(|contact| contact.company.clone()).unwrap_or_default(),
        vip: contact.as_ref().is_some_and(|contact| contact.vip),
        alert: contact.as_ref().map(|contact| contact.alert.clone()).unwrap_or_default(),
        tags: contact.map(|contact| contact.tags).unwrap_or_default(),
        last: if is_known { last_talk(tx, directory, &call.phone, row)? } else { None },
        // Whoever hides his number is somebody else each time.
        calls_count: if is_known { call_lists::count_of_phone(tx, &call.phone)? } else { 0 },
        missed_open,
        call,
    };
    Ok(CardFor { card, audience, is_blocked })
}

fn last_talk(tx: &mut Tx, directory: &Directory, phone: &str, row: &CallRow) -> Result<Option<LastTalk>> {
    let Some(last) = call_lists::find_last_talk(tx, phone, row.started_ms, &row.id)? else { return Ok(None) };
    Ok(Some(LastTalk {
        at: UtcMs(last.started_ms),
        user: last.user_id.as_deref().and_then(|id| directory.user_ref(id)).cloned(),
        duration_s: facts_to_show(directory, &last).duration_s(),
        note: last.note,
        outcome: last.outcome,
    }))
}
