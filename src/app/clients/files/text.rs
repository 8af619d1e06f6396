//! Bytes as text, in whatever encoding they came.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1251};

use crate::app::clients::files::limits::refused;
use crate::domain::fault::Fault;
use crate::error::Result;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    pub text: String,
    /// `utf-8`, `windows-1251`, `utf-16le`.
    pub encoding: String,
}

/// By its mark; else UTF-8 when it is that, else what Russian spreadsheets write. What stands for nothing in it becomes `�`.
///
/// # Errors
/// `Invalid` for what is no text.
pub fn decode(bytes: &[u8]) -> Result<Text> {
    let (encoding, mark) = Encoding::for_bom(bytes).unwrap_or_else(|| match std::str::from_utf8(bytes) {
        Ok(_) => (UTF_8, 0),
        Err(_) => (WINDOWS_1251, 0),
    });
    let (text, _) = encoding.decode_without_bom_handling(&bytes[mark..]);
    if text.chars().take(4_000).filter(|c| *c == '\0').count() > 8 {
        return Err(refused(Fault::UnknownFile));
    }
    Ok(Text { text: text.into_owned(), encoding: encoding.name().to_lowercase() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_read_in_its_encoding() {
        let read = |bytes: &[u8]| decode(bytes).map(|text| (text.text, text.encoding)).unwrap();
        let of = |text: &str, encoding: &str| (text.to_owned(), encoding.to_owned());
        assert_eq!(read("Имя".as_bytes()), of("Имя", "utf-8"));
        assert_eq!(read("\u{feff}Имя".as_bytes()), of("Имя", "utf-8"));
        assert_eq!(read(&[0xc8, 0xec, 0xff]), of("Имя", "windows-1251"));
        assert_eq!(read(&[0xff, 0xfe, 0x18, 0x04, 0x3c, 0x04]), of("Им", "utf-16le"));
        assert_eq!(read(&[0xff, 0xfe, 0x3d, 0xd8, b'a', 0]), of("\u{fffd}a", "utf-16le"));
        assert!(decode(&[0; 64]).is_err());
    }
}
