//! Contacts that may be one: with one number, one e-mail address, or one name and company.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::app::clients::contacts::shown_all;
use crate::app::directory::Directory;
use crate::domain::client::Contact;
use crate::domain::page::Found;
use crate::error::Result;
use crate::store::tables::contact_same::{self, Held, STRETCH};
use crate::store::tx::Tx;

/// A request looks for so long at most.
const TIME: Duration = Duration::from_millis(20);

/// What two contacts have alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Alike {
    Number,
    Email,
    /// The words of the name, in any order, and the company.
    Name,
}

impl Alike {
    fn next(self) -> Option<Self> {
        match self {
            Self::Number => Some(Self::Email),
            Self::Email => Some(Self::Name),
            Self::Name => None,
        }
    }

    fn walk(self, tx: &mut Tx, after: &Held) -> Result<Vec<Held>> {
        match self {
            Self::Number => contact_same::walk_numbers(tx, after),
            Self::Email => contact_same::walk_emails(tx, after),
            Self::Name => contact_same::walk_names(tx, after),
        }
    }
}

/// Two contacts that may be one.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Pair {
    pub by: Alike,
    /// The number, or the e-mail address; of a name: empty.
    pub value: String,
    /// Two of them.
    pub contacts: Vec<Contact>,
}

/// How far the list is: what was looked at last.
pub type Place = (Alike, String, String);

/// At most `limit` pairs after `after`: numbers first, then e-mail addresses, then names. Of several that are alike each
/// stands with the next. Bounded work: there may be fewer, and still more to come.
///
/// # Errors
/// What the store says.
pub async fn list(app: &App, after: Option<Place>, limit: usize) -> Result<Found<Pair, Place>> {
    let directory = app.directory().await?;
    app.store.list(move |tx| find(tx, after.clone(), limit, &directory)).await
}

fn find(tx: &mut Tx, after: Option<Place>, limit: usize, directory: &Directory) -> Result<Found<Pair, Place>> {
    let began = Instant::now();
    let (mut by, value, id) = after.unwrap_or((Alike::Number, String::new(), String::new()));
    let (mut last, mut rows) = ((value, id), Vec::new());
    loop {
        let held = by.walk(tx, &last)?;
        let is_end = held.len() < STRETCH;
        for (value, id) in held {
            if value == last.0 {
                rows.extend(pair(tx, by, &value, [&last.1, &id], directory)?);
            }
            last = (value, id);
            if rows.len() == limit {
                return Ok(Found { rows, next: Some((by, last.0, last.1)), reached: None });
            }
        }
        if is_end {
            let Some(next) = by.next() else { return Ok(Found { rows, next: None, reached: None }) };
            (by, last) = (next, (String::new(), String::new()));
        }
        if began.elapsed() >= TIME {
            return Ok(Found { rows, next: Some((by, last.0, last.1)), reached: None });
        }
    }
}

/// Unless the two stand in the list before, for another reason.
fn pair(tx: &mut Tx, by: Alike, value: &str, ids: [&str; 2], directory: &Directory) -> Result<Option<Pair>> {
    let contacts: Vec<_> = shown_all(tx, &ids, directory)?.into_values().collect();
    let [one, other] = &contacts[..] else { return Ok(None) };
    let has_number = one.phones.iter().any(|phone| other.phones.iter().any(|its| its.number == phone.number));
    let has_email = !one.email.is_empty() && one.email.to_lowercase() == other.email.to_lowercase();
    let is_known = match by {
        Alike::Number => false,
        Alike::Email => has_number,
        Alike::Name => has_number || has_email,
    };
    let value = if by == Alike::Name { String::new() } else { value.to_owned() };
    Ok((!is_known).then_some(Pair { by, value, contacts }))
}
