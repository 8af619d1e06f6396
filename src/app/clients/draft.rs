//! A contact as somebody typed it, made fit to keep: cleaned, normalised, within its limits.

use serde::{Deserialize, Serialize};

use crate::domain::contact::{ContactKind, ContactPhone};
use crate::domain::fault::Fault;
use crate::domain::phone::Phone;
use crate::domain::text::{clean, clean_line};
use crate::error::{Error, FieldError, Result};

const LINE_CHARS: usize = 200;
pub const NOTE_CHARS: usize = 10_000;
const ALERT_CHARS: usize = 140;
const EMAIL_CHARS: usize = 254;
const LABEL_CHARS: usize = 50;
const NUMBER_CHARS: usize = 100;
pub const LIST_LENGTH: usize = 20;

/// What a request changes; absent members stay as they are.
#[derive(Clone, Debug, Default)]
pub struct ContactPatch {
    pub name: Option<String>,
    pub company: Option<String>,
    pub phones: Option<Vec<ContactPhone>>,
    pub email: Option<String>,
    pub note: Option<String>,
    pub tags: Option<Vec<String>>,
    pub kind: Option<ContactKind>,
    /// A user's id; `Some(None)`: nobody.
    pub responsible: Option<Option<String>>,
    pub vip: Option<bool>,
    pub alert: Option<String>,
}

/// A contact's own members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactDraft {
    pub name: String,
    pub company: String,
    pub phones: Vec<ContactPhone>,
    pub email: String,
    pub note: String,
    pub tags: Vec<String>,
    pub kind: ContactKind,
    pub responsible_id: Option<String>,
    pub vip: bool,
    pub alert: String,
}

impl Default for ContactDraft {
    fn default() -> Self {
        Self {
            name: String::new(),
            company: String::new(),
            phones: Vec::new(),
            email: String::new(),
            note: String::new(),
            tags: Vec::new(),
            kind: ContactKind::Client,
            responsible_id: None,
            vip: false,
            alert: String::new(),
        }
    }
}

impl ContactPatch {
    /// The patch with its text cleaned and its numbers normalised for `region`.
    ///
    /// # Errors
    /// `Invalid`, naming every refused member.
    pub fn checked(self, region: &str) -> Result<Self> {
        let mut errors = Vec::new();
        let checked = Self {
            name: self.name.map(|name| line("name", &name, LINE_CHARS, &mut errors)),
            company: self.company.map(|company| line("company", &company, LINE_CHARS, &mut errors)),
            phones: self.phones.map(|phones| numbers(phones, region, &mut errors)),
            email: self.email.map(|email| address(&email, &mut errors)),
            note: self.note.map(|note| limited("note", clean(&note), NOTE_CHARS, &mut errors)),
            tags: self.tags.map(|tags| labels(tags, &mut errors)),
            kind: self.kind,
            responsible: self.responsible,
            vip: self.vip,
            alert: self.alert.map(|alert| line("alert", &alert, ALERT_CHARS, &mut errors)),
        };
        Error::unless_empty(errors).map(|()| checked)
    }
}

impl ContactDraft {
    /// This contact with the patch applied.
    ///
    /// # Errors
    /// `Invalid` when nothing is left by which the contact could be known.
    pub fn with(self, patch: ContactPatch) -> Result<Self> {
        let draft = Self {
            name: patch.name.unwrap_or(self.name),
            company: patch.company.unwrap_or(self.company),
            phones: patch.phones.unwrap_or(self.phones),
            email: patch.email.unwrap_or(self.email),
            note: patch.note.unwrap_or(self.note),
            tags: patch.tags.unwrap_or(self.tags),
            kind: patch.kind.unwrap_or(self.kind),
            responsible_id: patch.responsible.unwrap_or(self.responsible_id),
            vip: patch.vip.unwrap_or(self.vip),
            alert: patch.alert.unwrap_or(self.alert),
        };
        let is_known = [&draft.name, &draft.company, &draft.email].iter().any(|text| !text.is_empty());
        if !is_known && draft.phones.is_empty() {
            return Err(Error::field("name", Fault::Nameless));
        }
        Ok(draft)
    }
}

impl ContactDraft {
    /// This contact with each member that is still as `after` has it put back to what it was.
    pub fn back_to(self, before: &Self, after: &Self) -> Self {
        fn back<T: PartialEq + Clone>(now: T, before: &T, after: &T) -> T {
            if now == *after { before.clone() } else { now }
        }
        Self {
            name: back(self.name, &before.name, &after.name),
            company: back(self.company, &before.company, &after.company),
            phones: back(self.phones, &before.phones, &after.phones),
            email: back(self.email, &before.email, &after.email),
            note: back(self.note, &before.note, &after.note),
            tags: back(self.tags, &before.tags, &after.tags),
            kind: back(self.kind, &before.kind, &after.kind),
            responsible_id: back(self.responsible_id, &before.responsible_id, &after.responsible_id),
            vip: back(self.vip, &before.vip, &after.vip),
            alert: back(self.alert, &before.alert, &after.alert),
        }
    }
}

fn refuse(errors: &mut Vec<FieldError>, field: impl Into<String>, fault: Fault) {
    errors.push(FieldError::new(field, fault));
}

fn limited(field: &str, text: String, most: usize, errors: &mut Vec<FieldError>) -> String {
    if text.chars().count() > most {
        refuse(errors, field, Fault::TooLong { most });
    }
    text
}

fn line(field: &str, text: &str, most: usize, errors: &mut Vec<FieldError>) -> String {
    limited(field, clean_line(text), most, errors)
}

fn address(email: &str, errors: &mut Vec<FieldError>) -> String {
    let email = line("email", email, EMAIL_CHARS, errors);
    let is_address = email.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
    if !email.is_empty() && (!is_address || email.contains(' ')) {
        refuse(errors, "email", Fault::NotAnEmail);
    }
    email
}

fn numbers(phones: Vec<ContactPhone>, region: &str, errors: &mut Vec<FieldError>) -> Vec<ContactPhone> {
    if phones.len() > LIST_LENGTH {
        refuse(errors, "phones", Fault::TooMany { most: LIST_LENGTH });
        return Vec::new();
    }
    let mut kept: Vec<ContactPhone> = Vec::new();
    for (index, phone) in phones.into_iter().enumerate() {
        let raw = line(&format!("phones[{index}].number"), &phone.number, NUMBER_CHARS, errors);
        let number = Phone::parse(&raw, region).as_str().to_owned();
        // `anonymous` and the like are nobody's number: they would make all hidden callers one client.
        if !number.contains(|c: char| c.is_ascii_digit()) && !number.contains('@') {
            refuse(errors, format!("phones[{index}].number"), Fault::NotANumber);
        }
        let label = line(&format!("phones[{index}].label"), &phone.label, LABEL_CHARS, errors);
        if kept.iter().all(|other| other.number != number) {
            kept.push(ContactPhone { number, label });
        }
    }
    kept
}

fn labels(tags: Vec<String>, errors: &mut Vec<FieldError>) -> Vec<String> {
    if tags.len() > LIST_LENGTH {
        refuse(errors, "tags", Fault::TooMany { most: LIST_LENGTH });
        return Vec::new();
    }
    let mut kept: Vec<String> = Vec::new();
    for (index, tag) in tags.iter().enumerate() {
        let tag = line(&format!("tags[{index}]"), tag, LABEL_CHARS, errors);
        if !tag.is_empty() && !kept.contains(&tag) {
            kept.push(tag);
        }
    }
    kept
}
