//! What people say of a call: the note, the outcome, the next step, who the client is; and that they have seen it.

use crate::app::App;
use crate::app::calls::row::{read_facts, search_key};
use crate::app::desk::view::{self, audience};
use crate::app::directory::Directory;
use crate::domain::call::Call;
use crate::domain::text::{clean, clean_line};
use crate::domain::user::{Role, User};
use crate::error::{Error, Result};
use crate::store::tables::calls::{self, CallRow, Extent};
use crate::store::tables::{client_numbers, contacts, dismissals};
use crate::store::tx::{Topic, Tx};

const NOTE_CHARS: usize = 10_000;
const LINE_CHARS: usize = 200;

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
    let number_id = app.clock.new_id();
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
                choose_contact(tx, &mut row, contact.as_deref(), &number_id)?;
            }
            if let Some(note) = &patch.note {
                keep_note(tx, &mut row, note)?;
            }
            row.search_key = search_key(&row);
            calls::save(tx, &row, Extent::All)?;
            tx.notify(Topic::Call, &row.id);
            view::of_row(tx, &directory, &row)
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
fn choose_contact(tx: &mut Tx, row: &mut CallRow, contact_id: Option<&str>, number_id: &str) -> Result<()> {
    if let Some(id) = contact_id
        && contacts::find(tx, id)?.is_none()
    {
        return Err(Error::field("contact", "there is no such contact"));
    }
    row.contact_id = contact_id.map(str::to_owned);
    let mut number = client_numbers::lock(tx, &row.phone, number_id)?;
    number.contact_id.clone_from(&row.contact_id);
    client_numbers::save(tx, &number)?;
    Ok(())
}

/// The note belongs to the first call of a chain of transfers.
fn keep_note(tx: &mut Tx, row: &mut CallRow, note: &str) -> Result<()> {
    let root = view::first_of_chain(tx, row)?;
    if root.id == row.id {
        note.clone_into(&mut row.note);
        return Ok(());
    }
    let Some(mut root) = calls::lock(tx, &root.id)? else { return Ok(()) };
    note.clone_into(&mut root.note);
    root.search_key = search_key(&root);
    calls::save(tx, &root, Extent::All)?;
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
