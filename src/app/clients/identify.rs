//! Who is calling: the answer to the PBX while the caller waits.

use std::time::Duration;

use crate::app::App;
use crate::app::clients::contacts;
use crate::app::directory::Directory;
use crate::app::memory::known_numbers::{Known, Seen};
use crate::domain::desk_name::{self, Letters, Shown};
use crate::domain::missed::TAKEN_LAPSES_MS;
use crate::domain::phone::Phone;
use crate::domain::returning::{self, LastReach, ReturnTo};
use crate::error::Result;
use crate::store::tables::call_reaches;
use crate::store::tables::client_numbers::{self, ClientNumberRow};
use crate::store::tables::contacts::ContactRow;
use crate::store::tx::Tx;

/// How long the caller is kept waiting at most.
pub const BUDGET: Duration = Duration::from_secs(1);

/// Within the time budget; past it, or when the store fails, nobody is known, so that the call goes on.
pub async fn identify(app: &App, integration_id: &str, phone: &Phone) -> Known {
    // Read before the look-up: a change after this voids what is found now.
    let generations = app.store.generations();
    let seen = Seen { contacts: generations.contacts(), number: generations.number(phone.as_str()) };
    if let Some(known) = app.known.get(seen, integration_id, phone) {
        return known;
    }
    match tokio::time::timeout(BUDGET, look_up(app, integration_id, phone, seen)).await {
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

async fn look_up(app: &App, integration_id: &str, phone: &Phone, seen: Seen) -> Result<Known> {
    let (directory, now_ms) = (app.directory().await?, app.clock.now_ms());
    let (number, is_known) = (phone.as_str().to_owned(), phone.is_dialable());
    let settings = &directory.settings;
    let from_ms = (settings.return_to == ReturnTo::Caller && is_known).then(|| now_ms - settings.return_h * 3_600_000);
    let around = app.store.look_up(move |tx| Around::find(tx, &number, from_ms, now_ms)).await?;
    let known = around.known(&directory, integration_id, phone);
    if around.is_lasting() {
        app.known.put(seen, integration_id, phone, &known);
    }
    Ok(known)
}

/// What there is around a number that rings; each part is read by its key.
struct Around {
    matches: Vec<ContactRow>,
    /// Missed calls that nobody has made good.
    missed: i64,
    /// Who has taken them, for as long as that holds.
    taken_by: Option<String>,
    last: Option<LastReach>,
}

impl Around {
    /// `from_ms`: since when calls count for whom the client is led to; `None`: only who is responsible does.
    fn find(tx: &mut Tx, number: &str, from_ms: Option<i64>, now_ms: i64) -> Result<Self> {
        let row = client_numbers::find(tx, number)?.unwrap_or_default();
        let is_led = from_ms.is_some();
        Ok(Self {
            matches: contacts::of_number(tx, number)?,
            missed: row.misses,
            taken_by: taken_by(row, now_ms).filter(|_| is_led),
            last: match from_ms {
                Some(from_ms) => call_reaches::find_last(tx, number, from_ms)?,
                None => None,
            },
        })
    }

    /// Whether time alone changes nothing of it. Which of several contacts is told depends on calls and choices, whose
    /// changes void nothing here.
    fn is_lasting(&self) -> bool {
        self.matches.len() < 2 && self.taken_by.is_none() && self.last.is_none()
    }

    fn known(&self, directory: &Directory, integration_id: &str, phone: &Phone) -> Known {
        let contact = self.matches.first();
        let responsible = contact.and_then(|contact| contact.responsible_id.as_deref());
        let account = |id: &str| {
            let line = directory.user(id)?.lines.iter().find(|line| line.integration == integration_id)?;
            Some(line.account.clone())
        };
        let order = returning::order(self.taken_by.as_deref(), self.last.as_ref(), responsible);
        Known {
            contact_name: contact.map(|contact| self.name(contact, directory, phone)),
            responsible: order.into_iter().find_map(account),
        }
    }

    fn name(&self, contact: &ContactRow, directory: &Directory, phone: &Phone) -> String {
        let number = phone.formatted();
        let (name, company) = match (contact.name.as_str(), contact.company.as_str()) {
            ("", "") => (number.as_str(), ""),
            (name, "") | ("", name) => (name, ""),
            both => both,
        };
        let settings = &directory.settings;
        let shown = Shown { name, company, is_vip: contact.vip, missed: self.missed };
        let letters = if settings.transliterate { Letters::Latin } else { Letters::Any };
        desk_name::render(&settings.display_name, shown, letters)
    }
}

/// Taken is taken until it lapses, whether or not that is written down already.
fn taken_by(row: ClientNumberRow, now_ms: i64) -> Option<String> {
    let is_taken = row.misses > 0 && row.taken_ms.is_some_and(|taken_ms| now_ms < taken_ms + TAKEN_LAPSES_MS);
    row.taken_by.filter(|_| is_taken)
}
