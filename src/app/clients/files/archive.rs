//! A workbook's archive, gone through before it is believed: an archive of a few bytes can hold more than the memory does.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::app::clients::files::limits::refused;
use crate::domain::fault::Fault;
use crate::error::Result;

const MIB: u64 = 1024 * 1024;
/// All that it holds. Whoever reads it later keeps some of that in memory: strings, and styles by the hundredfold.
const MOST_BYTES: u64 = 300 * MIB;
const MOST_STRING_BYTES: u64 = 100 * MIB;
const MOST_STYLE_BYTES: u64 = 8 * MIB;
const MOST_PARTS: usize = 10_000;
/// The longest text, or tag: it is read whole.
const MOST_RUN: usize = MIB as usize;
/// So many strings it may promise: room is made for them before the first is read.
const MOST_STRINGS: u64 = 10_000_000;
const PROMISE: &[u8] = b"uniqueCount";

/// # Errors
/// `Invalid` when it is no archive, is damaged, or holds too much.
pub fn look_through(bytes: &[u8]) -> Result<()> {
    let damaged = || refused(Fault::DamagedFile { row: 1 });
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    let mut left = MOST_BYTES;
    if archive.len() > MOST_PARTS {
        return Err(too_large());
    }
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).map_err(|_| damaged())?;
        let name = part.name().unwrap_or_default().to_lowercase();
        let is_read = name.ends_with(".xml") || name.ends_with(".rels");
        let mut scan = if is_read { Some(Scan::default()) } else { None };
        let own = if name.ends_with("sharedstrings.xml") {
            MOST_STRING_BYTES
        } else if name.ends_with("styles.xml") {
            MOST_STYLE_BYTES
        } else {
            MOST_BYTES
        };
        let most = left.min(own);
        let (mut size, mut buffer) = (0, vec![0; 64 * 1024]);
        loop {
            let count = part.read(&mut buffer).map_err(|_| damaged())?;
            if count == 0 {
                break;
            }
            size += count as u64;
            if size > most {
                return Err(too_large());
            }
            if let Some(scan) = &mut scan {
                scan.look(&buffer[..count])?;
            }
        }
        left -= size;
    }
    Ok(())
}

fn too_large() -> crate::error::Error {
    refused(Fault::WorkbookTooLarge)
}

/// What is looked for in a part, across the ends of what is read at once.
#[derive(Default)]
struct Scan {
    /// Bytes since the last tag began.
    run: usize,
    /// How much of the promise has been read.
    seen: usize,
    /// What it promises, once its digits come.
    promised: Option<u64>,
}

impl Scan {
    fn look(&mut self, bytes: &[u8]) -> Result<()> {
        for byte in bytes {
            // No text of this kind holds them; another encoding would hide the rest.
            if *byte < b' ' && !b"\t\r\n".contains(byte) {
                return Err(refused(Fault::DamagedFile { row: 1 }));
            }
            self.run = if *byte == b'<' { 0 } else { self.run + 1 };
            if self.run > MOST_RUN || self.promises(*byte) > MOST_STRINGS {
                return Err(too_large());
            }
        }
        Ok(())
    }

    /// The number behind `uniqueCount`, as far as it has come.
    fn promises(&mut self, byte: u8) -> u64 {
        if self.seen == PROMISE.len() {
            self.promised = match (self.promised, byte) {
                (promised, b'0'..=b'9') => {
                    Some(promised.unwrap_or_default().saturating_mul(10).saturating_add(u64::from(byte - b'0')))
                }
                (None, b'=' | b'"' | b'\'' | b'+' | b' ' | b'\t' | b'\r' | b'\n') => None,
                _ => {
                    self.seen = 0;
                    None
                }
            };
        }
        if self.seen < PROMISE.len() {
            self.seen = if byte == PROMISE[self.seen] { self.seen + 1 } else { usize::from(byte == PROMISE[0]) };
        }
        self.promised.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_part_promises_is_read_across_the_ends_of_what_is_read() {
        for (text, is_taken) in [
            (r#"<sst count="9" uniqueCount="10000000">"#, true),
            (r#"<sst uniqueCount = "10000001">"#, false),
            (r#"<sst uuniqueCount="99999999999999999999999">"#, false),
            ("<a>\u{1b}</a>", false),
        ] {
            let mut scan = Scan::default();
            let looked: Result<()> = text.as_bytes().chunks(5).try_for_each(|some| scan.look(some));
            assert_eq!(looked.is_ok(), is_taken, "{text}");
        }
        let mut scan = Scan::default();
        assert!(scan.look(&vec![b'a'; MOST_RUN + 1]).is_err());
    }
}
