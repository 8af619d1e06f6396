//! How much a file of clients may hold.

use crate::domain::fault::Fault;
use crate::error::{Error, Result};

/// No client has so many fields; a file that says so is meant to fill the memory.
pub const MOST_COLUMNS: usize = 200;
const MOST_ROWS: u64 = 500_000;
/// A note has 10,000; beyond this a quotation mark was not closed.
const CELL_BYTES: usize = 100_000;

/// Who is given each row.
pub type Take<'a> = &'a mut dyn FnMut(Vec<String>) -> Result<()>;

/// What is wrong with the file.
pub fn refused(fault: Fault) -> Error {
    Error::field("file", fault)
}

pub fn too_many_columns() -> Error {
    refused(Fault::TooManyColumns { most: MOST_COLUMNS })
}

/// Hands rows on, as many and as large as a table of clients may have.
pub struct Limited<'a> {
    rows: u64,
    take: Take<'a>,
}

impl<'a> Limited<'a> {
    pub fn new(take: Take<'a>) -> Self {
        Self { rows: 0, take }
    }

    /// Rows without a word are passed over.
    ///
    /// # Errors
    /// `Invalid` past a limit; what the taker says.
    pub fn row(&mut self, row: Vec<String>) -> Result<()> {
        if row.iter().all(|cell| cell.trim().is_empty()) {
            return Ok(());
        }
        self.rows += 1;
        if row.len() > MOST_COLUMNS {
            return Err(too_many_columns());
        }
        if self.rows > MOST_ROWS {
            return Err(refused(Fault::TooManyRows { most: MOST_ROWS }));
        }
        if row.iter().any(|cell| cell.len() > CELL_BYTES) {
            return Err(refused(Fault::CellTooLong { row: self.rows }));
        }
        (self.take)(row)
    }
}
