//! Clients and leads: kept, and recognised by their numbers.

use std::collections::BTreeMap;

use crate::app::App;
use crate::app::clients::draft::ContactDraft;
use crate::app::directory::Directory;
use crate::domain::call::Direction;
use crate::domain::client::{Contact, ContactTalk};
use crate::domain::contact::{ContactKind, ContactPhone};
use crate::domain::time::UtcMs;
use crate::error::{Error, Result};
use crate::store::tables::calls::{self, CallRow};
use crate::store::tables::contacts::{self, ContactRow};
use crate::store::tables::{contact_merges, contact_phones, contact_talks};
use crate::store::tx::{Topic, Tx};

/// The contact of this id, or the one that it became part of.
///
/// # Errors
/// `NotFound`.
pub async fn get(app: &App, id: &str) -> Result<Contact> {
    let directory = app.directory().await?;
    let id = id.to_owned();
    let found = app.store.show(move |tx| {
        let id = current_id(tx, &id)?;
        shown(tx, &id, &directory)
    });
    found.await?.ok_or(Error::NotFound("contact"))
}

/// Of a contact that became part of another one, that one's id.
pub fn current_id(tx: &mut Tx, id: &str) -> Result<String> {
    let mut id = id.to_owned();
    while let Some(into_id) = contact_merges::find_into(tx, &id)? {
        id = into_id;
    }
    Ok(id)
}

/// The contact of this id, with how it stands by its calls.
pub fn shown(tx: &mut Tx, id: &str, directory: &Directory) -> Result<Option<Contact>> {
    Ok(shown_all(tx, &[id], directory)?.remove(id))
}

/// [`shown`] for all of these ids, by id.
pub fn shown_all(tx: &mut Tx, ids: &[&str], directory: &Directory) -> Result<BTreeMap<String, Contact>> {
    let standings = contact_talks::list_standings(tx, ids)?;
    let talk_ids: Vec<_> = standings.iter().filter_map(|standing| standing.talk_id.as_deref()).collect();
    let talks: BTreeMap<_, _> = calls::list(tx, &talk_ids)?.into_iter().map(|talk| (talk.id.clone(), talk)).collect();
    let mut standings: BTreeMap<_, _> =
        standings.into_iter().map(|standing| (standing.contact_id.clone(), standing)).collect();
    let shown = |(row, phones): (ContactRow, Vec<ContactPhone>)| {
        let standing = standings.remove(&row.id).unwrap_or_default();
        let talk = standing.talk_id.and_then(|id| talks.get(&id));
        (row.id.clone(), whole(row, phones, talk, standing.missed_open, directory))
    };
    Ok(contacts::list(tx, ids)?.into_iter().map(shown).collect())
}

/// All contacts with this number; the first is the one shown and told to the PBX: the one last chosen for the number,
/// else the one talked to last, else the oldest.
pub fn of_number(tx: &mut Tx, number: &str) -> Result<Vec<ContactRow>> {
    let mut matches = contacts::list_of_number(tx, number)?;
    prefer(tx, number, &mut matches)?;
    Ok(matches)
}

/// [`of_number`] for each of these numbers that somebody has.
pub fn of_numbers(tx: &mut Tx, numbers: &[&str]) -> Result<BTreeMap<String, Vec<ContactRow>>> {
    let owners = contact_phones::list_owners(tx, numbers)?;
    let ids: Vec<_> = owners.iter().map(|(_, id)| id.as_str()).collect();
    let rows = contacts::list(tx, &ids)?.into_iter();
    let rows: BTreeMap<_, _> = rows.map(|(row, _)| (row.id.clone(), row)).collect();
    let mut matches: BTreeMap<String, Vec<ContactRow>> = BTreeMap::new();
    for (number, id) in owners {
        matches.entry(number).or_default().extend(rows.get(&id).cloned());
    }
    for (number, shared) in &mut matches {
        prefer(tx, number, shared)?;
    }
    Ok(matches)
}

/// Who is shown first for the number stands first.
fn prefer(tx: &mut Tx, number: &str, matches: &mut [ContactRow]) -> Result<()> {
    if matches.len() > 1 {
        let order = contacts::list_ids_by_preference(tx, number)?;
        matches.sort_by_key(|contact| order.iter().position(|id| *id == contact.id));
    }
    Ok(())
}

/// Makes a contact inside a larger transaction, with `made_by` (`missed`, `outgoing`) when automation makes it.
pub fn make(tx: &mut Tx, id: &str, draft: ContactDraft, made_by: Option<&str>, now_ms: i64) -> Result<()> {
    let (row, phones) = rows(draft, id.to_owned(), made_by, now_ms);
    insert(tx, &row, &phones)?;
    contact_talks::refresh(tx, id).map(drop)
}

/// As [`make`], where the caller knows the latest talk: when it began, and its call.
pub fn make_talked(
    tx: &mut Tx,
    id: &str,
    draft: ContactDraft,
    made_by: Option<&str>,
    now_ms: i64,
    talk: Option<(i64, &str)>,
) -> Result<()> {
    let (row, phones) = rows(draft, id.to_owned(), made_by, now_ms);
    insert(tx, &row, &phones)?;
    contact_talks::set(tx, id, talk).map(drop)
}

/// A contact that automation made, and nobody has touched, is made anew for another reason.
pub fn remake(
    tx: &mut Tx,
    made: ContactRow,
    kind: ContactKind,
    made_by: &str,
    responsible_id: Option<String>,
) -> Result<()> {
    let row = ContactRow { kind, made_by: Some(made_by.to_owned()), responsible_id, ..made };
    let phones = contacts::find(tx, &row.id)?.map(|(_, phones)| phones).unwrap_or_default();
    contacts::update(tx, &row, &phones)?;
    tx.notify(Topic::Contact, &row.id);
    Ok(())
}

/// Takes back a contact that automation made, unless somebody has touched it since.
pub fn take_back(tx: &mut Tx, id: &str) -> Result<()> {
    if contacts::delete_untouched(tx, id)? {
        tx.notify(Topic::Contact, id);
    }
    Ok(())
}

fn insert(tx: &mut Tx, row: &ContactRow, phones: &[ContactPhone]) -> Result<()> {
    contacts::insert(tx, row, phones)?;
    tx.notify(Topic::Contact, &row.id);
    Ok(())
}

/// A contact's own members.
pub fn draft(row: ContactRow, phones: Vec<ContactPhone>) -> ContactDraft {
    ContactDraft {
        name: row.name,
        company: row.company,
        phones,
        email: row.email,
        note: row.note,
        tags: row.tags,
        kind: row.kind,
        responsible_id: row.responsible_id,
        vip: row.vip,
        alert: row.alert,
    }
}

/// What is kept of a contact.
pub fn rows(draft: ContactDraft, id: String, made_by: Option<&str>, now_ms: i64) -> (ContactRow, Vec<ContactPhone>) {
    let row = ContactRow {
        id,
        name: draft.name,
        company: draft.company,
        email: draft.email,
        note: draft.note,
        tags: draft.tags,
        kind: draft.kind,
        responsible_id: draft.responsible_id,
        vip: draft.vip,
        alert: draft.alert,
        made_by: made_by.map(str::to_owned),
        created_ms: now_ms,
        updated_ms: now_ms,
    };
    (row, draft.phones)
}

fn whole(
    row: ContactRow,
    phones: Vec<ContactPhone>,
    talk: Option<&CallRow>,
    missed_open: i64,
    directory: &Directory,
) -> Contact {
    let person = |id: &Option<String>| id.as_deref().and_then(|id| directory.user_ref(id)).cloned();
    let last_talk = talk.map(|talk| ContactTalk {
        call: talk.id.clone(),
        at: UtcMs(talk.started_ms),
        direction: Direction::parse(&talk.direction).unwrap_or(Direction::In),
        user: person(&talk.user_id),
    });
    Contact {
        last_talk,
        missed_open,
        responsible: person(&row.responsible_id),
        id: row.id,
        name: row.name,
        company: row.company,
        phones,
        email: row.email,
        note: row.note,
        tags: row.tags,
        kind: row.kind,
        vip: row.vip,
        alert: row.alert,
        created_at: UtcMs(row.created_ms),
        updated_at: UtcMs(row.updated_ms),
    }
}
