//! Whether a text speaks of a number, however it is written there.

/// So many digits at the end tell a public number: what stands before them is the country's, or an 8.
const TELLING: usize = 10;

/// A number as it is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    digits: String,
    is_public: bool,
}

impl Mention {
    /// `number` is in its normal form.
    pub fn of(number: &str) -> Self {
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        let is_public = number.starts_with('+') && digits.len() >= TELLING;
        Self { digits, is_public }
    }

    /// Whether it stands in this text: a form of a push, JSON, or what people write.
    pub fn is_in(&self, text: &str) -> bool {
        !self.digits.is_empty() && (self.is_in_plain(text) || self.is_in_plain(&unescaped(text)))
    }

    fn is_in_plain(&self, text: &str) -> bool {
        let (mut run, mut gap) = (String::new(), 0);
        for c in text.chars().chain(['\n', '\n', '\n']) {
            if c.is_ascii_digit() {
                run.push(c);
                gap = 0;
            } else if !run.is_empty() && gap < 2 && " -().+\u{a0}".contains(c) {
                gap += 1;
            } else {
                if self.is_this(&run) {
                    return true;
                }
                run.clear();
                gap = 0;
            }
        }
        false
    }

    /// An extension is one alone; a public number may stand behind another, as in `79101234567-1700000000`.
    fn is_this(&self, run: &str) -> bool {
        if self.is_public { run.contains(&self.digits[self.digits.len() - TELLING..]) } else { run == self.digits }
    }
}

/// The names of calls that a push says.
pub fn callids(body: &str) -> Vec<String> {
    let text = unescaped(body);
    let named = text.match_indices("callid").filter_map(|(at, name)| {
        let value = text[at + name.len()..].trim_start_matches(['"', ' ']).strip_prefix(['=', ':'])?;
        value.trim_start_matches([' ', '"']).split(['&', '"']).next()
    });
    named.map(str::to_owned).collect()
}

/// With `%2B`, `+` for a space, and `\u0037` as what they stand for.
fn unescaped(text: &str) -> String {
    let bytes = text.as_bytes();
    let (mut plain, mut at) = (Vec::with_capacity(bytes.len()), 0);
    let code = |from: usize, length: usize| {
        let digits = bytes.get(from..from + length)?;
        u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    };
    while at < bytes.len() {
        let (read, length) = match bytes[at] {
            b'%' => (code(at + 1, 2), 3),
            b'\\' if bytes.get(at + 1) == Some(&b'u') => (code(at + 2, 4), 6),
            _ => (None, 1),
        };
        match read.and_then(|code| u8::try_from(code).ok()) {
            Some(byte) => {
                plain.push(byte);
                at += length;
            }
            None => {
                plain.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&plain).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_number_is_known_in_any_spelling() {
        let ivan = Mention::of("+79101234567");
        for text in [
            "cmd=event&phone=79101234567&user=anna",
            "phone=%2B7%20910%20123-45-67",
            "phone=%37%39101234567",
            "{\"phone\":\"8 (910) 123-45-67\"}",
            "{\"phone\":\"\\u0037\\u0039101234567\"}",
            "{\"phone\":9101234567}",
            "https://pbx/rec/79101234567-1700000000.mp3",
            "+79101234567\n+79101234568",
        ] {
            assert!(ivan.is_in(text), "{text}");
        }
        for text in ["", "phone=79101234568", "phone=7910123456", "910 и 123 и 45 и 67", "7910&1234567"] {
            assert!(!ivan.is_in(text), "{text}");
        }
    }

    #[test]
    fn a_push_names_its_calls() {
        assert_eq!(callids("cmd=event&callid=a%2D1&second_callid=callid-b"), ["a-1", "callid-b"]);
        assert_eq!(callids("{\"callid\" : \"a-1\",\"x\":1}"), ["a-1"]);
        assert_eq!(callids("cmd=contact&phone=1"), [""; 0]);
    }

    #[test]
    fn an_extension_is_itself_alone() {
        let extension = Mention::of("101");
        assert!(extension.is_in("phone=101&user=anna"));
        assert!(!extension.is_in("phone=79101234567&duration=1010"));
    }
}
