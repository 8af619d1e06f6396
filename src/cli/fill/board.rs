//! The missed board as it stands after the calls so far. The calls of one client never overlap here, so what the
//! program counts from all of them is what is kept up call by call.

use std::collections::HashMap;

use crate::app::calls::board;
use crate::store::tables::call_figures::FigureRow;
use crate::store::tables::client_numbers::ClientNumberRow;
use crate::store::tables::missed_episodes::EpisodeRow;

#[derive(Default)]
pub struct NoticeBoard {
    /// By the number's place; made by a miss.
    rows: HashMap<usize, ClientNumberRow>,
    tried_ms: HashMap<usize, i64>,
    /// Clients who wait for a call, by their number's place, and those who have waited.
    waiting: HashMap<usize, EpisodeRow>,
    waited: Vec<EpisodeRow>,
}

impl NoticeBoard {
    pub fn is_open(&self, place: usize) -> bool {
        self.rows.get(&place).is_some_and(|row| row.misses > 0)
    }

    /// A call of the number was missed; `blank` is its row, should it have none.
    /// `counts`: it was long enough to owe a call.
    pub fn missed(&mut self, place: usize, call: &FigureRow, counts: bool, blank: impl FnOnce() -> ClientNumberRow) {
        let started_ms = call.started_ms;
        let row = self.rows.entry(place).or_insert_with(blank);
        if row.misses == 0 {
            row.first_miss_ms = Some(started_ms);
            row.counts_ms = None;
            row.reason.clear();
            // What was taken before this one began was another matter.
            row.taken_by = None;
            row.taken_ms = None;
        }
        row.misses += 1;
        row.counts_ms = row.counts_ms.or(counts.then_some(started_ms));
        row.last_miss_ms = Some(started_ms);
        row.last_call_id = Some(call.call_id.clone());
        if counts {
            let wait = || EpisodeRow {
                call_id: call.call_id.clone(),
                number: call.phone.clone(),
                first_ms: started_ms,
                line: call.line.clone(),
                misses: 0,
                end_ms: None,
                end_way: None,
                end_user: None,
            };
            self.waiting.entry(place).or_insert_with(wait).misses += 1;
        }
    }

    /// Somebody talked with the client.
    pub fn reached(&mut self, place: usize, call: &FigureRow) {
        if let Some(wait) = self.waiting.remove(&place) {
            let taken_ms = call.started_ms + call.wait_s.unwrap_or_default() * 1000;
            let (end_way, end_user) = (Some(call.direction.clone()), call.user_id.clone());
            self.waited.push(EpisodeRow { end_ms: Some(taken_ms.max(wait.first_ms)), end_way, end_user, ..wait });
        }
        if let Some(row) = self.rows.get_mut(&place) {
            row.misses = 0;
            row.counts_ms = None;
        }
    }

    /// A call out reached nobody.
    pub fn tried(&mut self, place: usize, started_ms: i64) {
        self.tried_ms.insert(place, started_ms);
    }

    /// Somebody took the row on.
    pub fn taken(&mut self, place: usize, user_id: &str, at_ms: i64) {
        if let Some(row) = self.rows.get_mut(&place) {
            row.taken_by.get_or_insert_with(|| user_id.to_owned());
            row.taken_ms.get_or_insert(at_ms);
        }
    }

    /// Somebody closed the row by hand.
    pub fn closed(&mut self, place: usize, user_id: &str, at_ms: i64, reason: &str) {
        self.taken(place, user_id, at_ms);
        if let Some(row) = self.rows.get_mut(&place) {
            row.closed_before_ms = row.closed_ms;
            row.closed_ms = row.last_miss_ms.map(board::after);
            reason.clone_into(&mut row.reason);
            row.misses = 0;
            row.counts_ms = None;
        }
    }

    /// The places of the open rows with their latest misses, latest first.
    pub fn open(&self) -> Vec<(i64, usize)> {
        let open = self.rows.iter().filter(|(_, row)| row.misses > 0);
        let mut open: Vec<_> = open.map(|(place, row)| (row.last_miss_ms.unwrap_or_default(), *place)).collect();
        open.sort_unstable_by(|a, b| b.cmp(a));
        open
    }

    /// Every time that a client waited.
    pub fn take_waits(&mut self) -> Vec<EpisodeRow> {
        let mut waits = std::mem::take(&mut self.waited);
        waits.extend(self.waiting.drain().map(|(_, wait)| wait));
        waits.sort_unstable_by(|a, b| a.call_id.cmp(&b.call_id));
        waits
    }

    /// Every row, in the order of the numbers.
    pub fn into_rows(self) -> Vec<ClientNumberRow> {
        let finish = |(place, row)| ClientNumberRow { tried_ms: self.tried_ms.get(&place).copied(), ..row };
        let mut rows: Vec<_> = self.rows.into_iter().map(finish).collect();
        rows.sort_unstable_by(|a, b| a.number.cmp(&b.number));
        rows
    }
}
