//! A table while it is written as a file: rows come in, and what is finished of it is taken part by part.

use std::io;

use crate::domain::sheet::{self, Cell, Tongue};
use crate::domain::workbook::Workbook;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableFormat {
    Csv,
    Xlsx,
}

pub enum TableFile {
    Csv { part: Box<csv::Writer<Vec<u8>>>, tongue: Tongue },
    Xlsx(Box<Workbook>),
}

impl TableFile {
    /// `name` is what a workbook's sheet is called.
    ///
    /// # Errors
    /// When it cannot be made; so say the others.
    pub fn begin(format: TableFormat, tongue: Tongue, name: &'static str, titles: &[String]) -> io::Result<Self> {
        match format {
            TableFormat::Csv => {
                let mut part = Box::new(sheet::first_part(tongue));
                part.write_record(titles)?;
                Ok(Self::Csv { part, tongue })
            }
            TableFormat::Xlsx => Ok(Self::Xlsx(Box::new(Workbook::begin(name, titles.to_vec())?))),
        }
    }

    /// A text that a spreadsheet would run as a formula is made harmless where it stands for nothing but text; in a workbook
    /// it is text.
    pub fn row(&mut self, cells: &[Cell]) -> io::Result<()> {
        match self {
            Self::Csv { part, .. } => Ok(part.write_record(cells.iter().map(|cell| match cell {
                Cell::Text(text) => sheet::guarded(text.clone()),
                Cell::Number(number) => number.to_string(),
            }))?),
            Self::Xlsx(book) => Ok(book.row(cells)?),
        }
    }

    /// What is finished since the last part; perhaps nothing.
    pub fn part(&mut self) -> io::Result<Vec<u8>> {
        match self {
            Self::Csv { part, tongue } => {
                let done = std::mem::replace(&mut **part, sheet::next_part(*tongue));
                done.into_inner().map_err(|error| io::Error::other(error.to_string()))
            }
            Self::Xlsx(book) => Ok(book.part()),
        }
    }

    /// The last part.
    pub fn end(mut self) -> io::Result<Vec<u8>> {
        match self {
            Self::Csv { .. } => self.part(),
            Self::Xlsx(book) => Ok(book.end()?),
        }
    }
}
