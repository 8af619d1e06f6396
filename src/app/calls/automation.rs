//! Section 4.3 of the Cloud PBX document: a lead for a missed stranger, a contact for a stranger who was called.
//! (Its third part, calls of unknown PBX users, is `row::derive`.)
//!
//! What automation makes is computed from the calls, as the board is: the first call that asks for it decides, and what
//! no call asks for any more goes again, unless somebody has touched it.

use crate::app::calls::board;
use crate::app::change::{Before, Change, Hearing};
use crate::app::clients::contacts;
use crate::app::clients::draft::ContactDraft;
use crate::domain::call::{CallState, Direction};
use crate::domain::contact::{ContactKind, ContactPhone};
use crate::domain::phone::Phone;
use crate::error::Result;
use crate::store::tables::call_lists::{self, Occasion, Wanted};
use crate::store::tables::client_numbers;
use crate::store::tables::contacts::ContactRow;
use crate::store::tx::Tx;

/// Two calls of one stranger take turns at his number, so that they make one contact.
pub fn run(tx: &mut Tx, change: &Change, hearing: &Hearing) -> Result<()> {
    let Change { before, row, facts } = change;
    let now = occasion(facts.state(), facts.direction()).map(|occasion| (occasion, &row.phone));
    // Which call is the number's first one, and whose, may change with these.
    let is_same = |before: &Before| before.user_id == row.user_id && before.started_ms == row.started_ms;
    let is_same = before.as_ref().is_some_and(is_same);
    let before = before.as_ref().and_then(|before| Some((occasion(before.state, before.direction)?, &before.phone)));
    if now == before && is_same {
        return Ok(());
    }
    if let Some((_, number)) = before {
        tx.take_turns(number)?;
        let known = contacts::of_number(tx, number)?;
        review(tx, number, known, hearing)?;
    }
    match now {
        Some((_, number)) => make_known(tx, number, hearing),
        None => Ok(()),
    }
}

/// What a call in this state asks for, if its client is a stranger.
fn occasion(state: CallState, direction: Direction) -> Option<Occasion> {
    match (direction, state) {
        (Direction::In, CallState::Missed) => Some(Occasion::Missed),
        (Direction::Out, CallState::Requested | CallState::Failed) | (Direction::In, _) => None,
        (Direction::Out, _) => Some(Occasion::Outgoing),
    }
}

/// A stranger whom a call asks for becomes a contact; once more when his number was blocked, or is no longer.
pub fn make_known(tx: &mut Tx, number: &str, hearing: &Hearing) -> Result<()> {
    if !Phone::from_stored(number).is_e164() {
        return Ok(());
    }
    tx.take_turns(number)?;
    let known = contacts::of_number(tx, number)?;
    if !known.is_empty() {
        return review(tx, number, known, hearing);
    }
    if client_numbers::is_blocked(tx, number)? {
        return Ok(());
    }
    let settings = &hearing.directory.settings;
    let wanted = Wanted { missed: settings.lead_on_missed, outgoing: settings.contact_on_outgoing };
    let Some((occasion, user_id)) = call_lists::find_first_occasion(tx, number, wanted)? else { return Ok(()) };
    let (kind, responsible_id) = made_of(occasion, user_id, hearing);
    let phones = vec![ContactPhone { number: number.to_owned(), label: String::new() }];
    let draft = ContactDraft { kind, phones, responsible_id, ..ContactDraft::default() };
    contacts::make(tx, &hearing.ids.contact, draft, Some(occasion.as_str()), hearing.now_ms)
}

/// What automation made of this number is what its first call asks for, or goes. (Rules that were switched off since
/// take nothing back.)
fn review(tx: &mut Tx, number: &str, known: Vec<ContactRow>, hearing: &Hearing) -> Result<()> {
    for made in known {
        let Some(made_by) = &made.made_by else { continue };
        let first = if client_numbers::is_blocked(tx, number)? {
            None
        } else {
            call_lists::find_first_occasion(tx, number, Wanted { missed: true, outgoing: true })?
        };
        match first {
            // Whose leads are is settled when they are made.
            Some((Occasion::Missed, _)) if Occasion::Missed.as_str() == made_by => {}
            Some((first, user_id)) => {
                let (kind, responsible_id) = made_of(first, user_id, hearing);
                if (first.as_str(), &responsible_id) != (made_by, &made.responsible_id) {
                    contacts::remake(tx, made, kind, first.as_str(), responsible_id)?;
                }
            }
            None => {
                contacts::take_back(tx, &made.id)?;
                // It may be another contact's alone now.
                board::recount(tx, number, None, hearing.directory)?;
            }
        }
    }
    Ok(())
}

fn made_of(occasion: Occasion, user_id: Option<String>, hearing: &Hearing) -> (ContactKind, Option<String>) {
    match occasion {
        Occasion::Missed => (ContactKind::Lead, hearing.directory.senior_manager().map(|user| user.id.clone())),
        Occasion::Outgoing => (ContactKind::Client, user_id),
    }
}
