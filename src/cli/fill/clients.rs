//! Who calls the made-up business: its contacts, few of them often, and strangers, once each.

use crate::app::clients::draft::ContactDraft;
use crate::app::directory::Directory;
use crate::cli::fill::chance::Chance;
use crate::cli::fill::words;
use crate::domain::contact::{ContactKind, ContactPhone};

const DAY_MS: i64 = 86_400_000;
/// Each so many-th contact has a second number.
const SECOND_NUMBER_OF: usize = 5;
/// Nine digits behind `+79`. The factor shares no divisor with their count, so every place has a number of its own.
const NUMBERS: u64 = 1_000_000_000;
const SPREAD: u64 = 387_420_489;

/// How a contact came to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Made {
    NotYet,
    ByHand,
    ByMiss,
    ByCall(usize),
}

/// A contact to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewContact {
    pub id: String,
    pub draft: ContactDraft,
    pub made_by: Option<&'static str>,
    pub created_ms: i64,
    /// The latest talk: when it began, and its call.
    pub talk: Option<(i64, String)>,
}

pub struct Clients {
    seed: u64,
    contacts: usize,
    /// By contact: how it was made, and when.
    made: Vec<(Made, i64)>,
    /// By contact: the latest talk.
    talks: Vec<Option<(i64, String)>>,
    /// By the place of a contact's number: until when nobody else can call it.
    busy_until_ms: Vec<i64>,
    strangers: usize,
}

impl Clients {
    /// Half of the contacts were there before `from_ms`.
    pub fn new(seed: u64, contacts: usize, from_ms: i64) -> Self {
        let mut chance = Chance::of(seed, 1);
        let mut made = |_| match chance.happens(0.5) {
            true => (Made::ByHand, from_ms - chance.between(DAY_MS, 700 * DAY_MS)),
            false => (Made::NotYet, 0),
        };
        let numbers = contacts + contacts.div_ceil(SECOND_NUMBER_OF);
        Self {
            seed,
            contacts,
            made: (0..contacts).map(&mut made).collect(),
            talks: vec![None; contacts],
            busy_until_ms: vec![i64::MIN; numbers],
            strangers: 0,
        }
    }

    /// How many numbers the contacts have.
    pub fn numbers(&self) -> usize {
        self.busy_until_ms.len()
    }

    /// The number at a place, in its normal form: those of the contacts, then those of the strangers.
    pub fn number(&self, place: usize) -> String {
        format!("+79{:09}", (place as u64 * SPREAD + self.seed % NUMBERS) % NUMBERS)
    }

    /// The place of a stranger's number.
    pub fn stranger(&mut self) -> usize {
        self.strangers += 1;
        self.numbers() + self.strangers - 1
    }

    /// The place of a contact's number that is free; a few contacts come up often.
    pub fn contact(&self, at_ms: i64, chance: &mut Chance) -> Option<usize> {
        (0..8).find_map(|_| {
            let contact = (chance.fraction().powi(2) * self.contacts as f64) as usize;
            let has_second = contact.is_multiple_of(SECOND_NUMBER_OF) && chance.happens(0.3);
            let place = if has_second { self.contacts + contact / SECOND_NUMBER_OF } else { contact };
            self.is_free(place, at_ms).then_some(place)
        })
    }

    pub fn is_free(&self, place: usize, at_ms: i64) -> bool {
        self.busy_until_ms[place] < at_ms
    }

    /// Nothing more happens with the client until then.
    pub fn occupy(&mut self, place: usize, until_ms: i64) {
        for beside in self.beside(place) {
            if let Some(busy_until_ms) = self.busy_until_ms.get_mut(beside) {
                *busy_until_ms = until_ms;
            }
        }
    }

    /// The places of all numbers of whoever has this one.
    pub fn beside(&self, place: usize) -> Vec<usize> {
        if place >= self.numbers() {
            return vec![place];
        }
        let contact = self.contact_at(place);
        let second = contact.is_multiple_of(SECOND_NUMBER_OF).then_some(self.contacts + contact / SECOND_NUMBER_OF);
        [contact].into_iter().chain(second).collect()
    }

    /// The contact was talked to; whoever did so wrote him down, if nobody had.
    /// `talk`: when it began, and its call.
    pub fn talked(&mut self, place: usize, at_ms: i64, talk: (i64, &str)) {
        self.make(place, Made::ByHand, at_ms);
        if place < self.numbers() {
            let contact = self.contact_at(place);
            self.talks[contact] = self.talks[contact].take().max(Some((talk.0, talk.1.to_owned())));
        }
    }

    /// Whose number stands at this place, which is a contact's.
    fn contact_at(&self, place: usize) -> usize {
        if place < self.contacts { place } else { (place - self.contacts) * SECOND_NUMBER_OF }
    }

    /// A call of the contact was missed: a lead, if there was no contact.
    pub fn missed(&mut self, place: usize, at_ms: i64) {
        self.make(place, Made::ByMiss, at_ms);
    }

    /// The contact was called by this person: a contact, if there was none.
    pub fn called(&mut self, place: usize, person: usize, at_ms: i64) {
        self.make(place, Made::ByCall(person), at_ms);
    }

    fn make(&mut self, place: usize, made: Made, at_ms: i64) {
        let contact = self.contact_at(place);
        if place < self.numbers()
            && let Some(known @ (Made::NotYet, _)) = self.made.get_mut(contact)
        {
            *known = (made, at_ms);
        }
    }

    /// Every contact, in the order in which they were made; who never called was written down at some time until
    /// `until_ms`.
    pub fn in_order(&mut self, from_ms: i64, until_ms: i64) -> Vec<usize> {
        let mut chance = Chance::of(self.seed, 2);
        for made in self.made.iter_mut().filter(|(made, _)| *made == Made::NotYet) {
            *made = (Made::ByHand, chance.between(from_ms, until_ms));
        }
        let mut order: Vec<usize> = (0..self.contacts).collect();
        order.sort_unstable_by_key(|contact| (self.made[*contact].1, *contact));
        order
    }

    /// `people` are the ids of those who may be responsible.
    pub fn new_contact(&self, contact: usize, people: &[String], directory: &Directory) -> NewContact {
        let mut chance = Chance::of(self.seed, 1_000 + contact as u64);
        let (made, created_ms) = self.made[contact];
        let id = chance.id_at(created_ms);
        // Most of what automation made was looked at by a person since.
        let (kind, made_by, responsible_id) = match made {
            Made::ByMiss if chance.happens(0.3) => {
                (ContactKind::Lead, Some("missed"), directory.senior_manager().map(|user| user.id.clone()))
            }
            Made::ByCall(person) if chance.happens(0.3) => {
                (ContactKind::Client, Some("outgoing"), Some(people[person].clone()))
            }
            _ => {
                let kind = if chance.happens(0.15) { ContactKind::Lead } else { ContactKind::Client };
                (kind, None, chance.happens(0.7).then(|| chance.one_of(people).clone()))
            }
        };
        let mut draft = ContactDraft { kind, phones: self.phones(contact), responsible_id, ..ContactDraft::default() };
        if made_by.is_none() {
            describe(&mut draft, contact, &mut chance);
        }
        NewContact { id, draft, made_by, created_ms, talk: self.talks[contact].clone() }
    }

    fn phones(&self, contact: usize) -> Vec<ContactPhone> {
        let phone = |place, label: &str| ContactPhone { number: self.number(place), label: label.to_owned() };
        if contact.is_multiple_of(SECOND_NUMBER_OF) {
            let second = self.contacts + contact / SECOND_NUMBER_OF;
            return vec![phone(contact, "мобильный"), phone(second, "рабочий")];
        }
        vec![phone(contact, "")]
    }
}

fn describe(draft: &mut ContactDraft, contact: usize, chance: &mut Chance) {
    draft.name = words::name(chance);
    if chance.happens(0.4) {
        draft.company = words::company(chance);
    }
    if chance.happens(0.3) {
        draft.email = format!("client{contact}@example.com");
    }
    if chance.happens(0.15) {
        draft.note = words::note(chance);
    }
    draft.tags = words::tags(chance);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_place_has_a_number_of_its_own() {
        let clients = Clients::new(7, 100_000, 0);
        let all: BTreeSet<_> = (0..300_000).map(|place| clients.number(place)).collect();
        assert_eq!(all.len(), 300_000);
        assert!(all.iter().all(|number| number.len() == 12));
    }

    #[test]
    fn a_few_call_often() {
        let clients = Clients::new(7, 1_000, 0);
        let mut chance = Chance::new(7);
        let calls = (0..10_000).filter_map(|_| clients.contact(0, &mut chance));
        let of_the_first = calls.filter(|place| *place < 100 || (1_000..1_020).contains(place)).count();
        assert!((2_800..3_500).contains(&of_the_first), "a tenth of the contacts makes a third: {of_the_first}");
    }
}
