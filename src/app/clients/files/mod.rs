//! Files of clients as other programs write them, read row by row: whatever they are, and whoever made them to harm.

pub mod archive;
pub mod card;
pub mod limits;
pub mod table;
pub mod text;
pub mod vcard;
pub mod workbook;

use crate::app::clients::files::limits::{Limited, Take, refused};
use crate::app::clients::files::workbook::Sheets;
use crate::domain::fault::Fault;
use crate::domain::import::ImportFormat;
use crate::domain::sheet::Tongue;
use crate::error::Result;

/// What a file turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    pub format: ImportFormat,
    /// Of a text.
    pub encoding: String,
    /// Of a workbook.
    pub sheets: Sheets,
}

/// How a file is meant.
#[derive(Clone, Debug)]
pub struct Meant {
    /// Which sheet of a workbook; else the first with anything in it.
    pub sheet: Option<String>,
    /// In which language numbers are labelled that cards name by their type.
    pub tongue: Tongue,
}

/// Reads all of it on this thread, the titles' row among the others.
///
/// # Errors
/// `Invalid` with what is wrong with the `file`; what `take` says.
pub fn read(bytes: Vec<u8>, meant: &Meant, take: Take) -> Result<Read> {
    if bytes.is_empty() {
        return Err(refused(Fault::EmptyFile));
    }
    let mut limited = Limited::new(take);
    let mut take = |row| limited.row(row);
    if workbook::is_one(&bytes) {
        let sheets = workbook::read(&bytes, meant.sheet.as_deref(), &mut take)?;
        return Ok(Read { format: ImportFormat::Xlsx, encoding: String::new(), sheets });
    }
    let text = text::decode(&bytes)?;
    drop(bytes);
    let format = if vcard::is_one(&text.text) { ImportFormat::Vcf } else { ImportFormat::Csv };
    match format {
        ImportFormat::Vcf => vcard::read(&text.text, meant.tongue, &mut take)?,
        ImportFormat::Csv | ImportFormat::Xlsx => table::read(&text.text, &mut take)?,
    }
    Ok(Read { format, encoding: text.encoding, sheets: Sheets::default() })
}
