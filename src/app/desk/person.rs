//! Who a number's person is, and what is kept of him.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::app::desk::numbers::normal;
use crate::domain::contact::ContactRef;
use crate::domain::mention::{Mention, callids};
use crate::error::Result;
use crate::store::tables::calls;
use crate::store::tables::webhooks::WebhookRow;
use crate::store::tables::{contact_phones, contacts, erasures, promises, recordings};
use crate::store::tx::Tx;

/// So many calls are read at once.
const AT_ONCE: usize = 500;

/// The contacts who have a number, with all numbers that nobody else has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub numbers: BTreeSet<String>,
    pub contacts: BTreeSet<String>,
}

impl Person {
    pub fn of(tx: &mut Tx, number: &str) -> Result<Self> {
        let contacts: BTreeSet<String> = contact_phones::list_contacts(tx, number)?.into_iter().collect();
        let mut numbers = BTreeSet::from([number.to_owned()]);
        for id in &contacts {
            for number in contact_phones::list_numbers(tx, id)? {
                let owners = contact_phones::list_contacts(tx, &number)?;
                if owners.iter().all(|owner| contacts.contains(owner)) {
                    numbers.insert(number);
                }
            }
        }
        Ok(Self { numbers, contacts })
    }

    /// The ids of the calls with him: of his numbers, and those for which a person chose him.
    pub fn calls(&self, tx: &mut Tx) -> Result<BTreeSet<String>> {
        let mut ids = BTreeSet::new();
        for number in &self.numbers {
            ids.extend(erasures::list_calls_of_number(tx, number)?);
        }
        for contact in &self.contacts {
            ids.extend(erasures::list_calls_of_contact(tx, contact)?);
        }
        Ok(ids)
    }
}

/// What a person is found by, wherever he may stand.
pub struct Traces {
    pub person: Person,
    /// The ids of the calls with him.
    pub calls: BTreeSet<String>,
    /// As the PBX names them.
    callids: BTreeSet<String>,
    mentions: Vec<Mention>,
}

impl Traces {
    pub fn of(tx: &mut Tx, number: &str) -> Result<Self> {
        let person = Person::of(tx, number)?;
        let calls = person.calls(tx)?;
        let ids: Vec<_> = calls.iter().map(String::as_str).collect();
        let mut callids = BTreeSet::new();
        for part in ids.chunks(AT_ONCE) {
            callids.extend(calls::list(tx, part)?.into_iter().filter_map(|row| row.callid));
        }
        let mentions = person.numbers.iter().map(|number| Mention::of(number)).collect();
        Ok(Self { person, calls, callids, mentions })
    }

    /// Whether this text speaks of a number of his.
    pub fn is_in(&self, text: &str) -> bool {
        self.mentions.iter().any(|mention| mention.is_in(text))
    }

    /// Whether this push is of him, or of a call with him.
    pub fn is_of(&self, push: &WebhookRow) -> bool {
        push.call_id.as_ref().is_some_and(|id| self.calls.contains(id))
            || self.is_in(&push.body)
            || callids(&push.body).iter().any(|callid| self.callids.contains(callid))
    }
}

/// How much is kept of a person.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct KeptOfPerson {
    pub numbers: Vec<String>,
    pub contacts: Vec<ContactRef>,
    pub calls: usize,
    pub notes: usize,
    pub promises: usize,
    pub recordings: usize,
}

/// # Errors
/// `Invalid` when it is no number.
pub async fn get(app: &App, number: &str) -> Result<KeptOfPerson> {
    let directory = app.directory().await?;
    let number = normal(&directory, number)?;
    app.store
        .list(move |tx| {
            let person = Person::of(tx, &number)?;
            let ids: Vec<_> = person.contacts.iter().map(String::as_str).collect();
            let known = contacts::list(tx, &ids)?.into_iter();
            let known = known.map(|(row, _)| ContactRef { id: row.id, name: row.name, company: row.company }).collect();
            let calls = person.calls(tx)?;
            let ids: Vec<_> = calls.iter().map(String::as_str).collect();
            let (mut notes, mut promised) = (0, BTreeSet::new());
            for part in ids.chunks(AT_ONCE) {
                notes += calls::list(tx, part)?.iter().filter(|row| !row.note.is_empty()).count();
                promised.extend(promises::list_of_calls(tx, part)?.into_iter().map(|promise| promise.id));
            }
            for number in &person.numbers {
                promised.extend(promises::list_of_number(tx, number)?);
            }
            let recordings = recordings::list_of_calls(tx, &ids)?.iter().filter(|row| row.size_bytes.is_some()).count();
            let numbers = person.numbers.into_iter().collect();
            Ok(KeptOfPerson {
                numbers,
                contacts: known,
                calls: calls.len(),
                notes,
                promises: promised.len(),
                recordings,
            })
        })
        .await
}
