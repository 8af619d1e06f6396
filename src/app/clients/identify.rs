//! Who is calling: the answer to the PBX while the caller waits.

use std::collections::HashMap;
use std::sync::RwLock;
use std::time::Duration;

use crate::app::App;
use crate::app::clients::contacts;
use crate::app::directory::Directory;
use crate::domain::phone::Phone;
use crate::error::Result;
use crate::store::tables::contacts::ContactRow;

/// How long the caller is kept waiting at most.
pub const BUDGET: Duration = Duration::from_secs(1);
/// At about 100 bytes each.
const MOST_KEPT: usize = 150_000;

/// The client's name, and the PBX account of the person responsible. Both empty: nobody knows the number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    pub contact_name: Option<String>,
    pub responsible: Option<String>,
}

/// Within the time budget; past it, or when the store fails, nobody is known, so that the call goes on.
pub async fn identify(app: &App, integration_id: &str, phone: &Phone) -> Known {
    // Read before the look-up: a change after this voids what is found now.
    let generation = app.store.generations().contacts();
    if let Some(known) = app.known.get(generation, integration_id, phone) {
        return known;
    }
    match tokio::time::timeout(BUDGET, look_up(app, integration_id, phone, generation)).await {
        Ok(Ok(known)) => known,
        Ok(Err(error)) => {
            tracing::warn!(%error, phone = phone.masked(), "a caller could not be looked up");
            Known::default()
        }
        Err(_) => {
            tracing::warn!(phone = phone.masked(), "looking a caller up took longer than the PBX waits");
            Known::default()
        }
    }
}

async fn look_up(app: &App, integration_id: &str, phone: &Phone, generation: u64) -> Result<Known> {
    let directory = app.directory().await?;
    let number = phone.as_str().to_owned();
    let matches = app.store.look_up(move |tx| contacts::of_number(tx, &number)).await?;
    let known = matches.first().map(|contact| known(contact, &directory, integration_id, phone)).unwrap_or_default();
    // Which of several is told depends on calls and choices, whose changes void nothing here.
    if matches.len() < 2 {
        app.known.put(generation, integration_id, phone, &known);
    }
    Ok(known)
}

fn known(contact: &ContactRow, directory: &Directory, integration_id: &str, phone: &Phone) -> Known {
    let name = match (contact.name.as_str(), contact.company.as_str()) {
        ("", "") => phone.formatted(),
        (name, "") | ("", name) => name.to_owned(),
        (name, company) => format!("{name} ({company})"),
    };
    let responsible = contact.responsible_id.as_deref().and_then(|id| directory.user(id));
    let line = responsible.and_then(|user| user.lines.iter().find(|line| line.integration == integration_id));
    Known { contact_name: Some(name), responsible: line.map(|line| line.account.clone()) }
}

/// Answers given before, as long as nobody has changed a contact, a person or a line.
#[derive(Default)]
pub struct KnownNumbers(RwLock<Kept>);

#[derive(Default)]
struct Kept {
    generation: u64,
    count: usize,
    /// By integration, by the digits of the number: name and account with a NUL between; empty: nobody.
    numbers: HashMap<String, HashMap<u64, Box<str>>>,
}

impl KnownNumbers {
    fn get(&self, generation: u64, integration_id: &str, phone: &Phone) -> Option<Known> {
        let kept = self.0.read().ok()?;
        if kept.generation != generation {
            return None;
        }
        let packed = kept.numbers.get(integration_id)?.get(&digits(phone)?)?;
        let Some((name, account)) = packed.split_once('\0') else { return Some(Known::default()) };
        let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Some(Known { contact_name: text(name), responsible: text(account) })
    }

    fn put(&self, generation: u64, integration_id: &str, phone: &Phone, known: &Known) {
        let Some(digits) = digits(phone) else { return };
        let Ok(mut kept) = self.0.write() else { return };
        if kept.generation > generation {
            return;
        }
        if kept.generation < generation || kept.count >= MOST_KEPT {
            *kept = Kept { generation, ..Kept::default() };
        }
        let packed = match (&known.contact_name, &known.responsible) {
            (None, None) => String::new(),
            (name, account) => {
                format!("{}\0{}", name.as_deref().unwrap_or_default(), account.as_deref().unwrap_or_default())
            }
        };
        let numbers = kept.numbers.entry(integration_id.to_owned()).or_default();
        // Two that asked at once put it twice.
        if numbers.insert(digits, packed.into()).is_none() {
            kept.count += 1;
        }
    }
}

/// A public number as its digits; the others are few, and are looked up each time.
fn digits(phone: &Phone) -> Option<u64> {
    let digits = phone.as_str().strip_prefix('+')?;
    // `parse` would take a second plus and drop a leading zero: two numbers would be one.
    digits.starts_with(|first: char| first.is_ascii_digit() && first != '0').then(|| digits.parse().ok()).flatten()
}
