//! One-time codes of an authenticator app (RFC 6238): six digits of every half minute, by a secret that both sides have.

use ring::hmac::{HMAC_SHA1_FOR_LEGACY_USE_ONLY, Key, sign};

/// As long as SHA-1's own length, which RFC 4226 recommends; apps know no other hash for certain.
pub const SECRET_BYTES: usize = 20;
const STEP_MS: i64 = 30_000;
const DIGITS: u32 = 6;
/// Clocks differ, and typing takes its time.
const STEPS_APART: i64 = 1;

const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The step whose code this is, around this instant; never one up to `used`, so that no code is good twice.
pub fn find_step(secret: &[u8], code: &str, now_ms: i64, used: Option<i64>) -> Option<i64> {
    let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let now = now_ms.div_euclid(STEP_MS);
    let mut steps = (now - STEPS_APART..=now + STEPS_APART).filter(|step| used.is_none_or(|used| *step > used));
    steps.find(|step| code_of(secret, *step) == digits)
}

/// The code of this instant.
pub fn code_at(secret: &[u8], at_ms: i64) -> String {
    code_of(secret, at_ms.div_euclid(STEP_MS))
}

/// Source: RFC 4226, section 5.3.
fn code_of(secret: &[u8], step: i64) -> String {
    let digest = sign(&Key::new(HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret), &step.to_be_bytes());
    let digest = digest.as_ref();
    let start = usize::from(digest.last().copied().unwrap_or_default() & 15);
    let word = digest.iter().skip(start).take(4).fold(0_u32, |word, byte| word << 8 | u32::from(*byte));
    let code = (word & 0x7fff_ffff) % 10_u32.pow(DIGITS);
    format!("{code:06}")
}

/// In letters and digits that are told apart by eye (RFC 4648, base32 without its padding).
pub fn spelled(bytes: &[u8]) -> String {
    let mut text = String::new();
    let (mut word, mut bits) = (0_u32, 0);
    for byte in bytes {
        (word, bits) = (word << 8 | u32::from(*byte), bits + 8);
        while bits >= 5 {
            bits -= 5;
            text.push(letter(word >> bits));
        }
        word &= (1 << bits) - 1;
    }
    if bits > 0 {
        text.push(letter(word << (5 - bits)));
    }
    text
}

fn letter(word: u32) -> char {
    usize::try_from(word & 31).ok().and_then(|at| LETTERS.get(at)).map_or('A', |byte| char::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"12345678901234567890";

    /// Source: RFC 6238, appendix B; of its eight digits the last six.
    #[test]
    fn the_codes_are_those_of_the_standard() {
        let known = [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ];
        for (at_s, code) in known {
            assert_eq!(code_at(SECRET, at_s * 1000), code, "{at_s}");
        }
    }

    #[test]
    fn a_code_is_good_a_step_around_and_never_again() {
        let code = code_at(SECRET, 1_000_000);
        let step = 1_000_000 / STEP_MS;
        for at_ms in [1_000_000 - STEP_MS, 1_000_000, 1_000_000 + STEP_MS] {
            assert_eq!(find_step(SECRET, &code, at_ms, None), Some(step), "{at_ms}");
            assert_eq!(find_step(SECRET, &code, at_ms, Some(step - 1)), Some(step), "{at_ms}");
            assert_eq!(find_step(SECRET, &code, at_ms, Some(step)), None, "{at_ms}");
        }
        for at_ms in [1_000_000 - 2 * STEP_MS, 1_000_000 + 2 * STEP_MS] {
            assert_eq!(find_step(SECRET, &code, at_ms, None), None, "{at_ms}");
        }
        let spaced = format!(" {} {}", &code[..3], &code[3..]);
        assert_eq!(find_step(SECRET, &spaced, 1_000_000, None), Some(step));
        for wrong in ["", "00000", "0000000", "ааааaа"] {
            assert_eq!(find_step(SECRET, wrong, 1_000_000, None), None, "{wrong}");
        }
    }

    /// Source: RFC 4648, section 10.
    #[test]
    fn secrets_are_spelled_as_apps_read_them() {
        let known = [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ];
        for (text, spelled_as) in known {
            assert_eq!(spelled(text.as_bytes()), spelled_as);
        }
    }
}
