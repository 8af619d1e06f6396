//! Section 4.3 of the Cloud PBX document: a lead for a missed stranger, a contact for a stranger who was called.
//! (Its third part, calls of unknown PBX users, is `calls::derive`.)

use crate::app::change::{Before, Change, Hearing};
use crate::app::clients::contacts;
use crate::app::clients::draft::ContactDraft;
use crate::domain::call::{CallState, Direction};
use crate::domain::contact::{ContactKind, ContactPhone};
use crate::domain::phone::Phone;
use crate::error::Result;
use crate::store::tables::client_numbers;
use crate::store::tx::Tx;

const MADE_BY_MISSED: &str = "missed";
const MADE_BY_OUTGOING: &str = "outgoing";

/// Two missed calls of one stranger take turns at his number, so that they make one lead.
pub fn run(tx: &mut Tx, change: &Change, hearing: &Hearing) -> Result<()> {
    let Change { before, row, facts } = change;
    let (before, directory) = (before.as_ref(), hearing.directory);
    let (state, direction) = (facts.state(), facts.direction());
    let is_same = |before: &Before| before.state == state && before.direction == direction && before.phone == row.phone;
    if before.is_some_and(is_same) || !Phone::from_stored(&row.phone).is_e164() {
        return Ok(());
    }
    if before.is_some_and(|before| before.state == CallState::Missed) && state != CallState::Missed {
        take_back_lead(tx, &row.phone)?;
    }
    let is_called = direction == Direction::Out && !matches!(state, CallState::Requested | CallState::Failed);
    if state == CallState::Missed && directory.settings.lead_on_missed {
        let responsible_id = directory.senior_manager().map(|user| user.id.clone());
        make(tx, &row.phone, ContactKind::Lead, MADE_BY_MISSED, responsible_id, hearing)?;
    } else if is_called && directory.settings.contact_on_outgoing {
        make(tx, &row.phone, ContactKind::Client, MADE_BY_OUTGOING, row.user_id.clone(), hearing)?;
    }
    Ok(())
}

fn make(
    tx: &mut Tx,
    number: &str,
    kind: ContactKind,
    made_by: &str,
    responsible_id: Option<String>,
    hearing: &Hearing,
) -> Result<()> {
    tx.take_turns(number)?;
    if !contacts::of_number(tx, number)?.is_empty() {
        return Ok(());
    }
    let phones = vec![ContactPhone { number: number.to_owned(), label: String::new() }];
    let draft = ContactDraft { kind, phones, responsible_id, ..ContactDraft::default() };
    contacts::make(tx, &hearing.ids.contact, draft, Some(made_by), hearing.now_ms)
}

/// The miss was none after all: its lead goes, unless somebody touched it or another call was missed.
fn take_back_lead(tx: &mut Tx, number: &str) -> Result<()> {
    if client_numbers::standing(tx, number)?.missed_ever > 0 {
        return Ok(());
    }
    for contact in contacts::of_number(tx, number)? {
        if contact.made_by.as_deref() == Some(MADE_BY_MISSED) {
            contacts::take_back(tx, &contact.id)?;
        }
    }
    Ok(())
}
