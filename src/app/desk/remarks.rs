//! What people say of a call: the note, the outcome, the promise, who the client is; and that they have seen it.

use crate::app::App;
use crate::app::calls::row::facts_to_show;
use crate::app::calls::talks;
use crate::app::desk::view::{self, audience};
use crate::app::desk::{past, promise_draft, promises};
use crate::app::directory::Directory;
use crate::domain::call::Call;
use crate::domain::fault::Fault;
use crate::domain::text::clean;
use crate::domain::time::UtcMs;
use crate::domain::user::{Role, User};
use crate::error::{Code, Error, Prohibition, Result};
use crate::store::tables::calls::{self, CallRow, Extent};
use crate::store::tables::figure_days::{self, day_of};
use crate::store::tables::{call_figures, client_numbers, contacts, dismissals};
use crate::store::tx::{Topic, Tx};

const NOTE_CHARS: usize = 10_000;

/// What a person may say of a call; absent members stay.
#[derive(Clone, Debug, Default)]
pub struct CallPatch {
    pub note: Option<String>,
    /// The note that the person saw when he wrote; 0: there was none.
    pub note_rev: i64,
    /// An outcome's id; empty: none.
    pub outcome: Option<String>,
    /// When it is due, and its words; `Some(None)`: nothing is promised.
    pub promise: Option<Option<(UtcMs, String)>>,
    /// A contact's id; `Some(None)`: the number's own again.
    pub contact: Option<Option<String>>,
}

impl CallPatch {
    fn cleaned(self) -> Result<Self> {
        let limited = |field, text: Option<String>, limit| match text {
            Some(text) if text.chars().count() > limit => Err(Error::field(field, Fault::TooLong { most: limit })),
            text => Ok(text),
        };
        Ok(Self {
            note_rev: self.note_rev,
            note: limited("note", self.note.map(|text| clean(&text)), NOTE_CHARS)?,
            outcome: self.outcome,
            promise: self.promise,
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
    let draft = |promise: Option<(UtcMs, String)>| {
        promise.map(|(due_at, text)| promise_draft::draft(app, &directory, &user, due_at, &text)).transpose()
    };
    let promise = patch.promise.clone().map(draft).transpose()?;
    let (changed, number_id) = (id.clone(), app.clock.new_id());
    let turns = turns(app, &id, &patch).await?;
    app.store
        .write_in_turn(turns, move |tx| {
            let mut row = calls::lock(tx, &id)?.ok_or(Error::NotFound("call"))?;
            may_change(&directory, &user, &row)?;
            if let Some(outcome) = &patch.outcome {
                choose_outcome(&directory, &mut row, outcome)?;
                call_figures::set_outcome(tx, &row.id, outcome)?;
                figure_days::void(tx, day_of(row.started_ms))?;
            }
            if let Some(contact) = &patch.contact {
                choose_contact(tx, &mut row, contact.as_deref(), &number_id)?;
            }
            if let Some(promise) = &promise {
                promises::of_call(tx, &row, promise.as_ref())?;
            }
            keep_note(tx, &mut row, &patch, &user, &directory)?;
            calls::save(tx, &row, Extent::All)?;
            tx.notify(Topic::Call, &row.id);
            Ok(())
        })
        .await?;
    past::get(app, &changed).await
}

/// At the client's number, where more than the call's own row is written: in turn with what is heard of him.
async fn turns(app: &App, id: &str, patch: &CallPatch) -> Result<Vec<String>> {
    if patch.contact.is_none() && patch.promise.is_none() {
        return Ok(Vec::new());
    }
    let id = id.to_owned();
    let row = app.store.show(move |tx| calls::find(tx, &id)).await?;
    Ok(row.map(|row| row.phone).into_iter().collect())
}

fn may_change(directory: &Directory, user: &User, row: &CallRow) -> Result<()> {
    let is_own = row.user_id.as_ref() == Some(&user.id)
        || audience(directory, row, &facts_to_show(directory, row)).contains(&user.id);
    if user.role >= Role::Manager || is_own {
        return Ok(());
    }
    Err(Error::Forbidden(Prohibition::AnothersCall))
}

/// What is archived stays where it is, and is chosen no more; empty is none.
fn choose_outcome(directory: &Directory, row: &mut CallRow, id: &str) -> Result<()> {
    let is_in_use = directory.settings.outcomes.iter().any(|outcome| outcome.id == id && !outcome.is_archived);
    if !id.is_empty() && !is_in_use && row.outcome != id {
        return Err(Error::field("outcome", Fault::Unknown));
    }
    id.clone_into(&mut row.outcome);
    Ok(())
}

/// The contact chosen for the call is from now on the one shown for its number.
fn choose_contact(tx: &mut Tx, row: &mut CallRow, contact_id: Option<&str>, number_id: &str) -> Result<()> {
    if let Some(id) = contact_id
        && contacts::find(tx, id)?.is_none()
    {
        return Err(Error::field("contact", Fault::UnknownContact));
    }
    let before = std::mem::replace(&mut row.contact_id, contact_id.map(str::to_owned));
    let mut number = client_numbers::lock(tx, &row.phone, number_id)?;
    number.contact_id.clone_from(&row.contact_id);
    client_numbers::save(tx, &number)?;
    calls::save(tx, row, Extent::All)?;
    talks::of_call(tx, row, before.as_deref())
}

/// The note belongs to the first call of a chain of transfers. What is written already, by whomever and however often it
/// is sent, is kept as it is.
fn keep_note(tx: &mut Tx, row: &mut CallRow, patch: &CallPatch, user: &User, directory: &Directory) -> Result<()> {
    let Some(note) = &patch.note else { return Ok(()) };
    let root = view::first_of_chain(tx, row)?;
    if root.id == row.id {
        return write_note(row, note, patch.note_rev, user, directory);
    }
    let Some(mut root) = calls::lock(tx, &root.id)? else { return Ok(()) };
    write_note(&mut root, note, patch.note_rev, user, directory)?;
    calls::save(tx, &root, Extent::All)?;
    tx.notify(Topic::Call, &root.id);
    Ok(())
}

fn write_note(row: &mut CallRow, note: &str, seen_rev: i64, user: &User, directory: &Directory) -> Result<()> {
    if row.note == note {
        return Ok(());
    }
    if seen_rev < row.note_rev {
        let by = row.note_by.as_deref().and_then(|id| directory.user_ref(id));
        let current = serde_json::json!({"note": row.note, "note_rev": row.note_rev, "note_by": by});
        let serde_json::Value::Object(current) = current else { return Err(Error::internal("a note is an object")) };
        let detail = "somebody else has written this note since: join both";
        return Err(Error::Changed { code: Code::NoteChanged, detail, current: Box::new(current) });
    }
    note.clone_into(&mut row.note);
    row.note_rev += 1;
    row.note_by = Some(user.id.clone());
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
