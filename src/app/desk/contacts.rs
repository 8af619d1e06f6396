//! Contacts as people make, change and delete them. Whose a number is decides with which others it waits on the board.

use std::collections::BTreeSet;

use crate::app::App;
use crate::app::audit::Note;
use crate::app::calls::board;
use crate::app::clients::changes;
use crate::app::clients::contacts::{self, draft, rows, shown};
use crate::app::clients::draft::{ContactDraft, ContactPatch};
use crate::app::directory::Directory;
use crate::domain::audit::Action;
use crate::domain::client::Contact;
use crate::domain::contact::ContactPhone;
use crate::domain::fault::Fault;
use crate::error::{Code, Error, Result};
use crate::store::tables::contacts::{self as table, ContactRow};
use crate::store::tables::{contact_phones, contact_talks};
use crate::store::tx::{Topic, Tx};

/// A new contact.
///
/// # Errors
/// `Invalid`, naming every refused member.
pub async fn create(app: &App, patch: ContactPatch) -> Result<Contact> {
    let directory = app.directory().await?;
    let draft = ContactDraft::default().with(accepted(patch, &directory)?)?;
    let (id, now_ms) = (app.clock.new_id(), app.clock.now_ms());
    app.store
        .write(move |tx| {
            make(tx, &id, draft.clone(), now_ms, &directory)?;
            shown(tx, &id, &directory)?.ok_or_else(|| Error::internal("a contact that was made is gone"))
        })
        .await
}

/// As [`create`], inside a larger transaction.
pub fn make(tx: &mut Tx, id: &str, draft: ContactDraft, now_ms: i64, directory: &Directory) -> Result<()> {
    let numbers = numbers_of(&draft.phones);
    board::change_owners(tx, &numbers, directory, |tx| contacts::make(tx, id, draft, None, now_ms))
}

/// Writes a contact over, inside a larger transaction; `before` are the numbers that it had.
pub fn rewrite(
    tx: &mut Tx,
    before: &[ContactPhone],
    row: &ContactRow,
    phones: &[ContactPhone],
    directory: &Directory,
) -> Result<()> {
    let mut numbers = BTreeSet::new();
    if before != phones {
        numbers = numbers_of(phones);
        numbers.extend(numbers_of(before));
    }
    board::change_owners(tx, &numbers, directory, |tx| {
        table::update(tx, row, phones)?;
        contact_talks::refresh(tx, &row.id)?;
        tx.notify(Topic::Contact, &row.id);
        Ok(())
    })
}

/// Deletes a contact inside a larger transaction; its calls stay.
pub fn remove(tx: &mut Tx, id: &str, directory: &Directory) -> Result<()> {
    let numbers = contact_phones::list_numbers(tx, id)?.into_iter().collect();
    board::change_owners(tx, &numbers, directory, |tx| {
        if !table::delete(tx, id)? {
            return Err(Error::NotFound("contact"));
        }
        tx.notify(Topic::Contact, id);
        Ok(())
    })
}

/// Changes what `patch` names; what changed, and by whom, is kept. A contact that automation made counts as touched from
/// then on. `by` is a user's id, `seen` what he saw in the fields that he changes.
///
/// # Errors
/// `NotFound`; `Invalid`, naming every refused member; `Changed` `contact_changed` when a field of `seen` is another by now.
pub async fn update(app: &App, by: &str, id: &str, patch: ContactPatch, seen: ContactPatch) -> Result<Contact> {
    let directory = app.directory().await?;
    let patch = accepted(patch, &directory)?;
    let (id, user_id, change_id, now_ms) = (id.to_owned(), by.to_owned(), app.clock.new_id(), app.clock.now_ms());
    app.store
        .write(move |tx| {
            let id = contacts::current_id(tx, &id)?;
            let mut numbers = BTreeSet::new();
            if let Some(phones) = &patch.phones {
                numbers = numbers_of(phones);
                numbers.extend(contact_phones::list_numbers(tx, &id)?);
            }
            board::change_owners(tx, &numbers, &directory, |tx| {
                if !table::lock(tx, &id)? {
                    return Err(Error::NotFound("contact"));
                }
                let (row, phones) = table::find(tx, &id)?.ok_or(Error::NotFound("contact"))?;
                let created_ms = row.created_ms;
                let before = draft(row, phones);
                let after = before.clone().with(patch.clone())?;
                let is_as_seen = before.clone().with(seen.clone()).is_ok_and(|seen| seen == before);
                if !is_as_seen && after != before {
                    return Err(contact_changed(tx, &id, &directory)?);
                }
                changes::keep(tx, &change_id, &id, Some(&user_id), now_ms, [&before, &after])?;
                let (mut row, phones) = rows(after, id.clone(), None, now_ms);
                row.created_ms = created_ms;
                table::update(tx, &row, &phones)?;
                contact_talks::refresh(tx, &id)?;
                tx.notify(Topic::Contact, &id);
                Ok(())
            })?;
            shown(tx, &id, &directory)?.ok_or(Error::NotFound("contact"))
        })
        .await
        .inspect_err(|error| app.damages.note_of(error))
}

fn contact_changed(tx: &mut Tx, id: &str, directory: &Directory) -> Result<Error> {
    let contact = serde_json::to_value(shown(tx, id, directory)?).map_err(Error::internal)?;
    let current = serde_json::Map::from_iter([("contact".to_owned(), contact)]);
    let detail = "somebody changed this contact meanwhile";
    Ok(Error::Changed { code: Code::ContactChanged, detail, current: Box::new(current) })
}

/// Deletes a contact; its calls stay.
///
/// # Errors
/// `NotFound`.
pub async fn delete(app: &App, id: &str) -> Result<()> {
    let (directory, id) = (app.directory().await?, id.to_owned());
    let note = Note::new(app, Action::ContactDeleted).about(&id, "");
    app.store
        .write(move |tx| {
            remove(tx, &id, &directory)?;
            note.keep(tx)
        })
        .await
}

fn numbers_of(phones: &[ContactPhone]) -> BTreeSet<String> {
    phones.iter().map(|phone| phone.number.clone()).collect()
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
