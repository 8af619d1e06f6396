//! A call's recording on its way from the PBX to our own store.

/// How far it has come, as it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It is to be fetched, or to be tried again.
    Waiting,
    Ready,
    /// Given up; a person may have it fetched again.
    Failed,
    /// Its time is over.
    Erased,
}

impl Progress {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Ready => "ready",
            Self::Failed => "failed",
            Self::Erased => "erased",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Waiting, Self::Ready, Self::Failed, Self::Erased].into_iter().find(|state| state.as_str() == text)
    }
}

/// What a file holds, whatever its name says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    Mp3,
    Wav,
    Ogg,
    M4a,
}

/// So many bytes tell what a file holds.
pub const FIRST_BYTES: usize = 12;

impl Media {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mp3 => "mp3",
            Self::Wav => "wav",
            Self::Ogg => "ogg",
            Self::M4a => "m4a",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Mp3, Self::Wav, Self::Ogg, Self::M4a].into_iter().find(|media| media.as_str() == text)
    }

    pub fn content_type(self) -> &'static str {
        match self {
            Self::Mp3 => "audio/mpeg",
            Self::Wav => "audio/wav",
            Self::Ogg => "audio/ogg",
            Self::M4a => "audio/mp4",
        }
    }

    /// By what the file begins with; `None` for what is no sound.
    pub fn of(first: &[u8]) -> Option<Self> {
        match first {
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => Some(Self::Wav),
            [b'O', b'g', b'g', b'S', ..] => Some(Self::Ogg),
            [_, _, _, _, b'f', b't', b'y', b'p', ..] => Some(Self::M4a),
            [b'I', b'D', b'3', version, ..] if *version < 0xff => Some(Self::Mp3),
            [0xff, second, third, ..] if is_mpeg_frame(*second, *third) => Some(Self::Mp3),
            _ => None,
        }
    }
}

/// The head of an MPEG frame of layer III or II: neither version, layer, bit rate nor sample rate is a reserved one.
fn is_mpeg_frame(second: u8, third: u8) -> bool {
    let (version, layer, bit_rate, sample_rate) =
        (second >> 3 & 0b11, second >> 1 & 0b11, third >> 4, third >> 2 & 0b11);
    second >= 0xe0 && version != 0b01 && matches!(layer, 0b01 | 0b10) && bit_rate != 0b1111 && sample_rate != 0b11
}

/// After the n-th failure, how long until the next try: a PBX names the file before it has written it.
const WAITS_MS: [i64; 7] = [30_000, 60_000, 120_000, 300_000, 900_000, 3_600_000, 3 * 3_600_000];
/// How long it is tried: a PBX keeps its files for a week.
pub const GIVEN_UP_AFTER_MS: i64 = 6 * 24 * 3_600_000;

/// How long to wait after the `tries`-th failure.
pub fn wait_ms(tries: i64) -> i64 {
    WAITS_MS[usize::try_from(tries - 1).unwrap_or_default().min(WAITS_MS.len() - 1)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sound_is_known_by_its_first_bytes_and_a_page_is_none() {
        let of = |bytes: &[u8]| Media::of(bytes).map(Media::as_str);
        assert_eq!(of(b"RIFF\x24\0\0\0WAVEfmt "), Some("wav"));
        assert_eq!(of(b"RIFF\x24\0\0\0AVI LIST"), None);
        assert_eq!(of(b"OggS\0\x02\0\0\0\0\0\0"), Some("ogg"));
        assert_eq!(of(b"\0\0\0\x20ftypM4A "), Some("m4a"));
        assert_eq!(of(b"ID3\x04\0\0\0\0\0\0\0\0"), Some("mp3"));
        assert_eq!(of(&[0xff, 0xfb, 0x90, 0x64]), Some("mp3"));
        assert_eq!(of(&[0xff, 0xe3, 0x18, 0xc4]), Some("mp3"));
        for page in
            [&b"<!DOCTYPE html>"[..], b"{\"error\":1}", b"\xff\xd8\xff\xe0JFIF", b"\xff\xff\xff\xff", b"", b"RIFF"]
        {
            assert_eq!(of(page), None, "{page:?}");
        }
    }

    #[test]
    fn the_tries_go_apart_and_outlive_a_weekend() {
        let at: Vec<i64> = (1..=7).map(|tries| wait_ms(tries) / 1000).collect();
        assert_eq!(at, [30, 60, 120, 300, 900, 3_600, 10_800]);
        assert_eq!(wait_ms(1_000), wait_ms(7));
    }
}
