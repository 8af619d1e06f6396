//! Who is calling: the answer to the PBX while the caller waits.

use crate::app::{App, contacts};
use crate::domain::phone::Phone;

/// The client's name, and the PBX account of the person responsible. Both empty: nobody knows the number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    pub contact_name: Option<String>,
    pub responsible: Option<String>,
}

/// Within the time budget; past it, or when the store fails, nobody is known, so that the call goes on.
pub async fn identify(app: &App, integration_id: &str, phone: &Phone) -> Known {
    let (number, integration_id) = (phone.as_str().to_owned(), integration_id.to_owned());
    let Ok(directory) = app.directory().await else { return Known::default() };
    let found = app.store.look_up(move |tx| contacts::of_number(tx, &number)).await;
    let Some(contact) = found.ok().and_then(|matches| matches.into_iter().next()) else { return Known::default() };
    let responsible = contact.responsible_id.as_deref().and_then(|id| directory.user(id));
    let line = responsible.and_then(|user| user.lines.iter().find(|line| line.integration == integration_id));
    Known {
        contact_name: Some(contact.name).filter(|name| !name.is_empty()),
        responsible: line.map(|line| line.account.clone()),
    }
}
