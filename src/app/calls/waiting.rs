//! A client as the missed board shows him: the rows of all his numbers.

use crate::error::Result;
use crate::store::tables::client_numbers::{self, ClientNumberRow};
use crate::store::tables::contact_phones;
use crate::store::tx::Tx;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub numbers: Vec<String>,
    /// Of those numbers of which there is something to keep.
    pub rows: Vec<ClientNumberRow>,
}

impl Waiting {
    /// Whoever has this number.
    pub fn of(tx: &mut Tx, number: &str) -> Result<Self> {
        let numbers = numbers_beside(tx, number)?;
        let mut rows = Vec::new();
        for number in &numbers {
            rows.extend(client_numbers::find(tx, number)?);
        }
        Ok(Self { numbers, rows })
    }

    /// As [`Waiting::of`]; nobody else goes on at his numbers until this transaction ends.
    pub fn lock(tx: &mut Tx, number: &str) -> Result<Self> {
        take_turns_beside(tx, number)?;
        Self::of(tx, number)
    }

    pub fn is_open(&self) -> bool {
        self.rows.iter().any(|row| row.misses > 0)
    }

    /// The row of the latest miss, an open one before others; a blocked number's last of all.
    pub fn latest(&self) -> Option<&ClientNumberRow> {
        self.rows.iter().max_by_key(|row| (row.misses > 0, row.blocked_ms.is_none(), row.last_miss_ms, &row.number))
    }

    /// The rows that are shown as one: what is open, else the latest, and what a person closed along with it.
    pub fn shown(&self) -> Vec<&ClientNumberRow> {
        let Some(latest) = self.latest() else { return Vec::new() };
        let is_closed_along = |row: &ClientNumberRow| {
            row.closed_ms.is_some() && latest.closed_ms.is_some() && row.taken_ms == latest.taken_ms
        };
        let is_along = |row: &ClientNumberRow| {
            row.id == latest.id || if latest.misses > 0 { row.misses > 0 } else { is_closed_along(row) }
        };
        self.rows.iter().filter(|row| is_along(row)).collect()
    }

    /// All of it as if it were one number's: that of the latest miss.
    pub fn row(&self) -> ClientNumberRow {
        let shown = self.shown();
        let taken = shown.iter().max_by_key(|row| row.taken_ms);
        let is_put_off = shown.iter().all(|row| row.snoozed_ms.is_some());
        ClientNumberRow {
            id: self.rows.iter().map(|row| &row.id).min().cloned().unwrap_or_default(),
            rev: self.rows.iter().map(|row| row.rev).max().unwrap_or_default(),
            misses: shown.iter().map(|row| row.misses).sum(),
            first_miss_ms: shown.iter().filter_map(|row| row.first_miss_ms).min(),
            counts_ms: shown.iter().filter_map(|row| row.counts_ms).min(),
            tried_ms: shown.iter().filter_map(|row| row.tried_ms).max(),
            taken_by: taken.and_then(|row| row.taken_by.clone()),
            taken_ms: taken.and_then(|row| row.taken_ms),
            snoozed_ms: shown.iter().filter_map(|row| row.snoozed_ms).min().filter(|_| is_put_off),
            ..self.latest().cloned().unwrap_or_default()
        }
    }
}

/// The numbers that are one row with this one, which is among them: those that its contact alone has. A number of nobody,
/// or of several contacts, stands alone.
pub fn numbers_beside(tx: &mut Tx, number: &str) -> Result<Vec<String>> {
    let numbers = contact_phones::list_of_only_owner(tx, number)?;
    Ok(if numbers.is_empty() { vec![number.to_owned()] } else { numbers })
}

/// Takes turns at this number, then at those beside it, which it gives.
pub fn take_turns_beside(tx: &mut Tx, number: &str) -> Result<Vec<String>> {
    tx.take_turns(number)?;
    let numbers = numbers_beside(tx, number)?;
    for beside in numbers.iter().filter(|beside| *beside != number) {
        tx.take_turns(beside)?;
    }
    Ok(numbers)
}
