//! Workbooks (XLSX: ECMA-376), as rows of a table: what their cells show, not what they reckon.

use std::io::Cursor;

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx};

use crate::app::clients::files::archive;
use crate::app::clients::files::limits::{MOST_COLUMNS, Take, refused, too_many_columns};
use crate::domain::fault::Fault;
use crate::error::Result;

/// What was found in a workbook.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheets {
    /// Of those that can hold a table, in their order.
    pub names: Vec<String>,
    /// The one that was read.
    pub read: String,
}

/// Whether a file is an archive, as workbooks are.
pub fn is_one(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// Reads the sheet of this name, else the first one with anything in it.
///
/// # Errors
/// `Invalid` with what is wrong; what `take` says.
pub fn read(bytes: &[u8], sheet: Option<&str>, take: Take) -> Result<Sheets> {
    archive::look_through(bytes)?;
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|_| refused(Fault::UnknownFile))?;
    let all = book.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let shown = all.filter(|sheet| sheet.visible == SheetVisible::Visible).map(|sheet| sheet.name.clone());
    let names: Vec<String> = shown.collect();
    if let Some(sheet) = sheet {
        if !names.iter().any(|name| name == sheet) {
            return Err(refused(Fault::UnknownSheet { known: names }));
        }
        rows(&mut book, sheet, take)?;
        return Ok(Sheets { names, read: sheet.to_owned() });
    }
    for name in &names {
        if rows(&mut book, name, take)? > 0 {
            return Ok(Sheets { read: name.clone(), names });
        }
    }
    Err(refused(Fault::EmptyFile))
}

/// Hands the rows of a sheet on, and says how many had anything in them. An empty cell takes no room: a sheet may say
/// that it is as wide as its program can have it.
fn rows(book: &mut Xlsx<Cursor<&[u8]>>, sheet: &str, take: Take) -> Result<u64> {
    let damaged = |row: u64| refused(Fault::DamagedFile { row: row + 1 });
    let mut cells = book.worksheet_cells_reader(sheet).map_err(|_| damaged(0))?;
    let (mut row, mut at, mut count) = (Vec::new(), 0, 0);
    while let Some(cell) = cells.next_cell().map_err(|_| damaged(u64::from(at)))? {
        let (below, column) = cell.get_position();
        let text = shown(cell.get_value());
        if text.is_empty() {
            continue;
        }
        if below != at {
            // Rows stand in their order in every file that a program wrote.
            if below < at {
                return Err(damaged(u64::from(at)));
            }
            count += hand_on(&mut row, take)?;
            at = below;
        }
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if column >= MOST_COLUMNS {
            return Err(too_many_columns());
        }
        if row.len() <= column {
            row.resize(column + 1, String::new());
        }
        row[column] = text;
    }
    Ok(count + hand_on(&mut row, take)?)
}

fn hand_on(row: &mut Vec<String>, take: Take) -> Result<u64> {
    if row.is_empty() {
        return Ok(0);
    }
    take(std::mem::take(row)).map(|()| 1)
}

/// A cell as people see it: of a formula what came of it, of a number its digits, of a day its date.
fn shown(value: &DataRef) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => digits(*number),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(is) => is.to_string(),
        DataRef::DateTime(instant) => date(instant),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

/// A number is kept with 15 digits that mean something: beyond these stands what reckoning left.
fn digits(number: f64) -> String {
    let kept: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    kept.to_string()
}

fn date(instant: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, ..) = instant.to_ymd_hms_milli();
    if instant.is_duration() {
        return digits(instant.as_f64());
    }
    let time = if (hour, minute) == (0, 0) { String::new() } else { format!(" {hour:02}:{minute:02}") };
    format!("{year:04}-{month:02}-{day:02}{time}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_keeps_its_digits() {
        for (number, text) in [
            (79_161_234_567.0, "79161234567"),
            (81_079_161_234_567.0, "81079161234567"),
            (0.1 + 0.2, "0.3"),
            (-5.0, "-5"),
            (1e15, "1000000000000000"),
        ] {
            assert_eq!(digits(number), text);
        }
    }
}
