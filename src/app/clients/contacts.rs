//! Clients and leads: kept, found, and recognised by their numbers.

use crate::app::App;
use crate::app::clients::draft::{ContactDraft, ContactPatch};
use crate::app::directory::Directory;
use crate::domain::contact::{Contact, ContactKind, ContactPhone};
use crate::domain::fault::Fault;
use crate::domain::fold::{like_anywhere, search_patterns};
use crate::domain::phone::Phone;
use crate::domain::text::clean_line;
use crate::domain::time::UtcMs;
use crate::error::{Error, Result};
use crate::store::tables::contact_phones;
use crate::store::tables::contacts::{self, ContactFilter, ContactKey, ContactRow};
use crate::store::tx::{Topic, Tx};

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

/// At most `limit` contacts after `after`, newest first.
pub async fn list(app: &App, query: ContactQuery, after: Option<(i64, String)>, limit: usize) -> Result<Vec<Contact>> {
    let after = after.map(|(created_ms, id)| ContactKey { created_ms, id });
    let directory = app.directory().await?;
    let filter = filter(query, &directory.settings.region)?;
    let limit = i64::try_from(limit).map_err(Error::internal)?;
    let found = app.store.list(move |tx| contacts::list(tx, &filter, after.as_ref(), limit)).await?;
    Ok(found.into_iter().map(|(row, phones)| whole(row, phones, &directory)).collect())
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
            contacts::update(tx, &row)?;
            contact_phones::delete_of(tx, &id)?;
            insert_phones(tx, &id, &phones)?;
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
    if matches.len() > 1 {
        let order = contacts::list_ids_by_preference(tx, number)?;
        matches.sort_by_key(|contact| order.iter().position(|id| *id == contact.id));
    }
    Ok(matches)
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
    contacts::update(tx, &row)?;
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
    contacts::insert(tx, row)?;
    insert_phones(tx, &row.id, phones)?;
    tx.notify(Topic::Contact, &row.id);
    Ok(())
}

fn insert_phones(tx: &mut Tx, id: &str, phones: &[ContactPhone]) -> Result<()> {
    for (position, phone) in (0_i64..).zip(phones) {
        contact_phones::insert(tx, id, phone, position)?;
    }
    Ok(())
}

fn filter(query: ContactQuery, region: &str) -> Result<ContactFilter> {
    for (field, text) in [("q", &query.q), ("phone", &query.phone), ("tag", &query.tag)] {
        // SQLite refuses patterns that are much longer.
        if text.as_ref().is_some_and(|text| text.chars().count() > QUERY_CHARS) {
            return Err(Error::field(field, Fault::TooLong { most: QUERY_CHARS }));
        }
    }
    let tag_pattern = match query.tag {
        Some(tag) => {
            let quoted = serde_json::to_string(&clean_line(&tag)).map_err(Error::internal)?;
            Some(like_anywhere(&quoted))
        }
        None => None,
    };
    Ok(ContactFilter {
        patterns: query.q.filter(|q| !q.trim().is_empty()).map(|q| search_patterns(&clean_line(&q))),
        number: query.phone.map(|phone| Phone::parse(&phone, region).as_str().to_owned()),
        responsible_id: query.responsible,
        kind: query.kind,
        tag_pattern,
    })
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
    }
}

fn rows(draft: ContactDraft, id: String, made_by: Option<&str>, now_ms: i64) -> (ContactRow, Vec<ContactPhone>) {
    let search_key = draft.search_key();
    let row = ContactRow {
        id,
        name: draft.name,
        company: draft.company,
        email: draft.email,
        note: draft.note,
        tags: draft.tags,
        kind: draft.kind,
        responsible_id: draft.responsible_id,
        made_by: made_by.map(str::to_owned),
        search_key,
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
        created_at: UtcMs(row.created_ms),
        updated_at: UtcMs(row.updated_ms),
    }
}
