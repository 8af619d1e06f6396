//! The missed board as it stands after the calls so far. The calls of one client never overlap here, so what the
//! program counts from all of them is what is kept up call by call.

use std::collections::HashMap;

use crate::app::calls::board;
use crate::store::tables::client_numbers::ClientNumberRow;

#[derive(Default)]
pub struct NoticeBoard {
    /// By the number's place; made by a miss.
    rows: HashMap<usize, ClientNumberRow>,
    tried_ms: HashMap<usize, i64>,
}

impl NoticeBoard {
    pub fn is_open(&self, place: usize) -> bool {
        self.rows.get(&place).is_some_and(|row| row.misses > 0)
    }

    /// A call of the number was missed; `blank` is its row, should it have none.
    /// `counts_ms`: when it began, if it was long enough to owe a call.
    pub fn missed(
        &mut self,
        place: usize,
        call_id: &str,
        started_ms: i64,
        counts_ms: Option<i64>,
        blank: impl FnOnce() -> ClientNumberRow,
    ) {
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
        row.counts_ms = row.counts_ms.or(counts_ms);
        row.last_miss_ms = Some(started_ms);
        row.last_call_id = Some(call_id.to_owned());
    }

    /// Somebody talked with the client.
    pub fn reached(&mut self, place: usize) {
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

    /// Every row, in the order of the numbers.
    pub fn into_rows(self) -> Vec<ClientNumberRow> {
        let finish = |(place, row)| ClientNumberRow { tried_ms: self.tried_ms.get(&place).copied(), ..row };
        let mut rows: Vec<_> = self.rows.into_iter().map(finish).collect();
        rows.sort_unstable_by(|a, b| a.number.cmp(&b.number));
        rows
    }
}
