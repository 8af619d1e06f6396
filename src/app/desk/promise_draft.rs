//! A promise before it is made: to whom, what, and until when.

use crate::app::App;
use crate::app::clients::contacts;
use crate::app::desk::view;
use crate::app::directory::Directory;
use crate::domain::fault::Fault;
use crate::domain::phone::Phone;
use crate::domain::text::clean_line;
use crate::domain::time::UtcMs;
use crate::domain::user::User;
use crate::error::{Error, Result};
use crate::store::tables::calls::{self, CallRow};
use crate::store::tables::contacts as contact_rows;
use crate::store::tables::promises::PromiseRow;
use crate::store::tx::Tx;

const TEXT_CHARS: usize = 200;

/// To whom something is promised: by the first of these that is given.
#[derive(Clone, Debug, Default)]
pub struct Whom {
    /// A call's id: its client.
    pub call: Option<String>,
    /// A contact's id.
    pub contact: Option<String>,
    pub number: Option<String>,
}

/// What a request says of a promise; absent members stay.
#[derive(Clone, Debug, Default)]
pub struct PromisePatch {
    pub due_at: Option<UtcMs>,
    pub text: Option<String>,
    /// A user's id.
    pub user: Option<String>,
    /// A person's word: done, or not done after all.
    pub is_done: Option<bool>,
}

impl PromisePatch {
    /// # Errors
    /// `Invalid`, naming what cannot be kept.
    pub fn cleaned(self, directory: &Directory) -> Result<Self> {
        if self.user.as_ref().is_some_and(|id| directory.user(id).is_none()) {
            return Err(Error::field("user", Fault::UnknownUser));
        }
        let text = self.text.map(|text| clean_line(&text));
        if text.as_ref().is_some_and(|text| text.chars().count() > TEXT_CHARS) {
            return Err(Error::field("text", Fault::TooLong { most: TEXT_CHARS }));
        }
        Ok(Self { text, ..self })
    }

    pub fn lay_over(&self, row: &mut PromiseRow, now_ms: i64) {
        if let Some(due_at) = self.due_at
            && due_at.0 != row.due_ms
        {
            row.due_ms = due_at.0;
            row.rung_ms = None;
        }
        if let Some(text) = &self.text {
            row.text.clone_from(text);
        }
        if let Some(user) = &self.user {
            row.user_id.clone_from(user);
        }
        match self.is_done {
            Some(true) => row.said_ms = row.said_ms.or(Some(now_ms)),
            Some(false) => row.said_ms = None,
            None => {}
        }
    }
}

/// A promise that nobody has made yet, for `of_call`.
///
/// # Errors
/// `Invalid` when its words are too long.
pub fn draft(app: &App, directory: &Directory, user: &User, due_at: UtcMs, text: &str) -> Result<PromiseRow> {
    let patch = PromisePatch { due_at: Some(due_at), text: Some(text.to_owned()), ..PromisePatch::default() }
        .cleaned(directory)?;
    let mut row = blank();
    (row.id, row.made_ms) = (app.clock.new_id(), app.clock.now_ms());
    row.user_id.clone_from(&user.id);
    patch.lay_over(&mut row, 0);
    Ok(row)
}

fn blank() -> PromiseRow {
    PromiseRow {
        id: String::new(),
        call_id: None,
        number: String::new(),
        contact_id: None,
        user_id: String::new(),
        due_ms: 0,
        text: String::new(),
        made_ms: 0,
        said_ms: None,
        done_ms: None,
        done_by_call: None,
        rung_ms: None,
    }
}

/// A promise of which no more is known than to whom it is made.
pub fn addressed(tx: &mut Tx, whom: &Whom, directory: &Directory) -> Result<PromiseRow> {
    if let Some(id) = &whom.call {
        let call = calls::find(tx, id)?.ok_or(Error::NotFound("call"))?;
        let (number, contact_id) = client_of(tx, &call)?;
        return Ok(PromiseRow { call_id: Some(call.id), number, contact_id, ..blank() });
    }
    if let Some(id) = &whom.contact {
        let (contact, phones) = contact_rows::find(tx, id)?.ok_or(Error::field("contact", Fault::UnknownContact))?;
        let phone = phones.into_iter().next().ok_or(Error::field("contact", Fault::NotANumber))?;
        return Ok(PromiseRow { number: phone.number, contact_id: Some(contact.id), ..blank() });
    }
    let number = whom.number.as_ref().ok_or(Error::field("number", Fault::Required))?;
    let number = Phone::parse(number, &directory.settings.region);
    if !number.is_dialable() {
        return Err(Error::field("number", Fault::NotANumber));
    }
    let number = number.as_str().to_owned();
    let contact_id = contacts::of_number(tx, &number)?.into_iter().next().map(|contact| contact.id);
    Ok(PromiseRow { number, contact_id, ..blank() })
}

/// The number and the contact that are shown for a call.
pub fn client_of(tx: &mut Tx, call: &CallRow) -> Result<(String, Option<String>)> {
    let root = view::first_of_chain(tx, call)?;
    let chosen = call.contact_id.clone().or_else(|| root.contact_id.clone());
    let contact_id = match chosen {
        Some(id) => Some(id),
        None => contacts::of_number(tx, &root.phone)?.into_iter().next().map(|contact| contact.id),
    };
    Ok((root.phone, contact_id))
}
