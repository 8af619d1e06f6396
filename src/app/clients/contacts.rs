//! Clients and leads: kept, found, and recognised by their numbers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::app::clients::draft::{ContactDraft, ContactPatch};
use crate::app::directory::Directory;
use crate::domain::contact::{Contact, ContactKind, ContactPhone};
use crate::domain::fault::Fault;
use crate::domain::page::Found;
use crate::domain::phone::Phone;
use crate::domain::search::Search;
use crate::domain::text::clean_line;
use crate::domain::time::UtcMs;
use crate::error::{Error, Result};
use crate::store::tables::contact_phones;
use crate::store::tables::contacts::{self, ContactHead, ContactRow};
use crate::store::tables::search_texts::{self, Kind};
use crate::store::tx::{Topic, Tx};
use crate::store::walk::{Stretch, walk};

/// The longest text to search for.
const QUERY_CHARS: usize = 200;

/// What a list is asked for; an absent member does not restrict.
#[derive(Clone, Debug, Default)]
pub struct ContactQuery {
    /// Any part of name, company, number or e-mail.
    pub q: Option<String>,
    pub phone: Option<String>,
    /// A user's id.
    pub responsible: Option<String>,
    pub kind: Option<ContactKind>,
    pub tag: Option<String>,
}

impl ContactQuery {
    /// With the number and the tag in the form that the store keeps.
    fn normal(mut self, region: &str) -> Result<Self> {
        let texts = [("q", &self.q), ("phone", &self.phone), ("responsible", &self.responsible), ("tag", &self.tag)];
        for (field, text) in texts {
            if text.as_ref().is_some_and(|text| text.chars().count() > QUERY_CHARS) {
                return Err(Error::field(field, Fault::TooLong { most: QUERY_CHARS }));
            }
        }
        self.phone = self.phone.map(|phone| Phone::parse(&phone, region).as_str().to_owned());
        self.tag = self.tag.map(|tag| clean_line(&tag));
        Ok(self)
    }

    /// Whether responsible, kind and tag are those that are wanted.
    fn picks(&self, head: &ContactHead) -> bool {
        self.responsible.as_ref().is_none_or(|id| head.responsible_id.as_ref() == Some(id))
            && self.kind.is_none_or(|kind| head.kind == kind)
            && self.tag.as_ref().is_none_or(|tag| head.tags.contains(tag))
    }
}

/// A place in the list of contacts: by creation and id, or in what a search found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ContactPlace {
    Listed(i64, String),
    Searched(i64),
}

impl ContactPlace {
    /// When the contact there was created.
    pub fn at(&self) -> UtcMs {
        match self {
            Self::Listed(created_ms, _) => UtcMs(*created_ms),
            Self::Searched(id) => UtcMs(Kind::at_ms(*id)),
        }
    }
}

/// At most `limit` contacts after `after`, newest first.
///
/// # Errors
/// `Invalid` for a text that is too long, and for a place that is none of this list.
pub async fn list(
    app: &App,
    query: ContactQuery,
    after: Option<ContactPlace>,
    limit: usize,
) -> Result<Found<Contact, ContactPlace>> {
    let directory = app.directory().await?;
    let query = query.normal(&directory.settings.region)?;
    app.store
        .list(move |tx| {
            let found = find(tx, &query, after.clone(), limit)?;
            let ids: Vec<_> = found.rows.iter().map(|head| head.id.as_str()).collect();
            let rows = contacts::list(tx, &ids)?.into_iter();
            let mut rows: BTreeMap<_, _> = rows.map(|(row, phones)| (row.id.clone(), (row, phones))).collect();
            found.try_map(|head| {
                let (row, phones) = rows.remove(&head.id).ok_or_else(|| Error::internal("a listed contact is gone"))?;
                Ok(whole(row, phones, &directory))
            })
        })
        .await
}

fn find(
    tx: &mut Tx,
    query: &ContactQuery,
    after: Option<ContactPlace>,
    limit: usize,
) -> Result<Found<ContactHead, ContactPlace>> {
    let search = query.q.as_deref().and_then(Search::parse);
    let picks = |head: &ContactHead| query.picks(head);
    if let (Some(search), None) = (&search, &query.phone) {
        let below = match after {
            None => i64::MAX,
            Some(ContactPlace::Searched(id)) => id,
            Some(ContactPlace::Listed(..)) => return Err(foreign_cursor()),
        };
        let stretch = |below: &i64| contacts::walk_found(tx, search, *below);
        let found = walk(limit, below, |(id, _)| *id, |(_, head)| picks(head), stretch)?;
        return found.map_places(ContactPlace::Searched).try_map(|(_, head)| Ok(head));
    }
    let from = match after {
        None => (i64::MAX, String::new()),
        Some(ContactPlace::Listed(created_ms, id)) => (created_ms, id),
        Some(ContactPlace::Searched(_)) => return Err(foreign_cursor()),
    };
    let stretch = |at: &(i64, String)| match &query.phone {
        None => contacts::walk_all(tx, at),
        Some(number) => of_number_after(tx, number, search.as_ref(), at),
    };
    let found = walk(limit, from, ContactHead::key, picks, stretch)?;
    Ok(found.map_places(|(created_ms, id)| ContactPlace::Listed(created_ms, id)))
}

fn foreign_cursor() -> Error {
    Error::field("cursor", Fault::NotACursor)
}

/// A number is nobody's or few people's: all of them at once.
fn of_number_after(
    tx: &mut Tx,
    number: &str,
    search: Option<&Search>,
    after: &(i64, String),
) -> Result<Stretch<ContactHead, (i64, String)>> {
    let mut ids = contact_phones::list_contacts(tx, number)?;
    if let Some(search) = search {
        let mut found = Vec::new();
        for id in ids {
            let text = search_texts::find(tx, &id)?.unwrap_or_default();
            found.extend(search.is_in(&text).then_some(id));
        }
        ids = found;
    }
    let ids: Vec<_> = ids.iter().map(String::as_str).collect();
    let mut rows = contacts::list_heads(tx, &ids)?;
    rows.retain(|head| head.key() < *after);
    Ok(Stretch::merge(vec![Stretch { rows, reached: None }], ContactHead::key))
}

/// The contact of this id.
///
/// # Errors
/// `NotFound`.
pub async fn get(app: &App, id: &str) -> Result<Contact> {
    let directory = app.directory().await?;
    let id = id.to_owned();
    let found = app.store.show(move |tx| contacts::find(tx, &id)).await?;
    let (row, phones) = found.ok_or(Error::NotFound("contact"))?;
    Ok(whole(row, phones, &directory))
}

/// A new contact.
///
/// # Errors
/// `Invalid`, naming every refused member.
pub async fn create(app: &App, patch: ContactPatch) -> Result<Contact> {
    let directory = app.directory().await?;
    let patch = accepted(patch, &directory)?;
    let draft = ContactDraft::default().with(patch)?;
    let (row, phones) = rows(draft, app.clock.new_id(), None, app.clock.now_ms());
    let (kept_row, kept_phones) = (row.clone(), phones.clone());
    app.store.write(move |tx| insert(tx, &kept_row, &kept_phones)).await?;
    Ok(whole(row, phones, &directory))
}

/// Changes what `patch` names. A contact that automation made counts as touched from then on.
///
/// # Errors
/// `NotFound`; `Invalid`, naming every refused member.
pub async fn update(app: &App, id: &str, patch: ContactPatch) -> Result<Contact> {
    let directory = app.directory().await?;
    let patch = accepted(patch, &directory)?;
    let (id, now_ms) = (id.to_owned(), app.clock.now_ms());
    let (row, phones) = app
        .store
        .write(move |tx| {
            if !contacts::lock(tx, &id)? {
                return Err(Error::NotFound("contact"));
            }
            let (before, phones) = contacts::find(tx, &id)?.ok_or(Error::NotFound("contact"))?;
            let created_ms = before.created_ms;
            let draft = draft(before, phones).with(patch.clone())?;
            let (mut row, phones) = rows(draft, id.clone(), None, now_ms);
            row.created_ms = created_ms;
            contacts::update(tx, &row, &phones)?;
            tx.notify(Topic::Contact, &id);
            Ok((row, phones))
        })
        .await
        .inspect_err(|error| app.damages.note_of(error))?;
    Ok(whole(row, phones, &directory))
}

/// Deletes a contact; its calls stay.
///
/// # Errors
/// `NotFound`.
pub async fn delete(app: &App, id: &str) -> Result<()> {
    let id = id.to_owned();
    app.store
        .write(move |tx| {
            if !contacts::delete(tx, &id)? {
                return Err(Error::NotFound("contact"));
            }
            tx.notify(Topic::Contact, &id);
            Ok(())
        })
        .await
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
    insert(tx, &row, &phones)
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

fn accepted(patch: ContactPatch, directory: &Directory) -> Result<ContactPatch> {
    let patch = patch.checked(&directory.settings.region)?;
    if let Some(Some(id)) = &patch.responsible
        && directory.user(id).is_none()
    {
        return Err(Error::field("responsible", Fault::UnknownUser));
    }
    Ok(patch)
}

fn draft(row: ContactRow, phones: Vec<ContactPhone>) -> ContactDraft {
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

fn rows(draft: ContactDraft, id: String, made_by: Option<&str>, now_ms: i64) -> (ContactRow, Vec<ContactPhone>) {
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

fn whole(row: ContactRow, phones: Vec<ContactPhone>, directory: &Directory) -> Contact {
    Contact {
        responsible: row.responsible_id.as_deref().and_then(|id| directory.user_ref(id)).cloned(),
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
