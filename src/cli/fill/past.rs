//! A made-up past: each call in the order of time, then the contacts, then the missed board as those calls left it.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::app::calls::{figures, row};
use crate::cli::fill::args::FillArgs;
use crate::cli::fill::batch::{self, Batch};
use crate::cli::fill::board::NoticeBoard;
use crate::cli::fill::chance::Chance;
use crate::cli::fill::clients::Clients;
use crate::cli::fill::course::{Ending, Heard, Subject, play};
use crate::cli::fill::furnish::Scene;
use crate::cli::fill::moments::{HOUR_MS, Moments};
use crate::cli::fill::remarks::Remarks;
use crate::domain::call::Direction;
use crate::domain::facts::HistoryStatus;
use crate::error::Result;
use crate::store::tables::call_figures::FigureRow;
use crate::store::tables::calls::CallRow;
use crate::store::tables::client_numbers::ClientNumberRow;

const MINUTE_MS: i64 = 60_000;
/// Strangers for each number of a contact: they are 60 % of all numbers.
const STRANGERS: f64 = 1.5;
/// Of all calls: missed ones; those out that nothing was missed before; and roughly those that make a miss good.
const MISSED: f64 = 0.15;
const CALLED_OUT: f64 = 0.05;
const CALLED_BACK: f64 = 0.2;
/// Rows that stay open on the board, at most, and the last calls of which nobody has seen to those missed.
const OPEN: usize = 40;
const UNSEEN_CALLS: u64 = 400;
const REASONS: [&str; 4] = ["Не отвечает", "Ошиблись номером", "Реклама", "Уже решено"];
/// How a call out fails, each as often as it stands here.
const FAILURES: [HistoryStatus; 8] = [
    HistoryStatus::Cancel,
    HistoryStatus::Cancel,
    HistoryStatus::Cancel,
    HistoryStatus::Busy,
    HistoryStatus::Busy,
    HistoryStatus::NotAvailable,
    HistoryStatus::NotAllowed,
    HistoryStatus::NotFound,
];

pub struct Past<'a> {
    scene: &'a Scene,
    calls: u64,
    told: u64,
    until_ms: i64,
    chance: Chance,
    moments: Moments,
    clients: Clients,
    board: NoticeBoard,
    /// When to call whom back.
    to_call_back: BinaryHeap<Reverse<(i64, usize)>>,
    /// The second half of a call that was handed on.
    handed_on: Option<Planned>,
    remarks: Remarks,
    stranger_share: f64,
}

/// A call that is going to be.
struct Planned {
    place: usize,
    direction: Direction,
    ending: Ending,
    started_ms: i64,
    /// Who picks up, or calls.
    person: usize,
}

impl<'a> Past<'a> {
    /// Its last calls are an hour old, so that nothing of it goes on still.
    pub fn new(scene: &'a Scene, args: &FillArgs, now_ms: i64) -> Self {
        let until_ms = (now_ms - HOUR_MS).div_euclid(HOUR_MS) * HOUR_MS;
        let moments = Moments::new(until_ms, args.days, args.calls);
        let clients = Clients::new(args.seed, args.contacts, moments.from_ms);
        let strangers = clients.numbers() as f64 * STRANGERS;
        Self {
            scene,
            calls: args.calls,
            told: 0,
            until_ms,
            chance: Chance::new(args.seed),
            moments,
            clients,
            board: NoticeBoard::default(),
            to_call_back: BinaryHeap::new(),
            handed_on: None,
            remarks: Remarks::new(args.calls),
            stranger_share: (strangers / (args.calls as f64 * (1.0 - CALLED_BACK))).min(0.5),
        }
    }

    /// Hands on every row, in batches.
    ///
    /// # Errors
    /// What `take` says.
    pub fn tell(mut self, mut take: impl FnMut(Batch) -> Result<()>) -> Result<()> {
        while self.told < self.calls {
            let count = (self.calls - self.told).min(batch::CALLS as u64);
            take(Batch::Calls((0..count).map(|_| self.next_call()).collect::<Result<_>>()?))?;
        }
        self.clear_board();
        let order = self.clients.in_order(self.moments.from_ms, self.until_ms);
        for part in order.chunks(batch::ROWS) {
            let new = |contact: &usize| self.clients.new_contact(*contact, &self.scene.people, &self.scene.directory);
            take(Batch::Contacts(part.iter().map(new).collect()))?;
        }
        for part in self.board.take_waits().chunks(batch::ROWS) {
            take(Batch::Waits(part.to_vec()))?;
        }
        for part in self.board.into_rows().chunks(batch::ROWS) {
            take(Batch::Numbers(part.to_vec()))?;
        }
        Ok(())
    }

    fn next_call(&mut self) -> Result<(CallRow, FigureRow)> {
        let at_ms = self.moments.next(&mut self.chance);
        let planned = match self.handed_on.take() {
            Some(planned) => planned,
            None => self.plan(at_ms),
        };
        let heard = self.play(&planned);
        let row = self.row(&planned, &heard)?;
        self.told += 1;
        let figure = figures::of(&row, &heard.facts, &self.scene.directory);
        self.follow(&planned, &row, &figure, heard.ended_ms);
        Ok((row, figure))
    }

    fn plan(&mut self, started_ms: i64) -> Planned {
        let person = self.chance.below(self.scene.people.len());
        let planned = |place, direction, ending| Planned { place, direction, ending, started_ms, person };
        if let Some(place) = self.due(started_ms) {
            let ending = self.chance_of_a_call_out(0.45);
            return planned(place, Direction::Out, ending);
        }
        let contact = match self.chance.happens(self.stranger_share) {
            true => None,
            false => self.clients.contact(started_ms, &mut self.chance),
        };
        let Some(place) = contact else {
            // A stranger who is missed or called would be a contact from then on.
            return planned(self.clients.stranger(), Direction::In, Ending::Talk);
        };
        let of_contacts = (1.0 - CALLED_BACK) * (1.0 - self.stranger_share);
        let dice = self.chance.fraction() * of_contacts;
        if dice < MISSED {
            planned(place, Direction::In, Ending::Nobody(HistoryStatus::Missed))
        } else if dice < MISSED + CALLED_OUT {
            let ending = self.chance_of_a_call_out(0.75);
            planned(place, Direction::Out, ending)
        } else {
            let ending = self.talk();
            planned(place, Direction::In, ending)
        }
    }

    fn chance_of_a_call_out(&mut self, talks: f64) -> Ending {
        if self.chance.happens(talks) {
            return Ending::Talk;
        }
        Ending::Nobody(*self.chance.one_of(&FAILURES))
    }

    /// One talk of a hundred goes on with a colleague.
    fn talk(&mut self) -> Ending {
        let can_go_on = self.scene.people.len() > 1 && self.told + 1 < self.calls;
        if can_go_on && self.chance.happens(0.015) {
            return Ending::HandedOn(callid(self.told + 1));
        }
        Ending::Talk
    }

    /// The place of a number that waits to be called back.
    fn due(&mut self, at_ms: i64) -> Option<usize> {
        while let Some(Reverse((due_ms, place))) = self.to_call_back.peek().copied() {
            if due_ms > at_ms {
                return None;
            }
            self.to_call_back.pop();
            if !self.board.is_open(place) {
                continue;
            }
            if self.clients.is_free(place, at_ms) {
                return Some(place);
            }
            self.to_call_back.push(Reverse((at_ms + MINUTE_MS, place)));
        }
        None
    }

    fn play(&mut self, planned: &Planned) -> Heard {
        let people = self.scene.people.len();
        let rings = match planned.direction {
            Direction::Out => 1,
            Direction::In => (*self.chance.one_of(&[1, 1, 1, 2, 2, 3])).min(people),
        };
        let accounts = (0..rings).map(|next| self.scene.accounts[(planned.person + next) % people].as_str()).collect();
        // The first number is dialled by half of all.
        let line = if self.chance.happens(0.4) { 0 } else { self.chance.below(self.scene.lines.len()) };
        let subject = Subject {
            callid: callid(self.told),
            number: self.clients.number(planned.place),
            line: &self.scene.lines[line],
            accounts,
            started_ms: planned.started_ms,
        };
        play(&subject, planned.direction, &planned.ending, &mut self.chance)
    }

    /// The call's row, with what was written down.
    fn row(&mut self, planned: &Planned, heard: &Heard) -> Result<CallRow> {
        let mut row = row::blank(&self.chance.id_at(planned.started_ms), &self.scene.integration_id);
        row.callid = Some(callid(self.told));
        row.rev = heard.writes;
        if !matches!(planned.ending, Ending::Nobody(_)) {
            let person = &self.scene.people[planned.person];
            self.remarks.write(&mut row, person, &self.scene.directory.settings.outcomes, &mut self.chance);
        }
        row::derive(row, &heard.facts, &self.scene.directory)
    }

    /// What follows from a call: for the contact, for the board, and what is to be done next.
    fn follow(&mut self, planned: &Planned, row: &CallRow, figure: &FigureRow, ended_ms: i64) {
        let Planned { place, started_ms, person, .. } = *planned;
        self.clients.occupy(place, ended_ms + MINUTE_MS);
        if planned.direction == Direction::Out {
            self.clients.called(place, person, started_ms);
        }
        match (&planned.ending, planned.direction) {
            (Ending::Nobody(_), Direction::In) => {
                self.clients.missed(place, ended_ms);
                let (id, number) = (self.chance.id_at(ended_ms), row.phone.clone());
                let blank = || ClientNumberRow { number, id, ..ClientNumberRow::default() };
                let short_miss_s = self.scene.directory.settings.short_miss_s;
                let counts = figure.wait_s.is_none_or(|wait_s| wait_s >= short_miss_s);
                self.board.missed(place, figure, counts, blank);
                self.see_to(place, ended_ms);
            }
            (Ending::Nobody(_), Direction::Out) => {
                self.clients.beside(place).into_iter().for_each(|beside| self.board.tried(beside, started_ms));
                self.see_to(place, ended_ms);
            }
            (Ending::Talk | Ending::HandedOn(_), _) => {
                self.clients.talked(place, ended_ms, (row.started_ms, &row.id));
                self.clients.beside(place).into_iter().for_each(|beside| self.board.reached(beside, figure));
            }
        }
        if let Ending::HandedOn(_) = planned.ending {
            let person = (person + 1) % self.scene.people.len();
            let ending = Ending::Talk;
            self.handed_on = Some(Planned { place, direction: Direction::In, ending, started_ms: ended_ms, person });
        }
    }

    /// An open row is called back, mostly within the hour, or closed by hand.
    fn see_to(&mut self, place: usize, at_ms: i64) {
        if !self.board.is_open(place) || self.calls - self.told < UNSEEN_CALLS {
            return;
        }
        if self.chance.happens(0.25) {
            let closed_ms = at_ms + self.chance.between(5, 45) * MINUTE_MS;
            self.close(place, closed_ms);
            self.clients.occupy(place, closed_ms);
        } else {
            let due_ms = at_ms + self.chance.between(2, 60) * MINUTE_MS;
            self.to_call_back.push(Reverse((due_ms, place)));
        }
    }

    fn close(&mut self, place: usize, at_ms: i64) {
        let person: &String = self.chance.one_of(&self.scene.people);
        let reason = self.chance.one_of::<&str>(&REASONS);
        for beside in
            self.clients.beside(place).into_iter().filter(|beside| self.board.is_open(*beside)).collect::<Vec<_>>()
        {
            self.board.closed(beside, person, at_ms, reason);
        }
    }

    /// Leaves the latest misses open, some of them in hand.
    fn clear_board(&mut self) {
        for (nth, (missed_ms, place)) in self.board.open().into_iter().enumerate() {
            let at_ms = missed_ms + self.chance.between(5, 45) * MINUTE_MS;
            if nth >= OPEN {
                self.close(place, at_ms);
            } else if nth.is_multiple_of(4) {
                let person: &String = self.chance.one_of(&self.scene.people);
                self.board.taken(place, person, at_ms);
            }
        }
    }
}

/// What the PBX calls the call with this place.
fn callid(place: u64) -> String {
    format!("FILL-{place:010}")
}
