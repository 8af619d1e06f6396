//! Who shall take the next call of a client is read from his calls when he rings: only what was told before goes void here.

use crate::app::change::Change;
use crate::domain::call::{CallState, Direction};
use crate::domain::phone::Phone;
use crate::store::tx::{Topic, Tx};

/// After a call changed that is, or was, a talk or a call in vain: what the PBX was told of its number is void.
pub fn note(tx: &mut Tx, change: &Change) {
    let Change { before, row, facts } = change;
    let now = is_reach(facts.state(), facts.direction()).then_some(row.phone.as_str());
    let was = before.as_ref().filter(|before| is_reach(before.state, before.direction));
    let mut numbers: Vec<_> = was.map(|before| before.phone.as_str()).into_iter().chain(now).collect();
    numbers.dedup();
    for number in numbers.into_iter().filter(|number| Phone::from_stored(*number).is_dialable()) {
        tx.notify(Topic::Number, number);
    }
}

fn is_reach(state: CallState, direction: Direction) -> bool {
    match state {
        CallState::Answered | CallState::Talking => true,
        CallState::Cancelled
        | CallState::Busy
        | CallState::Unavailable
        | CallState::Forbidden
        | CallState::NotFound => direction == Direction::Out,
        CallState::Requested | CallState::Ringing | CallState::Missed | CallState::Failed => false,
    }
}
