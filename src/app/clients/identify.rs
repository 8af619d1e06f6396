//! Who is calling: the answer to the PBX while the caller waits.

use std::time::Duration;

use crate::app::App;
use crate::app::clients::contacts;
use crate::app::directory::Directory;
use crate::app::memory::known_numbers::Known;
use crate::domain::phone::Phone;
use crate::error::Result;
use crate::store::tables::contacts::ContactRow;

/// How long the caller is kept waiting at most.
pub const BUDGET: Duration = Duration::from_secs(1);

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
