//! What people wrote down of made-up talks.

use crate::cli::fill::chance::Chance;
use crate::cli::fill::words;
use crate::domain::outcome::Outcome;
use crate::store::tables::calls::CallRow;

/// Notes stand at 8 % of all calls, so at these of the talks.
const NOTED: f64 = 0.115;
const WITH_OUTCOME: f64 = 0.3;
const LONG_NOTES: u64 = 300;
/// However few notes there are, three of four are short.
const LEAST_BETWEEN_LONG: u64 = 4;

pub struct Remarks {
    notes: u64,
    /// Each so many-th note is a long one.
    long_every: u64,
}

impl Remarks {
    /// Of a past of so many calls.
    pub fn new(calls: u64) -> Self {
        Self { notes: 0, long_every: (calls * 8 / 100 / LONG_NOTES).max(LEAST_BETWEEN_LONG) }
    }

    /// Notes and outcomes are kept before the row's other columns are computed; `person` is a user's id.
    pub fn write(&mut self, row: &mut CallRow, person: &str, outcomes: &[Outcome], chance: &mut Chance) {
        if chance.happens(NOTED) {
            row.note = self.note(chance);
            row.note_rev = 1;
            row.note_by = Some(person.to_owned());
        }
        if chance.happens(WITH_OUTCOME) && !outcomes.is_empty() {
            row.outcome.clone_from(&chance.one_of(outcomes).id);
        }
        if !row.note.is_empty() || !row.outcome.is_empty() {
            // The row is locked, and then written.
            row.rev += 2;
        }
    }

    fn note(&mut self, chance: &mut Chance) -> String {
        self.notes += 1;
        if self.notes.is_multiple_of(self.long_every) && self.notes / self.long_every <= LONG_NOTES {
            return words::long_note(chance);
        }
        words::note(chance)
    }
}
