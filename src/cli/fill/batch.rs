//! Rows that are written together, through the functions that the program itself writes with.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::app::clients::contacts;
use crate::cli::fill::clients::NewContact;
use crate::error::Result;
use crate::store::tables::call_figures::{self, FigureRow};
use crate::store::tables::calls::{self, CallRow};
use crate::store::tables::client_numbers::{self, ClientNumberRow};
use crate::store::tables::missed_episodes::{self, EpisodeRow};
use crate::store::tables::search_texts::{self, Kind};
use crate::store::tx::Tx;

/// How many rows one transaction takes where each waits for the network, and nothing may take longer than a write.
pub const FEW: usize = 500;
/// How many calls one transaction takes in an embedded store. The numbers stand scattered over their index, of which a page is written once a
/// transaction: 2,000 at once wrote seven times what is kept.
pub const CALLS: usize = 20_000;
/// How many contacts, or rows of the board: each is told of.
pub const ROWS: usize = 2_000;

pub enum Batch {
    Calls(Vec<(CallRow, FigureRow)>),
    Contacts(Vec<NewContact>),
    Numbers(Vec<ClientNumberRow>),
    Waits(Vec<EpisodeRow>),
}

impl Batch {
    /// How many.
    pub fn rows(&self) -> usize {
        match self {
            Self::Calls(rows) => rows.len(),
            Self::Contacts(rows) => rows.len(),
            Self::Numbers(rows) => rows.len(),
            Self::Waits(rows) => rows.len(),
        }
    }

    /// Writes these of its rows.
    pub fn write(&self, tx: &mut Tx, part: Range<usize>) -> Result<()> {
        match self {
            Self::Calls(rows) => write_calls(tx, &rows[part]),
            Self::Contacts(rows) => rows[part].iter().try_for_each(|new| {
                let talk = new.talk.as_ref().map(|(at_ms, call_id)| (*at_ms, call_id.as_str()));
                contacts::make_talked(tx, &new.id, new.draft.clone(), new.made_by, new.created_ms, talk)
            }),
            Self::Numbers(rows) => rows[part].iter().try_for_each(|row| {
                client_numbers::lock(tx, &row.number, &row.id)?;
                client_numbers::save(tx, row)
            }),
            Self::Waits(rows) => rows[part].iter().try_for_each(|row| missed_episodes::insert(tx, row)),
        }
    }
}

/// The numbers can be searched and the calls are counted at once: a job that takes in so many would be at it for long.
fn write_calls(tx: &mut Tx, rows: &[(CallRow, FigureRow)]) -> Result<()> {
    let mut numbers = BTreeMap::new();
    for (row, figure) in rows {
        calls::insert(tx, row)?;
        call_figures::put(tx, figure)?;
        numbers.entry(&row.phone).or_insert(row.started_ms);
    }
    for (number, started_ms) in numbers {
        search_texts::put(tx, Kind::Number, number, started_ms, number)?;
    }
    let Some(last) = rows.iter().map(|(row, _)| &row.id).max() else { return Ok(()) };
    search_texts::set_mark(tx, last)?;
    call_figures::set_mark(tx, last)
}
