//! Files of clients as other programs write them, read row by row: whatever they are, and whoever made them to harm.

pub mod limits;
pub mod table;
pub mod text;
pub mod vcard;

use crate::app::clients::files::limits::{Limited, Take, refused};
use crate::domain::fault::Fault;
use crate::domain::import::ImportFormat;
use crate::error::Result;

/// What a file turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    pub format: ImportFormat,
    pub encoding: String,
}

/// Reads all of it on this thread, the titles' row among the others.
///
/// # Errors
/// `Invalid` with what is wrong with the `file`; what `take` says.
pub fn read(bytes: Vec<u8>, take: Take) -> Result<Read> {
    if bytes.is_empty() {
        return Err(refused(Fault::EmptyFile));
    }
    let text = text::decode(&bytes)?;
    drop(bytes);
    let mut limited = Limited::new(take);
    let mut take = |row| limited.row(row);
    let format = if vcard::is_one(&text.text) { ImportFormat::Vcf } else { ImportFormat::Csv };
    match format {
        ImportFormat::Vcf => vcard::read(&text.text, &mut take)?,
        ImportFormat::Csv => table::read(&text.text, &mut take)?,
    }
    Ok(Read { format, encoding: text.encoding })
}
